"""Lines of food text without a diary around them: match each, weigh it, keep its row."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.diary import read_diary
from nutridiary.diary.files import read_grids
from nutridiary.errors import DiaryError, listing
from nutridiary.foods import load_foods
from nutridiary.matching import match_foods, match_texts
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, MATCHED, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.foods import FoodData

TEXT_COLUMN = "food_text"
FOUND = (
    "rank",
    "fdc_id",
    "food_code",
    "food_description",
    "data_type",
    "match_score",
    "match_margin",
    "gram_weight",
    "weight_method",
    "portion",
    "problem",
    "note",
)
# Lines have no day; the reader of diaries wants one, and it goes no further.
_SOME_DAY = datetime.date(2000, 1, 1)


def match_lines(path: str | os.PathLike[str], foods: FoodData | None = None, *, top: int | None = None) -> pd.DataFrame:
    """Match and weigh the lines of a table, and return its own rows with what was found.

    Parameters
    ----------
    path : path-like
        A table with a column ``food_text``, and perhaps ``amount`` and ``unit``.
    foods : FoodData, optional
        Those of the release in use by default.
    top : int, optional
        Return this many candidates a line, ranked, whatever their score. Without it, one row a
        line: the food a diary line would get, or none.

    Returns
    -------
    pandas.DataFrame
        The columns of the file as they stand, then `FOUND`; `gram_weight` in g.

    Raises
    ------
    DiaryError
        If the file cannot be read or has no column ``food_text``.
    """
    rows = _rows_of(Path(path))
    entries = read_diary(path, date=_SOME_DAY)
    # A bad amount does not keep the text from being matched: the reason is set aside until the weighing.
    problems = entries["problem"].where(entries["food_text"].isna() | entries["amount_text"].notna())
    texts = conform(entries.assign(problem=None, kind="food"), ENTRIES)
    foods = foods or load_foods()
    matched = match_foods(texts, foods) if top is None else _candidates(texts, foods, top)
    matched = matched.assign(problem=matched["problem"].fillna(matched["line"].map(problems.set_axis(entries["line"]))))
    ranks = matched.groupby("line").cumcount().add(1).where(matched["fdc_id"].notna()).astype("Int64")
    # Candidates share the line they are for, and a weighed table has one row a line: number them apart.
    numbered = matched.assign(line=range(len(matched)))
    weighed = weigh(conform(numbered, MATCHED), foods).assign(line=matched["line"], rank=ranks)
    return rows.merge(weighed[["line", *FOUND]], on="line", how="left", validate="one_to_many").drop(columns="line")


def _candidates(texts: pd.DataFrame, foods: FoodData, top: int) -> pd.DataFrame:
    """Return `tables.MATCHED` with several rows a line, best candidate first."""
    found = match_texts(texts["food_text"].dropna().unique(), foods, top=top)
    found = found.assign(match_method="text").drop(columns="rank")
    matched = texts.merge(found, on="food_text", how="left", validate="many_to_many")
    nothing = matched["fdc_id"].isna()
    matched["problem"] = matched["problem"].mask(nothing, "no food found").astype("str")
    return conform(matched, MATCHED)


def _rows_of(path: Path) -> pd.DataFrame:
    """Return the table's own columns as text, with the row number of each line."""
    import pandas as pd

    grids = read_grids(path)
    grid = grids[0] if grids else None
    header = [str(cell).strip() for cell in grid.rows[0]] if grid and grid.rows else []
    if TEXT_COLUMN not in header:
        found = listing(name or "(no name)" for name in header) or "nothing"
        raise DiaryError(f"{path.name}: no column {TEXT_COLUMN} in the first row. Found: {found}.")
    clash = [name for name in header if name in FOUND or name == "line"]
    if clash or len(set(header)) < len(header):
        doubled = listing(sorted({name for name in header if header.count(name) > 1 or name in clash}))
        raise DiaryError(f"{path.name}: the columns {doubled} stand twice, or are names of what is added. Rename them.")
    width = len(header)
    assert grid is not None
    rows = [[*row[:width], *[None] * (width - len(row))] for row in grid.rows[1:]]
    return pd.DataFrame(rows, columns=header).assign(line=range(2, len(rows) + 2))
