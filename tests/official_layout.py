"""Writes foods in the official layouts of FoodData Central, CSV and JSON, as the downloads are laid out.

Columns, quoting, folders and the peculiarities of each data type are those of the downloads of 2024 to
2026: FNDDS writes nutrient numbers where others write ids, its portions have words and no amount, its
aliases and categories are attributes; a CSV release lists samples and superseded records too.

    foods = some_foods([173944])
    zipped(write_csv_release(tmp_path, foods, date="2026-04-30"))
"""

from __future__ import annotations

import csv
import json
import math
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.fdc.database_source import read_database
from nutridiary.fdc.known_releases import release_row
from nutridiary.fdc.tables import FoodTables, only_foods, shaped
from nutridiary.fdc.values import unit_factor
from nutridiary.nutrients import load_nutrients

SURVEY, FOUNDATION, SR_LEGACY, BRANDED = "survey_fndds_food", "foundation_food", "sr_legacy_food", "branded_food"
DATE = "2026-04-30"
NEXT_VERSIONS = {SURVEY: "2023-2024", FOUNDATION: DATE}
SAMPLE, SUPERSEDED = 319874, 321357
"""Ids of a sample and of a superseded record that a Foundation release lists among its foods."""

_DOWNLOADS = {SURVEY: "survey_food", FOUNDATION: FOUNDATION, SR_LEGACY: SR_LEGACY, BRANDED: BRANDED}
_LISTS = {SURVEY: "SurveyFoods", FOUNDATION: "FoundationFoods", SR_LEGACY: "SRLegacyFoods", BRANDED: "BrandedFoods"}
_API_TYPES = {SURVEY: "Survey (FNDDS)", FOUNDATION: "Foundation", SR_LEGACY: "SR Legacy", BRANDED: "Branded"}
_MEASURES = {"cup": 1000, "tablespoon": 1001, "teaspoon": 1002, "undetermined": 9999}
_ATTRIBUTES = {
    998: ("Update Log", "Changes that were made to this food"),
    999: ("Attribute", "Generic attributes"),
    1000: ("Common Name", "Common names associated with a food."),
    1001: ("Additional Description", "Additional descriptions for the food."),
    1002: ("Adjustments", "Adjustments made to foods, including moisture changes"),
}
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


@dataclass(frozen=True)
class BrandedProduct:
    """A branded food as ``branded_food.csv`` has it; `values` are per 100 g or 100 ml, by nutrient id, as written."""

    fdc_id: int
    description: str
    values: Mapping[int, float | str] = field(default_factory=dict)
    brand_owner: str = ""
    brand_name: str = ""
    subbrand_name: str = ""
    gtin_upc: str = ""
    ingredients: str = ""
    not_a_significant_source_of: str = ""
    serving_size: float | str = ""
    serving_size_unit: str = ""
    household_serving_fulltext: str = ""
    branded_food_category: str = ""
    data_source: str = "LI"
    package_weight: str = ""
    modified_date: str = "2024-01-01"
    available_date: str = "2024-01-01"
    market_country: str = "United States"
    discontinued_date: str = ""
    preparation_state_code: str = ""
    trade_channel: str = ""
    short_description: str = ""
    material_code: str = ""
    publication_date: str = DATE
    derivation_id: int = 70
    """LCCS: calculated from the value per serving on the label."""


BRANDED_COLUMNS = [
    "fdc_id",
    *[
        each.name
        for each in fields(BrandedProduct)
        if each.name not in ("fdc_id", "description", "values", "publication_date", "derivation_id")
    ],
]


def some_foods(fdc_ids: Sequence[int] | None = None, data_types: Sequence[str] | None = None) -> FoodTables:
    """Return foods of the shipped database; all, or some, with only the releases that have any of them."""
    tables = _shipped(None if data_types is None else tuple(data_types))
    if fdc_ids is None:
        return tables
    few = only_foods(tables, list(fdc_ids))
    releases = few.releases[few.releases["foods"] > 0].reset_index(drop=True)
    files = few.files[few.files["release"].isin(releases["release"])].reset_index(drop=True)
    return _with(few, releases=releases, files=files)


