"""Usual intakes as a distribution: where people stand, from the lowest to the highest, and what they eat there.

A distribution is a set of places, a share of people for each, and the usual intake at each place, rising. The
model's places are equally far apart on the normal scale of people, so that every figure is exact to far below its
standard error; those of adjusted means are the people themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutridiary.cohort.amount_model import WEEKEND_SHARE, AmountModel
from nutridiary.usual_intake.box_cox import usual_intake_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

# Standard deviations of people from their mean: beyond four lie 6 people in 100,000.
_FARTHEST, _PLACES = 4.0, 401


@dataclass(frozen=True)
class UsualDistribution:
    """Usual intakes of a group, for each replicate of the sample, the whole sample first.

    Attributes
    ----------
    intake : numpy.ndarray
        One row a replicate, one column a place, rising along it. [nutrient unit/d]
    share : numpy.ndarray
        Share of people at each place, of the same shape; each row adds up to 1.
    """

    intake: Numbers
    share: Numbers

    def mean(self) -> Numbers:
        """Return the mean. [nutrient unit/d]"""
        mean: Numbers = (self.share * self.intake).sum(axis=1)
        return mean

    def standard_deviation(self) -> Numbers:
        """Return the standard deviation between people. [nutrient unit/d]"""
        import numpy as np

        spread: Numbers = np.sqrt((self.share * (self.intake - self.mean()[:, np.newaxis]) ** 2).sum(axis=1))
        return spread

    def percentiles(self, percents: Sequence[float]) -> Numbers:
        """Return the usual intakes below which so many percent of the people are, one column a percentile."""
        import numpy as np

        below = self._below()
        rows = zip(below, self.intake, strict=True)
        return np.array([np.interp(np.asarray(percents) / 100, share, intake) for share, intake in rows])

    def share_below(self, cutoff: float) -> Numbers:
        """Return the share of people whose usual intake is below a figure. [0 to 1]

        Examples
        --------
        >>> import numpy as np
        >>> four = UsualDistribution(np.array([[1.0, 2.0, 3.0, 4.0]]), np.full((1, 4), 0.25))
        >>> four.share_below(2.5).round(2).tolist(), four.share_below(9).tolist()
        ([0.5], [1.0])
        """
        import numpy as np

        rows = zip(self.intake, self._below(), strict=True)
        return np.array([np.interp(cutoff, intake, share, left=0.0, right=1.0) for intake, share in rows])

    def mean_risk(self, risk: Callable[[Numbers], Numbers]) -> Numbers:
        """Return the mean over people of a risk that depends on usual intake: the full probability approach."""
        mean: Numbers = (self.share * risk(self.intake)).sum(axis=1)
        return mean

    def _below(self) -> Numbers:
        """Return the share of people up to the middle of each place."""
        import numpy as np

        shares: Numbers = np.cumsum(self.share, axis=1) - self.share / 2
        return shares


def usual_distribution(model: AmountModel) -> UsualDistribution:
    """Return the usual intakes that a model describes, a week having four weekdays and three days of a weekend.

    Examples
    --------
    >>> import numpy as np
    >>> one = AmountModel(1.0, np.array([[99.0, 0.0, 0.0]]), np.array([100.0]), np.array([400.0]), floor=0.5)
    >>> usual = usual_distribution(one)
    >>> usual.mean().round(2).tolist(), usual.standard_deviation().round(1).tolist(), usual.share_below(90).round(3).tolist()
    ([100.0], [10.0], [0.159])
    """  # noqa: E501
    import numpy as np

    places = np.linspace(-_FARTHEST, _FARTHEST, _PLACES)
    share = np.exp(-(places**2) / 2)
    share /= share.sum()
    rows = []
    for effects, between, within in zip(model.effects, model.between, model.within, strict=True):
        people = effects[0] + np.sqrt(max(between, 0.0)) * places
        spread = max(float(within), 0.0)
        weekday = usual_intake_at(people, spread, model.exponent, model.floor)
        weekend = usual_intake_at(people + effects[1], spread, model.exponent, model.floor)
        rows.append((1 - WEEKEND_SHARE) * weekday + WEEKEND_SHARE * weekend)
    return UsualDistribution(np.array(rows), np.broadcast_to(share, (len(rows), len(share))))
