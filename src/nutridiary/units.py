"""Units as people write them, and the few conversions that need no knowledge of the food.

`data/unit_spellings.csv` maps what people write to one canonical unit ("grams." to "g", "T" to "tbsp").
`data/units.txt` defines the measurable ones, each with its source: cups, spoons, pints and fluid ounces are
**US customary**; imperial and metric ones are units of their own ("imperial pint", "metric cup").

Household words (slice, handful, bowl, medium) have a canonical spelling here and no size: weighing them
needs the food, and so does turning millilitres into grams.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import UnitError, did_you_mean, listing

if TYPE_CHECKING:
    import pint

# An amount in such a unit can be converted without knowing the food.
MEASURABLE = ("mass", "volume", "energy", "international unit")

# "½ c", "cup(s)", "fl. oz." : what is set aside before a spelling is looked up.
_PLURAL_MARK = re.compile(r"\((?:s|es)\)")
_SEPARATORS = re.compile(r"[\s.\-_]+")
_PLURALS = (("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""), ("n", ""))


class Spelling(NamedTuple):
    """One line of `data/unit_spellings.csv`."""

    spelling: str
    unit: str
    kind: str
    note: str


@cache
def unit_spellings() -> dict[str, Spelling]:
    """Return the spelling table, by spelling."""
    with data_file("unit_spellings.csv").open(encoding="utf-8", newline="") as file:
        rows = [Spelling(**row) for row in csv.DictReader(file)]
    return {_bare(row.spelling): row for row in rows}


@cache
def _kinds() -> dict[str, str]:
    return {row.unit: row.kind for row in unit_spellings().values()}


def _bare(text: str) -> str:
    return _SEPARATORS.sub(" ", _PLURAL_MARK.sub("", text)).strip()


@lru_cache(maxsize=20_000)
def canonical_unit(text: str) -> str | None:
    """Return the one name of the unit written as `text`, or None where it is not a unit we know.

    Upper and lower case mean the same, except in "T" (tablespoon) and "t" (teaspoon) and in the German
    "EL" and "TL". Dots, hyphens, double spaces and plurals do not matter.

    Parameters
    ----------
    text : str
        A unit as written.

    Returns
    -------
    str or None
        A canonical unit, always singular: "g", "fl oz", "slice". "each" is a bare count.

    Examples
    --------
    >>> [canonical_unit(text) for text in ("Grams.", "T", "t", "fl. oz.", "slices", "bunches", "cup(s)")]
    ['g', 'tbsp', 'tsp', 'fl oz', 'slice', 'bunch', 'cup']
    >>> canonical_unit("cpu") is None
    True
    """
    spellings = unit_spellings()
    bare = _bare(text)
    for form in (bare, bare.lower()):
        if form in spellings:
            return spellings[form].unit
    folded = bare.lower()
    for ending, singular in _PLURALS:
        # A short word loses no letters: "ms" and "as" are no plurals of a unit.
        if folded.endswith(ending) and len(folded) > len(ending) + 2:
            stem = folded.removesuffix(ending) + singular
            if stem in spellings:
                return spellings[stem].unit
    return None


def unit_kind(unit: str | None) -> str | None:
    """Return what kind of unit a canonical unit is, or None where it is not one.

    Parameters
    ----------
    unit : str or None
        A canonical unit.

    Returns
    -------
    str or None
        "mass", "volume", "energy", "international unit", "size" (small, medium), "count" (slice, piece),
        "container" (bowl, can) or "food" (a food that counts itself: egg).

    Examples
    --------
    >>> [unit_kind(unit) for unit in ("oz", "cup", "medium", "slice", "bowl", "blorp")]
    ['mass', 'volume', 'size', 'count', 'container', None]
    """
    return None if unit is None else _kinds().get(unit)


@cache
def _registry() -> pint.UnitRegistry[float]:
    import pint

    return pint.UnitRegistry(str(data_file("units.txt")), autoconvert_offset_to_baseunit=False)


def factor_to(unit: str, from_unit: str, nutrient: str | None = None) -> float:
    """Return how many `unit` one `from_unit` is: the factor to multiply a whole column by.

    Parameters
    ----------
    unit, from_unit : str
        Canonical units of one kind.
    nutrient : str, optional
        Name as in nutrients.csv. International units are a mass for vitamin D only (40 IU = 1 ug).

    Returns
    -------
    float
        Factor [unit / from_unit].

    Raises
    ------
    UnitError
        If either is unknown or unmeasurable, or no stated factor joins the two.

    Examples
    --------
    >>> factor_to("g", "oz")
    28.349523125
    >>> factor_to("ug", "IU", nutrient="vitamin_d")
    0.025
    """
    return _factor(_measurable(unit), _measurable(from_unit), nutrient)


@cache
def _sizes() -> dict[str, tuple[str, float]]:
    """The size of each unit in the base unit of its kind: what pint makes of `data/units.txt`, without its 0.3 s."""
    with data_file("unit_factors.csv").open(encoding="utf-8", newline="") as file:
        return {row["unit"]: (row["base"], float(row["factor"])) for row in csv.DictReader(file)}


@cache
def _factor(unit: str, from_unit: str, nutrient: str | None) -> float:
    if unit == from_unit:
        return 1.0
    (base, size), (from_base, from_size) = _sizes()[unit], _sizes()[from_unit]
    if base == from_base:
        # Twelve digits, as of pint below.
        return float(f"{from_size / size:.12g}")
    if "IU" not in (unit, from_unit):
        raise UnitError(_no_factor(unit, from_unit, nutrient))
    return _factor_by_pint(unit, from_unit, nutrient)


def _factor_by_pint(unit: str, from_unit: str, nutrient: str | None) -> float:
    """The factor by the definitions themselves, which alone know what an international unit of a nutrient is."""
    import pint

    registry = _registry()
    amount = registry.Quantity(1.0, from_unit.replace(" ", "_"))
    # A pint context per nutrient whose international units have a factor; any other name is a KeyError.
    contexts = [nutrient] if nutrient and "IU" in (unit, from_unit) else []
    try:
        # Twelve digits: binary fractions leave 0.2365882364999999 otherwise.
        return float(f"{amount.to(unit.replace(' ', '_'), *contexts).magnitude:.12g}")
    except (pint.DimensionalityError, KeyError):
        raise UnitError(_no_factor(unit, from_unit, nutrient)) from None


def convert(amount: float, from_unit: str, to_unit: str, nutrient: str | None = None) -> float:
    """Return `amount` in another unit.

    Parameters
    ----------
    amount : float or array
        How many `from_unit`.
    from_unit, to_unit : str
        Canonical units of one kind.
    nutrient : str, optional
        Name as in nutrients.csv, needed to turn international units into a mass.

    Returns
    -------
    float or array
        How many `to_unit`. NaN stays NaN.

    Raises
    ------
    UnitError
        As for `factor_to`.

    References
    ----------
    The factors and their sources stand in ``data/units.txt``.

    Examples
    --------
    >>> convert(1, "kcal", "kJ")
    4.184
    >>> convert(400, "IU", "ug", nutrient="vitamin_d")
    10.0
    >>> convert(1, "cup", "kcal")
    Traceback (most recent call last):
    nutridiary.errors.UnitError: cannot convert 'cup' (volume) to 'kcal' (energy): they measure different things.
    """
    return amount * factor_to(to_unit, from_unit, nutrient)


def grams(amount: float, unit: str) -> float:
    """Return a stated weight in grams [g]; UnitError for anything but a unit of mass.

    Examples
    --------
    >>> grams(8, "oz")
    226.796185
    """
    return convert(amount, unit, "g")


def millilitres(amount: float, unit: str) -> float:
    """Return a volume in millilitres [ml], cups and spoons US customary; UnitError for anything else.

    Examples
    --------
    >>> millilitres(2, "cup")
    473.176473
    >>> millilitres(1, "metric cup")
    250.0
    """
    return convert(amount, unit, "ml")


def unknown_unit(text: str) -> str:
    """Return the words for a unit that is in no table.

    Examples
    --------
    >>> unknown_unit("cpu")
    "unknown unit 'cpu'. Did you mean 'cup'?"
    """
    return f"unknown unit '{text}'.{did_you_mean(text, _kinds()) or did_you_mean(text, unit_spellings())}"


def _measurable(unit: str) -> str:
    kind = unit_kind(unit)
    if kind in MEASURABLE:
        return unit
    if kind is None:
        raise UnitError(unknown_unit(unit))
    measurable = [name for name, kind in _kinds().items() if kind in MEASURABLE]
    raise UnitError(
        f"'{unit}' has no size of its own: how much it is depends on the food. Measured: {listing(measurable)}."
    )


def _no_factor(unit: str, from_unit: str, nutrient: str | None) -> str:
    kinds = {unit_kind(from_unit), unit_kind(unit)}
    words = f"cannot convert '{from_unit}' ({unit_kind(from_unit)}) to '{unit}' ({unit_kind(unit)})"
    if kinds == {"mass", "volume"}:
        return f"{words}: that needs the food's own weight per volume."
    if kinds == {"mass", "international unit"}:
        which = f"of '{nutrient}'" if nutrient else "of an unnamed nutrient"
        return f"{words} {which}: it depends on the form. Only vitamin D has one factor (40 IU = 1 ug)."
    return f"{words}: they measure different things."
