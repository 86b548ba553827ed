r"""Whether days with a symptom had another intake than days without, judged by rearranging the days.

The intakes of one person are alike from day to day, and so are symptoms, which come in runs. Shuffling days freely
forgets that and finds differences where there are none: at an autocorrelation of 0.6 on both sides one test in
seven instead of one in twenty. Two things are done about it here, and ``docs/symptoms_bench.md`` measures them:

- the days are rearranged in blocks of days that follow each other, from a random start, so that a rearranged series
  is still alike from day to day within the blocks; and
- what is compared is not the difference of means itself but the difference over its standard error, which takes the
  autocorrelation of the very series into account (a studentised permutation test [1]_).

With a = felt (0 or 1) minus its mean, and intakes x of variance :math:`\sigma^2` and autocorrelation
:math:`\rho^{|i-j|}` between the i-th and the j-th recorded day, the difference of means D has the variance
:math:`\sigma^2 \sum_{ij} a_i a_j \rho^{|i-j|} / (\sum_i a_i^2)^2`.  :math:`\rho` is estimated from what is left of
the intakes after the difference, and corrected for its bias in short series [2]_.

References
----------
.. [1] Romano JP, Tirlea MA, "Permutation testing for dependence in time series", arXiv:2009.03170, 2020.
.. [2] Marriott FHC, Pope JA, "Bias in the estimation of autocorrelations", Biometrika 1954;41:390-402.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Places = npt.NDArray[np.intp]

SEED = 20_250_413
"""Where the random numbers begin, so that the same diary gives the same figures."""

ARRANGEMENTS = 1_999
MORE_ARRANGEMENTS = 8_000
"""Rearrangements of every series, and how many more where the first ones leave a small p-value."""

MOST_P_SETTLED = 0.02
"""A p-value above this is not looked at again with more rearrangements."""

BLOCK, BLOCK_OF_FEW, FEW_DAYS = 5, 3, 30
"""Days that stay together in a rearrangement, on average, and how many where there are fewer than `FEW_DAYS`."""

_MOST_ALIKE = 0.95
_GRID_STEPS = 39


@dataclass(frozen=True)
class DayDifferences:
    """What days with and days without differ by, an element for each series.

    Attributes
    ----------
    difference, low, high : numpy.ndarray
        Mean of days with minus mean of days without, and its 95 % interval. [unit of the series]
    day_to_day_sd : numpy.ndarray
        Standard deviation of single days around the two means. [unit of the series]
    p_value : numpy.ndarray
        Two-sided. [-]
    power : numpy.ndarray
        Chance that a true difference of one `day_to_day_sd` has a p-value of at most `level`. [-]
    days_needed : numpy.ndarray
        Days like these at which that chance is a half. [d]
    """

    difference: Floats
    low: Floats
    high: Floats
    day_to_day_sd: Floats
    p_value: Floats
    power: Floats
    days_needed: Floats


def difference_of_days(
    intakes: Floats, felt: npt.NDArray[np.bool_], *, level: float = 0.05, number: int = ARRANGEMENTS
) -> DayDifferences:
    """Compare the intakes of days with and days without.

    Parameters
    ----------
    intakes : numpy.ndarray
        Days x series, in the order of the days, nothing missing. [any unit]
    felt : numpy.ndarray of bool
        Which of the days had the symptom; at least one did and one did not.
    level : float
        p-value at which a difference counts as seen, for `power`: 0.05 over the number of tests. [-]
    number : int
        Rearrangements of each series; `MORE_ARRANGEMENTS` are added where they leave a small p-value.

    Returns
    -------
    DayDifferences
        NaN throughout for a series that is the same on all days.

    Examples
    --------
    >>> import numpy as np
    >>> felt = np.arange(40) % 3 == 0
    >>> intakes = np.where(felt, 250.0, 310.0) + 40 * np.sin(np.arange(40.0) ** 2)
    >>> found = difference_of_days(intakes[:, np.newaxis], felt)
    >>> int(found.difference[0].round()), bool(found.low[0] < -60 < found.high[0]), bool(found.p_value[0] < 0.01)
    (-52, True, True)
    """
    import numpy as np

    found = np.full((7, intakes.shape[1]), np.nan)
    varies = np.ptp(intakes, axis=0) > 0
    if not varies.any():
        return DayDifferences(*found)
    design = _Design.of(felt)
    series = (intakes - intakes.mean(axis=0)).T[varies]
    places = arrangements(len(felt), number, SEED)
    observed = design.statistic(series)
    drawn = np.array([np.abs(design.statistic(one[places]).ratio) for one in series])
    reach = np.quantile(drawn, 0.95, axis=1) * observed.error
    # The ratio has nearly the same distribution for every series, so that all of them tell how far its tail reaches.
    needed = float(np.quantile(drawn, 1 - level))
    # Days with and without that alternate may make the error smaller than that of unlike days; too little is known of
    # the autocorrelation to count on it.
    errors = np.maximum(observed.error / observed.sd, design.squares**-0.5)
    found[:, varies] = (
        observed.difference,
        observed.difference - reach,
        observed.difference + reach,
        observed.sd,
        _p_values(design, series, np.abs(observed.ratio), drawn),
        [_power(1 / error, needed) for error in errors],
        len(felt) * (needed * errors) ** 2,
    )
    return DayDifferences(*found)


@lru_cache(maxsize=2)
def arrangements(days: int, number: int, seed: int) -> Places:
    """Return rearrangements of days in blocks: the circle of days is cut at random places, its blocks are shuffled.

    Blocks of one length would keep the rhythm of symptoms that come every so many days, and see nothing in it; so
    the lengths vary by a day around `BLOCK`.

    Parameters
    ----------
    days : int
        How many days there are. [d]
    number : int
        How many rearrangements.
    seed : int
        Where the random numbers begin.

    Returns
    -------
    numpy.ndarray of int
        number x days: which day stands at each place. Kept for the next call: not to be written to.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    block = BLOCK if days >= FEW_DAYS else BLOCK_OF_FEW
    most = -(-days // (block - 1))
    ends = generator.integers(block - 1, block + 2, (number, most)).cumsum(axis=1)
    begins = np.zeros((number, days + 1), dtype=np.intp)
    np.put_along_axis(begins, np.minimum(ends, days), 1, axis=1)
    begins = begins[:, :days]
    keys = np.take_along_axis(generator.random((number, days)), begins.cumsum(axis=1), axis=1)
    places = (np.argsort(keys, axis=1, kind="stable") + generator.integers(0, days, (number, 1))) % days
    places.setflags(write=False)
    return places


def _p_values(design: _Design, series: Floats, ratios: Floats, drawn: Floats) -> Floats:
    """Return the share of rearrangements, the observed one among them, whose ratio is at least as large."""
    import numpy as np

    # Sums in another order differ in their last digits.
    least = ratios * (1 - 1e-9)
    at_least, number = 1 + (drawn >= least[:, np.newaxis]).sum(axis=1), np.full(len(series), 1 + drawn.shape[1])
    unsettled = np.flatnonzero(at_least <= MOST_P_SETTLED * number)
    if len(unsettled):
        places = arrangements(series.shape[1], MORE_ARRANGEMENTS, SEED + 1)
        for row in unsettled:
            at_least[row] += (np.abs(design.statistic(series[row][places]).ratio) >= least[row]).sum()
        number[unsettled] += MORE_ARRANGEMENTS
    p_values: Floats = at_least / number
    return p_values


def _power(distance: float, needed: float) -> float:
    """Return the chance that a ratio around `distance` lies beyond `needed`, on either side."""
    normal = NormalDist()
    return normal.cdf(distance - needed) + normal.cdf(-distance - needed)


@dataclass(frozen=True)
class _Statistic:
    """Of each series: the difference of means, its standard error, their ratio, and the spread of single days."""

    difference: Floats
    error: Floats
    ratio: Floats
    sd: Floats


@dataclass(frozen=True)
class _Design:
    """What the days with and without alone decide, whatever the intakes are.

    `inflation` is by how much autocorrelated intakes raise the variance of the difference, and `freedom` the
    degrees of freedom left to estimate the variance of days, for each autocorrelation of `grid`.
    """

    felt: Floats
    neighbours: Floats
    squares: float
    products: float
    grid: Floats
    inflation: Floats
    freedom: Floats

    @classmethod
    def of(cls, felt: npt.NDArray[np.bool_]) -> _Design:
        """Work out the design of days with and without."""
        import numpy as np

        days = len(felt)
        centred = felt - felt.mean()
        apart = np.arange(days)
        products = np.correlate(centred, centred, "full")[days - 1 :]
        grid = np.linspace(0.0, _MOST_ALIKE, _GRID_STEPS)
        alike = grid[:, np.newaxis] ** apart * np.where(apart == 0, 1.0, 2.0)
        neighbours = np.convolve(centred, [1.0, 0.0, 1.0], "same")
        inflation = (alike * products).sum(axis=1) / products[0]
        of_mean = (alike * (days - apart)).sum(axis=1) / days
        freedom = np.maximum(days - of_mean - inflation, 1.0)
        return cls(centred, neighbours, float(products[0]), float(products[1]), grid, inflation, freedom)

    def statistic(self, series: Floats) -> _Statistic:
        """Return the statistic of each row of `series`, which are centred intakes in the order of the days."""
        import numpy as np

        days = len(self.felt)
        difference = series @ self.felt / self.squares
        squares = np.einsum("ij,ij->i", series, series)
        neighbours = np.einsum("ij,ij->i", series[:, :-1], series[:, 1:])
        left = np.maximum(squares - difference**2 * self.squares, 1e-12 * squares)
        neighbours = neighbours - difference * (series @ self.neighbours) + difference**2 * self.products
        # Two means are taken out of the series, so that its bias is about twice that of a series around one.
        alike = (neighbours / left + 2 / days) / (1 - 4 / days)
        alike = np.clip(alike, 0.0, _MOST_ALIKE)
        sd = np.sqrt(left / np.interp(alike, self.grid, self.freedom))
        error = sd * np.sqrt(np.interp(alike, self.grid, self.inflation) / self.squares)
        return _Statistic(difference, error, difference / error, sd)
