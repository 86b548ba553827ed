"""What a few recorded days say of usual intake: the published examples, the models, and what is never said."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from conftest import skip_or_fail
from hand_made import ANNA, BEN, Line, analysis_of, two_days
from nutridiary.analysis import Analysis
from nutridiary.comparison import compare
from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients
from nutridiary.references import LIFE_STAGES, Person
from nutridiary.report.excel.confidence import write_confidence
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.working import write_working
from nutridiary.tables import CONFIDENCE, INTAKES, WORKING, conform
from nutridiary.usual_intake import VERDICTS, confidence
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
from nutridiary.usual_intake.posterior import posterior, scaled_need
from nutridiary.usual_intake.requirements import spread_of_needs
from nutridiary.usual_intake.variation import iron_requirements, pooled_variation, usual_intake_models
from reading import rows_below

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


def test_needs_around_an_ear_have_its_mean_and_spread() -> None:
    needs, shares = spread_of_needs([265.0], [0.10])
    mean = float(needs[0] @ shares)
    assert mean == pytest.approx(265)
    assert math.sqrt(float((needs[0] - mean) ** 2 @ shares)) == pytest.approx(26.5, rel=0.03)


# Diaries --------------------------------------------------------------------------------------------------------------


def recorded(
    amounts: dict[str, Sequence[float]], person: str | None = None, supplements: dict[str, float] | None = None
) -> pd.DataFrame:
    """Return daily intakes of which everything is known; supplements give the same every day."""
    rows = []
    for nutrient, values in amounts.items():
        taken = (supplements or {}).get(nutrient)
        for number, food in enumerate(values):
            total = food + (taken or 0.0)
            rows.append(
                {
                    "person_id": person,
                    "date": pd.Timestamp(2026, 3, 2) + pd.Timedelta(days=number),
                    "nutrient": nutrient,
                    "unit": load_nutrients().loc[nutrient, "unit"],
                    **dict.fromkeys(("amount", "low", "high"), total),
                    "food_amount": food,
                    "supplement_amount": taken,
                    "foods": 8,
                    **dict.fromkeys(("foods_filled_in", "foods_without_value", "foods_left_out"), 0),
                }
            )
    return pd.DataFrame(rows).astype({"person_id": "str", "supplement_amount": "float64"})


def judged(
    amounts: dict[str, Sequence[float]],
    person: Person | None = ANNA,
    supplements: dict[str, float] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the confidence, by nutrient, and the working."""
    return judged_days(recorded(amounts, supplements=supplements), {} if person is None else {"": person})


def judged_days(days: pd.DataFrame, people: dict[str, Person]) -> tuple[pd.DataFrame, pd.DataFrame]:
    table, working = confidence(days, people, compare(days, people, conform(pd.DataFrame(), INTAKES)))
    return table.set_index("nutrient"), working


def test_confidence_gives_a_row_for_every_row_of_the_comparison() -> None:
    analysis = analysis_of([*two_days("Anna"), *two_days("Ben")], {"Anna": ANNA, "Ben": BEN})
    table, working = confidence(analysis.days, analysis.people, analysis.comparison)
    key = ["person_id", "nutrient"]
    assert table[key].equals(analysis.comparison[key])
    assert list(table.columns) == CONFIDENCE.names
    assert list(working.columns) == WORKING.names
    assert not working.duplicated(list(WORKING.key)).any()
    assert set(table["verdict"]) <= set(VERDICTS)


def test_iom_2000_stands_beside_with_the_pooled_variation_of_her_age() -> None:
    table, _ = judged({"magnesium": [320.0] * 3})
    sd = pooled_variation()["magnesium", "female", 31.0].sd_within
    z = (320 - 265) / math.sqrt(26.5**2 + sd**2 / 3)
    assert table.loc["magnesium", "z"] == pytest.approx(z)
    assert table.loc["magnesium", "confidence_iom_2000"] == pytest.approx(100 * NORMAL.cdf(z))


