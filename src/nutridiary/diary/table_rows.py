"""From the rows of a table to entries: one row in, one entry out, whatever the row holds."""

from __future__ import annotations

import re
from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from nutridiary.diary.amount_cells import set_amount, set_amount_from_food, set_weight
from nutridiary.diary.amounts import parse_amount
from nutridiary.diary.barcode_cells import set_barcode, take_barcode
from nutridiary.diary.blocks import people_of_blocks
from nutridiary.diary.columns import Columns, column_of
from nutridiary.diary.crossed_out import cross_out
from nutridiary.diary.date_rows import day_of_row, written_day
from nutridiary.diary.dates import Day, Written, read_clock
from nutridiary.diary.entries import Entry, cell_name, set_day
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import row_text
from nutridiary.diary.recorded import RecordedColumn, recorded_columns, recorded_values
from nutridiary.diary.relative_days import read_day_cell
from nutridiary.diary.remarks import tell_nothing, tell_remarks
from nutridiary.diary.supplement_lines import set_amount_of_supplement, supplement_sign
from nutridiary.diary.water import is_only_water
from nutridiary.diary.water_columns import columns_beside, read_beside
from nutridiary.diary.words import word_list
from nutridiary.tables import NOT_EATEN
from nutridiary.units import canonical_unit

_BULLET = re.compile(r"^[-–—•·*▪◦>✓☐]\s+(?=\w)")
_FURNITURE = ("a repeated header, not a food", "a total, not a food")
_WEEK = re.compile(r"(?:week|woche|semana|semaine)\W*(?:no\.? ?)?\d{1,2}$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\*|(?:notes?|n\.?b\.?|p\.?s\.?|remarks?|bemerkung|hinweis|nota|remarque)\s*:", re.IGNORECASE)
_ENERGY = re.compile(r"[\d.,]+|kcals?|calories|cals?|kj|for|the|of|day|=|:")
_ERROR_CELL = re.compile(r"#(?:REF!|VALUE!|N/A|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")


@dataclass(frozen=True)
class Sheet:
    """A sheet with its columns and the diary rows below the header, as (row number, cells).

    `recorded` are the columns of nutrient values, by their place; `title` the last row above the header that says a
    day, and that day, row 0 standing for the sheet's name; `joined` the texts of joined cells, by (row, place) of
    each cell they cover.
    """

    grid: Grid
    columns: Columns
    rows: list[tuple[int, Row]]
    recorded: dict[int, RecordedColumn] = field(default_factory=dict)
    title: tuple[int, Written] | None = None
    joined: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def cell(self, row: Row, column: str) -> Cell:
        """Return the cell of a column, None where the sheet or the row has none."""
        place = self.columns.places.get(column)
        return row[place] if place is not None and place < len(row) else None

    def day_row(self, row: Row) -> Written | None:
        """Return the day of a row that says a day and nothing else, outside the column for the date."""
        return day_of_row(row, self.grid.epoch) if is_blank(self.cell(row, "date")) else None

    def written(self, row: Row) -> Written:
        """Return what a row says of its day."""
        cell = self.cell(row, "date")
        place = self.columns.places.get("date")
        heading = self.columns.headings[place] if place is not None else None
        return self.day_row(row) or read_day_cell(cell, heading, self.grid.epoch)

    def people(self) -> dict[int, str]:
        """Return the names above tables that stand one below the other, by their rows."""
        headers = [self.columns.first, *(number for number, row in self.rows if _repeats_header(self, row))]
        return people_of_blocks(self.grid, headers, named="person" in self.columns.places)

    def says_days(self) -> bool:
        """Tell whether the sheet says its days in a column, a title or rows of their own."""
        return "date" in self.columns.places or self.title is not None or any(self.day_row(row) for _, row in self.rows)


def sheet_of(grid: Grid, columns: Columns) -> Sheet:
    """Return a sheet's rows below its header; wholly blank rows are none."""
    rows = [
        (number, row)
        for number, row in enumerate(grid.rows[columns.header :], columns.header + 1)
        if any(not is_blank(cell) for cell in row) or _uncalculated(grid, number)
    ]
    used = set(columns.places.values())
    recorded = {
        place: column for place, column in recorded_columns(columns.headings, "table").items() if place not in used
    }
    titles = [(number, day_of_row(row, grid.epoch)) for number, row in enumerate(grid.rows[: columns.first - 1], 1)]
    days = [(number, day) for number, day in titles if day is not None]
    joined = {
        (row, column - 1): grid.rows[top - 1][left - 1]
        for top, left, bottom, right in grid.merged
        if top > columns.header and left == right
        for row, column in ((row, left) for row in range(top + 1, min(bottom, len(grid.rows)) + 1))
    }
    named = written_day(grid.name) if not days else None
    title = days[-1] if days else (0, named) if named else None
    return Sheet(grid, columns, rows, recorded, title, joined)


