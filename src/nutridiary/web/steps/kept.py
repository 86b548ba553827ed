"""What is kept in a diary's folder while it is open: its files, what was made of them, how far work has come.

The folder is its owner's alone, and nobody but the program writes in it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from nutridiary.web.asked import Asked

Made = TypeVar("Made")

FILES, ALIASES, MADE, PROGRESS = "files", "aliases", "made", "progress"


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
    if place.exists():
        # Only this program writes here, in a folder that is its user's alone.
        return pickle.loads(place.read_bytes())  # type: ignore[no-any-return]  # noqa: S301
    made = make()
    place.parent.mkdir(exist_ok=True)
    for older in place.parent.glob(f"{name}-*.pickle"):
        older.unlink(missing_ok=True)
    beside = place.with_suffix(".part")
    beside.write_bytes(pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    beside.replace(place)
    return made


def teller(folder: Path) -> Callable[[str, int], None]:
    """Return what tells the steps of long work, for `progress_of` to read."""

    def tell(step: str, lines: int) -> None:
        beside = folder / f"{PROGRESS}.part"
        beside.write_text(f"{lines} {step}", "utf-8")
        beside.replace(folder / PROGRESS)

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
