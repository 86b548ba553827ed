"""What speaks for and against each food a text might mean.

Every kind of evidence is a number per candidate; its contribution to the score is that number times a
learned weight (`data/matching_weights.json`), so a score can always be taken apart again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.matching.index import CORE_NUTRIENTS, DATA_TYPES, GROUPS
from nutridiary.matching.query import NO_KIND

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nutridiary.matching.index import Index
    from nutridiary.matching.query import Query

EVIDENCE = (
    "written words the food lacks",
    "first of the written words the food lacks",
    "written preparation it lacks",
    "written level it lacks",
    "a level was written that it lacks",
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
    "only its kind found",
    "its size or container not written",
    "written as bought and it is not",
)
CANDIDATE_NAMES = 150  # names that are looked at closely
_SCALE = 10.0  # a rare word weighs about 9
_CONTENT, _STATE, _LEVEL, _PLACE, _FILLER, _FAMILY, _AMOUNT, _DEFAULT = range(len(GROUPS))


def candidate_names(
    query: Query, index: Index, *, without: int = -1, among: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Return the names worth a close look, a few words in common.

    Parameters
    ----------
    query : Query
    index : Index
    without : int, optional
        A name to leave out: learning asks for a food by a name the index then must not know.
    among : array of bool, optional
        Which foods come into question; all by default.
    """
    import numpy as np

    matched = np.zeros(len(index.name_food), dtype=np.float32)
    for number, weight, similarity, group in zip(
        query.numbers, query.weights, query.similarity, query.groups, strict=True
    ):
        if number >= 0 and group not in (_FILLER, _AMOUNT):
            matched[index.names_with(number)] += weight * similarity * (1.0 if group in (_CONTENT, _FAMILY) else 0.4)
    for kind in set(query.kinds) - {NO_KIND}:
        matched[index.names_with(kind)] += 0.8 * index.stem_weight[kind]
    if without >= 0:
        matched[without] = 0
    if among is not None:
        matched[~among[index.name_food]] = 0
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

    view = _compare(query, names, index)
    amounts = {
        **_what_it_lacks(view, query),
        **_what_was_not_written(view),
        **_how_it_is_named(view, query),
        **_what_it_is(view, query),
    }
    return np.column_stack([np.asarray(amounts[kind], dtype=float) for kind in EVIDENCE])


