"""Reads FoodData Central in its official JSON layout: a list of foods, each worded as in the API's full answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.csv_values import LOWEST_ID
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.known_releases import last_date, release_row, release_version
from nutridiary.fdc.portions import measured_portions, numbered_portions
from nutridiary.fdc.survey import (
    ADJUSTMENT,
    ALIAS,
    CATEGORY,
    CATEGORY_NUMBER,
    moisture_change,
    survey_aliases,
    survey_portions,
)
from nutridiary.fdc.tables import FoodTables, join_tables, one_release, shaped
from nutridiary.fdc.values import nutrient_ids

FOOD_LISTS = {
    "SurveyFoods": "survey_fndds_food",
    "FoundationFoods": "foundation_food",
    "SRLegacyFoods": "sr_legacy_food",
    "BrandedFoods": "branded_food",
}
"""The lists of foods, and the data type of each; see https://fdc.nal.usda.gov/download-datasets."""
_SURVEY, _BRANDED = "survey_fndds_food", "branded_food"
_DATA_TYPES = {
    "Survey (FNDDS)": "survey_fndds_food",
    "Foundation": "foundation_food",
    "SR Legacy": "sr_legacy_food",
}
_MOST_CATEGORIES = 10_000
"""Numbers of WWEIA categories have four digits; what is larger in their place is an id of an attribute."""

Row = tuple[object, ...]


def json_data_types(files: ReleaseFiles) -> list[str]:
    """Return the data types whose foods the JSON files list, branded foods last."""
    lists = files.food_lists()
    return [data_type for name, data_type in FOOD_LISTS.items() if name in lists]


def read_json_release(path: Path) -> FoodTables:
    """Read one or more JSON files of a release.

    Parameters
    ----------
    path : pathlib.Path
        The JSON file, the zip it was downloaded as, or a folder with such files.

    Returns
    -------
    FoodTables
        All foods with their values and portions; branded foods are left aside.

    Raises
    ------
    FoodDataError
        If there is no list of foods, a file is damaged, or a food is not worded as expected.
    """
    files = ReleaseFiles(path)
    lists = [name for name in FOOD_LISTS if name in files.food_lists() and FOOD_LISTS[name] != _BRANDED]
    if not lists:
        raise FoodDataError(f"{path}: no list of foods. Expected a FoodData Central release as JSON.")
    return join_tables([_read_list(files, name) for name in lists])


def _read_list(files: ReleaseFiles, food_list: str) -> FoodTables:
    data_type = FOOD_LISTS[food_list]
    already = len(files.read)
    collected = _Collected(data_type, f"{files.path}: {food_list}")
    for food in files.foods(food_list):
        collected.add(food)
    foods = collected.foods()
    published = foods["publication_date"].dropna()
    period = [*foods["start_date"].dropna().unique(), *foods["end_date"].dropna().unique()]
    release = release_row(data_type, release_version(data_type, files.path, published, period), last_date(published))
    return one_release(
        release,
        foods,
        files.read[already:],
        note="",
        values=collected.values(str(release["release"])),
        portions=collected.portions(),
        aliases=collected.aliases(),
        ingredients=collected.ingredients(),
    )


