"""A server of the web page that a test may do anything to: its processes, its folder, what it writes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 60.0
_COMMAND = [sys.executable, "-c", "from nutridiary.cli import main; main()", "web", "--no-open"]


class Running:
    """One running server."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process, self.folder = process, folder
        assert process.stdout is not None
        self.said = process.stdout.readline()
        found = re.search(r"http://\S+(?=/ )", self.said)
        assert found is not None, self.said
        self.address = found[0]
        self.port = int(urlsplit(self.address).port or 0)

    def stop(self, how: int = signal.SIGINT) -> tuple[int, str]:
        """Stop it; return its exit code and everything it has written."""
        self.process.send_signal(how)
        written, problems = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, self.said + written + problems

    def raw(self, sent: bytes, *, timeout: float = 20.0) -> bytes:
        """Send bytes, and return whatever comes until the server closes the connection or says nothing more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(sent)
            return everything_from(connection)

    def processes(self) -> dict[int, str]:
        """Every process that came from it, with its command line; only Linux tells."""
        return dict(_descendants(self.process.pid))

    def forked(self) -> list[int]:
        """The processes that work: forked from one that is a child of the server."""
        parents = {pid: _parent(pid) for pid in self.processes()}
        return sorted(pid for pid, parent in parents.items() if parent != self.process.pid)


def everything_from(connection: socket.socket) -> bytes:
    """Return what comes on a connection until it is closed, or nothing comes for a second."""
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
            connection.settimeout(1.0)
    except (TimeoutError, ConnectionResetError):
        pass
    return found


@contextmanager
def running(folder: Path, *arguments: str, **environment: str) -> Iterator[Running]:
    """Run ``nutridiary web`` with its diaries in `folder`."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [*_COMMAND, "--folder", str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield Running(process, folder)
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def wait_until(is_so: Callable[[], object], *, seconds: float = PATIENCE) -> bool:
    """Wait until something is so; tell whether it came to be."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return bool(is_so())


def holds(pid: int, words: bytes) -> bool:
    """Tell whether a process has words in its memory; only Linux lets one look."""
    try:
        with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb") as memory:
            for line in maps:
                place, may = line.split()[:2]
                start, end = (int(one, 16) for one in place.split("-"))
                if may.startswith("rw"):
                    with suppress(OSError, ValueError):
                        memory.seek(start)
                        if words in memory.read(end - start):
                            return True
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        pass
    return False


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _descendants(root: int) -> list[tuple[int, str]]:
    found, parents = [], {root}
    everybody = {int(one.name): _parent(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdecimal()}
    while new := {pid for pid, parent in everybody.items() if parent in parents} - parents:
        parents |= new
    for pid in parents - {root}:
        try:
            found.append((pid, Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()))
        except OSError:
            continue
    return found
