"""A diary kept as plain lines: a day, a meal, and the foods below them, one on a line."""

from __future__ import annotations

import re
from datetime import date

from nutridiary.diary.amounts import decimal_mark
from nutridiary.diary.columns import find_columns
from nutridiary.diary.date_rows import day_alone
from nutridiary.diary.dates import Day, Written, read_clock, read_days
from nutridiary.diary.entries import Entry, set_day
from nutridiary.diary.free_text import lines_of, meal_before, read_line
from nutridiary.diary.grid import Grid, Row, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading
from nutridiary.diary.relative_days import place_day

_WEEK = re.compile(r"(?:week|woche|semana|semaine)\W*\d{0,2}", re.IGNORECASE)
_DIARY = re.compile(r"\b(?:diary|log|journal|record|tracker|tagebuch|protokoll|diario|carnet)\b", re.IGNORECASE)
_SIGNS = re.compile(r"(?:page )?[\W\d_]*", re.IGNORECASE)
NO_DATE = "no date: no line above says the day; write it on a line of its own, or give the first day (--date)"


def identify_list(grids: list[Grid]) -> bool:
    """Tell whether a text is a list of days, meals and foods, one on a line."""
    return any(_is_list(grid) for grid in grids)


def read_list(grids: list[Grid], options: Options) -> Reading:
    """Read days, meals and foods that stand on lines of their own.

    Parameters
    ----------
    grids : list of Grid
    options : Options
        `day` is the first day, where the list names only weekdays or no day.

    Returns
    -------
    Reading
        An entry per food; lines that say a day or a meal are left aside, as said of the foods below them.

    Raises
    ------
    DiaryError
        If nothing decides the order of day and month, or no date has a year.
    """
    reading = Reading()
    # Where the caller says that it is a list, lines without a day are one too.
    lists = [grid.source for grid in grids if _is_list(grid)] or [grid.source for grid in grids]
    for grid in grids:
        if grid.source not in lists:
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no list of days, meals and foods"))
            continue
        lines = [(number, line_text(row)) for number, row in enumerate(grid.rows, 1)]
        _read_lines(grid, [(number, text) for number, text in lines if text], options, reading)
    return reading


def line_text(row: Row) -> str:
    """Return a line as it stood, also where it was cut at its commas."""
    return " ".join(",".join(str(cell) for cell in row if cell is not None).split()).rstrip(",")


def _is_list(grid: Grid) -> bool:
    """Tell a list by a line that says a day, or two that say meals, where no table stands."""
    rows = [row for row in grid.rows if any(not is_blank(cell) for cell in row)]
    if len(rows) < 2 or not all(_is_prose(row) for row in rows):
        return False
    texts = [line_text(row) for row in rows]
    days = sum(_day_and_rest(text)[0] is not None for text in texts)
    meals = sum(bool(meal_before(text)[0]) for text in texts)
    return (0 < days < len(rows) or meals > 1) and find_columns(grid) is None


def _is_prose(row: Row) -> bool:
    """Tell whether a row is one text, perhaps cut where a comma and a space stood in it."""
    filled = [cell for cell in row if not is_blank(cell)]
    if len(filled) <= 1:
        return True
    return all(isinstance(cell, str) for cell in filled) and all(str(cell)[0] == " " for cell in filled[1:])


def _day_and_rest(text: str) -> tuple[Written | None, str]:
    """Return the day a line says, and what follows it behind a colon or dash."""
    day = day_alone(text)
    if day is not None:
        return day, ""
    head, joint, rest = text.partition(": ")
    day = day_alone(head) if joint else None
    return (day, rest.strip()) if day is not None else (None, text)


def _read_lines(grid: Grid, lines: list[tuple[int, str]], options: Options, reading: Reading) -> None:
    written = [_day_and_rest(text)[0] for _, text in lines]
    year = options.day.year if options.day else None
    days, note = read_days([day for day in written if day], grid.source.split(":")[0], options.day_first, year)
    reading.notes += [note] if note else []
    left = iter(days)
    decimal = decimal_mark([text for _, text in lines])
    carried = (0, Day(options.day, note="date as given for the whole file")) if options.day else None
    last: date | None = None
    meal = clock = ""
    for (number, line), new_day in zip(lines, written, strict=True):
        text, aside = next(iter(lines_of(line)), ""), ""
        if new_day is not None:
            day = place_day(new_day, next(left), options.day, last)
            carried, last, meal, clock = (number, day), day.day or last, "", ""
            text, aside = _day_and_rest(line)[1], "a day, of the foods below"
        named, at, rest = meal_before(text)
        if named:
            meal, clock, text, aside = named, at, rest, "a meal, of the foods below"
        elif _is_title(text, first=number == lines[0][0], begun=carried is not None or bool(meal)):
            aside = "a title"
        elif text and _SIGNS.fullmatch(text):
            aside, text = "signs without a word", ""
        if aside.startswith("a title") or not text:
            reading.left_aside.append(LeftAside(grid.source, number, line[:60], aside or "signs without a word"))
            continue
        entry = Entry(grid.source, number, eating_occasion=meal or None)
        if carried is None:
            entry.fail(NO_DATE)
        else:
            set_day(entry, carried[1])
        read_line(entry, text, decimal)
        if entry.time and read_clock(meal):
            # Behind "noon: soup" a clock of its own begins another meal.
            entry.eating_occasion, meal, clock = None, "", ""
        entry.time = entry.time or clock or None
        reading.entries.append(entry.finished())


def _is_title(text: str, *, first: bool, begun: bool) -> bool:
    if _WEEK.fullmatch(text) or (first and _DIARY.search(text)):
        return True
    return not begun and not any(sign.isdigit() for sign in text)
