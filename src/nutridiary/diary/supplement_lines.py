"""Supplements among the lines of a diary: what tells them, and how many were taken of what dose."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from nutridiary.diary.amount_cells import set_amount_from_food
from nutridiary.diary.food_text import split_food
from nutridiary.diary.words import word_list
from nutridiary.supplements import is_supplement_text, read_line, read_taken, read_whole_label
from nutridiary.supplements.products import products_by_name
from nutridiary.supplements.taken import DOSE_UNITS

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.diary.entries import Entry

TOLD_BY = 'kind supplement, from "'
"""How the note begins of a line that its own words make a supplement."""
# A longer text is a story, not the name of a product. [characters]
_LONGEST = 200
_SHOWN = 40  # [characters] of a line, in the note that says what told it
_WORD = re.compile(r"[^\W\d_]+")
_COUNT = re.compile(r"^\d{1,2}\s+")
_EDGES = re.compile(r"^(?:(?:my|daily|the|a|an|one|\d{1,2})\s+)+|(?:\s+(?:x\s?)?\d{1,2}x?|\s+daily)+$")


@lru_cache(maxsize=5_000)
def supplement_sign(*texts: str | None) -> str | None:
    """Return what says that a line is a supplement, None where nothing does.

    Parameters
    ----------
    *texts : str or None
        The food as written; then what its amount and unit cells say.

    Returns
    -------
    str or None
        The form it is taken in (nobody eats foods by the tablet), the name of a product, or the nutrient and dose
        that are all that is written.

    Examples
    --------
    >>> supplement_sign("Vitamin D3 2000 IU", "1"), supplement_sign("Slow-Mag 2"), supplement_sign("B12 500 mcg")
    ('iu', 'slow-mag', 'B12 500 mcg')
    >>> supplement_sign("Milk", "1 cup"), supplement_sign("coffee, 1 capsule"), supplement_sign("vitamin water")
    (None, None, None)
    """
    said = " ".join(text for text in texts if text)
    lower = said.lower()
    words: list[str] = _WORD.findall(lower)
    forms, foods = word_list("supplement"), word_list("food in tablets")
    form = next((word for word in words if word in forms), None)
    is_sure = form is not None and (forms[form] == "name" or is_supplement_text(said))
    if form and (is_sure or not any(word in foods for word in words)):
        return form
    name = " ".join((texts[0] or "")[:_LONGEST].lower().replace("’", "'").split()) if texts else ""
    product = _product(name)
    if product:
        return product
    return said[:_SHOWN] if is_supplement_text(said) else None


def _product(name: str) -> str | None:
    """Return the product a text begins with, behind a number or not, or the name without details that is all of it."""
    products, names = word_list("supplement product"), word_list("supplement name")
    uncounted = _COUNT.sub("", name)
    for length in range(min(len(uncounted), max(map(len, products))), 2, -1):
        end = uncounted[length : length + 1]
        if uncounted[:length] in products and not end.isalnum():
            return uncounted[:length]
    return next((bare for bare in (name, _EDGES.sub("", name)) if bare in names), None)


def with_products(entries: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return `entries` with the lines that are called like a product of the Supplements sheet made supplements.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    products : pandas.DataFrame
        `tables.SUPPLEMENT_PRODUCTS`.

    Returns
    -------
    pandas.DataFrame
        `tables.ENTRIES`, the same rows. A line whose food is stated by its number stays food.
    """
    if products.empty:
        return entries
    known = products_by_name(products)
    named = (entries["kind"] == "food") & entries["food_text"].notna()
    named &= entries[["stated_fdc_id", "stated_food_code"]].isna().all(axis=1)
    lines = entries.loc[named, ["food_text", "brand"]]
    told = [
        known.find(text, brand if isinstance(brand, str) else "") is not None
        for text, brand in zip(lines["food_text"], lines["brand"], strict=True)
    ]
    rows = lines.index[told]
    entries = entries.copy()
    entries.loc[rows, "kind"] = "supplement"
    notes = entries.loc[rows, "note"]
    entries.loc[rows, "note"] = (notes + "; ").fillna("") + "kind supplement, from your Supplements sheet"
    return entries


def set_amount_of_supplement(entry: Entry, decimal: str | None = None) -> bool:
    """Take how many were taken, or the dose, out of the text of a supplement; return whether it says either.

    Parameters
    ----------
    entry : Entry
        Of the kind supplement, without an amount in a cell of its own.
    decimal : {".", ","}, optional
        Decimal mark of the file.

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> entry = Entry("diary.csv", 2, kind="supplement", food_text="2 tablets magnesium citrate 200 mg")
    >>> set_amount_of_supplement(entry), entry.amount, entry.unit, entry.food_text
    (True, 2.0, 'tablet', 'magnesium citrate 200 mg')
    """
    text = entry.food_text or ""
    line = read_line(text)
    entry.fail(line.problem)
    if line.problem:
        return False
    if line.taken:
        taken = read_taken(None, None, line.taken)
        entry.written_text, entry.food_text, entry.amount_text = text, line.label or text, line.taken
        entry.amount, entry.unit = taken.number, taken.unit or None
        if taken.low != taken.high:
            entry.amount_low, entry.amount_high = taken.low, taken.high
        entry.fail(taken.problem)
        return True
    if not read_whole_label(text).doses or _is_one_dose(text, decimal):
        return set_amount_from_food(entry, decimal)
    entry.amount, entry.unit = 1.0, "dose"
    entry.notes.append("how many were taken is not written: the dose in the text is counted once")
    return True


def _is_one_dose(text: str, decimal: str | None) -> bool:
    """Tell whether a text is a name with one dose, which is then the amount: "B12 500 mcg"."""
    amount = split_food(text, decimal=decimal)
    return not amount.problem and amount.unit in DOSE_UNITS and amount.amount == amount.amount
