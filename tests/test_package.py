"""What a user gets who installs the wheel, in an empty folder and with nothing else around."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import openpyxl
import pytest

import nutridiary

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy of the sources, as a release would."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Unpack the wheel where nothing of the checkout is in sight; return what runs its command there."""
    home = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(home)
    empty = tmp_path_factory.mktemp("empty")
    libraries = sysconfig.get_paths()["purelib"]
    # -S leaves out the environment's own links to the checkout; the libraries are named instead.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(home), libraries])}

    def run(*words):
        start = "import sys; from nutridiary.cli import main; main(sys.argv[1:])"
        command = [sys.executable, "-S", "-c", start, *words]
        return subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True, check=False)

    return home, empty, run


def test_wheel_runs_from_an_empty_folder_and_finds_its_data(installed):
    home, empty, run = installed
    where = run("--version")
    assert nutridiary.__version__ in where.stdout
    diary = home / "nutridiary" / "data" / "diaries" / "example.xlsx"
    done = run("analyze", str(diary), "--sex", "female", "--age", "34", "-o", "report.xlsx")
    assert done.returncode == 0, done.stderr
    assert "Magnesium" in done.stdout
    assert openpyxl.load_workbook(empty / "report.xlsx").sheetnames[0] == "Summary"


def test_wheel_holds_every_shipped_table_and_nothing_of_the_checkout(wheel):
    shipped = {
        path.relative_to(ROOT / "data").as_posix()
        for path in (ROOT / "data").rglob("*")
        if path.is_file() and not path.name.startswith(("~", "."))
    }
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name.removeprefix("nutridiary/data/") for name in names if name.startswith("nutridiary/data/")}
    assert inside == shipped
    assert not [name for name in names if name.startswith(("tests/", "tools/", "bench/"))]


def test_public_names_are_all_there():
    for name in nutridiary.__all__:
        assert getattr(nutridiary, name).__module__.startswith("nutridiary.")
    assert set(nutridiary.__all__) == set(nutridiary._HOME)


def test_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="analyse"):
        nutridiary.analyse  # noqa: B018
