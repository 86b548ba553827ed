"""Each recorded day: what speaks for it being incomplete; above it, recorded energy beside what the person needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import (
    PERSON,
    QUIET,
    Cell,
    Column,
    field,
    set_widths,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

INCOMPLETE = "possibly incomplete"
VERDICTS = {
    "plausible": "within what is expected",
    "low": "lower than expected",
    "high": "higher than expected",
    "not_decidable": "not decidable",
}
_TINTS = {
    "plausible": looks.ENOUGH_TINT,
    "low": looks.LOW_TINT,
    "high": looks.HIGH_TINT,
    "not_decidable": looks.OPEN_TINT,
}
_TIMES = Look(number="0.00")


def write_days(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Days sheet: each person's energy beside need, each recorded day, and the days that are no food days."""
    several = len(people) > 1
    checks = in_order(analysis.day_checks, people)
    own = (PERSON,) if several else ()
    columns = own + _DAYS
    set_widths(page, own + _PLAUSIBILITY)
    page.line("How complete the record may be", looks.TITLE)
    page.line(_said(checks), looks.FREE_BOLD)
    page.line(
        "A flag is a reason to look, no finding: days of eating little look the same as days not written down in full. "
        "If a day is incomplete, complete it, or name it on a sheet 'Not a food day'.",
        looks.FREE_QUIET,
    )
    page.row += 1
    if not analysis.plausibility.empty:
        _write_plausibility(page, in_order(analysis.plausibility, people), several=several)
    page.line("Recorded days", looks.HEADING)
    header_row = write_rows(page, columns, rows_of(checks), empty="No day is recorded.")
    last_row = page.row - 1
    page.name_range("days_table", (header_row, 1), (max(last_row, header_row), len(columns)))
    page.filter_rows(header_row, len(columns))
    tint_by_word(page, columns, "Check", header_row, {INCOMPLETE: looks.BETWEEN_TINT})
    if not analysis.not_food_days.empty:
        _write_not_food_days(page, analysis.not_food_days, several=several)
    page.set_print(last_column=len(own + _PLAUSIBILITY))


def in_order(table: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    """Return rows of people in the order of the report, each person's in the order they came in."""
    place = {person_id: number for number, person_id in enumerate(people)}
    order = table["person_id"].fillna(UNNAMED).map(place).fillna(len(place)).argsort(kind="stable")
    return table.iloc[order]


def _said(checks: pd.DataFrame) -> str:
    flagged, left_out = int(checks["possibly_incomplete"].sum()), int(checks["left_out"].sum())
    if not flagged:
        return f"None of {len(checks)} recorded days looks incomplete by the rules of this report."
    said = f"{flagged} of {len(checks)} recorded days may be incomplete: filter the column Check for '{INCOMPLETE}'. "
    if not left_out:
        return said + "They are in every mean of this report."
    return said + "They are left out of the means, as asked for."


def _write_plausibility(page: Page, plausibility: pd.DataFrame, *, several: bool) -> None:
    columns = ((PERSON,) if several else ()) + _PLAUSIBILITY
    page.line("Recorded energy beside what a body of this size needs", looks.HEADING)
    header_row = write_rows(page, columns, rows_of(plausibility))
    page.name_range("plausibility_table", (header_row, 1), (page.row - 1, len(columns)))
    page.row += 1


def _write_not_food_days(page: Page, not_food_days: pd.DataFrame, *, several: bool) -> None:
    columns = ((_WHOSE,) if several else ()) + _NOT_FOOD_DAYS
    page.row += 1
    page.line("Days that are no food days, as the diary says: in no mean", looks.HEADING)
    header_row = write_rows(page, columns, rows_of(not_food_days))
    page.name_range("not_food_days_table", (header_row, 1), (page.row - 1, len(columns)))


def _verdict(row: Row) -> Cell:
    return Cell(VERDICTS[row["verdict"]], looks.WRAPPED.but(fill=_TINTS[row["verdict"]]))


def _expected(row: Row) -> str | None:
    low, high = row["cutoff_low"], row["cutoff_high"]
    return None if low is None or high is None else f"{low:.2f} to {high:.2f}"


def _requirement(row: Row) -> Cell | None:
    return None if row["eer"] is None else Cell(row["eer"], looks.WHOLE)


def _in_means(row: Row) -> str:
    if row["left_out"]:
        return "left out"
    return "yes" if row["in_means"] else "nothing counted"


def _reason(row: Row) -> str:
    return "; ".join(row[name] for name in ("reason", "note", "problem") if row[name] is not None)


# The three tables stand in one grid of columns.
_DAYS = (
    Column("Date", 13, looks.DATE, field("date")),
    Column("Check", 22, looks.BOLD, lambda row: INCOMPLETE if row["possibly_incomplete"] else None),
    Column("Energy [kcal]", 11, looks.WHOLE, field("energy")),
    Column("Energy over basal rate", 12, _TIMES, field("ratio")),
    Column("Lines of food and drink", 12, looks.WHOLE, field("entries")),
    Column("Eating occasions", 12, looks.WHOLE, field("eating_occasions")),
    Column("What speaks for it being incomplete", 74, looks.WRAPPED, field("reasons")),
    Column("In the means", 16, looks.TEXT, _in_means),
)
_PLAUSIBILITY = (
    Column("Recorded days", 13, Look(number="#,##0", align="left"), field("days")),
    Column("Recorded energy is", 22, looks.WRAPPED, _verdict),
    Column("Mean energy [kcal/d]", 11, looks.WHOLE, field("mean_energy")),
    Column("Energy over basal rate", 12, _TIMES, field("ratio")),
    Column("Basal rate [kcal/d]", 12, looks.WHOLE, field("basal_rate")),
    Column("Energy requirement [kcal/d]", 12, looks.WHOLE, _requirement),
    Column("In words", 74, looks.WRAPPED, field("reading")),
    Column("Expected ratio", 16, looks.TEXT, _expected),
    Column("What it rests on", 60, QUIET, field("note")),
)
_WHOSE = PERSON._replace(value=lambda row: row["person_id"] or "everybody")
_NOT_FOOD_DAYS = (
    Column("Date", 13, looks.DATE, field("date")),
    Column("Reason", 22, looks.WRAPPED, _reason),
    Column("Line", 11, looks.WHOLE, field("line")),
    Column("Sheet", 12, looks.TEXT, field("source")),
)
