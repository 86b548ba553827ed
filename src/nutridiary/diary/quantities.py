"""How much: numbers as people write them, and a number with its unit, at a place in a text.

Nothing here knows whether the text is an amount cell or the name of a food: `amounts` and `food_text`
decide what a quantity found at a place means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

from nutridiary.units import canonical_unit, convert, unit_kind

_FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4}

# Lengths are bounded: no amount has sixteen digits, and a hostile cell may have ten thousand.
_GROUPED = r"\d{1,3}(?:(?:[.,']\d{3}){1,4}|(?: 000){1,3})(?:[.,]\d{1,9})?(?!\d)"
_PLAIN = r"\d{1,15}(?:[.,]\d{1,15})?|[.,]\d{1,15}"
_NUMBER = re.compile(
    r"(?P<whole>\d{1,6})(?: | ?- ?)(?P<over>\d{1,3}) ?/ ?(?P<under>\d{1,3})(?!\d)"
    r"|(?P<top>\d{1,3}) ?/ ?(?P<bottom>\d{1,3})(?!\d)"
    rf"|(?P<digits>{_GROUPED}|{_PLAIN})"
)
_WORD = "|".join(_WORDS)
_COUNT_WORD = re.compile(
    rf"(?:(?P<and_whole>{_WORD}|\d{{1,3}})\s+and\s+(?:a|one)\s+(?P<and_part>half|third|quarter)"
    rf"|(?P<half_dozen>half\s+a\s+dozen)|(?:(?P<dozens>{_WORD}|\d{{1,3}})\s+)?(?P<dozen>dozen)"
    r"|(?P<parts>two|three)[\s-]+(?P<part_of>thirds|quarters)(?:\s+of)?(?:\s+an?)?"
    r"|(?:(?:a|one)[\s-]+)?(?P<part>half|third|quarter)(?:\s+of)?(?:\s+(?:an?|the))?"
    rf"|(?P<couple>a\s+couple(?:\s+of)?)|(?P<word>{_WORD}))(?=\s|$)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:[~≈]|(?:about|approx(?:imately)?|around|roughly|circa|ca|nearly|almost|c(?=\.?\s*\d))\b\.?)\s*", re.IGNORECASE
)
_LESS = re.compile(r"less than\s+|(?:under|below|<)\s*(?=\d)", re.IGNORECASE)
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\bor\b|\bbis\b)\s*", re.IGNORECASE)
_TIMES = re.compile(r"\s*[x×*@]\s*(?=[\d.,~½¼¾⅓⅔])", re.IGNORECASE)
_AND = re.compile(r"\s*(?:\+|&|,|\band\b|\bplus\b)?\s*(?=\d)", re.IGNORECASE)
_SIZED = re.compile(r"[- ]sized?\b", re.IGNORECASE)
_EACH_OF = re.compile(r"\s*(?:of|à|@|at)\s*(?=\d)", re.IGNORECASE)
# What may stand right after a number that is no amount: a share, a size, an ordinal, a part of a word.
_NOT_AN_AMOUNT = re.compile(
    r"\s*(?:%|\"|″|''|inch|in\.\s|cm\b|mm\b|°|st\b|nd\b|rd\b|th\b)|-[^\W\d]|/|:\d|[.,]?\d", re.IGNORECASE
)
_UNIT_WORD = re.compile(r"[^\W\d_]+(?:\([a-z]{1,3}\))?\.?", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """A number, perhaps with a unit, found at a place in a text.

    Attributes
    ----------
    amount : float
        How many `unit`; the middle of a stated range.
    low, high : float or None
        The ends of a stated range.
    unit : str or None
        Canonical unit, None for a bare count.
    size : str
        Size word beside the unit: "large" in "2 large slices".
    unit_text : str
        The unit as written.
    end : int
        Where the quantity ends in the text.
    notes : tuple of str
        What was assumed.
    """

    amount: float
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    size: str = ""
    unit_text: str = ""
    end: int = 0
    notes: tuple[str, ...] = ()

    def times(self, factor: float) -> Quantity:
        """Return `factor` times this quantity."""
        scaled = [None if end is None else end * factor for end in (self.low, self.high)]
        return replace(self, amount=self.amount * factor, low=scaled[0], high=scaled[1])


def tidy(text: str) -> str:
    """Return `text` with one space between words and its fraction signs spelled out.

    Examples
    --------
    >>> tidy(" 1½  cups ")
    '1 1/2 cups'
    """
    for sign, spelled in _FRACTIONS.items():
        if sign in text:
            text = text.replace(sign, f" {spelled} ")
    return " ".join(text.replace("⁄", "/").split())


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return which mark, "." or ",", is the decimal one in a column, or None where nothing decides.

    "1,5" and "1.234,5" speak for the comma, "1.5" and "1,234.5" for the point; "1,500" says nothing.

    Examples
    --------
    >>> decimal_mark(["1,500 g", "2,5 dl"])
    ','
    >>> decimal_mark(["1,500 g"]) is None
    True
    """
    seen = set()
    for text in texts:
        for match in re.finditer(r"\d*[.,]\d[\d.,]*", text):
            digits = match.group().rstrip(".,")
            marks = [sign for sign in digits if sign in ".,"]
            last = digits.rpartition(marks[-1])[2] if marks else ""
            if not marks:
                continue
            if len(set(marks)) == 2 or (len(marks) == 1 and (len(last) != 3 or digits.startswith("0"))):
                seen.add(marks[-1])
            elif len(marks) > 1:
                seen.add("," if marks[0] == "." else ".")
    return seen.pop() if len(seen) == 1 else None


