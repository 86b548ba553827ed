"""What no food holds, and what hardly any does (``data/label_limits.csv``): the limits that labels are held to."""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import NamedTuple

from nutridiary.data_files import data_file


class Limit(NamedTuple):
    """The limits of one nutrient per 100 g.

    Attributes
    ----------
    impossible : float
        What no food exceeds. [the nutrient's unit]
    doubtful : float
        What hardly a food exceeds; infinite where no such figure is stated. [the nutrient's unit]
    unless_named : re.Pattern or None
        Words of names and categories of the foods that do exceed it.
    factor : float
        By how much the likeliest mistake makes a value too large; NaN where none is known. [-]
    looks_like : str
        That mistake in words.
    reason, seen, source : str
        Why nothing holds more; the foods that hold most; where that is from.
    """

    impossible: float
    doubtful: float
    unless_named: re.Pattern[str] | None
    factor: float
    looks_like: str
    reason: str
    seen: str
    source: str


@cache
def load_limits() -> dict[str, Limit]:
    """Return the limits by nutrient; loaded once and shared.

    Examples
    --------
    >>> limit = load_limits()["vitamin_d"]
    >>> limit.doubtful, limit.looks_like
    (40.0, 'IU written as ug')
    """
    with data_file("label_limits.csv").open(encoding="utf-8", newline="") as lines:
        return {row["nutrient"]: _limit(row) for row in csv.DictReader(lines)}


def _limit(row: dict[str, str]) -> Limit:
    words = row["unless_named"]
    return Limit(
        impossible=float(row["impossible"]),
        doubtful=float(row["doubtful"] or "inf"),
        unless_named=re.compile(rf"(?<![a-z])(?:{words})", re.IGNORECASE) if words else None,
        factor=float(row["factor"] or "nan"),
        looks_like=row["looks_like"],
        reason=row["reason"],
        seen=row["seen"],
        source=row["source"],
    )