@cache
def _shipped(data_types: tuple[str, ...] | None) -> FoodTables:
    return read_database(data_file("fdc", "foods.sqlite"), data_types)


def next_release(
    tables: FoodTables,
    *,
    renumber: int | Mapping[str, int] = 0,
    drop: Sequence[int] = (),
    change: Mapping[tuple[int, str], float | None] | None = None,
    rename: Mapping[int, str] | None = None,
    add: Sequence[Mapping[str, Any]] = (),
    versions: Mapping[str, str] = NEXT_VERSIONS,
) -> FoodTables:
    """Return a made-up later release of foods; all ids given are those before renumbering.

    Parameters
    ----------
    renumber : int or mapping of str to int
        What is added to every fdc_id, or to those of each data type.
    drop : sequence of int
    change : mapping
        Amounts by fdc_id and nutrient, in the nutrient's unit; None: not known any more.
    rename : mapping of int to str
    add : sequence of mapping
        Foods with the columns of `FoodTables.foods` and, where wanted, ``values`` (by nutrient),
        ``portions`` (text, grams), ``aliases``. Their ids stay as they are.
    versions : mapping of str to str
    """
    kept = only_foods(tables, [fdc_id for fdc_id in tables.foods["fdc_id"] if fdc_id not in set(drop)])
    named = dict(zip(kept.foods["fdc_id"], kept.foods["description"], strict=True)) | dict(rename or {})
    kept = _with(kept, foods=kept.foods.assign(description=kept.foods["fdc_id"].map(named)))
    kept = _with(kept, values=_changed(kept, dict(change or {})))
    types = kept.foods.set_index("fdc_id")["data_type"]
    steps = {data_type: renumber if isinstance(renumber, int) else renumber.get(data_type, 0) for data_type in _LISTS}
    moved = {fdc_id: fdc_id + steps[data_type] for fdc_id, data_type in types.items()}
    frames = {
        name: frame.assign(fdc_id=frame["fdc_id"].map(moved)) if "fdc_id" in frame.columns else frame
        for name, frame in kept.tables().items()
        if name != "successors"
    }
    renumbered = _with(_with_foods(FoodTables(**frames), add), successors=shaped("successors"))
    return _renamed(renumbered, versions)


