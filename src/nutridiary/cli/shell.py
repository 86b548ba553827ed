"""What every command needs of a shell: plain errors, tables for pipes, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nutridiary.errors import LockError, NutridiaryError

if TYPE_CHECKING:
    import pandas as pd

# Lines of a diary from which on the steps are told even where nobody watches a terminal.
LONG_DIARY = 5_000


class Commands(click.Group):
    """A group whose commands end with one clear line, never a traceback, when they cannot go on."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; say what went wrong in one line."""
        try:
            return super().invoke(ctx)
        except LockError as error:
            # The one error of several lines: each thing that is not as locked has its own.
            click.echo("nutridiary: " + "\n".join(map(printable, str(error).split("\n"))), err=True)
            ctx.exit(2)
        except NutridiaryError as error:
            click.echo(f"nutridiary: {printable(str(error))}", err=True)
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


def refuse_to_overwrite(output: Path, diaries: Iterable[Path], aliases: Iterable[Path]) -> None:
    """Refuse an output that is one of the files read."""
    read = [*((path, "the diary itself") for path in diaries), *((path, "a file of aliases") for path in aliases)]
    for path, what in read:
        if output.exists() and path.exists() and output.samefile(path):
            raise click.UsageError(f"-o {output} is {what}. Name another file.")


def print_table(table: pd.DataFrame, form: str) -> None:
    """Print a table for a pipe. Both forms write text as it stands: they are data, not worksheets."""
    if form == "csv":
        click.echo(table.to_csv(index=False, date_format="%Y-%m-%d"), nl=False)
    else:
        click.echo(table.to_json(orient="records", date_format="iso", date_unit="s", force_ascii=False, indent=1))


def printable(text: str) -> str:
    """Diary text may hold control characters that would command a terminal; show them as spaces."""
    return "".join(character if character.isprintable() else " " for character in text)


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
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
