"""How a person's mean of a nutrient came about: days, foods, lines, the figures it is held against, and each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nutridiary.errors import NutridiaryError, did_you_mean
from nutridiary.foods import food_url, load_foods
from nutridiary.report.excel.references import group_in_words
from nutridiary.report.excel.words import APPLIES_TO, in_words
from nutridiary.report.excel.working import ABOUT
from nutridiary.report.html.cells import Row, of_person, rows_of
from nutridiary.report.html.lines import (
    KEY,
    Line,
    by_day,
    check_page,
    intakes_of,
    key_of,
    on_day,
    pages_for,
    part_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.report.html.nutrients import Nutrient
    from nutridiary.report.html.people import PersonPage

MOST_FOODS = 15
"""Foods that are shown; those that gave least are in the workbook."""


@dataclass(frozen=True)
class GivingLine(Line):
    """A line that counts for a nutrient.

    Attributes
    ----------
    intake : Row
        Of `Analysis.intakes`.
    per_100_g : float or None
        What 100 g of the food hold, by its record or its twin's. [the nutrient's unit] None where the amount does not
        rest on a weight and a record alone.
    """

    intake: Row
    per_100_g: float | None


@dataclass(frozen=True)
class NutrientWorking:
    """How a mean came about.

    Attributes
    ----------
    person : PersonPage
    name : str
        A nutrient's, as in ``nutrients.csv``.
    day : datetime.date or None
        Lines of this day only.
    page : int
        Of the lines, from 1.

    Raises
    ------
    NutridiaryError
        If the analysis does not have the nutrient, or there is no such page.
    """

    person: PersonPage
    name: str
    day: dt.date | None = None
    page: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be shown."""
        known = [found.nutrient for found in self.person.nutrients]
        if self.name not in known:
            near = did_you_mean(self.name, known)
            raise NutridiaryError(f"This report has no nutrient called '{self.name}'.{near}")
        check_page(self.page, self.pages)

    def _own(self, table: str) -> pd.DataFrame:
        """Return the person's rows of a table about this nutrient."""
        rows = of_person(getattr(self.person.analysis, table), self.person.person_id)
        return rows[rows["nutrient"] == self.name]

    @cached_property
    def nutrient(self) -> Nutrient:
        """Its row of the comparison."""
        return next(found for found in self.person.nutrients if found.nutrient == self.name)

    @cached_property
    def days(self) -> list[Row]:
        """Each day's total, the first day first."""
        return rows_of("day_comparison", by_day(self._own("day_comparison")))

    @cached_property
    def left_out_days(self) -> set[Any]:
        """Days that are in no mean."""
        checks = of_person(self.person.analysis.day_checks, self.person.person_id)
        return set(checks.loc[checks["left_out"], "date"])

    @cached_property
    def foods(self) -> list[Row]:
        """What each food gave, the most first."""
        own = self._own("contributions").sort_values("amount", ascending=False, kind="stable", na_position="last")
        return rows_of("contributions", own.head(MOST_FOODS))

    @cached_property
    def more_foods(self) -> int:
        """How many foods are not shown."""
        return max(0, len(self._own("contributions")) - MOST_FOODS)

    @cached_property
    def _counted(self) -> pd.DataFrame:
        """The lines that count for it: entries, in the order of their days."""
        entries = of_person(self.person.analysis.entries, self.person.person_id)
        given = self._own("intakes")[KEY].assign(counts=True)
        rows = entries.merge(given, on=KEY, how="left", validate="one_to_one")
        return by_day(on_day(rows[rows["counts"].notna()].drop(columns="counts"), self.day))

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self._counted)

    @property
    def pages(self) -> int:
        """On how many pages."""
        return pages_for(self.total)

    @cached_property
    def lines(self) -> list[GivingLine]:
        """Those of this page, each with what it gave."""
        shown = part_of(self._counted, self.page)
        gave = intakes_of(self._own("intakes"), shown, [self.name])
        held = self._per_100_g(shown)
        found = []
        for row in rows_of("entries", shown):
            intake = gave[key_of(row)][self.name]
            rests_on = intake["value_from"] in held.get(row["fdc_id"], ("", None))[:1] and row["gram_weight"]
            found.append(GivingLine(row, {}, intake, held[row["fdc_id"]][1] if rests_on else None))
        return found

    def _per_100_g(self, shown: pd.DataFrame) -> dict[int, tuple[str, float]]:
        """Return where the value of each food comes from, and what 100 g of it hold; unknown ones are left out."""
        from nutridiary.intake.composition import composition_of

        analysis = self.person.analysis
        own = analysis.own_foods
        # The records it was made with: another release may be in use by now.
        foods = analysis.foods or (own.foods if own else load_foods())
        ids = shown["fdc_id"].dropna().astype("int64").drop_duplicates().to_list()
        values = composition_of(ids, foods, [self.name], fill_in=True)
        amounts, origins = values.amount[:, 0], values.value_from[:, 0]
        return {
            fdc_id: (str(origin), float(amount))
            for fdc_id, amount, origin in zip(ids, amounts, origins, strict=True)
            if amount == amount
        }

    @cached_property
    def references(self) -> list[Row]:
        """The figures it is held against, each with where it comes from."""
        return rows_of("references", self._own("references"))

    @cached_property
    def steps(self) -> Mapping[str, list[Row]]:
        """How each figure of what these days allow to be said was worked out, in words what about."""
        found: dict[str, list[Row]] = {}
        for row in rows_of("working", self._own("working")):
            found.setdefault(in_words(row["about"], ABOUT) or "", []).append(row)
        return found

    @cached_property
    def editions(self) -> list[Row]:
        """What another edition or authority would say."""
        return rows_of("edition_changes", self._own("edition_changes"))


def food_link(row: Row) -> str:
    """Return where FoodData Central shows the food of a row; nothing where it does not."""
    return food_url(row["fdc_id"]) if row["fdc_id"] is not None and row["fdc_id"] > 0 else ""


def group_of(row: Row) -> str:
    """Return the group a reference figure is for."""
    return group_in_words(row.values)


def held_against(row: Row) -> str:
    """Return the part of intake a reference figure is held against."""
    return in_words(row["applies_to"], APPLIES_TO) or ""
