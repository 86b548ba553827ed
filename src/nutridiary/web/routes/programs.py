"""The page for who writes programs: every JSON address, and how to call it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.web.operations import operations_of
from nutridiary.web.pages import page
from nutridiary.web.server import server_of

pages = APIRouter(include_in_schema=False)


@pages.get("/api")
async def show(request: Request) -> Response:
    """Show every JSON address."""
    settings = server_of(request).settings
    with_token = settings.token is not None
    address = f"{'https' if settings.https else 'http'}://{request.url.netloc}"
    groups = operations_of(request.app.openapi(), address, with_token=with_token)
    return page(request, "api.html.j2", groups=groups, address=address, with_token=with_token)
