"""Weights that nobody eats in a line: left out of the totals, with the reason."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nutridiary.diary.amounts import MOST_GRAMS
from nutridiary.units import canonical_unit, unit_kind

if TYPE_CHECKING:
    import pandas as pd


def is_impossible(amount: pd.Series) -> pd.Series[bool]:
    """Tell amounts of nothing, less than nothing or without end."""
    return amount.le(0) | amount.eq(float("inf"))


def refuse_impossible_amounts(table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """An amount of nothing, less than nothing or without end is a mistake, not a weight."""
    wrong = rows.index[is_impossible(rows["amount"])]
    if len(wrong):
        shown = table.loc[wrong, "amount"].map("{:g}".format)
        table.loc[wrong, "problem"] = "the amount cannot be " + shown + ". Left out of the totals: correct the amount."
        _take_weights_back(table, wrong)


def refuse_too_much(table: pd.DataFrame) -> None:
    """Refuse units that come to what a reader refuses in grams; of what a survey states in grams it is not asked."""
    much = table["gram_weight"].gt(MOST_GRAMS).fillna(False) & table["fdc_id"].gt(0).fillna(False)
    much &= table["unit"].map(_is_mass, na_action="ignore").ne(True)
    if much.any():
        wrong = table.index[much]
        shown = table.loc[wrong, "gram_weight"].map("{:.0f}".format)
        table.loc[wrong, "problem"] = (
            "the amount comes to " + shown + " g, more than 10 kg of one food. Left out of the totals: correct the "
            "number, the unit, or your own weight of the unit."
        )
        _take_weights_back(table, wrong)


def _take_weights_back(table: pd.DataFrame, wrong: pd.Index) -> None:
    table.loc[wrong, ["gram_weight", "gram_low", "gram_high"]] = float("nan")
    table.loc[wrong, ["weight_method", "portion"]] = None


@cache
def _is_mass(unit: str) -> bool:
    return unit_kind(canonical_unit(unit)) == "mass"
