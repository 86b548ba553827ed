"""What a comparison says, and what it must not say."""

import datetime as dt
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.comparison import VERDICTS, compare, compare_days
from nutridiary.comparison.readings import percent
from nutridiary.errors import FoodDataError, ReferenceIntakeError
from nutridiary.nutrients import load_nutrients, panel_nutrients
from nutridiary.references import Person
from nutridiary.tables import COMPARISON, DAY_COMPARISON

WOMAN = Person(sex="female", age_years=34, smoker=False)
ONLY = {"": WOMAN}


def day(nutrient, amount, *, date="2025-03-01", foods=8, without=0, left_out=0, person=None, high=None):
    """One row of DAILY_INTAKES as the intake step writes it: an upper bound only where nothing is missing."""
    complete = not without and not left_out and foods
    return {
        "person_id": person,
        "date": pd.Timestamp(date),
        "nutrient": nutrient,
        "unit": load_nutrients().loc[nutrient, "unit"],
        "amount": amount,
        "low": amount,
        "high": (amount if high is None else high) if complete else math.nan,
        "foods": foods,
        "foods_without_value": without,
        "foods_left_out": left_out,
    }


def line(nutrient, amount, *, kind="food", number=2, grams=100.0, person=None):
    return {
        "source": "diary.csv",
        "line": number,
        "person_id": person,
        "date": pd.Timestamp("2025-03-01"),
        "gram_weight": grams,
        "nutrient": nutrient,
        "amount": amount,
        "unit": load_nutrients().loc[nutrient, "unit"],
        "source_kind": kind,
    }


def compared(days, people=ONLY, lines=(), **choice):
    """The one row, or the rows, of a comparison of days with people."""
    days = [days] if isinstance(days, dict) else list(days)
    table = compare(pd.DataFrame(days), people, pd.DataFrame(list(lines)), **choice)
    return table.iloc[0] if len(table) == 1 else table


# --- verdicts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nutrient", "amount", "verdict"),
    [
        ("magnesium", 264, "below_ear"),
        ("magnesium", 265, "between_ear_and_rda"),
        ("magnesium", 319, "between_ear_and_rda"),
        ("magnesium", 320, "meets_rda"),
        ("potassium", 2599, "below_ai"),
        ("potassium", 2600, "meets_ai"),
        ("sodium", 2300, "meets_ai"),
        ("sodium", 2301, "above_cdrr"),
        ("calcium", 2501, "above_ul"),
        ("caffeine", 300, "descriptive"),
        ("protein", 45, "below_rda"),
        ("protein", 46, "meets_rda"),
    ],
)
def test_compare_gives_the_verdict_the_figures_allow(nutrient, amount, verdict):
    assert compared(day(nutrient, float(amount)))["verdict"] == verdict
    assert compare_days(pd.DataFrame([day(nutrient, float(amount))]), ONLY).loc[0, "verdict"] == verdict


@pytest.mark.parametrize("missing", [{"without": 1}, {"left_out": 1}])
@pytest.mark.parametrize(
    ("nutrient", "amount", "verdict"),
    [
        ("magnesium", 200, "not_decidable"),
        ("magnesium", 300, "at_least_ear"),
        ("magnesium", 330, "meets_rda"),
        ("potassium", 2000, "not_decidable"),
        ("potassium", 2700, "meets_ai"),
        ("sodium", 2400, "above_cdrr"),
        ("protein", 20, "not_decidable"),
    ],
)
def test_compare_never_says_below_while_something_is_missing(nutrient, amount, verdict, missing):
    row = compared(day(nutrient, float(amount), **missing))
    assert row["verdict"] == verdict
    assert row["mean_intake"] == amount
    if verdict == "not_decidable":
        assert "Not decidable" in row["reading"]
        assert "1 food has no value" in row["reading"] or "1 line could not be counted" in row["reading"]


def test_compare_is_not_decidable_where_the_bounds_lie_on_both_sides():
    row = compared(day("magnesium", 250.0, high=270.0))
    assert row["verdict"] == "not_decidable"
    assert "between 250 mg and 270 mg" in row["reading"]


def test_compare_keeps_what_is_wholly_unknown_unknown():
    row = compared(day("vitamin_b12", math.nan, foods=3, without=3))
    assert row["verdict"] == "not_decidable"
    assert row[["mean_intake", "low", "high", "percent_of_rda"]].isna().all()
    assert row["reading"] == "No amount is known: 3 foods have no value."


