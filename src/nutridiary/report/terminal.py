"""Tables for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import core_nutrients, format_amount, load_nutrients, written_unit

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

NO_WIDTHS: Mapping[str, int] = MappingProxyType({})
_DATA_TYPES = {
    "survey_fndds_food": "FNDDS",
    "sr_legacy_food": "SR Legacy",
    "foundation_food": "Foundation",
    "branded_food": "Branded",
    "own_food": "Your own",
}


_SYMBOLS = {"magnesium": "Mg", "potassium": "K", "calcium": "Ca", "vitamin_d": "D", "vitamin_b12": "B12"}
_NUMBERS = {"g", "Score", "Mean a day", "Confidence", "Line", "FDC id", "Rank", "Contribution", "%"}


def print_entries(entries: pd.DataFrame) -> None:
    """Print each diary line with its food, weight and what is to be said about it."""
    table = table_with(None, ["Line", "Date", "Diary", "Food", "g", "Remarks"])
    for row in _rows(entries):
        remarks = "; ".join(text for text in (row.problem, row.note) if isinstance(text, str))
        table.add_row(
            str(row.line),
            f"{row.date:%Y-%m-%d}" if row.date == row.date else "",
            printable_text(" ".join(text for text in (row.amount_text, row.food_text) if isinstance(text, str))),
            printable_text(row.food_description),
            _number(row.gram_weight, 0),
            printable_text(remarks),
        )
    _print(table)


def print_foods(foods: pd.DataFrame) -> None:
    """Print candidate foods with their core nutrients per 100 g."""
    core = core_nutrients()
    units = load_nutrients()["unit"].map(written_unit)
    headings = [f"{_SYMBOLS[nutrient]}\n[{units[nutrient]}]" for nutrient in core]
    table = table_with("per 100 g", ["FDC id", "Food", "Data", "Score", *headings])
    for row in _rows(foods):
        table.add_row(
            str(row.fdc_id),
            printable_text(row.food_description),
            _DATA_TYPES[row.data_type],
            _number(row.match_score, 2),
            *(_per_100_g(getattr(row, nutrient), nutrient) for nutrient in core),
        )
    _print(table)


def print_products(products: pd.DataFrame) -> None:
    """Print products with what their labels state of the core nutrients; what they do not is unknown."""
    core = core_nutrients()
    units = load_nutrients()["unit"].map(written_unit)
    headings = [f"{_SYMBOLS[nutrient]}\n[{units[nutrient]}]" for nutrient in core]
    table = table_with(None, ["FDC id", "Product", "Per", "Energy\n[kcal]", *headings])
    for row in _rows(products):
        name = ", ".join(text for text in (row.brand, row.description) if isinstance(text, str))
        about = {"": row.barcode, "serving ": row.serving, "label of ": row.label_day}
        details = ", ".join(f"{what}{text}" for what, text in about.items() if isinstance(text, str))
        table.add_row(
            str(row.fdc_id),
            printable_text(name) + "\n" + printable_text(details),
            row.per,
            *(_per_100_g(getattr(row, nutrient), nutrient) for nutrient in ("energy", *core)),
        )
    _print(table)


def print_evidence(candidates: pd.DataFrame) -> None:
    """Print, for each candidate, the contributions that add up to its score."""
    table = table_with(None, ["Rank", "FDC id", "Food", "Evidence", "Contribution"])
    for row in _rows(candidates):
        table.add_row(
            str(row.rank),
            str(row.fdc_id),
            printable_text(row.food_description),
            row.evidence,
            f"{row.contribution:+.3f}",
        )
    _print(table)


def print_formats(formats: pd.DataFrame) -> None:
    """Print the formats that are read."""
    table = table_with(None, ["--format", "What it is"])
    for row in _rows(formats):
        table.add_row(row.format, printable_text(row.what))
    _print(table)


def print_lines(lines: pd.DataFrame) -> None:
    """Print matched lines: text, food and weight."""
    table = table_with(None, ["Text", "Rank", "Food", "Data", "Score", "g"])
    for row in _rows(lines):
        table.add_row(
            printable_text(row.food_text),
            _whole(row.rank),
            printable_text(row.food_description),
            _DATA_TYPES.get(row.data_type, ""),
            _number(row.match_score, 2),
            _number(row.gram_weight, 0),
        )
    _print(table)


def _per_100_g(value: float, nutrient: str) -> str:
    """Return the figure without its unit, which stands in the heading; what no record says is not 0."""
    return format_amount(value, nutrient).split()[0] if value == value else "?"


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()


def table_with(title: str | None, headings: Sequence[str], widths: Mapping[str, int] = NO_WIDTHS) -> Table:
    """Return an empty table; `widths` [characters] are the most that a column of words takes."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=title,
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
    )
    for heading in headings:
        number = heading in _NUMBERS or "[" in heading
        table.add_column(
            escape(heading),
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=number and "[" not in heading,
            max_width=widths.get(heading),
        )
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(highlight=False).print(table)


def printable_text(value: object) -> Any:
    """Show text as it is, without markup and without characters that would command a terminal."""
    from rich.text import Text

    if not isinstance(value, str):
        return ""
    return Text("".join(character if character.isprintable() else " " for character in value))


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}" if value == value else ""


def _whole(value: Any) -> str:
    return str(value) if value == value and value is not None and str(value) != "<NA>" else ""
