"""How each line of the diary was read, and which lines were left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.diary.overlaps import COUNTED_ELSEWHERE
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import (
    FDC_ID,
    GRAMS,
    PERSON,
    QUIET,
    SOURCE,
    Cell,
    Column,
    amount_as_written,
    field,
    line_number,
    published_id,
    set_widths,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import COUNTED, DATA_TYPES, WEIGHT_METHODS, in_words

if TYPE_CHECKING:
    import pandas as pd

TO_REVIEW, LEFT_OUT = "review", "left out"
CHECK_TINTS = {TO_REVIEW: looks.BETWEEN_TINT, LEFT_OUT: looks.OPEN_TINT}
AS_SUPPLEMENT = "a supplement: see the sheet Supplements"
AS_RECORDED = "no food of ours: counted by the diary's own values"
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


def _food(row: Row) -> str | Cell | None:
    if row["food_description"] is not None or row["problem"] is not None:
        return row["food_description"]  # type: ignore[no-any-return]
    return Cell(AS_SUPPLEMENT if row["kind"] == "supplement" else AS_RECORDED, QUIET)


_WHERE = (
    SOURCE,
    Column("Line", 6, looks.WHOLE, line_number),
    Column("Date", 12, looks.DATE, field("date")),
    Column("Meal", 16, looks.WRAPPED, field("eating_occasion")),
    Column("As written", 25, looks.WRAPPED, field("food_text")),
    Column("Amount as written", 16, looks.WRAPPED, amount_as_written),
)
_MATCH = (
    Column("Check", 9, looks.BOLD, check),
    Column("Food it was taken for", 30, looks.WRAPPED, _food),
    Column(FDC_ID, 10, looks.LINK, published_id),
    Column("Data type", 12, looks.WRAPPED, lambda row: in_words(row["data_type"], DATA_TYPES)),
    Column("Match score, 0 to 1", 8, looks.SCORE, field("match_score")),
    Column("Portion used", 25, looks.WRAPPED, field("portion")),
    Column("Grams", 8, GRAMS, field("gram_weight")),
    Column("Grams, low", 8, GRAMS, field("gram_low")),
    Column("Grams, high", 8, GRAMS, field("gram_high")),
    Column("How it was weighed", 19, looks.WRAPPED, lambda row: in_words(row["weight_method"], WEIGHT_METHODS)),
    Column("Note", 36, QUIET, field("note")),
)
_PROBLEM = (
    Column("Kind", 11, looks.TEXT, field("kind")),
    Column("Why it was left out", 60, looks.WRAPPED, field("problem")),
    Column("What to do", 42, looks.WRAPPED, what_to_do),
)


def write_matches(page: Page, entries: pd.DataFrame, *, people: Sequence[str], values: str = "ours") -> None:
    """Write the Matches sheet: every line that was counted or matched, in the order of the diary.

    Parameters
    ----------
    page : Page
    entries : pandas.DataFrame
        `tables.WEIGHED`.
    people : sequence of str
    values : str
        Whose nutrient values count: one of `words.COUNTED`.
    """
    shown = entries[entries["problem"].isna() | entries["fdc_id"].notna()]
    to_review = int((shown["needs_review"] & shown["problem"].isna()).sum())
    columns = ((PERSON,) if len(people) > 1 else ()) + _WHERE + _MATCH
    set_widths(page, columns)
    page.line("How each line was read", looks.TITLE)
    page.line(
        f"{len(shown)} lines, {to_review} to review: filter the column Check for '{TO_REVIEW}'. "
        "A wrong match is put right with nutridiary review, or in the diary: the food in plainer words, or its FDC id.",
        looks.FREE_QUIET,
    )
    if values in COUNTED:
        page.line(COUNTED[values], looks.FREE_QUIET)
    page.row += 1
    header_row = write_rows(page, columns, rows_of(shown), empty="No line was matched with a food.")
    page.close_table("matches_table", header_row, len(columns), frozen_columns=0)
    tint_by_word(page, columns, "Check", header_row, CHECK_TINTS)


def write_problems(page: Page, problems: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the Problems sheet: every line that was left out of the totals, and why."""
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
    header_row = write_rows(page, columns, rows_of(problems))
    page.close_table("problems_table", header_row, len(columns), frozen_columns=0)
