"""Errors of a survey's figures, against calculation by hand, and the adjustment of means of few days."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from nutridiary.cohort import iron_risk, normal_risk, nrc_adjusted, replicates, survey_means, table_risk
from nutridiary.errors import CohortError


def drawn(**columns):
    """Two strata of two PSUs, one person each: intakes 10, 20; 30, 50."""
    table = {
        "person_id": list("abcd"),
        "day": 1,
        "weight": 1.0,
        "stratum": [1, 1, 2, 2],
        "psu": [1, 2, 1, 2],
        "magnesium": [10.0, 20.0, 30.0, 50.0],
    }
    return pd.DataFrame(table | columns)


def test_survey_means_reproduce_linearisation_by_hand():
    # Mean 27.5. z = (y - 27.5)/4: -4.375, -1.875 | 0.625, 5.625. With two units the variance of a stratum's total is
    # the squared difference: 2.5^2 + 5^2 = 31.25.
    row = survey_means(drawn(), ["magnesium"]).iloc[0]
    assert row["mean"] == pytest.approx(27.5)
    assert row["mean_se"] == pytest.approx(math.sqrt(31.25))
    assert row["degrees"] == 2
    assert row["mean_high"] - row["mean"] == pytest.approx(4.302653 * math.sqrt(31.25), rel=1e-6)  # t, 2 df, table


def test_survey_means_count_units_without_a_member_of_the_group():
    # Only a and b are members: mean 15; z = -2.5, 2.5 in stratum 1: variance 25. Leaving c and d out of the
    # table gives the same here; leaving b's whole unit out would not.
    row = survey_means(drawn(group=["x", "x", None, None]), ["magnesium"], by="group").iloc[0]
    assert (row["mean"], row["mean_se"], row["degrees"]) == pytest.approx((15.0, 5.0, 1))
    one = survey_means(drawn(group=["x", None, "x", "x"]), ["magnesium"], by="group").iloc[0]
    # z = (10-30)/3, 0 | 0, 20/3: variance (20/3)^2 twice.
    assert one["mean_se"] == pytest.approx(math.sqrt(2) * 20 / 3)


def test_survey_means_without_design_give_the_textbook_standard_error():
    rng = np.random.default_rng(0)
    values = rng.normal(300, 80, 50)
    table = pd.DataFrame({"person_id": np.arange(50).astype(str), "day": 1, "magnesium": values})
    row = survey_means(table, ["magnesium"]).iloc[0]
    assert row["mean_se"] == pytest.approx(values.std(ddof=1) / math.sqrt(50))


def test_survey_means_leave_unknown_days_out_and_count_them():
    row = survey_means(drawn(magnesium=[10.0, 20.0, None, 50.0]), ["magnesium"]).iloc[0]
    assert row["mean"] == pytest.approx(80 / 3)
    assert (row["days"], row["days_left_out"]) == (3, 1)


def test_jackknife_of_a_mean_equals_calculation_by_hand():
    # Leaving a out: b counts twice: (20 + 20 + 30 + 50)/4 = 30; b out: 25; c out: 32.5; d out: 22.5. Each squared
    # deviation from 27.5 counts half: (2.5^2 + 2.5^2 + 5^2 + 5^2)/2 = 31.25.
    sample = replicates(drawn())
    intake = drawn()["magnesium"].to_numpy()
    means = sample.weights @ intake / sample.weights.sum(axis=1)
    assert means.tolist() == pytest.approx([27.5, 30.0, 25.0, 32.5, 22.5])
    assert sample.standard_error(means) == pytest.approx(math.sqrt(31.25))


@pytest.mark.parametrize("fay", [0.0, 0.3])
def test_brr_of_a_mean_equals_calculation_by_hand_whatever_the_fay_factor(fay):
    # Half samples of a 2 x 2 Hadamard pattern, both units of a stratum balanced; Fay weights 2 - fay and fay.
    more, less = 2 - fay, fay
    weights = {"replicate_1": [more, less, more, less], "replicate_2": [more, less, less, more]}
    weights |= {"replicate_3": [less, more, more, less], "replicate_4": [less, more, less, more]}
    sample = replicates(drawn(**weights), fay=fay)
    intake = drawn()["magnesium"].to_numpy()
    means = sample.weights @ intake / sample.weights.sum(axis=1)
    # For a mean of balanced strata of two, BRR gives exactly the variance of linearisation.
    assert sample.standard_error(means) == pytest.approx(math.sqrt(31.25))


def test_designs_that_contradict_themselves_are_refused_with_what_to_do():
    with pytest.raises(CohortError, match="stratum 2 has a single PSU"):
        replicates(drawn(psu=[1, 2, 1, 1]))
    with pytest.raises(CohortError, match="no stratum or no PSU"):
        replicates(drawn(psu=[1, 2, 1, None]))
    with pytest.raises(CohortError, match="Fay's factor is 1"):
        replicates(drawn(replicate_1=[1.0, 1, 1, 1]), fay=1.0)


def test_many_people_without_design_are_left_out_by_groups():
    table = pd.DataFrame({"person_id": [f"{n:04}" for n in range(1000)]})
    sample = replicates(table)
    values = np.random.default_rng(1).normal(size=1000)
    means = sample.weights @ values / sample.weights.sum(axis=1)
    assert len(sample.factors) == 100
    assert sample.standard_error(means) == pytest.approx(values.std(ddof=1) / math.sqrt(1000), rel=0.2)


# Adjusted means (NRC 1986) and probabilities


def test_nrc_adjusted_reproduces_a_hand_worked_example():
    # Between 16, within 18, two days: means of days have variance 16 + 9 = 25. SD ratio 4/5.
    adjusted = nrc_adjusted([30.0, 50.0, 55.0], 45.0, between=16.0, within=18.0, days=[2, 2, 2])
    assert adjusted.tolist() == pytest.approx([33.0, 49.0, 53.0])


def test_nrc_adjusted_draws_in_fewer_days_further():
    one, seven = nrc_adjusted([60.0, 60.0], 50.0, between=10.0, within=20.0, days=[1, 7])
    assert 50 < one < seven < 60


def test_nrc_adjusted_leaves_means_alone_where_nothing_is_between_people():
    assert nrc_adjusted([1.0, 9.0], 5.0, between=-0.2, within=4.0, days=[2, 2]).tolist() == [1.0, 9.0]


def test_iron_probability_follows_the_published_table():
    risk = iron_risk("female", 31, 51)
    # IOM 2001, Table 14-1 gives steps: the middle of each has the published risk.
    middles = {(4.88 + 5.45) / 2: 0.93, (6.22 + 6.87) / 2: 0.75, (8.76 + 9.63) / 2: 0.35, (13.05 + 15.49) / 2: 0.08}
    for intake, published in middles.items():
        assert risk(np.array([intake]))[0] == pytest.approx(published, abs=0.0051)
    assert risk(np.array([3.0, 25.0])).tolist() == [1.0, 0.0]
    assert iron_risk("female", 14, 19) is None


def test_normal_risk_is_half_at_the_ear_and_refuses_what_is_no_requirement():
    assert normal_risk(8.0, 0.2)(np.array([8.0]))[0] == pytest.approx(0.5)
    with pytest.raises(CohortError, match="above zero"):
        normal_risk(8.0, 0.0)
    with pytest.raises(CohortError, match="must rise"):
        table_risk([10, 50], [8, 5])
