"""Shows what a command of the command line says of itself: a fence named {command-help}, with the command in it."""

from __future__ import annotations

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from nutridiary.cli import main

WIDTH = 88


class CommandHelp(SphinxDirective):
    """The help of one command, or of all of them together."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the help as a block of text."""
        name = "".join(self.content).strip().removeprefix("nutridiary").strip()
        command: click.Command = main
        for word in name.split():
            assert isinstance(command, click.Group)
            command = command.commands[word]
        context = click.Context(command, info_name=f"nutridiary {name}".strip(), terminal_width=WIDTH)
        text = command.get_help(context)
        return [nodes.literal_block(text, text, language="text")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the fence known."""
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True}
