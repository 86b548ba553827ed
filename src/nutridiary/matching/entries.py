"""Entries to matched entries: which line is matched by what, and what is said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.matching.ranking import Ranking, data_type_of, load_index, load_weights, rank
from nutridiary.matching.synonyms import alias_of, in_our_words
from nutridiary.tables import ENTRIES, MATCHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData
    from nutridiary.matching.index import Index
    from nutridiary.matching.ranking import Weights

ALIAS_SCORE = 0.98  # a curated alias is our word for the food, not the writer's: a shade below a stated id
SHOWN = 60  # [characters] of a food text repeated in a problem

_SEVERAL = re.compile(r"\s(?:and|plus|then|with)\s|[;+]")
_NOT_COUNTED = {
    "note": "a note, not a food",
    "supplement": "a supplement: listed, but supplements are not counted yet",
}


@dataclass(frozen=True)
class Match:
    """What one text was matched to, or why not."""

    fdc_id: int | None = None
    food_code: int | None = None
    data_type: str | None = None
    score: float | None = None
    margin: float | None = None
    method: str | None = None
    needs_review: bool = False
    problem: str | None = None
    note: str | None = None


def match_entries(entries: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return `entries` with the food of each line; see `nutridiary.matching.match_foods`."""
    import pandas as pd

    matched = conform(conform(entries, ENTRIES), MATCHED)
    open_rows = matched["problem"].isna()
    kinds = matched["kind"].fillna("food")
    stated = _stated_foods(matched[open_rows], foods)
    texts = matched["food_text"].fillna("").str.strip()
    found: dict[tuple[str, str, str, int, int], Match] = {}
    keys = list(
        zip(
            texts,
            matched["brand"].fillna(""),
            kinds,
            matched["stated_fdc_id"].fillna(0).astype(int),
            matched["stated_food_code"].fillna(0).astype(int),
            strict=True,
        )
    )
    for key, is_open in zip(keys, open_rows, strict=True):
        if is_open and key not in found:
            found[key] = _match_line(*key, stated, foods)
    nothing = Match()
    rows = [found[key] if is_open else nothing for key, is_open in zip(keys, open_rows, strict=True)]
    columns = pd.DataFrame([vars(row) for row in rows], columns=list(Match.__dataclass_fields__), index=matched.index)
    return _fill(matched, columns, foods)


