"""From the tokens of a label to its items: names of nutrients, doses, counts, and what joins them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from nutridiary.supplements.vocabulary import Token, Word, forms, phrase_at, tokens_of

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_POINTED_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
# In these spellings of international units a point groups thousands: "2.000 IE".
_POINTED_UNITS = ("ie", "ui")
_SIGNS = {
    "(": "open", "[": "open", "{": "open", ")": "close", "]": "close", "}": "close",
    "+": "and", "&": "and", "/": "slash", ":": "slash", "|": "slash", "%": "percent", "-": "dash", "–": "dash",
    ",": "comma", ";": "comma", "=": "as",
}  # fmt: skip


class Measure(NamedTuple):
    """A number, or a range of numbers, with its unit."""

    amount: float
    low: float
    high: float
    unit: str


@dataclass
class Item:
    """A piece of a label: `kind` says which; a name has its nutrient, a dose or count its measure.

    Kinds: name (of a nutrient), other (another substance), salt, dose, count ("2 tablets", "5 ml"), piece,
    number, elemental, antacid, filler, word (unknown), and the joints and, as, of, per, comma, slash, dash, open,
    close, percent.
    """

    kind: str
    start: int
    end: int
    nutrient: str = ""
    form: str = ""
    is_compound: bool = False
    measure: Measure | None = None
    equivalent: str = ""
    meaning: str = ""
    units: tuple[Word, ...] = field(default=())


def items_of(text: str) -> list[Item]:
    """Return what stands in a label, in order.

    Examples
    --------
    >>> [item.kind for item in items_of("Calcium carbonate 500 mg + D3 400 IU per 2 tablets")]
    ['name', 'dose', 'and', 'name', 'dose', 'per', 'count']
    """
    tokens = tokens_of(text)
    items: list[Item] = []
    place = 0
    while place < len(tokens):
        item, place = _item_at(tokens, place)
        items.append(item)
    return _join_salts(_keep_true_letters(_share_unit(items)))


def _item_at(tokens: list[Token], place: int) -> tuple[Item, int]:
    token = tokens[place]
    found = phrase_at(tokens, place)
    if found and (not token.text[-1].isdecimal() or found[1] > place + 1):
        return _word_item(tokens, place, *found)
    if token.text[-1].isdecimal():
        return _number_item(tokens, place)
    return Item(_SIGNS.get(token.text, "word"), token.start, token.end), place + 1


def _word_item(tokens: list[Token], place: int, words: tuple[Word, ...], end: int) -> tuple[Item, int]:
    start, stop = tokens[place].start, tokens[end - 1].end
    letters = tuple(word for word in words if word.kind == "letter")
    word = next((word for word in words if word.kind not in ("letter", "dose unit")), None)
    if word is None:
        # A unit without a number before it is a word, unless it is also a symbol: "Mg 400 mg".
        return Item("letter" if letters else "word", start, stop, units=letters), end
    if word.kind == "nutrient":
        compound = (word.meaning, word.form) in forms()
        return Item("name", start, stop, word.meaning, word.form, is_compound=compound), end
    if word.kind == "number":
        number = float(word.meaning)
        plain = Item("number", start, stop, measure=Measure(number, number, number, ""), units=letters), end
        return _counted(tokens, place, end, Measure(number, number, number, "")) or plain
    return Item(word.kind, start, stop, meaning=word.meaning, units=letters), end


def read_number(text: str, unit_text: str = "") -> float | None:
    """Return the value of digits with points and commas, or None.

    Examples
    --------
    >>> [read_number(text) for text in ("1,000", "0,4", "2.5", "1.2.3")]
    [1000.0, 0.4, 2.5, None]
    >>> read_number("2.000", "IE"), read_number("2.000", "mg")
    (2000.0, 2.0)
    """
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    if _POINTED_THOUSANDS.fullmatch(text) and unit_text.lower() in _POINTED_UNITS:
        return float(text.replace(".", ""))
    if text.count(",") + text.count(".") > 1 or len(text) > 15:
        return None
    return float(text.replace(",", "."))


def _number_item(tokens: list[Token], place: int) -> tuple[Item, int]:
    end, upper = place + 1, None
    if end + 1 < len(tokens) and tokens[end].text in ("-", "–") and tokens[end + 1].text[-1].isdecimal():
        upper, end = tokens[end + 1].text, end + 2
    unit_text = tokens[end].text if end < len(tokens) else ""
    ends = [read_number(text, unit_text) for text in (tokens[place].text, upper) if text]
    plain = Item("number", tokens[place].start, tokens[place].end)
    if any(value is None for value in ends):
        return plain, place + 1
    low, high = float(ends[0] or 0), float(ends[-1] or 0)
    if high < low:
        return plain, place + 1
    measure = Measure((low + high) / 2, low, high, "")
    return _counted(tokens, place, end, measure) or (
        Item("number", plain.start, tokens[end - 1].end, measure=measure),
        end,
    )


def _counted(tokens: list[Token], place: int, end: int, measure: Measure) -> tuple[Item, int] | None:
    """Return the dose ("500 mg") or count ("2 tablets") whose number ends at `end`."""
    found = phrase_at(tokens, end) if end < len(tokens) else None
    if found is None:
        return None
    words, stop = found
    unit = next((word for word in words if word.kind in ("dose unit", "piece")), None)
    if unit is None:
        return None
    item = Item("dose" if unit.kind == "dose unit" else "count", tokens[place].start, tokens[stop - 1].end)
    item.measure = measure._replace(unit=unit.meaning)
    after = phrase_at(tokens, stop) if item.kind == "dose" and stop < len(tokens) else None
    if after and after[0][0].kind == "equivalent":
        item.equivalent, stop = after[0][0].meaning, after[1]
        item.end = tokens[stop - 1].end
    return item, stop


def _share_unit(items: list[Item]) -> list[Item]:
    """Give the numbers of "333/133/5 mg" the unit of the last."""
    for place in range(len(items) - 3, -1, -1):
        number, sign, dose = items[place : place + 3]
        if number.kind == "number" and number.measure and sign.kind == "slash" and dose.kind == "dose" and dose.measure:
            number.kind, number.measure = "dose", number.measure._replace(unit=dose.measure.unit)
    return items


def _keep_true_letters(items: list[Item]) -> list[Item]:
    """Make names of the letters that stand before a dose in one of their units, or are added to a name."""
    for place, item in enumerate(items):
        if not item.units or item.kind not in ("letter", "filler", "number"):
            continue
        after = items[place + 1] if place + 1 < len(items) else None
        unit = after.measure.unit if after and after.kind == "dose" and after.measure else ""
        meant = next((word for word in item.units if unit and unit in word.units.split()), None)
        if meant is None and item.kind == "letter" and after and after.kind == "salt":
            meant = next(
                (word for word in item.units if (word.meaning, after.meaning) in forms()), None
            )  # "Mg citrate"
        joined = place > 1 and items[place - 1].kind == "and" and items[place - 2].kind in ("name", "dose", "number")
        if meant is None and joined and item.kind == "letter" and item.end - item.start == 1:
            meant = item.units[0]
        if meant:
            item.kind, item.nutrient, item.form = "name", meant.meaning, meant.form
        elif item.kind == "letter":
            item.kind = "word"
    return items


def _join_salts(items: list[Item]) -> list[Item]:
    """Join a mineral's name and the salt right behind it: "calcium carbonate" is a compound, not calcium."""
    joined: list[Item] = []
    for item in items:
        name = joined[-1] if joined else None
        if item.kind == "salt" and name and name.kind == "name" and (name.nutrient, item.meaning) in forms():
            name.form, name.is_compound, name.end = item.meaning, True, item.end
        else:
            joined.append(item)
    return joined
