"""The fourth and fifth sheets: how each line of the diary was read, and which lines were left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import DATA_TYPES, UNNAMED, WEIGHT_METHODS, in_words, person_name
from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd

TO_REVIEW, LEFT_OUT = "review", "left out"
_GRAMS = Look(number="#,##0.0")
_Column = tuple[str, float, Look, Callable[[Row], Any]]


def _field(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _line(row: Row) -> Any:
    return row["line"] if row["part"] is None else f"{row['line']}.{row['part']}"


def _amount_as_written(row: Row) -> str | None:
    if row["amount_text"] is not None:
        return str(row["amount_text"])
    parts = [] if row["amount"] is None else [f"{row['amount']:g}"]
    parts += [row["unit"]] if row["unit"] is not None else []
    return " ".join(parts) or None


def _check(row: Row) -> str | None:
    if row["problem"] is not None:
        return LEFT_OUT
    return TO_REVIEW if row["needs_review"] else None


def _what_to_do(row: Row) -> str:
    if row["kind"] in NOT_EATEN:
        return "Nothing: a note is not eaten."
    if row["kind"] == "supplement":
        return "Keep it in mind: what it holds is in no figure of this report."
    if row["fdc_id"] is not None and row["gram_weight"] is None:
        return "Write an amount this food can be weighed by: grams, or one of its portions."
    return "Correct the line in the diary and run the analysis again."


_PERSON: _Column = ("Person", 14, looks.TEXT, lambda row: person_name(row["person_id"] or UNNAMED))
_WHERE: tuple[_Column, ...] = (
    ("Source", 21, looks.WRAPPED, _field("source")),
    ("Line", 6, looks.WHOLE, _line),
    ("Date", 12, looks.DATE, _field("date")),
    ("Meal", 16, looks.WRAPPED, _field("eating_occasion")),
    ("As written", 25, looks.WRAPPED, _field("food_text")),
    ("Amount as written", 16, looks.WRAPPED, _amount_as_written),
)
_MATCH: tuple[_Column, ...] = (
    ("Check", 9, looks.BOLD, _check),
    ("Food it was taken for", 30, looks.WRAPPED, _field("food_description")),
    ("FDC id", 10, looks.LINK, _field("fdc_id")),
    ("Data type", 12, looks.WRAPPED, lambda row: in_words(row["data_type"], DATA_TYPES)),
    ("Match score, 0 to 1", 8, looks.SCORE, _field("match_score")),
    ("Portion used", 25, looks.WRAPPED, _field("portion")),
    ("Grams", 8, _GRAMS, _field("gram_weight")),
    ("Grams, low", 8, _GRAMS, _field("gram_low")),
    ("Grams, high", 8, _GRAMS, _field("gram_high")),
    ("How it was weighed", 19, looks.WRAPPED, lambda row: in_words(row["weight_method"], WEIGHT_METHODS)),
    ("Note", 36, looks.WRAPPED.but(font="quiet"), _field("note")),
)
_PROBLEM: tuple[_Column, ...] = (
    ("Kind", 11, looks.TEXT, _field("kind")),
    ("Why it was left out", 60, looks.WRAPPED, _field("problem")),
    ("What to do", 42, looks.WRAPPED, _what_to_do),
)


def write_matches(page: Page, entries: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the Matches sheet: every line that was counted or matched, in the order of the diary."""
    shown = entries[entries["problem"].isna() | entries["fdc_id"].notna()]
    to_review = int((shown["needs_review"] & shown["problem"].isna()).sum())
    page.line("How each line was read", looks.TITLE)
    page.line(
        f"{len(shown)} lines, {to_review} to review: filter the column Check for '{TO_REVIEW}'. "
        "A wrong match is put right with nutridiary review, or in the diary: the food in plainer words, or its FDC id.",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = page.row
    columns = ((_PERSON,) if len(people) > 1 else ()) + _WHERE + _MATCH
    _write_columns(page, columns, rows_of(shown))
    if shown.empty:
        page.line("No line was matched with a food.", looks.FREE)
    page.close_table("matches_table", header_row, len(columns), frozen_columns=0)
    check = get_column_letter([name for name, *_ in columns].index("Check") + 1)
    for word, tint in ((TO_REVIEW, looks.BETWEEN_TINT), (LEFT_OUT, looks.OPEN_TINT)):
        condition = f'${check}{header_row + 1}="{word}"'
        cells = f"A{header_row + 1}:{get_column_letter(len(columns))}{max(page.row - 1, header_row + 1)}"
        rule = FormulaRule(formula=[condition], fill=PatternFill(bgColor=tint, fill_type="solid"))  # type: ignore[no-untyped-call]
        page.sheet.conditional_formatting.add(cells, rule)


def write_problems(page: Page, problems: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the Problems sheet: every line that was left out of the totals, and why."""
    page.line("Lines left out of the totals", looks.TITLE)
    columns = ((_PERSON,) if len(people) > 1 else ()) + _WHERE + _PROBLEM
    if problems.empty:
        page.line("None: every line of the diary was counted.", looks.FREE)
        page.set_widths([width for _, width, _, _ in columns])
        page.set_print(last_column=len(columns))
        return
    page.line(f"{len(problems)} lines. Nothing in them is part of any figure in this report.", looks.FREE_QUIET)
    page.row += 1
    header_row = page.row
    _write_columns(page, columns, rows_of(problems))
    page.close_table("problems_table", header_row, len(columns), frozen_columns=0)


def _write_columns(page: Page, columns: Sequence[_Column], rows: Sequence[Row]) -> None:
    page.set_widths([width for _, width, _, _ in columns])
    right = {looks.WHOLE, looks.SCORE, _GRAMS}
    page.put_row(
        [name for name, *_ in columns],
        [looks.NUMBER_HEADER if look in right else looks.HEADER for _, _, look, _ in columns],
    )
    for row in rows:
        for column, (name, _, look, value) in enumerate(columns, 1):
            if name == "FDC id":
                page.link_food(page.row, column, value(row))
            else:
                page.put(page.row, column, value(row), look)
        page.row += 1
