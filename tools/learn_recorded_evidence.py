"""Learn data/matching_recorded.json: what the nutrient values that a diary carries say about the food it means.

How far two records of one food differ is taken from foods that a dietitian accepts for the same line, and from the
rows of real app exports whose foods were labelled by name; how far other foods differ, from the other candidates of
the same texts. Exports with labels are few, so the weights are learned on labelled texts with rows made up for them:
one of the foods that answer the text, half of the time mixed with another of its candidates (a maker's recipe is
nobody's record), each nutrient disturbed by 0.7 of the spread between two records of one food, rounded as apps and
labels round, with the nutrients an app has, a label has, or energy and macronutrients alone. The scores of the
texts come from weights that were learned without them. The threshold for taking a match unseen is never below that of
texts alone.

    python tools/learn_recorded_evidence.py [--shared ../shared]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
import pandas as pd

import learn_matching as learning
from labelled_texts import SOURCE_WEIGHT, TEXTS, Case, all_cases
from nutridiary.data_files import data_folder
from nutridiary.diary import read_diary
from nutridiary.foods import FoodData, load_foods
from nutridiary.matching.evidence import EVIDENCE
from nutridiary.matching.index import Index
from nutridiary.matching.ranking import alike_and_rivals, by_company, load_index, load_weights, rank
from nutridiary.matching.recorded_evidence import (
    BASES,
    MACROS,
    NUTRIENTS,
    Compositions,
    Likeness,
    Recorded,
    differences,
    load_compositions,
    log_ratios,
    recorded_by_key,
)
from nutridiary.matching.synonyms import in_our_words

ROOT = Path(__file__).resolve().parents[1]
EXPORTS = (
    "diaries/cronometer/servings_free.csv",
    "diaries/cronometer/servings_2020_style.csv",
    "diaries/myfitnesspal/food_demo_diary.csv",
)
SOURCES = ("diary", "recall", "recall written", "recall term", "no food")
CANDIDATES = 60  # best candidates of a text that are learned from
APP_ROWS_COUNT = 3  # a row of a real export counts as much as so many pairs of records
LEAST_SPREAD, FREEDOM = 0.05, 3.0
STEPS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0)  # weights that are tried
OF_ONE = 0.7  # a spread between two records holds the deviations of both
SEED = 20240501
LABEL = ("energy", *MACROS, "fiber_total", "sugars_total", "fatty_acids_saturated", "cholesterol", "sodium")
FULL_LABEL = (*LABEL, "potassium", "calcium", "iron")
MACRO_PLACES = [NUTRIENTS.index(name) for name in ("energy", *MACROS)]


@dataclass(frozen=True)
class Line:
    """A text with what its row recorded: candidates with their text score, and which of them are right."""

    foods: np.ndarray
    score: np.ndarray
    right: np.ndarray
    recorded: Recorded
    weight: float


def app_names(use: str, index: Index) -> dict[str, frozenset[int]]:
    """Return the labelled names of app exports of one use, "learn" or "test": rows of the foods that answer each."""
    table = pd.read_csv(TEXTS / "app_names.csv", dtype="str", keep_default_na=False)
    table = table[table["use"] == use]
    return {
        text: frozenset(index.row_of_code[int(code)] for code in codes.split(";") if code)
        | frozenset(index.row_of_id[int(fdc_id)] for fdc_id in ids.split(";") if fdc_id)
        for text, codes, ids in zip(table["text"], table["food_codes"], table["fdc_ids"], strict=True)
    }


def app_rows(shared: Path) -> dict[str, Recorded]:
    """Return what the rows of the real exports record, by the name of their food."""
    found: dict[str, Recorded] = {}
    for path in EXPORTS:
        entries = read_diary([shared / path])
        texts = entries["food_text"].fillna("").tolist()
        found |= {str(text): recorded for text, recorded in recorded_by_key(entries, texts).items()}
    return found


def t_scale(values: np.ndarray, counts: np.ndarray) -> float:
    """Return the scale of Student's distribution around 0 that `values` are likeliest under."""
    known = ~np.isnan(values)
    values, counts = values[known], counts[known]
    if len(values) < 10:
        return nan
    scale = max(float(np.median(np.abs(values))), LEAST_SPREAD)
    for _ in range(100):
        pull = (FREEDOM + 1) / (FREEDOM + (values / scale) ** 2)
        scale = max(float(np.sqrt((counts * pull * values**2).sum() / counts.sum())), LEAST_SPREAD)
    return scale


