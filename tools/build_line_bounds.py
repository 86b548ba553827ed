"""Build data/line_bounds.csv: what one food, or one meal, that people report holds, to bound a line that is left out.

Source: What We Eat in America, NHANES, individual foods files of 2017-2018 (DR1IFF_J, DR2IFF_J) and 2021-2023
(DR1IFF_L, DR2IFF_L) with DEMO of the same years; US CDC/NCHS and USDA ARS, public domain. Recalls NCHS calls reliable
of people from 12 years of age, day 1 weighted with WTDRD1, day 2 with WTDR2D. Plain water is left out: no line of a
diary is left out for being water. Foods of one person at one time under one name are one eating occasion.

Columns: `basis`; `within`, a band or a category, empty for all; `nutrient`; `reports`; `median` and `high`, the survey-
weighted percentiles `LIKELY` and `HIGH`. By basis:

- food: what one reported food holds, all and by its energy [kcal]. [the nutrient's unit]
- meal: the same of one eating occasion.
- food_per_100_g: what 100 g of a reported food hold, by the weight reported [g]. [the nutrient's unit/100 g]
- grams: how much of a food of a category is reported at a time; `nutrient` is empty. [g]

A row is given from `LEAST` reports on. bench/line_bounds.py measures why it is these percentiles.

    python tools/build_line_bounds.py [--shared ../shared] [--out data/line_bounds.csv]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import build_category_bounds
from nutridiary.foods import FoodData, load_foods
from nutridiary.intake.left_out import ENERGIES, WEIGHTS, band_names
from nutridiary.nutrients import load_nutrients

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["basis", "within", "nutrient", "reports", "median", "high"]
CYCLES = ("J", "L")
DAY_WEIGHTS = {1: "WTDRD1", 2: "WTDR2D"}
YOUNGEST = 12  # [years] what children eat at a time is less
LEAST = 100
LIKELY, HIGH = 50.0, 95.0
_WATER = range(94_000_000, 95_000_000)  # food codes
_OCCASION = ["cycle", "day", "SEQN", "time", "occasion"]


def line_nutrients() -> list[str]:
    """Return the nutrients that are bounded and that the survey has, energy among them."""
    in_survey = load_nutrients()["nhanes_suffix"].dropna()
    wanted = {*build_category_bounds.bounded_nutrients(), "energy"}
    return [name for name in in_survey.index if name in wanted]


def read_reports(folder: Path, nutrients: Sequence[str], cycles: Sequence[str] = CYCLES) -> pd.DataFrame:
    """Return a row a reported food: `food_code`, `grams`, `weight` of the survey, nutrients and `_OCCASION`."""
    suffix = load_nutrients()["nhanes_suffix"]
    parts = []
    for cycle in cycles:
        ages = pd.read_csv(folder / f"DEMO_{cycle}.csv.xz", usecols=["SEQN", "RIDAGEYR"])
        grown = ages.loc[ages["RIDAGEYR"] >= YOUNGEST, "SEQN"]
        for day, weight in DAY_WEIGHTS.items():
            names = {
                "SEQN": "SEQN",
                weight: "weight",
                f"DR{day}DRSTZ": "status",
                f"DR{day}_020": "time",
                f"DR{day}_030Z": "occasion",
                f"DR{day}IFDCD": "food_code",
                f"DR{day}IGRMS": "grams",
                **{f"DR{day}I{suffix[name]}": name for name in nutrients},
            }
            part = pd.read_csv(folder / f"DR{day}IFF_{cycle}.csv.xz", usecols=list(names)).rename(columns=names)
            kept = (part["status"] == 1) & (part["weight"] > 0) & (part["grams"] > 0) & part["SEQN"].isin(grown)
            parts.append(part[kept].assign(cycle=cycle, day=day))
    reports = pd.concat(parts, ignore_index=True).astype({"food_code": "int64"})
    return reports[~reports["food_code"].isin(_WATER)].reset_index(drop=True)


def occasions_of(reports: pd.DataFrame, nutrients: Sequence[str]) -> pd.DataFrame:
    """Return a row an eating occasion: the sums of its foods, with their weight of the survey."""
    groups = reports.groupby(_OCCASION, sort=False)
    return groups[list(nutrients)].sum(min_count=1).assign(weight=groups["weight"].first()).reset_index()


def _categories(reports: pd.DataFrame, foods: FoodData) -> Iterator[tuple[str, np.ndarray]]:
    """Return each category, of survey foods and of the records they are made of, and which reports are of it."""
    every = foods.foods()
    codes = reports["food_code"]
    survey = every.dropna(subset="food_code").drop_duplicates("food_code").set_index("food_code")["category"]
    pool, _ = build_category_bounds.read_pool(foods, ["energy"])
    record = build_category_bounds.rows_of_codes(foods, pool).map(pool["category"])
    for category in (codes.map(survey), codes.map(record)):
        for name, rows in category.groupby(category):
            yield str(name), rows.index.to_numpy()


def classes(reports: pd.DataFrame, nutrients: Sequence[str]) -> Iterator[tuple[str, str, pd.DataFrame, pd.Series]]:
    """Return each basis and band with what its reports hold, and their weights of the survey."""
    meals = occasions_of(reports, nutrients)
    for basis, table in (("food", reports), ("meal", meals)):
        bands = band_names(table["energy"].to_numpy(), ENERGIES)
        for name in ["", *ENERGIES]:
            rows = table[(bands == name) | (name == "")]
            yield basis, name, rows[list(nutrients)], rows["weight"]
    bands = band_names(reports["grams"].to_numpy(), WEIGHTS)
    per_100 = reports[list(nutrients)].mul(100 / reports["grams"], axis=0)
    for name in WEIGHTS:
        yield "food_per_100_g", name, per_100[bands == name], reports.loc[bands == name, "weight"]


def line_bounds(reports: pd.DataFrame, nutrients: Sequence[str], foods: FoodData, high: float = HIGH) -> pd.DataFrame:
    """Return the table."""
    table: list[tuple[str, str, str, int, str, str]] = []

    def add(basis: str, within: str, nutrient: str, held: np.ndarray, weight: np.ndarray) -> None:
        known = ~np.isnan(held)
        if known.sum() >= LEAST:
            figures = (build_category_bounds.percentile(held[known], share, weight[known]) for share in (LIKELY, high))
            table.append((basis, within, nutrient, int(known.sum()), *(f"{figure:.4g}" for figure in figures)))

    for basis, within, held, weight in classes(reports, nutrients):
        for nutrient in nutrients:
            add(basis, within, nutrient, held[nutrient].to_numpy(), weight.to_numpy())
    grams, weight = reports["grams"].to_numpy(), reports["weight"].to_numpy()
    add("grams", "", "", grams, weight)
    categories: dict[str, np.ndarray] = {}
    for name, rows in _categories(reports, foods):
        categories[name] = np.union1d(categories.get(name, rows), rows)
    for name in sorted(categories):
        add("grams", name, "", grams[categories[name]], weight[categories[name]])
    return pd.DataFrame(table, columns=COLUMNS)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "line_bounds.csv")
    arguments = parser.parse_args()
    nutrients = line_nutrients()
    reports = read_reports(arguments.shared / "nhanes", nutrients)
    table = line_bounds(reports, nutrients, load_foods(release="embedded"))
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    print(f"{len(reports):,} reported foods; {len(table):,} rows, {len(nutrients)} nutrients")


if __name__ == "__main__":
    main()
