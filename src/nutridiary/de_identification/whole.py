"""All of a diary, without what says whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.barcodes import read_barcode
from nutridiary.de_identification.names import Names
from nutridiary.de_identification.people import without_birth_dates
from nutridiary.de_identification.places import Places
from nutridiary.diary import Diary
from nutridiary.diary.remarks import is_fast
from nutridiary.diary.supplement_lines import TOLD_BY
from nutridiary.tables import (
    ALIASES,
    DAY,
    ENTRIES,
    FILES_READ,
    LEFT_ASIDE,
    NOT_EATEN,
    NOT_FOOD_DAYS,
    OWN_FOODS,
    RECIPE_LINES,
    SUPPLEMENT_PRODUCTS,
    SYMPTOMS,
    TEXT,
    Table,
    conform,
)

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

FIRST_WEEK = dt.date(2001, 1, 1)
"""The Monday of the week that the first day is moved to, of every diary."""

DIARY_TABLES: dict[str, Table] = {
    "entries": ENTRIES,
    "files": FILES_READ,
    "left_aside": LEFT_ASIDE,
    "products": SUPPLEMENT_PRODUCTS,
    "recipes": RECIPE_LINES,
    "own_foods": OWN_FOODS,
    "symptoms": SYMPTOMS,
    "not_food_days": NOT_FOOD_DAYS,
}
"""The tables of a `Diary`."""

# Words of ours, never of the diary.
_OUR_WORDS = {"kind", "nutrient", "total_of", "format", "daily_value_edition"}
# Comments, and how rows begin that are no line: whoever wrote them may have written anything.
_FREE = {"note", "reason", "text"}
# What later steps ask of a note: what made a line a supplement, and that a symptom of the night was moved already.
_NEEDED = (TOLD_BY, "counted on the day before")
_A_FAST = "fasting"
# What of an alias may hold a name.
_SAID = ("said", "brand", "unit", "description", "parts")


@dataclass(frozen=True)
class DeIdentified:
    """A diary without what says whose it is.

    Attributes
    ----------
    diary : Diary
    people : dict of str to Person
        By their new names.
    names : Names
        What each is called now; for texts that come from elsewhere, as aliases do.
    said : dict of str to str
        What was done, and where figures may differ by it, for the settings of a report.
    """

    diary: Diary
    people: dict[str, Person]
    names: Names
    said: dict[str, str]


def de_identify(diary: Diary, people: Mapping[str, Person] | None = None) -> DeIdentified:
    """Return a diary without names of people, files and sheets, without days, clock times and comments.

    Parameters
    ----------
    diary : Diary
    people : mapping of str to Person, optional
        Who ate, by the names the diary uses; those of its Person sheets by default.

    Returns
    -------
    DeIdentified
        The same rows in the same order. People are "Person 1", "Person 2" in the order of the diary; in texts their
        names, and parts of three letters and more, are "Person1". Days move by whole weeks, the first into that of
        1 January 2001, so that weekdays and distances stay. Clock times are full hours. Birth dates are ages.

    Raises
    ------
    PersonError
        If somebody's age cannot be told.

    References
    ----------
    .. [1] 45 CFR 164.514(b)(2): which identifiers of a person a data set must not hold (HIPAA, Safe Harbor).

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import conform
    >>> line = {"source": "anna.csv", "line": 2, "person_id": "Anna", "date": pd.Timestamp(2026, 3, 4),
    ...         "time": "07:43", "food_text": "Anna's soup", "kind": "food", "note": "from mum"}
    >>> safe = de_identify(Diary.of(conform(pd.DataFrame([line]), ENTRIES))).diary.entries
    >>> safe.loc[0, ["source", "person_id", "date", "time", "food_text", "note"]].tolist()
    ['diary 1', 'Person 1', Timestamp('2001-01-03 00:00:00'), '07:00', "Person1's soup", nan]
    """
    described = dict(diary.people if people is None else people)
    tables = {name: getattr(diary, name) for name in DIARY_TABLES}
    names = Names.of([*_column(tables, "person_id", "entries", "symptoms", "not_food_days"), *described, *diary.people])
    places = Places.of(diary.files["source"].dropna(), _column(tables, "source", *DIARY_TABLES))
    moved = _weeks_to_move(tables)
    told, said = without_birth_dates(described, diary.entries[["person_id", "date"]], names)
    clean = {name: _without(frame, DIARY_TABLES[name], names, places, moved) for name, frame in tables.items()}
    clean["entries"] = _without_remarks(clean["entries"], diary.entries)
    texts = diary.entries["food_text"].dropna()
    changed = int((names.clean_column(texts) != texts).sum())
    own, _ = without_birth_dates(diary.people, diary.entries[["person_id", "date"]], names)
    return DeIdentified(Diary(people=own, **clean), told, names, _in_words(changed, said))


def without_names(aliases: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return aliases without names, comments and days, so that they still go for the texts of the diary.

    Parameters
    ----------
    aliases : pandas.DataFrame
        `tables.ALIASES`.
    names : Names
        Of the diary they are used for.

    Returns
    -------
    pandas.DataFrame
        `tables.ALIASES`; their sources are "aliases 1", "aliases 2".
    """
    sources = {source: f"aliases {number}" for number, source in enumerate(aliases["source"].dropna().unique(), 1)}
    clean = {name: names.clean_column(aliases[name]) for name in _SAID}
    source = aliases["source"].map(sources, na_action="ignore")
    return conform(aliases.assign(**clean, source=source, note=None, added_on=None), ALIASES)


