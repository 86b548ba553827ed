"""Excel workbooks (.xlsx, .xlsm) as plain grids of cells.

A workbook is a zip of XML written by a stranger. What it would unpack to is read from the zip's directory
and refused where it is absurd; what really comes out is counted as well, because the directory can lie.
Macros are never opened, formulas never computed: the value Excel saved beside a formula is what counts.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from nutridiary.diary.archive import open_zip
from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Grid, Row, hidden_note
from nutridiary.errors import DiaryError

if TYPE_CHECKING:
    from openpyxl import Workbook

# A diary of 100,000 lines unpacks to about 60 MB. Fonts and texts are held in memory whole, so they get less.
MOST_UNPACKED = 200 * MEGABYTE
MOST_PART = {"xl/sharedStrings.xml": 40 * MEGABYTE, "xl/styles.xml": 5 * MEGABYTE, "xl/workbook.xml": 5 * MEGABYTE}
MOST_STRINGS = 1_000_000
MOST_PARTS = 5_000
MOST_SHEETS = 200
MOST_MERGED = 20_000
# Cell by cell a workbook takes far longer than text: this many cells take half a minute.
MOST_WORKBOOK_CELLS = 2_000_000
MOST_ROW_CELLS = 20_000
LAST_EXCEL_ROW = 2**20
_CHUNK = 2**20

# A cell right of column IV (256) that is not self-closing, that is: holds something.
_FAR_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^<>]{0,60}?\br=[\"']((?:[A-Z]{3,4}|[J-Z][A-Z]|I[W-Z])\d{1,8})[\"'][^<>]*(?<!/)>"
)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
# A font that is struck through, not one that says it is not (val="0").
_STRUCK_FONT = re.compile(rb"<(?:\w+:)?strike(?:\s+val=[\"'](?:1|true|on)[\"'])?\s*/?>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]{0,500}?\bsheetId=[\"'](\d{1,9})[\"']")


@dataclass
class _Seen:
    """What the first look at a workbook's parts found: sheets, formulas and struck fonts, merged cells by part."""

    sheets: set[bytes] = field(default_factory=set)
    has_formulas: bool = False
    has_struck_fonts: bool = False
    merged: dict[str, dict[tuple[bytes, ...], None]] = field(default_factory=dict)


def read_workbook(content: Content, sheets: Callable[[str], bool] | None = None) -> list[Grid]:
    """Return every sheet of a workbook as a grid of cells.

    Parameters
    ----------
    content : Content
        A zip for which `zip_kind` says `WORKBOOK`.
    sheets : callable, optional
        Which sheets to read, by name.

    Returns
    -------
    list of Grid
        In the order of the workbook, hidden sheets included, which a note says; chart sheets are left out.

    Raises
    ------
    DiaryError
        If it is damaged, or holds more than any diary does.
    """
    name = content.name
    try:
        with open_zip(content) as archive:
            _check_directory(archive, name)
            seen = _check_parts(archive, name)
    except Exception as error:
        # Besides BadZipFile and EOFError, zlib and lzma raise types of their own on damaged data.
        if isinstance(error, DiaryError):
            raise
        raise DiaryError(_damaged(name)) from error
    return _read_sheets(content, seen, sheets or (lambda title: True))


def _damaged(name: str) -> str:
    return f"{name}: the workbook is damaged or not complete. Open it in Excel, save it again, and try once more."


