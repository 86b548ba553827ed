"""Columns of water and of symptoms beside the foods of a table: each filled cell is a line of its own."""

from __future__ import annotations

from collections.abc import Mapping

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.columns import Columns
from nutridiary.diary.entries import Entry, cell_name
from nutridiary.diary.grid import Row, cell_text
from nutridiary.diary.recorded import recorded_column
from nutridiary.diary.water import is_only_water
from nutridiary.diary.words import word_list
from nutridiary.units import canonical_unit

_NONE = ("0", "-", "–", "no", "none", "nothing", "n/a", "nein", "keine", "non", "ninguno")


def columns_beside(columns: Columns) -> dict[int, tuple[str, str]]:
    """Return the columns of water and symptoms by their place, as (kind, unit in the heading).

    Examples
    --------
    >>> headings = ("Date", "Food", "Water (glasses)", "Symptoms", "Shoe size")
    >>> columns_beside(Columns(1, {"date": 0, "food": 1, "note": 3}, headings=headings))
    {2: ('water', 'glass'), 3: ('symptom', '')}
    """
    taken = {place for column, place in columns.places.items() if column != "note"}
    found = {}
    for place, heading in enumerate(columns.headings):
        text = cell_text(heading).lower()
        name, _, inside = text.partition("(")
        kind = "water" if is_only_water(name.strip()) else word_list("kind").get(name.strip(" :"))
        # "Water (g)" is what the foods hold, and no drink.
        if place not in taken and kind in ("water", "symptom") and recorded_column(heading, "table") is None:
            found[place] = (kind, canonical_unit(inside.strip(" )")) or "")
    return found


def read_beside(entry: Entry, row: Row, beside: Mapping[int, tuple[str, str]], decimal: str | None) -> list[Entry]:
    """Return the water and symptoms of a row, of the person, day and time of its food.

    Examples
    --------
    >>> food = Entry("d.csv", 2, food_text="oats")
    >>> [(e.source, e.kind, e.amount, e.unit) for e in read_beside(food, ["oats", 2], {1: ("water", "glass")}, None)]
    [('d.csv:B', 'water', 2.0, 'glass')]
    """
    found = []
    for place, (kind, unit) in beside.items():
        text = cell_text(row[place]) if place < len(row) else ""
        if not text or text.lower() in _NONE:
            continue
        column = cell_name(entry.line, place).rstrip("0123456789")
        line = Entry(f"{entry.source}:{column}", entry.line, entry.person_id, entry.date, entry.time, kind=kind)
        line.food_text = "water" if kind == "water" else text
        if kind == "water":
            bare = text.replace(".", "", 1).replace(",", "", 1).isdigit()
            set_amount(line, text, unit if bare else "", decimal)
        if entry.date is None:
            line.fail("no date: the food in this row has none")
        found.append(line.finished())
    return found
