"""What is kept in a diary's folder while it is open: its files, what was made of them, how far work has come.

The folder is its owner's alone, and nobody but the program writes in it.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from nutridiary.fdc.installed import release_in_use, using_release
from nutridiary.web.asked import Asked

Made = TypeVar("Made")

FILES, ALIASES, MADE, PROGRESS, RELEASE = "files", "aliases", "made", "progress", "release"


@contextmanager
def with_its_foods(folder: Path) -> Iterator[str]:
    """Within this block the food data in use are those that were when the diary in `folder` was first worked on.

    Whoever chooses another release while a diary is open changes nothing of it, nor of what was made of it.

    Raises
    ------
    FoodDataError
        If that release was removed meanwhile.
    """
    place = folder / RELEASE
    if not place.exists():
        with _alone(place.with_name(f"{RELEASE}.lock")):
            if not place.exists():
                _write(place, release_in_use().encode())
    release = place.read_text("utf-8")
    with using_release(release):
        yield release


def files_of(folder: Path, asked: Asked) -> list[Path]:
    """Return the uploaded files of a diary."""
    return [folder / FILES / name for name in asked.files]


def kept(folder: Path, name: str, digest: str, make: Callable[[], Made]) -> Made:
    """Return what was made before of the same, or make it and keep it in place of what was made of another.

    Parameters
    ----------
    folder : Path
        Of the diary.
    name : str
        What is made: "reading".
    digest : str
        Of all that it is made of.
    make : callable
    """
    place = folder / MADE / f"{name}-{digest}.pickle"
    place.parent.mkdir(exist_ok=True)
    # Of two processes that need the same at once, one makes it and the other waits.
    with _alone(place.with_name(f"{name}.lock")):
        try:
            # Only this program writes here, in a folder that is its user's alone.
            return pickle.loads(place.read_bytes())  # type: ignore[no-any-return]  # noqa: S301
        except FileNotFoundError:
            made = make()
        for older in place.parent.glob(f"{name}-*.pickle"):
            if older.stem.rpartition("-")[0] == name:
                older.unlink(missing_ok=True)
        _write(place, pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    return made


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Be the only process in here, where the system knows how; the lock goes with the process that has it."""
    try:
        import fcntl
    except ImportError:  # on Windows it may be made twice
        yield
        return
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _write(place: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    beside = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def teller(folder: Path) -> Callable[[str, int], None]:
    """Return what tells the steps of long work, for `progress_of` to read."""

    def tell(step: str, lines: int) -> None:
        _write(folder / PROGRESS, f"{lines} {step}".encode())

    return tell


def progress_of(folder: Path) -> tuple[str, int]:
    """Return the step that is worked on, and how many lines it is about (0 while that is not known)."""
    try:
        lines, _, step = (folder / PROGRESS).read_text("utf-8").partition(" ")
        return step, int(lines)
    except (OSError, ValueError):
        return "", 0


def reading_options(asked: Asked) -> dict[str, Any]:
    """Return how to read, as `nutridiary.diary.read_whole` takes it."""
    return {name: value for name, value in asked.reading if value not in (None, {})}
