"""MyFitnessPal: the three summaries of its export, which name no foods, and the printable diary, which does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from nutridiary.daily_values import edition_of
from nutridiary.diary.app_rows import AppTable, find_app_table
from nutridiary.diary.daily_percents import amounts_of_percents, note_of_percents
from nutridiary.diary.dates import read_clock
from nutridiary.diary.entries import Entry, set_day
from nutridiary.diary.grid import Grid, Row, cell_text, is_blank
from nutridiary.diary.printable_diary import DIARY, finish, is_printable_page, read_item, read_page, repeated_by_meal
from nutridiary.diary.reading import LeftAside, Options, Reading
from nutridiary.diary.recorded import percent_values, recorded_columns, recorded_values
from nutridiary.diary.words import word_list
from nutridiary.errors import listing

SUMMARY = "myfitnesspal-summary"
_NUTRIENTS = ("fat (g)", "carbohydrates (g)", "protein (g)")
_MEASURES = frozenset(("date", "weight", "body fat %", "body fat", "neck", "waist", "hips", "steps"))

# From this many rows on, a nutrient that is always 0 is worth a word.
_FEW = 3


class _File(NamedTuple):
    """One of the files: how its header is known, the recorded headings it uses, and what becomes of a row."""

    signatures: tuple[tuple[str, ...], ...]
    only: frozenset[str]
    headings: str
    read_row: Callable[[Entry, AppTable, Row], None]


def identify_myfitnesspal(grids: list[Grid]) -> bool:
    """Tell whether a sheet is a summary of MyFitnessPal, or its printable diary."""
    return any(_file_of(grid) is not None or is_printable_page(grid) for grid in grids)


def read_myfitnesspal(grids: list[Grid], options: Options) -> Reading:
    """Read the summaries or the printable diary of MyFitnessPal.

    Parameters
    ----------
    grids : list of Grid
    options : Options
        Of which edition of the Daily Values the percentages are is not said in the files: without
        `options.daily_values` only those are read of which all editions are one.

    Returns
    -------
    Reading
        Foods of the printable diary; meals' totals of the nutrition summary (kind "total"); exercise; measurements
        and remarks as notes.

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
        elif is_printable_page(grid):
            read_page(grid, options, reading)
        elif any(not is_blank(cell) for row in grid.rows for cell in row):
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no table of MyFitnessPal in this sheet"))
        reading.notes += grid.notes
    return reading


def _file_of(grid: Grid) -> tuple[_File, AppTable] | None:
    for file in _FILES:
        table = find_app_table(grid, *file.signatures)
        if table is None or (file.only and not set(table.places) <= file.only):
            continue
        if file.headings != SUMMARY or not {"food", "food name", "item", "name"} & set(table.places):
            return file, table
    return None


def _read_file(file: _File, table: AppTable, options: Options, reading: Reading) -> None:
    reading.left_aside += table.above()
    rows = table.rows()
    days, order = table.days("date", rows, options.day_first)
    columns = recorded_columns(table.headings, file.headings) if file.headings else {}
    edition = edition_of(options.daily_values) if options.daily_values else None
    unread: dict[str, str] = {}
    entries = []
    for (number, row), day in zip(rows, days, strict=True):
        entry = Entry(table.grid.source, number)
        set_day(entry, day)
        entry.recorded = recorded_values(row, columns)
        amounts, without = amounts_of_percents(percent_values(row, columns), edition)
        entry.recorded |= amounts
        unread |= without
        file.read_row(entry, table, row)
        finish(entry)
        entries.append(entry)
    reading.entries += entries
    repeated = repeated_by_meal(entries) if file.headings == DIARY else ""
    as_written = {column.nutrient: cell_text(table.headings[place]) for place, column in columns.items()}
    percent_note = note_of_percents({as_written[name]: reason for name, reason in unread.items()}, edition)
    zeros = _only_zeros(entries, as_written) if file.headings == SUMMARY else ""
    reading.notes += [note for note in (order, repeated, percent_note, zeros) if note]


def _only_zeros(entries: list[Entry], as_written: dict[str, str]) -> str:
    """Return in words which nutrients are 0 in every row: the app writes 0 where its foods have no value."""
    values = {
        heading: {entry.recorded[nutrient] for entry in entries if nutrient in entry.recorded}
        for nutrient, heading in as_written.items()
    }
    zeros = [heading for heading, found in values.items() if found == {0.0}]
    if len(entries) < _FEW or not zeros:
        return ""
    return f"0 in every row: {listing(zeros)}: MyFitnessPal also writes 0 where it knows no value"


def _read_meal(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "total"
    entry.eating_occasion = table.text(row, "meal") or None
    entry.food_text = f"total of {entry.eating_occasion}" if entry.eating_occasion else "total of a meal"
    clock = read_clock(table.cell(row, "time"))
    if clock is None:
        entry.notes.append(f'time "{table.text(row, "time")[:40]}" not read')
    entry.time = clock or entry.time
    entry.notes.append(table.text(row, "note"))


def _read_exercise(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "exercise"
    name = table.text(row, "exercise")
    # Newer exports write the name in quotation marks of its own, inside those of the table.
    entry.food_text = name.removeprefix('"').removesuffix('"') or None
    minutes = table.text(row, "exercise minutes")
    entry.amount_text = f"{minutes} min" if minutes else None
    said = [(heading, cell_text(cell)) for heading, cell in zip(table.headings, row, strict=False)]
    entry.notes += [
        f"{cell_text(heading).lower()}: {text}"
        for heading, text in said
        if text and cell_text(heading).lower() not in ("date", "exercise", "exercise minutes", "note")
    ]
    entry.notes.append(table.text(row, "note"))


def _read_measures(entry: Entry, table: AppTable, row: Row) -> None:
    entry.kind = "note"
    said = ((cell_text(heading), cell_text(cell)) for heading, cell in zip(table.headings, row, strict=False))
    entry.food_text = "; ".join(f"{name} {text}" for name, text in said if text and name.lower() != "date") or None


def _read_diary_row(entry: Entry, table: AppTable, row: Row) -> None:
    section, item, amount = (table.text(row, heading) for heading in ("entry", "item", "amount"))
    if section.lower().strip(" :") in _EXERCISES:
        energy = table.text(row, "calories").removeprefix("-")
        entry.kind, entry.food_text, entry.amount_text = "exercise", item or None, amount or None
        entry.notes.append(f"energy burned: {energy} kcal" if energy else "")
        entry.recorded = {}
    elif (item or section).lower().strip(" :") in word_list("total"):
        entry.kind, entry.food_text = "note", item or section
        entry.recorded = {}
        entry.fail("a total, not a food")
    else:
        entry.eating_occasion = section or None
        read_item(entry, ", ".join(_filled(item, amount)))


def _filled(*texts: str) -> Iterable[str]:
    return (text for text in texts if text)


# Sections of the printable page that hold no foods.
_EXERCISES = ("exercise", "exercises", "cardiovascular", "strength training")
_ANY = frozenset[str]()
_FILES = (
    _File(
        (("date", "meal", "calories", *_NUTRIENTS), ("date", "meal", "kilojoules", *_NUTRIENTS)),
        _ANY,
        SUMMARY,
        _read_meal,
    ),
    _File((("date", "entry", "item", "amount", "calories"),), _ANY, DIARY, _read_diary_row),
    _File((("date", "exercise", "type", "exercise calories", "exercise minutes"),), _ANY, "", _read_exercise),
    _File((("date", "weight"), ("date", "body fat %")), _MEASURES, "", _read_measures),
)
