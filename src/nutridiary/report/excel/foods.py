"""What each food, and each supplement, gave of the core nutrients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import FDC_ID, PERSON, Cell, Column, field, published_id, set_widths, write_rows
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page, fitted_width
from nutridiary.report.excel.words import UNNAMED, decimals_of, label_of, label_with_unit, person_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_MOST = "9CCBE8"
_NO_VALUE = Cell("no value", looks.NO_VALUE)
FOOD, SUPPLEMENT, OWN_FOOD, RECORDED_ONLY = "food", "supplement", "your own food", "in the diary only"


def write_foods(page: Page, contributions: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the Foods sheet: person by person a row for each food or supplement, the largest shares first."""
    core = [name for name in core_nutrients() if (contributions["nutrient"] == name).any()]
    rows = _foods(contributions, core, people)
    several = len(people) > 1
    columns = [
        *([PERSON._replace(width=fitted_width(map(person_name, people)))] if several else []),
        Column("Food", fitted_width((row["food_description"] for row in rows), least=24, most=52), looks.WRAPPED,
               field("food_description")),
        *([Column("What it is", 18, looks.TEXT, _kind)] if any(_kind(row) != FOOD for row in rows) else []),
        Column(FDC_ID, 10, looks.LINK, published_id),
        Column("Lines", 7, looks.WHOLE, field("entries")),
        Column("Grams", 9, looks.WHOLE, _grams),
        *(column for nutrient in core for column in _amount_and_share(nutrient)),
    ]  # fmt: skip
    set_widths(page, columns)
    page.line("Which foods gave it", looks.TITLE)
    page.line(
        "All recorded days together. Share is of the total of the nutrient on this sheet; the food with the largest "
        "share of any core nutrient stands first. 'no value': neither the food's record nor the diary says. "
        f"{looks.ABOUT}: the value of a twin record (About lists them).",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = write_rows(page, columns, rows, empty="No food was counted.")
    page.close_table("foods_table", header_row, len(columns), frozen_columns=2 if several else 1)
    for place in range(len(columns) - 2 * len(core) + 2, len(columns) + 1, 2) if rows else ():
        letter = get_column_letter(place)
        rule = ColorScaleRule("num", 0, "FFFFFF", end_type="max", end_color=_MOST)  # type: ignore[no-untyped-call]
        page.sheet.conditional_formatting.add(f"{letter}{header_row + 1}:{letter}{page.row - 1}", rule)


def _foods(contributions: pd.DataFrame, core: Sequence[str], people: Sequence[str]) -> list[Row]:
    """Return a row for each person's food with its rows `of` each nutrient, people in order, largest share first."""
    found: dict[str, dict[Any, dict[str, Row]]] = {}
    for row in rows_of(contributions[contributions["nutrient"].isin(core)]):
        person = found.setdefault(row["person_id"] or UNNAMED, {})
        # What has no record of its own is known by its name.
        key = row["source_kind"], row["fdc_id"], row["food_description"]
        person.setdefault(key, {})[row["nutrient"]] = row
    return [
        {**next(iter(rows.values())), "of": rows}
        for person_id in people
        for rows in sorted(found.get(person_id, {}).values(), key=_largest_share, reverse=True)
    ]


def _largest_share(rows: dict[str, Row]) -> float:
    return max((row["percent_of_total"] for row in rows.values() if row["percent_of_total"] is not None), default=-1.0)


def _kind(row: Row) -> str:
    if row["source_kind"] == "supplement":
        return SUPPLEMENT
    if row["fdc_id"] is None:
        return RECORDED_ONLY
    return OWN_FOOD if row["fdc_id"] < 0 else FOOD


def _grams(row: Row) -> float | None:
    """Return the grams eaten; what has no record has no weight."""
    return None if row["fdc_id"] is None else row["gram_weight"]


def _amount_and_share(nutrient: str) -> tuple[Column, Column]:
    def shown(row: Row, name: str, number: str) -> Cell | None:
        own = row["of"].get(nutrient)
        if own is None and row["source_kind"] == "supplement":
            return None  # a label that does not name a nutrient says there is none of it
        if own is None or own[name] is None:
            return _NO_VALUE
        return Cell(own[name], Look(number=number))

    def amount(row: Row) -> Cell | None:
        about = looks.ABOUT if row["of"].get(nutrient, {}).get("filled_in") else ""
        return shown(row, "amount", amount_format(decimals_of(nutrient), about))

    def share(row: Row) -> Cell | None:
        return shown(row, "percent_of_total", "0.0")

    return (
        Column(label_with_unit(nutrient), 12.0, looks.WHOLE, amount),
        Column(f"Share of {label_of(nutrient)} [%]", 12.0, looks.WHOLE, share),
    )
