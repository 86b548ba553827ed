"""Foods of the shipped database, and a made-up later release of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.fdc.database_source import read_database
from nutridiary.fdc.known_releases import release_row
from nutridiary.fdc.tables import FoodTables, only_foods, shaped
from nutridiary.nutrients import load_nutrients
from official_parts import DATE, FOUNDATION, LISTS, SURVEY

NEXT_VERSIONS = {SURVEY: "2023-2024", FOUNDATION: DATE}


def some_foods(fdc_ids: Sequence[int] | None = None, data_types: Sequence[str] | None = None) -> FoodTables:
    """Return foods of the shipped database; all, or some, with only the releases that have any of them."""
    tables = _shipped(None if data_types is None else tuple(data_types))
    if fdc_ids is None:
        return tables
    few = only_foods(tables, list(fdc_ids))
    releases = few.releases[few.releases["foods"] > 0].reset_index(drop=True)
    files = few.files[few.files["release"].isin(releases["release"])].reset_index(drop=True)
    return _with(few, releases=releases, files=files)


@cache
def _shipped(data_types: tuple[str, ...] | None) -> FoodTables:
    return read_database(data_file("fdc", "foods.sqlite"), data_types)


def next_release(
    tables: FoodTables,
    *,
    renumber: int | Mapping[str, int] = 0,
    drop: Sequence[int] = (),
    change: Mapping[tuple[int, str], float | None] | None = None,
    rename: Mapping[int, str] | None = None,
    add: Sequence[Mapping[str, Any]] = (),
    versions: Mapping[str, str] = NEXT_VERSIONS,
) -> FoodTables:
    """Return a made-up later release of foods; all ids given are those before renumbering.

    Parameters
    ----------
    renumber : int or mapping of str to int
        What is added to every fdc_id, or to those of each data type.
    drop : sequence of int
    change : mapping
        Amounts by fdc_id and nutrient, in the nutrient's unit; None: not known any more.
    rename : mapping of int to str
    add : sequence of mapping
        Foods with the columns of `FoodTables.foods` and, where wanted, ``values`` (by nutrient),
        ``portions`` (text, grams), ``aliases``. Their ids stay as they are.
    versions : mapping of str to str
    """
    kept = only_foods(tables, [fdc_id for fdc_id in tables.foods["fdc_id"] if fdc_id not in set(drop)])
    named = dict(zip(kept.foods["fdc_id"], kept.foods["description"], strict=True)) | dict(rename or {})
    kept = _with(kept, foods=kept.foods.assign(description=kept.foods["fdc_id"].map(named)))
    kept = _with(kept, values=_changed(kept, dict(change or {})))
    types = kept.foods.set_index("fdc_id")["data_type"]
    steps = {data_type: renumber if isinstance(renumber, int) else renumber.get(data_type, 0) for data_type in LISTS}
    moved = {fdc_id: fdc_id + steps[data_type] for fdc_id, data_type in types.items()}
    frames = {
        name: frame.assign(fdc_id=frame["fdc_id"].map(moved)) if "fdc_id" in frame.columns else frame
        for name, frame in kept.tables().items()
        if name != "successors"
    }
    renumbered = _with(_with_foods(FoodTables(**frames), add), successors=shaped("successors"))
    return _renamed(renumbered, versions)


def _changed(tables: FoodTables, change: dict[tuple[int, str], float | None]) -> pd.DataFrame:
    if not change:
        return tables.values
    own_ids = load_nutrients()["fdc_nutrient_id"].astype("int64").to_dict()
    alternatives = load_nutrients()["alternative_nutrient_ids"].fillna("").str.split(";").to_dict()
    units, releases = load_nutrients()["unit"].to_dict(), tables.foods.set_index("fdc_id")["release"]
    values, fresh = tables.values, []
    for (fdc_id, nutrient), amount in change.items():
        ids = [own_ids[nutrient], *(int(other) for other in alternatives[nutrient] if other)]
        values = values[~((values["fdc_id"] == fdc_id) & values["fdc_nutrient_id"].isin(ids))]
        if amount is not None:
            fresh.append((fdc_id, own_ids[nutrient], amount, units[nutrient], releases[fdc_id]))
    columns = ["fdc_id", "fdc_nutrient_id", "amount", "unit", "release"]
    return pd.concat([values, shaped("values", pd.DataFrame(fresh, columns=columns))], ignore_index=True)


def _with_foods(tables: FoodTables, add: Sequence[Mapping[str, Any]]) -> FoodTables:
    if not add:
        return tables
    nutrients = load_nutrients()
    releases = tables.releases.set_index("data_type")["release"]
    rows: dict[str, list[dict[str, Any]]] = {"foods": [], "values": [], "portions": [], "aliases": []}
    for food in add:
        fdc_id, release = food["fdc_id"], releases[food["data_type"]]
        rows["foods"].append({name: food.get(name) for name in tables.foods.columns} | {"release": release})
        for nutrient, amount in food.get("values", {}).items():
            told = nutrients.loc[nutrient]
            value = {"fdc_nutrient_id": told["fdc_nutrient_id"], "amount": amount, "unit": told["unit"]}
            rows["values"].append({"fdc_id": fdc_id, "release": release, **value})
        for seq, (text, grams) in enumerate(food.get("portions", []), start=1):
            portion = {"amount": 1.0, "description": text.removeprefix("1 "), "text": text, "gram_weight": grams}
            rows["portions"].append({"fdc_id": fdc_id, "seq": seq, "is_quantity_not_specified": False, **portion})
        for seq, alias in enumerate(food.get("aliases", []), start=1):
            rows["aliases"].append({"fdc_id": fdc_id, "seq": seq, "alias": alias})
    frames = tables.tables()
    joined = {
        name: pd.concat([frames[name], shaped(name, pd.DataFrame(new))], ignore_index=True)
        for name, new in rows.items()
        if new
    }
    return _with(tables, **joined)


def _renamed(tables: FoodTables, versions: Mapping[str, str]) -> FoodTables:
    """Return foods as those of other releases, with as many foods as there are."""
    counts = tables.foods["data_type"].value_counts()
    rows, names = [], {}
    for row in tables.releases.to_dict("records"):
        version = versions.get(row["data_type"])
        if version is not None:
            names[row["release"]] = release_row(row["data_type"], version)["release"]
        told = release_row(row["data_type"], version) if version is not None else {}
        rows.append({**row, **told, "foods": int(counts.get(row["data_type"], 0))})
    frames = {
        name: frame.assign(release=frame["release"].map(lambda old: names.get(old, old)))
        for name, frame in tables.tables().items()
        if "release" in frame.columns and name != "releases"
    }
    return _with(tables, releases=shaped("releases", pd.DataFrame(rows)), **frames)


def _with(tables: FoodTables, **changed: pd.DataFrame) -> FoodTables:
    return FoodTables(**{name: changed.get(name, frame) for name, frame in tables.tables().items()})
