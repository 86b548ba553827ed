"""Weigh a line by the energy its diary records, where no portion does: 250 kcal of bread of 2.7 kcal/g are 93 g."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.portions.category import category_mates
from nutridiary.tables import RECORDED

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nutridiary.foods import FoodData

METHOD = "recorded_energy"
ENERGY = f"{RECORDED}energy"
LEAST_ENERGY = 5.0  # [kcal] below this the diary's rounding is all of it
LEAST_DENSITY = 1.0  # [kcal/100 g] a food of less has none to be weighed by: water, diet drinks
FEWEST_MATES = 5  # foods of a category from which on their spread is known
UNKNOWN_SPREAD = 1.27  # factor for a food without such a category: three categories of FNDDS in four have less


def weigh_by_energy(rows: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return the weights that the recorded energy of lines gives, for those it gives one.

    The weight is as sure as the food: its bounds are 1/f and f times the weight, f the square root of the upper by the
    lower quartile of the energy that foods of the same category have in 100 g.

    Parameters
    ----------
    rows : pandas.DataFrame
        Lines of `tables.WEIGHED` with a food.
    foods : FoodData

    Returns
    -------
    pandas.DataFrame
        ``gram_weight, gram_low, gram_high`` [g], ``weight_method, portion, note`` (that part of the note which is new)
        of the lines that record `LEAST_ENERGY` or more of a food that has energy, by their labels.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.foods import load_foods
    >>> foods = load_foods()
    >>> bread = foods.with_codes([51101000])["fdc_id"]
    >>> row = weigh_by_energy(pd.DataFrame({"fdc_id": bread, "recorded_energy": 267.0}), foods).iloc[0]
    >>> float(row["gram_weight"]), row["portion"]
    (100.0, '100 g = 267 kcal')
    """
    import numpy as np
    import pandas as pd

    columns = ["gram_weight", "gram_low", "gram_high", "weight_method", "portion", "note"]
    if ENERGY not in rows.columns:
        return pd.DataFrame(columns=columns)
    rows = rows[rows[ENERGY].ge(LEAST_ENERGY) & np.isfinite(rows[ENERGY])]
    ids = [int(fdc_id) for fdc_id in rows["fdc_id"].unique()]
    density = foods.composition(ids, ["energy"])["energy"].astype("float64")
    per_gram = rows["fdc_id"].astype("int64").map(density)
    rows, per_gram = rows[per_gram.ge(LEAST_DENSITY)], per_gram[per_gram.ge(LEAST_DENSITY)]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    grams = rows[ENERGY] * 100.0 / per_gram
    factor = rows["fdc_id"].astype("int64").map(_spreads(ids, foods))
    kcal = rows[ENERGY].map("{:.0f}".format)
    return pd.DataFrame(
        {
            "gram_weight": grams.round(9),
            "gram_low": (grams / factor).round(9),
            "gram_high": (grams * factor).round(9),
            "weight_method": METHOD,
            "portion": "100 g = " + per_gram.map("{:g}".format) + " kcal",
            "note": "weight worked out from the " + kcal + " kcal the diary records",
        },
        index=rows.index,
    )


def _spreads(fdc_ids: list[int], foods: FoodData) -> dict[int, float]:
    """Return for each food the factor within which half of the foods of its category have its energy in 100 g."""
    mates = category_mates(foods.foods(), [fdc_id for fdc_id in fdc_ids if fdc_id > 0])
    energy = foods.composition(sorted({other for found in mates.values() for other in found}), ["energy"])["energy"]
    # A food of the user's own is what its label says, not one of a kind.
    spreads = {fdc_id: 1.0 for fdc_id in fdc_ids if fdc_id < 0}
    for fdc_id, found in mates.items():
        known = energy.reindex(found).dropna().to_numpy()
        spreads[fdc_id] = _spread(known[known >= LEAST_DENSITY])
    return spreads


def _spread(energies: NDArray[np.float64]) -> float:
    """Return the square root of the upper by the lower quartile."""
    import numpy as np

    if len(energies) < FEWEST_MATES:
        return UNKNOWN_SPREAD
    low, high = np.quantile(energies, (0.25, 0.75))
    return float(np.sqrt(high / low))
