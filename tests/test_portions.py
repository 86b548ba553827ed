"""Weighing: published weights, refusals, what is assumed, and what always holds."""

from __future__ import annotations

import csv
import re
from math import isnan, nan
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nutridiary.analysis import analyze
from nutridiary.cli import main
from nutridiary.data_files import data_file
from nutridiary.foods import load_foods
from nutridiary.portions import WEIGHT_METHODS, weigh
from nutridiary.portions.lengths import stated_length
from nutridiary.portions.words import vocabulary
from nutridiary.tables import MATCHED, WEIGHED, conform
from nutridiary.units import canonical_unit

FOODS = load_foods()
PHRASES = Path(__file__).parent / "data" / "portion_lines.csv"

# FNDDS food codes.
MILK, APPLE, BANANA, BREAD, EGG, CHEDDAR = 11112110, 63101000, 63107010, 51101000, 31101010, 14104100
PIZZA, BEER, ALMONDS, PASTA, HUMAN_MILK, WATER = 58106200, 93101000, 42100100, 56130000, 11000000, 94000100
BACON, TOMATO, PEANUTS, POPSICLE, WINE = 22600100, 74101000, 42111000, 91611000, 93401010
PLUM, STRAWBERRIES, TANGERINE, CELERY, PEACH, FRIED_EGG = 63143010, 63223020, 61125010, 75109000, 63135010, 31105030
MANGO, CANTALOUPE, FRIES, PICKLE, CANDY_BAR = 63129010, 63109010, 71401030, 75503010, 91705005
WHEAT_CRACKERS, GELATIN, RESTAURANT_PIZZA, RICE, GUMMY = 54338000, 91501010, 58106210, 56205008, 91745010
FROZEN_PIZZA, MEATBALL_SUB, QUICHE, FLOUR_TORTILLA, HOT_DOG = 58106200, 27510700, 58125110, 52215200, 25210110
TOMATO_SOUP, CHICKEN_BREAST, CORN_FLAKES, COFFEE, GRAPES = 74601000, 24120110, 57134000, 92101000, 63123000


def entry(food_code=None, amount=nan, unit=None, food_text="", *, fdc_id=None, **more):
    """One matched row; the food by FNDDS code or FDC id."""
    food = FOODS.with_codes([food_code]) if food_code else FOODS.foods([fdc_id])
    assert len(food) == 1, food_code or fdc_id
    row = food.iloc[0]
    return {
        "source": "diary.csv",
        "line": 2,
        "kind": "food",
        "food_text": food_text or row["description"].casefold(),
        "amount": amount,
        "unit": unit,
        "fdc_id": row["fdc_id"],
        "food_code": row["food_code"],
        "food_description": row["description"],
        "data_type": row["data_type"],
        **more,
    }


def weigh_rows(*rows):
    numbered = [{**row, "line": line} for line, row in enumerate(rows, start=2)]
    return weigh(conform(pd.DataFrame(numbered), MATCHED), FOODS)


def weigh_one(*args, **more):
    return weigh_rows(entry(*args, **more)).iloc[0]


# Published weights: FNDDS 2021-2023 "Portions and Weights" and SR Legacy food_portion.csv.
@pytest.mark.parametrize(
    ("food_code", "amount", "unit", "text", "grams"),
    [
        (MILK, 1, "cup", "milk", 244),
        (MILK, 2, "fl oz", "milk", 61),
        (BANANA, 1, None, "banana", 126),
        (BANANA, 0.5, "cup", "mashed banana", 112.5),
        (APPLE, 1, "medium", "apple", 200),
        (APPLE, 1, "extra large", "apple", 295),
        (BREAD, 2, "slice", "thick white bread", 86),
        (BREAD, 1, "slice", "thin white bread", 24),
        (CHEDDAR, 0.25, "cup", "grated cheddar", 28.25),
        (CHEDDAR, 1, "cup", "cheddar, diced", 132),
        (BEER, 1, "can", "beer", 360),
        (BACON, 3, "slice", "bacon", 24),
        (WINE, 1, "glass", "wine", 180),
    ],
)
def test_weigh_reproduces_published_portion(food_code, amount, unit, text, grams):
    row = weigh_one(food_code, amount, unit, text)
    assert row["gram_weight"] == pytest.approx(grams)
    assert row["weight_method"] == "food_portion"
    assert row["gram_low"] <= grams <= row["gram_high"]


def test_weigh_reads_sr_legacy_portions():
    medium = weigh_one(fdc_id=173944, amount=1, unit="medium", food_text="banana")
    assert medium["gram_weight"] == 118  # SR Legacy 09040 Bananas, raw: 1 medium (7" to 7-7/8" long)
    assert medium["portion"].startswith("1 medium (7")


