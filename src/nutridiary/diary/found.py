"""From the tables of a file to what was found in it: lines of a diary, sheets beside it, rows left aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nutridiary.diary.crossed_out import mark_crossed_out
from nutridiary.diary.files import Container
from nutridiary.diary.grid import Grid
from nutridiary.diary.named_columns import stands_in
from nutridiary.diary.people import is_people_sheet, people_lines, people_of
from nutridiary.diary.person_columns import has_person_columns, read_person_columns
from nutridiary.diary.readers import READERS, read_as, reader_of
from nutridiary.diary.reading import LeftAside, Options, Reading, account_for_all, entries_table, filled_rows, row_text
from nutridiary.diary.side_sheets import side_sheet_of, unread_side_sheets
from nutridiary.errors import DiaryError, listing

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person


@dataclass
class Found:
    """What has been read of the files of a diary so far."""

    entries: list[pd.DataFrame] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    left_aside: list[LeftAside] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    side: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    no_diary: list[tuple[str, list[Grid], str]] = field(default_factory=list)


def read_container(
    container: Container, sheet: str | None, format_name: str | None, options: Options, found: Found
) -> None:
    """Read one file, or one member of an archive, into what was found.

    Raises
    ------
    DiaryError
        If it is a diary that cannot be read, or has no sheet of that name.
    """
    if container.problem:
        found.left_aside.append(LeftAside(container.name, None, "", container.problem))
        found.files.append({"source": container.name, "left_aside": 0, "rows": 0, "entries": 0})
        return
    named = [grid.source for grid in container.grids if stands_in(options.columns, grid)] if options.columns else []
    # A sheet that is alone is what its columns are named for, whatever it looks like.
    alone = len(container.grids) == 1 and named
    grids = container.grids if alone else _without_side_sheets(container.grids, found)
    if sheet is not None:
        grids = _only(grids, sheet, container.name)
    of_people = [] if format_name or named else [grid for grid in grids if has_person_columns(grid, found.people)]
    for grid in of_people:
        _take(read_person_columns(grid, found.people, options), [grid], "table", found)
    grids = [grid for grid in grids if grid not in of_people]
    if sheet is None and format_name is None:
        grids = _without_unread(grids, found, diaries=[*named, *(grid.source for grid in of_people)])
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
    reader = reader_of(grids, container.name, format_name, options.columns)
    if reader is None and of_people:
        aside = [LeftAside(grid.source, None, grid.name, "no column for the food in this sheet") for grid in grids]
        _take(Reading(left_aside=aside), grids, "table", found)
        return
    if reader is None:
        found.no_diary.append((container.name, grids, "no column for the food, and no format that is known"))
        return
    _take(read_as(reader, grids, options, beside_a_diary=bool(of_people)), grids, reader.name, found)


def _take(reading: Reading, grids: list[Grid], format_name: str, found: Found) -> None:
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


def _without_side_sheets(grids: Sequence[Grid], found: Found) -> list[Grid]:
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


def _without_unread(grids: list[Grid], found: Found, *, diaries: Collection[str]) -> list[Grid]:
    """Leave aside the sheets that seem to stand beside a diary and cannot be read; return the others.

    Of the sheets in `diaries` it is known that they are one.
    """
    unknown = [grid for grid in grids if grid.source not in diaries]
    why = unread_side_sheets(unknown, beside_a_diary=bool(diaries))
    for source, reason in why.items():
        rows = next([(n, grid.rows[n - 1]) for n in filled_rows(grid)] for grid in grids if grid.source == source)
        found.left_aside += [LeftAside(source, number, row_text(row), reason) for number, row in rows]
        found.files.append({"source": source, "rows": len(rows), "entries": 0, "left_aside": len(rows)})
    return [grid for grid in grids if grid.source not in why]


def _account_for_side_sheet(grid: Grid, what: str, read: set[int], found: Found, note: str = "") -> None:
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


def beside_only(found: Found) -> bool:
    """Tell whether something was read although no line of a diary was."""
    return bool(found.side) and not found.no_diary


def why_no_diary(files: list[tuple[str, list[Grid], str]], found: Found, options: Options) -> str:
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


def check_table(found: Found) -> None:
    """Refuse columns that were named where nothing was read that they could be columns of."""
    formats = [row.get("format") for row in found.files]
    if READERS[-1].name not in formats:
        app = listing(dict.fromkeys(str(name) for name in formats if name))
        raise DiaryError(
            f"the columns of format '{app}' are fixed, and cannot be left out. "
            f"To read the file as a table with the columns that are named, give the format '{READERS[-1].name}'."
        )
