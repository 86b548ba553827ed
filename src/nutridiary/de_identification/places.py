"""Where lines stand, without the names of files and sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nutridiary.de_identification.names import Names

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|\'[^\']*\'(?!\w)')


@dataclass(frozen=True)
class Places:
    """What each file or sheet is called from now on.

    Attributes
    ----------
    new : mapping of str to str
        By its source: "anna.xlsx:March" is "diary 1".

    Examples
    --------
    >>> places = Places.of(["a.xlsx:March", "a.xlsx:Person"], ["a.xlsx:March:lunch", "b.csv"])
    >>> places.new
    {'a.xlsx:March': 'diary 1', 'a.xlsx:Person': 'diary 2', 'a.xlsx:March:lunch': 'diary 1:part 1', 'b.csv': 'diary 3'}
    """

    new: Mapping[str, str]

    @classmethod
    def of(cls, files: Iterable[str], sources: Iterable[str]) -> Places:
        """Number what was read in its order; a part of a sheet stays a part of it."""
        new: dict[str, str] = {}
        parts: dict[str, int] = {}
        for source in dict.fromkeys([*files, *sources]):
            of = max((known for known in new if source.startswith((f"{known}:", f"{known} ("))), key=len, default=None)
            if of is None:
                new[source] = f"diary {sum(':' not in name for name in new.values()) + 1}"
            else:
                parts[of] = parts.get(of, 0) + 1
                new[source] = f"{new[of]}:part {parts[of]}"
        return cls(new)

    def of_message(self, text: str, names: Names) -> str:
        """Return what is said of a line without what it quotes, and without names of files and people.

        Examples
        --------
        >>> places = Places.of(["anna.csv"], [])
        >>> places.of_message('the same line as in anna.csv, row 3: counted there', Names())
        'the same line as in diary 1, row 3: counted there'
        >>> places.of_message('not counted: a day that is no food day ("at Anna\\'s")', Names())
        'not counted: a day that is no food day ("...")'
        """
        said = text
        for source in sorted(self.new, key=len, reverse=True):
            said = said.replace(source, self.new[source])
        return names.cleaned(_QUOTED.sub('"..."', said))