def write_csv_release(
    folder: Path,
    tables: FoodTables | None = None,
    *,
    date: str = DATE,
    numbers_for_survey: bool = True,
    branded: Sequence[BrandedProduct] = (),
    name: str | None = None,
) -> Path:
    """Write foods as a folder of official CSV tables: of one data type, or the collection of several.

    Parameters
    ----------
    folder : pathlib.Path
        Where the folder of the release is put.
    tables : FoodTables, optional
    date : str
    numbers_for_survey : bool
        Write the nutrient numbers (203) for foods of FNDDS, as its download does, not the ids (1003).
    branded : sequence of BrandedProduct
    name : str, optional
        Name of the folder; by default that of the download.
    """
    tables = tables if tables is not None else _no_foods()
    types = [*tables.releases["data_type"], *([BRANDED] if branded else [])]
    rows = _csv_rows(tables, types, date, numbers_for_survey, branded)
    counts = [[table, len(body) - 1] for table, body in rows.items()]
    rows["all_downloaded_table_record_counts"] = [["Table", "Number of Records"], *counts]
    target = folder / (name or release_name(types[0] if len(types) == 1 else None, "csv", date))
    target.mkdir(parents=True, exist_ok=True)
    for table, body in rows.items():
        with (target / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(body)
    return target


def write_json_release(
    folder: Path,
    tables: FoodTables | None = None,
    *,
    date: str = DATE,
    branded: Sequence[BrandedProduct] = (),
) -> list[Path]:
    """Write foods as the official JSON files, one for each data type."""
    tables = tables if tables is not None else _no_foods()
    folder.mkdir(parents=True, exist_ok=True)
    types = tables.releases["data_type"]
    paths = [_write_list(folder, data_type, _json_foods(tables, data_type, date), date) for data_type in types]
    if branded:
        paths.append(_write_list(folder, BRANDED, [_json_branded(product) for product in branded], date))
    return paths


def zipped(path: Path, name: str | None = None) -> Path:
    """Pack a folder of tables, or a JSON file, as it is downloaded; return the zip beside it."""
    target = path.with_name(name or f"{path.stem if path.is_file() else path.name}.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if path.is_file():
            archive.write(path, path.name)
        else:
            for file in sorted(path.iterdir()):
                archive.write(file, f"{path.name}/{file.name}")
    return target


def release_name(data_type: str | None, layout: str = "csv", date: str = DATE) -> str:
    """Return the name of a download without its ending; without a data type that of the collection."""
    kind = f"{_DOWNLOADS[data_type]}_" if data_type else ""
    return f"FoodData_Central_{kind}{layout}_{date}"


# --- a later release -------------------------------------------------------------------------------------


def _changed(tables: FoodTables, change: dict[tuple[int, str], float | None]) -> pd.DataFrame:
    if not change:
        return tables.values
    own_ids = load_nutrients()["fdc_nutrient_id"].astype("int64").to_dict()
    alternatives = load_nutrients()["alternative_nutrient_ids"].fillna("").str.split(";").to_dict()
    units, releases = load_nutrients()["unit"].to_dict(), tables.foods.set_index("fdc_id")["release"]
    values, fresh = tables.values, []
    for (fdc_id, nutrient), amount in change.items():
        ids = [own_ids[nutrient], *(int(other) for other in alternatives[nutrient] if other)]
        values = values[~((values["fdc_id"] == fdc_id) & values["fdc_nutrient_id"].isin(ids))]
        if amount is not None:
            fresh.append((fdc_id, own_ids[nutrient], amount, units[nutrient], releases[fdc_id]))
    columns = ["fdc_id", "fdc_nutrient_id", "amount", "unit", "release"]
    return pd.concat([values, shaped("values", pd.DataFrame(fresh, columns=columns))], ignore_index=True)


def _with_foods(tables: FoodTables, add: Sequence[Mapping[str, Any]]) -> FoodTables:
    if not add:
        return tables
    nutrients = load_nutrients()
    releases = tables.releases.set_index("data_type")["release"]
    rows: dict[str, list[dict[str, Any]]] = {"foods": [], "values": [], "portions": [], "aliases": []}
    for food in add:
        fdc_id, release = food["fdc_id"], releases[food["data_type"]]
        rows["foods"].append({name: food.get(name) for name in tables.foods.columns} | {"release": release})
        for nutrient, amount in food.get("values", {}).items():
            told = nutrients.loc[nutrient]
            value = {"fdc_nutrient_id": told["fdc_nutrient_id"], "amount": amount, "unit": told["unit"]}
            rows["values"].append({"fdc_id": fdc_id, "release": release, **value})
        for seq, (text, grams) in enumerate(food.get("portions", []), start=1):
            portion = {"amount": 1.0, "description": text.removeprefix("1 "), "text": text, "gram_weight": grams}
            rows["portions"].append({"fdc_id": fdc_id, "seq": seq, "is_quantity_not_specified": False, **portion})
        for seq, alias in enumerate(food.get("aliases", []), start=1):
            rows["aliases"].append({"fdc_id": fdc_id, "seq": seq, "alias": alias})
    frames = tables.tables()
    joined = {
        name: pd.concat([frames[name], shaped(name, pd.DataFrame(new))], ignore_index=True)
        for name, new in rows.items()
        if new
    }
    return _with(tables, **joined)


def _renamed(tables: FoodTables, versions: Mapping[str, str]) -> FoodTables:
    """Return foods as those of other releases, with as many foods as there are."""
    counts = tables.foods["data_type"].value_counts()
    rows, names = [], {}
    for row in tables.releases.to_dict("records"):
        version = versions.get(row["data_type"])
        if version is not None:
            names[row["release"]] = release_row(row["data_type"], version)["release"]
        told = release_row(row["data_type"], version) if version is not None else {}
        rows.append({**row, **told, "foods": int(counts.get(row["data_type"], 0))})
    frames = {
        name: frame.assign(release=frame["release"].map(lambda old: names.get(old, old)))
        for name, frame in tables.tables().items()
        if "release" in frame.columns and name != "releases"
    }
    return _with(tables, releases=shaped("releases", pd.DataFrame(rows)), **frames)


def _with(tables: FoodTables, **changed: pd.DataFrame) -> FoodTables:
    return FoodTables(**{name: changed.get(name, frame) for name, frame in tables.tables().items()})


def _no_foods() -> FoodTables:
    names = ("releases", "files", "foods", "aliases", "values", "portions", "ingredients")
    return FoodTables(**{name: shaped(name) for name in names})


# --- CSV ---------------------------------------------------------------------------------------------------


def _csv_rows(
    tables: FoodTables, types: list[str], date: str, by_number: bool, branded: Sequence[BrandedProduct]
) -> dict[str, list[list[Any]]]:
    categories = sorted(set(_not_of(tables, SURVEY)["category"].dropna()))
    category_ids = {name: place for place, name in enumerate(categories, start=1)}
    rows = {
        "food": _food_rows(tables, category_ids, types, date, branded),
        "nutrient": [["id", "name", "unit_name", "nutrient_nbr", "rank"], *_nutrient_rows()],
        "food_nutrient": _value_rows(tables, types, by_number, branded),
    }
    if set(types) - {SURVEY, BRANDED}:
        names = [[place, f"{place:02}00", name] for name, place in category_ids.items()]
        rows["food_category"] = [["id", "code", "description"], *names]
    if set(types) - {BRANDED}:
        rows["food_portion"] = [_PORTION_COLUMNS, *_portion_rows(tables)]
        rows["measure_unit"] = [["id", "name"], *[[number, name] for name, number in _MEASURES.items()]]
    for data_type, columns in (
        (FOUNDATION, ["fdc_id", "NDB_number", "footnote"]),
        (SR_LEGACY, ["fdc_id", "NDB_number"]),
    ):
        if data_type in types:
            listed = [[food.fdc_id, _cell(food.ndb_number)] for food in _of(tables, data_type).itertuples()]
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
        rows.append([food.fdc_id, food.data_type, food.description, _cell(category), published])
    for product in branded:
        category = product.branded_food_category
        rows.append([product.fdc_id, BRANDED, product.description, category, product.publication_date])
    return rows


@cache
def _nutrient_rows() -> list[list[Any]]:
    known = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), dtype="str", keep_default_na=False)
    columns = ["fdc_nutrient_id", "name", "unit", "fdc_nutrient_number"]
    return [[*row, ""] for row in known[columns].itertuples(index=False, name=None)]


