"""Reads an official USDA release, whichever of the layouts it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.combining import GENERIC_TYPES
from nutridiary.fdc.csv_release import csv_data_types, read_csv_release
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.fndds import is_fndds, read_fndds
from nutridiary.fdc.json_release import json_data_types, read_json_release
from nutridiary.fdc.tables import FoodTables, join_tables

_TABLES = (*GENERIC_TYPES, "branded_food")
MOST_FOLDERS = 10_000
"""Most folders that are looked through for releases."""


def find_releases(path: Path) -> list[Path]:
    """Return the releases at `path`: itself, or all those in the folder, at any depth.

    Parameters
    ----------
    path : pathlib.Path
        A zip or JSON file, a folder of CSV tables or FNDDS workbooks, or a folder that holds such.

    Raises
    ------
    FoodDataError
        If there is no such file or folder, or it holds no release.
    """
    try:
        found = [path] if path.is_file() else _releases_below(path)
    except OSError as error:
        raise FoodDataError(f"{error.filename or path}: cannot be read ({error.strerror or error}).") from None
    if not found:
        raise FoodDataError(
            f"{path}: no release there. Expected FoodData_Central_....zip as downloaded, such a zip unpacked, "
            "or a folder with the four FNDDS 'At A Glance' workbooks."
        )
    return sorted(found)


def _releases_below(path: Path) -> list[Path]:
    if not path.exists():
        raise FoodDataError(f"{path}: not found. Expected a folder or zip of a FoodData Central release.")
    found: list[Path] = []
    waiting, seen = [path], 0
    while waiting:
        folder = waiting.pop(0)
        seen += 1
        if seen > MOST_FOLDERS:
            raise FoodDataError(f"{path}: more than {MOST_FOLDERS:,} folders. Give the one with the releases.")
        if is_fndds(folder) or any((folder / f"{name}.csv").is_file() for name in _TABLES):
            found.append(folder)
            continue
        inside = sorted(folder.iterdir())
        named = [file for file in inside if file.suffix.lower() in (".zip", ".json") and file.is_file()]
        found += [file for file in named if file.name.startswith("FoodData_Central_")]
        waiting += [each for each in inside if each.is_dir() and not each.is_symlink()]
    return found


def release_data_types(path: Path) -> list[str]:
    """Return the data types a release holds, such as ``foundation_food``, without reading it.

    Raises
    ------
    FoodDataError
        If it is no release, or a file is damaged.
    """
    if is_fndds(path):
        return ["survey_fndds_food"]
    files = ReleaseFiles(path)
    return csv_data_types(files) or json_data_types(files)


def read_release(path: Path) -> FoodTables:
    """Read one release: FNDDS workbooks, or CSV or JSON files of FoodData Central.

    Parameters
    ----------
    path : pathlib.Path
        A folder, or a zip as it was downloaded.

    Returns
    -------
    FoodTables
        All foods but branded ones.

    Raises
    ------
    FoodDataError
        If `path` does not exist or is not a release that is understood; the text says what was
        expected and what was found.
    """
    if not path.exists():
        raise FoodDataError(f"{path}: not found. Expected a folder or zip of a FoodData Central release.")
    if is_fndds(path):
        return read_fndds(path)
    files = ReleaseFiles(path)
    if not csv_data_types(files) and json_data_types(files):
        return read_json_release(path)
    return read_csv_release(path)


def read_releases(paths: Sequence[Path]) -> FoodTables:
    """Read several releases as one, the same in whichever order they are given.

    Raises
    ------
    FoodDataError
        As `read_release`, or if two releases hold the same food.
    """
    parts = [read_release(path) for path in paths]
    parts.sort(key=lambda part: min(GENERIC_TYPES.index(data_type) for data_type in part.releases["data_type"]))
    tables = join_tables(parts)
    repeated = tables.foods[tables.foods.duplicated("fdc_id")]
    if len(repeated):
        raise FoodDataError(
            f"{listing(paths)}: {len(repeated)} foods stand in two of these, first {repeated.iloc[0]['fdc_id']}. "
            "Give each release once."
        )
    return tables
