"""Which lines of a diary are supplements though nothing says so: those of nothing but nutrient, form and dose."""

from __future__ import annotations

from nutridiary.supplements.items import Item, items_of
from nutridiary.supplements.taken import DOSE_UNITS
from nutridiary.supplements.vocabulary import naming_words, phrases, tokens_of

# People note these down as what a food holds: "protein 30 g" is no supplement.
_ALSO_OF_FOOD = {"protein", "fiber_total", "sodium"}
_LONGEST = 120
_AROUND = {"filler", "salt", "elemental", "and", "as", "of", "per", "comma", "slash", "dash", "open", "close", "number"}
# What foods are measured in as well.
_ALSO_FOR_FOOD = ("serving", "ml", "tsp", "tbsp", "fl oz", "scoop", "packet")
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
        True where nothing is written but a nutrient and its form, a dose or a tablet, or how often; and where
        another substance of supplements has a dose in milligrams or a tablet.

    Examples
    --------
    >>> [is_supplement_text(text) for text in ("B12 500 mcg", "iron tablet", "magnesium", "3x magnesium 100 mg")]
    [True, True, True, True]
    >>> [is_supplement_text(text) for text in ("calcium-set tofu", "iron skillet chicken 200 g", "potassium 3 bananas")]
    [False, False, False]
    >>> [is_supplement_text(text) for text in ("fish oil 1000 mg", "turmeric capsule", "garlic 5 g", "ginger")]
    [True, True, False, False]
    >>> is_supplement_text("vitamin D", "IU"), is_supplement_text("milk", "mg")
    (True, False)
    """
    if len(text) > _LONGEST or not _may_name(text):
        return False
    items = [item for item in items_of(text) if not _is_times(text, item)]
    names = [item for item in items if item.kind in ("name", "other")]
    in_pieces = any(item.kind in ("count", "piece") and _is_dose(item, of_other=True) for item in items)
    if not names or (any(item.nutrient in _ALSO_OF_FOOD for item in names) and not in_pieces):
        return False
    said = {item.kind for item in items} - {"name", "other"}
    if not said <= _AROUND | {"dose", "count", "piece"}:
        return False
    only_others = all(item.kind == "other" for item in names)
    if any(_is_dose(item, only_others) for item in items) or _is_dose_unit(unit):
        return True
    if only_others:
        return False
    return any(item.is_compound for item in names) or (not unit and not said & {"dose", "count", "piece"})


def _may_name(text: str) -> bool:
    return any(token.text in naming_words() for token in tokens_of(text))


def _is_times(text: str, item: Item) -> bool:
    """Tell the x of "x2" from a word."""
    return item.kind == "word" and text[item.start : item.end].lower() in ("x", "×")


def _is_dose(item: Item, of_other: bool) -> bool:
    """Tell a dose or a tablet from the amount of a food; a substance that is food as well is dosed in milligrams."""
    if item.kind == "dose" and item.measure:
        return item.measure.unit != "g" or (item.measure.amount <= _MOST_GRAMS and not of_other)
    if item.kind == "count" and item.measure:
        return item.measure.unit not in _ALSO_FOR_FOOD
    return item.kind == "piece" and item.meaning not in _ALSO_FOR_FOOD


def _is_dose_unit(unit: str | None) -> bool:
    meanings = phrases().get(tuple(token.text for token in tokens_of(unit or "")), ())
    return any(
        (word.kind == "dose unit" and word.meaning in DOSE_UNITS and word.meaning != "g")
        or (word.kind == "piece" and word.form == "solid")
        for word in meanings
    )
