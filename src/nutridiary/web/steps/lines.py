"""The lines of one person's diary, a page at a time: how each was read, what it weighed, what it gave."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from nutridiary.web.asked import Asked
from nutridiary.web.steps.analyses import analysis_of, looking_up

if TYPE_CHECKING:
    from nutridiary.report.html.lines import Line

Which = Literal["all", "counted", "to_review", "left_out"]


class GaveShown(BaseModel):
    """What a line gave of a nutrient."""

    nutrient: str
    amount: float | None = Field(description="null where no record has a value.")
    unit: str
    value_from: str | None = Field(description="Record and release of the value.")
    filled_in: bool = Field(description="The value is that of a twin record.")


class LineShown(BaseModel):
    """A line of the diary."""

    source: str
    line: int
    part: int | None = Field(description="Which food of a line of several.")
    date: dt.date | None
    time: str | None
    eating_occasion: str | None
    food_text: str | None = Field(description="The food as written.")
    amount_text: str | None = Field(description="The amount as written.")
    kind: str
    fdc_id: int | None
    food_description: str | None
    food_page: str | None = Field(description="Where FoodData Central shows the food.")
    data_type: str | None
    match_score: float | None
    needs_review: bool
    gram_weight: float | None = Field(description="[g]")
    gram_low: float | None
    gram_high: float | None
    weight_method: str | None
    portion: str | None = Field(description="The portion the weight rests on.")
    problem: str | None = Field(description="Why the line is left out; null where it is counted.")
    note: str | None
    gave: list[GaveShown] = Field(description="Of the core nutrients.")


class Lines(BaseModel):
    """A page of lines, in the order of their days."""

    person: int
    which: Which
    day: dt.date | None
    total: int = Field(description="Lines on all pages.")
    page: int
    pages: int
    lines: list[LineShown]


class LinesPage(BaseModel):
    """Lines, and a table of them for a page."""

    shown: Lines
    name: str = Field(description="Of the person.")
    people: int
    nutrient: str = Field(description="The first there is a mean of; empty where there is none.")
    html: str


def lines(
    folder: Path, asked: Asked, person: int = 1, which: Which = "all", day: dt.date | None = None, page: int = 1
) -> LinesPage:
    """Return a page of lines of one person of the diary in `folder`.

    Raises
    ------
    NotOpenError
        If there is no such person or page.
    """
    from nutridiary.report.html.lines import ChosenLines
    from nutridiary.report.html.people import people_of, person_at
    from nutridiary.report.html.rendering import render_lines
    from nutridiary.web.steps.leads import PageLeads

    analysis = analysis_of(folder, asked)
    with looking_up():
        one = person_at(analysis, person, PageLeads(folder, person))
        chosen = ChosenLines(one, which, day, page)
    shown = Lines(
        person=person,
        which=which,
        day=day,
        total=chosen.total,
        page=page,
        pages=chosen.pages,
        lines=[shown_line(line) for line in chosen.lines],
    )
    return LinesPage(
        shown=shown,
        name=one.person_id,
        people=len(people_of(analysis)),
        nutrient=one.nutrients[0].nutrient if one.nutrients else "",
        html=str(render_lines(chosen)),
    )


def shown_line(line: Line) -> LineShown:
    """Return a line as the JSON has it."""
    return LineShown(
        **values_of(LineShown, line.row, but=("food_page", "gave")),
        food_page=line.link or None,
        gave=[GaveShown(**values_of(GaveShown, gave)) for gave in line.gave.values()],
    )


def values_of(model: type[BaseModel], row: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the values of a row of a table that a model has; days as dates."""
    found = {name: row[name] for name in model.model_fields if name not in but}
    return {name: value.date() if hasattr(value, "date") else value for name, value in found.items()}
