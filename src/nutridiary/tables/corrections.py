"""What a user says about their own words, what a review shows, and what a match rests on."""

from __future__ import annotations

from nutridiary.tables.table import FLAG, NUMBER, TEXT, WHOLE, Column, Table

ALIASES = Table(
    "aliases",
    "what a user says about a text: which food it is, that it is none, which foods it holds, or what a unit weighs",
    ("said", "brand", "decision", "unit"),
    (
        Column("said", TEXT, "the text of diary lines, whatever its case and spaces"),
        Column("brand", TEXT, "lines of this brand only; empty: any brand that has no alias of its own"),
        Column("decision", TEXT, "food, ignore (not a food), weight, parts (several foods) or whole (one food)"),
        Column("fdc_id", WHOLE, "the food, for the decision food"),
        Column("description", TEXT, "the food's name, for a reader; the id decides"),
        Column("unit", TEXT, "for the decision weight; 'each' for a bare count, 'no amount' where none is written"),
        Column("grams_per_unit", NUMBER, "weight of one unit of this text", "g"),
        Column("parts", TEXT, "for the decision parts: the foods of one of it, with '; ' between: '1 cup rice; beans'"),
        Column("note", TEXT, "anything the user wants to remember"),
        Column("added_on", TEXT, "day it was learned, YYYY-MM-DD"),
        Column("source", TEXT, "file, and sheet for a workbook, the alias stands in"),
        Column("line", WHOLE, "row number in it"),
    ),
)

REVIEW_FOODS = Table(
    "review_foods",
    "distinct food text (and brand) of a diary",
    ("said", "brand"),
    (
        Column("number", WHOLE, "1, 2, ... in the order to look at them"),
        Column("said", TEXT, "as first written in the diary"),
        Column("brand", TEXT, "brand as first written"),
        Column("times", WHOLE, "lines with this text"),
        Column("left_out", WHOLE, "of these, lines that could not be counted"),
        Column("fdc_id", WHOLE, "the food found; empty where none was"),
        Column("food_description", TEXT, "its name"),
        Column("match_score", NUMBER, "as in matched"),
        Column("match_method", TEXT, "as in matched"),
        Column("needs_review", FLAG, "as in matched, for any of the lines"),
        Column("gram_weight", NUMBER, "counted weight of all lines", "g"),
        Column("weighed_as", TEXT, "what one unit weighs and why, for each unit written"),
        Column("cut_from", TEXT, "where it is one food of a line of several: the whole text of the first such line"),
        Column("could_move", NUMBER, "most any alternative changes the diary's total of a core nutrient", "%"),
        Column("nutrient", TEXT, "the core nutrient it changes most"),
        Column("remark", TEXT, "problem or notes of the first such line"),
    ),
)

REVIEW_CUTS = Table(
    "review_cuts",
    "distinct whole text (and brand) that was cut into several foods x distinct text of a part",
    ("said", "brand", "part"),
    (
        Column("said", TEXT, "the whole text, as first written in the diary without its amount"),
        Column("brand", TEXT, "brand as first written"),
        Column("times", WHOLE, "lines with this whole text that were cut"),
        Column("part", TEXT, "the text of a part"),
        Column("number", WHOLE, "of that text, as in review_foods; empty for a supplement and for what it lacks"),
        Column("decided_by", TEXT, "rule, or 'your alias'"),
    ),
)

REVIEW_CHOICES = Table(
    "review_choices",
    "distinct food text x food it may mean, the one found first",
    ("number", "rank"),
    (
        Column("number", WHOLE, "as in review_foods"),
        Column("rank", WHOLE, "1 is the food found, or the best candidate where none was"),
        Column("fdc_id", WHOLE, "FoodData Central id"),
        Column("food_description", TEXT, "its name"),
    ),
)

REVIEW_WEIGHTS = Table(
    "review_weights",
    "distinct food text (and brand) x unit of a diary",
    ("said", "brand", "unit"),
    (
        Column("said", TEXT, "as first written in the diary"),
        Column("brand", TEXT, "brand as first written"),
        Column("food_description", TEXT, "the food found"),
        Column("unit", TEXT, "canonical unit or household word; 'each' for a bare count, 'no amount' for none"),
        Column("times", WHOLE, "lines with this text and unit"),
        Column("grams_per_unit", NUMBER, "weight of one; empty where it could not be weighed", "g"),
        Column("gram_low", NUMBER, "lower bound of it", "g"),
        Column("gram_high", NUMBER, "upper bound of it", "g"),
        Column("weight_method", TEXT, "as in weighed"),
        Column("portion", TEXT, "as in weighed"),
        Column("could_move", NUMBER, "what low to high changes the diary's total of a core nutrient", "%"),
        Column("nutrient", TEXT, "the core nutrient it changes most"),
        Column("remark", TEXT, "problem or notes of the first such line"),
    ),
)

CANDIDATES = Table(
    "candidates",
    "text x candidate x kind of evidence; the contributions of a candidate add up to its score",
    ("food_text", "fdc_id", "evidence"),
    (
        Column("food_text", TEXT, "the text searched for"),
        Column("rank", WHOLE, "1 is the best candidate"),
        Column("fdc_id", WHOLE, "FoodData Central id of the candidate"),
        Column("evidence", TEXT, "name of the kind of evidence"),
        Column("contribution", NUMBER, "what it adds to (or takes from) the score"),
    ),
)
