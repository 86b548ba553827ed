import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.diary import read_diary
from nutridiary.diary.amounts import decimal_mark, parse_amount
from nutridiary.diary.food_text import split_food
from nutridiary.diary.recall_amounts import in_plain_amount
from nutridiary.foods import load_foods
from nutridiary.matching import match_foods
from nutridiary.portions import weigh
from nutridiary.units import canonical_unit

# Written by hand: what a reader of the line would say.
AMOUNTS = [
    ("1 1/2 cups", 1.5, "cup"), ("½", 0.5, None), ("1½", 1.5, None), ("2 x 30 g", 60, "g"), ("150g", 150, "g"),
    ("1,5 dl", 1.5, "dl"), ("1.234,5 g", 1234.5, "g"), ("1,234.5 g", 1234.5, "g"), ("a banana", 1, None),
    ("half an avocado", 0.5, None), ("one and a half", 1.5, None), ("~200 ml", 200, "ml"), ("about 100 g", 100, "g"),
    ("12oz", 12, "oz"), ("1/2 c.", 0.5, "cup"), ("2 large", 2, "large"), ('1 medium - 3" diameter', 1, "medium"),
    ("a handful", 1, "handful"), ("100 g x 2", 200, "g"), ("1 can (330 ml)", 330, "ml"), ("1 cup (240 g)", 240, "g"),
    ("2 cans (330 ml)", 660, "ml"), ("2 slices (60 g)", 60, "g"), ("2 slices (30 g each)", 60, "g"),
    ("c. 100 g", 100, "g"),
    ("1-1/2 cups", 1.5, "cup"), ("2.00 x 1000.0 IU", 2000, "IU"), ("1 lb 4 oz", 20, "oz"), ("half a dozen", 6, None),
    ("a dozen", 12, None), ("two thirds of a cup", 2 / 3, "cup"), ("3/4 pint", 0.75, "pint"), ("1.00 each", 1, None),
    ("2 330 ml cans", 660, "ml"), ("2 cans of 330 ml", 660, "ml"), ("1 T", 1, "tbsp"), ("1 t", 1, "tsp"),
    ("x2", 2, None),
    ("2x", 2, None), ("1 000 g", 1000, "g"), ("0.5", 0.5, None), (".5 cup", 0.5, "cup"),
    ("2 serving(s)", 2, "serving"),
    ("2 large slices", 2, "slice"), ("1 fl. oz.", 1, "fl oz"), ("1 full recipe", 1, "recipe"),
    ("a couple of slices", 2, "slice"),
    ("0.5 can (12 fl oz)", 6, "fl oz"), ("2.0 slice (1 oz)", 2, "oz"), ("2 dozen", 24, None),
    ("1 and a half cups", 1.5, "cup"),
    ("one-half cup", 0.5, "cup"), ("1 medium-sized", 1, "medium"), ("1 cup and 2 tbsp", 18, "tbsp"),
    ("1 metric cup", 1, "metric cup"), ("½ tin", 0.5, "can"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount", "unit"), AMOUNTS)
def test_parse_amount_reads_what_people_write(text, amount, unit):
    parsed = parse_amount(text)
    assert (parsed.amount, parsed.unit, parsed.problem) == (pytest.approx(amount), unit, "")


@pytest.mark.parametrize(
    ("text", "low", "amount", "high", "unit"),
    [
        ("1-2 slices", 1, 1.5, 2, "slice"),
        ("1 to 2 tbsp", 1, 1.5, 2, "tbsp"),
        ("2 or 3 pieces", 2, 2.5, 3, "piece"),
        ("100g-150g", 100, 125, 150, "g"),
        ("100–150 g", 100, 125, 150, "g"),
        ("2 x 1-2 cups", 2, 3, 4, "cup"),
    ],
)
def test_parse_amount_keeps_both_ends_of_a_stated_range(text, low, amount, high, unit):
    parsed = parse_amount(text)
    assert (parsed.low, parsed.amount, parsed.high, parsed.unit) == (low, amount, high, unit)


def test_parse_amount_states_no_range_where_none_is_written():
    parsed = parse_amount("2 slices")
    assert math.isnan(parsed.low)
    assert math.isnan(parsed.high)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-2", 'the amount "-2" is negative'),
        ("−100 g", "is negative"),
        ("0", 'the amount "0" is zero'),
        ("0.00 mg", "is zero"),
        ("12000 g", "more than 10 kg"),
        ("11 kg", "more than 10 kg"),
        ("11 l", "more than 10 litres"),
        ("101 slices", 'more than 100 of "slice"'),
        ("150", 'has no unit: 150 of what? Write for example "150 g"'),
        ("blah", "cannot read the amount"),
        ("1e5", "cannot read the amount"),
        ("1..2", "cannot read the amount"),
        ("1/0", "cannot read the amount"),
        ("9" * 40, "cannot read the amount"),
        ("9" * 5000, "5000 characters long"),
        ("50%", "cannot read the amount"),
    ],
)
def test_parse_amount_says_what_is_wrong_with_an_amount(text, words):
    parsed = parse_amount(text)
    assert words in parsed.problem


