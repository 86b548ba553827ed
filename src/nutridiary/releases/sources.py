"""What an update is built from: files on this machine, or downloaded ones, each with what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nutridiary.errors import FoodDataError, listing
from nutridiary.releases.manifest import SourceFile
from nutridiary.releases.official import BRANDED_TYPE, official_file
from nutridiary.releases.progress import Progress
from nutridiary.releases.zips import check_zip, file_digest

_READ = (".csv", ".xz", ".json", ".xlsx")


@dataclass(frozen=True)
class Source:
    """A folder or zip of an official release.

    Attributes
    ----------
    path : pathlib.Path
    data_types : tuple of str
        What it holds, `branded_food` included.
    files : tuple of SourceFile
        The zip, or the files of the folder.
    """

    path: Path
    data_types: tuple[str, ...]
    files: tuple[SourceFile, ...]

    @property
    def generic_types(self) -> tuple[str, ...]:
        """The data types that are read as tables."""
        return tuple(name for name in self.data_types if name != BRANDED_TYPE)

    @property
    def is_branded(self) -> bool:
        """Whether it holds branded foods."""
        return BRANDED_TYPE in self.data_types


def sources_at(path: Path, progress: Progress) -> list[Source]:
    """Return the releases at or below a place on this machine; zips are tested.

    Raises
    ------
    FoodDataError
        If there is none, or a zip is damaged.
    """
    from nutridiary.fdc.releases import find_releases

    try:
        if not path.exists():
            raise FoodDataError(f"{path}: not found. Expected a folder or zip of FoodData Central.")
        found = list(find_releases(path))
        if not found:
            raise FoodDataError(
                f"{path}: no release of FoodData Central there. Expected the zips or folders of "
                "https://fdc.nal.usda.gov/download-datasets, or the FNDDS workbooks."
            )
        for each in found:
            if each.is_file():
                check_zip(each, progress)
        return [source_of(each) for each in found]
    except OSError as error:
        raise FoodDataError(f"{error.filename or path}: cannot be read ({error.strerror or error}).") from None


def source_of(path: Path, address: str = "") -> Source:
    """Return one release with what it holds; a zip has been tested before.

    Raises
    ------
    FoodDataError
        If it holds no foods.
    """
    from nutridiary.fdc.releases import release_data_types

    data_types = tuple(release_data_types(path))
    if not data_types:
        raise FoodDataError(
            f"{address or path}: holds no foods of FoodData Central. Expected a file of "
            "https://fdc.nal.usda.gov/download-datasets"
        )
    files = (
        [path]
        if path.is_file()
        else [
            file
            for file in sorted([*path.glob("*"), *path.glob("*/*")])
            if file.suffix.casefold() in _READ and file.is_file()
        ]
    )
    described = tuple(SourceFile(data_types, file.name, address, *file_digest(file)) for file in files)
    return Source(path, data_types, described)


def source_downloaded(path: Path, address: str) -> Source:
    """Return the release that was downloaded, which has to hold what its name says; else the file is removed."""
    try:
        source = source_of(path, address)
        named = official_file(address)
        if named is not None and named.data_type not in source.data_types:
            raise FoodDataError(
                f"{address}: holds {listing(source.data_types)}, not what its name says. Not installed."
            )
    except FoodDataError:
        path.unlink(missing_ok=True)
        raise
    return source


def chosen(sources: Sequence[Source], *, branded: bool) -> tuple[list[Source], Source | None]:
    """Return the sources of generic foods, and the one of branded foods where these are wanted.

    Raises
    ------
    FoodDataError
        If a data type is there twice, or nothing that is wanted.
    """
    generic = [source for source in sources if source.generic_types]
    of_brands = [source for source in sources if source.is_branded]
    where = listing(source.path for source in sources)
    for data_type in sorted({name for source in generic for name in source.generic_types}):
        _check_once(data_type, [source for source in generic if data_type in source.generic_types])
    if not branded:
        if not generic:
            raise FoodDataError(f"{where}: branded foods only. To have them: nutridiary fdc update --branded ...")
        return generic, None
    if not of_brands:
        raise FoodDataError(f"{where}: no branded foods there. Give their zip too, or leave out --branded.")
    _check_once(BRANDED_TYPE, of_brands)
    return generic, of_brands[0]


def _check_once(data_type: str, sources: Iterable[Source]) -> None:
    places = [source.path for source in sources]
    if len(places) > 1:
        raise FoodDataError(
            f"{data_type} is in {len(places)} places: {listing(places)}. Name the one to use with --from."
        )
