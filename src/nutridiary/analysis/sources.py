"""Where the foods of an analysis may come from, and the foods of one diary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from nutridiary.diary import ReadingOptions
from nutridiary.fdc.looked_up import LookedUp
from nutridiary.foods import FoodData, load_foods

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.tables import FoodTables


@dataclass(frozen=True)
class FoodSources:
    """Where the foods of an analysis may come from.

    Attributes
    ----------
    foods : FoodData or None
        The foods themselves; None: those of the release in use.
    online : bool
        FoodData Central is asked for the FDC ids the diary or an alias states and the foods lack.
    looked_up : LookedUp or None
        What was looked up before: it is used, and nobody is asked.
    """

    foods: FoodData | None = None
    online: bool = False
    looked_up: LookedUp | None = None

    @property
    def asked(self) -> dict[str, bool]:
        """Who beyond the food database may be asked."""
        return {"online": self.online}

    @property
    def said(self) -> dict[str, str]:
        """The same in words, for the report's About sheet."""
        return {name.replace("_", " "): "yes" if value else "no" for name, value in self.asked.items()}


FROM_RELEASE = FoodSources()
"""The foods of the release in use alone."""


class Told(ReadingOptions, total=False):
    """What a function that reads a diary can be told of the reading, and of where foods may come from."""

    foods: FoodData | None
    online: bool
    looked_up: LookedUp | None


def apart(told: Told) -> tuple[FoodSources, ReadingOptions]:
    """Return where foods may come from, and what is told of the reading."""
    names = [name for name in told if name not in ReadingOptions.__annotations__]
    sources = FoodSources(**{name: told[name] for name in names})  # type: ignore[literal-required]
    return sources, cast("ReadingOptions", {name: value for name, value in told.items() if name not in names})


@dataclass(frozen=True)
class FoundFoods:
    """The foods of one diary.

    Attributes
    ----------
    foods : FoodData
        Those its lines can be matched to.
    looked_up : LookedUp or None
        The records among them that are in no food database.
    not_looked_up : mapping of int to str
        FDC ids that nothing was found for, and why.
    """

    foods: FoodData
    looked_up: LookedUp | None = None
    not_looked_up: Mapping[int, str] = field(default_factory=dict)


def find_foods(entries: pd.DataFrame, sources: FoodSources, aliases: pd.DataFrame | None = None) -> FoundFoods:
    """Return the foods that the lines of a diary can be matched to.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    sources : FoodSources
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, the user's.
    """
    foods = load_foods() if sources.foods is None else sources.foods
    missing = _missing(entries, foods, aliases)
    if sources.looked_up is not None:
        return _with_records(foods, sources.looked_up.foods)
    if not (sources.online and missing):
        return FoundFoods(foods)
    from nutridiary.fdc.api import fetch_foods

    return _with_records(foods, fetch_foods(missing))


def _missing(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None) -> list[int]:
    """Return the FDC ids that `entries` and `aliases` state and `foods` neither has nor knows a successor of."""
    stated = [*entries["stated_fdc_id"].dropna().unique(), *([] if aliases is None else aliases["fdc_id"].dropna())]
    asked = list(dict.fromkeys(map(int, stated)))
    known = foods.current(asked) if asked else {}
    return [fdc_id for fdc_id in asked if fdc_id not in known]


def _with_records(foods: FoodData, tables: FoodTables) -> FoundFoods:
    return FoundFoods(foods.with_foods(tables), LookedUp.of([tables]))
