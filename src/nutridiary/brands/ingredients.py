"""Ingredients of recipes are looked up with the lines of the diary, and written back where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.barcodes import read_barcode
from nutridiary.tables import ENTRIES, RECIPE_LINES, conform

if TYPE_CHECKING:
    import pandas as pd

_FOUND = ["product_id", "product_by", "product_score", "note"]


def with_ingredients(entries: pd.DataFrame, recipes: pd.DataFrame) -> pd.DataFrame:
    """Return the entries of a diary, and behind them the ingredients of its recipes as entries.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    recipes : pandas.DataFrame
        `tables.RECIPE_LINES`.
    """
    import pandas as pd

    if recipes.empty:
        return entries
    shared = [name for name in ENTRIES.names if name in recipes.columns]
    lines = recipes[shared].assign(food_text=recipes["ingredient"], kind="food")
    lines = lines.drop_duplicates(["source", "line"])  # a file that was given twice says nothing new
    return conform(pd.concat([entries, conform(lines, ENTRIES)], ignore_index=True), ENTRIES)


def taken_apart(found: pd.DataFrame, entries: pd.DataFrame, recipes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return entries and recipes with what was found for them: the reverse of `with_ingredients`."""
    if recipes.empty:
        return found, recipes
    own = found.iloc[: len(entries)].set_index(entries.index)
    lines = found.iloc[len(entries) :][["source", "line", *_FOUND]]
    joined = recipes.drop(columns=_FOUND).merge(lines, on=["source", "line"], how="left", validate="many_to_one")
    return conform(own, ENTRIES), conform(joined.set_index(recipes.index), RECIPE_LINES)


def own_barcodes(own_foods: pd.DataFrame, aliases: pd.DataFrame | None) -> frozenset[int]:
    """Return the product numbers that the user has said what they are: of labels written down, and of aliases.

    Parameters
    ----------
    own_foods : pandas.DataFrame
        `tables.OWN_FOODS`.
    aliases : pandas.DataFrame or None
        `tables.ALIASES`.
    """
    said = [*own_foods["barcode"].dropna().unique(), *([] if aliases is None else aliases["said"].dropna().unique())]
    found = (read_barcode(text).gtin for text in said if any(sign.isdigit() for sign in text))
    return frozenset(gtin for gtin in found if gtin is not None)
