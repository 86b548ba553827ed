"""Cronometer: servings of all generations, the daily summary, and the exercises, notes and biometrics beside them.

The five files of an export are told apart by their headers, so a file of servings is one under any name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from nutridiary.diary.app_amounts import set_app_amount
from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.dates import read_clock
from nutridiary.diary.entries import Entry, set_day
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.recorded import recorded_column, recorded_columns, recorded_values
from nutridiary.diary.supplement_lines import supplement_sign
from nutridiary.diary.water import is_only_water
from nutridiary.diary.words import word_list
from nutridiary.errors import listing

NAME = "cronometer"
_UNDERSTOOD = {
    "day", "date", "time", "group", "food name", "amount", "category", "completed", "exercise", "minutes",
    "calories burned", "note", "metric", "unit",
}  # fmt: skip
# What is called "low calorie" on a US label has at most 40 kcal (21 CFR 101.60(b)(2)); more is eaten as food.
MOST_SUPPLEMENT_ENERGY = 40.0  # [kcal]

_NO_CATEGORY = ("", "uncategorized")

# "µg" in UTF-8 read as Windows-1252 or Mac Roman, once or twice, or lost. No other unit of grams begins so.
_BROKEN_MICRO = re.compile(r"\((?:[^\x00-\x7f]{1,8}|\?{1,2})g\)")


class _File(NamedTuple):
    """One of the files of an export: how its header is known, and what becomes of a row."""

    signatures: tuple[tuple[str, ...], ...]
    only: frozenset[str]
    day: str
    read_row: Callable[[Entry, AppTable, Row], None]


def identify_cronometer(grids: list[Grid]) -> bool:
    """Tell whether a sheet has the header of one of Cronometer's files."""
    return any(_file_of(grid) is not None for grid in grids)


def read_cronometer(grids: list[Grid], options: Options) -> Reading:
    """Read the files of a Cronometer export.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading
        Foods, water and supplements of servings; days' totals (kind "total"); exercise; notes, among them what was
        measured.

    Raises
    ------
    DiaryError
        If dates were rewritten by another program and nothing decides the order of day and month.
    """
    reading = Reading()
    for grid in grids:
        found = _file_of(grid)
        if found is not None:
            _read_file(*found, options, reading)
        elif any(not is_blank(cell) for row in grid.rows for cell in row):
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no table of Cronometer in this sheet"))
    return reading


def _file_of(grid: Grid) -> tuple[_File, AppTable] | None:
    for file in _FILES:
        table = find_app_table(grid, *file.signatures)
        if table is not None and (not file.only or set(table.places) <= file.only):
            return file, table
    return None


def _read_file(file: _File, table: AppTable, options: Options, reading: Reading) -> None:
    reading.left_aside += table.above()
    headings = [cell_text(cell) for cell in table.headings]
    rows = []
    for number, row in table.rows():
        if cell_text(row[0]) == headings[0] and [cell_text(cell) for cell in row] == headings:
            reading.left_aside.append(LeftAside(table.grid.source, number, row_text(row), "the header again"))
        else:
            rows.append((number, row))
    days, order = table.days(file.day, rows, options.day_first)
    columns = recorded_columns([_repaired(heading) for heading in table.headings], NAME)
    for (number, row), day in zip(rows, days, strict=True):
        entry = Entry(table.grid.source, number)
        set_day(entry, day)
        _read_clock(entry, table, row)
        entry.recorded = recorded_values(row, columns)
        file.read_row(entry, table, row)
        entry.note = "; ".join(note for note in entry.notes if note) or None
        reading.entries.append(entry)
    reading.notes += [note for note in (*table.grid.notes, order, _unused(table)) if note]


def _repaired(heading: Cell) -> str:
    """Return a heading with the sign of micrograms as it was, where a program has read it in the wrong code.

    Examples
    --------
    >>> _repaired("Folate (Âµg)"), _repaired("Selenium (\ufffdg)")
    ('Folate (µg)', 'Selenium (µg)')
    """
    return _BROKEN_MICRO.sub("(µg)", cell_text(heading))


