"""A diary line of a supplement taken apart: what its label says, and how many of it were taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nutridiary.supplements.items import Item, items_of

# A larger bare number is a strength ("B 100"), not a count.
_MOST_COUNTED = 12
# "2 x 500 mg", "3x magnesium" at the beginning or before a dose; "magnesium 100 mg x2" and "2x" at the end.
_TIMES_BEFORE = re.compile(r"(?<![\w.,/])(?P<count>\d{1,2})\s?[x×]\s?(?=\d)|^(?P<first>\d{1,2})\s?[x×]\s?(?=\w)", re.I)
_TIMES_BEHIND = re.compile(r"[\s,;(]+(?:[x×]\s?(?P<count>\d{1,2})|(?P<last>\d{1,2})\s?[x×])\)?\s*$", re.I)
# "1/2 tablet", "1 1/2 tabs", "½ tablet": a fraction of a word, never one of a dose list ("333/133/5 mg").
_FRACTION = re.compile(r"(?<![\w/.,])(?:(?P<whole>\d{1,2})\s)?(?P<top>\d)\s?/\s?(?P<bottom>[2-9])(?=\s[^\W\d_]{3})")
_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_SIGN = re.compile(rf"(?<![\w.,/])(?P<whole>\d{{1,2}})?\s?(?P<sign>[{''.join(_SIGNS)}])")
_LABELLED = ("per", "slash")
_OF = ("of", "comma", "dash")


class Line(NamedTuple):
    """A diary line of a supplement.

    Attributes
    ----------
    label : str
        The text without how many were taken.
    taken : str
        How many, as written: "2 tablets", "3"; empty where the line does not say.
    problem : str
        Why how many cannot be told, empty where it can.
    """

    label: str
    taken: str
    problem: str = ""


def read_line(text: str) -> Line:
    """Return what a diary line says of a supplement, and of how many.

    Parameters
    ----------
    text : str
        The line as written.

    Returns
    -------
    Line

    Examples
    --------
    >>> read_line("2 tablets magnesium citrate 200 mg")[:2], read_line("Tums 2")[:2]
    (('magnesium citrate 200 mg', '2 tablets'), ('Tums', '2'))
    >>> read_line("magnesium (as glycinate) 120 mg x2")[:2], read_line("1/2 tab zinc 50 mg")[:2]
    (('magnesium (as glycinate) 120 mg', '2'), ('zinc 50 mg', '0.5 tab'))
    >>> read_line("calcium 600 mg per 2 tablets")[:2], read_line("vitamin D 1000 IU").taken
    (('calcium 600 mg per 2 tablets', ''), '')
    """
    plain = _in_decimals(" ".join(text.split()))
    times = _TIMES_BEFORE.search(plain) or _TIMES_BEHIND.search(plain)
    if times:
        count = next(group for group in times.groups() if group)
        return Line(_without(plain, times.start(), times.end()), count)
    items = items_of(plain)
    counts = [place for place, item in enumerate(items) if item.kind == "count" and not _is_labelled(items, place)]
    if len(counts) > 1:
        said = ", ".join(f'"{plain[items[place].start : items[place].end]}"' for place in counts[:4])
        return Line(text, "", f"several amounts of one supplement ({said}): keep how many were taken")
    if counts:
        return _counted(text, plain, items, counts[0])
    bare = _bare_count(plain, items)
    if bare is None:
        return Line(text, "")
    return Line(_without(plain, bare.start, bare.end), plain[bare.start : bare.end])


def _in_decimals(text: str) -> str:
    text = _FRACTION.sub(lambda found: _number(found["whole"], int(found["top"]) / int(found["bottom"])), text)
    return _SIGN.sub(lambda found: _number(found["whole"], _SIGNS[found["sign"]]) + " ", text)


def _number(whole: str | None, part: float) -> str:
    return f"{int(whole or 0) + part:.4g}"


def _is_labelled(items: Sequence[Item], place: int) -> bool:
    """Tell the "2 tablets" of "per 2 tablets", which is the label's."""
    return place > 0 and items[place - 1].kind in _LABELLED


def _counted(text: str, plain: str, items: Sequence[Item], place: int) -> Line:
    item = items[place]
    taken = plain[item.start : item.end]
    bracketed = 0 < place < len(items) - 1 and (items[place - 1].kind, items[place + 1].kind) == ("open", "close")
    if bracketed and any(other.kind == "dose" for other in items) and item.measure and item.measure.amount != 1:
        problem = f'whether the dose is of one or of the {taken} together is not said: write "per {taken}" or "each"'
        return Line(text, "", problem)
    start, end = (items[place - 1].start, items[place + 1].end) if bracketed else (item.start, item.end)
    if place + 1 < len(items) and items[place + 1].kind in _OF:
        end = items[place + 1].end
    return Line(_without(plain, start, end), taken)


def _bare_count(text: str, items: Sequence[Item]) -> Item | None:
    """Return the 2 of "2 Tums" and "multivitamin gummies 2"; a number behind a nutrient may be its strength."""
    if len(items) < 2:
        return None
    first, last = items[0], items[-1]
    if _is_count(text, first) and items[1].kind in ("word", "name", "other", "filler"):
        return first
    return last if _is_count(text, last) and items[-2].kind in ("word", "piece", "other") else None


def _is_count(text: str, item: Item) -> bool:
    written = text[item.start : item.end]
    return item.kind == "number" and written.isdecimal() and 0 < int(written) <= _MOST_COUNTED


def _without(text: str, start: int, end: int) -> str:
    return " ".join(f"{text[:start]} {text[end:]}".split()).strip(" ,;:-–")
