"""The command that serves the web page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from nutridiary.cli.options import FILE, options
from nutridiary.errors import NutridiaryError


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
    click.option("--open/--no-open", "open_browser", default=True, help="Open the page in your browser."),
)
def web(token_file: Path | None, workers: int | None, open_browser: bool, **said: Any) -> None:
    """Serve a web page to upload a diary, put the matches right and take the report.

    Only this machine can see it, and nothing leaves it. Stop it with Ctrl-C; what was uploaded goes with it.
    """
    from nutridiary.web import serve
    from nutridiary.web.settings import Settings

    if workers is not None:
        said["workers"] = workers
    settings = Settings(token=_token(token_file), **said)

    def tell(address: str) -> None:
        click.echo(f"Open {address} in a browser. Stop with Ctrl-C.")

    serve(settings, open_browser=open_browser, tell=tell)


def _token(file: Path | None) -> str | None:
    """Return the token of a file or of the environment; an argument would be seen by everybody on the machine."""
    if file is None:
        return os.environ.get("NUTRIDIARY_WEB_TOKEN") or None
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NutridiaryError(f"{file}: the token cannot be read. Write it in a text file, and name that.") from error
