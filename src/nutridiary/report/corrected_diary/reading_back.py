"""Whether lines, written in some way, are read back as what they were understood to be.

The reader and the steps that would read the workbook are asked, so nothing here has to know their rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nutridiary.report.corrected_diary.lines import Cells, Line, Row, records
from nutridiary.tables import NOT_EATEN, SUPPLEMENT_DOSES

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
    open_lines = set(range(len(lines)))
    while open_lines:
        cells = [line.ways[way] for line, way in zip(lines, chosen, strict=True)]
        wrong = _read_wrong(lines, cells, wanted, ready)
        # Another line may be read otherwise for what changed in this one: all are looked at each time.
        open_lines = {place for place in wrong if chosen[place] + 1 < len(lines[place].ways)}
        for place in open_lines:
            chosen[place] += 1
    return [line.ways[way] for line, way in zip(lines, chosen, strict=True)]


def columns_of(cells: Sequence[Cells], first: Sequence[str]) -> list[str]:
    """Return the columns that lines fill, `first` before all others."""
    filled = dict.fromkeys(name for row in cells for name, value in row.items() if value is not None)
    return list(dict.fromkeys([*first, *filled]))


def _read_wrong(
    lines: Sequence[Line], cells: Sequence[Cells], wanted: Mapping[Any, Mapping[str, Any]], ready: Prepared
) -> set[int]:
    """Return the places of the lines that would be read as something else."""
    read = _read(cells, ready)
    wrong = set()
    rest = []
    for place, (line, row) in enumerate(zip(lines, records(read), strict=True)):
        if not _is_same_line(line.entry, row):
            wrong.add(place)
        elif line.is_weighed:
            if not _is_same_weight(line.entry, row):
                wrong.add(place)
        elif line.entry["kind"] not in NOT_EATEN:
            rest.append(place)
    return wrong | _counted_otherwise(rest, lines, read, wanted, ready)


def _read(cells: Sequence[Cells], ready: Prepared) -> pd.DataFrame:
    """Return the entries that the reader makes of a sheet with these lines."""
    from nutridiary.diary.grid import Grid
    from nutridiary.diary.overlaps import mark_overlaps
    from nutridiary.diary.reading import Options, entries_table
    from nutridiary.diary.supplement_lines import with_products
    from nutridiary.diary.table import read_table

    columns = columns_of(cells, ())
    rows: list[Sequence[Any]] = [columns, *([row.get(name) for name in columns] for row in cells)]
    entries = entries_table(read_table([Grid(SHEET, SHEET, rows)], Options()).entries)
    return mark_overlaps(with_products(entries, ready.diary.products))


def _is_same_line(entry: Row, row: Row) -> bool:
    return all(entry[name] == row[name] for name in ("kind", "person_id", "date"))


def _is_same_weight(entry: Row, row: Row) -> bool:
    grams = entry["gram_weight"]
    if row["problem"] is not None or row["stated_fdc_id"] != entry["fdc_id"]:
        return False
    # Without its weight the line is weighed again, by the same food and words.
    return row["unit"] != "g" or abs(row["amount"] - grams) <= _AS_EXACT * max(grams, 1.0)


def _counted_otherwise(
    places: Sequence[int],
    lines: Sequence[Line],
    read: pd.DataFrame,
    wanted: Mapping[Any, Mapping[str, Any]],
    ready: Prepared,
) -> set[int]:
    """Return which of the lines that state no weight would come to something else than they did."""
    from nutridiary.analysis.steps import shown_weights, weigh_prepared

    if not places:
        return set()
    diary = replace(ready.diary, entries=read.iloc[list(places)].reset_index(drop=True))
    weighed, doses = weigh_prepared(replace(ready, diary=diary, aliases=None))
    given = _doses_by_line(doses)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in records(shown_weights(weighed, ready.own_foods)):
        found.setdefault(int(row["line"]) - _HEADER - 1, []).append(row)
    wrong = set()
    for place in places:
        entry, now = lines[place].entry, found[place]
        counted = [row for row in now if row["problem"] is None]
        right = bool(counted) == lines[place].is_counted and all(row["kind"] == entry["kind"] for row in now)
        if right and counted:
            right = len(now) == 1 and _is_same_intake(entry, now[0], wanted, given)
        if not right:
            wrong.add(place)
    return wrong


def _is_same_intake(entry: Row, row: Row, wanted: Mapping[Any, Any], given: Mapping[Any, Any]) -> bool:
    """Tell whether a line gives the doses, or the weight of the own food, that it gave."""
    if wanted.get(_key(entry), {}) != given.get(_key(row), {}):
        return False
    grams, now = entry["gram_weight"], row["gram_weight"]
    if entry["kind"] == "supplement" or grams is None:
        return True
    return (
        bool(entry["fdc_id"] == row["fdc_id"]) and now is not None and abs(now - grams) <= _AS_EXACT * max(grams, 1.0)
    )


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
