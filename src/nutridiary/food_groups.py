"""Which plain group a food belongs to: milk and dairy, fruit, mixed dishes (``data/food_groups.csv``).

FNDDS sorts its foods into the food categories of What We Eat in America [1]_, SR Legacy and Foundation Foods into
categories of their own, some of which hold several groups ("Dairy and Egg Products"). The table maps every category to
one group; where a category holds several, words at the beginning of a word of the food's name tell them apart.

References
----------
.. [1] USDA ARS, "What We Eat in America Food Categories 2021-2023",
   https://www.ars.usda.gov/northeast-area/beltsville-md-bhnrc/beltsville-human-nutrition-research-center/food-surveys-research-group/docs/dmr-food-categories/
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.fdc.product_ids import LABELLED
from nutridiary.foods import OWN_FOOD

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

OTHER = "other foods"
SUPPLEMENTS = "supplements"
OWN_FOODS = "own foods"
NO_RECORD = "no food record"
"""What counts by the diary's own values alone: which food it is, no record tells."""


@dataclass(frozen=True)
class Rule:
    """What puts a food into a group.

    Attributes
    ----------
    category_number : int or None
        WWEIA category; None for a category of SR Legacy and Foundation Foods, which have names only.
    category : str
    words : re.Pattern or None
        What the name must hold; None for every food of the category.
    food_group : str
    """

    category_number: int | None
    category: str
    words: re.Pattern[str] | None
    food_group: str


@cache
def load_food_groups() -> tuple[Rule, ...]:
    """Return the rules of ``data/food_groups.csv``, in order: the first that fits a food holds.

    Examples
    --------
    >>> load_food_groups()[0].category, load_food_groups()[0].food_group
    ('Milk, whole', 'milk and dairy')
    """
    with data_file("food_groups.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_rule(row) for row in csv.DictReader(lines))


def _rule(row: dict[str, str]) -> Rule:
    number = int(row["category_number"]) if row["category_number"] else None
    words = "|".join(map(re.escape, row["words"].split("|")))
    pattern = re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE) if words else None
    return Rule(number, row["category"], pattern, row["food_group"])


def food_groups() -> tuple[str, ...]:
    """Return every group, in the order of the table; then supplements, own foods, and what has no record.

    Examples
    --------
    >>> food_groups()[:3], food_groups()[-3:]
    (('milk and dairy', 'plant milks', 'meat'), ('supplements', 'own foods', 'no food record'))
    """
    shipped = dict.fromkeys(rule.food_group for rule in load_food_groups())
    return (*shipped, *(group for group in (OTHER, SUPPLEMENTS, OWN_FOODS, NO_RECORD) if group not in shipped))


def food_group(category_number: int | None, category: str | None, description: str) -> str:
    """Return the group of a food of a published category, by its name.

    Parameters
    ----------
    category_number : int or None
        WWEIA category, of FNDDS foods.
    category : str or None
        The category's name. It decides: another release may give a number to another category.
    description : str
        The food's name.

    Returns
    -------
    str
        A group of `food_groups`; `OTHER` where the category is in no rule, such as that of a branded food, or one
        that a later release has made.

    Examples
    --------
    >>> food_group(None, "Dairy and Egg Products", "Egg, whole, raw, fresh")
    'eggs'
    >>> food_group(2402, "Fish", "Salmon, raw")
    'fish and seafood'
    >>> food_group(2402, "Cultivated meat", "Chicken, cultivated")
    'other foods'
    """
    for rule in _rules_by_category().get((category_number is not None, category or ""), ()):
        if rule.words is None or rule.words.search(description):
            return rule.food_group
    return OTHER


@cache
def _rules_by_category() -> dict[tuple[bool, str], tuple[Rule, ...]]:
    """Return the rules by whether the category is of WWEIA, and its name."""
    rules: dict[tuple[bool, str], tuple[Rule, ...]] = {}
    for rule in load_food_groups():
        key = rule.category_number is not None, rule.category
        rules[key] = (*rules.get(key, ()), rule)
    return rules


def unknown_categories(foods: FoodData) -> dict[str, int]:
    """Return the categories of published foods that no rule knows, and how many foods each has.

    None of the embedded release. The foods of such a category are `OTHER`.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> unknown_categories(load_foods(release="embedded"))
    {}
    """
    known = {category for _, category in _rules_by_category()}
    sql = "SELECT category, count(*) FROM foods WHERE category IS NOT NULL GROUP BY category ORDER BY category"
    return {category: count for category, count in foods.published.rows(sql) if category not in known}


def food_group_of(fdc_ids: Iterable[int], foods: FoodData) -> pd.Series:
    """Return the group of each of these foods.

    Parameters
    ----------
    fdc_ids : iterable of int
        Published foods; products, which are of the group of their generic food where they have one; or the user's own
        (below zero), which are a group of their own.
    foods : FoodData

    Returns
    -------
    pandas.Series
        Text, indexed by ``fdc_id``.

    Raises
    ------
    FoodDataError
        If a food is unknown.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> food_group_of([173944, 2705385], load_foods()).to_dict()
    {173944: 'fruit', 2705385: 'milk and dairy'}
    """
    import pandas as pd

    asked = foods.foods(fdc_ids)
    groups = [
        OWN_FOODS if kind == OWN_FOOD else food_group(None if pd.isna(number) else int(number), str(category), name)
        for kind, number, category, name in zip(
            asked["data_type"], asked["category_number"], asked["category"], asked["description"], strict=True
        )
    ]
    index = pd.Index(asked["fdc_id"], name="fdc_id")
    # A product is of the group of its generic food: makers' own categories are in no rule.
    labelled = asked.loc[asked["data_type"].isin(LABELLED), "fdc_id"].to_list()
    twins = {fdc_id: foods.twins[fdc_id] for fdc_id in labelled if fdc_id in foods.twins}
    if twins:
        of_twin = food_group_of(set(twins.values()), foods)
        groups = [
            of_twin[twins[fdc_id]] if fdc_id in twins else group for fdc_id, group in zip(index, groups, strict=True)
        ]
    return pd.Series(groups, index=index, dtype="str", name="food_group")