def read_entries(
    sheet: Sheet, days: Sequence[Day], decimal: str | None, title: Day | None = None, *, carry_people: bool = True
) -> list[Entry]:
    """Return the entries of one sheet, one per row.

    Parameters
    ----------
    sheet : Sheet
    days : sequence of Day
        What each row's date cell came to, in order.
    decimal : {".", ","} or None
        Decimal mark of the amounts.
    title : Day, optional
        The day of the title above the header.

    carry_people : bool
        Whether a blank person is the one above, where the first row names one.

    Returns
    -------
    list of Entry
        In the order of the sheet. A blank date is that of the row above it, which is said in a note.
    """
    entries: list[Entry] = []
    above = carried = (sheet.title[0], title) if sheet.title and title else None
    meal: str | None = None
    beside, denied = columns_beside(sheet.columns), set[Hashable]()
    blocks = sheet.people()
    person = (min(blocks), blocks[min(blocks)]) if blocks else None
    for (number, row), day in zip(sheet.rows, days, strict=True):
        entry = Entry(sheet.grid.source, number)
        _check_cells(entry, sheet, row)
        _read_words(entry, sheet, row, beside)
        heading = _meal_heading(entry, row)
        if number in blocks:
            person, carried, meal = (number, blocks[number]), above, None
            entry.kind, entry.food_text = "note", row_text(row)
            entry.fail("the person of the rows below, not a food")
        person = _carry_person(entry, person, first=carry_people and not entries)
        if number in blocks:
            pass
        elif _is_furniture(entry, sheet, row):
            entry.date = carried[1].day if carried else None
            entry.notes.clear()
        else:
            if not day.blank:
                carried, meal = (number, day), None
            set_day(entry, day, carried)
            if sheet.day_row(row):
                entry.kind = "note"
                entry.fail("a day for the rows below, not a food")
            elif heading:
                meal, entry.kind = heading, "note"
                entry.fail("a heading, not a food")
            entry.eating_occasion = entry.eating_occasion or meal
            if entry.kind == "food":
                _read_clock(entry, sheet, row)
                _read_kind(entry, sheet, row)
        _read_amount(entry, sheet, row, decimal)
        if entry.kind == "food" and is_only_water(entry.food_text):
            entry.kind = "water"
        _read_codes(entry, sheet, row)
        if sheet.grid.struck:
            _read_struck(entry, sheet)
        # The figures of a total are those of the foods above it: once is enough.
        entry.recorded = recorded_values(row, sheet.recorded) if entry.kind != "note" else {}
        entries.append(entry.finished())
        if entry.problem not in _FURNITURE:
            entries += read_beside(entry, row, beside, decimal, denied)
    return entries


def _read_struck(entry: Entry, sheet: Sheet) -> None:
    """A food that is crossed out was not eaten; of one whose amount alone is, nobody knows how much."""
    struck = {column for column, place in sheet.columns.places.items() if (entry.line, place + 1) in sheet.grid.struck}
    if "food" in struck:
        cross_out(entry)
    elif struck & {"amount", "grams"} and entry.kind not in NOT_EATEN:
        entry.fail("the amount is crossed out in the sheet: write how much was eaten")


def _carry_person(entry: Entry, person: tuple[int, str] | None, *, first: bool) -> tuple[int, str] | None:
    """Give a row without a person that of the row above, where the first row names one; return it for the next."""
    if entry.person_id:
        return (entry.line, entry.person_id) if person or first else None
    if person:
        entry.person_id = person[1]
        if entry.line != person[0]:
            entry.notes.append(f"person taken from row {person[0]}")
    return person


def _meal_heading(entry: Entry, row: Row) -> str | None:
    """Return the meal that a row names where nothing else stands in it: it is that of the rows below."""
    filled = [cell for cell in row if not is_blank(cell)]
    text = cell_text(filled[0]).strip(" :") if len(filled) == 1 and entry.eating_occasion is None else ""
    return text if text.lower() in word_list("meal") else None


def _uncalculated(grid: Grid, number: int) -> list[int]:
    return [column for row, column in grid.uncalculated if row == number] if grid.uncalculated else []