def test_weigh_takes_stated_weight_as_it_is():
    row = weigh_one(CHEDDAR, 2, "oz", "cheddar")
    assert row["gram_weight"] == pytest.approx(2 * 28.349523125)
    assert row["gram_low"] == row["gram_high"] == row["gram_weight"]
    assert row["weight_method"] == "stated_weight"
    assert pd.isna(row["note"])


def test_weigh_says_that_ounces_of_a_drink_are_read_as_weight():
    row = weigh_one(MILK, 8, "oz", "milk")
    assert row["gram_weight"] == pytest.approx(226.796185)
    assert row["note"] == "ounces read as weight; a fluid ounce of it weighs 30.5 g"


def test_weigh_converts_weight_of_dry_pasta_to_weight_eaten():
    row = weigh_one(PASTA, 100, "g", "dry pasta")
    assert row["gram_weight"] == pytest.approx(100 * 80 / 28.349523125)  # FNDDS: 1 oz, dry, yields = 80 g
    assert "weighed dry" in row["note"]
    assert weigh_one(PASTA, 100, "g", "pasta")["gram_weight"] == 100


def test_weigh_converts_weight_in_shell_to_weight_eaten():
    row = weigh_one(PEANUTS, 100, "g", "peanuts in shell")
    assert row["gram_weight"] == pytest.approx(100 * 21 / 28.349523125)  # FNDDS: 1 oz, in shell, yields = 21 g
    assert "in shell" in row["note"]


def test_weigh_uses_own_density_for_another_volume():
    row = weigh_one(CHEDDAR, 1, "tbsp", "shredded cheddar")
    assert row["gram_weight"] == pytest.approx(113 / 16)  # 1 cup, shredded = 113 g; 16 tbsp a cup
    assert row["weight_method"] == "food_density"
    millilitres = weigh_one(MILK, 100, "ml", "milk")
    assert millilitres["gram_weight"] == pytest.approx(100 * 244 / 236.5882365, rel=1e-3)


def test_weigh_refuses_volume_of_food_without_volume_portion():
    row = weigh_one(PIZZA, 1, "cup", "pizza")
    assert isnan(row["gram_weight"])
    assert pd.isna(row["weight_method"])
    assert 'no weight for a "cup" of Pizza, cheese' in row["problem"]
    assert "1 piece, NFS = 97 g" in row["problem"]
    assert "write the weight in g" in row["problem"]


def test_weigh_refuses_unit_it_does_not_know():
    row = weigh_one(BREAD, 1, "blorp", "bread")
    assert row["problem"].startswith('unknown unit "blorp" for Bread, white. It has 1 ')
    assert isnan(row["gram_weight"])


def test_weigh_refuses_handful_no_source_weighs():
    assert 'no weight for a "handful"' in weigh_one(APPLE, 1, "handful", "apple")["problem"]


@pytest.mark.parametrize("amount", [0.0, -1.0, float("inf")])
def test_weigh_refuses_impossible_amount(amount):
    row = weigh_one(MILK, amount, "cup", "milk")
    assert f"the amount cannot be {amount:g}" in row["problem"]
    assert isnan(row["gram_weight"])


def test_weigh_flags_assumed_size_and_bounds_it():
    row = weigh_one(APPLE, 2, None, "apples")
    assert (row["gram_low"], row["gram_weight"], row["gram_high"]) == (330, 400, 484)  # small, medium, large
    assert row["note"] == 'size not stated: "medium" assumed'


def test_weigh_slice_is_the_regular_one_bounded_by_thin_and_thick():
    row = weigh_one(BREAD, 1, "slice", "white bread")
    assert (row["gram_low"], row["gram_weight"], row["gram_high"]) == (24, 28, 43)  # never "crust not eaten" = 13 g


def test_weigh_takes_the_usual_of_several_sizes_where_fndds_tells_it():
    row = weigh_one(COFFEE, 1, None, "coffee")
    assert row["gram_weight"] == 360  # FNDDS 92101000: 1 small = 360 g, as for a quantity not specified
    assert row["note"] == 'size not stated: "small" assumed'


def test_weigh_takes_no_brand_the_line_does_not_name():
    molasses = FOODS.foods().query("description == 'Cookies, molasses'")["fdc_id"].iloc[0]
    row = weigh_one(fdc_id=int(molasses), amount=1, unit="piece", food_text="molasses cookie")
    assert row["portion"] == "1 medium = 15 g"  # not "1 cookie, Little Debbie = 20 g"


def test_weigh_flags_size_the_food_does_not_have():
    row = weigh_one(PLUM, 1, "large", "plum")
    assert row["gram_weight"] == 75  # FNDDS 63143010 and SR Legacy 09279 know one size of plum
    assert 'no large portion: "fruit" used' in row["note"]


