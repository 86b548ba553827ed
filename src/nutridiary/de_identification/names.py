"""People's names, taken out of texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from nutridiary.de_identification.days_and_addresses import without_days_and_addresses
from nutridiary.de_identification.spellings import Folded, has_no_spaces, key, pattern_of, spellings

if TYPE_CHECKING:
    import pandas as pd

SHORTEST_PART = 3
"""Letters from which on a part of a name is taken out of texts; shorter ones are words: al, de, du."""

_PARTS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class Names:
    """What each person is called from now on.

    Attributes
    ----------
    new : dict of str to str
        By the name the diary uses: "Anna Rossi" is "Person 1".

    Examples
    --------
    >>> names = Names.of(["Anna Rossi", "Jo"])
    >>> names.new
    {'Anna Rossi': 'Person 1', 'Jo': 'Person 2'}
    >>> names.without("anna's soup, ROSSI rice, jo-jo beans with Jo"), names.without("banana")
    ("Person1's soup, Person1 rice, jo-jo beans with Person2", 'banana')
    """

    new: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """Number people in the order in which they are named; who has no name keeps none."""
        known = dict.fromkeys(name for name in names if name)
        return cls({name: f"Person {number}" for number, name in enumerate(known, 1)})

    def of_person(self, name: str) -> str:
        """Return what somebody is called from now on."""
        return self.new.get(name, name)

    @cached_property
    def _told(self) -> dict[str, str]:
        """What stands for each name and each part of one that texts are searched for; whole names go before parts."""
        # One word, so that no number of it is read as an amount.
        words = {unicodedata.normalize("NFC", name): new.replace(" ", "") for name, new in self.new.items()}
        told = {" ".join(name.split()): word for name, word in words.items() if sum(map(str.isalpha, name)) >= 2}
        for name, word in words.items():
            for part in (*name.split(), *_PARTS.split(name)):
                letters = sum(map(str.isalpha, part))
                if letters >= SHORTEST_PART or (letters > 1 and has_no_spaces(part)):
                    told.setdefault(part, word)
        return told

    @cached_property
    def _keys(self) -> dict[str, str]:
        """What stands for a name, by the letters and figures of each of its spellings."""
        keys: dict[str, str] = {}
        for name, word in self._told.items():
            for spelling in spellings(name):
                keys.setdefault(key(spelling), word)
        return keys

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        written = {spelling for name in self._told for spelling in spellings(name)}
        longest_first = sorted(written, key=lambda spelling: (-len(spelling), spelling))
        return re.compile("|".join(map(pattern_of, longest_first))) if longest_first else None

    def without(self, text: str) -> str:
        """Return a text with each name, and each part of one of three letters and more, replaced.

        Examples
        --------
        >>> names = Names.of(["Łukasz Müller", "O'Brien"])
        >>> names.without("Lukasz soup, MUELLER’S bread, obrien's tea")
        "Person1 soup, Person1’S bread, Person2's tea"
        """
        if self._pattern is None:
            return text
        composed = unicodedata.normalize("NFC", text)
        kept, at = [], 0
        for start, end, word in self._found(composed):
            if start >= at:
                kept += [composed[at:start], word]
                at = end
        return "".join([*kept, composed[at:]]) if kept else text

    def _found(self, text: str) -> list[tuple[int, int, str]]:
        """Return where names stand in a text, and what stands for them; the first and longest of those that overlap.

        The text is searched with ü as u and with ü as ue: it may be written either way here or in the name.
        """
        found = set()
        for as_two in (False, True):
            folded = Folded.of(text, as_two=as_two)
            for match in self._pattern.finditer(folded.text) if self._pattern else ():
                start, end = folded.places[match.start()], folded.places[match.end() - 1] + 1
                while end < len(text) and unicodedata.combining(text[end]):
                    end += 1
                if word := self._word_of(text[start:end], match[0]):
                    found.add((start, end, word))
        return sorted(found, key=lambda place: (place[0], -place[1], place[2]))

    def _word_of(self, said: str, folded: str) -> str:
        """Return what stands for a name, or nothing where it is none."""
        told = " ".join(said.split())
        # A name of two letters may be a word: only as it is written is it the name.
        if len(said) < SHORTEST_PART and not has_no_spaces(said):
            return self._told.get(told, "")
        return self._told.get(told) or self._keys.get(key(folded), "somebody")

    def cleaned(self, text: str) -> str:
        """Return a text without names, days, addresses and telephone numbers.

        Examples
        --------
        >>> Names.of(["Anna"]).cleaned("Anna: leftovers of 14.3.2026, 1.5 cups")
        'Person1: leftovers of a day, 1.5 cups'
        """
        return without_days_and_addresses(self.without(text))

    def clean_column(self, values: pd.Series) -> pd.Series:
        """Return a column of texts, each `cleaned`; what is missing stays missing."""
        different = values.dropna().unique()
        changed = {text: clean for text in different if (clean := self.cleaned(text)) != text}
        return values.replace(changed).astype("str") if changed else values
