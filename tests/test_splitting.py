"""Lines of several foods: what is told apart, what stays whole, and that nothing is lost on the way."""

import csv
import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.analysis import weighed_entries
from nutridiary.foods import load_foods
from nutridiary.splitting import split_lines
from nutridiary.splitting.joined_foods import RULES
from nutridiary.splitting.pieces import has_joint, read_pieces
from nutridiary.tables import ENTRIES, conform

ROOT = Path(__file__).parents[1]


def entries_of(*texts: str, **columns: object) -> pd.DataFrame:
    """Return entries of these texts, read as a diary with a food column only would be."""
    rows = {"source": "d.csv", "line": range(2, len(texts) + 2), "food_text": list(texts), "kind": "food"}
    return conform(pd.DataFrame({**rows, **columns}), ENTRIES)


@cache
def split_text(text: str) -> tuple[tuple[float, str | None, str], ...]:
    found = split_lines(entries_of(text), load_foods())
    return tuple(
        (row.amount, row.unit if isinstance(row.unit, str) else None, row.food_text) for row in found.itertuples()
    )


def foods_of(text: str) -> list[str]:
    return [food for _, _, food in split_text(text)]


def read(tmp_path: Path, text: str) -> pd.DataFrame:
    path = tmp_path / "diary.csv"
    path.write_text(text, encoding="utf-8")
    return weighed_entries(path)


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("two scrambled eggs with whole wheat toast and butter", ["scrambled eggs", "whole wheat toast", "butter"]),
        ("toast with butter", ["toast", "butter"]),
        ("coffee with milk and 2 sugars", ["coffee", "milk", "sugars"]),
        ("bagel with cream cheese", ["bagel", "cream cheese"]),
        ("side salad with ranch", ["side salad", "ranch"]),
        ("apple, 2 biscuits", ["apple", "biscuits"]),
        ("fish and chips", ["fried fish", "french fries"]),
        ("banana + handful of almonds", ["banana", "almonds"]),
        ("orange juice; croissant", ["orange juice", "croissant"]),
        ("beans on toast", ["beans", "toast"]),
        ("avocado toast", ["avocado", "toast"]),
        ("1.5 utappam and peanut chutney", ["utappam", "peanut chutney"]),
        ("lentil soup with a slice of bread", ["lentil soup", "bread"]),
        ("coffee and a blueberry muffin", ["coffee", "blueberry muffin"]),
    ],
)
def test_split_lines_tells_foods_of_one_line_apart(text, foods):
    assert foods_of(text) == foods


@pytest.mark.parametrize(
    "text",
    [
        "cheese and pickle sandwich",
        "ham and cheese sandwich",
        "peanut butter and jelly sandwich",
        "mac & cheese",
        "beans and rice",
        "half and half",
        "salt & vinegar crisps",
        "sweet and sour pork",
        "bread and butter pickles",
        "M&Ms",
        "Ben & Jerry's ice cream",
        "porridge made with semi-skimmed milk",
        "pizza with pepperoni and mushrooms",
        "chicken and vegetable soup",
        "lemon and poppy seed muffin",
        "Milk, reduced fat (2%)",
        "Chicken breast, grilled, no skin",
        "Tuna, canned in water, drained",
        "chicken thigh with skin",
        "burger, no bun",
        "toast with no butter",
        "tea without milk",
        "corn on the cob",
        "English Muffin, White",
        "Premier Protein, Protein Shake, Chocolate",
        "protein shake, chocolate",
        "multigrain, whole grain or whole wheat bread",
        "gin and tonic",
    ],
)
def test_split_lines_leaves_one_food_whole(text):
    assert foods_of(text) == [text]


def test_split_lines_never_cuts_a_name_of_food_data_central():
    # Every 40th name with a joint, in the order of their ids.
    names = [name for name in load_foods().foods()["description"] if has_joint(name)][::40]
    split = split_lines(entries_of(*names), load_foods())
    assert split[split["part"].notna()]["food_text"].tolist() == []


