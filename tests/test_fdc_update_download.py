"""A server that breaks off, refuses, lies or is somebody else's: the file comes whole, or a message says why not."""

from __future__ import annotations

import contextlib
import io
import json
import random
import socket
import threading
import zipfile
from collections import namedtuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_server import serving
from nutridiary.errors import FoodDataError
from nutridiary.releases import connection
from nutridiary.releases.connection import MOST_TRIES, Connection, check_address
from nutridiary.releases.download import download, look_up, unfinished
from nutridiary.releases.faults import check_room
from nutridiary.releases.official import newest_files
from nutridiary.releases.zips import check_zip

NAME = "FoodData_Central_foundation_food_csv_2026-04-30.zip"
PATH = f"/fdc-datasets/{NAME}"


def packed(seed: int = 1, length: int = 400_000) -> bytes:
    """A zip whose content cannot be made smaller, so that it takes several pieces."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("food.csv"), random.Random(seed).randbytes(length))
    return buffer.getvalue()


CONTENT, OTHER = packed(1), packed(2)


@pytest.fixture
def server():
    with serving() as bulk:
        bulk.put(NAME, CONTENT)
        yield bulk


class Asleep:
    """A sleep that takes no time and remembers how long it would have been."""

    def __init__(self):
        self.seconds = []

    def __call__(self, seconds):
        self.seconds.append(seconds)


@pytest.fixture
def sleep():
    return Asleep()


def fetch(server, folder, sleep=None, **how):
    return download(server.url + PATH, folder, connection=Connection(sleep=sleep or Asleep(), **how))


def test_download_comes_whole_with_its_sha256(server, tmp_path):
    came = fetch(server, tmp_path)
    assert came.path.read_bytes() == CONTENT
    assert (came.bytes, came.address) == (len(CONTENT), server.url + PATH)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_download_broken_off_goes_on_where_it_stopped(server, tmp_path):
    server.faults[PATH].extend(["cut:100000", "cut:150000"])
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT
    assert server.bytes_sent_for(NAME) == ["", "bytes=100000-", "bytes=250000-"]


@pytest.mark.parametrize("what", ["no ranges", "no validators", "etag changed"])
def test_download_starts_anew_where_the_rest_cannot_be_had(server, tmp_path, what):
    server.faults[PATH].append("cut:100000")
    asked_first = server.asked
    if what == "no ranges":
        server.ranges = False
    elif what == "no validators":
        server.validators = False

    def change_meanwhile(seconds):
        if what == "etag changed":
            server.put(NAME, OTHER)

    came = fetch(server, tmp_path, change_meanwhile)
    assert came.path.read_bytes() == (OTHER if what == "etag changed" else CONTENT)
    assert len(asked_first) == 3


def test_part_of_another_file_is_never_put_together_with_what_came_before(server, tmp_path):
    server.faults[PATH].append("cut:100000")
    server.keeps_if_range = False
    came = fetch(server, tmp_path, lambda seconds: server.put(NAME, OTHER))
    assert came.path.read_bytes() == OTHER
    assert server.bytes_sent_for(NAME) == ["", "bytes=100000-", ""]


def test_download_of_the_wrong_part_is_never_put_together(server, tmp_path):
    server.faults[PATH].extend(["cut:100000", "wrong_part"])
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize("fault", [500, 502, 503, 504, 429, 408, "reset", "cut:0"])
def test_download_tries_again_after_faults_that_pass(server, tmp_path, sleep, fault):
    server.faults[PATH].extend([fault, fault])
    assert fetch(server, tmp_path, sleep).path.read_bytes() == CONTENT
    assert len(sleep.seconds) == 2


def test_download_waits_as_long_as_the_server_asks(server, tmp_path, sleep):
    server.retry_after = "17"
    server.faults[PATH].append(429)
    fetch(server, tmp_path, sleep)
    assert sleep.seconds == [17.0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [("180", "3 minutes"), ("7200", "2 hours"), ("604800", "7 days"), ("9" * 400, "more than ten years")],
)
def test_download_gives_up_where_the_server_asks_for_too_long(server, tmp_path, sleep, asked, told):
    server.retry_after = asked
    server.faults[PATH].append(429)
    with pytest.raises(FoodDataError, match=f"asks to wait {told}.*download the files in a browser"):
        fetch(server, tmp_path, sleep)
    assert sleep.seconds == []


@pytest.mark.parametrize("asked", ["-5", "soon", "1e999", "\u00b2", ""])
def test_download_tries_again_where_it_is_not_told_for_how_long_to_wait(server, tmp_path, sleep, asked):
    server.retry_after = asked
    server.faults[PATH].append(429)
    assert fetch(server, tmp_path, sleep).path.read_bytes() == CONTENT
    assert 0 < sleep.seconds[0] < 1


def test_waits_grow_and_are_never_the_same_for_two_programs(server, tmp_path):
    waits = []
    for jitter in (0.0, 1.0):
        sleep = Asleep()
        server.faults[PATH].extend([500] * 3)
        fetch(server, tmp_path / str(jitter), sleep, jitter=lambda value=jitter: value)
        waits.append(sleep.seconds)
    assert all(low < high for low, high in zip(*waits, strict=True))
    assert waits[0] == sorted(waits[0])


def test_download_gives_up_after_tries_in_vain_and_says_what_is_kept(server, tmp_path, sleep):
    server.faults[PATH].extend(["cut:100000", *["cut:0"] * 20])
    with pytest.raises(FoodDataError, match=r"100 kB are kept, and the next update goes on from there"):
        fetch(server, tmp_path, sleep)
    assert len(sleep.seconds) < 2 * MOST_TRIES
    assert unfinished(tmp_path) == [(NAME, 100_000, len(CONTENT))]
    server.faults[PATH].clear()
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT
    assert server.bytes_sent_for(NAME)[-1] == "bytes=100000-"


@pytest.mark.parametrize("fault", ["short", "long"])
def test_download_whose_length_is_not_as_stated_ends_with_a_message(server, tmp_path, sleep, fault):
    server.faults[PATH].extend([fault] * 300)
    with pytest.raises(FoodDataError, match=NAME):
        fetch(server, tmp_path, sleep)
    assert len(server.asked) < 20
    assert not (tmp_path / NAME).exists()


def test_download_of_unknown_length_is_taken_if_it_is_a_sound_zip(server, tmp_path):
    server.faults[PATH].append("no_length")
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize("fault", ["html", "gzip", 403, 404, 410])
def test_download_of_something_else_names_the_manual_way(server, tmp_path, sleep, fault):
    server.faults[PATH].append(fault)
    with pytest.raises(FoodDataError, match=r"download the files in a browser.*fdc update --from FOLDER"):
        fetch(server, tmp_path, sleep)
    assert sleep.seconds == []
    assert not (tmp_path / NAME).exists()


def test_download_that_is_damaged_is_thrown_away(server, tmp_path):
    damaged = bytearray(CONTENT)
    damaged[200_000] ^= 0xFF
    server.put(NAME, bytes(damaged))
    with pytest.raises(FoodDataError, match=r"damaged zip.*Download it again"):
        fetch(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_finished_download_is_not_fetched_again(server, tmp_path):
    fetch(server, tmp_path)
    server.asked.clear()
    fetch(server, tmp_path)
    assert [method for method, *_ in server.asked] == ["HEAD"]


@pytest.mark.parametrize("what", ["changed at the server", "changed on the disk"])
def test_finished_download_is_fetched_again_where_it_changed(server, tmp_path, what):
    came = fetch(server, tmp_path)
    if what == "changed at the server":
        server.put(NAME, OTHER)
    else:
        came.path.write_bytes(OTHER)
    assert fetch(server, tmp_path).path.read_bytes() == server.files[PATH]


def test_damaged_note_of_a_download_costs_only_the_download(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"half of something")
    (tmp_path / f"{NAME}.json").write_text('{"bytes": [', encoding="utf-8")
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT


def test_server_that_trickles_is_asked_anew(server, tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "PIECE", 1000)
    ticks = iter(range(0, 10**9, 7))
    with pytest.raises(FoodDataError, match="too slowly"):
        fetch(server, tmp_path, clock=lambda: next(ticks))


def test_offline_nobody_is_asked(server, tmp_path, monkeypatch, sleep):
    monkeypatch.setenv("NUTRIDIARY_OFFLINE", "1")
    with pytest.raises(FoodDataError, match=r"NUTRIDIARY_OFFLINE is set.*--from FOLDER"):
        fetch(server, tmp_path, sleep)
    assert (server.asked, sleep.seconds) == ([], [])


def test_server_without_head_is_served_all_the_same(server, tmp_path):
    server.heads = False
    assert look_up(server.url + PATH, Connection(sleep=Asleep())).bytes is None
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT


# --- Where a download may come from --------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["http://example.org/a.zip", "ftp://127.0.0.1/a.zip", "file:///etc/passwd", "https://", "http://[", "a.zip"],
)
def test_address_without_https_is_refused(address):
    with pytest.raises(FoodDataError, match="Expected an address that begins with https://"):
        check_address(address)


def test_redirect_is_followed(server, tmp_path):
    server.files["/elsewhere/x.zip"] = CONTENT
    server.faults[PATH].append(("to", "/elsewhere/x.zip"))
    assert fetch(server, tmp_path).path.read_bytes() == CONTENT


def test_redirect_to_http_elsewhere_is_refused(server, tmp_path):
    server.faults[PATH].append(("to", "http://example.org/x.zip"))
    with pytest.raises(FoodDataError, match=r"leads to http://example\.org/x\.zip, which is not https"):
        fetch(server, tmp_path)


def test_redirects_without_end_are_told(server, tmp_path):
    server.faults[PATH].extend([("to", PATH)] * 50)
    with pytest.raises(FoodDataError, match="without end"):
        fetch(server, tmp_path)


def test_no_server_at_all_is_told_after_a_few_tries(tmp_path, sleep):
    with pytest.raises(FoodDataError, match=r"no connection to the server.*--from FOLDER"):
        download(f"http://127.0.0.1:1{PATH}", tmp_path, connection=Connection(sleep=sleep))
    assert len(sleep.seconds) == MOST_TRIES - 1


def test_no_secret_of_an_address_is_shown(server, tmp_path):
    server.faults[PATH].append(403)
    address = server.url.replace("//", "//me:hidden@") + PATH + "?token=secret"
    with pytest.raises(FoodDataError) as told:
        download(address, tmp_path, connection=Connection(sleep=Asleep()))
    assert "hidden" not in str(told.value)
    assert "secret" not in str(told.value)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["cut:0", "cut:70000", "cut:399999", 500, 429, "reset", "wrong_part"]), max_size=5))
def test_whatever_passes_the_file_comes_whole(tmp_path_factory, faults):
    with serving() as bulk:
        bulk.put(NAME, CONTENT)
        bulk.faults[PATH].extend(faults)
        assert fetch(bulk, tmp_path_factory.mktemp("d")).path.read_bytes() == CONTENT


# --- The zip -------------------------------------------------------------------------------------------


def zip_of(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["../food.csv", "/etc/food.csv", "a/../../food.csv", "C:\\food.csv", "..\\food.csv"])
def test_zip_with_names_that_lead_out_of_it_is_refused(tmp_path, name):
    with pytest.raises(FoodDataError, match="want to lie outside"):
        check_zip(zip_of(tmp_path / "a.zip", **{name: "x"}))


def test_zip_with_a_link_is_refused(tmp_path):
    info = zipfile.ZipInfo("food.csv")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(FoodDataError, match="want to lie outside"):
        check_zip(tmp_path / "a.zip")


def test_zip_that_swells_without_end_is_refused_before_it_is_unpacked(tmp_path):
    with pytest.raises(FoodDataError, match=r"would unpack to 60\.0 MB"):
        check_zip(zip_of(tmp_path / "bomb.zip", **{"food_nutrient.csv": bytes(60 * 10**6)}))


def test_zip_that_states_less_than_it_holds_is_refused(tmp_path):
    path = zip_of(tmp_path / "a.zip", **{"food.csv": b"a" * 100_000})
    content = path.read_bytes()
    path.write_bytes(content.replace((100_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(FoodDataError, match="damaged zip"):
        check_zip(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "is not a zip"), (b"PK\x03\x04 nonsense", "damaged zip"), (b"\n <!doctype html>", "is a web page")],
)
def test_file_that_is_no_zip_says_what_it_is(tmp_path, content, what):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(FoodDataError, match=what):
        check_zip(tmp_path / "a.zip")


# --- The page ------------------------------------------------------------------------------------------


def test_page_names_are_read_in_links_scripts_and_with_escapes():
    page = """<a href='https://fdc.nal.usda.gov/fdc-datasets/FoodData_Central_survey_food_csv_2024-10-31.zip'>x</a>
    {"url":"/fdc-datasets/FoodData_Central_branded_food_csv_2026-04-30.zip"}
    FoodData_Central_sr_legacy_food_csv_2018-04.zip
    <a href="/fdc-datasets/FoodData_Central_foundation_food_csv_%202022-10-28.zip">old</a>
    <a href="/fdc-datasets/FoodData_Central_foundation_food_json_2030-01-01.zip">JSON</a>"""
    found = newest_files(page, "https://fdc.nal.usda.gov/download-datasets")
    assert {name: file.date for name, file in found.items()} == {
        "survey_fndds_food": "2024-10-31",
        "branded_food": "2026-04-30",
        "sr_legacy_food": "2018-04",
        "foundation_food": "2022-10-28",
    }
    assert found["sr_legacy_food"].address == (
        "https://fdc.nal.usda.gov/fdc-datasets/FoodData_Central_sr_legacy_food_csv_2018-04.zip"
    )


# --- Room ----------------------------------------------------------------------------------------------


def test_too_little_room_is_told_before_anything_is_written(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda place: usage(10**12, 0, 3 * 10**8))
    check_room({tmp_path: 2 * 10**8}, "the update")
    with pytest.raises(FoodDataError, match=r"the update needs about 400 MB of room, 300 MB are free.*NUTRIDIARY_DATA"):
        check_room({tmp_path / "a" / "b": 2 * 10**8, tmp_path / "c": 2 * 10**8}, "the update")


def test_note_of_a_download_holds_no_more_than_what_the_server_said(server, tmp_path):
    server.faults[PATH].extend(["cut:100000", *[404]])
    with pytest.raises(FoodDataError):
        fetch(server, tmp_path)
    note = json.loads((tmp_path / f"{NAME}.json").read_text(encoding="utf-8"))
    assert set(note) == {"address", "bytes", "etag", "last_modified", "sha256"}


def test_server_that_sends_its_headers_byte_by_byte_is_not_waited_for_without_end(tmp_path, monkeypatch, sleep):
    monkeypatch.setattr(connection, "MOST_WAIT", 0.1)
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def trickle():
        while not ended.is_set():
            asked, _ = listening.accept()
            with contextlib.suppress(OSError):
                while not ended.wait(0.02):
                    asked.send(b"H")
            asked.close()

    threading.Thread(target=trickle, daemon=True).start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
    with pytest.raises(FoodDataError, match="does not answer in time"):
        look_up(address, Connection(sleep=sleep))
    ended.set()
    listening.close()


# --- What a page may name ------------------------------------------------------------------------------


@pytest.mark.parametrize("date", ["9999-99-99", "2026-13", "2026-02-30", "0000-01-01"])
def test_file_of_a_day_that_does_not_exist_is_none_of_the_official_ones(date):
    page = "".join(f"FoodData_Central_foundation_food_csv_{each}.zip " for each in ("2026-04-30", date))
    assert newest_files(page, "https://example.org/")["foundation_food"].date == "2026-04-30"
