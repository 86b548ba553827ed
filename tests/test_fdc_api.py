"""Foods fetched from the FoodData Central API: understood, converted or refused, and no key let slip."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from typing import Any

import numpy as np
import pytest

from nutridiary.analysis import analyze
from nutridiary.errors import FoodDataError
from nutridiary.fdc import api
from nutridiary.fdc.answers import foods_from_answers
from nutridiary.fdc.api import fetch_foods
from nutridiary.food_search import search_foods
from nutridiary.foods import load_foods

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "fdc" / "api"
KEY = "a-very-secret-key"
DAY = date(2026, 11, 1)


def full_value(nutrient_id: int, amount: float | None, unit: str, number: str = "") -> dict[str, Any]:
    """Return a value as the API's full format words it."""
    derivation = {"id": 70, "code": "LCCS", "foodNutrientSource": {"id": 9, "code": "12"}}
    nutrient = {"id": nutrient_id, "number": number, "unitName": unit}
    return {"type": "FoodNutrient", "nutrient": nutrient, "amount": amount, "foodNutrientDerivation": derivation}


def branded(fdc_id: int, **more: Any) -> dict[str, Any]:
    """Return a branded food in the API's full format, labelled per 30 g."""
    return {
        "fdcId": fdc_id,
        "dataType": "Branded",
        "description": "MADE-UP  BAR",
        "brandOwner": "Nobody Inc.",
        "brandedFoodCategory": "Snack bars",
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


class FakeApi:
    """A local server that answers as told and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.troubles: list[tuple[int, dict[str, str], bytes]] = []
        self.foods: dict[int, dict[str, Any]] = {}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append({"path": self.path, "key": self.headers["X-Api-Key"], **body})
                status, headers, content = fake.answer(body["fdcIds"])
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/fdc/v1"

    def answer(self, fdc_ids: list[int]) -> tuple[int, dict[str, str], bytes]:
        if self.troubles:
            return self.troubles.pop(0)
        return 200, {}, json.dumps([self.foods[fdc_id] for fdc_id in fdc_ids if fdc_id in self.foods]).encode()


@pytest.fixture
def fake() -> Iterator[FakeApi]:
    fake = FakeApi()
    thread = threading.Thread(target=fake.server.serve_forever, args=(0.01,))
    thread.start()
    yield fake
    fake.server.shutdown()
    fake.server.server_close()
    thread.join()


@pytest.fixture
def naps(monkeypatch) -> list[float]:
    """Waits between tries [s], recorded and not slept."""
    slept: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", slept.append)
    return slept


# --- what is asked ---------------------------------------------------------------------------------------


def test_fetch_foods_asks_for_twenty_at_a_time_with_the_key_in_a_header(fake):
    fake.foods = {fdc_id: branded(fdc_id) for fdc_id in range(1, 46)}
    tables = fetch_foods([*range(45, 0, -1), 7], api_key=KEY, base_url=fake.url)
    assert sorted(tables.foods["fdc_id"]) == list(range(1, 46))
    assert [len(asked["fdcIds"]) for asked in fake.asked] == [20, 20, 5]
    assert {asked["path"] for asked in fake.asked} == {"/fdc/v1/foods"}
    assert {asked["key"] for asked in fake.asked} == {KEY}


def test_fetch_foods_takes_the_key_of_the_environment_else_the_demo_key(fake, monkeypatch):
    monkeypatch.setenv("FDC_API_KEY", KEY)
    fetch_foods([1], base_url=fake.url)
    monkeypatch.delenv("FDC_API_KEY")
    fetch_foods([1], base_url=fake.url)
    assert [asked["key"] for asked in fake.asked] == [KEY, "DEMO_KEY"]


def test_fetch_foods_of_nothing_asks_nothing(fake):
    assert fetch_foods([], base_url=fake.url).foods.empty
    assert fake.asked == []


def test_fetch_foods_unknown_id_is_left_out(fake):
    fake.foods = {1: branded(1)}
    assert fetch_foods([1, 2], base_url=fake.url).foods["fdc_id"].to_list() == [1]


# --- what is understood ----------------------------------------------------------------------------------


def test_fetched_food_is_analysed_like_an_embedded_one(fake):
    fake.foods = {1: branded(1)}
    foods = load_foods().with_foods(fetch_foods([1], base_url=fake.url))
    food = foods.food(1)
    assert (food["description"], food["data_type"], food["category"]) == ("MADE-UP BAR", "branded_food", "Snack bars")
    table = foods.composition([1, 173944], ["energy", "potassium", "vitamin_d", "calcium", "vitamin_a_rae"])
    assert table.loc[1].to_list()[:3] == [400, 300, 2]
    assert table.loc[1, ["calcium", "vitamin_a_rae"]].isna().all()
    assert table.loc[173944, "potassium"] == 358
    assert search_foods("nobody made-up bar", foods, limit=1)["fdc_id"].item() == 1


def test_fetched_values_say_where_they_are_from(fake):
    fake.foods = {1: branded(1)}
    values = load_foods().with_foods(fetch_foods([1], base_url=fake.url)).values([1], ["vitamin_d"])
    value = values.iloc[0]
    assert (value["fdc_nutrient_id"], value["source_code"], value["derivation_code"]) == (1110, 12, "LCCS")
    assert value["release"].startswith("Branded, FoodData Central 20")


def test_branded_serving_becomes_a_portion_in_the_labels_words():
    portions = foods_from_answers([branded(1)], fetched=DAY).portions
    assert portions[["text", "gram_weight"]].to_numpy().tolist() == [["1 serving", 30.0], ["1 bar", 30.0]]


@pytest.mark.parametrize("unit", ["ml", "MLT", "", None])
def test_branded_food_labelled_by_volume_has_no_values_per_100_g(unit):
    tables = foods_from_answers([branded(1, servingSizeUnit=unit), branded(2)], fetched=DAY)
    assert set(tables.values["fdc_id"]) == {2}
    assert np.isnan(tables.portions["gram_weight"]).to_list() == [True, True, False, False]
    assert "fdc_id 1" in tables.releases.loc[0, "note"]


def test_fetched_food_without_any_value_is_known_and_unknown_throughout():
    tables = foods_from_answers([branded(1, servingSizeUnit="ml", brandedFoodCategory=None)], fetched=DAY)
    foods = load_foods().with_foods(tables)
    assert foods.food(1)["description"] == "MADE-UP BAR"
    assert foods.composition([1]).isna().all(axis=None)
    assert foods.values([1]).empty


def test_abridged_answer_with_nutrient_numbers_is_understood():
    answer = {
        "fdcId": 5,
        "dataType": "Foundation",
        "description": "Cheese, made up",
        "ndbNumber": "1009",
        "foodNutrients": [
            {"number": "208", "unitName": "KCAL", "amount": 408},
            {"number": "268", "unitName": "kJ", "amount": 1710},
            {"number": "269.3", "unitName": "G", "amount": 0.33},
            {"number": "957", "unitName": "KCAL", "amount": 99},
        ],
    }
    tables = foods_from_answers([answer], fetched=DAY)
    assert tables.values[["fdc_nutrient_id", "amount"]].to_numpy().tolist() == [[1008, 408], [1063, 0.33], [2047, 99]]
    assert tables.foods.loc[0, "ndb_number"] == 1009


def test_survey_food_keeps_code_category_and_portions_in_one_shape():
    answer = {
        "fdcId": 6,
        "dataType": "Survey (FNDDS)",
        "description": "Milk, made up",
        "foodCode": "11100000",
        "wweiaFoodCategory": {"wweiaFoodCategoryCode": 1004, "wweiaFoodCategoryDescription": "Milk, reduced fat"},
        "foodNutrients": [],
        "foodPortions": [
            {"portionDescription": "1 cup", "gramWeight": 244, "measureUnit": {"id": 9999, "name": "undetermined"}},
            {"portionDescription": "Quantity not specified", "gramWeight": 0},
            {"amount": 0.5, "measureUnit": {"id": 1000, "name": "cup"}, "modifier": "sliced", "gramWeight": 70.2},
        ],
    }
    tables = foods_from_answers([answer], fetched=DAY)
    food = tables.foods.iloc[0]
    assert (food["food_code"], food["category_number"], food["category"]) == (11100000, 1004, "Milk, reduced fat")
    assert tables.portions["text"].to_list() == ["1 cup", "Quantity not specified", "0.5 cup, sliced"]
    assert tables.portions["is_quantity_not_specified"].to_list() == [False, True, False]
    assert tables.portions["gram_weight"].isna().to_list() == [False, True, False]


def test_energy_stated_in_kilojoules_becomes_kilocalories():
    answer = branded(1, foodNutrients=[full_value(1008, 418.4, "kJ")])
    foods = load_foods().with_foods(foods_from_answers([answer], fetched=DAY))
    assert foods.composition([1], ["energy"]).loc[1, "energy"] == pytest.approx(100)


def test_unit_no_factor_leads_from_is_refused():
    answer = branded(1, foodNutrients=[full_value(1092, 5, "IU")])
    with pytest.raises(FoodDataError, match="potassium: a value in 'IU'"):
        load_foods().with_foods(foods_from_answers([answer], fetched=DAY))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        branded("x"),
        branded(1, dataType="Sample"),
        branded(1, description=None),
        branded(1, foodNutrients="none"),
        branded(1, foodNutrients=[1]),
        branded(1, foodNutrients=[full_value(1092, "lots", "mg")]),
        branded(1, foodNutrients=[full_value(1092, float("inf"), "mg")]),
        branded(1, foodNutrients=[{"nutrient": "potassium", "amount": 1}]),
        branded(1, foodNutrients=[{"nutrient": {"id": 1092}, "amount": 1, "foodNutrientDerivation": "x"}]),
        branded(1, foodPortions=[{"measureUnit": "cup", "gramWeight": 1}]),
        branded(1, servingSize=[30]),
        branded(1, dataType=["Branded"]),
        branded(1.5),
        branded(1e300),
        branded(1, ndbNumber=1.5),
    ],
)
def test_answer_in_another_layout_is_refused(answer):
    with pytest.raises(FoodDataError, match="FoodData Central answered with"):
        foods_from_answers([answer], fetched=DAY)


def test_recorded_answers_agree_with_the_embedded_food():
    if not RECORDED.is_dir():
        pytest.skip(f"the recorded API answers are not at {RECORDED}: they were not read")
    search = json.loads((RECORDED / "cheddar-cheese.search-foundation.json").read_text())["foods"]
    detail = json.loads((RECORDED / "food-328637.detail-abridged.json").read_text())
    embedded = load_foods().composition([328637]).loc[328637]
    for answers in (search, [detail]):
        tables = foods_from_answers(answers, fetched=DAY)
        renamed = tables.foods["fdc_id"] == 328637
        tables.foods.loc[renamed, "fdc_id"] = 1
        tables.values.loc[tables.values["fdc_id"] == 328637, "fdc_id"] = 1
        fetched = load_foods().with_foods(tables).composition([1]).loc[1]
        both = fetched.notna() & embedded.notna()
        assert both.sum() > 40
        np.testing.assert_allclose(fetched[both], embedded[both])


def test_recorded_branded_foods_have_label_values_and_unknowns():
    if not RECORDED.is_dir():
        pytest.skip(f"the recorded API answers are not at {RECORDED}: they were not read")
    answers = json.loads((RECORDED / "cheddar-cheese.search-all.json").read_text())["foods"]
    foods = load_foods().with_foods(foods_from_answers(answers, fetched=DAY))
    table = foods.composition([2057648], ["calcium", "sodium", "energy", "magnesium", "vitamin_b12"])
    assert table.loc[2057648].to_list()[:3] == [714, 679, 393]
    assert table.loc[2057648, ["magnesium", "vitamin_b12"]].isna().all()


# --- what goes wrong -------------------------------------------------------------------------------------


def test_busy_server_is_asked_again_after_the_time_it_states(fake, naps):
    fake.foods = {1: branded(1)}
    fake.troubles = [(429, {"Retry-After": "7"}, b""), (503, {}, b"")]
    assert len(fetch_foods([1], base_url=fake.url).foods) == 1
    assert len(fake.asked) == 3
    assert naps[0] == 7


def test_server_that_asks_for_a_long_wait_is_not_waited_for(fake, naps):
    fake.troubles = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(FoodDataError, match="asks to wait 60 minutes"):
        fetch_foods([1], api_key=KEY, base_url=fake.url)
    assert naps == []


def test_server_that_stays_down_is_given_up(fake, naps):
    fake.troubles = [(500, {}, b"")] * 10
    with pytest.raises(FoodDataError, match=r"does not work at the moment \(HTTP 500\)"):
        fetch_foods([1], base_url=fake.url)
    assert len(fake.asked) == 4


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ((403, {}, b'{"error": "API_KEY_INVALID"}'), r"the API key was refused \(HTTP 403\).*FDC_API_KEY"),
        ((404, {}, b""), r"refused \(HTTP 404\)"),
        ((302, {"Location": "http://127.0.0.1:9/elsewhere"}, b""), r"refused \(HTTP 302\)"),
        ((200, {}, b"<html>"), "not a list of foods"),
        ((200, {}, b'{"error": 1}'), "not a list of foods"),
        ((200, {}, b"[1]"), "not a list of foods"),
        ((200, {}, b"[" * 100_000), "not a list of foods"),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip"), "no answer"),
    ],
)
def test_every_failure_is_told_without_the_key(fake, trouble, message, caplog):
    caplog.set_level(logging.DEBUG)
    fake.troubles = [trouble]
    with pytest.raises(FoodDataError, match=message) as error:
        fetch_foods([1], api_key=KEY, base_url=fake.url)
    assert KEY not in str(error.value)
    assert KEY not in caplog.text
    assert len(fake.asked) == 1


def test_answer_longer_than_the_limit_is_not_read(fake, monkeypatch):
    monkeypatch.setattr(api, "MAX_ANSWER_BYTES", 1000)
    fake.troubles = [(200, {}, b" " * 200_000)]
    with pytest.raises(FoodDataError, match="longer than 1,000 bytes"):
        fetch_foods([1], base_url=fake.url)


def test_server_that_is_not_there_is_told_without_the_key(naps):
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with pytest.raises(FoodDataError, match="no answer") as error:
        fetch_foods([1], api_key=KEY, base_url=f"http://127.0.0.1:{port}/fdc/v1")
    assert KEY not in str(error.value)


def test_key_that_cannot_be_sent_is_told_without_the_key(fake):
    with pytest.raises(FoodDataError) as error:
        fetch_foods([1], api_key=f"{KEY}\n", base_url=fake.url)
    assert KEY not in str(error.value)


# --- the whole line --------------------------------------------------------------------------------------


@pytest.fixture
def bar_diary(tmp_path: Path) -> Path:
    path = tmp_path / "diary.csv"
    path.write_text(
        "Date,Food,Amount,Unit,FDC id\n2026-03-01,my bar,60,g,2900001\n2026-03-01,banana,118,g,173944\n",
        encoding="utf-8",
    )
    return path


def test_online_fetches_only_stated_ids_the_shipped_tables_lack(fake, bar_diary, monkeypatch):
    fake.foods = {2900001: branded(2900001)}
    monkeypatch.setattr(api, "fetch_foods", lambda fdc_ids: fetch_foods(fdc_ids, base_url=fake.url))
    analysis = analyze(bar_diary, online=True)
    assert [asked["fdcIds"] for asked in fake.asked] == [[2900001]]
    bar = analysis.entries.loc[0]
    assert (bar["food_description"], bar["match_method"], bar["gram_weight"]) == ("MADE-UP BAR", "stated_fdc_id", 60.0)
    potassium = analysis.intakes.set_index(["line", "nutrient"]).loc[(2, "potassium"), "amount"]
    assert potassium == pytest.approx(180.0)  # 0.3 g per 100 g, 60 g eaten
    assert np.isnan(analysis.intakes.set_index(["line", "nutrient"]).loc[(2, "calcium"), "amount"])


def test_without_online_nothing_is_fetched_and_the_line_says_what_is_missing(fake, bar_diary, monkeypatch):
    monkeypatch.setattr(api, "fetch_foods", lambda fdc_ids: pytest.fail("asked although nobody said --online"))
    entry = analyze(bar_diary).entries.loc[0]
    assert "2900001" in f"{entry['problem']} {entry['note']}"


def test_fdc_unreachable_is_told_and_ends_with_words(bar_diary, monkeypatch):
    monkeypatch.setattr(api, "fetch_foods", lambda ids: fetch_foods(ids, base_url="http://127.0.0.1:1/fdc/v1"))
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda seconds: None)
    with pytest.raises(FoodDataError, match="go on without --online"):
        analyze(bar_diary, online=True)
