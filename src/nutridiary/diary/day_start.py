"""When a day begins: what is eaten after midnight may belong to the evening before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nutridiary.errors import DiaryError

if TYPE_CHECKING:
    import pandas as pd

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def with_day_start(entries: pd.DataFrame, day_starts: str) -> pd.DataFrame:
    """Return `entries` with what was eaten before the day starts counted on the day before.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`. A line without a clock time stays on its day.
    day_starts : str
        HH:MM. "00:00" changes nothing.

    Returns
    -------
    pandas.DataFrame
        `tables.ENTRIES`; a moved line has a note.

    Raises
    ------
    DiaryError
        If `day_starts` is no clock time.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import ENTRIES, conform
    >>> lines = pd.DataFrame({"date": pd.Timestamp(2026, 3, 2), "time": ["01:30", "07:00"]})
    >>> with_day_start(conform(lines, ENTRIES), "04:00")["date"].dt.day.tolist()
    [1, 2]
    """
    import pandas as pd

    clock = _CLOCK.fullmatch(day_starts.strip())
    if clock is None:
        raise DiaryError(f"the start of the day '{day_starts}' is no clock time. Write it as HH:MM, for example 04:00.")
    start = f"{int(clock[1]):02d}:{clock[2]}"
    early = entries["time"].notna() & entries["date"].notna() & (entries["time"] < start)
    if not early.any():
        return entries
    said = f"eaten before {start}: counted on the day before, as asked"
    date = entries["date"].mask(early, entries["date"] - pd.Timedelta(days=1))
    note = entries["note"].mask(early, (entries["note"] + "; ").fillna("") + said)
    return entries.assign(date=date.astype(entries["date"].dtype), note=note)
