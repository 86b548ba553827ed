"""Foods that a text may mean, for a search as somebody types."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from nutridiary.fdc.installed import release_in_use

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.branded import BrandedDatabase
    from nutridiary.foods import FoodData

DataType = Literal["survey_fndds_food", "foundation_food", "sr_legacy_food", "branded_food"]
"""A part of FoodData Central that can be searched."""

# Foods looked through where only those of one part are wanted.
_MOST_LOOKED_AT = 200
_PRODUCTS_BESIDE = 4
"""Products of brands that are shown beside other foods."""


class FoundFood(BaseModel):
    """A food that was found."""

    fdc_id: int
    description: str
    data_type: str = Field(description="Which part of FoodData Central it is of.")
    category: str
    energy: float | None = Field(description="[kcal per 100 g, or of what `per` says]; null where it is not known.")
    per_100_g: str = Field(
        description="Energy and the core nutrients of 100 g, in words. What is not known is left out."
    )
    per: Literal["100 g", "100 ml"] = Field("100 g", description="What the figures are of.")
    brand: str = Field("", description="Whose product it is; empty for foods without a brand.")


class FoundFoods(BaseModel):
    """What was found, best first."""

    foods: list[FoundFood]


def search(text: str, top: int, data_type: str = "") -> FoundFoods:
    """Return the foods that `text` may mean, best first; of one part of FoodData Central where `data_type` names it.

    Products of brands are among them where a database of them is installed: before other foods only where the text is
    a barcode, or names a brand and no other food for sure.
    """
    from nutridiary.barcodes import read_barcode

    data = shared_foods()
    if data_type == "branded_food" or read_barcode(text).gtin is not None:
        return FoundFoods(foods=_products(text, top))
    found, is_sure = _found(text, data, _MOST_LOOKED_AT if data_type else top)
    foods = _generic(found, data, top, data_type)
    if data_type:
        return FoundFoods(foods=foods)
    products = _products(text, min(_PRODUCTS_BESIDE, top))
    named = [one for one in products if not is_sure and _names_brand(text, one)]
    others = [one for one in products if one not in named]
    kept = foods[: max(top - len(products), 1)]
    return FoundFoods(foods=[*named, *kept, *others][:top])


def _generic(found: list[int], data: FoodData, top: int, data_type: str) -> list[FoundFood]:
    from nutridiary.nutrients import core_nutrients

    foods = data.foods(found)
    if data_type:
        foods = foods[foods["data_type"] == data_type]
    foods = foods.head(top)
    content = data.composition(foods["fdc_id"].tolist(), ["energy", *core_nutrients()])
    shown = foods[["fdc_id", "description", "data_type", "category"]].fillna({"category": ""})
    return [
        FoundFood(
            fdc_id=fdc_id,
            description=description,
            data_type=of,
            category=category,
            energy=_known(content.loc[fdc_id, "energy"]),
            per_100_g=_in_words(content.loc[fdc_id]),
        )
        for fdc_id, description, of, category in shown.itertuples(index=False, name=None)
    ]


def _products(text: str, top: int) -> list[FoundFood]:
    """Return products of brands, as far as they are installed with the release in use."""
    branded = _branded(os.getpid(), release_in_use())
    if branded is None:
        return []
    from nutridiary.brands.listing import SHOWN, list_products

    table = list_products(text, branded, top=top, unfinished=True)
    content = table.drop(columns=list(SHOWN))
    told = table[["fdc_id", "description", "brand", "category", "per"]].fillna("").itertuples(index=False, name=None)
    return [
        FoundFood(
            fdc_id=fdc_id,
            description=f"{brand}: {description}" if brand else description,
            data_type="branded_food",
            category=category,
            energy=_known(content["energy"].iloc[place]),
            per_100_g=_in_words(content.iloc[place]),
            per=per,
            brand=brand,
        )
        for place, (fdc_id, description, brand, category, per) in enumerate(told)
    ]


def _names_brand(text: str, product: FoundFood) -> bool:
    from nutridiary.brands.naming import brand_words

    return bool(product.brand) and brand_words(product.brand) <= brand_words(text)


def shared_foods() -> FoodData:
    """Return the foods, opened once in a process: the index they are searched by lives as long as they do."""
    return _opened(os.getpid(), release_in_use())


@lru_cache(maxsize=2)
def _opened(process: int, release: str) -> FoodData:
    """Open the foods of a release for a process.

    One that was forked must not read the file together with the one it came from.
    """
    from nutridiary.foods import load_foods

    return load_foods(release=release)


@lru_cache(maxsize=2)
def _branded(process: int, release: str) -> BrandedDatabase | None:
    """Open the branded foods of a release for a process, where it has any."""
    from nutridiary.fdc.branded import open_branded

    return open_branded(release)


def _found(text: str, data: FoodData, top: int) -> tuple[list[int], bool]:
    """Return the food of a number; or what the text means, after what it begins while nothing likely is meant.

    Also whether it means the first for sure.
    """
    from nutridiary.food_search import search_foods
    from nutridiary.matching import match_texts
    from nutridiary.matching.ranking import load_weights

    if text.strip().isdecimal() and len(text.strip()) < 10 and int(text) in data:
        return [int(text)], True
    matched = match_texts([text], data, top=top).dropna(subset="fdc_id")
    meant = matched["fdc_id"].astype("int64").tolist()
    if len(matched) and matched["match_score"].iloc[0] >= load_weights().automatic:
        return meant, True
    begun = search_foods(text, data, limit=top, unfinished=True)["fdc_id"].tolist()
    return list(dict.fromkeys([*begun, *meant]))[:top], False


def _in_words(content: pd.Series) -> str:
    """Return what 100 g hold: '61 kcal, calcium 113 mg'."""
    from nutridiary.nutrients import format_amount

    known = content.dropna()
    return ", ".join(
        format_amount(value, name) if name == "energy" else f"{nutrient_in_words(name)} {format_amount(value, name)}"
        for name, value in ((str(name), float(value)) for name, value in known.items())
    )


@cache
def nutrient_in_words(nutrient: str) -> str:
    """Return a nutrient's name within a sentence.

    Examples
    --------
    >>> [nutrient_in_words(name) for name in ("calcium", "vitamin_b12", "vitamin_d")]
    ['calcium', 'vitamin B12', 'vitamin D']
    """
    from nutridiary.nutrients import nutrient_label

    label = nutrient_label(nutrient).partition(" (")[0]
    return label[:1].lower() + label[1:]


def _known(value: float) -> float | None:
    return None if value != value else float(value)
