"""The best foods for a text, each with the reasons and how sure they make us.

The score of a food is a sum of contributions in log-odds: its evidence times the learned weights, less
what speaks for all other foods (and for "no food at all") together, brought to scale by the calibration.
Its logistic is the `match_score`, so that 0.9 means: of ten such matches about nine are right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from math import log
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import INDEX
from nutridiary.fdc.successors import is_embedded, successor_map
from nutridiary.matching.evidence import EVIDENCE, candidate_names, evidence
from nutridiary.matching.index import DATA_TYPES, GROUPS, Index, build_index, read_index
from nutridiary.matching.makers import without_maker
from nutridiary.matching.query import Query, read_query
from nutridiary.matching.synonyms import in_our_words

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from nutridiary.foods import FoodData
    from nutridiary.matching.recorded_evidence import RecordedEvidence

LIKELY = 4.0  # [log-odds] behind the best candidate
NEIGHBOURS = 40  # best candidates among which those alike in nutrients are told from rivals
NOT_READ = 1.0  # [log-odds] against a food found for only a part of the text; see docs/matching.md
COMPANY = 0.2  # how much of what foods alike in nutrients add counts for the order; see docs/matching.md
MOST_PARTS = 8  # parts of a text between commas that are read again and again
MOST_REMEMBERED = 1000  # texts, some 20 kB each
ALIKE, RIVALS, START = "others alike in nutrients", "what else it could be", "starting point"
RECORDED = "nutrients the diary recorded"
_KINDS = (*EVIDENCE, ALIKE, RIVALS, START, RECORDED)


@dataclass(frozen=True)
class Weights:
    """What was learned: see `data/matching_weights.json` for from what and how.

    Attributes
    ----------
    evidence : tuple of float
        A weight per `EVIDENCE`.
    no_food : float
        Score of the answer "no food at all", on the scale of the evidence.
    scale, start : float
        Calibration: log-odds of being right = start + scale x (score - that of all rivals).
    automatic : float
        Match score from which a match is taken unseen. [0-1]
    least : float
        Match score below which there is no match. [0-1]
    """

    evidence: tuple[float, ...]
    no_food: float
    scale: float
    start: float
    automatic: float
    least: float

    @property
    def lowest(self) -> float:
        """The least score. [log-odds]"""
        return log(self.least / (1 - self.least))

    @property
    def highest_doubtful(self) -> float:
        """Score just below the automatic threshold. [log-odds]"""
        return log(self.automatic / (1 - self.automatic)) - 0.1


@cache
def load_weights() -> Weights:
    """Return the shipped weights."""
    path = data_file("matching_weights.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    weights = stored["evidence"]
    if set(weights) != set(EVIDENCE):
        raise FoodDataError(f"{path}: the weights are not those of this version. Run tools/learn_matching.py.")
    return Weights(
        evidence=tuple(float(weights[name]) for name in EVIDENCE),
        no_food=float(stored["no_food"]),
        scale=float(stored["calibration"]["scale"]),
        start=float(stored["calibration"]["start"]),
        automatic=float(stored["thresholds"]["automatic"]),
        least=float(stored["thresholds"]["least"]),
    )


_indexes: WeakKeyDictionary[FoodData, Index] = WeakKeyDictionary()


def load_index(foods: FoodData) -> Index:
    """Return the index of the published `foods`: the one stored with their release if it is of them, else a new one."""
    foods = foods.published
    if foods not in _indexes:
        _indexes[foods] = _index_of(foods)
    return _indexes[foods]


def _index_of(foods: FoodData) -> Index:
    if foods.database is None:
        return build_index(foods)
    stored = _stored_index(_index_file(foods.database), foods.database, fingerprint(foods))
    return stored or replace(build_index(foods), successors=successor_map(foods.database))


def build_release_index(database: Path, index: Path) -> None:
    """Index the foods of a release, and write the index.

    Parameters
    ----------
    database : pathlib.Path
        The ``foods.sqlite`` of the release.
    index : pathlib.Path
        The ``matching_index.npz`` beside it; replaced if it exists, as a whole.

    Raises
    ------
    FoodDataError
        If the database is none.
    OSError
        If the index cannot be written there.
    """
    from nutridiary.foods import load_foods

    foods = load_foods(database)
    fresh = index.with_name(index.name + ".new")
    build_index(foods).save(fresh, fingerprint(foods))
    fresh.replace(index)


def _index_file(database: Path) -> Path:
    """Return where the index of a database stands: the shipped one apart, any other beside it."""
    return data_file(INDEX) if is_embedded(database) else database.with_name(INDEX)


@lru_cache(maxsize=2)
def _stored_index(path: Path, database: Path, of: str) -> Index | None:
    """Return a stored index, read once in a process, if it was built from foods of this fingerprint."""
    return read_index(path, of, successor_map(database)) if path.is_file() else None


def fingerprint(foods: FoodData) -> str:
    """Return what tells these foods from others: their releases, and what they were read from."""
    from hashlib import sha256

    releases = foods.releases()[["release", "version", "foods"]]
    files = foods.rows("SELECT release_id, file, sha256 FROM release_file ORDER BY release_id, file")
    named = "; ".join(f"{release} {version} {count}" for release, version, count in releases.itertuples(index=False))
    return f"{named}; {sha256(repr(files).encode()).hexdigest()}"


@dataclass(frozen=True)
class Ranking:
    """The foods a text might mean, best first.

    Attributes
    ----------
    query : Query
    foods : array of int
        Rows of the index' foods.
    log_odds : array of float
        Score of each. [log-odds]
    contributions : array of float
        foods x `kinds`; a row adds up to its score. [log-odds]
    missing : frozenset of int
        Stems of the text's content words that no name of the best food has; -1 is a word no food has.
    """

    query: Query
    foods: NDArray[np.int32]
    log_odds: NDArray[np.float64]
    contributions: NDArray[np.float64]
    missing: frozenset[int]

    def margin(self, index: Index, place: int = 0) -> float:
        """Return the score of the food at `place` less that of the best unlike it; 0 where that is better. [0-1]"""
        import numpy as np

        first = self.foods[:NEIGHBOURS]
        unlike = np.concatenate([~index.alike_to(first, place), np.ones(len(self.foods) - len(first), dtype=bool)])
        return max(float(self.scores[place] - self.scores.max(where=unlike, initial=0.0)), 0.0)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the columns of `contributions` are: `RECORDED` only where the diary recorded nutrients."""
        return _KINDS[: self.contributions.shape[1]]

    @property
    def evidence(self) -> float:
        """What the evidence says for the best food, whatever else there is. [log-odds]"""
        return float(self.contributions[0, : len(EVIDENCE)].sum())

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """Match score of each food. [0-1]"""
        import numpy as np

        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.log_odds, -30, 30))))


