r"""How a survey was drawn, and what that says of the error of its figures.

A survey draws neighbourhoods (primary sampling units, PSU) within strata, and people within them; people of one
PSU eat more alike than people at large. The error of a figure is therefore told by how much it moves when whole PSUs
are left out (jackknife), or by the replicate weights the survey itself publishes (balanced repeated replication, BRR).

References
----------
.. [1] Wolter KM. Introduction to Variance Estimation, 2nd ed. Springer 2007, ch. 3 (BRR), 4 (jackknife), 6 (Taylor).
.. [2] Judkins DR. Fay's method for variance estimation. J Off Stat 1990;6:223-239.
.. [3] Johnson CL, Paulose-Ram R, Ogden CL, et al. National Health and Nutrition Examination Survey: analytic
   guidelines, 1999-2010. Vital Health Stat 2 2013;(161): degrees of freedom of a subgroup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.errors import CohortError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

JACKKNIFE, BRR, DELETE_A_GROUP = "delete-one-PSU jackknife", "balanced repeated replication", "delete-a-group jackknife"
REPLICATE = "replicate_"
"""What the name of a column of replicate weights begins with."""

# People without a design are left out in so many groups: enough for a standard error known to about 7 %,
# 1/sqrt(2 (groups - 1)), without a fit for each person.
_GROUPS = 100


@dataclass(frozen=True)
class Replicates:
    """Weights of the people, as drawn and with parts of the sample left out.

    Attributes
    ----------
    weights : numpy.ndarray
        One row a replicate, one column a person; the first row is the whole sample.
    factors : numpy.ndarray
        What the squared deviation of each replicate counts in the variance; one fewer than rows.
    degrees : int
        Degrees of freedom of the standard errors.
    method : str
        How they were made, in words.
    unit, strata : numpy.ndarray, optional
        Number of each person's sampling unit, and of each unit's stratum; missing for published weights.
    """

    weights: Numbers
    factors: Numbers
    degrees: int
    method: str
    unit: Whole | None = None
    strata: Whole | None = None

    def standard_error(self, estimates: Numbers) -> Numbers:
        """Return the standard error of estimates, of which the first is that of the whole sample.

        It is NaN where the estimates are of the whole sample alone: a part left out leaves nothing to estimate from;
        and where no stratum has two units: nothing tells how units differ.

        Examples
        --------
        >>> import numpy as np
        >>> two = Replicates(np.ones((3, 2)), np.array([0.5, 0.5]), 1, JACKKNIFE)
        >>> float(two.standard_error(np.array([5.0, 4.0, 6.0])))
        1.0
        """
        import numpy as np

        if len(estimates) != len(self.factors) + 1 or self.degrees < 1:
            return np.full(estimates.shape[1:], np.nan)
        deviations = estimates[1:] - estimates[0]
        error: Numbers = np.sqrt(np.tensordot(self.factors, deviations**2, axes=1))
        return error

    def of(self, people: Whole) -> Replicates:
        """Return the same replicates for some of the people; none of the sampling units is lost.

        The degrees of freedom are those of the units that hold one of them [3]_.
        """
        weights = self.weights[:, people]
        if self.unit is None or self.strata is None:
            return Replicates(weights, self.factors, self.degrees, self.method)
        unit = self.unit[people]
        degrees = degrees_of_freedom(unit[weights[0] > 0], self.strata)
        return Replicates(weights, self.factors, degrees, self.method, unit, self.strata)


def replicates(people: pd.DataFrame, *, fay: float = 0.0) -> Replicates:
    """Return the replicates of a sample: by its own replicate weights, else by its sampling units, else by people.

    Parameters
    ----------
    people : pandas.DataFrame
        One row a person, the whole sample: `person_id`; `weight` where people stand for different numbers of
        others; `stratum` and `psu`, or columns ``replicate_1`` ..., where the survey has them.
    fay : float
        Fay's factor of published replicate weights, 0 for plain BRR. [-]

    Returns
    -------
    Replicates

    Raises
    ------
    CohortError
        If the design contradicts itself, or Fay's factor is given without replicate weights.

    Examples
    --------
    >>> import pandas as pd
    >>> drawn = pd.DataFrame({"person_id": ["a", "b"], "weight": [1.0, 3.0], "stratum": [1, 1], "psu": [1, 2]})
    >>> replicates(drawn).weights.tolist()
    [[1.0, 3.0], [0.0, 6.0], [2.0, 0.0]]
    """
    weight = people_weights(people)
    published = [name for name in people.columns if name.startswith(REPLICATE)]
    if published:
        return _balanced(people[published].to_numpy("float64"), weight, fay)
    if fay:
        raise CohortError("Fay's factor is about published replicate weights, columns replicate_1 ...: there are none.")
    if {"stratum", "psu"} <= set(people.columns):
        return _leaving_out(weight, *sampling_units(people), JACKKNIFE)
    return _by_groups(people["person_id"], weight)


def sampling_units(people: pd.DataFrame) -> tuple[Whole, Whole]:
    """Return the number of each row's sampling unit (0, 1 ...), and the stratum of each unit.

    Raises
    ------
    CohortError
        If a row has no stratum or PSU, or a stratum has a single PSU, which tells no error.
    """
    import numpy as np

    if people[["stratum", "psu"]].isna().any(axis=None):
        raise CohortError("some people have no stratum or no PSU. Give both to everybody, or leave the columns out.")
    unit = np.asarray(people.groupby(["stratum", "psu"]).ngroup(), dtype="int64")
    units = people[["stratum", "psu"]].drop_duplicates().sort_values(["stratum", "psu"])
    strata = np.asarray(units.groupby("stratum").ngroup(), dtype="int64")
    alone = units["stratum"].to_numpy()[np.bincount(strata)[strata] == 1]
    if len(alone):
        raise CohortError(
            f"stratum {alone[0]} has a single PSU, which tells no error. Join it with a neighbouring stratum."
        )
    return unit, strata


def degrees_of_freedom(unit: Whole, strata: Whole) -> int:
    """Return the degrees of freedom that people's sampling units leave: units less strata, of those that hold one.

    Examples
    --------
    >>> import numpy as np
    >>> degrees_of_freedom(np.array([0, 0, 1, 2]), strata=np.array([0, 0, 1, 1]))
    1
    """
    import numpy as np

    reached = np.unique(unit)
    return len(reached) - len(np.unique(strata[reached]))


def people_weights(people: pd.DataFrame) -> Numbers:
    """Return how many others each person stands for, 1 where that is not given.

    Raises
    ------
    CohortError
        If a weight is no number of zero or more, or all are zero.
    """
    import numpy as np

    if "weight" not in people.columns:
        return np.ones(len(people))
    weight = people["weight"].to_numpy("float64")
    if not (np.isfinite(weight) & (weight >= 0)).all() or (len(weight) and not weight.any()):
        raise CohortError("column weight: every person needs a weight of zero or more, and one above zero.")
    return weight


def _leaving_out(weight: Numbers, unit: Whole, strata: Whole, method: str) -> Replicates:
    """Leave every unit out once, its stratum's others standing in for it."""
    import numpy as np

    sizes = np.bincount(strata)[strata]  # units of the stratum, for each unit
    same = strata[:, np.newaxis] == strata[unit][np.newaxis, :]
    held = np.where(same, (sizes / (sizes - 1))[:, np.newaxis], 1.0)
    held[unit, np.arange(len(unit))] = 0.0
    weights = np.vstack([weight, held * weight])
    return Replicates(weights, (sizes - 1) / sizes, degrees_of_freedom(unit, strata), method, unit, strata)


def _by_groups(person_id: pd.Series, weight: Numbers) -> Replicates:
    """Leave people out one by one, or, where they are many, by groups made from the order of their names."""
    import numpy as np

    if len(weight) < 2:
        return Replicates(weight[np.newaxis, :], np.empty(0), 0, DELETE_A_GROUP)
    unit = (np.asarray(person_id.rank(method="first"), dtype="int64") - 1) % _GROUPS
    return _leaving_out(weight, unit, np.zeros(int(unit.max()) + 1, dtype="int64"), DELETE_A_GROUP)


def _balanced(published: Numbers, weight: Numbers, fay: float) -> Replicates:
    import numpy as np

    if not 0 <= fay < 1:
        raise CohortError(f"Fay's factor is {fay:g}. It lies from 0 (plain BRR) to below 1; survey documents state it.")
    if not (np.isfinite(published) & (published >= 0)).all():
        raise CohortError("replicate weights: each must be a number of zero or more for everybody.")
    count = published.shape[1]
    factors = np.full(count, 1 / (count * (1 - fay) ** 2))
    return Replicates(np.vstack([weight, published.T]), factors, count, BRR)
