"""Lose It!: its weekly and daily logs, and the food, exercise and calorie files of its full export."""

from __future__ import annotations

from datetime import date

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.dates import Day, Written, read_days, read_written
from nutridiary.diary.entries import Entry, set_day, set_kind_of_eaten
from nutridiary.diary.grid import Grid, Row
from nutridiary.diary.reading import Options, Reading
from nutridiary.diary.recorded import RecordedColumn, plain_number, recorded_columns, recorded_values
from nutridiary.diary.words import word_list

NAME = "lose-it"
_LOG = ("date", "name", "quantity", "units")
# The log says what a row is as Type or, in the full export, as Meal; energy is in the unit chosen in the app.
_SIGNATURES = tuple(
    (*_LOG, energy, *what) for energy in ("calories", "kilojoules") for what in (("type",), ("meal", "deleted"))
)
_DAYS = ("date", "food cals", "exercise cals", "budget cals")
_DELETED = "deleted in the app: not eaten"


def identify_lose_it(grids: list[Grid]) -> bool:
    """Tell whether a sheet is a log or the daily calories of Lose It!."""
    return any(find_app_table(grid, *_SIGNATURES, _DAYS) for grid in grids)


def read_lose_it(grids: list[Grid], options: Options) -> Reading:
    """Read the logs and daily calories of Lose It!.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading
        Foods, exercise (kind "exercise"), rows deleted in the app (kind "note"), and days' calories (kind "total").
    """
    reading = Reading()
    for grid in grids:
        table = find_app_table(grid, *_SIGNATURES, _DAYS)
        if table is None:
            continue
        reading.left_aside += table.above()
        rows = table.rows()
        days, note = _days(table, rows, options)
        if note and note not in reading.notes:
            reading.notes.append(note)
        columns = recorded_columns(table.headings, NAME)
        for (number, row), day in zip(rows, days, strict=True):
            entry = Entry(grid.source, number, single_food=True)
            set_day(entry, day)
            if "name" in table.places:
                _read_row(entry, table, row, columns)
            else:
                _read_day_of_calories(entry, table, row)
            reading.entries.append(entry.finished())
    return reading


def _days(table: AppTable, rows: list[tuple[int, Row]], options: Options) -> tuple[list[Day], str]:
    """Read the dates, which Lose It! writes month first, unless one of them exists in the other order only."""
    written = [read_written(table.cell(row, "date"), table.grid.epoch) for _, row in rows]
    day_first = options.day_first
    note = ""
    if day_first is None and any(one.open for one in written):
        day_first = any(_only_day_first(one) for one in written)
        note = "" if day_first else "dates read month first, as Lose It! writes them"
    days, decided = read_days(written, table.grid.source.split(":")[0], day_first)
    return days, note or decided


def _only_day_first(written: Written) -> bool:
    if not written.open or written.problem:
        return False
    try:
        date(2024, written.first, written.second)
    except ValueError:
        return True
    return False


def _read_row(entry: Entry, table: AppTable, row: Row, columns: dict[int, RecordedColumn]) -> None:
    entry.food_text = table.text(row, "name") or None
    entry.eating_occasion = table.text(row, "type", "meal") or None
    quantity, units = table.text(row, "quantity"), table.text(row, "units")
    if word_list("yes").get(table.text(row, "deleted").lower(), "no") == "yes":
        entry.kind = "note"
        entry.fail(_DELETED)
    elif word_list("kind").get((entry.eating_occasion or units).lower()) == "exercise" or units.lower() == "minutes":
        entry.kind, entry.single_food = "exercise", False
        entry.eating_occasion = None
        burned = plain_number(table.cell(row, "calories", "kilojoules"))
        unit = "kcal" if "calories" in table.places else "kJ"
        entry.notes.append("" if burned is None else f"{abs(burned):g} {unit} burned, as the app has it")
    else:
        entry.recorded = recorded_values(row, columns)
        set_kind_of_eaten(entry, units)
    set_amount(entry, quantity, units, ".")


def _read_day_of_calories(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind, entry.single_food = "total", False
    eaten = plain_number(table.cell(row, "food cals"))
    if eaten is not None:
        entry.recorded = {"energy": eaten}
    burned = plain_number(table.cell(row, "exercise cals"))
    entry.notes.append("calories of the whole day")
    entry.notes.append("" if burned is None else f"{burned:g} kcal burned, as the app has it")