def test_compare_days_without_a_counted_line_are_no_days_of_the_mean():
    rows = [day("magnesium", 300.0), day("magnesium", math.nan, date="2025-03-02", foods=0, left_out=4)]
    row = compared(rows)
    assert (row["days"], row["mean_intake"], row["foods_left_out"]) == (1, 300.0, 4)
    assert row["verdict"] == "between_ear_and_rda"
    assert row["high"] == 300.0
    nothing = compared(rows[1])
    assert (nothing["days"], nothing["verdict"]) == (0, "not_decidable")
    assert "nothing is known" in nothing["reading"]


def test_compare_mean_divides_what_is_known_by_all_recorded_days():
    # On the second day no record has a value: the mean of what is known must not leave that day out.
    rows = [day("vitamin_d", 6.0), day("vitamin_d", math.nan, date="2025-03-02", without=8)]
    row = compared(rows)
    assert (row["days"], row["mean_intake"], row["foods_without_value"]) == (2, 3.0, 8)
    assert row["verdict"] == "not_decidable"


def test_compare_niacin_on_record_is_a_lower_bound_of_niacin_equivalents():
    below = compared(day("niacin", 5.0))
    assert below["verdict"] == "not_decidable"
    assert "tryptophan" in below["reading"]
    assert compared(day("niacin", 15.0))["verdict"] == "meets_rda"


# --- what is compared --------------------------------------------------------------------------


def test_compare_and_compare_days_keep_every_row_and_their_columns():
    names = panel_nutrients()
    rows = [day(name, 1.0, date=f"2025-03-0{number}", person="p") for number in (1, 2, 3) for name in names]
    table, days = compared(rows, {}), compare_days(pd.DataFrame(rows), {})
    assert list(table.columns) == COMPARISON.names
    assert list(days.columns) == DAY_COMPARISON.names
    assert table["nutrient"].tolist() == names
    assert len(days) == len(rows)
    assert set(table["verdict"]) | set(days["verdict"]) <= set(VERDICTS)
    assert table["reading"].notna().all()


def test_compare_person_without_sex_and_age_gets_intakes_and_no_reference():
    row = compared(day("magnesium", 210.0, person="Anna"), {"Ben": WOMAN})
    assert (row["verdict"], row["mean_intake"]) == ("no_reference", 210.0)
    assert row[["ear", "rda", "percent_of_rda"]].isna().all()
    assert row["reading"] == (
        "210 mg on the one day recorded. Not compared: sex and age are not known, "
        "and the reference intakes depend on both."
    )


def test_compare_uses_the_pregnancy_row_and_has_none_outside_its_ages():
    pregnant = {"": Person(sex="female", age_years=34, pregnant=True)}
    assert compared(day("magnesium", 330.0), pregnant)["verdict"] == "between_ear_and_rda"  # EAR 300, RDA 360
    row = compared(day("magnesium", 330.0), {"": Person(sex="female", age_years=52, pregnant=True)})
    assert row["verdict"] == "no_reference"
    assert "14-50 y only" in row["reading"]


def test_compare_days_use_the_group_of_each_day_and_the_person_row_the_last():
    # Calcium, IOM 2011: RDA 1,000 mg for women of 31-50, 1,200 mg for those of 51-70.
    person = {"": Person(sex="female", birth_date=dt.date(1974, 3, 2))}
    rows = [day("calcium", 1100.0, date=f"2025-03-0{number}") for number in (1, 2, 3)]
    assert compare_days(pd.DataFrame(rows), person)["rda"].tolist() == [1000, 1200, 1200]
    row = compared(rows, person)
    assert (row["rda"], row["life_stage_group"]) == (1200, "female 51-70 y")
    assert "changed from female 31-50 y to female 51-70 y" in row["note"]
    assert "changed" not in str(compared(rows[1:], person)["note"])


def test_compare_with_an_undated_diary_needs_an_age_not_a_birth_date():
    undated = day("calcium", 1100.0) | {"date": pd.NaT}
    assert compared(undated)["verdict"] == "meets_rda"
    row = compared(undated, {"": Person(sex="female", birth_date=dt.date(1974, 3, 2))})
    assert row["verdict"] == "no_reference"
    assert "Give the day, or an age" in row["reading"]


