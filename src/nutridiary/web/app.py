"""The application: its routes, what guards them, and what is said where something cannot be done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.resources import files

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from nutridiary import __version__
from nutridiary.errors import NutridiaryError
from nutridiary.web.diaries import NotOpenError, StillWorking, Visitors
from nutridiary.web.guard import Guard, Secrets
from nutridiary.web.pages import FormError, page
from nutridiary.web.routes import ROUTERS
from nutridiary.web.server import Server
from nutridiary.web.settings import Settings
from nutridiary.web.workers import ProgramError, Workers

_LOG = logging.getLogger(__name__)
_SWEEP_SECONDS = 60.0
_ABOUT = "Upload a food diary, put right what was made of it, and take the report. The twin of the web page."


def application(settings: Settings) -> FastAPI:
    """Return the application, as `nutridiary.web.make_app`."""
    workers, keys = Workers(settings), Secrets()
    server = Server(settings, keys, workers, Visitors(settings, workers))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        workers.start()
        sweeping = asyncio.create_task(_sweep(server))
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            workers.stop()
            server.visitors.forget_all()

    app = FastAPI(
        title="nutridiary",
        description=_ABOUT,
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the usual documentation pages load scripts from other sites
        redoc_url=None,
        lifespan=lifespan,
        max_body_size=settings.most_bytes,
    )
    app.state.server = server
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("nutridiary.web") / "static")), name="static")
    app.add_exception_handler(StillWorking, _still_working)
    app.add_exception_handler(NutridiaryError, _cannot)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _went_wrong)
    app.add_middleware(Guard, settings=settings, keys=keys)
    return app


async def _sweep(server: Server) -> None:
    """Forget what is old, time and again."""
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        server.visitors.forget_old()


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _still_working(request: Request, error: Exception) -> Response:
    assert isinstance(error, StillWorking)
    said = {"working_on": error.step, "lines": error.lines}
    if _is_api(request):
        return JSONResponse(said, 202, {"Retry-After": "1"})
    stage = (request.url.path.split("/") + [""] * 3)[3]
    # Comes again by itself, by GET also after a form was sent.
    return page(request, "waiting.html.j2", status=202, diary=error.diary, stage=stage, **said)


async def _cannot(request: Request, error: Exception) -> Response:
    """Say what a step, or a form, says to the reader."""
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
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return _told(request, 422, f"This could not be understood: {said}.")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "There is no such page here.", 405: "This cannot be done at this address.", 413: _too_large(request)}
    return _told(request, error.status_code, words.get(error.status_code, str(error.detail)), dict(error.headers or {}))


async def _went_wrong(request: Request, error: Exception) -> Response:
    """Say nothing of an error that was not foreseen but its kind: its text could hold what somebody ate."""
    _LOG.error("an error of the program: %s", type(error).__name__)
    return _told(request, 500, f"An error of the program ({type(error).__name__}), not of your file. Please report it.")


def _too_large(request: Request) -> str:
    most = request.app.state.server.settings.most_bytes
    return f"This is more than the {most // 2**20} MB that can be uploaded at once. Leave out what is no diary."


def _told(request: Request, status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    if _is_api(request):
        return JSONResponse({"error": words}, status, headers)
    answer = page(request, "error.html.j2", status=status, words=words)
    answer.headers.update(headers or {})
    return answer
