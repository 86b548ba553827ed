r"""What recorded days say of a person's usual intake among people of the same sex and age.

On the Box-Cox scale people's own means :math:`A` are normal with :math:`m` and :math:`V_b`, and a person's days around
them with :math:`V_w`. Given the mean :math:`\bar x` of :math:`n` days, the means of people with such days are normal
with

.. math:: M = m + s(\bar x - m), \quad S^2 = V_b (1 - s), \quad s = \frac{V_b}{V_b + V_w / n}.

A day known to be unusual thus moves the answer less than many days that agree. The formulas of `individual` know
nothing of other people, and so promise too much from one day or three.

References
----------
.. [1] Dodd KW, Guenther PM, Freedman LS, et al. Statistical methods for estimating usual intake of nutrients and foods:
   a review of the theory. J Am Diet Assoc 2006;106:1640-1650, doi:10.1016/j.jada.2006.07.011.
.. [2] Tooze JA, Kipnis V, Buckman DW, et al. A mixed-effects model approach for estimating the distribution of
   usual intake of nutrients: the NCI method. Stat Med 2010;29:2857-2868, doi:10.1002/sim.4063.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.usual_intake.box_cox import transform, usual_intake_at
from nutridiary.usual_intake.individual import BestGuess, best_guess
from nutridiary.usual_intake.more_days import CLEAR
from nutridiary.usual_intake.normal import cumulative, floats, quantile

if TYPE_CHECKING:
    import numpy.typing as npt

    from nutridiary.usual_intake.normal import Numbers
    from nutridiary.usual_intake.variation import UsualIntakeModel

INTERVAL = 0.90
MOST_FURTHER_DAYS = 365

# The outermost of the nine points of `usual_intake_at`, in standard deviations of a person's days.
_OUTERMOST = 2.1
_HALVINGS = 32  # of an interval of a few units: to a billionth of one


class Posterior(NamedTuple):
    """Where people with such days have their own means on the Box-Cox scale: mean and standard deviation. [-]"""

    mean: Numbers
    sd: Numbers


def scaled_days(intake: npt.ArrayLike, model: UsualIntakeModel) -> Numbers:
    """Return intakes of days on the scale of a model, none taken for less than its floor. [-]"""
    import numpy as np

    return transform(np.maximum(floats(intake), model.floor), model.boxcox_lambda)


def posterior(scaled_mean: npt.ArrayLike, days: npt.ArrayLike, model: UsualIntakeModel) -> Posterior:
    """Return where people whose days have a given mean have their own means.

    Parameters
    ----------
    scaled_mean : array_like of float
        Mean of a person's days on the Box-Cox scale. [-]
    days : array_like of int
        How many days that are. [d]
    model : UsualIntakeModel

    Raises
    ------
    ValueError
        If `days` is less than 1.

    Examples
    --------
    >>> from nutridiary.usual_intake.variation import UsualIntakeModel
    >>> model = UsualIntakeModel("made up", "magnesium", 0.0, 5.5, 0.10, 0.12, 5.0)
    >>> found = posterior(5.9, 3, model)
    >>> round(float(found.mean), 4), round(float(found.sd), 4)
    (5.7857, 0.169)
    """
    within, between = math.sqrt(model.variance_within), math.sqrt(model.variance_between)
    guess = best_guess(
        scaled_mean, days, group_mean=model.mean, within_person_sd=within, between_person_sd=between, interval=INTERVAL
    )
    return Posterior(guess.estimate, (guess.high - guess.estimate) / quantile((1 + INTERVAL) / 2))


def usual_estimate(found: Posterior, model: UsualIntakeModel) -> BestGuess:
    """Return the best guess of usual intake from food, with its 90 % interval.

    The estimate is the mean of the usual intakes of people with such days: days of a person not known exactly scatter
    by both variances, so that it is `usual_intake_at` with their sum.

    Returns
    -------
    BestGuess
        [nutrient unit/d]

    Examples
    --------
    >>> from nutridiary.usual_intake.variation import UsualIntakeModel
    >>> model = UsualIntakeModel("made up", "magnesium", 0.0, 5.5, 0.10, 0.12, 5.0)
    >>> [round(float(value)) for value in usual_estimate(posterior(5.9, 3, model), model)]
    [351, 262, 457]
    """
    import numpy as np

    margin = quantile((1 + INTERVAL) / 2) * found.sd
    ends = _usual(np.stack([found.mean - margin, found.mean + margin]), model)
    # The variance differs with the number of days, so each person is brought back alone.
    estimate = [
        float(usual_intake_at(mean, model.variance_within + sd**2, model.boxcox_lambda, model.floor))
        for mean, sd in zip(found.mean.ravel().tolist(), found.sd.ravel().tolist(), strict=True)
    ]
    return BestGuess(floats(estimate).reshape(found.mean.shape), ends[0], ends[1])


def scaled_need(need: npt.ArrayLike, model: UsualIntakeModel) -> Numbers:
    """Return the point of the Box-Cox scale at which a person's usual intake is `need`.

    Parameters
    ----------
    need : array_like of float
        Intake from food. [nutrient unit/d]
    model : UsualIntakeModel

    Returns
    -------
    numpy.ndarray of float
        Minus infinity where every person's usual intake is as high. [-]

    Examples
    --------
    >>> from nutridiary.usual_intake.box_cox import usual_intake_at
    >>> from nutridiary.usual_intake.variation import UsualIntakeModel
    >>> model = UsualIntakeModel("made up", "calcium", 0.3, 23.0, 6.0, 12.0, 20.0)
    >>> usual_intake_at(scaled_need([800.0], model), 12.0, 0.3).round(6).tolist()
    [800.0]
    """
    import numpy as np

    wanted, lam = floats(need), model.boxcox_lambda
    within_reach = np.where(wanted > model.floor, wanted, np.nan)
    high = transform(within_reach, lam)
    if lam == 0:
        point = high - model.variance_within / 2
    else:
        # The mean of a person's days lies between the highest of the nine points and, their scale being
        # concave (lam < 1), the middle one.
        low = high - _OUTERMOST * math.sqrt(model.variance_within)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            above = _usual(middle, model) >= within_reach
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        point = high
    return np.where(wanted <= model.floor, -np.inf, point)


def share_meeting(found: Posterior, needs: Numbers, shares: Numbers) -> Numbers:
    """Return the share of people with such days whose usual intake meets their own need. [%]

    Parameters
    ----------
    found : Posterior
        One value a person.
    needs : numpy.ndarray of float
        A row a person, a column a need that some people have, as `scaled_need` gives it. [-]
    shares : numpy.ndarray of float
        The share of people that has each need; they add up to 1. [-]
    """
    share: Numbers = (chances(found, needs) * shares).sum(axis=-1) * 100
    return share


def chances(found: Posterior, needs: Numbers) -> Numbers:
    """Return the share of people with such days whose usual intake is above each need. [-]"""
    return cumulative((found.mean[:, None] - needs) / found.sd[:, None])


def further_days_by_model(
    scaled_mean: Numbers,
    days: Numbers,
    model: UsualIntakeModel,
    needs: Numbers,
    shares: Numbers,
    *,
    in_the_end: Numbers,
    upward_only: bool,
) -> Numbers:
    """Return how many further days with the same mean make the answer clear.

    Parameters
    ----------
    scaled_mean, days : numpy.ndarray of float
        As in `posterior`, one value a person.
    model : UsualIntakeModel
    needs, shares : numpy.ndarray of float
        As in `share_meeting`.
    in_the_end : numpy.ndarray of float
        The share whose need is met by the usual intake that very many such days would show. [%]
    upward_only : bool
        Whether an answer is clear only where usual intake is above, as for an AI.

    Returns
    -------
    numpy.ndarray of float
        0 where it is clear already; NaN where no number of days would do, or only more than `MOST_FURTHER_DAYS`. [d]
    """
    import numpy as np

    def clear(count: Numbers) -> npt.NDArray[np.bool_]:
        share = share_meeting(posterior(scaled_mean, count, model), needs, shares)
        low_enough = np.zeros_like(up) if upward_only else (share <= 100 - CLEAR) & ~up
        return ((share >= CLEAR) & up) | low_enough

    up = in_the_end >= 50
    low, high = np.zeros_like(days), np.full_like(days, MOST_FURTHER_DAYS)
    already, ever = clear(days), clear(days + high)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        enough = clear(days + middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(already, 0.0, np.where(ever, high, np.nan))


def _usual(point: Numbers, model: UsualIntakeModel) -> Numbers:
    return usual_intake_at(point, model.variance_within, model.boxcox_lambda, model.floor)
