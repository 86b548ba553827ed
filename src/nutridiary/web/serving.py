"""Start the server, say where it is, and open the page in a browser."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

from nutridiary.errors import NutridiaryError, listing
from nutridiary.web.settings import Settings

_NEEDED = ("fastapi", "uvicorn", "multipart", "pebble")


def require_web() -> None:
    """Make sure that the extra ``web`` is installed.

    Raises
    ------
    NutridiaryError
        If it is not; the text says how to install it.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise NutridiaryError(
            f"The web page needs what is not installed ({listing(missing)}): pip install 'nutridiary[web]'"
        )


def serve_until_stopped(settings: Settings, *, open_browser: bool, tell: Callable[[str], None]) -> None:
    """Serve, as `nutridiary.web.serve`."""
    import uvicorn

    from nutridiary.web.app import application

    listening = _listen(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    address = address_of(settings)
    tell(address)
    if open_browser:
        # Requests wait in the socket until the server answers: it listens already.
        threading.Timer(0.2, webbrowser.open, [address]).start()
    config = uvicorn.Config(
        application(settings),
        access_log=False,  # addresses name diaries
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        limit_concurrency=500,
    )
    uvicorn.Server(config).run(sockets=[listening])


def address_of(settings: Settings) -> str:
    """Return where the page is.

    Examples
    --------
    >>> address_of(Settings(port=8000)), address_of(Settings(host="::1", port=8000))
    ('http://127.0.0.1:8000/', 'http://[::1]:8000/')
    """
    host = settings.host.strip("[]")
    return f"http://[{host}]:{settings.port}/" if ":" in host else f"http://{host}:{settings.port}/"


def _listen(settings: Settings) -> socket.socket:
    """Take the address before anything else, so that who cannot have it is told at once."""
    host = settings.host.strip("[]")
    try:
        found = socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)
        listening = socket.socket(found[0][0], socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(found[0][4])
        listening.listen(256)
    except OSError as error:
        raise NutridiaryError(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror or error}). "
            "Name another --port, or leave it out to take a free one."
        ) from error
    listening.set_inheritable(False)
    return listening
