"""What each counted entry gave of each nutrient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.intake.composition import composition_of
from nutridiary.nutrients import check_nutrients, load_nutrients, panel_nutrients
from nutridiary.tables import INTAKES, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData


def nutrient_intakes(
    weighed: pd.DataFrame, foods: FoodData, nutrients: Sequence[str] | None = None, *, fill_in: bool = True
) -> pd.DataFrame:
    """Return what each counted entry gave of each nutrient: gram weight x composition per 100 g.

    Parameters
    ----------
    weighed : pandas.DataFrame
        Entries after matching and weighing (`tables.WEIGHED`). Those with a `problem` give no rows.
    foods : FoodData
        Where the composition is looked up.
    nutrients : sequence of str, optional
        Names of ``nutrients.csv``; by default the core panel and what surrounds it.
    fill_in : bool
        Take a value that a food's record lacks from the record's twin (``data/food_twins.csv``). On by
        default, because the alternative is not caution but a gap that reads as nothing eaten: such
        values are marked in `filled_in` and `value_from`, and no lower bound rests on them.

    Returns
    -------
    pandas.DataFrame
        `tables.INTAKES`: entry x nutrient; `amount` [the nutrient's unit] is NaN where neither the
        food's record nor its twin has a value.

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
    composition = composition_of(distinct, foods, names, fill_in=fill_in)
    food = pd.Index(distinct).get_indexer(pd.Index(ids))
    hundreds = counted["gram_weight"].to_numpy(dtype="float64") / 100
    lines = counted[["source", "line", "part", "person_id", "date", "fdc_id", "gram_weight"]]
    lines = lines.assign(source_kind=counted["kind"].where(counted["kind"] == "supplement", "food"))
    rows = lines.loc[lines.index.repeat(len(names))].reset_index(drop=True)
    units = load_nutrients()["unit"]
    return conform(
        rows.assign(
            nutrient=np.tile(np.array(names, dtype=object), len(counted)),
            amount=(composition.per_100_g[food] * hundreds[:, np.newaxis]).ravel(),
            unit=np.tile(units.loc[names].to_numpy(dtype=object), len(counted)),
            value_from=pd.Series(composition.value_from[food].ravel(), dtype="str"),
            filled_in=composition.filled_in[food].ravel(),
        ),
        INTAKES,
    )
