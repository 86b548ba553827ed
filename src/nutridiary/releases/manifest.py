"""What a release says of itself: what it was built from, what it was carried over from, what it holds."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import BRANDED, EMBEDDED, FOODS, INDEX, installed_releases, release_manifest
from nutridiary.fdc.store import SCHEMA_VERSION
from nutridiary.releases.zips import file_digest

FORMAT = 1


@dataclass(frozen=True)
class SourceFile:
    """A file a release was built from.

    Attributes
    ----------
    data_types : tuple of str
        What it holds.
    file : str
        Its name; never where it lay.
    address : str
        Where it was downloaded from, empty where a user gave it.
    bytes, sha256
        Of the file as it was read.
    """

    data_types: tuple[str, ...]
    file: str
    address: str
    bytes: int
    sha256: str

    def to_json(self) -> dict[str, Any]:
        """Return it as it stands in release.json."""
        return {**self.__dict__, "data_types": list(self.data_types)}


def origin_of(digests: Iterable[str]) -> str:
    """Return what tells the files a data type was read from, by the sha256 of each: their order does not matter."""
    return _digest(sorted(digests))


def identity(origins: Mapping[str, str]) -> str:
    """Return what tells what a release was built from.

    Parameters
    ----------
    origins : mapping of str to str
        For each data type what tells its files: of `origin_of`, or carried over with its foods.
    """
    return _digest({"schema": SCHEMA_VERSION, "origins": dict(origins)})


def _digest(stated: object) -> str:
    return sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def installed_as(of: str) -> str | None:
    """Return the name of the installed release of this identity, or None."""
    return next((str(manifest["name"]) for manifest in _installed() if manifest["identity"] == of), None)


def files_of_releases() -> list[dict[str, Any]]:
    """Return the files that the installed releases were built from, as in release.json."""
    return [file for manifest in _installed() for file in manifest["files"]]


def _installed() -> Iterator[dict[str, Any]]:
    """Yield what the installed releases say of themselves, those left out that are damaged."""
    for name in installed_releases():
        with contextlib.suppress(FoodDataError):
            manifest = release_manifest(name)
            if manifest is not None:
                yield {**manifest, "name": name}


def make_manifest(
    folder: Path,
    releases: Sequence[Mapping[str, Any]],
    files: Iterable[SourceFile],
    *,
    carried_files: Iterable[Mapping[str, Any]],
    of: str,
    today: dt.date,
) -> dict[str, Any]:
    """Return what release.json shall say of the release built in `folder`.

    Parameters
    ----------
    folder : pathlib.Path
        With the finished databases.
    releases : sequence of mappings
        A row per data type, with `carried_over_from` and `origin`.
    files : iterable of SourceFile
        Read for it.
    carried_files : iterable of mappings
        Those of the release that data types were carried over from.
    of : str
        Its `identity`.
    today : datetime.date
        The day it is made.
    """
    from nutridiary import __version__

    databases = {}
    for name in (FOODS, INDEX, BRANDED):
        if (folder / name).is_file():
            length, digest = file_digest(folder / name)
            databases[name] = {"bytes": length, "sha256": digest}
    read = [*(file.to_json() for file in files), *map(dict, carried_files)]
    return {
        "format": FORMAT,
        "name": free_name(max(str(row["published"] or "")[:10] for row in releases), of),
        "made": today.isoformat(),
        "nutridiary": __version__,
        "schema": SCHEMA_VERSION,
        "identity": of,
        "releases": [dict(row) for row in releases],
        "files": sorted(read, key=lambda file: (file["data_types"], file["file"])),
        "databases": databases,
    }


def free_name(date: str, of: str) -> str:
    """Return a name for a release: the newest date in it, with the beginning of its identity where that is taken."""
    from nutridiary.fdc.installed import releases_folder

    for name in (date or of[:8], *(f"{date}-{of[:length]}".lstrip("-") for length in (6, 12, 64))):
        if name != EMBEDDED and not (releases_folder() / name).exists():
            return name
    raise FoodDataError(f"{releases_folder()}: folders of every name for this release are there. Remove one of them.")
