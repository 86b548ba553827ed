"""What a person can act on: where nutrients came from, what to be careful with, foods that would close a gap."""

from __future__ import annotations

from nutridiary.tables.table import FLAG, NUMBER, TEXT, WHOLE, Column, Table

_PERSON = Column("person_id", TEXT, "as in entries")
_NUTRIENT = Column("nutrient", TEXT, "name as in nutrients.csv")

GROUP_CONTRIBUTIONS = Table(
    "group_contributions",
    "person x nutrient x food group",
    ("person_id", "nutrient", "food_group"),
    (
        _PERSON,
        _NUTRIENT,
        Column("food_group", TEXT, "group of food_groups.csv; supplements, own foods, and what has no record"),
        Column("foods", WHOLE, "different foods of it"),
        Column("entries", WHOLE, "lines they were eaten in"),
        Column("gram_weight", NUMBER, "total eaten", "g"),
        Column("amount", NUMBER, "what it gave over all days; missing where there is no value", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("percent_of_total", NUMBER, "of the total of the nutrient, as far as it is known or filled in", "%"),
    ),
)

CAUTIONS = Table(
    "cautions",
    "person x topic: what a reader of this diary should be careful with, most serious first",
    ("person_id", "topic", "nutrient"),
    (
        _PERSON,
        Column("topic", TEXT, "name as in cautions.csv"),
        Column("nutrient", TEXT, "the nutrient it is about; missing where it is about none"),
        Column("title", TEXT, "heading for a reader: 'Magnesium from supplements'"),
        Column("kind", TEXT, "limit, interaction, evidence, record or clinician"),
        Column("because", TEXT, "what in this diary it rests on, with the figures"),
        Column("text", TEXT, "the caution, in plain words"),
        Column("source", TEXT, "citation"),
        Column("link", TEXT, "where the source can be read; may be missing"),
    ),
)

SUGGESTIONS = Table(
    "suggestions",
    "person x food that would help to close a gap; a person who gets none has one row without a food, which says why",
    ("person_id", "rank"),
    (
        _PERSON,
        Column("rank", WHOLE, "1 for what closes most; missing where there is no suggestion"),
        Column("fdc_id", WHOLE, "the food"),
        Column("food_description", TEXT, "its name"),
        Column("food_group", TEXT, "group of food_groups.csv"),
        Column("portion", TEXT, "one portion in household words: '1 oz (23 kernels)'"),
        Column("portion_grams", NUMBER, "weight of one portion", "g"),
        Column("portions", WHOLE, "how many portions are added over `per_days` days"),
        Column("per_days", WHOLE, "the days the portions are spread over"),
        Column("already_eaten", FLAG, "whether the diary has it"),
        Column("reading", TEXT, "what it does by itself, in plain words; why there is none, where there is none"),
        Column("value_from", TEXT, "record and release its values come from"),
    ),
)

SUGGESTION_EFFECTS = Table(
    "suggestion_effects",
    "person x nutrient: the mean as recorded, and with all suggestions together",
    ("person_id", "nutrient"),
    (
        _PERSON,
        _NUTRIENT,
        Column("label", TEXT, "the nutrient's name for a reader"),
        Column("unit", TEXT, "the nutrient's one unit, per day"),
        Column("mean_intake", NUMBER, "as in comparison", "unit/d"),
        Column("with_suggestions", NUMBER, "the mean with what the suggested foods are known to hold", "unit/d"),
        Column(
            "reference_kind", TEXT, "RDA or AI (EAR where neither is set): what is aimed at; missing where nothing is"
        ),
        Column("reference", NUMBER, "that figure", "unit/d"),
        Column("percent", NUMBER, "mean of the reference", "%"),
        Column("percent_with_suggestions", NUMBER, "mean with suggestions, of the reference", "%"),
        Column("limit_kind", TEXT, "UL, CDRR, or what bounds energy, where it bounds what is suggested"),
        Column("limit", NUMBER, "that figure", "unit/d"),
        Column("aimed_at", FLAG, "whether closing its gap was the aim"),
        Column("note", TEXT, "what a reader should know: still below, a value the food's record lacks"),
    ),
)
