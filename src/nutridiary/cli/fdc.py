"""The commands about the food data itself: what is installed, what is newer, which release is in use."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from nutridiary.cli.fdc_diff import diff
from nutridiary.cli.fdc_key import key
from nutridiary.cli.options import options
from nutridiary.cli.shell import Commands, printable
from nutridiary.errors import FoodDataError

if TYPE_CHECKING:
    from nutridiary.releases import Status

NEXT_LINE_AFTER = 5.0
"""Between lines that tell how far a download is where no terminal shows it. [s]"""


@click.group(cls=Commands)
def fdc() -> None:
    """Food data: which release is in use, newer ones, the key for looking foods up."""


fdc.add_command(diff)
fdc.add_command(key)


@fdc.command()
@options(
    click.option(
        "--from",
        "sources",
        multiple=True,
        metavar="FOLDER|ZIP|URL",
        help="Take the official files from here, instead of the official download page. Repeatable.",
    ),
    click.option("--branded", is_flag=True, help="Install the branded foods too: 2 million, a download of 0.5 GB."),
    click.option("--force", is_flag=True, help="Install foods although their number is far from that before."),
    click.option("--quiet", is_flag=True, help="Do not tell how far it is."),
)
def update(sources: tuple[str, ...], branded: bool, force: bool, quiet: bool) -> None:
    """Install a newer release of FoodData Central and put it in use.

    Without --from, the files that are newer than those in use are downloaded from fdc.nal.usda.gov. An update that is
    interrupted goes on where it stopped; the release in use works all the while, and stays installed.
    """
    from nutridiary.releases import update as update_foods

    with _how_far(quiet) as progress:
        try:
            done = update_foods(sources, branded=branded, force=force, progress=progress)
        except KeyboardInterrupt:
            click.echo("Interrupted. The release in use is as before; update again to go on.", err=True)
            sys.exit(130)
    for remark in done.remarks:
        click.echo(printable(remark), err=True)
    if done.release == done.before:
        click.echo(f"In use, as before: {done.release}")
        return
    how = "built" if done.is_new else "was installed already"
    click.echo(f"In use now: {done.release} ({how}). Before: {done.before}.")
    click.echo(f"What changed: nutridiary fdc diff {done.before} {done.release}", err=True)
    click.echo(f"To go back: nutridiary fdc use {done.before}", err=True)


@fdc.command()
@options(
    click.option("--check", is_flag=True, help="Ask the official download page whether there is anything newer."),
    click.option("--json", "as_json", is_flag=True, help="Print it for a pipe."),
)
def status(check: bool, as_json: bool) -> None:
    """Show which food data is installed and in use.

    Exits 1 if the release in use cannot be read.
    """
    from nutridiary.fdc.api.key import key_source
    from nutridiary.releases import release_status

    unknown = None
    try:
        found = release_status(check=check, key=key_source())
    except FoodDataError as error:  # of the page: what is here is shown all the same
        found, unknown = release_status(key=key_source()), error
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
    else:
        _print_status(found)
    if unknown is not None:
        raise unknown
    sys.exit(1 if found.problem else 0)


@fdc.command()
@click.argument("release")
def use(release: str) -> None:
    """Put RELEASE in use: one that `nutridiary fdc status` lists, or "embedded"."""
    from nutridiary.releases import use_release

    before = use_release(release)
    click.echo(f"In use now: {release}. Before: {before}.")


@fdc.command()
@click.argument("release")
def remove(release: str) -> None:
    """Remove RELEASE, which is installed and not in use."""
    from nutridiary.releases import remove_release

    remove_release(release)
    click.echo(f"Removed: {release}")


def _print_status(found: Status) -> None:
    from nutridiary.releases.progress import in_bytes

    for release in found.releases:
        words = [f"{release.name}{' (in use)' if release.is_in_use else ''}"]
        words += [f"installed {release.made}"] if release.made else []
        size = sum(database["bytes"] for database in release.databases.values())
        words += [in_bytes(size)] if size else []
        click.echo(printable(", ".join(words)))
        for row in release.data_types:
            carried = f", carried over from {row['carried_over_from']}" if row.get("carried_over_from") else ""
            dated = f", published {row['published']}" if row.get("published") else ""
            click.echo(printable(f"  {row['release']}: {row['foods']:,} foods{dated}{carried}"))
        for name, database in release.databases.items():
            click.echo(printable(f"  {name}: {in_bytes(database['bytes'])}, sha256 {database['sha256'][:12]}..."))
        if release.problem:
            click.echo(printable(f"  {release.problem}"))
    if found.problem and not any(release.is_in_use for release in found.releases):
        click.echo(printable(f"In use: {found.in_use}. {found.problem}"))
    for part in found.unfinished:
        of = f" of {in_bytes(part['of'])}" if part["of"] else ""
        click.echo(printable(f"Interrupted download: {part['file']}, {in_bytes(part['bytes'])}{of}"))
    click.echo(printable(f"Releases lie in: {found.data_folder}"))
    click.echo(printable(f"Downloads and answers lie in: {found.cache_folder} ({in_bytes(found.cache_bytes)})"))
    click.echo(printable(f"Key for looking foods up: {found.key}"))
    for lost in found.set_aside:
        count = f"{lost['set_aside']} of {lost['entries']:,} entries"
        click.echo(printable(f"Without a food in this release: {count} of {lost['table']}, first {lost['first']!r}"))
    if found.newer is not None:
        for file in found.newer:
            click.echo(printable(f"Newer: {file['data_type']} of {file['date']}: {file['address']}"))
        click.echo("Install it: nutridiary fdc update" if found.newer else "Nothing newer is there.")


@contextmanager
def _how_far(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Tell on stderr how far an update is: a bar on a terminal, now and then a line elsewhere."""
    if quiet:
        yield lambda step, done, of: None
    elif not sys.stderr.isatty():
        yield _Lines().tell
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

        from nutridiary.releases.progress import amount

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[amount]}"))
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bars:
            steps: dict[str, TaskID] = {}  # each has its own, so that the time left is that of the step

            def show(step: str, done: int, of: int) -> None:
                if step not in steps:
                    for task in steps.values():
                        bars.update(task, visible=False)
                    steps[step] = bars.add_task(printable(step), total=None, amount="")
                bars.update(steps[step], completed=done, total=of or None, amount=amount(step, done, of), visible=True)

            yield show


class _Lines:
    """Lines that tell of each step once, and of a long one now and then."""

    def __init__(self) -> None:
        self._step, self._told = "", 0.0

    def tell(self, step: str, done: int, of: int) -> None:
        from nutridiary.releases.progress import amount

        now = time.monotonic()
        if step == self._step and now - self._told < NEXT_LINE_AFTER:
            return
        if step == self._step and of:
            click.echo(f"{printable(step)}: {amount(step, done, of)}", err=True)
        elif step != self._step:
            click.echo(f"{printable(step)} ...", err=True)
        self._step, self._told = step, now
