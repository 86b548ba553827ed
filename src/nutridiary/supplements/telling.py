"""Which lines of a diary are supplements though nothing says so: those of nothing but nutrient, form and dose."""

from __future__ import annotations

from nutridiary.supplements.items import Item, items_of
from nutridiary.supplements.taken import DOSE_UNITS
from nutridiary.supplements.vocabulary import naming_words, phrases, tokens_of

# People note these down as what a food holds: "protein 30 g" is no supplement.
_ALSO_OF_FOOD = {"protein", "fiber_total", "sodium"}
_LONGEST = 120
_AROUND = {"filler", "salt", "elemental", "and", "as", "of", "per", "comma", "slash", "dash", "open", "close", "number"}
# Doses in grams are believed up to this many; "calcium 300 g" is no tablet. [g]
_MOST_GRAMS = 5.0


def is_supplement_text(text: str, unit: str | None = None) -> bool:
    """Tell whether a line is a supplement by its words alone.

    Parameters
    ----------
    text : str
        The food as written, with or without its amount.
    unit : str, optional
        The unit of the amount, where it stands apart.

    Returns
    -------
    bool
        True where nothing but a nutrient, its form and a dose or a tablet is written.

    Examples
    --------
    >>> [is_supplement_text(text) for text in ("B12 500 mcg", "iron tablet", "magnesium glycinate 200mg")]
    [True, True, True]
    >>> [is_supplement_text(text) for text in ("calcium-set tofu", "iron skillet chicken 200 g", "potassium 3 bananas")]
    [False, False, False]
    >>> is_supplement_text("vitamin D", "IU"), is_supplement_text("milk", "mg")
    (True, False)
    """
    if len(text) > _LONGEST or not _may_name(text):
        return False
    items = items_of(text)
    names = [item for item in items if item.kind == "name"]
    if not names or any(item.nutrient in _ALSO_OF_FOOD for item in names):
        return False
    said = {item.kind for item in items} - {"name"}
    if not said <= _AROUND | {"dose", "count", "piece"}:
        return False
    return any(_is_dose(item) for item in items) or _is_dose_unit(unit) or any(item.is_compound for item in names)


def _may_name(text: str) -> bool:
    return any(token.text in naming_words() for token in tokens_of(text))


def _is_dose(item: Item) -> bool:
    if item.kind == "dose" and item.measure:
        return item.measure.unit != "g" or item.measure.amount <= _MOST_GRAMS
    if item.kind == "count" and item.measure:
        return item.measure.unit not in ("serving", "ml", "tsp", "tbsp", "fl oz")
    return item.kind == "piece" and item.meaning not in ("serving", "ml", "tsp", "tbsp", "fl oz")


def _is_dose_unit(unit: str | None) -> bool:
    meanings = phrases().get(tuple(token.text for token in tokens_of(unit or "")), ())
    return any(
        (word.kind == "dose unit" and word.meaning in DOSE_UNITS and word.meaning != "g")
        or (word.kind == "piece" and word.form == "solid")
        for word in meanings
    )
