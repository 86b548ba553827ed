"""Reads the nutrient values of foods from the official CSV tables, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.cells import numbers, whole_numbers
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.values import nutrient_ids

LOWEST_ID = 1000
"""Ids of nutrients begin here; below are their numbers, which FNDDS writes in the place of ids."""
MAX_VALUES = 20_000_000
"""Most values of all foods but branded ones; Foundation, FNDDS and SR Legacy have 1.1 million."""
# Values a rebuilt table took from elsewhere than its own release; see docs/data.md.
_OTHER_ORIGINS = {"sr28_unchanged": "SR28 2015-09", "computed": "computed by difference"}
_WHERE = "food_nutrient.csv"
_DETAILS = ("data_points", "standard_error", "source_code", "derivation_code", "derivation_id", "origin")


@dataclass(frozen=True)
class ValueRows:
    """How many rows the table of values has, and how many of them are of foods that ``food.csv`` lacks."""

    rows: int
    of_no_food: int


def read_values(files: ReleaseFiles, foods: Mapping[int, str], every: np.ndarray) -> tuple[pd.DataFrame, ValueRows]:
    """Return the values of foods as `nutridiary.fdc.tables.FoodTables` has them, and what the table has in all.

    Parameters
    ----------
    files : ReleaseFiles
    foods : mapping of int to str
        The data type of each food whose values are wanted, by fdc_id.
    every : numpy.ndarray
        The sorted ids of all foods of the release, wanted or not.

    Returns
    -------
    tuple of pandas.DataFrame and ValueRows
        A column ``other_release`` names the release a value is from where it is not the food's own.
        No row where the table has no amount.

    Raises
    ------
    FoodDataError
        If a cell is no number, a nutrient id has no known unit, or a food has a nutrient twice.
    """
    values, rows = _rows_of(files, foods, every)
    for column in ("amount", "data_points", "standard_error", "source_code"):
        if column in values.columns:
            values[column] = numbers(values, column, _WHERE, whole=column in ("data_points", "source_code"))
    nutrients = _nutrients(files)
    values["fdc_nutrient_id"] = _ids(values, nutrients, foods, files)
    values["unit"] = values["fdc_nutrient_id"].map(nutrients.set_index("id")["unit_name"])
    # An official nutrient.csv may lack ids of food_nutrient.csv; it matters only for those that are used.
    unknown = set(values[values["unit"].isna()]["fdc_nutrient_id"]) & set(nutrient_ids()["fdc_nutrient_id"])
    if unknown:
        raise FoodDataError(
            f"{files.path}: nutrient.csv lacks the ids {listing(sorted(unknown), 5)}; no unit is known."
        )
    values = values[values["unit"].notna()]
    repeated = values[values.duplicated(["fdc_id", "fdc_nutrient_id"])]
    if len(repeated):
        first = repeated.iloc[0]
        raise FoodDataError(
            f"{files.path}: {_WHERE} has {len(repeated)} repeated rows, the first for fdc_id {first['fdc_id']}, "
            f"nutrient_id {first['nutrient_id']}."
        )
    if "derivation_id" in values.columns and "derivation_code" not in values.columns:
        values = values.join(_derivations(files, set(values["derivation_id"].dropna())), on="derivation_id")
    if "origin" in values.columns:
        # A value that is not known has no origin to be counted, but says that the table was rebuilt.
        values["other_release"] = values["origin"].map(_OTHER_ORIGINS)
        return values, rows
    return values[values["amount"].notna()], rows


def _rows_of(files: ReleaseFiles, foods: Mapping[int, str], every: np.ndarray) -> tuple[pd.DataFrame, ValueRows]:
    """Return the rows of the table about some foods, as text, and what the table has in all."""
    wanted = pd.Index(list(foods.keys()))
    kept, rows, found, of_no_food = [], 0, 0, 0
    columns = ["fdc_id", "nutrient_id", "amount"]
    for piece in files.stream("food_nutrient", columns, _DETAILS, dtypes={"fdc_id": "int64"}):
        rows += len(piece)
        ids = piece["fdc_id"].to_numpy()
        of_no_food += int((every[np.searchsorted(every, ids).clip(max=len(every) - 1)] != ids).sum())
        kept.append(piece[piece["fdc_id"].isin(wanted)])
        found += len(kept[-1])
        if found > MAX_VALUES:
            raise FoodDataError(f"{files.path}: {_WHERE} has more than {MAX_VALUES:,} values of {len(wanted):,} foods.")
    return pd.concat(kept), ValueRows(rows, of_no_food)


def _nutrients(files: ReleaseFiles) -> pd.DataFrame:
    """Return id, number and unit of each nutrient, as the release itself lists them."""
    nutrients = files.table("nutrient", ["id", "unit_name"], ("nutrient_nbr",))
    nutrients["id"] = whole_numbers(nutrients, "id", "nutrient.csv")
    repeated = nutrients[nutrients.duplicated("id")]
    if len(repeated):
        raise FoodDataError(f"{files.path}: nutrient.csv has the id {repeated.iloc[0]['id']} twice.")
    if "nutrient_nbr" in nutrients.columns:
        nutrients["nutrient_nbr"] = numbers(nutrients, "nutrient_nbr", "nutrient.csv")
    return nutrients


def _ids(
    values: pd.DataFrame, nutrients: pd.DataFrame, foods: Mapping[int, str], files: ReleaseFiles
) -> pd.Series[int]:
    """Return the nutrient id of each value; FNDDS writes the nutrient's number in its place."""
    stated = numbers(values, "nutrient_id", _WHERE)
    missing = stated.isna() | ((stated >= LOWEST_ID) & (stated % 1 != 0))
    if missing.any():
        whole_numbers(values[missing], "nutrient_id", _WHERE)
    is_number = stated < LOWEST_ID
    if not is_number.any():
        return stated.astype("int64")
    data_types = values["fdc_id"].map(foods)
    kinds = is_number.groupby(data_types).agg(["any", "all"])
    mixed = kinds[kinds["any"] != kinds["all"]].index
    if len(mixed):
        numbered = values[is_number & data_types.isin(mixed)].iloc[0]
        raise FoodDataError(
            f"{files.path}: {_WHERE} has nutrient ids and nutrient numbers mixed for {listing(mixed)}, "
            f"such as {numbered['nutrient_id']} of food {numbered['fdc_id']}. One of them was expected."
        )
    ids = _ids_of_numbers(nutrients, files)
    unknown = is_number & ~stated.isin(ids.index)
    if unknown.any():
        raise FoodDataError(
            f"{files.path}: {_WHERE} has the nutrient numbers {listing(sorted(set(stated[unknown])), 5)}, "
            "which nutrient.csv does not list."
        )
    return stated.where(~is_number, stated.map(ids)).astype("int64")


