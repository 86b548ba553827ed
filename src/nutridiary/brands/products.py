"""A product as a source answers it, and what one source has of several barcodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.tables import FoodTables

MOST_TOLD = 60  # [characters] of a product's name that are repeated on a line


@dataclass(frozen=True)
class Product:
    """One record of a product.

    Attributes
    ----------
    product_id : int
        FDC id, or the id of `nutridiary.fdc.product_ids`.
    name, brand, sub_brand, owner, category : str
        As the record has them; empty where it has none.
    label_day : str
        The day of its label, YYYY-MM-DD; empty where unknown.
    release : str
        Where it was found.
    versions : int
        How many records of the same number there are.
    remark : str
        What its source says should be known of it.
    """

    product_id: int
    name: str
    brand: str = ""
    sub_brand: str = ""
    owner: str = ""
    category: str = ""
    label_day: str = ""
    release: str = ""
    versions: int = 1
    remark: str = ""

    @property
    def told(self) -> str:
        """The product in words, for a note."""
        name = "".join(c if c.isprintable() else " " for c in self.name)[:MOST_TOLD]
        whose = self.brand or self.owner
        return f'"{name}" ({whose[:MOST_TOLD]})' if whose else f'"{name}"'

    @property
    def names(self) -> str:
        """All words that say what it is."""
        return f"{self.name}, {self.category}" if self.category else self.name

    @property
    def brands(self) -> tuple[str, ...]:
        """Every name of who makes or sells it."""
        return tuple(name for name in (self.brand, self.sub_brand, self.owner) if name)


@dataclass
class Shelf:
    """What sources have of the barcodes that were asked for.

    Attributes
    ----------
    products : dict of int to list of Product
        By product number, the newest version first.
    tables : list of FoodTables
        The records, as they came.
    why_not : dict of int to list of str
        Of numbers that were not found: where they are not, and where they could not be looked up, in words.
    """

    products: dict[int, list[Product]] = field(default_factory=dict)
    tables: list[FoodTables] = field(default_factory=list)
    why_not: dict[int, list[str]] = field(default_factory=dict)

    def open_of(self, gtins: Iterable[int]) -> list[int]:
        """Return those of the numbers that were not found yet."""
        return [gtin for gtin in gtins if gtin not in self.products]

    def miss(self, gtins: Iterable[int], why: str) -> None:
        """Note for each number that was not found why it was not."""
        for gtin in self.open_of(gtins):
            self.why_not.setdefault(gtin, []).append(why)


class LocalProducts(Protocol):
    """What is asked of the branded foods on this machine; `nutridiary.fdc.branded.BrandedDatabase` has it."""

    @property
    def release(self) -> str:
        """Name of the release."""

    def by_barcode(self, gtins: Iterable[int]) -> pd.DataFrame:
        """Return every version of these products, the newest first."""

    def search(self, text: str, *, brand: str = "", limit: int = 20) -> pd.DataFrame:
        """Return products of these words, one row per product."""

    def tables(self, fdc_ids: Iterable[int]) -> FoodTables:
        """Return the records."""


class OnlineProducts(Protocol):
    """What is asked of FoodData Central: `nutridiary.fdc.api.products_by_gtin` with a client."""

    def __call__(self, gtins: Sequence[int]) -> Any:
        """Return an object with `tables`, `hits` and `failures`."""


class SecondSource(Protocol):
    """A further source of products by number: `nutridiary.brands.open_food_facts.product_tables`."""

    def __call__(self, gtins: Sequence[int]) -> Any:
        """Return an object with `tables`, `ids`, `failures` and `notes`."""


def products_of(rows: pd.DataFrame, release: str = "") -> Iterator[tuple[int | None, Product]]:
    """Return the products of a table of records, each with its number."""
    for row in _records(rows):
        gtin = row.get("gtin")
        yield (
            None if gtin is None else int(gtin),
            Product(
                product_id=int(row["fdc_id"]),
                name=_text(row, "description"),
                brand=_text(row, "brand_name"),
                sub_brand=_text(row, "subbrand_name"),
                owner=_text(row, "brand_owner"),
                category=_text(row, "category"),
                label_day=_text(row, "modified")[:10] or _text(row, "available")[:10] or _text(row, "published")[:10],
                release=release,
                versions=int(row.get("versions") or 1),
            ),
        )


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    plain = rows.astype("object")
    found: Any = plain.where(plain.notna(), None).to_dict("records")
    return list(found)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
