"""What each file of the diary was read as, and every row of it that is no line of a diary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import format_in_words

if TYPE_CHECKING:
    import pandas as pd


def _read_as(row: Row) -> str:
    return format_in_words(row["format"]) if row["entries"] else "no line of a diary found in it"


_FILES = (
    Column("File, and sheet", 34, looks.WRAPPED, field("source")),
    Column("Rows", 9, looks.WHOLE, field("rows")),
    Column("Read as", 44, looks.WRAPPED, _read_as),
    Column("Note", 70, looks.WRAPPED.but(font="quiet"), field("note")),
    Column("Entries", 10, looks.WHOLE, field("entries")),
    Column("Rows left aside", 10, looks.WHOLE, lambda row: row["left_aside"] or 0),
)


def _line(row: Row) -> object:
    return Cell("all", looks.WHOLE) if row["line"] is None else row["line"]


_LEFT_ASIDE = (
    Column("File, and sheet", 34, looks.WRAPPED, field("source")),
    Column("Line", 9, looks.WHOLE, _line),
    Column("How it begins", 44, looks.WRAPPED, field("text")),
    Column("What it is, or why it was not read", 70, looks.WRAPPED, field("reason")),
)


def write_files(page: Page, files: pd.DataFrame, left_aside: pd.DataFrame) -> None:
    """Write the Files sheet: a row a file or sheet, then a row for each row left aside."""
    set_widths(page, _FILES)
    page.line("How each file was read", looks.TITLE)
    page.line(
        "Every row that is not blank became an entry (sheets Entries, Problems and Supplements) or stands below with "
        "its reason. Of a sheet of products, recipes or own foods, entries are the rows that were read.",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = write_rows(page, _FILES, rows_of(files))
    page.name_range("files_table", (header_row, 1), (page.row - 1, len(_FILES)))
    page.row += 1
    page.line("Rows left aside", looks.HEADING)
    if left_aside.empty:
        page.line("None.", looks.FREE)
    else:
        _write_left_aside(page, left_aside)
    page.set_print(last_column=len(_FILES))


def _write_left_aside(page: Page, left_aside: pd.DataFrame) -> None:
    header_row = write_rows(page, _LEFT_ASIDE, rows_of(left_aside))
    page.name_range("left_aside_table", (header_row, 1), (page.row - 1, len(_LEFT_ASIDE)))
    page.filter_rows(header_row, len(_LEFT_ASIDE))
