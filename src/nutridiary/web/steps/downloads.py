"""The files that a person takes away: reports, the diary as it was understood, their corrections, and all in one.

Each is written by the function that the command line uses, into the diary's folder, under the name it is taken away by.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, Field

from nutridiary.web.asked import Asked
from nutridiary.web.steps.kept import files_of, reading_options, teller

OUT = "out"
_KEPT_AT_ONCE = 2

Name = Literal[
    "report.xlsx",
    "report.html",
    "report.json",
    "live.xlsx",
    "corrected_diary.xlsx",
    "aliases.csv",
    "this_diary.csv",
    "review.xlsx",
    "bundle.zip",
]
"""What can be taken away, by its name in addresses."""

MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


class Offer(BaseModel):
    """A file that can be taken away."""

    name: str = Field(description="Its name in addresses: /api/diaries/{id}/downloads/report.xlsx")
    file_name: str = Field(description="The name it is saved under.")
    title: str
    words: str = Field(description="What it is for.")
    size: int | None = Field(None, description="[bytes]; null until it was made.")


class Downloads(BaseModel):
    """The files that can be taken away of a diary, as it is asked for now."""

    downloads: list[Offer]


class Download(BaseModel):
    """A file that was made."""

    file_name: str = Field(description="The name it is saved under.")
    media_type: str
    place: str = Field(description="Where it is, in the diary's folder.")


_TITLES: Mapping[str, tuple[str, str]] = {
    "report.xlsx": (
        "Excel report",
        "The whole report as a workbook: a sheet for each question, every line of the diary.",
    ),
    "report.html": ("Report as a page", "The report as one file for any browser, to read, send or print as PDF."),
    "live.xlsx": (
        "Living workbook",
        "The workbook with formulas: change a weight in it, and totals and comparison follow.",
    ),
    "corrected_diary.xlsx": (
        "Corrected diary",
        "Your diary as it was understood, each line with its food and grams, to go on with and to upload again.",
    ),
    "aliases.csv": (
        "Your corrections",
        "What you said of your words, for later diaries: choose it on the first page together with a new diary.",
    ),
    "this_diary.csv": (
        "Corrections of this diary alone",
        "What you said of this diary only. With it and your corrections this report can be made again.",
    ),
    "review.xlsx": (
        "Review as a workbook",
        "The list of foods and weights to put right, to work on in Excel; upload it as corrections afterwards.",
    ),
    "report.json": ("Data", "Every table of the report for programs, as JSON."),
    "bundle.zip": (
        "Everything in one file",
        "Diary, corrections, options and reports, so that anybody can make the same report again.",
    ),
}
_SAVED_AS = {"report.xlsx": "report.xlsx", "live.xlsx": "living report.xlsx", "corrected_diary.xlsx": "corrected.xlsx"}
_AS_WRITTEN = ("aliases.csv", "this_diary.csv", "review.xlsx")
_FOR_YOURSELF = " Texts stand in it as you wrote them, names too: keep it to yourself."
NOT_OFFERED = {
    "aliases.csv": "There is no correction to keep yet, so there is no file of corrections.",
    "this_diary.csv": "Nothing was said of this diary alone, so there is no such file.",
}
"""Why a file that is not always there is not."""


def offered(asked: Asked, folder: Path | None = None) -> list[Offer]:
    """Return the files that can be taken away of a diary, what people want most first.

    Parameters
    ----------
    asked : Asked
    folder : Path, optional
        Of the diary: then the size of what was made already is told.
    """
    kept = bool(asked.aliases) or any(one.keep for one in asked.corrections)
    of_this_diary = any(not one.keep for one in asked.corrections)
    absent = [name for name, there in (("aliases.csv", kept), ("this_diary.csv", of_this_diary)) if not there]
    offers = [
        Offer(name=name, file_name=file_name(asked, name), title=title, words=words + _warning(asked, name))
        for name, (title, words) in _TITLES.items()
        if name not in absent
    ]
    if folder is None:
        return offers
    made = folder / OUT / asked.digest()
    return [one.model_copy(update={"size": _size(made / one.file_name)}) for one in offers]


def file_name(asked: Asked, name: str) -> str:
    """Return the name a file is saved under: the diary's own before it, unless that may say whose diary it is.

    Files of corrections keep their names, which the report states.

    Examples
    --------
    >>> file_name(Asked(files=("May.csv",)), "report.xlsx"), file_name(Asked(files=("May.csv",)), "aliases.csv")
    ('May report.xlsx', 'aliases.csv')
    """
    if name.endswith(".csv"):
        return name
    stem = "diary" if asked.wanted.de_identify else PurePosixPath(asked.files[0]).stem
    return f"{stem} {_SAVED_AS.get(name, name)}"


def _warning(asked: Asked, name: str) -> str:
    """Return what to know of a file for one's own later work, where the others do not say whose diary it is."""
    return _FOR_YOURSELF if asked.wanted.de_identify and name in _AS_WRITTEN else ""


