"""One line of a diary on its way into the table, and what every reader does with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from nutridiary.diary.amounts import MISSING
from nutridiary.diary.dates import Day
from nutridiary.diary.supplement_lines import supplement_sign
from nutridiary.diary.water import is_only_water


@dataclass
class Entry:
    """One line of a diary on its way into the table; the fields are those of `tables.ENTRIES`."""

    source: str
    line: int
    person_id: str | None = None
    date: date | None = None
    time: str | None = None
    eating_occasion: str | None = None
    food_text: str | None = None
    amount: float = MISSING
    unit: str | None = None
    kind: str = "food"
    problem: str | None = None
    note: str | None = None
    amount_low: float = MISSING
    amount_high: float = MISSING
    amount_text: str | None = None
    written_text: str | None = None
    brand: str | None = None
    barcode: str | None = None
    stated_fdc_id: int | None = None
    stated_food_code: int | None = None
    single_food: bool = False
    total_of: str | None = None
    part: int | None = None
    line_weight: float = MISSING
    recorded: dict[str, float] = field(default_factory=dict, repr=False)
    notes: list[str] = field(default_factory=list, repr=False)

    def fail(self, problem: str) -> None:
        """Set the problem, unless the row has one already: the first reason stands."""
        if problem and self.problem is None:
            self.problem = problem

    def finished(self) -> Entry:
        """Join the notes to one; the last thing a reader does with an entry."""
        self.note = "; ".join(note for note in self.notes if note) or None
        return self


def set_day(entry: Entry, day: Day, carried: tuple[int, Day] | None = None) -> None:
    """Give an entry its day, the clock time beside it, and what is wrong with it.

    Parameters
    ----------
    entry : Entry
    day : Day
        What the row's own date cell came to.
    carried : (int, Day), optional
        The row above that has a date, 0 for the sheet's name, and its date, which a blank cell takes.
    """
    entry.time = entry.time or day.clock or None
    if day.day is not None or day.problem:
        entry.date = day.day
        entry.notes.append(day.note)
        entry.fail(day.problem)
    elif carried is None:
        entry.fail("no date: the row has none, and no row above it has one")
    elif carried[1].problem:
        asks = carried[1].problem.startswith("no date")
        entry.fail(carried[1].problem if asks else f"no date: the date above, in row {carried[0]}, could not be read")
    else:
        entry.date = carried[1].day
        entry.notes.append(f"date taken from row {carried[0]}" if carried[0] else "date taken from the sheet's name")


def set_kind_of_eaten(entry: Entry, *texts: str) -> None:
    """Tell the water and the supplements among the rows of an app that are eaten.

    Parameters
    ----------
    entry : Entry
    *texts : str
        What else the row says: its amount, its unit, its meal.
    """
    form = supplement_sign(entry.food_text, *texts)
    if form:
        entry.kind = "supplement"
        entry.notes.append(f'kind supplement, from "{form}"')
    elif is_only_water(entry.food_text):
        entry.kind = "water"
    if entry.food_text is None:
        entry.fail("no food is named in this row")


def cell_name(line: int, place: int) -> str:
    """Return a cell's name in a spreadsheet.

    Examples
    --------
    >>> cell_name(7, 0), cell_name(7, 27)
    ('A7', 'AB7')
    """
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{line}"
