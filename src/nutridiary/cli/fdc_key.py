"""The commands about the key for looking foods up at FoodData Central. None of them shows the key."""

from __future__ import annotations

import sys

import click

from nutridiary.cli.options import options
from nutridiary.cli.shell import Commands, printable


@click.group(cls=Commands)
def key() -> None:
    """The key for looking foods up at FoodData Central, which is free.

    It is looked for in the environment (FDC_API_KEY), in a file (named in FDC_API_KEY_FILE, else that of "key set")
    and in the keyring. Without one, the demonstration key is used: 30 calls an hour, 50 a day, for everybody behind
    one address.
    """


@key.command("set")
@options(click.option("--keyring", "in_keyring", is_flag=True, help="Keep it in the system's keyring, not in a file."))
def keep(in_keyring: bool) -> None:
    """Keep a key for later runs: it is asked for, and not shown; or read from a pipe."""
    from nutridiary.fdc.api.key import SIGN_UP, keep_key

    if sys.stdin.isatty():
        click.echo(f"A key is given at {SIGN_UP}", err=True)
        secret = click.prompt("Key", hide_input=True, err=True)
    else:
        # A key that was an argument would stand in the shell's history and in the list of processes.
        secret = sys.stdin.readline(4096)
    click.echo(f"Kept in {printable(keep_key(secret, in_keyring=in_keyring))}. Try it with: nutridiary fdc key test")


@key.command()
def where() -> None:
    """Say where the key in use comes from."""
    from nutridiary.fdc.api.key import key_remark, key_source

    click.echo(printable(key_source()))
    if remark := key_remark():
        click.echo(printable(remark), err=True)


@key.command()
def remove() -> None:
    """Remove the key that was kept, from its file and from the keyring."""
    from nutridiary.fdc.api.key import forget_key, key_source

    gone = forget_key()
    click.echo(f"Removed from {printable(' and '.join(gone))}." if gone else "No key was kept.")
    click.echo(f"Used from now on: the key from {printable(key_source())}", err=True)


@key.command()
def test() -> None:
    """Make one call with the key in use, and say how many are left."""
    from nutridiary.fdc.api import FdcClient, key_source

    with FdcClient() as client:
        left = client.check_key()
        click.echo(f"The key from {printable(key_source())}, works: {left}.")
        for remark in client.remarks:
            click.echo(printable(remark), err=True)
