"""Check the documentation: every link leads somewhere, every command shown exists with its options.

    python tools/check_docs.py

Exits 1 and lists what is wrong.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from nutridiary.cli import main as command_line

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\s*(?:\$ )?(nutridiary .+)$", re.MULTILINE)


def pages(root: Path = ROOT) -> list[Path]:
    """Return every Markdown page of the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "data").rglob("*.md")])


def broken_links(page: Path) -> list[str]:
    """Return the links of `page` to files that are not there."""
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    return [link for link in local if not (page.parent / link).exists()]


def unknown_commands(page: Path) -> list[str]:
    """Return the ``nutridiary`` commands shown on `page` whose name or options do not exist."""
    wrong = []
    code = "\n".join(_CODE.findall(page.read_text(encoding="utf-8")))
    for shown in _COMMAND.findall(code):
        name, *words = shlex.split(shown.split("  #")[0], comments=True)[1:] or [""]
        command = command_line.commands.get(name)
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
