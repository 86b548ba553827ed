"""The first sheet: who, how much of the diary counts, and what the means come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from openpyxl.chart import Reference

from nutridiary.comparison import VERDICTS
from nutridiary.errors import listing
from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in, is_part_complete
from nutridiary.report.excel.charts import column_chart
from nutridiary.report.excel.columns import QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.lines import is_counted_elsewhere
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

WHAT_THIS_IS_NOT = (
    "What this is not: a food record diagnoses nothing. An intake below a reference is neither a deficiency "
    "nor the cause of a symptom. About says more."
)
POINTERS: Mapping[str, str] = {
    "Confidence": "what these days say of usual intake",
    "Working": "every figure of it, worked out",
    "Groups": "usual intakes of groups of people",
    "To clarify": "what would make these figures surer",
    "What changes with the edition": "what other reports would make of it",
    "Symptoms": "days with a symptom beside days without",
    "Days": "days that may be incomplete, and energy",
    "Daily": "day by day, with charts",
    "Foods": "which foods gave it",
    "Supplements": "what was taken, and what it gave",
    "Recorded values": "ours beside the diary's own",
    "Own foods": "your recipes and labels",
    "Ratios": "calcium to magnesium and others; moles",
    "Matches": "how each line was read",
    "Problems": "lines left out, and why",
    "Files": "what each file was read as",
    "References": "the figures and their sources",
    "About": "terms, limits and data",
}
MOST_CHARTED_PEOPLE = 20  # drawing a chart costs as much as writing several hundred cells
_CHARTED, _CHART_OVER, _CHART_ROWS = "% of RDA or AI", ("UL or CDRR is held against", "Reading"), 18


def write_summary(page: Page, blocks: Sequence[Block], sheets: Sequence[str], remarks: Sequence[str]) -> None:
    """Write the Summary sheet: a block for each person.

    Parameters
    ----------
    page : Page
    blocks : sequence of Block
    sheets : sequence of str
        The sheets of the workbook, to point at.
    remarks : sequence of str
        What a reader should know of the report as a whole.
    """
    columns = _columns(blocks)
    set_widths(page, columns)
    page.line("Nutrient intakes and reference intakes", looks.TITLE)
    page.line(WHAT_THIS_IS_NOT, looks.FREE_QUIET)
    for remark in remarks:
        page.line(remark, looks.FREE_BOLD)
    for number, block in enumerate(blocks, 1):
        page.row += 1
        top = page.row
        if number > 1:
            page.break_before(top)
        _write_facts(page, block)
        if number == 1:
            _write_pointers(page, sheets)
        charted = number <= MOST_CHARTED_PEOPLE and any(_percent(row) is not None for row in _core(block))
        page.row = max(page.row, top + _CHART_ROWS if charted else page.row) + 1
        nobody = "No line of this diary could be counted: Problems says why."
        first = write_rows(page, columns, block.comparison, empty=nobody)
        page.name_range(f"summary_table_{number}", (first, 1), (page.row - 1, len(columns)))
        if charted:
            _add_chart(page, block, columns, top, first)
    if len(blocks) > MOST_CHARTED_PEOPLE:
        page.line(f"Charts are drawn for the first {MOST_CHARTED_PEOPLE} people.", looks.FREE_QUIET)
    line_column = len(columns) + 2
    page.hide_columns(line_column, line_column)
    page.set_print(last_column=len(columns))


def _write_facts(page: Page, block: Block) -> None:
    entries = block.entries
    counted = [row for row in entries if row["problem"] is None]
    left_out = [row for row in entries if row["problem"] is not None]
    supplements = sum(row["kind"] == "supplement" for row in counted)
    twice = sum(is_counted_elsewhere(row) for row in left_out)
    dates = block.dates
    facts = (
        ("Person", block.name),
        ("Sex and age", person_facts(block.person, dates[-1] if dates else None)),
        ("Life-stage group", listing(block.texts("life_stage_group")) or "none"),
        ("Editions", listing(block.texts("edition"), most=4) or "none"),
        ("Recorded days", date_span(dates)),
        ("Lines counted", len(counted)),
        *([("  of these supplements", supplements)] if supplements else []),
        ("  of these to review", sum(row["needs_review"] for row in counted)),
        ("Lines left out", len(left_out)),
        *([("  of these counted elsewhere", twice)] if twice else []),
        ("  of these nothing eaten", sum(row["kind"] in NOT_EATEN for row in left_out)),
    )
    for name, value in facts:
        big = name == "Person" and block.person_id
        page.put(page.row, 1, name, looks.FREE_QUIET)
        page.put(page.row, 2, value, Look("heading" if big else "plain", align="left", ruled=False))
        page.row += 1


def _write_pointers(page: Page, sheets: Sequence[str]) -> None:
    page.row += 1
    page.line("In this workbook", looks.FREE_QUIET)
    for sheet, text in POINTERS.items():
        if sheet in sheets:
            page.link_sheet(page.row, 1, sheet, f"{sheet}: {text}")
            page.row += 1


def _columns(blocks: Sequence[Block]) -> list[Column]:
    """Return the columns of the tables; those of food and supplements only where a supplement is counted."""
    parts = any(block.supplemented for block in blocks)
    bounded = any(_is_open(row) for block in blocks for row in block.comparison)
    left_out = any(row["all_days_days"] is not None for block in blocks for row in block.comparison)
    return [
        Column("Nutrient", 30, looks.WRAPPED, _label),
        Column("Mean per day", 10, looks.WHOLE, _mean),
        *([Column("From food", 10, looks.WHOLE, partial(_part, "food_intake", "food"))] if parts else []),
        *(
            [Column("From supplements", 13, looks.WHOLE, partial(_part, "supplement_intake", "supplements"))]
            if parts
            else []
        ),
        *([Column("At least", 10, looks.WHOLE, partial(_bound, "low"))] if bounded else []),
        *([Column("At most", 10, looks.WHOLE, partial(_bound, "high"))] if bounded else []),
        Column("Unit", 6, looks.TEXT, lambda row: written_unit(row["unit"] or "")),
        Column("RDA or AI", 11, looks.WHOLE, lambda row: _reference(row, _goal(row), named=True)),
        Column(_CHARTED, 9, looks.WHOLE, lambda row: Cell(_percent(row), Look(number=_known(row, 0)))),
        Column("EAR", 8, looks.WHOLE, lambda row: _reference(row, "ear")),
        Column("UL or CDRR", 12, looks.WHOLE, lambda row: _reference(row, _limit(row), named=True)),
        Column(_CHART_OVER[0], 20, looks.WRAPPED, _held_against),
        Column("% of UL or CDRR", 10, looks.WHOLE, lambda row: row[f"percent_of_{_limit(row)}"]),
        Column("Coverage [%]", 10, looks.WHOLE, field("coverage")),
        Column("Verdict", 25, looks.WRAPPED, _verdict),
        Column(_CHART_OVER[1], 56, looks.WRAPPED, field("reading")),
        Column("What these days allow to be said", 56, looks.WRAPPED, field("confidence_reading")),
        *([Column("Mean over all days", 10, looks.WHOLE, _all_days)] if left_out else []),
        *([Column("Verdict over all days", 25, looks.WRAPPED, _all_days_verdict)] if left_out else []),
        Column("Note", 46, QUIET, field("note")),
    ]


def _label(row: Row) -> Cell:
    nutrient = row["nutrient"]
    return Cell(row["label"] or label_of(nutrient), looks.BOLD if is_core(nutrient) else looks.WRAPPED)


def _mean(row: Row) -> Cell:
    if row["mean_intake"] is None:
        return Cell("no value", looks.NO_VALUE)
    return Cell(row["mean_intake"], Look(number=_known(row, decimals_of(row["nutrient"]))))


def _part(name: str, part: str, row: Row) -> Cell:
    """Return what food or supplements gave of the mean; no twin lends to a supplement."""
    if row[name] is None:
        return Cell("no value" if part == "food" else None, looks.NO_VALUE)
    filled_in = part == "food" and is_filled_in(row)
    complete = is_part_complete(row, part)
    return Cell(
        row[name], Look(number=known_format(decimals_of(row["nutrient"]), complete=complete, filled_in=filled_in))
    )


def _is_open(row: Row) -> bool:
    """Return whether a mean is known between bounds only, or is at least what is known."""
    return row["mean_intake"] is not None and row["high"] != row["low"]


def _bound(name: str, row: Row) -> Cell:
    if not _is_open(row):
        return Cell(None, looks.TEXT)
    if row[name] is None:
        return Cell("no bound", looks.NO_VALUE)
    return Cell(row[name], Look(number=known_format(decimals_of(row["nutrient"]), complete=True, filled_in=False)))


def _all_days(row: Row) -> Cell:
    return Cell(row["all_days_mean_intake"], Look(number=_known(row, decimals_of(row["nutrient"]))))


def _known(row: Row, decimals: int) -> str:
    return known_format(decimals, complete=is_complete(row), filled_in=is_filled_in(row))


def _goal(row: Row) -> str:
    return "rda" if row["rda"] is not None else "ai"


def _limit(row: Row) -> str:
    return "ul" if row["ul"] is not None else "cdrr"


def _reference(row: Row, kind: str, *, named: bool = False) -> Cell:
    return Cell(row[kind], reference_look(looks.TEXT, row[kind], kind if named else ""))


def _verdict(row: Row) -> Cell:
    tint = VERDICT_TINTS.get(row["verdict"] or "", "")
    return Cell(in_words(row["verdict"], VERDICTS), looks.WRAPPED.but(fill=tint))


def _all_days_verdict(row: Row) -> str | None:
    return in_words(row["all_days_verdict"], VERDICTS)


def _held_against(row: Row) -> str | None:
    limit = _limit(row)
    if row[limit] is None:
        return None
    return in_words(row["ul_applies_to"], APPLIES_TO) if limit == "ul" else APPLIES_TO["total_intake"]


def _add_chart(page: Page, block: Block, columns: Sequence[Column], top: int, header_row: int) -> None:
    places = {column.name: place for place, column in enumerate(columns, 1)}
    line_column = len(columns) + 2
    core = _core(block)
    first, last = header_row + 1, header_row + len(core)
    page.put(header_row, line_column, "Line of the chart [%]", looks.HEADER)
    for row in range(first, last + 1):
        page.put(row, line_column, 100, looks.TEXT)

    def cells(column: int) -> Reference:
        return Reference(page.sheet, min_col=column, min_row=first, max_row=last)

    of_whom = f", {block.name}" if block.person_id else ""
    chart = column_chart(
        title=f"Mean intake as % of the RDA or AI{of_whom}",
        axis_titles=("Nutrient", "% of RDA or AI"),
        categories=cells(1),
        columns=("Mean of what is known", cells(places[_CHARTED])),
        line=("100 % of the RDA or AI", cells(line_column)),
        count=len(core),
        labels='0" %"',
    )
    shares = ", ".join(_share(row) for row in core)
    # Over what stands between what the upper figure is held against and the reading.
    corners = (top, places[_CHART_OVER[0]]), (top + _CHART_ROWS - 1, places[_CHART_OVER[1]])
    page.add_chart(chart, *corners, f"Columns: mean intake as % of the RDA or AI. {shares}.")


def _core(block: Block) -> list[Row]:
    return [row for row in block.comparison if is_core(row["nutrient"])]


def _percent(row: Row) -> float | None:
    percent: float | None = row["percent_of_ai"] if row["rda"] is None else row["percent_of_rda"]
    return percent


def _share(row: Row) -> str:
    percent = _percent(row)
    return f"{label_of(row['nutrient'])} " + ("no figure" if percent is None else f"{percent:.0f} %")
