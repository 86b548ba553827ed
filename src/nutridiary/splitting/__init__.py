"""Splitting: a diary line that holds several foods becomes an entry for each.

Where a line may be cut stands in its words (`pieces`), what people join that is one food in
`data/joined_foods.csv` (`joined_foods`), and whether the foods speak for cutting is judged by matching
(`judgement`). `parts` writes the entries. docs/splitting.md tells the rules and how well they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

__all__ = ["split_lines"]


def split_lines(
    entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None = None, *, by_rule: bool = True
) -> pd.DataFrame:
    """Return the entries with each line of several foods as one entry per food.

    A line is cut only where its words allow it and each part is a food of its own, while no one food
    is what the whole line says. Parts keep the source, line, person, day and meal of their line; each
    has its own words, and the amount the text gives it. Where the text gives a part none, its amount is
    unknown. Lines that state an FDC id, a food code, a barcode or a brand, and lines that are no food, are never cut.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    foods : FoodData
        The foods that speak for a part or for the whole.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`; a text that stands there is cut into the parts it gives, and into no others.
    by_rule : bool, optional
        Also cut lines the aliases say nothing of.

    Returns
    -------
    pandas.DataFrame
        `tables.ENTRIES` in the same order; `part` is 1, 2, ... for the parts of a line that was cut.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.foods import load_foods
    >>> lines = pd.DataFrame({"source": "d.csv", "line": [2, 3], "kind": "food",
    ...                       "food_text": ["2 eggs and 3 rashers of bacon", "macaroni and cheese"]})
    >>> split_lines(lines, load_foods())[["line", "part", "amount", "food_text"]].values.tolist()
    [[2, 1, 2.0, 'eggs'], [2, 2, 3.0, 'bacon'], [3, <NA>, nan, 'macaroni and cheese']]
    """
    from nutridiary.splitting.parts import split_entries

    return split_entries(entries, foods, aliases, by_rule=by_rule)
