"""Pages: templates, what each of them is given, and the forms they send."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from nutridiary import __version__
from nutridiary.errors import NutridiaryError
from nutridiary.web.assets import asset
from nutridiary.web.diaries import NotOpenError, OpenDiary, Visitor
from nutridiary.web.guard import same
from nutridiary.web.server import Server, server_of

STAGES = (("reading", "Diary"), ("people", "Person"), ("review", "Review"), ("results", "Results"))
"""The pages a diary goes through, and what each is called."""

_MOST_FIELDS = 20_000
MOST_FILES = 20
"""Of one upload."""


class FormError(NutridiaryError):
    """A form that did not come from a page of this server, or is no form."""


def page(request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request : Request
    template : str
        "review.html.j2"
    status : int
    **shown
        What the template shows; ``diary`` where it is about one.
    """
    server, visitor = server_of(request), visitor_of(request)
    given = {
        "diary": None,
        "stage": "",
        "form_token": server.keys.form_token(visitor_id_of(request)),
        "settings": server.settings,
        "is_signed_in": visitor is not None and visitor.is_signed_in,
        "version": __version__,
        "stages": STAGES,
        **shown,
    }
    return HTMLResponse(_environment().get_template(template).render(given), status)


def see(path: str) -> RedirectResponse:
    """Return the answer to a form: go and see a page. Reloading that page sends nothing again."""
    return RedirectResponse(path, 303)


async def form_of(request: Request) -> FormData:
    """Return a form that one of this server's pages sent.

    Raises
    ------
    FormError
        If it was another page, or it holds more than any page of ours does.
    """
    form = await request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS)
    token = form.get("form_token")
    known = server_of(request).keys.form_token(visitor_id_of(request))
    if not isinstance(token, str) or not same(token, known):
        raise FormError(
            "This page was open for too long, or the server was started anew. Go back, reload, and try again."
        )
    return form


def visitor_id_of(request: Request) -> str:
    """Return the name of who asks."""
    return str(request.state.visitor_id)


def visitor_of(request: Request) -> Visitor | None:
    """Return who asks, if they have anything here."""
    return server_of(request).visitors.find(visitor_id_of(request))


def open_diary(request: Request, diary_id: str) -> OpenDiary:
    """Return the diary an address names, if it is the visitor's own.

    Raises
    ------
    NotOpenError
        If it is not, or was forgotten. Which of the two is not told.
    """
    diary = server_of(request).visitors.look_at(visitor_id_of(request), diary_id)
    if diary is None:
        raise NotOpenError(
            "This diary is not open here. Diaries are forgotten some time after they were last looked at, and when the "
            "page is closed down; none is shown to another browser. Upload it again."
        )
    return diary


def server(request: Request) -> Server:
    """Return what serves, for a route that asks for it."""
    return server_of(request)


def make_ready() -> None:
    """Load what the first page is made of, so that the first one who comes does not wait for it."""
    for template in ("start.html.j2", "layout.html.j2", "parts.html.j2"):
        _environment().get_template(template)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nutridiary.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    return environment
