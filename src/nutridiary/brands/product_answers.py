"""Reads products as Open Food Facts words them, into the tables of food data.

The layout is that of its API, version 2: https://openfoodfacts.github.io/openfoodfacts-server/api/ref-v2/ . What a
label states is taken as it was entered; what Open Food Facts worked out or estimated is not. Values named ``_100g`` are
grams (kcal, kJ for energy) in 100 g or 100 ml, vitamins too; which of the two, other fields say.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.data_files import data_file
from nutridiary.fdc.product_ids import OPEN_FOOD_FACTS, open_food_facts_id
from nutridiary.fdc.tables import BY_VOLUME

if TYPE_CHECKING:
    from nutridiary.fdc.tables import FoodTables

FIELDS = (
    *("code", "product_name", "product_name_en", "generic_name", "brands", "quantity", "countries_tags"),
    *("product_quantity", "product_quantity_unit", "serving_size", "serving_quantity", "serving_quantity_unit"),
    *("nutrition_data_per", "no_nutrition_data", "nutriments", "states_tags"),
)
"""What is asked for of a product: nothing that was estimated."""
LICENCE = "ODbL 1.0"
ATTRIBUTION = (
    "Contains information from Open Food Facts, made available under the Open Database License (ODbL) 1.0; "
    "entered by volunteers from labels"
)
SOURCE = "https://world.openfoodfacts.org"
# Regulation (EU) 1169/2011, annex I, point 11: salt is sodium times 2.5.
SALT_PER_SODIUM = 2.5
# The thermochemical calorie, as Regulation (EU) 1169/2011 rounds it: labels state both figures, each rounded.
_KJ_PER_KCAL = 4.184
_ENERGY_MAY_DIFFER = 0.1
_SALT_MAY_DIFFER = 0.05
_MOST_GRAMS = 100.0
_LONGEST_NAME = 300  # characters
_AMERICAN = frozenset({"en:united-states", "en:canada"})
_INCOMPLETE = "en:nutrition-facts-to-be-completed"
# Units in which a value may have been entered; of others (% of a daily value, IU) Open Food Facts chose a factor.
_UNITS = frozenset({"", "g", "mg", "mcg", "µg", "μg", "kj", "kcal"})
_IU_IS_A_MASS = frozenset({"vitamin-d"})
_NOT_EXACT = frozenset({"<", ">", "≤", "≥", "<=", ">=", "-"})
_WORKED_OUT_OF = {"salt": "sodium", "sodium": "salt", "energy-kcal": "energy-kj", "energy-kj": "energy-kcal"}
_QUANTITY = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)\s*(g|ml|cl|dl|l)\b", re.IGNORECASE)
_TO_ML = {"ml": 1.0, "cl": 10.0, "dl": 100.0, "l": 1000.0}


class AnswerError(ValueError):
    """An answer that is not in the layout of Open Food Facts."""


@dataclass(frozen=True)
class Product:
    """What an answer says of a product.

    Attributes
    ----------
    gtin : int
    name, brand : str
    basis : str
        `BY_VOLUME`, or empty for per 100 g.
    values : mapping of str to float
        By nutrient, per 100 g or 100 ml. [the nutrient's unit]
    portions : sequence of (float, str, float)
        Amount, words, and the weight or volume of both. [g or ml, as `basis`]
    notes : tuple of str
        What should be known of it.
    """

    gtin: int
    name: str
    brand: str
    basis: str
    values: Mapping[str, float]
    portions: Sequence[tuple[float, str, float]]
    notes: tuple[str, ...] = ()


def read_product(answer: object, gtin: int) -> Product | None:
    """Return what an answer says of the product that was asked for; None where it says there is none.

    Parameters
    ----------
    answer : object
        As decoded from JSON.
    gtin : int

    Raises
    ------
    AnswerError
        If it is in another layout, or of another product.
    """
    if not isinstance(answer, Mapping):
        raise AnswerError("the answer is no object")
    product, status = answer.get("product"), answer.get("status")
    if not product and status in (0, "failure"):
        return None
    if not isinstance(product, Mapping):
        raise AnswerError("the answer holds no product")
    code = str(product.get("code") or answer.get("code") or "")
    if not (code.isascii() and code.isdigit() and int(code) == gtin):
        raise AnswerError("the answer is about another product")
    notes: list[str] = []
    unit, why = _basis_unit(product)
    values = {} if unit is None else _values(product, notes)
    if unit is None:
        notes.append(f"{why}: its values are left out")
    elif not values:
        notes.append("it states no nutrients")
    elif _INCOMPLETE in _texts(product.get("states_tags")):
        notes.append("its nutrition facts are marked as not complete")
    return Product(
        gtin=gtin,
        name=_name(product),
        brand=_text(product.get("brands")).split(",")[0].strip(),
        basis=BY_VOLUME if unit == "ml" else "",
        values=values,
        portions=_portions(product, unit),
        notes=tuple(notes),
    )


def product_release(day: str) -> str:
    """Return what products fetched on a day are called together, as a release.

    Examples
    --------
    >>> product_release("2026-11-22")
    'Open Food Facts 2026-11-22'
    """
    return f"Open Food Facts {day}"


def tables_of_products(products: Sequence[tuple[Product, str]]) -> FoodTables:
    """Return products, each with the day it was fetched, as food data: data type ``open_food_facts``."""
    import pandas as pd

    from nutridiary.fdc.portion_words import portion_text
    from nutridiary.fdc.tables import FoodTables, shaped
    from nutridiary.nutrients import load_nutrients

    nutrients = load_nutrients()
    foods, aliases, values, portions = [], [], [], []
    for product, day in products:
        food_id, release = open_food_facts_id(product.gtin), product_release(day)
        foods.append(
            {
                "fdc_id": food_id,
                "description": product.name,
                "data_type": OPEN_FOOD_FACTS,
                "release": release,
                "basis": product.basis or None,
            }
        )
        if product.brand:
            aliases.append({"fdc_id": food_id, "seq": 1, "alias": f"{product.brand} {product.name}"})
        for nutrient, amount in product.values.items():
            fdc_nutrient_id, unit = nutrients.loc[nutrient, ["fdc_nutrient_id", "unit"]]
            values.append(
                {
                    "fdc_id": food_id,
                    "fdc_nutrient_id": int(str(fdc_nutrient_id)),
                    "amount": amount,
                    "unit": str(unit),
                    "release": release,
                }
            )
        for seq, (amount, words, weight) in enumerate(product.portions, 1):
            portions.append(
                {
                    "fdc_id": food_id,
                    "seq": seq,
                    "amount": amount,
                    "description": words,
                    "gram_weight": weight,
                    "text": portion_text(amount, words),
                    "is_quantity_not_specified": False,
                }
            )
    days = sorted({day for _, day in products})
    releases = pd.DataFrame(
        [
            {
                "release": product_release(day),
                "data_type": OPEN_FOOD_FACTS,
                "published": day,
                "foods": sum(each == day for _, each in products),
                "licence": LICENCE,
                "source": SOURCE,
                "version": day,
                "note": ATTRIBUTION,
            }
            for day in days
        ]
    )
    return FoodTables(
        releases=shaped("releases", releases),
        files=shaped("files"),
        foods=shaped("foods", pd.DataFrame(foods)),
        aliases=shaped("aliases", pd.DataFrame(aliases)),
        values=shaped("values", pd.DataFrame(values)),
        portions=shaped("portions", pd.DataFrame(portions)),
        ingredients=shaped("ingredients"),
    )


def _name(product: Mapping[str, Any]) -> str:
    for field in ("product_name", "product_name_en", "generic_name"):
        if name := _text(product.get(field)):
            return name
    return f"product {product.get('code')} without a name"


def _basis_unit(product: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return whether 100 are g or ml; None, and why, where nobody says or two fields contradict each other.

    ``100g`` stands in ``nutrition_data_per`` of drinks too, whose labels are per 100 ml; what the package and the
    serving are measured in tells them apart.
    """
    if _text(product.get("no_nutrition_data")) == "on":
        return None, "its label states no nutrients"
    per = _text(product.get("nutrition_data_per")).casefold().replace(" ", "")
    serving, package = _unit_of(product, "serving"), _unit_of(product, "product")
    if per == "serving":
        return serving, "it states nutrients per serving, and not what a serving weighs"
    if per not in ("100g", "100ml", ""):
        return None, "it does not say what its nutrients are in"
    units = {unit for unit in (serving, package, "ml" if per == "100ml" else None) if unit}
    if len(units) > 1:
        return None, "it is measured in g and in ml, and does not say which its nutrients are in 100 of"
    if units:
        return units.pop(), ""
    return ("g", "") if per == "100g" else (None, "it does not say what its nutrients are in")


def _unit_of(product: Mapping[str, Any], what: str) -> str | None:
    """Return whether the serving or the package is measured in g or ml."""
    stated = _text(product.get(f"{what}_quantity_unit")).casefold()
    if stated in ("g", "ml"):
        return stated
    written = _QUANTITY.search(_text(product.get("serving_size" if what == "serving" else "quantity")))
    return None if written is None else "g" if written[2].casefold() == "g" else "ml"


def _portions(product: Mapping[str, Any], unit: str | None) -> list[tuple[float, str, float]]:
    """Return the serving, in the label's words too, and the package, as far as they are in the unit of the values."""
    from nutridiary.fdc.portion_words import split_portion

    found = []
    if unit is not None and (size := _size(product, "serving", unit)):
        found.append((1.0, "serving", size))
        words = _QUANTITY.sub("", _text(product.get("serving_size"))).strip(" ()[],;=-~")
        if re.search(r"[^\W\d]{3}", words) and len(words) <= _LONGEST_NAME:
            amount, named = split_portion(words)
            found.append((amount, named, size))
    if unit is not None and (size := _size(product, "product", unit)):
        found.append((1.0, "package", size))
    return found


def _size(product: Mapping[str, Any], what: str, unit: str) -> float | None:
    if _unit_of(product, what) != unit:
        return None
    size = _number(product.get(f"{what}_quantity"))
    if size is None:
        written = _QUANTITY.search(_text(product.get("serving_size" if what == "serving" else "quantity")))
        if written is None:
            return None
        size = float(written[1].replace(",", ".")) * _TO_ML.get(written[2].casefold(), 1.0)
    return size if size > 0 else None


def _values(product: Mapping[str, Any], notes: list[str]) -> dict[str, float]:
    """Return the values of a product that can be used, by nutrient, each in the nutrient's unit."""
    nutriments = product.get("nutriments") or {}
    if not isinstance(nutriments, Mapping):
        raise AnswerError("its nutriments are no object")
    stated: dict[str, float] = {}
    not_exact: list[str] = []
    for name in known_nutriments():
        amount = _number(nutriments.get(f"{name}_100g"))
        if amount is None or amount < 0:
            continue
        unit = _text(nutriments.get(f"{name}_unit")).casefold()
        if unit not in _UNITS and not (unit == "iu" and name in _IU_IS_A_MASS):
            continue
        if _text(nutriments.get(f"{name}_modifier")) in _NOT_EXACT:
            not_exact.append(name)
            continue
        stated[name] = amount
    for name in not_exact:  # of salt and sodium, of kcal and kJ one is worked out from the other
        stated.pop(_WORKED_OUT_OF.get(name, ""), None)
    if not_exact:
        notes.append(f"stated as a limit, not as an amount, and left out: {', '.join(not_exact)}")
    found = _energy(stated, notes) | _sodium(stated, notes) | _carbohydrate(stated, product)
    told_apart = ("energy", "sodium", "carbohydrate")
    for name, amount in stated.items():
        nutrient, _ = known_nutriments()[name]
        if nutrient not in told_apart and amount <= _MOST_GRAMS:
            found[nutrient] = _in_own_unit(amount, nutrient)
    if any(amount > _MOST_GRAMS for name, amount in stated.items() if known_nutriments()[name][1] == "g"):
        notes.append("values of more than 100 g in 100 are left out")
    return found


def _energy(stated: Mapping[str, float], notes: list[str]) -> dict[str, float]:
    kcal, kj = stated.get("energy-kcal"), stated.get("energy-kj")
    if kcal is None:
        return {} if kj is None else {"energy": _rounded(kj / _KJ_PER_KCAL)}
    if kj is not None and abs(kcal * _KJ_PER_KCAL - kj) > max(_ENERGY_MAY_DIFFER * kj, _KJ_PER_KCAL):
        notes.append(f"its energy contradicts itself ({kcal:g} kcal, {kj:g} kJ) and is left out")
        return {}
    return {"energy": kcal}


def _sodium(stated: Mapping[str, float], notes: list[str]) -> dict[str, float]:
    sodium, salt = stated.get("sodium"), stated.get("salt")
    if sodium is None:
        if salt is None:
            return {}
        sodium = salt / SALT_PER_SODIUM
    elif salt is not None and abs(sodium * SALT_PER_SODIUM - salt) > max(_SALT_MAY_DIFFER * salt, 0.01):
        notes.append(f"its sodium contradicts its salt ({sodium:g} g, {salt:g} g) and is left out")
        return {}
    return {"sodium": _in_own_unit(sodium, "sodium")} if sodium <= _MOST_GRAMS else {}


def _carbohydrate(stated: Mapping[str, float], product: Mapping[str, Any]) -> dict[str, float]:
    """Return carbohydrate with fibre, as food tables have it; nothing where it is not known whether fibre is in."""
    total, available, fibre = (stated.get(name) for name in ("carbohydrates-total", "carbohydrates", "fiber"))
    if total is None and available is not None:
        countries = _texts(product.get("countries_tags"))
        if countries and countries <= _AMERICAN:
            total = available
        elif countries and not countries & _AMERICAN and fibre is not None:
            total = available + fibre
    return {} if total is None or total > _MOST_GRAMS else {"carbohydrate": _rounded(total)}


@cache
def known_nutriments() -> dict[str, tuple[str, str]]:
    """Return which nutrient each value of a product is, and its unit, from ``data/open_food_facts.csv``."""
    with data_file("open_food_facts.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["product_nutrient"]: (row["nutrient"], row["unit"]) for row in rows if row["nutrient"]}


def _in_own_unit(grams: float, nutrient: str) -> float:
    from nutridiary.fdc.values import unit_factor
    from nutridiary.nutrients import load_nutrients

    return _rounded(grams * unit_factor("g", nutrient, str(load_nutrients().loc[nutrient, "unit"])))


def _rounded(amount: float) -> float:
    """Return an amount without the noise that multiplying leaves behind its twelfth digit."""
    return float(f"{amount:.12g}")


def _number(value: object) -> float | None:
    """Return a number that may stand as text; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str:
    """Return a text in one line, without signs that command a terminal."""
    if not isinstance(value, str):
        return ""
    seen = "".join(sign if sign.isprintable() else " " for sign in value[:_LONGEST_NAME])
    return " ".join(seen.split())


def _texts(value: object) -> frozenset[str]:
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
