"""Takes a lock out of a file: its own, or any report."""

from __future__ import annotations

import codecs
import html
import os
import re
from pathlib import Path

from nutridiary.diary.archive import ARCHIVE, ZIP, members, zip_kind
from nutridiary.diary.content import MEGABYTE, MOST_FILE_BYTES, Content, read_content
from nutridiary.diary.files import read_grids
from nutridiary.diary.grid import cell_text
from nutridiary.errors import LockError, NutridiaryError
from nutridiary.lock.record import LOCK_FILE, Lock, parse

SHEET = "Lock"
"""The sheet of a workbook that holds the lock, a line of its text in each row of the first column."""
PLACE = "nutridiary-lock"
"""The id of the element of a page whose text is the lock."""
_BEGINS = f'<pre id="{PLACE}"'.encode()
_IN_PAGE = re.compile(_BEGINS + rb"[^>]{0,80}>([^<]{0,4000000})</pre>")


def read_lock(path: str | os.PathLike[str]) -> Lock:
    """Read a lock from its own file, or out of a report: a workbook, a page, JSON, a bundle.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Lock

    Raises
    ------
    LockError
        If there is none in it, or none of this version.
    """
    path = Path(path)
    try:
        return _lock_in(path)
    except NutridiaryError as error:
        text = str(error)
        where = str(path)
        raise LockError(text if text.startswith(where) else f"{where}: {text}") from None


def _lock_in(path: Path) -> Lock:
    content = _content(path)
    if content.data.startswith(ZIP):
        return _in_zip(path, content)
    if _BEGINS in content.data:
        found = _IN_PAGE.search(content.data)
        if found is None:
            raise LockError("the lock in this page is damaged.")
        return Lock.of_text(html.unescape(found[1].decode("utf-8", errors="replace")))
    data = content.data.removeprefix(codecs.BOM_UTF8)  # as editors put it
    if data.lstrip()[:1] == b"{":
        return Lock.of_data(_own_or_of_report(data))
    raise LockError(f"there is no lock in it. Give a {LOCK_FILE}, or a report that nutridiary wrote.")


def _content(path: Path) -> Content:
    """Return the bytes of a file that may hold a lock; what is too long or empty is said in the words of locks."""
    if path.is_file():
        size = path.stat().st_size
        if size > MOST_FILE_BYTES:
            raise LockError(
                f"larger than the {MOST_FILE_BYTES // MEGABYTE} MB that are read. Give another form of the report, or "
                f"the {LOCK_FILE} of its bundle."
            )
        if size == 0:
            raise LockError(f"the file is empty. Give a {LOCK_FILE}, or a report that nutridiary wrote.")
    return read_content(path)


def _own_or_of_report(data: bytes) -> object:
    said = parse(data)
    if isinstance(said, dict) and "schema_version" in said:
        if said.get("lock") is None:
            raise LockError("this report holds no lock: it was made by an earlier version, or of tables.")
        return said["lock"]
    return said


def _in_zip(path: Path, content: Content) -> Lock:
    if zip_kind(content) == ARCHIVE:
        for name, member in members(content):
            if name.endswith(f"/{LOCK_FILE}") and isinstance(member, Content):
                return Lock.of_text(member.data)
        raise LockError(f"there is no {LOCK_FILE} in it: it was made by an earlier version.")
    grids = read_grids(path, lambda name: name == SHEET)
    if not grids:
        raise LockError(f"this workbook has no sheet {SHEET!r}: it is no report, or was made by an earlier version.")
    lines = [cell_text(row[0]) if row else "" for row in grids[0].rows]
    # Above the text stands what it is, for a reader. Spaces before a line may be gone, so that braces do not tell where
    # it ends.
    begins = next((number for number, line in enumerate(lines) if line.strip() == "{"), None)
    if begins is None:
        raise LockError(f"the sheet {SHEET!r} holds no lock.")
    return Lock.of_text("\n".join(lines[begins:]))
