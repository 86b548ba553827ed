"""Days and clock times as people and spreadsheets write them.

Whether "3/4/2026" is the third of April or the fourth of March is decided over the whole column, and said:
by a date that exists in one order only, by a weekday written beside it, or by which order makes the diary's
days follow each other. Where nothing decides, the caller is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from nutridiary.diary.grid import Cell, cell_text
from nutridiary.diary.words import word_list
from nutridiary.errors import DiaryError

EXCEL_1900, EXCEL_1904 = date(1899, 12, 30), date(1904, 1, 1)
# Serial numbers of 1954 to 2119: a bare number outside is no date of a diary.
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
FIRST_YEAR, LAST_YEAR = 1950, 2100  # of diaries
_LEAP = 2024  # a year with a 29th of February, for dates whose year is not known yet

_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED_DAY = re.compile(r"(?:day|tag|jour|día|dia|giorno) ?(?:no\.? ?|nr\.? ?|#)?(\d{1,3})")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|\.?º|er)\b")
_CLOCK_BEHIND = re.compile(
    r"(?:(?<=\d)t|[ ,]+(?:at )?)(\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?: ?[ap]\.?m\.?)?)"
    r"(?:z|[+-]\d{2}:?\d{2}| (?:gmt|utc|[a-z]{2,3}t)(?:[+-]\d{1,2})?)?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})(?:\2'?(\d{4}|\d{2}))?\.?")
_DAY_MONTH = re.compile(r"(\d{1,2})[-. ]*(?:de )?([^\W\d_]+)[-., ]*(?:de )?(?:'?(\d{4}|\d{2}))?")
_MONTH_DAY = re.compile(r"([^\W\d_]+)[-. ]*(\d{1,2})(?:[-., ]+'?(\d{4}|\d{2}))?")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[- ]([^\W\d_]+)[- ](\d{1,2})")
_ABOUT = re.compile(r"^(?:[~≈]|(?:about|around|approx\.?|at|c\.|ca\.?|circa|gegen|um|vers|sobre las|a las)\s)\s*")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?(?:[:.](\d{2})(?:\.\d+)?)? ?(?:([ap])\.?m?\.?|h|uhr|o'?clock)?")


@dataclass(frozen=True)
class Written:
    """A date cell before the column has decided its order.

    `first` and `second` are two numbers whose order is open; otherwise `month` and `day` are set. `ordinal` is the
    number of "Day 3", which with a bare `weekday` is `relative`: a day only beside another one.
    """

    year: int | None = None
    month: int = 0
    day: int = 0
    first: int = 0
    second: int = 0
    weekday: int | None = None
    clock: str = ""
    problem: str = ""
    blank: bool = False
    ordinal: int = 0

    @property
    def open(self) -> bool:
        """Whether the order of day and month is to be decided."""
        return self.first > 0

    @property
    def relative(self) -> bool:
        """Whether it is a bare weekday or the number of a day: a day only beside a known one."""
        return bool(self.problem) and (self.ordinal > 0 or self.weekday is not None) and not (self.month or self.first)

    def day_as(self, day_first: bool, year: int | None = None) -> date | None:
        """Return the day in one order, None where it does not exist."""
        month, day = (self.second, self.first) if day_first else (self.first, self.second)
        month, day = (month, day) if self.open else (self.month, self.day)
        try:
            return date(self.year or year or 0, month, day)
        except ValueError:
            return None


@dataclass(frozen=True)
class Day:
    """What a date cell comes to: a day or a problem, with the clock time it carried and what to note."""

    day: date | None = None
    clock: str = ""
    problem: str = ""
    note: str = ""
    blank: bool = False


def read_written(cell: Cell, epoch: date = EXCEL_1900, *, first_year: int = FIRST_YEAR) -> Written:
    """Read one date cell as far as it can be read alone.

    Parameters
    ----------
    cell : str, int, float, datetime, date or None
    epoch : date
        Day 0 of the file's serial numbers.
    first_year : int
        A date of an earlier year cannot be right.

    Returns
    -------
    Written

    Examples
    --------
    >>> read_written("Mon 3 April 2026").day_as(True)
    datetime.date(2026, 4, 3)
    >>> read_written("3/4/2026").open
    True
    """
    if isinstance(cell, datetime):
        clock = "" if cell.time() == time() else f"{cell:%H:%M}"
        return _checked(Written(cell.year, cell.month, cell.day, clock=clock), cell_text(cell), first_year)
    if isinstance(cell, date):
        return _checked(Written(cell.year, cell.month, cell.day), cell_text(cell), first_year)
    text = cell_text(cell)
    if not text:
        return Written(blank=True)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL:
        moment = datetime.combine(epoch, time()) + timedelta(minutes=round(float(text) * 1440))
        return read_written(moment, first_year=first_year)
    return _read_text(text, first_year)


@lru_cache(maxsize=10_000)
def _read_text(text: str, first_year: int) -> Written:
    shown = text if len(text) <= 40 else f"{text[:40]}..."
    unreadable = Written(problem=f'cannot read the date "{shown}". Write it as YYYY-MM-DD')
    if len(text) > 60:
        return unreadable
    plain = _ORDINAL.sub("", text.lower())
    weekday = None
    for word in _WORD.findall(plain):
        if word in word_list("weekday") and weekday is None:
            weekday = int(word_list("weekday")[word])
            plain = re.sub(rf"\b{re.escape(word)}\b\.?", " ", plain, count=1)
    plain = " ".join(plain.split()).strip(" ,()")
    if not plain.strip(".:-"):
        problem = f'no date: "{shown}" is only a weekday; write a date, or give the first day (--date YYYY-MM-DD)'
        return Written(weekday=weekday, problem=problem)
    if numbered := _NUMBERED_DAY.fullmatch(plain):
        problem = f'no date: "{shown}" has no date; write one, or give that of day 1 (--date YYYY-MM-DD)'
        return Written(weekday=weekday, ordinal=int(numbered[1]), problem=problem)
    clock = ""
    behind = _CLOCK_BEHIND.search(plain)
    if behind and behind.start() > 3:
        clock, plain = read_clock(behind[1]) or "", plain[: behind.start()]
    found = _fields(plain.strip(" ,"))
    if found is None:
        only_clock = read_clock(plain) if ":" in plain else None
        return Written(clock=only_clock, blank=True) if only_clock else unreadable
    return _checked(replace(found, weekday=weekday, clock=clock), shown, first_year)


def _fields(plain: str) -> Written | None:
    if match := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (match[1], match[3], match[4]) if match[1] else (match[5], match[6], match[7])
        return Written(int(year), int(month), int(day))
    if match := _NUMERIC.fullmatch(plain):
        first, second, year = int(match[1]), int(match[3]), _year(match[4])
        # Points are written between day, month and year in that order only.
        return Written(year, second, first) if match[2] == "." else Written(year, first=first, second=second)
    months = word_list("month")
    for pattern, places in ((_DAY_MONTH, (3, 2, 1)), (_MONTH_DAY, (3, 1, 2)), (_YEAR_MONTH_DAY, (1, 2, 3))):
        match = pattern.fullmatch(plain)
        if match and match[places[1]] in months:
            year, month, day = (match[place] for place in places)
            return Written(_year(year), int(months[month]), int(day))
    return None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _checked(written: Written, shown: str, first_year: int) -> Written:
    """Turn a day that does not exist, in any order, into a problem."""
    if not (written.day_as(True, _LEAP) or (written.open and written.day_as(False, _LEAP))):
        return replace(written, problem=f'there is no day "{shown}". Write it as YYYY-MM-DD')
    if written.year is not None and not first_year <= written.year <= LAST_YEAR:
        return replace(written, problem=f'the year of the date "{shown}" cannot be right')
    return written


def two_readings(text: str) -> tuple[str, str] | None:
    """Return both days that a date may be, day first and month first, None where it is one day only.

    Examples
    --------
    >>> two_readings("3/4/2026"), two_readings("13/4/2026"), two_readings("3/3/2026"), two_readings("2026-04-03")
    (('3 April 2026', '4 March 2026'), None, None, None)
    """
    written = read_written(text)
    days = [written.day_as(order, _LEAP) for order in (True, False)] if written.open and not written.problem else []
    said = [f"{day.day} {day:%B}{f' {written.year}' if written.year else ''}" for day in days if day is not None]
    return (said[0], said[1]) if len(set(said)) == 2 else None


def read_days(
    cells: Sequence[Written], source: str, day_first: bool | None, year: int | None = None
) -> tuple[list[Day], str]:
    """Read a whole column of dates.

    Parameters
    ----------
    cells : sequence of Written
        The cells, as `read_written` gives them.
    source : str
        File, for messages.
    day_first : bool or None
        How to read dates the column leaves open; None lets the column decide.
    year : int, optional
        Year of dates that have none. Without it the only year seen in the column is taken, with a note.

    Returns
    -------
    days : list of Day
    note : str
        How an open order was decided, empty where there was nothing to decide.

    Raises
    ------
    DiaryError
        If nothing decides the order of day and month, or no date in the file has a year.

    Examples
    --------
    >>> days, note = read_days([read_written(text) for text in ("3/4/2026", "13/4/2026")], "diary.csv", None)
    >>> days[0].day, note
    (datetime.date(2026, 4, 3), 'dates read day first: 13/4/2026 exists in no other order')
    """
    years = {written.year for written in cells if written.year and not written.problem}
    missing_year = next((written for written in cells if _needs_year(written)), None)
    if missing_year and year is None:
        if not years:
            raise DiaryError(
                f"{source}: the dates have no year ({_shown(missing_year)}). "
                "Write the year, or give the day the diary begins (--date)."
            )
        year = years.pop() if len(years) == 1 else None
    order, note = _decide_order(cells, source, day_first, year)
    return [_day(written, order, year) for written in cells], note


def _needs_year(written: Written) -> bool:
    return written.year is None and not written.blank and not written.problem


def _shown(written: Written) -> str:
    year = f"/{written.year}" if written.year else ""
    return f"{written.first or written.day}/{written.second or written.month}{year}"


def _day(written: Written, day_first: bool | None, year: int | None) -> Day:
    if written.blank or written.problem:
        return Day(clock=written.clock, problem=written.problem, blank=written.blank)
    notes = []
    if written.year is None:
        if year is None:
            return Day(problem=f"the date {_shown(written)} has no year, and the file holds several years")
        notes.append(f"the year {year} is taken from the other dates")
    choices = {order: written.day_as(order, year) for order in (True, False)}
    day = choices[True if day_first is None else day_first]
    if written.open and choices[True] != choices[False] and None not in choices.values() and day_first is None:
        return Day(problem=f"the date {_shown(written)} can be read two ways, and the file mixes both orders")
    if day is None:
        day = choices[True] or choices[False]
        if day is None:
            return Day(problem=f"there is no day {_shown(written)} in {written.year or year}")
        if day_first is not None:
            notes.append(
                f"date read {'month' if day_first else 'day'} first: {_shown(written)} exists in no other order"
            )
    if written.weekday is not None and day.weekday() != written.weekday:
        notes.append(f"{day} is a {day:%A}, not the weekday written")
    return Day(day, written.clock, note="; ".join(notes))


def _decide_order(
    cells: Sequence[Written], source: str, day_first: bool | None, year: int | None
) -> tuple[bool | None, str]:
    """Return whether open dates are day first, and why; None where the column mixes both orders."""
    open_ = [written for written in cells if written.open and not written.problem]
    if day_first is not None or not open_:
        return day_first, ""
    only = {order: [w for w in open_ if w.day_as(not order, year or _LEAP) is None] for order in (True, False)}
    for order in (True, False):
        if only[order] and not only[not order]:
            return order, f"dates read {_words(order)}: {_shown(only[order][0])} exists in no other order"
    undecided = [w for w in open_ if w.first != w.second and w not in only[True] and w not in only[False]]
    if only[True] or not undecided:
        return None, ""
    by_weekday = {
        order: [w for w in undecided if w.weekday is not None and _weekday(w, order, year) == w.weekday]
        for order in (True, False)
    }
    for order in (True, False):
        if len(by_weekday[order]) > len(by_weekday[not order]):
            return order, f"dates read {_words(order)}: the weekday beside {_shown(by_weekday[order][0])} says so"
    spans = {order: _span(cells, order, year) for order in (True, False)}
    for order in (True, False):
        days, span = spans[order]
        # Nearly every day between the first and the last has an entry in this order, and not in the other.
        if days > 1 and span < 2 * days and spans[not order][1] > 4 * span:
            return order, f"dates read {_words(order)}: so the {days} days follow each other"
    first = undecided[0]
    readings = " or ".join(f"{day.day} {day:%B}" for order in (True, False) if (day := first.day_as(order, year)))
    raise DiaryError(
        f"{source}: the date {_shown(first)} can be {readings}, and nothing in the file decides. "
        "Say which: --day-first or --month-first (day_first=True or False), or write dates as YYYY-MM-DD."
    )


def _words(day_first: bool) -> str:
    return "day first" if day_first else "month first"


def _weekday(written: Written, day_first: bool, year: int | None) -> int | None:
    day = written.day_as(day_first, year)
    return None if day is None else day.weekday()


def _span(cells: Iterable[Written], day_first: bool, year: int | None) -> tuple[int, int]:
    """Return how many different days there are, and how many lie between the first and the last, both included."""
    read = [written.day_as(day_first, year) for written in cells if not written.blank and not written.problem]
    days = {day for day in read if day is not None}
    return len(days), (max(days) - min(days)).days + 1 if days else 0


def read_clock(cell: Cell) -> str | None:
    """Return a time of day as HH:MM, "" for a blank cell, None where it cannot be read.

    Examples
    --------
    >>> [read_clock(cell) for cell in ("13:23 ", "9:51 AM", "8pm", 0.5, "0830", "", "after gym")]
    ['13:23', '09:51', '20:00', '12:00', '08:30', '', None]
    """
    if isinstance(cell, (datetime, time)):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        cell = cell.total_seconds() / 86_400
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not 0 <= cell < 1:
            return _clock_text(f"{cell:04.0f}" if 100 <= cell < 2400 else cell_text(cell))
        minutes = round(cell * 1440) % 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return _clock_text(cell_text(cell)[:40].lower())


@lru_cache(maxsize=5_000)
def _clock_text(text: str) -> str | None:
    text = _ABOUT.sub("", text)
    text = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}.get(text, text)
    if not text:
        return ""
    match = _CLOCK.fullmatch(text)
    if match is None or (match[2] is None and match[4] is None and not text.endswith(("h", "uhr", "clock"))):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
