"""What supplements gave: each line with its doses, and the products of the Supplements sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import format_amount
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, rows_of
from nutridiary.report.excel.columns import (
    LINE,
    PERSON,
    SOURCE,
    Cell,
    Column,
    amount_as_written,
    field,
    line_number,
    set_widths,
    tint_by_word,
    write_rows,
)
from nutridiary.report.excel.lines import LEFT_OUT
from nutridiary.report.excel.looks import Look, amount_format, decimals_in
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import decimals_of, label_of, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

OPEN = "dose not known"
UNREADABLE = "not read"
_KEY = ("source", "line", "part")
_NO_DOSE: Row = dict.fromkeys(("nutrient", "amount", "value_from"))
_NOT_KNOWN = Cell("not known", looks.NO_VALUE)


def has_supplements(analysis: Analysis) -> bool:
    """Return whether there is anything to say of supplements."""
    return bool((analysis.entries["kind"] == "supplement").any()) or not analysis.products.empty


def write_supplements(page: Page, analysis: Analysis, *, people: Sequence[str]) -> None:
    """Write the Supplements sheet: a row for each line and nutrient, then the products the diary describes."""
    several = len(people) > 1
    columns = ((PERSON,) if several else ()) + _LINES
    set_widths(page, columns)
    rows = _rows(analysis.entries, analysis.doses)
    page.line("What supplements gave", looks.TITLE)
    page.line(
        "What was taken, nutrient by nutrient: elemental amounts, in the units of this report. They are in the totals, "
        "apart from food. A dose that a label leaves open counts as unknown, never as zero; what is left out is in no "
        "figure.",
        looks.FREE_QUIET,
    )
    page.row += 1
    header_row = write_rows(page, columns, rows, empty="No line of the diary is a supplement.")
    page.close_table("supplements_table", header_row, len(columns), frozen_columns=1)
    tint_by_word(page, columns, "Check", header_row, {OPEN: looks.BETWEEN_TINT, LEFT_OUT: looks.OPEN_TINT})
    if not analysis.products.empty:
        _write_products(page, analysis, several=several)
    page.set_print(last_column=len(columns), header_rows=(header_row, header_row))


def _write_products(page: Page, analysis: Analysis, *, several: bool) -> None:
    """Write the products below the lines, in the same grid of columns."""
    # Products are everybody's: the column keeps the others below those of the lines.
    columns = ((Column("Person", 14, looks.TEXT, lambda row: "everybody"),) if several else ()) + _PRODUCTS
    page.row += 1
    page.line("Products as the Supplements sheet of the diary describes them", looks.HEADING)
    header_row = write_rows(page, columns, _products(analysis.products, analysis.doses))
    page.name_range("supplement_products_table", (header_row, 1), (page.row - 1, len(columns)))
    tint_by_word(page, columns, "Check", header_row, {UNREADABLE: looks.BETWEEN_TINT})


def _rows(entries: pd.DataFrame, doses: pd.DataFrame) -> list[Row]:
    """Return each supplement with each of its doses; one without a dose has one row without a nutrient."""
    given: dict[tuple[Any, ...], list[Row]] = {}
    for dose in rows_of(doses):
        given.setdefault(tuple(dose[name] for name in _KEY), []).append(dose)
    rows: list[Row] = []
    for entry in rows_of(entries[entries["kind"] == "supplement"]):
        own = given.get(tuple(entry[name] for name in _KEY), []) if entry["problem"] is None else []
        rows += [{**entry, "dose": dose} for dose in own or [_NO_DOSE]]
    return rows


def _products(products: pd.DataFrame, doses: pd.DataFrame) -> list[Row]:
    """Return the products' rows, with how many doses of the diary rest on each."""
    told = doses.loc[doses["nutrient"].notna(), ["source", "line", "part", "value_from"]].drop_duplicates()
    times = Counter(told["value_from"].dropna())
    rows = rows_of(products)
    places = {(row["product"], row["brand"]): f"({row['source']}:{row['line']})" for row in reversed(rows)}
    used = {key: sum(count for text, count in times.items() if text.endswith(place)) for key, place in places.items()}
    return [{**row, "dose": row, "used": used[row["product"], row["brand"]]} for row in rows]


def _check(row: Row) -> str | None:
    if row["problem"] is not None:
        return LEFT_OUT
    return OPEN if row["dose"]["nutrient"] is not None and row["dose"]["amount"] is None else None


def _nutrient(row: Row) -> str | None:
    nutrient = row["dose"]["nutrient"]
    return None if nutrient is None else label_of(nutrient)


def _unit(row: Row) -> str | None:
    nutrient = row["dose"]["nutrient"]
    return None if nutrient is None else unit_of(nutrient)


def _amount(row: Row) -> Cell | None:
    nutrient, amount = row["dose"]["nutrient"], row["dose"]["amount"]
    if nutrient is None:
        return None
    if amount is None:
        return _NOT_KNOWN
    return Cell(amount, Look(number=amount_format(decimals_in(amount, decimals_of(nutrient)))))


def _bounds(row: Row) -> str | None:
    """Return between which amounts a dose lies, where its label or the number taken leaves it open."""
    nutrient, low, high = (row["dose"].get(name) for name in ("nutrient", "amount_low", "amount_high"))
    if nutrient is None or low is None or low == high:
        return None
    if high is None:
        return f"at least {format_amount(low, nutrient)}" if low > 0 else "nothing bounds it"
    return f"{format_amount(low, nutrient)} to {format_amount(high, nutrient)}"


def _remarks(row: Row) -> str | None:
    if row["problem"] is None:
        return row["note"]  # type: ignore[no-any-return]
    return str(row["problem"])


_LINES = (
    Column("As written", 30, looks.WRAPPED, field("food_text")),
    Column("Taken, as written", 16, looks.WRAPPED, amount_as_written),
    Column("Date", 12, looks.DATE, field("date")),
    Column("Meal", 16, looks.WRAPPED, field("eating_occasion")),
    Column("Check", 17, looks.BOLD, _check),
    Column("Nutrient", 28, looks.WRAPPED, _nutrient),
    Column("Dose", 11, Look(number="0"), _amount),
    Column("Unit", 7, looks.TEXT, _unit),
    Column("Between", 20, looks.WRAPPED, _bounds),
    Column("Where the dose was read", 36, looks.WRAPPED, lambda row: row["dose"]["value_from"]),
    Column("Note, or why it was left out, and what to do", 60, looks.WRAPPED.but(font="quiet"), _remarks),
    SOURCE,
    Column("Line", 7, looks.WHOLE, line_number),
)
_PRODUCTS = (
    Column("Product", 30, looks.BOLD.but(wrap=True), field("product")),
    Column("Brand", 16, looks.WRAPPED, field("brand")),
    Column("Per", 12, Look(number="#,##0.##", align="left"), field("per_amount")),
    Column("Unit of it", 16, looks.WRAPPED, field("per_unit")),
    Column("Check", 17, looks.BOLD, lambda row: UNREADABLE if row["problem"] is not None else None),
    Column("Nutrient", 28, looks.WRAPPED, _nutrient),
    Column("Holds", 11, Look(number="0"), _amount),
    Column("Unit", 7, looks.TEXT, _unit),
    Column("Lines that take it", 20, looks.WHOLE.but(align="left"), field("used")),
    Column("As written", 36, looks.WRAPPED, field("as_written")),
    Column(
        "Note, or why it could not be read",
        60,
        looks.WRAPPED.but(font="quiet"),
        lambda row: row["problem"] or row["note"],
    ),
    SOURCE,
    LINE,
)
