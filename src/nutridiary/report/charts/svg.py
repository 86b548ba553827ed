"""A figure as one SVG element that can stand in a page beside others, as small as it can be."""

from __future__ import annotations

import io
import re
from hashlib import sha256
from html import escape
from typing import Any

from nutridiary.report.charts.drawing import own_style

_DROPPED = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<style[^>]*>.*?</style>", re.DOTALL)
_OPENING = re.compile(r"<svg\b[^>]*>")
_VIEW = re.compile(r'viewBox="([^"]+)"')
_ID = re.compile(r' id="([^"]+)"')
_REFERENCE = re.compile(r'(?<=href="#)[^"]+|(?<=url\(#)[^)]+')
_PATH = re.compile(r'(?<= d=")[^"]+')
_LONG_NUMBER = re.compile(r"scale\([^)]*\)|\d+\.\d{2,}")
_LETTER = re.compile(r'( d=")([^"]+)(" transform="scale\()0\.015625\)')
_LETTER_STEPS = 16  # of 1/64 of a letter's grid that are one of ours: a fiftieth of a point
_MOVED = re.compile(r' transform="translate\((-?[\d.]+) 0\)"/>')
_COMMAND = re.compile(r"\s*([MLQCz])\s*")
_REPEATED = re.compile(r"([LQC])([^MLQCz]+)(?:\1([^MLQCz]+))+")
_UPRIGHT = re.compile(r"M(\S+) (\S+)L\1 ([^\sMLQCz]+)(?=[Mz]|$)")
_GROUP_OF_MARKS = re.compile(r'<g( clip-path="[^"]+")?>((?:<use [^>]*/>)+)</g>')
_SPACE = re.compile(r'<path id="([^"]+)" transform="[^"]+"/>')  # a letter without an outline
_STYLE = re.compile(r' style="([^"]*)"')


def to_svg(figure: Any, alt_text: str) -> str:
    """Return a figure as one SVG element.

    It carries no size, no style sheet, no comment and no date, its words are outlines, and no other drawing has
    its ids.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt_text : str
        What is seen.
    """
    written = io.StringIO()
    with own_style():
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawing = _DROPPED.sub("", written.getvalue())
    body = drawing[drawing.index("<svg") :].replace("xlink:href", "href")
    view = _VIEW.search(body)
    assert view is not None  # matplotlib writes one
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view[1]}" '
        f'role="img" aria-label="{escape(alt_text)}" stroke-linejoin="round" stroke-linecap="butt">'
    )
    body = _with_own_ids(_compact(body))
    return _OPENING.sub(lambda _: opening, body, count=1).strip()


def _with_own_ids(body: str) -> str:
    """Return the drawing with short ids that no other drawing has; ids that nothing refers to are dropped."""
    own = sha256(body.encode()).hexdigest()[:5]
    used = {found: f"c{own}{count:x}" for count, found in enumerate(dict.fromkeys(_REFERENCE.findall(body)))}
    body = _ID.sub(lambda found: f' id="{used[found[1]]}"' if found[1] in used else "", body)
    return _REFERENCE.sub(lambda found: used[found[0]], body)


def _compact(body: str) -> str:
    """Return the same drawing in fewer characters, to a tenth of a point, which nobody can see."""
    body = re.sub(r">\s+<", "><", body)
    for space in set(_SPACE.findall(body)):
        body = re.sub(f'<use href="#{re.escape(space)}"[^>]*/>', "", body)
    body = _LETTER.sub(_on_coarser_grid, body)
    body = _LONG_NUMBER.sub(lambda number: number[0] if "(" in number[0] else _rounded(number[0]), body)
    body = _MOVED.sub(lambda by: f' x="{float(by[1]):.0f}"/>', body)
    body = _PATH.sub(lambda path: _compact_path(path[0]), body)
    return _GROUP_OF_MARKS.sub(_styled_once, body)


def _rounded(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def _on_coarser_grid(letter: re.Match[str]) -> str:
    """Return the outline of a letter in numbers a digit shorter."""
    path = re.sub(r"-?\d+", lambda number: str(round(int(number[0]) / _LETTER_STEPS)), letter[2])
    return f"{letter[1]}{path}{letter[3]}{_LETTER_STEPS / 64:g})"


def _compact_path(path: str) -> str:
    """Return the steps of a path without the spaces and the letters that are understood.

    Examples
    --------
    >>> _compact_path("M 0 3 \\nL 1 -3 \\nL 2 2 \\nz\\n")
    'M0 3L1 -3 2 2z'
    >>> _compact_path("M 5 3 L 5 -3 M 6 3 L 6 1")
    'M5 3V-3M6 3V1'
    """
    path = _COMMAND.sub(r"\1", path.strip())
    path = _REPEATED.sub(lambda run: run[1] + " ".join(run[0][1:].split(run[1])), path)
    return _UPRIGHT.sub(r"M\1 \2V\3", path)


def _styled_once(group: re.Match[str]) -> str:
    """Return marks that all look the same with their look told once."""
    looks = set(_STYLE.findall(group[2]))
    if len(looks) != 1:
        return group[0]
    return f'<g{group[1] or ""} style="{looks.pop()}">{_STYLE.sub("", group[2])}</g>'
