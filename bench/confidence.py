"""Whether a stated confidence keeps its word: of 100 people told 84 %, do 84 meet their need?

People with a known usual intake and a need of their own are made up, and their days; what is stated from 1, 3, 7 and
14 of the days is held, class by class of ten points, against the share whose usual intake does meet their need.

* as modelled: people and days as the models of data/usual_intake say;
* gamma days: the same usual intakes, days with a gamma distribution that varies as much;
* own scatter: each person's days vary by an amount of their own, with tails of a t distribution of 5 degrees;
* more scatter: days vary by a quarter more than the models say.

Last, real people: what the first recall of NHANES says of the chance that the second is above the figure.
Prints the tables and writes them to ``docs/confidence_bench.md``; the draws are the same every time.

    python bench/confidence.py [FOLDER]

FOLDER holds the survey's files (``DR1TOT_J.csv.xz`` ...); by default ``../shared/nhanes`` beside the checkout.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.cohort.nhanes import read_survey_days
from nutridiary.nutrients import nutrient_label
from nutridiary.references import Person, reference_values
from nutridiary.usual_intake.box_cox import inverse, transform, usual_intake_at
from nutridiary.usual_intake.individual import MOST_VARIATION, confidence_above_ai, confidence_of_adequacy
from nutridiary.usual_intake.normal import cumulative
from nutridiary.usual_intake.posterior import posterior, scaled_days, scaled_need, share_meeting
from nutridiary.usual_intake.requirements import requirement_spread, spread_of_needs
from nutridiary.usual_intake.variation import Peers, UsualIntakeModel, pooled_variation, usual_intake_models

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "nhanes"
NUTRIENTS = ("magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12", "zinc")
GROUPS = (("female", 31.0), ("male", 51.0))
DAYS = (1, 3, 7, 14)
PEOPLE, LEAST = 60_000, 1_500
GOAL = 3.0  # points, in every class, where people and days are as modelled
SEED = 20260301


def figures(nutrient: str, sex: str, age: float) -> tuple[float, float]:
    """Return the EAR with the variation of needs, or the AI with NaN."""
    values = reference_values(Person(sex=sex, age_years=age)).set_index(["nutrient", "kind"])["amount"]
    if (nutrient, "EAR") not in values.index:
        return float(values[nutrient, "AI"]), float("nan")
    row = pd.Series(
        {
            "nutrient": nutrient,
            "ear": values[nutrient, "EAR"],
            "rda": values[nutrient, "RDA"],
            "authority": "NASEM",
            "edition": "",
        }
    )
    return float(row["ear"]), requirement_spread(row, Peers(sex, age, "", True)).cv


World = Callable[[UsualIntakeModel, np.ndarray, np.random.Generator], tuple[np.ndarray, np.ndarray]]


def as_modelled(model: UsualIntakeModel, means: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return days and usual intakes of people as the model says; the way back is worked out finely."""
    return _normal_days(model, means, np.sqrt(model.variance_within), rng)


