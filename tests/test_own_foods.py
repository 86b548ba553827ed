"""Labels: what a package says becomes a food of the user's own, and nothing it does not say."""

from __future__ import annotations

import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.diary.grid import Grid
from nutridiary.diary.own_foods import is_own_foods_sheet, own_foods_of
from nutridiary.foods import OWN_FOOD, load_foods
from nutridiary.intake import nutrient_intakes
from nutridiary.matching import match_foods
from nutridiary.own_foods import build_own_foods
from nutridiary.portions import weigh, without_unit_weights
from nutridiary.review import review
from nutridiary.tables import ALIASES, ENTRIES, OWN_FOODS, RECIPE_LINES, conform

FOODS = load_foods()
NO_RECIPES = conform(pd.DataFrame(), RECIPE_LINES)


def read(*rows, name="Custom foods"):
    return own_foods_of(Grid(f"diary.xlsx:{name}", name, [list(row) for row in rows]))


def value(table, nutrient):
    return table[table["nutrient"] == nutrient].iloc[0]


def build(labels, **options):
    return build_own_foods(NO_RECIPES, labels, FOODS, **options)


def eaten(own, *said, brand=None, aliases=None):
    known = own.aliases if aliases is None else pd.concat([own.aliases, aliases], ignore_index=True)
    entries = pd.DataFrame(said, columns=["food_text", "amount", "unit"])
    entries = entries.assign(source="d.csv", line=range(2, len(said) + 2), kind="food", brand=brand)
    matched = match_foods(conform(entries, ENTRIES), own.foods, known)
    return weigh(matched, own.foods, known)


# --- the sheet -------------------------------------------------------------------------------------------------


def test_label_values_come_out_in_the_one_unit_of_each_nutrient_and_as_written():
    found = read(
        [
            "Food",
            "Brand",
            "Serving size",
            "Calories",
            "Energy (kJ)",
            "Sodium (g)",
            "Vitamin D (IU)",
            "Magnesium",
            "Salt (g)",
        ],
        ["Bar", "Acme", "1 bar (40 g)", 180, "", "0.2", "40", "12 mg", ""],
        ["Crisps", "", "100 g", "", 2092, "", "", "", "1.3"],
    )
    bar, crisps = found[found["name"] == "Bar"], found[found["name"] == "Crisps"]
    assert value(bar, "energy")["amount"] == 180
    assert value(bar, "sodium")[["amount", "unit", "as_written"]].tolist() == [200.0, "mg", "0.2 g"]
    assert value(bar, "vitamin_d")[["amount", "unit", "as_written"]].tolist() == [1.0, "ug", "40 IU"]
    assert value(bar, "magnesium")["amount"] == 12
    assert bar["serving_grams"].eq(40).all()
    assert value(crisps, "energy")["amount"] == pytest.approx(500)
    assert value(crisps, "sodium")["amount"] == pytest.approx(520)  # 1.3 g of salt / 2.5, Regulation (EU) 1169/2011
    assert found["problem"].isna().all()


def test_blank_and_na_are_unknown_and_zero_is_zero():
    found = read(["Food", "Serving size", "Iron (mg)", "Zinc (mg)", "Copper (mg)"], ["Bar", "40 g", 0, "", "n/a"])
    assert found["nutrient"].tolist() == ["iron"]
    assert found["amount"].tolist() == [0.0]


@pytest.mark.parametrize("cell", ["many", "-4", "1e9"])
def test_value_that_cannot_be_read_is_unknown_with_a_problem(cell):
    row = read(["Food", "Serving size", "Iron (mg)"], ["Bar", "40 g", cell]).iloc[0]
    assert math.isnan(row["amount"])
    assert "cannot read the iron" in row["problem"]


def test_less_than_a_gram_is_unknown_and_keeps_its_words():
    row = read(["Food", "Serving size", "Sugars (g)"], ["Bar", "40 g", "<1"]).iloc[0]
    assert math.isnan(row["amount"])
    assert row["as_written"] == "<1"
    assert "no exact amount" in row["note"]


def test_figure_without_any_unit_is_refused():
    row = read(["Food", "Serving size", "Magnesium"], ["Bar", "40 g", 12]).iloc[0]
    assert math.isnan(row["amount"])
    assert "has no unit" in row["problem"]


def test_vitamin_a_in_iu_is_refused_since_the_form_decides_its_mass():
    found = read(["Food", "Serving size", "Vitamin A (IU)", "Iron (mg)"], ["Bar", "40 g", 500, 1])
    assert found["nutrient"].dropna().tolist() == ["iron"]
    assert "no factor leads from IU" in found["problem"].iloc[0]