def test_split_lines_gives_each_part_the_amount_beside_it():
    assert split_text("chicken (150g), rice 1 cup") == ((150.0, "g", "chicken"), (1.0, "cup", "rice"))
    assert split_text("Chicken 150 g, Rice 1 cup") == ((150.0, "g", "Chicken"), (1.0, "cup", "Rice"))
    prawns, noodles, sauce = split_text("king prawns (60g) and egg noodles (150g) with sweet chilli sauce")
    assert prawns == (60.0, "g", "king prawns")
    assert noodles == (150.0, "g", "egg noodles")
    assert math.isnan(sauce[0])


def test_split_lines_says_that_the_amount_of_a_part_is_not_stated():
    notes = split_lines(entries_of("2 eggs and bacon"), load_foods())["note"].tolist()
    assert notes == ['part of "2 eggs and bacon"', 'part of "2 eggs and bacon"; amount of this part not stated']


def test_split_lines_gives_the_amount_of_a_cell_to_no_part_where_it_is_of_all():
    entries = entries_of("chicken and broccoli", amount=[1.0], unit=["cup"], amount_text=["1 cup"])
    split = split_lines(entries, load_foods())
    assert split["amount"].isna().all()
    assert split["unit"].isna().all()
    assert split["note"].str.contains('"1 cup" is the amount of the whole line', regex=False).all()


@pytest.mark.parametrize(
    ("text", "amount", "unit"), [("toast with butter", 2.0, "slice"), ("coffee with skim milk", 1.0, "mug")]
)
def test_split_lines_counts_the_first_food_where_others_are_added_to_it(text, amount, unit):
    entries = entries_of(text, amount=[amount], unit=[unit], amount_text=[f"{amount:g} {unit}"])
    split = split_lines(entries, load_foods())
    assert split["amount"].fillna(0).tolist() == [amount, 0]
    assert split["unit"].fillna("").tolist() == [unit, ""]
    assert "taken for this part" in split["note"][0]


def test_split_lines_takes_milk_in_coffee_for_no_glass_of_milk():
    split = split_lines(entries_of("coffee with milk", "cereal with milk", "coffee with 30 ml milk"), load_foods())
    assert split["problem"].notna().tolist() == [False, True, False, False, False, False]
    assert "write it" in split["problem"][1]


@pytest.mark.parametrize("text", ["300 g of chicken and broccoli", "a plate of fish and chips", "eggs and toast 200 g"])
def test_split_lines_gives_the_amount_of_all_foods_to_none(text):
    assert all(math.isnan(amount) for amount, _, _ in split_text(text))
    assert len(split_text(text)) == 2


def test_split_lines_solves_several_amounts_in_one_line(tmp_path):
    entries = read(tmp_path, "Date,Food\n2026-03-01,2 slices toast with 10 g butter\n2026-03-01,banana\n")
    assert entries["line"].tolist() == [2, 2, 3]
    assert entries["amount"].fillna(0).tolist() == [2.0, 10.0, 0.0]
    assert entries["unit"].fillna("").tolist() == ["slice", "g", ""]
    assert entries["problem"].isna().all()
    assert entries["part"].fillna(0).tolist() == [1, 2, 0]
    assert entries["gram_weight"].notna().all()


def test_split_lines_takes_a_leading_amount_for_the_first_food(tmp_path):
    entries = read(tmp_path, "Date,Food\n2026-03-01,1 cup coffee with skim milk\n")
    assert entries["food_text"].tolist() == ["coffee", "skim milk"]
    assert entries["amount"].fillna(0).tolist() == [1.0, 0.0]


def test_split_lines_carries_date_person_meal_and_note_to_each_part(tmp_path):
    diary = "Person,Date,Meal,Food,Notes\nAna,2026-03-01,Lunch,pork chop with applesauce,at home\n"
    entries = read(tmp_path, diary)
    assert len(entries) == 2
    for column, value in (("person_id", "Ana"), ("eating_occasion", "Lunch"), ("date", pd.Timestamp("2026-03-01"))):
        assert (entries[column] == value).all()
    assert entries["note"].str.startswith("at home").all()


