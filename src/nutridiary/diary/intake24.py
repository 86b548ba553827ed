"""Intake24, the online 24-hour recall of Newcastle University: its export of one food a row.

A survey may rename the headings; those of both generations of the system are known, and so are the names of
its fields themselves. Foods are coded by a list of Intake24's own, never by FNDDS.
"""

from __future__ import annotations

import re

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.dates import read_clock, read_days, read_written
from nutridiary.diary.entries import Entry, set_day, set_kind_of_eaten
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading
from nutridiary.diary.recorded import RecordedColumn, recorded_columns, recorded_values
from nutridiary.diary.survey_values import set_grams
from nutridiary.errors import listing

NAME = "intake24"
_PERSON = ("user id", "userid", "survey alias / username", "user alias", "username")
_MEAL = ("meal name", "mealname")
_CLOCK = ("meal time", "mealtime")
_FOOD = ("name (en)", "description (en)", "food name (english)", "englishname")
_LOCAL_FOOD = ("name (local)", "description (local)", "food name (local)", "localname")
_SEARCH = ("search term", "searchterm")
_CODE = ("food code", "intake24 food code", "code")
_BRAND = ("brand", "food brand", "missing brand", "missingbrand")
_WEIGHT = ("portion weight", "portion weight (g)", "portion size (g/ml)", "portionweight")
_MISSING = ("missing food name", "missing name", "missingname")
_MISSING_TEXT = ("missing food description", "missing description", "missingdescription")
_MISSING_AMOUNT = ("missing food portion size", "missing portion size", "missingportionsize")
_MISSING_LEFT = ("missing food leftovers", "missing leftovers", "missingleftovers")
_REASONABLE = ("reasonable amount", "reasonableamount")
_GROUP = ("food group (en)", "food group name (english)", "foodgroupenglishname")
# The day eaten, where the export tells it; else the day of the recall, which mostly asks about the day before.
_DAY = ("recall date", "recalldate")
_DAY_OF_RECALL = (
    *("start datetime", "start time", "starttime", "end datetime", "end time", "endtime"),
    *("submission datetime", "submission time", "submissiontime"),
)
_READ = (_PERSON, _MEAL, _CLOCK, _FOOD, _LOCAL_FOOD, _SEARCH, _CODE, _BRAND, _WEIGHT, _MISSING, _MISSING_TEXT,
         _MISSING_AMOUNT, _MISSING_LEFT, _REASONABLE, _GROUP, _DAY, _DAY_OF_RECALL)  # fmt: skip
_SIGNATURES = (
    ("intake24 food code",),
    ("survey id", "search term"),
    ("submission id", "search term"),
    ("submission id", "nutrient table code"),
    ("nutrient table code", "portion weight"),
    ("submissionid", "nutrienttablecode"),
    ("searchterm", "nutrienttablecode"),
)
_ONE_DIGIT_MINUTE = re.compile(r"(\d{1,2}):(\d)")
_UNKNOWN = ("", "n/a", "na", "null", "undefined")
_NOTHING = ("none", "no", "nothing", "0")
_ON_RECALL_DAY = (
    "the export tells when the recall was made (in universal time), not the day it asks about, which mostly is the "
    "day before: the days are those of the recalls"
)


def identify_intake24(grids: list[Grid]) -> bool:
    """Tell whether a sheet is an export of Intake24."""
    return any(_table(grid) is not None for grid in grids)


def read_intake24(grids: list[Grid], options: Options) -> Reading:
    """Read the foods of an export of Intake24, and those its list did not have, as they were described.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading

    Raises
    ------
    DiaryError
        If nothing decides the order of day and month.
    """
    reading = Reading()
    for grid in grids:
        table = _table(grid)
        if table is None:
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no export of Intake24 in this sheet"))
            continue
        reading.left_aside += table.above()
        columns = recorded_columns(_headings_of_values(table), NAME)
        reading.entries += _entries(table, columns, options, reading.notes)
        reading.notes += _notes(table, columns)
    reading.notes = list(dict.fromkeys(note for note in reading.notes if note))
    return reading


def _table(grid: Grid) -> AppTable | None:
    return find_app_table(grid, *_SIGNATURES)


def _headings_of_values(table: AppTable) -> list[Cell]:
    """Return the header with the headings that are read otherwise left out."""
    read = {heading for headings in _READ for heading in headings}
    named = {place for heading, place in table.places.items() if heading in read}
    return [None if place in named else heading for place, heading in enumerate(table.headings)]


