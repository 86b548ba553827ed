"""Which row of a sheet is the header, and which column holds what.

The names people give their columns stand in `data/column_names.csv`, in a few languages.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nutridiary.data_files import data_file
from nutridiary.diary.grid import Cell, Grid, Row, is_blank
from nutridiary.diary.recorded import recorded_column
from nutridiary.errors import did_you_mean, listing
from nutridiary.units import canonical_unit, unit_kind

# A header stands near the top: above it only a title, a name, a period.
LOOKED_AT = 60
_LONGEST_HEADING = 80

_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NOISE = re.compile(r"[\W_]+|\b(?:and|or|of|the|your|optional|und|et|y)\b")


@dataclass(frozen=True)
class Columns:
    """Where each kind of information stands in a sheet.

    Attributes
    ----------
    header : int
        Row number of the header, from 1.
    places : dict of str to int
        From the column ("date", "food", "amount" ...) to its place, from 0.
    amount_unit : str or None
        Unit named in the heading of the amount: "Amount (g)".
    unused : tuple of str
        Headings that mean nothing to the reader.
    remarks : tuple of int
        Places of further columns of words (a second note, a description beside the food): their texts are notes.
    headings : tuple of cells
        The headings; of a header of two rows those of both.
    first : int
        Row number of the first row of the header; `header` is the last.
    decided : frozenset of str
        Columns that the caller named, or said there are none of; not those that were guessed.
    """

    header: int
    places: dict[str, int]
    amount_unit: str | None = None
    unused: tuple[str, ...] = ()
    remarks: tuple[int, ...] = ()
    headings: Row = ()
    first: int = 0
    decided: frozenset[str] = frozenset()


@cache
def _headings() -> dict[str, str]:
    """Return the column of every heading, the surest headings of a column first."""
    with data_file("column_names.csv").open(encoding="utf-8", newline="") as file:
        return {plain_heading(row["heading"]): row["column"] for row in csv.DictReader(file)}


@cache
def _ranks() -> dict[str, int]:
    return {heading: rank for rank, heading in enumerate(_headings())}


@cache
def known_columns() -> tuple[str, ...]:
    """Return every column a table may have.

    Examples
    --------
    >>> known_columns()[:6]
    ('date', 'time', 'meal', 'food', 'amount', 'unit')
    """
    return tuple(dict.fromkeys(_headings().values()))


def expected_headings(column: str) -> str:
    """Return the first names under which a column is looked for.

    Examples
    --------
    >>> expected_headings("amount").startswith("amount, amounts, amount eaten")
    True
    """
    with data_file("column_names.csv").open(encoding="utf-8", newline="") as file:
        names = [row["heading"] for row in csv.DictReader(file) if row["column"] == column]
    return listing(names, most=8)


def plain_heading(heading: str) -> str:
    """Return the words of a heading, without what stands in brackets.

    Examples
    --------
    >>> plain_heading("Amount_eaten (g)")
    'amount eaten'
    """
    return " ".join(_NOISE.sub(" ", _BRACKET.sub(" ", heading.lower())).split())


@lru_cache(maxsize=5_000)
def column_of(heading: str) -> str | None:
    """Return the column a heading names, or None.

    Examples
    --------
    >>> [column_of(text) for text in ("Food / drink", "QTY.", "Amount (g)", "Menge", "Protein (g)")]
    ['food', 'amount', 'amount', 'amount', None]
    """
    if len(heading) > _LONGEST_HEADING:
        return None
    return _headings().get(plain_heading(heading))


def recognised(row: Sequence[Cell]) -> dict[str, int]:
    """Return the columns a row names, each with the place that names it best; none where the row holds figures.

    Examples
    --------
    >>> recognised(["Date", "Description", "Food"])
    {'date': 0, 'food': 2}
    """
    places: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for place, cell in enumerate(row):
        if is_blank(cell):
            continue
        # A header holds words: a figure or a date beside them makes it a row of the diary.
        if not isinstance(cell, str) or cell.strip()[0].isdigit():
            return {}
        column = column_of(cell)
        rank = _ranks().get(plain_heading(cell), 0) if column else 0
        if column and (column not in places or rank < ranks[column]):
            places[column], ranks[column] = place, rank
    if "barcode" in places and "food" not in places and {"date", "amount", "grams"} & set(places):
        places["food"] = places["barcode"]  # what a scanner wrote: the number stands for the food
    return places


def find_columns(grid: Grid) -> Columns | None:
    """Return the columns of a sheet that holds a diary, or None where no row names a food column.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    Columns or None
        A row counts as the header where it names the food and at least one other column, or is the first row
        of the sheet and names the food.
    """
    best = best_row(grid)
    if best is None or "food" not in best[1]:
        return None
    number, places = best
    if len(places) == 1 and any(not is_blank(cell) for row in grid.rows[: number - 1] for cell in row):
        return None
    headings, last = with_second_row(grid, number, places)
    return columns_at(headings, number, last, recognised(headings))


def columns_at(
    headings: Row, first: int, last: int, places: dict[str, int], decided: frozenset[str] = frozenset()
) -> Columns:
    """Return the columns of a header that stands in the rows `first` to `last`, `last` 0 where there is none."""
    used = set(places.values())
    others = {place: cell for place, cell in enumerate(headings) if isinstance(cell, str) and place not in used}
    # Where the caller says which column holds the notes, or that none does, another one of that name is not read.
    said = {"food", "note"} - ({"note"} & decided)
    remarks = tuple(place for place, cell in others.items() if column_of(cell) in said)
    unused = [cell.strip() for place, cell in others.items() if cell.strip() and place not in remarks]
    unit = _unit_in_heading(headings, places)
    return Columns(last, places, unit, tuple(unused), remarks, headings, first, decided)


def with_second_row(grid: Grid, number: int, places: dict[str, int]) -> tuple[Row, int]:
    """Return the headings, those of a second row put in where it names what stands below a joined cell."""
    header = grid.rows[number - 1]
    below = grid.rows[number] if number < len(grid.rows) else ()
    words = {place: cell for place, cell in enumerate(below) if not is_blank(cell)}
    taken = {places[column] for column in ("date", "food") if column in places}
    if not words or taken & words.keys() or not all(isinstance(cell, str) for cell in words.values()):
        return header, number
    named = [cell for cell in words.values() if _is_heading(str(cell))]
    # A row of the diary has a date or a food; one without, whose every word is a heading, belongs to the header if
    # it stands below a joined cell, or gives the units of several columns.
    below_joined = any(place < len(header) and is_blank(header[place]) for place in words)
    if len(named) < len(words) or len(words) < (2 if below_joined else 3):
        return header, number
    width = max(len(header), len(below))
    padded = [*header, *[None] * (width - len(header))]
    joined = [_joined(padded[place], words.get(place)) for place in range(width)]
    return joined, number + 1


def _is_heading(text: str) -> bool:
    return bool(column_of(text) or canonical_unit(text) or recorded_column(text, "table"))


def _joined(above: Cell, below: Cell) -> Cell:
    """Join the two rows of one heading: "Amount" over "Grams" is "Grams", "Amount" over "ml" is "Amount (ml)"."""
    if not isinstance(below, str):
        return above
    if isinstance(above, str) and above.strip() and column_of(below) is None:
        return f"{above} ({below})"
    return below


def best_row(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Return (row number, columns) of the row that names the most columns, the food before all others."""
    best: tuple[int, dict[str, int]] | None = None
    seen = 0
    for number, row in enumerate(grid.rows, 1):
        places = recognised(row)
        if places and (best is None or _worth(places) > _worth(best[1])):
            best = (number, places)
        seen += any(not is_blank(cell) for cell in row)
        if seen >= LOOKED_AT:
            break
    return best


