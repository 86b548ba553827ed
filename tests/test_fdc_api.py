"""The FoodData Central API client: what is asked, what is kept, what is found, and a whole diary looked up."""

from __future__ import annotations

import doctest
import json
import logging
import sqlite3
import threading
import time as real_time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fdc_server import QUICK, FdcServer, VirtualClock, alone, product
from nutridiary.analysis import analyze
from nutridiary.errors import FoodDataError
from nutridiary.fdc.api import FdcClient, cache_file, fetch_foods, kept_file, products_by_gtin
from nutridiary.fdc.api.cache import AnswerCache
from nutridiary.fdc.api.hits import HITS
from nutridiary.food_search import search_foods
from nutridiary.foods import load_foods

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "fdc" / "api"
KEY = "a-very-secret-key"
DAY_SECONDS = 86400


@pytest.fixture(autouse=True)
def by_itself(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


@pytest.fixture
def server(monkeypatch) -> Iterator[FdcServer]:
    with FdcServer() as server:
        server.foods = {fdc_id: product(fdc_id) for fdc_id in range(1, 46)}
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
        yield server


@pytest.fixture
def time() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def ask(server, time):
    """Return clients of the server, with the clock of the test."""
    return lambda **more: FdcClient(KEY, clock=time.clock(), patience=QUICK, **more)


# --- what is asked ---------------------------------------------------------------------------------------


def test_foods_are_asked_for_twenty_at_a_time_with_the_key_in_a_header(server):
    fetched = fetch_foods([*range(45, 0, -1), 7], api_key=KEY)
    assert fetched.tables.foods["fdc_id"].to_list() == list(range(45, 0, -1))
    assert [len(asked.fdc_ids) for asked in server.asked] == [20, 20, 5]
    assert {asked.path for asked in server.asked} == {"/fdc/v1/foods"}
    assert {asked.key for asked in server.asked} == {KEY}


def test_fetch_foods_of_nothing_asks_nothing(server):
    assert fetch_foods([]).tables.foods.empty
    assert server.asked == []


def test_number_that_cannot_be_one_of_fooddata_central_is_never_sent(server):
    fetched = fetch_foods([-5, 0, 1, 10**14 + 12345], api_key=KEY)
    assert [asked.fdc_ids for asked in server.asked] == [[1]]
    assert sorted(fetched.reasons()) == [-5, 0, 10**14 + 12345]


def test_number_nobody_has_is_told_and_is_asked_again_tomorrow(server, ask, time):
    for seconds, calls in ((0, 1), (3600, 1), (DAY_SECONDS, 2)):
        time.seconds += seconds
        with ask() as fdc:
            assert fdc.foods([99]).reasons() == {99: "FoodData Central has no food of this number"}
        assert len(server.asked) == calls


def test_food_returns_one_food_or_says_why_not(server, ask):
    with ask() as fdc:
        assert fdc.food(1).foods["description"].item() == "MADE-UP BAR"
        with pytest.raises(FoodDataError, match="FDC id 99: FoodData Central has no food of this number"):
            fdc.food(99)


def test_fetched_food_is_analysed_like_an_embedded_one(server):
    foods = load_foods().with_foods(fetch_foods([1], api_key=KEY).tables)
    food = foods.food(1)
    assert (food["description"], food["data_type"], food["category"]) == ("MADE-UP BAR", "branded_food", "Snack bars")
    table = foods.composition([1, 173944], ["energy", "potassium", "vitamin_d", "calcium", "vitamin_a_rae"])
    assert table.loc[1].to_list()[:3] == [400, 300, 2]
    assert table.loc[1, ["calcium", "vitamin_a_rae"]].isna().all()
    assert table.loc[173944, "potassium"] == 358
    assert search_foods("nobody made-up bar", foods, limit=1)["fdc_id"].item() == 1
    value = foods.values([1], ["vitamin_d"]).iloc[0]
    assert (value["fdc_nutrient_id"], value["source_code"], value["derivation_code"]) == (1110, 12, "LCCS")
    assert value["release"].startswith("Branded, FoodData Central 20")


# --- searching -------------------------------------------------------------------------------------------


def test_search_returns_hits_as_a_table(server, ask):
    server.foods[50] = product(50, dataType="Foundation", description="BAR OF GOLD", ndbNumber=7)
    with ask() as fdc:
        hits = fdc.search("bar", data_types=["Foundation"])
        mine = fdc.search("bar", data_types="branded_food", page_size=2, page=2)
    assert list(hits.columns) == list(HITS)
    assert hits[["fdc_id", "description", "ndb_number"]].to_numpy().tolist() == [[50, "BAR OF GOLD", 7]]
    assert hits.attrs["total_hits"] == 1
    assert mine["fdc_id"].to_list() == [3, 4]
    assert mine.attrs["total_hits"] == 45
    assert mine["barcode"].iloc[0] == "000000000003"
    assert server.asked[0].body == {
        "query": "bar",
        "requireAllWords": False,
        "dataType": ["Foundation"],
        "pageSize": 50,
        "pageNumber": 1,
    }


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"query": "  "}, "Nothing to search for"),
        (
            {"query": "x", "data_types": ["Brand"]},
            "'Brand' is no data type of FoodData Central. Did you mean 'Branded'",
        ),
        ({"query": "x", "page": 0}, "pages begin at 1"),
        ({"query": "x", "page_size": 201}, "1 to 200 hits"),
        ({"query": "x", "page": 51, "page_size": 200}, "beyond the first 10,000"),
    ],
)
def test_search_that_cannot_be_made_is_refused_before_it_is_asked(server, ask, wrong, message):
    with ask() as fdc, pytest.raises(FoodDataError, match=message):
        fdc.search(**wrong)
    assert server.asked == []


