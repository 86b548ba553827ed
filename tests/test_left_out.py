"""What a line that could not be counted can have held: in the line, the day, the mean and the reading."""

import csv
import math
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.comparison import compare
from nutridiary.data_files import data_file
from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, left_out_bounds, nutrient_intakes
from nutridiary.intake.left_out import ENERGIES, load_line_bounds, one_food
from nutridiary.tables import WEIGHED, conform
from test_bounds import BANANA, FNDDS_MILK, LAMB, OLIVE_OIL, SPINACH, SURVEY, WOMAN, Holed, day, lines, shipped

FOODS = load_foods()
MISSING = float("nan")


def lost(**row):
    """A diary of 100 g of spinach and a line that is left out, which `row` tells of."""
    known = lines((SPINACH, 100), (None, 0))
    told = {"problem": "left out", "gram_weight": MISSING, "food_text": "mystery", **row}
    for name, value in told.items():
        if name not in known.columns:
            known[name] = pd.Series([None, None], dtype="object")
        column = known[name].astype("object")
        column.iloc[1] = value
        known[name] = column
    return conform(known, WEIGHED)


def left_out(nutrient="magnesium", foods=FOODS, **row):
    (bound,) = left_out_bounds(lost(**row), foods, [nutrient]).itertuples()
    return bound


def figure(basis, within, nutrient="magnesium"):
    with data_file("line_bounds.csv").open(encoding="utf-8", newline="") as rows:
        (row,) = (
            row
            for row in csv.DictReader(rows)
            if (row["basis"], row["within"], row["nutrient"]) == (basis, within, nutrient)
        )
    return float(row["median"]), float(row["high"])


def test_left_out_line_with_a_food_is_as_much_as_nearly_everybody_reports_of_it():
    with data_file("eating_frequency.csv").open(encoding="utf-8", newline="") as rows:
        whole_milk = next(row for row in csv.DictReader(rows) if row["food_code"] == "11111000")
    held = FOODS.composition([FNDDS_MILK], ["magnesium"]).iloc[0, 0] / 100
    bound = left_out(fdc_id=FNDDS_MILK)
    assert bound.high == pytest.approx(held * float(whole_milk["grams_p95"]))
    assert bound.estimate == pytest.approx(held * float(whole_milk["grams_p50"]))
    assert bound.bounded_by == "at most 534 g of its food"


def test_left_out_food_whose_twin_is_reported_is_as_much_as_people_report_of_the_twin():
    foundation_milk = 746782
    assert left_out(fdc_id=foundation_milk).bounded_by == left_out(fdc_id=FNDDS_MILK).bounded_by


def test_left_out_own_food_without_a_weight_is_bounded_as_one_food_for_its_piece_has_no_grams():
    assert left_out(fdc_id=-1).high == figure("food", "")[1]


def test_left_out_food_that_nobody_reports_is_as_much_as_foods_of_its_category():
    held = FOODS.composition([LAMB], ["magnesium"]).iloc[0, 0] / 100
    _, most = figure("grams", "Lamb, Veal, and Game Products", "")
    assert left_out(fdc_id=LAMB).high == pytest.approx(held * most)


def test_left_out_line_with_food_and_weight_holds_what_its_food_does():
    bound = left_out(fdc_id=BANANA, gram_weight=200.0, gram_high=250.0)
    assert (bound.estimate, bound.high) == (pytest.approx(2 * 27.0), pytest.approx(2.5 * 27.0))


def test_left_out_line_whose_food_lacks_the_value_is_bounded_by_foods_of_its_kind():
    bound = left_out(foods=Holed((BANANA, "magnesium")), fdc_id=BANANA, gram_weight=100.0, gram_high=100.0)
    assert bound.high == float(shipped("Fruits and Fruit Juices", "50-80", "magnesium")["high"])


def test_left_out_line_with_a_weight_holds_what_foods_of_such_a_weight_do():
    median, high = figure("food_per_100_g", "150-400 g")
    bound = left_out(amount=300.0, unit="g")
    assert (bound.estimate, bound.high) == (pytest.approx(3 * median), pytest.approx(3 * high))
    assert bound.bounded_by == "95 % of reported foods of 150 to 400 g, by weight"


@pytest.mark.parametrize(
    ("row", "basis"),
    [
        ({}, "meal"),
        ({"food_text": "lunch with Ann", "amount": 1.0}, "meal"),
        ({"amount": 1.0}, "food"),
        ({"single_food": True}, "food"),
        ({"part": 2}, "food"),
        ({"kind": "water", "single_food": True}, "food"),
    ],
)
def test_left_out_line_of_nothing_known_is_a_meal_unless_it_is_evidently_one_food(row, basis):
    bound = left_out(**row)
    assert (bound.estimate, bound.high) == figure(basis, "")


