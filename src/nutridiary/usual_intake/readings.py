"""The confidence of each nutrient in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount, written_unit
from nutridiary.usual_intake.grounds import MODEL, NO_FIGURE, WITHHELD
from nutridiary.usual_intake.more_days import CLEAR

if TYPE_CHECKING:
    import pandas as pd

# Bounds that lie nearer than this say nothing that a reader could use.
_WORTH_SAYING = 5.0  # %
_OPEN = "More days would not settle it: what is missing from these could make it otherwise."


def readings(rows: pd.DataFrame) -> list[str]:
    """Return what the days of each row allow to be said: one to four plain sentences.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns of `tables.CONFIDENCE` up to `more_days`, with `known_days`, `withheld`, `clear`,
        `in_the_end` and `unknown_decides`.
    """
    return [_withheld(row) if row.method == WITHHELD else _stated(row) + _upper(row) for row in rows.itertuples()]


def in_100(share: float) -> str:
    """Return a share of people in words that claim no more than it can carry.

    Examples
    --------
    >>> in_100(83.6), in_100(99.2), in_100(1.0)
    ('about 84 in 100', 'more than 97 in 100', 'fewer than 3 in 100')
    """
    if share >= CLEAR:
        return "more than 97 in 100"
    if share <= 100 - CLEAR:
        return "fewer than 3 in 100"
    return f"about {share:.0f} in 100"


def days_in_words(number: float) -> str:
    """Return a number of days in words.

    Examples
    --------
    >>> days_in_words(1), days_in_words(3)
    ('1 day', '3 days')
    """
    return f"{number:.0f} day" if number == 1 else f"{number:.0f} days"


def _withheld(row: Any) -> str:
    reason = row.withheld
    words = f"{reason[:1].upper()}{reason[1:]}." if reason == NO_FIGURE else f"No confidence is given: {reason}."
    if row.usual_estimate == row.usual_estimate:
        words += f" Best guess of usual intake: {format_amount(row.usual_estimate, row.nutrient)} a day."
    return words + _upper(row)


def _stated(row: Any) -> str:
    about = "meets their own need" if row.reference_kind == "EAR" else f"is above the {row.reference_name}"
    if row.method == MODEL:
        shares, about = in_100(row.confidence), about.replace("is above", "above").replace("meets", "that meets")
        said = f"of people with records like these, {shares} have a usual intake {about}"
    else:
        about = about.replace("their", "the person's")
        said = f"by these days alone, the confidence that usual intake {about} is {_percent(row.confidence)}"
    return f"{days_in_words(row.known_days)}: {said}{_range(row)}. {_outlook(row)}"


def _percent(share: float) -> str:
    """Return a share in percent, no more exact than it can be.

    Examples
    --------
    >>> _percent(83.6), _percent(99.2), _percent(1.0)
    ('about 84 %', 'more than 97 %', 'less than 3 %')
    """
    words = in_100(share).replace(" in 100", " %")
    return words.replace("fewer", "less")


def _range(row: Any) -> str:
    """Say between what bounds a confidence lies where values are missing, if that is worth saying."""
    low, high = row.confidence_low, row.confidence_high
    if low >= CLEAR:
        return ""
    if high != high:
        least = f"at least {low:.0f}, " if row.confidence - low >= 1 else ""
        return f" ({least}or more, because not all that was eaten is known)"
    if low == low and high - low >= _WORTH_SAYING:
        return f" ({low:.0f} to {high:.0f}, because not all that was eaten is known)"
    return ""


def _is_open(row: Any) -> bool:
    """Return whether what is missing could make a clear answer unclear."""
    low, high = row.confidence_low, row.confidence_high
    if row.confidence >= CLEAR:
        return not low >= CLEAR
    return not high <= 100 - CLEAR


def _outlook(row: Any) -> str:
    """Say whether the days are enough, and how many more would be."""
    if row.clear:
        return _OPEN if _is_open(row) else "These days are enough to tell."
    more = f"{row.more_days:.0f} more {'day' if row.more_days == 1 else 'days'} like these would settle it."
    if row.more_days == row.more_days:
        return more
    if row.reference_kind == "AI" and row.confidence < 50:
        return f"Nothing can be concluded from an intake under an {row.reference_name}: it is not a requirement."
    if row.reference_kind == "EAR" and not _far_enough(row):
        return (
            "More days would not settle it: intake is not far enough from the requirement, and people's needs differ."
        )
    if row.unknown_decides:
        return "More days would not settle it while so much of what was eaten is not known."
    return "It would take more than a year of such days to settle it."


def _far_enough(row: Any) -> bool:
    """Return whether very many such days would make the answer clear."""
    return bool(row.in_the_end >= CLEAR or row.in_the_end <= 100 - CLEAR)


def _upper(row: Any) -> str:
    """Add what is to be said of the upper figure, unless usual intake is clearly below it."""
    share = row.confidence_below_ul
    if not share < CLEAR:
        return ""
    figure = f"the {row.upper_name} of {row.upper:,.10g} {written_unit(row.unit)}"
    meaning = ", the intake above which less is advised" if row.upper_kind == "CDRR" else ""
    if row.method == MODEL:
        words = in_100(share)
        return f" {words[:1].upper()}{words[1:]} have one below {figure}{meaning}."
    return f" The confidence that usual intake is below {figure}{meaning}{',' * bool(meaning)} is {_percent(share)}."
