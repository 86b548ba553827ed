"""What is published of the form: a JSON Schema, made from the declarations of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nutridiary.report.data.declared import (
    ANALYSIS_TABLES,
    LOOKED_UP_TABLES,
    OWN_FOOD_TABLES,
    PERSON_FIELDS,
    SCHEMA_VERSION,
)
from nutridiary.tables import DAY, FLAG, NUMBER, RECORDED, TEXT, WHOLE, Column, Table

SCHEMA_ID = f"urn:nutridiary:schema:analysis-{SCHEMA_VERSION}"

_DAY = {"type": ["string", "null"], "format": "date", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"}
_VALUES: dict[str, dict[str, Any]] = {
    TEXT: {"type": ["string", "null"]},
    NUMBER: {"type": ["number", "null"]},
    WHOLE: {"type": ["integer", "null"]},
    "int64": {"type": "integer"},
    FLAG: {"type": "boolean"},
    "boolean": {"type": ["boolean", "null"]},
    DAY: _DAY,
}
_OF_PERSON: dict[str, dict[str, Any]] = {
    "string": {"type": ["string", "null"]},
    "number": {"type": ["number", "null"]},
    "date": _DAY,
    "boolean": {"type": ["boolean", "null"]},
    "list": {"type": "array", "items": {"type": "string"}},
}


def analysis_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `as_data` returns.

    Returns
    -------
    dict
        Every column with its meaning and, in brackets, its unit.

    Examples
    --------
    >>> analysis_schema()["properties"]["tables"]["properties"]["entries"]["properties"]["gram_weight"]["description"]
    'weight eaten [g]'
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "An analysis of a food diary by nutridiary",
        "description": "Every table as one list of values per column, all of the same length; null is what is missing.",
        **_object(
            {
                "schema_version": {"const": SCHEMA_VERSION},
                "nutridiary": {"type": "string", "description": "version of the program that wrote the file"},
                "settings": {
                    "type": "object",
                    "description": "what was asked for, in words",
                    "additionalProperties": {"type": "string"},
                },
                "people": {"type": "array", "items": _person()},
                "lock": {
                    "type": ["object", "null"],
                    "description": "what the report rests on besides the diary, as docs/lock.md tells; null of tables "
                    "that were not read from files",
                },
                "tables": _tables(ANALYSIS_TABLES),
                "own_foods": {
                    "description": "the user's own foods and recipes; null where the diary has none",
                    "anyOf": [{"type": "null"}, _tables(OWN_FOOD_TABLES)],
                },
                "looked_up": {
                    "description": "records beyond the food database that were looked up for this diary, as they came; "
                    "null where there are none",
                    "anyOf": [{"type": "null"}, _looked_up()],
                },
            }
        ),
    }


def _object(properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        **more,
        "required": list(properties),
        "properties": dict(properties),
        "additionalProperties": False,
    }


def _person() -> dict[str, Any]:
    fields = {name: {"description": meaning, **_OF_PERSON[kind]} for name, (kind, meaning) in PERSON_FIELDS.items()}
    name = {"type": "string", "description": "as in entries; empty for the person of a diary that names nobody"}
    return _object({"person_id": name, **fields})


def _looked_up() -> dict[str, Any]:
    return _object(
        {
            "tables": _tables(LOOKED_UP_TABLES),
            "not_found": {
                "type": "object",
                "description": "FDC ids that were asked for and not found, and why",
                "additionalProperties": {"type": "string"},
            },
            "remarks": {"type": "array", "items": {"type": "string"}},
            "branded": {
                "type": "object",
                "description": "which branded foods records are of: release and sha256; empty where none are",
                "additionalProperties": {"type": "string"},
            },
        }
    )


def _tables(tables: Mapping[str, Table]) -> dict[str, Any]:
    return _object({name: _table(table) for name, table in tables.items()})


def _table(table: Table) -> dict[str, Any]:
    columns = {column.name: _column(column) for column in table.columns}
    schema = _object(columns, description=f"One row is: {table.row}. A row is told by: {', '.join(table.key)}.")
    if table.keeps_recorded:
        recorded = Column("", NUMBER, "value the diary itself carries, in the nutrient's one unit")
        schema["patternProperties"] = {f"^{RECORDED}[a-z0-9_]+$": _column(recorded)}
    return schema


def _column(column: Column) -> dict[str, Any]:
    unit = f" [{column.unit}]" if column.unit else ""
    return {"type": "array", "description": column.meaning + unit, "items": _VALUES[column.dtype]}
