"""A server of official bulk files on this machine, which can misbehave in every way a real one may."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
_TYPES = {True: "application/zip", False: "text/html; charset=utf-8"}


@dataclass
class BulkServer:
    """What the server has, how it misbehaves, and what it was asked.

    Attributes
    ----------
    files : dict
        Content by path, such as "/a.zip"; a page is a file too.
    faults : dict
        By path, what to do instead at the next requests, in turn: a status (429, 500, ...), "cut:1000" (breaks off
        after so many bytes), "short" (ends early although the length says more), "long" (more comes than the length
        says), "html", "no_length", "wrong_part", "gzip", ("to", address) for a redirect, "reset" (closes at once).
    etags : dict
        By path; by default one of the content.
    ranges : bool
        Whether a part of a file can be asked for.
    keeps_if_range : bool
        Whether a part is given only of the file that was begun with.
    pause : float
        Between pieces of 64 kB. [s]
    asked : list
        Method, path and range of every request.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, deque[object]] = field(default_factory=lambda: defaultdict(deque))
    etags: dict[str, str] = field(default_factory=dict)
    retry_after: str = "1"
    ranges: bool = True
    keeps_if_range: bool = True
    validators: bool = True
    heads: bool = True
    pause: float = 0.0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    url: str = ""

    def page(self, *names: str) -> str:
        """Put up a page that links these files; return its address."""
        links = "".join(f'<li><a href="/fdc-datasets/{name}">{name}</a></li>' for name in names)
        self.files["/download-datasets"] = f"<!DOCTYPE html><html><ul>{links}</ul></html>".encode()
        return f"{self.url}/download-datasets"

    def put(self, name: str, content: bytes) -> str:
        """Put up an official file; return its address."""
        self.files[f"/fdc-datasets/{name}"] = content
        return f"{self.url}/fdc-datasets/{name}"

    def bytes_sent_for(self, name: str) -> list[str]:
        """Return the range of each time a file was asked for, empty for the whole of it."""
        return [part for method, path, part in self.asked if method == "GET" and path.endswith(name)]


@contextmanager
def serving() -> Iterator[BulkServer]:
    """Run a server for as long as this block lasts."""
    bulk = BulkServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bulk))
    server.daemon_threads = True
    bulk.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield bulk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(bulk: BulkServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            path = self.path.partition("?")[0]
            bulk.asked.append(("HEAD", path, ""))
            if not bulk.heads:
                self._refuse(405)
            elif path not in bulk.files:
                self._refuse(404)
            else:
                self._headers(200, path, len(bulk.files[path]))

        def do_GET(self) -> None:
            path, part = self.path.partition("?")[0], self.headers.get("Range", "")
            bulk.asked.append(("GET", path, part))
            fault = bulk.faults[path].popleft() if bulk.faults[path] else None
            if isinstance(fault, int):
                self._refuse(fault)
            elif fault == "reset":
                self.close_connection = True
            elif isinstance(fault, tuple):
                self.send_response(302)
                self.send_header("Location", str(fault[1]))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path not in bulk.files:
                self._refuse(404)
            else:
                self._give(path, part, str(fault or ""))

        def _give(self, path: str, part: str, fault: str) -> None:
            content = HTML if fault == "html" else bulk.files[path]
            start = self._start(path, part) if fault != "html" else 0
            status, first = (206, start) if start else (200, 0)
            body, length = content[first:], len(content) - first
            if fault == "wrong_part":
                body = content[: len(body)]
            if fault.startswith("cut:"):
                body = body[: int(fault.removeprefix("cut:"))]
            if fault == "short":
                length += 1000
            if fault == "long":
                length -= 100
            extra = {"Content-Encoding": "gzip"} if fault == "gzip" else {}
            if fault == "no_length":
                extra = {"Connection": "close"}
            stated = None if fault == "no_length" else length
            begins = first if fault != "wrong_part" else 0
            self._headers(status, path, stated, first=begins, whole=len(content), extra=extra)
            for at in range(0, len(body), 1 << 16):
                self.wfile.write(body[at : at + (1 << 16)])
                if bulk.pause:
                    time.sleep(bulk.pause)
            if stated is None or len(body) != length:
                self.close_connection = True

        def _start(self, path: str, part: str) -> int:
            asked = re.fullmatch(r"bytes=(\d+)-", part)
            same = not bulk.keeps_if_range or self.headers.get("If-Range") in (_etag(bulk, path), _DAY)
            return int(asked[1]) if asked and bulk.ranges and same and int(asked[1]) < len(bulk.files[path]) else 0

        def _headers(
            self,
            status: int,
            path: str,
            length: int | None,
            *,
            first: int = 0,
            whole: int = 0,
            extra: dict[str, str] | None = None,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", _TYPES[path.endswith(".zip")])
            if length is not None:
                self.send_header("Content-Length", str(length))
            if status == 206:
                self.send_header("Content-Range", f"bytes {first}-{whole - 1}/{whole}")
            if bulk.validators:
                self.send_header("ETag", _etag(bulk, path))
                self.send_header("Last-Modified", _DAY)
            for name, value in (extra or {}).items():
                self.send_header(name, value)
            self.end_headers()

        def _refuse(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status in (429, 503):
                self.send_header("Retry-After", bulk.retry_after)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            """Let those who ask hang up."""
            try:
                super().handle()
            except (ConnectionError, TimeoutError):
                self.close_connection = True

    return Handler


_DAY = formatdate(1_700_000_000, usegmt=True)


def _etag(bulk: BulkServer, path: str) -> str:
    return bulk.etags.get(path, f'"{hash(bulk.files[path]) & 0xFFFFFFFF:x}"')
