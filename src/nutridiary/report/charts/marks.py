"""The marks that charts share: references, bounds, means. One look each, everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nutridiary.report import colours

INK, QUIET, RULE = (f"#{colour}" for colour in (colours.INK, colours.QUIET_INK, colours.RULE))
BLUE, ORANGE, PURPLE = (f"#{colour}" for colour in (colours.BLUE, colours.ORANGE, colours.PURPLE))
LIGHT, GRID = "#8CBEDD", "#E8EDF2"

_GOAL = {"color": ORANGE, "linewidth": 1.6}
_REQUIREMENT = {"color": ORANGE, "linestyle": (0, (4, 2)), "linewidth": 1.2}
_LIMIT = {"color": PURPLE, "linestyle": (0, (6, 2, 1, 2)), "linewidth": 1.4}

REFERENCE: Mapping[str, dict[str, Any]] = {
    "ear": _REQUIREMENT,
    "rda": _GOAL,
    "ai": _GOAL,
    "dv": _GOAL,
    "ul": _LIMIT,
    "cdrr": _LIMIT,
}
"""How the line of each figure looks, by its column."""

MEAN = {"color": BLUE, "linestyle": (0, (1, 1.4)), "linewidth": 1.4}
WHISKER = {"color": INK, "linewidth": 1.0}


def bounds(axes: Any, y: float, low: float, high: float, *, cap: float = 3.0) -> bool:
    """Draw a whisker from `low` to `high` at `y`; return whether it ends in an arrow.

    An end that is not known, or lies outside the picture, is an arrow: nothing there says how far it goes.
    Nothing is drawn where the two are one.
    """
    left, right = axes.get_xlim()
    begin = left if low != low else max(low, left)
    open_ended = high != high or high > right
    end = right if open_ended else high
    if end - begin <= 0.002 * (right - left):
        return False
    axes.plot([begin, end], [y, y], zorder=4, **WHISKER)
    for at, is_closed in ((begin, low == low), (end, not open_ended)):
        if is_closed:
            axes.plot([at, at], [y - cap, y + cap], zorder=4, **WHISKER)
    if open_ended:
        axes.plot([right], [y], marker=">", markersize=5, linestyle="none", color=INK, zorder=4, clip_on=False)
    return open_ended
