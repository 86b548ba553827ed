"""Write a report in the form that the name of its file asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.errors import NutridiaryError, listing

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis


def write_report(analysis: Analysis, path: Path, *, live: bool = False) -> Path:
    """Write the report of `analysis` in the form the ending of `path` asks for.

    Parameters
    ----------
    analysis : Analysis
    path : pathlib.Path
        Ending in one of `FORMS`.
    live : bool
        Whether the figures of a workbook are formulas, as in `nutridiary.report.excel.to_excel`; other forms have none.

    Returns
    -------
    pathlib.Path
        Where the report is.

    Raises
    ------
    NutridiaryError
        If nothing is written under such a name, or the file cannot be written.
    """
    check_form(path)
    if live and path.suffix.casefold() == ".xlsx":
        from nutridiary.report.excel import to_excel

        return to_excel(analysis, path, live=True)
    return _WRITERS[path.suffix.casefold()](analysis, path)


def check_form(path: Path, others: tuple[str, ...] = ()) -> None:
    """Refuse a name that ends in nothing a report is written as, before anything is worked out.

    Raises
    ------
    NutridiaryError
        If the name ends in none of `FORMS` and none of `others`.
    """
    known = (*FORMS, *others)
    if path.suffix.casefold() not in known:
        paper = " To get a PDF, write a .html and print it to a file from a browser." if path.suffix == ".pdf" else ""
        raise NutridiaryError(f"{path}: the name of a report ends in {listing(known)}, by what it shall be.{paper}")


def _excel(analysis: Analysis, path: Path) -> Path:
    from nutridiary.report.excel import to_excel

    return to_excel(analysis, path)


def _html(analysis: Analysis, path: Path) -> Path:
    from nutridiary.report.html import to_html

    return to_html(analysis, path)


def _json(analysis: Analysis, path: Path) -> Path:
    from nutridiary.report.data import to_json

    return to_json(analysis, path)


_WRITERS: Mapping[str, Callable[[Analysis, Path], Path]] = {".xlsx": _excel, ".html": _html, ".json": _json}
FORMS = tuple(_WRITERS)
"""How the name of a report ends."""
