"""Tables for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.comparison import VERDICTS
from nutridiary.nutrients import core_nutrients, format_amount, load_nutrients, written_unit
from nutridiary.report.remarks import remarks
from nutridiary.tables import NOT_EATEN

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from nutridiary.analysis import Analysis

FILLED_IN = "≈: some lines take the value from a twin record of the same food; --no-fill-in leaves it missing.\n"
_DATA_TYPES = {
    "survey_fndds_food": "FNDDS",
    "sr_legacy_food": "SR Legacy",
    "foundation_food": "Foundation",
    "branded_food": "Branded",
    "own_food": "Your own",
}


_SYMBOLS = {"magnesium": "Mg", "potassium": "K", "calcium": "Ca", "vitamin_d": "D", "vitamin_b12": "B12"}
_NUMBERS = {"g", "Score", "Mean a day", "Line", "FDC id", "Rank", "Contribution", "%"}


def print_summary(analysis: Analysis) -> None:
    """Print what the comparison came to for each person, and how much of the diary it rests on."""
    from rich.console import Console

    console = Console(highlight=False)
    for person_id, rows in analysis.comparison.groupby("person_id", dropna=False, sort=False):
        title = f"{person_id}, " if isinstance(person_id, str) else ""
        group = rows["life_stage_group"].dropna()
        title += group.iloc[0] if len(group) else "no sex and age given, so nothing to compare with"
        headings = ["Nutrient", "Mean a day", "Reference", "%", "In words"]
        table = _table(f"{title}; mean of {rows['days'].iloc[0]} days", headings)
        for row in _rows(rows):
            kind, amount, percent = _reference(row)
            mean = format_amount(row.mean_intake, row.nutrient) if row.mean_intake == row.mean_intake else "unknown"
            at_least = "≥ " if row.high != row.high and row.mean_intake == row.mean_intake else ""
            about = "≈ " if row.foods_filled_in and row.mean_intake == row.mean_intake else ""
            table.add_row(
                row.label.split(" (D2")[0],
                at_least + about + mean,
                f"{kind} {format_amount(amount, row.nutrient)}" if kind else "",
                _number(percent, 0),
                VERDICTS[row.verdict],
            )
        console.print(table)
    lines = len(analysis.entries[["source", "line"]].drop_duplicates())
    console.print(f"Lines read: {lines}. {_counts(analysis.entries)}", markup=False)
    for remark in remarks(analysis):
        console.print(remark, markup=False)
    console.print(
        "≥: something is missing, so the mean is at least that.\n"
        f"{FILLED_IN if analysis.comparison['foods_filled_in'].gt(0).any() else ''}"
        "A food record shows what was eaten and written down; it diagnoses nothing."
    )


def _counts(entries: pd.DataFrame) -> str:
    """Return how many foods and supplements count, and how much was left out."""
    counted = entries["problem"].isna()
    supplements = counted & (entries["kind"] == "supplement")
    nothing_eaten = int((~counted & entries["kind"].isin(NOT_EATEN)).sum())
    foods = int((counted & ~supplements).sum())
    review = int(entries.loc[counted, "needs_review"].sum())
    parts = [f"Foods counted: {foods}, {review} of them to be confirmed"]
    parts += [f"supplements: {int(supplements.sum())}"] if supplements.any() else []
    parts += [f"left out: {int((~counted).sum())}"]
    return "; ".join(parts) + (f" ({nothing_eaten} of them nothing eaten)." if nothing_eaten else ".")


def print_entries(entries: pd.DataFrame) -> None:
    """Print each diary line with its food, weight and what is to be said about it."""
    table = _table(None, ["Line", "Date", "Diary", "Food", "g", "Remarks"])
    for row in _rows(entries):
        remarks = "; ".join(text for text in (row.problem, row.note) if isinstance(text, str))
        table.add_row(
            str(row.line),
            f"{row.date:%Y-%m-%d}" if row.date == row.date else "",
            _text(" ".join(text for text in (row.amount_text, row.food_text) if isinstance(text, str))),
            _text(row.food_description),
            _number(row.gram_weight, 0),
            _text(remarks),
        )
    _print(table)


def print_foods(foods: pd.DataFrame) -> None:
    """Print candidate foods with their core nutrients per 100 g."""
    core = core_nutrients()
    units = load_nutrients()["unit"].map(written_unit)
    headings = [f"{_SYMBOLS[nutrient]}\n[{units[nutrient]}]" for nutrient in core]
    table = _table("per 100 g", ["FDC id", "Food", "Data", "Score", *headings])
    for row in _rows(foods):
        table.add_row(
            str(row.fdc_id),
            _text(row.food_description),
            _DATA_TYPES[row.data_type],
            _number(row.match_score, 2),
            *(_per_100_g(getattr(row, nutrient), nutrient) for nutrient in core),
        )
    _print(table)


def print_evidence(candidates: pd.DataFrame) -> None:
    """Print, for each candidate, the contributions that add up to its score."""
    table = _table(None, ["Rank", "FDC id", "Food", "Evidence", "Contribution"])
    for row in _rows(candidates):
        table.add_row(
            str(row.rank), str(row.fdc_id), _text(row.food_description), row.evidence, f"{row.contribution:+.3f}"
        )
    _print(table)


def print_formats(formats: pd.DataFrame) -> None:
    """Print the formats that are read."""
    table = _table(None, ["--format", "What it is"])
    for row in _rows(formats):
        table.add_row(row.format, _text(row.what))
    _print(table)


def print_lines(lines: pd.DataFrame) -> None:
    """Print matched lines: text, food and weight."""
    table = _table(None, ["Text", "Rank", "Food", "Data", "Score", "g"])
    for row in _rows(lines):
        table.add_row(
            _text(row.food_text),
            _whole(row.rank),
            _text(row.food_description),
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


def _reference(row: Any) -> tuple[str, float, float]:
    """Return the reference a person aims at: its kind, amount, and the share [%] reached."""
    for kind, amount, percent in (("RDA", row.rda, row.percent_of_rda), ("AI", row.ai, row.percent_of_ai)):
        if amount == amount:
            return kind, amount, percent
    return "", float("nan"), float("nan")


def _table(title: str | None, headings: Sequence[str]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for heading in headings:
        number = heading in _NUMBERS or "[" in heading
        table.add_column(
            escape(heading),
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=number and "[" not in heading,
        )
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(highlight=False).print(table)


def _text(value: object) -> Any:
    """Show text as it is, without markup and without characters that would command a terminal."""
    from rich.text import Text

    if not isinstance(value, str):
        return ""
    return Text("".join(character if character.isprintable() else " " for character in value))


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}" if value == value else ""


def _whole(value: Any) -> str:
    return str(value) if value == value and value is not None and str(value) != "<NA>" else ""
