"""The texts of old Excel workbooks: one byte a letter or two, cut anywhere where a record is full."""

from __future__ import annotations

import struct

from nutridiary.diary.compound_file import DamagedFileError

_WIDE, _PHONETIC, _RICH = 1, 4, 8


class Strings:
    """A walk over the pieces of a record, in which texts lie one behind the other.

    Parameters
    ----------
    pieces : list of bytes
        The record and those that continue it.
    at : int
        Where to begin in the first of them.
    """

    def __init__(self, pieces: list[bytes], at: int) -> None:
        """Begin at a place of the first piece."""
        self._pieces, self._piece, self._at = pieces, 0, at

    def table(self) -> list[str]:
        """Return the table of texts of a workbook, its count in four bytes before it.

        A count larger than what is there, and a text that is cut off, make the file a damaged one.
        """
        count = struct.unpack("<I", self._take(4))[0]
        if 3 * count > sum(map(len, self._pieces)):
            raise DamagedFileError
        return [self.text(2) for _ in range(count)]

    def text(self, length_bytes: int) -> str:
        """Return the next text, its length in one byte or two before it; how it is formatted is passed over.

        Examples
        --------
        >>> Strings([b"\\x03\\x00\\x00oat"], 0).text(2)
        'oat'
        >>> Strings([b"\\x04\\x00\\x00oa", b"\\x01t\\x00s\\x00"], 0).text(2)
        'oats'
        """
        length = int.from_bytes(self._take(length_bytes), "little")
        flags = self._take(1)[0]
        runs = int.from_bytes(self._take(2), "little") if flags & _RICH else 0
        phonetic = int.from_bytes(self._take(4), "little") if flags & _PHONETIC else 0
        text = self._letters(length, is_wide=bool(flags & _WIDE))
        self._skip(4 * runs + phonetic)
        return text

    def _letters(self, count: int, *, is_wide: bool) -> str:
        found = []
        while True:
            size = 2 if is_wide else 1
            rest = self._pieces[self._piece][self._at : self._at + size * count]
            whole = len(rest) // size
            found.append(rest[: size * whole].decode("utf-16-le" if is_wide else "latin-1", "replace"))
            self._at += size * whole
            count -= whole
            if not count:
                return "".join(found)
            # The text goes on in the next piece, which begins with its own word on the width of letters.
            self._next()
            is_wide = bool(self._take(1)[0] & _WIDE)

    def _take(self, count: int) -> bytes:
        """Return some bytes that are never cut in two, but may be the first of the next piece."""
        if self._at >= len(self._pieces[self._piece]):
            self._next()
        found = self._pieces[self._piece][self._at : self._at + count]
        if len(found) < count:
            raise DamagedFileError
        self._at += count
        return found

    def _skip(self, count: int) -> None:
        while count > (left := len(self._pieces[self._piece]) - self._at):
            count -= max(0, left)
            self._next()
        self._at += count

    def _next(self) -> None:
        self._piece, self._at = self._piece + 1, 0
        if self._piece >= len(self._pieces):
            raise DamagedFileError


def in_codepage(data: bytes, codepage: int) -> str:
    """Return bytes of Excel 5.0 as text, by the code page the workbook names, else Windows-1252.

    Examples
    --------
    >>> in_codepage(b"K\\xe4se", 1252), in_codepage(b"K\\x8ase", 10000)
    ('Käse', 'Käse')
    """
    try:
        return data.decode({10000: "mac-roman", 32768: "mac-roman"}.get(codepage, f"cp{codepage}"), "replace")
    except LookupError:
        return data.decode("cp1252", "replace")
