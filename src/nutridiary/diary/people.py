"""The Person sheet of a workbook: who ate, as far as the references need to know."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.data_files import data_file
from nutridiary.diary.body import CENTIMETRES, KILOGRAMS, read_age, read_height, read_weight
from nutridiary.diary.dates import read_days, read_written
from nutridiary.diary.entries import cell_name
from nutridiary.diary.grid import Cell, Grid, cell_text, is_blank
from nutridiary.diary.words import word_list
from nutridiary.errors import DiaryError, PersonError, did_you_mean, listing

if TYPE_CHECKING:
    from nutridiary.references import Person

_FIRST_BIRTH = 1880  # who is older than that eats no more
_SHEET_NAMES = ("person", "people", "persons", "participant", "participants", "who", "personen", "personal data")
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def is_people_name(name: str) -> bool:
    """Tell whether a sheet's name is one for the people sheet."""
    return name.strip().casefold() in _SHEET_NAMES


def is_people_sheet(grid: Grid) -> bool:
    """Tell whether a sheet describes people: by its name, and a heading or label for the sex in it."""
    return is_people_name(grid.name) and _header(grid) is not None


@cache
def _headings() -> dict[str, str]:
    with data_file("person_columns.csv").open(encoding="utf-8", newline="") as file:
        return {row["heading"]: row["column"] for row in csv.DictReader(file)}


def _column_of(cell: Cell) -> str | None:
    text = _BRACKET.sub(" ", cell_text(cell).lower()).replace("?", " ").replace("_", " ")
    return _headings().get(" ".join(text.split()).strip(" :"))


def _header(grid: Grid) -> int | None:
    """Return the row (from 1) whose cells name the sex and one more column; 0 where the labels stand in a column."""
    for number, row in enumerate(grid.rows[:60], 1):
        columns = {_column_of(cell) for cell in row}
        if "sex" in columns and len(columns - {None}) > 1:
            return number
    labels = {_column_of(row[0]) for row in grid.rows[:60] if row}
    return 0 if "sex" in labels and len(labels - {None}) > 1 else None


def people_of(grid: Grid) -> dict[str, Person]:
    """Return the people of a Person sheet, by name; a line without a name is the person "".

    Parameters
    ----------
    grid : Grid
        A sheet with a row of headings (Person, Sex, Age or Birth date, Pregnant, Lactating, Weight, Height,
        Smoker, Activity, Conditions) and a row per person, or with these labels in the first column and the
        answers beside them.

    Returns
    -------
    dict of str to Person

    Raises
    ------
    DiaryError
        If a cell cannot be read; the message names the cell.
    PersonError
        If a person contradicts itself, or is named twice.
    """
    from nutridiary.references import Person

    people: dict[str, Person] = {}
    for where, answers in _records(grid):
        name = cell_text(answers.get("person", (None, "", ""))[0])
        if not set(answers) - {"person"}:
            continue
        if name in people:
            raise PersonError(
                f"{grid.source}: two lines for {f'person {name!r}' if name else 'a person without a name'}."
            )
        values = {
            column: _value(column, *answer, grid.source, grid)
            for column, answer in answers.items()
            if column != "person"
        }
        try:
            people[name] = Person(**values)
        except PersonError as error:
            raise PersonError(f"{grid.source}:{where}: {error}") from None
        except TypeError:
            raise PersonError(
                f"{grid.source}:{where}: no sex is given. Write female or male in the column Sex."
            ) from None
    return people


def people_lines(grid: Grid) -> set[int]:
    """Return the rows, from 1, of a Person sheet that say something of a person.

    Examples
    --------
    >>> people_lines(Grid("d.xlsx:Person", "Person", [["Who eats"], ["Person", "Sex", "Age"], ["Ann", "female", 34]]))
    {3}
    """
    if _header(grid) == 0:
        return {line for line, row in enumerate(grid.rows, 1) if row and _column_of(row[0])}
    return {line for line, answers in _records(grid) if set(answers) - {"person"}}


_Answer = tuple[Cell, str, str]


def _records(grid: Grid) -> list[tuple[int, dict[str, _Answer]]]:
    """Return (row, answers by column) of each person; an answer is (cell, unit in its heading, cell name)."""
    number = _header(grid)
    if number is None:
        return []
    if number == 0:
        labelled = [(row, line) for line, row in enumerate(grid.rows, 1) if row and _column_of(row[0])]
        answers = {str(_column_of(row[0])): _answer(row, 1, row[0], line) for row, line in labelled if len(row) > 1}
        return [(1, {column: answer for column, answer in answers.items() if not is_blank(answer[0])})]
    header = grid.rows[number - 1]
    places = {column: place for place, cell in reversed(list(enumerate(header))) if (column := _column_of(cell))}
    records = []
    for line, row in enumerate(grid.rows[number:], number + 1):
        answers = {
            column: _answer(row, place, header[place], line) for column, place in places.items() if place < len(row)
        }
        records.append((line, {column: answer for column, answer in answers.items() if not is_blank(answer[0])}))
    return records


def _answer(row: Sequence[Cell], place: int, heading: Cell, line: int) -> _Answer:
    return row[place], _unit_of(cell_text(heading).lower()), cell_name(line, place)


def _unit_of(heading: str) -> str:
    """Return the unit a heading gives: "weight (kg)", "height cm" or "height_cm"."""
    bracket = _BRACKET.search(heading)
    if bracket:
        return bracket[1]
    _, _, last = heading.replace("_", " ").strip(" :").rpartition(" ")
    return last if last in KILOGRAMS or last in CENTIMETRES else ""


def _value(column: str, cell: Cell, heading_unit: str, place: str, source: str, grid: Grid) -> Any:
    text = cell_text(cell)
    where = f"{source}: cell {place}"
    if column in ("sex", "pregnant", "lactating", "smoker"):
        words = word_list("sex" if column == "sex" else "yes")
        meaning = words.get(text.lower().strip(" ."))
        if meaning is None:
            expected = listing(list(dict.fromkeys(words.values())))
            near = did_you_mean(text, words)
            raise DiaryError(f'{where}: cannot read "{text[:40]}" under {column}. Expected one of: {expected}.{near}')
        return meaning if column == "sex" else meaning == "yes"
    if column == "birth_date":
        days, _ = read_days([read_written(cell, grid.epoch, first_year=_FIRST_BIRTH)], where, None)
        if days[0].day is None:
            raise DiaryError(f"{where}: {days[0].problem}.")
        return days[0].day
    if column == "activity":
        return text
    if column == "conditions":
        return tuple(part.strip() for part in re.split(r"[;,\n]", text) if part.strip())
    try:
        if column == "age_years":
            return read_age(text)
        return (read_weight if column == "weight_kg" else read_height)(text, heading_unit)
    except PersonError as error:
        raise DiaryError(f"{where}: {error}") from None
