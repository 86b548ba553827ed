"""NHANES: the dietary recalls of What We Eat in America, and the supplements taken on the same days.

A file is told by its variables: DR1I... are the foods of the first recall, DR2T... the totals of the second,
DS1I... the supplements of the first, DSQI... those of the last thirty days. The files have no dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.dates import read_clock
from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Cell, Grid, Row, cell_text
from nutridiary.diary.reading import LeftAside, Options, Reading
from nutridiary.diary.survey_values import (
    SurveyValues,
    finite_number,
    number_text,
    recall_codes,
    set_food_code,
    set_grams,
    survey_nutrients,
)
from nutridiary.diary.words import word_list
from nutridiary.errors import listing
from nutridiary.tables import OF_FOODS, OF_SUPPLEMENTS

NAME = "nhanes"
# A Sunday. NHANES tells the weekday of a recall and which of two it is, nothing more.
FIRST_SUNDAY = date(2000, 1, 2)
_VARIABLE = re.compile(r"(d[rs])([12])([it])(\w+)|(ds)(q)([it])(\w+)")
# What says what was eaten or taken, in a file that was cut down to it, and the prefix of its recall.
_EATEN = {"dr1ifdcd": "dr1i", "dr2ifdcd": "dr2i", "ds1actss": "ds1i", "ds2actss": "ds2i"}
# The names of food codes, where the file of codes was joined to the foods.
_DESCRIPTION = ("drxfcld", "drxfcsd")
_NOT_DONE = "5"
_ORDER = {"1": "first", "2": "second"}
_DATES = (
    "NHANES tells no dates, only weekdays: the first recall stands in the week of 2000-01-02, the second in the week "
    "after it"
)
_THIRTY_DAYS = "taken within the last thirty days, on no day that is told"


@dataclass(frozen=True)
class _Group:
    """The variables of one recall in a file: "dr1i" are the foods of the first.

    `values` are its nutrients; `read` makes an entry of a row.
    """

    prefix: str
    values: SurveyValues
    read: Callable[[Entry, AppTable, Row, str], None]

    @property
    def recall(self) -> str:
        """1 or 2; q for what was taken within thirty days."""
        return self.prefix[2]


def identify_nhanes(grids: list[Grid]) -> bool:
    """Tell whether a sheet has the number of a respondent, and foods or nutrients of a recall."""
    return any(_groups(table) for table in map(_table, grids) if table is not None)


def read_nhanes(grids: list[Grid], options: Options) -> Reading:
    """Read foods, supplements and totals of the recalls of NHANES.

    Parameters
    ----------
    grids : list of Grid
    options : Options
        Nothing of it is needed.

    Returns
    -------
    Reading
        A row is an entry; where a file holds both recalls side by side, one of each, whose source says which.
        Recalls that were not done are notes.
    """
    reading = Reading()
    for grid in grids:
        table = _table(grid)
        groups = _groups(table) if table else []
        if table is None or not groups:
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no recall of NHANES in this sheet"))
            continue
        reading.left_aside += table.above()
        for group in groups:
            suffix = f":{group.prefix.upper()}" if len(groups) > 1 else ""
            reading.entries += _entries(table, group, grid.source + suffix)
        if any(group.recall in _ORDER for group in groups):
            reading.notes.append(_DATES)
        reading.notes += _unused(table)
    reading.notes = list(dict.fromkeys(reading.notes))
    return reading


def _table(grid: Grid) -> AppTable | None:
    return find_app_table(grid, ("seqn",))


def _groups(table: AppTable) -> list[_Group]:
    """Return the recalls whose nutrients or foods a table holds, in the order of its columns."""
    nutrients: dict[str, dict[int, str]] = {}
    for heading, place in table.places.items():
        prefix, nutrient = _variable(heading)
        if nutrient:
            nutrients.setdefault(prefix, {})[place] = nutrient
        elif heading in _EATEN:
            nutrients.setdefault(_EATEN[heading], {})
    return [_Group(prefix, SurveyValues(found), _reader(prefix)) for prefix, found in nutrients.items()]


def _variable(heading: str) -> tuple[str, str]:
    """Return the prefix and the nutrient of a variable, two empty texts for one that is no nutrient's.

    Examples
    --------
    >>> _variable("dr1imagn"), _variable("dsqtvd"), _variable("dr1ifdcd"), _variable("dr1drstz")
    (('dr1i', 'magnesium'), ('dsqt', 'vitamin_d'), ('', ''), ('', ''))
    """
    found = _VARIABLE.fullmatch(heading)
    if found is None:
        return "", ""
    *prefix, letters = (part for part in found.groups() if part is not None)
    nutrient = survey_nutrients(NAME).get(letters, "")
    return ("".join(prefix), nutrient) if nutrient else ("", "")


def _reader(prefix: str) -> Callable[[Entry, AppTable, Row, str], None]:
    if prefix.endswith("t"):
        return _read_total
    return _read_food if prefix.startswith("dr") else _read_supplement


def _entries(table: AppTable, group: _Group, source: str) -> list[Entry]:
    recall = group.recall
    weekday, status = f"dr{recall}day", f"dr{recall}drstz"
    statuses = recall_codes(NAME, "recall_status")
    entries = []
    for number, row in table.rows():
        entry = Entry(source, number, person_id=number_text(table.cell(row, "seqn")) or None)
        entry.recorded = group.values.of(row)
        found = number_text(table.cell(row, status)) if recall in _ORDER else ""
        if found == _NOT_DONE and not entry.recorded:
            entry.kind = "note"
            entry.fail(statuses[found])
        else:
            # The status is that of the foods: it says nothing about a supplement.
            entry.notes.append("" if group.prefix.startswith("ds") else statuses.get(found, ""))
            if recall in _ORDER:
                _set_weekday(entry, recall, _weekday(table.cell(row, weekday)))
            group.read(entry, table, row, group.prefix)
        entries.append(entry.finished())
    return entries


def _weekday(cell: Cell) -> str:
    """Return the number of a weekday, 1 for Sunday; some copies of the files hold its name.

    Examples
    --------
    >>> _weekday("6"), _weekday(1.0), _weekday("Sunday"), _weekday("Friday"), _weekday("NA")
    ('6', '1', '1', '6', '')
    """
    text = number_text(cell)
    # Our words count from Monday, 0.
    monday_first = word_list("weekday").get(text.lower())
    return text if monday_first is None else str((int(monday_first) + 1) % 7 + 1)


def _set_weekday(entry: Entry, recall: str, weekday: str) -> None:
    entry.date = _day(recall, weekday)
    if weekday not in _WEEKDAYS:
        entry.notes.append(f"the weekday of the {_ORDER[recall]} recall is not told: the first day of its week")


_WEEKDAYS = tuple("1234567")


@cache
def _day(recall: str, weekday: str) -> date:
    """Return the day that stands for a recall: its weekday (1 is Sunday) in the week of that recall.

    Examples
    --------
    >>> _day("1", "6").strftime("%A %d"), _day("2", "6").strftime("%A %d")
    ('Friday 07', 'Friday 14')
    """
    days = _WEEKDAYS.index(weekday) if weekday in _WEEKDAYS else 0
    return FIRST_SUNDAY + timedelta(days=days, weeks=int(recall) - 1)


def _read_food(entry: Entry, table: AppTable, row: Row, prefix: str) -> None:
    start = prefix[:3]
    entry.single_food = True
    entry.food_text = table.text(row, *_DESCRIPTION) or None
    entry.time = _clock(table.cell(row, f"{start}_020", f"{start}.020"))
    occasion = number_text(table.cell(row, f"{start}_030z", f"{start}.030z", f"{start}_030"))
    words = recall_codes(NAME, "eating_occasion")
    entry.eating_occasion = words.get(occasion) if occasion.isdecimal() else occasion or None
    set_food_code(entry, table.cell(row, f"{start}ifdcd"))
    set_grams(entry, table.cell(row, f"{start}igrms"))
    changed = number_text(table.cell(row, f"{start}mc"))
    if changed not in ("", "0"):
        entry.notes.append(f"the survey changed the food for this line (modification code {changed[:40]})")


def _clock(cell: Cell) -> str | None:
    """Return a time of eating, which the files hold in seconds from midnight.

    Examples
    --------
    >>> _clock("30600"), _clock(86340.0), _clock("08:30:00"), _clock("NA")
    ('08:30', '23:59', '08:30', None)
    """
    text = cell_text(cell)
    seconds = None if ":" in text else finite_number(text)
    if seconds is None:
        return read_clock(cell) or None
    minutes = int(seconds // 60) % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _read_supplement(entry: Entry, table: AppTable, row: Row, prefix: str) -> None:
    recall = prefix[2]
    entry.kind, entry.single_food = "supplement", True
    entry.food_text = table.text(row, "dsdsupp") or None
    servings = finite_number(table.cell(row, f"ds{recall}actss"))
    if servings is not None:
        # The survey has put what was taken in servings of the label.
        entry.amount_text = f"{servings:g} serving"
        if servings < 0:
            entry.fail(f'the amount "{entry.amount_text}" is negative')
        else:
            entry.amount, entry.unit = servings, "serving"
    match = number_text(table.cell(row, f"ds{recall}mtch", "dsdmtch"))
    entry.notes.append(recall_codes(NAME, "supplement_match").get(match, ""))
    entry.fail(recall_codes(NAME, "supplement_name").get(entry.food_text or "", ""))
    if recall not in _ORDER:
        entry.fail(f"{_THIRTY_DAYS}: not counted")


def _read_total(entry: Entry, table: AppTable, row: Row, prefix: str) -> None:
    recall = prefix[2]
    entry.kind = "total"
    entry.total_of = OF_SUPPLEMENTS if prefix.startswith("ds") else OF_FOODS
    of_what = "supplements and antacids" if entry.total_of == OF_SUPPLEMENTS else "foods and drinks"
    if recall in _ORDER:
        entry.notes.append(f"{of_what} of the {_ORDER[recall]} recall")
    else:
        entry.notes.append(f"supplements and antacids, a day on average: {_THIRTY_DAYS}")
    if not entry.recorded:
        entry.notes.append("no values")


def _unused(table: AppTable) -> list[str]:
    """Return the variables that say nothing about what was eaten, in a note."""
    used = re.compile(
        r"seqn|dsdsupp|dr[12]day|dr[12]drstz|dr[12][_.]020|dr[12][_.]030z?|dr[12]i(?:fdcd|grms)|dr[12]mc|"
        r"ds[12](?:actss|mtch)|dsdmtch|drxfc[ls]d"
    )
    unused = [
        cell_text(table.headings[place])
        for heading, place in table.places.items()
        if not used.fullmatch(heading) and not _variable(heading)[1]
    ]
    return [f"columns not used: {listing(unused)}"] if unused else []