@pytest.mark.parametrize(
    ("food_code", "unit", "text", "grams"),
    [
        # SR Legacy: 09040 bananas, 09316 strawberries, 09218 tangerines, 09236 peaches.
        (BANANA, "large", "banana", 136),
        (BANANA, "extra small", "banana", 81),
        (STRAWBERRIES, "small", "strawberry", 7),
        (STRAWBERRIES, None, "medium strawberries", 12),
        (TANGERINE, "small", "clementine", 76),
        (PEACH, "small fruit", "peach", 130),
    ],
)
def test_weigh_takes_size_fndds_lacks_from_record_food_is_made_of(food_code, unit, text, grams):
    row = weigh_one(food_code, 1, unit, text)
    assert row["gram_weight"] == grams
    assert row["weight_method"] == "similar_food_portion"
    assert "weighed like" in row["note"]


def test_weigh_says_nothing_of_a_size_that_is_the_only_one():
    row = weigh_one(CELERY, 1, "medium stalk", "celery")  # FNDDS "1 stalk" = SR Legacy "1 stalk, medium"
    assert (row["gram_weight"], row["weight_method"]) == (40, "food_portion")
    assert pd.isna(row["note"])


def test_weigh_does_not_take_fried_egg_for_the_raw_one_it_is_made_of():
    assert weigh_one(FRIED_EGG, 1, "extra large egg", "fried egg")["gram_weight"] != 56  # the raw egg, without fat


def test_weigh_reads_count_noun_and_size_from_food_text():
    assert weigh_one(BREAD, 3, None, "3 thick slices of bread")["gram_weight"] == 3 * 43
    assert weigh_one(TOMATO, 4, None, "cherry tomatoes")["gram_weight"] == 4 * 17
    assert weigh_one(TOMATO, 1, None, "tomato")["gram_weight"] == 125


def test_weigh_counts_toast_in_slices_and_says_so():
    row = weigh_one(BREAD, 2, None, "toast")
    assert row["gram_weight"] == 56
    assert 'no unit given: counted as "medium or regular slice"' in row["note"]


def test_weigh_counts_drink_in_its_usual_container():
    row = weigh_one(BEER, 2, None, "beer")
    assert row["gram_weight"] == 720  # 2 x 12 fl oz, not the 40 fl oz bottle


def test_weigh_counts_pizza_in_pieces_not_whole_pizzas():
    row = weigh_one(PIZZA, 2, None, "pizza")
    assert row["gram_weight"] == 2 * 97
    assert "counted as pieces" in row["note"]
    assert weigh_one(PIZZA, 1, None, "whole pizza")["gram_weight"] > 300


@pytest.mark.parametrize(
    ("food_code", "amount", "unit", "text", "grams"),
    [
        (MANGO, 1, None, "mango", 210),  # not "1 slice/chunk": people eat whole ones
        (CANTALOUPE, 4, "piece", "cantaloupe", 60),  # cubes, not melons
        (CANTALOUPE, 0.25, None, "medium cantaloupe", 137.5),
        (FRIES, 1, None, "large fries", 180),  # the order, not a large one of the fries
        (FRIES, 10, None, "fries", 50),
        (WHEAT_CRACKERS, 16, None, "Wheat Thins", 48),  # crackers, not small bags
        (PICKLE, 1, None, "dill pickle", 80),  # not the miniature
        (CANDY_BAR, 1, "fun size", "chocolate bar", 15),  # not the miniature
        (GELATIN, 1, "snack cup", "jello", 95),
        (GUMMY, 12, None, "gummy bears", 24),  # not twelve bags
        (GUMMY, 1, "bag", "gummy bears", 60),
        (APPLE, 5, None, "apples", 1000),  # five are apples all the same
        (RESTAURANT_PIZZA, 1, "slice of large pizza", "cheese pizza", 119),
    ],
)
def test_weigh_counts_what_people_mean(food_code, amount, unit, text, grams):
    assert weigh_one(food_code, amount, unit, text)["gram_weight"] == pytest.approx(grams)


def test_weigh_takes_slice_of_pizza_as_piece_and_says_so():
    row = weigh_one(PIZZA, 1, "slice", "pizza")
    assert row["gram_weight"] == 97
    assert "no slice portion" in row["note"]


def test_weigh_does_not_count_a_popsicle_as_a_miniature():
    assert weigh_one(POPSICLE, 1, None, "popsicle")["gram_weight"] == 50


def test_weigh_size_in_name_of_food_is_not_size_of_portion():
    row = weigh_one(PIZZA, 1, None, "thin crust cheese pizza")
    assert row["gram_weight"] == 97


def test_weigh_half_is_half_of_natural_unit():
    assert weigh_one(BANANA, 1, "half", "banana")["gram_weight"] == 63


