"""What a search or a list of FoodData Central found, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nutridiary.errors import FoodDataError
from nutridiary.fdc.answer_parts import number, published, text, whole

if TYPE_CHECKING:
    import pandas as pd

HITS = {
    "fdc_id": "int64",
    "description": "str",
    "data_type": "str",
    "brand_owner": "str",
    "brand_name": "str",
    "barcode": "str",
    "category": "str",
    "food_code": "Int64",
    "ndb_number": "Int64",
    "published": "datetime64[s]",
    "serving_size": "float64",
    "serving_unit": "str",
    "household_serving": "str",
    "ingredients": "str",
    "score": "float64",
    "fetched": "datetime64[s]",
}
"""Columns of a table of hits. `barcode` is as the owner of the brand wrote it; `data_type` as the API words it."""


def hits_table(foods: Sequence[Mapping[str, Any]], fetched: date) -> pd.DataFrame:
    """Return the foods of an answer as a table, in the order of the answer.

    Raises
    ------
    FoodDataError
        If a food is not in the API's layout.

    Examples
    --------
    >>> from datetime import date
    >>> food = {"fdcId": 2057648, "description": "CHEDDAR CHEESE", "dataType": "Branded", "gtinUpc": "094395000172"}
    >>> hits_table([food], date(2026, 11, 1))[["fdc_id", "barcode"]].to_numpy().tolist()
    [[2057648, '094395000172']]
    """
    import pandas as pd

    rows = [_hit(food, fetched) for food in foods]
    return pd.DataFrame(rows, columns=list(HITS)).astype(HITS)


def _hit(food: Mapping[str, Any], fetched: date) -> dict[str, Any]:
    fdc_id, description = whole(food, "fdcId"), text(food, "description")
    if fdc_id is None or not description:
        raise FoodDataError(
            f"FoodData Central answered with a hit that is not understood: fdcId {food.get('fdcId')!r}. "
            "Expected a number with a description."
        )
    category = food.get("foodCategory") or food.get("brandedFoodCategory")
    return {
        "fdc_id": fdc_id,
        "description": description,
        "data_type": text(food, "dataType") or None,
        "brand_owner": text(food, "brandOwner") or None,
        "brand_name": text(food, "brandName") or None,
        "barcode": text(food, "gtinUpc") or None,
        "category": category if isinstance(category, str) else None,
        "food_code": whole(food, "foodCode"),
        "ndb_number": whole(food, "ndbNumber"),
        "published": published(food),
        "serving_size": number(food, "servingSize"),
        "serving_unit": text(food, "servingSizeUnit") or None,
        "household_serving": text(food, "householdServingFullText") or None,
        "ingredients": text(food, "ingredients") or None,
        "score": number(food, "score"),
        "fetched": fetched,
    }
