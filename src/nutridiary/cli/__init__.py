"""The command line: arguments in, tables out. No arithmetic lives here.

What a command prints on stdout is its result (a table for people, or ``--json``/``--csv`` for
pipes); progress and remarks go to stderr. Exit codes: 0 done, 1 ``check`` found problems,
2 it cannot go on, with one line that says why.
"""

from nutridiary.cli.commands import main

__all__ = ["main"]
