"""Learn data/matching_weights.json: what each kind of evidence is worth, and how sure a score makes us.

The model is a conditional logit: among the foods a text might mean, and "no food at all", the probability
of each is proportional to exp(evidence x weights). The weights maximise the likelihood of the labelled
foods, held near zero by a quadratic penalty; then two numbers bring the log-odds to scale (calibration),
fitted on texts that were left out when the weights were learned.

What is learned from stands in `labelled_texts`.

    python tools/learn_matching.py [--shared ../shared]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from labelled_texts import SOURCE_WEIGHT, Case, all_cases
from nutridiary.data_files import data_folder
from nutridiary.foods import load_foods
from nutridiary.matching.evidence import EVIDENCE, candidate_names, evidence
from nutridiary.matching.index import Index
from nutridiary.matching.query import read_query
from nutridiary.matching.ranking import alike_and_rivals, by_company, load_index
from nutridiary.matching.synonyms import in_our_words

ROOT = Path(__file__).resolve().parents[1]
EITHER_SIGN = (
    "another name for it",
    "Standard Reference food",
    "Foundation food",
    "not further specified",
)
PENALTY, STEPS, ROUNDS, RATE = 0.0005, 160, 4, 0.08
PRIOR = {"spelling corrected": 1.0}  # where labels say little; else 0
SERIOUS = 25  # candidates of a text that are learned from
AUTOMATIC_PRECISION, LEAST_SCORE = 0.9775, 0.30


@dataclass
class Problem:
    """All candidates of all cases, stacked: rows are names, `case` and `food` say whose."""

    amounts: np.ndarray
    case: np.ndarray
    food: np.ndarray
    right: np.ndarray
    weight: np.ndarray
    none_right: np.ndarray


def stack(cases: list[Case], index: Index) -> Problem:
    """Return the evidence of every candidate of every case."""
    amounts, case, food, right = [], [], [], []
    for number, one in enumerate(cases):
        query = read_query(in_our_words(one.text), index)
        names = candidate_names(query, index, without=one.without)
        foods = index.name_food[names]
        amounts.append(evidence(query, names, index) if len(names) else np.zeros((0, len(EVIDENCE))))
        case.append(np.full(len(names), number))
        food.append(foods)
        right.append(np.isin(foods, list(one.answers)))
    weight = np.array([SOURCE_WEIGHT[one.source] * one.weight for one in cases])
    none_right = np.array([not one.answers for one in cases])
    right_rows = np.concatenate(right)
    found = np.bincount(np.concatenate(case), right_rows, minlength=len(cases)) > 0
    weight[~found & ~none_right] = 0  # the right food is not among the candidates: nothing to learn an order from
    return Problem(np.concatenate(amounts), np.concatenate(case), np.concatenate(food), right_rows, weight, none_right)


def best_names(problem: Problem, weights: np.ndarray) -> np.ndarray:
    """Return the rows that are the best name of their food."""
    score = problem.amounts @ weights
    order = np.lexsort((-score, problem.food, problem.case))
    first = np.ones(len(order), dtype=bool)
    case, food = problem.case[order], problem.food[order]
    first[1:] = (case[1:] != case[:-1]) | (food[1:] != food[:-1])
    return np.sort(order[first])


def serious(problem: Problem, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the rows among the best foods of their case, and the right ones: the rest weigh nothing."""
    score = problem.amounts[rows] @ weights
    order = np.lexsort((-score, problem.case[rows]))
    case = problem.case[rows][order]
    place = np.arange(len(order)) - np.searchsorted(case, case)
    return np.sort(rows[order][(place < SERIOUS) | problem.right[rows][order]])


