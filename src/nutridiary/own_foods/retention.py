"""How much of each nutrient is left after cooking, where a recipe says how an ingredient is cooked.

The factors are those of USDA's Table of Nutrient Retention Factors, Release 6 (2007), in
`data/retention_factors.csv`; which one applies, `data/cooking_states.csv` says by the food and the words of the recipe.
No state, a state that does not tell what became of the water, or a record of a food that is cooked already: no factor.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from nutridiary.foods import FoodData

# The table gives one factor for folate in all its forms, and one for vitamin A and the carotenoids.
ALIKE = {
    "folate_total": ("folic_acid", "folate_food", "folate_dfe"),
    "vitamin_a_rae": (
        "retinol",
        "carotene_alpha",
        "carotene_beta",
        "cryptoxanthin_beta",
        "lycopene",
        "lutein_zeaxanthin",
    ),
}
LEAN_FISH, MOST_FAT_OF_LEAN_FISH = "lean fish", 5.0  # [g/100 g] as the table divides finfish
_WORDS = re.compile(r"[^\W\d_]+")
_TIME = re.compile(r"(\d+(?:[.,]\d+)?)\s*(min|m\b|h|hour|hr|std)", re.IGNORECASE)


@cache
def _states(name: str) -> dict[str, str]:
    with data_file("cooking_states.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["value"] for row in csv.DictReader(file) if row["list"] == name}


@cache
def retention_factors() -> dict[int, tuple[str, dict[str, float]]]:
    """Return, by retention code, the name of the preparation and the share of each nutrient that is left. [-]

    References
    ----------
    .. [1] US Department of Agriculture, Agricultural Research Service, "USDA Table of Nutrient Retention Factors,
       Release 6", 2007. doi 10.15482/USDA.ADC/1409034.

    Examples
    --------
    >>> name, left = retention_factors()[3751]
    >>> name, left["vitamin_c"], left["folate_dfe"]
    ('Tomatoes, boiled/baked', 0.95, 0.7)
    """
    table = {}
    with data_file("retention_factors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name = int(row.pop("code")), row.pop("description")
            left = {nutrient: float(percent) / 100 for nutrient, percent in row.items()}
            for nutrient, others in ALIKE.items():
                left |= dict.fromkeys(others, left[nutrient])
            table[code] = (name, left)
    return table


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.lower()))


def is_uncooked(state: str) -> bool:
    """Tell whether a recipe says of an ingredient that it is not cooked.

    Examples
    --------
    >>> is_uncooked("Raw"), is_uncooked(""), is_uncooked("boiled")
    (True, False, False)
    """
    return _plain(state) in _states("uncooked")


def is_cooked(state: str) -> bool:
    """Tell whether a recipe says how an ingredient is cooked, in words that are known.

    Examples
    --------
    >>> is_cooked("simmered 1 hour"), is_cooked("raw"), is_cooked("chopped")
    (True, False, False)
    """
    return bool(_method(state))


def _method(state: str) -> str:
    """Return the way of cooking that the longest known phrase of `state` names, empty where none does."""
    text = f" {_plain(state)} "
    found = [phrase for phrase in _states("method") if f" {phrase} " in text]
    return _states("method")[max(found, key=len)] if found else ""


def _minutes(state: str) -> float | None:
    found = _TIME.search(state)
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    return number if found[2].lower().startswith("m") else number * 60


def _group(description: str) -> str:
    """Return the group of foods the table divides by, from the beginning of a record's name."""
    parts = [part.strip() for part in description.lower().split(",")]
    if parts[:2] == ["beef", "ground"]:
        return "beef, ground"
    return _states("group").get(parts[0], "")


def _is_raw(description: str, group: str) -> bool:
    """Tell whether a record is of a food as it goes into the pot."""
    words = set(_WORDS.findall(description.lower()))
    return group in _states("as it is") or bool(words & _states("uncooked record").keys())


def retention_code(description: str, state: str, fat: float) -> int | None:
    """Return the code of the factors that apply to a food cooked in this way, or None.

    Parameters
    ----------
    description : str
        The food's record.
    state : str
        What the recipe says of its cooking.
    fat : float
        Fat of the food. [g/100 g] NaN where unknown.

    Examples
    --------
    >>> retention_code("Spinach, raw", "boiled and drained", 0.4), retention_code("Spinach, raw", "boiled", 0.4)
    (3005, None)
    >>> retention_code("Alcoholic beverage, wine, table, red", "simmered 1 hour", 0.0)
    5006
    """
    group = _group(description)
    if not group or is_uncooked(state) or not _is_raw(description, group):
        return None
    if group == LEAN_FISH and not fat < MOST_FAT_OF_LEAN_FISH:
        return None
    timed = _after_minutes(group, state)
    if timed is not None:
        return timed
    method = _method(state)
    code = _states("code").get(f"{group}: {method}")
    return int(code) if code else None


def _after_minutes(group: str, state: str) -> int | None:
    """Return the code for the time stated, of the table's times the longest that is not longer."""
    minutes = _minutes(state)
    steps = {
        float(key.partition(": ")[2]): int(code)
        for key, code in _states("code after minutes").items()
        if key.startswith(f"{group}: ")
    }
    if minutes is None or not steps or not _method(state):
        return None
    reached = [step for step in steps if step <= minutes]
    return steps[max(reached)] if reached else None


def retention_of(
    fdc_ids: Sequence[int], states: Sequence[str], foods: FoodData
) -> tuple[npt.NDArray[np.float64], list[str]]:
    """Return what is left of each nutrient of each ingredient, and in words which factors were used.

    Parameters
    ----------
    fdc_ids : sequence of int
        The food of each ingredient.
    states : sequence of str
        How it is cooked, as the recipe says; empty where it does not.
    foods : FoodData

    Returns
    -------
    left : array of float, ingredients x nutrients
        Share that is left. [-] 1 where no factor applies, and for nutrients the table does not have.
    factors : list of str
        Empty for an ingredient without factors.
    """
    import numpy as np

    nutrients = load_nutrients().index
    left = np.ones((len(fdc_ids), len(nutrients)))
    words = [""] * len(fdc_ids)
    if not any(states):
        return left, words
    distinct = list(dict.fromkeys(fdc_ids))
    about = foods.foods(distinct)
    names = dict(zip(about["fdc_id"].tolist(), about["description"].tolist(), strict=True))
    fat = foods.composition(distinct, ["fat_total"])["fat_total"].to_dict()
    for row, (fdc_id, state) in enumerate(zip(fdc_ids, states, strict=True)):
        code = retention_code(names[fdc_id], state, fat[fdc_id]) if state else None
        if code is not None:
            name, factors = retention_factors()[code]
            left[row] = [factors.get(nutrient, 1.0) for nutrient in nutrients]
            words[row] = f"{names[fdc_id]} by USDA {code} ({name})"
        elif state and is_cooked(state):
            words[row] = f'{names[fdc_id]}: no factor for "{state[:40]}"'
    return left, words
