"""Whether lines, written in some way, are read back as what they were understood to be.

The reader and the steps that would read the workbook are asked, so nothing here has to know their rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nutridiary.report.corrected_diary.lines import COLUMNS, Cells, Line, Row, records
from nutridiary.tables import SUPPLEMENT_DOSES

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis.steps import Prepared

SHEET = "Diary"
_HEADER = 1
# Of a weight that a sheet holds; a cell is read with ten digits.
_AS_EXACT = 1e-9


def choose_ways(lines: Sequence[Line], doses: pd.DataFrame, ready: Prepared) -> list[Cells]:
    """Return the cells of each line, in the first way in which it is read back right, else in the last.

    Parameters
    ----------
    lines : sequence of Line
    doses : pandas.DataFrame
        `tables.SUPPLEMENT_DOSES` of the diary itself.
    ready : Prepared
        The diary; its own foods and products stand beside the corrected one as well.
    """
    wanted = _doses_by_line(doses)
    chosen = [0] * len(lines)
    right: set[int] = set()
    while True:
        cells = [line.ways[way] for line, way in zip(lines, chosen, strict=True)]
        read = _read(cells, ready)
        # Another line may be read otherwise for what changed in this one, so all are read each time; what a line weighs
        # is its own affair.
        wrong = {place for place, row in enumerate(records(read)) if not _is_same_line(lines[place], row)}
        unsure = [place for place, line in enumerate(lines) if line.is_eaten and place not in wrong | right]
        wrong |= _counted_otherwise(unsure, lines, read, wanted, ready)
        right = (right | set(unsure)) - wrong
        again = [place for place in wrong if chosen[place] + 1 < len(lines[place].ways)]
        if not again:
            return cells
        for place in again:
            chosen[place] += 1


def columns_of(cells: Sequence[Cells]) -> list[str]:
    """Return the columns of a sheet of lines: those of our template, and whatever else they fill."""
    filled = dict.fromkeys(name for row in cells for name, value in row.items() if value is not None)
    return list(dict.fromkeys([*COLUMNS, *filled]))


def _read(cells: Sequence[Cells], ready: Prepared) -> pd.DataFrame:
    """Return the entries that the reader makes of a sheet with these lines."""
    from nutridiary.diary.grid import Grid
    from nutridiary.diary.overlaps import mark_overlaps
    from nutridiary.diary.reading import Options, entries_table
    from nutridiary.diary.supplement_lines import with_products
    from nutridiary.diary.table import read_table

    columns = columns_of(cells)
    rows: list[Sequence[Any]] = [columns, *([row.get(name) for name in columns] for row in cells)]
    entries = entries_table(read_table([Grid(SHEET, SHEET, rows)], Options()).entries)
    return mark_overlaps(with_products(entries, ready.diary.products))


def _is_same_line(line: Line, row: Row) -> bool:
    if line.is_counted and row["problem"] is not None:
        return False
    return _kind(line.entry) == _kind(row) and all(line.entry[name] == row[name] for name in ("person_id", "date"))


def _kind(row: Row) -> str:
    """Return what a line is; water is a food that the reader knows by its name."""
    return "food" if row["kind"] == "water" else str(row["kind"])


def _counted_otherwise(
    places: Sequence[int],
    lines: Sequence[Line],
    read: pd.DataFrame,
    wanted: Mapping[Any, Mapping[str, Any]],
    ready: Prepared,
) -> set[int]:
    """Return which of some lines would come to something else than they did."""
    from nutridiary.analysis.steps import weigh_prepared
    from nutridiary.portions import without_unit_weights

    if not places:
        return set()
    diary = replace(ready.diary, entries=read.iloc[list(places)].reset_index(drop=True))
    weighed, doses = weigh_prepared(replace(ready, diary=diary, aliases=None))
    given = _doses_by_line(doses)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in records(without_unit_weights(weighed, ready.foods)):
        found.setdefault(int(row["line"]) - _HEADER - 1, []).append(row)
    wrong = set()
    for place in places:
        entry, now = lines[place].entry, found[place]
        counted = [row for row in now if row["problem"] is None]
        right = bool(counted) == lines[place].is_counted and all(_kind(row) == _kind(entry) for row in now)
        if right and counted:
            right = len(now) == 1 and _is_same_intake(entry, now[0], wanted, given)
        if not right:
            wrong.add(place)
    return wrong


def _is_same_intake(entry: Row, row: Row, wanted: Mapping[Any, Any], given: Mapping[Any, Any]) -> bool:
    """Tell whether a line gives the doses, or the weight of the food, that it gave."""
    if wanted.get(_key(entry), {}) != given.get(_key(row), {}):
        return False
    grams, now = entry["gram_weight"], row["gram_weight"]
    if entry["kind"] == "supplement" or grams is None:
        return True
    return bool(entry["fdc_id"] == row["fdc_id"]) and abs(now - grams) <= _AS_EXACT * max(grams, 1.0)


def _key(row: Row) -> tuple[Any, ...]:
    return row["source"], row["line"], row["part"]


def _doses_by_line(doses: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    """Return what each supplement gave, nutrient by nutrient, rounded as far as cells are read."""
    names = SUPPLEMENT_DOSES.names
    found: dict[Any, dict[str, Any]] = {}
    for row in records(doses):
        amounts = tuple("" if row[name] is None else f"{row[name]:.9g}" for name in names if name.startswith("amount"))
        found.setdefault(_key(row), {})[row["nutrient"]] = amounts
    return found
