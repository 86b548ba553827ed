"""Entries as nutridiary itself writes them (`nutridiary entries --csv`, or the table ENTRIES): read back as they were.

Each entry keeps the file and row it first came from. A table that was matched and weighed already is matched and
weighed anew: of its remarks only those stay that say why a line is nothing eaten.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Cell, Grid, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.errors import DiaryError
from nutridiary.tables import ENTRIES, MATCHED, NOT_EATEN, RECORDED, WEIGHED

# What no other table has side by side.
_CERTAIN = {"source", "line", "person_id", "date", "eating_occasion", "food_text", "amount", "unit", "kind", "problem"}
_FIELDS = {item.name for item in fields(Entry)}
_PLACE = re.compile(r"(\d+)(?:\.(\d+))?")
HOW_MUCH = "how much "
"""How the problem of a part begins whose amount the line does not tell: only telling the parts apart can find it."""
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def identify_own_entries(grids: list[Grid]) -> bool:
    """Tell whether a sheet begins with the columns of a table of entries."""
    return any(_header(grid) is not None for grid in grids)


def _header(grid: Grid) -> list[str] | None:
    names = [cell_text(cell) for cell in grid.rows[0]] if grid.rows else []
    return names if set(names) >= _CERTAIN else None


def read_own_entries(grids: list[Grid], options: Options) -> Reading:
    """Read entries that nutridiary wrote.

    Parameters
    ----------
    grids : list of Grid
    options : Options
        Nothing of it is needed: such a table says everything.

    Returns
    -------
    Reading

    Raises
    ------
    DiaryError
        If a cell holds what the table cannot hold; the message names the cell.
    """
    reading = Reading()
    for grid in grids:
        names = _header(grid)
        if names is None:
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no table of entries"))
            continue
        matched = bool(set(names) & (set(MATCHED.names) - set(ENTRIES.names)))
        reading.left_aside.append(LeftAside(grid.source, 1, row_text(grid.rows[0]), "the header"))
        unused = [n for n in names if n and n not in WEIGHED.names and not n.startswith(RECORDED)]
        if unused:
            reading.notes.append(f"columns not used: {', '.join(unused[:10])}")
        for number, row in enumerate(grid.rows[1:], 2):
            if all(is_blank(cell) for cell in row):
                continue
            cells = {name: cell for name, cell in zip(names, row, strict=False) if not is_blank(cell)}
            reading.entries.append(_entry(cells, f"{grid.source}:{number}", matched=matched))
            reading.taken.append((grid.source, number))
    return reading


def _entry(cells: dict[str, Cell], where: str, *, matched: bool) -> Entry:
    values: dict[str, Any] = {}
    recorded: dict[str, float] = {}
    for name, cell in cells.items():
        if name.startswith(RECORDED):
            recorded[name.removeprefix(RECORDED)] = _read(float, cell, name, where)
        elif name in _FIELDS and name not in ("line", "notes", "recorded"):
            values[name] = _read(_TYPES.get(name, _text), cell, name, where)
    line, part = _read(_line, cells.get("line"), "line", where)
    if part is not None:
        values["part"] = part
    if "source" not in values or values.get("kind") is None:
        raise DiaryError(f"{where}: a table of entries needs the source and kind of each row.")
    entry = Entry(line=line, recorded=recorded, **values)
    if matched:
        # Matching and weighing will say it again; why a line is nothing eaten, or has no day, they cannot know.
        entry.note = None
        stays = entry.kind in NOT_EATEN or entry.date is None or _is_unmeasured_part(entry)
        entry.problem = entry.problem if stays else None
    return entry


def _is_unmeasured_part(entry: Entry) -> bool:
    """Tell a part whose amount nobody knows, as milk in coffee; an amount written since settles it."""
    asks = entry.problem is not None and entry.problem.startswith(HOW_MUCH)
    return asks and entry.part is not None and math.isnan(entry.amount)


def _read(how: Callable[[Any], Any], cell: Cell, name: str, where: str) -> Any:
    try:
        return how(cell)
    except (TypeError, ValueError, OverflowError):
        raise DiaryError(
            f'{where}: "{cell_text(cell)[:40]}" cannot stand under {name} in a table of entries.'
        ) from None


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_text(cell)


def _line(cell: Cell) -> tuple[int, int | None]:
    """Return row and part of "14" or "14.2"."""
    found = _PLACE.fullmatch(cell_text(cell))
    if found is None:
        raise ValueError
    return int(found[1]), int(found[2]) if found[2] else None


def _day(cell: Cell) -> date:
    return date.fromisoformat(cell_text(cell)[:10])


def _whole(cell: Cell) -> int:
    number = float(cell_text(cell))
    if number != int(number):
        raise ValueError
    return int(number)


_TYPES: dict[str, Callable[[Any], Any]] = {
    "date": _day,
    "amount": float,
    "amount_low": float,
    "amount_high": float,
    "line_weight": float,
    "part": _whole,
    "stated_fdc_id": _whole,
    "stated_food_code": _whole,
    "single_food": lambda cell: _YES[cell_text(cell).lower()],
}
