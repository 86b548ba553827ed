"""Weights that are hard to believe: flagged, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.portions.recorded_energy import ENERGY
from nutridiary.portions.recorded_energy import METHOD as BY_RECORDED_ENERGY
from nutridiary.portions.reported import reported_amounts

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

# A line of more than this is flagged whatever the food. [g]
MOST_GRAMS = 5000.0
# A line whose energy is beyond so many times what its diary records, or below that part of it, is to be looked at.
ENERGY_FACTOR = 2.0
# Below this a diary's rounding and a food's spread make any factor. [kcal]
LEAST_COMPARED = 25.0


def flag_implausible(table: pd.DataFrame) -> None:
    """Say which weights are more than people report; change none."""
    weight = table["gram_weight"]
    absurd = weight > MOST_GRAMS
    limit = table["food_code"].map({code: reported.p99 for code, reported in reported_amounts().items()})
    above = weight.gt(limit.astype("float64")) & ~absurd
    grams = weight.map("{:.0f}".format)
    add_notes(table, (grams + f" g in one line is more than {MOST_GRAMS:.0f} g: please check")[absurd])
    reported = limit.map("{:.0f}".format, na_action="ignore")
    add_notes(
        table, (grams + " g is more than 99 % of people report for this food (" + reported + " g): please check")[above]
    )


def flag_unlike_recorded(table: pd.DataFrame, foods: FoodData) -> None:
    """Say which lines have by food and weight another energy than their diary records, and ask for a look at them."""
    import pandas as pd

    if ENERGY not in table.columns:
        return
    recorded = table[ENERGY]
    weighed = table["gram_weight"].notna() & table["fdc_id"].notna() & recorded.ge(0)
    weighed &= table["weight_method"].ne(BY_RECORDED_ENERGY)
    if not weighed.any():
        return
    ids = table.loc[weighed, "fdc_id"].astype("int64")
    density = foods.composition(ids.unique().tolist(), ["energy"])["energy"]
    ours = pd.Series(float("nan"), index=table.index)
    ours[weighed] = table.loc[weighed, "gram_weight"] * ids.map(density) / 100
    more, less = ours > ENERGY_FACTOR * recorded, recorded > ENERGY_FACTOR * ours
    unlike = (more | less) & ((ours - recorded).abs() > LEAST_COMPARED)
    kcal = ours.map("{:.0f}".format) + " kcal by food and weight, " + recorded.map("{:.0f}".format)
    add_notes(table, (kcal + " kcal as the diary records: please look at both")[unlike])
    table["needs_review"] = table["needs_review"] | unlike


def add_notes(table: pd.DataFrame, notes: pd.Series) -> None:
    """Join `notes` (by row label) to the notes there are."""
    notes = notes.dropna()
    if notes.empty:
        return
    before = table.loc[notes.index, "note"]
    table.loc[notes.index, "note"] = (before + "; " + notes).where(before.notna(), notes)