def test_search_pages_come_one_after_the_other_until_the_last(server, ask):
    with ask() as fdc:
        pages = list(fdc.search_pages("bar", page_size=20))
        assert fdc.remarks == ()
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [fdc_id for page in pages for fdc_id in page["fdc_id"]] == list(range(1, 46))


def test_search_with_more_hits_than_are_looked_at_says_so(server, ask):
    with ask() as fdc:
        pages = list(fdc.search_pages("bar", most=30, page_size=20))
        assert [len(page) for page in pages] == [20, 10]
        assert fdc.remarks == ("A search has 45 hits, of which 30 were looked at. Narrow it down.",)


def test_search_beyond_the_window_of_the_api_stops_there_and_says_so(server, ask, monkeypatch):
    monkeypatch.setattr("nutridiary.fdc.api.client.WINDOW", 40)
    with ask() as fdc:
        assert sum(len(page) for page in fdc.search_pages("bar", most=40, page_size=20)) == 40
        assert "45 hits, of which 40" in fdc.remarks[0]
        with pytest.raises(FoodDataError, match="beyond the first 40"):
            fdc.search("bar", page=3, page_size=20)
    assert len(server.asked) == 2


def test_list_gives_pages_of_all_foods(server, ask):
    with ask() as fdc:
        assert fdc.list_foods(page=3, page_size=20)["fdc_id"].to_list() == [41, 42, 43, 44, 45]


def test_recorded_search_is_read_as_it_was_answered(server, ask):
    if not RECORDED.is_dir():
        pytest.skip(f"the recorded API answers are not at {RECORDED}: they were not read")
    server.recorded = {
        "cheddar cheese": json.loads((RECORDED / "cheddar-cheese.search-foundation.json").read_text()),
        "any cheddar cheese": json.loads((RECORDED / "cheddar-cheese.search-all.json").read_text()),
    }
    with ask() as fdc:
        hits = fdc.search("cheddar cheese", data_types=["Foundation"], page_size=10)
        products = fdc.search("any cheddar cheese", page_size=10)
    assert hits["description"].iloc[:2].to_list() == ["Cheese, cheddar", "Cheese, swiss"]
    assert (hits.attrs["total_hits"], products.attrs["total_hits"]) == (19, 64784)
    first = products.iloc[0]
    assert (first["fdc_id"], first["barcode"], first["brand_name"]) == (2057648, "094395000172", "GRAFTON VILLAGE")
    assert (first["serving_size"], first["serving_unit"], str(first["published"].date())) == (28, "g", "2021-10-28")