def as_recorded(composition: np.ndarray, *, weighed: bool) -> Recorded:
    """Return 100 g of a food as a row that records all of it."""
    return Recorded(tuple(composition.tolist()), 100.0 if weighed else nan)


def spreads(
    cases: list[Case], index: Index, known: Compositions, app: list[tuple[Recorded, frozenset[int]]]
) -> tuple[list[dict[str, dict[str, float]]], Likeness]:
    """Return how far records of one food, and of other foods of the same words, differ: by basis and nutrient."""
    weights = load_weights()
    pairs, rows = [[], []], [[], []]
    for case in cases:
        if case.source != "diary" or case.without >= 0:
            continue
        ranking = rank(in_our_words(case.text), index, weights)
        if ranking is None:
            continue
        answers = np.array(sorted(case.answers))
        best = ranking.foods[:CANDIDATES]
        near = index.alike(np.concatenate([answers, best]))[: len(answers), len(answers) :].any(axis=0)
        wrong = best[~np.isin(best, answers) & ~near]
        for basis in (0, 1):
            said = as_recorded(known.of(answers[:1])[0], weighed=bool(basis))
            if not said.values[0] >= 5:
                continue
            pairs[basis].append(differences(said, known.of(answers[1:])))
            rows[basis].append(differences(said, known.of(wrong)))
    counts = [[np.ones(len(part)) for part in side] for side in pairs]
    for recorded, answers_of_row in app:
        far = differences(recorded, known.of(np.array(sorted(answers_of_row))))
        macros = np.nansum(np.abs(far[:, MACRO_PLACES]), axis=1)
        pairs[recorded.basis].append(far[[int(np.argmin(macros))]])
        counts[recorded.basis].append(np.array([float(APP_ROWS_COUNT)]))
    result = []
    for basis in (0, 1):
        same, other = np.concatenate(pairs[basis]), np.concatenate(rows[basis])
        of_same, of_other = np.concatenate(counts[basis]), np.ones(len(other))
        scales = {}
        for place, name in enumerate(NUTRIENTS):
            one, rest = t_scale(same[:, place], of_same), t_scale(other[:, place], of_other)
            one, rest = (
                (one, rest) if one < rest else (1.0, 1.0)
            )  # no nutrient tells foods apart that differs more in one
            scales[name] = {"same": round(one, 3), "others": round(rest, 3)}
        result.append(scales)
    table = [tuple(tuple(scales[name][side] for name in NUTRIENTS) for scales in result) for side in ("same", "others")]
    return result, Likeness(table[0], table[1], (1.0,) * len(NUTRIENTS), 1.0, 0.0, 0.9)


def made_up_row(
    food: int, mixed: int | None, known: Compositions, likeness: Likeness, rng: np.random.Generator
) -> Recorded | None:
    """Return a row as an app might have it of `food`, None where it would say too little."""
    values = known.of(np.array([food]))[0].copy()
    if mixed is not None:
        share = rng.uniform(0.0, 0.4)
        other = known.of(np.array([mixed]))[0]
        values = np.where(np.isnan(other), values, (1 - share) * values + share * other)
    spread = np.array(likeness.same[0])
    spread[0] = likeness.same[1][0]
    values = values * np.exp(OF_ONE * spread * np.clip(rng.standard_t(FREEDOM, len(values)), -6, 6))
    weight = float(np.exp(rng.normal(4.5, 0.8)))
    values = values * weight / 100
    kind = rng.random()
    has = NUTRIENTS if kind < 0.5 else LABEL if kind < 0.7 else FULL_LABEL if kind < 0.85 else ("energy", *MACROS)
    values = np.where(np.isin(NUTRIENTS, has), values, np.nan)
    values = (
        np.round(values, 2)
        if kind < 0.5
        else np.where(np.arange(len(values)) == 0, np.round(values, -1), np.round(values))
    )
    if not values[0] >= 5:
        return None
    return Recorded(tuple(values.tolist()), weight if rng.random() < 0.45 else nan)


