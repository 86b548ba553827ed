"""Downloads a file of several hundred MB, and goes on where an earlier try was interrupted.

While a file comes it is ``<name>.part``, with what the server said of it in ``<name>.json``; it gets its name when
it is whole. A server that has another file by now, or that cannot send the rest of one, sends it from the start.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.errors import FoodDataError
from nutridiary.releases.connection import BY_HAND, MOST_TRIES, Connection, PassingFaultError, pieces, shown
from nutridiary.releases.faults import check_room, told
from nutridiary.releases.folder import paths_in
from nutridiary.releases.official import file_name, short_name
from nutridiary.releases.progress import Progress, in_bytes, untold
from nutridiary.releases.zips import check_zip, file_digest, is_web_page

if TYPE_CHECKING:
    import requests

MOST_BYTES = 16 * 10**9
"""Most a download may have. [bytes] The largest official one has some 0.5 GB."""
MOST_ROUNDS = 200
"""Times a download may break off in all, although each time something came."""
MOST_ANEW = 4
"""Times a download may begin from the start again."""
WORTH = 1 << 16
"""Bytes that make a try count as one that brought something."""
SLOWEST = (60.0, 1 << 15)
"""A server that sends fewer bytes than this in so many seconds is asked anew. [s, bytes]"""


@dataclass(frozen=True)
class Sent:
    """What a server says of a file.

    Attributes
    ----------
    address : str
    bytes : int or None
        Its length.
    etag, last_modified : str
        What tells this file from another under the same address; empty where the server does not say.
    sha256 : str
        Of the whole file, once it is there.
    """

    address: str
    bytes: int | None = None
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""

    @property
    def validator(self) -> str:
        """What to ask with for the rest of the same file; empty where no rest can be asked for."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    def is_same_as(self, other: Sent) -> bool:
        """Whether another answer is about the same file."""
        return (self.address, self.etag, self.last_modified) == (other.address, other.etag, other.last_modified) and (
            self.bytes is None or other.bytes is None or self.bytes == other.bytes
        )


@dataclass(frozen=True)
class Downloaded:
    """A file that came whole."""

    path: Path
    address: str
    bytes: int
    sha256: str


def look_up(address: str, connection: Connection) -> Sent:
    """Return what the server says of a file, without reading it; its length is unknown where it does not say.

    Raises
    ------
    FoodDataError
        If there is no such file or the server cannot be reached.
    """
    for attempt in range(MOST_TRIES):
        try:
            with connection.ask("HEAD", address, {}) as response:
                return _sent(address, response) if response.status_code == 200 else Sent(address)
        except PassingFaultError as fault:
            reason, asked = str(fault), fault.wait
        if attempt + 1 < MOST_TRIES:
            connection.pause(attempt, asked)
    raise FoodDataError(f"{shown(address)}: {reason}. Check the connection and update again. {BY_HAND}")


def download(address: str, folder: Path, *, connection: Connection, progress: Progress = untold) -> Downloaded:
    """Download a zip into `folder`, or return it where it lies there already.

    Raises
    ------
    FoodDataError
        If it cannot be had whole and sound; what came of it is kept for the next try where that serves.
    """
    file = _File(address, folder)
    with told(folder, file.known.bytes or 0):
        folder.mkdir(parents=True, exist_ok=True)
        found = file.finished(look_up(address, connection))
        if found is not None:
            return found
        _fetch(file, connection, progress)
        try:
            check_zip(file.part, progress)
        except FoodDataError as error:
            file.forget()
            raise FoodDataError(str(error).replace(str(file.part), shown(address))) from None
        return file.finish()


def still_to_come(address: str, folder: Path, sent: Sent) -> int:
    """Return how many bytes of a file are not there yet; 0 where its length is not known."""
    file = _File(address, folder)
    if file.path.is_file():
        return 0
    return max(0, (sent.bytes or 0) - file.length)


def unfinished(folder: Path) -> list[tuple[str, int, int]]:
    """Return name, bytes that are there and bytes in all (0: unknown) of each interrupted download."""
    names = [part.name.removesuffix(".part") for part in paths_in(folder, "*.part")]
    return [
        (name, (folder / f"{name}.part").stat().st_size, _read(folder / f"{name}.json").bytes or 0) for name in names
    ]


def clear_downloads(folder: Path, installed: Container[str]) -> None:
    """Remove the downloads whose sha256 is among those that were built into a release."""
    for note in paths_in(folder, "*.json"):
        if _read(note).sha256 in installed:
            path = note.with_suffix("")
            for name in (path.name, f"{path.name}.part", f"{path.name}.json.new", note.name):  # the note last
                (folder / name).unlink(missing_ok=True)


