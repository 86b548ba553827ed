"""The shipped tables: each is listed with its origin, unchanged since, and small enough."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from nutridiary.data_files import data_file, data_folder
from nutridiary.nutrients import load_nutrients

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def build_data():
    """tools/build_data.py as a module; dataclasses look their module up by name while it is made."""
    spec = importlib.util.spec_from_file_location("build_data", ROOT / "tools" / "build_data.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_data"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["build_data"]


@pytest.fixture
def copy(build_data, tmp_path):
    """A copy of the listed tables with an index that fits them."""
    folder, listed = tmp_path / "data", build_data.read_contents(data_folder())
    for row in listed:
        target = folder / row["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data_folder() / row["file"], target)
    shutil.copy(data_folder() / "contents.csv", folder)
    (folder / "README.md").write_text(build_data.render(folder))
    assert build_data.problems(folder) == []
    return folder


def test_index_lists_every_shipped_table_with_its_true_size_and_sha256(build_data):
    assert build_data.problems(data_folder()) == []


def test_changed_table_no_longer_fits_the_index(build_data, copy):
    with (copy / "nutrients.csv").open("a") as stream:
        stream.write("x\n")
    assert build_data.problems(copy) == ["data/README.md is not what the tables say. Run: python tools/build_data.py"]


def test_table_nobody_listed_is_named(build_data, copy):
    (copy / "new.csv").write_text("a\n1\n")
    assert [problem.split(":")[0] for problem in build_data.problems(copy)] == ["data/new.csv"]


def test_listed_table_that_is_absent_is_named(build_data, copy):
    (copy / "units.txt").unlink()
    assert build_data.problems(copy) == ["data/units.txt: listed in data/contents.csv, but not there."]


def test_shipped_tables_stay_within_15_megabytes(build_data, copy):
    total = sum(path.stat().st_size for path in data_folder().rglob("*") if path.is_file())
    assert total <= 15_000_000
    (copy / "units.txt").write_bytes(bytes(15_000_000))
    assert "more than the 15,000,000" in build_data.problems(copy)[0]


def test_every_listed_table_says_what_it_is_and_under_which_licence(build_data):
    for row in build_data.read_contents(data_folder()):
        assert row["what"], row["file"]
        assert row["licence"], row["file"]
        assert not row["built_by"] or (ROOT / row["built_by"]).is_file(), row["built_by"]


def test_every_csv_table_is_utf8_with_rows_as_wide_as_its_header():
    for path in sorted(data_folder().rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert len(set(header)) == len(header), path
        assert rows, path
        assert {len(row) for row in rows} == {len(header)}, path


def test_database_has_the_nutrients_of_the_nutrient_table_in_its_order():
    with closing(sqlite3.connect(data_file("fdc", "foods.sqlite"))) as database:
        stored = database.execute("SELECT nutrient, unit, fdc_nutrient_id FROM nutrient ORDER BY position").fetchall()
        columns = [row[1] for row in database.execute("PRAGMA table_info(composition)")]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    nutrients = load_nutrients()
    expected = zip(nutrients.index, nutrients["unit"], nutrients["fdc_nutrient_id"], strict=True)
    assert stored == list(expected)
    assert columns == ["fdc_id", *nutrients.index]


def test_nutrients_name_each_id_and_fndds_column_once():
    nutrients = load_nutrients()
    others = nutrients["alternative_nutrient_ids"].dropna().str.split(";").explode().astype(int)
    ids = [*nutrients["fdc_nutrient_id"], *others]
    assert len(set(ids)) == len(ids)
    assert nutrients["fndds_column"].dropna().is_unique
    assert nutrients["fndds_column"].notna().sum() == 65


def test_nutrient_ids_numbers_and_units_agree_with_fooddata_central():
    published = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), index_col="fdc_nutrient_id", dtype={2: "str"})
    nutrients = load_nutrients()
    of_id = published.loc[nutrients["fdc_nutrient_id"]]
    assert of_id["unit"].str.casefold().to_list() == nutrients["unit"].str.casefold().to_list()
    numbers = pd.to_numeric(of_id["fdc_nutrient_number"]).to_list()
    assert numbers == pd.to_numeric(nutrients["fdc_nutrient_number"]).to_list()
