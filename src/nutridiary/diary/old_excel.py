"""Old Excel workbooks (.xls of Excel 5.0 to 2003) as plain grids of cells.

Only what a cell holds is read: its saved value, its date format, and which cells are joined. Macros are never
looked at, formulas never computed. The libraries that read this format trust its counts and chains; here each of
them is checked, so that no file makes the reading longer than the file is.

References
----------
Microsoft, "[MS-XLS]: Excel Binary File Format (.xls) Structure", sections 2.4 (records) and 2.5.293 (strings).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from nutridiary.diary.compound_file import OLE, CompoundFile, DamagedFileError
from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.diary.grid import Cell, Grid, Row, check_cells, hidden_note
from nutridiary.diary.old_excel_text import Strings, in_codepage
from nutridiary.errors import DiaryError

__all__ = ["OLE", "read_old_workbook"]

# 65,536 rows are the most an .xls holds: 20 columns of them take 20 MB.
MOST_XLS = 40 * MEGABYTE
MOST_SHEETS = 200
MOST_MERGED = 20_000

_BOF, _EOF, _FILEPASS, _CODEPAGE, _DATEMODE = 0x809, 0x0A, 0x2F, 0x42, 0x22
_FORMAT, _XF, _BOUNDSHEET, _SST, _CONTINUE = 0x41E, 0xE0, 0x85, 0xFC, 0x3C
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6
_BOOLERR, _FORMULA, _STRING, _MERGEDCELLS = 0x205, 0x06, 0x207, 0xE5
_BIFF8 = 0x600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Record = tuple[int, list[bytes]]


@dataclass
class _Book:
    """What the first part of the workbook says about all its sheets."""

    version: int = _BIFF8
    codepage: int = 1252
    is_1904: bool = False
    formats: dict[int, str] = field(default_factory=dict)
    cell_formats: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sheets: list[tuple[str, int, bool]] = field(default_factory=list)
    is_protected: bool = False


def read_old_workbook(content: Content, sheets: Callable[[str], bool] | None = None) -> list[Grid]:
    """Return every sheet of an old Excel workbook as a grid of cells.

    Parameters
    ----------
    content : Content
        A file that begins with `OLE`.
    sheets : callable, optional
        Which sheets to read, by name.

    Returns
    -------
    list of Grid
        In the order of the workbook, hidden sheets included, which a note says; chart sheets are left out.

    Raises
    ------
    DiaryError
        If it is no workbook, is protected, damaged, or holds more than any diary does.
    """
    name = content.name
    if len(content.data) > MOST_XLS:
        raise DiaryError(f"{name}: an .xls larger than the {MOST_XLS // MEGABYTE} MB that are read. Split the diary.")
    try:
        stream = _workbook_stream(content)
        book = _read_book(stream, name)
        return _grids(stream, book, name, sheets or (lambda title: True))
    except (DamagedFileError, struct.error, IndexError, KeyError, ValueError, OverflowError, RecursionError) as error:
        raise DiaryError(
            f"{name}: the workbook is damaged or not complete. Open it in Excel, save it again, and try once more."
        ) from error


def _workbook_stream(content: Content) -> bytes:
    file = CompoundFile(content.data)
    if "encryptedpackage" in file.names:
        raise DiaryError(_protected(content.name))
    for name in ("workbook", "book"):
        if name in file.names:
            return file.stream(name)
    what = "a Word document (.doc)" if "worddocument" in file.names else "an old Office file without a workbook"
    raise DiaryError(f"{content.name}: this is {what}. Copy its table to a workbook (.xlsx) and read that.")


def _protected(name: str) -> str:
    return f"{name}: the workbook is protected by a password. Save a copy without password and read that."


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """Yield the records from a place on, each with the pieces that continue it."""
    kind, pieces = -1, [b""]
    while at + 4 <= len(stream):
        following, length = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if following == _CONTINUE:
            pieces.append(data)
            continue
        if kind >= 0:
            yield kind, pieces
        kind, pieces = following, [data]
    if kind >= 0:
        yield kind, pieces


def _read_book(stream: bytes, name: str) -> _Book:
    book = _Book()
    for number, (kind, pieces) in enumerate(_records(stream, 0)):
        data = pieces[0]
        if number == 0:
            if kind != _BOF:
                raise DamagedFileError
            book.version = struct.unpack_from("<H", data)[0]
        elif kind == _EOF:
            break
        elif kind == _FILEPASS:
            raise DiaryError(_protected(name))
        elif kind == _CODEPAGE:
            book.codepage = struct.unpack_from("<H", data)[0]
        elif kind == _DATEMODE:
            book.is_1904 = struct.unpack_from("<H", data)[0] == 1
        elif kind == _FORMAT:
            book.formats[struct.unpack_from("<H", data)[0]] = _text(book, data, 2, wide_length=book.version >= _BIFF8)
        elif kind == _XF:
            book.cell_formats.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _SST:
            book.texts = Strings(pieces, 4).table()
        elif kind == _BOUNDSHEET and data[5] == 0:
            place, state = struct.unpack_from("<IB", data)
            book.sheets.append((_text(book, data, 6, wide_length=False), place, state & 3 != 0))
    if len(book.sheets) > MOST_SHEETS:
        raise DiaryError(f"{name}: the workbook has {len(book.sheets)} sheets, more than any diary. It is not read.")
    return book


def _text(book: _Book, data: bytes, at: int, *, wide_length: bool) -> str:
    """Return a text with its length before it, in one byte or two; Excel 5.0 writes it in the book's code page."""
    if book.version >= _BIFF8:
        return Strings([data], at).text(2 if wide_length else 1)
    length = struct.unpack_from("<H" if wide_length else "<B", data, at)[0]
    start = at + (2 if wide_length else 1)
    return in_codepage(data[start : start + length], book.codepage)


