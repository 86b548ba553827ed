"""An update installs what is newer, keeps what was there, and says what it did."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulk_server import BulkServer, serving
from nutridiary.analysis import analyze
from nutridiary.cli import main
from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import (
    EMBEDDED,
    FOODS,
    INDEX,
    installed_releases,
    release_in_use,
    release_manifest,
    releases_folder,
    using_release,
)
from nutridiary.foods import load_foods
from nutridiary.releases import release_status, remove_release, update, use_release
from nutridiary.releases.connection import Connection
from nutridiary.releases.folder import downloads_folder
from nutridiary.releases.status import foods_in_use
from small_updates import BASE, KALE, NEXT, TODAY, contents, foundation_zip, sr_legacy_zip, user_with_base
from web_visits import Visit, served

pytestmark = pytest.mark.usefixtures("folders")
IMPATIENT = Connection(sleep=lambda seconds: None)


@pytest.fixture
def folders(tmp_path, monkeypatch, base):
    """Folders of a user whose names have spaces and umlauts, with a small release in use."""
    monkeypatch.setenv("NUTRIDIARY_DATA", str(shutil.copytree(base, tmp_path / "Däten of mine")))
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "Zwischen speicher"))


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A user's data folder with a small release in use."""
    return user_with_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def server():
    with serving() as bulk:
        yield bulk


def run(*arguments: str):
    return CliRunner().invoke(main, ["fdc", *arguments])


def potassium(foods=None) -> float:
    return float((foods or load_foods()).composition([KALE], ["potassium"]).loc[KALE, "potassium"])


def offered(server: BulkServer, *zips: Path) -> str:
    """Put files up and return the address of the page that names them."""
    for path in zips:
        server.put(path.name, path.read_bytes())
    return server.page(*[path.name for path in zips])


# --- From files on this machine ------------------------------------------------------------------------


def test_update_from_zip_installs_it_and_puts_it_in_use(tmp_path):
    assert potassium() == 348.25
    done = update([foundation_zip(tmp_path)], today=TODAY)
    assert (done.release, done.before, done.is_new) == (NEXT, BASE, True)
    assert potassium() == 999.5
    assert installed_releases() == [BASE, NEXT]


