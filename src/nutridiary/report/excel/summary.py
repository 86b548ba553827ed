"""The first sheet: who, how much of the diary counts, and what the means come to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from openpyxl.chart import Reference

from nutridiary.comparison import VERDICTS
from nutridiary.errors import listing
from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in
from nutridiary.report.excel.charts import column_chart
from nutridiary.report.excel.looks import Look, known_format, reference_look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import (
    APPLIES_TO,
    VERDICT_TINTS,
    date_span,
    decimals_of,
    in_words,
    is_core,
    label_of,
    person_facts,
)
from nutridiary.tables import NOT_EATEN

HEADERS = (
    "Nutrient",
    "Mean per day",
    "Unit",
    "RDA or AI",
    "% of RDA or AI",
    "EAR",
    "UL or CDRR",
    "UL or CDRR is held against",
    "% of UL or CDRR",
    "Coverage [%]",
    "Verdict",
    "Reading",
    "Note",
)
WIDTHS = (30, 10, 6, 11, 9, 8, 12, 20, 10, 10, 25, 56, 46)
WHAT_THIS_IS_NOT = (
    "What this is not: a food record diagnoses nothing. An intake below a reference is neither a deficiency "
    "nor the cause of a symptom. About says more."
)
POINTERS = (
    ("Daily", "Daily: day by day, with charts"),
    ("Foods", "Foods: which foods gave it"),
    ("Matches", "Matches: how each line was read"),
    ("Problems", "Problems: lines left out, and why"),
    ("References", "References: the figures and their sources"),
    ("About", "About: terms, limits and data"),
)
MOST_CHARTED_PEOPLE = 20  # drawing a chart costs as much as writing several hundred cells
_NUMBER_COLUMNS = (2, 4, 5, 6, 7, 9, 10)
_CHART_COLUMNS, _CHART_ROWS, _LINE_COLUMN = (8, 12), 18, len(HEADERS) + 2


def write_summary(page: Page, blocks: Sequence[Block]) -> None:
    """Write the Summary sheet: a block for each person."""
    page.set_widths(WIDTHS)
    page.line("Nutrient intakes and reference intakes", looks.TITLE)
    page.line(WHAT_THIS_IS_NOT, looks.FREE_QUIET)
    for number, block in enumerate(blocks, 1):
        page.row += 1
        top = page.row
        if number > 1:
            page.break_before(top)
        _write_facts(page, block)
        if number == 1:
            _write_pointers(page)
        charted = number <= MOST_CHARTED_PEOPLE and any(_percent(row) is not None for row in _core(block))
        page.row = max(page.row, top + _CHART_ROWS if charted else page.row) + 1
        first = page.row
        _write_table(page, block)
        page.name_range(f"summary_table_{number}", (first, 1), (page.row - 1, len(HEADERS)))
        if charted:
            _add_chart(page, block, top, first)
    if len(blocks) > MOST_CHARTED_PEOPLE:
        page.line(f"Charts are drawn for the first {MOST_CHARTED_PEOPLE} people.", looks.FREE_QUIET)
    page.hide_columns(_LINE_COLUMN, _LINE_COLUMN)
    page.set_print(last_column=len(HEADERS))


def _write_facts(page: Page, block: Block) -> None:
    entries = block.entries
    left_out = [row for row in entries if row["problem"] is not None]
    dates = block.dates
    facts = (
        ("Person", block.name),
        ("Sex and age", person_facts(block.person, dates[-1] if dates else None)),
        ("Life-stage group", listing(block.texts("life_stage_group")) or "none"),
        ("Editions", listing(block.texts("edition"), most=4) or "none"),
        ("Recorded days", date_span(dates)),
        ("Lines counted", len(entries) - len(left_out)),
        ("  of these to review", sum(row["needs_review"] and row["problem"] is None for row in entries)),
        ("Lines left out", len(left_out)),
        ("  of these notes", sum(row["kind"] in NOT_EATEN for row in left_out)),
    )
    for name, value in facts:
        big = name == "Person" and block.person_id
        page.put(page.row, 1, name, looks.FREE_QUIET)
        page.put(page.row, 2, value, Look("heading" if big else "plain", align="left", ruled=False))
        page.row += 1


def _write_pointers(page: Page) -> None:
    page.row += 1
    page.line("In this workbook", looks.FREE_QUIET)
    for sheet, text in POINTERS:
        page.link_sheet(page.row, 1, sheet, text)
        page.row += 1


def _write_table(page: Page, block: Block) -> None:
    header_looks = [looks.HEADER] * len(HEADERS)
    for column in _NUMBER_COLUMNS:
        header_looks[column - 1] = looks.NUMBER_HEADER
    page.put_row(HEADERS, header_looks)
    for row in block.comparison:
        page.put_row(*_cells(row))
    if not block.comparison:
        page.line("No line of this diary could be counted: Problems says why.", looks.FREE)


def _cells(row: Row) -> tuple[list[Any], list[Look]]:
    nutrient = row["nutrient"]
    known = partial(known_format, complete=is_complete(row), filled_in=is_filled_in(row))
    goal = "rda" if row["rda"] is not None else "ai"
    limit = "ul" if row["ul"] is not None else "cdrr"
    values_and_looks = [
        (row["label"] or label_of(nutrient), looks.BOLD if is_core(nutrient) else looks.WRAPPED),
        (row["mean_intake"], Look(number=known(decimals_of(nutrient)))),
        (written_unit(row["unit"] or ""), looks.TEXT),
        (row[goal], reference_look(looks.TEXT, row[goal], goal)),
        (_percent(row), Look(number=known(0))),
        (row["ear"], reference_look(looks.TEXT, row["ear"])),
        (row[limit], reference_look(looks.TEXT, row[limit], limit)),
        (_held_against(row, limit), looks.WRAPPED),
        (row[f"percent_of_{limit}"], looks.WHOLE),
        (row["coverage"], looks.WHOLE),
        (in_words(row["verdict"], VERDICTS), looks.WRAPPED.but(fill=VERDICT_TINTS.get(row["verdict"] or "", ""))),
        (row["reading"], looks.WRAPPED),
        (row["note"], looks.WRAPPED.but(font="quiet")),
    ]
    values = [value for value, _ in values_and_looks]
    shown = [look for _, look in values_and_looks]
    if values[1] is None:
        values[1], shown[1] = "no value", looks.NO_VALUE
    return values, shown


def _held_against(row: Row, limit: str) -> str | None:
    if row[limit] is None:
        return None
    return in_words(row["ul_applies_to"], APPLIES_TO) if limit == "ul" else APPLIES_TO["total_intake"]


def _add_chart(page: Page, block: Block, top: int, header_row: int) -> None:
    core = _core(block)
    first, last = header_row + 1, header_row + len(core)
    page.put(header_row, _LINE_COLUMN, "Line of the chart [%]", looks.HEADER)
    for row in range(first, last + 1):
        page.put(row, _LINE_COLUMN, 100, looks.TEXT)

    def cells(column: int) -> Reference:
        return Reference(page.sheet, min_col=column, min_row=first, max_row=last)

    of_whom = f", {block.name}" if block.person_id else ""
    chart = column_chart(
        title=f"Mean intake as % of the RDA or AI{of_whom}",
        axis_titles=("Nutrient", "% of RDA or AI"),
        categories=cells(1),
        columns=("Mean of what is known", cells(5)),
        line=("100 % of the RDA or AI", cells(_LINE_COLUMN)),
        count=len(core),
        labels='0" %"',
    )
    shares = ", ".join(_share(row) for row in core)
    corners = (top, _CHART_COLUMNS[0]), (top + _CHART_ROWS - 1, _CHART_COLUMNS[1])
    page.add_chart(chart, *corners, f"Columns: mean intake as % of the RDA or AI. {shares}.")


def _core(block: Block) -> list[Row]:
    return [row for row in block.comparison if is_core(row["nutrient"])]


def _percent(row: Row) -> float | None:
    percent: float | None = row["percent_of_ai"] if row["rda"] is None else row["percent_of_rda"]
    return percent


def _share(row: Row) -> str:
    percent = _percent(row)
    return f"{label_of(row['nutrient'])} " + ("no figure" if percent is None else f"{percent:.0f} %")
