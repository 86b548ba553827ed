"""How a sheet lies on paper: A4 landscape, one page wide, and how many rows of which width a page holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from nutridiary.report.excel.page import Page

# A4 landscape within the margins that `Page.set_print` sets. [points]
_WIDE, _HIGH = 784.0, 502.0
_POINTS_PER_CHARACTER = 5.25  # a figure of Calibri 11 is 7 pixels wide, of 96 to the inch
_PLAIN_HEIGHT = 15.0  # points, of a row
_SPARE = 1.03  # programs round the scale and the rows
MOST_CHARACTERS = 232
"""A page so wide is printed with letters of 7 points; of a wider one they could hardly be read."""


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
    return min(height * _SPARE * _WIDE / _HIGH / _POINTS_PER_CHARACTER, MOST_CHARACTERS)


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
