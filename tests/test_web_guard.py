"""Who may ask the web page's server for what: its name, its own pages, its token; and what every answer says."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from nutridiary.errors import NutridiaryError
from nutridiary.web.attempts import Attempts
from nutridiary.web.settings import Settings
from web_servers import Running, everything_from, running, wait_until
from web_visits import Visit

THIRTY_DAYS = Path(__file__).parents[1] / "data" / "diaries" / "thirty_days.csv"
TOKEN = "correct-horse-battery-staple"
SAID_BY_ALL = ("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("diaries"), "--workers", "1", "--most-mb", "1") as found:
        yield found


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(
        tmp_path_factory.mktemp("diaries"), "--workers", "1", "--name", "diaries.clinic.example",
        NUTRIDIARY_WEB_TOKEN=TOKEN,
    ) as found:  # fmt: skip
        yield found


def sent(server: Running, method: str = "GET", path: str = "/", **headers: str) -> httpx.Response:
    return httpx.request(
        method, server.address + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


# What every answer says


def test_every_answer_whatever_it_is_tells_browsers_to_run_nothing_foreign(server: Running) -> None:
    with Visit(server.address) as visit:
        diary = visit.upload(THIRTY_DAYS)
        answers = [
            visit.client.get("/", follow_redirects=False),
            visit.client.get("/nothing-here"),
            visit.client.get(f"/diaries/{diary}", follow_redirects=False),
            visit.client.get("/static/style.css"),
            visit.client.get("/static/../app.py"),
            visit.client.get("/template.xlsx"),
            visit.client.get("/api/openapi.json"),
            visit.client.get("/api/diaries/none/reading"),
            visit.client.put("/api/diaries/none/reading", content=b"{"),
            visit.client.post("/diaries", data={"form_token": "x"}),
            visit.client.post("/api/diaries", files=[("files", ("d.csv", b"x" * 2**21))]),
            visit.client.get("/", headers={"host": "evil.example"}),
            visit.client.post("/example", headers={"origin": "https://evil.example"}),
            visit.client.get("/health"),
        ]
    assert {answer.status_code for answer in answers} >= {200, 303, 403, 404, 413, 421}
    for answer in answers:
        assert set(SAID_BY_ALL) <= set(answer.headers), (answer.url, answer.status_code)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == (
            "max-age=3600" if answer.url.path == "/static/style.css" else "no-store"
        )


def test_pages_name_no_other_site(server: Running) -> None:
    with Visit(server.address) as visit:
        pages = [visit.get("/"), visit.get(f"/diaries/{visit.upload(THIRTY_DAYS)}/reading"), visit.get("/none")]
    for page in pages:
        assert not re.findall(r'<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)="(?:https?:)?//', page.text)
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page.text)


def test_broken_http_is_answered_in_plain_words(server: Running) -> None:
    for words in (
        b"nonsense\r\n\r\n",
        b"GET / HTTP/one\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
    ):
        answer = server.raw(words)
        assert answer.startswith(b"HTTP/1.1 400"), answer
        assert b"content-security-policy" in answer
        assert b"Traceback" not in answer
    assert server.raw(b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000).startswith(b"HTTP/1.1 400")
    assert sent(server, path="/health").status_code == 200


# Names and other sites


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"])
def test_request_that_calls_the_server_by_another_name_is_refused(server: Running, host: str) -> None:
    assert sent(server, host=host).status_code == 421
    assert sent(server, path="/api/diaries", host=host).json()["error"].startswith("This server is not called that")


def test_two_host_headers_are_refused(server: Running) -> None:
    answer = server.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
    assert answer.split()[1] in (b"400", b"421")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "[::1]:1234"])
def test_request_that_calls_the_server_by_its_own_name_is_answered(server: Running, host: str) -> None:
    assert sent(server, host=host).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://[broken"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_form_or_call_of_another_site_changes_nothing(server: Running, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/example"), ("POST", "/api/diaries"), ("DELETE", "/api/diaries/x")):
        assert sent(server, method, path, **headers).status_code == 403


def test_other_site_can_link_here_but_not_embed(server: Running) -> None:
    link = sent(server, sec_fetch_site="cross-site", sec_fetch_mode="navigate")
    assert link.status_code == 200
    assert sent(server, path="/api/diaries", sec_fetch_site="cross-site", sec_fetch_mode="no-cors").status_code == 403


def test_form_without_the_token_of_its_page_is_refused(server: Running) -> None:
    with Visit(server.address) as visit, Visit(server.address) as other:
        for token in ("", "x", "é", other.token()):
            answer = visit.client.post("/example", data={"form_token": token})
            assert answer.status_code == 403
        assert visit.json("/api/diaries")["diaries"] == []


def test_cookie_that_this_server_did_not_make_names_nobody(server: Running) -> None:
    with Visit(server.address) as visit:
        diary = visit.upload(THIRTY_DAYS)
        name, value = next(iter(visit.client.cookies.items()))
    forged = value.partition(".")[0] + "." + "0" * 64
    for cookie in (f"{name}={forged}", f"{name}=", f"{name}=\\377", "=;;=,", f"{name}={value}x"):
        assert sent(server, path=f"/api/diaries/{diary}/reading", cookie=cookie).status_code == 404
    made = sent(server).headers["set-cookie"]
    assert "HttpOnly" in made
    assert "SameSite=Lax" in made
    assert "Max-Age" not in made


# Too large, too slow, too many


def test_upload_that_is_too_large_is_told_so_with_and_without_a_length(server: Running) -> None:
    whole = b'--b\r\nContent-Disposition: form-data; name="files"; filename="d.csv"\r\n\r\n' + b"x" * 1_600_000

    def parts() -> Iterator[bytes]:
        yield from (whole[at : at + 65536] for at in range(0, len(whole), 65536))

    for content in (whole, parts()):
        headers = {"content-type": "multipart/form-data; boundary=b"}
        answer = httpx.post(f"{server.address}/diaries", content=content, headers=headers)
        assert answer.status_code == 413
        assert "more than the 1 MB" in answer.text
    assert sent(server, path="/health").status_code == 200


def test_request_whose_headers_never_end_is_closed_and_others_are_served(server: Running) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(20)]
    try:
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        began = time.monotonic()
        assert sent(server).status_code == 200
        assert time.monotonic() - began < 5
        assert everything_from(slow[0]).startswith(b"HTTP/1.1 408")
    finally:
        for one in slow:
            one.close()


def test_upload_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    with running(tmp_path / "kept", "--workers", "1", "--most-upload-seconds", "1") as server:
        head = b"POST /diaries HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        answer = server.raw(head + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n")
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"too slowly" in answer


def test_connections_beyond_the_most_are_told_to_come_back(tmp_path: Path) -> None:
    with running(tmp_path / "kept", "--workers", "1", "--most-connections", "10") as server:
        held = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(10)]
        try:
            assert wait_until(lambda: server.raw(b"").startswith(b"HTTP/1.1 503"), seconds=5)
        finally:
            for one in held:
                one.close()
        assert wait_until(lambda: sent(server, path="/health").status_code == 200, seconds=5)


# The token


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "clinic.example", "::"])
def test_server_for_other_machines_needs_a_token(host: str) -> None:
    with pytest.raises(NutridiaryError, match="give a token"):
        Settings(host=host)
    assert TOKEN not in repr(Settings(host=host, token=TOKEN))


@pytest.mark.parametrize("token", ["short", "", "a token of several words", "naïve-und-sehr-lang-und-sicher"])
def test_token_that_can_be_guessed_or_not_be_typed_is_refused(token: str) -> None:
    with pytest.raises(NutridiaryError, match="the token"):
        Settings(token=token)


@pytest.mark.parametrize(
    "name", ["", "https://clinic.example", "clinic.example:8000", "a b", "clinic.example/", "küche.at"]
)
def test_name_that_no_browser_could_call_the_server_by_is_refused(name: str) -> None:
    with pytest.raises(NutridiaryError, match=r"such as diaries\.clinic\.example"):
        Settings(names=("clinic.example", name))


def test_nothing_but_the_way_in_is_shown_before_the_token_is_typed(locked: Running) -> None:
    for path in ("/", "/about", "/diaries/x/reading", "/template.xlsx", "/none"):
        answer = sent(locked, path=path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    for path in ("/api/diaries", "/api/foods?q=apple", "/api/openapi.json"):
        answer = sent(locked, path=path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert sent(locked, path="/sign-in").status_code == 200
    assert sent(locked, path="/static/style.css").status_code == 200
    health = sent(locked, path="/health")
    assert health.json() == {"status": "ok"}
    assert "set-cookie" not in health.headers
    assert sent(locked, host="diaries.clinic.example", path="/sign-in").status_code == 200


def test_typed_token_lets_in_under_a_new_name_and_signing_out_forgets_everything(locked: Running) -> None:
    with Visit(locked.address) as visit:
        visit.client.get("/sign-in")
        before = dict(visit.client.cookies)
        answer = visit.post("/sign-in", {"token": f" {TOKEN} "})
        assert answer.url.path == "/"
        after = dict(visit.client.cookies)
        assert after != before
        diary = visit.upload(THIRTY_DAYS)
        assert visit.json(f"/api/diaries/{diary}/reading")["lines"] == 450
        assert visit.post("/sign-out").url.path == "/sign-in"
        assert not [one for one in locked.folder.rglob("*") if one.name == diary]
        visit.client.cookies.clear()
        visit.client.cookies.update(after)
        assert visit.client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_api_takes_the_token_of_a_header(locked: Running) -> None:
    assert sent(locked, path="/api/diaries", authorization=f"Bearer {TOKEN}").status_code == 200
    assert sent(locked, path="/api/diaries", authorization="Bearer wrong").status_code == 401
    assert sent(locked, path="/api/diaries", authorization=f"Basic {TOKEN}").status_code == 401


def test_wrong_tokens_make_the_next_try_wait_even_the_right_one(tmp_path: Path) -> None:
    with running(tmp_path / "kept", "--workers", "1", NUTRIDIARY_WEB_TOKEN=TOKEN) as server:
        with Visit(server.address) as visit:
            said = [visit.post("/sign-in", {"token": f"guess number {number}"}) for number in range(7)]
            assert said[0].status_code == 403
            assert "not the token" in said[0].text
            assert said[-1].status_code == 429
            assert int(said[-1].headers["retry-after"]) >= 1
            assert visit.post("/sign-in", {"token": TOKEN}).status_code == 429
        assert sent(server, path="/api/diaries", authorization=f"Bearer {TOKEN}").status_code == 429


def test_attempts_from_many_addresses_make_everybody_wait_in_the_end() -> None:
    attempts = Attempts(clock=lambda: 0.0)
    assert max(attempts.wrong(f"192.0.2.{number}") for number in range(20)) == 0.0
    assert [attempts.wrong(f"198.51.100.{number}") for number in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert attempts.wait("203.0.113.1") == 60.0


def test_attempts_are_forgotten_after_a_quarter_of_an_hour_or_a_right_one() -> None:
    now = [0.0]
    attempts = Attempts(clock=lambda: now[0])
    for _ in range(6):
        attempts.wrong("192.0.2.1")
    assert attempts.wait("192.0.2.1") == 4.0
    attempts.right("192.0.2.1")
    assert attempts.wait("192.0.2.1") == 0.0
    for _ in range(6):
        attempts.wrong("192.0.2.1")
    now[0] = 1000.0
    assert attempts.wrong("192.0.2.1") == 0.0


# What is written down


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of processes in /proc")
def test_nothing_of_a_diary_is_written_down_whatever_goes_wrong(tmp_path: Path) -> None:
    marker = "Zwiebelkuchengeheimnis"
    content = f"{marker} date,food,amount,unit,person\n2026-03-02,{marker},{marker},{marker},{marker}\n" * 3000
    with running(tmp_path / "kept", "--workers", "1") as server, Visit(server.address) as visit:
        ids = []
        for name in (f"{marker}.csv", f"{marker}.xlsx"):
            answer = visit.client.post("/api/diaries", files=[("files", (name, content.encode()))])
            ids.append(answer.json()["id"])
            visit.get(f"/diaries/{ids[-1]}/reading")
            visit.get(f"/api/diaries/{ids[-1]}/reading?q={marker}")
            visit.client.put(f"/api/diaries/{ids[-1]}/reading", json={"date": marker, "columns": {marker: marker}})
        with ThreadPoolExecutor(1) as pool:
            for _ in range(3):
                asking = pool.submit(visit.get, f"/api/foods?q={marker}&top=50")
                for pid in server.forked():
                    os.kill(pid, signal.SIGKILL)
                asking.result()
        visit.client.get(f"/{marker}")
        server.raw(f"GET /{marker} nonsense\r\n{marker}\r\n\r\n".encode())
        _, written = server.stop()
    assert marker not in written
    assert not any(one in written for one in ids)
    assert "Traceback" not in written
