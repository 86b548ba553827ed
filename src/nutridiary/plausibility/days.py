"""Each recorded day: what speaks for it being incomplete. Nothing is deleted; leaving out is a step of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nutridiary.diary.overlaps import COUNTED_ELSEWHERE
from nutridiary.diary.remarks import is_fast
from nutridiary.plausibility.people import BasalRates
from nutridiary.plausibility.signs import signs_of
from nutridiary.tables import DAILY_INTAKES, DAY_CHECKS, NOT_EATEN, WEIGHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

MEAL_GAP = 60
"""Times of a day belong to one eating occasion while no two that follow each other are further apart. [min] Ours."""

ALONE = " (alone no reason to flag the day)"

_DAY = ["person_id", "date"]


def check_days(
    energy_days: pd.DataFrame, weighed: pd.DataFrame, people: Mapping[str, Person], *, leave_out: bool = False
) -> pd.DataFrame:
    """Tell which recorded days may be incomplete, and why.

    Parameters
    ----------
    energy_days : pandas.DataFrame
        `tables.DAILY_INTAKES`, with the rows of energy where it was worked out.
    weighed : pandas.DataFrame
        `tables.WEIGHED`, for the lines, eating occasions and times of each day. Days the diary itself says are no food
        days have notes only, and so are no recorded days.
    people : mapping of str to Person
        By ``person_id``; the key "" stands for the person of a diary that names nobody. Whoever is not in it is held
        beside the own other days only.
    leave_out : bool
        Whether flagged days are left out of the means: what `left_out` then says of them. The days themselves are left
        out with `incomplete_days` and `without_days`.

    Returns
    -------
    pandas.DataFrame
        `tables.DAY_CHECKS`, a row for each person and recorded day, in the order of `energy_days`; lines without
        a date that are all left out are of none. A weak sign that stands alone is in `reasons`, too, and the day is
        not flagged.

    Examples
    --------
    >>> import pandas as pd
    >>> date = pd.Timestamp(2026, 3, 2)
    >>> day = pd.DataFrame({"date": [date], "nutrient": "energy", "amount": [310.0], "foods": 2})
    >>> lines = conform(pd.DataFrame({"date": [date] * 2, "kind": "food", "time": ["07:00", "12:30"]}), WEIGHED)
    >>> check_days(day, lines, {}).loc[0, "reasons"]
    '310 kcal counted, less than 500 in a day; 2 lines of food and drink'
    """
    import pandas as pd

    facts = day_facts(energy_days, weighed, people)
    strong, weak = signs_of(facts)
    both = list(zip(strong, weak, strict=True))
    flagged = pd.Series([len(sure) > 0 or len(unsure) > 1 for sure, unsure in both], index=facts.index, dtype="bool")
    reasons = pd.Series(["; ".join([*sure, *unsure]) for sure, unsure in both], index=facts.index, dtype="str")
    reasons = reasons.where(flagged, reasons + ALONE).where(reasons != "")
    columns = [*_DAY, "entries", "eating_occasions", "energy", "ratio"]
    left_out = flagged & leave_out
    checked = facts[columns].assign(
        possibly_incomplete=flagged, left_out=left_out, in_means=facts["is_counted"] & ~left_out, reasons=reasons
    )
    # Lines without a date of which none counts are of no day that could be complete.
    return conform(checked[facts["date"].notna() | facts["is_counted"]], DAY_CHECKS)


def incomplete_days(day_checks: pd.DataFrame) -> pd.DataFrame:
    """Return the days that may be incomplete: `person_id` and `date`, a row each.

    Examples
    --------
    >>> import pandas as pd
    >>> dates = pd.to_datetime(["2026-03-02", "2026-03-03"])
    >>> checks = conform(pd.DataFrame({"date": dates, "possibly_incomplete": [False, True]}), DAY_CHECKS)
    >>> incomplete_days(checks)["date"].dt.day.tolist()
    [3]
    """
    return day_checks.loc[day_checks["possibly_incomplete"], _DAY].reset_index(drop=True)


def without_days(table: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of other days.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table with `person_id` and `date`: daily intakes, intakes, day checks.
    pairs : pandas.DataFrame
        `person_id` and `date` of the days to leave out; one without a person is of the diary that names nobody.

    Returns
    -------
    pandas.DataFrame
        The rows that are kept, unchanged, numbered from 0.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.DataFrame({"person_id": ["a", "b"], "date": pd.Timestamp(2026, 3, 2), "amount": [1.0, 2.0]})
    >>> without_days(days, days.loc[[0], ["person_id", "date"]])["amount"].tolist()
    [2.0]
    """
    import pandas as pd

    keys = [pd.MultiIndex.from_arrays([frame["person_id"].fillna(""), frame["date"]]) for frame in (table, pairs)]
    return table[~keys[0].isin(keys[1])].reset_index(drop=True)


