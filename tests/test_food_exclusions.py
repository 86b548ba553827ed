"""What diets and allergies leave out, against foods labelled by hand and against the food codes of FNDDS.

tests/data/food_labels.csv: every food that may be suggested, and the food reported most in each food category, with
foods of the rarer allergens; labelled by reading what each is and is usually made of.
"""

import csv
from functools import cache
from pathlib import Path

import pytest

from nutridiary.errors import NutridiaryError
from nutridiary.foods import load_foods
from nutridiary.suggestions import Wishes
from nutridiary.suggestions.candidates import allowed_foods, load_suggested_foods
from nutridiary.suggestions.exclusions import FoodTexts, excluded_by, holds_word, known_names, load_rules

LABELS = Path(__file__).parent / "data" / "food_labels.csv"
ALLERGENS = sorted(set(known_names("allergen").values()) - {"shellfish"})
FLESH = {"meat", "fish", "crustaceans", "molluscs"}
# What may not be in a food of each diet, by label; every wheat food holds gluten, too.
FORBIDDEN = {
    "pescatarian": {"meat"},
    "vegetarian": FLESH,
    "vegan": FLESH | {"milk", "eggs"},
    "no_pork": {"pork"},
    "halal": {"pork", "meat"},
    "kosher": {"pork", "meat", "crustaceans", "molluscs"},
    "gluten_free": {"wheat", "gluten"},
    "dairy_free": {"milk"},
}
# Blocks of food codes of FNDDS, by its own scheme: milk products, eggs, fish, nuts, breads ...
BLOCKS = {
    "milk": (r"11[124567]|13|14", None),
    "eggs": ("3[123]", None),
    "fish": ("26[12]", None),
    "tree_nuts": ("42[01]", "eanut"),
    "soy": ("414[12]", None),
    "gluten": ("5[1345]", "gluten free|orn|rice|Rice|Popcorn|Papad"),
}


@cache
def labels() -> dict[int, set[str]]:
    with LABELS.open(encoding="utf-8", newline="") as lines:
        return {int(row["fdc_id"]): set(row["contains"].split()) for row in csv.DictReader(lines)}


@cache
def texts() -> FoodTexts:
    return FoodTexts.of(labels(), load_foods())


def holding(names: set[str]) -> set[int]:
    names = names | ({"wheat"} if "gluten" in names else set())
    return {food for food, contains in labels().items() if contains & names}


def test_labels_are_enough_and_name_every_allergen():
    assert len(labels()) >= 300
    assert set().union(*labels().values()) == {*ALLERGENS, "meat", "pork"}
    assert {food.fdc_id for food in load_suggested_foods()} <= set(labels())


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_allergen_leaves_out_every_labelled_food_that_has_it(allergen):
    assert holding({allergen}) - excluded_by("allergen", allergen, texts()) == set()


@pytest.mark.parametrize("diet", FORBIDDEN)
def test_diet_leaves_out_every_labelled_food_that_is_not_of_it(diet):
    assert holding(FORBIDDEN[diet]) - excluded_by("diet", diet, texts()) == set()


@pytest.mark.parametrize("allergen", BLOCKS)
def test_allergen_leaves_out_every_food_of_its_block_of_food_codes(allergen):
    codes, unless = BLOCKS[allergen]
    foods = load_foods().foods().dropna(subset="food_code")
    of_block = foods["food_code"].astype("str").str.match(codes) & foods["category_number"].lt(9000)
    if unless:
        of_block &= ~foods["description"].str.contains(unless)
    ids = set(foods.loc[of_block, "fdc_id"])
    missed = ids - excluded_by("allergen", allergen, FoodTexts.of(ids, load_foods()))
    assert foods.loc[foods["fdc_id"].isin(missed), "description"].to_list() == []


def test_no_wish_leaves_out_everything_but_the_plainest_foods_stay():
    for allergen in ALLERGENS:
        kept = {food.say for food in allowed_foods(Wishes(allergies=(allergen,)), load_foods())}
        assert {"banana", "lentils, cooked without salt", "spinach, cooked without salt"} <= kept, allergen
        assert len(kept) >= 80, allergen
    vegan = {food.say for food in allowed_foods(Wishes(diets=("vegan",)), load_foods())}
    assert {"firm tofu", "unsalted almonds", "peanut butter", "unsweetened soy milk"} <= vegan


def test_lactose_free_keeps_what_is_lactose_free_by_name():
    kept = {food.say for food in allowed_foods(Wishes(diets=("lactose intolerance",)), load_foods())}
    assert "lactose-free milk with 1 % fat" in kept
    assert "whole milk" not in kept


