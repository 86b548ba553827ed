"""What was answered in a recall, "MilkFat=Skim | SkinEaten=No", as words a food can have.

Automated recalls note the food a person picked and the answers to the questions that followed. Answers that
name something say it themselves; what yes and no mean depends on the question: `data/recall_answers.csv`.
"""

from __future__ import annotations

import csv
import re
from functools import cache

from nutridiary.data_files import data_file

LONGEST_ANSWERS = 4000  # [characters] of a line's answers that are read

# "BreadSize=", and with a colon only what no sentence has: "BreadSize:"
_QUESTION = re.compile(r"\b(?:([A-Za-z][A-Za-z0-9_]*)\s*=|([A-Z][a-z]+[A-Z0-9][A-Za-z0-9]*)\s*:)")
_BETWEEN = " \t\r\n,;:|(["
_SAYS_NOTHING = re.compile(r"(?:yes|no|none|don'?t know|unknown|refused|not applicable|no other\b.*)$", re.IGNORECASE)
_YES_OR_NO = re.compile(r"(yes|no|none|don't know)\s*(?:\(|$)", re.IGNORECASE)
_ANY = re.compile(r"\((?:any kind|all flavors|all kinds|all types)\)", re.IGNORECASE)


def in_plain_answers(text: str) -> str:
    """Return a text with its "Question=Answer" put into words; other texts as they are.

    Examples
    --------
    >>> in_plain_answers("Orange juice, JcDrinkOJForm=Carton, bottle, or can | JcDrinkCaFort=Yes | JcDrinkPulp=No")
    'Orange juice, Carton, bottle, or can, calcium added'
    >>> in_plain_answers("2% milk")
    '2% milk'
    """
    if "=" not in text and ":" not in text:
        return text
    food, *rest = _QUESTION.split(text[:LONGEST_ANSWERS])
    if not rest:
        return text
    asked = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    said = [_meant(equals or colon, answer.strip(_BETWEEN)) for equals, colon, answer in asked]
    return ", ".join(part for part in (food.strip(_BETWEEN), *said) if part)


def _meant(question: str, answer: str) -> str:
    """Return what an answer says about the food, empty where it says nothing."""
    short = _YES_OR_NO.match(answer.replace("’", "'"))
    if short:
        question = question.rstrip("0123456789")
        endings = (question[start:] for start in range(len(question)))
        meanings = _meanings()
        return next((meanings[key] for end in endings if (key := (end, short[1].casefold())) in meanings), "")
    return "" if _SAYS_NOTHING.match(answer) else _ANY.sub("", answer).strip()


@cache
def _meanings() -> dict[tuple[str, str], str]:
    """Return what an answer means by the ending of its question."""
    with data_file("recall_answers.csv").open(encoding="utf-8", newline="") as file:
        return {(row["question"], row["answer"]): row["meant"] for row in csv.DictReader(file)}