def test_iom_2000_is_withheld_where_days_vary_by_more_than_60_percent() -> None:
    table, _ = judged({"vitamin_b12": [2.6, 2.2, 3.0]})
    assert math.isnan(table.loc["vitamin_b12", "confidence_iom_2000"])
    assert table.loc["vitamin_b12", "method"] == "usual_intake_model"
    assert "No figure by these days alone" in table.loc["vitamin_b12", "note"]


def test_an_extreme_day_moves_the_confidence_less_than_iom_2000_says() -> None:
    table, _ = judged({"zinc": [16.0]})
    assert 60 < table.loc["zinc", "confidence"] < table.loc["zinc", "confidence_iom_2000"]


def test_intake_below_an_ai_concludes_nothing() -> None:
    table, _ = judged({"potassium": [1500.0] * 5})
    row = table.loc["potassium"]
    assert row["verdict"] == "no_conclusion"
    assert pd.isna(row["more_days"])
    assert "Nothing can be concluded" in row["reading"]


def test_intake_between_ear_and_rda_is_not_settled_by_more_days() -> None:
    table, _ = judged({"magnesium": [290.0] * 7})
    assert pd.isna(table.loc["magnesium", "more_days"])
    assert "More days would not settle it" in table.loc["magnesium", "reading"]


def test_more_days_are_the_fewest_that_make_it_clear() -> None:
    days = [900.0, 1500.0, 1150.0]
    table, _ = judged({"calcium": days})
    more = int(table.loc["calcium", "more_days"])
    model = usual_intake_models()["calcium", "female", 31.0]
    scaled = float(np.mean([(day**model.boxcox_lambda - 1) / model.boxcox_lambda for day in days]))
    same = float(inverse(scaled, model.boxcox_lambda))
    enough, _ = judged({"calcium": [*days, *[same] * more]})
    too_few, _ = judged({"calcium": [*days, *[same] * (more - 1)]})
    assert enough.loc["calcium", "confidence"] >= 97.5 > too_few.loc["calcium", "confidence"]
    assert f"{more} more days" in table.loc["calcium", "reading"]


def test_days_that_are_enough_ask_for_no_more() -> None:
    table, _ = judged({"magnesium": [480.0] * 10})
    assert table.loc["magnesium", "verdict"] == "clear"
    assert pd.isna(table.loc["magnesium", "more_days"])
    assert "more than 97 in 100" in table.loc["magnesium", "reading"]


def test_supplement_is_added_to_the_best_guess_as_stated() -> None:
    without, _ = judged({"calcium": [700.0, 800.0]})
    with_it, _ = judged({"calcium": [700.0, 800.0]}, supplements={"calcium": 300.0})
    for name in ("usual_estimate", "usual_low", "usual_high"):
        assert with_it.loc["calcium", name] == pytest.approx(without.loc["calcium", name] + 300)
    assert with_it.loc["calcium", "confidence"] > without.loc["calcium", "confidence"]
    assert "Supplements count as stated: 300 mg" in with_it.loc["calcium", "note"]


def test_supplement_that_meets_every_need_alone_leaves_no_doubt() -> None:
    table, _ = judged({"vitamin_b12": [0.5, 0.4]}, supplements={"vitamin_b12": 100.0})
    assert table.loc["vitamin_b12", "confidence"] == pytest.approx(100)


def test_sodium_is_held_against_its_cdrr_and_calcium_against_its_ul() -> None:
    table, _ = judged({"sodium": [4200.0] * 5, "calcium": [900.0] * 5})
    assert list(table["upper_kind"]) == ["CDRR", "UL"]
    assert table.loc["sodium", "confidence_below_ul"] < 2.5
    assert "below the CDRR of 2,300 mg" in table.loc["sodium", "reading"]
    assert table.loc["calcium", "confidence_below_ul"] > 99


def test_ul_of_magnesium_is_never_held_against_food() -> None:
    table, _ = judged({"magnesium": [900.0] * 5})
    assert math.isnan(table.loc["magnesium", "confidence_below_ul"])
    assert pd.isna(table.loc["magnesium", "upper_kind"])


