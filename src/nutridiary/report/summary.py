"""What a notebook shows of an analysis when it is the value of a cell, in a light and in a dark one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import core_nutrients, format_amount
from nutridiary.report import colours
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.in_short import confidence_in_short, mean_in_short, with_confidence
from nutridiary.report.remarks import remarks

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_CELL = "text-align:left;vertical-align:top;padding:.25em .7em;border-bottom:1px solid rgba(128,128,128,.35)"
_TABLE = "border-collapse:collapse;margin:.2em 0"
_FIGURES = "white-space:pre"  # a mean and its bounds stand below one another


def summary_html(analysis: Analysis) -> str:
    """Return the comparison as HTML: a table a person, the core nutrients first, and what it rests on.

    Tints have ink of their own; all else takes the colours of the page.
    """
    names = FigureNames.of(analysis)
    parts = []
    for person_id, rows in with_confidence(analysis).groupby("person_id", dropna=False, sort=False):
        parts.append(f"<p style='margin:.8em 0 .3em'>{_heading(person_id, rows)}</p>")
        is_core = rows["nutrient"].isin(core_nutrients())
        first, others = (rows[is_core], rows[~is_core]) if is_core.any() else (rows, rows[:0])
        parts.append(_table(first, names))
        if len(others):
            words = f"{len(others)} more {'nutrient' if len(others) == 1 else 'nutrients'}"
            parts.append(f"<details><summary style='cursor:pointer'>{words}</summary>{_table(others, names)}</details>")
    parts.extend(f"<p style='margin:.3em 0'>{escape(remark)}</p>" for remark in remarks(analysis))
    left_out = len(analysis.problems)
    parts.append(
        f"<p style='margin:.3em 0'>{len(analysis.entries):,} lines of the diary, {left_out:,} left out (see "
        "<code>.problems</code>). Pictures: <code>.charts</code>.</p>"
    )
    return f"<div style='max-width:72em'>{''.join(parts)}</div>"


def _heading(person_id: object, rows: pd.DataFrame) -> str:
    group = rows["life_stage_group"].dropna()
    who = [text for text in (person_id, group.iloc[0] if len(group) else None) if isinstance(text, str)]
    days = int(rows["days"].iloc[0])
    heading = escape(", ".join(who) or "Nobody described: no reference intakes")
    return f"<b style='font-size:115%'>{heading}</b>; mean of {days:,} {'day' if days == 1 else 'days'}"


def _table(rows: pd.DataFrame, names: FigureNames) -> str:
    requirement = [names.name("ear")] if names.has_requirement else []
    columns = ("Nutrient", "Mean a day", *requirement, names.either(names.goals), "Verdict", "Confidence", "Coverage")
    head = "".join(f"<th scope='col' style='{_CELL}'>{escape(name)}</th>" for name in columns)
    body = "".join(_row(row, names, columns=len(columns)) for row in _rows(rows))
    return (
        f"<div style='overflow-x:auto'><table style='{_TABLE}'><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: Any, names: FigureNames, *, columns: int) -> str:
    """Return the figures of a nutrient, and below them what they come to in words."""
    goal = getattr(row, names.goal_of(row._asdict()))
    figures = (
        f"<b style='white-space:normal'>{escape(row.label)}</b>",
        escape(mean_in_short(row)),
        *([_figure(row.ear, row)] if names.has_requirement else []),
        _figure(goal, row),
        _verdict(row, names),
        escape(confidence_in_short(row)),
        f"{row.coverage:.0f} %" if row.coverage == row.coverage else "",
    )
    return f"<tr>{_cells(figures)}</tr>{_reading(row.reading, columns)}"


def _cells(figures: Sequence[str]) -> str:
    return "".join(f"<td style='{_CELL};border-bottom:0;{_FIGURES}'>{figure}</td>" for figure in figures)


def _reading(words: object, columns: int) -> str:
    if not isinstance(words, str):
        return ""
    style = f"{_CELL};padding-top:0;opacity:.8;white-space:normal"
    return f"<tr><td colspan='{columns}' style='{style}'>{escape(words)}</td></tr>"


def _verdict(row: Any, names: FigureNames) -> str:
    """Return the words of a verdict on their tint, with the sign they have elsewhere."""
    words = names.verdict(row.verdict, row.nutrient)
    if words is None:
        return ""
    sign = colours.VERDICT_SIGNS.get(row.verdict, "")
    tint = colours.VERDICT_TINTS.get(row.verdict)
    told = escape(f"{sign} {words}".strip())
    if tint is None:
        return told
    style = f"background:#{tint};color:#{colours.INK};padding:.1em .5em;border-radius:.6em;white-space:normal"
    return f"<span style='{style};display:inline-block'>{told}</span>"


def _figure(value: float, row: Any) -> str:
    return escape(format_amount(value, row.nutrient)) if value == value else ""


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()
