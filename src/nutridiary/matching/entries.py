"""Entries to matched entries: which line is matched by what, and what is said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING

from nutridiary.aliases import AliasLookup, check_foods
from nutridiary.aliases.lookup import AS_SAID, WHOLE
from nutridiary.fdc.successors import record_of_code, records_elsewhere, successor_note
from nutridiary.foods import OWN_FOOD
from nutridiary.matching.crosswalk import SCORES, load_crosswalk, load_older_codes
from nutridiary.matching.older_codes import food_of_older_code
from nutridiary.matching.products import FoundProduct, found_products
from nutridiary.matching.query import read_query
from nutridiary.matching.ranking import Ranking, data_type_of, load_index, load_weights, rank_line
from nutridiary.matching.recorded_evidence import load_likeness, recorded_by_key, recorded_evidence
from nutridiary.matching.synonyms import alias_of, in_our_words
from nutridiary.tables import ENTRIES, MATCHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.aliases import Alias
    from nutridiary.fdc.successors import Record
    from nutridiary.foods import FoodData
    from nutridiary.matching.index import Index
    from nutridiary.matching.ranking import Weights
    from nutridiary.matching.recorded_evidence import Recorded, RecordedEvidence

ALIAS_SCORE = 0.98  # a curated alias is our word for the food, not the writer's: a shade below a stated id
LOOKED_AT, NAMED = 12, 3  # nearest foods looked at for a text nothing answers, and how many different ones are named
SHOWN = 60  # [characters] of a food text repeated in a problem

_SEVERAL = re.compile(r"\s(?:and|plus|then|(?<!made )with)\s|[;+]")
_NOT_COUNTED = {
    "note": "a note, not a food",
    "exercise": "exercise, not a food",
    "symptom": "a symptom, not a food",
    "total": "totals, not foods: with --values recorded they count where their foods are not in the diary",
}


@dataclass(frozen=True)
class Match:
    """What one text was matched to, or why not.

    `nearest` is not None where no food was found; the names of these foods, and of one that is to be
    confirmed, are put into words at the end, read for all lines at once. `kind` is what the entry
    turned out to be, where that is not what the diary says; `alias` is the user's, if it decided.
    """

    fdc_id: int | None = None
    food_code: int | None = None
    data_type: str | None = None
    score: float | None = None
    margin: float | None = None
    method: str | None = None
    needs_review: bool = False
    problem: str | None = None
    note: str | None = None
    nearest: tuple[int, ...] | None = None
    confirm: bool = False
    kind: str | None = None
    alias: Alias | None = None


_Key = tuple[str, str, str, int, int, FoundProduct]  # lines that are alike in these are one food


def match_entries(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `entries` with the food of each line; see `nutridiary.matching.match_foods`."""
    import pandas as pd

    own = AliasLookup.of(aliases, None if aliases is None else check_foods(aliases, foods))
    matched = conform(conform(entries, ENTRIES), MATCHED)
    open_rows = matched["problem"].isna()
    kinds = matched["kind"].fillna("food")
    texts = matched["food_text"].fillna("").str.strip()
    found: dict[_Key, Match] = {}
    keys: list[_Key] = list(
        zip(
            texts,
            matched["brand"].fillna(""),
            kinds,
            matched["stated_fdc_id"].fillna(0).astype(int),
            matched["stated_food_code"].fillna(0).astype(int),
            found_products(matched),
            strict=True,
        )
    )
    recorded = recorded_by_key(matched, keys)
    for key, is_open in zip(keys, open_rows, strict=True):
        if is_open and key not in found:
            found[key] = _match_line(*key, foods, own, recorded.get(key))
    named = {fdc_id for match in found.values() for fdc_id in (match.fdc_id, *(match.nearest or ())) if fdc_id}
    table = foods.foods(sorted(named))
    names = dict(zip(table["fdc_id"].tolist(), table["description"].tolist(), strict=True))
    worded = {key: _worded(match, key[0], names) for key, match in found.items()}
    nothing = Match()
    rows = [worded[key] if is_open else nothing for key, is_open in zip(keys, open_rows, strict=True)]
    columns = pd.DataFrame([vars(row) for row in rows], columns=list(Match.__dataclass_fields__), index=matched.index)
    return _fill(matched, columns, names)


