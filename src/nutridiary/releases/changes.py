"""What changed from one release of food data to another: foods gone, new, renamed; values and portions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.food_groups import unknown_categories
from nutridiary.nutrients import check_nutrients, load_nutrients, panel_nutrients
from nutridiary.releases.curated import set_aside
from nutridiary.tables import NUMBER, TEXT, WHOLE, Column, Table, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

GONE, NEW, RENAMED = "gone", "new", "renamed"

_FOOD = (
    Column("data_type", TEXT, "part of FoodData Central"),
    Column("number", WHOLE, "FNDDS food code, or NDB number: what the food keeps from release to release"),
    Column("fdc_id_before", WHOLE, "its record before; empty for a new food"),
    Column("fdc_id_after", WHOLE, "its record after; empty for a food that is gone"),
)

FOOD_CHANGES = Table(
    "food_changes",
    "food that is gone, new or renamed",
    ("change", "fdc_id_before", "fdc_id_after"),
    (
        Column("change", TEXT, "gone, new or renamed"),
        *_FOOD,
        Column("name_before", TEXT, "its name before"),
        Column("name_after", TEXT, "its name after"),
    ),
)

VALUE_CHANGES = Table(
    "value_changes",
    "food of both releases x nutrient whose value is another",
    ("fdc_id_after", "nutrient"),
    (
        *_FOOD,
        Column("name_after", TEXT, "its name after"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("unit", TEXT, "the nutrient's one unit, per 100 g"),
        Column("before", NUMBER, "value before; missing where it was unknown", "unit/100 g"),
        Column("after", NUMBER, "value after; missing where it is unknown", "unit/100 g"),
        Column("difference", NUMBER, "after less before; missing where either is unknown", "unit/100 g"),
    ),
)

NUTRIENT_CHANGES = Table(
    "nutrient_changes",
    "nutrient of which values changed",
    ("nutrient",),
    (
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("unit", TEXT, "the nutrient's one unit, per 100 g"),
        Column("changed", WHOLE, "foods with another value"),
        Column("known_now", WHOLE, "foods whose value was unknown"),
        Column("unknown_now", WHOLE, "foods whose value is unknown now"),
        Column("largest_food", TEXT, "the food that changed most"),
        Column("before", NUMBER, "its value before", "unit/100 g"),
        Column("after", NUMBER, "its value after", "unit/100 g"),
    ),
)

PORTION_CHANGES = Table(
    "portion_changes",
    "food of both releases x portion that is gone, new or weighs otherwise",
    ("fdc_id_after", "portion"),
    (
        *_FOOD,
        Column("name_after", TEXT, "its name after"),
        Column("portion", TEXT, "the portion in words"),
        Column("before", NUMBER, "its weight before; missing where there was none", "g"),
        Column("after", NUMBER, "its weight after; missing where there is none", "g"),
    ),
)


@dataclass(frozen=True)
class FoodChanges:
    """What changed from one release to another.

    Attributes
    ----------
    foods, values, nutrients, portions : pandas.DataFrame
        `FOOD_CHANGES`, `VALUE_CHANGES`, `NUTRIENT_CHANGES`, `PORTION_CHANGES`.
    kept : int
        Foods of both releases.
    moved : int
        Of these, foods whose record has another FDC id.
    unknown_categories : dict of str to int
        Categories after, with their number of foods, that no table knows: such foods are in no group.
    set_aside : pandas.DataFrame
        `nutridiary.releases.curated.SET_ASIDE`: entries of shipped tables about foods that are not there after.
    """

    foods: pd.DataFrame
    values: pd.DataFrame
    nutrients: pd.DataFrame
    portions: pd.DataFrame
    kept: int
    moved: int
    unknown_categories: dict[str, int]
    set_aside: pd.DataFrame


def food_changes(before: FoodData, after: FoodData, nutrients: Sequence[str] | None = None) -> FoodChanges:
    """Compare the foods of two releases.

    Parameters
    ----------
    before, after : FoodData
        Their published foods are compared. A food is the same with the same FDC id, or with the same food code or
        NDB number within its data type.
    nutrients : sequence of str, optional
        By default the core panel and what surrounds it.

    Returns
    -------
    FoodChanges

    Raises
    ------
    FoodDataError
        If a nutrient is unknown.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> changes = food_changes(load_foods(release="embedded"), load_foods(release="embedded"), ["magnesium"])
    >>> len(changes.foods), len(changes.values), changes.kept, changes.moved
    (0, 0, 13565, 0)
    """
    names = panel_nutrients() if nutrients is None else check_nutrients(nutrients)
    before, after = before.published, after.published
    foods = _paired(before, after)
    both = foods[foods["fdc_id_before"].notna() & foods["fdc_id_after"].notna()].reset_index(drop=True)
    renamed = both[both["name_before"] != both["name_after"]].assign(change=RENAMED)
    gone = foods[foods["fdc_id_after"].isna()].assign(change=GONE)
    new = foods[foods["fdc_id_before"].isna()].assign(change=NEW)
    values = _value_changes(both, before, after, names)
    return FoodChanges(
        foods=_shaped(_joined([gone, new, renamed]), FOOD_CHANGES),
        values=values,
        nutrients=_by_nutrient(values, names),
        portions=_portion_changes(both, before, after),
        kept=len(both),
        moved=int((both["fdc_id_before"] != both["fdc_id_after"]).sum()),
        unknown_categories=unknown_categories(after),
        set_aside=set_aside(after),
    )


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(tables, ignore_index=True)


def _shaped(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    return conform(frame.reindex(columns=table.names), table)


def _paired(before: FoodData, after: FoodData) -> pd.DataFrame:
    """Return every food of either release, a row each: its record before and after, empty where it has none."""
    old, new = _numbered(before, "before"), _numbered(after, "after")
    same_id = set(old["fdc_id_before"]) & set(new["fdc_id_after"])
    unchanged = old[old["fdc_id_before"].isin(same_id)].merge(
        new[["fdc_id_after", "name_after"]], left_on="fdc_id_before", right_on="fdc_id_after", validate="one_to_one"
    )
    # What shares its number with another food of its data type is not known to be the same.
    rest_old, rest_new = (
        table[~table[column].isin(same_id)] for table, column in ((old, "fdc_id_before"), (new, "fdc_id_after"))
    )
    keys = ["data_type", "number"]
    single_old, single_new = (table[~table.duplicated(keys, keep=False)] for table in (rest_old, rest_new))
    moved = single_old.dropna(subset="number").merge(single_new.dropna(subset="number"), on=keys, validate="one_to_one")
    gone = rest_old[~rest_old["fdc_id_before"].isin(moved["fdc_id_before"])]
    fresh = rest_new[~rest_new["fdc_id_after"].isin(moved["fdc_id_after"])]
    columns = [*keys, "fdc_id_before", "fdc_id_after", "name_before", "name_after"]
    return _joined([part.reindex(columns=columns) for part in (unchanged, moved, gone, fresh)])


def _numbered(foods: FoodData, when: str) -> pd.DataFrame:
    table = foods.foods()
    named = table[["data_type", "fdc_id", "description"]].rename(
        columns={"fdc_id": f"fdc_id_{when}", "description": f"name_{when}"}
    )
    return named.assign(number=table["food_code"].fillna(table["ndb_number"]))


def _value_changes(both: pd.DataFrame, before: FoodData, after: FoodData, names: Sequence[str]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    was = before.composition(both["fdc_id_before"].astype("int64"), names).to_numpy()
    now = after.composition(both["fdc_id_after"].astype("int64"), names).to_numpy()
    food, place = np.nonzero((was != now) & ~(np.isnan(was) & np.isnan(now)))
    nutrient = np.array(names, dtype=object)[place]
    units = load_nutrients()["unit"]
    values = pd.DataFrame({"nutrient": nutrient, "before": was[food, place], "after": now[food, place]})
    changed = both.iloc[food].reset_index(drop=True).join(values)
    return _shaped(
        changed.assign(
            unit=units.reindex(nutrient).to_numpy(dtype=object), difference=changed["after"] - changed["before"]
        ),
        VALUE_CHANGES,
    )


def _by_nutrient(values: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for name in names:
        own = values[values["nutrient"] == name]
        if own.empty:
            continue
        sizes = own["difference"].abs()
        most = own.loc[[sizes.idxmax()]].iloc[0] if sizes.notna().any() else None
        rows.append(
            {
                "nutrient": name,
                "unit": own["unit"].iloc[0],
                "changed": int(own["difference"].notna().sum()),
                "known_now": int(own["before"].isna().sum()),
                "unknown_now": int(own["after"].isna().sum()),
                "largest_food": None if most is None else most["name_after"],
                "before": None if most is None else most["before"],
                "after": None if most is None else most["after"],
            }
        )
    return conform(pd.DataFrame(rows, columns=NUTRIENT_CHANGES.names), NUTRIENT_CHANGES)


def _portion_changes(both: pd.DataFrame, before: FoodData, after: FoodData) -> pd.DataFrame:
    """Return the portions that differ. One that a record has twice is the same where its weights are."""
    was = _portions(before, both, "fdc_id_before", "before")
    now = _portions(after, both, "fdc_id_after", "after")
    keys = ["fdc_id_after", "portion", "occurrence"]
    merged = was.merge(now, on=keys, how="outer", validate="one_to_one", indicator=True)
    same = merged["before"].eq(merged["after"]) | (merged["before"].isna() & merged["after"].isna())
    changed = merged[~(same & merged["_merge"].eq("both"))]
    return _shaped(changed.merge(both, on="fdc_id_after", validate="many_to_one"), PORTION_CHANGES)


def _portions(foods: FoodData, both: pd.DataFrame, column: str, when: str) -> pd.DataFrame:
    """Return the portions of the foods of both releases, by their record after; repeats of a text are numbered."""
    after = dict(zip(both[column].astype("int64"), both["fdc_id_after"].astype("int64"), strict=True))
    table = foods.portions(list(after))
    named = table[["text", "gram_weight"]].rename(columns={"text": "portion", "gram_weight": when})
    named = named.assign(fdc_id_after=table["fdc_id"].map(after)).sort_values(["fdc_id_after", "portion", when])
    return named.assign(occurrence=named.groupby(["fdc_id_after", "portion"]).cumcount())
