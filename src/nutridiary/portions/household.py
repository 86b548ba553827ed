"""Household measures no release weighs, by the size an authority or a study gives them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.portions.choice import weigh_unit
from nutridiary.portions.food import Food, Weight
from nutridiary.portions.words import SIZE_NAMES, Request

_MILK = re.compile(r"(?<=[a-z])milk\b")


@dataclass(frozen=True)
class HouseholdMeasure:
    """One line of ``data/household_measures.csv``: a measure no release weighs, for the foods its source is about."""

    measure: str
    size: int | None
    foods: re.Pattern[str]
    low: float
    typical: float
    high: float
    unit: str
    source: str


@cache
def household_measures() -> tuple[HouseholdMeasure, ...]:
    """Return the cited household measures."""
    with data_file("household_measures.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            HouseholdMeasure(
                row["measure"],
                int(row["size"]) if row["size"] else None,
                re.compile("|".join(rf"\b{re.escape(word)}(?:e?s)?\b" for word in row["food_words"].split(";"))),
                float(row["low"]),
                float(row["typical"]),
                float(row["high"]),
                row["unit"],
                row["source"],
            )
            for row in csv.DictReader(file)
        )


def weigh_household_measure(request: Request, food: Food) -> Weight | None:
    """Return the weight of a glass, bowl or handful by a cited size, or None where no source gives one.

    A size given as a volume needs the food's own density as well.

    Parameters
    ----------
    request : Request
    food : Food

    Returns
    -------
    Weight or None
        By ``food_density``, or ``similar_food_portion`` where the source gives grams for such foods.
    """
    text = _MILK.sub(r" \g<0>", food.description.casefold().replace("-", " "))  # "OATMILK" is an oat milk
    fitting = [m for m in household_measures() if m.measure in request.nouns and m.foods.search(text)]
    sized = [m for m in fitting if m.size in request.sizes] or [m for m in fitting if m.size is None]
    if not sized:
        return None
    measure = sized[0]
    notes = [f"a {measure.measure} taken as {measure.typical:g} {measure.unit}, by {measure.source}"]
    if request.sizes and measure.size is None:
        asked = " or ".join(SIZE_NAMES[size] for size in sorted(request.sizes))
        notes.append(f"no source says what a {asked} one holds")
    portion = f"1 {measure.measure} = {measure.typical:g} {measure.unit}"
    one: Weight | None = Weight(1.0, 1.0, 1.0, "similar_food_portion", portion)
    if measure.unit == "ml":
        one = weigh_unit(replace(request, measure="ml", nouns=()), food)
    if one is None:
        return None
    return replace(
        one,
        grams=one.grams * measure.typical,
        low=one.low * measure.low,
        high=one.high * measure.high,
        notes=(*one.notes, *notes),
    )
