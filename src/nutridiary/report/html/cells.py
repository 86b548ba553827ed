"""Values of the tables as HTML, each with where it comes from.

A figure is shown as ``<data value="413.0" data-of="comparison//magnesium/mean_intake">413 mg</data>``: its value in
full, and its address. An address is the table's name, the value of each column of the table's key, and the column; what
is missing is empty, and ``/`` within a value is written ``%2F``. Texts are shown as they stand in the table.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape

from nutridiary.comparison.readings import percent as in_percent
from nutridiary.nutrients import format_amount, written_unit
from nutridiary.tables import (
    CAUTIONS,
    COMPARISON,
    CONFIDENCE,
    CONTRIBUTIONS,
    DAY_COMPARISON,
    EDITION_CHANGES,
    FOODS_TO_CLARIFY,
    GROUP_CONTRIBUTIONS,
    INTAKES,
    PLAUSIBILITY,
    REFERENCE_VALUES,
    SUGGESTION_EFFECTS,
    SUGGESTIONS,
    SYMPTOM_COMPARISON,
    WEIGHED,
    WORKING,
)

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

KEYS: Mapping[str, Sequence[str]] = {
    "cautions": CAUTIONS.key,
    "comparison": COMPARISON.key,
    "confidence": CONFIDENCE.key,
    "contributions": CONTRIBUTIONS.key,
    "day_comparison": DAY_COMPARISON.key,
    "edition_changes": EDITION_CHANGES.key,
    "entries": WEIGHED.key,
    "foods_to_clarify": FOODS_TO_CLARIFY.key,
    "group_contributions": GROUP_CONTRIBUTIONS.key,
    "intakes": INTAKES.key,
    "plausibility": PLAUSIBILITY.key,
    "references": ("person_id", *REFERENCE_VALUES.key),
    "releases": ("release",),
    "suggestion_effects": SUGGESTION_EFFECTS.key,
    "suggestions": SUGGESTIONS.key,
    "symptom_comparison": SYMPTOM_COMPARISON.key,
    "working": WORKING.key,
}
"""The tables of an `Analysis` that the page shows, and the columns that identify a row of each."""

NOTHING = Markup("")
_WHOLE_GRAMS = 10.0  # from which a weight is shown without decimals
_NO_BREAK = "\u00a0"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# What a browser would not show, and what UTF-8 cannot hold.
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|mg|µg|g|kcal|kg)(?![^\W_]))")


def shown_text(text: object) -> str:
    """Return a text without what a page cannot hold; figures stay with their units.

    Examples
    --------
    >>> shown_text("bell \\x07: 320 mg")
    'bell : 320\\xa0mg'
    """
    return _BEFORE_UNIT.sub(_NO_BREAK, _NOT_SHOWN.sub("", str(text)))


def address_of(*parts: object) -> str:
    """Return the address of a value.

    Examples
    --------
    >>> address_of("comparison", None, "magnesium", "mean_intake"), address_of("days", "a/b")
    ('comparison//magnesium/mean_intake', 'days/a%2Fb')
    """
    return "/".join(quote(_NOT_SHOWN.sub("", _in_address(part)), safe=" ,;:()'") for part in parts)


def _in_address(part: object) -> str:
    if part is None or part != part:
        return ""
    return f"{part:%Y-%m-%d}" if isinstance(part, dt.date) else str(part)


def number(value: Any, address: str, shown: str) -> Markup:
    """Return a figure with its value in full and its address."""
    exact = repr(value.item() if hasattr(value, "item") else value)
    return Markup('<data value="{}" data-of="{}">{}</data>').format(exact, address, shown.replace(" ", _NO_BREAK))


def words(value: object, address: str) -> Markup:
    """Return a text as it stands in a table, kept apart from the direction of the text around it."""
    return Markup('<bdi data-of="{}">{}</bdi>').format(address, shown_text(value))


def date(day: dt.date, *, weekday: bool = False) -> Markup:
    """Return a date as people write it.

    Examples
    --------
    >>> date(dt.date(2026, 4, 1))
    Markup('<time datetime="2026-04-01">1\xa0April 2026</time>')
    """
    before = f"{_WEEKDAYS[day.weekday()]} " if weekday else ""
    month = _MONTHS[day.month - 1][: 3 if weekday else None]
    shown = f"{before}{day.day} {month}".replace(" ", _NO_BREAK) + ("" if weekday else f" {day.year}")
    return Markup('<time datetime="{}">{}</time>').format(f"{day:%Y-%m-%d}", shown)


class Row:
    """A row of a table, whose values are written with where they come from; what is missing is None."""

    def __init__(self, table: str, values: Mapping[str, Any]) -> None:
        """Take a row of a table of `KEYS`."""
        self.table, self.values = table, values
        self._key = [values[column] for column in KEYS[table]]

    def __getitem__(self, column: str) -> Any:
        """Return a value as it is."""
        return self.values[column]

    def has(self, column: str) -> bool:
        """Return whether the column is there and its value known."""
        return self.values.get(column) is not None

    def address(self, column: str) -> str:
        """Return the address of a value of this row."""
        return address_of(self.table, *self._key, column)

    def shown(self, column: str, text: str) -> Markup:
        """Return a figure of this row, shown as `text`; nothing where it is not known."""
        return number(self[column], self.address(column), text) if self.has(column) else NOTHING

    def amount(self, column: str, nutrient: str | None = None) -> Markup:
        """Return an amount of the row's nutrient (or another), rounded as it usually is, with its unit."""
        return (
            self.shown(column, format_amount(self[column], nutrient or self["nutrient"]))
            if self.has(column)
            else NOTHING
        )

    def bare_amount(self, column: str) -> Markup:
        """Return an amount without its unit, for a column whose header has it."""
        return (
            self.shown(column, format_amount(self[column], self["nutrient"]).split()[0])
            if self.has(column)
            else NOTHING
        )

    def figure(self, column: str) -> Markup:
        """Return a reference figure: all its decimals and no others."""
        return self.shown(column, f"{self[column]:,.10g} {written_unit(self['unit'])}") if self.has(column) else NOTHING

    def percent(self, column: str) -> Markup:
        """Return a share that never rounds onto 100 % from beside it."""
        return self.shown(column, in_percent(self[column], 100.0)) if self.has(column) else NOTHING

    def grams(self, column: str) -> Markup:
        """Return a weight: whole grams, and of little more digits."""
        if not self.has(column):
            return NOTHING
        return self.shown(column, f"{self[column]:,.{0 if self[column] >= _WHOLE_GRAMS else 1}f} g")

    def whole(self, column: str) -> Markup:
        """Return a whole number."""
        return self.shown(column, f"{self[column]:,}") if self.has(column) else NOTHING

    def text(self, column: str) -> Markup:
        """Return a text as it stands."""
        return words(self[column], self.address(column)) if self.has(column) else NOTHING

    def day(self, column: str, *, weekday: bool = False) -> Markup:
        """Return a date."""
        return date(self[column], weekday=weekday) if self.has(column) else NOTHING


