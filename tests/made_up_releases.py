"""Small made-up releases in the official layouts, for tests that need no download."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

from nutridiary.nutrients import load_nutrients

TITLE = "{sheet}\n2021-2023 Food and Nutrient Database for Dietary Studies - At A Glance   "
CATEGORY = ["WWEIA Category number", "WWEIA Category description"]
MILK, CAKE, HUMAN_MILK = 11100001, 53100001, 11000001


def fndds_sheets() -> dict[str, list[list[object]]]:
    """Return the rows of the four workbooks, header first: three foods, one without nutrients."""
    nutrients = [column.replace(" (", "\n(") for column in load_nutrients()["fndds_column"].dropna()]
    drinks, cakes = [1004, "Milk, reduced fat"], [5502, "Cakes and pies"]
    return {
        "Foods and Beverages": [
            ["Food code", "Main food description", "Additional food description", *CATEGORY],
            [HUMAN_MILK, "Milk, human", None, 9602, "Human milk"],
            [MILK, "Milk, made up", "leche;  2% milk ; ", *drinks],
            [CAKE, "Cake, made up", None, *cakes],
        ],
        "FNDDS Nutrient Values": [
            ["Food code", "Main food description", *CATEGORY, *nutrients],
            [MILK, "Milk, made up", *drinks, *[float(place) for place in range(len(nutrients))]],
            [CAKE, "Cake, made up", *cakes, *[0.5] * (len(nutrients) - 1), None],
        ],
        "Portions and Weights": [
            ["Food code", "Main food description", *CATEGORY, "Seq num", "Portion description", "Portion weight\n(g)"],
            [HUMAN_MILK, "Milk, human", 9602, "Human milk", 1, "Quantity not specified", 0],
            [MILK, "Milk, made up", *drinks, 1, "1 cup", 244],
            [MILK, "Milk, made up", *drinks, 2, "Quantity not specified", 200],
            [CAKE, "Cake, made up", *cakes, 1, "1/2 slice, any size", 40.5],
        ],
        "FNDDS Ingredients": [
            [
                *["Food code", "Main food description", *CATEGORY, "Seq num", "Ingredient code"],
                *["Ingredient description", "Ingredient weight (g)", "Retention code", "Moisture change\n(%)"],
            ],
            [CAKE, "Cake, made up", *cakes, 1, MILK, "Milk, made up", 120, 0, -5.5],
            [CAKE, "Cake, made up", *cakes, 2, 1077, "Flour", 200, 3460, -5.5],
        ],
    }


def write_fndds(folder: Path, sheets: dict[str, list[list[object]]] | None = None) -> Path:
    """Write the four workbooks and the FDC ids of the foods."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (sheets or fndds_sheets()).items():
        book = openpyxl.Workbook()
        book.active.append([TITLE.format(sheet=name)])
        for row in rows:
            book.active.append(row)
        book.save(folder / f"2021-2023 FNDDS At A Glance - {name}.xlsx")
    ids = [["fdc_id", "food_code"], [9001, HUMAN_MILK], [9002, MILK], [9003, CAKE]]
    write_csv(folder / "fdc_ids.csv", ids)
    return folder


