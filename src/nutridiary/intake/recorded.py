"""Nutrient values the diary itself carries: which count, and where they differ from ours.

An app's figure may be a maker's label, another country's table or a slip of its user; ours is a record of
FoodData Central times a weight that may be a guess. Neither is silently better, so the caller chooses, and what
differs is shown. Values are compared over the lines both have a value for, never over different foods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.errors import DiaryError, did_you_mean, listing
from nutridiary.nutrients import load_nutrients
from nutridiary.tables import (
    NOT_EATEN,
    OF_BOTH,
    OF_FOODS,
    OF_SUPPLEMENTS,
    RECORDED,
    RECORDED_DIFFERENCES,
    WEIGHED,
    conform,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

OURS, RECORDED_ONLY, RECORDED_FIRST = "ours", "recorded", "recorded-first"
VALUES = (OURS, RECORDED_ONLY, RECORDED_FIRST)
"""Which values count: ours; those the diary carries; those it carries, and ours where it has none."""

RECORDED_FROM = "recorded in the diary"
DIFFERS_BY = 20.0
"""From this on a difference between our value and the recorded one is shown. [% of the recorded]"""

# Apps print two decimals: a difference below that is their rounding.
_LEAST_DIFFERENCE = 0.015


def check_values(values: str) -> str:
    """Return `values` if it is one of `VALUES`.

    Raises
    ------
    DiaryError
        If it is not.
    """
    if values not in VALUES:
        raise DiaryError(f"unknown values '{values}'.{did_you_mean(values, VALUES)} Known: {listing(VALUES)}.")
    return values


def recorded_matrix(entries: pd.DataFrame, nutrients: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the recorded values of entries x nutrients [each nutrient's unit], NaN where the diary has none."""
    import numpy as np

    columns = [f"{RECORDED}{name}" for name in nutrients]
    none = np.full(len(entries), np.nan)
    cells = [entries[name].to_numpy(dtype="float64") if name in entries.columns else none for name in columns]
    return np.column_stack(cells) if cells else np.empty((len(entries), 0))


def has_recorded(entries: pd.DataFrame) -> pd.Series[bool]:
    """Tell which entries carry any value of their own, of whatever nutrient."""
    return entries[[name for name in entries.columns if name.startswith(RECORDED)]].notna().any(axis=1)


def choose_recorded(weighed: pd.DataFrame, values: str) -> pd.DataFrame:
    """Return `weighed` with the entries whose recorded values count freed of their problem.

    With "recorded" an entry counts by what the diary says of it, whether or not its food was found and weighed;
    one without any recorded value is left out. With "recorded-first" an entry counts by either. Totals of a meal
    or day count only where none of its foods is in the diary, and a day's only where none of its meals is; those of
    supplements only where none of its supplements is.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    values : str
        One of `VALUES`.

    Returns
    -------
    pandas.DataFrame
        `tables.WEIGHED`, the same rows. What had kept a line from being counted is in its note.

    Raises
    ------
    DiaryError
        If `values` is unknown.
    """
    weighed = conform(weighed, WEIGHED)
    if check_values(values) == OURS:
        return weighed
    recorded = has_recorded(weighed) & weighed["date"].notna()
    is_total = weighed["kind"] == "total"
    line = recorded & ~weighed["kind"].isin([*NOT_EATEN, "supplement"])
    freed = line | (recorded & is_total & _counts_as_total(weighed, recorded))
    why = weighed["problem"].where(freed)
    problem = weighed["problem"].mask(freed)
    if values == RECORDED_ONLY:
        without = ~recorded & problem.isna() & ~weighed["kind"].isin([*NOT_EATEN, "supplement"])
        problem = problem.mask(without, "the diary has no values of its own for this line, and only those are counted")
    doubled = is_total & recorded & ~freed
    problem = problem.mask(doubled, "totals: the foods, meals or supplements they are of are counted themselves")
    said = why.where(why.isna(), RECORDED_FROM + " and counted by that; of ours: " + why)
    said = said.mask(freed & is_total, "totals recorded in the diary, without their foods")
    both = weighed["note"].notna() & said.notna()
    note = weighed["note"].fillna(said).mask(both, weighed["note"] + "; " + said)
    return conform(weighed.assign(problem=problem, note=note), WEIGHED)


