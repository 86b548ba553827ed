"""From a file of unknown content to grids of cells: what it is, its first bytes say, never its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nutridiary.diary.delimited import read_delimited
from nutridiary.diary.grid import Grid
from nutridiary.diary.workbook import read_workbook
from nutridiary.errors import DiaryError

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"7z\xbc\xaf": "a compressed file (7z)",
    b"Rar!": "a compressed file (rar)",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a text document (RTF)",
}
_EXPECTED = "Expected a workbook (.xlsx, .xlsm) or a text table (.csv, .tsv)."
_WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls")


def read_grids(path: Path, sheets: Callable[[str], bool] | None = None) -> list[Grid]:
    """Return the sheets of a workbook, or a text table as one sheet.

    Parameters
    ----------
    path : Path
    sheets : callable, optional
        Which sheets of a workbook to read, by name. With it a text table, which has no sheets, gives nothing.

    Returns
    -------
    list of Grid

    Raises
    ------
    DiaryError
        If there is no such file, it may not be read, or it is of another kind.
    """
    beginning = _beginning(path)
    if beginning.startswith(_ZIP):
        return read_workbook(path, sheets)
    if beginning.startswith(_OLE):
        raise DiaryError(_old_or_encrypted(path))
    for magic, what in _OTHERS.items():
        if beginning.startswith(magic):
            raise DiaryError(f"{path.name}: this is {what}, not a diary table. {_EXPECTED}")
    if beginning.lstrip()[:15].lower().startswith((b"<html", b"<!doctype html")):
        raise DiaryError(f"{path.name}: this is a web page. Copy its table to a workbook and save that. {_EXPECTED}")
    if path.suffix.lower() in _WORKBOOK_ENDINGS:
        raise DiaryError(
            f"{path.name}: the name says workbook, the content is something else. "
            "If it is a text table, rename it to end in .csv; otherwise open it in Excel and save it as .xlsx."
        )
    return read_delimited(path) if sheets is None else []


def _beginning(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DiaryError(f"{path}: this is a folder. Give the diary file in it.")
        if not path.is_file():
            raise DiaryError(f"{path}: there is no such file.")
        with path.open("rb") as file:
            beginning = file.read(512)
    except PermissionError as error:
        raise DiaryError(f"{path}: the file may not be read (permission denied).") from error
    except (OSError, ValueError) as error:
        raise DiaryError(f"{path}: the file cannot be opened.") from error
    if not beginning:
        raise DiaryError(f"{path.name}: the file is empty. {_EXPECTED}")
    return beginning


def _old_or_encrypted(path: Path) -> str:
    """Tell an encrypted workbook from an .xls: both are OLE files, with streams named in UTF-16."""
    with path.open("rb") as file:
        content = file.read(2**22)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return f"{path.name}: the workbook is protected by a password. Save a copy without password and read that."
    return f"{path.name}: this is an old Excel file (.xls). Open it in Excel and save it as .xlsx."


@dataclass(frozen=True)
class Container:
    """One file, or one member of an archive: its grids, or the problem that kept it from being read."""

    name: str
    grids: list[Grid]
    problem: str = ""


def read_containers(path: Path) -> list[Container]:
    """Return a file's grids, or those of each member of an archive."""
    return [Container(path.name, read_grids(path))]
