"""Our values beside those the diary itself carries, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, core_first, rows_of
from nutridiary.report.excel.columns import (
    PERSON,
    Cell,
    Column,
    field,
    set_widths,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED, VALUES, decimals_of, label_of, unit_of
from nutridiary.report.remarks import difference_counts

if TYPE_CHECKING:
    import pandas as pd

DIFFERS = "differs"
_NO_LINE = Cell("no line", looks.NO_VALUE)


def write_recorded(
    page: Page, differences: pd.DataFrame, settings: Mapping[str, str], *, people: Sequence[str]
) -> None:
    """Write the Recorded values sheet: a row a day and nutrient, and which of the two values count."""
    columns = ((PERSON,) if len(people) > 1 else ()) + _COLUMNS
    set_widths(page, columns)
    differing, compared = difference_counts(differences)
    page.line("Our values beside the diary's own", looks.TITLE)
    page.line(VALUES.get(settings.get("nutrient values", "ours"), ""), looks.FREE_BOLD)
    page.line(
        f"{differing:,} of {compared:,} day totals differ by more than 20 % of the diary's own: filter the column "
        f"Check for '{DIFFERS}'. Both totals are over the same lines: those that both have a value for.",
        looks.FREE_QUIET,
    )
    page.line(
        "Neither is always right: the diary's may be a label or another country's food table, ours rests on a match "
        "and a weight. Look at the line named first.",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = write_rows(page, columns, rows_of(_in_order(differences, people)))
    page.close_table("recorded_values_table", header_row, len(columns), frozen_columns=2 if len(people) > 1 else 1)
    tint_by_word(page, columns, "Check", header_row, {DIFFERS: looks.BETWEEN_TINT})


def _in_order(differences: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    """Return the rows person by person and day by day, the core nutrients first."""
    place = {person_id: number for number, person_id in enumerate(people)}
    rows = core_first(differences)
    rows = rows.assign(_person=rows["person_id"].fillna(UNNAMED).map(place))
    return rows.sort_values(["_person", "date"], kind="stable").drop(columns="_person")


def _amount(name: str) -> Column:
    title = {"ours": "Ours", "recorded": "The diary's own"}[name]

    def shown(row: Row) -> Cell:
        if row[name] is None:
            return _NO_LINE
        return Cell(row[name], Look(number=amount_format(decimals_of(row["nutrient"]))))

    return Column(title, 11, looks.WHOLE, shown)


_COLUMNS = (
    Column("Date", 12, looks.DATE, field("date")),
    Column("Nutrient", 30, looks.WRAPPED, lambda row: label_of(row["nutrient"])),
    Column("Unit", 7, looks.TEXT, lambda row: unit_of(row["nutrient"])),
    _amount("ours"),
    _amount("recorded"),
    Column("Ours above or below [%]", 12, Look(number="+#,##0;-#,##0;0"), field("percent")),
    Column("Check", 10, looks.BOLD, lambda row: DIFFERS if row["differs"] else None),
    Column("The line that makes most of it", 52, looks.WRAPPED, field("most_from")),
    Column("Lines compared", 10, looks.WHOLE, field("lines")),
    Column("Lines only ours", 10, looks.WHOLE, field("lines_ours_only")),
    Column("Lines only the diary's", 10, looks.WHOLE, field("lines_recorded_only")),
)
