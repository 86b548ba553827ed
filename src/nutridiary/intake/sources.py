"""Where nutrients came from, by food group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.food_groups import NO_RECORD, SUPPLEMENTS, food_group_of
from nutridiary.tables import GROUP_CONTRIBUTIONS, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData


def group_contributions(contributions: pd.DataFrame, foods: FoodData) -> pd.DataFrame:
    """Return what each food group gave each person of each nutrient over all days, largest first.

    Parameters
    ----------
    contributions : pandas.DataFrame
        `tables.CONTRIBUTIONS`.
    foods : FoodData
        What the foods are; it knows the user's own foods where there are such.

    Returns
    -------
    pandas.DataFrame
        `tables.GROUP_CONTRIBUTIONS`. Supplements, own foods, and lines that count by the diary's own values alone are
        groups of their own. `amount` is NaN where no food of the group has a value, and is never 0 for unknown.
    """
    import pandas as pd

    known = contributions["fdc_id"].dropna().drop_duplicates().astype("int64")
    group = contributions["fdc_id"].map(food_group_of(known, foods)).astype("object")
    group = group.where(group.notna(), NO_RECORD).mask(contributions["source_kind"] == "supplement", SUPPLEMENTS)
    order = {name: place for place, name in enumerate(contributions["nutrient"].drop_duplicates())}
    by = ["person_id", "nutrient", "food_group", "unit"]
    groups = contributions.assign(food_group=group.astype("str")).groupby(by, dropna=False)
    given = groups.agg(foods=("food_description", "size"), entries=("entries", "sum"))
    # min_count: what nothing is known of is unknown, not zero.
    given = given.join(groups[["gram_weight", "amount"]].sum(min_count=1)).reset_index()
    total = given.groupby(["person_id", "nutrient"], dropna=False)["amount"].transform("sum", min_count=1)
    given["percent_of_total"] = (100 * given["amount"] / total).where(total > 0)
    given = given.assign(order=given["nutrient"].map(order)).sort_values(
        ["person_id", "order", "amount", "gram_weight", "food_group"],
        ascending=[True, True, False, False, True],
        na_position="last",
        kind="stable",
    )
    return conform(pd.DataFrame(given[GROUP_CONTRIBUTIONS.names]), GROUP_CONTRIBUTIONS)
