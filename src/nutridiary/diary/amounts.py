"""The amount cell of a diary: "1 1/2 cups", "2 x 30 g", "1,5 dl", "1 can (330 ml)", "a handful".

Nothing is defaulted: a blank cell is a missing amount, and a cell that cannot be read is a problem with
words. What had to be assumed is a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from nutridiary.diary.quantities import Quantity, decimal_mark, measure_at, tidy
from nutridiary.units import canonical_unit, factor_to, unit_kind, unit_spellings

__all__ = ["Amount", "decimal_mark", "implausible", "parse_amount"]

MISSING = float("nan")
# Above these an amount is a slip of the pen, not a meal.
MOST_GRAMS, MOST_MILLILITRES, MOST_SERVINGS = 10_000.0, 10_000.0, 100.0
_LONGEST = 200

_VAGUE = re.compile(
    r"(?:(?:some|a few|few|several|a bit|bit|a little|little|lots|a lot|plenty|loads)(?: of\b.*)?|to taste|as needed|"
    r"\?+|-+|–|n/?a|unknown|not sure|don'?t know|nan)\.?$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[]\s*([^()\[\]]*?)\s*[)\]]")
_EACH = re.compile(r"\s*,?\s*\b(?:each|ea|per piece|per item|apiece)\b\.?", re.IGNORECASE)
_OF = re.compile(r"\s*(?:\bof\b(?:\s+(?:the|an?)\b)?|[,;:–-])\s*", re.IGNORECASE)
_NEGATIVE = re.compile(r"[-−–]\s*\d")
_AFTER_A_NUMBER = re.compile(r"$|[\s,;:(\[–—-]|\.(?=\s|$)")
_TRAILING_TIMES = re.compile(r"^\s*[x×](?=\s|$)", re.IGNORECASE)
_LEADING_TIMES = re.compile(r"^[x×]\s*(?=\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """What an amount text says.

    Attributes
    ----------
    amount : float
        How many `unit`; the middle of a stated range; NaN where none is stated.
    low, high : float
        Ends of a stated range; NaN where none is stated.
    unit : str or None
        Canonical unit, None for a bare count.
    size : str
        Size word beside the unit: "small" in "2 small slices".
    rest : str
        What follows the amount: the food in "2 slices toast", "chopped" in "1 cup, chopped".
    text : str
        The part that was read as amount and unit, as written.
    note : str
        What was assumed, empty where nothing was.
    problem : str
        Why the amount cannot be used, empty where it can.
    """

    amount: float = MISSING
    low: float = MISSING
    high: float = MISSING
    unit: str | None = None
    rest: str = ""
    text: str = ""
    note: str = ""
    problem: str = ""
    size: str = ""

    @property
    def counted(self) -> str | None:
        """What is counted, its size included: "small slice"; None for a bare count."""
        return f"{self.size} {self.unit}" if self.size else self.unit


def unit_and_size(counted: str | None) -> tuple[str | None, str]:
    """Return the unit and the size in what is counted.

    Examples
    --------
    >>> unit_and_size("small slice"), unit_and_size("small"), unit_and_size("fl oz")
    (('slice', 'small'), ('small', ''), ('fl oz', ''))
    """
    size, _, unit = (counted or "").partition(" ")
    return (unit, size) if unit and unit_kind(size) == "size" else (counted, "")


@lru_cache(maxsize=50_000)
def parse_amount(text: str, *, decimal: str | None = None) -> Amount:
    """Read an amount cell.

    Parameters
    ----------
    text : str
        The cell.
    decimal : {".", ","}, optional
        Decimal mark of the column (`decimal_mark`), for "1,500". Without it a comma before three digits is
        taken for a thousands mark, with a note.

    Returns
    -------
    Amount
        Never raises; what cannot be read has a `problem`.

    Examples
    --------
    >>> parsed = parse_amount("1 1/2 cups")
    >>> parsed.amount, parsed.unit
    (1.5, 'cup')
    >>> parsed = parse_amount("1 cup (240 g)")
    >>> parsed.amount, parsed.unit, parsed.note
    (240.0, 'g', '1 cup: the weight in brackets, 240 g, is used')
    >>> parse_amount("-2").problem
    'the amount "-2" is negative'
    """
    text = text.strip()
    shown = text if len(text) <= 60 else f"{text[:60]}..."
    if not text:
        return Amount()
    if _VAGUE.fullmatch(text):
        return Amount(text=text, note=f'amount written as "{shown}": unknown')
    if len(text) > _LONGEST:
        return Amount(text=text, problem=f'cannot read the amount "{shown}": it is {len(text)} characters long')
    clean = tidy(text)
    if _NEGATIVE.match(clean):
        return Amount(text=text, problem=f'the amount "{shown}" is negative')
    clean = _LEADING_TIMES.sub("", clean, count=1)
    found = measure_at(clean, 0, decimal)
    if found is None:
        return replace(_bare_unit(clean, shown), text=text)
    found, rest = with_bracket(clean, found, decimal)
    amount = as_amount(found)
    rest = _TRAILING_TIMES.sub("", rest, count=1)
    if found.unit is None and not _AFTER_A_NUMBER.match(rest):  # "1e5", "1..2"
        return replace(_unreadable(shown), text=text)
    rest = rest.removeprefix(_of(rest)).strip(" .")
    return replace(amount, rest=rest, text=text, problem=implausible(amount.amount, amount.unit, shown))


def with_bracket(text: str, found: Quantity, decimal: str | None) -> tuple[Quantity, str]:
    """Return the quantity after a weight or volume in brackets has had its say, and the text behind.

    A weight in brackets wins over any other unit, a volume over household words. "each", and any size of
    one container, is multiplied by the count.
    """
    rest = text[found.end :]
    bracket = _BRACKET.match(rest)
    inside = measure_at(bracket[1], 0, decimal) if bracket else None
    kind = unit_kind(inside.unit) if inside else None
    if bracket is None or inside is None or kind not in ("mass", "volume"):
        each = _EACH.match(rest)
        return found, rest[each.end() :] if each else rest
    if unit_kind(found.unit) == "mass" or (kind == "volume" and unit_kind(found.unit) == "volume"):
        return found, rest[bracket.end() :]
    said = f"{text[: found.end].strip()}: the {'weight' if kind == 'mass' else 'volume'} in brackets, {bracket[1]}"
    behind = rest[bracket.end() :]
    each = _EACH.match(bracket[1], inside.end) or _EACH.match(behind)
    # "2 cans (330 ml)", "2 (30 g) slices" and "2 slice (30 g)" name the size of one; "2 slices (60 g)" what both weigh.
    singular = (found.unit is None and behind.strip()) or found.unit_text.lower() == found.unit
    if each or (found.amount != 1 and unit_kind(found.unit) == "container") or (found.amount > 1 and singular):
        inside = inside.times(found.amount)
        said += ", is taken for each one"
    else:
        said += ", is used"
    if each and each.string == behind:
        behind = behind[each.end() :]
    return replace(inside, notes=(*found.notes, *inside.notes, said)), behind


def as_amount(found: Quantity) -> Amount:
    """Return a quantity as an `Amount`; "each" is a bare count."""
    low, high = (MISSING if end is None else round(end, 9) for end in (found.low, found.high))
    unit = None if found.unit == "each" else found.unit
    size = found.size if unit and unit_kind(found.size) == "size" else ""
    return Amount(round(found.amount, 9), low, high, unit=unit, note="; ".join(found.notes), size=size)


def implausible(amount: float, unit: str | None, shown: str) -> str:
    """Return why an amount cannot be eaten, or nothing.

    Parameters
    ----------
    amount : float
        How many `unit`.
    unit : str or None
        Canonical unit.
    shown : str
        The amount as written, for the message.

    Returns
    -------
    str

    Examples
    --------
    >>> implausible(200, None, "200")
    'the amount "200" has no unit: 200 of what? Write for example "200 g" or "200 ml"'
    >>> implausible(200, "g", "200 g")
    ''
    """
    kind = unit_kind(unit)
    if amount == 0:
        return f'the amount "{shown}" is zero'
    if kind == "mass" and amount * (factor_to("g", unit) if unit else 1) > MOST_GRAMS:
        return f'the amount "{shown}" is more than 10 kg of one food'
    if kind == "volume" and amount * (factor_to("ml", unit) if unit else 1) > MOST_MILLILITRES:
        return f'the amount "{shown}" is more than 10 litres of one food'
    if kind in ("mass", "volume", "energy", "international unit") or not amount > MOST_SERVINGS:
        return ""
    if unit is None:
        return (
            f'the amount "{shown}" has no unit: {amount:g} of what? Write for example "{amount:g} g" or "{amount:g} ml"'
        )
    return f'the amount "{shown}" is more than {MOST_SERVINGS:.0f} of "{unit}"'


def misspelt_unit(word: str) -> str:
    """Return the words for a unit that is nearly one we know, or nothing where it is just another word.

    Examples
    --------
    >>> misspelt_unit("cpus")
    "unknown unit 'cpus'. Did you mean 'cups'?"
    >>> misspelt_unit("floret")
    ''
    """
    if len(word) < 3 or canonical_unit(word):
        return ""
    from rapidfuzz.distance import OSA  # one slip: a letter wrong, missing, too many, or two swapped

    folded = word.lower()
    for known in _common_units():
        for spelling in (known, f"{known}s"):
            if OSA.distance(folded, spelling, score_cutoff=1) == 1:
                return f"unknown unit '{word}'. Did you mean '{spelling}'?"
    return ""


@cache
def _common_units() -> list[str]:
    """Return the spellings a slip is likely meant for; the rarer ones are too near to words of their own."""
    everyday = ("slice", "piece", "serving", "portion", "handful", "bottle", "glass")
    return [
        spelling
        for spelling, row in unit_spellings().items()
        if len(spelling) > 2 and (row.kind in ("mass", "volume") or row.unit in everyday)
    ]


def _of(text: str) -> str:
    """Return what joins an amount and its food at the start of `text`: "of the", a comma, a dash."""
    match = _OF.match(text)
    return match.group() if match else ""


def _unreadable(shown: str) -> Amount:
    return Amount(
        problem=f'cannot read the amount "{shown}". Write a number and a unit, for example "2 slices" or "150 g"'
    )


def _bare_unit(text: str, shown: str) -> Amount:
    """Read a cell that holds a unit and no number: one "handful" is one, "slices" are an unknown number."""
    head, _, rest = text.partition(" of ")
    unit = canonical_unit(head)
    if unit is None:
        return _unreadable(shown)
    if unit_kind(unit) not in ("mass", "volume", "energy", "international unit") and head.lower() != f"{unit}s":
        return Amount(1.0, unit=unit, rest=rest, note=f'"{shown}" read as one {unit}')
    if unit in ("cup", "pint") and head.lower() == unit:
        return Amount(1.0, unit=unit, rest=rest, note=f'"{shown}" read as one {unit}')
    return Amount(unit=unit, rest=rest, note=f'"{shown}" has no number: the amount is unknown')