# FNDDS 2021-2023: thin frozen cheese pizza, 5-7" 209 g, 8-10" 320 g, 11-13" 581 g, 14-16" 901 g; from a restaurant
# 5-7" 175 g, 8-10" 480 g, 11-12" 691 g, 13-15" 954 g; a meatball sub of 6" 270 g; quiche of 9" 1536 g.
# SR Legacy, of which the flour tortilla is made: about 6" 30 g, 7-8" 49 g, 10" 72 g.
@pytest.mark.parametrize(
    ("food_code", "amount", "unit", "text", "as_written", "grams"),
    [
        (FROZEN_PIZZA, 1, "pizza", "cheese pizza, thin crust", '1.00 pizza 8" diameter', 320),
        (FROZEN_PIZZA, 2, "pizza", "cheese pizza, thin crust", '2.00 pizza 6" diameter', 418),
        (FROZEN_PIZZA, 1, "medium pizza", "cheese pizza", '1.00 pizza, medium (8" diameter)', 320),
        (FROZEN_PIZZA, 1, None, "30 cm pizza", "1", 581),
        (RESTAURANT_PIZZA, 1, None, "8-inch pizza", "1", 480),
        (RESTAURANT_PIZZA, 1, None, "pizza (14 inches)", "1", 954),
        (RESTAURANT_PIZZA, 0.5, None, '12" pizza', "half", 345.5),
        (RESTAURANT_PIZZA, nan, None, "8 inch pizza", None, 480),
        (MEATBALL_SUB, nan, None, '6" meatball sub', None, 270),
        (RESTAURANT_PIZZA, nan, None, '1 8" cheese pizza', None, 480),
        (QUICHE, 1, None, "quiche", '1 whole (9" dia)', 1536),
        (FLOUR_TORTILLA, 2, None, "10-inch flour tortilla", "2", 144),
        (FLOUR_TORTILLA, nan, None, "10-inch flour tortilla", None, 72),
        (HOT_DOG, 1, None, "foot-long hot dog", "1", 88),
    ],
)
def test_weigh_takes_the_portion_as_long_as_the_line_says(food_code, amount, unit, text, as_written, grams):
    row = weigh_one(food_code, amount, unit, text, amount_text=as_written)
    assert row["gram_weight"] == pytest.approx(grams)
    assert "by its length" in row["note"]
    assert ("no number given" in row["note"]) == isnan(amount)


@pytest.mark.parametrize(("amount", "text"), [(1, "footlong meatball sub"), (nan, "footlong meatball sub")])
def test_weigh_takes_a_footlong_for_two_subs_of_six_inches(amount, text):
    row = weigh_one(MEATBALL_SUB, amount, None, text)
    assert row["gram_weight"] == 540
    assert row["weight_method"] == "food_portion"
    assert "footlong" in row["note"]


def test_weigh_takes_slices_from_a_pizza_of_the_size_its_length_tells():
    # FNDDS 2021-2023: a piece of a small one 80 g, of one whose size is not known 119 g.
    assert weigh_one(RESTAURANT_PIZZA, 2, "slice", "8 inch pizza")["gram_weight"] == 160
    assert weigh_one(RESTAURANT_PIZZA, 2, "slice", "pizza")["gram_weight"] == 238


@pytest.mark.parametrize(
    ("food_code", "unit", "as_written"),
    [(FROZEN_PIZZA, "pizza", '1.00 pizza 24" diameter'), (QUICHE, None, "1 whole (15 inches)")],
)
def test_weigh_takes_no_other_length_than_the_one_asked_for(food_code, unit, as_written):
    row = weigh_one(food_code, 1, unit, amount_text=as_written)
    assert isnan(row["gram_weight"])
    assert "no weight for one of" in row["problem"]
    assert '"' in row["problem"].partition("It has")[2]


def test_weigh_leaves_a_length_the_food_does_not_have_to_the_recorded_energy():
    # 263 kcal in 100 g (FNDDS 2021-2023): 526 kcal are 200 g.
    row = weigh_one(FROZEN_PIZZA, 1, "pizza", amount_text='1.00 pizza 3" diameter', recorded_energy=526.0)
    assert (row["gram_weight"], row["weight_method"]) == (pytest.approx(200), "recorded_energy")


@pytest.mark.parametrize(
    ("food_code", "unit", "plain", "text"),
    [
        (RESTAURANT_PIZZA, "piece", "pizza", 'pizza (1/8 of 14" pizza)'),
        (RESTAURANT_PIZZA, "piece", "pizza", '3" x 4" piece of pizza'),
        (RESTAURANT_PIZZA, "piece", "pizza", "3 in 1 pizza"),
        (APPLE, "large", "apple", 'apple (3-1/4" dia)'),
    ],
)
def test_weigh_is_not_led_by_a_length_that_is_not_that_of_the_whole(food_code, unit, plain, text):
    columns = ["gram_weight", "gram_low", "gram_high", "portion"]
    expected = weigh_one(food_code, 1, unit, plain)[columns].tolist()
    assert weigh_one(food_code, 1, unit, text)[columns].tolist() == expected


