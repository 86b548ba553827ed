"""Writes foods in the official layouts of FoodData Central, CSV and JSON, as the downloads are laid out.

Columns, quoting, folders and the peculiarities of each data type are those of the downloads of 2024 to
2026: FNDDS writes nutrient numbers where others write ids, its portions have words and no amount, its
aliases and categories are attributes; a CSV release lists samples and superseded records too.

    foods = some_foods([173944])
    zipped(write_csv_release(tmp_path, foods, date="2026-04-30"))
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

from later_release import next_release, some_foods
from nutridiary.fdc.tables import FoodTables, shaped
from official_csv import SAMPLE, csv_rows
from official_json import json_branded, json_foods, write_list
from official_parts import BRANDED, DATE, FOUNDATION, SR_LEGACY, SURVEY, BrandedProduct, release_name

__all__ = [
    "DATE",
    "FOUNDATION",
    "SAMPLE",
    "SR_LEGACY",
    "SURVEY",
    "BrandedProduct",
    "next_release",
    "release_name",
    "some_foods",
    "write_csv_release",
    "write_json_release",
    "zipped",
]


def write_csv_release(
    folder: Path,
    tables: FoodTables | None = None,
    *,
    date: str = DATE,
    numbers_for_survey: bool = True,
    branded: Sequence[BrandedProduct] = (),
    name: str | None = None,
) -> Path:
    """Write foods as a folder of official CSV tables: of one data type, or the collection of several.

    Parameters
    ----------
    folder : pathlib.Path
        Where the folder of the release is put.
    tables : FoodTables, optional
    date : str
    numbers_for_survey : bool
        Write the nutrient numbers (203) for foods of FNDDS, as its download does, not the ids (1003).
    branded : sequence of BrandedProduct
    name : str, optional
        Name of the folder; by default that of the download.
    """
    tables = tables if tables is not None else _no_foods()
    types = [*tables.releases["data_type"], *([BRANDED] if branded else [])]
    rows = csv_rows(tables, types, date, numbers_for_survey, branded)
    counts = [[table, len(body) - 1] for table, body in rows.items()]
    rows["all_downloaded_table_record_counts"] = [["Table", "Number of Records"], *counts]
    target = folder / (name or release_name(types[0] if len(types) == 1 else None, "csv", date))
    target.mkdir(parents=True, exist_ok=True)
    for table, body in rows.items():
        with (target / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(body)
    return target


def write_json_release(
    folder: Path,
    tables: FoodTables | None = None,
    *,
    date: str = DATE,
    branded: Sequence[BrandedProduct] = (),
) -> list[Path]:
    """Write foods as the official JSON files, one for each data type."""
    tables = tables if tables is not None else _no_foods()
    folder.mkdir(parents=True, exist_ok=True)
    types = tables.releases["data_type"]
    paths = [write_list(folder, data_type, json_foods(tables, data_type, date), date) for data_type in types]
    if branded:
        paths.append(write_list(folder, BRANDED, [json_branded(product) for product in branded], date))
    return paths


def zipped(path: Path, name: str | None = None) -> Path:
    """Pack a folder of tables, or a JSON file, as it is downloaded; return the zip beside it."""
    target = path.with_name(name or f"{path.stem if path.is_file() else path.name}.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if path.is_file():
            archive.write(path, path.name)
        else:
            for file in sorted(path.iterdir()):
                archive.write(file, f"{path.name}/{file.name}")
    return target


def _no_foods() -> FoodTables:
    names = ("releases", "files", "foods", "aliases", "values", "portions", "ingredients")
    return FoodTables(**{name: shaped(name) for name in names})
