"""What the nutrient values that the diary itself carries say about which food a text means.

An app's row has a name and a panel of nutrients. Their proportions tell foods apart without any weight: an English
muffin has more calcium per kcal than white bread, and syrup no protein. The likeness of a candidate is

    sum over nutrients of  weight x log( t(d / same) / same  :  t(d / others) / others )

where d is the difference of the logarithms of the recorded and the candidate's amount per 100 kcal (per 100 g where the
line states a weight), `same` how far records of one food differ, `others` how far the other foods that share its words
do, and t the density of Student's distribution with three degrees of freedom, whose heavy tails keep one odd value from
deciding. What it was learned from stands in docs/matching.md.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from nutridiary.data_files import data_file
from nutridiary.tables import RECORDED
from nutridiary.units import grams, unit_kind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nutridiary.foods import FoodData
    from nutridiary.matching.index import Index
    from nutridiary.matching.ranking import Weights

MACROS = ("protein", "fat_total", "carbohydrate")
# What counts as next to nothing, in 100 g as in 100 kcal [the nutrient's unit]: added to both sides, so that a trace
# against none is no difference. About what a label rounds to 0, or half of one per cent of a day's need.
FLOORS = {
    "energy": 5.0,
    "protein": 0.5,
    "fat_total": 0.5,
    "carbohydrate": 0.7,
    "water": 2.0,
    "fiber_total": 0.5,
    "sugars_total": 0.7,
    "fatty_acids_saturated": 0.3,
    "cholesterol": 5.0,
    "sodium": 15.0,
    "potassium": 25.0,
    "calcium": 8.0,
    "magnesium": 3.0,
    "phosphorus": 8.0,
    "iron": 0.2,
    "zinc": 0.15,
    "vitamin_c": 1.0,
}
NUTRIENTS = tuple(FLOORS)
LEAST_ENERGY = 5.0  # [kcal] a row of less says nothing by its proportions: rounding is all of it
LEAST_MACROS = 2  # how many of `MACROS` must be recorded
LEAST_VALUES = 5  # or how many of `NUTRIENTS`: energy and four minerals tell as much
CONTRADICTS = -2.0  # [score] from here on the recorded values overrule a curated alias
BASES = ("per 100 kcal", "per 100 g")
_LEAST_DENSITY = 1.0  # [kcal/100 g] the energy a candidate is taken to have at least: water has none
_FREEDOM = 3.0  # degrees of freedom of Student's distribution


class Recorded(NamedTuple):
    """What the diary recorded of one row.

    Attributes
    ----------
    values : tuple of float
        A value per `NUTRIENTS`, of the whole row. [the nutrient's unit] NaN where there is none.
    grams : float
        The weight the row states. [g] NaN where it states none.
    single_food : bool
        Whether the row is one food by the diary's own record.
    """

    values: tuple[float, ...]
    grams: float = nan
    single_food: bool = False

    @property
    def basis(self) -> int:
        """Place in `BASES` of what its values are compared by."""
        return 0 if isnan(self.grams) else 1

    def amounts(self) -> NDArray[np.float64]:
        """Return the values per 100 kcal, or per 100 g where the weight is known; NaN where nothing is said.

        An app writes 0 where its maker's label is silent: a 0 counts for energy and the three macronutrients only.
        """
        import numpy as np

        values = np.array(self.values)
        silent = (values == 0) & ~np.isin(NUTRIENTS, ("energy", *MACROS))
        of = values[0] if isnan(self.grams) else self.grams
        return np.asarray(np.where(silent, np.nan, values) * 100.0 / of)


@dataclass(frozen=True)
class Likeness:
    """What was learned: see `data/matching_recorded.json`.

    Attributes
    ----------
    same, others : tuple of tuple of float
        Per basis (`BASES`) and nutrient: the spread of log-ratios between records of one food, and between a food and
        the others that share its words.
    weights : tuple of float
        Per nutrient: what its log-likelihood ratio counts. Nutrients go together, so less than 1.
    scale, start, automatic : float
        As in `ranking.Weights`, for lines with recorded values.
    """

    same: tuple[tuple[float, ...], ...]
    others: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    scale: float
    start: float
    automatic: float

    def calibrated(self, weights: Weights) -> Weights:
        """Return `weights` with the calibration of lines that carry recorded values."""
        return replace(weights, scale=self.scale, start=self.start, automatic=self.automatic)


@cache
def load_likeness() -> Likeness:
    """Return what was learned about recorded values."""
    stored: Mapping[str, Any] = json.loads(data_file("matching_recorded.json").read_text(encoding="utf-8"))
    spreads = [stored["spreads"][basis] for basis in BASES]
    return Likeness(
        same=tuple(tuple(float(spread[name]["same"]) for name in NUTRIENTS) for spread in spreads),
        others=tuple(tuple(float(spread[name]["others"]) for name in NUTRIENTS) for spread in spreads),
        weights=tuple(
            float(stored["weights"]["macronutrients" if name in ("energy", *MACROS) else "others"])
            for name in NUTRIENTS
        ),
        scale=float(stored["calibration"]["scale"]),
        start=float(stored["calibration"]["start"]),
        automatic=float(stored["thresholds"]["automatic"]),
    )


def recorded_by_key(entries: pd.DataFrame, keys: Sequence[Hashable]) -> dict[Hashable, Recorded]:
    """Return what the rows of each key record, where they record enough.

    Rows of one key are one food: the row that states a weight speaks for all, and of those the one with most energy,
    whose figures are rounded least.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES` with recorded values, if it has any.
    keys : sequence
        A key per row.

    Returns
    -------
    dict
        No key whose rows have less energy than `LEAST_ENERGY`, or fewer than `LEAST_MACROS` macronutrients and fewer
        than `LEAST_VALUES` values in all.
    """
    import numpy as np

    columns = {name: f"{RECORDED}{name}" for name in NUTRIENTS}
    if columns["energy"] not in entries.columns:
        return {}
    none = np.full(len(entries), np.nan)
    cells = [entries[column].to_numpy() if column in entries.columns else none for column in columns.values()]
    values = np.column_stack(cells).astype(float)
    values[~np.isfinite(values) | (values < 0)] = np.nan
    macros = [NUTRIENTS.index(name) for name in MACROS]
    known = ~np.isnan(values)
    telling = (known[:, macros].sum(axis=1) >= LEAST_MACROS) | (known.sum(axis=1) >= LEAST_VALUES)
    enough = telling & (values[:, 0] >= LEAST_ENERGY)
    enough &= entries["part"].isna().to_numpy()  # of a line of several foods the values are those of all
    best: dict[Hashable, tuple[bool, float]] = {}
    found: dict[Hashable, Recorded] = {}
    for row in np.flatnonzero(enough).tolist():
        weight = _stated_grams(entries["amount"].iloc[row], entries["unit"].iloc[row])
        rank = (not isnan(weight), float(values[row, 0]))
        if keys[row] not in best or rank > best[keys[row]]:
            best[keys[row]] = rank
            found[keys[row]] = Recorded(tuple(values[row].tolist()), weight, bool(entries["single_food"].iloc[row]))
    return found


def _stated_grams(amount: float, unit: object) -> float:
    """Return the weight a row states [g], NaN where it states none."""
    if not isinstance(unit, str) or unit_kind(unit) != "mass" or not isfinite(amount) or amount <= 0:
        return nan
    return grams(float(amount), unit)


class Compositions:
    """What 100 g of the foods of an index hold, read from the food data as they are asked for."""

    def __init__(self, foods: FoodData, index: Index) -> None:  # noqa: D107
        import numpy as np

        self._foods, self._fdc_id = foods, index.fdc_id
        self._values = np.full((len(index.fdc_id), len(NUTRIENTS)), np.nan)
        self._read = np.zeros(len(index.fdc_id), dtype=bool)

    def of(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Return foods x `NUTRIENTS`. [the nutrient's unit/100 g]"""
        import numpy as np

        new = rows[~self._read[rows]]
        if len(new):
            self._values[new] = self._foods.composition(self._fdc_id[new].tolist(), NUTRIENTS).to_numpy()
            self._read[new] = True
        return np.asarray(self._values[rows])


_compositions: WeakKeyDictionary[FoodData, Compositions] = WeakKeyDictionary()


def load_compositions(foods: FoodData, index: Index) -> Compositions:
    """Return the compositions of the published `foods`."""
    foods = foods.published
    if foods not in _compositions:
        _compositions[foods] = Compositions(foods, index)
    return _compositions[foods]


def differences(recorded: Recorded, composition: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-ratios of recorded to candidates' amounts: foods x `NUTRIENTS`, NaN where either says nothing.

    Parameters
    ----------
    recorded : Recorded
    composition : array
        Foods x `NUTRIENTS`. [the nutrient's unit/100 g]
    """
    import numpy as np

    floors = np.array(list(FLOORS.values()))
    amounts = np.maximum(composition, 0.0)  # carbohydrate by difference may come out below nothing
    if isnan(recorded.grams):
        amounts *= 100.0 / np.maximum(amounts[:, :1], _LEAST_DENSITY)
        amounts[:, 0] = np.nan  # the energy itself is what they are compared by
    return np.asarray(np.log(recorded.amounts() + floors) - np.log(amounts + floors))


def log_ratios(difference: NDArray[np.float64], likeness: Likeness, basis: int) -> NDArray[np.float64]:
    """Return how much likelier each difference is of the same food than of another. [log-odds] 0 where unknown."""
    import numpy as np

    same, others = np.array(likeness.same[basis]), np.array(likeness.others[basis])

    def density(spread: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(-np.log(spread) - (_FREEDOM + 1) / 2 * np.log1p((difference / spread) ** 2 / _FREEDOM))

    return np.nan_to_num(density(same) - density(others))


@dataclass(frozen=True, eq=False)
class RecordedEvidence:
    """The evidence of one row's recorded values, asked about the foods a text might mean."""

    recorded: Recorded
    compositions: Compositions
    likeness: Likeness

    def of(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Return what the recorded values say for each food (row of the index). [score]"""
        import numpy as np

        difference = differences(self.recorded, self.compositions.of(rows))
        ratios = log_ratios(difference, self.likeness, self.recorded.basis)
        return np.asarray(ratios @ np.array(self.likeness.weights))

    def contradicts(self, row: int) -> bool:
        """Whether the recorded values speak so much against a food that its name alone does not decide."""
        import numpy as np

        return bool(self.of(np.array([row]))[0] < CONTRADICTS)


def recorded_evidence(recorded: Recorded | None, foods: FoodData, index: Index) -> RecordedEvidence | None:
    """Return the evidence of recorded values, None where there are none."""
    if recorded is None:
        return None
    return RecordedEvidence(recorded, load_compositions(foods, index), load_likeness())
