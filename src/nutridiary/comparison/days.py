"""Each day beside the reference intakes of the person on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nutridiary.comparison.groups import Asked, days_to_compare, with_references
from nutridiary.comparison.verdicts import positions, verdicts
from nutridiary.tables import DAY_COMPARISON, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person


def compare_days(
    days: pd.DataFrame,
    people: Mapping[str, Person],
    *,
    nutrients: Sequence[str] | None = None,
    edition: str | None = None,
    reference: str = "nasem",
) -> pd.DataFrame:
    """Compare each day's intakes with the reference intakes of the person on that day.

    Parameters
    ----------
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`.
    people : mapping of str to Person
        By ``person_id``; the key "" stands for the person of a diary that names nobody.
    nutrients : sequence of str, optional
        Which to compare; by default all of `days`.
    edition : str, optional
        Edition to use in place of the current one, as in `references.reference_values`.
    reference : {"nasem", "efsa", "fda-dv", "harmonized"}
        Whose values.

    Returns
    -------
    pandas.DataFrame
        `tables.DAY_COMPARISON`: the rows of `days`, each with its figures [unit/d] and verdict. `ul`
        is there only where the UL holds for all intake; the others are `compare`'s.

    Raises
    ------
    NutridiaryError
        If a nutrient, the reference or the edition is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.references import Person
    >>> day = {"date": pd.Timestamp(2025, 3, 1), "nutrient": "magnesium", "unit": "mg", "foods": 8}
    >>> known = {"amount": 210.0, "low": 210.0, "high": 210.0, "foods_without_value": 0, "foods_left_out": 0}
    >>> table = compare_days(pd.DataFrame([{**day, **known}]), {"": Person(sex="female", age_years=34)})
    >>> float(table.loc[0, "ear"]), table.loc[0, "verdict"]
    (265.0, 'below_ear')
    """
    rows = days_to_compare(days, nutrients).assign(asked=0)
    rows = with_references(rows, people, [Asked.of(edition, reference)])
    rows["ul"] = rows["ul"].where(rows["ul_applies_to"] == "total_intake")
    kind, amount = goal(rows)
    position = positions(rows, upper_bound(rows, rows["amount"]))
    rows = rows.assign(
        reference_kind=kind,
        percent_of_reference=100 * rows["amount"] / amount,
        verdict=verdicts(rows, position, rows["low"]),
    )
    return conform(rows.reindex(columns=DAY_COMPARISON.names), DAY_COMPARISON)


def goal(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return which figure a person aims at, RDA, AI or DV, and its amount; missing where there is none."""
    kind, amount = rows["rda"].notna().map({True: "RDA", False: None}).astype("str"), rows["rda"]
    for name in ("ai", "dv"):
        kind = kind.mask(kind.isna() & rows[name].notna(), name.upper())
        amount = amount.fillna(rows[name])
    return kind, amount


def upper_bound(rows: pd.DataFrame, known: pd.Series) -> pd.Series:
    """Return the upper bound of what the reference counts, for a verdict to rest on.

    NaN where nothing bounds the intake, where only a part of what the reference counts is on record, and where nothing
    at all is `known` of it: of bounds alone no verdict is made.
    """
    return rows["high"].where(~rows["in_equivalents"] & known.notna())
