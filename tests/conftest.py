"""Shared by the tests: programs and material that may be absent, and never silently so."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from nutridiary.analysis import Analysis
    from web_visits import Visit

# How long an example takes says how busy the machine is; times are measured in bench/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# No test reads, or leaves anything in, the folders of whoever runs it; servers the tests start inherit these.
for variable in ("NUTRIDIARY_DATA", "NUTRIDIARY_CACHE"):
    os.environ[variable] = tempfile.mkdtemp(prefix="nutridiary-tests-")
    atexit.register(shutil.rmtree, os.environ[variable], ignore_errors=True)
# Nor does any reach the network by accident, or use a key of whoever runs it.
os.environ["FDC_API_KEY"] = ""
os.environ["NUTRIDIARY_FDC_URL"] = "http://127.0.0.1:1/fdc/v1"

NO_SKIP = "NUTRIDIARY_NO_SKIP"
MakeReport = Callable[["Analysis"], Path]


def skip_or_fail(reason: str) -> None:
    """Skip the running test and say why; fail it instead where the environment asks for every test."""
    if os.environ.get(NO_SKIP):
        pytest.fail(f"{reason}, and {NO_SKIP} is set")
    pytest.skip(reason)


def require_program(name: str) -> str:
    """Return the path of a program, or skip the test because it is not installed."""
    found = shutil.which(name)
    if found is None:
        skip_or_fail(f"{name} is not installed")
    return str(found)


class Office:
    """LibreOffice without a window, with a profile of its own so that parallel runs do not meet."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder

    def convert(self, path: Path, to: str) -> Path:
        """Convert a file to `to` ('xlsx', 'pdf', or 'csv:...' with filter options); return the new file or folder."""
        suffix = to.partition(":")[0]
        target = self._folder / f"converted-{suffix}"
        command = [
            self._program,
            f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(target),
            str(path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stderr
        single = target / f"{path.stem}.{suffix}"
        return single if single.exists() else target


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice, or a skip that says it is not installed."""
    return Office(require_program("soffice"), tmp_path_factory.mktemp("office"))


@pytest.fixture
def report(tmp_path: Path) -> MakeReport:
    """Write the workbook of an analysis, as report.xlsx in the test's folder."""
    from nutridiary.report.excel import to_excel

    return lambda analysis: to_excel(analysis, tmp_path / "report.xlsx")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, or a skip that says it is not installed."""
    program = require_program("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("playwright is not installed")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def web_address() -> Iterator[str]:
    """Where a server of the web page runs, one for all tests of a process."""
    from web_visits import served

    with served("--workers", "2") as address:
        yield address


@pytest.fixture
def visit(web_address: str) -> Iterator[Visit]:
    """A new visitor of the web page."""
    from web_visits import Visit

    with Visit(web_address) as visit:
        yield visit


@pytest.fixture(scope="session")
def analyses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Analysis]:
    """One analysis of each kind of diary that a page is tested with."""
    from html_pages import analyses_of_diaries

    return analyses_of_diaries(tmp_path_factory.mktemp("diaries"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden tables be written anew."""
    parser.addoption("--update-golden", action="store_true", help="write tests/data/golden/*.entries.csv anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden tables are to be written anew."""
    return bool(request.config.getoption("--update-golden"))
