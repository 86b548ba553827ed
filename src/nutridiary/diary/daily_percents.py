"""Percentages of Daily Values in an export: amounts where the edition is known, or where all editions agree."""

from __future__ import annotations

from collections.abc import Mapping

from nutridiary.daily_values import EDITIONS, daily_value, from_percent_of_daily_value
from nutridiary.errors import UnitError, listing


def amounts_of_percents(percents: Mapping[str, float], edition: str | None) -> tuple[dict[str, float], dict[str, str]]:
    """Return percentages of Daily Values as amounts, and those that cannot be, with the reason.

    Parameters
    ----------
    percents : mapping of str to float
        By nutrient, a name of nutrients.csv. [%]
    edition : str or None
        One of `nutridiary.daily_values.EDITIONS`. None: an amount follows only where all editions have the same
        Daily Value.

    Returns
    -------
    amounts : dict of str to float
        [the nutrient's unit]
    unread : dict of str to str
        Why a percentage is not read, by nutrient.

    Examples
    --------
    >>> amounts, unread = amounts_of_percents({"iron": 50, "calcium": 10}, None)
    >>> amounts, unread
    ({'iron': 9.0}, {'calcium': 'the file does not say of which edition'})
    >>> amounts_of_percents({"calcium": 10}, "2016")
    ({'calcium': 130.0}, {})
    """
    amounts, unread = {}, {}
    for nutrient, percent in percents.items():
        if edition is None and len({daily_value(nutrient, each).amount for each in EDITIONS}) > 1:
            unread[nutrient] = "the file does not say of which edition"
            continue
        try:
            amounts[nutrient] = from_percent_of_daily_value(nutrient, percent, edition or EDITIONS[0])
        except UnitError:
            published = daily_value(nutrient, edition or EDITIONS[0]).published
            unread[nutrient] = f"no amount follows from a percentage of {published}"
    return amounts, unread


def note_of_percents(unread: Mapping[str, str], edition: str | None) -> str:
    """Return in words which percentages are not read, empty where all are.

    Parameters
    ----------
    unread : mapping of str to str
        Reasons, by the heading as written.
    edition : str or None
        The edition that was given.

    Examples
    --------
    >>> note_of_percents({"Vitamin A": "no amount follows from a percentage of 5000 IU"}, "before 2016")
    'percentages of Daily Values (before 2016) not read: Vitamin A: no amount follows from a percentage of 5000 IU'
    """
    if not unread:
        return ""
    if edition is not None:
        reasons = "; ".join(f"{heading}: {reason}" for heading, reason in unread.items())
        return f"percentages of Daily Values ({edition}) not read: {reasons}"
    choices = " or ".join(f'"{each}"' for each in EDITIONS)
    return (
        f"percentages of Daily Values not read: {listing(unread)}: their edition is not in the file. "
        f"Say which with --daily-values {choices}"
    )
