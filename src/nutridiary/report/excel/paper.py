"""How a sheet lies on paper: one page wide, which rows stand on which page, and how small the letters become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from nutridiary.report.excel.page import Page

# A4 landscape within the margins that `Page.set_print` sets. [points]
_WIDE, _HIGH = 784.0, 502.0
_POINTS_PER_CHARACTER = 5.25  # a figure of Calibri 11 is 7 pixels wide, of 96 to the inch
_PLAIN_HEIGHT = 15.0  # points, of a row
_UPRIGHT_WIDE, _UPRIGHT_HIGH = 537.0, 748.0  # A4 portrait within the same margins
_SPARE = 1.03  # programs round the scale and the rows
_LONGEST_FORMULA = 8_000  # letters, of what names the printed cells; Excel takes 8,192
MOST_CHARACTERS = 218
"""A sheet so wide is printed with letters of 7 points on US Letter, a little larger on A4; smaller ones are hard to
read."""

MOST_ON_A4 = 232
"""A sheet so wide has letters of 7 points on A4: the page of a person may take it, to hold every figure."""

Span = tuple[int, int]
"""The first and the last of some rows or columns."""


@dataclass
class PrintPlan:
    """What a sheet wants of the pages it is printed on.

    Programs that fit a sheet to a page's width do not heed page breaks, but begin every printed area anew.

    Attributes
    ----------
    begins : set of int
        Rows that begin a page.
    kept : list of (int, int)
        Rows, first and last, that stand on one page where it can hold them: a chart, a table with its heading.
    left_out : list of (int, int)
        Rows that are not printed.
    """

    begins: set[int] = field(default_factory=set)
    kept: list[Span] = field(default_factory=list)
    left_out: list[Span] = field(default_factory=list)

    def parts(self, page: Page, last: int, width: float, *, header: Span | None, upright: bool) -> list[Span]:
        """Return the rows of each printed area of a sheet so wide [characters] that ends at row `last`."""
        if not (self.begins or self.kept or self.left_out):
            return [(1, last)]
        wide, high = (_UPRIGHT_WIDE, _UPRIGHT_HIGH) if upright else (_WIDE, _HIGH)
        room = high * max(width * _POINTS_PER_CHARACTER / wide, 1.0) / _SPARE
        repeated = height_of(page, *header) if header else 0.0
        ends, skipped = dict(self.kept), {row for first, end in self.left_out for row in range(first, end + 1)}
        found: list[Span] = []
        begin, used = 0, 0.0  # of the page; 0: none has begun
        for row in range(1, last + 1):
            if row in skipped:
                found += [(begin, row - 1)] if begin else []
                begin = 0
                continue
            block = height_of(page, row, ends.get(row, row))
            if begin and (row in self.begins or (used + block > room and (block <= room or row not in ends))):
                found.append((begin, row - 1))
                begin = 0
            if not begin:
                begin, used = row, repeated if header and row > header[1] else 0.0
            used += height_of(page, row, row)
        return [*found, (begin, last)] if begin else found


def column_groups(widths: Sequence[float], repeated: int = 1) -> list[Span]:
    """Return the columns of each block that a page can hold, where the first columns are repeated on every page.

    Examples
    --------
    >>> column_groups([20.0, 100.0, 90.0, 100.0, 20.0])
    [(1, 3), (4, 5)]
    """
    groups, begin, used = [], 1, 0.0
    for column, width in enumerate(widths, 1):
        if used + width > MOST_CHARACTERS and column > begin:
            groups.append((begin, column - 1))
            begin, used = column, sum(widths[:repeated])
        used += width
    return [*groups, (begin, len(widths))]


def areas(parts: Sequence[Span], title: str, spans: Callable[[Span], Sequence[Span]], *, header: int = 1) -> str:
    """Return the cells that are printed, of each part what `spans` says; empty where they are more than Excel takes.

    What stands above the row `header` is printed with the first columns only.
    """
    found = [
        f"{get_column_letter(left)}{first if left == 1 else max(first, header)}:{get_column_letter(right)}{last}"
        for first, last in parts
        for left, right in spans((first, last))
    ]
    written = sum(len(cells) + len(title) + 8 for cells in found)  # with the sheet, dollar signs and a comma
    return ",".join(found) if written <= _LONGEST_FORMULA else ""


def height_of(page: Page, first: int, last: int) -> float:
    """Return how high some rows of a sheet are together. [points]"""
    rows = page.sheet.row_dimensions
    return sum((rows[row].height if row in rows else None) or _PLAIN_HEIGHT for row in range(first, last + 1))


def width_for(height: float) -> float:
    """Return how wide a sheet must be for so many points of rows to fit one page of its own width. [characters]

    Examples
    --------
    >>> round(width_for(700.0))
    214
    """
    return min(height * _SPARE * _WIDE / _HIGH / _POINTS_PER_CHARACTER, MOST_ON_A4)


def fits(height: float, width: float) -> bool:
    """Return whether rows so high [points] fit one page of a sheet so wide [characters].

    Examples
    --------
    >>> fits(700.0, 214.5), fits(700.0, 180.0)
    (True, False)
    """
    return height * _SPARE * _WIDE <= width * _POINTS_PER_CHARACTER * _HIGH


def print_side_by_side(page: Page, header_row: int, last_columns: Sequence[int], *, repeated: int) -> None:
    """Print the one table of a sheet in several parts, each of some of its columns; call `Page.close_table` before.

    Parameters
    ----------
    page : Page
    header_row : int
        Of the table. What stands above it is printed with the first part only.
    last_columns : sequence of int
        The last column of each part.
    repeated : int
        How many columns from the first on every part begins with.
    """
    sheet, last = page.sheet, max(page.row - 1, header_row)
    areas, first = [f"A1:{get_column_letter(last_columns[0])}{last}"], last_columns[0] + 1
    for column in last_columns[1:]:
        areas.append(f"{get_column_letter(first)}{header_row}:{get_column_letter(column)}{last}")
        first = column + 1
    sheet.print_area = ",".join(areas)
    sheet.print_title_cols = f"A:{get_column_letter(repeated)}"


def print_parts(page: Page, parts: Sequence[tuple[int, int]], last_column: int) -> None:
    """Print some rows of a sheet, from first to last, each part on pages of its own; call `Page.set_print` before.

    Programs that fit a sheet to a page's width do not heed page breaks, but begin every part anew.
    """
    letter = get_column_letter(last_column)
    page.sheet.print_area = ",".join(f"A{first}:{letter}{last}" for first, last in parts)
