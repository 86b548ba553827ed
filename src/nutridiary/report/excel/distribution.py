"""How the days of a person are distributed: how many reach what, and how far apart they lie."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from statistics import quantiles
from typing import Any, NamedTuple

from openpyxl.chart import Reference

from nutridiary.errors import listing
from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row
from nutridiary.report.excel.charts import (
    GREEN,
    PALE,
    PURPLE,
    SKY,
    YELLOW,
    Line,
    Part,
    Pattern,
    axis_end,
    stacked_chart,
)
from nutridiary.report.excel.columns import Cell, Column, field, write_rows
from nutridiary.report.excel.day_rules import judging_goals
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_of, label_with_unit
from nutridiary.report.figure_names import FigureNames

LEAST_DAYS = 4
"""Days from which on quarters of them are spoken of."""

_CHART_ROWS = 21
_NARROW = 11  # letters of a line of a header
_FIVE = ("Lowest day", "A quarter of the days below", "Half of the days below", "Three quarters below", "Highest day")
_BANDS: tuple[tuple[str, str, Pattern], ...] = (
    ("lowest quarter of the days", SKY, "none"),
    ("second quarter", looks.BLUE, "none"),
    ("third quarter", GREEN, "dkHorz"),
    ("highest quarter", YELLOW, "none"),
)
_ROOM = 1.25  # of the highest three-quarter figure, that is drawn; one extreme day would flatten all others
_LEAST_ROOM = 200.0  # %


class _Class(NamedTuple):
    """Days of the same verdict."""

    words: str
    verdicts: tuple[str, ...]
    colour: str
    pattern: Pattern


def classes(names: FigureNames) -> list[_Class]:
    """Return what a day can be found to be, in the words of an authority, the least first.

    Examples
    --------
    >>> [found.words for found in classes(FigureNames.by("nasem"))][:2]
    ['Below the EAR', 'Below the RDA']
    """
    requirement, recommended = names.name("ear"), names.name("rda")
    judging = names.either(judging_goals(names) or names.goals)
    limits = names.either(names.limits) if names.limits else "upper figure"
    return [
        _Class(f"Below the {requirement}", ("below_ear",), looks.ORANGE, "dkDnDiag"),
        _Class(f"Below the {recommended}", ("below_rda",), looks.ORANGE, "none"),
        _Class(f"Less than the {names.name('ai')}: nothing concluded", ("below_ai",), PALE, "none"),
        _Class("Open: values are missing", ("not_decidable",), looks.INK, "pct20"),
        _Class(f"{requirement} reached, {recommended} open", ("at_least_ear",), YELLOW, "dkUpDiag"),
        _Class(f"Between {requirement} and {recommended}", ("between_ear_and_rda",), YELLOW, "none"),
        _Class(f"At or above the {requirement}", ("meets_ear",), SKY, "none"),
        _Class(f"At or above the {judging}", ("meets_rda", "meets_ai"), looks.BLUE, "none"),
        _Class(f"Above the {limits}", ("above_ul", "above_cdrr"), PURPLE, "dkUpDiag"),
        _Class("Not judged", ("beside_dv", "descriptive", "no_reference"), PALE, "dotGrid"),
    ]


def five_figures(values: Sequence[float]) -> tuple[float | None, ...]:
    """Return minimum, quartiles and maximum; of fewer than `LEAST_DAYS` values no quartiles but the median.

    The quartiles are those of Excel's QUARTILE.INC (type 7 of Hyndman and Fan [1]_).

    Parameters
    ----------
    values : sequence of float
        Days, in any order.

    References
    ----------
    .. [1] Hyndman RJ, Fan Y, "Sample quantiles in statistical packages", Am Stat 1996;50:361-365,
       doi:10.1080/00031305.1996.10473566.

    Examples
    --------
    >>> five_figures([1.0, 2.0, 3.0, 4.0, 10.0])
    (1.0, 2.0, 3.0, 4.0, 10.0)
    >>> five_figures([1.0, 2.0])
    (1.0, None, 1.5, None, 2.0)
    """
    if len(values) < 2:
        only = values[0] if values else None
        return (only, None, only, None, only)
    first, median, third = quantiles(values, n=4, method="inclusive")
    enough = len(values) >= LEAST_DAYS
    return (min(values), first if enough else None, median, third if enough else None, max(values))


def narrow(header: str) -> str:
    """Return a header in lines so short that it does not run into the one beside it.

    Examples
    --------
    >>> narrow("Below the EAR")
    'Below the\\nEAR'
    """
    return textwrap.fill(header, _NARROW)


class DayDistribution:
    """The distribution of one person's days, a row a core nutrient."""

    def __init__(self, page: Page, block: Block, names: FigureNames, *, first_folded: int, whose: str) -> None:
        """Count the days; what only charts need goes to the columns from `first_folded` on."""
        self.page, self.names, self.whose = page, names, whose
        self.first_folded = first_folded
        found = [self._row(nutrient, block) for nutrient in core_nutrients()]
        self.rows = [row for row in found if row["days"]]
        self.classes = [one for one in classes(names) if any(row["counts"][one.words] for row in self.rows)]

    @property
    def last_folded(self) -> int:
        """The last of the columns that only charts need: the lowest day, four bands, and the line."""
        return self.first_folded + len(_BANDS) + 1

    def _row(self, nutrient: str, block: Block) -> Row:
        rows = [
            row
            for row in block.day_comparison
            if row["nutrient"] == nutrient and row["date"] is not None and row["date"] not in block.dates_left_out
        ]
        verdicts = [row["verdict"] for row in rows]
        percents = [row["percent_of_reference"] for row in rows if row["percent_of_reference"] is not None]
        return {
            "nutrient": nutrient,
            "days": len(rows),
            "unknown": sum(row["amount"] is None for row in rows),
            "counts": {one.words: sum(v in one.verdicts for v in verdicts) for one in classes(self.names)},
            "five": five_figures([row["amount"] for row in rows if row["amount"] is not None]),
            "percents": five_figures(percents),
        }

    def write(self, number: int, *, last_column: int, drawn: bool) -> None:
        """Write the table and lay its charts below it."""
        if not self.rows:
            return
        page = self.page
        page.line("How the recorded days are distributed", looks.FREE_BOLD)
        columns = [
            Column("Nutrient", 34, looks.WRAPPED, lambda row: label_with_unit(row["nutrient"])),
            Column("Days", 11, looks.WHOLE, field("days")),
            *(Column(narrow(one.words), 11, looks.WHOLE, _count(one.words)) for one in self.classes),
            *(Column(narrow(words), 11, looks.WHOLE, _figure(place)) for place, words in enumerate(_FIVE)),
        ]
        header = write_rows(page, columns, self.rows)
        page.name_range(f"day_distribution_table_{number}", (header, 1), (page.row - 1, len(columns)))
        page.line(self._note(), looks.FREE_QUIET)
        if drawn:
            half = last_column // 2
            top = page.row + 1
            self._draw_counts(header, (top, 1), (top + _CHART_ROWS - 1, half - 1))
            self._draw_bands(header, (top, half + 1), (top + _CHART_ROWS - 1, last_column))
            page.row += _CHART_ROWS + 2
            page.keep_together(header - 1, top + _CHART_ROWS - 1)

    def _note(self) -> str:
        least = "" if self._has_quarters else f" Quarters are told from {LEAST_DAYS} days on."
        return f"Days by the verdict on each day; amounts are what is known of it, and never a usual intake.{least}"

    @property
    def _has_quarters(self) -> bool:
        return any(row["five"][1] is not None for row in self.rows)

    def _cells(self, header: int, column: int) -> Reference:
        return Reference(self.page.sheet, min_col=column, min_row=header + 1, max_row=header + len(self.rows))

    def _draw_counts(self, header: int, first: tuple[int, int], last: tuple[int, int]) -> None:
        chart = stacked_chart(
            title=f"On how many days was the {self.names.either(self.names.goals)} reached?{self.whose}",
            axis_titles=("", "days"),
            categories=self._cells(header, 1),
            parts=[
                Part(one.words, self._cells(header, 3 + place), one.colour, one.pattern)
                for place, one in enumerate(self.classes)
            ],
            count=len(self.rows),
            value_format="0",
            labels="0;;",
            legend=True,
        )
        said = [
            f"{label_of(row['nutrient'])}: "
            + ", ".join(f"{words[:1].lower()}{words[1:]} {count}" for words, count in row["counts"].items() if count)
            for row in self.rows
        ]
        self.page.add_chart(chart, first, last, f"Bars: days by verdict. {'; '.join(said)}.")

    def _draw_bands(self, header: int, first: tuple[int, int], last: tuple[int, int]) -> None:
        spread = [row["percents"] for row in self.rows]
        if any(five[1] is None for five in spread):
            return
        page, folded = self.page, self.first_folded
        for place, (low, *rest) in enumerate(spread, header + 1):
            ends = [low, *rest]
            bands = [upper - lower for lower, upper in zip(ends, rest, strict=False)]
            for column, value in enumerate([low, *bands, 100.0], folded):
                page.put(place, column, value, looks.TEXT)
        highest, most = max(five[4] for five in spread), max(_ROOM * max(five[3] for five in spread), _LEAST_ROOM)
        end = axis_end(min(highest, most))
        cut = [label_of(row["nutrient"]) for row in self.rows if row["percents"][4] > end]
        goal = self.names.either(self.names.goals)
        chart = stacked_chart(
            title=f"How far apart are the days?{self.whose}",
            subtitle=f"Each band holds a quarter of the days.{f' Higher than drawn: {listing(cut)}.' if cut else ''}",
            axis_titles=("", f"% of the {goal}"),
            categories=self._cells(header, 1),
            parts=[
                Part("", self._cells(header, folded)),
                *(
                    Part(words, self._cells(header, folded + place), colour, pattern)
                    for place, (words, colour, pattern) in enumerate(_BANDS, 1)
                ),
            ],
            lines=[Line(f"100 % of the {goal}", self._cells(header, folded + len(_BANDS) + 1))],
            count=len(self.rows),
            horizontal=False,
            value_format="0",
            most=end,
            legend=True,
        )
        said = ", ".join(
            f"{label_of(row['nutrient'])} from {row['percents'][0]:.0f} to {row['percents'][4]:.0f} %, half of the "
            f"days between {row['percents'][1]:.0f} and {row['percents'][3]:.0f} %"
            for row in self.rows
        )
        page.add_chart(
            chart, first, last, f"Columns of four bands, each a quarter of the days, in % of the {goal}: {said}."
        )


def _count(words: str) -> Any:
    return lambda row: row["counts"][words]


def _figure(place: int) -> Any:
    def shown(row: Row) -> Cell:
        return Cell(row["five"][place], Look(number=amount_format(decimals_of(row["nutrient"]))))

    return shown
