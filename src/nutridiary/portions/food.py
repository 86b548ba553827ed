"""A food, its portions, and what one of a unit of it weighs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

from nutridiary.portions.words import PortionWords, portion_words


@dataclass(frozen=True)
class Portion:
    """One portion of one food: "1 cup, diced = 132 g".

    `grams` [`unit`] is the weight of `amount` times the description, known and positive. The unit is g, or ml of a
    food whose values are per 100 ml, or none where nobody says what a serving weighs (`portions.basis`).
    """

    seq: int
    amount: float
    description: str
    grams: float
    is_quantity_not_specified: bool
    unit: str = "g"

    @property
    def words(self) -> PortionWords:
        """The description, read."""
        return portion_words(self.description)

    @property
    def each(self) -> float:
        """Weight of one. [g]"""
        return self.grams / self.amount

    @property
    def label(self) -> str:
        """The portion and its weight as a reader sees them."""
        named = f"{self.amount:g} {self.description}"
        return f"{named} = {self.grams:g} {self.unit}" if self.unit else named


@dataclass(frozen=True)
class Food:
    """A food and the portions it can be weighed by.

    `food_code` is 0 for a food without one; `most_at_a_time` [g] is what only one report in twenty exceeds,
    NaN where too few people reported the food. `unit` is that of its portions.
    """

    fdc_id: int
    food_code: int
    description: str
    portions: tuple[Portion, ...]
    most_at_a_time: float = nan
    unit: str = "g"

    @property
    def quantity_not_specified(self) -> float:
        """The weight FNDDS gives a food eaten in an unknown amount. [g] NaN where it gives none."""
        return next((portion.grams for portion in self.portions if portion.is_quantity_not_specified), float("nan"))

    @property
    def own(self) -> list[Portion]:
        """The portions a person may have eaten: all but "quantity not specified" and guideline amounts."""
        return [p for p in self.portions if not p.is_quantity_not_specified and not p.words.is_guideline]


@dataclass(frozen=True)
class Weight:
    """What one of the unit asked for weighs.

    Attributes
    ----------
    grams, low, high : float
        Weight of one unit and its bounds. [g]
    method : str
        One of `WEIGHT_METHODS`.
    portion : str
        The portion it rests on.
    notes : tuple of str
        What was assumed.
    size_met : bool
        False where a size was asked for and the portion is not of that size.
    """

    grams: float
    low: float
    high: float
    method: str
    portion: str
    notes: tuple[str, ...] = ()
    size_met: bool = True


def scaled(weight: Weight, times: float, *notes: str) -> Weight:
    """Return `weight` so many times over, with more notes."""
    return replace(
        weight,
        grams=weight.grams * times,
        low=weight.low * times,
        high=weight.high * times,
        notes=(*weight.notes, *notes),
    )
