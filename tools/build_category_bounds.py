"""Build data/category_bounds.csv: what foods of one kind hold of each nutrient, to bound a value that is missing.

Source: the foods of SR Legacy and Foundation Foods in data/fdc/foods.sqlite, which share one list of food
categories. A class of foods is a category and a band of water content, because dry and liquid foods of one category
differ most of all; then, for nutrients few records know, the whole category; at last all foods of the band, and all
foods. A class is given where at least `LEAST` of its foods have a value.

Foods count by the root of how often they are eaten (data/eating_frequency.csv): an FNDDS food stands for the record it
is made of, or made of for the most part by weight, and a food that nobody reported counts once. Columns: `category` and
`water` [g/100 g], empty where the class does not depend on it; `nutrient`; `foods` with a value; `median` and `high`,
both per 100 g in the nutrient's unit: the smallest value at or below which foods of 50 and of 95 % of the weight lie.
bench/bounds.py measures why it is these and not others.

    python tools/build_category_bounds.py [--out data/category_bounds.csv]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.comparison import upper_level_nutrients
from nutridiary.data_files import data_file
from nutridiary.foods import FoodData, load_foods
from nutridiary.intake.bounds import ALL_WATER, water_bands
from nutridiary.nutrients import load_nutrients, panel_nutrients
from nutridiary.references import load_references

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["category", "water", "nutrient", "foods", "median", "high"]
LEAST = 20
LIKELY, HIGH = 50.0, 95.0
FIRST_FOOD_CODE = 10_000_000  # an ingredient code from here on is an FNDDS food code, below it an NDB number
_DEEPEST = 6  # FNDDS foods made of FNDDS foods made of ...


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


def main_numbers(foods: FoodData) -> pd.Series:
    """Return the NDB number of the record that each FNDDS food is made of, or mostly made of, by food code."""
    every = foods.foods()
    fndds = every[every["data_type"] == "survey_fndds_food"]
    recipes = foods.ingredients(fndds["fdc_id"])
    recipes["food_code"] = recipes["fdc_id"].map(fndds.set_index("fdc_id")["food_code"])
    main = recipes.sort_values("grams", kind="stable").groupby("food_code").tail(1)
    numbers = main.set_index("food_code")["ingredient_code"]
    for _ in range(_DEEPEST):
        numbers = numbers.where(numbers < FIRST_FOOD_CODE, numbers.map(numbers))
    return numbers


def rows_of_codes(foods: FoodData, pool: pd.DataFrame) -> pd.Series:
    """Return the row of `pool` that stands for each FNDDS food, by food code; codes without one are left out."""
    sr = pool[pool["data_type"] == "sr_legacy_food"].drop_duplicates("ndb_number")
    rows = main_numbers(foods).map(pd.Series(sr.index, index=sr["ndb_number"]))
    return rows.dropna().astype("int64")


def times_eaten(foods: FoodData, pool: pd.DataFrame) -> np.ndarray:
    """Return how often each food of `pool` was reported, as itself or as the most of an FNDDS food."""
    rows = rows_of_codes(foods, pool)
    reports = pd.read_csv(data_file("eating_frequency.csv")).set_index("food_code")["reports"]
    return reports.groupby(rows.reindex(reports.index)).sum().reindex(pool.index).fillna(0.0).to_numpy(dtype="float64")


def percentile(values: np.ndarray, share: float, weights: np.ndarray | None = None) -> float:
    """Return the smallest of `values` at or below which `share` [%] of the weight lies; without weights, of them."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(np.ones(len(values)) if weights is None else weights[order])
    return float(values[order][min(np.searchsorted(total, share / 100 * total[-1] * (1 - 1e-12)), len(values) - 1)])


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
    held, weights = composition.to_numpy(), np.sqrt(times_eaten(foods, pool) + 1)
    table = []
    for category, water, rows in classes(pool):
        for place, nutrient in enumerate(nutrients):
            known = rows[~np.isnan(held[rows, place])]
            if len(known) >= LEAST:
                median, high = (percentile(held[known, place], share, weights[known]) for share in (LIKELY, HIGH))
                table.append((category, water, nutrient, len(known), f"{median:.4g}", f"{high:.4g}"))
    return pd.DataFrame(table, columns=COLUMNS)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "category_bounds.csv")
    arguments = parser.parse_args()
    table = category_bounds(load_foods(release="embedded"))
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    print(f"{len(table):,} rows, {table['nutrient'].nunique()} nutrients, {table['category'].nunique() - 1} categories")


if __name__ == "__main__":
    main()
