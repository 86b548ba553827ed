"""What one diary may be, here: set once in each process that works on diaries."""

from __future__ import annotations

from nutridiary.errors import NutridiaryError

_most = {"rows": 0}


def set_limits(*, rows: int) -> None:
    """Set how many rows a diary may have; 0 is no limit."""
    _most["rows"] = rows


def check_rows(rows: int) -> None:
    """Make sure that a diary is no longer than it may be here.

    Raises
    ------
    NutridiaryError
        If it is; the text says what to do.

    Examples
    --------
    >>> set_limits(rows=1_000)
    >>> check_rows(450)
    >>> check_rows(1_200)
    Traceback (most recent call last):
    nutridiary.errors.NutridiaryError: The diary has 1,200 lines, more than the 1,000 that are read here. ...
    >>> set_limits(rows=0)
    """
    if 0 < _most["rows"] < rows:
        raise NutridiaryError(
            f"The diary has {rows:,} lines, more than the {_most['rows']:,} that are read here. Split it (by year or "
            "by person, for example) and upload the parts, or use the command line, which has no such limit."
        )
