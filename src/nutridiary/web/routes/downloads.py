"""Take away what was made of a diary: reports, the corrected diary, corrections, everything in one file."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from nutridiary.errors import listing
from nutridiary.web.diaries import NotOpenError, OpenDiary, StillWorking
from nutridiary.web.pages import open_diary, page, see
from nutridiary.web.routes.answers import MAY_WAIT, OF_A_DIARY
from nutridiary.web.steps.downloads import MEDIA_TYPES, NOT_OFFERED, Download, Downloads, offered
from nutridiary.web.steps.reading import Reading

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/diaries/{diary_id}/downloads", tags=["downloads"], responses=OF_A_DIARY)

# A browser that waits for a file shows so itself; a page that says to wait would be saved in its place by some.
_LONGEST_WAIT = 30.0  # s
_BETWEEN = 0.05  # s
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, to be saved under the name that Content-Disposition gives.",
        "content": {
            kind: {
                "schema": {"type": "object"} if kind == "application/json" else {"type": "string", "format": "binary"}
            }
            for kind in (media_type.partition(";")[0] for media_type in MEDIA_TYPES.values())
        },
    }
}


@pages.get("/diaries/{diary_id}/downloads")
async def show(request: Request, diary_id: str) -> Response:
    """Show what can be taken away; of a diary that cannot be read yet there is nothing."""
    diary = open_diary(request, diary_id)
    reading: Reading = await diary.show("reading")
    if reading.problem:
        return see(f"/diaries/{diary_id}/reading")
    return page(
        request, "downloads.html.j2", diary=diary, stage="results", downloads=offered(diary.asked, diary.folder)
    )


@pages.get("/diaries/{diary_id}/downloads/{name}")
async def take(request: Request, diary_id: str, name: str) -> Response:
    """Give a file."""
    return await _given(open_diary(request, diary_id), name)


@api.get("", operation_id="listDownloads")
async def listed(request: Request, diary_id: str) -> Downloads:
    """List the files that can be taken away of a diary, as it is asked for now."""
    diary = open_diary(request, diary_id)
    return Downloads(downloads=offered(diary.asked, diary.folder))


@api.get("/{name}", operation_id="takeDownload", response_class=FileResponse, responses={**_FILES, **MAY_WAIT})
async def taken(request: Request, diary_id: str, name: str) -> Response:
    """Give a file, by its name in the list; it is made when it is first asked for."""
    return await _given(open_diary(request, diary_id), name)


async def _given(diary: OpenDiary, name: str) -> Response:
    names = [one.name for one in offered(diary.asked)]
    if name not in names:
        known = f"There is no file of this name. There are: {listing(names, most=len(names))}."
        raise NotOpenError(NOT_OFFERED.get(name, known))
    made = await _made(diary, name)
    return FileResponse(diary.folder / made.place, media_type=made.media_type, filename=made.file_name)


async def _made(diary: OpenDiary, name: str) -> Download:
    """Have a file made, and wait for it longer than a page would."""
    end = time.monotonic() + _LONGEST_WAIT
    while True:
        try:
            found: Download = await diary.show("download", name)
        except StillWorking:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(_BETWEEN)
        else:
            return found
