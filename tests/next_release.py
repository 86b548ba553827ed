"""A made-up next release of the food data: what a year of work at USDA does to ids, names and values.

Written by SQL into a copy of the embedded database, so that it takes a second. Which foods are concerned is told
by their places in the order of ids, so that it is the same in every run.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from nutridiary.data_files import data_file
from nutridiary.fdc.database import NAMES_PER_FOOD
from nutridiary.fdc.installed import FOODS, INDEX, MANIFEST, releases_folder

FNDDS, NEXT_FNDDS = "FNDDS 2021-2023", "FNDDS 2023-2024"
MOVED, FOUNDATION_MOVED = 5_000_000, 6_000_000
"""Added to the ids of every FNDDS food, and of every twentieth Foundation food."""
DROPPED, ADDED, RENAMED, CHANGED = 30, 40, 50, 200
FIRST_NEW_ID, FIRST_NEW_CODE, NEW_CATEGORY = 9_000_001, 99_990_001, 9_990
_WITH_IDS = ("food", "alias", "portion", "ingredient", "composition", "provenance")


@dataclass(frozen=True)
class NextRelease:
    """What was changed, in ids of the embedded release: dropped, renamed; values as new id -> old, new magnesium."""

    database: Path
    dropped: list[int] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    magnesium: dict[int, tuple[float, float]] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)


def write_next_release(database: Path, *, drop: bool = True, change: bool = True, say: bool = True) -> NextRelease:
    """Write the database of a next release.

    Parameters
    ----------
    database : Path
    drop : bool
        Drop some foods and add others.
    change : bool
        Change values and names.
    say : bool
        Say in the table ``successor`` which record took the place of which, as an update does.
    """
    shutil.copy(data_file("fdc", FOODS), database)
    connection = sqlite3.connect(database)
    try:
        with connection:
            moved = _renumber(connection, say)
            dropped = _drop_and_add(connection, moved) if drop else []
            renamed, magnesium = _change(connection, moved, dropped) if change else ([], {})
            _index_names(connection)
    finally:
        connection.close()
    kept = {old: new for old, new in moved.items() if old not in dropped}
    return NextRelease(database, dropped, renamed, magnesium, kept)


def install_next_release(name: str = "next", **how: bool) -> NextRelease:
    """Install a next release beside the embedded one, in the user data folder, complete with its index."""
    from nutridiary.matching.ranking import build_release_index

    folder = releases_folder() / name
    folder.mkdir(parents=True)
    release = write_next_release(folder / FOODS, **how)
    build_release_index(folder / FOODS, folder / INDEX)
    (folder / MANIFEST).write_text(json.dumps({"name": name}), encoding="utf-8")
    return release


def _renumber(connection: sqlite3.Connection, say: bool) -> dict[int, int]:
    surveyed = [row[0] for row in connection.execute("SELECT fdc_id FROM foods WHERE release = ?", (FNDDS,))]
    analysed = [
        row[0]
        for row in connection.execute("SELECT fdc_id FROM foods WHERE data_type = 'foundation_food' ORDER BY fdc_id")
    ]
    moved = {fdc_id: fdc_id + MOVED for fdc_id in surveyed}
    moved |= {fdc_id: fdc_id + FOUNDATION_MOVED for fdc_id in analysed[::20]}
    for table in _WITH_IDS:
        sql = f"UPDATE {table} SET fdc_id = ? WHERE fdc_id = ?"
        connection.executemany(sql, [(new, old) for old, new in moved.items()])
    if say:
        connection.executemany("INSERT INTO successor VALUES (?, ?)", moved.items())
    connection.execute("UPDATE release SET release = ?, version = '2023-2024' WHERE release = ?", (NEXT_FNDDS, FNDDS))
    connection.execute("UPDATE value_origin SET release = ? WHERE release = ?", (NEXT_FNDDS, FNDDS))
    return moved


def _drop_and_add(connection: sqlite3.Connection, moved: dict[int, int]) -> list[int]:
    """Drop foods that are curated nowhere, and add foods of a category that did not exist."""
    dropped = sorted(old for old in moved if old > 2_700_000)[100 :: len(moved) // DROPPED][:DROPPED]
    gone = [(moved[old],) for old in dropped]
    for table in _WITH_IDS:
        connection.executemany(f"DELETE FROM {table} WHERE fdc_id = ?", gone)
    connection.executemany("DELETE FROM successor WHERE successor_id = ?", gone)
    connection.execute("INSERT INTO category VALUES (9999, ?, 'Cultivated foods')", (NEW_CATEGORY,))
    of_release = connection.execute("SELECT release_id FROM release WHERE release = ?", (NEXT_FNDDS,)).fetchone()[0]
    model = connection.execute("SELECT fdc_id FROM food WHERE food_code = 63107010").fetchone()[0]  # banana, raw
    columns = [row[1] for row in connection.execute("PRAGMA table_info(composition)")][1:]
    for place in range(ADDED):
        new = FIRST_NEW_ID + place
        connection.execute(
            "INSERT INTO food VALUES (?, ?, NULL, ?, 9999, ?, NULL)",
            (new, FIRST_NEW_CODE + place, f"Zorbfruit, kind {place + 1}, cultivated", of_release),
        )
        connection.execute(
            f"INSERT INTO composition SELECT ?, {', '.join(columns)} FROM composition WHERE fdc_id = ?",
            (new, model),
        )
    connection.execute(
        "UPDATE release SET foods = foods - ? + ? WHERE release_id = ?", (len(dropped), ADDED, of_release)
    )
    return dropped


def _change(
    connection: sqlite3.Connection, moved: dict[int, int], dropped: list[int]
) -> tuple[list[int], dict[int, tuple[float, float]]]:
    """Change the magnesium of some foods by a fifth, and put a word behind the name of others."""
    left = [(old, new) for old, new in sorted(moved.items()) if old not in dropped]
    magnesium = {}
    for _, new in left[:: len(left) // CHANGED][:CHANGED]:
        (before,) = connection.execute("SELECT magnesium FROM composition WHERE fdc_id = ?", (new,)).fetchone()
        if before:
            magnesium[new] = (before, round(before * 1.2, 3))
            connection.execute("UPDATE composition SET magnesium = ? WHERE fdc_id = ?", (magnesium[new][1], new))
    renamed = left[7 :: len(left) // RENAMED][:RENAMED]
    connection.executemany(
        "UPDATE food SET description = description || ', reviewed' WHERE fdc_id = ?", [(new,) for _, new in renamed]
    )
    return [old for old, _ in renamed], magnesium


def _index_names(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO name_index (name_index) VALUES ('delete-all')")
    connection.execute(f"INSERT INTO name_index (rowid, name) SELECT fdc_id * {NAMES_PER_FOOD}, description FROM food")
    connection.execute(f"INSERT INTO name_index (rowid, name) SELECT fdc_id * {NAMES_PER_FOOD} + seq, alias FROM alias")
