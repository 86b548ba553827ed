"""Each day of a nutrient beside what it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.errors import listing
from nutridiary.nutrients import format_amount, load_nutrients, written_unit
from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.drawing import MARGIN, Mark, Paper
from nutridiary.report.charts.lettering import font, width_of
from nutridiary.report.charts.marks import BLUE, GRID, INK, LIGHT, MEAN, QUIET, REFERENCE
from nutridiary.report.charts.matplotlib_extra import matplotlib_module
from nutridiary.report.charts.subject import Subject, drawn, in_sentence, nothing, reference_figure
from nutridiary.report.charts.timeline import DAY_NAMES, places, set_days, span_in_words

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

MOST_COLUMNS = 31
"""Days that are drawn as columns; more are drawn as points."""
_FAR = 1.6
"""An upper figure more than this many times all else is named and not drawn: it would press the days flat."""
_HIGHEST = 2.5
"""An upper bound more than this many times all else runs out of the picture, with an arrow."""
_ROLES = ("ear", "rda", "ai", "dv", "ul", "cdrr")


def days(analysis: Analysis, nutrient: str, person_id: str | None = None) -> Chart:
    """Return a chart of each day of a nutrient, with its bounds, beside EAR, RDA or AI, and UL.

    A whisker ends where the day's total lies at least and at most; an arrow in place of its end says that
    nothing bounds it, or that the bound lies above the picture. A day left out of the means is hollow.

    Parameters
    ----------
    analysis : Analysis
    nutrient : str
        Name as in ``nutrients.csv``.
    person_id : str, optional
        Whose days; not needed where the diary is of one person.

    Returns
    -------
    Chart
        Its table: `date`, `amount`, `low`, `high`, the references, all in the nutrient's unit, `verdict`, `in_means`.

    Raises
    ------
    NutridiaryError
        If there is no such person or nutrient, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    nutrient = subject.nutrient(nutrient)
    title, name = f"{subject.whom}How much {in_sentence(nutrient)} on each day?", subject.slug("days", nutrient)
    table, undated = _days_of(subject, nutrient)
    if table[["amount", "high"]].isna().all(axis=None):
        known = "No day of it has a known value" if len(table) else "No line with a date is counted"
        return nothing(name, title, f"{known}, so there is nothing to draw.", table)
    drawing = _Drawing(subject, nutrient, table, undated)
    unit = written_unit(str(load_nutrients().loc[nutrient, "unit"]))
    said = f"{unit} per day; {span_in_words(table['date'])}"
    return drawn(name, title, drawing.in_words(), table, drawing.on, said)


def _days_of(subject: Subject, nutrient: str) -> tuple[pd.DataFrame, int]:
    """Return a row a day, and how many of the rows have no day."""
    columns = ["date", "amount", "low", "high", *_ROLES, "verdict", "in_means"]
    rows = subject.rows(subject.analysis.day_comparison, nutrient)
    found = days_in_means(subject, rows)[columns].sort_values("date", ignore_index=True)
    return found, int(rows["date"].isna().sum())


