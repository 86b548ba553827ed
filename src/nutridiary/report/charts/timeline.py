"""Days side by side: where each stands, and which of them are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.report.charts.drawing import MARGIN, WIDTH
from nutridiary.report.charts.lettering import font, width_of

if TYPE_CHECKING:
    import pandas as pd

# By name and not by the machine's language, so that a chart is the same everywhere.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 4, 7, 14)  # days between two that are named
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
DAY_NAMES = 18.0
"""Height of the names of days below an axis. [points]"""
_BELOW = 14.5  # [points] from the axis to the line the names stand on
_ROOM = 9.0  # [points] between two names


def places(dates: pd.Series) -> pd.Series:
    """Return where each date stands: days after the first."""
    after: pd.Series = (dates - dates.min()).dt.days
    return after.astype("float64")


def span_in_words(dates: pd.Series) -> str:
    """Return which days these are, and how many.

    Examples
    --------
    >>> import pandas as pd
    >>> span_in_words(pd.Series(pd.to_datetime(["2026-03-02", "2026-03-04"])))
    '2 days, 2026-03-02 to 2026-03-04'
    """
    count, first, last = dates.nunique(), dates.min(), dates.max()
    if count == 1:
        return f"1 day, {first:%Y-%m-%d}"
    return f"{count:,} days, {first:%Y-%m-%d} to {last:%Y-%m-%d}"


def day_name(day: Any) -> str:
    """Return a day without its year.

    Examples
    --------
    >>> import datetime
    >>> day_name(datetime.date(2026, 3, 2))
    '2 Mar'
    """
    return f"{day.day} {_MONTHS[day.month - 1]}"


def set_days(axes: Any, dates: pd.Series, *, left: float, named: bool = True) -> None:
    """Give axes a place for each day between the first and the last of `dates`, and name some."""
    last = float(places(dates).max())
    edge = max(0.7, 0.012 * last) if last else 1.6
    axes.set_xlim(-edge, last + edge)
    ticks = _named_days(dates, WIDTH - left - MARGIN) if named else []
    names = axes.set_xticks([place for place, _ in ticks], [words for _, words in ticks], fontproperties=font())
    axes.tick_params(axis="x", pad=_BELOW)
    for name in names:
        name.label1.set_verticalalignment("baseline")  # "Apr" and "Jul" stand on one line


def _named_days(dates: pd.Series, room: float) -> list[tuple[float, str]]:
    """Return places and names of as many days as have room."""
    import pandas as pd

    first, last = dates.min(), dates.max()
    span = (last - first).days
    apart = room / (span + 1.4)
    for step in _STEPS:
        if step * apart > width_of("28 Mar") + _ROOM:
            every = [first + pd.Timedelta(days=place) for place in range(0, span + 1, step)]
            return [(float((day - first).days), day_name(day)) for day in every]
    months = pd.date_range(first + pd.Timedelta(days=6), last - pd.Timedelta(days=6), freq="MS")
    for step in _MONTH_STEPS:
        chosen = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
        if step * 28 * apart > width_of("Mar 2026") + _ROOM or step == _MONTH_STEPS[-1]:
            return [(float((day - first).days), f"{_MONTHS[day.month - 1]} {day.year}") for day in chosen]
    return []
