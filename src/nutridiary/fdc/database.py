"""Writes food data as one SQLite file that opens at once and needs no parsing.

``docs/data.md`` shows the schema with examples. A composition row is wide, a column a nutrient;
what is known about each value stands in compact strings beside it, one character or one
comma-separated field per nutrient in the order of the ``nutrient`` table.
"""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.errors import FoodDataError
from nutridiary.fdc.portion_words import portion_text
from nutridiary.fdc.provenance import ORIGIN, pack_provenance, value_origins
from nutridiary.fdc.store import APPLICATION_ID, NAMES_PER_FOOD, SCHEMA_VERSION
from nutridiary.fdc.tables import FoodTables
from nutridiary.fdc.values import choose_values
from nutridiary.nutrients import load_nutrients

PAGE_BYTES = 8192

_SCHEMA = """
CREATE TABLE release (release_id INTEGER PRIMARY KEY, release TEXT NOT NULL, data_type TEXT NOT NULL,
    published TEXT, foods INTEGER NOT NULL, licence TEXT, source TEXT, version TEXT, note TEXT);
CREATE TABLE release_file (release_id INTEGER NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL);
CREATE TABLE category (category_id INTEGER PRIMARY KEY, number INTEGER, category TEXT);
CREATE TABLE food (fdc_id INTEGER PRIMARY KEY, food_code INTEGER, ndb_number INTEGER, description TEXT NOT NULL,
    category_id INTEGER, release_id INTEGER NOT NULL, basis TEXT);
CREATE TABLE alias (fdc_id INTEGER, seq INTEGER, alias TEXT NOT NULL, PRIMARY KEY (fdc_id, seq)) WITHOUT ROWID;
CREATE TABLE portion (fdc_id INTEGER, seq INTEGER, amount REAL, description TEXT NOT NULL, gram_weight REAL,
    data_points INTEGER, text TEXT, is_quantity_not_specified INTEGER NOT NULL,
    PRIMARY KEY (fdc_id, seq)) WITHOUT ROWID;
CREATE TABLE ingredient_name (name_id INTEGER PRIMARY KEY, description TEXT);
CREATE TABLE ingredient (fdc_id INTEGER, seq INTEGER, ingredient_code INTEGER, name_id INTEGER, grams REAL,
    retention_code INTEGER, moisture_change REAL, PRIMARY KEY (fdc_id, seq)) WITHOUT ROWID;
CREATE TABLE successor (fdc_id INTEGER PRIMARY KEY, successor_id INTEGER NOT NULL);
CREATE TABLE nutrient (position INTEGER PRIMARY KEY, nutrient TEXT NOT NULL, unit TEXT NOT NULL,
    fdc_nutrient_id INTEGER NOT NULL);
CREATE TABLE value_origin (symbol TEXT PRIMARY KEY, release TEXT NOT NULL, other_nutrient_id INTEGER,
    source_code INTEGER, derivation_code TEXT) WITHOUT ROWID;
CREATE TABLE provenance (fdc_id INTEGER PRIMARY KEY, origins TEXT NOT NULL, data_points TEXT NOT NULL,
    standard_errors TEXT NOT NULL);
CREATE VIRTUAL TABLE name_index USING fts5(name, content='',
    tokenize="porter unicode61 remove_diacritics 2");
CREATE VIEW foods AS SELECT fdc_id, food_code, ndb_number, description, data_type, category, release,
    number AS category_number, basis FROM food JOIN release USING (release_id) LEFT JOIN category USING (category_id);
CREATE VIEW portions AS SELECT fdc_id, seq, amount, description, gram_weight, data_points,
    coalesce(text, iif(amount IS NULL, description, printf('%g %s', amount, description))) AS text,
    is_quantity_not_specified FROM portion;
CREATE VIEW ingredients AS SELECT fdc_id, seq, ingredient_code, description, grams, retention_code, moisture_change
    FROM ingredient JOIN ingredient_name USING (name_id);
"""
_LAST = """
CREATE INDEX food_by_code ON food (food_code) WHERE food_code IS NOT NULL;
CREATE INDEX food_by_ndb_number ON food (ndb_number) WHERE ndb_number IS NOT NULL;
INSERT INTO name_index (name_index) VALUES ('optimize');
"""


def write_database(tables: FoodTables, path: Path) -> None:
    """Write `tables` to `path`, the same bytes for the same tables.

    Parameters
    ----------
    tables : FoodTables
    path : pathlib.Path
        Replaced if it exists, as a whole: whoever reads the old file goes on reading it.

    Raises
    ------
    FoodDataError
        If a value's unit cannot be converted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(_without_library_version(database_bytes(tables)))
    fresh.replace(path)


def database_bytes(tables: FoodTables) -> bytes:
    """Return the database of `tables` as bytes, as it would stand in a file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        _fill(connection, tables)
        connection.execute("COMMIT")
        connection.executescript(_LAST)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("VACUUM")
        return connection.serialize()
    except sqlite3.IntegrityError as error:
        raise FoodDataError(f"food data with contradicting keys ({error}).") from None
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, tables: FoodTables) -> None:
    releases = tables.releases.reset_index(drop=True)
    release_ids = {name: number for number, name in enumerate(releases["release"], start=1)}
    releases.insert(0, "release_id", [release_ids[name] for name in releases["release"]])
    _insert(connection, "release", releases)
    files = tables.files.drop_duplicates()
    files = files.assign(release_id=files["release"].map(release_ids))
    _insert(connection, "release_file", files[["release_id", "file", "bytes", "sha256"]])
    _fill_foods(connection, tables.foods.sort_values("fdc_id"), release_ids)
    _insert(connection, "alias", tables.aliases.sort_values(["fdc_id", "seq"]))
    _fill_portions(connection, tables.portions.sort_values(["fdc_id", "seq"]))
    _fill_ingredients(connection, tables.ingredients.sort_values(["fdc_id", "seq"]))
    _insert(connection, "successor", tables.successors.sort_values("fdc_id"))
    _fill_name_index(connection, tables)
    _fill_values(connection, tables)


