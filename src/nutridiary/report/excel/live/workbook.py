"""Lay the formulas over a workbook that was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.report.excel.blocks import Block
from nutridiary.report.excel.day_columns import DayColumns
from nutridiary.report.excel.line_figures import LineFigures
from nutridiary.report.excel.live.composition import FOODS, Composition, foods_of
from nutridiary.report.excel.live.days import LiveDays
from nutridiary.report.excel.live.guard import LIVE, Guard
from nutridiary.report.excel.live.lines import LiveLines
from nutridiary.report.excel.live.overview import LiveOverview
from nutridiary.report.excel.live.people import LivePeople
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.person import Place
from nutridiary.report.excel.pointers import SUMMARY
from nutridiary.report.excel.trail import DAILY, ENTRIES, PROBLEMS, Trail
from nutridiary.report.figure_names import FigureNames

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

SHEETS = (FOODS, LIVE)
"""The sheets that a living workbook has besides."""
_STEADY = (PROBLEMS, "Files", "References", "About", "Lock", "Supplements", "Own foods")
"""Sheets that no weight or food of a line changes."""


def make_live(
    pages: Mapping[str, Page],
    analysis: Analysis,
    blocks: Sequence[Block],
    figures: LineFigures,
    trail: Trail,
    places: Mapping[str, tuple[str, Place]],
) -> None:
    """Let formulas work out what they can, and let the rest give way once a figure is changed.

    Parameters
    ----------
    pages : mapping of str to Page
        Every sheet, written; those of `SHEETS` still empty.
    analysis : Analysis
    blocks : sequence of Block
    figures : LineFigures
        What the lines gave.
    trail : Trail
        Where everything stands.
    places : mapping of str to (str, Place)
        For each person the sheet of the person's figures, and where on it they stand.
    """
    guard = Guard(pages[LIVE])
    composition = Composition(foods_of(figures, figures.rows), figures.nutrients)
    composition.write(pages[FOODS], guard)
    lines = LiveLines(pages[ENTRIES], trail, figures, composition, [block.person_id for block in blocks])
    lines.write(guard)
    columns, names = DayColumns.of(blocks), FigureNames.of(analysis)
    days = LiveDays(pages[DAILY], trail, columns, lines)
    people = LivePeople(guard, trail, columns, names, _in_equivalents(analysis))
    for number, block in enumerate(blocks, 1):
        of_person = days.write(number, block)
        if block.person_id in places:
            title, place = places[block.person_id]
            people.write(pages[title], block, place, of_person)
    days.close()
    people.close()
    if len(places) > 1:
        LiveOverview(pages[SUMMARY], guard, people, names).write(blocks, places)
    for title in (ENTRIES, DAILY, *(title for title, _ in places.values())):
        guard.title(pages[title])
    guard.close()
    living = {SUMMARY, ENTRIES, DAILY, *SHEETS, *_STEADY, *(title for title, _ in places.values())}
    guard.sheets(page for title, page in pages.items() if title not in living)


def _in_equivalents(analysis: Analysis) -> frozenset[tuple[str, str]]:
    """Return the people and nutrients of which EAR, RDA or AI count more than what is on record."""
    rows = analysis.references
    rows = rows[(rows["applies_to"] == "niacin_equivalents") & rows["kind"].isin(["EAR", "RDA", "AI"])]
    return frozenset(zip(rows["person_id"].fillna(""), rows["nutrient"], strict=True))
