"""Start the server, say where it is, and open the page in a browser."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec

from nutridiary.errors import NutridiaryError, listing
from nutridiary.web.settings import Settings

_NEEDED = ("fastapi", "uvicorn", "python_multipart")


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
    from nutridiary.web.connections import MOST_HEADER_BYTES, protocol_for
    from nutridiary.web.logs import hear_only_our_own
    from nutridiary.web.pages import make_ready

    listening = _listen(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    _keep_private()
    hear_only_our_own()
    address = address_of(settings)
    config = uvicorn.Config(
        application(settings),
        http=protocol_for(settings.most_connections),
        ws="none",
        lifespan="on",
        access_log=False,  # addresses name diaries
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
    )
    make_ready()
    tell(address)
    if open_browser:
        # Requests wait in the socket until the server answers: it listens already.
        threading.Timer(0.2, webbrowser.open, [address]).start()
    # Stopped by Ctrl-C it has ended as it should: everything is forgotten by then.
    with suppress(KeyboardInterrupt):
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
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, settings.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # With the protocol named, what is answered is sent at once: asyncio turns delays off for TCP alone.
        listening = socket.socket(family, kind, protocol)
        if sys.platform == "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # take a port again whose connections have not quite ended; never one that is listened on
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(256)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NutridiaryError(
            f"{settings.host}:{settings.port} cannot be listened on ({reason}). "
            "Name another --port, or leave it out to take a free one."
        ) from error
    listening.set_inheritable(False)
    return listening


def _keep_private() -> None:
    """Write for this user only; and let no picture of the memory be written if the server should die."""
    os.umask(0o077)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
