"""What lines with a barcode or a brand were found to be."""

from __future__ import annotations

from nutridiary.tables.table import NUMBER, TEXT, WHOLE, Column, Table

PRODUCTS = Table(
    "products",
    "line with a barcode or brand that was looked up",
    ("source", "line", "part"),
    (
        Column("source", TEXT, "as in entries"),
        Column("line", WHOLE, "as in entries"),
        Column("part", WHOLE, "as in entries"),
        Column("barcode", TEXT, "the number looked up, with the zeros it is printed with; empty for a brand"),
        Column("product_by", TEXT, "what the product was found by: barcode, or brand; empty where none was found"),
        Column("product_id", WHOLE, "record of the product"),
        Column("product_score", NUMBER, "how sure it is that this product is meant, 0 to 1"),
        Column("product", TEXT, "the product's name"),
        Column("brand", TEXT, "its brand, as the record has it"),
        Column("release", TEXT, "where it was found"),
        Column("note", TEXT, "what is said on the line: where it was found, or where it was not and why"),
    ),
)
