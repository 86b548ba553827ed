"""What no record tells is bounded by foods of its kind: in the line, the day, the mean and the verdict."""

import csv
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary import Person
from nutridiary.comparison import compare, compare_days
from nutridiary.data_files import data_file
from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.intake.bounds import load_category_bounds, load_twin_factors, most_possible, twin_highs
from nutridiary.tables import SUPPLEMENT_DOSES, WEIGHED, conform

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "nhanes"
MISSING = float("nan")
FOODS = load_foods()
BANANA, SPINACH, OLIVE_OIL, LAMB, FNDDS_MILK = 173944, 168462, 171413, 172489, 2705385
WOMAN = {"": Person(sex="female", age_years=34)}  # magnesium: EAR 265, RDA 320 mg; potassium: AI 2,600 mg


class Holed:
    """The shipped foods without some of their values."""

    def __init__(self, *holes):
        self._holes = holes

    def __getattr__(self, name):
        return getattr(FOODS, name)

    def __contains__(self, fdc_id):
        return fdc_id in FOODS

    def composition(self, fdc_ids, nutrients=None):
        table = FOODS.composition(fdc_ids, nutrients).copy()
        for fdc_id, nutrient in self._holes:
            if fdc_id in table.index and nutrient in table.columns:
                table.loc[fdc_id, nutrient] = MISSING
        return table


def lines(*rows, day=2):
    """Weighed entries of one day from (fdc_id, grams) pairs."""
    frame = pd.DataFrame(
        {
            "source": "d.csv",
            "line": range(2, len(rows) + 2),
            "date": pd.Timestamp(2026, 3, day),
            "kind": "food",
            "food_text": [f"food {fdc_id}" for fdc_id, _ in rows],
            "fdc_id": [fdc_id for fdc_id, _ in rows],
            "gram_weight": [float(grams) for _, grams in rows],
        }
    )
    return conform(frame, WEIGHED)


def intake(fdc_id, nutrient, foods, grams=100):
    return nutrient_intakes(lines((fdc_id, grams)), foods, [nutrient]).iloc[0]


def day(weighed, nutrient, foods, **options):
    return daily_intakes(nutrient_intakes(weighed, foods, [nutrient], **options), weighed).iloc[0]


