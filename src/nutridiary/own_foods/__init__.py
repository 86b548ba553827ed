"""Foods of the user's own: recipes and labels, turned into foods that diary lines can be matched to.

`labels` reads what packages say, `recipes` adds up `ingredients` (`composition`, with what is left after cooking by
`retention`) in the `order` they need each other, `records` makes food data of both, `names` says what they are called,
and `summary` what a report shows. `nutridiary.portions.basis` says what a weight of one means, docs/recipes.md the
rules.
"""

from __future__ import annotations

from nutridiary.own_foods.build import OwnFoods, build_own_foods
from nutridiary.own_foods.summary import OWN_FOOD_VALUES

__all__ = ["OWN_FOOD_VALUES", "OwnFoods", "build_own_foods"]
