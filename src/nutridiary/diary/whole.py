"""The way in: files in, everything a diary says out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from nutridiary.diary.crossed_out import mark_crossed_out
from nutridiary.diary.day_start import with_day_start
from nutridiary.diary.files import Container, read_containers, read_grids
from nutridiary.diary.grid import Grid
from nutridiary.diary.not_food_days import without_not_food_days
from nutridiary.diary.overlaps import mark_overlaps
from nutridiary.diary.people import is_people_name, is_people_sheet, people_lines, people_of
from nutridiary.diary.person_columns import has_person_columns, read_person_columns
from nutridiary.diary.readers import read_as, reader_of
from nutridiary.diary.reading import LeftAside, Options, Reading, account_for_all, entries_table, filled_rows, row_text
from nutridiary.diary.side_sheets import SIDE_SHEETS, side_sheet_of, unread_side_sheets
from nutridiary.diary.supplement_lines import with_products
from nutridiary.diary.symptoms import symptoms_in
from nutridiary.errors import DiaryError, listing
from nutridiary.tables import (
    FILES_READ,
    LEFT_ASIDE,
    SYMPTOMS,
    conform,
)

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


@dataclass
class _Found:
    """What has been read so far."""

    entries: list[pd.DataFrame] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    left_aside: list[LeftAside] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    side: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    no_diary: list[tuple[str, list[Grid], str]] = field(default_factory=list)


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
    asked = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    options = Options(person_id, _day(date), day_first, daily_values)
    found = _Found()
    for path, name in zip(asked, _names([Path(path) for path in asked]), strict=True):
        containers = read_containers(Path(path), name=name)
        before = len(found.no_diary)
        for container in containers:
            _read_container(container, sheet, format, options, found)
        # Of an archive some members may be no diary; a file that was named must not be passed over.
        if len(containers) == 1 and len(found.no_diary) > before:
            raise DiaryError(_no_diary(found.no_diary[-1:], found, options))
    if not found.entries and not _beside_only(found):
        raise DiaryError(_no_diary(found.no_diary, found, options))
    return _diary(found, person_id, day_starts)


def read_diary(path: Paths, **options: Unpack[ReadingOptions]) -> pd.DataFrame:
    """Read the lines of a food diary: a workbook, a text table, an app's export.

    Parameters
    ----------
    path : path-like or sequence of path-like
    **options
        `sheet`, `person_id`, `date`, `day_first`, `format`, `day_starts`, `daily_values` as in `read_whole`.

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


def _names(paths: Sequence[Path]) -> list[str]:
    """Return what each file is called: two of the same name, in different folders, are not the same file."""
    names: dict[Path, str] = {}
    for path in paths:
        name, number = path.name, 1
        while path.resolve() not in names and name in names.values():
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        names.setdefault(path.resolve(), name)
    return [names[path.resolve()] for path in paths]


def _read_container(
    container: Container, sheet: str | None, format_name: str | None, options: Options, found: _Found
) -> None:
    """Read one file, or one member of an archive, into what was found."""
    if container.problem:
        found.left_aside.append(LeftAside(container.name, None, "", container.problem))
        found.files.append({"source": container.name, "left_aside": 0, "rows": 0, "entries": 0})
        return
    grids = _without_side_sheets(container.grids, found)
    if sheet is not None:
        grids = _only(grids, sheet, container.name)
    of_people = [] if format_name else [grid for grid in grids if has_person_columns(grid, found.people)]
    for grid in of_people:
        _take(read_person_columns(grid, found.people, options), [grid], "table", found)
    grids = [grid for grid in grids if grid not in of_people]
    if sheet is None and format_name is None:
        grids = _without_unread(grids, found, beside_a_diary=bool(of_people))
    if not any(filled_rows(grid) for grid in grids):
        if of_people:
            pass
        elif len(grids) == len(container.grids):
            found.no_diary.append((container.name, grids, ""))
        else:
            found.left_aside.append(
                LeftAside(container.name, None, "", "no line of a food, only sheets beside a diary")
            )
        return
    reader = reader_of(grids, container.name, format_name)
    if reader is None and of_people:
        aside = [LeftAside(grid.source, None, grid.name, "no column for the food in this sheet") for grid in grids]
        _take(Reading(left_aside=aside), grids, "table", found)
        return
    if reader is None:
        found.no_diary.append((container.name, grids, "no column for the food, and no format that is known"))
        return
    _take(read_as(reader, grids, options, beside_a_diary=bool(of_people)), grids, reader.name, found)


