"""Recipes: a sheet of ingredients becomes a food, computed as USDA computes its own dishes."""

from __future__ import annotations

import csv
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.data_files import data_file
from nutridiary.diary.grid import Grid
from nutridiary.diary.recipes import is_recipes_sheet, recipes_of
from nutridiary.foods import load_foods
from nutridiary.intake import nutrient_intakes
from nutridiary.matching import match_foods
from nutridiary.nutrients import load_nutrients
from nutridiary.own_foods import build_own_foods
from nutridiary.own_foods.order import in_order
from nutridiary.own_foods.retention import retention_code, retention_factors
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, OWN_FOODS, RECIPE_LINES, conform

FOODS = load_foods()
NO_LABELS = conform(pd.DataFrame(), OWN_FOODS)
HEADINGS = ["Recipe", "Ingredient", "Amount", "Unit", "Servings", "Cooked weight (g)", "Cooking"]
# USDA's numbers of raw foods: SR Legacy spinach, FNDDS whole milk and banana.
SPINACH, MILK, BANANA = 168462, 2705385, 2709224


def sheet(*rows, headings=HEADINGS, name="Recipes"):
    return Grid(f"diary.xlsx:{name}", name, [list(headings), *map(list, rows)])


def lines(*ingredients, recipe="dish", **about):
    """Recipe lines of (fdc_id, grams) or of (text, grams)."""
    rows = [
        {
            "recipe": recipe,
            "ingredient": str(food),
            "stated_fdc_id": food if isinstance(food, int) else None,
            "amount": float(grams),
            "unit": "g",
            "source": "recipes.csv",
            "line": number,
            **about,
        }
        for number, (food, grams) in enumerate(ingredients, 2)
    ]
    return conform(pd.DataFrame(rows), RECIPE_LINES)


def build(recipes, labels=NO_LABELS, **options):
    return build_own_foods(recipes, labels, FOODS, **options)


def values(own, food, column="per_serving"):
    return own.table[own.table["food"] == food].set_index("nutrient")[column]


def eaten(own, *said):
    """Weigh and match lines of a diary, (text, amount, unit), with the own foods."""
    entries = pd.DataFrame(said, columns=["food_text", "amount", "unit"])
    entries = conform(entries.assign(source="d.csv", line=range(2, len(said) + 2), kind="food"), ENTRIES)
    return weigh(match_foods(entries, own.foods, own.aliases), own.foods, own.aliases)


# --- the sheet -------------------------------------------------------------------------------------------------


def test_recipes_sheet_carries_name_down_and_spreads_what_is_said_once():
    found = recipes_of(
        sheet(
            ["Chili", "kidney beans, canned", 400, "g", 4, 1650, "simmered"],
            [None, "onion", 1, "medium", None, None, None],
            [],
            ["", "2 cloves garlic"],
            ["Toast", "bread", "1-2", "slices"],
        )
    )
    assert found["recipe"].tolist() == ["Chili", "Chili", "Chili", "Toast"]
    assert found["line"].tolist() == [2, 3, 5, 6]
    assert found["servings"].tolist()[:3] == [4, 4, 4]
    assert math.isnan(found["servings"].iloc[3])
    assert found["cooked_grams"].tolist()[:3] == [1650] * 3
    assert found["state"].iloc[0] == "simmered"
    assert pd.isna(found["state"].iloc[1])
    assert found.loc[2, ["ingredient", "amount", "unit"]].tolist() == ["garlic", 2.0, "clove"]
    assert found.loc[3, ["amount", "amount_low", "amount_high"]].tolist() == [1.5, 1.0, 2.0]


def test_every_row_below_the_header_is_kept_with_its_problem():
    rows = [
        ["Chili", "beans", "", "cpu"],
        ["Chili", "", 5, "g"],
        ["Chili", "salt", "-3", "g"],
        ["Chili", "oil", "??", ""],
    ]
    found = recipes_of(sheet(*rows))
    assert found["line"].tolist() == [2, 3, 4, 5]
    assert "no ingredient is named" in found["problem"].iloc[1]
    assert "negative" in found["problem"].iloc[2]


