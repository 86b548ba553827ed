"""How well bounds hold what is missing: ``python bench/bounds.py [FOLDER]``.

Whole recalls of What We Eat in America (``../shared/nhanes``, not part of the project) are written down as a diary
of SR Legacy foods: each item is the record FNDDS makes its food of, or most of it by weight. Values that these
records know are removed at random, line by line, and each is bounded as the product bounds it, except that the food
itself takes no part in the figures of its class: a food nobody knows of could not. The true total of the day is known,
so that it can be seen whether the bounds hold it, how wide they are, and what a reading makes of them.

The same is measured for other bounds, for values that really are missing and that a twin knows, and for what
twins lend. Prints the tables and writes them to ``docs/bounds_bench.md``.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import build_category_bounds as classes  # noqa: E402
import nhanes  # noqa: E402
from nutridiary.comparison import compare_days  # noqa: E402
from nutridiary.data_files import data_file  # noqa: E402
from nutridiary.food_twins import load_twins  # noqa: E402
from nutridiary.foods import FoodData, load_foods  # noqa: E402
from nutridiary.intake.bounds import ALL_WATER  # noqa: E402
from nutridiary.nutrients import load_nutrients, nutrient_label  # noqa: E402
from nutridiary.references import Person  # noqa: E402

REPORT = ROOT / "docs" / "bounds_bench.md"
NUTRIENTS = [
    "magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12", "sodium", "zinc", "vitamin_b6", "vitamin_k",
    "folate_dfe", "iron", "copper", "phosphorus",
]  # fmt: skip
RATES = (0.05, 0.10, 0.20)
PEOPLE = 2500
CLAIMS_BELOW = ("below_ear", "below_rda", "below_ai", "between_ear_and_rda")


@dataclass(frozen=True)
class Rule:
    """One way to bound: by the category alone or with its band of water, a percentile, and how foods count."""

    name: str
    by_water: bool
    share: float
    weights: str


SHIPPED = Rule(
    "as shipped: with water, 95th percentile, foods counted by the root of how often eaten", True, 95, "root"
)
OTHERS = (
    Rule("with water, 90th, foods counted alike", True, 90, "alike"),
    Rule("with water, 95th, foods counted alike", True, 95, "alike"),
    Rule("with water, 95th, by how often eaten", True, 95, "eaten"),
    Rule("category alone, 90th, foods counted alike", False, 90, "alike"),
    Rule("category alone, 95th, by the root of how often eaten", False, 95, "root"),
    Rule("category alone, 95th, by how often eaten", False, 95, "eaten"),
)


@dataclass(frozen=True)
class Kitchen:
    """The foods bounds are made from, what they hold, and how often each is eaten."""

    pool: pd.DataFrame
    held: np.ndarray
    reports: np.ndarray

    def figures(self, foods: np.ndarray, rule: Rule, share: float) -> np.ndarray:
        """Return the percentile `share` of each of `foods` x `NUTRIENTS`, by the others of its class. [unit/100 g]"""
        high = np.full((len(self.pool), len(NUTRIENTS)), np.nan)
        weights = {"alike": np.ones(len(self.pool)), "eaten": self.reports + 1, "root": np.sqrt(self.reports + 1)}
        for food in foods:
            members = list(self._classes(food, rule))
            for place in range(len(NUTRIENTS)):
                for rows in members:
                    known = rows[~np.isnan(self.held[rows, place])]
                    if len(known) >= classes.LEAST:
                        values, counts = self.held[known, place], weights[rule.weights][known]
                        high[food, place] = classes.percentile(values, share, counts)
                        break
        return high

    def _classes(self, food: int, rule: Rule) -> Iterator[np.ndarray]:
        category, water, number = (self.pool[name].to_numpy() for name in ("category", "water", "ndb_number"))
        others = number != number[food]
        bands = [water == water[food], np.ones(len(others), bool)] if rule.by_water else [np.ones(len(others), bool)]
        for same in (category == category[food], np.ones(len(others), bool)):
            for band in bands if water[food] != ALL_WATER else bands[-1:]:
                yield np.flatnonzero(others & same & band)


def read_kitchen(foods: FoodData) -> tuple[Kitchen, pd.Series]:
    """Return the pool of foods, and the row of it that each FNDDS food code is eaten as."""
    pool, held = classes.read_pool(foods, NUTRIENTS)
    return Kitchen(pool, held.to_numpy(), classes.times_eaten(foods, pool)), classes.rows_of_codes(foods, pool)


def read_days(folder: Path, rows: pd.Series) -> tuple[pd.DataFrame, dict[str, Person]]:
    """Return the items of some recalls with the row of the pool each is eaten as, and who ate them."""
    who = pd.read_csv(folder / "DEMO_L.csv.xz", usecols=["SEQN", "RIAGENDR", "RIDAGEYR"])
    who = who[who["RIDAGEYR"] >= 1].assign(SEQN=who["SEQN"].astype("int64"))
    items = nhanes.read_items(folder, "L", ["magnesium"])
    items["food"] = items["DR1IFDCD"].astype("int64").map(rows)
    items = items[items["food"].notna() & items["SEQN"].isin(who["SEQN"])]
    chosen = np.random.default_rng(1).permutation(items["SEQN"].unique())[:PEOPLE]
    items = items[items["SEQN"].isin(chosen)].assign(person=items["SEQN"].astype("int64").astype("str"))
    people = {
        str(number): Person(sex="male" if sex == 1 else "female", age_years=float(age))
        for number, sex, age in who[who["SEQN"].isin(chosen)].itertuples(index=False)
    }
    return items.astype({"food": "int64"}), people


def measure(items: pd.DataFrame, kitchen: Kitchen, high: np.ndarray, rate: float) -> pd.DataFrame:
    """Remove values at random and return, a row a day and nutrient, what is left and what bounds the rest."""
    random = np.random.default_rng(round(1000 * rate))
    food, hundreds = items["food"].to_numpy(), items["DR1IGRMS"].to_numpy() / 100
    tables = []
    for place, nutrient in enumerate(NUTRIENTS):
        held = kitchen.held[food, place] * hundreds
        lost = random.random(len(held)) < rate
        lines = pd.DataFrame(
            {
                "person_id": items["person"].to_numpy(),
                "true": held,
                "low": np.where(lost, 0.0, held),
                "high": np.where(lost, high[food, place] * hundreds, held),
                "lost": lost,
            }
        )
        # What the record itself does not know has no truth to be held against.
        lines = lines[~np.isnan(held)]
        sums = lines.groupby("person_id").sum()
        sums["bounded"] = lines["high"].notna().groupby(lines["person_id"]).all()
        tables.append(sums.reset_index().assign(nutrient=nutrient))
    return pd.concat(tables, ignore_index=True)


def held_share(days: pd.DataFrame) -> pd.DataFrame:
    """Return by nutrient the share of days held, of all and of those with a gap, and the width of the bounds. [%]"""
    days = days[days["bounded"]]
    held = days["true"] <= days["high"] * (1 + 1e-9)
    gap = days["lost"] > 0
    width = (100 * (days["high"] - days["low"]) / days["true"]).where(gap & (days["true"] > 0))
    by = days["nutrient"]
    return pd.DataFrame(
        {
            "all": 100 * held.groupby(by).mean(),
            "gap": 100 * held[gap].groupby(by[gap]).mean(),
            "width": width.groupby(by).median(),
        }
    ).reindex(NUTRIENTS)


def verdicts(days: pd.DataFrame, people: dict[str, Person], low: str, high: pd.Series) -> pd.Series:
    """Return the verdict of each day, between the bounds given."""
    units = load_nutrients()["unit"]
    rows = pd.DataFrame(
        {
            "person_id": days["person_id"],
            "date": pd.Timestamp(2022, 1, 1),
            "nutrient": days["nutrient"],
            "unit": days["nutrient"].map(units),
            "amount": days[low],
            "low": days[low],
            "high": high,
            "foods": 10,
            "foods_filled_in": 0,
            "foods_without_value": 0 if low == "true" else days["lost"],
            "foods_left_out": 0,
        }
    )
    return compare_days(rows, people)["verdict"]


def readings(days: pd.DataFrame, people: dict[str, Person]) -> dict[str, float]:
    """Return how many readings of days with a gap are decided without and with bounds, and are wrong. [%]"""
    days = days[days["lost"] > 0].reset_index(drop=True)
    true = verdicts(days, people, "true", days["true"])
    before = verdicts(days, people, "low", days["high"].where(days["lost"] == 0))
    after = verdicts(days, people, "low", days["high"])
    wrong = after.isin(CLAIMS_BELOW) & (after != true)
    return {
        "before": 100 * (before != "not_decidable").mean(),
        "after": 100 * (after != "not_decidable").mean(),
        "wrong": 100 * wrong.sum() / (after != "not_decidable").sum(),
    }


def estimates(days: pd.DataFrame, likely: pd.DataFrame) -> dict[str, float]:
    """Return by how much all totals of days with a gap miss the true ones, without and with the estimate. [%]

    The mean over the nutrients, of the sum of all days (`below`) and of the size of a day's error (`error`).
    """
    gap = (days["lost"] > 0) & days["bounded"]
    rows = pd.DataFrame(
        {"nutrient": days["nutrient"], "true": days["true"], "low": days["low"], "estimate": likely["high"]}
    )
    rows = rows[gap]
    sums = rows.groupby("nutrient")[["true", "low", "estimate"]].sum()
    found = {}
    for name in ("low", "estimate"):
        size = (rows[name] - rows["true"]).abs().groupby(rows["nutrient"]).sum()
        found[f"{name} below"] = float((100 * (1 - sums[name] / sums["true"])).mean())
        found[f"{name} error"] = float((100 * size / sums["true"]).mean())
    return found


def real_gaps(foods: FoodData, kitchen: Kitchen, rules: tuple[Rule, ...]) -> dict[str, float]:
    """Return for each rule the share [%] of really missing values that the twin's value does not exceed."""
    row = pd.Series(kitchen.pool.index, index=kitchen.pool["fdc_id"])
    twins = pd.Series(load_twins())
    twins = twins[twins.index.isin(row.index)]
    places = row.loc[twins.index].to_numpy()
    lent = foods.composition(twins.unique(), NUTRIENTS).loc[twins].to_numpy()
    missing = np.isnan(kitchen.held[places]) & ~np.isnan(lent)
    found = {}
    for rule in rules:
        high = kitchen.figures(places, rule, rule.share)[places]
        judged = missing & ~np.isnan(high)
        found[rule.name] = 100 * float((lent <= high * (1 + 1e-9))[judged].mean())
    return found | {"values": float(missing.sum())}


