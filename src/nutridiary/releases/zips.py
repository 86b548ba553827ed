"""A zip from outside, checked before anything in it is read."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from nutridiary.errors import FoodDataError, listing
from nutridiary.releases.official import short_name
from nutridiary.releases.progress import Progress, in_bytes, untold

MOST_UNPACKED = 64 * 10**9
"""Most the files of a zip may take together. [bytes] The whole collection of April 2026 has some 6 GB."""
MOST_TIMES_SMALLER = 400
"""How many times smaller than its content a file may be packed; the tables of FoodData Central are some 10 times."""
SMALL = 50 * 10**6
"""A file up to this size is not measured by `MOST_TIMES_SMALLER`. [bytes]"""
MOST_MEMBERS = 10_000
_PIECE = 1 << 20


def check_zip(path: Path, progress: Progress = untold) -> None:
    """Refuse a zip that is damaged, hostile or no zip at all. Each of its files is read once, none is unpacked.

    Raises
    ------
    FoodDataError
        With what is wrong, and what to do.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path, members)
            every, done = sum(member.file_size for member in members), 0
            for member in members:
                with archive.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        done += len(piece)
                        progress(f"testing {short_name(path.name)}", done, every)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise FoodDataError(f"{path}: {_what(path)} ({error}). Download it again.") from None


def file_digest(path: Path) -> tuple[int, str]:
    """Return size [bytes] and sha256 of a file."""
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise FoodDataError(f"{path}: a zip of {len(members):,} files is no release of FoodData Central. Not read.")
    outside = [member.filename for member in members if _leads_out(member)]
    if outside:
        raise FoodDataError(
            f"{path}: holds files that want to lie outside of it: {listing(outside, 3)}. That is no official release "
            "and may be meant to harm. Not read; get it from https://fdc.nal.usda.gov/download-datasets"
        )
    if any(member.flag_bits & 1 for member in members):
        raise FoodDataError(f"{path}: is encrypted. Official releases are not: download it again.")
    unpacked = sum(member.file_size for member in members)
    swollen = [
        member for member in members if member.file_size > max(SMALL, MOST_TIMES_SMALLER * max(member.compress_size, 1))
    ]
    if unpacked > MOST_UNPACKED or swollen:
        raise FoodDataError(
            f"{path}: would unpack to {in_bytes(unpacked)} from {in_bytes(path.stat().st_size)}, which no official "
            "release does. Not read; get it from https://fdc.nal.usda.gov/download-datasets"
        )


def _leads_out(member: zipfile.ZipInfo) -> bool:
    """Whether a name leads out of the folder it would be unpacked in, or the file is a link."""
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return is_link or name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":")


def _what(path: Path) -> str:
    """Say what a file that cannot be read as a zip is."""
    with path.open("rb") as stream:
        start = stream.read(512).lstrip()
    if is_web_page(start):
        return "is a web page, not a zip"
    return "is a damaged zip" if start.startswith(b"PK") else "is not a zip"


def is_web_page(start: bytes) -> bool:
    """Whether these first bytes of a file are those of a web page.

    Examples
    --------
    >>> is_web_page(b"<!DOCTYPE html><html>"), is_web_page(b"PK")
    (True, False)
    """
    return start.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<head"))
