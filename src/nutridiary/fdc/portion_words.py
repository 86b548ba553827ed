"""Portions of three sources in one shape: an amount, words without the number, a weight."""

from __future__ import annotations

import re

import pandas as pd

QUANTITY_NOT_SPECIFIED = "quantity not specified"
_LEADING_NUMBER = re.compile(r"(?P<whole>\d+(?:\.\d+)?)(?:/(?P<below>[1-9]\d*))?\s+(?P<words>\S.*)")
# "5 oz package" is one package that holds 5 oz; "1 oz, cooked" is an ounce.
_SIZE_OF_A_PACK = re.compile(r"(?:fl )?oz [a-z]")


def split_portion(text: str) -> tuple[float, str]:
    """Return the amount a portion's words begin with, and the words after it.

    Parameters
    ----------
    text : str
        As FNDDS writes it.

    Returns
    -------
    tuple of float and str
        The weight given for the portion is that of `amount` times the words. Words that begin with
        no count stand for one of what they describe; of an unspecified quantity the amount is NaN.

    Examples
    --------
    >>> split_portion("1 cup, diced"), split_portion("1/2 bagel")
    ((1.0, 'cup, diced'), (0.5, 'bagel'))
    >>> split_portion("1-3 ring thin pretzel"), split_portion("5 oz package")
    ((1.0, '1-3 ring thin pretzel'), (1.0, '5 oz package'))
    >>> split_portion("Quantity not specified")
    (nan, 'Quantity not specified')
    """
    if is_quantity_not_specified(text):
        return float("nan"), text
    counted = _LEADING_NUMBER.fullmatch(text)
    if counted is None:
        return 1.0, text
    amount = float(counted["whole"]) / float(counted["below"] or 1)
    if amount != 1 and _SIZE_OF_A_PACK.match(counted["words"]):
        return 1.0, text
    return amount, counted["words"]


def is_quantity_not_specified(text: str) -> bool:
    """Return whether a portion is the weight for a food eaten in an unknown amount.

    Examples
    --------
    >>> is_quantity_not_specified("Quantity not specified, if appetizer")
    True
    """
    return text.casefold().startswith(QUANTITY_NOT_SPECIFIED)


def known_weights(weights: pd.Series) -> pd.Series:
    """Return weights or amounts with 0 as unknown: no portion weighs nothing."""
    return weights.where(weights > 0)


def portion_text(amount: float, description: str) -> str:
    """Return a portion as it is read aloud: amount, then words.

    Examples
    --------
    >>> portion_text(0.5, "cup, sliced"), portion_text(float("nan"), "cup")
    ('0.5 cup, sliced', 'cup')
    """
    return description if amount != amount else f"{amount:g} {description}"  # NaN differs from itself
