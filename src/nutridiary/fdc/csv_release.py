"""Reads FoodData Central in its official CSV layout: one data type, or the collection of all of them.

The large tables are read piece by piece and only the rows of the foods asked for are kept, so that
the collection with its two million branded foods takes no more memory than the others.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.cells import numbers, whole_numbers
from nutridiary.fdc.combining import GENERIC_TYPES
from nutridiary.fdc.csv_values import ValueRows, read_values
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.known_releases import last_date, release_row, release_version
from nutridiary.fdc.portions import measured_portions, numbered_portions
from nutridiary.fdc.survey import survey_portions
from nutridiary.fdc.survey_csv import read_aliases, read_ingredients, read_survey_foods
from nutridiary.fdc.tables import FoodTables, join_tables, one_release

SURVEY, BRANDED = "survey_fndds_food", "branded_food"
_COUNTS = "all_downloaded_table_record_counts"
_PORTION_COLUMNS = ["id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier"]


def csv_data_types(files: ReleaseFiles) -> list[str]:
    """Return the data types whose foods the CSV tables list, branded foods last."""
    return [data_type for data_type in (*GENERIC_TYPES, BRANDED) if files.has(data_type)]


def read_csv_release(path: Path) -> FoodTables:
    """Read a folder or zip of official CSV tables.

    Parameters
    ----------
    path : pathlib.Path
        As downloaded from https://fdc.nal.usda.gov/download-datasets, unpacked or not.

    Returns
    -------
    FoodTables
        The current foods (those that ``foundation_food.csv``, ``sr_legacy_food.csv`` or
        ``survey_fndds_food.csv`` lists) with all their values and portions. Branded foods are left aside.

    Raises
    ------
    FoodDataError
        If a table or column is missing, keys do not fit together or a file is damaged.
    """
    files = ReleaseFiles(path)
    found = csv_data_types(files)
    data_types = [data_type for data_type in found if data_type != BRANDED]
    if not data_types:
        raise FoodDataError(_no_release(files, found))
    counts = _stated_counts(files)
    foods, every = _foods(files, data_types, counts, complete=found)
    of_type = dict(zip(foods["fdc_id"], foods["data_type"], strict=True))
    values, value_rows = read_values(files, of_type, every)
    portions = _portions(files, foods, counts, complete=found)
    aliases = read_aliases(files, foods[foods["data_type"] == SURVEY])
    ingredients = read_ingredients(files, foods[foods["data_type"] == SURVEY])
    parts = []
    for data_type in data_types:
        own = foods[foods["data_type"] == data_type]
        published = own["publication_date"].dropna()
        version = release_version(data_type, path, published, _period(own))
        release = release_row(data_type, version, last_date(published))
        values_of_type, origins = _with_release(values[values["fdc_id"].isin(own["fdc_id"])], str(release["release"]))
        note = "; ".join(filter(None, [*_count_notes(counts, value_rows), *origins]))
        rows = {
            name: frame[frame["fdc_id"].isin(own["fdc_id"])]
            for name, frame in (("portions", portions), ("aliases", aliases), ("ingredients", ingredients))
        }
        parts.append(one_release(release, own, _files_read(files, data_type), note=note, values=values_of_type, **rows))
    return join_tables(parts)


def _no_release(files: ReleaseFiles, found: list[str]) -> str:
    if found == [BRANDED]:
        return (
            f"{files.path}: holds branded foods only, which go into a database of their own. "
            "Ask for it with: nutridiary fdc update --branded"
        )
    expected = listing(f"{name}.csv" for name in GENERIC_TYPES)
    return (
        f"{files.path}: found none of {expected}. Expected a release of FoodData Central, unpacked or as the zip, "
        "from https://fdc.nal.usda.gov/download-datasets"
    )


def _foods(
    files: ReleaseFiles, data_types: list[str], counts: dict[str, int], *, complete: list[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the foods that the tables of the data types list, as ``food.csv`` tells of them, and all ids it has."""
    listed = pd.concat([_listed(files, data_type, counts) for data_type in data_types], ignore_index=True)
    repeated = listed[listed.duplicated("fdc_id")]
    if len(repeated):
        raise FoodDataError(f"{files.path}: fdc_id {repeated.iloc[0]['fdc_id']} is listed under two data types.")
    described, every = _described(files, listed, counts, complete=complete)
    foods = listed.merge(described, on="fdc_id", how="left", validate="one_to_one", suffixes=("", "_stated"))
    wrong = foods[(foods["data_type_stated"] != foods["data_type"]) | foods["description"].isna()]
    if len(wrong):
        first = wrong.iloc[0]["data_type"]
        of_first = wrong[wrong["data_type"] == first]["fdc_id"]
        raise FoodDataError(
            f"{files.path}: {len(of_first)} foods of {first}.csv are not foods of that type in food.csv: "
            f"{listing(of_first, 5)}. The files do not belong together."
        )
    of_survey = foods["data_type"] == SURVEY
    # Names of FNDDS stay as they are written, as in its workbooks.
    foods["description"] = foods["description"].where(of_survey, foods["description"].str.split().str.join(" "))
    if not of_survey.all():
        categories = foods["food_category_id"].map(files.lookup("food_category", "id", "description"))
        foods["category"] = foods["category"].where(of_survey, categories)
    return foods.sort_values("fdc_id", ignore_index=True), every


