"""What a diary holds besides its lines: what was left aside, products, recipes, own foods, symptoms."""

from __future__ import annotations

from nutridiary.tables.table import DAY, NUMBER, TEXT, WHOLE, Column, Table

_PLACE = (
    Column("source", TEXT, "file, and sheet for a workbook"),
    Column("line", WHOLE, "row number in it, from 1"),
)
_REMARKS = (
    Column("note", TEXT, "what was assumed or should be known about the row"),
    Column("problem", TEXT, "why the row cannot be used; empty when it can"),
)

FILES_READ = Table(
    "files_read",
    "a file, sheet or member of a zip that was looked at",
    ("source",),
    (
        Column("source", TEXT, "file, and sheet for a workbook"),
        Column("format", TEXT, "the reader's name, as in `nutridiary formats`; empty where nothing was read"),
        Column("rows", WHOLE, "rows that are not blank"),
        Column("entries", WHOLE, "rows that became entries, or rows of products, recipes and the like"),
        Column("left_aside", WHOLE, "rows left aside, each with its reason in left_aside"),
        Column("note", TEXT, "what was assumed about the file"),
    ),
)

LEFT_ASIDE = Table(
    "left_aside",
    "a row of a file that is no line of a diary",
    ("source", "line"),
    (
        *_PLACE,
        Column("text", TEXT, "how the row begins; the row number is empty where a whole sheet is left aside"),
        Column("reason", TEXT, "what it is, or why it could not be read"),
    ),
)

SUPPLEMENT_PRODUCTS = Table(
    "supplement_products",
    "product x nutrient of the Supplements sheet",
    ("product", "brand", "nutrient"),
    (
        Column("product", TEXT, "the product as the diary calls it"),
        Column("brand", TEXT, "brand as written"),
        Column("per_amount", NUMBER, "how many of `per_unit` hold the amount", "per_unit"),
        Column("per_unit", TEXT, "tablet, capsule, ml ..."),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("amount", NUMBER, "elemental amount in `per_amount` of the product", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("as_written", TEXT, "amount and unit as written"),
        *_REMARKS,
        *_PLACE,
    ),
)

SUPPLEMENT_DOSES = Table(
    "supplement_doses",
    "supplement entry x nutrient",
    ("source", "line", "part", "nutrient"),
    (
        *_PLACE,
        Column("part", WHOLE, "as in entries"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("amount", NUMBER, "elemental amount taken; missing where it cannot be told", "unit"),
        Column("amount_low", NUMBER, "the least it can be", "unit"),
        Column("amount_high", NUMBER, "the most it can be; missing where nothing bounds it", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("value_from", TEXT, "where the dose was read: label text, Supplements sheet, the diary's own record"),
    ),
)

RECIPE_LINES = Table(
    "recipe_lines",
    "ingredient of a recipe",
    ("source", "line"),
    (
        Column("recipe", TEXT, "the recipe's name, as diary lines call it"),
        Column("ingredient", TEXT, "the food as written"),
        Column("amount", NUMBER, "how many of `unit`", "unit"),
        Column("unit", TEXT, "as in entries"),
        Column("amount_low", NUMBER, "lower end of a stated range", "unit"),
        Column("amount_high", NUMBER, "upper end of a stated range", "unit"),
        Column("amount_text", TEXT, "amount and unit as written"),
        Column("brand", TEXT, "brand as written"),
        Column("barcode", TEXT, "number below the bars of the package, as written"),
        Column("product_id", WHOLE, "as in entries"),
        Column("product_by", TEXT, "as in entries"),
        Column("product_score", NUMBER, "as in entries"),
        Column("stated_fdc_id", WHOLE, "FDC id the sheet itself gives"),
        Column("stated_food_code", WHOLE, "FNDDS food code the sheet itself gives"),
        Column("state", TEXT, "how it is cooked, as written"),
        Column("servings", NUMBER, "servings the whole recipe makes"),
        Column("cooked_grams", NUMBER, "weight of the whole dish when ready", "g"),
        Column("yield_percent", NUMBER, "weight of the dish of the weight of its ingredients", "%"),
        *_REMARKS,
        *_PLACE,
    ),
)

OWN_FOODS = Table(
    "own_foods",
    "own food x nutrient, as its label says",
    ("name", "brand", "nutrient"),
    (
        Column("name", TEXT, "the food, as diary lines call it"),
        Column("brand", TEXT, "brand as written"),
        Column("barcode", TEXT, "number below the bars of the package, as written"),
        Column("per_amount", NUMBER, "how many of `per_unit` a serving is", "per_unit"),
        Column("per_unit", TEXT, "bar, cup, g ..."),
        Column("serving_grams", NUMBER, "weight of the serving; missing where the label gives none", "g"),
        Column("nutrient", TEXT, "name as in nutrients.csv; empty for a food without any value"),
        Column("amount", NUMBER, "amount in the serving", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("as_written", TEXT, "amount and unit as written"),
        Column("daily_value_edition", TEXT, "edition of the Daily Values where the label gives a percentage of them"),
        *_REMARKS,
        *_PLACE,
    ),
)

SYMPTOMS = Table(
    "symptoms",
    "symptom on a day",
    ("source", "line"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("date", DAY, "the day felt"),
        Column("time", TEXT, "time of day, HH:MM"),
        Column("symptom", TEXT, "as written: cramp, headache ..."),
        Column("severity", NUMBER, "0 (none) to 10 (worst)"),
        Column("duration", NUMBER, "how long it lasted", "min"),
        *_REMARKS,
        *_PLACE,
    ),
)

NOT_FOOD_DAYS = Table(
    "not_food_days",
    "day that is to be left out, as the diary says",
    ("person_id", "date"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("date", DAY, "the day"),
        Column("reason", TEXT, "as written: ill, fasting, did not record"),
        *_REMARKS,
        *_PLACE,
    ),
)
