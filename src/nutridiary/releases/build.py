"""Builds a release: fresh foods of some data types, the others carried over from the release in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import (
    BRANDED,
    EMBEDDED,
    FOODS,
    INDEX,
    release_file,
    release_manifest,
)
from nutridiary.fdc.store import Store
from nutridiary.releases import checks
from nutridiary.releases.folder import building_folder, put_in_place, same_file
from nutridiary.releases.manifest import (
    SourceFile,
    files_of_releases,
    identity,
    installed_as,
    make_manifest,
    origin_of,
)
from nutridiary.releases.official import BRANDED_TYPE, short_name
from nutridiary.releases.progress import Progress
from nutridiary.releases.sources import Source
from nutridiary.releases.zips import file_digest

_ROW = ("release", "data_type", "version", "published", "foods", "licence", "source")


@dataclass(frozen=True)
class Base:
    """The release that data types are carried over from.

    Attributes
    ----------
    name : str
    rows : tuple of mappings
        A row per data type it holds, as in release.json.
    files : tuple of mappings
        The files it was read from; none are known here of the embedded one, its database tells them.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...]
    files: tuple[Mapping[str, Any], ...]

    def file(self, name: str) -> Path | None:
        """Return one of its files."""
        return release_file(name, self.name)


def base_of(name: str) -> Base:
    """Return an installed release, or the embedded one, to build on.

    Raises
    ------
    FoodDataError
        If it is damaged, or of another version of the program.
    """
    database = release_file(FOODS, name)
    if database is None:
        raise FoodDataError(f"{name}: the release has no {FOODS}.")
    stored = generic_rows(database)
    manifest = release_manifest(name)
    if manifest is None:
        origin = file_digest(database)[1]
        rows = tuple({**row, "origin": origin, "carried_over_from": None} for row in stored)
        return Base(name, rows, ())
    return Base(name, tuple(manifest["releases"]), tuple(manifest["files"]))


def generic_rows(database: Path) -> list[dict[str, Any]]:
    """Return name, data type, version, date, number of foods, licence and source of each release in a database.

    This needs no pandas.

    Examples
    --------
    >>> from nutridiary.data_files import data_file
    >>> [row["version"] for row in generic_rows(data_file("fdc", "foods.sqlite"))]
    ['2021-2023', '2025-04-24', '2018-04']
    """
    rows = Store(database).rows(f"SELECT {', '.join(_ROW)} FROM release ORDER BY release_id")  # noqa: S608 -- our names
    return [dict(zip(_ROW, row, strict=True)) for row in rows]


def build_release(
    generic: Sequence[Source],
    branded: Source | None,
    base: Base,
    *,
    force: bool,
    today: dt.date,
    progress: Progress,
) -> tuple[str, bool]:
    """Build a release and put it in its place; return its name, and whether it was not installed before.

    Raises
    ------
    FoodDataError
        If what was read is damaged, or looks wrong and `force` does not insist.
    OSError
        If it cannot be written.
    """
    read = [*generic, *([branded] if branded and branded not in generic else [])]
    origins = _origins(generic, branded, base)
    of = identity(origins)
    known = installed_as(of)
    if known is not None:
        return known, False
    with building_folder() as building:
        fresh_types = {name for source in generic for name in source.generic_types}
        if generic:
            _build_generic(generic, base, building, force=force, progress=progress)
        else:
            for name in (FOODS, INDEX):
                _carry_over(base, name, building)
        rows = generic_rows(building / FOODS)
        if branded is not None:
            rows.append(_build_branded(branded, base, building, force=force, progress=progress))
            fresh_types.add(BRANDED_TYPE)
        elif base.file(BRANDED) is not None:
            _carry_over(base, BRANDED, building)
            rows += [{name: row[name] for name in _ROW} for row in base.rows if row["data_type"] == BRANDED_TYPE]
        progress("checking what was built", 0, 0)
        checks.check_works(building)
        earlier = {row["data_type"]: row.get("carried_over_from") for row in base.rows}
        described = [
            {
                **row,
                "origin": origins[row["data_type"]],
                "carried_over_from": None
                if row["data_type"] in fresh_types
                else earlier.get(row["data_type"]) or base.name,
            }
            for row in rows
        ]
        manifest = make_manifest(
            building,
            described,
            [_only(file, fresh_types) for source in read for file in source.files],
            carried_files=[file for file in base.files if not fresh_types & set(file["data_types"])],
            of=of,
            today=today,
        )
        progress("putting it in its place", 0, 0)
        return put_in_place(building, manifest).name, True


