"""What a database of branded foods holds; ``docs/data.md`` explains it with examples."""

from __future__ import annotations

from dataclasses import dataclass, fields

from nutridiary.fdc.store import Store

DATA_TYPE = "branded_food"
PAGE_BYTES = 8192

TABLES = """
CREATE TABLE release (release TEXT NOT NULL, version TEXT, published TEXT, licence TEXT, source TEXT);
CREATE TABLE release_file (file TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE text (text_id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE food (place INTEGER PRIMARY KEY, fdc_id INTEGER NOT NULL, gtin, description TEXT NOT NULL,
    brand_owner INTEGER, brand_name INTEGER, subbrand_name INTEGER, category INTEGER, serving_size REAL,
    serving_unit INTEGER, household INTEGER, published INTEGER, modified INTEGER, available INTEGER,
    discontinued INTEGER, market INTEGER, data_source INTEGER, preparation INTEGER, versions INTEGER NOT NULL);
CREATE TABLE kind (kind INTEGER PRIMARY KEY, fdc_nutrient_id INTEGER NOT NULL, unit TEXT NOT NULL,
    derivation_code TEXT, source_code INTEGER);
CREATE TABLE composition (fdc_id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE word (word TEXT PRIMARY KEY, products INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE misspelt (form TEXT, word TEXT, PRIMARY KEY (form, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE product_index USING fts5(name, brand, content='', detail=column, columnsize=0, tokenize='ascii');
"""
INDEXES = """
CREATE UNIQUE INDEX food_by_id ON food (fdc_id);
CREATE INDEX food_by_gtin ON food (gtin) WHERE gtin IS NOT NULL;
INSERT INTO product_index (product_index) VALUES ('optimize');
"""
TEXTS = (
    *("brand_owner", "brand_name", "subbrand_name", "category", "serving_unit", "household"),
    *("market", "data_source", "preparation"),
)
"""Columns of ``food`` that hold the number of a row of ``text``: few texts, each said by many foods."""
ON_LABEL = "on the label of a serving"
"""Stands in place of a kind's unit where an amount is that of a serving, and nothing else is known of the nutrient."""
NAMELESS = "(no name)"
"""What a food without any description is called."""
BRAND_WORDS = " || ' ' || ".join(
    f"coalesce((SELECT text FROM text WHERE text_id = food.{name}), '')"  # noqa: S608 -- ours
    for name in ("brand_owner", "brand_name", "subbrand_name")
)
"""What a row of ``food`` says of its brand, in SQL."""
DAYS = ("published", "modified", "available", "discontinued")
"""Columns of ``food`` that hold days, as whole numbers: 20260430."""


@dataclass(frozen=True)
class BrandedCounts:
    """How much a database of branded foods holds, and what of its source it does not.

    Attributes
    ----------
    foods, products, values : int
        Records; products, which are the numbers below the bars and the records that have none; nutrient values.
    foods_without_values : int
        Records that have no value at all.
    foods_without_label : int
        Foods of ``food.csv`` that are branded and have no row in ``branded_food.csv``: left out.
    values_of_unknown_foods, values_without_amount : int
        Values of foods that the release does not list; rows without a number: left out.
    values_of_unclear_nutrients : int
        Values whose nutrient has no id, or the id of one and the number of another: left out.
    contradicting_values : int
        Values of one nutrient that a food has twice, with different amounts: both are kept as they are, and who
        reads the food is told that the nutrient is unknown, since nobody says which is right.
    repeated_values : int
        Values that a food has twice with the same amount: kept once.
    """

    foods: int
    products: int
    values: int
    foods_without_values: int = 0
    foods_without_label: int = 0
    values_of_unknown_foods: int = 0
    values_without_amount: int = 0
    values_of_unclear_nutrients: int = 0
    contradicting_values: int = 0
    repeated_values: int = 0

    def notes(self) -> list[str]:
        """Return what should be known of the source, a sentence each; empty where all of it is here.

        Examples
        --------
        >>> BrandedCounts(foods=3, products=2, values=9, contradicting_values=2).notes()
        ['2 values that contradict another of the same food and nutrient: unknown']
        """
        words = {
            "foods_without_values": "foods without any nutrient value",
            "foods_without_label": "branded foods of food.csv without a row in branded_food.csv: left out",
            "values_of_unknown_foods": "values of foods that the release does not list: left out",
            "values_without_amount": "values without a number: left out",
            "values_of_unclear_nutrients": "values of which it is unclear what nutrient they are of: left out",
            "contradicting_values": "values that contradict another of the same food and nutrient: unknown",
            "repeated_values": "values that stand there twice: kept once",
        }
        return [f"{number:,} {said}" for name, said in words.items() if (number := getattr(self, name))]

    @classmethod
    def names(cls) -> list[str]:
        """Return what is counted."""
        return [each.name for each in fields(cls)]


class BrandedStore(Store):
    """One database of branded foods, opened read-only. Threads may share it; pickled, it is opened again."""

    application_id = 0x4E444252  # "NDBR"
    schema_version = 1
    kind = "database of branded foods"
    example = "branded.sqlite"
    remedy = "Build it again: nutridiary fdc update --branded"
