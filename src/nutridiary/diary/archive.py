"""Zip files: what kind they are, and the members of an app's export, each read by itself.

Nothing is ever written to disk, so a member's name is only a name. What the directory of a zip says of sizes is
not believed: what comes out is counted.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.errors import DiaryError

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
MOST_MEMBERS = 1_000
MOST_ENTRIES = 10_000
MOST_UNPACKED = 200 * MEGABYTE
_CHUNK = MEGABYTE
_ENTRY = b"PK\x01\x02"
# What else a zip may hold (bzip2, lzma) may ask for gigabytes of memory by its header alone.
_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

WORKBOOK, OPENDOCUMENT, ARCHIVE = "workbook", "OpenDocument spreadsheet", "archive"
_REFUSED = {
    "xl/workbook.bin": "a binary workbook (.xlsb). Save it as Excel workbook (.xlsx) and read that.",
    "word/document.xml": "a Word document. Copy its table to a workbook (.xlsx) and read that.",
    "ppt/presentation.xml": "a presentation. Copy its table to a workbook (.xlsx) and read that.",
    "Index/Document.iwa": "a Numbers or Pages file. Export it as Excel workbook (.xlsx) and read that.",
}
# What archiving programs add about themselves.
_FURNITURE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def open_zip(content: Content) -> zipfile.ZipFile:
    """Open a zip.

    Raises
    ------
    DiaryError
        If its directory cannot be read, or names more than `MOST_ENTRIES` files.
    """
    # Counted in the bytes, because the standard library reads the whole directory before it tells its length.
    if content.data.count(_ENTRY) > MOST_ENTRIES:
        raise DiaryError(f"{content.name}: a zip of more than {MOST_ENTRIES:,} files. It is not read.")
    try:
        return zipfile.ZipFile(io.BytesIO(content.data))
    except Exception as error:  # BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError ...
        raise DiaryError(
            f"{content.name}: damaged or not complete. "
            "If it is a workbook, open it in Excel, save it again, and try once more; else fetch it again."
        ) from error


def zip_kind(content: Content) -> str:
    """Return what a zip is: `WORKBOOK`, `OPENDOCUMENT` or `ARCHIVE`.

    Raises
    ------
    DiaryError
        If it is damaged, or a document of another kind.
    """
    with open_zip(content) as archive:
        names = set(archive.namelist())
        for part, what in _REFUSED.items():
            if part in names:
                raise DiaryError(f"{content.name}: this is {what}")
        is_workbook = "xl/workbook.xml" in names
        if not is_workbook and not {"mimetype", "content.xml"} <= names:
            return ARCHIVE
        if any(member.compress_type not in _USUAL for member in archive.infolist()):
            raise DiaryError(f"{content.name}: compressed in an unusual way. Open it, save it again, and read that.")
        if is_workbook:
            return WORKBOOK
        kind = _beginning(archive, "mimetype", content.name)
    if b"opendocument.spreadsheet" in kind:
        return OPENDOCUMENT
    raise DiaryError(
        f"{content.name}: this is an OpenDocument file, but no spreadsheet. "
        "Copy its table to a spreadsheet (.ods or .xlsx) and read that."
    )


def _beginning(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    try:
        with archive.open(part) as stream:
            return stream.read(200)
    except Exception as error:
        raise DiaryError(f"{name}: damaged or not complete. Save it again, and try once more.") from error


def members(content: Content) -> Iterator[tuple[str, Content | str]]:
    """Return the files in an archive, each with its content, or with words why it is not read.

    Parameters
    ----------
    content : Content
        A zip for which `zip_kind` says `ARCHIVE`.

    Yields
    ------
    tuple of (str, Content or str)
        The name, "export.zip/servings.csv", and what it holds. Folders are no members.

    Raises
    ------
    DiaryError
        If the archive has more than `MOST_MEMBERS` members, or unpacks to more than `MOST_UNPACKED`.
    """
    with open_zip(content) as archive:
        files = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if len(files) > MOST_MEMBERS:
            raise DiaryError(
                f"{content.name}: the archive holds {len(files):,} files, more than the {MOST_MEMBERS:,} read. "
                "Unpack it and read the diaries in it."
            )
        seen: set[str] = set()
        unpacked = 0
        for member in files:
            name = f"{content.name}/{_shown(member.filename)}"
            problem = _problem(member, name in seen)
            seen.add(name)
            if problem:
                yield name, problem
                continue
            data = _unpacked(archive, member, MOST_UNPACKED - unpacked)
            if data is None:
                yield name, "damaged or not complete"
                continue
            unpacked += len(data)
            if unpacked > MOST_UNPACKED:
                raise DiaryError(
                    f"{content.name}: the archive unpacks to more than the {MOST_UNPACKED // MEGABYTE} MB "
                    "a diary may need. It is not read."
                )
            yield name, Content(name, data)


def _shown(name: str) -> str:
    """Return a member's name without signs that would disturb a message."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:200]


def _problem(member: zipfile.ZipInfo, is_seen: bool) -> str:
    """Return why a member is not opened, or nothing."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if any(member.filename.startswith(name) or path.name == name for name in _FURNITURE):
        return "a file of the archiving program, no diary"
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]) or not path.name:
        return "its name leads out of the archive: not read"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link to another file: not followed"
    if is_seen:
        return "a second file of the same name: not read"
    if member.flag_bits & 1:
        return "protected by a password: unpack the archive and read the file in it"
    if member.compress_type not in _USUAL:
        return "compressed in an unusual way: unpack the archive and read the file in it"
    return ""


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes | None:
    """Return at most one byte more than `most`; None where the member is damaged."""
    whole = bytearray()
    try:
        with archive.open(member) as stream:
            while len(whole) <= most and (piece := stream.read(_CHUNK)):
                whole += piece
    except Exception:
        # BadZipFile, zlib.error, EOFError, NotImplementedError: a stranger's zip may provoke any of them.
        return None
    return bytes(whole)