def _fill_foods(connection: sqlite3.Connection, foods: pd.DataFrame, release_ids: dict[str, int]) -> None:
    keys = ["category_number", "category"]
    categories = foods[keys].drop_duplicates().dropna(subset=["category"]).sort_values(keys, ignore_index=True)
    categories.insert(0, "category_id", np.arange(1, len(categories) + 1))
    _insert(connection, "category", categories)
    foods = foods.merge(categories, on=keys, how="left", validate="many_to_one")
    foods["category_id"] = foods["category_id"].astype("Int64")
    foods["release_id"] = foods["release"].map(release_ids)
    columns = ["fdc_id", "food_code", "ndb_number", "description", "category_id", "release_id", "basis"]
    _insert(connection, "food", foods[columns])


def _fill_portions(connection: sqlite3.Connection, portions: pd.DataFrame) -> None:
    """Store portions, and their original text where amount and words do not make it up."""
    composed = [
        portion_text(amount, words) for amount, words in zip(portions["amount"], portions["description"], strict=True)
    ]
    portions = portions.assign(text=portions["text"].where(portions["text"] != composed))
    _insert(connection, "portion", portions)


def _fill_ingredients(connection: sqlite3.Connection, ingredients: pd.DataFrame) -> None:
    names = ingredients[["description"]].drop_duplicates().sort_values("description", ignore_index=True)
    names.insert(0, "name_id", np.arange(1, len(names) + 1))
    _insert(connection, "ingredient_name", names)
    ids = ingredients[["description"]].merge(names, on="description", how="left", validate="many_to_one")["name_id"]
    position = list(ingredients.columns).index("description")
    named = ingredients.drop(columns="description")
    named.insert(position, "name_id", ids.to_numpy())
    _insert(connection, "ingredient", named)


def _fill_name_index(connection: sqlite3.Connection, tables: FoodTables) -> None:
    own = tables.foods[["fdc_id", "description"]].set_axis(["fdc_id", "name"], axis=1).assign(seq=0)
    others = tables.aliases.rename(columns={"alias": "name"})
    names = pd.concat([own, others[["fdc_id", "name", "seq"]]], ignore_index=True)
    names["row"] = names["fdc_id"] * NAMES_PER_FOOD + names["seq"]
    names = names.sort_values("row")
    rows = zip(names["row"].to_list(), names["name"].to_list(), strict=True)
    connection.executemany("INSERT INTO name_index (rowid, name) VALUES (?, ?)", rows)


def _fill_values(connection: sqlite3.Connection, tables: FoodTables) -> None:
    nutrients = load_nutrients()
    _insert(
        connection,
        "nutrient",
        pd.DataFrame(
            {
                "position": np.arange(len(nutrients)),
                "nutrient": nutrients.index,
                "unit": nutrients["unit"].to_numpy(),
                "fdc_nutrient_id": nutrients["fdc_nutrient_id"].to_numpy(),
            }
        ),
    )
    columns = ", ".join(f'"{nutrient}" REAL' for nutrient in nutrients.index)
    connection.execute(f"CREATE TABLE composition (fdc_id INTEGER PRIMARY KEY, {columns})")
    values = choose_values(tables.values)
    amounts = values.set_index(["fdc_id", "position"])["amount"].unstack()  # noqa: PD010 -- one value per cell
    foods = np.sort(tables.foods["fdc_id"])
    _insert(connection, "composition", amounts.reindex(index=foods, columns=range(len(nutrients))).reset_index())
    own_id = values["position"].map(dict(enumerate(nutrients["fdc_nutrient_id"])))
    values["other_nutrient_id"] = values["fdc_nutrient_id"].where(values["fdc_nutrient_id"] != own_id).astype("Int64")
    origins = value_origins(values)
    _insert(connection, "value_origin", origins.sort_values("symbol"))
    values = values.merge(origins, on=list(ORIGIN), how="left", validate="many_to_one")
    _insert(connection, "provenance", pack_provenance(_of_foods_with_more(values, tables.foods), len(nutrients)))


def _of_foods_with_more(values: pd.DataFrame, foods: pd.DataFrame) -> pd.DataFrame:
    """Return the values of the foods of which more is known than the release they come from."""
    details = ["other_nutrient_id", "source_code", "derivation_code", "standard_error", "data_points"]
    release = values["fdc_id"].map(foods.set_index("fdc_id")["release"])
    more = values[details].notna().any(axis=1) | (values["release"] != release)
    return values[values["fdc_id"].isin(values.loc[more, "fdc_id"])]


def _insert(connection: sqlite3.Connection, table: str, frame: pd.DataFrame) -> None:
    marks = ", ".join("?" * frame.shape[1])
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", _rows(frame))


def _rows(frame: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    """Return rows of plain Python values, None where unknown."""
    columns = []
    for name in frame.columns:
        values = frame[name].astype("object")
        columns.append(values.where(frame[name].notna(), None).to_list())
    return zip(*columns, strict=True)


def _without_library_version(content: bytes) -> bytes:
    """Return a database without the number of the SQLite that wrote it.

    The header tells which library wrote last (bytes 96 to 99), for information only; see
    https://www.sqlite.org/fileformat2.html, section 1.3. Everything else depends on the content.
    """
    return content[:96] + bytes(4) + content[100:]