def test_compare_superseded_edition_is_stated():
    row = compared(day("potassium", 3000.0), edition="2005")
    assert (row["verdict"], row["ai"], row["edition"]) == ("below_ai", 4700, "IOM 2005")
    assert "IOM 2005 is superseded" in row["note"]
    assert "NASEM 2019" in row["note"]
    now = compared(day("potassium", 3000.0))
    assert (now["verdict"], now["edition"]) == ("meets_ai", "NASEM 2019")
    assert "superseded" not in now["note"]


def test_compare_edition_without_the_group_is_no_reference_and_says_which():
    row = compared(day("calcium", 900.0), {"": Person(sex="female", age_years=34, pregnant=True)}, edition="1997")
    assert row["verdict"] == "no_reference"
    assert "IOM 1997 has no figure on record for this group" in row["reading"]


def test_compare_unknown_edition_or_nutrient_cannot_go_on():
    with pytest.raises(ReferenceIntakeError, match="1812"):
        compared(day("calcium", 900.0), edition="1812")
    with pytest.raises(FoodDataError, match="Did you mean 'calcium'"):
        compared(day("calcium", 900.0), nutrients=["calcum"])
    with pytest.raises(FoodDataError, match="no intakes of zinc"):
        compared(day("calcium", 900.0), nutrients=["zinc"])


def test_compare_nutrients_chooses_rows():
    rows = [day("calcium", 900.0), day("zinc", 9.0)]
    assert compared(rows, nutrients=["zinc"])["nutrient"] == "zinc"
    assert compare_days(pd.DataFrame(rows), ONLY, nutrients=["zinc"])["nutrient"].tolist() == ["zinc"]


def test_compare_empty_tables_give_empty_tables():
    assert compare(pd.DataFrame(), ONLY, pd.DataFrame()).empty
    assert compare_days(pd.DataFrame(), ONLY).empty


def test_compare_coverage_is_the_share_of_grams_with_a_value():
    lines = [line("zinc", 2.0, grams=300.0), line("zinc", math.nan, grams=100.0, number=3)]
    assert compared(day("zinc", 2.0, foods=2, without=1), lines=lines)["coverage"] == 75


def test_compare_smoker_and_body_weight_change_what_depends_on_them():
    assert compared(day("vitamin_c", 100.0))["verdict"] == "meets_rda"  # RDA 75 mg
    smoker = compared(day("vitamin_c", 100.0), {"": Person(sex="female", age_years=34, smoker=True)})
    assert (smoker["rda"], smoker["verdict"]) == (110, "between_ear_and_rda")
    heavy = compared(day("protein", 50.0), {"": Person(sex="female", age_years=34, weight_kg=90)})
    # 0.66 g/kg of 90 kg is 59.4 g; the RDA of 46 g is for a lighter woman and must not overrule it.
    assert heavy["ear"] == pytest.approx(59.4)
    assert heavy["verdict"] == "below_ear"


def test_compare_people_of_one_group_keep_their_own_body_weight():
    people = {str(kg): Person(sex="male", age_years=40, weight_kg=kg) for kg in (60, 90)}
    table = compared([day("protein", 50.0, person=name) for name in people], people)
    assert table["ear"].tolist() == pytest.approx([39.6, 59.4])


# --- upper levels ------------------------------------------------------------------------------


def test_compare_magnesium_ul_is_not_held_against_food():
    row = compared(day("magnesium", 900.0), lines=[line("magnesium", 900.0)])
    assert row["verdict"] == "meets_rda"
    assert (row["ul"], row["ul_applies_to"]) == (350, "supplements_and_medicines")
    assert math.isnan(row["ul_intake"])
    assert math.isnan(row["percent_of_ul"])
    assert row["note"] == "No supplement in the diary: the UL of 350 mg does not apply to what is in food."


def test_compare_days_does_not_show_a_ul_that_leaves_food_out():
    table = compare_days(pd.DataFrame([day("magnesium", 900.0), day("calcium", 900.0)]), ONLY)
    assert math.isnan(table.loc[0, "ul"])
    assert table.loc[1, "ul"] == 2500
    assert table.loc[0, "verdict"] == "meets_rda"


