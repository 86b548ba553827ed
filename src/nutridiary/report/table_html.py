"""A table as HTML that reads in a light and a dark page: no colours of its own, numbers at the right."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_CELL = "padding:.15em .6em;border-bottom:1px solid rgba(128,128,128,.35)"


def table_html(table: pd.DataFrame, caption: str = "") -> str:
    """Return a table as HTML, every cell escaped; what is missing is an empty cell.

    Parameters
    ----------
    table : pandas.DataFrame
    caption : str, optional
        What it is a table of, for who does not see it; HTML.

    Examples
    --------
    >>> import pandas as pd
    >>> "<td style='text-align:left" in table_html(pd.DataFrame({"food": ["<b>"], "amount": [1.5]}))
    True
    """
    sides = ["right" if dtype.kind in "iuf" else "left" for dtype in table.dtypes]
    style = [f"style='text-align:{side};{_CELL}'" for side in sides]
    head = "".join(
        f"<th scope='col' {how}>{escape(str(name).replace('_', ' '))}</th>"
        for name, how in zip(table.columns, style, strict=True)
    )
    rows = (
        "".join(f"<td {how}>{escape(written(value))}</td>" for value, how in zip(row, style, strict=True))
        for row in table.itertuples(index=False)
    )
    body = "".join(f"<tr>{cells}</tr>" for cells in rows)
    named = f" aria-label='{caption}'" if caption else ""
    return f"<table{named} style='border-collapse:collapse'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def written(value: Any) -> str:
    """Return a cell in words.

    Examples
    --------
    >>> import datetime
    >>> [written(value) for value in (1234.5, 3, float("nan"), None, True, datetime.date(2026, 3, 2))]
    ['1,234.5', '3', '', '', 'yes', '2026-03-02']
    >>> import pandas as pd
    >>> written(pd.NA)
    ''
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or str(value) == "<NA>" or value != value:  # pandas' NA answers no question
        return ""
    if isinstance(value, float):
        return f"{value:,.6g}" if value < 1e6 else f"{value:,.0f}"
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
