"""What a bundle says of itself to who opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.bundle.form import LOCK, LOOKED_UP

if TYPE_CHECKING:
    from nutridiary.bundle.form import Settings

_WHOLE = """diary/         the files of the diary, as they are, in numbered folders
aliases/       the files of the user's own food names, if any"""
_SAFE = """diary.json     what is left of the diary: no names of people or files, no dates, no minutes, no comments"""

_TEXT = """A food diary and its report, made by nutridiary {version}
{line}

reports/       the report{s}: {reports}
{diary}
settings.json  what was asked for, who ate, and the versions of the program and the libraries under it
releases.json  the data the program brought along, each file with its sha256
{more}
To make the report again and compare it byte by byte:

    nutridiary reproduce FILE.zip

with the name of this file. It says "same" where each figure, word and cell is what it was. With another version
of nutridiary, or other data, it says "differs", and names what is not the same.

{care}
"""
_CARE_WHOLE = """This file tells what somebody ate, and who it was.
Whoever has it can read it: nothing in it is encrypted."""
_CARE_SAFE = """De-identified is not anonymous: what was eaten, and words left in the texts, may still tell
whose diary it is to somebody who knows the person. Read the food texts in the report before you pass it on."""


_MORE = {
    LOCK: "nutridiary.lock what the report rests on besides the diary: not who ate, or what, but for the\n"
    "               numbers of products that were looked up\n",
    LOOKED_UP: "looked_up.json the foods that were looked up for it, as they came\n",
}


def readme(settings: Settings, optional: Sequence[str] = ()) -> bytes:
    """Return the README of a bundle that has the members `optional` besides."""
    text = _TEXT.format(
        version=settings.nutridiary,
        line="-" * (len("A food diary and its report, made by nutridiary ") + len(settings.nutridiary)),
        s="s" if len(settings.reports) > 1 else "",
        reports=", ".join(settings.reports) or "none",
        diary=_SAFE if settings.de_identified else _WHOLE,
        more="".join(_MORE[name] for name in optional),
        care=_CARE_SAFE if settings.de_identified else _CARE_WHOLE,
    )
    return text.encode()
