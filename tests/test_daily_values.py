"""Percentages of the Daily Value: by the edition they are of, or not at all."""

from __future__ import annotations

import pytest

from nutridiary.daily_values import EDITIONS, daily_value, edition_of, from_percent_of_daily_value
from nutridiary.errors import FoodDataError, UnitError
from nutridiary.nutrients import core_nutrients, load_nutrients


@pytest.mark.parametrize(
    ("nutrient", "before", "since"),
    # 21 CFR 101.9(c)(8)(iv) and (c)(9): as of 1 April 2015, and as amended by 81 FR 33742.
    [
        ("calcium", 1000, 1300),
        ("potassium", 3500, 4700),
        ("magnesium", 400, 420),
        ("vitamin_d", 10, 20),
        ("vitamin_b12", 6, 2.4),
        ("sodium", 2400, 2300),
        ("zinc", 15, 11),
        ("vitamin_c", 60, 90),
        ("iron", 18, 18),
    ],
)
def test_percent_of_daily_value_follows_the_edition(nutrient, before, since):
    assert from_percent_of_daily_value(nutrient, 100, "before 2016") == before
    assert from_percent_of_daily_value(nutrient, 50, "2016") == since / 2


def test_percent_of_daily_value_without_known_edition_is_refused():
    with pytest.raises(UnitError, match=r"no edition '2018'.*2016, before 2016"):
        from_percent_of_daily_value("calcium", 10, "2018")


@pytest.mark.parametrize(
    ("nutrient", "edition"),
    [
        ("vitamin_e_alpha_tocopherol", "before 2016"),
        ("niacin", "2016"),
        ("protein", "2016"),
        ("folate_dfe", "before 2016"),
    ],
)
def test_percent_that_gives_no_amount_in_our_unit_is_refused(nutrient, edition):
    with pytest.raises(UnitError, match="Daily Value"):
        from_percent_of_daily_value(nutrient, 10, edition)


def test_daily_value_of_unknown_nutrient_is_refused():
    with pytest.raises(FoodDataError, match="magnesum"):
        daily_value("magnesum", "2016")


def test_daily_values_are_in_the_unit_of_the_nutrient_and_cited():
    for edition in EDITIONS:
        for nutrient in core_nutrients():
            value = daily_value(nutrient, edition)
            assert value.unit == load_nutrients().loc[nutrient, "unit"]
            assert "21 CFR 101.9" in value.source


def test_edition_is_read_in_the_words_people_use():
    assert [edition_of(text) for text in ("2016", "Pre-2016", "old label", "new", "2015?")] == [
        "2016",
        "before 2016",
        "before 2016",
        "2016",
        None,
    ]
