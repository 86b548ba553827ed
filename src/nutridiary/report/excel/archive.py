"""Write a workbook to disk: the same bytes for the same report, and whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.writer.excel import ExcelWriter

from nutridiary.report.excel.sheet_xml import SheetWriter
from nutridiary.report.private_files import write_private

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
        super().writestr(_member(zinfo_or_arcname), data)

    def write_pieces(self, name: str, pieces: Sequence[bytes]) -> None:
        """Add a member that was made in pieces."""
        with self.open(_member(name), "w") as member:
            for piece in pieces:
                member.write(piece)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, date_time=_EPOCH)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member


class _Writer(ExcelWriter):
    """openpyxl's writer of a workbook, with our writer of its sheets."""

    _archive: Any
    manifest: Any

    def write_worksheet(self, ws: Any) -> None:
        """Add one sheet."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        writer = SheetWriter(ws)
        writer.write()
        ws._rels = writer._rels
        self._archive.write_pieces(ws.path[1:], writer.pieces)
        self.manifest.append(ws)


def _described(drawing: bytes, alt_texts: Sequence[str]) -> str:
    """Return a drawing part in which every chart has its alternative text, which openpyxl cannot set."""
    xml = drawing.decode("utf-8")
    for number, text in enumerate(alt_texts, 1):
        name = f'name="Chart {number}"'
        xml = xml.replace(name, f"{name} descr={quoteattr(text)}")
    return xml


def save(workbook: Workbook, path: Path, alt_texts: Sequence[Sequence[str]]) -> None:
    """Write `workbook` as a file of its owner's alone, whole or not at all.

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
    stream = io.BytesIO()
    with _SteadyZip(stream, "w", ZIP_DEFLATED) as archive:
        archive.alt_texts = parts
        _Writer(workbook, archive).write_data()
    write_private(path, stream.getvalue())
