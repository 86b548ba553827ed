"""A visitor of the web page in tests: a client that keeps its cookie, fills in forms and waits for long steps."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 60.0  # s; a step of a test's diary takes less, even on a busy machine
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Visit:
    """A browser without a screen: one cookie, pages got and forms sent."""

    def __init__(self, address: str, **headers: str) -> None:
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=PATIENCE, headers=headers)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self.client.close()

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Get a page, again and again while it says that work goes on."""
        end = time.monotonic() + PATIENCE
        answer = self.client.get(path, **options)
        while answer.status_code == 202 and time.monotonic() < end:
            time.sleep(0.2)
            answer = self.client.get(answer.url)
        return answer

    def token(self) -> str:
        """What the forms of this visitor carry."""
        found = _TOKEN.search(self.client.get("/").text)
        assert found is not None
        return found[1]

    def post(self, path: str, fields: dict[str, Any] | None = None, files: Any = None) -> httpx.Response:
        """Send a form as a page would, and get the page it leads to."""
        answer = self.client.post(path, data={"form_token": self.token(), **(fields or {})}, files=files)
        return self.get(str(answer.url)) if answer.status_code == 202 else answer

    def upload(self, *paths: Path, aliases: Sequence[Path] = ()) -> str:
        """Upload the files of a diary by the form; return the diary's name in addresses."""
        files = [("files", (path.name, path.read_bytes())) for path in paths]
        files += [("aliases", (path.name, path.read_bytes())) for path in aliases]
        answer = self.post("/diaries", files=files)
        assert answer.status_code == 200, answer.text
        return answer.url.path.split("/")[2]

    def json(self, path: str) -> Any:
        """Get the JSON of a step."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def served(*arguments: str, **environment: str) -> Iterator[str]:
    """Run ``nutridiary web`` with arguments, and give its address; it is stopped at the end."""
    command = [sys.executable, "-c", "from nutridiary.cli import main; main()", "web", "--no-open", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            assert process.stdout is not None
            said = re.search(r"http://\S+/", process.stdout.readline())
            assert said is not None
            yield said[0].rstrip("/")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
