"""What a confidence comes to, as one of a fixed list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from nutridiary.usual_intake.more_days import CLEAR

if TYPE_CHECKING:
    import pandas as pd

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "clear": "clear: enough",
        "likely": "likely enough",
        "open": "open",
        "unlikely": "likely less than needed",
        "clearly_not": "clear: less than needed",
        "no_conclusion": "no conclusion",
        "withheld": "no figure",
    }
)
"""Every verdict with its plain words. Codes are stable; words may be reworded."""

LIKELY = 80.0
"""The confidence from which "likely" is said, ours by choice. [%]"""


def verdicts(rows: pd.DataFrame) -> pd.Series:
    """Return what each confidence comes to.

    As in a comparison, "enough" rests on the lower bound, "less than needed" on the upper, and an intake under an AI
    says nothing.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `method`, `reference_kind`, and `confidence`, `confidence_low`, `confidence_high`. [%]

    Returns
    -------
    pandas.Series
        Codes of `VERDICTS`.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"method": "usual_intake_model", "reference_kind": "EAR", "confidence": 1.0, "confidence_low": 0.5}
    >>> verdicts(pd.DataFrame([{**row, "confidence_high": 1.5}, {**row, "confidence_high": None}])).tolist()
    ['clearly_not', 'open']
    """
    import numpy as np
    import pandas as pd

    low, high, is_ai = rows["confidence_low"], rows["confidence_high"], rows["reference_kind"] == "AI"
    choices = {
        "withheld": rows["method"] == "withheld",
        "clear": low >= CLEAR,
        "likely": low >= LIKELY,
        "no_conclusion": is_ai & (rows["confidence"] < 50),
        "clearly_not": ~is_ai & (high <= 100 - CLEAR),
        "unlikely": ~is_ai & (high <= 100 - LIKELY),
    }
    codes = np.select(list(choices.values()), list(choices), default="open")
    return pd.Series(codes, index=rows.index, dtype="str")
