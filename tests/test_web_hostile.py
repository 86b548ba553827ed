"""Uploads nobody would send on purpose: each is refused with words or shown as text, and the server lives on."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import httpx

from hostile_uploads import Hostile, every
from web_servers import Running, running
from web_visits import Visit

MEGABYTE = 2**20
THIRTY_DAYS = Path(__file__).parents[1] / "data" / "diaries" / "thirty_days.csv"
FEWEST = 200


class Elements(HTMLParser):
    """What a browser would make of a page that could run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        source = given.get("src") or given.get("href") or given.get("action") or ""
        is_keep_it = tag == "button" and set(given) == {"formmethod", "autofocus"}
        runs = any(name.startswith("on") or name in ("style", "autofocus") for name in given) and not is_keep_it
        leads_away = source.casefold().startswith(("javascript:", "data:", "http:", "https:", "//"))
        if tag in ("xmarker", "iframe", "object", "embed", "style", "base") or runs or leads_away:
            self.foreign.append(f"{tag} {given}")
        if tag == "script" and not source.startswith("/static/"):
            self.foreign.append(f"script {given}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is not None:  # the text of a script or a style
            self.foreign.append(f"{self.cdata_elem}: {data[:50]}")


def send(visit: Visit, upload: Hostile) -> httpx.Response:
    if upload.body is None:
        return visit.client.post("/api/diaries", files=upload.files)
    headers = {"content-type": upload.content_type} if upload.content_type else {}
    return visit.client.post("/api/diaries", content=upload.body, headers=headers)


def wrong_of(visit: Visit, upload: Hostile) -> str:
    """Upload it and look at what is shown; return what is wrong with that, or nothing."""
    answer = send(visit, upload)
    if answer.status_code != 201:
        said = answer.json() if answer.headers["content-type"] == "application/json" else {}
        return "" if 400 <= answer.status_code < 500 and said.get("error") else f"{answer.status_code} {said}"
    diary = answer.json()["id"]
    try:
        page, data = visit.get(f"/diaries/{diary}/reading"), visit.get(f"/api/diaries/{diary}/reading")
        start = visit.get("/")
        for shown in (page, data, start):
            if shown.status_code not in (200, 422):
                return f"{shown.status_code} {shown.text[:300]}"
        foreign = Elements(page.text).foreign + Elements(start.text).foreign
        if foreign:
            return f"in the page: {foreign[:3]}"
        if "root:" in page.text or "Traceback" in page.text + data.text:
            return "more is shown than should be"
        return ""
    finally:
        visit.client.delete(f"/api/diaries/{diary}")


def memory_of(server: Running) -> int:
    """Return what its processes hold, what they share counted once. [bytes]"""
    held = 0
    for pid in (server.process.pid, *server.processes()):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        held += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return held


def test_hostile_uploads_are_refused_or_shown_as_text_and_the_server_lives_on(tmp_path: Path) -> None:
    wrong: list[str] = []
    counted = most_memory = 0
    began = time.monotonic()
    limits = ("--workers", "2", "--most-seconds", "5", "--most-memory-mb", "1024", "--most-rows", "5000")
    with running(tmp_path / "kept", *limits) as server:
        with ThreadPoolExecutor(2) as pool, Visit(server.address) as left, Visit(server.address) as right:
            visits = (left, right)
            for visit in visits:
                visit.client.get("/")
            asked = []

            def look(number: int, upload: Hostile) -> tuple[str, str, float]:
                start = time.monotonic()
                try:
                    return upload.title, wrong_of(visits[number % 2], upload), time.monotonic() - start
                except httpx.HTTPError as error:
                    return upload.title, f"{type(error).__name__}: {error}", time.monotonic() - start

            for number, upload in enumerate(every()):
                asked.append(pool.submit(look, number, upload))
                counted += 1
                while len(asked) - sum(one.done() for one in asked) > 3:
                    time.sleep(0.01)
                if sys.platform.startswith("linux") and number % 20 == 0:
                    most_memory = max(most_memory, memory_of(server))
            found = [one.result() for one in asked]
        wrong = [f"{title}: {words}" for title, words, _ in found if words]
        slowest = sorted(((seconds, title) for title, _, seconds in found), reverse=True)[:5]
        print(f"{counted} uploads in {time.monotonic() - began:.0f} s, at most {most_memory // MEGABYTE} MB; {slowest}")
        assert not wrong, "\n".join(wrong)
        assert counted >= FEWEST
        assert most_memory < 1536 * MEGABYTE
        with Visit(server.address) as visit:
            diary = visit.upload(THIRTY_DAYS)
            assert visit.json(f"/api/diaries/{diary}/reading")["lines"] == 450
            visit.post(f"/diaries/{diary}/forget")
        # Nothing of what was uploaded has stayed, and nothing lies where it has climbed to.
        assert not [one for one in server.folder.rglob("*") if one.is_file() and one.name != "lock"]
        assert not list(Path("/tmp").glob("climbed*"))
        code, written = server.stop()
    assert code == 0
    assert "Traceback" not in written
    assert "an error of the program" not in written


def test_page_that_holds_foreign_elements_would_be_found() -> None:
    assert Elements("<p>&lt;xmarker&gt; =1+1</p><script src='/static/a.js'></script>").foreign == []
    for words in ("<xmarker>", "<img src=x onerror=a>", "<script>a</script>", '<a href="javascript:a">'):
        assert Elements(words).foreign
