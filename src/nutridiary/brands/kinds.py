"""Products that are named after a food they are not: vegan cheese, meatless sausage, milk for toddlers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isnan, nan

_ANIMAL = "chicken|chick'?n|beef|pork|meat|fish|tuna|turkey|egg|dairy|milk|cheese|butter|sausage|bacon|ham|lamb|gelatin"
_WITHOUT_ANIMALS = re.compile(
    r"\b(?:vegan|vegetarian|veggie|veg|plant|plants|meatless|eggless|dairyless|nondairy|mock|faux|imitation|alternative|"
    rf"substitute|analogue?|chick'n|vegenaise|soy|tofu|seitan|tempeh|(?:{_ANIMAL})[ -]?(?:free|less)|"
    rf"(?:non|no|without)[ -]?(?:{_ANIMAL}))\b",
    re.IGNORECASE,
)
# Free of a part of it, not of the animal.
_OF_ANIMALS_ALL_THE_SAME = re.compile(r"\b(?:fat|lactose|cholesterol|nitrate|antibiotic|hormone)[ -]?free\b", re.I)
_FOR_SMALL_CHILDREN = re.compile(
    r"\b(?:toddlers?|infants?|bab(?:y|ies)|newborns?)\b(?! (?:carrot|corn|spinach|back))", re.I
)


def other_kind(product: str, generic: str, held: Mapping[str, float]) -> str:
    """Return why a product can be no such food, whatever its label says; empty where it may be.

    Parameters
    ----------
    product, generic : str
        Names.
    held : mapping of str to float
        What the generic food holds; cholesterol and vitamin B12 that was not added tell food of animals. [unit/100 g]

    Examples
    --------
    >>> cheddar = {"cholesterol": 99.0, "vitamin_b12": 1.1, "vitamin_b12_added": 0.0}
    >>> other_kind("VEGAN CHEDDAR STYLE SHREDS", "Cheese, Cheddar", cheddar)
    'it is made without what "Cheese, Cheddar" is made of'
    >>> other_kind("SHARP CHEDDAR", "Cheese, Cheddar", cheddar)
    ''
    >>> other_kind("CHICKEN FREE STRIPS", "Chicken tenders or strips, NFS", {"cholesterol": 43.0})
    'it is made without what "Chicken tenders or strips, NFS" is made of'
    >>> other_kind("VEGAN SPREAD", "Spread", {})
    'whether "Spread" is made of animals is not known'
    >>> other_kind("TODDLER MILK DRINK", "Milk, whole", {"cholesterol": 12.0})
    'it is made for small children, and "Milk, whole" is not'
    """
    if _FOR_SMALL_CHILDREN.search(product) and not _FOR_SMALL_CHILDREN.search(generic):
        return f'it is made for small children, and "{generic}" is not'
    if not _WITHOUT_ANIMALS.search(_OF_ANIMALS_ALL_THE_SAME.sub("", product)) or _WITHOUT_ANIMALS.search(generic):
        return ""
    cholesterol, b12, added = (held.get(name, nan) for name in ("cholesterol", "vitamin_b12", "vitamin_b12_added"))
    of_itself = b12 if isnan(added) else b12 - added  # where it is not known what was added, all may be its own
    if cholesterol > 0 or of_itself > 0:
        return f'it is made without what "{generic}" is made of'
    if isnan(cholesterol) and isnan(of_itself):
        return f'whether "{generic}" is made of animals is not known'
    return ""