def test_words_that_only_look_like_an_allergen_are_no_sign_of_it():
    squash = load_foods().foods().query("description == 'Squash, winter, butternut, raw'")["fdc_id"]
    found = FoodTexts.of(squash, load_foods())
    assert "butter" in found.names[int(squash.iloc[0])]
    assert not excluded_by("allergen", "milk", found)
    assert not excluded_by("allergen", "tree_nuts", found)


def test_ingredients_of_a_recipe_leave_a_food_out_that_its_name_does_not():
    chard = load_foods().foods().query("description == 'Chard, cooked'")["fdc_id"].to_list()
    found = FoodTexts.of(chard, load_foods())
    assert "butter" not in found.names[chard[0]]
    assert excluded_by("allergen", "milk", found) == set(chard)


@pytest.mark.parametrize(
    ("word", "name", "found"),
    [
        ("tomatoes", "Tomatoes, raw", True),
        ("tomato", "Tomatoes, raw", True),
        ("kiwis", "Kiwi fruit, raw", True),
        ("berry", "Blueberries, raw", False),  # a part of a word is no word
    ],
)
def test_dislike_finds_a_whole_word_in_the_singular_and_the_plural(word, name, found):
    ids = load_foods().foods().query("description == @name")["fdc_id"]
    assert bool(holds_word(word, FoodTexts.of(ids, load_foods()))) is found


def test_every_rule_says_where_it_comes_from():
    with (Path(__file__).parents[1] / "data" / "food_exclusions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(load_rules())
    assert all(row["source"] for row in rows)
    eu = {row["name"] for row in rows if row["kind"] == "allergen" and "1169/2011" in row["source"]} - {
        "shellfish",
        "wheat",
    }
    assert len(eu) == 14
    us = {row["name"] for row in rows if "FALCPA" in row["source"]} & set(ALLERGENS)
    assert us == {"milk", "eggs", "fish", "crustaceans", "tree_nuts", "peanuts", "wheat", "soy", "sesame"}


@pytest.mark.parametrize(
    ("stated", "allergen"),
    [
        ("egg white", "eggs"),
        ("Whey", "milk"),
        ("cheese", "milk"),
        ("peanut butter", "peanuts"),
        ("anchovies", "fish"),
        ("Prawn", "crustaceans"),
        ("octopus", "molluscs"),
        ("hazelnut", "tree_nuts"),
        ("almond milk", "tree_nuts"),
        ("rye", "gluten"),
        ("wheat flour", "gluten"),
        ("gluten free", "gluten"),
        ("nut-free", "tree_nuts"),
        ("soy sauce", "soy"),
        ("PEANUT ALLERGY", "peanuts"),
    ],
)
def test_allergy_to_a_part_of_an_allergen_leaves_out_every_food_with_the_allergen(stated, allergen):
    kept = {food.fdc_id for food in allowed_foods(Wishes(allergies=(stated,)), load_foods())}
    assert not kept & holding({allergen})


@pytest.mark.parametrize("stated", ["milk; eggs", "milk and eggs", "eggs / milk", "Milk, EGGS"])
def test_allergies_in_one_text_are_all_kept(stated):
    assert set(Wishes(allergies=(stated,)).allergies) == {"milk", "eggs"}


def test_allergy_to_something_that_only_sounds_like_an_allergen_leaves_that_out_alone():
    assert Wishes(allergies=("buckwheat", "water chestnuts", "coconut milk")).allergies == (
        "buckwheat",
        "water chestnuts",
        "coconut milk",
    )


@pytest.mark.parametrize("stated", ["Erdnüsse", "Milch", "no", "n/a", "none", "latex", "-"])
def test_allergy_in_words_of_no_food_is_refused_with_every_allergen_there_is(stated):
    with pytest.raises(NutridiaryError, match=r"no food is called so.* one of .*peanuts.*Nothing is suggested"):
        Wishes(allergies=(stated,))


@pytest.mark.parametrize(("stated", "near"), [("mushrums", "mushrooms"), ("Milch", "milk"), ("peanutz", "peanut")])
def test_allergy_that_is_misspelt_is_refused_with_the_nearest_word(stated, near):
    with pytest.raises(NutridiaryError, match=f"Did you mean '{near}'"):
        Wishes(allergies=(stated,))


def test_dislike_of_gluten_leaves_out_what_holds_it_and_not_only_what_is_called_so():
    kept = {food.fdc_id for food in allowed_foods(Wishes(dislikes=("gluten",)), load_foods())}
    assert not kept & holding({"gluten"})
