"""What the tables of reference values of every authority have in common: columns, units, order of rows."""

from __future__ import annotations

import pandas as pd

PER_BODY_WEIGHT = "g/kg"
COLUMNS = [
    *("authority", "edition", "status", "nutrient", "unit", "life_stage", "sex", "age_from", "age_to"),
    *("kind", "kind_name", "condition", "amount", "applies_to", "place"),
]
# (unit of a table, unit of nutrients.csv) -> factor. A litre of total water is counted as 1,000 g (IOM 2005).
FACTORS = {("mg", "ug"): 1000.0, ("ug", "mg"): 0.001, ("g", "mg"): 1000.0, ("L", "g"): 1000.0}

_ORDERS = {
    "life_stage": ["infant", "child", "none", "pregnancy", "lactation"],
    "sex": ["both", "male", "female"],
    "kind": ["EAR", "RDA", "AI", "UL", "CDRR"],
}


def convert_units(rows: pd.DataFrame, units: pd.Series) -> pd.DataFrame:
    """Bring every amount to the nutrient's one unit; an amount per kg of body weight stays one."""
    target = rows["nutrient"].map(units)
    stated = rows["unit"].fillna(target)
    pairs = list(zip(stated, target, strict=True))
    per_weight = stated == PER_BODY_WEIGHT
    factors = [1.0 if a in (b, PER_BODY_WEIGHT) else FACTORS[a, b] for a, b in pairs]
    amounts = (rows["amount"] * factors).round(6)
    return rows.assign(amount=amounts, unit=target.mask(per_weight, PER_BODY_WEIGHT))


def in_order(rows: pd.DataFrame, nutrients: list[str]) -> pd.DataFrame:
    """Sort as a reader looks: nutrient, edition, kind, then life stage."""
    orders = {"nutrient": nutrients, **_ORDERS}
    places = {name: {word: place for place, word in enumerate(words)} for name, words in orders.items()}
    return rows.sort_values(
        ["nutrient", "status", "edition", "kind", "condition", "life_stage", "sex", "age_from"],
        key=lambda column: column.map(places[column.name]) if column.name in places else column,
        kind="stable",
    )