def _counts_as_total(weighed: pd.DataFrame, recorded: pd.Series[bool]) -> pd.Series[bool]:
    """Tell which totals stand for foods and supplements that are not in the diary themselves."""
    by = [weighed["person_id"].fillna(""), weighed["date"]]

    def on_its_day(rows: pd.Series[bool]) -> pd.Series[bool]:
        return rows.groupby(by, dropna=False).transform("any")

    of = weighed["total_of"].fillna("")
    is_supplement = weighed["kind"] == "supplement"
    has_foods = on_its_day(~weighed["kind"].isin(NOT_EATEN) & ~is_supplement)
    open_total = (weighed["kind"] == "total") & recorded
    open_total &= ~has_foods | (of == OF_SUPPLEMENTS)
    open_total &= ~on_its_day(is_supplement) | ~of.isin([OF_SUPPLEMENTS, OF_BOTH])
    # What is of both goes before what is of one of them.
    open_total &= ~on_its_day(open_total & (of == OF_BOTH)) | ~of.isin([OF_FOODS, OF_SUPPLEMENTS])
    of_meal = open_total & weighed["eating_occasion"].notna()
    open_total &= of_meal | ~on_its_day(of_meal) | (of == OF_SUPPLEMENTS)
    # Of two rows that sum up the same day the first counts. A meal may have several rows in one file, which all
    # count; of two files that sum it up, the first.
    meal = [weighed["person_id"].fillna(""), weighed["date"], weighed["eating_occasion"].fillna("")]
    first_file = weighed["source"].where(open_total).groupby(meal).transform("first")
    same = weighed[["person_id", "date", "eating_occasion"]].assign(open=open_total, of=of == OF_SUPPLEMENTS)
    return open_total & (weighed["source"] == first_file).where(of_meal, ~same.duplicated())


def recorded_differences(
    weighed: pd.DataFrame, ours: pd.DataFrame, nutrients: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return where our values and those the diary carries differ, day by day.

    Parameters
    ----------
    weighed : pandas.DataFrame
        `tables.WEIGHED`.
    ours : pandas.DataFrame
        `tables.INTAKES` computed with the values "ours".
    nutrients : sequence of str, optional
        By default those of `ours`.

    Returns
    -------
    pandas.DataFrame
        `tables.RECORDED_DIFFERENCES`; empty where the diary carries no values.
    """
    import numpy as np
    import pandas as pd

    names = list(nutrients) if nutrients is not None else list(ours["nutrient"].unique())
    names = [name for name in names if f"{RECORDED}{name}" in weighed.columns]
    if not names:
        return conform(pd.DataFrame(), RECORDED_DIFFERENCES)
    line = ["source", "line"]
    eaten = weighed[~weighed["kind"].isin([*NOT_EATEN, "supplement"]) & weighed["date"].notna()]
    # A line of several foods has one recorded value, at its first part: lines are compared, not parts.
    lines = eaten.groupby(line, sort=False).agg(
        person_id=("person_id", "first"), date=("date", "first"), text=("food_text", "first")
    )
    recorded = eaten.groupby(line, sort=False)[[f"{RECORDED}{name}" for name in names]].sum(min_count=1)
    food = ours[(ours["source_kind"] == "food") & ours["nutrient"].isin(names)]
    # A line one of whose foods has no value is not compared: its sum would be of part of the line.
    groups = food.assign(missing=food["amount"].isna()).groupby([*line, "nutrient"], sort=False)
    known = groups["amount"].sum(min_count=1).where(groups["missing"].sum() == 0)
    left_out = set(eaten.loc[eaten["problem"].notna(), line].itertuples(index=False, name=None))
    mine = known[[place[:2] not in left_out for place in known.index]]
    parts = [
        lines.assign(
            nutrient=name,
            ours=mine.xs(name, level="nutrient") if name in mine.index.get_level_values("nutrient") else np.nan,
            recorded=recorded[f"{RECORDED}{name}"],
        ).reset_index(drop=True)
        for name in names
    ]
    return _by_day(pd.concat(parts, ignore_index=True), names)


def _by_day(lines: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Sum the lines both have a value for by person, day and nutrient, and tell which differ."""
    import pandas as pd

    both = lines["ours"].notna() & lines["recorded"].notna()
    gap = (lines["ours"] - lines["recorded"]).abs().where(both)
    lines = lines.assign(
        lines=both,
        lines_ours_only=lines["ours"].notna() & lines["recorded"].isna(),
        lines_recorded_only=lines["ours"].isna() & lines["recorded"].notna(),
        ours=lines["ours"].where(both),
        recorded=lines["recorded"].where(both),
        gap=gap,
        order=pd.Categorical(lines["nutrient"], categories=list(names), ordered=True),
    )
    by = ["person_id", "date", "order"]
    groups = lines.groupby(by, dropna=False, observed=True)
    days = groups[["ours", "recorded"]].sum(min_count=1)
    days = days.join(groups[["lines", "lines_ours_only", "lines_recorded_only"]].sum())
    widest = lines.sort_values("gap", ascending=False, kind="stable").groupby(by, dropna=False, observed=True)["text"]
    days = days.join(widest.first().rename("most_from")).reset_index()
    difference = days["ours"] - days["recorded"]
    least = days["lines"].astype("float64") * _LEAST_DIFFERENCE
    differs = (difference.abs() > DIFFERS_BY / 100 * days["recorded"]) & (difference.abs() > least)
    days = days.assign(
        nutrient=days["order"].astype("str"),
        percent=(100 * difference / days["recorded"]).where(days["recorded"] > 0),
        differs=differs,
        unit=days["order"].astype("str").map(load_nutrients()["unit"]),
        most_from=days["most_from"].where(differs),
    )
    return conform(days.drop(columns="order"), RECORDED_DIFFERENCES)