def test_ingredients_before_any_recipe_name_are_a_problem():
    assert "no recipe is named" in recipes_of(sheet(["", "beans", 5, "g"]))["problem"].iloc[0]


def test_two_statements_of_servings_are_a_problem_that_names_both_rows():
    found = recipes_of(sheet(["A", "beans", 5, "g", 4], ["A", "salt", 1, "g", 5]))
    assert found["servings"].isna().all()
    assert found["problem"].iloc[0] == "the recipe has two servings: 4 in row 2 and 5 in row 3. Keep one"


@pytest.mark.parametrize(
    ("written", "column", "value"),
    [("85 %", "yield_percent", 85), ("1.2 kg", "cooked_grams", 1200), ("6 servings", "servings", 6)],
)
def test_yield_means_what_its_unit_says(written, column, value):
    grid = Grid("r.csv", "r.csv", [["Recipe", "Ingredient", "Yield"], ["A", "100 g beans", written]])
    assert recipes_of(grid)[column].iloc[0] == value


@pytest.mark.parametrize("written", ["85", "4000 %", "lots"])
def test_yield_that_could_mean_anything_is_a_problem(written):
    grid = Grid("r.csv", "r.csv", [["Recipe", "Ingredient", "Yield"], ["A", "100 g beans", written]])
    found = recipes_of(grid).iloc[0]
    assert "yield" in found["problem"]
    assert found[["yield_percent", "cooked_grams", "servings"]].isna().all()


def test_row_without_ingredient_says_how_all_are_cooked():
    found = recipes_of(
        sheet(["Soup", "", "", "", 2, "", "simmered"], ["", "spinach", 100, "g", "", "", "raw"], ["", "leek", 50, "g"])
    )
    assert found["state"].tolist() == ["simmered", "raw", "simmered"]
    assert found["problem"].isna().all()


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.integers(), st.sampled_from(["2 x 30 g", "85 %", "1 kg", "4"])
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_any_sheet_is_read_without_failing_and_without_losing_a_row(rows):
    found = recipes_of(sheet(*rows))
    filled = [n for n, row in enumerate(rows, 2) if any(cell is not None and str(cell).strip() for cell in row)]
    assert found["line"].tolist() == filled
    assert not found[["servings", "cooked_grams", "yield_percent"]].le(0).any(axis=None)


def test_recipes_are_known_by_their_headings_in_any_file_and_a_diary_is_not():
    assert is_recipes_sheet(sheet(name="Sheet1"))
    assert not is_recipes_sheet(Grid("d", "d", [["Date", "Meal", "Food", "Amount"], ["2026-01-01", "", "beans", 5]]))
    assert not is_recipes_sheet(Grid("d", "d", [["Date", "Recipe", "Ingredient"], ["2026-01-01", "a", "beans"]]))
    assert not is_recipes_sheet(Grid("d", "Sheet1", [["Name", "Food"], ["a", "beans"]]))
    assert is_recipes_sheet(Grid("d", "Recipes", [["Name", "Food"], ["a", "beans"]]))


# --- the computation -------------------------------------------------------------------------------------------


def usda_dishes(most):
    """FNDDS dishes whose ingredients are all known and cooked without a retention factor."""
    rows = pd.DataFrame(
        FOODS.rows(
            "SELECT ingredient.fdc_id, seq, grams, retention_code, moisture_change, coalesce(a.fdc_id, b.fdc_id) "
            "FROM ingredients AS ingredient LEFT JOIN foods AS a ON a.food_code = ingredient_code "
            "LEFT JOIN foods AS b ON b.ndb_number = ingredient_code AND b.data_type = 'sr_legacy_food' "
            "ORDER BY 1, 2"
        ),
        columns=["dish", "seq", "grams", "retention", "moisture", "fdc_id"],
    )
    plain = rows.groupby("dish").filter(
        lambda dish: dish["fdc_id"].notna().all() and dish["retention"].eq(0).all() and len(dish) >= 4
    )
    chosen = sorted(plain["dish"].unique())
    step = len(chosen) // most
    return plain[plain["dish"].isin(chosen[::step][:most])]


