r"""What the mean of a few days says of one person's usual intake, by these days alone.

The formulas of the Institute of Medicine for a person's recorded days [1]_. Each takes the day-to-day variation
pooled over people of the same sex and age, because a few days do not show a person's own.

They hold on the scale of intake, where days are near a normal distribution. That is not so where the standard
deviation within a person is above `MOST_VARIATION` of the mean.

References
----------
.. [1] Institute of Medicine, "Dietary Reference Intakes: Applications in Dietary Assessment", 2000,
   doi:10.17226/9956, ch. 3 and app. B.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nutridiary.usual_intake.normal import cumulative, floats, quantile

if TYPE_CHECKING:
    import numpy.typing as npt

    from nutridiary.usual_intake.normal import Numbers

MOST_VARIATION = 0.60
"""Variation within a person, of the mean, above which days are too skewed for these formulas [1]_."""


class BestGuess(NamedTuple):
    """A person's usual intake as far as it can be told: estimate and interval. [nutrient unit/d]"""

    estimate: Numbers
    low: Numbers
    high: Numbers


def requirement_sd(ear: npt.ArrayLike, requirement_cv: npt.ArrayLike) -> Numbers:
    """Return how much the requirements of people of one group differ.

    Parameters
    ----------
    ear : array_like of float
        Estimated average requirement. [nutrient unit/d]
    requirement_cv : array_like of float
        Standard deviation of requirements, of the EAR: 0.10 for 10 %. [-]

    Returns
    -------
    numpy.ndarray of float
        Their standard deviation. [nutrient unit/d]

    Examples
    --------
    >>> float(requirement_sd(265, 0.10))
    26.5
    """
    return floats(ear) * floats(requirement_cv)


def implied_requirement_cv(ear: npt.ArrayLike, rda: npt.ArrayLike) -> Numbers:
    """Return the variation of requirements that an RDA implies, being set two standard deviations above the EAR.

    Returns
    -------
    numpy.ndarray of float
        ``(RDA / EAR - 1) / 2``. [-]

    References
    ----------
    Institute of Medicine, "Dietary Reference Intakes: Applications in Dietary Assessment", 2000, ch. 1:
    RDA = EAR + 2 SD.

    Examples
    --------
    >>> float(implied_requirement_cv(800, 1000))
    0.125
    """
    return (floats(rda) / floats(ear) - 1) / 2


def difference_sd(
    ear: npt.ArrayLike, *, requirement_cv: npt.ArrayLike, within_person_sd: npt.ArrayLike, days: npt.ArrayLike
) -> Numbers:
    r"""Return the uncertainty of the distance between observed mean and requirement.

    .. math:: SD_D = \sqrt{(CV \cdot EAR)^2 + SD_{within}^2 / n}

    Parameters
    ----------
    ear : array_like of float
        Estimated average requirement. [nutrient unit/d]
    requirement_cv : array_like of float
        Standard deviation of requirements, of the EAR. [-]
    within_person_sd : array_like of float
        Pooled standard deviation of a person's days. [nutrient unit/d]
    days : array_like of int
        Recorded days. [d]

    Returns
    -------
    numpy.ndarray of float
        SD_D. [nutrient unit/d] NaN if any input is missing.

    Raises
    ------
    ValueError
        If `days` is less than 1 or `ear` is not positive.

    Examples
    --------
    >>> round(float(difference_sd(265, requirement_cv=0.10, within_person_sd=85.9, days=3)))
    56
    """
    import numpy as np

    check_days(days, ear)
    spread = floats(within_person_sd) ** 2 / floats(days)
    return np.sqrt(requirement_sd(ear, requirement_cv) ** 2 + spread)


def adequacy_z(
    mean_intake: npt.ArrayLike,
    ear: npt.ArrayLike,
    *,
    requirement_cv: npt.ArrayLike,
    within_person_sd: npt.ArrayLike,
    days: npt.ArrayLike,
) -> Numbers:
    r"""Return the standardised distance of an observed mean intake from the EAR.

    .. math:: z = (\bar y - EAR) / SD_D

    Parameters
    ----------
    mean_intake : array_like of float
        Observed mean over `days` days. [nutrient unit/d]
    ear, requirement_cv, within_person_sd, days
        As in `difference_sd`.

    Returns
    -------
    numpy.ndarray of float
        z. [-] NaN if any input is missing; a missing intake is never read as 0.

    Raises
    ------
    ValueError
        If `days` is less than 1 or `ear` is not positive.

    Examples
    --------
    >>> round(float(adequacy_z(320, 265, requirement_cv=0.10, within_person_sd=85.9, days=3)), 2)
    0.98
    """
    spread = difference_sd(ear, requirement_cv=requirement_cv, within_person_sd=within_person_sd, days=days)
    return (floats(mean_intake) - floats(ear)) / spread


def confidence_of_adequacy(
    mean_intake: npt.ArrayLike,
    ear: npt.ArrayLike,
    *,
    requirement_cv: npt.ArrayLike,
    within_person_sd: npt.ArrayLike,
    days: npt.ArrayLike,
) -> Numbers:
    """Return the confidence that usual intake meets the person's own requirement, by the recorded days alone.

    Parameters
    ----------
    mean_intake, ear, requirement_cv, within_person_sd, days
        As in `adequacy_z`, of which this is the normal distribution function.

    Returns
    -------
    numpy.ndarray of float
        Confidence. [%] NaN if any input is missing.

    Raises
    ------
    ValueError
        If `days` is less than 1 or `ear` is not positive.

    Examples
    --------
    >>> figures = {"requirement_cv": 0.10, "within_person_sd": 85.9, "days": 3}
    >>> round(float(confidence_of_adequacy(320, 265, **figures)), 1)
    83.6
    """
    z = adequacy_z(mean_intake, ear, requirement_cv=requirement_cv, within_person_sd=within_person_sd, days=days)
    return 100 * cumulative(z)


