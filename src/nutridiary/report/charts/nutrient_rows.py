"""Nutrients below one another on one scale: percent of what is aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.report.charts.drawing import Mark
from nutridiary.report.charts.marks import REFERENCE
from nutridiary.report.charts.subject import Subject

if TYPE_CHECKING:
    import pandas as pd

LEAST_TOP, MOST_TOP = 120.0, 260.0
"""The scale ends between these; what lies beyond is cut, with an arrow. [%]"""
GAP = 7.0
"""Between two rows. [points]"""


@dataclass(frozen=True)
class Goal:
    """What a person aims at for one nutrient.

    Attributes
    ----------
    column : str
        rda, ai, dv or ear; empty where nothing is set.
    name : str
        What the authority calls it.
    amount : float
        The figure. [the nutrient's unit/d]
    ear, limit : float
        What is needed by half, and the upper figure where it is for all intake, in percent of `amount`; NaN where
        there is none. [%]
    limit_column : str
        ul or cdrr.
    """

    column: str
    name: str
    amount: float
    ear: float
    limit: float
    limit_column: str

    @classmethod
    def of(cls, subject: Subject, row: Any) -> Goal:
        """Return the goal of a row of the comparison."""
        names, nan = subject.names, float("nan")
        column = names.goal_of(row)
        amount = row[column]
        if amount != amount:
            return cls("", "", nan, nan, nan, "")
        limit_column = names.limit_of(row)
        of_all = limit_column == "cdrr" or (limit_column == "ul" and row["ul_applies_to"] == "total_intake")
        limit = row[limit_column] if of_all else nan
        return cls(
            column,
            names.name(column),
            float(amount),
            100 * row["ear"] / amount if column != "ear" else nan,
            100 * limit / amount,
            limit_column,
        )

    def percent(self, amount: float) -> float:
        """Return an amount in percent of what is aimed at."""
        return 100 * amount / self.amount


def top_of(values: pd.Series) -> float:
    """Return where a scale of percent ends that is to hold `values`. [%]

    Examples
    --------
    >>> import pandas as pd
    >>> top_of(pd.Series([80.0, 163.0])), top_of(pd.Series([9_000.0])), top_of(pd.Series([], dtype=float))
    (180.0, 260.0, 120.0)
    """
    most = values.max()
    if most != most:
        return LEAST_TOP
    return float(min(max(20 * -(-1.05 * most // 20), LEAST_TOP), MOST_TOP))


def mark_references(axes: Any, goal: Goal, top: float, middle: float, *, reach: float = 6.0) -> list[str]:
    """Draw 100 %, the EAR and the upper figure of one row, and return the columns of the last two that are in reach."""
    drawn = []
    axes.plot([100, 100], [middle - reach - 2, middle + reach + 2], zorder=3.4, **REFERENCE["rda"])
    for column, percent in (("ear", goal.ear), (goal.limit_column, goal.limit)):
        if percent <= top:
            axes.plot([percent] * 2, [middle - reach, middle + reach], zorder=3.5, **_upright(column))
            drawn.append(column)
    return drawn


def _upright(column: str) -> dict[str, Any]:
    """Return the look of a short line, which has no room for dashes."""
    return {**REFERENCE[column], "linestyle": "-" if column == "ear" else (0, (2, 1))}


def reference_marks(subject: Subject, drawn: set[str]) -> list[Mark]:
    """Return the key of what `mark_references` drew, and of the line at 100 %."""
    names = subject.names
    marks = [Mark(f"100 % of {names.either(names.goals)}", REFERENCE["rda"], "upright")]
    if drawn & {"ear"}:
        marks.append(Mark(names.name("ear"), _upright("ear"), "upright"))
    limits = [column for column in names.limits if column in drawn]
    if limits:
        marks.append(Mark(names.either(limits), _upright(limits[0]), "upright"))
    return marks


def scale_ticks(top: float) -> list[float]:
    """Return the figures below a scale of percent."""
    return [float(tick) for tick in range(0, int(top) + 1, 50)]
