"""What was understood of the files of a diary."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from nutridiary.web.asked import Asked, HowToRead
from nutridiary.web.steps.kept import files_of, kept, reading_options, teller

if TYPE_CHECKING:
    from nutridiary.diary import Diary


class ReadFile(BaseModel):
    """A file or sheet that was looked at."""

    source: str
    said: str = Field(description="In words, what it was read as.")
    note: str


class Reading(BaseModel):
    """What was understood of a diary, or why it cannot be read."""

    asked: HowToRead
    problem: str = Field(description="Why it cannot be read as it is asked; empty where it can.")
    files: list[ReadFile]
    people: list[str]
    lines: int
    days: list[dt.date]


def reading(folder: Path, asked: Asked) -> Reading:
    """Return what was understood of the diary in `folder`."""
    diary = diary_of(folder, asked)
    dates = diary.entries["date"].dropna().unique()
    return Reading(
        asked=asked.reading,
        problem="",
        files=[ReadFile(source=one, said="", note="") for one in diary.files["source"]],
        people=sorted(diary.entries["person_id"].dropna().unique()),
        lines=len(diary.entries),
        days=[day.date() for day in sorted(dates)],
    )


def diary_of(folder: Path, asked: Asked) -> Diary:
    """Return the diary as it is asked to be read, read once."""
    from nutridiary.diary import read_whole

    digest = Asked(files=asked.files, reading=asked.reading).digest()
    tell = teller(folder)

    def read() -> Diary:
        tell("reading the diary", 0)
        return read_whole(files_of(folder, asked), **reading_options(asked))

    return kept(folder, "diary", digest, read)
