"""Makes the reports of a bundle again, and holds them against those in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nutridiary import __version__
from nutridiary.analysis import Analysis, Inputs, analyze_inputs, read_inputs
from nutridiary.analysis.options import Options
from nutridiary.bundle.form import OF_ALIASES, OF_DIARIES, numbered
from nutridiary.bundle.unpacking import Bundle, unpack
from nutridiary.bundle.writing import reports_of
from nutridiary.errors import NutridiaryError, listing
from nutridiary.fdc.installed import EMBEDDED, installed_releases
from nutridiary.foods import load_foods
from nutridiary.lock import Lock, differences
from nutridiary.lock.shipped import data_hashes, library_versions
from nutridiary.report.private_files import write_private

if TYPE_CHECKING:
    from nutridiary.analysis.steps import Progress
    from nutridiary.foods import FoodData

_NOTHING_ELSE = (
    "the version, the data and the libraries are the same: then the diary, the settings or the report in the bundle "
    "were changed after it was made, or the processor of this computer rounds the last digit of a figure differently"
)


@dataclass(frozen=True)
class ReportAgain:
    """A report of a bundle, made again.

    Attributes
    ----------
    name : str
    same : bool
        Whether it is the same, byte for byte.
    why : str
        What may have made it another; empty where it is the same.
    """

    name: str
    same: bool
    why: str = ""


@dataclass(frozen=True)
class Reproduction:
    """What came of making a bundle's reports again.

    Attributes
    ----------
    reports : tuple of ReportAgain
    analysis : Analysis
        The analysis they were made of.
    """

    reports: tuple[ReportAgain, ...]
    analysis: Analysis

    @property
    def same(self) -> bool:
        """Whether every report is the same, byte for byte."""
        return all(report.same for report in self.reports)


def reproduce(
    path: str | os.PathLike[str],
    *,
    folder: str | os.PathLike[str] | None = None,
    online: bool = False,
    progress: Progress | None = None,
) -> Reproduction:
    """Make the reports of a bundle again, and compare each with the one in it, byte by byte.

    Parameters
    ----------
    path : path-like
        What `write_bundle` wrote; it may come from anybody.
    folder : path-like, optional
        Write the reports made again here; made if absent.
    online : bool
        Of a bundle that does not carry what was looked up, as the first ones: ask FoodData Central for FDC ids the food
        database lacks. Only those numbers leave the machine, and without this nothing does, whatever the bundle says.
    progress : callable, optional
        As in `analyze`.

    Returns
    -------
    Reproduction

    Raises
    ------
    NutridiaryError
        If it is no bundle, or cannot be run: it needs foods that are asked of FoodData Central, and neither carries
        them nor is `online` set.
    """
    path = Path(path)
    bundle = unpack(path)
    try:
        options = Options(**bundle.settings.options)
        inputs = _with_foods(_inputs(bundle), bundle, online=online)
        analysis = analyze_inputs(inputs, options, progress=progress)
        made = reports_of(analysis, bundle.settings.reports, live=bundle.settings.live)
    except (NutridiaryError, TypeError) as error:
        raise NutridiaryError(f"{path}: {error}") from error
    if folder is not None:
        _write(made, Path(folder))
    why = _why(bundle, analysis.lock)
    again = [
        ReportAgain(name, data == bundle.report(name), "" if data == bundle.report(name) else why)
        for name, data in made.items()
    ]
    return Reproduction(tuple(again), analysis)


def _inputs(bundle: Bundle) -> Inputs:
    """Return what the analysis works on, from the files of the bundle, which are put in a folder of their own."""
    settings = bundle.settings
    if settings.de_identified:
        return bundle.inputs()
    with tempfile.TemporaryDirectory(prefix="nutridiary-") as place:
        diaries = _unpacked(bundle, numbered(OF_DIARIES, settings.diaries), Path(place))
        aliases = _unpacked(bundle, numbered(OF_ALIASES, settings.aliases), Path(place))
        told: Any = {name: value for name, value in settings.reading.items() if value is not None}
        told |= settings.sources
        return read_inputs(diaries, bundle.person, people=bundle.people, aliases=aliases, **told)


def _with_foods(inputs: Inputs, bundle: Bundle, *, online: bool) -> Inputs:
    """Return `inputs` with the foods the bundle's reports were made with, as far as they are here.

    They are those of the release its lock names, where it is installed, and the records the bundle carries.
    """
    lock, looked_up = bundle.lock, bundle.looked_up
    release = None if lock is None else lock.data["food_data"].get("release")
    named = load_foods(release=release) if release in (EMBEDDED, *installed_releases()) else None
    if looked_up is None and not online and (missing := _not_there(inputs, named or load_foods())):
        raise NutridiaryError(
            f"its foods of FoodData Central are not all in the food database: {listing(missing)}. "
            "Give --online to ask for them; only these numbers are sent."
        )
    # What a bundle says of asking asks nobody: `online` is what this call says.
    asks = looked_up is None and online
    sources = replace(inputs.sources, foods=named, looked_up=looked_up if not asks else None)
    return replace(inputs, sources=sources if asks or looked_up is not None else replace(sources, online=False))


def _unpacked(bundle: Bundle, names: Sequence[str], place: Path) -> list[Path]:
    """Write members to `place` and return where they are. Their names are plain ones: `is_file_name`."""
    paths = []
    for name in names:
        path = place / name
        path.parent.mkdir(parents=True)
        paths.append(write_private(path, bundle.files[name]))
    return paths


def _not_there(inputs: Inputs, foods: FoodData) -> list[int]:
    """Return the FDC ids that the diary or its aliases state and the food database lacks."""
    stated = [*inputs.diary.entries["stated_fdc_id"].dropna().unique()]
    if inputs.aliases is not None:
        stated += [*inputs.aliases["fdc_id"].dropna().unique()]
    return [fdc_id for fdc_id in dict.fromkeys(map(int, stated)) if fdc_id not in foods]


def _write(made: dict[str, bytes], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NutridiaryError(f"{folder}: no folder can be made there ({error.strerror or error}).") from error
    for name, data in made.items():
        write_private(folder / name, data)


def _why(bundle: Bundle, here: Lock | None) -> str:
    """Return what is not as it was when the bundle was made."""
    found = []
    if bundle.settings.nutridiary != __version__:
        found.append(f"made by nutridiary {bundle.settings.nutridiary[:20]}, and this is {__version__}")
    if bundle.lock is not None and here is not None:
        told = [each for each in differences(bundle.lock, here) if each.what != "version of nutridiary"]
        found += [f"{each.what}: {each.locked} then, {each.here} now" for each in told]
    if data := _changed(bundle.releases, data_hashes()):
        found.append(f"other data: {listing(data, most=6)}")
    before, now = bundle.settings.libraries, library_versions()
    if libraries := _changed(before, now):
        named = [f"{name} {before.get(name, 'none')[:20]} then, {now.get(name, 'none')} now" for name in libraries]
        found.append(f"other libraries: {listing(named, most=6)}")
    return "; ".join(found) or _NOTHING_ELSE


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the names that have another value now, or none.

    Examples
    --------
    >>> _changed({"pandas": "3.0", "numpy": "2.4"}, {"pandas": "3.1", "numpy": "2.4", "scipy": "1.17"})
    ['pandas', 'scipy']
    """
    return [name for name in dict.fromkeys([*before, *now]) if before.get(name) != now.get(name)]
