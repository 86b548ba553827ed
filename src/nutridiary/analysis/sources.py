"""Where the foods of an analysis may come from, and the foods of one diary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from nutridiary.brands import look_up_products
from nutridiary.brands.ingredients import own_barcodes, taken_apart, with_ingredients
from nutridiary.diary import Diary, ReadingOptions
from nutridiary.fdc.looked_up import LookedUp
from nutridiary.fdc.product_ids import gtin_of
from nutridiary.foods import FoodData, load_foods

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.brands.products import SecondSource
    from nutridiary.fdc.api.fetching import Lookups, Products
    from nutridiary.fdc.branded import BrandedDatabase
    from nutridiary.fdc.tables import FoodTables


@dataclass(frozen=True)
class FoodSources:
    """Where the foods of an analysis may come from.

    Attributes
    ----------
    foods : FoodData or None
        The foods themselves; None: those of the release in use.
    online : bool
        FoodData Central is asked for the FDC ids the diary or an alias states, and for the barcodes of the diary, as
        far as this machine lacks them.
    open_food_facts : bool
        Open Food Facts is asked for barcodes that neither this machine nor, where it is asked, FoodData Central has.
    offline : bool
        Of FoodData Central and Open Food Facts only the answers that were kept are used; nothing leaves the machine.
    looked_up : LookedUp or None
        What was looked up before: it is used, and nobody is asked.
    """

    foods: FoodData | None = None
    online: bool = False
    open_food_facts: bool = False
    offline: bool = False
    looked_up: LookedUp | None = None

    @property
    def asked(self) -> dict[str, bool]:
        """Who beyond the food database may be asked."""
        return {"online": self.online, "open_food_facts": self.open_food_facts, "offline": self.offline}

    @property
    def asks(self) -> bool:
        """Whether FoodData Central's answers are wanted, kept ones at least."""
        return self.online or self.offline

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
    open_food_facts: bool
    offline: bool
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
    diary : Diary
        The same, its lines and the ingredients of its recipes with the products of their barcodes and brands.
    foods : FoodData
        Those its lines can be matched to.
    looked_up : LookedUp or None
        The records among them that are in no food database, and the ids that nothing was found for.
    label_notes : mapping of int to str
        What the lines of a food say of its label.
    """

    diary: Diary
    foods: FoodData
    looked_up: LookedUp | None = None
    label_notes: Mapping[int, str] = field(default_factory=dict)


def find_foods(diary: Diary, sources: FoodSources, aliases: pd.DataFrame | None = None) -> FoundFoods:
    """Return the foods that the lines of a diary can be matched to.

    Parameters
    ----------
    diary : Diary
    sources : FoodSources
    aliases : pandas.DataFrame, optional
        `tables.ALIASES`, the user's.
    """
    foods = load_foods() if sources.foods is None else sources.foods
    entries = with_ingredients(diary.entries, diary.recipes)
    missing = _missing(entries, foods, aliases)
    named = bool(entries[["barcode", "brand"]].notna().any(axis=None))
    if sources.looked_up is None and not missing and not named:
        return FoundFoods(diary, foods)
    branded = None if sources.looked_up is not None else branded_beside(foods)
    from nutridiary.fdc.api.fetching import Lookups

    with Lookups(offline=sources.offline or None) as central:  # one bound of time for all that is asked
        records, reasons, said = _records(missing, sources, branded, central)
        remarks = list(said)
        foods, label_notes = _with_records(foods, records)
        found = look_up_products(
            entries,
            foods,
            branded=branded,
            online=partial(_products_online, central, remarks) if sources.asks else None,
            second=_second_source(sources.offline) if sources.open_food_facts else None,
            answered=sources.looked_up,
            own=own_barcodes(diary.own_foods, aliases),
        )
    lines, recipes = taken_apart(found.entries, diary.entries, diary.recipes)
    products = None if found.products.empty else found.products
    tables = [*records, *([] if found.tables is None else [found.tables])]
    given = sources.looked_up
    remarks = list(dict.fromkeys(remarks))
    if given is None:
        looked_up = LookedUp.of(tables, products, reasons, remarks, branded)
    else:
        looked_up = None if given.is_empty else given
    known = found.foods.with_reasons(reasons)
    return FoundFoods(replace(diary, entries=lines, recipes=recipes), known, looked_up, {**label_notes, **found.notes})


def branded_beside(foods: FoodData) -> BrandedDatabase | None:
    """Return the branded foods of the release that `foods` are of; None where it has none.

    Raises
    ------
    FoodDataError
        If they are there and cannot be read.
    """
    from nutridiary.fdc import branded

    return branded.branded_beside(foods.database)


def _missing(entries: pd.DataFrame, foods: FoodData, aliases: pd.DataFrame | None) -> list[int]:
    """Return the FDC ids that `entries` and `aliases` state and `foods` neither has nor knows a successor of."""
    stated = [*entries["stated_fdc_id"].dropna().unique(), *([] if aliases is None else aliases["fdc_id"].dropna())]
    asked = list(dict.fromkeys(map(int, stated)))
    known = foods.current(asked) if asked else {}
    return [fdc_id for fdc_id in asked if fdc_id not in known]


def _records(
    missing: list[int], sources: FoodSources, branded: BrandedDatabase | None, central: Lookups
) -> tuple[list[FoodTables], Mapping[int, str], tuple[str, ...]]:
    """Return the records of stated ids that the foods lack: of this machine, else of FoodData Central, where asked.

    With them why others did not come, and what is to be said of the asking.
    """
    if (known := sources.looked_up) is not None:
        return [known.foods], known.not_found, known.remarks
    here = [] if branded is None else [fdc_id for fdc_id in missing if fdc_id in branded]
    tables = [branded.tables(here)] if branded is not None and here else []
    others = [fdc_id for fdc_id in missing if fdc_id not in here and gtin_of(fdc_id) is None]
    if not (sources.asks and others):
        return tables, {}, ()
    fetched = central.foods(others)
    return [*tables, fetched.tables], fetched.reasons(), fetched.remarks


def _with_records(foods: FoodData, records: list[FoodTables]) -> tuple[FoodData, dict[int, str]]:
    """Return `foods` with the records, their labels checked, and what is to be said of the labels."""
    notes: dict[int, str] = {}
    for tables in records:
        if not tables.foods.empty:
            from nutridiary.brands.label_foods import with_label_foods

            labelled = with_label_foods(foods, tables)
            foods, notes = labelled.foods, notes | labelled.notes
    return foods, notes


def _products_online(central: Lookups, remarks: list[str], gtins: Sequence[int]) -> Products:
    """Ask FoodData Central for products, and add what is to be said of the asking to `remarks`."""
    products = central.products(gtins)
    remarks += products.remarks
    return products


def _second_source(offline: bool) -> SecondSource:
    from nutridiary.brands.open_food_facts import OpenFoodFacts

    return OpenFoodFacts(offline=offline)
