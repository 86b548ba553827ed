"""What stands before every request: who may ask, from where, and what a browser may do with the answer.

A page on the user's own machine can be reached by every site they visit, through their browser. So a request must call
this server by its own name (else another name was pointed at it), and one that changes something must come from its
own pages. docs/serve.md tells what is guarded against, and how.
"""

from __future__ import annotations

import hmac
import math
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nutridiary.web.attempts import Attempts
from nutridiary.web.diaries import Visitors
from nutridiary.web.headers import add_headers
from nutridiary.web.receiving import Received
from nutridiary.web.settings import Settings

_SAFE = ("GET", "HEAD", "OPTIONS")
_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
_ALL_ADDRESSES = ("0.0.0.0", "::", "[::]")  # noqa: S104 - compared with, not listened on
HEALTH, SIGN_IN = "/health", "/sign-in"


class Secrets:
    """What the cookies and forms of this server are known by; made anew each time it starts."""

    def __init__(self) -> None:
        """Make a key nobody knows."""
        self._key = secrets.token_bytes(32)

    def new_visitor_id(self) -> str:
        """Return the name of a new visitor, signed, so that nobody else can have made it."""
        name = secrets.token_urlsafe(32)
        return f"{name}.{self._sign('visitor', name)}"

    def is_visitor_id(self, said: str) -> bool:
        """Tell whether this server made the name."""
        name, _, signature = said.partition(".")
        return same(signature, self._sign("visitor", name))

    def form_token(self, visitor_id: str) -> str:
        """Return what the forms of a visitor carry: another site cannot know it."""
        return self._sign("form", visitor_id)

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), "sha256").hexdigest()


def same(said: str, known: str) -> bool:
    """Compare secrets, in a time that tells nothing of them."""
    return hmac.compare_digest(said.encode(errors="replace"), known.encode())


