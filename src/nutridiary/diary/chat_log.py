"""Food told in a chat: WhatsApp's exported messages, each with its day, its time and who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nutridiary.diary.amounts import decimal_mark
from nutridiary.diary.dates import Day, read_clock, read_days, read_written
from nutridiary.diary.entries import Entry
from nutridiary.diary.free_text import lines_of, meal_before, read_line
from nutridiary.diary.grid import Grid
from nutridiary.diary.reading import LeftAside, Options, Reading
from nutridiary.diary.text_list import line_text

# Android: "12/03/2025, 08:14 - Anna: toast"; iPhone: "[12.03.25, 08:14:22] Anna: toast".
_MESSAGE = re.compile(
    r"[\u200e\u200f\ufeff]*\[?(?P<date>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}),?\s+"
    r"(?P<clock>\d{1,2}[:.]\d{2})(?:[:.]\d{2})?[\s\u202f]?(?P<half>[ap]\.?\s?m\.?)?"
    r"(?:\]\s*|\s+[-–]\s+)[\u200e\u200f]*(?P<said>.*)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:how|what|when|where|why|who|which|did|do|does|are|is|was|were|have|has|can|could|will|would|any|und|wie|was|wann"
    r"|warum|hast|bist|qué|cómo|cuándo|comment|quand|pourquoi)\b.*\?\W*",
    re.IGNORECASE,
)
_WHO = re.compile(r"(?P<who>[^:]{1,50}):(?:\s+(?P<text>.*)|$)")
# Signs that order text from left to right or the other way; they are not seen.
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2068\u2069\ufeff]")


@dataclass(frozen=True)
class _Message:
    date: str
    clock: str
    who: str
    text: str
    from_app: bool


def identify_chat(grids: list[Grid]) -> bool:
    """Tell whether a text is an exported chat."""
    return any(_is_chat(grid) for grid in grids)


def _is_chat(grid: Grid) -> bool:
    lines = [text for row in grid.rows[:200] if (text := line_text(row))]
    return sum(_message(text) is not None for text in lines) >= max(2, len(lines) / 10)


def _message(line: str) -> _Message | None:
    found = _MESSAGE.fullmatch(line)
    if found is None:
        return None
    said = _UNSEEN.sub("", found["said"])
    who = _WHO.fullmatch(said)
    half = re.sub(r"\W", "", found["half"] or "")
    clock = f"{found['clock']} {half}".strip()
    if who is None:
        return _Message(found["date"], clock, "", said, True)
    return _Message(found["date"], clock, who["who"].strip(), who["text"] or "", False)


def read_chat(grids: list[Grid], options: Options) -> Reading:
    """Read an exported chat: every line of a message is an entry of the person who wrote it.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    Reading
        Messages of the app itself (encryption, who joined) are left aside; deleted messages, pictures, links and
        moods are notes.

    Raises
    ------
    DiaryError
        If nothing decides the order of day and month.
    """
    reading = Reading()
    for grid in grids:
        if not _is_chat(grid):
            reading.left_aside.append(LeftAside(grid.source, None, grid.name, "no chat in this sheet"))
            continue
        lines = [(number, text) for number, row in enumerate(grid.rows, 1) if (text := line_text(row))]
        messages = [_message(text) for _, text in lines]
        written = [read_written(message.date, grid.epoch) for message in messages if message]
        days, note = read_days(written, grid.source.split(":")[0], options.day_first)
        reading.notes += [note] if note else []
        _read_messages(grid, lines, messages, days, reading)
    return reading


def _read_messages(
    grid: Grid, lines: list[tuple[int, str]], messages: list[_Message | None], days: list[Day], reading: Reading
) -> None:
    left = iter(days)
    decimal = decimal_mark(
        [message.text if message else text for (_, text), message in zip(lines, messages, strict=True)]
    )
    last: tuple[_Message, Day] | None = None
    meal = ""
    for (number, line), message in zip(lines, messages, strict=True):
        if message is not None:
            last, meal = (message, next(left)), ""
        if last is None or (message is not None and message.from_app):
            why = "a message of the app itself" if last else "above the first message"
            reading.left_aside.append(LeftAside(grid.source, number, line[:60], why))
            continue
        text = next(iter(lines_of(message.text if message else _UNSEEN.sub("", line))), "")
        named, at, rest = meal_before(text)
        meal, text = (named, rest) if named else (meal, text)
        entry = Entry(grid.source, number, person_id=last[0].who or None, eating_occasion=meal or None)
        entry.date, entry.time = last[1].day, at or read_clock(last[0].clock) or None
        entry.notes.append(last[1].note)
        entry.fail(last[1].problem)
        if _QUESTION.fullmatch(text):
            entry.kind, entry.food_text = "note", text
            entry.fail("a question, not a food")
        elif text:
            read_line(entry, text, decimal)
        else:
            entry.kind, entry.food_text = "note", named or None
            entry.fail("a heading, not a food" if named else "a message without text, not a food")
        reading.entries.append(entry.finished())
