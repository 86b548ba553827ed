"""How much was eaten, from the cells that say so: the amount, its unit, a weight, or the text of the food."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nutridiary.diary.amounts import Amount, implausible, misspelt_unit, parse_amount
from nutridiary.diary.food_text import split_food
from nutridiary.diary.recall_amounts import in_plain_amount
from nutridiary.tables import NOT_EATEN
from nutridiary.units import canonical_unit, unit_kind

if TYPE_CHECKING:
    from nutridiary.diary.entries import Entry

_TOKEN = re.compile(r"[^\W\d_]{3,}")
_COUNTS = re.compile(r"\d|an? |one |half |less than ", re.IGNORECASE)


def set_amount(
    entry: Entry, text: str, unit_text: str = "", decimal: str | None = None, heading_unit: str | None = None
) -> None:
    """Give an entry the amount that its cells state.

    Parameters
    ----------
    entry : Entry
        Its `amount`, `unit`, `amount_low`, `amount_high` and `amount_text` are set, its notes and problem added to.
        An entry of a kind that is not eaten keeps the text only.
    text : str
        The amount cell: "2", "1 cup (240 g)", "150 g".
    unit_text : str
        The unit cell, empty where there is none.
    decimal : {".", ","}, optional
        Decimal mark of the column.
    heading_unit : str, optional
        Unit of the whole column, from its heading.

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> entry = Entry("diary.csv", 2, food_text="toast")
    >>> set_amount(entry, "2", "slices")
    >>> entry.amount, entry.unit, entry.amount_text
    (2.0, 'slice', '2 slices')
    """
    text, unit_text = in_plain_amount(text), in_plain_amount(unit_text)
    entry.amount_text = " ".join(part for part in (text, unit_text) if part) or None
    if entry.kind in NOT_EATEN or not (text or unit_text):
        return
    parsed = _amount_and_unit(text, unit_text, heading_unit, decimal)
    _keep(entry, _household_unit(parsed, entry))


def set_weight(entry: Entry, text: str, decimal: str | None = None) -> None:
    """Give an entry the weight that a column of grams states.

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> entry = Entry("diary.csv", 2, food_text="toast")
    >>> set_weight(entry, "60")
    >>> entry.amount, entry.unit
    (60.0, 'g')
    """
    entry.amount_text = text or None
    if entry.kind in NOT_EATEN or not text:
        return
    has_unit = canonical_unit(text.lstrip("0123456789.,~ "))
    _keep(entry, parse_amount(text if has_unit else f"{text} g", decimal=decimal))


def set_amount_from_food(entry: Entry, decimal: str | None = None) -> bool:
    """Take the amount out of the text of the food; return whether one stood there.

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> entry = Entry("diary.csv", 2, food_text="2 slices toast")
    >>> set_amount_from_food(entry), entry.amount, entry.unit, entry.food_text
    (True, 2.0, 'slice', 'toast')
    """
    if entry.kind in NOT_EATEN or not entry.food_text or entry.food_text == entry.barcode:
        return False
    parsed = split_food(entry.food_text, decimal=decimal)
    entry.written_text = entry.food_text if parsed.text else None
    entry.food_text = parsed.rest or entry.food_text
    entry.amount_text = parsed.text or None
    if parsed.text and not parsed.rest:
        entry.fail("no food is named in this row, only an amount")
    _keep(entry, parsed)
    return bool(parsed.text)


def _keep(entry: Entry, parsed: Amount) -> None:
    entry.amount, entry.amount_low, entry.amount_high = parsed.amount, parsed.low, parsed.high
    entry.unit = parsed.counted
    entry.notes.append(parsed.note)
    entry.fail(parsed.problem)


def _amount_and_unit(text: str, unit_text: str, heading_unit: str | None, decimal: str | None) -> Amount:
    """Read the amount and the unit cell together."""
    if not text:
        # A blank amount stays unknown, unless the unit cell counts: "a handful", "2 slices".
        parsed = parse_amount(unit_text, decimal=decimal)
        if parsed.problem or unit_text == parsed.unit or not _COUNTS.match(unit_text):
            return Amount(unit=canonical_unit(unit_text) or unit_text[:40].lower(), text=unit_text)
        return parsed
    alone = parse_amount(text, decimal=decimal)
    unit = unit_text or (heading_unit or "")
    if not unit or (alone.unit and not unit_text) or (alone.problem and not alone.amount > 0):
        return alone
    if alone.unit is None and not alone.rest:
        return parse_amount(f"{text} x {unit}" if unit[0].isdigit() else f"{text} {unit}", decimal=decimal)
    if canonical_unit(unit) in (alone.unit, "each") or canonical_unit(unit) == "serving":
        return alone
    problem = f'two units: "{text}" in the amount and "{unit_text}" in the unit. Keep one'
    return Amount(text=text, problem=problem)


def _household_unit(parsed: Amount, entry: Entry) -> Amount:
    """Decide what a word behind a number means that is in no spelling table: the food itself, a slip, a portion."""
    size = parsed.unit if parsed.unit and unit_kind(parsed.unit) == "size" else ""
    if (parsed.unit is not None and not size) or not parsed.rest or parsed.problem:
        return parsed
    word = re.split(r"[,;(]", parsed.rest)[0].strip().lower()
    tokens = _TOKEN.findall(word)
    food = set(_TOKEN.findall((entry.food_text or "").lower()))
    if not tokens or not word[0].isalpha() or any(_same(token, other) for token in tokens for other in food):
        return parsed
    misspelt = misspelt_unit(tokens[0])
    if misspelt:
        misspelt = misspelt.replace(".", f' in "{entry.amount_text} {(entry.food_text or "")[:60]}".', 1)
        return replace(parsed, problem=misspelt)
    # Some other word ("1 taco", "2 florets"): weighing may find it among the food's own portions.
    unit = word[:40]
    return replace(parsed, unit=unit, size=size, problem=implausible(parsed.amount, unit, parsed.text))


def _same(word: str, other: str) -> bool:
    return word == other or word.rstrip("s") == other.rstrip("s") or (len(word) > 4 and other.startswith(word[:-2]))
