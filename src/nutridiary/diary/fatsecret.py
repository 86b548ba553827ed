"""FatSecret: the food diary report, with its days, meals, foods and their amounts each on a row."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from nutridiary.diary.amount_cells import set_amount, set_amount_from_food
from nutridiary.diary.amounts import parse_amount
from nutridiary.diary.dates import Day, read_days, read_written
from nutridiary.diary.entries import Entry, set_day, set_kind_of_eaten
from nutridiary.diary.grid import Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.recorded import RecordedColumn, plain_number, recorded_columns, recorded_values
from nutridiary.diary.words import word_list

NAME = "fatsecret"
_DETAILS = "# report details"
_LOOKED_AT = 60
# The columns of a report whose header is missing, by how many there are.
_DETAILED = ("Date", "Cals", "Fat", "Sat", "Carbs", "Fiber", "Sugar", "Prot", "Sod", "Chol", "Potas")
_SHORT = ("Date", "Cals", "Fat", "Carbs", "Prot")


@dataclass
class _Report:
    """The report's rows with their numbers, what stands above them, and what its columns hold."""

    grid: Grid
    first: int
    header: Row | None
    rows: list[tuple[int, Row]]
    columns: dict[int, RecordedColumn] = field(default_factory=dict)
    note: str = ""

    def has_values(self, row: Row) -> bool:
        return any(plain_number(cell) is not None for cell in row[1:])

    def label(self, row: Row) -> str:
        return row[0] if row and isinstance(row[0], str) else cell_text(row[0]) if row else ""

    def indentation(self, row: Row) -> int:
        return len(self.label(row)) - len(self.label(row).lstrip())


def identify_fatsecret(grids: list[Grid]) -> bool:
    """Tell whether a sheet is a food diary report of FatSecret."""
    return any(_report_begins(grid) is not None for grid in grids)


def read_fatsecret(grids: list[Grid], options: Options) -> Reading:
    """Read a food diary report of FatSecret.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading
        Foods, and the totals of days and meals (kind "total"); a row that holds the amount of the food above it is
        read there. The report's own totals and averages are notes.

    Raises
    ------
    DiaryError
        If nothing decides the order of day and month.
    """
    reading = Reading()
    for grid in grids:
        report = _report(grid)
        if report is None:
            continue
        reading.left_aside += _above(report)
        _read_report(report, options, reading)
        reading.notes += [report.note] if report.note else []
    return reading


def _report_begins(grid: Grid) -> int | None:
    """Return the row number (from 1) of the line above the report, or of the row before its header."""
    for number, row in enumerate(grid.rows[:_LOOKED_AT], 1):
        texts = [cell_text(cell).lower() for cell in row if not is_blank(cell)]
        if texts and texts[0].rstrip(",") == _DETAILS:
            return number
        if _is_header(row):
            return number - 1
    return None


def _is_header(row: Row) -> bool:
    """Tell the header: "Date", then calories and fat in the report's own short names."""
    names = [cell_text(cell).lower().partition("(")[0].strip() for cell in row]
    return len(names) > 4 and names[0] == "date" and names[1] in ("cals", "kj", "calories") and "prot" in names


def _is_header_of_any_language(row: Row) -> bool:
    """Tell a row of as many names as the report has columns, and without a figure: "Datum, Kal( kcal), ..."."""
    texts = [cell_text(cell) for cell in row if not is_blank(cell)]
    return len(texts) in (len(_SHORT), len(_DETAILED)) and not any(sign.isdigit() for text in texts for sign in text)


def _report(grid: Grid) -> _Report | None:
    begins = _report_begins(grid)
    if begins is None:
        return None
    rows = [(number, _cut(row)) for number, row in enumerate(grid.rows, 1)]
    below = [(number, row) for number, row in rows[begins:] if any(not is_blank(cell) for cell in row)]
    named = bool(below) and (_is_header(below[0][1]) or _is_header_of_any_language(below[0][1]))
    header = below[0][1] if named else None
    report = _Report(grid, begins, header, below[1:] if named else below)
    if header is None or not _is_header(header):
        widest = max((len(row) for _, row in report.rows), default=0)
        columns = _DETAILED if widest > len(_SHORT) else _SHORT
        if header is not None and "kj" in cell_text(header[1]).lower():
            columns = (columns[0], "KJ", *columns[2:])
        what = "the report has no header" if header is None else "the report's header is in another language"
        report.note = f"{what}: its columns are taken for {', '.join(columns[1:])}"
        header = columns
    report.columns = recorded_columns(header, NAME)
    return report


