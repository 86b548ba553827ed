"""The limit of calls of a key: known before it is reached, shared by every process, and never passed."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdc_server import QUICK, FdcServer, VirtualClock, alone, product
from nutridiary.fdc.api import FdcClient
from nutridiary.fdc.api.failures import LimitReachedError
from nutridiary.fdc.api.key import DEMO_KEY, ApiKey
from nutridiary.fdc.api.ledger import CallLedger
from nutridiary.fdc.api.patience import Patience

KEY = "a-very-secret-key"


@pytest.fixture(autouse=True)
def by_itself(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


@pytest.fixture
def time() -> VirtualClock:
    return VirtualClock()


def ledger(time: VirtualClock, folder, key: str = KEY) -> CallLedger:
    return CallLedger(ApiKey(key, "the test"), time.clock(), folder / "calls.sqlite")


def take_all(book: CallLedger, most: int = 2000) -> int:
    for number in range(most):
        try:
            book.take()
        except LimitReachedError:
            return number
    return most


# --- counting --------------------------------------------------------------------------------------------


def test_key_has_a_thousand_calls_in_any_hour(time, tmp_path):
    book = ledger(time, tmp_path)
    assert take_all(book) == 1000
    time.seconds += 3599
    assert take_all(book) == 0
    time.seconds += 2
    assert take_all(book) == 1000


def test_hour_rolls_so_that_calls_come_back_as_they_were_made(time, tmp_path):
    book = ledger(time, tmp_path, DEMO_KEY)
    for _ in range(10):
        book.take()
    time.seconds += 600
    assert take_all(book) == 20
    time.seconds += 3001
    assert take_all(book) == 10


def test_demonstration_key_has_thirty_calls_an_hour_and_fifty_a_day(time, tmp_path):
    book = ledger(time, tmp_path, DEMO_KEY)
    assert take_all(book) == 30
    time.seconds += 3601
    assert take_all(book) == 20
    assert "50 calls a day" in book.left().why
    time.seconds += 82_800
    assert take_all(book) == 30


def test_keys_are_counted_apart_and_not_named(time, tmp_path):
    assert take_all(ledger(time, tmp_path, DEMO_KEY)) == 30
    assert ledger(time, tmp_path).left().calls == 1000
    assert KEY.encode() not in (tmp_path / "calls.sqlite").read_bytes()
    assert b"DEMO" not in (tmp_path / "calls.sqlite").read_bytes()


def test_calls_of_several_processes_at_once_stay_within_the_limit(time, tmp_path):
    taken: list[int] = []

    def work() -> None:
        book = ledger(time, tmp_path, DEMO_KEY)
        taken.append(take_all(book, 12))
        book.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 30


@pytest.mark.parametrize(
    "damage", ["UPDATE call SET at = 'x'", "UPDATE salt SET salt = 'x'", "UPDATE salt SET salt = NULL"]
)
def test_count_that_a_failing_disk_made_nonsense_of_is_begun_anew(time, tmp_path, damage):
    ledger(time, tmp_path).take()
    with closing(sqlite3.connect(tmp_path / "calls.sqlite", isolation_level=None)) as other:
        for table, column in (("call (key TEXT, at REAL)", "key, at"), ("salt (salt BLOB)", "salt")):
            name = table.split()[0]
            other.executescript(f"ALTER TABLE {name} RENAME TO was; CREATE TABLE {table};")
            other.execute(f"INSERT INTO {name} SELECT {column} FROM was")
            other.execute("DROP TABLE was")
        other.execute(damage)
    book = ledger(time, tmp_path)
    book.take()
    assert book.left().calls == 999


@pytest.mark.parametrize("shift", [-10 * 365 * 86400, -1800, 10 * 365 * 86400])
def test_clock_that_was_wrong_does_not_block_the_key_for_long(time, tmp_path, shift):
    time.seconds += shift
    assert take_all(ledger(time, tmp_path, DEMO_KEY)) == 30
    time.seconds -= shift
    assert ledger(time, tmp_path, DEMO_KEY).left().next_at <= time.seconds + 86400
    time.seconds += 86401
    assert take_all(ledger(time, tmp_path, DEMO_KEY)) == 30


@given(st.lists(st.tuples(st.floats(0, 4000), st.integers(1, 40)), max_size=8))
def test_no_hour_ever_has_more_calls_than_the_limit(tmp_path_factory, visits):
    time, made = VirtualClock(), []
    book = ledger(time, tmp_path_factory.mktemp("calls"), DEMO_KEY)
    for wait, tries in visits:
        time.seconds += wait
        made += [time.seconds] * take_all(book, tries)
    book.close()
    assert all(sum(begin <= at < begin + 3600 for at in made) <= 30 for begin in made)
    assert len(made) <= 50


# --- what the server says --------------------------------------------------------------------------------


def test_server_that_says_less_is_left_is_believed(time, tmp_path):
    book = ledger(time, tmp_path)
    book.take()
    book.hear({"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "3"})
    assert take_all(book) == 3
    assert "what the server says is left" in book.left().why
    time.seconds += 3601
    assert book.left().calls == 1000


def test_server_with_another_limit_is_believed(time, tmp_path):
    book = ledger(time, tmp_path)
    book.hear({"X-RateLimit-Limit": "3600", "X-RateLimit-Remaining": "3600"})
    assert book.left()[:2] == (3600, 3600)


@pytest.mark.parametrize("written", ["", "-1", "many", "1e3", "9" * 40, "３"])
def test_number_that_makes_no_sense_is_not_believed(time, tmp_path, written):
    book = ledger(time, tmp_path)
    book.hear({"X-RateLimit-Limit": written, "X-RateLimit-Remaining": written})
    assert book.left().calls == 1000


# --- many foods, few calls -------------------------------------------------------------------------------


def test_foods_that_do_not_fit_are_told_before_the_first_call_and_the_others_come(time):
    with FdcServer(now=lambda: time.seconds, limit=30) as server:
        server.foods = {fdc_id: product(fdc_id) for fdc_id in range(1, 801)}
        with FdcClient(base_url=server.url, clock=time.clock(), patience=QUICK) as fdc:
            assert fdc.calls_left() == 30
            fetched = fdc.foods(range(1, 801))
        assert len(server.asked) == 30
        assert server.over_limit == 0
    assert fetched.tables.foods["fdc_id"].to_list() == list(range(1, 601))
    assert fetched.failures["fdc_id"].to_list() == list(range(601, 801))
    assert "800 foods of FoodData Central take 40 calls, and 30 are left" in fetched.remarks[0]
    assert "(30 calls an hour)" in fetched.failures["why"].iloc[0]
    assert any("nutridiary fdc key set" in remark for remark in fetched.remarks)


def test_rest_comes_an_hour_later_without_asking_for_what_came(time):
    with FdcServer(now=lambda: time.seconds, limit=30, told=False) as server:
        server.foods = {fdc_id: product(fdc_id) for fdc_id in range(1, 661)}
        for wait in (0, 3601):
            time.seconds += wait
            with FdcClient(base_url=server.url, clock=time.clock(), patience=QUICK) as fdc:
                fetched = fdc.foods(range(1, 661))
        assert fetched.failures.empty
        assert len(server.asked) == 33
        assert server.over_limit == 0


def test_attempts_that_fail_count_too(time):
    with FdcServer(now=lambda: time.seconds) as server:
        server.foods = {1: product(1)}
        server.faults = ["500", "reset"]
        with FdcClient(KEY, base_url=server.url, clock=time.clock(), patience=Patience()) as fdc:
            fdc.foods([1])
            assert fdc.calls_left() == 997
