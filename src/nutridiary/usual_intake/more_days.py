"""How many days tell enough: for the mean, for a person's adequacy, and how many are left to go.

References
----------
.. [1] Institute of Medicine, "Dietary Reference Intakes: Applications in Dietary Assessment", 2000,
   doi:10.17226/9956, ch. 3 and app. B.
.. [2] Beaton GH, Milner J, Corey P, et al. Sources of variance in 24-hour dietary recall data: implications for
   nutrition study design and interpretation. Am J Clin Nutr 1979;32:2546-2559.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.usual_intake.individual import check_days, difference_sd
from nutridiary.usual_intake.normal import floats, quantile

if TYPE_CHECKING:
    import numpy.typing as npt

    from nutridiary.usual_intake.normal import Numbers

CLEAR = 97.5
"""The confidence at which an answer is taken as clear; its complement is as clear. [%]"""


def mean_needed(
    ear: npt.ArrayLike,
    *,
    requirement_cv: npt.ArrayLike,
    within_person_sd: npt.ArrayLike,
    days: npt.ArrayLike,
    z: float = 2.0,
) -> Numbers:
    """Return the observed mean from which usual intake is held adequate with a given confidence [1]_.

    Parameters
    ----------
    ear, requirement_cv, within_person_sd, days
        As in `difference_sd`.
    z : float
        Standardised distance asked for; 2.0 is the book's, for 97.5 %. [-]

    Returns
    -------
    numpy.ndarray of float
        ``EAR + z * SD_D``. [nutrient unit/d]

    Raises
    ------
    ValueError
        If `days` is less than 1 or `ear` is not positive.

    Examples
    --------
    >>> figures = {"requirement_cv": 0.10, "within_person_sd": 85.9}
    >>> [round(float(mean_needed(265, days=n, **figures))) for n in (1, 3, 7)]
    [445, 377, 349]
    """
    spread = difference_sd(ear, requirement_cv=requirement_cv, within_person_sd=within_person_sd, days=days)
    return floats(ear) + z * spread


def days_needed(within_person_cv: npt.ArrayLike, precision: npt.ArrayLike, *, z: float = 1.96) -> Numbers:
    r"""Return how many days bring the observed mean near usual intake [2]_.

    .. math:: n = (z \cdot CV_w / D_0)^2

    Parameters
    ----------
    within_person_cv : array_like of float
        Standard deviation of a person's days, of their mean. [-]
    precision : array_like of float
        How near, of usual intake: 0.20 for within 20 %. [-]
    z : float
        1.96 for 95 of 100 people. [-]

    Returns
    -------
    numpy.ndarray of float
        Whole days, rounded up. [d]

    Examples
    --------
    >>> float(days_needed(0.30, 0.20))
    9.0
    """
    import numpy as np

    ratio = z * floats(within_person_cv) / floats(precision)
    return np.ceil(ratio**2)


def further_days(
    mean_intake: npt.ArrayLike,
    figure: npt.ArrayLike,
    *,
    figure_sd: npt.ArrayLike,
    within_person_sd: npt.ArrayLike,
    days: npt.ArrayLike,
) -> Numbers:
    """Return how many further days with the same mean make the answer clear, by the recorded days alone.

    Parameters
    ----------
    mean_intake : array_like of float
        Observed mean over `days` days. [nutrient unit/d]
    figure : array_like of float
        EAR, or AI. [nutrient unit/d]
    figure_sd : array_like of float
        `requirement_sd` for an EAR, 0 for an AI. [nutrient unit/d]
    within_person_sd : array_like of float
        Pooled standard deviation of a person's days. [nutrient unit/d]
    days : array_like of int
        Recorded days. [d]

    Returns
    -------
    numpy.ndarray of float
        Days until the confidence is `CLEAR`, or as clear that it is not so; 0 where it is already. [d] NaN where no
        number of days is enough, because requirements differ by more than the mean is away from the figure.

    Raises
    ------
    ValueError
        If `days` is less than 1.

    Examples
    --------
    >>> float(further_days(340, 265, figure_sd=26.5, within_person_sd=85.9, days=3))
    7.0
    >>> float(further_days(300, 265, figure_sd=26.5, within_person_sd=85.9, days=3))
    nan
    """
    import numpy as np

    check_days(days)
    distance = (floats(mean_intake) - floats(figure)) / quantile(CLEAR / 100)
    room = distance**2 - floats(figure_sd) ** 2
    enough = floats(within_person_sd) ** 2 / np.where(room > 0, room, np.nan)
    return np.maximum(np.ceil(enough) - floats(days), 0.0)
