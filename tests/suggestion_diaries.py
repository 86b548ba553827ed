"""Small diaries of foods on record, worked out as far as suggestions need them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from nutridiary.foods import load_foods
from nutridiary.intake import daily_intakes, nutrient_intakes
from nutridiary.nutrients import panel_nutrients
from nutridiary.plausibility import plausibility
from nutridiary.references import Person
from nutridiary.suggestions import Wishes, limit_nutrients, suggest
from nutridiary.tables import WEIGHED, conform

ANNA = Person(sex="female", age_years=34)
FIRST = dt.date(2026, 3, 2)
WHITE_RICE, COLA, CHICKEN, APPLE_JUICE = 2_708_408, 2_710_541, 2_705_931, 2_709_320
POOR = ((WHITE_RICE, 400.0), (COLA, 500.0), (CHICKEN, 120.0), (APPLE_JUICE, 300.0))
"""A day that is low in most minerals, and in energy and sodium, too."""

Eaten = Sequence[tuple[int, float]]


def weighed_of(days: Sequence[Eaten], person: str | None = None) -> pd.DataFrame:
    """Return `tables.WEIGHED` of days of (food, grams)."""
    foods = load_foods()
    names = foods.foods({food for day in days for food, _ in day}).set_index("fdc_id")["description"]
    rows = [
        {
            "source": "diary.csv",
            "person_id": person,
            "date": pd.Timestamp(FIRST) + pd.Timedelta(days=number),
            "food_text": names[food],
            "kind": "food",
            "fdc_id": food,
            "food_description": names[food],
            "gram_weight": grams,
            "gram_low": grams,
            "gram_high": grams,
        }
        for number, day in enumerate(days)
        for food, grams in day
    ]
    return conform(pd.DataFrame(rows).assign(line=range(2, len(rows) + 2)), WEIGHED)


def suggested(
    days: Sequence[Eaten],
    people: Mapping[str, Person] | None = None,
    wishes: Wishes | None = None,
    *,
    reference: str = "nasem",
    nutrients: Sequence[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return suggestions, their effects, and the days' totals they rest on."""
    foods, names = load_foods(), list(nutrients or panel_nutrients())
    needed = list(dict.fromkeys([*names, *limit_nutrients()]))
    weighed = weighed_of(days)
    intakes = nutrient_intakes(weighed, foods, needed)
    totals = daily_intakes(intakes, weighed, needed)
    people = {"": ANNA} if people is None else people
    found, effects = suggest(
        totals,
        intakes,
        weighed,
        people,
        foods,
        wishes or Wishes(),
        plausibility=plausibility(totals[totals["nutrient"] == "energy"], people),
        nutrients=names,
        reference=reference,
    )
    return found, effects, totals
