"""Recorded energy beside need, and days that may be incomplete."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from conftest import skip_or_fail
from hand_made import Line, analysis_of
from nutridiary.analysis import Analysis, analyze
from nutridiary.errors import PersonError, ReferenceIntakeError
from nutridiary.plausibility import (
    basal_rate,
    check_days,
    estimated_energy_requirement,
    goldberg_cutoffs,
    incomplete_days,
    plausibility,
    without_days,
)
from nutridiary.plausibility.equations import load_energy_equations
from nutridiary.plausibility.signs import medians_of_others
from nutridiary.references import ACTIVITIES, Person
from nutridiary.report.excel.blocks import blocks_of
from nutridiary.report.excel.days import write_days
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.tables import DAILY_INTAKES, DAY_CHECKS, NOT_FOOD_DAYS, WEIGHED, conform
from reading import reopened, rows_below, texts

NHANES = Path(__file__).resolve().parents[2] / "shared" / "nhanes"
ANNA = Person(sex="female", age_years=34, weight_kg=64, height_cm=168)
MONDAY = pd.Timestamp(2026, 3, 2)
MEALS = ("07:30", "10:00", "12:30", "15:30", "19:00")


# Equations ------------------------------------------------------------------------------------------------------------

# FAO/WHO/UNU 2004, Human energy requirements, table 5.2: Schofield's equations in kcal, slope per kg and intercept.
FAO_2004 = {
    "male": [
        (1, 59.512, -30.4),
        (5, 22.706, 504.3),
        (15, 17.686, 658.2),
        (25, 15.057, 692.2),
        (45, 11.472, 873.1),
        (75, 11.711, 587.7),
    ],
    "female": [
        (1, 58.317, -31.1),
        (5, 20.315, 485.9),
        (15, 13.384, 692.6),
        (25, 14.818, 486.6),
        (45, 8.126, 845.6),
        (75, 9.082, 658.5),
    ],
}


@pytest.mark.parametrize("sex", ["female", "male"])
def test_basal_rate_reproduces_schofield_as_fao_2004_prints_it_in_kcal(sex: str) -> None:
    for age, per_kg, intercept in FAO_2004[sex]:
        for weight in (20, 60, 100):
            # The MJ figures are printed to 1 kJ per kg and 1 kJ.
            assert basal_rate(sex, age, weight) == pytest.approx(per_kg * weight + intercept, abs=0.2 + 0.012 * weight)


def test_basal_rate_reproduces_mifflin_1990() -> None:
    assert basal_rate("male", 40, 80, 180, equation="mifflin_1990") == 10 * 80 + 6.25 * 180 - 5 * 40 + 5
    assert basal_rate("female", 40, 80, 180, equation="mifflin_1990") == 10 * 80 + 6.25 * 180 - 5 * 40 - 161


# Henry 2005, table 12: the same equations in kcal, rounded to three figures. Boys of 3 to 10 years are left out: their
# figures in kcal and in MJ disagree in print.
HENRY_KCAL = {
    "male": [(1, 61.0, -33.7), (15, 18.4, 581), (25, 16.0, 545), (45, 14.2, 593), (75, 13.5, 514)],
    "female": [(1, 58.9, -23.1), (5, 20.1, 507), (15, 11.1, 761), (25, 13.1, 558), (45, 9.74, 694), (75, 10.1, 569)],
}


@pytest.mark.parametrize("sex", ["female", "male"])
def test_basal_rate_reproduces_henry_2005_as_printed_in_kcal(sex: str) -> None:
    for age, per_kg, intercept in HENRY_KCAL[sex]:
        for weight in (8, 12) if age < 3 else (20, 90):
            found = basal_rate(sex, age, weight, equation="henry_2005")
            assert found == pytest.approx(per_kg * weight + intercept, abs=1 + 0.12 * weight)


def test_the_three_basal_rates_agree_within_a_tenth_for_an_ordinary_adult() -> None:
    for sex, weight, height in (("female", 62, 165), ("male", 75, 178)):
        rates = [
            basal_rate(sex, 40, weight, height, equation=name)
            for name in ("schofield_1985", "mifflin_1990", "henry_2005")
        ]
        assert max(rates) / min(rates) < 1.1


@pytest.mark.parametrize(
    ("sex", "age", "weight", "height", "activity", "expected"),
    [
        # Worked by hand from NASEM 2023, tables S-1 and S-2.
        ("male", 30, 70, 170, "inactive", 753.07 - 10.83 * 30 + 6.50 * 170 + 14.10 * 70),
        ("female", 30, 70, 170, "active", 710.25 - 7.01 * 30 + 6.54 * 170 + 12.34 * 70),
        ("male", 10, 32, 138, "low_active", 19.12 + 3.68 * 10 + 8.62 * 138 + 20.28 * 32 + 25),
        ("female", 10, 32, 138, "very_active", -709.59 - 22.25 * 10 + 18.22 * 138 + 14.25 * 32 + 30),
        ("female", 3, 14, 95, "inactive", 55.59 - 22.25 * 3 + 8.43 * 95 + 17.07 * 14 + 15),
        ("male", 3, 14, 95, "active", -388.19 + 3.68 * 3 + 12.66 * 95 + 20.46 * 14 + 20),
        ("male", 1 / 12, 4.5, 55, None, -716.45 - 1.00 / 12 + 17.82 * 55 + 15.06 * 4.5 + 200),
        ("female", 2, 12, 86, None, -69.15 + 80.0 * 2 + 2.65 * 86 + 54.15 * 12 + 15),
    ],
)
def test_energy_requirement_reproduces_nasem_2023(
    sex: str, age: float, weight: float, height: float, activity: str | None, expected: float
) -> None:
    assert estimated_energy_requirement(sex, age, weight, height, activity) == pytest.approx(expected, abs=0.01)


# Health Canada, Equations to estimate energy requirement: physical activity levels of adults in each category.
LEVELS = {"inactive": (1.0, 1.53), "low_active": (1.53, 1.68), "active": (1.68, 1.85), "very_active": (1.85, 2.5)}


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_energy_requirement_over_basal_rate_lies_in_the_level_its_category_is_named_for(activity: str) -> None:
    low, high = LEVELS[activity]
    for sex, weight, height in (("female", 62, 165), ("male", 75, 178)):
        for age in (25, 45):
            need = estimated_energy_requirement(sex, age, weight, height, activity)
            rate = basal_rate(sex, age, weight, height, equation="mifflin_1990")
            assert low - 0.05 < need / rate < high + 0.05


def test_energy_requirement_rises_with_activity_at_every_age() -> None:
    bodies = [(4, 16, 102), (8, 26, 128), (12, 42, 152), (17, 60, 168), (30, 65, 170), (80, 65, 165)]
    for sex in ("female", "male"):
        for age, weight, height in bodies:
            needs = [estimated_energy_requirement(sex, age, weight, height, activity) for activity in ACTIVITIES]
            assert needs == sorted(needs)


def test_energy_equations_leave_no_age_without_a_row_and_none_with_two() -> None:
    groups: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for row in load_energy_equations():
        groups.setdefault((row.equation, row.sex, row.activity), []).append((row.age_from, row.age_to))
        assert row.source
    for spans in groups.values():
        assert all(end == start for (_, end), (start, _) in itertools.pairwise(spans))


def test_basal_rate_names_the_equation_that_asks_for_a_height() -> None:
    with pytest.raises(PersonError, match="Mifflin 1990 asks for the height"):
        basal_rate("female", 40, 60, equation="mifflin_1990")


def test_basal_rate_names_what_it_does_not_cover() -> None:
    with pytest.raises(PersonError, match="Mifflin 1990 has no equation for sex 'male' at 12 years"):
        basal_rate("male", 12, 40, 150, equation="mifflin_1990")
    with pytest.raises(ReferenceIntakeError, match=r"unknown equation 'schofeld'.* Known: schofield_1985"):
        basal_rate("male", 12, 40, equation="schofeld")
    with pytest.raises(PersonError, match="weight 0 kg cannot be"):
        basal_rate("male", 40, 0)


def test_energy_requirement_asks_for_the_activity() -> None:
    with pytest.raises(PersonError, match=r"activity 'activ' is unknown. Did you mean 'active'"):
        estimated_energy_requirement("male", 40, 80, 180, "activ")
    with pytest.raises(PersonError, match="no activity"):
        estimated_energy_requirement("male", 40, 80, 180)


# Cut-offs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "low", "high"), [(1, 0.87, 2.75), (3, 1.00, 2.40), (7, 1.05, 2.28)])
def test_goldberg_cutoffs_reproduce_the_printed_figures_for_one_person(days: int, low: float, high: float) -> None:
    found = goldberg_cutoffs(days)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


@given(days=st.integers(1, 400), pal=st.floats(1.1, 2.5))
def test_goldberg_cutoffs_lie_around_the_activity_level_and_close_in_with_days(days: int, pal: float) -> None:
    fewer, more = goldberg_cutoffs(days, pal), goldberg_cutoffs(days + 1, pal)
    assert fewer.low < more.low < pal < more.high < fewer.high
    assert math.isclose(fewer.low * fewer.high, pal**2, rel_tol=1e-9)


def test_goldberg_cutoffs_refuse_no_days() -> None:
    with pytest.raises(ValueError, match="days 0"):
        goldberg_cutoffs(0)


# A person -------------------------------------------------------------------------------------------------------------


def energy_days(amounts: list[float], person_id: str | None = None, **columns: object) -> pd.DataFrame:
    known = {"amount": amounts, "low": amounts, "high": amounts, "foods": 12, "foods_left_out": 0}
    dates = pd.date_range(MONDAY, periods=len(amounts))
    usual = {"person_id": person_id, "date": dates, "nutrient": "energy", "foods_without_value": 0}
    return conform(pd.DataFrame({**usual, **known, **columns}), DAILY_INTAKES)


def judged(days: pd.DataFrame, person: Person | None = ANNA) -> pd.Series:
    return plausibility(days, {} if person is None else {"": person}).iloc[0]


@pytest.mark.parametrize(("energy", "verdict"), [(1300.0, "low"), (1400.0, "plausible"), (3200.0, "high")])
def test_plausibility_judges_the_mean_by_the_cutoffs_for_its_days(energy: float, verdict: str) -> None:
    # Basal rate 0.034 x 64 + 3.538 MJ = 1,366 kcal; 3 days: 0.998 to 2.40 times that is 1,364 to 3,286 kcal ...
    days = 3 if energy < 3000 else 7  # ... and 7 days: 1.05 to 2.28 is 1,438 to 3,112 kcal.
    found = judged(energy_days([energy] * days))
    assert found["basal_rate"] == pytest.approx((0.034 * 64 + 3.538) * 1000 / 4.184)
    assert (found["verdict"], found["pal"], found["days"]) == (verdict, 1.55, days)
    assert found["cutoff_low"] == pytest.approx(goldberg_cutoffs(days).low)
    assert f"{energy:,.0f} kcal a day over {days} recorded days" in found["reading"]


def test_plausibility_never_calls_low_what_missing_lines_could_lift() -> None:
    open_days = energy_days([1300.0] * 3, high=[1300.0, float("nan"), 1300.0], foods_left_out=[0, 2, 0])
    found = judged(open_days)
    assert found["verdict"] == "not_decidable"
    assert "2 lines are not in this energy" in found["note"]
    wide = energy_days([1300.0] * 3, high=[1300.0, 2000.0, 1300.0])
    assert judged(wide)["verdict"] == "not_decidable"


def test_plausibility_calls_half_of_the_energy_needed_low_although_two_lines_of_many_are_left_out() -> None:
    days = energy_days([650.0] * 7, high=[float("nan"), *[650.0] * 6], foods_left_out=[2, 0, 0, 0, 0, 0, 0])
    assert judged(days)["verdict"] == "low"


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (None, "Sex and age are not known"),
        (Person(sex="female", age_years=34), "The body weight is not known"),
        (Person(sex="female", age_years=34, weight_kg=70, pregnant=True), "not for pregnancy"),
        (Person(sex="female", age_years=34, weight_kg=70, lactating=True), "not for lactation"),
        (Person(sex="female", age_years=12, weight_kg=40), "under 18 years no judgement is made"),
        (Person(sex="female", birth_date=dt.date(2026, 5, 1), weight_kg=4), "Correct the birth date"),
    ],
)
def test_plausibility_says_why_nothing_can_be_judged(person: Person | None, why: str) -> None:
    found = judged(energy_days([400.0]), person)
    assert found["verdict"] == "not_decidable"
    assert why in found["reading"]
    assert math.isnan(found["cutoff_low"])


def test_plausibility_of_days_without_known_energy_is_not_decidable() -> None:
    found = judged(energy_days([float("nan")] * 2))
    assert found["verdict"] == "not_decidable"
    assert math.isnan(found["mean_energy"])
    assert found["reading"] == "No energy is known of these days."


def test_plausibility_means_energy_over_days_with_food_and_counts_days_of_supplements_alone() -> None:
    days = energy_days([2000.0, 2000.0, 2000.0, math.nan, 5.0])
    days["food_amount"] = [2000.0, 2000.0, 2000.0, math.nan, math.nan]
    days["supplement_amount"] = [math.nan] * 4 + [5.0]  # a gummy has some energy
    days["foods_without_value"] = 0
    row = judged(days)
    assert (row["days"], row["mean_energy"], row["verdict"]) == (3, 2000.0, "plausible")
    assert "2 days tell no energy: only supplements are on record." in row["note"]
    none = judged(days[3:])
    assert (none["days"], none["verdict"]) == (2, "not_decidable")


def test_plausibility_shows_a_ratio_apart_from_the_cutoff_it_is_below() -> None:
    # Cut-off for 7 days: 1.55 exp(-2 sqrt(23^2/7 + 8.5^2 + 15^2)/100) = 1.0535; basal rate 1365.68 kcal.
    row = judged(energy_days([1.0508 * 1365.679] * 7))
    assert row["verdict"] == "low"
    assert "is 1.051 times" in row["reading"]
    assert "1.053 to 2.281 is expected" in row["reading"]


def test_plausibility_gives_the_energy_requirement_where_height_and_activity_are_known() -> None:
    without = judged(energy_days([2000.0]))
    assert math.isnan(without["eer"])
    assert "No estimated energy requirement without activity." in without["note"]
    active = Person(sex="female", age_years=34, weight_kg=64, height_cm=168, activity="active")
    found = judged(energy_days([2000.0]), active)
    assert found["eer"] == pytest.approx(estimated_energy_requirement("female", 34, 64, 168, "active"))
    assert found["eer_equation"] == "NASEM 2023, active"


def test_plausibility_has_a_row_for_each_person_and_counts_only_days_with_a_counted_line() -> None:
    days = pd.concat([energy_days([2000.0, 2100.0], "b"), energy_days([1500.0, 9.0], "a", foods=[9, 0])])
    found = plausibility(days, {"a": ANNA})
    assert found[["person_id", "days", "mean_energy"]].values.tolist() == [["b", 2, 2050.0], ["a", 1, 1500.0]]
    assert found["verdict"].tolist() == ["not_decidable", "plausible"]


# Days -----------------------------------------------------------------------------------------------------------------


def diary(*days: int | tuple[str, ...], person_id: str | None = None, **columns: object) -> pd.DataFrame:
    """Lines of consecutive days: each the times of its lines, or how many lines it has, spread over five meals."""
    rows = []
    for number, day in enumerate(days):
        times = [MEALS[n % 5] for n in range(day)] if isinstance(day, int) else list(day)
        rows += [{"date": MONDAY + pd.Timedelta(days=number), "time": time} for time in times]
    frame = pd.DataFrame(rows).assign(line=range(len(rows)), kind="food", person_id=person_id, **columns)
    return conform(frame, WEIGHED)


def checked(energy: list[float], lines: pd.DataFrame, person: Person | None = None) -> pd.DataFrame:
    return check_days(energy_days(energy), lines, {} if person is None else {"": person})


def test_check_days_flags_no_ordinary_day() -> None:
    found = checked([1900.0, 2300.0, 1500.0, 2100.0, 1700.0], diary(12, 9, 8, 14, 11), ANNA)
    assert not found["possibly_incomplete"].any()
    assert found["reasons"].isna().all()
    assert found["entries"].tolist() == [12, 9, 8, 14, 11]
    assert found["eating_occasions"].tolist() == [5] * 5


def test_check_days_flags_a_day_of_very_little_energy_by_that_alone() -> None:
    found = checked([2000.0, 499.0, 500.0], diary(12, 12, 12))
    assert found["possibly_incomplete"].tolist() == [False, True, False]
    assert found.loc[1, "reasons"] == "499 kcal counted, less than 500 in a day"


def test_check_days_does_not_flag_little_energy_of_a_small_child() -> None:
    found = checked([450.0], diary(9), Person(sex="male", age_years=1, weight_kg=10))
    assert not found["possibly_incomplete"].any()


def test_check_days_flags_energy_below_half_the_basal_rate() -> None:
    # Basal rate 1,366 kcal.
    found = checked([680.0, 690.0, 1180.0, 1200.0], diary(9, 9, 9, 9), ANNA)
    assert found["possibly_incomplete"].tolist() == [True, False, False, False]
    assert "less than half the basal rate of 1,366 kcal" in found.loc[0, "reasons"]
    assert "0.51 times the basal rate" in found.loc[1, "reasons"]
    assert found.loc[1, "reasons"].endswith("(alone no reason to flag the day)")
    assert found["reasons"].isna().tolist() == [False, False, False, True]  # 0.87 x 1,366 = 1,189


def test_check_days_flags_energy_below_the_single_day_cutoff_where_a_second_sign_joins_it() -> None:
    found = checked([900.0], diary(3), ANNA)
    assert found["possibly_incomplete"].tolist() == [True]
    assert "below 0.87" in found.loc[0, "reasons"]
    assert "3 lines of food and drink" in found.loc[0, "reasons"]


@pytest.mark.parametrize(("energy", "flagged"), [(1800.0, False), (1000.0, False), (990.0, True)])
def test_check_days_flags_a_thin_record_of_a_lone_day_only_where_its_energy_is_low(
    energy: float, flagged: bool
) -> None:
    found = checked([energy], diary(("12:30", "12:30")))
    assert found["possibly_incomplete"].tolist() == [flagged]
    assert "one eating occasion with 2 lines of food and drink" in found.loc[0, "reasons"]


def test_check_days_flags_few_lines_beside_the_own_other_days() -> None:
    found = checked([1600.0] * 4 + [1100.0, 1600.0], diary(14, 13, 15, 12, 3, 14))
    assert found["possibly_incomplete"].tolist() == [False] * 4 + [True, False]
    assert found.loc[4, "reasons"] == "3 lines of food and drink, on the other days 14"


def test_check_days_does_not_flag_few_lines_or_one_meal_with_the_energy_of_other_days() -> None:
    found = checked([1600.0] * 4 + [1200.0, 1600.0], diary(14, 13, 15, 12, ("19:00",) * 3, 14))
    assert not found["possibly_incomplete"].any()


def test_check_days_does_not_flag_few_lines_of_a_diary_that_always_has_few() -> None:
    found = checked([1600.0] * 6, diary(3, 4, 3, 2, 3, 4))
    assert not found["possibly_incomplete"].any()


def test_check_days_does_not_flag_few_lines_where_numbers_scatter_widely() -> None:
    found = checked([1600.0] * 7, diary(4, 20, 5, 18, 12, 5, 25))
    assert not found["possibly_incomplete"].any()


def test_check_days_flags_one_eating_occasion_beside_several_on_other_days() -> None:
    found = checked([1600.0, 1100.0, 1600.0], diary(9, ("12:30",) * 9, 9))
    assert found["possibly_incomplete"].tolist() == [False, True, False]
    assert found.loc[1, "reasons"] == "one eating occasion, on the other days 5"


def test_check_days_does_not_flag_one_eating_occasion_where_every_day_has_one() -> None:
    lines = diary(9, 9, 9, eating_occasion="Foods").assign(time=None)
    found = checked([1600.0] * 3, lines)
    assert found["eating_occasions"].tolist() == [1, 1, 1]
    assert not found["possibly_incomplete"].any()


def test_check_days_counts_lines_without_time_and_occasion_as_an_occasion_of_their_own() -> None:
    lines = diary(9).assign(time=None, eating_occasion=["Breakfast", *[None] * 8])
    assert checked([1600.0], conform(lines, WEIGHED))["eating_occasions"].tolist() == [2]
    bare = conform(lines.assign(eating_occasion=None), WEIGHED)
    assert checked([1600.0], bare)["eating_occasions"].isna().all()


def test_check_days_joins_times_of_one_meal() -> None:
    lines = diary(("12:00", "12:10", "12:55", "13:40", "18:00"))
    assert checked([1600.0], lines)["eating_occasions"].tolist() == [2]


def test_check_days_flags_a_first_and_a_last_day_that_times_show_cut_off() -> None:
    lines = diary(("18:00", "20:30"), 5, 5, 5, 5, ("07:30", "08:45", "10:00"))
    found = checked([1600.0] * 6, lines)
    assert found["possibly_incomplete"].tolist() == [True, False, False, False, False, True]
    assert "the first day begins at 18:00, later than every other day" in found.loc[0, "reasons"]
    assert "the last day ends at 10:00, earlier than every other day" in found.loc[5, "reasons"]


def test_check_days_does_not_flag_a_first_day_that_begins_no_later_than_another() -> None:
    late = ("13:00", "16:00", "17:30", "19:00", "20:30")
    assert not checked([1600.0] * 5, diary(late, 5, 5, 5, ("13:30", *late[1:])))["possibly_incomplete"].any()


def test_check_days_does_not_flag_a_day_in_the_middle_that_begins_late() -> None:
    lines = diary(5, 5, ("14:00", "16:00", "17:30", "19:00", "20:30"), 5, 5)
    assert not checked([1600.0] * 5, lines)["possibly_incomplete"].any()


def test_check_days_flags_a_day_of_which_a_third_of_the_lines_is_not_counted() -> None:
    lines = diary(9, 9, problem=["no amount"] * 3 + [None] * 6 + ["no amount"] * 2 + [None] * 7)
    found = checked([1600.0, 1700.0], lines)
    assert found["possibly_incomplete"].tolist() == [True, False]
    assert found.loc[0, "reasons"] == "3 of 9 lines could not be counted"


def test_check_days_does_not_count_lines_that_stand_in_the_diary_twice() -> None:
    twice = "the same line as in a.csv, row 2: counted there"
    lines = diary(12, problem=[twice] * 6 + [None] * 6)
    found = checked([1600.0], lines)
    assert found["entries"].tolist() == [6]
    assert not found["possibly_incomplete"].any()


@pytest.mark.parametrize(("note", "flagged"), [("Fasting day, only tea", False), ("tired, headache", True)])
def test_check_days_does_not_flag_a_fast_the_diary_declares(note: str, flagged: bool) -> None:
    lines = diary(10, 10, 10, 10, 2)
    fast = lines.iloc[[-1]].assign(line=999, kind="note", food_text=note, problem="a note, not a food")
    found = checked([2000, 2100, 1900, 2000, 20], pd.concat([lines, fast], ignore_index=True), ANNA)
    assert found["possibly_incomplete"].tolist() == [False] * 4 + [flagged]
    assert ("the diary says it was a fast" in found.loc[4, "reasons"]) is not flagged


def test_check_days_flags_a_day_with_supplements_only() -> None:
    lines = diary(9, 1)
    lines.loc[9, "kind"] = "supplement"
    found = checked([1600.0, float("nan")], lines)
    assert found["reasons"].tolist()[1] == "no line of food or drink: only supplements are on record"
    assert found["possibly_incomplete"].tolist() == [False, True]
    assert math.isnan(found.loc[1, "energy"])


def test_check_days_holds_no_number_of_lines_against_a_day_that_counts_by_its_total() -> None:
    lines = diary(12, 12, 12, 12, 1)
    lines.loc[lines.index[-1], "kind"] = "total"
    assert not checked([1600.0] * 5, lines)["possibly_incomplete"].any()
    lone = diary(1)
    lone["kind"] = "total"
    assert not checked([800.0], lone)["possibly_incomplete"].any()


def test_check_days_lists_only_recorded_days() -> None:
    # A day the diary declares to be no food day has notes only, and no row among the daily intakes.
    lines = diary(9, 9)
    lines.loc[lines["date"] > MONDAY, "kind"] = "note"
    found = checked([1600.0], lines)
    assert found["date"].tolist() == [MONDAY]
    assert not found["possibly_incomplete"].any()


def test_check_days_does_not_mix_people() -> None:
    days = pd.concat([energy_days([2000.0] * 4, "a"), energy_days([1100.0] * 4, "b")])
    lines = pd.concat([diary(14, 14, 14, 14, person_id="a"), diary(4, 5, 4, 5, person_id="b")])
    assert not check_days(days, lines, {})["possibly_incomplete"].any()


def test_check_days_without_energy_among_the_nutrients_still_reads_the_lines() -> None:
    days = energy_days([5.0] * 6).assign(nutrient="iron")
    found = check_days(days, diary(14, 13, 15, 12, 3, 14), {"": ANNA})
    assert found["energy"].isna().all()
    assert found["possibly_incomplete"].sum() == 1


def test_check_days_of_nothing_is_an_empty_table() -> None:
    nothing = check_days(energy_days([]), conform(pd.DataFrame(), WEIGHED), {})
    assert nothing.empty
    assert list(nothing.columns) == DAY_CHECKS.names
    assert plausibility(energy_days([]), {}).empty


def test_check_days_says_left_out_only_where_that_was_asked_for() -> None:
    days, lines = energy_days([2000.0, 300.0]), diary(9, 9)
    assert not check_days(days, lines, {})["left_out"].any()
    assert check_days(days, lines, {}, leave_out=True)["left_out"].tolist() == [False, True]


def test_check_days_tells_which_days_are_in_the_means() -> None:
    days = energy_days([2000.0, 300.0, 9.0], foods=[9, 9, 0], foods_left_out=[0, 0, 9])
    lines = diary(9, 9, 9)
    assert check_days(days, lines, {})["in_means"].tolist() == [True, True, False]
    assert check_days(days, lines, {}, leave_out=True)["in_means"].tolist() == [True, False, False]


def test_check_days_changes_no_argument() -> None:
    days, lines = energy_days([2000.0, 300.0]), diary(9, 9)
    before = days.copy(), lines.copy()
    check_days(days, lines, {"": ANNA}, leave_out=True)
    pd.testing.assert_frame_equal(days, before[0])
    pd.testing.assert_frame_equal(lines, before[1])


# Leaving out ----------------------------------------------------------------------------------------------------------


def test_without_days_keeps_every_row_of_every_other_day() -> None:
    days = pd.concat([energy_days([2000.0, 300.0], "a"), energy_days([300.0, 2000.0])], ignore_index=True)
    checks = check_days(days, pd.concat([diary(9, 9, person_id="a"), diary(9, 9)]), {})
    pairs = incomplete_days(checks)
    assert [(str(p), d.day) for p, d in pairs.itertuples(index=False)] == [("a", 3), ("nan", 2)]
    kept = without_days(days, pairs)
    assert kept["amount"].tolist() == [2000.0, 2000.0]
    assert kept.dtypes.equals(days.dtypes)


@given(flags=st.lists(st.booleans(), min_size=1, max_size=12))
def test_days_left_out_and_days_kept_add_up(flags: list[bool]) -> None:
    days = energy_days([float(n) for n in range(len(flags))])
    checks = conform(days[["person_id", "date"]].assign(possibly_incomplete=flags), DAY_CHECKS)
    kept = without_days(days, incomplete_days(checks))
    assert kept["amount"].tolist() == [float(n) for n, flag in enumerate(flags) if not flag]


@given(values=st.lists(st.one_of(st.just(math.nan), st.integers(0, 30).map(float)), min_size=1, max_size=12))
def test_medians_of_others_are_those_of_the_rest(values: list[float]) -> None:
    array = pd.Series(values, dtype="float64").to_numpy()
    found = medians_of_others(array, 2)
    for place in range(len(values)):
        others = pd.Series([v for n, v in enumerate(values) if n != place], dtype="float64").dropna()
        expected = others.median() if len(others) >= 2 else math.nan
        assert found[place] == pytest.approx(expected, nan_ok=True)


# The sheet ------------------------------------------------------------------------------------------------------------


def days_sheet(analysis: Analysis) -> Any:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    write_days(Page(workbook, palette, "Days"), analysis, people=[block.person_id for block in blocks_of(analysis)])
    palette.close()
    return reopened(workbook)["Days"]


def with_checks(lines: list[Line], *, leave_out: bool = False, **people: Person) -> Analysis:
    analysis = analysis_of(lines, people)
    return replace(
        analysis,
        plausibility=plausibility(analysis.days, people),
        day_checks=check_days(analysis.days, analysis.entries, people, leave_out=leave_out),
    )


def eaten(day: str, energy: float, person: str) -> list[Line]:
    return [Line(day=day, holds={"energy": energy / 4}, person=person) for _ in range(4)]


def test_days_sheet_shows_each_day_with_its_check_and_reasons() -> None:
    lines = eaten("2026-03-02", 2000, "Anna") + eaten("2026-03-03", 300, "Anna") + eaten("2026-03-02", 1800, "Ben")
    sheet = days_sheet(with_checks(lines, Anna=ANNA))
    rows = [row for row in rows_below(sheet, "Date") if row["Date"].is_date]
    shown = [
        [row[name].value for name in ("Person", "Check", "Energy [kcal]", "Lines of food and drink", "In the means")]
        for row in rows
    ]
    assert shown == [
        ["Anna", None, 2000, 4, "yes"],
        ["Anna", "possibly incomplete", 300, 4, "yes"],
        ["Ben", None, 1800, 4, "yes"],
    ]
    assert "300 kcal counted" in rows[1]["What speaks for it being incomplete"].value
    assert rows[0]["Energy over basal rate"].value == pytest.approx(2000 / basal_rate("female", 34, 64))
    assert rows[2]["Energy over basal rate"].value is None
    assert "1 of 3 recorded days may be incomplete" in texts(sheet)
    assert "They are in every mean of this report." in texts(sheet)
    assert sheet.auto_filter.ref.endswith(str(rows[-1]["Date"].row))


def test_days_sheet_shows_the_plausibility_of_each_person_above() -> None:
    lines = eaten("2026-03-02", 700, "Anna") + eaten("2026-03-02", 1800, "Ben")
    rows = rows_below(days_sheet(with_checks(lines, Anna=ANNA)), "Recorded days")
    assert [row["Recorded energy is"].value for row in rows] == ["lower than expected", "not decidable"]
    assert [row["Expected ratio"].value for row in rows] == ["0.87 to 2.75", None]
    fills = {row["Recorded energy is"].fill.fgColor.rgb for row in rows}
    assert len(fills) == 2  # a tint beside the words


def test_days_sheet_says_that_days_are_left_out_and_lists_the_diarys_own() -> None:
    lines = eaten("2026-03-02", 2000, "Anna") + eaten("2026-03-03", 300, "Anna")
    own = conform(
        pd.DataFrame(
            {
                "date": [MONDAY],
                "reason": ["ill"],
                "note": ["the year is taken from the diary"],
                "source": "d",
                "line": 2,
            }
        ),
        NOT_FOOD_DAYS,
    )
    sheet = days_sheet(replace(with_checks(lines, leave_out=True, Anna=ANNA), not_food_days=own))
    assert "left out of the means, as asked for" in texts(sheet)
    rows = rows_below(sheet, "Reason")
    assert [row["Reason"].value for row in rows] == ["ill; the year is taken from the diary"]


def test_days_sheet_of_a_diary_without_a_recorded_day_says_so() -> None:
    assert "No day is recorded." in texts(days_sheet(with_checks([])))


# A national survey ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def survey() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Day-one recalls of adults in What We Eat in America 2021-23: people, energy days and lines."""
    if not NHANES.is_dir():
        skip_or_fail("the survey files of ../shared/nhanes are not there")
    people = pd.read_csv(NHANES / "DEMO_L.csv.xz", usecols=["SEQN", "RIAGENDR", "RIDAGEYR"])
    totals = pd.read_csv(NHANES / "DR1TOT_L.csv.xz", usecols=["SEQN", "DR1DRSTZ", "WTDRD1", "DR1TKCAL"])
    items = pd.read_csv(NHANES / "DR1IFF_L.csv.xz", usecols=["SEQN", "DR1_020", "DR1_030Z", "DR1IFDCD"])
    people = people[people["RIDAGEYR"] >= 19].merge(totals[totals["DR1DRSTZ"] == 1], on="SEQN", validate="one_to_one")
    items = items[items["SEQN"].isin(people["SEQN"]) & items["DR1IFDCD"].notna()]
    people["person_id"] = people["SEQN"].astype(int).astype(str)
    days = pd.DataFrame(
        {"person_id": people["person_id"], "date": MONDAY, "nutrient": "energy", "amount": people["DR1TKCAL"]}
    ).assign(foods=1)
    clock = pd.to_timedelta(items["DR1_020"], unit="s").astype(str).str[-8:-3]
    lines = pd.DataFrame({"person_id": items["SEQN"].astype(int).astype(str), "date": MONDAY, "kind": "food"}).assign(
        time=clock, eating_occasion=items["DR1_030Z"].astype(str), line=range(len(items))
    )
    return people, conform(days, DAILY_INTAKES), conform(lines, WEIGHED)


