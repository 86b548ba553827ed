"""A text as the numbers of the index: its words as stems, corrected where nobody knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.matching.index import GROUPS
from nutridiary.matching.words import as_bought_words, contradicting, cooking_words, group_of, kind_of, split_words

if TYPE_CHECKING:
    from nutridiary.matching.index import Index

NO_KIND = -9
BESIDE = 0.4  # of the weight of a preparation or level said of what is beside the food: toast with *melted* cheese


@dataclass(frozen=True)
class Query:
    """A text as stems: parallel tuples, in the order written.

    Attributes
    ----------
    numbers : tuple of int
        Stem numbers; -1 for a word no food has.
    weights : tuple of float
        How much each word tells.
    groups : tuple of int
        Group of each word, a place in `index.GROUPS`.
    similarity : tuple of float
        1 for a word as written, less for a word whose spelling was corrected.
    head : int
        Stem number of the head word, -1 if it is unknown, -2 if the text has none.
    unknown : tuple of str
        The words no food has.
    opposites : tuple of int
        Stem numbers of what would contradict the text and is not written: "sugar" where it says "no sugar".
    cooked : int
        Stem number of "cooked" where the text says so in another word ("steamed"), else -2.
    leading : int
        How many of the words stand before the first comma or "with".
    not_specified : bool
        Whether the text itself says that it does not know which kind.
    kinds : tuple of int
        Stem number of the kind of food each word names ("fruit" for "strawberry"), -9 where it names none.
    as_bought : bool
        Whether the text says that the food was weighed as bought: dry, raw, uncooked.
    """

    numbers: tuple[int, ...]
    weights: tuple[float, ...]
    groups: tuple[int, ...]
    similarity: tuple[float, ...]
    head: int
    unknown: tuple[str, ...]
    opposites: tuple[int, ...]
    cooked: int
    leading: int
    not_specified: bool
    kinds: tuple[int, ...]
    as_bought: bool


class _Part(NamedTuple):
    weight: float
    group: int
    similarity: float
    kind: int


def read_query(text: str, index: Index) -> Query:
    """Return a plain text as stems of `index`, spelling corrected where a word is known to nobody."""
    found = split_words(text)
    unknown_weight = float(index.stem_weight.max())
    parts: dict[int, _Part] = {}
    unknown: list[str] = []
    head = -2 if not found.head else -1
    read = leading = 0
    beside = {word for word in found.words[found.beside :] if group_of(word) in ("state", "level")}
    for word, pieces, similarity in _known_words(found.words, index):
        for piece in pieces:
            number = index.stem_number(piece)
            kind = index.words.get(kind_of(piece) or "", NO_KIND)
            if number is None and piece.startswith("no_") and index.stem_number(piece[3:]) is not None:
                continue  # "no cheese" only contradicts names with cheese: no name says so
            if number is None:
                unknown += [word] if kind == NO_KIND else []
                parts[-2 - len(parts)] = _Part(unknown_weight, GROUPS.index(group_of(word)), 1.0, kind)
                continue
            weight = float(index.stem_weight[number]) * (BESIDE if piece in beside else 1.0)
            parts.setdefault(number, _Part(weight, int(index.stem_group[number]), similarity, kind))
            if word == found.head or word.endswith(found.head or "\0"):
                head = number
        read += 1 if word in found.words else 2  # two words written apart that are one
        leading = len(parts) if read <= found.leading else leading
    return Query(
        numbers=tuple(max(number, -1) for number in parts),
        weights=tuple(part.weight for part in parts.values()),
        groups=tuple(part.group for part in parts.values()),
        similarity=tuple(part.similarity for part in parts.values()),
        head=head,
        unknown=tuple(unknown),
        opposites=tuple(
            number
            for word in found.words
            for opposite in contradicting(word)
            if (number := index.words.get(opposite)) is not None and number not in parts
        ),
        cooked=index.words.get("cooked", -2) if (cooking_words() - {"fried"}) & set(found.words) else -2,
        leading=leading,
        not_specified=found.not_specified,
        kinds=tuple(part.kind for part in parts.values()),
        as_bought=bool(as_bought_words() & set(found.words)),
    )


def _known_words(words: tuple[str, ...], index: Index) -> list[tuple[str, tuple[str, ...], float]]:
    """Return each word with the known words it stands for and how alike they are."""
    result: list[tuple[str, tuple[str, ...], float]] = []
    skip = False
    for word, after in zip(words, (*words[1:], "")[: len(words)], strict=True):
        if skip:
            skip = False
            continue
        joined = word + after
        if after and word.isalpha() and joined in index.words and not _go_together(word, after, joined, index):
            result.append((joined, (joined,), 1.0))
            skip = True
        elif index.stem_number(word) is not None or not word.isalpha() or kind_of(word):
            result.append((word, (word,), 1.0))
        else:
            result.append((word, *(_two_words(word, index) or _respelled(word, index) or ((word,), 1.0))))
    return result


def _go_together(word: str, after: str, joined: str, index: Index) -> bool:
    """Whether more names hold both words than the two joined."""
    first, second = index.stem_number(word), index.stem_number(after)
    if first is None or second is None:
        return False
    both = set(index.names_with(first).tolist()) & set(index.names_with(second).tolist())
    return len(both) > len(index.names_with(index.words[joined]))


def _two_words(word: str, index: Index) -> tuple[tuple[str, ...], float] | None:
    for cut in range(3, len(word) - 2):
        first, second = word[:cut], word[cut:]
        if index.stem_number(first) is not None and index.stem_number(second) is not None:
            return (first, second), 1.0
    return None


def _respelled(word: str, index: Index) -> tuple[tuple[str, ...], float] | None:
    """Return the known word that is one letter away (two in a long word)."""
    if len(word) < 5 or len(word) > 30:
        return None
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    most = 1 if len(word) < 8 else 2
    found = extract(word, list(index.words), scorer=OSA.distance, score_cutoff=most, limit=8)
    alike = [(known, distance) for known, distance, _ in found if len(known) >= 4 and known[0] == word[0]]
    if not alike:
        return None
    known, distance = min(alike, key=lambda pair: (pair[1], -len(index.names_with(index.words[pair[0]])), pair[0]))
    return (known,), 1.0 - distance / len(word)
