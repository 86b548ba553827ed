"""How many of a supplement were taken: "2 tablets", "less than 1 dose", or a dose in itself, "2.00 x 1000.0 IU"."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nutridiary.supplements.items import Item, items_of
from nutridiary.supplements.vocabulary import phrases, tokens_of
from nutridiary.units import factor_to

UNKNOWN = float("nan")
DOSE_UNITS = ("mg", "ug", "g", "IU", "mEq", "mmol")
VOLUMES = ("ml", "tsp", "tbsp", "fl oz")
# What a label's dose is seldom of one of.
_DROPS = ("drop", "dropper")
# What a recall counts without saying what it is: the amount the label's own figures are for.
SERVINGS = ("dose", "serving")
# "1/2 tablet", "1 1/2 tablets"; a half sign is a fraction already in an entry's amount.
_FRACTION = re.compile(r"(?<![0-9/.,])(?:([0-9]{1,2}) )?([0-9]{1,2}) ?/ ?([2-9])(?![0-9/.,])")
_LESS = re.compile(r"\s*(?:less than|under|<)\s*", re.IGNORECASE)


class Taken(NamedTuple):
    """How much of a supplement was taken.

    Attributes
    ----------
    number, low, high : float
        How many `unit`, at least and at most; NaN where it is not written.
    unit : str
        "tablet", "dose", "ml" ..., empty for a bare count, or "mg", "ug", "g", "IU", "mEq", "mmol" where the amount
        is a dose in itself.
    note : str
        What was assumed.
    problem : str
        Why it cannot be used, empty where it can.
    """

    number: float
    low: float
    high: float
    unit: str
    note: str = ""
    problem: str = ""

    @property
    def is_dose(self) -> bool:
        """Whether the amount is of the nutrient, not of tablets."""
        return self.unit in DOSE_UNITS


class Times(NamedTuple):
    """How many times the labelled dose was taken; `number` is NaN where only bounds are known."""

    number: float
    low: float
    high: float
    note: str = ""


def read_taken(
    amount: float | None,
    unit: str | None = None,
    amount_text: str | None = None,
    *,
    low: float = UNKNOWN,
    high: float = UNKNOWN,
) -> Taken:
    """Return how much of a supplement was taken.

    Parameters
    ----------
    amount : float or None
        How many `unit`, as in entries; None or NaN: `amount_text` alone is read.
    unit : str, optional
        Canonical unit, as in entries.
    amount_text : str, optional
        Amount and unit as written, which knows capsules from cans.
    low, high : float
        Ends of a stated range.

    Returns
    -------
    Taken
        A blank amount is unknown, never one, and has a `problem`.

    Examples
    --------
    >>> read_taken(None, None, "2 tablets")[:4]
    (2.0, 2.0, 2.0, 'tablet')
    >>> read_taken(None, None, "1/2 tablet")[:4]
    (0.5, 0.5, 0.5, 'tablet')
    >>> read_taken(None, None, "Less than 1 dose")[:4]
    (0.5, 0.0, 1.0, 'dose')
    >>> read_taken(None, None, "2.00 x 1000.0 IU")[:4]
    (2000.0, 2000.0, 2000.0, 'IU')
    >>> read_taken(None).problem
    'how many were taken is not written: write for example 1 tablet'
    """
    text = amount_text or ""
    written = _written(text)
    if amount is None or amount != amount:
        return written or _unreadable(text, unit)
    own = _own_unit(unit)
    if low != low and written and written.low <= amount <= written.high:
        low, high = written.low, written.high  # a range that only the words tell
    least, most = (amount if end != end else end for end in (low, high))
    if written and (written.unit not in DOSE_UNITS or own == "") and written.unit != own:
        # The text knows better: "dose" is a can in German, and "1 packet (8 g)" is no dose of 8 g.
        if written.unit in DOSE_UNITS or own in DOSE_UNITS or own in VOLUMES:
            return written
        return Taken(amount, least, most, written.unit, written.note)
    if own is None:
        return _unreadable(text or f"{amount:g} {unit}", None)
    note = written.note if written else ""
    return Taken(amount, least, most, own, note)


def _written(text: str) -> Taken | None:
    """Read an amount as written; None where it is no number with a unit of supplements."""
    less = _LESS.match(text)
    text = _FRACTION.sub(_as_decimal, text, count=1)
    items = [item for item in items_of(text) if item.kind != "filler" or item.meaning]
    measured = next((item for item in items if item.kind in ("count", "dose") and item.measure), None)
    if text.strip().startswith(("-", "−", "–")):
        return None
    if [item.kind for item in items] == ["number"] and items[0].measure:
        return Taken(*items[0].measure)
    if measured is None or measured.measure is None:
        return None
    amount, low, high, unit = measured.measure
    if less:
        note = f"less than {high:g} {unit}: half of it is taken, and anything from 0 on is possible"
        return Taken(high / 2, 0.0, high, unit, note)
    times = _times_before(text, items, measured)
    return Taken(amount * times, low * times, high * times, unit)


def _as_decimal(match: re.Match[str]) -> str:
    return f"{int(match[1] or 0) + int(match[2]) / int(match[3]):g}"


def _times_before(text: str, items: list[Item], measured: Item) -> float:
    """Return the 2 of "2.00 x 1000.0 IU"."""
    place = items.index(measured)
    if place < 2 or text[items[place - 1].start : items[place - 1].end].lower() not in ("x", "×", "*"):
        return 1.0
    number = items[place - 2].measure
    return number.amount if number else 1.0


def _own_unit(unit: str | None) -> str | None:
    """Return a unit of entries as supplements call it; "" for a bare count, None where it is none of theirs."""
    if unit is None or unit != unit or not unit.strip():
        return ""
    return _units().get(tuple(token.text for token in tokens_of(unit)), "" if unit == "each" else None)


@cache
def _units() -> dict[tuple[str, ...], str]:
    return {
        words: word.meaning
        for words, meanings in phrases().items()
        for word in meanings
        if word.kind in ("piece", "dose unit")
    }


@cache
def _solid() -> frozenset[str]:
    return frozenset(
        word.meaning
        for meanings in phrases().values()
        for word in meanings
        if (word.kind, word.form) == ("piece", "solid")
    )


def _unreadable(text: str, unit: str | None) -> Taken:
    unknown = Taken(UNKNOWN, UNKNOWN, UNKNOWN, "")
    if not any(sign.isdecimal() for sign in text):
        return unknown._replace(problem="how many were taken is not written: write for example 1 tablet")
    return unknown._replace(
        problem=f'cannot read how much was taken, "{text[:40]}": write for example 1 tablet or 5 ml'
    )


def times_of(taken: Taken, per_amount: float, per_unit: str) -> Times | None:
    """Return how many times a dose that is per `per_amount` `per_unit` was taken.

    Parameters
    ----------
    taken : Taken
    per_amount : float
        NaN where the label does not say what the dose is per: it is per piece.
    per_unit : str

    Returns
    -------
    Times or None
        None where the two cannot be compared: ml taken of what is labelled per tablet.

    Examples
    --------
    >>> times_of(read_taken(None, None, "1 tablet"), 2, "tablet").number
    0.5
    >>> times_of(read_taken(None, None, "1 tsp"), 5, "ml").number
    0.985784318...
    >>> times_of(read_taken(None, None, "2 tablets"), 1, "serving")[:3]
    (nan, 0.0, 2.0)
    """
    unit = taken.unit
    per = per_amount if per_amount == per_amount else 1.0
    scaled = Times(taken.number / per, taken.low / per, taken.high / per)
    is_piece = unit == "" or unit in _solid()
    if unit == per_unit or (is_piece and per_unit in _solid()) or (is_piece and per_unit == ""):
        return scaled
    if unit in SERVINGS:
        note = "" if per_unit in ("", *SERVINGS) else f"one {unit} is taken for the {per:g} {per_unit} of the label"
        return Times(taken.number, taken.low, taken.high, note)
    if unit in VOLUMES and per_unit in VOLUMES:
        factor = factor_to(per_unit, unit)
        return Times(scaled.number * factor, scaled.low * factor, scaled.high * factor)
    if per_unit == "" and unit in _DROPS:
        note = f"the label does not say how many {unit}s hold the dose"
        return Times(UNKNOWN, 0.0, scaled.high, note)
    if per_unit == "":
        return None if unit in (*VOLUMES, *DOSE_UNITS) else scaled
    if is_piece and per_unit in SERVINGS:
        note = f"the label is per {per_unit}, and how many pieces that is it does not say"
        return Times(UNKNOWN, 0.0, scaled.high, note)
    return None
