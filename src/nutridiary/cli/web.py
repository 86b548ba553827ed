"""The command that serves the web page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from nutridiary.cli.options import FILE, options
from nutridiary.errors import NutridiaryError

_MEGABYTE = 2**20
_FOLDER = click.Path(exists=True, file_okay=False, writable=True, path_type=Path)


@click.command()
@options(
    click.option("--host", default="127.0.0.1", show_default=True, help="Listen here; any other needs a token."),
    click.option(
        "--port", type=click.IntRange(0, 65535), default=0, help="Listen on this port; a free one by default."
    ),
    click.option("--token-file", type=FILE, help="The token people must type, in a file; or NUTRIDIARY_WEB_TOKEN."),
    click.option("--name", "names", multiple=True, help="A name the server may be called by; may be repeated."),
    click.option("--https", is_flag=True, help="Browsers reach it through a proxy that speaks https."),
    click.option("--workers", type=click.IntRange(1, 64), help="Processes that work on diaries; one for each core."),
    click.option("--folder", type=_FOLDER, help="Keep open diaries in here, for example in memory: /dev/shm."),
    click.option("--most-mb", type=click.IntRange(1, 500), help="Of one upload.  [default: 20]"),
    click.option("--most-rows", type=click.IntRange(1, 200_000), help="Of one diary.  [default: 20000]"),
    click.option(
        "--most-seconds", type=click.IntRange(1, 3600), help="That one step of one diary may take.  [default: 60]"
    ),
    click.option(
        "--most-upload-seconds", type=click.IntRange(1, 3600), help="That one upload may take.  [default: 120]"
    ),
    click.option(
        "--most-memory-mb", type=click.IntRange(256, 65_536), help="That one worker may take.  [default: 1536]"
    ),
    click.option("--most-diaries", type=click.IntRange(1, 100), help="Open at a time, of one visitor.  [default: 10]"),
    click.option("--most-visitors", type=click.IntRange(1, 10_000), help="At a time.  [default: 200]"),
    click.option("--most-connections", type=click.IntRange(10, 10_000), help="At a time.  [default: 500]"),
    click.option(
        "--kept-minutes", type=click.IntRange(1, 1440), help="Diaries are kept after the last look.  [default: 60]"
    ),
    click.option(
        "--patience",
        type=click.FloatRange(0.1, 30.0),
        help="Seconds before a page says that work goes on.  [default: 2]",
    ),
    click.option("--open/--no-open", "open_browser", default=True, help="Open the page in your browser."),
)
def web(token_file: Path | None, open_browser: bool, **said: Any) -> None:
    """Serve a web page to upload a diary, put the matches right and take the report.

    Only this machine can see it, and nothing leaves it. Stop it with Ctrl-C; what was uploaded goes with it.
    """
    from nutridiary.web import serve
    from nutridiary.web.settings import Settings

    settings = Settings(token=_token(token_file), **_in_our_units(said))

    def tell(address: str) -> None:
        click.echo(f"Open {address} in a browser. Stop with Ctrl-C.")

    serve(settings, open_browser=open_browser, tell=tell)


def _in_our_units(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said, as `Settings` takes it: in bytes and seconds; what was not said is left to it."""
    scales = {
        "most_mb": ("most_bytes", _MEGABYTE),
        "most_memory_mb": ("most_memory", _MEGABYTE),
        "kept_minutes": ("kept_seconds", 60),
    }
    found = {}
    for option, value in said.items():
        if value is not None:
            name, scale = scales.get(option, (option, None))
            found[name] = value if scale is None else value * scale
    return found


def _token(file: Path | None) -> str | None:
    """Return the token of a file or of the environment; an argument would be seen by everybody on the machine."""
    if file is None:
        return os.environ.get("NUTRIDIARY_WEB_TOKEN") or None
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NutridiaryError(f"{file}: the token cannot be read. Write it in a text file, and name that.") from error