def _fill(matched: pd.DataFrame, columns: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Write the matches into the table, notes behind those already there."""
    names = foods.foods(columns["fdc_id"].dropna().astype(int).unique().tolist())
    description = dict(zip(names["fdc_id"].tolist(), names["description"].tolist(), strict=True))
    both = matched["note"].notna() & columns["note"].notna()
    note = matched["note"].fillna(columns["note"])
    note[both] = matched["note"][both] + "; " + columns["note"][both]
    return conform(
        matched.assign(
            fdc_id=columns["fdc_id"],
            food_code=columns["food_code"],
            food_description=columns["fdc_id"].map(description),
            data_type=columns["data_type"],
            match_score=columns["score"],
            match_margin=columns["margin"],
            match_method=columns["method"],
            needs_review=columns["needs_review"],
            problem=matched["problem"].fillna(columns["problem"]),
            note=note,
        ),
        MATCHED,
    )


def _stated_foods(entries: pd.DataFrame, foods: FoodData) -> dict[tuple[str, int], Match]:
    """Return the food of every id and food code the diary states and we have."""
    result: dict[tuple[str, int], Match] = {}
    import numpy as np

    ids = entries["stated_fdc_id"].dropna().astype(int).unique()
    ids = ids[np.isin(ids, load_index(foods).fdc_id)].tolist() if len(ids) else []
    codes = entries["stated_food_code"].dropna().astype(int).unique().tolist()
    for table, method, column in (
        (foods.foods(ids) if ids else None, "stated_fdc_id", "fdc_id"),
        (foods.with_codes(codes) if codes else None, "stated_food_code", "food_code"),
    ):
        for row in [] if table is None else table.to_dict("records"):
            result[method, int(row[column])] = _whole_match(row, 1.0, method)
    return result


def _whole_match(row: dict[Any, Any], score: float, method: str) -> Match:
    import pandas as pd

    return Match(
        fdc_id=int(row["fdc_id"]),
        food_code=None if pd.isna(row["food_code"]) else int(row["food_code"]),
        data_type=str(row["data_type"]),
        score=score,
        margin=score,
        method=method,
    )


def _match_line(
    text: str, brand: str, kind: str, fdc_id: int, code: int, stated: dict[tuple[str, int], Match], foods: FoodData
) -> Match:
    if kind in _NOT_COUNTED:
        return Match(problem=_NOT_COUNTED[kind])
    absent = []
    for method, number, name in (("stated_fdc_id", fdc_id, "FDC id"), ("stated_food_code", code, "food code")):
        if number:
            if (method, number) in stated:
                return stated[method, number]
            absent.append(f"{name} {number}")
    if kind == "water" and not text:
        text = "water"
    missing = f"{' and '.join(absent)} not in the shipped food data (perhaps of another release)" if absent else None
    if not text:
        return Match(
            problem=f"{missing}, and no food text to go by: correct the id or write the food"
            if missing
            else "no food text: write what was eaten, or give an FDC id"
        )
    match = match_text(text, foods, brand=brand)
    if missing and match.problem is None:
        note = f"{missing}: matched by its text instead"
        return _with_note(match, note, needs_review=True)
    return match


def _with_note(match: Match, note: str, *, needs_review: bool) -> Match:
    joined = note if match.note is None else f"{note}; {match.note}"
    return Match(**{**vars(match), "note": joined, "needs_review": match.needs_review or needs_review})


def match_text(text: str, foods: FoodData, *, brand: str = "") -> Match:
    """Return the food one text is matched to, with what must be said about it."""
    index, weights = load_index(foods), load_weights()
    alias = alias_of(text)
    if alias is not None:
        table = foods.foods([alias])
        if len(table):
            return _whole_match(table.to_dict("records")[0], ALIAS_SCORE, "alias")
    plain = in_our_words(text)
    ranking = _branded(plain, brand, index, weights) or rank(plain, index, weights)
    if ranking is None:
        return Match(problem=_no_food(text, []))
    if not ranking.complete:
        first = _first_of_several(plain, index, weights)
        if first is not None:
            part, rest = first
            match = _taken(part, index, weights, text, foods)
            note = f'the line names more than one food: "{rest[:SHOWN]}" is not counted; give it a line of its own'
            return _with_note(match, note, needs_review=True) if match.problem is None else match
    return _taken(ranking, index, weights, text, foods)


def _branded(plain: str, brand: str, index: Index, weights: Weights) -> Ranking | None:
    """Return the ranking with the brand as evidence, where a food has text and brand complete."""
    if not brand.strip():
        return None
    ranking = rank(f"{plain}, {in_our_words(brand)}", index, weights)
    return ranking if ranking is not None and ranking.complete else None


def _first_of_several(plain: str, index: Index, weights: Weights) -> tuple[Ranking, str] | None:
    """Return the first food of a line that names several, and the words of the others."""
    parts = [part.strip() for part in _SEVERAL.split(plain) if part.strip()]
    if len(parts) < 2:
        return None
    ranked = [rank(part, index, weights) for part in parts]
    if any(part is None or part.scores[0] < weights.least for part in ranked):
        return None
    first = ranked[0]
    return None if first is None else (first, ", ".join(parts[1:]))


def _taken(ranking: Ranking, index: Index, weights: Weights, text: str, foods: FoodData) -> Match:
    scores, food = ranking.scores, int(ranking.foods[0])
    if scores[0] < weights.least:
        nearest = foods.foods(index.fdc_id[ranking.foods[:3]].tolist())
        names = dict(zip(nearest["fdc_id"].tolist(), nearest["description"].tolist(), strict=True))
        return Match(problem=_no_food(text, [names[i] for i in index.fdc_id[ranking.foods[:3]].tolist()]))
    sure = bool(scores[0] >= weights.automatic)
    fdc_id = int(index.fdc_id[food])
    description = "" if sure else str(foods.food(fdc_id)["description"])
    return Match(
        fdc_id=fdc_id,
        food_code=int(index.food_code[food]) or None,
        data_type=data_type_of(food, index),
        score=float(scores[0]),
        margin=float(scores[0] - (scores[1] if len(scores) > 1 else 0.0)),
        method="text",
        needs_review=not sure,
        note=None if sure else f'please confirm: matched to "{description}"',
    )


def _no_food(text: str, nearest: list[str]) -> str:
    shown = text if len(text) <= SHOWN else text[:SHOWN] + "..."
    near = f" nearest: {'; '.join(nearest)};" if nearest else ""
    return f'no food found for "{shown}";{near} reword the line or give an FDC id'
