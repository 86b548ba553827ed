"""What is to be said in a line below a summary: what a reader should know of the whole, and may not look for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nutridiary.errors import listing
from nutridiary.fdc.product_ids import LABELLED
from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_COUNTED = {
    "recorded": "Only the values recorded in the diary count (--values recorded).",
    "recorded-first": "Values recorded in the diary count first, ours where it has none (--values recorded-first).",
}
# How `nutridiary.brands.labels.said_of_foods` words what it found.
_OF_LABEL = r"label's .+ (?:set aside|is doubtful)|no value of its label is used"
_MOST_PEOPLE = 3
"""Of more people it is said how many a remark is about, and the sheet tells the rest."""


def difference_counts(differences: pd.DataFrame) -> tuple[int, int]:
    """Return how many totals of a day differ from the diary's own, and how many could be compared."""
    compared = differences["lines"] > 0
    return int((differences["differs"] & compared).sum()), int(compared.sum())


def remarks(analysis: Analysis) -> list[str]:
    """Return a sentence for each thing a reader of the summary should know and may not look for.

    What the means rest on comes first, then what is counted, then what else the report holds.
    """
    return [
        *_days(analysis),
        *_energy(analysis.plausibility),
        *_counted(analysis),
        *_labels(analysis),
        *_editions(analysis.edition_changes),
        *_symptoms(analysis.symptom_days),
    ]


def _days(analysis: Analysis) -> Iterator[str]:
    """Say which days may be incomplete, what was done about it, and which days the diary itself sets aside."""
    checks = analysis.day_checks
    flagged, left_out = int(checks["possibly_incomplete"].sum()), int(checks["left_out"].sum())
    of_all = f"{flagged} of {_number(len(checks), 'recorded day', 'recorded days')} may be incomplete"
    if flagged and not left_out:
        yield f"{of_all}: sheet Days says why. To leave out such days: --leave-out-incomplete."
    elif flagged:
        left = f"{of_all} and are left out of the means, as asked for: sheet Days says why"
        yield f"{left}; the means over all days stand beside, on the sheet Summary."
    lost = _people_without_a_day(checks)
    if lost:
        whose = "" if lost == [""] else f" of {listing(lost, most=_MOST_PEOPLE)}"
        yield f"Every recorded day{whose} may be incomplete and is left out, so that no mean is left to compare."
    aside = analysis.not_food_days
    days = aside.loc[aside["problem"].isna(), ["person_id", "date"]].drop_duplicates()
    if len(days):
        are = "is no food day" if len(days) == 1 else "are no food days"
        yield f"{_number(len(days), 'day', 'days')} {are}, as the diary says, and in no mean: sheet Days."


def _people_without_a_day(checks: pd.DataFrame) -> list[str]:
    """Return the people, "" for one without a name, all of whose days were left out."""
    every = checks.assign(person=checks["person_id"].fillna("")).groupby("person", sort=False)["left_out"].all()
    return [str(person) for person, left_out in every.items() if left_out]


def _energy(plausibility: pd.DataFrame) -> Iterator[str]:
    """Say whose recorded energy is lower or higher than what is expected of a full record."""
    odd = plausibility[plausibility["verdict"].isin(("low", "high"))]
    if len(odd) > _MOST_PEOPLE:
        low, high = (int((odd["verdict"] == verdict).sum()) for verdict in ("low", "high"))
        yield (
            f"Recorded energy is lower than expected of a full record for {_number(low, 'person', 'people')} and "
            f"higher for {high}: sheet Days."
        )
        return
    for person_id, reading in odd[["person_id", "reading"]].itertuples(index=False):
        yield f"{person_id}: {reading}" if isinstance(person_id, str) else str(reading)


def _counted(analysis: Analysis) -> Iterator[str]:
    """Say which supplements and whose values count, and where the two differ."""
    entries = analysis.entries
    supplements = entries["kind"] == "supplement"
    if supplements.any():
        counted = int((supplements & entries["problem"].isna()).sum())
        yield f"Supplements: {counted} of {_lines(int(supplements.sum()))} counted, apart from food: sheet Supplements."
    if (values := analysis.settings.get("nutrient values", "ours")) in _COUNTED:
        yield _COUNTED[values]
    totals = int(((entries["kind"] == "total") & entries["problem"].notna()).sum())
    if totals and values == "ours" and not entries.loc[~entries["kind"].isin(NOT_EATEN), "problem"].isna().any():
        yield (
            f"Nothing is counted: the diary names no foods, only totals ({_lines(totals)}). "
            "To count what they say: --values recorded."
        )
    differing, compared = difference_counts(analysis.differences)
    if differing:
        yield (
            f"{differing:,} of {compared:,} day totals differ from the diary's own by more than 20 %: "
            "sheet Recorded values."
        )


def _labels(analysis: Analysis) -> Iterator[str]:
    """Say how much rests on labels of products, and where what could not be believed of them is said."""
    entries = analysis.entries
    labelled = entries[entries["problem"].isna() & entries["data_type"].isin(LABELLED)]
    if labelled.empty:
        return
    products = _number(labelled["fdc_id"].nunique(), "product", "products")
    rest = "rests" if len(labelled) == 1 else "rest"
    rounded = "rounded, and filled in from generic foods where they say nothing"
    yield f"{_lines(len(labelled))} {rest} on the labels of {products}: {rounded}."
    odd = int(labelled["note"].str.contains(_OF_LABEL, na=False).sum())
    if odd:
        yield f"Of {_lines(odd)} a label is not believed in every figure: the notes of the sheet Entries say which."


def _editions(changes: pd.DataFrame) -> Iterator[str]:
    """Say how many readings would be others by another report."""
    flipped = changes.loc[changes["flips"], ["person_id", "nutrient"]].drop_duplicates()
    if len(flipped):
        would = "reading would be another" if len(flipped) == 1 else "readings would be others"
        yield f"{len(flipped)} {would} by another edition or authority: sheet What changes with the edition."


def _symptoms(symptom_days: pd.DataFrame) -> Iterator[str]:
    """Say which symptoms are on record."""
    felt = symptom_days[symptom_days["felt"].fillna(False)]
    if felt.empty:
        return
    found = felt.groupby("symptom", sort=False).agg(days=("date", "size"), people=("person_id", "nunique"))
    of_people = [f" of {people} people" if people > 1 else "" for people in found["people"]]
    days = [_number(int(number), "day", "days") for number in found["days"]]
    said = listing((f"{name} on {n}{of}" for name, n, of in zip(found.index, days, of_people, strict=True)), most=5)
    yield f"Symptoms noted: {said}. What was eaten on days with and without: sheet Symptoms; no cause is shown."


def _lines(number: int) -> str:
    return _number(number, "line", "lines")


def _number(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
