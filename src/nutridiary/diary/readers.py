"""Which reader a file belongs to, and the way in: `read_diary` and `read_people`.

A format joins by one more line in `READERS`. What a file is, its content decides: every reader says how many
of its own marks it sees in the cells (0: not mine), the highest claim reads the file, and two equal claims
are an error that names both. The file's name and ending decide nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.diary.files import read_grids
from nutridiary.diary.grid import Grid
from nutridiary.diary.people import is_people_name, is_people_sheet, people_of
from nutridiary.diary.table import Options, identify_table, read_table
from nutridiary.errors import DiaryError, listing

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person


class Reader(NamedTuple):
    """A family of formats: its name, how sure it is of a file, and how it reads one."""

    name: str
    identify: Callable[[list[Grid]], int]
    read: Callable[[list[Grid], Options], pd.DataFrame]


READERS = (Reader("a table of foods", identify_table, read_table),)


def read_diary(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    person_id: str | None = None,
    date: date | str | None = None,
    day_first: bool | None = None,
) -> pd.DataFrame:
    """Read a food diary: a workbook (.xlsx, .xlsm) or a text table (.csv, .tsv).

    Parameters
    ----------
    path : str or path-like
    sheet : str, optional
        Read this sheet of a workbook only. Without it every sheet with a food column is read.
    person_id : str, optional
        Who ate, for rows that name nobody.
    date : date or str, optional
        The day (YYYY-MM-DD) of rows without a date and with none above them: needed where the diary has no
        date column. Its year is that of dates written without one.
    day_first : bool, optional
        How to read dates such as 3/4/2026 that the diary itself leaves open.

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
    file = Path(path)
    grids = [grid for grid in read_grids(file) if not is_people_sheet(grid)]
    if sheet is not None:
        grids = _only(grids, sheet, file)
    if not grids:
        raise DiaryError(f"{file.name}: the workbook has no sheet that could hold a diary.")
    return _reader_for(grids, file).read(grids, Options(person_id, _day(date), day_first))


def read_people(path: str | os.PathLike[str]) -> dict[str, Person]:
    """Read who ate from the Person sheet of a workbook.

    Parameters
    ----------
    path : str or path-like

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
    for grid in read_grids(Path(path), is_people_name):
        if is_people_sheet(grid):
            people.update(people_of(grid))
    return people


def _only(grids: list[Grid], sheet: str, path: Path) -> list[Grid]:
    chosen = [grid for grid in grids if grid.name == sheet] or [
        grid for grid in grids if grid.name.strip().casefold() == sheet.strip().casefold()
    ]
    if not chosen:
        names = listing(f"'{grid.name}'" for grid in grids)
        raise DiaryError(f"{path.name}: no sheet named '{sheet}'. Found: {names or 'none that could hold a diary'}.")
    return chosen


def _day(value: date | str | None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return value
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise DiaryError(f"date '{value}' is not a day. Write it as YYYY-MM-DD, for example 2026-03-14.") from None


def _reader_for(grids: list[Grid], path: Path) -> Reader:
    claims = [(reader.identify(grids), reader) for reader in READERS]
    highest = max(claim for claim, _ in claims)
    claimants = [reader for claim, reader in claims if claim == highest]
    if highest and len(claimants) > 1:
        raise DiaryError(f"{path.name}: can be read as {' and as '.join(reader.name for reader in claimants)}.")
    # Where nobody claims the file, the general reader says what it looked for and what it found.
    return claimants[0] if highest else READERS[0]
