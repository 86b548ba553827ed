"""A small shelf of made-up products, as the branded database on this machine would give them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.fdc.answers import foods_from_answers
from nutridiary.fdc.tables import FoodTables
from official_layout import BrandedProduct, write_csv_release

RELEASE_DAY = dt.date(2026, 4, 30)
# FoodData Central's ids and units of what a US label states.
LABEL = {
    "energy": (1008, "kcal"),
    "protein": (1003, "g"),
    "fat": (1004, "g"),
    "carbohydrate": (1005, "g"),
    "sugars": (2000, "g"),
    "sodium": (1093, "mg"),
    "calcium": (1087, "mg"),
}


@dataclass(frozen=True)
class Made:
    """A made-up product; its values are per 100 of `unit`."""

    fdc_id: int
    gtin: str
    name: str
    brand: str
    values: dict[str, float] = field(default_factory=dict)
    owner: str = ""
    category: str = ""
    unit: str = "g"
    serving: float = 30.0
    modified: str = "2024-01-01"

    @property
    def answer(self) -> dict[str, Any]:
        """The product as FoodData Central's API words it in full."""
        return {
            "fdcId": self.fdc_id,
            "dataType": "Branded",
            "description": self.name,
            "gtinUpc": self.gtin,
            "brandName": self.brand or None,
            "brandOwner": self.owner or f"{self.brand} Inc.",
            "brandedFoodCategory": self.category or None,
            "servingSize": self.serving,
            "servingSizeUnit": self.unit,
            "modifiedDate": self.modified,
            "foodNutrients": [
                {
                    "nutrient": {"id": LABEL[name][0], "unitName": LABEL[name][1], "name": name},
                    "amount": amount,
                }
                for name, amount in self.values.items()
            ],
        }


def plain(energy: float, protein: float, fat: float, carbohydrate: float, sugars: float = 0.0) -> dict[str, float]:
    """What a label states, in the order of its figures."""
    return {"energy": energy, "protein": protein, "fat": fat, "carbohydrate": carbohydrate, "sugars": sugars}


PRODUCTS = (
    Made(9000001, "4006381333931", "CRISPBREAD, WHOLE GRAIN RYE", "WASA", plain(360, 9, 1.5, 74, 1)),
    Made(9000002, "049000006346", "COLA", "COCA-COLA", plain(42, 0, 0, 10.6, 10.6), category="Soda", unit="ml"),
    Made(9000003, "049000042566", "COLA, ZERO SUGAR", "COCA-COLA", plain(0, 0, 0, 0), category="Soda", unit="ml"),
    Made(9000004, "051000012517", "TOMATO SOUP, CONDENSED", "CAMPBELL'S", plain(73, 1.6, 0.0, 16.5, 9)),
    Made(9000005, "818290011534", "GREEK YOGURT, STRAWBERRY ON THE BOTTOM", "CHOBANI", plain(80, 7.5, 1.7, 9.5, 9)),
    Made(9000006, "818290010131", "GREEK YOGURT, PEACH ON THE BOTTOM", "CHOBANI", plain(80, 7.5, 1.7, 9.0, 8.5)),
    Made(9000007, "818290010001", "GREEK YOGURT, WHOLE MILK, PLAIN", "CHOBANI", plain(97, 9.0, 5.0, 4.0, 4)),
    Made(9000008, "818290019999", "GREEK YOGURT, NONFAT, PLAIN", "CHOBANI", plain(59, 10.3, 0.4, 3.6, 3.2)),
    # Two labels of one product.
    Made(9000009, "016000275287", "OAT CEREAL", "CHEERIOS", plain(371, 12.6, 6.4, 73.2, 4.3), modified="2019-05-01"),
    Made(9000010, "016000275287", "OAT CEREAL", "CHEERIOS", plain(375, 13.0, 6.6, 73.0, 4.4), modified="2025-06-01"),
    # A label that cannot be: its parts weigh more than it does.
    Made(9000011, "5000159484695", "CHOCOLATE BAR", "DOUBTFUL", plain(480, 60, 60, 60, 60)),
    Made(9000012, "5012345678900", "MYSTERY SNACK", "SILENT", {"protein": 4.0}),
)


