"""What a reader of this diary should be careful with: what it rests on, what is known, where that is published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.cautions import KINDS
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import rows_of
from nutridiary.report.excel.columns import PERSON, QUIET, Column, field, set_widths, tint_by_word, write_rows
from nutridiary.report.excel.days import in_order
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import in_words

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

_KIND = "Of what kind"
_OPEN = "open"


def write_cautions(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Cautions sheet: a row a caution, each person's most serious first.

    Parameters
    ----------
    page : Page
    analysis : Analysis
        Its `cautions` has at least one row.
    people : sequence of str
        The people of the report, in order.
    """
    columns = ((PERSON,) if len(people) > 1 else ()) + _COLUMNS
    set_widths(page, columns)
    page.line("What to be careful with", looks.TITLE)
    page.line("Each line is here because of something in this diary, named beside it.", looks.FREE_BOLD)
    page.line(
        "Most serious first. Nothing here is a diagnosis, or a reason to begin or stop a medicine or supplement: "
        "it is what to ask a doctor or pharmacist about. What the diary does not tell, nothing here can know.",
        looks.FREE_QUIET,
    )
    page.row += 1
    rows = rows_of(in_order(analysis.cautions, people))
    header_row = write_rows(page, columns, rows)
    for number, row in enumerate(rows, header_row + 1):
        if row["link"]:
            page.link_page(number, len(columns), row["link"])
            page.put(number, len(columns), _OPEN, looks.LINK)  # the link stays
    page.close_table("cautions_table", header_row, len(columns), frozen_columns=2 if len(people) > 1 else 1)
    tint_by_word(page, columns, _KIND, header_row, _TINTS)


_TINTS = {
    KINDS["clinician"]: looks.LOW_TINT,
    KINDS["limit"]: looks.HIGH_TINT,
    KINDS["interaction"]: looks.BETWEEN_TINT,
    KINDS["record"]: looks.OPEN_TINT,
}
_COLUMNS = (
    Column("About", 26, looks.BOLD.but(wrap=True), field("title")),
    Column(_KIND, 17, looks.WRAPPED, lambda row: in_words(row["kind"], KINDS)),
    Column("In this diary", 44, looks.WRAPPED, field("because")),
    Column("What to know", 74, looks.WRAPPED, field("text")),
    # Linked text does not wrap in every program, so the address stands here to be read, and the link beside it.
    Column("Where it is published", 52, QUIET, lambda row: "\n".join(filter(None, (row["source"], row["link"])))),
    Column("Link", 8, looks.LINK, lambda row: None),
)
