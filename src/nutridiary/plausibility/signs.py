"""What speaks for a day that was not written down in full.

A strong sign is enough to flag a day, of the weak ones it takes two: energy below the single-day cut-off alone is found
on every fourth day of a national survey, and a flag that fires for ordinary days is worth nothing. Limits that are not
cited are ours; ``docs/plausibility.md`` gives each with its reason and how often it fires.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.plausibility.goldberg import goldberg_cutoffs, told_apart
from nutridiary.plausibility.people import ADULT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

VERY_LOW_ENERGY = 500.0
"""Energy of a day below which something is missing, or it was a fast. [kcal] Ours: Intake24's guideline on cleaning
recalls counts those below 400 kcal, cohort studies leave out women who report below 500 kcal as their usual intake."""

LOW_ENERGY = 1000.0
"""Energy of a day that is a weak sign where the body weight is not known. [kcal] Ours."""

VERY_LOW_FROM = 9
"""Age from which these two hold. [years] Small children eat that little on ordinary days."""

VERY_LOW_RATIO = 0.5
"""Energy over basal rate below which a day is flagged by that alone. [-] Ours: about four standard deviations, in the
terms of the Goldberg cut-off, below what an adult of light activity eats."""

FAR_BELOW = 0.5
"""Share of the median of a person's other days below which a day stands apart. [-] Ours."""

AS_ON_OTHER_DAYS = 0.75
"""Share of the median energy of a person's other days from which few lines or one meal are no sign: a day out with a
large dinner has few lines. [-] Ours."""

ENOUGH_OTHER_DAYS = 3
"""Other recorded days needed to hold a day beside them. [d] Ours."""

FEW_LINES = 5
"""Lines of food and drink that are few where there are no other days to hold them beside. Ours: 1 to 5 of 100 days of
adults in What We Eat in America 2021-23 have no more."""

LEFT_OUT_SHARE = 1 / 3
"""Share of a day's lines, at least two of them, that could not be counted, from which the day is flagged. Ours."""

CUT_OFF_BY = 4 * 60
"""How much later the first day begins, or earlier the last day ends, than the person's other days. [min] Ours."""

_ROBUST_SD = 1.4826  # median absolute deviation of a normal distribution to its standard deviation

FAST = "the diary says it was a fast"
"""On such a day little energy, few lines and few meals are no sign."""

NO_FOOD = "no line of food or drink: only supplements are on record"


def signs_of(days: pd.DataFrame) -> tuple[list[list[str]], list[list[str]]]:
    """Return the strong and the weak signs of each day, in plain words.

    Parameters
    ----------
    days : pandas.DataFrame
        A row a day, from `days.day_facts`: `person_id`, `date`, `entries`, `left_out_lines`, `eating_occasions`,
        `first_minute`, `last_minute`, `by_total`, `fast`, `energy` [kcal], `age` [years], `basal_rate` [kcal/d],
        `ratio`.

    Returns
    -------
    tuple of two lists
        For each row of `days` its strong and its weak signs.
    """
    strong: list[list[str]] = [[] for _ in range(len(days))]
    weak: list[list[str]] = [[] for _ in range(len(days))]
    for own in days.groupby("person_id", dropna=False, sort=False).indices.values():
        columns = {name: days[name].to_numpy()[own] for name in days.columns}
        beside = _beside_other_days(columns)
        for number, place in enumerate(own):
            day = {name: values[number] for name, values in columns.items()}
            medians = {name: values[number] for name, values in beside.items()}
            strong[place] = _strong(day, medians)
            weak[place] = _weak(day, medians)
    return strong, weak


def _strong(day: Mapping[str, Any], beside: Mapping[str, float]) -> list[str]:
    if not day["by_total"] and not day["entries"]:
        return [NO_FOOD]
    found = [] if day["fast"] else _little(day, beside)
    if day["left_out_lines"] >= max(2, LEFT_OUT_SHARE * day["entries"]):
        found.append(f"{day['left_out_lines']:.0f} of {day['entries']:.0f} lines could not be counted")
    if beside["begins_late"] and not day["fast"]:
        found.append(f"the first day begins at {_clock(day['first_minute'])}, later than every other day")
    if beside["ends_early"] and not day["fast"]:
        found.append(f"the last day ends at {_clock(day['last_minute'])}, earlier than every other day")
    return found


def _little(day: Mapping[str, Any], beside: Mapping[str, float]) -> list[str]:
    """Return the strong signs of little on record: lines, eating occasions, energy."""
    found = []
    usual = day["energy"] >= AS_ON_OTHER_DAYS * beside["energy"]
    if not day["by_total"] and not usual:
        if beside["few_lines"]:
            found.append(f"{_lines(day['entries'])}, on the other days {beside['entries']:.0f}")
        if day["eating_occasions"] == 1 and beside["eating_occasions"] >= 2:
            found.append(f"one eating occasion, on the other days {beside['eating_occasions']:.0f}")
    if day["energy"] < VERY_LOW_ENERGY and not day["age"] < VERY_LOW_FROM:
        found.append(f"{_energy(day)}, less than {VERY_LOW_ENERGY:.0f} in a day")
    elif day["ratio"] < VERY_LOW_RATIO and day["age"] >= ADULT:
        found.append(f"{_energy(day)}, less than half the basal rate of {day['basal_rate']:,.0f} kcal")
    return found