def test_check_days_flags_few_of_the_ordinary_days_of_a_national_survey(
    survey: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> None:
    people, days, lines = survey
    # The survey's files hold no weights here: those of US adults on average (CDC, NCHS, Vital Health Stat 3(46), 2021).
    mean_weight = {1: 90.6, 2: 77.5}
    known = {
        row.person_id: Person(
            sex="male" if row.RIAGENDR == 1 else "female", age_years=row.RIDAGEYR, weight_kg=mean_weight[row.RIAGENDR]
        )
        for row in people.itertuples()
    }
    weights = people["WTDRD1"].to_numpy()
    for who, most in (({}, 2.5), (known, 7.0)):
        flagged = check_days(days, lines, who)["possibly_incomplete"].to_numpy()
        assert 0.5 < 100 * weights[flagged].sum() / weights.sum() < most


def test_lines_left_out_without_a_date_are_no_recorded_day(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text("date,food,amount\n2026-03-02,milk,1 cup\n,apple,1\nsome day,pear,1\n2026-03-03,milk,1 cup\n")
    analysis = analyze(path)
    assert analysis.problems["date"].isna().sum() == len(analysis.problems) > 0
    assert analysis.day_checks["date"].dt.strftime("%m-%d").tolist() == ["03-02", "03-03"]
