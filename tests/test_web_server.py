"""The server of the web page: it begins and ends quietly, keeps nothing, and survives what happens to its processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import httpx
import pytest

from nutridiary.web.asked import Asked
from nutridiary.web.diaries import NotOpenError, OpenDiary
from nutridiary.web.turns import Turns
from nutridiary.web.workers import Workers
from web_servers import Running, holds, running, wait_until
from web_visits import Visit

THIRTY_DAYS = Path(__file__).parents[1] / "data" / "diaries" / "thirty_days.csv"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of processes in /proc")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("diaries"), "--workers", "1") as server:
        yield server


def left_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_server_leaves_no_file_and_no_process(tmp_path: Path, how: int) -> None:
    with running(tmp_path / "kept", "--workers", "1") as server:
        with Visit(server.address) as visit:
            diary = visit.upload(THIRTY_DAYS)
            assert visit.json(f"/api/diaries/{diary}/reading")["lines"] == 450
        assert left_in(server.folder)
        processes = server.processes()
        code, written = server.stop(how)
        assert code in (0, -how) if how == signal.SIGTERM else code == 0
        assert "Traceback" not in written
        assert "Aborted" not in written
        assert written.count("\n") == 1, written
        assert not left_in(server.folder)
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), seconds=20)


@LINUX
def test_killed_server_takes_its_processes_along_and_the_next_one_removes_what_it_left(tmp_path: Path) -> None:
    with running(tmp_path / "kept", "--workers", "1") as server:
        with Visit(server.address) as visit:
            visit.json(f"/api/diaries/{visit.upload(THIRTY_DAYS)}/reading")
        processes = server.processes()
        server.stop(signal.SIGKILL)
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), seconds=20)
        abandoned = {one.name for one in server.folder.iterdir()}
        assert abandoned
    with running(tmp_path / "kept", "--workers", "1") as server:
        assert not abandoned & {one.name for one in server.folder.iterdir()}


def test_second_server_leaves_the_folder_of_the_first_alone(shared: Running, tmp_path: Path) -> None:
    with Visit(shared.address) as visit:
        diary = visit.upload(THIRTY_DAYS)
        with running(shared.folder, "--workers", "1") as second:
            assert second.port != shared.port
            assert httpx.get(f"{second.address}/health").status_code == 200
        assert visit.json(f"/api/diaries/{diary}/reading")["lines"] == 450


def test_uploads_are_for_their_owner_only(shared: Running) -> None:
    with Visit(shared.address) as visit:
        diary = visit.upload(THIRTY_DAYS)
        visit.json(f"/api/diaries/{diary}/reading")
        found = left_in(shared.folder)
        assert any(one.suffix == ".pickle" for one in found)
        assert {stat.S_IMODE(one.stat().st_mode) for one in found if one.is_dir()} == {0o700}
        assert {stat.S_IMODE(one.stat().st_mode) for one in found if one.is_file()} == {0o600}


def test_forgotten_diary_is_gone_from_disk_and_for_every_address(shared: Running) -> None:
    with Visit(shared.address) as visit:
        diary = visit.upload(THIRTY_DAYS)
        assert any(one.name == diary for one in left_in(shared.folder))
        visit.post(f"/diaries/{diary}/forget")
        assert not any(one.name == diary for one in left_in(shared.folder))
        assert visit.get(f"/diaries/{diary}/reading").status_code == 404


@LINUX
def test_words_of_a_forgotten_diary_are_in_no_working_process(shared: Running, tmp_path: Path) -> None:
    unusual = tmp_path / "unusual.csv"
    unusual.write_text("Date,Food,Amount\n2026-04-01,zorbleberry crumble,100 g\n", "utf-8")

    def remembered() -> bool:
        return any(holds(pid, b"zorbleberry crumble") for pid in shared.forked())

    with Visit(shared.address) as visit:
        diary = visit.upload(unusual)
        assert visit.json(f"/api/diaries/{diary}/review")["rows"]
        assert remembered()
        visit.post(f"/diaries/{diary}/forget")
        assert wait_until(lambda: not remembered())
        # Whoever comes next does not wait for another process.
        assert visit.json(f"/api/diaries/{visit.upload(THIRTY_DAYS)}/reading")["lines"] == 450


@LINUX
@pytest.mark.parametrize("size", [1, 60], ids=["small", "large"])
def test_folder_cleared_away_is_made_again_and_what_lay_in_it_is_told_to_be_gone(tmp_path: Path, size: int) -> None:
    with running(tmp_path, "--workers", "1") as server, Visit(server.address) as visit:
        diary = visit.upload(THIRTY_DAYS)
        visit.json(f"/api/diaries/{diary}/review")  # nothing is written any more
        [folder] = server.folder.glob("nutridiary-web-*")
        mode = folder.stat().st_mode
        shutil.rmtree(folder)
        answer = visit.client.get(f"/api/diaries/{diary}/review")
        assert answer.status_code == 404
        assert "Upload it again" in answer.json()["error"]
        heading, lines = THIRTY_DAYS.read_bytes().split(b"\n", 1)
        sent = {"files": ("diary.csv", heading + b"\n" + lines * size)}
        if size > 1:  # what is too large for memory is received into the folder too
            assert visit.client.post("/api/diaries", files=sent).json()["error"].startswith("This could not be kept")
            sent["files"] = ("diary.csv", heading + b"\n" + lines)
        again = visit.client.post("/api/diaries", files=sent).json()["id"]
        assert visit.json(f"/api/diaries/{again}/reading")["lines"] == 450
        assert folder.stat().st_mode == mode


def test_worker_that_is_killed_is_replaced_and_the_next_step_is_done(shared: Running) -> None:
    with Visit(shared.address) as visit:
        first = visit.upload(THIRTY_DAYS)
        assert visit.json(f"/api/diaries/{first}/reading")["lines"] == 450
        for pid in shared.forked():
            os.kill(pid, signal.SIGKILL)
        second = visit.upload(THIRTY_DAYS)
        assert visit.json(f"/api/diaries/{second}/reading")["lines"] == 450
        assert visit.json("/api/foods?q=apple")["foods"]


@LINUX
def test_worker_killed_in_the_middle_of_a_step_is_told_and_others_do_not_notice(tmp_path: Path) -> None:
    lines = THIRTY_DAYS.read_text("utf-8").splitlines()
    long = "\n".join([lines[0], *lines[1:] * 44])
    with (
        running(tmp_path / "kept", "--workers", "2") as server,
        Visit(server.address) as visit,
        Visit(server.address) as other,
    ):
        visit.json(f"/api/diaries/{visit.upload(THIRTY_DAYS)}/reading")
        before = set(server.forked())
        diary = visit.client.post("/api/diaries", files=[("files", ("d.csv", long.encode()))]).json()["id"]
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(visit.get, f"/api/diaries/{diary}/reading")
            # Once it says what it works on, a process has it.
            assert wait_until(lambda: list((server.folder).glob(f"*/{diary}/progress")), seconds=20)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            answer = asking.result()
        assert answer.status_code == 422
        assert "ended before it was done" in answer.json()["error"]
        assert other.json(f"/api/diaries/{other.upload(THIRTY_DAYS)}/reading")["lines"] == 450
        _, written = server.stop()
        assert "a worker ended while it performed 'reading'" in written


def test_diary_with_more_lines_than_allowed_is_told_how_many_may_be(tmp_path: Path) -> None:
    with running(tmp_path / "kept", "--workers", "1", "--most-rows", "100") as server, Visit(server.address) as visit:
        answer = visit.client.post("/api/diaries", files=[("files", ("d.csv", THIRTY_DAYS.read_bytes()))])
        told = visit.get(f"/api/diaries/{answer.json()['id']}/reading").text
        assert "450 lines, more than the 100" in told


def test_step_that_takes_too_long_is_ended_with_words_and_the_next_one_is_done(tmp_path: Path) -> None:
    lines = THIRTY_DAYS.read_text("utf-8").splitlines()
    long = "\n".join([lines[0], *lines[1:] * 200]).encode()
    with running(tmp_path / "kept", "--workers", "1", "--most-seconds", "2") as server, Visit(server.address) as visit:
        visit.json("/api/foods?q=apple")  # the processes have begun
        diary = visit.client.post("/api/diaries", files=[("files", ("d.csv", long))]).json()["id"]
        answer = visit.get(f"/api/diaries/{diary}/reading")
        assert answer.status_code == 422
        assert "longer than the 2 seconds" in answer.json()["error"]
        small = THIRTY_DAYS.read_bytes().splitlines(keepends=True)[:20]
        diary = visit.client.post("/api/diaries", files=[("files", ("d.csv", b"".join(small)))]).json()["id"]
        assert visit.json(f"/api/diaries/{diary}/reading")["lines"] == 19


def test_diary_not_looked_at_for_as_long_as_it_is_kept_is_forgotten(tmp_path: Path) -> None:
    from nutridiary.web.diaries import Visitors
    from nutridiary.web.folders import PrivateFolder
    from nutridiary.web.settings import Settings
    from nutridiary.web.workers import Workers

    settings = Settings(kept_seconds=0.2, folder=tmp_path)
    visitors = Visitors(settings, Workers(settings), PrivateFolder(tmp_path))
    visitor = visitors.welcome("somebody")
    visitors.open(visitor, [("d.csv", b"food\nrice\n")])
    visitors.forget_old()
    assert [one for one in left_in(tmp_path) if one.name == "d.csv"]
    time.sleep(0.3)
    visitors.forget_old()
    assert not [one for one in left_in(tmp_path) if one.name == "d.csv"]
    assert visitors.find("somebody") is None
    visitors.forget_all()


def test_each_diary_is_forgotten_on_its_own_whatever_else_its_visitor_looks_at(tmp_path: Path) -> None:
    from nutridiary.web.diaries import Visitors
    from nutridiary.web.folders import PrivateFolder
    from nutridiary.web.settings import Settings
    from nutridiary.web.workers import Workers

    settings = Settings(kept_seconds=1.0, folder=tmp_path)
    visitors = Visitors(settings, Workers(settings), PrivateFolder(tmp_path))
    visitor = visitors.welcome("somebody")
    left, looked_at, unswept = (visitors.open(visitor, [("d.csv", b"food\nrice\n")]) for _ in range(3))
    for _ in range(6):
        time.sleep(0.3)
        assert visitors.look_at("somebody", looked_at.id) is looked_at
    assert visitors.look_at("somebody", unswept.id) is None  # before anything was swept
    visitors.forget_old()
    assert list(visitor.diaries) == [looked_at.id]
    assert not left.folder.exists()
    assert visitors.look_at("somebody else", looked_at.id) is None
    time.sleep(1.2)
    assert visitors.find("somebody") is None  # before anything was swept
    assert not looked_at.folder.exists()
    visitors.forget_all()


def test_address_that_is_taken_is_told_in_one_line(shared: Running) -> None:
    command = [sys.executable, "-c", "from nutridiary.cli import main; main()", "web", "--no-open"]
    found = subprocess.run(
        [*command, "--port", str(shared.port)], capture_output=True, text=True, timeout=60, check=False
    )
    assert found.returncode == 2
    assert "cannot be listened on" in found.stderr
    assert "Traceback" not in found.stderr


def test_long_file_names_in_any_script_are_kept_short_enough_for_every_disk() -> None:
    from nutridiary.web.diaries import safe_name

    for letter in ("a", "é", "食", "🍎"):
        name = safe_name(letter * 10_000 + ".csv")
        assert name.endswith(".csv")
        assert 0 < len(name.encode()) <= 255
        assert len(name) <= 200
    assert safe_name("NUL.csv") == "_NUL.csv"


@LINUX
def test_diary_that_needs_more_memory_than_it_may_take_ends_in_words_and_the_next_one_is_read(tmp_path: Path) -> None:
    row = ",".join(str(number) for number in range(100, 340))
    heading = "food," + ",".join(f"x{number}" for number in range(240))
    long = "\n".join([heading, *(f"rice {number},{row}" for number in range(19_000))]).encode()
    with (
        running(tmp_path / "kept", "--workers", "1", "--most-memory-mb", "256", "--most-rows", "200000") as server,
        Visit(server.address) as visit,
    ):
        diary = visit.client.post("/api/diaries", files=[("files", ("d.csv", long))]).json()["id"]
        answer = visit.get(f"/api/diaries/{diary}/reading")
        assert answer.status_code == 422, answer.text[:500]
        assert "memory" in answer.json()["error"]
        diary = visit.upload(THIRTY_DAYS)
        assert visit.json(f"/api/diaries/{diary}/reading")["lines"] > 400


def test_who_has_waited_longest_for_a_turn_comes_first_and_what_nobody_waits_for_comes_last() -> None:
    async def order_of(waiting: list[tuple[str, bool]]) -> list[str]:
        turns, order = Turns(["worker"]), []
        held = await turns.take("Ana")

        async def want(whose: str, in_advance: bool) -> None:
            taken = await turns.take(whose, in_advance=in_advance)
            order.append(whose)
            turns.give_back(taken, whose, in_advance=in_advance)

        tasks = [asyncio.create_task(want(*one)) for one in waiting]
        await asyncio.sleep(0)
        tasks[-1].cancel()  # who leaves gives the turn to the next
        turns.give_back(held, "Ana")
        await asyncio.gather(*tasks, return_exceptions=True)
        return order

    waiting = [("Cleo", True), ("Ana", False), ("Ana", False), ("Ben", False), ("Dora", False)]
    # In a thread of its own: a browser of other tests may have a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, order_of(waiting)).result() == ["Ben", "Ana", "Ana", "Cleo"]


def test_step_waited_for_while_its_diary_is_forgotten_says_so_and_nothing_is_begun_again(tmp_path: Path) -> None:
    begun = []

    class Endless:
        async def perform(self, step: str, *_: object, **__: object) -> bytes:
            begun.append(step)
            await asyncio.sleep(60)
            return b""

    (tmp_path / "diary").mkdir()

    async def forgotten() -> None:
        diary = OpenDiary(tmp_path / "diary", Asked(files=("d.csv",)), cast(Workers, Endless()), 0.05, "somebody")
        waiting = asyncio.create_task(diary.show("people"))
        await asyncio.sleep(0.01)
        diary.forget()
        with pytest.raises(NotOpenError):
            await waiting
        with pytest.raises(NotOpenError):
            await diary.show("people")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, forgotten()).result()
    assert begun == ["people"]