def _listed(files: ReleaseFiles, data_type: str, counts: dict[str, int]) -> pd.DataFrame:
    where = f"{data_type}.csv"
    if data_type == SURVEY:
        foods = read_survey_foods(files)
    else:
        foods = files.table(data_type, ["fdc_id", "NDB_number"])
        foods["fdc_id"] = whole_numbers(foods, "fdc_id", where)
        foods["ndb_number"] = numbers(foods, "NDB_number", where, whole=True)
        foods = foods[["fdc_id", "ndb_number"]].assign(category=None)
    _check_unique(foods, ["fdc_id"], files, where)
    _check_count(files, counts, data_type, len(foods))
    return foods.assign(data_type=data_type, category=foods["category"].astype("str"))


def _described(
    files: ReleaseFiles, listed: pd.DataFrame, counts: dict[str, int], *, complete: list[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the rows of ``food.csv`` about the foods of `listed`, and the sorted ids of all its foods."""
    columns = ["fdc_id", "data_type", "description", "food_category_id", "publication_date"]
    kept, ids, rows = [], [], 0
    for piece in files.stream("food", columns, dtypes={"fdc_id": "int64"}):
        rows += len(piece)
        ids.append(piece["fdc_id"].to_numpy())
        kept.append(piece[piece["fdc_id"].isin(listed["fdc_id"])])
    _check_count(files, counts, "food", rows, exact=len(complete) == 1)
    described = pd.concat(kept, ignore_index=True)
    _check_unique(described, ["fdc_id"], files, "food.csv")
    return described, np.sort(np.concatenate(ids))


def _portions(files: ReleaseFiles, foods: pd.DataFrame, counts: dict[str, int], *, complete: list[str]) -> pd.DataFrame:
    where = "food_portion.csv"
    kept, rows = [], 0
    columns = [*_PORTION_COLUMNS, "gram_weight"]
    for piece in files.stream("food_portion", columns, ("data_points",), dtypes={"fdc_id": "int64"}):
        rows += len(piece)
        kept.append(piece[piece["fdc_id"].isin(foods["fdc_id"])])
    _check_count(files, counts, "food_portion", rows, exact=len(complete) == 1)
    portions = pd.concat(kept)
    for column in ("id", "seq_num", "amount", "gram_weight", "data_points"):
        whole = column not in ("amount", "gram_weight")
        known = column in portions.columns
        portions[column] = numbers(portions, column, where, whole=whole) if known else float("nan")
    of_survey = portions["fdc_id"].isin(foods.loc[foods["data_type"] == SURVEY, "fdc_id"])
    units = files.lookup("measure_unit", "id", "name")
    portions["unit"] = portions["measure_unit_id"].map(units)
    unknown = portions.loc[~of_survey & portions["unit"].isna(), "measure_unit_id"].unique()
    if len(unknown):
        raise FoodDataError(f"{files.path}: measure_unit.csv lacks the ids {listing(unknown, 5)} of {where}.")
    measured = measured_portions(numbered_portions(portions[~of_survey]))
    told = _told(numbered_portions(portions[of_survey]), files)
    return pd.concat([part for part in (measured, told) if len(part)] or [measured], ignore_index=True)


def _told(portions: pd.DataFrame, files: ReleaseFiles) -> pd.DataFrame:
    """Return the portions of FNDDS: words that hold the amount; `modifier` is a number of FNDDS' own."""
    silent = portions["portion_description"].isna()
    if silent.any():
        first = portions[silent].iloc[0]
        raise FoodDataError(f"{files.path}: food_portion.csv has a portion of food {first['fdc_id']} without words.")
    return survey_portions(portions.assign(text=portions["portion_description"]))


def _period(foods: pd.DataFrame) -> list[str]:
    """Return the days on which the survey of some foods began and ended."""
    columns = [column for column in ("start_date", "end_date") if column in foods.columns]
    return [str(day) for column in columns for day in foods[column].dropna().unique()]


def _with_release(values: pd.DataFrame, release: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the values with the release each is from, and a word on those that are from another."""
    if "other_release" not in values.columns:
        return values.assign(release=release), []
    values = values.assign(release=values["other_release"].fillna(release))
    counts = values["other_release"].value_counts()
    values = values[values["amount"].notna()]
    return values, [f"{count:,} values from: {name}" for name, count in counts.items()]


def _files_read(files: ReleaseFiles, data_type: str) -> list[tuple[str, int, str]]:
    """Return the files of one data type in a lasting order, whichever was read first."""
    tables = ["food", _COUNTS, data_type, "food_category", "wweia_food_category", "food_nutrient"]
    tables += ["nutrient", "food_nutrient_derivation", "food_nutrient_source", "food_portion", "measure_unit"]
    if data_type == SURVEY:
        tables += ["food_attribute", "food_attribute_type", "input_food"]
    place = {name: number for number, name in enumerate(tables)}
    of_type = {(name, size, sha) for name, size, sha in files.read if name.split(".csv")[0] in place}
    return sorted(of_type, key=lambda read: place[read[0].split(".csv")[0]])


def _stated_counts(files: ReleaseFiles) -> dict[str, int]:
    """Return how many rows the release says its tables have, where it says so."""
    if not files.has(_COUNTS):
        return {}
    stated = files.table(_COUNTS, ["Table", "Number of Records"])
    counts = whole_numbers(stated, "Number of Records", f"{_COUNTS}.csv")
    return {str(table): int(count) for table, count in zip(stated["Table"], counts, strict=True)}


def _check_count(files: ReleaseFiles, counts: dict[str, int], table: str, rows: int, *, exact: bool = True) -> None:
    """Refuse a table with other rows than stated; the collection's counts are older than some of its tables."""
    stated = counts.get(table, rows)
    if rows < stated or (exact and rows != stated):
        raise FoodDataError(
            f"{files.path}: {table}.csv has {rows:,} rows, the release states {stated:,}. "
            "The download is incomplete: get it again."
        )


def _count_notes(counts: dict[str, int], values: ValueRows) -> list[str]:
    """Return what should be known about the table of values."""
    stated = counts.get("food_nutrient", values.rows)
    notes = (
        []
        if stated == values.rows
        else [f"food_nutrient has {values.rows:,} of the {stated:,} values the release states"]
    )
    if values.of_no_food:
        notes.append(f"{values.of_no_food:,} values of food_nutrient are of foods that food.csv lacks, and left aside")
    return notes


def _check_unique(frame: pd.DataFrame, key: list[str], files: ReleaseFiles, name: str) -> None:
    repeated = frame[frame.duplicated(key)]
    if len(repeated):
        first = ", ".join(f"{column} {repeated.iloc[0][column]}" for column in key)
        raise FoodDataError(f"{files.path}: {name} has {len(repeated)} repeated rows, the first for {first}.")