def day_facts(energy_days: pd.DataFrame, weighed: pd.DataFrame, people: Mapping[str, Person]) -> pd.DataFrame:
    """Return a row for each recorded day with what `signs_of` asks for."""
    import pandas as pd

    days = conform(energy_days, DAILY_INTAKES)
    days = days[days["foods"].fillna(0) + days["foods_left_out"].fillna(0) > 0]
    energy = days.loc[days["nutrient"] == "energy", [*_DAY, "amount"]].rename(columns={"amount": "energy"})
    facts = days.assign(is_counted=days["foods"].fillna(0) > 0)[[*_DAY, "is_counted"]].drop_duplicates(_DAY)
    facts = facts.merge(energy, on=_DAY, how="left", validate="one_to_one")
    facts = facts.merge(_lines_of(conform(weighed, WEIGHED)), on=_DAY, how="left", validate="one_to_one")
    counts = ["entries", "left_out_lines"]
    facts = facts.assign(
        by_total=facts["by_total"].eq(True),
        fast=facts["fast"].eq(True),
        **{name: facts[name].fillna(0).astype("float64") for name in counts},
    )
    rates = BasalRates(people)
    known = [
        rates.on(person_id, None if pd.isna(date) else date)[:2]
        for person_id, date in facts[_DAY].itertuples(index=False, name=None)
    ]
    body = pd.DataFrame(known, columns=["age", "basal_rate"], index=facts.index, dtype="float64")
    return facts.join(body).assign(ratio=facts["energy"] / body["basal_rate"])


def _lines_of(weighed: pd.DataFrame) -> pd.DataFrame:
    """Count the lines of food and drink of each day, those left out, and the eating occasions."""
    import pandas as pd

    twice = weighed["problem"].fillna("").str.startswith(COUNTED_ELSEWHERE)
    counted_total = (weighed["kind"] == "total") & weighed["problem"].isna()
    is_line = ~weighed["kind"].isin([*NOT_EATEN, "supplement"]) & ~twice
    clock = pd.to_timedelta(weighed["time"].where(is_line) + ":00", errors="coerce").dt.total_seconds() / 60
    lines = weighed.assign(
        is_line=is_line,
        by_total=counted_total,
        fast=(weighed["kind"] == "note") & weighed["food_text"].fillna("").map(is_fast).astype("bool"),
        left_out_line=is_line & weighed["problem"].notna() & (weighed["kind"] != "water"),
        occasion=weighed["eating_occasion"].where(is_line).str.strip().str.casefold(),
        minute=clock,
    ).sort_values([*_DAY, "minute"], na_position="last", kind="stable")
    gaps = lines.groupby(_DAY, dropna=False)["minute"].diff()
    lines["new_meal"] = lines["minute"].notna() & ~(gaps <= MEAL_GAP)
    lines["unplaced"] = lines["is_line"] & lines["minute"].isna() & lines["occasion"].isna()
    groups = lines.groupby(_DAY, dropna=False)
    counted = groups.agg(
        entries=("is_line", "sum"),
        left_out_lines=("left_out_line", "sum"),
        by_total=("by_total", "any"),
        fast=("fast", "any"),
        names=("occasion", "nunique"),
        meals=("new_meal", "sum"),
        unplaced=("unplaced", "any"),
        first_minute=("minute", "min"),
        last_minute=("minute", "max"),
    ).reset_index()
    occasions = counted[["names", "meals"]].max(axis=1).astype("float64")
    # Lines that say neither are an occasion of their own, so that one label in a list does not read as one meal.
    occasions = (occasions + counted["unplaced"]).where(occasions > 0)
    return counted.drop(columns=["names", "meals", "unplaced"]).assign(eating_occasions=occasions)
