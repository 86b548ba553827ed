"""OpenDocument spreadsheets (.ods) as plain grids of cells.

An .ods is a zip whose content.xml holds every sheet. It is read as a stream; repeated rows and columns, which a
few bytes can make billions of, are counted before they are laid out. Formulas are never computed: the value the
program saved beside a formula is what counts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from xml.parsers import expat

from nutridiary.diary.archive import open_zip
from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Cell, Grid, Row, check_cells, hidden_note
from nutridiary.errors import DiaryError

MOST_UNPACKED = 200 * MEGABYTE
MOST_SHEETS = 200
MOST_MERGED = 20_000
MOST_UNCALCULATED = 100_000
MOST_DEPTH = 200
MOST_TEXT = 100_000
_CHUNK = 2**18

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{_OASIS}{name}:1.0 " for name in ("office", "table", "text", "style"))
_SHEET, _ROW = f"{_TABLE}table", f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# LibreOffice's own word for a cell that holds an error; in the standard it is a text.
_EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_ASIDE = frozenset((f"{_OFFICE}annotation", f"{_TABLE}shapes", f"{_TABLE}table-source", f"{_TABLE}tracked-changes"))
_DURATION = re.compile(r"(-?)P(?:(\d{1,7})D)?T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d+)?S)?")
_OWN_ERROR = re.compile(r"Err:\d+")


def read_opendocument(content: Content, sheets: Callable[[str], bool] | None = None) -> list[Grid]:
    """Return every sheet of an OpenDocument spreadsheet as a grid of cells.

    Parameters
    ----------
    content : Content
        A zip for which `archive.zip_kind` says `OPENDOCUMENT`.
    sheets : callable, optional
        Which sheets to read, by name.

    Returns
    -------
    list of Grid
        In the order of the file, hidden sheets included, which a note says. Percentages are fractions, as in
        Excel; what lies in a part of a cell that is no text (comments, drawings) is left out.

    Raises
    ------
    DiaryError
        If it is protected, damaged, or holds more than any diary does.
    """
    spreadsheet = _Spreadsheet(content.name, sheets or (lambda name: True))
    try:
        with open_zip(content) as archive:
            _check_encryption(archive, content.name)
            spreadsheet.read(archive)
    except DiaryError:
        raise
    except Exception as error:  # ExpatError, BadZipFile, zlib.error, UnicodeError ...
        raise DiaryError(
            f"{content.name}: the spreadsheet is damaged or not complete. "
            "Open it in LibreOffice, save it again, and try once more."
        ) from error
    return spreadsheet.grids


def _check_encryption(archive: zipfile.ZipFile, name: str) -> None:
    protected = any(part.flag_bits & 1 for part in archive.infolist())
    if "META-INF/manifest.xml" in archive.namelist():
        with archive.open("META-INF/manifest.xml") as stream:
            protected = protected or b"encryption-data" in stream.read(MEGABYTE)
    if protected:
        raise DiaryError(f"{name}: the spreadsheet is protected by a password. Save a copy without and read that.")


@dataclass
class _Sheet:
    """A sheet being read. Blank cells and rows wait until something stands behind them."""

    name: str
    is_hidden: bool
    rows: list[Row] = field(default_factory=list)
    blank_rows: int = 0
    row: list[Cell] = field(default_factory=list)
    blank_cells: int = 0
    row_repeats: int = 1
    uncalculated: list[int] = field(default_factory=list)
    missing: set[tuple[int, int]] = field(default_factory=set)
    joined: list[tuple[int, int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Spreadsheet:
    """The sheets of a file, gathered from the events of its XML."""

    def __init__(self, name: str, wanted: Callable[[str], bool]) -> None:
        self.grids: list[Grid] = []
        self._name, self._wanted = name, wanted
        self._path: list[str] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._sheet: _Sheet | None = None
        self._cell: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._length = self._aside = self._cells = self._sheets = 0

    def read(self, archive: zipfile.ZipFile) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add
        unpacked = 0
        with archive.open("content.xml") as stream:
            while piece := stream.read(_CHUNK):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise DiaryError(
                        f"{self._name}: the spreadsheet unpacks to more than the {MOST_UNPACKED // MEGABYTE} MB "
                        "a diary may need. It is not read."
                    )
                parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _refuse_doctype(self, *declared: object) -> None:
        raise DiaryError(f"{self._name}: the spreadsheet declares XML entities, which no spreadsheet program writes.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if len(self._path) > MOST_DEPTH:
            raise DiaryError(f"{self._name}: the spreadsheet is nested more than {MOST_DEPTH} deep. It is not read.")
        if self._aside or tag in _ASIDE:
            self._aside += 1
        elif tag == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif tag == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)
        elif tag == _SHEET and parent == f"{_OFFICE}spreadsheet":
            self._start_sheet(attributes)
        elif self._sheet is None:
            return
        elif tag == _ROW:
            self._sheet.row_repeats = _count(attributes, "number-rows-repeated")
        elif tag in _CELLS:
            self._cell, self._text, self._length = attributes, None, 0
        elif self._cell is not None and tag.startswith(_TEXT):
            self._start_text(tag, attributes)

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TEXT}p":
            self._add("\n")
            self._text = [] if self._text is None else self._text
        elif tag == f"{_TEXT}s":
            self._add(" " * min(_count(attributes, "c", _TEXT), MOST_TEXT))
        elif tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            self._add("\t" if tag.endswith("tab") else "\n")

    def _add(self, text: str) -> None:
        if self._text is not None and not self._aside:
            self._length += len(text)
            if self._length > MOST_TEXT:
                raise DiaryError(f"{self._name}: a cell of more than {MOST_TEXT:,} characters. It is not read.")
            self._text.append(text)

    def _end(self, tag: str) -> None:
        self._path.pop()
        if self._aside:
            self._aside -= 1
        elif self._sheet is None:
            return
        elif tag in _CELLS and self._cell is not None:
            self._end_cell(self._sheet, self._cell)
            self._cell = self._text = None
        elif tag == _ROW:
            self._end_row(self._sheet)
        elif tag == _SHEET and self._path[-1] == f"{_OFFICE}spreadsheet":
            self._end_sheet(self._sheet)

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self._sheets += 1
        if self._sheets > MOST_SHEETS:
            raise DiaryError(f"{self._name}: more than {MOST_SHEETS} sheets, more than any diary. It is not read.")
        name = attributes.get(f"{_TABLE}name", f"Sheet{self._sheets}")
        if self._wanted(name):
            self._sheet = _Sheet(name, attributes.get(f"{_TABLE}style-name") in self._hidden_styles)

    def _end_cell(self, sheet: _Sheet, attributes: dict[str, str]) -> None:
        text = None if self._text is None else "".join(self._text)
        cell = _value(attributes, text)
        repeats = _count(attributes, "number-columns-repeated")
        place = len(sheet.row) + sheet.blank_cells + 1
        is_uncalculated = cell is None and f"{_TABLE}formula" in attributes
        wide, high = (_count(attributes, f"number-{what}-spanned") for what in ("columns", "rows"))
        if (wide > 1 or high > 1) and place <= MOST_COLUMNS:
            sheet.joined.append((place, high, wide))
        if cell is None and not is_uncalculated:
            sheet.blank_cells += repeats
            return
        if place + repeats - 1 > MOST_COLUMNS:
            raise DiaryError(
                f"{self._name}:{sheet.name}: a cell beyond column {MOST_COLUMNS}, where no diary reaches. "
                "Delete what stands far to the right, save, and read it again."
            )
        sheet.row += [None] * sheet.blank_cells + [cell] * repeats
        sheet.blank_cells = 0
        if is_uncalculated:
            sheet.uncalculated += range(place, place + repeats)

    def _end_row(self, sheet: _Sheet) -> None:
        row = sheet.row
        first = len(sheet.rows) + sheet.blank_rows + 1
        self._join(sheet, first)
        if not row:
            sheet.blank_rows += sheet.row_repeats
        else:
            if first + sheet.row_repeats - 1 > MOST_ROWS:
                raise DiaryError(
                    f"{self._name}:{sheet.name}: row {first + sheet.row_repeats - 1:,} lies beyond row {MOST_ROWS:,}, "
                    "more rows than are read. Delete what stands far below, or split the diary, and read it again."
                )
            self._cells += sheet.row_repeats * len(row)
            check_cells(self._cells, self._name)
            sheet.rows += [()] * sheet.blank_rows + [row] * sheet.row_repeats
            sheet.blank_rows = 0
            if len(sheet.missing) + sheet.row_repeats * len(sheet.uncalculated) > MOST_UNCALCULATED:
                raise DiaryError(f"{self._name}: more than {MOST_UNCALCULATED:,} formulas have no saved value.")
            last = first + (sheet.row_repeats if sheet.uncalculated else 0)
            sheet.missing.update((number, place) for number in range(first, last) for place in sheet.uncalculated)
        sheet.row, sheet.blank_cells, sheet.uncalculated = [], 0, []

    def _join(self, sheet: _Sheet, number: int) -> None:
        if number <= MOST_ROWS:
            sheet.merged += [(number, p, number + high - 1, p + wide - 1) for p, high, wide in sheet.joined]
        if len(sheet.merged) > MOST_MERGED:
            raise DiaryError(f"{self._name}: more than {MOST_MERGED:,} merged cells in a sheet. It is not read.")
        sheet.joined = []

    def _end_sheet(self, sheet: _Sheet) -> None:
        notes = (hidden_note(sheet.name),) if sheet.is_hidden else ()
        missing, merged = frozenset(sheet.missing), tuple(sheet.merged)
        source = f"{self._name}:{sheet.name}"
        self.grids.append(Grid(source, sheet.name, sheet.rows, uncalculated=missing, notes=notes, merged=merged))
        self._sheet = None


def _count(attributes: dict[str, str], name: str, space: str = _TABLE) -> int:
    """Return a repetition: at least 1, and 1 where it is no number."""
    written = attributes.get(space + name, "1")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 12 else 1


def _value(attributes: dict[str, str], text: str | None) -> Cell:
    """Return what a cell holds, its text where the value beside it cannot be read."""
    kind = attributes.get(f"{_OFFICE}value-type")
    if attributes.get(_EXTENDED) == "error":
        # LibreOffice has errors of its own beside Excel's: Err:502.
        return _OWN_ERROR.sub("#VALUE!", text or "#VALUE!")
    try:
        if kind in ("float", "currency", "percentage"):
            return _number(attributes[f"{_OFFICE}value"])
        if kind == "date":
            return _day(attributes[f"{_OFFICE}date-value"])
        if kind == "time":
            return _clock(attributes[f"{_OFFICE}time-value"])
        if kind == "boolean":
            return attributes[f"{_OFFICE}boolean-value"] == "true"
    except (KeyError, ValueError, OverflowError):
        return text or None
    written = attributes.get(f"{_OFFICE}string-value") or text
    return written or None


def _number(written: str) -> int | float:
    value = float(written)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _day(written: str) -> date | datetime:
    return datetime.fromisoformat(written[:26])


def _clock(written: str) -> time | timedelta:
    """Return PT08H30M00S as a time of day, a day or more as a duration.

    Examples
    --------
    >>> _clock("PT08H30M00S"), _clock("PT26H00M00S")
    (datetime.time(8, 30), datetime.timedelta(days=1, seconds=7200))
    """
    found = _DURATION.fullmatch(written)
    if found is None:
        raise ValueError(written)
    days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if found[1] or length >= timedelta(days=1):
        return -length if found[1] else length
    return (datetime.min + length).time()
