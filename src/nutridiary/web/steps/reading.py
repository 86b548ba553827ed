"""What was understood of the files of a diary, and what can be chosen where it was wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from nutridiary.errors import AliasError, DiaryError, NutridiaryError
from nutridiary.web.asked import Asked, HowToRead
from nutridiary.web.steps.corrections import UPLOADED
from nutridiary.web.steps.kept import files_of, kept, reading_options, teller
from nutridiary.web.steps.limits import check_rows
from nutridiary.web.steps.reading_rows import ShownRow, Trouble, shown_rows, troubles_of
from nutridiary.web.steps.reading_words import (
    BESIDE,
    COLUMNS,
    counted,
    days_between,
    days_in_words,
    for_the_page,
    joined,
)

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.diary import Diary, SheetPreview


class NotReadError(DiaryError):
    """A diary that cannot be read as it is asked; its page says why, and what can be chosen."""


class ReadFile(BaseModel):
    """A file or sheet that was looked at."""

    source: str
    said: str = Field(description="In words, what it was read as.")
    note: str = Field(description="What was assumed about it.")


class PersonRead(BaseModel):
    """Somebody whose lines are in the diary."""

    name: str = Field(description="Empty for the person of a diary that names nobody.")
    lines: int
    days: int
    said: str = Field(description="The days, in words.")


class SeenColumn(BaseModel):
    """A column of a sheet."""

    name: str = Field(description="How to name it: its heading, or 'column C' where that would be unclear.")
    taken_as: str = Field(description="What it is taken as, in words; empty where it is not used.")
    example: str = Field(description="The first that is written in it.")


class SeenSheet(BaseModel):
    """How a sheet of the files begins."""

    source: str
    name: str
    read_as: str = Field(description="A format, or what stands in it beside a diary, in words; empty where neither.")
    rows: int = Field(description="That are not blank.")
    header: int | None = Field(description="Its row; none where no row is one.")
    columns: list[SeenColumn]
    cells: list[list[str]] = Field(description="Of the first rows, each beginning with its number.")


class ReadAliases(BaseModel):
    """A file of aliases that was uploaded with the diary."""

    name: str
    aliases: int
    problem: str = Field(description="Why it cannot be used; empty where it can.")


class Choices(BaseModel):
    """What can be chosen for reading the diary another way; each value with its words."""

    headings: list[tuple[str, str]] = Field(description="To be named for a column.")
    guessed: dict[str, str] = Field(description="The heading of each column that was found, as it is read now.")
    sheets: list[str]
    formats: list[tuple[str, str]]
    editions: list[str]
    date_example: str = Field(description="A date of the diary that can be read two ways; empty if none begins it.")
    date_readings: tuple[str, str] = Field(description="Its two readings, day first and month first.")


class Reading(BaseModel):
    """What was understood of a diary, or why it cannot be read."""

    asked: HowToRead
    problem: str = Field(description="Why it cannot be read as it is asked; empty where it can.")
    summary: str = Field(description="In a sentence, what was read.")
    files: list[ReadFile]
    people: list[str]
    eaters: list[PersonRead]
    lines: int
    usable: int = Field(description="Of these, lines that can be used as written.")
    days: list[dt.date]
    missing: list[str] = Field(description="Days between the first and the last that have no line, in words.")
    shown: list[ShownRow] = Field(description="The first rows, as written and as understood.")
    troubles: list[Trouble] = Field(description="Rows of food, or of sheets beside the diary, that cannot be used.")
    trouble_rows: int
    aside: list[Trouble] = Field(description="Rows that are no line of a food.")
    assumed: list[str] = Field(description="What was assumed about the files.")
    recorded: list[str] = Field(description="Nutrients whose values the diary itself carries.")
    beside: list[str] = Field(description="What was found beside the diary, in words.")
    aliases: list[ReadAliases]
    sheets: list[SeenSheet] = Field(description="How they begin; none where no choice of columns would help.")
    choices: Choices


def reading(folder: Path, asked: Asked) -> Reading:
    """Return what was understood of the diary in `folder`.

    What cannot be read is no error here: the view says why, and shows what can be chosen.
    """
    sheets = _sheets(folder, asked)
    diary, problem = None, ""
    try:
        diary = diary_of(folder, asked)
    except NutridiaryError as error:
        problem = for_the_page(str(error))
        if not isinstance(error, NotReadError):
            sheets = []  # no choice of columns helps a diary that is too long, or a person who contradicts the sheet
    view = Reading(
        asked=asked.reading,
        problem=problem,
        summary="",
        files=[],
        people=[],
        eaters=[],
        lines=0,
        usable=0,
        days=[],
        missing=[],
        shown=[],
        troubles=[],
        trouble_rows=0,
        aside=[],
        assumed=[],
        recorded=[],
        beside=[],
        aliases=_aliases(folder, asked),
        sheets=[_seen(sheet) for sheet in sheets],
        choices=_choices(sheets),
    )
    return view if diary is None else view.model_copy(update=_understood(diary, sheets))


def diary_of(folder: Path, asked: Asked) -> Diary:
    """Return the diary as it is asked to be read, read once.

    Raises
    ------
    NotReadError
        If it cannot be read as it is asked.
    NutridiaryError
        If it has more lines than are read here, or what it says of people contradicts itself.
    """
    from nutridiary.diary import read_whole

    digest = Asked(files=asked.files, reading=asked.reading).digest()
    tell = teller(folder)

    def read() -> Diary:
        tell("reading the diary", 0)
        try:
            diary = read_whole(files_of(folder, asked), **reading_options(asked))
        except DiaryError as error:
            raise NotReadError(str(error)) from error
        check_rows(len(diary.entries))
        return diary

    return kept(folder, "diary", digest, read)


def _sheets(folder: Path, asked: Asked) -> list[SheetPreview]:
    """Return how the files begin; nothing where one cannot even be opened, of which reading it says why."""
    from nutridiary.diary import preview

    try:
        return preview(files_of(folder, asked), **reading_options(asked))
    except NutridiaryError:
        return []


def _understood(diary: Diary, sheets: list[SheetPreview]) -> dict[str, object]:
    """Return what the view says of a diary that was read."""
    from nutridiary.analysis.checking import LEFT_ASIDE, NOT_COUNTED, files_in_words, remarks_of
    from nutridiary.tables import NOT_EATEN

    eaten = diary.entries[~diary.entries["kind"].isin(NOT_EATEN)]
    days = _days(eaten)
    eaters = _eaters(eaten)
    remarks = remarks_of(diary, diary.entries)
    files = files_in_words(diary.files)
    notes = dict.fromkeys(note for note in files["note"].dropna())
    told = files[["source", "said", "note"]].astype("object").fillna("").itertuples(index=False)
    return {
        "summary": _summary(len(eaten), days, [eater for eater in eaters if eater.name]),
        "files": [ReadFile(source=source, said=said, note=for_the_page(note)) for source, said, note in told],
        "people": [eater.name for eater in eaters if eater.name],
        "eaters": eaters,
        "lines": len(eaten),
        "usable": int(eaten["problem"].isna().sum()),
        "days": days,
        "missing": [days_in_words(*run) for run in days_between(days)],
        "shown": shown_rows(diary, sheets),
        "troubles": troubles_of(remarks, NOT_COUNTED),
        "trouble_rows": int(remarks["status"].eq(NOT_COUNTED).sum()),
        "aside": troubles_of(remarks, LEFT_ASIDE),
        "assumed": [for_the_page(part) for note in notes for part in note.split("; ")],
        "recorded": _recorded(diary.entries),
        "beside": _beside(diary),
    }


def _days(entries: pd.DataFrame) -> list[dt.date]:
    return [day.date() for day in sorted(entries["date"].dropna().unique())]


def _eaters(entries: pd.DataFrame) -> list[PersonRead]:
    found = []
    for name, lines in entries.groupby(entries["person_id"].fillna(""), sort=True):
        days = _days(lines)
        said = days_in_words(days[0], days[-1]) if days else "no known day"
        found.append(PersonRead(name=str(name), lines=len(lines), days=len(days), said=said))
    return found


def _summary(lines: int, days: list[dt.date], people: list[PersonRead]) -> str:
    if not lines:
        return "No line of a food was found"
    parts = [counted(lines, "line")]
    if days:
        parts = [counted(len(days), "day"), days_in_words(days[0], days[-1]), *parts]
    named = [person.name for person in people]
    return ", ".join([*parts, counted(len(named), "person", "people") if len(named) > 1 else "one person"])


def _recorded(entries: pd.DataFrame) -> list[str]:
    """Return the names of nutrients that the diary carries values of."""
    from nutridiary.nutrients import load_nutrients
    from nutridiary.tables import RECORDED

    labels = load_nutrients()["label"].to_dict()
    columns = [name for name in entries.columns if name.startswith(RECORDED) and entries[name].notna().any()]
    names = [name.removeprefix(RECORDED) for name in columns]
    return [str(labels.get(name, name.replace("_", " "))) for name in names]


def _beside(diary: Diary) -> list[str]:
    people = [name or "one person" for name in diary.people]
    found = [f"{BESIDE['people']}: {joined(people)}"] if people else []
    for attribute, column in (
        ("products", "product"),
        ("recipes", "recipe"),
        ("own_foods", "name"),
        ("symptoms", "symptom"),
        ("not_food_days", "date"),
    ):
        table = getattr(diary, attribute)
        if len(table):
            number = len(table) if attribute == "symptoms" else table[column].nunique()
            found.append(f"{BESIDE[attribute]}: {number:,}")
    return found


def _aliases(folder: Path, asked: Asked) -> list[ReadAliases]:
    if not asked.aliases:
        return []
    from nutridiary.aliases import load_aliases

    found = []
    for name in asked.aliases:
        try:
            found.append(ReadAliases(name=name, aliases=len(load_aliases(folder / UPLOADED / name)), problem=""))
        except AliasError as error:
            found.append(ReadAliases(name=name, aliases=0, problem=str(error)))
    return found


def _seen(sheet: SheetPreview) -> SeenSheet:
    from nutridiary.diary import formats

    labels = dict(formats().itertuples(index=False, name=None))
    columns = [
        SeenColumn(name=name, taken_as=_taken_as(taken), example=_example(sheet, place))
        for place, (name, taken) in enumerate(zip(sheet.columns, sheet.taken_as, strict=True))
    ]
    return SeenSheet(
        source=sheet.source,
        name=sheet.name,
        read_as=labels.get(sheet.read_as) or BESIDE.get(sheet.read_as, ""),
        rows=sheet.row_count,
        header=sheet.header,
        columns=columns,
        cells=[[str(number), *cells] for number, cells in sheet.rows],
    )


def _taken_as(taken: str | None) -> str:
    from nutridiary.tables import RECORDED

    if taken is None:
        return ""
    if taken.startswith(RECORDED):
        return "recorded value"
    return COLUMNS.get(taken, taken.capitalize())


def _example(sheet: SheetPreview, place: int) -> str:
    return next((cells[place] for _, cells in sheet.rows if place < len(cells) and cells[place]), "")


def _choices(sheets: list[SheetPreview]) -> Choices:
    from nutridiary.daily_values import EDITIONS
    from nutridiary.diary import formats

    of_diary = [sheet for sheet in sheets if sheet.read_as not in BESIDE]
    headings: dict[str, str] = {}
    guessed: dict[str, str] = {}
    for sheet in of_diary:
        for place, name in enumerate(sheet.columns):
            example = _example(sheet, place)
            headings.setdefault(name, f"{name} ({example[:30]})" if example else name)
            taken = sheet.taken_as[place]
            if taken in COLUMNS:
                guessed.setdefault(taken, name)
    written, readings = _open_date(of_diary)
    return Choices(
        headings=list(headings.items()),
        guessed=guessed,
        sheets=list(dict.fromkeys(sheet.name for sheet in of_diary)),
        formats=list(formats().itertuples(index=False, name=None)),
        editions=list(EDITIONS),
        date_example=written,
        date_readings=readings,
    )


def _open_date(sheets: list[SheetPreview]) -> tuple[str, tuple[str, str]]:
    """Return a date of the diary that can be read two ways, with both readings; or one that shows what is meant."""
    from nutridiary.diary.dates import two_readings

    for sheet in sheets:
        dates = [place for place, taken in enumerate(sheet.taken_as) if taken == "date"]
        for cell in (cells[place] for _, cells in sheet.rows for place in dates if place < len(cells)):
            if readings := two_readings(cell):
                return cell, readings
    return "", two_readings("3/4/2026") or ("", "")
