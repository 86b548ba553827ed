"""What became of a record that the food data in use do not hold.

FoodData Central gives a food a new id with every version of its record. The food itself keeps a number: a food of
FNDDS its food code, one of Foundation Foods or SR Legacy its NDB number. So the record that took the place of another
is the one of the same data type and the same number. A food of another data type is another record of it, with other
values, and never takes its place.

What an update replaced stands in the table ``successor`` of its database; the embedded database is always there to be
asked, and so are the other releases that are installed.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import EMBEDDED, FOODS, installed_releases, release_file
from nutridiary.fdc.store import Store

_NUMBERS = (
    "SELECT fdc_id, data_type || coalesce(ndb_number, food_code) FROM food JOIN release USING (release_id) "
    "WHERE coalesce(ndb_number, food_code) IS NOT NULL"
)
_RECORD = "SELECT fdc_id, release, data_type, description, food_code, ndb_number FROM foods "


class Foods(Protocol):
    """What is asked of `nutridiary.foods.FoodData`."""

    @property
    def database(self) -> Path | None:
        """The file of the release."""

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""


class Record(NamedTuple):
    """A record as a release has it."""

    fdc_id: int
    release: str
    data_type: str
    description: str
    food_code: int | None
    ndb_number: int | None


def is_embedded(database: Path | None) -> bool:
    """Return whether a database is the one that is part of the program."""
    return database is not None and database.resolve() == data_file("fdc", FOODS).resolve()


def successor_map(database: Path) -> dict[int, int]:
    """Return the record that took the place of each one that `database` does not hold.

    Those that its update replaced, and those of the embedded database; read once in a process.

    Parameters
    ----------
    database : pathlib.Path

    Examples
    --------
    >>> successor_map(data_file("fdc", "foods.sqlite"))
    {}
    """
    return _successor_map(database.resolve(), database.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _successor_map(database: Path, changed: int) -> dict[int, int]:
    store = Store(database)
    replaced = dict(store.rows("SELECT fdc_id, successor_id FROM successor"))
    if is_embedded(database):
        return replaced
    held = store.rows(_NUMBERS)
    ids = {fdc_id for fdc_id, _ in held}
    shared = Counter(number for _, number in held)
    by_number = {number: fdc_id for fdc_id, number in held if shared[number] == 1}
    embedded = Store(data_file("fdc", FOODS)).rows(_NUMBERS)
    same = {fdc_id: by_number[number] for fdc_id, number in embedded if fdc_id not in ids and number in by_number}
    return same | {old: new for old, new in replaced.items() if new in ids and old not in ids}


def successors_of(absent: Sequence[int], foods: Foods) -> dict[int, int]:
    """Return the record of `foods` that took the place of each of these ids, which it does not have itself.

    Parameters
    ----------
    absent : sequence of int
    foods : FoodData
    """
    if not absent:
        return {}
    replaced = successor_map(foods.database) if foods.database else {}
    found = {fdc_id: replaced[fdc_id] for fdc_id in absent if fdc_id in replaced}
    former = records_elsewhere([fdc_id for fdc_id in absent if fdc_id not in found], foods)
    return found | {old: new for old, record in former.items() if (new := _same_food(record, foods)) is not None}


def successor_note(old: int, new: int, foods: Foods) -> str:
    """Return in words which record took the place of which: "FDC id 1 of FNDDS 2019-2020 is 2 in FNDDS 2021-2023"."""
    former = records_elsewhere([old], foods).get(old)
    ((release,),) = foods.rows("SELECT release FROM foods WHERE fdc_id = ?", (new,))
    return f"FDC id {old}{f' of {former.release}' if former else ''} is {new} in {release}"


def records_elsewhere(fdc_ids: Sequence[int], foods: Foods) -> dict[int, Record]:
    """Return what other releases than that of `foods` say of these ids: the embedded one and those installed."""
    sql = _RECORD + "WHERE fdc_id IN (SELECT value FROM json_each(?))"  # noqa: S608 -- our own names
    found: dict[int, Record] = {}
    for store in _stores_besides(foods.database) if fdc_ids else ():
        for record in map(Record._make, store.rows(sql, (json.dumps(list(fdc_ids)),))):
            found.setdefault(record.fdc_id, record)
    return found


def record_of_code(food_code: int, foods: Foods) -> Record | None:
    """Return what another release than that of `foods` says of an FNDDS food code; None where none has it."""
    stores = _stores_besides(foods.database)
    rows = (row for store in stores for row in store.rows(_RECORD + "WHERE food_code = ?", (food_code,)))
    return next(map(Record._make, rows), None)


def _same_food(record: Record, foods: Foods) -> int | None:
    """Return the record of the same data type and number, None where there is none or several."""
    column = "food_code" if record.ndb_number is None else "ndb_number"
    number = record.food_code if record.ndb_number is None else record.ndb_number
    sql = f"SELECT fdc_id FROM foods WHERE {column} = ? AND data_type = ?"  # noqa: S608 -- one of two names of ours
    found = [] if number is None else foods.rows(sql, (number, record.data_type))
    return int(found[0][0]) if len(found) == 1 else None


def _stores_besides(database: Path | None) -> Iterator[Store]:
    """Open the food databases that are not in use, the embedded one first."""
    for release in (EMBEDDED, *installed_releases()):
        path = release_file(FOODS, release)
        if path is None or (database is not None and path.resolve() == database.resolve()):
            continue
        try:
            yield _opened(path.resolve(), path.stat().st_mtime_ns, os.getpid())
        except (FoodDataError, OSError):  # of another version of the program, or just removed
            continue


@lru_cache(maxsize=8)
def _opened(database: Path, changed: int, process: int) -> Store:
    """Open a database, once in a process: one that was forked must not read it together with the one it came from."""
    return Store(database)
