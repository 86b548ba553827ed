"""The web page: upload a diary, put the matches right, take the report. A shell: no arithmetic lives here.

The server is one process that answers requests and never works on a diary itself, and a few worker processes that
do. What a person said of a diary is `asked.Asked`; a step (`steps`) turns it into what a page shows, in a worker; a
route (`routes`) shows it as a page and as its JSON twin. docs/web.md tells how it is used, docs/serve.md how a clinic
runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from nutridiary.web.settings import Settings

__all__ = ["make_app", "serve"]


def make_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application.

    Parameters
    ----------
    settings : Settings, optional
        How it is run; by default for one person on this machine.

    Returns
    -------
    fastapi.FastAPI

    Raises
    ------
    NutridiaryError
        If the extra ``web`` is not installed.
    """
    from nutridiary.web.serving import require_web

    require_web()
    from nutridiary.web.app import application
    from nutridiary.web.settings import Settings as _Settings

    return application(settings or _Settings())


def serve(
    settings: Settings, *, open_browser: bool = False, tell: Callable[[str], None] = lambda address: None
) -> None:
    """Serve the web page until it is stopped.

    Parameters
    ----------
    settings : Settings
    open_browser : bool
        Open the page in the user's browser once it can be reached.
    tell : callable
        Called with the address of the page before it is served.

    Raises
    ------
    NutridiaryError
        If the extra ``web`` is not installed, or the address cannot be used.
    """
    from nutridiary.web.serving import require_web, serve_until_stopped

    require_web()
    serve_until_stopped(settings, open_browser=open_browser, tell=tell)