def _worded(match: Match, text: str, names: dict[int, str]) -> Match:
    """Put into words which food is to be confirmed, or which were the nearest."""
    if match.nearest is not None:
        return replace(match, problem=_no_food(text, [names[fdc_id] for fdc_id in match.nearest]))
    if match.alias is not None and match.fdc_id is not None:
        whose = "own food" if match.fdc_id < 0 else "alias"
        used = f'your {whose}: "{_shown(text)}" is {names[match.fdc_id]} ({match.alias.where})'
        return replace(match, note=used if match.note is None else f"{match.note}; {used}")
    if match.confirm and match.fdc_id is not None:
        confirm = f'please confirm: matched to "{names[match.fdc_id]}"'
        return replace(match, note=confirm if match.note is None else f"{match.note}; {confirm}")
    return match


def _fill(matched: pd.DataFrame, columns: pd.DataFrame, names: dict[int, str]) -> pd.DataFrame:
    """Write the matches into the table, notes behind those already there."""
    both = matched["note"].notna() & columns["note"].notna()
    note = matched["note"].fillna(columns["note"])
    note[both] = matched["note"][both] + "; " + columns["note"][both]
    return conform(
        matched.assign(
            fdc_id=columns["fdc_id"],
            food_code=columns["food_code"],
            food_description=columns["fdc_id"].map(names),
            data_type=columns["data_type"],
            match_score=columns["score"],
            match_margin=columns["margin"],
            match_method=columns["method"],
            needs_review=columns["needs_review"],
            problem=matched["problem"].fillna(columns["problem"]),
            kind=columns["kind"].fillna(matched["kind"]),
            note=note,
        ),
        MATCHED,
    )


def _stated(fdc_id: int, code: int, foods: FoodData) -> Match | None:
    """Return the food of a stated FDC id or food code, or of the record that took its place, if we have it."""
    index = load_index(foods)
    row = index.row_of_id.get(fdc_id)
    current = int(index.fdc_id[row]) if row is not None else foods.current([fdc_id]).get(fdc_id) if fdc_id else None
    if current is not None:
        match = _match_id(current, foods, "stated_fdc_id")
        return match if current == fdc_id else replace(match, note=successor_note(fdc_id, current, foods))
    if code in index.row_of_code:
        return _match_of(index.row_of_code[code], index, 1.0, 1.0, "stated_food_code")
    return None


def _match_id(fdc_id: int, foods: FoodData, method: str) -> Match:
    """Return the match of a food that is here; one that was looked up is in no index."""
    index = load_index(foods)
    if fdc_id in index.row_of_id:
        return _match_of(index.row_of_id[fdc_id], index, 1.0, 1.0, method)
    food = foods.food(fdc_id)
    return Match(fdc_id, food["food_code"], food["data_type"], 1.0, 1.0, method)


def _match_of(food: int, index: Index, score: float, margin: float, method: str) -> Match:
    return Match(
        fdc_id=int(index.fdc_id[food]),
        food_code=int(index.food_code[food]) or None,
        data_type=data_type_of(food, index),
        score=score,
        margin=margin,
        method=method,
    )


def _own(alias: Alias, foods: FoodData) -> Match:
    """Return what the user's alias says of a text."""
    if alias.is_ignored:
        return Match(problem=f"not a food, as your alias says ({alias.where})", kind="note")
    if alias.fdc_id < 0:
        return Match(alias.fdc_id, None, OWN_FOOD, 1.0, 1.0, "own_food", alias=alias)
    if not alias.former_id:
        return replace(_match_id(alias.fdc_id, foods, "user_alias"), alias=alias)
    if not alias.fdc_id:
        former = records_elsewhere([alias.former_id], foods)[alias.former_id]
        return _match_gone(former, f"your alias ({alias.where}), FDC id {alias.former_id}", foods)
    note = successor_note(alias.former_id, alias.fdc_id, foods)
    return replace(_match_id(alias.fdc_id, foods, "user_alias"), alias=alias, note=note)


def _match_gone(former: Record, said: str, foods: FoodData, recorded: Recorded | None = None) -> Match:
    """Return the food most like one that the release in use no longer has, by its official name, to be confirmed."""
    code, name = former.food_code or 0, former.description
    by_code = _match_by_group(name, code, foods, recorded) if code else None
    match = by_code or match_text(name, foods, recorded=recorded, single_food=True)
    gone = f"{said} ({name}) of {former.release} is not in the release in use: counted by that name"
    return replace(match, note=gone, needs_review=match.nearest is None, confirm=match.nearest is None)


