"""The command that writes a diary as it was understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nutridiary.cli.options import DE_IDENTIFY, DEFAULTS, DIARY, FILE, READING, options
from nutridiary.cli.person import BODY, PERSON, take_person
from nutridiary.cli.shell import progress, refuse_to_overwrite


@click.command()
@DIARY
@options(
    click.option(
        "-o", "--output", type=FILE, default=Path("corrected.xlsx"), show_default=True, help="Write the workbook here."
    ),
    *PERSON,
    *BODY,
    *READING,
    DEFAULTS,
    DE_IDENTIFY,
)
def correct(
    diary: tuple[Path, ...],
    output: Path,
    aliases: tuple[Path, ...],
    split: bool,
    defaults: bool,
    **settings: Any,
) -> None:
    """Write DIARY as it was understood, with your corrections in it, as a workbook that can be read again.

    Each line has its food and its grams, lines of several foods are apart, and what is left out says why. Analysing
    it gives the intakes that DIARY with its --aliases gives.
    """
    from nutridiary.analysis import read_inputs
    from nutridiary.report.corrected_diary import write_corrected

    person = take_person(settings)
    refuse_to_overwrite(output, diary, aliases)
    with progress() as tell:
        tell("reading the diary", 0)
        inputs = read_inputs(diary, person, aliases=aliases, **settings)
        write_corrected(inputs, output, defaults=defaults, split=split, progress=tell)
    click.echo(f"Corrected diary: {output.resolve()}")