@pytest.mark.parametrize("food_code", [FROZEN_PIZZA, RESTAURANT_PIZZA])
@pytest.mark.parametrize("inches", range(1, 25))
def test_weigh_takes_a_portion_whose_range_holds_the_length_or_none(food_code, inches):
    row = weigh_one(food_code, 1, "pizza", "pizza", amount_text=f'1.00 pizza {inches}" diameter')
    weighed = re.search(r'\((\d+)-(\d+)" diameter\)', row["portion"]) if isinstance(row["portion"], str) else None
    if weighed is None:
        assert isnan(row["gram_weight"])
        assert inches < 5 or inches > 16
    else:
        assert int(weighed[1]) <= inches <= int(weighed[2])


@given(st.text("0123456789/-.\"'inch cmto()x of", max_size=300))
def test_stated_length_of_any_text_is_none_or_a_possible_length(text):
    length = stated_length(text)
    assert length is None or 0 < length.low <= length.high <= 100


def test_weigh_says_that_a_length_no_portion_states_is_not_used():
    row = weigh_one(APPLE, 1, None, "apple", amount_text='1 (3" dia)')
    assert row["gram_weight"] == 200
    assert 'its length, 3", is not used' in row["note"]


def test_weigh_range_gives_bounds():
    row = weigh_one(BANANA, 1.5, None, "bananas", amount_low=1, amount_high=2)
    assert (row["gram_low"], row["gram_weight"], row["gram_high"]) == (126, 189, 252)


def test_weigh_unknown_amount_uses_quantity_not_specified_and_flags_it():
    row = weigh_one(WATER, nan, None, "water")
    assert row["gram_weight"] == 360
    assert row["weight_method"] == "quantity_not_specified"
    assert "no amount given" in row["note"]
    assert row["gram_low"] < 360 < row["gram_high"]


@pytest.mark.parametrize("unit", ["g", "kg", "oz", "ml", "dl", "l"])
def test_weigh_unknown_amount_of_metric_unit_is_unknown_not_one(unit):
    row = weigh_one(BANANA, nan, unit, "banana")
    assert row["gram_weight"] == 126
    assert row["weight_method"] == "quantity_not_specified"
    assert f'only the unit "{unit}" given' in row["note"]


def test_weigh_household_unit_without_number_is_one_and_flagged():
    row = weigh_one(MILK, nan, "cup", "milk")
    assert row["gram_weight"] == 244
    assert row["note"] == "no number given: 1 cup assumed"


def test_weigh_quantity_not_specified_of_zero_is_unknown():
    row = weigh_one(HUMAN_MILK, nan, None, "human milk")
    assert isnan(row["gram_weight"])
    assert "no amount given" in row["problem"]


def test_weigh_portion_of_weight_zero_is_unknown():
    portion = {"fdc_id": 1, "amount": 1.0, "gram_weight": 0.0}
    cup = {**portion, "seq": 1, "description": "cup", "is_quantity_not_specified": False}
    unspecified = {**portion, "seq": 2, "description": "Quantity not specified", "is_quantity_not_specified": True}
    food = {
        "fdc_id": 1,
        "food_code": pd.NA,
        "description": "Ambrosia",
        "data_type": "other",
        "category": "Gods",
    }

    class Foods:
        """One food whose portions weigh nothing."""

        def foods(self, fdc_ids=(1,)):
            return pd.DataFrame([food] * len(list(fdc_ids)), columns=list(food))

        def portions(self, fdc_ids):
            return pd.DataFrame([cup, unspecified] * len(list(fdc_ids)), columns=list(cup))

        def rows(self, sql, parameters):
            return []

    eaten = {"source": "d", "kind": "food", "food_text": "ambrosia", "fdc_id": 1}
    rows = [{**eaten, "line": 2, "amount": 1.0, "unit": "cup"}, {**eaten, "line": 3}]
    weighed = weigh(conform(pd.DataFrame(rows), MATCHED), Foods())
    assert weighed["gram_weight"].isna().all()
    assert weighed["problem"].str.contains("It has no portion of known weight").all()


def test_weigh_unit_of_cherry_tomato_is_the_cherry():
    assert weigh_one(TOMATO, 3, "cherry tomato", "tomato")["gram_weight"] == 51


def test_weigh_piece_is_not_the_yield_of_a_pound():
    roast = FOODS.foods().query("data_type == 'sr_legacy_food' and description.str.startswith('Beef, ')")
    portions = FOODS.portions(roast["fdc_id"])
    pounds = portions[portions["description"].str.contains("yield from 1 lb", na=False)]
    fdc_id = int(pounds["fdc_id"].iloc[0])
    row = weigh_one(fdc_id=fdc_id, amount=1, unit="piece", food_text="roast beef")
    assert "yield from 1 lb" not in str(row["portion"])


def test_weigh_long_unit_is_cut_short_in_its_problem():
    assert len(weigh_one(APPLE, 1, "z" * 5000, "apple")["problem"]) < 300


