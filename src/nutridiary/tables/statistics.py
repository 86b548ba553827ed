"""What a few days can carry: confidence, completeness, symptom days, editions, and what to clarify."""

from __future__ import annotations

from nutridiary.tables.table import DAY, FLAG, NUMBER, PERHAPS, TEXT, WHOLE, Column, Table

_PERSON = Column("person_id", TEXT, "as in entries")
_NUTRIENT = Column("nutrient", TEXT, "name as in nutrients.csv")
_UNIT = Column("unit", TEXT, "the nutrient's one unit, per day")

EDITION_CHANGES = Table(
    "edition_changes",
    "person x nutrient x other edition, or other authority",
    ("person_id", "nutrient", "other_edition"),
    (
        _PERSON,
        _NUTRIENT,
        Column("label", TEXT, "the nutrient's name for a reader"),
        _UNIT,
        Column("mean_intake", NUMBER, "as in comparison", "unit/d"),
        Column("edition", TEXT, "report the comparison rests on"),
        Column("figures", TEXT, "its figures for this person: 'AI 2,600 mg'"),
        Column("verdict", TEXT, "one of nutridiary.comparison.VERDICTS, under it"),
        Column("other_edition", TEXT, "the other report"),
        Column("other_status", TEXT, "current or superseded, with its authority"),
        Column("other_figures", TEXT, "the other report's figures for this person"),
        Column("other_verdict", TEXT, "one of nutridiary.comparison.VERDICTS, under the other"),
        Column("flips", FLAG, "whether the reading is another"),
        Column("reading", TEXT, "what changes, in plain words"),
    ),
)

FOODS_TO_CLARIFY = Table(
    "foods_to_clarify",
    "person x food text that is known in part only, what could change magnesium and potassium most first",
    ("person_id", "food_text", "reason"),
    (
        _PERSON,
        Column("food_text", TEXT, "as the diary calls it"),
        Column("food_description", TEXT, "the food it was read as; missing where none was found"),
        Column("entries", WHOLE, "lines it stands in"),
        Column("source", TEXT, "where the first of them stands"),
        Column("line", WHOLE, "row number of the first"),
        Column("reason", TEXT, "left_out, no_value, filled_in, amount or match: what is not known of it"),
        Column("magnesium_stake", NUMBER, "by how much the mean of magnesium could change; missing: no bound", "mg/d"),
        Column("potassium_stake", NUMBER, "by how much the mean of potassium could change; missing: no bound", "mg/d"),
        Column("stake", NUMBER, "the larger of the two stakes, of its reference; missing: no bound", "%"),
        Column("matters", FLAG, "worth a look; not so is which food it was, where another changes less than 1 %"),
        Column("advice", TEXT, "what to find out or to write, in plain words"),
    ),
)

CONFIDENCE = Table(
    "confidence",
    "person x nutrient: what the recorded days say of usual intake",
    ("person_id", "nutrient"),
    (
        _PERSON,
        _NUTRIENT,
        Column("label", TEXT, "the nutrient's name for a reader"),
        _UNIT,
        Column("days", WHOLE, "recorded days"),
        Column("mean_intake", NUMBER, "as in comparison", "unit/d"),
        Column("reference_kind", TEXT, "EAR or AI: the figure the confidence is about"),
        Column("reference_name", TEXT, "what its authority calls it: AR"),
        Column("reference", NUMBER, "that figure", "unit/d"),
        Column("group", TEXT, "whose day-to-day variation is used: 'women 31-50 y, NHANES 2013-2018'"),
        Column("confidence", NUMBER, "that usual intake meets the person's own requirement, or is above the AI", "%"),
        Column("confidence_low", NUMBER, "the same if every value not known were as low as it can be", "%"),
        Column("confidence_high", NUMBER, "the same if every value not known were as high as it can be", "%"),
        Column("method", TEXT, "usual_intake_model, iom_2000 or withheld"),
        Column("confidence_iom_2000", NUMBER, "by these days alone (IOM 2000); missing where invalid", "%"),
        Column("z", NUMBER, "of IOM 2000"),
        Column("upper_kind", TEXT, "UL or CDRR: the upper figure; missing where it does not count all intake"),
        Column("upper_name", TEXT, "what its authority calls it"),
        Column("upper", NUMBER, "that figure", "unit/d"),
        Column("confidence_below_ul", NUMBER, "that usual intake is below the upper figure", "%"),
        Column("usual_estimate", NUMBER, "best guess of usual intake, among people of the same sex and age", "unit/d"),
        Column("usual_low", NUMBER, "lower end of its 90 % interval", "unit/d"),
        Column("usual_high", NUMBER, "upper end of its 90 % interval", "unit/d"),
        Column("more_days", WHOLE, "further days like these until the answer is clear; missing: clear, or never", "d"),
        Column("verdict", TEXT, "one of nutridiary.usual_intake.VERDICTS"),
        Column("reading", TEXT, "what these days allow to be said, in plain words"),
        Column("note", TEXT, "what it rests on, and why a figure is withheld"),
    ),
)

