"""Check the documentation: every link leads somewhere, headings included; every command shown exists with its options.

    python tools/check_docs.py

Exits 1 and lists what is wrong.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import click

from nutridiary.cli import main as command_line

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\s*(?:\$ )?(nutridiary .+)$", re.MULTILINE)


def pages(root: Path = ROOT) -> list[Path]:
    """Return every Markdown page of the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "data").rglob("*.md")])


def anchors(page: Path) -> set[str]:
    """Return what links can say of the headings of `page`, as GitHub and the site name them."""
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in _HEADING.findall(text)}


def broken_links(page: Path) -> list[str]:
    """Return the links of `page` to files, or to headings of pages, that are not there."""
    wrong = []
    for link, heading in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        target = page.parent / link if link else page
        if not target.exists():
            wrong.append(link)
        elif heading and target.suffix == ".md" and heading not in anchors(target):
            wrong.append(f"{link}#{heading}")
    return wrong


def named(words: list[str]) -> tuple[click.Command | None, list[str]]:
    """Return the command that words begin with, looked for in groups of commands too, and the words after it."""
    command: click.Command | None = command_line
    while isinstance(command, click.Group) and words:
        command, words = command.commands.get(words[0]), words[1:]
    return command, words


def unknown_commands(page: Path) -> list[str]:
    """Return the ``nutridiary`` commands shown on `page` whose name or options do not exist."""
    wrong = []
    code = "\n".join(_CODE.findall(page.read_text(encoding="utf-8")))
    for shown in _COMMAND.findall(code):
        command, words = named(shlex.split(shown.split("  #")[0], comments=True)[1:])
        known = {option for parameter in command.params for option in parameter.opts} if command else set()
        options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        if command is None or options - known - {"--help", "--month-first"}:
            wrong.append(shown)
    return wrong


def main() -> int:
    """Print what is wrong, page by page."""
    wrong = 0
    for page in pages():
        for found in [*broken_links(page), *unknown_commands(page)]:
            print(f"{page.relative_to(ROOT)}: {found}")
            wrong += 1
    print(f"{len(pages())} pages, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
