"""A local server that speaks like the FoodData Central API, counts what it is asked, and fails as told.

Foods are answers in the API's full wording; the abridged and the search wording are made of them. Recorded
answers are given as they are. Faults are named; each spoils one call.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from nutridiary.fdc.api.patience import Clock, Patience

Food = dict[str, Any]


def full_value(nutrient_id: int, amount: float | None, unit: str, number: str = "") -> Food:
    """A value as the API's full format words it."""
    derivation = {"id": 70, "code": "LCCS", "foodNutrientSource": {"id": 9, "code": "12"}}
    nutrient = {"id": nutrient_id, "number": number, "unitName": unit}
    return {"type": "FoodNutrient", "nutrient": nutrient, "amount": amount, "foodNutrientDerivation": derivation}


def product(fdc_id: int, **more: Any) -> Food:
    """A branded food in the API's full format, labelled per 30 g."""
    return {
        "fdcId": fdc_id,
        "dataType": "Branded",
        "description": "MADE-UP  BAR",
        "publicationDate": "2026-04-30",
        "brandOwner": "Nobody Inc.",
        "brandedFoodCategory": "Snack bars",
        "gtinUpc": f"{fdc_id:012d}",
        "servingSize": 30.0,
        "servingSizeUnit": "g",
        "householdServingFullText": "1 bar",
        "foodNutrients": [
            full_value(1008, 400, "kcal", "208"),
            full_value(1062, 1674, "kJ", "268"),
            full_value(1092, 0.3, "g", "306"),
            full_value(1110, 80, "IU", "324"),
            full_value(1104, 500, "IU", "318"),
            full_value(1087, None, "mg", "301"),
        ],
        **more,
    }


def as_hit(food: Food) -> Food:
    """A full answer as a search words it."""
    values = [
        {
            "nutrientId": value["nutrient"]["id"],
            "nutrientNumber": value["nutrient"]["number"],
            "unitName": value["nutrient"]["unitName"].upper(),
            "value": value["amount"],
            "derivationCode": "LCCS",
            "foodNutrientSourceCode": "12",
        }
        for value in food["foodNutrients"]
        if value["amount"] is not None
    ]
    renamed = {"publicationDate": "publishedDate", "brandedFoodCategory": "foodCategory"}
    hit = {renamed.get(name, name): value for name, value in food.items() if name != "labelNutrients"}
    return {**hit, "foodNutrients": values, "score": 100.0, "allHighlightFields": ""}


def as_abridged(food: Food) -> Food:
    """A full answer in the abridged wording."""
    kept = ("fdcId", "dataType", "description", "publicationDate", "ndbNumber", "foodCode", "brandOwner", "gtinUpc")
    values = [
        {
            "number": value["nutrient"]["number"],
            "name": "",
            "amount": value["amount"],
            "unitName": value["nutrient"]["unitName"].upper(),
            "derivationCode": "LCCS",
        }
        for value in food["foodNutrients"]
    ]
    return {**{name: food[name] for name in kept if name in food}, "foodNutrients": values}


