r"""The scale on which days of intake are near a normal distribution, and the way back to usual intake.

A day's intake :math:`y` is transformed to :math:`x = (y^\lambda - 1)/\lambda` (the logarithm where
:math:`\lambda = 0`). On that scale a person's days scatter around the person's own mean with one variance.
Usual intake is the mean of the days on the scale of intake, so the way back averages over them.

References
----------
.. [1] Box GEP, Cox DR. An analysis of transformations. J R Stat Soc B 1964;26:211-252.
.. [2] Tooze JA, Kipnis V, Buckman DW, et al. A mixed-effects model approach for estimating the distribution of
   usual intake of nutrients: the NCI method. Stat Med 2010;29:2857-2868, doi:10.1002/sim.4063.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

# The nine points and weights with which the back-transformation averages over a person's days [2]_.
_POINTS = (-2.1, -1.3, -0.8, -0.5, 0.0, 0.5, 0.8, 1.3, 2.1)
_WEIGHTS = (0.063345, 0.080255, 0.070458, 0.159698, 0.252489, 0.159698, 0.070458, 0.080255, 0.063345)


def transform(intake: npt.ArrayLike, lam: float) -> Numbers:
    """Return intakes on the Box-Cox scale.

    Parameters
    ----------
    intake : array_like of float
        Intakes of single days, above zero where `lam` is zero, else not below it. [nutrient unit]
    lam : float
        The exponent. [-]

    Returns
    -------
    numpy.ndarray of float
        NaN stays NaN. [-]

    Examples
    --------
    >>> transform([1.0, 16.0], 0.5).tolist()
    [0.0, 6.0]
    """
    import numpy as np

    values = np.asarray(intake, dtype="float64")
    return np.log(values) if lam == 0 else (values**lam - 1) / lam


def inverse(scaled: npt.ArrayLike, lam: float) -> Numbers:
    """Return values of the Box-Cox scale as intakes; what lies below the scale's end is zero. [nutrient unit]

    Examples
    --------
    >>> inverse([0.0, 6.0, -9.0], 0.5).tolist()
    [1.0, 16.0, 0.0]
    """
    import numpy as np

    values = np.asarray(scaled, dtype="float64")
    return np.exp(values) if lam == 0 else np.maximum(lam * values + 1, 0.0) ** (1 / lam)


def usual_intake_at(person_mean: npt.ArrayLike, within_variance: float, lam: float, floor: float = 0.0) -> Numbers:
    """Return the usual intake of people whose days scatter around a mean of the Box-Cox scale.

    Parameters
    ----------
    person_mean : array_like of float
        Each person's own mean on the Box-Cox scale. [-]
    within_variance : float
        Variance of a person's days around it. [-]
    lam : float
        The exponent. [-]
    floor : float
        The least a usual intake can be: half the smallest intake observed. [nutrient unit]

    Returns
    -------
    numpy.ndarray of float
        Mean over the days on the scale of intake: by nine points [2]_, exactly where `lam` is zero. [nutrient unit]

    Examples
    --------
    >>> usual_intake_at([6.0], within_variance=0.0, lam=0.5).round(4).tolist()
    [16.0]
    """
    import numpy as np

    means = np.asarray(person_mean, dtype="float64")
    if lam == 0:
        exact: Numbers = np.maximum(np.exp(means + within_variance / 2), floor)
        return exact
    weights = np.array(_WEIGHTS) / np.sum(_WEIGHTS)
    days = means[..., np.newaxis] + np.array(_POINTS) * np.sqrt(within_variance)
    # Summed by numpy alone: what multiplies matrices differs in the last digit from processor to processor.
    usual: Numbers = np.maximum((inverse(days, lam) * weights).sum(axis=-1), floor)
    return usual
