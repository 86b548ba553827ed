"""The releases the shipped tables were built from, imported by an update, give them again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from conftest import skip_or_fail
from nutridiary.data_files import data_file
from nutridiary.fdc.installed import FOODS, INDEX, release_file
from nutridiary.releases import update

SHARED = Path(__file__).resolve().parents[2] / "shared" / "fdc"


def test_foundation_zip_and_fndds_workbooks_imported_again_give_the_shipped_tables_byte_for_byte(tmp_path, monkeypatch):
    if not SHARED.is_dir():
        skip_or_fail(f"{SHARED} is not there")
    monkeypatch.setenv("NUTRIDIARY_DATA", str(tmp_path))
    done = update([SHARED / "foundation", SHARED / "fndds_2021-2023"], today=dt.date(2026, 5, 1))
    assert release_file(FOODS, done.release).read_bytes() == data_file("fdc", FOODS).read_bytes()
    assert release_file(INDEX, done.release).read_bytes() == data_file(INDEX).read_bytes()
