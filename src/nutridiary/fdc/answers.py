"""Reads foods as the FoodData Central API words them: full, abridged, or as search results."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.portion_words import known_weights, portion_text, split_portion
from nutridiary.fdc.tables import FoodTables, shaped
from nutridiary.fdc.values import nutrient_ids

DATA_TYPES = {
    "Branded": "branded_food",
    "Foundation": "foundation_food",
    "SR Legacy": "sr_legacy_food",
    "Survey (FNDDS)": "survey_fndds_food",
}
LICENCE, SOURCE = "CC0 1.0", "https://fdc.nal.usda.gov/api-guide"
_GRAMS = ("g", "grm", "gm")


def foods_from_answers(answers: Sequence[Mapping[str, Any]], *, fetched: date) -> FoodTables:
    """Return the foods of one or more API answers as tables.

    Parameters
    ----------
    answers : sequence of mapping
        One food each, as decoded from JSON.
    fetched : datetime.date
        The day they were fetched; it names the release, since the API has no version.

    Returns
    -------
    FoodTables
        Values of a branded food are per 100 g where its serving is in grams; else they are per
        100 ml, or nobody says, and no density is known: such a food keeps its name and portions
        and has no values. The release's note says which foods these are.

    Raises
    ------
    FoodDataError
        If an answer is not in the API's layout.
    """
    foods, aliases, values, portions, unweighed = [], [], [], [], []
    for answer in answers:
        food = _food(answer, fetched)
        foods.append(food)
        aliases += [{"fdc_id": food["fdc_id"], **alias} for alias in _aliases(answer, food)]
        portions += [{"fdc_id": food["fdc_id"], **portion} for portion in _portions(answer)]
        if food["data_type"] == "branded_food" and _serving_unit(answer) not in _GRAMS:
            unweighed.append(food["fdc_id"])
        else:
            shared = {"fdc_id": food["fdc_id"], "release": food["release"]}
            values += [{**shared, **value} for value in _values(answer)]
    table = shaped("foods", pd.DataFrame(foods))
    note = f"values per 100 ml or of unstated basis, left out: fdc_id {listing(unweighed)}" if unweighed else None
    return FoodTables(
        releases=shaped("releases", _releases(table, fetched, note)),
        files=shaped("files"),
        foods=table,
        aliases=shaped("aliases", pd.DataFrame(aliases)),
        values=shaped("values", pd.DataFrame(values).drop_duplicates()),
        portions=shaped("portions", pd.DataFrame(portions)),
        ingredients=shaped("ingredients"),
    )


def _food(answer: Mapping[str, Any], fetched: date) -> dict[str, Any]:
    fdc_id = _whole(answer, "fdcId")
    description = answer.get("description")
    kind = answer.get("dataType")
    if fdc_id is None or not isinstance(description, str) or not isinstance(kind, str) or kind not in DATA_TYPES:
        raise FoodDataError(
            f"FoodData Central answered with a food that is not understood: fdcId {answer.get('fdcId')!r}, "
            f"dataType {kind!r}. Expected one of {listing(DATA_TYPES)} with a description."
        )
    category = answer.get("wweiaFoodCategory") or answer.get("foodCategory") or answer.get("brandedFoodCategory")
    number = None
    if isinstance(category, Mapping):
        number = _whole(category, "wweiaFoodCategoryCode")
        category = category.get("wweiaFoodCategoryDescription") or category.get("description")
    return {
        "fdc_id": fdc_id,
        "food_code": _whole(answer, "foodCode"),
        "ndb_number": _whole(answer, "ndbNumber"),
        "description": " ".join(description.split()),
        "data_type": DATA_TYPES[kind],
        "category": category if isinstance(category, str) else None,
        "release": _release_name(DATA_TYPES[kind], fetched),
        "category_number": number,
    }


def _release_name(data_type: str, fetched: date) -> str:
    api_name = next(name for name, known in DATA_TYPES.items() if known == data_type)
    return f"{api_name}, FoodData Central {fetched.isoformat()}"


def _releases(foods: pd.DataFrame, fetched: date, note: str | None) -> pd.DataFrame:
    counts = foods["data_type"].value_counts().sort_index()
    return pd.DataFrame(
        {
            "release": [_release_name(data_type, fetched) for data_type in counts.index],
            "data_type": counts.index,
            "foods": counts.to_numpy(),
            "licence": LICENCE,
            "source": SOURCE,
            "version": fetched.isoformat(),
            "note": note,
        }
    )


def _aliases(answer: Mapping[str, Any], food: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the food's name with its brand in front, the way people write it."""
    brand = answer.get("brandName") or answer.get("brandOwner")
    return [{"seq": 1, "alias": " ".join(f"{brand} {food['description']}".split())}] if brand else []


