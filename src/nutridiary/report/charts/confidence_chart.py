"""How sure it is, by these days, that usual intake is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.drawing import MARGIN, Mark, Paper
from nutridiary.report.charts.marks import BLUE, RULE, WHISKER, bounds
from nutridiary.report.charts.nutrient_rows import GAP
from nutridiary.report.charts.subject import Subject, drawn, nothing, records, short_label
from nutridiary.report.in_short import confidence_in_short
from nutridiary.usual_intake import VERDICTS

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

_DOT: dict[str, Any] = {"marker": "o", "markersize": 7, "color": BLUE}
_TALL = 12.0  # [points]
_COLUMNS = ["nutrient", "reference_name", "reference", "unit", "confidence", "confidence_low", "confidence_high"]


def confidence(analysis: Analysis, person_id: str | None = None) -> Chart:
    """Return a chart of the confidence, nutrient by nutrient, that usual intake meets the need or is above the AI.

    It is a figure about people of the same sex and age with records like these, not a finding about one person.

    Parameters
    ----------
    analysis : Analysis
    person_id : str, optional
        Whose days; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: a row a nutrient with what the confidence is about, the `confidence` with its bounds, whatever the
        values not known are [%], and the `verdict` in words.

    Raises
    ------
    NutridiaryError
        If there is no such person, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    title, name = f"{subject.whom}What do these days say of usual intake?", subject.slug("confidence")
    rows = subject.core(analysis.confidence)
    table = rows[[*_COLUMNS, "method"]].assign(
        verdict=rows["verdict"].map(VERDICTS), shown=[confidence_in_short(row) for row in rows.itertuples()]
    )
    if table["confidence"].isna().all():
        why = "No confidence is stated: there is no reference, or the days do not carry one."
        return nothing(name, title, why, table)
    said = "of 100 people with records like these, how many have enough"
    told = " ".join(_told(row) for row in records(table))
    return drawn(name, title, told, table.drop(columns="method"), lambda paper: _draw(paper, records(table)), said)


def _draw(paper: Paper, rows: list[dict[str, Any]]) -> None:
    axes = paper.band(0, 100, left=MARGIN + 4, right=MARGIN + 4)
    bounded = False
    for row in rows:
        paper.line_of(short_label(row["nutrient"]), row["shown"], bold=True)
        paper.paragraph(_about(row), quiet=True)
        middle = paper.y + _TALL / 2 + 1
        if row["confidence"] == row["confidence"]:
            axes.plot([0, 100], [middle, middle], color=RULE, linewidth=4, solid_capstyle="round", zorder=1)
            bounds(axes, middle, row["confidence_low"], row["confidence_high"])
            bounded |= row["confidence_low"] != row["confidence_high"]
            axes.plot([row["confidence"]], [middle], linestyle="none", zorder=5, clip_on=False, **_DOT)
            paper.y += _TALL
        paper.y += GAP
    paper.y -= GAP - 4
    paper.scale(axes, [0, 25, 50, 75, 100], unit="")
    key = [Mark("of 100 people", _DOT)]
    if bounded:
        key.append(Mark("between, whatever is not known; arrow: open", WHISKER, "whisker"))
    paper.key(key)


def _about(row: dict[str, Any]) -> str:
    """Return the words of a row: "likely enough; by the EAR"."""
    if row["confidence"] != row["confidence"]:
        return str(row["verdict"])
    alone = ", these days alone" if row["method"] == "iom_2000" else ""
    return f"{row['verdict']}; by the {row['reference_name']}{alone}"


def _told(row: dict[str, Any]) -> str:
    return f"{short_label(row['nutrient'])}: {row['shown'] or 'no figure'}, {row['verdict']}."
