"""The files of a release, in a folder or a zip, read with limits: they come from the outside."""

from __future__ import annotations

import csv
import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.cells import numbers, whole_numbers
from nutridiary.fdc.streams import CountedStream, FoodsStream, LimitedStream

if TYPE_CHECKING:
    import pandas as pd

MAX_TABLE_BYTES = 512 * 1024**2
"""Most a table that is loaded may take once unpacked [bytes]; the largest of Foundation and SR Legacy is 40 MB."""
MAX_STREAMED_BYTES = 16 * 1024**3
"""Most a table that is read piece by piece may take once unpacked [bytes]; the largest is 3.3 GB of JSON."""
MAX_FOOD_BYTES = 64 * 1024**2
"""Most that one food of a JSON file may take [bytes]; real ones take up to 100 kB."""
MAX_OPEN = 1000
"""Most brackets that may be open in one food of a JSON file; real ones are nested 6 deep."""
ROWS_AT_ONCE = 250_000
MAX_ROW_BYTES = 4096
"""Most that a row of a large table may take, on the average of those read at once [bytes]; branded foods take 600."""

_HEADER_BYTES = 64 * 1024
# Little, because what was read ahead of a food's end is not counted to the next one.
_JSON_BYTES_AT_ONCE = 4096
_KINDS = (".csv", ".csv.xz", ".json")
_FIRST_LIST = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"(\w{1,40})"\s*:\s*\[')


class ReleaseFiles:
    """The CSV or JSON files of a release, found by their names.

    Parameters
    ----------
    path : pathlib.Path
        A folder with the files, an official zip, or a single JSON file; files may lie one folder
        deeper. A table may be packed as ``.csv.xz``.
    max_bytes : int
        Most that one table may take once unpacked where it is loaded whole. [bytes]
    max_streamed_bytes : int
        Most that one file may take once unpacked where it is read piece by piece. [bytes]

    Attributes
    ----------
    read : list of tuple
        Name, size [bytes] and sha256 of each file that was read to its end, as it lies on the disk
        or in the zip.

    Raises
    ------
    FoodDataError
        If `path` is neither a folder nor a zip, or has a file of one name twice.
    """

    def __init__(
        self, path: Path, max_bytes: int = MAX_TABLE_BYTES, max_streamed_bytes: int = MAX_STREAMED_BYTES
    ) -> None:
        """List the files of the release."""
        self.path = path
        self.max_bytes = max_bytes
        self.max_streamed_bytes = max_streamed_bytes
        self.read: list[tuple[str, int, str]] = []
        self._zip = path.is_file() and path.suffix.lower() != ".json"
        self._members = _by_name(path, self._zip_members() if self._zip else self._folder_members())

    def has(self, table: str) -> bool:
        """Return whether the release has a CSV file for `table`."""
        return any(name in self._members for name in (f"{table}.csv", f"{table}.csv.xz"))

    def table(self, table: str, columns: list[str], optional: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return columns of one table as text, NaN where empty.

        Raises
        ------
        FoodDataError
            If the file or a column is missing, the file is damaged, too large or not CSV in UTF-8.
        """
        import pandas as pd

        name = self._name(table)
        wanted = self._wanted(name, columns, optional)
        with self._open(name, self.max_bytes) as stream:
            content = stream.read()
        with self._as_csv(name):
            frame = pd.read_csv(
                io.BytesIO(content), dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
            )
        self._check_width(frame, name)
        return _under_own_names(frame, wanted)

    def stream(
        self,
        table: str,
        columns: list[str],
        optional: tuple[str, ...] = (),
        *,
        rows: int = ROWS_AT_ONCE,
        dtypes: Mapping[str, str] | None = None,
    ) -> Iterator[pd.DataFrame]:
        """Yield columns of one table piece by piece, as text, NaN where empty.

        Parameters
        ----------
        table : str
        columns, optional : sequence of str
            Columns that must be there; columns that are taken where they are.
        rows : int
            Rows of a piece. The index counts the rows of the whole file from 0, as
            `nutridiary.fdc.cells.numbers` expects it.
        dtypes : mapping of str to str, optional
            ``int64`` or ``float64`` for columns that are read as numbers at once, which takes less
            time than text. A whole number may not be missing.

        Raises
        ------
        FoodDataError
            As `table`; a cell that is no number is named with its row.
        """
        import numpy as np
        import pandas as pd

        name = self._name(table)
        wanted = self._wanted(name, columns, optional)
        typed = {written: dtypes[column] for written, column in wanted.items() if dtypes and column in dtypes}
        try:
            with self._open(name, self.max_streamed_bytes) as stream, self._as_csv(name, typed):
                pieces = pd.read_csv(
                    stream,
                    dtype=dict.fromkeys(wanted, "str") | typed,
                    usecols=list(wanted),
                    keep_default_na=False,
                    na_values=[""],
                    encoding="utf-8-sig",
                    chunksize=rows,
                )
                stream.refuse_after(rows * MAX_ROW_BYTES + _HEADER_BYTES, f"{rows:,} rows: is a quote not closed?")
                for piece in pieces:
                    self._check_width(piece, name)
                    stream.start_again()
                    if any(np.isinf(piece[column]).any() for column, dtype in typed.items() if dtype == "float64"):
                        raise _NotANumberError
                    yield _under_own_names(piece, wanted)
        except _NotANumberError:
            self._name_the_cell(table, {wanted[written]: dtype for written, dtype in typed.items()})

    def food_lists(self) -> list[str]:
        """Return the names of the lists of foods in the JSON files, such as ``FoundationFoods``."""
        return list(self._food_lists())

    def foods(self, food_list: str) -> Iterator[dict[str, Any]]:
        """Yield the foods of one list of the official JSON, one at a time.

        Raises
        ------
        FoodDataError
            If there is no such list, or the file is damaged, too large or no JSON.
        """
        import ijson

        lists = self._food_lists()
        if food_list not in lists:
            raise FoodDataError(f"{self.path}: no list {food_list} of foods. Found: {_names(list(lists)) or 'none'}.")
        name = lists[food_list]
        with self._open(name, self.max_streamed_bytes) as stream:
            try:
                foods = FoodsStream(stream, MAX_FOOD_BYTES, MAX_OPEN, f"{self.path}: {name}")
                for food in ijson.items(foods, f"{food_list}.item", use_float=True, buf_size=_JSON_BYTES_AT_ONCE):
                    if not isinstance(food, dict):
                        raise FoodDataError(f"{self.path}: {name} has a {type(food).__name__} among its foods.")
                    foods.next_food()
                    yield food
            except (ijson.JSONError, UnicodeDecodeError, OverflowError) as error:
                reason = " ".join(str(error).split())[:100] or type(error).__name__
                raise FoodDataError(
                    f"{self.path}: {name} is not JSON, or was cut short ({reason}). Download it again."
                ) from None

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

    def _name(self, table: str) -> str:
        for name in (f"{table}.csv", f"{table}.csv.xz"):
            if name in self._members:
                return name
        found = _names(sorted(self._members)) or "no .csv file"
        raise FoodDataError(f"{self.path}: no {table}.csv. Found: {found}. Expected a FoodData Central release.")

    def _wanted(self, name: str, columns: list[str], optional: tuple[str, ...]) -> dict[str, str]:
        """Return the columns that are read, by their headings, after making sure that none is missing.

        Capitals do not count: ``NDB_number`` is written as no other column is.
        """
        with self._open(name, self.max_streamed_bytes, whole=False) as stream, self._as_csv(name):
            first = stream.read(_HEADER_BYTES).decode("utf-8-sig", errors="replace").splitlines()
            found = next(csv.reader(first[:1]), [])
        headings = {heading.casefold(): heading for heading in reversed(found)}
        missing = [column for column in columns if column.casefold() not in headings]
        if missing:
            raise FoodDataError(
                f"{self.path}: {name} has no column {listing(missing)}. Found: {_names(found)}. "
                f"Expected: {listing(columns)}."
            )
        there = [*columns, *(column for column in optional if column.casefold() in headings)]
        return {headings[column.casefold()]: column for column in there}

    def _food_lists(self) -> dict[str, str]:
        lists = {}
        for name in sorted(name for name in self._members if name.endswith(".json")):
            with self._open(name, self.max_streamed_bytes, whole=False) as stream:
                found = _FIRST_LIST.match(stream.read(_HEADER_BYTES))
            if found:
                lists[found[1].decode("ascii")] = name
        return lists

    def _name_the_cell(self, table: str, typed: Mapping[str, str]) -> None:
        """Read the table again, as text, to say which cell is no number."""
        where = self._name(table)
        for piece in self.stream(table, list(typed)):
            for column, dtype in typed.items():
                (whole_numbers if dtype == "int64" else numbers)(piece, column, where)
        raise FoodDataError(f"{self.path}: {where} has a cell that is no number. The file is damaged.")

    @contextmanager
    def _as_csv(self, name: str, typed: Mapping[str, str] | None = None) -> Iterator[None]:
        import pandas as pd

        try:
            yield
        except UnicodeDecodeError as error:
            raise FoodDataError(f"{self.path}: {name} is not a CSV table in UTF-8 ({error.reason}).") from None
        except (ValueError, OverflowError, pd.errors.ParserError) as error:
            if isinstance(error, FoodDataError | _NotANumberError):
                raise
            if typed and not isinstance(error, pd.errors.ParserError):
                raise _NotANumberError from None
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise FoodDataError(f"{self.path}: {name} is not a CSV table in UTF-8 ({reason}).") from None

    def _check_width(self, frame: pd.DataFrame, name: str) -> None:
        import pandas as pd

        if not isinstance(frame.index, pd.RangeIndex):  # pandas takes the surplus for row names
            raise FoodDataError(f"{self.path}: {name} has rows with more cells than its header has names.")

    def _folder_members(self) -> list[str]:
        if self.path.is_file():
            return [str(self.path)]
        if not self.path.is_dir():
            raise FoodDataError(f"{self.path}: not found. Expected a folder or zip of a FoodData Central release.")
        return [str(file) for depth in ("*", "*/*") for file in self.path.glob(depth) if file.is_file()]

    def _zip_members(self) -> list[str]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                return [info.filename for info in archive.infolist() if not info.is_dir()]
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise FoodDataError(
                f"{self.path}: neither a folder nor a zip of a FoodData Central release ({error}). "
                "Get one from https://fdc.nal.usda.gov/download-datasets"
            ) from None

    @contextmanager
    def _open(self, name: str, most: int, *, whole: bool = True) -> Iterator[LimitedStream]:
        """Open one file unpacked; once it was read, note its size and sha256 as it lies on the disk."""
        member = self._members[name]
        try:
            with self._packed(member) as packed:
                counted = CountedStream(packed)
                unpacked: Any = counted
                if name.endswith(".xz"):
                    unpacked = lzma.LZMAFile(counted)  # type: ignore[arg-type]  # noqa: SIM115 -- holds no file
                limited = LimitedStream(unpacked, most, f"{self.path}: {name}")
                yield limited
                if whole:
                    while limited.read(1024**2):
                        limited.start_again()
                    self.read.append((name, counted.bytes, counted.sha256.hexdigest()))
        except OSError as error:
            raise FoodDataError(f"{self.path}: {name} cannot be read ({error.strerror or error}).") from None
        except (EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise FoodDataError(f"{self.path}: {name} is damaged ({error}). Download the release again.") from None
        except RuntimeError as error:
            if isinstance(error, RecursionError) or "encrypted" not in str(error):
                raise
            raise FoodDataError(f"{self.path}: {name} is encrypted. Expected an official release.") from None

    @contextmanager
    def _packed(self, member: str) -> Iterator[IO[bytes]]:
        if self._zip:
            with zipfile.ZipFile(self.path) as archive, archive.open(member) as stream:
                yield stream
        else:
            with Path(member).open("rb") as stream:
                yield stream


class _NotANumberError(ValueError):
    """A cell of a typed column is no number."""


def _by_name(path: Path, members: list[str]) -> dict[str, str]:
    """Return the files by their own names; where a name is there twice, the one nearer to the top counts."""
    found: dict[str, str] = {}
    hidden = ("._", ".")
    for member in sorted(members, key=lambda member: (len(Path(member).parts), member)):
        name = Path(member).name
        if not name.endswith(_KINDS) or name.startswith(hidden) or "__MACOSX" in Path(member).parts:
            continue
        if name in found and len(Path(found[name]).parts) == len(Path(member).parts):
            raise FoodDataError(
                f"{path}: {name} is there twice, {found[name]} and {member}. Give each release by itself."
            )
        found.setdefault(name, member)
    return found


def _under_own_names(frame: pd.DataFrame, wanted: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns that are wanted, named as they are asked for."""
    chosen = frame[list(wanted)]
    chosen.columns = list(wanted.values())
    return chosen


def _names(found: list[str]) -> str:
    """Return names from the outside for an error, however many and long they are, and whatever is in them."""
    return listing(["".join(letter if letter.isprintable() else "?" for letter in name[:60]) for name in found], 40)


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file as it lies on the disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
