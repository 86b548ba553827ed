"""The documentation site: built with warnings as errors, and nothing on its pages asks the network for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("furo")
pytest.importorskip("myst_parser")

ROOT = Path(__file__).parents[1]
FETCHED = re.compile(
    r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"((?:https?:)?//[^\"]+)\"|url\(['\"]?((?:https?:)?//[^)]+)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(folder / "doctrees"), str(ROOT / "docs"), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_site_has_every_page_and_fetches_nothing_from_elsewhere(site):
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    assert not [page for page in pages if not (site / page).exists()]
    for file in [*site.rglob("*.html"), *site.rglob("*.css")]:
        found = [first or second for first, second in FETCHED.findall(file.read_text("utf-8"))]
        assert not found, f"{file.name} fetches {found}"


def test_site_shows_what_is_generated_from_the_program(site):
    assert "--leave-out-incomplete" in (site / "command_line.html").read_text("utf-8")
    assert "one of nutridiary.comparison.VERDICTS" in (site / "tables.html").read_text("utf-8")
    assert "<math" in (site / "formulas.html").read_text("utf-8")
    assert "10.17226/9956" in (site / "formulas.html").read_text("utf-8")


def test_pages_beside_the_documentation_are_in_the_site(site):
    assert "<h1>" in (site / "changelog.html").read_text("utf-8")
    assert "foods.sqlite" in (site / "shipped_data.html").read_text("utf-8")
    assert "How to add" in (site / "contributing.html").read_text("utf-8")
