"""Reads a bundle, which may come from anywhere: its sizes, names and contents are checked before they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nutridiary.analysis import Inputs
from nutridiary.analysis.sources import FoodSources
from nutridiary.bundle.form import DIARY, LOCK, LOOKED_UP, OF_REPORTS, OPTIONAL, RELEASES, SETTINGS, Settings
from nutridiary.de_identification import DIARY_TABLES
from nutridiary.diary import Diary
from nutridiary.diary.archive import MOST_UNPACKED, ZIP, members
from nutridiary.diary.content import MEGABYTE, Content
from nutridiary.errors import NutridiaryError, listing
from nutridiary.fdc.looked_up import LookedUp
from nutridiary.lock import Lock
from nutridiary.report.data.looked_up import looked_up_of
from nutridiary.report.data.reading import DataError, check_names, frames_of, mapping_of, parse, people_of
from nutridiary.tables import ALIASES

if TYPE_CHECKING:
    from nutridiary.references import Person


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds, checked.

    Attributes
    ----------
    settings : Settings
    releases : mapping of str to str
        The sha256 of each data file of the program that made it.
    files : mapping of str to bytes
        Every member, by name.
    """

    settings: Settings
    releases: Mapping[str, str]
    files: Mapping[str, bytes]

    def report(self, name: str) -> bytes:
        """Return a report that is in the bundle."""
        return self.files[f"{OF_REPORTS}/{name}"]

    @property
    def lock(self) -> Lock | None:
        """The lock of its reports; None in a bundle of the first versions.

        Raises
        ------
        LockError
            If it is not as it should be.
        """
        return Lock.of_text(self.files[LOCK]) if LOCK in self.files else None

    @property
    def looked_up(self) -> LookedUp | None:
        """What was looked up for the diary; None in a bundle of the first versions, which did not keep it.

        Raises
        ------
        DataError
            If it is not as it should be.
        """
        if LOOKED_UP in self.files:
            return looked_up_of(parse(self.files[LOOKED_UP]), LOOKED_UP)
        return LookedUp.nothing() if LOCK in self.files else None

    @property
    def person(self) -> Person | None:
        """The one person who was described."""
        said = self.settings.person
        return None if said is None else next(iter(people_of([said]).values()))

    @property
    def people(self) -> dict[str, Person]:
        """The people who were described by name."""
        return people_of(list(self.settings.people))

    def inputs(self) -> Inputs:
        """Return what the analysis of a de-identified bundle works on.

        Raises
        ------
        NutridiaryError
            If it is not as it should be.
        """
        said = mapping_of(parse(self.files[DIARY]), DIARY)
        said = {"locked": {}, **said}  # the first bundles had no lock
        check_names(said, ["tables", "people", "aliases", "settings", "locked"], DIARY)
        settings: dict[str, Any] = mapping_of(said["settings"], f"{DIARY}: settings")
        if not all(isinstance(value, str) for value in settings.values()):
            raise DataError(f"{DIARY}: settings: every setting must be a text.")
        frames, people = frames_of(said["tables"], DIARY_TABLES, DIARY), people_of(said["people"])
        of_aliases = {} if said["aliases"] is None else {"aliases": said["aliases"]}
        aliases = frames_of(of_aliases, dict.fromkeys(of_aliases, ALIASES), DIARY).get("aliases")
        asked: dict[str, Any] = dict(self.settings.sources)
        sources, locked = FoodSources(**asked), _locked(said["locked"])
        return Inputs(Diary(people=people, **frames), people, aliases, settings, sources, locked)


def unpack(path: Path) -> Bundle:
    """Return what a bundle holds.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Bundle

    Raises
    ------
    NutridiaryError
        If it cannot be read, is no bundle, is too large, or holds what does not belong to one.
    """
    try:
        if path.stat().st_size > MOST_UNPACKED:
            raise NutridiaryError(f"{path}: more than {MOST_UNPACKED // MEGABYTE} MB; no bundle is that large.")
        data = path.read_bytes()
    except OSError as error:
        raise NutridiaryError(f"{path}: cannot be read ({error.strerror or error}).") from error
    if not data.startswith(ZIP):
        raise NutridiaryError(f"{path}: this is no bundle. Give a file that `nutridiary analyze -o bundle.zip` wrote.")
    files: dict[str, bytes] = {}
    for name, content in members(Content(path.name, data)):
        inner = name.removeprefix(f"{path.name}/")
        if isinstance(content, str):
            raise NutridiaryError(f"{path}: {inner}: {content}.")
        files[inner] = content.data
    try:
        return _checked(files)
    except NutridiaryError as error:
        raise NutridiaryError(f"{path}: {error}") from None


def _checked(files: Mapping[str, bytes]) -> Bundle:
    if SETTINGS not in files:
        raise DataError(f"there is no {SETTINGS} in it: this is no bundle that `nutridiary analyze -o` wrote.")
    settings = Settings.of(parse(files[SETTINGS]))
    if missing := [name for name in settings.members if name not in files]:
        raise DataError(f"{listing(missing)} missing.")
    if more := [name for name in files if name not in (*settings.members, *OPTIONAL)]:
        raise DataError(f"{listing(more)} does not belong to a bundle.")
    releases = mapping_of(parse(files[RELEASES]), RELEASES)
    if not all(isinstance(value, str) for value in releases.values()):
        raise DataError(f"{RELEASES}: every hash must be a text.")
    return Bundle(settings, releases, files)


def _locked(said: object) -> dict[str, Any]:
    """Return what a lock says of the reading and the aliases of a de-identified diary."""
    locked = mapping_of(said, f"{DIARY}: locked")
    if not locked:
        return {}
    check_names(locked, ["reading", "aliases"], f"{DIARY}: locked")
    for name, part in locked.items():
        values = mapping_of(part, f"{DIARY}: locked: {name}").values()
        if not all(value is None or isinstance(value, str | bool | int) for value in values):
            raise DataError(f"{DIARY}: locked: {name} is not as it should be.")
    return locked
