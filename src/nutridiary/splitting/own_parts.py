"""What the user said a line holds, before any rule: these foods, or one food whichever.

The amounts of parts are of one of what was said: a line of two servings holds twice as much. A line that states its
weight or volume is shared out where all parts state theirs; otherwise nobody knows how much of it each part is.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from nutridiary.aliases.lookup import AS_SAID
from nutridiary.aliases.parts import MOST_FOODS, food_of
from nutridiary.diary.amounts import Amount, implausible
from nutridiary.diary.food_text import split_food
from nutridiary.diary.supplement_lines import supplement_sign
from nutridiary.splitting.part import NOT_STATED, Part, of_whole_line, shown, weight_of
from nutridiary.units import factor_to, unit_kind

if TYPE_CHECKING:
    from nutridiary.aliases import Alias, AliasLookup

_MEASURES = {"mass": "g", "volume": "ml"}
COUNTED = (None, "count", "container", "size", "food")
_DIGITS = 9  # far more than any amount is known to
_TO_SHARE = "what of it this part is cannot be told unless each part has an amount in {}"


def own_parts(alias: Alias, whole: Amount, brand: str, known: AliasLookup) -> list[Part]:
    """Return the foods that the user said a text holds, with their amounts.

    Parameters
    ----------
    alias : Alias
        What was said of the text.
    whole : Amount
        What the line says of the amount of all of it.
    brand : str
        Of the line.
    known : AliasLookup
        Where the text of a part is looked up: it may hold foods itself.

    Returns
    -------
    list of Part
    """
    return _opened(alias, whole, brand, known, frozenset({alias}))[:MOST_FOODS]


def _opened(alias: Alias, whole: Amount, brand: str, known: AliasLookup, inside: frozenset[Alias]) -> list[Part]:
    """Return the parts of a text, and those of its parts where they hold foods themselves."""
    said = f"one of its parts, {AS_SAID.format(f'({alias.where})')}"
    foods = [food_of(words) for words in alias.parts]
    parts: list[Part] = []
    for food, part in zip(foods, _of(whole, foods, list(map(_amount_in, alias.parts))), strict=True):
        own = known.shape(food, brand)
        if own is not None and own.parts and own not in inside:
            parts += _opened(own, part.amount, brand, known, inside | {own})
        else:
            parts.append(replace(part, notes=(said, *part.notes)))
    return parts


def _amount_in(part: str) -> Amount:
    found = split_food(part)
    return Amount() if found.problem else found


def _of(whole: Amount, foods: list[str], amounts: list[Amount]) -> list[Part]:
    """Return what each part has of the amount of all: so many times its own, or its share."""
    parts = [_part(food, amount) for food, amount in zip(foods, amounts, strict=True)]
    if not whole.text:
        return parts
    kind, said, weight = unit_kind(whole.unit), of_whole_line(whole), weight_of(whole)
    if kind in COUNTED and whole.amount > 0:
        return [_part(part.food, _times(part.amount, whole), said) for part in parts]
    # The dose of a supplement is no share of what was weighed.
    weighed = [not supplement_sign(part.food, part.amount.text) for part in parts]
    sizes = [_size(part.amount, kind) if is_weighed else 0.0 for part, is_weighed in zip(parts, weighed, strict=True)]
    known = whole.amount > 0 and not any(map(math.isnan, sizes))
    notes = (said, *([_TO_SHARE.format(_MEASURES[kind])] if kind in _MEASURES and not known else []))
    shared = []
    for part, is_weighed, size in zip(parts, weighed, sizes, strict=True):
        share = _share(size / sum(sizes), whole) if known and is_weighed else Amount()
        new = _part(part.food, share, *notes) if is_weighed else part
        shared.append(replace(new, line_weight=weight))
    return shared


def _part(food: str, amount: Amount, *notes: str) -> Part:
    stated = amount.text and not math.isnan(amount.amount)
    return Part(food, amount, (*([amount.note] if amount.note else []), *([] if stated else [NOT_STATED]), *notes))


def _times(part: Amount, whole: Amount) -> Amount:
    """Return an amount of one taken so often as the whole line says, with its range."""
    if not part.text or (whole.amount == 1 and math.isnan(whole.low)):
        return part
    low, high = part.low, part.high
    if not (math.isnan(part.low) and math.isnan(whole.low)):
        low = _or(part.low, part.amount) * _or(whole.low, whole.amount)
        high = _or(part.high, part.amount) * _or(whole.high, whole.amount)
    amount, text = round(part.amount * whole.amount, _DIGITS), f"{whole.amount:g} x {part.text}"
    problem = implausible(amount, part.unit, shown(text))
    return replace(part, amount=amount, low=round(low, _DIGITS), high=round(high, _DIGITS), text=text, problem=problem)


def _or(number: float, other: float) -> float:
    return other if math.isnan(number) else number


def _size(part: Amount, kind: str | None) -> float:
    """Return how large a part is [g or ml]; NaN where it does not say, or is measured otherwise than the line."""
    if kind not in _MEASURES or part.unit is None or unit_kind(part.unit) != kind:
        return math.nan
    return part.amount * factor_to(_MEASURES[kind], part.unit)


def _share(share: float, whole: Amount) -> Amount:
    amount, low, high = (round(number * share, _DIGITS) for number in (whole.amount, whole.low, whole.high))
    return Amount(amount, low, high, unit=whole.unit, text=f"{share:.0%} of {whole.text}")
