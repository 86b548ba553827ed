"""What foods of FNDDS have beyond other foods, worded alike in the workbooks, the CSV tables and the JSON."""

from __future__ import annotations

import re

import pandas as pd

from nutridiary.fdc.portion_words import is_quantity_not_specified, known_weights, split_portion
from nutridiary.fdc.tables import shaped

# Types of a food's attributes; ``food_attribute_type.csv`` and each attribute of the JSON name them.
ALIAS, ADJUSTMENT, GENERIC = "Additional Description", "Adjustments", "Attribute"
CATEGORY_NUMBER, CATEGORY = "WWEIA Category number", "WWEIA Category description"
_MOISTURE_CHANGE = re.compile(r"moisture change:\s*([+-]?\d+(?:\.\d+)?)\s*%", re.IGNORECASE)


def survey_portions(portions: pd.DataFrame) -> pd.DataFrame:
    """Return the portions of FNDDS foods.

    Parameters
    ----------
    portions : pandas.DataFrame
        ``fdc_id, seq, text, gram_weight``, a weight of 0 standing for an unknown one.
    """
    described = portions["text"].str.split().str.join(" ")
    split = [split_portion(text) for text in described]
    told = portions.assign(
        amount=[amount for amount, _ in split],
        description=[words for _, words in split],
        text=described,
        gram_weight=known_weights(portions["gram_weight"]),
        is_quantity_not_specified=[is_quantity_not_specified(text) for text in described],
    )
    return shaped("portions", told.sort_values(["fdc_id", "seq"]))


def survey_aliases(written: pd.DataFrame) -> pd.DataFrame:
    """Return the other names of foods, from ``fdc_id, text`` in the order in which they count.

    A text may hold several names, separated by semicolons.
    """
    aliases = written[["fdc_id"]].assign(alias=written["text"].str.split(";")).explode("alias")
    aliases["alias"] = aliases["alias"].str.split().str.join(" ")
    aliases = aliases[aliases["alias"] != ""].sort_values("fdc_id", kind="stable")
    return shaped("aliases", aliases.assign(seq=aliases.groupby("fdc_id").cumcount() + 1))


def moisture_change(text: str) -> float:
    """Return the moisture a recipe gains or loses [%], NaN where an adjustment's text is about something else.

    Examples
    --------
    >>> moisture_change("Moisture change: -15%")
    -15.0
    """
    found = _MOISTURE_CHANGE.fullmatch(text.strip())
    return float(found[1]) if found else float("nan")
