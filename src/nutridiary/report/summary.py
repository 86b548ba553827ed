"""What a notebook shows of an analysis when it is the value of a cell."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.in_short import confidence_in_short, mean_in_short, with_confidence
from nutridiary.report.remarks import remarks

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis


def summary_html(analysis: Analysis) -> str:
    """Return the comparison as HTML: a table a person, and how much of the diary it rests on."""
    parts = []
    names = FigureNames.of(analysis)
    goals = names.either(names.goals)
    requirement = [names.name("ear")] if names.has_requirement else []
    columns = ("Nutrient", "Mean a day", *requirement, goals, "Coverage", "Confidence", "Reading")
    for person_id, rows in with_confidence(analysis).groupby("person_id", dropna=False, sort=False):
        group = rows["life_stage_group"].dropna()
        who = [text for text in (person_id, group.iloc[0] if len(group) else None) if isinstance(text, str)]
        heading = ", ".join(who) or "Nobody described: no reference intakes"
        parts.append(f"<p><b>{escape(heading)}</b>; mean of {rows['days'].iloc[0]} days</p><table><thead><tr>")
        parts.extend(f"<th style='text-align:left'>{name}</th>" for name in columns)
        parts.append("</tr></thead><tbody>")
        for row in _rows(rows):
            goal = getattr(row, names.goal_of(row._asdict()))
            cells = (
                row.label,
                mean_in_short(row),
                *([_figure(row.ear, row)] if requirement else []),
                _figure(goal, row),
                f"{row.coverage:.0f} %" if row.coverage == row.coverage else "",
                confidence_in_short(row),
                row.reading,
            )
            parts.append(
                "<tr>" + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in cells) + "</tr>"
            )
        parts.append("</tbody></table>")
    parts.extend(f"<p>{escape(remark)}</p>" for remark in remarks(analysis))
    left_out = len(analysis.problems)
    parts.append(
        f"<p>{len(analysis.entries)} lines of the diary, {left_out} left out (see <code>.problems</code>).</p>"
    )
    return "".join(parts)


def _figure(value: float, row: Any) -> str:
    return format_amount(value, row.nutrient) if value == value else ""


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()