def _grids(stream: bytes, book: _Book, name: str, wanted: Callable[[str], bool]) -> list[Grid]:
    grids: list[Grid] = []
    epoch = date(1904, 1, 1) if book.is_1904 else date(1899, 12, 30)
    places = [place for _, place, _ in book.sheets]
    if len(set(places)) < len(places):
        raise DamagedFileError  # two sheets in one place: the same bytes read again and again
    cells = 0
    for title, place, is_hidden in book.sheets:
        if not wanted(title):
            continue
        sheet = _Sheet(book, name, cells)
        sheet.read(stream, place)
        cells = sheet.cells
        notes = (hidden_note(title),) if is_hidden else ()
        grids.append(Grid(f"{name}:{title}", title, sheet.rows, epoch, notes=notes, merged=tuple(sheet.merged)))
    return grids


class _Sheet:
    """The cells of one sheet, gathered from its records."""

    def __init__(self, book: _Book, name: str, cells: int) -> None:
        self.rows: list[Row] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.cells = cells
        self._book, self._name = book, name
        self._dates = _DateFormats(book)
        self._filled: list[list[Cell]] = []
        self._awaited: tuple[int, int] | None = None

    def read(self, stream: bytes, place: int) -> None:
        depth = 0
        for kind, pieces in _records(stream, place):
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
            elif depth == 1:  # deeper lie charts
                self._take(kind, pieces)
            if depth == 0:
                break
        else:
            raise DamagedFileError  # the sheet is cut off before its end
        while self._filled and not self._filled[-1]:
            self._filled.pop()
        self.rows = list(self._filled)

    def _take(self, kind: int, pieces: list[bytes]) -> None:
        data = pieces[0]
        if kind == _MERGEDCELLS:
            self._merge(data)
        elif kind == _STRING and self._awaited:
            self._put(*self._awaited, self._long_text(pieces))
            self._awaited = None
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", data)
            for number, at in enumerate(range(4, len(data) - 7, 6)):
                form, packed = struct.unpack_from("<HI", data, at)
                self._put(row, first + number, self._dates.value(_unpacked(packed), form))
        elif kind in _SINGLE:
            row, column, form = struct.unpack_from("<HHH", data)
            self._put(row, column, self._single(kind, pieces, form, (row, column)))

    def _single(self, kind: int, pieces: list[bytes], form: int, place: tuple[int, int]) -> Cell:
        data = pieces[0]
        if kind == _LABELSST:
            number: int = struct.unpack_from("<I", data, 6)[0]
            return self._book.texts[number]
        if kind == _NUMBER:
            return self._dates.value(struct.unpack_from("<d", data, 6)[0], form)
        if kind == _RK:
            return self._dates.value(_unpacked(struct.unpack_from("<I", data, 6)[0]), form)
        if kind == _BOOLERR:
            return _ERRORS.get(data[6], "#VALUE!") if data[7] else bool(data[6])
        if kind in (_LABEL, _RSTRING):
            return _text(self._book, data, 6, wide_length=True)
        if data[12:14] != b"\xff\xff":
            return self._dates.value(struct.unpack_from("<d", data, 6)[0], form)
        # The result of a formula that is no number: its kind stands first.
        self._awaited = place if data[6] == 0 else None
        return bool(data[8]) if data[6] == 1 else _ERRORS.get(data[8], "#VALUE!") if data[6] == 2 else None

    def _long_text(self, pieces: list[bytes]) -> str:
        if self._book.version >= _BIFF8:
            return Strings(pieces, 0).text(2)
        return in_codepage(b"".join(pieces)[2:], self._book.codepage)

    def _put(self, row: int, column: int, cell: Cell) -> None:
        if column > 255:
            raise DamagedFileError
        while len(self._filled) <= row:
            self._filled.append([])
        cells = self._filled[row]
        if cell is None or cell == "":
            return
        if column >= len(cells):
            self.cells += column + 1 - len(cells)
            check_cells(self.cells, self._name)
            cells += [None] * (column + 1 - len(cells))
        cells[column] = cell

    def _merge(self, data: bytes) -> None:
        for at in range(2, len(data) - 7, 8):
            first_row, last_row, first, last = struct.unpack_from("<HHHH", data, at)
            self.merged.append((first_row + 1, first + 1, last_row + 1, last + 1))
        if len(self.merged) > MOST_MERGED:
            raise DiaryError(f"{self._name}: more than {MOST_MERGED:,} merged cells in a sheet. It is not read.")


