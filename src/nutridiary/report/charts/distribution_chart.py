"""How single days lie about what is aimed at, nutrient by nutrient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.days_chart import days_in_means
from nutridiary.report.charts.drawing import MARGIN, Mark, Paper
from nutridiary.report.charts.marks import BLUE, INK, LIGHT
from nutridiary.report.charts.nutrient_rows import (
    GAP,
    Goal,
    mark_references,
    reference_marks,
    scale_ticks,
    top_of,
)
from nutridiary.report.charts.sources_chart import percent_in_words
from nutridiary.report.charts.subject import Subject, drawn, nothing, records, short_label

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nutridiary.analysis import Analysis

MOST_DOTS = 60
"""Days that are drawn as dots; more are drawn as columns."""
_STEP = 10.0  # [%] width of a column
_TALL = 20.0  # [points] height of the dots of one nutrient
_MEAN: dict[str, Any] = {"marker": "D", "markersize": 6.5, "markerfacecolor": "white", "markeredgecolor": INK}
_GOLDEN = 0.618_033_988_75  # steps of the golden ratio never come to lie on one another


def distribution(analysis: Analysis, person_id: str | None = None) -> Chart:
    """Return a chart of the days of each core nutrient in percent of RDA or AI, with their mean.

    A day is a dot; how high it stands in its row says nothing, but keeps days that are alike apart. More than
    `MOST_DOTS` days are columns. A day left out of the means is hollow, and in no mean.

    Parameters
    ----------
    analysis : Analysis
    person_id : str, optional
        Whose days; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: a row a nutrient and day with `percent_of_reference` [%] and `in_means`.

    Raises
    ------
    NutridiaryError
        If there is no such person, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    title, name = f"{subject.whom}How much do single days differ?", subject.slug("distribution")
    means = subject.core(analysis.comparison)
    days = days_in_means(subject, subject.core(analysis.day_comparison))
    # A column cannot be hollow, so that of many days only those in the means are drawn.
    days = days[days["in_means"]] if days["date"].nunique() > MOST_DOTS else days
    table = days[["nutrient", "date", "amount", "reference_kind", "percent_of_reference", "in_means"]]
    table = table[table["percent_of_reference"].notna()].reset_index(drop=True)
    if table.empty:
        why = "No day has both a known amount and a figure to aim at, so there is nothing to compare."
        return nothing(name, title, why, table)
    goal = subject.names.either(subject.names.goals)
    said = f"single days in percent of {goal}"
    told = " ".join(_told(table, row, subject) for row in records(means))
    return drawn(name, title, told, table, lambda paper: _draw(paper, subject, means, table), said)


def _draw(paper: Paper, subject: Subject, means: pd.DataFrame, table: pd.DataFrame) -> None:
    top = top_of(table["percent_of_reference"])
    axes = paper.band(0, top, left=MARGIN, right=MARGIN + 4)
    seen, beyond = set[str](), 0
    for row in records(means):
        goal = Goal.of(subject, row)
        own = table[table["nutrient"] == row["nutrient"]]
        paper.line_of(short_label(row["nutrient"]), _span(own), bold=True)
        middle = paper.y + _TALL / 2 + 2
        axes.plot([0, top], [middle + _TALL / 2 + 3] * 2, color="#D5DBE1", linewidth=0.7, zorder=1)
        beyond += _days(axes, own, middle, top)
        if goal.column:
            seen |= set(mark_references(axes, goal, top, middle, reach=_TALL / 2 - 1))
            mean = row[f"percent_of_{goal.column}"]
            if mean == mean and len(own) > 1:
                axes.plot([min(mean, top)], [middle], linestyle="none", zorder=5, clip_on=False, **_MEAN)
        paper.y += _TALL + GAP
    paper.scale(axes, scale_ticks(top))
    many = bool(table.groupby("nutrient").size().max() > MOST_DOTS)
    key = [
        Mark("days, the higher the more", {"facecolor": LIGHT}, "box") if many else Mark("a day", _dot(in_means=True))
    ]
    if not many and not table["in_means"].all():
        key.append(Mark("a day left out of the means", _dot(in_means=False)))
    if beyond:
        key.append(Mark(f"above {top:.0f} %", {"marker": ">", "color": BLUE, "markersize": 5}))
    if len(table["date"].unique()) > 1:
        key.append(Mark("mean of these days", _MEAN))
    paper.key([*key, *reference_marks(subject, seen)])


def _dot(*, in_means: bool) -> dict[str, Any]:
    face = LIGHT if in_means else "white"
    return {"marker": "o", "markersize": 5, "markerfacecolor": face, "markeredgecolor": BLUE, "markeredgewidth": 0.7}


def _days(axes: Any, own: pd.DataFrame, middle: float, top: float) -> int:
    """Draw the days of one nutrient; return how many lie beyond the picture."""
    percent, counted = own["percent_of_reference"].to_numpy(), own["in_means"].to_numpy(dtype=bool)
    inside = percent <= top
    if len(own) > MOST_DOTS:
        _columns(axes, percent[inside], middle)
    else:
        _dots(axes, percent, counted, middle, inside)
    beyond = int((~inside).sum())
    if beyond:
        axes.plot([top], [middle + _TALL / 2 - 4], ">", color=BLUE, markersize=6, zorder=3, clip_on=False)
    return beyond


def _columns(axes: Any, percent: NDArray[np.float64], middle: float) -> None:
    """Draw days as columns: how many of them lie between one step of the scale and the next."""
    import numpy as np

    steps, days = np.unique(percent // _STEP, return_counts=True)
    heights = (_TALL - 2) * days / days.max()
    foot = middle + _TALL / 2 + 2
    axes.bar(steps * _STEP + _STEP / 2, -heights, bottom=foot, width=_STEP * 0.86, color=LIGHT, zorder=2)


def _dots(
    axes: Any, percent: NDArray[np.float64], counted: NDArray[np.bool_], middle: float, inside: NDArray[np.bool_]
) -> None:
    import numpy as np

    height = middle + (np.arange(len(percent)) * _GOLDEN % 1.0 - 0.5) * (_TALL - 6) * min(1.0, len(percent) / 6)
    for in_means in (True, False):
        chosen = inside & (counted == in_means)
        if chosen.any():
            style = _dot(in_means=in_means)
            axes.plot(percent[chosen], height[chosen], linestyle="none", zorder=3, clip_on=False, **style)


def _span(own: pd.DataFrame) -> str:
    if own.empty:
        return "nothing to compare"
    kind, percent = own["reference_kind"].iloc[0], own["percent_of_reference"]
    low, high = percent_in_words(percent.min()), percent_in_words(percent.max())
    return f"{low} of {kind}" if low == high else f"{low} to {high} of {kind}"


def _told(table: pd.DataFrame, row: dict[str, Any], subject: Subject) -> str:
    own = table[table["nutrient"] == row["nutrient"]]
    goal = Goal.of(subject, row)
    told = f"{short_label(row['nutrient'])} on {len(own):,} {'day' if len(own) == 1 else 'days'}: {_span(own)}"
    if goal.column and len(own) > 1 and (mean := row[f"percent_of_{goal.column}"]) == mean:
        told += f", {percent_in_words(mean)} as their mean"
    return told + "."
