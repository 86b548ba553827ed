"""The Recipes sheet: what a dish of the user's own is made of, how much it makes and what it weighs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nutridiary.barcodes import read_barcode
from nutridiary.diary.amounts import Amount, parse_amount
from nutridiary.diary.food_text import split_food
from nutridiary.diary.grid import Grid, Row
from nutridiary.diary.side_columns import SideColumns, find_side_columns, is_of_a_diary, rows_below
from nutridiary.units import canonical_unit, factor_to, unit_kind

if TYPE_CHECKING:
    import pandas as pd

SHEET_NAMES = ("recipe", "recipes", "my recipes", "own recipes", "rezepte", "recettes", "recetas", "ricette")
# Where the sheet's name says that it holds recipes, its headings may say less.
_IN_A_RECIPES_SHEET = {"name": "recipe", "food": "ingredient", "item": "ingredient", "foods": "ingredient"}
_NUMBER = re.compile(
    r"(?:serves|makes|about|ca\.?|~)?\s*(\d{1,4}(?:[.,]\d+)?)\s*(?:%|(?P<what>[^\W\d_]{3,}(?: [^\W\d_]{3,})?))?"
)
_SERVINGS = re.compile(r"(?:servings?|portions?|portionen|people|persons?|personen|personnes|personas|porciones)")
_CODE = re.compile(r"[1-9]\d{0,9}")
MOST_SERVINGS = 1000.0
# A dish may take up water (rice about threefold) or dry out; beyond these a yield is a slip of the pen. [%]
LEAST_YIELD, MOST_YIELD = 5.0, 1000.0


def is_recipes_sheet(grid: Grid) -> bool:
    """Tell whether a sheet holds recipes: by a row that names the recipe and the ingredient.

    In a sheet named Recipes, "Name" and "Food" are enough.

    Examples
    --------
    >>> is_recipes_sheet(Grid("r.csv", "r.csv", [["Recipe", "Ingredient", "Amount"], ["Chili", "beans", "400 g"]]))
    True
    """
    return _columns(grid) is not None


def _columns(grid: Grid) -> SideColumns | None:
    named = grid.name.strip().casefold() in SHEET_NAMES
    columns = find_side_columns(grid, "recipes", ("recipe", "ingredient"), _IN_A_RECIPES_SHEET if named else None)
    return columns if columns is not None and (named or not is_of_a_diary(columns)) else None


@dataclass
class _Line:
    """A row of the sheet on its way into the table; the fields are those of `tables.RECIPE_LINES`."""

    source: str
    line: int
    recipe: str | None = None
    ingredient: str | None = None
    amount: float = math.nan
    unit: str | None = None
    amount_low: float = math.nan
    amount_high: float = math.nan
    amount_text: str | None = None
    brand: str | None = None
    barcode: str | None = None
    stated_fdc_id: int | None = None
    stated_food_code: int | None = None
    state: str | None = None
    servings: float = math.nan
    cooked_grams: float = math.nan
    yield_percent: float = math.nan
    problem: str | None = None
    notes: list[str] = field(default_factory=list)

    def fail(self, problem: str) -> None:
        """Set the problem, unless there is one: the first reason stands."""
        if problem and self.problem is None:
            self.problem = problem

    def values(self) -> dict[str, Any]:
        """Return the row as the table has it."""
        values = {name: value for name, value in vars(self).items() if name != "notes"}
        return values | {"note": "; ".join(note for note in self.notes if note) or None}


def recipes_of(grid: Grid) -> pd.DataFrame:
    """Return the ingredients of the recipes of a sheet.

    Parameters
    ----------
    grid : Grid
        A sheet with a row of headings (Recipe, Ingredient, Amount, Unit, Servings, Cooked weight or Yield, Cooking)
        and a row per ingredient. A blank recipe is that of the row above; servings, cooked weight and yield may
        stand on any row of the recipe.

    Returns
    -------
    pandas.DataFrame
        `tables.RECIPE_LINES`, a row for each row below the header that is not blank. A row that names only the
        recipe has no ingredient; a row that cannot be used has a problem. Servings, cooked weight [g] and yield
        [%] are on every row of their recipe.
    """
    import pandas as pd

    from nutridiary.tables import RECIPE_LINES, conform

    columns = _columns(grid)
    lines: list[_Line] = []
    recipe: str | None = None
    for number, row in rows_below(grid, columns) if columns is not None else []:
        assert columns is not None
        recipe = columns.text(row, "recipe") or recipe
        lines.append(_read(columns, row, _Line(grid.source, number, recipe)))
    for name in dict.fromkeys((line.recipe or "").casefold() for line in lines):
        _spread([line for line in lines if (line.recipe or "").casefold() == name])
    return conform(pd.DataFrame([line.values() for line in lines]), RECIPE_LINES)


def _read(columns: SideColumns, row: Row, line: _Line) -> _Line:
    line.ingredient = columns.text(row, "ingredient") or None
    line.brand = columns.text(row, "brand") or None
    barcode = read_barcode(columns.text(row, "barcode"))
    if not barcode.is_blank:
        line.barcode = barcode.written
        line.ingredient = line.ingredient or barcode.written
        line.notes.append(barcode.problem or barcode.note)
    line.state = columns.text(row, "state") or None
    line.notes.append(columns.text(row, "note"))
    _read_amount(columns, row, line)
    for column, name in (("fdc_id", "stated_fdc_id"), ("food_code", "stated_food_code")):
        text = columns.text(row, column)
        if _CODE.fullmatch(text):
            setattr(line, name, int(text))
        elif text:
            line.notes.append(f'{column.replace("_", " ")} "{text[:40]}" is not a number: not used')
    _read_servings(columns, row, line)
    _read_cooked_weight(columns, row, line)
    _read_yield(columns, row, line)
    if line.recipe is None:
        line.fail("no recipe is named in this row or above it: write its name in the column Recipe")
    elif line.ingredient is None and not math.isnan(line.amount):
        line.fail("no ingredient is named in this row, only an amount: write what it is of")
    return line


def _read_amount(columns: SideColumns, row: Row, line: _Line) -> None:
    grams, amount, unit = (columns.text(row, column) for column in ("grams", "amount", "unit"))
    heading_unit = canonical_unit(columns.bracket("amount")) or ""
    if grams:
        parsed = parse_amount(grams if canonical_unit(grams.lstrip("0123456789.,~ ")) else f"{grams} g")
        line.amount_text = grams
        if amount:
            line.notes.append("the weight column is used")
    elif amount or unit:
        parsed = _amount_and_unit(amount, unit or ("" if _has_unit(amount) else heading_unit))
        line.amount_text = " ".join(part for part in (amount, unit) if part)
    elif line.ingredient:
        parsed = split_food(line.ingredient)
        line.ingredient = parsed.rest or line.ingredient
        line.amount_text = parsed.text or None
    else:
        return
    line.amount, line.amount_low, line.amount_high, line.unit = parsed.amount, parsed.low, parsed.high, parsed.counted
    line.notes.append(parsed.note)
    if line.ingredient is not None:
        line.fail(parsed.problem)


def _has_unit(amount: str) -> bool:
    return parse_amount(amount).unit is not None


def _amount_and_unit(amount: str, unit: str) -> Amount:
    """Read the two cells as one amount; a word that is in no table of units stays as it is."""
    if not amount:
        return parse_amount(unit) if unit[0].isdigit() else Amount(unit=canonical_unit(unit) or unit[:40].lower())
    parsed = parse_amount(f"{amount} {unit}".strip())
    if parsed.unit is None and unit and not parsed.problem and canonical_unit(unit) is None:
        return Amount(parsed.amount, parsed.low, parsed.high, unit[:40].lower(), text=parsed.text, note=parsed.note)
    return parsed


def _read_servings(columns: SideColumns, row: Row, line: _Line) -> None:
    text = columns.text(row, "servings")
    if not text:
        return
    found = _NUMBER.fullmatch(text.lower())
    what = (found["what"] or "") if found else ""
    measured = unit_kind(canonical_unit(what)) in ("mass", "volume")
    servings = float(found[1].replace(",", ".")) if found and "%" not in text and not measured else 0.0
    if 0 < servings <= MOST_SERVINGS:
        line.servings = servings
        if what and not _SERVINGS.fullmatch(what):
            line.notes.append(f"makes {text[:40]}: each is a serving")
    else:
        line.fail(f'cannot read the servings "{text[:40]}": write how many the recipe makes, for example 4')


def _read_cooked_weight(columns: SideColumns, row: Row, line: _Line) -> None:
    text = columns.text(row, "cooked_weight")
    if not text:
        return
    if text.endswith("%"):
        line.yield_percent = _percent(text, line)
        return
    unit = canonical_unit(columns.bracket("cooked_weight")) or "" if text.replace(".", "").isdigit() else ""
    parsed = parse_amount(f"{text} {unit}".strip())
    if unit_kind(parsed.unit) == "mass" and parsed.unit and parsed.amount > 0:
        line.cooked_grams = parsed.amount * factor_to("g", parsed.unit)
    else:
        line.fail(f'cannot read the cooked weight "{text[:40]}": write it with its unit, for example 1800 g')


def _read_yield(columns: SideColumns, row: Row, line: _Line) -> None:
    """A yield is a share; "4 servings" and "1800 g" in that column say what they say."""
    text = columns.text(row, "yield")
    if not text:
        return
    parsed = parse_amount(text)
    is_percent = text.endswith("%") or columns.bracket("yield") == "%" or "percent" in columns.bracket("yield")
    if unit_kind(parsed.unit) == "mass" and parsed.unit and parsed.amount > 0:
        line.cooked_grams = parsed.amount * factor_to("g", parsed.unit)
    elif parsed.unit == "serving" and parsed.amount > 0:
        line.servings = parsed.amount
    elif is_percent:
        line.yield_percent = _percent(text, line)
    else:
        line.fail(
            f'cannot tell what the yield "{text[:40]}" means: write 85 % (of the raw weight), 1800 g, or 4 servings'
        )


def _percent(text: str, line: _Line) -> float:
    found = _NUMBER.fullmatch(text.lower())
    percent = float(found[1].replace(",", ".")) if found else math.nan
    if LEAST_YIELD <= percent <= MOST_YIELD:
        return percent
    line.fail(f'the yield "{text[:40]}" is not believed: write the share of the raw weight that is left, such as 85 %')
    return math.nan


def _spread(lines: list[_Line]) -> None:
    """Give every row of a recipe its servings, cooked weight and yield; two that differ are a problem.

    How it is cooked belongs to the ingredient of its row, or, in a row without one, to all that do not say.
    """
    of_all = next((line.state for line in lines if line.ingredient is None and line.state), None)
    for line in lines:
        line.state = line.state or of_all
    for name, words in (("servings", "servings"), ("cooked_grams", "cooked weights"), ("yield_percent", "yields")):
        said = {value: line.line for line in lines if not math.isnan(value := getattr(line, name))}
        if len(said) > 1:
            where = " and ".join(f"{value:g} in row {row}" for value, row in said.items())
            for line in lines:
                line.fail(f"the recipe has two {words}: {where}. Keep one")
        for line in lines:
            setattr(line, name, next(iter(said), math.nan) if len(said) == 1 else math.nan)