def learn(problem: Problem, chosen: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return weights and the score of "no food", learned on the chosen cases (a mask)."""
    free = np.array([name in EITHER_SIGN for name in EVIDENCE] + [True])
    case_weight = np.where(chosen, problem.weight, 0.0)
    theta, cases = start.copy(), len(chosen)
    for _ in range(ROUNDS):
        rows = best_names(problem, theta[:-1])
        rows = serious(problem, theta[:-1], rows[case_weight[problem.case[rows]] > 0])
        amounts, case, right = problem.amounts[rows], problem.case[rows], problem.right[rows]
        first, second = np.zeros_like(theta), np.zeros_like(theta)
        for step in range(1, STEPS + 1):
            gradient = _gradient(theta, amounts, case, right, problem.none_right, case_weight, cases)
            first, second = 0.9 * first + 0.1 * gradient, 0.99 * second + 0.01 * gradient**2
            move = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
            theta = theta - RATE * move * (1 - 0.8 * step / STEPS)
            theta = np.where(free, theta, np.maximum(theta, 0.0))
    return theta


def _gradient(
    theta: np.ndarray,
    amounts: np.ndarray,
    case: np.ndarray,
    right: np.ndarray,
    none_right: np.ndarray,
    weight: np.ndarray,
    cases: int,
) -> np.ndarray:
    """Return the gradient of the mean negative log-likelihood plus the penalty."""
    score = amounts @ theta[:-1]
    top = np.full(cases, theta[-1])
    np.maximum.at(top, case, score)
    power = np.exp(score - top[case])
    none = np.exp(theta[-1] - top)
    total = np.bincount(case, power, minlength=cases) + none
    answered = np.bincount(case, power * right, minlength=cases) + none * none_right
    answered = np.maximum(answered, 1e-300)
    share = power / total[case] - power * right / answered[case]
    none_share = none / total - none * none_right / answered
    norm = weight.sum()
    gradient = np.append(
        (weight[case] * share) @ amounts / norm,
        (weight * none_share).sum() / norm,
    )
    prior = np.array([PRIOR.get(name, 0.0) for name in EVIDENCE])
    return gradient + PENALTY * np.append(theta[:-1] - prior, 0.0)


def judged(
    problem: Problem, theta: np.ndarray, chosen: np.ndarray, index: Index
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, per chosen case, the log-odds of the best food before calibration, that food, and the case."""
    rows = best_names(problem, theta[:-1])
    score = problem.amounts[rows] @ theta[:-1]
    order = np.lexsort((-score, problem.case[rows]))
    rows, score = rows[order], score[order]
    odds, best, number = [], [], []
    bounds = np.searchsorted(problem.case[rows], np.arange(len(chosen) + 1))
    for case in np.flatnonzero(chosen):
        part = slice(bounds[case], bounds[case + 1])
        if part.start == part.stop:
            continue
        foods = problem.food[rows[part]]
        alike, rivals = alike_and_rivals(score[part], foods, index, float(theta[-1]))
        first = by_company(score[part], alike)[0]
        odds.append(alike[first] - rivals[first])
        best.append(foods[first])
        number.append(case)
    return np.array(odds), np.array(best), np.array(number)


def logistic(odds: np.ndarray, right: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Return scale and start of the logistic line through (log-odds, right or wrong), by Newton's method."""
    design = np.column_stack([odds, np.ones(len(odds))])
    theta = np.array([0.5, 0.0])
    for _ in range(50):
        share = 1 / (1 + np.exp(-design @ theta))
        slope = design.T @ (weight * (right - share)) - 1e-3 * theta
        curve = (design * (weight * share * (1 - share))[:, None]).T @ design + 1e-3 * np.eye(2)
        theta = theta + np.linalg.solve(curve, slope)
    return float(theta[0]), float(theta[1])


def folds_of(cases: list[Case]) -> np.ndarray:
    """Return a fold per case: a person of the recall is one fold, other texts are dealt to five."""
    people = sorted({one.person for one in cases if one.person})
    return np.array([people.index(one.person) if one.person else n % 5 for n, one in enumerate(cases)])


def main() -> None:
    """Learn, calibrate and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    foods = load_foods(release="embedded")
    index = load_index(foods)
    cases = all_cases(shared, foods, index)
    problem = stack(cases, index)
    start = np.append(np.ones(len(EVIDENCE)), -3.0)
    theta = learn(problem, np.ones(len(cases), dtype=bool), start)
    scale, offset, automatic = calibrate(problem, cases, theta, index)
    write(theta, scale, offset, automatic, cases)


def calibrate(problem: Problem, cases: list[Case], theta: np.ndarray, index: Index) -> tuple[float, float, float]:
    """Return scale, start and the automatic threshold, from texts left out of the learning.

    A match counts as right here if the food is the labelled one or alike in its nutrients: that is what
    a score promises to someone who reads the totals.
    """
    everyday = np.array([one.source not in ("alias", "wording", "cooking") for one in cases])
    fold = folds_of(cases)
    odds, best, number = [], [], []
    for left_out in range(5):
        learned = learn(problem, fold != left_out, theta)
        parts = judged(problem, learned, everyday & (fold == left_out), index)
        for whole, part in zip((odds, best, number), parts, strict=True):
            whole.append(part)
    x, food, case = np.concatenate(odds), np.concatenate(best), np.concatenate(number)
    y = np.array(
        [
            f in cases[n].answers or any(index.alike(np.array([f, a])).all() for a in cases[n].answers)
            for f, n in zip(food, case, strict=True)
        ]
    )
    weight = np.array([SOURCE_WEIGHT[cases[n].source] * cases[n].weight for n in case])
    weight[[cases[n].source == "recall term" for n in case]] = 0  # coded by answers that the term alone does not give
    scale, start = logistic(x, y, weight)
    score = 1 / (1 + np.exp(-(start + scale * x)))
    order = np.argsort(-score)
    precision = np.cumsum((weight * y)[order]) / np.cumsum(weight[order])
    enough = np.flatnonzero(precision >= AUTOMATIC_PRECISION)
    automatic = float(np.ceil(score[order][enough[-1]] * 100) / 100) if len(enough) else 0.95
    for source in ("diary", "recall", "recall term", "no food"):
        own = np.array([cases[n].source == source for n in case])
        sure = own & (score >= automatic)
        print(
            f"left out, {source}: {own.sum()} texts, right or close {y[own].mean():.3f}, mean score "
            f"{score[own].mean():.3f}; automatic {sure.sum() / own.sum():.3f}, of these {y[sure].mean():.3f}"
        )
    for low in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9):
        own = (score >= low) & (score < (low + 0.2 if low < 0.8 else low + 0.1)) & (weight > 0)
        print(f"score from {low}: {own.sum()} texts, right or close {y[own].mean():.2f}")
    print(f"scale {scale:.3f} start {start:.3f} automatic {automatic:.2f}")
    return scale, start, min(max(automatic, 0.5), 0.95)


def write(theta: np.ndarray, scale: float, start: float, automatic: float, cases: list[Case]) -> None:
    """Write the weights with what they were learned from."""
    counts = pd.Series([one.source for one in cases]).value_counts().sort_index()
    stored = {
        "about": "Learned by tools/learn_matching.py; docs/matching.md says how and from what.",
        "learned_from": {source: int(count) for source, count in counts.items()},
        "evidence": {name: round(float(value), 3) for name, value in zip(EVIDENCE, theta[:-1], strict=True)},
        "no_food": round(float(theta[-1]), 3),
        "calibration": {"scale": round(scale, 3), "start": round(start, 3)},
        "thresholds": {"automatic": round(automatic, 2), "least": LEAST_SCORE},
    }
    path = data_folder() / "matching_weights.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