def test_compare_magnesium_ul_is_held_against_supplements():
    lines = [line("magnesium", 250.0), line("magnesium", 400.0, kind="supplement", number=3)]
    row = compared(day("magnesium", 650.0), lines=lines)
    assert (row["verdict"], row["ul_intake"]) == ("above_ul", 400)
    assert row["percent_of_ul"] == pytest.approx(114.29, abs=0.01)
    assert "Supplements and medicines gave 400 mg a day, above the UL of 350 mg (114 %)" in row["reading"]
    lines[1]["amount"] = 200.0
    row = compared(day("magnesium", 450.0), lines=lines)
    assert row["verdict"] == "meets_rda"
    assert "gave 200 mg a day (57 %)" in row["note"]


def test_compare_ul_of_supplements_is_a_mean_over_all_recorded_days():
    rows = [day("magnesium", 700.0), day("magnesium", 300.0, date="2025-03-02")]
    row = compared(rows, lines=[line("magnesium", 400.0, kind="supplement")])
    assert row["ul_intake"] == 200
    assert row["verdict"] == "meets_rda"


def test_compare_folate_and_vitamin_a_ul_are_held_against_their_own_part_of_intake():
    rows = [day("folate_dfe", 2500.0), day("vitamin_a_rae", 5000.0)]
    lines = [line("folate_dfe", 2500.0), line("vitamin_a_rae", 5000.0)]
    without = compared(rows, lines=lines).set_index("nutrient")
    assert set(without["verdict"]) == {"meets_rda"}
    assert without["note"].str.contains("not on record apart; it is not held").all()
    parts = [line("folic_acid", 1200.0), line("retinol", 900.0)]
    table = compared(rows, lines=[*lines, *parts]).set_index("nutrient")
    assert table["verdict"].to_dict() == {"folate_dfe": "above_ul", "vitamin_a_rae": "meets_rda"}
    assert table["ul_intake"].to_dict() == {"folate_dfe": 1200, "vitamin_a_rae": 900}


def test_compare_niacin_ul_is_held_only_where_supplements_alone_exceed_it():
    food = compared(day("niacin", 60.0), lines=[line("niacin", 60.0)])
    assert (food["verdict"], math.isnan(food["ul_intake"])) == ("meets_rda", True)
    pills = compared(day("niacin", 60.0), lines=[line("niacin", 50.0, kind="supplement")])
    assert (pills["verdict"], pills["ul_intake"]) == ("above_ul", 50)


def test_compare_upper_level_considered_and_not_set_is_said():
    assert "A UL was considered and not set." in compared(day("vitamin_b12", 50.0))["note"]


# --- words -------------------------------------------------------------------------------------


def test_compare_reading_has_figures_days_and_no_diagnosis():
    rows = [day("magnesium", 210.0, date=f"2025-03-0{number}") for number in (1, 2, 3)]
    assert compared(rows)["reading"] == (
        "Mean 210 mg a day over 3 days: below the EAR of 265 mg (79 %). This does not show a deficiency."
    )


def test_compare_reading_below_an_ai_concludes_nothing():
    reading = compared(day("potassium", 1500.0))["reading"]
    assert "Nothing can be concluded" in reading
    assert "below" not in reading


def test_compare_reading_never_rounds_an_intake_onto_the_figure_it_differs_from():
    reading = compared(day("magnesium", 264.9))["reading"]
    assert "264.9 mg" in reading
    assert "99.96 %" in reading


def test_percent_of_a_value_just_beside_the_reference_is_not_100():
    assert percent(100.0, 100.0) == "100 %"
    assert percent(100.0000001, 100.0) == "100 %"
    assert percent(99.999, 100.0) == "just under 100 %"
    assert percent(100.004, 100.0) == "just over 100 %"


def test_compare_readings_name_no_unit_but_the_nutrients_own_and_write_micrograms():
    readings = compared([day(name, 1.0) for name in panel_nutrients()]).set_index("nutrient")["reading"]
    assert "µg" in readings["vitamin_d"]
    assert not readings.str.contains(r"\bug\b|nan|None").any()


def test_compare_no_reading_or_note_speaks_of_usual_intake_or_raises_an_alarm():
    names = list(load_nutrients().index)
    for amount in (1e-3, 1.0, 1e5):
        table = compared([day(name, amount) for name in names])
        words = (table["reading"] + " " + table["note"].fillna("")).str.casefold()
        assert not words.str.contains(r"usual|danger|deficient|diagnos|toxic|warning|!|\bnan\b").any()


