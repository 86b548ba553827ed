"""SAS transport files (.xpt, version 5), in which national surveys publish their recalls.

References
----------
SAS Institute, "TS-140: The Record Layout of a Data Set in SAS Transport (XPORT) Format".
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from nutridiary.diary.content import Content
from nutridiary.diary.grid import MOST_COLUMNS, MOST_ROWS, Cell, Grid, Row, check_cells
from nutridiary.errors import DiaryError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAS_TRANSPORT = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
_LATER_VERSION = b"HEADER RECORD*******LIBV8"
_MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
_NAMESTR = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
_OBSERVATIONS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
_RECORD = 80
_EPOCH = datetime(1960, 1, 1)
_DAYS = re.compile(r"(?:DATE|DDMMYY|MMDDYY|YYMMDD|WEEKDATE|WORDDATE|JULIAN)[A-Z]?")


@dataclass(frozen=True)
class _Variable:
    """A column: its name, where it stands in a row [bytes], and the format SAS shows it in."""

    name: str
    is_text: bool
    start: int
    length: int
    form: str


def is_transport(data: bytes) -> bool:
    """Tell whether bytes begin like a SAS transport file of any version."""
    return data.startswith((SAS_TRANSPORT, _LATER_VERSION))


def read_transport(content: Content) -> list[Grid]:
    """Return every data set of a SAS transport file as a grid, the names of the variables in its first row.

    Parameters
    ----------
    content : Content

    Returns
    -------
    list of Grid
        Numbers as numbers, days as such where SAS shows them so, missing values (of any kind) blank.

    Raises
    ------
    DiaryError
        If it is damaged, of version 8, or holds more than any diary does.
    """
    name, data = content.name, content.data
    if data.startswith(_LATER_VERSION):
        raise DiaryError(f"{name}: a SAS transport file of version 8. Save it as version 5 or as .csv and read that.")
    places = [at for at in _places(data, _MEMBER) if at % _RECORD == 0]
    if not places:
        raise DiaryError(_damaged(name))
    grids = []
    cells = 0
    for start, end in zip(places, [*places[1:], len(data)], strict=True):
        try:
            grid = _data_set(data[start:end], name, cells, is_only=len(places) == 1)
        except (struct.error, ValueError, IndexError) as error:
            raise DiaryError(_damaged(name)) from error
        cells += sum(map(len, grid.rows))
        grids.append(grid)
    return grids


def _damaged(name: str) -> str:
    return f"{name}: the SAS transport file is damaged or not complete. Fetch it again."


def _places(data: bytes, mark: bytes) -> list[int]:
    # The mark is spelt out, so that it cannot overlap itself; a data set takes eight records and more.
    found: list[int] = []
    at = data.find(mark)
    while at >= 0 and len(found) < 1 + len(data) // _RECORD:
        found.append(at)
        at = data.find(mark, at + _RECORD)
    return found


def _data_set(data: bytes, name: str, cells: int, *, is_only: bool) -> Grid:
    title = data[3 * _RECORD + 8 : 3 * _RECORD + 16].decode("ascii", "replace").strip() or "data"
    size = int(data[74:78])  # bytes of a variable's description: 140, on some machines 136
    at = data.index(_NAMESTR)
    count = int(data[at + 54 : at + 58])
    if size not in (136, 140) or count < 1:
        raise ValueError
    if count > MOST_COLUMNS:
        raise DiaryError(f"{name}: {count} columns, more than the {MOST_COLUMNS} that are read.")
    at += _RECORD
    variables = [_variable(data[at + number * size : at + (number + 1) * size]) for number in range(count)]
    at = data.index(_OBSERVATIONS, at + count * size) + _RECORD
    width = _width(variables)
    rows = (len(data) - at) // width
    if rows > MOST_ROWS and (rows * width > MOST_ROWS * width + _RECORD):
        raise DiaryError(f"{name}: {rows:,} rows, more than the {MOST_ROWS:,} that are read.")
    check_cells(cells + rows * count, name)
    source = name if is_only else f"{name}:{title}"
    return Grid(source, title, _rows(data[at : at + rows * width], variables, rows, width))


def _variable(description: bytes) -> _Variable:
    kind, _, length = struct.unpack_from(">hhh", description)
    start = struct.unpack_from(">i", description, 84)[0]
    name = description[8:16].decode("ascii", "replace").strip()
    form = description[56:64].decode("ascii", "replace").strip().upper()
    if kind not in (1, 2) or not 0 < length <= (8 if kind == 1 else 32_767) or start < 0 or not name:
        raise ValueError
    return _Variable(name, kind == 2, start, length, form)


def _width(variables: list[_Variable]) -> int:
    """Return the bytes of a row; the variables must fill it without gap or overlap."""
    at = 0
    for variable in variables:
        if variable.start != at:
            raise ValueError
        at += variable.length
    return at


def _rows(data: bytes, variables: list[_Variable], count: int, width: int) -> list[Row]:
    import numpy as np

    table = np.frombuffer(data, dtype=np.uint8).reshape(count, width)
    # The last record is filled up with blanks, which may look like rows of their own.
    while count and count * width > len(data) - _RECORD and (table[count - 1] == ord(" ")).all():
        count -= 1
    columns = [_column(table[:count, v.start : v.start + v.length], v) for v in variables]
    return [[variable.name for variable in variables], *map(list, zip(*columns, strict=True))]


def _column(held: NDArray[np.uint8], variable: _Variable) -> list[Any]:
    import numpy as np

    if not len(held):
        return []
    if variable.is_text:
        texts = np.ascontiguousarray(held).view(f"S{variable.length}").ravel()
        return [text.decode("cp1252", "replace").rstrip() or None for text in texts.tolist()]
    values, is_missing = _ibm_numbers(held)
    numbers: list[Any] = _shared(values)
    unit = _unit_of(variable.form)
    if unit:
        numbers = [_moment(number, unit) for number in numbers]
    for place in np.flatnonzero(is_missing).tolist():
        numbers[place] = None
    return numbers


def _ibm_numbers(held: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return IBM's base-16 numbers as ours, and which are missing.

    A number is a sign (1 bit), an exponent of 16 (7 bits, 64 too large) and a fraction (up to 56 bits). A fraction
    of nothing behind a sign of the alphabet, a point or an underscore is one of SAS's 28 kinds of missing.
    """
    import numpy as np

    whole = np.zeros((len(held), 8), dtype=np.uint8)
    whole[:, : held.shape[1]] = held
    first = whole[:, 0]
    bits = whole.view(">u8").ravel() & np.uint64(0x00FFFFFFFFFFFFFF)
    exponent = (first & 0x7F).astype(np.int64) - 64 - 14  # the fraction has 14 hexadecimal places
    size = np.ldexp(bits.astype(np.float64), 4 * exponent)
    is_missing = (bits == 0) & np.isin(first, np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8))
    return np.where(first & 0x80, -size, size), is_missing


def _shared(values: NDArray[np.float64]) -> list[Any]:
    """Return numbers as a list in which each is held once, whole ones as such."""
    import numpy as np

    if np.all(np.mod(values, 1) == 0) and np.all(np.abs(values) < 1e15):
        values = values.astype(np.int64)
    distinct, places = np.unique(values, return_inverse=True)
    known = np.array(distinct.tolist(), dtype=object)
    return list(known[places])


def _unit_of(form: str) -> timedelta | None:
    """Return what SAS counts since 1960 where a format shows days or moments, None where it shows a number.

    A time of day stays the number of seconds it is, as in the .csv editions of the same surveys.
    """
    if form.startswith("DATETIME"):
        return timedelta(seconds=1)
    return timedelta(days=1) if _DAYS.fullmatch(form) else None


def _moment(number: float, unit: timedelta) -> Cell:
    """Return the moment so many units after 1960; the number where there is none."""
    try:
        return _EPOCH + number * unit
    except (OverflowError, ValueError):
        return number
