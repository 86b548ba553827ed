"""What a reader is: whether it knows a file, and what it makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Grid, Row, cell_text, is_blank

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 60


@dataclass(frozen=True)
class Options:
    """What the caller knows that the file does not say; the parameters of `read_diary`.

    `columns` are as `named_columns.check_columns` returns them.
    """

    person_id: str | None = None
    day: date | None = None
    day_first: bool | None = None
    daily_values: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


class LeftAside(NamedTuple):
    """A row that is no line of a diary: `tables.LEFT_ASIDE`. `line` is None where a whole sheet is left aside."""

    source: str
    line: int | None
    text: str
    reason: str


@dataclass
class Reading:
    """What a reader makes of the sheets of one file.

    Attributes
    ----------
    entries : list of Entry
        In the order of the file. The source of an entry is that of its grid, or begins with it and a colon.
    left_aside : list of LeftAside
        Titles, remarks, and sheets that hold no diary. Rows that are in neither list are added to it.
    notes : list of str
        What was assumed about the file as a whole.
    taken : list of (str, int)
        Grid and row of entries whose own source and line are those of another file, where they came from first.
    """

    entries: list[Entry] = field(default_factory=list)
    left_aside: list[LeftAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taken: list[tuple[str, int]] = field(default_factory=list)


class Reader(NamedTuple):
    """A format.

    Attributes
    ----------
    name : str
        What `--format` calls it: "cronometer".
    label : str
        What a person calls it: "Cronometer, servings".
    identify : callable
        Whether the sheets are certainly of this format, from their cells alone.
    read : callable
        Turns the sheets into a `Reading`.
    """

    name: str
    label: str
    identify: Callable[[list[Grid]], bool]
    read: Callable[[list[Grid], Options], Reading]


def row_text(row: Row) -> str:
    """Return how a row begins, for the list of what was left aside.

    Examples
    --------
    >>> row_text([None, "My food diary", "", 2026.0])
    'My food diary, 2026'
    """
    return ", ".join(cell_text(cell) for cell in row if not is_blank(cell))[:_SHOWN]


def filled_rows(grid: Grid) -> list[int]:
    """Return the numbers, from 1, of the rows of a grid that are not blank."""
    return [number for number, row in enumerate(grid.rows, 1) if any(not is_blank(cell) for cell in row)]


def account_for_all(grids: Iterable[Grid], reading: Reading) -> None:
    """Put every row that a reader neither made an entry of nor left aside among those left aside."""
    seen: dict[str, set[int | None]] = {}
    entries = reading.taken or [(entry.source, entry.line) for entry in reading.entries]
    for source, line in [*entries, *((aside.source, aside.line) for aside in reading.left_aside)]:
        seen.setdefault(source, set()).add(line)
    for grid in grids:
        prefix = f"{grid.source}:"
        lines: set[int | None] = set()
        for source, numbers in seen.items():
            if source == grid.source or source.startswith(prefix):
                lines |= numbers
        if None in lines:
            continue
        reading.left_aside += [
            LeftAside(grid.source, number, row_text(grid.rows[number - 1]), "no line of a diary: nothing here was read")
            for number in filled_rows(grid)
            if number not in lines
        ]
    reading.left_aside.sort(key=lambda aside: (aside.source, aside.line or 0))


def entries_table(entries: list[Entry]) -> pd.DataFrame:
    """Return entries as `tables.ENTRIES`, recorded values in columns of their own."""
    import pandas as pd

    from nutridiary.tables import ENTRIES, RECORDED, conform

    names = [item.name for item in fields(Entry) if item.name not in ("notes", "recorded")]
    columns = {name: [getattr(entry, name) for entry in entries] for name in names}
    recorded = dict.fromkeys(name for entry in entries for name in entry.recorded)
    nan = float("nan")
    columns |= {f"{RECORDED}{name}": [entry.recorded.get(name, nan) for entry in entries] for name in recorded}
    return conform(pd.DataFrame(columns, columns=list(columns)), ENTRIES)
