"""Single files packed by gzip or xz, unpacked in small pieces and never beyond a limit."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator

from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.errors import DiaryError

GZIP = b"\x1f\x8b"
XZ = b"\xfd7zXZ\x00"
MOST_UNPACKED = 200 * MEGABYTE
# xz -9 asks for 65 MB; a header may ask for 4 GB.
_MOST_XZ_MEMORY = 128 * MEGABYTE
# Packers that split their work write a few; a file of nothing but empty ones is there to cost time.
_MOST_STREAMS = 1_000
_STEP = 2**16


def is_compressed(data: bytes) -> bool:
    """Tell whether bytes begin like a file of gzip or xz."""
    return data.startswith((GZIP, XZ))


def unpacked(content: Content) -> Content:
    """Return what a file of gzip or xz holds, under the same name.

    Parameters
    ----------
    content : Content

    Returns
    -------
    Content

    Raises
    ------
    DiaryError
        If it is damaged, not complete, or unpacks to more than `MOST_UNPACKED`.
    """
    pieces = _gzip_pieces(content.data) if content.data.startswith(GZIP) else _xz_pieces(content.data)
    whole = bytearray()
    try:
        for piece in pieces:
            whole += piece
            if len(whole) > MOST_UNPACKED:
                raise DiaryError(
                    f"{content.name}: unpacks to more than the {MOST_UNPACKED // MEGABYTE} MB a diary may need. "
                    "It is not read."
                )
    except (zlib.error, lzma.LZMAError, EOFError) as error:
        raise DiaryError(
            f"{content.name}: the compressed file is damaged or not complete. Unpack it, and read what is inside."
        ) from error
    if not whole:
        raise DiaryError(f"{content.name}: the compressed file is empty.")
    return Content(content.name, bytes(whole))


def _gzip_pieces(data: bytes) -> Iterator[bytes]:
    engine = None
    streams = 0
    for start in range(0, len(data), _STEP):
        waiting = data[start : start + _STEP]
        while waiting:
            if engine is None:
                streams = _one_more(streams)
                engine = zlib.decompressobj(wbits=31)  # 31: with the header and check sum of gzip
            yield engine.decompress(waiting, MEGABYTE)
            waiting = engine.unconsumed_tail
            if engine.eof:
                waiting = engine.unused_data.lstrip(b"\0")
                engine = None
    if engine is not None:
        raise EOFError


def _xz_pieces(data: bytes) -> Iterator[bytes]:
    engine = None
    streams = 0
    for start in range(0, len(data), _STEP):
        waiting = data[start : start + _STEP]
        while waiting or (engine is not None and not engine.needs_input):
            if engine is None:
                streams = _one_more(streams)
                engine = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_XZ_MEMORY)
            yield engine.decompress(waiting, MEGABYTE)
            waiting = b""
            if engine.eof:
                waiting = engine.unused_data.lstrip(b"\0")
                engine = None
    if engine is not None:
        raise EOFError


def _one_more(streams: int) -> int:
    if streams >= _MOST_STREAMS:
        raise EOFError
    return streams + 1