_SINGLE = frozenset((_LABELSST, _NUMBER, _RK, _BOOLERR, _LABEL, _RSTRING, _FORMULA))


def _unpacked(packed: int) -> float:
    """Return a number Excel packed into 30 bits: a short whole number or the head of a long one, perhaps in cents.

    Examples
    --------
    >>> _unpacked((150 << 2) | 2), _unpacked((150 << 2) | 3), _unpacked(0x3FF00000)
    (150.0, 1.5, 1.0)
    """
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed >> 31 else 0))
    else:
        number = float(struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0])
    return number / 100 if packed & 1 else number


class _DateFormats:
    """Which of a book's cell formats show dates: judged, and turned into days, as for newer workbooks."""

    def __init__(self, book: _Book) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        self._epoch = MAC_EPOCH if book.is_1904 else WINDOWS_EPOCH
        written = [book.formats.get(number, BUILTIN_FORMATS.get(number, "")) for number in book.cell_formats]
        self._dates = {form for form, text in enumerate(written) if is_date_format(text)}
        self._lengths = {form for form, text in enumerate(written) if is_timedelta_format(text)}

    def value(self, number: float, form: int) -> Cell:
        from openpyxl.utils.datetime import from_excel

        if form in self._dates:
            try:
                return cast(Cell, from_excel(number, self._epoch, timedelta=form in self._lengths))
            except (OverflowError, ValueError):
                return number
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
