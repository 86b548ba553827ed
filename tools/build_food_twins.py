"""Build data/food_twins.csv: for a food whose record has gaps, the record that may fill them.

A twin is another record of the same food, in a release that has the value: FNDDS, where nothing is
missing of what it covers, or else SR Legacy. It has to be shown, by one of four kinds of evidence, and
what both records know has to agree. In this order:

fndds_recipe
    FNDDS makes the twin of this record alone: its recipe has one ingredient, the record's NDB number,
    without retention factor or change of moisture. Of several such FNDDS foods the one whose name is
    nearest is taken; they are computed from the same figures.
same_name
    The names say the same, word for word, apart from order, inflection and the `NEUTRAL` words: an FNDDS
    food, or for a Foundation food one of SR Legacy.
same_number
    An SR Legacy record with the same NDB number as a Foundation food: the item analysed again.
by_hand
    A pair of tools/food_twins_by_hand.csv, with the reason. That file also refuses pairs the rules find.

Agreement: each of the nutrients of `CLOSE` that both records know differs by no more than an absolute
amount per 100 g plus a share of the larger value. The distance of a pair is the largest share of these
tolerances that it uses, 0 to 1. At least `LEAST_COMPARED` of them have to be known to both, except where a
recipe names the record by number and name, or a person judged the pair. Words of fortification have to
agree, unless a person judged: a fortified food is no twin of one that is not.

    python tools/build_food_twins.py [--out data/food_twins.csv]

Only foods that lack a value their twin has are kept.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import snowballstemmer
from rapidfuzz import fuzz

from nutridiary.foods import FoodData, load_foods

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = ROOT / "tools" / "food_twins_by_hand.csv"
COLUMNS = ["fdc_id", "description", "twin_fdc_id", "twin_description", "basis", "distance", "compared"]
RULES = ("fndds_recipe", "same_name", "same_number", "by_hand")
FNDDS, SR, FOUNDATION = "survey_fndds_food", "sr_legacy_food", "foundation_food"
FIRST_FOOD_CODE = 10_000_000  # an ingredient code from here on is an FNDDS food code, below it an NDB number

# Per 100 g: an absolute amount, for foods that hold little, and a share of the larger value. Minerals
# vary more between samples of one food than what makes up its weight; energy is computed with several factors.
CLOSE = {
    "energy": (10.0, 0.10),
    "protein": (0.5, 0.10),
    "fat_total": (0.5, 0.10),
    "carbohydrate": (1.0, 0.10),
    "water": (1.0, 0.03),
    "magnesium": (3.0, 0.20),
    "potassium": (20.0, 0.20),
    "calcium": (10.0, 0.20),
}
LEAST_COMPARED = 6

# Words that change no food: grammar, the release's own remarks, and the group a name begins with.
_NEUTRAL_WORDS = (
    "and or with in of the to nfs all variety varieties type types commercially prepared ready serve eat "
    "commercial average fresh boneless includes beverages snacks candies fish nuts seeds crustaceans mollusks"
)
NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
FORTIFICATION = frozenset({"fortified", "enriched", "unenriched", "unfortified", "added"})
_REMARK = re.compile(r"\(includes foods for usda.*?\)|\bwild caught\b")
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_STEMMER = snowballstemmer.stemmer("english")


def words(name: str) -> list[str]:
    """Return the words of a food's name, without the release's remarks."""
    return _WORD.findall(_REMARK.sub("", name.casefold()))


def said(name: str) -> frozenset[str]:
    """Return what a name says: its stems, whatever their order, without the neutral words."""
    return frozenset(_STEMMER.stemWords([word for word in words(name) if word not in NEUTRAL]))


def fortification(name: str) -> frozenset[str]:
    """Return the words of a name that say whether something was added to the food."""
    return FORTIFICATION.intersection(words(name))


def recipe_pairs(foods: pd.DataFrame, data: FoodData) -> pd.DataFrame:
    """Return the records of which alone FNDDS makes a food, with that food and the name the recipe gives."""
    recipes = data.ingredients(foods.loc[foods["data_type"] == FNDDS, "fdc_id"])
    alone = recipes[~recipes["fdc_id"].duplicated(keep=False)]
    unchanged = alone[(alone["retention_code"] == 0) & (alone["moisture_change"] == 0)]
    unchanged = unchanged[unchanged["ingredient_code"] < FIRST_FOOD_CODE]
    twins = unchanged.rename(columns={"fdc_id": "twin_fdc_id", "description": "called"})
    records = foods.loc[foods["data_type"] != FNDDS, ["fdc_id", "ndb_number"]]
    return records.merge(twins, left_on="ndb_number", right_on="ingredient_code")[["fdc_id", "twin_fdc_id", "called"]]


def name_pairs(foods: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of records whose names say the same."""
    named = foods.assign(said=foods["description"].map(said))
    by_type = dict(iter(named.groupby("data_type")))
    pairs = [
        by_type[kind][["fdc_id", "said"]].merge(
            by_type[other][["fdc_id", "description", "said"]], on="said", suffixes=("", "_twin")
        )
        for kind, other in ((FOUNDATION, FNDDS), (SR, FNDDS), (FOUNDATION, SR))
    ]
    table = pd.concat(pairs, ignore_index=True)
    return table.rename(columns={"fdc_id_twin": "twin_fdc_id", "description": "called"}).drop(columns="said")


def number_pairs(foods: pd.DataFrame) -> pd.DataFrame:
    """Return the Foundation foods that SR Legacy has under the same NDB number."""
    first = foods.loc[foods["data_type"] == FOUNDATION, ["fdc_id", "ndb_number"]]
    second = foods.loc[foods["data_type"] == SR, ["fdc_id", "ndb_number", "description"]]
    pairs = first.merge(second, on="ndb_number", suffixes=("", "_twin"))
    return pairs.rename(columns={"fdc_id_twin": "twin_fdc_id", "description": "called"}).drop(columns="ndb_number")


