"""The words of supplement labels, and the figures behind them, as they stand in the shipped tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from nutridiary.data_files import data_file

# A number keeps its points and commas; a word its apostrophe; every other sign stands alone.
_TOKEN = re.compile(r"(?:(?<!\w)\.)?(?:[0-9][0-9.,]*)?[0-9]|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]")
# A label is a line: what goes beyond is no label, and a hostile cell may be endless.
LONGEST = 600


class Token(NamedTuple):
    """A word, number or sign of a label, with its place in the text."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """What a word or phrase of a label means: a line of `data/supplement_words.csv`."""

    kind: str
    words: str
    meaning: str
    form: str
    units: str


class Form(NamedTuple):
    """How much of a compound is the nutrient itself, with the range over its hydrates [g/g]."""

    share: float
    low: float
    high: float


class Factor(NamedTuple):
    """How much of a nutrient one unit is [nutrient unit/unit]; `factor` is None where it cannot be told."""

    factor: float | None
    low: float | None
    high: float | None
    note: str


class Strength(NamedTuple):
    """A usual strength: the mass stated and the nutrient it holds [mg], and the word it needs beside it."""

    mass: float
    holds: float
    only_with: str


class Companion(NamedTuple):
    """What the dose of one nutrient says about another."""

    nutrient: str
    factor: Factor


def tokens_of(text: str) -> list[Token]:
    """Return the words, numbers and signs of a text in lower case; a hyphen inside a word is left out.

    Examples
    --------
    >>> [token.text for token in tokens_of("Vitamin B-12, 1,000µg")]
    ['vitamin', 'b', '12', ',', '1,000', 'ug']
    """
    # Both micro signs, one letter each, so that places in the text stay true.
    folded = text[:LONGEST].replace("µ", "u").replace("μ", "u").lower()
    if len(folded) != min(len(text), LONGEST):  # a letter whose lower case is longer: places would be off
        folded = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text[:LONGEST])
    found = [Token(match.group().replace("’", "'"), match.start(), match.end()) for match in _TOKEN.finditer(folded)]
    kept: list[Token] = []
    for token in found:
        if token.text not in "-–" or not _inside_a_word(folded, token):
            kept.append(token)
        elif kept and kept[-1].end == token.start:
            kept[-1] = kept[-1]._replace(end=token.end)  # "B-12" is as close as "B12"
    return kept


def _inside_a_word(text: str, token: Token) -> bool:
    before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    return not (before.isdecimal() and after.isdecimal()) and not (before.isspace() and after.isspace())


@cache
def phrases() -> dict[tuple[str, ...], tuple[Word, ...]]:
    """Return every phrase of the word table, as its tokens, with its meanings."""
    found: dict[tuple[str, ...], list[Word]] = {}
    with data_file("supplement_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(tuple(token.text for token in tokens_of(row["words"])), []).append(Word(**row))
    return {words: tuple(meanings) for words, meanings in found.items()}


@cache
def _longest_by_first() -> dict[str, int]:
    longest: dict[str, int] = {}
    for words in phrases():
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def naming_words() -> frozenset[str]:
    """Return the words a text must have one of to name a nutrient or another substance."""
    return frozenset(
        words[0]
        for words, meanings in phrases().items()
        if any(word.kind in ("nutrient", "letter", "other") for word in meanings)
    )


def phrase_at(tokens: Sequence[Token], start: int) -> tuple[tuple[Word, ...], int] | None:
    """Return the meanings of the longest phrase that begins at a token, and where it ends; None for another word."""
    longest = _longest_by_first().get(tokens[start].text, 0)
    for length in range(min(longest, len(tokens) - start), 0, -1):
        found = phrases().get(tuple(token.text for token in tokens[start : start + length]))
        if found and not (length > 1 and _takes_a_dose(tokens, start + length)):
            return found, start + length
    return None


def _takes_a_dose(tokens: Sequence[Token], end: int) -> bool:
    """Tell whether a phrase ends in the number of a dose: "vitamin b 12 mg" is no vitamin B12."""
    number, before = tokens[end - 1], tokens[end - 2]
    if not number.text[0].isdecimal() or number.start == before.end or end >= len(tokens):
        return False
    return any(word.kind == "dose unit" for word in phrases().get((tokens[end].text,), ()))


@cache
def forms() -> dict[tuple[str, str], Form]:
    """Return the share of the nutrient in each compound, by nutrient and form."""
    with data_file("supplement_forms.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["nutrient"], row["form"]): Form(*(float(row[name]) for name in _SHARES))
            for row in csv.DictReader(file)
        }


_SHARES = ("elemental_share", "share_low", "share_high")


@cache
def factors() -> dict[tuple[str, str, str], Factor]:
    """Return the size of units that depend on the nutrient and its form, by nutrient, form and unit."""
    with data_file("supplement_factors.csv").open(encoding="utf-8", newline="") as file:
        return {(row["nutrient"], row["form"], row["unit"]): _factor(row) for row in csv.DictReader(file)}


@cache
def companions() -> dict[tuple[str, str], tuple[Companion, ...]]:
    """Return what a dose says about other nutrients, by nutrient and form."""
    found: dict[tuple[str, str], list[Companion]] = {}
    with data_file("supplement_companions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["nutrient"], row["form"]), []).append(Companion(row["companion"], _factor(row)))
    return {key: tuple(rows) for key, rows in found.items()}


def _factor(row: dict[str, str]) -> Factor:
    factor, low, high = (float(row[name]) if row[name] else None for name in ("factor", "low", "high"))
    return Factor(factor, low, high, row["note"])


@cache
def strengths() -> dict[tuple[str, str, float], Strength]:
    """Return what usual strengths of a compound hold, by nutrient, form and stated mass [mg]."""
    with data_file("supplement_strengths.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (row["nutrient"], row["form"], float(row["mass"])): Strength(
            float(row["mass"]), float(row["holds"]), row["only_with"]
        )
        for row in rows
    }


@cache
def nutrient_units() -> dict[str, str]:
    """Return the one unit of each nutrient, without loading pandas."""
    with data_file("nutrients.csv").open(encoding="utf-8", newline="") as file:
        return {row["nutrient"]: row["unit"] for row in csv.DictReader(file)}
