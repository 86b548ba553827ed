"""Which foods are known in part only, what hangs on each, and in which order they are shown."""

import csv
import math
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook

from nutridiary import Person, analyze_entries
from nutridiary.comparison import compare
from nutridiary.comparison.clarify import MATTERS, MOST_LOOKED_UP, foods_to_clarify
from nutridiary.data_files import data_file
from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.intake.left_out import load_line_bounds
from nutridiary.report.excel.clarify import write_clarify
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.tables import ENTRIES, FOODS_TO_CLARIFY, SUPPLEMENT_DOSES, WEIGHED, conform
from test_bounds import BANANA, FNDDS_MILK, Holed, shipped

FOODS = load_foods()
MISSING = float("nan")
WOMAN = {"": Person(sex="female", age_years=34)}  # magnesium: RDA 320 mg; potassium: AI 2,600 mg
MILK_CODE = 11111000  # milk, whole
NUTRIENTS = ["magnesium", "potassium", "vitamin_d"]


def weighed(*rows):
    """Return weighed entries; each row says what differs from a cup of milk on 2 March."""
    usual = {
        "source": "d.csv",
        "date": pd.Timestamp(2026, 3, 2),
        "kind": "food",
        "food_text": "milk",
        "fdc_id": FNDDS_MILK,
        "food_description": "Milk, whole",
        "data_type": "survey_fndds_food",
        "gram_weight": 200.0,
        "gram_low": 200.0,
        "gram_high": 200.0,
        "weight_method": "stated_weight",
    }
    return conform(pd.DataFrame([{"line": line, **usual, **row} for line, row in enumerate(rows, 2)]), WEIGHED)


def clarified(entries, foods=FOODS, people=WOMAN, nutrients=NUTRIENTS, **options):
    intakes = nutrient_intakes(entries, foods, nutrients, **options)
    comparison = compare(daily_intakes(intakes, entries, nutrients), people, intakes)
    return foods_to_clarify(intakes, entries, comparison, foods)


def lost(text, problem, **row):
    weights = dict.fromkeys(["gram_weight", "gram_low", "gram_high"], MISSING)
    return {"food_text": text, "problem": problem, **weights, **row}


def per_gram(fdc_id, nutrient):
    return FOODS.composition([fdc_id], [nutrient]).iloc[0, 0] / 100


def test_diary_of_which_all_is_known_has_nothing_to_clarify():
    found = clarified(weighed({}, {}))
    assert found.empty
    assert list(found.columns) == FOODS_TO_CLARIFY.names


def test_line_without_a_weight_could_be_as_much_as_nearly_everybody_eats_at_a_time():
    with data_file("eating_frequency.csv").open(encoding="utf-8", newline="") as rows:
        p95 = next(float(row["grams_p95"]) for row in csv.DictReader(rows) if row["food_code"] == str(MILK_CODE))
    entries = weighed({}, lost("milk", "no weight for a glass of milk"), {"date": pd.Timestamp(2026, 3, 3)})
    (row,) = clarified(entries).itertuples()
    assert (row.reason, row.entries, row.line) == ("left_out", 1, 3)
    assert row.magnesium_stake == pytest.approx(p95 * per_gram(FNDDS_MILK, "magnesium") / 2)  # two days
    assert row.potassium_stake == pytest.approx(p95 * per_gram(FNDDS_MILK, "potassium") / 2)
    assert row.stake == pytest.approx(100 * max(row.magnesium_stake / 320, row.potassium_stake / 2600))
    assert row.advice == "How much was it? No weight for a glass of milk"


def test_line_without_a_food_has_the_stake_that_bounds_it():
    nameless = lost("mystery stew", "no food found", fdc_id=None, food_description=None, amount=2.0, unit="oz")
    (row,) = clarified(weighed({}, nameless)).itertuples()
    known = load_line_bounds()["food_per_100_g", "50-150 g", "magnesium"]
    assert row.magnesium_stake == pytest.approx(56.699 / 100 * known.high, rel=1e-4)
    assert pd.isna(row.food_description)


def test_foods_that_nothing_bounds_come_first_and_have_no_stake():
    tablet = lost("multi", "what it holds is not known", kind="supplement", fdc_id=None, food_description=None)
    meal = lost("??", "no food can be read", fdc_id=None, food_description=None)
    wide = {"food_text": "a lot of milk", "gram_low": 10.0, "gram_high": 3000.0}
    found = clarified(weighed(wide, meal, tablet))
    assert found["food_text"].tolist() == ["multi", "a lot of milk", "??"]
    assert found["magnesium_stake"].isna().tolist() == [True, False, False]
    assert found["stake"].isna().tolist() == [True, False, False]
    assert found.loc[2, "magnesium_stake"] == load_line_bounds()["meal", "", "magnesium"].high
    assert found.loc[0, "advice"] == "What does one hold? What it holds is not known"


