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


_ABOUT = re.compile(
    r"^(?:about|approximately|approx\b\.?|appx\b\.?|circa|ca\.|[~≈])\s*|\s*\|?\s*\babout\.?$", re.IGNORECASE
)
_FRACTIONS = {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4", "⅛": " 1/8"}
_NUMBER_WORDS = {"one": 1.0, "a": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half": 0.5}
_MIXED = re.compile(
    r"(?:(?P<whole>\d+(?:\.\d+)?|\.\d+)(?![\d/.])[ -]*)??"
    r"(?:(?P<over>\d+)/(?P<below>[1-9]\d*))?(?=[\s(a-z]|$)\s*(?P<words>\D.*)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]*\)?")
_SAID_AGAIN = re.compile(r"\s*[,|;/]\s*(?=\d).*")
_SIZE = re.compile(r"\d+(?:\.\d+)? ?(?:(?:fl\.? )?oz|g|ml)\b\.? (?=[a-z])", re.IGNORECASE)


def split_household(text: str) -> tuple[float, str] | None:
    """Return the amount and the words of the serving on a label; None where it is not sure how many of what it is.

    Examples
    --------
    >>> split_household("about 15 chips"), split_household("1 1/2 cups (39 g)"), split_household("ONE BAR")
    ((15.0, 'chips'), (1.5, 'cups (39 g)'), (1.0, 'BAR'))
    >>> split_household("½ cup"), split_household(".25 pizza"), split_household("1 shake")
    ((0.5, 'cup'), (0.25, 'pizza'), (1.0, 'shake'))
    >>> split_household("1 5.3 oz container"), split_household("2 pieces, 1 oz")
    ((1.0, '5.3 oz container'), (2.0, 'pieces'))
    >>> split_household("5-6 crackers"), split_household("per 15 chips"), split_household("28")
    (None, None, None)
    """
    plain = " ".join(text.split())
    for sign, written in _FRACTIONS.items():
        plain = plain.replace(sign, written)
    plain = _ABOUT.sub("", plain.strip(" ,;|")).strip(" ,;|")
    first, _, rest = plain.partition(" ")
    if first.casefold() in _NUMBER_WORDS and rest:
        amount, words = _NUMBER_WORDS[first.casefold()], rest
    elif plain[:1].isdigit() or plain[:1] == ".":
        found = _MIXED.fullmatch(plain)
        if found is None or not (found["whole"] or found["over"]):
            return None
        amount = float(found["whole"] or 0) + (float(found["over"]) / float(found["below"]) if found["over"] else 0.0)
        words = found["words"].strip()
    else:
        amount, words = 1.0, plain
    words = _SAID_AGAIN.sub("", words) if "(" not in words else words
    said = _SIZE.sub("", _BRACKETS.sub("", words).strip(), count=1)
    is_sure = amount > 0 and any(c.isalpha() for c in said) and not any(c.isdigit() for c in said)
    return (amount, words) if is_sure and said[:1].isalpha() else None


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