def confidence_above_ai(
    mean_intake: npt.ArrayLike, ai: npt.ArrayLike, *, within_person_sd: npt.ArrayLike, days: npt.ArrayLike
) -> Numbers:
    r"""Return the confidence that usual intake is above the AI, by the recorded days alone.

    .. math:: z = \sqrt n (\bar y - AI) / SD_{within}

    Parameters
    ----------
    mean_intake : array_like of float
        Observed mean over `days` days. [nutrient unit/d]
    ai : array_like of float
        Adequate intake. [nutrient unit/d]
    within_person_sd : array_like of float
        Pooled standard deviation of a person's days. [nutrient unit/d]
    days : array_like of int
        Recorded days. [d]

    Returns
    -------
    numpy.ndarray of float
        Confidence. [%] It speaks upward only: from a low one nothing can be concluded.

    Raises
    ------
    ValueError
        If `days` is less than 1.

    Examples
    --------
    >>> [round(float(confidence_above_ai(1200, 1000, within_person_sd=325, days=n))) for n in (1, 3, 7)]
    [73, 86, 95]
    """
    return 100 * cumulative(distance_z(mean_intake, ai, within_person_sd=within_person_sd, days=days))


def confidence_below_ul(
    mean_intake: npt.ArrayLike, ul: npt.ArrayLike, *, within_person_sd: npt.ArrayLike, days: npt.ArrayLike
) -> Numbers:
    """Return the confidence that usual intake is below an upper level, by the recorded days alone.

    Parameters
    ----------
    mean_intake : array_like of float
        Observed mean of the part of intake that the level applies to. [nutrient unit/d]
    ul : array_like of float
        Tolerable upper intake level, or CDRR. [nutrient unit/d]
    within_person_sd, days
        As in `confidence_above_ai`.

    Returns
    -------
    numpy.ndarray of float
        Confidence. [%] NaN if any input is missing.

    Raises
    ------
    ValueError
        If `days` is less than 1.

    Examples
    --------
    >>> round(float(confidence_below_ul(2200, 2500, within_person_sd=325, days=3)))
    95
    """
    return 100 * cumulative(-distance_z(mean_intake, ul, within_person_sd=within_person_sd, days=days))


def distance_z(
    mean_intake: npt.ArrayLike, figure: npt.ArrayLike, *, within_person_sd: npt.ArrayLike, days: npt.ArrayLike
) -> Numbers:
    """Return the standardised distance of an observed mean from a figure that is the same for everyone. [-]

    Examples
    --------
    >>> round(float(distance_z(1200, 1000, within_person_sd=325, days=7)), 2)
    1.63
    """
    import numpy as np

    check_days(days)
    distance = floats(mean_intake) - floats(figure)
    return np.sqrt(floats(days)) * distance / floats(within_person_sd)


def best_guess(
    mean_intake: npt.ArrayLike,
    days: npt.ArrayLike,
    *,
    group_mean: npt.ArrayLike,
    within_person_sd: npt.ArrayLike,
    between_person_sd: npt.ArrayLike,
    interval: float = 0.90,
) -> BestGuess:
    r"""Return the mean of a person's days, drawn towards the mean of people of the same sex and age.

    .. math:: m + (\bar y - m) \frac{V_b}{V_b + V_w / n}

    Parameters
    ----------
    mean_intake : array_like of float
        Observed mean over `days` days, on a scale where days are near normal. [unit of the scale]
    days : array_like of int
        Recorded days. [d]
    group_mean : array_like of float
        Mean of the group. [unit of the scale]
    within_person_sd, between_person_sd : array_like of float
        Standard deviation of a person's days, and between people. [unit of the scale]
    interval : float
        Share of people with such days whose usual intake lies within the interval. [-]

    Returns
    -------
    BestGuess
        Best linear unbiased prediction with its interval. [unit of the scale]

    Raises
    ------
    ValueError
        If `days` is less than 1.

    Examples
    --------
    >>> guess = best_guess(400, 3, group_mean=260, within_person_sd=90, between_person_sd=60)
    >>> [round(float(value)) for value in guess]
    [340, 275, 405]
    """
    import numpy as np

    check_days(days)
    between, mean = floats(between_person_sd) ** 2, floats(group_mean)
    of_days = floats(within_person_sd) ** 2 / floats(days)
    kept = between / (between + of_days)
    estimate = mean + (floats(mean_intake) - mean) * kept
    margin = quantile((1 + interval) / 2) * np.sqrt(between * (1 - kept))
    return BestGuess(estimate, estimate - margin, estimate + margin)


def check_days(days: npt.ArrayLike, ear: npt.ArrayLike = 1.0) -> None:
    """Raise a ValueError where a number of days is below one, or an EAR is not positive; what is missing passes."""
    if (floats(days) < 1).any():
        raise ValueError(f"days is {floats(days)}: it must be at least 1.")
    if (floats(ear) <= 0).any():
        raise ValueError(f"ear is {floats(ear)}: it must be positive.")