def real_lines(names: dict[str, frozenset[int]], rows: dict[str, Recorded], index: Index) -> list[Line]:
    """Return the labelled names of real exports with their rows; the text's weights were learned without them."""
    weights = load_weights()
    lines = []
    for text, answers in names.items():
        ranking = rank(in_our_words(text), index, weights)
        if ranking is not None:
            score = ranking.contributions[:, : len(EVIDENCE)].sum(axis=1) / weights.scale
            right = np.isin(ranking.foods, sorted(answers))
            lines.append(Line(ranking.foods, score, right, rows[text], float(APP_ROWS_COUNT)))
    return lines


def made_up_lines(cases: list[Case], index: Index, known: Compositions, likeness: Likeness) -> list[Line]:
    """Return the labelled texts with rows made up for them."""
    rng = np.random.default_rng(SEED)
    problem = learning.stack(cases, index)
    start = np.append(np.ones(len(EVIDENCE)), -3.0)
    theta = learning.learn(problem, np.ones(len(cases), dtype=bool), start)
    fold = learning.folds_of(cases)
    eaten = np.flatnonzero(index.log_share > np.log1p(1.0))
    lines = []
    for left_out in range(5):
        learned = learning.learn(problem, fold != left_out, theta)
        rows = learning.best_names(problem, learned[:-1])
        score = problem.amounts[rows] @ learned[:-1]
        order = np.lexsort((-score, problem.case[rows]))
        rows, score = rows[order], score[order]
        bounds = np.searchsorted(problem.case[rows], np.arange(len(cases) + 1))
        for number in np.flatnonzero(fold == left_out):
            case, part = cases[number], slice(bounds[number], bounds[number + 1])
            foods = problem.food[rows[part]]
            if case.source not in SOURCES or not len(foods):
                continue
            answers = np.array(sorted(case.answers))
            share = np.exp(index.log_share[answers]) if len(answers) else np.ones(len(eaten))
            food = int(rng.choice(answers if len(answers) else eaten, p=share / share.sum()))
            mixed = int(rng.choice(foods[:10])) if rng.random() < 0.5 else None
            recorded = made_up_row(food, mixed, known, likeness, rng)
            if recorded is None:
                continue
            alike = index.alike(np.append(foods, food))[-1, :-1]
            right = (foods == food) | (alike & np.isin(foods, answers))
            right = right if right.any() else alike
            lines.append(
                Line(foods, score[part], right & bool(len(answers)), recorded, SOURCE_WEIGHT[case.source] * case.weight)
            )
    return lines


def ratios_of(lines: list[Line], known: Compositions, likeness: Likeness) -> list[np.ndarray]:
    """Return, per line, candidates x (macronutrients, others): the log-likelihood ratios summed."""
    result = []
    for line in lines:
        each = log_ratios(differences(line.recorded, known.of(line.foods)), likeness, line.recorded.basis)
        macros = each[:, MACRO_PLACES].sum(axis=1)
        result.append(np.column_stack([macros, each.sum(axis=1) - macros]))
    return result


def loss(lines: list[Line], ratios: list[np.ndarray], weights: tuple[float, float], no_food: float) -> float:
    """Return the mean negative log-likelihood of the right foods."""
    total = count = 0.0
    for line, ratio in zip(lines, ratios, strict=True):
        score = np.append(line.score + ratio @ np.array(weights), no_food)
        power = np.exp(score - score.max())
        right = power[:-1][line.right].sum() if line.right.any() else power[-1]
        total -= line.weight * np.log(max(right / power.sum(), 1e-6))
        count += line.weight
    return float(total / count)


