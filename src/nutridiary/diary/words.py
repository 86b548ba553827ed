"""The short word lists of diaries: months, weekdays, kinds of entry, yes and no, in a few languages."""

from __future__ import annotations

import csv
from functools import cache

from nutridiary.data_files import data_file


@cache
def word_list(name: str) -> dict[str, str]:
    """Return one list of `data/diary_words.csv`, from the word as written to its meaning.

    Parameters
    ----------
    name : str
        "month", "weekday", "kind", "total", "yes", "sex", "supplement" (the forms supplements are taken in),
        "supplement product" (what begins a line of one), "supplement name" (what is all of a line of one),
        "food in tablets" (foods that come in such forms), "numbered" (words whose number belongs to a name:
        "omega 3"), "water" (what plain water is called), "mood" (words of how somebody feels), "nothing" (what says
        that nothing was eaten; a "fast" is of the whole day), "any symptom" (headings of symptoms that name none)
        or "meal".

    Examples
    --------
    >>> word_list("month")["april"], word_list("yes")["nein"]
    ('4', 'no')
    """
    with data_file("diary_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["meaning"] for row in csv.DictReader(file) if row["list"] == name}
