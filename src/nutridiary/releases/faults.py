"""Faults of disks and folders, in words: where, what, how much room is needed, what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nutridiary.errors import FoodDataError
from nutridiary.releases.progress import in_bytes
from nutridiary.user_files import CACHE_VARIABLE, DATA_VARIABLE

_ELSEWHERE = f"or name another folder: set {DATA_VARIABLE} (releases) or {CACHE_VARIABLE} (downloads)"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REASONS = {
    errno.EROFS: "the disk may only be read",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.ENOTDIR: "there is a file where a folder is needed",
    errno.EEXIST: "there is a file where a folder is needed",
    errno.EISDIR: "there is a folder where a file is needed",
    errno.ENOLCK: "this disk cannot keep two updates apart (it has no locks)",
    errno.EOPNOTSUPP: "this disk cannot keep two updates apart (it has no locks)",
    errno.ELOOP: "it is a link that leads nowhere",
    errno.ENAMETOOLONG: "its name is too long for this disk",
}


@contextmanager
def told(folder: Path, needed: int = 0) -> Iterator[None]:
    """Turn what the disk refuses within this block into a FoodDataError about `folder`.

    Parameters
    ----------
    folder : pathlib.Path
        Where the block writes.
    needed : int
        Room it needs there, for the words. [bytes]
    """
    try:
        yield
    except OSError as error:
        raise cannot_write(folder, error, needed) from error


def cannot_write(folder: Path, error: OSError, needed: int = 0) -> FoodDataError:
    """Return what to tell of a folder that cannot be written to.

    Examples
    --------
    >>> print(cannot_write(Path("food"), OSError(errno.EROFS, "Read-only file system")))
    food: cannot be written to: the disk may only be read. The release in use stays as it is. Change that, or name another folder: set NUTRIDIARY_DATA (releases) or NUTRIDIARY_CACHE (downloads).
    """  # noqa: E501
    where = Path(error.filename) if isinstance(error.filename, str) else folder
    if error.errno in _FULL:
        room = f" About {in_bytes(needed)} are needed." if needed else ""
        return FoodDataError(
            f"{where}: the disk is full, or your share of it.{room} The release in use stays as it is. "
            f"Free some room and update again, {_ELSEWHERE}."
        )
    reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
    return FoodDataError(
        f"{where}: cannot be written to: {reason}. The release in use stays as it is. Change that, {_ELSEWHERE}."
    )


def check_room(needs: Mapping[Path, int], what: str) -> None:
    """Refuse work for which there is too little room.

    Parameters
    ----------
    needs : mapping of pathlib.Path to int
        What will be written into each folder, which need not exist yet. [bytes]
    what : str
        What the room is for, for the words.

    Raises
    ------
    FoodDataError
        With the room that is needed and the room there is.
    """
    together: dict[int, tuple[Path, int]] = {}
    for folder, needed in needs.items():
        place = existing(folder)
        first, before = together.get(place.stat().st_dev, (place, 0))
        together[place.stat().st_dev] = (first, before + needed)
    for place, needed in together.values():
        free = shutil.disk_usage(place).free
        if free < needed:
            raise FoodDataError(
                f"{place}: {what} needs about {in_bytes(needed)} of room, {in_bytes(free)} are free. "
                f"Nothing was changed. Free some room, {_ELSEWHERE}."
            )


def existing(folder: Path) -> Path:
    """Return `folder`, or the nearest of the folders around it that exists."""
    for place in (folder, *folder.parents):
        if place.exists():
            return place
    return Path.cwd()