def _weak(day: Mapping[str, Any], beside: Mapping[str, float]) -> list[str]:
    if day["fast"]:
        return [FAST]
    found = []
    bound = goldberg_cutoffs(1).low
    if VERY_LOW_RATIO <= day["ratio"] < bound and day["age"] >= ADULT:
        ratio, least = told_apart(day["ratio"], bound)
        found.append(f"{_energy(day)}, {ratio} times the basal rate: below {least}, seldom seen of a full day")
    elif (
        VERY_LOW_ENERGY <= day["energy"] < LOW_ENERGY
        and not day["age"] < VERY_LOW_FROM
        and day["ratio"] != day["ratio"]
    ):
        found.append(f"{_energy(day)}, less than {LOW_ENERGY:,.0f} in a day")
    if beside["low_energy"]:
        found.append(f"less than half the energy of the other days (median {beside['energy']:,.0f} kcal)")
    if thin := _thin(day, beside):
        found.append(thin)
    return found


def _thin(day: Mapping[str, Any], beside: Mapping[str, float]) -> str:
    """Return how thin the record of a day is that has too few other days beside it: one sign, however it is said."""
    if day["by_total"] or not day["entries"] or beside["entries"] == beside["entries"]:
        return ""
    alone = beside["eating_occasions"] != beside["eating_occasions"]
    parts = ["one eating occasion"] if day["eating_occasions"] == 1 and alone else []
    parts += [_lines(day["entries"])] if day["entries"] <= FEW_LINES else []
    return " with ".join(parts)


def _beside_other_days(days: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Return, for each day of one person, medians of the other days and which of them stand apart."""
    import numpy as np

    full = ~days["by_total"].astype(bool) & (days["entries"] > 0)
    entries = np.where(full, days["entries"].astype("float64"), np.nan)
    occasions = np.where(full, days["eating_occasions"].astype("float64"), np.nan)
    energy = days["energy"].astype("float64")
    first, last = days["first_minute"].astype("float64"), days["last_minute"].astype("float64")
    date = days["date"]
    return {
        "entries": medians_of_others(entries, ENOUGH_OTHER_DAYS),
        "few_lines": _far_below(entries),
        "energy": medians_of_others(energy, 1),
        "low_energy": _far_below(energy),
        "eating_occasions": medians_of_others(occasions, 1),
        "begins_late": (date == _extreme(date, np.min)) & _apart(first, later=True),
        "ends_early": (date == _extreme(date, np.max)) & _apart(last, later=False),
    }


def medians_of_others(values: npt.NDArray[np.float64], least: int) -> npt.NDArray[np.float64]:
    """Return for each value the median of all others, NaN where fewer than `least` others are known.

    Examples
    --------
    >>> import numpy as np
    >>> medians_of_others(np.array([1.0, 10.0, 20.0, np.nan]), 2).tolist()
    [15.0, 10.5, 5.5, 10.0]
    """
    import numpy as np

    found = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    ordered = known[np.argsort(values[known], kind="stable")]
    in_order = values[ordered]
    if len(known) > least:
        # Without the value at place r, what stood behind it moves one place ahead.
        place, others = np.arange(len(ordered)), len(ordered) - 1
        low, high = (others - 1) // 2, others // 2
        found[ordered] = (in_order[low + (low >= place)] + in_order[high + (high >= place)]) / 2
    if len(known) >= least and len(known):
        found[np.isnan(values)] = np.median(in_order)
    return found


def _far_below(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which values are below half the median of the others, and by more than the others scatter."""
    import numpy as np

    others = medians_of_others(values, ENOUGH_OTHER_DAYS)
    if np.isnan(others).all():
        return np.zeros(len(values), dtype=bool)
    scatter = _ROBUST_SD * np.nanmedian(np.abs(values - np.nanmedian(values)))
    return np.asarray((values < FAR_BELOW * others) & (values < others - 2 * scatter))


def _apart(minutes: npt.NDArray[np.float64], *, later: bool) -> npt.NDArray[np.bool_]:
    """Tell which times are hours later (or earlier) than those of the other days, and beyond every one of them."""
    import numpy as np

    towards = minutes if later else -minutes
    others = medians_of_others(towards, ENOUGH_OTHER_DAYS)
    if np.isnan(others).all():
        return np.zeros(len(minutes), dtype=bool)
    return np.asarray((towards >= others + CUT_OFF_BY) & (towards == np.nanmax(towards)))


def _extreme(dates: Any, which: Any) -> Any:
    import numpy as np

    known = dates[~np.isnat(dates)]
    return which(known) if len(known) else np.datetime64("NaT")


def _lines(number: float) -> str:
    return f"{number:.0f} {'lines' if number > 1 else 'line'} of food and drink"


def _energy(day: Mapping[str, Any]) -> str:
    return f"{day['energy']:,.0f} kcal counted"


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
