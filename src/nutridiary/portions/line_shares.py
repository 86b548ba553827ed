"""The weight of a whole line, shared out among the foods it holds.

"Pizza, cheese", 650 g, is 650 g of pizza and cheese together: what a part weighs is not stated, but what all of them
weigh is. The parts without an amount share what the others leave, in proportion to the weights they would otherwise
be given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LINE_SHARE = "line_share"
_LINE = ["source", "line"]
_DIGITS = 9  # far more than any portion is known to; takes off the noise of arithmetic
_WEIGHTS = ["gram_weight", "gram_low", "gram_high"]
_NO_AMOUNT = r"(?:^|; )(?:no amount|only the unit \"[^\"]*\") given: [^;]*$"


def share_line_weights(table: pd.DataFrame, usual: tuple[str, ...]) -> None:
    """Weigh the parts of lines whose whole weight is stated, in place.

    Parameters
    ----------
    table : pandas.DataFrame
        `tables.WEIGHED`, weighed part by part.
    usual : tuple of str
        Methods that weigh what has no amount by what is usual.

    Notes
    -----
    A part that cannot be weighed takes an unknown share: then the others weigh at most what is usual, and at most
    what the line leaves. Where the stated parts alone weigh more than the line, nothing is shared out.
    """
    whole = table["line_weight"].notna()
    if not whole.any():
        return
    parts = table.loc[whole]
    shares = parts["weight_method"].isin(usual) & parts["problem"].isna()
    lines = [parts[name] for name in _LINE]
    stated = parts["gram_weight"].where(~shares).groupby(lines).transform("sum")
    usually = parts["gram_weight"].where(shares).groupby(lines).transform("sum")
    unknown = (parts["problem"].notna() & parts["gram_weight"].isna()).groupby(lines).transform("any")
    alone = (shares.groupby(lines).transform("sum") == 1) & ~unknown
    left = parts["line_weight"] - stated
    factor = (left / usually).where(shares & (left > 0))
    factor = factor.mask(unknown, factor.clip(upper=1.0)).dropna()
    if factor.empty:
        return
    rows = factor.index
    left, alone, unknown = (column.loc[rows] for column in (left, alone, unknown))
    weights = _bounded(table.loc[rows, _WEIGHTS].mul(factor, axis=0), left, [table.loc[rows, name] for name in _LINE])
    weights = weights.where(~unknown, table.loc[rows, _WEIGHTS].mul(factor, axis=0).clip(upper=left, axis=0))
    for name in _WEIGHTS:
        weights[name] = weights[name].mask(alone, left).round(_DIGITS)
    said = "its share of the " + table.loc[rows, "line_weight"].map("{:g}".format) + " g of the line, by usual weights"
    before = table.loc[rows, "note"].fillna("").str.replace(_NO_AMOUNT, "", regex=True)
    table.loc[rows, _WEIGHTS] = weights
    table.loc[rows, "weight_method"] = LINE_SHARE
    table.loc[rows, "portion"] = said
    table.loc[rows, "note"] = (before + "; " + said).str.removeprefix("; ")


def _bounded(weights: pd.DataFrame, left: pd.Series, lines: list[pd.Series]) -> pd.DataFrame:
    """Return weights with bounds that agree: as much as one part can be more, the others together can be less. [g]"""
    low, high = weights["gram_low"], weights["gram_high"]
    others_low, others_high = (bound.groupby(lines).transform("sum") - bound for bound in (low, high))
    least, most = (left - others_high).clip(lower=0), left - others_low
    widest = high.where(high > most, most).clip(upper=left)
    return weights.assign(gram_low=low.where(low < least, least), gram_high=widest)
