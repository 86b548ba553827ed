"""Text tables (.csv, .tsv and their relatives) as a plain grid of cells."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from nutridiary.diary.columns import recognised
from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Grid, Row
from nutridiary.errors import DiaryError

MEGABYTE = 2**20
MOST_BYTES = 100 * MEGABYTE
_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 60


def read_delimited(path: Path) -> list[Grid]:
    """Return a delimited text file as one grid of cells, every cell a text.

    Encoding (UTF-8, UTF-16, else Windows-1252, which is said in a note) and delimiter (comma, semicolon, tab,
    bar) are found from the content.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Grid
        One grid.

    Raises
    ------
    DiaryError
        If the file is empty, too large, binary, or its quotation marks do not close.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise DiaryError(
            f"{path.name}: {size / MEGABYTE:,.0f} MB of text, more than the {MOST_BYTES // MEGABYTE} MB read."
        )
    text, note = decode(path.read_bytes(), path.name)
    if not text.strip():
        raise DiaryError(
            f"{path.name}: the file is empty. Expected a table with a row of column names and a row per food."
        )
    rows = _records(text, _delimiter(text), path.name)
    for number, row in enumerate(rows, 1):
        if len(row) > MOST_COLUMNS and any(cell.strip() for cell in row[MOST_COLUMNS:]):
            raise DiaryError(f"{path.name}:{number}: {len(row)} columns, more than the {MOST_COLUMNS} that are read.")
    grid_rows: list[Row] = [row[:MOST_COLUMNS] for row in rows]
    return [Grid(path.name, path.name, grid_rows, notes=(note,) if note else ())]


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file and what had to be assumed about its encoding.

    Examples
    --------
    >>> decode("Käse".encode("cp1252"), "diary.csv")
    ('Käse', 'the file is not UTF-8: read as Windows-1252 (Western European)')
    >>> decode("Käse".encode("utf-16"), "diary.csv")
    ('Käse', '')
    """
    note = ""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in content[:200]:
        # Every other byte of Western text is NUL in UTF-16.
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        note = "the file is not UTF-8: read as Windows-1252 (Western European)"
    if "\0" in text:
        raise DiaryError(f"{name}: the file holds NUL bytes, so it is no text. Expected .xlsx, .xlsm, .csv or .tsv.")
    sample = text[:10_000]
    odd = sum(1 for sign in sample if (sign < " " and sign not in "\t\r\n\f\v") or sign == "\ufffd")
    if odd > len(sample) / 50:
        raise DiaryError(f"{name}: the file is no text. Expected .xlsx, .xlsm, .csv or .tsv.")
    return text, note


def _delimiter(text: str) -> str:
    """Choose the delimiter that shows the most column names, then the one that cuts the most cells."""
    head = "".join(text[:100_000].splitlines(keepends=True)[:_LOOKED_AT])

    def shown(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
        except csv.Error:
            return (0, 0)
        return max((len(recognised(row)) for row in rows), default=0), sum(len(row) > 1 for row in rows)

    return max(_DELIMITERS, key=shown)


def _records(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Return the records, strictly read where the quotation marks allow it."""
    rows: list[list[str]] = []
    for strict in (True, False):
        rows = []
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict):
                rows.append(row)
                if len(rows) > MOST_ROWS:
                    raise DiaryError(f"{name}: more than {MOST_ROWS:,} rows. Split the diary and read the parts.")
            break
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise DiaryError(
                    f"{name}:{len(rows) + 1}: a quotation mark is opened in this row and never closed. "
                    'Close it, or write a mark that belongs to the text twice ("").'
                ) from None
            if not strict:
                raise DiaryError(f"{name}:{len(rows) + 1}: cannot be read as a table: {error}.") from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows
