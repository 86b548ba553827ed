"""How much of a request is received, and how long that may take: a file that is too large never fills the memory."""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from nutridiary.web.settings import MEGABYTE, Settings

MOST_SAID = 2 * MEGABYTE
"""Of what is no upload: a form that was filled in, or what a program says of a diary. [bytes]"""

MOST_COMMAS = 20_000
"""Of what is said in JSON. Each may bring one more thing that is wrong; all of them are told, which takes its time."""

_UPLOADS = ("/diaries", "/api/diaries")
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_STALLED_SECONDS = 20.0
# A browser shows the answer only once it has sent everything, so that much more is taken and thrown away.
_THROWN_AWAY = 10


class Received:
    """The body of one request, received within limits."""

    def __init__(self, receive: Receive, scope: Scope, settings: Settings) -> None:
        """Receive by `receive` what `scope` announces."""
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().casefold()
        self._is_upload = kind == _FORMS[0] and scope["path"] in _UPLOADS
        self._most_bytes = settings.most_bytes if self._is_upload else min(settings.most_bytes, MOST_SAID)
        self._most_commas = MOST_SAID if kind in _FORMS else MOST_COMMAS
        self._receive = receive
        self._end = time.monotonic() + settings.most_upload_seconds
        self._bytes = self._commas = 0
        self._is_whole = False

    async def __call__(self) -> Message:
        """Return the next part.

        Raises
        ------
        HTTPException
            If it is too large (413) or comes too slowly (408).
        """
        message = await self._next()
        if self._bytes > self._most_bytes or (self._commas > self._most_commas and not self._is_upload):
            while not self._is_whole and self._bytes <= _THROWN_AWAY * self._most_bytes:
                await self._next()
            raise HTTPException(413, self._too_large())
        return message

    def _too_large(self) -> str:
        if not self._is_upload:
            return "This is more than can be said at once. Say it in several parts."
        most = self._most_bytes // MEGABYTE
        return f"This is more than the {most} MB that can be uploaded at once. Leave out what is no diary."

    async def _next(self) -> Message:
        if self._is_whole:
            # What comes now is only that nobody listens any more, and may take as long as it likes.
            return await self._receive()
        try:
            left = self._end - time.monotonic()
            message = await asyncio.wait_for(self._receive(), min(max(left, 0.0), _STALLED_SECONDS))
        except TimeoutError as error:
            raise HTTPException(408, "The file came too slowly, and was not waited for any longer.") from error
        part = message.get("body", b"")
        self._bytes += len(part)
        self._commas += part.count(b",")
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message
