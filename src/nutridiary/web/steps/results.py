"""What a diary says: the figures of one person, and the same as parts of a page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from nutridiary.web.asked import Asked
from nutridiary.web.steps.analyses import analysis_of, looking_up
from nutridiary.web.steps.sections import SectionSaid, section_said

if TYPE_CHECKING:
    from nutridiary.report.charts import Chart
    from nutridiary.report.html.people import PersonPage
    from nutridiary.report.html.rendering import Part


class PersonOfResults(BaseModel):
    """Somebody of the diary."""

    place: int = Field(description="By which results are asked for: ?person=2")
    name: str = Field(description="As the diary calls them; empty for the person of a diary that names nobody.")
    described: bool = Field(description="Whether sex and age are known, so that intakes can be compared.")
    days: int = Field(description="Recorded days.")
    lines: int = Field(description="Lines of food, drink and supplements.")
    left_out: int = Field(description="Of these, lines that are in no total.")
    to_review: int = Field(description="Counted lines whose match is not sure.")


class NutrientResult(BaseModel):
    """A nutrient's mean beside its references; `null` is what is not known, or not set. Amounts are per day."""

    nutrient: str
    label: str
    unit: str
    days: int
    mean_intake: float | None = Field(description="Of what is known over the recorded days; not a usual intake.")
    low: float | None = Field(description="The mean is at least this.")
    high: float | None = Field(description="The mean is at most this; null where nothing bounds it.")
    coverage: float | None = Field(description="Of the weight eaten, what has a value in its own food record. [%]")
    foods_filled_in: int | None
    foods_without_value: int | None
    foods_left_out: int | None
    ear: float | None
    rda: float | None
    ai: float | None
    ul: float | None
    cdrr: float | None
    dv: float | None
    percent_of_ear: float | None
    percent_of_rda: float | None
    percent_of_ai: float | None
    percent_of_ul: float | None
    percent_of_cdrr: float | None
    percent_of_dv: float | None
    life_stage_group: str | None
    authority: str | None
    edition: str | None
    verdict: str | None = Field(description="What the comparison comes to, as a code.")
    verdict_in_words: str
    reading: str | None
    note: str | None
    confidence: float | None = Field(description="That usual intake meets the person's own need. [%]")
    confidence_low: float | None
    confidence_high: float | None
    confidence_reading: str | None


class CautionShown(BaseModel):
    """What to be careful with, because of something in the diary. No diagnosis."""

    topic: str
    nutrient: str | None
    title: str | None
    text: str
    because: str | None
    source: str | None
    link: str | None


class SuggestionShown(BaseModel):
    """A food that would close part of a gap. No advice."""

    rank: int | None = Field(description="null where there is nothing to suggest; `reading` says why.")
    fdc_id: int | None
    food_description: str | None
    reading: str | None


class SymptomShown(BaseModel):
    """A symptom beside what was eaten: associations in this diary, no cause."""

    symptom: str
    text: str


class ChartShown(BaseModel):
    """A chart, drawn as SVG where it is asked for."""

    name: str = Field(description="In its address: .../results/charts/{name}.svg")
    title: str
    alt_text: str


class Results(BaseModel):
    """What a diary says of one person."""

    people: list[PersonOfResults]
    person: int = Field(description="Whose figures follow: their place among the people.")
    reference: str = Field(description="Whose reference values intakes are held against.")
    days: list[dt.date]
    in_short: list[str] = Field(description="What the figures come to, in a few sentences.")
    remarks: list[str] = Field(description="Worth knowing of the whole.")
    nutrients: list[NutrientResult] = Field(description="The core nutrients first.")
    cautions: list[CautionShown]
    suggestions: list[SuggestionShown]
    symptoms: list[SymptomShown]
    charts: list[ChartShown]
    sections: list[SectionSaid] = Field(description="Every part of the page, in its order: its words and its tables.")


class Section(BaseModel):
    """A part of the page: its heading has the id ``{name}-{person}``."""

    name: str
    title: str
    html: str


class ResultsPage(BaseModel):
    """Figures, and the parts of a page that show them: HTML in which everything of the diary is escaped."""

    figures: Results
    overview: str = Field(description="The table of several people; empty where there is one.")
    parts: list[Section]
    more_charts: list[ChartShown]


