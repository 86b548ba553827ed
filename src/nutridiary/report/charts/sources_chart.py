"""Which foods, and which kinds of food, gave a nutrient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.errors import listing
from nutridiary.food_groups import SUPPLEMENTS
from nutridiary.nutrients import format_amount
from nutridiary.report.charts.chart import Chart
from nutridiary.report.charts.drawing import Mark, Paper
from nutridiary.report.charts.marks import BLUE, INK, LIGHT, ORANGE
from nutridiary.report.charts.subject import Subject, drawn, in_sentence, nothing

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

MOST_FOODS = 8
"""Foods, and groups, that are named; the rest is drawn together."""
_BOX = 7.0  # [points] height of a bar
_LOOKS: dict[str, dict[str, Any]] = {
    "food": {"facecolor": BLUE},
    "supplement": {"facecolor": ORANGE},
    "rest": {"facecolor": LIGHT},
    "group": {"facecolor": BLUE},
}
_COLUMNS = ["part", "name", "foods", "amount", "unit", "percent_of_total"]


def sources(analysis: Analysis, nutrient: str, person_id: str | None = None) -> Chart:
    """Return a chart of the foods that gave most of a nutrient, and of the food groups where they are known.

    Parameters
    ----------
    analysis : Analysis
    nutrient : str
        Name as in ``nutrients.csv``.
    person_id : str, optional
        Whose diary; not needed where it is of one person.

    Returns
    -------
    Chart
        Its table: `part` (food, supplement, rest, group or rest of groups), `name`, `foods`, `amount` over all days
        in `unit`, `percent_of_total` [%].

    Raises
    ------
    NutridiaryError
        If there is no such person or nutrient, or matplotlib is not installed.
    """
    subject = Subject.of(analysis, person_id)
    nutrient = subject.nutrient(nutrient)
    title, name = f"{subject.whom}Which foods gave the {in_sentence(nutrient)}?", subject.slug("sources", nutrient)
    rows = subject.rows(analysis.contributions, nutrient)
    foods = _most_first(rows.assign(part=rows["source_kind"], name=rows["food_description"], foods=1), "food")
    groups = subject.rows(analysis.group_contributions, nutrient)
    groups = _most_first(groups.assign(part="group", name=groups["food_group"]), "group")
    table = _joined(foods, groups)
    if not (table["percent_of_total"] > 0).any():
        why = f"No food on record gives a known amount of {in_sentence(nutrient)}."
        return nothing(name, title, why, table)
    unknown = int(rows["amount"].isna().sum())

    def draw(paper: Paper) -> None:
        _draw(paper, foods, groups, nutrient)
        if unknown:
            paper.paragraph(_without_value(unknown), quiet=True)

    said = "percent of what is known of it, over all days in the means"
    return drawn(name, title, _in_words(nutrient, foods, groups, unknown), table, draw, said)


def _most_first(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return what gave most first, and all that gave less than the first few as one row."""
    import pandas as pd

    known = rows[rows["amount"] > 0].sort_values("percent_of_total", ascending=False, kind="stable")[_COLUMNS]
    rest = known[MOST_FOODS:]
    if len(rest) < 2:
        return known
    what = "other foods" if kind == "food" else "other groups"
    together = {
        "part": "rest",
        "name": f"{len(rest):,} {what} together",
        "foods": rest["foods"].sum(),
        "amount": rest["amount"].sum(min_count=1),
        "unit": rest["unit"].iloc[0],
        "percent_of_total": rest["percent_of_total"].sum(min_count=1),
    }
    return pd.concat([known[:MOST_FOODS], pd.DataFrame([together]).astype(known.dtypes)], ignore_index=True)


def _joined(foods: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if groups.empty:
        return foods.reset_index(drop=True)
    of_groups = groups.assign(part=groups["part"].mask(groups["part"] == "rest", "rest of groups"))
    return pd.concat([foods, of_groups], ignore_index=True)


def _draw(paper: Paper, foods: pd.DataFrame, groups: pd.DataFrame, nutrient: str) -> None:
    most = max(float(part["percent_of_total"].max()) for part in (foods, groups) if len(part))
    axes = paper.band(0, most)
    _bars(paper, axes, foods, nutrient)
    if len(groups):
        paper.y += 6
        paper.paragraph("By kind of food", bold=True)
        paper.y += 2
        _bars(paper, axes, groups, nutrient)
    if (foods["part"] == "supplement").any():
        paper.key([Mark("food", _LOOKS["food"], "box"), Mark("supplement", _LOOKS["supplement"], "box")])


def _bars(paper: Paper, axes: Any, rows: pd.DataFrame, nutrient: str) -> None:
    for part, name, amount, percent in rows[["part", "name", "amount", "percent_of_total"]].itertuples(index=False):
        words = f"Supplement: {name}" if part == "supplement" else str(name).capitalize() if part == "group" else name
        paper.line_of(words, f"{format_amount(amount, nutrient)}, {percent_in_words(percent)}")
        look = _LOOKS["supplement" if name == SUPPLEMENTS and part == "group" else part]
        axes.barh(paper.y + _BOX / 2, percent, height=_BOX, linewidth=0, **look)
        axes.plot([0, 0], [paper.y - 1, paper.y + _BOX + 1], color=INK, linewidth=0.8)
        paper.y += _BOX + 5


def percent_in_words(percent: float) -> str:
    """Return a share, which is never rounded to nothing.

    Examples
    --------
    >>> percent_in_words(12.4), percent_in_words(0.2)
    ('12 %', '< 1 %')
    """
    return "< 1 %" if 0 < percent < 0.5 else f"{percent:.0f} %"


def _without_value(count: int) -> str:
    return f"{count} {'food has' if count == 1 else 'foods have'} no value for it: what they gave is not known."


def _in_words(nutrient: str, foods: pd.DataFrame, groups: pd.DataFrame, unknown: int) -> str:
    def told(rows: pd.DataFrame, most: int) -> str:
        pairs = rows.loc[rows["part"] != "rest", ["name", "percent_of_total"]][:most].itertuples(index=False)
        return listing(f"{name} {percent_in_words(percent)}" for name, percent in pairs)

    seen = f"Of the {in_sentence(nutrient)} on record came most from: {told(foods, 3)}."
    by_group = f" By kind of food: {told(groups, 3)}." if len(groups) else ""
    return f"{seen}{by_group}" + (f" {_without_value(unknown)}" if unknown else "")