def test_recipes_reproduce_the_composition_usda_computed_for_its_own_dishes():
    dishes = usda_dishes(40)
    recipes = [
        lines(
            *((int(fdc_id), grams) for fdc_id, grams in zip(dish["fdc_id"], dish["grams"], strict=True)),
            recipe=str(number),
            yield_percent=100 + dish["moisture"].iloc[0],
            source=f"{number}.csv",
        )
        for number, dish in dishes.groupby("dish")
    ]
    own = build(pd.concat(recipes, ignore_index=True))
    published = FOODS.composition(sorted(dishes["dish"].unique()))
    nutrients = ["energy", "protein", "carbohydrate", "fat_total", "potassium", "phosphorus", "sodium", "water"]
    errors = []
    for number in published.index:
        ours = values(own, str(number), "per_100_g")
        for nutrient in nutrients:
            theirs = published.loc[number, nutrient]
            half_a_digit = {"g": 0.006, "mg": 0.6, "kcal": 0.6}[load_nutrients().loc[nutrient, "unit"]]
            errors.append((abs(ours[nutrient] - theirs) - half_a_digit) / max(theirs, 1))
    # SR Legacy is of 2018 and FNDDS uses newer values of some ingredients; what agrees agrees to its last digit.
    errors = np.array(errors)
    assert np.mean(errors <= 0.005) > 0.8
    assert np.median(errors) <= 0
    assert np.mean(errors <= 0.05) > 0.93


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.floats(1, 900), min_size=2, max_size=3),
    st.floats(0.5, 12),
    st.one_of(st.none(), st.floats(50, 3000)),
)
def test_servings_together_hold_what_the_ingredients_hold(grams, servings, ready):
    chosen = [MILK, BANANA, SPINACH][: len(grams)]
    own = build(lines(*zip(chosen, grams, strict=True), servings=servings, cooked_grams=ready or math.nan))
    per_100 = FOODS.composition(chosen, ["potassium", "magnesium", "protein"])
    expected = (per_100.to_numpy() * np.array(grams)[:, np.newaxis] / 100).sum(axis=0)
    weighed = eaten(own, ("dish", servings, "serving"))
    found = nutrient_intakes(weighed, own.foods, list(per_100.columns))["amount"].to_numpy()
    assert found == pytest.approx(expected, rel=1e-6)


def test_per_100_g_follows_the_cooked_weight_and_is_unknown_without_one():
    known = build(lines((MILK, 500), (BANANA, 500), servings=4, cooked_grams=800))
    unknown = build(lines((MILK, 500), (BANANA, 500), servings=4))
    potassium = FOODS.composition([MILK, BANANA], ["potassium"])["potassium"].sum() * 5
    assert values(known, "dish", "per_100_g")["potassium"] == pytest.approx(potassium / 8)
    assert math.isnan(values(unknown, "dish", "per_100_g")["potassium"])
    assert values(unknown, "dish")["potassium"] == pytest.approx(potassium / 4)


def test_water_of_a_dish_is_what_did_not_evaporate_and_unknown_where_nothing_tells():
    water = FOODS.composition([MILK, BANANA], ["water"])["water"].sum() * 5
    known = build(lines((MILK, 500), (BANANA, 500), servings=1, cooked_grams=800))
    assert values(known, "dish")["water"] == pytest.approx(water - 200)
    assert math.isnan(values(build(lines((MILK, 500), (BANANA, 500), servings=1)), "dish")["water"])
    raw = build(lines((MILK, 500), (BANANA, 500), servings=1, state="raw"))
    assert values(raw, "dish")["water"] == pytest.approx(water)


def test_recipe_of_unknown_ready_weight_is_exact_by_the_serving_and_says_raw_mix_by_grams():
    own = build(lines((MILK, 500), (BANANA, 500), servings=4))
    found = eaten(own, ("Dish", 1, "serving"), ("dish", 300, "g"), ("dish", 1, "recipe"))
    assert found["gram_weight"].tolist() == [250, 300, 1000]
    assert found["problem"].isna().all()
    assert "raw mix" in found["note"].iloc[1]
    assert "raw ingredients" in found["note"].iloc[0]


