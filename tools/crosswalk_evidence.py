"""What two editions' foods have in common: words, nutrients and digits; the evidence behind data/fndds_crosswalk.csv.

Used by tools/build_crosswalk.py, which says how it is weighed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import snowballstemmer

from nutridiary.foods import load_foods

WORDING = Path(__file__).resolve().parents[1] / "data" / "fndds_wording.csv"
_NUTRIENTS = """
energy magnesium potassium calcium protein carbohydrate sugars_total fiber_total fat_total fatty_acids_saturated
fatty_acids_monounsaturated fatty_acids_polyunsaturated cholesterol water alcohol caffeine sodium phosphorus iron zinc
copper selenium vitamin_a_rae vitamin_c vitamin_d vitamin_b12 vitamin_k folate_food folic_acid choline lycopene
carotene_beta
"""
NUTRIENTS = _NUTRIENTS.split()
ROUNDING = 0.05  # of a nutrient's mean and median content: what is less than that is as good as none
NEAR = 0.1  # [log] difference from which another tenth counts less and less
LEADING = 2.0  # weight of a word before the first comma: what the food is, before what it is like
MOST_DIGITS = 5
# Per 100 g: absolute amount and share within which two foods count the same, as in matching.
CLOSE = {"energy": (15.0, 0.10), "magnesium": (3.0, 0.20), "potassium": (20.0, 0.20), "calcium": (20.0, 0.20)}

_WORD = re.compile(r"[a-z]+|\d+")
_SILENT_WORDS = "and or with in of the to nfs ns as a an from made by on for type not further specified"
_SILENT = frozenset(_SILENT_WORDS.split())
_NEGATED = re.compile(r"\b(?:not|no|without) (\w+)")
_STEMMER = snowballstemmer.stemmer("english")


def words(name: str) -> frozenset[str]:
    """Return the stems of a description that say something."""
    plain = _NEGATED.sub(r"un\1", name.casefold().replace("'s", "s"))  # "not reconstituted" is a word of its own
    return frozenset(_STEMMER.stemWords([word for word in _WORD.findall(plain) if word not in _SILENT]))


@cache
def wording() -> tuple[tuple[str, str], ...]:
    """Return what descriptions of 2017-2018 say and what those of 2021-2023 say for it."""
    with WORDING.open(encoding="utf-8", newline="") as file:
        return tuple((row["then"], row["now"]) for row in csv.DictReader(file) if row["edition"] == "2017-2018")


def as_said_now(description: str) -> str:
    """Return an old description in the words of today's."""
    text = description.casefold()
    for then, now in wording():
        text = text.replace(then, now)
    return text