def _origins(generic: Sequence[Source], branded: Source | None, base: Base) -> dict[str, str]:
    """Return for each data type of the release to come what tells the files it is read from."""
    origins = {str(row["data_type"]): str(row["origin"]) for row in base.rows}
    for source in generic:
        origins |= dict.fromkeys(source.generic_types, origin_of(file.sha256 for file in source.files))
    if branded is not None:
        origins[BRANDED_TYPE] = origin_of(file.sha256 for file in branded.files)
    return origins


def installed_from(files: Mapping[str, str], base: Base) -> str | None:
    """Return the installed release that building on `base` from official zips would give, or None.

    Parameters
    ----------
    files : mapping of str to str
        The name of the zip of each data type. Their content is known where a release was built from them.
    """
    known = {str(file["file"]): str(file["sha256"]) for file in files_of_releases()}
    if not files or not set(files.values()) <= set(known):
        return None
    carried = {str(row["data_type"]): str(row["origin"]) for row in base.rows}
    return installed_as(identity(carried | {name: origin_of([known[file]]) for name, file in files.items()}))


def _only(file: SourceFile, data_types: set[str]) -> SourceFile:
    """Return a file with those of its data types that were read."""
    kept = tuple(name for name in file.data_types if name in data_types)
    return SourceFile(kept, file.file, file.address, file.bytes, file.sha256)


def _build_generic(generic: Sequence[Source], base: Base, building: Path, *, force: bool, progress: Progress) -> None:
    from nutridiary.fdc.combining import combine
    from nutridiary.fdc.database import write_database
    from nutridiary.fdc.database_source import read_database
    from nutridiary.fdc.releases import read_releases
    from nutridiary.matching.ranking import build_release_index

    progress("reading " + ", ".join(short_name(source.path.name) for source in generic), 0, 0)
    fresh = read_releases([source.path for source in generic])
    database = base.file(FOODS)
    assert database is not None  # base_of has read it
    progress(f"carrying over from {base.name}", 0, 0)
    before = read_database(database)
    if not force:
        checks.check_counts(before, fresh)
    progress("writing the food database", 0, 0)
    write_database(combine(before, fresh), building / FOODS)
    progress("indexing the names of foods", 0, 0)
    build_release_index(building / FOODS, building / INDEX)


def _build_branded(source: Source, base: Base, building: Path, *, force: bool, progress: Progress) -> dict[str, Any]:
    from nutridiary.fdc.branded import BrandedDatabase
    from nutridiary.fdc.branded.build import build_branded

    build_branded(source.path, building / BRANDED, progress)
    built = BrandedDatabase(building / BRANDED)
    row = branded_row(built)
    earlier = [row for row in base.rows if row["data_type"] == BRANDED_TYPE]
    if earlier and not force:
        checks.compare("foods", row["foods"], earlier[0]["foods"], row["release"], earlier[0]["release"])
    return row


def branded_row(built: Any) -> dict[str, Any]:
    """Return the row of release.json for a database of branded foods."""
    return {
        "release": built.release,
        "data_type": BRANDED_TYPE,
        "version": built.version,
        "published": built.version,
        "foods": built.counts.foods,
        "licence": "CC0 1.0",
        "source": "https://fdc.nal.usda.gov/download-datasets",
    }


def _carry_over(base: Base, name: str, building: Path) -> None:
    source = base.file(name)
    if source is None:
        raise FoodDataError(f"{base.name}: the release has no {name}. Use another: nutridiary fdc use {EMBEDDED}")
    same_file(source, building / name)