def test_recipe_without_servings_or_weight_says_how_it_can_be_eaten():
    own = build(lines((MILK, 500)))
    assert "only as a whole or by grams of the raw mix" in own.table["problem"].iloc[0]
    assert eaten(own, ("dish", 1, "serving"))["problem"].notna().all()


def test_recipe_may_use_another_recipe_in_whatever_order_they_stand():
    pie = lines(("crust", 100), (MILK, 100), recipe="pie", servings=1)
    crust = lines((BANANA, 200), recipe="Crust", cooked_grams=100, source="b.csv")
    own = build(pd.concat([pie, crust], ignore_index=True))
    potassium = FOODS.composition([MILK, BANANA], ["potassium"])["potassium"]
    assert values(own, "pie")["potassium"] == pytest.approx(potassium[MILK] + 2 * potassium[BANANA])
    # Ids count down in the order of the file, and each name is an alias of its food.
    assert own.aliases.set_index("said")["fdc_id"].to_dict() == {"pie": -1, "pies": -1, "Crust": -2, "Crusts": -2}


def test_recipes_that_need_each_other_are_a_problem_that_names_the_circle():
    own = build(pd.concat([lines(("B", 10), recipe="A"), lines(("A", 10), recipe="B", source="b.csv")]))
    problems = own.table["problem"].tolist()
    assert any('"A" needs "B" needs "A"' in problem for problem in problems)
    assert own.ingredients["problem"].notna().all()
    # A line that eats one is not silently some other food of that name.
    assert eaten(own, ("A", 100, "g"))["fdc_id"].iloc[0] < 0
    assert nutrient_intakes(eaten(own, ("A", 100, "g")), own.foods, ["zinc"])["amount"].isna().all()


def test_file_given_twice_counts_once():
    once = lines((MILK, 100), (BANANA, 50), servings=2)
    pd.testing.assert_frame_equal(build(pd.concat([once, once])).table, build(once).table)


def test_order_puts_what_is_needed_first():
    groups, circles = in_order({"c": {"b"}, "b": {"a"}, "a": set()})
    assert groups == [["a"], ["b"], ["c"]]
    assert circles == {}


# --- unknown is not zero ---------------------------------------------------------------------------------------


def test_ingredient_that_is_no_food_leaves_the_recipe_unknown_and_shows_what_is_known():
    own = build(lines(("zzzqqq", 50), (MILK, 200), servings=2))
    milk = FOODS.composition([MILK], ["calcium"]).iloc[0, 0]
    row = own.table[own.table["nutrient"] == "calcium"].iloc[0]
    assert math.isnan(row["per_serving"])
    assert row["at_least"] == pytest.approx(milk)
    assert row["missing"] == 1
    assert "zzzqqq" in row["problem"]
    intakes = nutrient_intakes(eaten(own, ("dish", 1, "serving")), own.foods, ["calcium"])
    assert intakes["amount"].isna().all()


def lacking(nutrient, category, food_words):
    """A published food of a category whose record has no value of a nutrient."""
    table = FOODS.foods()
    chosen = table[table["category"].eq(category) & table["description"].str.contains(food_words)]
    values = FOODS.composition(chosen["fdc_id"], [nutrient])[nutrient]
    return int(values.index[values.isna()][0])


def test_value_an_ingredient_lacks_is_missing_in_the_recipe_and_not_zero():
    food = lacking("selenium", "Sweets", "(?i)candies")
    own = build(lines((food, 100), (MILK, 200), servings=1))
    row = own.table[own.table["nutrient"] == "selenium"].iloc[0]
    assert math.isnan(row["per_serving"])
    assert row["at_least"] == pytest.approx(2 * FOODS.composition([MILK], ["selenium"]).iloc[0, 0])