def _size(place: Path) -> int | None:
    try:
        return place.stat().st_size
    except OSError:
        return None


def download(folder: Path, asked: Asked, name: str) -> Download:
    """Make a file, or find it made, and tell where it is.

    Parameters
    ----------
    folder : Path
        Of the diary.
    asked : Asked
    name : str
        One of `Name`.

    Raises
    ------
    NotOpenError
        If there is no such file of this diary.
    NutridiaryError
        If it cannot be made; the text says why.
    """
    out = folder / OUT / asked.digest()
    place = out / file_name(asked, name)
    if not place.exists():
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        teller(folder)(f"writing {_TITLES[name][0].lower()}", 0)
        _MAKERS[name](folder, asked, place)
        _forget_older(out)
    return Download(
        file_name=place.name, media_type=MEDIA_TYPES[place.suffix], place=place.relative_to(folder).as_posix()
    )


def _forget_older(newest: Path) -> None:
    others = sorted(newest.parent.iterdir(), key=lambda place: place.stat().st_mtime, reverse=True)
    for place in [one for one in others if one != newest][_KEPT_AT_ONCE - 1 :]:
        shutil.rmtree(place, ignore_errors=True)


def _report(folder: Path, asked: Asked, place: Path) -> None:
    from nutridiary.report.outputs import write_report
    from nutridiary.web.steps.analyses import analysis_of

    write_report(analysis_of(folder, asked), place)


def _living(folder: Path, asked: Asked, place: Path) -> None:
    from nutridiary.report.outputs import write_report
    from nutridiary.web.steps.analyses import analysis_of

    write_report(analysis_of(folder, asked), place, live=True)


def _corrected(folder: Path, asked: Asked, place: Path) -> None:
    from nutridiary.report.corrected_diary import write_corrected
    from nutridiary.web.steps.inputs import inputs_of

    wanted = asked.wanted
    write_corrected(inputs_of(folder, asked), place, defaults=wanted.defaults, split=wanted.split)


def _aliases(folder: Path, asked: Asked, place: Path) -> None:
    from nutridiary.report.private_files import write_private
    from nutridiary.web.diaries import NotOpenError
    from nutridiary.web.steps.corrections import alias_files

    found = next((file for file in alias_files(folder, asked) if file.name == place.name), None)
    if found is None:
        raise NotOpenError(NOT_OFFERED[place.name])
    write_private(place, found.read_bytes())


def _review(folder: Path, asked: Asked, place: Path) -> None:
    from nutridiary.errors import listing
    from nutridiary.web.steps.review import review_of

    name = "" if asked.wanted.de_identify else listing(asked.files)
    replace(review_of(folder, asked), diary=name).to_excel(place)


def _bundle(folder: Path, asked: Asked, place: Path) -> None:
    from nutridiary.bundle import write_bundle
    from nutridiary.web.steps.analyses import analysis_of
    from nutridiary.web.steps.corrections import alias_files
    from nutridiary.web.steps.inputs import described_of

    write_bundle(
        place,
        analysis_of(folder, asked),
        files_of(folder, asked),
        people=described_of(folder, asked),
        aliases=alias_files(folder, asked),
        forms=(".xlsx", ".html", ".json"),
        **asked.wanted.model_dump(),
        **reading_options(asked),
    )


_MAKERS: Mapping[str, Callable[[Path, Asked, Path], None]] = {
    "report.xlsx": _report,
    "report.html": _report,
    "report.json": _report,
    "live.xlsx": _living,
    "corrected_diary.xlsx": _corrected,
    "aliases.csv": _aliases,
    "this_diary.csv": _aliases,
    "review.xlsx": _review,
    "bundle.zip": _bundle,
}
