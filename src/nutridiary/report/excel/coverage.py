"""How much of each figure is known, and how the days lie about the mean."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import Reference

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row
from nutridiary.report.excel.charts import PALE, SKY, Part, Pattern, stacked_chart
from nutridiary.report.excel.columns import Column, field, write_rows
from nutridiary.report.excel.distribution import DayDistribution, narrow
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.summary import MOST_CHARTED_PEOPLE
from nutridiary.report.excel.words import is_core, label_of
from nutridiary.report.figure_names import FigureNames

_COLUMNS, _LABEL_WIDTH, _WIDTH = 17, 34, 11.5
_FIRST_CHART_COLUMN = 9
_LEAST_ROWS, _MOST_ROWS = 16, 30  # a chart beside the table needs, and may take
_PARTS: tuple[tuple[str, str, str, Pattern], ...] = (
    ("known", "By own record", looks.BLUE, "none"),
    ("foods_filled_in", "Lent by a twin record", SKY, "dkUpDiag"),
    ("foods_without_value", "Without a value", looks.ORANGE, "dkDnDiag"),
    ("foods_left_out", "Left out, not counted", PALE, "none"),
)


def write_coverage(page: Page, blocks: Sequence[Block], names: FigureNames) -> None:
    """Write the Coverage sheet: for each person what each figure rests on, and how the days are distributed.

    Parameters
    ----------
    page : Page
    blocks : sequence of Block
    names : FigureNames
    """
    page.set_widths([_LABEL_WIDTH, *[_WIDTH] * (_COLUMNS - 1)])
    page.line("How much is known, and how the days are spread", looks.TITLE)
    page.line(
        "What is not known is never counted as zero: a figure with lines without a value, or left out, is 'at least'. "
        "To clarify says what would make it surer.",
        looks.FREE_QUIET,
    )
    last_folded = _COLUMNS + 1
    for number, block in enumerate(blocks, 1):
        if number > 1:
            page.break_before(page.row)
        page.row += 1
        page.line(f"Person: {block.name}", looks.HEADING)
        rows = _lines_of(block)
        if not rows:
            page.line("No line of this person was counted.", looks.FREE)
            continue
        drawn = number <= MOST_CHARTED_PEOPLE
        whose = f" ({block.name})" if len(blocks) > 1 else ""
        _write_lines(page, number, rows, whose, drawn=drawn)
        distribution = DayDistribution(page, block, names, first_folded=_COLUMNS + 2, whose=whose)
        last_folded = max(last_folded, distribution.last_folded)
        distribution.write(number, last_column=_COLUMNS, drawn=drawn)
    if len(blocks) > MOST_CHARTED_PEOPLE:
        page.line(f"Charts are drawn for the first {MOST_CHARTED_PEOPLE} people.", looks.FREE_QUIET)
    page.hide_columns(_COLUMNS + 2, last_folded)
    page.set_print(last_column=_COLUMNS)


def _lines_of(block: Block) -> list[Row]:
    """Return the rows of the comparison with how many lines were counted, and how many of them by their own record."""
    counted: dict[str, int] = {}
    for row in block.days:
        if row["date"] not in block.dates_left_out:
            counted[row["nutrient"]] = counted.get(row["nutrient"], 0) + (row["foods"] or 0)
    rows: list[Row] = []
    for row in block.comparison:
        lines = counted.get(row["nutrient"], 0)
        gaps = (row["foods_filled_in"] or 0) + (row["foods_without_value"] or 0)
        if row["days"] is not None:
            rows.append({**row, "lines": lines, "known": lines - gaps})
    return rows


def _write_lines(page: Page, number: int, rows: Sequence[Row], whose: str, *, drawn: bool) -> None:
    page.line("What each figure rests on: lines of the diary", looks.FREE_BOLD)
    columns = [
        Column("Nutrient", _LABEL_WIDTH, looks.WRAPPED, lambda row: row["label"] or label_of(row["nutrient"])),
        Column("Lines counted", _WIDTH, looks.WHOLE, field("lines")),
        *(Column(narrow(words), _WIDTH, looks.WHOLE, field(name)) for name, words, _, _ in _PARTS),
        Column("Coverage [% of grams]", _WIDTH, looks.WHOLE, field("coverage")),
    ]
    header = write_rows(page, columns, rows)
    page.name_range(f"coverage_table_{number}", (header, 1), (page.row - 1, len(columns)))
    if drawn:
        height = min(max(len(rows) + 3, _LEAST_ROWS), _MOST_ROWS)
        _draw_lines(page, header, rows, whose, height)
        page.row = max(page.row, header + height)
    page.row += 1


def _draw_lines(page: Page, header: int, rows: Sequence[Row], whose: str, height: int) -> None:
    def cells(column: int) -> Reference:
        return Reference(page.sheet, min_col=column, min_row=header + 1, max_row=header + len(rows))

    seen = [place for place, (name, *_) in enumerate(_PARTS) if any(row[name] for row in rows)]
    chart = stacked_chart(
        title=f"How many lines is each figure made of?{whose}",
        axis_titles=("", "lines of the diary"),
        categories=cells(1),
        parts=[Part(_PARTS[place][1], cells(3 + place), *_PARTS[place][2:]) for place in seen or [0]],
        count=len(rows),
        value_format="#,##0",
        legend=True,
    )
    said = [f"{label_of(row['nutrient'])} {row['known']} of {row['lines']}" for row in rows if is_core(row["nutrient"])]
    text = f"Bars: lines by what their value rests on. Known by the line's own record: {', '.join(said)}."
    page.add_chart(chart, (header, _FIRST_CHART_COLUMN), (header + height - 1, _COLUMNS), text)
