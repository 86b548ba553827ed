"""What was understood of a diary, and how it is to be read where the guess was wrong."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.web.asked import HowToRead
from nutridiary.web.pages import form_of, open_diary, page, see
from nutridiary.web.steps.reading import Reading

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries/{diary_id}/reading", tags=["reading"])


@pages.get("/diaries/{diary_id}")
async def diary(request: Request, diary_id: str) -> Response:
    """Lead to the first page of a diary."""
    return see(f"/diaries/{open_diary(request, diary_id).id}/reading")


@pages.get("/diaries/{diary_id}/reading")
async def show(request: Request, diary_id: str) -> Response:
    """Show what was understood."""
    diary = open_diary(request, diary_id)
    return page(request, "reading.html.j2", diary=diary, stage="reading", reading=await diary.show("reading"))


@pages.post("/diaries/{diary_id}/reading")
async def take(request: Request, diary_id: str) -> Response:
    """Read the diary another way."""
    diary, form = open_diary(request, diary_id), await form_of(request)
    said = {name: value for name in HowToRead.model_fields if isinstance(value := form.get(name), str) and value}
    diary.ask(reading=HowToRead.model_validate(said))
    return see(f"/diaries/{diary_id}/reading")


@api.get("", operation_id="readDiary")
async def shown(request: Request, diary_id: str) -> Reading:
    """What was understood: formats, people, days, columns, and each row that is not counted, with its reason."""
    found: Reading = await open_diary(request, diary_id).show("reading")
    return found


@api.put("", operation_id="readDiaryAs")
async def taken(request: Request, diary_id: str, how: HowToRead) -> Reading:
    """Read the diary another way."""
    diary = open_diary(request, diary_id)
    diary.ask(reading=how)
    found: Reading = await diary.show("reading")
    return found
