"""Find the foods close enough to lend a food a portion it does not have itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nutridiary.portions.words import content_words, vocabulary

if TYPE_CHECKING:
    import pandas as pd

# Share of the words two descriptions have in common (of all the words of both) from which a food is a twin,
# and from which it is close where it has the same category as well.
TWIN = 0.5
CLOSE = 0.2
MOST = 8


def close_foods(foods: pd.DataFrame, fdc_ids: Iterable[int]) -> dict[int, list[tuple[int, float]]]:
    """Return the foods close to each of `fdc_ids`, closest first, with how close they are.

    A close food begins with the same word ("Bread, ...") and shares at least half of all words of the two
    descriptions, or a fifth of them and the category.

    Parameters
    ----------
    foods : pandas.DataFrame
        All foods: ``fdc_id, description, data_type, category``.
    fdc_ids : iterable of int
        The foods that need a portion.

    Returns
    -------
    dict of int to list of (int, float)
        At most eight foods each, with the share of words in common [0 to 1]. Ties are broken by
        category, data type and then fdc_id, so the order of `foods` does not matter.
    """
    table = foods.set_index("fdc_id")
    lower = table["description"].str.casefold()
    close: dict[int, list[tuple[int, float]]] = {}
    for fdc_id in dict.fromkeys(fdc_ids):
        if fdc_id not in table.index:
            close[fdc_id] = []
            continue
        food = table.loc[fdc_id]
        words = _words(str(food["description"]))
        if not words:
            close[fdc_id] = []
            continue
        # A plural or singular of the first word begins with its stem: cheap, and leaves few to compare.
        near = table[lower.str.startswith(words[0][: max(3, len(words[0]) - 1)])]
        found = []
        for other, description, data_type, category in zip(
            near.index, near["description"], near["data_type"], near["category"], strict=True
        ):
            alike = _likeness(words, _words(description))
            same_category = category == food["category"]
            if other != fdc_id and (alike >= TWIN or (alike >= CLOSE and same_category)):
                found.append((-alike, not same_category, data_type != food["data_type"], int(other)))
        close[fdc_id] = [(other, -minus) for minus, _, _, other in sorted(found)[:MOST]]
    return close


def _words(description: str) -> tuple[str, ...]:
    known = vocabulary()
    return tuple(w for w in content_words(description) if w not in known.ignored and w not in known.unsized)


def _likeness(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    if not others or words[0] != others[0]:
        return 0.0
    return len(set(words) & set(others)) / len(set(words) | set(others))
