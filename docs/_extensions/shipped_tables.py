"""Shows what tables are made of: a fence named {tables}, with the names of tables in it, one a line."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from nutridiary import tables
from nutridiary.tables import Table


def _row(cells: Iterable[str], *, code_first: bool = False) -> nodes.row:
    row = nodes.row()
    for number, text in enumerate(cells):
        entry = nodes.entry()
        words = nodes.literal(text, text) if code_first and number == 0 else nodes.Text(text)
        entry += nodes.paragraph("", "", words)
        row += entry
    return row


def _columns_of(table: Table) -> nodes.table:
    widths = (24, 12, 10, 60)
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    head, body = nodes.thead(), nodes.tbody()
    head += _row(("column", "type", "unit", "meaning"))
    body += [_row((c.name, c.dtype, c.unit, c.meaning), code_first=True) for c in table.columns]
    group += [head, body]
    shown = nodes.table()
    shown += group
    return shown


class ShippedTables(SphinxDirective):
    """The columns of some tables, each below its name."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a section a table."""
        found: list[nodes.Node] = []
        for name in (line.strip() for line in self.content if line.strip()):
            table = getattr(tables, name)
            section = nodes.section(ids=[name.lower()])
            section += nodes.title(name, name)
            key = ", ".join(table.key)
            section += nodes.paragraph("", f"One row is: {table.row}. Key: {key}.")
            section += _columns_of(table)
            found.append(section)
        return found


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the fence known."""
    app.add_directive("tables", ShippedTables)
    return {"parallel_read_safe": True}
