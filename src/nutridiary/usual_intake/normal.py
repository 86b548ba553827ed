"""The normal distribution, for arrays."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

_ROOT_HALF = math.sqrt(0.5)


def floats(values: npt.ArrayLike) -> Numbers:
    """Return values as an array of floats.

    Examples
    --------
    >>> floats([1, None]).tolist()
    [1.0, nan]
    """
    import numpy as np

    return np.asarray(values, dtype="float64")


def cumulative(z: npt.ArrayLike) -> Numbers:
    """Return the share of a standard normal distribution below `z`. [-]

    Examples
    --------
    >>> cumulative([0.0, 0.98]).round(3).tolist()
    [0.5, 0.836]
    """
    import numpy as np

    values = floats(z)
    shares = [0.5 * math.erfc(-value * _ROOT_HALF) for value in values.ravel().tolist()]
    return np.array(shares, dtype="float64").reshape(values.shape)


def quantile(share: float) -> float:
    """Return the z below which `share` of a standard normal distribution lies. [-]

    Examples
    --------
    >>> round(quantile(0.975), 2)
    1.96
    """
    return NormalDist().inv_cdf(share)