@pytest.mark.parametrize("text", ["?", "??", "n/a", "some", "a few", "a lot of it", "unknown", "-", "to taste"])
def test_parse_amount_unknown_stays_unknown_and_is_said(text):
    parsed = parse_amount(text)
    assert math.isnan(parsed.amount)
    assert parsed.problem == ""
    assert "unknown" in parsed.note


def test_parse_amount_of_a_blank_cell_is_missing_and_not_one():
    assert math.isnan(parse_amount("").amount)
    assert math.isnan(parse_amount("  ").amount)


def test_parse_amount_unit_without_number_is_one_only_where_the_word_counts():
    assert (parse_amount("handful").amount, parse_amount("handful").unit) == (1, "handful")
    assert "read as one" in parse_amount("handful").note
    assert math.isnan(parse_amount("slices").amount)
    assert math.isnan(parse_amount("g").amount)


def test_parse_amount_ambiguous_thousands_follow_the_column_or_are_flagged():
    assert parse_amount("1,500 g").amount == 1500
    assert "thousands" in parse_amount("1,500 g").note
    assert parse_amount("1,500 g", decimal=",").amount == 1.5
    assert parse_amount("1,500 g", decimal=".").amount == 1500
    assert parse_amount("1,500 g", decimal=".").note == ""
    assert parse_amount("1.500 g", decimal=",").amount == 1500
    assert parse_amount("0,125 g").amount == 0.125


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1,5", "2,25"], ","),
        (["1.5", "2"], "."),
        (["1.234,5"], ","),
        (["1,234.5"], "."),
        (["1,500", "2,000"], None),
        (["1,5", "1.5"], None),
        (["0,125"], ","),
        (["1,234,567"], "."),
        (["a cup", ""], None),
    ],
)
def test_decimal_mark_is_decided_by_the_column(column, mark):
    assert decimal_mark(column) == mark


def test_parse_amount_weight_in_brackets_wins_with_a_note():
    parsed = parse_amount("1 cup (240 g)")
    assert (parsed.amount, parsed.unit) == (240, "g")
    assert "in brackets" in parsed.note
    # A weight outside is not replaced by a volume inside.
    assert parse_amount("100 g (1 cup)").unit == "g"


