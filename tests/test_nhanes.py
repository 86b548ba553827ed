"""The shipped tables and the whole arithmetic against the survey's own totals.

What We Eat in America, NHANES 2021-2023 and 2017-2018, Centers for Disease Control and
Prevention. The whole survey is measured in ``bench/nhanes.py``; here a sample of its recalls.
"""

import pytest

import nhanes
from nutridiary.nutrients import core_nutrients

pytestmark = pytest.mark.skipif(
    not nhanes.SURVEY.is_dir(), reason="SKIPPED LOUDLY: the survey files (../shared/nhanes) are not here"
)


@pytest.fixture(scope="module", params=["L", "J"])
def sample(request):
    items = nhanes.read_items(nhanes.SURVEY, request.param, core_nutrients(), recalls=600)
    return request.param, *nhanes.day_errors(items, request.param, core_nutrients())


def test_codes_and_grams_reproduce_the_survey_day_totals(sample):
    cycle, errors, _ = sample
    medians = errors.median().round(1).to_dict()
    over = {n: error for n, error in medians.items() if error > nhanes.GOALS[cycle][n]}
    assert not over


def test_survey_codes_are_found(sample):
    cycle, _, coded = sample
    assert coded == 100 if cycle == "L" else coded >= 94
