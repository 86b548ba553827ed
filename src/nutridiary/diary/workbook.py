"""Excel workbooks (.xlsx, .xlsm) as plain grids of cells.

A workbook is a zip of XML written by a stranger. What it would unpack to is read from the zip's directory
and refused where it is absurd; what really comes out is counted as well, because the directory can lie.
Macros are never opened, formulas never computed: the value Excel saved beside a formula is what counts.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Grid, Row
from nutridiary.errors import DiaryError

if TYPE_CHECKING:
    from openpyxl import Workbook

MEGABYTE = 2**20
# A diary of 100,000 lines unpacks to about 60 MB. Fonts and texts are held in memory whole, so they get less.
MOST_UNPACKED = 200 * MEGABYTE
MOST_PART = {"xl/sharedStrings.xml": 40 * MEGABYTE, "xl/styles.xml": 5 * MEGABYTE, "xl/workbook.xml": 5 * MEGABYTE}
MOST_STRINGS = 1_000_000
MOST_PARTS = 5_000
MOST_SHEETS = 200
MOST_ROW_CELLS = 20_000
LAST_EXCEL_ROW = 2**20
_CHUNK = 2**20

# A cell right of column IV (256) that is not self-closing, that is: holds something.
_FAR_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^<>]{0,60}?\br=[\"']((?:[A-Z]{3,4}|[J-Z][A-Z]|I[W-Z])\d{1,8})[\"'][^<>]*(?<!/)>"
)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def read_workbook(path: Path, sheets: Callable[[str], bool] | None = None) -> list[Grid]:
    """Return every sheet of a workbook as a grid of cells.

    Parameters
    ----------
    path : Path
        A file that begins like a zip.
    sheets : callable, optional
        Which sheets to read, by name.

    Returns
    -------
    list of Grid
        In the order of the workbook; chart sheets are left out.

    Raises
    ------
    DiaryError
        If it is no workbook, is damaged, or holds more than any diary does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, path)
            has_formulas = _check_parts(archive, path)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise DiaryError(_damaged(path)) from error
    except Exception as error:
        # zlib and lzma raise types of their own on damaged data.
        if isinstance(error, DiaryError):
            raise
        raise DiaryError(_damaged(path)) from error
    return _read_sheets(path, has_formulas, sheets or (lambda name: True))


def _damaged(path: Path) -> str:
    return f"{path.name}: the workbook is damaged or not complete. Open it in Excel, save it again, and try once more."