# --- products by barcode ---------------------------------------------------------------------------------


def test_products_are_found_by_barcode_however_the_zeros_are_written(server, ask):
    server.foods = {
        1: product(1, gtinUpc="0041497083411", publicationDate="2020-01-01"),
        2: product(2, gtinUpc="041497083411", publicationDate="2024-01-01"),
        3: product(3, gtinUpc="00094395000172"),
        4: product(4, gtinUpc="99999999"),
    }
    with ask() as fdc:
        found = products_by_gtin([41497083411, 94395000172, 75925306223], fdc)
    assert found.hits[["gtin", "fdc_id"]].to_numpy().tolist() == [[41497083411, 2], [41497083411, 1], [94395000172, 3]]
    assert sorted(found.tables.foods["fdc_id"]) == [1, 2, 3]
    assert found.failures.to_numpy().tolist() == [[75925306223, "FoodData Central has no product with this barcode"]]


def test_barcodes_that_cannot_be_looked_up_are_told_and_nothing_is_raised(server, ask):
    server.faults = ["403"] * 10
    with ask() as fdc:
        found = products_by_gtin([41497083411], fdc)
    assert found.hits.empty
    assert found.tables.foods.empty
    assert "was refused (HTTP 403)" in found.failures["why"].item()


def test_server_that_is_down_is_not_asked_for_every_barcode(server, ask):
    server.faults = ["500"] * 100
    gtins = range(41497083000, 41497083100)
    with ask() as fdc:
        found = products_by_gtin(gtins, fdc)
    assert sorted(found.failures["gtin"]) == list(gtins)
    assert len(server.asked) == 4


# --- answers that are kept -------------------------------------------------------------------------------


def test_food_is_asked_for_once_in_thirty_days_whatever_it_comes_with(server, ask, time):
    for seconds, calls in ((0, 1), (29 * DAY_SECONDS, 1), (2 * DAY_SECONDS, 2)):
        time.seconds += seconds
        with ask() as fdc:
            assert len(fdc.foods([1, 2]).tables.foods) == 2
        assert len(server.asked) == calls
    with ask() as fdc:
        fdc.foods([2, 3])
    assert server.asked[-1].fdc_ids == [3]


def test_search_is_asked_once_in_seven_days(server, ask, time):
    for seconds, calls in ((0, 1), (6 * DAY_SECONDS, 1), (2 * DAY_SECONDS, 2)):
        time.seconds += seconds
        with ask() as fdc:
            assert len(fdc.search("bar")) == 45
        assert len(server.asked) == calls


def test_refresh_asks_again(server, ask):
    for refresh in (False, True):
        with ask(refresh=refresh) as fdc:
            assert fdc.foods([1]).failures.empty
            assert len(fdc.search("bar")) == 45
    assert len(server.asked) == 4


def test_kept_answer_says_the_day_it_was_fetched(server, ask, time):
    with ask() as fdc:
        first = fdc.foods([1]).tables.releases
    time.seconds += 5 * DAY_SECONDS
    with ask() as fdc:
        both = fdc.foods([1, 2]).tables
    assert both.releases["version"].to_list()[0] == first["version"].item()
    assert both.releases["version"].nunique() == 2
    assert both.releases["foods"].to_list() == [1, 1]


