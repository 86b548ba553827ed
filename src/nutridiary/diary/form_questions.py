"""Headings that are questions of a form: "What did you eat for breakfast?" is the column of the breakfasts."""

from __future__ import annotations

import re

from nutridiary.diary.columns import column_of
from nutridiary.diary.words import word_list

_OTHER = re.compile(
    r"\b(?:time|when|where|who|whom|why|how|calories|feel|hungry|mood|wann|wo|wer|warum|cuándo|dónde)\b", re.I
)
_ASKS = re.compile(
    r"\b(?:what|which|any|anything|list|describe|eat|ate|eaten|have|drink|was|gegessen|qué|comiste|mangé)\b", re.I
)
_WATER = re.compile(r"\b(?:glasses|cups|liters|litres|gläser|vasos|verres)\b.*\b(?:water|wasser|agua|eau)\b", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_WHO = ("email address", "email", "e-mail", "username", "your name", "full name", "participant id")


def is_question(heading: str) -> bool:
    """Tell whether a heading asks for something.

    Examples
    --------
    >>> is_question("Any snacks?"), is_question("Breakfast")
    (True, False)
    """
    return heading.strip().endswith("?") or len(heading.split()) > 4


def asked(heading: str) -> str:
    """Return what a question asks for: a meal by its name, "water (glass)", "Person" or "Notes".

    Examples
    --------
    >>> for text in ("What did you eat for breakfast?", "What time was lunch?", "How many glasses of water?", "Snacks"):
    ...     print(asked(text))
    breakfast
    Notes
    water (glass)
    Snacks
    """
    text = heading.strip()
    if text.lower() in word_list("meal") or column_of(text) == "date":
        return text
    if text.lower().strip(" :?") in _WHO or column_of(text) == "person":
        return "Person"
    if (water := _WATER.search(text)) and is_question(text):
        measure = water.group().split()[0].lower()
        return "water (" + {"cups": "cup", "liters": "l", "litres": "l"}.get(measure, "glass") + ")"
    meals = [word for word in _WORD.findall(text.lower()) if len(word) > 3 and word in word_list("meal")]
    if len(set(meals)) == 1 and _ASKS.search(text) and not _OTHER.search(text):
        return str(meals[0])
    return text if not is_question(text) and word_list("kind").get(text.lower()) else "Notes"


def asked_in(headings: dict[int, str]) -> dict[int, str]:
    """Return the headings of a form in plain words; those of a sheet that asks nothing as they are.

    Examples
    --------
    >>> asked_in({0: "Timestamp", 1: "What did you eat for lunch?", 2: "Any snacks?", 3: "Shoe size"})
    {0: 'Timestamp', 1: 'lunch', 2: 'snacks', 3: 'Notes'}
    >>> asked_in({0: "Date", 1: "Lunch"})
    {0: 'Date', 1: 'Lunch'}
    """
    if sum(is_question(heading) for heading in headings.values()) < 2:
        return headings
    return {place: asked(heading) for place, heading in headings.items()}