@dataclass(frozen=True, eq=False)
class _View:
    """A text beside its candidate names: names x written words, or one value a name or a word."""

    index: Index
    names: NDArray[np.int64]
    foods: NDArray[np.int32]
    rows: NDArray[np.int16]  # the words of each name
    known: NDArray[np.int16]  # the written words, -9 where no food has them
    weights: NDArray[np.float64]
    groups: NDArray[np.int64]
    similarity: NDArray[np.float64]
    hit: NDArray[np.bool_]  # the name has the written word
    food_hit: NDArray[np.bool_]  # any name of its food has it
    kind_only: NDArray[np.bool_]  # they have only the kind of food the word names
    own: NDArray[np.float64]  # names x groups of words: weight of its words that were not written
    same_state: NDArray[np.bool_]  # a written preparation is one of the name's

    def lacking(self, found: NDArray[np.bool_], *groups: int) -> NDArray[np.float64]:
        """Return the weight of the written words of these groups that were not found."""
        import numpy as np

        asked = [place for place, group in enumerate(self.groups[: found.shape[1]].tolist()) if group in groups]
        if not asked:
            return np.zeros(len(found))
        return np.asarray(~found[:, asked] @ self.weights[asked] / _SCALE)

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Whether name and text have the same content words."""
        import numpy as np

        same = (self.lacking(self.hit, _CONTENT, _FAMILY) == 0) & (self.own[:, _CONTENT] < 1e-6)
        return np.asarray(same & (self.lacking(self.food_hit, _LEVEL) == 0))


def _compare(query: Query, names: NDArray[np.int64], index: Index) -> _View:
    import numpy as np

    foods, rows = index.name_food[names], index.name_words[names]
    numbers, groups = np.array(query.numbers, dtype=np.int16), np.array(query.groups)
    weights = np.array(query.weights)
    known = np.where(numbers < 0, np.int16(-9), numbers)
    hit = (rows[:, :, None] == known[None, None, :]).any(axis=1)
    food_hit = _food_hits(query, foods, index)
    if query.cooked >= 0:  # "steamed" is found in a name that says no more than "cooked"
        any_way = (rows == query.cooked).any(axis=1) & ~np.isin(rows, index.cooking).any(axis=1)
        hit |= any_way[:, None] & np.isin(known, index.cooking)
        food_hit |= any_way[:, None] & np.isin(known, index.cooking)
    if query.as_bought:  # "uncooked" is found in a name that says "raw" or "dry"
        as_bought = np.asarray(np.isin(rows, index.as_bought).any(axis=1))
        hit |= as_bought[:, None] & np.isin(known, index.as_bought)
        food_hit |= as_bought[:, None] & np.isin(known, index.as_bought)
    own = _not_written(index.name_weight[names].astype(float), hit, weights, groups) / _SCALE
    same_state = hit[:, groups == _STATE].any(axis=1) | (rows == query.cooked).any(axis=1)
    own[same_state, _STATE] = 0.0  # "baked, broiled, or roasted" are one preparation
    kinds = np.array(query.kinds, dtype=np.int16)
    kind_only = np.zeros_like(hit)
    if (kinds != NO_KIND).any():  # "penne" is found in a name that says no more than "pasta"
        own, kind_only = _found_by_kind(own, rows, hit, food_hit, kinds, index)
        hit, food_hit, known = hit | kind_only, food_hit | kind_only, np.concatenate([known, kinds])
    similarity = np.array(query.similarity)
    return _View(
        index, names, foods, rows, known, weights, groups, similarity, hit, food_hit, kind_only, own, same_state
    )


def _found_by_kind(
    own: NDArray[np.float64],
    rows: NDArray[np.int16],
    hit: NDArray[np.bool_],
    food_hit: NDArray[np.bool_],
    kinds: NDArray[np.int16],
    index: Index,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return what is left of the own words, and the written words of which only the kind is found."""
    import numpy as np

    has_kind = (rows[:, :, None] == kinds[None, None, :]).any(axis=1) & (kinds != NO_KIND)
    kind_only = has_kind & ~hit & ~food_hit
    written = (kind_only @ np.where(kinds == NO_KIND, 0.0, index.stem_weight[kinds])) / _SCALE
    own = own.copy()
    own[:, _CONTENT] = np.maximum(own[:, _CONTENT] - written, 0.0)
    return own, kind_only


def _what_it_lacks(view: _View, query: Query) -> dict[str, NDArray[Any]]:
    """Return what was written and is not in the name, or in no name of the food."""
    import numpy as np

    hit, food_hit, groups = view.hit, view.food_hit, view.groups
    prepared = view.index.name_weight[view.names, _STATE] > 0
    opposite = (view.rows[:, :, None] == np.array(query.opposites, dtype=np.int16)).any(axis=1).sum(axis=1)
    lacked = view.lacking(food_hit, _CONTENT, _FAMILY)
    return {
        "written words the food lacks": -lacked,
        "first of the written words the food lacks": -view.lacking(food_hit[:, : query.leading], _CONTENT, _FAMILY),
        "written preparation it lacks": -view.lacking(food_hit, _STATE),
        "written level it lacks": -view.lacking(food_hit, _LEVEL),
        "a level was written that it lacks": -1.0 * (view.lacking(food_hit, _LEVEL) > 0),
        "written preparation this name lacks": -view.lacking(hit, _STATE),
        "written level this name lacks": -view.lacking(hit, _LEVEL),
        "written plain or regular it lacks": -view.lacking(food_hit, _DEFAULT),
        "written place it lacks": -view.lacking(food_hit, _PLACE),
        "all written words found among its names": lacked == 0,
        "different preparation": -1.0 * (bool((groups == _STATE).any()) & ~view.same_state & prepared),
        "the opposite was written": -1.0 * opposite,
        "only its kind found": -(view.kind_only @ view.weights) / _SCALE,
        "written as bought and it is not": -1.0 * _not_as_bought(view, query),
        "spelling corrected": -(hit * (view.weights * (1 - view.similarity))[None, :]).sum(axis=1),
    }


