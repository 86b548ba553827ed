"""Products of Open Food Facts: what a label says, in whose units, and what happens when nobody answers as hoped.

The server of these tests words its answers as the API does; every product in it is made up.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nutridiary.brands.open_food_facts import MOST_A_MINUTE, OpenFoodFacts, Products, product_tables
from nutridiary.fdc.api.patience import Clock, Patience
from nutridiary.fdc.product_ids import gtin_of, open_food_facts_id, product_url
from nutridiary.foods import load_foods

OATS, DRINK, POWDER = 4012345678901, 4000000000006, 96385074


def product(**fields: Any) -> dict[str, Any]:
    """A packet of oats, as the API words it."""
    return {
        "product_name": "Rolled oats",
        "brands": "Made-up Mill,Another",
        "quantity": "500 g",
        "product_quantity": "500",
        "product_quantity_unit": "g",
        "serving_size": "4 tablespoons (40 g)",
        "serving_quantity": 40,
        "serving_quantity_unit": "g",
        "nutrition_data_per": "100g",
        "countries_tags": ["en:germany"],
        "states_tags": ["en:nutrition-facts-completed"],
        "nutriments": {
            "energy-kcal_100g": 372,
            "energy-kcal_unit": "kcal",
            "energy-kj_100g": 1560,
            "energy-kj_unit": "kJ",
            "energy_100g": 1560,
            "fat_100g": 7,
            "fat_unit": "g",
            "carbohydrates_100g": 58.7,
            "fiber_100g": 10,
            "proteins_100g": 13.5,
            "salt_100g": 0.02,
            "sodium_100g": 0.008,
            "magnesium_100g": 0.13,
            "magnesium_unit": "mg",
            "vitamin-b1_100g": 0.00055,
            "vitamin-b1_unit": "mg",
            "vitamin-d_100g": 0.000005,
            "vitamin-d_unit": "µg",
        },
        **fields,
    }


def nutriments(**values: Any) -> dict[str, Any]:
    """Values of a product in place of those of the oats: ``fat_100g=3``, with hyphens for double underscores."""
    return {name.replace("__", "-"): value for name, value in values.items()}


class Server:
    """Answers as the API does, and does what it is told to do wrong."""

    def __init__(self) -> None:
        self.products: dict[int, dict[str, Any]] = {OATS: product()}
        self.faults: list[Any] = []  # for the next calls: a status, (status, headers), bytes of a body, or "drip"
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.packed = b""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.calls.append((self.path, dict(self.headers)))
                fault = server.faults.pop(0) if server.faults else None
                if fault == "drip":
                    self._drip()
                elif isinstance(fault, int | tuple):
                    status, headers = fault if isinstance(fault, tuple) else (fault, {})
                    packed = headers.get("Content-Encoding") == "gzip"
                    self._send(status, server.packed if packed else b"busy", headers)
                elif isinstance(fault, bytes):
                    self._send(200, fault)
                else:
                    self._product()

            def _product(self) -> None:
                code = re.fullmatch(r"/api/v2/product/(\d+)\?fields=[\w,]+", self.path)
                assert code is not None, self.path
                found = server.products.get(int(code[1]))
                said: dict[str, Any] = {"code": code[1], "status": 0, "status_verbose": "product not found"}
                if found is not None:
                    said = {"code": code[1], "product": {"code": code[1], **found}, "status": 1}
                self._send(404 if found is None else 200, json.dumps(said).encode())

            def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def _drip(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                for _ in range(200):
                    try:
                        self.wfile.write(b" ")
                        self.wfile.flush()
                    except OSError:
                        return
                    time.sleep(0.05)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.moment, self.slept = 1_800_000_000.0, 0.0

    def sleep(self, seconds: float) -> None:
        self.moment += seconds
        self.slept += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.moment, ticks=lambda: self.moment, sleep=self.sleep, chance=max)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "cache"))
    found = Server()
    yield found
    found.close()


@pytest.fixture
def when() -> FakeTime:
    return FakeTime()


def look_up(server: Server, when: FakeTime, *gtins: int, **options: Any) -> Products:
    patience = options.pop("patience", Patience(connect=2, read=2, call=10))
    return product_tables(gtins or (OATS,), address=server.address, clock=when.clock, patience=patience, **options)


def composition(found: Products, gtin: int = OATS) -> dict[str, float]:
    row = load_foods().with_foods(found.tables).composition([found.ids[gtin]]).iloc[0]
    return {str(name): float(value) for name, value in row.dropna().items()}


def test_product_gives_the_values_of_its_label_in_our_units(server: Server, when: FakeTime) -> None:
    values = composition(look_up(server, when))
    expected = {"energy": 372, "fat_total": 7, "protein": 13.5, "fiber_total": 10, "magnesium": 130, "thiamin": 0.55}
    assert {name: values[name] for name in expected} == pytest.approx(expected)
    assert values["vitamin_d"] == pytest.approx(5)  # stated as 5 ug; the API gives grams
    assert values["sodium"] == pytest.approx(8)
    # Labels of the EU state carbohydrate without fibre; food tables with it.
    assert values["carbohydrate"] == pytest.approx(68.7)
    assert "vitamin_c" not in values  # not stated is not zero


def test_product_keeps_where_it_is_from(server: Server, when: FakeTime) -> None:
    found = look_up(server, when)
    food, release = found.tables.foods.iloc[0], found.tables.releases.iloc[0]
    assert food["data_type"] == "open_food_facts"
    assert food["description"] == "Rolled oats"
    assert found.tables.aliases["alias"].to_list() == ["Made-up Mill Rolled oats"]
    assert release["licence"] == "ODbL 1.0"
    assert "Open Food Facts" in release["note"]
    assert release["release"] == "Open Food Facts 2027-01-15"  # the day of the clock
    assert product_url(food["fdc_id"]).endswith(str(OATS))


def test_ids_of_products_are_nobody_elses(server: Server, when: FakeTime) -> None:
    largest = max(load_foods().foods()["fdc_id"])
    for gtin in (1, POWDER, OATS, 10**14 - 1):
        assert gtin_of(open_food_facts_id(gtin)) == gtin
        assert open_food_facts_id(gtin) > 1000 * largest
        assert float(open_food_facts_id(gtin)) == open_food_facts_id(gtin)
    with pytest.raises(ValueError, match="no number"):
        open_food_facts_id(10**14)


def test_serving_and_package_are_portions(server: Server, when: FakeTime) -> None:
    portions = look_up(server, when).tables.portions[["amount", "description", "gram_weight"]].to_numpy().tolist()
    assert portions == [[1, "serving", 40], [4, "tablespoons", 40], [1, "package", 500]]


@pytest.mark.parametrize(
    ("fields", "basis"),
    [
        ({"nutrition_data_per": "100g"}, ""),
        ({"nutrition_data_per": "100ml", "product_quantity_unit": "ml", "serving_quantity_unit": "ml"}, "volume"),
        # What drinks look like: "100g" stands there whatever the label says.
        ({"product_quantity_unit": "ml", "serving_size": "", "serving_quantity_unit": None}, "volume"),
        (
            {"product_quantity_unit": None, "quantity": "1,5 L", "serving_size": "", "serving_quantity_unit": ""},
            "volume",
        ),
        ({"nutrition_data_per": "serving"}, ""),
        (
            {"nutrition_data_per": "serving", "serving_size": "1 glass (250 ml)", "serving_quantity_unit": None},
            "volume",
        ),
    ],
)
def test_basis_is_what_the_product_is_measured_in(
    server: Server, when: FakeTime, fields: dict[str, Any], basis: str
) -> None:
    server.products[OATS] = product(**fields)
    found = look_up(server, when)
    assert found.tables.foods["basis"].fillna("").to_list() == [basis]
    assert len(found.tables.values) > 5


@pytest.mark.parametrize(
    "fields",
    [
        {"nutrition_data_per": "serving", "serving_size": "", "serving_quantity_unit": None},
        {"nutrition_data_per": "100ml"},  # and the package is measured in g
        {"serving_quantity_unit": "ml"},  # ice cream: g on the package, ml in the serving
        {
            "nutrition_data_per": "",
            "quantity": "",
            "product_quantity_unit": "",
            "serving_quantity_unit": "",
            "serving_size": "",
        },
        {"no_nutrition_data": "on"},
    ],
)
def test_unknown_basis_leaves_the_values_out_and_says_so(
    server: Server, when: FakeTime, fields: dict[str, Any]
) -> None:
    server.products[OATS] = product(**fields)
    found = look_up(server, when)
    assert found.tables.values.empty
    assert "left out" in found.notes[open_food_facts_id(OATS)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"energy__kj_100g": 418.4}, {"energy": 100}),
        ({"energy__kcal_100g": 1560, "energy__kj_100g": 372}, {}),  # swapped
        ({"salt_100g": 1.0}, {"sodium": 400}),
        ({"sodium_100g": 1.0, "salt_100g": 1.0}, {}),
        ({"magnesium_100g": 0.1, "magnesium_unit": "% DV"}, {}),
        ({"vitamin__d_100g": 0.00001, "vitamin__d_unit": "IU"}, {"vitamin_d": 10}),
        ({"vitamin__c_100g": 0.03, "vitamin__c_unit": "IU"}, {}),
        ({"sugars_100g": 0.5, "sugars_modifier": "<"}, {}),
        ({"salt_100g": 0.1, "salt_modifier": "<", "sodium_100g": 0.04}, {}),  # one is worked out from the other
        ({"energy__kcal_100g": 5, "energy__kcal_modifier": "<", "energy__kj_100g": 20}, {}),
        ({"sugars_100g": 0.5, "sugars_modifier": "~"}, {"sugars_total": 0.5}),
        ({"magnesium_prepared_100g": 0.1, "magnesium_serving": 0.1, "magnesium": 0.1}, {}),
        ({"vitamin__a_100g": 0.0008, "vitamin__b9_100g": 0.0002, "vitamin__pp_100g": 0.016}, {}),
        ({"fruits__vegetables__nuts__estimate__from__ingredients_100g": 40}, {}),
        ({"potassium_100g": "0.35"}, {"potassium": 350}),
        ({"potassium_100g": -1, "calcium_100g": "NaN", "iron_100g": None, "zinc_100g": True}, {}),
        ({"proteins_100g": 250}, {}),
        ({"carbohydrates_100g": 50}, {}),  # with or without fibre? a product of the EU that states no fibre
        ({"carbohydrates__total_100g": 50}, {"carbohydrate": 50}),
    ],
)
def test_values_are_taken_only_where_it_is_known_what_they_are(
    server: Server, when: FakeTime, values: dict[str, Any], expected: dict[str, float]
) -> None:
    server.products[OATS] = product(nutriments=nutriments(**values))
    found = look_up(server, when)
    assert composition(found) == pytest.approx(expected)


def test_carbohydrate_of_american_labels_holds_the_fibre_already(server: Server, when: FakeTime) -> None:
    label = {"carbohydrates_100g": 60, "fiber_100g": 10}
    server.products[OATS] = product(nutriments=label, countries_tags=["en:united-states"])
    server.products[DRINK] = product(nutriments=label, countries_tags=["en:united-states", "en:france"])
    found = look_up(server, when, OATS, DRINK)
    assert composition(found)["carbohydrate"] == 60
    assert "carbohydrate" not in composition(found, DRINK)


def test_only_the_number_is_sent_and_the_program_says_who_it_is(server: Server, when: FakeTime) -> None:
    look_up(server, when)
    ((path, headers),) = server.calls
    assert path.startswith(f"/api/v2/product/{OATS}?fields=code,")
    assert "estimate" not in path
    assert re.fullmatch(r"nutridiary/[\d.]+ \(\S+\)", headers["User-Agent"])
    assert set(headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_product_is_asked_for_once_and_again_after_a_month(server: Server, when: FakeTime) -> None:
    first, again = look_up(server, when), look_up(server, when, offline=True)
    assert len(server.calls) == 1
    assert first.tables.values.equals(again.tables.values)
    when.moment += 31 * 86400
    assert look_up(server, when, offline=True).failures.keys() == {OATS}
    look_up(server, when)
    assert len(server.calls) == 2


def test_unknown_product_is_a_reason(server: Server, when: FakeTime) -> None:
    found = look_up(server, when, DRINK, OATS)
    assert found.failures == {DRINK: "Open Food Facts does not know the product 4000000000006"}
    assert found.ids == {OATS: open_food_facts_id(OATS)}


@pytest.mark.parametrize("fault", [429, 500, 503, (429, {"Retry-After": "7"}), b'{"status": 1, "product": {"co', b""])
def test_faults_that_pass_are_outlasted(server: Server, when: FakeTime, fault: object) -> None:
    server.faults = [fault, fault]
    assert composition(look_up(server, when))["magnesium"] == pytest.approx(130)
    assert 0 < when.slept <= 60


WRONG = json.dumps({"status": 1, "code": "4000000000006", "product": {"code": "4000000000006"}}).encode()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (403, "refuses"),
        (302, "HTTP 302"),
        (500, "HTTP 500"),
        ((429, {"Retry-After": "3600"}), "wait 60 minutes"),
        (WRONG, "another product"),
        (b"[1, 2]", "no object"),
        (b'{"status": 1, "product": "oats"}', "no product"),
        (b"{" * 100_000, "damaged"),
        (b" " * 3_000_000, "longer than 2,000,000 bytes"),
        (
            json.dumps(
                {
                    "status": 1,
                    "code": str(OATS),
                    "product": {"nutriments": [], "code": str(OATS), "nutrition_data_per": "100g"},
                }
            ).encode(),
            "",
        ),
    ],
)
def test_faults_that_stay_are_reasons_and_never_raise(server: Server, when: FakeTime, fault: object, why: str) -> None:
    server.faults = [fault] * 20
    found = look_up(server, when)
    assert found.tables.values.empty
    if why:
        assert why in found.failures[OATS]
        assert found.ids == {}
    assert when.slept < 200


def test_server_that_drips_is_not_waited_for(server: Server, when: FakeTime) -> None:
    server.faults = ["drip"] * 10
    began = time.monotonic()
    patience = replace(Patience(connect=2, read=2, tries=1), call=0.4)
    found = look_up(server, when, patience=patience)
    assert "too long" in found.failures[OATS]
    assert time.monotonic() - began < 5


def test_nobody_there_is_a_reason_and_the_rest_is_not_asked_for(
    when: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path))
    gtins = range(OATS, OATS + 5)
    found = product_tables(gtins, address="http://127.0.0.1:9", clock=when.clock)
    assert found.failures.keys() == set(gtins)
    assert sum("not to be reached" in why for why in found.failures.values()) == 2
    assert sum("did not answer before" in why for why in found.failures.values()) == 3


def test_no_more_products_are_asked_for_than_a_minute_allows(server: Server, when: FakeTime) -> None:
    gtins = range(OATS, OATS + 40)
    server.products = {gtin: product() for gtin in gtins}
    times: list[float] = []
    server.calls = _Timed(times, when)  # type: ignore[assignment]
    found = look_up(server, when, *gtins)
    assert len(found.ids) == 40
    for at in times:
        assert sum(at - 60 < other <= at for other in times) <= MOST_A_MINUTE


class _Timed(list[Any]):
    def __init__(self, times: list[float], when: FakeTime) -> None:
        super().__init__()
        self._times, self._when = times, when

    def append(self, call: Any) -> None:
        super().append(call)
        self._times.append(self._when.moment)


@pytest.mark.parametrize("hindered", ["read-only", "locked"])
def test_no_more_are_asked_for_in_a_minute_where_the_count_cannot_be_kept(
    server: Server, when: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hindered: str
) -> None:
    look_up(server, when)
    kept = tmp_path / "cache" / "open_food_facts.sqlite"
    with closing(sqlite3.connect(kept, isolation_level=None)) as other:
        if hindered == "locked":
            other.execute("BEGIN IMMEDIATE")
        else:
            connect = sqlite3.connect
            monkeypatch.setattr(
                sqlite3, "connect", lambda path, **how: connect(f"file:{path}?mode=ro", uri=True, **how)
            )
        look_up(server, when, *range(OATS + 100, OATS + 100 + MOST_A_MINUTE))
        assert when.slept == 0
        look_up_again = range(OATS + 200, OATS + 200 + MOST_A_MINUTE + 1)
        began = len(server.calls)
        look_up(server, when, *look_up_again)
        assert when.slept >= 60
        assert len(server.calls) == began + MOST_A_MINUTE + 1


def test_products_that_come_slowly_have_one_end_together(server: Server, when: FakeTime) -> None:
    asked = list(range(OATS, OATS + 40))
    server.products = {gtin: product() for gtin in asked}
    slow = Clock(now=lambda: when.moment, ticks=lambda: when.moment + 40 * len(server.calls), sleep=when.sleep)
    look = OpenFoodFacts(address=server.address, clock=slow, patience=Patience(connect=2, read=2, call=60))
    first = look(asked[:20])
    assert 0 < len(first.ids) < 20
    assert "asking Open Food Facts took 300 s before" in first.failures[asked[19]]
    assert look(asked[20:]).ids == {}, "what is looked up later for the same diary has no further five minutes"


def test_password_that_is_kept_for_other_programs_is_not_sent(
    server: Server, when: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    look_up(server, when)
    assert "Authorization" not in server.calls[0][1]


def test_answer_that_unfolds_without_end_is_not_unfolded(server: Server, when: FakeTime) -> None:
    server.faults = [(200, {"Content-Encoding": "gzip"})] * 4
    server.packed = gzip.compress(b" " * 50_000_000)
    tracemalloc.start()
    try:
        found = look_up(server, when)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "longer than 2,000,000 bytes" in found.failures[OATS]
    assert most < 20_000_000


def test_more_products_than_five_minutes_allow_are_for_another_run(server: Server, when: FakeTime) -> None:
    gtins = range(OATS, OATS + 120)
    server.products = {gtin: product() for gtin in gtins}
    found = look_up(server, when, *gtins)
    assert 75 <= len(found.ids) < 120
    assert all("run it again" in why for why in found.failures.values())
    when.moment += 60
    assert len(look_up(server, when, *gtins).ids) == 120


def test_cache_that_cannot_be_used_stops_nothing(
    server: Server, when: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").mkdir(exist_ok=True)
    (tmp_path / "cache" / "open_food_facts.sqlite").write_bytes(b"no database" * 1000)
    assert look_up(server, when).ids.keys() == {OATS}
    monkeypatch.setenv("NUTRIDIARY_CACHE", "/dev/null/nowhere")
    assert look_up(server, when).ids.keys() == {OATS}


def test_address_that_would_send_in_the_clear_is_not_asked(
    when: FakeTime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path))
    monkeypatch.setenv("NUTRIDIARY_OPEN_FOOD_FACTS_URL", "http://example.org")
    found = product_tables([OATS], clock=when.clock)
    assert "no address" in found.failures[OATS]
