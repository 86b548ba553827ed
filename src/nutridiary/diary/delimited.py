"""Text tables (.csv, .tsv and their relatives), and plain lists of lines, as a grid of cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable

from nutridiary.diary.columns import recognised
from nutridiary.diary.content import Content
from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Grid, Row, check_cells
from nutridiary.errors import DiaryError

_DELIMITERS = (",", ";", "\t", "|")
# A sign that stands in no text: cut by it, every line is one cell.
_NO_DELIMITER = "\x1f"
_LOOKED_AT = 60
# Row names are looked for in a table of so many columns, whose first does not number the rows itself.
_LEAST_WIDTH = 3
_COUNTERS = ("", "#", "n", "no", "no.", "nr", "nr.", "id", "line", "row", "item", "number")


def read_delimited(content: Content) -> list[Grid]:
    """Return a text file as one grid of cells, every cell a text.

    Encoding (UTF-8, UTF-16, else Windows-1252, which is said in a note) and delimiter (comma, semicolon, tab,
    bar) are found from the content. A text that no delimiter cuts like a table (a list, a chat log) has one cell
    a line.

    Parameters
    ----------
    content : Content

    Returns
    -------
    list of Grid
        One grid.

    Raises
    ------
    DiaryError
        If the file is empty, too large, binary, or its quotation marks do not close.
    """
    name = content.name
    text, note = decode(content.data, name)
    if not text.strip():
        raise DiaryError(f"{name}: the file is empty. Expected a table with a row of column names and a row per food.")
    delimiter = find_delimiter(text)
    # Before the table is built: a delimiter takes one byte, a cell eight and more.
    check_cells(text.count(delimiter), name)
    if delimiter == _NO_DELIMITER and not _closes(text):
        rows = _capped(([line] for line in io.StringIO(text, newline=None)), name)
        rows = [[row[0].rstrip("\n")] for row in rows]
    else:
        rows = _records(text, delimiter, name)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if _has_row_names(rows):
        rows[0] = ["", *rows[0]]
    return [Grid(name, name, _checked(rows, name), notes=(note,) if note else ())]


def _has_row_names(rows: list[list[str]]) -> bool:
    """Tell a table as R's `write.table` writes it: before each row its number, for which the header has no cell.

    Examples
    --------
    >>> _has_row_names([["Date", "Item", "Grams"], ["1", "2026-03-02", "milk", "200"], ["2", "2026-03-02", "tea", "9"]])
    True
    >>> _has_row_names([["Date", "Item", "Grams"], ["2026-03-02", "milk", "200", "cold"]])
    False
    """
    header, *below = rows or [[]]
    width = len(header)
    if width < _LEAST_WIDTH or not below or header[0].strip().lower() in _COUNTERS:
        return False
    if not all(len(row) == width + 1 and row[0].isdecimal() for row in below):
        return False
    return any(row[-1].strip() for row in below) and len({row[0] for row in below}) == len(below)


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
        raise DiaryError(
            f"{name}: the file holds NUL bytes, so it is no text. Expected .xlsx, .xls, .ods, .csv or .tsv."
        )
    sample = text[:10_000]
    odd = sum(1 for sign in sample if (sign < " " and sign not in "\t\r\n\f\v") or sign == "\ufffd")
    if odd > len(sample) / 50:
        raise DiaryError(f"{name}: the file is no text. Expected .xlsx, .xls, .ods, .csv or .tsv.")
    return text, note


def find_delimiter(text: str) -> str:
    r"""Return the sign that cuts a text into the columns of a table; the unit separator where none does.

    The delimiter that shows the most column names is taken, else the one that cuts the most lines, if what it cuts
    looks like columns rather than prose.

    Examples
    --------
    >>> find_delimiter("Date;Food\n2026-03-02;rice, boiled\n")
    ';'
    >>> find_delimiter("11:20 utappam, chutney\n12:10 rice, dal, tea\n19:00 soup\n") == "\x1f"
    True
    """
    head = "".join(text[:100_000].splitlines(keepends=True)[:_LOOKED_AT])
    cuts = {delimiter: _cut(head, delimiter) for delimiter in _DELIMITERS}

    def shown(delimiter: str) -> tuple[int, int]:
        rows = cuts[delimiter]
        return max((len(recognised(row)) for row in rows), default=0), sum(len(row) > 1 for row in rows)

    best = max(_DELIMITERS, key=shown)
    if shown(best)[0] > 1 or any(map(_is_header, cuts[best])) or _looks_like_columns(cuts[best]):
        return best
    return _NO_DELIMITER


def _cut(head: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _is_header(row: list[str]) -> bool:
    """Tell a row that names one known column among others, "logtime,food", from prose that holds such a word."""
    return len(row) > 1 and bool(recognised(row)) and not any(cell[:1].isspace() for cell in row)


def _looks_like_columns(rows: list[list[str]]) -> bool:
    """Tell columns from the commas of prose, which have a space behind them and are as many as it takes."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    cut = [row for row in filled if len(row) > 1]
    if 2 * len(cut) < len(filled) or not cut:
        return False
    behind = [cell for row in cut for cell in row[1:] if cell]
    spaced = sum(cell.startswith(" ") for cell in behind)
    width, often = Counter(map(len, cut)).most_common(1)[0]
    return 2 * spaced <= len(behind) or (width > 2 and 10 * often >= 9 * len(filled))


