"""The report as an Excel workbook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

__all__ = ["to_excel"]


def to_excel(analysis: Analysis, path: str | os.PathLike[str], *, live: bool = False) -> Path:
    """Write everything that was found out about a diary as an Excel workbook.

    Every figure is one of the analysis' tables; the report only chooses, sorts and formats. The same analysis gives
    the same file, byte for byte. ``docs/report.md`` tells the sheets.

    Parameters
    ----------
    analysis : Analysis
        As `nutridiary.analysis.analyze` returns it.
    path : path-like
        The workbook to write, ending in ``.xlsx``. An older one is replaced, and only once the new one
        is complete. A new file can be read by its owner only: it tells of somebody's health.
    live : bool
        Whether lines, totals, means and verdicts are formulas, so that a weight or food that is corrected in the
        workbook is followed through; what cannot follow then says so.

    Returns
    -------
    pathlib.Path
        Where the workbook is.

    Raises
    ------
    NutridiaryError
        If the name does not end in ``.xlsx``, the folder does not exist, the file cannot be written,
        or the diary has more lines than a sheet has rows.
    """
    from nutridiary.errors import NutridiaryError
    from nutridiary.report.excel.workbook import write_workbook

    target = Path(path)
    if target.suffix.casefold() != ".xlsx":
        raise NutridiaryError(f"{target}: a report is an Excel workbook. End its name in .xlsx.")
    write_workbook(analysis, target, live=live)
    return target
