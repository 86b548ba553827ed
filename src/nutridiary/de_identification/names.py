"""People's names, taken out of texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHORTEST_PART = 3
"""Letters from which on a part of a name is taken out of texts; shorter ones are words: al, de, du."""

_PARTS = re.compile(r"[\W\d_]+")
# 2026-03-14, 14.3.26, 3/14/2026, 14 March 2026, March 14, 2026: a day of three parts is no amount.
_DAY = re.compile(
    r"\b(?:(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)\d{2}|\d{2})"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? +(?:of +|de +)?[^\W\d_]{3,10}\.?,? +(?:de +)?(?:19|20)\d{2}"
    r"|[^\W\d_]{3,10}\.? +\d{1,2}(?:st|nd|rd|th)?,? +(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
A_DAY = "a day"


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
    def _forms(self) -> dict[str, str]:
        """What stands for a name or a part of one, as written and in small letters; whole names go before parts."""
        # One word, so that no number of it is read as an amount.
        words = {name: new.replace(" ", "") for name, new in self.new.items()}
        wholes = [(" ".join(name.split()), word) for name, word in words.items()]
        parts = [(part, word) for name, word in words.items() for part in _PARTS.split(name)]
        told = [whole for whole in wholes if sum(map(str.isalpha, whole[0])) >= 2]
        told += [part for part in parts if len(part[0]) >= SHORTEST_PART]
        forms: dict[str, str] = {}
        for form, word in told:
            for spelling in (form, *(unicodedata.normalize(way, form) for way in ("NFC", "NFD")), _plain(form)):
                # A dotted capital I is two signs in small letters, and no pattern takes one for the other.
                forms.setdefault(spelling.casefold(), word)
                forms.setdefault(spelling, word)
        return forms

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self._forms, key=len, reverse=True)
        if not longest_first:
            return None
        some = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
        # "Annas Suppe" and "Anna's soup" are Anna's; "bananas" and "annatto" are nobody's.
        return re.compile(rf"(?<![^\W_])({some})(?=s?(?![^\W_]))", re.IGNORECASE)

    def without(self, text: str) -> str:
        """Return a text with each name, and each part of one of three letters and more, replaced."""
        return text if self._pattern is None else self._pattern.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        said = found[0]
        # A name of two letters may be a word: only as it is written is it the name.
        if len(said) < SHORTEST_PART and said not in self.new:
            return said
        told = " ".join(said.split())
        return self._forms.get(told) or self._forms.get(told.casefold(), "somebody")

    def cleaned(self, text: str) -> str:
        """Return a text without names and days.

        Examples
        --------
        >>> Names.of(["Anna"]).cleaned("Anna: leftovers of 14.3.2026, 1.5 cups")
        'Person1: leftovers of a day, 1.5 cups'
        """
        return _DAY.sub(A_DAY, self.without(text))

    def clean_column(self, values: pd.Series) -> pd.Series:
        """Return a column of texts without names and days; what is missing stays missing."""
        different = values.dropna().unique()
        changed = {text: clean for text in different if (clean := self.cleaned(text)) != text}
        return values.replace(changed).astype("str") if changed else values


def _plain(text: str) -> str:
    """Return a text without accents: Jose for José."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
