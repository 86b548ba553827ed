"""A line of free text: which meal it begins with, and the food, amount and clock time it holds."""

from __future__ import annotations

import re

from nutridiary.diary.amount_cells import set_amount_from_food
from nutridiary.diary.barcode_cells import take_barcode
from nutridiary.diary.dates import read_clock
from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Cell
from nutridiary.diary.remarks import tell_remarks
from nutridiary.diary.supplement_lines import set_amount_of_supplement, supplement_sign
from nutridiary.diary.water import is_only_water
from nutridiary.diary.words import word_list

_BULLET = re.compile(r"^\s*(?:[-–—•·*▪◦>✓☐]+|\d{1,2}[.)](?=\s))\s*")
_CLOCK = r"\d{1,2}[:.]\d{2}(?:\s?[ap]m)?|\d{1,2}\s?[ap]m"
_MEAL = re.compile(
    rf"(?:(?P<before>{_CLOCK})\s*[-–:,]?\s+)?(?P<meal>[^\W\d][^:()\d]{{0,30}}?|meal \d)"
    rf"(?:\s*[(@,]?\s*(?:at )?(?P<clock>{_CLOCK})\)?)?\s*(?:[:–—]|-(?=\s|$)|$)\s*(?P<rest>.*)",
    re.IGNORECASE,
)


def lines_of(cell: Cell) -> list[str]:
    r"""Return the lines of a cell that are not blank, without bullets.

    Examples
    --------
    >>> lines_of("- toast\n- 2 eggs\n")
    ['toast', '2 eggs']
    """
    if not isinstance(cell, str):
        return []
    lines = (" ".join(_BULLET.sub("", line).split()) for line in cell.splitlines())
    return [line for line in lines if line]


def meal_before(text: str) -> tuple[str, str, str]:
    """Return the meal a line begins with, the clock time beside it, and what follows; empty where there is none.

    Examples
    --------
    >>> meal_before("Breakfast (8:30): porridge"), meal_before("Lunch"), meal_before("Lunch box pasta")
    (('Breakfast', '08:30', 'porridge'), ('Lunch', '', ''), ('', '', 'Lunch box pasta'))
    """
    found = _MEAL.fullmatch(text)
    if found is None or found["meal"].strip().lower() not in word_list("meal"):
        return "", "", text
    clock = read_clock(found["clock"] or found["before"] or "") or ""
    # "noon: soup" says when, and of no meal that foods below belong to.
    clock = clock or read_clock(found["meal"].strip()) or ""
    return found["meal"].strip(), clock, found["rest"].strip()


def read_line(entry: Entry, text: str, decimal: str | None) -> None:
    """Give an entry the food, the amount and the kind that a line of free text states.

    Parameters
    ----------
    entry : Entry
        Its day and meal are set by the caller.
    text : str
    decimal : {".", ","} or None
        Decimal mark of the file.

    Examples
    --------
    >>> entry = Entry("week.csv:C", 3)
    >>> read_line(entry, "8 glasses of water", None)
    >>> entry.kind, entry.amount, entry.unit
    ('water', 8.0, 'glass')
    """
    entry.food_text = text
    take_barcode(entry)
    form = supplement_sign(text)
    if form:
        entry.kind = "supplement"
        entry.notes.append(f'kind supplement, from "{form}"')
    else:
        tell_remarks(entry)
    if entry.kind == "food" and not any(sign.isalnum() for sign in entry.food_text):
        entry.fail(f'no food can be read in "{entry.food_text[:40]}"')
    if form:
        set_amount_of_supplement(entry, decimal)
    else:
        set_amount_from_food(entry, decimal)
    if entry.kind == "food" and is_only_water(entry.food_text):
        entry.kind = "water"
