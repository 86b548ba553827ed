"""Food codes of other editions of FNDDS: the food that stands for them now.

A recall is coded with the food codes of its own edition. Those that FNDDS 2021-2023 has given up since
2017-2018 stand in `data/fndds_crosswalk.csv`, each with the food that took its place; for those of still
older editions the recall's own description is looked up among the foods whose codes begin alike. How
the table was made, and how well it does, is told in docs/recalls.md.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.matching.ranking import rank
from nutridiary.matching.synonyms import in_our_words

if TYPE_CHECKING:
    from nutridiary.matching.index import Index
    from nutridiary.matching.ranking import Ranking, Weights

SCORES = {"high": 0.97, "medium": 0.78, "low": 0.50}
"""Match score by how sure the table is: the shares found right in docs/recalls.md, of low rounded down. [0-1]"""
_SHOWN = ("energy", "magnesium", "potassium", "calcium")
_WORTH_SAYING = 20  # [%]
_DIGITS = 8
FARTHEST = 5.0
"""How much less may speak for the best food of a group than for the best of all; see docs/recalls.md. [log-odds]"""
_GROUP_DIGITS = (3, 2, 1)  # leading digits that codes of one group share, the narrowest group first


@dataclass(frozen=True)
class Successor:
    """What became of one food code of FNDDS 2017-2018.

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
    """

    old_description: str
    how: str
    sure: str
    food_code: int | None
    description: str
    changes: str = ""

    def note(self, code: int) -> str:
        """Return what must be said about an entry counted by it."""
        changes = f"; per 100 g {self.changes} than before" if self.changes else ""
        ask = ", please confirm" if self.sure == "low" else ""
        return (
            f"food code {code} ({self.old_description}) of FNDDS 2017-2018: "
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
        return {
            int(row["old_food_code"]): Successor(
                old_description=row["old_description"],
                how=row["how"],
                sure=row["sure"],
                food_code=int(row["food_code"]) if row["food_code"] else None,
                description=row["description"],
                changes=_changes(row),
            )
            for row in csv.DictReader(file)
        }


def _changes(row: dict[str, str]) -> str:
    """Return in words what the new record holds more or less of."""
    percents = {nutrient: int(row[f"{nutrient}_percent"] or 0) for nutrient in _SHOWN}
    return ", ".join(
        f"{abs(percent)} % {'more' if percent > 0 else 'less'} {nutrient}"
        for nutrient, percent in percents.items()
        if abs(percent) >= _WORTH_SAYING
    )


def rank_by_code(text: str, code: int, index: Index, weights: Weights) -> Ranking | None:
    """Return the foods a text might mean among those whose codes begin as `code` does.

    FNDDS codes are grouped from the left (2 is meat, 24 poultry, 241 chicken), so the narrowest group
    that has an answer is taken: three leading digits, then two, then one. An answer is a food that is not
    far behind what the words say alone; no least score is asked, for the code says that it is a food.

    Returns
    -------
    Ranking or None
        None where no group has an answer, or `code` is no food code.
    """
    if not 10 ** (_DIGITS - 1) <= code < 10**_DIGITS:
        return None
    plain = in_our_words(text)
    of_all = rank(plain, index, weights)
    if of_all is None:
        return None
    enough = of_all.evidence - FARTHEST
    for digits in _GROUP_DIGITS:
        rest = 10 ** (_DIGITS - digits)
        ranking = rank(plain, index, weights, among=index.food_code // rest == code // rest)
        if ranking is not None and ranking.evidence >= enough:
            return ranking
    return None
