"""Answers of the FoodData Central API in every shape: understood, converted, or left unknown and told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdc_server import as_abridged, as_hit, full_value, product
from nutridiary.errors import FoodDataError
from nutridiary.fdc.answers import foods_from_answers
from nutridiary.fdc.releases import read_release
from nutridiary.fdc.tables import BY_VOLUME, FoodTables
from nutridiary.foods import load_foods
from official_layout import some_foods, write_json_release

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "fdc" / "api"
DAY = date(2026, 11, 1)


def tables(*answers: dict[str, Any]) -> FoodTables:
    return foods_from_answers(answers, fetched=DAY)


def amounts(answer: dict[str, Any]) -> dict[int, float]:
    values = tables(answer).values
    return dict(zip(values["fdc_nutrient_id"], values["amount"], strict=True))


def note(*answers: dict[str, Any]) -> str:
    return str(tables(*answers).releases.loc[0, "note"])


def recorded(name: str) -> Any:
    if not RECORDED.is_dir():
        pytest.skip(f"the recorded API answers are not at {RECORDED}: they were not read")
    return json.loads((RECORDED / name).read_text())


# --- what 100 g hold -------------------------------------------------------------------------------------


def test_one_food_has_the_same_values_in_full_abridged_and_as_a_hit():
    food = product(5, dataType="SR Legacy", ndbNumber=1009)
    full, abridged, hit = (tables(shape(food)) for shape in (dict, as_abridged, as_hit))
    for other in (abridged, hit):
        both = [each.values.sort_values("fdc_nutrient_id") for each in (full, other)]
        assert both[0]["amount"].to_list() == both[1]["amount"].to_list() != []
        assert other.foods["description"].item() == "MADE-UP BAR"


@pytest.mark.parametrize("unit", ["ml", "MLT", " ML "])
def test_product_labelled_by_volume_keeps_its_values_and_says_they_are_per_100_ml(unit):
    food = tables(product(1, servingSizeUnit=unit), product(2))
    assert food.foods["basis"].to_list() == [BY_VOLUME, np.nan]
    assert len(food.values) == 2 * len(amounts(product(2)))
    assert food.portions["gram_weight"].to_list() == [30.0] * 4
    assert "per 100 ml: fdc_id 1" in note(product(1, servingSizeUnit=unit))


@pytest.mark.parametrize("unit", ["", None, "MG", "IU"])
def test_product_whose_basis_nobody_states_has_no_values_and_says_so(unit):
    food = tables(product(1, servingSizeUnit=unit), product(2))
    assert set(food.values["fdc_id"]) == {2}
    assert np.isnan(food.portions["gram_weight"]).to_list() == [True, True, False, False]
    assert "unstated basis, left out: fdc_id 1" in str(food.releases.loc[0, "note"])


def test_abridged_product_says_nothing_of_its_basis_and_has_no_values():
    assert amounts(as_abridged(product(1))) == {}


def test_nutrient_numbers_are_not_taken_for_ids():
    answer = {
        "fdcId": 5,
        "dataType": "Foundation",
        "description": "Cheese, made up",
        "foodNutrients": [
            {"number": "208", "unitName": "KCAL", "amount": 408},
            {"number": "269.3", "unitName": "G", "amount": 0.33},
            {"number": "957", "unitName": "KCAL", "amount": 99},
        ],
    }
    assert amounts(answer) == {1008: 408, 1063: 0.33, 2047: 99}


def test_number_in_the_place_of_an_id_is_taken_for_the_number():
    values = [{"nutrient": {"id": 306, "unitName": "mg"}, "amount": 5}, full_value(301, 7, "mg", "301")]
    assert amounts(product(1, foodNutrients=values)) == {1092: 5, 1087: 7}


def test_id_and_number_of_two_nutrients_leave_the_value_unknown_and_told():
    # 2047 is an id, and the number of no nutrient; 306 is potassium's number, 1093 sodium's id.
    answer = product(1, foodNutrients=[full_value(1093, 5, "mg", "306"), full_value(1087, 9, "mg", "301")])
    assert amounts(answer) == {1087: 9}
    assert "nutrient id 1093 with the number 306" in note(answer)


def test_energy_in_kilojoules_alone_becomes_kilocalories():
    answer = product(1, foodNutrients=[full_value(1062, 418.4, "kJ", "268")])
    foods = load_foods().with_foods(tables(answer))
    assert foods.composition([1], ["energy"]).loc[1, "energy"] == pytest.approx(100)
    assert "kJ only: fdc_id 1" in note(answer)


def test_energy_in_both_units_is_taken_in_kilocalories():
    # 400 kcal and 1,700 kJ would be 406: the stated kilocalories count, in whatever order they come.
    both = [full_value(1062, 1700, "kJ", "268"), full_value(1008, 400, "KCAL", "208")]
    assert amounts(product(1, foodNutrients=both)) == {1008: 400}
    one_id = [full_value(1008, 1700, "kJ", "208"), full_value(1008, 400, "kcal", "208")]
    assert amounts(product(1, foodNutrients=one_id)) == {1008: 400}


def test_energy_by_atwater_factors_is_not_overruled_by_kilojoules():
    answer = product(1, foodNutrients=[full_value(2047, 99, "kcal", "957"), full_value(1062, 999, "kJ", "268")])
    assert amounts(answer) == {2047: 99}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([full_value(1092, 5, "IU")], "potassium in 'IU'"),
        ([full_value(1092, 5, "")], "potassium in ''"),
        ([full_value(1092, -5, "mg")], "potassium -5, below zero"),
        ([full_value(1092, 5, "mg"), full_value(1092, 6, "mg")], "potassium, stated as 5 and 6"),
    ],
)
def test_value_that_cannot_be_used_is_unknown_and_told_and_the_rest_counts(values, told):
    answer = product(1, foodNutrients=[*values, full_value(1087, 9, "mg", "301")])
    assert amounts(answer) == {1087: 9}
    assert told in note(answer)
    assert load_foods().with_foods(tables(answer)).composition([1], ["potassium"]).isna().all(axis=None)


@pytest.mark.parametrize("amount", [151_000, 1e300, 1.7e308])
def test_more_of_a_nutrient_than_fits_into_100_g_is_unknown_and_told(amount):
    answer = product(1, dataType="Foundation", foodNutrients=[full_value(1092, amount, "mg")])
    assert amounts(answer) == {}
    assert f"potassium {amount:g} mg in 100, more than there can be" in note(answer)


def test_serving_next_to_nothing_makes_no_endless_amounts_of_its_label():
    answer = product(1, servingSize=5e-324, foodNutrients=[], labelNutrients={"sodium": {"value": 150}})
    assert amounts(answer) == {}
    assert "sodium 150 mg on the label, more than there can be" in note(answer)


@pytest.mark.parametrize("text", ["\ud800", "\x1b", "\x00", "\u202e"])
@pytest.mark.parametrize("field", ["description", "brandOwner", "householdServingFullText", "brandedFoodCategory"])
def test_signs_that_command_or_cannot_be_written_are_taken_out_of_texts(field, text):
    read = tables(product(1, **{field: f"Best{text} of all"}))
    foods = load_foods().with_foods(read)  # writes them down
    written = " ".join(map(str, [foods.food(1), *read.aliases["alias"], *read.portions["description"]]))
    assert text not in written
    assert "Best" in written
    assert "of all" in written


@pytest.mark.parametrize("code", [{"a": 1}, ["x"], "\ud800", 7])
def test_derivation_in_another_shape_is_no_derivation(code):
    value = {**full_value(1092, 5, "mg"), "foodNutrientDerivation": {"code": code}}
    answer = product(1, foodNutrients=[value])
    assert amounts(answer) == {1092: 5}
    assert load_foods().with_foods(tables(answer)).composition([1], ["potassium"]).iloc[0, 0] == 5


def test_value_stated_twice_alike_counts_once():
    assert amounts(product(1, foodNutrients=[full_value(1092, 5, "mg")] * 2)) == {1092: 5}


def test_amount_of_nothing_stays_unknown():
    values = [full_value(1092, None, "mg"), {"nutrient": {"id": 1087, "unitName": "mg"}}, full_value(1090, 0, "mg")]
    assert amounts(product(1, foodNutrients=values)) == {1090: 0}


def test_iu_of_vitamin_d_is_converted_and_of_vitamin_a_is_not():
    foods = load_foods().with_foods(tables(product(1)))
    table = foods.composition([1], ["vitamin_d", "vitamin_a_rae"]).loc[1]
    assert table["vitamin_d"] == pytest.approx(2)  # 80 IU, 40 IU a microgram
    assert np.isnan(table["vitamin_a_rae"])


# --- the label of one serving ----------------------------------------------------------------------------


def test_label_fills_only_what_the_values_lack_and_is_recorded_as_such():
    label = {"potassium": {"value": 999}, "iron": {"value": 1.2}, "calories": {"value": 5}, "unheard": {"value": 1}}
    answer = product(1, labelNutrients=label)
    found = tables(answer).values.set_index("fdc_nutrient_id")
    assert found.loc[1092, "amount"] == 0.3  # g, as in the answer's values
    assert found.loc[1008, "amount"] == 400
    assert found.loc[1089, "amount"] == pytest.approx(4)  # 1.2 mg of 30 g
    assert (found.loc[1089, "unit"], found.loc[1089, "derivation_code"]) == ("mg", "LCCS")
    assert "from the label of one serving, as rounded there: fdc_id 1 (iron)" in note(answer)


def test_label_of_a_drink_fills_per_100_ml():
    answer = product(
        1, servingSizeUnit="ml", servingSize=240, foodNutrients=[], labelNutrients={"sodium": {"value": 12}}
    )
    assert amounts(answer) == {1093: pytest.approx(5)}
    assert tables(answer).foods["basis"].item() == BY_VOLUME


@pytest.mark.parametrize("serving", [{"servingSize": None}, {"servingSize": 0}, {"servingSizeUnit": "cup"}])
def test_label_without_a_weight_of_the_serving_fills_nothing(serving):
    assert 1089 not in amounts(product(1, labelNutrients={"iron": {"value": 1.2}}, **serving))


def test_label_does_not_add_a_second_sugars_or_energy():
    values = [full_value(1063, 7, "g", "269.3"), full_value(2047, 99, "kcal", "957")]
    label = {"sugars": {"value": 1}, "calories": {"value": 1}}
    assert amounts(product(1, foodNutrients=values, labelNutrients=label)) == {1063: 7, 2047: 99}


@given(st.floats(0.1, 1000), st.floats(0, 1000))
def test_label_value_of_the_serving_comes_back_from_per_100(serving, amount):
    answer = product(1, servingSize=serving, foodNutrients=[], labelNutrients={"sodium": {"value": amount}})
    assert amounts(answer)[1093] * serving / 100 == pytest.approx(amount)


# --- names, portions, categories -------------------------------------------------------------------------


def test_product_serving_becomes_a_portion_in_the_labels_words():
    assert tables(product(1)).portions[["text", "gram_weight"]].to_numpy().tolist() == [
        ["1 serving", 30],
        ["1 bar", 30],
    ]


def test_survey_food_keeps_code_category_other_names_and_portions_in_one_shape():
    answer = {
        "fdcId": 6,
        "dataType": "Survey (FNDDS)",
        "description": "Milk, made up",
        "publicationDate": "10/31/2024",
        "foodCode": "11100000",
        "wweiaFoodCategory": {"wweiaFoodCategoryCode": 3305998, "wweiaFoodCategoryDescription": "Milk, reduced fat"},
        "foodAttributes": [
            {
                "name": "WWEIA Category description",
                "value": "Milk",
                "foodAttributeType": {"id": 999, "name": "Attribute"},
            },
            {"name": "WWEIA Category number", "value": "1004", "foodAttributeType": {"id": 999, "name": "Attribute"}},
            {"value": "semi-skimmed", "rank": 2, "foodAttributeType": {"id": 1001, "name": "Additional Description"}},
            {"value": "2% milk", "rank": 1, "foodAttributeType": {"id": 1001, "name": "Additional Description"}},
        ],
        "foodNutrients": [full_value(1008, 0, "kcal")],
        "foodPortions": [
            {"portionDescription": "1 cup", "gramWeight": 244, "measureUnit": {"id": 9999, "name": "undetermined"}},
            {"portionDescription": "Quantity not specified", "gramWeight": 0},
            {"amount": 0, "measureUnit": {"id": 1000, "name": "cup"}, "modifier": "heaped", "gramWeight": 300},
            {"amount": 0.5, "measureUnit": {"id": 1000, "name": "cup"}, "modifier": "sliced", "gramWeight": 70.2},
        ],
    }
    found = tables(answer)
    food = found.foods.iloc[0]
    assert (food["food_code"], food["category_number"], food["category"]) == (11100000, 1004, "Milk, reduced fat")
    assert found.aliases["alias"].to_list() == ["2% milk", "semi-skimmed"]
    assert found.portions["text"].to_list() == [
        "1 cup",
        "Quantity not specified",
        "cup, heaped",
        "0.5 cup, sliced",
    ]
    assert found.portions["is_quantity_not_specified"].to_list() == [False, True, False, False]
    assert found.portions["gram_weight"].isna().to_list() == [False, True, False, False]


def test_food_without_any_value_is_known_and_unknown_throughout():
    foods = load_foods().with_foods(tables(product(1, servingSizeUnit="", brandedFoodCategory=None)))
    assert foods.food(1)["description"] == "MADE-UP BAR"
    assert foods.composition([1]).isna().all(axis=None)
    assert foods.values([1]).empty


@pytest.mark.parametrize("data_type", ["foundation_food", "sr_legacy_food", "survey_fndds_food"])
def test_food_of_the_api_is_the_food_of_the_official_json(data_type, tmp_path):
    shipped = load_foods().foods()
    some = shipped[shipped["data_type"] == data_type]["fdc_id"].iloc[::97].head(40).to_list()
    (path,) = write_json_release(tmp_path, some_foods(some))
    answers = next(iter(json.loads(path.read_text()).values()))
    read, asked = read_release(path), tables(*answers)
    for name in ("foods", "aliases", "values", "portions", "ingredients"):
        left, right = (each.tables()[name].drop(columns="release", errors="ignore") for each in (read, asked))
        keys = [key for key in ("fdc_id", "seq", "fdc_nutrient_id") if key in left.columns]
        of_both = [frame.sort_values(keys, ignore_index=True) for frame in (left, right)]
        pd.testing.assert_frame_equal(*of_both, check_dtype=False)


# --- what is not understood ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Experimental", "Sample", "Agricultural Acquisition", "Sub-sample", "", "branded"])
def test_data_type_that_is_no_food_as_eaten_is_refused_by_its_name(kind):
    with pytest.raises(FoodDataError, match=f"fdcId 1, of data type '{kind}'"):
        tables(product(1, dataType=kind))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        product(1) | {"fdcId": "x"},
        product(1) | {"fdcId": -3},
        product(1, description=None),
        product(1, description=["a"]),
        product(1, foodNutrients="none"),
        product(1, foodNutrients=[1]),
        product(1, foodNutrients=[full_value(1092, "lots", "mg")]),
        product(1, foodNutrients=[full_value(1092, float("inf"), "mg")]),
        product(1, foodNutrients=[full_value(1092, 10**400, "mg")]),
        product(1, foodNutrients=[{"nutrient": "potassium", "amount": 1}]),
        product(1, foodNutrients=[{"nutrient": {"id": 1092}, "amount": 1, "foodNutrientDerivation": "x"}]),
        product(1, foodPortions=[{"measureUnit": "cup", "gramWeight": 1}]),
        product(1, labelNutrients=[1]),
        product(1, labelNutrients={"iron": 3}),
        product(1, servingSize=[30]),
        product(1, servingSizeUnit="", foodNutrients=[1]),
        product(1, dataType=["Branded"]),
        product(1) | {"fdcId": 1.5},
        product(1) | {"fdcId": 1e300},
        product(1, ndbNumber=1.5),
    ],
)
def test_answer_in_another_layout_is_refused(answer):
    with pytest.raises(FoodDataError, match="FoodData Central answered with"):
        tables(answer)


# --- recorded answers ------------------------------------------------------------------------------------


def test_recorded_answers_agree_with_the_embedded_foods_of_the_same_record():
    # A search rounds the values of newer records to three figures (116.7 is 117); older ones it gives as published.
    hits = recorded("cheddar-cheese.search-foundation.json")["foods"]
    detail = recorded("food-328637.detail-abridged.json")
    shipped = load_foods()
    in_both = [food for food in hits if food["fdcId"] in shipped]
    assert len(in_both) >= 5
    compared = 0
    for answer in (*in_both, detail):
        number = answer["fdcId"]
        fetched = shipped.with_foods(tables({**answer, "fdcId": 1})).composition([1]).loc[1]
        embedded = shipped.composition([number]).loc[number]
        both = fetched.notna() & embedded.notna()
        as_near_as = 1e-9 if number == detail["fdcId"] else 0.005
        np.testing.assert_allclose(fetched[both], embedded[both], rtol=as_near_as, err_msg=answer["description"])
        compared += int(both.sum())
    assert compared > 250


def test_recorded_abridged_food_equals_its_recorded_hit():
    hits = {food["fdcId"]: food for food in recorded("cheddar-cheese.search-foundation.json")["foods"]}
    detail = recorded("food-328637.detail-abridged.json")
    assert amounts(detail) == amounts(hits[328637])


def test_recorded_products_have_label_values_and_unknowns():
    answers = recorded("cheddar-cheese.search-all.json")["foods"]
    foods = load_foods().with_foods(tables(*answers))
    table = foods.composition([2057648], ["calcium", "sodium", "energy", "magnesium", "vitamin_b12"])
    assert table.loc[2057648].to_list()[:3] == [714, 679, 393]
    assert table.loc[2057648, ["magnesium", "vitamin_b12"]].isna().all()
