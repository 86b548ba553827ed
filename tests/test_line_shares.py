"""A line of several foods that states what it weighs: its parts weigh that together."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.analysis import weighed_entries
from nutridiary.portions.line_shares import share_line_weights
from nutridiary.tables import WEIGHED, conform


def parts_of(tmp_path: Path, food: str, amount: str = "", unit: str = "") -> pd.DataFrame:
    diary = tmp_path / "d.csv"
    pd.DataFrame([{"Date": "2026-03-01", "Food": food, "Amount": amount, "Unit": unit}]).to_csv(diary, index=False)
    return weighed_entries(diary)


def test_parts_of_a_line_of_650_g_weigh_650_g_together_and_say_so(tmp_path):
    parts = parts_of(tmp_path, "Pizza, cheese", "650", "g")
    assert parts["gram_weight"].sum() == pytest.approx(650)
    assert parts["weight_method"].tolist() == ["line_share", "line_share"]
    assert parts["note"].str.contains("its share of the 650 g of the line").all()
    assert not parts["note"].str.contains("is used").any()  # the usual weight is not


def test_part_without_an_amount_weighs_what_the_others_leave_of_the_line(tmp_path):
    parts = parts_of(tmp_path, "Rice, beans", "0.3", "kg")
    assert parts["gram_weight"].sum() == pytest.approx(300)
    assert (parts["gram_high"] <= 300).all()


def test_coffee_of_220_g_with_milk_nobody_measured_is_no_more_than_220_g(tmp_path):
    coffee, milk = parts_of(tmp_path, "Coffee with milk", "220", "g").itertuples()
    assert coffee.gram_high == 220 >= coffee.gram_weight > 0
    assert "milk" in milk.problem


@pytest.mark.parametrize(
    ("food", "amount", "unit"), [("2 slices bread and butter", "", ""), ("bread and butter", "2", "slices")]
)
def test_slices_of_bread_and_butter_are_slices_of_bread(tmp_path, food, amount, unit):
    bread, butter = parts_of(tmp_path, food, amount, unit).itertuples()
    assert (bread.food_text, bread.amount, bread.unit, butter.food_text) == ("bread", 2, "slice", "butter")


def test_bread_and_butter_pickles_and_pudding_stay_one_food(tmp_path):
    assert len(parts_of(tmp_path, "bread and butter pickles", "50", "g")) == 1
    assert len(parts_of(tmp_path, "bread and butter pudding", "100", "g")) == 1


def test_line_without_a_weight_keeps_the_usual_weights(tmp_path):
    parts = parts_of(tmp_path, "Rice, beans")
    assert set(parts["weight_method"]) == {"quantity_not_specified"}


def weighed(line_weight: float, rows: list[tuple[float, float, float, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["gram_weight", "gram_low", "gram_high", "weight_method"])
    return conform(table.assign(source="d.csv", line=2, part=range(1, len(rows) + 1), line_weight=line_weight), WEIGHED)


def test_stated_part_keeps_its_weight_and_the_other_takes_the_rest():
    table = weighed(300, [(100, 100, 100, "stated_weight"), (80, 40, 150, "quantity_not_specified")])
    share_line_weights(table, ("quantity_not_specified",))
    assert table["gram_weight"].tolist() == [100, 200]
    assert table[["gram_low", "gram_high"]].iloc[1].tolist() == [200, 200]


def test_line_whose_stated_parts_weigh_more_than_it_is_left_as_it_is():
    table = weighed(150, [(200, 200, 200, "stated_weight"), (20, 10, 30, "quantity_not_specified")])
    before = table.copy()
    share_line_weights(table, ("quantity_not_specified",))
    pd.testing.assert_frame_equal(table, before)


_USUAL = st.tuples(st.floats(5, 400), st.floats(0.1, 1), st.floats(1, 5))


@settings(max_examples=60, deadline=None)
@given(st.floats(10, 2000), st.lists(_USUAL, min_size=1, max_size=5))
def test_shares_add_up_to_the_line_and_lie_within_their_bounds(line_weight, usual):
    table = weighed(line_weight, [(g, g * low, g * high, "quantity_not_specified") for g, low, high in usual])
    share_line_weights(table, ("quantity_not_specified",))
    assert table["gram_weight"].sum() == pytest.approx(line_weight, rel=1e-6)
    assert (table["gram_low"] <= table["gram_weight"] + 1e-6).all()
    assert (table["gram_weight"] <= table["gram_high"] + 1e-6).all()
    assert (table["gram_high"] <= line_weight + 1e-6).all()
