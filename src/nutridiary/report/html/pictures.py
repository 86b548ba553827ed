"""The charts of the page, where matplotlib is there to draw them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from markupsafe import Markup

from nutridiary.report.html.people import PersonPage

if TYPE_CHECKING:
    from nutridiary.report.charts import Chart

MOST_CHARTED_PEOPLE = 6
"""Drawing takes longer than all else; of more people the tables tell."""

CHARTS_ON_PAPER = 2
"""Charts of days that are printed, in letters that can be read; ``style.css`` hides the others there."""


@dataclass(frozen=True)
class Pictures:
    """The charts of one person, or why there are none.

    Attributes
    ----------
    days : list of Chart
        A chart for each core nutrient, day by day.
    symptoms : list of Chart
        Charts of the symptom felt on most days.
    can_draw : bool
        Whether matplotlib is there.
    """

    days: list[Chart]
    symptoms: list[Chart]
    can_draw: bool


def can_draw() -> bool:
    """Return whether charts can be drawn: matplotlib is an extra."""
    return find_spec("matplotlib") is not None


def pictures_of(person: PersonPage) -> Pictures:
    """Return the charts of a person; none of the people beyond the first few."""
    if not can_draw():
        return Pictures([], [], can_draw=False)
    if person.place > MOST_CHARTED_PEOPLE:
        return Pictures([], [], can_draw=True)
    from nutridiary.report.charts import days, symptom_timeline

    analysis, who = person.analysis, person.person_id
    of_days = [days(analysis, found.nutrient, who) for found in person.day_nutrients]
    of_symptoms = [
        symptom_timeline(analysis, symptom.code, nutrient, who)
        for symptom in person.symptoms[:1]
        for nutrient in ("magnesium", "potassium")
        if any(found.nutrient == nutrient for found in person.nutrients)
    ]
    return Pictures(_not_empty(of_days), _not_empty(of_symptoms), can_draw=True)


def _not_empty(charts: list[Chart]) -> list[Chart]:
    """Return the charts that show something."""
    return [chart for chart in charts if len(chart.table)]


def drawn(chart: Chart) -> Markup:
    """Return a chart as part of the page; its words are drawn, so that there is nothing to escape."""
    return Markup(chart.svg())  # noqa: S704
