"""References of docstrings keep their numbers: many on one page would else share them."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

_ENTRY = re.compile(r"^(\s*)\.\. \[(\d+)\] ")
_CITED = re.compile(r"\[(\d+)\]_")
AFTER_NAPOLEON = 600


def _numbered(app: Sphinx, what: str, name: str, found: Any, options: Any, lines: list[str]) -> None:
    lines[:] = [_CITED.sub(r"[\1]", _ENTRY.sub(r"\1-  [\2] ", line)) for line in lines]


def setup(app: Sphinx) -> dict[str, bool]:
    """Turn footnotes of docstrings into a list with the same numbers."""
    app.connect("autodoc-process-docstring", _numbered, priority=AFTER_NAPOLEON)
    return {"parallel_read_safe": True}
