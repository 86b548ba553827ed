"""The commands."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nutridiary import __version__
from nutridiary.cli.correct import correct
from nutridiary.cli.fdc import fdc
from nutridiary.cli.lock import LOCKED, lock, take_locked
from nutridiary.cli.options import (
    DE_IDENTIFY,
    DEFAULTS,
    DIARY,
    EDITION,
    FILE,
    FILL_IN,
    FORM,
    LEAVE_OUT,
    NUTRIENTS,
    ONLINE,
    READING,
    REFERENCE,
    VALUES,
    WISHES,
    options,
)
from nutridiary.cli.person import BODY, PERSON, take_person
from nutridiary.cli.references import references
from nutridiary.cli.shell import Commands, print_table, printable, progress, refuse_to_overwrite
from nutridiary.cli.web import web
from nutridiary.tables import numbered_lines

if TYPE_CHECKING:
    import pandas as pd


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nutridiary")
def main() -> None:
    """Read a food diary and compare its nutrients with reference intakes."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows "?" instead of ending the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


main.add_command(references)
main.add_command(correct)
main.add_command(lock)
main.add_command(web)
main.add_command(fdc)


@main.command()
@DIARY
@options(
    *PERSON,
    *BODY,
    REFERENCE,
    EDITION,
    NUTRIENTS,
    FILL_IN,
    click.option(
        "-o",
        "--output",
        "outputs",
        type=FILE,
        multiple=True,
        help="Write the report here, by its ending: .xlsx, .html, .json, .zip (a bundle) [report.xlsx]. Repeatable.",
    ),
    click.option("--live", is_flag=True, help="Totals and comparisons of the workbook are formulas over its lines."),
    LOCKED,
    VALUES,
    *READING,
    DEFAULTS,
    LEAVE_OUT,
    *WISHES,
    DE_IDENTIFY,
    *FORM,
)
def analyze(
    diary: tuple[Path, ...],
    nutrients: tuple[str, ...],
    outputs: tuple[Path, ...],
    live: bool,
    form: str | None,
    aliases: tuple[Path, ...],
    locked: str | None,
    **settings: Any,
) -> None:
    """Analyse DIARY, of one file or several: write the report and print the summary.

    With --json or --csv the comparison is printed for a pipe, and a report is written only
    where -o names one.
    """
    from nutridiary.analysis import analyze as analyze_diary
    from nutridiary.report.outputs import check_form, write_report

    person = take_person(settings)
    if not outputs and form is None:
        outputs = (Path("report.xlsx"),)
    forms = dict.fromkeys(output.suffix.casefold() for output in outputs)
    in_bundle = tuple(form for form in forms if form != ".zip") or (".xlsx",)
    if live and not (outputs and ".xlsx" in in_bundle):
        raise click.UsageError("--live is about a workbook: name one, -o report.xlsx.")
    for output in outputs:
        check_form(output, (".zip",))
        refuse_to_overwrite(output, diary, aliases)
    asked = {"nutrients": nutrients or None, "aliases": aliases, "locked": take_locked(locked, diary), **settings}
    with progress() as tell:
        analysis = analyze_diary(diary, person, progress=tell, **asked)
        for output in outputs:
            tell(f"writing {output.name}", len(analysis.entries))
            if output.suffix.casefold() == ".zip":
                from nutridiary.bundle import write_bundle

                write_bundle(output, analysis, diary, person, forms=in_bundle, live=live, **asked)
            else:
                write_report(analysis, output, live=live)
    for remark in analysis.looked_up.remarks if analysis.looked_up else ():
        click.echo(printable(remark), err=True)
    if form is not None:
        print_table(analysis.comparison, form)
        if left_out := int(analysis.day_checks["left_out"].sum()):
            of_all = f"{left_out} of {len(analysis.day_checks)} recorded days may be incomplete and are left out"
            click.echo(f"{of_all}, as asked for. A workbook (-o) says why.", err=True)
    else:
        from nutridiary.report.terminal_summary import print_summary

        print_summary(analysis)
    for output in outputs:
        click.echo(f"Report: {output.resolve()}", err=form is not None)