def test_wide_weight_has_a_stake_of_its_width_and_a_narrow_or_stated_one_is_not_listed():
    wide = {"gram_low": 120.0, "gram_high": 360.0, "weight_method": "food_portion"}
    narrow = {"food_text": "cup of milk", "gram_low": 180.0, "gram_high": 220.0, "weight_method": "food_portion"}
    guessed = narrow | {"food_text": "some milk", "weight_method": "quantity_not_specified"}
    found = clarified(weighed(wide, wide, narrow, guessed)).set_index("food_text")
    assert set(found.index) == {"milk", "some milk"}
    assert found.loc["milk", "entries"] == 2
    assert found.loc["milk", "magnesium_stake"] == pytest.approx(2 * 240 * per_gram(FNDDS_MILK, "magnesium"))
    assert found.loc["some milk", "magnesium_stake"] == pytest.approx(40 * per_gram(FNDDS_MILK, "magnesium"))
    assert "taken as 200 g and may be 120 to 360 g" in found.loc["milk", "advice"]


def test_missing_value_has_a_stake_of_its_bound_and_one_of_another_nutrient_none():
    banana = {"fdc_id": BANANA, "food_text": "banana", "data_type": "sr_legacy_food", "gram_weight": 100.0}
    (row,) = clarified(weighed(banana), Holed((BANANA, "magnesium"))).itertuples()
    assert row.reason == "no_value"
    assert row.magnesium_stake == float(shipped("Fruits and Fruit Juices", "50-80", "magnesium")["high"])
    assert row.potassium_stake == 0
    assert row.advice == "No record has magnesium of this food. A label may: enter it as a food of your own."
    (row,) = clarified(weighed(banana), Holed((BANANA, "vitamin_d"))).itertuples()
    assert (row.magnesium_stake, row.potassium_stake, row.stake) == (0, 0, 0)
    assert "vitamin D" in row.advice


def test_nutrient_without_reference_intake_is_nothing_to_clarify():
    assert clarified(weighed({}), nutrients=[*NUTRIENTS, "menaquinone_4"]).empty


def test_value_of_a_twin_is_to_clarify_and_says_so():
    whole_milk = 746782  # a Foundation food without vitamin D, whose twin has it
    (row,) = clarified(
        weighed({"fdc_id": whole_milk, "data_type": "foundation_food"}), nutrients=["folate_dfe"]
    ).itertuples()
    assert row.reason == "filled_in"
    assert "another record of the same food" in row.advice


def test_dose_a_label_leaves_open_has_a_stake_between_its_bounds():
    tablet = {"food_text": "Mg 400", "kind": "supplement", "fdc_id": None, "gram_weight": MISSING}
    dose = {"source": "d.csv", "line": 3, "nutrient": "magnesium", "unit": "mg", "value_from": "label text"}
    doses = conform(pd.DataFrame([{**dose, "amount_low": 241.0, "amount_high": 400.0}]), SUPPLEMENT_DOSES)
    (row,) = clarified(weighed({}, tablet), doses=doses).itertuples()
    assert (row.reason, row.magnesium_stake) == ("no_value", pytest.approx(159.0))
    assert row.advice.startswith("How much magnesium it gives is open.")


def test_match_to_confirm_names_other_foods_and_what_the_furthest_would_change():
    entries = weighed({"needs_review": True})
    (row,) = clarified(entries).itertuples()
    assert row.reason == "match"
    named = row.advice.removeprefix("Which was it: Milk, whole (as taken); ").removesuffix("?").replace("; or ", "; ")
    by_name = FOODS.foods().drop_duplicates("description").set_index("description")["fdc_id"]
    others = FOODS.composition(by_name[named.split("; ")], ["magnesium"])["magnesium"]
    here = 100 * per_gram(FNDDS_MILK, "magnesium")
    assert len(others) == 3
    assert row.magnesium_stake == pytest.approx(2 * (others - here).abs().max())


def test_matches_that_hardly_matter_come_last():
    texts = ["milk", "soy milk", "bread", "rice", "beans", "cheese", "egg", "apple", "tea", "beer", "pasta", "soup"]
    rows = [{"food_text": f"{text} {size}", "needs_review": True} for size in ("small", "large") for text in texts]
    few = {"food_text": "sip of milk", "gram_low": 0.0, "gram_high": 1.0, "weight_method": "quantity_not_specified"}
    found = clarified(weighed(*rows, few))
    matches = found[found["reason"] == "match"]
    assert matches["stake"].notna().sum() == MOST_LOOKED_UP < len(rows)
    assert (matches["matters"] == (matches["stake"] >= MATTERS)).all()
    # What is no matter of choice stays in the list, however small.
    assert found.loc[found["reason"] == "amount", "matters"].all()
    assert found["matters"].is_monotonic_decreasing


def test_match_that_gave_next_to_nothing_is_not_looked_up():
    sip = {"food_text": "sip of milk", "gram_weight": 1.0, "gram_low": 1.0, "gram_high": 1.0, "needs_review": True}
    (row,) = clarified(weighed({"needs_review": False}, sip)).itertuples()
    assert math.isnan(row.magnesium_stake)
    assert not row.matters


