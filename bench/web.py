"""Fifty people at once upload a diary of 450 lines each: how long each waits, what it takes, and whether each is right.

    python bench/web.py [PEOPLE]

Starts ``nutridiary web`` as it is by default. Each diary is drawn differently and holds an amount that no other has;
what its pages show is compared with what `nutridiary.analyze` finds of the same file, figure by figure and text by
text. A browser asks once a second whether a page is ready; here it is asked four times a second. The clients run on the
same machine; what else runs there is told first, because times are only its own on a machine that has no other work.
"""

from __future__ import annotations

import csv
import math
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from nutridiary import Person, analyze

ROOT = Path(__file__).resolve().parents[1]
THIRTY_DAYS = ROOT / "data" / "diaries" / "thirty_days.csv"
PEOPLE = 50
MOST_MEDIAN, MOST_BYTES, MOST_FIRST_PAGE, MOST_ONE = 6.0, 1.5e9, 0.1, 1.5
LONG_LINES = 5_475
PERSON = {"sex": "female", "age_years": 34}
_POLL = 0.25
_SERVER = [sys.executable, "-c", "from nutridiary.cli import main; main()", "web", "--no-open"]


def drawn(number: int, lines: int = 450) -> bytes:
    """Return a diary of its own: lines drawn from the shipped one, and one amount that no other diary has."""
    with THIRTY_DAYS.open(encoding="utf-8", newline="") as stream:
        heading, *rows = csv.reader(stream)
    chance = random.Random(number)
    chosen = sorted(chance.choices(rows, k=lines - 1), key=lambda row: row[:2])
    marker = [*rows[0]]
    marker[heading.index("Food")], marker[heading.index("Amount")] = "Banana, raw", f"{100 + number} g"
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in (heading, marker, *chosen)).encode()


@dataclass(frozen=True)
class Expected:
    """What a file comes to without the page: the mean of each nutrient, and the grams of each text."""

    means: dict[str, float]
    grams: dict[str, float]


