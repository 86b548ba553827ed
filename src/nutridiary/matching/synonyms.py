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


@dataclass(frozen=True)
class Synonyms:
    """The synonyms, ready to use.

    Attributes
    ----------
    aliases : dict
        fdc_id of each text that means one food.
    meant : dict
        What is meant by each phrase.
    pattern : re.Pattern
        Finds those phrases in a plain text, the longest first.
    """

    aliases: dict[str, int]
    meant: dict[str, str]
    pattern: re.Pattern[str]


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
    longest_first = sorted(meant, key=lambda said: (-len(said), said))
    choices = "|".join(re.escape(said).replace(r"\ ", r"\s+") for said in longest_first)
    return Synonyms(aliases, meant, re.compile(rf"\b({choices})(?:s|es)?\b"))


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
    return synonyms.pattern.sub(lambda found: synonyms.meant[" ".join(found[1].split())], plain)


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