def test_value_too_small_to_show_does_not_ruin_the_recipe_and_is_said():
    # No spice of SR Legacy has more than 14.95 g of sugars in 100 g: half a gram in four servings adds 0.02 g at most.
    spice = lacking("sugars_total", "Spices and Herbs", "cardamom")
    milk = FOODS.composition([MILK], ["sugars_total"]).iloc[0, 0]
    row = build(lines((spice, 0.5), (MILK, 500), servings=4)).table.set_index("nutrient").loc["sugars_total"]
    assert row["per_serving"] == pytest.approx(milk * 5 / 4)
    assert "could not change the figure" in row["how"]
    assert row["missing"] == 1
    # Ten times as much could show.
    row = build(lines((spice, 5), (MILK, 500), servings=4)).table.set_index("nutrient").loc["sugars_total"]
    assert math.isnan(row["per_serving"])
    assert row["at_least"] == pytest.approx(milk * 5 / 4)


def test_gap_filled_from_a_twin_is_marked_as_filled_in_when_the_recipe_is_eaten():
    foundation_milk = 746782  # Milk, whole, of Foundation Foods; FNDDS's is its twin
    gaps = FOODS.composition([foundation_milk]).columns[FOODS.composition([foundation_milk]).isna().iloc[0]]
    nutrient = next(name for name in gaps if not FOODS.composition([MILK], [name]).isna().iloc[0, 0])
    own = build(lines((foundation_milk, 300), (BANANA, 100), servings=1))
    weighed = eaten(own, ("dish", 1, "serving"))
    filled = nutrient_intakes(weighed, own.foods, [nutrient, "protein"]).set_index("nutrient")
    assert filled.loc[nutrient, "filled_in"]
    assert not filled.loc["protein", "filled_in"]
    expected = FOODS.composition([MILK, BANANA], [nutrient])[nutrient]
    assert filled.loc[nutrient, "amount"] == pytest.approx(3 * expected[MILK] + expected[BANANA])
    assert nutrient_intakes(weighed, own.foods, [nutrient], fill_in=False)["amount"].isna().all()


# --- cooking ---------------------------------------------------------------------------------------------------


def test_drained_spinach_keeps_what_usda_says_it_keeps():
    own = build(lines((SPINACH, 100), servings=1, state="boiled and drained"))
    raw = FOODS.composition([SPINACH], ["vitamin_c", "potassium", "energy", "folate_dfe"]).iloc[0]
    # USDA Table of Nutrient Retention Factors 6, code 3005: 55 % of vitamin C, 85 % of potassium, 60 % of folate.
    found = values(own, "dish")
    assert found["vitamin_c"] == pytest.approx(0.55 * raw["vitamin_c"])
    assert found["potassium"] == pytest.approx(0.85 * raw["potassium"])
    assert found["folate_dfe"] == pytest.approx(0.60 * raw["folate_dfe"])
    assert found["energy"] == pytest.approx(raw["energy"])
    assert "USDA 3005" in own.table["how"].iloc[0]


@pytest.mark.parametrize(
    ("food", "state", "code"),
    [
        ("Spinach, raw", "boiled", None),  # nothing says what became of the water
        ("Spinach, raw", "", None),
        ("Spinach, raw", "raw", None),
        ("Spinach, cooked, boiled, drained", "simmered", None),  # the record is of cooked spinach
        ("Potatoes, white, flesh and skin, raw", "baked in the skin", 3301),
        ("Lentils, raw", "simmered 20 min", 502),
        ("Beans, kidney, red, mature seeds, raw", "boiled, drained", 521),
        ("Milk, whole", "simmered 45 min", 2152),
        ("Milk, whole", "simmered", None),  # the table asks for the time
        ("Alcoholic beverage, wine, table, red", "stewed 1.5 h", 5007),
        ("Fish, cod, Atlantic, raw", "baked", 2301),
        ("Egg, whole, raw, fresh", "hard-boiled", 105),
        ("Broccoli, raw", "boiled in little water, drained", 3774),
        ("Rice, white, long-grain, regular, raw", "fried and simmered", 433),
    ],
)
def test_factor_is_used_only_where_the_words_decide_it(food, state, code):
    assert retention_code(food, state, fat=1.0) == code


