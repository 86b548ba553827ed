"""Foods whose records have gaps, and the record of the same food that may fill them."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.fdc.successors import is_embedded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from nutridiary.foods import FoodData


@cache
def load_twins() -> dict[int, int]:
    """Return, for foods whose records have gaps, the record of the same food that may fill them.

    Built with its evidence by ``tools/build_food_twins.py``; loaded once and shared.

    Examples
    --------
    >>> load_twins()[746782]  # Milk, whole, a Foundation food, and FNDDS's Milk, whole
    2705385
    """
    with data_file("food_twins.csv").open(encoding="utf-8", newline="") as lines:
        return {int(row["fdc_id"]): int(row["twin_fdc_id"]) for row in csv.DictReader(lines)}


def shipped_twins(foods: FoodData) -> dict[int, int]:
    """Return the shipped twins as records of `foods`: of another release than the embedded one, what took their place.

    A pair of which a food is gone is left out.

    Parameters
    ----------
    foods : FoodData
    """
    twins = load_twins()
    if is_embedded(foods.database):
        return twins
    current = foods.current([*twins, *twins.values()])
    return {current[food]: current[twin] for food, twin in twins.items() if food in current and twin in current}


def twins_for(own: pd.DataFrame, foods: FoodData) -> dict[int, int]:
    """Return the twins of the foods of `own` that lack a value, as far as `foods` has them.

    Parameters
    ----------
    own : pandas.DataFrame
        Composition by fdc_id, a column a nutrient.
    foods : FoodData
        Its own twins, those of recipes and labels, are known besides the shipped ones.

    Returns
    -------
    dict of int to int
    """
    lacking = own.index[own.isna().any(axis=1)].to_list()
    if not lacking:
        return {}
    twins = shipped_twins(foods) | foods.twins
    return {fdc_id: twins[fdc_id] for fdc_id in lacking if fdc_id in twins and twins[fdc_id] in foods}


def lent_by_twins(own: pd.DataFrame, twins: dict[int, int], foods: FoodData) -> npt.NDArray[np.float64]:
    """Return what the twins lend: an array of the shape of `own`, NaN for foods without a twin.

    Parameters
    ----------
    own : pandas.DataFrame
        Composition by fdc_id, a column a nutrient.
    twins : dict of int to int
        As of `twins_for`.
    foods : FoodData
    """
    import numpy as np
    import pandas as pd

    lent = np.full(own.shape, np.nan)
    if twins:
        known = foods.composition(list(dict.fromkeys(twins.values())), own.columns)
        rows = own.index.get_indexer(pd.Index(twins))
        lent[rows] = known.reindex(index=list(twins.values()), columns=own.columns).to_numpy(dtype="float64")
        for row, fdc_id in zip(rows.tolist(), twins, strict=True):
            if terms := foods.terms.get(fdc_id):
                lent[row] *= terms.times
                lent[row, own.columns.isin(terms.withheld)] = np.nan
    return lent