def rank(
    text: str,
    index: Index,
    weights: Weights,
    *,
    among: NDArray[np.bool_] | None = None,
    recorded: RecordedEvidence | None = None,
) -> Ranking | None:
    """Return the foods `text` might mean, or None where no food shares a word with it.

    `among` says which foods come into question: a flag per food, all by default. `recorded` is what the diary's
    own nutrient values say of each.
    """
    import numpy as np

    query = read_query(text, index)
    names = candidate_names(query, index, among=among)
    if not len(names):
        return None
    amounts = evidence(query, names, index)
    raw = amounts @ np.array(weights.evidence)
    foods, best = best_name_of_each_food(raw, names, index)
    said = np.zeros(len(best)) if recorded is None else recorded.of(foods)
    first = _order(raw[best] + said, foods, index)
    order, said, foods = best[first], said[first], foods[first]
    score = raw[order] + said
    alike, rivals = alike_and_rivals(score, foods, index, weights.no_food)
    safest = by_company(score, alike)
    order, score, foods, alike, rivals = order[safest], score[safest], foods[safest], alike[safest], rivals[safest]
    said = said[safest]
    contributions = np.column_stack(
        [
            weights.scale * amounts[order] * np.array(weights.evidence),
            weights.scale * (alike - score),
            -weights.scale * rivals,
            np.full(len(order), weights.start),
            *([] if recorded is None else [weights.scale * said]),
        ]
    )
    missing = _missing(query, int(foods[0]), index)
    return Ranking(query, foods, contributions.sum(axis=1), contributions, missing)