class _Collected:
    """The rows of the foods read so far."""

    def __init__(self, data_type: str, where: str) -> None:
        self.data_type, self.where = data_type, where
        self._foods: list[Row] = []
        self._values: list[Row] = []
        self._portions: list[Row] = []
        self._aliases: list[Row] = []
        self._ingredients: list[Row] = []
        self._known_ids = set(nutrient_ids()["fdc_nutrient_id"].to_list())
        self._ids = _ids_of_numbers()
        self._sources = _sources()

    def add(self, food: Mapping[str, Any]) -> None:
        """Add one food."""
        fdc_id = food.get("fdcId")
        if isinstance(fdc_id, bool) or not isinstance(fdc_id, int) or not 0 < fdc_id < 2**53:
            raise FoodDataError(f"{self.where}: food {len(self._foods) + 1} has the fdcId {str(fdc_id)[:40]!r}.")
        told = _Told(food, f"{self.where}, food {fdc_id}")
        stated = told.text("dataType")
        if _DATA_TYPES.get(stated or "", self.data_type) != self.data_type:
            raise FoodDataError(f"{told.where}: dataType {stated!r} among the foods of type {self.data_type}.")
        description = told.text("description", as_written=self.data_type == _SURVEY)
        if description is None:
            raise FoodDataError(f"{told.where}: no description. The file is damaged.")
        attributes = told.entries("foodAttributes")
        category, number = _category(told, attributes)
        dates = [told.text(name) for name in ("publicationDate", "startDate", "endDate")]
        codes = (told.whole("foodCode"), told.whole("ndbNumber"))
        self._foods.append((fdc_id, *codes, description, self.data_type, category, number, *dates))
        self._values += self._values_of(fdc_id, told)
        self._portions += [(fdc_id, *_portion(each)) for each in told.entries("foodPortions")]
        if self.data_type == _SURVEY:
            aliases = [(each.number("rank"), each.text("value")) for each in _of_kind(attributes, ALIAS)]
            self._aliases += [(fdc_id, rank, alias) for rank, alias in aliases if alias]
            changes = [moisture_change(each.text("value") or "") for each in _of_kind(attributes, ADJUSTMENT)]
            change = next((change for change in changes if not math.isnan(change)), None)
            self._ingredients += [(fdc_id, *_ingredient(each), change) for each in told.entries("inputFoods")]

    def _values_of(self, fdc_id: int, told: _Told) -> Iterable[Row]:
        for entry in told.entries("foodNutrients"):
            amount = entry.number("amount")
            if amount is None:  # a heading such as "Proximates", or a nutrient that was not determined
                continue
            nutrient = entry.part("nutrient")
            nutrient_id = nutrient.whole("id")
            if nutrient_id is None or nutrient_id < LOWEST_ID:
                nutrient_id = self._ids.get(nutrient.number("number" if nutrient_id is None else "id"))
            if nutrient_id not in self._known_ids:
                continue
            derivation = entry.part("foodNutrientDerivation")
            code = derivation.text("code")
            source = derivation.part("foodNutrientSource").whole("code")
            source = self._sources.get(code) if source is None else source
            unit = nutrient.text("unitName")
            yield fdc_id, nutrient_id, amount, unit, source, code, entry.whole("dataPoints")

    def foods(self) -> pd.DataFrame:
        columns = ["fdc_id", "food_code", "ndb_number", "description", "data_type", "category", "category_number"]
        foods = pd.DataFrame(self._foods, columns=[*columns, "publication_date", "start_date", "end_date"])
        if foods.empty:
            raise FoodDataError(f"{self.where} is empty. The download is incomplete: get it again.")
        repeated = foods[foods.duplicated("fdc_id")]
        if len(repeated):
            raise FoodDataError(f"{self.where}: fdcId {repeated.iloc[0]['fdc_id']} is there twice.")
        return foods.sort_values("fdc_id", ignore_index=True)

    def values(self, release: str) -> pd.DataFrame:
        columns = ["fdc_id", "fdc_nutrient_id", "amount", "unit", "source_code", "derivation_code", "data_points"]
        return shaped("values", pd.DataFrame(self._values, columns=columns).assign(release=release))

    def portions(self) -> pd.DataFrame:
        columns = ["fdc_id", "id", "seq_num", "amount", "unit", "portion_description", "modifier", "gram_weight"]
        types = {"id": "float64", "seq_num": "float64", "amount": "float64", "gram_weight": "float64"}
        rows = pd.DataFrame(self._portions, columns=[*columns, "data_points"]).astype(types)
        numbered = numbered_portions(rows)
        if self.data_type != _SURVEY:
            return measured_portions(numbered)
        if numbered["portion_description"].isna().any():
            first = numbered[numbered["portion_description"].isna()].iloc[0]
            raise FoodDataError(f"{self.where}: food {first['fdc_id']} has a portion without words.")
        return survey_portions(numbered.assign(text=numbered["portion_description"]))

    def aliases(self) -> pd.DataFrame:
        written = pd.DataFrame(self._aliases, columns=["fdc_id", "rank", "text"]).astype({"rank": "float64"})
        return survey_aliases(written.sort_values(["fdc_id", "rank"], kind="stable").astype({"text": "str"}))

    def ingredients(self) -> pd.DataFrame:
        columns = ["fdc_id", "seq", "ingredient_code", "description", "grams", "retention_code", "moisture_change"]
        rows = pd.DataFrame(self._ingredients, columns=columns)
        return shaped("ingredients", rows.sort_values(["fdc_id", "seq"]))


