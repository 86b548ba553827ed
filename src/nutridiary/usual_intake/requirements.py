"""How the requirements of people of one group are spread around the EAR, and whose need a confidence is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nutridiary.usual_intake.individual import implied_requirement_cv
from nutridiary.usual_intake.normal import floats
from nutridiary.usual_intake.variation import iron_requirements, requirement_variation

if TYPE_CHECKING:
    import numpy.typing as npt

    from nutridiary.usual_intake.normal import Numbers
    from nutridiary.usual_intake.variation import Peers

MOST_IMPLIED_CV = 0.35
"""The variation implied by an RDA above which requirements cannot be near a normal distribution: for iron of small
children it would have some below zero."""

STEPS = tuple(half / 2 for half in range(-6, 7))
"""Where requirements that are normal are looked at, in standard deviations from the EAR. Thirteen points half a
standard deviation apart give the share within 0.1 of a percentage point of the integral."""

FROM_RDA = "implied by the RDA (PRI), which is set two standard deviations above the EAR (AR): (RDA / EAR - 1) / 2"
BY_TABLE = "table"


class Spread(NamedTuple):
    """How requirements are spread.

    Attributes
    ----------
    cv : float
        Standard deviation of the EAR; NaN where they follow a table, or no spread can be used. [-]
    source : str
        Where the spread comes from.
    withheld : str
        Why no spread can be used; empty where one can.
    """

    cv: float
    source: str
    withheld: str = ""

    @property
    def by_table(self) -> bool:
        """Whether requirements follow the printed table for iron."""
        return self.cv != self.cv and not self.withheld


def requirement_spread(row: Any, peers: Peers | None) -> Spread:
    """Return how the requirements behind a row's EAR are spread.

    Parameters
    ----------
    row : named tuple
        A row of `tables.COMPARISON`, of which `nutrient`, `ear`, `rda` [unit/d], `authority` and `edition` are read.
    peers : Peers or None
        People of the same sex and age.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> zinc = Row(nutrient="zinc", ear=6.8, rda=8.0, authority="NASEM", edition="IOM 2001")
    >>> round(requirement_spread(zinc, None).cv, 3)
    0.088
    """
    read = requirement_variation().get(row.nutrient)
    of_nasem = not isinstance(row.authority, str) or row.authority == "NASEM"
    if row.nutrient == "iron" and row.edition == "IOM 2001" and _menstruates(peers):
        return Spread(float("nan"), iron_requirements()[2])
    if read is not None and of_nasem:
        return Spread(read.cv, read.source)
    implied = float(implied_requirement_cv(row.ear, row.rda))
    if 0 < implied <= MOST_IMPLIED_CV:
        return Spread(implied, FROM_RDA)
    if implied > MOST_IMPLIED_CV:
        return Spread(float("nan"), "", "people's needs are spread too unevenly around this figure")
    if read is not None:
        return Spread(read.cv, f"{read.source}; {row.authority} states none")
    return Spread(float("nan"), "", "how much people's needs differ is not on record")


def _menstruates(peers: Peers | None) -> bool:
    """Return whether the printed table of iron requirements is for these people (IOM 2001, Table 14-1)."""
    return peers is not None and peers.exact and peers.sex == "female" and 19 <= peers.age_from < 51


def spread_of_needs(ear: npt.ArrayLike, cv: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """Return needs around an EAR and the share of people that has each.

    Parameters
    ----------
    ear : array_like of float
        One value a person. [nutrient unit/d]
    cv : array_like of float
        Standard deviation of requirements, of the EAR; NaN for iron by the printed table. [-]

    Returns
    -------
    needs : numpy.ndarray of float
        A row a person. [nutrient unit/d]
    shares : numpy.ndarray of float
        One for each column; they add up to 1. [-]

    Examples
    --------
    >>> needs, shares = spread_of_needs([265.0], [0.10])
    >>> needs[0, [0, 6, 12]].round(1).tolist(), shares[[0, 6]].round(4).tolist()
    ([185.5, 265.0, 344.5], [0.0022, 0.1997])
    """
    import numpy as np

    middle, spread = floats(ear)[:, None], floats(cv)[:, None]
    if np.isnan(spread).any():
        amounts, shares, _ = iron_requirements()
        return np.repeat(floats(amounts)[None, :], len(middle), axis=0), floats(shares)
    steps = floats(STEPS)
    weights = np.exp(-(steps**2) / 2)
    return middle * (1 + spread * steps), weights / weights.sum()
