"""Foods that would close gaps: what to add, and what the means would be with all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import FDC_ID, GRAMS, PERSON, QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.days import in_order
from nutridiary.report.excel.figures import percent_decimals
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_with_unit
from nutridiary.report.figure_names import FigureNames
from nutridiary.suggestions import cautions_of

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

_BY_ITSELF, _REASON = " By itself: ", ": "
_NO_VALUE = Cell("no value", looks.NO_VALUE)


def write_suggestions(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Suggestions sheet: the foods, the means with all of them together, and what must be read beside them.

    Parameters
    ----------
    page : Page
    analysis : Analysis
        Its `suggestions` has at least one row.
    people : sequence of str
        The people of the report, in order.
    """
    several, names = len(people) > 1, FigureNames.of(analysis)
    own = (PERSON,) if several else ()
    set_widths(page, own + _FOODS)
    page.line("Foods that would close gaps", looks.TITLE)
    page.line("A few plain foods on top of what is eaten, and what the mean of these days would be.", looks.FREE_BOLD)
    page.line(
        "Chosen by arithmetic: as few additions as possible, foods eaten already first, within energy and every upper "
        "limit. Only gaps that nothing missing could change are aimed at. Mean of these days: not usual intake.",
        looks.FREE_QUIET,
    )
    page.line(_asked_for(analysis), looks.FREE_QUIET)
    page.row += 1
    found = rows_of(in_order(analysis.suggestions, people))
    header_row = write_rows(page, own + _FOODS, found)
    page.name_range("suggestions_table", (header_row, 1), (page.row - 1, len(own + _FOODS)))
    page.row += 1
    page.line("What to know before following them", looks.HEADING)
    for text in cautions_of(analysis.suggestions, analysis.suggestion_effects, analysis.settings, analysis.people):
        page.line("\N{BULLET} " + text)
    if not analysis.suggestion_effects.empty:
        _write_effects(page, analysis, people, names, several=several)
    page.set_print(last_column=len(own + _FOODS))


def _asked_for(analysis: Analysis) -> str:
    wishes = ((name, analysis.settings.get(name, "none stated")) for name in ("diets", "allergies", "dislikes"))
    return "Left out as asked for: " + "; ".join(f"{name}: {said}" for name, said in wishes) + "."


def _write_effects(page: Page, analysis: Analysis, people: Sequence[str], names: FigureNames, *, several: bool) -> None:
    columns = ((PERSON,) if several else ()) + _effect_columns(names)
    page.row += 1
    page.line("With all of them together", looks.HEADING)
    page.line("Aimed at: a gap that is certain. The other rows show what else changes.", looks.FREE_QUIET)
    header_row = write_rows(page, columns, rows_of(in_order(analysis.suggestion_effects, people)))
    page.name_range("suggestion_effects_table", (header_row, 1), (page.row - 1, len(columns)))
    page.filter_rows(header_row, len(columns))


def _what(row: Row) -> Cell:
    """Return what to add; or that there is no suggestion."""
    if row["rank"] is None:
        return Cell(row["reading"].partition(_REASON)[0], looks.WRAPPED)
    return Cell(row["reading"].partition(_BY_ITSELF)[0], looks.BOLD.but(wrap=True))


def _does(row: Row) -> str | None:
    """Return what a food does by itself; or why there is no suggestion."""
    effect: str = row["reading"].partition(_REASON if row["rank"] is None else _BY_ITSELF)[2]
    return effect[:1].upper() + effect[1:] or None


def _eaten(row: Row) -> str | None:
    return None if row["rank"] is None else "yes" if row["already_eaten"] else "no"


_FOODS = (
    Column("What to add", 36, looks.WRAPPED, _what),
    Column("What it does by itself", 52, looks.WRAPPED, _does),
    Column("Eaten already", 13, looks.WRAPPED, _eaten),
    Column("Portions", 12, looks.WHOLE, field("portions")),
    Column("Over days", 12, looks.WHOLE, field("per_days")),
    Column("One portion [g]", 12, GRAMS, field("portion_grams")),
    Column(FDC_ID, 12, looks.LINK, field("fdc_id")),
    Column("Food group", 16, looks.WRAPPED, field("food_group")),
    Column("Food on record", 40, QUIET, field("food_description")),
    Column("Values from", 18, QUIET, field("value_from")),
)


def _amount(name: str) -> Callable[[Row], Cell]:
    def shown(row: Row) -> Cell:
        if row[name] is None:
            return _NO_VALUE
        return Cell(row[name], Look(number=looks.amount_format(decimals_of(row["nutrient"]))))

    return shown


def _percent(name: str) -> Callable[[Row], Cell | None]:
    def shown(row: Row) -> Cell | None:
        share = row[name]
        return None if share is None else Cell(share, Look(number=looks.amount_format(percent_decimals(share))))

    return shown


def _effect_columns(names: FigureNames) -> tuple[Column, ...]:
    def goal(row: Row) -> Cell | None:
        kind = row["reference_kind"]
        called = names.name(kind) if kind else ""
        return (
            None
            if kind is None
            else Cell(row["reference"], looks.reference_look(looks.WHOLE, row["reference"], called))
        )

    def limit(row: Row) -> Cell | None:
        kind = row["limit_kind"]
        called = names.name(kind) if kind in names.names else ""
        return (
            None
            if kind is None
            else Cell(row["limit"], looks.reference_look(looks.WHOLE.but(align="left"), round(row["limit"]), called))
        )

    widths = [column.width for column in _FOODS]
    columns = (
        ("Nutrient, per day", looks.WRAPPED, lambda row: label_with_unit(row["nutrient"])),
        ("What to know", looks.WRAPPED, field("note")),
        ("Aimed at", looks.WRAPPED, lambda row: "yes" if row["aimed_at"] else None),
        ("Mean of these days", looks.WHOLE, _amount("mean_intake")),
        ("With these foods", looks.WHOLE, _amount("with_suggestions")),
        (names.either(names.goals), looks.WHOLE, goal),
        ("Mean, in % of it", looks.PERCENT, _percent("percent")),
        ("With these, in % of it", looks.PERCENT, _percent("percent_with_suggestions")),
        ("Upper limit", looks.WHOLE.but(align="left"), limit),
    )
    return tuple(Column(name, width, look, value) for (name, look, value), width in zip(columns, widths, strict=False))