def _digits(text: str, decimal: str | None) -> tuple[float, tuple[str, ...]]:
    """Return the value of digits with points and commas, and what had to be assumed."""
    text = text.replace("'", "").replace(" ", "")
    marks = [sign for sign in text if sign in ".,"]
    if not marks:
        return float(text), ()
    last = marks[-1]
    thousands = re.fullmatch(rf"\d{{1,3}}(?:\{marks[0]}\d{{3}})+", text) is not None and not text.startswith("0")
    if len(set(marks)) == 2:
        other = "." if last == "," else ","
        return float(text.replace(other, "").replace(last, ".")), ()
    if not thousands:
        return float(text.replace(",", ".")) if len(marks) == 1 else float("nan"), ()
    if len(marks) > 1 or (decimal is not None and last != decimal):
        return float(text.replace(last, "")), ()
    if decimal == last or last == ".":
        return float(text.replace(",", ".")), ()
    value = float(text.replace(",", ""))
    return value, (f'"{text}" read as {value:.0f}: the comma taken for a thousands mark',)


def _number(text: str, start: int, decimal: str | None) -> Quantity | None:
    """Return the single number at `start`, in figures or words."""
    counted = _COUNT_WORD.match(text, start)
    if counted and (counted["and_whole"] or counted["dozens"]):
        return _count_word(counted)  # "1 and a half", "2 dozen"
    match = _NUMBER.match(text, start)
    if match:
        if match["digits"]:
            value, notes = _digits(match["digits"], decimal)
            return Quantity(value, end=match.end(), notes=notes) if isfinite(value) else None
        if match["top"] and int(match["top"]) > int(match["bottom"]) > 8:
            return None  # "80/20" is a share of lean and fat, not four of it
        whole, over, under = match["whole"] or 0, match["over"] or match["top"], match["under"] or match["bottom"]
        return Quantity(int(whole) + int(over) / int(under), end=match.end()) if int(under) else None
    return None if counted is None else _count_word(counted)


def _count_word(match: re.Match[str]) -> Quantity:
    def counted(word: str | None) -> float:
        return 1.0 if word is None else float(word) if word.isdigit() else float(_WORDS[word.lower()])

    notes: tuple[str, ...] = ()
    if match["and_part"]:
        value = counted(match["and_whole"]) + _PARTS[match["and_part"].lower()]
    elif match["half_dozen"]:
        value = 6.0
    elif match["dozen"]:
        value = 12.0 * counted(match["dozens"])
    elif match["parts"]:
        value = counted(match["parts"]) * _PARTS[match["part_of"].lower().removesuffix("s")]
    elif match["part"]:
        value = _PARTS[match["part"].lower()]
    elif match["couple"]:
        value, notes = 2.0, ('"a couple" read as 2',)
    else:
        value = counted(match["word"])
    return Quantity(value, end=match.end(), notes=notes)


def number_at(text: str, start: int = 0, decimal: str | None = None) -> Quantity | None:
    """Return the number or range of numbers at `start`, without its unit, or None.

    Parameters
    ----------
    text : str
        Text that went through `tidy`.
    start : int
        Where to look.
    decimal : {".", ","}, optional
        The decimal mark of the column, from `decimal_mark`.

    Returns
    -------
    Quantity or None

    Examples
    --------
    >>> number_at("1-2 slices")
    Quantity(amount=1.5, low=1.0, high=2.0, unit=None, size='', unit_text='', end=3, notes=())
    >>> number_at("7-up") is None
    True
    >>> less = number_at("less than 2 ounces")
    >>> less.low, less.amount, less.high
    (0.0, 1.0, 2.0)
    """
    less = _LESS.match(text, start)
    if less:
        return _less_than(_number(text, less.end(), decimal), text)
    about = _ABOUT.match(text, start)
    first = _number(text, about.end() if about else start, decimal)
    if first is None:
        return None
    low = high = None
    joint = _TO.match(text, first.end)
    second = _number(text, joint.end(), decimal) if joint else None
    if second and second.amount > first.amount:
        low, high = first.amount, second.amount
        first = Quantity((low + high) / 2, low, high, end=second.end, notes=first.notes + second.notes)
    if _NOT_AN_AMOUNT.match(text, first.end):
        return None
    if about:
        first = replace(first, notes=(*first.notes, "amount said to be approximate"))
    return first


