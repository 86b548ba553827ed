"""What makes two diary lines weigh the same, and what is said where nothing weighs them."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

from nutridiary.errors import listing
from nutridiary.portions.food import Food
from nutridiary.portions.lengths import begins_with_length, counts_wholes, stated_length, with_length
from nutridiary.portions.words import Request, counts_something, read_request
from nutridiary.units import canonical_unit

_TODO = {"g": "write the weight in g", "ml": "write the amount in ml", "": "count its servings"}
# Of a unit so many characters are repeated in a problem or note.
MOST_SHOWN = 40


class Key(NamedTuple):
    """What makes two lines weigh the same for each one of their amount."""

    fdc_id: int
    unit: str
    food_text: str
    unknown: bool
    several: bool
    length: str

    def request(self, food: Food) -> Request:
        """What the line asks for of its food."""
        request = read_request(self.unit, self.food_text, food.description)
        return replace(request, several=self.several, length=stated_length(self.length))

    @property
    def is_one_of_a_length(self) -> bool:
        """Without a number, the line begins with a length: "8 inch pizza"."""
        return self.unknown and not self.unit and begins_with_length(self.food_text)

    def is_of_another_length(self, food: Food) -> bool:
        """The line states the length of what it counts, and the food's portions are of other lengths."""
        return bool(self.length) and counts_wholes(self.request(food)) and bool(with_length(food))


def problem_of(food: Food, key: Key) -> str:
    """Say what could not be weighed, which portions the food has, and what to do."""
    unit, unknown = key.unit, key.unknown
    unit = unit if len(unit) <= MOST_SHOWN else unit[:MOST_SHOWN] + "…"
    if unknown:
        what = f'no amount given, and FoodData Central has no "quantity not specified" weight for {food.description}'
    elif key.is_of_another_length(food):
        what = f"no weight for one of {key.length} of {food.description}"
    elif unit and canonical_unit(key.unit) is None and not counts_something(key.unit):
        what = f'unknown unit "{unit}" for {food.description}'
    elif unit:
        what = f'no weight for a "{unit}" of {food.description}'
    else:
        what = f"no weight for one {food.description}: give a unit"
    sized = [portion for portion, _ in with_length(food)] if key.is_of_another_length(food) else food.own
    sized = [portion for portion in sized if portion.description != portion.unit]
    near = sorted(sized, key=lambda p: (-SequenceMatcher(None, unit, p.description).ratio(), p.seq))[:3]
    labels = dict.fromkeys(portion.label for portion in near)
    has = f"It has {listing(labels)}." if near else "It has no portion of known weight."
    todo = _TODO[food.unit] + (", or one of these" if near and food.unit else "")
    return f"{what}. {has} Left out of the totals: {todo}."
