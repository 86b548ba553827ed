"""What the diaries of many people say of their groups: usual intakes, and how they lie beside the references."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, core_first, rows_of
from nutridiary.report.excel.columns import QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.looks import Look, amount_format, reference_look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, in_words, is_core
from nutridiary.report.figure_names import FigureNames

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

_INTRODUCTION = (
    "Usual intakes of the people of this diary, by life-stage group: what they eat in the long run, as far as their "
    "days tell. Single days are spread far wider, and their share below a requirement says nothing about people.",
    "The people stand for themselves: who keeps a diary is no sample of anybody else. SE: standard error.",
)
_SHARE = Look(number="0.0")
_METHODS = {
    "amount_model": "Box-Cox amount model",
    "nrc_1986": "own means, drawn together (NRC 1986)",
    "not_adjusted": "own means as they are",
    "mean_only": "mean of the days; no shares",
    "withheld": "nothing known",
}


def write_groups(page: Page, analysis: Analysis) -> None:
    """Write the Groups sheet: a row a group and nutrient, the core nutrients first.

    Parameters
    ----------
    page : Page
    analysis : Analysis
        With rows in `groups`.
    """
    columns = _columns(FigureNames.of(analysis))
    set_widths(page, columns)
    page.line("Usual intakes of groups", looks.TITLE)
    for text in _INTRODUCTION:
        page.line(text, looks.FREE_QUIET)
    page.row += 1
    order = {group: place for place, group in enumerate(analysis.groups["group"].unique())}
    rows = core_first(analysis.groups).sort_values("group", key=lambda names: names.map(order), kind="stable")
    header_row = write_rows(page, columns, rows_of(rows))
    page.close_table("groups_table", header_row, len(columns), frozen_columns=2)


def _label(row: Row) -> Cell:
    return Cell(row["label"], looks.BOLD if is_core(row["nutrient"]) else looks.WRAPPED)


def _amount(name: str, row: Row) -> Cell:
    return Cell(row[name], Look(number=amount_format(decimals_of(row["nutrient"]))))


def _error(row: Row) -> Cell:
    return Cell(row["mean_se"], Look(number=amount_format(decimals_of(row["nutrient"]) + 1)))


def _figure(name: str, row: Row) -> Cell:
    return Cell(row[name], reference_look(looks.TEXT, row[name]))


def _columns(names: FigureNames) -> list[Column]:
    """Return the columns: the distribution, then each figure the authority sets with the share beside it."""
    shares = {
        "ear": (("Below their own need [%]", "inadequate"), ("SE [% points]", "inadequate_se")),
        "ai": ((f"Above the {names.name('ai')} [%]", "above_ai"),),
        "ul": ((f"Above the {names.name('ul')} [%]", "above_ul"),),
        "cdrr": ((f"Above the {names.name('cdrr')} [%]", "above_cdrr"),),
    }
    figures = []
    for role, beside in shares.items():
        if role.upper() in names.names:
            figures.append(Column(names.name(role), 9, looks.WHOLE, partial(_figure, role)))
            figures += [Column(title, 11, _SHARE, field(name)) for title, name in beside]
    return [*_DISTRIBUTION, *figures, *_REMARKS]


_DISTRIBUTION = (
    Column("Group", 18, looks.WRAPPED, field("group")),
    Column("Nutrient", 28, looks.WRAPPED, _label),
    Column("In words", 62, looks.WRAPPED, field("reading")),
    Column("People", 8, looks.WHOLE, field("people")),
    Column("Days", 7, looks.WHOLE, field("days")),
    Column("Mean per day", 10, looks.WHOLE, partial(_amount, "mean")),
    Column("SE", 8, looks.WHOLE, _error),
    Column("Unit", 6, looks.TEXT, lambda row: written_unit(row["unit"] or "")),
    *(
        Column(f"{percent} % are below", 10, looks.WHOLE, partial(_amount, f"p{percent}"))
        for percent in (5, 25, 50, 75, 95)
    ),
)
_REMARKS = (
    Column("How", 30, looks.WRAPPED, lambda row: in_words(row["method"], _METHODS)),
    Column("Note", 70, QUIET, field("note")),
)
