"""The JSON addresses as a page for people tells them: what each does, what it takes, and how to call it with curl."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "delete")
_DIARY = "$DIARY"


@dataclass(frozen=True)
class Taken:
    """Something that an operation takes: in its address, or after a question mark.

    Attributes
    ----------
    name, meaning : str
    is_required : bool
    allowed : str
        What it may be, in words.
    """

    name: str
    meaning: str
    is_required: bool
    allowed: str


@dataclass(frozen=True)
class Operation:
    """What can be done at an address.

    Attributes
    ----------
    name, tag, method, path, summary, description : str
    takes : tuple of Taken
    answers : tuple of (str, str)
        Status and when it is given.
    curl : str
        A command that does it.
    """

    name: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    takes: tuple[Taken, ...]
    answers: tuple[tuple[str, str], ...]
    curl: str


def operations_of(
    openapi: dict[str, Any], address: str, *, with_token: bool = False
) -> list[tuple[str, str, list[Operation]]]:
    """Return every operation that `openapi` tells of, by groups: name, description, operations.

    Parameters
    ----------
    openapi : dict
        As published at /api/openapi.json.
    address : str
        Of the server, without a slash at the end.
    with_token : bool
        Whether the server asks for a token.
    """
    found = [
        _operation(method, path, operation, openapi, address, with_token)
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    ]
    return [
        (tag["name"], tag["description"], of_tag)
        for tag in openapi["tags"]
        if (of_tag := [one for one in found if one.tag == tag["name"]])
    ]


def _operation(
    method: str, path: str, operation: dict[str, Any], openapi: dict[str, Any], address: str, with_token: bool
) -> Operation:
    parameters = operation.get("parameters", [])
    return Operation(
        name=operation["operationId"],
        tag=operation["tags"][0],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        takes=tuple(_taken(one, openapi) for one in parameters),
        answers=tuple((status, answer["description"]) for status, answer in operation["responses"].items()),
        curl=_curl(method, path, operation, address, with_token),
    )


def _taken(parameter: dict[str, Any], openapi: dict[str, Any]) -> Taken:
    return Taken(
        name=parameter["name"],
        meaning=parameter.get("description", parameter["schema"].get("description", "")),
        is_required=parameter.get("required", False),
        allowed=_allowed(parameter["schema"], openapi),
    )


def _allowed(schema: dict[str, Any], openapi: dict[str, Any]) -> str:
    """Return what a value may be, in words.

    Examples
    --------
    >>> _allowed({"type": "integer", "minimum": 1, "maximum": 50, "default": 10}, {})
    'a whole number, 1 to 50; without it 10'
    >>> _allowed({"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]}, {})
    'a or b'
    """
    if "$ref" in schema:
        schema = {**openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]], **schema}
    if "anyOf" in schema:
        return " or ".join(_allowed(one, openapi) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        words = " or ".join(map(str, schema["enum"]))
    else:
        words = {"integer": "a whole number", "boolean": "true or false", "number": "a number"}.get(
            schema.get("type", ""), "a day, YYYY-MM-DD" if schema.get("format") == "date" else "a text"
        )
    if "minimum" in schema and "maximum" in schema:
        words += f", {schema['minimum']} to {schema['maximum']}"
    if schema.get("default") not in (None, ""):
        words += f"; without it {schema['default']}"
    return words


def _curl(method: str, path: str, operation: dict[str, Any], address: str, with_token: bool) -> str:
    """Return a command that does an operation; a diary is named by the variable DIARY of the shell."""
    query = []
    for one in operation.get("parameters", []):
        value = _DIARY if one["name"] == "diary_id" else str(one.get("example", ""))
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", value or f"${one['name'].upper()}")
        elif value:
            query.append("--data-urlencode " + shlex.quote(f"{one['name']}={value}"))
    parts = ["curl -b cookies -c cookies"]
    if with_token:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if query:
        parts += ["-G", *query]
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        parts.append("-F files=@diary.xlsx")
    elif "application/json" in content:
        body = json.dumps(content["application/json"].get("example", {}))
        parts += [f"-X {method.upper()}", "-H 'Content-Type: application/json'", f"-d {shlex.quote(body)}"]
    elif method != "get":
        parts.append(f"-X {method.upper()}")
    if _is_file(operation):
        parts.append("-O")
    return " \\\n  ".join([*parts, f'"{address}{path}"'])


def _is_file(operation: dict[str, Any]) -> bool:
    content = operation["responses"].get("200", {}).get("content", {})
    return bool(content) and set(content) != {"application/json"}
