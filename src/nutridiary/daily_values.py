"""The Daily Values of US labels: what a percentage on a label is a percentage of.

There are two editions, and the same label means different amounts by each: "Calcium 10 %" is 130 mg by the rule of
2016 and 100 mg by the one before it. No edition is assumed: who asks says which.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import UnitError, did_you_mean, listing
from nutridiary.nutrients import check_nutrients

EDITIONS = ("2016", "before 2016")
"""The rule of May 2016 (on large makers' labels since 2020), and the figures of 1993 to 1995 that it replaced."""

_SPELLINGS = {
    "2016": "2016",
    "2016 rule": "2016",
    "new": "2016",
    "new label": "2016",
    "current": "2016",
    "before 2016": "before 2016",
    "pre 2016": "before 2016",
    "old": "before 2016",
    "old label": "before 2016",
    "1993": "before 2016",
    "1995": "before 2016",
}


class DailyValue(NamedTuple):
    """One line of ``data/daily_values.csv``.

    Attributes
    ----------
    edition : str
        One of `EDITIONS`.
    nutrient : str
        Name as in nutrients.csv.
    amount : float or None
        The Daily Value of adults and children from 4 years. [unit] None where the published figure has no
        equivalent in the nutrient's unit.
    unit : str
        The nutrient's one unit.
    published : str
        The figure as published.
    note : str
        Why there is no amount.
    source : str
        Citation.
    """

    edition: str
    nutrient: str
    amount: float | None
    unit: str
    published: str
    note: str
    source: str


@cache
def _table() -> dict[tuple[str, str], DailyValue]:
    with data_file("daily_values.csv").open(encoding="utf-8", newline="") as file:
        rows = [row | {"amount": float(row["amount"]) if row["amount"] else None} for row in csv.DictReader(file)]
    return {(str(row["edition"]), str(row["nutrient"])): DailyValue(**row) for row in rows}  # type: ignore[arg-type]


def edition_of(text: str) -> str | None:
    """Return the edition of the Daily Values that `text` names, or None.

    Examples
    --------
    >>> edition_of("pre-2016"), edition_of("New label"), edition_of("2020")
    ('before 2016', '2016', None)
    """
    plain = " ".join(text.lower().replace("-", " ").replace("_", " ").split()).strip(" .:")
    return _SPELLINGS.get(plain) or (plain if plain in EDITIONS else None)


def daily_value(nutrient: str, edition: str) -> DailyValue:
    """Return the Daily Value of a nutrient, with the figure as published and its citation.

    Parameters
    ----------
    nutrient : str
        Name as in nutrients.csv.
    edition : {"2016", "before 2016"}
        There is no default: a label is of one or the other.

    Returns
    -------
    DailyValue
        Its `amount` is None where no stated factor leads to the nutrient's unit.

    Raises
    ------
    FoodDataError
        If there is no such nutrient.
    UnitError
        If there is no such edition, or the edition has no Daily Value of this nutrient.

    References
    ----------
    .. [1] US Food and Drug Administration, 21 CFR 101.9(c)(8)(iv) and (c)(9), as of 1 April 2015 and as amended by
       81 FR 33742 (27 May 2016).

    Examples
    --------
    >>> daily_value("vitamin_d", "before 2016").published, daily_value("vitamin_d", "before 2016").amount
    ('400 IU', 10.0)
    """
    (name,) = check_nutrients([nutrient])
    if edition not in EDITIONS:
        near = did_you_mean(edition, EDITIONS)
        raise UnitError(f"no edition '{edition}' of the Daily Values.{near} Write one of: {listing(EDITIONS)}.")
    found = _table().get((edition, name))
    if found is None:
        raise UnitError(f"the Daily Values ({edition}) have none for '{name}'. Write the amount itself.")
    return found


def from_percent_of_daily_value(nutrient: str, percent: float, edition: str) -> float:
    """Return the amount that a percentage of the Daily Value stands for.

    Parameters
    ----------
    nutrient : str
        Name as in nutrients.csv.
    percent : float or array
        What the label says. [%]
    edition : {"2016", "before 2016"}
        There is no default: a label is of one or the other.

    Returns
    -------
    float or array
        [the nutrient's unit] NaN stays NaN.

    Raises
    ------
    FoodDataError
        If there is no such nutrient.
    UnitError
        If there is no such edition, or no amount in the nutrient's unit follows from the percentage: the text says
        why. Vitamin A of old labels is in IU, whose mass depends on the form.

    References
    ----------
    As for `daily_value`.

    Examples
    --------
    >>> from_percent_of_daily_value("calcium", 10, "2016"), from_percent_of_daily_value("calcium", 10, "before 2016")
    (130.0, 100.0)
    >>> from_percent_of_daily_value("vitamin_a_rae", 10, "before 2016")
    Traceback (most recent call last):
        ...
    nutridiary.errors.UnitError: 'vitamin_a_rae' cannot be told from its Daily Value (before 2016: 5000 IU): an IU of vitamin A is another mass of retinol and of carotene: the label does not say which.
    """  # noqa: E501
    value = daily_value(nutrient, edition)
    if value.amount is None:
        raise UnitError(
            f"'{nutrient}' cannot be told from its Daily Value ({edition}: {value.published}): {value.note}."
        )
    return percent / 100 * value.amount
