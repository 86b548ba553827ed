"""Cells of a release's tables as numbers and texts, or an error that names file, row, column and value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.errors import FoodDataError

if TYPE_CHECKING:
    import pandas as pd


def numbers(frame: pd.DataFrame, column: str, where: str, *, whole: bool = False, first_row: int = 2) -> pd.Series:
    """Return a column of text as numbers, NaN where empty.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the index it was read with: it tells the row of the file.
    where : str
        File the table comes from, for the error.
    whole : bool
        Refuse fractions, and numbers too large to be held exactly.
    first_row : int
        Row of the file the table's first row stands in, for the error.

    Raises
    ------
    FoodDataError
        If a cell is no finite number, or not whole where it has to be.
    """
    import pandas as pd

    values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    wrong = (values.isna() & frame[column].notna()) | values.isin([float("inf"), float("-inf")])
    if whole:
        wrong |= values.notna() & ((values % 1 != 0) | (values.abs() >= 2**53))
    _refuse(frame, column, where, wrong, "a whole number" if whole else "a number", first_row)
    return values


def whole_numbers(frame: pd.DataFrame, column: str, where: str, *, first_row: int = 2) -> pd.Series:
    """Return a column of text as whole numbers, such as ids, of which none may be missing.

    Raises
    ------
    FoodDataError
        If a cell is empty or no whole number.
    """
    values = numbers(frame, column, where, whole=True, first_row=first_row)
    _refuse(frame, column, where, values.isna(), "a whole number", first_row)
    return values.astype("int64")


def texts(frame: pd.DataFrame, column: str, where: str, *, first_row: int = 2) -> pd.Series:
    """Return a column of text as it stands.

    Raises
    ------
    FoodDataError
        If a cell is empty or holds something else than text.
    """
    is_text = frame[column].map(lambda cell: isinstance(cell, str) and bool(cell.strip())).astype("bool")
    _refuse(frame, column, where, ~is_text, "a text", first_row)
    return frame[column].astype("str")


def _refuse(
    frame: pd.DataFrame, column: str, where: str, wrong: pd.Series[bool], expected: str, first_row: int
) -> None:
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        row, found = frame.index.to_numpy()[at] + first_row, frame[column].iloc[at]
        raise FoodDataError(f"{where}: row {row}, {column}: {found!r} is not {expected}. The file is damaged.")