def days_in_means(subject: Subject, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a person that have a day, with `in_means`: not so where the day is left out of the means."""
    checks = subject.rows(subject.analysis.day_checks)[["date", "left_out"]]
    found = rows[rows["date"].notna()].merge(checks, on="date", how="left", validate="many_to_one")
    return found.assign(in_means=~found.pop("left_out").fillna(False).astype(bool))


class _Drawing:
    """The days of one nutrient, on their way to paper."""

    def __init__(self, subject: Subject, nutrient: str, table: pd.DataFrame, undated: int) -> None:
        """Find out what has to have room."""
        self.subject, self.nutrient, self.table, self.undated = subject, nutrient, table, undated
        means = subject.rows(subject.analysis.comparison, nutrient)
        self.mean = float(means["mean_intake"].iloc[0]) if len(means) else float("nan")
        amounts = table["amount"].fillna(table["low"])
        tallest = [_largest(table[role]) for role in ("ear", "rda", "ai", "dv")]
        middle = max(value for value in (_largest(amounts), *tallest, 1e-9) if value == value)
        bounds = _largest(table["high"].where(table["high"] <= _HIGHEST * middle))
        middle = max(middle, bounds) if bounds == bounds else middle
        self.lines = [role for role in _ROLES if self._is_drawn(role, middle)]
        self.top = 1.08 * max([middle, *(_largest(table[role]) for role in self.lines)])

    def _is_drawn(self, role: str, middle: float) -> bool:
        values = self.table[role]
        if values.isna().all():
            return False
        return role not in ("ul", "cdrr") or float(values.max()) <= _FAR * middle

    def on(self, paper: Paper) -> None:
        """Draw the days and say what is seen."""
        axes, left = value_axis(paper, self.top)
        set_days(axes, self.table["date"], left=left)
        x = places(self.table["date"])
        marks = [*self._draw_amounts(axes, x), *self._draw_bounds(axes, x), *self._draw_lines(axes, x)]
        paper.y += DAY_NAMES
        paper.key(marks)
        for words in self._beside():
            paper.y += 3
            paper.paragraph(words, quiet=True)

    def _draw_amounts(self, axes: Any, x: pd.Series) -> list[Mark]:
        table, marks = self.table, []
        many = len(table) > MOST_COLUMNS
        dot: dict[str, Any] = {"marker": "o", "markersize": 3.2 if many else 6.5, "markeredgecolor": BLUE}
        for counted, words in ((True, "known on the day"), (False, "left out of the means")):
            chosen = (table["in_means"] == counted) & table["amount"].notna()
            if not chosen.any():
                continue
            face = (BLUE if many else LIGHT) if counted else "white"
            if many:
                style = {**dot, "markerfacecolor": face, "markeredgewidth": 0.6}
                axes.plot(x[chosen], table.loc[chosen, "amount"], linestyle="none", zorder=3, clip_on=False, **style)
                marks.append(Mark(words, style))
            else:
                box = {"facecolor": face, "edgecolor": BLUE, "linewidth": 0 if counted else 1}
                axes.bar(x[chosen], table.loc[chosen, "amount"], width=0.72, zorder=2, **box)
                marks.append(Mark(words, box, "box"))
        missing = table["amount"].isna()
        if missing.any():
            style = {"marker": "x", "markersize": 4.5, "color": QUIET}
            axes.plot(x[missing], [0.025 * self.top] * int(missing.sum()), linestyle="none", **style)
            marks.append(Mark("no value on the day", style))
        return marks

    def _draw_bounds(self, axes: Any, x: pd.Series) -> list[Mark]:
        table = self.table
        thin = {"color": LIGHT if len(table) > MOST_COLUMNS else INK, "linewidth": 1.0}
        low = table["low"].combine_first(table["amount"])
        low = low.mask(low.isna(), 0.0)  # where only an upper bound is known: nobody eats less than nothing
        beyond = (table["high"] > self.top) | table["high"].isna()
        top = table["high"].mask(beyond, self.top)
        apart = beyond | (top - low > 0.004 * self.top)
        if not apart.any():
            return []
        xs, ys = broken_line(x[apart], low[apart], top[apart])
        axes.plot(xs, ys, zorder=2.5, **thin)
        marks = [Mark("at least to at most", thin, "whisker")]
        ends = apart & ~beyond
        if len(table) <= MOST_COLUMNS:
            for at in (low, top):
                style = {"marker": "_", "markersize": 5, "color": INK}
                axes.plot(x[ends], at[ends], linestyle="none", zorder=2.5, **style)
        if beyond.any():
            style = {"marker": "^", "markersize": 4 if len(table) > MOST_COLUMNS else 6, "color": thin["color"]}
            axes.plot(x[beyond], [0.985 * self.top] * int(beyond.sum()), linestyle="none", zorder=2.6, **style)
            open_ended = table["high"].isna().any()
            marks.append(Mark("no upper bound" if open_ended else "upper bound above the picture", style))
        return marks

    def _draw_lines(self, axes: Any, x: pd.Series) -> list[Mark]:
        marks = []
        for role in self.lines:
            draw_reference(axes, x, self.table[role], role)
            marks.append(Mark(self._called(role), REFERENCE[role], "line"))
        if len(self.table) > 1 and self.mean == self.mean:
            axes.plot(axes.get_xlim(), [self.mean] * 2, zorder=3.1, **MEAN)
            amount = format_amount(self.mean, self.nutrient)
            marks.append(Mark(f"mean of these days {amount}", MEAN, "line"))
        return marks

    def _called(self, role: str) -> str:
        """Return "RDA 320 mg"; from when to when it goes where it changes within the diary."""
        values = self.table[role].dropna().unique()
        amounts = " and ".join(reference_figure(value, self.nutrient) for value in sorted(values))
        return f"{self.subject.names.name(role)} {amounts}"

    def _beside(self) -> list[str]:
        """Say what is not in the picture."""
        said = []
        for role in ("ul", "cdrr"):
            if role in self.lines or self.table[role].isna().all():
                continue
            said.append(f"{self._called(role)} lies above this picture.")
        if self.undated:
            said.append("Lines without a date are in no day.")
        return said

    def in_words(self) -> str:
        """Return what is seen, in a few sentences."""
        table, nutrient = self.table, self.nutrient
        amounts = table["amount"].dropna()
        spread = sorted({format_amount(value, nutrient) for value in (amounts.min(), amounts.max())})
        if len(amounts) and amounts.min() < amounts.max():
            spread = [format_amount(amounts.min(), nutrient), format_amount(amounts.max(), nutrient)]
        seen = f"{in_sentence(nutrient)[:1].upper()}{in_sentence(nutrient)[1:]}, {span_in_words(table['date'])}: "
        seen += f"{' to '.join(spread)} known per day" if len(amounts) else "no day with a known value"
        if len(table) > 1 and self.mean == self.mean:
            seen += f", {format_amount(self.mean, nutrient)} as the mean of these days"
        counts = table["verdict"].value_counts(sort=True)
        by_day = [
            f"{count} {'day' if count == 1 else 'days'}: {words}"
            for code, count in counts.items()
            if (words := self.subject.names.verdict(code, nutrient)) and code != "descriptive"
        ]
        held = listing((self._called(role) for role in _ROLES if table[role].notna().any()), most=6)
        sentences = [seen, f"Held against {held}" if held else "", "; ".join(by_day)]
        hollow = int((~table["in_means"]).sum())
        sentences.append(
            f"{hollow} of the days {'is' if hollow == 1 else 'are'} left out of the means" if hollow else ""
        )
        return " ".join(f"{sentence}." for sentence in sentences if sentence)


def value_axis(paper: Paper, top: float, height: float = 168.0) -> tuple[Any, float]:
    """Return axes from 0 to `top` with their figures at the left, and where they begin. [points]"""
    ticks = matplotlib_module("ticker").MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    ticks = [tick for tick in ticks if 0 <= tick <= top]
    labels = [f"{tick:,.10g}" for tick in ticks]
    left = MARGIN + max(map(width_of, labels)) + 5
    axes = paper.area(height, left=left)
    axes.set_ylim(0, top)
    axes.set_yticks(ticks, labels, fontproperties=font())
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    return axes, left


def draw_reference(axes: Any, x: pd.Series, values: pd.Series, role: str) -> None:
    """Draw a reference across the days, with a step where it changes within the diary."""
    first, last = axes.get_xlim()
    ys = [values.iloc[0], *values, values.iloc[-1]]
    axes.plot([first, *x, last], ys, drawstyle="steps-mid", zorder=3.2, **REFERENCE[role])


def _largest(values: pd.Series) -> float:
    return float(values.max())


def broken_line(x: pd.Series, low: pd.Series, high: pd.Series) -> tuple[Any, Any]:
    """Return one line that goes up at each place and breaks off between: one path in place of hundreds."""
    import numpy as np

    gap = np.full(len(x), np.nan)
    return np.column_stack([x, x, gap]).ravel(), np.column_stack([low, high, gap]).ravel()