@pytest.mark.parametrize(
    ("nutrient", "person", "words"),
    [
        ("vitamin_d", WOMAN, "minimal sun"),
        ("vitamin_b12", Person(sex="male", age_years=51), "Over 50"),
        ("vitamin_k", WOMAN, "Phylloquinone"),
        ("water", WOMAN, "Diaries often leave out drinking water"),
        ("iron", WOMAN, "menstruation"),
        ("vitamin_c", Person(sex="male", age_years=51), "For a smoker"),
    ],
)
def test_compare_note_says_what_a_reader_should_know(nutrient, person, words):
    assert words in compared(day(nutrient, 1.0), {"": person})["note"]


def test_compare_iron_note_on_menstruation_is_not_for_pregnant_women():
    pregnant = Person(sex="female", age_years=34, pregnant=True)
    assert "menstruation" not in str(compared(day("iron", 1.0), {"": pregnant})["note"])


def test_compare_b12_note_is_for_those_over_50_only():
    assert "Over 50" not in str(compared(day("vitamin_b12", 1.0), {"": Person(sex="male", age_years=50)})["note"])


# --- laws --------------------------------------------------------------------------------------

ORDER = ["not_decidable", "below_ear", "below_rda", "below_ai", "at_least_ear", "between_ear_and_rda"]
RANK = {code: rank for rank, code in enumerate([*ORDER, "meets_rda", "meets_ai", "above_cdrr", "above_ul"])}
PERSONS = [
    WOMAN,
    Person(sex="male", age_years=72, weight_kg=80),
    Person(sex="female", age_years=25, pregnant=True),
    Person(sex="female", age_years=20, lactating=True, smoker=True),
    Person(sex="male", age_years=0.7),
    Person(sex="female", age_years=6),
]


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(PERSONS),
    st.sampled_from(["magnesium", "potassium", "sodium", "vitamin_b12", "protein", "niacin", "copper", "fat_total"]),
    st.lists(st.floats(0, 1e4, allow_nan=False), min_size=2, max_size=12),
    st.integers(0, 2),
)
def test_verdict_never_falls_as_intake_rises(person, nutrient, amounts, without):
    rows = [day(nutrient, amount, without=without, person=str(n)) for n, amount in enumerate(sorted(amounts))]
    table = compare(pd.DataFrame(rows), {str(n): person for n in range(len(rows))}, pd.DataFrame())
    if set(table["verdict"]) != {"no_reference"}:
        ranks = table["verdict"].map(RANK)
        assert ranks.is_monotonic_increasing, table[["mean_intake", "verdict"]]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(PERSONS), st.floats(0, 1e4), st.integers(0, 3), st.integers(0, 3))
def test_no_verdict_below_while_anything_is_missing(person, amount, without, left_out):
    rows = [day(name, amount, without=without, left_out=left_out) for name in load_nutrients().index]
    rows += [day(name, amount, date="2025-03-02") for name in load_nutrients().index]
    for table in (compare(pd.DataFrame(rows), {"": person}, pd.DataFrame()), compare_days(pd.DataFrame(rows), ONLY)):
        below = table["verdict"].str.startswith("below")
        missing = (table["foods_without_value"] > 0) | (table["foods_left_out"] > 0)
        assert not (below & missing).any()


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_order_of_rows_and_people_changes_no_figure(order):
    rows = [day("calcium", 150.0 * (n + 1), person="ABC"[n % 3], date=f"2025-03-0{1 + n // 3}") for n in range(6)]
    people = dict(zip("ABC", PERSONS, strict=False))
    table = compare(pd.DataFrame(rows), people, pd.DataFrame())
    shuffled = compare(pd.DataFrame([rows[n] for n in order]), dict(reversed(people.items())), pd.DataFrame())
    pd.testing.assert_frame_equal(table, shuffled.sort_values("person_id", ignore_index=True))


def test_methods_page_explains_every_verdict_and_no_other():
    page = (Path(__file__).parents[1] / "docs" / "methods.md").read_text(encoding="utf-8")
    table = page.split("## Verdicts")[1].split("##")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == list(VERDICTS)
