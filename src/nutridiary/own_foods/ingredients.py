"""Ingredients are weighed before they are cooked: where a recipe cooks one, its raw food is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.matching import match_foods
from nutridiary.own_foods.retention import is_cooked
from nutridiary.tables import ENTRIES, MATCHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

# What a text that says how its food is, or a record that is raw already, holds.
_SAYS_HOW = r"\b(?:raw|uncooked|dry|dried|cooked|boiled|fried|baked|roasted|canned|tinned|frozen|smoked)\b"
_RAW = r"\b(?:raw|uncooked|dry|unprepared)\b"


def with_raw_foods(matched: pd.DataFrame, lines: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return `matched` with the raw food of each ingredient that the recipe cooks, where there is one.

    Parameters
    ----------
    matched : pandas.DataFrame
        `tables.MATCHED`: ingredients as their words alone were matched.
    lines : pandas.DataFrame
        `tables.RECIPE_LINES`, with the state of each.
    foods : FoodData

    Returns
    -------
    pandas.DataFrame
        `tables.MATCHED`. "Ground beef", fried in the recipe, is the raw record and not the cooked one its words name; a
        note says so. Ingredients that say how they are themselves, own foods and stated numbers stay.
    """
    import pandas as pd

    cooked = {
        (source, line)
        for source, line, state in lines[["source", "line", "state"]].itertuples(index=False, name=None)
        if isinstance(state, str) and is_cooked(state)
    }
    places = pd.Series(
        [place in cooked for place in zip(matched["source"], matched["line"], strict=True)], dtype="bool"
    )
    text = matched["food_text"].fillna("")
    asked = (
        matched["problem"].isna()
        & matched["match_method"].isin(["alias", "text"])
        & ~text.str.contains(_SAYS_HOW, case=False)
        & ~matched["food_description"].fillna("").str.contains(_RAW, case=False)
    )
    asked &= places
    if not asked.any():
        return matched
    entries = matched.loc[asked, ENTRIES.names]
    raw = match_foods(entries.assign(food_text=text[asked] + ", raw"), foods)
    raw.index = entries.index
    found = raw["problem"].isna() & ~raw["needs_review"]
    found &= raw["food_description"].fillna("").str.contains(_RAW, case=False)
    rows = raw.index[found]
    table = matched.copy()
    columns = [name for name in MATCHED.names if name not in ENTRIES.names]
    table.loc[rows, columns] = raw.loc[rows, columns]
    note = "cooked in the recipe: its raw food is taken"
    before = table.loc[rows, "note"]
    table.loc[rows, "note"] = (before + "; " + note).where(before.notna(), note)
    return conform(table, MATCHED)
