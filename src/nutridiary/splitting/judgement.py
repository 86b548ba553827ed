"""Whether a line is cut, judged by the foods that its pieces and the whole would be.

The whole wins where one food is called all that the line says. Otherwise each piece must stand on its
own; one that does not belongs to the piece before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nutridiary.diary.supplement_lines import supplement_sign
from nutridiary.matching.evidence import EVIDENCE
from nutridiary.matching.index import GROUPS
from nutridiary.matching.ranking import Ranking, load_index, load_weights, rank_line
from nutridiary.matching.synonyms import alias_of, in_our_words
from nutridiary.matching.words import plain_text, split_words
from nutridiary.splitting.joined_foods import foods_said_in_one, names_one_of
from nutridiary.splitting.pieces import Piece, merged, read_pieces
from nutridiary.units import unit_kind

if TYPE_CHECKING:
    from nutridiary.foods import FoodData

# A comma may also stand before what kind of food it is, so that more is asked of what follows it.
STANDS = 0.5
# The best foods among which one may be called all that a line says.
BEST = 4
# Counted, these are food; behind a comma they are how much of what was named: "peaches, 2 halves".
_SHARES = ("half", "order", "row", "meal", "recipe", "patty", "link", "cube", "ball")
_TOAST = re.compile(r"\btoast$", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|with|in|on)\b|&|/")
_EXACT, _OTHER_HEAD = EVIDENCE.index("exactly this name"), EVIDENCE.index("its head word not written")
_MEASURED = ("mass", "volume", "count", "container")
_NAMING = frozenset({GROUPS.index("content"), GROUPS.index("family")})
_TELLING = _NAMING | {GROUPS.index("state")}


@dataclass(frozen=True)
class Verdict:
    """What matching says of one text.

    Attributes
    ----------
    alias : bool
        Whether a curated synonym decides the whole text.
    ranking : Ranking or None
        The foods it might mean; None where no food shares a word with it, or a synonym decides.
    """

    alias: bool
    ranking: Ranking | None

    @cached_property
    def score(self) -> float:
        """Match score of the best food; 0 where there is none. [0-1]"""
        if self.alias:
            return 1.0
        return float(self.ranking.scores[0]) if self.ranking is not None else 0.0


class Judge:
    """Asks matching about texts, each text once.

    Parameters
    ----------
    foods : FoodData
    supplements : bool, optional
        Let a supplement stand on its own as well.
    """

    def __init__(self, foods: FoodData, *, supplements: bool = False) -> None:  # noqa: D107
        self._foods = foods
        self._supplements = supplements
        self._index = load_index(foods)
        self._weights = load_weights()
        self._verdicts: dict[str, Verdict] = {}
        self._names: dict[int, list[str]] = {}
        self._descriptions: frozenset[str] | None = None

    def verdict(self, text: str) -> Verdict:
        """Return what matching says of a text."""
        if text not in self._verdicts:
            alias = alias_of(text) in self._index.row_of_id or (self._supplements and bool(supplement_sign(text)))
            ranking = None if alias else rank_line(text, self._index, self._weights)[0]
            self._verdicts[text] = Verdict(alias, ranking)
        return self._verdicts[text]

    def stands(self, text: str, *, strict: bool = False) -> bool:
        """Whether a text is a food of its own: matched well, by the word that names it.

        Parameters
        ----------
        text : str
        strict : bool, optional
            Ask that the food has every word of the text, and that the text has the word that names the food:
            "yellow" is what onions are.
        """
        if self._fits(text, strict):
            return True
        head = split_words(in_our_words(text)).head
        return not strict and head != text and self._fits(head, strict=True)

    def _fits(self, text: str, strict: bool) -> bool:
        """Whether a text is matched well as it stands."""
        found = self.verdict(text)
        if found.alias:
            return True
        ranking = found.ranking
        least = STANDS if strict else self._weights.least
        if ranking is None or found.score < least or not _names_a_food(ranking):
            return False
        if strict and ranking.contributions[0, _OTHER_HEAD] < 0:
            return False
        if len(ranking.missing) > 1:  # a maker's meal
            return False
        head = ranking.query.head
        found_head = head == -1 or (head >= 0 and ranking.foods[0] in self._index.foods_with(head))
        return not ranking.missing or (not strict and found_head)

    def is_one_food(self, text: str, *, joined: bool = True) -> bool:
        """Whether one food is called all that a text says.

        Parameters
        ----------
        text : str
        joined : bool, optional
            Ask that its name joins words as the text does: "Crackers, cheese" are not cheese and crackers.
        """
        found = self.verdict(text)
        if found.alias:
            return True
        ranking = found.ranking
        if ranking is None:
            return False
        wanted = self._telling(text, ranking, joined)
        exact = ranking.contributions[:, _EXACT] > 0
        exact[:BEST] |= ranking.scores[:BEST] >= (STANDS if joined else self._weights.automatic)
        return any(self._called(food, wanted, joined) for food in ranking.foods[exact].tolist())

    def _telling(self, text: str, ranking: Ranking, joined: bool) -> set[int]:
        """Return the words a name must have; of a list with commas, those that only say how a food is are spared."""
        query = ranking.query
        of_groups = _TELLING if joined else _NAMING
        wanted = {
            number
            for number, group in zip(query.numbers, query.groups, strict=True)
            if group in of_groups and number >= 0
        }
        # Toast is a word for how bread is, and a food.
        named = (self._index.stem_number(word) for word in split_words(in_our_words(text)).words if alias_of(word))
        return wanted | {number for number in named if number is not None}

    def _called(self, food: int, wanted: set[int], joined: bool) -> bool:
        """Whether a name of a food has all these words, and joins words where that is asked for."""
        rows = self._index.name_words[self._index.name_food == food]
        if not any(wanted <= set(row) for row in rows.tolist()):
            return False
        return not joined or any(
            wanted <= self._numbers(name) for name in self._names_of(food) if _JOINED.search(name.lower())
        )

    def _numbers(self, name: str) -> set[int | None]:
        words = split_words(plain_text(name)).words
        return {self._index.stem_number(word) for word in words}

    def _names_of(self, food: int) -> list[str]:
        if food not in self._names:
            fdc_id = int(self._index.fdc_id[food])
            aliases = self._foods.aliases([fdc_id])["alias"].tolist()
            self._names[food] = [self._foods.food(fdc_id)["description"], *aliases]
        return self._names[food]

    def is_name(self, text: str) -> bool:
        """Whether a text is, to the letter, what FoodData Central calls a food."""
        if self._descriptions is None:
            self._descriptions = frozenset(name.casefold() for name in self._foods.foods()["description"])
        return text.strip().casefold() in self._descriptions

    def is_kind_of(self, text: str, other: str) -> bool:
        """Whether the food of `text` is also called by the words of `other`: "cheddar" is cheese."""
        ranking = self.verdict(text).ranking
        words = self.verdict(other).ranking
        numbers = words.query.numbers if words is not None else self._stems_of(other)
        if ranking is None or not numbers:
            return False
        return all(number >= 0 and ranking.foods[0] in self._index.foods_with(number) for number in numbers)

    def _stems_of(self, text: str) -> tuple[int, ...]:
        words = split_words(in_our_words(text)).words
        return tuple(-1 if (number := self._index.stem_number(word)) is None else number for word in words)


def _names_a_food(ranking: Ranking) -> bool:
    """Whether a text has a word that names a food, not only one that says how it is."""
    query = ranking.query
    return any(number >= 0 and group in _NAMING for number, group in zip(query.numbers, query.groups, strict=True))


def judged_pieces(line: str, judge: Judge) -> list[Piece]:
    """Return the foods a line holds, as pieces of it; one piece where it is one food.

    Parameters
    ----------
    line : str
        A diary line with its amounts, as written.
    judge : Judge

    Returns
    -------
    list of Piece
    """
    pieces = _dishes(_with_their_amounts(read_pieces(line)), judge)
    if len(pieces) < 2:
        return pieces
    whole = [_all_of(pieces)]
    said = sum(piece.has_amount for piece in pieces[1:]) or _amount_behind(pieces[0])
    if (not said or _amount_at_end(pieces)) and judge.is_one_food(whole[0].food, joined=_joined_by_words(pieces)):
        return whole
    pieces = _standing(pieces, judge)
    if len(pieces) > 1 and judge.is_name(line):
        return whole
    return pieces if len(pieces) > 1 else whole


def _all_of(pieces: list[Piece]) -> Piece:
    return pieces[0].joined(pieces[-1])


def _joined_by_words(pieces: list[Piece]) -> bool:
    return any(piece.joint != "comma" for piece in pieces[1:])


def _with_their_amounts(pieces: list[Piece]) -> list[Piece]:
    """Join a piece that is nothing but an amount to the food before it: "rice, 1 cup"."""
    place = 1
    while place < len(pieces):
        said = pieces[place].amount
        is_amount = said.text and (not said.rest or (said.unit in _SHARES and said.text.endswith(said.rest)))
        pieces, place = (merged(pieces, place), place) if is_amount else (pieces, place + 1)
    return pieces


def _amount_behind(piece: Piece) -> bool:
    """Whether a piece ends with its amount: what follows "ribeye 8 oz," is another food."""
    return piece.has_amount and bool(piece.amount.rest) and not piece.text.startswith(piece.amount.text)


def _counted_behind(piece: Piece) -> bool:
    """Whether a piece ends with a number of what it names: "tomato pizza, 3 slices" counts slices of all of it."""
    return _amount_behind(piece) and unit_kind(piece.amount.unit) not in ("mass", "volume")


def _amount_at_end(pieces: list[Piece]) -> bool:
    """Whether the one amount of a line stands behind all of it: "liver and onions, 4 oz"."""
    *others, last = pieces
    behind = last.has_amount and re.search(r",\s*$", last.text.removesuffix(last.amount.text)) is not None
    return behind and not any(piece.has_amount for piece in others)


def _dishes(pieces: list[Piece], judge: Judge) -> list[Piece]:
    """Join what is inside a dish to the dish: "cheese" to "pickle sandwich", "mushrooms" to "pizza"."""
    place = 1
    while place < len(pieces):
        before, piece = pieces[place - 1], pieces[place]
        if _filling(pieces, place) or (
            (not piece.has_amount or _counted_behind(piece)) and _in_name(before, piece, judge)
        ):
            pieces = merged(pieces, place)
        else:
            place += 1
    return pieces


def _filling(pieces: list[Piece], place: int) -> bool:
    """Whether a piece is said to be inside the dish before it."""
    before, piece = pieces[place - 1], pieces[place]
    if piece.joint == "on":
        return names_one_of(before.text, "filled")
    if _TOAST.search(before.food):
        return False  # bread with raisins has them inside, toast with anything has it on top
    first = before.text if piece.joint == "with" else ""
    if piece.joint in ("and", "comma") and re.search(r"\bwith\b|\bw\s?/", before.text):
        first = before.text  # what follows the first filling is a filling too
    if not first or not names_one_of(first, "filled"):
        return False
    if names_one_of(piece.food, "spread") and names_one_of(first, "sandwich"):
        return True  # mayonnaise is beside the fries, but inside the sandwich
    return not names_one_of(piece.food, "aside")


def _in_name(before: Piece, piece: Piece, judge: Judge) -> bool:
    """Whether a dish says before its name what is inside, and `before` is that."""
    words = split_words(in_our_words(piece.food)).words
    if piece.joint != "and" or len(words) < 2:
        return False
    if any(names_one_of(before.food, rule, as_written=True) for rule in ("named", "flavored", "outside", "drink")):
        return False
    if names_one_of(piece.food, "named"):
        return True
    if not names_one_of(piece.food, "flavored"):
        return False
    with_first = f"{before.food} {words[-1]}"
    return judge.is_one_food(with_first, joined=False) or not judge.is_one_food(piece.food, joined=False)


def _standing(pieces: list[Piece], judge: Judge) -> list[Piece]:
    """Join what is no food of its own to the piece before it, until each piece is one."""
    place = 0
    while len(pieces) > 1 and place < len(pieces):
        piece = pieces[place]
        listed = "list" in {piece.joint, pieces[min(place + 1, len(pieces) - 1)].joint}
        listed = listed or sum(other.has_amount for other in pieces[:place]) > 1
        if _own_food(piece, pieces[:place], judge, listed=listed):
            place += 1
        else:
            pieces = merged(pieces, place)
            place = max(place - 1, 0)
    return pieces


def _own_food(piece: Piece, before: list[Piece], judge: Judge, *, listed: bool) -> bool:
    """Whether a piece is a food of its own; `listed` tells that the line is a list of foods."""
    if piece.has_amount and not piece.amount.rest:
        return False
    if len(foods_said_in_one(piece.food)) > 1:
        return True
    if piece.has_amount and unit_kind(piece.amount.unit) in _MEASURED and len(before) != 0:
        return True
    if not judge.stands(piece.food, strict=piece.joint == "comma" and not piece.has_amount):
        unknown = judge.verdict(piece.food).ranking is None and piece.joint != "comma"
        # A food nobody knows is a food, where the line says so.
        return unknown or listed or (piece.has_amount and unit_kind(piece.amount.unit) in _MEASURED)
    if piece.joint != "comma" or piece.has_amount:
        return True
    if "," in piece.food:  # "wholewheat, cooked" goes on describing
        return False
    return not any(judge.is_kind_of(piece.food, other.food) for other in before)
