"""What is held beside symptom days: the nutrients that are tested, and what else may lie behind a difference."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients, nutrient_label, written_unit

if TYPE_CHECKING:
    import pandas as pd

TESTED, CONFOUNDER = "tested", "confounder"

LEAST_KNOWN = 0.5
"""Share of a day's food lines that must have a value for the day's intake to count as known."""


@dataclass(frozen=True)
class Factor:
    """One thing that may differ between days with and without a symptom.

    Attributes
    ----------
    name : str
        A nutrient, or what else is on record: exercise, supplements, weekend, incomplete.
    role : str
        `TESTED`, or `CONFOUNDER`: shown beside, not tested.
    comes_from : str
        nutrient; a kind of entry; weekend; or incomplete.
    label, unit : str
        For a reader.
    """

    name: str
    role: str
    comes_from: str
    label: str
    unit: str


@cache
def load_factors() -> tuple[Factor, ...]:
    """Return what is compared, from ``data/symptom_factors.csv``, in its order.

    Examples
    --------
    >>> [factor.name for factor in load_factors() if factor.role == TESTED][:3]
    ['magnesium', 'potassium', 'calcium']
    """
    with data_file("symptom_factors.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_factor(row) for row in csv.DictReader(file))


def _factor(row: dict[str, str]) -> Factor:
    name, label, unit = row["factor"], row["label"], row["unit"]
    if row["from"] == "nutrient":
        label, unit = nutrient_label(name), written_unit(str(load_nutrients().loc[name, "unit"]))
    return Factor(name, row["role"], row["from"], label, unit)


def factor_values(days: pd.DataFrame, weighed: pd.DataFrame) -> pd.DataFrame:
    """Return what one person's recorded days held of each factor.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES` of one person.
    weighed : pandas.DataFrame
        `tables.WEIGHED` of the same person.

    Returns
    -------
    pandas.DataFrame
        A row a recorded date, a column a factor. A nutrient's intake [its unit] is what is likely (`estimate`), or
        else what is known; NaN where fewer than half of the day's lines have a value. What is on record or not is
        100 or 0 [%]; NaN throughout where the diary has no such line at all, because then nobody knows.
    """
    import pandas as pd

    dated = days[days["date"].notna()]
    dates = dated["date"].drop_duplicates().sort_values().reset_index(drop=True)
    intakes = _known_intakes(dated)
    columns = {}
    for factor in load_factors():
        if factor.comes_from != "nutrient":
            columns[factor.name] = _on_record(factor.comes_from, dates, dated, weighed).set_axis(dates)
        elif factor.name in intakes:
            columns[factor.name] = intakes[factor.name].reindex(dates)
    return pd.DataFrame(columns, index=pd.Index(dates, name="date"))


def _known_intakes(days: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """Return the intakes of each nutrient by date, unknown where too few of the day's lines have a value."""
    lines = days["foods"] + days["foods_left_out"]
    known = days["foods"] - days["foods_without_value"]
    amount = days["estimate"].fillna(days["amount"]).where((lines > 0) & (known >= LEAST_KNOWN * lines))
    rows = days[["date", "nutrient"]].assign(value=amount)
    return {str(name): own.set_index("date")["value"] for name, own in rows.groupby("nutrient")}


def _on_record(
    what: str, dates: pd.Series[pd.Timestamp], days: pd.DataFrame, weighed: pd.DataFrame
) -> pd.Series[float]:
    """Return 100 for the dates on which something holds or is on record, and 0 for the others. [%]"""
    if what == "weekend":
        present = dates.dt.day_of_week >= 5
    elif what == "incomplete":
        present = dates.isin(days.loc[days["foods_left_out"] > 0, "date"])
    else:
        present = dates.isin(weighed.loc[weighed["kind"] == what, "date"])
        if not present.any():
            return present.astype("float64").where(present)
    return 100.0 * present.astype("float64")
