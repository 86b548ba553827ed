"""Which figures a report holds intakes against, and what the authority they are by calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.comparison import verdict_in_words
from nutridiary.references import REFERENCES, kind_names

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

_GOALS, _LIMITS = ("rda", "ai", "dv"), ("ul", "cdrr")


@dataclass(frozen=True)
class FigureNames:
    """The figures of one authority.

    Attributes
    ----------
    reference : str
        A name of `references.REFERENCES`.
    names : mapping of str to str
        What it calls the figure of each role it sets: ``{"EAR": "AR", "RDA": "PRI", ...}``.
    """

    reference: str
    names: Mapping[str, str]

    @classmethod
    def of(cls, analysis: Analysis) -> FigureNames:
        """Return the figures an analysis holds intakes against."""
        return cls.by(analysis.settings.get("reference", "nasem"))

    @classmethod
    def by(cls, reference: str) -> FigureNames:
        """Return the figures of a reference, one of `references.REFERENCES`."""
        return cls(reference, kind_names(reference))

    @property
    def figures(self) -> str:
        """What the authority's figures are called at the head of a line: "EFSA's reference values"."""
        words = REFERENCES[self.reference].figures.removeprefix("the ")
        return words[:1].upper() + words[1:]

    @property
    def goals(self) -> tuple[str, ...]:
        """The columns of what a person aims at; a requirement where the authority sets nothing else.

        Examples
        --------
        >>> FigureNames.by("efsa").goals, FigureNames.by("harmonized").goals
        (('rda', 'ai'), ('ear',))
        """
        return self._set(_GOALS) or ("ear",)

    @property
    def limits(self) -> tuple[str, ...]:
        """The columns of upper figures."""
        return self._set(_LIMITS)

    @property
    def has_requirement(self) -> bool:
        """Whether a requirement (EAR) stands beside the goals, in a column of its own."""
        return "EAR" in self.names and "ear" not in self.goals

    def name(self, column: str) -> str:
        """Return what the figure of a column is called: 'PRI'."""
        return self.names.get(column.upper(), column.upper())

    def is_level_to_reach(self, nutrient: str, column: str) -> bool:
        """Return whether a figure is what its column is called; EFSA's safe and adequate intake of sodium is no AI.

        Examples
        --------
        >>> [FigureNames.by("efsa").is_level_to_reach(name, "ai") for name in ("potassium", "sodium")]
        [True, False]
        """
        return _names_for(self.reference, nutrient).get(column.upper(), self.name(column)) == self.name(column)

    def name_beside(self, nutrient: str, column: str, columns: Sequence[str]) -> str:
        """Return the name to write before a figure of one of several columns; none where it is called otherwise."""
        return self.name(column) if len(columns) > 1 and self.is_level_to_reach(nutrient, column) else ""

    def either(self, columns: Sequence[str]) -> str:
        """Return several figures by name.

        Examples
        --------
        >>> FigureNames.by("efsa").either(("rda", "ai"))
        'PRI or AI'
        """
        return " or ".join(map(self.name, columns))

    def goal_of(self, row: Mapping[str, Any]) -> str:
        """Return the column of what a person aims at for the nutrient of a row; the first where none is set."""
        return _first_set(row, self.goals)

    def limit_of(self, row: Mapping[str, Any]) -> str:
        """Return the column of the upper figure for the nutrient of a row; empty where the authority sets none."""
        return _first_set(row, self.limits) if self.limits else ""

    def verdict(self, code: object, nutrient: str) -> str | None:
        """Return the words of a verdict on a nutrient; nothing where there is none.

        Examples
        --------
        >>> FigureNames.by("harmonized").verdict("meets_ear", "zinc")
        'reaches the H-AR, where there is no recommended intake to say more'
        """
        names = {"RDA": "recommended intake", **_names_for(self.reference, nutrient)}
        return verdict_in_words(code, names) if isinstance(code, str) else None

    def _set(self, columns: Sequence[str]) -> tuple[str, ...]:
        return tuple(column for column in columns if column.upper() in self.names)


@cache
def _names_for(reference: str, nutrient: str) -> Mapping[str, str]:
    return kind_names(reference, nutrient)


def _first_set(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    known = (column for column in columns if row[column] is not None and row[column] == row[column])
    return next(known, columns[0])