def _check_directory(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse by what the zip says of itself, before a byte is unpacked."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise DiaryError(_not_a_workbook(archive, names, path))
    if len(parts) > MOST_PARTS:
        raise DiaryError(f"{path.name}: the workbook has {len(parts)} parts, more than any diary. It is not read.")
    for part in parts:
        if part.flag_bits & 1:
            raise DiaryError(_encrypted(path))
        _check_size(path, part.filename, part.file_size)
    _check_size(path, "", sum(part.file_size for part in parts))


def _encrypted(path: Path) -> str:
    return f"{path.name}: the workbook is protected by a password. Save a copy without password and read that."


def _not_a_workbook(archive: zipfile.ZipFile, names: set[str], path: Path) -> str:
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype")
        if b"opendocument" in kind:
            return f"{path.name}: this is an OpenDocument file. Save it as Excel workbook (.xlsx) and read that."
    if "xl/workbook.bin" in names:
        return f"{path.name}: this is a binary workbook (.xlsb). Save it as Excel workbook (.xlsx) and read that."
    if "word/document.xml" in names:
        return f"{path.name}: this is a Word document. Copy its table to a workbook (.xlsx) and read that."
    return f"{path.name}: a zip file, but no Excel workbook in it. Expected .xlsx, .xlsm, .csv or .tsv."


def _check_size(path: Path, part: str, size: int) -> None:
    most = MOST_PART.get(part, MOST_UNPACKED)
    if size > most:
        what = f"{part} of the workbook" if part else "the workbook"
        raise DiaryError(
            f"{path.name}: {what} unpacks to {size / MEGABYTE:,.0f} MB, more than the {most / MEGABYTE:.0f} MB "
            "a diary may need. It is not read."
        )


def _check_parts(archive: zipfile.ZipFile, path: Path) -> bool:
    """Unpack every XML part once in small pieces: count the bytes, look for traps. Return whether it has formulas."""
    unpacked = strings = 0
    has_formulas = False
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
                _check_size(path, part.filename, size)
                _check_size(path, "", unpacked)
                window = tail + piece
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise DiaryError(
                        f"{path.name}: the workbook declares XML entities, which no spreadsheet program writes."
                    )
                if part.filename == "xl/sharedStrings.xml":
                    strings += piece.count(b"<si")
                    _check_strings(strings, path)
                if is_sheet:
                    has_formulas = has_formulas or _FORMULA.search(window) is not None
                    _check_cells(window, path)
                tail = piece[-200:]
    return has_formulas


def _check_strings(strings: int, path: Path) -> None:
    if strings > MOST_STRINGS:
        raise DiaryError(f"{path.name}: the workbook holds more than {MOST_STRINGS:,} texts. It is not read.")


def _check_cells(window: bytes, path: Path) -> None:
    """Refuse a piece of a sheet with a cell far to the right, or with one row of thousands of cells."""
    far = _FAR_CELL.search(window)
    if far:
        raise DiaryError(
            f"{path.name}: cell {far[1].decode()} lies beyond column {MOST_COLUMNS}, where no diary reaches. "
            "Delete what stands far to the right, save, and read it again."
        )
    # openpyxl gathers a row before it hands it over; cells without a place of their own escape the check above.
    if b"<row" not in window and b":row" not in window and len(_CELL.findall(window)) > MOST_ROW_CELLS:
        raise DiaryError(f"{path.name}: a row of the workbook has more than {MOST_ROW_CELLS:,} cells. It is not read.")


def _read_sheets(path: Path, has_formulas: bool, wanted: Callable[[str], bool]) -> list[Grid]:
    with warnings.catch_warnings(), path.open("rb") as file:
        # openpyxl warns of drop-downs and styles it does not keep; none of that is read here.
        warnings.simplefilter("ignore")
        try:
            # An open file, not a path: openpyxl would judge the file by its name.
            formulas = _open(file, values=False) if has_formulas else None
            return _grids(_open(file, values=True), formulas, path, wanted)
        except DiaryError:
            raise
        except Exception as error:
            # openpyxl raises whatever a hostile part provokes: KeyError, ValueError, ParseError, zlib.error ...
            raise DiaryError(_damaged(path)) from error


def _open(file: BinaryIO, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(file, read_only=True, data_only=values, keep_links=False)


def _grids(book: Workbook, formulas: Workbook | None, path: Path, wanted: Callable[[str], bool]) -> list[Grid]:
    sheets: list[Any] = list(book.worksheets)
    if len(sheets) > MOST_SHEETS:
        raise DiaryError(f"{path.name}: the workbook has {len(sheets)} sheets, more than any diary. It is not read.")
    epoch = date(1904, 1, 1) if book.epoch.year == 1904 else date(1899, 12, 30)
    grids = []
    for sheet in (sheet for sheet in sheets if wanted(sheet.title)):
        rows = _rows(sheet, f"{path.name}:{sheet.title}")
        missing = frozenset() if formulas is None else _uncalculated(formulas[sheet.title], rows)
        grids.append(Grid(f"{path.name}:{sheet.title}", sheet.title, rows, epoch, missing))
    return grids


def _rows(sheet: Any, source: str) -> list[Row]:
    sheet.reset_dimensions()  # a sheet's own word on its size is not trusted
    rows: list[Row] = []
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
        cells = _trimmed(row)
        if number <= MOST_ROWS:
            rows.append(cells)
        elif cells or number > LAST_EXCEL_ROW:
            raise DiaryError(
                f"{source}: row {number:,} lies beyond row {MOST_ROWS:,}, more rows than are read. "
                "Delete what stands far below, or split the diary, and read it again."
            )
    while rows and not rows[-1]:
        rows.pop()
    return rows


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