WORKING = Table(
    "working",
    "person x nutrient x step of a calculation",
    ("person_id", "nutrient", "about", "step"),
    (
        _PERSON,
        _NUTRIENT,
        Column("about", TEXT, "which figure is worked out: confidence, confidence_iom_2000, usual_intake ..."),
        Column("step", WHOLE, "order within it, from 1"),
        Column("quantity", TEXT, "what it is, in words"),
        Column("symbol", TEXT, "how the formula calls it"),
        Column("value", NUMBER, "its value", "unit"),
        Column("unit", TEXT, "unit of the value; - for a pure number"),
        Column("formula", TEXT, "how it comes about from the steps above; missing for what is given"),
        Column("source", TEXT, "where it was taken from: a table, a citation"),
    ),
)

PLAUSIBILITY = Table(
    "plausibility",
    "person: recorded energy beside what a body of this size needs",
    ("person_id",),
    (
        _PERSON,
        Column("days", WHOLE, "recorded days"),
        Column("mean_energy", NUMBER, "mean recorded energy", "kcal/d"),
        Column("basal_rate", NUMBER, "basal metabolic rate by the equation named", "kcal/d"),
        Column("basal_equation", TEXT, "which equation"),
        Column("eer", NUMBER, "estimated energy requirement; missing without height, weight and activity", "kcal/d"),
        Column("eer_equation", TEXT, "which equation, and the activity it is for"),
        Column("pal", NUMBER, "physical activity level the cut-offs are for"),
        Column("ratio", NUMBER, "mean recorded energy over basal rate"),
        Column("cutoff_low", NUMBER, "of the ratio, for this number of days"),
        Column("cutoff_high", NUMBER, "of the ratio, for this number of days"),
        Column("verdict", TEXT, "plausible, low, high or not_decidable"),
        Column("reading", TEXT, "in plain words"),
        Column("note", TEXT, "what it rests on, or what is missing"),
    ),
)

DAY_CHECKS = Table(
    "day_checks",
    "person x recorded date",
    ("person_id", "date"),
    (
        _PERSON,
        Column("date", DAY, "as in entries"),
        Column("entries", WHOLE, "lines of food and drink"),
        Column("eating_occasions", WHOLE, "different eating occasions or times; missing where the diary has none"),
        Column("energy", NUMBER, "recorded energy", "kcal"),
        Column("ratio", NUMBER, "energy over basal rate; missing where the rate cannot be worked out"),
        Column("possibly_incomplete", FLAG, "something speaks for a day that was not written down in full"),
        Column("left_out", FLAG, "left out of the means, because that was asked for"),
        Column("in_means", FLAG, "counts in the means: a line of it is counted, and it is not left out"),
        Column("reasons", TEXT, "what speaks for it, in plain words"),
    ),
)