def foundation_tables() -> dict[str, list[list[object]]]:
    """Return a Foundation release: two current foods, a superseded one and a sample."""
    return {
        "food": [
            ["fdc_id", "data_type", "description", "food_category_id", "publication_date"],
            [8001, "foundation_food", "Kale,  made up", "11", "2024-04-18"],
            [8002, "foundation_food", "Oil, made up", "4", "2025-04-24"],
            [8000, "foundation_food", "Kale, superseded", "11", "2020-04-01"],
            [7000, "sample_food", "Kale sample", "11", "2020-04-01"],
        ],
        "foundation_food": [["fdc_id", "NDB_number", "footnote"], [8001, 11999, ""], [8002, "", ""]],
        "food_category": [["id", "code", "description"], [4, "0400", "Fats and Oils"], [11, "1100", "Vegetables"]],
        "food_nutrient": [
            ["id", "fdc_id", "nutrient_id", "amount", "data_points", "derivation_id", "footnote"],
            [1, 8001, 1092, "348.25", 6, 1, ""],
            [2, 8001, 2047, "43.1", "", 49, ""],
            [3, 8001, 2048, "35.0", "", 49, ""],
            [4, 8001, 1062, "180", "", 49, ""],
            [5, 8001, 1063, "0.8", 4, 1, ""],
            [6, 8001, 1087, "", "", 1, ""],
            [7, 8001, 9999, "1", "", 1, "an id nutrient.csv lacks"],
            [8, 8002, 1110, "40", 2, 1, ""],
            [9, 8000, 1092, "1", 1, 1, ""],
            [10, 7000, 1092, "2", 1, 1, ""],
        ],
        "nutrient": [
            ["id", "name", "unit_name", "nutrient_nbr", "rank"],
            [1062, "Energy", "kJ", 268, 1],
            [1063, "Sugars, Total NLEA", "G", 269.3, 1],
            [1087, "Calcium, Ca", "MG", 301, 1],
            [1092, "Potassium, K", "MG", 306, 1],
            [1110, "Vitamin D (D2 + D3), International Units", "IU", 324, 1],
            [2047, "Energy (Atwater General Factors)", "KCAL", 957, 1],
            [2048, "Energy (Atwater Specific Factors)", "KCAL", 958, 1],
        ],
        "food_portion": [
            [
                *["id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier"],
                *["gram_weight", "data_points"],
            ],
            [1, 8001, 1, "1.0", 1000, "", "chopped", "67", 3],
            [2, 8002, "", "2", 1001, "", "", "27.2", ""],
            [3, 8002, "", "1", 9999, "", "ladle", "0", ""],
            [4, 7000, 1, "1", 1000, "", "", "1", ""],
        ],
        "measure_unit": [["id", "name"], [1000, "cup"], [1001, "tablespoon"], [9999, "undetermined"]],
    }


def sr_legacy_tables() -> dict[str, list[list[object]]]:
    """Return an SR Legacy release of one food, with the columns a rebuilt table carries beyond the official ones."""
    return {
        "food": [
            ["fdc_id", "data_type", "description", "food_category_id", "publication_date"],
            [6001, "sr_legacy_food", "Apples, made up", "9", "2019-04-01"],
        ],
        "sr_legacy_food": [["fdc_id", "NDB_number"], [6001, 9003]],
        "food_category": [["id", "code", "description"], [9, "0900", "Fruits and Fruit Juices"]],
        "food_nutrient": [
            [
                *["fdc_id", "nutrient_id", "amount", "data_points", "standard_error", "source_code"],
                *["derivation_code", "origin"],
            ],
            [6001, 1092, "107", 33, "1.5", 1, "A", "sr_legacy"],
            [6001, 1178, "0", 0, "", 7, "Z", "sr_legacy"],
            [6001, 1114, "0.1", "", "", "", "", "sr28_unchanged"],
        ],
        "nutrient": [
            ["id", "name", "unit_name"],
            [1092, "Potassium, K", "MG"],
            [1114, "Vitamin D (D2 + D3)", "UG"],
            [1178, "Vitamin B-12", "UG"],
        ],
        "food_portion": [
            [
                *["id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier"],
                *["gram_weight", "data_points"],
            ],
            [1, 6001, 1, "1", 9999, "", 'medium (3" dia)', "182", 24],
            [2, 6001, 2, "0", 9999, "", "cup", "110", ""],
        ],
        "measure_unit": [["id", "name"], [9999, "undetermined"]],
    }


def write_csv_tables(folder: Path, tables: dict[str, list[list[object]]]) -> Path:
    """Write the tables as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder


def write_csv(path: Path, rows: list[list[object]]) -> None:
    """Write one table, quoted as the official files are."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)


def write_all(folder: Path) -> Path:
    """Write one release of each kind, each in a folder of its own."""
    write_fndds(folder / "fndds")
    write_csv_tables(folder / "foundation_2025-04-24", foundation_tables())
    write_csv_tables(folder / "sr_legacy", sr_legacy_tables())
    return folder
