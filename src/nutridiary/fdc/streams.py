"""Streams of bytes from the outside: counted, hashed, and cut off where they hold more than they may."""

from __future__ import annotations

import codecs
import hashlib
import io
from typing import IO, Any

from nutridiary.errors import FoodDataError


class CountedStream(io.RawIOBase):
    """Passes bytes on, counted and hashed.

    Attributes
    ----------
    bytes : int
        How many were passed on.
    sha256 : hash object
        Of what was passed on.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        """Read from `stream`."""
        self._stream = stream
        self.bytes = 0
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        content = self._stream.read(size)
        self.bytes += len(content)
        self.sha256.update(content)
        return content

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`, as far as there is anything, and return how far."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)


class LimitedStream(CountedStream):
    """Passes on no more bytes than a file, and what is read of it at once, may have.

    Raises
    ------
    FoodDataError
        When it is asked for more.
    """

    def __init__(self, stream: IO[bytes], most: int, where: str) -> None:
        """Read up to `most` bytes from `stream`; `where` names it in the error."""
        self._stream, self._most, self._where = stream, most, where
        self.bytes = 0
        self._at_once, self._since, self._of = most, 0, "one piece"

    def refuse_after(self, most: int, what: str) -> None:
        """Pass on no more than `most` bytes before `start_again` is called."""
        self._at_once, self._of = most, what
        self.start_again()

    def start_again(self) -> None:
        """Count anew: what was read until now is dealt with."""
        self._since = self.bytes

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        left = self._most - self.bytes
        content = self._stream.read(left + 1 if size < 0 else min(size, left + 1))
        self.bytes += len(content)
        if self.bytes > self._most:
            raise FoodDataError(f"{self._where} unpacks to more than {self._most:,} bytes. Not read.")
        if self.bytes - self._since > self._at_once:
            raise FoodDataError(f"{self._where} has more than {self._at_once:,} bytes in {self._of} Not read.")
        return content


class FoodsStream:
    """Passes on JSON, as long as no food of it is endless or nested without end.

    A parser keeps the path to each value, so that memory grows with the square of the depth. What is
    open is counted as brackets, those in texts too, from the last food on: few, where it is a food.

    Parameters
    ----------
    stream : LimitedStream
    most_bytes, most_open : int
        Most bytes and most open brackets of one food.
    where : str
        Names the file in the error.
    """

    def __init__(self, stream: LimitedStream, most_bytes: int, most_open: int, where: str) -> None:
        """Read foods from `stream`."""
        stream.refuse_after(most_bytes, "one food.")
        self._stream, self._most_open, self._where = stream, most_open, where
        self._open, self._has_begun = 0, False

    def next_food(self) -> None:
        """Count anew: a food came to its end."""
        self._stream.start_again()
        self._open = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        content = self._stream.read(size)
        if content and not self._has_begun:  # a parser of JSON takes no byte order mark
            self._has_begun, content = True, content.removeprefix(codecs.BOM_UTF8)
        count = content.count
        self._open = max(0, self._open + count(b"{") + count(b"[") - count(b"}") - count(b"]"))
        if self._open > self._most_open:
            raise FoodDataError(f"{self._where} has a food nested more than {self._most_open:,} deep. Not read.")
        return content
