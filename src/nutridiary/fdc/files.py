"""The files of a release, in a folder or a zip, read with limits: they come from the outside."""

from __future__ import annotations

import hashlib
import io
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from nutridiary.errors import FoodDataError, listing

MAX_TABLE_BYTES = 512 * 1024**2
"""Most a table of a release may take once unpacked [bytes]; the largest of Foundation and SR Legacy is 40 MB."""


class ReleaseFiles:
    """The CSV files of a release, found by their table's name.

    Parameters
    ----------
    path : pathlib.Path
        A folder with the files, or an official zip; files may lie one folder deeper. A table may
        be packed as ``.csv.xz``.
    max_bytes : int
        Most that one table may take once unpacked. [bytes]

    Raises
    ------
    FoodDataError
        If `path` is neither a folder nor a zip.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_TABLE_BYTES) -> None:
        """List the files of the release."""
        self.path = path
        self.max_bytes = max_bytes
        self.read: list[tuple[str, int, str]] = []
        self._zip = not path.is_dir()
        self._members = self._zip_members() if self._zip else self._folder_members()

    def has(self, table: str) -> bool:
        """Return whether the release has a file for `table`."""
        return any(name in self._members for name in (f"{table}.csv", f"{table}.csv.xz"))

    def table(self, table: str, columns: list[str], optional: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return columns of one table as text, NaN where empty.

        Raises
        ------
        FoodDataError
            If the file or a column is missing, the file is damaged, too large or not CSV in UTF-8.
        """
        name = next((name for name in (f"{table}.csv", f"{table}.csv.xz") if name in self._members), None)
        if name is None:
            found = listing(sorted(self._members)) or "no .csv file"
            raise FoodDataError(f"{self.path}: no {table}.csv. Found: {found}. Expected a FoodData Central release.")
        content = self._content(name)
        try:
            frame = pd.read_csv(
                io.BytesIO(content), dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
            )
        except (ValueError, pd.errors.ParserError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise FoodDataError(f"{self.path}: {name} is not a CSV table in UTF-8 ({reason}).") from None
        if not isinstance(frame.index, pd.RangeIndex):  # pandas takes the surplus for row names
            raise FoodDataError(f"{self.path}: {name} has rows with more cells than its header has names.")
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            raise FoodDataError(
                f"{self.path}: {name} has no column {listing(missing)}. Found: {listing(frame.columns)}. "
                f"Expected: {listing(columns)}."
            )
        return frame[columns + [column for column in optional if column in frame.columns]]

    def lookup(self, table: str, key: str, value: str) -> pd.Series[str]:
        """Return one column of a table by another, whose values stand there once.

        Raises
        ------
        FoodDataError
            As `table`, or if a key is repeated.
        """
        frame = self.table(table, [key, value]).dropna(subset=[key])
        repeated = frame[frame.duplicated(key)]
        if len(repeated):
            raise FoodDataError(f"{self.path}: {table}.csv has the {key} {repeated.iloc[0][key]} twice.")
        return frame.set_index(key)[value]

    def _folder_members(self) -> dict[str, str]:
        files = [*self.path.glob("*.csv*"), *self.path.glob("*/*.csv*")]
        return {file.name: str(file) for file in sorted(files, reverse=True)}

    def _zip_members(self) -> dict[str, str]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                names = [info.filename for info in archive.infolist() if not info.is_dir()]
        except (OSError, zipfile.BadZipFile) as error:
            raise FoodDataError(
                f"{self.path}: neither a folder nor a zip of a FoodData Central release ({error}). "
                "Get one from https://fdc.nal.usda.gov/download-datasets"
            ) from None
        return {Path(name).name: name for name in sorted(names, reverse=True) if ".csv" in name}

    def _content(self, name: str) -> bytes:
        """Return the unpacked bytes of one file, and note its size and sha256 as it lies on the disk."""
        member = self._members[name]
        try:
            if self._zip:
                with zipfile.ZipFile(self.path) as archive, archive.open(member) as stream:
                    content = self._limited(stream, name)  # type: ignore[arg-type]
                packed = content
            else:
                packed = Path(member).read_bytes()
                content = packed
            if name.endswith(".xz"):
                with lzma.open(io.BytesIO(packed)) as stream:
                    content = self._limited(stream, name)  # type: ignore[arg-type]
        except (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise FoodDataError(f"{self.path}: {name} is damaged ({error}). Download the release again.") from None
        except RuntimeError:
            raise FoodDataError(f"{self.path}: {name} is encrypted. Expected an official release.") from None
        self.read.append((name, len(packed), hashlib.sha256(packed).hexdigest()))
        return content

    def _limited(self, stream: BinaryIO, name: str) -> bytes:
        content = stream.read(self.max_bytes + 1)
        if len(content) > self.max_bytes:
            raise FoodDataError(f"{self.path}: {name} unpacks to more than {self.max_bytes:,} bytes. Not read.")
        return content


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


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file as it lies on the disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
