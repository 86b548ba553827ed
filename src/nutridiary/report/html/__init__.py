"""The report as one page for a browser, a phone and two printed sheets a person."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

__all__ = ["page", "to_html"]


def page(analysis: Analysis) -> str:
    """Return the report as one self-contained page.

    The page holds no script and asks for nothing: style and charts are in it. Every figure in it says which value of
    which table it is (``<data value="413.0" data-of="comparison//magnesium/mean_intake">``); ``docs/html_report.md``
    tells how. Without matplotlib (the extra ``plots``) the charts are left out, and the page says so.

    Parameters
    ----------
    analysis : Analysis
        As `nutridiary.analysis.analyze` returns it.

    Returns
    -------
    str
        HTML. The same analysis gives the same text.
    """
    from nutridiary.report.html.rendering import render

    return render(analysis)


def to_html(analysis: Analysis, path: str | os.PathLike[str]) -> Path:
    """Write the report as one self-contained page.

    Parameters
    ----------
    analysis : Analysis
        As `nutridiary.analysis.analyze` returns it.
    path : path-like
        The page to write, ending in ``.html`` or ``.htm``. An older one is replaced, and only once the new one is
        complete. A new file can be read by its owner only: it tells of somebody's health.

    Returns
    -------
    pathlib.Path
        Where the page is.

    Raises
    ------
    NutridiaryError
        If the name ends otherwise, the folder does not exist, or the file cannot be written.
    """
    from nutridiary.errors import NutridiaryError
    from nutridiary.report.private_files import write_private

    target = Path(path)
    if target.suffix.casefold() not in (".html", ".htm"):
        raise NutridiaryError(f"{target}: this report is a page for a browser. End its name in .html.")
    return write_private(target, page(analysis).encode("utf-8"))
