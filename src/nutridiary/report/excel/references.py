"""The reference figures intakes were compared with, under their own names, with their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, core_first, rows_of
from nutridiary.report.excel.columns import PERSON, QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.looks import reference_look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import APPLIES_TO, UNNAMED, in_words, label_of

if TYPE_CHECKING:
    import pandas as pd

_HEADER_ROW = 3


def write_references(page: Page, references: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the References sheet: every figure the intakes were compared with."""
    columns = ((PERSON,) if len(people) > 1 else ()) + _columns(references)
    set_widths(page, columns, printed=len(columns) - 1)
    page.line("Reference values", looks.TITLE)
    page.row = _HEADER_ROW
    rows = rows_of(_by_person(references, people))
    nobody = "None: no sex and age were given, so nothing was compared."
    header_row = write_rows(page, columns, rows, empty=nobody)
    page.close_table("references_table", header_row, len(columns), frozen_columns=0)
    _write_sources(page, rows, len(columns) - 1)
    page.set_print(last_column=len(columns) - 1, header_rows=(header_row, header_row))


def _write_sources(page: Page, rows: Sequence[Row], last_column: int) -> None:
    """Write the source of each edition once, as wide as what is printed: beside each figure it would take a page."""
    sources = dict.fromkeys((row["edition"] or row["authority"] or "", row["source"]) for row in rows if row["source"])
    if not sources:
        return
    first = page.row
    page.row += 1
    page.line("Sources, by edition", looks.HEADING)
    for edition, source in sources:
        page.put(page.row, 1, f"{edition}: {source}", looks.PARAGRAPH, across=last_column)
        page.row += 1
    page.keep_together(first, page.row - 1)


def places_of_references(references: pd.DataFrame, people: Sequence[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the first and the last row of the sheet for each person and nutrient."""
    rows = _by_person(references, people)
    keys = zip(rows["person_id"].fillna(UNNAMED), rows["nutrient"], strict=True)
    places: dict[tuple[str, str], tuple[int, int]] = {}
    for row, key in enumerate(keys, _HEADER_ROW + 1):
        places[key] = places.get(key, (row, row))[0], row
    return places


def _by_person(references: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    order = {person_id: place for place, person_id in enumerate(people)}
    return core_first(references).sort_values(
        "person_id", key=lambda ids: ids.fillna(UNNAMED).map(order), kind="stable"
    )


def _columns(references: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns; those of names in the US and of conditions only where there is something to say."""
    named = (references["kind_name"] != references["kind"]).any()
    conditions = references["condition"].notna().any()
    return (
        Column("Nutrient", 32, looks.WRAPPED, lambda row: label_of(row["nutrient"])),
        Column("Kind", 12, looks.WRAPPED, lambda row: row["kind_name"] or row["kind"]),
        *([Column("In the US", 8, looks.TEXT, field("kind"))] if named else []),
        Column("Amount per day", 11, looks.WHOLE, _amount),
        Column("Unit", 8, looks.TEXT, lambda row: written_unit(row["unit"] or "")),
        Column("Group", 26, looks.WRAPPED, group_in_words),
        *([Column("Holds under", 24, looks.WRAPPED, field("condition"))] if conditions else []),
        Column("Authority", 11, looks.TEXT, field("authority")),
        Column("Edition", 16, looks.TEXT, field("edition")),
        Column("Status", 12, looks.TEXT, field("status")),
        Column("Held against", 32, looks.WRAPPED, lambda row: in_words(row["applies_to"], APPLIES_TO)),
        Column("Source", 72, QUIET.but(wrap=False), field("source")),
    )


def _amount(row: Row) -> Cell:
    if row["amount"] is None:
        return Cell("none set", looks.NO_VALUE)
    return Cell(row["amount"], reference_look(looks.TEXT, row["amount"]))


def group_in_words(row: Mapping[str, Any]) -> str:
    """Return the group a reference is for; the upper age is exclusive.

    Examples
    --------
    >>> group_in_words({"life_stage": "none", "sex": "female", "age_from": 31.0, "age_to": 51.0})
    'female, 31 to under 51 years'
    """
    stage = row["life_stage"]
    sex = "" if row["sex"] in (None, "both") else str(row["sex"])
    who = stage if stage in ("pregnancy", "lactation", "infant", "child") else sex
    if row["age_from"] is None:
        return who or "everybody"
    ages = f"{row['age_from']:g}" + (
        " years and over" if row["age_to"] is None else f" to under {row['age_to']:g} years"
    )
    return ", ".join(part for part in (who, ages) if part)