@pytest.mark.parametrize(
    "columns",
    [
        {"stated_fdc_id": [2710707]},
        {"stated_food_code": [11111000]},
        {"brand": ["Tesco"]},
        {"kind": ["supplement"]},
        {"kind": ["note"]},
        {"problem": ["no date"]},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_split_lines_leaves_lines_that_say_more_than_their_text(columns):
    entries = entries_of("toast with butter", **columns)
    pd.testing.assert_frame_equal(split_lines(entries, load_foods()), entries)


def test_split_lines_leaves_what_the_user_has_an_alias_for():
    entries = entries_of("Toast with butter")
    aliases = pd.DataFrame({"said": ["toast with butter"]})
    assert split_lines(entries, load_foods(), aliases)["part"].isna().all()


def test_weighed_entries_without_splitting_keeps_one_row_a_line(tmp_path):
    path = tmp_path / "diary.csv"
    path.write_text("Date,Food\n2026-03-01,toast with butter\n", encoding="utf-8")
    assert len(weighed_entries(path, split=False)) == 1
    assert len(weighed_entries(path)) == 2


WORDS = st.sampled_from(
    [
        "2 eggs",
        "toast",
        "butter",
        "rice",
        "100 g chicken",
        "milk",
        "no sugar",
        "zorbly",
        "grilled",
        "soup",
        "(3)",
        "ham",
    ]
)
JOINTS = st.sampled_from([" and ", ", ", " with ", "; ", " + ", " on ", " w/ ", " & ", " in ", " without "])


@st.composite
def lines(draw):
    line = draw(WORDS)
    for _ in range(draw(st.integers(0, 4))):
        line += draw(JOINTS) + draw(WORDS)
    return line


@settings(max_examples=60, deadline=None)
@given(st.lists(lines() | st.text(max_size=40), max_size=4))
def test_split_lines_keeps_every_line_and_every_word(texts):
    entries = entries_of(*texts)
    split = split_lines(entries, load_foods())
    assert split["line"].drop_duplicates().tolist() == entries["line"].tolist()
    assert not split.duplicated(["source", "line", "part"]).any()
    for line, text in zip(entries["line"], texts, strict=True):
        parts = split[split["line"] == line]
        if len(parts) == 1:
            assert parts["food_text"].fillna("").iloc[0] == text or not text.strip()
            assert parts["part"].isna().all()
            continue
        assert parts["part"].tolist() == list(range(1, len(parts) + 1))
        said = " ".join([*parts["food_text"], *parts["amount_text"].fillna(""), *parts["note"].fillna("")])
        joining = {"and", "with", "on", "in", "w"}
        missing = set(re.findall(r"\w+", text.casefold())) - set(re.findall(r"\w+", said.casefold())) - joining
        assert not missing


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_read_pieces_covers_a_line_in_order(text):
    pieces = read_pieces(text)
    assert pieces[0].start == 0
    assert pieces[-1].end == len(pieces[0].line)
    assert pieces[0].line.split() == text.split()
    for before, after in pairwise(pieces):
        assert before.end < after.start


@pytest.mark.parametrize(
    "text", [" " * 299 + "x", "," * 300, " and" * 75, "a,b" * 100, "toast with butter " * 20, "(" * 300]
)
def test_read_pieces_is_done_with_hostile_lines(text):
    # Nothing to assert but that it ends: a pattern that backtracks would not within the time of a test run.
    assert read_pieces(text)
    assert has_joint(text * 500) is False


def test_joined_foods_says_every_rule_once():
    with (ROOT / "data" / "joined_foods.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["rule"] for row in rows} == set(RULES)
    assert all(row["why"] for row in rows)
    assert all(bool(row["parts"]) == (row["rule"] == "apart") for row in rows)
    pairs = [(row["words"], row["rule"]) for row in rows]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("toast with butter, 1 slice", ["toast", "butter"]),
        ("spaghetti and meatballs, 2 cups", ["spaghetti and meatballs, 2 cups"]),
        ("cheese and tomato pizza, 3 slices", ["cheese and tomato pizza, 3 slices"]),
        ("tuna sandwich with mayo", ["tuna sandwich with mayo"]),
        ("2 slices toast w marmite", ["toast", "marmite"]),
        ("ribeye 8oz, sweet potato fries", ["ribeye", "sweet potato fries"]),
        ("4 oz shrimp, 6 asparagus spears", ["shrimp", "asparagus spears"]),
    ],
)
def test_amount_at_the_end_is_no_food_and_an_amount_of_its_own_tells_one(text, foods):
    assert foods_of(text) == foods


def test_size_beside_a_unit_stays_with_its_part():
    assert split_text("2 small slices toast with 1 tsp butter")[0] == (2.0, "small slice", "toast")
