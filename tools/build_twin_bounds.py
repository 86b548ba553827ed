"""Build data/twin_bounds.csv: by how much a value that a twin record lends may fall short of the food's own.

Measured on pairs of records of one food that both know the nutrient: found as tools/build_food_twins.py finds twins, by
name, by number or by hand, and agreeing in all it compares except the nutrient in question, which for a real gap cannot
be compared either. Pairs of which FNDDS repeats the record's own figures, because it makes its food of that record,
would agree always and are left out; so are pairs refused by hand.

`factor` is the 90th percentile of own value / lent value, at least 1: nine in ten own values do not exceed the
lent one times the factor. Where fewer than `LEAST` pairs lend more than zero, the factor of all nutrients holds, given
in the row without a nutrient. Columns: `nutrient`, `pairs` that lend more than zero, `exceeded` [% of them whose
own value is above the lent one], `factor` [-].

    python tools/build_twin_bounds.py [--out data/twin_bounds.csv]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import build_food_twins as twins
from build_category_bounds import bounded_nutrients, percentile
from nutridiary.foods import FoodData, load_foods

ROOT = Path(__file__).resolve().parents[1]
LEAST = 20
SHARE = 90
# Figures of both records are rounded: what differs by less is the same.
_ROUNDED = 1.001


def measured_pairs(foods: pd.DataFrame, data: FoodData) -> pd.DataFrame:
    """Return pairs of records of one food whose figures were found apart."""
    judged = twins.read_by_hand(foods)
    found = [twins.name_pairs(foods), twins.number_pairs(foods), twins.hand_pairs(judged)]
    pairs = pd.concat(
        [part.assign(basis=rule) for rule, part in zip(twins.RULES[1:], found, strict=True)], ignore_index=True
    ).drop_duplicates(["fdc_id", "twin_fdc_id"])
    recipes = data.ingredients(foods.loc[foods["data_type"] == twins.FNDDS, "fdc_id"])
    made_of = set(zip(recipes["fdc_id"], recipes["ingredient_code"], strict=True))
    number = pairs["fdc_id"].map(foods.set_index("fdc_id")["ndb_number"])
    repeats = [pair in made_of for pair in zip(pairs["twin_fdc_id"], number, strict=True)]
    pairs = pairs[~np.array(repeats) & ~twins.is_refused(pairs, judged)]
    return pairs.merge(foods[["fdc_id", "description"]], on="fdc_id", validate="many_to_one")


def known_to_both(pairs: pd.DataFrame, composition: pd.DataFrame, nutrient: str) -> pd.DataFrame:
    """Return `own` and `lent` values of the pairs that agree in everything else."""
    others = [name for name in twins.CLOSE if name != nutrient]
    compared = twins.compare(pairs, composition, others)
    agreeing = compared[twins.agrees(compared, least=min(twins.LEAST_COMPARED, len(others)))]
    nearest = agreeing.sort_values("distance", kind="stable").drop_duplicates("fdc_id")
    held = composition[nutrient]
    values = {"own": held.loc[nearest["fdc_id"]].to_numpy(), "lent": held.loc[nearest["twin_fdc_id"]].to_numpy()}
    return pd.DataFrame(values).dropna()


def twin_bounds(data: FoodData) -> pd.DataFrame:
    """Return the table, the row for all nutrients first."""
    foods, nutrients = data.foods(), bounded_nutrients()
    pairs = measured_pairs(foods, data)
    composition = data.composition(foods["fdc_id"], list(dict.fromkeys([*nutrients, *twins.CLOSE])))
    ratios = {}
    for nutrient in nutrients:
        values = known_to_both(pairs, composition, nutrient).query("lent > 0")
        ratios[nutrient] = (values["own"] / values["lent"]).to_numpy()
    rows = [_row("", np.concatenate(list(ratios.values())))]
    rows += [_row(nutrient, found) for nutrient, found in ratios.items() if len(found) >= LEAST]
    return pd.DataFrame(rows, columns=["nutrient", "pairs", "exceeded", "factor"])


def _row(nutrient: str, ratios: np.ndarray) -> tuple[str, int, str, str]:
    factor = max(percentile(ratios, SHARE), 1.0)
    return nutrient, len(ratios), f"{100 * np.mean(ratios > _ROUNDED):.0f}", f"{np.ceil(factor * 100 - 1e-9) / 100:.2f}"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "twin_bounds.csv")
    arguments = parser.parse_args()
    table = twin_bounds(load_foods(release="embedded"))
    table.to_csv(arguments.out, index=False, lineterminator="\n")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
