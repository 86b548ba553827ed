"""Requests made to stop the web page's server, to lose somebody their diary, or to lead them away."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from nutridiary.web.connections import protocol_for
from web_servers import Running, running
from web_visits import Visit

DIARY = b"date,food,amount,unit\n2026-03-01,oats,40,g\n2026-03-01,milk,1,cup\n"
JSON = {"content-type": "application/json"}
LONGEST_PAUSE = 2.0  # s; that the server may not answer others, on a busy machine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("diaries"), "--workers", "1") as found:
        yield found


@pytest.fixture
def visit(server: Running) -> Iterator[Visit]:
    with Visit(server.address) as found:
        yield found


def opened(visit: Visit, data: bytes = DIARY, name: str = "may.csv") -> str:
    answer = visit.client.post("/api/diaries", files=[("files", (name, data))])
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@contextmanager
def longest_pause(server: Running) -> Iterator[list[float]]:
    """Ask whether the server is well, all the time; give how long it took at most."""
    found, ended = [0.0], threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=server.address, timeout=60) as client:
            while not ended.is_set():
                began = time.monotonic()
                client.get("/health")
                found[0] = max(found[0], time.monotonic() - began)
                time.sleep(0.02)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield found
    finally:
        ended.set()
        asking.join()


# What would keep the server from answering others


@pytest.mark.parametrize(
    "body",
    [
        b'{"people": [' + b"{}," * 300_000 + b"{}]}",
        b'{"people": [' + b"1," * 900_000 + b"1]}",
        b"{" + b",".join(b'"%d":1' % number for number in range(150_000)) + b"}",
        b'{"people": [' + b"{}," * 6_000_000 + b"{}]}",
        b"[" * 1_900_000,
        b'{"' + b"k" * 1_900_000 + b'": 1}',
        ('{"people": [' + "{}," * 300_000 + "{}]}").encode("utf-16"),
    ],
    ids=["wrong people", "numbers", "unknown fields", "18 MB", "nested", "long name", "utf-16"],
)
def test_json_with_a_great_many_faults_is_refused_at_once_and_keeps_nobody_waiting(
    server: Running, visit: Visit, body: bytes
) -> None:
    diary = opened(visit)
    began = time.monotonic()
    with longest_pause(server) as pause:
        answer = visit.client.put(f"/api/diaries/{diary}/people", content=body, headers=JSON)
    assert answer.status_code in (400, 413, 422)
    assert len(answer.text) < 3_000
    assert pause[0] < LONGEST_PAUSE
    assert time.monotonic() - began < 10


def test_form_of_nothing_but_separators_keeps_nobody_waiting(server: Running, visit: Visit) -> None:
    opened(visit)
    form = {"content-type": "application/x-www-form-urlencoded"}
    with longest_pause(server) as pause:
        for path in ("/diaries", "/sign-in", "/example"):
            assert visit.client.post(path, content=b"&" * 19_000_000, headers=form).status_code == 413
            assert visit.client.post(path, content=b"&" * 1_900_000, headers=form).status_code in (303, 400, 403)
    assert pause[0] < LONGEST_PAUSE


def test_as_much_as_may_be_said_at_once_is_taken(visit: Visit) -> None:
    diary = opened(visit)
    people = [{"name": f"{number} {'ö, ' * 60}", "sex": "female", "age_years": 34} for number in range(500)]
    answer = visit.client.put(f"/api/diaries/{diary}/people", json={"people": people[:100]})
    assert answer.status_code in (200, 422), answer.text
    assert "more than can be said" not in answer.text
    corrections = [{"said": f"{number} " + "oats, " * 5, "decision": "ignore"} for number in range(500)]
    answer = visit.client.post(f"/api/diaries/{diary}/review/corrections", json={"corrections": corrections})
    assert answer.status_code == 200, answer.text


def test_of_many_faults_the_first_are_told_and_the_others_counted(visit: Visit) -> None:
    diary = opened(visit)
    said = json.dumps({f"{'n' * 500}{number}": 1 for number in range(30)})
    answer = visit.client.put(f"/api/diaries/{diary}/reading", content=said, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith("and 20 more.")
    assert "n" * 200 not in answer.text


# Cookies of others


@pytest.mark.parametrize(
    "others",
    [
        'theme={{"dark": [1]}}; {}',
        "[odd]=1; {}",
        'a"b=c; {}',
        "x=\x7f; {}",
        "Path=/; {}",
        "{}; a b c",
        "{name}=x; {}",
        "{}; {name}=x",
    ],
)
def test_cookies_that_other_programs_set_lose_nobody_their_diary(server: Running, visit: Visit, others: str) -> None:
    diary = opened(visit)
    name, value = next(iter(visit.client.cookies.items()))
    cookie = others.format(f"{name}={value}", name=name)
    answer = httpx.get(f"{server.address}/api/diaries", headers={"cookie": cookie})
    assert [one["id"] for one in answer.json()["diaries"]] == [diary]
    assert "set-cookie" not in answer.headers


# Ways that lead elsewhere, and what is kept of what is not there


def test_no_address_leads_to_a_whole_other_one(server: Running) -> None:
    for path in ("/about/", "/diaries/", "/api/diaries/", "/static", "//evil.example/", "/health/"):
        answer = server.raw(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nConnection: close\r\n\r\n".encode()
        )
        assert answer.startswith(b"HTTP/1.1 404"), (path, answer[:200])
        assert b"\r\nlocation:" not in answer.lower()


def test_file_that_is_not_there_or_was_refused_is_kept_in_no_cache(server: Running) -> None:
    there, absent = httpx.get(f"{server.address}/static/style.css"), httpx.get(f"{server.address}/static/none.css")
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    refused = httpx.get(f"{server.address}/static/style.css", headers=elsewhere)
    assert [answer.status_code for answer in (there, absent, refused)] == [200, 404, 403]
    assert [answer.headers["cache-control"] for answer in (there, absent, refused)] == [
        "max-age=3600", "no-store", "no-store",
    ]  # fmt: skip
    again = httpx.get(f"{server.address}/static/style.css", headers={"if-none-match": there.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "max-age=3600")


# Forms that no page of ours would send


def test_form_with_made_up_choices_is_told_what_is_wrong_and_the_connection_goes_on(visit: Visit) -> None:
    diary = opened(visit)
    page = visit.get(f"/diaries/{diary}/people").text
    names = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page)) - {"form_token"}
    assert {"reference", "edition", "sex-0"} <= names
    for said in ('<zzz onload=1>"', "", "-1", "9" * 3_000, "\0"):
        for name in names:
            answer = visit.client.post(
                f"/diaries/{diary}/people", data={"form_token": visit.token(), name: said}, follow_redirects=False
            )
            assert answer.status_code in (202, 303, 422), (name, said[:20])
            assert "<zzz" not in answer.text


# Who takes nothing of what they are sent


def test_connection_that_takes_nothing_of_its_answer_is_ended() -> None:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(500):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
        await send({"type": "http.response.body"})

    async def taken(pause: float) -> int:
        config = uvicorn.Config(answer, lifespan="off", log_config=None)
        config.load()
        impatient = type("Impatient", (protocol_for(10),), {"stalled_seconds": 0.5})
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: impatient(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=1000)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await asyncio.sleep(pause)
            found = 0
            with suppress(ConnectionError):
                while part := await asyncio.wait_for(reader.read(2**20), 10):
                    found += len(part)
                    if found >= 50_000_000:
                        break
            writer.close()
        return found

    # In a thread of its own: a browser of other tests may have a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, taken(0)).result() >= 50_000_000
        assert pool.submit(asyncio.run, taken(2)).result() < 50_000_000


# Thousands of corrections


def test_as_many_corrections_as_there_may_be_keep_nobody_waiting(server: Running, visit: Visit) -> None:
    address = f"/api/diaries/{opened(visit)}/review/corrections"
    with longest_pause(server) as pause:
        for many in range(10):
            began = time.monotonic()
            said = [
                {"said": f"{many} {number} " + "x" * 900, "decision": "weight", "unit": "y" * 150, "grams_per_unit": 5}
                for number in range(500)
            ]
            answer = visit.client.post(address, json={"corrections": said})
            assert answer.status_code == 200
            assert len(answer.json()["answers"]) == 500 * (many + 1)
            assert time.monotonic() - began < 10  # 45 s where each is compared with each
        more = visit.client.post(address, json={"corrections": [{"said": "one more", "decision": "ignore"}]})
    assert more.status_code == 422
    assert "5,000" in more.json()["error"]
    assert pause[0] < 2 * LONGEST_PAUSE  # an answer of 7 MB is written in one piece


def test_corrections_whose_parts_lead_in_a_circle_are_refused_all_together(visit: Visit) -> None:
    address = f"/api/diaries/{opened(visit)}/review/corrections"
    first = {"said": "soup", "decision": "parts", "parts": "stew; bread"}
    then = {"said": "stew", "decision": "parts", "parts": "soup; rice"}
    for said in ([first, then], [then, first]):
        answer = visit.client.post(address, json={"corrections": said})
        assert answer.status_code == 422, answer.text
    assert visit.client.post(address, json={"corrections": [first]}).status_code == 200
    assert visit.client.post(address, json={"corrections": [then]}).status_code == 422
    plain = {"said": "soup", "decision": "parts", "parts": "carrots; bread"}
    assert visit.client.post(address, json={"corrections": [then, plain]}).status_code == 200
