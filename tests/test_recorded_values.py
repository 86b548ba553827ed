"""Values the diary itself carries: which count, where they differ from ours, and what supplements add."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.comparison import compare
from nutridiary.diary.recorded import recorded_columns, recorded_values
from nutridiary.errors import DiaryError
from nutridiary.foods import load_foods
from nutridiary.intake import (
    choose_recorded,
    daily_intakes,
    food_contributions,
    nutrient_intakes,
    recorded_differences,
)
from nutridiary.references import Person
from nutridiary.tables import SUPPLEMENT_DOSES, WEIGHED, conform

MILK = 2705385  # Milk, whole: 12 mg magnesium, 0 % filled in
FOODS = load_foods()
MILK_MAGNESIUM = float(FOODS.composition([MILK], ["magnesium"]).iloc[0, 0])
MISSING = float("nan")


def weighed(*rows):
    """Weighed entries of one day from dicts; what is not given is a counted 100 g of milk."""
    usual = {
        "source": "d.csv",
        "date": pd.Timestamp(2026, 3, 2),
        "kind": "food",
        "food_text": "milk",
        "fdc_id": MILK,
        "food_description": "Milk, whole",
        "gram_weight": 100.0,
    }
    return conform(pd.DataFrame([{"line": line, **usual, **row} for line, row in enumerate(rows, 2)]), WEIGHED)


def magnesium(entries, values, doses=None):
    chosen = choose_recorded(entries, values)
    intakes = nutrient_intakes(chosen, FOODS, ["magnesium"], values=values, doses=doses)
    return chosen, intakes, daily_intakes(intakes, chosen).iloc[0]


NOT_FOUND = {"fdc_id": None, "food_description": None, "gram_weight": None, "problem": "no food found"}


def test_values_ours_leaves_recorded_values_out_of_the_totals():
    _, intakes, day = magnesium(weighed({"recorded_magnesium": 99.0}), "ours")
    assert day["amount"] == pytest.approx(MILK_MAGNESIUM)
    assert intakes.loc[0, "value_from"].startswith("FNDDS")


def test_values_recorded_counts_what_the_diary_says_and_nothing_else():
    entries = weighed({"recorded_magnesium": 99.0}, {"recorded_energy": 60.0}, {})
    chosen, intakes, day = magnesium(entries, "recorded")
    assert intakes["amount"].tolist()[0] == 99.0
    assert intakes["value_from"].tolist()[0] == "recorded in the diary"
    assert math.isnan(intakes["amount"].tolist()[1]), "recorded energy says nothing of magnesium: unknown, not zero"
    assert chosen.loc[2, "problem"] == "the diary has no values of its own for this line, and only those are counted"
    assert day["amount"] == 99.0
    assert day["foods"] == 2
    assert day["foods_without_value"] == 1
    assert day["foods_left_out"] == 1


@pytest.mark.parametrize("values", ["recorded", "recorded-first"])
def test_values_recorded_of_a_line_without_a_day_leaves_its_problem(values):
    entries = weighed({"recorded_magnesium": 99.0, "date": None, "problem": "no date"})
    assert choose_recorded(entries, values)["problem"].tolist() == ["no date"]


def test_values_recorded_first_fills_with_ours_where_the_diary_is_silent():
    entries = weighed({"recorded_magnesium": 99.0}, {"recorded_energy": 60.0}, {})
    _, intakes, day = magnesium(entries, "recorded-first")
    assert intakes["amount"].tolist() == pytest.approx([99.0, MILK_MAGNESIUM, MILK_MAGNESIUM])
    assert day["foods_left_out"] == 0


def test_values_recorded_zero_is_zero():
    *_, day = magnesium(weighed({"recorded_magnesium": 0.0}), "recorded-first")
    assert day["amount"] == 0
    assert day["foods_without_value"] == 0


def test_line_without_a_food_counts_by_its_recorded_values_and_keeps_the_reason():
    entries = weighed({**NOT_FOUND, "food_text": "grandma's stew", "recorded_magnesium": 40.0})
    for values in ("recorded", "recorded-first"):
        chosen, intakes, day = magnesium(entries, values)
        assert day["amount"] == 40
        assert chosen.loc[0, "note"] == "recorded in the diary and counted by that; of ours: no food found"
        given_by = food_contributions(intakes, chosen)
        assert given_by["food_description"].tolist() == ["grandma's stew"]
    assert magnesium(entries, "ours")[2]["foods_left_out"] == 1


@pytest.mark.parametrize("values", ["recorded", "recorded-first"])
def test_totals_count_only_where_their_foods_are_not_in_the_diary(values):
    total = {**NOT_FOUND, "kind": "total", "food_text": None, "problem": "totals", "recorded_magnesium": 300.0}
    meal = {**total, "eating_occasion": "Lunch", "recorded_magnesium": 120.0}
    food = {"recorded_magnesium": 50.0}
    assert magnesium(weighed(total), values)[2]["amount"] == 300
    assert magnesium(weighed(total, food), values)[2]["amount"] == 50
    assert magnesium(weighed(total, meal), values)[2]["amount"] == 120
    assert magnesium(weighed(total, total), values)[2]["amount"] == 300
    assert len(daily_intakes(nutrient_intakes(weighed(total), FOODS, ["magnesium"]), weighed(total))) == 0


def test_values_unknown_word_names_what_is_near():
    with pytest.raises(DiaryError, match=r"unknown values 'record'\. Did you mean 'recorded'"):
        choose_recorded(weighed({}), "record")


def test_differences_compare_lines_both_have_a_value_for():
    entries = weighed(
        {"recorded_magnesium": 2 * MILK_MAGNESIUM, "food_text": "oat milk"},
        {"recorded_magnesium": MILK_MAGNESIUM},
        {},
        {**NOT_FOUND, "recorded_magnesium": 500.0},
    )
    ours = nutrient_intakes(entries, FOODS, ["magnesium", "zinc"])
    table = recorded_differences(entries, ours)
    assert table["nutrient"].tolist() == ["magnesium"], "the diary says nothing of zinc"
    row = table.iloc[0]
    assert row["ours"] == pytest.approx(2 * MILK_MAGNESIUM)
    assert row["recorded"] == pytest.approx(3 * MILK_MAGNESIUM)
    assert row["percent"] == pytest.approx(-100 / 3)
    assert row["differs"]
    assert row["most_from"] == "oat milk"
    assert row[["lines", "lines_ours_only", "lines_recorded_only"]].tolist() == [2, 1, 1]


@pytest.mark.parametrize(("recorded", "differs"), [(100 / 119, False), (100 / 121, True), (1.19, False), (1.26, True)])
def test_differences_are_shown_from_twenty_percent_of_the_recorded(recorded, differs):
    entries = weighed({"recorded_magnesium": MILK_MAGNESIUM * recorded})
    table = recorded_differences(entries, nutrient_intakes(entries, FOODS, ["magnesium"]))
    assert table["differs"].tolist() == [differs]


def test_differences_are_those_of_lines_not_of_their_parts():
    entries = weighed(
        {"line": 7, "part": 1, "recorded_magnesium": 2 * MILK_MAGNESIUM}, {"line": 7, "part": 2}, {"line": 8}
    )
    row = recorded_differences(entries, nutrient_intakes(entries, FOODS, ["magnesium"])).iloc[0]
    assert row["ours"] == pytest.approx(row["recorded"])
    assert row["lines"] == 1


def doses_of(**amounts):
    rows = [{"source": "d.csv", "line": 3, "nutrient": name, "amount": amount} for name, amount in amounts.items()]
    units = {"magnesium": "mg", "vitamin_d": "ug"}
    frame = pd.DataFrame(rows).assign(value_from="label text", unit=lambda table: table["nutrient"].map(units))
    return conform(frame, SUPPLEMENT_DOSES)


PILL = {"kind": "supplement", "food_text": "Magnesium 400 mg", "fdc_id": None, "gram_weight": None,
        "food_description": None}  # fmt: skip


def test_supplements_are_kept_apart_from_food_up_to_the_comparison():
    entries = weighed({}, PILL)
    _, intakes, day = magnesium(entries, "ours", doses_of(magnesium=400.0, vitamin_d=5.0))
    assert day["amount"] == pytest.approx(MILK_MAGNESIUM + 400)
    assert day["food_amount"] == pytest.approx(MILK_MAGNESIUM)
    assert day["supplement_amount"] == 400
    row = compare(daily_intakes(intakes, entries), {"": Person(sex="female", age_years=34)}, intakes).iloc[0]
    assert row["food_intake"] == pytest.approx(MILK_MAGNESIUM)
    assert row["supplement_intake"] == 400
    assert row["ul"] == 350
    assert row["ul_intake"] == 400, "the upper level of magnesium is held against supplements alone"
    assert row["verdict"] == "above_ul"


def test_food_magnesium_alone_is_never_held_against_the_upper_level_of_supplements():
    entries = weighed({"gram_weight": 10_000.0})
    intakes = nutrient_intakes(entries, FOODS, ["magnesium"])
    row = compare(daily_intakes(intakes, entries), {"": Person(sex="female", age_years=34)}, intakes).iloc[0]
    assert row["mean_intake"] > 1000
    assert row["verdict"] != "above_ul"


def test_supplement_says_nothing_of_nutrients_its_label_does_not_name():
    entries = weighed({}, PILL)
    intakes = nutrient_intakes(entries, FOODS, ["magnesium", "zinc"], doses=doses_of(magnesium=400.0))
    assert intakes[intakes["source_kind"] == "supplement"]["nutrient"].tolist() == ["magnesium"]
    zinc = daily_intakes(intakes, entries).set_index("nutrient").loc["zinc"]
    assert zinc["foods_without_value"] == 0
    assert math.isnan(zinc["supplement_amount"])


amounts = st.one_of(st.none(), st.floats(0, 1e4))


@settings(deadline=None)
@given(st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=6))
def test_recorded_first_total_is_the_recorded_plus_ours_where_there_is_none(rows):
    entries = weighed(
        *(
            {"recorded_magnesium": value, "recorded_energy": 1.0, **({} if found else NOT_FOUND)}
            for value, found in rows
        )
    )
    expected = [value if value is not None else MILK_MAGNESIUM for value, found in rows if value is not None or found]
    day = magnesium(entries, "recorded-first")[2]
    if expected:
        assert day["amount"] == pytest.approx(sum(expected))
    else:
        assert math.isnan(day["amount"])
    assert day["foods"] + day["foods_left_out"] == len(rows)


def test_dose_a_label_leaves_open_bounds_the_day_and_exceeds_no_upper_level_by_its_most():
    # 500 mg of "magnesium oxide": 301.5 mg if that is the salt (24.305 / 40.304), 500 mg if it is the element.
    doses = doses_of(magnesium=MISSING).assign(amount_low=301.5, amount_high=500.0)
    entries = weighed({}, PILL)
    _, intakes, day = magnesium(entries, "ours", doses)
    assert day["amount"] == day["low"] == pytest.approx(MILK_MAGNESIUM + 301.5)
    assert day["high"] == pytest.approx(MILK_MAGNESIUM + 500)
    assert day["foods_without_value"] == 0
    row = compare(daily_intakes(intakes, entries), {"": Person(sex="female", age_years=34)}, intakes).iloc[0]
    assert row["verdict"] != "above_ul", "301.5 mg from supplements is below the upper level of 350 mg"


def test_dose_without_a_most_leaves_the_day_without_upper_bound():
    doses = doses_of(magnesium=MISSING).assign(amount_low=100.0)
    day = magnesium(weighed({}, PILL), "ours", doses)[2]
    assert day["amount"] == pytest.approx(MILK_MAGNESIUM + 100)
    assert math.isnan(day["high"])


def test_energy_in_two_units_is_read_from_the_one_that_needs_no_conversion():
    columns = recorded_columns(["Energy (kJ)", "Energy (kcal)", "Vitamin D (IU)", "Vitamin D (mcg)"])
    assert recorded_values(["535", "128", "5", "0.1"], columns) == {"energy": 128, "vitamin_d": 0.1}
