"""Saved web pages: their headings, paragraphs and tables, in the order of the page, as one grid.

The tags are cut here rather than by the standard library's parser, which takes minutes over 40 kB of unclosed
tags. This cutter looks at every character a bounded number of times. Scripts and styles are passed over, and
nothing a page refers to is fetched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.diary.delimited import decode
from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Cell, Grid, Row, check_cells
from nutridiary.errors import DiaryError

MOST_PAGE = 20 * MEGABYTE
MOST_DEPTH = 50
MOST_TAG = 20_000
# "<" before a letter that opens no tag: a page has a few, garbage has millions.
MOST_STRAY = 1_000

_LINES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "caption"))
_BREAKS = frozenset(("br", "div", "li", "tr", "dd", "dt", "hr"))
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTES = re.compile(r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>")
_SPAN = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?\s*(\d{1,6})", re.IGNORECASE)
_PASSED_OVER = {
    name: re.compile(f"</{name}\\b", re.IGNORECASE) for name in ("script", "style", "template", "textarea", "svg")
}


@dataclass
class _Table:
    """A table being read: the row and the cell that are open, and the cells that reach down from above."""

    row: list[Cell] | None = None
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    below: dict[int, int] = field(default_factory=dict)
    joined: list[tuple[int, int, int]] = field(default_factory=list)


def read_web_page(content: Content) -> list[Grid]:
    """Return a web page as one grid.

    Parameters
    ----------
    content : Content

    Returns
    -------
    list of Grid
        One grid. Headings and paragraphs outside tables are rows of one cell, rows of tables are rows; a cell
        over several columns or rows is followed by blank ones. All cells are texts.

    Raises
    ------
    DiaryError
        If the page holds nothing of the kind, or more than any diary does.
    """
    if len(content.data) > MOST_PAGE:
        raise DiaryError(f"{content.name}: a web page larger than the {MOST_PAGE // MEGABYTE} MB that are read.")
    text, note = decode(content.data, content.name)
    page = _Page(content.name)
    for name, is_end, rest in _pieces(text, content.name):
        if name is None:
            page.text(rest)
        elif is_end:
            page.end(name)
        else:
            page.start(name, rest)
    page.close()
    if not any(cell for row in page.rows for cell in row):
        raise DiaryError(f"{content.name}: a web page without a table or heading. Save the page that shows the diary.")
    notes = (note,) if note else ()
    return [Grid(content.name, content.name, page.rows, notes=notes, merged=tuple(page.merged))]


def _pieces(page: str, name: str) -> Iterator[tuple[str | None, bool, str]]:
    """Yield (tag, is an end tag, attributes) for every tag, and (None, False, text) for what stands between."""
    at = start = strays = 0
    while (at := page.find("<", at)) >= 0:
        sign = page[at + 1 : at + 2]
        if not (found := _NAME.match(page, at)) and sign not in ("!", "?", "/"):
            at += 1
            continue
        if start < at:
            yield None, False, page[start:at]
        if found is None:
            at = start = _behind(page, "-->" if page.startswith("<!--", at) else ">", at)
            continue
        end = _tag_end(page, found.end())
        if not end:
            strays += 1
            if strays > MOST_STRAY:
                raise DiaryError(f"{name}: the web page is damaged: more than {MOST_STRAY:,} tags do not end.")
            start = at
            at += 1
            continue
        tag = found[1].lower()
        yield tag, sign == "/", page[found.end() : end - 1]
        at = start = end
        if tag in _PASSED_OVER and sign != "/":
            closing = _PASSED_OVER[tag].search(page, end)
            at = start = closing.start() if closing else len(page)
    if start < len(page):
        yield None, False, page[start:]


def _behind(page: str, mark: str, at: int) -> int:
    found = page.find(mark, at)
    return found + len(mark) if found >= 0 else len(page)


def _tag_end(page: str, at: int) -> int:
    """Return the place behind the ">" of a tag, one inside quotation marks passed over if they close; else 0."""
    whole = _ATTRIBUTES.match(page, at, at + MOST_TAG)
    return whole.end() if whole else page.find(">", at, at + MOST_TAG) + 1


class _Page:
    """The rows of a page, gathered from its tags."""

    def __init__(self, name: str) -> None:
        self.rows: list[Row] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self._name = name
        self._tables: list[_Table] = []
        self._line: list[str] | None = None
        self._cells = 0

    def start(self, tag: str, attributes: str) -> None:
        if tag == "table":
            self._end_line()
            if len(self._tables) >= MOST_DEPTH:
                raise DiaryError(f"{self._name}: tables inside tables, more than {MOST_DEPTH} deep. It is not read.")
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._end_row(self._tables[-1])
            self._tables[-1].row = []
        elif tag in ("td", "th") and self._tables:
            self._start_cell(self._tables[-1], attributes)
        elif tag in _LINES and not self._in_cell():
            self._end_line()
            self._line = []
        elif tag in _LINES or tag in _BREAKS:
            self._add("\n")

    def end(self, tag: str) -> None:
        if tag in _LINES:
            if self._in_cell():
                self._add("\n")
            self._end_line()
        elif not self._tables:
            return
        elif tag == "table":
            self._end_row(self._tables.pop())
        elif tag == "tr":
            self._end_row(self._tables[-1])
        elif tag in ("td", "th"):
            self._end_cell(self._tables[-1])

    def text(self, text: str) -> None:
        if self._line is not None or self._in_cell():
            self._add(" ".join(f".{html.unescape(text)}.".split())[1:-1])

    def close(self) -> None:
        self._end_line()
        while self._tables:
            self._end_row(self._tables.pop())

    def _in_cell(self) -> bool:
        return bool(self._tables) and self._tables[-1].cell is not None

    def _add(self, text: str) -> None:
        cell = self._tables[-1].cell if self._tables else None
        if cell is not None:
            cell.append(text)
        elif self._line is not None:
            self._line.append(text)

    def _end_line(self) -> None:
        if self._line is not None and (text := _plain(self._line)):
            self._append([text])
        self._line = None

    def _start_cell(self, table: _Table, attributes: str) -> None:
        self._end_cell(table)
        self._end_line()
        if table.row is None:
            table.row = []
        spans = {name.lower(): int(number) for name, number in _SPAN.findall(attributes)}
        table.spans = (max(1, spans.get("colspan", 1)), max(1, spans.get("rowspan", 1)))
        table.cell = []

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None or table.row is None:
            return
        text = _plain(table.cell)
        table.cell = None
        _pad(table)
        wide, high = min(table.spans[0], MOST_COLUMNS), min(table.spans[1], MOST_ROWS)
        place = len(table.row)
        if place >= MOST_COLUMNS and text:
            raise DiaryError(f"{self._name}: a table of more than the {MOST_COLUMNS} columns that are read.")
        table.row += [text, *[None] * (wide - 1)]
        del table.row[MOST_COLUMNS:]
        if high > 1:
            table.below.update(dict.fromkeys(range(place, len(table.row)), high))
        if high > 1 or wide > 1:
            table.joined.append((place + 1, high, wide))

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row is None:
            return
        _pad(table)
        number = len(self.rows) + 1
        self.merged += [
            (number, place, number + high - 1, place + wide - 1)
            for place, high, wide in table.joined
            if place <= MOST_COLUMNS
        ]
        self._append(table.row)
        table.below = {place: left - 1 for place, left in table.below.items() if left > 1}
        table.row, table.joined = None, []

    def _append(self, row: list[Cell]) -> None:
        self.rows.append(row)
        self._cells += len(row)
        check_cells(self._cells, self._name)
        if len(self.rows) > MOST_ROWS:
            raise DiaryError(f"{self._name}: more than {MOST_ROWS:,} rows. Split the diary and read the parts.")


def _pad(table: _Table) -> None:
    """Pass over the columns that a cell above reaches down into."""
    assert table.row is not None
    while len(table.row) in table.below and len(table.row) < MOST_COLUMNS:
        table.row.append(None)


def _plain(pieces: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)