def test_food_without_a_serving_size_is_a_problem_that_says_what_to_write():
    row = read(["Food", "Serving size", "Iron (mg)"], ["Bar", "", 1]).iloc[0]
    assert row["problem"].startswith("no serving size: write what the values are for")


def test_every_row_is_kept_even_where_nothing_can_be_read():
    found = read(["Food", "Serving size", "Iron (mg)"], ["Bar", "40 g", ""], ["", "40 g", "3"], [], ["Bun", "60 g", 2])
    assert sorted(found["line"].unique()) == [2, 3, 5]
    assert "no value of any nutrient" in found["problem"].iloc[0]
    assert "no food is named" in found["problem"].iloc[1]


def test_long_layout_reads_a_row_a_nutrient():
    found = read(
        ["Food", "Serving size", "Nutrient", "Amount", "Unit"],
        ["Drink", "1 bottle (250 ml)", "Calcium", 300, "mg"],
        ["", "", "Vitamin D", 5, "mcg"],
        ["", "", "Unobtainium", 5, "mg"],
        name="My foods",
    )
    assert found["name"].tolist() == ["Drink"] * 3
    assert found["amount"].tolist()[:2] == [300.0, 5.0]
    assert "no nutrient that is known" in found["problem"].iloc[2]
    assert found["line"].tolist() == [2, 3, 4]


def test_long_layout_keeps_rows_that_repeat_or_only_name_the_food():
    found = read(
        ["Food", "Serving size", "Nutrient", "Amount", "Unit"],
        ["Bar", "1 bar (40 g)", "", "", ""],
        ["", "", "Iron", 2, "mg"],
        ["", "", "Iron", 3, "mg"],
    )
    assert found["line"].tolist() == [2, 3, 4]
    assert found["amount"].dropna().tolist() == [2.0]
    assert found["problem"].dropna().tolist() == ["iron stands twice, and row 3 counts: keep one"]
    assert amount(build(found), "iron", ("bar", 20, "g")) == pytest.approx([1])


def test_own_foods_are_known_by_their_headings_and_a_diary_is_not():
    assert is_own_foods_sheet(Grid("f", "Sheet1", [["Food", "Serving size", "Iron (mg)"]]))
    assert not is_own_foods_sheet(Grid("f", "Sheet1", [["Food", "Amount", "Iron (mg)"]]))
    assert not is_own_foods_sheet(Grid("f", "Sheet1", [["Date", "Food", "Serving size", "Iron (mg)"]]))
    assert not is_own_foods_sheet(Grid("f", "Sheet1", [["Food", "Serving size", "Price"]]))
    assert is_own_foods_sheet(Grid("f", "My foods", [["Product", "Per", "Iron (mg)"]]))


# --- percentages of Daily Values -------------------------------------------------------------------------------


@pytest.mark.parametrize(("edition", "calcium"), [("2016", 130), ("before 2016", 100), ("old label", 100)])
def test_percent_of_daily_value_follows_the_edition_of_its_column(edition, calcium):
    found = read(
        ["Food", "Serving size", "Calcium (% DV)", "Daily value edition"], ["Bar", "40 g", "10%", edition]
    ).iloc[0]
    assert found["amount"] == pytest.approx(calcium)  # 21 CFR 101.9: 1300 mg since 2016, 1000 mg before
    assert found["as_written"] == "10% DV"


def test_percent_without_edition_is_unknown_and_says_what_to_write():
    row = read(["Food", "Serving size", "Calcium (% DV)"], ["Bar", "40 g", 10]).iloc[0]
    assert math.isnan(row["amount"])
    assert "Write 2016 or before 2016" in row["problem"]


def test_label_that_states_vitamin_d_in_mcg_and_potassium_is_of_2016():
    headings = ["Food", "Serving size", "Calcium (% DV)", "Vitamin D (mcg)", "Potassium (mg)"]
    assert value(read(headings, ["Bar", "40 g", 10, 2, 100]), "calcium")["amount"] == pytest.approx(130)
    assert math.isnan(value(read(headings, ["Bar", "40 g", 10, "", 100]), "calcium")["amount"])


def test_edition_may_stand_in_the_heading_or_above_the_table():
    in_heading = read(["Food", "Serving size", "Calcium (% DV 2016)"], ["Bar", "40 g", 10])
    above = read(
        ["My labels, Daily Values: before 2016"], ["Food", "Serving size", "Calcium (% DV)"], ["Bar", "40 g", 10]
    )
    assert in_heading["amount"].iloc[0] == pytest.approx(130)
    assert above["amount"].iloc[0] == pytest.approx(100)


def test_percentage_a_spreadsheet_may_have_divided_is_asked_about():
    row = read(["Food", "Serving size", "Calcium (% DV 2016)"], ["Bar", "40 g", 0.1]).iloc[0]
    assert math.isnan(row["amount"])
    assert "Write the percentage as a number" in row["problem"]


