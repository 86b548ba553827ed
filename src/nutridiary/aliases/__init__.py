"""What a user has said about their own words: which food "my granola" is, what a cup of it weighs.

An alias goes for every line with the same text, in any diary it is used for, and before any score.
Aliases come from files the user names, never from a place they did not name: the same diary with
the same files gives the same figures on every machine. docs/review.md tells how they are made.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nutridiary.aliases.lookup import EACH, NO_AMOUNT, Alias, AliasLookup, check_foods, text_key, unit_key

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    from nutridiary.aliases.learning import Learned
    from nutridiary.foods import FoodData

__all__ = [
    "EACH",
    "NO_AMOUNT",
    "Alias",
    "AliasLookup",
    "check_foods",
    "learn",
    "load_aliases",
    "own_aliases",
    "text_key",
    "unit_key",
]


def own_aliases(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> pd.DataFrame | None:
    """Return the aliases of the files a caller names, one or several; None where none is named."""
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    return load_aliases(*named) if named else None


def load_aliases(*paths: str | os.PathLike[str]) -> pd.DataFrame:
    """Read files of aliases: plain tables (.csv, .xlsx) and workbooks of `nutridiary review`.

    Parameters
    ----------
    *paths : path-like
        In order: where two files say different things of one text, the later one counts.

    Returns
    -------
    pandas.DataFrame
        `tables.ALIASES`, one row per text, brand and decision; `grams_per_unit` in g. Whether each FDC id
        exists is checked where the table meets food data (`match_foods`).

    Raises
    ------
    AliasError
        If a file has no column ``said``, a cell cannot be read, or two rows of one file contradict
        each other. The text names the file and the row.
    DiaryError
        If there is no such file, or it is no table.
    """
    from nutridiary.aliases.files import read_aliases

    return read_aliases(paths)


def learn(
    review: str | os.PathLike[str],
    aliases: str | os.PathLike[str],
    foods: FoodData,
    *,
    on: datetime.date | None = None,
    online: bool = False,
) -> Learned:
    """Add the corrections of a reviewed workbook to a file of aliases, which is made if there is none.

    Parameters
    ----------
    review : path-like
        Workbook of `nutridiary review`, or another file of aliases.
    aliases : path-like
        The .csv file to add to. What it says of other texts stays; of the same text it is replaced.
    foods : FoodData
        Where the foods are looked up.
    on : datetime.date, optional
        The day written beside what is new.
    online : bool
        Ask FoodData Central for FDC ids that `foods` lacks. Only those numbers leave the machine.

    Returns
    -------
    Learned
        How many aliases are new, were replaced, stayed.

    Raises
    ------
    AliasError
        If a file cannot be read or written, or an FDC id is unknown.
    """
    from nutridiary.aliases.learning import learn_aliases

    return learn_aliases(review, aliases, foods, on=on, online=online)