def _not_as_bought(view: _View, query: Query) -> NDArray[np.bool_]:
    """Return the names that do not say so where the text says that the food was weighed dry or raw."""
    import numpy as np

    if not query.as_bought:
        return np.zeros(len(view.rows), dtype=bool)
    return np.asarray(~np.isin(view.rows, view.index.as_bought).any(axis=1))


def _what_was_not_written(view: _View) -> dict[str, NDArray[Any]]:
    """Return the name's own words that the text does not have."""
    import numpy as np

    content = view.index.name_weight[view.names, _CONTENT] / _SCALE
    return {
        "its own words not written": -view.own[:, _CONTENT],
        "share of its words not written": -view.own[:, _CONTENT] / np.maximum(content, 0.1),
        "its preparation not written": -view.own[:, _STATE],
        "its fat, sugar or salt level not written": -view.own[:, _LEVEL],
        "its place not written": -view.own[:, _PLACE],
        "family name not written": -view.own[:, _FAMILY],
        "its size or container not written": -view.own[:, _AMOUNT],
    }


def _how_it_is_named(view: _View, query: Query) -> dict[str, NDArray[Any]]:
    """Return how head words, order and the kind of name agree."""
    import numpy as np

    index, alias = view.index, view.index.name_alias[view.names]
    family_leads = index.name_weight[view.names, _FAMILY] > 0
    head = index.name_head[view.names]
    head_group = np.where(head >= 0, index.stem_group[head], _FILLER)
    tells = (head_group == _CONTENT) | ((head_group == _FAMILY) & ~family_leads)
    heads = _heads(query)
    has_head = _is_one_of(view.rows, heads).any(axis=1)
    differ = (query.head >= 0) & (head >= 0) & ~_is_one_of(head, heads) & ~family_leads
    return {
        "head word not found": -1.0 * ((query.head >= -1) & ~has_head),
        "its head word not written": -1.0 * (tells & ~_is_one_of(head, view.known.tolist())),
        "head words differ": -1.0 * differ,
        "words in the same order": _pairs_in_order(view.rows, view.known[: len(query.numbers)]),
        "exactly this name": view.exact & ~alias,
        "another name for it": alias,
    }


def _is_one_of(stems: NDArray[np.int16], few: list[int]) -> NDArray[np.bool_]:
    """Whether each stem is one of a few; much quicker than `numpy.isin` for so few."""
    import numpy as np

    found = np.zeros(stems.shape, dtype=bool)
    for number in few:
        found |= stems == number
    return found


def _heads(query: Query) -> list[int]:
    """Return the stems that a name may have for head of the text: its own and that of its kind."""
    kinds = [kind for number, kind in zip(query.numbers, query.kinds, strict=True) if number == query.head != NO_KIND]
    return [number for number in (query.head, *kinds) if number >= 0] or [NO_KIND]


def _what_it_is(view: _View, query: Query) -> dict[str, NDArray[Any]]:
    """Return what is known about the food whatever was written, and about foods not further specified."""
    index, foods = view.index, view.foods
    not_specified = index.name_nfs[view.names]
    nothing_more = not_specified & view.exact & (view.lacking(view.hit, _STATE, _LEVEL, _PLACE) == 0)
    data_type = index.data_type[foods]
    return {
        "how often it is eaten": index.log_share[foods] / _SCALE,
        "Standard Reference food": data_type == DATA_TYPES.index("sr_legacy_food"),
        "Foundation food": data_type == DATA_TYPES.index("foundation_food"),
        "core nutrients missing": -index.core_missing[foods] / len(CORE_NUTRIENTS),
        "not further specified": not_specified,
        "not further specified, as the text": nothing_more,
        "how often its kind is eaten": nothing_more * index.log_kind_share[foods] / _SCALE,
        "not further specified, as the text says": not_specified & query.not_specified,
    }


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