def test_newer_release_outdates_answers_of_its_data_type_only(server, ask, time):
    published = date.fromtimestamp(time.seconds + 3 * DAY_SECONDS).isoformat()
    server.foods[2] = product(2, dataType="SR Legacy")
    with ask() as fdc:
        fdc.foods([1, 2])
    time.seconds += 5 * DAY_SECONDS
    server.foods[3] = product(3, publicationDate=published)  # a Branded record published in between
    with ask() as fdc:
        fdc.foods([3])
        fdc.foods([1, 2])
    assert [asked.fdc_ids for asked in server.asked] == [[1, 2], [3], [1]]


def test_old_answer_is_used_while_the_server_is_down_and_says_its_day(server, ask, time):
    with ask() as fdc:
        day = fdc.foods([1]).tables.releases["version"].item()
        fdc.search("bar")
    time.seconds += 60 * DAY_SECONDS
    server.faults = ["500"] * 8
    with ask() as fdc:
        fetched = fdc.foods([1, 2])
        assert len(fdc.search("bar")) == 45
        remarks = fdc.remarks
    assert fetched.tables.foods["fdc_id"].to_list() == [1]
    assert fetched.tables.releases["version"].item() == day
    assert list(fetched.reasons()) == [2]
    assert any(f"As on {day}: FDC id 1 (" in remark and "HTTP 500" in remark for remark in remarks)
    assert any(f"A search was answered as on {day}" in remark for remark in remarks)


def test_food_that_was_taken_back_is_used_as_it_was(server, ask, time):
    with ask() as fdc:
        fdc.foods([1])
    del server.foods[1]
    time.seconds += 60 * DAY_SECONDS
    for _ in range(2):
        with ask() as fdc:
            fetched = fdc.foods([1])
        assert fetched.tables.foods["fdc_id"].to_list() == [1]
        assert "FoodData Central does not have it any more" in fetched.remarks[0]


def test_offline_uses_what_was_kept_and_asks_nothing(server, ask, time, monkeypatch):
    with ask() as fdc:
        fdc.foods([1])
        fdc.search("bar")
    time.seconds += 400 * DAY_SECONDS
    calls = len(server.asked)
    monkeypatch.setenv("NUTRIDIARY_OFFLINE", "1")
    with ask() as fdc:
        fetched = fdc.foods([1, 2])
        assert len(fdc.search("bar")) == 45
        with pytest.raises(FoodDataError, match="nothing is asked offline"):
            fdc.search("gold")
        with pytest.raises(FoodDataError, match="offline"):
            fdc.check_key()
    assert fetched.tables.foods["fdc_id"].to_list() == [1]
    assert "nothing is asked offline" in fetched.reasons()[2]
    assert len(server.asked) == calls


def test_answers_take_no_more_than_their_room_and_the_oldest_go_first(time, tmp_path):
    noise = np.random.default_rng(1)
    answers = {number: product(number, ingredients=noise.bytes(2000).hex()) for number in range(20)}
    cache = AnswerCache("here", time.clock(), tmp_path / "answers.sqlite", most_bytes=20_000)
    for number, answer in answers.items():
        time.seconds += 60
        cache.keep_foods({number: answer}, "full")
    kept = [number for number in answers if cache.food(number, "full") is not None]
    assert kept == list(range(min(kept), 20))
    assert 3 <= len(kept) <= 8
    cache.close()


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b"", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_damaged_files_of_answers_and_calls_are_made_anew(server, ask, damage):
    with ask() as fdc:
        fdc.foods([1])
    for path in cache_file().parent.iterdir():
        path.write_bytes(damage)
    for calls in (2, 2):
        with ask() as fdc:
            assert fdc.foods([1]).failures.empty
        assert len(server.asked) == calls


def test_files_of_another_version_of_the_program_are_made_anew(server, ask):
    for path in (cache_file(), cache_file().with_name("fdc_calls.sqlite")):
        path.parent.mkdir(exist_ok=True)
        with sqlite3.connect(path) as connection:
            connection.executescript("CREATE TABLE answer (other TEXT); PRAGMA user_version = 7")
        connection.close()
    for _ in range(2):
        with ask() as fdc:
            assert fdc.foods([1]).failures.empty
            assert fdc.remarks == ()
    assert len(server.asked) == 1


