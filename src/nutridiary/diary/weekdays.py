"""A plan on a page: a column per weekday or day, or a row per day and a column per meal; free text in each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.amounts import decimal_mark
from nutridiary.diary.beside import days_of
from nutridiary.diary.columns import column_of
from nutridiary.diary.date_rows import written_day
from nutridiary.diary.dates import Day, Written, read_clock, read_written
from nutridiary.diary.entries import Entry, cell_name, set_day
from nutridiary.diary.form_questions import asked_in
from nutridiary.diary.free_text import lines_of, meal_before, read_line
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.recorded import recorded_column, value_of
from nutridiary.diary.relative_days import place_days, read_day_cell
from nutridiary.diary.remarks import mood_of
from nutridiary.diary.table import identify_table, read_table
from nutridiary.diary.water import is_only_water
from nutridiary.diary.words import word_list

_WEEK = re.compile(
    r"(?:\bweek(?: (?:no\.? ?)?\d{1,2}(?=\s*[:,(–-]))?(?: (?:of|from|commencing|beginning|starting))?"
    r"|\bw/c|\bwc|\bwoche(?: vom| ab)?|\bsemana(?: del)?)\s*[:,(–-]?\s*",
    re.IGNORECASE,
)
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_TO = r"\s*(?:-|–|—|to|until|bis|al?)\s*"
_RANGE_END = re.compile(rf"{_TO}(?=\d).*$", re.IGNORECASE)
_DAYS_OF_ONE_MONTH = re.compile(rf"(\d{{1,2}}){_ORDINAL}{_TO}\d{{1,2}}{_ORDINAL}(?=\s*[^\W\d])", re.IGNORECASE)
_FILLED_IN = ("timestamp", "zeitstempel", "marca temporal", "horodateur")
_NO_DATE = "no date: only weekdays are written; give the first day of the week (--date YYYY-MM-DD)"


@dataclass
class Block:
    """Rows below one header.

    Attributes
    ----------
    header : int
        Row number, from 1.
    days : dict of int to (weekday or None, Written or None)
        By the place of a column that is a day.
    headings : dict of int to str
        By the place of a column that is none: the meals, where rows are days.
    day_column : int or None
        Where rows are days, the column that says which.
    start : Written or None
        The day a title gives for the week.
    """

    header: int
    days: dict[int, tuple[int | None, Written | None]] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    day_column: int | None = None
    start: Written | None = None
    rows: list[tuple[int, Row]] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A filled cell with what its row and column say of it."""

    line: int
    place: int
    cell: Cell
    day: Day
    label: str
    person: str = ""


def identify_weekdays(grids: list[Grid]) -> bool:
    """Tell whether a sheet has a column per day, or a row per day and a column per meal."""
    return any(_header(row) is not None for grid in grids for row in grid.rows[:60])


def read_weekdays(grids: list[Grid], options: Options) -> Reading:
    """Read sheets with a column per day, or a row per day and a column per meal; other sheets as tables.

    Parameters
    ----------
    grids : list of Grid
    options : Options
        `day` is the first day of the week, where the sheet does not say it.

    Returns
    -------
    Reading
        An entry per line of a cell. Its source ends with the column, ":C", and with the line within the cell where
        there are several, ":C:2".

    Raises
    ------
    DiaryError
        If another sheet is a table and cannot be read.
    """
    reading = Reading()
    for grid in grids:
        if not any(_header(row) for row in grid.rows[:60]):
            if identify_table([grid]):
                other = read_table([grid], options, beside_a_diary=True)
                reading.entries += other.entries
                reading.left_aside += other.left_aside
                reading.notes += other.notes
            else:
                reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no column per day or meal"))
            continue
        decimal = decimal_mark([cell for row in grid.rows for cell in row if isinstance(cell, str)])
        last: date | None = None
        for block in _blocks(grid, reading):
            places, last = _places(grid, block, options, last)
            read_places(grid, places, decimal, reading)
            read = {place.line for place in places}
            reading.left_aside += [
                LeftAside(grid.source, number, row_text(row), "a heading without foods")
                for number, row in block.rows
                if number not in read
            ]
    return reading


def _header(row: Row) -> Block | None:
    """Return what a row heads where it names three days, or a day and two meals; None where it does not."""
    filled = {place: cell_text(cell).strip(" :.") for place, cell in enumerate(row) if not is_blank(cell)}
    words = asked_in(filled)
    texts = {place: text.lower() for place, text in words.items()}
    if len(texts) < 3 or any(column_of(text) == "food" for text in texts.values()):
        return None
    block = Block(0)
    for place in texts:
        day = _day_heading(row[place])
        if day is not None:
            block.days[place] = day
        else:
            block.headings[place] = cell_text(row[place]).strip(" :") if words is filled else words[place]
    if _follow_each_other(block) and len(block.headings) <= max(2, len(block.days)):
        return block
    meals = [place for place, text in texts.items() if text in word_list("meal")]
    dates = [place for place, text in texts.items() if column_of(text) == "date"]
    if not dates or len(meals) < 2:
        return None
    # "Day" beside "Date" holds the weekday: the date is enough.
    best = min(dates, key=lambda place: texts[place] != "date")
    block.headings = {place: heading for place, heading in block.headings.items() if place not in dates}
    block.days.clear()
    block.day_column = best
    return block


