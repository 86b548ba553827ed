"""One call over the network: bounded in time and size, whatever the other side does.

A call runs in a thread of its own and is left behind, its connection cut, when it takes longer than
it may: the time-outs of sockets start anew with every byte, and looking up a name has none at all.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import socket
import threading
import weakref
import zlib
from collections.abc import Mapping
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from nutridiary import __version__
from nutridiary.fdc.api.failures import NoAnswerError
from nutridiary.fdc.api.key import ApiKey
from nutridiary.fdc.api.patience import Patience

MOST_BYTES = 32 * 1024**2
"""Longest answer that is read, packed or unpacked; 20 foods in full take some 5 MB."""
_PART_BYTES = 64 * 1024
_AGENT = f"nutridiary/{__version__} (+https://fdc.nal.usda.gov/api-guide)"


class Answer:
    """What the server said: status, headers, and the content, unpacked."""

    __slots__ = ("content", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Keep the parts."""
        self.status, self.headers, self.content = status, headers, content


class Caller:
    """Makes calls, one at a time, over connections that are kept open between them.

    Parameters
    ----------
    key : ApiKey
    patience : Patience
    """

    def __init__(self, key: ApiKey, patience: Patience) -> None:
        """Open nothing yet."""
        self._key, self._patience = key, patience
        self._session: requests.Session | None = None
        self._adapter: _Adapter | None = None

    def __reduce__(self) -> Any:
        """Refuse to be written anywhere: the key would be."""
        raise TypeError("Open connections are not pickled.")

    def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            self._session.close()
        self._session = self._adapter = None

    def call(self, url: str, body: Mapping[str, Any], *, most_seconds: float) -> Answer:
        """Make one call.

        Raises
        ------
        NoAnswerError
            If there was none, or none that could be read to its end.
        """
        if self._session is None:
            self._session, self._adapter = _new_session(url)
        said: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        arguments = (self._session, self._key, self._patience, url, body, said)
        threading.Thread(target=_perform, args=arguments, name="FoodData Central", daemon=True).start()
        try:
            outcome = said.get(timeout=max(0.001, min(self._patience.call, most_seconds)))
        except queue.Empty:
            outcome = NoAnswerError("it took too long to answer")
            self._leave_behind()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _leave_behind(self) -> None:
        """Cut the connections of a call that took too long; the next one opens its own."""
        if self._adapter is not None:
            self._adapter.hang_up()
        self._session = self._adapter = None


def _perform(
    session: requests.Session,
    key: ApiKey,
    patience: Patience,
    url: str,
    body: Mapping[str, Any],
    said: queue.SimpleQueue[Answer | Exception],
) -> None:
    """Make one call and say what came of it. Errors of libraries stay here: what they hold, holds the key."""
    try:
        # A redirect would carry the key to wherever it points: none is followed.
        with session.post(
            url,
            json=body,
            headers={**key.header(), "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": _AGENT},
            timeout=(patience.connect, patience.read),
            allow_redirects=False,
            stream=True,
        ) as response:
            said.put(Answer(response.status_code, response.headers, read_whole(response, MOST_BYTES)))
    except NoAnswerError as failure:
        said.put(NoAnswerError(failure.why, passes=failure.passes))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        said.put(NoAnswerError(why_not_reached(error), passes=not _stays(error)))
    except Exception as error:  # whatever it is, the caller must not wait for it
        said.put(NoAnswerError(f"the call failed ({type(error).__name__})", passes=False))


_REFUSED = (requests.exceptions.SSLError, urllib3.exceptions.SSLError)
_PROXY = (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL)
_LATE = (requests.Timeout, urllib3.exceptions.TimeoutError)


def why_not_reached(error: Exception) -> str:
    """Return in words why nothing came, of an error of the network."""
    if isinstance(error, _REFUSED):
        return "its certificate was not accepted"
    if isinstance(error, _PROXY):
        return "the proxy that is set for this machine (HTTPS_PROXY) does not lead to it"
    if isinstance(error, _LATE):
        return "it took too long to answer"
    return "the request cannot be sent" if _stays(error) else "it cannot be reached"


def _stays(error: Exception) -> bool:
    """Return whether the same would come of asking again: what is set here is wrong, not the network."""
    unusable = isinstance(error, requests.RequestException) and isinstance(error, ValueError)
    return unusable or isinstance(error, _REFUSED)


def read_whole(response: requests.Response, most: int) -> bytes:
    """Return what a response holds, unpacked; `most` is how long it may be, packed or not. [bytes]

    Raises
    ------
    NoAnswerError
        If it is longer, breaks off, or is not packed as it says.
    """
    length, encoding = (response.headers.get(f"Content-{name}", "") for name in ("Length", "Encoding"))
    packed = bytearray()
    for part in response.raw.stream(_PART_BYTES, decode_content=False):
        packed += part
        if len(packed) > most:
            raise NoAnswerError(f"the answer is longer than {most:,} bytes", passes=False)
    if length.isdigit() and len(packed) < int(length):
        raise NoAnswerError("the answer broke off")
    return _unpacked(bytes(packed), encoding.strip().casefold(), most)


def _unpacked(content: bytes, encoding: str, most: int) -> bytes:
    """Return the content without its packing, which may not unfold beyond the limit."""
    if encoding in ("", "identity"):
        return content
    if encoding not in ("gzip", "x-gzip"):
        raise NoAnswerError(f"the answer is packed as {encoding[:20]!r}, which nobody asked for", passes=False)
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(content, most + 1)
    except zlib.error:
        raise NoAnswerError("the answer is not packed as it says", passes=False) from None
    if len(plain) > most:
        raise NoAnswerError(f"the answer is longer than {most:,} bytes", passes=False)
    if not unpacker.eof:
        raise NoAnswerError("the answer broke off")
    return plain


class _QuietConnection(HTTPConnection):
    debuglevel = 0  # whatever `http.client` was told: it would print the header with the key


class _QuietSecureConnection(HTTPSConnection):
    debuglevel = 0


class _Pool(HTTPConnectionPool):
    ConnectionCls = _QuietConnection

    def __init__(self, *arguments: Any, live: weakref.WeakSet[HTTPConnection], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._live = live

    def _new_conn(self) -> Any:
        connection = super()._new_conn()
        self._live.add(connection)  # type: ignore[arg-type]
        return connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _QuietSecureConnection

    def __init__(self, *arguments: Any, live: weakref.WeakSet[HTTPConnection], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._live = live

    def _new_conn(self) -> Any:
        connection = super()._new_conn()
        self._live.add(connection)  # type: ignore[arg-type]
        return connection


class _Adapter(HTTPAdapter):
    """An adapter that knows its connections, to cut them while another thread waits for them."""

    def __init__(self) -> None:
        self._live: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes()

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = self._pool_classes()
        return manager

    def _pool_classes(self) -> dict[str, Any]:
        return {
            "http": functools.partial(_Pool, live=self._live),
            "https": functools.partial(_SecurePool, live=self._live),
        }

    def hang_up(self) -> None:
        """Cut every connection."""
        for connection in list(self._live):
            opened = getattr(connection, "sock", None)
            if opened is not None:
                with contextlib.suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)


def _new_session(url: str) -> tuple[requests.Session, _Adapter]:
    session, adapter = requests.Session(), _Adapter()
    session.auth = leave_alone
    # Plain http is for this machine only: a proxy of the environment would get the key in the clear.
    session.trust_env = url.startswith("https:")
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session, adapter


def leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand in for the names and passwords of a ``.netrc``, which are nobody's business here."""
    return request
