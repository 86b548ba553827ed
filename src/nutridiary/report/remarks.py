"""What is to be said in a line below a summary: supplements, whose values count, and where the two differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_COUNTED = {
    "recorded": "Only the values recorded in the diary count (--values recorded).",
    "recorded-first": "Values recorded in the diary count first, ours where it has none (--values recorded-first).",
}


def difference_counts(differences: pd.DataFrame) -> tuple[int, int]:
    """Return how many totals of a day differ from the diary's own, and how many could be compared."""
    compared = differences["lines"] > 0
    return int((differences["differs"] & compared).sum()), int(compared.sum())


def remarks(analysis: Analysis) -> list[str]:
    """Return a sentence for each thing a reader of the summary should know and may not look for."""
    said = []
    entries = analysis.entries
    supplements = entries["kind"] == "supplement"
    if supplements.any():
        counted = int((supplements & entries["problem"].isna()).sum())
        said.append(
            f"Supplements: {counted} of {_lines(int(supplements.sum()))} counted, apart from food: sheet Supplements."
        )
    if (values := analysis.settings.get("nutrient values", "ours")) in _COUNTED:
        said.append(_COUNTED[values])
    totals = int(((entries["kind"] == "total") & entries["problem"].notna()).sum())
    if totals and values == "ours" and not entries.loc[~entries["kind"].isin(NOT_EATEN), "problem"].isna().any():
        said.append(
            f"Nothing is counted: the diary names no foods, only totals ({_lines(totals)}). "
            "To count what they say: --values recorded."
        )
    differing, compared = difference_counts(analysis.differences)
    if differing:
        said.append(
            f"{differing} of {compared} day totals differ from the diary's own by more than 20 %: "
            "sheet Recorded values."
        )
    return said


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"