def test_weigh_unknown_amount_of_sr_food_is_a_problem():
    row = weigh_one(fdc_id=173944, amount=nan, unit=None, food_text="banana")
    assert "no amount given" in row["problem"]


def test_weigh_handful_of_nuts_names_its_source():
    row = weigh_one(ALMONDS, 1, "handful", "almonds")
    assert (row["gram_low"], row["gram_weight"], row["gram_high"]) == (16.7, 36.3, 61.3)
    assert "Brown et al. 2021" in row["note"]
    assert weigh_one(ALMONDS, 1, "handful", "small almonds")["gram_weight"] == 16.7


def test_weigh_uses_typical_amount_only_where_defaults_are_asked_for():
    plates = conform(pd.DataFrame([entry(RICE, 2, "plate", "rice")]), MATCHED)
    assert isnan(weigh(plates, FOODS).iloc[0]["gram_weight"])
    row = weigh(plates, FOODS, defaults=True).iloc[0]
    with data_file("eating_frequency.csv").open(encoding="utf-8", newline="") as file:
        (reported,) = (line for line in csv.DictReader(file) if line["food_code"] == str(RICE))
    # One eating, whatever the number: two plates are not twice what people eat at a time.
    assert row["gram_weight"] == float(reported["grams_p50"])
    assert (row["gram_low"], row["gram_high"]) == (float(reported["grams_p5"]), float(reported["grams_p95"]))
    assert row["weight_method"] == "typical_amount"
    assert "as defaults were asked for" in row["note"]
    assert pd.isna(row["problem"])


def test_weigh_reads_every_portion_of_fndds_by_its_own_words():
    fndds = FOODS.foods().dropna(subset="food_code")
    # Every fifth food: what the problem of a line asks a user to write has to be understood.
    portions = FOODS.portions(fndds["fdc_id"].iloc[::5]).dropna(subset=["amount"])
    portions = portions[portions["gram_weight"].gt(0) & ~portions["description"].str.startswith("Guideline")]
    matched = portions[["fdc_id", "amount"]].assign(
        unit=[canonical_unit(unit) or unit for unit in portions["description"]],
        food_text=portions["fdc_id"].map(fndds.set_index("fdc_id")["description"]).str.casefold(),
        kind="food",
    )
    weighed = weigh(conform(matched.assign(source="d", line=range(len(matched))), MATCHED), FOODS)
    close = (weighed["gram_weight"] / portions["gram_weight"].to_numpy() - 1).abs() <= 0.1
    assert len(close) > 3000
    assert weighed["problem"].isna().all()
    assert close.mean() >= 0.99


def test_weigh_one_of_a_food_nobody_reported_is_not_a_slice_of_it():
    plantain = FOODS.foods().query("description == 'Plantain, cooked, fat added, NS as to fat type'")["fdc_id"].iloc[0]
    assert weigh_one(fdc_id=int(plantain), amount=1, unit="each", food_text="plantain")["gram_weight"] == 225


def test_weigh_everyday_phrases_as_the_tables_say():
    lines = pd.read_csv(PHRASES)
    codes = FOODS.foods().dropna(subset="food_code").set_index("food_code")["fdc_id"]
    ids = lines["fdc_id"].fillna(lines["food_code"].map(codes)).astype("int64")
    matched = lines[["food_text", "amount"]].assign(
        fdc_id=ids, unit=[canonical_unit(unit) or unit for unit in lines["unit"].fillna("")], kind="food"
    )
    weighed = weigh(conform(matched.assign(source="d", line=range(len(lines))), MATCHED), FOODS)
    close = (weighed["gram_weight"] / lines["grams"] - 1).abs() <= 0.1
    right = close | (lines["grams"].isna() & weighed["problem"].notna())
    aside = lines["kept_aside"].notna()
    assert len(lines) > 250
    assert right[~aside].mean() >= 0.99
    assert right[aside].mean() >= 0.95


def test_defaults_are_an_option_of_the_analysis_and_of_the_commands(tmp_path):
    diary = tmp_path / "diary.csv"
    diary.write_text("Date,Food,Amount,Unit\n2026-03-01,cooked white rice,1,plate\n")
    assert len(analyze(diary).problems) == 1
    asked = analyze(diary, defaults=True)
    assert asked.entries["weight_method"].tolist() == ["typical_amount"]
    assert asked.settings["typical amounts where a line cannot be weighed"] == "yes"
    for command in ("check", "entries", "analyze"):
        shown = CliRunner().invoke(main, [command, str(diary), "--defaults", "--csv"])
        assert shown.exit_code == 0, shown.output
        assert "no weight for" not in shown.output


def test_weigh_defaults_change_nothing_that_can_be_weighed():
    lines = conform(pd.DataFrame([entry(MILK, 1, "cup", "milk"), entry(WATER), entry(MILK, 0, "cup")]), MATCHED)
    pd.testing.assert_frame_equal(weigh(lines, FOODS, defaults=True), weigh(lines, FOODS))


