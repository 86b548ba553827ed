"""Where a token is asked for, if the server has one, and where somebody leaves."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from nutridiary.web.guard import SIGN_IN, address_of, cookie_of, in_seconds, same
from nutridiary.web.pages import form_of, page, see, visitor_of
from nutridiary.web.server import server_of

pages = APIRouter(include_in_schema=False)


@pages.get(SIGN_IN)
async def show(request: Request) -> Response:
    """Ask for the token."""
    visitor = visitor_of(request)
    if server_of(request).settings.token is None or (visitor is not None and visitor.is_signed_in):
        return see("/")
    return page(request, "sign_in.html.j2", problems={})


@pages.post(SIGN_IN)
async def take(request: Request) -> Response:
    """Let in who knows the token, under a new name: who knew the old one shall not come in with them."""
    form, server, address = await form_of(request), server_of(request), address_of(request.scope)
    token = server.settings.token
    if token is None:
        return see("/")
    wait = server.attempts.wait(address)
    if wait > 0:
        return _asked_again(
            request, 429, f"A wrong token was tried too often. Try again in {in_seconds(wait)} s.", wait
        )
    said = form.get("token")
    if not isinstance(said, str) or not same(said.strip(), token):
        wait = server.attempts.wrong(address)
        return _asked_again(request, 403, "This is not the token. Whoever runs this server knows it.", wait)
    server.attempts.right(address)
    visitor = server.visitors.welcome(server.keys.new_visitor_id())
    visitor.is_signed_in = True
    answer = see("/")
    answer.headers["set-cookie"] = cookie_of(server.settings, visitor.id)
    return answer


@pages.post("/sign-out")
async def leave(request: Request) -> Response:
    """Forget who asks, with all their diaries."""
    await form_of(request)
    server, visitor = server_of(request), visitor_of(request)
    if visitor is not None:
        server.visitors.farewell(visitor)
    answer = see("/")
    answer.headers["set-cookie"] = cookie_of(server.settings, server.keys.new_visitor_id())
    return answer


def _asked_again(request: Request, status: int, words: str, wait: float) -> Response:
    answer = page(request, "sign_in.html.j2", status=status, problems={"token": words})
    if wait > 0:
        answer.headers["Retry-After"] = in_seconds(wait)
    return answer
