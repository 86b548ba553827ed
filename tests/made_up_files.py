"""Small files of kinds no library here writes: old workbooks, OpenDocument spreadsheets, SAS transport files.

Written from the published layouts, apart from the readers: [MS-CFB] and [MS-XLS] of Microsoft, OpenDocument 1.2 of
OASIS, TS-140 of SAS Institute.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

SECTOR = 512
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


# Old workbooks


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def short_text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def shared_texts(*texts: str) -> bytes:
    return record(0xFC, struct.pack("<II", len(texts), len(texts)) + b"".join(map(short_text, texts)))


def number(row: int, column: int, value: float, form: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, form, value))


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, 0) + short_text(text))


# Cell formats 0: plain, 1: day, 2: time of day, 3: length of time.
FORMS = b"".join(record(0xE0, struct.pack("<HH16x", 0, form)) for form in (0, 14, 20, 46))


def old_stream(cells: bytes, *, before: bytes = b"", name: str = "Diary", hidden: bool = False) -> bytes:
    """Return the stream of a workbook of one sheet; `before` are records of the book as a whole."""
    begin = record(0x809, struct.pack("<HH12x", 0x600, 0x5)) + FORMS + before
    title = struct.pack("<BB", len(name), 0) + name.encode("latin-1")
    place = len(begin) + 4 + 6 + len(title) + 4
    book = begin + record(0x85, struct.pack("<IBB", place, hidden, 0) + title) + record(0x0A)
    return book + record(0x809, struct.pack("<HH12x", 0x600, 0x10)) + cells + record(0x0A)


def compound(stream: bytes, *, name: str = "Workbook", table: dict[int, int] | None = None) -> bytes:
    """Wrap a stream as a compound file: header, table of sectors, directory, stream; `table` changes its chains."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // SECTOR)
    chains = [FAT_SECTOR, END, *range(3, 2 + sectors), END]
    assert len(chains) <= SECTOR // 4
    chains += [FREE] * (SECTOR // 4 - len(chains))
    for sector, following in (table or {}).items():
        chains[sector] = following
    header = bytearray(SECTOR)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 40, 0, 1, 1, 0, 4096, END, 0, END, 0)
    struct.pack_into("<109I", header, 76, 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, END, 0) + _entry(name, 2, 2, len(stream)) + 2 * bytes(128)
    return bytes(header) + struct.pack("<128I", *chains) + directory + stream.ljust(sectors * SECTOR, b"\0")


def _entry(name: str, kind: int, first: int, length: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", FREE, FREE, FREE)
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBB", len(written), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", first, length)
    )


# OpenDocument


def opendocument(tables: str, *, styles: str = "", manifest: str = "", prolog: str = "") -> bytes:
    """Return a spreadsheet whose content.xml holds `tables`."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    extended = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?>{prolog}<office:document-content {spaces} {extended}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>".encode(),
        }
    )


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


# SAS transport


def ibm(value: float | None) -> bytes:
    """Return a number as IBM wrote it: sign, exponent of 16, fraction of 56 bits; a point for a missing one."""
    if value is None:
        return b".".ljust(8, b"\0")
    exponent, size = 64, abs(value)
    while size >= 1:
        size, exponent = size / 16, exponent + 1
    while 0 < size < 1 / 16:
        size, exponent = size * 16, exponent - 1
    if not size:
        return bytes(8)
    return bytes([exponent | (0x80 if value < 0 else 0)]) + int(size * 2**56).to_bytes(7, "big")


def transport(
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[float | str | None]],
    forms: dict[str, str] | None = None,
) -> bytes:
    """Return a transport file of one data set; a column is a name and its letters, 0 for a number."""
    descriptions, at = b"", 0
    for place, (name, letters) in enumerate(columns, 1):
        form = (forms or {}).get(name, "")
        descriptions += (
            struct.pack(">hhhh", 2 if letters else 1, 0, letters or 8, place)
            + f"{name:8}{'':40}{form:8}".encode()
            + struct.pack(">hhhxx8shhi52x", 0, 0, 0, b" " * 8, 0, 0, at)
        )
        at += letters or 8
    held = b"".join(
        str(value or "").encode().ljust(letters) if letters else ibm(value)  # type: ignore[arg-type]
        for row in rows
        for (_, letters), value in zip(columns, row, strict=True)
    )
    return b"".join(
        (
            _head("LIBRARY", "0" * 30),
            b"SAS     SAS     SASLIB  ".ljust(160),
            _head("MEMBER", "0" * 17 + "1600000000140"),
            _head("DSCRPTR", "0" * 30),
            b"SAS     FOODS   SASDATA ".ljust(160),
            _head("NAMESTR", f"000000{len(columns):04}" + "0" * 20),
            _filled(descriptions),
            _head("OBS", "0" * 30),
            _filled(held),
        )
    )


def _head(name: str, rest: str) -> bytes:
    return f"HEADER RECORD*******{name:8}HEADER RECORD!!!!!!!{rest}".encode().ljust(80)


def _filled(data: bytes) -> bytes:
    return data + b" " * (-len(data) % 80)
