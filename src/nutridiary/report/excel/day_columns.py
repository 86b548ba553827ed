"""Which column of the Daily sheet holds what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel.blocks import Block
from nutridiary.report.excel.words import is_core, label_with_unit

FIRST_NUTRIENT = 4  # after the date, the lines counted and the lines left out
LEAST_COLUMNS = 20  # which the legend and the charts take, however few nutrients there are
PARTS = (("food_amount", "food_intake", "from food"), ("supplement_amount", "supplement_intake", "from supplements"))
"""The parts of a total: field of a day, field of the mean, and words."""


@dataclass(frozen=True)
class DayColumns:
    """The columns of the nutrients.

    Attributes
    ----------
    nutrients : tuple of str
        The core nutrients first.
    parted : frozenset of str
        Nutrients whose total is followed by what food and what supplements gave of it.
    """

    nutrients: tuple[str, ...]
    parted: frozenset[str]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> DayColumns:
        """Return the columns for the nutrients of all people."""
        named = dict.fromkeys(row["nutrient"] for block in blocks for row in block.days)
        ordered = tuple(sorted(named, key=lambda nutrient: not is_core(nutrient)))
        return cls(ordered, frozenset(name for block in blocks for name in block.supplemented))

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each nutrient's total."""
        places, column = {}, FIRST_NUTRIENT
        for nutrient in self.nutrients:
            places[nutrient] = column
            column += 1 + len(PARTS) * (nutrient in self.parted)
        return places

    @cached_property
    def headers(self) -> list[str]:
        """The headers of all columns."""
        headers = ["Date", "Lines counted", "Lines left out"]
        for nutrient in self.nutrients:
            label = label_with_unit(nutrient)
            headers.append(label)
            headers += [f"{label} {words}" for _, _, words in PARTS if nutrient in self.parted]
        return headers

    @cached_property
    def last(self) -> int:
        """The last column of the table."""
        return len(self.headers)

    @cached_property
    def first_folded(self) -> int:
        """The first of the columns beyond the table, which are folded away: bounds, and what charts need."""
        return max(self.last, LEAST_COLUMNS) + 2

    @cached_property
    def last_folded(self) -> int:
        """The last of the columns that are folded away."""
        return self.limit(len(core_nutrients()) - 1)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {nutrient: number for number, nutrient in enumerate(self.nutrients)}

    def least(self, nutrient: str) -> int:
        """Return the column of a total's lower bound."""
        return self.first_folded + 2 * self._numbers[nutrient]

    def most(self, nutrient: str) -> int:
        """Return the column of a total's upper bound."""
        return self.least(nutrient) + 1

    def goal(self, place: int) -> int:
        """Return the column of the RDA or AI that the chart of a core nutrient shows as a line."""
        return self.first_folded + 2 * len(self.nutrients) + 5 * place

    def above(self, place: int) -> int:
        """Return the column that holds how far the upper bound lies above the total of a core nutrient."""
        return self.goal(place) + 1

    def below(self, place: int) -> int:
        """Return the column that holds how far the lower bound lies below the total of a core nutrient."""
        return self.goal(place) + 2

    def requirement(self, place: int) -> int:
        """Return the column of the EAR that the chart of a core nutrient shows as a line."""
        return self.goal(place) + 3

    def limit(self, place: int) -> int:
        """Return the column of the UL that the chart of a core nutrient shows as a line."""
        return self.goal(place) + 4