FOODS = [
    ("2 slices wholemeal toast", 2, "slice", "wholemeal toast"), ("200g chicken breast", 200, "g", "chicken breast"),
    ("chicken breast 200 g", 200, "g", "chicken breast"), ("half an avocado", 0.5, None, "avocado"),
    ("1 cup of cooked rice", 1, "cup", "cooked rice"), ("a banana", 1, None, "banana"), ("2 eggs", 2, "egg", "eggs"),
    ("2 large eggs", 2, "large", "eggs"), ("2 egg whites", 2, None, "egg whites"),
    ("1 whole wheat roll", 1, None, "whole wheat roll"),
    ("Onions, raw, 0.5 cup", 0.5, "cup", "Onions, raw"), ("coffee x2", 2, None, "coffee"),
    ("toast - 2 slices", 2, "slice", "toast"),
    ("banana (1 medium)", 1, "medium", "banana"), ("2 slices toast (60 g)", 60, "g", "toast"),
    ("1 can coke 330 ml", 330, "ml", "coke"),
    ("2 cans coke 330ml", 660, "ml", "coke"), ("yogurt 0% 150g", 150, "g", "yogurt 0%"),
    ("1 cup milk, 2%", 1, "cup", "milk, 2%"),
    ("pasta (100g dry)", 100, "g", "pasta, dry"), ("vitamin d 1000 IU", 1000, "IU", "vitamin d"),
    ("500ml water", 500, "ml", "water"),
    ("cup of tea", 1, "cup", "tea"), ("glass of wine 175ml", 175, "ml", "wine"),
    ("toast, two slices", 2, "slice", "toast"),
    ("two eggs, scrambled", 2, None, "eggs, scrambled"), ("1/2 a grapefruit", 0.5, None, "grapefruit"),
    ("2 tbsp. peanut butter (32 g)", 32, "g", "peanut butter"), ("spinach, 2 cups raw", 2, "cup", "spinach, raw"),
    ("1 Big Mac", 1, None, "Big Mac"), ("2 7 ups", 2, None, "7 ups"), ("1 whole milk", 1, None, "whole milk"),
    ("1 medium-sized banana", 1, "medium", "banana"), ("1 dozen oysters", 12, None, "oysters"),
    ("2 steak pies", 2, None, "steak pies"), ("1.5 utappam", 1.5, None, "utappam"),
    ("1 large coffee", 1, "large", "coffee"),
    ("dozen oysters", 12, None, "oysters"), ("Eggs, 2", 2, None, "Eggs"), ("2 x 125 g yogurt", 250, "g", "yogurt"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount", "unit", "food"), FOODS)
def test_split_food_takes_the_amount_out_of_the_text(text, amount, unit, food):
    found = split_food(text)
    assert (found.amount, found.unit, found.rest, found.problem) == (pytest.approx(amount), unit, food, "")


@pytest.mark.parametrize(
    "name",
    [
        "7 up", "7-Up", "7up", "2% milk", "Milk 2%", "5 Guys", "5 Guys burger", "90% lean beef", "1% milk",
        "Five Guys fries", "3 musketeers",
        "3 egg omelette", "9 grain bread", "4 cheese pizza", "quarter pounder", "half and half", "half & half",
        "A1 sauce", "V8 juice",
        "Vitamin B12", "omega 3", "pizza 12 inch", '6" sub', "50/50 bread", "large coffee", "a la carte",
        "100 calorie pack almonds",
        "thousand island dressing", "coffee with 2 sugars", "bread", "one a day", "7 layer dip", "Coke Zero",
        "80/20 beef", "12-grain bread",
    ],
)  # fmt: skip
def test_split_food_leaves_names_with_numbers_whole(name):
    found = split_food(name)
    assert math.isnan(found.amount)
    assert found.rest == name


@pytest.mark.parametrize(
    "text", ["king prawns (60g) and egg noodles (150g) with sauce", "2 slices toast with 10 g butter"]
)
def test_split_food_refuses_two_amounts_in_one_line(text):
    found = split_food(text)
    assert "several amounts in one line" in found.problem
    assert found.rest == text


def test_split_food_does_not_take_the_amount_of_a_part_for_the_whole():
    found = split_food("coffee with 2 tsp sugar")
    assert math.isnan(found.amount)
    assert "said of a part" in found.note


def test_split_food_vague_amounts_stay_unknown():
    found = split_food("a few crisps")
    assert math.isnan(found.amount)
    assert found.rest == "crisps"
    assert "unknown" in found.note


def test_split_food_misspelt_unit_names_the_unit_that_was_meant():
    assert split_food("1.5 cpu rice, cooked").problem == (
        "unknown unit 'cpu' in \"1.5 cpu rice, cooked\". Did you mean 'cup'?"
    )


def test_split_food_amount_alone_names_no_food():
    assert split_food("200 g").rest == ""


@given(st.text(max_size=300))
def test_parse_amount_never_raises_and_never_gives_amount_and_silence(text):
    for parsed in (parse_amount(text), split_food(text)):
        assert parsed.problem or math.isnan(parsed.amount) or 0 < parsed.amount <= 10_000_000_000_000_000
        assert parsed.unit is None or canonical_unit(parsed.unit) == parsed.unit
        assert math.isnan(parsed.low) == math.isnan(parsed.high)


@given(
    amount=st.integers(1, 99),
    unit=st.sampled_from(["g", "ml", "cups", "slices", "oz", "tbsp", "large", "handfuls"]),
    food=st.sampled_from(["toast", "rice, cooked", "apple pie", "Käse"]),
)
def test_amount_in_its_cell_and_in_front_of_the_food_mean_the_same(amount, unit, food):
    cell = parse_amount(f"{amount} {unit}")
    text = split_food(f"{amount} {unit} {food}")
    assert (cell.amount, cell.unit) == (text.amount, text.unit) == (amount, canonical_unit(unit))
    assert text.rest == food


@given(count=st.integers(2, 9), weight=st.integers(1, 500))
def test_parse_amount_multiplies_in_either_order(count, weight):
    assert (
        parse_amount(f"{count} x {weight} g").amount == parse_amount(f"{weight} g x {count}").amount == count * weight
    )


def test_docs_diaries_reads_amounts_as_its_table_says():
    page = Path(__file__).parents[1] / "docs" / "diaries.md"
    table = re.findall(r"^\| `(.+?)` \| ([\d.]+) ?([a-z ]*?) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(table) >= 15
    for written, amount, unit in table:
        parsed = parse_amount(written)
        assert (parsed.amount, parsed.unit or "") == (float(amount), unit), written


@pytest.mark.parametrize("text", ["less than 2 ounces", "Less than 2 oz", "<2 oz", "under 2 oz"])
def test_less_than_an_amount_is_half_of_it_with_bounds_and_a_note(text):
    found = parse_amount(text)
    assert (found.low, found.amount, found.high, found.unit) == (0.0, 1.0, 2.0, "oz")
    assert "less than 2" in found.note


def test_less_than_that_belongs_to_a_name_is_left_alone():
    assert split_food("under a minute noodles").rest == "under a minute noodles"


@pytest.mark.parametrize(
    ("cells", "grams"),
    [  # FNDDS: sourdough, 1 small or thin slice = 24 g, 1 medium or regular slice = 31 g
        ("sourdough bread,2 small slices,", 48.0),
        ("sourdough bread,2,small slices", 48.0),
        ("2 small slices of sourdough bread,,", 48.0),
        ("sourdough bread,2 regular slices,", 62.0),
        ("sourdough bread,BreadSize=Small slice | BreadPortionSlice=More than 1 slice 2.000,", 48.0),
        ("sourdough bread,,BreadSize=Small slice | BreadPortionSlice=More than 1 slice 2.000", 48.0),
        (
            "tap water,WaterContainer=Glass | WaterContainerSize=10 fluid ounces | WaterPortion=80%,",
            240.0,
        ),  # FNDDS: 1 fl oz = 30 g
        ("cheddar cheese,,less than 1/8 cup", 7.0625),  # 1 cup, NFS = 113 g
    ],
)
def test_size_beside_a_unit_and_answers_of_a_recall_are_weighed_as_said(tmp_path, cells, grams):
    path = tmp_path / "diary.csv"
    path.write_text(f"date,food,amount,unit\n2024-05-01,{cells}\n", encoding="utf-8")
    foods = load_foods()
    row = weigh(match_foods(read_diary(path), foods), foods).iloc[0]
    assert row["gram_weight"] == pytest.approx(grams)


def test_recall_that_does_not_know_the_amount_leaves_it_unknown():
    assert in_plain_amount("FruitUnit=Cups | FruitPortionCup=Don't know") == "unknown"


def test_unit_without_an_answer_how_many_counts_nothing():
    assert parse_amount(in_plain_amount("BabyFoodUnit=Cups")).amount != 1


@pytest.mark.parametrize(
    ("text", "grams"),
    [  # FNDDS: apple, 1 small = 165 g; sweetened iced tea, 1 large drink = 744 g; peanut butter, 1 tablespoon = 16 g
        ("small apple", 165.0),
        ("large sweet tea", 744.0),
        ("tbsp peanut butter", 16.0),
        ("baby carrots 10", 100.0),  # 1 baby carrot = 10 g
        ("coke can", 372.0),  # 1 can (12 fl oz) = 372 g
    ],
)
def test_one_of_a_size_and_a_number_at_the_end_are_weighed_as_meant(tmp_path, text, grams):
    path = tmp_path / "diary.csv"
    path.write_text(f"date,food\n2024-05-01,{text}\n", encoding="utf-8")
    foods = load_foods()
    row = weigh(match_foods(read_diary(path), foods), foods).iloc[0]
    assert row["gram_weight"] == pytest.approx(grams)


@pytest.mark.parametrize("text", ["large shrimp", "large eggs"])
def test_several_of_a_size_without_a_number_stay_an_unknown_amount(tmp_path, text):
    path = tmp_path / "diary.csv"
    path.write_text(f"date,food\n2024-05-01,{text}\n", encoding="utf-8")
    foods = load_foods()
    row = weigh(match_foods(read_diary(path), foods), foods).iloc[0]
    assert row["weight_method"] == "quantity_not_specified"


@pytest.mark.parametrize("name", ["omega 3", "vitamin b 12", "heinz 57", "oats 40", "milk 50"])
def test_number_of_a_name_or_one_that_may_be_a_weight_counts_nothing(name):
    assert math.isnan(split_food(name).amount)


@pytest.mark.parametrize("text", ["A=B=C", "a= b= 2 | c=", "=", "x==y=1 slice 2.000"])
def test_answers_with_several_equal_signs_are_read_without_stumbling(text):
    assert isinstance(in_plain_amount(text), str)


def test_answer_with_an_equal_sign_in_it_is_one_answer():
    assert in_plain_amount("BreadSize=Thin = slice | BreadPortionSlice=More than 1 slice 2.000") == "2 thin slice"
