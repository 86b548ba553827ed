"""What the official layouts share: names, codes, units and dates, and a branded product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.fdc.tables import FoodTables
from nutridiary.fdc.values import unit_factor
from nutridiary.nutrients import load_nutrients

SURVEY, FOUNDATION, SR_LEGACY, BRANDED = "survey_fndds_food", "foundation_food", "sr_legacy_food", "branded_food"
DATE = "2026-04-30"
_DOWNLOADS = {SURVEY: "survey_food", FOUNDATION: FOUNDATION, SR_LEGACY: SR_LEGACY, BRANDED: BRANDED}
LISTS = {SURVEY: "SurveyFoods", FOUNDATION: "FoundationFoods", SR_LEGACY: "SRLegacyFoods", BRANDED: "BrandedFoods"}
API_TYPES = {SURVEY: "Survey (FNDDS)", FOUNDATION: "Foundation", SR_LEGACY: "SR Legacy", BRANDED: "Branded"}
MEASURES = {"cup": 1000, "tablespoon": 1001, "teaspoon": 1002, "undetermined": 9999}
ATTRIBUTES = {
    998: ("Update Log", "Changes that were made to this food"),
    999: ("Attribute", "Generic attributes"),
    1000: ("Common Name", "Common names associated with a food."),
    1001: ("Additional Description", "Additional descriptions for the food."),
    1002: ("Adjustments", "Adjustments made to foods, including moisture changes"),
}


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


@cache
def nutrient_rows() -> list[list[Any]]:
    known = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), dtype="str", keep_default_na=False)
    columns = ["fdc_nutrient_id", "name", "unit", "fdc_nutrient_number"]
    return [[*row, ""] for row in known[columns].itertuples(index=False, name=None)]


@cache
def known_nutrients() -> dict[int, list[Any]]:
    return {int(row[0]): row for row in nutrient_rows()}


def published_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return values in the units in which FoodData Central publishes each nutrient id, in its own order."""
    units = {int(row[0]): row[2] for row in nutrient_rows()}
    names = _nutrients_by_id()
    stated = values.assign(official=values["fdc_nutrient_id"].map(units)).sort_values(["fdc_id", "fdc_nutrient_id"])
    kinds = stated[["fdc_nutrient_id", "unit", "official"]].drop_duplicates()
    factors = {
        (number, unit): unit_factor(official, names[number], unit)
        for number, unit, official in kinds.itertuples(index=False, name=None)
    }
    factor = [factors[key] for key in zip(stated["fdc_nutrient_id"], stated["unit"], strict=True)]
    return stated.assign(amount=stated["amount"] / factor)


def survey_attributes(tables: FoodTables) -> dict[int, list[tuple[int, str, Any, Any]]]:
    """Return kind, name, value and rank of what FNDDS says of its foods as attributes."""
    found: dict[int, list[tuple[int, str, Any, Any]]] = {}
    for food in foods_of(tables, SURVEY).itertuples():
        found[food.fdc_id] = [
            (999, "WWEIA Category number", cell_of(food.category_number), ""),
            (999, "WWEIA Category description", food.category, ""),
        ]
    for alias in tables.aliases.itertuples():
        found[alias.fdc_id].append((1001, "", alias.alias, alias.seq + 1))
    changes = tables.ingredients.drop_duplicates("fdc_id")
    for row in changes[changes["moisture_change"].fillna(0) != 0].itertuples():
        found[row.fdc_id].append((1002, "", f"Moisture change: {row.moisture_change:g}%", ""))
    return found


def foods_of(tables: FoodTables, data_type: str) -> pd.DataFrame:
    return tables.foods[tables.foods["data_type"] == data_type]


def rows_by_food(frame: pd.DataFrame) -> dict[int, list[Any]]:
    """Return the rows of each food; none for a food without any."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in frame.itertuples():
        rows[row.fdc_id].append(row)
    return rows


def foods_not_of(tables: FoodTables, data_type: str) -> pd.DataFrame:
    return tables.foods[tables.foods["data_type"] != data_type]


def survey_period(tables: FoodTables) -> tuple[str, str]:
    """Return the days on which the survey of FNDDS began and ended, by its version."""
    version = tables.releases.set_index("data_type").loc[SURVEY, "version"]
    begin, _, end = str(version).partition("-")
    return f"{begin}-01-01", f"{end}-12-31"


@cache
def known_derivations() -> dict[int, tuple[str, Any]]:
    known = pd.read_csv(data_file("fdc", "derivations.csv"), keep_default_na=False)
    told = zip(known["derivation_id"], known["derivation_code"], known["source_code"], strict=True)
    return {int(number): (code, source) for number, code, source in told}


def _nutrients_by_id() -> dict[int, str]:
    nutrients = load_nutrients()
    found = {int(own): str(name) for name, own in nutrients["fdc_nutrient_id"].items()}
    for name, others in nutrients["alternative_nutrient_ids"].fillna("").items():
        found |= {int(other): str(name) for other in others.split(";") if other}
    return found


def american_day(day: str) -> str:
    if not day:
        return ""
    year, month, date = day.split("-")
    return f"{int(month)}/{int(date)}/{year}"


def cell_of(value: Any) -> Any:
    return "" if pd.isna(value) else value


def text_of(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def release_name(data_type: str | None, layout: str = "csv", date: str = DATE) -> str:
    """Return the name of a download without its ending; without a data type that of the collection."""
    kind = f"{_DOWNLOADS[data_type]}_" if data_type else ""
    return f"FoodData_Central_{kind}{layout}_{date}"
