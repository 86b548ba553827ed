r"""Means of a survey's days, with the error that its design gives (Taylor linearisation).

For a group the mean is a ratio, :math:`\bar y = \sum w y / \sum w` over its members. Its variance is that of the
totals per sampling unit of :math:`z = w (y - \bar y) / \sum w`, members of other groups counting as zero, so that a
unit without a member still is one: :math:`\sum_h \frac{n_h}{n_h - 1} \sum_i (z_{hi} - \bar z_h)^2` over strata *h*.

References
----------
.. [1] Wolter KM. Introduction to Variance Estimation, 2nd ed. Springer 2007, ch. 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.cohort.design import degrees_of_freedom, sampling_units
from nutridiary.cohort.groups import groups_of
from nutridiary.cohort.people_days import people_and_days
from nutridiary.cohort.scipy_extra import scipy_module
from nutridiary.nutrients import load_nutrients
from nutridiary.tables import SURVEY_MEANS, conform

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]

TAYLOR, SIMPLE = "Taylor linearisation over strata and PSUs", "Taylor linearisation, people drawn one by one"


def survey_means(table: pd.DataFrame, nutrients: Sequence[str], *, by: str | None = None) -> pd.DataFrame:
    """Return the mean of the days of each group, with its standard error.

    Parameters
    ----------
    table : pandas.DataFrame
        The whole sample, as in `people_days.people_and_days`: groups are told apart by `by`, not by leaving rows
        out, because the error rests on all sampling units. One day a person for the mean of a day.
    nutrients : sequence of str
        Columns of `table`.
    by : str, optional
        Column of the groups; rows without a value belong to none. Everybody is one group where it is not given.

    Returns
    -------
    pandas.DataFrame
        `tables.SURVEY_MEANS`. A mean of days is no usual intake and tells nothing of how many people have enough.

    Raises
    ------
    CohortError
        If a column is missing or contradicts itself, or scipy is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> drawn = pd.DataFrame({"person_id": list("abcd"), "day": 1, "weight": [1, 1, 1, 1], "stratum": [1, 1, 2, 2],
    ...                       "psu": [1, 2, 1, 2], "magnesium": [200.0, 300.0, 310.0, 290.0]})
    >>> survey_means(drawn, ["magnesium"]).loc[0, ["mean", "mean_se"]].astype(float).round(2).tolist()
    [275.0, 25.5]
    """
    import pandas as pd

    drawn = people_and_days(table, nutrients)
    days = drawn.days
    weight = days["weight"].to_numpy("float64") if "weight" in days.columns else None
    units = _units(days)
    rows = [
        _row(days, group, inside, nutrient) | _mean(days[nutrient].to_numpy("float64"), weight, inside, *units)
        for group, inside in groups_of(days, by)
        for nutrient in nutrients
    ]
    return conform(pd.DataFrame(rows), SURVEY_MEANS)


def _row(days: pd.DataFrame, group: str, inside: npt.NDArray[np.bool_], nutrient: str) -> dict[str, object]:
    known = load_nutrients().loc[nutrient]
    intake = days.loc[inside, nutrient]
    return {
        "group": group,
        "nutrient": nutrient,
        "label": known["label"],
        "unit": known["unit"],
        "people": days.loc[intake.index[intake.notna()], "person_id"].nunique(),
        "days_left_out": int(intake.isna().sum()),
        "se_method": TAYLOR if "psu" in days.columns else SIMPLE,
    }


def _units(days: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each row's sampling unit and each unit's stratum; people are their own units where none are known."""
    import numpy as np

    if {"stratum", "psu"} <= set(days.columns):
        return sampling_units(days)
    person = days["person"].to_numpy("int64")
    return person, np.zeros(int(person.max(initial=-1)) + 1, dtype="int64")


def _mean(
    intake: Numbers,
    weight: Numbers | None,
    inside: npt.NDArray[np.bool_],
    unit: npt.NDArray[np.int64],
    strata: npt.NDArray[np.int64],
) -> dict[str, object]:
    import numpy as np

    known = inside & ~np.isnan(intake)
    counts = np.where(known, np.ones(len(intake)) if weight is None else weight, 0.0)
    if not counts.any():
        return {"days": 0}
    values = np.where(known, intake, 0.0)
    mean = counts @ values / counts.sum()
    totals: Numbers = np.bincount(unit, counts * (values - mean) / counts.sum(), len(strata)).astype("float64")
    degrees = degrees_of_freedom(unit[counts > 0], strata)
    error = _linearised(totals, strata) if degrees > 0 else np.nan
    margin = scipy_module("special").stdtrit(degrees, 0.975) * error if degrees > 0 else np.nan
    return {
        "days": int(known.sum()),
        "mean": mean,
        "mean_se": error,
        "mean_low": mean - margin,
        "mean_high": mean + margin,
        "degrees": degrees,
    }


def _linearised(totals: Numbers, strata: npt.NDArray[np.int64]) -> float:
    """Return the standard error of a sum of totals per unit; a unit alone in its stratum adds nothing."""
    import numpy as np

    sizes = np.bincount(strata)
    centred = totals - (np.bincount(strata, totals) / sizes)[strata]
    squares = np.bincount(strata, centred**2)
    several = sizes > 1
    sizes, squares = sizes[several], squares[several]
    return float(np.sqrt((sizes / (sizes - 1) * squares).sum()))