def _match_line(
    text: str,
    brand: str,
    kind: str,
    fdc_id: int,
    code: int,
    product: FoundProduct,
    foods: FoodData,
    own: AliasLookup,
    recorded: Recorded | None = None,
) -> Match:
    alias = own.food(product.barcode) if product.barcode else None
    alias = alias or (own.food(text, brand) if text else None)
    if alias is not None and not alias.fdc_id and alias.former_id in foods.not_looked_up:
        match = _match_line(text, brand, kind, fdc_id, code, product, foods, AliasLookup(), recorded)
        why = f"{_not_looked_up(alias.former_id, foods)}: your alias ({alias.where}) is not used"
        return match if match.nearest is not None or match.problem else _doubted(match, why)
    if kind == "supplement" and alias is not None:
        match = _own(alias, foods)
        return replace(match, kind=match.kind or "food")  # the user's word goes before what the line looks like
    if kind == "supplement":
        return Match()  # what it holds, its label says: see `nutridiary.supplements`
    if kind in _NOT_COUNTED:
        return Match(problem=_NOT_COUNTED[kind])
    if fdc_id or code:
        stated = _stated(fdc_id, code, foods)
        if stated is not None:
            if alias is None or alias.fdc_id == stated.fdc_id:
                return stated
            unused = f"the line names its food by number: your alias ({alias.where}) is not used"
            return replace(stated, note=unused if stated.note is None else f"{stated.note}; {unused}")
    absent = _named(fdc_id, code)
    missing = f"{' and '.join(absent)} not in the food data in use (perhaps of another release)"
    if fdc_id in foods.not_looked_up:
        missing = _not_looked_up(fdc_id, foods)
    if alias is not None:
        match = _own(alias, foods)
        note = "; ".join(filter(None, (f"{missing}: your alias is used instead", match.note)))
        return replace(match, note=note) if absent else match
    if product.product_id in foods and not absent:
        return _match_product(product, foods)
    text = "water" if kind == "water" and not text else text
    if absent:
        return _match_lost(text, brand, fdc_id, code, missing, foods, recorded)
    if not text:
        return Match(problem="no food text: write what was eaten, or give an FDC id")
    shape = own.shape(text, brand)
    if shape is None or shape.decision != WHOLE:
        return match_text(text, foods, brand=brand, recorded=recorded)
    match = match_text(text, foods, brand=brand, recorded=recorded, single_food=True)
    kept = f"one food, {AS_SAID.format(f'({shape.where})')}"
    return replace(match, note=kept if match.note is None else f"{kept}; {match.note}")


def _match_product(product: FoundProduct, foods: FoodData) -> Match:
    """Return the product of a barcode or brand, to be confirmed where it is not sure to be the one meant."""
    sure = product.score >= load_weights().automatic
    match = _match_id(product.product_id, foods, product.by)
    return replace(match, score=product.score, margin=product.score, needs_review=not sure, confirm=not sure)


def _not_looked_up(fdc_id: int, foods: FoodData) -> str:
    return f"FDC id {fdc_id} was not looked up ({foods.not_looked_up[fdc_id]})"


def _named(fdc_id: int, code: int) -> list[str]:
    return [f"{name} {number}" for name, number in (("FDC id", fdc_id), ("food code", code)) if number]


def _match_lost(
    text: str, brand: str, fdc_id: int, code: int, missing: str, foods: FoodData, recorded: Recorded | None = None
) -> Match:
    """Return the food of a line that gives a number we do not have: what stands for it today, else by its text."""
    former = load_crosswalk().get(code) or load_older_codes().get(code)
    if former is not None:
        row = load_index(foods).row_of_code.get(former.food_code or 0)
        if row is not None:
            score = SCORES[former.sure]
            match = _match_of(row, load_index(foods), score, score, "crosswalk")
            return replace(match, needs_review=former.sure == "low", note=former.note(code))
        missing = f"food code {code} ({former.old_description}) of FNDDS {former.edition} has no like today"
        text = text or former.old_description
    elif replaced := _replaced(fdc_id, code, foods):
        match = _match_gone(replaced, " and ".join(_named(fdc_id, code)), foods, recorded)
        if match.nearest is None:
            return match
    if not text:
        return Match(problem=f"{missing}, and no food text to go by: correct the id or write the food")
    by_code = None if former else _match_by_group(text, code, foods, recorded)
    if by_code is not None:
        return by_code
    match = match_text(text, foods, brand=brand, recorded=recorded)
    return match if match.nearest is not None else _doubted(match, f"{missing}: matched by its text instead")


def _replaced(fdc_id: int, code: int, foods: FoodData) -> Record | None:
    """Return what another release says of a number that the one in use does not have."""
    by_id = records_elsewhere([fdc_id], foods).get(fdc_id) if fdc_id else None
    return by_id or (record_of_code(code, foods) if code else None)


