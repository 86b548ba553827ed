"""From weighed entries to nutrient intakes: a line, a day, a food at a time.

Unknown is not zero anywhere here. A food whose record has no value for a nutrient gives an
intake of NaN; a sum is over what is known, and what is not known is counted beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.nutrients import check_nutrients, load_nutrients, panel_nutrients
from nutridiary.tables import CONTRIBUTIONS, DAILY_INTAKES, INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData


def nutrient_intakes(weighed: pd.DataFrame, foods: FoodData, nutrients: Sequence[str] | None = None) -> pd.DataFrame:
    """Return what each counted entry gave of each nutrient: gram weight x composition per 100 g.

    Parameters
    ----------
    weighed : pandas.DataFrame
        Entries after matching and weighing (`tables.WEIGHED`). Those with a `problem` give no rows.
    foods : FoodData
        Where the composition is looked up.
    nutrients : sequence of str, optional
        Names of ``nutrients.csv``; by default the core panel and what surrounds it.

    Returns
    -------
    pandas.DataFrame
        `tables.INTAKES`: entry x nutrient; `amount` [the nutrient's unit] is NaN where the
        food's record has no value.

    Raises
    ------
    NutridiaryError
        If a nutrient is unknown.
    """
    import numpy as np
    import pandas as pd

    names = check_nutrients(nutrients) if nutrients is not None else panel_nutrients()
    counted = weighed[weighed["problem"].isna()]
    ids = counted["fdc_id"].astype("int64")
    distinct = ids.drop_duplicates().to_list()
    composition = foods.composition(distinct, names)
    per_100_g = composition.reindex(index=ids.to_numpy(), columns=names).to_numpy(dtype="float64")
    amounts = per_100_g * (counted["gram_weight"].to_numpy(dtype="float64") / 100)[:, np.newaxis]

    record = ids.map(_record_names(foods, distinct)).to_numpy(dtype=object)
    value_from = np.where(np.isnan(amounts), np.nan, record[:, np.newaxis]).ravel()
    lines = counted[["source", "line", "part", "person_id", "date", "fdc_id", "gram_weight"]]
    lines = lines.assign(source_kind=counted["kind"].where(counted["kind"] == "supplement", "food"))
    rows = lines.loc[lines.index.repeat(len(names))].reset_index(drop=True)
    units = load_nutrients()["unit"]
    return conform(
        rows.assign(
            nutrient=np.tile(np.array(names, dtype=object), len(counted)),
            amount=amounts.ravel(),
            unit=np.tile(units.loc[names].to_numpy(dtype=object), len(counted)),
            value_from=pd.Series(value_from, dtype="str"),
        ),
        INTAKES,
    )


def _record_names(foods: FoodData, fdc_ids: Sequence[int]) -> dict[int, str]:
    """Name each record as its release does: FNDDS by food code, SR by NDB number, else by FDC id."""
    found = foods.foods(fdc_ids)
    number = found["food_code"].fillna(found["ndb_number"]).fillna(found["fdc_id"]).astype("int64").astype("str")
    return dict(zip(found["fdc_id"], found["release"] + " " + number, strict=True))


def daily_intakes(intakes: pd.DataFrame, weighed: pd.DataFrame, nutrients: Sequence[str] | None = None) -> pd.DataFrame:
    """Return each person's total of each nutrient on each recorded day.

    A day is recorded when it has at least one entry that is not a note. Its total is the sum of
    what is known; it has an upper bound only where nothing is missing.

    Parameters
    ----------
    intakes : pandas.DataFrame
        `tables.INTAKES`.
    weighed : pandas.DataFrame
        `tables.WEIGHED`, for the lines that were left out and the weights.
    nutrients : sequence of str, optional
        Rows to return; by default the nutrients of `intakes`, or the panel where it is empty.

    Returns
    -------
    pandas.DataFrame
        `tables.DAILY_INTAKES`: `amount`, `low`, `high` [the nutrient's unit], `coverage` [% of the
        day's counted grams], and the lines counted, without a value, and left out.
    """
    import pandas as pd

    names = list(nutrients) if nutrients is not None else list(intakes["nutrient"].unique()) or panel_nutrients()
    day = ["person_id", "date"]
    eaten = weighed[weighed["kind"] != "note"]
    lines = (
        eaten.assign(foods=eaten["problem"].isna(), foods_left_out=eaten["problem"].notna())
        .groupby(day, dropna=False, as_index=False)[["foods", "foods_left_out"]]
        .sum()
    )
    known = intakes["amount"].notna()
    groups = intakes.assign(
        foods_without_value=~known, grams_known=intakes["gram_weight"].where(known, 0.0), grams=intakes["gram_weight"]
    ).groupby([*day, "nutrient"], dropna=False)
    # min_count: a total of which nothing is known is unknown, not zero.
    amounts = groups["amount"].sum(min_count=1)
    sums = groups[["foods_without_value", "grams_known", "grams"]].sum().join(amounts).reset_index()
    units = load_nutrients()["unit"].loc[names].rename("unit").rename_axis("nutrient").reset_index()
    grid = lines.merge(units, how="cross")
    days = grid.merge(sums, on=[*day, "nutrient"], how="left", validate="one_to_one")
    days["foods_without_value"] = days["foods_without_value"].fillna(0)
    complete = (days["foods_without_value"] == 0) & (days["foods_left_out"] == 0)
    days["low"] = days["amount"]
    days["high"] = days["amount"].where(complete)
    days["coverage"] = (100 * days["grams_known"] / days["grams"]).where(days["grams"] > 0)
    order = pd.Categorical(days["nutrient"], categories=names, ordered=True)
    days = days.assign(order=order).sort_values([*day, "order"], na_position="first", kind="stable")
    return conform(days.drop(columns=["order", "grams", "grams_known"]), DAILY_INTAKES)


def food_contributions(intakes: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Return what each food gave each person of each nutrient over all days, largest first.

    Returns
    -------
    pandas.DataFrame
        `tables.CONTRIBUTIONS`. `amount` is NaN where the food's record has no value, and
        `percent_of_total` is of the known total.
    """
    import pandas as pd

    names = list(intakes["nutrient"].unique())
    by = ["person_id", "nutrient", "fdc_id"]
    groups = intakes.groupby(by, dropna=False)
    given = groups.agg(entries=("line", "size"), gram_weight=("gram_weight", "sum"))
    given = given.join(groups["amount"].sum(min_count=1)).reset_index()
    total = given.groupby(["person_id", "nutrient"], dropna=False)["amount"].transform("sum", min_count=1)
    given["percent_of_total"] = (100 * given["amount"] / total).where(total > 0)
    descriptions = weighed.drop_duplicates("fdc_id").set_index("fdc_id")["food_description"]
    units = load_nutrients()["unit"]
    given = given.assign(
        food_description=given["fdc_id"].map(descriptions),
        unit=given["nutrient"].map(units),
        order=pd.Categorical(given["nutrient"], categories=names, ordered=True),
    ).sort_values(
        ["person_id", "order", "amount", "gram_weight", "fdc_id"],
        ascending=[True, True, False, False, True],
        na_position="last",
        kind="stable",
    )
    return conform(given.drop(columns="order"), CONTRIBUTIONS)
