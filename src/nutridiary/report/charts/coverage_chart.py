"""How much of each figure rests on a food's own record, on a twin's, and on nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.days_chart import days_in_means
from nutridiary.report.charts.drawing import MARGIN, WIDTH, Mark, Paper
from nutridiary.report.charts.lettering import width_of
from nutridiary.report.charts.marks import BLUE, INK, LIGHT
from nutridiary.report.charts.subject import Subject, drawn, nothing, records, short_label

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_BAR = 9.0  # [points]
_PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "own_record": ("value of its own record", {"facecolor": BLUE}),
    "twin": ("value of a twin record", {"facecolor": LIGHT}),
    "no_value": ("no value", {"facecolor": "white", "edgecolor": INK, "linewidth": 0.8}),
    "left_out": ("line left out", {"facecolor": "white", "edgecolor": INK, "linewidth": 0.8, "hatch": "//////"}),
}
_SHORT = {"own_record": "own record", "twin": "twin", "no_value": "no value", "left_out": "left out"}


def coverage(analysis: Analysis, person_id: str | None = None) -> Chart:
    """Return a chart of how many lines of food have a value for each core nutrient, and from where.

    Parameters
    ----------
    analysis : Analysis
    person_id : str, optional
        Whose lines; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: a row a nutrient with the lines that have a value of their `own_record`, that of a `twin`,
        `no_value`, or are `left_out`, and `coverage`: the share of the grams counted whose own record has a value [%].

    Raises
    ------
    NutridiaryError
        If there is no such person, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    title, name = f"{subject.whom}How much of each figure is known?", subject.slug("coverage")
    means = subject.core(analysis.comparison)
    table = _lines(days_in_means(subject, subject.core(analysis.days)), means)
    lines = int(table[list(_PARTS)].sum(axis="columns").max()) if len(table) else 0
    if not lines:
        return nothing(name, title, "No line of food or drink is in the means.", table)
    said = f"{lines:,} lines of food and drink that are in the means or left out"
    return drawn(name, title, _in_words(table), table, lambda paper: _draw(paper, table, lines), said)


def _lines(days: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
    """Return how many lines of each nutrient there are of each kind, in the order of `means`."""
    counted = days[days["in_means"]].groupby("nutrient")["foods"].sum().reindex(means["nutrient"], fill_value=0)
    found = means[["nutrient", "coverage"]].assign(
        twin=means["foods_filled_in"], no_value=means["foods_without_value"], left_out=means["foods_left_out"]
    )
    found["own_record"] = counted.to_numpy() - found["twin"] - found["no_value"]
    return found[["nutrient", *_PARTS, "coverage"]]


def _draw(paper: Paper, table: pd.DataFrame, lines: int) -> None:
    axes = paper.band(0, lines)
    for row in records(table):
        label, counts = short_label(row["nutrient"]), _counts(row)
        fits = width_of(label, bold=True) + width_of(counts) + 12 < WIDTH - 2 * MARGIN
        paper.line_of(label, counts if fits else "", bold=True)
        if not fits:
            paper.paragraph(counts)
        begin = 0
        for part, (_, look) in _PARTS.items():
            if row[part]:
                axes.barh(paper.y + _BAR / 2 + 1, row[part], left=begin, height=_BAR, **{"linewidth": 0, **look})
                begin += row[part]
        paper.y += _BAR + 8
    paper.y -= 4
    shown = [part for part in _PARTS if table[part].any()]
    paper.key([Mark(words, look, "box") for part, (words, look) in _PARTS.items() if part in shown])


def _counts(row: dict[str, Any]) -> str:
    """Return "438 own record, 12 left out"."""
    return ", ".join(f"{row[part]:,} {words}" for part, words in _SHORT.items() if row[part])


def _in_words(table: pd.DataFrame) -> str:
    told = [f"{short_label(row['nutrient'])}: {_counts(row)}{_of_grams(row['coverage'])}." for row in records(table)]
    return f"Lines by where their value comes from. {' '.join(told)}"


def _of_grams(coverage: float) -> str:
    return f"; {coverage:.0f} % of the grams counted have a value of their own record" if coverage == coverage else ""
