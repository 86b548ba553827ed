"""What the files of a diary were read as, and every row of them that is not counted, with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.analysis.steps import weigh_diary
from nutridiary.diary import READERS, Diary
from nutridiary.diary.totals_check import recorded_totals_check
from nutridiary.tables import NOT_EATEN, numbered_lines

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis.steps import Paths

NOT_COUNTED, LEFT_ASIDE = "not counted", "left aside"
# What differs between messages that say the same of many rows.
_OTHER_ROW = re.compile(r"\brow \d+")
_RUNS_NAMED = 8


@dataclass(frozen=True)
class Checked:
    """What a check of a diary found.

    Attributes
    ----------
    files : pandas.DataFrame
        A row per file or sheet: `source`, and in words (`said`) what it was read as, its rows, entries and rows
        left aside; the counts stand beside it as in `tables.FILES_READ`.
    remarks : pandas.DataFrame
        A row per diary row that is not counted: `source`, `line` (14.2 for the second food of line 14), `place`
        ("diary.xlsx:Sheet1:14"), `status` ("not counted": food or a supplement that could not be; "left aside":
        no line of a diary, or nothing eaten), `food_text`, `message`.
    totals : pandas.DataFrame
        `diary.totals_check.TOTALS_CHECK`: where the files state totals of their own, whether the lines add up to them.
    lines, problems, to_confirm : int
        Lines of the diary; foods and supplements not counted; matches to be confirmed.
    """

    files: pd.DataFrame
    remarks: pd.DataFrame
    totals: pd.DataFrame
    lines: int
    problems: int
    to_confirm: int


def check(paths: Paths, **settings: Any) -> Checked:
    """Read a diary, match and weigh it, and say what is not counted of it and why.

    Parameters
    ----------
    paths : path-like or sequence of path-like
    **settings
        As in `weighed_entries`.

    Returns
    -------
    Checked

    Raises
    ------
    NutridiaryError
        If the file is no diary.
    """
    ready, weighed = weigh_diary(paths, **settings)
    eaten = ~weighed["kind"].isin(NOT_EATEN)
    return Checked(
        files=files_in_words(ready.diary.files),
        remarks=remarks_of(ready.diary, weighed),
        totals=recorded_totals_check(ready.diary.entries),
        lines=len(weighed[["source", "line"]].drop_duplicates()),
        problems=int((weighed["problem"].notna() & eaten).sum()),
        to_confirm=int(weighed["needs_review"].sum()),
    )


def remarks_of(diary: Diary, entries: pd.DataFrame) -> pd.DataFrame:
    """Return every row of a diary that is not counted, with its reason.

    Parameters
    ----------
    diary : Diary
    entries : pandas.DataFrame
        `tables.WEIGHED`; or `tables.ENTRIES`, for what reading alone says of them.

    Returns
    -------
    pandas.DataFrame
        As the remarks of `Checked`.
    """
    import pandas as pd

    with_problem = numbered_lines(entries[entries["problem"].notna()])
    of_entries = with_problem.assign(
        status=with_problem["kind"].isin(NOT_EATEN).map({True: LEFT_ASIDE, False: NOT_COUNTED}),
        message=with_problem["problem"],
    )
    aside = diary.left_aside
    furniture = aside.assign(
        line=aside["line"].astype("str").where(aside["line"].notna(), ""),
        food_text=aside["text"],
        status=LEFT_ASIDE,
        message=aside["reason"],
    )
    columns = ["source", "line", "status", "food_text", "message"]
    remarks = pd.concat([furniture[columns], *_beside(diary, columns), of_entries[columns]], ignore_index=True)
    remarks = _in_order(remarks, diary.files["source"].to_list())
    place = remarks["source"] + (":" + remarks["line"]).where(remarks["line"] != "", "")
    remarks.insert(2, "place", place)
    return remarks


def gathered(remarks: pd.DataFrame) -> list[str]:
    """Return the remarks in words: one for each row to be put right, one for all rows left aside for the same reason.

    Parameters
    ----------
    remarks : pandas.DataFrame
        As in `Checked`.

    Returns
    -------
    list of str
        In the order of the first row of each.

    Examples
    --------
    >>> import pandas as pd
    >>> said = [("1", "left aside", "the header"), ("2", "left aside", "a total"), ("3", "left aside", "a total"),
    ...         ("4", "not counted", "no amount"), ("5", "not counted", "no amount")]
    >>> remarks = pd.DataFrame(said, columns=["line", "status", "message"]).assign(source="a.csv")
    >>> gathered(remarks)
    ['a.csv:1: the header', 'a.csv:2-3: a total', 'a.csv:4: no amount', 'a.csv:5: no amount']
    """
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for source, line, status, message in remarks[["source", "line", "status", "message"]].itertuples(index=False):
        alone = line if status == NOT_COUNTED else ""
        groups.setdefault((source, _OTHER_ROW.sub("row ...", message), alone), []).append((line, message))
    said = []
    for (source, alike, _), rows in groups.items():
        lines = runs([line for line, _ in rows if line])
        said.append(f"{source}{':' if lines else ''}{lines}: {alike if len(rows) > 1 else rows[0][1]}")
    return said


def runs(lines: Sequence[str]) -> str:
    """Return row numbers in words, those that follow each other as one run; of many runs the first ones.

    Examples
    --------
    >>> runs(["2", "3", "4", "7", "9.2"])
    '2-4, 7, 9.2'
    """
    found: list[list[str]] = []
    for line in lines:
        before = found[-1][-1] if found else ""
        if line.isdigit() and before.isdigit() and int(line) == int(before) + 1:
            found[-1].append(line)
        else:
            found.append([line])
    named = found if len(found) <= _RUNS_NAMED + 1 else found[:_RUNS_NAMED]
    text = ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in named)
    more = sum(map(len, found[len(named) :]))
    return f"{text} and {_count(more, 'row', 'rows')} more" if more else text


def _beside(diary: Diary, columns: list[str]) -> list[pd.DataFrame]:
    """Return the rows of sheets beside the diary that could not be used."""
    named = {"products": "product", "recipes": "ingredient", "own_foods": "name", "symptoms": "symptom"}
    tables = []
    for attribute, column in (*named.items(), ("not_food_days", "reason")):
        table = getattr(diary, attribute)
        rows = table[table["problem"].notna()]
        line = rows["line"].astype("str")
        rows = rows.assign(line=line, status=NOT_COUNTED, food_text=rows[column], message=rows["problem"])
        tables.append(rows[columns])
    return tables


def _in_order(remarks: pd.DataFrame, sources: list[str]) -> pd.DataFrame:
    """Return the remarks file by file, row by row."""
    rank = {source: number for number, source in enumerate(sources)}
    file = remarks["source"].map(lambda source: _rank(source, rank))
    number = remarks["line"].replace("", "0").astype("float64")
    order = remarks.assign(file=file, number=number).sort_values(["file", "source", "number"], kind="stable").index
    return remarks.loc[order].reset_index(drop=True)


def _rank(source: str, rank: dict[str, int]) -> int:
    """Return the place of a file; what was read of a part of a sheet stands with its sheet."""
    while source not in rank and ":" in source:
        source = source.rpartition(":")[0]
    return rank.get(source, len(rank))


def files_in_words(files: pd.DataFrame) -> pd.DataFrame:
    """Return `tables.FILES_READ` with a column `said`: in words, what each file or sheet was read as."""
    labels = {reader.name: f"{reader.label} ({reader.name})" for reader in READERS}
    said = []
    numbers = files[["rows", "entries", "left_aside"]].fillna(0).to_numpy(dtype="int64").tolist()
    for format_name, (rows, entries, aside) in zip(files["format"], numbers, strict=True):
        if not isinstance(format_name, str):
            said.append(f"not read, {_count(rows, 'row', 'rows')}")
            continue
        if entries == 0 and format_name in labels:
            said.append(f"no line of a diary found in it, {_count(aside, 'row', 'rows')} left aside")
            continue
        what = f"read as {labels.get(format_name, format_name.replace('_', ' '))}"
        made = f"{_count(rows, 'row', 'rows')}, {_count(entries, 'entry', 'entries')}"
        said.append(f"{what}: {made}, {_count(aside, 'row', 'rows')} left aside")
    return files.assign(said=said)


def _count(number: int, one: str, several: str) -> str:
    """Return "1 row", "2 rows"."""
    return f"{number:,} {one if number == 1 else several}"
