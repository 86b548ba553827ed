"""The formulas of a few days, the models of usual intake and their data: published examples, Bayes' rule."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import skip_or_fail
from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients
from nutridiary.references import LIFE_STAGES
from nutridiary.usual_intake.box_cox import inverse, usual_intake_at
from nutridiary.usual_intake.individual import (
    adequacy_z,
    best_guess,
    confidence_above_ai,
    confidence_below_ul,
    confidence_of_adequacy,
    difference_sd,
)
from nutridiary.usual_intake.more_days import days_needed, further_days, mean_needed
from nutridiary.usual_intake.posterior import posterior, scaled_days, scaled_need
from nutridiary.usual_intake.requirements import spread_of_needs
from nutridiary.usual_intake.variation import pooled_variation, usual_intake_models
from recorded_days import judged

SHARED = Path(__file__).resolve().parents[2] / "shared" / "reference"
MAGNESIUM = {"requirement_cv": 0.10, "within_person_sd": 85.9}
NORMAL = NormalDist()


# The published examples (IOM 2000, ch. 3 and app. B) ------------------------------------------------------------------


def test_adequacy_z_reproduces_iom_2000_magnesium_example() -> None:
    assert round(float(difference_sd(265, days=3, **MAGNESIUM))) == 56
    assert round(float(adequacy_z(320, 265, days=3, **MAGNESIUM)), 2) == 0.98
    assert round(float(confidence_of_adequacy(320, 265, days=3, **MAGNESIUM)), 1) == 83.6


@pytest.mark.parametrize(("days", "mean"), [(1, 445), (3, 377), (7, 349)])
def test_mean_needed_reproduces_iom_2000_magnesium_table(days: int, mean: int) -> None:
    assert round(float(mean_needed(265, days=days, **MAGNESIUM))) == mean


@pytest.mark.parametrize(("days", "mean"), [(1, 486), (7, 362)])
def test_mean_needed_reproduces_iom_2000_table_with_a_quarter_more_variation(days: int, mean: int) -> None:
    assert round(float(mean_needed(265, requirement_cv=0.10, within_person_sd=1.25 * 85.9, days=days))) == mean


@pytest.mark.parametrize(("days", "percent"), [(1, 73), (3, 86), (7, 95)])
def test_confidence_above_ai_reproduces_iom_2000_calcium_example(days: int, percent: int) -> None:
    assert round(float(confidence_above_ai(1200, 1000, within_person_sd=325, days=days))) == percent


def test_confidence_below_ul_mirrors_confidence_above_the_same_figure() -> None:
    above = confidence_above_ai(2200, 2500, within_person_sd=325, days=3)
    assert confidence_below_ul(2200, 2500, within_person_sd=325, days=3) == pytest.approx(100 - above)


def shared_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the material for testing, or skip because it is not there."""
    path = SHARED / name
    if not path.is_file():
        skip_or_fail(f"{name} is not there")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_days_needed_agrees_with_days_computed_from_nhanes() -> None:
    rows = shared_rows("within_person_variance_nhanes.csv")
    ours = days_needed([float(row["cv_within_w"]) for row in rows], 0.20)
    stated = np.array([float(row["days_20pct_95"]) for row in rows])
    assert np.abs(ours - stated).max() <= 1  # the CV is printed with four digits


def test_missing_intake_stays_missing_and_is_never_read_as_zero() -> None:
    assert math.isnan(adequacy_z(math.nan, 265, days=3, **MAGNESIUM))
    assert math.isnan(confidence_above_ai(math.nan, 1000, within_person_sd=325, days=3))


