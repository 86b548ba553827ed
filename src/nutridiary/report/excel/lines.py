"""Which lines of the diary are in no figure, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.diary.overlaps import COUNTED_ELSEWHERE
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import (
    PERSON,
    SOURCE,
    Column,
    amount_as_written,
    field,
    line_number,
    set_widths,
    write_rows,
)
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.trail import Trail

if TYPE_CHECKING:
    import pandas as pd

TO_REVIEW, LEFT_OUT = "review", "left out"
CHECK_TINTS = {TO_REVIEW: looks.BETWEEN_TINT, LEFT_OUT: looks.OPEN_TINT}
_NOT_EATEN = {
    "note": "Nothing: a note is not eaten.",
    "exercise": "Nothing: exercise is not eaten.",
    "symptom": "Nothing: a symptom is not eaten.",
    "total": "Nothing, if the foods it is of are in the diary. If they are not: --values recorded counts totals.",
}


def check(row: Row) -> str | None:
    """Return what to filter the lines for: left out, to review, or nothing to do."""
    if row["problem"] is not None:
        return LEFT_OUT
    return TO_REVIEW if row["needs_review"] else None


def is_counted_elsewhere(row: Row) -> bool:
    """Return whether a line was left out because it stands in the diary twice."""
    return str(row["problem"]).startswith(COUNTED_ELSEWHERE)


def what_to_do(row: Row) -> str:
    """Return what to do about a line that was left out."""
    if is_counted_elsewhere(row):
        return "Nothing: it is counted once."
    if row["kind"] in _NOT_EATEN:
        return _NOT_EATEN[row["kind"]]
    if row["kind"] == "supplement":
        return "As said beside it. Until then what it holds is in no figure of this report."
    if row["fdc_id"] is not None and row["gram_weight"] is None:
        return "Write an amount this food can be weighed by: grams, or one of its portions."
    return "Correct the line in the diary and run the analysis again."


def key_of(row: Row) -> tuple[Any, Any, Any]:
    """Return what tells a line from every other."""
    return row["source"], row["line"], row["part"]


_WHERE = (
    SOURCE,
    Column("Line", 6, looks.WHOLE, line_number),
    Column("Date", 12, looks.DATE, field("date")),
    Column("Meal", 16, looks.WRAPPED, field("eating_occasion")),
    Column("As written", 25, looks.WRAPPED, field("food_text")),
    Column("Amount as written", 16, looks.WRAPPED, amount_as_written),
)
_PROBLEM = (
    Column("Kind", 11, looks.TEXT, field("kind")),
    Column("Why it was left out", 60, looks.WRAPPED, field("problem")),
    Column("What to do", 42, looks.WRAPPED, what_to_do),
)


def write_problems(page: Page, problems: pd.DataFrame, trail: Trail, *, people: Sequence[str]) -> None:
    """Write the Problems sheet: every line that was left out of the totals, and why; note in `trail` where."""
    columns = ((PERSON,) if len(people) > 1 else ()) + _WHERE + _PROBLEM
    set_widths(page, columns)
    page.line("Lines left out of the totals", looks.TITLE)
    if problems.empty:
        page.line("None: every line of the diary was counted.", looks.FREE)
        page.set_print(last_column=len(columns))
        return
    eaten = ~problems["kind"].isin(_NOT_EATEN)
    nothing_eaten = f" {int((~eaten).sum())} of them are nothing eaten (Kind)." if (~eaten).any() else ""
    page.line(
        f"{len(problems)} lines. Nothing in them is part of any figure in this report.{nothing_eaten}",
        looks.FREE_QUIET,
    )
    page.row += 1
    rows = rows_of(problems)
    header_row = write_rows(page, columns, rows)
    trail.problem_rows = {key_of(row): place for place, row in enumerate(rows, header_row + 1)}
    page.close_table("problems_table", header_row, len(columns), frozen_columns=0)