@main.command()
@click.argument("bundle", type=FILE)
@options(
    click.option("-o", "--output", "folder", type=FILE, help="Write the reports made again into this folder."), ONLINE
)
def reproduce(bundle: Path, folder: Path | None, online: bool) -> None:
    """Make the reports of BUNDLE again from the diary in it, and compare each byte by byte.

    BUNDLE is what `nutridiary analyze -o bundle.zip` wrote. Exits 1 if a report differs.
    """
    from nutridiary.bundle import reproduce as make_again

    with progress() as tell:
        found = make_again(bundle, folder=folder, online=online, progress=tell)
    for report in found.reports:
        click.echo(printable(f"{report.name}: {'same' if report.same else f'differs: {report.why}'}"))
    sys.exit(0 if found.same else 1)


@main.command()
@DIARY
@options(VALUES, *READING, DEFAULTS, *FORM)
def check(diary: tuple[Path, ...], form: str | None, **reading: Any) -> None:
    """Say what each file of DIARY was read as, and list the lines that are not counted, each with its reason.

    Rows left aside for the same reason are listed together; --csv and --json give each.

    Exits 1 if a line of food could not be counted.
    """
    from nutridiary.analysis import check as check_diary
    from nutridiary.analysis.checking import gathered

    with progress() as tell:
        checked = check_diary(diary, progress=tell, **reading)
    if form is not None:
        print_table(checked.remarks, form)
    else:
        told = set()
        for source, said, note in checked.files[["source", "said", "note"]].astype("object").to_numpy().tolist():
            click.echo(printable(f"{source}: {said}"))
            # What was assumed about a workbook stands beside each of its sheets.
            about = (source.partition(":")[0], note)
            if isinstance(note, str) and about not in told:
                click.echo(printable(f"  {note}"))
            told.add(about)
        for remark in gathered(checked.remarks):
            click.echo(printable(remark))
        _print_totals(checked.totals)
        click.echo(
            f"Lines read: {checked.lines}; {checked.problems} with a problem, {checked.to_confirm} matched but to be "
            "confirmed.",
            err=True,
        )
        if checked.problems or checked.to_confirm:
            files = " ".join(map(str, diary))
            click.echo(f"To put foods and weights right: nutridiary review {printable(files)}", err=True)
    sys.exit(1 if checked.problems else 0)


@main.command()
@DIARY
@options(VALUES, *READING, DEFAULTS, *FORM)
def entries(diary: tuple[Path, ...], form: str | None, **reading: Any) -> None:
    """Print every line of DIARY with its food, weight, problem and notes."""
    table = numbered_lines(_weighed_entries(diary, **reading))
    if form is not None:
        print_table(table, form)
    else:
        from nutridiary.report.terminal import print_entries

        print_entries(table)


@main.command()
@DIARY
@options(
    click.option(
        "-o", "--output", type=FILE, default=Path("review.xlsx"), show_default=True, help="Write the workbook here."
    ),
    *READING,
    DEFAULTS,
)
def review(diary: tuple[Path, ...], output: Path, aliases: tuple[Path, ...], **reading: Any) -> None:
    """Write a workbook to put right what was made of DIARY: one row for each different food text.

    What could change the figures most stands first. Choose foods and write weights in its blue
    cells, save it, and give it to analyze with --aliases; learn keeps the corrections for good.
    """
    from nutridiary.review import review as review_diary

    refuse_to_overwrite(output, diary, aliases)
    with progress() as tell:
        found = review_diary(diary, aliases=aliases, progress=tell, **reading)
        found.to_excel(output)
    left_out = int((found.foods["left_out"] > 0).sum())
    click.echo(
        f"Different texts: {len(found.foods)}; {left_out} left out, {int(found.foods['needs_review'].sum())} to check."
    )
    click.echo(f"Review: {output.resolve()}")