def _ids_of_numbers(nutrients: pd.DataFrame, files: ReleaseFiles) -> pd.Series:
    """Return the nutrient id of each number, as the release has it, in agreement with the ids that are used."""
    known = pd.read_csv(data_file("fdc", "nutrient_ids.csv")).set_index("fdc_nutrient_number")["fdc_nutrient_id"]
    if "nutrient_nbr" not in nutrients.columns:
        return known
    stated = nutrients.dropna(subset=["nutrient_nbr"]).set_index("nutrient_nbr")["id"]
    used = known[known.isin(nutrient_ids()["fdc_nutrient_id"])]
    both = stated[stated.index.isin(used.index)]
    other = both[both.to_numpy() != used.reindex(both.index).to_numpy()]
    if len(other) or stated.index.duplicated().any():
        first = (other if len(other) else stated[stated.index.duplicated()]).iloc[[0]]
        raise FoodDataError(
            f"{files.path}: nutrient.csv gives the number {first.index[0]:g} to id {first.iloc[0]}, known is "
            f"{known.get(first.index[0], 'one id a number')}. Values by number cannot be told apart."
        )
    return stated


def _derivations(files: ReleaseFiles, used: set[str]) -> pd.DataFrame:
    """Return the derivation and source code of each derivation id; not every release carries the tables."""
    derivations = pd.read_csv(
        data_file("fdc", "derivations.csv"), dtype={"derivation_id": "str"}, keep_default_na=False
    ).set_index("derivation_id")[["derivation_code", "source_code"]]
    tables = ("food_nutrient_derivation", "food_nutrient_source")
    if used <= set(derivations.index) or not all(map(files.has, tables)):
        return derivations
    stated = files.table(tables[0], ["id", "code", "source_id"])
    sources = files.lookup(tables[1], "id", "code")
    stated["source_code"] = pd.to_numeric(stated["source_id"].map(sources), errors="coerce")
    newer = stated.set_index("id").rename(columns={"code": "derivation_code"})[["derivation_code", "source_code"]]
    return pd.concat([derivations, newer[~newer.index.isin(derivations.index)]])
