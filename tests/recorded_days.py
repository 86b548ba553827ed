"""Recorded days made up for tests of what a few days say, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hand_made import ANNA
from nutridiary.comparison import compare
from nutridiary.nutrients import load_nutrients
from nutridiary.references import Person
from nutridiary.tables import INTAKES, conform
from nutridiary.usual_intake import confidence


def recorded(
    amounts: dict[str, Sequence[float]], person: str | None = None, supplements: dict[str, float] | None = None
) -> pd.DataFrame:
    """Return daily intakes of which everything is known; supplements give the same every day."""
    rows = []
    for nutrient, values in amounts.items():
        taken = (supplements or {}).get(nutrient)
        for number, food in enumerate(values):
            total = food + (taken or 0.0)
            rows.append(
                {
                    "person_id": person,
                    "date": pd.Timestamp(2026, 3, 2) + pd.Timedelta(days=number),
                    "nutrient": nutrient,
                    "unit": load_nutrients().loc[nutrient, "unit"],
                    **dict.fromkeys(("amount", "low", "high"), total),
                    "food_amount": food,
                    "supplement_amount": taken,
                    "foods": 8,
                    **dict.fromkeys(("foods_filled_in", "foods_without_value", "foods_left_out"), 0),
                }
            )
    return pd.DataFrame(rows).astype({"person_id": "str", "supplement_amount": "float64"})


def judged(
    amounts: dict[str, Sequence[float]],
    person: Person | None = ANNA,
    supplements: dict[str, float] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the confidence, by nutrient, and the working."""
    return judged_days(recorded(amounts, supplements=supplements), {} if person is None else {"": person})


def judged_days(days: pd.DataFrame, people: dict[str, Person]) -> tuple[pd.DataFrame, pd.DataFrame]:
    table, working = confidence(days, people, compare(days, people, conform(pd.DataFrame(), INTAKES)))
    return table.set_index("nutrient"), working


def quantities(working: pd.DataFrame, about: str) -> list[str]:
    return working.loc[working["about"] == about, "quantity"].tolist()
