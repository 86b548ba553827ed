"""Write a workbook to disk: the same bytes for the same report, and whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.writer.excel import ExcelWriter

from nutridiary.errors import NutridiaryError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold


class _SteadyZip(ZipFile):
    """A zip archive whose members carry no time of their own, and whose drawings get their alternative texts."""

    alt_texts: Mapping[str, Sequence[str]] = {}

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **options: Any) -> None:
        """Add a member under a name."""
        if zinfo_or_arcname in self.alt_texts:
            data = _described(data, self.alt_texts[zinfo_or_arcname])
        member = ZipInfo(zinfo_or_arcname, date_time=_EPOCH)
        member.compress_type = ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        super().writestr(member, data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **options: Any) -> None:
        """Add a file under a name."""
        self.writestr(arcname, Path(filename).read_bytes())


def _described(drawing: bytes, alt_texts: Sequence[str]) -> str:
    """Return a drawing part in which every chart has its alternative text, which openpyxl cannot set."""
    xml = drawing.decode("utf-8")
    for number, text in enumerate(alt_texts, 1):
        name = f'name="Chart {number}"'
        xml = xml.replace(name, f"{name} descr={quoteattr(text)}")
    return xml


def save(workbook: Workbook, path: Path, alt_texts: Sequence[Sequence[str]]) -> None:
    """Write `workbook` beside `path` first and then put it in its place.

    Parameters
    ----------
    workbook : openpyxl.Workbook
    path : pathlib.Path
    alt_texts : sequence of sequence of str
        For each sheet that has charts, in order: what each of its charts shows.

    Raises
    ------
    NutridiaryError
        If the folder does not exist, or the file cannot be written there.
    """
    parts = {f"xl/drawings/drawing{number}.xml": texts for number, texts in enumerate(alt_texts, 1)}
    temporary = None
    try:
        _check_place(path)
        handle, temporary = tempfile.mkstemp(prefix=".nutridiary-", suffix=".xlsx", dir=path.parent)
        with os.fdopen(handle, "wb") as stream, _SteadyZip(stream, "w", ZIP_DEFLATED) as archive:
            archive.alt_texts = parts
            ExcelWriter(workbook, archive).write_data()
        if path.exists():  # a new report is its owner's alone: it tells of somebody's health
            shutil.copymode(path, temporary)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise NutridiaryError(
            f"{path}: cannot be written ({error.strerror or error}). "
            "Close it if it is open in another program, or name another place."
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        raise NutridiaryError(f"{path}: there is no folder {path.parent}. Make it first, or name another place.")
    if path.is_dir():
        raise NutridiaryError(f"{path}: this is a folder. Name a file in it, for example {path / 'report.xlsx'}.")
    if path.exists() and not os.access(path, os.W_OK):
        raise NutridiaryError(f"{path}: this file may not be changed. Name another place.")
