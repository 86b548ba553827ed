"""Branded foods come with an update where they are asked for, stay through later ones, and are told otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bulk_server import serving
from nutridiary.errors import FoodDataError
from nutridiary.fdc.branded import open_branded
from nutridiary.fdc.installed import BRANDED, FOODS, INDEX, release_file, release_manifest
from nutridiary.releases import update
from nutridiary.releases.connection import Connection
from nutridiary.releases.status import foods_in_use, release_status
from official_layout import BrandedProduct, some_foods, write_csv_release, zipped
from small_updates import BASE, NEXT, TODAY, foundation_zip, user_with_base

pytestmark = pytest.mark.usefixtures("folders")
BARCODE = "00829696000619"
POTASSIUM, ENERGY = 1092, 1008


def branded_zip(folder: Path, date: str = NEXT, *, products: int = 3) -> Path:
    made = [
        BrandedProduct(
            fdc_id=2_000_000 + number,
            description=f"OAT BAR {number}",
            values={POTASSIUM: 200 + number, ENERGY: 400},
            brand_owner="Made Up Mills",
            gtin_upc=BARCODE if number == 0 else "",
            serving_size=40,
            serving_size_unit="g",
        )
        for number in range(products)
    ]
    return zipped(write_csv_release(folder, branded=made, date=date))


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A user's data folder with a small release in use."""
    return user_with_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def folders(tmp_path, monkeypatch, base):
    monkeypatch.setenv("NUTRIDIARY_DATA", str(shutil.copytree(base, tmp_path / "data")))
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def server():
    with serving() as bulk:
        yield bulk


def found() -> list[str]:
    return open_branded().by_barcode([int(BARCODE)])["description"].to_list()


def test_update_with_branded_foods_finds_them_by_barcode_and_keeps_the_other_foods(tmp_path):
    before = release_file(FOODS).read_bytes()
    done = update([branded_zip(tmp_path)], branded=True, today=TODAY)
    assert (done.release, done.is_new) == (NEXT, True)
    assert found() == ["OAT BAR 0"]
    assert release_file(FOODS).read_bytes() == before
    row = release_manifest()["releases"][-1]
    assert (row["data_type"], row["foods"], row["carried_over_from"]) == ("branded_food", 3, None)
    assert set(release_manifest()["databases"]) == {FOODS, INDEX, BRANDED}


def test_later_update_without_branded_keeps_those_that_are_there_in_no_more_room(tmp_path):
    update([branded_zip(tmp_path, "2025-12-18")], branded=True, today=TODAY)
    before = release_file(BRANDED)
    update([foundation_zip(tmp_path)], today=TODAY)
    assert found() == ["OAT BAR 0"]
    assert release_file(BRANDED).samefile(before)
    assert release_manifest()["releases"][-1]["carried_over_from"] == "2025-12-18"
    assert [row["data_type"] for row in foods_in_use()][-1] == "branded_food"


def test_branded_foods_that_nobody_asked_for_are_left_aside_and_told(tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    shutil.move(branded_zip(tmp_path), folder)
    foundation_zip(folder)
    done = update([folder], today=TODAY)
    assert any("branded foods that are there were left aside; --branded" in remark for remark in done.remarks)
    assert open_branded() is None


def test_branded_foods_alone_without_asking_for_them_is_told(tmp_path):
    with pytest.raises(FoodDataError, match=r"branded foods only\. To have them: nutridiary fdc update --branded"):
        update([branded_zip(tmp_path)])


def test_collection_of_all_types_gives_what_is_asked_for(tmp_path):
    foods = some_foods([173944], ["sr_legacy_food"])
    product = BrandedProduct(fdc_id=2_000_000, description="OAT BAR 0", values={ENERGY: 400}, gtin_upc=BARCODE)
    path = zipped(write_csv_release(tmp_path, foods, branded=[product]))
    update([path], today=TODAY, force=True)
    assert open_branded() is None
    assert update([path], branded=True, today=TODAY, force=True).is_new
    assert found() == ["OAT BAR 0"]


def test_fewer_than_half_the_branded_foods_are_refused(tmp_path):
    update([branded_zip(tmp_path, "2025-12-18", products=10)], branded=True, today=TODAY)
    with pytest.raises(FoodDataError, match=r"2 foods, 10 in Branded Foods 2025-12-18.*--force"):
        update([branded_zip(tmp_path, products=2)], branded=True, today=TODAY)
    assert found() == ["OAT BAR 0"]


def test_page_gives_newer_branded_foods_only_where_asked_and_tells_them_otherwise(tmp_path, server):
    update([branded_zip(tmp_path, "2025-12-18")], branded=True, today=TODAY)
    path = branded_zip(tmp_path)
    server.put(path.name, path.read_bytes())
    page = server.page(path.name)
    connection = Connection(sleep=lambda seconds: None)
    done = update(page=page, connection=connection, today=TODAY)
    assert any(f"Branded foods of {NEXT} are there; --branded" in remark for remark in done.remarks)
    assert update(page=page, branded=True, connection=connection, today=TODAY).release == NEXT
    assert not update(page=page, branded=True, connection=connection, today=TODAY).is_new
    assert server.bytes_sent_for(path.name) == [""]


def test_status_lists_branded_foods_with_their_database(tmp_path):
    update([branded_zip(tmp_path)], branded=True, today=TODAY)
    release = next(release for release in release_status().releases if release.is_in_use)
    assert release.problem == ""
    assert release.databases[BRANDED]["bytes"] == release_file(BRANDED).stat().st_size
    assert release_status().releases[1].name == BASE
