"""Reads foods as the FoodData Central API words them: full, abridged, or as search results."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.answer_parts import DATA_TYPES, attributes, mapping, mappings, number, text, whole
from nutridiary.fdc.answer_values import FoundValues, read_values
from nutridiary.fdc.portion_words import (
    is_quantity_not_specified,
    portion_text,
    split_household,
    split_portion,
)
from nutridiary.fdc.survey import ADJUSTMENT, ALIAS, CATEGORY_NUMBER, moisture_change
from nutridiary.fdc.tables import BY_VOLUME, FoodTables, shaped

LICENCE, SOURCE = "CC0 1.0", "https://fdc.nal.usda.gov/api-guide"
GRAMS, MILLILITRES = ("g", "grm", "gm"), ("ml", "mlt")
"""How the unit of a branded food's serving is written; its values are per 100 of it."""
# WWEIA categories have four digits; what survey answers give as `wweiaFoodCategoryCode` may be a key of their own.
_MOST_WWEIA = 9999
_A_TON = 1e6  # [g]
_CATEGORIES = ("wweiaFoodCategory", "foodCategory", "brandedFoodCategory")


@dataclass(frozen=True)
class AnsweredFood:
    """One food of an answer, as rows of the tables it goes into.

    Attributes
    ----------
    food : dict
        A row of `foods`.
    aliases, portions, ingredients : list of dict
        Rows of these tables, without the food.
    found : FoundValues
    unstated_basis : bool
        Nobody says what its values are per 100 of: it has none.
    """

    food: dict[str, Any]
    aliases: list[dict[str, Any]]
    portions: list[dict[str, Any]]
    ingredients: list[dict[str, Any]]
    found: FoundValues
    unstated_basis: bool = False

    @property
    def fdc_id(self) -> int:
        """The food's number."""
        return int(self.food["fdc_id"])


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
        Values of a branded food are per 100 g where its serving is in grams, per 100 ml (`basis`
        "volume") where it is in millilitres; where nobody says, the food keeps its name and
        portions and has no values. The release's note says what was left out or converted.

    Raises
    ------
    FoodDataError
        If an answer is not in the API's layout, or is of a data type that is not read.
    """
    return tables_of([read_food(answer, fetched) for answer in answers])


def read_food(answer: Mapping[str, Any], fetched: date) -> AnsweredFood:
    """Return one food of an answer.

    Raises
    ------
    FoodDataError
        If it is not in the API's layout, or is of a data type that is not read.
    """
    food = _food(answer, fetched)
    size, unit = number(answer, "servingSize"), text(answer, "servingSizeUnit").casefold()
    unstated = food["data_type"] == "branded_food" and unit not in (*GRAMS, *MILLILITRES)
    if food["data_type"] == "branded_food" and unit in MILLILITRES:
        food["basis"] = BY_VOLUME
    found = FoundValues() if unstated else read_values(answer, size)
    if unstated:
        mappings(answer, "foodNutrients")  # of no use, and still to be in the layout
    servings = _servings(answer, math.nan if unstated or size is None else size)
    portions = _numbered([*_portions(answer), *servings])
    return AnsweredFood(food, _aliases(answer, food), portions, _ingredients(answer), found, unstated)


def tables_of(read: Sequence[AnsweredFood]) -> FoodTables:
    """Return foods that were read as tables."""
    foods, aliases, values, portions, ingredients = [], [], [], [], []
    for each in read:
        shared = {"fdc_id": each.fdc_id}
        foods.append(each.food)
        aliases += [{**shared, **alias} for alias in each.aliases]
        portions += [{**shared, **portion} for portion in each.portions]
        ingredients += [{**shared, **row} for row in each.ingredients]
        values += [{**shared, "release": each.food["release"], **row} for row in each.found.rows]
    table = shaped("foods", pd.DataFrame(foods))
    return FoodTables(
        releases=shaped("releases", _releases(table, read)),
        files=shaped("files"),
        foods=table,
        aliases=shaped("aliases", pd.DataFrame(aliases)),
        values=shaped("values", pd.DataFrame(values)),
        portions=shaped("portions", pd.DataFrame(portions)),
        ingredients=shaped("ingredients", pd.DataFrame(ingredients)),
    )


def _food(answer: Mapping[str, Any], fetched: date) -> dict[str, Any]:
    fdc_id, description, kind = whole(answer, "fdcId"), text(answer, "description"), answer.get("dataType")
    if fdc_id is None or fdc_id <= 0 or not description or not isinstance(kind, str):
        raise FoodDataError(
            f"FoodData Central answered with a food that is not understood: fdcId {answer.get('fdcId')!r}, "
            f"dataType {str(kind)[:40]!r}. Expected one of {listing(DATA_TYPES)} with a description."
        )
    if kind not in DATA_TYPES:
        raise FoodDataError(
            f"FoodData Central answered with fdcId {fdc_id}, of data type {kind[:40]!r}, which is not read: "
            f"expected one of {listing(DATA_TYPES)}."
        )
    category, category_number = _category(answer)
    return {
        "fdc_id": fdc_id,
        "food_code": whole(answer, "foodCode"),
        "ndb_number": whole(answer, "ndbNumber"),
        "description": description,
        "data_type": DATA_TYPES[kind],
        "category": category,
        "release": f"{kind}, FoodData Central {fetched.isoformat()}",
        "category_number": category_number,
    }


def _category(answer: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Return the category in words, and its WWEIA number."""
    told = {text(each, "name"): each for each in mappings(answer, "foodAttributes")}
    wweia = whole(told.get(CATEGORY_NUMBER, {}), "value")
    field = next((name for name in _CATEGORIES if answer.get(name)), _CATEGORIES[0])
    category, inside = text(answer, field), answer.get(field)
    if isinstance(inside, Mapping):
        if wweia is None:
            wweia = whole(inside, "wweiaFoodCategoryCode")
        category = text(inside, "wweiaFoodCategoryDescription") or text(inside, "description")
    usable = wweia is not None and 0 < wweia <= _MOST_WWEIA
    return category or None, wweia if usable else None


