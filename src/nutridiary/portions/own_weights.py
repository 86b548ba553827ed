"""The user's own weights: what they say a cup or a slice of their food weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.aliases import EACH, NO_AMOUNT, AliasLookup
from nutridiary.portions.food import Weight

if TYPE_CHECKING:
    import pandas as pd


def own_weights(rows: pd.DataFrame, aliases: pd.DataFrame | None) -> list[Weight | None]:
    """Return for each row what the user says a unit of its text weighs, or None.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``food_text``, ``brand``, ``unit`` (all text, empty where missing) and ``unknown``: whether no amount is given.
    aliases : pandas.DataFrame or None
        `tables.ALIASES`.

    Returns
    -------
    list of Weight or None
        By ``alias_portion``; its bounds are the weight itself.
    """
    known = AliasLookup.of(aliases)
    if not known.weights:
        return [None] * len(rows)
    found: list[Weight | None] = []
    for text, brand, unit, unknown in rows[["food_text", "brand", "unit", "unknown"]].itertuples(
        index=False, name=None
    ):
        alias = known.weight(text, brand, NO_AMOUNT if unknown else unit)
        if alias is None:
            found.append(None)
            continue
        grams = alias.grams_per_unit
        one = {NO_AMOUNT: NO_AMOUNT, EACH: "1"}.get(alias.unit, f"1 {alias.unit}")
        portion = f"{one} = {grams:g} g"
        note = f"your weight: {portion} ({alias.where})"
        found.append(Weight(grams, grams, grams, "alias_portion", portion, (note,)))
    return found
