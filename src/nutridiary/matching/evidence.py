"""What speaks for and against each food a text might mean.

Every kind of evidence is a number per candidate; its contribution to the score is that number times a
learned weight (`data/matching_weights.json`), so a score can always be taken apart again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.matching.index import GROUPS
from nutridiary.matching.words import contradicting, cooking_words, group_of, split_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nutridiary.matching.index import Index

EVIDENCE = (
    "written words the food lacks",
    "first of the written words the food lacks",
    "written preparation it lacks",
    "written level it lacks",
    "written preparation this name lacks",
    "written level this name lacks",
    "written plain or regular it lacks",
    "written place it lacks",
    "all written words found among its names",
    "its own words not written",
    "share of its words not written",
    "its preparation not written",
    "its fat, sugar or salt level not written",
    "its place not written",
    "family name not written",
    "head word not found",
    "its head word not written",
    "head words differ",
    "words in the same order",
    "exactly this name",
    "another name for it",
    "how often it is eaten",
    "Standard Reference food",
    "Foundation food",
    "core nutrients missing",
    "not further specified",
    "not further specified, as the text",
    "how often its kind is eaten",
    "not further specified, as the text says",
    "different preparation",
    "the opposite was written",
    "spelling corrected",
)
CANDIDATE_NAMES = 150  # names that are looked at closely
_SCALE = 10.0  # a rare word weighs about 9
_CONTENT, _STATE, _LEVEL, _PLACE, _FILLER, _FAMILY, _AMOUNT, _DEFAULT = range(len(GROUPS))


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


def read_query(text: str, index: Index) -> Query:
    """Return a plain text as stems of `index`, spelling corrected where a word is known to nobody."""
    found = split_words(text)
    unknown_weight = float(index.stem_weight.max())
    parts: dict[int, tuple[float, int, float]] = {}
    unknown: list[str] = []
    head = -2 if not found.head else -1
    read = leading = 0
    for word, pieces, similarity in _known_words(found.words, index):
        for piece in pieces:
            number = index.stem_number(piece)
            if number is None:
                unknown.append(word)
                parts[-1 - len(unknown)] = (unknown_weight, GROUPS.index(group_of(word)), 1.0)
                continue
            parts.setdefault(number, (float(index.stem_weight[number]), int(index.stem_group[number]), similarity))
            if word == found.head or word.endswith(found.head or "\0"):
                head = number
        read += 1 if word in found.words else 2  # two words written apart that are one
        leading = len(parts) if read <= found.leading else leading
    return Query(
        numbers=tuple(max(number, -1) for number in parts),
        weights=tuple(part[0] for part in parts.values()),
        groups=tuple(part[1] for part in parts.values()),
        similarity=tuple(part[2] for part in parts.values()),
        head=head,
        unknown=tuple(unknown),
        opposites=tuple(
            number
            for word in found.words
            for opposite in contradicting(word)
            if (number := index.words.get(opposite)) is not None and number not in parts
        ),
        cooked=index.words.get("cooked", -2) if cooking_words() & set(found.words) else -2,
        leading=leading,
        not_specified=found.not_specified,
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
        elif index.stem_number(word) is not None or not word.isalpha():
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


def candidate_names(query: Query, index: Index, *, without: int = -1) -> NDArray[np.int64]:
    """Return the names worth a close look, a few words in common.

    Parameters
    ----------
    query : Query
    index : Index
    without : int, optional
        A name to leave out: learning asks for a food by a name the index then must not know.
    """
    import numpy as np

    matched = np.zeros(len(index.name_food), dtype=np.float32)
    for number, weight, similarity, group in zip(
        query.numbers, query.weights, query.similarity, query.groups, strict=True
    ):
        if number >= 0 and group not in (_FILLER, _AMOUNT):
            matched[index.names_with(number)] += weight * similarity * (1.0 if group in (_CONTENT, _FAMILY) else 0.4)
    if without >= 0:
        matched[without] = 0
    names = np.flatnonzero(matched)
    if len(names) > CANDIDATE_NAMES:
        own = index.name_weight[names, _CONTENT]
        rough = 1.6 * matched[names] - 0.35 * own + 0.4 * index.log_share[index.name_food[names]]
        best = np.argpartition(-rough, CANDIDATE_NAMES)[:CANDIDATE_NAMES]
        names = np.sort(names[best])
    return names


def evidence(query: Query, names: NDArray[np.int64], index: Index) -> NDArray[np.float64]:
    """Return how much of each kind of evidence each name has.

    Parameters
    ----------
    query : Query
    names : array of int
        Candidate names.
    index : Index

    Returns
    -------
    array, names x `EVIDENCE`
        Amounts, before they are weighted. [-]
    """
    import numpy as np

    foods = index.name_food[names]
    rows = index.name_words[names]
    numbers = np.array(query.numbers, dtype=np.int16)
    weights = np.array(query.weights)
    groups = np.array(query.groups)
    similarity = np.array(query.similarity)
    known = np.where(numbers < 0, np.int16(-9), numbers)
    where = rows[:, :, None] == known[None, None, :]
    hit = where.any(axis=1)
    food_hit = _food_hits(query, foods, index)
    if query.cooked >= 0:  # "steamed" is found in a name that says no more than "cooked"
        any_way = (rows == query.cooked).any(axis=1) & ~np.isin(rows, index.cooking).any(axis=1)
        hit |= any_way[:, None] & np.isin(known, index.cooking)
        food_hit |= any_way[:, None] & np.isin(known, index.cooking)

    def lacking(found: NDArray[np.bool_], *of: int) -> NDArray[np.float64]:
        asked = np.isin(groups[: found.shape[1]], of)
        return np.asarray(~found[:, asked] @ weights[: found.shape[1]][asked] / _SCALE)

    family_leads = index.name_weight[names, _FAMILY] > 0
    own = _not_written(index.name_weight[names].astype(float), hit, weights, groups) / _SCALE
    content_own = index.name_weight[names, _CONTENT] / _SCALE
    lacks = lacking(hit, _CONTENT, _FAMILY)
    head = index.name_head[names]
    head_group = np.where(head >= 0, index.stem_group[head], _FILLER)
    names_food = (head_group == _CONTENT) | ((head_group == _FAMILY) & ~family_leads)
    exact, alias = (lacks == 0) & (own[:, _CONTENT] < 1e-6), index.name_alias[names]
    nothing_more = index.name_nfs[names] & exact & (lacking(hit, _STATE, _LEVEL, _PLACE) == 0)
    shared = hit[:, groups == _STATE].any(axis=1) | (rows == query.cooked).any(axis=1)
    different = bool((groups == _STATE).any()) & ~shared & (index.name_weight[names, _STATE] > 0)
    own[shared, _STATE] = 0.0  # "baked, broiled, or roasted" are one preparation
    differ = (query.head >= 0) & (head >= 0) & (head != query.head) & ~family_leads
    pairs = _pairs_in_order(rows, known)
    kind = index.data_type[foods]
    columns = [
        -lacking(food_hit, _CONTENT, _FAMILY),
        -lacking(food_hit[:, : query.leading], _CONTENT, _FAMILY),
        -lacking(food_hit, _STATE),
        -lacking(food_hit, _LEVEL),
        -lacking(hit, _STATE),
        -lacking(hit, _LEVEL),
        -lacking(food_hit, _DEFAULT),
        -lacking(food_hit, _PLACE),
        lacking(food_hit, _CONTENT, _FAMILY) == 0,
        -own[:, _CONTENT],
        -own[:, _CONTENT] / np.maximum(content_own, 0.1),
        -own[:, _STATE],
        -own[:, _LEVEL],
        -own[:, _PLACE],
        -own[:, _FAMILY],
        -1.0 * ((query.head >= -1) & ~(rows == (query.head if query.head >= 0 else -9)).any(axis=1)),
        -(names_food & ~np.isin(head, known)).astype(float),
        -differ.astype(float),
        pairs,
        exact & ~alias,
        alias,
        index.log_share[foods] / _SCALE,
        kind == 2,
        kind == 1,
        -index.core_missing[foods] / 5.0,
        index.name_nfs[names],
        nothing_more,
        nothing_more * index.log_kind_share[foods] / _SCALE,
        index.name_nfs[names] & query.not_specified,
        -different.astype(float),
        -(rows[:, :, None] == np.array(query.opposites, dtype=np.int16)).any(axis=1).sum(axis=1).astype(float),
        -(hit * (weights * (1 - similarity))[None, :]).sum(axis=1),
    ]
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def _not_written(
    own: NDArray[np.float64], hit: NDArray[np.bool_], weights: NDArray[np.float64], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the weight of each name's words that were not written, per group."""
    import numpy as np

    membership = np.zeros((len(weights), len(GROUPS)))
    membership[np.arange(len(weights)), groups] = weights
    written = hit @ membership
    in_content = own[:, _FAMILY] == 0  # a family word that does not lead the name counts as content there
    written[in_content, _CONTENT] += written[in_content, _FAMILY]
    return np.maximum(own - written, 0)


def _food_hits(query: Query, foods: NDArray[np.int32], index: Index) -> NDArray[np.bool_]:
    """Whether each written word stands in any name of each food."""
    import numpy as np

    hits = np.zeros((len(foods), len(query.numbers)), dtype=bool)
    holds = np.zeros(len(index.fdc_id), dtype=bool)
    for column, number in enumerate(query.numbers):
        if number >= 0:
            having = index.foods_with(number)
            holds[having] = True
            hits[:, column] = holds[foods]
            holds[having] = False
    return hits


def _pairs_in_order(rows: NDArray[np.int16], written: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the share of neighbouring written words that are neighbours in each name."""
    import numpy as np

    if len(written) < 2:
        return np.zeros(len(rows))
    first, second = written[:-1], written[1:]
    together = (rows[:, :-1, None] == first) & (rows[:, 1:, None] == second)
    return np.asarray(together.any(axis=1).mean(axis=1))
