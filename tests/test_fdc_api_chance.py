"""The FoodData Central API against faults drawn by chance: no food lost, no value wrong, no wait without end."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest

from fdc_server import ABRUPT, FAULTS, OF_ONE_FOOD, PASSING, QUICK, SLOW, FdcServer, VirtualClock, alone, product
from nutridiary.analysis import analyze
from nutridiary.fdc.api import FdcClient

KEY = "a-very-secret-key"


@pytest.fixture(autouse=True)
def by_itself(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


@pytest.mark.parametrize("group", range(8))
def test_any_sequence_of_faults_loses_no_food_takes_no_wrong_value_and_passes_no_limit(group, monkeypatch):
    # 208 sequences of up to 12 faults each. Slow answers are left to their own tests: here no real time passes.
    names = [*sorted(set(FAULTS) - SLOW), *PASSING, *PASSING]
    arrived = 0
    for seed in range(group * 26, group * 26 + 26):
        chance = random.Random(seed)
        time = VirtualClock(chance=chance.uniform)
        limit = chance.choice([2, 3, 5, 30])
        asked = chance.sample(range(1, 121), chance.randint(1, 60))
        with FdcServer(now=lambda time=time: time.seconds, limit=limit, told=chance.random() < 0.7) as server:
            server.foods = {i: product(i, foodNutrients=[_potassium(i)]) for i in range(1, 101)}
            server.faults = [chance.choice(names) for _ in range(chance.randint(0, 12))]
            spoiled = list(server.faults)
            monkeypatch.setattr("nutridiary.fdc.api.ledger.CALLS_AN_HOUR", limit)
            with tempfile.TemporaryDirectory() as folder:
                for _ in range(2):
                    began = time.seconds
                    with FdcClient(
                        KEY, base_url=server.url, clock=time.clock(), patience=QUICK, folder=Path(folder)
                    ) as fdc:
                        fetched = fdc.foods(asked)
                    told = f"seed {seed}, {spoiled}"
                    came = fetched.tables.foods["fdc_id"].to_list()
                    assert sorted([*came, *fetched.reasons()]) == sorted(asked), told
                    arrived += len(came)
                    values = fetched.tables.values
                    right = [value == food for value, food in zip(values["amount"], values["fdc_id"], strict=True)]
                    assert all(right), told
                    assert len(values) == len(came) or {"twice, differently", "sample"} & set(spoiled), told
                    assert set(came) <= set(range(1, 101)), told
                    assert time.seconds - began <= QUICK.together + QUICK.total, told
                    time.seconds += chance.choice([0, 60, 3700])
            assert server.over_limit == 0, told
    assert arrived > 250


def _potassium(fdc_id: int) -> dict[str, object]:
    """The amount is the food's number, so that a value that slips to another food shows."""
    return {"nutrient": {"id": 1092, "number": "306", "unitName": "mg"}, "amount": fdc_id}


def test_slow_answers_among_other_faults_lose_no_food_and_pass_no_limit(monkeypatch, tmp_path):
    # Calls are cut after a fraction of a second of real time: which foods come depends on the machine, that none is
    # lost does not.
    monkeypatch.setattr("nutridiary.fdc.api.ledger.CALLS_AN_HOUR", 20)
    for seed in range(6):
        chance = random.Random(seed)
        time = VirtualClock(chance=chance.uniform)
        with FdcServer(now=lambda time=time: time.seconds, limit=20) as server:
            server.foods = {i: product(i, foodNutrients=[_potassium(i)]) for i in range(1, 101)}
            server.faults = [chance.choice(["none", "500", "cut", *sorted(SLOW)]) for _ in range(8)]
            folder = tmp_path / str(seed)
            with FdcClient(KEY, base_url=server.url, clock=time.clock(), patience=ABRUPT, folder=folder) as fdc:
                fetched = fdc.foods(range(1, 101))
            came = fetched.tables.foods["fdc_id"].to_list()
            assert sorted([*came, *fetched.reasons()]) == list(range(1, 101))
            assert (fetched.tables.values["amount"] == fetched.tables.values["fdc_id"]).all()
            assert server.over_limit == 0


@pytest.mark.parametrize("seed", range(5))
def test_diary_keeps_every_line_and_takes_right_values_whatever_the_server_does(seed, monkeypatch, tmp_path):
    chance = random.Random(seed)
    monkeypatch.setattr("nutridiary.fdc.api.patience.time.sleep", lambda seconds: None)
    stated = chance.sample(range(2_900_001, 2_900_101), 45)
    diary = tmp_path / "diary.csv"
    rows = [f"2026-03-01,granola bar,{10 + place},g,{fdc_id}" for place, fdc_id in enumerate(stated)]
    diary.write_text("\n".join(["Date,Food,Amount,Unit,FDC id", *rows, ""]), encoding="utf-8")
    with FdcServer() as server:
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
        monkeypatch.setenv("FDC_API_KEY", KEY)
        server.foods = {i: product(i, foodNutrients=[_potassium(i - 2_900_000)]) for i in range(2_900_001, 2_900_091)}
        kinds = {*PASSING, *OF_ONE_FOOD} if seed else set(FAULTS) - SLOW
        server.faults = [chance.choice(sorted(kinds)) for _ in range(6)]
        told = f"seed {seed}, {server.faults}"
        analysis = analyze(diary, online=True)
    entries = analysis.entries
    assert len(entries) == 45, told
    assert entries["stated_fdc_id"].to_list() == stated, told
    came = entries["fdc_id"] == entries["stated_fdc_id"]
    assert came.sum() > 10 or seed == 0, told
    assert entries.loc[~came, "note"].str.contains("was not looked up").all(), told
    potassium = analysis.intakes[analysis.intakes["nutrient"] == "potassium"].set_index("line")["amount"]
    right = entries["gram_weight"] / 100 * (entries["fdc_id"] - 2_900_000)  # mg in 100 g: the number's last figures
    for line, amount in zip(entries.loc[came, "line"], right[came], strict=True):
        if not np.isnan(potassium[line]):
            assert potassium[line] == pytest.approx(amount), told
    if "twice, differently" not in told:
        assert potassium[entries.loc[came, "line"].to_list()].notna().all(), told
