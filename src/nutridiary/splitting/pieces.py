"""Where a line may be cut, by its words alone.

A piece is what stands between two joints ("and", "with", a comma ...). Joints inside brackets or a phrase
of `joined_foods.csv`, before a negation and after "made" or "cooked" are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from nutridiary.diary.amounts import Amount
from nutridiary.diary.food_text import split_food
from nutridiary.splitting.joined_foods import all_kept, load_joined_foods, names_one_of, says_how, says_which

LONGEST_LINE = 300  # [characters] a longer text is a story: the reader takes no amounts out of it either
MOST_PIECES = 12  # a line of more is left whole

_JOINT = re.compile(
    r"(?P<list>\s*(?:[;\n]|\s\+(?=\s)|\+(?=\s))\s*(?:(?:and|plus|with)\s+)?"
    r"|\s*,?\s+(?:plus|then|as well as|followed by)\s+)"
    r"|(?P<and>\s*,?\s+and\s+|\s+&\s+|(?<=\w\w)&(?=\w\w))"
    r"|(?P<with>\s*,?\s+(?:(?:topped|served|spread|along|together|eaten)\s+)?"
    r"(?:with|w\s?/(?!\s?o\b)|w(?=\s)|alongside)\s*(?<=[\s/]))"
    r"|(?P<on>\s+on\s+(?:top of\s+)?)"
    r"|(?P<comma>\s*,\s+|(?<=[^\W\d]),(?=[^\W\d]))",
    re.IGNORECASE,
)
# What comes after these is inside the food, or a medium it lies in.
_INSIDE = re.compile(
    r"\b(?:made|cooked|prepared|fried|mixed|stuffed|filled|covered|coated|sweetened|flavou?red|packed|enriched|fortified"
    r"|seasoned|baked|roasted|marinated|dusted|sprinkled|glazed|infused|ready|canned|blended)$",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"(?:no|not|without|w\s?/\s?o|non|zero|minus|hold|less|low|reduced|\w+[ -]free)\b", re.IGNORECASE)
_SAYS_WHERE = re.compile(r"(?:on|in|from|of|for|as|by|at|made|ready|style|type)\b", re.IGNORECASE)
_MAKER = re.compile(r"[^\W\d_]+\s+(?:&|and)\s+[^\W\d_]+['’]s\b")  # Ben & Jerry's
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_HAS_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Piece:
    """A stretch of a line between two joints.

    Attributes
    ----------
    line : str
        The whole line.
    start, end : int
        Where the piece stands in it.
    joint : str
        What joins it to the piece before: list, and, with, on, comma; empty for the first.
    """

    line: str
    start: int
    end: int
    joint: str = ""

    @property
    def text(self) -> str:
        """The piece as written."""
        return self.line[self.start : self.end]

    @cached_property
    def amount(self) -> Amount:
        """What the piece says of its amount; `rest` is its food."""
        found = split_food(self.text)
        return Amount(rest=self.text, note=found.note) if found.problem else found

    @property
    def food(self) -> str:
        """The piece without its amount."""
        return self.amount.rest or self.text

    @property
    def has_amount(self) -> bool:
        """Whether the piece states how much."""
        return bool(self.amount.text)

    def joined(self, later: Piece) -> Piece:
        """Return this piece and a later one as one, with what joins them."""
        return Piece(self.line, self.start, later.end, self.joint)


def has_joint(text: str) -> bool:
    """Whether a text might name several foods; cheap, for all lines of a diary.

    Examples
    --------
    >>> has_joint("toast with butter"), has_joint("banana"), has_joint("avocado toast")
    (True, False, True)
    """
    if len(text) > LONGEST_LINE:
        return False
    text = _single_spaced(text)
    return _JOINT.search(text) is not None or load_joined_foods().whole.search(text) is not None


def _single_spaced(text: str) -> str:
    """Return a text with single spaces: long runs of them would make the search for joints slow."""
    return re.sub(r"\s+", lambda run: "\n" if "\n" in run[0] else " ", text)


def read_pieces(line: str) -> list[Piece]:
    """Return the pieces of a line, in order; one piece where no joint may be cut.

    Examples
    --------
    >>> [piece.text for piece in read_pieces("2 eggs, bacon (2 rashers, grilled) and toast with no butter")]
    ['2 eggs', 'bacon (2 rashers, grilled)', 'toast with no butter']
    >>> [piece.text for piece in read_pieces("salt & vinegar crisps")]
    ['salt & vinegar crisps']
    """
    line = _single_spaced(line.strip()) if len(line) <= LONGEST_LINE else line
    if not line or len(line) > LONGEST_LINE:
        return [Piece(line, 0, len(line))]
    pieces = [Piece(line, 0, len(line))]
    closed = _closed(line)
    for found in _JOINT.finditer(line):
        joint = found.lastgroup or ""
        if any(found.start() < end and start < found.end() for start, end in closed):
            continue
        last = pieces[-1]
        before = Piece(line, last.start, found.start(), last.joint)
        after = Piece(line, found.end(), len(line), joint)
        if _cuts(before, after):
            pieces[-1:] = [before, after]
    return pieces if len(pieces) <= MOST_PIECES else [Piece(line, 0, len(line))]


def _closed(line: str) -> list[tuple[int, int]]:
    """Return the stretches of a line that are never cut."""
    closed = (_BRACKETS, _MAKER, load_joined_foods().whole)
    return [found.span() for pattern in closed for found in pattern.finditer(line)]


def _cuts(before: Piece, after: Piece) -> bool:
    """Whether the words on both sides of a joint allow a cut."""
    nearest = _next_piece(after)
    if not _HAS_WORD.search(before.text) or not _HAS_WORD.search(nearest) or _NEGATED.match(after.text):
        return False
    if all_kept(_BRACKETS.sub("", nearest)) or (after.joint == "and" and all_kept(before.text)):
        return False
    if after.joint == "comma" and _goes_on(nearest, after.line):
        return False
    if after.joint == "with" and _INSIDE.search(before.text):
        return False
    return after.joint != "on" or names_one_of(nearest, "under")


def _goes_on(piece: str, line: str) -> bool:
    """Whether what follows a comma goes on describing: "canned in water", "chocolate", a list of kinds with "or".

    Names of products have a capital behind each comma ("Protein Shake, Chocolate"); lists by hand rarely do.
    An amount of its own tells a food all the same.
    """
    if says_how(piece) or says_which(piece) or _SAYS_WHERE.match(piece):
        return True
    if split_food(piece).text:
        return False
    return piece[:1].isupper() or _OR.search(_BRACKETS.sub("", line)) is not None


def _next_piece(after: Piece) -> str:
    """Return the text up to the next joint."""
    found = _JOINT.search(after.text)
    return after.text[: found.start()] if found and found.start() else after.text


def merged(pieces: list[Piece], place: int) -> list[Piece]:
    """Return the pieces with the one at `place` joined to the one before it; the first to the next.

    Examples
    --------
    >>> [piece.text for piece in merged(read_pieces("fish and rice; tea"), 1)]
    ['fish and rice', 'tea']
    """
    first = max(place - 1, 0)
    return [*pieces[:first], pieces[first].joined(pieces[first + 1]), *pieces[first + 2 :]]
