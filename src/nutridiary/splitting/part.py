"""One food of a line of several, before it is an entry."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nutridiary.diary.amounts import Amount
from nutridiary.units import grams, unit_kind

SHOWN = 40  # [characters] of a line repeated in the notes of its parts
NOT_STATED = "amount of this part not stated"


@dataclass(frozen=True)
class Part:
    """One food of a line: its words, its amount, what must be said of it, and what the whole line weighs. [g]"""

    food: str
    amount: Amount
    notes: tuple[str, ...] = ()
    line_weight: float = math.nan


def weight_of(amount: Amount) -> float:
    """Return what an amount weighs, where it is a weight [g]; NaN where it is not."""
    if unit_kind(amount.unit) != "mass" or amount.unit is None or not amount.amount > 0:
        return math.nan
    return grams(amount.amount, amount.unit)


def of_whole_line(amount: Amount) -> str:
    """Say that an amount is that of the whole line."""
    return f'"{shown(amount.text)}" is the amount of the whole line'


def shown(text: str) -> str:
    """Return the beginning of a diary's text, without characters that would act on a terminal."""
    short = "".join(c if c.isprintable() else " " for c in text[:SHOWN])
    return f"{short}..." if len(text) > SHOWN else short
