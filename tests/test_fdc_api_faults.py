"""The FoodData Central API when things go wrong: no food lost, no value wrong, no wait without end, no limit passed."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
from contextlib import closing
from socket import create_server

import pytest

from fdc_server import ABRUPT, PASSING, QUICK, SLOW, FdcServer, VirtualClock, alone, content, product, status
from nutridiary.errors import FoodDataError
from nutridiary.fdc.api import FdcClient, calls, fetching, products_by_gtin
from nutridiary.fdc.api.patience import Patience

KEY = "a-very-secret-key"


@pytest.fixture(autouse=True)
def by_itself(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


@pytest.fixture
def server():
    with FdcServer() as server:
        server.foods = {fdc_id: product(fdc_id) for fdc_id in range(1, 6)}
        yield server


def client(server: FdcServer, time: VirtualClock | None = None, patience: Patience = QUICK) -> FdcClient:
    return FdcClient(KEY, base_url=server.url, clock=(time or VirtualClock()).clock(), patience=patience)


# --- what is asked again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", PASSING)
def test_failure_that_passes_is_asked_again_and_loses_nothing(server, fault):
    server.faults = [fault, fault]
    with client(server) as fdc:
        fetched = fdc.foods([1, 2])
    assert fetched.tables.foods["fdc_id"].to_list() == [1, 2]
    assert fetched.failures.empty
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", sorted(SLOW))
def test_answer_that_never_ends_is_cut_and_asked_again(server, fault):
    server.faults = [fault]
    with client(server, patience=ABRUPT) as fdc:
        fetched = fdc.foods([1])
    assert len(fetched.tables.foods) + len(fetched.failures) == 1
    assert len(server.asked) <= 2  # a machine that is busy may be cut before it has asked at all


def test_call_that_was_cut_leaves_no_thread_that_waits(server):
    server.faults = ["drip", "hang"]
    with client(server, patience=ABRUPT) as fdc:
        fetched = fdc.foods([1])
    assert "took too long" in fetched.reasons()[1]
    for thread in threading.enumerate():
        if thread.name == "FoodData Central":
            thread.join(20)
            assert not thread.is_alive()


def test_server_is_waited_for_as_long_as_it_asks_in_seconds_or_until_a_date(server):
    time = VirtualClock()
    server.faults = ["429 for 7 s", "429 until a date"]
    with client(server, time) as fdc:
        assert fdc.foods([1]).failures.empty
    assert time.naps == [7, 10]


def test_server_that_asks_for_a_long_wait_is_neither_waited_for_nor_asked_again(server):
    time = VirtualClock()
    server.faults = ["429 for an hour"]
    with client(server, time) as fdc:
        assert "asks to wait until" in fdc.foods([1]).reasons()[1]
        assert "limit" in fdc.foods([2]).reasons()[2]
        assert fdc.calls_left() == 0
        time.seconds += 3601
        assert fdc.foods([2]).failures.empty
    assert time.naps == []
    assert len(server.asked) == 2


@pytest.mark.parametrize("wait", ["-5", "soon", "99999999999999999999", "1e9", "Sun, 99 Nov 1994 08:49:47 GMT", "²"])
def test_wait_that_makes_no_sense_is_not_taken_at_its_word(server, wait):
    time = VirtualClock()
    server.faults = [status(503, {"Retry-After": wait.encode().decode("latin-1")})]
    with client(server, time) as fdc:
        assert fdc.foods([1]).failures.empty
    assert time.naps == [1.0]


def test_wait_of_a_year_does_not_lock_the_key_for_longer_than_any_limit_is(server):
    time = VirtualClock()
    server.faults = [status(429, {"Retry-After": "31000000"})]
    with client(server, time) as fdc:
        assert "asks to wait until" in fdc.foods([1]).reasons()[1]
        time.seconds += 24 * 3600 + 1
        assert fdc.foods([1]).failures.empty


def test_server_that_asks_for_no_wait_at_all_is_still_waited_for(server):
    time = VirtualClock()
    server.faults = [status(429, {"Retry-After": "0"}), status(503, {"Retry-After": "Thu, 01 Jan 2015 00:00:00 GMT"})]
    with client(server, time) as fdc:
        assert fdc.foods([1]).failures.empty
    assert time.naps == [1.0, 2.0]


def test_answer_that_states_one_thing_twice_and_differently_is_not_taken(server):
    server.faults = [
        lambda reply: content(reply.content.replace(b'"amount": 400', b'"amount": 40, "amount": 400'))(reply)
    ]
    with client(server) as fdc:
        assert "the answer states one thing twice, and differently" in fdc.foods([1]).reasons()[1]
        assert fdc.foods([1]).failures.empty, "the wrong answer was not kept"


def test_waits_grow_and_are_drawn_by_chance(server):
    time = VirtualClock(chance=lambda low, high: low + high / 2)
    server.faults = ["500"] * 3
    with client(server, time) as fdc:
        assert fdc.foods([1]).failures.empty
    assert time.naps == [0.5, 1.0, 2.0]


def test_server_that_stays_down_is_given_up_and_not_asked_for_the_rest(server):
    time = VirtualClock()
    server.foods = {}
    server.faults = ["500"] * 100
    with client(server, time) as fdc:
        fetched = fdc.foods(range(1, 101))
    assert sorted(fetched.failures["fdc_id"]) == list(range(1, 101))
    assert set(fetched.failures["why"]) == {
        "FoodData Central gave no answer: it does not work at the moment (HTTP 500)"
    }
    assert len(server.asked) == 4
    assert sum(time.naps) <= QUICK.total


def test_call_that_is_put_off_again_and_again_has_an_end(server):
    time = VirtualClock()
    server.faults = [status(503, {"Retry-After": "15"})] * 100
    with client(server, time, Patience(tries=50, total=40, read=5, call=5)) as fdc:
        assert "HTTP 503" in fdc.foods([1]).reasons()[1]
    assert time.naps == [15, 15]


def test_many_slow_calls_together_have_an_end(server):
    time = VirtualClock()
    server.foods = {fdc_id: product(fdc_id) for fdc_id in range(1, 2001)}
    server.faults = [status(503, {"Retry-After": "50"}), "none"] * 100
    with client(server, time) as fdc:
        fetched = fdc.foods(range(1, 2001))
    assert sum(time.naps) <= QUICK.together + QUICK.total
    assert len(fetched.tables.foods) + len(fetched.failures) == 2000
    assert "no further call was made after 600 s" in fetched.failures["why"].iloc[-1]


def test_many_slow_searches_for_barcodes_together_have_an_end(server):
    time = VirtualClock()
    server.foods = {}
    server.faults = [status(503, {"Retry-After": "50"}), "none"] * 200
    gtins = range(41497083000, 41497083100)
    with client(server, time) as fdc:
        failures = products_by_gtin(gtins, fdc).failures
    assert sum(time.naps) <= QUICK.together + QUICK.total
    assert sorted(failures["gtin"]) == list(gtins)
    assert any("no further call was made after 600 s" in why for why in failures["why"])


def test_one_analysis_has_one_bound_for_numbers_and_barcodes(server, monkeypatch):
    time = VirtualClock()
    monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
    made: list[FdcClient] = []

    def made_here(**how: object) -> FdcClient:
        made.append(client(server, time))
        return made[-1]

    monkeypatch.setattr(fetching, "FdcClient", made_here)
    with fetching.Lookups() as central:
        assert central.foods([1]).failures.empty
        time.seconds += QUICK.together
        assert "no further call was made" in central.foods([2]).reasons()[2]
        assert "no further call was made" in central.products([41497083411]).failures["why"].item()
    assert len(made) == 1
    assert len(server.asked) == 1


def test_server_that_is_down_is_not_waited_for_again_for_the_barcodes_of_the_same_analysis(server, monkeypatch):
    server.faults = ["500"] * 100
    monkeypatch.setattr(fetching, "FdcClient", lambda **how: client(server))
    with fetching.Lookups() as central:
        assert "HTTP 500" in central.foods([1]).reasons()[1]
        assert "HTTP 500" in central.products([41497083411]).failures["why"].item()
    assert len(server.asked) == 4


# --- what is not asked again -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("403", "was refused (HTTP 403)"),
        ("404", "the request was refused (HTTP 404)"),
        ("302", "the request was refused (HTTP 302)"),
        ("web page", "the answer is no JSON"),
        ("empty", "the answer is no JSON"),
        ("error in an object", "the answer is no list of foods"),
        ("numbers", "the answer is no list of foods"),
        ("nested", "the answer is nested without end"),
        ("latin-1", "the answer is not in UTF-8"),
        ("no gzip", "the answer is not packed as it says"),
        ("brotli", "the answer is packed as 'br', which nobody asked for"),
    ],
)
def test_failure_that_stays_is_told_after_one_call_without_the_key(server, fault, why):
    server.faults = [fault]
    with client(server) as fdc:
        fetched = fdc.foods([1, 2])
        said = f"{fdc!r} {fetched.remarks} {fetched.reasons()}"
    assert [why in reason for reason in fetched.reasons().values()] == [True, True]
    assert KEY not in said
    assert len(server.asked) == 1


def test_refused_key_says_where_it_comes_from_and_what_to_do(server):
    server.faults = ["403"]
    with client(server) as fdc:
        remark = fdc.foods([1]).remarks[0]
    assert "key from the program's call was refused" in remark
    assert "nutridiary fdc key set" in remark


def test_redirect_does_not_carry_the_key_elsewhere(server):
    with FdcServer() as elsewhere:
        server.faults = [status(302, {"Location": f"{elsewhere.url}/foods"})]
        with client(server) as fdc:
            assert not fdc.foods([1]).failures.empty
        assert elsewhere.asked == []


def test_answer_longer_than_the_limit_is_not_read(server, monkeypatch):
    monkeypatch.setattr(calls, "MOST_BYTES", 1000)
    server.faults = [content(b" " * 200_000)]
    with client(server) as fdc:
        assert "longer than 1,000 bytes" in fdc.foods([1]).reasons()[1]


def test_answer_that_unfolds_without_end_is_not_unfolded(server, monkeypatch):
    monkeypatch.setattr(calls, "MOST_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    server.faults = [content(bomb, {"Content-Encoding": "gzip"})]
    tracemalloc.start()
    with client(server) as fdc:
        assert "longer than 1,000,000 bytes" in fdc.foods([1]).reasons()[1]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000


def test_server_that_is_not_there_is_told():
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with FdcClient(KEY, base_url=f"http://127.0.0.1:{port}/fdc/v1", clock=VirtualClock().clock()) as fdc:
        assert fdc.foods([1]).reasons() == {1: "FoodData Central gave no answer: it cannot be reached"}
        with pytest.raises(FoodDataError, match="it cannot be reached"):
            fdc.search("cheese")


# --- an answer that is not what was asked for ------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "came", "why"),
    [
        ("another food", [], "answered with another food (fdcId 500001, 500002)"),
        ("first left out", [2], "has no food of this number"),
        ("twice, differently", [2], "answered twice, and differently"),
        ("sample", [2], "of data type 'Sample', which is not read"),
        ("numbers as words", [2], "servingSize 'lots'; expected a number"),
    ],
)
def test_one_food_that_is_wrong_is_told_and_the_others_count(server, fault, came, why):
    server.faults = [fault]
    with client(server) as fdc:
        fetched = fdc.foods([1, 2])
    assert fetched.tables.foods["fdc_id"].to_list() == came
    assert why in fetched.reasons()[1]


def test_wrong_answer_is_not_kept(server):
    server.faults = ["twice, differently"]
    with client(server) as fdc:
        assert not fdc.foods([1]).failures.empty
        assert fdc.foods([1]).failures.empty


@pytest.mark.parametrize(
    "spoiled",
    [b'{"totalHits": 1, "currentPage": 7, "foods": []}', b'{"totalHits": "x"}', b'{"foods": {}}', b'{"foods": [1]}'],
)
def test_search_answered_with_something_else_is_told(server, spoiled):
    server.faults = [content(spoiled)] * 4
    with client(server) as fdc, pytest.raises(FoodDataError):
        fdc.search("bar")
