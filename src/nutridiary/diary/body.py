"""Ages, weights and heights of people as they write them, in years, kilograms and centimetres."""

from __future__ import annotations

import re

from nutridiary.errors import PersonError

_AGE = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?(y|yr|yrs|year|years|m|mo|mos|month|months)?(?: old)?\.?")
_MEASURE = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?) ?([a-z\"']*)\.?")
_FEET = re.compile(r"(\d) ?(?:'|ft|feet|foot)\.? ?(?:(\d{1,2}(?:\.\d)?) ?(?:\"|in|inch|inches|'')?\.?)?")
_STONES = re.compile(r"(\d{1,2}) ?(?:st|stone)\.? ?(\d{1,2}(?:[.,]\d)?) ?(?:lb|lbs|pounds?)?\.?")
# NIST Handbook 44, Appendix C: pound and inch are exact; a stone is 14 pounds.
_POUND = 0.45359237
KILOGRAMS = {
    "kg": 1.0,
    "kilo": 1.0,
    "kilos": 1.0,
    "lb": _POUND,
    "lbs": _POUND,
    "pound": _POUND,
    "pounds": _POUND,
    "st": 14 * _POUND,
    "stone": 14 * _POUND,
}
"""What one of each unit of body weight is. [kg]"""

CENTIMETRES = {"cm": 1.0, "m": 100.0, "in": 2.54, "inch": 2.54, "inches": 2.54, '"': 2.54}
"""What one of each unit of body height is, besides feet. [cm]"""


def read_age(text: str) -> float:
    """Return an age as somebody writes it. [years]

    Raises
    ------
    PersonError
        If it is none.

    Examples
    --------
    >>> read_age("34"), read_age("6 months"), read_age("34 years old")
    (34.0, 0.5, 34.0)
    """
    match = _AGE.fullmatch(text.strip().lower())
    if match is None:
        raise PersonError(f'cannot read the age "{text[:40]}". Write it in years, for example 34.')
    age = float(match[1].replace(",", "."))
    return age / 12 if (match[2] or "y").startswith("m") else age


def read_weight(text: str, unit: str = "") -> float:
    """Return a body weight as somebody writes it. [kg]

    Parameters
    ----------
    text : str
    unit : str
        Of a figure without one, where it is known: the heading of the column says it.

    Raises
    ------
    PersonError
        If it is none, or no unit is known: nothing is assumed.

    Examples
    --------
    >>> read_weight("64 kg"), read_weight("141 lb"), read_weight("10 st 2 lb"), read_weight("64", "kg")
    (64.0, 63.957, 64.41, 64.0)
    """
    stones = _STONES.fullmatch(text.strip().lower())
    if stones:
        return round((14 * float(stones[1]) + float(stones[2].replace(",", "."))) * _POUND, 3)
    return _measure(text, unit, KILOGRAMS, "weight", "64 kg")


def read_height(text: str, unit: str = "") -> float:
    """Return a body height as somebody writes it, as `read_weight` does a weight. [cm]

    Examples
    --------
    >>> read_height("168 cm"), read_height("1.68 m"), round(read_height("5 ft 6 in"), 2), round(read_height("5'6"), 2)
    (168.0, 168.0, 167.64, 167.64)
    """
    feet = _FEET.fullmatch(text.strip().lower())
    if feet:
        return float(feet[1]) * 30.48 + float(feet[2] or 0) * 2.54
    return _measure(text, unit, CENTIMETRES, "height", "168 cm")


def _measure(text: str, unit: str, factors: dict[str, float], what: str, example: str) -> float:
    match = _MEASURE.fullmatch(text.strip().lower())
    if match is None:
        raise PersonError(f'cannot read the {what} "{text[:40]}". Write it with its unit, for example {example}.')
    own = match[2] or unit
    if own not in factors:
        raise PersonError(f'the {what} "{text[:40]}" has no unit. Write it with its unit, for example {example}.')
    return round(float(match[1].replace(",", ".")) * factors[own], 3)
