"""Packs a bundle."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from nutridiary.analysis import Inputs, read_inputs
from nutridiary.analysis.options import Options
from nutridiary.bundle.form import (
    DIARY,
    LOCK,
    LONGEST_NAME,
    LOOKED_UP,
    OF_ALIASES,
    OF_DIARIES,
    OF_REPORTS,
    OPTIONS,
    READING,
    README,
    RELEASES,
    SETTINGS,
    SOURCES,
    Settings,
    is_file_name,
    numbered,
    plain,
)
from nutridiary.bundle.readme import readme
from nutridiary.de_identification import DIARY_TABLES
from nutridiary.errors import NutridiaryError
from nutridiary.lock.shipped import data_hashes, library_versions
from nutridiary.report.data.looked_up import looked_up_data
from nutridiary.report.data.writing import person_data, table_data
from nutridiary.report.outputs import check_form, write_report
from nutridiary.report.private_files import write_private
from nutridiary.tables import ALIASES

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis
    from nutridiary.analysis.steps import Paths
    from nutridiary.references import Person

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold


def write_bundle(
    path: str | os.PathLike[str],
    analysis: Analysis,
    diaries: Paths,
    person: Person | None = None,
    *,
    people: Mapping[str, Person] | None = None,
    aliases: Paths = (),
    forms: Sequence[str] = (".xlsx",),
    live: bool = False,
    de_identify: bool = False,
    **asked: Any,
) -> Path:
    """Write a diary with all that its report rests on as one zip, of which the same report can be made again.

    Parameters
    ----------
    path : path-like
        Where to write it.
    analysis : Analysis
        What `analyze` returned for the arguments below.
    diaries : path-like or sequence of path-like
        The files of the diary; they go into the bundle as they are, unless it is de-identified.
    forms : sequence of str
        How the names of its reports end, of `report.outputs.FORMS`.
    live : bool
        Whether the figures of its workbook are formulas, as in `nutridiary.report.excel.to_excel`.
    person, people, aliases, de_identify, **asked
        What `analyze` was told. De-identified, the bundle holds what is left of the diary, and none of its files.

    Returns
    -------
    pathlib.Path
        Where the bundle is. The same diary and arguments give the same bytes.

    Raises
    ------
    NutridiaryError
        If a file cannot be read again, or the bundle not written there.
    ValueError
        If `analysis` was made with `de_identify` and the bundle is not, or the other way round.
    """
    if de_identify != ("de-identified" in analysis.settings):
        raise ValueError("the analysis and its bundle must both be de-identified, or neither")
    reading = {name: plain(asked.pop(name, None)) for name in READING}
    sources = {name: bool(asked.pop(name, False)) for name in SOURCES}
    # What was looked up, and the foods it was made with, the analysis knows; what it had to be, it was.
    asked = {name: value for name, value in asked.items() if name not in ("looked_up", "foods", "locked")}
    options = Options(**asked)
    files, of_aliases = _listed(diaries), _listed(aliases)
    settings = Settings(
        nutridiary=analysis.settings["nutridiary"],
        libraries=library_versions(),
        de_identified=de_identify,
        sources=sources,
        options={name: plain(getattr(options, name)) for name in OPTIONS},
        reading=dict.fromkeys(READING) if de_identify else reading,
        person=None if person is None or de_identify else person_data("", person),
        people=[] if de_identify else [person_data(name, one) for name, one in (people or {}).items()],
        diaries=[] if de_identify else [file.name for file in files],
        aliases=[] if de_identify else [file.name for file in of_aliases],
        reports=[f"report{form}" for form in forms],
        live=live,
    )
    beside = _beside(analysis)
    members = {README: readme(settings, [*beside]), SETTINGS: _json(settings.data), RELEASES: _json(data_hashes())}
    members |= beside
    if de_identify:
        told: Any = {name: value for name, value in reading.items() if value is not None} | sources
        inputs = read_inputs(files, person, people=people, aliases=of_aliases, de_identify=True, **told)
        members[DIARY] = json.dumps(inputs_data(inputs), allow_nan=False).encode()
    else:
        members |= dict(zip(numbered(OF_DIARIES, settings.diaries), map(_bytes, files), strict=True))
        members |= dict(zip(numbered(OF_ALIASES, settings.aliases), map(_bytes, of_aliases), strict=True))
    made = reports_of(analysis, settings.reports, live=live)
    members |= {f"{OF_REPORTS}/{name}": data for name, data in made.items()}
    return write_private(path, _packed(members))


def _beside(analysis: Analysis) -> dict[str, bytes]:
    """Return the lock of an analysis, and the records that were looked up for it, as far as it has them."""
    lock, looked_up = analysis.lock, analysis.looked_up
    return {
        **({} if lock is None else {LOCK: lock.file_text.encode()}),
        **({} if looked_up is None else {LOOKED_UP: _json(looked_up_data(looked_up))}),
    }


def reports_of(analysis: Analysis, names: Sequence[str], *, live: bool) -> dict[str, bytes]:
    """Return the reports of an analysis as bytes, by name; the figures of a workbook are formulas where `live`.

    Raises
    ------
    NutridiaryError
        If nothing is written under such a name.
    """
    made = {}
    with tempfile.TemporaryDirectory(prefix="nutridiary-") as folder:
        for name in names:
            check_form(Path(name))
            made[name] = write_report(analysis, Path(folder) / name, live=live).read_bytes()
    return made


def inputs_data(inputs: Inputs) -> dict[str, Any]:
    """Return what an analysis works on as plain data."""
    return {
        "tables": {name: table_data(getattr(inputs.diary, name), table) for name, table in DIARY_TABLES.items()},
        "people": [person_data(name, person) for name, person in inputs.people.items()],
        "aliases": None if inputs.aliases is None else table_data(inputs.aliases, ALIASES),
        "settings": dict(inputs.settings),
        "locked": inputs.locked,
    }


def _listed(paths: Paths) -> list[Path]:
    """Return files as paths, each of which a bundle can hold under its name.

    Raises
    ------
    NutridiaryError
        If one is standard input, or has a name a zip should not carry.
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    for file in files:
        if str(file) == "-":
            raise NutridiaryError("-: a bundle needs a file; save what comes from standard input, and name the file.")
        if not is_file_name(file.name):
            raise NutridiaryError(
                f"{file}: a file of this name cannot be in a bundle. Give it a plain name of at most "
                f"{LONGEST_NAME} characters."
            )
    return files


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NutridiaryError(f"{file}: cannot be read ({error.strerror or error}).") from error


def _json(data: object) -> bytes:
    return (json.dumps(data, allow_nan=False, indent=1) + "\n").encode()


def _packed(members: Mapping[str, bytes]) -> bytes:
    """Return a zip whose members carry no time, no owner, and stand in the order given."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            member = ZipInfo(name, date_time=_EPOCH)
            member.compress_type, member.create_system = ZIP_DEFLATED, 3  # Unix, wherever it is written
            member.external_attr = 0o600 << 16
            archive.writestr(member, data)
    return stream.getvalue()
