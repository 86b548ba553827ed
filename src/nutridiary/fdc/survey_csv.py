"""Reads what FNDDS has in tables of its own in the official CSV layout: codes, aliases, recipes."""

from __future__ import annotations

import pandas as pd

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.cells import numbers, texts, whole_numbers
from nutridiary.fdc.files import ReleaseFiles
from nutridiary.fdc.survey import ADJUSTMENT, ALIAS, moisture_change, survey_aliases
from nutridiary.fdc.tables import shaped

# Where no food_attribute_type.csv is given.
_ATTRIBUTE_TYPES = {ALIAS: "1001", ADJUSTMENT: "1002"}
_GRAMS = ("g", "gm", "grm", "grams")


def read_survey_foods(files: ReleaseFiles) -> pd.DataFrame:
    """Return ``fdc_id, food_code, category_number, category, start_date, end_date`` of each food.

    Raises
    ------
    FoodDataError
        If a code is missing or there twice.
    """
    where = "survey_fndds_food.csv"
    categories = ("wweia_category_number", "wweia_category_code")
    foods = files.table("survey_fndds_food", ["fdc_id", "food_code"], (*categories, "start_date", "end_date"))
    column = next((name for name in categories if name in foods.columns), None)
    for key in ("fdc_id", "food_code"):
        foods[key] = whole_numbers(foods, key, where)
        repeated = foods[foods.duplicated(key)]
        if len(repeated):
            raise FoodDataError(f"{files.path}: {where} has the {key} {repeated.iloc[0][key]} twice.")
    foods["category_number"] = numbers(foods, column, where, whole=True) if column else float("nan")
    names = _category_names(files)
    if names["number"].duplicated().any():
        twice = names[names["number"].duplicated()].iloc[0]["number"]
        raise FoodDataError(f"{files.path}: wweia_food_category.csv has the category {twice} twice.")
    # A category may be newer than the table of categories: its number stays, and nobody tells its name.
    foods["category"] = foods["category_number"].map(names.set_index("number")["wweia_food_category_description"])
    return foods.drop(columns=[name for name in categories if name in foods.columns])


def _category_names(files: ReleaseFiles) -> pd.DataFrame:
    """Return ``number, wweia_food_category_description``; the number's column is named otherwise in some releases."""
    where = "wweia_food_category.csv"
    keys = ("wweia_food_category", "wweia_food_category_code", "wweia_food_category_number")
    names = files.table("wweia_food_category", ["wweia_food_category_description"], keys)
    key = next((name for name in keys if name in names.columns), None)
    if key is None:
        raise FoodDataError(f"{files.path}: {where} has no column {listing(keys, 3)}. Expected one of them.")
    return names.assign(number=whole_numbers(names, key, where))


def read_aliases(files: ReleaseFiles, foods: pd.DataFrame) -> pd.DataFrame:
    """Return the other names of some foods, which are attributes of theirs; none where there is no such table."""
    if foods.empty or not files.has("food_attribute"):
        return shaped("aliases")
    written = _attributes(files, foods, ALIAS)
    written["seq_num"] = numbers(written, "seq_num", "food_attribute.csv", whole=True)
    written["id"] = numbers(written, "id", "food_attribute.csv", whole=True)
    written = written.sort_values(["fdc_id", "seq_num", "id"])
    return survey_aliases(written.assign(text=written["value"].fillna("")))


def read_ingredients(files: ReleaseFiles, foods: pd.DataFrame) -> pd.DataFrame:
    """Return the recipes of some foods; none where there is no such table.

    Older releases call the columns ``sr_code`` and ``sr_description``. The moisture a recipe gains
    or loses is an attribute of the food, where it is stated.
    """
    if foods.empty or not files.has("input_food"):
        return shaped("ingredients")
    where = "input_food.csv"
    codes, names = ("ingredient_code", "sr_code"), ("ingredient_description", "sr_description")
    columns = ["fdc_id", "seq_num", "gram_weight", "retention_code"]
    pieces = files.stream("input_food", columns, (*codes, *names, "amount", "unit"), dtypes={"fdc_id": "int64"})
    rows = pd.concat([piece[piece["fdc_id"].isin(foods["fdc_id"])] for piece in pieces])
    code = next((name for name in codes if name in rows.columns), None)
    name = next((name for name in names if name in rows.columns), None)
    if code is None or name is None:
        raise FoodDataError(f"{files.path}: {where} has no column ingredient_code or no ingredient_description.")
    grams = numbers(rows, "gram_weight", where)
    if {"amount", "unit"} <= set(rows.columns):
        in_grams = rows["unit"].str.casefold().isin(_GRAMS)
        grams = grams.fillna(numbers(rows, "amount", where).where(in_grams))
    ingredients = pd.DataFrame(
        {
            "fdc_id": rows["fdc_id"],
            "seq": whole_numbers(rows, "seq_num", where),
            "ingredient_code": whole_numbers(rows, code, where),
            "description": texts(rows, name, where) if len(rows) else rows[name],
            "grams": grams,
            # A code, not an amount: 0 is how FNDDS writes that nothing is lost in cooking, where others leave it empty.
            "retention_code": numbers(rows, "retention_code", where, whole=True).fillna(0).astype("int64"),
            "moisture_change": rows["fdc_id"].map(_moisture_changes(files, foods)),
        }
    )
    return shaped("ingredients", ingredients.sort_values(["fdc_id", "seq"]))


def _moisture_changes(files: ReleaseFiles, foods: pd.DataFrame) -> pd.Series:
    if not files.has("food_attribute"):
        return pd.Series(dtype="float64")
    stated = _attributes(files, foods, ADJUSTMENT).dropna(subset=["value"])
    changes = stated["value"].map(moisture_change).astype("float64")
    known = pd.Series(changes.to_numpy(), index=stated["fdc_id"]).dropna()
    return known[~known.index.duplicated()]


def _attributes(files: ReleaseFiles, foods: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the attributes of one kind that some foods have."""
    number = _ATTRIBUTE_TYPES[kind]
    if files.has("food_attribute_type"):
        types = files.lookup("food_attribute_type", "id", "name")
        number = next((str(key) for key, name in types.items() if name == kind), number)
    kept = []
    columns = ["id", "fdc_id", "seq_num", "food_attribute_type_id", "value"]
    for piece in files.stream("food_attribute", columns):
        of_kind = piece[piece["food_attribute_type_id"] == number]
        of_kind = of_kind.assign(fdc_id=pd.to_numeric(of_kind["fdc_id"], errors="coerce"))
        kept.append(of_kind[of_kind["fdc_id"].isin(foods["fdc_id"])])
    return pd.concat(kept).astype({"fdc_id": "int64"})
