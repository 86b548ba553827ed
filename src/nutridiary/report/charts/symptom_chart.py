"""Intake of a nutrient above, days with a symptom below, on one axis of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.errors import NutridiaryError, did_you_mean, listing
from nutridiary.nutrients import format_amount, load_nutrients, written_unit
from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.days_chart import MOST_COLUMNS, broken_line, draw_reference, value_axis
from nutridiary.report.charts.drawing import MARGIN, WIDTH, Mark, Paper
from nutridiary.report.charts.lettering import font
from nutridiary.report.charts.marks import BLUE, GRID, INK, LIGHT, QUIET, REFERENCE
from nutridiary.report.charts.subject import Subject, drawn, in_sentence, nothing, reference_figure, short_label
from nutridiary.report.charts.timeline import DAY_NAMES, places, set_days, span_in_words
from nutridiary.report.colours import LOW_TINT

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_WORST = 10.0
_NOT_RATED = 5.0  # where a felt day without a noted severity stands; it is drawn hollow
_FELT: dict[str, Any] = {"marker": "o", "color": INK}
_HOLLOW: dict[str, Any] = {**_FELT, "markerfacecolor": "white"}
_WITHOUT: dict[str, Any] = {"marker": "_", "markersize": 5, "color": QUIET}
_UNKNOWN: dict[str, Any] = {"marker": "x", "markersize": 4, "color": QUIET}


def symptom_timeline(analysis: Analysis, symptom: str, nutrient: str, person_id: str | None = None) -> Chart:
    """Return a chart of a nutrient day by day with the days of a symptom, and its severity, below.

    It shows days side by side and no more: nothing in it is a cause.

    Parameters
    ----------
    analysis : Analysis
    symptom : str
        As in ``symptom_days``: ``"cramp"``.
    nutrient : str
        Name as in ``nutrients.csv``.
    person_id : str, optional
        Whose days; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: a row a day with `amount` in the nutrient's unit, `felt`, `times`, `worst` severity (0 to 10).

    Raises
    ------
    NutridiaryError
        If there is no such person, nutrient or symptom, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    nutrient = subject.nutrient(nutrient)
    symptom = _known(subject, symptom)
    name = subject.slug("symptom", symptom, nutrient)
    title = f"{subject.whom}{symptom.capitalize()} and {in_sentence(nutrient)}, day by day"
    table = _table(subject, symptom, nutrient)
    if table["amount"].isna().all():
        why = f"{symptom.capitalize()} is noted, but no day has a known amount of {in_sentence(nutrient)}."
        return nothing(name, title, why, table)
    unit = written_unit(str(load_nutrients().loc[nutrient, "unit"]))
    said = f"{unit} per day; {span_in_words(table['date'])}. Side by side, no more: no cause is shown."
    told = _in_words(table, symptom, nutrient)
    return drawn(name, title, told, table, lambda paper: _draw(paper, subject, table, symptom, nutrient), said)


def _known(subject: Subject, symptom: str) -> str:
    noted = [str(name) for name in subject.rows(subject.analysis.symptom_days)["symptom"].unique()]
    if symptom not in noted:
        known = f"There are: {listing(noted)}." if noted else "None is noted."
        raise NutridiaryError(f"no symptom {symptom!r} in this diary.{did_you_mean(symptom, noted)} {known}")
    return symptom


def _table(subject: Subject, symptom: str, nutrient: str) -> pd.DataFrame:
    """Return a row a day on record, for food or for the symptom."""
    intakes = subject.rows(subject.analysis.day_comparison, nutrient)
    intakes = intakes.loc[intakes["date"].notna(), ["date", "amount", "ear", "rda", "ai"]]
    felt = subject.rows(subject.analysis.symptom_days)
    felt = felt.loc[felt["symptom"] == symptom, ["date", "felt", "times", "worst"]]
    return intakes.merge(felt, on="date", how="outer", validate="one_to_one").sort_values("date", ignore_index=True)


