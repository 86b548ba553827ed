"""MyFitnessPal's printable diary: a page of days, each with a table of foods, and the same made into one table.

On the page a food and its amount are one text, "Onions, raw, 0.5 cup, chopped". Programs that make a table of the page
cut it at its last comma, so a table's two cells are put together again before they are read.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache

from nutridiary.daily_values import edition_of
from nutridiary.data_files import data_file
from nutridiary.diary.app_amounts import set_app_amount
from nutridiary.diary.daily_percents import amounts_of_percents, note_of_percents
from nutridiary.diary.dates import Day, read_days, read_written
from nutridiary.diary.entries import Entry, set_day, set_kind_of_eaten
from nutridiary.diary.grid import Grid, Row, cell_text, is_blank
from nutridiary.diary.overlaps import COUNTED_ELSEWHERE
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.recorded import RecordedColumn, percent_values, plain_number, recorded_columns, recorded_values
from nutridiary.units import canonical_unit, unit_kind

DIARY = "myfitnesspal-diary"
_ENERGY = {"calories": "kcal", "kilojoules": "kJ"}
_TOTALS = ("total", "totals")
# The amount is what follows the last comma before a number with a word behind it: not the "2%" of milk.
_AMOUNT = re.compile(r",\s*(?=\d[\d.,]*\s+[^\W\d])")
_IN_BRACKETS = re.compile(r"(?P<count>\d[\d.,]*)\s+(?P<unit>[^()]+?)\s+\((?P<size>[^()]*)\)")


def is_printable_page(grid: Grid) -> bool:
    """Tell whether a grid is the page of a printable diary: a table of foods below a date."""
    foods = next((n for n, row in enumerate(grid.rows) if _header_of(row) == "foods"), None)
    return foods is not None and any(_date_of(row) is not None for row in grid.rows[:foods])


def read_page(grid: Grid, options: Options, reading: Reading) -> None:
    """Read the page of a printable diary into `reading`.

    Parameters
    ----------
    grid : Grid
        Headings and paragraphs as rows of one cell, in the order of the page.
    options : Options
        Its edition of the Daily Values, for columns in percent.
    reading : Reading
        Foods, exercise and remarks are added to its entries; titles, headers, meals and totals to what is left aside.
    """
    page = _Page(grid, options, reading)
    for number, row in enumerate(grid.rows, 1):
        if any(not is_blank(cell) for cell in row):
            page.read(number, row)
    if note := page.note():
        reading.notes.append(note)


def read_item(entry: Entry, text: str) -> None:
    """Read a food with its amount, "Dole - Pineapple Slice, 2 slices", into an entry.

    A known maker before a dash becomes the brand; other words before it often are the food itself
    ("Eggs - Hard Boiled"), and stay.

    Examples
    --------
    >>> entry = Entry("diary.csv", 2)
    >>> read_item(entry, "Dole - Pineapple Slice, 2 slices")
    >>> entry.brand, entry.food_text, entry.amount, entry.unit
    ('Dole', 'Pineapple Slice', 2.0, 'slice')
    """
    cuts = list(_AMOUNT.finditer(text))
    name, amount = (text[: cuts[-1].start()], text[cuts[-1].end() :]) if cuts else (text, "")
    brand, _, food = name.partition(" - ")
    entry.single_food = True
    entry.written_text = text or None
    entry.brand, entry.food_text = (brand, food) if food and brand.lower() in _makers() else (None, name or None)
    set_kind_of_eaten(entry, amount)
    _set_amount(entry, amount)


def repeated_by_meal(entries: list[Entry]) -> str:
    """Find a table that lists the foods of a day again under each of its meals, and count them once.

    Some programs that make a table of the page do so. It is believed only where every day of several meals is
    like that, and there are two such days of two foods or more.

    Returns
    -------
    str
        What was found, empty where the table is in order.
    """
    days: dict[object, dict[str | None, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        days[entry.date][entry.eating_occasion].append(entry)
    several = [list(meals.values()) for meals in days.values() if len(meals) > 1]
    alike = [meals for meals in several if all(_texts(meal) == _texts(meals[0]) for meal in meals[1:])]
    if len(alike) < len(several) or sum(len(meals[0]) > 1 for meals in alike) < 2:
        return ""
    for first, *others in alike:
        for entry in first:
            entry.note = _joined(entry.note, "the meal is not known: the table repeats the day's foods under each meal")
        for meal in others:
            for entry, before in zip(meal, first, strict=True):
                entry.kind = "note"
                entry.fail(f"{COUNTED_ELSEWHERE}row {before.line}, repeated for each meal of the day: counted there")
    return "the table lists all foods of a day again under each of its meals: they are counted once"


def _texts(meal: list[Entry]) -> list[str | None]:
    return [entry.written_text for entry in meal]


def finish(entry: Entry) -> None:
    """Put an entry's notes into words."""
    entry.note = _joined(*entry.notes)


def _joined(*notes: str | None) -> str | None:
    return "; ".join(note for note in notes if note) or None


