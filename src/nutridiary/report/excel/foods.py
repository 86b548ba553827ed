"""The third sheet: what each food gave of the core nutrients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.looks import Look, amount_format
from nutridiary.report.excel.page import Page, fitted_width
from nutridiary.report.excel.words import UNNAMED, decimals_of, label_of, label_with_unit, person_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

NO_VALUE = "no value"
HEADERS = ("Food", "FDC id", "Lines", "Grams")
_MOST = "9CCBE8"


def write_foods(page: Page, contributions: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the Foods sheet: person by person a row for each food, the largest shares first."""
    several = len(people) > 1
    core = [name for name in core_nutrients() if (contributions["nutrient"] == name).any()]
    page.set_widths(_widths(contributions, len(core), several=several))
    page.line("Which foods gave it", looks.TITLE)
    page.line(
        "All recorded days together. Share is of the total of the nutrient on this sheet; the food with the largest "
        "share of any core nutrient stands first. 'no value': the food's record does not say. "
        f"{looks.ABOUT}: the value of a twin record (About lists them).",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = page.row
    headers = [*(["Person"] if several else []), *HEADERS]
    first_nutrient = len(headers) + 1
    for nutrient in core:
        headers += [label_with_unit(nutrient), f"Share of {label_of(nutrient)} [%]"]
    text_columns = len(headers) - 2 * len(core) - 2
    page.put_row(headers, [looks.HEADER] * text_columns + [looks.NUMBER_HEADER] * (len(headers) - text_columns))
    foods = _foods(contributions, core, people)
    for person_id, rows in foods:
        _write_food(page, person_id if several else None, rows, core)
    if not foods:
        page.line("No food was counted.", looks.FREE)
    page.close_table("foods_table", header_row, len(headers), frozen_columns=2 if several else 1)
    for place in range(len(core) if foods else 0):
        letter = get_column_letter(first_nutrient + 2 * place + 1)
        rule = ColorScaleRule("num", 0, "FFFFFF", end_type="max", end_color=_MOST)  # type: ignore[no-untyped-call]
        page.sheet.conditional_formatting.add(f"{letter}{header_row + 1}:{letter}{page.row - 1}", rule)


def _widths(contributions: pd.DataFrame, nutrients: int, *, several: bool) -> list[float]:
    people = map(person_name, contributions["person_id"].fillna(UNNAMED).unique())
    food = fitted_width(contributions["food_description"].unique(), least=24, most=52)
    return [*([fitted_width(people)] if several else []), food, 10, 7, 9, *[12.0, 12.0] * nutrients]


def _foods(contributions: pd.DataFrame, core: Sequence[str], people: Sequence[str]) -> list[tuple[str, dict[str, Row]]]:
    """Return (person, its rows by nutrient) for each person's food, people in order, largest share first."""
    found: dict[str, dict[Any, dict[str, Row]]] = {}
    for row in rows_of(contributions[contributions["nutrient"].isin(core)]):
        person = found.setdefault(row["person_id"] or UNNAMED, {})
        person.setdefault(row["fdc_id"], {})[row["nutrient"]] = row
    return [
        (person_id, rows)
        for person_id in people
        for rows in sorted(found.get(person_id, {}).values(), key=_largest_share, reverse=True)
    ]


def _largest_share(rows: dict[str, Row]) -> float:
    return max((row["percent_of_total"] for row in rows.values() if row["percent_of_total"] is not None), default=-1.0)


def _write_food(page: Page, person_id: str | None, rows: dict[str, Row], core: Sequence[str]) -> None:
    some = next(iter(rows.values()))
    column = 1
    if person_id is not None:
        page.put(page.row, column, person_name(person_id))
        column += 1
    page.put(page.row, column, some["food_description"], looks.WRAPPED)
    page.link_food(page.row, column + 1, some["fdc_id"])
    page.put(page.row, column + 2, some["entries"], looks.WHOLE)
    page.put(page.row, column + 3, some["gram_weight"], looks.WHOLE)
    column += 4
    for nutrient in core:
        row = rows.get(nutrient, {})
        about = looks.ABOUT if row.get("filled_in") else ""
        _put_or_say(page, column, row.get("amount"), Look(number=amount_format(decimals_of(nutrient), about)))
        _put_or_say(page, column + 1, row.get("percent_of_total"), Look(number="0.0"))
        column += 2
    page.row += 1


def _put_or_say(page: Page, column: int, value: float | None, look: Look) -> None:
    page.put(page.row, column, NO_VALUE if value is None else value, looks.NO_VALUE if value is None else look)
