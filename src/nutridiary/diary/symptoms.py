"""The sheets beside a diary that hold no food: symptoms, and days that are to be left out."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from nutridiary.diary.beside import BesideHeader, days_of, find_header, rows_below
from nutridiary.diary.columns import find_columns
from nutridiary.diary.dates import Day, read_clock, read_written
from nutridiary.diary.grid import Cell, Grid, Row, cell_text

if TYPE_CHECKING:
    import pandas as pd

SHEET_NAMES = ("symptoms", "symptom", "symptom diary", "symptom log", "symptome", "beschwerden", "síntomas")
WORST = 10.0

_SEVERITY = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s*(?:(?:/|of|out of|von|de)\s*(\d{1,3}))?")
_SAID_OF_TEN = re.compile(r"\b(10|\d(?:\.\d)?)\s*/\s*10\b")
_LASTED = re.compile(
    r"(?P<number>\d{1,4}(?:[.,]\d{1,2})?|an?|one|half an?|a few)\s*"
    r"(?P<unit>s(?:ec(?:ond)?s?|ek(?:unden?)?)?|m(?:in(?:ute[ns]?|utos?)?s?)?|h(?:(?:ou)?rs?|oras?)?|st(?:d|unden?)|d(?:ays?|ías?)?|tage?)\b\.?"
)
_CLOCK_LENGTH = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")


def is_symptoms_sheet(grid: Grid) -> bool:
    """Tell whether a sheet lists symptoms: by its name and headings, or by headings no diary has.

    Examples
    --------
    >>> is_symptoms_sheet(Grid("d.xlsx:Symptoms", "Symptoms", [["Date", "Symptom", "Severity"]]))
    True
    >>> is_symptoms_sheet(Grid("d.csv", "d.csv", [["Date", "Food", "Symptom"]]))
    False
    """
    header = find_header(grid, "symptoms", "symptom")
    if header is None:
        return False
    if grid.name.strip().casefold() in SHEET_NAMES:
        return True
    exact = any(cell_text(cell).strip().lower() in ("symptom", "symptoms") for cell in header.row)
    return exact and {"severity", "duration"} & header.places.keys() != set() and find_columns(grid) is None


def symptoms_of(grid: Grid) -> pd.DataFrame:
    """Return the symptoms of a Symptoms sheet.

    Parameters
    ----------
    grid : Grid
        A sheet with a row of headings (Date, Time, Symptom, Severity, Duration, Notes, Person) and a row each.

    Returns
    -------
    pandas.DataFrame
        `tables.SYMPTOMS`: a row each, also where a cell cannot be read, which is a problem or, for severity and
        duration, a note. A blank date is that of the row above.
    """
    header = find_header(grid, "symptoms", "symptom")
    if header is None:
        return _symptoms([])
    rows = rows_below(grid, header)
    days = _carried(days_of([read_written(header.cell(row, "date"), grid.epoch) for _, row in rows], grid.source), rows)
    return _symptoms([_symptom(grid, header, number, row, day) for (number, row), day in zip(rows, days, strict=True)])


def _symptoms(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    from nutridiary.tables import SYMPTOMS, conform

    return conform(pd.DataFrame(rows), SYMPTOMS)


def _symptom(grid: Grid, header: BesideHeader, number: int, row: Row, day: Day) -> dict[str, Any]:
    notes = [header.text(row, "note"), day.note]
    clock = read_clock(header.cell(row, "time"))
    if clock is None:
        notes.append(f'time "{header.text(row, "time")[:40]}" not read')
    severity, said = read_severity(header.cell(row, "severity"))
    notes.append(said)
    heading = header.bracket("duration") or header.text(header.row, "duration")
    duration, said = read_duration(header.cell(row, "duration"), heading)
    notes.append(said)
    symptom = header.text(row, "symptom")
    return {
        "person_id": header.text(row, "person") or None,
        "date": day.day,
        "time": clock or day.clock or None,
        "symptom": symptom or None,
        "severity": severity,
        "duration": duration,
        "note": "; ".join(note for note in notes if note) or None,
        "problem": day.problem or (None if symptom else "no symptom is named in this row"),
        "source": grid.source,
        "line": number,
    }


def _carried(days: Sequence[Day], rows: Sequence[tuple[int, Row]]) -> list[Day]:
    """Give rows without a date that of the row above."""
    filled: list[Day] = []
    last: tuple[int, Day] | None = None
    for day, (number, _) in zip(days, rows, strict=True):
        if not day.blank:
            last = (number, day)
            filled.append(day)
        elif last is None:
            filled.append(Day(problem="no date: the row has none, and no row above it has one", clock=day.clock))
        else:
            filled.append(Day(last[1].day, day.clock, last[1].problem, f"date taken from row {last[0]}"))
    return filled


def read_severity(cell: Cell) -> tuple[float, str]:
    """Return a severity of 0 to 10, and what to note; NaN where it is unknown or on no scale of numbers.

    Examples
    --------
    >>> [read_severity(cell) for cell in (7, "6/10", "3 of 5", "")]
    [(7.0, ''), (6.0, ''), (6.0, 'severity 3 of 5 read as 6 of 10'), (nan, '')]
    >>> read_severity("mild")
    (nan, 'severity "mild" is no number from 0 to 10: not used')
    """
    text = cell_text(cell).lower()
    if not text:
        return math.nan, ""
    found = _SEVERITY.fullmatch(text)
    value = float(found[1].replace(",", ".")) if found else math.nan
    scale = float(found[2]) if found and found[2] else WORST
    if not (scale > 0 and 0 <= value <= scale):
        return math.nan, f'severity "{cell_text(cell)[:40]}" is no number from 0 to 10: not used'
    if scale == WORST:
        return value, ""
    return value * WORST / scale, f"severity {value:g} of {scale:g} read as {value * WORST / scale:g} of 10"


def read_duration(cell: Cell, heading_unit: str = "") -> tuple[float, str]:
    """Return how long something lasted [min], and what to note; NaN where it is unknown.

    Parameters
    ----------
    cell : str, int, float, time, timedelta or None
        "10 min", "1 h 30 min", "0:45" (hours and minutes), a time of a spreadsheet.
    heading_unit : str
        Unit of bare numbers, from the heading: "min" of "Duration (min)".

    Examples
    --------
    >>> [read_duration(cell)[0] for cell in ("10 min", "1 h", "1 h 30 min", "0:45", "half an hour", "90 sec")]
    [10.0, 60.0, 90.0, 45.0, 30.0, 1.5]
    >>> read_duration(20, "min"), read_duration("20")[1]
    ((20.0, ''), 'duration "20" has no unit: not used')
    """
    if isinstance(cell, datetime | date) or cell is None:
        return math.nan, "" if cell is None else f'duration "{cell_text(cell)}" is a date: not used'
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute + cell.second / 60, ""
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 60, ""
    text = cell_text(cell).lower().strip()
    if not text:
        return math.nan, ""
    clock = _CLOCK_LENGTH.fullmatch(text)
    if clock:
        return int(clock[1]) * 60.0 + int(clock[2]), ""
    bare = re.fullmatch(r"\d{1,4}(?:[.,]\d{1,2})?", text)
    if bare:
        unit = _LASTED.fullmatch(f"1 {heading_unit.lower()}")
        if unit is None:
            return math.nan, f'duration "{text}" has no unit: not used'
        return float(text.replace(",", ".")) * _minutes_of(unit["unit"]), ""
    parts = list(_LASTED.finditer(text))
    between = _LASTED.sub(" ", text)
    if not parts or re.sub(r"\b(?:and|und|y|about|ca|approx|around)\b|[\s.,~+&]", "", between):
        return math.nan, f'duration "{text[:40]}" is not read'
    return sum(_part_minutes(part) for part in parts), ""


def _part_minutes(part: re.Match[str]) -> float:
    number = part["number"]
    count = {"half a": 0.5, "half an": 0.5, "a": 1.0, "an": 1.0, "one": 1.0, "a few": math.nan}.get(number)
    count = float(number.replace(",", ".")) if count is None else count
    return count * _minutes_of(part["unit"])


def _minutes_of(unit: str) -> float:
    """Return how many minutes a unit of time is, by how its word begins: hour, Stunde, minute, day, Tag."""
    return 60.0 if unit.startswith("st") else {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": 1440.0, "t": 1440.0}[unit[0]]


def symptoms_in(entries: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of a diary that are of kind "symptom".

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.

    Returns
    -------
    pandas.DataFrame
        `tables.SYMPTOMS`. The severity is read where the line says "6/10", the duration from its amount.
    """
    rows = []
    for entry in entries[entries["kind"] == "symptom"].to_dict("records"):
        said = " ".join(
            str(entry[name]) for name in ("food_text", "amount_text", "note") if isinstance(entry[name], str)
        )
        of_ten = _SAID_OF_TEN.search(said)
        amount = entry["amount_text"] if isinstance(entry["amount_text"], str) else None
        rows.append(
            {
                **{name: entry[name] for name in ("person_id", "date", "time", "note", "problem", "source", "line")},
                "symptom": entry["food_text"],
                "severity": float(of_ten[1]) if of_ten else math.nan,
                "duration": read_duration(amount)[0],
            }
        )
    return _symptoms(rows)