@pytest.mark.parametrize(("days", "ear"), [(0, 265), (3, 0)])
def test_adequacy_z_refuses_no_days_and_no_requirement(days: int, ear: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        adequacy_z(320, ear, days=days, **MAGNESIUM)


def test_further_days_with_the_same_mean_just_reach_the_confidence() -> None:
    figures = {"requirement_cv": 0.10, "within_person_sd": 85.9}
    more = int(further_days(340, 265, figure_sd=26.5, within_person_sd=85.9, days=3))
    assert confidence_of_adequacy(340, 265, days=3 + more, **figures) >= 97.5
    assert confidence_of_adequacy(340, 265, days=2 + more, **figures) < 97.5


@given(mean=st.floats(0, 1e4), group=st.floats(1, 1e4), days=st.integers(1, 60))
def test_best_guess_lies_between_the_days_and_the_group(mean: float, group: float, days: int) -> None:
    guess = best_guess(mean, days, group_mean=group, within_person_sd=90, between_person_sd=60)
    assert min(mean, group) - 1e-9 <= guess.estimate <= max(mean, group) + 1e-9
    assert guess.low < guess.estimate < guess.high


# The models -----------------------------------------------------------------------------------------------------------


def usual_by_brute_force(point: np.ndarray, model: Any) -> np.ndarray:
    """Return the mean of very many days on a fine grid, floor aside."""
    grid = np.linspace(-7, 7, 2_001)
    share = np.exp(-(grid**2) / 2)
    return inverse(point[:, None] + math.sqrt(model.variance_within) * grid, model.boxcox_lambda) @ (
        share / share.sum()
    )


def confidence_by_brute_force(days: Sequence[float], model: Any, ear: float, cv: float) -> float:
    """Return the confidence by Bayes' rule on a grid of person means, day by day, without any closed form."""
    sd = math.sqrt(model.variance_between)
    point = model.mean + sd * np.linspace(-6, 6, 1_501)
    log = -((point - model.mean) ** 2) / (2 * model.variance_between)
    for day in days:
        scaled = (day**model.boxcox_lambda - 1) / model.boxcox_lambda
        log -= (scaled - point) ** 2 / (2 * model.variance_within)
    weight = np.exp(log - log.max())
    usual = usual_by_brute_force(point, model)
    meets = [NORMAL.cdf((value - ear) / (cv * ear)) for value in usual]
    return float(100 * np.average(meets, weights=weight))


@pytest.mark.parametrize("days", [[210.0], [320.0, 260.0, 341.0], [250.0, 301.0, 333.0, 280.0, 190.0, 402.0, 270.0]])
def test_confidence_equals_bayes_rule_on_a_grid(days: list[float]) -> None:
    model = usual_intake_models()["magnesium", "female", 31.0]
    table, _ = judged({"magnesium": days})
    expected = confidence_by_brute_force(days, model, 265, 0.10)
    assert table.loc["magnesium", "confidence"] == pytest.approx(expected, abs=0.3)


def test_best_guess_is_the_mean_usual_intake_of_people_with_such_days() -> None:
    days = [700.0, 1400.0]
    model = usual_intake_models()["calcium", "female", 31.0]
    point = model.mean + math.sqrt(model.variance_between) * np.linspace(-6, 6, 1_501)
    scaled = np.mean([(day**model.boxcox_lambda - 1) / model.boxcox_lambda for day in days])
    log = -((point - model.mean) ** 2) / (2 * model.variance_between) - (scaled - point) ** 2 / model.variance_within
    usual, weight = usual_by_brute_force(point, model), np.exp(log - log.max())
    below = np.cumsum(weight) / weight.sum()
    row = judged({"calcium": days})[0].loc["calcium"]
    assert row["usual_estimate"] == pytest.approx(np.average(usual, weights=weight), rel=0.003)
    assert row["usual_low"] == pytest.approx(np.interp(0.05, below, usual), rel=0.005)
    assert row["usual_high"] == pytest.approx(np.interp(0.95, below, usual), rel=0.005)


def test_confidence_above_ai_equals_bayes_rule_on_a_grid() -> None:
    days = [2900.0, 2400.0, 3100.0]
    model = usual_intake_models()["potassium", "female", 31.0]
    table, _ = judged({"potassium": days})
    assert table.loc["potassium", "confidence"] == pytest.approx(
        confidence_by_brute_force(days, model, 2600, 1e-9), abs=0.3
    )


@pytest.mark.parametrize("key", [("copper", "female", 71.0), ("vitamin_d", "male", 19.0), ("potassium", "both", 4.0)])
def test_scaled_need_is_where_usual_intake_is_the_need(key: tuple[str, str, float]) -> None:
    model = usual_intake_models()[key]
    needs = inverse(model.mean + np.sqrt(model.variance_between) * np.array([-2.0, 0.0, 2.0]), model.boxcox_lambda)
    points = scaled_need(needs, model)
    usual = usual_intake_at(points, model.variance_within, model.boxcox_lambda, model.floor)
    assert usual == pytest.approx(needs, rel=1e-7)
    assert scaled_need([model.floor / 2], model)[0] == -math.inf


def test_posterior_comes_to_the_days_as_they_grow_many() -> None:
    model = usual_intake_models()["calcium", "male", 31.0]
    near, far = posterior(model.mean + 3, 1, model), posterior(model.mean + 3, 100_000, model)
    assert model.mean < near.mean < model.mean + 2
    assert far.mean == pytest.approx(model.mean + 3, abs=1e-3)
    assert far.sd < 0.02 * near.sd


def iron_by_brute_force(days: Sequence[float], model: Any) -> float:
    """Return the confidence for iron with the printed table read between its percentiles in a straight line."""
    found = posterior([np.mean(scaled_days(days, model))], [len(days)], model)
    with data_file("usual_intake", "iron_requirement.csv").open(encoding="utf-8") as lines:
        table = [(float(row["percentile"]), float(row["requirement"])) for row in csv.DictReader(lines)]
    percentiles = np.linspace(0, 100, 2_001)
    needs = scaled_need(np.interp(percentiles, *zip(*table, strict=True)), model)  # flat beyond the table's ends
    share = [NORMAL.cdf((float(found.mean[0]) - need) / float(found.sd[0])) for need in needs]
    return float(np.trapezoid(share, percentiles))


@pytest.mark.parametrize("mean", [7.0, 9.0, 11.0, 13.0, 15.0, 17.0])
@pytest.mark.parametrize("count", [1, 7, 30])
def test_confidence_for_iron_is_that_of_the_whole_table_of_needs(mean: float, count: int) -> None:
    days = [mean * factor for factor in (0.8, 1.25, 1.0, 1.1, 0.9, 0.7, 1.3)] * 5
    model = usual_intake_models()["iron", "female", 31.0]
    expected = iron_by_brute_force(days[:count], model)
    assert judged({"iron": days[:count]})[0].loc["iron", "confidence"] == pytest.approx(expected, abs=0.12)


def test_needs_around_an_ear_have_its_mean_and_spread() -> None:
    needs, shares = spread_of_needs([265.0], [0.10])
    mean = float(needs[0] @ shares)
    assert mean == pytest.approx(265)
    assert math.sqrt(float((needs[0] - mean) ** 2 @ shares)) == pytest.approx(26.5, rel=0.03)


# Data -----------------------------------------------------------------------------------------------------------------


def test_within_person_table_holds_every_age_group_of_the_reference_intakes() -> None:
    groups = {(group.sex, group.age_from) for group in LIFE_STAGES if group.life_stage in ("child", "none")}
    found: dict[str, set[tuple[str, float]]] = {}
    for nutrient, sex, age in pooled_variation():
        found.setdefault(nutrient, set()).add((sex, age))
    assert len(found) == 25
    assert all(ages == groups for ages in found.values())
    assert set(found) <= set(load_nutrients().index)


def test_requirement_variation_ships_no_figure_nobody_read_in_print() -> None:
    read = {row["nutrient"]: row for row in shared_rows("requirement_cv.csv")}
    with data_file("usual_intake", "requirement_cv.csv").open(encoding="utf-8") as lines:
        shipped = list(csv.DictReader(lines))
    assert len(shipped) >= 14
    for row in shipped:
        if row["nutrient"] != "vitamin_d":  # implied by EAR and RDA, and said so
            assert read[row["nutrient"]]["provenance"] == "stored"
            assert float(row["cv_percent"]) == float(read[row["nutrient"]]["cv_percent"])
        assert row["source"]


def test_models_agree_with_the_mean_intakes_and_variation_of_an_older_survey() -> None:
    for key, model in usual_intake_models().items():
        pooled = pooled_variation().get(key)
        if pooled is not None:
            mean = float(
                usual_intake_at(model.mean, model.variance_within + model.variance_between, model.boxcox_lambda)
            )
            assert 0.6 < mean / (pooled.sd_within / pooled.cv_within) < 1.4, key