def _follow_each_other(block: Block) -> bool:
    """Tell days that head columns: three weekdays, or dates without a clock time one behind the other."""
    places, days = list(block.days), list(block.days.values())
    if len(days) < 3:
        return False
    weekdays = [weekday for weekday, _ in days]
    if None not in weekdays and len(set(weekdays)) >= 3:
        return True
    dates = [(day.month or day.second, day.day or day.first or day.ordinal) for _, day in days if day and not day.clock]
    in_order = all(one != next_one for one, next_one in pairwise(dates))
    return len(dates) == len(days) and in_order and places[-1] - places[0] == len(places) - 1


def _day_heading(cell: Cell) -> tuple[int | None, Written | None] | None:
    """Return the weekday and the day a heading names, None where it names neither."""
    day = written_day(cell)
    if day is not None:
        return day.weekday, day
    text = cell_text(cell).strip(" :.").lower()
    numbered = read_written(text) if text else Written()
    if numbered.relative and numbered.ordinal:
        return None, numbered
    weekday = word_list("weekday").get(text)
    return (int(weekday), None) if weekday is not None else None


def _blocks(grid: Grid, reading: Reading) -> Iterator[Block]:
    """Cut a sheet into its weeks; headers, and what stands above them, are left aside."""
    block: Block | None = None
    start: Written | None = None
    for number, row in enumerate(grid.rows, 1):
        if all(is_blank(cell) for cell in row):
            continue
        found = _header(row)
        week = None if found else _week_of_row(row)
        if found is not None:
            if block is not None:
                yield block
            corner = [day for cell in row if (day := _week_start(cell)) is not None]
            block, found.header, found.start = found, number, corner[0] if corner else start
            start = None
            reading.left_aside.append(LeftAside(grid.source, number, row_text(row), "the header"))
        elif week is not None:
            start = week
            reading.left_aside.append(LeftAside(grid.source, number, row_text(row), "the week of the rows below"))
        elif block is None:
            start = start or next((day for cell in row if (day := _week_start(cell)) is not None), None)
            reading.left_aside.append(LeftAside(grid.source, number, row_text(row), "above the header"))
        else:
            block.rows.append((number, row))
    if block is not None:
        block.start = block.start or (_week_start(grid.name) if block.header else None)
        yield block


def _week_of_row(row: Row) -> Written | None:
    filled = [cell for cell in row if not is_blank(cell)]
    return _week_start(filled[0]) if len(filled) == 1 else None


def _week_start(cell: Cell) -> Written | None:
    """Return the first day of a week that a text names.

    Examples
    --------
    >>> _week_start("Week of 3 March 2025").day_as(True), _week_start("3-9 March 2025").day_as(True)
    (datetime.date(2025, 3, 3), datetime.date(2025, 3, 3))
    >>> _week_start("My meal plan")
    """
    if not isinstance(cell, str):
        return None
    text = cell.strip(" ():")
    week = _WEEK.search(text)
    text = text[week.end() :] if week else text
    one_month = _DAYS_OF_ONE_MONTH.search(text)
    if one_month:
        return written_day(text[: one_month.start()] + one_month[1] + text[one_month.end() :])
    return written_day(text) or written_day(_RANGE_END.sub("", text))


def _places(grid: Grid, block: Block, options: Options, last: date | None) -> tuple[list[Place], date | None]:
    """Return the filled cells of a block with their days, and the first day of its week."""
    start = _start(grid, block, options, last)
    if block.day_column is not None:
        return list(days_of_rows(grid, block, start, options)), start.day
    headings = list(block.days.items())
    days = _days([written or Written(blank=True) for _, (_, written) in headings], grid, options)
    dated = {place: _in_week(weekday, day, start) for (place, (weekday, _)), day in zip(headings, days, strict=True)}
    label_place = min(block.headings, default=None)
    found = []
    for number, row in block.rows:
        beside = row[label_place] if label_place is not None and label_place < len(row) else None
        # Without a heading above it, the column left of the days names the meals.
        beside = row[0] if label_place is None and 0 not in dated and row else beside
        for place, cell in enumerate(row):
            if not is_blank(cell) and place in dated:
                found.append(Place(number, place, cell, dated[place], cell_text(beside).strip(" :")))
            elif not is_blank(cell) and cell is not beside and place in block.headings:
                found.append(Place(number, place, cell, Day(problem=_NO_DATE), block.headings[place]))
    return found, start.day


def _days(written: list[Written], grid: Grid, options: Options) -> list[Day]:
    days = days_of(written, grid.source, options.day.year if options.day else None, options.day_first)
    return place_days(written, days, options.day)