def test_percent_sign_in_a_column_of_milligrams_is_no_milligram():
    row = read(["Food", "Serving size", "Calcium (mg)", "DV edition"], ["Bar", "40 g", "10%", "2016"]).iloc[0]
    assert row["amount"] == pytest.approx(130)


def test_amount_goes_before_percentage_of_the_same_nutrient():
    found = read(["Food", "Serving size", "Calcium (% DV 2016)", "Calcium (mg)"], ["Bar", "40 g", 10, 120])
    assert found["amount"].tolist() == [120.0]


# --- foods of one's own ----------------------------------------------------------------------------------------

LABELS = read(
    ["Food", "Brand", "Serving size", "Protein (g)", "Magnesium (mg)"],
    ["Granola bar", "Acme", "1 bar (40 g)", 4, 20],
    ["Oat drink", "", "1 cup (240 ml)", 3, ""],
    ["Shake", "", "1 shake", 20, 80],
    ["Muesli", "", "100 g", 10, 100],
    ["Cookies", "", "2 cookies (30 g)", 2, 9],
)


def amount(own, nutrient, *said, **options):
    intakes = nutrient_intakes(eaten(own, *said, **options), own.foods, [nutrient])
    return intakes["amount"].tolist()


def test_own_foods_have_negative_ids_in_the_order_of_the_file_and_win_the_match():
    own = build(LABELS)
    found = eaten(own, ("granola bar", 1, "bar"), ("OAT DRINK", 1, "cup"))
    assert found["fdc_id"].tolist() == [-1, -2]
    assert found["data_type"].tolist() == [OWN_FOOD] * 2
    assert "your own food" in found["note"].iloc[0]
    assert "diary.xlsx:Custom foods:2" in found["note"].iloc[0]


def test_label_is_scaled_by_the_weight_of_its_serving():
    own = build(LABELS)
    said = [("granola bar", 2, "bar"), ("granola bar", 60, "g"), ("muesli", 50, "g"), ("cookies", 3, "cookie")]
    assert amount(own, "magnesium", *said) == pytest.approx([40, 30, 50, 13.5])


def test_label_without_weight_is_counted_by_serving_and_never_shown_in_grams():
    own = build(LABELS)
    found = eaten(own, ("shake", 1.5, "shake"), ("shake", 1, "serving"), ("shake", 2, None))
    intakes = nutrient_intakes(found, own.foods, ["protein"])
    assert intakes["amount"].tolist() == pytest.approx([30, 20, 40])
    for table in (found, intakes):
        shown = without_unit_weights(table, own.foods)
        assert shown["gram_weight"].isna().all()
    assert not without_unit_weights(found, own.foods)["portion"].str.contains(" g").any()


def test_weight_of_a_food_whose_label_gives_none_is_a_problem_and_not_a_guess():
    own = build(LABELS)
    found = eaten(own, ("shake", 50, "g"), ("oat drink", 100, "g"))
    assert found["problem"].str.contains("add it to its label, or count servings").all()
    assert found[["gram_weight", "weight_method"]].isna().all(axis=None)


def test_label_by_volume_is_measured_in_any_volume():
    # Its cup is the label's own 240 ml; a US fluid ounce is 29.5735 ml (NIST Handbook 44, appendix C).
    own = build(LABELS)
    said = [("oat drink", 120, "ml"), ("oat drink", 2, "cup"), ("oat drink", 1, "serving"), ("oat drink", 1, "fl oz")]
    found = amount(own, "protein", *said)
    assert found[:3] == pytest.approx([1.5, 6, 3])
    assert found[3] == pytest.approx(3 * 29.5735 / 240, rel=0.02)


def test_what_a_label_does_not_say_is_unknown_when_eaten():
    own = build(LABELS)
    assert math.isnan(amount(own, "magnesium", ("oat drink", 1, "cup"))[0])
    assert math.isnan(amount(own, "vitamin_b12", ("granola bar", 1, "bar"))[0])


def test_foods_of_two_brands_are_told_apart_by_brand_only():
    labels = read(
        ["Food", "Brand", "Serving size", "Protein (g)"], ["Bar", "Acme", "40 g", 4], ["Bar", "Bold", "40 g", 8]
    )
    own = build(labels)
    assert amount(own, "protein", ("Bold bar", 40, "g"), ("bar", 40, "g"), brand=None)[0] == pytest.approx(8)
    assert eaten(own, ("bar", 40, "g"), brand="Acme")["fdc_id"].tolist() == [-1]
    assert not eaten(own, ("bar", 40, "g"))["fdc_id"].lt(0).any()


