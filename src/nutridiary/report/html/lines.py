"""The lines of a person's diary, some at a time: how each was read, what it weighed, and what it gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nutridiary.errors import NutridiaryError, listing
from nutridiary.foods import food_url
from nutridiary.report.excel.words import DATA_TYPES, WEIGHT_METHODS, in_words
from nutridiary.report.html.cells import Row, of_person, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.report.html.people import PersonPage

MOST_LINES = 100
"""Lines that are shown at a time."""

WHICH = ("all", "counted", "to_review", "left_out")
"""Which lines can be asked for."""

KEY = ["source", "line", "part"]


@dataclass(frozen=True)
class Line:
    """A line, and what it gave.

    Attributes
    ----------
    row : Row
        Of `Analysis.entries`.
    gave : mapping of str to Row
        By nutrient, rows of `Analysis.intakes`.
    """

    row: Row
    gave: Mapping[str, Row]

    @property
    def number(self) -> Markup:
        """The number of a line, 14, or of a food of it, 14.2."""
        line, part = (self.row.shown(column, str(self.row[column])) for column in ("line", "part"))
        return line + "." + part if part else line

    @property
    def link(self) -> str:
        """Where FoodData Central shows the food; nothing where it does not."""
        fdc_id = self.row["fdc_id"]
        return food_url(fdc_id) if fdc_id is not None and fdc_id > 0 else ""

    @property
    def data_type(self) -> str:
        """What part of FoodData Central the food is of."""
        return in_words(self.row["data_type"], DATA_TYPES) or ""

    @property
    def basis(self) -> str:
        """What the weight rests on."""
        return in_words(self.row["weight_method"], WEIGHT_METHODS) or ""


@dataclass(frozen=True)
class ChosenLines:
    """A page of a person's lines.

    Attributes
    ----------
    person : PersonPage
    which : str
        One of `WHICH`.
    day : datetime.date or None
        Of this day only.
    page : int
        From 1.

    Raises
    ------
    NutridiaryError
        If `which` is none of `WHICH`, or there is no such page.
    """

    person: PersonPage
    which: str = "all"
    day: dt.date | None = None
    page: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be shown."""
        if self.which not in WHICH:
            raise NutridiaryError(f"Lines can be asked for as: {listing(WHICH)}.")
        check_page(self.page, self.pages)

    @cached_property
    def _chosen(self) -> pd.DataFrame:
        entries = of_person(self.person.analysis.entries, self.person.person_id)
        counted = entries["problem"].isna()
        chosen = {
            "all": counted | True,
            "counted": counted,
            "to_review": counted & entries["needs_review"],
            "left_out": ~counted,
        }[self.which]
        return by_day(on_day(entries[chosen], self.day))

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self._chosen)

    @property
    def pages(self) -> int:
        """On how many pages."""
        return pages_for(self.total)

    @cached_property
    def lines(self) -> list[Line]:
        """Those of this page, with what they gave of the core nutrients."""
        shown = part_of(self._chosen, self.page)
        core = [found.nutrient for found in self.person.core or self.person.nutrients[:5]]
        gave = intakes_of(self.person.analysis.intakes, shown, core)
        return [Line(row, gave.get(key_of(row), {})) for row in rows_of("entries", shown)]


def on_day(rows: pd.DataFrame, day: dt.date | None) -> pd.DataFrame:
    """Return the rows of a day; all of them where none is asked for."""
    if day is None:
        return rows
    chosen: pd.DataFrame = rows[rows["date"].dt.date == day]
    return chosen


def by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of their days, those of a day in the order of the diary."""
    return rows.sort_values("date", kind="stable", na_position="last")


def pages_for(total: int) -> int:
    """Return how many pages some lines take; nothing takes one.

    Examples
    --------
    >>> [pages_for(lines) for lines in (0, 100, 101)]
    [1, 1, 2]
    """
    return max(1, -(-total // MOST_LINES))


def part_of(rows: pd.DataFrame, page: int) -> pd.DataFrame:
    """Return the rows of a page."""
    return rows.iloc[(page - 1) * MOST_LINES : page * MOST_LINES]


def check_page(page: int, pages: int) -> None:
    """Refuse a page that is not there.

    Raises
    ------
    NutridiaryError
    """
    if not 1 <= page <= pages:
        raise NutridiaryError(f"There is no page {page} of these lines; the last is {pages}.")


def key_of(row: Row) -> tuple[Any, ...]:
    """Return what tells a line from every other."""
    return tuple(row[column] for column in KEY)


def intakes_of(intakes: pd.DataFrame, lines: pd.DataFrame, nutrients: Sequence[str]) -> dict[Any, dict[str, Row]]:
    """Return what some lines gave of some nutrients, by line and nutrient."""
    chosen = intakes[intakes["nutrient"].isin(nutrients) & intakes["line"].isin(lines["line"])]
    found: dict[Any, dict[str, Row]] = {}
    for row in rows_of("intakes", chosen):
        found.setdefault(key_of(row), {})[row["nutrient"]] = row
    return found
