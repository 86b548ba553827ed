"""How cells look: colours, fonts and number formats, each made once for a workbook and shared.

The colours are those of every report (`nutridiary.report.colours`). A tint never stands alone: words or a sign
stand in the same cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from nutridiary.report import colours

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

INK, QUIET_INK, LINK_INK, RULE = colours.INK, colours.QUIET_INK, colours.LINK_INK, colours.RULE
BLUE, ORANGE = colours.BLUE, colours.ORANGE
HEADER_FILL, MISSING_FILL = colours.HEADER_FILL, colours.MISSING_FILL
ENOUGH_TINT, BETWEEN_TINT, LOW_TINT = colours.ENOUGH_TINT, colours.BETWEEN_TINT, colours.LOW_TINT
HIGH_TINT, OPEN_TINT = colours.HIGH_TINT, colours.OPEN_TINT

_FONTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "bold": {"b": True},
    "quiet": {"color": QUIET_INK},
    "title": {"b": True, "sz": 18},
    "heading": {"b": True, "sz": 13},
    "link": {"color": LINK_INK, "u": "single"},
    "lead": {"color": LINK_INK},
    "bold lead": {"b": True, "color": LINK_INK},
}


@dataclass(frozen=True)
class Look:
    """One way a cell can look.

    Attributes
    ----------
    font : str
        plain, bold, quiet, title, heading, link, or lead and bold lead: words that lead on without shouting it.
    fill : str
        Background as RRGGBB; empty for none.
    number : str
        Excel number format.
    align : str
        left, center or right; empty leaves it to Excel (text left, numbers right).
    wrap, ruled, literal : bool
        Whether text wraps, whether a thin line runs below, and whether Excel shall keep the text as
        text even after somebody has edited the cell.
    """

    font: str = "plain"
    fill: str = ""
    number: str = "General"
    align: str = ""
    wrap: bool = False
    ruled: bool = True
    literal: bool = False

    @property
    def padded(self) -> bool:
        """Whether text stands a little off the cell's left edge, as it must beside a column of numbers."""
        return self.ruled and (self.align == "left" or (not self.align and self.number == "General"))

    @property
    def line_height(self) -> float:
        """The height of one line. [points]"""
        return {"title": 26.0, "heading": 19.0}.get(self.font, 15.0)

    def but(self, **changes: object) -> Look:
        """Return this look with some attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


TITLE = Look("title", ruled=False)
HEADING = Look("heading", ruled=False)
FREE = Look(ruled=False)
FREE_QUIET = Look("quiet", ruled=False)
FREE_BOLD = Look("bold", ruled=False)
FREE_LINK = Look("link", ruled=False)
PARAGRAPH = Look(ruled=False, wrap=True)
HEADER = Look("bold", fill=HEADER_FILL, wrap=True)
NUMBER_HEADER = HEADER.but(align="right")
TEXT = Look()
WRAPPED = Look(wrap=True)
BOLD = Look("bold")
LINK = Look("link", number="0", align="left")
WHOLE = Look(number="#,##0")
PERCENT = Look(number="#,##0")
SCORE = Look(number="0.00")
QUIET_NUMBER = Look("quiet", number="#,##0")
DATE = Look(number="yyyy-mm-dd", align="left")
NO_VALUE = Look("quiet", align="right")
MISSING = Look(fill=MISSING_FILL)


AT_LEAST, ABOUT = "≥", "≈"


def known_format(decimals: int, *, complete: bool, filled_in: bool = False) -> str:
    """Return the number format of a total: "at least" where something is missing, "about" where it is filled in.

    Examples
    --------
    >>> known_format(0, complete=True), known_format(0, complete=False)
    ('#,##0', '"≥ "#,##0')
    >>> known_format(1, complete=True, filled_in=True)
    '"≈ "#,##0.0'
    """
    signs = ("" if complete else AT_LEAST) + (ABOUT if filled_in else "")
    return amount_format(decimals, signs)


def decimals_in(value: float, at_least: int = 0) -> int:
    """Return how many decimals a figure is written with.

    Examples
    --------
    >>> decimals_in(2.4), decimals_in(320.0), decimals_in(0.655)
    (1, 0, 3)
    """
    written = f"{value:.6g}"
    return max(at_least, 0 if "e" in written else len(written.partition(".")[2]))


def reference_look(look: Look, value: float | None, kind: str = "") -> Look:
    """Return how a reference figure looks: all its decimals and no others, with its kind before it."""
    return look.but(number=amount_format(0 if value is None else decimals_in(value), kind.upper()))


def amount_format(decimals: int, before: str = "", after: str = "") -> str:
    """Return the number format of an amount, with fixed words before or after the figure.

    The words are part of the format, so that the cell stays a number.

    Examples
    --------
    >>> amount_format(1), amount_format(0, "RDA")
    ('#,##0.0', '"RDA "#,##0')
    """
    figure = "#,##0" + ("." + "0" * decimals if decimals else "")
    return (f'"{before} "' if before else "") + figure + (f'" {after}"' if after else "")


class Palette:
    """The looks of one workbook, each turned into a style once.

    Setting fonts and fills cell by cell costs more than everything else in a report; a style that
    many cells share costs nothing.
    """

    def __init__(self, workbook: Workbook) -> None:
        """Begin with no style."""
        self._scratch = workbook.create_sheet("scratch")
        self._styles: dict[Look, Any] = {}

    def style(self, look: Look) -> Any:
        """Return the workbook's style for `look`."""
        if look not in self._styles:
            self._styles[look] = self._make(look)
        return self._styles[look]

    def _make(self, look: Look) -> Any:
        cell = self._scratch.cell(row=len(self._styles) + 1, column=1)
        cell.font = Font(**{"name": "Calibri", "sz": 11, "color": INK, **_FONTS[look.font]})
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=look.fill)
        cell.alignment = Alignment(
            horizontal=look.align or ("left" if look.padded else None),
            vertical="top",
            wrap_text=look.wrap or None,
            indent=1 if look.padded else 0,
        )
        if look.ruled:
            cell.border = Border(bottom=Side("thin", color=RULE))
        cell.number_format = look.number
        cell.quotePrefix = look.literal
        return cell._style

    def close(self) -> None:
        """Remove the sheet the styles were made on; they stay in the workbook."""
        self._scratch.parent.remove(self._scratch)
