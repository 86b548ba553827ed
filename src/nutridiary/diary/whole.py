"""The way in: files in, everything a diary says out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from nutridiary.diary.dates import FIRST_YEAR, LAST_YEAR
from nutridiary.diary.day_start import with_day_start
from nutridiary.diary.files import Container, read_containers, read_grids
from nutridiary.diary.found import Found, beside_only, check_table, read_container, why_no_diary
from nutridiary.diary.named_columns import check_columns, check_headings
from nutridiary.diary.not_food_days import without_not_food_days
from nutridiary.diary.overlaps import mark_overlaps
from nutridiary.diary.people import is_people_name, is_people_sheet, people_of
from nutridiary.diary.readers import READERS
from nutridiary.diary.reading import LeftAside, Options, filled_rows
from nutridiary.diary.side_sheets import SIDE_SHEETS
from nutridiary.diary.supplement_lines import with_products
from nutridiary.diary.symptoms import symptoms_in
from nutridiary.errors import DiaryError
from nutridiary.tables import FILES_READ, LEFT_ASIDE, SYMPTOMS, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class ReadingOptions(TypedDict, total=False):
    """What `read_whole` can be told, for functions that hand it on."""

    sheet: str | None
    person_id: str | None
    date: date | str | None
    day_first: bool | None
    format: str | None
    day_starts: str | None
    daily_values: str | None
    columns: Mapping[str, str] | None


@dataclass(frozen=True)
class Diary:
    """Everything the files of a diary say.

    Attributes
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`, with the nutrient values the diary itself carries in ``recorded_`` columns.
    files : pandas.DataFrame
        `tables.FILES_READ`: what each file or sheet was read as, and how many of its rows.
    left_aside : pandas.DataFrame
        `tables.LEFT_ASIDE`: rows that are no line of a diary. Every row that is not blank is here or an entry.
    people : dict of str to Person
        Who ate, from the Person sheets.
    products, recipes, own_foods, symptoms, not_food_days : pandas.DataFrame
        `tables.SUPPLEMENT_PRODUCTS`, `RECIPE_LINES`, `OWN_FOODS`, `SYMPTOMS`, `NOT_FOOD_DAYS`, from the sheets
        beside the diary.
    """

    entries: pd.DataFrame
    files: pd.DataFrame
    left_aside: pd.DataFrame
    people: dict[str, Person]
    products: pd.DataFrame
    recipes: pd.DataFrame
    own_foods: pd.DataFrame
    symptoms: pd.DataFrame
    not_food_days: pd.DataFrame

    @classmethod
    def of(cls, entries: pd.DataFrame, **side: pd.DataFrame | None) -> Diary:
        """Return the diary of entries that are a table already, with the side tables that are given."""
        import pandas as pd

        tables = {"files": FILES_READ, "left_aside": LEFT_ASIDE, **_SIDE_TABLES}
        given = {name: conform(pd.DataFrame() if (t := side.get(name)) is None else t, tables[name]) for name in tables}
        return cls(entries=entries, people={}, **given)


def read_whole(
    paths: Paths,
    *,
    sheet: str | None = None,
    person_id: str | None = None,
    date: date | str | None = None,
    day_first: bool | None = None,
    format: str | None = None,
    day_starts: str | None = None,
    daily_values: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Diary:
    """Read a food diary, of one file or several, with all that stands beside it.

    Parameters
    ----------
    paths : path-like or sequence of path-like
        Workbooks, text tables, web pages, zip archives of an app's export; "-" is standard input. Of files that
        overlap, a line counts once.
    sheet : str, optional
        Read this sheet of a workbook only. Without it every sheet with a food column is read.
    person_id : str, optional
        Who ate, for rows that name nobody.
    date : date or str, optional
        The day (YYYY-MM-DD) of rows without a date and with none above them: needed where the diary has no
        date column. Its year is that of dates written without one.
    day_first : bool, optional
        How to read dates such as 3/4/2026 that the diary itself leaves open.
    format : str, optional
        Read the files as this format of `READERS`, whatever they look like.
    day_starts : str, optional
        HH:MM: what is eaten earlier belongs to the day before.
    daily_values : str, optional
        Edition of the Daily Values that percentages in an export are of.
    columns : mapping of str to str, optional
        Which heading names which column, before the guess: ``{"food": "Description", "meal": "-"}``; "-" says that
        there is none, "column C" names a column by its letter. A file with a heading that is named is read as a
        table, whatever app it looks like; other files are read as ever. The columns are those of
        ``column_names.csv``.

    Returns
    -------
    Diary

    Raises
    ------
    DiaryError
        If a file cannot be read, or none is a food diary.
    PersonError
        If what a Person sheet says contradicts itself.
    """
    options = Options(person_id, _day(date), day_first, daily_values, check_columns(columns))
    found = Found()
    for containers in _files(paths, format, options):
        before = len(found.no_diary)
        for container in containers:
            read_container(container, sheet, format, options, found)
        # Of an archive some members may be no diary; a file that was named must not be passed over.
        if len(containers) == 1 and len(found.no_diary) > before:
            raise DiaryError(why_no_diary(found.no_diary[-1:], found, options))
    if not found.entries and not beside_only(found):
        raise DiaryError(why_no_diary(found.no_diary, found, options))
    if options.columns:
        check_table(found)
    return _diary(found, person_id, day_starts)


def read_diary(path: Paths, **options: Unpack[ReadingOptions]) -> pd.DataFrame:
    """Read the lines of a food diary: a workbook, a text table, an app's export.

    Parameters
    ----------
    path : path-like or sequence of path-like
    **options
        `sheet`, `person_id`, `date`, `day_first`, `format`, `day_starts`, `daily_values`, `columns` as in
        `read_whole`.

    Returns
    -------
    pandas.DataFrame
        `tables.ENTRIES`: one entry per row that is not blank, in the order of the file, rows with a problem
        included. What was assumed about the file as a whole is in the note of its first entry.

    Raises
    ------
    DiaryError
        If the file cannot be read, or is no food diary.
    """
    return read_whole(path, **options).entries


def read_people(path: Paths) -> dict[str, Person]:
    """Read who ate from the Person sheet of a workbook.

    Parameters
    ----------
    path : path-like or sequence of path-like

    Returns
    -------
    dict of str to Person
        By the name used in the diary's Person column; the key "" stands for the person of a diary that names
        nobody. Empty where the file has no Person sheet, or nobody is filled in.

    Raises
    ------
    DiaryError
        If the file cannot be read, or a cell of the Person sheet cannot.
    PersonError
        If what the sheet says contradicts itself.
    """
    people: dict[str, Person] = {}
    for one in [path] if isinstance(path, str | os.PathLike) else path:
        for grid in read_grids(Path(one), is_people_name):
            if is_people_sheet(grid):
                people.update(people_of(grid))
    return people


def _files(paths: Paths, format_name: str | None, options: Options) -> Iterable[list[Container]]:
    """Return the tables of each file, one by one; all at once where headings are to be looked for in them."""
    asked = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    names = names_of_files([Path(path) for path in asked])
    read = (read_containers(Path(path), name=name) for path, name in zip(asked, names, strict=True))
    if not options.columns:
        return read
    if format_name not in (None, READERS[-1].name):
        raise DiaryError(
            f"the columns of format '{format_name}' are fixed, and cannot be named. "
            f"Name no format, or '{READERS[-1].name}', to read the file as a table."
        )
    files = list(read)
    check_headings(options.columns, [grid for containers in files for one in containers for grid in one.grids])
    return files


def names_of_files(paths: Sequence[Path]) -> list[str]:
    """Return what each file is called: two of the same name, in different folders, are not the same file."""
    names: dict[Path, str] = {}
    for path in paths:
        name, number = path.name, 1
        while path.resolve() not in names and name in names.values():
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        names.setdefault(path.resolve(), name)
    return [names[path.resolve()] for path in paths]


def _diary(found: Found, person_id: str | None, day_starts: str | None) -> Diary:
    import pandas as pd

    from nutridiary.tables import ENTRIES

    for name, grids, reason in found.no_diary:
        found.left_aside.append(LeftAside(name, None, "", reason or "nothing is written in it"))
        rows = sum(len(filled_rows(grid)) for grid in grids)
        found.files.append({"source": name, "rows": rows, "entries": 0, "left_aside": rows})
    entries = conform(pd.concat(found.entries, ignore_index=True) if found.entries else pd.DataFrame(), ENTRIES)
    if person_id is not None:
        entries["person_id"] = entries["person_id"].fillna(person_id)
    if day_starts is not None:
        entries = with_day_start(entries, day_starts)
    side = {
        name: conform(pd.concat(found.side[name], ignore_index=True) if name in found.side else pd.DataFrame(), table)
        for name, table in _SIDE_TABLES.items()
    }
    entries = with_products(entries, side["products"])
    side["symptoms"] = conform(pd.concat([side["symptoms"], symptoms_in(entries)], ignore_index=True), SYMPTOMS)
    return Diary(
        entries=mark_overlaps(without_not_food_days(entries, side["not_food_days"])),
        files=conform(pd.DataFrame(found.files), FILES_READ),
        left_aside=conform(pd.DataFrame(found.left_aside, columns=list(LeftAside._fields)), LEFT_ASIDE),
        people=found.people,
        **side,
    )


_SIDE_TABLES = {side.attribute: side.table for side in SIDE_SHEETS}


def _day(value: date | str | None) -> date | None:
    if isinstance(value, str):
        try:
            value = datetime.strptime(value.strip(), "%Y-%m-%d")
        except ValueError:
            raise DiaryError(f"date '{value}' is not a day. Write it as YYYY-MM-DD, for example 2026-03-14.") from None
    day = value.date() if isinstance(value, datetime) else value
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DiaryError(f"date '{day}': the year cannot be right. Give a day from {FIRST_YEAR} to {LAST_YEAR}.")
    return day
