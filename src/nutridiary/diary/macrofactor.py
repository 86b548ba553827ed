"""MacroFactor: its food log, as a text table or in its workbook, and the days' totals beside it."""

from __future__ import annotations

import math

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.amounts import parse_amount
from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.dates import Day, read_clock
from nutridiary.diary.entries import Entry, set_day, set_kind_of_eaten
from nutridiary.diary.grid import Grid, Row, cell_text
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.recorded import plain_number, recorded_columns, recorded_values
from nutridiary.units import factor_to, unit_kind

NAME = "macrofactor"
_LOG = ("date", "food name", "serving size", "serving qty", "serving weight (g)")
_DAYS = ("date", "calories (kcal)", "protein (g)", "carbs (g)", "fat (g)")
_SHEETS_OF_DAYS = ("calories & macros", "micronutrients")
# What a food is made of, nearly to the gram: only the ash is missing.
_PARTS = ("water", "protein", "fat_total", "carbohydrate", "alcohol")
_NEAR = 0.06
"""How far the parts of a food may be from its weight: ash is at most some 5 % of foods, and values are rounded."""


def identify_macrofactor(grids: list[Grid]) -> bool:
    """Tell whether a sheet is MacroFactor's food log, or the sheets are those of its workbook."""
    names = {grid.name.strip().lower() for grid in grids}
    return any(find_app_table(grid, _LOG) for grid in grids) or names.issuperset(_SHEETS_OF_DAYS)


def read_macrofactor(grids: list[Grid], options: Options) -> Reading:
    """Read the food log and the days' totals of MacroFactor.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading
        Foods; of a workbook also the totals of each day (kind "total"), calories and micronutrients together. Its
        other sheets (weights of the body, targets, workouts) are left aside.

    Raises
    ------
    DiaryError
        If nothing decides the order of day and month.
    """
    reading = Reading()
    totals: dict[Day, Entry] = {}
    for grid in grids:
        log = find_app_table(grid, _LOG)
        days = find_app_table(grid, _DAYS, ("date",)) if grid.name.strip().lower() in _SHEETS_OF_DAYS else None
        if log is not None:
            _read_log(log, options, reading)
        elif days is not None:
            _read_days_totals(days, options, reading, totals)
        else:
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "a sheet of MacroFactor without foods"))
    for entry in reading.entries:
        entry.finished()
    return reading


def _read_log(table: AppTable, options: Options, reading: Reading) -> None:
    rows = table.rows()
    days, note = table.days("date", rows, options.day_first)
    columns = recorded_columns(table.headings, NAME)
    values = [recorded_values(row, columns) for _, row in rows]
    of_all, why = _weight_is_of_all(table, rows, values)
    reading.left_aside += table.above()
    reading.notes += [text for text in (note, why) if text]
    for (number, row), day, recorded in zip(rows, days, values, strict=True):
        entry = Entry(table.grid.source, number, single_food=True, recorded=recorded)
        set_day(entry, day)
        clock = read_clock(table.cell(row, "time"))
        entry.time = clock or entry.time
        entry.notes.append(f'time "{table.text(row, "time")[:40]}" not read' if clock is None else "")
        entry.food_text = table.text(row, "food name") or None
        entry.brand = table.text(row, "brand", "brand name") or None
        entry.eating_occasion = table.text(row, "meal") or None
        set_kind_of_eaten(entry, table.text(row, "serving size"))
        _set_amount(entry, table, row, of_all)
        reading.entries.append(entry)


def _set_amount(entry: Entry, table: AppTable, row: Row, of_all: bool) -> None:
    """Take the weight where the row has one: what a serving weighs, the app knows better than a table of portions."""
    size, count = table.text(row, "serving size"), plain_number(table.cell(row, "serving qty"))
    weight = plain_number(table.cell(row, "serving weight (g)"))
    if not weight or count is None:
        set_amount(entry, table.text(row, "serving qty"), size, ".")
        return
    grams = weight if of_all else weight * count
    set_amount(entry, f"{grams:.10g}", "g", ".")
    said = f"{count:g} {size}".strip()
    entry.amount_text = f"{said} of {weight:g} g" if not of_all and count != 1 else f"{said} ({weight:g} g)"