@cache
def _makers() -> frozenset[str]:
    with data_file("makers.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["maker"] for row in csv.DictReader(file))


def _set_amount(entry: Entry, amount: str) -> None:
    """Read "0.5 cup (78g)": what stands in brackets is the size of a serving, and how many servings is not said."""
    bracketed = _IN_BRACKETS.fullmatch(amount)
    if bracketed is None:
        if amount:
            set_app_amount(entry, amount)
        return
    count, unit = bracketed["count"], bracketed["unit"]
    is_measure = unit_kind(canonical_unit(unit)) in ("mass", "volume")
    if is_measure or (unit.endswith("s") and plain_number(count) != 1):
        # "1 cup (78g)" may be two servings of half a cup that weighs 78 g: the cup holds either way.
        set_app_amount(entry, f"{count} {unit}")
        entry.notes.append(f'"({bracketed["size"]})" is the size of a serving in the app: not used')
    else:
        set_app_amount(entry, amount)
    entry.amount_text = amount


class _Page:
    """The page being read: which day, table and meal the next row belongs to."""

    def __init__(self, grid: Grid, options: Options, reading: Reading) -> None:
        self._source = grid.source
        self._edition = edition_of(options.daily_values) if options.daily_values else None
        self._unread: dict[str, str] = {}
        self._reading = reading
        self._day = Day(problem="no date: no heading above the row has one")
        self._table = ""
        self._section: str | None = None
        self._columns: dict[int, RecordedColumn] = {}
        self._as_written: dict[str, str] = {}
        self._energy = ""

    def note(self) -> str:
        """Return in words which columns in percent could not be read."""
        return note_of_percents(self._unread, self._edition)

    def read(self, number: int, row: Row) -> None:
        first = cell_text(row[0])
        alone = all(is_blank(cell) for cell in row[1:])
        if alone and (day := _date_of(row)) is not None:
            self._day, self._table = day, ""
            self._aside(number, row, "the heading of a day")
        elif header := _header_of(row):
            self._table, self._section = header, None
            self._columns = recorded_columns(row, DIARY) if header == "foods" else {}
            self._as_written = {column.nutrient: cell_text(row[place]) for place, column in self._columns.items()}
            self._energy = _ENERGY[cell_text(row[1]).lower()]
            self._aside(number, row, "the header")
        elif self._table in ("foods", "exercises") and first.lower().strip(" :") in _TOTALS:
            self._table = ""
            self._aside(number, row, "a total of the rows above it")
        elif alone and self._table in ("foods", "exercises"):
            self._section = first
            self._aside(number, row, "the heading of a meal" if self._table == "foods" else "the heading of exercises")
        elif alone and first.lower() in ("food notes", "exercise notes"):
            self._table = "notes"
            self._aside(number, row, "the heading of notes")
        elif self._table:
            self._entry(number, row)
        else:
            self._aside(number, row, "above or beside the tables of the diary")

    def _aside(self, number: int, row: Row, reason: str) -> None:
        self._reading.left_aside.append(LeftAside(self._source, number, row_text(row), reason))

    def _entry(self, number: int, row: Row) -> None:
        entry = Entry(self._source, number)
        set_day(entry, self._day)
        if self._table == "foods":
            entry.eating_occasion = self._section
            self._read_values(entry, row)
            read_item(entry, cell_text(row[0]))
        elif self._table == "exercises":
            self._read_exercise(entry, row)
        else:
            entry.kind = "note"
            entry.food_text = " ".join(cell_text(cell) for cell in row if not is_blank(cell))
        finish(entry)
        self._reading.entries.append(entry)

    def _read_values(self, entry: Entry, row: Row) -> None:
        amounts, unread = amounts_of_percents(percent_values(row, self._columns), self._edition)
        entry.recorded = recorded_values(row, self._columns) | amounts
        self._unread |= {self._as_written[nutrient]: reason for nutrient, reason in unread.items()}

    def _read_exercise(self, entry: Entry, row: Row) -> None:
        entry.kind = "exercise"
        entry.food_text = cell_text(row[0])
        energy, minutes, sets, repeats, weight = ([cell_text(cell) for cell in row[1:6]] + [""] * 5)[:5]
        entry.amount_text = f"{minutes} min" if minutes else None
        said = {
            "energy burned": f"{energy} {self._energy}" if energy else "",
            "sets": sets,
            "repeats": repeats,
            "weight": weight,
        }
        entry.notes += [self._section or "", *(f"{name}: {text}" for name, text in said.items() if text)]


def _header_of(row: Row) -> str:
    """Return "foods" or "exercises" for the header of such a table, else nothing."""
    first, second = ([cell_text(cell).lower() for cell in row[:2]] + ["", ""])[:2]
    return first if first in ("foods", "exercises") and second in _ENERGY else ""


def _date_of(row: Row) -> Day | None:
    """Return the day a heading names: "January 1, 2019"."""
    if len(row) == 0 or any(not is_blank(cell) for cell in row[1:]) or not any(s.isdigit() for s in cell_text(row[0])):
        return None
    written = read_written(cell_text(row[0]))
    if written.blank or written.problem or written.year is None or written.open:
        return None
    return read_days([written], "", None)[0][0]
