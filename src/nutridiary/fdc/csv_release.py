"""Reads a FoodData Central release in its official CSV layout: Foundation Foods or SR Legacy."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.files import MAX_TABLE_BYTES, ReleaseFiles, numbers, whole_numbers
from nutridiary.fdc.known_releases import release_row
from nutridiary.fdc.portion_words import known_weights, portion_text
from nutridiary.fdc.tables import FoodTables, shaped
from nutridiary.fdc.values import nutrient_ids

DATA_TYPES = ("foundation_food", "sr_legacy_food")
UNDETERMINED_UNIT = "undetermined"
# SR Legacy was published once and for all in April 2018; its foods carry the date FDC took them over.
SR_LEGACY_VERSION = "2018-04"
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?!\d)")
# Values a rebuilt table took from elsewhere than its own release; see docs/data.md.
_OTHER_ORIGINS = {"sr28_unchanged": "SR28 2015-09", "computed": "computed by difference"}


def read_csv_release(path: Path, *, max_bytes: int = MAX_TABLE_BYTES) -> FoodTables:
    """Read a folder or zip of official CSV tables.

    Parameters
    ----------
    path : pathlib.Path
        As downloaded from https://fdc.nal.usda.gov/download-datasets, unpacked or not.
    max_bytes : int
        Most that one table may take once unpacked. [bytes]

    Returns
    -------
    FoodTables
        The current foods (those ``foundation_food.csv`` or ``sr_legacy_food.csv`` lists) with all
        their values and portions.

    Raises
    ------
    FoodDataError
        If a table or column is missing, keys do not fit together or a file is damaged.
    """
    files = ReleaseFiles(path, max_bytes)
    data_type = _data_type(files)
    foods = _foods(files, data_type)
    release = release_row(data_type, _version(path, data_type, foods))
    name = str(release["release"])
    nutrient_values, note = _values(files, foods, name)
    portions = _portions(files, foods)
    releases = pd.DataFrame([{**release, "foods": len(foods), "note": note}])
    foods["release"] = name
    read = pd.DataFrame(files.read, columns=["file", "bytes", "sha256"]).assign(release=name)
    return FoodTables(
        releases=shaped("releases", releases),
        files=shaped("files", read),
        foods=shaped("foods", foods),
        aliases=shaped("aliases"),
        values=shaped("values", nutrient_values),
        portions=shaped("portions", portions),
        ingredients=shaped("ingredients"),
    )


def _data_type(files: ReleaseFiles) -> str:
    found = [data_type for data_type in DATA_TYPES if files.has(data_type)]
    if len(found) != 1:
        what = listing(f"{name}.csv" for name in found) or "neither"
        raise FoodDataError(
            f"{files.path}: found {what}, expected exactly one of {listing(f'{name}.csv' for name in DATA_TYPES)}. "
            "Give the release of one data type, unpacked or as the zip."
        )
    return found[0]


def _version(path: Path, data_type: str, foods: pd.DataFrame) -> str:
    if data_type == "sr_legacy_food":
        return SR_LEGACY_VERSION
    stated = _DATE.findall(path.name) or _DATE.findall(path.resolve().parent.name)
    return str(stated[-1] if stated else foods["publication_date"].max())


def _foods(files: ReleaseFiles, data_type: str) -> pd.DataFrame:
    columns = ["fdc_id", "data_type", "description", "food_category_id", "publication_date"]
    every = files.table("food", columns)
    every["fdc_id"] = whole_numbers(every, "fdc_id", "food.csv")
    _check_count(files, "food", every)
    current = files.table(data_type, ["fdc_id", "NDB_number"])
    current["fdc_id"] = whole_numbers(current, "fdc_id", f"{data_type}.csv")
    current["ndb_number"] = numbers(current, "NDB_number", f"{data_type}.csv", whole=True)
    _check_unique(every, ["fdc_id"], files, "food.csv")
    _check_unique(current, ["fdc_id"], files, f"{data_type}.csv")
    _check_count(files, data_type, current)
    foods = current.merge(every, on="fdc_id", how="left", validate="one_to_one")
    wrong = foods[(foods["data_type"] != data_type) | foods["description"].isna()]
    if len(wrong):
        raise FoodDataError(
            f"{files.path}: {len(wrong)} foods of {data_type}.csv are not foods of that type in food.csv: "
            f"{listing(wrong['fdc_id'], 5)}. The files do not belong together."
        )
    foods["category"] = foods["food_category_id"].map(files.lookup("food_category", "id", "description"))
    foods["description"] = foods["description"].str.split().str.join(" ")
    return foods.sort_values("fdc_id", ignore_index=True)


def _values(files: ReleaseFiles, foods: pd.DataFrame, release: str) -> tuple[pd.DataFrame, str]:
    """Return the nutrient values of `foods`, and what should be known about the table."""
    columns = ["fdc_id", "nutrient_id", "amount"]
    optional = ("data_points", "standard_error", "source_code", "derivation_code", "derivation_id", "origin")
    values = files.table("food_nutrient", columns, optional)
    note = _count_note(files, "food_nutrient", values)
    fdc_ids = whole_numbers(values, "fdc_id", "food_nutrient.csv")
    values = values[fdc_ids.isin(foods["fdc_id"])].assign(fdc_id=fdc_ids)
    values["fdc_nutrient_id"] = whole_numbers(values, "nutrient_id", "food_nutrient.csv")
    for column in ("amount", "data_points", "standard_error", "source_code"):
        if column in values.columns:
            whole = column in ("data_points", "source_code")
            values[column] = numbers(values, column, "food_nutrient.csv", whole=whole)
    values["unit"] = values["nutrient_id"].map(files.lookup("nutrient", "id", "unit_name"))
    # An official nutrient.csv may lack ids of food_nutrient.csv; it matters only for those that are used.
    unknown = set(values[values["unit"].isna()]["fdc_nutrient_id"]) & set(nutrient_ids()["fdc_nutrient_id"])
    if unknown:
        raise FoodDataError(
            f"{files.path}: nutrient.csv lacks the ids {listing(sorted(unknown), 5)}; no unit is known."
        )
    values = values[values["unit"].notna()]
    _check_unique(values, ["fdc_id", "fdc_nutrient_id"], files, "food_nutrient.csv")
    if "derivation_id" in values.columns and "derivation_code" not in values.columns:
        values = values.join(_derivations(), on="derivation_id")
    values["release"] = release
    if "origin" in values.columns:
        values["release"] = values["origin"].map(_OTHER_ORIGINS).fillna(release)
        counts = values.loc[values["release"] != release, "release"].value_counts()
        note = "; ".join([*filter(None, [note]), *(f"{count:,} values from: {name}" for name, count in counts.items())])
    return values[values["amount"].notna()], note


def _derivations() -> pd.DataFrame:
    """Return the derivation and source code of each derivation id; not every release carries the table."""
    derivations = pd.read_csv(
        data_file("fdc", "derivations.csv"), dtype={"derivation_id": "str"}, keep_default_na=False
    ).set_index("derivation_id")
    return derivations[["derivation_code", "source_code"]]


def _portions(files: ReleaseFiles, foods: pd.DataFrame) -> pd.DataFrame:
    where = "food_portion.csv"
    columns = ["id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier"]
    portions = files.table("food_portion", [*columns, "gram_weight"], ("data_points",))
    _check_count(files, "food_portion", portions)
    portions["fdc_id"] = whole_numbers(portions, "fdc_id", where)
    portions = portions[portions["fdc_id"].isin(foods["fdc_id"])].copy()
    for column in ("id", "seq_num", "amount", "gram_weight", "data_points"):
        whole = column not in ("amount", "gram_weight")
        known = column in portions.columns
        portions[column] = numbers(portions, column, where, whole=whole) if known else float("nan")
    unit = portions["measure_unit_id"].map(files.lookup("measure_unit", "id", "name"))
    if unit.isna().any():
        unknown = portions[unit.isna()]["measure_unit_id"].unique()
        raise FoodDataError(f"{files.path}: measure_unit.csv lacks the ids {listing(unknown, 5)} of {where}.")
    words = pd.DataFrame(
        {
            "unit": unit.where(unit != UNDETERMINED_UNIT),
            "of": portions["portion_description"],
            "as": portions["modifier"],
        }
    )
    portions["description"] = [
        ", ".join(" ".join(str(word).split()) for word in row if pd.notna(word))
        for row in words.itertuples(index=False, name=None)
    ]
    portions["amount"] = known_weights(portions["amount"])
    portions["gram_weight"] = known_weights(portions["gram_weight"])
    portions["text"] = [
        portion_text(amount, words) for amount, words in zip(portions["amount"], portions["description"], strict=True)
    ]
    portions["is_quantity_not_specified"] = False
    return _numbered(portions)


def _numbered(portions: pd.DataFrame) -> pd.DataFrame:
    """Return portions with a `seq` unique within the food: the release's own, else a count from 1."""
    portions = portions.sort_values(["fdc_id", "seq_num", "id"], ignore_index=True)
    keys = portions[["fdc_id", "seq_num"]]
    unclear = (keys.duplicated(keep=False) | keys["seq_num"].isna()).groupby(portions["fdc_id"]).transform("any")
    counted = portions.groupby("fdc_id").cumcount() + 1
    portions["seq"] = portions["seq_num"].where(~unclear, counted).astype("int64")
    return portions