class Shelf:
    """What `nutridiary.fdc.branded.BrandedDatabase` answers, of a few products; it counts what it is asked."""

    release = "Branded Foods 2026-04-30"

    def __init__(self, products: Iterable[Made] = PRODUCTS) -> None:
        self.products = {product.fdc_id: product for product in products}
        self.asked: list[str] = []

    def by_barcode(self, gtins: Iterable[int]) -> pd.DataFrame:
        wanted = set(gtins)
        self.asked.append("by_barcode")
        found = [product for product in self.products.values() if int(product.gtin) in wanted]
        return self._rows(sorted(found, key=lambda product: product.modified, reverse=True))

    def search(self, text: str, *, brand: str = "", limit: int = 20) -> pd.DataFrame:
        words = set(f"{text} {brand}".casefold().split())
        self.asked.append("search")

        def likeness(product: Made) -> int:
            return -len(words & set(f"{product.name} {product.brand}".casefold().replace(",", " ").split()))

        newest = {product.gtin: product for product in self.products.values()}
        return self._rows([each for each in sorted(newest.values(), key=likeness) if likeness(each)][:limit])

    def tables(self, fdc_ids: Iterable[int]) -> FoodTables:
        return foods_from_answers([self.products[int(each)].answer for each in fdc_ids], fetched=RELEASE_DAY)

    def _rows(self, products: list[Made]) -> pd.DataFrame:
        rows = [
            {
                "fdc_id": product.fdc_id,
                "gtin": int(product.gtin),
                "description": product.name,
                "brand_name": product.brand,
                "subbrand_name": None,
                "brand_owner": product.owner or f"{product.brand} Inc.",
                "category": product.category or None,
                "modified": product.modified,
                "available": None,
                "published": None,
                "versions": sum(other.gtin == product.gtin for other in self.products.values()),
            }
            for product in products
        ]
        columns = ["fdc_id", "gtin", "description", "brand_name", "subbrand_name", "brand_owner", "category"]
        return pd.DataFrame(rows, columns=[*columns, "modified", "available", "published", "versions"])


def official(product: Made) -> BrandedProduct:
    """A product as a row of ``branded_food.csv``."""
    return BrandedProduct(
        fdc_id=product.fdc_id,
        description=product.name,
        values={LABEL[name][0]: amount for name, amount in product.values.items()},
        brand_owner=product.owner or f"{product.brand} Inc.",
        brand_name=product.brand,
        gtin_upc=product.gtin,
        serving_size=product.serving,
        serving_size_unit=product.unit,
        branded_food_category=product.category,
        modified_date=product.modified,
    )


def install(data_folder: Path, products: Iterable[Made] = PRODUCTS) -> Path:
    """Install the shipped foods with these products as the release in use; return the database of the products."""
    from nutridiary.fdc.branded.build import build_branded

    release = data_folder / "fdc" / "releases" / "with-products"
    release.mkdir(parents=True)
    shutil.copy(data_file("fdc", "foods.sqlite"), release / "foods.sqlite")
    shutil.copy(data_file("matching_index.npz"), release / "matching_index.npz")
    source = write_csv_release(data_folder / "official", None, branded=[official(product) for product in products])
    build_branded(source, release / "branded.sqlite")
    manifest = {
        "format": 1,
        "name": release.name,
        "made": RELEASE_DAY.isoformat(),
        "nutridiary": "made up",
        "schema": 2,
        "identity": "made up",
        "releases": [],
        "files": [],
        "databases": {
            path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in sorted(release.iterdir())
        },
    }
    (release / "release.json").write_text(json.dumps(manifest))
    (data_folder / "fdc" / "in_use").write_text("with-products\n")
    return release / "branded.sqlite"
