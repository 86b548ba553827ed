r"""How likely an intake is below a person's own requirement: the full probability approach.

Where requirements are not symmetric around the EAR, the share of people below the EAR is not the share below
their own requirement. That share is the mean, over usual intakes, of the probability that a person's requirement
is above it [1]_.

References
----------
.. [1] Institute of Medicine, "Dietary Reference Intakes: Applications in Dietary Assessment", 2000,
   doi:10.17226/9956, ch. 4.
.. [2] Institute of Medicine, "Dietary Reference Intakes for Vitamin A, ... Iron, ... and Zinc", 2001,
   doi:10.17226/10026, Table 14-1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from nutridiary.cohort.scipy_extra import scipy_module
from nutridiary.data_files import data_file
from nutridiary.errors import CohortError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]
    Risk = Callable[[Numbers], Numbers]


def normal_risk(ear: float, requirement_cv: float) -> Risk:
    """Return the probability of inadequacy where requirements are normal around the EAR.

    Parameters
    ----------
    ear : float
        Mean requirement. [nutrient unit/d]
    requirement_cv : float
        Standard deviation of requirements, of the EAR: 0.10 for 10 %. [-]

    Returns
    -------
    callable
        From usual intakes to the share of people with a requirement above them. [0 to 1]

    Raises
    ------
    CohortError
        If a figure is not above zero.

    Examples
    --------
    >>> import numpy as np
    >>> normal_risk(265, 0.10)(np.array([265.0, 318.0])).round(3).tolist()
    [0.5, 0.023]
    """
    if not (ear > 0 and requirement_cv > 0):
        raise CohortError(f"EAR {ear:g} and requirement CV {requirement_cv:g}: both must be above zero.")
    below = scipy_module("special").ndtr

    def risk(intake: Numbers) -> Numbers:
        values: Numbers = below((ear - intake) / (requirement_cv * ear))
        return values

    return risk


def table_risk(percents: npt.ArrayLike, requirements: npt.ArrayLike) -> Risk:
    """Return the probability of inadequacy where requirements are known by their percentiles.

    Between two percentiles the share of people rises in proportion to the requirement; below the lowest the
    probability is 1 and from the highest on 0, as in the published table [2]_.

    Parameters
    ----------
    percents : array_like of float
        Rising. [%]
    requirements : array_like of float
        That so many percent of the people need no more than. [nutrient unit/d]

    Examples
    --------
    >>> import numpy as np
    >>> table_risk([10, 50, 90], [5, 8, 13])(np.array([4.0, 8.0, 10.5, 20.0])).round(2).tolist()
    [1.0, 0.5, 0.3, 0.0]
    """
    import numpy as np

    shares, needed = np.asarray(percents, dtype="float64") / 100, np.asarray(requirements, dtype="float64")
    if (np.diff(shares) <= 0).any() or (np.diff(needed) <= 0).any():
        raise CohortError("percentiles of a requirement must rise, and the requirement with them.")

    def risk(intake: Numbers) -> Numbers:
        values: Numbers = 1 - np.interp(intake, needed, shares, left=0.0, right=1.0)
        return values

    return risk


def iron_risk(sex: str, age_from: float, age_to: float) -> Risk | None:
    """Return the probability of inadequacy of iron for a group that menstruates, or None where no table covers it.

    The requirements are those of omnivorous women without oral contraceptives [2]_.

    Examples
    --------
    >>> import numpy as np
    >>> iron_risk("female", 19, 31)(np.array([8.07])).round(2).tolist()
    [0.5]
    """
    table = _iron_requirements()
    rows = table[(table["sex"] == sex) & (table["age_from"] <= age_from) & (table["age_to"] >= age_to)]
    return table_risk(rows["percentile"], rows["requirement"]) if len(rows) else None


@cache
def _iron_requirements() -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(data_file("usual_intake", "iron_requirement.csv"))