def _stated_count(files: ReleaseFiles, table: str) -> int | None:
    """Return how many rows the release says a table has, where it says so."""
    name = "all_downloaded_table_record_counts"
    if not files.has(name):
        return None
    stated = files.table(name, ["Table", "Number of Records"])
    stated = stated[stated["Table"] == table]
    return int(whole_numbers(stated, "Number of Records", f"{name}.csv").iloc[0]) if len(stated) else None


def _check_count(files: ReleaseFiles, table: str, frame: pd.DataFrame) -> None:
    stated = _stated_count(files, table)
    if stated is not None and stated != len(frame):
        raise FoodDataError(
            f"{files.path}: {table}.csv has {len(frame):,} rows, the release states {stated:,}. "
            "The download is incomplete: get it again."
        )


def _count_note(files: ReleaseFiles, table: str, frame: pd.DataFrame) -> str:
    stated = _stated_count(files, table)
    if stated is None or stated == len(frame):
        return ""
    return f"{table} has {len(frame):,} of the {stated:,} values the release states"


def _check_unique(frame: pd.DataFrame, key: list[str], files: ReleaseFiles, name: str) -> None:
    repeated = frame[frame.duplicated(key)]
    if len(repeated):
        first = ", ".join(f"{column} {repeated.iloc[0][column]}" for column in key)
        raise FoodDataError(f"{files.path}: {name} has {len(repeated)} repeated rows, the first for {first}.")
