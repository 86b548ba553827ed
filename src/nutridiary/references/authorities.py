"""The authorities whose reference values are shipped, and their editions."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import ReferenceIntakeError, did_you_mean, listing

if TYPE_CHECKING:
    import pandas as pd


class Authority(NamedTuple):
    """Who sets reference values.

    Attributes
    ----------
    code : str
        As in the column ``authority`` of the tables.
    figures : str
        What its figures are called in a sentence.
    label : str
        Its name for a reader.
    """

    code: str
    figures: str
    label: str


REFERENCES: Mapping[str, Authority] = MappingProxyType(
    {
        "nasem": Authority("NASEM", "the reference intakes", "Dietary Reference Intakes, US and Canada (NASEM)"),
        "efsa": Authority("EFSA", "EFSA's reference values", "Dietary Reference Values, European Union (EFSA)"),
        "fda-dv": Authority("FDA", "the Daily Values", "Daily Values of US labels (FDA)"),
        "harmonized": Authority(
            "harmonized",
            "the harmonized reference values",
            "Harmonized reference values, proposed for comparing populations (Allen and others 2020)",
        ),
    }
)
"""The names that `reference` takes, the default first."""


def find_reference(reference: str) -> str:
    """Return the name of a set of reference values, one of `REFERENCES`.

    Raises
    ------
    ReferenceIntakeError
        If none is meant; the text lists them.

    Examples
    --------
    >>> find_reference("EFSA"), find_reference("fda")
    ('efsa', 'fda-dv')
    """
    wanted = str(reference).strip().casefold()
    names = {**{name: name for name in REFERENCES}, **{a.code.casefold(): name for name, a in REFERENCES.items()}}
    if wanted not in names:
        near = did_you_mean(wanted, names)
        raise ReferenceIntakeError(f"unknown reference {reference!r}.{near} References: {listing(REFERENCES)}.")
    return names[wanted]


def figures_of(authority: str) -> str:
    """Return what the figures of an authority, named as in the tables, are called in a sentence.

    Examples
    --------
    >>> figures_of("EFSA")
    "EFSA's reference values"
    """
    return next(each.figures for each in REFERENCES.values() if each.code == authority)


@cache
def citations() -> dict[str, tuple[str, str]]:
    """Return, by edition, its authority and its citation, in the order of ``editions.csv``."""
    with data_file("reference_intakes", "editions.csv").open(encoding="utf-8", newline="") as lines:
        return {row["edition"]: (row["authority"], row["citation"]) for row in csv.DictReader(lines)}


def load_editions() -> pd.DataFrame:
    """Return the shipped editions: ``edition``, ``authority``, ``year``, ``citation``.

    Examples
    --------
    >>> editions = load_editions()
    >>> editions.loc[editions["authority"] == "NASEM", "edition"].tolist()[-2:]
    ['IOM 2011', 'NASEM 2019']
    """
    import pandas as pd

    return pd.read_csv(data_file("reference_intakes", "editions.csv"))


def find_edition(edition: str, reference: str = "nasem") -> str:
    """Return the full name of an edition given as that name, without its author, or as its year.

    Raises
    ------
    ReferenceIntakeError
        If the reference is unknown or none of its editions is meant; the text lists them.

    Examples
    --------
    >>> find_edition("2005"), find_edition("iom 1997"), find_edition("before 2016", "fda-dv")
    ('IOM 2005', 'IOM 1997', 'FDA before 2016')
    """
    authority = REFERENCES[find_reference(reference)].code
    names = [name for name, (code, _) in citations().items() if code == authority]
    wanted = str(edition).strip().casefold()
    by_name = [name for name in names if name.casefold() == wanted]
    by_rest = [name for name in names if name.casefold().partition(" ")[2] == wanted]
    by_part = [name for name in names if wanted in re.findall(r"\d{4}", name)]
    for found in (by_name, by_rest, by_part):
        if len(found) == 1:
            return found[0]
    near = _of_another(wanted) or did_you_mean(wanted, [name.casefold() for name in names])
    raise ReferenceIntakeError(f"unknown edition {edition!r}.{near} Editions: {listing(names)}.")


def _of_another(wanted: str) -> str:
    """Return whose edition is meant by a name, or a name without its author, that one authority alone uses."""
    found = [name for name in citations() if wanted in (name.casefold(), name.casefold().partition(" ")[2])]
    if len(found) != 1:
        return ""
    reference = next(name for name, known in REFERENCES.items() if known.code == citations()[found[0]][0])
    return f" {found[0]} is an edition of the reference {reference}."


def find_other(text: str, reference: str = "nasem") -> tuple[str, str | None]:
    """Return which reference and which of its editions `text` means; None is its current figures.

    Parameters
    ----------
    text : str
        A name of `REFERENCES`, or an edition: of `reference` first, else of the one authority that has it.
    reference : str
        One of `REFERENCES`.

    Raises
    ------
    ReferenceIntakeError
        If neither is meant.

    Examples
    --------
    >>> find_other("efsa"), find_other("2005"), find_other("FDA before 2016")
    (('efsa', None), ('nasem', 'IOM 2005'), ('fda-dv', 'FDA before 2016'))
    """
    try:
        return find_reference(text), None
    except ReferenceIntakeError:
        pass
    own = find_reference(reference)
    for name in dict.fromkeys((own, *REFERENCES)):
        try:
            return name, find_edition(text, name)
        except ReferenceIntakeError:
            continue
    every = [*REFERENCES, *citations()]
    near = did_you_mean(str(text), every)
    raise ReferenceIntakeError(f"unknown edition or reference {text!r}.{near} There are: {listing(every, most=30)}.")