def test_update_carries_other_data_types_over(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    foods = load_foods().foods()
    assert sorted(foods["release"].unique()) == ["FNDDS 2021-2023", f"Foundation Foods {NEXT}", "SR Legacy 2018-04"]
    carried = {row["data_type"]: row["carried_over_from"] for row in release_manifest()["releases"]}
    assert carried == {"foundation_food": None, "survey_fndds_food": BASE, "sr_legacy_food": BASE}


def test_update_from_folder_that_holds_several_zips_reads_each(tmp_path):
    folder = tmp_path / "downloads of mine"
    folder.mkdir()
    foundation_zip(folder)
    sr_legacy_zip(folder)
    (folder / "notes.txt").write_text("nothing to read", encoding="utf-8")
    update([folder], today=TODAY)
    assert {file["file"].split("_csv_")[0] for file in release_manifest()["files"]} == {
        "FoodData_Central_foundation_food",
        "FoodData_Central_sr_legacy_food",
    }


def test_manifest_states_files_and_databases_with_sha256_and_no_path(tmp_path):
    path = foundation_zip(tmp_path)
    update([path], today=TODAY)
    manifest = release_manifest()
    [file] = manifest["files"]
    assert (file["file"], file["address"], file["bytes"]) == (path.name, "", path.stat().st_size)
    of_files = contents(releases_folder() / NEXT)
    assert {name: database["sha256"] for name, database in manifest["databases"].items()} == {
        name: of_files[name] for name in (FOODS, INDEX)
    }
    assert str(tmp_path) not in json.dumps(manifest)
    assert manifest["made"] == "2026-05-01"


def test_update_with_the_same_file_again_builds_nothing_and_keeps_it_in_use(tmp_path):
    path = foundation_zip(tmp_path)
    update([path], today=TODAY)
    use_release(BASE)
    done = update([path], today=TODAY)
    assert (done.release, done.is_new, release_in_use()) == (NEXT, False, NEXT)
    assert installed_releases() == [BASE, NEXT]


def test_update_with_another_file_of_the_same_date_gets_another_name(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    first = contents(releases_folder() / NEXT)
    other = update([foundation_zip(tmp_path, potassium="1")], today=TODAY)
    assert other.release.startswith(f"{NEXT}-")
    assert potassium() == 1
    assert contents(releases_folder() / NEXT) == first


def test_update_route_does_not_change_the_bytes(tmp_path):
    both = [foundation_zip(tmp_path), sr_legacy_zip(tmp_path)]
    at_once = update(both, today=TODAY).release
    bytes_at_once = contents(releases_folder() / at_once)[FOODS]
    remove_it(at_once)
    update([both[1]], today=TODAY)
    after_another = update([both[0]], today=TODAY).release
    assert contents(releases_folder() / after_another)[FOODS] == bytes_at_once


def remove_it(name: str) -> None:
    use_release(BASE)
    remove_release(name)


def test_update_with_far_fewer_foods_is_refused_unless_forced(tmp_path):
    many = foundation_zip(tmp_path, "2026-01-01", foods=10)
    update([many], today=TODAY, force=True)
    few = foundation_zip(tmp_path, NEXT)
    with pytest.raises(FoodDataError, match=r"2 foods, 10 in Foundation Foods 2026-01-01.*--force"):
        update([few], today=TODAY)
    assert release_in_use() == "2026-01-01"
    assert update([few], today=TODAY, force=True).release == NEXT


@pytest.mark.parametrize("today", [dt.date(1970, 1, 1), dt.date(2999, 12, 31)])
def test_update_on_a_machine_whose_clock_is_wrong_is_the_same_but_for_the_day(tmp_path, today):
    path = foundation_zip(tmp_path)
    assert update([path], today=TODAY).release == NEXT
    right = {name: value for name, value in release_manifest().items() if name != "made"}
    remove_it(NEXT)
    assert update([path], today=today).release == NEXT
    assert {name: value for name, value in release_manifest().items() if name != "made"} == right


def test_update_from_what_may_not_be_read_says_so(tmp_path, monkeypatch):
    path = foundation_zip(tmp_path)
    reading = Path.open

    def refuse(self, *how, **more):
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return reading(self, *how, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FoodDataError, match=r"2026-04-30\.zip: cannot be read \(Permission denied\)"):
        update([path], today=TODAY)


def test_update_from_two_versions_of_one_data_type_asks_which(tmp_path):
    (tmp_path / "two").mkdir()
    foundation_zip(tmp_path / "two", "2025-12-18")
    foundation_zip(tmp_path / "two", NEXT)
    with pytest.raises(FoodDataError, match=r"foundation_food is in 2 places: .*2025-12-18.*2026-04-30"):
        update([tmp_path / "two"])


def test_update_branded_without_a_branded_file_says_so(tmp_path):
    with pytest.raises(FoodDataError, match="no branded foods there"):
        update([foundation_zip(tmp_path)], branded=True)


@pytest.mark.parametrize("what", ["nothing", "empty folder", "text"])
def test_update_from_what_is_no_release_says_what_was_expected(tmp_path, what):
    place = tmp_path / "here"
    if what == "empty folder":
        place.mkdir()
    elif what == "text":
        place = tmp_path / "here.zip"
        place.write_text("hello", encoding="utf-8")
    with pytest.raises(FoodDataError, match=r"here.*(not found|no release|not a zip)"):
        update([place])
    assert release_in_use() == BASE


def test_old_releases_are_kept_and_told(tmp_path):
    for date in ("2025-06-01", "2025-09-01", "2025-12-18"):
        done = update([foundation_zip(tmp_path, date)], today=TODAY)
    assert installed_releases() == [BASE, "2025-06-01", "2025-09-01", "2025-12-18"]
    assert f"nutridiary fdc remove {BASE}" in done.remarks[-1]
    assert "remove 2025-09-01" not in done.remarks[-1]


# --- From the download page ----------------------------------------------------------------------------


def test_update_downloads_only_what_is_newer(tmp_path, server):
    page = offered(server, foundation_zip(tmp_path), sr_legacy_zip(tmp_path))
    done = update(page=page, connection=IMPATIENT, today=TODAY)
    assert done.release == NEXT
    assert potassium() == 999.5
    assert server.bytes_sent_for("sr_legacy_food_csv_2018-04.zip") == []
    [file] = release_manifest()["files"]
    assert file["address"] == f"{server.url}/fdc-datasets/FoodData_Central_foundation_food_csv_{NEXT}.zip"
    assert list(downloads_folder().iterdir()) == []


def test_update_again_says_nothing_newer_and_downloads_nothing(tmp_path, server):
    page = offered(server, foundation_zip(tmp_path))
    update(page=page, connection=IMPATIENT, today=TODAY)
    server.asked.clear()
    done = update(page=page, connection=IMPATIENT, today=TODAY)
    assert (done.release, done.is_new) == (NEXT, False)
    assert any("Nothing newer is there" in remark for remark in done.remarks)
    assert [method for method, *_ in server.asked] == ["GET"]


def test_update_of_what_is_installed_but_not_in_use_puts_it_in_use_without_a_download(tmp_path, server):
    page = offered(server, foundation_zip(tmp_path))
    update(page=page, connection=IMPATIENT, today=TODAY)
    use_release(BASE)
    server.asked.clear()
    done = update(page=page, connection=IMPATIENT, today=TODAY)
    assert (done.release, done.before, done.is_new, release_in_use()) == (NEXT, BASE, False, NEXT)
    assert server.bytes_sent_for(".zip") == []


def test_update_takes_the_newest_of_several_versions_on_the_page(tmp_path, server):
    files = [foundation_zip(tmp_path, date, potassium=amount) for date, amount in (("2025-12-18", "7"), (NEXT, "8"))]
    update(page=offered(server, *reversed(files)), connection=IMPATIENT, today=TODAY)
    assert potassium() == 8


def test_download_that_holds_something_else_than_its_name_says_is_refused_and_not_kept(tmp_path, server):
    name = f"FoodData_Central_foundation_food_csv_{NEXT}.zip"
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    told = {sr_legacy_zip(tmp_path): "holds sr_legacy_food, not what its name says"}
    told[tmp_path / "empty.zip"] = "holds no foods of FoodData Central"
    for path, what in told.items():
        server.put(name, path.read_bytes())
        with pytest.raises(FoodDataError, match=rf"{server.url}/fdc-datasets/{name}: {what}"):
            update(page=server.page(name), connection=IMPATIENT, today=TODAY)
        assert not list(downloads_folder().glob("*.zip"))
        assert release_in_use() == BASE


def test_foods_that_are_older_than_those_in_use_are_installed_and_told(tmp_path):
    newer = update([foundation_zip(tmp_path)], today=TODAY)
    older = update([foundation_zip(tmp_path, "2025-12-18", potassium="7")], today=TODAY)
    told = "Older than before: Foundation Foods 2025-12-18. Before: Foundation Foods 2026-04-30."
    assert potassium() == 7
    assert (told in older.remarks, told in newer.remarks) == (True, False)
    assert not any(remark.startswith("Older than") for remark in newer.remarks)


def test_update_from_address_of_a_zip(tmp_path, server):
    path = foundation_zip(tmp_path)
    address = server.put(path.name, path.read_bytes())
    update([f"{address}?token=secret"], connection=IMPATIENT, today=TODAY)
    assert potassium() == 999.5
    assert "secret" not in json.dumps(release_manifest())


def test_page_without_official_files_names_the_manual_way(server):
    with pytest.raises(FoodDataError, match=r"names no official file.*nutridiary fdc update --from FOLDER"):
        update(page=server.page(), connection=IMPATIENT)


def test_newer_branded_foods_are_told_where_they_are_installed_only(tmp_path, server):
    names = [f"FoodData_Central_branded_food_csv_{NEXT}.zip", foundation_zip(tmp_path).name]
    server.put(names[1], (tmp_path / names[1]).read_bytes())
    done = update(page=server.page(*names), connection=IMPATIENT, today=TODAY)
    assert not any("randed" in remark for remark in done.remarks)


# --- Choosing ------------------------------------------------------------------------------------------


def test_use_goes_back_and_forth(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    assert run("use", BASE).output == f"In use now: {BASE}. Before: {NEXT}.\n"
    assert potassium() == 348.25
    use_release(EMBEDDED)
    assert len(load_foods().foods()) == 13565


def test_use_of_unknown_release_names_those_there_are():
    done = run("use", "2025-04-25")
    assert done.exit_code == 2
    assert f"Installed: embedded, {BASE}. Did you mean '{BASE}'?" in done.stderr


@pytest.mark.parametrize("name", ["../../etc", ".", "", "releases/../2025-04-24"])
def test_use_takes_no_path(name):
    with pytest.raises(FoodDataError, match="no release"):
        use_release(name)


def test_using_release_holds_within_its_block_only(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    with using_release(BASE):
        assert potassium() == 348.25
    assert potassium() == 999.5


def test_remove_refuses_the_one_in_use_and_the_embedded_one():
    for name in (BASE, EMBEDDED):
        with pytest.raises(FoodDataError, match=r"in use|stays"):
            remove_release(name)
    assert installed_releases() == [BASE]


def test_removed_release_is_gone_and_the_others_work(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    assert run("remove", BASE).exit_code == 0
    assert [path.name for path in releases_folder().iterdir()] == [NEXT]
    assert potassium() == 999.5


def test_release_in_use_that_was_deleted_by_hand_is_told_and_an_update_builds_on_the_embedded_one(
    tmp_path, monkeypatch
):
    for path in (releases_folder() / BASE).iterdir():
        path.unlink()
    with pytest.raises(FoodDataError, match=r"no release '2025-04-24'.*fdc use embedded"):
        load_foods()
    built_on = []

    def built(generic, branded, base, **asked):
        built_on.append(base.name)
        return EMBEDDED, False

    monkeypatch.setattr(importlib.import_module("nutridiary.releases.update"), "build_release", built)
    done = update([foundation_zip(tmp_path)], today=TODAY)
    assert built_on == [EMBEDDED]
    assert done.remarks[0].startswith(f"Built on the embedded release, because {BASE} cannot be read")


def test_in_use_file_that_is_damaged_is_told_not_guessed():
    (releases_folder().parent / "in_use").write_bytes(b"\xff\xfe")
    with pytest.raises(FoodDataError, match=r"in_use: cannot be read"):
        release_in_use()
    assert run("use", EMBEDDED).exit_code == 0
    assert release_in_use() == EMBEDDED


# --- Status --------------------------------------------------------------------------------------------


def test_status_shows_each_release_its_sources_and_which_is_in_use(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    shown = run("status").output
    assert f"{NEXT} (in use), installed 2026-05-01" in shown
    assert f"  Foundation Foods {NEXT}: 2 foods, published {NEXT}" in shown
    assert f"  FNDDS 2021-2023: 3 foods, published 2024-10-31, carried over from {BASE}" in shown
    digest = release_manifest()["databases"][FOODS]["sha256"]
    assert f"sha256 {digest[:12]}" in shown
    assert "embedded, " in shown


def test_status_as_json_holds_the_same(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    found = json.loads(run("status", "--json").output)
    assert found["in_use"] == NEXT
    assert [release["name"] for release in found["releases"]] == [EMBEDDED, BASE, NEXT]
    assert found["newer"] is None


def test_status_check_lists_what_is_newer(tmp_path, server):
    page = offered(server, foundation_zip(tmp_path), sr_legacy_zip(tmp_path))
    found = release_status(check=True, page=page, connection=IMPATIENT)
    assert [(file["data_type"], file["date"]) for file in found.newer] == [("foundation_food", NEXT)]


def test_status_that_cannot_check_for_newer_ones_shows_the_rest_and_says_so(monkeypatch):
    def unreachable(*asked, **how):
        raise FoodDataError("no connection")

    monkeypatch.setattr("nutridiary.releases.status.newer_files", unreachable)
    done = run("status", "--check")
    assert done.exit_code == 2
    assert f"{BASE} (in use)" in done.stdout
    assert done.stderr == "nutridiary: no connection\n"


def test_status_tells_a_release_whose_files_were_changed():
    (releases_folder() / BASE / INDEX).write_bytes(b"other")
    done = run("status")
    assert done.exit_code == 1
    assert "not as it was built" in done.output


def test_foods_in_use_are_those_of_the_release_in_use(tmp_path):
    update([foundation_zip(tmp_path)], today=TODAY)
    assert [(row["release"], row["foods"]) for row in foods_in_use()] == [
        ("FNDDS 2021-2023", 3),
        (f"Foundation Foods {NEXT}", 2),
        ("SR Legacy 2018-04", 1),
    ]


# --- The command line ----------------------------------------------------------------------------------


def test_update_command_says_what_is_in_use_now_and_how_to_go_back(tmp_path):
    done = run("update", "--from", str(foundation_zip(tmp_path)))
    assert done.exit_code == 0
    assert done.stdout == f"In use now: {NEXT} (built). Before: {BASE}.\n"
    assert f"nutridiary fdc use {BASE}" in done.stderr
    assert f"reading foundation_food {NEXT} ..." in done.stderr


def test_update_command_is_quiet_where_asked(tmp_path):
    done = run("update", "--quiet", "--from", str(foundation_zip(tmp_path)))
    assert "reading" not in done.stderr
    assert done.stdout.startswith("In use now")


def test_update_command_from_address_of_a_page(tmp_path, server):
    page = offered(server, foundation_zip(tmp_path))
    assert run("update", "--from", page).stdout.startswith(f"In use now: {NEXT}")


def test_diary_is_analysed_with_the_foods_of_the_release_in_use(tmp_path):
    diary = tmp_path / "diary.csv"
    diary.write_text("date,food,amount,unit\n2026-01-01,Kale made up,100,g\n", encoding="utf-8")
    update([foundation_zip(tmp_path)], today=TODAY)
    intakes = analyze(diary).intakes.set_index("nutrient")
    assert intakes.loc["potassium", "amount"] == 999.5


def test_about_page_of_the_web_shows_the_release_in_use():
    with served("--workers", "1") as address, Visit(address) as visit:
        page = visit.get("/about").text
    assert f"This is release {BASE}" in page
    assert "Foundation Foods 2025-04-24: basic foods, analysed one by one. 2 foods." in page
