"""From a file of unknown content to grids of cells: what it is, its first bytes say, never its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nutridiary.diary.archive import ARCHIVE, OPENDOCUMENT, ZIP, members, zip_kind
from nutridiary.diary.compressed import is_compressed, unpacked
from nutridiary.diary.content import EXPECTED, Content, read_content
from nutridiary.diary.delimited import read_delimited
from nutridiary.diary.grid import Grid, check_cells
from nutridiary.diary.old_excel import OLE, read_old_workbook
from nutridiary.diary.opendocument import read_opendocument
from nutridiary.diary.sas_transport import is_transport, read_transport
from nutridiary.diary.web_page import read_web_page
from nutridiary.diary.workbook import read_workbook
from nutridiary.errors import DiaryError, listing

Wanted = Callable[[str], bool]

_OTHERS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF document",
    b"BZh": "a compressed file (bzip2)",
    b"7z\xbc\xaf": "a compressed file (7z)",
    b"Rar!": "a compressed file (rar)",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a text document (RTF)",
}
_WEB_PAGE = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+)?(?:html|head|body|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 4096


@dataclass(frozen=True)
class Container:
    """One file, or one member of an archive.

    Attributes
    ----------
    name : str
        "diary.xlsx"; "export.zip/servings.csv" for a member.
    grids : list of Grid
        Its sheets; none where there is a problem.
    problem : str
        Why a member of an archive holds no table that could be read; empty where it does.
    """

    name: str
    grids: list[Grid] = field(default_factory=list)
    problem: str = ""


def read_containers(path: Path, sheets: Wanted | None = None, *, name: str = "") -> list[Container]:
    """Return the tables of a file, or of every file in an archive.

    Parameters
    ----------
    path : Path
        "-" is standard input.
    sheets : callable, optional
        Which sheets of workbooks to read, by name. With it a file that has no sheets gives nothing.
    name : str
        What to call the file; by default its own name.

    Returns
    -------
    list of Container
        One for a plain file; for an app's export one per file in it, in the order of the archive, those that are
        no tables included, with the reason.

    Raises
    ------
    DiaryError
        If there is no such file, it may not be read, it is of another kind, or holds more than any diary does.
    """
    content = read_content(path, name)
    if not _is_archive(content):
        return [Container(content.name, _grids(content, sheets))]
    found = []
    cells = 0
    for name, held in members(content):
        if isinstance(held, str):
            found.append(Container(name, problem=held))
            continue
        container = _of_member(held, sheets)
        cells += sum(len(row) for grid in container.grids for row in grid.rows)
        check_cells(cells, content.name)
        found.append(container)
    return found


def _of_member(content: Content, sheets: Wanted | None) -> Container:
    if not content.data:
        return Container(content.name, problem="the file is empty")
    try:
        if _is_archive(content) or is_compressed(content.data):
            return Container(content.name, problem="an archive in an archive: unpack it and read the files in it")
        return Container(content.name, _grids(content, sheets))
    except DiaryError as error:
        return Container(content.name, problem=str(error).removeprefix(f"{content.name}: "))


def read_grids(path: Path, sheets: Wanted | None = None) -> list[Grid]:
    """Return the sheets of a workbook, or what else is one table as one sheet.

    Parameters
    ----------
    path : Path
        "-" is standard input.
    sheets : callable, optional
        Which sheets of a workbook to read, by name. With it a file that has no sheets gives nothing.

    Returns
    -------
    list of Grid

    Raises
    ------
    DiaryError
        As `read_containers`; and where an archive holds no table, or several.
    """
    containers = read_containers(path, sheets)
    if len(containers) == 1 and not containers[0].problem:
        return containers[0].grids
    tables = [container for container in containers if not container.problem]
    if len(tables) == 1:
        return tables[0].grids
    name = read_content(path).name
    if tables:
        names = listing(container.name.removeprefix(f"{name}/") for container in tables)
        raise DiaryError(f"{name}: an archive of several tables: {names}. Unpack it and give one of them.")
    reasons = listing((f"{c.name.removeprefix(f'{name}/')} ({c.problem})" for c in containers), most=4)
    raise DiaryError(f"{name}: an archive with no table in it. Found: {reasons or 'nothing'}. {EXPECTED}")


def _is_archive(content: Content) -> bool:
    return content.data.startswith(ZIP) and zip_kind(content) == ARCHIVE


def _grids(content: Content, sheets: Wanted | None) -> list[Grid]:
    """Read one file that is no archive."""
    grids = _of_any_kind(content, sheets)
    for grid in grids:
        first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
        if isinstance(first, str) and first.startswith(_MARKS):
            grid.rows[0] = [first.removeprefix(_MARKS[0]).removeprefix(_MARKS[1]).strip('"'), *grid.rows[0][1:]]
    return grids


def _of_any_kind(content: Content, sheets: Wanted | None) -> list[Grid]:
    if content.data.startswith(ZIP):
        if zip_kind(content) == OPENDOCUMENT:
            return read_opendocument(content, sheets)
        return read_workbook(content, sheets)
    if content.data.startswith(OLE):
        return read_old_workbook(content, sheets)
    if sheets is not None:
        _refuse_others(content)
        return []
    if is_compressed(content.data):
        content = unpacked(content)
        if content.data.startswith((*ZIP, OLE)) or is_compressed(content.data):
            raise DiaryError(f"{content.name}: packed twice. Unpack it once and read what is inside.")
    _refuse_others(content)
    if is_transport(content.data):
        return read_transport(content)
    if _is_web_page(content.data):
        return read_web_page(content)
    return read_delimited(content)


# The mark a text begins with, left in the first cell by a program that took it for text, in two codes.
_MARKS = ("\ufeff", "ï»¿")


def _refuse_others(content: Content) -> None:
    for magic, what in _OTHERS.items():
        if content.data.startswith(magic):
            raise DiaryError(f"{content.name}: this is {what}, not a diary table. {EXPECTED}")


def _is_web_page(data: bytes) -> bool:
    beginning = data[:_LOOKED_AT]
    for mark in _BYTE_ORDER_MARKS:
        beginning = beginning.removeprefix(mark)
    # In UTF-16 every other byte of a tag is NUL.
    return _WEB_PAGE.match(beginning.replace(b"\0", b"")) is not None
