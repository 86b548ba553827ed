"""Every table that passes between two steps: its columns, their types, units and meaning.

A step takes tables and returns a table. It reads no file, prints nothing and changes no
argument. `conform` gives a frame the declared columns, order and types, so that a step can
rely on what it is handed; `describe` prints a table's meaning for a reader.
"""

from __future__ import annotations

from nutridiary.tables.corrections import ALIASES, CANDIDATES, REVIEW_CHOICES, REVIEW_FOODS, REVIEW_WEIGHTS
from nutridiary.tables.diary import (
    FILES_READ,
    LEFT_ASIDE,
    NOT_FOOD_DAYS,
    OWN_FOODS,
    RECIPE_LINES,
    SUPPLEMENT_DOSES,
    SUPPLEMENT_PRODUCTS,
    SYMPTOMS,
)
from nutridiary.tables.entries import ENTRIES, MATCHED, NOT_EATEN, OF_BOTH, OF_FOODS, OF_SUPPLEMENTS, WEIGHED
from nutridiary.tables.nutrition import (
    COMPARISON,
    CONTRIBUTIONS,
    DAILY_INTAKES,
    DAY_COMPARISON,
    INTAKES,
    RECORDED_DIFFERENCES,
    REFERENCE_VALUES,
)
from nutridiary.tables.table import (
    DAY,
    FLAG,
    NUMBER,
    RECORDED,
    TEXT,
    WHOLE,
    Column,
    Table,
    conform,
    describe,
    numbered_lines,
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
    RECORDED_DIFFERENCES,
    ALIASES,
    REVIEW_FOODS,
    REVIEW_CHOICES,
    REVIEW_WEIGHTS,
    FILES_READ,
    LEFT_ASIDE,
    SUPPLEMENT_PRODUCTS,
    SUPPLEMENT_DOSES,
    RECIPE_LINES,
    OWN_FOODS,
    SYMPTOMS,
    NOT_FOOD_DAYS,
)

__all__ = [
    "ALIASES",
    "CANDIDATES",
    "COMPARISON",
    "CONTRIBUTIONS",
    "DAILY_INTAKES",
    "DAY",
    "DAY_COMPARISON",
    "ENTRIES",
    "FILES_READ",
    "FLAG",
    "INTAKES",
    "LEFT_ASIDE",
    "MATCHED",
    "NOT_EATEN",
    "NOT_FOOD_DAYS",
    "NUMBER",
    "OF_BOTH",
    "OF_FOODS",
    "OF_SUPPLEMENTS",
    "OWN_FOODS",
    "RECIPE_LINES",
    "RECORDED",
    "RECORDED_DIFFERENCES",
    "REFERENCE_VALUES",
    "REVIEW_CHOICES",
    "REVIEW_FOODS",
    "REVIEW_WEIGHTS",
    "SUPPLEMENT_DOSES",
    "SUPPLEMENT_PRODUCTS",
    "SYMPTOMS",
    "TABLES",
    "TEXT",
    "WEIGHED",
    "WHOLE",
    "Column",
    "Table",
    "conform",
    "describe",
    "numbered_lines",
]
