"""The totals of a day, and of a food over all days.

A sum is over what there is; what is filled in or not known is counted beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.nutrients import load_nutrients, panel_nutrients
from nutridiary.tables import CONTRIBUTIONS, DAILY_INTAKES, NOT_EATEN, conform

if TYPE_CHECKING:
    import pandas as pd


_DAY = ["person_id", "date"]
_AMOUNTS = ["amount", "low", "estimate", "high", "food_amount", "supplement_amount"]
_COUNTS = ["foods_filled_in", "foods_without_value", "no_bound", "lines_bounded", "grams_known", "grams"]


def daily_intakes(
    intakes: pd.DataFrame,
    weighed: pd.DataFrame,
    nutrients: Sequence[str] | None = None,
    *,
    left_out: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return each person's total of each nutrient on each recorded day.

    A day is recorded when it has at least one entry that is not a note. Its total is the sum of
    what is known or filled in; its lower bound rests on what is known alone. Its upper bound adds what bounds each
    missing value and each line left out, and its estimate what is likely of it; both are missing where nothing bounds
    one of these. A day of which only supplements are on record tells nothing of what was eaten, so that it has neither.

    Parameters
    ----------
    intakes : pandas.DataFrame
        `tables.INTAKES`.
    weighed : pandas.DataFrame
        `tables.WEIGHED`, for the lines that were left out and the weights.
    nutrients : sequence of str, optional
        Rows to return; by default the nutrients of `intakes`, or the panel where it is empty.
    left_out : pandas.DataFrame, optional
        `tables.LEFT_OUT_BOUNDS`: what the lines left out can have held. Without it nothing bounds them.

    Returns
    -------
    pandas.DataFrame
        `tables.DAILY_INTAKES`: `amount`, `low`, `estimate`, `high` [the nutrient's unit], `coverage` [% of the
        day's counted grams], and the lines counted, filled in, without a value, and left out.
    """
    import pandas as pd

    names = list(nutrients) if nutrients is not None else list(intakes["nutrient"].unique()) or panel_nutrients()
    # Totals that count stand for the foods they are of; nothing else that is not eaten makes a day.
    counted_total = (weighed["kind"] == "total") & weighed["problem"].isna()
    eaten = weighed[~weighed["kind"].isin(NOT_EATEN) | counted_total]
    lines = (
        eaten.assign(
            foods=eaten["problem"].isna(),
            foods_left_out=eaten["problem"].notna(),
            lines_of_food=eaten["kind"] != "supplement",
        )
        .groupby(_DAY, dropna=False, as_index=False)[["foods", "foods_left_out", "lines_of_food"]]
        .sum()
    )
    groups = _summands(intakes, left_out).groupby([*_DAY, "nutrient"], dropna=False)
    # min_count: a total of which nothing is known is unknown, not zero.
    sums = groups[_COUNTS].sum().join(groups[_AMOUNTS].sum(min_count=1)).reset_index()
    units = load_nutrients()["unit"].loc[names].rename("unit").rename_axis("nutrient").reset_index()
    grid = lines.merge(units, how="cross")
    days = grid.merge(sums, on=[*_DAY, "nutrient"], how="left", validate="one_to_one")
    days = days.fillna(dict.fromkeys(_COUNTS, 0))
    bounded = (days["no_bound"] == 0) & (days["lines_bounded"] == days["foods_left_out"])
    days[["estimate", "high"]] = days[["estimate", "high"]].where(bounded & (days["lines_of_food"] > 0))
    days["coverage"] = (100 * days["grams_known"] / days["grams"]).where(days["grams"] > 0)
    order = pd.Categorical(days["nutrient"], categories=names, ordered=True)
    days = days.assign(order=order).sort_values([*_DAY, "order"], na_position="first", kind="stable")
    return conform(days[DAILY_INTAKES.names], DAILY_INTAKES)


def _summands(intakes: pd.DataFrame, left_out: pd.DataFrame | None) -> pd.DataFrame:
    """Return what each line adds to the totals of its day: rows of `intakes`, then the bounds of lines left out."""
    import pandas as pd

    # What a label leaves open counts by the least it can be, and to the upper bound by the most. What no record
    # tells has no least: it is unknown, and only the upper bound and the estimate hold something in its place.
    known = intakes["amount"].fillna(intakes["amount_low"])
    filled_in, without = intakes["filled_in"], known.isna()
    counted = intakes[[*_DAY, "nutrient"]].assign(
        amount=known,
        low=intakes["amount_low"].fillna(known.mask(filled_in)),
        estimate=intakes["estimate"].fillna(known),
        high=intakes["amount_high"].fillna(known),
        food_amount=known.where(intakes["source_kind"] == "food"),
        supplement_amount=known.where(intakes["source_kind"] == "supplement"),
        foods_filled_in=filled_in,
        foods_without_value=without,
        no_bound=intakes["amount"].isna() & intakes["amount_high"].isna(),
        lines_bounded=False,
        grams_known=intakes["gram_weight"].mask(filled_in | without, 0.0),
        grams=intakes["gram_weight"],
    )
    if left_out is None or left_out.empty:
        return counted
    bounds = left_out[[*_DAY, "nutrient", "estimate", "high"]].assign(lines_bounded=left_out["high"].notna())
    nothing = {name: math.nan for name in _AMOUNTS if name not in bounds} | {"grams_known": 0.0, "grams": 0.0}
    flags = dict.fromkeys(("foods_filled_in", "foods_without_value", "no_bound"), False)
    return pd.concat([counted, bounds.assign(**nothing, **flags)[counted.columns]], ignore_index=True)


def food_contributions(intakes: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Return what each food gave each person of each nutrient over all days, largest first.

    Returns
    -------
    pandas.DataFrame
        `tables.CONTRIBUTIONS`. `amount` is NaN where neither the food's record nor its twin has a value,
        and `percent_of_total` is of the total of what there is.
    """
    import pandas as pd

    names = list(intakes["nutrient"].unique())
    entry = ["source", "line", "part"]
    called = weighed[[*entry, "food_text", "food_description"]]
    # What has no record of its own, a supplement, is known by what the diary calls it.
    called = called.assign(food_description=called["food_description"].fillna(called["food_text"])).drop(
        columns="food_text"
    )
    intakes = intakes.merge(called, on=entry, how="left", validate="many_to_one")
    by = ["person_id", "nutrient", "fdc_id", "food_description", "source_kind"]
    groups = intakes.assign(amount=intakes["amount"].fillna(intakes["amount_low"])).groupby(by, dropna=False)
    given = groups.agg(
        entries=("line", "size"),
        value_from=("value_from", "first"),
        filled_in=("filled_in", "any"),
    )
    given = given.join(groups[["amount", "gram_weight"]].sum(min_count=1)).reset_index()
    total = given.groupby(["person_id", "nutrient"], dropna=False)["amount"].transform("sum", min_count=1)
    given["percent_of_total"] = (100 * given["amount"] / total).where(total > 0)
    units = load_nutrients()["unit"]
    given = given.assign(
        unit=given["nutrient"].map(units),
        order=pd.Categorical(given["nutrient"], categories=names, ordered=True),
    ).sort_values(
        ["person_id", "order", "amount", "gram_weight", "fdc_id"],
        ascending=[True, True, False, False, True],
        na_position="last",
        kind="stable",
    )
    return conform(given.drop(columns="order"), CONTRIBUTIONS)
