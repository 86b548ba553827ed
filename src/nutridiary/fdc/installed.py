"""Which releases of food data are installed beside the embedded one, and which of them is in use.

    <user data folder>/fdc/
        in_use                    name of the release in use; no such file, or "embedded": the embedded one
        releases/<name>/
            release.json          what it was built from and what it holds; written last
            foods.sqlite          the foods, as the embedded ``data/fdc/foods.sqlite``
            matching_index.npz    their names, indexed for matching
            branded.sqlite        the branded foods, where they were asked for

A folder without ``release.json``, or whose name begins with a dot, is no release: an update that was interrupted
leaves such a one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, did_you_mean, listing
from nutridiary.user_files import user_data_folder

EMBEDDED = "embedded"
"""Name of the release that is part of the program."""
MANIFEST, FOODS, INDEX, BRANDED = "release.json", "foods.sqlite", "matching_index.npz", "branded.sqlite"

_asked_for: ContextVar[str | None] = ContextVar("release of food data", default=None)


def releases_folder() -> Path:
    """Return the folder whose folders are releases."""
    return user_data_folder() / "fdc" / "releases"


def in_use_file() -> Path:
    """Return the file that names the release in use. It may not exist."""
    return user_data_folder() / "fdc" / "in_use"


def installed_releases() -> list[str]:
    """Return the names of the complete releases that are installed, without the embedded one."""
    try:
        names = [path.parent.name for path in releases_folder().glob(f"*/{MANIFEST}")]
    except PermissionError:  # a folder this user may not look into holds nothing of theirs
        return []
    return sorted(name for name in names if not name.startswith("."))


def release_in_use() -> str:
    """Return the name of the release in use: of `using_release`, else the one chosen, else `EMBEDDED`.

    Raises
    ------
    FoodDataError
        If the file that says so cannot be read: another release's figures would be others.
    """
    asked_for = _asked_for.get()
    if asked_for is not None:
        return asked_for
    path = in_use_file()
    try:
        return path.read_text(encoding="utf-8").strip() or EMBEDDED
    except (FileNotFoundError, NotADirectoryError):
        return EMBEDDED
    except (OSError, UnicodeDecodeError) as error:
        if not _may_look(path.parent):
            return EMBEDDED
        raise FoodDataError(
            f"{path}: cannot be read ({error}). It names the release of food data in use. "
            "Make it readable, or choose one again: nutridiary fdc use embedded"
        ) from None


def _may_look(folder: Path) -> bool:
    """Whether this user may look into a folder: a service may run without access to any home."""
    try:
        folder.joinpath("in_use").stat()
    except PermissionError:
        return False
    except OSError:
        pass
    return True


@contextmanager
def using_release(release: str) -> Iterator[None]:
    """Within this block (of this thread or task) another release is in use than the one chosen.

    Raises
    ------
    FoodDataError
        If there is no such release.

    Examples
    --------
    >>> with using_release("embedded"):
    ...     release_in_use()
    'embedded'
    """
    check_release(release)
    token = _asked_for.set(release)
    try:
        yield
    finally:
        _asked_for.reset(token)


def check_release(release: str) -> None:
    """Refuse the name of a release that is not installed.

    Raises
    ------
    FoodDataError
        With the names of those that are.
    """
    installed = [EMBEDDED, *installed_releases()]
    if release not in installed:
        raise FoodDataError(
            f"{releases_folder()}: no release {release!r}. Installed: {listing(installed)}."
            f"{did_you_mean(release, installed)} Choose one with: nutridiary fdc use embedded"
        )


def release_manifest(release: str | None = None) -> dict[str, Any] | None:
    """Return what a release was built from and what it holds; None for the embedded one.

    Parameters
    ----------
    release : str, optional
        By default the one in use.

    Returns
    -------
    dict or None
        `name`, `made` (the day), `nutridiary` (version that built it), `schema`, `identity`, and lists of dicts
        `releases`, `files` and `databases`; docs/releases.md tells each.

    Raises
    ------
    FoodDataError
        If there is no such release, or its release.json is damaged.
    """
    path = release_file(MANIFEST, release)
    if path is None:
        return None
    try:
        manifest = json.loads(path.read_bytes())
        if not {"name", "schema", "identity", "releases", "files", "databases"} <= set(manifest):
            raise ValueError("not what an update writes")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise FoodDataError(
            f"{path}: cannot be read ({error}). Remove the release and update again: "
            f"nutridiary fdc remove {path.parent.name}"
        ) from None
    return dict(manifest)


def release_file(name: str, release: str | None = None) -> Path | None:
    """Return one file of a release, by default of the release in use; None where it has no such file.

    Parameters
    ----------
    name : str
        `FOODS`, `INDEX`, `BRANDED` or `MANIFEST`.
    release : str, optional

    Raises
    ------
    FoodDataError
        If there is no such release.
    """
    release = release_in_use() if release is None else release
    if release == EMBEDDED:
        shipped = {FOODS: ("fdc", FOODS), INDEX: (INDEX,)}
        return data_file(*shipped[name]) if name in shipped else None
    check_release(release)
    path = releases_folder() / release / name
    return path if path.is_file() else None
