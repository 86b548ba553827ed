"""Groups of people on made-up worlds whose usual intakes are known: percentiles, shares, their errors, iron."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from nutridiary.cohort import group_figures, usual_intakes

WEEKEND, LATER = 0.10, -0.04  # what these days add to a weekday of a first record
PERCENTS = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True)
class World:
    """How people differ, and how their days do: `people(rng, n)` and `days(rng, usual)`."""

    people: Callable
    days: Callable

    def usual(self, rng, count):
        """Usual intakes: four weekdays and three days of a weekend."""
        return self.people(rng, count) * (1 + 3 / 7 * WEEKEND)


def _gamma(rng, mean, cv):
    return rng.gamma(1 / cv**2, mean * cv**2)


WORLDS = {
    "lognormal": World(
        lambda rng, n: np.exp(rng.normal(5.6, 0.3, n)), lambda rng, u: u * np.exp(rng.normal(-0.10, 0.45, u.size))
    ),
    # No Box-Cox scale makes these normal: people and days each of a gamma distribution.
    "gamma": World(lambda rng, n: _gamma(rng, np.full(n, 300.0), 0.3), lambda rng, u: _gamma(rng, u, 0.4)),
    "a day in twenty with none": World(
        lambda rng, n: 0.95 * _gamma(rng, np.full(n, 300.0), 0.3),
        lambda rng, u: _gamma(rng, u / 0.95, 0.4) * (rng.random(u.size) >= 0.05),
    ),
}


def recorded(world: World, rng, count: int, nutrient: str = "magnesium") -> pd.DataFrame:
    """Days of people, of whom those who eat little are drawn three times as often and weigh a third."""
    mean = world.people(rng, 3 * count)
    drawn = rng.random(mean.size) < np.where(mean < np.median(mean), 0.5, 1 / 6)
    mean, weight = mean[drawn], np.where(mean < np.median(mean), 2.0, 6.0)[drawn]
    days = rng.choice([1, 2, 4, 7], size=mean.size, p=[0.1, 0.85, 0.03, 0.02])
    person = np.repeat(np.arange(mean.size), days)
    day = np.concatenate([np.arange(1, number + 1) for number in days])
    weekday = rng.integers(1, 8, person.size)
    intake = world.days(rng, mean[person]) * (1 + WEEKEND * (weekday >= 5)) * (1 + LATER * (day > 1))
    table = {"person_id": person.astype("str"), "day": day, "weekday": weekday, "weight": weight[person]}
    return pd.DataFrame(table | {nutrient: intake})


@pytest.mark.parametrize("name", WORLDS)
def test_usual_intakes_find_percentiles_and_shares_of_a_world_that_is_known(name):
    world, rng = WORLDS[name], np.random.default_rng(20)
    truth = world.usual(rng, 400_000)
    ear = float(np.percentile(truth, 20))
    figures = pd.DataFrame({"group": ["everybody"], "nutrient": ["magnesium"], "ear": [ear]})
    row = usual_intakes(recorded(world, rng, 6000), ["magnesium"], figures=figures).iloc[0]
    assert row["method"] == "amount_model"
    assert row["mean"] == pytest.approx(truth.mean(), rel=0.03)
    for percent in PERCENTS:
        assert row[f"p{percent}"] == pytest.approx(np.percentile(truth, percent), rel=0.06)
    assert row["inadequate"] == pytest.approx(20, abs=3.5)
    # Where the model is not the world, it is still far nearer than the days themselves.
    days = recorded(world, rng, 6000)
    assert np.average(days["magnesium"] < ear, weights=days["weight"]) > 0.27


def test_jackknife_errors_are_as_large_as_estimates_scatter():
    rng = np.random.default_rng(8)
    names = ["mean", "p25", "p50", "inadequate"]
    figures = pd.DataFrame({"group": ["everybody"], "nutrient": ["magnesium"], "ear": [220.0]})
    found, errors = [], []
    stratum, psu = np.repeat(np.arange(12), 24), np.tile(np.repeat([1, 2], 12), 12)
    for _ in range(80):
        unit = rng.normal(0, 0.12, (12, 2))[stratum, psu - 1]  # people of a unit eat alike
        own = np.repeat(rng.normal(5.6, 0.3, stratum.size) + unit, 2)
        table = pd.DataFrame(
            {
                "person_id": np.repeat(np.arange(stratum.size), 2).astype("str"),
                "day": np.tile([1, 2], stratum.size),
                "weekday": rng.integers(1, 8, own.size),
                "stratum": np.repeat(stratum, 2),
                "psu": np.repeat(psu, 2),
                "magnesium": np.exp(own + rng.normal(0, 0.4, own.size)),
            }
        )
        row = usual_intakes(table, ["magnesium"], figures=figures).iloc[0]
        found.append([row[name] for name in names])
        errors.append([row[f"{name}_se"] for name in names])
    scatter = np.std(np.array(found, dtype="float64"), axis=0, ddof=1)
    stated = np.sqrt(np.mean(np.square(np.array(errors, dtype="float64")), axis=0))
    assert stated / scatter == pytest.approx(1, abs=0.25)  # 80 worlds tell a scatter to 8 %


def test_iron_of_women_agrees_with_requirements_drawn_one_by_one():
    rng = np.random.default_rng(9)
    # IOM 2001, Table 14-1, women who menstruate, mixed diet: percentile and requirement [mg].
    percent = [2.5, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 97.5]
    needed = [4.42, 4.88, 5.45, 6.22, 6.87, 7.46, 8.07, 8.76, 9.63, 10.82, 13.05, 15.49, 18.23]
    world = World(
        lambda rng, n: np.exp(rng.normal(2.45, 0.28, n)), lambda rng, u: u * np.exp(rng.normal(-0.10, 0.45, u.size))
    )
    own_need = np.interp(rng.random(400_000), np.array(percent) / 100, needed)
    short = 100 * (own_need > world.usual(rng, 400_000)).mean()
    group = "female 31-50 y"
    table = recorded(world, rng, 6000, "iron").assign(group=group)
    row = usual_intakes(table, ["iron"], by="group", figures=group_figures([group], ["iron"])).iloc[0]
    assert row["inadequate_by"] == "probability"
    assert row["inadequate"] == pytest.approx(short, abs=1.5)