def test_own_food_is_known_in_the_other_number_too():
    found = eaten(build(LABELS), ("granola bars", 2, None), ("cookie", 1, None), ("shakes", 1, None))
    assert found["fdc_id"].tolist() == [-1, -5, -3]


def test_food_that_stands_twice_counts_as_first_written_and_is_said():
    headings = ["Food", "Serving size", "Protein (g)", "Iron (mg)"]
    labels = read(headings, ["Bar", "40 g", 4, ""], ["bar", "50 g", 9, 2], ["Bun", "60 g", 5, ""])
    own = build(labels)
    assert amount(own, "protein", ("bar", 40, "g"), ("bun", 60, "g")) == pytest.approx([4, 5])
    assert math.isnan(amount(own, "iron", ("bar", 40, "g"))[0])
    assert own.table["problem"].str.contains("stands twice").tolist().count(True) == 2


def test_alias_of_the_user_goes_before_the_name_of_an_own_food():
    own = build(LABELS)
    alias = conform(
        pd.DataFrame([{"said": "shake", "decision": "food", "fdc_id": -4, "source": "a.csv", "line": 2}]), ALIASES
    )
    assert eaten(own, ("shake", 100, "g"), aliases=alias)["fdc_id"].tolist() == [-4]


def test_own_food_is_an_ingredient_like_any_other():
    recipe = pd.DataFrame(
        {
            "recipe": "snack",
            "ingredient": ["granola bar", "oat drink"],
            "amount": [2.0, 240.0],
            "unit": ["bar", "ml"],
            "servings": 2.0,
            "source": "r.csv",
            "line": [2, 3],
        }
    )
    own = build_own_foods(conform(recipe, RECIPE_LINES), LABELS, FOODS)
    found = eaten(own, ("snack", 1, "serving"), ("snack", 100, "g"))
    assert nutrient_intakes(found.head(1), own.foods, ["protein"])["amount"].iloc[0] == pytest.approx((8 + 3) / 2)
    # The drink has no weight, so neither has the snack.
    assert found["problem"].notna().tolist() == [False, True]


def test_recipe_of_the_name_of_an_own_food_is_a_problem_and_the_label_counts():
    recipe = conform(
        pd.DataFrame([{"recipe": "shake", "ingredient": "milk", "amount": 1.0, "source": "r", "line": 2}]), RECIPE_LINES
    )
    own = build_own_foods(recipe, LABELS, FOODS)
    assert own.table["problem"].str.contains("rename one of them").any()
    assert amount(own, "protein", ("shake", 1, "shake")) == pytest.approx([20])


def test_published_foods_are_matched_as_before_beside_own_ones():
    own = build(LABELS)
    entries = conform(pd.DataFrame({"source": "d", "line": [2, 3], "food_text": ["banana", "fried egg"]}), ENTRIES)
    entries["kind"] = "food"
    columns = ["fdc_id", "match_score", "match_method", "note"]
    before, after = match_foods(entries, FOODS)[columns], match_foods(entries, own.foods, own.aliases)[columns]
    pd.testing.assert_frame_equal(before, after)


def test_review_asks_nothing_about_own_foods(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Date", "Food", "Amount", "Unit"])
    for food in ("shake", "banana"):
        book.active.append(["2026-03-02", food, 1, None])
    labels = book.create_sheet("Custom foods")
    labels.append(["Food", "Serving size", "Protein (g)"])
    labels.append(["Shake", "1 shake", 20])
    book.save(tmp_path / "diary.xlsx")
    made = review(tmp_path / "diary.xlsx")
    assert made.foods["said"].tolist() == ["banana"]
    assert made.weights["said"].tolist() == ["banana"]


def test_no_sheet_gives_the_same_foods():
    own = build(conform(pd.DataFrame(), OWN_FOODS))
    assert own.foods is FOODS
    assert own.aliases.empty
    assert own.table.empty


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.integers(), st.sampled_from(["10%", "<1 g", "1,5", "n/a", "2016"])
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=7), max_size=6))
def test_any_sheet_is_read_without_failing_and_without_losing_a_row(rows):
    headings = ["Food", "Brand", "Serving size", "Calories", "Calcium (% DV)", "Iron (mg)", "Edition"]
    found = own_foods_of(Grid("f.csv", "My foods", [headings, *rows]))
    filled = {n for n, row in enumerate(rows, 2) if any(cell is not None and str(cell).strip() for cell in row)}
    assert set(found["line"]) == filled
    assert not (found["amount"].notna() & found["problem"].notna()).any()
    assert not found["amount"].lt(0).any()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_any_label_becomes_a_food_or_a_problem(rows):
    found = read(["Food", "Serving size", "Iron (mg)", "Calcium (% DV)"], *rows)
    own = build(found)
    assert len(own.table) == len(found)
    assert own.table["fdc_id"].dropna().lt(0).all()