def _values(answer: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    known = set(nutrient_ids()["fdc_nutrient_id"])
    for entry in _mappings(answer, "foodNutrients"):
        nutrient = _mapping(entry, "nutrient") or entry
        nutrient_id = _whole(nutrient, "id" if "nutrient" in entry else "nutrientId")
        if nutrient_id is None:
            number = nutrient.get("number") or nutrient.get("nutrientNumber")
            nutrient_id = _ids_of_numbers().get(str(number))
        amount = _number(entry, "amount" if "amount" in entry else "value")
        if nutrient_id is None or nutrient_id not in known or amount is None:
            continue
        derivation = _mapping(entry, "foodNutrientDerivation")
        source_code = _whole(_mapping(derivation, "foodNutrientSource"), "code")
        yield {
            "fdc_nutrient_id": nutrient_id,
            "amount": amount,
            "unit": str(nutrient.get("unitName")),
            "source_code": _whole(entry, "foodNutrientSourceCode") if source_code is None else source_code,
            "derivation_code": derivation.get("code") or entry.get("derivationCode"),
            "data_points": _whole(entry, "dataPoints"),
        }


def _portions(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    portions = [_portion(entry) for entry in _mappings(answer, "foodPortions")] + _servings(answer)
    return [
        {
            **portion,
            "seq": seq,
            "text": portion_text(portion["amount"], portion["description"]),
            "is_quantity_not_specified": math.isnan(portion["amount"]),
        }
        for seq, portion in enumerate(portions, start=1)
    ]


def _portion(entry: Mapping[str, Any]) -> dict[str, Any]:
    unit = _mapping(entry, "measureUnit").get("name")
    named = [unit if unit != "undetermined" else None, entry.get("modifier")]
    described = " ".join(str(entry.get("portionDescription") or "").split())
    amount, description = split_portion(described)  # FNDDS foods: the words hold the amount
    stated = _number(entry, "amount")
    if stated is not None:
        words = [described, *named] if described else named
        amount, description = stated, ", ".join(" ".join(str(word).split()) for word in words if word)
    return {
        "amount": _positive(amount),
        "description": description,
        "gram_weight": _positive(_number(entry, "gramWeight")),
        "data_points": _whole(entry, "dataPoints"),
    }


def _servings(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a branded food's serving, in the label's words too; its weight only where it is stated in grams."""
    size = _number(answer, "servingSize")
    if size is None:
        return []
    weight = _positive(size) if _serving_unit(answer) in _GRAMS else math.nan
    servings = [{"amount": 1.0, "description": "serving", "gram_weight": weight}]
    household = answer.get("householdServingFullText")
    if isinstance(household, str) and household.strip():
        amount, words = split_portion(" ".join(household.split()))
        servings.append({"amount": amount, "description": words, "gram_weight": weight})
    return servings


def _serving_unit(answer: Mapping[str, Any]) -> str:
    return str(answer.get("servingSizeUnit") or "").strip().casefold()


def _positive(value: float | None) -> float:
    return float(known_weights(pd.Series([value], dtype="float64"))[0])


def _mappings(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = answer.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise FoodDataError(f"FoodData Central answered with {name} that are not understood for {answer.get('fdcId')}.")
    return entries


def _mapping(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a nested part of the answer, empty where there is none."""
    part = entry.get(name) or {}
    if not isinstance(part, Mapping):
        raise FoodDataError(f"FoodData Central answered with {name} {str(part)[:40]!r}; expected its parts by name.")
    return part


def _whole(entry: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number of the answer, None where there is none."""
    number = _number(entry, name)
    if number is not None and (number % 1 or abs(number) >= 2**53):
        raise FoodDataError(f"FoodData Central answered with {name} {number:g}; expected a whole number.")
    return None if number is None else int(number)


def _number(entry: Mapping[str, Any], name: str) -> float | None:
    """Return a finite number of the answer, None where there is none."""
    value = entry.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or isinstance(value, bool):
        raise FoodDataError(f"FoodData Central answered with {name} {str(value)[:40]!r}; expected a number.")
    return number


@cache
def _ids_of_numbers() -> dict[str, int]:
    """Return the nutrient id of each nutrient number: abridged answers have numbers only."""
    table = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), dtype={"fdc_nutrient_number": "str"})
    return dict(zip(table["fdc_nutrient_number"], table["fdc_nutrient_id"], strict=True))
