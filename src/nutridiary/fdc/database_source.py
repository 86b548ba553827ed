"""Reads a food database back into the tables it was written from, so that an update can carry foods over."""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.provenance import ORIGIN, unpack_provenance
from nutridiary.fdc.store import Store
from nutridiary.fdc.tables import COLUMNS, FoodTables, shaped

_SORTED = {"aliases": "fdc_id, seq", "portions": "fdc_id, seq", "ingredients": "fdc_id, seq"}
_STORED_AS = {"aliases": "alias", "successors": "successor"}


def read_database(path: Path, data_types: Sequence[str] | None = None) -> FoodTables:
    """Read foods back from a database that `nutridiary.fdc.database.write_database` wrote.

    Parameters
    ----------
    path : pathlib.Path
    data_types : sequence of str, optional
        Such as ``sr_legacy_food``; by default all there are. Successors are those whose successor is
        among the foods read.

    Returns
    -------
    FoodTables
        What the database holds: of each nutrient the value that was chosen, in the nutrient's own
        unit. Written again, all foods give the same bytes.

    Raises
    ------
    FoodDataError
        If there is no such database, it is damaged, or has no foods of a data type asked for.
    """
    store = Store(path)
    releases = _frame(store, "releases", f"SELECT {_names('releases')} FROM release ORDER BY release_id")
    if data_types is not None:
        missing = set(data_types) - set(releases["data_type"])
        if missing:
            raise FoodDataError(
                f"{store.name}: no foods of type {listing(sorted(missing))}. Found: {listing(releases['data_type'])}."
            )
        releases = releases[releases["data_type"].isin(list(data_types))]
    kept = json.dumps(releases["release"].to_list())
    of_releases = "release IN (SELECT value FROM json_each(?))"
    files = f"SELECT {_names('files')} FROM release_file JOIN release USING (release_id) WHERE {of_releases}"
    foods = f"SELECT {_names('foods')} FROM foods WHERE {of_releases} ORDER BY fdc_id"
    tables = {
        "releases": releases.reset_index(drop=True),
        "files": _frame(store, "files", f"{files} ORDER BY release_file.rowid", kept),
        "foods": _frame(store, "foods", foods, kept),
    }
    ids = json.dumps(tables["foods"]["fdc_id"].to_list())
    for name in ("aliases", "portions", "ingredients", "successors"):
        key = "successor_id" if name == "successors" else "fdc_id"
        sql = f"SELECT {_names(name)} FROM {_STORED_AS.get(name, name)} WHERE {key} IN (SELECT value FROM json_each(?))"
        tables[name] = _frame(store, name, f"{sql} ORDER BY {_SORTED.get(name, 'fdc_id')}", ids)
    tables["values"] = _values(store, tables["foods"], ids)
    return FoodTables(**tables)


def _values(store: Store, foods: pd.DataFrame, ids: str) -> pd.DataFrame:
    """Return every value there is, with what is known about it."""
    nutrients = store.rows("SELECT nutrient, unit, fdc_nutrient_id, position FROM nutrient ORDER BY position")
    names = [nutrient for nutrient, *_ in nutrients]
    columns = ", ".join(f'"{name}"' for name in names)
    of_asked = "WHERE fdc_id IN (SELECT value FROM json_each(?)) ORDER BY fdc_id"
    rows = store.rows(f"SELECT fdc_id, {columns} FROM composition {of_asked}", (ids,))
    amounts = np.array([row[1:] for row in rows], dtype="float64").reshape(len(rows), len(names))
    food, position = np.nonzero(~np.isnan(amounts))
    values = pd.DataFrame(
        {
            "fdc_id": np.array([row[0] for row in rows], dtype="int64")[food],
            "nutrient": np.array(names)[position],
            "amount": amounts[food, position],
            "unit": np.array([unit for _, unit, *_ in nutrients])[position],
            "own_id": np.array([own for *_, own, _ in nutrients], dtype="int64")[position],
        }
    ).merge(_origins(store, ids, {row[0]: row[3] for row in nutrients}), how="left", validate="one_to_one")
    values["fdc_nutrient_id"] = values["other_nutrient_id"].fillna(values["own_id"])
    own_release = values["fdc_id"].map(foods.set_index("fdc_id")["release"])
    values["release"] = values["release"].fillna(own_release)
    return shaped("values", values)


def _origins(store: Store, ids: str, places: dict[str, int]) -> pd.DataFrame:
    """Return what is known about values beyond their amount: a row per value of which anything is."""
    of_asked = "WHERE fdc_id IN (SELECT value FROM json_each(?)) ORDER BY fdc_id"
    rows = store.rows(f"SELECT fdc_id, origins, data_points, standard_errors FROM provenance {of_asked}", (ids,))
    symbols = {row[0]: row[1:] for row in store.rows(f"SELECT symbol, {', '.join(ORIGIN)} FROM value_origin")}
    columns = {"fdc_id": "int64", "nutrient": "str", **ORIGIN, "data_points": "Int64", "standard_error": "float64"}
    unpacked = unpack_provenance(rows, places, symbols)
    return pd.DataFrame(unpacked, columns=list(columns)).astype(columns)


def _names(table: str) -> str:
    return ", ".join(COLUMNS[table])


def _frame(store: Store, table: str, sql: str, *parameters: str) -> pd.DataFrame:
    return shaped(table, pd.DataFrame(store.rows(sql, parameters), columns=list(COLUMNS[table])))
