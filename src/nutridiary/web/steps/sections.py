"""The parts of a results page without their HTML: what they say and what their tables hold, for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup
from pydantic import BaseModel, Field

_NOT_SAID = re.compile(r"<(script|style|svg|template)\b.*?</\1>", re.DOTALL)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=<tr\b|</tr>|</table>)", re.DOTALL)
_CELL = re.compile(r"<t([hd])\b[^>]*>(.*?)(?=<t[hd]\b|</t[hd]>|\Z)", re.DOTALL)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
# Where one thing that is said ends and the next begins.
_BLOCK = re.compile(
    r"</?(?:p|div|section|article|h[1-6]|ul|ol|li|dl|dt|dd|details|summary|figure|figcaption|blockquote|br|hr)\b[^>]*>"
)


class SectionTable(BaseModel):
    """A table as the page shows it: figures are rounded, and `-` or a word stands for what is not known."""

    caption: str
    rows: list[list[str]] = Field(description="The headings first.")


class SectionSaid(BaseModel):
    """A part of the page: its words, and its tables."""

    name: str = Field(description="As its address on the page ends: #{name}-{person}")
    title: str
    text: list[str] = Field(description="Paragraph by paragraph.")
    tables: list[SectionTable]


def section_said(name: str, title: str, html: str) -> SectionSaid:
    """Return what a part of a page says.

    Examples
    --------
    >>> said = section_said("x", "X", "<p>A &lt; <b>B</b></p><table><tr><th>a<th>b<tr><td>1<td>2</table>")
    >>> said.text, said.tables[0].rows
    (['A < B'], [['a', 'b'], ['1', '2']])
    """
    shown = _NOT_SAID.sub("", html)
    return SectionSaid(
        name=name,
        title=title,
        text=[text for text in map(_plain, _BLOCK.split(_TABLE.sub("<br>", shown))) if text],
        tables=[_table(found[0]) for found in _TABLE.finditer(shown)],
    )


def _table(html: str) -> SectionTable:
    caption = _CAPTION.search(html)
    return SectionTable(caption=_plain(caption[1]) if caption else "", rows=list(_rows(html)))


def _rows(html: str) -> Iterator[list[str]]:
    for row in _ROW.finditer(html):
        cells = [_plain(cell[2]) for cell in _CELL.finditer(row[1])]
        if cells:
            yield cells


def _plain(html: str) -> str:
    return " ".join(Markup(html).striptags().split())  # noqa: S704 - of what was made, as plain text