def test_weigh_defaults_leave_food_nobody_reported_a_problem():
    assert (
        "problem" in weigh(conform(pd.DataFrame([entry(HUMAN_MILK)]), MATCHED), FOODS, defaults=True).iloc[0].dropna()
    )


def test_weigh_says_that_no_source_knows_a_large_mug():
    assert "no source says what a large one holds" in weigh_one(COFFEE, 1, "mug", "large coffee")["note"]


def test_weigh_handful_of_grapes_is_a_portion_of_five_a_day():
    row = weigh_one(GRAPES, 1, "handful", "grapes")
    assert (row["gram_low"], row["gram_weight"], row["gram_high"]) == (40, 80, 80)
    assert "5 A DAY" in row["note"]


def test_weigh_three_handfuls_of_cereal_are_forty_grams():
    row = weigh_one(CORN_FLAKES, 3, "handful", "corn flakes")
    assert row["gram_weight"] == pytest.approx(40, abs=0.2)
    assert "British Nutrition Foundation" in row["note"]


def test_weigh_glass_of_milk_uses_cited_volume_and_own_density():
    row = weigh_one(MILK, 1, "glass", "milk")
    assert row["gram_weight"] == pytest.approx(240 * 244 / 236.5882365, rel=1e-3)
    assert row["weight_method"] == "food_density"
    assert "21 CFR 101.12(b)" in row["note"]


def test_weigh_uses_weight_or_volume_stated_in_unit():
    mug = weigh_one(COFFEE, 2, "mug (8 fl oz)", "coffee")
    assert mug["gram_weight"] == pytest.approx(2 * 8 * 30)  # FNDDS: 1 fl oz = 30 g
    assert 'by the volume in "mug (8 fl oz)"' in mug["note"]
    cheese = weigh_one(CHEDDAR, 2, "slice (1 oz)", "cheddar")
    assert cheese["gram_weight"] == pytest.approx(2 * 28.349523125)
    assert cheese["weight_method"] == "stated_weight"


def test_weigh_thickness_in_brackets_is_not_the_size():
    assert weigh_one(BREAD, 1, "thin slice (1/4 thick)", "bread")["gram_weight"] == 24


def test_weigh_by_similar_food_names_it():
    row = weigh_one(TOMATO_SOUP, 1, "can", "tomato soup")
    assert row["weight_method"] == "similar_food_portion"
    assert row["gram_weight"] == 525  # FNDDS 74602010 Soup, tomato, canned: 1 can = 525 g
    assert 'weighed like "Soup, tomato, canned"' in row["note"]


def test_weigh_container_by_category_where_its_foods_agree():
    own = FOODS.foods()
    salsa = own[own["description"] == "Salsa, NFS"].iloc[0]
    row = weigh_one(fdc_id=int(salsa["fdc_id"]), amount=2, unit="container", food_text="salsa")
    mates = own[(own["category"] == salsa["category"]) & own["food_code"].notna()]
    portions = FOODS.portions(mates["fdc_id"])
    containers = portions[portions["description"].str.contains("container") & (portions["amount"] == 1)]
    assert row["gram_weight"] == 2 * containers["gram_weight"].median()
    assert row["weight_method"] == "similar_food_portion"
    assert "foods of its category" in row["note"]


def test_weigh_serving_only_where_food_has_one():
    assert "problem" in weigh_one(CHEDDAR, 1, "serving", "cheddar").dropna()
    flakes = weigh_one(CORN_FLAKES, 1, "serving", "corn flakes")
    assert flakes["gram_weight"] == 30  # FNDDS: 1 prepackaged single serving = 30 g


def test_weigh_implausible_weight_is_flagged_not_changed():
    row = weigh_one(BANANA, 20, None, "bananas")
    assert row["gram_weight"] == 20 * 126
    assert "more than 99 % of people report" in row["note"]
    absurd = weigh_one(WATER, 7, "l", "water")
    assert absurd["gram_weight"] > 7000
    assert "more than 5000 g" in absurd["note"]


def test_weigh_leaves_out_what_comes_to_more_than_ten_kilograms_of_one_food():
    row = weigh_one(BANANA, 90, None, "bananas")  # 90 · 126 g = 11.34 kg
    assert pd.isna(row["gram_weight"])
    assert pd.isna(row["gram_high"])
    assert "11340 g, more than 10 kg of one food" in row["problem"]
    assert weigh_one(WATER, 12_000, "g", "water")["gram_weight"] == 12_000  # a survey has it, of a day


def test_weigh_says_when_portion_leaves_out_bone():
    row = weigh_one(CHICKEN_BREAST, 1, "breast quarter", "chicken")
    assert row["gram_weight"] == 155
    assert "bone removed" in row["note"]