def test_iron_of_women_who_menstruate_follows_the_printed_table() -> None:
    table, working = judged({"iron": [14.0, 11.0, 12.5]})
    amounts, _, _ = iron_requirements()
    shown = [float(text.split()[3]) for text in quantities(working, "confidence") if text.startswith("share that")]
    assert shown == pytest.approx(amounts, abs=0.005)
    man, _ = judged({"iron": [14.0, 11.0, 12.5]}, BEN)
    assert table.loc["iron", "confidence"] < man.loc["iron", "confidence"]
    assert "oral contraceptive" in table.loc["iron", "note"]
    older, _ = judged({"iron": [14.0, 11.0, 12.5]}, Person(sex="female", age_years=60))
    assert "oral contraceptive" not in older.loc["iron", "note"]


def test_iron_of_a_small_child_is_withheld_because_needs_are_far_from_normal() -> None:
    table, _ = judged({"iron": [9.0] * 3}, Person(sex="male", age_years=2))
    assert table.loc["iron", "verdict"] == "withheld"
    assert "unevenly" in table.loc["iron", "reading"]


def test_pregnant_woman_gets_iom_2000_with_the_variation_of_women_of_her_age() -> None:
    table, _ = judged({"magnesium": [320.0] * 3}, Person(sex="female", age_years=33, pregnant=True))
    row = table.loc["magnesium"]
    assert row["method"] == "iom_2000"
    assert row["group"].startswith("women 31-50 y")
    sd = pooled_variation()["magnesium", "female", 31.0].sd_within
    expected = confidence_of_adequacy(320, 300, requirement_cv=0.10, within_person_sd=sd, days=3)
    assert row["confidence"] == pytest.approx(float(expected))
    assert math.isnan(row["usual_estimate"])
    assert "not pregnant" in row["note"]


def test_pregnant_woman_gets_no_figure_where_days_vary_too_much() -> None:
    table, _ = judged({"vitamin_b12": [3.0] * 3}, Person(sex="female", age_years=33, pregnant=True))
    assert table.loc["vitamin_b12", "verdict"] == "withheld"


@pytest.mark.parametrize("person", [None, Person(sex="male", age_years=0.5)])
def test_unknown_person_and_infant_get_no_figure_and_a_reason(person: Person | None) -> None:
    table, working = judged({"magnesium": [60.0] * 3, "zinc": [3.0] * 3}, person)
    assert list(table["method"]) == ["withheld", "withheld"]
    assert table[["confidence", "confidence_iom_2000", "usual_estimate"]].isna().all(axis=None)
    assert all(reading.startswith("No confidence is given: ") for reading in table["reading"])
    assert working.empty


def test_nutrient_without_reference_gets_a_best_guess_alone() -> None:
    table, _ = judged({"energy": [1900.0, 2100.0]})
    assert table.loc["energy", "verdict"] == "withheld"
    assert 1835 < table.loc["energy", "usual_estimate"] < 2000  # drawn towards the mean of women of her age


def test_day_of_which_nothing_is_known_is_left_out_not_read_as_zero() -> None:
    days = recorded({"magnesium": [320.0, 300.0, 310.0]})
    known, _ = judged_days(days.iloc[:2], {"": ANNA})
    unknown = days.assign(foods_without_value=[0, 0, 5])
    unknown.loc[2, ["amount", "low", "high", "food_amount"]] = np.nan
    table, _ = judged_days(unknown, {"": ANNA})
    assert table.loc["magnesium", "confidence"] == pytest.approx(known.loc["magnesium", "confidence"])
    assert math.isnan(table.loc["magnesium", "confidence_high"])
    assert table.loc["magnesium", "confidence_low"] < 5
    assert table.loc["magnesium", "verdict"] == "open"
    assert "1 day of which nothing is known" in table.loc["magnesium", "note"]


def test_day_of_which_only_a_supplement_is_known_says_nothing_of_food() -> None:
    days = recorded({"calcium": [700.0, 800.0]}, supplements={"calcium": 300.0})
    known, _ = judged_days(days.iloc[:1], {"": ANNA})
    days.loc[1, ["amount", "low", "food_amount", "high"]] = [300.0, 300.0, np.nan, np.nan]
    table, _ = judged_days(days.assign(foods_without_value=[0, 3]), {"": ANNA})
    assert table.loc["calcium", "usual_estimate"] == pytest.approx(known.loc["calcium", "usual_estimate"])


