"""What a diary says: the results of a person, their lines, how each mean came about, and charts."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.report.html import parts_style
from nutridiary.web.asked import Day
from nutridiary.web.pages import open_diary, page
from nutridiary.web.routes.answers import MAY_WAIT, OF_A_DIARY
from nutridiary.web.steps.downloads import offered
from nutridiary.web.steps.lines import Lines, LinesPage, Which
from nutridiary.web.steps.results import Results, ResultsPage
from nutridiary.web.steps.working import Working, WorkingPage

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries/{diary_id}/results", tags=["results"], responses=OF_A_DIARY)

WhichPerson = Annotated[int, Query(ge=1, le=500, description="Whose: their place among the people.")]
WhichDay = Annotated[Day | None, Query(description="Lines of this day only.")]
WhichPage = Annotated[int, Query(ge=1, le=10_000, description="Which page of lines, a hundred each.")]
Nutrient = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$", description="Name of a nutrient: magnesium")]
ChartName = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,80}$", description="As the results list it.")]

SVG = "image/svg+xml"
# Opened by itself, a drawing runs nothing and asks for nothing; its own style attributes are all it has.
_SVG_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@pages.get("/diaries/{diary_id}/results")
async def show(request: Request, diary_id: str, person: WhichPerson = 1) -> Response:
    """Show what the diary says of a person."""
    diary = open_diary(request, diary_id)
    found: ResultsPage = await diary.show("results", person)
    downloads = offered(diary.asked, diary.folder)
    return _page(request, "results.html.j2", diary=diary, found=found, person=person, downloads=downloads)


@pages.get("/diaries/{diary_id}/results/lines")
async def show_lines(
    request: Request,
    diary_id: str,
    person: WhichPerson = 1,
    which: Which = "all",
    day: WhichDay = None,
    number: Annotated[WhichPage, Query(alias="page")] = 1,
) -> Response:
    """Show lines of a person."""
    diary = open_diary(request, diary_id)
    found: LinesPage = await diary.show("lines", person, which, day, number)
    return _page(request, "results_lines.html.j2", diary=diary, found=found, person=person)


@pages.get("/diaries/{diary_id}/results/working/{nutrient}")
async def show_working(
    request: Request,
    diary_id: str,
    nutrient: Nutrient,
    person: WhichPerson = 1,
    day: WhichDay = None,
    number: Annotated[WhichPage, Query(alias="page")] = 1,
) -> Response:
    """Show how a mean came about."""
    diary = open_diary(request, diary_id)
    found: WorkingPage = await diary.show("working", nutrient, person, day, number)
    return _page(request, "results_working.html.j2", diary=diary, found=found, person=person)


@pages.get("/diaries/{diary_id}/results/charts/{name}.svg")
async def show_chart(request: Request, diary_id: str, name: ChartName, person: WhichPerson = 1) -> Response:
    """Show a chart."""
    return await _chart(request, diary_id, name, person)


@pages.get("/static/report.css")
async def style() -> Response:
    """Give the look of the parts of a report."""
    return Response(parts_style(), media_type="text/css")


@api.get("", operation_id="showResults", responses=MAY_WAIT)
async def shown(request: Request, diary_id: str, person: WhichPerson = 1) -> Results:
    """What the diary says of a person: means beside references, what is uncertain, what to be careful with."""
    found: ResultsPage = await open_diary(request, diary_id).show("results", person)
    return found.figures


@api.get("/lines", operation_id="listLines", responses=MAY_WAIT)
async def shown_lines(
    request: Request,
    diary_id: str,
    person: WhichPerson = 1,
    which: Which = "all",
    day: WhichDay = None,
    page: WhichPage = 1,
) -> Lines:
    """Lines of a person's diary: how each was read, what it weighed, and what it gave of the core nutrients."""
    found: LinesPage = await open_diary(request, diary_id).show("lines", person, which, day, page)
    return found.shown


@api.get("/working/{nutrient}", operation_id="showWorking", responses=MAY_WAIT)
async def shown_working(
    request: Request,
    diary_id: str,
    nutrient: Nutrient,
    person: WhichPerson = 1,
    day: WhichDay = None,
    page: WhichPage = 1,
) -> Working:
    """How a mean came about: its days, foods and lines, the figures it is held against, and each step."""
    found: WorkingPage = await open_diary(request, diary_id).show("working", nutrient, person, day, page)
    return found.shown


@api.get(
    "/charts/{name}.svg",
    operation_id="drawChart",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}, **MAY_WAIT},
)
async def shown_chart(request: Request, diary_id: str, name: ChartName, person: WhichPerson = 1) -> Response:
    """Draw a chart of a person, as SVG."""
    return await _chart(request, diary_id, name, person)


async def _chart(request: Request, diary_id: str, name: str, person: int) -> Response:
    drawing: str = await open_diary(request, diary_id).show("chart", name, person)
    return Response(drawing, media_type=SVG, headers=_SVG_HEADERS)


def _page(request: Request, template: str, **shown: Any) -> Response:
    return page(request, template, stage="results", report_style=_style_address(), **shown)


@cache
def _style_address() -> str:
    """Return the address of the report's style, another where it changes."""
    return f"/static/report.css?v={sha256(parts_style().encode()).hexdigest()[:12]}"
