"""The cautions themselves, most serious first, with their citations (``data/cautions.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from nutridiary.data_files import data_file

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "clinician": "for a clinician",
        "limit": "a limit",
        "interaction": "with medicines",
        "evidence": "what is known",
        "record": "about this record",
    }
)
"""What a caution is of, in words."""

ANY_NUTRIENT = "*"
"""In ``cautions.csv``: a caution of whichever nutrient it was found for."""


class Caution(NamedTuple):
    """One caution: what it is about, when it is said, and what it says.

    Attributes
    ----------
    topic, nutrient : str
        What it is about; the nutrient is empty where it is about none.
    kind : str
        One of `KINDS`.
    title : str
        Heading for a reader.
    condition : str
        When it is said, in plain words.
    text : str
        What it says.
    source, link : str
        Where that is published.
    """

    topic: str
    nutrient: str
    kind: str
    title: str
    condition: str
    text: str
    source: str
    link: str


@cache
def load_cautions() -> tuple[Caution, ...]:
    """Return every caution there is, most serious first.

    Examples
    --------
    >>> load_cautions()[0].topic
    'cramps_clinician'
    """
    with data_file("cautions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Caution(**row) for row in csv.DictReader(file))
