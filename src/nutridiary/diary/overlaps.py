"""The same line read twice: imports that overlap, and blocks pasted twice.

Two exports of one app often share days. A line that stands in two files is one line: it is counted in the file
read first, and its twin says so. How often a line stands in one file is its own business (two coffees are two
coffees): of two files, the one that has it more often decides how often it counts.

In a table kept by hand, three lines or more of one day that stand a second time in the same order were pasted twice:
nobody eats the same three foods in the same order at the same meal of the same day again and writes nothing else of it.
They count once, and say so. An app's own lines are never held to that: its daily totals count every one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd

COUNTED_ELSEWHERE = "the same line as in "
"""How the problem of a line begins that is counted in another file, or in another row of its own."""

PASTED = 3
"""So many lines in the same order are taken for a block that was pasted twice."""

# What makes two lines the same. Recorded values are compared where both files have them.
SAME = (
    *("person_id", "date", "time", "eating_occasion", "food_text", "stated_food_code", "stated_fdc_id", "barcode"),
    *("amount", "unit", "amount_text", "brand", "kind"),
)
_NOT_ALWAYS_TOLD = ("time", "eating_occasion", "stated_fdc_id", "barcode")


def mark_overlaps(entries: pd.DataFrame) -> pd.DataFrame:
    """Return `entries` with the lines that stand twice made notes, with a problem that names the first.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`, of one file or several, in the order in which they were read.

    Returns
    -------
    pandas.DataFrame
        `tables.ENTRIES`, the same rows. Lines of one file are never held against each other but as a pasted block.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import ENTRIES, conform
    >>> milk = {"date": pd.Timestamp(2026, 3, 2), "food_text": "milk", "kind": "food"}
    >>> lines = pd.DataFrame([{"source": "a.csv", "line": 2, **milk}, {"source": "b.csv", "line": 2, **milk}])
    >>> mark_overlaps(conform(lines, ENTRIES))["problem"].tolist()
    [nan, 'the same line as in a.csv, row 2: counted there']
    """
    marked = _mark_twins(_mark_pasted(_with_own_places(entries)))
    # Counted elsewhere, such a line is nothing eaten a second time: its day misses nothing.
    elsewhere = marked["problem"].notna() & (marked["problem"] != entries["problem"])
    return marked.assign(kind=marked["kind"].mask(elsewhere, "note"))


def _mark_twins(entries: pd.DataFrame) -> pd.DataFrame:
    """Give the lines that an earlier file already has a problem that names it."""
    files = entries["source"].astype("str").str.split(":", n=1).str[0]
    if files.nunique() < 2:
        return entries
    named = (entries["food_text"].notna() | entries["stated_food_code"].notna()) & entries["date"].notna()
    same = _told_by_all(entries[named & ~entries["kind"].isin(NOT_EATEN)], files)
    lines = entries.loc[named, same].assign(file=files[named])
    # The n-th milk of a day in one file is the n-th milk of the day in the other.
    lines["nth"] = lines.groupby([*same, "file"], dropna=False).cumcount()
    again = lines.duplicated([*same, "nth"])
    if not again.any():
        return entries
    place = entries["source"].astype("str") + ", row " + entries["line"].astype("str")
    first = lines.assign(place=place[named]).groupby([*same, "nth"], dropna=False)["place"].transform("first")
    problem = (COUNTED_ELSEWHERE + first + ": counted there")[again]
    # A food with a problem of its own may count by its recorded values: of its twin they must not count again.
    problem = problem.where(~entries["kind"].isin(NOT_EATEN) | entries["problem"].isna(), entries["problem"])
    marked = entries.copy()
    marked.loc[problem.index, "problem"] = problem
    return marked


def _told_by_all(eaten: pd.DataFrame, files: pd.Series) -> list[str]:
    """Return what lines are compared by: without the time, the meal or a food's number where a file never says it.

    An app's export of another year, or of another plan, may lack these columns.
    """
    said = eaten[list(_NOT_ALWAYS_TOLD)].notna().groupby(files[eaten.index]).any().all()
    return [name for name in SAME if name not in _NOT_ALWAYS_TOLD or said[name]]


def _with_own_places(entries: pd.DataFrame) -> pd.DataFrame:
    """Return `entries` with no place twice: the same row, written by us and read beside its diary, counts once."""
    again = entries.duplicated(["source", "line", "part"])
    if not again.any():
        return entries
    place = COUNTED_ELSEWHERE + entries["source"] + ", row " + entries["line"].astype("str") + ": counted there"
    nth = entries.groupby(["source", "line", "part"], dropna=False).cumcount() + 1
    return entries.assign(
        problem=entries["problem"].mask(again & entries["problem"].isna(), place),
        source=entries["source"].mask(again, entries["source"] + " (read again, " + nth.astype("str") + ")"),
    )


def _mark_pasted(entries: pd.DataFrame) -> pd.DataFrame:
    """Give the lines of a block that stands twice in one file a problem that names the first."""
    by_hand = entries["food_text"].notna() & entries["date"].notna() & ~entries["single_food"]
    lines = entries.loc[by_hand, ["source", *SAME]]
    if not lines.duplicated().any():
        return entries
    # How far above its like a line stands: a block pasted twice is a run of lines with the same distance.
    number = lines.reset_index(drop=True)
    number = number.assign(at=number.index)
    above = number.groupby(["source", *SAME], dropna=False)["at"].diff()
    new_run = (above != above.shift()) | above.isna()
    length = above.groupby(new_run.cumsum()).transform("size")
    pasted = (above.notna() & (length >= PASTED) & (length <= above)).to_numpy()
    if not pasted.any():
        return entries
    twin = (number["at"] - above.fillna(0)).astype("int64")
    rows = entries.loc[lines.index, "line"].reset_index(drop=True)
    problem = COUNTED_ELSEWHERE + "row " + rows.loc[twin].astype("str").reset_index(drop=True)
    problem += ", in a block that stands here twice: counted there. If it was eaten twice, write when, or at which meal"
    marked = entries["problem"].copy()
    places = lines.index[pasted]
    marked.loc[places] = marked.loc[places].fillna(problem[pasted].set_axis(places))
    return entries.assign(problem=marked)
