"""From an analysis to JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nutridiary.report.data.declared import ANALYSIS_TABLES, OWN_FOOD_TABLES, PERSON_FIELDS, SCHEMA_VERSION
from nutridiary.report.private_files import write_private
from nutridiary.tables import DAY, FLAG, NUMBER, TEXT, Table, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis
    from nutridiary.own_foods import OwnFoods
    from nutridiary.references import Person


def to_json(analysis: Analysis, path: str | os.PathLike[str]) -> Path:
    """Write an analysis as one JSON file, every table and setting of it.

    Parameters
    ----------
    analysis : Analysis
    path : path-like

    Returns
    -------
    pathlib.Path
        Where the file is. The same analysis gives the same bytes.

    Raises
    ------
    NutridiaryError
        If it cannot be written there.
    """
    return write_private(path, json_bytes(analysis))


def as_data(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as plain data that JSON can hold: a list of values per column of each table.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    dict
        As ``docs/json.md`` tells. What is missing is None; days are texts, YYYY-MM-DD; a figure is given with all
        the digits that tell it from its neighbours, so that reading it back gives the same.
    """
    from nutridiary import __version__
    from nutridiary.report.data.looked_up import looked_up_data

    return {
        "schema_version": SCHEMA_VERSION,
        "nutridiary": __version__,
        "settings": dict(analysis.settings),
        "people": [person_data(name, person) for name, person in analysis.people.items()],
        "lock": None if analysis.lock is None else dict(analysis.lock.data),
        "tables": {name: table_data(getattr(analysis, name), table) for name, table in ANALYSIS_TABLES.items()},
        "own_foods": None if analysis.own_foods is None else _own_foods(analysis.own_foods),
        "looked_up": None if analysis.looked_up is None else looked_up_data(analysis.looked_up),
    }


def json_bytes(analysis: Analysis) -> bytes:
    """Return an analysis as the bytes of a JSON file, a column of a table on a line.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    bytes
        UTF-8.
    """
    data = as_data(analysis)
    tables, own_foods, looked_up = data.pop("tables"), data.pop("own_foods"), data.pop("looked_up")
    parts = [f"{_json(name)}: {_json(value)}" for name, value in data.items()]
    parts.append(f'"tables": {_tables(tables)}')
    parts.append(f'"own_foods": {"null" if own_foods is None else _tables(own_foods)}')
    parts.append(f'"looked_up": {_json(looked_up)}')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _tables(tables: Mapping[str, Mapping[str, list[Any]]]) -> str:
    written = []
    for name, columns in tables.items():
        lines = [f"  {_json(column)}: {_json(values)}" for column, values in columns.items()]
        written.append(f" {_json(name)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(written) + "\n}"


def _json(value: object) -> str:
    # A lone half of a character, which a damaged file can hold, has no UTF-8; ASCII escapes keep any text.
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def person_data(name: str, person: Person) -> dict[str, Any]:
    """Return a person as plain data, by the fields of `references.Person`."""
    said = {field: getattr(person, field) for field in PERSON_FIELDS}
    born = said["birth_date"]
    return {
        "person_id": name,
        **said,
        "birth_date": None if born is None else born.isoformat(),
        "conditions": list(said["conditions"]),
    }


def table_data(frame: pd.DataFrame, table: Table) -> dict[str, list[Any]]:
    """Return a table as plain data, a list of values per column."""
    kinds = {column.name: column.dtype for column in table.columns}
    held = conform(frame, table)
    return {str(name): _column(held[name], kinds.get(str(name), NUMBER)) for name in held.columns}


def _column(values: pd.Series, kind: str) -> list[Any]:
    if kind == FLAG:
        return values.to_list()
    if kind in (TEXT, DAY):
        # Few texts stand in many rows: each is made a text of Python's once.
        codes, different = values.factorize()
        words = [day.date().isoformat() for day in different] if kind == DAY else list(different)
        words.append(None)  # the code of what is missing is -1, the last
        return [words[code] for code in codes.tolist()]
    missing = values.isna().to_numpy()
    held = values.to_list()
    for place in missing.nonzero()[0].tolist():
        held[place] = None
    return held


def _own_foods(own: OwnFoods) -> dict[str, Any]:
    import pandas as pd

    from nutridiary.foods import OWN_FOOD

    twins = {fdc_id: twin for fdc_id, twin in own.foods.twins.items() if fdc_id in own.basis}
    ids = [*own.basis, *twins.values()]
    releases = own.foods.releases()
    frames = {
        "table": own.table,
        "ingredients": own.ingredients,
        "aliases": own.aliases,
        "records": pd.DataFrame(
            {
                "fdc_id": list(own.basis),
                "name": [own.names[fdc_id] for fdc_id in own.basis],
                "basis": list(own.basis.values()),
                "twin_id": pd.array([twins.get(fdc_id) for fdc_id in own.basis], dtype="Int64"),
            }
        ),
        "releases": releases[releases["data_type"] == OWN_FOOD],
        "foods": own.foods.foods(ids),
        "values": own.foods.values(ids)[OWN_FOOD_TABLES["values"].names],
        "portions": own.foods.portions(ids),
    }
    return {name: table_data(frame, OWN_FOOD_TABLES[name]) for name, frame in frames.items()}
