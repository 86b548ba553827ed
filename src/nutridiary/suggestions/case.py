"""One person's aims and limits, the foods that may close the gaps, and the programme made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nutridiary.food_groups import food_group_of
from nutridiary.suggestions.aims import SODIUM, Aim, Limit, content_nutrients, is_low_sodium, part_or_whole
from nutridiary.suggestions.candidates import (
    SuggestedFood,
    eaten_already,
    portion_contents,
    rarity,
)
from nutridiary.suggestions.programme import Programme
from nutridiary.suggestions.words import WEEK

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

FISH = "fish and seafood"
FISH_A_WEEK = 2
"""Portions of fish a week, those recorded included, up to which fish is added: the 8 ounces a week of the Dietary
Guidelines for Americans 2020-2025, and the lower end of what the FDA and EPA advise in pregnancy."""

EATEN_COST, OTHER_COST, RARE_COST = 0.03, 0.045, 0.06
"""What a food must close of an aim to be suggested: one that is eaten already, any other, and one that few people eat
on top. Ours: foods eaten already come first, then common ones."""

YOUNG, FISH_A_WEEK_OF_YOUNG = 8.0, 1
"""Years below which fish is added up to one portion a week: at 4 to 7 years a serving is 2 ounces (FDA and EPA, Advice
about Eating Fish), and a portion here three."""

_MOSTLY = 0.5  # of the foods must have a value for a nutrient to be aimed at with them


@dataclass(frozen=True)
class Case:
    """One person's aims and limits, and the foods with a value for each of them.

    Attributes
    ----------
    aims, limits : list of Aim, list of Limit
    foods : list of SuggestedFood
    contents : pandas.DataFrame
        As `portion_contents` returns it, of these foods.
    eaten : set of int
        fdc_ids of what the person eats already.
    days : int
        The days additions are spread over: 1, or a week.
    fish_left : int
        Portions of fish that may be added over these days.
    """

    aims: list[Aim]
    limits: list[Limit]
    foods: list[SuggestedFood]
    contents: pd.DataFrame
    eaten: set[int]
    days: int
    fish_left: int

    @cached_property
    def _held(self) -> dict[Any, dict[Any, Any]]:
        return self.contents.to_dict("index")

    @property
    def passed(self) -> list[Limit]:
        """The limits that the record is at or above already."""
        return [limit for limit in self.limits if limit.is_passed]

    def holds(self, food: SuggestedFood, column: str) -> Any:
        """Return a column of `contents` for a food."""
        return self._held[food.fdc_id][column]

    def added(self, name: str, chosen: Iterable[tuple[SuggestedFood, int]]) -> float:
        """Return what portions of foods add to the mean of a nutrient; NaN where one has no value. [unit/d]"""
        return sum(float(self.holds(food, name)) * portions / self.days for food, portions in chosen)

    def gained(self, name: str, chosen: Iterable[tuple[SuggestedFood, int]]) -> float:
        """Return what of it counts towards a gap: not the calcium that oxalate binds. [unit/d]"""
        return self.added(name, [pair for pair in chosen if not _is_bound(name, pair[0])])

    def load(self, limit: Limit, chosen: Iterable[tuple[SuggestedFood, int]]) -> float:
        """Return what portions of foods add towards a limit, at most. [unit/d]"""
        held = part_or_whole(self.contents, limit.part).to_dict()
        return sum(float(held[food.fdc_id]) * portions / self.days for food, portions in chosen)


def case_of(
    aims: list[Aim],
    limits: list[Limit],
    eaten: pd.DataFrame,
    recorded_days: int,
    allowed: Sequence[SuggestedFood],
    foods: FoodData,
    shown: Sequence[str],
    age_years: float,
) -> Case:
    """Return the case of one person: the foods whose values for every aim and limit are known, by their own record.

    Parameters
    ----------
    aims, limits : list of Aim, list of Limit
    eaten : pandas.DataFrame
        `tables.WEIGHED` of the lines of this person that are foods on record.
    recorded_days : int
    allowed : sequence of SuggestedFood
    foods : FoodData
    shown : sequence of str
        Nutrients the effects show besides.
    age_years : float

    Returns
    -------
    Case
    """
    contents = portion_contents(allowed, content_nutrients(aims, limits, shown), foods)
    aims = [aim for aim in aims if contents[aim.nutrient].notna().mean() >= _MOSTLY]
    known = contents[["energy", *(aim.nutrient for aim in aims)]].notna().all(axis=1)
    for limit in limits:
        known &= part_or_whole(contents, limit.part).notna()
    if all(limit.is_passed for limit in limits if limit.part == SODIUM):  # or nothing holds it
        known &= is_low_sodium(contents)
    kept = [food for food in allowed if known[food.fdc_id]]
    ids = eaten["fdc_id"].astype("int64")
    groups = food_group_of(ids.unique(), foods)
    fish_lines = int(ids.isin(groups.index[groups == FISH]).sum())
    days = 1 if recorded_days <= 1 else WEEK
    fish_a_week = -(-fish_lines * days // max(recorded_days, 1))  # rounded up
    already = eaten_already(kept, eaten["food_description"].dropna().unique()) | set(ids)
    held = contents.loc[[food.fdc_id for food in kept]]
    most_fish = FISH_A_WEEK if age_years >= YOUNG else FISH_A_WEEK_OF_YOUNG
    return Case(aims, limits, kept, held, already, days, max(most_fish - fish_a_week, 0))


def programme_of(case: Case) -> Programme:
    """Return the programme of a case, in shares of its references and limits."""
    import numpy as np

    contents, days = case.contents, case.days
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(food.kind for food in case.foods))}
    gains = [[case.gained(aim.nutrient, [(food, 1)]) / aim.goal for food in case.foods] for aim in case.aims]
    loads = [part_or_whole(contents, limit.part).to_numpy() / limit.limit / days for limit in case.limits]
    foods = len(case.foods)
    return Programme(
        gains=np.array(gains, dtype="float64").reshape(len(case.aims), foods),
        short=np.array([aim.short for aim in case.aims]),
        weights=np.array([aim.weight for aim in case.aims]),
        loads=np.array(loads, dtype="float64").reshape(len(case.limits), foods),
        room=np.array([limit.room / limit.limit for limit in case.limits]),
        costs=np.array([_cost(food, case.eaten) for food in case.foods]),
        kinds=np.array([kinds[food.kind] for food in case.foods], dtype="int64"),
        capped=contents["food_group"].eq(FISH).to_numpy(dtype=bool),
        cap=case.fish_left,
        days=days,
    )


def _is_bound(nutrient: str, food: SuggestedFood) -> bool:
    return nutrient == "calcium" and food.binds_calcium


def _cost(food: SuggestedFood, eaten: Iterable[int]) -> float:
    return EATEN_COST if food.fdc_id in eaten else OTHER_COST + RARE_COST * rarity(food)
