"""What OpenAPI says of the JSON addresses beyond what their functions do: groups, examples, what leads to what."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI

from nutridiary.web.settings import Settings

TAGS = {
    "diaries": "Upload a diary, see which are open, forget one.",
    "reading": "What was understood of it, and how to read it where the guess is wrong.",
    "people": "Who ate, what to compare with, what counts.",
    "review": "What each text was taken for, and corrections.",
    "foods": "Search FoodData Central.",
    "results": "What the diary says.",
    "downloads": "Reports and the other files that can be taken away.",
    "server": "The server itself.",
}
"""The groups of addresses, in the order in which they are used."""

_DIARY = "diary_id"
_OF_ITSELF: dict[str, dict[str, Any]] = {
    "readDiaryAs": {"body": {"day_first": True}},
    "describePeople": {
        "body": {"people": [{"name": "", "sex": "female", "age_years": 34}], "wanted": {"reference": "efsa"}}
    },
    "correct": {"body": {"corrections": [{"said": "oatmeal", "decision": "food", "fdc_id": 173905}]}},
    "searchFoods": {"q": "rye bread", "top": 5},
    "showWorking": {"nutrient": "magnesium"},
    "drawChart": {"name": "days-magnesium"},
    "takeDownload": {"name": "report.xlsx"},
}
"""By operation: values of its parameters, and a body, that make sense for the example diary."""


def describe(app: FastAPI, settings: Settings) -> None:
    """Complete what `app` publishes of itself at /api/openapi.json.

    Parameters
    ----------
    app : FastAPI
    settings : Settings
        Where a token is needed, it is said how to give it.
    """
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(plain(), settings)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _completed(found: dict[str, Any], settings: Settings) -> dict[str, Any]:
    found["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["summary"] = _in_words(operation["operationId"])
            _give_examples(operation)
            for status in operation["responses"].values():
                _name_schemas(status)
    opened = found["paths"]["/api/diaries"]["post"]["responses"]["201"]
    opened["links"] = {
        operation["operationId"]: {
            "operationId": operation["operationId"],
            "parameters": {_DIARY: "$response.body#/id"},
        }
        for path, operations in found["paths"].items()
        for operation in operations.values()
        if f"{{{_DIARY}}}" in path
    }
    if settings.token is not None:
        found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"token": []}]
    return found


def _in_words(operation_id: str) -> str:
    """Return the name of an operation in words.

    Examples
    --------
    >>> _in_words("takeBackCorrection")
    'Take back correction'
    """
    return re.sub("([A-Z])", r" \1", operation_id).capitalize()


def _give_examples(operation: dict[str, Any]) -> None:
    examples = _OF_ITSELF.get(operation["operationId"], {})
    for parameter in operation.get("parameters", []):
        if parameter["name"] == _DIARY:
            parameter["description"] = "Of the diary, as the answer to the upload says it."
        if parameter["name"] in examples:
            parameter["example"] = examples[parameter["name"]]
    if "body" in examples:
        operation["requestBody"]["content"]["application/json"]["example"] = examples["body"]


def _name_schemas(answer: dict[str, Any]) -> None:
    """An answer that is no JSON has no schema of JSON beside it."""
    content = answer.get("content", {})
    if len(content) > 1 and content.get("application/json", {}).get("schema") == {}:
        del content["application/json"]
