"""One sheet of the report: safe cells, headers, links, names and print set-up."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from nutridiary.errors import NutridiaryError
from nutridiary.report.excel import looks, paper
from nutridiary.report.excel.looks import Look, Palette
from nutridiary.report.excel.sheet_xml import Formula, Link, PlainCell

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase
    from openpyxl.workbook import Workbook

MOST_CHARACTERS = 32_767  # of a cell, in UTF-16 units (Excel specifications and limits, Microsoft)
MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
CUT_MARK = " ... [cut]"
FOOD_PAGE = "https://fdc.nal.usda.gov/food-details/{fdc_id}/nutrients"
HIGHEST = 409.0  # points, of a row
NARROWEST, WIDEST = 7, 60
_MOST_LINES = 60  # more than the highest row shows
_FIRST_YEAR = 1900  # of Excel's calendar
_PLAIN_HEIGHT = 15.0
_LETTERS_PER_FIGURE = 1.08  # widths count figures, and running text is a little narrower

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TYPES: dict[type, str] = {str: "s", bool: "b", date: "d"}  # of numbers: n
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")


def plain_text(value: object) -> str:
    """Return `value` as text without what XML cannot hold; lines end in a line feed.

    Examples
    --------
    >>> plain_text("bell \\x07 and carriage\\rreturn")
    'bell  and carriage\\nreturn'
    """
    return _NOT_IN_XML.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def safe_text(value: object) -> str:
    """Return `value` as text a cell can hold: `plain_text`, no longer than a cell, and no escape of Excel's.

    Examples
    --------
    >>> safe_text("_x0041_")  # Excel would show an A
    '_x005F_x0041_'
    """
    text = _ESCAPE.sub("_x005F_", plain_text(value))
    if len(text) * 2 > MOST_CHARACTERS and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        kept = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(CUT_MARK))]
        text = kept.decode("utf-16-le", errors="ignore") + CUT_MARK
    return text


def _cell_value(value: Any) -> Any:
    """Return what a cell shall hold: text, a finite number, a date, or None for what is missing."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, date):  # datetimes are dates, too
        return date(value.year, value.month, value.day) if value.year >= _FIRST_YEAR else f"{value:%Y-%m-%d}"
    number = value.item() if hasattr(value, "item") else value
    return number if math.isfinite(number) else f"{number}: not a number a sheet can hold"


def is_missing(value: object) -> bool:
    """Return whether a table has no value here (None, NaN, NaT or NA)."""
    return value is None or value != value or str(value) == "<NA>"


