"""Makers, shops and restaurants that stand before a food: `data/makers.csv`."""

from __future__ import annotations

import csv
import re
from functools import cache

from nutridiary.data_files import data_file


@cache
def _makers() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return what each maker is read as, and the pattern of a maker that begins a text."""
    with data_file("makers.csv").open(encoding="utf-8", newline="") as file:
        read_as = {row["maker"]: row["read_as"] for row in csv.DictReader(file)}
    longest_first = "|".join(re.escape(maker) for maker in sorted(read_as, key=lambda maker: (-len(maker), maker)))
    return read_as, re.compile(rf"({longest_first})\b[\s,]*(?=\w)")


def without_maker(plain: str) -> tuple[str, str]:
    """Return the maker a plain text begins with, and the text with what the maker tells in its place.

    Parameters
    ----------
    plain : str
        As `synonyms.in_our_words` gives it.

    Returns
    -------
    tuple of str
        Both are empty where no known maker begins the text.

    Examples
    --------
    >>> without_maker("mcdonalds fries")
    ('mcdonalds', 'fries, from fast food')
    >>> without_maker("silk unsweetened almond milk")
    ('silk', 'unsweetened almond milk')
    >>> without_maker("fries")
    ('', '')
    """
    read_as, pattern = _makers()
    found = pattern.match(plain)
    if found is None:
        return "", ""
    rest, told = plain[found.end() :], read_as[found[1]]
    return found[1], f"{rest}, {told}" if told else rest