def rows_of(table: str, frame: pd.DataFrame) -> list[Row]:
    """Return the rows of (a part of) a table of an analysis."""
    columns = []
    for name in frame.columns:
        values = frame[name].to_numpy(dtype=object).copy()  # copy=True shares the memory of some columns of text
        values[frame[name].isna().to_numpy()] = None
        columns.append(values)
    names = list(frame.columns)
    return [Row(table, dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]


def of_person(frame: pd.DataFrame, person_id: str) -> pd.DataFrame:
    """Return the rows of one person; "" is the one a diary does not name."""
    return frame[frame["person_id"] == person_id] if person_id else frame[frame["person_id"].isna()]


def person_rows(analysis: Analysis, table: str, person_id: str) -> list[Row]:
    """Return the rows one person has in a table of an analysis."""
    return rows_of(table, of_person(getattr(analysis, table), person_id))


def listed(parts: Iterable[Markup | str]) -> Markup:
    """Return parts as a list in a sentence.

    Examples
    --------
    >>> print(listed(["magnesium", "zinc", "iron"]))
    magnesium, zinc and iron
    """
    found = [escape(part) for part in parts]
    if len(found) < 2:
        return Markup("").join(found)
    return Markup(" and ").join([Markup(", ").join(found[:-1]), found[-1]])
