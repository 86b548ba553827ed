"""Ratios of mean intakes with their bounds, means in moles, and the sheet that shows both."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hand_made import Line, analysis_of
from nutridiary.analysis import Analysis
from nutridiary.data_files import data_file
from nutridiary.intake.ratios import laboratory_units, load_elements, load_ratios, nutrient_ratios
from nutridiary.nutrients import check_nutrients, load_nutrients
from nutridiary.report.excel.blocks import blocks_of
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.ratios import write_ratios
from nutridiary.tables import COMPARISON, conform
from reading import reopened, rows_below, texts

NAN = float("nan")


def means(person_id: str | None = None, **nutrients: float | tuple[float, float, float]) -> pd.DataFrame:
    """Mean intakes [mg/d], each a figure known exactly or (low, mean, high)."""
    rows = []
    for nutrient, value in nutrients.items():
        low, mean, high = value if isinstance(value, tuple) else (value, value, value)
        rows.append({"nutrient": nutrient, "low": low, "mean_intake": mean, "high": high})
    return conform(pd.DataFrame(rows).assign(person_id=person_id, days=3, unit="mg"), COMPARISON)


def ratio(name: str, **nutrients: float | tuple[float, float, float]) -> pd.Series:
    return nutrient_ratios(means(**nutrients)).set_index("ratio").loc[name]


def test_ratios_by_weight_and_by_moles_of_known_means() -> None:
    found = ratio("Na:K", sodium=2299.0, potassium=3909.8)
    assert found["by_weight"] == pytest.approx(0.58801, abs=1e-5)
    assert found["by_moles"] == pytest.approx(1.0)  # 100 mmol of each
    assert (found["by_weight_low"], found["by_weight_high"]) == (found["by_weight"], found["by_weight"])
    assert (found["days"], found["label"]) == (3, "sodium to potassium")


def test_ratio_of_the_two_who_guidelines_is_about_one_by_moles_as_its_note_says() -> None:
    assert ratio("Na:K", sodium=2000.0, potassium=3510.0)["by_moles"] == pytest.approx(0.97, abs=0.005)


def test_bounds_of_a_ratio_take_the_other_end_of_the_second_nutrient() -> None:
    found = ratio("Ca:Mg", calcium=(800.0, 900.0, 1000.0), magnesium=(200.0, 300.0, 400.0))
    assert (found["by_weight_low"], found["by_weight"], found["by_weight_high"]) == (2.0, 3.0, 5.0)
    factor = 24.305 / 40.078
    assert found["by_moles_low"] == pytest.approx(2.0 * factor)
    assert found["by_moles_high"] == pytest.approx(5.0 * factor)


bound = st.tuples(st.floats(1, 1000), st.floats(0, 1), st.floats(1, 3))


@given(first=bound, second=bound, places=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_no_pair_of_intakes_within_their_bounds_has_a_ratio_outside_its_bounds(
    first: tuple[float, float, float], second: tuple[float, float, float], places: tuple[float, float]
) -> None:
    (low1, mean1, high1), (low2, mean2, high2) = (
        (mean * (0.2 + 0.8 * down), mean, mean * up) for mean, down, up in (first, second)
    )
    found = ratio("Zn:Cu", zinc=(low1, mean1, high1), copper=(low2, mean2, high2))
    eaten = low1 + places[0] * (high1 - low1), low2 + places[1] * (high2 - low2)
    assert found["by_weight_low"] * (1 - 1e-9) <= eaten[0] / eaten[1] <= found["by_weight_high"] * (1 + 1e-9)


@pytest.mark.parametrize(
    ("calcium", "magnesium", "low", "high"),
    [
        ((800.0, 900.0, NAN), 300.0, 800 / 300, NAN),
        (900.0, (200.0, 300.0, NAN), NAN, 4.5),
        ((NAN, 900.0, 900.0), 300.0, NAN, 3.0),
    ],
)
def test_bound_that_a_mean_does_not_have_is_missing_and_said(
    calcium: Any, magnesium: Any, low: float, high: float
) -> None:
    found = ratio("Ca:Mg", calcium=calcium, magnesium=magnesium)
    assert found["by_weight"] == 3.0
    assert found["by_weight_low"] == pytest.approx(low, nan_ok=True)
    assert found["by_weight_high"] == pytest.approx(high, nan_ok=True)
    assert found["note"].startswith("What is missing leaves a bound open.")


@pytest.mark.parametrize(
    ("intakes", "why"),
    [
        ({"zinc": 9.0, "copper": NAN}, "None: the intake of copper is not known."),
        ({"zinc": NAN, "copper": 1.0}, "None: the intake of zinc is not known."),
        ({"zinc": 9.0}, "None: the intake of copper is not known."),
        ({"zinc": 9.0, "copper": 0.0}, "None: no copper is on record."),
    ],
)
def test_ratio_without_one_of_its_sides_is_missing_with_the_reason(intakes: dict[str, float], why: str) -> None:
    found = ratio("Zn:Cu", **intakes)
    assert math.isnan(found["by_weight"])
    assert math.isnan(found["by_moles_high"])
    assert found["note"].startswith(why)


def test_ratios_keep_people_apart_and_in_order() -> None:
    both = pd.concat([means("b", calcium=900.0, magnesium=300.0), means(None, calcium=500.0, magnesium=500.0)])
    found = nutrient_ratios(both)
    assert len(found) == 2 * len(load_ratios())
    assert found["person_id"].fillna("").tolist() == ["b"] * 4 + [""] * 4
    assert found.loc[found["ratio"] == "Ca:Mg", "by_weight"].tolist() == [3.0, 1.0]


def test_ratios_of_nothing_are_an_empty_table() -> None:
    nothing = conform(pd.DataFrame(), COMPARISON)
    assert nutrient_ratios(nothing).empty
    assert laboratory_units(nothing).empty


def test_every_ratio_says_that_no_authority_sets_a_limit() -> None:
    found = nutrient_ratios(
        means(calcium=900.0, magnesium=300.0, sodium=2000.0, potassium=3000.0, zinc=9.0, copper=1.0)
    )
    assert found["note"].str.contains("no authority whose figures are shipped sets a limit").all()


def test_ratios_are_of_nutrients_in_one_unit_that_are_elements() -> None:
    units = load_nutrients()["unit"]
    for row in load_ratios():
        assert check_nutrients([row.first, row.second]) == [row.first, row.second]
        assert {units[row.first], units[row.second]} == {"mg"}
        assert {row.first, row.second} <= set(load_elements())
        assert row.source


# 1 mmol is 24.305 mg of magnesium, 40.078 of calcium, 39.098 of potassium, 22.990 of sodium, and so on (IUPAC 2021).
@pytest.mark.parametrize(
    ("nutrient", "mean", "millimoles", "milliequivalents"),
    [
        ("magnesium", 243.05, 10.0, 20.0),
        ("calcium", 1001.95, 25.0, 50.0),
        ("potassium", 3909.8, 100.0, 100.0),
        ("sodium", 2299.0, 100.0, 100.0),
        ("phosphorus", 1238.96, 40.0, NAN),
        ("copper", 0.63546, 0.01, NAN),
    ],
)
def test_laboratory_units_of_a_mean(nutrient: str, mean: float, millimoles: float, milliequivalents: float) -> None:
    found = laboratory_units(means(**{nutrient: mean})).iloc[0]
    assert found["millimoles"] == pytest.approx(millimoles)
    assert found["milliequivalents"] == pytest.approx(milliequivalents, nan_ok=True)


def test_laboratory_units_leave_out_what_is_no_element_and_keep_what_is_not_known() -> None:
    found = laboratory_units(means(vitamin_d=5.0, zinc=NAN))
    assert found["nutrient"].tolist() == ["zinc"]
    assert math.isnan(found.loc[0, "millimoles"])


def test_atomic_masses_are_those_that_supplement_labels_are_read_by() -> None:
    labels = pd.read_csv(data_file("supplement_factors.csv"))
    for unit in ("mmol", "mEq"):
        factors = labels[labels["unit"] == unit].set_index("nutrient")["factor"]
        assert len(factors) == 4
        for nutrient, factor in factors.items():
            element = load_elements()[nutrient]
            charge = element.charge if unit == "mEq" else 1
            assert charge is not None
            assert factor == pytest.approx(element.atomic_mass / charge)


# The sheet ------------------------------------------------------------------------------------------------------------


def ratios_sheet(analysis: Analysis) -> Any:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    full = replace(analysis, ratios=nutrient_ratios(analysis.comparison), moles=laboratory_units(analysis.comparison))
    write_ratios(Page(workbook, palette, "Ratios"), full, people=[block.person_id for block in blocks_of(full)])
    palette.close()
    return reopened(workbook)["Ratios"]


SOUP = {"calcium": 900.0, "magnesium": 300.0, "sodium": 2299.0, "potassium": 3909.8, "phosphorus": 700.0, "zinc": 9.0}


def test_ratios_sheet_shows_ratios_bounds_and_moles() -> None:
    sheet = ratios_sheet(analysis_of([Line(holds=SOUP)]))
    rows = {row["Ratio"].value: row for row in rows_below(sheet, "Ratio")}
    assert list(rows) == ["Ca:Mg", "Na:K", "Ca:P", "Zn:Cu"]
    assert rows["Ca:Mg"]["By weight [g/g]"].value == 3.0
    assert rows["Ca:Mg"]["Can be as high as [mol/mol]"].value == pytest.approx(3 * 24.305 / 40.078)
    assert rows["Zn:Cu"]["By weight [g/g]"].value == "no value"
    assert "the intake of copper is not known" in rows["Zn:Cu"]["Note"].value
    moles = {row["Nutrient"].value: row for row in rows_below(sheet, "Nutrient")}
    assert moles["Sodium"]["Mean intake [mmol/d]"].value == pytest.approx(100)
    assert moles["Magnesium"]["Mean intake [mEq/d]"].value == pytest.approx(24.69, abs=0.01)
    assert moles["Copper"]["Mean intake [mg/d]"].value == "no value"


def test_ratios_sheet_shows_no_cutoff_and_says_so() -> None:
    sheet = ratios_sheet(analysis_of([Line(holds=SOUP)]))
    assert "No authority whose figures this report uses sets a limit" in texts(sheet)
    assert not sheet.conditional_formatting


def test_ratios_sheet_marks_means_in_moles_that_miss_a_line() -> None:
    sheet = ratios_sheet(analysis_of([Line(holds=SOUP), Line(problem="no amount")]))
    row = next(row for row in rows_below(sheet, "Nutrient") if row["Nutrient"].value == "Sodium")
    assert "≥" in row["Mean intake [mg/d]"].number_format
    assert "≥" in row["Mean intake [mmol/d]"].number_format


def test_ratios_sheet_names_people_only_where_there_are_several() -> None:
    one = ratios_sheet(analysis_of([Line(holds=SOUP)]))
    two = ratios_sheet(analysis_of([Line(holds=SOUP, person="Ben"), Line(holds=SOUP, person="Anna")], {}))
    assert "Person" not in texts(one)
    assert [row["Person"].value for row in rows_below(two, "Ratio")] == ["Ben"] * 4 + ["Anna"] * 4