def expected(data: bytes) -> Expected:
    """Return what the same file comes to without the page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "diary.csv"
        path.write_bytes(data)
        found = analyze(path, Person(**PERSON))
    means = dict(zip(found.comparison["nutrient"], found.comparison["mean_intake"], strict=True))
    counted = found.entries[found.entries["problem"].isna()]
    return Expected(means, counted.groupby("food_text")["gram_weight"].sum().to_dict())


class Client:
    """Somebody with a browser."""

    def __init__(self, address: str) -> None:
        """Come to the first page."""
        self.client = httpx.Client(base_url=address, timeout=300.0, follow_redirects=True)
        page = self.client.get("/").text
        self.token = re.search(r'name="form_token" value="([^"]+)"', page)[1]

    def ready(self, answer: httpx.Response) -> httpx.Response:
        """Wait until a page does not say any more that work goes on."""
        while answer.status_code == 202:
            time.sleep(_POLL)
            answer = self.client.get(answer.url)
        if answer.is_error:
            said = re.search(r'role="alert">([^<]*)', answer.text)
            raise RuntimeError(f"{answer.status_code}: {said[1] if said else answer.text[:200]}")
        return answer

    def upload(self, data: bytes) -> str:
        """Upload a diary as the form does, and see what was understood."""
        files = {"files": ("diary.csv", data)}
        answer = self.ready(self.client.post("/diaries", data={"form_token": self.token}, files=files))
        return answer.url.path.split("/")[2]

    def get(self, path: str) -> httpx.Response:
        """See a page, or its twin."""
        return self.ready(self.client.get(path))

    def json(self, diary: str, path: str) -> Any:
        """See what the twin of a page holds."""
        return self.get(f"/api/diaries/{diary}/{path}").json()


@dataclass(frozen=True)
class Visit:
    """How long somebody waited for the review and then for the results [s], and what was wrong with them."""

    review: float
    results: float
    wrong: list[str]


def one_visit(address: str, data: bytes, own: Expected, together: Callable[[], None] = lambda: None) -> Visit:
    """Go from the upload to the results, each begun together with all others."""
    visitor = Client(address)
    together()
    began = time.perf_counter()
    diary = visitor.upload(data)
    visitor.get(f"/diaries/{diary}/review")
    reviewed = time.perf_counter() - began
    together()
    began = time.perf_counter()
    visitor.client.put(f"/api/diaries/{diary}/people", json={"people": [PERSON]}).raise_for_status()
    visitor.get(f"/diaries/{diary}/results")
    shown = time.perf_counter() - began
    together()
    means = {row["nutrient"]: row["mean_intake"] for row in visitor.json(diary, "results")["nutrients"]}
    texts = visitor.json(diary, "review?show=all")
    grams = {row["said"]: row["grams"] for row in texts["rows"]}
    for page in range(2, texts["pages"] + 1):
        grams |= {row["said"]: row["grams"] for row in visitor.json(diary, f"review?show=all&page={page}")["rows"]}
    return Visit(reviewed, shown, [*_differences(means, own.means), *_differences(grams, own.grams)])


def _differences(shown: Mapping[str, float | None], own: Mapping[str, float]) -> Iterator[str]:
    """Yield what is shown otherwise than it is, or not at all; `None` is what is not known."""
    for name, value in own.items():
        found = shown.get(name)
        if not (value != value if found is None else math.isclose(found, value, rel_tol=1e-12)):
            yield f"{name}: {found} in place of {value}"


def all_visits(
    address: str, diaries: Sequence[bytes], own: Sequence[Expected], passed: Callable[[], None]
) -> list[Visit]:
    """Let everybody come at once, do each step at once, and tell each time that all have come so far."""
    together = threading.Barrier(len(diaries), action=passed)

    def visit(number: int) -> Visit:
        try:
            return one_visit(address, diaries[number], own[number], together.wait)
        except BaseException:
            together.abort()  # who waits for this one would wait for ever
            raise

    with ThreadPoolExecutor(len(diaries)) as pool:
        visits = [pool.submit(visit, number) for number in range(len(diaries))]
    failed = [one.exception() for one in visits if one.exception() is not None]
    for error in failed:
        if not isinstance(error, threading.BrokenBarrierError):
            raise error
    return [one.result() for one in visits]


@contextmanager
def server() -> Iterator[tuple[str, int, float, float]]:
    """Run the server; give its address, its process, and how long its first page took cold and warm [s]."""
    process = subprocess.Popen(_SERVER, stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://\S+(?=/ )", process.stdout.readline())[0]
        time.sleep(0.5)  # as long as a browser takes to open
        with httpx.Client(base_url=address) as client:
            times = []
            for _ in range(20):
                began = time.perf_counter()
                client.get("/").raise_for_status()
                times.append(time.perf_counter() - began)
        yield address, process.pid, times[0], statistics.median(times[1:])
    finally:
        process.terminate()
        process.wait(60)


class Memory(threading.Thread):
    """Watches what a process and all that came from it hold, what they share counted once; only Linux tells."""

    def __init__(self, root: int) -> None:
        """Watch from the process `root` on."""
        super().__init__(daemon=True)
        self.root, self.most, self.is_over = root, 0, threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self.is_over.wait(0.5):
            self.most = max(self.most, sum(map(_held, _family(self.root))))


def _family(root: int) -> set[int]:
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _cpu(root: int) -> float:
    """Return what a process and all that came from it have worked so far. [CPU s]"""
    ticks = 0
    for pid in _family(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def noted(name: str, value: float) -> None:
    """Print a figure that has no goal. [s]"""
    print(f"{name:<68}{value:>9.3g} s")


def told(name: str, value: float, most: float, unit: str) -> bool:
    """Print a figure beside its goal; return whether it is reached."""
    print(f"{name:<68}{value:>9.3g} {unit:<3} goal {most:g}{'' if value <= most else '   NOT REACHED'}")
    return value <= most


def main() -> int:
    """Measure, print, and return 1 if something is wrong or slower than it should be."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    print(f"{os.cpu_count()} cores; {os.getloadavg()[0]:.1f} processes at work beside this one")
    diaries = [drawn(number) for number in range(people)]
    own = [expected(data) for data in diaries]
    reached = []
    with server() as (address, pid, cold, warm):
        reached += [told("first page, half a second after the start", cold, MOST_FIRST_PAGE, "s")]
        reached += [told("first page, later (median)", warm, MOST_FIRST_PAGE, "s")]
        one_visit(address, diaries[0], own[0])
        alone = [one_visit(address, diaries[number], own[number]) for number in range(min(5, people))]
        review = statistics.median(visit.review for visit in alone)
        reached += [told("one person: upload to review page (median of 5)", review, MOST_ONE, "s")]
        noted("one person: from there to the results (median of 5)", statistics.median(one.results for one in alone))

        memory, spent = Memory(pid), []
        memory.start()
        visits = all_visits(address, diaries, own, lambda: spent.append(_cpu(pid)))
        memory.is_over.set()
        waited = sorted(visit.review for visit in visits)
        reached += [
            told(f"{people} at once: upload to review page (median)", statistics.median(waited), MOST_MEDIAN, "s")
        ]
        noted(f"{people} at once: upload to review page (95 of 100)", waited[int(0.95 * len(waited))])
        noted(f"{people} at once: from there to the results (median)", statistics.median(one.results for one in visits))
        if any(spent):
            for what, begun, ended in zip(("upload to review", "review to results"), spent, spent[1:], strict=False):
                noted(f"work for each of them, {what} (CPU)", (ended - begun) / people)
        if memory.most:
            reached += [told("memory of all processes at most", memory.most / 1e9, MOST_BYTES / 1e9, "GB")]
        wrong = [f"{number}: {'; '.join(visit.wrong)}" for number, visit in enumerate(visits) if visit.wrong]
        print(f"{people - len(wrong)} of {people} are right, figure by figure" + "".join(f"\n  {one}" for one in wrong))
        reached += [beside_a_long_one(address, diaries[0], own[0])]
    return 0 if all(reached) and not wrong else 1


def beside_a_long_one(address: str, data: bytes, own: Expected) -> bool:
    """Tell how long one person waits while another's long diary is worked on; return whether it is no longer."""
    long = Client(address)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(lambda: long.get(f"/diaries/{long.upload(drawn(1000, LONG_LINES))}/results"))
        time.sleep(0.5)
        began = time.perf_counter()
        beside = one_visit(address, data, own)
        is_beside = not asking.done()
        asking.result()
    noted(f"one person beside a diary of {LONG_LINES:,} lines: upload to review", beside.review)
    noted("  until the long one was done", time.perf_counter() - began)
    return is_beside or beside.review < MOST_ONE


if __name__ == "__main__":
    sys.exit(main())
