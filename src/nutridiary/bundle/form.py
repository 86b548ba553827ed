"""How a bundle is laid out: the names of its members, and what its settings hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from nutridiary.analysis.options import Options
from nutridiary.analysis.sources import FoodSources
from nutridiary.diary import ReadingOptions
from nutridiary.lock import LOCK_FILE
from nutridiary.report.data.declared import PERSON_FIELDS
from nutridiary.report.data.reading import DataError, check_names, mapping_of

BUNDLE_VERSION = 1
README, SETTINGS, RELEASES, DIARY = "README.txt", "settings.json", "releases.json", "diary.json"
LOCK, LOOKED_UP = LOCK_FILE, "looked_up.json"
OPTIONAL = (LOCK, LOOKED_UP)
"""Members that the first bundles do not have; a bundle of a diary of which nothing was looked up has no second one."""
OF_DIARIES, OF_ALIASES, OF_REPORTS = "diary", "aliases", "reports"
MOST_FILES = 200
LONGEST_NAME = 150  # [characters]

READING = tuple(ReadingOptions.__annotations__)
_DEFAULTS = {field.name: field.default for field in dataclasses.fields(Options)}
OPTIONS = tuple(_DEFAULTS)
SOURCES = tuple(field.name for field in dataclasses.fields(FoodSources) if isinstance(field.default, bool))
"""Who beyond the food database may be asked."""
_FIELDS = (
    *("bundle_version", "nutridiary", "libraries", "de_identified", "sources", "options", "reading"),
    *("person", "people", "diaries", "aliases", "reports", "live"),
)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a bundle says of the analysis in it.

    Attributes
    ----------
    nutridiary : str
        The version that made it.
    libraries : mapping of str to str
        Versions of the libraries under it.
    de_identified : bool
    sources : mapping of str to bool
        Who beyond the food database was asked, by `SOURCES`.
    options, reading : mapping of str to object
        The fields of `analysis.options.Options`; what `read_whole` was told.
    person : mapping of str to object or None
        The one person who was described, by the fields of `Person`.
    people : sequence of mapping
        The people who were described by name.
    diaries, aliases, reports : sequence of str
        Names of files, in their order.
    live : bool
        Whether the figures of its workbooks are formulas.
    """

    nutridiary: str
    libraries: Mapping[str, str]
    de_identified: bool
    sources: Mapping[str, bool]
    options: Mapping[str, Any]
    reading: Mapping[str, Any]
    person: Mapping[str, Any] | None
    people: Sequence[Mapping[str, Any]]
    diaries: Sequence[str]
    aliases: Sequence[str]
    reports: Sequence[str]
    live: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """The settings as JSON holds them."""
        return {"bundle_version": BUNDLE_VERSION, **dataclasses.asdict(self)}

    @classmethod
    def of(cls, data: object) -> Settings:
        """Return the settings that JSON from anywhere holds.

        Raises
        ------
        DataError
            If something in it cannot be.
        """
        said = mapping_of(data, SETTINGS)
        version = said.get("bundle_version")
        if version != BUNDLE_VERSION or isinstance(version, bool):
            raise DataError(f"{SETTINGS}: bundles of version {BUNDLE_VERSION} are read, and this is none.")
        said = {"live": False, **said}  # the first bundles held no workbook of formulas, and do not say so
        said.setdefault("sources", {"online": said.pop("online", False)})  # nor could they ask anybody else
        check_names(said, list(_FIELDS), SETTINGS)
        _check(isinstance(said["nutridiary"], str), "nutridiary")
        for name in ("de_identified", "live"):
            _check(isinstance(said[name], bool), name)
        sources = mapping_of(said["sources"], f"{SETTINGS}: sources")
        _check(set(sources) <= set(SOURCES) and all(isinstance(asked, bool) for asked in sources.values()), "sources")
        # Those of the first bundles do not say how columns were named, because they could not be.
        said["reading"] = {"columns": None, **mapping_of(said["reading"], f"{SETTINGS}: reading")}
        for name, known in (("options", OPTIONS), ("reading", READING)):
            check_names(mapping_of(said[name], f"{SETTINGS}: {name}"), list(known), f"{SETTINGS}: {name}")
        _check(all(_is_like(value, _DEFAULTS[name]) for name, value in said["options"].items()), "options")
        _check(all(_is_told(name, value) for name, value in said["reading"].items()), "reading")
        libraries = mapping_of(said["libraries"], f"{SETTINGS}: libraries")
        _check(all(isinstance(value, str) for value in libraries.values()), "libraries")
        for name in ("diaries", "aliases", "reports"):
            names = said[name]
            _check(isinstance(names, list) and len(names) <= MOST_FILES and all(map(is_file_name, names)), name)
        if said["person"] is not None:
            check_names(mapping_of(said["person"], "person"), ["person_id", *PERSON_FIELDS], "person")
        _check(isinstance(said["people"], list), "people")
        return cls(**{name: said[name] for name in _FIELDS[1:]})

    @property
    def members(self) -> list[str]:
        """Every file that belongs to the bundle."""
        diaries = [DIARY] if self.de_identified else numbered(OF_DIARIES, self.diaries)
        aliases = [] if self.de_identified else numbered(OF_ALIASES, self.aliases)
        return [README, SETTINGS, RELEASES, *diaries, *aliases, *(f"{OF_REPORTS}/{name}" for name in self.reports)]


def numbered(folder: str, names: Sequence[str]) -> list[str]:
    """Return where files stand in a bundle: of two folders, two may have the same name.

    Examples
    --------
    >>> numbered("diary", ["march.csv", "march.csv"])
    ['diary/1/march.csv', 'diary/2/march.csv']
    """
    return [f"{folder}/{number}/{name}" for number, name in enumerate(names, 1)]


def is_file_name(name: object) -> bool:
    """Tell whether something is the plain name of a file, which leads nowhere.

    Examples
    --------
    >>> [is_file_name(name) for name in ("März 2026.csv", "../x", "a/b", "", "..", 7)]
    [True, False, False, False, False, False]
    """
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return False
    return not set(name) & set('/\\:*?"<>|') and name.strip(" .") != "" and not name.endswith((" ", "."))


def plain(value: Any) -> Any:
    """Return an argument as JSON holds it: a day as text, several names as a list, columns with their headings."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple | list) else value


def _is_like(value: object, default: object) -> bool:
    """Tell whether an option can have a value: one like its default, or words where that is None or no words."""
    if default is not None and default != ():
        return type(value) is type(default)
    if isinstance(value, list):
        return len(value) <= MOST_FILES and all(isinstance(part, str) for part in value)
    return isinstance(value, str) or (value is None and default is None)


def _is_told(name: str, value: object) -> bool:
    if name == "columns" and isinstance(value, dict):
        return len(value) <= MOST_FILES and all(isinstance(heading, str) for heading in value.values())
    return value is None or isinstance(value, bool if name == "day_first" else str)


def _check(is_right: bool, what: str) -> None:
    if not is_right:
        raise DataError(f"{SETTINGS}: {what} is not as it should be.")
