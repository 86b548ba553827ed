"""The corrections in a workbook of `nutridiary review`: what its reader changed, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nutridiary.diary.grid import Cell, Grid, cell_text
from nutridiary.errors import AliasError, listing

FOODS_SHEET, CUTS_SHEET, WEIGHTS_SHEET, CHOICES_SHEET = "Foods", "Cut lines", "Weights", "Choices"
MARK = "nutridiary review"
"""What the first cell of the hidden sheet says."""

NUMBER, SAID, BRAND, FOOD_CELL, DECISION, FDC_ID = "No.", "As written", "Brand", "Food", "Decision", "FDC id"
UNIT, OWN_GRAMS, SEVERAL = "Unit", "Your grams per unit", "Several foods"
RIGHT, NOT_A_FOOD, ONE_FOOD = "right", "not a food", "one food"
_NEEDED = {
    FOODS_SHEET: (NUMBER, SAID, FOOD_CELL, DECISION, FDC_ID),
    CUTS_SHEET: (SAID, FOOD_CELL, DECISION, SEVERAL),
    WEIGHTS_SHEET: (SAID, UNIT, OWN_GRAMS),
}

_ID_AT_END = re.compile(r"(?:.*\[)?(\d{1,9})\]?", re.DOTALL)
Cells = tuple[dict[str, str], tuple[str, int]]


def choice_text(description: str, fdc_id: int) -> str:
    """Return a food as the drop-down shows it.

    Examples
    --------
    >>> choice_text("Milk, whole", 2705386)
    'Milk, whole [2705386]'
    """
    return f"{description} [{fdc_id}]"


def is_review(grids: Sequence[Grid]) -> bool:
    """Tell whether the sheets are those of a review workbook."""
    return any(grid.name == CHOICES_SHEET and grid.rows and _cell(grid.rows[0], 0) == MARK for grid in grids)


def corrections_of(grids: Sequence[Grid]) -> Iterator[Cells]:
    """Return the rows that were changed as rows of a file of aliases, each with its source and row number.

    Raises
    ------
    AliasError
        If a sheet or column is gone, a cell cannot be read, or a row contradicts itself.
    """
    sheets = {grid.name: grid for grid in grids}
    for name in (FOODS_SHEET, WEIGHTS_SHEET):
        if name not in sheets:
            source = grids[0].source.partition(":")[0]
            raise AliasError(f"{source}: the sheet {name} is gone. Write the review again, and leave its sheets.")
    found_ids = {
        _cell(row, 0): int(_cell(row, 1)) for row in sheets[CHOICES_SHEET].rows[1:] if _cell(row, 1).isdecimal()
    }
    for line in _lines(sheets[FOODS_SHEET]):
        yield from _food(line, found_ids.get(line[NUMBER]))
    # A review of an earlier version does not have it.
    for line in _lines(sheets[CUTS_SHEET]) if CUTS_SHEET in sheets else ():
        yield from _food(line, None)
    for line in _lines(sheets[WEIGHTS_SHEET]):
        if line[OWN_GRAMS]:
            about = {"said": line[SAID], "brand": line.get(BRAND)}
            yield {**about, "unit": line[UNIT], "grams_per_unit": line[OWN_GRAMS]}, (line.source, line.number)


@dataclass(frozen=True)
class _Line:
    """One row below the header of a sheet, by the header's names."""

    source: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def get(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def where(self) -> str:
        return f"{self.source}:{self.number}"


def _lines(grid: Grid) -> Iterator[_Line]:
    needed = _NEEDED[grid.name]
    headers = (line for line, row in enumerate(grid.rows) if set(needed) <= {cell_text(cell) for cell in row})
    header = next(headers, None)
    if header is None:
        raise AliasError(
            f"{grid.source}: no row with the column names {listing(needed)}. "
            "Write the review again, and leave the row of names."
        )
    names = [cell_text(cell) for cell in grid.rows[header]]
    for number, row in enumerate(grid.rows[header + 1 :], header + 2):
        yield _Line(grid.source, number, {name: _cell(row, place) for place, name in enumerate(names) if name})


def _food(line: _Line, found: int | None) -> Iterator[Cells]:
    """Return what was decided about the food of one row, if anything was."""
    decision, typed = line[DECISION].casefold(), line[FOOD_CELL]
    if typed.casefold() == NOT_A_FOOD:
        decision, typed = NOT_A_FOOD, ""
    if decision not in ("", RIGHT, NOT_A_FOOD, ONE_FOOD):
        raise AliasError(
            f"{line.where}: cannot read the decision '{line[DECISION]}'. "
            f"Write {RIGHT}, {NOT_A_FOOD} or {ONE_FOOD}, or leave it empty."
        )
    # An id may have been typed over the link beside the food as well.
    named = [fdc_id for fdc_id in (_id_in(typed, line), _id_in(line.get(FDC_ID), line)) if fdc_id is not None]
    changed = sorted({fdc_id for fdc_id in named if fdc_id != found})
    if len(changed) > 1:
        raise AliasError(f"{line.where}: the food is {changed[0]} and {changed[1]} in one row. Keep one of the two.")
    about = {"said": line[SAID], "brand": line.get(BRAND)}
    parts = line.get(SEVERAL)
    if parts and (changed or decision):
        other = f"'{decision}'" if decision else "another food was chosen"
        raise AliasError(f"{line.where}: '{SEVERAL}' names its foods, and {other}. Keep one of the two.")
    if parts:
        yield {**about, "parts": parts}, (line.source, line.number)
    elif decision in (NOT_A_FOOD, ONE_FOOD):
        if changed:
            raise AliasError(f"{line.where}: '{decision}', and another food was chosen. Keep one of the two.")
        yield {**about, "decision": decision}, (line.source, line.number)
    elif changed:
        description = typed.rpartition(" [")[0] if _id_in(typed, line) == changed[0] else ""
        yield {**about, "fdc_id": str(changed[0]), "description": description}, (line.source, line.number)
    elif decision == RIGHT:
        if found is None:
            raise AliasError(f"{line.where}: '{RIGHT}', but no food is chosen. Choose one, or type its FDC id.")
        description = typed.rpartition(" [")[0]
        yield {**about, "fdc_id": str(found), "description": description}, (line.source, line.number)
    elif not typed and found is not None:
        raise AliasError(
            f"{line.where}: the food was deleted. Choose one, or write '{NOT_A_FOOD}' in the column {DECISION}."
        )


def _id_in(text: str, line: _Line) -> int | None:
    """Return the FDC id of a cell: "Milk, whole [2705386]", or the number alone."""
    if not text:
        return None
    if not (text.isdecimal() or text.endswith("]")) or (number := _ID_AT_END.fullmatch(text)) is None:
        raise AliasError(
            f"{line.where}: '{text[:60]}' names no FDC id. Choose a food of the list, or type the id of one: "
            f'nutridiary foods "{text[:60]}" finds it.'
        )
    return int(number[1])


def _cell(row: Sequence[Cell], place: int) -> str:
    # A workbook writes "_x0041_" with its first underscore escaped, because it would be read as an A.
    return cell_text(row[place]).replace("_x005F_", "_") if place < len(row) else ""
