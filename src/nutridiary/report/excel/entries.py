"""Every line of the diary: how it was read, what it weighed, and what it gave of each nutrient."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from openpyxl.utils import get_column_letter

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row
from nutridiary.report.excel.columns import (
    FDC_ID,
    GRAMS,
    QUIET,
    Cell,
    Column,
    amount_as_written,
    field,
    line_number,
    published_id,
    set_widths,
    tint_by_word,
    write_cells,
    write_rows,
)
from nutridiary.report.excel.line_figures import AT_LEAST, KNOWN, LENT, NO_VALUE, NOTHING, LineFigures
from nutridiary.report.excel.lines import CHECK_TINTS, LEFT_OUT, TO_REVIEW, check, key_of
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.trail import Trail
from nutridiary.report.excel.words import (
    COUNTED,
    DATA_TYPES,
    UNNAMED,
    WEIGHT_METHODS,
    decimals_of,
    in_words,
    label_with_unit,
    person_name,
)

AS_SUPPLEMENT = "a supplement: see the sheet Supplements"
AS_RECORDED = "no food of ours: counted by the diary's own values"
PERSON, FOOD, CHECK, WEIGHT = "Person", "Food it was taken for", "Check", "Grams"
DATE = "Date"
_LAST_PRINTED = "Match score, 0 to 1"  # all columns on paper could not be read
_NUTRIENT_WIDTH = 12.0


def write_entries(page: Page, figures: LineFigures, trail: Trail, *, people: Sequence[str], values: str) -> None:
    """Write the Entries sheet, and note in `trail` where the lines of each day stand.

    Parameters
    ----------
    page : Page
    figures : LineFigures
    trail : Trail
        With where the problems stand.
    people : sequence of str
    values : str
        Whose nutrient values count: one of `words.COUNTED`, or ours.
    """
    described = _columns(trail, several=len(people) > 1)
    columns = [*described, *(_heading(nutrient) for nutrient in figures.nutrients)]
    trail.entry_columns = {name: place for place, name in enumerate(figures.nutrients, len(described) + 1)}
    trail.entry_table = {column.name: place for place, column in enumerate(described, 1)}
    rows, styles = figures.rows, _Styles(page, figures.nutrients)
    set_widths(page, columns, printed=trail.entry_table[_LAST_PRINTED])
    _write_opening(page, rows, values)
    header_row = write_rows(page, columns, ())
    for row, amounts, states in zip(rows, figures.amounts.tolist(), figures.states.tolist(), strict=True):
        write_cells(page, described, row)
        page.put_figures(page.row, len(described) + 1, map(_shown, amounts, states), styles.of(row, states))
        _note_day(trail, row, page.row)
        page.row += 1
    places = trail.entry_table
    page.close_table(
        "entries_table",
        header_row,
        len(columns),
        frozen_columns=places[FOOD],
        printed_columns=places[_LAST_PRINTED],
    )
    _name_columns(page, header_row, trail)
    tint_by_word(page, described, CHECK, header_row, CHECK_TINTS, but=(FDC_ID, WEIGHT) if trail.live else ())
    if len(people) <= 1:
        page.sheet.column_dimensions[get_column_letter(trail.entry_table[PERSON])].hidden = True
    if not rows:
        page.line("The diary has no line.")


def _write_opening(page: Page, rows: Sequence[Row], values: str) -> None:
    left_out = sum(check(row) == LEFT_OUT for row in rows)
    to_review = sum(check(row) == TO_REVIEW for row in rows)
    page.line("Every line: how it was read, and what it gave", looks.TITLE)
    page.line(
        f"{len(rows)} lines, {to_review} to review, {left_out} left out: filter the column Check. A wrong match is put "
        "right with nutridiary review, or in the diary: the food in plainer words, or its FDC id.",
        looks.FREE_QUIET,
    )
    page.line(
        f"{looks.ABOUT}: the value of a twin record. {looks.AT_LEAST}: the least a label says. Grey and empty: no "
        "value. The totals on Daily lead to the lines they are the sum of. On paper stand the columns up to the score.",
        looks.FREE_QUIET,
    )
    if values in COUNTED:
        page.line(COUNTED[values], looks.FREE_QUIET)
    page.row += 1


def _columns(trail: Trail, *, several: bool) -> list[Column]:
    """Return the columns that say how a line was read; who ate comes last where it is always the same."""
    person = Column(
        PERSON, 12, looks.WRAPPED if several else looks.TEXT, lambda row: person_name(row["person_id"] or UNNAMED)
    )
    columns = [
        Column(DATE, 11, looks.DATE, field("date")),
        Column("As written", 34, looks.WRAPPED, field("food_text")),
        Column(FOOD, 44, looks.WRAPPED, _food),
        Column(CHECK, 9, looks.BOLD, check),
        Column(FDC_ID, 10, looks.LINK, published_id),
        Column(WEIGHT, 9, GRAMS, field("gram_weight")),
        Column("Grams, low", 9, GRAMS, field("gram_low")),
        Column("Grams, high", 9, GRAMS, field("gram_high")),
        Column("Amount as written", 16, looks.WRAPPED, amount_as_written),
        Column("Portion used", 31, looks.WRAPPED, field("portion")),
        Column("How it was weighed", 27, looks.WRAPPED, lambda row: in_words(row["weight_method"], WEIGHT_METHODS)),
        Column("Match score, 0 to 1", 8, looks.SCORE, field("match_score")),
        Column("Data type", 12, looks.WRAPPED, lambda row: in_words(row["data_type"], DATA_TYPES)),
        Column("Release", 17, looks.WRAPPED, field("release")),
        Column("Values not from its own record", 90, QUIET, field("others")),
        Column("Note, or why it was left out", 90, QUIET, partial(_note, trail)),
        Column("Meal", 14, looks.WRAPPED, field("eating_occasion")),
        Column("Source", 21, looks.WRAPPED, field("source")),
        Column("Line", 7, looks.WHOLE, line_number),
    ]
    return [person, *columns] if several else [*columns, person]


def _heading(nutrient: str) -> Column:
    return Column(label_with_unit(nutrient), _NUTRIENT_WIDTH, looks.WHOLE, field(nutrient))


def _food(row: Row) -> str | Cell | None:
    if row["food_description"] is not None or row["problem"] is not None:
        return row["food_description"]  # type: ignore[no-any-return]
    return Cell(AS_SUPPLEMENT if row["kind"] == "supplement" else AS_RECORDED, QUIET)


def _note(trail: Trail, row: Row) -> str | Cell | None:
    """Return what was assumed; for a line left out why, which leads to its row on Problems."""
    if row["problem"] is None:
        return row["note"]  # type: ignore[no-any-return]
    where = trail.problem(key_of(row))
    said = "; ".join(text for text in (row["problem"], row["note"]) if text is not None)
    return Cell(said, looks.WRAPPED.but(font="link" if where else "plain"), lead=where)


def _shown(amount: float, state: int) -> float | None:
    return None if state in (NOTHING, NO_VALUE) else amount


class _Styles:
    """How the figures of a line look, by what they are."""

    def __init__(self, page: Page, nutrients: Sequence[str]) -> None:
        signs = {KNOWN: "", LENT: looks.ABOUT, AT_LEAST: looks.AT_LEAST}
        missing, nothing = page.style(looks.MISSING), page.style(looks.TEXT)
        self._left_out = [page.style(Look(fill=looks.OPEN_TINT))] * len(nutrients)
        self._of = [
            {
                NOTHING: nothing,
                NO_VALUE: missing,
                **{
                    state: page.style(Look(number=amount_format(decimals_of(nutrient), sign)))
                    for state, sign in signs.items()
                },
            }
            for nutrient in nutrients
        ]

    def of(self, row: Row, states: Sequence[int]) -> list[Any]:
        """Return the style of each figure of a line."""
        if row["problem"] is not None:
            return self._left_out
        return [styles[state] for styles, state in zip(self._of, states, strict=True)]


def _note_day(trail: Trail, row: Row, place: int) -> None:
    """Note where a line stands: the lines of a day stand together."""
    day = row["person_id"] or UNNAMED, row["date"]
    first, _ = trail.entry_rows.get(day, (place, place))
    trail.entry_rows[day] = first, place
    first, _ = trail.person_rows.get(day[0], (place, place))
    trail.person_rows[day[0]] = first, place


def _name_columns(page: Page, header_row: int, trail: Trail) -> None:
    """Name what formulas ask for: who ate, when, how much, and each nutrient."""
    places = trail.entry_table
    named = {"person": places[PERSON], "date": places[DATE], "grams": places[WEIGHT], **trail.entry_columns}
    for name, place in named.items():
        page.name_range(f"entry_{name}", (header_row + 1, place), (max(page.row - 1, header_row + 1), place))
