"""Which releases of food data are installed beside the embedded one, and which of them is in use.

    <user data folder>/fdc/
        in_use                    name of the release in use; no such file, or "embedded": the embedded one
        releases/<name>/
            release.json          what it was built from and what it holds; written last
            foods.sqlite          the foods, as the embedded ``data/fdc/foods.sqlite``
            matching_index.npz    their names, indexed for matching
            branded.sqlite        the branded foods, where they were asked for

A folder without ``release.json`` is no release: an update that was interrupted leaves such a one.
"""

from __future__ import annotations

from pathlib import Path

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, listing
from nutridiary.user_files import user_data_folder

EMBEDDED = "embedded"
"""Name of the release that is part of the program."""
MANIFEST, FOODS, INDEX, BRANDED = "release.json", "foods.sqlite", "matching_index.npz", "branded.sqlite"


def releases_folder() -> Path:
    """Return the folder whose folders are releases."""
    return user_data_folder() / "fdc" / "releases"


def installed_releases() -> list[str]:
    """Return the names of the complete releases that are installed, without the embedded one."""
    folder = releases_folder()
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}")) if folder.is_dir() else []


def release_in_use() -> str:
    """Return the name of the release in use; `EMBEDDED` where none was chosen."""
    try:
        named = (user_data_folder() / "fdc" / "in_use").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return EMBEDDED
    return named or EMBEDDED


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
    if release not in installed_releases():
        raise FoodDataError(
            f"{releases_folder()}: no release {release!r}. Installed: {listing([EMBEDDED, *installed_releases()])}. "
            "Choose one with: nutridiary fdc use embedded"
        )
    path = releases_folder() / release / name
    return path if path.is_file() else None
