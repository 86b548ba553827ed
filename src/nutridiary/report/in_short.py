"""A mean and a confidence in few figures, for a table that has no room for sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

# Bounds of a confidence that lie nearer than this say nothing a reader could use.
_WORTH_SAYING = 5.0  # %
_MOST, _LEAST = 97.5, 2.5  # %, beyond which a confidence is given no more exactly


def with_confidence(analysis: Analysis) -> pd.DataFrame:
    """Return the comparison with the confidence of each row: `method`, `confidence` and its bounds [%]."""
    key = ["person_id", "nutrient"]
    stated = analysis.confidence[[*key, "method", "confidence", "confidence_low", "confidence_high"]]
    return analysis.comparison.merge(stated, on=key, how="left", validate="one_to_one")


def mean_in_short(row: Any) -> str:
    """Return a mean with the sign of what is missing, and between what it lies where that is known.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> known = {"nutrient": "magnesium", "mean_intake": 250.0, "low": 250.0, "foods_filled_in": 0}
    >>> missing = {"foods_without_value": 2, "foods_left_out": 0}
    >>> mean_in_short(Row(high=310.0, **known, **missing)), mean_in_short(Row(high=float("nan"), **known, **missing))
    ('250-310 mg', '≥ 250 mg')
    """
    if row.mean_intake != row.mean_intake:
        return "unknown"
    mean, low, high = (format_amount(value, row.nutrient) for value in (row.mean_intake, row.low, row.high))
    lies_between = row.high == row.high and low != high
    between = f"{low.split()[0] if row.low == row.low else 'up to'}-{high}".replace("up to-", "up to ")
    if lies_between and mean == low:
        return between
    is_bounded = row.high == row.high
    signs = "≥ " if (row.foods_without_value or row.foods_left_out) and not is_bounded else ""
    signs += "≈ " if row.foods_filled_in else ""
    return f"{signs}{mean}" + (f"\n{between}" if lies_between else "")


def confidence_in_short(row: Any) -> str:
    """Return a confidence in few figures: of 100 people; in percent where these days alone are asked.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> shares = {"confidence": 84.2, "confidence_low": 80.0, "confidence_high": 84.2}
    >>> confidence_in_short(Row(method="usual_intake_model", **shares))
    '84 of 100'
    >>> confidence_in_short(Row(method="iom_2000", **{**shares, "confidence_high": float("nan")}))
    '≥ 80 %'
    >>> confidence_in_short(Row(method="usual_intake_model", **{**shares, "confidence_high": 92.0}))
    '80-92 of 100'
    """
    if row.confidence != row.confidence:
        return ""
    shown = _share(row.confidence, row.confidence_low, row.confidence_high)
    return f"{shown} %" if row.method == "iom_2000" else f"{shown} of 100"


def _share(confidence: float, low: float, high: float) -> str:
    """Return a share of people; a model of people in general carries none of 100 % about one."""
    if low >= _MOST or confidence >= _MOST:
        return "> 97"
    if high <= _LEAST:
        return "< 3"
    if low == low and (high != high or (high >= _MOST and high - low >= _WORTH_SAYING)):
        return f"≥ {low:.0f}"
    if low <= _LEAST and high - low >= _WORTH_SAYING:
        return f"≤ {high:.0f}"
    if high - low >= _WORTH_SAYING:
        return f"{low:.0f}-{high:.0f}"
    return "< 3" if confidence <= _LEAST else f"{confidence:.0f}"
