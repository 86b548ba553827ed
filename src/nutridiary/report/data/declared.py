"""Which tables an analysis consists of as data, each by its name in `Analysis`."""

from __future__ import annotations

from nutridiary.fdc.tables import COLUMNS
from nutridiary.own_foods import OWN_FOOD_VALUES
from nutridiary.tables import (
    ALIASES,
    CAUTIONS,
    COMPARISON,
    CONFIDENCE,
    CONTRIBUTIONS,
    DAILY_INTAKES,
    DAY_CHECKS,
    DAY_COMPARISON,
    EDITION_CHANGES,
    FILES_READ,
    FOODS_TO_CLARIFY,
    GROUP_CONTRIBUTIONS,
    INTAKES,
    LEFT_ASIDE,
    MOLES,
    NOT_FOOD_DAYS,
    PLAUSIBILITY,
    PRODUCTS,
    RATIOS,
    RECORDED_DIFFERENCES,
    REFERENCE_VALUES,
    SUGGESTION_EFFECTS,
    SUGGESTIONS,
    SUPPLEMENT_DOSES,
    SUPPLEMENT_PRODUCTS,
    SYMPTOM_COMPARISON,
    SYMPTOM_DAYS,
    SYMPTOMS,
    TEXT,
    USUAL_INTAKES,
    WEIGHED,
    WHOLE,
    WORKING,
    Column,
    Table,
)

SCHEMA_VERSION = 1
"""Counted up when a reader written for the version before could misread a file; docs/json.md tells when."""

_MEANINGS = {
    "releases": {
        "release": "name of the release",
        "data_type": "kind of food records in it",
        "published": "the day it was published",
        "foods": "foods in it",
        "licence": "licence of the data",
        "source": "where it was read from",
        "version": "the publisher's own name of the version",
        "note": "what should be known of it",
    },
    "foods": {
        "fdc_id": "id of the own food, below zero; a twin holds what is only estimated",
        "food_code": "always missing",
        "ndb_number": "always missing",
        "description": "its name",
        "data_type": "own_food",
        "category": "always missing",
        "release": "what a record of its kind is called",
        "category_number": "always missing",
        "basis": "what 100 units are: raw mix, volume or serving; missing where they are grams",
    },
    "values": {
        "fdc_id": "the own food or its twin",
        "fdc_nutrient_id": "the nutrient, by its id in FoodData Central",
        "amount": "in 100 units of the record's basis, in `unit`",
        "unit": "the nutrient's one unit",
        "release": "what a record of its kind is called",
        "source_code": "always missing",
        "derivation_code": "always missing",
        "standard_error": "always missing",
        "data_points": "always missing",
    },
    "portions": {
        "fdc_id": "the own food",
        "seq": "number of the portion, from 1",
        "amount": "how many of `description`",
        "description": "serving, recipe, bar ...",
        "gram_weight": "what `amount` of them are, in units of the record's basis",
        "data_points": "always missing",
        "text": "the portion in words",
        "is_quantity_not_specified": "always false",
    },
}


def _of_food_data(name: str, row: str, key: tuple[str, ...]) -> Table:
    meanings = _MEANINGS[name]
    return Table(
        name, row, key, tuple(Column(column, kind, meanings[column]) for column, kind in COLUMNS[name].items())
    )


ANALYSIS_TABLES: dict[str, Table] = {
    "entries": WEIGHED,
    "intakes": INTAKES,
    "days": DAILY_INTAKES,
    "day_comparison": DAY_COMPARISON,
    "comparison": COMPARISON,
    "all_days_comparison": COMPARISON,
    "references": Table(
        "references",
        "a person's reference value",
        ("person_id", *REFERENCE_VALUES.key),
        (Column("person_id", TEXT, "as in entries"), *REFERENCE_VALUES.columns),
    ),
    "contributions": CONTRIBUTIONS,
    "releases": _of_food_data("releases", "a release of food composition data the figures come from", ("release",)),
    "doses": SUPPLEMENT_DOSES,
    "differences": RECORDED_DIFFERENCES,
    "files": FILES_READ,
    "left_aside": LEFT_ASIDE,
    "products": SUPPLEMENT_PRODUCTS,
    "symptoms": SYMPTOMS,
    "edition_changes": EDITION_CHANGES,
    "foods_to_clarify": FOODS_TO_CLARIFY,
    "confidence": CONFIDENCE,
    "working": WORKING,
    "plausibility": PLAUSIBILITY,
    "day_checks": DAY_CHECKS,
    "not_food_days": NOT_FOOD_DAYS,
    "ratios": RATIOS,
    "moles": MOLES,
    "groups": USUAL_INTAKES,
    "symptom_days": SYMPTOM_DAYS,
    "symptom_comparison": SYMPTOM_COMPARISON,
    "group_contributions": GROUP_CONTRIBUTIONS,
    "cautions": CAUTIONS,
    "suggestions": SUGGESTIONS,
    "suggestion_effects": SUGGESTION_EFFECTS,
}
"""The tables of an analysis, in the order of the file."""