def _match_by_group(text: str, code: int, foods: FoodData, recorded: Recorded | None) -> Match | None:
    """Return the food that a code of an older edition and its description mean; None where they name none."""
    index, weights = load_index(foods), load_weights()
    evidence = recorded_evidence(recorded, foods, index)
    found = food_of_older_code(text, code, index, weights, evidence)
    if found is None:
        return None
    by = "its digits and description" if evidence is None else "its digits, description and nutrients"
    match = _match_of(found.food, index, found.score, found.margin, "crosswalk")
    sure = found.score >= weights.automatic
    note = f"food code {code} not in the food data in use (of another edition of FNDDS): counted by {by}"
    match = replace(match, note=note, needs_review=not sure, confirm=not sure)
    return _contradicted(match, weights) if evidence is not None and evidence.contradicts(found.food) else match


def _doubted(match: Match, note: str) -> Match:
    return replace(match, note=note if match.note is None else f"{note}; {match.note}", needs_review=True)


def match_text(
    text: str, foods: FoodData, *, brand: str = "", recorded: Recorded | None = None, single_food: bool = False
) -> Match:
    """Return the food one text is matched to, with what must be said about it; `recorded` is what its row carries."""
    index, weights = load_index(foods), load_weights()
    evidence = recorded_evidence(recorded, foods, index)
    weights = weights if evidence is None else load_likeness().calibrated(weights)
    match, ranking = _match_whole(text, brand, index, weights, evidence)
    if evidence is not None and match.fdc_id is not None and evidence.contradicts(index.row_of_id[match.fdc_id]):
        return _contradicted(match, weights)
    single_food = single_food or (recorded is not None and recorded.single_food)
    if ranking is not None and ranking.missing and not single_food:
        return _first_of_several(text, ranking, index, weights) or match
    return match


def _contradicted(match: Match, weights: Weights) -> Match:
    """Return a match whose food is unlike what the diary recorded: never one to be taken unseen."""
    score = min(match.score or 0.0, 1 / (1 + exp(-weights.highest_doubtful)))
    doubted = _doubted(match, "the nutrients the diary recorded are not those of this food")
    return replace(doubted, score=score, confirm=True)


def _match_whole(
    text: str, brand: str, index: Index, weights: Weights, recorded: RecordedEvidence | None = None
) -> tuple[Match, Ranking | None]:
    """Return the match of a text as one food, and the ranking it rests on."""
    alias = index.row_of_id.get(alias_of(text) or 0)
    if alias is not None and not (recorded is not None and recorded.contradicts(alias)):
        return _match_of(alias, index, ALIAS_SCORE, ALIAS_SCORE, "alias"), None
    ranking, past = rank_line(text, index, weights, brand=brand, recorded=recorded)
    if ranking is None:
        return Match(nearest=()), None
    match = _taken(ranking, index, weights)
    if past and match.nearest is None:
        match = replace(match, note=f'read without "{_shown(past)}"')
    return match, ranking


def _first_of_several(text: str, whole: Ranking, index: Index, weights: Weights) -> Match | None:
    """Return the first food of a line that names several, with a note of those left out.

    None where the line is one food: where its parts are no foods of their own, or the food matched to
    the whole line has the words of the later parts.
    """
    parts = [part.strip() for part in _SEVERAL.split(in_our_words(text)) if part.strip()]
    if len(parts) < 2:
        return None
    matches = [_match_whole(part, "", index, weights) for part in parts]
    if any(match.nearest is not None for match, _ in matches):
        return None
    left_out = [part for part in parts[1:] if read_query(part, index).head in whole.missing]
    if not left_out:
        return None
    named = _shown(", ".join(left_out))
    note = f'the line names more than one food: "{named}" is not counted; give it a line of its own'
    return _doubted(matches[0][0], note)


def _taken(ranking: Ranking, index: Index, weights: Weights) -> Match:
    """Return the best food of a ranking: taken, taken to be confirmed, or not taken."""
    scores = ranking.scores
    if scores[0] < weights.least:
        return Match(nearest=tuple(index.fdc_id[ranking.foods[:LOOKED_AT]].tolist()))
    match = _match_of(int(ranking.foods[0]), index, float(scores[0]), ranking.margin(index), "text")
    sure = bool(scores[0] >= weights.automatic)
    return replace(match, needs_review=not sure, confirm=not sure)


def _no_food(text: str, nearest: list[str]) -> str:
    shown = _shown(text) + ("..." if len(text) > SHOWN else "")
    distinct = list(dict.fromkeys(nearest))[:NAMED]
    near = f" nearest: {'; '.join(distinct)};" if distinct else ""
    return f'no food found for "{shown}";{near} reword the line or give an FDC id'


def _shown(text: str) -> str:
    """Return the beginning of a diary's text, without characters that would act on a terminal."""
    return "".join(c if c.isprintable() else " " for c in text[:SHOWN])
