"""Lengths that tell how large a thing is: the 8 inches of an 8-inch pizza, the 3" of an apple.

A length is used where both the diary line and portions of the food state one. Then the portion whose range holds
the line's is meant, and no other size stands in for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.portions.words import MOST_TEXTS, Request, vocabulary

if TYPE_CHECKING:
    from nutridiary.portions.food import Food, Portion

INCH = 2.54  # [cm] by definition: NIST Special Publication 811, appendix B
FOOT = 12.0  # [inch]
LONGEST = 100.0  # [inch] what is longer is no food on a plate, but a slip
# A length this near to a portion's is that portion's: 2-2/3" and the 2-3/5" of a medium tomato are one size, and
# FNDDS's pizzas of 11-12" and 13-15" leave no gap.
TOLERANCE = 0.05

# What weighs twice as much at twice the length. SR Legacy has submarines of 6 and of 12 inches: 190 and 381 g, 237 and
# 474 g, 228 and 457 g.
BY_LENGTH = frozenset({"submarine"})

_NUMBER = r"(?:\d+[\s-]+\d+/\d+|\d+/\d+|\d+(?:\.\d+)?)"
# A bare "in" after a space is the preposition, unless what follows says that a length is meant.
_UNIT = (
    r"(?:[\"”″]|''|[\s-]?inch(?:es)?\b|in\b(?!-)|\s?in\.(?=\s|\)|$)|\s?in(?=\s+(?:dia|long))|\s?cm\b|[\s-]?centimet\w+)"
)
_LENGTH = re.compile(
    rf"(?<![\w\"”″/.])(?P<low>{_NUMBER})(?:{_UNIT})?\s*(?:-|–|to)\s*(?P<high>(?!\d+/\d){_NUMBER})(?P<unit>{_UNIT})"
    rf"|(?<![\w\"”″/.])(?P<one>{_NUMBER})(?P<its_unit>{_UNIT})"
)
_FOOT = re.compile(r"\bfoot[ -]?long\b", re.IGNORECASE)
_ONE = re.compile(r"^\s*(?:(?:1|an?|one)\s+)?")
# Sides of something with several, the whole that a piece is cut from, and how thick or fat a thing is.
_NOT_BEFORE = re.compile(r"(?:\d\s*of(?: one)?|\bx|\bby)\s*$")
_NOT_AFTER = re.compile(
    r"\s*-?\s*(?:(?:x|by)\b|\)?\s*(?:thick|fat|trim|cube|chunk|dice|piece|slice|strip|stack|wedge|square|sq\b|pan\b|high|wide|base))"
)


class Length(NamedTuple):
    """From `low` to `high` [inch]; `text` is how it is written."""

    low: float
    high: float
    text: str

    def holds(self, other: Length) -> bool:
        """Whether the two lengths meet."""
        return other.low <= self.high * (1 + TOLERANCE) and other.high >= self.low * (1 - TOLERANCE)

    def distance(self, other: Length) -> float:
        """How far apart the two are, 0 where they overlap. [inch]"""
        return max(0.0, other.low - self.high, self.low - other.high)


@lru_cache(maxsize=8 * MOST_TEXTS)
def stated_length(text: str) -> Length | None:
    """Return the one length that a text states of a whole thing; None where it states none, or several.

    Parameters
    ----------
    text : str
        A portion of the tables, an amount or a food as written.

    Returns
    -------
    Length or None

    Examples
    --------
    >>> stated_length("8-inch pizza"), stated_length('1.00 medium - 3 1/2" dia')
    (Length(low=8.0, high=8.0, text='8-inch'), Length(low=3.5, high=3.5, text='3 1/2"'))
    >>> stated_length('small pizza (8-10" diameter)')
    Length(low=8.0, high=10.0, text='8-10"')
    >>> [stated_length(text) for text in ('bar (3" x 2")', 'piece (1/8 of 9" dia)', 'ham, 1/4" thick', "3 in 1 coffee")]
    [None, None, None, None]
    """
    text = text.casefold()
    lengths = []
    for found in _LENGTH.finditer(text):
        if _NOT_BEFORE.search(text[: found.start()]) or _NOT_AFTER.match(text, found.end()):
            return None
        unit = found["unit"] or found["its_unit"]
        times = 1 / INCH if "c" in unit.replace("inch", "") else 1.0
        low = _number(found["low"] or found["one"]) * times
        high = _number(found["high"]) * times if found["high"] else low
        lengths.append(Length(min(low, high), max(low, high), found[0].strip()))
    if not lengths and (foot := _FOOT.search(text)):
        lengths.append(Length(FOOT, FOOT, foot[0]))
    return lengths[0] if len(lengths) == 1 and 0 < lengths[0].low <= lengths[0].high <= LONGEST else None


def first_length(*texts: object) -> str:
    """Return the length that the first of `texts` to state one states, as written; "" where none does."""
    lengths = (stated_length(text) for text in texts if isinstance(text, str))
    return next((length.text for length in lengths if length), "")


def _number(written: str) -> float:
    """Return the number of "3", "3.5", "1/2" and "3-1/2"; 0 where it has none ("1/0")."""
    total = 0.0
    for part in re.split(r"[\s-]+", written):
        above, _, below = part.partition("/")
        if below and not int(below):
            return 0.0
        total += int(above) / int(below) if below else float(above)
    return total


def begins_with_length(text: str) -> bool:
    """Whether a food text is one thing and begins with its length: "8 inch pizza".

    Examples
    --------
    >>> [begins_with_length(text) for text in ("8 inch pizza", 'a 6" sub', "footlong sub", "10-inch wraps", "pizza")]
    [True, True, True, False, False]
    """
    length = stated_length(text)
    if length is None:
        return False
    start = _ONE.sub("", text.casefold())
    return start.startswith(length.text) and not text.rstrip().endswith("s")


def with_length(food: Food) -> list[tuple[Portion, Length]]:
    """Return the portions of a food that are wholes of a stated length, with it."""
    known = vocabulary()
    no_whole = known.parts | known.packs | {"piece"}
    return [
        (portion, length)
        for portion in food.own
        if portion.words.measure is None
        and portion.words.nouns.isdisjoint(no_whole)
        and (length := stated_length(portion.description))
    ]


def in_proportion(request: Request, food: Food) -> tuple[Portion, float] | None:
    """Return a portion that is sold by its length, and how many times as long the line's is."""
    for portion, length in with_length(food) if request.length else []:
        if request.length and portion.words.nouns & BY_LENGTH and length.low == length.high:
            return portion, (request.length.low + request.length.high) / 2 / length.low
    return None


def of_length(request: Request, food: Food) -> list[Portion] | None:
    """Return the portions that are as long as the line says; None where line or food state no length.

    An empty list says that the food's portions are of other lengths. Of several that hold it those nearest are taken.
    """
    stated = with_length(food) if request.length else []
    if not stated or request.length is None:
        return [] if request.length and request.only_by_length else None
    holding = [(portion, length) for portion, length in stated if length.holds(request.length)]
    nearest = min((length.distance(request.length) for _, length in holding), default=0.0)
    return [portion for portion, length in holding if length.distance(request.length) <= nearest]


def counts_wholes(request: Request) -> bool:
    """Whether a line counts things whose own length it states, not pieces or containers of them."""
    known = vocabulary()
    return (known.parts | known.packs | known.servings | {"piece"}).isdisjoint(request.nouns)
