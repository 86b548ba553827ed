"""Between which multiples of the basal rate a record of some days is expected to lie."""

from __future__ import annotations

import math
from typing import NamedTuple

# Black AE 2000, Int J Obes 24:1119-1130, doi 10.1038/sj.ijo.0801376: pooled coefficients of variation [%] of energy
# intake from day to day within a person, of basal rates predicted beside measured, and of physical activity levels.
CV_INTAKE, CV_BASAL, CV_ACTIVITY = 23.0, 8.5, 15.0

PAL = 1.55
"""Physical activity level (energy expended over basal rate) taken where none is asked for: light activity, as in the
table of Goldberg et al. 1991, Eur J Clin Nutr 45:569-581."""

_SD_OF_95 = 2.0  # the "95 % confidence limits" of Goldberg and Black


class Cutoffs(NamedTuple):
    """Bounds of recorded energy over basal rate. [-]"""

    low: float
    high: float


def goldberg_cutoffs(
    days: int,
    pal: float = PAL,
    *,
    cv_intake: float = CV_INTAKE,
    cv_basal: float = CV_BASAL,
    cv_activity: float = CV_ACTIVITY,
) -> Cutoffs:
    r"""Return between which ratios of recorded energy to basal rate a full record of one person is expected.

    The bounds are PAL · exp(±2 S/100) with S = √(CV_intake²/days + CV_basal² + CV_activity²) [1]_: about 95 of 100
    people who wrote down everything, on days like their others, lie between them.

    Parameters
    ----------
    days : int
        Recorded days.
    pal : float
        Physical activity level: energy expended over basal rate. [-]
    cv_intake, cv_basal, cv_activity : float
        Coefficients of variation. [%]

    Returns
    -------
    Cutoffs
        `low`, `high` [-]

    Raises
    ------
    ValueError
        If there is no day, or a figure is not positive.

    References
    ----------
    .. [1] Black AE, "Critical evaluation of energy intake using the Goldberg cut-off for energy intake:basal metabolic
       rate", Int J Obes 24:1119-1130, 2000, doi 10.1038/sj.ijo.0801376; Goldberg GR et al., Eur J Clin Nutr
       45:569-581, 1991.

    Examples
    --------
    >>> [tuple(round(bound, 2) for bound in goldberg_cutoffs(days)) for days in (1, 3, 7)]
    [(0.87, 2.75), (1.0, 2.4), (1.05, 2.28)]
    """
    if days < 1 or not min(pal, cv_intake, cv_basal, cv_activity) > 0:
        raise ValueError(f"goldberg_cutoffs: days {days}, PAL {pal} and variations must be positive")
    spread = math.sqrt(cv_intake**2 / days + cv_basal**2 + cv_activity**2) / 100
    return Cutoffs(pal * math.exp(-_SD_OF_95 * spread), pal * math.exp(_SD_OF_95 * spread))


def told_apart(ratio: float, *bounds: float) -> list[str]:
    """Return a ratio and its bounds in words, with a third decimal where two would hide a difference.

    Examples
    --------
    >>> told_apart(0.61, 0.8737), told_apart(0.8712, 0.8737)
    (['0.61', '0.87'], ['0.871', '0.874'])
    """
    decimals = 3 if any(f"{ratio:.2f}" == f"{bound:.2f}" for bound in bounds) else 2
    return [f"{value:.{decimals}f}" for value in (ratio, *bounds)]
