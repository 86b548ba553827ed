"""From JSON back to an analysis. Such a file may come from anywhere: nothing of it is believed before it is checked."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from nutridiary.errors import NutridiaryError, listing
from nutridiary.report.data.declared import ANALYSIS_TABLES, OWN_FOOD_TABLES, PERSON_FIELDS, SCHEMA_VERSION
from nutridiary.tables import DAY, FLAG, NUMBER, RECORDED, TEXT, Table

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis
    from nutridiary.foods import FoodData
    from nutridiary.own_foods import OwnFoods
    from nutridiary.references import Person

MOST_BYTES = 400_000_000
"""A year of an app's export is 30 MB; a file beyond this is not read."""
MOST_COLUMNS = 500

# What a value of a column of each type may be; what is missing is None. bool is an int in Python and is told apart.
_NUMBERS = {int, float}
_MAY_BE: dict[str, set[type]] = {
    TEXT: {str, type(None)},
    DAY: {str, type(None)},
    NUMBER: {*_NUMBERS, type(None)},
    FLAG: {bool},
    "boolean": {bool, type(None)},
    "Int64": {int, type(None)},
    "int64": {int},
}
_PERSON_TYPES: dict[str, set[type]] = {
    "string": {str, type(None)},
    "number": {*_NUMBERS, type(None)},
    "date": {str, type(None)},
    "boolean": {bool, type(None)},
    "list": {list},
}
# Columns of the lines that files from before there were locks lack.
_NOT_YET = ("barcode", "product_id", "product_by", "product_score")


class DataError(NutridiaryError):
    """Something in the file is not as it should be."""


