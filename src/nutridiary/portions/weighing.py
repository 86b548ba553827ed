"""Weigh the entries of a diary: amount + unit + food -> grams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.portions.basis import UNITS, bases_of, settle_weights
from nutridiary.portions.category import category_mates, pack_of, weigh_by_category
from nutridiary.portions.choice import NO_SUCH, SAME_GRAMS, weigh_unit
from nutridiary.portions.flags import add_notes, flag_implausible, flag_unlike_recorded
from nutridiary.portions.food import Food, Portion, Weight
from nutridiary.portions.household import weigh_household_measure
from nutridiary.portions.impossible import is_impossible, refuse_impossible_amounts, refuse_too_much
from nutridiary.portions.key import MOST_SHOWN, Key, problem_of
from nutridiary.portions.lengths import first_length
from nutridiary.portions.line_shares import LINE_SHARE, share_line_weights
from nutridiary.portions.own_weights import own_weights
from nutridiary.portions.recorded_energy import METHOD as RECORDED_ENERGY
from nutridiary.portions.recorded_energy import weigh_by_energy
from nutridiary.portions.reported import reported_amounts
from nutridiary.portions.similar import ALIKE, close_foods, made_of
from nutridiary.portions.words import (
    MEDIUM,
    SIZE_NAMES,
    Request,
    portion_words,
    vocabulary,
)
from nutridiary.tables import MATCHED, WEIGHED, conform
from nutridiary.units import canonical_unit, unit_kind

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

NOT_SPECIFIED, TYPICAL = "quantity_not_specified", "typical_amount"

# How a weight was found. Rows that none of these can weigh have a problem and no method.
WEIGHT_METHODS = (
    "alias_portion",  # the user's own alias says what one weighs
    "stated_weight",  # the diary gives a weight
    "food_portion",  # FoodData Central has such a portion of this food
    "similar_food_portion",  # a close food has one, or a cited source weighed it for such foods; named in the note
    "food_density",  # a volume, by the food's own portion in another volume
    RECORDED_ENERGY,  # no portion weighs it: the energy the diary records by that of the food, said in the note
    LINE_SHARE,  # a part of a line whose whole weight is stated: its share of that
    NOT_SPECIFIED,  # the diary gives no amount: FNDDS's weight for that, said in the note
    TYPICAL,  # only where defaults are asked for: what people usually eat of it at a time, said in the note
)

# Units that nobody writes to mean one of them: an empty amount beside them is an unknown amount.
FINE_UNITS = frozenset({"g", "kg", "mg", "ug", "oz", "lb", "ml", "cl", "dl", "l"})
# From so many on a bare count is one of pieces, where a food is sold in bags and eaten in pieces: sweets.
SEVERAL = 4
# One of a size is what a line means only where it is at least this share of the usual quantity.
LEAST_OF_USUAL = 0.3
# What of a line weighing reads, beside its food.
_READ = ["unit", "food_text", "brand", "amount", "amount_low", "amount_high", "amount_text"]
# Of a food whose values are per 100 ml a unit is a millilitre. It goes behind the label's own portions.
_MILLILITRE = Portion(10**6, 1.0, "ml", 1.0, is_quantity_not_specified=False, unit="ml")
# Of a unit or food as written, so many characters are read.
MOST_READ = 300


def weigh(
    matched: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None = None, *, defaults: bool = False
) -> pd.DataFrame:
    """Return the entries with their weight, its bounds, how it was found and what it rests on.

    A row that has a problem already, or no food, is left as it is. Every other row ends with a weight
    [g] and a method, or with a problem that says which portions its food has; never both, never neither.

    Parameters
    ----------
    matched : pandas.DataFrame
        `tables.MATCHED`.
    foods : FoodData
        Where the portions and names of foods come from.
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`: what the user says a unit of a text weighs goes before every rule.
    defaults : bool
        Weigh what nothing else can weigh by the amount people typically eat of that food at a time, flagged as
        ``typical_amount``. Such a line is one eating, whatever its number says.

    Returns
    -------
    pandas.DataFrame
        `tables.WEIGHED`, the same rows in the same order. ``weight_method`` is one of `WEIGHT_METHODS`.

    Notes
    -----
    The rules, in their order, stand in ``docs/weighing.md``.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.foods import load_foods
    >>> foods = load_foods()
    >>> apple = foods.with_codes([63101000])
    >>> line = {"line": 2, "food_text": "apples", "amount": 2.0, "fdc_id": apple["fdc_id"]}
    >>> row = weigh(conform(pd.DataFrame(line), MATCHED), foods).iloc[0]
    >>> float(row["gram_weight"]), row["weight_method"], row["portion"], row["note"]
    (400.0, 'food_portion', '1 medium = 200 g', 'size not stated: "medium" assumed')
    """
    import numpy as np

    found_here = [name for name in WEIGHED.names if name not in MATCHED.names]
    table = conform(matched.drop(columns=found_here, errors="ignore"), WEIGHED)
    todo = table["problem"].isna() & table["fdc_id"].notna()
    if not todo.any():
        return table
    rows = table.loc[todo, ["fdc_id", *_READ]].copy()
    rows["unit"] = rows["unit"].fillna("").str.strip().str.slice(0, MOST_READ)
    rows["food_text"] = rows["food_text"].fillna("").str.slice(0, MOST_READ)
    rows["unknown"] = rows["amount"].isna() & rows["unit"].map(_is_fine).astype(bool)
    rows["brand"] = rows["brand"].fillna("")
    rows["length"] = list(
        map(first_length, rows["amount_text"].str.slice(0, MOST_READ), rows["unit"], rows["food_text"])
    )
    rows["several"] = rows["amount"].ge(SEVERAL) & rows["unit"].map(_is_bare).astype(bool)
    keys = list(Key._fields)
    rows["answer"] = rows.groupby([*keys, "brand"], sort=False).ngroup()
    first = rows.drop_duplicates("answer")
    weights = _weigh_each(
        [Key(*row) for row in first[keys].itertuples(index=False, name=None)], foods, defaults=defaults
    )
    weights = [own or weight for own, weight in zip(own_weights(first, aliases), weights, strict=True)]
    rows = rows.drop(_write_energy_weights(table, rows, weights, foods))

    answers = rows["answer"].to_numpy()
    is_total = np.array([isinstance(w, Weight) and w.method == TYPICAL for w in weights])[answers]
    amount = np.where(rows["unknown"] | rows["amount"].isna() | is_total, 1.0, rows["amount"])
    ranged = (rows["amount_low"].notna() & rows["amount_high"].notna()).to_numpy() & ~is_total
    # Nine digits are far more than any portion is known to; they take off the noise of conversions.
    units = np.round([(w.grams, w.low, w.high) if isinstance(w, Weight) else (np.nan,) * 3 for w in weights], 9)
    grams, low, high = units[answers].T
    weight = grams * amount
    table.loc[rows.index, "gram_weight"] = weight
    table.loc[rows.index, "gram_low"] = np.minimum(weight, np.where(ranged, grams * rows["amount_low"], low * amount))
    table.loc[rows.index, "gram_high"] = np.maximum(
        weight, np.where(ranged, grams * rows["amount_high"], high * amount)
    )
    _write_words(table, rows, weights)
    refuse_impossible_amounts(table, rows)
    refuse_too_much(table)
    share_line_weights(table, (NOT_SPECIFIED, TYPICAL))
    flag_implausible(table)
    flag_unlike_recorded(table, foods)
    return settle_weights(table, foods)


@cache
def _is_bare(unit: str) -> bool:
    return not unit or canonical_unit(unit) == "each"


@cache
def _is_fine(unit: str) -> bool:
    return not unit or canonical_unit(unit) in FINE_UNITS


def _weigh_each(keys: list[Key], foods: FoodData, *, defaults: bool) -> list[Weight | str]:
    """Return for each distinct (food, unit, text, amount unknown) its weight, or the words of its problem."""
    eaten = _read_foods({key.fdc_id for key in keys}, foods)
    answers: list[Weight | None] = []
    for key in keys:
        food = eaten[key.fdc_id]
        if key.unknown:
            answers.append(_one_of_a_size(food, key) or _not_specified(food, key))
        else:
            request = key.request(food)
            answers.append(weigh_unit(request, food) or weigh_household_measure(request, food))
    # A size the food does not have may be known from elsewhere; else its own portion stands, with a note.
    wanting = [
        at
        for at, answer in enumerate(answers)
        if (not keys[at].unknown or keys[at].is_one_of_a_length) and not (answer and answer.size_met)
    ]
    if wanting:
        own = [answers[at] for at in wanting]
        for at, answer in zip(wanting, _borrowed([keys[at] for at in wanting], own, eaten, foods), strict=True):
            answers[at] = answer
    left = [at for at in wanting if answers[at] is None and keys[at].unit]
    if left:
        for at, answer in zip(left, _by_category([keys[at] for at in left], eaten, foods), strict=True):
            answers[at] = answer
    if defaults:
        answers = [answer or _typical(eaten[key.fdc_id], key) for answer, key in zip(answers, keys, strict=True)]
    return [
        answer if answer is not None else problem_of(eaten[key.fdc_id], key)
        for key, answer in zip(keys, answers, strict=True)
    ]


def _read_foods(fdc_ids: Iterable[int], foods: FoodData) -> dict[int, Food]:
    """Return the foods with their portions of known, positive weight; a weight of 0 means unknown."""
    ids = sorted(fdc_ids)
    rows = foods.portions(ids)
    rows = rows.assign(amount=rows["amount"].mask(rows["is_quantity_not_specified"], 1.0))
    rows = rows[(rows["gram_weight"] > 0) & (rows["amount"] > 0) & rows["description"].notna()]
    bases = bases_of(foods)
    units = {fdc_id: UNITS.get(bases.get(fdc_id, ""), "g") for fdc_id in ids}
    portions = {fdc_id: [_MILLILITRE] if units[fdc_id] == "ml" else [] for fdc_id in ids}
    columns = ["fdc_id", "seq", "amount", "description", "gram_weight", "is_quantity_not_specified"]
    for fdc_id, seq, amount, description, grams, not_specified in rows[columns].itertuples(index=False, name=None):
        portions[fdc_id].append(Portion(int(seq), amount, description, grams, bool(not_specified), units[fdc_id]))
    about = foods.foods(ids)
    most = {code: reported.p95 for code, reported in reported_amounts().items()}
    return {
        fdc_id: Food(fdc_id, code, description, tuple(portions[fdc_id]), most.get(code, float("nan")), units[fdc_id])
        for fdc_id, code, description in zip(
            about["fdc_id"].tolist(), about["food_code"].fillna(0).tolist(), about["description"].tolist(), strict=True
        )
    }


def _one_of_a_size(food: Food, key: Key) -> Weight | None:
    """The weight of one, where a line begins with a size or ends with a container and gives no number.

    "Large sweet tea" and "Capri Sun pouch" are one each. "Large shrimp" are not: one of them is far less than
    what people have of it, and "large eggs" are several.
    """
    words = key.food_text.casefold().replace(",", " ").split()
    if key.unit or len(words) < 2:
        return None
    if key.is_one_of_a_length:
        one = weigh_unit(replace(key.request(food), only_by_length=True), food)
        return one and replace(one, notes=("no number given: one taken", *one.notes))
    size, unit = " ".join(words[:2]), words[-1]
    size = size if unit_kind(canonical_unit(size)) == "size" else words[0]
    is_sized = unit_kind(canonical_unit(size)) == "size" and (not unit.endswith("s") or unit == "fries")
    asked = canonical_unit(size) if is_sized else unit if unit in vocabulary().packs else None
    if asked is None or not food.quantity_not_specified > 0:
        return None
    weight = weigh_unit(replace(key.request(food), unit=asked, nouns=() if is_sized else (unit,)), food)
    if weight is None or (is_sized and not weight.size_met) or weight.notes:
        return None
    if weight.grams < LEAST_OF_USUAL * food.quantity_not_specified:
        return None
    return replace(weight, notes=(f'no number given: one "{size if is_sized else unit}" taken',))


def _not_specified(food: Food, key: Key) -> Weight | None:
    """The weight FNDDS itself gives an unknown amount; a food of another data type has none."""
    grams = food.quantity_not_specified
    if not grams > 0:
        return None
    said = f'only the unit "{key.unit}"' if key.unit else "no amount"
    note = f"{said} given: FNDDS's weight for a quantity not specified, {grams:g} g, is used"
    reported = reported_amounts().get(food.food_code)
    low, high = (min(grams, reported.p5), max(grams, reported.p95)) if reported else (grams, grams)
    return Weight(
        grams, low, high, NOT_SPECIFIED, f"quantity not specified = {grams:g} g", (note,), not key.is_one_of_a_length
    )


def _typical(food: Food, key: Key) -> Weight | None:
    """The median of what people report of the food at a time, for who asks for defaults."""
    reported = reported_amounts().get(food.food_code)
    if reported is None:
        return None
    unit, unknown = key.unit, key.unknown
    said = f'"{unit[:MOST_SHOWN]}" cannot be weighed' if unit and not unknown else "no amount given"
    note = f"{said}: what people typically eat of it at a time, {reported.p50:g} g, is used, as defaults were asked for"
    portion = f"typical amount = {reported.p50:g} g"
    return Weight(reported.p50, reported.p5, reported.p95, TYPICAL, portion, (note,))


def _borrowed(
    keys: list[Key], own: list[Weight | None], eaten: dict[int, Food], foods: FoodData
) -> list[Weight | None]:
    """Return the weights that other records give where a food has none of its `own`, or none of the size asked for.

    First come the records a food is made of, which are the same food, then the close ones.
    """
    close = close_foods(foods, [key.fdc_id for key in keys])
    same = made_of(foods, [key.fdc_id for key in keys])
    ids = {other for found in close.values() for other, _ in found}.union(*same.values())
    lenders = _read_foods(ids, foods)
    answers: list[Weight | None] = []
    for key, before in zip(keys, own, strict=True):
        request = key.request(eaten[key.fdc_id])
        by_length = not request.sizes if before else key.is_of_another_length(eaten[key.fdc_id])
        request = replace(request, only_by_length=bool(request.length) and by_length)
        # A volume is heavier or lighter with every change of a recipe: only a food much alike may lend its own.
        # Its own portion may well be the medium one: only the same food may say otherwise.
        least = ALIKE if request.is_volume or before else 0.0
        least = 1.0 if before and request.sizes == {MEDIUM} else least
        itself = [lenders[other] for other in same[key.fdc_id]]
        alike = [lenders[other] for other, likeness in close[key.fdc_id] if likeness >= least]
        sized = before is not None
        lent = _lent(request, itself, sized=sized) or _lent(request, alike, sized=sized)
        if lent and before and abs(lent.grams - before.grams) < SAME_GRAMS:
            # The large egg is the one egg the food has: nothing was borrowed.
            lent = replace(before, notes=tuple(note for note in before.notes if not note.startswith(NO_SUCH)))
        if lent and key.unknown:
            lent = replace(lent, notes=("no number given: one taken", *lent.notes))
        answers.append(lent or before)
    return answers


def _lent(request: Request, lenders: list[Food], *, sized: bool) -> Weight | None:
    """Return the weight of the first of `lenders` that has one, of the very size asked for if `sized`."""
    found = [
        (lender, weight)
        for lender in lenders
        # The size of a raw potato is not that of its fries.
        if (weight := weigh_unit(request, lender)) and not (sized and _is_of_another_size(weight))
    ]
    if not found:
        return None
    lender, weight = found[0]
    unit = f'"{request.unit}"' if request.unit else "counted"
    if request.length and request.only_by_length:
        unit = request.length.text
    elif sized:
        unit = " or ".join(SIZE_NAMES[size] for size in sorted(request.sizes))
    note = f'{NO_SUCH} {unit} portion: weighed like "{lender.description}" ({weight.portion})'
    return replace(
        weight,
        low=min(each.low for _, each in found),
        high=max(each.high for _, each in found),
        method="similar_food_portion",
        notes=(note, *weight.notes),
    )


def _by_category(keys: list[Key], eaten: dict[int, Food], foods: FoodData) -> list[Weight | None]:
    """Return what the foods of the same category agree on."""
    requests = [key.request(eaten[key.fdc_id]) for key in keys]
    packed = {key.fdc_id for key, request in zip(keys, requests, strict=True) if pack_of(request)}
    if not packed:
        return [None] * len(keys)
    mates = category_mates(foods.foods(), packed)
    lenders = _read_foods({other for found in mates.values() for other in found}, foods)
    return [
        weigh_by_category(request, [lenders[other] for other in mates.get(key.fdc_id, [])])
        for key, request in zip(keys, requests, strict=True)
    ]


def _is_of_another_size(weight: Weight) -> bool:
    return not weight.size_met or portion_words(weight.portion).is_yield


def _write_energy_weights(
    table: pd.DataFrame, rows: pd.DataFrame, weights: list[Weight | str], foods: FoodData
) -> pd.Index[int]:
    """Write the weights that the recorded energy gives where nothing measured does; return the rows that got one."""
    assumed = [isinstance(weight, str) or weight.method in (NOT_SPECIFIED, TYPICAL) for weight in weights]
    wanting = rows.index[rows["answer"].map(dict(enumerate(assumed))) & ~is_impossible(rows["amount"])]
    found = weigh_by_energy(table.loc[wanting], foods)
    for column in found.columns.drop("note"):
        table.loc[found.index, column] = found[column]
    add_notes(table, found["note"])
    return found.index


def _write_words(table: pd.DataFrame, rows: pd.DataFrame, weights: list[Weight | str]) -> None:
    """Write method, portion, notes and problems of the distinct answers to their rows."""
    weighed = {at: weight for at, weight in enumerate(weights) if isinstance(weight, Weight)}
    problems = {at: weight for at, weight in enumerate(weights) if isinstance(weight, str)}
    of = rows["answer"]
    # A column of nothing but missing values must still be text.
    table.loc[rows.index, "weight_method"] = of.map({at: w.method for at, w in weighed.items()}).astype("str")
    table.loc[rows.index, "portion"] = of.map({at: w.portion or None for at, w in weighed.items()}).astype("str")
    table.loc[rows.index, "problem"] = of.map(problems).astype("str")
    noted = of.map({at: "; ".join(weight.notes) for at, weight in weighed.items() if weight.notes})
    add_notes(table, noted)
    counted = {at for at, weight in weighed.items() if weight.method != TYPICAL}
    assumed = rows["amount"].isna() & ~rows["unknown"] & of.isin(counted)
    add_notes(table, ("no number given: 1 " + rows["unit"] + " assumed")[assumed])
