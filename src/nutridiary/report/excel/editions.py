"""What other editions and other authorities would say of the same intakes: what reads differently first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.comparison import verdict_in_words
from nutridiary.references import REFERENCES, citations, kind_names
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, is_complete, is_filled_in, rows_of
from nutridiary.report.excel.columns import Cell, Column, set_widths, write_rows
from nutridiary.report.excel.looks import Look, known_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED, VERDICT_TINTS, decimals_of, is_core, label_of, person_name, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

TITLE = "What changes with the edition"
DIFFERENT, SAME, NONE = "another", "the same", "none"
_SAYS_NOTHING = ("beside_dv", "no_reference", "descriptive")
_INTRODUCTION = (
    "The intakes of this report beside other reference values: editions that have been superseded, and what other "
    "authorities set today. The food is the same; only the figures differ.",
    "A Daily Value is a figure for US labels, the same for everyone from 4 years on: it changes no reading. Figures "
    "that depend on more than sex and age (phytate, menopause) hold only where the Person sheet states it.",
)


def write_editions(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the sheet: a block a person, in it the readings that are another, then quietly the rest.

    Parameters
    ----------
    page : Page
    analysis : Analysis
    people : sequence of str
        The people of the report, in order.
    """
    set_widths(page, _COLUMNS)
    page.line(TITLE, looks.TITLE)
    for text in _INTRODUCTION:
        page.line(text, looks.FREE_QUIET)
    by_person: dict[str, list[Row]] = {}
    for row in rows_of(_with_known(analysis)):
        by_person.setdefault(row["person_id"] or UNNAMED, []).append(row)
    blocks = [(name, by_person[name]) for name in people if name in by_person]
    header_rows = [
        _write_block(page, name, rows, number, several=len(people) > 1) for number, (name, rows) in enumerate(blocks, 1)
    ]
    if not blocks:
        page.line("None: no other report sets a figure for these nutrients and people.", looks.FREE)
    _write_sources(page, [row[side] for _, rows in blocks for row in rows for side in ("edition", "other_edition")])
    headers = (header_rows[0], header_rows[0]) if blocks else None
    page.set_print(last_column=len(_COLUMNS), header_rows=headers)


def _with_known(analysis: Analysis) -> pd.DataFrame:
    """Return the changes with what tells whether a mean is complete."""
    key = ["person_id", "nutrient"]
    means = analysis.comparison[[*key, "foods_without_value", "foods_left_out", "foods_filled_in"]]
    return analysis.edition_changes.merge(means.drop_duplicates(key), on=key, how="left", validate="many_to_one")


def _write_block(page: Page, name: str, rows: Sequence[Row], number: int, *, several: bool) -> int:
    """Write one person's rows: those that flip, then the others; the core nutrients come first in each.

    Returns the row of the header.
    """
    ordered = sorted(rows, key=lambda row: (not row["flips"], not is_core(row["nutrient"])))
    flips = sum(row["flips"] for row in rows)
    page.row += 1
    if several:
        page.line(person_name(name), looks.HEADING)
    said = f"{flips} of {len(rows)} readings would be another; they stand first." if flips else "No reading changes."
    page.line(said + (" On paper stand only they." if 0 < flips < len(rows) else ""), looks.FREE_BOLD)
    header_row = write_rows(page, _COLUMNS, ordered)
    if 0 < flips < len(rows):
        page.leave_unprinted(header_row + flips + 1, page.row - 1)
    page.name_range(f"editions_table_{number}", (header_row, 1), (page.row - 1, len(_COLUMNS)))
    if not several:
        page.filter_rows(header_row, len(_COLUMNS))
        page.sheet.freeze_panes = page.sheet.cell(row=header_row + 1, column=2)
    return header_row


def _write_sources(page: Page, reports: Sequence[str]) -> None:
    """Write the citation of every report that is named above, once."""
    editions = dict.fromkeys(edition for report in reports for edition in report.split("; "))
    cited = [edition for edition in citations() if edition in editions]
    if not cited:
        return
    page.row += 1
    page.line("Sources", looks.HEADING)
    for edition in cited:
        page.line(f"{edition}: {citations()[edition][1]}", looks.FREE_QUIET)


def _names_of(report: str, nutrient: str) -> Mapping[str, str]:
    """Return what the authority of a report calls its figures for a nutrient; an authority alone is its own report."""
    authority = citations().get(report.split("; ")[0], (report, ""))[0]
    return next((kind_names(name, nutrient) for name, known in REFERENCES.items() if known.code == authority), {})


def _look(row: Row, look: Look = looks.WRAPPED) -> Look:
    """Return the look of a cell: what changes nothing stays quiet."""
    return look if row["flips"] else look.but(font="quiet")


def _name_look(row: Row) -> Look:
    return looks.WRAPPED.but(font="bold" if row["flips"] else "quiet")


def _change(row: Row) -> Cell:
    """Say whether the other reading is another; a figure that intakes are not held against gives none."""
    word = NONE if row["other_verdict"] in _SAYS_NOTHING else SAME
    return Cell(DIFFERENT if row["flips"] else word, _name_look(row))


def _mean(row: Row) -> Cell:
    if row["mean_intake"] is None:
        return Cell("no value", looks.NO_VALUE)
    number = known_format(decimals_of(row["nutrient"]), complete=is_complete(row), filled_in=is_filled_in(row))
    return Cell(row["mean_intake"], _look(row, Look(number=number)))


def _text(name: str) -> Callable[[Row], Cell]:
    return lambda row: Cell(row[name], _look(row))


def _verdict(verdict: str, report: str) -> Callable[[Row], Cell]:
    """Return what shows a verdict in the words of its authority, tinted where the reading changes."""

    def shown(row: Row) -> Cell:
        tint = VERDICT_TINTS.get(row[verdict], "") if row["flips"] else ""
        words = verdict_in_words(row[verdict], _names_of(row[report], row["nutrient"]))
        return Cell(words, _look(row).but(fill=tint))

    return shown


_COLUMNS = (
    Column("Nutrient", 26, looks.WRAPPED, lambda row: Cell(label_of(row["nutrient"]), _name_look(row))),
    Column("Mean per day", 10, looks.WHOLE, _mean),
    Column("Unit", 6, looks.TEXT, lambda row: Cell(unit_of(row["nutrient"]), _look(row))),
    Column("The other reading is", 12, looks.TEXT, _change),
    Column("What changes", 50, looks.WRAPPED, _text("reading")),
    Column("This report rests on", 13, looks.WRAPPED, _text("edition")),
    Column("Its figures per day", 22, looks.WRAPPED, _text("figures")),
    Column("Its verdict", 22, looks.WRAPPED, _verdict("verdict", "edition")),
    Column("The other", 13, looks.WRAPPED, _text("other_edition")),
    Column("Status", 12, looks.WRAPPED, _text("other_status")),
    Column("Its figures per day", 28, looks.WRAPPED, _text("other_figures")),
    Column("Its verdict", 22, looks.WRAPPED, _verdict("other_verdict", "other_edition")),
)