def _check_cells(entry: Entry, sheet: Sheet, row: Row) -> None:
    for place in sheet.columns.places.values():
        if sheet.grid.uncalculated and (entry.line, place + 1) in sheet.grid.uncalculated:
            entry.fail(
                f"the formula in cell {cell_name(entry.line, place)} has no saved value: "
                "open the file in Excel, save it, and read it again"
            )
        cell = row[place] if place < len(row) else None
        if isinstance(cell, str) and cell.startswith("#") and _ERROR_CELL.fullmatch(cell):
            entry.fail(f"cell {cell_name(entry.line, place)} holds the error {cell}")


def _read_words(entry: Entry, sheet: Sheet, row: Row, beside: Container[int]) -> None:
    entry.food_text = _BULLET.sub("", cell_text(sheet.cell(row, "food"))) or None
    entry.person_id = cell_text(_or_joined(entry, sheet, row, "person")) or None
    entry.eating_occasion = cell_text(_or_joined(entry, sheet, row, "meal")) or None
    entry.brand = cell_text(sheet.cell(row, "brand")) or None
    set_barcode(entry, sheet.cell(row, "barcode"))
    take_barcode(entry)
    if sheet.columns.places.get("note") not in beside:
        entry.notes.append(cell_text(sheet.cell(row, "note")))
    for place in (place for place in sheet.columns.remarks if place not in beside):
        said = cell_text(row[place]) if place < len(row) else ""
        heading = cell_text(sheet.columns.headings[place])
        stands_in = column_of(heading) == "food" and "food" not in sheet.columns.decided
        if said and entry.food_text is None and stands_in:
            entry.food_text = said
            entry.notes.append(f"food taken from the column {heading}")
        elif said:
            entry.notes.append(f"{heading}: {said}")


def _or_joined(entry: Entry, sheet: Sheet, row: Row, column: str) -> Cell:
    """Return a cell, or the text of the joined cell that covers it."""
    cell = sheet.cell(row, column)
    if not is_blank(cell) or not sheet.joined:
        return cell
    return sheet.joined.get((entry.line, sheet.columns.places.get(column, -1)))


def _read_clock(entry: Entry, sheet: Sheet, row: Row) -> None:
    cell = sheet.cell(row, "time")
    clock = read_clock(cell)
    if clock is None:
        entry.notes.append(f'time "{cell_text(cell)[:40]}" not read')
    entry.time = clock or entry.time


def _is_furniture(entry: Entry, sheet: Sheet, row: Row) -> bool:
    """Tell whether a row is part of the table, not of the diary: a repeated header or a total."""
    if _repeats_header(sheet, row):
        entry.fail("a repeated header, not a food")
    elif _is_total(entry, sheet, row):
        entry.fail("a total, not a food")
    elif _is_only(_WEEK, row):
        entry.food_text = row_text(row)
        entry.fail("a heading, not a food")
    elif _is_only(_FOOTNOTE, row):
        entry.food_text = row_text(row)
        entry.fail("a remark, not a food")
    else:
        return False
    entry.kind = "note"
    return True


def _read_kind(entry: Entry, sheet: Sheet, row: Row) -> None:
    written = cell_text(sheet.cell(row, "kind"))
    kind = word_list("kind").get(written.lower())
    if written and kind is None:
        entry.notes.append(f'kind "{written[:40]}" is not known: read as food')
    if kind is None and word_list("kind").get((entry.eating_occasion or "").lower()) == "supplement":
        kind = "supplement"
        entry.notes.append(f'kind supplement, from the meal "{entry.eating_occasion}"')
    by_number = any(cell_text(sheet.cell(row, column)) for column in ("fdc_id", "food_code"))
    amounts = [cell_text(sheet.cell(row, column)) for column in ("amount", "unit")]
    form = None if kind or written or by_number else supplement_sign(entry.food_text, *amounts)
    if form:
        kind = "supplement"
        entry.notes.append(f'kind supplement, from "{form}"; write food in a Kind column if it is one')
    entry.kind = kind or "food"
    if entry.kind == "food" and entry.food_text and not (by_number or any(amounts)):
        # Whoever states the kind of every line means the rest of the text as a food.
        (tell_nothing if written else tell_remarks)(entry)
    if entry.food_text is None and entry.kind in ("food", "supplement"):
        _explain_no_food(entry, sheet, row)
    elif entry.kind == "food" and not any(sign.isalnum() for sign in entry.food_text or ""):
        entry.fail(f'no food can be read in "{(entry.food_text or "")[:40]}"')


