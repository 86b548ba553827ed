"""The application: its routes, what guards them, and what is said where something cannot be done."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from nutridiary import __version__
from nutridiary.errors import NutridiaryError
from nutridiary.web.attempts import Attempts
from nutridiary.web.described import describe
from nutridiary.web.diaries import NotOpenError, StillWorking, Visitors
from nutridiary.web.folders import PrivateFolder
from nutridiary.web.guard import HEALTH, Guard, Secrets, is_api
from nutridiary.web.pages import FormError, page, see
from nutridiary.web.routes import ROUTERS
from nutridiary.web.routes.answers import ANY
from nutridiary.web.server import Server
from nutridiary.web.settings import Settings
from nutridiary.web.steps.reading import NotReadError
from nutridiary.web.workers import ProgramError, Workers

_LOG = logging.getLogger(__name__)
_SWEEP_SECONDS = 60.0
_MOST_TOLD, _LONGEST_PLACE = 10, 100
_ABOUT = "Upload a food diary, put right what was made of it, and take the report. The twin of the web page."


def application(settings: Settings) -> FastAPI:
    """Return the application, as `nutridiary.web.make_app`."""
    workers, keys, folder = Workers(settings), Secrets(), PrivateFolder(settings.folder)
    server = Server(settings, keys, workers, Visitors(settings, workers, folder), Attempts())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        workers.start(folder.path)
        # What is too large to be received in memory goes into the same folder, nameless.
        elsewhere, tempfile.tempdir = tempfile.tempdir, str(folder.path)
        sweeping = asyncio.create_task(_sweep(server))
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            workers.stop()
            tempfile.tempdir = elsewhere
            server.visitors.forget_all()

    app = FastAPI(
        title="nutridiary",
        description=_ABOUT,
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the usual documentation pages load scripts from other sites
        redoc_url=None,
        redirect_slashes=False,  # it would lead to a whole address, and does not know that a proxy speaks https
        lifespan=lifespan,
        responses=ANY,
    )
    describe(app, settings)
    app.state.server = server
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route(HEALTH, _health, operation_id="health", tags=["server"], include_in_schema=True)
    app.mount("/static", _Assets(directory=str(files("nutridiary.web") / "static")), name="static")
    app.add_exception_handler(StillWorking, _still_working)
    app.add_exception_handler(NutridiaryError, _cannot)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(OSError, _not_kept)
    app.add_exception_handler(Exception, _went_wrong)
    app.add_middleware(Guard, settings=settings, keys=keys, visitors=server.visitors, attempts=server.attempts)
    return app


class Health(BaseModel):
    """That the server answers."""

    status: Literal["ok"]


async def _health() -> Health:
    """Tell that the server answers; nobody needs to be signed in for it."""
    return Health(status="ok")


class _Assets(StaticFiles):
    """Style sheets, scripts and pictures; an address that names their content is kept by browsers for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == 200 and scope["query_string"].startswith(b"v="):
            answer.headers["cache-control"] = "max-age=31536000, immutable"
        return answer


async def _sweep(server: Server) -> None:
    """Forget what is old, time and again."""
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        server.visitors.forget_old()


async def _still_working(request: Request, error: Exception) -> Response:
    assert isinstance(error, StillWorking)
    said = {"working_on": error.step, "lines": error.lines}
    if is_api(request.scope["path"]):
        return JSONResponse(said, 202, {"Retry-After": "1"})
    stage = (request.url.path.split("/") + [""] * 3)[3]
    # Comes again by itself, by GET also after a form was sent.
    # Named without the place within it: with that, a browser would only jump there, and wait for ever.
    again = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return page(request, "waiting.html.j2", status=202, diary=error.diary, stage=stage, again=again, **said)


async def _cannot(request: Request, error: Exception) -> Response:
    """Say what a step, or a form, says to the reader."""
    if isinstance(error, NotReadError) and not is_api(request.url.path):
        return see(f"/diaries/{request.path_params['diary_id']}/reading")
    if isinstance(error, NotOpenError):
        status = 404
    elif isinstance(error, FormError):
        status = 403
    elif isinstance(error, ProgramError):
        status = 500
    else:
        status = 422
    return _told(request, status, str(error))


async def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Where and why, never what was sent: it may be of a diary.
    found = error.errors()
    # Of a list too short because nothing in it could be used, what is wrong with each says enough.
    wrong = [one for one in found if one["type"] != "too_short"] or found
    said = [f"{'.'.join(map(str, one['loc']))[:_LONGEST_PLACE]}: {_why(one)}" for one in wrong[:_MOST_TOLD]]
    more = [f"and {len(wrong) - _MOST_TOLD:,} more"] if len(wrong) > _MOST_TOLD else []
    return _told(request, 422, f"This could not be understood: {'; '.join(said + more)}.")


def _why(wrong: dict[str, Any]) -> str:
    """Return why something is refused, without the words of a programming language."""
    if wrong["type"] in ("too_short", "too_long"):
        limits = wrong["ctx"]
        return (
            f"at least {limits['min_length']} needed" if "min_length" in limits else f"at most {limits['max_length']}"
        )
    return str(wrong["msg"])


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # A large upload goes into a file, where there is room for one. What came too slowly is an OSError to Python, too.
    if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, TimeoutError):
        return await _not_kept(request, error.__cause__)
    words = {404: "There is no such page here.", 405: "This cannot be done at this address."}
    headers = dict(error.headers or {}) | (_allowed(request) if error.status_code == 405 else {})
    return _told(request, error.status_code, words.get(error.status_code, str(error.detail)), headers)


def _allowed(request: Request) -> dict[str, str]:
    """Return the header that says every method of an address; each has a route of its own, which knows no other."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    found = {method for one in routes if one.matches(request.scope)[0] != Match.NONE for method in one.methods or ()}
    return {"Allow": ", ".join(sorted(found))} if found else {}


async def _not_kept(request: Request, error: Exception) -> Response:
    """Say that what was sent, or is to be shown, could not be written or read."""
    assert isinstance(error, OSError)
    reason = error.strerror or type(error).__name__
    _LOG.error("the folder of the server cannot be used: %s", reason)
    words = f"This could not be kept ({reason}). Try again later, or tell whoever runs the server."
    return _told(request, 500, words)


async def _went_wrong(request: Request, error: Exception) -> Response:
    """Say nothing of an error that was not foreseen but its kind: its text could hold what somebody ate."""
    _LOG.error("an error of the program: %s", type(error).__name__)
    words = f"An error of the program ({type(error).__name__}), not of your file. Please report it."
    # The server ends the connection after an error; who is told so sends nothing more on it.
    return _told(request, 500, words, {"Connection": "close"})


def _told(request: Request, status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    if is_api(request.scope["path"]):
        return JSONResponse({"error": words}, status, headers)
    answer = page(request, "error.html.j2", status=status, words=words)
    answer.headers.update(headers or {})
    return answer