def judged(
    lines: list[Line], ratios: list[np.ndarray], weights: tuple[float, float], no_food: float, index: Index
) -> tuple[np.ndarray, np.ndarray]:
    """Return per line the log-odds of its best food before calibration, and whether it is right or alike to it."""
    odds, good = [], []
    for line, ratio in zip(lines, ratios, strict=True):
        score = line.score + ratio @ np.array(weights)
        order = np.argsort(-score, kind="stable")
        foods, score = line.foods[order], score[order]
        alike, rivals = alike_and_rivals(score, foods, index, no_food)
        first = by_company(score, alike)[0]
        right = line.foods[line.right]
        odds.append(alike[first] - rivals[first])
        good.append(
            bool(len(right))
            and bool(index.alike(np.append(right, foods[first]))[-1].sum() > 1 or foods[first] in right)
        )
    return np.array(odds), np.array(good)


def threshold(score: np.ndarray, good: np.ndarray, weight: np.ndarray) -> float:
    """Return the least score from which on enough are right."""
    order = np.argsort(-score)
    precision = np.cumsum((weight * good)[order]) / np.cumsum(weight[order])
    enough = np.flatnonzero(precision >= learning.AUTOMATIC_PRECISION)
    return float(np.ceil(score[order][enough[-1]] * 100) / 100) if len(enough) else 0.97


def main() -> None:
    """Learn the spreads, the weights and the calibration, and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    foods: FoodData = load_foods(release="embedded")
    index = load_index(foods)
    known = load_compositions(foods, index)
    cases = all_cases(shared, foods, index)
    recorded = app_rows(shared)
    names = {text: answers for text, answers in app_names("learn", index).items() if answers and text in recorded}
    scales, likeness = spreads(cases, index, known, [(recorded[text], answers) for text, answers in names.items()])
    no_food = load_weights().no_food
    made_up = made_up_lines(cases, index, known, likeness)
    lines = made_up + real_lines(names, recorded, index)
    ratios = ratios_of(lines, known, likeness)
    tried = {(one, two): loss(lines, ratios, (one, two), no_food) for one in STEPS for two in STEPS}
    weights = min(tried, key=lambda pair: tried[pair])
    print(f"{len(lines)} lines; loss without {loss(lines, ratios, (0.0, 0.0), no_food):.3f}, with {tried[weights]:.3f}")
    print("weights", weights)
    odds, good = judged(lines, ratios, weights, no_food, index)
    before = judged(lines, ratios, (0.0, 0.0), no_food, index)[1]
    weight = np.array([line.weight for line in lines])
    scale, start = learning.logistic(odds, good, weight)
    score = 1 / (1 + np.exp(-(start + scale * odds)))
    automatic = min(max(threshold(score, good, weight), load_weights().automatic), 0.97)
    sure = score >= automatic
    print(f"right or alike {np.average(before, weights=weight):.3f} -> {np.average(good, weights=weight):.3f}")
    print(f"automatic from {automatic:.2f}: {np.average(sure, weights=weight):.3f}, right {good[sure].mean():.3f}")
    for low in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9):
        own = (score >= low) & (score < (low + 0.2 if low < 0.8 else low + 0.1))
        print(f"score from {low}: {own.sum()} lines, right or alike {good[own].mean():.2f}")
    stored = {
        "about": "Learned by tools/learn_recorded_evidence.py; docs/matching.md says how and from what.",
        "learned_from": {"made up rows": len(made_up), "rows of app exports": len(names)},
        "spreads": dict(zip(BASES, scales, strict=True)),
        "weights": {"macronutrients": weights[0], "others": weights[1]},
        "calibration": {"scale": round(scale, 3), "start": round(start, 3)},
        "thresholds": {"automatic": round(automatic, 2)},
    }
    path = data_folder() / "matching_recorded.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
