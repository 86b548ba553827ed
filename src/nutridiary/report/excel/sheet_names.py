"""What the sheets of people are called: names that every spreadsheet program takes, each only once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

MOST_LETTERS = 31  # of a sheet's name, in UTF-16 units (Excel specifications and limits, Microsoft)
_RESERVED = ("history",)  # Excel keeps this name for itself
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|_(?=x[0-9A-Fa-f]{4}_)")  # the last begins an escape, which programs read
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode categories of what has no shape, or none of its own
_SHORT_OF = "…"


def sheet_names(people: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Return a name for the sheet of each person.

    Parameters
    ----------
    people : sequence of str
        What each person is called in the report; anything may stand there.
    taken : iterable of str
        The sheets the workbook has besides.

    Returns
    -------
    list of str
        In the order of `people`. No two names, and none of `taken`, are the same but for upper and lower case.

    Examples
    --------
    >>> sheet_names(["Anna", "ANNA", "Summary", "a/b [c]", ""], ["Summary"])
    ['Anna', 'ANNA (2)', 'Summary (2)', 'a b c', 'Person 5']
    """
    used = {name.casefold() for name in (*taken, *_RESERVED)}
    names = []
    for number, person in enumerate(people, 1):
        name = _unused(_legal(person) or f"Person {number}", used)
        used.add(name.casefold())
        names.append(name)
    return names


def _legal(text: str) -> str:
    """Return a text without what no sheet's name may hold; an apostrophe would end the name in a formula."""
    seen = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    return _cut(" ".join(_FORBIDDEN.sub(" ", seen).replace("'", "’").split()), MOST_LETTERS)


def _unused(name: str, used: set[str]) -> str:
    """Return a name with the first number behind it that makes it one of its own; none where it is already."""
    found, number = name, 1
    while found.casefold() in used:
        number += 1
        ending = f" ({number})"
        found = _cut(name, MOST_LETTERS - len(ending)) + ending
    return found


def _cut(text: str, most: int) -> str:
    """Return a text of no more than so many UTF-16 units; what is cut ends in an ellipsis."""
    if _length(text) <= most:
        return text
    while _length(text) > most - len(_SHORT_OF):
        text = text[:-1]
    return text.rstrip() + _SHORT_OF


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
