"""What food data is there: the release in use, the others, interrupted downloads, and whether there is newer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import (
    BRANDED,
    EMBEDDED,
    FOODS,
    INDEX,
    installed_releases,
    release_file,
    release_in_use,
    release_manifest,
    releases_folder,
)
from nutridiary.releases.build import base_of, generic_rows
from nutridiary.releases.connection import Connection
from nutridiary.releases.download import unfinished
from nutridiary.releases.folder import downloads_folder, folder_bytes
from nutridiary.releases.official import DOWNLOAD_PAGE
from nutridiary.releases.update import newer_files
from nutridiary.releases.zips import file_digest
from nutridiary.user_files import user_cache_folder, user_data_folder


@dataclass(frozen=True)
class Installed:
    """One release.

    Attributes
    ----------
    name : str
    is_in_use : bool
    made : str
        The day it was installed; empty for the embedded one.
    data_types : list of dict
        `release`, `data_type`, `version`, `published`, `foods` of each.
    databases : dict
        `bytes` and `sha256` of each of its databases.
    problem : str
        Why it cannot be used; empty where it can.
    """

    name: str
    is_in_use: bool
    made: str
    data_types: list[dict[str, Any]]
    databases: dict[str, dict[str, Any]]
    problem: str = ""


@dataclass(frozen=True)
class Status:
    """What food data is there.

    Attributes
    ----------
    in_use : str
        The release that is named as the one in use.
    problem : str
        Why nothing can be analysed with it; empty where it can.
    releases : list of Installed
        The embedded one first.
    unfinished : list of dict
        `file`, `bytes` that came and `of` how many (0: unknown) of each interrupted download.
    data_folder, cache_folder : str
    cache_bytes : int
        What the cache holds: answers, downloads. [bytes]
    key : str
        Where the key for the API of FoodData Central comes from; never the key.
    set_aside : list of dict
        `table`, `entries`, `set_aside`, `first` of each shipped table with entries about foods that the release in use
        does not have; none for the embedded one.
    newer : list of dict or None
        `data_type`, `date`, `address` of files newer than the release in use; None where nobody asked.
    """

    in_use: str
    problem: str
    releases: list[Installed]
    unfinished: list[dict[str, Any]]
    data_folder: str
    cache_folder: str
    cache_bytes: int
    key: str
    set_aside: list[dict[str, Any]]
    newer: list[dict[str, str]] | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def release_status(
    *, check: bool = False, page: str = DOWNLOAD_PAGE, connection: Connection | None = None, key: str = ""
) -> Status:
    """Return what food data is there. Nothing is changed, and nobody asked unless `check` wants it.

    Parameters
    ----------
    check : bool
        Ask the download page for newer files.
    page : str
        The page to ask.
    connection : Connection, optional
        How it is asked.
    key : str
        Where the key for the API comes from, to be told with the rest.

    Raises
    ------
    FoodDataError
        If the page was to be asked and cannot be had.
    """
    in_use, problem = EMBEDDED, ""
    try:
        in_use = release_in_use()
    except FoodDataError as error:
        problem = str(error)
    releases = [_installed(name, in_use) for name in (EMBEDDED, *installed_releases())]
    used = [release for release in releases if release.is_in_use]
    problem = problem or (used[0].problem if used else f"{releases_folder()}: no release {in_use!r}.")
    newer = None
    if check:
        base = base_of(EMBEDDED if problem else in_use)
        files, _ = newer_files(page, base, connection or Connection(), branded=True)
        newer = [{"data_type": file.data_type, "date": file.date, "address": file.address} for file in files]
    return Status(
        in_use=in_use,
        problem=problem,
        releases=releases,
        unfinished=[{"file": name, "bytes": came, "of": of} for name, came, of in unfinished(downloads_folder())],
        data_folder=str(user_data_folder()),
        cache_folder=str(user_cache_folder()),
        cache_bytes=folder_bytes(user_cache_folder()),
        key=key,
        set_aside=[] if problem or in_use == EMBEDDED else _set_aside(in_use),
        newer=newer,
    )


def _installed(name: str, in_use: str) -> Installed:
    try:
        manifest = release_manifest(name)
        database = release_file(FOODS, name)
        if database is None:
            raise FoodDataError(f"{releases_folder() / name}: has no {FOODS}.")
        rows = generic_rows(database)
        if manifest is None:
            files = {each: release_file(each, name) for each in (FOODS, INDEX)}
            digests = {each: file_digest(path) for each, path in files.items() if path is not None}
            databases = {each: {"bytes": length, "sha256": digest} for each, (length, digest) in digests.items()}
            return Installed(name, name == in_use, "", rows, databases)
        changed = _changed(manifest["databases"], name)
    except FoodDataError as error:
        return Installed(name, name == in_use, "", [], {}, str(error))
    return Installed(
        name, name == in_use, manifest.get("made", ""), manifest["releases"], manifest["databases"], changed
    )


def _set_aside(name: str) -> list[dict[str, Any]]:
    from nutridiary.foods import load_foods
    from nutridiary.releases.curated import set_aside

    tables = set_aside(load_foods(release=name))
    rows = tables[tables["set_aside"] > 0].astype("object").to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in rows]


def _changed(databases: dict[str, dict[str, Any]], name: str) -> str:
    """Say which files of a release are gone or have another size than when they were built."""
    for each in (FOODS, INDEX, BRANDED):
        path = release_file(each, name)
        built = databases.get(each)
        if (path.stat().st_size if path else None) != (built["bytes"] if built else None):
            return f"{releases_folder() / name / each}: not as it was built. Remove the release and update again."
    return ""


def foods_in_use() -> list[dict[str, Any]]:
    """Return name, data type, date, number of foods and licence of each source of foods in use. Needs no pandas.

    Raises
    ------
    FoodDataError
        If the release in use cannot be read.

    Examples
    --------
    >>> [row["release"] for row in foods_in_use()]
    ['FNDDS 2021-2023', 'Foundation Foods 2025-04-24', 'SR Legacy 2018-04']
    """
    manifest = release_manifest()
    if manifest is not None:
        return list(manifest["releases"])
    database = release_file(FOODS, EMBEDDED)
    return generic_rows(database) if database is not None else []