@dataclass(frozen=True, eq=False)
class Successors:
    """The foods of FNDDS 2021-2023 as possible successors; a "food" is a row of `foods`."""

    foods: pd.DataFrame  # food_code, fdc_id, description
    names: pd.DataFrame  # food, name
    composition: pd.DataFrame  # foods x NUTRIENTS, per 100 g

    @classmethod
    def load(cls) -> Successors:
        """Read them from the shipped data."""
        data = load_foods(release="embedded")
        foods = data.foods().dropna(subset=["food_code"]).astype({"food_code": "int64"}).reset_index(drop=True)
        names = data.names()
        names["food"] = names["fdc_id"].map(pd.Series(foods.index, foods["fdc_id"]))
        names = names.dropna(subset=["food"]).astype({"food": "int64"})
        aliases = names[names["is_alias"]]
        kind = foods["description"].str.split(",").str[0]  # "Frosted Flakes" is also "Cereal, Frosted Flakes"
        full = aliases.assign(name=aliases["food"].map(kind) + ", " + aliases["name"])
        composition = data.composition(foods["fdc_id"], NUTRIENTS).reset_index(drop=True)
        return cls(foods, pd.concat([names, full], ignore_index=True), composition)

    @cached_property
    def food_of(self) -> dict[int, int]:
        """The food of each code."""
        return {code: food for food, code in enumerate(self.foods["food_code"].tolist())}

    @cached_property
    def _vocabulary(self) -> tuple[dict[str, int], np.ndarray, np.ndarray, np.ndarray]:
        """Number and weight of each word, the words of each name as names x words, and each name's weight."""
        said = [words(name) for name in self.names["name"]]
        known = {word: number for number, word in enumerate(sorted(set().union(*said)))}
        holds = np.zeros((len(said), len(known)), dtype=np.float32)
        for row, name in enumerate(said):
            holds[row, [known[word] for word in name]] = 1
        pairs = {(food, word) for food, name in zip(self.names["food"], said, strict=True) for word in name}
        foods_with = np.zeros(len(known))
        for _, word in pairs:
            foods_with[known[word]] += 1
        weight = np.log((len(self.foods) + 1) / (foods_with + 0.5)).astype(np.float32)
        return known, weight, holds, holds @ weight

    def likeness(self, description: str) -> np.ndarray:
        """Return how alike a description and the nearest name of each food are. [0-1]"""
        known, weight, holds, name_weight = self._vocabulary
        said, head = sorted(words(description)), words(description.split(",")[0])
        numbers = [known[word] for word in said if word in known]
        times = np.array([LEADING if word in head else 1.0 for word in said if word in known], dtype=np.float32)
        told = float(weight[numbers] @ times)
        told += sum((LEADING if word in head else 1.0) * float(weight.max()) for word in said if word not in known)
        shared = holds[:, numbers] @ (weight[numbers] * times)
        alike = 2 * shared / np.maximum(name_weight + holds[:, numbers] @ (weight[numbers] * (times - 1)) + told, 1e-9)
        nearest = np.zeros(len(self.foods))
        np.maximum.at(nearest, self.names["food"].to_numpy(), alike)
        return nearest

    def heading(self, description: str) -> np.ndarray:
        """Return how much of what stands before the first comma the names of each food have. [0-1 of its weight]"""
        known, weight, holds, _ = self._vocabulary
        numbers = [known[word] for word in sorted(words(description.split(",")[0])) if word in known]
        found = np.zeros((len(self.foods), len(numbers)), dtype=np.float32)
        np.maximum.at(found, self.names["food"].to_numpy(), holds[:, numbers])
        return found @ weight[numbers] / max(float(weight[numbers].sum()), 1e-9)

    @cached_property
    def _logarithms(self) -> tuple[np.ndarray, np.ndarray]:
        least = (ROUNDING * (self.composition.mean() + self.composition.median()) + 1e-3).to_numpy()
        return np.log(self.composition.to_numpy() + least), least

    def distance(self, content: pd.Series) -> np.ndarray:
        """Return how far each food's composition is from another per 100 g; infinite where it has none."""
        logarithms, least = self._logarithms
        apart = np.abs(logarithms - np.log(content[NUTRIENTS].to_numpy(dtype=float) + least))
        return np.nan_to_num(np.log1p(apart / NEAR).mean(axis=1), nan=np.inf)

    def shared_digits(self, code: int) -> np.ndarray:
        """Return how many leading digits each food's code has in common with another."""
        codes, count = self.foods["food_code"].to_numpy(), np.zeros(len(self.foods), dtype=int)
        for power in range(8 - MOST_DIGITS, 8):
            count += codes // 10**power == code // 10**power
        return count

    def alike(self, content: pd.Series) -> np.ndarray:
        """Return which foods count the same as one of this composition: the nutrients of `CLOSE` agree."""
        near = np.ones(len(self.foods), dtype=bool)
        for nutrient, (absolute, share) in CLOSE.items():
            ours, theirs = self.composition[nutrient].to_numpy(), float(content[nutrient])
            near &= np.abs(ours - theirs) <= np.maximum(absolute, share * np.minimum(ours, theirs))
        return near
