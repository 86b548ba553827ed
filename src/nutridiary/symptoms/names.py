"""What a text calls a symptom, under one name: "Wadenkrampf rechts", "leg cramps 6/10" -> cramp.

The names stand in ``data/symptom_words.csv``. A symptom that is not in it keeps its own words.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from nutridiary.data_files import data_file

ANY = "any"
"""Name under which a text says of every symptom that it was not felt: "none", "keine Beschwerden"."""

LONGEST = 60
"""Characters kept of a symptom that is named by its own words."""

# A "not" belongs to the symptom behind it when no more than two words stand between: "no more leg cramps".
_WORDS_BETWEEN = 2
_SCALE = re.compile(r"\b\d{1,2}(?:[.,]\d)?\s*(?:/|of|out of|von|de)\s*\d{1,3}\b")


@dataclass(frozen=True)
class _Words:
    """The shipped words: phrases with what they mean, what says "not", what says "none of any"."""

    found: re.Pattern[str]
    exact: dict[str, tuple[str, bool]]
    endings: tuple[tuple[re.Pattern[str], tuple[str, bool]], ...]
    nothing: frozenset[str]
    not_before: re.Pattern[str]
    not_first: re.Pattern[str]

    def meaning(self, phrase: str) -> tuple[str, bool]:
        """Return the name of a phrase that `found` found, and whether it says that it was felt."""
        if phrase in self.exact:
            return self.exact[phrase]
        return next(meaning for pattern, meaning in self.endings if pattern.fullmatch(phrase))


@lru_cache(maxsize=1_024)
def symptom_names(text: str) -> tuple[tuple[str, bool], ...]:
    """Return the symptoms a text names, each with whether it says that it was felt.

    Parameters
    ----------
    text : str
        As written.

    Returns
    -------
    tuple of (str, bool)
        One name or several, each once. A text without a known name is its own name, in small letters. `ANY` with
        False says that nothing was felt.

    Examples
    --------
    >>> [symptom_names(text) for text in ("Leg cramps, left calf", "Wadenkrampf", "no cramps")]
    [(('cramp', True),), (('cramp', True),), (('cramp', False),)]
    >>> symptom_names("calambre y dolor de cabeza"), symptom_names("none"), symptom_names("Itchy  ear 3/10")
    ((('cramp', True), ('headache', True)), (('any', False),), (('itchy ear', True),))
    """
    words, plain = _load_words(), _plain(text)
    if plain in words.nothing or text.strip() in words.nothing:
        return ((ANY, False),)
    names: dict[str, bool] = {}
    after = 0
    for found in words.found.finditer(plain):
        name, felt = words.meaning(found[0])
        said = felt and words.not_before.search(plain[after : found.start()]) is None
        names[name] = names.get(name, False) or said
        after = found.end()
    if names:
        return tuple(names.items())
    negated = words.not_first.match(plain)
    own = re.sub(r"\s+", " ", _SCALE.sub(" ", text.casefold())).strip(" .,;:!-()")[:LONGEST].strip()
    return ((plain[negated.end() :][:LONGEST].strip(), False),) if negated else ((own or "not named", True),)


def _plain(text: str) -> str:
    """Return small letters without accents and signs, one space between words."""
    letters = unicodedata.normalize("NFKD", _SCALE.sub(" ", text.casefold()))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))


@cache
def _load_words() -> _Words:
    with data_file("symptom_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = {
        kind: sorted({_plain(row["said"]) for row in rows if row["name"] == kind}, key=len, reverse=True)
        for kind in (ANY, "not")
    }
    named = [row for row in rows if row["name"] not in said]
    meanings = {row["said"]: (row["name"], row["felt"] == "yes") for row in named}
    patterns = {phrase: _pattern(phrase) for phrase in sorted(meanings, key=len, reverse=True)}
    negations = "|".join(said["not"])
    return _Words(
        found=re.compile(rf"\b(?:{'|'.join(patterns.values())})\b"),
        exact={_plain(phrase): meaning for phrase, meaning in meanings.items() if "*" not in phrase},
        endings=tuple((re.compile(patterns[phrase]), meanings[phrase]) for phrase in patterns if "*" in phrase),
        # A dash alone is no word, and says it all the same.
        nothing=frozenset([*said[ANY], *(row["said"] for row in rows if row["name"] == ANY)]) - {""},
        not_before=re.compile(rf"\b(?:{negations})(?: \w+){{0,{_WORDS_BETWEEN}}}\s*$"),
        not_first=re.compile(rf"(?:{negations}) (?=\w)"),
    )


def _pattern(phrase: str) -> str:
    """Return what finds a phrase in plain text; a star before a word stands for any beginning of it."""
    return (r"\w*" if phrase.startswith("*") else "") + re.escape(_plain(phrase))
