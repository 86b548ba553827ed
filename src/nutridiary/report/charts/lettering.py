"""The letters of a chart: one font, how wide words are, and how they are cut to fit.

The font is the one that comes with matplotlib, by its file: a chart is the same on every machine,
and its widths are known before anything is drawn.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from nutridiary.report.charts.matplotlib_extra import matplotlib_module

SIZE = 9.0
"""Of plain words; nothing is smaller, so that a chart 390 pixels wide can be read. [points]"""
TITLE_SIZE = 11.0
"""[points]"""
LINE = 1.35
"""Height of a line of words over the size of its letters. [-]"""
_SETS_DIRECTION = "Cf"  # not seen itself; it would turn the words around it
NOT_IN_FONT = "□"
"""Stands for a letter the font lacks; the table beside the chart has it."""


@cache
def font(size: float = SIZE, *, bold: bool = False) -> Any:
    """Return the font of a chart at a size. [points]"""
    return matplotlib_module("font_manager").FontProperties(fname=_file(bold), size=size)


@cache
def _file(bold: bool) -> Path:
    folder = Path(matplotlib_module().get_data_path()) / "fonts" / "ttf"
    return folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@cache
def _letters() -> frozenset[int]:
    return frozenset(matplotlib_module("ft2font").FT2Font(str(_file(False))).get_charmap())


def drawable(words: object) -> str:
    """Return words on one line with letters of the font only.

    Examples
    --------
    >>> drawable("soup\\twith  \\n 麵")
    'soup with □'
    >>> drawable("\u202esoup")
    'soup'
    """
    plain = " ".join("".join(letter for letter in str(words) if category(letter) != _SETS_DIRECTION).split())
    return "".join(letter if ord(letter) in _letters() else NOT_IN_FONT for letter in plain)


@cache
def width_of(words: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Return how wide words are drawn. [points]"""
    measure = matplotlib_module("textpath").text_to_path.get_text_width_height_descent
    return float(measure(words, font(size, bold=bold), False)[0])


def shortened(words: str, room: float, size: float = SIZE, *, bold: bool = False) -> str:
    """Return as many whole words as fit into `room` [points], with an ellipsis where some are left out.

    Examples
    --------
    >>> shortened("Milk, reduced fat (2%)", 400), shortened("Milk, reduced fat (2%)", 80)
    ('Milk, reduced fat (2%)', 'Milk, reduced…')
    """
    if width_of(words, size, bold=bold) <= room:
        return words
    kept = words
    while " " in kept:
        kept = kept.rpartition(" ")[0]
        if width_of(shown := kept.rstrip(" ,;(") + "…", size, bold=bold) <= room:
            return shown
    while len(kept) > 1 and width_of(kept + "…", size, bold=bold) > room:
        kept = kept[: -max(1, len(kept) // 8)]
    return kept + "…"


def wrapped(words: str, room: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Return words in lines that fit into `room`. [points]

    Examples
    --------
    >>> wrapped("mean of these days", 60)
    ['mean of', 'these days']
    """
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(shortened(word, room, size, bold=bold))
    return lines
