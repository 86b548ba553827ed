"""Where the foods of an analysis may come from, and the foods of one diary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from nutridiary.diary import ReadingOptions
from nutridiary.foods import FoodData, load_foods

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FoodSources:
    """Where the foods of an analysis may come from.

    Attributes
    ----------
    foods : FoodData or None
        The foods themselves; None: those of the release in use.
    online : bool
        FoodData Central is asked for the FDC ids the diary or an alias states and the foods lack.
    """

    foods: FoodData | None = None
    online: bool = False

    @property
    def said(self) -> dict[str, str]:
        """What may be asked for, in words, for the report's About sheet."""
        return {"online": "yes" if self.online else "no"}


FROM_RELEASE = FoodSources()
"""The foods of the release in use alone."""


class Told(ReadingOptions, total=False):
    """What a function that reads a diary can be told of the reading, and of where foods may come from."""

    foods: FoodData | None
    online: bool


def apart(told: Told) -> tuple[FoodSources, ReadingOptions]:
    """Return where foods may come from, and what is told of the reading."""
    names = [name for name in told if name not in ReadingOptions.__annotations__]
    sources = FoodSources(**{name: told[name] for name in names})  # type: ignore[literal-required]
    return sources, cast("ReadingOptions", {name: value for name, value in told.items() if name not in names})


def foods_of(entries: pd.DataFrame, sources: FoodSources, aliases: pd.DataFrame | None = None) -> FoodData:
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
    return _with_stated(entries, foods, aliases) if sources.online else foods


def _with_stated(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None) -> FoodData:
    """Return `foods` with the records `entries` and `aliases` state and it lacks, asked of FoodData Central."""
    from nutridiary.fdc.api import fetch_foods

    stated = [*entries["stated_fdc_id"].dropna().unique(), *([] if aliases is None else aliases["fdc_id"].dropna())]
    missing = [fdc_id for fdc_id in dict.fromkeys(map(int, stated)) if fdc_id not in foods]
    return foods.with_foods(fetch_foods(missing)) if missing else foods
