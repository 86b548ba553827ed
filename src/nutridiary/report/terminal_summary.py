"""The summary of an analysis for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.in_short import confidence_in_short, mean_in_short, with_confidence
from nutridiary.report.remarks import remarks
from nutridiary.report.terminal import printable_text, table_with
from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from nutridiary.analysis import Analysis

FILLED_IN = "≈: some lines take the value from a twin record of the same food; --no-fill-in leaves it missing."
_NUTRIENT_WIDTH, _VERDICT_WIDTH = 25, 28  # characters: the rest of 100 columns is for the figures
_MOST_TO_CLARIFY = 3
_NOT_KNOWN = {
    "left_out": "not counted",
    "no_value": "a value is missing",
    "filled_in": "a value is another record's",
    "amount": "how much it was",
    "match": "which food it was",
}


def print_summary(analysis: Analysis) -> None:
    """Print what the comparison came to for each person, and how much of the diary it rests on."""
    from rich.console import Console

    console = Console(highlight=False)
    names = FigureNames.of(analysis)
    rows = with_confidence(analysis)
    for person_id, own in rows.groupby("person_id", dropna=False, sort=False):
        _print_person(console, person_id, own, names)
        _print_to_clarify(console, analysis.foods_to_clarify, person_id)
    lines = len(analysis.entries[["source", "line"]].drop_duplicates())
    console.print(f"Lines read: {lines}. {_counts(analysis.entries)}", markup=False)
    for remark in remarks(analysis):
        console.print(printable_text(remark))
    for text in _explained(rows):
        console.print(text, markup=False)
    if analysis.lock is not None:
        console.print(f"Lock: {analysis.lock.in_short}", markup=False, soft_wrap=True)


def _print_person(console: Console, person_id: object, rows: pd.DataFrame, names: FigureNames) -> None:
    group = rows["life_stage_group"].dropna()
    title = f"{person_id}, " if isinstance(person_id, str) else ""
    title += group.iloc[0] if len(group) else "no sex and age given, so nothing to compare with"
    title += f"; mean of {_days(rows['days'].iloc[0])}"
    title += "" if names.reference == "nasem" else f"; {names.figures}"
    sure = rows["confidence"].notna().any()
    headings = ["Nutrient", "Mean a day", names.either(names.goals), "%", *(["Confidence"] if sure else []), "In words"]
    widths = {"Nutrient": _NUTRIENT_WIDTH, "In words": _VERDICT_WIDTH if sure else _VERDICT_WIDTH + 12}
    table = table_with(title, headings, widths)
    for row in _rows(rows):
        goal = names.goal_of(row._asdict())
        amount, percent = getattr(row, goal), getattr(row, f"percent_of_{goal}")
        name = names.name_beside(row.nutrient, goal, names.goals)
        table.add_row(
            row.label.split(" (D2")[0],
            mean_in_short(row),
            f"{name} {format_amount(amount, row.nutrient)}".strip() if amount == amount else "",
            f"{percent:,.0f}" if percent == percent else "",
            *([confidence_in_short(row)] if sure else []),
            names.verdict(row.verdict, row.nutrient),
        )
    console.print(table)


def _print_to_clarify(console: Console, foods: pd.DataFrame, person_id: object) -> None:
    """Name the first foods that are known in part only, and what they could change."""
    own = foods[foods["person_id"] == person_id] if isinstance(person_id, str) else foods[foods["person_id"].isna()]
    first = own.drop_duplicates("food_text").head(_MOST_TO_CLARIFY)
    if first.empty:
        return
    console.print("To clarify first, by what they could change a day (sheet To clarify):", markup=False)
    for row in _rows(first):
        console.print(printable_text(f"  {row.food_text} ({_NOT_KNOWN[row.reason]}): {_stakes(row)}"))


def _stakes(row: Any) -> str:
    stakes = {"magnesium": row.magnesium_stake, "potassium": row.potassium_stake}
    known = [f"{name} by {format_amount(value, name)}" for name, value in stakes.items() if value == value]
    return ", ".join(known) or "nothing bounds it"


def _explained(rows: pd.DataFrame) -> Iterator[str]:
    """Explain the signs that were used."""
    means = [mean_in_short(row) for row in _rows(rows)]
    shown = [*means, *(confidence_in_short(row) for row in _rows(rows))]
    if any("≥" in text for text in shown):
        yield "≥: something is missing, so it is at least that."
    if any("-" in text for text in means):
        yield "Two figures: the mean lies between what is known and what such foods and meals hardly exceed."
    if any("≈" in text for text in means):
        yield FILLED_IN
    if rows["confidence"].notna().any():
        yield (
            "Confidence: of people with records like these, how many meet their own need over a long time (for an AI: "
            "are above it)."
        )
    yield "A food record shows what was eaten and written down; it diagnoses nothing."


def _counts(entries: pd.DataFrame) -> str:
    """Return how many foods and supplements count, and how much was left out."""
    counted = entries["problem"].isna()
    supplements = counted & (entries["kind"] == "supplement")
    nothing_eaten = int((~counted & entries["kind"].isin(NOT_EATEN)).sum())
    foods = int((counted & ~supplements).sum())
    review = int(entries.loc[counted, "needs_review"].sum())
    parts = [f"Foods counted: {foods}, {review} of them to be confirmed"]
    parts += [f"supplements: {int(supplements.sum())}"] if supplements.any() else []
    parts += [f"left out: {int((~counted).sum())}"]
    return "; ".join(parts) + (f" ({nothing_eaten} of them nothing eaten)." if nothing_eaten else ".")


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()