def _unused(table: AppTable) -> str:
    """Return the headings nothing was made of, in words."""
    unused = [
        cell_text(heading)[:30]
        for heading in table.headings
        if not is_blank(heading)
        and cell_text(heading).lower() not in _UNDERSTOOD
        and recorded_column(_repaired(heading), NAME) is None
    ]
    return f"columns not used: {listing(unused)}" if unused else ""


def _read_clock(entry: Entry, table: AppTable, row: Row) -> None:
    clock = read_clock(table.cell(row, "time"))
    if clock is None:
        entry.notes.append(f'time "{table.text(row, "time")[:40]}" not read')
    entry.time = clock or entry.time
    entry.eating_occasion = table.text(row, "group") or None


def _read_serving(entry: Entry, table: AppTable, row: Row) -> None:
    entry.single_food = True
    entry.food_text = table.text(row, "food name") or None
    amount = table.text(row, "amount")
    entry.kind = _kind(entry, amount, table.text(row, "category"))
    if entry.food_text is None:
        entry.fail("no food is named in this row")
    set_app_amount(entry, amount)


def _kind(entry: Entry, amount: str, category: str) -> str:
    """Return what a serving is; where it is no food, a note says from what that was told."""
    if is_only_water(entry.food_text):
        return "water"
    kinds = word_list("kind")
    if kinds.get((entry.eating_occasion or "").lower()) == "supplement":
        entry.notes.append(f'kind supplement, from the group "{entry.eating_occasion}"')
        return "supplement"
    in_category = kinds.get(category.lower()) == "supplement"
    energy = entry.recorded.get("energy", 0.0)
    if in_category and energy <= MOST_SUPPLEMENT_ENERGY:
        entry.notes.append(f'kind supplement, from the category "{category}"')
        return "supplement"
    # Nobody eats foods by the tablet, whatever an app files them under.
    measure = supplement_sign(None, amount) if supplement_sign(entry.food_text, amount) else None
    if measure:
        entry.notes.append(f'kind supplement, from "{measure}"')
        return "supplement"
    if in_category:
        entry.notes.append(f'category "{category}", but food by its {energy:g} kcal')
        return "food"
    word = supplement_sign(entry.food_text, amount) if category.lower() in _NO_CATEGORY else None
    if word:
        entry.notes.append(f'kind supplement, from "{word}"')
        return "supplement"
    return "food"


def _read_day(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "total"
    entry.food_text = "total of the day"
    if table.text(row, "completed").lower() == "false":
        entry.notes.append("a day not marked as complete in Cronometer")


def _read_exercise(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "exercise"
    entry.food_text = table.text(row, "exercise") or None
    minutes, burned = table.text(row, "minutes"), table.text(row, "calories burned")
    entry.amount_text = f"{minutes} min" if minutes else None
    if burned:
        entry.notes.append(f"energy burned: {burned.removeprefix('-')} kcal")


def _read_note(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "note"
    entry.food_text = table.text(row, "note") or None


def _read_measurement(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "note"
    entry.food_text = table.text(row, "metric") or None
    entry.amount_text = " ".join(part for part in (table.text(row, "amount"), table.text(row, "unit")) if part) or None


_ANY = frozenset[str]()
_FILES = (
    _File(
        tuple(
            ("day", "food name", "amount", energy, other)
            for energy in ("energy (kcal)", "energy (kj)")
            for other in ("group", "category", "protein (g)")
        ),
        _ANY,
        "day",
        _read_serving,
    ),
    _File(
        (
            ("date", "energy (kcal)", "protein (g)", "completed"),
            ("date", "energy (kj)", "protein (g)", "completed"),
            ("date", "energy (kcal)", "b1 (thiamine) (mg)", "trans-fats (g)"),
            ("date", "energy (kj)", "b1 (thiamine) (mg)", "trans-fats (g)"),
        ),
        _ANY,
        "date",
        _read_day,
    ),
    _File(
        (("day", "exercise", "minutes", "calories burned"),),
        frozenset(("day", "time", "group", "exercise", "minutes", "calories burned", "category")),
        "day",
        _read_exercise,
    ),
    _File((("day", "note"),), frozenset(("day", "time", "group", "note")), "day", _read_note),
    _File(
        (("day", "metric", "unit", "amount"),),
        frozenset(("day", "time", "group", "metric", "unit", "amount")),
        "day",
        _read_measurement,
    ),
)
