"""The sheet of a user's own foods: what their labels say, food by food, each value in the nutrient's one unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nutridiary.barcodes import read_barcode
from nutridiary.daily_values import EDITIONS, edition_of
from nutridiary.diary.amounts import parse_amount
from nutridiary.diary.grid import Grid, Row, cell_text, is_blank
from nutridiary.diary.label_values import EDITION, LabelValue, in_amounts, nutrient_column, nutrient_columns, read_value
from nutridiary.diary.quantities import measure_at, tidy
from nutridiary.diary.side_columns import (
    SideColumns,
    find_side_columns,
    is_of_a_diary,
    rows_below,
)
from nutridiary.errors import listing
from nutridiary.nutrients import load_nutrients
from nutridiary.units import canonical_unit, factor_to, unit_kind

if TYPE_CHECKING:
    import pandas as pd

SHEET_NAMES = (
    *("custom foods", "custom food", "own foods", "own food", "my foods", "my food", "my own foods", "foods", "labels"),
    *("eigene lebensmittel", "mes aliments", "mis alimentos"),
)
# Where the sheet's name says that it holds foods, a label's name for them is one too.
_IN_A_FOODS_SHEET = {"product": "food", "product name": "food"}
_PER = re.compile(r"^(?:per|pro|je|pour|por|for)\s+", re.IGNORECASE)
_SERVING = re.compile(r"\s*(?:serving|portion|porción|porzione|porción)s?", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@dataclass
class _Food:
    """A food of the sheet on its way into the table."""

    line: int
    name: str = ""
    brand: str = ""
    barcode: str = ""
    per_amount: float = math.nan
    per_unit: str = ""
    serving_grams: float = math.nan
    edition: str = ""
    notes: list[str] = field(default_factory=list)
    problem: str = ""
    values: list[tuple[int, LabelValue]] = field(default_factory=list)


def is_own_foods_sheet(grid: Grid) -> bool:
    """Tell whether a sheet holds labels: foods with a serving size and nutrients, eaten on no day.

    Examples
    --------
    >>> rows = [["Food", "Serving size", "Calcium (mg)"], ["Oat drink", "1 cup (240 ml)", 350]]
    >>> is_own_foods_sheet(Grid("f.csv", "f.csv", rows))
    True
    """
    columns = _columns(grid)
    return columns is not None and ("nutrient" in columns.places or bool(nutrient_columns(columns)))


def _columns(grid: Grid) -> SideColumns | None:
    if grid.name.strip().casefold() in SHEET_NAMES:
        columns = find_side_columns(grid, "own_foods", ("food",), _IN_A_FOODS_SHEET)
    else:
        columns = find_side_columns(grid, "own_foods", ("food", "serving"))
    return columns if columns is not None and not is_of_a_diary(columns) else None


def own_foods_of(grid: Grid) -> pd.DataFrame:
    """Return the foods of a sheet with what their labels say.

    Parameters
    ----------
    grid : Grid
        A sheet with a row of headings (Food, Brand, Serving size) and a row per food with its nutrients in columns,
        "Magnesium (mg)", "Vitamin D (IU)", "Calcium (% DV)"; or with a row per food and nutrient (Nutrient, Amount,
        Unit), where a blank food is that of the row above.

    Returns
    -------
    pandas.DataFrame
        `tables.OWN_FOODS`: food x nutrient, `amount` per serving in the nutrient's one unit. A blank is unknown and
        has no row, 0 is zero. A value that cannot be read has no amount and a problem; a percentage of a Daily Value
        whose edition nothing tells is one. A food without any value has one row without a nutrient.
    """
    import pandas as pd

    from nutridiary.tables import OWN_FOODS, conform

    columns = _columns(grid)
    if columns is None:
        return conform(pd.DataFrame(), OWN_FOODS)
    sheet_edition = _edition_above(grid, columns)
    foods = _long(grid, columns) if "nutrient" in columns.places else _wide(grid, columns)
    rows = [row for food in foods for row in _rows(food, grid.source, food.edition or sheet_edition)]
    return conform(pd.DataFrame(rows), OWN_FOODS)


def unread_columns(grid: Grid) -> str:
    """Return a note that names the filled columns of a sheet of foods that mean nothing to the reader, "" for none.

    Examples
    --------
    >>> rows = [["Food", "Serving size", "Calcium (mg)", "Zing (mg)"], ["Oat drink", "100 ml", 350, 3]]
    >>> unread_columns(Grid("f.csv", "f.csv", rows))
    'columns not used: Zing (mg)'
    """
    columns = _columns(grid)
    if columns is None:
        return ""
    known = set(columns.places.values()) | {column.place for column in nutrient_columns(columns)}
    filled = {place for _, row in rows_below(grid, columns) for place, cell in enumerate(row) if not is_blank(cell)}
    unread = [heading for place, heading in enumerate(columns.headings) if place in filled - known and heading.strip()]
    return f"columns not used: {listing(unread)}" if unread else ""


def _edition_above(grid: Grid, columns: SideColumns) -> str:
    """Return the edition that a line above the header names: "Daily Values: 2016"."""
    for row in grid.rows[: columns.header - 1]:
        text = " ".join(cell_text(cell) for cell in row)
        found = EDITION.search(text) if "daily value" in text.lower() or "% dv" in text.lower() else None
        if found:
            return edition_of(found.group()) or ""
    return ""


def _wide(grid: Grid, columns: SideColumns) -> list[_Food]:
    nutrients = nutrient_columns(columns)
    foods = []
    for number, row in rows_below(grid, columns):
        food = _food(columns, row, number)
        if not food.name:
            food.problem = "no food is named in this row: write its name, as your diary calls it"
        for column in nutrients:
            cell = row[column.place] if column.place < len(row) else None
            value = read_value(column, cell)
            if value is not None:
                food.values.append((number, value))
        foods.append(food)
    return foods


def _long(grid: Grid, columns: SideColumns) -> list[_Food]:
    """Read a row per food and nutrient; a blank food, serving or edition is that of the row above."""
    foods: list[_Food] = []
    for number, row in rows_below(grid, columns):
        food = _food(columns, row, number)
        same = next((one for one in foods if food.name and one.name.casefold() == food.name.casefold()), None)
        if not food.name and foods:
            same = foods[-1]
        if same is None:
            if not food.name:
                food.problem = "no food is named in this row or above it"
            foods.append(food)
            same = food
        elif math.isnan(same.per_amount):
            same.per_amount, same.per_unit, same.serving_grams = food.per_amount, food.per_unit, food.serving_grams
        same.edition = same.edition or food.edition
        value = _read_long_value(columns, row)
        if value is not None:
            same.values.append((number, value))
        elif same is not food:
            same.values.append((number, LabelValue("", problem="no nutrient is named in this row")))
    return foods


def _read_long_value(columns: SideColumns, row: Row) -> LabelValue | None:
    name, unit = columns.text(row, "nutrient"), columns.text(row, "unit")
    if not name:
        return None
    cell = columns.cell(row, "amount")
    named = f"{name} ({unit})" if unit else name
    column = nutrient_column(0, named)
    if column is None:
        return LabelValue("", as_written=f"{cell_text(cell)} {unit}".strip(), problem=_unknown_nutrient(named))
    value = read_value(column, cell)
    return value and replace(value, as_written=f"{cell_text(cell)} {unit}".strip())


def _unknown_nutrient(named: str) -> str:
    return f'"{named[:60]}" is no nutrient that is known, or its unit does not fit it'


def _food(columns: SideColumns, row: Row, number: int) -> _Food:
    food = _Food(number, columns.text(row, "food"), columns.text(row, "brand"))
    food.notes.append(columns.text(row, "note"))
    barcode = read_barcode(columns.text(row, "barcode"))
    food.barcode = "" if barcode.is_blank else barcode.written
    food.notes.append(barcode.problem or barcode.note)
    written = columns.text(row, "edition")
    food.edition = edition_of(written) or ""
    if written and not food.edition:
        food.notes.append(f'the edition "{written[:40]}" of the Daily Values is not one of: {listing(EDITIONS)}')
    _read_serving(columns, row, food)
    return food


def _read_serving(columns: SideColumns, row: Row, food: _Food) -> None:
    """Read "1 bar (40 g)", "2 cookies", "100 g", "240 ml": what the values are for, and what that weighs."""
    text, unit, grams = (columns.text(row, column) for column in ("serving", "serving_unit", "serving_grams"))
    unit = unit or canonical_unit(columns.bracket("serving")) or ""
    text = _PER.sub("", text)
    bare = text.replace(".", "", 1).isdigit()
    text = f"{text} {unit}".strip() if bare and unit else text
    found = measure_at(tidy(text), 0, None) if text else None
    if found is not None:
        outside = tidy(text)[: found.end]
        parsed = parse_amount(outside)
        food.per_amount, food.per_unit = parsed.amount, parsed.counted or parsed.rest or _word_behind(text, found.end)
    elif text:
        food.per_amount, food.per_unit = 1.0, text[:40].lower()
    if found is not None and unit_kind(found.unit) == "mass" and found.unit:
        food.serving_grams = food.per_amount * factor_to("g", found.unit)
        if _SERVING.fullmatch(_BRACKET.sub(" ", tidy(text)[found.end :]).rstrip()):  # "45 g portion"
            food.per_amount, food.per_unit = 1.0, "serving"
    inside = _BRACKET.search(text)
    weight = parse_amount(inside[1]) if inside else None
    if weight is not None and weight.unit and unit_kind(weight.unit) == "mass":
        food.serving_grams = weight.amount * factor_to("g", weight.unit)
    elif weight is not None and weight.unit and unit_kind(weight.unit) == "volume" and math.isnan(food.serving_grams):
        each = weight.amount / (food.per_amount if food.per_amount > 0 else 1.0)
        food.per_unit = f"{food.per_unit} ({each:g} {weight.unit})"
    if grams:
        stated = parse_amount(grams if canonical_unit(grams.lstrip("0123456789., ")) else f"{grams} g")
        if stated.unit and unit_kind(stated.unit) == "mass" and stated.amount > 0:
            food.serving_grams = stated.amount * factor_to("g", stated.unit)
        else:
            food.problem = f'cannot read what a serving weighs: "{grams[:40]}". Write for example 40 g'
    if not text and not math.isnan(food.serving_grams):
        food.per_amount, food.per_unit = 1.0, "serving"
    if math.isnan(food.per_amount) or food.per_amount <= 0:
        food.problem = food.problem or (
            "no serving size: write what the values are for, such as 1 bar (40 g) or 100 g"
            if not text
            else f'cannot read the serving size "{text[:40]}". Write for example 1 bar (40 g), or 100 g'
        )


def _word_behind(text: str, end: int) -> str:
    return _BRACKET.sub(" ", tidy(text)[end:]).strip(" ,").lower()[:40] or "serving"


def _rows(food: _Food, source: str, edition: str) -> list[dict[str, Any]]:
    """Return the rows of a food: one a nutrient, the first value of each."""
    edition, why = (edition, "") if edition else _edition_by_label(food)
    about = {
        "name": food.name or None,
        "brand": food.brand or None,
        "barcode": food.barcode or None,
        "per_amount": food.per_amount,
        "per_unit": food.per_unit or None,
        "serving_grams": food.serving_grams,
        "source": source,
    }
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for line, value in food.values:
        if value.nutrient in seen:
            if line != seen[value.nutrient]:
                problem = f"{value.nutrient} stands twice, and row {seen[value.nutrient]} counts: keep one"
                rows.append(about | {"as_written": value.as_written or None, "problem": problem, "line": line})
            continue
        if value.nutrient:
            seen[value.nutrient] = line
        settled = in_amounts(value, value.edition or edition, why)
        notes = [*food.notes, settled.note]
        unit = str(load_nutrients().loc[value.nutrient, "unit"]) if value.nutrient in load_nutrients().index else None
        problem = food.problem or settled.problem
        rows.append(
            about
            | {
                "nutrient": value.nutrient if unit else None,
                "amount": math.nan if problem else settled.amount,
                "unit": unit,
                "as_written": value.as_written or None,
                "daily_value_edition": settled.edition or None,
                "note": "; ".join(note for note in notes if note) or None,
                "problem": problem or None,
                "line": line,
            }
        )
    if all(line != food.line for line, _ in food.values):
        # The row that names the food, and no nutrient.
        problem = food.problem or ("" if rows else "no value of any nutrient can be read in this row")
        note = "; ".join(note for note in food.notes if note) or None
        rows.insert(0, about | {"note": note, "problem": problem or None, "line": food.line})
    return rows


def _edition_by_label(food: _Food) -> tuple[str, str]:
    """Return the edition that a label itself gives away, and why.

    Since the rule of 2016 a label has to state vitamin D and potassium by weight, and added sugars (21 CFR
    101.9(c)(8)(ii) and (c)(6)(iii) as amended by 81 FR 33742); before, none of them had to be there.
    """
    weighed = {value.nutrient: value.as_written for _, value in food.values if not math.isnan(value.amount)}
    if "potassium" in weighed and "vitamin_d" in weighed and "IU" not in weighed["vitamin_d"]:
        return "2016", "Daily Values of 2016: the label states vitamin D in mcg, and potassium"
    return "", ""
