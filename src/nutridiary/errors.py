"""How nutridiary words what is wrong: where, what with the value, what is near, what to do.

Problems found *in* a diary are text in the ``problem`` column of its tables and never raise.
The exceptions here are for what cannot go on: a file that is no diary, a person who cannot be
compared, data that is not there. The command line prints their text as one line and exits 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class NutridiaryError(Exception):
    """Base of everything nutridiary raises on purpose; its text is fit to show to a user."""


class DiaryError(NutridiaryError):
    """A file that cannot be read as a food diary."""


class PersonError(NutridiaryError):
    """A person whose sex, age or life stage contradicts itself or the references."""


class FoodDataError(NutridiaryError):
    """Food composition data that is missing, damaged or not what was asked for."""


class ReferenceIntakeError(NutridiaryError):
    """A reference, authority or edition that is not shipped."""


class AliasError(NutridiaryError):
    """A file of aliases, or a reviewed workbook, that contradicts itself or cannot be read."""


class CohortError(NutridiaryError):
    """A table of many people's days, or a survey's design, that contradicts itself or lacks what was asked for."""


class LockError(NutridiaryError):
    """A lock that cannot be read, or what is here is not what it says."""


class UnitError(NutridiaryError):
    """A unit that is unknown, or a conversion no stated factor allows."""


def did_you_mean(value: str, choices: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest of `choices`, or nothing.

    Parameters
    ----------
    value : str
        What was written.
    choices : iterable of str
        What would have been understood.

    Returns
    -------
    str
        A sentence with a leading space, or the empty string where nothing is near.

    Examples
    --------
    >>> did_you_mean("cpu", ["cup", "gram"])
    " Did you mean 'cup'?"
    >>> did_you_mean("zzz", ["cup", "gram"])
    ''
    """
    written = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(value.casefold(), list(written), n=1, cutoff=0.6)
    return f" Did you mean '{written[near[0]]}'?" if near else ""


def listing(values: Iterable[object], most: int = 12) -> str:
    """Return `values` as ``a, b, c`` and say how many more there were.

    Examples
    --------
    >>> listing(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    texts = [str(value) for value in values]
    if len(texts) <= most:
        return ", ".join(texts)
    return ", ".join(texts[:most]) + f" and {len(texts) - most} more"
