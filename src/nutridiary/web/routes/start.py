"""The first page: upload a diary, try the example, take the template, go on with what is open, or have it forgotten."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile as AnyUpload
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from nutridiary.data_files import data_file
from nutridiary.errors import NutridiaryError
from nutridiary.fdc.installed import release_in_use
from nutridiary.references import REFERENCES, citations
from nutridiary.releases.status import foods_in_use
from nutridiary.web.diaries import OpenDiary
from nutridiary.web.pages import MOST_FILES, form_of, open_diary, page, see, visitor_id_of, visitor_of
from nutridiary.web.routes.answers import OF_A_DIARY, TAKES
from nutridiary.web.server import server_of
from nutridiary.web.settings import MEGABYTE
from nutridiary.web.steps.kept import progress_of

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries", tags=["diaries"])

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OpenedDiary(BaseModel):
    """A diary that is open."""

    id: str = Field(description="Its name in addresses: /api/diaries/{id}/reading")
    files: list[str]
    aliases: list[str] = Field(description="Files of aliases uploaded with it.")
    opened: dt.datetime


class OpenedDiaries(BaseModel):
    """The diaries that are open."""

    diaries: list[OpenedDiary]


class Progress(BaseModel):
    """How far work on a diary is."""

    is_working: bool = Field(description="Whether a step has not ended yet.")
    working_on: str = Field(description="In words, the step that was begun last.")
    lines: int = Field(description="Of the diary that it is about; 0 while that is not known.")


@pages.get("/")
async def start(request: Request) -> Response:
    """Show the first page."""
    return _first_page(request, forgotten="forgotten" in request.query_params)


@pages.post("/diaries")
async def upload(request: Request) -> Response:
    """Open the diary of uploaded files."""
    form = await form_of(request)
    files = [one for one in form.getlist("files") if not isinstance(one, str) and one.filename]
    aliases = [one for one in form.getlist("aliases") if not isinstance(one, str) and one.filename]
    if not files:
        return _first_page(request, problems={"files": "No file was chosen. Choose the file of a diary first."})
    try:
        diary = await _open(request, files, aliases)
    except NutridiaryError as error:
        return _first_page(request, problems={"files": str(error)})
    return see(f"/diaries/{diary.id}/reading")


@pages.post("/example")
async def example(request: Request) -> Response:
    """Open the example diary."""
    await form_of(request)
    server = server_of(request)
    content = data_file("diaries/example.xlsx").read_bytes()
    visitor = server.visitors.welcome(visitor_id_of(request))
    diary = server.visitors.open(visitor, [("example.xlsx", content)])
    return see(f"/diaries/{diary.id}/reading")


@pages.get("/template.xlsx")
async def template() -> Response:
    """Give the empty diary to fill in."""
    return FileResponse(str(data_file("diaries/template.xlsx")), media_type=_WORKBOOK, filename="diary.xlsx")


@pages.get("/diaries/{diary_id}/forget")
async def ask(request: Request, diary_id: str) -> Response:
    """Ask whether a diary is to be forgotten."""
    return page(request, "forget.html.j2", diary=open_diary(request, diary_id))


@pages.get("/about")
async def about(request: Request) -> Response:
    """Tell what the page does, whose figures it shows, and what becomes of a diary."""
    names = {authority.code: authority.label for authority in REFERENCES.values()}
    cited = defaultdict(list)
    for authority, citation in citations().values():
        cited[names[authority]].append(citation)
    kept = _in_words(server_of(request).settings.kept_seconds)
    return page(request, "about.html.j2", in_use=release_in_use(), foods=foods_in_use(), cited=dict(cited), kept=kept)


@pages.post("/diaries/{diary_id}/forget")
async def forget(request: Request, diary_id: str) -> Response:
    """Forget a diary."""
    await form_of(request)
    _forget(request, diary_id)
    return see("/?forgotten")


@api.get("", operation_id="listDiaries")
async def listed(request: Request) -> OpenedDiaries:
    """List the diaries that are open in this session."""
    visitor = visitor_of(request)
    return OpenedDiaries(diaries=[_opened(diary) for diary in visitor.diaries.values()] if visitor else [])


@api.post("", status_code=201, operation_id="openDiary", responses=TAKES)
async def opened(
    request: Request,
    files: Annotated[list[UploadFile], File(min_length=1, max_length=20, description="Of one diary.")],
    aliases: Annotated[list[UploadFile], File(max_length=20, description="Files of aliases.")] = [],  # noqa: B006
) -> OpenedDiary:
    """Upload the files of a diary. The cookie of the answer names the session the diary belongs to."""
    return _opened(await _open(request, files, aliases))


@api.get("/{diary_id}/progress", operation_id="watchDiary", responses=OF_A_DIARY)
async def progress(request: Request, diary_id: str) -> Progress:
    """Tell how far work on a diary is, for who was told to wait."""
    diary = open_diary(request, diary_id)
    working_on, lines = progress_of(diary.folder)
    return Progress(is_working=diary.is_working, working_on=working_on, lines=lines)


@api.delete("/{diary_id}", status_code=204, operation_id="forgetDiary", responses=OF_A_DIARY)
async def forgotten(request: Request, diary_id: str) -> None:
    """Forget a diary, with its files."""
    _forget(request, diary_id)


def _first_page(request: Request, *, forgotten: bool = False, problems: Mapping[str, str] | None = None) -> Response:
    visitor, settings = visitor_of(request), server_of(request).settings
    return page(
        request,
        "start.html.j2",
        status=422 if problems else 200,
        open_diaries=list(visitor.diaries.values()) if visitor else [],
        problems=problems or {},
        forgotten=forgotten,
        limits=(MOST_FILES, settings.most_bytes // MEGABYTE),
        kept=_in_words(settings.kept_seconds),
    )


def _in_words(seconds: float) -> str:
    """Return how long something is kept.

    Examples
    --------
    >>> [_in_words(seconds) for seconds in (3600, 7200, 1800, 60)]
    ['an hour', '2 hours', '30 minutes', '1 minute']
    """
    minutes = max(1, round(seconds / 60))
    if minutes % 60:
        return f"{minutes} minute{'s' * (minutes > 1)}"
    return "an hour" if minutes == 60 else f"{minutes // 60} hours"


async def _open(request: Request, files: Sequence[AnyUpload], aliases: Sequence[AnyUpload]) -> OpenDiary:
    server = server_of(request)
    given = [(one.filename or "", await one.read()) for one in files]
    of_aliases = [(one.filename or "", await one.read()) for one in aliases]
    if not any(data for _, data in given):
        raise NutridiaryError("The file is empty. Choose another one.")
    visitor = server.visitors.welcome(visitor_id_of(request))
    return server.visitors.open(visitor, given, of_aliases)


def _forget(request: Request, diary_id: str) -> None:
    diary, visitor = open_diary(request, diary_id), visitor_of(request)
    assert visitor is not None  # whose diary it is
    server_of(request).visitors.forget(visitor, diary)


def _opened(diary: OpenDiary) -> OpenedDiary:
    return OpenedDiary(
        id=diary.id, files=list(diary.asked.files), aliases=list(diary.asked.aliases), opened=diary.opened
    )