def _column(tables: Mapping[str, pd.DataFrame], column: str, *of: str) -> list[str]:
    """Return the different values of a column of several tables, in their order."""
    return [value for name in of for value in tables[name][column].dropna().unique()]


def _weeks_to_move(tables: Mapping[str, pd.DataFrame]) -> dt.timedelta:
    """Return by how much days are moved; nothing where no line has a day."""
    days = [day for name in ("entries", "symptoms", "not_food_days") for day in tables[name]["date"].dropna()]
    if not days:
        return dt.timedelta()
    first: dt.date = min(days).date()
    return FIRST_WEEK - (first - dt.timedelta(days=first.weekday()))


def _without(frame: pd.DataFrame, table: Table, names: Names, places: Places, moved: dt.timedelta) -> pd.DataFrame:
    """Return a table without what says whose it is, column by column."""
    clean: dict[str, pd.Series] = {}
    for column in table.columns:
        values, name = frame[column.name], column.name
        if column.dtype == DAY:
            clean[name] = values + moved
        elif column.dtype != TEXT or name in _OUR_WORDS:
            continue
        elif name == "source":
            clean[name] = values.map(places.new, na_action="ignore")
        elif name == "person_id":
            clean[name] = values.map(names.of_person, na_action="ignore")
        elif name == "barcode":
            # What was eaten, not who ate; anything else in its cell may be anything.
            clean[name] = values.where(values.fillna("").map(lambda text: read_barcode(text).gtin is not None))
        elif name == "time":
            clean[name] = values.str[:2] + ":00"
        elif name == "problem" or (name == "reason" and table is LEFT_ASIDE):
            clean[name] = values.map(lambda text: places.of_message(text, names), na_action="ignore")
        elif name in _FREE:
            clean[name] = values.map(lambda text: _needed(text, names), na_action="ignore")
        else:
            clean[name] = names.clean_column(values)
    return conform(frame.assign(**clean), table)


def _needed(note: str, names: Names) -> str | None:
    """Return what later steps need of a note."""
    return "; ".join(names.cleaned(part) for part in note.split("; ") if part.startswith(_NEEDED)) or None


def _without_remarks(clean: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Return entries without the words of those that are nothing eaten; of a fast, that it was one."""
    remark = entries["kind"].isin(NOT_EATEN)
    fast = entries["food_text"].where(remark).fillna("").map(is_fast).astype("bool")
    return clean.assign(
        food_text=clean["food_text"].mask(remark).mask(fast, _A_FAST),
        written_text=clean["written_text"].mask(remark),
    )


def _in_words(changed: int, people: list[str]) -> dict[str, str]:
    lines = f"{changed} line{'' if changed == 1 else 's'}"
    said = {
        "de-identified": "names of people, files and sheets, days, minutes and comments are taken out",
        "days": "moved by whole weeks: weekdays are the diary's own, dates and seasons are not",
        "clock times": "full hours only; eating occasions of a day are told apart by them",
    }
    if changed:
        said["food texts changed"] = f"{lines}: a name or a day is taken out, and the food is looked for without it"
    if people:
        said["ages"] = "; ".join(people)
    return said
