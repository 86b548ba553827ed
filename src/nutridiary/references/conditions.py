"""What some reference values depend on besides sex and age: phytate, menopause, absorption, diet.

Nothing of it is assumed: a figure under a condition holds for a person only if the person states it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import PersonError, did_you_mean, listing

ACTIVITIES = ("inactive", "low_active", "active", "very_active")
"""The physical activity level categories of NASEM 2023 (doi:10.17226/26818), for energy requirements."""


class Condition(NamedTuple):
    """One line of ``data/reference_intakes/conditions.csv``.

    Attributes
    ----------
    condition : str
        As in the column ``condition`` of the reference values.
    choice : str
        What it is one of several answers to; two answers to one question cannot both hold.
    sex : str
        Whom it can hold for; empty for both.
    authority, nutrient : str
        Whose figures depend on it.
    meaning : str
        In words.
    source : str
        The edition that divides its figures so.
    """

    condition: str
    choice: str
    sex: str
    authority: str
    nutrient: str
    meaning: str
    source: str


@cache
def known_conditions() -> dict[str, Condition]:
    """Return every shipped condition by its name.

    Examples
    --------
    >>> known_conditions()["phytate 600 mg/d"].choice
    'phytate'
    """
    with data_file("reference_intakes", "conditions.csv").open(encoding="utf-8", newline="") as lines:
        return {row["condition"]: Condition(**row) for row in csv.DictReader(lines)}


def checked_conditions(stated: object, sex: str) -> tuple[str, ...]:
    """Return the conditions of a person by their shipped names, in the order stated.

    Raises
    ------
    PersonError
        If one is unknown, cannot hold for the sex, or contradicts another.

    Examples
    --------
    >>> checked_conditions("Premenopausal", "female")
    ('premenopausal',)
    >>> checked_conditions(["phytate 300"], "male")
    Traceback (most recent call last):
        ...
    nutridiary.errors.PersonError: condition 'phytate 300' is not one that a reference value depends on. Did you mean 'phytate 300 mg/d'?
    """  # noqa: E501
    if stated is None:
        return ()
    if not isinstance(stated, str) and not isinstance(stated, Iterable):
        raise PersonError(f"conditions {stated!r} are not a list of words.")
    chosen: dict[str, str] = {}
    for text in [stated] if isinstance(stated, str) else stated:
        found = _condition(text)
        if found.sex and found.sex != sex:
            raise PersonError(f"sex is {sex} and '{found.condition}' is stated: no figure is for both. Correct one.")
        other = chosen.setdefault(found.choice, found.condition)
        if other != found.condition:
            raise PersonError(f"'{other}' and '{found.condition}' are both stated: only one can hold. Choose one.")
    return tuple(chosen.values())


def _condition(text: object) -> Condition:
    known = known_conditions()
    name = " ".join(str(text).split()).casefold()
    if name not in known:
        begun = [condition for condition in known if name and (condition.startswith(name) or name in condition.split())]
        if begun:
            near = f" Did you mean {' or '.join(map(repr, begun))}?"
        else:
            near = did_you_mean(name, known) or f" There are: {listing(known, most=20)}."
        raise PersonError(f"condition {str(text)[:40]!r} is not one that a reference value depends on.{near}")
    return known[name]


def checked_activity(stated: object) -> str | None:
    """Return a category of physical activity by its name in `ACTIVITIES`.

    Raises
    ------
    PersonError
        If it is none of them.

    Examples
    --------
    >>> checked_activity("Low active")
    'low_active'
    """
    if stated is None:
        return None
    name = "_".join(str(stated).replace("-", " ").replace("_", " ").split()).casefold()
    if name not in ACTIVITIES:
        near = did_you_mean(name, ACTIVITIES)
        raise PersonError(f"activity {str(stated)[:40]!r} is not one of: {listing(ACTIVITIES)}.{near}")
    return name