def _closes(text: str) -> bool:
    """Tell whether a text of one column is written with quotation marks that close."""
    try:
        return text.count('"') == 0 or all(
            len(row) < 2 for row in csv.reader(io.StringIO(text, newline=""), delimiter=_NO_DELIMITER, strict=True)
        )
    except csv.Error:
        return False


def _records(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Return the records, strictly read where the quotation marks allow it."""
    # R writes a quotation mark that belongs to the text behind a backslash, spreadsheets write it twice.
    escapes = (None, "\\") if '\\"' in text else (None,)
    for strict, escape in [*((True, escape) for escape in escapes), (False, None)]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, escapechar=escape)
        try:
            return _capped(reader, name)
        except csv.Error as error:
            if strict and escape is None and len(escapes) > 1:
                continue
            row = reader.line_num
            if "unexpected end of data" in str(error):
                raise DiaryError(
                    f"{name}:{_opened(text, delimiter)}: a quotation mark is opened in this row and never closed. "
                    'Close it, or write a mark that belongs to the text twice ("").'
                ) from None
            if not strict:
                raise DiaryError(f"{name}:{row}: cannot be read as a table: {error}.") from None
    raise AssertionError("unreachable: the second reading returns or raises")


def _opened(text: str, delimiter: str) -> int:
    """Return the row (from 1) that a reading which ends too early was in."""
    rows = 1
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows += 1
    except csv.Error:
        pass
    return rows


def _capped(rows: Iterable[list[str]], name: str) -> list[list[str]]:
    """Return the rows, each text that occurs again held once: a survey's 9.5 million cells are 60,000 texts."""
    known: dict[str, str] = {}
    kept = []
    cells = 0
    for row in rows:
        kept.append(list(map(known.setdefault, row, row)))
        cells += len(row)
        if len(kept) > MOST_ROWS:
            raise DiaryError(f"{name}: more than {MOST_ROWS:,} rows. Split the diary and read the parts.")
    check_cells(cells, name)
    return kept


def _checked(rows: list[list[str]], name: str) -> list[Row]:
    """Cut what is blank beyond the last column that is read; refuse what is not."""
    for number, row in enumerate(rows, 1):
        if len(row) > MOST_COLUMNS:
            if any(cell.strip() for cell in row[MOST_COLUMNS:]):
                raise DiaryError(f"{name}:{number}: {len(row)} columns, more than the {MOST_COLUMNS} that are read.")
            del row[MOST_COLUMNS:]
    return list(rows)
