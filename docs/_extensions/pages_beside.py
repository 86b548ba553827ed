"""Brings the pages that stand beside ``docs`` (CHANGELOG.md, data/README.md ...) into the site, links included.

On GitHub a page links to ``../CHANGELOG.md``; in the site that page is ``changelog``, and a link to any other file of
the project is its name in plain letters.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
BESIDE = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "data/README.md": "shipped_data.md"}
"""Page of the project -> the page of the site that shows it."""

_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)#\s:]+)(#[^)\s]*)?\)")


def _shown(docname: str, source: list[str]) -> str:
    """Return the text of a page: its own, or that of the page it stands for."""
    page = f"{docname}.md"
    for beside, stands_for in BESIDE.items():
        if page == stands_for:
            return (ROOT / beside).read_text(encoding="utf-8")
    return source[0]


def _links(text: str, folder: str, shown_in: str) -> str:
    """Return a page with its links to files outside of the site put right.

    Parameters
    ----------
    text : str
    folder : str
        Where the page lies in the project, which its links start from.
    shown_in : str
        Folder of the site's page, below ``docs``.
    """

    def put_right(link: re.Match[str]) -> str:
        words, target, anchor = link[1], link[2], link[3] or ""
        path = posixpath.normpath(posixpath.join(folder, target))
        if path in BESIDE:
            path = f"docs/{BESIDE[path]}"
        elif not (path.startswith("docs/") and path.endswith(".md")):
            return words if words.startswith("`") else f"{words} (`{path}`)"
        return f"[{words}]({posixpath.relpath(path, posixpath.join('docs', shown_in))}{anchor})"

    return _LINK.sub(put_right, text)


def _read(app: Sphinx, docname: str, source: list[str]) -> None:
    beside = next((path for path, page in BESIDE.items() if page == f"{docname}.md"), f"docs/{docname}.md")
    text = _links(_shown(docname, source), posixpath.dirname(beside), posixpath.dirname(docname))
    source[0] = text


def setup(app: Sphinx) -> dict[str, bool]:
    """Read those pages in place of the pages that stand for them."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True}