def read_analysis(path: str | os.PathLike[str]) -> Analysis:
    """Read an analysis that was written as JSON, to make reports of it or to use its tables.

    Nothing is computed again: each table is as it was written, digit for digit.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Analysis

    Raises
    ------
    NutridiaryError
        If the file cannot be read, or is no analysis as this version of nutridiary writes it.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"more than {MOST_BYTES // 1_000_000} MB; no analysis is that large.")
        return from_data(parse(path.read_bytes()))
    except OSError as error:
        raise NutridiaryError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except NutridiaryError as error:
        raise NutridiaryError(f"{path}: {error}") from None


def parse(data: bytes) -> object:
    """Return what JSON says, of a file that may come from anywhere.

    Raises
    ------
    DataError
        If it is no JSON, names a thing twice in one object, or holds NaN or Infinity.
    """
    try:
        return json.loads(data, parse_constant=_no_number, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise DataError("this is no JSON that nutridiary wrote, or it is damaged.") from None


def from_data(data: object) -> Analysis:
    """Return the analysis of which `data` is what `as_data` returned.

    Parameters
    ----------
    data : object

    Returns
    -------
    Analysis

    Raises
    ------
    NutridiaryError
        If it is not such data.
    """
    whole = mapping_of(data, "the file")
    version = whole.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        said = "no schema_version" if version is None else f"schema_version {str(version)[:20]}"
        raise DataError(
            f"{said} found, and this version of nutridiary reads {SCHEMA_VERSION}. "
            "Give a file that `nutridiary analyze -o report.json` wrote, or analyse the diary again."
        )
    if "lock" not in whole:
        try:
            return _whole_analysis(_as_now(whole))
        except DataError as error:
            raise DataError(
                f"{error} It names no lock: if it was made by an earlier nutridiary, analyse the diary again."
            ) from None
    return _whole_analysis(whole)


def _as_now(whole: dict[str, Any]) -> dict[str, Any]:
    """Return a file from before there were locks with what it cannot know: products had not been looked for."""
    tables = whole.get("tables")
    if not isinstance(tables, dict):
        return whole
    entries = tables.get("entries")
    if isinstance(entries, dict) and isinstance(entries.get("line"), list):
        unknown = {name: [None] * len(entries["line"]) for name in _NOT_YET}
        tables = {**tables, "entries": {**unknown, **entries}}
    return {**whole, "lock": None, "looked_up": None, "tables": tables}


def _whole_analysis(whole: dict[str, Any]) -> Analysis:
    """Return the analysis of a file that has every part."""
    from nutridiary.analysis import Analysis
    from nutridiary.lock import Lock
    from nutridiary.report.data.looked_up import foods_of_report, looked_up_of

    names = ["schema_version", "nutridiary", "settings", "people", "lock", "tables", "own_foods", "looked_up"]
    check_names(whole, names, "the file")
    settings = mapping_of(whole["settings"], "settings")
    if not all(isinstance(value, str) for value in settings.values()):
        raise DataError("settings: every setting must be a text.")
    frames = frames_of(whole["tables"], ANALYSIS_TABLES, "tables")
    lock = None if whole["lock"] is None else Lock.of_data(whole["lock"])
    looked_up = None if whole["looked_up"] is None else looked_up_of(whole["looked_up"])
    foods = foods_of_report(lock, looked_up)
    own_foods = None if whole["own_foods"] is None else _own_foods(whole["own_foods"], foods)
    return Analysis(
        **frames,
        people=people_of(whole["people"]),
        settings=settings,
        own_foods=own_foods,
        lock=lock,
        looked_up=looked_up,
        foods=foods if own_foods is None else own_foods.foods,
    )


def _no_number(word: str) -> NoReturn:
    raise DataError(f"{word} is no value JSON knows; what is missing is null.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise DataError(f"'{next(name for name in names if names.count(name) > 1)[:40]}' stands twice in one object.")
    return found


def mapping_of(value: object, where: str) -> dict[str, Any]:
    """Return `value`, which must be an object.

    Raises
    ------
    DataError
        If it is none.
    """
    if not isinstance(value, dict):
        raise DataError(f"{where}: an object was expected.")
    return value


def check_names(found: Mapping[str, Any], names: list[str], where: str) -> None:
    """Refuse an object that lacks one of `names` or has another.

    Raises
    ------
    DataError
        If it does; the text begins with `where`.
    """
    missing = [name for name in names if name not in found]
    if missing:
        raise DataError(f"{where}: {listing(missing)} missing.")
    more = [name[:40] for name in found if name not in names]
    if more:
        raise DataError(f"{where}: {listing(more)} not known.")


def frames_of(data: object, tables: Mapping[str, Table], where: str) -> dict[str, pd.DataFrame]:
    """Return the tables that `data` holds, each checked against its declaration.

    Raises
    ------
    DataError
        If a table or column is missing, not known, or holds what it cannot; the text begins with `where`.
    """
    found = mapping_of(data, where)
    check_names(found, list(tables), where)
    return {name: _frame(found[name], table, f"{where}.{name}") for name, table in tables.items()}


def _frame(data: object, table: Table, where: str) -> pd.DataFrame:
    import pandas as pd

    columns = mapping_of(data, where)
    recorded = [name for name in columns if table.keeps_recorded and name.startswith(RECORDED)][:MOST_COLUMNS]
    kinds = {column.name: column.dtype for column in table.columns} | dict.fromkeys(recorded, NUMBER)
    check_names(columns, list(kinds), where)
    lists = {name: _values(columns[name], kind, f"{where}.{name}") for name, kind in kinds.items()}
    if len({len(values) for values in lists.values()}) > 1:
        raise DataError(f"{where}: its columns are not of the same length.")
    frame = pd.DataFrame({name: _series(values, kinds[name], f"{where}.{name}") for name, values in lists.items()})
    if table.key and frame.duplicated(list(table.key)).any():
        raise DataError(f"{where}: two rows are the same in {listing(table.key)}.")
    return frame


def _values(values: object, kind: str, where: str) -> list[Any]:
    if not isinstance(values, list):
        raise DataError(f"{where}: a list of values was expected.")
    if not set(map(type, values)) <= _MAY_BE[kind]:
        number, wrong = next((n, value) for n, value in enumerate(values, 1) if type(value) not in _MAY_BE[kind])
        raise DataError(f"{where}: value {number} is {_short(wrong)}, which is no {_word(kind)}.")
    return values


def _series(values: list[Any], kind: str, where: str) -> pd.Series:
    import pandas as pd

    try:
        if kind == DAY:
            days = {word: dt.date.fromisoformat(word) for word in set(values) if word is not None}
            values = [days.get(word) for word in values]
        return pd.Series(values, dtype="object").astype(kind)  # type: ignore[call-overload,no-any-return]
    except (ValueError, OverflowError, TypeError):
        raise DataError(f"{where}: a value is no {_word(kind)} that can be held.") from None


def _word(kind: str) -> str:
    words = {TEXT: "text", DAY: "day (YYYY-MM-DD)", NUMBER: "number", FLAG: "true or false", "boolean": "true or false"}
    return words.get(kind, "whole number")


def _short(value: object) -> str:
    """Return what kind of value it is: what a diary holds is not told in messages."""
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number", type(None): "null"}
    return names.get(type(value), "a list or an object")


def people_of(data: object) -> dict[str, Person]:
    """Return the people that `data` lists, by name.

    Raises
    ------
    NutridiaryError
        If it is no such list, or somebody cannot be.
    """
    from nutridiary.references import Person

    if not isinstance(data, list):
        raise DataError("people: a list was expected.")
    people: dict[str, Person] = {}
    for number, item in enumerate(data, 1):
        where = f"people: person {number}"
        said = mapping_of(item, where)
        check_names(said, ["person_id", *PERSON_FIELDS], where)
        name = said["person_id"]
        if not isinstance(name, str) or name in people:
            raise DataError(f"{where}: person_id must be a text of this person alone.")
        for field, (kind, _meaning) in PERSON_FIELDS.items():
            if type(said[field]) not in _PERSON_TYPES[kind]:
                raise DataError(f"{where}: {field} is {_short(said[field])}, which cannot be.")
        people[name] = Person(**{field: _person_value(said[field], field, where) for field in PERSON_FIELDS})
    return people


def _person_value(value: Any, field: str, where: str) -> Any:
    if field == "conditions":
        if not all(isinstance(condition, str) for condition in value):
            raise DataError(f"{where}: conditions must be texts.")
        return tuple(value)
    if field == "birth_date" and value is not None:
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise DataError(f"{where}: birth_date is no day (YYYY-MM-DD).") from None
    return value


def _own_foods(data: object, foods: FoodData) -> OwnFoods:
    from nutridiary.fdc.tables import FoodTables, shaped
    from nutridiary.foods import OWN_FOOD
    from nutridiary.own_foods import OwnFoods

    frames = frames_of(data, OWN_FOOD_TABLES, "own_foods")
    records = frames["records"]
    ids, names, bases = (records[column].to_list() for column in ("fdc_id", "name", "basis"))
    own = frames["foods"]
    if not (own["fdc_id"] < 0).all() or not (own["data_type"] == OWN_FOOD).all() or own["fdc_id"].duplicated().any():
        raise DataError("own_foods.foods: an own food has an id of its own, below zero.")
    if records["fdc_id"].isna().any() or not set(ids) <= set(own["fdc_id"]):
        raise DataError("own_foods.records: a record has no food in own_foods.foods.")
    tables = FoodTables(
        files=shaped("files"),
        aliases=shaped("aliases"),
        ingredients=shaped("ingredients"),
        **{name: shaped(name, frames[name]) for name in ("releases", "foods", "values", "portions")},
    )
    twins = records.loc[records["twin_id"].notna(), ["fdc_id", "twin_id"]].astype("int64")
    return OwnFoods(
        foods.with_foods(tables, twins=dict(zip(*map(list, twins.to_numpy().T), strict=True))),
        frames["aliases"],
        frames["table"],
        frames["ingredients"],
        dict(zip(ids, bases, strict=True)),
        dict(zip(ids, names, strict=True)),
    )
