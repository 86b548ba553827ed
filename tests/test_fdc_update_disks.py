"""A disk that is full or may only be read, and a folder that is none, are told in one line; nothing half-made stays."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulk_server import serving
from conftest import skip_or_fail
from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import EMBEDDED, installed_releases, release_in_use
from nutridiary.foods import load_foods
from nutridiary.releases import update, use_release
from nutridiary.releases.connection import Connection
from small_updates import BASE, KALE, NEXT, foundation_zip, user_with_base

COMMAND = [sys.executable, "-c", "from nutridiary.cli import main; main()"]


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A user's data folder with a small release in use."""
    return user_with_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving() as bulk:
        path = foundation_zip(tmp_path_factory.mktemp("zip"), padding=300_000)
        bulk.put(path.name, path.read_bytes())
        bulk.page(path.name)
        yield bulk


def page(server) -> str:
    return f"{server.url}/download-datasets"


# --- Disks that are full, or may only be read ----------------------------------------------------------

ROOM_ELSEWHERE = """
import collections, shutil, sys
usage = collections.namedtuple("usage", "total used free")
shutil.disk_usage = lambda place: usage(10**12, 0, 10**12)  # somebody else takes the room meanwhile
from nutridiary.cli import main
main()
"""


def on_small_disk(folder: Path, base: Path, room: int, arguments: list[str], *, read_only: bool = False):
    """Run the command with its folders on a disk of their own, with `room` kB left beside what is there."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        skip_or_fail("this machine gives no disk of one's own (unshare -rm)")
    taken = sum(-(-path.stat().st_size // 4096) * 4 + 4 for path in base.rglob("*"))
    script = f"""
    mount -t tmpfs -o size={taken + room}k tmpfs "{folder}" && cp -r "{base}" "{folder}/data" || exit 90
    {f'mount -o remount,ro "{folder}" || exit 90' if read_only else ""}
    "$@"; code=$?
    find "{folder}" -name ".building-*" -o -name "in_use.new*"; cat "{folder}/data/fdc/in_use"; exit $code
    """
    environment = {
        **os.environ,
        "NUTRIDIARY_DATA": str(folder / "data"),
        "NUTRIDIARY_CACHE": str(folder / "cache"),
    }
    command = ["unshare", "-rm", "sh", "-c", script, "sh", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("room", [0, 60, 200, 330, 400])
def test_full_disk_is_one_clear_message_and_nothing_half_made(tmp_path, base, server, room):
    folder = tmp_path / "small disk"
    folder.mkdir()
    update_page = ["fdc", "update", "--quiet", "--from", page(server)]
    done = on_small_disk(folder, base, room, [sys.executable, "-c", ROOM_ELSEWHERE, *update_page])
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert "the disk is full" in done.stderr
    assert "The release in use stays as it is." in done.stderr
    assert done.stdout == f"{BASE}\n"


def test_too_little_room_is_told_with_what_is_needed_before_the_download(tmp_path, base, server):
    folder = tmp_path / "disk"
    folder.mkdir()
    server.asked.clear()
    done = on_small_disk(folder, base, 2000, [*COMMAND, "fdc", "update", "--quiet", "--from", page(server)])
    assert done.returncode == 2
    assert "of room" in done.stderr
    assert "are free" in done.stderr
    assert server.bytes_sent_for(".zip") == []


@pytest.mark.parametrize("arguments", [["update"], ["use", "embedded"], ["remove", BASE]], ids=lambda said: said[0])
def test_folder_that_may_only_be_read_is_one_clear_message(tmp_path, base, server, arguments):
    folder = tmp_path / "disk"
    folder.mkdir()
    if arguments == ["update"]:
        arguments = ["update", "--quiet", "--from", page(server)]
    if arguments[0] == "remove":
        base = shutil.copytree(base, tmp_path / "not in use")
        (base / "fdc" / "in_use").write_text("embedded\n", encoding="utf-8")
    done = on_small_disk(folder, base, 500, [*COMMAND, "fdc", *arguments], read_only=True)
    assert done.returncode == 2
    assert "the disk may only be read" in done.stderr
    assert done.stderr.count("\n") == 1


def test_limit_of_file_size_is_told_like_a_full_disk(tmp_path, base, server):
    shutil.copytree(base, tmp_path / "data")
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    arguments = ["fdc", "update", "--quiet", "--from", page(server)]
    done = subprocess.run(
        [sys.executable, "-c", limited + COMMAND[2], *arguments],
        env={**os.environ, "NUTRIDIARY_DATA": str(tmp_path / "data"), "NUTRIDIARY_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "the disk is full, or your share of it" in done.stderr
    assert (tmp_path / "data" / "fdc" / "in_use").read_text(encoding="utf-8") == f"{BASE}\n"


@pytest.mark.parametrize("which", ["NUTRIDIARY_DATA", "NUTRIDIARY_CACHE"])
@pytest.mark.parametrize("what", ["a file", "a link to itself", "in a file"])
def test_folder_that_is_none_is_told(tmp_path, monkeypatch, server, what, which):
    for variable in ("NUTRIDIARY_DATA", "NUTRIDIARY_CACHE"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    place = tmp_path / "place"
    if what == "a link to itself":
        place.symlink_to(place)
    else:
        place.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv(which, str(place / "in it" if what == "in a file" else place))
    with pytest.raises(FoodDataError, match=r"place.*cannot be written to.*Change that, or name another folder"):
        update(page=page(server), connection=Connection(sleep=lambda seconds: None))


def test_folder_may_be_a_link_to_another(tmp_path, monkeypatch, base, server):
    shutil.copytree(base, tmp_path / "large disk")
    (tmp_path / "link").symlink_to(tmp_path / "large disk")
    monkeypatch.setenv("NUTRIDIARY_DATA", str(tmp_path / "link"))
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "cache"))
    assert update(page=page(server)).release == NEXT
    assert float(load_foods().composition([KALE], ["potassium"]).loc[KALE, "potassium"]) == 999.5


@contextlib.contextmanager
def somebody_without_rights() -> Iterator[None]:
    """Whoever runs the tests may be root, who may do everything."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_folder_one_may_not_look_into_leaves_the_embedded_foods_and_is_told_when_written_to(tmp_path, monkeypatch):
    locked = tmp_path / "locked"
    locked.mkdir()
    monkeypatch.setenv("NUTRIDIARY_DATA", str(locked / "data"))
    use_release(EMBEDDED)
    locked.chmod(0)
    with somebody_without_rights():
        assert release_in_use() == EMBEDDED
        assert installed_releases() == []
        with pytest.raises(FoodDataError, match="you may not write there"):
            use_release(EMBEDDED)
    locked.chmod(0o700)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (errno.EISDIR, "there is a folder where a file is needed"),
        (errno.ENOLCK, "this disk cannot keep two updates apart"),
        (errno.EOPNOTSUPP, "this disk cannot keep two updates apart"),
    ],
)
def test_disk_that_gives_no_lock_is_told_in_words(tmp_path, monkeypatch, fault, told):
    def refuse(*arguments: object) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setenv("NUTRIDIARY_DATA", str(tmp_path))
    monkeypatch.setattr("fcntl.lockf", refuse)
    with pytest.raises(FoodDataError, match=f"cannot be written to: {told}.*NUTRIDIARY_DATA"):
        update([tmp_path])
