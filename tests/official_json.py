"""Foods as the official JSON files have them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

from nutridiary.fdc.tables import FoodTables
from official_parts import (
    API_TYPES,
    ATTRIBUTES,
    BRANDED_COLUMNS,
    LISTS,
    MEASURES,
    SR_LEGACY,
    SURVEY,
    BrandedProduct,
    american_day,
    foods_of,
    known_derivations,
    known_nutrients,
    published_values,
    release_name,
    rows_by_food,
    survey_attributes,
    survey_period,
    text_of,
)


def write_list(folder: Path, data_type: str, foods: list[dict[str, Any]], date: str) -> Path:
    path = folder / f"{release_name(data_type, 'json', date)}.json"
    path.write_text(json.dumps({LISTS[data_type]: foods}, ensure_ascii=False), encoding="utf-8")
    return path


def json_foods(tables: FoodTables, data_type: str, date: str) -> list[dict[str, Any]]:
    foods = foods_of(tables, data_type)
    values, portions, recipes = (
        rows_by_food(frame[frame["fdc_id"].isin(foods["fdc_id"])])
        for frame in (published_values(tables.values), tables.portions, tables.ingredients)
    )
    attributes, told = survey_attributes(tables), []
    for food in foods.itertuples():
        answer = {
            "fdcId": food.fdc_id,
            "description": food.description,
            "dataType": API_TYPES[data_type],
            "foodClass": "Survey" if data_type == SURVEY else "FinalFood",
            "publicationDate": american_day("2019-04-01" if data_type == SR_LEGACY else date),
            "foodNutrients": _json_values(values[food.fdc_id]),
            "foodPortions": _json_portions(portions[food.fdc_id], data_type),
            "foodAttributes": [_json_attribute(*each) for each in attributes.get(food.fdc_id, [])],
        }
        if data_type == SURVEY:
            begin, end = survey_period(tables)
            answer |= {
                "foodCode": str(food.food_code),
                "startDate": american_day(begin),
                "endDate": american_day(end),
                "wweiaFoodCategory": {
                    "wweiaFoodCategoryDescription": text_of(food.category),
                    "wweiaFoodCategoryCode": 3305998,
                },
                "inputFoods": _json_recipe(recipes[food.fdc_id]),
            }
        else:
            number = None if pd.isna(food.ndb_number) else int(food.ndb_number)
            answer |= {"ndbNumber": number, "foodCategory": {"description": text_of(food.category)}}
        told.append(answer)
    return told


def _json_values(values: list[Any]) -> list[dict[str, Any]]:
    if not values:
        return []
    known = known_nutrients()
    sources = dict(known_derivations().values())
    told = [{"type": "FoodNutrient", "nutrient": {"id": 2045, "number": "951", "name": "Proximates", "unitName": "g"}}]
    for value in values:
        _, name, unit, number, _ = known[value.fdc_nutrient_id]
        unit = {"ug": "µg", "kj": "kJ", "iu": "IU"}.get(unit.casefold(), unit.casefold())
        nutrient = {"id": value.fdc_nutrient_id, "number": number, "name": name, "unitName": unit}
        entry = {"type": "FoodNutrient", "nutrient": nutrient, "amount": value.amount}
        if not pd.isna(value.data_points):
            entry["dataPoints"] = int(value.data_points)
        if isinstance(value.derivation_code, str):
            code = sources.get(value.derivation_code, "")
            source = {"foodNutrientSource": {"code": str(code)}} if code != "" else {}
            entry["foodNutrientDerivation"] = {"code": value.derivation_code, **source}
        told.append(entry)
    return told


def _json_portions(portions: list[Any], data_type: str) -> list[dict[str, Any]]:
    told = []
    for portion in portions:
        weight = 0 if math.isnan(portion.gram_weight) else portion.gram_weight
        entry: dict[str, Any] = {"id": len(told) + 1, "gramWeight": weight, "sequenceNumber": portion.seq}
        if data_type == SURVEY:
            measure, modifier = "undetermined", "90000" if portion.is_quantity_not_specified else "10205"
            entry["portionDescription"] = portion.text
        else:
            measure, _, modifier = portion.description.partition(", ")
            if measure not in MEASURES:
                measure, modifier = "undetermined", portion.description
            entry["amount"] = 0 if math.isnan(portion.amount) else portion.amount
        if not pd.isna(portion.data_points):
            entry["dataPoints"] = int(portion.data_points)
        entry["measureUnit"] = {"id": MEASURES[measure], "name": measure, "abbreviation": measure}
        told.append(entry | ({"modifier": modifier} if modifier else {}))
    return told


def _json_recipe(recipe: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "unit": "GM",
            "portionDescription": "NONE",
            "portionCode": "0",
            "foodDescription": row.description,
            "retentionCode": row.retention_code,
            "ingredientCode": row.ingredient_code,
            "ingredientDescription": row.description,
            "ingredientWeight": row.grams,
            "amount": row.grams,
            "sequenceNumber": row.seq,
        }
        for row in recipe
    ]


def _json_attribute(kind: int, name: str, value: Any, rank: Any) -> dict[str, Any]:
    label, description = ATTRIBUTES[kind]
    told = {"value": str(value), "foodAttributeType": {"id": kind, "name": label, "description": description}}
    return told | ({"name": name} if name else {}) | ({"rank": rank} if rank != "" else {})


def json_branded(product: BrandedProduct) -> dict[str, Any]:
    known = known_nutrients()
    answer: dict[str, Any] = {
        "fdcId": product.fdc_id,
        "description": product.description,
        "dataType": "Branded",
        "foodClass": "Branded",
        "publicationDate": american_day(product.publication_date),
        "foodPortions": [],
        "foodAttributes": [],
        "foodNutrients": [
            {
                "type": "FoodNutrient",
                "nutrient": {
                    "id": nutrient,
                    "number": known[nutrient][3],
                    "name": known[nutrient][1],
                    "unitName": known[nutrient][2].casefold() if known[nutrient][2] != "IU" else "IU",
                },
                "foodNutrientDerivation": {"id": 70, "code": known_derivations()[product.derivation_id][0]},
                "amount": float(amount),
            }
            for nutrient, amount in product.values.items()
            if amount != ""
        ],
    }
    for name in BRANDED_COLUMNS[1:]:
        value = getattr(product, name)
        words = name.split("_")
        told = words[0] + "".join(word.capitalize() for word in words[1:])
        told = {"householdServingFulltext": "householdServingFullText"}.get(told, told)
        if name == "serving_size":
            value = float(value) if value != "" else None
        elif name.endswith("_date"):
            value = american_day(value)
        if value is not None and value != "":
            answer[told] = value
    return answer
