"""How much there can be of what no record tells: bounds from foods of the same kind.

A value that neither a food's record nor its twin has is unknown, and stays so. Yet it is not without limit: 95 % of
the foods of its kind, by a weight that grows with how often they are eaten, hold no more than the figure of
``data/category_bounds.csv``. That is the upper bound, and their median is what is likely. What a twin lends may itself
be too low, so that its upper bound is wider by the factor of ``data/twin_bounds.csv``. Both figures are measured
(``docs/bounds_bench.md``); neither is ever a lower bound.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.foods import FoodData

    Cells = npt.NDArray[np.float64]

ALL_WATER = ""
"""The band of a class that does not depend on water, and of a food whose water is not known."""
BANDS = ("0-15", "15-50", "50-80", "80-100")
"""Dry, moist, as most foods are eaten, liquid or leafy. [g water/100 g]"""

_Kind = tuple[str, str, str]  # category, band of water, nutrient
_EDGES = (15.0, 50.0, 80.0)
_WATER_IN_WORDS = {band: f"{low} to {high} % water" for band in BANDS for low, _, high in [band.partition("-")]}

# Per 100 g. 902 kcal is the energy of lard and fish oils, the most of any record of SR Legacy.
_MOST = {"g": 100.0, "mg": 1e5, "ug": 1e8, "kcal": 902.0}


@dataclass(frozen=True)
class Bound:
    """What the foods of one class hold per 100 g. [the nutrient's unit]

    Attributes
    ----------
    median, high : float
        What is likely; what 95 % do not exceed.
    foods : int
        How many these are.
    """

    median: float
    high: float
    foods: int


@dataclass(frozen=True)
class Bounds:
    """Foods x nutrients, in the order asked for, for values that are missing; NaN everywhere else.

    Attributes
    ----------
    high, estimate : numpy.ndarray of float
        [the nutrient's unit/100 g]
    words : numpy.ndarray of object
        Which foods bound it: "bounded by 312 foods of category Beef Products".
    """

    high: Cells
    estimate: Cells
    words: npt.NDArray[np.object_]


def bounds_of(foods: pd.DataFrame, nutrients: Sequence[str], missing: npt.NDArray[np.bool_], data: FoodData) -> Bounds:
    """Return what bounds the values that are missing.

    Parameters
    ----------
    foods : pandas.DataFrame
        With `fdc_id` and `category`, a row a food.
    nutrients : sequence of str
    missing : numpy.ndarray of bool
        Foods x nutrients: which values no record has.
    data : FoodData
        Where the water of a food is looked up.

    Returns
    -------
    Bounds
        Nothing bounds a food without one of the categories of SR Legacy and Foundation Foods: a food of the
        user's own, of a brand or of FNDDS. Its kind is not known, or not of this list.
    """
    import numpy as np

    high, estimate = np.full(missing.shape, np.nan), np.full(missing.shape, np.nan)
    words = np.full(missing.shape, np.nan, dtype=object)
    table = load_category_bounds() if missing.any() else {}
    categories = {category for category, _, _ in table}
    bounded = missing.any(axis=1) & foods["category"].isin(categories).to_numpy()
    rows = np.flatnonzero(bounded)
    ids = foods["fdc_id"].to_numpy()[rows].tolist()
    water = data.composition(ids, ["water"])["water"].reindex(ids).to_numpy() if ids else np.empty(0)
    for row, band in zip(rows.tolist(), water_bands(water), strict=True):
        category = foods["category"].iloc[row]
        for place in np.flatnonzero(missing[row]).tolist():
            if kind := _narrowest(table, category, band, nutrients[place]):
                bound = table[kind]
                high[row, place], estimate[row, place] = bound.high, bound.median
                words[row, place] = _in_words(bound.foods, *kind[:2])
    return Bounds(np.minimum(high, most_possible(nutrients)), estimate, words)


def _narrowest(table: Mapping[_Kind, Bound], category: str, band: str, nutrient: str) -> _Kind | None:
    """Return the narrowest class of foods that enough is known of."""
    kinds = ((category, band), (category, ALL_WATER), ("", band), ("", ALL_WATER))
    return next((kind for kind in ((*pair, nutrient) for pair in kinds) if kind in table), None)


def water_bands(water: Cells) -> list[str]:
    """Return the band of each water content. [g/100 g]

    Examples
    --------
    >>> import numpy as np
    >>> water_bands(np.array([3.1, 15.0, 88.1, np.nan]))
    ['0-15', '15-50', '80-100', '']
    """
    import numpy as np

    places = np.digitize(water, _EDGES).tolist()
    return [ALL_WATER if amount != amount else BANDS[place] for amount, place in zip(water, places, strict=True)]


def most_possible(nutrients: Sequence[str]) -> Cells:
    """Return what no 100 g can exceed: a part weighs no more than the whole. [the nutrient's unit/100 g]

    Examples
    --------
    >>> most_possible(["protein", "magnesium", "energy"]).tolist()
    [100.0, 100000.0, 902.0]
    """
    import numpy as np

    units = load_nutrients()["unit"]
    return np.array([_MOST[units[nutrient]] for nutrient in nutrients], dtype="float64")


def twin_highs(lent: Cells, nutrients: Sequence[str]) -> Cells:
    """Return the upper bound of values that twins lend.

    Parameters
    ----------
    lent : numpy.ndarray of float
        Foods x nutrients, what the twins hold. [the nutrient's unit/100 g]
    nutrients : sequence of str

    Returns
    -------
    numpy.ndarray of float
        At least what is lent. A zero stays zero: it is known of the twin's food that there is none. [unit/100 g]
    """
    import numpy as np

    factors = load_twin_factors()
    wider = np.array([factors.get(nutrient, factors[""]) for nutrient in nutrients], dtype="float64")
    high: Cells = np.maximum(lent, np.minimum(lent * wider, most_possible(nutrients)))
    return high


@cache
def load_category_bounds() -> dict[_Kind, Bound]:
    """Return the shipped bounds by category, band of water and nutrient; loaded once and shared.

    Built by ``tools/build_category_bounds.py``.

    Examples
    --------
    >>> bound = load_category_bounds()["Beef Products", "50-80", "vitamin_d"]
    >>> bound.median <= bound.high, bound.foods >= 20
    (True, True)
    """
    with data_file("category_bounds.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (category, water, nutrient): Bound(float(median), float(high), int(foods))
            for category, water, nutrient, foods, median, high in list(csv.reader(lines))[1:]
        }


def _in_words(foods: int, category: str, water: str) -> str:
    kind = f"of category {category}" if category else "of all categories"
    return f"bounded by {foods:,} foods {kind}" + (f" with {_WATER_IN_WORDS[water]}" if water else "")


@cache
def load_twin_factors() -> dict[str, float]:
    """Return by how much a twin's value may fall short, by nutrient; "" for those too few pairs know. [-]

    Built by ``tools/build_twin_bounds.py``.

    Examples
    --------
    >>> all(factor >= 1 for factor in load_twin_factors().values())
    True
    """
    with data_file("twin_bounds.csv").open(encoding="utf-8", newline="") as lines:
        return {row["nutrient"]: float(row["factor"]) for row in csv.DictReader(lines)}
