"""Foods of brands as food data: labels checked, gaps filled from generic twins, and what is to be said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.brands.labels import checked_labels, said_of_foods, without_values
from nutridiary.fdc.product_ids import LABELLED
from nutridiary.foods import Terms

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.tables import FoodTables
    from nutridiary.foods import FoodData


@dataclass(frozen=True)
class LabelFoods:
    """Food data with foods of brands.

    Attributes
    ----------
    foods : FoodData
        It knows the foods; what their labels lack is lent by their twins.
    findings : pandas.DataFrame
        As in `nutridiary.brands.labels.Checked`.
    twins : pandas.DataFrame
        As of `nutridiary.brands.twins.generic_twins`.
    notes : dict of int to str
        What the lines of a food say of its label: what was set aside, and what stands for a label that cannot be used.
    unusable : frozenset of int
        Foods of which nothing is known: their labels cannot be used, and no twin stands for them.
    """

    foods: FoodData
    findings: pd.DataFrame
    twins: pd.DataFrame
    notes: dict[int, str]
    unusable: frozenset[int]


def with_label_foods(foods: FoodData, tables: FoodTables) -> LabelFoods:
    """Return food data that also knows the foods of `tables`, those of brands by their checked labels.

    Parameters
    ----------
    foods : FoodData
    tables : FoodTables
        Foods of any data type; those that are no labels stay as they are.

    Returns
    -------
    LabelFoods
    """
    import pandas as pd

    checked = checked_labels(tables)
    if not tables.foods["data_type"].isin(LABELLED).any():
        nothing = pd.DataFrame(columns=["fdc_id", "twin_fdc_id"])
        return LabelFoods(foods.with_foods(tables), checked.findings, nothing, {}, frozenset())
    from nutridiary.brands.twins import generic_twins

    twins = generic_twins(checked.tables, foods)
    checked = without_values(checked, twins.loc[twins["per_serving"], ["fdc_id", "evidence"]])
    lent = twins[twins["twin_fdc_id"].notna()]
    twin_of = dict(zip(lent["fdc_id"].tolist(), lent["twin_fdc_id"].astype("int64").tolist(), strict=True))
    terms = {
        fdc_id: Terms(times, frozenset(withheld.split(";")) - {""})
        for fdc_id, times, withheld in zip(
            lent["fdc_id"].tolist(), lent["times"].tolist(), lent["withheld"], strict=True
        )
    }
    notes = said_of_foods(checked.findings)
    for fdc_id in checked.unusable & set(twin_of):
        notes[fdc_id] += f"; counted as {lent.loc[lent['fdc_id'].eq(fdc_id), 'evidence'].item()}"
    return LabelFoods(
        foods.with_foods(checked.tables, twins=twin_of, terms=terms),
        checked.findings,
        twins,
        notes,
        checked.unusable - set(twin_of),
    )


def add_label_notes(weighed: pd.DataFrame, notes: Mapping[int, str]) -> pd.DataFrame:
    """Return entries with what their foods' labels have to say behind their notes.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`, or `tables.MATCHED`.
    notes : mapping of int to str
        As in `LabelFoods`.
    """
    said = weighed["fdc_id"].map(dict(notes)).where(weighed["problem"].isna()) if notes else None
    if said is None or said.isna().all():
        return weighed
    said = said.astype("str")
    both = weighed["note"].notna() & said.notna()
    return weighed.assign(note=weighed["note"].fillna(said).mask(both, weighed["note"] + "; " + said))