@cache
def _nutrients() -> dict[int, list[Any]]:
    return {int(row[0]): row for row in _nutrient_rows()}


def _value_rows(
    tables: FoodTables, types: list[str], by_number: bool, branded: Sequence[BrandedProduct]
) -> list[list[Any]]:
    columns = [*_VALUE_COLUMNS, "percent_daily_value"] if BRANDED in types else _VALUE_COLUMNS
    padding = [""] * (len(columns) - 6)
    derivations = {code: number for number, (code, _) in _derivations().items()}
    numbers = {int(row[0]): row[3] for row in _nutrient_rows()}
    of_survey = set(_of(tables, SURVEY)["fdc_id"]) if by_number else set()
    rows: list[list[Any]] = [columns]
    for number, value in enumerate(_published(tables.values).itertuples(), start=1):
        nutrient = numbers[value.fdc_nutrient_id] if value.fdc_id in of_survey else value.fdc_nutrient_id
        details = [_cell(value.data_points), derivations.get(value.derivation_code, "")]
        rows.append([number, value.fdc_id, nutrient, repr(value.amount), *details, *padding])
    for product in branded:
        for nutrient, amount in product.values.items():
            rows.append([len(rows), product.fdc_id, nutrient, amount, "", product.derivation_id, *padding])
    if FOUNDATION in types:
        rows.append([len(rows), SAMPLE, 1092, "1.5", "", 1, *padding])
    return rows