def test_match_of_a_person_without_reference_matters_by_its_stakes():
    (row,) = clarified(weighed({"needs_review": True}), people={}).itertuples()
    assert row.potassium_stake > 0
    assert math.isnan(row.stake)
    assert row.matters


def test_line_that_counts_by_values_of_its_own_is_no_matter_of_food_or_amount():
    entries = weighed({"needs_review": True, "gram_low": 10.0}).assign(
        recorded_magnesium=20.0, recorded_potassium=300.0, recorded_vitamin_d=1.0
    )
    assert len(clarified(entries)) == 2
    assert clarified(entries, values="recorded-first").empty


def test_stakes_are_of_each_persons_own_days_and_people_stay_apart():
    wide = {"gram_low": 100.0, "gram_high": 300.0}
    later = {"date": pd.Timestamp(2026, 3, 3)}
    entries = weighed(
        {**wide, "person_id": "Ada"},
        {**later, "person_id": "Ada"},
        {**wide, "person_id": "Ben"},
        {**wide, "person_id": None},
    )
    found = clarified(entries, people={})
    stake = 200 * per_gram(FNDDS_MILK, "magnesium")
    stakes = dict(zip(found["person_id"].fillna("nobody"), found["magnesium_stake"], strict=True))
    assert stakes == pytest.approx({"Ada": stake / 2, "Ben": stake, "nobody": stake})
    # Sex and age are not known, so there is no reference to give a share of.
    assert found["stake"].isna().all()


def test_largest_share_of_a_reference_comes_first():
    little, much = {"food_text": "little", "gram_high": 300.0}, {"food_text": "much", "gram_high": 900.0}
    found = clarified(weighed(little, much))
    assert found["food_text"].tolist() == ["much", "little"]
    assert found["stake"].is_monotonic_decreasing


def test_diary_without_magnesium_and_potassium_lists_its_gaps_without_stakes():
    found = clarified(weighed(lost("milk", "no weight")), nutrients=["vitamin_d"])
    assert found["stake"].isna().all()
    assert len(found) == 1


def shown(tmp_path, rows, hardly=()):
    entries = conform(pd.DataFrame(rows), ENTRIES)
    analysis = analyze_entries(entries, WOMAN)
    analysis = replace(
        analysis,
        foods_to_clarify=foods_to_clarify(analysis.intakes, analysis.entries, analysis.comparison, FOODS).assign(
            matters=lambda found: found["matters"] & ~found["food_text"].isin(hardly)
        ),
    )
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    write_clarify(Page(workbook, palette, "To clarify"), analysis, people=[""])
    palette.close()
    workbook.save(tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["To clarify"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(table) if row[0] == "Food, as the diary calls it")
    return [dict(zip(table[top], row, strict=True)) for row in table[top + 1 :] if any(row)]


def test_sheet_says_of_each_food_what_is_not_known_and_what_to_write(tmp_path):
    usual = {"source": "d.csv", "date": pd.Timestamp(2026, 3, 2), "kind": "food"}
    rows = shown(
        tmp_path,
        [
            {**usual, "line": 2, "food_text": "banana", "amount": 1.0},
            {**usual, "line": 3, "food_text": "=dark chocolate", "amount": 2.0, "unit": "bowl"},
            {**usual, "line": 4, "food_text": "xyzzy plugh"},
        ],
    )
    by_food = {row["Food, as the diary calls it"]: row for row in rows}
    assert "banana" not in by_food
    assert next(iter(by_food)) == "xyzzy plugh"
    unknown = by_food["xyzzy plugh"]
    assert unknown["Not known"] == "left out of the totals"
    assert unknown["Magnesium could change by [mg/d]"] == round(load_line_bounds()["meal", "", "magnesium"].high)
    assert unknown["The larger, of its reference [%]"] > 50
    chocolate = by_food["=dark chocolate"]
    assert chocolate["What to find out or write"].startswith("How much was it?")
    assert chocolate["Magnesium could change by [mg/d]"] > 0
    assert (chocolate["Lines"], chocolate["Source"], chocolate["Line"]) == (1, "d.csv", 3)


def test_sheet_ends_where_it_hardly_matters_and_says_how_many_follow(tmp_path):
    usual = {"source": "d.csv", "date": pd.Timestamp(2026, 3, 2), "kind": "food", "amount": 2.0, "unit": "bowl"}
    texts = ("dark chocolate", "milk", "apple juice")
    lines = [{**usual, "line": line, "food_text": text} for line, text in enumerate(texts, 2)]
    rows = [row["Food, as the diary calls it"] for row in shown(tmp_path, lines, hardly=("milk", "apple juice"))]
    assert rows[0] == "dark chocolate"
    assert rows[-1].startswith("And 2 more that hardly matter:")
    assert not {"milk", "apple juice"} & set(rows)
