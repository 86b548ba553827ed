"""Build data/category_bounds.csv: what foods of one kind hold of each nutrient, to bound a value that is missing.

Source: the foods of SR Legacy and Foundation Foods in data/fdc/foods.sqlite, which share one list of food
categories. A class of foods is a category and a band of water content, because dry and liquid foods of one category
differ most of all; then, for nutrients few records know, the whole category; at last all foods of the band, and all
foods. A class is given where at least `LEAST` of its foods have a value.

Columns: `category` and `water` [g/100 g], empty where the class does not depend on it; `nutrient`; `foods` with a
value; `median` and `high`, the percentile named in `percentile`, both per 100 g in the nutrient's unit. A percentile
is the smallest value at or below which that share of the foods lie. 90 is the rule, 95 where a day's total would
otherwise be held too seldom: bench/bounds.py measures it, and why the foods count alike and not by how often they are
eaten.

    python tools/build_category_bounds.py [--out data/category_bounds.csv]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.comparison import upper_level_nutrients
from nutridiary.foods import FoodData, load_foods
from nutridiary.intake.bounds import ALL_WATER, water_bands
from nutridiary.nutrients import load_nutrients, panel_nutrients
from nutridiary.references import load_references

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["category", "water", "nutrient", "foods", "median", "high", "percentile"]
LEAST = 20
USUAL = 90
# docs/bounds_bench.md: with 90 these would hold fewer than 95 of 100 days.
HIGHER = {"vitamin_k": 95}


def bounded_nutrients() -> list[str]:
    """Return the nutrients to bound: those of the panel, those with a reference intake, and what a UL needs."""
    nutrients = load_nutrients()
    compared = list(dict.fromkeys(load_references()["nutrient"]))
    wanted = {*panel_nutrients(), *compared, *upper_level_nutrients(compared)}
    return [name for name in nutrients.index if name in wanted]


def read_pool(foods: FoodData, nutrients: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the foods bounds are made from, with their `category` and `water` band, and what they hold."""
    every = foods.foods()
    pool = every[every["data_type"].isin(["sr_legacy_food", "foundation_food"]) & every["category"].notna()]
    water = foods.composition(pool["fdc_id"], ["water"])["water"].to_numpy()
    return pool.assign(water=water_bands(water)).reset_index(drop=True), foods.composition(pool["fdc_id"], nutrients)


def percentile(values: np.ndarray, share: float) -> float:
    """Return the smallest of `values` at or below which `share` of them lie. [%]"""
    ordered = np.sort(values)
    return float(ordered[max(int(np.ceil(share / 100 * len(ordered) - 1e-9)) - 1, 0)])


def classes(pool: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray]]:
    """Return each class of foods: its category, its band of water, and which rows of `pool` are of it."""
    rows = np.arange(len(pool))
    category, water = pool["category"].to_numpy(), pool["water"].to_numpy()
    bands = [band for band in dict.fromkeys(sorted(water)) if band != ALL_WATER]
    for name in ["", *sorted(set(category))]:
        for band in [ALL_WATER, *bands]:
            yield name, band, rows[((category == name) | (name == "")) & ((water == band) | (band == ALL_WATER))]


def category_bounds(foods: FoodData) -> pd.DataFrame:
    """Return the table, in order of category, band and nutrient."""
    nutrients = bounded_nutrients()
    pool, composition = read_pool(foods, nutrients)
    held = composition.to_numpy()
    table = []
    for category, water, rows in classes(pool):
        for place, nutrient in enumerate(nutrients):
            values = held[rows, place]
            values = values[~np.isnan(values)]
            if len(values) >= LEAST:
                share = HIGHER.get(nutrient, USUAL)
                figures = (percentile(values, 50), percentile(values, share))
                table.append((category, water, nutrient, len(values), *(f"{value:.4g}" for value in figures), share))
    return pd.DataFrame(table, columns=COLUMNS)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "category_bounds.csv")
    arguments = parser.parse_args()
    table = category_bounds(load_foods())
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    print(f"{len(table):,} rows, {table['nutrient'].nunique()} nutrients, {table['category'].nunique() - 1} categories")


if __name__ == "__main__":
    main()
