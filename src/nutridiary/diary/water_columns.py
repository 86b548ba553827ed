"""Columns of water and of symptoms beside the foods of a table: each filled cell is a line of its own."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.columns import Columns
from nutridiary.diary.entries import Entry, cell_name
from nutridiary.diary.grid import Row, cell_text
from nutridiary.diary.recorded import recorded_column
from nutridiary.diary.water import is_only_water
from nutridiary.diary.words import word_list
from nutridiary.units import canonical_unit


class Beside(NamedTuple):
    """A column beside the foods: what it holds, the unit in its heading, and the symptom the heading names, if one."""

    kind: str
    unit: str = ""
    symptom: str = ""


def columns_beside(columns: Columns) -> dict[int, Beside]:
    """Return the columns of water and symptoms by their place.

    Examples
    --------
    >>> headings = ("Date", "Food", "Water (glasses)", "Symptoms", "Shoe size", "Leg cramps")
    >>> found = columns_beside(Columns(1, {"date": 0, "food": 1, "note": 3}, headings=headings))
    >>> {place: tuple(column) for place, column in found.items()}
    {2: ('water', 'glass', ''), 3: ('symptom', '', ''), 5: ('symptom', '', 'leg cramps')}
    """
    taken = {place for column, place in columns.places.items() if column != "note" or column in columns.decided}
    found = {}
    for place, heading in enumerate(columns.headings):
        text = cell_text(heading).lower()
        name, _, inside = text.partition("(")
        name = name.strip(" :?")
        kind = "water" if is_only_water(name) else word_list("kind").get(name)
        # "Water (g)" is what the foods hold, and no drink.
        if place not in taken and kind in ("water", "symptom") and recorded_column(heading, "table") is None:
            named = name if kind == "symptom" and name not in word_list("any symptom") else ""
            found[place] = Beside(kind, canonical_unit(inside.strip(" )")) or "", named)
    return found


def read_beside(
    entry: Entry, row: Row, beside: Mapping[int, Beside], decimal: str | None, denied: set[Hashable]
) -> list[Entry]:
    """Return the water and symptoms of a row, of the person, day and time of its food.

    A cell that says "none" of a symptom is a line, too, because a day without is something else than a day of which
    nothing is known. It is of the day, not of the food's time; the first of a day is kept, and joins `denied`.

    Examples
    --------
    >>> food, beside = Entry("d.csv", 2, food_text="oats"), {1: Beside("water", "glass"), 2: Beside("symptom")}
    >>> [(e.source, e.kind, e.food_text) for e in read_beside(food, ["oats", 2, "none"], beside, None, set())]
    [('d.csv:B', 'water', 'water'), ('d.csv:C', 'symptom', 'none')]
    """
    found = []
    for place, (kind, unit, named) in beside.items():
        text = cell_text(row[place]) if place < len(row) else ""
        nothing = text.lower() in word_list("nothing")
        day = (place, entry.person_id, entry.date)
        if not text or (nothing and (kind == "water" or day in denied)):
            continue
        column = cell_name(entry.line, place).rstrip("0123456789")
        line = Entry(f"{entry.source}:{column}", entry.line, entry.person_id, entry.date, entry.time, kind=kind)
        line.food_text = "water" if kind == "water" else f"{named}: {text}" if named else text
        if nothing:
            denied.add(day)
            line.time = None
        if kind == "water":
            bare = text.replace(".", "", 1).replace(",", "", 1).isdigit()
            set_amount(line, text, unit if bare else "", decimal)
        if entry.date is None:
            line.fail("no date: the food in this row has none")
        found.append(line.finished())
    return found
