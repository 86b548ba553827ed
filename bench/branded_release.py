"""Writes made-up branded foods in the layout of the official download: as many as asked for, always the same.

Names are built the way the real ones are: few foods and flavours that very many products share, many brands of
which few are large, several versions of a product under one barcode, and some of the oddities of the real files
(barcodes that lost or gained zeros, units in capitals, servings in millilitres, gaps).
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NUTRIENTS = {
    1003: ("Protein", "G", "203"),
    1004: ("Total lipid (fat)", "G", "204"),
    1005: ("Carbohydrate, by difference", "G", "205"),
    1008: ("Energy", "KCAL", "208"),
    1062: ("Energy", "kJ", "268"),
    1079: ("Fiber, total dietary", "G", "291"),
    1087: ("Calcium, Ca", "MG", "301"),
    1089: ("Iron, Fe", "MG", "303"),
    1090: ("Magnesium, Mg", "MG", "304"),
    1092: ("Potassium, K", "MG", "306"),
    1093: ("Sodium, Na", "MG", "307"),
    1104: ("Vitamin A, IU", "IU", "318"),
    1110: ("Vitamin D (D2 + D3), International Units", "IU", "324"),
    1162: ("Vitamin C, total ascorbic acid", "MG", "401"),
    1253: ("Cholesterol", "MG", "601"),
    1257: ("Fatty acids, total trans", "G", "605"),
    1258: ("Fatty acids, total saturated", "G", "606"),
    2000: ("Total Sugars", "G", "269"),
    1235: ("Sugars, added", "G", "539"),
}
"""Name, unit and number of the nutrients that labels state."""
DERIVATIONS = {70: "LCCS", 71: "LCSA", 73: "LCSL", 75: "LCCD"}
"""Codes of the derivations that branded values have; 75 as in the official files."""


def _listed(text: str, by: str = ",") -> list[str]:
    return [" ".join(part.split()) for part in text.split(by)]


# The first of the foods are those of the most products.
FOODS = _listed(
    """cheddar cheese, chocolate milk, milk, potato chips, cookies, ice cream, yogurt, bread, salsa, peanut butter,
    granola bar, orange juice, tomato sauce, pasta, pizza, popcorn, crackers, candy, chocolate, cereal, almonds,
    green tea, coffee, soda, salad dressing, olive oil, chicken breast, ground beef, turkey, ham, bacon, sausage,
    hummus, tortillas, rice, beans, corn flakes, oatmeal, pancake mix, maple syrup, jam, ketchup, mustard, mayonnaise,
    soup, cream cheese, mozzarella cheese, cottage cheese, butter, eggs, apple juice, lemonade, brownies"""
)
FLAVOURS = _listed(
    """,,, chocolate, vanilla, strawberry, mild, sharp, hot, sea salt, honey, garlic, lemon, peach, cherry, blueberry,
    barbecue, ranch, cinnamon, caramel, peppermint, coconut, jalapeno"""
)
MANNERS = _listed(
    """,,,, organic, diet, low fat, fat free, reduced sodium, whole, gluten free, natural, sliced, shredded, light,
    unsweetened, family size, premium, original, classic, artisan"""
)
INGREDIENTS = _listed(
    """WATER; SUGAR; SALT; PASTEURIZED MILK; CHEESE CULTURE; ENZYMES; ENRICHED FLOUR (WHEAT FLOUR, NIACIN); PALM OIL;
    SOY LECITHIN; NATURAL FLAVOR; CITRIC ACID; CORN SYRUP; COCOA (PROCESSED WITH ALKALI)""",
    ";",
)
CATEGORIES = _listed("Cheese; Milk; Cookies & Biscuits; Ice Cream & Frozen Yogurt; Soda; Candy", ";")
_SYLLABLES = [first + vowel for first in "bcdfghjklmnprstvwz" for vowel in "aeiou"]


@dataclass
class Product:
    """One row of ``branded_food.csv`` with its row of ``food.csv`` and its values per 100 g or ml."""

    fdc_id: int
    description: str
    brand_owner: str = ""
    brand_name: str = ""
    subbrand_name: str = ""
    gtin_upc: str = ""
    serving_size: str = "30.0"
    serving_size_unit: str = "g"
    household_serving_fulltext: str = ""
    branded_food_category: str = ""
    data_source: str = "LI"
    modified_date: str = "2024-01-01"
    available_date: str = "2024-01-01"
    discontinued_date: str = ""
    publication_date: str = "2024-04-18"
    market_country: str = "United States"
    preparation_state_code: str = ""
    ingredients: str = ""
    values: Sequence[tuple[int, str, int]] = field(default_factory=list)
    """Nutrient id, amount as written, id of the derivation."""


def made_up_products(foods: int, versions: float = 4.4, seed: int = 1) -> Iterator[Product]:
    """Return `foods` records, in the order of their ids, of about `foods` / `versions` products."""
    chance = random.Random(seed)
    brands = _brands(chance, max(20, min(40_000, foods // 40)))
    products = max(1, round(foods / versions))
    for number in range(foods):
        which = number if number < products else chance.randrange(products)
        yield _product(number, which, number // products, random.Random(seed * 7919 + which), chance, brands)


def _brands(chance: random.Random, many: int) -> list[tuple[str, str]]:
    def word() -> str:
        return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3)))).capitalize()

    ends = ["Foods, Inc.", "LLC", "Company", "Brands", "Farms, Inc.", "Markets, Inc.", "Corporation"]
    return [(f"{word()} {chance.choice(ends)}", f"{word()} {word()}".upper()) for _ in range(many)]


def _product(
    number: int, which: int, version: int, own: random.Random, chance: random.Random, brands: list[tuple[str, str]]
) -> Product:
    # Few brands have most products; the square of an even draw is a plain way to that.
    owner, brand = brands[int(own.random() ** 3 * len(brands))]
    words = [own.choice(MANNERS), own.choice(FLAVOURS)]
    words.append(own.choice(FOODS[: 1 + int(own.random() ** 1.5 * len(FOODS))]))
    if own.random() < 0.3:
        words.append("".join(own.choices(_SYLLABLES, k=3)))
    drink = words[2].endswith(("milk", "juice", "soda", "tea", "lemonade"))
    gtin = f"{own.randrange(10**11):011d}{own.randrange(10)}"
    year, month = 2017 + version % 8, 1 + which % 12
    return Product(
        fdc_id=344_604 + number + number // 7,
        description=", ".join(word for word in words if word).upper(),
        brand_owner=owner,
        brand_name=brand if own.random() < 0.8 else "",
        subbrand_name=brand.split()[0] if own.random() < 0.05 else "",
        gtin_upc=gtin.lstrip("0") if which % 9 == 0 else f"00{gtin}" if which % 11 == 0 else gtin,
        serving_size=str(own.choice((28.0, 30.0, 55.0, 100.0, 240.0, 15.0, 113.0))),
        serving_size_unit=own.choice(("ml", "MLT")) if drink else own.choice(("g", "g", "g", "GRM")),
        household_serving_fulltext=own.choice(("1 cup", "1 ONZ", "2 cookies", "0.25 cup", "1 bottle (240 ml)", "")),
        branded_food_category=own.choice(CATEGORIES),
        data_source=own.choice(("LI", "GDSN")),
        modified_date=f"{year}-{month:02d}-{1 + number % 28:02d}",
        available_date=f"{year}-{month:02d}-{1 + number % 28:02d}",
        publication_date=f"{year}-{month:02d}-28",
        market_country="New Zealand" if which % 40 == 0 else "United States",
        ingredients=",".join(own.choices(INGREDIENTS, k=own.randrange(4, 28))),
        values=[
            (nutrient_id, f"{chance.random() * 60:.{chance.choice((0, 1, 2, 2))}f}", chance.choice((70, 70, 71, 75)))
            for nutrient_id in own.sample(_OF_A_LABEL, 14)
        ],
    )


_OF_A_LABEL = [nutrient_id for nutrient_id in NUTRIENTS if nutrient_id != 1062]
FOOD = ["fdc_id", "data_type", "description", "food_category_id", "publication_date"]
BRANDED = ["fdc_id", "brand_owner", "brand_name", "subbrand_name", "gtin_upc", "ingredients"]
BRANDED += ["not_a_significant_source_of", "serving_size", "serving_size_unit", "household_serving_fulltext"]
BRANDED += ["branded_food_category", "data_source", "package_weight", "modified_date", "available_date"]
BRANDED += ["market_country", "discontinued_date", "preparation_state_code", "trade_channel", "short_description"]
VALUE = ["id", "fdc_id", "nutrient_id", "amount", "data_points", "derivation_id", "min", "max", "median", "loq"]
VALUE += ["footnote", "min_year_acquired", "percent_daily_value"]


def write_csv(path: Path, products: Iterator[Product] | Sequence[Product], *, shuffled: bool = False) -> Path:
    """Write a zip of the official csv tables at `path` (``FoodData_Central_branded_food_csv_<date>.zip``)."""
    folder = path.stem
    parts = {name: path.with_name(f"{path.stem}.{name}.part") for name in ("food", "branded_food", "food_nutrient")}
    counts = dict.fromkeys(parts, 0)
    with ExitStack() as opened:
        streams = [opened.enter_context(part.open("w", encoding="utf-8", newline="")) for part in parts.values()]
        _write_tables(*streams, products, counts)
    if shuffled:
        header, *rows = parts["food_nutrient"].read_text("utf-8").splitlines(keepends=True)
        random.Random(3).shuffle(rows)
        parts["food_nutrient"].write_text(header + "".join(rows), "utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.write(part, f"{folder}/{name}.csv")
            part.unlink()
        archive.writestr(f"{folder}/nutrient.csv", _nutrient_table())
        stated = [["Table", "Number of Records"], *([name, count] for name, count in counts.items())]
        archive.writestr(f"{folder}/all_downloaded_table_record_counts.csv", _csv(stated))
    return path


def _write_tables(
    food: io.TextIOBase, branded: io.TextIOBase, values: io.TextIOBase, products: Any, counts: dict[str, int]
) -> None:
    foods, labels = (csv.writer(stream, quoting=csv.QUOTE_ALL) for stream in (food, branded))
    foods.writerow(FOOD)
    labels.writerow(BRANDED)
    values.write(",".join(f'"{name}"' for name in VALUE) + "\n")
    for product in products:
        row = {**product.__dict__, "data_type": "branded_food"}
        foods.writerow([row.get(name, "") for name in FOOD])
        labels.writerow([row.get(name, "") for name in BRANDED])
        counts["food"] += 1
        counts["branded_food"] += 1
        for nutrient_id, amount, derivation in product.values:
            counts["food_nutrient"] += 1
            number = 13_000_000 + counts["food_nutrient"]
            values.write(
                f'"{number}","{product.fdc_id}","{nutrient_id}","{amount}","","{derivation}","","","","","","",""\n'
            )


def _nutrient_table() -> str:
    rows = [["id", "name", "unit_name", "nutrient_nbr", "rank"]]
    return _csv(rows + [[nutrient, name, unit, number, ""] for nutrient, (name, unit, number) in NUTRIENTS.items()])


def _csv(rows: list[list[Any]]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    return written.getvalue()


def write_json(path: Path, products: Iterator[Product] | Sequence[Product]) -> Path:
    """Write a zip with the official JSON file at `path` (``FoodData_Central_branded_food_json_<date>.zip``)."""
    with ExitStack() as opened:
        archive = opened.enter_context(zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1))
        stream = opened.enter_context(archive.open(f"{path.stem}.json", "w", force_zip64=True))
        stream.write(b'{"BrandedFoods": [\n')
        for number, product in enumerate(products):
            stream.write(b",\n" * bool(number) + json.dumps(answer(product)).encode())
        stream.write(b"\n]}\n")
    return path


def answer(product: Product) -> dict[str, Any]:
    """Return a product as the official JSON, and the API's full answer, word it."""
    plain = {
        "foodClass": "Branded",
        "description": product.description,
        "dataType": "Branded",
        "fdcId": product.fdc_id,
        "brandOwner": product.brand_owner,
        "brandName": product.brand_name,
        "subbrandName": product.subbrand_name,
        "gtinUpc": product.gtin_upc,
        "servingSize": float(product.serving_size) if product.serving_size else None,
        "servingSizeUnit": product.serving_size_unit,
        "householdServingFullText": product.household_serving_fulltext,
        "brandedFoodCategory": product.branded_food_category,
        "dataSource": product.data_source,
        "modifiedDate": _american(product.modified_date),
        "availableDate": _american(product.available_date),
        "discontinuedDate": _american(product.discontinued_date),
        "publicationDate": _american(product.publication_date),
        "marketCountry": product.market_country,
        "preparationStateCode": product.preparation_state_code,
        "ingredients": product.ingredients,
    }
    return {
        **{name: value for name, value in plain.items() if value not in ("", None) or name == "description"},
        "foodNutrients": [_value(*value) for value in product.values],
        "foodUpdateLog": [],
    }


def _value(nutrient_id: int, amount: str, derivation: int) -> dict[str, Any]:
    name, unit, number = NUTRIENTS[nutrient_id]
    source = {"id": 9, "code": "12", "description": "Manufacturer's analytical; partial documentation"}
    code = {"id": derivation, "code": DERIVATIONS[derivation], "description": "", "foodNutrientSource": source}
    return {
        "type": "FoodNutrient",
        "nutrient": {"id": nutrient_id, "number": number, "name": name, "rank": 600, "unitName": unit.lower()},
        "foodNutrientDerivation": code,
        "amount": float(amount),
    }


def _american(day: str) -> str:
    return f"{int(day[5:7])}/{int(day[8:10])}/{day[:4]}" if day else ""
