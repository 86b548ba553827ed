"""Reads branded foods: by id, by the number below the bars, by words, and as any other food's tables."""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nutridiary.fdc.branded.packing import unpacked
from nutridiary.fdc.branded.schema import DATA_TYPE, DAYS, NAMELESS, ON_LABEL, TEXTS, BrandedCounts, BrandedStore
from nutridiary.fdc.branded.search import places_of
from nutridiary.fdc.installed import BRANDED, release_file
from nutridiary.fdc.tables import FoodTables, shaped

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "fdc_id": "int64",
    "gtin": "Int64",
    "barcode": "str",
    "description": "str",
    "brand_owner": "str",
    "brand_name": "str",
    "subbrand_name": "str",
    "category": "str",
    "serving_size": "float64",
    "serving_unit": "str",
    "household": "str",
    "published": "str",
    "modified": "str",
    "available": "str",
    "discontinued": "str",
    "market": "str",
    "data_source": "str",
    "preparation": "str",
    "versions": "int64",
    "is_newest": "bool",
}
"""Columns of the tables that `BrandedDatabase` returns."""

_STORED = [name for name in COLUMNS if name not in ("gtin", "barcode", "is_newest")]
_SELECT = "SELECT place, gtin, " + ", ".join(
    f"(SELECT text FROM text WHERE text_id = food.{name}) AS {name}" if name in TEXTS else name for name in _STORED
)
_ANSWERED = {
    "fdcId": "fdc_id",
    "description": "description",
    "brandOwner": "brand_owner",
    "brandName": "brand_name",
    "subbrandName": "subbrand_name",
    "brandedFoodCategory": "category",
    "servingSize": "serving_size",
    "servingSizeUnit": "serving_unit",
    "householdServingFullText": "household",
    "publicationDate": "published",
    "modifiedDate": "modified",
    "availableDate": "available",
    "discontinuedDate": "discontinued",
    "marketCountry": "market",
    "dataSource": "data_source",
    "preparationStateCode": "preparation",
}
"""What the API calls each column."""


def open_branded(release: str | None = None) -> BrandedDatabase | None:
    """Open the branded foods of a release; None where it has none.

    Parameters
    ----------
    release : str, optional
        By default the release in use. The embedded one has no branded foods.

    Raises
    ------
    FoodDataError
        If there is no such release, or its database is damaged.

    Examples
    --------
    >>> open_branded("embedded") is None
    True
    """
    path = release_file(BRANDED, release)
    return None if path is None else BrandedDatabase(path)


def branded_beside(database: Path | None) -> BrandedDatabase | None:
    """Return the branded foods of the release whose database of foods this is; None where it has none.

    Raises
    ------
    FoodDataError
        If they are there and cannot be read.
    """
    path = None if database is None else database.with_name(BRANDED)
    return BrandedDatabase(path) if path is not None and path.is_file() else None


