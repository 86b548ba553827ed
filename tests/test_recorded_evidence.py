"""What recorded nutrient values do to matching, and weights worked out from recorded energy."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.foods import load_foods
from nutridiary.matching import match_foods
from nutridiary.matching.entries import match_text
from nutridiary.matching.ranking import load_index, load_weights, rank
from nutridiary.matching.recorded_evidence import (
    MACROS,
    NUTRIENTS,
    Recorded,
    load_likeness,
    recorded_by_key,
    recorded_evidence,
)
from nutridiary.portions import weigh
from nutridiary.tables import ENTRIES, MATCHED, conform

FOODS = load_foods()
INDEX = load_index(FOODS)
LABELS = Path(__file__).parent / "data" / "app_names.csv"
ENGLISH_MUFFIN, WHITE_BREAD, WHOLE_MILK, SKIM_MILK = 51186010, 51101000, 11111000, 11113000


def values_of(food_code: int, *, grams: float = 100.0, only: tuple[str, ...] = NUTRIENTS) -> dict[str, float]:
    """Return what so much of a food holds, as a diary would record it."""
    row = FOODS.composition(FOODS.with_codes([food_code])["fdc_id"], NUTRIENTS).iloc[0]
    return {f"recorded_{name}": float(row[name]) * grams / 100 for name in only}


def line(text: str, amount: float = 1.0, unit: str | None = None, **more: object) -> pd.DataFrame:
    """Return one entry of an app."""
    row = {"source": "app.csv", "line": 2, "food_text": text, "amount": amount, "unit": unit, "kind": "food"}
    return pd.DataFrame([row | {"single_food": True} | more])


def food_of(entries: pd.DataFrame) -> str:
    return str(match_foods(entries, FOODS)["food_description"].iloc[0])


def recorded_of(food_code: int, *, grams: float = 100.0, weighed: bool = False) -> Recorded:
    return Recorded(tuple(values_of(food_code, grams=grams).values()), grams if weighed else float("nan"))


def test_recorded_values_of_one_of_two_foods_its_name_fits_decide_between_them():
    assert food_of(line("milk, cow's", **values_of(WHOLE_MILK, grams=244))) == "Milk, whole"
    assert food_of(line("milk, cow's", **values_of(SKIM_MILK, grams=244))) == "Milk, fat free (skim)"


def test_recorded_values_lift_the_right_food_and_make_the_line_surer():
    text = "English Muffin, White"
    alone, said = match_text(text, FOODS), match_text(text, FOODS, recorded=recorded_of(ENGLISH_MUFFIN, grams=57))
    assert said.food_code == ENGLISH_MUFFIN
    assert alone.food_code != ENGLISH_MUFFIN or alone.score < said.score


def test_recorded_values_against_a_sure_match_ask_for_a_look():
    text = "Cheese, Mozzarella, part skim"
    assert not match_text(text, FOODS).needs_review
    sugar = Recorded(tuple({"energy": 387.0, "protein": 0.0, "fat_total": 0.0, "carbohydrate": 100.0}.get(name, np.nan)
                           for name in NUTRIENTS))  # fmt: skip
    pulled = match_text(text, FOODS, recorded=sugar)
    assert pulled.fdc_id is None or pulled.needs_review


def test_recorded_values_that_contradict_a_curated_alias_overrule_it():
    assert match_text("honey", FOODS).method == "alias"
    assert match_text("honey", FOODS, recorded=recorded_of(91302010, grams=21)).method == "alias"
    assert match_text("honey", FOODS, recorded=recorded_of(WHOLE_MILK, grams=244)).method != "alias"


def test_a_stated_weight_tells_dry_from_cooked():
    raw, cooked = 2512380, 56205018
    dry = FOODS.composition([raw], NUTRIENTS).iloc[0]
    recorded = {f"recorded_{name}": float(dry[name]) / 2 for name in NUTRIENTS}
    said = match_foods(line("brown rice", 50.0, "g", **recorded), FOODS)
    described = str(said["food_description"].iloc[0])
    assert FOODS.composition(said["fdc_id"].tolist(), ["energy"])["energy"].iloc[0] > 300, described
    assert food_of(line("brown rice", 50.0, "g", **values_of(cooked, grams=50))).startswith("Rice, brown, cooked")


@pytest.mark.parametrize(
    "recorded",
    [
        {},
        {"recorded_energy": 100.0},
        {"recorded_energy": 100.0, "recorded_protein": 30.0},
        {"recorded_energy": 4.0, "recorded_protein": 0.0, "recorded_fat_total": 0.0, "recorded_carbohydrate": 1.0},
        {"recorded_protein": 3.0, "recorded_fat_total": 1.0, "recorded_carbohydrate": 1.0},
        {"recorded_energy": np.inf, "recorded_protein": 3.0, "recorded_fat_total": 1.0},
    ],
    ids=["none", "energy alone", "one macro", "hardly any energy", "no energy", "endless energy"],
)
def test_lines_that_record_too_little_are_matched_as_without(recorded):
    texts = ["english muffin, white", "milk, cow's", "bread and butter", "publix, cottage cheese", "hummus"]
    lines = pd.concat([line(text, line=number, **recorded) for number, text in enumerate(texts, start=2)])
    bare = lines.drop(columns=[name for name in lines if name.startswith("recorded_")])
    found = match_foods(lines, FOODS)
    pd.testing.assert_frame_equal(found[MATCHED.names], match_foods(bare, FOODS), check_exact=True)


def test_the_parts_of_a_line_of_several_foods_are_matched_by_their_words_alone():
    entries = line("milk, cow's", part=1, **values_of(SKIM_MILK))
    assert food_of(entries) == food_of(line("milk, cow's", part=1))


def test_a_text_without_a_known_word_stays_without_a_food_whatever_it_records():
    match = match_text("xqzvk wqqpt", FOODS, recorded=recorded_of(WHITE_BREAD))
    assert match.fdc_id is None


def test_recorded_values_do_not_decide_where_a_number_or_the_user_does():
    stated = line("muffin", stated_food_code=WHITE_BREAD, **values_of(ENGLISH_MUFFIN))
    assert match_foods(stated, FOODS)["food_code"].iloc[0] == WHITE_BREAD


def test_the_row_with_a_weight_speaks_for_all_rows_of_a_name():
    rows = pd.concat([line("milk", 1.0, "cup", **values_of(WHOLE_MILK, grams=900)),
                      line("milk", 50.0, "g", **values_of(WHOLE_MILK, grams=50))])  # fmt: skip
    found = recorded_by_key(conform(rows, ENTRIES), ["milk", "milk"])
    assert found["milk"].grams == 50.0


def test_contributions_with_recorded_values_add_up_to_the_score():
    evidence = recorded_evidence(recorded_of(ENGLISH_MUFFIN, grams=57), FOODS, INDEX)
    weights = load_likeness().calibrated(load_weights())
    ranking = rank("english muffin white", INDEX, weights, recorded=evidence)
    np.testing.assert_allclose(ranking.contributions.sum(axis=1), ranking.log_odds)
    said = ranking.contributions[:, ranking.kinds.index("nutrients the diary recorded")] / weights.scale
    np.testing.assert_allclose(said, evidence.of(ranking.foods))


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0.1, 50), code=st.sampled_from([ENGLISH_MUFFIN, WHITE_BREAD, WHOLE_MILK]))
def test_without_a_weight_the_size_of_the_portion_says_nothing(share, code):
    rows = np.arange(0, len(INDEX.fdc_id), 997)
    one, more = recorded_of(code, grams=100), recorded_of(code, grams=100 * share)
    first, second = (recorded_evidence(each, FOODS, INDEX).of(rows) for each in (one, more))
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_a_recorded_zero_speaks_for_macronutrients_only():
    silent = dict(zip(NUTRIENTS, recorded_of(WHOLE_MILK).values, strict=True))
    without = silent | {name: np.nan for name in NUTRIENTS if name not in ("energy", *MACROS)}
    zeros = silent | {name: 0.0 for name in NUTRIENTS if name not in ("energy", *MACROS)}
    row = np.array([INDEX.row_of_code[WHOLE_MILK], INDEX.row_of_code[SKIM_MILK]])
    said = [recorded_evidence(Recorded(tuple(each.values())), FOODS, INDEX).of(row) for each in (without, zeros)]
    np.testing.assert_array_equal(said[0], said[1])


def test_labels_name_foods_the_data_has():
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert all(int(code) in INDEX.row_of_code for code in row["food_codes"].split(";") if code), row["text"]
        assert all(int(fdc_id) in INDEX.row_of_id for fdc_id in row["fdc_ids"].split(";") if fdc_id), row["text"]


def weighed(entries: pd.DataFrame, food_code: int, **more: bool) -> pd.Series:
    food = FOODS.with_codes([food_code])
    matched = conform(entries.assign(fdc_id=food["fdc_id"].iloc[0], food_code=food_code), MATCHED)
    return weigh(matched, FOODS, **more).iloc[0]


def test_a_line_no_portion_weighs_is_weighed_by_the_energy_it_records():
    energy = values_of(WHITE_BREAD)["recorded_energy"]
    row = weighed(line("bread", 2.0, "blorp", recorded_energy=energy / 2), WHITE_BREAD)
    assert row["gram_weight"] == pytest.approx(50.0)
    assert row["gram_low"] <= 50.0 <= row["gram_high"]
    assert row["weight_method"] == "recorded_energy"
    assert pd.isna(row["problem"])
    assert "kcal the diary records" in row["note"]


def test_a_line_a_portion_weighs_is_not_weighed_by_its_energy():
    with_energy = weighed(line("bread", 2.0, "slice", recorded_energy=900.0), WHITE_BREAD)
    aside = ["note", "needs_review"]  # 900 kcal are not in two slices, which is said
    pd.testing.assert_series_equal(
        with_energy.drop(["recorded_energy", *aside]), weighed(line("bread", 2.0, "slice"), WHITE_BREAD).drop(aside)
    )
    assert with_energy["note"].endswith(
        "150 kcal by food and weight, 900 kcal as the diary records: please look at both"
    )


def test_recorded_energy_goes_before_an_assumed_amount():
    energy = values_of(WHITE_BREAD, grams=80)["recorded_energy"]
    for more in ({}, {"defaults": True}):
        row = weighed(line("bread", np.nan, recorded_energy=energy), WHITE_BREAD, **more)
        assert (row["weight_method"], row["gram_weight"]) == ("recorded_energy", pytest.approx(80.0))
        assert "quantity not specified" not in row["note"]


@pytest.mark.parametrize("energy", [0.0, 4.9, np.nan, np.inf, -50.0])
def test_energy_that_says_nothing_weighs_nothing(energy):
    row = weighed(line("bread", 2.0, "blorp", recorded_energy=energy), WHITE_BREAD)
    assert pd.isna(row["gram_weight"])
    assert "blorp" in row["problem"]


def test_a_food_without_energy_is_not_weighed_by_it():
    water = 94000100
    row = weighed(line("water", 2.0, "blorp", recorded_energy=20.0), water)
    assert pd.isna(row["gram_weight"]) and "blorp" in row["problem"]


def test_an_amount_of_nothing_is_refused_whatever_energy_is_recorded():
    row = weighed(line("bread", 0.0, "blorp", recorded_energy=100.0), WHITE_BREAD)
    assert pd.isna(row["gram_weight"]) and not pd.isna(row["problem"])


@pytest.mark.parametrize(
    ("kcal", "flagged"), [(150.0, False), (74.0, True), (76.0, False), (299.0, False), (301.0, True), (0.0, True)]
)
def test_weight_whose_energy_is_far_from_the_recorded_is_kept_and_to_be_looked_at(kcal: float, flagged: bool) -> None:
    # 100 g of a food of 150 kcal per 100 g, by any portion.
    food = next(
        int(row.Index)
        for row in FOODS.composition(FOODS.foods()["fdc_id"], ["energy"]).itertuples()
        if row.energy == 150.0
    )
    entry = {"source": "app.csv", "line": 2, "food_text": "x", "fdc_id": food, "amount": 100.0, "unit": "g"}
    row = weigh(conform(pd.DataFrame([entry | {"recorded_energy": kcal}]), MATCHED), FOODS).iloc[0]
    assert row["gram_weight"] == 100
    assert bool(row["needs_review"]) is flagged
    note = f"150 kcal by food and weight, {kcal:.0f} kcal as the diary records: please look at both"
    assert (row["note"] == note) if flagged else pd.isna(row["note"])


def test_small_energies_are_not_held_against_the_recorded() -> None:
    entry = line("Milk, whole", 20.0, "g").assign(fdc_id=FOODS.with_codes([WHOLE_MILK])["fdc_id"].iloc[0])
    row = weigh(conform(entry.assign(recorded_energy=1.0), MATCHED), FOODS).iloc[0]
    assert pd.isna(row["note"])
