"""A table of many people's days, checked and put in order for the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.cohort.amount_model import RecordedDays
from nutridiary.cohort.design import REPLICATE, people_weights
from nutridiary.errors import CohortError, listing
from nutridiary.nutrients import check_nutrients

if TYPE_CHECKING:
    import pandas as pd

_OF_PERSON = ("weight", "stratum", "psu")
_FRIDAY = 5  # ISO weekday; Friday to Sunday are eaten like weekends, docs/groups.md


@dataclass(frozen=True)
class PeopleDays:
    """People and their days.

    Attributes
    ----------
    people : pandas.DataFrame
        One row a person: `person_id` and what is known of the design.
    days : pandas.DataFrame
        One row a person's day, those of a person together and in order: `person` (row of `people`), `weekend`,
        `later`, the nutrients, and whatever else the table has.
    knows_weekday : bool
        Whether it is known of every day whether it is a Friday to Sunday.
    """

    people: pd.DataFrame
    days: pd.DataFrame
    knows_weekday: bool


def people_and_days(table: pd.DataFrame, nutrients: Sequence[str]) -> PeopleDays:
    """Return a table of many people's days, checked.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person's day: `person_id`; `day` (1, 2 ...) or `date`, which tell the order of a person's days;
        `weekday` (1 Monday to 7 Sunday) or `date`; `weight`, `stratum`, `psu`, ``replicate_1`` ... of the person;
        and a column for each of `nutrients`, in its one unit, missing where it is not known.
    nutrients : sequence of str

    Raises
    ------
    CohortError
        If a column is missing or contradicts itself; the text says which, and where.
    """
    import pandas as pd

    needed = ["person_id", *check_nutrients(nutrients)]
    if absent := [name for name in needed if name not in table.columns]:
        raise CohortError(f"people's days: no column {listing(absent)}. Found: {listing(table.columns)}.")
    order = next((name for name in ("day", "date") if name in table.columns), None)
    if order is None:
        raise CohortError(
            "people's days: neither day (1, 2 ...) nor date is there. One tells the days of a person apart."
        )
    if table[["person_id", order]].isna().any(axis=None):
        raise CohortError(f"people's days: a row has no person_id or no {order}. Give both, or leave the row out.")
    _check_design(table)
    table = _read_cells(table, needed[1:])
    _check_intakes(table, needed[1:])
    days = table.sort_values(["person_id", order], kind="stable", ignore_index=True)
    if (again := days.duplicated(["person_id", order])).any():
        person, day = days.loc[again, "person_id"].iloc[0], days.loc[again, order].iloc[0]
        named = f"{day:%Y-%m-%d}" if order == "date" else f"{day:g}"
        raise CohortError(f"person {person} has {order} {named} twice. Add the rows of a day up first.")
    weekday = _weekday(days)
    person, ids = pd.factorize(days["person_id"])
    first = days.groupby("person_id", sort=False)[order].transform("min") if order == "date" else 1
    days = days.assign(
        person=person, weekend=(weekday >= _FRIDAY).astype("float64"), later=(days[order] > first).astype("float64")
    )
    people = _people(days, len(ids))
    people_weights(people)  # says what is wrong with a weight
    return PeopleDays(people, days, knows_weekday=bool(weekday.notna().all()))


def recorded_days(days: pd.DataFrame, nutrient: str) -> RecordedDays:
    """Return the known days of a nutrient; people are numbered by the column `member`."""
    known = days.loc[days[nutrient].notna()]
    intake, weekend, later = (known[name].to_numpy("float64") for name in (nutrient, "weekend", "later"))
    return RecordedDays(intake, weekend, later, known["member"].to_numpy("int64"))


def _check_design(table: pd.DataFrame) -> None:
    here = [name for name in ("stratum", "psu") if name in table.columns]
    if len(here) == 1:
        raise CohortError(
            f"people's days: of stratum and psu only {here[0]} is there. Give both, which together tell how people "
            "were drawn (one number for all where there are no strata), or leave the column out."
        )


def _read_cells(table: pd.DataFrame, nutrients: list[str]) -> pd.DataFrame:
    """Return the table with its numbers as numbers and its dates as dates."""
    import pandas as pd

    names = [name for name in table.columns if name in ("day", "weekday", "weight") or name.startswith(REPLICATE)]
    read = {name: numbers(table, name) for name in (*names, *nutrients)}
    if "date" in table.columns:
        dates = pd.to_datetime(table["date"], errors="coerce", format="ISO8601")
        _refuse(table, "date", dates.isna(), "is no date like 2025-03-31")
        read["date"] = dates
    return table.assign(**read)


def numbers(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as numbers, missing where it is empty.

    Raises
    ------
    CohortError
        If a cell holds something else; the text shows it.
    """
    import pandas as pd

    values = pd.to_numeric(table[name], errors="coerce").astype("float64")
    _refuse(table, name, values.isna(), "is no number")
    return values


def _refuse(table: pd.DataFrame, name: str, unread: pd.Series, what: str) -> None:
    if (wrong := unread & table[name].notna()).any():
        row = table.loc[wrong].iloc[0]
        whose = f" of person {row['person_id']}" if "person_id" in table.columns else ""
        raise CohortError(
            f"column {name}: {str(row[name])!r}{whose} {what}. Correct it; leave empty what is not known."
        )


def _check_intakes(table: pd.DataFrame, nutrients: list[str]) -> None:
    import numpy as np

    for nutrient in nutrients:
        values = table[nutrient].to_numpy("float64")
        wrong = (values < 0) | np.isinf(values)
        if wrong.any():
            person = table.loc[wrong, "person_id"].iloc[0]
            raise CohortError(
                f"{nutrient} of person {person} is {values[wrong][0]:g}. An intake is a number of zero or more; "
                "leave the cell empty where it is not known."
            )


def _weekday(days: pd.DataFrame) -> pd.Series:
    import pandas as pd

    if "weekday" in days.columns:
        weekday: pd.Series = days["weekday"]
        if not weekday.dropna().isin(range(1, 8)).all():
            raise CohortError("column weekday: 1 is Monday, 7 is Sunday; other numbers are there. Correct them.")
        return weekday
    if "date" in days.columns:
        of_dates: pd.Series = (days["date"].dt.day_of_week + 1).astype("float64")
        return of_dates
    return pd.Series(float("nan"), index=days.index)


def _people(days: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return one row a person, after making sure that what belongs to a person is the same on all its days."""
    columns = [name for name in days.columns if name in _OF_PERSON or name.startswith(REPLICATE)]
    people = days[["person_id", *columns]].drop_duplicates(ignore_index=True)
    if len(people) > count:
        person = people.loc[people.duplicated("person_id"), "person_id"].iloc[0]
        raise CohortError(f"person {person}: {listing(columns)} differ from day to day. Each person has one of each.")
    return people