def more_scatter(model: UsualIntakeModel, means: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return days that vary by a quarter more than the model says."""
    return _normal_days(model, means, 1.25 * np.sqrt(model.variance_within), rng)


def _normal_days(
    model: UsualIntakeModel, means: np.ndarray, sd: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    days = inverse(means[:, None] + sd * rng.standard_normal((len(means), max(DAYS))), model.boxcox_lambda)
    points = np.linspace(-6, 6, 97)
    shares = np.exp(-(points**2) / 2)
    return days, inverse(means[:, None] + sd * points, model.boxcox_lambda) @ (shares / shares.sum())


def gamma_days(model: UsualIntakeModel, means: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return days with a gamma distribution around the usual intakes the model has, as varied as in its middle."""
    usual = usual_intake_at(means, model.variance_within, model.boxcox_lambda, model.floor)
    middle = inverse(model.mean + np.sqrt(model.variance_within) * rng.standard_normal(100_000), model.boxcox_lambda)
    shape = (middle.mean() / middle.std()) ** 2
    return rng.gamma(shape, usual[:, None] / shape, (len(means), max(DAYS))), usual


def own_scatter(model: UsualIntakeModel, means: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return days that vary by an amount of each person's own, with heavy tails."""
    sd = np.sqrt(model.variance_within * rng.gamma(3.0, 1 / 3.0, len(means)) * 3 / 5)[:, None]
    days = inverse(means[:, None] + sd * rng.standard_t(5, (len(means), max(DAYS))), model.boxcox_lambda)
    parts = np.array_split(np.arange(len(means)), 20)  # 200 points of all people at once would fill the memory
    usual = [
        inverse(means[part, None] + sd[part] * heavy_tailed_points(), model.boxcox_lambda).mean(1) for part in parts
    ]
    return days, np.concatenate(usual)


@cache
def heavy_tailed_points() -> np.ndarray:
    """Return 200 points that share a t distribution of 5 degrees evenly."""
    draws = np.random.default_rng(SEED).standard_t(5, 1_000_000)
    return np.quantile(draws, (np.arange(200) + 0.5) / 200)


WORLDS: dict[str, World] = {
    "as modelled": as_modelled,
    "gamma days": gamma_days,
    "own scatter": own_scatter,
    "more scatter": more_scatter,
}


def stated(days: np.ndarray, model: UsualIntakeModel, figure: float, cv: float) -> np.ndarray:
    """Return the confidence stated from each person's days. [%]"""
    found = posterior(scaled_days(days, model).mean(axis=1), np.full(len(days), days.shape[1]), model)
    needs, shares = spread_of_needs([figure], [cv]) if cv == cv else (np.array([[figure]]), np.ones(1))
    return share_meeting(found, np.repeat(scaled_need(needs, model), len(days), axis=0), shares)


def stated_alone(days: np.ndarray, sd: float, figure: float, cv: float) -> np.ndarray:
    """Return what IOM 2000 says of each person's days. [%]"""
    mean, count = days.mean(axis=1), days.shape[1]
    if cv != cv:
        return confidence_above_ai(mean, figure, within_person_sd=sd, days=count)
    return confidence_of_adequacy(mean, figure, requirement_cv=cv, within_person_sd=sd, days=count)


def simulate() -> pd.DataFrame:
    """Return, by nutrient, world, number of days, method and class, how many people, what is stated, and who meets."""
    sums = [pd.DataFrame(part) for part in _simulate()]
    keys = ["nutrient", "world", "days", "method", "class"]
    return pd.concat(sums).groupby(keys, sort=False)[["people", "stated", "met"]].sum().reset_index()


def _simulate() -> Iterator[dict[str, object]]:
    for number, nutrient in enumerate(NUTRIENTS):
        for sex, age in GROUPS:
            model, pooled = usual_intake_models()[nutrient, sex, age], pooled_variation()[nutrient, sex, age]
            figure, cv = figures(nutrient, sex, age)
            for world, make in WORLDS.items():
                rng = np.random.default_rng([SEED, number, int(age)])
                means = model.mean + np.sqrt(model.variance_between) * rng.standard_normal(PEOPLE)
                days, usual = make(model, means, rng)
                need = figure * (1 + (cv if cv == cv else 0.0) * rng.standard_normal(PEOPLE))
                for count in DAYS:
                    about = {"nutrient": nutrient, "world": world, "days": count}
                    said = {"stated": stated(days[:, :count], model, figure, cv)}
                    if pooled.cv_within <= MOST_VARIATION:
                        said["IOM 2000"] = stated_alone(days[:, :count], pooled.sd_within, figure, cv)
                    for method, shares in said.items():
                        yield {**about, "method": method, **_sums(shares, usual >= need)}


def _sums(shares: np.ndarray, meets: np.ndarray) -> dict[str, np.ndarray]:
    """Return the sums of each class of ten points."""
    place = np.minimum(shares // 10, 9).astype("int64")
    people, total, met = (np.bincount(place, weights=values, minlength=10) for values in (shares**0, shares, meets))
    return {"class": np.arange(10), "people": people, "stated": total, "met": 100 * met}


def gaps(sums: pd.DataFrame) -> pd.DataFrame:
    """Return the widest and the mean gap between stated and met by nutrient, world, days and method. [points]"""
    sums = sums[sums["people"] >= LEAST]
    gap = (sums["stated"] - sums["met"]).abs() / sums["people"]
    groups = sums.assign(gap=gap, total=gap * sums["people"]).groupby(["nutrient", "world", "days", "method"])
    return pd.DataFrame({"widest": groups["gap"].max(), "mean": groups["total"].sum() / groups["people"].sum()})


def second_days(folder: Path) -> pd.DataFrame:
    """Return what real first days say of the chance of a second above the figure, and whether it was."""
    tables = []
    for cycle in ("J", "L"):
        rows = read_survey_days(folder, cycle)
        rows = rows[~rows["pregnant"] & (rows["age"] >= 19)]
        wide = rows.pivot_table(index="person_id", columns="day", values=list(NUTRIENTS)).dropna()
        people = rows[rows["day"] == 1].set_index("person_id").loc[wide.index]
        for nutrient in NUTRIENTS:
            for sex, age_from, age_to in ((s, *a) for s in ("female", "male") for a in ADULTS):
                own = people.index[(people["sex"] == sex) & people["age"].between(age_from, age_to, inclusive="left")]
                model = usual_intake_models()[nutrient, sex, age_from]
                figure, _ = figures(nutrient, sex, age_from)
                found = posterior(scaled_days(wide.loc[own, (nutrient, 1)], model), np.ones(len(own)), model)
                spread = np.sqrt(found.sd**2 + model.variance_within)
                chance = 100 * cumulative((found.mean - transform(figure, model.boxcox_lambda)) / spread)
                met = (wide.loc[own, (nutrient, 2)] > figure).to_numpy()
                weight = people.loc[own, "weight"].to_numpy()
                tables.append(pd.DataFrame({"nutrient": nutrient, "ours": chance, "meets": met, "weight": weight}))
    return pd.concat(tables, ignore_index=True)


ADULTS = ((19.0, 31.0), (31.0, 51.0), (51.0, 71.0), (71.0, np.inf))


def rows_of_worlds(sums: pd.DataFrame) -> list[str]:
    """Return a line a nutrient and number of days: the widest gap in each world, and in brackets the mean one."""
    found = gaps(sums)
    columns = [(world, "stated") for world in WORLDS]
    columns.insert(1, ("as modelled", "IOM 2000"))
    heading = ["nutrient", "days", *(world if method == "stated" else method for world, method in columns)]
    lines = ["| " + " | ".join(heading) + " |", "|---|" + "---:|" * (len(heading) - 1)]
    for nutrient in NUTRIENTS:
        for count in DAYS:
            keys = [(nutrient, world, count, method) for world, method in columns]
            cells = [
                f"{found.loc[k, 'widest']:.1f} ({found.loc[k, 'mean']:.1f})" if k in found.index else "" for k in keys
            ]
            lines.append(f"| {nutrient_label(nutrient)} | {count} | " + " | ".join(cells) + " |")
    return lines


def rows_of_classes(sums: pd.DataFrame) -> list[str]:
    """Return a line a class: what is stated and what is met, over all nutrients, from 1 and from 3 days."""
    heads = [f"{days}: {column}" for days in ("1 day", "3 days") for column in ("stated", "met", "IOM 2000", "met")]
    lines = ["| class | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
    modelled = sums[sums["world"] == "as modelled"]
    totals = modelled.groupby(["days", "method", "class"])[["people", "stated", "met"]].sum()
    for place in range(10):
        cells = []
        for key in ((count, method, place) for count in (1, 3) for method in ("stated", "IOM 2000")):
            cells += [f"{totals.loc[key, name] / totals.loc[key, 'people']:.1f}" for name in ("stated", "met")]
        lines.append(f"| {10 * place}-{10 * place + 10} % | " + " | ".join(cells) + " |")
    return lines


def rows_of_second_days(people: pd.DataFrame) -> list[str]:
    """Return a line a class of the chance of a second day above the figure, over all nutrients."""
    people = people.assign(place=np.minimum(people["ours"] // 10, 9).astype(int))
    lines = ["| class | second days | stated | above the figure |", "|---|---:|---:|---:|"]
    for place, own in people.groupby("place"):
        shares = [100 * np.average(own["meets"], weights=own["weight"]), np.average(own["ours"], weights=own["weight"])]
        lines.append(f"| {10 * place}-{10 * place + 10} % | {len(own):,} | {shares[1]:.1f} | {shares[0]:.1f} |")
    return lines


def main(folder: Path) -> None:
    """Measure, and write the page."""
    began = time.process_time()
    sums = simulate()
    worst = gaps(sums).xs(("as modelled", "stated"), level=("world", "method"))["widest"].max()
    second = rows_of_second_days(second_days(folder)) if folder.is_dir() else ["Not measured: the survey is not there."]
    parts = {
        "worlds": "\n".join(rows_of_worlds(sums)),
        "classes": "\n".join(rows_of_classes(sums)),
        "second": "\n".join(second),
    }
    text = PAGE.format(people=PEOPLE, least=LEAST, seed=SEED, goal=GOAL, worst=worst, **parts)
    print(text)
    print(f"{time.process_time() - began:.0f} s CPU")
    if not folder.is_dir():
        sys.exit(
            f"{folder}: not found. Name the folder of the survey's files; docs/confidence_bench.md stays as it is."
        )
    (ROOT / "docs" / "confidence_bench.md").write_text(text, encoding="utf-8")


PAGE = """# Whether a stated confidence keeps its word

Written by `python bench/confidence.py`. People with a known usual intake and a need of their own are made up, and
their days (women of 31-50 and men of 51-70 years, {people:,} a group and nutrient, seed {seed}). What is stated from
1, 3, 7 or 14 days is held against the share whose usual intake meets their need: of 100 people told 84 %, do 84?

## The gap

In percentage points: the widest over the classes of ten points of stated confidence that hold at least {least:,}
people, and in brackets the mean over all people. Goal where people and days are as modelled: at most {goal:g} in every
class; the widest is {worst:.1f}. IOM 2000 is the figure by a person's days alone, in the same world; blank where days
vary by more than 60 % and it is not stated. The other worlds are none the models know: gamma days have the same
usual intakes and variation in another shape; with own scatter the days of each person vary by an amount of their
own, with heavy tails; with more scatter everybody's vary by a quarter more, which raises usual intakes as well.

{worlds}

## Class by class, people and days as modelled

All six nutrients together; IOM 2000 over those it is valid for.

{classes}

## Real people: the second recall

Adults of NHANES 2017-2018 and 2021-2023 with two recalls, the six nutrients together: the chance of a second day
above the EAR or AI that the models state after the first day, and the weighted share of second days that were. The
models were fitted to these people, so this tests their shape, not their figures; and they are for the first recall,
made in person, while the second, by telephone, reports a little less.

{second}
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SURVEY)