def _less_than(limit: Quantity | None, text: str) -> Quantity | None:
    """Read "less than 2" as the middle of nothing and 2, which is how 24-hour recalls code such answers."""
    if limit is None or _NOT_AN_AMOUNT.match(text, limit.end):
        return None
    note = f"less than {limit.amount:g}: half of it is taken, and anything from 0 on is possible"
    return Quantity(limit.amount / 2, 0.0, limit.amount, end=limit.end, notes=(*limit.notes, note))


def _unit_at(text: str, start: int) -> tuple[str, str, int] | None:
    """Return (canonical unit, as written, end) of the longest unit at `start`."""
    words = []
    place = start
    for _ in range(3):
        match = _UNIT_WORD.match(text, place)
        if match is None:
            break
        words.append(match)
        place = match.end() + (1 if text[match.end() : match.end() + 1] in (" ", "-") else 0)
    for word in reversed(words):
        # "c." before a comma or a word keeps its dot; a sentence's full stop is not part of the unit.
        written = text[start : word.end()]
        unit = canonical_unit(written)
        if unit and not text[word.end() : word.end() + 1].isdigit():
            return unit, written, word.end()
    return None


def measure_at(text: str, start: int = 0, decimal: str | None = None) -> Quantity | None:
    """Return the number at `start` with the unit after it, multiplied out; None where there is no number.

    Parameters
    ----------
    text, start, decimal
        As for `number_at`.

    Returns
    -------
    Quantity or None
        `unit` is None where no unit follows the number.

    Examples
    --------
    >>> [(q.amount, q.unit) for q in map(measure_at, ("2 x 30 g", "100 g x 2", "1 lb 4 oz", "2 large slices"))]
    [(60.0, 'g'), (200.0, 'g'), (20.0, 'oz'), (2.0, 'slice')]
    """
    found = number_at(text, start, decimal)
    if found is None:
        return None
    place = found.end
    times = _TIMES.match(text, place)
    inner = measure_at(text, times.end(), decimal) if times else None
    if inner is None and text[place : place + 1] == " " and text[place + 1 : place + 2].isdigit():
        size = number_at(text, place + 1, decimal)  # "2 330 ml cans"
        inner = _with_unit(text, size) if size else None
        inner = inner if inner and unit_kind(inner.unit) in ("mass", "volume") else None
    if inner:
        return replace(inner.times(found.amount), notes=found.notes + inner.notes)
    return _more(text, _with_unit(text, found), decimal)


def _with_unit(text: str, found: Quantity) -> Quantity:
    place = found.end + (text[found.end : found.end + 1] == " ")
    unit = _unit_at(text, place)
    if unit is None:
        return found
    name, written, end = unit
    size = ""
    after = _unit_at(text, end + 1) if text[end : end + 1] == " " else None
    if unit_kind(name) == "size" and after and unit_kind(after[0]) in ("count", "container") and after[0] != "each":
        size, (name, written, end) = name, after
    elif unit_kind(name) in ("mass", "volume") and after and unit_kind(after[0]) == "container":
        size, end = after[0], after[2]  # "12 oz can"
    sized = _SIZED.match(text, end) if unit_kind(name) == "size" else None
    return replace(found, unit=name, size=size, unit_text=written, end=sized.end() if sized else end)


def _more(text: str, found: Quantity, decimal: str | None) -> Quantity:
    """Take in what may follow a measure: "x 2", "4 oz" after pounds, "of 330 ml" after cans."""
    times = _TIMES.match(text, found.end)
    factor = number_at(text, times.end(), decimal) if times and found.unit else None
    if factor:
        return replace(found.times(factor.amount), end=factor.end)
    kind = unit_kind(found.unit)
    joint = _TO.match(text, found.end) if found.unit and found.low is None else None
    upper = number_at(text, joint.end(), decimal) if joint else None
    upper = _with_unit(text, upper) if upper else None
    if upper and upper.unit == found.unit and upper.amount > found.amount:  # "100 g - 150 g"
        return replace(upper, amount=(found.amount + upper.amount) / 2, low=found.amount, high=upper.amount)
    if kind in ("mass", "volume"):
        joint = _AND.match(text, found.end)
        second = number_at(text, joint.end(), decimal) if joint else None
        second = _with_unit(text, second) if second else None
        if second and second.unit and second.unit != found.unit and unit_kind(second.unit) == kind:
            total = convert(found.amount, found.unit or "", second.unit) + second.amount
            return Quantity(
                round(total, 9), unit=second.unit, unit_text=second.unit_text, end=second.end, notes=found.notes
            )
    elif kind == "container":
        joint = _EACH_OF.match(text, found.end)
        each = measure_at(text, joint.end(), decimal) if joint else None
        if each and unit_kind(each.unit) in ("mass", "volume"):
            return replace(each.times(found.amount), size=found.unit or "", notes=found.notes)
    return found