def shipped(category, water, nutrient):
    with data_file("category_bounds.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if (row["category"], row["water"], row["nutrient"]) == (category, water, nutrient):
                return row
    return None


# A line ---------------------------------------------------------------------------------------------------------------


def test_missing_value_is_bounded_by_foods_of_its_category_and_water_and_stays_missing():
    # A banana is 74.9 % water.
    row = intake(BANANA, "magnesium", Holed((BANANA, "magnesium")), grams=200)
    known = shipped("Fruits and Fruit Juices", "50-80", "magnesium")
    assert math.isnan(row.amount)
    assert math.isnan(row.amount_low)
    assert row.amount_high == pytest.approx(2 * float(known["high"]))
    assert row.estimate == pytest.approx(2 * float(known["median"]))
    assert row.value_from == (
        f"bounded by {known['foods']} foods of category Fruits and Fruit Juices with 50 to 80 % water"
    )
    assert not row.filled_in


def test_known_value_has_no_bound_and_is_its_own_estimate():
    row = intake(BANANA, "magnesium", FOODS)
    assert (row.amount, row.estimate) == (27.0, 27.0)
    assert math.isnan(row.amount_high)


def test_bound_holds_what_most_foods_of_the_class_hold():
    every = FOODS.foods()
    fruit = every[(every["category"] == "Fruits and Fruit Juices")]["fdc_id"]
    held = FOODS.composition(fruit, ["magnesium", "water"])
    ripe = held.loc[(held["water"] >= 50) & (held["water"] < 80), "magnesium"].dropna()
    known = shipped("Fruits and Fruit Juices", "50-80", "magnesium")
    assert int(known["foods"]) == len(ripe)
    assert float(known["high"]) in set(ripe)
    assert 0.9 <= (ripe <= float(known["high"])).mean() <= 1.0
    assert float(known["median"]) in set(ripe)


def test_category_of_which_too_few_know_a_nutrient_is_bounded_by_all_foods_and_says_so():
    assert shipped("Lamb, Veal, and Game Products", "", "menaquinone_4") is None
    row = intake(LAMB, "menaquinone_4", Holed((LAMB, "menaquinone_4")))
    assert row.value_from.endswith("foods of all categories with 50 to 80 % water")


def test_food_whose_water_is_not_known_is_bounded_by_its_whole_category():
    row = intake(BANANA, "magnesium", Holed((BANANA, "magnesium"), (BANANA, "water")))
    assert row.value_from.endswith("foods of category Fruits and Fruit Juices")
    assert row.amount_high == float(shipped("Fruits and Fruit Juices", "", "magnesium")["high"])


def test_survey_food_is_not_bounded_because_its_categories_are_others():
    row = intake(FNDDS_MILK, "menaquinone_4", FOODS)
    assert math.isnan(row.amount)
    assert math.isnan(row.amount_high)
    assert math.isnan(row.estimate)
    assert pd.isna(row.value_from)


def test_recorded_values_that_count_have_no_bound():
    weighed = lines((BANANA, 100), (BANANA, 100)).assign(recorded_magnesium=[31.0, MISSING])
    holed = Holed((BANANA, "magnesium"))
    first, mixed = nutrient_intakes(weighed, holed, ["magnesium"], values="recorded-first").itertuples()
    assert (first.amount, first.estimate) == (31.0, 31.0)
    assert math.isnan(first.amount_high)
    assert mixed.amount_high > 0
    only = nutrient_intakes(weighed, holed, ["magnesium"], values="recorded")
    assert only["amount_high"].isna().all()
    assert day(weighed, "magnesium", holed, values="recorded")[["high", "estimate"]].isna().all()


def test_twin_highs_widen_what_is_lent_and_never_past_the_whole():
    factor = load_twin_factors()["magnesium"]
    assert twin_highs(np.array([[20.0], [0.0]]), ["magnesium"]).tolist() == [[pytest.approx(20 * factor)], [0.0]]
    assert twin_highs(np.array([[99.9]]), ["fat_total"]).tolist() == [[100.0]]
    assert twin_highs(np.array([[10.0]]), ["lycopene"]).tolist() == [[pytest.approx(10 * load_twin_factors()[""])]]


# The shipped tables ---------------------------------------------------------------------------------------------------


def test_category_bounds_are_in_order_possible_and_of_enough_foods():
    for (_, _, nutrient), bound in load_category_bounds().items():
        assert 0 <= bound.median <= bound.high <= most_possible([nutrient])[0]
        assert bound.foods >= 20


def test_category_bounds_cover_every_category_of_the_foods_they_are_for():
    every = FOODS.foods()
    named = set(every.loc[every["data_type"].isin(["sr_legacy_food", "foundation_food"]), "category"].dropna())
    assert {category for category, _, _ in load_category_bounds()} == named | {""}


def test_bounds_tables_are_what_their_builders_make(tmp_path, monkeypatch):
    import build_category_bounds
    import build_twin_bounds

    for builder, name in ((build_category_bounds, "category_bounds.csv"), (build_twin_bounds, "twin_bounds.csv")):
        monkeypatch.setattr(sys, "argv", [name, "--out", str(tmp_path / name)])
        builder.main()
        assert (tmp_path / name).read_bytes() == data_file(name).read_bytes(), f"run tools/build_{name[:-4]}.py"


# A day ----------------------------------------------------------------------------------------------------------------


def test_day_with_a_missing_value_lies_between_what_is_known_and_that_with_its_bound():
    holed = Holed((BANANA, "magnesium"))
    found = day(lines((SPINACH, 100), (BANANA, 100)), "magnesium", holed)
    spinach = FOODS.composition([SPINACH], ["magnesium"]).iloc[0, 0]
    bound = shipped("Fruits and Fruit Juices", "50-80", "magnesium")
    assert found.amount == found.low == pytest.approx(spinach)
    assert found.estimate == pytest.approx(spinach + float(bound["median"]))
    assert found.high == pytest.approx(spinach + float(bound["high"]))
    assert found.foods_without_value == 1
    assert found.coverage == pytest.approx(50.0)


def test_day_of_which_nothing_is_known_has_no_low_but_a_bound():
    found = day(lines((BANANA, 100)), "magnesium", Holed((BANANA, "magnesium")))
    assert math.isnan(found.amount)
    assert math.isnan(found.low)
    assert 0 < found.estimate <= found.high


def test_one_value_that_nothing_bounds_leaves_the_day_without_upper_bound_and_estimate():
    weighed = lines((LAMB, 100), (FNDDS_MILK, 200))
    found = day(weighed, "menaquinone_4", Holed((LAMB, "menaquinone_4")))
    assert math.isnan(found.high)
    assert math.isnan(found.estimate)
    assert found.foods_without_value == 2


def test_line_left_out_that_no_table_bounds_leaves_the_day_without_upper_bound_and_estimate():
    weighed = lines((BANANA, 100), (SPINACH, 100)).assign(problem=[None, "no amount"]).astype({"problem": "str"})
    found = day(weighed, "magnesium", Holed((BANANA, "magnesium")))
    assert math.isnan(found.high)
    assert math.isnan(found.estimate)


@pytest.mark.parametrize(("most", "high"), [(400.0, 427.0), (MISSING, MISSING)])
def test_dose_a_label_leaves_open_counts_by_its_least_and_bounds_by_its_most(most, high):
    weighed = lines((BANANA, 100), (None, 1)).assign(kind=["food", "supplement"], gram_weight=[100.0, MISSING])
    dose = {"source": "d.csv", "line": 3, "nutrient": "magnesium", "unit": "mg", "value_from": "label text"}
    doses = conform(pd.DataFrame([{**dose, "amount_low": 241.0, "amount_high": most}]), SUPPLEMENT_DOSES)
    found = day(weighed, "magnesium", FOODS, doses=doses)
    assert (found.amount, found.low, found.foods_without_value) == (268.0, 268.0, 0)
    assert found.high == high or (math.isnan(found.high) and math.isnan(high))
    assert found.estimate == 268.0 or math.isnan(high)


PORTIONS = st.lists(st.tuples(st.sampled_from([BANANA, SPINACH, OLIVE_OIL, LAMB]), st.floats(1, 800)), min_size=1)
HOLES = st.sets(st.sampled_from([BANANA, SPINACH, OLIVE_OIL, LAMB]))


@given(PORTIONS, HOLES)
@settings(max_examples=40, deadline=None)
def test_bounds_are_in_order_and_add_up_over_lines_to_the_day(rows, holes):
    holed = Holed(*((fdc_id, "potassium") for fdc_id in holes))
    weighed = lines(*rows)
    intakes = nutrient_intakes(weighed, holed, ["potassium"])
    found = daily_intakes(intakes, weighed).iloc[0]
    assert found.estimate <= found.high * (1 + 1e-9)
    if not math.isnan(found.low):
        assert found.low <= found.estimate * (1 + 1e-9)
    assert found.high == pytest.approx(intakes["amount_high"].fillna(intakes["amount"]).sum(min_count=1))
    assert found.estimate == pytest.approx(intakes["estimate"].sum(min_count=1))
    assert found.foods_without_value == sum(fdc_id in holes for fdc_id, _ in rows)


@given(PORTIONS, HOLES, st.sampled_from([BANANA, SPINACH, OLIVE_OIL, LAMB]))
@settings(max_examples=40, deadline=None)
def test_losing_a_value_never_raises_the_lower_bound_nor_narrows_the_two(rows, holes, lost):
    weighed = lines(*rows)
    before = day(weighed, "potassium", Holed(*((fdc_id, "potassium") for fdc_id in holes)))
    after = day(weighed, "potassium", Holed(*((fdc_id, "potassium") for fdc_id in {*holes, lost})))
    low_before, low_after = (0.0 if math.isnan(one.low) else one.low for one in (before, after))
    assert low_after <= low_before * (1 + 1e-9)
    assert after.high - low_after >= (before.high - low_before) * (1 - 1e-9) - 1e-9


@given(PORTIONS, HOLES, st.randoms())
@settings(max_examples=25, deadline=None)
def test_bounds_do_not_depend_on_the_order_of_lines(rows, holes, random):
    holed = Holed(*((fdc_id, "potassium") for fdc_id in holes))
    shuffled = random.sample(rows, len(rows))
    one, other = (day(lines(*some), "potassium", holed) for some in (rows, shuffled))
    figures = ["amount", "low", "estimate", "high", "coverage"]
    assert one[figures].tolist() == pytest.approx(other[figures].tolist(), nan_ok=True)


# A comparison ---------------------------------------------------------------------------------------------------------


def compared(low, high, *, nutrient="magnesium", without=1, amount=None, **counts):
    row = {
        "date": pd.Timestamp(2026, 3, 2),
        "nutrient": nutrient,
        "unit": "mg",
        "amount": low if amount is None else amount,
        "low": low,
        "estimate": high,
        "high": high,
        "foods": 9,
        "foods_filled_in": 0,
        "foods_without_value": without,
        "foods_left_out": 0,
        **counts,
    }
    days = pd.DataFrame([row])
    assert compare_days(days, WOMAN).loc[0, "verdict"] == compare(days, WOMAN, pd.DataFrame()).loc[0, "verdict"]
    return compare(days, WOMAN, pd.DataFrame()).iloc[0]


def test_verdict_below_is_given_where_even_the_upper_bound_is_below():
    row = compared(210.0, 240.0, without=2)
    assert row.verdict == "below_ear"
    assert row.reading == (
        "At least 210 mg on the one day recorded, at most 240 mg: below the EAR of 265 mg (79 %). "
        "This does not show a deficiency."
    )


def test_upper_bound_just_below_a_figure_is_not_rounded_onto_it():
    assert ", at most 264.8 mg: below the EAR of 265 mg" in compared(210.0, 264.8).reading


def test_verdict_reaches_is_given_by_what_is_known_alone():
    assert compared(321.0, 400.0).verdict == "meets_rda"
    assert compared(270.0, 300.0).verdict == "between_ear_and_rda"


def test_bounds_on_both_sides_of_a_figure_are_not_decidable_and_say_between_what():
    row = compared(210.0, 290.0, without=2)
    assert row.verdict == "not_decidable"
    assert row.reading == (
        "At least 210 mg on the one day recorded, beside the EAR of 265 mg (79 %). "
        "Not decidable: 2 foods have no value, so it lies somewhere between 210 mg and 290 mg."
    )


def test_open_rda_says_between_what_bounds_the_intake_lies():
    row = compared(270.0, 330.0)
    assert row.verdict == "at_least_ear"
    assert row.reading.endswith(
        "Whether it reaches the RDA is open: 1 food has no value, so it lies somewhere between 270 mg and 330 mg."
    )


def test_bounds_alone_make_no_verdict_where_nothing_is_known():
    row = compared(MISSING, 12.0)
    assert row.verdict == "not_decidable"
    assert row.reading == "No amount is known: 1 food has no value, so it is at most 12 mg."


def test_upper_figures_are_exceeded_by_what_is_known_alone():
    assert compared(2200.0, 2500.0, nutrient="sodium").verdict != "above_cdrr"
    assert compared(2400.0, 2500.0, nutrient="sodium").verdict == "above_cdrr"


def test_twin_whose_value_may_fall_short_leaves_a_close_shortfall_open():
    row = compared(200.0, 270.0, amount=260.0, without=0, foods_filled_in=1)
    assert row.verdict == "not_decidable"
    assert row.reading.endswith(
        "Not decidable: without what is taken from twin records 200 mg is known, with it at most 270 mg."
    )


def test_mean_has_bounds_and_estimate_only_where_every_recorded_day_has_them():
    one = {"nutrient": "magnesium", "unit": "mg", "amount": 200.0, "low": 200.0, "foods": 5, "foods_filled_in": 0}
    first = {**one, "date": pd.Timestamp(2026, 3, 2), "estimate": 210.0, "high": 240.0, "foods_without_value": 1}
    second = {**one, "date": pd.Timestamp(2026, 3, 3), "estimate": 200.0, "high": 200.0, "foods_without_value": 0}
    days = pd.DataFrame([first, second]).assign(foods_left_out=0)
    row = compare(days, WOMAN, pd.DataFrame()).iloc[0]
    assert (row["low"], row["estimate"], row["high"]) == (200.0, 205.0, 220.0)
    row = compare(days.assign(estimate=[210.0, MISSING], high=[240.0, MISSING]), WOMAN, pd.DataFrame()).iloc[0]
    assert row[["estimate", "high"]].isna().all()


# Whole recalls --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SURVEY.is_dir(), reason=f"{SURVEY}: the survey's files are not there")
def test_bounds_hold_nineteen_of_twenty_days_of_recalls_with_values_removed(monkeypatch):
    import bounds

    monkeypatch.setattr(bounds, "PEOPLE", 800)
    monkeypatch.setattr(bounds, "NUTRIENTS", ["magnesium", "calcium", "vitamin_d"])
    kitchen, rows = bounds.read_kitchen(FOODS)
    items, people = bounds.read_days(SURVEY, rows)
    high = kitchen.figures(items["food"].unique(), bounds.SHIPPED, bounds.SHIPPED.share)
    days = bounds.measure(items, kitchen, high, 0.10)
    assert (bounds.held_share(days)["all"] >= 95).all()
    figures = bounds.readings(days, people)
    assert figures["after"] > figures["before"] + 20
    assert figures["wrong"] < 1
