"""The chart of a person's core nutrients: means in percent of what is aimed at, from at least to at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import Reference

from nutridiary.errors import listing
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row
from nutridiary.report.excel.charts import Line, axis_end, column_chart
from nutridiary.report.excel.figures import percent_decimals
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import label_of
from nutridiary.report.figure_names import FigureNames

FOLDED = ("100 % line", "Above the mean", "Below the mean", "Requirement", "Upper figure")
"""The columns beyond the table that the chart is drawn from, all in percent of what is aimed at."""

_ALL_INTAKE = "total_intake"
_ROOM_ABOVE = 1.6  # an upper figure beyond so many times the highest mean would flatten the means
_NEAR = 0.5  # %; a whisker shorter than that is no line


def means_chart(
    page: Page,
    rows: Sequence[Row],
    names: FigureNames,
    *,
    header: int,
    percent_column: int,
    first_folded: int,
    whose: str = "",
    live: bool = False,
) -> tuple[Any, str]:
    """Write what the chart of the means is drawn from, and return the chart with what it shows in words.

    Parameters
    ----------
    page : Page
    rows : sequence of rows
        Of the comparison, as they stand below the header from the first row on, the nutrient in the first column.
    names : FigureNames
    header, percent_column : int
        Row of the header of the table; the column with the mean in percent of what is aimed at.
    first_folded : int
        The first of ``len(FOLDED)`` columns that are folded away.
    whose : str
        What the title adds, as " (Anna)".
    live : bool
        Whether the figures may become others, so that no words may tell them.

    Returns
    -------
    (openpyxl chart, str)
    """
    figures = [_Figures(row, names) for row in rows]
    goal = names.either(names.goals)
    highest = max((figure.highest for figure in figures), default=0.0)
    drawn_limits = [limit if (limit := f.limit) and limit <= _ROOM_ABOVE * highest else None for f in figures]
    for place, name in enumerate(FOLDED, first_folded):
        page.put(header, place, f"{name} [%]", looks.HEADER)
    for row, (figure, limit) in enumerate(zip(figures, drawn_limits, strict=True), header + 1):
        for place, value in enumerate((100.0, figure.above, figure.below, figure.requirement, limit), first_folded):
            page.put(row, place, value, looks.TEXT)

    def cells(column: int) -> Reference:
        return Reference(page.sheet, min_col=column, min_row=header + 1, max_row=header + len(rows))

    line, above, below, requirement, upper = range(first_folded, first_folded + len(FOLDED))
    lines = [Line(f"100 % of the {goal}", cells(line))]
    if names.has_requirement and any(figure.requirement for figure in figures):
        lines.append(Line(names.name("ear"), cells(requirement), "requirement", joined=False))
    if any(drawn_limits):
        lines.append(Line(names.name("ul"), cells(upper), "limit", joined=False))
    bounded = any(figure.above or figure.below for figure in figures)
    notes = _notes(figures, drawn_limits, names, bounded=bounded, live=live)
    chart = column_chart(
        title=f"How much of the {goal} do the means reach?{whose}",
        subtitle=" ".join(notes),
        axis_titles=("", f"% of the {goal}"),
        categories=cells(1),
        columns=("Mean of what is known", cells(percent_column)),
        lines=lines,
        whiskers=(cells(above), cells(below)) if bounded else None,
        count=len(rows),
        value_format="0",
        labels='0" %"',
        most=axis_end(max([highest, *(limit for limit in drawn_limits if limit)])) if bounded and not live else None,
    )
    chart.legend.position = "r"  # the chart is broad and low
    said = ", ".join(figure.label if live else figure.said for figure in figures)
    return chart, " ".join([f"Columns: mean intake as % of the {goal}. {said}.", *notes])


class _Figures:
    """The figures of a nutrient in percent of what is aimed at; None where there is none."""

    def __init__(self, row: Row, names: FigureNames) -> None:
        self.row, self.goal = row, row[names.goal_of(row)]
        self.percent = row[f"percent_of_{names.goal_of(row)}"]
        self.requirement = self._percent(row["ear"])
        self.limit = self._percent(row["ul"]) if row["ul_applies_to"] == _ALL_INTAKE else None
        self.above, self.below = self._apart("mean_intake", "high"), self._apart("low", "mean_intake")

    def _percent(self, amount: float | None) -> float | None:
        return None if amount is None or not self.goal else 100 * amount / self.goal

    def _apart(self, low: str, high: str) -> float | None:
        lower, upper = self._percent(self.row[low]), self._percent(self.row[high])
        return upper - lower if lower is not None and upper is not None and upper - lower > _NEAR else None

    @property
    def highest(self) -> float:
        return max((self.percent or 0.0) + (self.above or 0.0), self.requirement or 0.0, 100.0)

    @property
    def label(self) -> str:
        return label_of(self.row["nutrient"])

    @property
    def said(self) -> str:
        if self.percent is None:
            return f"{self.label} no figure"
        low, high = self.percent - (self.below or 0.0), self.percent + (self.above or 0.0)
        return f"{self.label} {self.percent:.{percent_decimals(self.percent)}f} %" + (
            f" ({low:.0f} to {high:.0f} %)" if high - low > _NEAR else ""
        )


def _notes(
    figures: Sequence[_Figures],
    drawn_limits: Sequence[float | None],
    names: FigureNames,
    *,
    bounded: bool,
    live: bool,
) -> list[str]:
    notes = ["Whiskers: at least to at most."] if bounded else []
    open_upward = [f.label for f in figures if f.percent is not None and f.row["high"] is None]
    if open_upward and not live:
        notes.append(f"No upper bound: {listing(open_upward)}.")
    higher = [f.label for f, limit in zip(figures, drawn_limits, strict=True) if f.limit and not limit]
    if higher:
        notes.append(f"{names.name('ul')} {'not drawn' if live else 'higher than drawn'}: {listing(higher)}.")
    return notes
