"""What the recorded days hold of each nutrient: from food day by day, from supplements as a mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.tables import DAILY_INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

_KEY = ["person_id", "nutrient"]


def recorded_days(days: pd.DataFrame, comparison: pd.DataFrame) -> pd.DataFrame:
    """Return each recorded day of each row of a comparison.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    comparison : pandas.DataFrame
        `tables.COMPARISON`, on an index of 0..n-1.

    Returns
    -------
    pandas.DataFrame
        `row` of the comparison, `date`, `food`, `food_low`, `food_high` and `supplement`. [the nutrient's unit]
        `food` is what is likely: a median stands for a value that bounds alone hold. It is NaN where nothing is known
        of the day, `food_high` where nothing bounds it. Nothing known of a day counts as nothing in `food_low`.
    """
    import pandas as pd

    own = conform(days, DAILY_INTAKES)
    own = own.loc[own["foods"].fillna(0) > 0]
    rows = comparison[_KEY].assign(row=range(len(comparison)))
    own = own.merge(rows, on=_KEY, how="inner", validate="many_to_one")
    supplement = own["supplement_amount"].fillna(0.0)
    likely = own["estimate"].fillna(own["amount"]) - supplement
    # A day of which only a supplement is known says nothing of food.
    only_supplement = own["supplement_amount"].notna() & own["food_amount"].isna() & ~(likely > 0)
    return pd.DataFrame(
        {
            "row": own["row"],
            "date": own["date"],
            "food": likely.mask(only_supplement).clip(lower=0),
            # An intake is never below nothing: that bounds a day of which nothing is known.
            "food_low": (own["low"] - supplement).clip(lower=0).where(own["low"].notna(), 0.0),
            "food_high": (own["high"] - supplement).clip(lower=0),
            "supplement": supplement,
        }
    ).sort_values(["row", "date"], ignore_index=True)


def means_of_days(recorded: pd.DataFrame, rows: int) -> pd.DataFrame:
    """Return what the days of each row come to.

    Parameters
    ----------
    recorded : pandas.DataFrame
        As `recorded_days` gives it.
    rows : int
        How many rows the comparison has.

    Returns
    -------
    pandas.DataFrame
        On 0..rows-1: `known_days` and `unknown_days` [d], `mean_food` over the known days, `supplement` over all, and
        `mean_total`, their sum. [unit/d]
    """
    groups = recorded.groupby("row")
    means = groups.agg(
        known_days=("food", "count"),
        all_days=("food", "size"),
        mean_food=("food", "mean"),
        supplement=("supplement", "mean"),
    ).reindex(range(rows))
    counts = means[["known_days", "all_days"]].fillna(0)
    return means.assign(
        known_days=counts["known_days"],
        unknown_days=counts["all_days"] - counts["known_days"],
        mean_total=means["mean_food"] + means["supplement"],
    ).drop(columns="all_days")
