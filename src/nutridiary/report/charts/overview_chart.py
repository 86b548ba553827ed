"""How much of what is aimed at the mean of the days reaches, nutrient by nutrient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount
from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.drawing import MARGIN, Mark, Paper
from nutridiary.report.charts.marks import BLUE, INK, WHISKER, bounds
from nutridiary.report.charts.nutrient_rows import (
    GAP,
    Goal,
    mark_references,
    reference_marks,
    scale_ticks,
    top_of,
)
from nutridiary.report.charts.sources_chart import percent_in_words
from nutridiary.report.charts.subject import Subject, drawn, nothing, records, reference_figure, short_label
from nutridiary.report.colours import OPEN_TINT, VERDICT_TINTS

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_BAR = 8.0  # [points]
_COLUMNS = ["nutrient", "unit", "mean_intake", "low", "high", "reference", "amount", "percent", "ear", "ul", "cdrr"]


def overview(analysis: Analysis, person_id: str | None = None) -> Chart:
    """Return a chart of the core nutrients' means in percent of RDA or AI, with bounds, EAR and UL.

    A whisker runs from the least to the most the mean can be, given what is missing. The words say what the
    comparison comes to; the tint behind them only repeats it.

    Parameters
    ----------
    analysis : Analysis
    person_id : str, optional
        Whose means; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: a row a nutrient with the mean and its bounds, what is aimed at (`reference`, its `amount`), the mean
        in `percent` of it [%], EAR, UL and CDRR in the nutrient's unit, and the `verdict` in words.

    Raises
    ------
    NutridiaryError
        If there is no such person, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    title, name = f"{subject.whom}Do these days reach what is aimed at?", subject.slug("overview")
    rows = subject.core(analysis.comparison)
    goals = [Goal.of(subject, row) for row in records(rows)]
    table = _table(subject, rows, goals)
    if table["mean_intake"].isna().all():
        return nothing(name, title, "No line of this diary is counted, so there is no mean to compare.", table)
    count, goal = int(rows["days"].max()), subject.names.either(subject.names.goals)
    said = f"mean of {count:,} {'day' if count == 1 else 'days'}, in percent of {goal}"
    return drawn(name, title, _in_words(table, count), table, lambda paper: _draw(paper, subject, table, goals), said)


def _table(subject: Subject, rows: pd.DataFrame, goals: list[Goal]) -> pd.DataFrame:
    percent = [
        row[f"percent_of_{goal.column}"] if goal.column else float("nan")
        for row, goal in zip(records(rows), goals, strict=True)
    ]
    found = rows.assign(
        reference=[goal.name for goal in goals], amount=[goal.amount for goal in goals], percent=percent
    )[_COLUMNS]
    words = [
        subject.names.verdict(code, nutrient) or ""
        for nutrient, code in rows[["nutrient", "verdict"]].itertuples(index=False)
    ]
    return found.assign(code=rows["verdict"], verdict=words)


def _draw(paper: Paper, subject: Subject, table: pd.DataFrame, goals: list[Goal]) -> None:
    top = top_of(table["percent"])
    axes = paper.band(0, top, left=MARGIN, right=MARGIN + 4)
    seen, cut, bounded = set[str](), False, False
    for row, goal in zip(records(table), goals, strict=True):
        at = paper.y
        paper.line_of(short_label(row["nutrient"]), figures_of(row), bold=True)
        paper.paragraph(row["verdict"], quiet=True)
        if goal.column:
            middle = paper.y + _BAR / 2 + 6
            cut |= _bar(axes, row["percent"], top, middle)
            bounded |= row["low"] != row["high"]
            bounds(axes, middle, goal.percent(row["low"]), goal.percent(row["high"]))
            seen |= set(mark_references(axes, goal, top, middle))
            paper.y += _BAR + 11
        paper.y += 2
        paper.tinted(at - 2, VERDICT_TINTS.get(row["code"], OPEN_TINT))
        paper.y += GAP
    paper.y -= GAP
    paper.scale(axes, scale_ticks(top))
    key = [Mark("mean of these days", {"facecolor": BLUE}, "box"), *reference_marks(subject, seen)]
    if bounded:
        key.append(Mark("at least to at most; arrow: further", WHISKER, "whisker"))
    elif cut:
        key.append(Mark("goes on", {"marker": ">", "color": INK, "markersize": 5}))
    paper.key(key)


def _bar(axes: Any, percent: float, top: float, middle: float) -> bool:
    """Draw a mean; return whether it goes on beyond the picture."""
    if percent != percent:
        return False
    axes.barh(middle, percent, height=_BAR, color=BLUE, linewidth=0, zorder=2)
    if percent <= top:
        return False
    axes.plot([top], [middle], marker=">", markersize=6, color=BLUE, linestyle="none", clip_on=False, zorder=3)
    return True


def figures_of(row: dict[str, Any]) -> str:
    """Return the figures of a row: "413 mg, 129 % of RDA 320 mg"."""
    mean = "unknown" if row["mean_intake"] != row["mean_intake"] else format_amount(row["mean_intake"], row["nutrient"])
    if not row["reference"]:
        return f"{mean}, no reference"
    goal = f"{row['reference']} {reference_figure(row['amount'], row['nutrient'])}"
    return f"{mean}, {percent_in_words(row['percent'])} of {goal}" if row["percent"] == row["percent"] else mean


def _in_words(table: pd.DataFrame, count: int) -> str:
    told = [f"{short_label(row['nutrient'])} {figures_of(row)}: {row['verdict']}." for row in records(table)]
    return f"Mean of {count:,} {'day' if count == 1 else 'days'}. {' '.join(told)}"