def _missing(query: Query, food: int, index: Index) -> frozenset[int]:
    """Return the content words of a text that no name of a food has."""
    return frozenset(
        number
        for number, group, kind in zip(query.numbers, query.groups, query.kinds, strict=True)
        if GROUPS[group] in ("content", "family")
        and not any(stem >= 0 and food in index.foods_with(stem) for stem in (number, kind))
    )


_MAKER = re.compile(r"\s[-–—]\s")
_PARTS = re.compile(r"\s*[,;()]\s*|\swith\s")


def rank_line(
    text: str, index: Index, weights: Weights, *, brand: str = "", recorded: RecordedEvidence | None = None
) -> tuple[Ranking | None, str]:
    """Return the foods a line as written might mean, and the words that were read past.

    Apps write "Maker - Food, details" or "Maker, Food": where the line is surer without its first part,
    that part is read past; so is a maker of `data/makers.csv`. A brand counts where a food has it and is
    a likely one without it, too. A line that no food answers is read without its last
    details.

    Splitting, matching and a review ask the same of the same text: what says nothing else is worked out once.
    """
    if brand.strip() or recorded is not None:
        return _rank_line(text, index, weights, brand, recorded)
    known, asked = index.answers, (text, weights)
    if asked not in known:
        if len(known) >= MOST_REMEMBERED:
            known.pop(next(iter(known)), None)
        known[asked] = _rank_line(text, index, weights, brand, recorded)
    answer: tuple[Ranking | None, str] = known[asked]
    return answer


def _rank_line(
    text: str, index: Index, weights: Weights, brand: str, recorded: RecordedEvidence | None
) -> tuple[Ranking | None, str]:
    plain = in_our_words(text)
    ranking, past = rank(plain, index, weights, recorded=recorded), ""
    for first, rest in (_after_maker(text, plain, index), without_maker(plain)):
        without = rank(in_our_words(rest), index, weights, recorded=recorded) if rest else None
        if without is not None and (ranking is None or without.log_odds[0] > ranking.log_odds[0]):
            ranking, past, plain = without, first, in_our_words(rest)
    if ranking is not None and brand.strip():
        branded = rank(f"{plain}, {in_our_words(brand)}", index, weights, recorded=recorded)
        likely = ranking.foods[ranking.log_odds >= ranking.log_odds[0] - LIKELY]
        if branded is not None and not branded.missing and branded.foods[0] in likely:
            return branded, past
    if ranking is not None and _wants_shorter(ranking, weights):
        shorter, unread = _backed_off(plain, ranking.query, index, weights, recorded)
        if shorter is not None and shorter.log_odds[0] > ranking.log_odds[0]:
            return shorter, ", ".join(part for part in (past, unread) if part)
    return ranking, past


def _wants_shorter(ranking: Ranking, weights: Weights) -> bool:
    """Whether no food answers a text, or a doubtful one that is not what the text begins with."""
    leading = set(ranking.query.numbers[: ranking.query.leading])
    score = ranking.scores[0]
    return bool(score < weights.least or (score < weights.automatic and leading & ranking.missing))


