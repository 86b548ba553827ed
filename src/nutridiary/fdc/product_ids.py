"""Ids of products that FoodData Central does not have: they are made of the number below the bars.

Records of Open Food Facts have no FDC id. Theirs is 100,000,000,000,000 plus the number of the product: fifteen digits
that begin with 1. FDC ids have seven digits and own foods are below zero, so none of them can be another's; and
fifteen digits are what a spreadsheet and a floating-point number hold without rounding.

>>> open_food_facts_id(3017620422003)
103017620422003
>>> product_url(103017620422003)
'https://world.openfoodfacts.org/product/3017620422003'
"""

from __future__ import annotations

OPEN_FOOD_FACTS = "open_food_facts"
"""Data type of products of Open Food Facts."""
LABELLED = ("branded_food", OPEN_FOOD_FACTS)
"""Data types of foods whose values are those of a label."""
_FIRST = 10**14
_PRODUCT = "https://world.openfoodfacts.org/product/"


def open_food_facts_id(gtin: int) -> int:
    """Return the id of a product of Open Food Facts.

    Parameters
    ----------
    gtin : int
        The number of the product, of at most 14 digits, as `nutridiary.barcodes` reads it.

    Raises
    ------
    ValueError
        If no product has such a number.
    """
    if not 0 < gtin < _FIRST:
        raise ValueError(f"{gtin} is no number of a product")
    return _FIRST + gtin


def gtin_of(fdc_id: int) -> int | None:
    """Return the number of the product that an id of `open_food_facts_id` is of; None for any other id.

    Examples
    --------
    >>> gtin_of(103017620422003), gtin_of(173944), gtin_of(-1)
    (3017620422003, None, None)
    """
    return fdc_id - _FIRST if _FIRST < fdc_id < 2 * _FIRST else None


def product_url(fdc_id: int) -> str:
    """Return the address of a product's page at Open Food Facts; empty for any other food."""
    gtin = gtin_of(fdc_id)
    return "" if gtin is None else f"{_PRODUCT}{open_food_facts_code(gtin)}"


def open_food_facts_code(gtin: int) -> str:
    """Return a number as Open Food Facts files it: 8 digits for short ones, else 13, or 14 where it has as many.

    https://openfoodfacts.github.io/openfoodfacts-server/api/ref-barcode-normalization/
    """
    digits = str(gtin)
    return digits.zfill(8) if len(digits) <= 8 else digits.zfill(13)
