"""OLE compound files, the wrapping of old Excel workbooks: a small file system of sectors in chains.

References
----------
Microsoft, "[MS-CFB]: Compound File Binary File Format", sections 2.1 to 2.6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MINI_SECTOR = 64
_LAST_SECTOR = 0xFFFFFFFA  # above it stand marks: end of chain, free, part of the table itself
_STREAM, _ROOT = 2, 5


class DamagedFileError(Exception):
    """The bytes are not laid out as the format demands; never leaves the readers of old workbooks."""


@dataclass(frozen=True)
class _Place:
    """Where a stream lies: its first sector and its length [bytes]."""

    first: int
    length: int


class CompoundFile:
    """The streams of a compound file.

    Parameters
    ----------
    data : bytes
        A file that begins with `OLE`.

    Raises
    ------
    DamagedFileError
        Here or from any method, if the file is not laid out as it should be.
    """

    def __init__(self, data: bytes) -> None:
        """Read the tables and the directory; streams are read when asked for."""
        self._data = data
        shift = _numbers(data, 30, "<H")[0]
        if shift not in (9, 12):
            raise DamagedFileError
        self._size = 1 << shift
        self._table = self._read_table()
        self._root = _Place(0, 0)
        self._places: dict[str, _Place] = {}
        self._read_directory(_numbers(data, 48, "<I")[0])

    @property
    def names(self) -> set[str]:
        """The names of the streams, in small letters."""
        return set(self._places)

    def stream(self, name: str) -> bytes:
        """Return the content of a stream, by its name in small letters."""
        place = self._places[name]
        if place.length < _numbers(self._data, 56, "<I")[0]:
            whole = _follow(self._mini_stream, self._mini_table, place.first, _MINI_SECTOR, 0)
        else:
            whole = self._chain(place.first)
        if len(whole) < place.length:
            raise DamagedFileError
        return whole[: place.length]

    def _chain(self, first: int) -> bytes:
        # The header takes the place of one sector.
        return _follow(self._data, self._table, first, self._size, self._size)

    def _read_table(self) -> tuple[int, ...]:
        """Return, for every sector, the one that follows it."""
        sectors = list(_numbers(self._data, 76, "<109I"))
        more = _numbers(self._data, 68, "<I")[0]
        most = len(self._data) // self._size
        per_sector = self._size // 4
        for _ in range(most):
            if more >= _LAST_SECTOR:
                break
            *found, more = _numbers(self._data, (more + 1) * self._size, f"<{per_sector}I")
            sectors += found
        held = [sector for sector in sectors if sector < _LAST_SECTOR]
        if len(held) > most:
            raise DamagedFileError
        table: list[int] = []
        for sector in held:
            table += _numbers(self._data, (sector + 1) * self._size, f"<{per_sector}I")
        return tuple(table)

    def _read_directory(self, first: int) -> None:
        directory = self._chain(first)
        for start in range(0, len(directory) - 127, 128):
            length, kind = _numbers(directory, start + 64, "<HB")
            place = _Place(*_numbers(directory, start + 116, "<II"))
            if kind == _ROOT:
                self._root = place
            elif kind == _STREAM:
                name = directory[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                self._places.setdefault(name.lower(), place)

    @cached_property
    def _mini_stream(self) -> bytes:
        return self._chain(self._root.first)

    @cached_property
    def _mini_table(self) -> tuple[int, ...]:
        table = self._chain(_numbers(self._data, 60, "<I")[0])
        return struct.unpack(f"<{len(table) // 4}I", table)


def _numbers(data: bytes, start: int, layout: str) -> tuple[int, ...]:
    try:
        return struct.unpack_from(layout, data, start)
    except struct.error as error:
        raise DamagedFileError from error


def _follow(data: bytes, table: tuple[int, ...], sector: int, size: int, offset: int) -> bytes:
    """Return a chain of sectors. A chain longer than the file runs in a circle."""
    pieces: list[bytes] = []
    while sector < _LAST_SECTOR:
        start = offset + sector * size
        if sector >= len(table) or start >= len(data) or len(pieces) * size > len(data):
            raise DamagedFileError
        pieces.append(data[start : start + size])
        sector = table[sector]
    return b"".join(pieces)
