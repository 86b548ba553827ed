"""The shipped tables and the whole arithmetic against the survey's own totals.

What We Eat in America, NHANES 2021-2023 and 2017-2018, Centers for Disease Control and
Prevention. ``bench/nhanes.py`` prints the same comparison as a table.
"""

import pytest

import nhanes
from nutridiary.nutrients import core_nutrients

pytestmark = pytest.mark.skipif(
    not nhanes.SURVEY.is_dir(), reason="SKIPPED LOUDLY: the survey files (../shared/nhanes) are not here"
)


@pytest.fixture(scope="module", params=["L", "J"])
def recalls(request):
    items = nhanes.read_items(nhanes.SURVEY, request.param, core_nutrients())
    return request.param, *nhanes.day_errors(items, request.param, core_nutrients())


def test_codes_and_grams_reproduce_the_survey_day_totals(recalls):
    cycle, errors, _ = recalls
    over = {n: error for n, error in errors.median().items() if error > nhanes.GOALS[cycle][n]}
    assert not over


def test_survey_codes_are_found(recalls):
    cycle, _, coded = recalls
    assert coded == 100 if cycle == "L" else coded >= 94
