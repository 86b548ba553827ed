"""ASA24, the self-administered 24-hour recall and food record of the US National Cancer Institute.

Its analysis files are told by their headings: foods (Items, INFMYPHEI), supplements (INS), and totals of the day
of foods (Totals, TN), of supplements (TS) or of both (TNS).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.dates import Day, read_clock, read_days, read_written
from nutridiary.diary.entries import Entry, set_day
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading
from nutridiary.diary.survey_values import (
    SurveyValues,
    number_text,
    recall_codes,
    set_food_code,
    set_grams,
    survey_nutrients,
)
from nutridiary.errors import listing
from nutridiary.tables import OF_BOTH, OF_FOODS, OF_SUPPLEMENTS

NAME = "asa24"
_PERSON = ("username", "userid")
_RECALL = ("recallrecid", "recallno", "recordno", "recorddayno")
_INTAKE_DAY = ("intakestartdatetime", "intakestartdate", "intakedate")
_REPORT_DAY = "reportingdate"
_FOOD = ("foodcode", "foodamt")
_SUPPLEMENT = ("suppl_description", "suppldescription", "supplname")
_COMPLETE_SUPPLEMENT = "supplcomp"
_AMOUNT_OF_SUPPLEMENT = ("supplamount", "supplamt", "suppldose")
_UNIT_OF_SUPPLEMENT = ("supplunit", "supplunits", "supplform")
_DESCRIPTION = ("food_description", "fooddescription", "food.description")
# A recall begins with who reported and which recall it is; people who cut a file down keep the food codes.
_SIGNATURES = (*product(_PERSON, _RECALL), *((person, *_FOOD) for person in _PERSON))
_USED = {
    *_PERSON,
    *_RECALL,
    *_INTAKE_DAY,
    *_FOOD,
    *_SUPPLEMENT,
    *_AMOUNT_OF_SUPPLEMENT,
    *_UNIT_OF_SUPPLEMENT,
    *_DESCRIPTION,
    *("reportingdate", "recallstatus", "occ_time", "occ_name", "foodtype", "foodcomp", "modcode", _COMPLETE_SUPPLEMENT),
}


def identify_asa24(grids: list[Grid]) -> bool:
    """Tell whether a sheet is an analysis file of ASA24."""
    return any(_table(grid) is not None for grid in grids)


def read_asa24(grids: list[Grid], options: Options) -> Reading:
    """Read foods, supplements and totals of ASA24.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading
        A row is an entry. Files that list answers only, without what was eaten, are left aside.
    """
    reading = Reading()
    for grid in grids:
        table = _table(grid)
        if table is None:
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no analysis file of ASA24"))
            continue
        columns = _nutrient_columns(table)
        if not columns and "foodcode" not in table.places:
            reason = "an ASA24 file of answers, without foods or totals: the Items, INS and Totals files hold those"
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, reason))
            continue
        reading.left_aside += table.above()
        entries = _entries(table, SurveyValues(columns), options)
        reading.entries += entries
        reading.notes += [*_notes_on_days(table, entries), *_unused(table, columns)]
    reading.notes = list(dict.fromkeys(reading.notes))
    return reading


def _table(grid: Grid) -> AppTable | None:
    return find_app_table(grid, *_SIGNATURES)


def _nutrient_columns(table: AppTable) -> dict[int, str]:
    """Return the nutrients of a table by their place; food pattern equivalents are none."""
    known = survey_nutrients(NAME)
    columns: dict[int, str] = {}
    for heading, place in table.places.items():
        nutrient = known.get(heading)
        if nutrient and nutrient not in columns.values():
            columns[place] = nutrient
    return columns


def _entries(table: AppTable, values: SurveyValues, options: Options) -> list[Entry]:
    rows = table.rows()
    statuses = recall_codes(NAME, "recall_status")
    entries = []
    for (number, row), day in zip(rows, _days(table, rows, options), strict=True):
        entry = Entry(table.grid.source, number, person_id=_person(table, row))
        entry.recorded = values.of(row)
        set_day(entry, day)
        entry.notes.append(statuses.get(number_text(table.cell(row, "recallstatus")), ""))
        if "foodcode" in table.places:
            _read_food(entry, table, row)
        elif _is_of_supplements(table):
            _read_supplement(entry, table, row)
        else:
            _read_total(entry, table)
        entries.append(entry.finished())
    return entries


def _is_of_supplements(table: AppTable) -> bool:
    """Tell whether a row of the table is a supplement: it has a code, a name or an amount of one."""
    return any(heading.startswith("suppl") and heading != _COMPLETE_SUPPLEMENT for heading in table.places)


def _person(table: AppTable, row: Row) -> str | None:
    return next((name for heading in _PERSON if (name := table.text(row, heading))), None)


def _days(table: AppTable, rows: list[tuple[int, Row]], options: Options) -> list[Day]:
    """Return the day each row was eaten on: the day its recall asks about, else the day it was reported.

    ASA24 writes month/day/year. A clock beside the date is when the recall begins, not when something was eaten.
    """
    written = [read_written(_day_cell(table, row), table.grid.epoch) for _, row in rows]
    day_first = False if options.day_first is None else options.day_first
    days, _ = read_days(written, table.grid.source.split(":")[0], day_first)
    days = [replace(day, clock="") if day.clock else day for day in days]
    if not _has_intake_day(table):
        return days
    reported = "no intake date: the date is the one it was reported on"
    return [
        replace(day, note="; ".join(note for note in (day.note, reported) if note)) if fell_back else day
        for day, fell_back in zip(days, (is_blank(_intake_cell(table, row)) for _, row in rows), strict=True)
    ]


def _has_intake_day(table: AppTable) -> bool:
    return any(heading in table.places for heading in _INTAKE_DAY)


def _intake_cell(table: AppTable, row: Row) -> Cell:
    return table.cell(row, *_INTAKE_DAY)


def _day_cell(table: AppTable, row: Row) -> Cell:
    cell = _intake_cell(table, row)
    return table.cell(row, _REPORT_DAY) if is_blank(cell) else cell


def _read_food(entry: Entry, table: AppTable, row: Row) -> None:
    entry.single_food = True
    entry.food_text = table.text(row, *_DESCRIPTION) or None
    _read_occasion(entry, table, row)
    set_food_code(entry, table.cell(row, "foodcode"))
    set_grams(entry, table.cell(row, "foodamt"))
    changed = number_text(table.cell(row, "modcode"))
    if changed not in ("", "0"):
        entry.notes.append(f"ASA24 changed the food for this line (ModCode {changed[:40]})")
    if number_text(table.cell(row, "foodtype")) == "2":
        entry.notes.append("an addition to another food")
    if number_text(table.cell(row, "foodcomp")) == "2":
        entry.notes.append("ASA24 lacks part of the answers about this food (FoodComp 2)")


def _read_supplement(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind, entry.single_food = "supplement", True
    entry.food_text = table.text(row, *_SUPPLEMENT) or None
    _read_occasion(entry, table, row)
    set_amount(entry, table.text(row, *_AMOUNT_OF_SUPPLEMENT), table.text(row, *_UNIT_OF_SUPPLEMENT), ".")
    if number_text(table.cell(row, _COMPLETE_SUPPLEMENT)) == "2":
        entry.notes.append("ASA24 lacks part of the answers about this supplement (SupplComp 2)")


def _read_total(entry: Entry, table: AppTable) -> None:
    entry.kind = "total"
    of_foods = any(heading in table.places for heading in ("numfoods", "numcodes"))
    of_supplements = any(heading.startswith(("numsup", _COMPLETE_SUPPLEMENT)) for heading in table.places)
    kinds = {(True, True): OF_BOTH, (False, True): OF_SUPPLEMENTS, (True, False): OF_FOODS}
    entry.total_of = kinds.get((of_foods, of_supplements))
    entry.notes.append(f"{entry.total_of or 'what was eaten and drunk'} of one recall")


def _read_occasion(entry: Entry, table: AppTable, row: Row) -> None:
    """Read the meal and its time, which may stand behind a date."""
    name = number_text(table.cell(row, "occ_name"))
    entry.eating_occasion = recall_codes(NAME, "eating_occasion").get(name, name) or None
    cell = table.cell(row, "occ_time")
    clock = read_clock(cell)
    if clock is None:
        written = read_written(cell, table.grid.epoch)
        clock = written.clock
        other = written.day_as(False)
        if other is not None and entry.date is not None and other != entry.date:
            entry.notes.append(f"eaten on {other.isoformat()}, within the recall of the day before it")
        if not clock and other is None:
            entry.notes.append(f'time "{cell_text(cell)[:40]}" not read')
    entry.time = clock or None


def _notes_on_days(table: AppTable, entries: list[Entry]) -> list[str]:
    """Return what is assumed about the days, and days that several recalls are of."""
    notes = []
    if not _has_intake_day(table):
        notes.append("the file has no intake date: the days are those on which the recalls were reported")
    heading = next((heading for heading in _RECALL if heading in table.places), None)
    if heading == "recordno" and "recorddayno" in table.places:
        heading = "recorddayno"
    recalls: dict[tuple[str | None, date | None], set[str]] = {}
    rows = dict(table.rows())
    for entry in entries:
        if heading and entry.date is not None:
            recall = number_text(table.cell(rows[entry.line], heading))
            recalls.setdefault((entry.person_id, entry.date), set()).add(recall)
    several = [f"{person} on {day}" for (person, day), numbers in recalls.items() if len(numbers) > 1]
    if several:
        notes.append(f"several recalls of one day, all of them counted: {listing(several, most=5)}")
    return notes


def _unused(table: AppTable, columns: dict[int, str]) -> list[str]:
    unused = [
        cell_text(table.headings[place])
        for heading, place in table.places.items()
        if place not in columns and heading not in _USED
    ]
    return [f"columns not used: {listing(unused)}"] if unused else []
