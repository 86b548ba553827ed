"""Matching: from what a person wrote to the food record that stands for it.

A text is read as words (`words`, `synonyms`), compared with every name of every food (`index`,
`evidence`), and the foods it might mean are ranked by learned weights (`ranking`). Which lines are
matched by what, and what is said about the doubtful ones, is in `entries`. docs/matching.md tells how
it was learned and measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

__all__ = ["find_candidates", "match_foods", "match_texts"]


def match_foods(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give every entry the food it names.

    A stated FDC id or FNDDS food code decides. Otherwise the user's alias does, of the line's barcode or text; the
    product that was found for its barcode or brand (`nutridiary.brands`); a curated alias; or the best of all foods by
    the evidence of the words. A match below the automatic threshold is counted, with
    `needs_review` and a note; below the least threshold the entry gets a problem. Rows that already
    have a problem are left as they are; notes get one; supplements, which are no foods, get neither food nor
    problem. No row is dropped.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    foods : FoodData
        The foods to choose from.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, the user's own words. A text they call no food becomes a note.

    Returns
    -------
    pandas.DataFrame
        `tables.MATCHED`, the same rows in the same order.

    Raises
    ------
    AliasError
        If an alias names a food that `foods` lacks.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.foods import load_foods
    >>> lines = pd.DataFrame({"source": "d.csv", "line": [2, 3], "food_text": ["banana", "felt tired"],
    ...                       "kind": ["food", "note"]})
    >>> match_foods(lines, load_foods())[["food_description", "problem"]].values.tolist()
    [['Banana, raw', nan], [nan, 'a note, not a food']]
    """
    from nutridiary.matching.entries import match_entries

    return match_entries(entries, foods, aliases)


def find_candidates(food_texts: Iterable[str], foods: FoodData, *, top: int = 5) -> pd.DataFrame:
    """Return the foods each text might mean, and why.

    Parameters
    ----------
    food_texts : iterable of str
    foods : FoodData
    top : int, optional
        Candidates per text.

    Returns
    -------
    pandas.DataFrame
        `tables.CANDIDATES`. The contributions of a candidate are log-odds and add up to its score;
        ``1 / (1 + exp(-sum))`` is its match score. A text no food shares a word with has no row.
    """
    from nutridiary.matching.texts import candidates

    return candidates(food_texts, foods, top=top)


def match_texts(food_texts: Iterable[str], foods: FoodData, *, top: int = 1) -> pd.DataFrame:
    """Return the best foods for each text, a row per text and rank.

    Parameters
    ----------
    food_texts : iterable of str
    foods : FoodData
    top : int, optional
        Foods per text, the best first.

    Returns
    -------
    pandas.DataFrame
        ``food_text, rank, fdc_id, food_code, food_description, data_type, match_score, match_margin``;
        `match_margin` is the score less that of the next food. A text that no food shares a word with
        keeps one row of rank 1 without a food.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> match_texts(["banana"], load_foods()).loc[0, "food_description"]
    'Banana, raw'
    """
    from nutridiary.matching.texts import best_foods

    return best_foods(food_texts, foods, top=top)