def test_energy_the_diary_states_narrows_the_bound_of_a_line_without_a_food():
    assert (left_out(recorded_energy=250.0).estimate, left_out(recorded_energy=250.0).high) == figure(
        "meal", "200-400 kcal"
    )
    # Energy says more than weight, and a weight is that of one food.
    both = left_out(recorded_energy=60.0, amount=300.0, unit="g")
    assert (both.estimate, both.high) == figure("food", "50-100 kcal")
    # An app that knows no energy writes 0 as well.
    assert left_out(recorded_energy=0.0).high == left_out().high


def test_energy_beyond_what_people_report_widens_the_bound_in_proportion():
    _, usual = figure("meal", "800- kcal", "energy")
    assert left_out(recorded_energy=2 * usual).high == pytest.approx(2 * figure("meal", "800- kcal")[1])


def test_left_out_supplement_and_nutrient_the_survey_lacks_are_bounded_by_nothing():
    for bound in (left_out(kind="supplement"), left_out(nutrient="menaquinone_4")):
        assert math.isnan(bound.high)
        assert math.isnan(bound.estimate)
        assert pd.isna(bound.bounded_by)


@pytest.mark.parametrize("kind", ["note", "total", "exercise", "symptom"])
def test_what_is_nothing_eaten_is_no_line_left_out(kind):
    weighed = lost(kind=kind)
    assert left_out_bounds(weighed, FOODS, ["magnesium"]).empty
    assert daily_intakes(nutrient_intakes(weighed, FOODS, ["magnesium"]), weighed).loc[0, "foods_left_out"] == 0


def with_left_out(weighed, nutrient="magnesium"):
    intakes = nutrient_intakes(weighed, FOODS, [nutrient])
    return daily_intakes(intakes, weighed, [nutrient], left_out=left_out_bounds(weighed, FOODS, [nutrient]))


def test_day_with_a_line_left_out_lies_between_what_is_known_and_that_with_its_bound():
    (found,) = with_left_out(lost()).itertuples()
    spinach = FOODS.composition([SPINACH], ["magnesium"]).iloc[0, 0]
    median, high = figure("meal", "")
    assert found.amount == found.low == pytest.approx(spinach)
    assert (found.estimate, found.high) == (pytest.approx(spinach + median), pytest.approx(spinach + high))
    assert (found.foods, found.foods_left_out, found.coverage) == (1, 1, 100.0)


def test_day_with_a_supplement_left_out_has_no_upper_bound():
    (found,) = with_left_out(lost(kind="supplement")).itertuples()
    assert math.isnan(found.high)
    assert math.isnan(found.estimate)


def test_day_of_lines_left_out_alone_has_no_amount_but_a_bound():
    weighed = lost().iloc[1:].reset_index(drop=True)
    (found,) = with_left_out(weighed).itertuples()
    assert math.isnan(found.amount)
    assert math.isnan(found.low)
    assert found.high == figure("meal", "")[1]
    assert (found.foods, found.foods_without_value, found.foods_left_out) == (0, 0, 1)


def test_line_left_out_without_a_date_is_in_the_bound_of_the_mean():
    row = compare(with_left_out(lost(date=pd.NaT)), WOMAN, pd.DataFrame()).iloc[0]
    spinach = FOODS.composition([SPINACH], ["magnesium"]).iloc[0, 0]
    assert (row["days"], row["mean_intake"]) == (1, pytest.approx(spinach))
    assert row["high"] == pytest.approx(spinach + figure("meal", "")[1])


def test_day_of_lines_left_out_alone_is_no_day_of_the_mean_nor_of_its_bound():
    other_day = lost(date=pd.Timestamp(2026, 3, 9))
    row = compare(with_left_out(other_day), WOMAN, pd.DataFrame()).iloc[0]
    assert (row["days"], row["high"], row["foods_left_out"]) == (1, row["mean_intake"], 1)
    assert "at most" not in row["reading"]


def judged(low, high, lines_out, without=0):
    row = {"date": pd.Timestamp(2026, 3, 2), "nutrient": "magnesium", "unit": "mg", "amount": low, "low": low}
    row |= {"high": high, "estimate": high, "foods": 9, "foods_without_value": without, "foods_left_out": lines_out}
    return compare(pd.DataFrame([row]), WOMAN, pd.DataFrame()).iloc[0]  # EAR 265, RDA 320 mg


def test_reading_below_says_that_lines_left_out_would_not_change_it():
    row = judged(210.0, 250.0, 2)
    assert row["verdict"] == "below_ear"
    assert row["reading"] == (
        "At least 210 mg on the one day recorded, at most 250 mg: below the EAR of 265 mg (79 %), even if the 2 lines "
        "that could not be counted held much. This does not show a deficiency."
    )
    assert ", even if the line that could not be counted held much. " in judged(210.0, 250.0, 1)["reading"]
    assert "even if" not in judged(210.0, 250.0, 0, without=2)["reading"]


