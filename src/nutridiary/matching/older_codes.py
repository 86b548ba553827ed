"""Food codes that no table has: the food of today that the code's digits and its official description name together.

The crosswalk ends with FNDDS 2017-2018; recalls coded before that (ASA24-2016 uses FNDDS 2011-2012) carry the official
description of every code. The score of a food of FNDDS 2021-2023 is

    WORDS x likeness + RANKED x evidence + a weight per leading digit + RECORDED x what the row's own nutrients say

where likeness is that of the description and the food's nearest name, twice the weight of the words they share over
the weight of all their words, those before the first comma doubled, asked for as written and in the wording of today
(`data/fndds_wording.csv`); evidence is what speaks for the food when the description is read as any text. How the
weights were found, and how well it does, is told in docs/recalls.md.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.matching.crosswalk import load_crosswalk
from nutridiary.matching.evidence import EVIDENCE
from nutridiary.matching.index import DATA_TYPES
from nutridiary.matching.ranking import rank
from nutridiary.matching.synonyms import in_our_words
from nutridiary.matching.words import plain_text, split_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nutridiary.matching.index import Index
    from nutridiary.matching.ranking import Weights
    from nutridiary.matching.recorded_evidence import RecordedEvidence

WORDS = 16.0
"""Weight of a likeness of 1. [log-odds]"""
RANKED = 0.33
"""Weight of the evidence of `ranking.rank`."""
DIGITS = (1.5, 1.5, 1.5, 1.1, 1.1, 1.0, 1.0)
"""Weight of each further leading digit in common; the eighth counts foods apart, not what they are. [log-odds]"""
RECORDED = 0.5
"""Weight of what the recorded nutrients say."""
LEADING = 2.0
"""Weight of a word before the first comma: what the food is, before what it is like."""
ALIAS = 0.85
"""Likeness of an alias that is the description word for word: official descriptions are compared."""
LEAST_LIKENESS = 0.25
"""Likeness of the best food from which on the description names it at all."""
SAME_NAME = 0.999
"""Likeness from which a food of another release counts, too: one that is called just so."""
UNSAID = 15.0
"""How far behind the best a food is taken to be that has no evidence from its words. [log-odds]"""
CONSIDERED = 60
"""Foods whose nutrients are read."""
NEAR_DIGITS = 4
"""Leading digits that a code of 2017-2018 must share for its description to be asked."""
LAST_EDITION = "2017-2018"
"""Edition whose wording the crosswalk was made with."""
_CODE_DIGITS = 8


@dataclass(frozen=True)
class OlderCode:
    """The food of today for one older code.

    Attributes
    ----------
    food : int
        Row of the index.
    score : float
        Share of the odds on it and the foods that count the same. [0-1]
    margin : float
        That share less the best of a food that counts otherwise, 0 where that is better. [0-1]
    """

    food: int
    score: float
    margin: float


def is_food_code(code: int) -> bool:
    """Return whether a number is written as a food code of FNDDS is: eight digits, the first from 1 to 9.

    Examples
    --------
    >>> is_food_code(56112010), is_food_code(9)
    (True, False)
    """
    return len(str(code)) == _CODE_DIGITS and code > 0


@cache
def _wording() -> tuple[tuple[str, str, str], ...]:
    with data_file("fndds_wording.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["then"], row["now"], row["edition"]) for row in csv.DictReader(file))


def as_said_now(description: str) -> tuple[str, ...]:
    """Return an official description as the next edition words it and as today's does, the latter last.

    Both are asked: each edition's wording drops what the foods no longer tell, and some tell it still.

    Examples
    --------
    >>> as_said_now("White potato, boiled, without peel, fat not added in cooking")[-1]
    'potato, boiled, without peel, no added fat'
    >>> as_said_now("Chicken wing, from fast food")
    ('chicken wing, from fast food', 'chicken wing, ')
    """
    text = " ".join(description.casefold().split())
    then_said = []
    for edition in (False, True):
        for then, now, until in _wording():
            if (until == LAST_EDITION) == edition:
                text = text.replace(then, now)
        then_said.append(text)
    return tuple(then_said)


def food_of_older_code(
    description: str, code: int, index: Index, weights: Weights, recorded: RecordedEvidence | None = None
) -> OlderCode | None:
    """Return the food that an older code and its description stand for: of FNDDS 2021-2023, or called just so.

    Parameters
    ----------
    description : str
        The official description, as the recall carries it.
    code : int
        The food code.
    index, weights
        As `ranking.rank` has them.
    recorded : RecordedEvidence, optional
        What the row's own nutrient values say.

    Returns
    -------
    OlderCode or None
        None where `code` is no food code, or no food is named at all like the description.
    """
    import numpy as np

    if not is_food_code(code):
        return None
    then_said = as_said_now(description)
    alike = np.max([likeness(said, index) for said in dict.fromkeys((description.casefold(), *then_said))], axis=0)
    possible = (index.data_type == DATA_TYPES.index("survey_fndds_food")) | (alike >= SAME_NAME)
    alike = np.where(possible, np.maximum(alike, _like_former_names(then_said[0], code, index)), 0.0)
    if alike.max() < LEAST_LIKENESS:
        return None
    score = WORDS * alike + RANKED * _evidence(then_said[0], possible, index, weights) + _digits(code, index)
    score[~possible] = -np.inf
    best = np.argsort(-score, kind="stable")[:CONSIDERED]
    odds = score[best]
    if recorded is not None:
        odds = odds + RECORDED * recorded.of(best)
    return _settled(best, odds, index)


def _settled(foods: NDArray[np.integer], odds: NDArray[np.float64], index: Index) -> OlderCode:
    """Return the food with the best odds, and how sure it is."""
    import numpy as np

    order = np.argsort(-odds, kind="stable")
    foods, odds = foods[order], odds[order]
    share = np.exp(odds - odds[0])
    share /= share.sum()
    same = index.alike(foods)
    together = same @ share
    rival = float(together[~same[0]].max(initial=0.0))
    return OlderCode(int(foods[0]), float(together[0]), max(float(together[0]) - rival, 0.0))


@dataclass(frozen=True)
class _Said:
    """The words of a description: weight per stem as a number of the index, and of words that no food has."""

    weights: dict[int, float]
    unknown: float
    doubled: frozenset[int]

    @property
    def total(self) -> float:
        return self.unknown + sum(self.weights.values())


def _said(description: str, index: Index) -> _Said:
    words = [word for word in split_words(plain_text(description)).words if word != "nfs"]
    leading = frozenset(split_words(plain_text(description.split(",")[0])).words)
    numbers = {word: index.stem_number(word) for word in words}
    times = {word: LEADING if word in leading else 1.0 for word in words}
    known = {number: word for word, number in numbers.items() if number is not None}
    unknown = sum(times[word] for word, number in numbers.items() if number is None)
    return _Said(
        {number: times[word] * float(index.stem_weight[number]) for number, word in known.items()},
        unknown * float(index.stem_weight.max()),
        frozenset(number for number, word in known.items() if word in leading),
    )


def likeness(description: str, index: Index) -> NDArray[np.float64]:
    """Return how alike a description and the nearest name of each food are. [0-1]"""
    import numpy as np

    said = _said(description, index)
    shared, doubled = np.zeros(len(index.name_food)), np.zeros(len(index.name_food))
    for number, weight in said.weights.items():
        names = index.names_with(number)
        shared[names] += weight
        doubled[names] += weight * (1 - 1 / LEADING) if number in said.doubled else 0.0
    alike = 2 * shared / np.maximum(index.name_weight.sum(axis=1) + doubled + said.total, 1e-9)
    nearest = np.zeros(len(index.fdc_id))
    np.maximum.at(nearest, index.name_food, np.where(index.name_alias, ALIAS, 1.0) * alike)
    return nearest


def _like_former_names(description: str, code: int, index: Index) -> NDArray[np.float64]:
    """Return the likeness to what foods were called in 2017-2018, under a code that began as this one. [0-1]"""
    import numpy as np

    found = np.zeros(len(index.fdc_id))
    said = _said(description, index)
    rest = 10 ** (_CODE_DIGITS - NEAR_DIGITS)
    for former_code, former in load_crosswalk().items():
        near = former_code // rest == code // rest and former_code != code
        if not near or former.sure == "low" or former.how == "nearest" or former.food_code is None:
            continue
        food = index.row_of_code.get(former.food_code)
        if food is None:
            continue
        was = _said(former.old_description, index)
        shared = said.weights.keys() & was.weights.keys()
        both = sum(said.weights[number] + was.weights[number] for number in shared)
        found[food] = max(found[food], both / max(said.total + was.total, 1e-9))
    return found


def _digits(code: int, index: Index) -> NDArray[np.float64]:
    """Return what the leading digits in common with each food's code are worth. [log-odds]"""
    import numpy as np

    worth = np.zeros(len(index.food_code))
    for place, weight in enumerate(DIGITS, start=1):
        rest = 10 ** (_CODE_DIGITS - place)
        worth += weight * (index.food_code // rest == code // rest)
    return worth


def _evidence(text: str, possible: NDArray[np.bool_], index: Index, weights: Weights) -> NDArray[np.float64]:
    """Return what a text says for each food against the best, `UNSAID` at most. [log-odds, 0 or less]"""
    import numpy as np

    found = np.full(len(index.fdc_id), -UNSAID)
    ranking = rank(in_our_words(text), index, weights, among=possible)
    if ranking is not None:
        says = ranking.contributions[:, : len(EVIDENCE)].sum(axis=1)
        found[ranking.foods] = np.maximum(says - says.max(), -UNSAID)
    return found
