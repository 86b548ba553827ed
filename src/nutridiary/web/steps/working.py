"""How a mean came about: for one nutrient of one person, the days, foods, lines, figures and steps behind it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from nutridiary.web.asked import Asked
from nutridiary.web.steps.analyses import analysis_of, looking_up
from nutridiary.web.steps.lines import values_of
from nutridiary.web.steps.results import ChartShown, picture

if TYPE_CHECKING:
    from nutridiary.report.html.people import PersonPage
    from nutridiary.report.html.working import GivingLine, NutrientWorking


class DayTotal(BaseModel):
    """A day's total; amounts in the nutrient's unit."""

    date: dt.date | None
    amount: float | None = Field(description="What is known or filled in.")
    low: float | None
    high: float | None
    foods: int | None = Field(description="Lines counted.")
    foods_filled_in: int | None
    foods_without_value: int | None
    foods_left_out: int | None
    in_mean: bool


class FoodGave(BaseModel):
    """What a food gave over all days."""

    fdc_id: int | None
    food_description: str | None
    entries: int | None
    gram_weight: float | None = Field(description="[g]")
    amount: float | None
    percent_of_total: float | None
    value_from: str | None
    filled_in: bool


class LineGave(BaseModel):
    """What a line gave."""

    source: str
    line: int
    part: int | None
    date: dt.date | None
    food_text: str | None
    amount_text: str | None
    fdc_id: int | None
    food_description: str | None
    food_page: str | None
    gram_weight: float | None = Field(description="[g]")
    weight_method: str | None
    portion: str | None
    per_100_g: float | None = Field(description="null where the amount does not rest on a weight and a record.")
    amount: float | None
    amount_low: float | None
    amount_high: float | None
    value_from: str | None
    filled_in: bool


class FigureShown(BaseModel):
    """A reference figure with where it comes from."""

    kind: str
    kind_name: str | None
    amount: float | None
    unit: str | None
    group: str
    condition: str | None
    applies_to: str | None
    authority: str | None
    edition: str | None
    status: str | None
    source: str | None = Field(description="Citation.")


class StepShown(BaseModel):
    """A step of a calculation."""

    about: str
    step: int
    quantity: str | None
    symbol: str | None
    value: float | None
    unit: str | None
    formula: str | None
    source: str | None


class Working(BaseModel):
    """How a mean came about. Amounts are in `unit`; `null` is what is not known."""

    person: int
    nutrient: str
    label: str
    unit: str
    mean_intake: float | None
    low: float | None
    high: float | None
    reading: str | None
    days: list[DayTotal]
    foods: list[FoodGave] = Field(description="Those that gave most, the most first.")
    day: dt.date | None = Field(description="The day that lines were asked for of.")
    total: int = Field(description="Lines on all pages.")
    page: int
    pages: int
    lines: list[LineGave]
    references: list[FigureShown]
    steps: list[StepShown] = Field(description="How what these days allow to be said was worked out.")


class WorkingPage(BaseModel):
    """How a mean came about, and the parts of a page that tell it."""

    shown: Working
    name: str = Field(description="Of the person.")
    people: int
    nutrients: list[tuple[str, str]] = Field(description="All there are, each with what it is called.")
    parts: dict[str, str]
    pictures: list[str]


def working(
    folder: Path, asked: Asked, nutrient: str, person: int = 1, day: dt.date | None = None, page: int = 1
) -> WorkingPage:
    """Return how a mean came about, of one person of the diary in `folder`.

    Raises
    ------
    NotOpenError
        If there is no such nutrient, person or page.
    """
    from nutridiary.report.html.people import people_of, person_at
    from nutridiary.report.html.rendering import render_working
    from nutridiary.report.html.working import NutrientWorking
    from nutridiary.web.steps.leads import PageLeads

    analysis = analysis_of(folder, asked)
    with looking_up():
        one = person_at(analysis, person, PageLeads(folder, person))
        found = NutrientWorking(one, nutrient, day, page)
    return WorkingPage(
        shown=_shown(found),
        name=one.person_id,
        people=len(people_of(analysis)),
        nutrients=[(other.nutrient, other.name) for other in one.nutrients],
        parts={name: str(part) for name, part in render_working(found).items()},
        pictures=_pictures(folder, one, nutrient),
    )


def _shown(found: NutrientWorking) -> Working:
    from nutridiary.report.html.working import group_of

    mean = {name: found.nutrient.row[name] for name in ("label", "unit", "mean_intake", "low", "high", "reading")}
    return Working(
        person=found.person.place,
        nutrient=found.name,
        **mean,
        days=[
            DayTotal(**values_of(DayTotal, row, but=("in_mean",)), in_mean=row["date"] not in found.left_out_days)
            for row in found.days
        ],
        foods=[FoodGave(**values_of(FoodGave, row)) for row in found.foods],
        day=found.day,
        total=found.total,
        page=found.page,
        pages=found.pages,
        lines=[_line(line) for line in found.lines],
        references=[
            FigureShown(**values_of(FigureShown, row, but=("group",)), group=group_of(row)) for row in found.references
        ],
        steps=[StepShown(**values_of(StepShown, row)) for rows in found.steps.values() for row in rows],
    )


def _line(line: GivingLine) -> LineGave:
    gave = ("amount", "amount_low", "amount_high", "value_from", "filled_in")
    return LineGave(
        **values_of(LineGave, line.row, but=("food_page", "per_100_g", *gave)),
        **{name: line.intake[name] for name in gave},
        food_page=line.link or None,
        per_100_g=line.per_100_g,
    )


def _pictures(folder: Path, person: PersonPage, nutrient: str) -> list[str]:
    """Return the days and the sources of a nutrient as images, as far as they show something."""
    from nutridiary.report.html.pictures import can_draw, chart_of

    if not can_draw():
        return []
    found = [(name, chart_of(person, name)) for name in (f"days-{nutrient}", f"sources-{nutrient}")]
    return [
        str(picture(folder, person.place, ChartShown(name=name, title=chart.title, alt_text=chart.alt_text)))
        for name, chart in found
        if len(chart.table)
    ]
