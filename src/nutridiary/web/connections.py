"""Connections: how many there may be, and how long one may take to say what it wants.

Headers that are no HTTP are answered in plain words, and what somebody sent is written nowhere.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from nutridiary.web.headers import HEADERS

MOST_HEADER_BYTES = 32 * 2**10
_HEADER_SECONDS = 10.0
_STALLED_SECONDS = 60.0  # s; that somebody may take none of what they are sent


def protocol_for(most_connections: int) -> type[H11Protocol]:
    """Return how HTTP is spoken: as uvicorn does, with limits of our own."""

    class Limited(_Limited):
        most = most_connections

    return Limited


class _Limited(H11Protocol):
    """HTTP/1.1 with a time for headers; without web sockets."""

    most = 500
    stalled_seconds = _STALLED_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self._refuse(503, "Too many connections. Try again in a moment.")
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self._waiting is None:
            self._wait()  # a further request of this connection has begun
        elif self.conn.their_state is not h11.IDLE:
            self._wait_no_more()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.stalled_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._go_on()
        super().resume_writing()

    def _go_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self._go_on()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._wait_no_more()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._refuse(400, "This is no request that can be understood.")
        else:  # in the middle of an answer
            self.transport.abort()

    def _should_upgrade(self) -> bool:
        return False

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(_HEADER_SECONDS, self._too_slow)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        self._waiting = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._refuse(408, "The request came too slowly.")

    def _refuse(self, status: int, words: str) -> None:
        body = f"{words}\n".encode()
        said = {
            **HEADERS,
            "cache-control": "no-store",
            "connection": "close",
            "content-length": str(len(body)),
            "content-type": "text/plain; charset=utf-8",
        }
        lines = [f"HTTP/1.1 {status} Refused", *(f"{name}: {value}" for name, value in said.items()), "", ""]
        self.transport.write("\r\n".join(lines).encode() + body)
        self.transport.close()
