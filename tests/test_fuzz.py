"""Damaged and strange files end in a message or in a diary without a lost row; `bench/fuzz.py` makes thousands."""

import csv

from hypothesis import given, settings
from hypothesis import strategies as st

import fuzz
from nutridiary.errors import NutridiaryError

HEADINGS = ["Date", "Day", "Time", "Meal", "Food", "Food Name", "Amount", "Unit", "Grams", "Notes", "Person", "Kind",
            "Calories", "Energy (kcal)", "Vitamin D (IU)", "Monday", "Tuesday", "Wednesday", "Recipe", "Ingredient",
            "Product", "Nutrient", "Symptom", "Type", "Deleted", "logtime", "?"]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(fuzz.STRANGE),
    st.sampled_from(
        ["2026-03-02", "3/4/2026", "2 March", "08:15", "rice", "2 eggs and toast", "1 cup", "100 g", "Breakfast"]
    ),
    st.text(max_size=12),
)


def test_mutated_files_end_in_a_message_or_a_diary_without_a_lost_row(tmp_path):
    result = fuzz.run(60, seed=7, folder=tmp_path, reports=False)
    assert result.bad == []
    assert sum(result.ended.values()) == 60
    assert result.ended["read"] > 15, "most mutations leave something to read"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=7),
    st.lists(st.lists(CELLS, max_size=8), max_size=8),
    st.integers(0, 2),
)
def test_any_table_ends_in_a_message_or_a_diary_without_a_lost_row(tmp_path_factory, header, rows, titles):
    path = tmp_path_factory.mktemp("fuzz") / "d.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([*([["My diary"]] * titles), header, *rows])
    try:
        assert fuzz.rows_not_accounted_for(path) == []
    except NutridiaryError as error:
        assert str(error).strip()
