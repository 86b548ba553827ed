"""The charts of the page, where matplotlib is there to draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    """The charts of one person, as they stand in the page, or why there are none.

    Attributes
    ----------
    days : list of markupsafe.Markup
        A chart for each core nutrient, day by day.
    symptoms : list of markupsafe.Markup
        Charts of the symptom felt on most days.
    can_draw : bool
        Whether matplotlib is there.
    """

    days: list[Markup]
    symptoms: list[Markup]
    can_draw: bool


def can_draw() -> bool:
    """Return whether charts can be drawn: matplotlib is an extra."""
    return find_spec("matplotlib") is not None


def drawn(chart: Chart) -> Markup:
    """Return a chart as part of the page; its words are drawn, so that there is nothing to escape."""
    return Markup(chart.svg())  # noqa: S704


def pictures_of(person: PersonPage, show: Callable[[Chart], Markup] = drawn) -> Pictures:
    """Return the charts of a person.

    Parameters
    ----------
    person : PersonPage
    show : callable
        How a chart stands in the page: drawn into it, or as a link to where it is drawn.
    """
    if not can_draw():
        return Pictures([], [], can_draw=False)
    return Pictures(
        [show(chart) for chart in charts_of_days(person)],
        [show(chart) for chart in charts_of_symptoms(person)],
        can_draw=True,
    )


def first_pictures_of(person: PersonPage) -> Pictures:
    """Return the charts of a person, drawn into the page; none of the people beyond the first few."""
    if can_draw() and person.place > MOST_CHARTED_PEOPLE:
        return Pictures([], [], can_draw=True)
    return pictures_of(person)


def charts_of_days(person: PersonPage) -> list[Chart]:
    """Return a chart for each core nutrient, day by day."""
    from nutridiary.report.charts import days

    return _not_empty(days(person.analysis, found.nutrient, person.person_id) for found in person.day_nutrients)


def charts_of_symptoms(person: PersonPage) -> list[Chart]:
    """Return charts of the symptom felt on most days."""
    from nutridiary.report.charts import symptom_timeline

    return _not_empty(
        symptom_timeline(person.analysis, symptom.code, nutrient, person.person_id)
        for symptom in person.symptoms[:1]
        for nutrient in ("magnesium", "potassium")
        if any(found.nutrient == nutrient for found in person.nutrients)
    )


def _not_empty(charts: Iterable[Chart]) -> list[Chart]:
    """Return the charts that show something."""
    return [chart for chart in charts if len(chart.table)]