def _check_directory(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse by what the zip says of itself, before a byte is unpacked."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise DiaryError(f"{name}: the workbook has {len(parts)} parts, more than any diary. It is not read.")
    for part in parts:
        if part.flag_bits & 1:
            raise DiaryError(_encrypted(name))
        _check_size(name, part.filename, part.file_size)
    _check_size(name, "", sum(part.file_size for part in parts))


def _encrypted(name: str) -> str:
    return f"{name}: the workbook is protected by a password. Save a copy without password and read that."


def _check_size(name: str, part: str, size: int) -> None:
    most = MOST_PART.get(part, MOST_UNPACKED)
    if size > most:
        what = f"{part} of the workbook" if part else "the workbook"
        raise DiaryError(
            f"{name}: {what} unpacks to {size / MEGABYTE:,.0f} MB, more than the {most / MEGABYTE:.0f} MB "
            "a diary may need. It is not read."
        )


def _check_parts(archive: zipfile.ZipFile, name: str) -> _Seen:
    """Unpack every XML part once in small pieces: count the bytes, look for traps, note what openpyxl does not tell."""
    unpacked = strings = 0
    seen = _Seen()
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        is_sheet = part.filename.startswith("xl/worksheets/")
        size = 0
        tail = b""
        with archive.open(part) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                unpacked += len(piece)
                _check_size(name, part.filename, size)
                _check_size(name, "", unpacked)
                window = tail + piece
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise DiaryError(
                        f"{name}: the workbook declares XML entities, which no spreadsheet program writes."
                    )
                if part.filename == "xl/sharedStrings.xml":
                    strings += piece.count(b"<si")
                    _check_strings(strings, name)
                if part.filename == "xl/workbook.xml":
                    seen.sheets.update(_SHEET.findall(window))
                if part.filename == "xl/styles.xml":
                    seen.has_struck_fonts = seen.has_struck_fonts or _STRUCK_FONT.search(window) is not None
                if is_sheet:
                    _look_at_sheet(window, part.filename, seen)
                    _check_cells(window, name)
                    if len(seen.merged.get(part.filename, ())) > MOST_MERGED:
                        raise DiaryError(f"{name}: more than {MOST_MERGED:,} merged cells in a sheet. It is not read.")
                tail = piece[-200:]
    return seen


def _look_at_sheet(window: bytes, part: str, seen: _Seen) -> None:
    seen.has_formulas = seen.has_formulas or _FORMULA.search(window) is not None
    if b"mergeCell " in window:
        # Windows overlap: the same merged cells may be met twice.
        seen.merged.setdefault(part, {}).update(dict.fromkeys(_MERGED.findall(window)))


def _merged(found: Iterable[tuple[bytes, ...]]) -> tuple[tuple[int, int, int, int], ...]:
    """Return places such as (b"A", b"3", b"B", b"9") as numbers: (3, 1, 9, 2).

    Examples
    --------
    >>> _merged([(b"A", b"3", b"AB", b"9")])
    ((3, 1, 9, 28),)
    """
    return tuple(
        (int(first_row), _column(first), int(last_row), _column(last)) for first, first_row, last, last_row in found
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _check_strings(strings: int, name: str) -> None:
    if strings > MOST_STRINGS:
        raise DiaryError(f"{name}: the workbook holds more than {MOST_STRINGS:,} texts. It is not read.")


def _check_cells(window: bytes, name: str) -> None:
    """Refuse a piece of a sheet with a cell far to the right, or with one row of thousands of cells."""
    far = _FAR_CELL.search(window)
    if far:
        raise DiaryError(
            f"{name}: cell {far[1].decode()} lies beyond column {MOST_COLUMNS}, where no diary reaches. "
            "Delete what stands far to the right, save, and read it again."
        )
    # openpyxl gathers a row before it hands it over; cells without a place of their own escape the check above.
    if b"<row" not in window and b":row" not in window and len(_CELL.findall(window)) > MOST_ROW_CELLS:
        raise DiaryError(f"{name}: a row of the workbook has more than {MOST_ROW_CELLS:,} cells. It is not read.")


def _read_sheets(content: Content, seen: _Seen, wanted: Callable[[str], bool]) -> list[Grid]:
    with warnings.catch_warnings():
        # openpyxl warns of drop-downs and styles it does not keep; none of that is read here.
        warnings.simplefilter("ignore")
        try:
            formulas = _open(content, values=False) if seen.has_formulas else None
            return _grids(_open(content, values=True), formulas, seen, content.name, wanted)
        except DiaryError:
            raise
        except Exception as error:
            # openpyxl raises whatever a hostile part provokes: KeyError, ValueError, ParseError, zlib.error ...
            raise DiaryError(_damaged(content.name)) from error


def _open(content: Content, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content.data), read_only=True, data_only=values, keep_links=False)


def _grids(
    book: Workbook, formulas: Workbook | None, seen: _Seen, name: str, wanted: Callable[[str], bool]
) -> list[Grid]:
    sheets: list[Any] = list(book.worksheets)
    if len(sheets) > MOST_SHEETS:
        raise DiaryError(f"{name}: the workbook has {len(sheets)} sheets, more than any diary. It is not read.")
    if len(book.sheetnames) < len(seen.sheets):
        # openpyxl passes over a sheet whose part it does not find.
        raise DiaryError(_damaged(name))
    epoch = date(1904, 1, 1) if book.epoch.year == 1904 else date(1899, 12, 30)
    grids: list[Grid] = []
    cells = 0
    for sheet in (sheet for sheet in sheets if wanted(sheet.title)):
        source = f"{name}:{sheet.title}"
        rows, cells = _rows(sheet, source, name, cells)
        missing = frozenset() if formulas is None else _uncalculated(formulas[sheet.title], rows)
        # The one thing openpyxl keeps to itself: which part of the zip a sheet is.
        merged = _merged(seen.merged.get(getattr(sheet, "_worksheet_path", "").lstrip("/"), ()))
        notes = () if sheet.sheet_state == "visible" else (hidden_note(sheet.title),)
        struck = _struck(sheet, rows) if seen.has_struck_fonts else frozenset()
        grids.append(Grid(source, sheet.title, rows, epoch, missing, notes, merged, struck))
    return grids


def _rows(sheet: Any, source: str, name: str, cells: int) -> tuple[list[Row], int]:
    """Return a sheet's rows, and how many cells the workbook has come to."""
    sheet.reset_dimensions()  # a sheet's own word on its size is not trusted
    rows: list[Row] = []
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
        filled = _trimmed(row)
        cells += len(filled)
        if cells > MOST_WORKBOOK_CELLS:
            raise DiaryError(f"{name}: more than {MOST_WORKBOOK_CELLS:,} cells. Split the diary and read the parts.")
        if number <= MOST_ROWS:
            rows.append(filled)
        elif filled or number > LAST_EXCEL_ROW:
            raise DiaryError(
                f"{source}: row {number:,} lies beyond row {MOST_ROWS:,}, more rows than are read. "
                "Delete what stands far below, or split the diary, and read it again."
            )
    while rows and not rows[-1]:
        rows.pop()
    return rows, cells


def _trimmed(row: Row) -> Row:
    """Cut the blank cells at the end of a row: openpyxl pads every row to the full width."""
    if row.count(None) == len(row):
        return ()
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def _uncalculated(sheet: Any, rows: list[Row]) -> frozenset[tuple[int, int]]:
    """Return the places of formulas that the file holds no value for."""
    sheet.reset_dimensions()
    places = set()
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=MOST_ROWS), 1):
        values = rows[number - 1] if number <= len(rows) else ()
        for column, cell in enumerate(row, 1):
            value = values[column - 1] if column <= len(values) else None
            if value is None and cell is not None and (not isinstance(cell, str) or cell.startswith("=")):
                places.add((number, column))
    return frozenset(places)


def _struck(sheet: Any, rows: list[Row]) -> frozenset[tuple[int, int]]:
    """Return the places of filled cells whose whole writing is struck through."""
    sheet.reset_dimensions()
    places = set()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=len(rows) or 1), 1):
        for column, cell in enumerate(row, 1):
            if cell.value is not None and cell.font.strike:
                places.add((number, column))
    return frozenset(places)
