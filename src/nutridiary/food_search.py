"""Looking foods up by words: the plain search, without the judgement of `nutridiary.matching`."""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.fdc.store import NAMES_PER_FOOD
from nutridiary.foods import FoodData, load_foods

if TYPE_CHECKING:
    import pandas as pd

MOST_SEARCH_WORDS = 32
ALIAS_WEIGHT = 0.8
"""What a hit in an alias counts, next to one in the food's own name, when search results are ordered."""


def search_foods(
    text: str, foods: FoodData | None = None, *, limit: int = 20, unfinished: bool = False
) -> pd.DataFrame:
    """Return the foods whose names or aliases hold the words of `text`, best first.

    Foods that hold all words come first; where these are fewer than `limit`, foods that hold some
    follow. Words are compared by their stem, without regard to case and accents.

    Parameters
    ----------
    text : str
        Any words.
    foods : FoodData, optional
        Those of the release in use by default.
    limit : int
        Most foods to return.
    unfinished : bool
        The last word is still being typed: any word that begins so is meant.

    Returns
    -------
    pandas.DataFrame
        The columns of `FoodData.foods` and ``matched_name``, the name or alias that was found.
        Empty where nothing holds any of the words.

    Examples
    --------
    >>> search_foods("cheddar", limit=1)["description"].item()
    'Cheese, cheddar'
    >>> len(search_foods("'\\" *"))
    0
    >>> search_foods("cottage ch", limit=1, unfinished=True)["description"].item()
    'Cheese, cottage, NFS'
    """
    foods = load_foods() if foods is None else foods
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))[:MOST_SEARCH_WORDS]
    terms = [f'"{word}"' for word in words]
    if unfinished and terms:
        terms[-1] += " *"
    found: dict[int, int] = {}
    for operator in (" AND ", " OR "):
        if words and len(found) < limit:
            for fdc_id, seq in _rows_matching(foods, operator.join(terms), limit):
                found.setdefault(fdc_id, seq)
    chosen = list(found.items())[:limit]
    table = foods.foods([fdc_id for fdc_id, _ in chosen])
    table["matched_name"] = _names_of(foods, chosen)
    return table


def _rows_matching(foods: FoodData, query: str, limit: int) -> list[tuple[int, int]]:
    """Return (fdc_id, seq of the name) of the foods an FTS5 `query` finds, best first."""
    sql = (
        "WITH hits AS MATERIALIZED (SELECT rowid AS name_row, rank * "
        f"iif(rowid % {NAMES_PER_FOOD}, {ALIAS_WEIGHT}, 1) AS score FROM name_index WHERE name_index MATCH ?) "
        f"SELECT min(score), name_row / {NAMES_PER_FOOD}, name_row % {NAMES_PER_FOOD} FROM hits "
        f"GROUP BY name_row / {NAMES_PER_FOOD} ORDER BY 1, 3, 2 LIMIT ?"
    )
    hits = sorted(foods.rows(sql, (query, limit)))
    return [(fdc_id, seq) for _, fdc_id, seq in hits]


def _names_of(foods: FoodData, keys: Sequence[tuple[int, int]]) -> list[str]:
    """Return the names of (fdc_id, seq): the food's own for seq 0, else an alias."""
    sql = (
        "SELECT food.fdc_id, coalesce(alias.alias, food.description) FROM json_each(?) AS asked "
        "JOIN food ON food.fdc_id = json_extract(asked.value, '$[0]') "
        "LEFT JOIN alias ON alias.fdc_id = food.fdc_id AND alias.seq = json_extract(asked.value, '$[1]')"
    )
    names = dict(foods.rows(sql, (json.dumps(keys),)))
    return [names[fdc_id] for fdc_id, _ in keys]
