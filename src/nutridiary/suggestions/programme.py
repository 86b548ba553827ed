r"""The small integer programme that chooses foods.

With :math:`x_j` portions of food :math:`j` over :math:`D` days (whole, at most one a day), :math:`y_j` whether it is
suggested at all, and :math:`u_i` the share of aim :math:`i` that stays open,

.. math:: \min \sum_i w_i u_i + \sum_j c_j y_j + p \sum_j x_j

where :math:`\sum_j g_{ij} x_j + u_i \ge s_i` (what stands open of each aim), :math:`\sum_j l_{kj} x_j \le r_k` (the
room below each limit), :math:`x_j \le D y_j`, :math:`\sum_j y_j \le F`, and of one kind at most one food. Everything is
in shares of a reference or a limit, so that no unit weighs more than another. See ``docs/suggestions.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from nutridiary.errors import NutridiaryError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_FOODS = 3
"""Different foods suggested to one person. Ours: more is a list nobody follows."""
PORTION_COST = 0.002
"""What a portion must close at least, in shares of an aim. Ours: a fifth of a percent."""
MOST_SECONDS = 5.0
"""A guard against a programme that does not end."""
MOST_NODES = 2_000
"""The search stops here with the best found, at the same point on every machine: a clock would not."""
_GAP = 0.002  # of the best possible: further search could close less than a reader would notice
_TOLERANCE = 1e-9
_NO_SOLVER = "suggestions need scipy, which is not installed. Install it: pip install 'nutridiary[stats]'"


@dataclass(frozen=True)
class Programme:
    """What is asked of the solver, in shares.

    Attributes
    ----------
    gains : numpy.ndarray
        Aim x food: share of the aim that one portion closes, over the days it is spread over. [-]
    short : numpy.ndarray
        Share of each aim that stands open. [-]
    weights : numpy.ndarray
        What each aim is worth. [-]
    loads : numpy.ndarray
        Limit x food: share of the limit that one portion takes, over the days it is spread over. [-]
    room : numpy.ndarray
        Share of each limit that may be taken. [-]
    costs : numpy.ndarray
        What a food must close to be suggested at all, in shares of an aim. [-]
    kinds : numpy.ndarray
        The number of the kind each food is of.
    capped : numpy.ndarray of bool
        Foods of which, together, at most `cap` portions are added.
    cap : int
    days : int
        Most portions of one food.
    most_foods : int
    """

    gains: npt.NDArray[np.float64]
    short: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    loads: npt.NDArray[np.float64]
    room: npt.NDArray[np.float64]
    costs: npt.NDArray[np.float64]
    kinds: npt.NDArray[np.int64]
    capped: npt.NDArray[np.bool_]
    cap: int
    days: int
    most_foods: int = MOST_FOODS


@dataclass(frozen=True)
class Solution:
    """What the solver found.

    Attributes
    ----------
    portions : numpy.ndarray of int
        Of each food; all zero where nothing is worth adding.
    finished : bool
        Whether it is the best there is, or the best that was found before the search stopped.
    """

    portions: npt.NDArray[np.int64]
    finished: bool


def solve(programme: Programme) -> Solution:
    """Return the portions to add.

    Parameters
    ----------
    programme : Programme

    Returns
    -------
    Solution
        It keeps every limit: checked in exact whole portions, after the solver's own tolerance.

    Raises
    ------
    NutridiaryError
        If scipy is not installed.
    """
    import numpy as np

    foods = len(programme.costs)
    nothing = np.zeros(foods, dtype="int64")
    if not foods or not len(programme.short):
        return Solution(nothing, finished=True)
    found = _milp(programme)
    if found.x is None:
        return Solution(nothing, finished=False)
    portions = np.rint(found.x[:foods]).astype("int64")
    return Solution(portions if keeps_limits(programme, portions) else nothing, finished=found.status == 0)


def keeps_limits(programme: Programme, portions: npt.NDArray[np.int64]) -> bool:
    """Return whether these portions keep every limit of the programme."""
    import numpy as np

    taken = portions > 0
    of_kind = np.bincount(programme.kinds[taken], minlength=1)
    return bool(
        np.all(programme.loads @ portions <= programme.room + _TOLERANCE)
        and portions.max(initial=0) <= programme.days
        and portions[programme.capped].sum() <= programme.cap
        and taken.sum() <= programme.most_foods
        and of_kind.max() <= 1
    )


def _milp(programme: Programme) -> Any:
    """Run the solver over the variables portions, whether suggested, and what stays open."""
    import numpy as np

    optimize = _optimize()
    aims, foods = programme.gains.shape
    none = np.zeros((foods, aims))
    every = np.eye(foods)
    constraint, endless = optimize.LinearConstraint, np.inf
    of_kind = np.array([programme.kinds == kind for kind in np.unique(programme.kinds)], dtype="float64")
    rows = [
        constraint(np.hstack([programme.gains, np.zeros((aims, foods)), np.eye(aims)]), programme.short, endless),
        constraint(np.hstack([every, -programme.days * every, none]), -endless, 0),
        constraint(_over(np.ones((1, foods)), 1, foods, aims), -endless, programme.most_foods),
        constraint(_over(of_kind, 1, foods, aims), -endless, 1),
        constraint(_over(programme.capped[np.newaxis].astype("float64"), 0, foods, aims), -endless, programme.cap),
    ]
    if len(programme.room):
        # A hair below the limit, so that the solver's tolerance never lies above it.
        rows.append(constraint(_over(programme.loads, 0, foods, aims), -endless, np.maximum(programme.room - 1e-7, 0)))
    upper = np.concatenate([np.full(foods, programme.days), np.ones(foods), np.maximum(programme.short, 0)])
    return optimize.milp(
        np.concatenate([np.full(foods, PORTION_COST), programme.costs, programme.weights]),
        constraints=rows,
        bounds=optimize.Bounds(0, upper),
        integrality=np.concatenate([np.ones(2 * foods), np.zeros(aims)]),
        options={"time_limit": MOST_SECONDS, "node_limit": MOST_NODES, "mip_rel_gap": _GAP},
    )


def _over(rows: npt.NDArray[np.float64], block: int, foods: int, aims: int) -> npt.NDArray[np.float64]:
    """Return rows over one block of variables (0 portions, 1 whether suggested) as rows over all of them."""
    import numpy as np

    blocks = [np.zeros((len(rows), foods)), np.zeros((len(rows), foods)), np.zeros((len(rows), aims))]
    blocks[block] = rows
    return np.hstack(blocks)


def require_solver() -> None:
    """Refuse suggestions where there is nothing to solve them with, before a diary is read.

    Raises
    ------
    NutridiaryError
        If scipy is not installed.
    """
    if find_spec("scipy") is None:
        raise NutridiaryError(_NO_SOLVER)


def _optimize() -> Any:
    try:
        return import_module("scipy.optimize")
    except ImportError as error:
        raise NutridiaryError(_NO_SOLVER) from error
