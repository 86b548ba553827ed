"""How much of a food people report eating at a time."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from nutridiary.data_files import data_file

# Reports of fewer people than this give no percentile.
ENOUGH_REPORTS = 30


class Reported(NamedTuple):
    """How much of a food people report at a time: 5th, 50th, 95th and 99th percentile. [g]"""

    p5: float
    p50: float
    p95: float
    p99: float


@cache
def reported_amounts() -> dict[int, Reported]:
    """Return what people report at a time by FNDDS food code, where enough did. [g]

    References
    ----------
    What We Eat in America, NHANES 2017-2018 and 2021-2023: ``data/eating_frequency.csv``.

    Examples
    --------
    >>> reported_amounts()[11112110].p50  # 2 % milk
    183.0
    """
    with data_file("eating_frequency.csv").open(encoding="utf-8", newline="") as file:
        return {
            int(row["food_code"]): Reported(*(float(row[f"grams_{name}"]) for name in Reported._fields))
            for row in csv.DictReader(file)
            if int(row["reports"]) >= ENOUGH_REPORTS and row["grams_p99"]
        }