def _start(grid: Grid, block: Block, options: Options, last: date | None) -> Day:
    if block.start is not None:
        return _days([block.start], grid, options)[0]
    if last is not None:
        return Day(last + timedelta(days=7), note="taken for the week after the one above")
    if options.day is not None:
        return Day(options.day, note="day of the week from --date")
    return Day(problem=_NO_DATE)


def _in_week(weekday: int | None, day: Day, start: Day) -> Day:
    """Return the day of a heading: its own date, or its weekday in the week that begins with `start`."""
    if not day.blank or weekday is None:
        return day
    if start.day is None:
        return Day(problem=start.problem or _NO_DATE)
    return Day(start.day + timedelta(days=(weekday - start.day.weekday()) % 7), note=start.note)


def days_of_rows(grid: Grid, block: Block, start: Day, options: Options) -> Iterator[Place]:
    """Give the cells of each row the day that its first column says, a blank one that of the row above."""
    place_of_day = block.day_column or 0
    cells = [row[place_of_day] if place_of_day < len(row) else None for _, row in block.rows]
    named = [_day_heading(cell) for cell in cells]
    heading = grid.rows[block.header - 1][place_of_day]
    written = [
        (name[1] or Written(blank=True)) if name else read_day_cell(cell, heading, grid.epoch)
        for cell, name in zip(cells, named, strict=True)
    ]
    carried = Day(problem=_NO_DATE)
    days = _days(written, grid, options)
    for (number, row), name, day in zip(block.rows, named, days, strict=True):
        if name is not None and day.blank:
            carried = _in_week(name[0], day, start)
        elif not day.blank:
            carried = _without_clock(day) if cell_text(heading).strip().lower() in _FILLED_IN else day
        who = next((cell_text(row[p]) for p, h in block.headings.items() if h == "Person" and p < len(row)), "")
        for place, cell in enumerate(row):
            label = block.headings.get(place, "")
            if place != place_of_day and not is_blank(cell) and label != "Person":
                yield Place(number, place, cell, carried, label, who)


def _without_clock(day: Day) -> Day:
    """The clock of a form says when it was filled in, not when anything was eaten."""
    note = f"the day the form was filled in, at {day.clock}" if day.clock else ""
    return Day(day.day, problem=day.problem, note="; ".join(part for part in (day.note, note) if part))


def read_places(grid: Grid, places: list[Place], decimal: str | None, reading: Reading) -> None:
    """Make entries of the lines of each cell; of a column, a line that names a meal holds for those below."""
    meals: dict[int, str] = {}
    for place in places:
        column = cell_name(place.line, place.place).rstrip("0123456789")
        texts = lines_of(place.cell) or [cell_text(place.cell)]
        for number, text in enumerate(texts, 1):
            source = f"{grid.source}:{column}" + (f":{number}" if len(texts) > 1 else "")
            entry = Entry(source, place.line, person_id=place.person or None)
            _read_cell(entry, place, text, decimal, meals)
            set_day(entry, place.day)
            reading.entries.append(entry.finished())


def _read_cell(entry: Entry, place: Place, text: str, decimal: str | None, meals: dict[int, str]) -> None:
    label = place.label.lower()
    plain = label.partition("(")[0].strip()
    kind = "water" if is_only_water(plain) else word_list("kind").get(plain)
    values = recorded_column(place.label, "table")
    number = value_of(place.cell, values) if values is not None else None
    if values is not None and number is not None and kind != "water":
        entry.kind, entry.recorded = "total", {values.nutrient: number}
        entry.notes.append(f"{place.label} of the day")
    elif kind == "water" and text[:1].isdigit():
        entry.kind, entry.food_text = "water", "water"
        set_amount(entry, text, _bracket(place.label), decimal)
    elif kind in ("note", "exercise", "symptom") or column_of(label) == "note":
        entry.kind, entry.food_text = kind or "note", text
        if entry.kind == "note" and mood_of(text) == "symptom":
            entry.kind = "symptom"
        entry.fail("" if entry.kind in ("exercise", "symptom") else "a remark, not a food")
    elif any(sign.isdigit() for sign in text) and not any(sign.isalpha() for sign in text):
        entry.kind, entry.food_text = "note", f"{place.label} {text}".strip()
        entry.fail("a figure, not a food")
    else:
        _read_foods(entry, place, text, decimal, meals)
    if kind == "supplement" and entry.kind == "food":
        entry.kind = "supplement"


def _read_foods(entry: Entry, place: Place, text: str, decimal: str | None, meals: dict[int, str]) -> None:
    meal, clock, rest = meal_before(text)
    meals[place.place] = meal or ("" if place.label else meals.get(place.place, ""))
    at = read_clock(place.label) if place.label else ""
    entry.eating_occasion = meals[place.place] or (None if at else place.label) or None
    entry.time = clock or at or entry.time
    if rest:
        read_line(entry, rest, decimal)
    else:
        entry.kind, entry.food_text = "note", text
        entry.fail("a heading, not a food")


def _bracket(heading: str) -> str:
    _, bracket, inside = heading.partition("(")
    return inside.partition(")")[0] if bracket else ""
