"""Every table that passes between two steps: its columns, their types, units and meaning.

A step takes tables and returns a table. It reads no file, prints nothing and changes no
argument. `conform` gives a frame the declared columns, order and types, so that a step can
rely on what it is handed; `describe` prints a table's meaning for a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

TEXT, NUMBER, WHOLE, FLAG, DAY = "str", "float64", "Int64", "bool", "datetime64[us]"


@dataclass(frozen=True)
class Column:
    """One column: its name, pandas type, meaning and unit (in brackets where it has one)."""

    name: str
    dtype: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns in order, and the columns that identify a row."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]


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
    Column("kind", TEXT, "food, supplement, water or note"),
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
    Column("match_method", TEXT, "user_alias, stated_fdc_id, stated_food_code, alias or text"),
)
_WEIGH = (
    Column("gram_weight", NUMBER, "weight eaten", "g"),
    Column("gram_low", NUMBER, "lower bound of the weight", "g"),
    Column("gram_high", NUMBER, "upper bound of the weight", "g"),
    Column(
        "weight_method",
        TEXT,
        "alias_portion, stated_weight, food_portion, similar_food_portion, food_density, quantity_not_specified, "
        "typical_amount",
    ),
)
# What a diary may say beyond the core columns. They stand last so that the core order is stable.
_ENTRY_EXTRA = (
    Column("part", WHOLE, "which food of a line of several (14.1, 14.2); empty for a line of one food"),
    Column("amount_low", NUMBER, "lower end of a stated range ('1-2 slices'); empty where none is stated", "unit"),
    Column("amount_high", NUMBER, "upper end of a stated range; empty where none is stated", "unit"),
    Column("amount_text", TEXT, "amount and unit as written"),
    Column("written_text", TEXT, "the whole text, where the amount was taken out of it; empty where it was not"),
    Column("brand", TEXT, "brand as written"),
    Column("stated_fdc_id", WHOLE, "FDC id the diary itself gives"),
    Column("stated_food_code", WHOLE, "FNDDS food code the diary itself gives"),
)
_MATCH_EXTRA = (Column("needs_review", FLAG, "counted, but the match is below the threshold for taking it unseen"),)
_WEIGH_EXTRA = (Column("portion", TEXT, "the portion the weight rests on, with its own weight: '1 cup = 244 g'"),)

ENTRIES = Table(
    "entries", "a diary line, or one food of a line of several", ("source", "line", "part"), _ENTRY + _ENTRY_EXTRA
)
MATCHED = Table("matched", "as entries", ("source", "line", "part"), _ENTRY + _MATCH + _ENTRY_EXTRA + _MATCH_EXTRA)
WEIGHED = Table(
    "weighed",
    "as entries",
    ("source", "line", "part"),
    _ENTRY + _MATCH + _WEIGH + _ENTRY_EXTRA + _MATCH_EXTRA + _WEIGH_EXTRA,
)

ALIASES = Table(
    "aliases",
    "what a user says about a text: which food it is, that it is none, or what a unit of it weighs",
    ("said", "brand", "decision", "unit"),
    (
        Column("said", TEXT, "the text of diary lines, whatever its case and spaces"),
        Column("brand", TEXT, "lines of this brand only; empty: any brand that has no alias of its own"),
        Column("decision", TEXT, "food, ignore (not a food) or weight"),
        Column("fdc_id", WHOLE, "the food, for the decision food"),
        Column("description", TEXT, "the food's name, for a reader; the id decides"),
        Column("unit", TEXT, "for the decision weight; 'each' for a bare count, 'no amount' where none is written"),
        Column("grams_per_unit", NUMBER, "weight of one unit of this text", "g"),
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
        Column("could_move", NUMBER, "most any alternative changes the diary's total of a core nutrient", "%"),
        Column("nutrient", TEXT, "the core nutrient it changes most"),
        Column("remark", TEXT, "problem or notes of the first such line"),
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
        Column("fdc_id", WHOLE, "the food"),
        Column("gram_weight", NUMBER, "weight eaten", "g"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("amount", NUMBER, "intake from this line; missing where neither record nor twin has a value", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("source_kind", TEXT, "food or supplement"),
        Column("value_from", TEXT, "record and release the value comes from: 'FNDDS 2021-2023 11112110'"),
        Column("filled_in", FLAG, "the value is that of a twin record, because the food's own has none"),
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
        Column("high", NUMBER, "upper bound; missing where a value or a food is missing and nothing bounds it", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("foods", WHOLE, "lines counted on the day"),
        Column("foods_filled_in", WHOLE, "of these, lines that take the value from a twin record"),
        Column("foods_without_value", WHOLE, "of these, lines without a value for the nutrient, the twin's included"),
        Column("foods_left_out", WHOLE, "lines of the day that could not be counted at all (see problem)"),
        Column("coverage", NUMBER, "share of the day's counted grams whose own record has a value", "%"),
    ),
)

REFERENCE_VALUES = Table(
    "reference_values",
    "nutrient x life stage x kind x edition",
    ("authority", "edition", "nutrient", "life_stage", "sex", "age_from", "kind"),
    (
        Column("authority", TEXT, "who set it: NASEM"),
        Column("edition", TEXT, "report: 'IOM 1997', 'NASEM 2019'"),
        Column("status", TEXT, "current or superseded"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("unit", TEXT, "the nutrient's one unit, per day"),
        Column("life_stage", TEXT, "infant, child, none, pregnancy or lactation"),
        Column("sex", TEXT, "male, female or both"),
        Column("age_from", NUMBER, "first age of the group", "years"),
        Column("age_to", NUMBER, "exclusive; empty means no upper bound", "years"),
        Column("kind", TEXT, "EAR, RDA, AI, UL or CDRR"),
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
)

DAY_COMPARISON = Table(
    "day_comparison",
    "person x date x nutrient",
    ("person_id", "date", "nutrient"),
    DAILY_INTAKES.columns
    + _REFERENCE_KINDS
    + (
        Column("reference_kind", TEXT, "RDA or AI: the figure `percent_of_reference` is of"),
        Column("percent_of_reference", NUMBER, "day's known total of the RDA or AI", "%"),
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
        Column("high", NUMBER, "upper bound of the mean; missing where nothing bounds it", "unit/d"),
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
        Column("ul_applies_to", TEXT, "which part of intake the UL is held against"),
        Column("ul_intake", NUMBER, "mean intake from that part; missing where it cannot be told apart", "unit/d"),
        Column("life_stage_group", TEXT, "the group the references are for: 'female 31-50 y'"),
        Column("edition", TEXT, "report the references come from"),
        Column("verdict", TEXT, "one of nutridiary.comparison.VERDICTS"),
        Column("reading", TEXT, "the verdict in plain words, with its figures"),
        Column("note", TEXT, "what a reader should know about this nutrient and these figures"),
    ),
)

CONTRIBUTIONS = Table(
    "contributions",
    "person x nutrient x food",
    ("person_id", "nutrient", "fdc_id"),
    (
        Column("person_id", TEXT, "as in entries"),
        Column("nutrient", TEXT, "name as in nutrients.csv"),
        Column("fdc_id", WHOLE, "the food"),
        Column("food_description", TEXT, "its name"),
        Column("entries", WHOLE, "lines it was eaten in"),
        Column("gram_weight", NUMBER, "total eaten", "g"),
        Column("amount", NUMBER, "what it gave over all days; missing where there is no value", "unit"),
        Column("unit", TEXT, "the nutrient's one unit"),
        Column("percent_of_total", NUMBER, "of the total of the nutrient, as far as it is known or filled in", "%"),
        Column("value_from", TEXT, "record and release the value comes from, as in intakes"),
        Column("filled_in", FLAG, "the value is that of a twin record, because the food's own has none"),
    ),
)

TABLES = (
    ENTRIES,
    MATCHED,
    WEIGHED,
    CANDIDATES,
    INTAKES,
    DAILY_INTAKES,
    REFERENCE_VALUES,
    DAY_COMPARISON,
    COMPARISON,
    CONTRIBUTIONS,
    ALIASES,
    REVIEW_FOODS,
    REVIEW_CHOICES,
    REVIEW_WEIGHTS,
)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return `frame` with the declared columns of `table`, in order and of the declared types.

    Columns that are declared and absent are added empty; columns that are not declared are an
    error, so that nothing travels unnoticed.

    Parameters
    ----------
    frame : pandas.DataFrame
    table : Table

    Returns
    -------
    pandas.DataFrame
        A new frame with a fresh 0..n-1 index.

    Raises
    ------
    ValueError
        If `frame` has a column that `table` does not declare.

    Examples
    --------
    >>> import pandas as pd
    >>> conform(pd.DataFrame({"line": [3], "food_text": ["milk"]}), ENTRIES).loc[0, "food_text"]
    'milk'
    """
    import pandas as pd

    unknown = [name for name in frame.columns if name not in table.names]
    if unknown:
        raise ValueError(f"table {table.name}: undeclared columns {unknown}")
    columns = {}
    for column in table.columns:
        if column.name in frame.columns:
            values = frame[column.name].reset_index(drop=True)
        else:
            empty: object = False if column.dtype == FLAG else None
            values = pd.Series([empty] * len(frame), dtype="object")
        columns[column.name] = values.astype(column.dtype)  # type: ignore[call-overload]
    return pd.DataFrame(columns)


def numbered_lines(entries: pd.DataFrame) -> pd.DataFrame:
    """Return `entries` with `line` and `part` written as one number for a reader: 14, or 14.2.

    Examples
    --------
    >>> import pandas as pd
    >>> entries = conform(pd.DataFrame({"line": [13, 14], "part": [None, 2]}), ENTRIES)
    >>> numbered_lines(entries)["line"].tolist()
    ['13', '14.2']
    """
    parts = ("." + entries["part"].astype("str")).where(entries["part"].notna(), "")
    return entries.assign(line=entries["line"].astype("str") + parts).drop(columns="part")


def describe(table: Table) -> str:
    """Return the table's meaning as text: what a row is, then a line a column.

    Examples
    --------
    >>> print(describe(CANDIDATES).splitlines()[0])
    candidates: one row is a text x candidate x kind of evidence; the contributions of a candidate add up to its score
    """
    lines = [f"{table.name}: one row is a {table.row}"]
    lines += [f"  {c.name}: {c.meaning}" + (f" [{c.unit}]" if c.unit else "") for c in table.columns]
    return "\n".join(lines)
