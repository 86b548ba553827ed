"""Brings the food data of a user up to date, from the official downloads or from files on this machine.

Whatever happens in between, at every moment a release is in use that is whole: a new one is built aside, put in its
place in one step, and named as the one in use in another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.installed import EMBEDDED, FOODS, installed_releases, releases_folder
from nutridiary.releases.alone import one_at_a_time
from nutridiary.releases.build import Base, base_of, build_release, installed_from
from nutridiary.releases.choice import named_in_use
from nutridiary.releases.connection import BY_HAND, Connection, shown
from nutridiary.releases.download import clear_downloads, download, look_up, still_to_come
from nutridiary.releases.faults import check_room, told
from nutridiary.releases.folder import clear_leftovers, downloads_folder, lock_path, write_in_use
from nutridiary.releases.manifest import files_of_releases
from nutridiary.releases.official import (
    BRANDED_TYPE,
    DATA_TYPES,
    DOWNLOAD_PAGE,
    OfficialFile,
    is_newer,
    newest_files,
    official_file,
    short_name,
)
from nutridiary.releases.progress import Progress, in_bytes, untold
from nutridiary.releases.sources import Source, chosen, source_downloaded, sources_at

KEPT = 2
"""Releases kept without a word; older ones are told, so that they can be removed."""
BRANDED_ROOM = 2.0
"""Room that building the branded database takes, in times the size of its zip. Measured: 1.45 (docs/releases.md)."""
GENERIC_ROOM = 4.0
"""Room that building the other foods takes, in times the size of the embedded database."""


@dataclass(frozen=True)
class Updated:
    """What an update did.

    Attributes
    ----------
    release, before : str
        The release in use now, and the one before.
    is_new : bool
        Whether the release was built by this update.
    remarks : tuple of str
        What else there is to say.
    """

    release: str
    before: str
    is_new: bool
    remarks: tuple[str, ...] = ()


@dataclass
class _Gathered:
    sources: list[Source] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    installed: str | None = None
    """The release that was built from the same files before."""
    has_branded: bool = False
    """Whether the branded foods that are installed are as new as any there are."""


def update(
    sources: Sequence[str | Path] = (),
    *,
    branded: bool = False,
    force: bool = False,
    page: str = DOWNLOAD_PAGE,
    progress: Progress = untold,
    connection: Connection | None = None,
    today: dt.date | None = None,
) -> Updated:
    """Install a newer release of the food data and put it in use.

    Parameters
    ----------
    sources : sequence of str or pathlib.Path
        Folders and zips on this machine, and addresses of zips or of a page that lists official
        files. Without any, the official download page is read.
    branded : bool
        Install the branded foods too, some 2 million.
    force : bool
        Install foods although their number is far from that of the release before.
    page : str
        The page to read where no sources are given.
    progress : callable
        Told how far it is.
    connection : Connection, optional
        How servers are asked.
    today : datetime.date, optional
        The day noted in the release.

    Returns
    -------
    Updated

    Raises
    ------
    FoodDataError
        If there is nothing to install, something cannot be had, read or written, or another update
        is at work. The release in use stays as it is; what was downloaded is kept for the next try.
    """
    connection = connection or Connection()
    with told(releases_folder()), one_at_a_time(lock_path()):
        clear_leftovers()
        before = named_in_use()
        base, remarks = _base(before)
        gathered = _gather(sources or [page], base, connection, progress, branded=branded)
        remarks += gathered.remarks
        name, is_new = gathered.installed or before, False
        if gathered.sources:
            with_branded = any(source.is_branded for source in gathered.sources)
            if with_branded and not branded:
                remarks.append("The branded foods that are there were left aside; --branded installs them too.")
            branded = branded and (with_branded or not gathered.has_branded)
            generic, of_brands = chosen(gathered.sources, branded=branded)
            needed = _room(generic, of_brands)
            check_room({releases_folder(): needed}, "building the databases")
            with told(releases_folder(), needed), _in_memory():
                day = today or dt.date.today()
                name, is_new = build_release(generic, of_brands, base, force=force, today=day, progress=progress)
        if name != before:
            write_in_use(name)
        clear_downloads(downloads_folder(), _built_in())
        remarks += [*_older_foods(name, base), *_old_releases(name, before)]
        return Updated(name, before, is_new=is_new, remarks=tuple(remarks))


def _base(before: str) -> tuple[Base, list[str]]:
    """Return the release to build on: the one in use, or the embedded one where that one cannot be read."""
    try:
        return base_of(before), []
    except FoodDataError as error:
        if before == EMBEDDED:
            raise
        return base_of(EMBEDDED), [f"Built on the embedded release, because {before} cannot be read: {error}"]


def _gather(
    sources: Iterable[str | Path], base: Base, connection: Connection, progress: Progress, *, branded: bool
) -> _Gathered:
    """Return what to build from: what lies on this machine, and what was downloaded."""
    gathered = _Gathered()
    addresses: list[str] = []
    of_pages: dict[str, str] = {}
    for source in map(str, sources):
        if not source.casefold().startswith(("http://", "https://")):
            gathered.sources += sources_at(Path(source).expanduser(), progress)
        elif urlsplit(source).path.casefold().endswith(".zip"):
            addresses.append(source)
        else:
            newer, remarks = newer_files(source, base, connection, branded=branded)
            addresses += [file.address for file in newer]
            of_pages |= {file.data_type: file.name for file in newer}
            gathered.remarks += remarks
            gathered.has_branded |= any(row["data_type"] == BRANDED_TYPE for row in base.rows)
    if len(of_pages) == len(addresses) and not gathered.sources:
        gathered.installed = installed_from(of_pages, base)
        if gathered.installed is not None:
            return gathered
    _check_downloads(addresses, connection, progress)
    for address in addresses:
        came = download(address, downloads_folder(), connection=connection, progress=progress)
        gathered.sources.append(source_downloaded(came.path, shown(address)))
    return gathered


def newer_files(
    page: str, base: Base, connection: Connection, *, branded: bool
) -> tuple[list[OfficialFile], list[str]]:
    """Return the files of a page that are newer than those of a release, and what else there is to say.

    Raises
    ------
    FoodDataError
        If the page cannot be had, or names no official file.
    """
    listed = newest_files(connection.page(page), page)
    if not listed:
        raise FoodDataError(f"{shown(page)}: names no official file of FoodData Central that is understood. {BY_HAND}")
    dates = installed_dates(base)
    newer = [file for name in DATA_TYPES.values() if (file := listed.get(name)) and _is_newer(file, dates)]
    remarks = [f"{shown(page)} names no file of {name}." for name in dates if name not in listed]
    wanted = [file for file in newer if branded or file.data_type != BRANDED_TYPE]
    if len(wanted) < len(newer) and BRANDED_TYPE in dates:
        remarks.append(f"Branded foods of {listed[BRANDED_TYPE].date} are there; --branded installs them too.")
    if not wanted:
        remarks.append(f"Nothing newer is there than {listing(f'{name} {date}' for name, date in dates.items())}.")
    return wanted, remarks


def installed_dates(base: Base) -> dict[str, str]:
    """Return the date of each data type of a release: that of the file it was read from, else of its publication."""
    dates = {str(row["data_type"]): str(row["published"] or row["version"] or "") for row in base.rows}
    for file in base.files:
        named = official_file(str(file["file"]))
        if named is not None and named.data_type in file["data_types"]:
            dates[named.data_type] = named.date
    return dates


def _is_newer(file: OfficialFile, dates: dict[str, str]) -> bool:
    return is_newer(file.date, dates.get(file.data_type, ""))


def _check_downloads(addresses: Sequence[str], connection: Connection, progress: Progress) -> None:
    """Say how much is to be downloaded, and refuse it where there is no room for it and what is built of it."""
    names = [address.rpartition("/")[2] for address in addresses]
    if len(set(names)) < len(names):
        raise FoodDataError(f"{listing(names)}: two files of one name. Give them one after the other.")
    sent = {address: look_up(address, connection) for address in addresses}
    to_come = sum(still_to_come(address, downloads_folder(), each) for address, each in sent.items())
    if addresses:
        progress(f"{in_bytes(to_come)} to come: {listing(map(short_name, names))}", 0, 0)
    branded = [file for file in map(official_file, addresses) if file and file.data_type == BRANDED_TYPE]
    to_build = sum(sent[file.address].bytes or 0 for file in branded) * BRANDED_ROOM
    needs = {downloads_folder(): to_come, releases_folder(): int(to_build) + _generic_room()}
    if addresses:
        check_room(needs, "the update")


def _room(generic: Sequence[Source], branded: Source | None) -> int:
    """Return about how much room building takes. [bytes]"""
    of_brands = sum(file.bytes for file in branded.files) * BRANDED_ROOM if branded else 0
    return int(of_brands) + (_generic_room() if generic else 0)


def _generic_room() -> int:
    embedded = base_of(EMBEDDED).file(FOODS)
    return int(embedded.stat().st_size * GENERIC_ROOM) if embedded else 0


@contextmanager
def _in_memory() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise FoodDataError(
            "There is too little memory to build the databases. The release in use stays as it is. "
            "Close other programs, or leave out --branded."
        ) from None


def _built_in() -> set[str]:
    """Return the sha256 of the files that are built into a release, and need not be kept."""
    return {str(file["sha256"]) for file in files_of_releases()}


def _older_foods(name: str, base: Base) -> list[str]:
    """Say which foods are of an older date than those before: files that somebody gives may be."""
    before = {str(row["data_type"]): row for row in base.rows}
    remarks = []
    for row in base_of(name).rows:
        then = before.get(str(row["data_type"]), {})
        if row["published"] and then.get("published") and is_newer(then["published"], row["published"]):
            remarks.append(f"Older than before: {row['release']}. Before: {then['release']}.")
    return remarks


def _old_releases(now: str, before: str) -> list[str]:
    """Say which releases could go."""
    others = [name for name in reversed(installed_releases()) if name not in (now, before)]
    old = others[max(0, KEPT - 2) :]
    if not old:
        return []
    return [f"Older releases can be removed: {listing(f'nutridiary fdc remove {name}' for name in old)}"]
