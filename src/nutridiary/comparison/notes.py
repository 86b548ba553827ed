"""What a reader should know about a nutrient and its figures, beside the reading."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.groups import person_key, person_of
from nutridiary.comparison.readings import PARTS_IN_WORDS, figure, percent
from nutridiary.data_files import data_file
from nutridiary.nutrients import format_amount
from nutridiary.references import REFERENCES, current_editions, life_stage

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person


def notes(rows: pd.DataFrame, people: Mapping[str, Person], changes: Sequence[Mapping[str, str]]) -> list[str | None]:
    """Return the note of each row of a comparison, or None where there is nothing to add.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `readings.readings`, with `ul_complete`.
    people : mapping of str to Person
    changes : sequence of mapping of str to str
        For each place of `asked`, by person: what is to be said of a life-stage group that changed within the diary.
    """
    each: Iterator[Any] = rows.itertuples()
    return [_note(row, person_of(row.person_id, people), changes[row.asked]) or None for row in each]


def _note(row: Any, person: Person | None, changes: Mapping[str, str]) -> str:
    parts = [changes.get(person_key(row.person_id), ""), _superseded(row), _unstated(row), _filled_in(row)]
    parts += [_upper_level(row)]
    holding = _conditions(person, row)
    parts += [
        note
        for condition, authority, note in _notes_by_nutrient().get(row.nutrient, ())
        if condition in holding and authority in ("", row.authority)
    ]
    return " ".join(part for part in parts if part)


def _superseded(row: Any) -> str:
    if not row.superseded:
        return ""
    reference = next(name for name, authority in REFERENCES.items() if authority.code == row.authority)
    current = ", ".join(current_editions(reference).get(row.nutrient, ["not on record"]))
    return f"{row.edition} is superseded and used because it was asked for; current is {current}."


def _unstated(row: Any) -> str:
    """Say which figures would hold if what they depend on were stated; nothing of it is assumed."""
    if not isinstance(row.unstated, str):
        return ""
    return f"Its figures by what may be stated of the person: {row.unstated}."


def _filled_in(row: Any) -> str:
    if not row.foods_filled_in:
        return ""
    lines = "1 line takes" if row.foods_filled_in == 1 else f"{row.foods_filled_in:.0f} lines take"
    return f"{lines} this value from a twin record, the food's own having none."


def _upper_level(row: Any) -> str:
    """Say what the UL is held against, where that is not all intake."""
    if row.ul_applies_to == "not_determined":
        return "A UL was considered and not set."
    if row.ul != row.ul and isinstance(row.ul_not_comparable, str):
        return str(row.ul_not_comparable)
    part = PARTS_IN_WORDS.get(row.ul_applies_to)
    if part is None or row.verdict == "above_ul":
        return ""
    ul = figure(row.ul, row)
    if row.ul_intake == row.ul_intake:
        known = "" if row.ul_complete else "at least "
        share = percent(row.ul_intake, row.ul)
        amount = format_amount(row.ul_intake, row.nutrient)
        return f"The {row.ul_name} of {ul} counts {part} only, which gave {known}{amount} a day ({share})."
    if row.ul_applies_to == "supplements_and_medicines" and row.ul_complete:
        return f"No supplement in the diary: the {row.ul_name} of {ul} does not apply to what is in food."
    apart = "which is not on record apart; it is not held against this intake"
    return f"The {row.ul_name} of {ul} counts {part} only, {apart}."


def _conditions(person: Person | None, row: Any) -> set[str]:
    """Return which of the conditions in notes.csv hold for a person on the row's day."""
    holding = {"everyone"}
    if person is None:
        return holding
    group = life_stage(person, row.date)
    if group is not None and group.age_from >= 51:
        holding.add("over 50")
    menstruates = person.sex == "female" and not (person.pregnant or person.lactating)
    if group is not None and menstruates and 14 <= group.age_from < 51:
        holding.add("female 14-50")
    holding.add("weight not known" if person.weight_kg is None else "weight known")
    if person.smoker is None:
        holding.add("smoking not known")
    elif person.smoker:
        holding.add("smoker")
    return holding


@cache
def _notes_by_nutrient() -> dict[str, list[tuple[str, str, str]]]:
    """Return the shipped notes: by nutrient, the condition each holds under, whose figures it is about, its words."""
    notes: dict[str, list[tuple[str, str, str]]] = {}
    with data_file("reference_intakes", "notes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            notes.setdefault(row["nutrient"], []).append((row["holds_for"], row["authority"], row["note"]))
    return notes
