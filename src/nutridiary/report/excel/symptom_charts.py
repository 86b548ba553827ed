"""The timelines of the Symptoms sheet: what each day gave of a nutrient, with marks on the days of a symptom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from openpyxl.chart import Reference

from nutridiary.errors import listing
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row
from nutridiary.report.excel.charts import Line, add_marks, column_chart
from nutridiary.report.excel.looks import amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import UNNAMED, decimals_of, label_of, unit_of

CHARTED = ("magnesium", "potassium")
"""The nutrients that people ask about most where a muscle cramps."""

MOST_TIMELINES = 2
"""Symptoms of a person that are drawn, those felt on most days."""

WORST = 10.0
"""The highest severity."""

CHART_ROWS = 20  # of a chart, and a row below it
_FOOT = 0.4  # height of a mark whose severity is not noted
_ALONE = 9.4  # height of all marks where no severity is noted: a row above the columns


class Timeline(NamedTuple):
    """The rows of one symptom of one person in the table of days.

    Attributes
    ----------
    rows : list of rows
        A day each, with what was eaten on it.
    first : int
        Row of the sheet that the first of them stands in, counted from the header of the table.
    whose : str
        What the title adds to the symptom; empty where there is one person.
    """

    rows: list[Row]
    first: int
    whose: str


def timelines(rows: Sequence[Row], *, most_people: int, several: bool) -> list[Timeline]:
    """Return the symptoms that are drawn, of rows that stand person by person and symptom by symptom.

    Examples
    --------
    >>> rows = [{"person_id": None, "symptom": name, "felt": True} for name in ("cramp", "cramp", "headache")]
    >>> [(line.rows[0]["symptom"], line.first) for line in timelines(rows, most_people=20, several=False)]
    [('cramp', 1), ('headache', 3)]
    """
    found: list[Timeline] = []
    of_person: dict[str, int] = {}
    first = 1
    for (person_id, _), group in groupby(rows, key=lambda row: (row["person_id"], row["symptom"])):
        own, name = list(group), person_id or UNNAMED
        drawn = of_person.setdefault(name, 0) < MOST_TIMELINES and len(of_person) <= most_people
        if drawn and any(row["felt"] for row in own):
            found.append(Timeline(own, first, f" ({name})" if several and name else ""))
            of_person[name] += 1
        first += len(own)
    return found


def rows_needed(drawn: Sequence[Timeline]) -> int:
    """Return how many rows of a sheet the charts take."""
    return CHART_ROWS * len(drawn)


class SymptomCharts:
    """The charts of the sheet.

    Parameters
    ----------
    page : Page
    header : int
        Row of the header of the table of days.
    eaten : mapping of str to int
        Column of each nutrient in that table.
    date, felt : int
        Column of the dates; the first of two folded columns for the height of marks.
    corners : ((int, int), (int, int))
        First and last column of the charts of a symptom, side by side.
    """

    def __init__(
        self,
        page: Page,
        *,
        header: int,
        eaten: dict[str, int],
        date: int,
        felt: int,
        corners: tuple[tuple[int, int], ...],
    ) -> None:
        """Begin with nothing drawn."""
        self.page, self.header, self.eaten = page, header, eaten
        self.date, self.felt, self.corners = date, felt, corners

    def add(self, top: int, drawn: Sequence[Timeline]) -> None:
        """Lay the charts of each symptom side by side, one symptom below the other."""
        for number, timeline in enumerate(drawn):
            rated = any(row["felt"] and row["worst"] is not None for row in timeline.rows)
            self._write_marks(timeline, rated=rated)
            row = top + CHART_ROWS * number
            for nutrient, (first, last) in zip(CHARTED, self.corners, strict=True):
                if nutrient in self.eaten and any(nutrient in day["eaten"] for day in timeline.rows):
                    chart, alt_text = self._chart(timeline, nutrient, rated=rated)
                    self.page.add_chart(chart, (row, first), (row + CHART_ROWS - 2, last), alt_text)

    def _write_marks(self, timeline: Timeline, *, rated: bool) -> None:
        for row, day in enumerate(timeline.rows, self.header + timeline.first):
            height = None if not day["felt"] else day["worst"] if rated else _ALONE
            self.page.put(row, self.felt, height, looks.TEXT)
            unrated = _FOOT if rated and day["felt"] and day["worst"] is None else None
            self.page.put(row, self.felt + 1, unrated, looks.TEXT)

    def _chart(self, timeline: Timeline, nutrient: str, *, rated: bool) -> tuple[Any, str]:
        first = self.header + timeline.first
        last = first + len(timeline.rows) - 1

        def cells(column: int) -> Reference:
            return Reference(self.page.sheet, min_col=column, min_row=first, max_row=last)

        days = timeline.rows
        symptom, label, unit = days[0]["symptom"], label_of(nutrient), unit_of(nutrient)
        felt = [day for day in days if day["felt"]]
        unrated = rated and any(day["worst"] is None for day in felt)
        chart = column_chart(
            title=f"{label} of each day, and days with {symptom}{timeline.whose}",
            subtitle=f"Felt on {len(felt)} of {len(days)} days on record. Association only.",
            axis_titles=("Day", f"{label} [{unit} per day]"),
            categories=cells(self.date),
            columns=(f"{label} of the day", cells(self.eaten[nutrient])),
            count=len(days),
            category_format="d mmm",
            value_format=amount_format(0 if unit == "mg" else decimals_of(nutrient)),
        )
        words = f"{symptom} felt" + (", severity of 10" if rated else "")
        marks = [Line(words, cells(self.felt), "felt", joined=False)]
        if unrated:
            marks.append(Line(f"{symptom} felt, severity not noted", cells(self.felt + 1), "unrated", joined=False))
        add_marks(
            chart,
            categories=cells(self.date),
            marks=marks,
            axis_title="Severity, 0 to 10" if rated else "",
            most=WORST,
        )
        said = listing((_said(day) for day in felt), most=20)
        return chart, f"Columns: {label} on {len(days)} days. Marks: {symptom} on {len(felt)} of them, {said}."


def _said(day: Row) -> str:
    severity = "" if day["worst"] is None else f" (severity {day['worst']:g})"
    return f"{day['date']:%Y-%m-%d}{severity}"
