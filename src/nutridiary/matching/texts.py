"""Texts to candidate foods, for people who want to see the choice: the best foods and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nutridiary.matching.entries import ALIAS_SCORE
from nutridiary.matching.evidence import EVIDENCE
from nutridiary.matching.ranking import RIVALS, START, data_type_of, load_index, load_weights, rank_line
from nutridiary.matching.synonyms import alias_of
from nutridiary.tables import CANDIDATES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

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
    import numpy as np
    import pandas as pd

    names = np.array([*EVIDENCE, RIVALS, START])
    rows: list[dict[str, Any]] = []
    for text in dict.fromkeys(food_texts):
        for place, (fdc_id, parts) in enumerate(_ranked(text, foods, top), start=1):
            said = np.flatnonzero(np.abs(parts) > 0) if len(parts) == len(names) else np.array([], dtype=int)
            rows += [
                {"food_text": text, "rank": place, "fdc_id": fdc_id, "evidence": names[i], "contribution": parts[i]}
                for i in said
            ]
            if len(parts) == 1:
                rows.append(
                    {"food_text": text, "rank": place, "fdc_id": fdc_id, "evidence": ALIAS, "contribution": parts[0]}
                )
    return conform(pd.DataFrame(rows, columns=CANDIDATES.names), CANDIDATES)


def best_foods(food_texts: Iterable[str], foods: FoodData, *, top: int) -> pd.DataFrame:
    """See `nutridiary.matching.match_texts`."""
    import numpy as np
    import pandas as pd

    index = load_index(foods)
    known: dict[str, list[dict[str, Any]]] = {}
    texts = list(food_texts)
    for text in dict.fromkeys(texts):
        ranked = _ranked(text, foods, top + 1)
        scores = [float(1 / (1 + np.exp(-parts.sum()))) for _, parts in ranked]
        known[text] = [
            {
                "food_text": text,
                "rank": place + 1,
                "fdc_id": fdc_id,
                "food_code": int(index.food_code[index.row_of_id[fdc_id]]) or None,
                "data_type": data_type_of(index.row_of_id[fdc_id], index),
                "match_score": scores[place],
                "match_margin": scores[place] - (scores[place + 1] if place + 1 < len(scores) else 0.0),
            }
            for place, (fdc_id, _) in enumerate(ranked[:top])
        ] or [{"food_text": text, "rank": 1}]
    frame = pd.DataFrame([row for text in texts for row in known[text]], columns=list(_COLUMNS))
    ids = frame["fdc_id"].dropna().astype(int).unique().tolist()
    names = foods.foods(ids)
    described = dict(zip(names["fdc_id"].tolist(), names["description"].tolist(), strict=True))
    frame["food_description"] = frame["fdc_id"].map(described).astype("str")
    types = {"rank": "Int64", "fdc_id": "Int64", "food_code": "Int64", "data_type": "str", "food_text": "str"}
    return frame.astype(types)


def _ranked(text: str, foods: FoodData, top: int) -> list[tuple[int, Any]]:
    """Return fdc_id and contributions of the best foods; an alias stands first, on its own."""
    import numpy as np

    index = load_index(foods)
    ranking, _ = rank_line(text, index, load_weights())
    ranked = []
    if ranking is not None:
        best = index.fdc_id[ranking.foods[: top + 1]].tolist()
        ranked = list(zip(best, ranking.contributions[: top + 1], strict=True))
    alias = alias_of(text)
    if alias is not None and alias in index.row_of_id:
        certain = np.array([np.log(ALIAS_SCORE / (1 - ALIAS_SCORE))])
        ranked = [(alias, certain), *((fdc_id, parts) for fdc_id, parts in ranked if fdc_id != alias)]
    return ranked[:top]