def _entries(table: AppTable, columns: dict[int, RecordedColumn], options: Options, notes: list[str]) -> list[Entry]:
    rows = table.rows()
    heading = next((name for name in (*_DAY, *_DAY_OF_RECALL) if name in table.places), "")
    written = [read_written(_plain_moment(table.cell(row, heading)), table.grid.epoch) for _, row in rows]
    days, decided = read_days(written, table.grid.source.split(":")[0], options.day_first)
    notes.append(decided)
    entries = []
    for (number, row), day in zip(rows, days, strict=True):
        entry = Entry(table.grid.source, number, single_food=True)
        set_day(entry, day)
        # The clock beside the date is when the recall was made.
        entry.time = None
        entry.person_id = _known(table, row, _PERSON)
        entry.eating_occasion = _known(table, row, _MEAL)
        _read_clock(entry, table, row)
        entry.brand = _known(table, row, _BRAND)
        entry.recorded = recorded_values(row, columns)
        if _is_missing_food(table, row):
            _read_missing_food(entry, table, row)
        else:
            _read_food(entry, table, row)
        entries.append(entry.finished())
    return entries


def _plain_moment(cell: Cell) -> Cell:
    """Return a moment without the zone that some versions write out behind it.

    Examples
    --------
    >>> _plain_moment("Tue May 14 2024 10:00:00 GMT+0000 (Coordinated Universal Time)")
    'Tue May 14 2024 10:00:00'
    """
    return cell.partition(" GMT")[0] if isinstance(cell, str) else cell


def _known(table: AppTable, row: Row, headings: tuple[str, ...]) -> str | None:
    """Return the first text under any of the headings that says something: Intake24 writes N/A for none."""
    texts = (table.text(row, heading) for heading in headings)
    return next((text for text in texts if text.lower() not in _UNKNOWN), None)


def _read_clock(entry: Entry, table: AppTable, row: Row) -> None:
    text = _known(table, row, _CLOCK)
    # Some versions write 8:5 for five past eight.
    minute = _ONE_DIGIT_MINUTE.fullmatch(text or "")
    cell = f"{minute[1]}:0{minute[2]}" if minute else table.cell(row, *_CLOCK)
    clock = read_clock(cell) if text else ""
    if clock is None:
        entry.notes.append(f'time "{(text or "")[:40]}" not read')
    entry.time = clock or None


def _is_missing_food(table: AppTable, row: Row) -> bool:
    """Tell whether a row is a food that was not in Intake24's list."""
    if (_known(table, row, _CODE) or "").upper() == "MISSING":
        return True
    described = _known(table, row, _MISSING) or _known(table, row, _MISSING_TEXT)
    return described is not None and _known(table, row, _FOOD) is None


def _read_food(entry: Entry, table: AppTable, row: Row) -> None:
    entry.food_text = _known(table, row, _FOOD) or _known(table, row, _LOCAL_FOOD) or _known(table, row, _SEARCH)
    if "supplement" in (_known(table, row, _GROUP) or "").lower():
        entry.kind = "supplement"
        entry.notes.append(f'kind supplement, from the food group "{_known(table, row, _GROUP)}"')
    else:
        set_kind_of_eaten(entry)
    if _known(table, row, _WEIGHT):
        set_grams(entry, table.cell(row, *_WEIGHT))
    if (_known(table, row, _REASONABLE) or "").lower() in ("false", "no", "0"):
        entry.notes.append("Intake24 marks the amount as unusually large")


def _read_missing_food(entry: Entry, table: AppTable, row: Row) -> None:
    """Read a food that its eater described: the name that was searched for, then the description."""
    name = _known(table, row, _MISSING) or _known(table, row, _SEARCH)
    described = _known(table, row, _MISSING_TEXT)
    entry.food_text = name or described
    entry.notes.append("not in the list of Intake24: as it was described")
    if name and described and described.lower() != name.lower():
        entry.notes.append(f'described as "{described[:200]}"')
    set_kind_of_eaten(entry)
    set_amount(entry, _known(table, row, _MISSING_AMOUNT) or "")
    left = _known(table, row, _MISSING_LEFT)
    if left and left.lower() not in _NOTHING:
        entry.notes.append(f'left over: "{left[:100]}"; not taken off the amount')


def _notes(table: AppTable, columns: dict[int, RecordedColumn]) -> list[str]:
    notes = [] if any(heading in table.places for heading in _DAY) else [_ON_RECALL_DAY]
    if "portion size (g/ml)" in table.places:
        notes.append('the heading says "g/ml": read as grams, which its nutrients are counted by')
    without_unit = [
        cell_text(table.headings[place])
        for place, column in columns.items()
        if not any(sign in cell_text(table.headings[place]) for sign in "(,[")
    ]
    if without_unit:
        notes.append(f"headings without a unit, read in those of the UK food tables: {listing(without_unit)}")
    unused = [
        cell_text(heading)[:30]
        for place, heading in enumerate(_headings_of_values(table))
        if not is_blank(heading) and place not in columns
    ]
    return [*notes, f"columns not used: {listing(unused)}"] if unused else notes
