"""Portions of Foundation Foods and SR Legacy in the shape all portions have: an amount of words, and a weight."""

from __future__ import annotations

import pandas as pd

from nutridiary.fdc.portion_words import known_weights, portion_text
from nutridiary.fdc.tables import shaped

UNDETERMINED_UNIT = "undetermined"


def measured_portions(portions: pd.DataFrame) -> pd.DataFrame:
    """Return portions that state an amount of a unit, and words about it.

    Parameters
    ----------
    portions : pandas.DataFrame
        ``fdc_id, seq, amount, unit, portion_description, modifier, gram_weight, data_points``. An
        amount or weight of 0 is an unknown one.
    """
    words = pd.DataFrame(
        {
            "unit": portions["unit"].where(portions["unit"] != UNDETERMINED_UNIT),
            "of": portions["portion_description"],
            "as": portions["modifier"],
        }
    )
    described = [
        ", ".join(" ".join(str(word).split()) for word in row if pd.notna(word))
        for row in words.itertuples(index=False, name=None)
    ]
    amounts = known_weights(portions["amount"])
    told = portions.assign(
        description=described,
        amount=amounts,
        gram_weight=known_weights(portions["gram_weight"]),
        text=[portion_text(amount, words) for amount, words in zip(amounts, described, strict=True)],
        is_quantity_not_specified=False,
    )
    return shaped("portions", told)


def numbered_portions(portions: pd.DataFrame) -> pd.DataFrame:
    """Return portions with a `seq` unique within the food: the release's own `seq_num`, else a count from 1."""
    portions = portions.sort_values(["fdc_id", "seq_num", "id"], ignore_index=True)
    keys = portions[["fdc_id", "seq_num"]]
    unclear = (keys.duplicated(keep=False) | keys["seq_num"].isna()).groupby(portions["fdc_id"]).transform("any")
    counted = portions.groupby("fdc_id").cumcount() + 1
    portions["seq"] = portions["seq_num"].where(~unclear, counted).astype("int64")
    return portions
