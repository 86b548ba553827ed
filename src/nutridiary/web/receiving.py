"""How much of a request is received, and how long that may take: a file that is too large never fills the memory."""

from __future__ import annotations

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

_STALLED_SECONDS = 20.0
# A browser shows the answer only once it has sent everything, so that much more is taken and thrown away.
_THROWN_AWAY = 10


class Received:
    """The body of one request, received within limits."""

    def __init__(self, receive: Receive, *, most_bytes: int, most_seconds: float) -> None:
        """Receive by `receive`."""
        self._receive, self._most_bytes = receive, most_bytes
        self._end = time.monotonic() + most_seconds
        self._most_seconds = most_seconds
        self._bytes = 0
        self._is_whole = False

    async def __call__(self) -> Message:
        """Return the next part.

        Raises
        ------
        HTTPException
            If it is too large (413) or comes too slowly (408).
        """
        message = await self._next()
        if self._bytes > self._most_bytes:
            while not self._is_whole and self._bytes <= _THROWN_AWAY * self._most_bytes:
                await self._next()
            raise HTTPException(413)
        return message

    async def _next(self) -> Message:
        if self._is_whole:
            # What comes now is only that nobody listens any more, and may take as long as it likes.
            return await self._receive()
        try:
            left = self._end - time.monotonic()
            message = await asyncio.wait_for(self._receive(), min(max(left, 0.0), _STALLED_SECONDS))
        except TimeoutError as error:
            raise HTTPException(408, "The file came too slowly, and was not waited for any longer.") from error
        self._bytes += len(message.get("body", b""))
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message