def test_reading_that_lines_left_out_leave_open_says_between_what_the_intake_lies():
    row = judged(210.0, 290.0, 2, without=1)
    assert row["verdict"] == "not_decidable"
    assert row["reading"].endswith(
        "Not decidable: 1 food has no value and 2 lines could not be counted, so it lies somewhere between 210 mg and "
        "290 mg."
    )


def test_reading_of_a_line_that_nothing_bounds_gives_no_range():
    row = judged(210.0, MISSING, 1)
    assert row["verdict"] == "not_decidable"
    assert row["reading"].endswith("Not decidable: 1 line could not be counted.")


LOST = st.fixed_dictionaries(
    {},
    optional={
        "fdc_id": st.sampled_from([BANANA, OLIVE_OIL, FNDDS_MILK]),
        "amount": st.floats(0.5, 900),
        "unit": st.just("g"),
        "recorded_energy": st.floats(1, 4000),
        "single_food": st.just(True),
    },
)


@given(LOST)
@settings(max_examples=20, deadline=None)
def test_bounds_of_lines_left_out_are_in_order_and_add_up_to_the_day(row):
    weighed = lost(**row)
    bound = left_out(**row)
    before = day(weighed.iloc[:1], "magnesium", FOODS)
    (after,) = with_left_out(weighed).itertuples()
    assert 0 <= bound.estimate <= bound.high
    assert (after.amount, after.low) == (before["amount"], before["low"])
    assert after.high == pytest.approx(before["high"] + bound.high)
    assert after.estimate == pytest.approx(before["estimate"] + bound.estimate)


def test_line_bounds_are_in_order_and_grow_with_the_line():
    bounds = load_line_bounds()
    assert all(0 <= bound.median <= bound.high and bound.reports >= 100 for bound in bounds.values())
    for basis, bands in (("food", ENERGIES), ("meal", ENERGIES)):
        highs = [bounds[basis, band, "energy"].high for band in bands]
        assert highs == sorted(highs)
    for nutrient in ("magnesium", "potassium", "energy"):
        assert bounds["food", "", nutrient].high < bounds["meal", "", nutrient].high


@pytest.mark.skipif(not SURVEY.is_dir(), reason=f"{SURVEY}: the survey's files are not there")
def test_line_bounds_table_is_what_its_builder_makes(tmp_path, monkeypatch):
    import build_line_bounds

    monkeypatch.setattr(sys, "argv", ["build_line_bounds.py", "--out", str(tmp_path / "line_bounds.csv")])
    build_line_bounds.main()
    made = (tmp_path / "line_bounds.csv").read_bytes()
    assert made == data_file("line_bounds.csv").read_bytes(), "run tools/build_line_bounds.py"


def test_line_of_several_foods_is_never_taken_for_one():
    with (Path(__file__).parent / "data" / "lines_of_several.csv").open(encoding="utf-8", newline="") as rows:
        several = [row["text"] for row in csv.DictReader(rows) if "|" in row["parts"]]
    assert len(several) > 100
    assert not any(one_food(conform(pd.DataFrame({"food_text": several, "amount": 2.0}), WEIGHED)))


@pytest.mark.skipif(not SURVEY.is_dir(), reason=f"{SURVEY}: the survey's files are not there")
def test_bounds_hold_nineteen_of_twenty_days_and_weeks_of_recalls_with_lines_left_out(monkeypatch):
    import line_bounds

    monkeypatch.setattr(line_bounds, "PEOPLE", 600)
    monkeypatch.setattr(line_bounds, "WEEKS", 600)
    recalls = line_bounds.read_recalls(SURVEY)
    bound = {way: line_bounds.bound_of(recalls, way) for way in line_bounds.WAYS}
    for way in (*line_bounds.WAYS, line_bounds.MIXED):
        days = line_bounds.leave_out(recalls, bound, way, 0.05)
        assert days.held.mean() >= 0.95
        assert days.means(recalls.weeks).held.mean() >= 0.95
    found = line_bounds.bounds.readings(days.rows(), line_bounds.people_of(recalls.people))
    assert found["after"] > found["before"] + 15
    assert found["wrong"] < 1


def test_line_of_an_amount_of_zero_holds_nothing_and_stays_left_out():
    entries = lost(amount=0.0, unit="g", problem='the amount "0 g" is zero')
    (bound,) = left_out_bounds(entries, FOODS, ["magnesium"]).itertuples()
    assert (bound.estimate, bound.high) == (0, 0)
    intakes = nutrient_intakes(entries, FOODS, ["magnesium"])
    (total,) = daily_intakes(intakes, entries, left_out=left_out_bounds(entries, FOODS, ["magnesium"])).itertuples()
    assert total.high == total.low == total.amount > 0
    assert total.foods_left_out == 1
