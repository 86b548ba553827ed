"""Amounts as apps write them: a count, and the name of a measure that may state its own size.

An app's measure is a name chosen by its makers: "container - each 5.3 oz", "shake (11 fl oz)", "medium - 3"
diameter". What the name states is the size of one, whatever the count: "0.50 package (10 oz)" is 5 oz.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nutridiary.diary.amount_cells import set_amount
from nutridiary.diary.amounts import implausible, misspelt_unit, parse_amount
from nutridiary.diary.quantities import measure_at
from nutridiary.units import canonical_unit, unit_kind

if TYPE_CHECKING:
    from nutridiary.diary.entries import Entry

_COUNT = re.compile(r"(?P<count>\d[\d.,]*)\s+(?:x\s+(?=\d))?(?P<measure>\S.*)", re.IGNORECASE)
# What describes a measure: "- each 3/4 oz", "(11 fl oz)", ", chopped", and a bare weight behind a word: "patty 151g".
_DESCRIBED = re.compile(
    r"\s*(?:\s[-–]\s*|\(|,\s*|(?<=[^\W\d])\s+(?=\d))(?:(?:each|about|approx\.?|approximately)\s+)?", re.IGNORECASE
)
_NUMBER = re.compile(r"\d")
_LONGEST_UNIT = 40
# "tablet (500 mg)" says what a tablet gives, not what it weighs.
_DOSES = ("mg", "ug")


def set_app_amount(entry: Entry, text: str) -> None:
    """Give an entry the amount of an app: a count and a measure in one text, with decimal points.

    Parameters
    ----------
    entry : Entry
        Its amount, unit and amount text are set, its notes and problem added to.
    text : str
        "2.00 shake (11 fl oz)", "2.00 x 0.25 Cup", "1.00 medium - 3\" diameter", "100.00 g".

    Examples
    --------
    >>> from nutridiary.diary.entries import Entry
    >>> def read(text):
    ...     entry = Entry("servings.csv", 2, food_text="a food")
    ...     set_app_amount(entry, text)
    ...     return entry.amount, entry.unit
    >>> read("2.00 shake (11 fl oz)"), read("3.00 container - each 5.3 oz"), read("2.00 x 1000.0 IU")
    ((22.0, 'fl oz'), (15.9, 'oz'), (2000.0, 'IU'))
    >>> read('1.00 pizza 8" diameter'), read("0.50 medium - 5cm x 3cm"), read("2.00 x 0.25 Cup")
    ((1.0, 'pizza'), (0.5, 'medium'), (0.5, 'cup'))
    >>> read("1.00 slice - large"), read('2.00 pizza, small (8" diameter)')
    ((1.0, 'large slice'), (2.0, 'small pizza'))
    """
    found = _COUNT.fullmatch(text)
    if found is None:
        set_amount(entry, text, decimal=".")
        return
    count, measure = found["count"], found["measure"]
    stated = _stated_size(measure)
    if stated:
        set_amount(entry, f"{count} x {stated}", decimal=".")
        entry.notes.append(f"one {measure} is {stated}, as the app's measure says")
    else:
        _set_count(entry, count, measure)
    entry.amount_text = text


def _stated_size(measure: str) -> str:
    """Return the weight or volume that the name of a measure states for one of it, as written; empty where none."""
    described = _DESCRIBED.search(measure)
    if described is None:
        return ""
    kind = unit_kind(_unit_of(measure[: described.start()]))
    for description in _DESCRIBED.finditer(measure):
        said = re.split("[,;)]", measure[description.end() :])[0]
        size = measure_at(said, 0, ".")
        if size is None or unit_kind(size.unit) not in ("mass", "volume") or size.unit in _DOSES:
            continue
        if kind in ("mass", "international unit") or kind == unit_kind(size.unit):
            continue  # "oz (28 g)": the measure itself is one
        return said[: size.end].strip(" .")
    return ""


def _unit_of(head: str) -> str | None:
    """Return the unit of "0.25 Cup" or "cup"."""
    return canonical_unit(head.lstrip("0123456789./ "))


def _set_count(entry: Entry, count: str, measure: str) -> None:
    """Set how many of a measure that states no size."""
    if measure[0].isdigit():
        set_amount(entry, f"{count} x {measure}", decimal=".")
        return
    described = _DESCRIBED.search(measure)
    name, description = (measure[: described.start()], measure[described.end() :]) if described else (measure, "")
    if not name.strip():
        set_amount(entry, f"{count} {measure}", decimal=".")
        return
    size, rest = _size_in(name, description)
    if _NUMBER.search(rest) and unit_kind(canonical_unit(name)) != "size":
        entry.notes.append(f'"{rest.strip(" ()")}", as the app\'s measure says, is no weight')
    sized = f"{size} {name}".strip()
    if canonical_unit(name.split()[0]) or not misspelt_unit(name.split()[0]):
        set_amount(entry, f"{count} {sized}", decimal=".")
        return
    # A measure of the app's is no slip of the pen, however near to one of our units: "1.00 pizza".
    entry.amount, entry.unit = parse_amount(count, decimal=".").amount, sized.lower()[:_LONGEST_UNIT]
    entry.fail(implausible(entry.amount, entry.unit, f"{count} {measure}"))


def _size_in(name: str, description: str) -> tuple[str, str]:
    """Return the size that describes a measure, and the rest: "large" of "stalk, large (11" - 12" long)".

    Examples
    --------
    >>> _size_in("stalk", 'large (11" long)'), _size_in("cup", "large pieces"), _size_in("slice", "medium")
    (('large', '11" long'), ('', 'large pieces'), ('medium', ''))
    """
    size, _, rest = (part.strip(" )") for part in _DESCRIBED.sub("|", f"{description} ", count=1).partition("|"))
    counted = unit_kind(canonical_unit(name)) not in ("mass", "volume", "size", "international unit")
    if counted and unit_kind(canonical_unit(size)) == "size":
        return size, rest
    return "", description
