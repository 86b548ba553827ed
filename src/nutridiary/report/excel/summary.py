"""The first sheet: who, how much of the diary counts, and what the means come to."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate

from openpyxl.chart import Reference

from nutridiary.errors import listing
from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in, is_part_complete
from nutridiary.report.excel.charts import column_chart
from nutridiary.report.excel.columns import QUIET, Cell, Column, field, set_widths, write_rows
from nutridiary.report.excel.lines import is_counted_elsewhere
from nutridiary.report.excel.looks import Look, amount_format, known_format, reference_look
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
    what_is_stated,
)
from nutridiary.report.figure_names import FigureNames
from nutridiary.tables import NOT_EATEN

WHAT_THIS_IS_NOT = (
    "What this is not: a food record diagnoses nothing. An intake below a reference is neither a deficiency "
    "nor the cause of a symptom. About says more."
)
POINTERS: Mapping[str, str] = {
    "Confidence": "what these days say of usual intake",
    "Groups": "usual intakes of groups of people",
    "To clarify": "what would make these figures surer",
    "Daily": "what each day gave, with charts",
    "Days": "how complete each day may be, and energy",
    "Foods": "which foods gave it",
    "Symptoms": "days with a symptom beside days without",
    "Supplements": "what was taken, and what it gave",
    "Recorded values": "ours beside the diary's own",
    "Own foods": "your recipes and labels",
    "What changes with the edition": "what other reports say",
    "Ratios": "calcium to magnesium and others; moles",
    "Matches": "how each line was read",
    "Problems": "lines left out, and why",
    "Files": "what each file was read as",
    "References": "the figures and their sources",
    "Working": "how the confidence was worked out",
    "About": "terms, limits and data",
}
"""What each sheet is for, in the order of the workbook."""
MOST_CHARTED_PEOPLE = 20  # drawing a chart costs as much as writing several hundred cells
_LEAST_CHART_ROWS, _MOST_CHART_ROWS = 18, 24
_REMARK_WIDTH = 140  # letters of a line that a page shows whole
_FACTS_WIDTH = 82  # characters, of the columns left of a chart
_READING = "Reading"  # the column a chart ends at, as the first page does
_EXACT = 1e-7  # %
_ALL_LEFT_OUT = "Every recorded day may be incomplete and was left out: there is no mean to compare."
_NOTHING_COUNTED = "No line of this diary could be counted: Problems says why."


def write_summary(
    page: Page, blocks: Sequence[Block], names: FigureNames, sheets: Sequence[str], remarks: Sequence[str]
) -> None:
    """Write the Summary sheet: a block for each person.

    Parameters
    ----------
    page : Page
    blocks : sequence of Block
    names : FigureNames
    sheets : sequence of str
        The sheets of the workbook, to point at.
    remarks : sequence of str
        What a reader should know of the report as a whole.
    """
    columns = _columns(blocks, names)
    set_widths(page, columns)
    page.line("Nutrient intakes and reference intakes", looks.TITLE)
    page.line(WHAT_THIS_IS_NOT, looks.FREE_QUIET)
    for remark in remarks:
        for text in textwrap.wrap(remark, _REMARK_WIDTH):
            page.line(text, looks.FREE_BOLD)
    for number, block in enumerate(blocks, 1):
        page.row += 1
        top = page.row
        if number > 1:
            page.break_before(top)
        _write_facts(page, block, names)
        if number == 1:
            _write_pointers(page, sheets)
        charted = number <= MOST_CHARTED_PEOPLE and any(_percent(row, names) is not None for row in _core(block))
        page.row = max(page.row, top + _LEAST_CHART_ROWS if charted else page.row) + 1
        first = write_rows(page, columns, block.comparison, empty=_NOTHING_COUNTED)
        page.name_range(f"summary_table_{number}", (first, 1), (page.row - 1, len(columns)))
        if charted:
            _Chart(names, columns).add(page, block, top, first)
    if len(blocks) > MOST_CHARTED_PEOPLE:
        page.line(f"Charts are drawn for the first {MOST_CHARTED_PEOPLE} people.", looks.FREE_QUIET)
    line_column = len(columns) + 2
    page.hide_columns(line_column, line_column)
    header_rows = (first, first) if len(blocks) == 1 else None
    # One page of the figures, one of the sentences.
    page.set_print(last_column=len(columns), header_rows=header_rows, pages_wide=2)


def _write_facts(page: Page, block: Block, names: FigureNames) -> None:
    entries = block.entries
    counted = [row for row in entries if row["problem"] is None]
    left_out = [row for row in entries if row["problem"] is not None]
    supplements = sum(row["kind"] == "supplement" for row in counted)
    twice = sum(is_counted_elsewhere(row) for row in left_out)
    dates, stated = block.dates, what_is_stated(block.person)
    facts = (
        ("Person", block.name),
        ("Sex and age", person_facts(block.person, dates[-1] if dates else None)),
        *([("Stated", stated)] if stated else []),
        ("Life-stage group", listing(block.texts("life_stage_group")) or "none"),
        *([("Held against", names.figures)] if names.reference != "nasem" else []),
        ("Editions", listing(block.editions, most=4) or "none"),
        ("Recorded days", date_span(dates)),
        *([("  of these left out", len(block.dates_left_out))] if block.dates_left_out else []),
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
    for sheet in sheets:
        if sheet in POINTERS:
            page.link_sheet(page.row, 1, sheet, f"{sheet}: {POINTERS[sheet]}")
            page.row += 1


def _columns(blocks: Sequence[Block], names: FigureNames) -> list[Column]:
    """Return the columns of the tables: the figures, the sentences, and what both rest on.

    Those of supplements, of bounds and of days left out are there only where there is something to say.
    """
    rows = [row for block in blocks for row in block.comparison]
    parts = any(block.supplemented for block in blocks)
    left_out = any(block.dates_left_out for block in blocks)
    goal = names.either(names.goals)
    return [
        Column("Nutrient", 29, looks.WRAPPED, _label),
        Column("Mean per day", 10, looks.WHOLE, _mean),
        Column("Unit", 6, looks.TEXT, lambda row: written_unit(row["unit"] or "")),
        *([Column("At least", 9, looks.WHOLE, partial(_bound, "low"))] if any(map(_has_low, rows)) else []),
        *([Column("At most", 9, looks.WHOLE, partial(_bound, "high"))] if any(map(_has_high, rows)) else []),
        Column(goal, max(11, len(goal) + 1), looks.WHOLE, lambda row: _goal(row, names)),
        Column(f"% of {goal}", 9, looks.WHOLE, lambda row: _percent_cell(row, names)),
        *([Column(names.name("ear"), 8, looks.WHOLE, partial(_reference, "ear"))] if names.has_requirement else []),
        *_limit_columns(names),
        Column("Verdict", 25, looks.WRAPPED, partial(_verdict, names)),
        Column(_READING, 54, looks.WRAPPED, lambda row: row["reading"] if _has_days(row) else _ALL_LEFT_OUT),
        Column("What these days allow to be said", 60, looks.WRAPPED, field("confidence_reading")),
        *([Column("Mean over all days", 10, looks.WHOLE, _all_days)] if left_out else []),
        *([Column("Verdict over all days", 25, looks.WRAPPED, partial(_all_days_verdict, names))] if left_out else []),
        *([Column("From food", 10, looks.WHOLE, partial(_part, "food_intake", "food"))] if parts else []),
        *([Column("From supplements", 13, looks.WHOLE, partial(_part, "supplement_intake", "supplements"))][:parts]),
        Column("Coverage [%]", 10, looks.WHOLE, field("coverage")),
        Column("Note", 46, QUIET, field("note")),
    ]


def _limit_columns(names: FigureNames) -> list[Column]:
    """Return the columns of upper figures, none where the authority sets none."""
    if not names.limits:
        return []
    limit = names.either(names.limits)
    return [
        Column(limit, 12, looks.WHOLE, lambda row: _limit(row, names)),
        Column(f"{limit} is held against", 20, looks.WRAPPED, lambda row: _held_against(row, names)),
        Column(f"% of {limit}", 10, looks.WHOLE, lambda row: row[f"percent_of_{names.limit_of(row)}"]),
    ]


def _label(row: Row) -> Cell:
    nutrient = row["nutrient"]
    return Cell(row["label"] or label_of(nutrient), looks.BOLD if is_core(nutrient) else looks.WRAPPED)


def _mean(row: Row) -> Cell:
    if row["mean_intake"] is None:
        return Cell("no value" if _has_days(row) else "left out", looks.NO_VALUE)
    return Cell(row["mean_intake"], Look(number=_known(row, decimals_of(row["nutrient"]))))


def _has_days(row: Row) -> bool:
    """Return whether a day of the person is left in the means."""
    return row["days"] is not None


def _part(name: str, part: str, row: Row) -> Cell:
    """Return what food or supplements gave of the mean; no twin lends to a supplement."""
    if row[name] is None:
        return Cell("no value" if part == "food" else None, looks.NO_VALUE)
    filled_in = part == "food" and is_filled_in(row)
    complete = is_part_complete(row, part)
    return Cell(
        row[name], Look(number=known_format(decimals_of(row["nutrient"]), complete=complete, filled_in=filled_in))
    )


def _has_low(row: Row) -> bool:
    """Return whether less than the mean is sure, as it is shown: a twin lends some of it."""
    return row["low"] is not None and _shown(row, "low") != _shown(row, "mean_intake")


def _has_high(row: Row) -> bool:
    """Return whether something bounds the mean from above, beyond what is known."""
    return row["high"] is not None and _shown(row, "high") != _shown(row, "mean_intake")


def _shown(row: Row, name: str) -> float | None:
    return None if row[name] is None else round(row[name], decimals_of(row["nutrient"]))


def _bound(name: str, row: Row) -> Cell:
    """Return a bound of a mean that is not known exactly; a bound that is not there says so."""
    is_open = row["mean_intake"] is not None and (_has_low(row) or _has_high(row) or not is_complete(row))
    if not is_open:
        return Cell(None, looks.TEXT)
    if row[name] is None:
        return Cell("no bound", looks.NO_VALUE)
    return Cell(row[name], Look(number=amount_format(decimals_of(row["nutrient"]))))


def _all_days(row: Row) -> Cell:
    return Cell(row["all_days_mean_intake"], Look(number=_known(row, decimals_of(row["nutrient"]))))


def _known(row: Row, decimals: int) -> str:
    return known_format(decimals, complete=is_complete(row), filled_in=is_filled_in(row))


def _goal(row: Row, names: FigureNames) -> Cell:
    goal = names.goal_of(row)
    return _reference(goal, row, names.name_beside(row["nutrient"], goal, names.goals))


def _limit(row: Row, names: FigureNames) -> Cell:
    limit = names.limit_of(row)
    return _reference(limit, row, names.name_beside(row["nutrient"], limit, names.limits))


def _reference(column: str, row: Row, name: str = "") -> Cell:
    return Cell(row[column], reference_look(looks.TEXT, row[column], name))


def _verdict(names: FigureNames, row: Row) -> Cell:
    tint = VERDICT_TINTS.get(row["verdict"] or "", "")
    if row["verdict"] == "meets_ai" and not names.is_level_to_reach(row["nutrient"], "ai"):
        tint = looks.OPEN_TINT
    return Cell(names.verdict(row["verdict"], row["nutrient"]), looks.WRAPPED.but(fill=tint))


def _all_days_verdict(names: FigureNames, row: Row) -> str | None:
    return names.verdict(row["all_days_verdict"], row["nutrient"])


def _held_against(row: Row, names: FigureNames) -> str | None:
    limit = names.limit_of(row)
    if row[limit] is None:
        return None
    return in_words(row["ul_applies_to"], APPLIES_TO) if limit == "ul" else APPLIES_TO["total_intake"]


class _Chart:
    """The chart of a person's core nutrients, in percent of what is aimed at."""

    def __init__(self, names: FigureNames, columns: Sequence[Column]) -> None:
        self.names, self.columns = names, columns
        self.goal = names.either(names.goals)
        self.line_column = len(columns) + 2

    def add(self, page: Page, block: Block, top: int, header_row: int) -> None:
        """Lay the chart beside the facts of a person, drawn from the table below."""
        core = _core(block)
        first, last = header_row + 1, header_row + len(core)
        page.put(header_row, self.line_column, "Line of the chart [%]", looks.HEADER)
        for row in range(first, last + 1):
            page.put(row, self.line_column, 100, looks.TEXT)

        def cells(column: int) -> Reference:
            return Reference(page.sheet, min_col=column, min_row=first, max_row=last)

        of_whom = f", {block.name}" if block.person_id else ""
        chart = column_chart(
            title=f"Mean intake as % of the {self.goal}{of_whom}",
            axis_titles=("Nutrient", f"% of {self.goal}"),
            categories=cells(1),
            columns=("Mean of what is known", cells(self._place(f"% of {self.goal}"))),
            line=(f"100 % of the {self.goal}", cells(self.line_column)),
            count=len(core),
            labels='0" %"',
        )
        shares = ", ".join(_share(row, self.names) for row in core)
        rows = min(header_row - 1 - top, _MOST_CHART_ROWS)
        corners = (top, self._first_column()), (top + rows - 1, self._place(_READING))
        page.add_chart(chart, *corners, f"Columns: mean intake as % of the {self.goal}. {shares}.")

    def _first_column(self) -> int:
        """Return the first column that ends right of the facts."""
        ends = accumulate(column.width for column in self.columns)
        return next(place for place, end in enumerate(ends, 1) if end > _FACTS_WIDTH)

    def _place(self, name: str) -> int:
        return [column.name for column in self.columns].index(name) + 1


def _core(block: Block) -> list[Row]:
    return [row for row in block.comparison if is_core(row["nutrient"])]


def _percent(row: Row, names: FigureNames) -> float | None:
    percent: float | None = row[f"percent_of_{names.goal_of(row)}"]
    return percent


def _percent_cell(row: Row, names: FigureNames) -> Cell:
    """Return the percentage with decimals enough not to read 100 from beside it."""
    percent = _percent(row, names) or 0.0
    decimals = next((more for more in (0, 1) if round(percent, more) != 100), 2)
    exact = abs(percent - 100) < _EXACT
    return Cell(_percent(row, names), Look(number=_known(row, 0 if exact else decimals)))


def _share(row: Row, names: FigureNames) -> str:
    percent = _percent(row, names)
    return f"{label_of(row['nutrient'])} " + ("no figure" if percent is None else f"{percent:.0f} %")
