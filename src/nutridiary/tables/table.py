"""What a table is: its columns, their types, units and meaning, and how a frame is held to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

TEXT, NUMBER, WHOLE, FLAG, DAY = "str", "float64", "Int64", "bool", "datetime64[us]"
PERHAPS = "boolean"
"""Type of a flag that may be missing, because something is not known."""

RECORDED = "recorded_"
"""What the name of a column begins with that holds a nutrient value the diary itself carries."""


@dataclass(frozen=True)
class Column:
    """One column: its name, pandas type, meaning and unit (in brackets where it has one)."""

    name: str
    dtype: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns in order, and the columns that identify a row.

    Attributes
    ----------
    keeps_recorded : bool
        Whether columns ``recorded_<nutrient>`` may stand behind the declared ones: values the diary itself
        carries, each in its nutrient's one unit, NaN where it has none.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    keeps_recorded: bool = False

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return `frame` with the declared columns of `table`, in order and of the declared types.

    Columns that are declared and absent are added empty; columns that are not declared are an
    error, so that nothing travels unnoticed. Recorded values stay where the table keeps them.

    Parameters
    ----------
    frame : pandas.DataFrame
    table : Table

    Returns
    -------
    pandas.DataFrame
        A new frame with a fresh 0..n-1 index.

    Raises
    ------
    ValueError
        If `frame` has a column that `table` does not declare.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import ENTRIES
    >>> conform(pd.DataFrame({"line": [3], "food_text": ["milk"]}), ENTRIES).loc[0, "food_text"]
    'milk'
    """
    import pandas as pd

    recorded = [name for name in frame.columns if table.keeps_recorded and name.startswith(RECORDED)]
    unknown = [name for name in frame.columns if name not in table.names and name not in recorded]
    if unknown:
        raise ValueError(f"table {table.name}: undeclared columns {unknown}")
    frame = frame.reset_index(drop=True)
    kinds = {column.name: column.dtype for column in table.columns} | dict.fromkeys(recorded, NUMBER)
    columns = {}
    for name, kind in kinds.items():
        if name not in frame.columns:
            columns[name] = pd.Series(False if kind == FLAG else None, index=frame.index, dtype=kind)
        elif frame[name].dtype == kind:
            columns[name] = frame[name]
        else:
            columns[name] = frame[name].astype(kind)  # type: ignore[call-overload]
    return pd.DataFrame(columns, index=frame.index)


def numbered_lines(entries: pd.DataFrame) -> pd.DataFrame:
    """Return `entries` with `line` and `part` written as one number for a reader: 14, or 14.2.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import ENTRIES
    >>> entries = conform(pd.DataFrame({"line": [13, 14], "part": [None, 2]}), ENTRIES)
    >>> numbered_lines(entries)["line"].tolist()
    ['13', '14.2']
    """
    parts = ("." + entries["part"].astype("str")).where(entries["part"].notna(), "")
    return entries.assign(line=entries["line"].astype("str") + parts).drop(columns="part")


def describe(table: Table) -> str:
    """Return the table's meaning as text: what a row is, then a line a column.

    Examples
    --------
    >>> from nutridiary.tables import CANDIDATES
    >>> print(describe(CANDIDATES).splitlines()[0])
    candidates: one row is a text x candidate x kind of evidence; the contributions of a candidate add up to its score
    """
    lines = [f"{table.name}: one row is a {table.row}"]
    lines += [f"  {c.name}: {c.meaning}" + (f" [{c.unit}]" if c.unit else "") for c in table.columns]
    return "\n".join(lines)
