"""What a text calls a symptom, under one name: "Wadenkrampf rechts", "leg cramps 6/10" -> cramp.

The names stand in ``data/symptom_words.csv``. A symptom that is not in it keeps its own words. A cramp is one
of muscles unless words of the belly or of periods stand beside it, and none of a limb: "cramps (period)".
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nutridiary.data_files import data_file

ANY = "any"
"""Name under which a text says of every symptom that it was not felt: "none", "keine Beschwerden"."""

LONGEST = 60
"""Characters kept of a symptom that is named by its own words."""

CRAMP = "cramp"
"""Name of a muscle cramp."""

# Which cramp a bare "cramp" is by the words beside it (`_BESIDE` in the column felt); the first that fits.
_CRAMPS = (CRAMP, "period pain", "abdominal cramp")
_BESIDE = "beside"

# A "not" belongs to the symptom behind it when no more than two words stand between: "no more leg cramps".
_WORDS_BETWEEN = 2
_JOINT = "|"
_JOINTS = re.compile(r"[,;.\n+&/!]")
_SCALE = re.compile(r"\b\d{1,2}(?:[.,]\d)?\s*(?:/|of|out of|von|de)\s*\d{1,3}\b")


@dataclass(frozen=True)
class _Words:
    """The shipped words: phrases with what they mean, what says "not", what says "none of any" or nothing at all."""

    found: re.Pattern[str]
    exact: dict[str, tuple[str, bool]]
    endings: tuple[tuple[re.Pattern[str], tuple[str, bool]], ...]
    nothing: frozenset[str]
    untold: frozenset[str]
    not_before: re.Pattern[str]
    not_first: re.Pattern[str]
    either: re.Pattern[str]
    but: re.Pattern[str]
    cramps: tuple[tuple[re.Pattern[str], str], ...]

    def meaning(self, phrase: str) -> tuple[str, bool]:
        """Return the name of a phrase that `found` found, and whether it says that it was felt."""
        if phrase in self.exact:
            return self.exact[phrase]
        return next(meaning for pattern, meaning in self.endings if pattern.fullmatch(phrase))

    def all_denied(self, plain: str) -> bool:
        """Tell whether a text denies all it names: "no cramps or headache"."""
        return bool(self.not_first.match(plain) and self.either.search(plain) and not self.but.search(plain))

    def cramp_of(self, phrase: str, clause: str) -> str:
        """Return which cramp a phrase means, in what else its clause says."""
        return next((name for beside, name in self.cramps if beside.search(phrase) or beside.search(clause)), CRAMP)


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
        False says that nothing was felt. Empty where the text says that it is not known: "?", "forgot".

    Examples
    --------
    >>> [symptom_names(text) for text in ("Leg cramps, left calf", "Wadenkrampf", "no cramps", "cramps: no")]
    [(('cramp', True),), (('cramp', True),), (('cramp', False),), (('cramp', False),)]
    >>> symptom_names("calambre y dolor de cabeza"), symptom_names("none"), symptom_names("Itchy  ear 3/10")
    ((('cramp', True), ('headache', True)), (('any', False),), (('itchy ear', True),))
    """
    words, plain = _load_words(), _plain(text)
    said = {plain, text.strip()}
    if said & words.nothing:
        return ((ANY, False),)
    if said & words.untold:
        return ()
    names: dict[str, bool] = {}
    spans = [found.span() for found in words.found.finditer(plain)]
    denied = words.all_denied(plain)
    clauses, cramp_of = _clauses(plain, spans), cache(words.cramp_of)
    for number, (start, end) in enumerate(spans):
        name, felt = words.meaning(plain[start:end])
        if name == CRAMP:
            name = cramp_of(plain[start:end], clauses[plain.count(_JOINT, 0, start)])
        before = plain[spans[number - 1][1] if number else 0 : start]
        behind = plain[end : spans[number + 1][0] if number + 1 < len(spans) else len(plain)]
        denial = denied or words.not_before.search(before) is not None or _is_denied_behind(behind, words)
        names[name] = names.get(name, False) or (felt and not denial)
    if names:
        return tuple(names.items())
    negated = words.not_first.match(plain)
    own = re.sub(r"\s+", " ", _SCALE.sub(" ", text.casefold())).strip(" .,;:!-()")[:LONGEST].strip()
    if negated:
        return ((plain[negated.end() :].replace(f" {_JOINT}", ",")[:LONGEST].strip(), False),)
    return ((own or "not named", True),)


def _clauses(plain: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the clauses of a text without the phrases found in them."""
    ends = [0, *(end for _, end in spans)]
    begins = [*(start for start, _ in spans), len(plain)]
    return " ".join(plain[end:start] for end, start in zip(ends, begins, strict=True)).split(_JOINT)


def _is_denied_behind(behind: str, words: _Words) -> bool:
    """Tell whether what follows a name denies it, as in a form: "cramps: none", "cramps - no; headache: yes"."""
    return behind.partition(_JOINT)[0].strip() in words.nothing


def _plain(text: str) -> str:
    """Return small letters without accents, one space between words, `_JOINT` for the signs between clauses."""
    letters = unicodedata.normalize("NFKD", _JOINTS.sub(f" {_JOINT} ", _SCALE.sub(" ", text.casefold())))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+|\|", bare)).strip(f" {_JOINT}")


@cache
def _load_words() -> _Words:
    with data_file("symptom_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = (ANY, "not", "or", "but", "unknown")
    # A sign alone is no word, and says something all the same.
    written = {kind: {row["said"] for row in rows if row["name"] == kind} for kind in kinds}
    said = {kind: sorted({_plain(words) for words in written[kind]}, key=len, reverse=True) for kind in kinds}
    named = [row for row in rows if row["name"] not in said]
    meanings = {row["said"]: (row["name"], row["felt"] == "yes") for row in named if row["felt"] != _BESIDE}
    patterns = {phrase: _pattern(phrase) for phrase in sorted(meanings, key=len, reverse=True)}
    beside = {name: [row["said"] for row in named if (row["name"], row["felt"]) == (name, _BESIDE)] for name in _CRAMPS}
    negations = "|".join(said["not"])
    return _Words(
        found=re.compile(rf"\b(?:{'|'.join(patterns.values())})\b"),
        exact={_plain(phrase): meaning for phrase, meaning in meanings.items() if "*" not in phrase},
        endings=tuple((re.compile(patterns[phrase]), meanings[phrase]) for phrase in patterns if "*" in phrase),
        nothing=frozenset([*written[ANY], *said[ANY]]) - {""},
        untold=frozenset([*written["unknown"], *said["unknown"]]) - {""},
        not_before=re.compile(rf"\b(?:{negations})(?: \w+){{0,{_WORDS_BETWEEN}}}\s*$"),
        not_first=re.compile(rf"(?:{negations}) (?=\w)"),
        either=_any_of(said["or"]),
        but=_any_of(said["but"]),
        cramps=tuple((_any_of(_pattern(phrase) for phrase in phrases), name) for name, phrases in beside.items()),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def _pattern(phrase: str) -> str:
    """Return what finds a phrase in plain text; a star stands for any beginning or end of a word."""
    return (
        (r"\w*" if phrase.startswith("*") else "")
        + re.escape(_plain(phrase))
        + (r"\w*" if phrase.endswith("*") else "")
    )
