"""A table of a sheet, column by column: what it is called, how wide it is, how it looks and what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.paper import MOST_CHARACTERS
from nutridiary.report.excel.words import UNNAMED, person_name

_GIVES_WAY = 20  # characters; a column so wide can be a little narrower
FDC_ID = "FDC id"
GRAMS = Look(number="#,##0.0")
QUIET = looks.WRAPPED.but(font="quiet")


class Cell(NamedTuple):
    """A value with a look of its own, where that of its column does not fit.

    Attributes
    ----------
    formula : str
        What Excel works the value out by, without the equals sign; empty for the value itself.
    lead : str
        Cells of the workbook that a click leads to, as `'Entries'!M5:M20`; empty for none.
    """

    value: Any
    look: Look
    formula: str = ""
    lead: str = ""


class Column(NamedTuple):
    """A column of a table; what `value` returns is shown in `look`, unless it is a `Cell`."""

    name: str
    width: float
    look: Look
    value: Callable[[Row], Any]


def field(name: str) -> Callable[[Row], Any]:
    """Return what takes a field of a row as it is."""
    return lambda row: row[name]


def amount_as_written(row: Row) -> str | None:
    """Return the amount and unit of a line in the diary's words, else in ours."""
    if row["amount_text"] is not None:
        return str(row["amount_text"])
    parts = [] if row["amount"] is None else [f"{row['amount']:g}"]
    parts += [row["unit"]] if row["unit"] is not None else []
    return " ".join(parts) or None


def line_number(row: Row) -> Any:
    """Return the number of a line, 14, or of a food of it, 14.2."""
    return row["line"] if row["part"] is None else f"{row['line']}.{row['part']}"


def published_id(row: Row) -> int | None:
    """Return the FDC id of a food; the user's own foods have none."""
    return None if row["fdc_id"] is None or row["fdc_id"] < 0 else int(row["fdc_id"])


PERSON = Column("Person", 14, looks.TEXT, lambda row: person_name(row["person_id"] or UNNAMED))
SOURCE = Column("Source", 21, looks.WRAPPED, field("source"))
LINE = Column("Line", 7, looks.WHOLE, field("line"))


def write_rows(page: Page, columns: Sequence[Column], rows: Sequence[Row], *, empty: str = "") -> int:
    """Write a header and the rows below it, and return the row of the header.

    Parameters
    ----------
    page : Page
        Its widths are set already.
    columns : sequence of Column
    rows : sequence of Row
    empty : str
        What to say where there is no row.
    """
    header_row = page.row
    page.put_row([column.name for column in columns], [_header(column.look) for column in columns])
    for row in rows:
        write_cells(page, columns, row)
        page.row += 1
    if not rows and empty:
        page.line(empty, looks.FREE)
    return header_row


def write_cells(page: Page, columns: Sequence[Column], row: Row) -> None:
    """Write the cells of one row of a table, and stay on it."""
    for place, column in enumerate(columns, 1):
        value = column.value(row)
        if column.name == FDC_ID:
            page.link_food(page.row, place, value)
        elif isinstance(value, Cell):
            if value.formula:
                page.put_formula(page.row, place, value.formula, value.look, value.value)
            else:
                page.put(page.row, place, value.value, value.look)
            if value.lead:
                page.lead(page.row, place, value.lead)
        else:
            page.put(page.row, place, value, column.look)


def _header(look: Look) -> Look:
    is_number = look.number != "General" and look.align != "left"
    return looks.NUMBER_HEADER if is_number else looks.HEADER


def set_widths(page: Page, columns: Sequence[Column], *, printed: int | None = None) -> None:
    """Set the widths of the sheet to those of the columns.

    Where they are wider than a page that can be read, the widest columns of running text give way. `printed` is how
    many of the first columns are printed; by default all.
    """
    widths = [column.width for column in columns]
    text = [place for place, column in enumerate(columns[:printed]) if column.look.wrap and column.width >= _GIVES_WAY]
    excess = sum(widths[:printed]) - MOST_CHARACTERS
    room = sum(widths[place] for place in text)
    if 0 < excess < room / 2:
        for place in text:
            widths[place] -= excess * widths[place] / room
    page.set_widths(widths)


def tint_by_word(
    page: Page,
    columns: Sequence[Column],
    name: str,
    header_row: int,
    tints: dict[str, str],
    *,
    but: Sequence[str] = (),
) -> None:
    """Tint each row of the table that was written last by the word in one of its columns.

    Parameters
    ----------
    page : Page
    columns : sequence of Column
    name : str
        The column with the words.
    header_row : int
    tints : dict of str to str
        Tint of each word.
    but : sequence of str
        Columns that keep their own.
    """
    letter = get_column_letter([column.name for column in columns].index(name) + 1)
    first, last = header_row + 1, max(page.row - 1, header_row + 1)
    letters = [get_column_letter(place) for place, column in enumerate(columns, 1) if column.name not in but]
    cells = " ".join(f"{own}{first}:{own}{last}" for own in letters) if but else f"A{first}:{letters[-1]}{last}"
    for word, tint in tints.items():
        fill = PatternFill(bgColor=tint, fill_type="solid")
        rule = FormulaRule(formula=[f'${letter}{first}="{word}"'], fill=fill)  # type: ignore[no-untyped-call]
        page.sheet.conditional_formatting.add(cells, rule)