class Page:
    """A worksheet that is written row by row.

    Attributes
    ----------
    sheet : openpyxl worksheet
    row : int
        The next free row.
    alt_texts : list of str
        What each chart of the sheet shows, in words, in the order the charts were added.
    plan : PrintPlan
        Which rows are printed, and which together; it holds when `set_print` is called.
    """

    def __init__(self, workbook: Workbook, palette: Palette, title: str) -> None:
        """Add an empty sheet to `workbook`."""
        self.workbook = workbook
        self.sheet = workbook.create_sheet(title)
        self.sheet.sheet_view.showGridLines = False
        self.sheet.sheet_view.zoomScale = 90
        self.row = 1
        self.alt_texts: list[str] = []
        self.plan = paper.PrintPlan()
        self._last_charted = 1
        self._chart_rows: list[int] = []
        self._palette = palette
        self._links = 0
        self._widths: Sequence[float] = ()

    def put(self, row: int, column: int, value: Any, look: Look = looks.TEXT, *, across: int = 1) -> None:
        """Write one cell. Text is always text, never a formula; what is missing stays blank.

        A cell `across` several columns takes those at its right in.
        """
        if row > MOST_ROWS:
            raise NutridiaryError(
                f"sheet {self.sheet.title}: an Excel sheet holds {MOST_ROWS:,} rows, this diary needs more. "
                "Split the diary and make a report of each part."
            )
        cell = self._cell(row, column)
        if type(value) is float and math.isfinite(value):  # most cells of a long diary
            content: Any = value
        else:
            content = _cell_value(value)
        # What openpyxl would find out by itself, and slowly; text that begins with = is a formula to it.
        cell._value, cell.data_type = content, _TYPES.get(type(content), "n")
        if cell.data_type == "s":
            look = look.but(literal=True) if content.startswith(_FORMULA_STARTS) else look
        cell._style = self._palette.style(look)
        if across > 1:
            for taken in range(column + 1, column + across):
                self._cell(row, taken)._style = cell._style
            self.sheet.merged_cells.add(CellRange(None, column, row, column + across - 1, row))
        if look.wrap or look.line_height > _PLAIN_HEIGHT:
            self._fit_height(row, column, content, look, across)

    def style(self, look: Look) -> Any:
        """Return what `put_figures` takes for a look."""
        return self._palette.style(look)

    def put_figures(self, row: int, column: int, values: Iterable[float | None], styles: Iterable[Any]) -> None:
        """Write a row of finite numbers from a column on, as long tables have many; None stays blank."""
        sheet, cells = self.sheet, self.sheet._cells
        for place, (value, style) in enumerate(zip(values, styles, strict=True), column):
            cells[row, place] = PlainCell(sheet, row, place, value, style)

    def _cell(self, row: int, column: int) -> Any:
        """Return a cell of the sheet, which is made where there is none yet."""
        cells: dict[tuple[int, int], Any] = self.sheet._cells
        if (row, column) not in cells:
            cells[row, column] = PlainCell(self.sheet, row, column)
        return cells[row, column]

    def _fit_height(self, row: int, column: int, value: object, look: Look, across: int = 1) -> None:
        """Make the row as high as this cell needs; not every program does it by itself."""
        lines = 1
        if look.wrap and isinstance(value, str) and column <= len(self._widths):
            width = sum(self._widths[column - 1 : column - 1 + across])
            room = int(width - 1 if look.font == "bold" else width * _LETTERS_PER_FIGURE)
            lines = 1 if len(value) <= room and "\n" not in value else _lines_of(value, room)
        needed = min(lines * look.line_height, HIGHEST)
        if needed > _PLAIN_HEIGHT:
            dimension = self.sheet.row_dimensions[row]
            dimension.height = max(dimension.height or 0, needed)

    def put_row(self, values: Iterable[Any], row_looks: Sequence[Look]) -> None:
        """Write the next row from its first column on."""
        for column, (value, look) in enumerate(zip(values, row_looks, strict=True), 1):
            self.put(self.row, column, value, look)
        self.row += 1

    def line(self, text: str, look: Look = looks.FREE) -> None:
        """Write one line of free text in the first column."""
        self.put(self.row, 1, text, look)
        self.row += 1

    def link_food(self, row: int, column: int, fdc_id: Any) -> None:
        """Write an FDC id that opens the food's page; a plain number where it has none or Excel takes no more links."""
        if is_missing(fdc_id):
            self.put(row, column, None)
        elif self._links >= MOST_LINKS or fdc_id < 0:  # below zero: a food of the user's own
            self.put(row, column, int(fdc_id), looks.LINK.but(font="plain"))
        else:
            self.put(row, column, int(fdc_id), looks.LINK)
            self._hyperlink(row, column, target=FOOD_PAGE.format(fdc_id=int(fdc_id)))

    def link_sheet(
        self, row: int, column: int, sheet: str, text: str, *, to_row: int = 1, look: Look = looks.FREE_LINK
    ) -> None:
        """Write words that lead to a row of another sheet; plain words where Excel takes no more links."""
        if self._links >= MOST_LINKS:
            self.put(row, column, text, look.but(font="plain"))
            return
        self.put(row, column, text, look)
        self._hyperlink(row, column, location=f"'{sheet}'!A{to_row}")

    def put_formula(self, row: int, column: int, formula: str, look: Look = looks.TEXT, value: Any = None) -> None:
        """Write a formula of our own, without its equals sign; text of a diary is never part of one.

        `value` is what it comes to now.
        """
        self.put(row, column, value, look)
        cell = self._cell(row, column)
        cell._value, cell.data_type = Formula(formula, cell._value), "f"

    def work_out(self, row: int, column: int, formula: str) -> None:
        """Let a formula of our own work out what a cell holds; it looks as before, and the value stays with it."""
        cell = self._cell(row, column)
        cell._value, cell.data_type = Formula(formula, cell._value), "f"

    def value_at(self, row: int, column: int) -> Any:
        """Return what a cell holds."""
        return self._cell(row, column)._value

    def lead(self, row: int, column: int, where: str) -> None:
        """Make a cell lead to others, which are selected; nothing where there are none or Excel takes no more."""
        if where and self._links < MOST_LINKS:
            self._hyperlink(row, column, location=where)

    def link_page(self, row: int, column: int, address: str, look: Look = looks.LINK) -> None:
        """Write a web address; it becomes a link only if it is https."""
        self.put(row, column, address, look)
        if address.startswith("https://") and not re.search(r"[\s<>\"]", address):
            self._hyperlink(row, column, target=address)

    def _hyperlink(self, row: int, column: int, **where: str) -> None:
        self._cell(row, column)._hyperlink = Link(**where)
        self._links += 1

    def add_chart(self, chart: ChartBase, first: tuple[int, int], last: tuple[int, int], alt_text: str) -> None:
        """Lay a chart over the cells from (row, column) to (row, column)."""
        corners = AnchorMarker(row=first[0] - 1, col=first[1] - 1), AnchorMarker(row=last[0], col=last[1])
        chart.anchor = TwoCellAnchor("oneCell", *corners)  # type: ignore[assignment]
        self.sheet.add_chart(chart)
        self.alt_texts.append(alt_text)
        self._last_charted = max(self._last_charted, last[0])
        self._chart_rows.append(first[0])
        self.keep_together(max(first[0] - 1, 1), last[0])  # with the row above, or its frame is on the page before

    def break_before(self, row: int) -> None:
        """Begin a new printed page at a row."""
        self.plan.begins.add(row)

    @property
    def widths(self) -> Sequence[float]:
        """The widths [characters] of the columns from the first on."""
        return self._widths

    def keep_together(self, first: int, last: int) -> None:
        """Print some rows on one page; of two blocks that begin at one row the longer is kept."""
        self.plan.kept = [span for span in self.plan.kept if span[0] != first or span[1] > last]
        if all(span[0] != first for span in self.plan.kept):
            self.plan.kept.append((first, last))

    def leave_unprinted(self, first: int, last: int) -> None:
        """Print every row but some."""
        self.plan.left_out.append((first, last))

    def set_widths(self, widths: Sequence[float]) -> None:
        """Set the widths [characters] of the columns from the first on, before text that wraps is written."""
        self._widths = widths
        for column, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width

    def name_range(self, name: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Give a block of cells, from (row, column) to (row, column), a name that formulas can use."""
        where = f"'{self.sheet.title}'!{_absolute(*first)}:{_absolute(*last)}"
        self.workbook.defined_names[name] = DefinedName(name, attr_text=where)

    def close_table(
        self, name: str, header_row: int, columns: int, *, frozen_columns: int, printed_columns: int | None = None
    ) -> None:
        """Freeze, name, filter and print the one table of the sheet, which ends at the last row written.

        Where not all its columns are printed, so many of the first are.
        """
        last = max(self.row - 1, header_row)
        self.sheet.freeze_panes = self.sheet.cell(row=header_row + 1, column=frozen_columns + 1)
        self.filter_rows(header_row, columns)
        self.name_range(name, (header_row, 1), (last, columns))
        self.set_print(last_column=printed_columns or columns, header_rows=(header_row, header_row))

    def _filled(self, rows: paper.Span, spans: Sequence[paper.Span]) -> list[paper.Span]:
        """Return the columns that hold something in some rows; a chart stands in the first of them."""
        filled = {
            column
            for (row, column), cell in self.sheet._cells.items()
            if rows[0] <= row <= rows[1] and cell._value is not None
        }
        drawn = any(rows[0] <= first <= rows[1] for first in self._chart_rows)
        return [
            span for span in spans if (drawn and span[0] == 1) or any(span[0] <= column <= span[1] for column in filled)
        ]

    def filter_rows(self, header_row: int, columns: int) -> None:
        """Put filter arrows on a header, for the rows down to the last one written; a sheet has one such table."""
        last = max(self.row - 1, header_row)
        self.sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(columns)}{last}"

    def hide_columns(self, first: int, last: int) -> None:
        """Fold away columns that only charts need; a click on the + above them shows them."""
        for column in range(first, last + 1):
            dimension = self.sheet.column_dimensions[get_column_letter(column)]
            dimension.outlineLevel, dimension.hidden, dimension.width = 1, True, 12

    def set_print(
        self,
        *,
        last_column: int,
        header_rows: tuple[int, int] | None = None,
        upright: bool = False,
        spans: Callable[[paper.Span], Sequence[paper.Span]] | None = None,
        repeated: int = 1,
    ) -> None:
        """Print A4, one page wide, with page numbers and the headers on every page, and as `plan` says.

        Parameters
        ----------
        last_column : int
        header_rows : (int, int), optional
            Repeated on every page.
        upright : bool
            Portrait instead of landscape.
        spans : callable, optional
            The columns that some rows are printed in, one block after the other; by default all.
        repeated : int
            How many of the first columns stand with each block.
        """
        sheet = self.sheet
        sheet.page_setup.orientation = "portrait" if upright else "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.8
        sheet.oddFooter.left.text = "nutridiary: &A"
        sheet.oddFooter.right.text = "Page &P of &N"
        if header_rows:
            sheet.print_title_rows = f"{header_rows[0]}:{header_rows[1]}"
        if spans:
            sheet.print_title_cols = f"A:{get_column_letter(repeated)}"
        last, everything = max(sheet.max_row, self._last_charted), lambda rows: [(1, last_column)]
        width = sum(self._widths[:last_column]) if not spans else paper.MOST_CHARACTERS
        parts = self.plan.parts(self, last, width, header=header_rows, upright=upright)
        whole = len(parts) == 1 and not spans
        shown = everything if whole else lambda rows: self._filled(rows, (spans or everything)(rows))
        printed = paper.areas(parts, sheet.title, shown, header=header_rows[0] if header_rows else 1)
        if not printed:
            sheet.row_breaks.brk = [Break(id=first - 1) for first, _ in parts[1:]]
        sheet.print_area = printed or f"A1:{get_column_letter(last_column)}{last}"


@lru_cache(maxsize=4_096)
def _lines_of(text: str, room: int) -> int:
    """Return how many lines `text` takes where `room` letters fit on one."""
    room = max(room, 1)
    enough = text[: room * _MOST_LINES]
    return sum(max(len(textwrap.wrap(part, room)), 1) for part in enough.split("\n"))


def _absolute(row: int, column: int) -> str:
    return f"${get_column_letter(column)}${row}"


def fitted_width(texts: Iterable[object], *, least: float = NARROWEST, most: float = WIDEST) -> float:
    """Return the width [characters] that shows the longest of `texts`, within bounds."""
    longest = max((len(str(text)) for text in texts if not is_missing(text)), default=0)
    return min(max(longest + 2, least), most)
