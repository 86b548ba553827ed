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


def print_parts(page: Page, parts: Sequence[tuple[int, int]], last_column: int) -> None:
    """Print some rows of a sheet, from first to last, each part on pages of its own; call `Page.set_print` before.

    Programs that fit a sheet to a page's width do not heed page breaks, but begin every part anew.
    """
    letter = get_column_letter(last_column)
    page.sheet.print_area = ",".join(f"A{first}:{letter}{last}" for first, last in parts)
