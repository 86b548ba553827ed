"""The report as one page for a browser, a phone and two printed sheets a person."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from nutridiary.analysis import Analysis
    from nutridiary.report.charts import Chart
    from nutridiary.report.html.leads import Leads
    from nutridiary.report.html.rendering import Part

__all__ = ["page", "parts_style", "person_parts", "to_html"]


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


def person_parts(
    analysis: Analysis,
    place: int = 1,
    *,
    leads: Leads | None = None,
    show: Callable[[str, Chart], Markup] | None = None,
) -> list[Part]:
    """Return what the page says of one person, part by part, to stand in a page of another layout.

    No part has a script, a style sheet or a style attribute but those of the charts drawn into it. The page that takes
    them puts them into an ``article``, has the look of `parts_style`, and defines its colours.

    Parameters
    ----------
    analysis : Analysis
    place : int
        Which person, in the order of the page, from 1.
    leads : Leads, optional
        Where figures lead; by default nowhere.
    show : callable, optional
        How a chart stands in the page, from its name and itself; by default it is drawn into it.

    Returns
    -------
    list of Part
        The head first; parts that have nothing to say are left out.

    Raises
    ------
    NutridiaryError
        If there is no such person.
    """
    from nutridiary.report.html.people import person_at
    from nutridiary.report.html.pictures import drawn, pictures_of
    from nutridiary.report.html.rendering import render_parts

    person = person_at(analysis, place, leads)
    return render_parts(person, pictures_of(person, show or drawn))


def parts_style() -> str:
    """Return the style sheet of `person_parts`."""
    from importlib.resources import files

    return (files("nutridiary.report.html") / "templates" / "parts.css").read_text("utf-8")


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