def _published(values: pd.DataFrame) -> pd.DataFrame:
    """Return values in the units in which FoodData Central publishes each nutrient id, in its own order."""
    units = {int(row[0]): row[2] for row in _nutrient_rows()}
    names = _nutrients_by_id()
    stated = values.assign(official=values["fdc_nutrient_id"].map(units)).sort_values(["fdc_id", "fdc_nutrient_id"])
    kinds = stated[["fdc_nutrient_id", "unit", "official"]].drop_duplicates()
    factors = {
        (number, unit): unit_factor(official, names[number], unit)
        for number, unit, official in kinds.itertuples(index=False, name=None)
    }
    factor = [factors[key] for key in zip(stated["fdc_nutrient_id"], stated["unit"], strict=True)]
    return stated.assign(amount=stated["amount"] / factor)


def _portion_rows(tables: FoodTables) -> list[list[Any]]:
    of_survey = set(_of(tables, SURVEY)["fdc_id"])
    rows = []
    for number, portion in enumerate(tables.portions.itertuples(), start=1):
        weight = 0 if math.isnan(portion.gram_weight) else repr(portion.gram_weight)
        if portion.fdc_id in of_survey:
            code = 90000 if portion.is_quantity_not_specified else 10205
            middle = ["", 9999, portion.text, code]
        else:
            unit, _, modifier = portion.description.partition(", ")
            if unit not in _MEASURES:
                unit, modifier = "undetermined", portion.description
            amount = 0 if math.isnan(portion.amount) else repr(portion.amount)
            middle = [amount, _MEASURES[unit], "", modifier]
        rows.append([number, portion.fdc_id, portion.seq, *middle, weight, _cell(portion.data_points), "", ""])
    return rows


def _survey_rows(tables: FoodTables, *, in_collection: bool) -> dict[str, list[list[Any]]]:
    foods = _of(tables, SURVEY)
    begin, end = _period(tables)
    category = "wweia_category_code" if in_collection else "wweia_category_number"
    listed = [[row.fdc_id, row.food_code, _cell(row.category_number), begin, end] for row in foods.itertuples()]
    categories = foods[["category_number", "category"]].dropna().drop_duplicates().sort_values("category_number")
    attributes: list[list[Any]] = [["", 998, "", "a change that belongs to no food"]]
    for fdc_id, kinds in _attributes(tables).items():
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
        "food_attribute_type": [["id", "name", "description"], *[[key, *told] for key, told in _ATTRIBUTES.items()]],
        "food_attribute": [
            ["id", "fdc_id", "seq_num", "food_attribute_type_id", "name", "value"],
            *[[number, *row] for number, row in enumerate(ordered, start=1)],
        ],
        "input_food": [_INPUT_COLUMNS, *[[number, *row] for number, row in enumerate(recipes, start=1)]],
    }


def _attributes(tables: FoodTables) -> dict[int, list[tuple[int, str, Any, Any]]]:
    """Return kind, name, value and rank of what FNDDS says of its foods as attributes."""
    found: dict[int, list[tuple[int, str, Any, Any]]] = {}
    for food in _of(tables, SURVEY).itertuples():
        found[food.fdc_id] = [
            (999, "WWEIA Category number", _cell(food.category_number), ""),
            (999, "WWEIA Category description", food.category, ""),
        ]
    for alias in tables.aliases.itertuples():
        found[alias.fdc_id].append((1001, "", alias.alias, alias.seq + 1))
    changes = tables.ingredients.drop_duplicates("fdc_id")
    for row in changes[changes["moisture_change"].fillna(0) != 0].itertuples():
        found[row.fdc_id].append((1002, "", f"Moisture change: {row.moisture_change:g}%", ""))
    return found


# --- JSON --------------------------------------------------------------------------------------------------


def _write_list(folder: Path, data_type: str, foods: list[dict[str, Any]], date: str) -> Path:
    path = folder / f"{release_name(data_type, 'json', date)}.json"
    path.write_text(json.dumps({_LISTS[data_type]: foods}, ensure_ascii=False), encoding="utf-8")
    return path