def _releases(foods: pd.DataFrame, read: Sequence[AnsweredFood]) -> pd.DataFrame:
    """Return a row per data type and day fetched, with what has to be said about its foods."""
    rows = []
    for (release, data_type), group in foods.groupby(["release", "data_type"], sort=True):
        of_release = [each for each in read if each.food["release"] == release]
        rows.append(
            {
                "release": release,
                "data_type": data_type,
                "foods": len(group),
                "licence": LICENCE,
                "source": SOURCE,
                "version": str(release)[-len("2026-01-31") :],
                "note": _note(of_release),
            }
        )
    return pd.DataFrame(rows)


def _note(read: Sequence[AnsweredFood]) -> str | None:
    """Return what was left out or converted, and of which foods."""
    told = {
        "values of unstated basis, left out": [each.fdc_id for each in read if each.unstated_basis],
        "values per 100 ml": [each.fdc_id for each in read if each.food.get("basis") == BY_VOLUME],
        "energy stated in kJ only": [each.fdc_id for each in read if each.found.from_kilojoules],
    }
    notes = [f"{what}: fdc_id {listing(fdc_ids)}" for what, fdc_ids in told.items() if fdc_ids]
    filled = [f"{each.fdc_id} ({listing(each.found.from_label, 3)})" for each in read if each.found.from_label]
    if filled:
        notes.append(f"from the label of one serving, as rounded there: fdc_id {listing(filled)}")
    unusable = [f"{each.fdc_id} {reason}" for each in read for reason in each.found.left_out]
    if unusable:
        notes.append(f"values that cannot be used, left unknown: fdc_id {listing(unusable)}")
    return "; ".join(notes) or None


