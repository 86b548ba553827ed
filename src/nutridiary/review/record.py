"""What a review is, and how sure it is of a food."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LIKELY = 0.6
"""Match score below which a doubtful match is called doubtful. [0-1]"""


@dataclass(frozen=True)
class Review:
    """The distinct texts of a diary with what was made of them, in the order to look at them.

    Attributes
    ----------
    foods : pandas.DataFrame
        `tables.REVIEW_FOODS`.
    choices : pandas.DataFrame
        `tables.REVIEW_CHOICES`: the food found and its alternatives.
    weights : pandas.DataFrame
        `tables.REVIEW_WEIGHTS`.
    cuts : pandas.DataFrame
        `tables.REVIEW_CUTS`: the texts that were cut into several foods.
    weighed : pandas.DataFrame
        `tables.WEIGHED`: the entries that all this is of, as an analysis has them.
    in_diary_only : pandas.DataFrame
        `tables.WEIGHED`: entries about food that only the diary itself can put right or change, with an amount or date
        that cannot be read, without a text, or naming their food by number.
    diary : str
        Name of the diary's file.
    lines : int
        Entries about food in all.
    """

    foods: pd.DataFrame
    choices: pd.DataFrame
    weights: pd.DataFrame
    cuts: pd.DataFrame
    weighed: pd.DataFrame
    in_diary_only: pd.DataFrame
    diary: str = ""
    lines: int = 0

    @property
    def elsewhere(self) -> int:
        """How many entries about food only the diary itself can put right or change."""
        return len(self.in_diary_only)

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Write the review as an Excel workbook to correct, and return where it is."""
        from nutridiary.report.review import write_review

        return write_review(self, path)


def how_sure(fdc_id: int | None, match_method: str | None, match_score: float | None, needs_review: bool) -> str:
    """Return in words how sure the food of a text is; what is missing is None.

    Examples
    --------
    >>> how_sure(2709224, "text", 0.95, False), how_sure(2709224, "text", 0.4, True), how_sure(None, None, None, True)
    ('sure', 'doubtful', 'no food found')
    """
    if fdc_id is None:
        return "no food found"
    if match_method == "user_alias":
        return "your alias"
    if not needs_review:
        return "sure"
    return "likely" if (match_score or 0.0) >= LIKELY else "doubtful"