@main.command()
@options(*FORM)
def formats(form: str | None) -> None:
    """List the formats of food diaries that are read, by the names --format takes."""
    from nutridiary.diary import formats as known_formats

    table = known_formats()
    if form is not None:
        print_table(table, form)
    else:
        from nutridiary.report.terminal import print_formats

        print_formats(table)


@main.command()
@click.argument("corrections", type=FILE)
@click.option(
    "--aliases",
    required=True,
    type=FILE,
    help="The file of aliases to add to, a .csv; made if absent.",
)
@ONLINE
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
@options(
    click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="How many foods."),
    click.option("--why", is_flag=True, help="Show what each kind of evidence adds to the score."),
    click.option("--branded", is_flag=True, help="Find products of brands, as far as they are installed."),
    *FORM,
)
def foods(text: str, top: int, why: bool, branded: bool, form: str | None) -> None:
    """Find foods in FoodData Central that TEXT may mean, best first.

    A number below the bars of a package finds the product, in every version of its label.
    """
    from nutridiary.barcodes import read_barcode
    from nutridiary.foods import load_foods

    if branded or read_barcode(text).gtin is not None:
        if why:
            raise click.UsageError("--why is about matching a text to foods, not about products of brands.")
        _print_products(text, top, form)
        return
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
        print_table(table, form)
    elif found.empty:
        click.echo(f"No food found for '{printable(text)}'. Try fewer or other words.", err=True)
    else:
        from nutridiary.report.terminal import print_evidence, print_foods

        (print_evidence if why else print_foods)(table)


@main.command()
@click.argument("lines", type=FILE)
@options(click.option("--top", type=click.IntRange(1, 100), help="Print this many candidates a line, ranked."), *FORM)
def match(lines: Path, top: int | None, form: str | None) -> None:
    """Match each line of the CSV file LINES to a food, and weigh it.

    LINES has a column food_text, and may have amount and unit; other columns are kept. Prints
    the same rows with the food found; with --top, several rows a line, ranked.
    """
    from nutridiary.lines import match_lines

    table = match_lines(lines, top=top)
    if form is not None:
        print_table(table, form)
    else:
        from nutridiary.report.terminal import print_lines

        print_lines(table)


def _print_products(text: str, top: int, form: str | None) -> None:
    """Print the products of a barcode, or of words."""
    from nutridiary.analysis.sources import branded_beside
    from nutridiary.brands.listing import list_products
    from nutridiary.errors import FoodDataError
    from nutridiary.foods import load_foods

    branded = branded_beside(load_foods())
    if branded is None:
        raise FoodDataError(
            "no branded foods are installed with the release in use, so no product can be found. "
            "Get them with: nutridiary fdc update --branded"
        )
    table = list_products(text, branded, top=top)
    if form is not None:
        print_table(table, form)
    elif table.empty:
        click.echo(f"No product found for '{printable(text)}' in {branded.release}.", err=True)
    else:
        from nutridiary.report.terminal import print_products

        print_products(table)


def _print_totals(totals: pd.DataFrame) -> None:
    """Say whether the lines of an export add up to its own totals, and where they do not."""
    compared = totals[totals["agrees"].notna()]
    if compared.empty:
        return
    for row in compared[~compared["agrees"].astype("bool")].itertuples():
        who = f"{row.person_id}, " if isinstance(row.person_id, str) else ""
        click.echo(
            printable(
                f"{who}{row.date:%Y-%m-%d}: {row.nutrient}: the lines add up to {row.sum_of_lines:.6g} {row.unit}, "
                f"the export's own total is {row.own_total:.6g} {row.unit}"
            )
        )
    agree = int(compared["agrees"].sum())
    click.echo(f"Totals of the export: {agree} of {len(compared)} agree with the lines.")


def _weighed_entries(diary: tuple[Path, ...], **reading: Any) -> pd.DataFrame:
    from nutridiary.analysis import weighed_entries

    with progress() as tell:
        return weighed_entries(diary, progress=tell, **reading)