class Guard:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, settings: Settings, keys: Secrets, visitors: Visitors, attempts: Attempts) -> None:
        """Stand before `app`."""
        self._app, self._settings, self._keys, self._visitors, self._attempts = app, settings, keys, visitors, attempts
        names = {*_OWN_NAMES, settings.host, f"[{settings.host}]", *settings.names} - set(_ALL_ADDRESSES)
        self._names = {name.casefold() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or hand it on with who asks, and put the headers on what is answered."""
        if scope["type"] != "http":
            # There are no web sockets here; start and end of the server pass.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers, settings = Headers(scope=scope), self._settings
        said = next(filter(self._keys.is_visitor_id, _cookies(headers, cookie_name(settings))), None)
        visitor_id = said or self._keys.new_visitor_id()
        scope.setdefault("state", {})["visitor_id"] = visitor_id
        refusal = self._refusal(scope, headers) or self._not_signed_in(scope, headers, visitor_id)
        is_new = visitor_id != said and refusal is None and not _is_for_anybody(scope["path"])

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(raw=message["headers"])
                is_asset = message["status"] in (200, 206, 304) and scope["path"].startswith("/static/")
                add_headers(answered, is_asset=is_asset, https=settings.https)
                if is_new and "set-cookie" not in answered:
                    answered.append("set-cookie", cookie_of(settings, visitor_id))
                message["headers"] = answered.raw
            await send(message)

        await (refusal or self._app)(scope, Received(receive, scope, settings), answer)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return why a request goes no further, or None."""
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        if _name_of(host) not in self._names:
            own = ", ".join(sorted(self._names))
            words = f"This server is not called that. It is called {own}; whoever runs it can add a name with --name."
            return _refused(scope, 421, words)
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
        is_from_elsewhere = site in ("cross-site", "same-site")
        if scope["method"] in _SAFE:
            # A link leads here; nothing of ours is part of another site's page.
            return _refused(scope, 403, _FROM_ELSEWHERE) if is_from_elsewhere and mode != "navigate" else None
        origin = headers.get("origin")
        if is_from_elsewhere or (origin is not None and not self._is_own(origin, host)):
            return _refused(scope, 403, _FROM_ELSEWHERE)
        return None

    def _is_own(self, origin: str, host: str) -> bool:
        try:
            said = urlsplit(origin)
        except ValueError:
            return False
        return said.netloc == host and said.scheme == ("https" if self._settings.https else "http")

    def _not_signed_in(self, scope: Scope, headers: Headers, visitor_id: str) -> Response | None:
        """Return where a token is asked for, or None where none is needed or it was given."""
        token, path = self._settings.token, scope["path"]
        if token is None or path == SIGN_IN or _is_for_anybody(path):
            return None
        visitor = self._visitors.find(visitor_id)
        if visitor is not None and visitor.is_signed_in:
            return None
        if not is_api(path):
            return RedirectResponse(SIGN_IN, 303)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.casefold() != "bearer":
            return _unauthorized("Give the token of this server: Authorization: Bearer ...")
        address = address_of(scope)
        wait = self._attempts.wait(address)
        if wait > 0:
            return _too_often(wait)
        if same(given.strip(), token):
            self._attempts.right(address)
            return None
        self._attempts.wrong(address)
        return _unauthorized("This is not the token of this server.")


_FROM_ELSEWHERE = "This was sent from another site, and is refused. Send it from this page."


def is_api(path: str) -> bool:
    """Tell whether an address is answered in JSON."""
    return path.startswith("/api/")


def address_of(scope: Scope) -> str:
    """Return who is connected; what a proxy says of whom it speaks for is not believed."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def cookie_name(settings: Settings) -> str:
    """Return the name of the cookie; two servers on one machine do not take each other's."""
    # A browser takes a cookie of this name only over https, for this host alone.
    return "__Host-nutridiary" if settings.https else f"nutridiary-{settings.port}"


def cookie_of(settings: Settings, visitor_id: str) -> str:
    """Return the cookie that names a visitor; it goes when the browser is closed.

    It comes along when a link or a bookmark leads here (Lax), and never with what another site sends.
    """
    secure = "; Secure" if settings.https else ""
    return f"{cookie_name(settings)}={visitor_id}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _is_for_anybody(path: str) -> bool:
    return path == HEALTH or path.startswith("/static/")


def _refused(scope: Scope, status: int, words: str) -> Response:
    if is_api(scope["path"]):
        return JSONResponse({"error": words}, status)
    return PlainTextResponse(f"{words}\n", status)


def _unauthorized(words: str) -> Response:
    return JSONResponse({"error": words}, 401, {"WWW-Authenticate": "Bearer"})


def _too_often(wait: float) -> Response:
    seconds = in_seconds(wait)
    words = f"A wrong token was tried too often. Try again in {seconds} seconds."
    return JSONResponse({"error": words}, 429, {"Retry-After": seconds})


def in_seconds(wait: float) -> str:
    """Return how long somebody must wait, in whole seconds and never too short.

    Examples
    --------
    >>> in_seconds(0.2), in_seconds(3.0)
    ('1', '3')
    """
    return str(math.ceil(wait))


def _cookies(headers: Headers, name: str) -> list[str]:
    """Return the values of a cookie.

    Browsers send what any other program on this machine has set, in whatever spelling, and several of one name.

    Examples
    --------
    >>> _cookies(Headers({"cookie": 'theme={"dark": [1]}; ours=a;ours=b; odd; =c'}), "ours")
    ['a', 'b']
    """
    pairs = (one.partition("=") for line in headers.getlist("cookie") for one in line.split(";"))
    return [value.strip() for found, _, value in pairs if found.strip() == name]


def _name_of(host: str) -> str:
    """Return the name in a Host header, without its port.

    Examples
    --------
    >>> [_name_of(host) for host in ("localhost:8000", "[::1]:8000", "Clinic.example", "")]
    ['localhost', '[::1]', 'clinic.example', '']
    """
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() and (not name.count(":") or name.endswith("]")) else host).casefold()
