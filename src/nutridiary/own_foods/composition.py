"""What a recipe holds: the sum over its ingredients of grams x composition x retention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.food_twins import lent_by_twins, twins_for
from nutridiary.nutrients import load_nutrients

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from nutridiary.foods import FoodData

    Cells = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ingredients:
    """The counted ingredients of some recipes, and what each gives of each nutrient.

    Attributes
    ----------
    given : array of float, ingredients x nutrients
        grams x composition x retention, by the ingredients' own records. [the nutrient's unit] NaN where unknown.
    with_twins : array of float
        The same, with gaps filled from twin records.
    at_most : array of float
        The most an ingredient can add of what its record lacks: its grams with the highest value that any food of its
        category has in the same release. [the nutrient's unit] NaN where that tells nothing.
    """

    given: Cells
    with_twins: Cells
    at_most: Cells


@dataclass(frozen=True)
class Total:
    """What a whole recipe holds of each nutrient. [the nutrient's unit]

    Attributes
    ----------
    known : array of float
        NaN where an ingredient's own record has no value that could show.
    estimated : array of float
        The same, with gaps filled from twin records.
    at_least : array of float
        The sum over the ingredients that have a value; NaN where none has.
    unseen : array of bool
        Where a value is missing that could not change the figure as shown.
    lacking : array of int
        Ingredients whose own records have no value.
    """

    known: Cells
    estimated: Cells
    at_least: Cells
    unseen: npt.NDArray[np.bool_]
    lacking: npt.NDArray[np.int64]


def given_by(fdc_ids: Sequence[int], grams: Sequence[float], retention: Cells, foods: FoodData) -> Ingredients:
    """Return what ingredients give.

    Parameters
    ----------
    fdc_ids, grams : sequence
        The food and weight [g] of each ingredient.
    retention : array of float, ingredients x nutrients
        Share of each nutrient that is left after cooking. [-]
    foods : FoodData
    """
    import numpy as np
    import pandas as pd

    distinct = list(dict.fromkeys(fdc_ids))
    own = foods.composition(distinct)
    lent = lent_by_twins(own, twins_for(own, foods), foods)
    held = own.to_numpy(dtype="float64")
    filled = np.where(np.isnan(held), lent, held)
    rows = own.index.get_indexer(pd.Index(fdc_ids))
    hundreds = np.asarray(grams, dtype="float64")[:, np.newaxis] / 100
    highest = _highest_of_category(distinct, held, foods)
    return Ingredients(held[rows] * hundreds * retention, filled[rows] * hundreds * retention, highest[rows] * hundreds)


def _highest_of_category(fdc_ids: list[int], held: Cells, foods: FoodData) -> Cells:
    """Return, for the nutrients a food lacks, the highest value any food of its category and data type has."""
    import numpy as np

    highest = np.full(held.shape, np.nan)
    lacking = {fdc_id for fdc_id, row in zip(fdc_ids, held, strict=True) if np.isnan(row).any()}
    if not lacking:
        return highest
    everything = foods.published.foods()
    known = everything[everything["category"].notna()]
    groups = known.groupby(["data_type", "category"])["fdc_id"]
    of_food = known[known["fdc_id"].isin(lacking)]
    for key, members in of_food.groupby(["data_type", "category"])["fdc_id"]:
        values = foods.composition(groups.get_group(key)).max(skipna=True).to_numpy(dtype="float64")
        highest[[fdc_ids.index(fdc_id) for fdc_id in members]] = values
    return highest


def total_of(ingredients: Ingredients, rows: Sequence[int], *, complete: bool, eaten_as: float) -> Total:
    """Return what a recipe of some of the ingredients holds.

    Parameters
    ----------
    ingredients : Ingredients
    rows : sequence of int
        Which of them.
    complete : bool
        Whether every ingredient of the recipe could be weighed; if not, no total is known.
    eaten_as : float
        Share of the whole that a figure is shown for: one serving, or 100 g. [-]

    Returns
    -------
    Total
        A nutrient is known where every ingredient has a value, or where what is missing could not change the figure
        as it is shown, with the decimals of ``nutrients.csv``.
    """
    import numpy as np

    given, with_twins, at_most = (
        part[rows] for part in (ingredients.given, ingredients.with_twins, ingredients.at_most)
    )
    shown = 0.5 * 10.0 ** -load_nutrients()["decimals"].to_numpy(dtype="float64")

    def settled(parts: Cells) -> tuple[Cells, npt.NDArray[np.bool_]]:
        missing = np.isnan(parts)
        # NaN in `at_most` makes the sum NaN, and NaN is below nothing.
        could_add = np.where(missing, at_most, 0.0).sum(axis=0)
        small = missing.any(axis=0) & (could_add * eaten_as < shown)
        sums = np.where(missing & small, 0.0, parts).sum(axis=0)
        return (sums if complete else np.full_like(sums, np.nan)), small

    known, unseen = settled(given)
    estimated, _ = settled(with_twins)
    at_least = np.where(np.isnan(given).all(axis=0), np.nan, np.nansum(given, axis=0))
    return Total(known, estimated, at_least, unseen, np.isnan(given).sum(axis=0))