def test_likely_value_stands_for_what_is_not_known_and_is_said_to() -> None:
    days = recorded({"magnesium": [320.0, 300.0, 310.0]})
    as_known, _ = judged({"magnesium": [340.0, 350.0, 310.0]})
    likely = days.assign(estimate=[340.0, 350.0, 310.0], high=[400.0, 380.0, 310.0], foods_without_value=[1, 1, 0])
    table, _ = judged_days(likely, {"": ANNA})
    assert table.loc["magnesium", "confidence"] == pytest.approx(as_known.loc["magnesium", "confidence"])
    assert "Rests on 333 mg a day" in table.loc["magnesium", "note"]
    assert "known is 310 mg" in table.loc["magnesium", "note"]


def test_values_not_known_give_bounds_around_the_confidence() -> None:
    days = recorded({"magnesium": [320.0, 300.0, 310.0]}).assign(low=[300.0, 220.0, 310.0], high=[340.0, 400.0, 360.0])
    days["foods_without_value"] = [1, 2, 1]
    table, _ = judged_days(days, {"": ANNA})
    row = table.loc["magnesium"]
    assert row["confidence_low"] < row["confidence"] < row["confidence_high"]
    low, _ = judged({"magnesium": [300.0, 220.0, 310.0]})
    assert row["confidence_low"] == pytest.approx(low.loc["magnesium", "confidence"])
    assert f"({row['confidence_low']:.0f} to {row['confidence_high']:.0f}" in row["reading"]


def test_less_than_needed_is_never_clear_while_something_is_missing() -> None:
    days = recorded({"magnesium": [90.0] * 10})
    assert judged_days(days, {"": ANNA})[0].loc["magnesium", "verdict"] == "clearly_not"
    missing, _ = judged_days(days.assign(high=np.nan, foods_without_value=1), {"": ANNA})
    assert missing.loc["magnesium", "verdict"] == "open"


def test_more_days_are_not_promised_while_what_is_missing_decides() -> None:
    days = recorded({"magnesium": [190.0, 160.0, 185.0]})
    known, _ = judged_days(days, {"": ANNA})
    missing, _ = judged_days(days.assign(high=np.nan, foods_without_value=2), {"": ANNA})
    assert known.loc["magnesium", "more_days"] > 0
    assert pd.isna(missing.loc["magnesium", "more_days"])
    assert "not known" in missing.loc["magnesium", "reading"]


def test_niacin_is_bounded_from_below_only() -> None:
    table, _ = judged({"niacin": [12.0] * 4})
    assert math.isnan(table.loc["niacin", "confidence_high"])
    assert "tryptophan" in table.loc["niacin", "note"]


def test_figures_are_called_what_their_authority_calls_them() -> None:
    days = recorded({"calcium": [740.0] * 3})
    compared = compare(days, {"": ANNA}, conform(pd.DataFrame(), INTAKES), reference="efsa")
    table, working = confidence(days, {"": ANNA}, compared)
    assert table.loc[0, ["reference_kind", "reference_name", "reference"]].tolist() == ["EAR", "AR", 750.0]
    assert "figure intake is held against: AR" in quantities(working, "confidence")


def test_further_editions_of_the_comparison_add_no_row() -> None:
    days = recorded({"potassium": [2500.0] * 3})
    compared = compare(days, {"": ANNA}, conform(pd.DataFrame(), INTAKES), editions=["2005"])
    assert len(compared) == 2
    table, _ = confidence(days, {"": ANNA}, compared)
    assert table["reference"].tolist() == [2600.0]


amounts_of_days = st.lists(st.floats(20, 900), min_size=1, max_size=6)


