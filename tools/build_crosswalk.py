"""Build data/fndds_crosswalk.csv: for food codes FNDDS 2021-2023 has given up, the food that stands for them now.

Sources: the food codes of What We Eat in America, NHANES 2017-2018 (DRXFCD_J) and what its recalls report of them
(DR1IFF_J, DR2IFF_J); US CDC/NCHS and USDA ARS, public domain. The survey's own nutrients divided by its grams give the
composition of every code somebody reported.

Every food of FNDDS 2021-2023 gets a score for every code that is gone:

words
    Likeness of the old long description and the food's nearest name or alias: twice the weight of the words they
    share over the weight of all their words. A word weighs the more the fewer foods have it, and twice that before
    the first comma. [0-1]
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
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from crosswalk_evidence import CLOSE, NUTRIENTS, Successors, as_said_now, words
from nutridiary.nutrients import load_nutrients

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = ROOT / "tools" / "crosswalk_by_hand.csv"
SHOWN = ("energy", "magnesium", "potassium", "calcium")
DIGIT_WEIGHT = 1.0
HEADED = 0.5  # share of what stands before the first comma that a food's names must have to be the same food
SAME_NAME, LIKE_NAME = 0.6, 0.4  # likeness of names from which they name the same food, or a like one
FAR = 1.2  # distance of nutrients from which two foods have little in common
SAME_RECIPE = 0.15  # distance from which two foods have one recipe, whatever they are called
SETTLED = 0.9  # share of the score's odds on foods alike from which no other food comes into question


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
    heading: np.ndarray
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
        said_now = as_said_now(description)
        return Evidence(
            np.maximum(successors.likeness(description), successors.likeness(said_now)),
            np.maximum(successors.heading(description), successors.heading(said_now)),
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
    likeness, digits, headed = float(case.likeness[food]), int(case.digits[food]), case.heading[food] >= HEADED
    if content is None or case.distance is None:
        if likeness < LIKE_NAME:
            return Successor(None, False, "low")
        same = likeness >= SAME_NAME and digits >= 3 and bool(headed)
        return Successor(food, same, "high" if likeness > 0.999 else "medium" if same else "low")
    distance, odds = float(case.distance[food]), np.exp(score - score[food])
    settled = odds[successors.alike(successors.composition.loc[food])].sum() / odds.sum() >= SETTLED
    recipe = distance <= SAME_RECIPE and digits >= 2
    same = (likeness >= SAME_NAME and bool(headed)) or recipe
    if successors.alike(content)[food] and (same or (settled and likeness >= LIKE_NAME)):
        return Successor(food, same, "high")
    if same or (distance <= FAR and likeness >= LIKE_NAME and headed):
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
    return replace(case, likeness=likeness, distance=distance)


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
