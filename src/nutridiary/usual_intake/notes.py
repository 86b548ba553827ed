"""What a confidence rests on, and why a figure beside it is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.readings import missing_values
from nutridiary.nutrients import format_amount
from nutridiary.usual_intake.grounds import MODEL, PARTLY_RECORDED, WITHHELD
from nutridiary.usual_intake.individual import MOST_VARIATION
from nutridiary.usual_intake.readings import days_in_words
from nutridiary.usual_intake.requirements import FROM_RDA

if TYPE_CHECKING:
    import pandas as pd


def notes(rows: pd.DataFrame) -> list[str | None]:
    """Return the note of each row, or None where there is nothing to add.

    Parameters
    ----------
    rows : pandas.DataFrame
        `tables.COMPARISON` joined with the columns of `grounds`, of `records.means_of_days`, and `confidence`.
    """
    return [" ".join(filter(None, (part(row) for part in _PARTS))) or None for row in rows.itertuples()]


def _days(row: Any) -> str:
    if row.unknown_days > 0:
        return f"{days_in_words(row.unknown_days)} of which nothing is known not counted."
    return ""


def _likely(row: Any) -> str:
    """Say where likely values stand for values that are not known."""
    if not abs(row.mean_total - row.mean_intake) > 1e-6 * abs(row.mean_total):
        return ""
    likely, known = (format_amount(value, row.nutrient) for value in (row.mean_total, row.mean_intake))
    if likely == known:
        return ""
    missing = missing_values(row) or "not all is known"
    return f"Rests on {likely} a day, which counts what is likely where {missing}; known is {known}."


def _supplements(row: Any) -> str:
    if not row.supplement > 0:
        return ""
    return f"Supplements count as stated: {format_amount(row.supplement, row.nutrient)} a day beside food."


def _needs(row: Any) -> str:
    if row.method == WITHHELD or row.kind != "EAR":
        return ""
    if row.by_table:
        return (
            "Needs are those of women who menstruate and take no oral contraceptive (IOM 2001); "
            "for others they are lower, and the confidence is higher."
        )
    if row.cv_source == FROM_RDA:
        return (
            f"That needs differ by {100 * row.cv:.1f} % of the {row.reference_name} is what the {row.rda_name} implies."
        )
    return ""


def _bounds(row: Any) -> str:
    if row.method == WITHHELD or row.confidence_high == row.confidence_high:
        return ""
    if row.nutrient in PARTLY_RECORDED:
        return "The requirement counts what the body makes from tryptophan, too, which is not on record."
    missing = missing_values(row) or "not all that was eaten is known"
    return f"{missing[:1].upper()}{missing[1:]}, and nothing bounds what that held."


def _peers(row: Any) -> str:
    if not isinstance(row.peers, str) or row.exact:
        return ""
    return (
        f"Days vary as those of {row.peers} who are not pregnant or lactating: how others vary is not on record. "
        "So no best guess is given."
    )


def _alone(row: Any) -> str:
    if row.method == MODEL and row.cv_within > MOST_VARIATION:
        return f"No figure by these days alone: days differ by {100 * row.cv_within:.0f} %, too much for that formula."
    return ""


def _upper(row: Any) -> str:
    """Say what an upper level counts that is not all intake."""
    if row.ul != row.ul or row.upper_kind == "UL":
        return ""
    if row.ul_applies_to != "supplements_and_medicines":
        return "The UL counts a part of intake only, for which no confidence is worked out."
    if not row.ul_intake > 0:
        return ""
    amount = format_amount(row.ul_intake, row.nutrient)
    return f"The UL counts supplements only, which gave {amount} a day as stated: no confidence is worked out."


_PARTS: tuple[Callable[[Any], str], ...] = (_supplements, _likely, _days, _bounds, _needs, _peers, _alone, _upper)
