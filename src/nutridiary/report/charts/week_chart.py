"""The latest days, nutrient by nutrient and day by day, with the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import load_nutrients, written_unit
from nutridiary.report import colours
from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.days_chart import days_in_means
from nutridiary.report.charts.drawing import MARGIN, WIDTH, Mark, Paper
from nutridiary.report.charts.lettering import LINE, SIZE
from nutridiary.report.charts.subject import Subject, drawn, nothing, records, short_label
from nutridiary.report.charts.timeline import day_name, span_in_words

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

MOST_DAYS = 7
"""Days that fit side by side with their figures."""
_CELL, _GAP = 30.0, 2.0  # [points]
_SIGNS = {
    colours.ENOUGH: "reaches {goal}",
    colours.BETWEEN: "reaches the {ear}",
    colours.LOW: "below the {ear}",
    colours.HIGH: "above {limit}",
}


def week(analysis: Analysis, person_id: str | None = None) -> Chart:
    """Return a grid of the core nutrients on the latest seven recorded days, each with its figure.

    Sign and tint say what the day comes to; a day from which nothing can be concluded has neither.

    Parameters
    ----------
    analysis : Analysis
    person_id : str, optional
        Whose days; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: a row a nutrient and day with `amount` in `unit`, `low`, `high`, `sign` and `verdict` in words.

    Raises
    ------
    NutridiaryError
        If there is no such person, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    name = subject.slug("week")
    rows = days_in_means(subject, subject.core(analysis.day_comparison))
    latest = sorted(rows["date"].unique())[-MOST_DAYS:]
    rows = rows[rows["date"].isin(latest)].reset_index(drop=True)
    table = _table(subject, rows)
    title = f"{subject.whom}What did {'the latest days' if len(latest) > 1 else 'the day'} give?"
    if table["amount"].isna().all():
        return nothing(name, title, "No day on record has a known amount of a core nutrient.", table)
    said = span_in_words(table["date"])
    return drawn(name, title, _in_words(table), table, lambda paper: _draw(paper, subject, table), said)


def _table(subject: Subject, rows: pd.DataFrame) -> pd.DataFrame:
    incomplete = (rows["foods_without_value"] + rows["foods_left_out"]) > 0
    words = [
        subject.names.verdict(code, nutrient) or ""
        for nutrient, code in rows[["nutrient", "verdict"]].itertuples(index=False)
    ]
    return rows.assign(
        sign=rows["verdict"].map(colours.VERDICT_SIGNS).fillna(""),
        at_least=incomplete & rows["amount"].notna(),
        code=rows["verdict"],
        verdict=words,
    )[["nutrient", "date", "amount", "unit", "low", "high", "at_least", "in_means", "sign", "verdict", "code"]]


def _draw(paper: Paper, subject: Subject, table: pd.DataFrame) -> None:
    dates = sorted(table["date"].unique())
    left = MARGIN + 76
    wide = min((WIDTH - MARGIN - left) / len(dates), 60)
    paper.y += SIZE * (1 + LINE)
    for place, date in enumerate(dates):
        middle, (day, month) = left + wide * (place + 0.5) - _GAP / 2, day_name(date).split()
        paper.put(middle, paper.y - SIZE * LINE, day, quiet=True, align="center")
        paper.put(middle, paper.y, month, quiet=True, align="center")
    paper.y += 5
    for nutrient, rows in table.groupby("nutrient", sort=False):
        _label(paper, str(nutrient))
        for row in records(rows):
            _cell(paper, left + wide * dates.index(row["date"]), wide, row)
        paper.y += _CELL + _GAP
    paper.y += 4
    if meaning := _meaning(subject, table):
        paper.key([Mark(words, kind="words") for words in meaning])


def _label(paper: Paper, nutrient: str) -> None:
    unit = written_unit(str(load_nutrients().loc[nutrient, "unit"]))
    middle = paper.y + _CELL / 2
    paper.put(MARGIN, middle - 1, short_label(nutrient), bold=True)
    paper.put(MARGIN, middle - 1 + SIZE * LINE, unit, quiet=True)


def _cell(paper: Paper, x: float, wide: float, row: dict[str, Any]) -> None:
    """Tint the cell of a day, and write its sign above its figure."""
    inner = wide - _GAP
    missing = row["amount"] != row["amount"]
    tint = colours.MISSING_FILL if missing else colours.VERDICT_TINTS.get(row["code"], colours.OPEN_TINT)
    box = [x, x + inner, x + inner, x], [paper.y, paper.y, paper.y + _CELL, paper.y + _CELL]
    paper.face.fill(*box, color=f"#{tint}", linewidth=0, zorder=0)
    middle = x + inner / 2
    signs = " ".join(filter(None, (row["sign"], "≥" if row["at_least"] else "")))
    if signs:
        paper.put(middle, paper.y + SIZE + 2, signs, align="center")
    figure = _figure(row["amount"], row["nutrient"])
    paper.put(middle, paper.y + _CELL - 5, figure, align="center", quiet=not row["in_means"])


def _figure(amount: float, nutrient: str) -> str:
    """Return an amount without its unit, which stands at the head of the row."""
    if amount != amount:
        return "?"
    return f"{amount:,.{int(load_nutrients().loc[nutrient, 'decimals'])}f}"  # type: ignore[arg-type]


def _meaning(subject: Subject, table: pd.DataFrame) -> list[str]:
    """Return what the signs in the grid say."""
    names = subject.names
    words = {
        "goal": f"the {names.either(names.goals)}",
        "ear": names.name("ear"),
        "limit": f"the {names.either(names.limits)}",
    }
    seen = set(table["sign"])
    told = [f"{sign} {said.format(**words)}" for sign, said in _SIGNS.items() if sign in seen]
    told += ["≥ at least: a line has no value or is left out"] if table["at_least"].any() else []
    told += ["? no value known"] if table["amount"].isna().any() else []
    return [*told, "no sign: nothing can be concluded"] if (table["sign"] == "").any() else told


def _in_words(table: pd.DataFrame) -> str:
    told = []
    for nutrient, rows in table.groupby("nutrient", sort=False):
        unit = written_unit(str(rows["unit"].iloc[0]))
        figures = [f"{day_name(row['date'])} {_figure(row['amount'], str(nutrient))}" for row in records(rows)]
        told.append(f"{short_label(str(nutrient))} [{unit}]: {', '.join(figures)}.")
    return f"{span_in_words(table['date'])}. {' '.join(told)}"