@settings(max_examples=10, deadline=None)
@given(days=amounts_of_days, order=st.randoms())
def test_order_of_days_does_not_matter_and_more_never_means_less(days: list[float], order: Any) -> None:
    shuffled = list(days)
    order.shuffle(shuffled)
    diaries = {"as written": days, "shuffled": shuffled, "more": [day * 1.1 for day in days]}
    together = pd.concat([recorded({"magnesium": own}, name) for name, own in diaries.items()], ignore_index=True)
    people = dict.fromkeys(diaries, ANNA)
    table, _ = confidence(together, people, compare(together, people, conform(pd.DataFrame(), INTAKES)))
    found = table.set_index("person_id")
    assert found.loc["shuffled", "confidence"] == pytest.approx(found.loc["as written", "confidence"])
    assert found.loc["more", "confidence"] >= found.loc["as written", "confidence"] - 1e-9
    assert found.loc["more", "usual_estimate"] > found.loc["as written", "usual_estimate"]


def test_people_are_worked_out_each_as_if_alone() -> None:
    alone, _ = judged({"magnesium": [310.0, 250.0], "calcium": [700.0, 900.0], "iron": [9.0, 12.0]})
    people = {"Anna": ANNA, "Ben": BEN, "Cy": Person(sex="male", age_years=3)}
    amounts = {"magnesium": [310.0, 250.0], "calcium": [700.0, 900.0], "iron": [9.0, 12.0]}
    together = pd.concat([recorded(amounts, name) for name in ("Cy", "Anna", "Ben")], ignore_index=True)
    table, _ = confidence(together, people, compare(together, people, conform(pd.DataFrame(), INTAKES)))
    anna = table[table["person_id"] == "Anna"].set_index("nutrient")
    for name in ("confidence", "usual_estimate", "confidence_iom_2000", "confidence_below_ul"):
        assert anna[name].to_numpy() == pytest.approx(alone[name].to_numpy(), nan_ok=True)


def test_no_word_diagnoses_or_alarms() -> None:
    nursing = Person(sex="female", age_years=25, lactating=True)
    people = {f"{person.sex} {scale}": person for scale in (0.2, 0.9, 1.0, 1.1, 3.0) for person in (ANNA, BEN)}
    people |= {f"nursing {scale}": nursing for scale in (0.2, 0.9, 1.1)}
    diaries = [
        recorded({name: [float(key.split()[1]) * value] * 3 for name, value in LITTLE.items()}, key) for key in people
    ]
    together = pd.concat(diaries, ignore_index=True)
    table, _ = confidence(together, people, compare(together, people, conform(pd.DataFrame(), INTAKES)))
    assert table["verdict"].nunique() >= 5
    said = " ".join([*table["reading"], *table["note"].dropna()]).casefold()
    for word in ("deficien", "inadequa", "risk", "danger", "too little", "must", "should", "cause"):
        assert word not in said, word


LITTLE = {
    "magnesium": 265.0,
    "potassium": 2600.0,
    "calcium": 800.0,
    "vitamin_d": 10.0,
    "vitamin_b12": 2.0,
    "sodium": 2300.0,
    "iron": 8.1,
    "zinc": 6.8,
}


# Working --------------------------------------------------------------------------------------------------------------


def quantities(working: pd.DataFrame, about: str) -> list[str]:
    return working.loc[working["about"] == about, "quantity"].tolist()


def given_values(working: pd.DataFrame, about: str) -> dict[str, float]:
    rows = working[(working["about"] == about) & working["symbol"].ne("")]
    return dict(zip(rows["symbol"], rows["value"], strict=True))


def test_working_gives_the_confidence_to_a_reader_with_a_calculator() -> None:
    table, working = judged({"calcium": [700.0, 950.0, 800.0]}, supplements={"calcium": 100.0})
    steps = given_values(working, "confidence")
    kept = steps["Vb"] / (steps["Vb"] + steps["Vw"] / steps["n"])
    scaled = np.mean([((day ** steps["λ"]) - 1) / steps["λ"] for day in (700.0, 950.0, 800.0)])
    mean = steps["m"] + kept * (scaled - steps["m"])
    sd = math.sqrt(steps["Vb"] * (1 - kept))
    assert steps["M"] == pytest.approx(mean)
    assert steps["S"] == pytest.approx(sd)
    assert steps["SD_req"] == pytest.approx(steps["CV"] * steps["EAR"])
    total = 0.0
    for row in working[working["quantity"].str.startswith("share that meets")].itertuples():
        need = float(re.findall(r"meets ([\d.]+) mg", row.quantity)[0])
        share = float(re.findall(r"need of ([\d.]+) %", row.quantity)[0]) / 100
        point = float(re.findall(r"a = ([\d.]+)", row.formula)[0])
        usual = usual_intake_at(point, steps["Vw"], steps["λ"], 0.0)
        assert usual + steps["d"] == pytest.approx(need, rel=1e-3)
        assert row.value == pytest.approx(100 * NORMAL.cdf((mean - point) / sd), abs=0.01)
        total += share * row.value
    assert table.loc["calcium", "confidence"] == pytest.approx(total, abs=0.05)


