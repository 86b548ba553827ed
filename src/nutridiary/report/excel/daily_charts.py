"""The charts of the Daily sheet: each day of a core nutrient, with its bounds, beside what it is held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.chart import Reference

from nutridiary.nutrients import core_nutrients, format_amount
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row
from nutridiary.report.excel.charts import column_chart
from nutridiary.report.excel.day_columns import LEAST_COLUMNS, DayColumns
from nutridiary.report.excel.looks import amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_of, unit_of
from nutridiary.report.figure_names import FigureNames

_DAYS_SIDE_BY_SIDE = 31  # more days than this get a chart as wide as the table
_CHART_ROWS, _ROWS_ON_A_PAGE = 19, 3
# How many charts stand side by side -> the first and last column of each.
_CHART_COLUMNS = {1: ((1, LEAST_COLUMNS),), 2: ((1, 9), (11, LEAST_COLUMNS))}


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
    ) -> None:
        """Begin with nothing drawn; `references` is the comparison of each date, by nutrient."""
        self.page, self.block, self.columns, self.names = page, block, columns, names
        self.references, self.several, self.core = references, several, core_nutrients()

    def write_data(self, row: int, totals: Mapping[str, Row], date: Any) -> None:
        """Write what the charts need of a day, beyond the table: the reference, and how far the bounds lie apart."""
        for place, nutrient in enumerate(self.core):
            total = totals.get(nutrient, {})
            self.page.put(row, self.columns.line(place), self._line_value(nutrient, date), looks.TEXT)
            self.page.put(row, self.columns.above(place), _apart(total, "amount", "high"), looks.TEXT)
            self.page.put(row, self.columns.below(place), _apart(total, "low", "amount"), looks.TEXT)

    def _line_value(self, nutrient: str, date: Any) -> float | None:
        row = self.references.get(date, {}).get(nutrient)
        return None if row is None else row[self.names.goal_of(row)]

    def add(self, first_day: int) -> None:
        """Lay the charts of the core nutrients below the table."""
        page, days = self.page, len(self.block.dates)
        charted = [(place, name) for place, name in enumerate(self.core) if name in self.columns.places]
        if not days or not charted:
            return
        page.break_before(page.row)
        page.row += 1
        abreast = 2 if days <= _DAYS_SIDE_BY_SIDE else 1
        for count, (place, nutrient) in enumerate(charted):
            if count == _ROWS_ON_A_PAGE * abreast:
                page.break_before(page.row + _ROWS_ON_A_PAGE * _CHART_ROWS)
            chart, alt_text = self._chart(nutrient, place, first_day, days)
            row = page.row + _CHART_ROWS * (count // abreast)
            first, last = _CHART_COLUMNS[abreast][count % abreast]
            page.add_chart(chart, (row, first), (row + _CHART_ROWS - 2, last), alt_text)
        page.row += _CHART_ROWS * -(-len(charted) // abreast)

    def _chart(self, nutrient: str, place: int, first_day: int, days: int) -> tuple[Any, str]:
        def cells(column: int) -> Reference:
            return Reference(self.page.sheet, min_col=column, min_row=first_day, max_row=first_day + days - 1)

        label, unit = label_of(nutrient), unit_of(nutrient)
        of_whom = f", {self.block.name}" if self.several else ""
        line_name = self._line_name(nutrient)
        chart = column_chart(
            title=f"{label} [{unit} per day]{of_whom}",
            axis_titles=("Day", unit),
            categories=cells(1),
            columns=("Intake of the day", cells(self.columns.places[nutrient])),
            line=(line_name, cells(self.columns.line(place))) if line_name else None,
            count=days,
            category_format="d mmm",
            value_format=amount_format(decimals_of(nutrient)),
        )
        against = f", with a line at the {line_name}" if line_name else ""
        return chart, f"Columns: {label} on {days} days{against}."

    def _line_name(self, nutrient: str) -> str:
        """Return 'RDA 320 mg', or only 'RDA' where the reference changes within the diary (a birthday)."""
        rows = [rows[nutrient] for rows in self.references.values() if nutrient in rows]
        for kind in self.names.goals:
            values = {row[kind] for row in rows if row[kind] is not None}
            if values:
                name = self.names.name(kind)
                return f"{name} {format_amount(values.pop(), nutrient)}" if len(values) == 1 else name
        return ""


def _apart(row: Mapping[str, Any], low: str, high: str) -> float | None:
    """Return how far two bounds of a total lie apart; None where one is not known."""
    if row.get(low) is None or row.get(high) is None:
        return None
    return float(row[high] - row[low])
