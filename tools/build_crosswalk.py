"""Build data/fndds_crosswalk.csv: for food codes FNDDS 2021-2023 has given up, the food that stands for them now.

Sources: the food codes of What We Eat in America, NHANES 2017-2018 (DRXFCD_J) and what its recalls report of them
(DR1IFF_J, DR2IFF_J); US CDC/NCHS and USDA ARS, public domain. The survey's own nutrients divided by its grams give the
composition of every code somebody reported.

Every food of FNDDS 2021-2023 gets a score for every code that is gone:

words
    Likeness of the old long description and the food's nearest name or alias: twice the weight of the words they
    share over the weight of all their words, a word weighing the more the fewer foods have it. [0-1]
nutrients
    Mean over `NUTRIENTS` of log(1 + difference / 0.1), the difference being that of the logarithms of the contents
    per 100 g: the first tenths count most, so one reformulated vitamin does not outweigh thirty that agree.
digits
    Leading digits the two codes share, up to `MOST_DIGITS`: FNDDS codes are grouped from the left.

The weights of words and nutrients are fitted, each time, as a conditional logit on codes both editions have but name
differently: which of all foods has the same code? There the digits would give the answer away, so their weight is
set by hand (`DIGIT_WEIGHT`); docs/recalls.md says why. Rows of tools/crosswalk_by_hand.csv go before the score, each
with a reason.

    python tools/build_crosswalk.py [--shared ../shared] [--out data/fndds_crosswalk.csv] [--measure]

`--measure` writes nothing; it prints how often the method gives back the code of foods both editions have, and how
close it comes where that food is hidden.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import snowballstemmer

from nutridiary.foods import load_foods
from nutridiary.nutrients import load_nutrients

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = ROOT / "tools" / "crosswalk_by_hand.csv"
WORDING = ROOT / "tools" / "crosswalk_words.csv"
SHOWN = ("energy", "magnesium", "potassium", "calcium")
_NUTRIENTS = """
energy magnesium potassium calcium protein carbohydrate sugars_total fiber_total fat_total fatty_acids_saturated
fatty_acids_monounsaturated fatty_acids_polyunsaturated cholesterol water alcohol caffeine sodium phosphorus iron zinc
copper selenium vitamin_a_rae vitamin_c vitamin_d vitamin_b12 vitamin_k folate_food folic_acid choline lycopene
carotene_beta
"""
NUTRIENTS = _NUTRIENTS.split()
ROUNDING = 0.05  # of a nutrient's mean and median content: what is less than that is as good as none
NEAR = 0.1  # [log] difference from which another tenth counts less and less
MOST_DIGITS, DIGIT_WEIGHT = 5, 1.0
# Per 100 g: absolute amount and share within which two foods count the same, as in matching.
CLOSE = {"energy": (15.0, 0.10), "magnesium": (3.0, 0.20), "potassium": (20.0, 0.20), "calcium": (20.0, 0.20)}
SAME_NAME, LIKE_NAME = 0.6, 0.4  # likeness of names from which they name the same food, or a like one
FAR = 1.2  # distance of nutrients from which two foods have little in common
SAME_RECIPE = 0.15  # distance from which two foods have one recipe, whatever they are called
SETTLED = 0.9  # share of the score's odds on foods alike from which no other food comes into question

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
        return tuple((row["then"], row["now"]) for row in csv.DictReader(file))


def as_said_now(description: str) -> str:
    """Return an old description in the words of today's."""
    text = description.casefold()
    for then, now in wording():
        text = text.replace(then, now)
    return text