def _take(reading: Reading, grids: list[Grid], format_name: str, found: _Found) -> None:
    """Take what a reader made of sheets, and account for every row of them."""
    if not reading.taken:
        mark_crossed_out(grids, reading.entries)
    account_for_all(grids, reading)
    found.left_aside += reading.left_aside
    found.files += [_file_row(grid, format_name, reading) for grid in grids]
    if reading.entries:
        first = reading.entries[0]
        first.note = "; ".join(note for note in (first.note, *reading.notes) if note) or None
        found.entries.append(entries_table(reading.entries))


def _without_side_sheets(grids: Sequence[Grid], found: _Found) -> list[Grid]:
    """Read the sheets that stand beside a diary; return the others."""
    others = []
    for grid in grids:
        side = side_sheet_of(grid)
        if is_people_sheet(grid):
            found.people.update(people_of(grid))
            _account_for_side_sheet(grid, "person", people_lines(grid), found)
        elif side is not None:
            table = side.read(grid)
            found.side.setdefault(side.attribute, []).append(table)
            _account_for_side_sheet(grid, side.attribute, set(table["line"].dropna()), found, side.note(grid))
        else:
            others.append(grid)
    return others


def _without_unread(grids: list[Grid], found: _Found, *, beside_a_diary: bool) -> list[Grid]:
    """Leave aside the sheets that seem to stand beside a diary and cannot be read; return the others."""
    why = unread_side_sheets(grids, beside_a_diary=beside_a_diary)
    for source, reason in why.items():
        rows = next([(n, grid.rows[n - 1]) for n in filled_rows(grid)] for grid in grids if grid.source == source)
        found.left_aside += [LeftAside(source, number, row_text(row), reason) for number, row in rows]
        found.files.append({"source": source, "rows": len(rows), "entries": 0, "left_aside": len(rows)})
    return [grid for grid in grids if grid.source not in why]


def _account_for_side_sheet(grid: Grid, what: str, read: set[int], found: _Found, note: str = "") -> None:
    """Say which rows of a sheet beside the diary were read, and leave aside the others."""
    rows = filled_rows(grid)
    first = min(read, default=len(grid.rows) + 1)
    for number in rows:
        if number not in read:
            why = "the header, or above it" if number < first else "nothing in this row was read"
            found.left_aside.append(LeftAside(grid.source, number, row_text(grid.rows[number - 1]), why))
    counts = {"rows": len(rows), "entries": len(read), "left_aside": len(rows) - len(read.intersection(rows))}
    found.files.append({"source": grid.source, "format": what, **counts, "note": note or None})


def _only(grids: list[Grid], sheet: str, file: str) -> list[Grid]:
    chosen = [grid for grid in grids if grid.name == sheet] or [
        grid for grid in grids if grid.name.strip().casefold() == sheet.strip().casefold()
    ]
    if not chosen:
        names = listing(f"'{grid.name}'" for grid in grids)
        raise DiaryError(f"{file}: no sheet named '{sheet}'. Found: {names or 'none that could hold a diary'}.")
    return chosen


def _file_row(grid: Grid, format_name: str, reading: Reading) -> dict[str, Any]:
    sources = [source for source, _ in reading.taken] or [entry.source for entry in reading.entries]
    of_grid = [source for source in sources if source == grid.source or source.startswith(f"{grid.source}:")]
    aside = [a for a in reading.left_aside if a.source == grid.source or a.source.startswith(f"{grid.source}:")]
    return {
        "source": grid.source,
        "format": format_name,
        "rows": len(filled_rows(grid)),
        "entries": len(of_grid),
        "left_aside": len(aside),
        "note": "; ".join(reading.notes) or None,
    }


def _beside_only(found: _Found) -> bool:
    """Tell whether something was read although no line of a diary was."""
    return bool(found.side) and not found.no_diary


def _no_diary(files: list[tuple[str, list[Grid], str]], found: _Found, options: Options) -> str:
    """Return why none of the files is a diary, in the words of the general reader for the first of them."""
    name, grids, _ = files[0] if files else ("", [], "")
    if not grids:
        why = "; ".join(f"{aside.source}: {aside.reason}" for aside in found.left_aside[:3] if aside.line is None)
        read = listing(row["source"] for row in found.files)
        if not why and any(row.get("format") and row["rows"] for row in found.files):
            return f"{read}: a header, and no line of a diary below it."
        return why or f"{name or read}: no sheet or table in it that could hold a diary."
    try:
        read_as(None, grids, options)
    except DiaryError as error:
        return str(error)
    return f"{name}: no food diary."


def _diary(found: _Found, person_id: str | None, day_starts: str | None) -> Diary:
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
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return value
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise DiaryError(f"date '{value}' is not a day. Write it as YYYY-MM-DD, for example 2026-03-14.") from None