def hand_pairs(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that a person found."""
    pairs = judged.loc[judged["judgement"] == "twin", ["fdc_id", "twin_fdc_id", "twin_description"]]
    return pairs.rename(columns={"twin_description": "called"})


def read_by_hand(foods: pd.DataFrame, path: Path = BY_HAND) -> pd.DataFrame:
    """Return the pairs that a person judged, after making sure that ids and names belong together."""
    judged = pd.read_csv(path)
    names = foods.set_index("fdc_id")["description"]
    for number, name in (("fdc_id", "description"), ("twin_fdc_id", "twin_description")):
        wrong = judged[judged[number].map(names) != judged[name]]
        if len(wrong):
            row = wrong.iloc[0]
            is_called = names.get(row[number])
            raise SystemExit(
                f"{path.name}: {number} {row[number]} is {is_called!r}, not {row[name]!r}. Correct the line."
            )
    return judged


def compare(pairs: pd.DataFrame, composition: pd.DataFrame, nutrients: Sequence[str] = tuple(CLOSE)) -> pd.DataFrame:
    """Return `pairs` with their `distance` (NaN where nothing can be compared) and how much was `compared`."""
    ours = composition.loc[pairs["fdc_id"], list(nutrients)].to_numpy()
    theirs = composition.loc[pairs["twin_fdc_id"], list(nutrients)].to_numpy()
    absolute, share = np.array([CLOSE[nutrient] for nutrient in nutrients]).T
    used = np.abs(ours - theirs) / (absolute + share * np.maximum(ours, theirs))
    used = pd.DataFrame(used, index=pairs.index)
    return pairs.assign(distance=used.max(axis=1), compared=used.notna().sum(axis=1))


def food_twins(data: FoodData, by_hand: Path = BY_HAND) -> pd.DataFrame:
    """Return the table, one row a food, in order of `fdc_id`."""
    foods = data.foods()
    composition = data.composition(foods["fdc_id"])
    judged = read_by_hand(foods, by_hand)
    found = [recipe_pairs(foods, data), name_pairs(foods), number_pairs(foods), hand_pairs(judged)]
    pairs = pd.concat([part.assign(basis=rule) for rule, part in zip(RULES, found, strict=True)], ignore_index=True)
    pairs = pairs[_fills_something(pairs, composition)].reset_index(drop=True)
    named = foods[["fdc_id", "description", "data_type"]]
    pairs = pairs.merge(named.drop(columns="data_type"), on="fdc_id", validate="many_to_one")
    twins = named.rename(columns=lambda name: f"twin_{name}")
    pairs = compare(pairs.merge(twins, on="twin_fdc_id", validate="many_to_one"), composition)
    kept = pairs[agrees(pairs) & ~is_refused(pairs, judged)]
    names = list(zip(kept["description"], kept["twin_description"], strict=True))
    order = kept.assign(
        rule=kept["basis"].map(RULES.index),
        not_fndds=kept["twin_data_type"] != FNDDS,
        # Words only the twin has are worse than words it lacks: "lactose free" is not said of plain milk.
        words_more=[len(said(twin) - said(name)) for name, twin in names],
        unlikeness=[-fuzz.token_sort_ratio(" ".join(words(name)), " ".join(words(twin))) for name, twin in names],
    ).sort_values(["fdc_id", "rule", "not_fndds", "words_more", "unlikeness", "distance", "twin_fdc_id"], kind="stable")
    return order.drop_duplicates("fdc_id")[COLUMNS].round({"distance": 3}).reset_index(drop=True)


def _fills_something(pairs: pd.DataFrame, composition: pd.DataFrame) -> np.ndarray:
    known = composition.notna()
    fills = ~known.loc[pairs["fdc_id"]].to_numpy() & known.loc[pairs["twin_fdc_id"]].to_numpy()
    return np.asarray(fills.any(axis=1))


def agrees(pairs: pd.DataFrame, *, least: int = LEAST_COMPARED) -> pd.Series:
    """Tell which compared pairs agree well enough to be twins, at least `least` nutrients being known to both."""
    same_words = pd.Series(
        [words(one) == words(other) for one, other in zip(pairs["description"], pairs["called"], strict=True)],
        index=pairs.index,
    )
    same_fortification = pairs["description"].map(fortification) == pairs["called"].map(fortification)
    by_hand = pairs["basis"] == "by_hand"
    named_in_recipe = (pairs["basis"] == "fndds_recipe") & same_words
    enough = (pairs["compared"] >= least) | named_in_recipe | by_hand
    return enough & ~(pairs["distance"] > 1) & (same_fortification | by_hand)


def is_refused(pairs: pd.DataFrame, judged: pd.DataFrame) -> pd.Series:
    """Tell which pairs a person judged to be none."""
    refused = judged.loc[judged["judgement"] == "no twin", ["fdc_id", "twin_fdc_id"]]
    keys = pd.MultiIndex.from_frame(pairs[["fdc_id", "twin_fdc_id"]])
    return pd.Series(keys.isin(pd.MultiIndex.from_frame(refused)), index=pairs.index)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "food_twins.csv")
    arguments = parser.parse_args()
    data = load_foods(release="embedded")
    table = food_twins(data)
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    kinds = data.foods().set_index("fdc_id")["data_type"]
    counts = table.assign(food=table["fdc_id"].map(kinds), twin=table["twin_fdc_id"].map(kinds))
    print(counts.groupby(["food", "basis", "twin"]).size().to_string())


if __name__ == "__main__":
    main()
