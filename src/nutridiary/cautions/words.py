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

MEDICINE = "medicine"
"""Kind of word that a note on not having taken it counts for, too: "no warfarin today" is said by who takes it."""

_NOT_USED = (
    r"not (?:on|taking)|never (?:on|took|taken|used|had)|no longer(?: on| taking| take)?|stopped(?: taking)?|instead of"
    r"|allerg(?:y|ic) to"
)
_NOT_EATEN = (
    r"no|not|never|without|skipped|avoid(?:ed)?|(?:didn't|did not|don't|do not) (?:eat|have|drink|take)|" + _NOT_USED
)
_BEFORE = {
    is_medicine: re.compile(rf"\b(?:{words})\s+(?:the |my |any |a )?$", re.IGNORECASE)
    for is_medicine, words in ((True, _NOT_USED), (False, _NOT_EATEN))
}
_AFTER = re.compile(r"^(?:\W{0,3}(?:was |were )?not (?:eaten|drunk|taken|finished|touched)\b|-free\b)", re.IGNORECASE)
"""What says of a thing, before or after its name, that it was not eaten or is not taken."""

_SEPARATOR = " | "
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
        Phrases with such a name that are another thing: "mushroom pate".
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
    return entries[[bool(_any_name().search(_plain(one))) for one in text]]


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
    texts = candidates["food_text"].fillna("").astype("str")
    if words.kind == FOOD:
        texts = texts + _SEPARATOR + candidates["food_description"].fillna("").astype("str")
    told = {text: _tells(text, words) for text in texts.unique()}
    return candidates[texts.map(told).astype("bool")]


def _tells(text: str, words: CautionWords) -> bool:
    """Return whether the diary's own words name it; where they say nothing of it, the name of the matched food."""
    own, _, food = _plain(text).partition(_SEPARATOR)
    rest = words.unless.sub(" ", own) if words.unless else own
    if any(not _is_denied(rest, name, words.kind) for name in words.said.finditer(rest)):
        return True
    return not words.said.search(own) and bool(words.said.search(words.unless.sub(" ", food) if words.unless else food))


def _is_denied(text: str, name: re.Match[str], kind: str) -> bool:
    before = _BEFORE[kind == MEDICINE].search(text[: name.start()])
    return bool(before or (kind != MEDICINE and _AFTER.search(text[name.end() :])))


def _plain(text: str) -> str:
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