def test_working_gives_iom_2000_to_a_reader_with_a_calculator() -> None:
    table, working = judged({"calcium": [700.0, 950.0, 800.0]})
    steps = given_values(working, "confidence_iom_2000")
    spread = math.sqrt((steps["CV"] * steps["EAR"]) ** 2 + steps["SD_w"] ** 2 / steps["n"])
    z = (steps["ȳ"] - steps["EAR"]) / spread
    assert steps["z"] == pytest.approx(z)
    assert table.loc["calcium", "confidence_iom_2000"] == pytest.approx(100 * NORMAL.cdf(z))


def test_every_given_figure_of_the_working_names_its_source() -> None:
    _, working = judged({"calcium": [700.0, 950.0], "potassium": [2300.0, 2800.0], "sodium": [3000.0, 2500.0]})
    given = working[working["formula"].isna() & ~working["symbol"].isin(["n", "ȳ"])]
    assert given["source"].fillna("").ne("").all()


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


# Sheets ---------------------------------------------------------------------------------------------------------------


def workbook_of(analysis: Analysis, tmp_path: Path) -> Any:
    table, working = confidence(analysis.days, analysis.people, analysis.comparison)
    analysis = replace(analysis, confidence=table, working=working)
    people = list(dict.fromkeys(table["person_id"].fillna("")))
    workbook = Workbook()
    palette = Palette(workbook)
    write_confidence(Page(workbook, palette, "Confidence"), analysis, people=people)
    write_working(Page(workbook, palette, "Working"), analysis, people=people)
    palette.close()
    workbook.save(tmp_path / "confidence.xlsx")
    return openpyxl.load_workbook(tmp_path / "confidence.xlsx")


def test_confidence_sheet_says_in_words_what_its_figures_carry(tmp_path: Path) -> None:
    analysis = analysis_of([Line(day=f"2026-03-{n:02}", holds={"magnesium": 300.0 + n}) for n in range(2, 6)])
    rows = {row["Nutrient"].value: row for row in rows_below(workbook_of(analysis, tmp_path)["Confidence"], "Nutrient")}
    row = rows["Magnesium"]
    assert row["In short"].value in VERDICTS.values()
    assert row["What these days allow to be said"].value.startswith("4 days: of people with records like these, about")
    assert 50 < row["Confidence [%]"].value < 97.5
    assert row["Held against"].value == 265
    assert rows["Caffeine"]["Confidence [%]"].value is None


def test_each_row_of_confidence_leads_to_its_working(tmp_path: Path) -> None:
    lines = [*two_days("Anna"), *two_days("Ben")]
    workbook = workbook_of(analysis_of(lines, {"Anna": ANNA, "Ben": BEN}), tmp_path)
    rows, working = rows_below(workbook["Confidence"], "Nutrient"), workbook["Working"]
    linked = [row for row in rows if row["Working"].value is not None]
    assert linked
    for row in linked:
        target = int(re.findall(r"'Working'!A(\d+)", row["Working"].hyperlink.location)[0])
        assert working.cell(target, 1).value == row["Person"].value
        assert working.cell(target, 2).value == row["Nutrient"].value
        assert working.cell(target, 4).value == 1


def test_working_sheet_holds_every_step_with_its_value(tmp_path: Path) -> None:
    analysis = analysis_of(two_days())
    _, working = confidence(analysis.days, analysis.people, analysis.comparison)
    rows = rows_below(workbook_of(analysis, tmp_path)["Working"], "Nutrient")
    assert len(rows) == len(working)
    assert all(isinstance(row["Value"].value, int | float) for row in rows)