def _draw(paper: Paper, subject: Subject, table: pd.DataFrame, symptom: str, nutrient: str) -> None:
    x, felt = places(table["date"]), table["felt"].fillna(False).astype(bool)
    roles = [role for role in ("ear", "rda", "ai") if table[role].notna().any()]
    top = 1.08 * max(float(table[["amount", *roles]].max().max()), 1e-9)
    upper, left = value_axis(paper, top, 112)
    paper.y += 8
    paper.put(MARGIN, paper.y + 9, f"severity of {symptom}", quiet=True)
    paper.y += 18
    lower = paper.area(52, left=left)
    lower.set_ylim(-0.8, _WORST + 1)
    lower.set_yticks([0, 5, 10], ["0", "5", "10"], fontproperties=font())
    lower.grid(axis="y", color=GRID, linewidth=0.8)
    lower.set_axisbelow(True)
    for axes, named in ((upper, False), (lower, True)):
        set_days(axes, table["date"], left=left, named=named)
        _tint_days(axes, x[felt], WIDTH - left - MARGIN)
    paper.y += DAY_NAMES
    marks = _draw_intakes(upper, x, table)
    for role in roles:
        draw_reference(upper, x, table[role].ffill().bfill(), role)
        amount = reference_figure(float(table[role].dropna().iloc[-1]), nutrient)
        marks.append(Mark(f"{subject.names.name(role)} {amount}", REFERENCE[role], "line"))
    marks.append(Mark(f"day with {symptom}", {"facecolor": f"#{LOW_TINT}"}, "box"))
    paper.key([*marks, *_draw_symptom(lower, x, table, felt)])


def _tint_days(axes: Any, x: pd.Series, wide: float) -> None:
    """Lay a tint behind days, as one broken line as thick as a day is wide; `wide` is the width of all. [points]"""
    (first, last), (low, high) = axes.get_xlim(), axes.get_ylim()
    thick = max(wide / (last - first), 1.0)
    line = broken_line(x, x * 0 + low, x * 0 + high)
    axes.plot(*line, color=f"#{LOW_TINT}", linewidth=thick, solid_capstyle="butt", zorder=0)


def _draw_intakes(axes: Any, x: pd.Series, table: pd.DataFrame) -> list[Mark]:
    known = table["amount"].notna()
    if len(table) <= MOST_COLUMNS:
        box = {"facecolor": LIGHT, "linewidth": 0}
        axes.bar(x[known], table.loc[known, "amount"], width=0.62, zorder=2, **box)
        return [Mark("known on the day", box, "box")]
    dot = {"marker": "o", "markersize": 3.2, "color": BLUE}
    axes.plot(x[known], table.loc[known, "amount"], linestyle="none", zorder=3, clip_on=False, **dot)
    return [Mark("known on the day", dot)]


def _draw_symptom(axes: Any, x: pd.Series, table: pd.DataFrame, felt: pd.Series) -> list[Mark]:
    """Draw each day's severity; where days are few, those without the symptom have a mark of their own."""
    rated = felt & table["worst"].notna()
    size = {"markersize": 5 if len(table) <= MOST_COLUMNS else 3}
    groups = (
        (rated, table["worst"], {**_FELT, **size}, "severity, 0 to 10"),
        (felt & ~rated, table["worst"].fillna(_NOT_RATED), {**_HOLLOW, **size}, "felt, severity not noted"),
        (table["felt"].isna(), table["worst"] * 0, _UNKNOWN, "not known"),
        (table["felt"].eq(False).fillna(False).astype(bool), table["worst"] * 0, _WITHOUT, "without it"),
    )
    many = len(table) > MOST_COLUMNS
    marks = []
    for chosen, height, style, words in groups[: len(groups) - many]:
        if chosen.any():
            at = height[chosen].fillna(0.0)
            axes.plot(x[chosen], at, linestyle="none", zorder=3, clip_on=False, **style)
            marks.append(Mark(words, style))
    return marks


def _in_words(table: pd.DataFrame, symptom: str, nutrient: str) -> str:
    felt = table["felt"].fillna(False).astype(bool)
    without = table["felt"].eq(False).fillna(False).astype(bool)
    worst = table.loc[felt, "worst"].dropna()
    rated = list(dict.fromkeys(f"{value:g}" for value in (worst.min(), worst.max())))
    severity = f", severity {' to '.join(rated)}" if len(worst) else ""
    amounts = table["amount"].dropna()
    spread = " to ".join(dict.fromkeys(format_amount(value, nutrient) for value in (amounts.min(), amounts.max())))
    return (
        f"{span_in_words(table['date'])}: {symptom} felt on {int(felt.sum())}{severity}, not felt on "
        f"{int(without.sum())}, not known on {int(table['felt'].isna().sum())}. {short_label(nutrient)} was known as "
        f"{spread} per day. No cause is shown."
    )
