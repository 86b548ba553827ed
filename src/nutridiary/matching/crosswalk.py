"""Food codes of other editions of FNDDS: the food that stands for them now.

A recall is coded with the food codes of its own edition. Those that FNDDS 2021-2023 has given up since
2017-2018 stand in `data/fndds_crosswalk.csv`, each with the food that took its place, and a few of still
older editions in `data/fndds_older_codes.csv`; what stands in neither is read by `older_codes`. How the
tables were made, and how well they do, is told in docs/recalls.md.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache

from nutridiary.data_files import data_file

SCORES = {"high": 0.97, "medium": 0.78, "low": 0.50}
"""Match score by how sure the table is: the shares found right in docs/recalls.md, of low rounded down. [0-1]"""
_SHOWN = ("energy", "magnesium", "potassium", "calcium")
_WORTH_SAYING = 20  # [%]


@dataclass(frozen=True)
class Successor:
    """What became of one food code of an older edition.

    Attributes
    ----------
    old_description : str
        What the code stood for.
    how : str
        renamed, merged (with others), nearest (no food is the same), or none.
    sure : str
        high, medium or low.
    food_code : int or None
        The code of FNDDS 2021-2023; None where no food is near.
    description : str
        Its food.
    changes : str
        What 100 g of it hold more or less than the survey's own record of the old code, from 20 % on:
        "77 % less magnesium, 69 % less potassium"; empty where nothing does, or the survey has no such record.
    edition : str
        The edition of FNDDS that has the code.
    """

    old_description: str
    how: str
    sure: str
    food_code: int | None
    description: str
    changes: str = ""
    edition: str = "2017-2018"

    def note(self, code: int) -> str:
        """Return what must be said about an entry counted by it."""
        changes = f"; per 100 g {self.changes} than before" if self.changes else ""
        ask = ", please confirm" if self.sure == "low" else ""
        return (
            f"food code {code} ({self.old_description}) of FNDDS {self.edition}: "
            f"counted as {self.description} ({self.how}, {self.sure}{changes}{ask})"
        )


@cache
def load_crosswalk() -> dict[int, Successor]:
    """Return what became of each food code of FNDDS 2017-2018 that FNDDS 2021-2023 does not have.

    Examples
    --------
    >>> print(load_crosswalk()[91745020].note(91745020))
    food code 91745020 (Hard candy) of FNDDS 2017-2018: counted as Candy, hard (merged, high)
    """
    with data_file("fndds_crosswalk.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["old_food_code"]): _successor(row, _changes(row)) for row in csv.DictReader(file)}


@cache
def load_older_codes() -> dict[int, Successor]:
    """Return what became of codes given up before 2017-2018 whose description alone would lead astray.

    Examples
    --------
    >>> load_older_codes()[54402600].description
    'Multigrain chips (Sun Chips)'
    """
    with data_file("fndds_older_codes.csv").open(encoding="utf-8", newline="") as file:
        return {
            int(row["old_food_code"]): replace(_successor(row), edition=row["edition"]) for row in csv.DictReader(file)
        }


def _successor(row: dict[str, str], changes: str = "") -> Successor:
    return Successor(
        old_description=row["old_description"],
        how=row["how"],
        sure=row["sure"],
        food_code=int(row["food_code"]) if row["food_code"] else None,
        description=row["description"],
        changes=changes,
    )


def _changes(row: dict[str, str]) -> str:
    """Return in words what the new record holds more or less of."""
    percents = {nutrient: int(row[f"{nutrient}_percent"] or 0) for nutrient in _SHOWN}
    return ", ".join(
        f"{abs(percent)} % {'more' if percent > 0 else 'less'} {nutrient}"
        for nutrient, percent in percents.items()
        if abs(percent) >= _WORTH_SAYING
    )
