"""Files that tell of somebody's health."""

from __future__ import annotations

import os

import pytest

from nutridiary.errors import NutridiaryError
from nutridiary.report.private_files import write_private


def test_write_private_leaves_a_new_file_to_its_owner_alone(tmp_path):
    path = write_private(tmp_path / "report.json", b"{}")
    assert path.read_bytes() == b"{}"
    assert path.stat().st_mode & 0o777 == 0o600


def test_write_private_keeps_the_permissions_of_a_file_it_replaces(tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644


def test_write_private_leaves_the_old_file_whole_and_nothing_beside_it_when_replacing_fails(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "rename", _full)
    monkeypatch.setattr(os, "replace", _full)
    with pytest.raises(NutridiaryError, match=r"cannot be written \(No space left on device\)"):
        write_private(path, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("report.json", b"old")]


def test_write_private_names_the_folder_that_is_missing(tmp_path):
    with pytest.raises(NutridiaryError, match="there is no folder"):
        write_private(tmp_path / "nowhere" / "report.json", b"")


def test_write_private_asks_for_a_file_where_a_folder_is_named(tmp_path):
    with pytest.raises(NutridiaryError, match=r"this is a folder\. Name a file in it"):
        write_private(tmp_path, b"")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may change any file")
def test_write_private_does_not_replace_a_file_that_may_not_be_changed(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    path.chmod(0o400)
    with pytest.raises(NutridiaryError, match="may not be changed"):
        write_private(path, b"new")


def _full(*_args, **_options):
    raise OSError(28, "No space left on device")
