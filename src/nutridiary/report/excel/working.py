"""How every confidence was worked out, number by number, so that a reader with a calculator gets the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, core_first, rows_of
from nutridiary.report.excel.columns import PERSON, QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED, decimals_of, in_words, is_core, label_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

WORKING_SHEET = "Working"
MOST_IN_FULL = 12
"""Up to so many people every nutrient is worked out; of more, the core nutrients, to keep a group's workbook small."""

ABOUT: Mapping[str, str] = {
    "confidence": "confidence",
    "usual_intake": "best guess of usual intake",
    "more_days": "more days",
    "confidence_iom_2000": "by these days alone (IOM 2000)",
    "confidence_below_ul": "confidence to be below UL or CDRR",
}
_HEADER_ROW = 6


def write_working(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Working sheet: a row a step, person by person and nutrient by nutrient."""
    columns = ((PERSON,) if len(people) > 1 else ()) + _COLUMNS
    set_widths(page, columns)
    page.line("How each confidence was worked out", looks.TITLE)
    for line in _EXPLAINED:
        page.line(line, looks.FREE_QUIET)
    if len(people) > MOST_IN_FULL:
        page.line(_CORE_ONLY.format(people=len(people)), looks.FREE_QUIET)
    rows = rows_of(_shown(analysis.working, people))
    example = _first_nutrient(rows)
    if len(example) < len(rows):
        page.line(_PRINTED.format(nutrient=label_of(example[0]["nutrient"])), looks.FREE_QUIET)
    page.row = _HEADER_ROW
    header_row = write_rows(page, columns, rows, empty="There is no figure to work out.")
    if len(example) < len(rows):
        page.leave_unprinted(header_row + len(example) + 1, page.row - 1)
    page.close_table("working_table", header_row, len(columns), frozen_columns=2 if len(people) > 1 else 1)


_EXPLAINED = (
    "Filter by nutrient. A figure without a formula is given, and its source stands beside it; the others follow from "
    "the rows above by their formula. Φ is the normal distribution: NORM.S.DIST(z, TRUE) in Excel.",
    "The nine points c and their shares, by which a value of the scale becomes a usual intake: 0 (0.252489), ±0.5 "
    "(0.159698), ±0.8 (0.070458), ±1.3 (0.080255), ±2.1 (0.063345).",
)
_PRINTED = (
    "On paper stands {nutrient} only, as an example; the rest is here on the screen. To print all of it, clear the "
    "print area (Excel: Page Layout, Print Area; LibreOffice: Format, Print Ranges)."
)
_CORE_ONLY = (
    "Of {people} people only the core nutrients are worked out here. A report of fewer people, and the table `working` "
    "in Python, have all."
)


def _shown(working: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the sheet, in its order."""
    rows = working[working["nutrient"].map(is_core).astype(bool)] if len(people) > MOST_IN_FULL else working
    return in_order(rows, people)


def _first_nutrient(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the first nutrient of the first person."""
    if not rows:
        return []
    of = rows[0]["person_id"], rows[0]["nutrient"]
    return list(takewhile(lambda row: (row["person_id"], row["nutrient"]) == of, rows))


def in_order(table: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    """Return rows person by person in the order of the report, the core nutrients first."""
    place = {person_id: number for number, person_id in enumerate(people)}
    rows = core_first(table)
    rows = rows.assign(_person=rows["person_id"].fillna(UNNAMED).map(place))
    return rows.sort_values("_person", kind="stable").drop(columns="_person")


def places_of_working(working: pd.DataFrame, people: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return the first row of the sheet for each person and nutrient."""
    rows = _shown(working, people)
    keys = zip(rows["person_id"].fillna(UNNAMED), rows["nutrient"], strict=True)
    places: dict[tuple[str, str], int] = {}
    for row, key in enumerate(keys, _HEADER_ROW + 1):
        places.setdefault(key, row)
    return places


def _is_first(row: Row) -> bool:
    return bool(row["step"] == 1)


def _nutrient(row: Row) -> Cell:
    first = _is_first(row) and row["about"] == "confidence"
    return Cell(label_of(row["nutrient"]), looks.BOLD if first else QUIET)


def _about(row: Row) -> Cell:
    return Cell(in_words(row["about"], ABOUT), looks.BOLD if _is_first(row) else QUIET)


def _value(row: Row) -> Cell:
    """Return the value with the digits that working it out again takes."""
    unit = row["unit"]
    if unit == "d":
        return Cell(row["value"], looks.WHOLE)
    if unit == "-":
        return Cell(row["value"], Look(number="0.00000"))
    return Cell(row["value"], Look(number="0.00" if unit == "%" else amount_format(decimals_of(row["nutrient"]) + 1)))


def _unit(row: Row) -> str | None:
    unit = str(row["unit"])
    nutrient_unit, slash, per = unit.partition("/")
    return None if unit == "-" else f"{written_unit(nutrient_unit)}{slash}{per}"


_COLUMNS = (
    Column("Nutrient", 26, looks.TEXT, _nutrient),
    Column("What is worked out", 28, looks.TEXT, _about),
    Column("Step", 6, looks.WHOLE, field("step")),
    Column("Quantity", 54, looks.WRAPPED, field("quantity")),
    Column("Symbol", 9, looks.TEXT, field("symbol")),
    Column("Value", 12, looks.WHOLE, _value),
    Column("Unit", 8, looks.TEXT, _unit),
    Column("Formula", 46, looks.WRAPPED, field("formula")),
    Column("Source", 43, QUIET, field("source")),
)
