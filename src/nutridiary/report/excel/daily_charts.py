"""The charts of the Daily sheet: each day of a core nutrient, with its bounds, beside what it is held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.chart import Reference

from nutridiary.nutrients import core_nutrients, format_amount
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row
from nutridiary.report.excel.charts import Line, axis_end, column_chart
from nutridiary.report.excel.day_columns import LEAST_COLUMNS, DayColumns
from nutridiary.report.excel.looks import amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_of, unit_of
from nutridiary.report.figure_names import FigureNames

MOST_WHISKERS = 62
"""Days whose whiskers can be told apart in a chart; more are drawn without."""

_DAYS_SIDE_BY_SIDE = 31  # more days than this get a chart as wide as the table
_CHART_ROWS = 20
# How many charts stand side by side -> the first and last column of each.
_CHART_COLUMNS = {1: ((1, LEAST_COLUMNS),), 3: ((1, 6), (7, 13), (14, LEAST_COLUMNS))}
_ROOM_ABOVE = 1.4  # a UL beyond so many times the highest day would flatten the days
_LARGE = 5  # of an axis that needs no decimals
_ROUNDING = 1e-9  # of an amount; bounds nearer than that are one


class DailyCharts:
    """The charts of one person's days."""

    def __init__(
        self,
        page: Page,
        block: Block,
        columns: DayColumns,
        names: FigureNames,
        references: Mapping[Any, Mapping[str, Row]],
        *,
        several: bool,
        live: bool = False,
    ) -> None:
        """Begin with nothing drawn; `references` is the comparison of each date, by nutrient.

        What a living workbook's charts say must hold of other figures, too: they ask, and do not answer.
        """
        self.page, self.block, self.columns, self.names = page, block, columns, names
        self.references, self.several, self.live, self.core = references, several, live, core_nutrients()

    def write_data(self, row: int, totals: Mapping[str, Row], date: Any) -> None:
        """Write what the charts need of a day, beyond the table: the references, and how far the bounds lie apart."""
        for place, nutrient in enumerate(self.core):
            total, held_against = totals.get(nutrient, {}), self.references.get(date, {}).get(nutrient, {})
            columns = self.columns
            for column, value in (
                (columns.goal(place), held_against.get(self._goal(held_against))),
                (columns.above(place), _apart(total, "amount", "high")),
                (columns.below(place), _apart(total, "low", "amount")),
                (columns.requirement(place), held_against.get("ear") if self.names.has_requirement else None),
                (columns.limit(place), held_against.get("ul")),
            ):
                self.page.put(row, column, value, looks.TEXT)

    def _goal(self, row: Row) -> str:
        return self.names.goal_of(row) if row else ""

    def add(self, first_day: int) -> None:
        """Lay the charts of the core nutrients below the table."""
        page, days = self.page, len(self.block.dates)
        charted = [(place, name) for place, name in enumerate(self.core) if name in self.columns.places]
        if not days or not charted:
            return
        page.row += 1
        abreast = 3 if days <= _DAYS_SIDE_BY_SIDE else 1
        for count, (place, nutrient) in enumerate(charted):
            chart, alt_text = self._chart(nutrient, place, first_day, days)
            row = page.row + _CHART_ROWS * (count // abreast)
            first, last = _CHART_COLUMNS[abreast][count % abreast]
            page.add_chart(chart, (row, first), (row + _CHART_ROWS - 2, last), alt_text)
        page.row += _CHART_ROWS * -(-len(charted) // abreast)

    def _chart(self, nutrient: str, place: int, first_day: int, days: int) -> tuple[Any, str]:
        def cells(column: int) -> Reference:
            return Reference(self.page.sheet, min_col=column, min_row=first_day, max_row=first_day + days - 1)

        columns, label, unit = self.columns, label_of(nutrient), unit_of(nutrient)
        rows = [row for row in self.block.day_comparison if row["nutrient"] == nutrient]
        of_days = _Days(nutrient, rows, self.names, live=self.live)
        lines = [
            Line(name, cells(column), look)
            for name, column, look in (
                (of_days.figure(self.names.goals), columns.goal(place), "goal"),
                (
                    of_days.figure(("ear",)) if self.names.has_requirement else "",
                    columns.requirement(place),
                    "requirement",
                ),
                (of_days.figure(("ul",)) if of_days.shows_limit else "", columns.limit(place), "limit"),
            )
            if name
        ]
        whiskers = of_days.are_bounded and days <= MOST_WHISKERS
        notes = of_days.notes(whiskers=whiskers)
        chart = column_chart(
            title=of_days.answer + (f" ({self.block.name})" if self.several else ""),
            subtitle=" ".join(notes),
            axis_titles=("Day", f"{unit} per day"),
            categories=cells(1),
            columns=("Intake of the day", cells(columns.places[nutrient])),
            lines=lines,
            whiskers=(cells(columns.above(place)), cells(columns.below(place))) if whiskers else None,
            count=days,
            category_format="d mmm",
            value_format=amount_format(0 if of_days.highest >= _LARGE else decimals_of(nutrient)),
            most=axis_end(of_days.highest) if whiskers and not self.live else None,
        )
        against = " and ".join(f"a line at the {line.name}" for line in lines)
        drawn = f"Columns: {label} on {days} days" + (f", with {against}." if against else ".")
        return chart, " ".join([of_days.answer + ".", drawn, *notes])


class _Days:
    """What the chart of a nutrient says of a person's days in words."""

    def __init__(self, nutrient: str, rows: list[Row], names: FigureNames, *, live: bool) -> None:
        self.nutrient, self.names, self.live = nutrient, names, live
        self.rows = [row for row in rows if row["date"] is not None]

    @property
    def answer(self) -> str:
        """On how many days the goal was reached; what is asked where there is no goal."""
        label = label_of(self.nutrient)
        goals = {goal for row in self.rows if (goal := self.names.goal_of(row)) and row[goal] is not None}
        reached = sum(row["verdict"] in _REACHED for row in self.rows)
        if self.live or len(goals) != 1 or not goals <= {"rda", "ai"}:
            return f"{label}: how much on each day?"
        days = len(self.rows)
        return (
            f"{label}: {self.names.name(goals.pop())} reached on {reached} of {days} {'day' if days == 1 else 'days'}"
        )

    def figure(self, kinds: tuple[str, ...]) -> str:
        """Return 'RDA 320 mg', or only 'RDA' where the reference changes within the diary (a birthday)."""
        for kind in kinds:
            values = {row[kind] for row in self.rows if row[kind] is not None}
            if values:
                name = self.names.name(kind)
                return f"{name} {format_amount(values.pop(), self.nutrient)}" if len(values) == 1 else name
        return ""

    @property
    def highest(self) -> float:
        """The highest figure that is drawn."""
        drawn = [row[name] for row in self.rows for name in (*self._drawn, "ear", *self.names.goals)]
        limits = self._limits if self.shows_limit else []
        return max((value for value in (*drawn, *limits) if value is not None), default=0.0)

    @property
    def shows_limit(self) -> bool:
        """Whether the UL is near enough to the days to be drawn."""
        days = [row[name] for row in self.rows for name in (*self._drawn, *self.names.goals)]
        highest = max((value for value in days if value is not None), default=0.0)
        return bool(self._limits) and min(self._limits) <= _ROOM_ABOVE * highest

    @property
    def _limits(self) -> list[float]:
        return [row["ul"] for row in self.rows if row["ul"] is not None]

    @property
    def _drawn(self) -> tuple[str, ...]:
        return ("amount", "high") if len(self.rows) <= MOST_WHISKERS else ("amount",)

    @property
    def are_bounded(self) -> bool:
        """Whether the total of a day is not known exactly."""
        return any(_apart(row, "low", "high") for row in self.rows)

    def notes(self, *, whiskers: bool) -> list[str]:
        """Return what is to be known of the drawing: its whiskers, and a UL that is not in it."""
        notes = []
        if whiskers:
            notes.append("Whiskers: from at least to at most.")
        elif self.are_bounded:
            notes.append("Too many days for whiskers: at least and at most are in the folded columns.")
        unbounded = sum(row["high"] is None for row in self.rows)
        if unbounded and not self.live:
            notes.append(f"On {unbounded} of {len(self.rows)} days nothing says how much more it can be.")
        if self.figure(("ul",)) and not self.shows_limit:
            notes.append(f"{self.figure(('ul',))}: {'not drawn' if self.live else 'above this drawing'}.")
        return notes


_REACHED = ("meets_rda", "meets_ai", "above_ul")  # a UL is never below what is aimed at


def _apart(row: Mapping[str, Any], low: str, high: str) -> float | None:
    """Return how far two bounds of a total lie apart; None where one is not known, or both are the same."""
    if row.get(low) is None or row.get(high) is None:
        return None
    apart = float(row[high] - row[low])
    return apart if apart > _ROUNDING * abs(row[high]) else None
