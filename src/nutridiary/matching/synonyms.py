"""What people say for what the food tables call it: `data/synonyms.csv`.

A line with an `fdc_id` decides a whole text ("milk" is Milk, NFS). A line without one puts other words
in place of what was said, wherever it stands: "grilled courgette" is read as "grilled zucchini".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.matching.recall_answers import in_plain_answers
from nutridiary.matching.words import group_of, plain_text

_FIRST = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Synonyms:
    """The synonyms, ready to use.

    Attributes
    ----------
    aliases : dict
        fdc_id of each text that means one food.
    meant : dict
        What is meant by each phrase.
    patterns : dict
        Finds those phrases at a place of a plain text, the longest first, by their first word.
    """

    aliases: dict[str, int]
    meant: dict[str, str]
    patterns: dict[str, re.Pattern[str]]


@cache
def load_synonyms() -> Synonyms:
    """Return the shipped synonyms."""
    aliases: dict[str, int] = {}
    meant: dict[str, str] = {}
    with data_file("synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said = _key(row["said"])
            if row["fdc_id"]:
                aliases[said] = int(row["fdc_id"])
            else:
                meant[said] = plain_text(row["meant"])
    return Synonyms(aliases, meant, _patterns(meant))


def _patterns(meant: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Return a pattern per first word: thousands of phrases in one pattern would be tried at every word."""
    by_word: dict[str, list[str]] = {}
    for said in meant:
        by_word.setdefault(_FIRST.match(said)[0], []).append(said)  # type: ignore[index]
    return {
        word: re.compile(
            "("
            + "|".join(re.escape(s).replace(r"\ ", r"\s+") for s in sorted(phrases, key=lambda s: (-len(s), s)))
            + r")(?:s|es)?\b"
        )
        for word, phrases in by_word.items()
    }


def _key(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+%?", plain_text(text)))


def in_our_words(text: str) -> str:
    """Return a text in plain words, British words, abbreviations and brands replaced.

    Examples
    --------
    >>> in_our_words("Grilled courgettes w/ prawns")
    'grilled zucchini with shrimp'
    """
    synonyms = load_synonyms()
    plain = plain_text(in_plain_answers(text)).replace(" - ", ", ").replace("-", " ")
    read, parts = 0, []
    for word in _FIRST.finditer(plain):
        if word.start() < read:
            continue
        found = _phrase_at(plain, word, synonyms)
        if found:
            parts += [plain[read : word.start()], synonyms.meant[" ".join(found[1].split())]]
            read = found.end()
    return "".join([*parts, plain[read:]]) if parts else plain


def _phrase_at(plain: str, word: re.Match[str], synonyms: Synonyms) -> re.Match[str] | None:
    """Return the longest phrase that begins with a word, or with its singular."""
    found = [
        match
        for form in dict.fromkeys((word[0], word[0].removesuffix("s"), word[0].removesuffix("es")))
        if (pattern := synonyms.patterns.get(form)) and (match := pattern.match(plain, word.start()))
    ]
    return max(found, key=lambda match: match.end(), default=None)


def alias_of(text: str) -> int | None:
    """Return the fdc_id a whole text stands for, amounts and plurals aside, or None.

    Asked for as written and in our words: what "zucchini" stands for, "courgettes" stand for too.

    Examples
    --------
    >>> alias_of("a large glass of water"), alias_of("water chestnuts")
    (2710707, None)
    """
    aliases = load_synonyms().aliases
    for written in (text, in_our_words(text)):
        said = " ".join(word for word in _key(written).split() if group_of(word) not in ("amount", "stop"))
        for form in (said, said.removesuffix("s"), said.removesuffix("es")):
            if form in aliases:
                return aliases[form]
    return None
