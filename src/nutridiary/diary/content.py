"""The bytes of a file, whatever way it came: a path, standard input, or a member of an archive."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from nutridiary.errors import DiaryError

MEGABYTE = 2**20
# Twelve million cells of survey text are 40 MB; a workbook or archive of that size is packed tenfold.
MOST_FILE_BYTES = 100 * MEGABYTE
STANDARD_INPUT = "-"
EXPECTED = (
    "Expected a workbook (.xlsx, .xlsm, .xls, .ods), a text table (.csv, .tsv, also .gz or .xz), "
    "a saved web page, a SAS transport file (.xpt) or an app's export (.zip)."
)


@dataclass(frozen=True)
class Content:
    """What a file holds.

    Attributes
    ----------
    name : str
        As messages and `Grid.source` name it: "diary.csv", "export.zip/servings.csv", "stdin".
    data : bytes
    """

    name: str
    data: bytes


def read_content(path: Path, name: str = "") -> Content:
    """Return the bytes of a file; of standard input where `path` is "-".

    Parameters
    ----------
    path : Path
    name : str
        What to call the file; by default its own name.

    Returns
    -------
    Content

    Raises
    ------
    DiaryError
        If there is no such file, it may not be read, it is empty, or larger than `MOST_FILE_BYTES`.
    """
    if str(path) == STANDARD_INPUT:
        content = Content("stdin", _standard_input(getattr(sys.stdin, "buffer", None)))
    else:
        content = Content(name or path.name, _file(path))
    if len(content.data) > MOST_FILE_BYTES:
        raise DiaryError(_too_large(content.name))
    if not content.data:
        raise DiaryError(f"{content.name}: the file is empty. {EXPECTED}")
    return content


def _file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DiaryError(f"{path}: this is a folder. Give the diary file in it.")
        if not path.exists():
            raise DiaryError(f"{path}: there is no such file.")
        if not path.is_file():
            raise DiaryError(f"{path}: this is no file but a device or pipe. Give a file, or - for standard input.")
        if path.stat().st_size > MOST_FILE_BYTES:
            raise DiaryError(_too_large(path.name))
        with path.open("rb") as file:
            return _to_the_limit(file)
    except PermissionError as error:
        raise DiaryError(f"{path}: the file may not be read (permission denied).") from error
    except (OSError, ValueError) as error:
        raise DiaryError(f"{path}: the file cannot be opened.") from error


def _to_the_limit(stream: BinaryIO) -> bytes:
    """Read in pieces, and one byte more than is allowed: a file may grow, and a stream does not say how long it is."""
    whole = bytearray()
    while len(whole) <= MOST_FILE_BYTES and (piece := stream.read(min(MEGABYTE, MOST_FILE_BYTES + 1 - len(whole)))):
        whole += piece
    return bytes(whole)


def _too_large(name: str) -> str:
    return (
        f"{name}: the file is larger than the {MOST_FILE_BYTES // MEGABYTE} MB that are read. "
        "Split the diary and read the parts."
    )


@lru_cache(maxsize=1)
def _standard_input(stream: BinaryIO | None) -> bytes:
    """Read a stream once and keep it: a second question about the same input finds it at its end."""
    if stream is None:
        raise DiaryError("stdin: there is no standard input to read from. Give the name of a file.")
    try:
        return _to_the_limit(stream)
    except (OSError, ValueError) as error:
        raise DiaryError("stdin: the standard input cannot be read. Give the name of a file.") from error