def results(folder: Path, asked: Asked, person: int = 1) -> ResultsPage:
    """Return what the diary in `folder` says of one of its people, by place from 1.

    Raises
    ------
    NotOpenError
        If there is no such person.
    NutridiaryError
        If the diary cannot be analyzed as it is asked to be.
    """
    from nutridiary.report.html.people import people_of, person_at
    from nutridiary.report.html.pictures import can_draw, pictures_of
    from nutridiary.report.html.rendering import render_overview, render_parts
    from nutridiary.web.steps.leads import PageLeads

    analysis = analysis_of(folder, asked)
    leads = PageLeads(folder, person)
    with looking_up():
        chosen = person_at(analysis, person, leads)
    everybody = people_of(analysis, leads)
    drawn: list[ChartShown] = []

    def linked(name: str, chart: Chart) -> Any:
        drawn.append(ChartShown(name=name, title=chart.title, alt_text=chart.alt_text))
        return picture(folder, person, drawn[-1])

    parts = render_parts(chosen, pictures_of(chosen, linked))
    sections = [_section(part) for part in parts]
    said = [section_said(one.name, one.title, one.html) for one in sections]
    more = _more_charts(chosen) if can_draw() else []
    return ResultsPage(
        figures=_figures(chosen, everybody, [*drawn, *more], said),
        overview=render_overview(everybody) if len(everybody) > 1 else "",
        parts=sections,
        more_charts=more,
    )


def chart(folder: Path, asked: Asked, name: str, person: int = 1) -> str:
    """Return a chart of one of the people as SVG.

    Raises
    ------
    NotOpenError
        If there is no such chart or person, or matplotlib is not installed.
    """
    from nutridiary.report.html.people import person_at
    from nutridiary.report.html.pictures import chart_of

    analysis = analysis_of(folder, asked)
    with looking_up():
        found = chart_of(person_at(analysis, person), name)
    return found.svg()


def picture(folder: Path, person: int, shown: ChartShown) -> Any:
    """Return a chart as an image that is fetched once it comes into view; its box is there from the start."""
    from markupsafe import Markup

    # The class gives the box its shape: a chart's own height is not known before it is drawn.
    return Markup(
        '<img class="chart chart-{}" src="/diaries/{}/results/charts/{}.svg?person={}" alt="{}" loading="lazy" '
        'width="460" height="400">'
    ).format(shown.name.partition("-")[0], folder.name, shown.name, person, shown.alt_text)


def _section(part: Part) -> Section:
    return Section(name=part.name, title=part.title, html=str(part.html))


def _more_charts(person: PersonPage) -> list[ChartShown]:
    """Return the charts that the report has no room for, as far as they show something."""
    from nutridiary.report.html.pictures import MORE_CHARTS, chart_of

    held = MORE_CHARTS if person.is_described else [name for name in MORE_CHARTS if name != "overview"]
    found = [(name, chart_of(person, name)) for name in held]
    return [
        ChartShown(name=name, title=chart.title, alt_text=chart.alt_text) for name, chart in found if len(chart.table)
    ]


def _figures(
    person: PersonPage, everybody: list[PersonPage], charts: list[ChartShown], said: list[SectionSaid]
) -> Results:
    from nutridiary.report.remarks import remarks

    return Results(
        people=[_of_person(one) for one in everybody],
        person=person.place,
        reference=person.names.reference,
        days=sorted(day.first["date"].date() for day in person.days),
        in_short=[_plain(said) for said in person.in_short],
        remarks=remarks(person.analysis),
        nutrients=[_nutrient(found) for found in person.nutrients],
        cautions=[CautionShown(**_some(CautionShown, row)) for row in person.cautions],
        suggestions=[SuggestionShown(**_some(SuggestionShown, row)) for row in person.suggestions],
        symptoms=[SymptomShown(symptom=_plain(one.name), text=_plain(one.text)) for one in person.symptoms],
        charts=charts,
        sections=said,
    )


def _of_person(person: PersonPage) -> PersonOfResults:
    from nutridiary.tables import NOT_EATEN

    eaten = person.entries[~person.entries["kind"].isin(NOT_EATEN)]
    left_out = eaten["problem"].notna()
    return PersonOfResults(
        place=person.place,
        name=person.person_id,
        described=person.is_described,
        days=len(person.days),
        lines=len(eaten),
        left_out=int(left_out.sum()),
        to_review=int((~left_out & eaten["needs_review"]).sum()),
    )


def _nutrient(found: Any) -> NutrientResult:
    sure = {} if found.sure is None else found.sure.values
    said = {name: sure.get(name) for name in ("confidence", "confidence_low", "confidence_high")}
    own = {name: value for name, value in found.row.values.items() if name in NutrientResult.model_fields}
    return NutrientResult(**own, **said, verdict_in_words=found.verdict_words, confidence_reading=sure.get("reading"))


def _some(model: type[BaseModel], row: Any) -> dict[str, Any]:
    """Return the values of a row that a model has."""
    return {name: row[name] for name in model.model_fields}


def _plain(text: Any) -> str:
    """Return HTML as plain text."""
    return str(text.striptags()).replace("\u00a0", " ")