class _Told:
    """Part of a food, asked for what it says by name; what is of another kind than expected is an error."""

    def __init__(self, entry: Mapping[str, Any], where: str) -> None:
        self._entry, self.where = entry, where

    def text(self, name: str, *, as_written: bool = False) -> str | None:
        value = self._entry.get(name)
        if value is None:
            return None
        if isinstance(value, Mapping | list):
            raise self._unexpected(name, value, "a text")
        tidy = " ".join(str(value).split())
        return (str(value) if as_written else tidy) if tidy else None

    def number(self, name: str) -> float | None:
        value = self._entry.get(name)
        if value is None or value == "":
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise self._unexpected(name, value, "a number")
        return number

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        if number is not None and (number % 1 or abs(number) >= 2**53):
            raise self._unexpected(name, number, "a whole number")
        return None if number is None else int(number)

    def part(self, name: str) -> _Told:
        value = self._entry.get(name)
        if not isinstance(value, Mapping):
            if value is not None:
                raise self._unexpected(name, value, "its parts by name")
            value = {}
        return _Told(value, self.where)

    def entries(self, name: str) -> list[_Told]:
        value = self._entry.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
            raise self._unexpected(name, value, "a list of entries")
        return [_Told(entry, self.where) for entry in value]

    def required(self, name: str, ask: Callable[[str], Any]) -> Any:
        """Return what `ask` finds, which may not be missing."""
        value = ask(name)
        if value is None:
            raise self._unexpected(name, None, "a value")
        return value

    def _unexpected(self, name: str, value: object, expected: str) -> FoodDataError:
        return FoodDataError(f"{self.where}: {name} {str(value)[:40]!r} is not {expected}. The file is damaged.")


def _category(told: _Told, attributes: list[_Told]) -> tuple[str | None, int | None]:
    """Return the category of a food, and of FNDDS its number, which is an attribute."""
    survey = told.part("wweiaFoodCategory")
    stated = {each.text("name"): each for each in attributes}
    if CATEGORY_NUMBER in stated:
        number = stated[CATEGORY_NUMBER].whole("value")
    else:
        number = survey.whole("wweiaFoodCategoryCode")
        number = number if number is not None and number < _MOST_CATEGORIES else None
    name = survey.text("wweiaFoodCategoryDescription")
    if name is None and CATEGORY in stated:
        name = stated[CATEGORY].text("value")
    return name or told.part("foodCategory").text("description"), number


def _of_kind(attributes: list[_Told], kind: str) -> list[_Told]:
    return [each for each in attributes if each.part("foodAttributeType").text("name") == kind]


def _portion(entry: _Told) -> Row:
    amount = entry.number("amount")
    return (
        entry.whole("id"),
        entry.whole("sequenceNumber"),
        entry.number("value") if amount is None else amount,
        entry.part("measureUnit").text("name"),
        entry.text("portionDescription"),
        entry.text("modifier"),
        entry.number("gramWeight"),
        entry.whole("dataPoints"),
    )


def _ingredient(entry: _Told) -> Row:
    weight = entry.number("ingredientWeight")
    return (
        entry.required("sequenceNumber", entry.whole),
        entry.required("ingredientCode", entry.whole),
        entry.required("ingredientDescription", partial(entry.text, as_written=True)),
        entry.number("amount") if weight is None else weight,
        entry.whole("retentionCode") or 0,
    )


def _ids_of_numbers() -> dict[float | None, int]:
    known = pd.read_csv(data_file("fdc", "nutrient_ids.csv"))
    known = known.dropna(subset=["fdc_nutrient_number"])
    return dict(
        zip(known["fdc_nutrient_number"].astype("float64"), known["fdc_nutrient_id"].astype("int64"), strict=True)
    )


def _sources() -> dict[str | None, int]:
    """Return the source code of each derivation code, for answers that leave it out."""
    known = pd.read_csv(data_file("fdc", "derivations.csv"), keep_default_na=False)
    codes = pd.to_numeric(known["source_code"], errors="coerce")
    return {code: int(source) for code, source in zip(known["derivation_code"], codes, strict=True) if source == source}
