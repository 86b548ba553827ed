"""Foods of the user's own: what recipes and labels come to, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, core_first, rows_of
from nutridiary.report.excel.columns import (
    FDC_ID,
    GRAMS,
    LINE,
    QUIET,
    SOURCE,
    Cell,
    Column,
    amount_as_written,
    field,
    line_number,
    published_id,
    set_widths,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.lines import CHECK_TINTS, check
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_of, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis
    from nutridiary.own_foods import OwnFoods

_KINDS = {"own": "from its label", "recipe": "recipe"}
_NO_VALUE = Cell("no value", looks.NO_VALUE)


def write_own_foods(page: Page, analysis: Analysis, own_foods: OwnFoods) -> None:
    """Write the Own foods sheet: the foods, the ingredients of recipes, and what each food holds."""
    set_widths(page, _FOODS)
    page.line("Your own foods and recipes", looks.TITLE)
    page.line(
        "What the labels and recipes of the diary come to. A value is known where the label gives it, or where every "
        f"ingredient has it. {looks.AT_LEAST}: some ingredients have no value or could not be weighed. {looks.ABOUT}: "
        "the value of a twin record stands in for one.",
        looks.FREE_QUIET,
    )
    page.row += 1
    nutrients = list(dict.fromkeys(analysis.comparison["nutrient"]))
    table = own_foods.table
    _write_part(page, "own_foods_table", _FOODS, _foods(table, analysis, nutrients))
    if not own_foods.ingredients.empty:
        page.row += 1
        page.line("Ingredients of the recipes", looks.HEADING)
        ingredients = rows_of(own_foods.ingredients)
        header_row = _write_part(page, "ingredients_table", _INGREDIENTS, ingredients)
        tint_by_word(page, _INGREDIENTS, "Check", header_row, CHECK_TINTS)
    page.row += 1
    page.line("What they hold", looks.HEADING)
    page.line(
        "Labels: every value that was written. Recipes: the nutrients of this report; those of which no ingredient has "
        "a value are not listed.",
        looks.FREE_QUIET,
    )
    header_row = _write_part(page, "own_food_values_table", _VALUES, _values(own_foods, nutrients))
    page.filter_rows(header_row, len(_VALUES))
    page.set_print(last_column=len(_FOODS))
    page.sheet.freeze_panes = "B1"


def _write_part(page: Page, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> int:
    """Write one of the tables of the sheet and return the row of its header."""
    header_row = write_rows(page, columns, rows)
    page.name_range(name, (header_row, 1), (page.row - 1, len(columns)))
    return header_row


def _foods(table: pd.DataFrame, analysis: Analysis, nutrients: Sequence[str]) -> list[Row]:
    """Return a row for each food, with what is true of all its values, and in how many lines it is eaten."""
    eaten = Counter(analysis.entries.loc[analysis.entries["problem"].isna(), "fdc_id"].dropna())
    grouped: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows_of(table):
        grouped.setdefault(_key(row), []).append(row)
    foods: list[Row] = []
    for rows in grouped.values():
        first = rows[0]
        known = {row["nutrient"] for row in rows if row["estimated"] is not None and row["nutrient"] in nutrients}
        foods.append(
            {
                **first,
                "eaten": eaten[first["fdc_id"]],
                "known": len(known),
                "unknown": len(nutrients) - len(known),
                "how": "; ".join(_shared(rows)) or None,
                "problem": "; ".join(dict.fromkeys(row["problem"] for row in rows if row["problem"])) or None,
            }
        )
    return foods


def _key(row: Row) -> tuple[Any, ...]:
    return row["food"], row["brand"], row["kind"], row["fdc_id"]


def _shared(rows: Sequence[Row]) -> list[str]:
    """Return the parts of how the values of a food were found that all of them share."""
    parts = [(row["how"] or "").split("; ") for row in rows if row["nutrient"] is not None]
    return [part for part in dict.fromkeys(parts[0]) if all(part in other for other in parts)] if parts else []


def _values(own_foods: OwnFoods, nutrients: Sequence[str]) -> list[Row]:
    """Return the values to show, food by food, each with what is said of it alone."""
    table = own_foods.table
    of_whole = _without_serving(own_foods)
    rows = [row for row in rows_of(core_first(table)) if row["kind"] == "own" or row["nutrient"] in nutrients]
    grouped: dict[tuple[Any, ...], list[Row]] = {_key(row): [] for row in rows_of(table)}
    for row in rows:
        grouped[_key(row)].append(row)
    values: list[Row] = []
    for own in grouped.values():
        shared = _shared(own)
        for row in own:
            parts = [part for part in (row["how"] or "").split("; ") if part not in shared]
            # The problem of a recipe is that of the whole, and stands above.
            problem = row["problem"] if row["kind"] == "own" else None
            if row["nutrient"] is not None or problem:
                amount_is = "in all" if row["fdc_id"] in of_whole else ""
                values.append({**row, "how": "; ".join(parts) or None, "problem": problem, "amount_is": amount_is})
    return values


def _without_serving(own_foods: OwnFoods) -> set[int]:
    """Return the recipes that say no servings: what is known of them is known of the whole."""
    table = own_foods.table
    recipes = table.loc[table["kind"].eq("recipe"), "fdc_id"].dropna().drop_duplicates()
    portions = own_foods.foods.portions(recipes.to_list())
    return set(recipes) - set(portions.loc[portions["description"] == "serving", "fdc_id"])


def _per_serving(row: Row) -> Cell | None:
    """Return the value of a serving (of the whole, where no servings are stated): as known, else about, or at least."""
    nutrient = row["nutrient"]
    if nutrient is None:
        return None
    if row["per_serving"] is not None:
        return Cell(row["per_serving"], Look(number=amount_format(decimals_of(nutrient))))
    for name, sign in (("estimated", looks.ABOUT), ("at_least", looks.AT_LEAST)):
        if row[name] is not None:
            is_known = row["missing"] == 0 and row["amount_is"]
            number = amount_format(decimals_of(nutrient), "" if is_known else sign, row["amount_is"])
            return Cell(row[name], Look(number=number))
    return _NO_VALUE


def _per_100_g(row: Row) -> Cell | None:
    nutrient = row["nutrient"]
    if nutrient is None:
        return None
    if row["per_100_g"] is None:
        return _NO_VALUE
    return Cell(row["per_100_g"], Look(number=amount_format(decimals_of(nutrient))))


_FOOD = Column("Food", 28, looks.BOLD.but(wrap=True), field("food"))
_BRAND = Column("Brand", 16, looks.WRAPPED, field("brand"))
_HOW = Column("How it was found", 52, QUIET, field("how"))
_PROBLEM = Column("What is missing or wrong", 52, looks.WRAPPED, field("problem"))
_SOURCE = SOURCE._replace(width=30)
_FOODS = (
    _FOOD,
    _BRAND,
    Column("What it is", 30, looks.WRAPPED, lambda row: _KINDS.get(row["kind"], row["kind"])),
    Column("Lines that eat it", 10, looks.WHOLE, field("eaten")),
    Column("Nutrients known", 14, looks.WHOLE, field("known")),
    Column("Nutrients not known", 11, looks.WHOLE, field("unknown")),
    _HOW,
    _PROBLEM,
    _SOURCE,
    LINE,
)
_INGREDIENTS = (
    Column("Recipe", 28, looks.BOLD.but(wrap=True), field("recipe")),
    Column("Amount as written", 16, looks.WRAPPED, amount_as_written),
    Column("Ingredient as written", 30, looks.WRAPPED, field("food_text")),
    Column("Check", 10, looks.BOLD, check),
    Column(FDC_ID, 14, looks.LINK, published_id),
    Column("Grams", 11, GRAMS, field("gram_weight")),
    Column("Food it was taken for", 52, looks.WRAPPED, field("food_description")),
    Column("Why it was left out, or what was assumed", 52, QUIET, lambda row: row["problem"] or row["note"]),
    _SOURCE,
    Column("Line", 7, looks.WHOLE, line_number),
)
_VALUES = (
    _FOOD._replace(look=looks.WRAPPED),
    _BRAND,
    Column("Nutrient", 30, looks.WRAPPED, lambda row: row["nutrient"] and label_of(row["nutrient"])),
    Column("Unit", 10, looks.TEXT, lambda row: row["nutrient"] and unit_of(row["nutrient"])),
    Column("Per serving", 14, looks.WHOLE, _per_serving),
    Column("Per 100 g", 11, looks.WHOLE, _per_100_g),
    _HOW,
    Column(
        "What is missing or wrong",
        52,
        looks.WRAPPED,
        lambda row: row["problem"] or (f"{row['missing']} ingredients without a value" if row["missing"] else None),
    ),
    _SOURCE,
    LINE,
)
