"""Foods as the official CSV tables have them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nutridiary.fdc.tables import FoodTables
from official_parts import (
    ATTRIBUTES,
    BRANDED,
    BRANDED_COLUMNS,
    FOUNDATION,
    MEASURES,
    SR_LEGACY,
    SURVEY,
    BrandedProduct,
    cell_of,
    foods_not_of,
    foods_of,
    known_derivations,
    nutrient_rows,
    published_values,
    survey_attributes,
    survey_period,
)

SAMPLE, SUPERSEDED = 319874, 321357
"""Ids of a sample and of a superseded record that a Foundation release lists among its foods."""
_VALUE_COLUMNS = [
    *["id", "fdc_id", "nutrient_id", "amount", "data_points", "derivation_id", "min", "max", "median"],
    *["footnote", "min_year_acquired"],
]
_PORTION_COLUMNS = [
    *["id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier", "gram_weight"],
    *["data_points", "footnote", "min_year_acquired"],
]
_INPUT_COLUMNS = [
    *["id", "fdc_id", "fdc_of_input_food", "seq_num", "amount", "ingredient_code", "ingredient_description", "unit"],
    *["portion_code", "portion_description", "gram_weight", "retention_code"],
]


def csv_rows(
    tables: FoodTables, types: list[str], date: str, by_number: bool, branded: Sequence[BrandedProduct]
) -> dict[str, list[list[Any]]]:
    categories = sorted(set(foods_not_of(tables, SURVEY)["category"].dropna()))
    category_ids = {name: place for place, name in enumerate(categories, start=1)}
    rows = {
        "food": _food_rows(tables, category_ids, types, date, branded),
        "nutrient": [["id", "name", "unit_name", "nutrient_nbr", "rank"], *nutrient_rows()],
        "food_nutrient": _value_rows(tables, types, by_number, branded),
    }
    if set(types) - {SURVEY, BRANDED}:
        names = [[place, f"{place:02}00", name] for name, place in category_ids.items()]
        rows["food_category"] = [["id", "code", "description"], *names]
    if set(types) - {BRANDED}:
        rows["food_portion"] = [_PORTION_COLUMNS, *_portion_rows(tables)]
        rows["measure_unit"] = [["id", "name"], *[[number, name] for name, number in MEASURES.items()]]
    for data_type, columns in (
        (FOUNDATION, ["fdc_id", "NDB_number", "footnote"]),
        (SR_LEGACY, ["fdc_id", "NDB_number"]),
    ):
        if data_type in types:
            listed = [[food.fdc_id, cell_of(food.ndb_number)] for food in foods_of(tables, data_type).itertuples()]
            rows[data_type] = [columns, *[[*row, *[""] * (len(columns) - 2)] for row in listed]]
    if SURVEY in types:
        rows |= _survey_rows(tables, in_collection=len(types) > 1)
    if branded:
        rows[BRANDED] = [BRANDED_COLUMNS, *[[getattr(each, name) for name in BRANDED_COLUMNS] for each in branded]]
    return rows


def _food_rows(
    tables: FoodTables, category_ids: dict[str, int], types: list[str], date: str, branded: Sequence[BrandedProduct]
) -> list[list[Any]]:
    rows: list[list[Any]] = [["fdc_id", "data_type", "description", "food_category_id", "publication_date"]]
    if FOUNDATION in types:
        rows.append([SAMPLE, "sample_food", "HUMMUS, A SAMPLE", "", "2019-04-01"])
        rows.append([SUPERSEDED, FOUNDATION, "Hummus, superseded", "", "2019-04-01"])
    for food in tables.foods.sort_values("fdc_id").itertuples():
        category = food.category_number if food.data_type == SURVEY else category_ids.get(food.category, "")
        published = "2019-04-01" if food.data_type == SR_LEGACY else date
        rows.append([food.fdc_id, food.data_type, food.description, cell_of(category), published])
    for product in branded:
        category = product.branded_food_category
        rows.append([product.fdc_id, BRANDED, product.description, category, product.publication_date])
    return rows


def _value_rows(
    tables: FoodTables, types: list[str], by_number: bool, branded: Sequence[BrandedProduct]
) -> list[list[Any]]:
    columns = [*_VALUE_COLUMNS, "percent_daily_value"] if BRANDED in types else _VALUE_COLUMNS
    padding = [""] * (len(columns) - 6)
    derivations = {code: number for number, (code, _) in known_derivations().items()}
    numbers = {int(row[0]): row[3] for row in nutrient_rows()}
    of_survey = set(foods_of(tables, SURVEY)["fdc_id"]) if by_number else set()
    rows: list[list[Any]] = [columns]
    for number, value in enumerate(published_values(tables.values).itertuples(), start=1):
        nutrient = numbers[value.fdc_nutrient_id] if value.fdc_id in of_survey else value.fdc_nutrient_id
        details = [cell_of(value.data_points), derivations.get(value.derivation_code, "")]
        rows.append([number, value.fdc_id, nutrient, repr(value.amount), *details, *padding])
    for product in branded:
        for nutrient, amount in product.values.items():
            rows.append([len(rows), product.fdc_id, nutrient, amount, "", product.derivation_id, *padding])
    if FOUNDATION in types:
        rows.append([len(rows), SAMPLE, 1092, "1.5", "", 1, *padding])
    return rows


def _portion_rows(tables: FoodTables) -> list[list[Any]]:
    of_survey = set(foods_of(tables, SURVEY)["fdc_id"])
    rows = []
    for number, portion in enumerate(tables.portions.itertuples(), start=1):
        weight = 0 if math.isnan(portion.gram_weight) else repr(portion.gram_weight)
        if portion.fdc_id in of_survey:
            code = 90000 if portion.is_quantity_not_specified else 10205
            middle = ["", 9999, portion.text, code]
        else:
            unit, _, modifier = portion.description.partition(", ")
            if unit not in MEASURES:
                unit, modifier = "undetermined", portion.description
            amount = 0 if math.isnan(portion.amount) else repr(portion.amount)
            middle = [amount, MEASURES[unit], "", modifier]
        rows.append([number, portion.fdc_id, portion.seq, *middle, weight, cell_of(portion.data_points), "", ""])
    return rows


def _survey_rows(tables: FoodTables, *, in_collection: bool) -> dict[str, list[list[Any]]]:
    foods = foods_of(tables, SURVEY)
    begin, end = survey_period(tables)
    category = "wweia_category_code" if in_collection else "wweia_category_number"
    listed = [[row.fdc_id, row.food_code, cell_of(row.category_number), begin, end] for row in foods.itertuples()]
    categories = foods[["category_number", "category"]].dropna().drop_duplicates().sort_values("category_number")
    attributes: list[list[Any]] = [["", 998, "", "a change that belongs to no food"]]
    for fdc_id, kinds in survey_attributes(tables).items():
        attributes += [[fdc_id, kind, name, value, rank] for kind, name, value, rank in kinds]
    ordered = [[*row[:1], row[4] if len(row) > 4 else "", *row[1:4]] for row in attributes]
    recipes = [
        [
            *[row.fdc_id, "", row.seq, repr(row.grams), row.ingredient_code, row.description, "GM", 0, "NONE"],
            *[repr(row.grams), row.retention_code],
        ]
        for row in tables.ingredients.itertuples()
    ]
    return {
        SURVEY: [["fdc_id", "food_code", category, "start_date", "end_date"], *listed],
        "wweia_food_category": [
            ["wweia_food_category", "wweia_food_category_description"],
            *categories.to_numpy().tolist(),
        ],
        "food_attribute_type": [["id", "name", "description"], *[[key, *told] for key, told in ATTRIBUTES.items()]],
        "food_attribute": [
            ["id", "fdc_id", "seq_num", "food_attribute_type_id", "name", "value"],
            *[[number, *row] for number, row in enumerate(ordered, start=1)],
        ],
        "input_food": [_INPUT_COLUMNS, *[[number, *row] for number, row in enumerate(recipes, start=1)]],
    }
