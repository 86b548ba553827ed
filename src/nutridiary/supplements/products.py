"""The products of a Supplements sheet, found by the names that diary lines call them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nutridiary.supplements.amounts import UNKNOWN, LabelDose
from nutridiary.supplements.label import read_whole_label

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Product:
    """A product: what `per_amount` of its `per_unit` holds, and what of it could not be read."""

    source: str
    line: int
    doses: list[LabelDose] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Products:
    """Products by name, and by brand and name; case and spaces do not matter."""

    def __init__(self) -> None:
        """Start without any product."""
        self._by_name: dict[tuple[str, str], Product] = {}
        self._by_words: dict[str, list[Product]] = {}

    def product(self, name: str, brand: str, source: str, line: int) -> Product:
        """Return the product of a name and brand, made where there is none yet."""
        key = (_folded(name), _folded(brand))
        if key not in self._by_name:
            made = self._by_name[key] = Product(source, line)
            self._by_words.setdefault(f"{key[1]} {key[0]}".strip(), []).append(made)
            if key[1]:
                self._by_words.setdefault(key[0], []).append(made)
        return self._by_name[key]

    def find(self, text: str, brand: str) -> Product | None:
        """Return the product a diary line names, or None.

        The brand may stand in its own column or before the name; a product listed without a brand is meant
        whatever the brand, one listed with a brand also where the line says none and no other has its name.
        """
        name, made_by = _folded(text), _folded(brand)
        for key in ((name, made_by), (name, "")):
            if key in self._by_name:
                return self._by_name[key]
        same = self._by_words.get(name, []) if name.startswith(made_by) else []
        return same[0] if len(same) == 1 else None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def products_by_name(products: pd.DataFrame | None) -> Products:
    """Return the products of the Supplements sheet for looking up.

    Parameters
    ----------
    products : pandas.DataFrame or None
        `tables.SUPPLEMENT_PRODUCTS`.
    """
    known = Products()
    for row in _records(products):
        product = known.product(row["product"], row["brand"] or "", row["source"], row["line"])
        if row["problem"]:
            product.problems.append(row["problem"])
        if row["nutrient"]:
            product.doses.append(_dose(row))
    return known


def _records(products: pd.DataFrame | None) -> list[dict[str, Any]]:
    if products is None:
        return []
    named = products[products["product"].notna()]
    rows = named.astype("object").where(named.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _dose(row: dict[str, Any]) -> LabelDose:
    amount = UNKNOWN if row["amount"] is None else float(row["amount"])
    per_amount = UNKNOWN if row["per_amount"] is None else float(row["per_amount"])
    written, note = str(row["as_written"] or ""), str(row["note"] or "")
    stated = LabelDose(str(row["nutrient"]), amount, amount, amount, str(row["unit"]), as_written=written)
    # The form, and the bounds of what the sheet leaves open, stand in the words of the label.
    read = next((dose for dose in read_whole_label(written).doses if dose.nutrient == stated.nutrient), None)
    if stated.is_decided:
        stated = replace(stated, form=read.form if read else "")
    else:
        stated = read or replace(stated, amount_low=0.0, question=note)
    return replace(stated, per_amount=per_amount, per_unit=str(row["per_unit"] or ""), note=note)
