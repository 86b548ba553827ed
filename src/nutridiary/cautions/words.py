"""Foods, herbs and medicines that a caution is about, by the words for them (``data/caution_words.csv``)."""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file

if TYPE_CHECKING:
    import pandas as pd

FOOD = "food"
"""Kind of word that is looked for in the name of the matched food as well as in the diary's own words."""

SUPPLEMENT = "supplement"
"""Kind of word that counts on lines of supplements only."""

_NOT_EATEN_KINDS = ("note", "exercise", "symptom", "total")


class CautionWords(NamedTuple):
    """How a diary can name one thing.

    Attributes
    ----------
    kind : str
        food, supplement, herb or medicine.
    said : re.Pattern
        Its names, as whole words.
    unless : re.Pattern or None
        Words beside them that make it another thing.
    """

    kind: str
    said: re.Pattern[str]
    unless: re.Pattern[str] | None


@cache
def load_caution_words() -> dict[str, CautionWords]:
    """Return how each thing can be named, by what ``caution_words.csv`` calls it.

    Examples
    --------
    >>> words = load_caution_words()["licorice"]
    >>> bool(words.said.search("black licorice")), bool(words.unless.search("red licorice"))
    (True, True)
    """
    found: dict[str, list[dict[str, str]]] = {}
    with data_file("caution_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["name"], []).append(row)
    return {
        name: CautionWords(
            rows[0]["kind"],
            _any_of([row["said"] for row in rows]),
            _any_of(rows[0]["unless"].split(";")) if rows[0]["unless"] else None,
        )
        for name, rows in found.items()
    }


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")s?(?!\w)", re.IGNORECASE)


@cache
def _any_name() -> re.Pattern[str]:
    """Return what finds a text that names any of these things."""
    with data_file("caution_words.csv").open(encoding="utf-8", newline="") as file:
        return _any_of([row["said"] for row in csv.DictReader(file)])


def naming_any(entries: pd.DataFrame) -> pd.DataFrame:
    """Return the lines that may name one of the things, in their own words or as the food they were matched to."""
    text = entries["food_text"].fillna("") + " | " + entries["food_description"].fillna("")
    return entries[[bool(_any_name().search(one)) for one in text]]


def named(entries: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the lines of a diary that name something.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.WEIGHED`.
    name : str
        What ``caution_words.csv`` calls it.

    Returns
    -------
    pandas.DataFrame
        Those of `entries`. A food counts where it was eaten, by the diary's words or the name of the food they
        were matched to; a medicine counts on any line, a note too.
    """
    words = load_caution_words()[name]
    if entries.empty:
        return entries
    candidates = entries
    if words.kind == SUPPLEMENT:
        candidates = entries[entries["kind"] == SUPPLEMENT]
    elif words.kind == FOOD:
        candidates = entries[~entries["kind"].isin(_NOT_EATEN_KINDS)]
    text = candidates["food_text"].fillna("").astype("str")
    if words.kind == FOOD:
        text = text + " | " + candidates["food_description"].fillna("").astype("str")
    told = {one: _tells(one, words) for one in text.unique()}
    return candidates[text.map(told).astype("bool")]


def _tells(text: str, words: CautionWords) -> bool:
    return bool(words.said.search(text)) and not (words.unless and words.unless.search(text))