class BrandedDatabase:
    """Branded foods, opened but not read: each call reads what it is asked for.

    Threads may share one object. It can be pickled; the copy opens the same file.

    Parameters
    ----------
    path : pathlib.Path
        As `nutridiary.fdc.branded.build.build_branded` wrote it.

    Raises
    ------
    FoodDataError
        If there is no such file, or it is no database of branded foods of this version.
    """

    def __init__(self, path: Path) -> None:
        """Open the database."""
        self._store = BrandedStore(path)

    def __reduce__(self) -> tuple[type[BrandedDatabase], tuple[Path]]:
        """Pickle where the database lies."""
        return BrandedDatabase, (self.path,)

    def __repr__(self) -> str:
        """Name the release and how much it holds."""
        return f"BrandedDatabase({self.release}, {self.counts.foods:,} foods)"

    def __contains__(self, fdc_id: object) -> bool:
        """Tell whether there is such a food."""
        if not isinstance(fdc_id, Integral) or abs(int(fdc_id)) >= 2**63:
            return False
        return bool(self._store.rows("SELECT 1 FROM food WHERE fdc_id = ?", (int(fdc_id),)))

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return Path(self._store.name)

    @property
    def release(self) -> str:
        """Name of the release, such as ``Branded Foods 2026-04-30``."""
        return str(self._of_release["release"])

    @property
    def version(self) -> str:
        """Version of the release, which is the day it was published."""
        return str(self._of_release["version"])

    @property
    def published(self) -> str | None:
        """Day on which the last of the foods was published; None where the release does not say."""
        found = self._of_release["published"]
        return None if found is None else str(found)

    @cached_property
    def counts(self) -> BrandedCounts:
        """How much there is, and what of the source there is not."""
        with self._as_built():
            return BrandedCounts(**dict(self._store.rows("SELECT name, number FROM counts")))

    @property
    def files(self) -> list[tuple[str, int, str]]:
        """Name, size [bytes] and sha256 of each file of the release that was read."""
        return self._store.rows("SELECT file, bytes, sha256 FROM release_file ORDER BY file")

    def search(self, text: str, *, brand: str = "", limit: int = 20, unfinished: bool = False) -> pd.DataFrame:
        """Return the products whose names and brands hold the words of `text`, best first.

        One row is one product, by its newest version. Products that hold all words come first; where these are
        fewer than `limit`, those that lack a word follow, and where there are none, those that hold as many of the
        words as any. A word that no product has is read as one that differs by one letter, where there is such a word.

        Parameters
        ----------
        text : str
            Any words, also those of a brand.
        brand : str
            Only products whose brand or brand owner has all these words.
        limit : int
            Most products to return.
        unfinished : bool
            The last word of `text` is still being typed: any word that begins so is meant.

        Returns
        -------
        pandas.DataFrame
            `COLUMNS`. Empty where nothing is found.
        """
        with self._as_built():
            places = places_of(self._store, text, brand=brand, limit=limit, unfinished=unfinished)
        return self._frame(self._at(places))

    def by_barcode(self, gtins: Iterable[int | str]) -> pd.DataFrame:
        """Return all versions of the products of these numbers, newest first, in the order asked for.

        Parameters
        ----------
        gtins : iterable of int or str
            A number of a product as `nutridiary.barcodes` reads it; or a text, which finds what FoodData
            Central has in place of a number.

        Returns
        -------
        pandas.DataFrame
            `COLUMNS`. Numbers that are not there have no row.
        """
        asked = [code for code in dict.fromkeys(gtins) if isinstance(code, str) or 0 < code < 2**63]
        sql = (
            f"{_SELECT} FROM food WHERE gtin = ? "
            "ORDER BY coalesce(food.published, 0) DESC, coalesce(food.modified, 0) DESC, fdc_id DESC"
        )
        codes = [code if isinstance(code, str) else int(code) for code in asked]
        return self._frame([row for code in codes for row in self._store.rows(sql, (code,))])

    def foods(self, fdc_ids: Iterable[int]) -> pd.DataFrame:
        """Return these foods in the order asked for: `COLUMNS`. Unknown ids have no row."""
        return self._frame(self._rows(fdc_ids))

    def answers(self, fdc_ids: Iterable[int]) -> list[dict[str, Any]]:
        """Return these foods as the full answers of the FoodData Central API word them, values included.

        They come in the order asked for, without the unknown ones, as from the API. Ingredients are not kept.
        """
        rows = self._rows(fdc_ids)
        sql = "SELECT fdc_id, packed FROM composition WHERE fdc_id IN (SELECT value FROM json_each(?))"
        values = dict(self._store.rows(sql, (json.dumps([row[2] for row in rows]),)))
        with self._as_built():
            return [self._answer(_named(row), values.get(row[2], b"")) for row in rows]

    def tables(self, fdc_ids: Iterable[int]) -> FoodTables:
        """Return these foods as tables, the same as if the API had been asked for them.

        Returns
        -------
        FoodTables
            Hand them to `nutridiary.foods.FoodData.with_foods`. Unknown ids are left out.
        """
        from nutridiary.fdc.answers import foods_from_answers

        # The day names the release of answers; this one was downloaded and has its own name and licence.
        tables = foods_from_answers(self.answers(fdc_ids), fetched=date.min)
        stated = {**self._of_release, "release": self.release, "version": self.version, "data_type": DATA_TYPE}
        named = {name: tables.tables()[name].assign(release=self.release) for name in ("foods", "values")}
        releases = shaped("releases", tables.releases.assign(**stated))
        return FoodTables(**{**tables.tables(), **named, "releases": releases})

    @cached_property
    def _of_release(self) -> dict[str, Any]:
        columns = ("release", "version", "published", "licence", "source")
        with self._as_built():
            (row,) = self._store.rows(f"SELECT {', '.join(columns)} FROM release")
        return dict(zip(columns, row, strict=True))

    @cached_property
    def _kinds(self) -> dict[int, tuple[int, str, str | None, int | None]]:
        sql = "SELECT kind, fdc_nutrient_id, unit, derivation_code, source_code FROM kind"
        return {kind: rest for kind, *rest in self._store.rows(sql)}  # type: ignore[misc]

    @contextmanager
    def _as_built(self) -> Iterator[None]:
        """Say in words where the file holds something else than was written into it."""
        try:
            yield
        except (LookupError, TypeError, ValueError, RuntimeError, struct.error) as error:
            raise self._store.damaged(error) from None

    def _rows(self, fdc_ids: Iterable[int]) -> list[tuple[Any, ...]]:
        asked = {int(fdc_id): place for place, fdc_id in enumerate(dict.fromkeys(fdc_ids)) if abs(int(fdc_id)) < 2**63}
        sql = f"{_SELECT} FROM food WHERE fdc_id IN (SELECT value FROM json_each(?))"
        rows = self._store.rows(sql, (json.dumps(list(asked)),))
        return sorted(rows, key=lambda row: asked[row[2]])

    def _at(self, places: Sequence[int]) -> list[tuple[Any, ...]]:
        sql = f"{_SELECT} FROM food WHERE place IN (SELECT value FROM json_each(?))"
        order = {place: rank for rank, place in enumerate(places)}
        return sorted(self._store.rows(sql, (json.dumps(list(places)),)), key=lambda row: order[row[0]])

    def _frame(self, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
        import pandas as pd

        newest = self.counts.products
        with self._as_built():
            named = [{**_named(row), "is_newest": row[0] <= newest} for row in rows]
            # A column made of its type at once takes a tenth of the time of one that is converted.
            return pd.DataFrame(
                {name: pd.Series([row[name] for row in named], dtype=dtype) for name, dtype in COLUMNS.items()}
            )

    def _answer(self, food: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        from nutridiary.barcodes import shown

        said = {name: food[column] for name, column in _ANSWERED.items() if food[column] is not None}
        code = food["barcode"] or (None if food["gtin"] is None else shown(food["gtin"]))
        return {
            "dataType": "Branded",
            **said,
            "description": food["description"] or NAMELESS,
            **({} if code is None else {"gtinUpc": code}),
            **self._values(content),
        }

    def _values(self, content: bytes) -> dict[str, Any]:
        stated, on_label = [], {}
        for kind, amount in unpacked(content):
            nutrient_id, unit, derivation, source = self._kinds[kind]
            if unit == ON_LABEL:
                on_label[derivation] = {"value": amount}
                continue
            stated.append(
                {
                    "nutrient": {"id": nutrient_id, "unitName": unit},
                    "amount": amount,
                    "foodNutrientDerivation": {"code": derivation, "foodNutrientSource": {"code": source}},
                }
            )
        return {"foodNutrients": stated, **({"labelNutrients": on_label} if on_label else {})}


def _named(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row of `_SELECT` by the names of its columns, with days as they are written."""
    _, code, *rest = row
    named = dict(zip(_STORED, rest, strict=True))
    is_number = isinstance(code, int)
    named |= {"gtin": code if is_number else None, "barcode": None if is_number else code}
    for name in DAYS:
        if (day := named[name]) is not None:
            named[name] = f"{day // 10_000}-{day // 100 % 100:02d}-{day % 100:02d}"
    return named
