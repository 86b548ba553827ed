"""People without the day they were born."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nutridiary.de_identification.names import Names

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

OLDEST_TOLD = 90.0
"""The age [years] told of everybody older than 89: 45 CFR 164.514(b)(2)(i)(C), HIPAA's Safe Harbor."""


def without_birth_dates(
    people: Mapping[str, Person], days: pd.DataFrame, names: Names
) -> tuple[dict[str, Person], list[str]]:
    """Return people by their new names, with an age for a birth date, and what that changes.

    Parameters
    ----------
    people : mapping of str to Person
        By the name the diary uses, "" for a person it does not name.
    days : pandas.DataFrame
        ``person_id`` and ``date`` of the lines of the diary.
    names : Names

    Returns
    -------
    people : dict of str to Person
    said : list of str
        For whom figures may differ by it, and why.

    Raises
    ------
    PersonError
        If somebody's age cannot be told: a birth date, and no line with a date.
    """
    told: dict[str, Person] = {}
    said: list[str] = []
    for name, person in people.items():
        called = names.of_person(name)
        told[called], why = _with_age(person, *_span(days, name))
        said += [f"{called or 'the person'} {words}" for words in why]
    return told, said


def _span(days: pd.DataFrame, name: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of somebody; of the diary, where no line names them."""
    own = days.loc[days["person_id"] == name, "date"].dropna()
    own = own if len(own) else days["date"].dropna()
    return (own.min().date(), own.max().date()) if len(own) else (None, None)


def _with_age(person: Person, first: dt.date | None, last: dt.date | None) -> tuple[Person, list[str]]:
    age, said = person.age_on(first), []
    if person.age_on(last) != age:
        said.append("counts with the age of the first day throughout, though a birthday falls within the diary")
    if age >= OLDEST_TOLD:
        if age > OLDEST_TOLD:
            said.append("counts as 90 years old, which changes what energy is needed, and no reference intake")
        age = OLDEST_TOLD
    return replace(person, birth_date=None, age_years=age), said
