"""Write the cells of a sheet as text.

openpyxl makes an XML element of every cell. A year of a diary has half a million cells, all of five kinds; writing
those as text takes a fraction of the time, and lets a formula carry the value it has now, so that programs which do
not calculate (previews, readers of tables) show it, too. Everything else of a sheet is openpyxl's.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from openpyxl.cell import Cell
from openpyxl.packaging.relationship import Relationship
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.constants import REL_NS
from openpyxl.xml.functions import Element

_COLUMN = attrgetter("column")
_ROWS, _LINKS = "sheetData", "hyperlinks"
_BEFORE_DAY_ONE = date(1899, 12, 30).toordinal()
_MARCH_1900 = date(1900, 3, 1).toordinal()  # Excel's calendar has a 29 February before it that never was


class Formula(NamedTuple):
    """What a cell is worked out by.

    Attributes
    ----------
    text : str
        Without the equals sign.
    value : object
        What it comes to as the workbook is written; None where that is not known.
    """

    text: str
    value: Any = None


class Link(NamedTuple):
    """Where a click on a cell leads: to an address, or to cells of the workbook."""

    target: str | None = None
    location: str | None = None


class PlainCell(Cell):
    """A cell as a sheet holds it until it is written; openpyxl's own way to make one takes three times as long."""

    __slots__ = ()

    def __init__(self, sheet: Any, row: int, column: int, value: Any = None, style: Any = None) -> None:
        """Begin with a number or with nothing, and a style that is not copied."""
        self.parent, self.row, self.column = sheet, row, column
        self._value, self.data_type, self._style = value, "n", style
        self._hyperlink = self._comment = None


class SheetWriter(WorksheetWriter):
    """openpyxl's writer of a sheet, but for its cells and links.

    Attributes
    ----------
    pieces : list of bytes
        The finished sheet, in the order of its parts.
    """

    ws: Any
    xf: Any
    _rels: Any

    def __init__(self, sheet: Any) -> None:
        """Begin with nothing written."""
        self._frame = io.BytesIO()
        self._cell_links: list[tuple[str, Link]] = []
        self.pieces: list[bytes] = []
        super().__init__(sheet, self._frame)

    def write(self) -> None:
        """Write the sheet into `pieces`."""
        rows = list(self._row_texts())
        super().write()
        head, tail = self._frame.getvalue().split(f"<{_ROWS} />".encode(), 1)
        links = "".join(self._link_texts()).encode()
        if links:
            tail = tail.replace(f"<{_LINKS} />".encode(), b"<%b>%b</%b>" % (_LINKS.encode(), links, _LINKS.encode()), 1)
        self.pieces = [head, f"<{_ROWS}>".encode(), *rows, f"</{_ROWS}>".encode(), tail]

    def rows(self) -> list[tuple[int, list[Any]]]:
        """Return the rows in order, each with its cells; also those that hold nothing but have a height."""
        rows: defaultdict[int, list[Any]] = defaultdict(list)
        for cell in self.ws._cells.values():
            rows[cell.row].append(cell)
        sized = {row: rows[row] for row in self.ws.row_dimensions}
        return [(row, sorted(cells, key=_COLUMN)) for row, cells in sorted({**rows, **sized}.items())]

    def write_rows(self) -> None:
        """Mark where the rows belong."""
        self.xf.send(Element(_ROWS))

    def write_hyperlinks(self) -> None:
        """Mark where the links belong."""
        if self._cell_links:
            self.xf.send(Element(_LINKS))

    def cleanup(self) -> None:
        """Do nothing: there is no temporary file."""

    def _row_texts(self) -> Iterator[bytes]:
        """Return the XML of each row."""
        styles, sizes, letters = _Styles(self.ws), self.ws.row_dimensions, _Letters()
        for number, row in self.rows():
            size = "".join(f" {name}={quoteattr(value)}" for name, value in dict(sizes.get(number, {})).items())
            cells = []
            cell: Any
            for cell in row:
                place = f"{letters[cell.column]}{number}"
                cells.append(f'<c r="{place}"{styles.of(cell._style)}{_content(cell)}')
                if cell._hyperlink is not None:
                    self._cell_links.append((place, cell._hyperlink))
            yield f'<row r="{number}"{size}>{"".join(cells)}</row>'.encode()

    def _link_texts(self) -> Iterator[str]:
        """Return the XML of each link; cells that lead to the same address share its relation."""
        known: dict[str, str] = {}
        for place, link in self._cell_links:
            if link.location is not None:
                yield f'<hyperlink ref="{place}" location={quoteattr(link.location)} />'
            elif link.target is not None:
                if link.target not in known:
                    relation = Relationship("", type="hyperlink", TargetMode="External", Target=link.target)
                    self._rels.append(relation)
                    known[link.target] = str(relation.Id)
                yield f'<hyperlink xmlns:r="{REL_NS}" ref="{place}" r:id="{known[link.target]}" />'


class _Letters(dict[int, str]):
    """The letters of columns, each worked out once."""

    def __missing__(self, column: int) -> str:
        letter = self[column] = get_column_letter(column)
        return letter


class _Styles:
    """The attribute of each style; the cells of a workbook share few styles."""

    def __init__(self, sheet: Any) -> None:
        self._all = sheet.parent._cell_styles
        # By what Python calls the style; kept with it, so that no other style is called the same.
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, style: Any) -> str:
        if style is None:
            return ""
        known = self._known.get(id(style))
        if known is None:
            known = style, f' s="{self._all.add(style)}"' if any(style) else ""
            self._known[id(style)] = known
        return known[1]


def _content(cell: Any) -> str:
    """Return what follows the place and the style of a cell.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> _content(SimpleNamespace(_value="salt & pepper", data_type="s"))
    ' t="inlineStr"><is><t>salt &amp; pepper</t></is></c>'
    >>> _content(SimpleNamespace(_value=Formula("SUM(A1:A3)", 2.5), data_type="f"))
    '><f>SUM(A1:A3)</f><v>2.5</v></c>'
    """
    value, kind = cell._value, cell.data_type
    if value is None or value == "":
        return "/>"
    if kind == "n":
        return f"><v>{value!r}</v></c>"
    if kind == "s":
        kept = ' xml:space="preserve"' if value != value.strip() else ""
        return f' t="inlineStr"><is><t{kept}>{_escaped(value)}</t></is></c>'
    if kind == "f":
        return _formula(value if isinstance(value, Formula) else Formula(str(value)[1:]))
    if kind == "d":
        return f"><v>{_day_number(value)}</v></c>"
    return f' t="{kind}"><v>{int(value) if kind == "b" else _escaped(str(value))}</v></c>'


def _formula(formula: Formula) -> str:
    text, value = _escaped(formula.text), formula.value
    if value is None:
        return f"><f>{text}</f></c>"
    if isinstance(value, str):
        return f' t="str"><f>{text}</f><v>{_escaped(value)}</v></c>'
    if isinstance(value, bool):
        return f' t="b"><f>{text}</f><v>{value:d}</v></c>'
    return f"><f>{text}</f><v>{_day_number(value) if isinstance(value, date) else repr(value)}</v></c>"


def _escaped(text: str) -> str:
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def _day_number(day: date) -> int:
    """Return the number of a day in Excel's calendar.

    Examples
    --------
    >>> _day_number(date(2026, 3, 2)), _day_number(date(1900, 1, 1))
    (46083, 1)
    """
    number = day.toordinal() - _BEFORE_DAY_ONE
    return number if day.toordinal() >= _MARCH_1900 else number - 1
