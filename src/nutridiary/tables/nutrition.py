"""Nutrients: what an entry, a day and a food gave, and what it is compared with."""

from __future__ import annotations

from nutridiary.tables.table import DAY, FLAG, NUMBER, TEXT, WHOLE, Column, Table

INTAKES = Table(
    "intakes",
    "a counted diary line x nutrient",
    ("source", "line", "part", "nutrient"),
    (
        Column("source", TEXT, "as in entries"),
        Column("line", WHOLE, "as in entries"),
        Column("part", WHOLE, "as in entries"),
        Column("person_id", TEXT, "as in entries"),
        Column("date", DAY, "as in entries"),
        Column("fdc_id", WHOLE, "the food; empty for a supplement, and for a line only its recorded values count"),
        Column("gram_weight", NUMBER, "weight eaten; empty where the amount does not rest on one", "g"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("amount", NUMBER, "intake from this line; missing where neither record nor twin has a value", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("source_kind", TEXT, "food or supplement"),
        Column(
            "value_from",
            TEXT,
            "record and release the value comes from: 'FNDDS 2021-2023 11112110'; or 'recorded in the diary', a label; "
            "where the value is missing, which foods bound it",
        ),
        Column("filled_in", FLAG, "the value is that of a twin record, because the food's own has none"),
        Column("amount_low", NUMBER, "the least it can be, where a label leaves it open; else empty", "unit"),
        Column(
            "amount_high",
            NUMBER,
            "the most it can be, where a label leaves it open; what foods of its kind hardly exceed, where it is "
            "missing or a twin's; empty for a known amount, and where nothing bounds it",
            "unit",
        ),
        Column("estimate", NUMBER, "what is likely: the amount, or the median of its food's category", "unit"),
    ),
)

LEFT_OUT_BOUNDS = Table(
    "left_out_bounds",
    "line of food or drink that could not be counted x nutrient",
    ("source", "line", "part", "nutrient"),
    (
        Column("source", TEXT, "as in entries"),
        Column("line", WHOLE, "as in entries"),
        Column("part", WHOLE, "as in entries"),
        Column("person_id", TEXT, "as in entries"),
        Column("date", DAY, "as in entries; missing where the line has none"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("estimate", NUMBER, "what is likely, a median; enters no amount", "unit"),
        Column("high", NUMBER, "what such a line hardly exceeds; missing where nothing bounds it", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("bounded_by", TEXT, "what tells so: the weight people report of its food, reported foods, or meals"),
    ),
)

DAILY_INTAKES = Table(
    "daily_intakes",
    "person x date x nutrient",
    ("person_id", "date", "nutrient"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("date", DAY, "as in entries"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("amount", NUMBER, "sum of what is known or filled in; missing where nothing is", "unit"),
        Column("low", NUMBER, "lower bound of the day's total: what is known, nothing filled in", "unit"),
        Column(
            "estimate",
            NUMBER,
            "what is likely: the amount, and a median for each missing value and line; missing where high is",
            "unit",
        ),
        Column("high", NUMBER, "upper bound; missing where a value or a line is missing and nothing bounds it", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("food_amount", NUMBER, "of the total, what foods and drinks gave", "unit"),
        Column(
            "supplement_amount", NUMBER, "of the total, what supplements gave; missing where none is on record", "unit"
        ),
        Column("foods", WHOLE, "lines counted on the day"),
        Column("foods_filled_in", WHOLE, "of these, lines that take the value from a twin record"),
        Column("foods_without_value", WHOLE, "of these, lines without a value for the nutrient, the twin's included"),
        Column("foods_left_out", WHOLE, "lines of the day that could not be counted at all (see problem)"),
        Column("coverage", NUMBER, "share of the day's counted grams whose own record has a value", "%"),
    ),
)

REFERENCE_VALUES = Table(
    "reference_values",
    "nutrient x life stage x kind x condition x edition",
    ("authority", "edition", "nutrient", "life_stage", "sex", "age_from", "kind", "condition"),
    (
        Column("authority", TEXT, "who set it: NASEM, EFSA, FDA, harmonized"),
        Column("edition", TEXT, "report: 'IOM 1997', 'NASEM 2019'"),
        Column("status", TEXT, "current or superseded"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("unit", TEXT, "the nutrient's one unit, per day"),
        Column("life_stage", TEXT, "infant, child, none, pregnancy or lactation"),
        Column("sex", TEXT, "male, female or both"),
        Column("age_from", NUMBER, "first age of the group", "years"),
        Column("age_to", NUMBER, "exclusive; empty means no upper bound", "years"),
        Column("kind", TEXT, "EAR, RDA, AI, UL, CDRR or DV: the part it plays, under its name in the US"),
        Column("kind_name", TEXT, "what the authority calls it: AR, PRI, H-AR ..."),
        Column("condition", TEXT, "what it holds under, where it depends on more than sex and age: 'phytate 600 mg/d'"),
        Column("amount", NUMBER, "the reference value", "unit/d"),
        Column("applies_to", TEXT, "which part of intake it is held against"),
        Column("source", TEXT, "citation"),
    ),
)

_REFERENCE_KINDS = (
    Column("ear", NUMBER, "estimated average requirement", "unit/d"),
    Column("rda", NUMBER, "recommended dietary allowance", "unit/d"),
    Column("ai", NUMBER, "adequate intake", "unit/d"),
    Column("ul", NUMBER, "tolerable upper intake level", "unit/d"),
    Column("cdrr", NUMBER, "chronic disease risk reduction intake", "unit/d"),
    Column("dv", NUMBER, "Daily Value of a label, which says nothing of need", "unit/d"),
)

DAY_COMPARISON = Table(
    "day_comparison",
    "person x date x nutrient",
    ("person_id", "date", "nutrient"),
    DAILY_INTAKES.columns
    + _REFERENCE_KINDS
    + (
        Column("reference_kind", TEXT, "RDA, AI or DV: the figure `percent_of_reference` is of"),
        Column("percent_of_reference", NUMBER, "day's known total of the RDA, AI or DV", "%"),
        Column("verdict", TEXT, "one of nutridiary.comparison.VERDICTS, for the day"),
    ),
)

COMPARISON = Table(
    "comparison",
    "person x nutrient",
    ("person_id", "nutrient"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("label", TEXT, "the nutrient's name for a reader"),
        Column("unit", TEXT, "the nutrient's one unit, per day"),
        Column("days", WHOLE, "days with at least one counted line"),
        Column("mean_intake", NUMBER, "mean over the days of what is known or filled in; not a usual intake", "unit/d"),
        Column("low", NUMBER, "lower bound of the mean: nothing filled in", "unit/d"),
        Column("estimate", NUMBER, "the mean with a median for each value and line that bounds alone hold", "unit/d"),
        Column("high", NUMBER, "upper bound of the mean; missing where nothing bounds it", "unit/d"),
        Column("food_intake", NUMBER, "of the mean, what foods and drinks gave", "unit/d"),
        Column(
            "supplement_intake", NUMBER, "of the mean, what supplements gave; missing where none is on record", "unit/d"
        ),
        Column("coverage", NUMBER, "share of counted grams whose own record has a value", "%"),
        Column("foods_filled_in", WHOLE, "counted lines that take the value from a twin record"),
        Column("foods_without_value", WHOLE, "counted lines without a value, the twin's included"),
        Column("foods_left_out", WHOLE, "food lines that could not be counted"),
        *_REFERENCE_KINDS,
        Column("percent_of_ear", NUMBER, "mean of what is known, of the EAR", "%"),
        Column("percent_of_rda", NUMBER, "mean of what is known, of the RDA", "%"),
        Column("percent_of_ai", NUMBER, "mean of what is known, of the AI", "%"),
        Column("percent_of_ul", NUMBER, "mean of the part of intake the UL applies to, of the UL", "%"),
        Column("percent_of_cdrr", NUMBER, "mean of what is known, of the CDRR", "%"),
        Column("percent_of_dv", NUMBER, "mean of what is known, of the Daily Value", "%"),
        Column("ul_applies_to", TEXT, "which part of intake the UL is held against"),
        Column("ul_intake", NUMBER, "mean intake from that part; missing where it cannot be told apart", "unit/d"),
        Column("life_stage_group", TEXT, "the group the references are for: 'female 31-50 y'"),
        Column("authority", TEXT, "who set them: NASEM, EFSA, FDA, harmonized"),
        Column("edition", TEXT, "report the references come from"),
        Column("verdict", TEXT, "one of nutridiary.comparison.VERDICTS"),
        Column("reading", TEXT, "the verdict in plain words, with its figures"),
        Column("note", TEXT, "what a reader should know about this nutrient and these figures"),
    ),
)

RECORDED_DIFFERENCES = Table(
    "recorded_differences",
    "person x date x nutrient, over the lines of the day that both we and the diary itself have a value for",
    ("person_id", "date", "nutrient"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("date", DAY, "as in entries"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("ours", NUMBER, "what we make of these lines", "unit"),
        Column("recorded", NUMBER, "what the diary says of them", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("percent", NUMBER, "ours above or below the recorded, of the recorded", "%"),
        Column("differs", FLAG, "by more than 20 % of the recorded, and by more than its rounding"),
        Column("lines", WHOLE, "lines compared"),
        Column("lines_ours_only", WHOLE, "counted lines the diary has no value for"),
        Column("lines_recorded_only", WHOLE, "lines only the diary has a value for"),
        Column("most_from", TEXT, "the line that makes most of the difference"),
    ),
)

CONTRIBUTIONS = Table(
    "contributions",
    "person x nutrient x food",
    ("person_id", "nutrient", "fdc_id", "food_description"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("fdc_id", WHOLE, "the food; empty for a supplement"),
        Column("food_description", TEXT, "its name; the text of the line where there is no food"),
        Column("source_kind", TEXT, "food or supplement"),
        Column("entries", WHOLE, "lines it was eaten in"),
        Column("gram_weight", NUMBER, "total eaten", "g"),
        Column("amount", NUMBER, "what it gave over all days; missing where there is no value", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("percent_of_total", NUMBER, "of the total of the nutrient, as far as it is known or filled in", "%"),
        Column("value_from", TEXT, "record and release the value comes from, as in intakes"),
        Column("filled_in", FLAG, "the value is that of a twin record, because the food's own has none"),
    ),
)
