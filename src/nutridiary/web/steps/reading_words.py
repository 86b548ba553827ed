"""Words of the page about what was understood: days, columns, and messages that speak of the command line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

COLUMNS = {
    "food": "Food",
    "date": "Date",
    "amount": "Amount",
    "unit": "Unit",
    "grams": "Weight in grams",
    "meal": "Meal",
    "time": "Time",
    "person": "Person",
    "brand": "Brand",
    "barcode": "Barcode",
    "note": "Notes",
    "kind": "Kind",
    "fdc_id": "FDC id",
    "food_code": "Food code",
}
"""What each column of ``column_names.csv`` is called, the most needed first."""

BESIDE = {
    "people": "who ate",
    "products": "supplements",
    "recipes": "recipes",
    "own_foods": "foods of your own",
    "symptoms": "symptoms",
    "not_food_days": "days that are no food days",
}
"""What the sheets beside a diary hold."""

DATE_ORDER, DAY, FORMAT, EDITION = (
    "Order of day and month",
    "The day, where none is written",
    "Format",
    "Edition of the Daily Values",
)
"""Labels of the fields that messages lead to."""

_OPTIONS = (
    (re.compile(r"--day-first or --month-first(?: \(day_first=True or False\))?"), f"“{DATE_ORDER}”"),
    (
        re.compile(r"say which heading it is: --column (\w+)=HEADING"),
        lambda said: f"choose below which heading it is, under “{COLUMNS[said[1]]}”",
    ),
    (re.compile(r"--column (\w+)=HEADING"), lambda said: f"“{COLUMNS[said[1]]}”"),
    (re.compile(r"--date(?: YYYY-MM-DD)?"), f"“{DAY}”"),
    (re.compile(r"--format\b"), f"“{FORMAT}”"),
    (re.compile(r"--daily-values\b"), f"“{EDITION}”"),
)


def for_the_page(message: str) -> str:
    """Return a message that names options of the command line with the names of the page's fields in their place.

    Examples
    --------
    >>> for_the_page("no date: only weekdays are written; give the first day (--date YYYY-MM-DD)")
    'no date: only weekdays are written; give the first day (“The day, where none is written”)'
    >>> for_the_page("Say which: --day-first or --month-first (day_first=True or False), or write dates as YYYY-MM-DD.")
    'Say which: “Order of day and month”, or write dates as YYYY-MM-DD.'
    """
    for pattern, words in _OPTIONS:
        message = pattern.sub(words, message)
    return message


def day_in_words(day: dt.date) -> str:
    """Return a day as people write it.

    Examples
    --------
    >>> day_in_words(dt.date(2026, 4, 1))
    '1 April 2026'
    """
    return f"{day.day} {day:%B} {day.year}"


def days_in_words(first: dt.date, last: dt.date) -> str:
    """Return a run of days, naming month and year once.

    Examples
    --------
    >>> day = dt.date(2026, 4, 1)
    >>> days_in_words(day, day), days_in_words(day, dt.date(2026, 4, 30)), days_in_words(day, dt.date(2026, 5, 2))
    ('1 April 2026', '1–30 April 2026', '1 April – 2 May 2026')
    """
    if first == last:
        return day_in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_in_words(last)}"
    begins = f"{first.day} {first:%B}" if first.year == last.year else day_in_words(first)
    return f"{begins} – {day_in_words(last)}"


def days_between(days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return the runs of days that are missing between some, which are in order.

    Examples
    --------
    >>> days = [dt.date(2026, 4, day) for day in (1, 2, 4, 8)]
    >>> [days_in_words(*run) for run in days_between(days)]
    ['3 April 2026', '5–7 April 2026']
    """
    one = dt.timedelta(days=1)
    return [(before + one, after - one) for before, after in pairwise(days) if after - before > one]


def counted(number: int, one: str, several: str = "") -> str:
    """Return "1 line", "450 lines", "1,200 lines".

    Examples
    --------
    >>> counted(1, "person", "people"), counted(1200, "line")
    ('1 person', '1,200 lines')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def joined(words: Iterable[str], most: int = 8) -> str:
    """Return words as a list in a sentence, at most so many of them.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a", "b", "c"], most=1), joined(["a"])
    ('a, b and c', 'a and 2 more', 'a')
    """
    texts = list(words)
    if len(texts) > most:
        texts = [*texts[:most], f"{len(texts) - most:,} more"]
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)
