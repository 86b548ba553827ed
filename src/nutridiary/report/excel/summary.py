"""The first sheet: one person's page, or an overview that leads to the page of each person."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block
from nutridiary.report.excel.overview import write_overview
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.person import PersonPage, Place
from nutridiary.report.excel.pointers import SUMMARY
from nutridiary.report.excel.trail import Trail
from nutridiary.report.figure_names import FigureNames

WHAT_THIS_IS_NOT = (
    "What this is not: a food record diagnoses nothing. An intake below a reference is neither a deficiency "
    "nor the cause of a symptom. About says more."
)
MOST_CHARTED_PEOPLE = 20  # drawing a chart costs as much as writing several hundred cells
_REMARK_WIDTH = 170  # letters of a line that a page shows whole


def write_summary(
    page: Page,
    blocks: Sequence[Block],
    names: FigureNames,
    *,
    sheets: Sequence[str],
    remarks: Sequence[str],
    people_sheets: Mapping[str, str],
    trail: Trail | None = None,
) -> Place | None:
    """Write the Summary sheet: the page of one person, an overview of several.

    Parameters
    ----------
    page : Page
    blocks : sequence of Block
    names : FigureNames
    sheets : sequence of str
        The sheets of the workbook, to point at.
    remarks : sequence of str
        What a reader should know of the report as a whole.
    people_sheets : mapping of str to str
        The sheet of each person, where there are several.
    trail : Trail, optional
        Where figures lead to; by default they lead nowhere.

    Returns
    -------
    Place or None
        Where the figures of one person stand; None for an overview, which has none of its own.
    """
    page.line("Nutrient intakes and reference intakes", looks.TITLE)
    page.line(WHAT_THIS_IS_NOT, looks.FREE_QUIET)
    for remark in remarks:
        for text in textwrap.wrap(remark, _REMARK_WIDTH):
            page.line(text, looks.FREE_BOLD)
    page.row += 1
    if len(blocks) > 1:
        write_overview(page, blocks, names, sheets=sheets, people_sheets=people_sheets)
        return None
    return PersonPage(page, blocks[0], names, 1, sheets, trail or Trail()).write(with_pointers=True)


def write_person(
    page: Page,
    block: Block,
    names: FigureNames,
    *,
    number: int,
    sheets: Sequence[str],
    trail: Trail | None = None,
) -> Place:
    """Write the page of one of several people, and return where its figures stand.

    Parameters
    ----------
    page : Page
    block : Block
    names : FigureNames
    number : int
        Which person of the report it is, from 1.
    sheets : sequence of str
        The sheets of the workbook.
    trail : Trail, optional
        Where figures lead to; by default they lead nowhere.
    """
    page.line("Nutrient intakes and reference intakes", looks.TITLE)
    page.line(WHAT_THIS_IS_NOT, looks.FREE_QUIET)
    page.link_sheet(page.row, 1, SUMMARY, "Everybody: sheet Summary")
    page.row += 2
    return PersonPage(page, block, names, number, sheets, trail or Trail()).write(with_pointers=False)