def table(heading: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def main(folder: Path) -> None:
    """Measure, and write the tables."""
    began = time.process_time()
    foods = load_foods(release="embedded")
    kitchen, rows = read_kitchen(foods)
    items, people = read_days(folder, rows)
    eaten = items["food"].unique()
    by_rate, decided, estimated = [], [], []
    high = kitchen.figures(eaten, SHIPPED, SHIPPED.share)
    likely = kitchen.figures(eaten, SHIPPED, classes.LIKELY)
    for rate in RATES:
        days = measure(items, kitchen, high, rate)
        by_rate.append(held_share(days))
        decided.append(readings(days, people))
        estimated.append(estimates(days, measure(items, kitchen, likely, rate)))
    cells = [
        [nutrient_label(nutrient), *(f"{part.loc[nutrient, name]:.1f}" for part in by_rate for name in part.columns)]
        for nutrient in NUTRIENTS
    ]
    means = [part.mean() for part in by_rate]
    cells.append(["mean", *(f"{mean[name]:.1f}" for mean in means for name in mean.index)])
    gaps = real_gaps(foods, kitchen, (SHIPPED, *OTHERS))
    compared = []
    for rule in (SHIPPED, *OTHERS):
        part = held_share(measure(items, kitchen, kitchen.figures(eaten, rule, rule.share), 0.10))
        least = f"{part['all'].min():.1f} ({nutrient_label(str(part['all'].idxmin()))})"
        mean = part.mean()
        figures = [f"{mean['all']:.1f}", least, f"{mean['gap']:.1f}", f"{mean['width']:.0f}", f"{gaps[rule.name]:.1f}"]
        compared.append([rule.name, *figures])
    with data_file("twin_bounds.csv").open(encoding="utf-8", newline="") as lines:
        twins = [
            [
                nutrient_label(row["nutrient"]) if row["nutrient"] else "all",
                row["pairs"],
                row["exceeded"],
                row["factor"],
            ]
            for row in csv.DictReader(lines)
            if row["nutrient"] in ("", *NUTRIENTS)
        ]
    rates = [
        f"{100 * rate:.0f} % of lines: {what}" for rate in RATES for what in ("all days", "days with a gap", "width")
    ]
    text = WORDS.format(
        days=f"{len(people):,}",
        nutrients=len(NUTRIENTS),
        held=table(["nutrient", *rates], cells),
        readings=table(
            ["values removed", "decided without bounds [%]", "decided with bounds [%]", "of these wrong [%]"],
            [
                [
                    f"{100 * rate:.0f} % of lines",
                    f"{part['before']:.1f}",
                    f"{part['after']:.1f}",
                    f"{part['wrong']:.2f}",
                ]
                for rate, part in zip(RATES, decided, strict=True)
            ],
        ),
        estimates=table(
            [
                "values removed",
                "known: below the truth [%]",
                "known: error [%]",
                "estimate: below [%]",
                "estimate: error [%]",
            ],
            [
                [f"{100 * rate:.0f} % of lines", *(f"{figure:.1f}" for figure in part.values())]
                for rate, part in zip(RATES, estimated, strict=True)
            ],
        ),
        rules=table(
            ["bound", "all days [%]", "least of a nutrient [%]", "days with a gap [%]", "width [%]", "real gaps [%]"],
            compared,
        ),
        gaps=f"{gaps['values']:,.0f}",
        twins=table(["nutrient", "pairs", "own value above the lent one [%]", "factor"], twins),
    )
    print(text)
    print(f"{time.process_time() - began:.1f} s CPU")
    REPORT.write_text(text, encoding="utf-8")


WORDS = """# How well bounds hold what is missing

Written by `python bench/bounds.py`. {days} recalls of one day (What We Eat in America, NHANES 2021-2023, people
from one year of age) are written down as SR Legacy foods with the grams of the recall; values the records know are
removed at random. The food itself takes no part in the figures that bound it.

## Days held
Share of days whose true total lies between the bounds, of all days and of those with at least one value removed
[%], and the median width of the bounds of the latter [% of the true total].

{held}
The lower bound holds always, since it is what is known.

## Readings
Of days with a gap, all {nutrients} nutrients together: how many get a verdict other than `not_decidable`, and how
many of these verdicts are not the one the true total gets.

{readings}
## Estimate
Of the same days: by how much their totals together fall short of the true ones, and the mean size of the error of a
day, both in percent of the true totals and as the mean over the nutrients. The estimate puts the median of its
class for each missing value. It stays a little low, as a median does of figures with a long tail; it is no mean,
and no verdict rests on it.

{estimates}
## Other bounds
With 10 % of the lines without a value. *Real gaps*: of {gaps} values that records of foods with a twin do lack, the
share that is not above the bound, the twin's value taken for the truth; unlike values removed at random, these are
the gaps of unusual foods.

{rules}
The 90th percentile of a category, the plainest rule, holds the days with bounds half as wide again, because powders
and dried foods stand beside drinks in one category; the water of a food, known of nearly every record, tells them
apart. Then the 90th percentile no longer holds 95 % of the days of every nutrient. Counting foods by how often they
are eaten makes the bounds narrower still, and holds fewer of the values that really are missing: gaps are in the
records of foods that are seldom eaten. The root is between the two, and with the 95th percentile holds 95 % of the
days of every nutrient.

## Twins
How often a food's own value is above the one its twin would lend, and the factor that nine in ten do not exceed
(`data/twin_bounds.csv`, by `tools/build_twin_bounds.py`): the upper bound of a value that is filled in is the lent
one times this factor.

{twins}"""


if __name__ == "__main__":
    survey_folder = Path(sys.argv[1]) if len(sys.argv) > 1 else nhanes.SURVEY
    if not survey_folder.is_dir():
        sys.exit(f"{survey_folder}: not found. Name the folder of the survey's files.")
    main(survey_folder)
