"""The sheets beside a diary: which they are, how each is known and read, and which cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nutridiary.diary import not_food_days, own_foods, products, recipes, symptoms
from nutridiary.diary.columns import Columns, find_columns
from nutridiary.diary.grid import Grid, cell_text, is_blank
from nutridiary.diary.label_values import nutrient_column
from nutridiary.diary.readers import READERS
from nutridiary.diary.reading import filled_rows
from nutridiary.diary.table_rows import sheet_of
from nutridiary.tables import NOT_FOOD_DAYS, OWN_FOODS, RECIPE_LINES, SUPPLEMENT_PRODUCTS, SYMPTOMS, Table

_LOOKED_AT = 60
_NEITHER = "neither a diary with days, nor a sheet beside one that can be read"


@dataclass(frozen=True)
class SideSheet:
    """A sheet beside the diary.

    Attributes
    ----------
    attribute : str
        The attribute of `Diary` that it fills.
    table : Table
    names : tuple of str
        What such a sheet is called, in small letters.
    identify, read : callable
        How it is known and read.
    expected : str
        What it must look like, for one that cannot be read.
    note : callable
        What is to be said of the sheet as a whole.
    """

    attribute: str
    table: Table
    names: tuple[str, ...]
    identify: Callable[[Grid], bool]
    read: Callable[[Grid], Any]
    expected: str
    note: Callable[[Grid], str] = lambda grid: ""


SIDE_SHEETS: tuple[SideSheet, ...] = (
    SideSheet(
        "products",
        SUPPLEMENT_PRODUCTS,
        products.SHEET_NAMES,
        products.is_products_sheet,
        products.products_of,
        "a row per product, with the columns Product, Per, Nutrient, Amount, Unit",
    ),
    SideSheet(
        "recipes",
        RECIPE_LINES,
        recipes.SHEET_NAMES,
        recipes.is_recipes_sheet,
        recipes.recipes_of,
        "a row per ingredient, with the columns Recipe, Ingredient, Amount",
    ),
    SideSheet(
        "own_foods",
        OWN_FOODS,
        own_foods.SHEET_NAMES,
        own_foods.is_own_foods_sheet,
        own_foods.own_foods_of,
        "a row per food, with the columns Food, Serving, and one per nutrient such as Calcium (mg)",
        own_foods.unread_columns,
    ),
    SideSheet(
        "symptoms",
        SYMPTOMS,
        symptoms.SHEET_NAMES,
        symptoms.is_symptoms_sheet,
        symptoms.symptoms_of,
        "a row per symptom, with the columns Date and Symptom",
    ),
    SideSheet(
        "not_food_days",
        NOT_FOOD_DAYS,
        not_food_days.SHEET_NAMES,
        not_food_days.is_not_food_days_sheet,
        not_food_days.not_food_days_of,
        "a row per day, with the columns Date and Reason",
    ),
)


def side_sheet_of(grid: Grid) -> SideSheet | None:
    """Return what a sheet beside the diary is; None for the diary, and for a sheet that cannot be read."""
    columns = find_columns(grid)
    if columns is not None and {"date", "food"} <= columns.places.keys():
        # A day for each food: then it is a diary, whatever else it looks like.
        return None
    return next((side for side in SIDE_SHEETS if side.identify(grid)), None)


def unread_side_sheets(grids: list[Grid], *, beside_a_diary: bool = False) -> dict[str, str]:
    """Return the sheets that seem to stand beside a diary and cannot be read, with the reason, by their source.

    Parameters
    ----------
    grids : list of Grid
        The sheets of a file without those that `side_sheet_of` knows.
    beside_a_diary : bool
        Whether a diary with days has been found in still another sheet.

    Returns
    -------
    dict of str to str
        Sheets called like one beside a diary, or with the nutrients of labels below each other, that are no diary
        with days. None where no other sheet is one: then such a sheet may be the diary.

    Examples
    --------
    >>> diary = Grid("d.xlsx:Log", "Log", [["Date", "Food"], ["2026-03-01", "oats"]])
    >>> labels = Grid("d.xlsx:Labels", "Labels", [["Food", "Bar"], ["Calcium (mg)", 120]])
    >>> list(unread_side_sheets([diary, labels])), unread_side_sheets([labels])
    (['d.xlsx:Labels'], {})
    """
    expected = {grid.source: _expected(grid) for grid in grids if filled_rows(grid)}
    seeming = {source: words for source, words in expected.items() if words}
    diaries = [grid for grid in grids if grid.source not in seeming]
    if not seeming or not (beside_a_diary or any(_says_days(grid) for grid in diaries)):
        return {}
    return {source: f"{_NEITHER}. Expected: {words}" for source, words in seeming.items()}


def _expected(grid: Grid) -> str:
    """Return what a sheet should look like that seems to stand beside a diary, "" where it does not seem so."""
    name = grid.name.strip().casefold()
    named = next((side.expected for side in SIDE_SHEETS if name in side.names), "")
    columns = find_columns(grid)
    lying = columns is not None and _names_nutrients_below(grid, columns)
    if (not named and not lying) or _says_days(grid):
        return ""
    return named or next(side.expected for side in SIDE_SHEETS if side.attribute == "own_foods")


def _says_days(grid: Grid) -> bool:
    """Tell whether a sheet is a diary with days of its own."""
    *particular, _ = READERS
    if any(reader.identify([grid]) for reader in particular):
        return True
    columns = find_columns(grid)
    return columns is not None and sheet_of(grid, columns).says_days()


def _names_nutrients_below(grid: Grid, columns: Columns) -> bool:
    """Tell a table of labels that lies on its side: half of what stands below the heading of the food are nutrients."""
    place = columns.places["food"]
    rows = grid.rows[columns.header : columns.header + _LOOKED_AT]
    below = [cell_text(row[place]) for row in rows if place < len(row) and not is_blank(row[place])]
    nutrients = [text for text in below if nutrient_column(0, text) is not None]
    return len(nutrients) >= 2 and 2 * len(nutrients) >= len(below)
