"""Reads an official USDA release, whichever of the layouts it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.csv_release import read_csv_release
from nutridiary.fdc.fndds import is_fndds, read_fndds
from nutridiary.fdc.tables import FoodTables, join_tables


def read_release(path: Path) -> FoodTables:
    """Read one release: a folder of FNDDS workbooks, or a folder or zip of FDC CSV tables.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    FoodTables

    Raises
    ------
    FoodDataError
        If `path` does not exist or is not a release that is understood; the text says what was
        expected and what was found.
    """
    if not path.exists():
        raise FoodDataError(f"{path}: not found. Expected a folder or zip of a FoodData Central release.")
    return read_fndds(path) if is_fndds(path) else read_csv_release(path)


def read_releases(paths: Sequence[Path]) -> FoodTables:
    """Read several releases as one.

    Raises
    ------
    FoodDataError
        As `read_release`, or if two releases hold the same food.
    """
    tables = join_tables([read_release(path) for path in paths])
    repeated = tables.foods[tables.foods.duplicated("fdc_id")]
    if len(repeated):
        raise FoodDataError(
            f"{listing(paths)}: {len(repeated)} foods stand in two of these, first {repeated.iloc[0]['fdc_id']}. "
            "Give each release once."
        )
    return tables
