"""A diary line on its way: entries, matched, weighed."""

from __future__ import annotations

from nutridiary.tables.table import DAY, FLAG, NUMBER, TEXT, WHOLE, Column, Table

OF_FOODS, OF_SUPPLEMENTS, OF_BOTH = "foods", "supplements", "foods and supplements"
"""What the totals of a survey are of."""

NOT_EATEN = ("note", "exercise", "symptom", "total")
"""Kinds of entry that are nothing eaten or drunk."""

_ENTRY = (
    Column("source", TEXT, "file, and sheet for a workbook: 'diary.xlsx:Sheet1'"),
    Column("line", WHOLE, "row number in the file or sheet as a user sees it (the first row is 1)"),
    Column("person_id", TEXT, "who ate; empty where the diary names nobody"),
    Column("date", DAY, "the day eaten"),
    Column("time", TEXT, "time of day, HH:MM"),
    Column("eating_occasion", TEXT, "breakfast, lunch, ... as written"),
    Column("food_text", TEXT, "the food as written"),
    Column("amount", NUMBER, "how many of `unit`; the middle of a stated range", "unit"),
    Column("unit", TEXT, "canonical unit (g, ml, cup) or household word (slice, medium); empty for a bare count"),
    Column(
        "kind", TEXT, "food, supplement, water, note, exercise, symptom, or total (of a meal or day, without its foods)"
    ),
    Column("problem", TEXT, "why the row is left out of the totals; empty when it is not"),
    Column("note", TEXT, "what was assumed or should be known about the row"),
)
_MATCH = (
    Column("fdc_id", WHOLE, "FoodData Central id of the food"),
    Column("food_code", WHOLE, "FNDDS food code (8 digits), for FNDDS foods"),
    Column("food_description", TEXT, "the food's name in FoodData Central"),
    Column("data_type", TEXT, "foundation_food, sr_legacy_food, survey_fndds_food or branded_food"),
    Column("match_score", NUMBER, "how sure the match is, 0 to 1"),
    Column("match_margin", NUMBER, "score minus that of the best candidate that is another food, 0 to 1"),
    Column(
        "match_method",
        TEXT,
        "own_food, user_alias, stated_fdc_id, stated_food_code, barcode, brand, crosswalk, alias or text",
    ),
)
_WEIGH = (
    Column("gram_weight", NUMBER, "weight eaten", "g"),
    Column("gram_low", NUMBER, "lower bound of the weight", "g"),
    Column("gram_high", NUMBER, "upper bound of the weight", "g"),
    Column(
        "weight_method",
        TEXT,
        "alias_portion, stated_weight, food_portion, similar_food_portion, food_density, recorded_energy, "
        "line_share, quantity_not_specified, typical_amount",
    ),
)
# What a diary may say beyond the core columns. They stand last so that the core order is stable.
_ENTRY_EXTRA = (
    Column("part", WHOLE, "which food of a line of several (14.1, 14.2); empty for a line of one food"),
    Column("line_weight", NUMBER, "weight the diary states of the whole line, where this is a part of it", "g"),
    Column("amount_low", NUMBER, "lower end of a stated range ('1-2 slices'); empty where none is stated", "unit"),
    Column("amount_high", NUMBER, "upper end of a stated range; empty where none is stated", "unit"),
    Column("amount_text", TEXT, "amount and unit as written"),
    Column("written_text", TEXT, "the whole text, where the amount was taken out of it; empty where it was not"),
    Column("brand", TEXT, "brand as written"),
    Column("barcode", TEXT, "number below the bars of the package (EAN-13, UPC-A, UPC-E), as written"),
    Column("product_id", WHOLE, "record of the product that was found for the line; empty where none was"),
    Column("product_by", TEXT, "what the product was found by: barcode, or brand"),
    Column("product_score", NUMBER, "how sure it is that this product is meant, 0 to 1"),
    Column("stated_fdc_id", WHOLE, "FDC id the diary itself gives"),
    Column("stated_food_code", WHOLE, "FNDDS food code the diary itself gives"),
    Column("single_food", FLAG, "one food by the diary's own record (a row of an app or recall): never split"),
    Column("total_of", TEXT, "of a total: foods, supplements, or foods and supplements; empty where it does not say"),
)
_MATCH_EXTRA = (Column("needs_review", FLAG, "counted, but the match is below the threshold for taking it unseen"),)
_WEIGH_EXTRA = (Column("portion", TEXT, "the portion the weight rests on, with its own weight: '1 cup = 244 g'"),)

ENTRIES = Table(
    "entries",
    "a diary line, or one food of a line of several",
    ("source", "line", "part"),
    _ENTRY + _ENTRY_EXTRA,
    keeps_recorded=True,
)
MATCHED = Table(
    "matched",
    "as entries",
    ("source", "line", "part"),
    _ENTRY + _MATCH + _ENTRY_EXTRA + _MATCH_EXTRA,
    keeps_recorded=True,
)
WEIGHED = Table(
    "weighed",
    "as entries",
    ("source", "line", "part"),
    _ENTRY + _MATCH + _WEIGH + _ENTRY_EXTRA + _MATCH_EXTRA + _WEIGH_EXTRA,
    keeps_recorded=True,
)
