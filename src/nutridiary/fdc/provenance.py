"""What is known about each value, packed into a row of text per food, and read back.

Per food there are three texts, each with a place per nutrient in the order of the database's
``nutrient`` table:

- `origins`: a character per nutrient, explained by the table ``value_origin``; ``-`` where the food
  has no value;
- `data_points`: comma-separated counts; empty is 0, ``?`` is not known;
- `standard_errors`: comma-separated numbers; empty is not known.

The two lists end at their last entry. Foods of which no more is known than their release, such as
all of FNDDS, have no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nutridiary.errors import FoodDataError

NO_VALUE, NOT_KNOWN = "-", "?"
ORIGIN = {"release": "str", "other_nutrient_id": "Int64", "source_code": "Int64", "derivation_code": "str"}
"""What one symbol stands for. `other_nutrient_id` is empty where the value has the nutrient's own id."""

_SYMBOL_RANGES = [range(0x21, 0x7F), range(0xC0, 0x250), range(0x391, 0x3AA), range(0x400, 0x480)]
_NOT_SYMBOLS = "\"',\\" + NO_VALUE


def value_origins(values: pd.DataFrame) -> pd.DataFrame:
    """Return every combination of `ORIGIN` in `values` with its ``symbol``, the most frequent first.

    Raises
    ------
    FoodDataError
        If there are more combinations than symbols.
    """
    origins = values.groupby(list(ORIGIN), dropna=False).size().rename("count").reset_index()
    origins = origins.sort_values(["count", *ORIGIN], ascending=[False, *[True] * len(ORIGIN)], ignore_index=True)
    characters = [chr(code) for part in _SYMBOL_RANGES for code in part if chr(code) not in _NOT_SYMBOLS]
    if len(origins) > len(characters):
        raise FoodDataError(f"food data with {len(origins):,} kinds of derivation; a release has fewer than 200.")
    return origins.assign(symbol=characters[: len(origins)])[["symbol", *ORIGIN]]


def pack_provenance(values: pd.DataFrame, nutrients: int) -> pd.DataFrame:
    """Return ``fdc_id, origins, data_points, standard_errors``, a row a food.

    Parameters
    ----------
    values : pandas.DataFrame
        ``fdc_id, position, symbol, data_points, standard_error``.
    nutrients : int
        How many places each text has.
    """
    foods, food = np.unique(values["fdc_id"].to_numpy(), return_inverse=True)
    cell = (food, values["position"].to_numpy())
    origins = np.full((len(foods), nutrients), NO_VALUE, dtype="<U1")
    origins[cell] = values["symbol"].to_numpy("<U1")
    points = np.full((len(foods), nutrients), "", dtype=object)
    counted = zip(values["data_points"].isna(), values["data_points"].fillna(0), strict=True)
    points[cell] = [NOT_KNOWN if unknown else str(count or "") for unknown, count in counted]
    errors = np.full((len(foods), nutrients), "", dtype=object)
    measured = zip(values["standard_error"].isna(), values["standard_error"], strict=True)
    errors[cell] = ["" if unknown else f"{error:.6g}" for unknown, error in measured]
    return pd.DataFrame(
        {
            "fdc_id": foods,
            "origins": ["".join(row) for row in origins],
            "data_points": [",".join(row).rstrip(",") for row in points],
            "standard_errors": [",".join(row).rstrip(",") for row in errors],
        }
    )


def unpack_provenance(
    rows: Sequence[tuple[int, str, str, str]],
    places: Mapping[str, int],
    symbols: Mapping[str, tuple[object, ...]],
) -> list[tuple[object, ...]]:
    """Return a row per value: fdc_id, nutrient, the four of `ORIGIN`, data points, standard error.

    Parameters
    ----------
    rows : sequence of tuple
        As `pack_provenance` made them.
    places : mapping of str to int
        The place of each nutrient that is wanted.
    symbols : mapping of str to tuple
        What each symbol stands for.
    """
    values: list[tuple[object, ...]] = []
    for fdc_id, origins, points, errors in rows:
        point, error = points.split(","), errors.split(",")
        for nutrient, place in places.items():
            if origins[place] == NO_VALUE:
                continue
            count = point[place] if place < len(point) else ""
            deviation = error[place] if place < len(error) else ""
            values.append(
                (
                    *(fdc_id, nutrient),
                    *symbols[origins[place]],
                    None if count == NOT_KNOWN else int(count or 0),
                    float(deviation) if deviation else None,
                )
            )
    return values
