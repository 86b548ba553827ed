"""Texts to candidate foods, for people who want to see the choice: the best foods and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from nutridiary.matching.entries import ALIAS_SCORE
from nutridiary.matching.ranking import NEIGHBOURS, data_type_of, load_index, load_weights, rank_line
from nutridiary.matching.synonyms import alias_of
from nutridiary.tables import CANDIDATES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData
    from nutridiary.matching.index import Index
    from nutridiary.matching.ranking import Ranking

ALIAS = "alias in synonyms.csv"
_COLUMNS = (
    "food_text",
    "rank",
    "fdc_id",
    "food_code",
    "food_description",
    "data_type",
    "match_score",
    "match_margin",
)


def candidates(food_texts: Iterable[str], foods: FoodData, *, top: int) -> pd.DataFrame:
    """See `nutridiary.matching.find_candidates`."""
    import pandas as pd

    rows = [
        {"food_text": text, "rank": place, "fdc_id": found.fdc_id, "evidence": kind, "contribution": amount}
        for text in dict.fromkeys(food_texts)
        for place, found in enumerate(_ranked(text, foods, top), start=1)
        for kind, amount in found.contributions.items()
    ]
    return conform(pd.DataFrame(rows, columns=CANDIDATES.names), CANDIDATES)


def best_foods(food_texts: Iterable[str], foods: FoodData, *, top: int) -> pd.DataFrame:
    """See `nutridiary.matching.match_texts`."""
    import pandas as pd

    index = load_index(foods)
    known: dict[str, list[dict[str, Any]]] = {}
    texts = list(food_texts)
    for text in dict.fromkeys(texts):
        known[text] = [
            {
                "food_text": text,
                "rank": place,
                "fdc_id": found.fdc_id,
                "food_code": int(index.food_code[index.row_of_id[found.fdc_id]]) or None,
                "data_type": data_type_of(index.row_of_id[found.fdc_id], index),
                "match_score": found.score,
                "match_margin": found.margin,
            }
            for place, found in enumerate(_ranked(text, foods, top), start=1)
        ] or [{"food_text": text, "rank": 1}]
    frame = pd.DataFrame([row for text in texts for row in known[text]], columns=list(_COLUMNS))
    ids = frame["fdc_id"].dropna().astype(int).unique().tolist()
    names = foods.foods(ids)
    described = dict(zip(names["fdc_id"].tolist(), names["description"].tolist(), strict=True))
    frame["food_description"] = frame["fdc_id"].map(described).astype("str")
    types = {"rank": "Int64", "fdc_id": "Int64", "food_code": "Int64", "data_type": "str", "food_text": "str"}
    return frame.astype(types)


class _Found(NamedTuple):
    fdc_id: int
    contributions: dict[str, float]
    score: float
    margin: float


def _ranked(text: str, foods: FoodData, top: int) -> list[_Found]:
    """Return the best foods of a text; an alias stands first, on its own."""
    index = load_index(foods)
    ranking, _ = rank_line(text, index, load_weights())
    ranked = [] if ranking is None else [_found(ranking, place, index) for place in range(min(top, len(ranking.foods)))]
    alias = alias_of(text)
    if alias is not None and alias in index.row_of_id:
        alias = int(index.fdc_id[index.row_of_id[alias]])
        certain = _Found(alias, {ALIAS: log(ALIAS_SCORE / (1 - ALIAS_SCORE))}, ALIAS_SCORE, ALIAS_SCORE)
        ranked = [certain, *(found._replace(margin=0.0) for found in ranked if found.fdc_id != alias)]
    return ranked[:top]


def _found(ranking: Ranking, place: int, index: Index) -> _Found:
    parts = zip(ranking.kinds, ranking.contributions[place].tolist(), strict=True)
    return _Found(
        int(index.fdc_id[ranking.foods[place]]),
        {kind: amount for kind, amount in parts if amount},
        float(ranking.scores[place]),
        ranking.margin(index, place) if place < NEIGHBOURS else 0.0,
    )