def test_weigh_leaves_rows_with_problem_or_without_food_alone():
    rows = [
        entry(MILK, 1, "cup", "milk", problem="unreadable date", note="as written"),
        {**entry(MILK, 1, "cup", "milk"), "fdc_id": None, "food_code": None},
    ]
    weighed = weigh_rows(*rows)
    assert weighed["gram_weight"].isna().all()
    assert weighed["weight_method"].isna().all()
    assert weighed["problem"].tolist()[0] == "unreadable date"
    assert weighed["note"].tolist()[0] == "as written"


def test_weigh_keeps_note_and_adds_its_own():
    row = weigh_one(APPLE, 1, None, "apple", note="please confirm")
    assert row["note"] == 'please confirm; size not stated: "medium" assumed'


def test_weigh_empty_table_gives_empty_table():
    weighed = weigh(conform(pd.DataFrame(), MATCHED), FOODS)
    assert list(weighed.columns) == WEIGHED.names
    assert len(weighed) == 0


def test_weigh_does_not_change_its_argument():
    matched = conform(pd.DataFrame([entry(APPLE, 1, None, "apple")]), MATCHED)
    before = matched.copy(deep=True)
    weigh(matched, FOODS)
    pd.testing.assert_frame_equal(matched, before)


UNITS = [
    *("bar (0 g)", "mug (8 fl oz)", "slice (1 oz)", "9" * 400 + " oz", "1 1 1", "(", ", ,", "half", "small small"),
    *(None, "g", "oz", "cup", "tbsp", "ml", "fl oz", "slice", "piece", "small", "large", "each", "half", "handful"),
    *("glass", "mug", "bowl", "can", "bottle", "packet", "serving", "pinch", "nonsense", "", "1/2", "\x00", "Ω" * 300),
]
TEXTS = ["", "large", "diced, raw, in shell", "slices of toast", "🍎", "no ice", "x" * 500, "dry (uncooked) 2 cups"]
CODES = [MILK, APPLE, BANANA, BREAD, EGG, CHEDDAR, PIZZA, BEER, ALMONDS, PASTA, HUMAN_MILK, WATER, BACON, TOMATO]
rows = st.builds(
    entry,
    st.sampled_from(CODES),
    st.one_of(st.just(nan), st.floats(0.01, 1000)),
    st.sampled_from(UNITS),
    st.sampled_from(TEXTS),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, min_size=1, max_size=12))
def test_weigh_gives_every_row_a_weight_or_a_problem(drawn):
    weighed = weigh_rows(*drawn)
    assert weighed["line"].tolist() == list(range(2, len(drawn) + 2))
    has_weight = weighed["gram_weight"].notna()
    assert (has_weight ^ weighed["problem"].notna()).all()
    assert (has_weight == weighed["weight_method"].notna()).all()
    assert weighed.loc[has_weight, "weight_method"].isin(WEIGHT_METHODS).all()
    known = weighed[has_weight]
    assert (known["gram_weight"] > 0).all()
    assert (known["gram_low"] <= known["gram_weight"]).all()
    assert (known["gram_weight"] <= known["gram_high"]).all()


@settings(max_examples=12, deadline=None)
@given(st.lists(rows, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_weigh_does_not_depend_on_order_of_rows(drawn, random):
    order = list(range(len(drawn)))
    random.shuffle(order)
    columns = ["gram_weight", "gram_low", "gram_high", "weight_method", "portion", "problem", "note"]
    straight = weigh_rows(*drawn)[columns]
    shuffled = weigh_rows(*(drawn[at] for at in order))[columns]
    pd.testing.assert_frame_equal(shuffled, straight.iloc[order].reset_index(drop=True))


@settings(max_examples=20, deadline=None)
@given(rows)
def test_weigh_twice_the_amount_weighs_twice(drawn):
    once, twice = weigh_rows(drawn, {**drawn, "amount": drawn["amount"] * 2}).to_dict("records")
    assume("more than 10 kg" not in f"{once['problem']} {twice['problem']}")
    for column in ("gram_weight", "gram_low", "gram_high"):
        factor = 1 if isnan(drawn["amount"]) else 2
        assert twice[column] == pytest.approx(factor * once[column], nan_ok=True)


def test_household_measures_name_their_source_and_are_in_order():
    with data_file("household_measures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"], row
            assert row["detail"], row
            assert 0 < float(row["low"]) <= float(row["typical"]) <= float(row["high"]), row
            assert row["unit"] in ("g", "ml"), row


def test_portion_words_have_known_roles_and_no_repeats():
    with data_file("portion_words.csv").open(encoding="utf-8", newline="") as file:
        lines = [(row["word"], row["role"]) for row in csv.DictReader(file)]
    assert len(lines) == len(set(lines))
    roles = {"size", "unsized", "form", "same", "family", "whole", "pack", "part", "serving", "guideline", "ignored"}
    assert {role for _, role in lines} == roles
    assert set(vocabulary().sizes.values()) == {1, 2, 3, 4, 5}
