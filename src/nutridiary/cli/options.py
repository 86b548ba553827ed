"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path)


def _day(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Return the day of a date option: click reads dates as moments."""
    return value and value.date()


def day_option(name: str, text: str) -> Callable[[Any], Any]:
    """Return an option that takes a day, YYYY-MM-DD."""
    return click.option(name, type=click.DateTime(["%Y-%m-%d"]), callback=_day, help=text)


def _columns(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str] | None:
    """Return columns with their headings, of ``food=Description``."""
    columns: dict[str, str] = {}
    for value in values:
        column, sign, heading = value.partition("=")
        if not sign or not column.strip():
            raise click.BadParameter(
                f"'{value}' does not say which heading: write food=Description, or meal=- for none."
            )
        if column.strip() in columns:
            raise click.BadParameter(f"'{column.strip()}' is named twice.")
        columns[column.strip()] = heading
    return columns or None


def options(*chosen: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Apply several click options, in the order in which --help shall show them."""

    def add(command: Any) -> Any:
        for option in reversed(chosen):
            command = option(command)
        return command

    return add


DIARY = click.argument("diary", type=FILE, nargs=-1, required=True)
ONLINE = click.option(
    "--online",
    is_flag=True,
    help="Ask FoodData Central for FDC ids and barcodes this machine lacks. Only those numbers are sent.",
)
OPEN_FOOD_FACTS = click.option(
    "--open-food-facts",
    is_flag=True,
    help="Ask Open Food Facts for barcodes that are found nowhere else. Only those numbers are sent.",
)
OFFLINE = click.option(
    "--offline",
    is_flag=True,
    help="Use the answers of FoodData Central that were kept, and ask nobody.",
)
DEFAULTS = click.option(
    "--defaults",
    is_flag=True,
    help="Weigh what cannot be weighed by the amount people typically eat of it, and say so.",
)
DE_IDENTIFY = click.option(
    "--de-identify",
    is_flag=True,
    help="Take names, days, file names and comments out before anything is worked out.",
)
# What the steps from the file to weighed entries can be told; the names are those of `analysis.weighed_entries`.
READING = (
    click.option("--sheet", help="Read this sheet of a workbook only."),
    day_option("--date", "The day eaten, for a diary without a date column."),
    click.option(
        "--day-first/--month-first",
        default=None,
        help="Read 3/4/2026 as 3 April, or as March 4. By default the diary decides.",
    ),
    click.option("--format", help="Read the file as this format of `nutridiary formats`, whatever it looks like."),
    click.option("--day-starts", metavar="HH:MM", help="Count what is eaten earlier on the day before, as 04:00."),
    click.option(
        "--daily-values", help="Edition of the Daily Values that percentages in an export are of, for example 2016."
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="COLUMN=HEADING",
        callback=_columns,
        help="Read this heading as a column: food=Description, amount='column C', meal=- (none is); may be repeated.",
    ),
    ONLINE,
    OPEN_FOOD_FACTS,
    OFFLINE,
    click.option(
        "--aliases",
        multiple=True,
        type=FILE,
        help="Use your corrections: a reviewed workbook, or a file of aliases. May be repeated; later files win.",
    ),
    click.option(
        "--split/--no-split", default=True, help="Tell the foods of a line that holds several apart (the default)."
    ),
)
VALUES = click.option(
    "--values",
    type=click.Choice(["ours", "recorded", "recorded-first"]),
    default="ours",
    show_default=True,
    help="Which nutrient values count: ours, those an app or recall recorded in the diary, or those and then ours.",
)
# `form` is what to print for a pipe.
FORM = (
    click.option("--json", "form", flag_value="json", help="Print JSON."),
    click.option("--csv", "form", flag_value="csv", help="Print CSV."),
)
REFERENCE = click.option(
    "--reference",
    default="nasem",
    show_default=True,
    metavar="NAME",
    help="Whose reference values: nasem (US and Canada), efsa (EU), fda-dv (US labels) or harmonized.",
)
EDITION = click.option("--edition", help="An edition in place of the current figures, for example 2005.")
NUTRIENTS = click.option("--nutrient", "nutrients", multiple=True, help="Report this nutrient only; may be repeated.")
FILL_IN = click.option(
    "--fill-in/--no-fill-in", default=True, help="Take values a food's record lacks from a twin record."
)
LEAVE_OUT = click.option(
    "--leave-out-incomplete",
    is_flag=True,
    help="Leave days that may be incomplete out of the means; the report shows both.",
)
CONDITIONS = click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="TEXT",
    help="What a figure depends on besides sex and age, as 'phytate 600 mg/d' or premenopausal; may be repeated.",
)
WISHES = (
    click.option("--suggest", is_flag=True, help="Suggest a few foods that would close gaps, within every limit."),
    click.option("--diet", "diets", multiple=True, help="Suggest nothing against it: vegan, gluten-free; repeatable."),
    click.option("--allergy", "allergies", multiple=True, help="Suggest nothing with it: peanuts, milk; repeatable."),
    click.option("--dislike", "dislikes", multiple=True, help="Do not suggest this food; repeatable."),
)
