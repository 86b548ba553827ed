"""Foods that are known in part only, what could change the means of magnesium and potassium most first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from nutridiary.comparison.clarify import MATTERS
from nutridiary.nutrients import nutrient_label
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import (
    LINE,
    PERSON,
    SOURCE,
    Cell,
    Column,
    field,
    set_widths,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED, decimals_of, in_words, unit_of

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

NOT_KNOWN: Mapping[str, str] = {
    "left_out": "left out of the totals",
    "no_value": "a value is missing",
    "filled_in": "a value is another record's",
    "amount": "how much it was",
    "match": "which food it was",
}
_NO_BOUND = "no bound"
_REASON = "Not known"


def write_clarify(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the To clarify sheet: a row a food text and reason, in the order to look at them.

    Parameters
    ----------
    page : Page
    analysis : Analysis
        Its `foods_to_clarify` has at least one row.
    people : sequence of str
        The people of the report, in order.
    """
    found = rows_of(analysis.foods_to_clarify)
    rows = [row for row in found if row["matters"]]
    columns = ((PERSON,) if len(people) > 1 else ()) + _COLUMNS
    set_widths(page, columns)
    page.line("Foods to clarify", looks.TITLE)
    page.line("What is known in part only, what could change magnesium and potassium most first.", looks.FREE_BOLD)
    page.line(
        "Could change by: the difference that not knowing it makes to the mean of a day, between the least and the "
        "most it can be; of a line left out, what such foods or meals hardly exceed. 'No bound': nothing limits it, so "
        "that the totals it belongs to have no upper bound either.",
        looks.FREE_QUIET,
    )
    page.line(
        "Correct the line in the diary, or write 'nutridiary review' to choose foods and weights for every line of a "
        "text at once. Not every line is worth it: those at the end change little.",
        looks.FREE_QUIET,
    )
    page.row += 1
    place = {person_id: number for number, person_id in enumerate(people)}
    rows.sort(key=lambda row: place.get(row["person_id"] or UNNAMED, len(place)))
    header_row = write_rows(page, columns, rows, empty="Nothing: every food is known, with its amount and values.")
    page.close_table("foods_to_clarify_table", header_row, len(columns), frozen_columns=2 if len(people) > 1 else 1)
    tint_by_word(page, columns, _REASON, header_row, {NOT_KNOWN["left_out"]: looks.BETWEEN_TINT})
    if more := len(found) - len(rows):
        page.row += 1
        page.line(
            f"And {more} more that hardly {'matters' if more == 1 else 'matter'}: foods to be confirmed, where another "
            f"food would change the means by less than {MATTERS:g} % of the reference, or that gave next to nothing.",
            looks.FREE_QUIET,
        )


def _stake(nutrient: str, row: Row) -> Cell:
    stake = row[f"{nutrient}_stake"]
    if stake is None:
        return Cell(_NO_BOUND, looks.NO_VALUE)
    return Cell(stake, Look(number=looks.amount_format(max(decimals_of(nutrient), 1) if stake < 10 else 0)))


def _share(row: Row) -> Cell:
    return Cell(row["stake"], Look(number=looks.amount_format(1 if (row["stake"] or 0) < 10 else 0)))


def _column(nutrient: str) -> Column:
    title = f"{nutrient_label(nutrient)} could change by [{unit_of(nutrient)}/d]"
    return Column(title, 14, looks.WHOLE, partial(_stake, nutrient))


_COLUMNS = (
    Column("Food, as the diary calls it", 32, looks.WRAPPED, field("food_text")),
    Column(_REASON, 24, looks.BOLD, lambda row: in_words(row["reason"], NOT_KNOWN)),
    Column("What to find out or write", 70, looks.WRAPPED, field("advice")),
    _column("magnesium"),
    _column("potassium"),
    Column("The larger, of its reference [%]", 13, looks.WHOLE, _share),
    Column("Read as", 30, looks.WRAPPED.but(font="quiet"), field("food_description")),
    Column("Lines", 7, looks.WHOLE, field("entries")),
    SOURCE,
    LINE,
)
