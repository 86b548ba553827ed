"""The folder of installed releases: a release comes into it whole, and goes from it whole."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import MANIFEST, in_use_file, releases_folder
from nutridiary.user_files import user_cache_folder, user_data_folder

BUILDING, REMOVING = ".building-", ".removing-"
"""How the names of folders begin that are no release yet, or no more."""


def downloads_folder() -> Path:
    """Return the folder in which downloads lie until they are built into a release."""
    return user_cache_folder() / "downloads"


def lock_path() -> Path:
    """Return the file that whoever changes the folder of releases holds."""
    return user_data_folder() / "fdc" / "updating.lock"


def clear_leftovers() -> None:
    """Remove what interrupted updates left. Only for who holds the lock: nobody else is at work then."""
    folder = releases_folder()
    for begun in (BUILDING, REMOVING):
        for path in paths_in(folder, f"{begun}*"):
            _remove(path)
    for path in paths_in(in_use_file().parent, f"{in_use_file().name}.new-*"):
        path.unlink(missing_ok=True)


@contextmanager
def building_folder() -> Iterator[Path]:
    """Give a folder to build a release in; it is gone after this block, unless it was put in its place."""
    releases_folder().mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=BUILDING, dir=releases_folder()))
    try:
        yield path
    finally:
        with contextlib.suppress(OSError):  # the fault that led here is the one to tell
            _remove(path)


def put_in_place(building: Path, manifest: Mapping[str, Any]) -> Path:
    """Make a release of a folder that was built: everything on the disk, the manifest last, then one rename.

    Returns
    -------
    pathlib.Path
        The folder of the release, named as the manifest says.
    """
    for path in building.iterdir():
        _sync(path)
    written = building / MANIFEST
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    written.write_text(text, encoding="utf-8", newline="\n")
    _sync(written)
    _sync(building)
    building.chmod(0o755)
    final = building.parent / str(manifest["name"])
    building.rename(final)
    _sync(final.parent)
    return final


def write_in_use(name: str) -> None:
    """Name the release in use, at once or not at all."""
    path = in_use_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=f"{path.name}.new-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(f"{name}\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(fresh).chmod(0o644)
        Path(fresh).replace(path)
    except OSError:
        Path(fresh).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def take_away(name: str) -> None:
    """Remove a release: it is none any more before the first of its files goes."""
    path = releases_folder() / name
    if path.is_symlink():
        path.unlink()
        return
    going = path.with_name(f"{REMOVING}{name}")
    _remove(going)
    path.rename(going)
    _remove(going)


def same_file(source: Path, copy: Path) -> None:
    """Have `source` under another name too: linked where the disk can, else copied.

    The databases of releases are never changed in place, so two releases may share one.
    """
    if source.is_symlink() or not source.is_file():
        raise FoodDataError(f"{source}: not found, or a link. The release in use is damaged: nutridiary fdc status")
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)


def folder_bytes(folder: Path) -> int:
    """Return how much the files in a folder take. [bytes]"""
    return sum(path.stat().st_size for path in paths_in(folder, "**/*") if path.is_file())


def paths_in(folder: Path, pattern: str) -> list[Path]:
    """Return what is in a folder, by pattern; nothing where there is no such folder or it may not be looked into."""
    try:
        return sorted(folder.glob(pattern))
    except PermissionError:
        return []


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def _sync(path: Path) -> None:
    """Have a file, or a folder's list of names, on the disk before anything is done that relies on it."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
