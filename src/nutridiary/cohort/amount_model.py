r"""The one-part amount model: how intakes of single days vary between people, and from day to day.

On a Box-Cox scale :math:`x_{ij} = b_0 + b_1\,\text{weekend}_{ij} + b_2\,\text{later}_{ij} + p_i + e_{ij}` for day
*j* of person *i*: weekend is Friday to Sunday, later a day after the first recorded one, :math:`p_i` the person
(variance :math:`V_b`), :math:`e_{ij}` the day (variance :math:`V_w`). The variances are moments, not iterations:
:math:`V_b` is the mean product of two days of a person, :math:`V_b + V_w` the mean square of a day. Everything is
a weighted sum, so that all replicates of a sample are worked out at once.

References
----------
.. [1] Tooze JA, Kipnis V, Buckman DW, et al. A mixed-effects model approach for estimating the distribution of
   usual intake of nutrients: the NCI method. Stat Med 2010;29:2857-2868, doi:10.1002/sim.4063.
.. [2] Box GEP, Cox DR. An analysis of transformations. J R Stat Soc B 1964;26:211-252.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.usual_intake.box_cox import transform

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

WEEKEND_SHARE = 3 / 7
"""Friday to Sunday, of a week."""

# From the logarithm to no change at all; steps finer than this move usual intakes by less than their error.
_EXPONENTS = tuple(step / 20 for step in range(21))


@dataclass(frozen=True)
class RecordedDays:
    """Days of one intake, those of a person together.

    Attributes
    ----------
    intake : numpy.ndarray
        Known, zero or more. [nutrient unit]
    weekend, later : numpy.ndarray
        1 where the day is a Friday to Sunday, and where it is not the person's first; else 0.
    person : numpy.ndarray
        Number of the person (0, 1 ...), rising.
    """

    intake: Numbers
    weekend: Numbers
    later: Numbers
    person: npt.NDArray[np.int64]


@dataclass(frozen=True)
class AmountModel:
    """The model of each replicate of a sample; every array has one row a replicate, the whole sample first.

    Attributes
    ----------
    exponent : float
        Of the Box-Cox scale, that of the whole sample. [-]
    effects : numpy.ndarray
        Mean of a first day from Monday to Thursday; what a weekend adds; what a later day adds. [-]
    between, within : numpy.ndarray
        Variances on that scale. `between` may come out below zero: then the days do not tell people apart.
    floor : float
        Half the smallest intake above zero: what a zero is taken for, and the least usual intake. [nutrient unit]
    """

    exponent: float
    effects: Numbers
    between: Numbers
    within: Numbers
    floor: float

    @property
    def mean(self) -> Numbers:
        """Mean of first days on the Box-Cox scale, the days of a week in their shares."""
        mean: Numbers = self.effects[:, 0] + WEEKEND_SHARE * self.effects[:, 1]
        return mean


def fit_amount_model(days: RecordedDays, weights: Numbers) -> AmountModel | None:
    """Return the model of every replicate, or None where all intakes are zero or no person has two days.

    Parameters
    ----------
    days : RecordedDays
    weights : numpy.ndarray
        One row a replicate, one column a person (`Replicates.weights`).

    Returns
    -------
    AmountModel or None
        The exponent is the likeliest, for the whole sample, of steps of 0.05 between 0 and 1 [2]_.

    Examples
    --------
    >>> import numpy as np
    >>> zeros, person = np.zeros(4), np.array([0, 0, 1, 1])
    >>> model = fit_amount_model(RecordedDays(np.array([1.0, 1.0, 9.0, 9.0]), zeros, zeros, person), np.ones((1, 2)))
    >>> model.exponent, model.between.round(3).tolist(), model.within.round(3).tolist()
    (0.0, [1.207], [0.0])
    """
    import numpy as np

    counts = np.bincount(days.person, minlength=weights.shape[1])
    if not (days.intake > 0).any() or counts.max(initial=0) < 2:
        return None
    floor = float(days.intake[days.intake > 0].min()) / 2
    known = np.maximum(days.intake, floor)
    # An effect that these days cannot tell is 0: no day is a weekend, or all are.
    told = [effect if np.ptp(effect) > 0 else np.zeros(len(known)) for effect in (days.weekend, days.later)]
    columns = np.column_stack([np.ones(len(known)), *told])
    by_day = weights[:, days.person]
    by_day = by_day / by_day.sum(axis=1, keepdims=True)
    exponent = _likeliest(known, columns, by_day[:1])
    scaled = transform(known, exponent)
    effects, total = _regression(scaled, columns, by_day)
    between = _between(scaled - effects @ columns.T, days.person, counts, weights)
    return AmountModel(exponent, effects, between, total - between, floor)


def _likeliest(known: Numbers, columns: Numbers, by_day: Numbers) -> float:
    """Return the exponent under which the days, their effects taken off, are likeliest from a normal distribution."""
    import numpy as np

    mean_log = (by_day @ np.log(known)).item()
    likelihoods = []
    for exponent in _EXPONENTS:
        total = _regression(transform(known, exponent), columns, by_day)[1].item()
        likelihoods.append((exponent - 1) * mean_log - (np.log(total) / 2 if total > 0 else -np.inf))
    return _EXPONENTS[int(np.argmax(likelihoods))]


def _regression(scaled: Numbers, columns: Numbers, by_day: Numbers) -> tuple[Numbers, Numbers]:
    """Return the effects and the mean square of what they leave, for each replicate."""
    import numpy as np

    shift = scaled.mean()  # keeps the squares small beside their difference
    left = scaled - shift
    products = (columns[:, :, np.newaxis] * columns[:, np.newaxis, :]).reshape(len(scaled), -1)
    width = columns.shape[1]
    # The pseudo-inverse gives an effect without days the value 0.
    solve = np.linalg.pinv((by_day @ products).reshape(-1, width, width), hermitian=True)
    sides = by_day @ (columns * left[:, np.newaxis])
    effects = np.einsum("rij,rj->ri", solve, sides)
    total = np.maximum(by_day @ left**2 - (effects * sides).sum(axis=1), 0)
    effects[:, 0] += shift
    return effects, total


def _between(left: Numbers, person: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], weights: Numbers) -> Numbers:
    r"""Return the mean product of two days of a person, people with more days counting as often as they have days.

    The sum of the products of two days is half of :math:`(\sum e)^2 - \sum e^2`.
    """
    import numpy as np

    starts = np.flatnonzero(np.diff(person, prepend=-1))
    here = person[starts]
    days = counts[here]
    sums = np.add.reduceat(left, starts, axis=1)
    squares = np.add.reduceat(left**2, starts, axis=1)
    several = days > 1
    products = (sums**2 - squares)[:, several] / (days[several] - 1)
    weight = weights[:, here[several]]
    with np.errstate(invalid="ignore"):  # a replicate may have nobody with two days
        between: Numbers = (weight * products).sum(axis=1) / (weight * days[several]).sum(axis=1)
    return between
