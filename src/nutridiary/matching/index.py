"""The names of all foods as numbers, so that one text is compared with all of them at once.

A food has one name per description and alias. The index knows the words (stems) of every name, the
names that hold a word, how rare each word is, and per food what the ranking needs: data type, how often
it is eaten, whether core nutrients are missing.

Building takes about half a second for 14,000 foods, so the one for the shipped foods is itself shipped
(`data/matching_index.npz`, written by tools/build_matching_index.py), and an update writes one beside the
foods of its release; any other set of foods is indexed when it is first searched.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile

from nutridiary.data_files import data_file
from nutridiary.matching.words import (
    as_bought_words,
    cooking_words,
    group_of,
    groups_of_stems,
    plain_text,
    split_words,
    stem,
)

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nutridiary.foods import FoodData

GROUPS = ("content", "state", "level", "place", "filler", "family", "amount", "default")
DATA_TYPES = ("survey_fndds_food", "foundation_food", "sr_legacy_food", "branded_food")
CORE_NUTRIENTS = ("magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12")
CLOSE = {  # nutrient: (absolute, relative) difference per 100 g within which two foods are alike
    "energy": (15.0, 0.10),
    "magnesium": (3.0, 0.20),
    "potassium": (20.0, 0.20),
    "calcium": (20.0, 0.20),
}
PLAIN_WEIGHT = 4.0  # of a word for preparation, level or place: each counts the same, common or rare
LONGEST_NAME = 24  # [words] more words of a name are counted but their order is not compared


@dataclass(frozen=True)
class Index:
    """Names and foods as arrays. A "name" is a row number in the first group, a "food" in the second.

    Attributes
    ----------
    name_food : array
        Food (row) of each name.
    name_words : array
        Stems of each name in order, -1 where there are no more. [stem number]
    name_weight : array
        Sum of the weights of each name's words, per group of words. [names x groups]
    name_head, name_alias, name_nfs : array
        Stem of the head word; whether it is an alias; whether it says "not further specified".
    posting_start, posting_name : array
        The names that hold stem i are ``posting_name[posting_start[i]:posting_start[i + 1]]``.
    food_posting_start, food_posting_food : array
        The same for the foods that hold it in any of their names.
    stem_weight, stem_group : array
        How rare a stem is (logarithm), and its group of words.
    fdc_id, food_code, data_type, log_share, log_kind_share, core_missing : array
        Per food; `data_type` is a place in `DATA_TYPES`, `log_share` how often it is eaten and
        `log_kind_share` how often foods of the same kind are (food codes with the same first five
        digits), `core_missing` the number of core nutrients its record does not have.
    nutrients : array
        What 100 g of each food hold of the nutrients of `CLOSE`; NaN where unknown.
    texts : array
        The known words as UTF-8 bytes, a line each: word, stem number, stem.
    successors : mapping of int to int
        Records of other releases, and the one here that took the place of each; not stored.
    """

    name_food: NDArray[np.int32]
    name_words: NDArray[np.int16]
    name_weight: NDArray[np.float32]
    name_head: NDArray[np.int16]
    name_alias: NDArray[np.bool_]
    name_nfs: NDArray[np.bool_]
    posting_start: NDArray[np.int32]
    posting_name: NDArray[np.int32]
    food_posting_start: NDArray[np.int32]
    food_posting_food: NDArray[np.int32]
    stem_weight: NDArray[np.float32]
    stem_group: NDArray[np.int8]
    fdc_id: NDArray[np.int64]
    food_code: NDArray[np.int64]
    data_type: NDArray[np.int8]
    log_share: NDArray[np.float32]
    log_kind_share: NDArray[np.float32]
    core_missing: NDArray[np.int8]
    nutrients: NDArray[np.float32]
    texts: NDArray[np.uint8]
    successors: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def _known(self) -> tuple[dict[str, int], dict[str, int]]:
        words, stems = {}, {}
        for line in bytes(self.texts).decode("utf-8").split("\n"):
            word, number, root = line.split("\t")
            words[word] = stems[root] = int(number)
        return words, stems

    @cached_property
    def row_of_id(self) -> dict[int, int]:
        """The food (row) of each FDC id, those included whose place another record took."""
        rows = {fdc_id: row for row, fdc_id in enumerate(self.fdc_id.tolist())}
        return {old: rows[new] for old, new in self.successors.items() if new in rows} | rows

    @cached_property
    def row_of_code(self) -> dict[int, int]:
        """The food (row) of each FNDDS food code."""
        return {code: row for row, code in enumerate(self.food_code.tolist()) if code}

    @cached_property
    def cooking(self) -> NDArray[np.int16]:
        """Stems of the words for one way of cooking, "cooked" itself left out."""
        import numpy as np

        numbers = [self.words[word] for word in sorted(cooking_words() - {"cooked"}) if word in self.words]
        return np.array(numbers, dtype=np.int16)

    @cached_property
    def as_bought(self) -> NDArray[np.int16]:
        """Stems of the words for a food as bought: raw, dry, uncooked."""
        import numpy as np

        return np.array([self.words[word] for word in sorted(as_bought_words()) if word in self.words], dtype=np.int16)

    @cached_property
    def answers(self) -> dict[Any, Any]:
        """What texts were found to mean, for whoever asks again; see `nutridiary.matching.ranking.rank_line`."""
        return {}

    @cached_property
    def cuts(self) -> dict[Any, Any]:
        """The foods that lines were found to hold, for whoever asks again; see `nutridiary.splitting.parts`."""
        return {}

    @property
    def words(self) -> dict[str, int]:
        """Every word of every name, with the number of its stem."""
        return self._known[0]

    def stem_number(self, word: str) -> int | None:
        """Return the number of a word's stem, or None for a word that no food has."""
        number = self.words.get(word)
        if number is None:
            number = self._known[1].get(stem(word))
        return number

    def names_with(self, number: int) -> NDArray[np.int32]:
        """Return the names that hold a stem."""
        return self.posting_name[self.posting_start[number] : self.posting_start[number + 1]]

    def foods_with(self, number: int) -> NDArray[np.int32]:
        """Return the foods that hold a stem in any of their names."""
        return self.food_posting_food[self.food_posting_start[number] : self.food_posting_start[number + 1]]

    def alike(self, foods: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return which pairs of these foods are alike in every nutrient of `CLOSE`; each is like itself."""
        import numpy as np

        values = self.nutrients[foods]
        return np.eye(len(foods), dtype=bool) | _close(values[:, None, :], values[None, :, :])

    def alike_to(self, foods: NDArray[np.integer[Any]], place: int) -> NDArray[np.bool_]:
        """Return which of these foods the one at `place` is alike: a row of `alike`."""
        values = self.nutrients[foods]
        result = _close(values[place], values)
        result[place] = True
        return result

    def save(self, path: Path, fingerprint: str) -> None:
        """Write the index and what it was built from."""
        import numpy as np

        with path.open("wb") as file:  # savez would put another ending behind the name
            np.savez_compressed(
                file, fingerprint=np.array(fingerprint), **{name: getattr(self, name) for name in _ARRAYS}
            )


def _close(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether foods differ little in every nutrient of `CLOSE`, which is the last axis."""
    import numpy as np

    absolute, relative = np.array(list(CLOSE.values()), dtype=np.float32).T
    return np.asarray((np.abs(one - other) <= np.maximum(absolute, relative * np.minimum(one, other))).all(axis=-1))


_ARRAYS = tuple(each.name for each in fields(Index) if each.name != "successors")


def read_index(path: Path, fingerprint: str, successors: Mapping[int, int] | None = None) -> Index | None:
    """Return the stored index, or None if it was built from other foods, by another version or is damaged."""
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if str(stored["fingerprint"]) != fingerprint:
                return None
            return Index(**{name: stored[name] for name in _ARRAYS}, successors=successors or {})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
        return None


def read_eating_frequency() -> dict[int, tuple[int, float]]:
    """Return reports and weighted share of each FNDDS food code people report in NHANES."""
    with data_file("eating_frequency.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {int(row["food_code"]): (int(row["reports"]), float(row["weighted_share"])) for row in rows}


_EITHER = re.compile(r"^([^,(]*?)\b(\w+) or (\w+)\b(.*)$")


def _every_name(names: pd.DataFrame) -> Iterator[tuple[int, str, bool]]:
    """Return each name, and both foods of a name that is of either: "Cake or cupcake, carrot"."""
    for fdc_id, name, is_alias in names[["fdc_id", "name", "is_alias"]].itertuples(index=False):
        yield fdc_id, name, is_alias
        either = None if is_alias else _EITHER.match(name)
        if either is not None:
            before, first, second, after = either.groups()
            yield fdc_id, f"{before}{first}{after}", is_alias
            yield fdc_id, f"{before}{second}{after}", is_alias


class _Name(NamedTuple):
    food: int
    stems: list[int]
    head: int
    is_alias: bool
    not_specified: bool
    head_leads: bool  # "Fish, salmon": the head stands alone before the first comma


def build_index(foods: FoodData) -> Index:
    """Index the names of `foods`.

    Parameters
    ----------
    foods : FoodData

    Returns
    -------
    Index
    """
    import numpy as np

    names = foods.names()
    table = foods.foods()
    food_row = {fdc_id: row for row, fdc_id in enumerate(table["fdc_id"].tolist())}
    vocabulary: dict[str, int] = {}
    stem_numbers: dict[str, int] = {}
    groups: list[int] = []
    parsed: list[_Name] = []
    for fdc_id, name, is_alias in _every_name(names):
        found = split_words(plain_text(name))
        numbers = []
        for word in found.words:
            if word not in vocabulary:
                root = stem(word)
                if root not in stem_numbers:
                    stem_numbers[root] = len(stem_numbers)
                    groups.append(GROUPS.index(groups_of_stems().get(root, group_of(word))))
                vocabulary[word] = stem_numbers[root]
            numbers.append(vocabulary[word])
        numbers = list(dict.fromkeys(numbers))
        if numbers:
            head = vocabulary.get(found.head, -1)
            leads = found.head == found.words[0] and "," in name
            parsed.append(_Name(food_row[fdc_id], numbers, head, bool(is_alias), found.not_specified, leads))
    return _arrays(foods, table, parsed, vocabulary, np.array(groups, dtype=np.int8))


def _arrays(
    foods: FoodData,
    table: Any,
    parsed: list[_Name],
    vocabulary: dict[str, int],
    groups: NDArray[np.int8],
) -> Index:
    import numpy as np

    lengths = np.array([len(name.stems) for name in parsed])
    name_food = np.array([name.food for name in parsed], dtype=np.int32)
    flat = np.fromiter((number for name in parsed for number in name.stems), dtype=np.int32)
    owner = np.repeat(np.arange(len(parsed), dtype=np.int32), lengths)
    column = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    name_words = np.full((len(parsed), LONGEST_NAME), -1, dtype=np.int16)
    short = column < LONGEST_NAME
    name_words[owner[short], column[short]] = flat[short]

    posting_start, posting_name = _postings(flat, owner, len(groups))
    pairs = np.unique(np.stack([flat, name_food[owner]], axis=1), axis=0)
    food_start, food_posting = _postings(pairs[:, 0], pairs[:, 1], len(groups))
    holding = np.diff(food_start)
    weight = np.log((len(table) + 1) / (holding + 0.5)).astype(np.float32)
    graded = np.isin(groups, [GROUPS.index(group) for group in ("state", "level", "place", "default")])
    weight[graded] = PLAIN_WEIGHT
    name_weight = np.zeros((len(parsed), len(GROUPS)), dtype=np.float32)
    leading = np.array([name.head_leads for name in parsed])[owner] & (column == 0)
    family = GROUPS.index("family")
    group = np.where((groups[flat] == family) & ~leading, GROUPS.index("content"), groups[flat])
    np.add.at(name_weight, (owner, group), weight[flat])

    codes = table["food_code"].fillna(0).astype("int64").to_numpy()
    eaten = read_eating_frequency()
    share = np.array([eaten.get(code, (0, 0.0))[1] for code in codes.tolist()])
    kinds, kind = np.unique(codes // 1000, return_inverse=True)
    kind_share = np.where(codes > 0, np.bincount(kind, share, minlength=len(kinds))[kind], 0.0)
    composition = foods.composition(table["fdc_id"].tolist(), ["energy", *CORE_NUTRIENTS])
    missing = composition[list(CORE_NUTRIENTS)].isna().sum(axis=1).to_numpy()
    return Index(
        name_food=name_food,
        name_words=name_words,
        name_weight=name_weight,
        name_head=np.array([name.head for name in parsed], dtype=np.int16),
        name_alias=np.array([name.is_alias for name in parsed], dtype=bool),
        name_nfs=np.array([name.not_specified for name in parsed], dtype=bool),
        posting_start=posting_start,
        posting_name=posting_name,
        food_posting_start=food_start,
        food_posting_food=food_posting,
        stem_weight=weight,
        stem_group=groups,
        fdc_id=table["fdc_id"].to_numpy(dtype="int64"),
        food_code=codes,
        data_type=np.array([DATA_TYPES.index(t) for t in table["data_type"]], dtype=np.int8),
        log_share=np.log1p(share * 1e5).astype(np.float32),
        log_kind_share=np.log1p(kind_share * 1e5).astype(np.float32),
        core_missing=missing.astype(np.int8),
        nutrients=composition[list(CLOSE)].to_numpy(dtype=np.float32),
        texts=np.frombuffer(
            "\n".join(f"{word}\t{number}\t{stem(word)}" for word, number in vocabulary.items()).encode("utf-8"),
            dtype=np.uint8,
        ),
    )


def _postings(
    keys: NDArray[np.integer[Any]], values: NDArray[np.integer[Any]], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return, for each key 0..size-1, where its values start, and the values in order of key."""
    import numpy as np

    order = np.argsort(keys, kind="stable")
    start = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys, minlength=size), out=start[1:])
    return start, values[order].astype(np.int32)
