"""The corrected diary: a workbook in the form of our template that holds a diary as it was understood.

Every line stands in it, with the food and the weight it was counted by, so that it can be kept, gone on with, or given
to somebody else without the corrections that led to it. `lines` writes the lines, `beside` the sheets beside them,
`headings` what the columns of nutrients are called.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from nutridiary.analysis import Inputs
    from nutridiary.analysis.steps import Progress

__all__ = ["write_corrected"]


def write_corrected(
    inputs: Inputs,
    path: str | os.PathLike[str],
    *,
    defaults: bool = False,
    split: bool = True,
    progress: Progress | None = None,
) -> Path:
    """Write a diary as it was understood, after the corrections, as a workbook that can be read again.

    Reading it gives the same daily intakes as the diary with its corrections gave, and counts the same lines. What it
    cannot hold is told in docs/corrected_diary.md.

    Parameters
    ----------
    inputs : nutridiary.analysis.Inputs
        The diary, who ate, and the corrections, as `nutridiary.analysis.read_inputs` returns them.
    path : path-like
        The workbook to write, ending in ``.xlsx``.
    defaults, split, progress
        As in `nutridiary.analysis.analyze`.

    Returns
    -------
    pathlib.Path
        Where the workbook is.

    Raises
    ------
    NutridiaryError
        If the name does not end in ``.xlsx``, or the file cannot be written.
    """
    from nutridiary.report.corrected_diary.workbook import write

    return write(inputs, path, defaults=defaults, split=split, progress=progress)
