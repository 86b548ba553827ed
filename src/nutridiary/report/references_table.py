"""A person's reference values for somebody at a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.readings import PARTS_IN_WORDS
from nutridiary.nutrients import nutrient_label, written_unit
from nutridiary.references import (
    REFERENCES,
    citations,
    find_reference,
    kind_names,
    life_stage,
    life_stage_group,
    not_compared,
    profile_of,
    unstated_values,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from nutridiary.references import Person

_KINDS = ("EAR", "RDA", "AI", "DV", "UL", "CDRR")
_MEANING = {
    "EAR": "meets the need of half the group",
    "RDA": "meets the need of nearly everyone; a goal for a person",
    "AI": "set where no requirement could be; likely enough",
    "DV": "a figure for labels, the same for everyone from 4 years; it says nothing of need",
    "UL": "not to be exceeded over a long time",
    "CDRR": "above it, less is advised",
}
_OF_EQUIVALENTS = "in niacin equivalents, which also count tryptophan"


def print_references(
    values: pd.DataFrame,
    person: Person,
    *,
    on: dt.date | None,
    edition: str | None,
    reference: str,
    nutrients: Sequence[str] = (),
) -> None:
    """Print reference values as a table, a row a nutrient, with what they are for and where they come from.

    Parameters
    ----------
    values : pandas.DataFrame
        `tables.REFERENCE_VALUES`, as `references.reference_values` returns them.
    person : Person
    on : datetime.date or None
        The day the age is taken on.
    edition, reference : str
        What was asked for.
    nutrients : sequence of str
        The nutrients asked for; none means all.
    """
    from rich.console import Console

    console = Console(highlight=False)
    name = find_reference(reference)
    notes: dict[str, str] = {}
    console.print(REFERENCES[name].label, style="bold", markup=False)
    console.print(_who(person, on, name), markup=False)
    if len(values):
        console.print()
        console.print(_table(values, name, notes))
    _print_notes(console, notes)
    for line in _further(values, person, on, edition, name, nutrients):
        console.print(line, markup=False)
    if len(values):
        _print_meaning(console, values, name)


def _who(person: Person, on: dt.date | None, reference: str) -> str:
    group = life_stage_group(person, on, reference)
    day = f" on {on:%Y-%m-%d}" if on is not None and person.birth_date is not None else ""
    stated = f"; {', '.join(person.conditions)}" if person.conditions else ""
    if life_stage(person, on, reference) is None:
        return f"There is none for this person: {group}."
    return f"For {group}{day}{stated}. Amounts are per day."


def _table(values: pd.DataFrame, reference: str, notes: dict[str, str]) -> Any:
    from rich.table import Table

    names = kind_names(reference)
    kinds = [kind for kind in _KINDS if kind in set(values["kind"])]
    table = Table(header_style="bold", show_edge=False, pad_edge=False)
    table.add_column("Nutrient")
    for kind in kinds:
        table.add_column(names[kind], justify="right", no_wrap=True)
    table.add_column("Unit")
    table.add_column("From")
    for nutrient, rows in values.groupby("nutrient", sort=False):
        cells = {row.kind: _amount(row, names, notes) for row in _rows(rows)}
        reports = dict.fromkeys(_report(row) for row in _rows(rows[rows["amount"].notna()]))
        figures = [cells.get(kind, "") for kind in kinds]
        unit = written_unit(str(rows["unit"].iloc[0]))
        table.add_row(nutrient_label(str(nutrient)), *figures, unit, ", ".join(reports))
    return table


def _amount(row: Any, names: dict[str, str], notes: dict[str, str]) -> str:
    """Return an amount with the letter of a note where it is not for all intake; the note joins `notes`."""
    if row.amount != row.amount:
        return "not set"
    remarks = []
    if part := PARTS_IN_WORDS.get(row.applies_to):
        remarks.append(f"counts {part} only")
    if row.applies_to == "niacin_equivalents":
        remarks.append(_OF_EQUIVALENTS)
    if row.kind_name != names[row.kind]:
        remarks.append(f"called {row.kind_name}")
    if isinstance(row.condition, str):
        remarks.append(row.condition)
    letters = [notes.setdefault(remark, chr(ord("a") + len(notes))) for remark in remarks]
    return f"{row.amount:,.10g}" + (f" {','.join(letters)}" if letters else "")


def _report(row: Any) -> str:
    return f"{row.edition} (superseded)" if row.status == "superseded" else str(row.edition)


def _print_notes(console: Console, notes: dict[str, str]) -> None:
    if notes:
        console.print()
    for remark, letter in notes.items():
        console.print(f"{letter}: {remark}", markup=False)


def _further(
    values: pd.DataFrame,
    person: Person,
    on: dt.date | None,
    edition: str | None,
    reference: str,
    nutrients: Sequence[str],
) -> Iterator[str]:
    """Yield what the table leaves out, and why."""
    profile = profile_of(person, on, edition=edition, reference=reference)
    unstated = unstated_values(profile).sort_values("amount", kind="stable")
    if nutrients:
        unstated = unstated[unstated["nutrient"].isin(nutrients)]
    if len(unstated):
        yield "\nLeft out, because what they depend on is not stated (--condition, --weight):"
    for nutrient, rows in unstated.groupby("nutrient", sort=False):
        for condition, figures in rows.groupby("condition", sort=False):
            amounts = [f"{row.kind_name} {row.amount:,.10g} {written_unit(row.unit)}" for row in _rows(figures)]
            yield f"  {nutrient_label(str(nutrient))}, {condition}: {', '.join(amounts)}"
    used = set(values["condition"].dropna())
    idle = [condition for condition in person.conditions if condition not in used]
    if person.smoker is not None and reference != "nasem":
        idle.append("smoking")
    if idle:
        yield f"\nNo figure here depends on: {', '.join(idle)}."
    shown = [
        (nutrient, why)
        for nutrient, found in not_compared(reference).items()
        for kinds, why in found
        if len(values) and _missing(values, nutrient, kinds) and (not nutrients or nutrient in nutrients)
    ]
    if shown:
        yield "\nNot here, because food records hold nothing to compare with:"
    for nutrient, why in shown:
        yield f"  {nutrient_label(nutrient)}: {why}"
    named = set(values["nutrient"]) | set(unstated["nutrient"]) | {nutrient for nutrient, _ in shown}
    if lacking := [nutrient for nutrient in nutrients if nutrient not in named]:
        yield f"\nNo figure on record for this person: {', '.join(map(nutrient_label, lacking))}."


def _missing(values: pd.DataFrame, nutrient: str, kinds: str) -> bool:
    """Return whether no figure of these kinds is in the table, so that its absence is to be explained."""
    own = set(values.loc[values["nutrient"] == nutrient, "kind_name"])
    return not own & set(kinds.split(", "))


def _print_meaning(console: Console, values: pd.DataFrame, reference: str) -> None:
    names = kind_names(reference)
    console.print()
    for kind in _KINDS:
        if kind in set(values["kind"]):
            console.print(f"{names[kind]}: {_MEANING[kind]}", style="dim", markup=False)
    console.print("\nSources", style="bold")
    for edition in dict.fromkeys(values["edition"]):
        console.print(f"{edition}: {citations()[edition][1]}", style="dim", markup=False)


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()
