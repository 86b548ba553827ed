"""Figures an authority sets that no intake on record can be held against, and why not."""

from __future__ import annotations

import csv
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.references.authorities import REFERENCES


@cache
def not_compared(reference: str) -> dict[str, list[tuple[str, str]]]:
    """Return, by nutrient, the kinds of figures that are not compared, and why.

    Parameters
    ----------
    reference : str
        A name of `REFERENCES`.

    Examples
    --------
    >>> [kinds for kinds, why in not_compared("efsa")["niacin"]]
    ['AR, PRI', 'UL']
    """
    reasons: dict[str, list[tuple[str, str]]] = {}
    authority = REFERENCES[reference].code
    with data_file("reference_intakes", "not_compared.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["authority"] == authority:
                reasons.setdefault(row["nutrient"], []).append((row["figures"], row["why"]))
    return reasons
