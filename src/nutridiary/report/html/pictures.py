"""The charts of the page, where matplotlib is there to draw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from markupsafe import Markup

from nutridiary.errors import NutridiaryError
from nutridiary.report.html.people import PersonPage

if TYPE_CHECKING:
    from nutridiary.report.charts import Chart

MOST_CHARTED_PEOPLE = 6
"""Drawing takes longer than all else; of more people the tables tell."""

CHARTS_ON_PAPER = 2
"""Charts of days that are printed, in letters that can be read; ``style.css`` hides the others there."""


MORE_CHARTS = ("overview", "week", "confidence", "distribution", "coverage")
"""Charts of a person that a page of its own has no room for."""


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


def drawn(name: str, chart: Chart) -> Markup:
    """Return a chart as part of the page; its words are drawn, so that there is nothing to escape."""
    return Markup(chart.svg())  # noqa: S704


def pictures_of(person: PersonPage, show: Callable[[str, Chart], Markup] = drawn) -> Pictures:
    """Return the charts of a person.

    Parameters
    ----------
    person : PersonPage
    show : callable
        How a chart stands in the page, from its name (one of `charts_of`) and itself: drawn into it, or as a link.
    """
    if not can_draw():
        return Pictures([], [], can_draw=False)
    shown = {
        kind: [
            show(name, chart)
            for name in names_of_charts(person)
            if name.startswith(kind) and len((chart := chart_of(person, name)).table)
        ]
        for kind in ("days", "symptom")
    }
    return Pictures(shown["days"], shown["symptom"], can_draw=True)


def first_pictures_of(person: PersonPage) -> Pictures:
    """Return the charts of a person, drawn into the page; none of the people beyond the first few."""
    if can_draw() and person.place > MOST_CHARTED_PEOPLE:
        return Pictures([], [], can_draw=True)
    return pictures_of(person)


def names_of_charts(person: PersonPage) -> list[str]:
    """Return the names of a person's charts: of each core nutrient day by day, and of the symptom felt on most days.

    A name holds nothing of the diary: ``"days-magnesium"``, ``"symptom-1-potassium"``.
    """
    nutrients = [found.nutrient for found in person.nutrients]
    return [
        *(f"days-{found.nutrient}" for found in person.day_nutrients),
        *(f"symptom-1-{name}" for name in ("magnesium", "potassium") if person.symptoms and name in nutrients),
    ]


def chart_of(person: PersonPage, name: str) -> Chart:
    """Return the chart of a name as `names_of_charts` makes them, or one of `MORE_CHARTS`.

    Raises
    ------
    NutridiaryError
        If there is no such chart, or matplotlib is not installed.
    """
    from nutridiary.report import charts

    analysis, who = person.analysis, person.person_id
    kind, _, of = name.partition("-")
    if kind in ("days", "sources") and of:
        return getattr(charts, kind)(analysis, of, who)  # type: ignore[no-any-return]
    if kind == "symptom":
        place, _, nutrient = of.partition("-")
        if place.isdecimal() and 1 <= int(place) <= len(person.symptoms):
            return charts.symptom_timeline(analysis, person.symptoms[int(place) - 1].code, nutrient, who)
    if name in MORE_CHARTS:
        return getattr(charts, name)(analysis, who)  # type: ignore[no-any-return]
    raise NutridiaryError("There is no chart of this name.")
