"""The analysis of a diary as it is asked for: made once, and kept for every page and file that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.errors import NutridiaryError
from nutridiary.web.asked import Asked
from nutridiary.web.steps.inputs import inputs_of, options_of
from nutridiary.web.steps.kept import kept, teller

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis


def analysis_of(folder: Path, asked: Asked) -> Analysis:
    """Return the analysis of the diary in `folder`, as `nutridiary analyze` makes it of the same files and options.

    Parameters
    ----------
    folder : Path
    asked : Asked

    Returns
    -------
    Analysis

    Raises
    ------
    NutridiaryError
        If the files are no diary, or what was said contradicts them.
    """
    from nutridiary.analysis import analyze_inputs

    def make() -> Analysis:
        tell = teller(folder)
        return analyze_inputs(inputs_of(folder, asked), options_of(asked), progress=tell)

    return kept(folder, "analysis", asked.digest(), make)


@contextmanager
def looking_up() -> Iterator[None]:
    """Say of a person, a nutrient, a chart or a page that an analysis does not have that it is not there.

    Raises
    ------
    NotOpenError
        In place of any other `NutridiaryError`.
    """
    from nutridiary.web.diaries import NotOpenError

    try:
        yield
    except NutridiaryError as error:
        raise NotOpenError(str(error)) from error
