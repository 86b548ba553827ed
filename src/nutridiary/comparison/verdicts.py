"""The verdicts, and the one rule that gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "meets_rda": "reaches the RDA",
        "between_ear_and_rda": "between the EAR and the RDA",
        "at_least_ear": "reaches the EAR; what is missing leaves the RDA open",
        "below_ear": "below the EAR",
        "below_rda": "below the RDA, where there is no EAR to say more",
        "meets_ai": "reaches the AI",
        "below_ai": "less than the AI, from which nothing can be concluded",
        "above_ul": "above the UL",
        "above_cdrr": "above the CDRR",
        "meets_ear": "reaches the EAR, where there is no RDA to say more",
        "beside_dv": "beside the Daily Value, a figure for labels",
        "not_decidable": "not decidable, because values are missing",
        "no_reference": "no reference for this person",
        "descriptive": "no reference intake is set; shown for information",
    }
)
"""Every verdict with its plain words. Codes are stable; words may be reworded."""

_ROLES = re.compile(r"\b(EAR|RDA|AI|UL|CDRR)\b")


def verdict_in_words(verdict: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the words of a verdict with what an authority calls its figures.

    Parameters
    ----------
    verdict : str
        A code of `VERDICTS`.
    names : mapping of str to str
        What it calls the figure of each role, as `kind_names` returns them.

    Examples
    --------
    >>> verdict_in_words("between_ear_and_rda", {"EAR": "AR", "RDA": "PRI"})
    'between the AR and the PRI'
    >>> verdict_in_words("meets_ai", {"AI": "safe and adequate intake"})
    'not below the safe and adequate intake'
    """
    words = VERDICTS[verdict]
    if names.get("AI", "AI") != "AI":  # EFSA's figure for sodium is no level to reach
        words = words.replace("reaches the AI", "not below the AI")
    return called(words, names)


def called(text: str, names: Mapping[str, str]) -> str:
    """Return a text that names figures by their role with what an authority calls them.

    Examples
    --------
    >>> called("below the EAR of 750 mg", {"EAR": "AR"})
    'below the AR of 750 mg'
    """
    return _ROLES.sub(lambda role: names.get(role[0], role[0]), text)


# Sums of many foods differ from their exact value in the last digits of a float.
_TOLERANCE = 1e-9


def reaches(value: pd.Series, reference: pd.Series) -> pd.Series:
    """Return where `value` is at or above `reference`; False where either is unknown."""
    return value >= reference * (1 - _TOLERANCE)


def exceeds(value: pd.Series, reference: pd.Series) -> pd.Series:
    """Return where `value` is above `reference`; False where either is unknown."""
    return value > reference * (1 + _TOLERANCE)


def falls_short(value: pd.Series, reference: pd.Series) -> pd.Series:
    """Return where `value` is below `reference`; False where either is unknown."""
    return value < reference * (1 - _TOLERANCE)


def positions(rows: pd.DataFrame, high: pd.Series) -> pd.Series:
    """Return where each intake stands beside EAR and RDA, or AI.

    A position "reaches" may rest on the lower bound; a position "below" needs the upper one.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `low`, `ear`, `rda`, `ai`, `dv` [the nutrient's unit/d] and `has_references`: whether any
        figure is set for the nutrient, for whomever.
    high : pandas.Series
        Upper bound of the intake; NaN where nothing bounds it. [the nutrient's unit/d]

    Returns
    -------
    pandas.Series
        Codes of `VERDICTS`, never ``above_ul`` or ``above_cdrr``.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"ear": 265.0, "rda": 320.0, "ai": None, "dv": None, "has_references": True}
    >>> rows = pd.DataFrame([{"low": 210.0, **row}, {"low": 210.0, **row}, {"low": 330.0, **row}])
    >>> positions(rows.astype({"ai": "float64"}), pd.Series([210.0, None, None])).tolist()
    ['below_ear', 'not_decidable', 'meets_rda']
    """
    import numpy as np
    import pandas as pd

    low, ear, rda, ai = rows["low"], rows["ear"], rows["rda"], rows["ai"]
    to_ear = ear.isna() | reaches(low, ear)
    choices = {
        "descriptive": ~rows["has_references"],
        "beside_dv": rows["dv"].notna(),
        "no_reference": ear.isna() & rda.isna() & ai.isna(),
        "meets_rda": reaches(low, rda) & to_ear,
        "meets_ear": reaches(low, ear) & rda.isna(),
        "between_ear_and_rda": reaches(low, ear) & falls_short(high, rda),
        "at_least_ear": reaches(low, ear),
        "below_ear": falls_short(high, ear),
        "below_rda": ear.isna() & falls_short(high, rda),
        "meets_ai": reaches(low, ai),
        "below_ai": falls_short(high, ai),
    }
    codes = np.select(list(choices.values()), list(choices), default="not_decidable")
    return pd.Series(codes, index=rows.index, dtype="str")


def verdicts(rows: pd.DataFrame, position: pd.Series, ul_known: pd.Series) -> pd.Series:
    """Return the verdicts: the position, unless an upper figure is exceeded.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `low`, `ul` and `cdrr`. [the nutrient's unit/d]
    position : pandas.Series
        As `positions` gives it.
    ul_known : pandas.Series
        Lower bound of the part of intake the UL applies to; NaN where it cannot be told. [unit/d]

    Returns
    -------
    pandas.Series
        Codes of `VERDICTS`.
    """
    verdict = position.mask(exceeds(rows["low"], rows["cdrr"]), "above_cdrr")
    return verdict.mask(exceeds(ul_known, rows["ul"]), "above_ul")
