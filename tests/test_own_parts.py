"""What a user said the foods of a text are: how much of each a line holds, and which lines it goes for."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.diary import read_diary
from nutridiary.foods import load_foods
from nutridiary.matching import match_foods
from nutridiary.splitting import split_lines
from nutridiary.tables import ALIASES, ENTRIES, conform


def entries_of(*texts: str, **columns: object) -> pd.DataFrame:
    """Return entries of these texts, read as a diary with a food column only would be."""
    rows = {"source": "d.csv", "line": range(2, len(texts) + 2), "food_text": list(texts), "kind": "food"}
    return conform(pd.DataFrame({**rows, **columns}), ENTRIES)


def read(tmp_path: Path, *lines: str) -> pd.DataFrame:
    path = tmp_path / "diary.csv"
    path.write_text("\n".join(["Date,Food", *(f"2026-03-01,{line}" for line in lines)]), encoding="utf-8")
    return read_diary(path)


def own(*rows):
    """Aliases with parts, or that are whole where there are none."""
    table = [
        {"said": said, "decision": "parts" if parts else "whole", "parts": parts, "source": "a.csv", "line": line}
        for line, (said, parts) in enumerate(rows, 2)
    ]
    return conform(pd.DataFrame(table), ALIASES)


def said_parts(entries, aliases, **options):
    split = split_lines(entries, load_foods(), aliases, **options)
    return [
        (text, None if amount != amount else amount, None if unit != unit else unit)
        for text, amount, unit in split[["food_text", "amount", "unit"]].itertuples(index=False, name=None)
    ]


RICE_AND_BEANS = own(("rice and beans", "1 cup rice; 150 g beans"))


@pytest.mark.parametrize(
    ("amount", "unit", "parts"),
    [
        (None, None, [("rice", 1.0, "cup"), ("beans", 150.0, "g")]),
        (1.0, "serving", [("rice", 1.0, "cup"), ("beans", 150.0, "g")]),
        (2.0, "serving", [("rice", 2.0, "cup"), ("beans", 300.0, "g")]),
        (0.5, None, [("rice", 0.5, "cup"), ("beans", 75.0, "g")]),
        # A cup of rice is no share of a weight: how much of the 300 g is beans is not said.
        (300.0, "g", [("rice", None, None), ("beans", None, None)]),
        (2.0, "cup", [("rice", None, None), ("beans", None, None)]),
    ],
)
def test_split_lines_takes_the_parts_its_user_said_so_often_as_the_line_says(amount, unit, parts):
    text = None if amount is None else f"{amount:g} {unit or ''}".strip()
    entries = entries_of("Rice and  Beans", amount=amount, unit=unit, amount_text=text)
    assert said_parts(entries, RICE_AND_BEANS) == parts
    assert said_parts(entries, RICE_AND_BEANS, by_rule=False) == parts
    notes = split_lines(entries, load_foods(), RICE_AND_BEANS)["note"]
    assert notes.str.contains("as your alias says (a.csv:2)", regex=False).all()
    assert notes.str.contains("is the amount of the whole line", regex=False).all() == (amount is not None)


@pytest.mark.parametrize(
    ("said", "amount", "unit", "parts"),
    [
        ("100 g rice; 200 g beans", 600.0, "g", [200.0, 400.0]),
        ("100 ml juice; 0.3 l water", 200.0, "ml", [50.0, 150.0]),
        ("4 oz rice; 8 oz beans", 300.0, "g", [100.0, 200.0]),
        # Its dose is no share of what was weighed.
        ("100 g rice; vitamin D 1000 IU", 600.0, "g", [600.0, 1000.0]),
    ],
)
def test_split_lines_shares_a_weight_or_volume_out_where_all_parts_state_theirs(said, amount, unit, parts):
    entries = entries_of("my bowl", amount=amount, unit=unit, amount_text=f"{amount:g} {unit}")
    found = split_lines(entries, load_foods(), own(("my bowl", said)))
    assert found["amount"].tolist() == pytest.approx(parts)
    assert found["kind"].eq("supplement").sum() == ("vitamin" in said)


def test_split_lines_reads_amounts_of_a_line_where_they_are_part_of_what_was_said(tmp_path):
    entries = read(tmp_path, "2 servings of rice and beans", "2 eggs and 3 rashers of bacon")
    aliases = own(
        ("2 servings of rice and beans", "1 cup rice; beans"), ("2 eggs and 3 rashers of bacon", "3 eggs; bacon")
    )
    found = split_lines(entries, load_foods(), aliases)
    of_first = found[found["line"] == found["line"].min()]
    assert of_first["food_text"].tolist() == ["rice", "beans"]
    assert of_first["amount"].tolist()[0] == 1.0
    assert "amount of this part not stated" in of_first["note"].tolist()[1]
    of_last = found[found["line"] == found["line"].max()]
    assert of_last[["food_text", "amount"]].values.tolist()[0] == ["eggs", 3.0]
    assert of_last["problem"].isna().all()


def test_split_lines_opens_parts_of_parts_and_goes_round_no_circle():
    aliases = own(
        ("breakfast", "2 my oatmeal; coffee"),
        ("my oatmeal", "60 g oats; 200 ml milk"),
        ("coffee", "30 ml cream; breakfast"),
    )
    parts = said_parts(entries_of("breakfast"), aliases)
    assert parts == [("oats", 120.0, "g"), ("milk", 400.0, "ml"), ("cream", 30.0, "ml"), ("breakfast", None, None)]


def test_split_lines_keeps_a_line_whole_where_its_user_said_so_and_matches_all_of_it():
    foods, aliases = load_foods(), own(("toast with butter", ""))
    entries = split_lines(entries_of("toast with butter"), foods, aliases)
    assert entries["part"].isna().all()
    row = match_foods(entries, foods, aliases).iloc[0]
    assert "one food, as your alias says (a.csv:2)" in row["note"]
    assert "names more than one food" not in row["note"]


def test_split_lines_takes_no_amount_of_several_in_a_line_that_is_one_food(tmp_path):
    entries = read(tmp_path, "2 eggs and 3 rashers of bacon")
    assert entries["problem"].str.startswith("several amounts").all()
    kept = split_lines(entries, load_foods(), own(("2 eggs and 3 rashers of bacon", ""))).iloc[0]
    assert pd.isna(kept["problem"])
    assert pd.isna(kept["amount"])
    assert "none is taken" in kept["note"]


@pytest.mark.parametrize(
    "columns",
    [
        {"stated_fdc_id": [1]},
        {"stated_food_code": [11111000]},
        {"kind": ["note"]},
        {"problem": ["no date"]},
        {"part": [1]},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_split_lines_takes_no_parts_for_lines_that_say_more_than_their_text(columns):
    entries = entries_of("rice and beans", **columns)
    pd.testing.assert_frame_equal(split_lines(entries, load_foods(), RICE_AND_BEANS), entries)


def test_split_lines_takes_the_parts_said_of_a_brand_before_those_of_any():
    aliases = own(("lunch", "rice; beans"), ("lunch", "bread; cheese")).assign(brand=[None, "Tesco"])
    foods = [text for text, *_ in said_parts(entries_of("lunch", "lunch", brand=["TESCO", "Other"]), aliases)]
    assert foods == ["bread", "cheese", "rice", "beans"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=6), st.integers(1, 2000))
def test_split_lines_shares_out_exactly_what_a_line_weighs(sizes, grams):
    names = ["rice", "beans", "oil", "salt", "corn", "egg"][: len(sizes)]
    said = "; ".join(f"{size} g {name}" for size, name in zip(sizes, names, strict=True))
    entries = entries_of("my bowl", amount=float(grams), unit="g", amount_text=f"{grams} g")
    found = split_lines(entries, load_foods(), own(("my bowl", said)))
    assert found["amount"].sum() == pytest.approx(grams, abs=1e-6)
    assert (found["amount"] / found["amount"].sum()).tolist() == pytest.approx([one / sum(sizes) for one in sizes])
