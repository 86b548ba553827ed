"""How sure the recorded days can make one: words first, then figures, a row a nutrient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.report.excel import looks, paper
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import PERSON, QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.looks import Look, amount_format, reference_look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED, decimals_of, in_words, is_core, label_of, unit_of
from nutridiary.report.excel.working import WORKING_SHEET, in_order, places_of_working
from nutridiary.usual_intake import VERDICTS
from nutridiary.usual_intake.more_days import CLEAR
from nutridiary.usual_intake.verdicts import LIKELY

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

IN_FULL = "In full"
_FIRST_PRINTED = 10  # columns beside the nutrient that the first printed page has: up to the days until clear
TINTS = {
    "clear": looks.ENOUGH_TINT,
    "likely": looks.ENOUGH_TINT,
    "open": looks.BETWEEN_TINT,
    "unlikely": looks.LOW_TINT,
    "clearly_not": looks.LOW_TINT,
    "no_conclusion": looks.OPEN_TINT,
    "withheld": looks.OPEN_TINT,
}
# A model of people in general carries no confidence of 100 % about one.
_SHARE = Look(number='[>=97.5]"> 97";[<=2.5]"< 3";0', align="right")


def write_confidence(page: Page, analysis: Analysis, *, people: Sequence[str], linked: bool = True) -> None:
    """Write the Confidence sheet: what the recorded days allow to be said of usual intake.

    Parameters
    ----------
    page : Page
    analysis : Analysis
        Of which `confidence` and `working` are read.
    people : sequence of str
        In the order of the report.
    linked : bool
        Whether the workbook has a sheet Working to lead to.
    """
    columns = ((PERSON,) if len(people) > 1 else ()) + _COLUMNS
    set_widths(page, columns, printed=len(columns) - len(_COLUMNS) + 1 + _FIRST_PRINTED)
    page.line("What these days say of usual intake", looks.TITLE)
    for line in _EXPLAINED:
        page.line(line, looks.FREE_QUIET)
    page.row += 1
    rows = rows_of(in_order(analysis.confidence, people))
    header_row = write_rows(page, columns, rows, empty="No nutrient was compared.")
    if linked:
        _link_working(page, analysis, rows, people, header_row, len(columns))
    who = len(columns) - len(_COLUMNS) + 1  # the columns that say whose, and of what
    page.close_table("confidence_table", header_row, len(columns), frozen_columns=who)
    paper.print_side_by_side(page, header_row, (who + _FIRST_PRINTED, len(columns) - 1), repeated=who)


_EXPLAINED = (
    "A few days are not usual intake. Confidence is the share, among people of the same sex and age with records like "
    "these, whose usual intake meets their own need, or is above the AI.",
    "It is no share of days and no diagnosis. Below an AI nothing can be concluded. 'From' and 'to' allow for what "
    "foods without a value and lines left out may have held; 'to' is blank where nothing bounds them.",
    "How it is worked out stands in Working, number by number. IOM 2000 knows these days alone and no other people: "
    "from one to three days it promises too much.",
)


def _link_working(
    page: Page, analysis: Analysis, rows: Sequence[Row], people: Sequence[str], header_row: int, last_column: int
) -> None:
    """Lead from each row to where its figures are worked out."""
    places = places_of_working(analysis.working, people)
    for row, written in enumerate(rows, header_row + 1):
        place = places.get((written["person_id"] or UNNAMED, written["nutrient"]))
        if place is not None:
            page.link_sheet(row, last_column, WORKING_SHEET, IN_FULL, to_row=place, look=looks.LINK)


def _nutrient(row: Row) -> Cell:
    look = looks.BOLD.but(wrap=True) if is_core(row["nutrient"]) else looks.WRAPPED
    return Cell(row["label"] or label_of(row["nutrient"]), look)


def _in_short(row: Row) -> Cell:
    """Say the verdict; with "enough", that usual intake is likely above the upper figure, so that it is no praise."""
    words, tint = in_words(row["verdict"], VERDICTS), TINTS.get(row["verdict"] or "", "")
    below = row["confidence_below_ul"]
    if below is not None and below <= 100 - LIKELY:
        sure = "clearly" if below <= 100 - CLEAR else "likely"
        words, tint = f"{words}; {sure} above the {row['upper_name'] or row['upper_kind']}", looks.HIGH_TINT
    return Cell(words, looks.WRAPPED.but(fill=tint))


def _amount(name: str) -> Column:
    titles = {
        "mean_intake": "Mean of these days",
        "usual_estimate": "Best guess of usual intake",
        "usual_low": "90 % interval, from",
        "usual_high": "90 % interval, to",
    }

    def shown(row: Row) -> Cell:
        return Cell(row[name], Look(number=amount_format(decimals_of(row["nutrient"]))))

    return Column(titles[name], 12, looks.WHOLE, shown)


def _reference(name: str, value: str) -> Column:
    titles = {"reference": "Held against", "upper": "Upper figure"}

    def shown(row: Row) -> Cell:
        return Cell(row[value], reference_look(looks.TEXT, row[value], row[name] or ""))

    return Column(titles[value], 12, looks.WHOLE, shown)


_COLUMNS = (
    Column("Nutrient", 28, looks.WRAPPED, _nutrient),
    Column("In short", 19, looks.WRAPPED, _in_short),
    Column("What these days allow to be said", 90, looks.WRAPPED, field("reading")),
    Column("Days", 7, looks.WHOLE, field("days")),
    _amount("mean_intake"),
    Column("Unit per day", 7, looks.TEXT, lambda row: unit_of(row["nutrient"])),
    _reference("reference_name", "reference"),
    Column("Confidence [%]", 12, _SHARE, field("confidence")),
    Column("From [%]", 8, _SHARE, field("confidence_low")),
    Column("To [%]", 8, _SHARE, field("confidence_high")),
    Column("More days until clear", 12, looks.WHOLE, field("more_days")),
    _amount("usual_estimate"),
    _amount("usual_low"),
    _amount("usual_high"),
    _reference("upper_name", "upper"),
    Column("Confidence to be below it [%]", 14, _SHARE, field("confidence_below_ul")),
    Column("By these days alone (IOM 2000) [%]", 15, _SHARE, field("confidence_iom_2000")),
    Column("Its z", 7, Look(number="0.00"), field("z")),
    Column("Whose variation", 26, QUIET, field("group")),
    Column("Note", 80, QUIET, field("note")),
    Column("Working", 11, looks.TEXT, lambda row: None),
)