def _json_foods(tables: FoodTables, data_type: str, date: str) -> list[dict[str, Any]]:
    foods = _of(tables, data_type)
    values, portions, recipes = (
        _by_food(frame[frame["fdc_id"].isin(foods["fdc_id"])])
        for frame in (_published(tables.values), tables.portions, tables.ingredients)
    )
    attributes, told = _attributes(tables), []
    for food in foods.itertuples():
        answer = {
            "fdcId": food.fdc_id,
            "description": food.description,
            "dataType": _API_TYPES[data_type],
            "foodClass": "Survey" if data_type == SURVEY else "FinalFood",
            "publicationDate": _american("2019-04-01" if data_type == SR_LEGACY else date),
            "foodNutrients": _json_values(values[food.fdc_id]),
            "foodPortions": _json_portions(portions[food.fdc_id], data_type),
            "foodAttributes": [_json_attribute(*each) for each in attributes.get(food.fdc_id, [])],
        }
        if data_type == SURVEY:
            begin, end = _period(tables)
            answer |= {
                "foodCode": str(food.food_code),
                "startDate": _american(begin),
                "endDate": _american(end),
                "wweiaFoodCategory": {
                    "wweiaFoodCategoryDescription": _text(food.category),
                    "wweiaFoodCategoryCode": 3305998,
                },
                "inputFoods": _json_recipe(recipes[food.fdc_id]),
            }
        else:
            number = None if pd.isna(food.ndb_number) else int(food.ndb_number)
            answer |= {"ndbNumber": number, "foodCategory": {"description": _text(food.category)}}
        told.append(answer)
    return told


def _json_values(values: list[Any]) -> list[dict[str, Any]]:
    if not values:
        return []
    known = _nutrients()
    sources = dict(_derivations().values())
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
            if measure not in _MEASURES:
                measure, modifier = "undetermined", portion.description
            entry["amount"] = 0 if math.isnan(portion.amount) else portion.amount
        if not pd.isna(portion.data_points):
            entry["dataPoints"] = int(portion.data_points)
        entry["measureUnit"] = {"id": _MEASURES[measure], "name": measure, "abbreviation": measure}
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
    label, description = _ATTRIBUTES[kind]
    told = {"value": str(value), "foodAttributeType": {"id": kind, "name": label, "description": description}}
    return told | ({"name": name} if name else {}) | ({"rank": rank} if rank != "" else {})


def _json_branded(product: BrandedProduct) -> dict[str, Any]:
    known = _nutrients()
    answer: dict[str, Any] = {
        "fdcId": product.fdc_id,
        "description": product.description,
        "dataType": "Branded",
        "foodClass": "Branded",
        "publicationDate": _american(product.publication_date),
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
                "foodNutrientDerivation": {"id": 70, "code": _derivations()[product.derivation_id][0]},
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
            value = _american(value)
        if value is not None and value != "":
            answer[told] = value
    return answer


# --- what both share -----------------------------------------------------------------------------------------


def _of(tables: FoodTables, data_type: str) -> pd.DataFrame:
    return tables.foods[tables.foods["data_type"] == data_type]


def _by_food(frame: pd.DataFrame) -> dict[int, list[Any]]:
    """Return the rows of each food; none for a food without any."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in frame.itertuples():
        rows[row.fdc_id].append(row)
    return rows


def _not_of(tables: FoodTables, data_type: str) -> pd.DataFrame:
    return tables.foods[tables.foods["data_type"] != data_type]


def _period(tables: FoodTables) -> tuple[str, str]:
    """Return the days on which the survey of FNDDS began and ended, by its version."""
    version = tables.releases.set_index("data_type").loc[SURVEY, "version"]
    begin, _, end = str(version).partition("-")
    return f"{begin}-01-01", f"{end}-12-31"


@cache
def _derivations() -> dict[int, tuple[str, Any]]:
    known = pd.read_csv(data_file("fdc", "derivations.csv"), keep_default_na=False)
    told = zip(known["derivation_id"], known["derivation_code"], known["source_code"], strict=True)
    return {int(number): (code, source) for number, code, source in told}


def _nutrients_by_id() -> dict[int, str]:
    nutrients = load_nutrients()
    found = {int(own): str(name) for name, own in nutrients["fdc_nutrient_id"].items()}
    for name, others in nutrients["alternative_nutrient_ids"].fillna("").items():
        found |= {int(other): str(name) for other in others.split(";") if other}
    return found


def _american(day: str) -> str:
    if not day:
        return ""
    year, month, date = day.split("-")
    return f"{int(month)}/{int(date)}/{year}"


def _cell(value: Any) -> Any:
    return "" if pd.isna(value) else value


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
