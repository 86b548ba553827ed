"""Small releases to update from and to, so that an update takes moments: made-up foods in the official layouts."""

from __future__ import annotations

import copy
import datetime as dt
import random
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from made_up_releases import foundation_tables, sr_legacy_tables, write_all, write_csv_tables
from nutridiary.fdc.database import write_database
from nutridiary.fdc.installed import FOODS, INDEX
from nutridiary.fdc.releases import read_releases
from nutridiary.matching.ranking import build_release_index
from nutridiary.releases.build import generic_rows
from nutridiary.releases.folder import building_folder, put_in_place, write_in_use
from nutridiary.releases.manifest import identity, make_manifest

BASE = "2025-04-24"
NEXT = "2026-04-30"
KALE = 8001
TODAY = dt.date(2026, 5, 1)


def user_with_base(folder: Path) -> Path:
    """Return the data folder of a user who has a small release in use; copy it for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUTRIDIARY_DATA", str(folder / "data"))
        install_base(folder / "made up")
    return folder / "data"


def install_base(folder: Path) -> str:
    """Install made-up foods of every generic type as the release in use; return its name."""
    write_all(folder)
    tables = read_releases([folder / "fndds", folder / "foundation_2025-04-24", folder / "sr_legacy"])
    with building_folder() as building:
        write_database(tables, building / FOODS)
        build_release_index(building / FOODS, building / INDEX)
        rows = [{**row, "origin": "made up", "carried_over_from": None} for row in generic_rows(building / FOODS)]
        of = identity({row["data_type"]: row["origin"] for row in rows})
        manifest = make_manifest(building, rows, [], carried_files=[], of=of, today=TODAY)
        name = put_in_place(building, manifest).name
    write_in_use(name)
    return name


def foundation_zip(
    folder: Path, date: str = NEXT, *, potassium: str = "999.5", foods: int = 2, padding: int = 0
) -> Path:
    """Write a Foundation release as the official zip; its kale has this much potassium.

    With `padding` it has a file beside the tables, of so many bytes that cannot be made smaller.
    """
    tables = copy.deepcopy(foundation_tables())
    tables["food_nutrient"][1][3] = potassium
    for number in range(foods - 2):
        fdc_id = 8100 + number
        tables["food"].append([fdc_id, "foundation_food", f"Leaf {number}, made up", "11", date])
        tables["foundation_food"].append([fdc_id, "", ""])
        tables["food_nutrient"].append([100 + number, fdc_id, 1092, "5", "", 1, ""])
    path = _zipped(tables, folder / _named("foundation_food", date))
    if padding:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(zipfile.ZipInfo("field_descriptions.pdf"), random.Random(3).randbytes(padding))
    return path


def sr_legacy_zip(folder: Path, date: str = "2018-04") -> Path:
    """Write an SR Legacy release as the official zip."""
    return _zipped(sr_legacy_tables(), folder / _named("sr_legacy_food", date))


def _zipped(tables: dict[str, list[list[object]]], path: Path) -> Path:
    """Pack tables as the official zips are: files one folder deep. The same tables give the same bytes."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(write_csv_tables(Path(folder), tables).iterdir()):
            archive.writestr(zipfile.ZipInfo(f"{path.stem}/{file.name}"), file.read_bytes())
    return path


def contents(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of a release."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def _named(data_type: str, date: str) -> str:
    return f"FoodData_Central_{data_type}_csv_{date}.zip"
