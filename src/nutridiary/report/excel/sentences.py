"""The table below a person's figures: the same nutrients in words, and what the means are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import accumulate, combinations, pairwise

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_filled_in, is_part_complete
from nutridiary.report.excel.columns import QUIET, Cell, Column, field
from nutridiary.report.excel.figures import has_days, known
from nutridiary.report.excel.looks import Look, known_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, is_core, label_of
from nutridiary.report.figure_names import FigureNames

_ALL_LEFT_OUT = "Every recorded day may be incomplete and was left out: there is no mean to compare."


def sentence_columns(block: Block, names: FigureNames) -> list[Column]:
    """Return the columns; those of days left out and of supplements only where there is something to say."""
    left_out, parts = bool(block.dates_left_out), bool(block.supplemented)
    return [
        Column("Nutrient", 29, looks.WRAPPED, _label),
        Column("Coverage [%]", 10, looks.WHOLE, field("coverage")),
        *([Column("From food", 10, looks.WHOLE, partial(_part, "food_intake", "food"))] if parts else []),
        *([Column("From supplements", 13, looks.WHOLE, partial(_part, "supplement_intake", "supplements"))][:parts]),
        *([Column("Mean over all days", 10, looks.WHOLE, _all_days)] if left_out else []),
        *([Column("Verdict over all days", 20, looks.WRAPPED, partial(_all_days_verdict, names))] if left_out else []),
        Column("Reading", 55, looks.WRAPPED, lambda row: row["reading"] if has_days(row) else _ALL_LEFT_OUT),
        Column("What these days allow to be said", 60, looks.WRAPPED, field("confidence_reading")),
        Column("Note", 45, QUIET, field("note")),
    ]


@lru_cache(maxsize=64)
def spans(wanted: tuple[float, ...], widths: tuple[float, ...]) -> list[tuple[int, int]]:
    """Return which columns of a sheet each column of a table takes, so that none is much narrower than wanted.

    Parameters
    ----------
    wanted : tuple of float
        Width of each column of the table; no more of them than `widths`.
    widths : tuple of float
        Width of each column of the sheet. The first column of the table takes the first.

    Returns
    -------
    list of (int, int)
        First column, from 1, and how many.

    Examples
    --------
    >>> spans((30, 60, 10), (30, 10, 20, 29, 11))
    [(1, 1), (2, 3), (5, 1)]
    """
    edges = (0.0, *accumulate(widths))

    def crowded(ends: tuple[int, ...]) -> float:
        pairs = zip(wanted, pairwise((0, *ends, len(widths))), strict=True)
        return sum((width / (edges[last] - edges[first])) ** 2 for width, (first, last) in pairs)

    ends = ((1, *more) for more in combinations(range(2, len(widths)), len(wanted) - 2))
    best = (0, *min(ends, key=crowded), len(widths))
    return [(first + 1, last - first) for first, last in pairwise(best)]


def write_sentences(page: Page, columns: Sequence[Column], rows: Sequence[Row], widths: Sequence[float]) -> int:
    """Write the table across the columns of the sheet, and return the row of its header."""
    places = spans(tuple(column.width for column in columns), tuple(widths))
    header_row = page.row
    for column, (first, count) in zip(columns, places, strict=True):
        is_number = column.look.number != "General"
        page.put(page.row, first, column.name, looks.NUMBER_HEADER if is_number else looks.HEADER, across=count)
    page.row += 1
    for row in rows:
        for column, (first, count) in zip(columns, places, strict=True):
            value = column.value(row)
            shown = value if isinstance(value, Cell) else Cell(value, column.look)
            page.put(page.row, first, shown.value, shown.look, across=count)
        page.row += 1
    return header_row


def _label(row: Row) -> Cell:
    nutrient = row["nutrient"]
    return Cell(row["label"] or label_of(nutrient), looks.BOLD.but(wrap=True) if is_core(nutrient) else looks.WRAPPED)


def _all_days(row: Row) -> Cell:
    return Cell(row["all_days_mean_intake"], Look(number=known(row, decimals_of(row["nutrient"]))))


def _all_days_verdict(names: FigureNames, row: Row) -> str | None:
    return names.verdict(row["all_days_verdict"], row["nutrient"])


def _part(name: str, part: str, row: Row) -> Cell:
    """Return what food or supplements gave of the mean; no twin lends to a supplement."""
    if row[name] is None:
        return Cell("no value" if part == "food" else None, looks.NO_VALUE)
    filled_in = part == "food" and is_filled_in(row)
    complete = is_part_complete(row, part)
    return Cell(
        row[name], Look(number=known_format(decimals_of(row["nutrient"]), complete=complete, filled_in=filled_in))
    )
