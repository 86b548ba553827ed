"""What people say for what the food tables call it: `data/synonyms.csv`.

A line with an `fdc_id` decides a whole text ("milk" is Milk, NFS). A line without one puts other words
in place of what was said, wherever it stands: "grilled courgette" is read as "grilled zucchini".
"""

from __future__ import annotations

import csv
import re
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
    by_word : dict
        Those phrases by their first word, the longest first: thousands are not to be tried at every word.
    """

    aliases: dict[str, int]
    meant: dict[str, str]
    by_word: dict[str, tuple[str, ...]]


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
    by_word: dict[str, list[str]] = {}
    for said in sorted(meant, key=lambda said: (-len(said), said)):
        by_word.setdefault(said.split()[0].rstrip("%"), []).append(said)
    return Synonyms(aliases, meant, {word: tuple(phrases) for word, phrases in by_word.items()})


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
    plain = " ".join(plain.split())
    read, parts = 0, []
    for word in _FIRST.finditer(plain):
        if word.start() < read:
            continue
        found = _phrase_at(plain, word, synonyms)
        if found:
            said, end = found
            parts += [plain[read : word.start()], synonyms.meant[said]]
            read = end
    return "".join([*parts, plain[read:]]) if parts else plain


def _phrase_at(plain: str, word: re.Match[str], synonyms: Synonyms) -> tuple[str, int] | None:
    """Return the longest phrase that begins with a word, or with its singular, and where it ends."""
    found = [
        (said, end)
        for form in dict.fromkeys((word[0], word[0].removesuffix("s"), word[0].removesuffix("es")))
        for said in synonyms.by_word.get(form, ())
        if plain.startswith(said, word.start()) and (end := _end_of(plain, word.start() + len(said)))
    ]
    return max(found, key=lambda phrase: phrase[1], default=None)


def _end_of(plain: str, end: int) -> int:
    """Return where a phrase ends with its plural, 0 where a word goes on behind it."""
    for plural in ("s", "es", ""):
        behind = end + len(plural)
        if plain.startswith(plural, end) and not plain[behind : behind + 1].isalnum():
            return behind
    return 0


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
