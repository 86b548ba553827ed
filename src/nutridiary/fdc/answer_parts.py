"""Reads the parts of a decoded answer of FoodData Central: numbers, texts, nested parts, days."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from nutridiary.errors import FoodDataError

DATA_TYPES = {
    "Branded": "branded_food",
    "Foundation": "foundation_food",
    "SR Legacy": "sr_legacy_food",
    "Survey (FNDDS)": "survey_fndds_food",
}
"""The data types that are read, by the API's names."""

# What commands a terminal, turns the direction of writing, or is half of a sign that UTF-8 cannot write.
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def mappings(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of nested parts, empty where there is none.

    Raises
    ------
    FoodDataError
        If it is anything else.
    """
    entries = answer.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise FoodDataError(f"FoodData Central answered with {name} that are not understood for {answer.get('fdcId')}.")
    return entries


def mapping(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a nested part, empty where there is none.

    Raises
    ------
    FoodDataError
        If it is anything else.
    """
    part = entry.get(name) or {}
    if not isinstance(part, Mapping):
        raise FoodDataError(f"FoodData Central answered with {name} {str(part)[:40]!r}; expected its parts by name.")
    return part


def whole(entry: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number, None where there is none.

    Raises
    ------
    FoodDataError
        If it is no whole number.

    Examples
    --------
    >>> whole({"ndbNumber": "1009"}, "ndbNumber"), whole({}, "ndbNumber")
    (1009, None)
    """
    found = number(entry, name)
    if found is not None and (found % 1 or abs(found) >= 2**53):
        raise FoodDataError(f"FoodData Central answered with {name} {found:g}; expected a whole number.")
    return None if found is None else int(found)


def number(entry: Mapping[str, Any], name: str) -> float | None:
    """Return a finite number, None where there is none.

    Raises
    ------
    FoodDataError
        If it is no number.

    Examples
    --------
    >>> number({"amount": "0E-8"}, "amount"), number({"amount": None}, "amount")
    (0.0, None)
    """
    value = entry.get(name)
    if value is None or value == "":
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found) or isinstance(value, bool):
        raise FoodDataError(f"FoodData Central answered with {name} {str(value)[:40]!r}; expected a number.")
    return found


def text(entry: Mapping[str, Any], name: str) -> str:
    """Return a text on one line, empty where there is none or it is anything else.

    Examples
    --------
    >>> text({"description": "CHEDDAR  CHEESE "}, "description")
    'CHEDDAR CHEESE'
    """
    value = entry.get(name)
    return " ".join(_COMMANDS.sub(" ", value).split()) if isinstance(value, str) else ""


def day(entry: Mapping[str, Any], name: str) -> date | None:
    """Return a day, as 2024-10-31 or 10/31/2024; None where there is none that can be read.

    Examples
    --------
    >>> day({"publicationDate": "10/31/2024"}, "publicationDate")
    datetime.date(2024, 10, 31)
    """
    written = text(entry, name)
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    return None


def published(answer: Mapping[str, Any]) -> date | None:
    """Return the day a food was published: details and searches name it differently."""
    return day(answer, "publicationDate") or day(answer, "publishedDate")


def attributes(answer: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield the attributes of one kind, such as the additional descriptions of a survey food, as they are ranked."""
    ranked = sorted(mappings(answer, "foodAttributes"), key=lambda attribute: number(attribute, "rank") or 0)
    for attribute in ranked:
        if text(mapping(attribute, "foodAttributeType"), "name") == kind:
            yield attribute