def test_damaged_answer_is_asked_for_again(server, ask):
    with ask() as fdc:
        fdc.foods([1])
    with sqlite3.connect(cache_file()) as connection:
        connection.execute("UPDATE answer SET content = x'00ff'")
    connection.close()
    with ask() as fdc:
        assert fdc.foods([1]).failures.empty
    assert len(server.asked) == 2


def test_folder_that_cannot_be_written_is_told_once_and_nothing_else_happens(server, ask, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(blocked / "cache"))
    with ask() as fdc:
        assert fdc.foods([1]).failures.empty
        assert fdc.foods([1, 2]).failures.empty
        remarks = fdc.remarks
    assert [asked.fdc_ids for asked in server.asked] == [[1], [2]]
    assert len(remarks) == 2
    assert all("cannot be kept" in remark for remark in remarks)
    assert str(tmp_path) not in str(remarks)  # remarks may stand in a report, and paths name people


def test_file_that_can_only_be_read_is_read(server, ask, monkeypatch):
    with ask() as fdc:
        fdc.foods([1])
    real = sqlite3.connect

    def read_only(path: object, **how: object) -> sqlite3.Connection:
        return real(f"file:{path}?mode=ro" if str(path).startswith("/") else path, uri=True, **how)

    monkeypatch.setattr("nutridiary.fdc.api.kept_file.sqlite3.connect", read_only)
    with ask() as fdc:
        assert fdc.foods([1, 2]).failures.empty
        assert any("cannot be kept" in remark for remark in fdc.remarks)
    assert [asked.fdc_ids for asked in server.asked] == [[1], [2]]


def test_full_disk_is_told_and_every_food_comes(server, ask, monkeypatch):
    real = sqlite3.connect

    def small(path: object, **how: object) -> sqlite3.Connection:
        connection = real(path, **how)
        connection.execute("PRAGMA max_page_count = 16")  # SQLite then says what it says of a full disk
        return connection

    monkeypatch.setattr("nutridiary.fdc.api.kept_file.sqlite3.connect", small)
    noise = np.random.default_rng(1)
    server.foods = {number: product(number, ingredients=noise.bytes(4000).hex()) for number in range(1, 46)}
    with ask() as fdc:
        fetched = fdc.foods(range(1, 46))
    assert len(fetched.tables.foods) == 45
    assert any("fetched answers cannot be kept (database or disk is full)" in remark for remark in fetched.remarks)