RATIOS = Table(
    "ratios",
    "person x ratio of two nutrients, over the recorded days; descriptive",
    ("person_id", "ratio"),
    (
        _PERSON,
        Column("ratio", TEXT, "as 'Ca:Mg'"),
        Column("label", TEXT, "in words: 'calcium to magnesium'"),
        Column("days", WHOLE, "recorded days"),
        Column("by_weight", NUMBER, "mean of the first over mean of the second", "g/g"),
        Column("by_weight_low", NUMBER, "the least it can be; missing where nothing bounds it", "g/g"),
        Column("by_weight_high", NUMBER, "the most it can be; missing where nothing bounds it", "g/g"),
        Column("by_moles", NUMBER, "the same in moles", "mol/mol"),
        Column("by_moles_low", NUMBER, "the least it can be; missing where nothing bounds it", "mol/mol"),
        Column("by_moles_high", NUMBER, "the most it can be; missing where nothing bounds it", "mol/mol"),
        Column("note", TEXT, "what should be known of it"),
    ),
)

MOLES = Table(
    "moles",
    "person x nutrient: mean intake in the units of a laboratory",
    ("person_id", "nutrient"),
    (
        _PERSON,
        _NUTRIENT,
        Column("mean_intake", NUMBER, "as in comparison", "unit/d"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("atomic_mass", NUMBER, "of the element", "g/mol"),
        Column("charge", WHOLE, "of its ion"),
        Column("millimoles", NUMBER, "mean intake", "mmol/d"),
        Column("milliequivalents", NUMBER, "millimoles times charge", "mEq/d"),
    ),
)

SYMPTOM_DAYS = Table(
    "symptom_days",
    "person x symptom x date on record, for food or for symptoms",
    ("person_id", "symptom", "date"),
    (
        _PERSON,
        Column("symptom", TEXT, "one name for what the diary calls it in several ways: cramp"),
        Column("date", DAY, "a day on record; of a symptom noted before 06:00 the day before"),
        Column("felt", PERHAPS, "felt on this day; missing where the diary does not tell"),
        Column("times", WHOLE, "how often it was noted on this day; missing where the diary does not tell"),
        Column("worst", NUMBER, "worst severity noted, 0 to 10"),
        Column("minutes", NUMBER, "how long in all; missing where a duration is not noted", "min"),
        Column("basis", TEXT, "what tells whether it was felt, one of nutridiary.symptoms.BASES"),
    ),
)

SYMPTOM_COMPARISON = Table(
    "symptom_comparison",
    "person x symptom x nutrient x lag",
    ("person_id", "symptom", "nutrient", "lag"),
    (
        _PERSON,
        Column("symptom", TEXT, "as in symptom_days"),
        Column("nutrient", TEXT, "name as in nutrients.csv, or what else is on record: exercise"),
        Column("label", TEXT, "its name for a reader"),
        Column("unit", TEXT, "unit of the means: a nutrient's per day, or % of days"),
        Column("role", TEXT, "tested, or confounder: shown beside, not tested"),
        Column("lag", WHOLE, "0: intake of the day itself; 1: of the day before", "d"),
        Column("days_with", WHOLE, "days with the symptom that have an intake"),
        Column("days_without", WHOLE, "days without it that have an intake"),
        Column("mean_with", NUMBER, "mean intake of days with it", "unit/d"),
        Column("mean_without", NUMBER, "mean intake of days without it", "unit/d"),
        Column("difference", NUMBER, "the first minus the second", "unit/d"),
        Column("difference_low", NUMBER, "lower end of its 95 % interval", "unit/d"),
        Column("difference_high", NUMBER, "upper end of its 95 % interval", "unit/d"),
        Column("p_value", NUMBER, "share of arrangements of the days with a difference at least as large"),
        Column("p_holm", NUMBER, "the same, held up to having looked at several nutrients (Holm 1979)"),
        Column("day_to_day_sd", NUMBER, "standard deviation of this person's single days", "unit/d"),
        Column("power", NUMBER, "chance to see a true difference of one day_to_day_sd, after Holm", "%"),
        Column("more_days", WHOLE, "further days like these at which that chance is a half; 0: it is already", "d"),
        Column("verdict", TEXT, "differs, no_difference_seen or cannot_tell; missing for a confounder"),
        Column("reading", TEXT, "in plain words, association only"),
        Column("note", TEXT, "what it rests on, or why it cannot be told"),
    ),
)
