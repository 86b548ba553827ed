"""What of the shipped tables about foods a release cannot use: entries about foods that it no longer has."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.tables import TEXT, WHOLE, Column, Table, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

SET_ASIDE = Table(
    "set_aside",
    "shipped table about foods",
    ("table",),
    (
        Column("table", TEXT, "name of the file in data/"),
        Column("entries", WHOLE, "its entries that name a food"),
        Column("set_aside", WHOLE, "of these, entries about a food that the release does not have"),
        Column("first", TEXT, "the first such food; missing where there is none"),
    ),
)

BY_ID = {
    "synonyms.csv": {"fdc_id": "description"},
    "food_twins.csv": {"fdc_id": "description", "twin_fdc_id": "twin_description"},
    "suggestion_foods.csv": {"fdc_id": "food_description"},
}
"""Tables whose columns name records, followed to the record that took their place, and where the name stands."""

BY_CODE = {
    "fndds_crosswalk.csv": {"food_code": "description"},
    "fndds_older_codes.csv": {"food_code": "description"},
}
"""Tables whose columns name FNDDS food codes, which stay as they are."""


def set_aside(foods: FoodData) -> pd.DataFrame:
    """Return how many entries of each shipped table a release cannot use.

    Parameters
    ----------
    foods : FoodData

    Returns
    -------
    pandas.DataFrame
        `SET_ASIDE`.

    Examples
    --------
    >>> from nutridiary.foods import load_foods
    >>> int(set_aside(load_foods(release="embedded"))["set_aside"].sum())
    0
    """
    import pandas as pd

    rows = []
    for name, columns in (BY_ID | BY_CODE).items():
        with data_file(name).open(encoding="utf-8", newline="") as file:
            entries = [row for row in csv.DictReader(file) if all(row[column] for column in columns)]
        named = {int(row[column]) for row in entries for column in columns}
        here = set(foods.current(named)) if name in BY_ID else set(foods.with_codes(named)["food_code"])
        gone = [
            row[described] for row in entries for column, described in columns.items() if int(row[column]) not in here
        ]
        lost = sum(any(int(row[column]) not in here for column in columns) for row in entries)
        rows.append({"table": name, "entries": len(entries), "set_aside": lost, "first": gone[0] if gone else None})
    return conform(pd.DataFrame(rows), SET_ASIDE)