def survey_composition(folder: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Return the composition of each reported code [unit/100 g] and how often it was reported."""
    suffix = load_nutrients()["nhanes_suffix"]
    parts = []
    for day in (1, 2):
        names = {f"DR{day}IFDCD": "code", f"DR{day}IGRMS": "grams"}
        names |= {f"DR{day}I{suffix[nutrient]}": nutrient for nutrient in NUTRIENTS}
        part = pd.read_csv(folder / f"DR{day}IFF_J.csv.xz", usecols=list(names)).rename(columns=names)
        parts.append(part[part["grams"] > 0].dropna())
    items = pd.concat(parts, ignore_index=True).astype({"code": "int64"})
    sums = items.groupby("code").sum()
    return 100 * sums[NUTRIENTS].div(sums["grams"], axis=0), items.groupby("code").size()


@dataclass(frozen=True, eq=False)
class Successors:
    """The foods of FNDDS 2021-2023 as possible successors; a "food" is a row of `foods`."""

    foods: pd.DataFrame  # food_code, fdc_id, description
    names: pd.DataFrame  # food, name
    composition: pd.DataFrame  # foods x NUTRIENTS, per 100 g

    @classmethod
    def load(cls) -> Successors:
        """Read them from the shipped data."""
        data = load_foods()
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
        said = words(description)
        numbers = [known[word] for word in said if word in known]
        unknown = (len(said) - len(numbers)) * float(weight.max())
        shared = holds[:, numbers] @ weight[numbers]
        alike = 2 * shared / np.maximum(name_weight + weight[numbers].sum() + unknown, 1e-9)
        nearest = np.zeros(len(self.foods))
        np.maximum.at(nearest, self.names["food"].to_numpy(), alike)
        return nearest

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


@dataclass(frozen=True)
class Weights:
    """What a point of likeness adds to the score, and what a point of distance takes. [log-odds]"""

    words: float
    nutrients: float

    @classmethod
    def fit(cls, likeness: np.ndarray, distance: np.ndarray | None, right: np.ndarray) -> Weights:
        """Fit to cases x foods of evidence and the right food of each case, by Newton's method with a light penalty."""
        evidence = likeness[..., None] if distance is None else np.stack([likeness, -distance], axis=2)
        weights = np.zeros(evidence.shape[2])
        for _ in range(50):
            gradient, curvature = -0.01 * weights, 0.01 * np.eye(len(weights))
            for case, answer in zip(evidence, right, strict=True):
                odds = case @ weights
                share = np.exp(odds - odds.max())
                share /= share.sum()
                mean = share @ case
                gradient += case[answer] - mean
                curvature += (case * share[:, None]).T @ case - np.outer(mean, mean)
            step = np.linalg.solve(curvature, gradient)
            weights += step * min(1.0, 5 / np.abs(step).max())
            if np.abs(step).max() < 1e-6:
                break
        return cls(float(weights[0]), float(weights[1]) if len(weights) > 1 else 0.0)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for each food as the successor of one code."""

    likeness: np.ndarray
    distance: np.ndarray | None
    digits: np.ndarray

    def score(self, weights: Weights, *, with_digits: bool = True) -> np.ndarray:
        """Return the score of each food. [log-odds]"""
        score = weights.words * self.likeness
        if self.distance is not None:
            score = score - weights.nutrients * self.distance
        return score + DIGIT_WEIGHT * self.digits if with_digits else score


@dataclass(frozen=True, eq=False)
class Survey:
    """The codes of 2017-2018: their long descriptions, compositions and reports."""

    descriptions: pd.Series
    composition: pd.DataFrame
    reports: pd.Series

    @classmethod
    def read(cls, folder: Path) -> Survey:
        """Read it from the survey's files."""
        names = pd.read_csv(folder / "DRXFCD_J.csv.xz").astype({"DRXFDCD": "int64"}).set_index("DRXFDCD")
        return cls(names["DRXFCLD"], *survey_composition(folder))

    def evidence(self, code: int, successors: Successors) -> Evidence:
        """Return what speaks for each food as the successor of a code."""
        reported = code in self.composition.index
        description = self.descriptions[code]
        return Evidence(
            np.maximum(successors.likeness(description), successors.likeness(as_said_now(description))),
            np.minimum(successors.distance(self.composition.loc[code]), 5.0) if reported else None,
            successors.shared_digits(code),
        )

    def reworded(self, successors: Successors) -> list[int]:
        """Return the reported codes both editions have that no name of 2021-2023 says word for word."""
        now = dict(zip(successors.foods["food_code"], successors.foods["description"], strict=True))
        has_nutrients = set(successors.foods["food_code"][successors.composition.notna().all(axis=1)])
        shared = self.composition.index.intersection(sorted(has_nutrients)).intersection(self.descriptions.index)
        return [code for code in shared.tolist() if words(self.descriptions[code]) != words(now[code])]


def fit_weights(cases: list[Evidence], right: list[int]) -> tuple[Weights, Weights]:
    """Return the weights for codes with a composition, and for those nobody reported."""
    likeness = np.stack([case.likeness for case in cases])
    distance = np.stack([case.distance for case in cases if case.distance is not None])
    answers = np.array(right)
    return Weights.fit(likeness, distance, answers), Weights.fit(likeness, None, answers)


@dataclass(frozen=True)
class Successor:
    """The food chosen for one code; `food` is None where none is honest."""

    food: int | None
    same: bool  # its names say that it is the same food, not one like it
    sure: str  # high, medium or low
    why: str = ""  # of a choice by hand


def choose(case: Evidence, content: pd.Series | None, successors: Successors, weights: Weights) -> Successor:
    """Return the best food for one code and how sure it is.

    Sure is about two questions. High: it is the same food and counts the same. Medium: the same food, counted
    otherwise today, or one like it. Low: neither is clear. Without a composition only the words can answer.
    """
    score = case.score(weights)
    food = int(score.argmax())
    likeness, digits = float(case.likeness[food]), int(case.digits[food])
    if content is None or case.distance is None:
        if likeness < LIKE_NAME:
            return Successor(None, False, "low")
        same = likeness >= SAME_NAME and digits >= 3
        return Successor(food, same, "high" if likeness == 1 else "medium" if same else "low")
    distance, odds = float(case.distance[food]), np.exp(score - score[food])
    settled = odds[successors.alike(successors.composition.loc[food])].sum() / odds.sum() >= SETTLED
    recipe = distance <= SAME_RECIPE and digits >= 2
    same = likeness >= SAME_NAME or recipe
    if successors.alike(content)[food] and (same or (settled and likeness >= LIKE_NAME)):
        return Successor(food, same, "high")
    if same or (distance <= FAR and likeness >= LIKE_NAME):
        return Successor(food, same, "medium")
    honest = distance <= FAR or (likeness >= LIKE_NAME and digits >= 2)
    return Successor(food if honest else None, False, "low")


def chosen_by_hand(row: pd.Series, content: pd.Series | None, successors: Successors) -> Successor:
    """Return the food a person chose; how sure it is follows from its composition."""
    food, same = successors.food_of[int(row["food_code"])], row["how"] != "nearest"
    alike = content is not None and bool(successors.alike(content)[food])
    levels = ("medium", "high") if same else ("low", "medium")
    return Successor(food, same, levels[alike], str(row["why"]))


def by_hand(survey: Survey, successors: Successors) -> pd.DataFrame:
    """Return the rows chosen by hand, after a check that they name what they mean."""
    rows = pd.read_csv(BY_HAND).set_index("old_food_code")
    now = successors.foods.set_index("food_code")["description"]
    if not rows.index.is_unique:
        raise SystemExit(f"{BY_HAND}: a code stands there twice.")
    for code, row in rows.iterrows():
        if survey.descriptions.get(code) != row["old_description"] or now.get(row["food_code"]) != row["description"]:
            raise SystemExit(f"{BY_HAND}: row {code}: codes and descriptions do not belong together.")
    return rows


def crosswalk(survey: Survey, successors: Successors, weights: tuple[Weights, Weights]) -> pd.DataFrame:
    """Return the table: a row for every code of 2017-2018 that FNDDS 2021-2023 does not have."""
    hand, chosen = by_hand(survey, successors), {}
    for code in sorted(set(survey.descriptions.index) - set(successors.food_of)):
        content = survey.composition.loc[code] if code in survey.composition.index else None
        if code in hand.index:
            chosen[code] = chosen_by_hand(hand.loc[code], content, successors)
        else:
            case = survey.evidence(code, successors)
            chosen[code] = choose(case, content, successors, weights[0 if content is not None else 1])
    predecessors = Counter(choice.food for choice in chosen.values())
    return pd.DataFrame([_row(code, choice, survey, successors, predecessors) for code, choice in chosen.items()])


def _row(
    code: int, choice: Successor, survey: Survey, successors: Successors, predecessors: Counter[int | None]
) -> dict[str, object]:
    row: dict[str, object] = {"old_food_code": code, "old_description": survey.descriptions[code]}
    reports = int(survey.reports.get(code, 0))
    if choice.food is None:
        return row | {"how": "none", "sure": "low", "reports": reports}
    food = successors.foods.loc[choice.food]
    alone = predecessors[choice.food] == 1 and food["food_code"] not in survey.descriptions.index
    how = "nearest" if not choice.same else "renamed" if alone else "merged"
    row |= {"how": how, "sure": choice.sure, "food_code": food["food_code"], "description": food["description"]}
    row |= {"reports": reports, "why": choice.why}
    if reports:
        old, new = survey.composition.loc[code], successors.composition.loc[choice.food]
        for nutrient in SHOWN:
            # What is within rounding, or starts from next to nothing, has no percentage worth a word.
            told = abs(new[nutrient] - old[nutrient]) > CLOSE[nutrient][0] < 3 * old[nutrient]
            row[f"{nutrient}_percent"] = round(100 * (new[nutrient] / old[nutrient] - 1)) if told else None
    return row


def measure(codes: list[int], cases: list[Evidence], survey: Survey, successors: Successors) -> str:
    """Return how often foods both editions have, under other names, are found; each fifth by weights of the others."""
    lines = ["| the food's own record | sure | codes | same code % | counts the same % | none % |", "|---" * 6 + "|"]
    right = [successors.food_of[code] for code in codes]
    results = []
    for fifth in range(5):
        learn = [number for number in range(len(codes)) if number % 5 != fifth]
        weights = fit_weights([cases[number] for number in learn], [right[number] for number in learn])
        for number in range(fifth, len(codes), 5):
            content, food, case = survey.composition.loc[codes[number]], right[number], cases[number]
            choices = {
                "among them": choose(case, content, successors, weights[0]),
                "among them, nobody reported it": choose(replace(case, distance=None), None, successors, weights[1]),
                "hidden": choose(without(case, food), content, successors, weights[0]),
            }
            for label, choice in choices.items():
                close = choice.food is not None and successors.alike(content)[choice.food]
                results.append((label, choice.sure, choice.food == food, close, choice.food is None))
    table = pd.DataFrame(results, columns=["record", "sure", "same", "close", "none"])
    groups = [((label, "all"), part) for label, part in table.groupby("record")]
    groups += list(table.groupby(["record", "sure"]))
    for (label, sure), part in sorted(groups, key=lambda group: group[0]):
        shares = [f"{100 * part[column].mean():.1f}" for column in ("same", "close", "none")]
        lines.append(f"| {label} | {sure} | {len(part)} | " + " | ".join(shares) + " |")
    return "\n".join(lines)


def without(case: Evidence, food: int) -> Evidence:
    """Return the evidence with one food hidden."""
    likeness, distance = case.likeness.copy(), None if case.distance is None else case.distance.copy()
    likeness[food] = 0
    if distance is not None:
        distance[food] = 99
    return Evidence(likeness, distance, case.digits)


def main() -> None:
    """Build the table, or measure how it is built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "fndds_crosswalk.csv")
    parser.add_argument("--measure", action="store_true", help="write nothing, print how well it works")
    arguments = parser.parse_args()
    successors, survey = Successors.load(), Survey.read(arguments.shared / "nhanes")
    codes = survey.reworded(successors)
    cases = [survey.evidence(code, successors) for code in codes]
    if arguments.measure:
        print(measure(codes, cases, survey, successors))
        return
    weights = fit_weights(cases, [successors.food_of[code] for code in codes])
    print(f"{len(codes)} reworded codes; {weights[0]}; without a composition {weights[1]}")
    table = crosswalk(survey, successors, weights)
    table["why"] = table.pop("why")
    whole = [column for column in table if column.endswith(("_percent", "_code"))]
    table.astype(dict.fromkeys(whole, "Int64")).to_csv(arguments.out, index=False, lineterminator="\n")
    print(table.groupby(["how", "sure"])["reports"].agg(["size", "sum"]).to_string())


if __name__ == "__main__":
    main()