def alone(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Leave whoever runs the test out of it: their key, their answers, their keyring."""
    monkeypatch.setenv("NUTRIDIARY_DATA", str(folder / "data"))
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(folder / "cache"))
    for name in ("FDC_API_KEY", "FDC_API_KEY_FILE", "NUTRIDIARY_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NUTRIDIARY_FDC_URL", "http://127.0.0.1:1/fdc/v1")
    monkeypatch.setitem(sys.modules, "keyring", None)  # as if it were not installed


@dataclass
class VirtualClock:
    """A clock that only moves when somebody sleeps, or is made to."""

    seconds: float = 1_795_000_000.0
    naps: list[float] = field(default_factory=list)
    chance: Callable[[float, float], float] = max

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(now=lambda: self.seconds, ticks=lambda: self.seconds, sleep=self.sleep, chance=self.chance)


QUICK = Patience(connect=60.0, read=60.0, call=60.0)
"""For tests in which nothing is slow on purpose."""
ABRUPT = Patience(connect=5.0, read=5.0, call=0.3, tries=2)
"""For a server that never ends on purpose: the call is cut, however fast or slow the machine."""


@dataclass
class Asked:
    """One call, as the server saw it."""

    path: str
    key: str | None
    body: Food
    at: float

    @property
    def fdc_ids(self) -> list[int]:
        return list(self.body.get("fdcIds", []))


@dataclass
class Reply:
    """What the server says to one call."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


Fault = Callable[[Reply], Reply | str]
"""Spoils a reply, or names what the connection does instead: reset, short, hang, drip."""


def status(code: int, headers: Mapping[str, str] | None = None, content: bytes = b"") -> Fault:
    return lambda reply: Reply(code, {**reply.headers, **(headers or {})}, content)


def content(given: bytes, headers: Mapping[str, str] | None = None) -> Fault:
    return lambda reply: Reply(200, {**reply.headers, **(headers or {})}, given)


def foods_changed(change: Callable[[list[Food]], Any]) -> Fault:
    """A fault of the foods in the answer, whatever else is right about it."""

    def spoil(reply: Reply) -> Reply:
        foods = json.loads(reply.content)
        return Reply(200, reply.headers, json.dumps(change(foods) if isinstance(foods, list) else foods).encode())

    return spoil


FAULTS: dict[str, Fault] = {
    "none": lambda reply: reply,
    "429": status(429, {}, b'{"error": {"code": "OVER_RATE_LIMIT"}}'),
    "429 for 7 s": status(429, {"Retry-After": "7"}),
    "429 until a date": status(
        429, {"Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"}
    ),
    "429 for an hour": status(429, {"Retry-After": "3600"}),
    "500": status(500, {}, b'{"message": "all shards failed"}'),
    "503": status(503, {"Retry-After": "1"}),
    "404": status(404),
    "400": status(400, {}, b'{"message": "bad"}'),
    "403": status(403, {}, b'{"error": {"code": "API_KEY_INVALID"}}'),
    "302": status(302, {"Location": "http://127.0.0.1:9/elsewhere"}),
    "web page": content(b"<html>Sign in to the network</html>"),
    "empty": content(b""),
    "error in an object": content(b'{"error": 1}'),
    "numbers": content(b"[1, 2]"),
    "nested": content(b"[" * 100_000),
    "no gzip": content(b"no gzip", {"Content-Encoding": "gzip"}),
    "brotli": content(b"..", {"Content-Encoding": "br"}),
    "gzip cut": lambda reply: Reply(200, {"Content-Encoding": "gzip"}, gzip.compress(reply.content)[:-20]),
    "gzip": lambda reply: Reply(200, {"Content-Encoding": "gzip"}, gzip.compress(reply.content)),
    "cut": lambda reply: Reply(200, {}, reply.content[: len(reply.content) // 2]),
    "latin-1": foods_changed(lambda foods: [{**food, "description": "PÂTÉ"} for food in foods]),
    "another food": foods_changed(lambda foods: [{**food, "fdcId": food["fdcId"] + 500_000} for food in foods]),
    "first left out": foods_changed(lambda foods: foods[1:]),
    "twice": foods_changed(lambda foods: foods * 2),
    "twice, differently": foods_changed(lambda foods: [*foods, *({**food, "foodNutrients": []} for food in foods[:1])]),
    "sample": foods_changed(lambda foods: [{**food, "dataType": "Sample"} for food in foods[:1]] + foods[1:]),
    "numbers as words": foods_changed(
        lambda foods: [{**food, "servingSize": "lots"} for food in foods[:1]] + foods[1:]
    ),
    "reset": lambda reply: "reset",
    "short": lambda reply: "short",
    "hang": lambda reply: "hang",
    "drip": lambda reply: "drip",
    "drip of headers": lambda reply: "drip of headers",
}
_as_utf8 = FAULTS["latin-1"]
FAULTS["latin-1"] = lambda reply: Reply(
    200,
    {"Content-Type": "application/json; charset=iso-8859-1"},
    json.dumps(json.loads(_as_utf8(reply).content), ensure_ascii=False).encode("latin-1"),  # type: ignore[union-attr]
)


SLOW = {"hang", "drip", "drip of headers"}
PASSING = ["429", "500", "503", "reset", "short", "cut", "gzip cut"]
OF_ONE_FOOD = ["first left out", "twice, differently", "sample", "numbers as words", "twice", "gzip"]


class FdcServer:
    """The server. What it was asked is in `asked`; `faults` spoils the next calls, in order."""

    def __init__(self, *, now: Callable[[], float] = lambda: 0.0, limit: int | None = None, told: bool = True) -> None:
        self.foods: dict[int, Food] = {}
        self.recorded: dict[str, Food] = {}
        self.asked: list[Asked] = []
        self.faults: list[str | Fault] = []
        self.now, self.limit, self.told = now, limit, told
        self.over_limit = 0
        self._ends = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def _answer(self, body: Food) -> None:
                key = self.headers["X-Api-Key"]
                fake.asked.append(Asked(self.path, key, body, fake.now()))
                reply = fake._reply(self.path.removeprefix("/fdc/v1/"), body)
                fault = fake.faults.pop(0) if fake.faults and not isinstance(reply, str) else "none"
                spoiled = (FAULTS[fault] if isinstance(fault, str) else fault)(reply)
                if isinstance(spoiled, str):
                    self.close_connection = True
                    fake._misbehave(self, spoiled, reply)
                    return
                self.send_response(spoiled.status)
                for name, value in spoiled.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(spoiled.content)))
                self.end_headers()
                self.wfile.write(spoiled.content)

            def send_response(self, code: int, message: str | None = None) -> None:
                self.send_response_only(code, message)  # no Date of its own: a fault may state another

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that hangs up is what some tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/fdc/v1"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def _reply(self, path: str, body: Food) -> Reply:
        hour = [asked for asked in self.asked if asked.at > self.now() - 3600]
        headers = {}
        if self.limit is not None:
            if self.told:
                left = str(max(0, self.limit - len(hour)))
                headers = {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": left}
            if len(hour) > self.limit:
                self.over_limit += 1
                return Reply(429, headers, b'{"error": {"code": "OVER_RATE_LIMIT"}}')
        return Reply(200, headers, json.dumps(self._answer(path, body)).encode())

    def _answer(self, path: str, body: Food) -> Any:
        if path == "foods":
            known = [self.foods[fdc_id] for fdc_id in body["fdcIds"][:20] if fdc_id in self.foods]
            return [as_abridged(food) for food in known] if body.get("format") == "abridged" else known
        if path == "foods/search" and body["query"] in self.recorded:
            return self.recorded[body["query"]]
        of_type = [food for food in self.foods.values() if food["dataType"] in body.get("dataType", [food["dataType"]])]
        start = (body["pageNumber"] - 1) * body["pageSize"]
        if path == "foods/list":
            return [as_abridged(food) for food in of_type[start : start + body["pageSize"]]]
        words = body["query"].casefold().split()
        found = [food for food in of_type if _holds(food, words, all_of=body["requireAllWords"])]
        return {
            "totalHits": len(found),
            "currentPage": body["pageNumber"],
            "totalPages": -(-len(found) // body["pageSize"]),
            "foodSearchCriteria": body,
            "foods": [as_hit(food) for food in found[start : start + body["pageSize"]]],
        }

    def _misbehave(self, handler: BaseHTTPRequestHandler, how: str, reply: Reply) -> None:
        connection = handler.connection
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return
        if how == "short":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(reply.content) + 1))
            handler.wfile.write(reply.content)
            return
        begin = b"HTTP/1.1 200 OK\r\n" + (b"" if how == "drip of headers" else b"Content-Length: 1000000\r\n\r\n")
        try:
            if how != "hang":
                connection.sendall(begin)
            while not self._ends.wait(0.02):
                if how == "hang":
                    connection.settimeout(0.02)
                    try:
                        if not connection.recv(1):
                            return
                    except TimeoutError:
                        continue
                connection.sendall(b"X-More: 1\r\n" if how == "drip of headers" else b" ")
        except OSError:
            return


def _holds(food: Food, words: list[str], *, all_of: bool) -> bool:
    names = f"{food['description']} {food.get('brandOwner', '')} {food.get('gtinUpc', '')}".casefold().split()
    return (all if all_of else any)(word in names for word in words)