def _worth(places: dict[str, int]) -> tuple[bool, int]:
    return "food" in places and len(places) > 1, len(places)


def unit_in_brackets(heading: Cell) -> str | None:
    """Return the unit that stands in brackets in a heading: "g" of "Amount (g)"."""
    bracket = _BRACKET.search(str(heading))
    return canonical_unit(bracket[1]) if bracket else None


def _unit_in_heading(header: Sequence[Cell], places: dict[str, int]) -> str | None:
    if "amount" not in places:
        return None
    unit = unit_in_brackets(header[places["amount"]])
    return unit if unit_kind(unit) in ("mass", "volume") else None


def no_food_column(grid: Grid) -> str:
    """Return the words for a sheet in which no food column was found.

    Examples
    --------
    >>> no_food_column(Grid("diary.csv", "diary.csv", [["Date", "Fod", "Qty"]]))[:78]
    "diary.csv: no column for the food. Found: Date, Fod, Qty. Did you mean 'food'?"
    """
    best = best_row(grid)
    rows = [grid.rows[best[0] - 1]] if best else [row for row in grid.rows if any(not is_blank(cell) for cell in row)]
    found = [str(cell).strip()[:30] for cell in rows[0] if not is_blank(cell)] if rows else []
    strange = [cell for cell in found if column_of(cell) is None]
    near = next((words for cell in strange if (words := did_you_mean(cell, _food_headings()))), "")
    person = (
        " If the headings are people, name them in a sheet Person (columns Person and Sex), or write a column Person."
        if best and "date" in best[1] and not near and len([cell for cell in strange if cell.isalpha()]) > 1
        else ""
    )
    return (
        f"{grid.source}: no column for the food. Found: {listing(found) or 'nothing'}.{near} "
        f"Expected one of: {expected_headings('food')}. Or say which heading it is: --column food=HEADING.{person}"
    )


def _food_headings() -> list[str]:
    return [heading for heading, column in _headings().items() if column == "food"]