def _cut(row: Row) -> Row:
    """Cut a line of a file whose many lines of one name each hid that it is cut by commas."""
    if len(row) != 1 or not isinstance(row[0], str) or "," not in row[0]:
        return row
    try:
        return next(csv.reader([row[0]], strict=True))
    except (csv.Error, StopIteration):
        return row


def _above(report: _Report) -> list[LeftAside]:
    aside = []
    for number, row in enumerate(report.grid.rows[: report.first], 1):
        if any(not is_blank(cell) for cell in row):
            aside.append(LeftAside(report.grid.source, number, row_text(row), "about the report"))
    if report.header is not None:
        header = next(n for n, row in enumerate(report.grid.rows, 1) if n > report.first and _cut(row) == report.header)
        aside.append(LeftAside(report.grid.source, header, row_text(report.grid.rows[header - 1]), "the header"))
    return aside


def _read_report(report: _Report, options: Options, reading: Reading) -> None:
    written = [read_written(cell_text(report.label(row))) for _, row in report.rows]
    # "1/2" and "3 May" may be an amount or a food's name: the report writes the year.
    is_day = [not one.problem and not one.blank and one.year is not None for one in written]
    source = report.grid.source.split(":")[0]
    days, note = read_days([one for one, day in zip(written, is_day, strict=True) if day], source, options.day_first)
    reading.notes += [note] if note else []
    left = iter(days)
    meals_at = _indentation_of_meals(
        report, [row for (_, row), day in zip(report.rows, is_day, strict=True) if not day]
    )
    day, meal, food = Day(), "", None
    for (number, row), new_day in zip(report.rows, is_day, strict=True):
        label = cell_text(report.label(row))
        if food is not None and not new_day and _is_amount_row(report, row, food):
            set_amount(food, label, "", ".")
            reading.left_aside.append(
                LeftAside(report.grid.source, number, row_text(row), f"the amount of the food in row {food.line}")
            )
            continue
        entry = Entry(report.grid.source, number)
        if new_day:
            day, meal, food = next(left), "", None
            _set_total(entry, report, row, "totals of the day")
        elif _is_total(label):
            food = None
            entry.kind, entry.food_text = "note", label
            entry.fail("a total, not a food")
        elif _is_meal(report, row, label, meals_at):
            meal, food = label, None
            entry.eating_occasion = meal
            _set_total(entry, report, row, "totals of the meal")
        else:
            food = entry
            _read_food(entry, report, row, meal)
        set_day(entry, day if day.day or day.problem else Day(blank=True))
        reading.entries.append(entry)
    for entry in reading.entries:
        if entry.single_food and entry.amount_text is None:
            set_amount_from_food(entry, ".")
        entry.finished()


def _is_amount_row(report: _Report, row: Row, food: Entry) -> bool:
    """Tell whether a row holds nothing but the amount of the food above it, which has none yet."""
    if report.has_values(row) or food.amount_text:
        return False
    parsed = parse_amount(cell_text(report.label(row)), decimal=".")
    return not parsed.problem and parsed.amount > 0


def _is_total(label: str) -> bool:
    said = label.lower().strip(" :.")
    return said in word_list("total") or said.startswith(("average", "daily average"))


def _indentation_of_meals(report: _Report, rows: list[Row]) -> int | None:
    """Return by how many blanks meals are indented, None where nothing sets them off from their foods."""
    depths = {report.indentation(row) for row in rows if report.has_values(row) and not _is_total(report.label(row))}
    return min(depths) if len(depths) > 1 else None


def _is_meal(report: _Report, row: Row, label: str, meals_at: int | None) -> bool:
    if meals_at is None:
        return label.lower() in word_list("meal")
    if report.has_values(row):
        return report.indentation(row) == meals_at
    return report.indentation(row) <= meals_at and label.lower() in word_list("meal")


def _set_total(entry: Entry, report: _Report, row: Row, note: str) -> None:
    entry.kind = "total"
    entry.notes.append(note)
    entry.recorded = recorded_values(row, report.columns)
    if not entry.recorded:
        entry.kind = "note"
        entry.food_text = cell_text(report.label(row))
        entry.notes.clear()
        entry.fail("a heading, not a food")


def _read_food(entry: Entry, report: _Report, row: Row, meal: str) -> None:
    name, _, amount = report.label(row).strip().partition("\n")
    entry.single_food = True
    entry.food_text = cell_text(name) or None
    entry.eating_occasion = meal or None
    entry.recorded = recorded_values(row, report.columns)
    set_kind_of_eaten(entry, amount)
    if amount.strip():
        set_amount(entry, cell_text(amount), "", ".")