def _backed_off(
    plain: str, query: Query, index: Index, weights: Weights, recorded: RecordedEvidence | None
) -> tuple[Ranking | None, str]:
    """Return the ranking of as much of a text as has an answer worth having, and the words left out.

    What was left out is held against the answer: it is never one to be taken unseen. An answer that has
    what the text begins with goes before others.
    """
    second: tuple[Ranking | None, str] = None, ""
    for kept, unread in _shorter(plain, query):
        found = rank(kept, index, weights, recorded=recorded)
        if found is None:
            continue
        doubt = min(-NOT_READ, weights.highest_doubtful - float(found.log_odds[0]))
        if found.log_odds[0] + doubt < weights.lowest:
            continue
        contributions = found.contributions.copy()
        contributions[:, _KINDS.index(START)] += doubt
        missing = _missing(query, int(found.foods[0]), index)
        answer = Ranking(found.query, found.foods, found.log_odds + doubt, contributions, missing), unread
        if not missing & set(found.query.numbers[: found.query.leading]):
            return answer
        second = second if second[0] else answer
    return second


def _shorter(plain: str, query: Query) -> Iterator[tuple[str, str]]:
    """Return ever shorter readings of a text with what each leaves out: the last details go first."""
    parts = [part for part in _PARTS.split(plain) if part]
    for count in range(min(len(parts) - 1, MOST_PARTS), 0, -1):
        yield ", ".join(parts[:count]), ", ".join(parts[count:])
    words = parts[0].split() if parts else []
    strange = [word for word in words if word in query.unknown]
    if len(strange) == 1 and len(words) > 1:
        yield " ".join(word for word in words if word not in strange), ", ".join((*strange, *parts[1:]))


def _after_maker(text: str, plain: str, index: Index) -> tuple[str, str]:
    """Return what might be the maker and what follows it, empty where nothing looks like a maker."""
    parts = _MAKER.split(text, maxsplit=1)
    if len(parts) == 2:
        return parts[0].strip(), _MAKER.sub(", ", parts[1])
    first, comma, rest = plain.partition(",")
    strange = [word for word in read_query(first, index).unknown if not word.startswith("no_")]
    return (first, rest) if comma and strange else ("", "")


def best_name_of_each_food(
    score: NDArray[np.float64], names: NDArray[np.int64], index: Index
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the foods, and the place in `names` of the name that speaks best for each."""
    import numpy as np

    order = np.lexsort((names, -score))
    foods, first = np.unique(index.name_food[names[order]], return_index=True)
    return foods, order[first]


def _order(score: NDArray[np.float64], foods: NDArray[np.int32], index: Index) -> NDArray[np.int64]:
    """Best score first; ties by data type, how often it is eaten, and fdc_id."""
    import numpy as np

    return np.lexsort((index.fdc_id[foods], -index.log_share[foods], index.data_type[foods], -np.round(score, 9)))


def alike_and_rivals(
    score: NDArray[np.float64], foods: NDArray[np.int32], index: Index, no_food: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two logarithms per food: the sum of exp(score) over it and foods like it, and over all others.

    It does no harm to take unsalted almonds for almonds of any kind: foods alike in their nutrients are
    not held against each other, only the others and "no food at all" are. `score` falls from first to last.
    """
    import numpy as np

    first = min(len(score), NEIGHBOURS)
    top = max(float(score[0]), no_food)
    power, none = np.exp(score - top), np.exp(no_food - top)
    near = index.alike(foods[:first])
    tail = power[first:].sum()
    alike, others = power.copy(), power.sum() - power + none
    alike[:first] = near @ power[:first]
    others[:first] = ~near @ power[:first] + tail + none
    return np.log(alike) + top, np.log(np.maximum(others, 1e-300)) + top


def by_company(score: NDArray[np.float64], alike: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the order of foods in which those that many likely foods are alike to stand before loners.

    Of two foods nearly as well spoken for, the one that is alike in nutrients to other likely ones does
    less harm if it is wrong.
    """
    import numpy as np

    return np.argsort(-(score + COMPANY * (alike - score)), kind="stable")


def data_type_of(food: int, index: Index) -> str:
    """Return the data type of a food of the index, as it is written in tables."""
    return DATA_TYPES[int(index.data_type[food])]
