"""What each counted entry gave of each nutrient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.intake.composition import Values, composition_of
from nutridiary.intake.recorded import OURS, RECORDED_FIRST, RECORDED_FROM, check_values, recorded_matrix
from nutridiary.nutrients import check_nutrients, load_nutrients, panel_nutrients
from nutridiary.tables import INTAKES, OF_SUPPLEMENTS, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData


def nutrient_intakes(
    weighed: pd.DataFrame,
    foods: FoodData,
    nutrients: Sequence[str] | None = None,
    *,
    fill_in: bool = True,
    doses: pd.DataFrame | None = None,
    values: str = OURS,
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
    doses : pandas.DataFrame, optional
        `tables.SUPPLEMENT_DOSES`: what the supplements of `weighed` gave. A supplement gives what its
        label names, so it has no rows for other nutrients.
    values : str
        One of `intake.VALUES`: whether our values count, those the diary itself carries
        (``recorded_`` columns), or those and ours where it has none. See `choose_recorded`.

    Returns
    -------
    pandas.DataFrame
        `tables.INTAKES`: entry x nutrient; `amount` [the nutrient's unit] is NaN where neither the
        food's record nor its twin has a value. There, foods of the same kind bound it (`amount_high`) and say what
        is likely (`estimate`); `value_from` says which foods. What a twin lends has an upper bound as well. A
        bound stands for no value: it enters no amount, and the value stays counted as missing.

    Raises
    ------
    NutridiaryError
        If a nutrient is unknown.
    """
    import numpy as np
    import pandas as pd

    check_values(values)
    names = check_nutrients(nutrients) if nutrients is not None else panel_nutrients()
    # A supplement that an alias says is a food was matched and weighed; the others have doses.
    counted = weighed[weighed["problem"].isna() & ((weighed["kind"] != "supplement") | weighed["fdc_id"].notna())]
    held = _ours(counted, foods, names, fill_in=fill_in)
    if values != OURS:
        recorded = recorded_matrix(counted, names)
        taken = ~np.isnan(recorded) if values == RECORDED_FIRST else np.ones(recorded.shape, dtype=bool)
        held = held.but_recorded(recorded, taken, RECORDED_FROM)
    lines = counted[["source", "line", "part", "person_id", "date", "fdc_id", "gram_weight"]]
    is_supplement = (counted["kind"] == "supplement") | (counted["total_of"] == OF_SUPPLEMENTS)
    lines = lines.assign(source_kind=is_supplement.map({True: "supplement", False: "food"}))
    rows = lines.loc[lines.index.repeat(len(names))].reset_index(drop=True)
    units = load_nutrients()["unit"]
    eaten = conform(
        rows.assign(
            nutrient=np.tile(np.array(names, dtype=object), len(counted)),
            amount=held.amount.ravel(),
            amount_low=held.low.ravel(),
            amount_high=held.high.ravel(),
            estimate=held.estimate.ravel(),
            unit=np.tile(units.loc[names].to_numpy(dtype=object), len(counted)),
            value_from=pd.Series(held.value_from.ravel(), dtype="str"),
            filled_in=held.filled_in.ravel(),
        ),
        INTAKES,
    )
    taken_in = _of_supplements(weighed, doses, names)
    return pd.concat([eaten, taken_in], ignore_index=True) if len(taken_in) else eaten


def _ours(counted: pd.DataFrame, foods: FoodData, names: list[str], *, fill_in: bool) -> Values:
    """Return what our records say of entries x nutrients; unknown where there is no food or no weight."""
    import pandas as pd

    known = counted["fdc_id"].notna() & counted["gram_weight"].notna()
    ids = counted["fdc_id"].where(known)
    distinct = ids.dropna().astype("int64").drop_duplicates().to_list()
    composition = composition_of(distinct, foods, names, fill_in=fill_in)
    places = pd.Index(distinct, dtype="int64").get_indexer(pd.Index(ids.fillna(0).astype("int64")))
    return composition.eaten(places, counted["gram_weight"].to_numpy(dtype="float64") / 100)


def _of_supplements(weighed: pd.DataFrame, doses: pd.DataFrame | None, names: list[str]) -> pd.DataFrame:
    """Return `tables.INTAKES` of the supplements that are counted."""
    import pandas as pd

    if doses is None or doses.empty:
        return conform(pd.DataFrame(), INTAKES)
    counted = weighed.loc[
        weighed["problem"].isna() & (weighed["kind"] == "supplement") & weighed["fdc_id"].isna(),
        ["source", "line", "part", "person_id", "date"],
    ]
    entry = ["source", "line", "part"]
    columns = ["nutrient", "amount", "amount_low", "amount_high", "unit", "value_from"]
    chosen = doses.loc[doses["nutrient"].isin(names), [*entry, *columns]]
    rows = counted.merge(chosen, on=entry, how="inner", validate="one_to_many")
    return conform(rows.assign(source_kind="supplement", filled_in=False), INTAKES)