def _aliases(answer: Mapping[str, Any], food: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a survey food's additional descriptions, and a product's name with its brand in front."""
    told = [text(attribute, "value") for attribute in attributes(answer, ALIAS)]
    told.append(text(answer, "additionalDescriptions"))
    names = [" ".join(name.split()) for several in told for name in several.split(";")]
    brand = text(answer, "brandName") or text(answer, "brandOwner")
    if brand:
        names.append(f"{brand} {food['description']}")
    distinct = [name for name in dict.fromkeys(names) if name and name != food["description"]]
    return [{"seq": seq, "alias": name} for seq, name in enumerate(distinct, start=1)]


def _portions(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the portions in their order, with the numbers the answer gives them where those tell them apart."""
    entries = mappings(answer, "foodPortions")
    stated = [whole(entry, "sequenceNumber") for entry in entries]
    numbers = [seq for seq in stated if seq is not None]
    if len(set(numbers)) < len(entries):
        return [_portion(entry) for entry in entries]
    numbered = [{**_portion(entry), "seq": seq} for entry, seq in zip(entries, numbers, strict=True)]
    return sorted(numbered, key=lambda portion: int(portion["seq"]))


def _numbered(portions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "seq": seq,
            "text": portion_text(portion["amount"], portion["description"]),
            **portion,
            "is_quantity_not_specified": is_quantity_not_specified(portion["description"]),
        }
        for seq, portion in enumerate(portions, start=1)
    ]


def _portion(entry: Mapping[str, Any]) -> dict[str, Any]:
    unit = text(mapping(entry, "measureUnit"), "name")
    described = text(entry, "portionDescription")
    modifier = text(entry, "modifier")
    named = [unit if unit != "undetermined" else "", "" if described and modifier.isdecimal() else modifier]
    amount, description = split_portion(described)  # FNDDS foods: the words hold the amount
    stated = number(entry, "amount")
    if stated is not None:
        amount, description = stated, ", ".join(word for word in (described, *named) if word)
    portion = {
        "amount": _positive(amount),
        "description": description,
        "gram_weight": _positive(number(entry, "gramWeight")),
        "data_points": whole(entry, "dataPoints"),
    }
    return portion if stated is not None else {**portion, "text": described}


def _ingredients(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the recipe a survey food was computed from; other foods' `inputFoods` are samples, and no recipe."""
    rows = mappings(answer, "inputFoods") if answer.get("dataType") == "Survey (FNDDS)" else []
    changes = [moisture_change(text(each, "value")) for each in attributes(answer, ADJUSTMENT)]
    change = next((change for change in changes if not math.isnan(change)), math.nan)
    return [
        {
            "seq": seq if (stated := whole(row, "sequenceNumber")) is None else stated,
            "ingredient_code": code,
            "description": text(row, "ingredientDescription"),
            "grams": number(row, "ingredientWeight"),
            "retention_code": whole(row, "retentionCode") or 0,
            "moisture_change": change,
        }
        for seq, row in enumerate(rows, start=1)
        if (code := whole(row, "ingredientCode")) is not None
    ]


def _servings(answer: Mapping[str, Any], size: float) -> list[dict[str, Any]]:
    """Return a branded food's serving, in the label's words too; `size` in the unit its values are per 100 of."""
    if number(answer, "servingSize") is None:
        return []
    weight = _positive(size)
    servings = [{"amount": 1.0, "description": "serving", "gram_weight": weight}]
    household = split_household(text(answer, "householdServingFullText") or "")
    amount, words = household or (1.0, "serving")
    if (amount, words.casefold()) != (1.0, "serving"):
        servings.append({"amount": amount, "description": words, "gram_weight": weight})
    return servings


def _positive(value: float | None) -> float:
    """Return a weight or an amount, unknown where there can be none: no portion weighs nothing, or a ton."""
    return value if value is not None and 0 < value < _A_TON else math.nan
