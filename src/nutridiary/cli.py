"""The command line: arguments in, tables out. No arithmetic lives here.

What a command prints on stdout is its result (a table for people, or ``--json``/``--csv`` for
pipes); progress and remarks go to stderr. Exit codes: 0 done, 1 ``check`` found problems,
2 it cannot go on, with one line that says why.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nutridiary import __version__
from nutridiary.errors import NutridiaryError
from nutridiary.tables import numbered_lines

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

# Lines of a diary from which on the steps are told even where nobody watches a terminal.
LONG_DIARY = 5_000


class _Commands(click.Group):
    """A group whose commands end with one clear line, never a traceback, when they cannot go on."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NutridiaryError as error:
            click.echo(f"nutridiary: {_printable(str(error))}", err=True)
            ctx.exit(2)
        except BrokenPipeError:
            # The reader of a pipe (head, less) has seen enough.
            sys.stderr.close()
            ctx.exit(0)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("NUTRIDIARY_DEBUG"):
                raise
            # The name of the error only: its text could hold what somebody ate.
            click.echo(
                f"nutridiary: an error of the program ({type(error).__name__}), not of your file. "
                "Set NUTRIDIARY_DEBUG=1 to see where, and please report it.",
                err=True,
            )
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nutridiary")
def main() -> None:
    """Read a food diary and compare its nutrients with reference intakes."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows "?" instead of ending the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


_DIARY = click.argument("diary", type=click.Path(path_type=Path))
_SHEET = click.option("--sheet", help="Read this sheet of a workbook only.")
_DATE = click.option(
    "--date", type=click.DateTime(["%Y-%m-%d"]), help="The day eaten, for a diary without a date column."
)
_DAY_FIRST = click.option(
    "--day-first/--month-first",
    default=None,
    help="Read 3/4/2026 as 3 April, or as March 4. By default the diary decides.",
)
_JSON = click.option("--json", "form", flag_value="json", help="Print JSON.")
_CSV = click.option("--csv", "form", flag_value="csv", help="Print CSV.")
_ONLINE = click.option(
    "--online",
    is_flag=True,
    help="Ask FoodData Central for FDC ids the shipped tables lack. Only those numbers are sent.",
)

_ALIASES = click.option(
    "--aliases",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Use your corrections: a reviewed workbook, or a file of aliases. May be repeated; later files win.",
)
_DEFAULTS = click.option(
    "--defaults",
    is_flag=True,
    help="Weigh what cannot be weighed by the amount people typically eat of it, and say so.",
)


_SPLIT = click.option(
    "--split/--no-split", default=True, help="Tell the foods of a line that holds several apart (the default)."
)


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Apply several click options, in the order in which --help shall show them."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@main.command()
@_DIARY
@_options(
    click.option("--sex", type=click.Choice(["female", "male"]), help="Chooses the reference intakes."),
    click.option("--age", type=float, help="Age in years (0.5 is six months)."),
    click.option("--birth-date", type=click.DateTime(["%Y-%m-%d"]), help="Instead of --age."),
    click.option("--pregnant", is_flag=True, help="Use the references for pregnancy."),
    click.option("--lactating", is_flag=True, help="Use the references for lactation."),
    click.option("--weight", type=float, help="Body weight [kg]; protein references need it."),
    click.option("--edition", help="Hold intakes against this reference edition, for example 2005."),
    click.option("--nutrient", "nutrients", multiple=True, help="Report this nutrient only; may be repeated."),
    click.option("--fill-in/--no-fill-in", default=True, help="Take values a food's record lacks from a twin record."),
    click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the workbook here [report.xlsx]."),
    _SHEET,
    _DATE,
    _DAY_FIRST,
    _ONLINE,
    _ALIASES,
    _DEFAULTS,
    _SPLIT,
    _JSON,
    _CSV,
)
def analyze(
    diary: Path,
    sex: str | None,
    age: float | None,
    birth_date: Any,
    pregnant: bool,
    lactating: bool,
    weight: float | None,
    edition: str | None,
    nutrients: tuple[str, ...],
    fill_in: bool,
    output: Path | None,
    sheet: str | None,
    date: Any,
    day_first: bool | None,
    online: bool,
    aliases: tuple[Path, ...],
    defaults: bool,
    split: bool,
    form: str | None,
) -> None:
    """Analyse DIARY: write an Excel report and print the summary.

    With --json or --csv the comparison is printed for a pipe, and a workbook is written only
    where -o names one.
    """
    from nutridiary.analysis import analyze as analyze_diary

    person = _person(sex, age, birth_date, pregnant, lactating, weight)
    if output is None and form is None:
        output = Path("report.xlsx")
    if output is not None:
        _refuse_to_overwrite(output, diary, *aliases)
    with _progress() as tell:
        analysis = analyze_diary(
            diary,
            person,
            nutrients=nutrients or None,
            edition=edition,
            fill_in=fill_in,
            sheet=sheet,
            date=date and date.date(),
            day_first=day_first,
            online=online,
            aliases=aliases,
            defaults=defaults,
            split=split,
            progress=tell,
        )
        if output is not None:
            tell("writing the workbook", len(analysis.entries))
            analysis.to_excel(output)
    if form is not None:
        _print_table(analysis.comparison, form)
    else:
        from nutridiary.report.terminal import print_summary

        print_summary(analysis)
    if output is not None:
        click.echo(f"Report: {output.resolve()}", err=form is not None)


@main.command()
@_DIARY
@_options(_SHEET, _DATE, _DAY_FIRST, _ONLINE, _ALIASES, _DEFAULTS, _SPLIT, _JSON, _CSV)
def check(
    diary: Path,
    sheet: str | None,
    date: Any,
    day_first: bool | None,
    online: bool,
    aliases: tuple[Path, ...],
    defaults: bool,
    split: bool,
    form: str | None,
) -> None:
    """List the lines of DIARY that could not be counted, each with its reason.

    Exits 1 if there are any.
    """
    entries = _weighed_entries(diary, sheet, date, day_first, online, aliases, defaults, split)
    # A remark or a line of totals is left out as what it is; there is nothing to mend.
    problems = numbered_lines(entries[entries["problem"].notna() & (entries["kind"] != "note")])
    if form is not None:
        _print_table(problems[["source", "line", "food_text", "problem"]], form)
    else:
        for row in problems.itertuples():
            click.echo(_printable(f"{row.source}:{row.line}: {row.problem}"))
        review = int(entries["needs_review"].sum())
        lines = len(entries[["source", "line"]].drop_duplicates())
        click.echo(
            f"Lines read: {lines}; {len(problems)} with a problem, {review} matched but to be confirmed.",
            err=True,
        )
        if len(problems) or review:
            click.echo(f"To put foods and weights right: nutridiary review {_printable(str(diary))}", err=True)
    sys.exit(1 if len(problems) else 0)


@main.command()
@_DIARY
@_options(_SHEET, _DATE, _DAY_FIRST, _ONLINE, _ALIASES, _DEFAULTS, _SPLIT, _JSON, _CSV)
def entries(
    diary: Path,
    sheet: str | None,
    date: Any,
    day_first: bool | None,
    online: bool,
    aliases: tuple[Path, ...],
    defaults: bool,
    split: bool,
    form: str | None,
) -> None:
    """Print every line of DIARY with its food, weight, problem and notes."""
    table = numbered_lines(_weighed_entries(diary, sheet, date, day_first, online, aliases, defaults, split))
    if form is not None:
        _print_table(table, form)
    else:
        from nutridiary.report.terminal import print_entries

        print_entries(table)


@main.command()
@_DIARY
@_options(
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        default=Path("review.xlsx"),
        show_default=True,
        help="Write the workbook here.",
    ),
    _SHEET,
    _DATE,
    _DAY_FIRST,
    _ONLINE,
    _ALIASES,
    _SPLIT,
)
def review(
    diary: Path,
    output: Path,
    sheet: str | None,
    date: Any,
    day_first: bool | None,
    online: bool,
    aliases: tuple[Path, ...],
    split: bool,
) -> None:
    """Write a workbook to put right what was made of DIARY: one row for each different food text.

    What could change the figures most stands first. Choose foods and write weights in its blue
    cells, save it, and give it to analyze with --aliases; learn keeps the corrections for good.
    """
    from nutridiary.review import review as review_diary

    _refuse_to_overwrite(output, diary, *aliases)
    with _progress() as tell:
        found = review_diary(
            diary,
            sheet=sheet,
            date=date and date.date(),
            day_first=day_first,
            online=online,
            aliases=aliases,
            split=split,
            progress=tell,
        )
        found.to_excel(output)
    left_out = int((found.foods["left_out"] > 0).sum())
    click.echo(
        f"Different texts: {len(found.foods)}; {left_out} left out, {int(found.foods['needs_review'].sum())} to check."
    )
    click.echo(f"Review: {output.resolve()}")


@main.command()
@click.argument("corrections", type=click.Path(path_type=Path))
@click.option(
    "--aliases",
    required=True,
    type=click.Path(path_type=Path),
    help="The file of aliases to add to, a .csv; made if absent.",
)
@_ONLINE
def learn(corrections: Path, aliases: Path, online: bool) -> None:
    """Keep the CORRECTIONS of a reviewed workbook in a file of aliases, for every later diary."""
    import datetime

    from nutridiary.aliases import learn as learn_corrections
    from nutridiary.foods import load_foods

    learned = learn_corrections(corrections, aliases, load_foods(), on=datetime.date.today(), online=online)
    click.echo(
        f"Learned: {learned.new} new, {learned.replaced} changed, {learned.known} known already. "
        f"{aliases.name} now holds {learned.total}."
    )
    click.echo(f"Use it: nutridiary analyze diary.xlsx --aliases {aliases}", err=True)


@main.command()
@click.argument("text")
@_options(
    click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="How many foods."),
    click.option("--why", is_flag=True, help="Show what each kind of evidence adds to the score."),
    _JSON,
    _CSV,
)
def foods(text: str, top: int, why: bool, form: str | None) -> None:
    """Find foods in FoodData Central that TEXT may mean, best first."""
    from nutridiary.foods import load_foods
    from nutridiary.matching import find_candidates, match_texts
    from nutridiary.nutrients import core_nutrients

    data = load_foods()
    found = match_texts([text], data, top=top)
    found = found[found["fdc_id"].notna()]
    if why:
        table = find_candidates([text], data, top=top)
        names = found.set_index("fdc_id")["food_description"]
        table.insert(3, "food_description", table["fdc_id"].map(names))
    else:
        composition = data.composition(found["fdc_id"].astype("int64").to_list(), core_nutrients())
        table = found.merge(composition.reset_index(), on="fdc_id", how="left", validate="many_to_one")
    if form is not None:
        _print_table(table, form)
    elif found.empty:
        click.echo(f"No food found for '{_printable(text)}'. Try fewer or other words.", err=True)
    else:
        from nutridiary.report.terminal import print_evidence, print_foods

        (print_evidence if why else print_foods)(table)


@main.command()
@click.argument("lines", type=click.Path(path_type=Path))
@_options(
    click.option("--top", type=click.IntRange(1, 100), help="Print this many candidates a line, ranked."), _JSON, _CSV
)
def match(lines: Path, top: int | None, form: str | None) -> None:
    """Match each line of the CSV file LINES to a food, and weigh it.

    LINES has a column food_text, and may have amount and unit; other columns are kept. Prints
    the same rows with the food found; with --top, several rows a line, ranked.
    """
    from nutridiary.lines import match_lines

    table = match_lines(lines, top=top)
    if form is not None:
        _print_table(table, form)
    else:
        from nutridiary.report.terminal import print_lines

        print_lines(table)


def _weighed_entries(
    diary: Path,
    sheet: str | None,
    date: Any,
    day_first: bool | None,
    online: bool,
    aliases: tuple[Path, ...],
    defaults: bool,
    split: bool,
) -> pd.DataFrame:
    from nutridiary.analysis import weighed_entries

    with _progress() as tell:
        return weighed_entries(
            diary,
            sheet=sheet,
            date=date and date.date(),
            day_first=day_first,
            online=online,
            aliases=aliases,
            defaults=defaults,
            split=split,
            progress=tell,
        )


def _person(
    sex: str | None, age: float | None, birth_date: Any, pregnant: bool, lactating: bool, weight: float | None
) -> Person | None:
    """Return the person the options describe, or nobody where they say nothing."""
    from nutridiary.references import Person

    if sex is None and age is None and birth_date is None and not pregnant and not lactating and weight is None:
        return None
    if sex is None or (age is None and birth_date is None):
        raise click.UsageError("reference intakes need both --sex and --age (or --birth-date).")
    return Person(
        sex=sex,
        age_years=age,
        birth_date=birth_date and birth_date.date(),
        pregnant=pregnant,
        lactating=lactating,
        weight_kg=weight,
    )


def _refuse_to_overwrite(output: Path, diary: Path, *aliases: Path) -> None:
    for path, what in ((diary, "the diary itself"), *((path, "a file of aliases") for path in aliases)):
        if output.exists() and path.exists() and output.samefile(path):
            raise click.UsageError(f"-o {output} is {what}. Name another file.")


def _print_table(table: pd.DataFrame, form: str) -> None:
    """Print a table for a pipe. Both forms write text as it stands: they are data, not worksheets."""
    if form == "csv":
        click.echo(table.to_csv(index=False, date_format="%Y-%m-%d"), nl=False)
    else:
        click.echo(table.to_json(orient="records", date_format="iso", date_unit="s", force_ascii=False, indent=1))


def _printable(text: str) -> str:
    """Diary text may hold control characters that would command a terminal; show them as spaces."""
    return "".join(character if character.isprintable() else " " for character in text)


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """Tell the steps of long work on stderr: as a live line on a terminal, as lines elsewhere."""
    if not sys.stderr.isatty():
        yield _tell_long_work
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step, lines: status.update(f"{step} ...")


def _tell_long_work(step: str, lines: int) -> None:
    if lines >= LONG_DIARY:
        click.echo(f"{step} ({lines:,} lines) ...", err=True)