def test_fat_fish_does_not_take_the_factors_of_lean_fish():
    assert retention_code("Fish, salmon, Atlantic, farmed, raw", "baked", fat=13.4) is None


def test_pot_for_many_is_no_implausible_amount_of_one_eating():
    own = build(lines((SPINACH, 4000), ("milk", 6000), servings=20))
    assert not own.ingredients["note"].fillna("").str.contains("please check").any()
    assert eaten(own, ("dish", 20, "serving"))["note"].str.contains("please check").all()


def test_cooked_ingredient_is_its_raw_food():
    recipe = sheet(["Burger", "ground beef", 500, "g", 4, "", "fried"])
    found = build(recipes_of(recipe)).ingredients.iloc[0]
    assert "raw" in found["food_description"]
    assert "its raw food is taken" in found["note"]
    unsaid = build(recipes_of(sheet(["Burger", "ground beef", 500, "g", 4]))).ingredients.iloc[0]
    assert "raw" not in unsaid["food_description"]


def retention_in_fndds():
    """What is left in FNDDS's dishes with one retention code: their published value against that of the ingredients."""
    rows = pd.DataFrame(
        FOODS.rows(
            "SELECT ingredient.fdc_id, grams, retention_code, moisture_change, coalesce(a.fdc_id, b.fdc_id) "
            "FROM ingredients AS ingredient LEFT JOIN foods AS a ON a.food_code = ingredient_code "
            "LEFT JOIN foods AS b ON b.ndb_number = ingredient_code AND b.data_type = 'sr_legacy_food'"
        ),
        columns=["dish", "grams", "code", "moisture", "fdc_id"],
    )
    rows = rows.groupby("dish").filter(lambda dish: dish["fdc_id"].notna().all() and dish["code"].gt(0).any())
    names = list(next(iter(retention_factors().values()))[1])
    held = FOODS.composition(rows["fdc_id"].astype(int).unique(), [*names, "carbohydrate", "protein"])
    given_ = held.loc[rows["fdc_id"].astype(int)].mul(rows["grams"].to_numpy() / 100, axis=0).set_axis(rows.index)
    total, coded = given_.groupby(rows["dish"]).sum(), given_[rows["code"] > 0].groupby(rows["dish"]).sum()
    weight = rows.groupby("dish")["grams"].sum() * (1 + rows.groupby("dish")["moisture"].first() / 100)
    eaten_ = FOODS.composition(total.index, total.columns).mul(weight, axis=0) / 100
    left = (eaten_ - (total - coded)) / coded
    # Only dishes of one code whose protein comes out, and nutrients that come mostly from what is cooked.
    codes = rows[rows["code"] > 0].groupby("dish")["code"].agg(["nunique", "first"])
    good = codes.index[codes["nunique"].eq(1) & (eaten_["protein"] / total["protein"]).between(0.99, 1.01)]
    left = left.where(coded / total > 0.3).loc[good, names]
    return left.groupby(codes.loc[good, "first"]).agg(["median", "count"])


def test_retention_factors_are_those_fndds_computed_its_dishes_with():
    found = retention_in_fndds()
    differences = [
        abs(found.loc[code, (nutrient, "median")] - factor)
        for code, (_, factors) in retention_factors().items()
        if code in found.index
        for nutrient, factor in factors.items()
        if found.loc[code, (nutrient, "count")] >= 3
    ]
    # Factors come in steps of 5 %; some ingredients have newer values in FNDDS than in SR Legacy.
    assert len(differences) > 200
    assert np.mean(np.array(differences) < 0.025) > 0.85


def test_every_code_that_words_lead_to_has_factors_and_every_factor_is_reached():
    with data_file("cooking_states.csv").open(encoding="utf-8", newline="") as file:
        named = {int(row["value"]) for row in csv.DictReader(file) if row["list"].startswith("code")}
    assert named == set(retention_factors())


def test_no_factor_is_above_one_or_negative():
    for _, factors in retention_factors().values():
        assert all(0 < factor <= 1 for factor in factors.values())
        assert set(factors) <= set(load_nutrients().index)
