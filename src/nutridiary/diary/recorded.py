"""Nutrient values that a diary itself carries: which column is which nutrient, and each value in one unit.

The headings apps write stand in `data/recorded_headings.csv`, quantities that `data/nutrients.csv` does not
know (net carbohydrate, oxalate) in `data/recorded_nutrients.csv`. A blank or "n/a" is unknown, 0 is zero.
A heading whose unit is neither written nor known for its format is not read: a value without a unit is none.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from nutridiary.data_files import data_file
from nutridiary.diary.grid import Cell, Row, cell_text
from nutridiary.errors import UnitError
from nutridiary.units import canonical_unit, factor_to

PERCENT_DV = "% DV"
_UNKNOWN = {"", "n/a", "na", "nan", "-", "--", "—", "–", "null", "none", "."}
_UNIT_BEHIND = re.compile(r"^(?P<name>.*?)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]$")
_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<number>\d[\d.,'\s\u00a0\u202f]*|[.,]\d+)\s*(?P<unit>[^\d\s.,].*)?")
# Vitamins of which an international unit is a mass only where the form is known: kept as international units.
_IN_UNITS = {"vitamin_a_rae": "vitamin_a_iu", "vitamin_e_alpha_tocopherol": "vitamin_e_iu"}


@dataclass(frozen=True)
class RecordedColumn:
    """What a column of values holds.

    Attributes
    ----------
    nutrient : str
        Name of `data/nutrients.csv` or `data/recorded_nutrients.csv`.
    factor : float
        Times the figure as written gives the nutrient's one unit; NaN for a percentage of a Daily Value.
    unit : str
        The unit as written; `PERCENT_DV` for a percentage of a Daily Value.
    """

    nutrient: str
    factor: float
    unit: str


@cache
def recorded_units() -> dict[str, str]:
    """Return the one unit of every nutrient a diary may carry values of.

    Examples
    --------
    >>> recorded_units()["vitamin_d"], recorded_units()["net_carbohydrate"]
    ('ug', 'g')
    """
    units: dict[str, str] = {}
    for file_name in ("nutrients.csv", "recorded_nutrients.csv"):
        with data_file(file_name).open(encoding="utf-8", newline="") as file:
            units |= {row["nutrient"]: row["unit"] for row in csv.DictReader(file)}
    return units


@cache
def _headings(format_name: str) -> dict[str, tuple[str, str]]:
    """Return (nutrient, unit or "") by heading, those of the format before those of any."""
    found = {}
    with data_file("recorded_headings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["format"] in ("", format_name):
                found[row["heading"]] = (row["nutrient"], row["unit"])
    return found


def recorded_column(heading: Cell, format_name: str = "") -> RecordedColumn | None:
    """Return which nutrient a heading names, in which unit, or None where it names none.

    Parameters
    ----------
    heading : str
        "Vitamin D (IU)", "Calcium, mg", "Sodium".
    format_name : str
        The reader's name: some apps leave the unit out, and it is known for them.

    Examples
    --------
    >>> recorded_column("Vitamin D (IU)")
    RecordedColumn(nutrient='vitamin_d', factor=0.025, unit='IU')
    >>> recorded_column("Vitamin A (IU)").nutrient, recorded_column("Category"), recorded_column("Sodium")
    ('vitamin_a_iu', None, None)
    """
    name, written = _name_and_unit(cell_text(heading), _headings(format_name))
    nutrient, usual = _headings(format_name).get(name, ("", ""))
    unit = canonical_unit(written) if written else usual
    if not nutrient or not unit:
        return None
    if written and written.replace(" ", "").lower() in ("%dv", "%", "%dailyvalue"):
        unit = PERCENT_DV
    if unit == PERCENT_DV:
        return RecordedColumn(nutrient, math.nan, unit)
    if unit == "IU":
        nutrient = _IN_UNITS.get(nutrient, nutrient)
    own = recorded_units()[nutrient]
    try:
        return RecordedColumn(nutrient, 1.0 if unit == own else factor_to(own, unit, nutrient), unit)
    except UnitError:
        return None


def _name_and_unit(heading: str, known: Mapping[str, object]) -> tuple[str, str]:
    """Cut a heading into the name and the unit behind it, in brackets or behind a comma."""
    text = heading.lower().strip()
    if text in known:
        return text, ""
    behind = _UNIT_BEHIND.match(text)
    if behind and (canonical_unit(behind["unit"]) or "%" in behind["unit"]):
        return behind["name"].strip(), behind["unit"]
    name, _, unit = text.rpartition(",")
    if name and canonical_unit(unit):
        return name.strip(), unit.strip()
    name, _, unit = text.rpartition(" ")
    if name in known and canonical_unit(unit):
        return name, unit
    return text, ""


def recorded_columns(header: Sequence[Cell], format_name: str = "") -> dict[int, RecordedColumn]:
    """Return the columns of a header that carry nutrient values, by place from 0.

    Of several for one nutrient the first counts that is in the nutrient's one unit, else the first: energy in kJ
    beside energy in kcal is the same figure rounded once more.

    Examples
    --------
    >>> recorded_columns(["Energy (kJ)", "Energy (kcal)", "Calcium (mg)"]).keys()
    dict_keys([1, 2])
    """
    chosen: dict[str, tuple[int, RecordedColumn]] = {}
    for place, heading in enumerate(header):
        column = recorded_column(heading, format_name)
        if column is None:
            continue
        kept = chosen.get(column.nutrient)
        if kept is None or (column.factor == 1.0 != kept[1].factor):
            chosen[column.nutrient] = (place, column)
    return dict(sorted(chosen.values(), key=itemgetter(0)))


def recorded_values(row: Row, columns: Mapping[int, RecordedColumn]) -> dict[str, float]:
    """Return the values of a row that are known, each in its nutrient's one unit.

    Percentages of Daily Values are left out here: they need their edition, see `percent_values`.

    Examples
    --------
    >>> columns = recorded_columns(["Food Name", "Vitamin D (IU)", "Calcium (mg)", "Iron (mg)"])
    >>> recorded_values(["Egg", "40.00", "0.00", ""], columns)
    {'vitamin_d': 1.0, 'calcium': 0.0}
    """
    values = {}
    size = len(row)
    for place, column in columns.items():
        if place >= size or column.unit == PERCENT_DV:
            continue
        number = value_of(row[place], column)
        if number is not None:
            values[column.nutrient] = number
    return values


def percent_values(row: Row, columns: Mapping[int, RecordedColumn]) -> dict[str, float]:
    """Return the percentages of Daily Values of a row that are known, by nutrient. [%]"""
    chosen = {place: column for place, column in columns.items() if column.unit == PERCENT_DV and place < len(row)}
    found = ((column.nutrient, plain_number(row[place])) for place, column in chosen.items())
    return {nutrient: number for nutrient, number in found if number is not None}


def value_of(cell: Cell, column: RecordedColumn) -> float | None:
    """Return one value in its nutrient's one unit; None where it is unknown.

    A unit written in the cell itself ("3,436mg") goes before that of the heading.
    """
    if isinstance(cell, str):
        try:
            return float(cell) * column.factor if cell and cell[0] not in "nNiI_" else None
        except ValueError:
            return _value_with_unit(cell, column)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell):
        return cell * column.factor
    return None


def _value_with_unit(text: str, column: RecordedColumn) -> float | None:
    number = plain_number(text)
    found = _NUMBER.fullmatch(text.strip())
    written = canonical_unit(found["unit"]) if found and found["unit"] else None
    if number is None or not written or written == column.unit:
        return None if number is None else number * column.factor
    try:
        return number * factor_to(recorded_units()[column.nutrient], written, column.nutrient)
    except UnitError:
        return None


def plain_number(cell: Cell) -> float | None:
    """Return the number a cell of values holds, with or without a unit behind it; None where it is unknown.

    Examples
    --------
    >>> [plain_number(cell) for cell in ("3,436mg", "1,5", "n/a", "0.00", "1,234.5", "", 7)]
    [3436.0, 1.5, None, 0.0, 1234.5, None, 7.0]
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        return float(cell) if math.isfinite(cell) else None
    text = cell_text(cell).strip()
    found = _NUMBER.fullmatch(text) if text.lower() not in _UNKNOWN else None
    if found is None:
        return None
    digits = re.sub(r"[\s'\u00a0\u202f]", "", found["number"]).rstrip(".,")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")  # a comma before three digits stands for thousands in an export
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}(,\d+)?|\d{1,3}(\.\d{3})+,\d+", digits):
        digits = digits.replace(".", "").replace(",", ".")
    else:
        digits = digits.replace(",", ".")
    try:
        return float(found["sign"] + digits)
    except ValueError:
        return None