def test_files_that_another_program_keeps_locked_are_not_waited_for_at_every_food(server, ask, monkeypatch):
    waits = []
    monkeypatch.setattr(kept_file, "LOCK_SECONDS", 0.5)
    with ask() as fdc:
        fdc.foods([1])
    with closing(sqlite3.connect(cache_file(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = real_time.monotonic()
        with ask() as fdc:
            fetched = fdc.foods(range(1, 46))
            assert any("cannot be kept" in remark for remark in fdc.remarks)
        waits.append(real_time.monotonic() - began)
    assert len(fetched.tables.foods) == 45
    assert waits[0] < 10, "not half a second for each of 45 foods, looked for and kept"


def test_clients_of_several_processes_share_answers(server, ask):
    with ask() as one, ask() as other:
        one.foods([1])
        other.foods([1])
        other.foods([2])
        one.foods([2])
    assert [asked.fdc_ids for asked in server.asked] == [[1], [2]]


def test_client_that_is_closed_or_of_another_thread_says_so_and_leaves_the_answers_alone(server, ask):
    with ask() as fdc:
        fdc.foods([1])
        said: list[str] = []

        def elsewhere() -> None:
            with pytest.raises(FoodDataError) as error:
                fdc.foods([1])
            said.append(str(error.value))

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    with pytest.raises(FoodDataError, match="closed") as error:
        fdc.foods([1])
    assert said == [str(error.value)]
    with ask() as fdc:
        assert fdc.foods([1]).failures.empty
        with pytest.raises(FoodDataError, match="no form 'short'"):
            fdc.foods([1], form="short")
    assert len(server.asked) == 1


def test_neither_key_nor_search_words_stand_in_the_files(server, ask, caplog):
    caplog.set_level(logging.DEBUG)
    with ask() as fdc:
        fdc.search("gold", brand_owner="Fort Knox")
        fdc.foods([1])
    assert KEY not in caplog.text
    for path in cache_file().parent.iterdir():
        content = path.read_bytes()
        assert KEY.encode() not in content
        assert b"gold" not in content
        assert b"Fort Knox" not in content
        assert path.stat().st_mode & 0o077 == 0


# --- the whole line --------------------------------------------------------------------------------------


@pytest.fixture
def bar_diary(tmp_path: Path) -> Path:
    path = tmp_path / "diary.csv"
    path.write_text(
        "Date,Food,Amount,Unit,FDC id\n2026-03-01,granola bar,60,g,2900001\n2026-03-01,banana,118,g,173944\n",
        encoding="utf-8",
    )
    return path


def test_online_fetches_only_stated_ids_the_shipped_tables_lack(server, bar_diary):
    server.foods = {2900001: product(2900001)}
    analysis = analyze(bar_diary, online=True)
    assert [asked.fdc_ids for asked in server.asked] == [[2900001]]
    bar = analysis.entries.loc[0]
    assert (bar["food_description"], bar["match_method"], bar["gram_weight"]) == ("MADE-UP BAR", "stated_fdc_id", 60.0)
    intakes = analysis.intakes.set_index(["line", "nutrient"])["amount"]
    assert intakes[(2, "potassium")] == pytest.approx(180)  # 0.3 g per 100 g, 60 g eaten


def test_without_online_nothing_is_fetched_and_the_line_says_what_is_missing(server, bar_diary):
    entry = analyze(bar_diary).entries.loc[0]
    assert server.asked == []
    assert "2900001" in f"{entry['problem']} {entry['note']}"


@pytest.mark.parametrize("fault", ["500", "403", "429 for an hour", "web page", "another food", "sample", "reset"])
def test_diary_is_analysed_from_the_shipped_tables_whatever_the_server_does(server, bar_diary, fault, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    server.foods = {2900001: product(2900001)}
    server.faults = [fault] * 10
    analysis = analyze(bar_diary, online=True)
    bar, banana = analysis.entries.loc[0], analysis.entries.loc[1]
    assert banana["fdc_id"] == 173944
    assert bar["fdc_id"] != 2900001
    assert "FDC id 2900001 was not looked up (FoodData Central " in bar["note"]
    assert analysis.intakes["amount"].notna().any()


def test_nobody_there_is_told_on_the_line_and_the_diary_is_analysed(bar_diary, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    entry = analyze(bar_diary, online=True).entries.loc[0]
    assert "FDC id 2900001 was not looked up (FoodData Central gave no answer: it cannot be reached)" in entry["note"]
    assert entry["food_text"] == "granola bar"


def test_examples_of_the_page_are_true(server, monkeypatch):
    if not RECORDED.is_dir():
        pytest.skip(f"the recorded API answers are not at {RECORDED}: they were not read")
    search = json.loads((RECORDED / "cheddar-cheese.search-foundation.json").read_text())
    server.recorded = {
        "cheddar cheese": search,
        "any cheddar cheese": json.loads((RECORDED / "cheddar-cheese.search-all.json").read_text()),
    }
    server.foods[328637] = next(food for food in search["foods"] if food["fdcId"] == 328637)
    page = Path(__file__).parents[1] / "docs" / "fdc_api.md"
    assert doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
