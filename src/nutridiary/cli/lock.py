"""The command that writes a lock, and the option that holds an analysis to one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nutridiary.cli.options import (
    DE_IDENTIFY,
    DEFAULTS,
    EDITION,
    FILE,
    FILL_IN,
    LEAVE_OUT,
    NUTRIENTS,
    READING,
    REFERENCE,
    VALUES,
    WISHES,
    options,
)
from nutridiary.cli.person import BODY, PERSON, take_person
from nutridiary.cli.shell import progress, refuse_to_overwrite

_BESIDE = "beside the diary"
LOCKED = click.option(
    "--locked",
    is_flag=False,
    flag_value=_BESIDE,
    metavar="[=LOCK]",
    help="Refuse to run on anything but what LOCK says: a lock, or any report [nutridiary.lock beside DIARY].",
)


def take_locked(locked: str | None, diary: tuple[Path, ...]) -> Path | None:
    """Return which file an analysis is held to; None where to none.

    Raises
    ------
    click.UsageError
        If there is no such file.
    """
    from nutridiary.lock import LOCK_FILE

    if locked is None:
        return None
    path = diary[0].parent / LOCK_FILE if locked == _BESIDE else Path(locked)
    if not path.is_file():
        raise click.UsageError(
            f"--locked: there is no {path}. Write one with: nutridiary lock DIARY; or name a lock or a report: "
            "--locked=report.xlsx"
        )
    return path


@click.command()
@click.argument("diary", type=FILE, nargs=-1)
@options(
    click.option("--of", "report", type=FILE, help="Take the lock out of this report instead, of any form."),
    click.option("-o", "--output", type=FILE, help="Write it here; - prints it [nutridiary.lock beside DIARY]."),
    *PERSON,
    *BODY,
    REFERENCE,
    EDITION,
    NUTRIENTS,
    FILL_IN,
    VALUES,
    *READING,
    DEFAULTS,
    LEAVE_OUT,
    *WISHES,
    DE_IDENTIFY,
)
def lock(
    diary: tuple[Path, ...], report: Path | None, output: Path | None, aliases: tuple[Path, ...], **settings: Any
) -> None:
    """Write the lock of what `analyze` with the same options rests on, so that it can be held to it: --locked.

    It says which program, food data, reference figures, aliases and options; not who ate, or what, but for the numbers
    of products that had to be looked up. With --of REPORT the lock of a report is printed, or written where -o says.
    """
    from nutridiary.lock import LOCK_FILE, read_lock

    if (report is None) == (not diary):
        raise click.UsageError("Give a DIARY, or --of REPORT.")
    if report is not None:
        found = read_lock(report)
        _write(found.text, output)
        return
    from nutridiary.analysis.locking import lock_diary

    person = take_person(settings)
    place = diary[0].parent / LOCK_FILE if output is None else output
    refuse_to_overwrite(place, diary, aliases)
    settings["nutrients"] = settings["nutrients"] or None
    with progress() as tell:
        found = lock_diary(diary, person, aliases=aliases, progress=tell, **settings)
    _write(found.file_text, place)
    if str(place) != "-":
        click.echo(f"Lock: {found.in_short}")
        click.echo(f"Written: {place.resolve()}")


def _write(text: str, place: Path | None) -> None:
    from nutridiary.report.private_files import write_private

    if place is None or str(place) == "-":
        click.echo(text, nl=False)
    else:
        write_private(place, text.encode())