def _weight_is_of_all(table: AppTable, rows: list[tuple[int, Row]], values: list[dict[str, float]]) -> tuple[bool, str]:
    """Tell whether the weights are of all servings or of one, by the rows that show it.

    A row shows it where its serving is a weight itself ("g", "oz", "1 slice (30 g)"), or where water, protein,
    fat, carbohydrate and alcohol add up to one of the two, or to more than the smaller of them can hold.
    """
    votes = {True: 0, False: 0}
    open_rows = 0
    for (_, row), recorded in zip(rows, values, strict=True):
        count = plain_number(table.cell(row, "serving qty")) or math.nan
        weight = plain_number(table.cell(row, "serving weight (g)")) or math.nan
        if not (weight > 0 and count > 0 and abs(count - 1) > 2 * _NEAR):
            continue
        vote = _vote(table.text(row, "serving size"), count, weight, recorded)
        if vote is None:
            open_rows += 1
        else:
            votes[vote] += 1
    shown = votes[True] + votes[False]
    if not shown:
        assumed = "the serving weight is taken for that of one serving: no row of the file shows which"
        return False, assumed if open_rows else ""
    of_all = votes[True] > votes[False]
    said = "all servings of a row" if of_all else "one serving"
    against = f", {votes[not of_all]} against it" if votes[not of_all] else ""
    return of_all, f"the serving weight is that of {said}: so {votes[of_all]} rows show{against}"


def _vote(size: str, count: float, weight: float, recorded: dict[str, float]) -> bool | None:
    """Return whether a row shows its weight to be of all servings (True), of one (False), or neither."""
    one = _grams_of_one(size)
    if one is not None:
        by_size = {of_all: abs(weight - of) <= _NEAR * of for of_all, of in ((True, one * count), (False, one))}
        return None if by_size[True] == by_size[False] else by_size[True]
    parts = [recorded.get(part) for part in _PARTS]
    held = sum(part for part in parts if part is not None)
    total = {True: weight, False: weight * count}
    if held > min(total.values()) * (1 + _NEAR) + 1:
        return total[True] > total[False]
    if recorded.get("water") is None or any(part is None for part in parts[:4]):
        return None
    near = {of_all: abs(held - grams) <= _NEAR * grams for of_all, grams in total.items()}
    return None if near[True] == near[False] else near[True]


def _grams_of_one(size: str) -> float | None:
    """Return what one serving weighs, where its text says so.

    Examples
    --------
    >>> _grams_of_one("g"), _grams_of_one("100 g"), _grams_of_one("1 slice (30 g)"), _grams_of_one("cup")
    (1.0, 100.0, 30.0, None)
    """
    parsed = parse_amount(size if size[:1].isdigit() else f"1 {size}", decimal=".")
    return parsed.amount * factor_to("g", parsed.unit) if parsed.unit and unit_kind(parsed.unit) == "mass" else None


def _read_days_totals(table: AppTable, options: Options, reading: Reading, totals: dict[Day, Entry]) -> None:
    """Read the totals of days; what a second sheet says of the same day joins the first."""
    rows = table.rows()
    days, note = table.days("date", rows, options.day_first)
    reading.notes += [note] if note and note not in reading.notes else []
    reading.left_aside += table.above()
    columns = recorded_columns(table.headings, NAME)
    for (number, row), day in zip(rows, days, strict=True):
        recorded = recorded_values(row, columns)
        known = totals.get(day) if day.day else None
        if known is not None and known.source != table.grid.source:
            known.recorded = {**recorded, **known.recorded}
            aside = f"joined to the totals of the day in {known.source}, row {known.line}"
            reading.left_aside.append(LeftAside(table.grid.source, number, row_text(row), aside))
            continue
        entry = Entry(table.grid.source, number, kind="total", recorded=recorded)
        set_day(entry, day)
        entry.notes.append(f"totals of the day, sheet {cell_text(table.grid.name)}")
        totals[day] = entry
        reading.entries.append(entry)
