"""What stands before every request: who may ask, from where, and what a browser may do with the answer.

A page on the user's own machine can be reached by every site they visit, through their browser. So a request must call
this server by its own name (else another name was pointed at it), and one that changes something must come from its
own pages. docs/web.md tells what is guarded against, and how.
"""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nutridiary.web.settings import Settings

_SAFE = ("GET", "HEAD", "OPTIONS")
_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not "no-referrer": browsers then hide where a form comes from, and it would be refused here.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What every answer says of itself. Nothing of a diary is stored in a cache; see `_own_headers`."""


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
    return hmac.compare_digest(said.encode(), known.encode())


class Guard:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, settings: Settings, keys: Secrets) -> None:
        """Stand before `app`."""
        self._app, self._settings, self._keys = app, settings, keys
        self._names = {*_OWN_NAMES, settings.host, *settings.names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or hand it on with who asks, and put the headers on what is answered."""
        if scope["type"] != "http":
            # There are no web sockets here; start and end of the server pass.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        cookie = cookie_name(self._settings)
        said = _cookies(headers).get(cookie, "")
        visitor_id = said if self._keys.is_visitor_id(said) else self._keys.new_visitor_id()
        scope.setdefault("state", {})["visitor_id"] = visitor_id
        is_new = visitor_id != said

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(raw=message["headers"])
                _own_headers(answered, scope["path"])
                if is_new and "set-cookie" not in answered and not scope["path"].startswith("/static/"):
                    answered.append("set-cookie", cookie_of(self._settings, visitor_id))
                message["headers"] = answered.raw
            await send(message)

        await (refusal or self._app)(scope, receive, answer)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        """Return why a request goes no further, or None."""
        host = headers.get("host", "")
        if _name_of(host) not in self._names:
            own = ", ".join(sorted(self._names))
            return PlainTextResponse(
                f"This server is not called that. It is called {own}; whoever runs it can add a name with --name.\n",
                421,
            )
        if method in _SAFE:
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if (origin is not None and urlsplit(origin).netloc != host) or site in ("cross-site", "same-site"):
            return PlainTextResponse("This was sent from another site, and is refused. Send it from this page.\n", 403)
        return None


def cookie_name(settings: Settings) -> str:
    """Return the name of the cookie; two servers on one machine do not take each other's."""
    return f"nutridiary-{settings.port}"


def cookie_of(settings: Settings, visitor_id: str) -> str:
    """Return the cookie that names a visitor; it goes when the browser is closed."""
    secure = "; Secure" if settings.https else ""
    return f"{cookie_name(settings)}={visitor_id}; Path=/; HttpOnly; SameSite=Strict{secure}"


def _own_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "max-age=3600" if path.startswith("/static/") else "no-store")


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _name_of(host: str) -> str:
    """Return the name in a Host header, without its port.

    Examples
    --------
    >>> [_name_of(host) for host in ("localhost:8000", "[::1]:8000", "Clinic.example", "")]
    ['localhost', '[::1]', 'clinic.example', '']
    """
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() and (not name.count(":") or name.endswith("]")) else host).casefold()
