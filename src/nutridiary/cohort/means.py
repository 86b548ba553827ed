r"""Means of a survey's days, with the error that its design gives (Taylor linearisation).

For a group the mean is a ratio, :math:`\bar y = \sum w y / \sum w` over its members. Its variance is that of the
totals per sampling unit of :math:`z = w (y - \bar y) / \sum w`, members of other groups counting as zero, so that a
unit without a member still is one: :math:`\sum_h \frac{n_h}{n_h - 1} \sum_i (z_{hi} - \bar z_h)^2` over strata *h*.

References
----------
.. [1] Wolter KM. Introduction to Variance Estimation, 2nd ed. Springer 2007, ch. 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from nutridiary.cohort.design import REPLICATE, Replicates, degrees_of_freedom, replicates, sampling_units
from nutridiary.cohort.groups import groups_of
from nutridiary.cohort.people_days import PeopleDays, people_and_days
from nutridiary.cohort.scipy_extra import scipy_module
from nutridiary.nutrients import load_nutrients
from nutridiary.tables import SURVEY_MEANS, conform

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    ErrorOf = Callable[[npt.NDArray[np.bool_], Numbers, Numbers], tuple[float, int]]

TAYLOR, SIMPLE = "Taylor linearisation over strata and PSUs", "Taylor linearisation, people drawn one by one"


def survey_means(
    table: pd.DataFrame, nutrients: Sequence[str], *, by: str | None = None, fay: float = 0.0
) -> pd.DataFrame:
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
    fay : float
        Fay's factor of the table's replicate weights, which go before strata and sampling units. [-]

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
    import numpy as np
    import pandas as pd

    drawn = people_and_days(table, nutrients)
    days = drawn.days
    weight = days["weight"].to_numpy("float64") if "weight" in days.columns else np.ones(len(days))
    method, error_of = _errors(drawn, fay)
    rows = [
        _row(days, group, inside, nutrient, method)
        | _mean(days[nutrient].to_numpy("float64"), weight, inside, error_of)
        for group, inside in groups_of(days, by)
        for nutrient in nutrients
    ]
    return conform(pd.DataFrame(rows), SURVEY_MEANS)


def _row(
    days: pd.DataFrame, group: str, inside: npt.NDArray[np.bool_], nutrient: str, method: str
) -> dict[str, object]:
    known = load_nutrients().loc[nutrient]
    intake = days.loc[inside, nutrient]
    return {
        "group": group,
        "nutrient": nutrient,
        "label": known["label"],
        "unit": known["unit"],
        "people": days.loc[intake.index[intake.notna()], "person_id"].nunique(),
        "days_left_out": int(intake.isna().sum()),
        "se_method": method,
    }


def _errors(drawn: PeopleDays, fay: float) -> tuple[str, ErrorOf]:
    """Return where the errors of the means come from, and what works one out from weights and intakes of days."""
    import numpy as np

    days = drawn.days
    person = days["person"].to_numpy("int64")
    if fay or any(name.startswith(REPLICATE) for name in days.columns):
        sample = replicates(drawn.people, fay=fay)
        return sample.method, partial(_by_replicates, sample, person)
    if "psu" in days.columns:
        return TAYLOR, partial(_by_units, *sampling_units(days))
    return SIMPLE, partial(_by_units, person, np.zeros(len(drawn.people), dtype="int64"))


def _mean(intake: Numbers, weight: Numbers, inside: npt.NDArray[np.bool_], error_of: ErrorOf) -> dict[str, object]:
    import numpy as np

    known = inside & ~np.isnan(intake)
    counts = np.where(known, weight, 0.0)
    if not counts.any():
        return {"days": 0}
    values = np.where(known, intake, 0.0)
    mean = counts @ values / counts.sum()
    error, degrees = error_of(known, counts, values)
    margin = scipy_module("special").stdtrit(degrees, 0.975) * error if degrees > 0 else np.nan
    return {
        "days": int(known.sum()),
        "mean": mean,
        "mean_se": error,
        "mean_low": mean - margin,
        "mean_high": mean + margin,
        "degrees": degrees,
    }


def _by_replicates(
    sample: Replicates, person: Whole, known: npt.NDArray[np.bool_], counts: Numbers, values: Numbers
) -> tuple[float, int]:
    """Return the error of a mean by how it moves with the survey's own replicate weights."""
    weights = sample.weights[:, person] * known
    totals = weights.sum(axis=1)
    if (totals <= 0).any():  # a replicate without anybody of the group
        return float("nan"), sample.degrees
    return float(sample.standard_error(weights @ values / totals)), sample.degrees


def _by_units(
    unit: Whole, strata: Whole, known: npt.NDArray[np.bool_], counts: Numbers, values: Numbers
) -> tuple[float, int]:
    """Return the error of a mean by linearisation, and its degrees of freedom."""
    import numpy as np

    degrees = degrees_of_freedom(unit[counts > 0], strata)
    shares = counts / counts.sum()
    totals: Numbers = np.bincount(unit, shares * (values - shares @ values), len(strata)).astype("float64")
    return _linearised(totals, strata) if degrees > 0 else float("nan"), degrees


def _linearised(totals: Numbers, strata: Whole) -> float:
    """Return the standard error of a sum of totals per unit; a unit alone in its stratum adds nothing."""
    import numpy as np

    sizes = np.bincount(strata)
    centred = totals - (np.bincount(strata, totals) / sizes)[strata]
    squares = np.bincount(strata, centred**2)
    several = sizes > 1
    sizes, squares = sizes[several], squares[several]
    return float(np.sqrt((sizes / (sizes - 1) * squares).sum()))
