"""Tables one below the other in a sheet, each with its header and the name of the person who ate above it."""

from __future__ import annotations

import re

from nutridiary.diary.columns import column_of
from nutridiary.diary.grid import Grid, Row, cell_text, is_blank
from nutridiary.diary.words import word_list

_NAME = re.compile(
    r"(?:(?:name|person|participant|subject|patient)\s*[:#]\s*)?(?P<name>[^\W\d_][\w.'-]*(?: [\w.'-]+){0,2})", re.I
)
_NO_NAMES = ("meal", "total", "weekday", "month", "kind")


def people_of_blocks(grid: Grid, headers: list[int], *, named: bool) -> dict[int, str]:
    """Return the person of each table of a sheet, by the number of the row that names them.

    Parameters
    ----------
    grid : Grid
    headers : list of int
        Row numbers of the header and of the rows that repeat it.
    named : bool
        Whether a column names the person already.

    Returns
    -------
    dict of int to str
        Empty unless each of several tables has a name of one to three words above it, and not all the same.

    Examples
    --------
    >>> rows = [["Anna"], ["Date", "Food"], ["2025-03-03", "egg"], ["Ben"], ["Date", "Food"], ["2025-03-03", "pie"]]
    >>> people_of_blocks(Grid("d.csv", "d.csv", rows), [2, 5], named=False)
    {1: 'Anna', 4: 'Ben'}
    """
    if named or len(headers) < 2:
        return {}
    people: dict[int, str] = {}
    for header in headers:
        above = next((n for n in range(header - 1, 0, -1) if any(not is_blank(cell) for cell in grid.rows[n - 1])), 0)
        name = _name(grid.rows[above - 1]) if above else ""
        if not name:
            return {}
        people[above] = name
    return people if len(set(people.values())) > 1 else {}


def _name(row: Row) -> str:
    filled = [cell for cell in row if not is_blank(cell)]
    found = _NAME.fullmatch(cell_text(filled[0]).strip(" :")) if len(filled) == 1 else None
    name = found["name"] if found else ""
    words = name.lower().split()
    known = any(word in word_list(kind) for word in [*words, name.lower()] for kind in _NO_NAMES)
    return "" if known or column_of(name) or (words and words[0] in ("week", "day", "woche", "tag")) else name
