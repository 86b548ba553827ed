"""The foods that may be suggested, a portion each (``data/suggestion_foods.csv``).

A short list of plain foods that many people eat, each by one record whose values are known, with one portion of that
record in household words. Nothing fortified beyond what milk and plant milks are, no food for infants, no supplement,
no alcohol, no liver, no grapefruit (which changes how medicines work), no Brazil nuts (one ounce holds more selenium
than the UL), and of fish only what the FDA and EPA call the best choices, for their little mercury.
``docs/suggestions.md`` has the reasons with their sources.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.successors import is_embedded
from nutridiary.suggestions.exclusions import FoodTexts, exclusions

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData
    from nutridiary.suggestions.wishes import Wishes


FORTIFIED_GROUPS = frozenset({"milk and dairy", "plant milks"})
"""Groups of foods here with vitamins or minerals added, as they are in the US."""


@dataclass(frozen=True)
class SuggestedFood:
    """A food that may be suggested.

    Attributes
    ----------
    fdc_id : int
    food_description : str
        Its name in the food data.
    say, kind : str
        Its plain name, and what it is of: of one kind one food is suggested.
    portion : str
        The portion of its record.
    times : float
        How many of them are one portion here: half a cup.
    portion_in_words, phrase : str
        The portion, and the portion with the food: "1 oz (23 kernels) unsalted almonds".
    eaten_as : re.Pattern
        What the names of a food hold that is the same food for this purpose.
    reports : int
        How often such foods are reported in What We Eat in America (``eating_frequency.csv``).
    binds_calcium : bool
        Its oxalate does: spinach, Swiss chard, beet greens. Of the calcium of spinach about a fifth as much is taken up
        as of that of milk (Heaney, Weaver and Recker 1988, Am J Clin Nutr 47:707-709).
    """

    fdc_id: int
    food_description: str
    say: str
    kind: str
    portion: str
    times: float
    portion_in_words: str
    phrase: str
    eaten_as: re.Pattern[str]
    reports: int
    binds_calcium: bool


@cache
def load_suggested_foods() -> tuple[SuggestedFood, ...]:
    """Return the foods of ``data/suggestion_foods.csv``, in order.

    Examples
    --------
    >>> [food.say for food in load_suggested_foods() if food.kind == "almonds"]
    ['unsalted almonds', 'almond butter']
    """
    with data_file("suggestion_foods.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_food(row) for row in csv.DictReader(lines))


def suggested_foods(foods: FoodData) -> list[SuggestedFood]:
    """Return the foods that may be suggested as records of `foods`.

    Of another release than the embedded one, what took their place. Left out is a food that is gone, whose record no
    longer has the portion, or whose group is not known any more: what a wish leaves out is told by groups, too.

    Parameters
    ----------
    foods : FoodData
    """
    from nutridiary.food_groups import OTHER, food_group_of

    known = load_suggested_foods()
    if is_embedded(foods.database):
        return list(known)
    current = foods.current(food.fdc_id for food in known)
    portions = foods.portions(current.values())
    there = set(zip(portions["fdc_id"].tolist(), portions["text"].tolist(), strict=True))
    grouped = food_group_of(current.values(), foods).ne(OTHER)
    placed = [replace(food, fdc_id=current[food.fdc_id]) for food in known if food.fdc_id in current]
    return [food for food in placed if (food.fdc_id, food.portion) in there and grouped[food.fdc_id]]


def _food(row: dict[str, str]) -> SuggestedFood:
    phrases = "|".join(map(re.escape, row["eaten_as"].split(";")))
    return SuggestedFood(
        int(row["fdc_id"]),
        row["food_description"],
        row["say"],
        row["kind"],
        row["portion"],
        float(row["times"]),
        row["portion_in_words"],
        row["phrase"],
        re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE),
        int(row["reports"]),
        row["oxalate"] == "much",
    )


@cache
def rarity(food: SuggestedFood) -> float:
    """Return how seldom a food is reported, from 0 for the one most reported to 1 for one never reported. [-]"""
    most = max(other.reports for other in load_suggested_foods())
    return 1 - math.log1p(food.reports) / math.log1p(most)


def allowed_foods(wishes: Wishes, foods: FoodData) -> list[SuggestedFood]:
    """Return the foods that the wishes leave.

    Parameters
    ----------
    wishes : Wishes
    foods : FoodData

    Returns
    -------
    list of SuggestedFood
    """
    known = suggested_foods(foods)
    if not wishes.names:
        return known
    out = exclusions(wishes.names, FoodTexts.of([food.fdc_id for food in known], foods))
    return [food for food in known if out.isna()[food.fdc_id]]


def portion_contents(candidates: Sequence[SuggestedFood], nutrients: Sequence[str], foods: FoodData) -> pd.DataFrame:
    """Return what one portion of each food weighs and holds.

    Parameters
    ----------
    candidates : sequence of SuggestedFood
    nutrients : sequence of str
    foods : FoodData

    Returns
    -------
    pandas.DataFrame
        Indexed by ``fdc_id``: `portion_grams` [g], `food_group`, `value_from`, and a column per nutrient in its unit,
        NaN where the food's own record has no value: no twin lends one.

    Raises
    ------
    FoodDataError
        If a food has no such portion.
    """
    import pandas as pd

    from nutridiary.food_groups import food_group_of

    ids = [food.fdc_id for food in candidates]
    portions = foods.portions(ids)
    weights = dict(zip(zip(portions["fdc_id"], portions["text"], strict=True), portions["gram_weight"], strict=True))
    absent = [food.say for food in candidates if (food.fdc_id, food.portion) not in weights]
    if absent:
        raise FoodDataError(f"no portion for {', '.join(absent)}: suggestion_foods.csv names one the record lacks.")
    grams = pd.Series([weights[food.fdc_id, food.portion] * food.times for food in candidates], index=ids)
    held = foods.composition(ids, nutrients).reindex(ids).mul(grams / 100, axis=0)
    described = foods.foods(ids).set_index("fdc_id").reindex(ids)
    number = described["food_code"].fillna(described["ndb_number"]).astype("int64").astype("str")
    return held.assign(
        portion_grams=grams, food_group=food_group_of(ids, foods), value_from=described["release"] + " " + number
    ).rename_axis("fdc_id")


def eaten_already(candidates: Iterable[SuggestedFood], eaten: Iterable[str]) -> set[int]:
    """Return which foods a person eats already, by the names of what was eaten.

    Examples
    --------
    >>> sorted(eaten_already(load_suggested_foods(), ["Almonds, salted", "Almond milk, sweetened"]))
    [170567, 2705409]
    """
    names = "\n".join(eaten)
    return {food.fdc_id for food in candidates if food.eaten_as.search(names)}
