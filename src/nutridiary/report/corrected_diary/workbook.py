"""Put the lines and the sheets beside them into one workbook."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import takewhile
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from nutridiary.analysis.steps import prepare_diary, silence, weigh_prepared
from nutridiary.errors import NutridiaryError
from nutridiary.portions import without_unit_weights
from nutridiary.report.corrected_diary.beside import Sheet, sheets_beside
from nutridiary.report.corrected_diary.lines import LEFT_OUT, lines_of
from nutridiary.report.corrected_diary.reading_back import SHEET, choose_ways, columns_of
from nutridiary.report.excel import looks
from nutridiary.report.excel.archive import save
from nutridiary.report.excel.looks import Look, Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.workbook import UNDATED

if TYPE_CHECKING:
    from nutridiary.analysis import Inputs
    from nutridiary.analysis.steps import Progress

_KINDS = ("food", "water", "supplement", "symptom", "exercise", "note", "total")
_WIDTHS = {"Date": 12, "Time": 8, "Meal": 16, "Food": 42, "Amount": 18, "Grams": 10, "Notes": 44, "Kind": 12,
           "Brand": 14, "FDC id": 10, "Food code": 11, "Person": 14, "Food in FoodData Central": 42, "Product": 34,
           "Nutrient": 24, "Recipe": 28, "Ingredient": 34, "Symptom": 34, "Reason": 44, "Conditions": 34,
           "Serving": 18}  # fmt: skip
_OTHER_WIDTH = 14
_LONG = ("Food", "Notes", "Food in FoodData Central", "Product", "Ingredient", "Recipe", "Reason", "Symptom")
_FIGURE = Look(number="#,##0.0##", align="right")  # of the cell; the figure in it is exact
_WORDS = (
    "Every line as it was understood after the corrections: its food by number, its weight in grams. "
    f"It can be read again like any diary. To count a line that says '{LEFT_OUT}', write how much of what it was."
)


def write(
    inputs: Inputs,
    path: str | os.PathLike[str],
    *,
    defaults: bool,
    split: bool,
    progress: Progress | None,
) -> Path:
    """Write the workbook, as `nutridiary.report.corrected_diary.write_corrected`."""
    target, tell = Path(path), progress or silence
    if target.suffix.casefold() != ".xlsx":
        raise NutridiaryError(f"{target}: a corrected diary is an Excel workbook. End its name in .xlsx.")
    ready = prepare_diary(inputs.diary, inputs.aliases, sources=inputs.sources, defaults=defaults, progress=progress)
    weighed, doses = weigh_prepared(ready, defaults=defaults, split=split, progress=progress)
    tell("writing the corrected diary", len(weighed))
    lines = lines_of(without_unit_weights(weighed, ready.foods), inputs.diary.entries)
    cells = choose_ways(lines, doses, ready) if lines else []
    diary = Sheet(SHEET, "Food diary", _WORDS, tuple(columns_of(cells)), list(cells))
    _save([diary, *sheets_beside(inputs, ready)], target)
    return target


def _save(sheets: Sequence[Sheet], target: Path) -> None:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    for sheet in sheets:
        _write_sheet(Page(workbook, palette, sheet.name), sheet)
    palette.close()
    workbook.active = 0
    properties = workbook.properties
    properties.title = "Food diary, as it was understood"
    properties.creator = properties.lastModifiedBy = "nutridiary"
    properties.created = properties.modified = UNDATED
    save(workbook, target, [])


def _write_sheet(page: Page, sheet: Sheet) -> None:
    page.line(sheet.title, looks.TITLE)
    page.line(sheet.words, looks.FREE_QUIET)
    page.row += 1
    header = page.row
    page.set_widths([_WIDTHS.get(column, _OTHER_WIDTH) for column in sheet.columns])
    page.put_row(sheet.columns, [looks.HEADER] * len(sheet.columns))
    figures = _figures_at_the_end(sheet)
    words = sheet.columns[: len(sheet.columns) - figures]
    styles, figure = [_look(column) for column in words], page.style(_FIGURE)
    for row in sheet.rows:
        # The values that an app records of each line are by far the most cells.
        page.put_figures(page.row, len(words) + 1, map(row.get, sheet.columns[len(words) :]), [figure] * figures)
        page.put_row(map(row.get, words), styles)
    page.close_table(sheet.name.lower().replace(" ", "_"), header, len(sheet.columns), frozen_columns=0)
    if "Kind" in sheet.columns and page.row > header + 1:
        _offer_kinds(page, sheet.columns.index("Kind") + 1, header + 1)


def _figures_at_the_end(sheet: Sheet) -> int:
    """Return how many of the last columns hold nothing but finite numbers."""
    kept = takewhile(
        lambda column: all(
            (value := row.get(column)) is None or (isinstance(value, float) and isfinite(value)) for row in sheet.rows
        ),
        reversed(sheet.columns),
    )
    return len(list(kept))


def _look(column: str) -> Look:
    if column in ("Date", "Birth date"):
        return looks.DATE
    if column == "Grams" or column.endswith(")"):
        return _FIGURE
    return looks.WRAPPED if column in _LONG else looks.TEXT


def _offer_kinds(page: Page, column: int, first: int) -> None:
    choice = DataValidation(type="list", formula1=f'"{",".join(_KINDS)}"', allow_blank=True, showErrorMessage=False)
    page.sheet.add_data_validation(choice)
    letter = page.sheet.cell(first, column).column_letter
    choice.add(f"{letter}{first}:{letter}{page.row - 1}")
