"""The product that was found for a line by its barcode or brand, before its words were looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nutridiary.barcodes import read_barcode, shown

if TYPE_CHECKING:
    import pandas as pd


class FoundProduct(NamedTuple):
    """What `nutridiary.brands` wrote beside a line; `barcode` as it is printed, empty where it is none."""

    barcode: str = ""
    product_id: int = 0
    by: str = ""
    score: float = 0.0


def found_products(entries: pd.DataFrame) -> list[FoundProduct]:
    """Return what was found for each row of `tables.ENTRIES`."""
    nothing = FoundProduct()
    if entries[["barcode", "product_id"]].isna().all(axis=None):
        return [nothing] * len(entries)
    columns = entries[["barcode", "product_id", "product_by", "product_score"]]
    filled = columns.fillna({"barcode": "", "product_id": 0, "product_by": "", "product_score": 0.0})
    return [
        FoundProduct(_printed(barcode), int(product_id), by, float(score))
        for barcode, product_id, by, score in filled.itertuples(index=False, name=None)
    ]


def _printed(barcode: str) -> str:
    gtin = read_barcode(barcode).gtin if barcode else None
    return "" if gtin is None else shown(gtin)
