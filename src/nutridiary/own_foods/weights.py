"""What a weight of an own food means: grams eaten, grams of the raw mix, or no grams at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nutridiary.own_foods.records import BY_SERVING, BY_VOLUME, OF_RAW_MIX

if TYPE_CHECKING:
    import pandas as pd

_BY_PORTION = ("food_portion",)
_BY_PORTION_OR_VOLUME = ("food_portion", "food_density")
_RAW_SERVING = "the weight is that of its raw ingredients: what the dish weighs when ready is not known"
_RAW_MIX = (
    "weighed as the raw mix, since what the dish weighs when ready is not known: add its cooked weight to the recipe, "
    "or count servings"
)


def settle_weights(weighed: pd.DataFrame, basis: Mapping[int, str], names: Mapping[int, str]) -> pd.DataFrame:
    """Return `weighed` with the lines of own foods held to what is known of their weight.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    basis, names : mapping
        As in `OwnFoods`.

    Returns
    -------
    pandas.DataFrame
        The same rows. A food whose label gives no weight can be counted in its own servings (or measured, where the
        label gives a volume): a line that weighs it gets a problem. A weight of a recipe whose weight when ready is
        unknown is one of the raw mix, and a note says so. Run it after `nutridiary.portions.weigh`.
    """
    if not basis:
        return weighed
    of_line = weighed["fdc_id"].map(dict(basis))
    method, counted = weighed["weight_method"], weighed["problem"].isna() & of_line.notna()
    unweighable = counted & (
        (of_line.eq(BY_SERVING) & ~method.isin(_BY_PORTION))
        | (of_line.eq(BY_VOLUME) & ~method.isin(_BY_PORTION_OR_VOLUME))
    )
    raw = counted & of_line.eq(OF_RAW_MIX)
    if not (unweighable.any() or raw.any()):
        return weighed
    table = weighed.copy()
    called = weighed["fdc_id"].map(dict(names))
    problem = "what a serving of your " + called + " weighs is not known: add it to its label, or count servings"
    table["problem"] = table["problem"].mask(unweighable, problem)
    table.loc[unweighable, ["gram_weight", "gram_low", "gram_high"]] = float("nan")
    table.loc[unweighable, ["weight_method", "portion"]] = None
    note = method.isin(_BY_PORTION).map({True: _RAW_SERVING, False: _RAW_MIX})
    table["note"] = table["note"].mask(raw, (table["note"] + "; " + note).where(table["note"].notna(), note))
    return table


def without_unit_weights(table: pd.DataFrame, basis: Mapping[int, str]) -> pd.DataFrame:
    """Return `table` with the weight left open of own foods of which no weight is known.

    Inside, a serving of such a food is a fixed number of units, so that intakes can be computed as of any other; no
    report may show these as grams. Call it on intakes before their daily totals are made, so that a share of a day's
    grams leaves them out, and on contributions after they were.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``fdc_id``, ``gram_weight`` and perhaps its bounds and ``portion``: `tables.WEIGHED`, `tables.INTAKES` or
        `tables.CONTRIBUTIONS`.
    basis : mapping of int to str
        As in `OwnFoods`.
    """
    unweighed = table["fdc_id"].map(dict(basis)).isin([BY_SERVING, BY_VOLUME])
    if not unweighed.any():
        return table
    table = table.copy()
    kept = [name for name in ("gram_weight", "gram_low", "gram_high") if name in table.columns]
    table[kept] = table[kept].mask(unweighed)
    if "portion" in table.columns:
        bare = table["portion"].str.replace(r" = [\d.,e+]+ g$", "", regex=True)
        table["portion"] = table["portion"].mask(unweighed, bare)
    return table