class _File:
    """One download's files on the disk."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.path = folder / file_name(address)
        self.part = folder / f"{self.path.name}.part"
        self.note = folder / f"{self.path.name}.json"
        self.known = _read(self.note)
        self.thrown_away = 0
        """How often a part was of no use."""

    @property
    def length(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def keep(self, sent: Sent) -> None:
        """Note what the server says, before the first byte is kept."""
        fresh = self.note.with_name(f"{self.note.name}.new")
        fresh.write_text(json.dumps(asdict(sent)), encoding="utf-8")
        fresh.replace(self.note)
        self.known = sent

    def finished(self, sent: Sent) -> Downloaded | None:
        """Return the file where it lies there whole, and the server has no other by now."""
        if not self.path.is_file():
            return None
        length, digest = file_digest(self.path)
        same_address = self.known.address == self.address
        if (
            same_address
            and self.known.sha256 == digest
            and (not (sent.etag or sent.last_modified) or self.known.is_same_as(sent))
        ):
            return Downloaded(self.path, self.address, length, digest)
        self.path.unlink()
        return None

    def finish(self) -> Downloaded:
        length, digest = file_digest(self.part)
        self.keep(Sent(**{**asdict(self.known), "bytes": length, "sha256": digest}))
        self.part.replace(self.path)
        return Downloaded(self.path, self.address, length, digest)

    def forget(self) -> None:
        self.thrown_away += self.length > 0
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def _fetch(file: _File, connection: Connection, progress: Progress) -> None:
    """Get what is missing of a file, in as many tries as it takes within the limits."""
    in_vain = 0
    for _ in range(MOST_ROUNDS):
        before = file.length
        try:
            return _fetch_rest(file, connection, progress)
        except PassingFaultError as fault:
            in_vain = 0 if file.length - before >= WORTH else in_vain + 1
            if in_vain >= MOST_TRIES or file.thrown_away >= MOST_ANEW:
                raise FoodDataError(_broken_off(file, str(fault))) from None
            connection.pause(in_vain, fault.wait)
    raise FoodDataError(_broken_off(file, f"the connection broke off {MOST_ROUNDS} times"))


def _fetch_rest(file: _File, connection: Connection, progress: Progress) -> None:
    start, headers = file.length, {}
    if start and file.known.address == file.address and file.known.validator:
        headers = {"Range": f"bytes={start}-", "If-Range": file.known.validator}
    with connection.ask("GET", file.address, headers) as response:
        if response.status_code == 416:
            if start == file.known.bytes:
                return
            file.forget()
            raise PassingFaultError("the server has no such part of the file")
        sent = _sent(file.address, response)
        if response.status_code == 206 and _begins_at(response, start) and file.known.is_same_as(sent):
            sent = file.known
        else:
            if response.status_code == 206:  # not the part that was asked for
                file.forget()
                raise PassingFaultError("the server sent another part of the file than was asked for")
            start = 0
            if (sent.bytes or 0) > MOST_BYTES:
                raise FoodDataError(f"{shown(file.address)}: {in_bytes(sent.bytes or 0)}, more than a release has.")
            check_room({file.part.parent: sent.bytes or 0}, f"downloading {file.path.name}")
            file.forget()
            file.keep(sent)
        _write(file, start, sent, connection.clock, response, progress)
    if sent.bytes is not None and file.length < sent.bytes:
        raise PassingFaultError(f"the connection broke off at {in_bytes(file.length)} of {in_bytes(sent.bytes)}")


def _write(
    file: _File, start: int, sent: Sent, clock: Callable[[], float], response: requests.Response, progress: Progress
) -> None:
    """Add what comes to the part that is there."""
    step, done = f"downloading {short_name(file.path.name)}", start
    with file.part.open("ab") as stream:
        progress(step, done, sent.bytes or 0)
        for piece in _not_too_slow(pieces(response), clock):
            if done == 0 and is_web_page(piece):
                file.forget()
                raise FoodDataError(f"{shown(file.address)}: a web page came instead of the file. {BY_HAND}")
            stream.write(piece)
            done += len(piece)
            if done > (sent.bytes if sent.bytes is not None else MOST_BYTES):
                file.forget()
                raise FoodDataError(f"{shown(file.address)}: more came than the server said. {BY_HAND}")
            progress(step, done, sent.bytes or 0)


def _not_too_slow(pieces: Iterator[bytes], clock: Callable[[], float]) -> Iterator[bytes]:
    seconds, least = SLOWEST
    since, came = clock(), 0
    for piece in pieces:
        came += len(piece)
        if clock() - since > seconds:
            if came < least:
                raise PassingFaultError("the server sends too slowly")
            since, came = clock(), 0
        yield piece


def _sent(address: str, response: requests.Response) -> Sent:
    """Return what the headers of an answer say of the whole file."""
    headers = response.headers
    if response.status_code == 206:
        total = re.fullmatch(r"bytes \d+-\d+/(\d+)", headers.get("Content-Range", "").strip())
        length = total and total[1]
    else:
        length = headers.get("Content-Length", "").strip()
    return Sent(
        address=address,
        bytes=int(length) if length and length.isascii() and length.isdigit() else None,
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
    )


def _begins_at(response: requests.Response, start: int) -> bool:
    return response.headers.get("Content-Range", "").strip().startswith(f"bytes {start}-")


def _read(note: Path) -> Sent:
    """Return what was noted of a download; nothing where the note is absent or damaged."""
    try:
        stored = json.loads(note.read_bytes())
        return Sent(**{name: stored.get(name) or default for name, default in asdict(Sent("")).items()})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return Sent("")


def _broken_off(file: _File, reason: str) -> str:
    kept = f" {in_bytes(file.length)} are kept, and the next update goes on from there." if file.length else ""
    return f"{shown(file.address)}: {reason}.{kept} Check the connection and update again. {BY_HAND}"