OWN_FOOD_TABLES: dict[str, Table] = {
    "table": OWN_FOOD_VALUES,
    "ingredients": Table(
        "ingredients",
        "ingredient of a recipe, as weighed",
        WEIGHED.key,
        (Column("recipe", TEXT, "the recipe's name"), *WEIGHED.columns),
        keeps_recorded=True,
    ),
    "aliases": ALIASES,
    "records": Table(
        "records",
        "own food that lines can be matched to",
        ("fdc_id",),
        (
            Column("fdc_id", WHOLE, "its id, below zero"),
            Column("name", TEXT, "what the diary calls it"),
            Column("basis", TEXT, "what a unit of it is: weight, raw mix, volume or serving"),
            Column("twin_id", WHOLE, "id of the record of what is only estimated; missing where nothing is"),
        ),
    ),
    "releases": _of_food_data("releases", "what the own foods are called as food data", ("release",)),
    "foods": _of_food_data("foods", "own food or twin as a food record", ("fdc_id",)),
    "values": _of_food_data("values", "own food x nutrient", ("fdc_id", "fdc_nutrient_id")),
    "portions": _of_food_data("portions", "portion of an own food", ("fdc_id", "seq")),
}
"""The tables of the user's own foods, as far as a diary has such."""

_OF_RECORDS = {
    "releases": _MEANINGS["releases"],
    "foods": {
        "fdc_id": "id of the record",
        "food_code": "FNDDS food code",
        "ndb_number": "NDB number",
        "description": "its name",
        "data_type": "branded_food, open_food_facts, foundation_food, sr_legacy_food or survey_fndds_food",
        "category": "its category, as its source has it",
        "release": "name of the release",
        "category_number": "WWEIA category",
        "basis": "'volume': values are per 100 ml and no density is known; missing: per 100 g",
    },
    "aliases": {"fdc_id": "the record", "seq": "number of the name, from 1", "alias": "another name of it"},
    "values": {
        "fdc_id": "the record",
        "fdc_nutrient_id": "the nutrient, by its id in FoodData Central",
        "amount": "in 100 g or 100 ml, in `unit`, as published",
        "unit": "as published",
        "release": "name of the release",
        "source_code": "what kind of source the value is from, by FoodData Central's codes",
        "derivation_code": "how it was derived, by FoodData Central's codes",
        "standard_error": "of the amount",
        "data_points": "how many analyses it rests on",
    },
    "portions": {
        "fdc_id": "the record",
        "seq": "number of the portion, from 1",
        "amount": "how many of `description`",
        "description": "cup, slice, serving ...",
        "gram_weight": "what `amount` of them weigh [g], or hold [ml] where values are per 100 ml",
        "data_points": "how many weighings it rests on",
        "text": "the portion in words",
        "is_quantity_not_specified": "whether it stands for an amount nobody stated",
    },
    "ingredients": {
        "fdc_id": "the record",
        "seq": "number of the ingredient, from 1",
        "ingredient_code": "NDB number or FNDDS food code",
        "description": "its name",
        "grams": "of the whole recipe [g]",
        "retention_code": "what cooking leaves of its nutrients, by USDA's codes",
        "moisture_change": "of the whole recipe [%]",
    },
}
_KEYS = {"releases": ("release",), "foods": ("fdc_id",), "values": ("fdc_id", "fdc_nutrient_id")}
LOOKED_UP_TABLES: dict[str, Table] = {
    **{
        name: Table(
            name,
            f"row of the records that were looked up: {name}",
            _KEYS.get(name, ("fdc_id", "seq")),
            tuple(Column(column, kind, meanings[column]) for column, kind in COLUMNS[name].items()),
        )
        for name, meanings in _OF_RECORDS.items()
    },
    "products": PRODUCTS,
}
"""The tables of what was looked up for a diary beyond the food database, as it came."""

PERSON_FIELDS: dict[str, tuple[str, str]] = {
    "sex": ("string", "female or male, by which the references are chosen"),
    "age_years": ("number", "age at the time of the diary [years]; missing where the birth date is given"),
    "birth_date": ("date", "gives the age on every day, and decides over age_years"),
    "pregnant": ("boolean", "whether the references for pregnancy are used"),
    "lactating": ("boolean", "whether the references for lactation are used"),
    "weight_kg": ("number", "body weight [kg]"),
    "height_cm": ("number", "body height [cm]"),
    "smoker": ("boolean", "missing where it is not known"),
    "conditions": ("list", "what some figures depend on besides sex and age"),
    "activity": ("string", "inactive, low_active, active or very_active"),
}
"""The fields of `references.Person`: kind and meaning."""
