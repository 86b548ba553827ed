r"""Usual intakes by drawing the means of people's days together: where the amount model cannot be relied on.

Means of a few days differ more between people than usual intakes do. On the Box-Cox scale each person's mean
:math:`\bar x_i` is drawn towards that of the group, :math:`m + (\bar x_i - m)\,SD_b / SD_{obs}` with
:math:`SD_{obs}^2 = V_b + V_w / n_i`, which gives the people together the spread of usual intakes [1]_. It is no best
guess of one person's intake, which is drawn in further.

References
----------
.. [1] National Research Council, "Nutrient Adequacy: Assessment Using Food Consumption Surveys", 1986,
   doi:10.17226/618, ch. 4-5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.cohort.amount_model import WEEKEND_SHARE, AmountModel, RecordedDays
from nutridiary.cohort.distribution import UsualDistribution
from nutridiary.usual_intake.box_cox import transform, usual_intake_at

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]


def nrc_adjusted(
    means: npt.ArrayLike, group_mean: float, between: float, within: float, days: npt.ArrayLike
) -> Numbers:
    """Return means of people's days, drawn towards the group's as far as days alone spread them.

    Parameters
    ----------
    means : array_like of float
        Mean of each person's days, on a scale on which days are near a normal distribution. [-]
    group_mean : float
        Of the group. [-]
    between, within : float
        Variances between people and between days of a person, on that scale. [-]
    days : array_like of int
        Days of each person.

    Returns
    -------
    numpy.ndarray of float
        Where `between` is not above zero the days do not tell people apart, and the means are left as they are.

    Examples
    --------
    >>> nrc_adjusted([10.0, 18.0], 14.0, between=9.0, within=14.0, days=[2, 2]).tolist()
    [11.0, 17.0]
    """
    import numpy as np

    means = np.asarray(means, dtype="float64")
    if between <= 0:
        return means
    observed = np.sqrt(between + max(within, 0.0) / np.asarray(days, dtype="float64"))
    adjusted: Numbers = group_mean + (means - group_mean) * np.sqrt(between) / observed
    return adjusted


def nrc_distribution(days: RecordedDays, model: AmountModel, weights: Numbers) -> UsualDistribution:
    """Return usual intakes as the adjusted means of the people themselves, for each replicate.

    Where the model finds no variance between people, they are the means of the recorded days, unadjusted.
    """
    import numpy as np

    people = weights.shape[1]
    counts = np.bincount(days.person, minlength=people)
    here = counts > 0
    scaled = transform(np.maximum(days.intake, model.floor), model.exponent)
    columns = np.column_stack([np.ones(len(scaled)), days.weekend, days.later])
    raw = np.bincount(days.person, days.intake, people)[here] / counts[here]
    rows = []
    for effects, between, within in zip(model.effects, model.between, model.within, strict=True):
        if between <= 0:
            rows.append(raw)
            continue
        left = np.bincount(days.person, scaled - columns @ effects, people)[here] / counts[here]
        person = effects[0] + nrc_adjusted(left, 0.0, between, within, counts[here])
        spread = max(float(within), 0.0)
        weekday = usual_intake_at(person, spread, model.exponent, model.floor)
        weekend = usual_intake_at(person + effects[1], spread, model.exponent, model.floor)
        rows.append((1 - WEEKEND_SHARE) * weekday + WEEKEND_SHARE * weekend)
    return _rising(np.array(rows), weights[:, here])


def _rising(intake: Numbers, weights: Numbers) -> UsualDistribution:
    import numpy as np

    order = np.argsort(intake, axis=1, kind="stable")
    shares = np.take_along_axis(weights, order, axis=1)
    shares = shares / shares.sum(axis=1, keepdims=True)
    return UsualDistribution(np.take_along_axis(intake, order, axis=1), shares)
