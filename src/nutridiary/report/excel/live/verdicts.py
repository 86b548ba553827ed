"""The rule of the verdicts as formulas, which come to the same as `nutridiary.comparison.verdicts`."""

from __future__ import annotations

from collections.abc import Mapping

from nutridiary.comparison import VERDICTS

CODES = tuple(VERDICTS)
"""The verdicts, by their number from 1."""
OUTRIGHT = ("descriptive", "beside_dv", "no_reference")
"""Verdicts that no intake changes, unless it exceeds an upper figure."""
_TOLERANCE = "1E-9"  # as `comparison.verdicts` allows for sums of many foods


def number_of(code: str) -> int:
    """Return the number of a verdict."""
    return CODES.index(code) + 1


def verdict_formula(cells: Mapping[str, str], outright: str | None) -> str:
    """Return the formula of the number of a verdict.

    Parameters
    ----------
    cells : mapping of str to str
        The cells of `low`, `high`, `ul_known`, and of the figures `ear`, `rda`, `ai`, `ul` and `cdrr`. One that holds
        no number is not known, or not set.
    outright : str or None
        One of `OUTRIGHT`, where there is nothing to hold an intake against.

    Examples
    --------
    >>> names = {name: name for name in ("low", "high", "ul_known", "ear", "rda", "ai", "ul", "cdrr")}
    >>> verdict_formula(names, "descriptive").endswith(",14))")
    True
    """
    low, high = cells["low"], cells["high"]
    reaches = {name: _holds(low, ">=", cells[name], "1-") for name in ("ear", "rda", "ai")}
    short = {name: _holds(high, "<", cells[name], "1-") for name in ("ear", "rda", "ai")}
    is_set = {name: f"ISNUMBER({cells[name]})" for name in ("ear", "rda")}
    steps = [
        (_holds(cells["ul_known"], ">", cells["ul"], "1+"), "above_ul"),
        (_holds(low, ">", cells["cdrr"], "1+"), "above_cdrr"),
    ]
    if outright is None:
        steps += [
            (f"AND({reaches['rda']},OR(NOT({is_set['ear']}),{reaches['ear']}))", "meets_rda"),
            (f"AND({reaches['ear']},NOT({is_set['rda']}))", "meets_ear"),
            (f"AND({reaches['ear']},{short['rda']})", "between_ear_and_rda"),
            (reaches["ear"], "at_least_ear"),
            (short["ear"], "below_ear"),
            (f"AND(NOT({is_set['ear']}),{short['rda']})", "below_rda"),
            (reaches["ai"], "meets_ai"),
            (short["ai"], "below_ai"),
        ]
    formula = str(number_of(outright or "not_decidable"))
    for condition, code in reversed(steps):
        formula = f"IF({condition},{number_of(code)},{formula})"
    return formula


def _holds(value: str, comparison: str, reference: str, tolerance: str) -> str:
    known = f"ISNUMBER({value}),ISNUMBER({reference})"
    return f"AND({known},N({value}){comparison}N({reference})*({tolerance}{_TOLERANCE}))"
