"""What trials say of nutrients and cramps, with their citations (``data/cramp_evidence.csv``)."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.symptoms.names import CRAMP

if TYPE_CHECKING:
    import pandas as pd


class Evidence(NamedTuple):
    """One line of the box: a topic, in whom and what was found, how sure that is, and where it stands."""

    topic: str
    people: str
    finding: str
    strength: str
    source: str
    link: str


@cache
def load_cramp_evidence() -> tuple[Evidence, ...]:
    """Return what a report says of cramps beside a person's own days.

    Examples
    --------
    >>> [line.topic for line in load_cramp_evidence()][2:4]
    ['Magnesium', 'Pregnancy']
    """
    with data_file("cramp_evidence.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Evidence(**row) for row in csv.DictReader(file))


def has_cramp(symptom_days: pd.DataFrame) -> bool:
    """Tell whether a muscle cramp is among the symptoms (`tables.SYMPTOM_DAYS`)."""
    return bool((symptom_days["symptom"] == CRAMP).any())
