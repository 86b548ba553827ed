"""The Supplements sheet: products with their nutrients, in a row each, in columns, or as the text of a label."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.diary.grid import Cell, Grid
from nutridiary.diary.products import is_products_sheet, products_of
from nutridiary.nutrients import load_nutrients
from nutridiary.supplements import supplement_doses
from nutridiary.tables import ENTRIES, SUPPLEMENT_PRODUCTS, conform

LONG = ["Product", "Brand", "Per", "Nutrient", "Amount", "Unit"]


def sheet(*rows: Sequence[Cell], name: str = "Supplements") -> Grid:
    return Grid(f"diary.xlsx:{name}", name, [list(row) for row in rows])


def held(*rows: Sequence[Cell], name: str = "Supplements") -> dict[str, float]:
    found = products_of(sheet(*rows, name=name))
    known = found[found["nutrient"].notna()]
    return dict(zip(known["nutrient"], known["amount"], strict=True))


def problems(*rows: Sequence[Cell], name: str = "Supplements") -> list[tuple[int, str]]:
    found = products_of(sheet(*rows, name=name))
    wrong = found[found["problem"].notna()]
    assert wrong["nutrient"].isna().all()
    return list(zip(wrong["line"], wrong["problem"], strict=True))


def test_products_of_reads_a_row_per_nutrient_with_amounts_in_the_nutrients_own_units() -> None:
    found = products_of(
        sheet(
            LONG,
            ["Night Mag", "Acme", "2 tablets", "Magnesium", 200, "mg"],
            ["", "", "", "Zinc", "15", "mg"],
            ["D drops", "", "1 drop", "Vitamin D3", 1000, "IU"],
            ["Folate", "", "tablet", "Folic acid", 0.4, "mg"],
        )
    )
    assert found["product"].tolist() == ["Night Mag", "Night Mag", "D drops", "Folate"]
    assert found["brand"].tolist()[:2] == ["Acme", "Acme"]
    assert found["nutrient"].tolist() == ["magnesium", "zinc", "vitamin_d", "folic_acid"]
    assert found["amount"].tolist() == [200, 15, 25, 400]
    assert found["unit"].tolist() == ["mg", "mg", "ug", "ug"]
    assert found["per_amount"].tolist() == [2, 2, 1, 1]
    assert found["per_unit"].tolist() == ["tablet", "tablet", "drop", "tablet"]
    assert found["line"].tolist() == [2, 3, 4, 5]


def test_products_of_reads_nutrients_in_columns_blank_unknown_and_zero_zero() -> None:
    header = ["Product", "Per", "Magnesium (mg)", "Vitamin D (IU)", "Vitamin B12, mcg", "Zinc (mg)", "Calories (kcal)"]
    rows = [header, ["Multi", "1 tablet", 50, 1000, "2,4", "n/a", 5], ["Other", "1 tablet", "", 0, None, "-", None]]
    found = products_of(sheet(*rows, name="anything"))
    of_multi = found[found["product"] == "Multi"].set_index("nutrient")["amount"].to_dict()
    assert of_multi == {"magnesium": 50, "vitamin_d": 25, "vitamin_b12": 2.4, "energy": 5}
    assert found[found["product"] == "Other"].set_index("nutrient")["amount"].to_dict() == {"vitamin_d": 0}


def test_products_of_reads_the_text_of_a_label() -> None:
    rows = [["Product", "Label"], ["Cal-D", "CALCIUM 600 MG + D3 400 IU per 2 tablets"]]
    found = products_of(sheet(*rows, name="labels.csv"))
    assert found["nutrient"].tolist() == ["calcium", "vitamin_d"]
    assert found["amount"].tolist() == [600, 10]
    assert found["per_amount"].tolist() == [2, 2]


def test_products_of_reads_the_dose_in_a_product_name() -> None:
    assert held(["Name", "Notes"], ["Vitamin D3 1000 IU tablet", "daily"]) == {"vitamin_d": 25}


def test_products_of_takes_the_product_for_the_nutrient_where_there_is_no_column_for_it() -> None:
    assert held(["Supplement", "Amount", "Unit"], ["Vitamin D3", 1000, "IU"]) == {"vitamin_d": 25}


def test_products_of_says_that_nothing_says_what_the_amount_is_per() -> None:
    found = products_of(sheet(LONG, ["Z", "", "", "Zinc", 15, "mg"]))
    assert math.isnan(found.loc[0, "per_amount"])
    assert "read as one tablet, capsule or dose" in found.loc[0, "note"]


def test_products_of_takes_a_named_form_for_the_element_and_leaves_a_compound_open() -> None:
    found = products_of(
        sheet(
            [*LONG, "Form"],
            ["A", "", "tablet", "Magnesium", 200, "mg", "oxide"],
            ["B", "", "tablet", "Magnesium oxide", 400, "mg", ""],
            ["C", "", "tablet", "Vitamin E", 400, "IU", "d-alpha tocopherol"],
            ["D", "", "tablet", "Vitamin E", 400, "IU", ""],
        )
    )
    assert found["amount"].tolist() == [
        200,
        pytest.approx(float("nan"), nan_ok=True),
        268,
        pytest.approx(float("nan"), nan_ok=True),
    ]
    assert "mass of the oxide" in found.loc[1, "note"]


def test_open_amount_of_a_product_keeps_its_bounds_in_the_doses() -> None:
    found = products_of(sheet(LONG, ["Mag", "", "2 tablets", "Magnesium oxide", 400, "mg"]))
    line = {"source": "d", "line": 2, "kind": "supplement", "food_text": "Mag", "amount": 1.0, "unit": "tablet"}
    _, doses = supplement_doses(conform(pd.DataFrame([line]), ENTRIES), found)
    assert doses["amount"].isna().all()
    assert doses[["amount_low", "amount_high"]].values.tolist() == [[pytest.approx(120.6), 200]]


def test_percentages_of_daily_values_need_their_edition() -> None:
    header = ["Product", "Per", "Calcium (% DV)", "Edition"]
    # 21 CFR 101.9: 1,300 mg by the rule of 2016, 1,000 mg by the one before it.
    assert held(header, ["A", "1 tablet", "10", "2016"]) == {"calcium": 130}
    assert held(header, ["A", "1 tablet", "10%", "before 2016"]) == {"calcium": 100}
    ((line, problem),) = problems(header, ["A", "1 tablet", "10", ""])
    assert line == 2
    assert "edition" in problem


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["B", "", "tablet", "B12", "#REF!", "mcg"], "cell E2 holds the error #REF!"),
        (["B", "", "tablet", "Folic acid", "many", "mcg"], 'cannot read the amount "many" of Folic acid'),
        (["B", "", "tablet", "Folic acid", -400, "mcg"], 'cannot read the amount "-400" of Folic acid'),
        (["B", "", "tablet", "Magnesium", 200, ""], "has no unit"),
        (["B", "", "tablet", "Moonstone", 200, "mg"], "names no nutrient that is known"),
        (["B", "", "tablet", "Calcium", 200, "IU"], "its unit does not fit it"),
        (["B", "", "tablet", "Fish oil", 1000, "mg"], "is no nutrient that is counted here"),
        (["B", "", "tablet", "Iron", "", "mg"], 'nothing is said of how much "Iron" holds'),
        (["B", "", "tablet", "", 200, "mg"], "no nutrient is named in this row"),
        (["", "", "tablet", "Zinc", 200, "mg"], "no product is named"),
        (["B", "", "a while", "Zinc", 200, "mg"], "cannot read what the amounts are per"),
    ],
)
def test_cell_that_cannot_be_read_becomes_a_row_with_its_problem(row: list[Cell], words: str) -> None:
    found = problems(LONG, row)
    assert [line for line, _ in found] == [2]
    assert words in found[0][1]


def test_nutrient_listed_twice_for_a_product_counts_once() -> None:
    rows = [LONG, ["B", "", "tablet", "Zinc", 10, "mg"], ["B", "", "tablet", "Zinc", 20, "mg"]]
    assert held(*rows) == {"zinc": 10}
    assert "listed twice" in problems(*rows)[0][1]


def test_formula_without_a_saved_value_is_a_problem() -> None:
    rows: list[Sequence[Cell]] = [LONG, ["B", "", "tablet", "Zinc", None, "mg"]]
    found = products_of(Grid("d.xlsx:Supplements", "Supplements", rows, uncalculated=frozenset({(2, 5)})))
    assert "the formula in cell E2 has no saved value" in found["problem"].dropna().tolist()[0]


@pytest.mark.parametrize(
    ("name", "header", "expected"),
    [
        ("Supplements", LONG, True),
        ("sheet9", LONG, True),
        ("Supplements", ["Name", "Label"], True),
        ("x", ["Product", "Per", "Magnesium (mg)"], True),
        ("x", ["Product", "Price"], False),
        ("x", ["Name", "Zinc (mg)"], False),
        ("Supplements", ["Date", "Supplement", "Amount"], False),
        ("x", ["Date", "Product", "Per", "Magnesium (mg)"], False),
        ("x", ["Food", "Serving size", "Calcium (mg)"], False),
        ("Supplements", [], False),
    ],
)
def test_is_products_sheet_goes_by_its_headings(name: str, header: list[Cell], expected: bool) -> None:
    grid = sheet(header, ["a", "b", 1], name=name)
    assert is_products_sheet(grid) is expected
    if not expected:
        assert products_of(grid).empty


CELLS = st.none() | st.integers(-5, 5000) | st.floats() | st.booleans() | st.sampled_from(
    ["Zinc", "1 tablet", "mg", "IU", "n/a", "#REF!", "2016", "10 %", "Vitamin E", "½", "²"]
) | st.text(max_size=8)  # fmt: skip
HEADINGS = st.lists(st.sampled_from([*LONG, "Label", "Zinc (mg)", "Iron (% DV)", "Edition", "Notes", "?"]), max_size=8)


@given(HEADINGS, st.lists(st.lists(CELLS, max_size=8), max_size=5))
def test_every_row_of_any_sheet_is_accounted_for(header: list[str], rows: list[list[Cell]]) -> None:
    grid = sheet(["Product", *header], *(["P", *row] for row in rows))
    found = products_of(grid)
    assert list(found.columns) == SUPPLEMENT_PRODUCTS.names
    assert set(found["nutrient"].dropna()) <= set(load_nutrients().index)
    known = found[found["nutrient"].notna()]
    assert not known.duplicated(["product", "brand", "nutrient"]).any()
    assert (found["nutrient"].notna() ^ found["problem"].notna()).all()
    if is_products_sheet(grid) and rows:
        assert not found.empty
