"""Whatever ends an update, the release before works, nothing half-made is in the way, and the next update is right."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulk_server import serving
from interrupted_update import update_until
from nutridiary.analysis import analyze
from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import installed_releases, release_in_use, releases_folder
from nutridiary.foods import load_foods
from nutridiary.releases import update
from nutridiary.releases.connection import Connection
from nutridiary.releases.folder import downloads_folder
from small_updates import BASE, KALE, NEXT, TODAY, contents, foundation_zip, user_with_base

KILLS = 20
KALE_HAS = {BASE: 348.25, NEXT: 999.5}
DIARY = "date,food,amount,unit\n2026-01-01,Kale made up,100,g\n"
COMMAND = [sys.executable, "-c", "from nutridiary.cli import main; main()"]


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A user's data folder with a small release in use."""
    return user_with_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> Path:
    """A Foundation release as the official zip, large enough to come in several pieces."""
    return foundation_zip(tmp_path_factory.mktemp("zip"), padding=300_000)


@pytest.fixture
def server(official):
    with serving() as bulk:
        bulk.put(official.name, official.read_bytes())
        bulk.page(official.name)
        yield bulk


@pytest.fixture
def user(tmp_path, base, monkeypatch):
    """A user's folder of whom nothing is fetched yet."""
    shutil.copytree(base, tmp_path / "user" / "data")
    monkeypatch.setenv("NUTRIDIARY_DATA", str(tmp_path / "user" / "data"))
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "user" / "cache"))
    return tmp_path / "user"


@pytest.fixture(scope="module")
def processes() -> Iterator[multiprocessing.context.ForkServerContext]:
    """Processes that have loaded everything before the moments are counted."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["interrupted_update"])
    return context


def kale() -> float:
    return float(load_foods().composition([KALE], ["potassium"]).loc[KALE, "potassium"])


def page(server) -> str:
    return f"{server.url}/download-datasets"


def assert_works(folder: Path) -> None:
    """The release in use is whole, whichever it is, and a diary is analysed with it."""
    named = release_in_use()
    assert kale() == KALE_HAS[named]
    diary = folder / "diary.csv"
    diary.write_text(DIARY, encoding="utf-8")
    intakes = analyze(diary, nutrients=["potassium"]).intakes.set_index("nutrient")
    assert intakes.loc["potassium", "amount"] == KALE_HAS[named]
    assert set(installed_releases()) <= {BASE, NEXT}


def assert_next_update_is_right(server, undisturbed: dict[str, str]) -> None:
    update(page=page(server), connection=Connection(sleep=lambda seconds: None), today=TODAY)
    assert release_in_use() == NEXT
    assert contents(releases_folder() / NEXT) == undisturbed
    assert sorted(path.name for path in releases_folder().iterdir()) == [BASE, NEXT]
    assert list(downloads_folder().glob("*")) == []
    assert {path.name for path in releases_folder().parent.iterdir()} == {"in_use", "releases", "updating.lock"}


def in_process(processes, moment: int, user: Path, server) -> int:
    """Run an update until a moment; return its exit code."""
    process = processes.Process(target=update_until, args=(moment, user, page(server), user / "moments"))
    process.start()
    process.join(60)
    return process.exitcode


@pytest.fixture
def undisturbed(user, base, server, processes) -> tuple[dict[str, str], int]:
    """What an update that nobody disturbs makes, and how many moments it has; its traces are gone."""
    assert in_process(processes, 0, user, server) == 0
    made, moments = contents(releases_folder() / NEXT), int((user / "moments").read_text())
    shutil.rmtree(user)
    shutil.copytree(base, user / "data")
    server.asked.clear()
    return made, moments


def test_update_killed_at_random_moments_leaves_a_release_that_works_and_the_next_is_right(
    user, base, server, processes, undisturbed
):
    made, moments = undisturbed
    last = range(moments - 12, moments + 1)  # where the release is put in its place and in use
    chosen = sorted({*random.Random(20).sample(range(1, moments), KILLS - 6), *random.Random(6).sample(last, 6)})
    resumed = 0
    for moment in chosen:
        assert in_process(processes, moment, user, server) == -signal.SIGKILL, moment
        assert_works(user)
        server.asked.clear()
        assert_next_update_is_right(server, made)
        resumed += any(part for part in server.bytes_sent_for(f"{NEXT}.zip"))
        shutil.rmtree(user)
        shutil.copytree(base, user / "data")
    assert resumed > 0


def test_update_killed_again_and_again_comes_to_its_end(user, server, processes, undisturbed):
    made, moments = undisturbed
    for moment in random.Random(1).sample(range(2, moments), 6):
        in_process(processes, moment, user, server)
        assert_works(user)
    assert_next_update_is_right(server, made)


def test_command_killed_while_it_downloads_goes_on_where_it_stopped(user, server, undisturbed):
    server.pause = 0.2
    arguments = [*COMMAND, "fdc", "update", "--from", page(server)]
    command = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    part = downloads_folder() / f"FoodData_Central_foundation_food_csv_{NEXT}.zip.part"
    while not (part.is_file() and part.stat().st_size > 100_000):
        time.sleep(0.01)
    command.kill()
    command.communicate()
    assert_works(user)
    server.pause = 0.0
    came = part.stat().st_size
    assert_next_update_is_right(server, undisturbed[0])
    assert server.bytes_sent_for(f"{NEXT}.zip")[-1] == f"bytes={came}-"


# --- Two at once ---------------------------------------------------------------------------------------

HOLD = """
import sys
from nutridiary.releases.alone import one_at_a_time
from nutridiary.releases.folder import lock_path
with one_at_a_time(lock_path()):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_update_says_which_process_is_at_it_and_a_dead_one_holds_nothing(user, server, undisturbed):
    holder = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(FoodDataError, match=rf"Another update .*\(process {holder.pid}\)"):
        update(page=page(server))
    holder.kill()
    holder.communicate()
    assert_next_update_is_right(server, undisturbed[0])