def _repeats_header(sheet: Sheet, row: Row) -> bool:
    food = sheet.cell(row, "food")
    if not isinstance(food, str) or (column_of(food) != "food" and "food" not in sheet.columns.decided):
        return False
    if sheet.columns.header == 0:
        return False
    header = sheet.grid.rows[sheet.columns.first - 1]
    return all(cell_text(cell).lower() == cell_text(head).lower() for cell, head in zip(row, header, strict=False))


def _is_only(pattern: re.Pattern[str], row: Row) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) == 1 and isinstance(filled[0], str) and pattern.match(filled[0].strip()) is not None


def _is_total(entry: Entry, sheet: Sheet, row: Row) -> bool:
    first = next((cell_text(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)), "")
    totals = word_list("total")
    if not any(_says_total((text or "").lower().strip(" :."), totals) for text in (entry.food_text, first)):
        return False
    # "Total" is also a breakfast cereal: with a weight, a cup or a bowl beside it, it is food.
    unit = canonical_unit(cell_text(sheet.cell(row, "unit"))) or parse_amount(cell_text(sheet.cell(row, "amount"))).unit
    return unit in (None, "kcal", "kJ")


def _says_total(text: str, totals: Mapping[str, str]) -> bool:
    """Tell "total", "total lunch", "dinner total" and "total 1850 kcal" from the names of foods.

    Examples
    --------
    >>> [_says_total(text, word_list("total")) for text in ("total lunch", "total: 1850 kcal", "total cereal", "lunch")]
    [True, True, False, False]
    """
    if text in totals:
        return True
    for total in totals:
        if text.startswith((f"{total} ", f"{total}:")) or text.endswith(f" {total}"):
            rest = " ".join(_ENERGY.sub(" ", text.removeprefix(total).removesuffix(total)).split())
            if not rest or rest in word_list("meal"):
                return True
    return False


def _explain_no_food(entry: Entry, sheet: Sheet, row: Row) -> None:
    filled = {column for column in sheet.columns.places if not is_blank(sheet.cell(row, column))}
    if filled <= {"date", "person", "time", "meal"}:
        entry.kind = "note"
        entry.fail("a heading, not a food" if filled else _beside(row))
    elif filled <= {"date", "person", "time", "meal", "note", "kind"}:
        entry.kind = "note"
        entry.fail("a remark, not a food")
    else:
        entry.fail("no food is named in this row")


def _beside(row: Row) -> str:
    texts = [cell_text(cell) for cell in row if not is_blank(cell)]
    return f'no food is named in this row; beside the table stands "{texts[0][:60]}"' if texts else "an empty row"


def _read_amount(entry: Entry, sheet: Sheet, row: Row, decimal: str | None) -> None:
    amount_cell, unit_text = sheet.cell(row, "amount"), cell_text(sheet.cell(row, "unit"))
    weight = cell_text(sheet.cell(row, "grams"))
    text = cell_text(amount_cell)
    if isinstance(amount_cell, (datetime, date, time)) and entry.kind not in NOT_EATEN:
        entry.amount_text = " ".join(part for part in (text, unit_text) if part)
        entry.fail(
            f"the amount is a date ({text}): the spreadsheet turned it into one. Format the cell as text and retype it"
        )
    elif weight:
        if (text or unit_text) and entry.kind not in NOT_EATEN:
            entry.notes.append("the weight column is used")
        set_weight(entry, weight, decimal)
        entry.amount_text = " ".join(part for part in (text, unit_text) if part) or weight
    elif text or unit_text:
        set_amount(entry, text, unit_text, decimal, sheet.columns.amount_unit)
    else:
        read = set_amount_of_supplement if entry.kind == "supplement" and entry.food_text else set_amount_from_food
        taken = read(entry, decimal)
        if taken and "amount" in sheet.columns.places:
            entry.notes.append("amount taken from the food text")


def _read_codes(entry: Entry, sheet: Sheet, row: Row) -> None:
    for column, name in (("fdc_id", "FDC id"), ("food_code", "food code")):
        text = cell_text(sheet.cell(row, column))
        if not text:
            continue
        if not re.fullmatch(r"[1-9]\d{0,9}", text):
            entry.notes.append(f'{name} "{text[:40]}" is not a number: not used')
        elif column == "fdc_id":
            entry.stated_fdc_id = int(text)
        else:
            entry.stated_food_code = int(text)
