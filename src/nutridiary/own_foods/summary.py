"""What each own food holds and how that was found, for the report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.fdc.tables import BY_VOLUME
from nutridiary.own_foods.labels import said_again
from nutridiary.own_foods.records import OwnRecord
from nutridiary.portions.basis import BY_SERVING, BY_WEIGHT
from nutridiary.tables import NUMBER, TEXT, WHOLE, Column, Table, conform

if TYPE_CHECKING:
    import pandas as pd

OWN_FOOD_VALUES = Table(
    "own_food_values",
    "own food x nutrient; a food of which nothing is known has one row without a nutrient",
    ("food", "brand", "kind", "nutrient"),
    (
        Column("food", TEXT, "the food's or recipe's name"),
        Column("brand", TEXT, "brand as written"),
        Column("kind", TEXT, "own (from a label) or recipe"),
        Column("fdc_id", WHOLE, "its id in the tables, below zero; empty where it could not be made a food"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("per_100_g", NUMBER, "in 100 g as eaten; missing where unknown, or where no weight is known", "unit"),
        Column("per_serving", NUMBER, "in a serving; missing where unknown, or where no serving is stated", "unit"),
        Column("at_least", NUMBER, "in a serving, else in the whole: what the ingredients with a value give", "unit"),
        Column("estimated", NUMBER, "in a serving, else in the whole, with gaps filled from twin records", "unit"),
        Column("missing", WHOLE, "ingredients that have no value or could not be weighed"),
        Column("how", TEXT, "how it was found: the label as written, or the recipe's weights and factors"),
        Column("problem", TEXT, "why a value or the food is not known"),
        Column("source", TEXT, "file, and sheet for a workbook"),
        Column("line", WHOLE, "row number in it, from 1"),
    ),
)

_AGAIN = "this food stands twice on the sheet, and the first counts: keep one, or give them different names"
_HOW = {
    BY_WEIGHT: "label, by the weight of a serving",
    BY_VOLUME: "label, by the volume of a serving; its weight is unknown",
    BY_SERVING: "label, by the serving; its weight is unknown",
}


def label_rows(own_foods: pd.DataFrame, records: Sequence[OwnRecord]) -> pd.DataFrame:
    """Return the rows of own foods: what their labels say, and what could not be read.

    Parameters
    ----------
    own_foods : pandas.DataFrame
        `tables.OWN_FOODS`.
    records : sequence of OwnRecord
        As of `label_records`.
    """
    import pandas as pd

    by_name = {(record.name.casefold(), record.brand.casefold()): record for record in records}
    rows = []
    again = said_again(own_foods)
    written: Iterator[Any] = own_foods.itertuples()  # its fields are the table's columns
    for row, is_again in zip(written, again, strict=True):
        brand = row.brand if isinstance(row.brand, str) else ""
        record = by_name.get((str(row.name).casefold(), brand.casefold()))
        problem = _AGAIN if is_again and not isinstance(row.problem, str) else row.problem
        usable = record is not None and not isinstance(problem, str)
        amount = float(row.amount) if usable else math.nan
        how = [f'written "{row.as_written}"' if isinstance(row.as_written, str) else ""]
        if isinstance(row.daily_value_edition, str):
            how.append(f"Daily Values {row.daily_value_edition}")
        how += [_HOW[record.basis] if record else "", row.note if isinstance(row.note, str) else ""]
        rows.append(
            {
                "food": row.name,
                "brand": row.brand,
                "kind": "own",
                "fdc_id": record.fdc_id if record else None,
                "nutrient": row.nutrient,
                "unit": row.unit,
                "per_100_g": amount * 100 / row.serving_grams if row.serving_grams > 0 else math.nan,
                "per_serving": amount,
                "at_least": amount,
                "estimated": amount,
                "missing": 0,
                "how": "; ".join(part for part in how if part),
                "problem": problem,
                "source": row.source,
                "line": row.line,
            }
        )
    return conform(pd.DataFrame(rows), OWN_FOOD_VALUES)


def rows_without_record(named: Mapping[str, pd.DataFrame], problems: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each recipe that could not be made a food, with the reason."""
    import pandas as pd

    rows = [
        {
            "food": named[key]["recipe"].iloc[0],
            "kind": "recipe",
            "problem": problem,
            "source": named[key]["source"].iloc[0],
            "line": named[key]["line"].iloc[0],
        }
        for key, problem in problems.items()
    ]
    return conform(pd.DataFrame(rows), OWN_FOOD_VALUES)
