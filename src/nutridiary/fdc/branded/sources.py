"""Reads branded foods piece by piece from the official csv tables or JSON, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc import answer_parts
from nutridiary.fdc.branded.packing import MOST_KINDS
from nutridiary.fdc.branded.schema import DATA_TYPE, ON_LABEL
from nutridiary.fdc.cells import numbers, whole_numbers
from nutridiary.fdc.files import ROWS_AT_ONCE, ReleaseFiles
from nutridiary.fdc.values import nutrient_ids

FOOD_LIST = "BrandedFoods"
Progress = Callable[[str, int, int], None]
"""What is told while it lasts: the step, how much of it is done, and of how much (0 where nobody knows)."""

LABEL = {
    "gtin": ("gtin_upc", "gtinUpc"),
    "brand_owner": ("brand_owner", "brandOwner"),
    "brand_name": ("brand_name", "brandName"),
    "subbrand_name": ("subbrand_name", "subbrandName"),
    "category": ("branded_food_category", "brandedFoodCategory"),
    "serving_size": ("serving_size", "servingSize"),
    "serving_unit": ("serving_size_unit", "servingSizeUnit"),
    "household": ("household_serving_fulltext", "householdServingFullText"),
    "modified": ("modified_date", "modifiedDate"),
    "available": ("available_date", "availableDate"),
    "discontinued": ("discontinued_date", "discontinuedDate"),
    "market": ("market_country", "marketCountry"),
    "data_source": ("data_source", "dataSource"),
    "preparation": ("preparation_state_code", "preparationStateCode"),
}
"""What is kept of a label, and what the csv tables and the JSON call it."""
_NEEDED = ["fdc_id", "brand_owner", "gtin_upc", "serving_size", "serving_size_unit"]
_FOODS_AT_ONCE = 5_000
_UNCLEAR = -1
_LABELS_AT_ONCE = 50_000
MOST_IDS = 2**20
"""Ids of nutrients and derivations are below; they have four digits."""


@dataclass(frozen=True)
class Values:
    """Nutrient values of some foods, as columns of one length; `kind` numbers the rows of `Kinds`."""

    fdc_id: NDArray[np.int64]
    kind: NDArray[np.uint16]
    amount: NDArray[np.float64]


class Kinds:
    """Every combination of nutrient, unit, derivation and source that values have, by its number."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[tuple[int, str, str | None, int | None], int] = {}

    def number(self, nutrient_id: int, unit: str, derivation: str | None, source: int | None) -> int:
        """Return the number of one combination.

        Raises
        ------
        FoodDataError
            If there are more than a release can have, or the nutrient's id cannot be one.
        """
        if not 0 <= nutrient_id < MOST_IDS:
            raise FoodDataError(f"{nutrient_id} is no nutrient_id: those have four digits. The file is damaged.")
        number = self.rows.setdefault((nutrient_id, unit, derivation, source), len(self.rows))
        if number >= MOST_KINDS:
            raise FoodDataError(
                f"more than {MOST_KINDS:,} combinations of nutrient, unit and derivation; a release has fewer than "
                "300. The file is not in the layout of FoodData Central."
            )
        return number


class CsvSource:
    """Branded foods of the official csv tables: food, branded_food, food_nutrient and nutrient.

    Attributes
    ----------
    kinds : Kinds
        Grows while `values` are read.
    without_amount, of_unclear_nutrients : int
        Values without an amount; values whose nutrient has no id, or the id of one and the number of another (JSON
        only). Once all were read.
    others : list of numpy.ndarray
        Ids of foods of other data types, once `descriptions` were read.
    """

    def __init__(self, files: ReleaseFiles) -> None:
        """Read the small tables."""
        self.kinds = Kinds()
        self.without_amount = self.of_unclear_nutrients = 0
        self.others: list[NDArray[np.int64]] = []
        self._files = files
        self._stated = self._stated_counts()
        self._units = _units(files)
        table = pd.read_csv(data_file("fdc", "derivations.csv"), keep_default_na=False)
        codes = zip(table["derivation_code"].to_list(), table["source_code"].to_list(), strict=True)
        self._derivations = dict(zip(table["derivation_id"].to_list(), codes, strict=True))

    def descriptions(self, progress: Progress) -> Iterator[list[tuple[Any, ...]]]:
        """Yield ``fdc_id, description, published`` of the branded foods of ``food.csv``."""
        columns = ["fdc_id", "data_type", "description", "publication_date"]
        for piece in self._pieces("food", columns, (), rows=_LABELS_AT_ONCE):
            progress("reading names", self._read, self._stated.get("food", 0))
            piece["fdc_id"] = whole_numbers(piece, "fdc_id", "food.csv")
            if piece["fdc_id"].min() <= 0:
                raise FoodDataError(f"{self._files.path}: food.csv has the fdc_id {piece['fdc_id'].min()}.")
            branded = piece["data_type"] == DATA_TYPE
            self.others.append(piece["fdc_id"][~branded].to_numpy())
            of_brands = piece[branded].astype("object")
            of_brands = of_brands.where(of_brands.notna(), None)
            yield list(zip(*(of_brands[name] for name in ("fdc_id", "description", "publication_date")), strict=True))

    def labels(self, progress: Progress) -> Iterator[list[tuple[Any, ...]]]:
        """Yield ``fdc_id`` and the columns of `LABEL` of ``branded_food.csv``."""
        names = [csv_name for csv_name, _ in LABEL.values()]
        optional = tuple(name for name in names if name not in _NEEDED)
        for piece in self._pieces("branded_food", _NEEDED, optional, rows=_LABELS_AT_ONCE):
            progress("reading labels", self._read, self._stated.get("branded_food", 0))
            piece["fdc_id"] = whole_numbers(piece, "fdc_id", "branded_food.csv")
            piece["serving_size"] = numbers(piece, "serving_size", "branded_food.csv")
            cells = piece.reindex(columns=["fdc_id", *names]).astype("object")
            cells = cells.where(cells.notna(), None)
            yield list(zip(*(cells[name] for name in cells.columns), strict=True))

    def values(self, progress: Progress) -> Iterator[Values]:
        """Yield the values of ``food_nutrient.csv``, those of other foods too."""
        columns = ["fdc_id", "nutrient_id", "amount"]
        dtypes = {"fdc_id": "int64", "nutrient_id": "int64", "amount": "float64", "derivation_id": "float64"}
        for piece in self._pieces("food_nutrient", columns, ("derivation_id",), rows=ROWS_AT_ONCE, dtypes=dtypes):
            progress("reading nutrient values", self._read, self._stated.get("food_nutrient", 0))
            known = piece["amount"].notna().to_numpy()
            self.without_amount += int((~known).sum())
            rows = piece[known]
            stated = rows.get("derivation_id", pd.Series(np.nan, rows.index))
            derivations = stated.where(stated.between(0, MOST_IDS - 2), -1).to_numpy().astype("int64")
            kinds = self._numbered(rows["nutrient_id"].to_numpy(), derivations)
            yield Values(rows["fdc_id"].to_numpy(), kinds, rows["amount"].to_numpy())

    def _numbered(self, nutrients: NDArray[np.int64], derivations: NDArray[np.int64]) -> NDArray[np.uint16]:
        """Return the number of each row's kind."""
        wrong = nutrients[(nutrients <= 0) | (nutrients >= MOST_IDS)]
        if len(wrong):
            raise FoodDataError(f"{self._files.path}: food_nutrient.csv: {wrong[0]} is no nutrient_id; it is damaged.")
        # Together in one number, since that is what can be made unique quickly.
        together = nutrients * MOST_IDS + (derivations + 1)
        pairs, row = np.unique(together, return_inverse=True)
        found = []
        for pair in pairs.tolist():
            nutrient_id, derivation = pair // MOST_IDS, pair % MOST_IDS - 1
            code, source = self._derivations.get(derivation, (None, None))
            found.append(self.kinds.number(nutrient_id, self._unit(nutrient_id), code, source))
        return np.array(found, dtype="uint16")[row]

    def _unit(self, nutrient_id: int) -> str:
        unit = self._units.get(str(nutrient_id))
        if isinstance(unit, str):
            return unit
        # An official nutrient.csv may lack ids of food_nutrient.csv; it matters only for those that are used.
        if nutrient_id in set(nutrient_ids()["fdc_nutrient_id"]):
            raise FoodDataError(f"{self._files.path}: nutrient.csv lacks the id {nutrient_id}; no unit is known.")
        return ""

    def _pieces(
        self,
        table: str,
        columns: list[str],
        optional: tuple[str, ...],
        *,
        rows: int,
        dtypes: Mapping[str, str] | None = None,
    ) -> Iterator[pd.DataFrame]:
        """Yield the pieces of one table, and make sure at its end that no row was missing."""
        self._read = 0
        for piece in self._files.stream(table, columns, optional, rows=rows, dtypes=dtypes):
            self._read += len(piece)
            yield piece
        if self._read < self._stated.get(table, 0):
            raise FoodDataError(
                f"{self._files.path}: {table}.csv has {self._read:,} rows; the release states "
                f"{self._stated[table]:,}. Download it again."
            )

    def _stated_counts(self) -> dict[str, int]:
        name = "all_downloaded_table_record_counts"
        if not self._files.has(name):
            return {}
        table = self._files.table(name, ["Table", "Number of Records"])
        counts = numbers(table, "Number of Records", f"{name}.csv", whole=True).fillna(0)
        return dict(zip(table["Table"].fillna(""), counts.astype("int64").to_list(), strict=True))


class JsonSource:
    """Branded foods of the official JSON, which holds everything about a food in one place.

    Attributes
    ----------
    kinds, without_amount, of_unclear_nutrients, others
        As in `CsvSource`.
    """

    def __init__(self, files: ReleaseFiles) -> None:
        """Read nothing yet."""
        self.kinds = Kinds()
        self.without_amount = self.of_unclear_nutrients = 0
        self.others: list[NDArray[np.int64]] = []
        self._files = files
        numbered = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), dtype={"fdc_nutrient_number": "str"})
        self._numbers = dict(zip(numbered["fdc_nutrient_id"], numbered["fdc_nutrient_number"], strict=True))
        self._kinds_as_written: dict[tuple[Any, ...], int] = {}
        table = pd.read_csv(data_file("fdc", "label_nutrients.csv"))
        self._on_labels = dict(zip(table["label_nutrient"], table["fdc_nutrient_id"], strict=True))

    def foods(self, progress: Progress) -> Iterator[tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], Values]]:
        """Yield descriptions, labels and values of some foods at once, as `CsvSource` gives them."""
        names: list[tuple[Any, ...]] = []
        labels: list[tuple[Any, ...]] = []
        fdc_ids: list[int] = []
        kinds: list[int] = []
        amounts: list[float] = []
        for number, food in enumerate(self._files.foods(FOOD_LIST), start=1):
            try:
                fdc_id = answer_parts.whole(food, "fdcId")
                label = [self._cell(food, column, name) for column, (_, name) in LABEL.items()]
                values = self._values(food)
            except FoodDataError as error:
                raise FoodDataError(f"{self._files.path}: food {number:,} of {FOOD_LIST}: {error}") from None
            if fdc_id is None or fdc_id <= 0:
                raise FoodDataError(f"{self._files.path}: food {number:,} of {FOOD_LIST} has the fdcId {fdc_id}.")
            names.append((fdc_id, _text(food, "description"), _text(food, "publicationDate")))
            labels.append((fdc_id, *label))
            fdc_ids += [fdc_id] * len(values)
            kinds += [kind for kind, _ in values]
            amounts += [amount for _, amount in values]
            if len(names) == _FOODS_AT_ONCE:
                progress("reading foods", number, 0)
                yield names, labels, _columns(fdc_ids, kinds, amounts)
                names, labels, fdc_ids, kinds, amounts = [], [], [], [], []
        yield names, labels, _columns(fdc_ids, kinds, amounts)

    def _cell(self, food: Mapping[str, Any], column: str, name: str) -> Any:
        return answer_parts.number(food, name) if column == "serving_size" else _text(food, name)

    def _values(self, food: Mapping[str, Any]) -> list[tuple[int, float]]:
        """Return kind and amount of each value of a food, and what only the label of a serving says."""
        found = [self._value(entry) for entry in answer_parts.mappings(food, "foodNutrients")]
        values = [(kind, amount) for kind, amount in found if kind != _UNCLEAR and amount is not None]
        label = answer_parts.mapping(food, "labelNutrients")
        if label:
            kinds = list(self.kinds.rows)
            stated = {kinds[kind][0] for kind, _ in values}
            for name in sorted(label.keys() & self._on_labels.keys()):
                amount = answer_parts.number(answer_parts.mapping(label, name), "value")
                if amount is not None and self._on_labels[name] not in stated:
                    values.append((self.kinds.number(0, ON_LABEL, name, None), amount))
        return values

    def _value(self, entry: Mapping[str, Any]) -> tuple[int, float | None]:
        """Return kind and amount of one value; what is left out is counted."""
        amount = entry.get("amount")
        if type(amount) is not float or amount - amount != 0:  # an infinite one, or none
            amount = answer_parts.number(entry, "amount")
        try:
            nutrient, derivation = entry["nutrient"], entry["foodNutrientDerivation"]
            written = (nutrient["id"], nutrient["number"], nutrient["unitName"], derivation["code"])
            # Twenty-eight million values are of a few hundred kinds, each of which is read once.
            key = (*written, derivation["foodNutrientSource"]["code"])
            kind = self._kinds_as_written.get(key)
            if kind is None:
                kind = self._kinds_as_written.setdefault(key, self._kind(entry))
        except (KeyError, TypeError):
            kind = self._kind(entry)
        self.without_amount += amount is None
        self.of_unclear_nutrients += amount is not None and kind == _UNCLEAR
        return kind, amount

    def _kind(self, entry: Mapping[str, Any]) -> int:
        """Return the number of a value's kind, `_UNCLEAR` where nobody knows what nutrient it is of."""
        nutrient = answer_parts.mapping(entry, "nutrient")
        nutrient_id, number = answer_parts.whole(nutrient, "id"), str(nutrient.get("number"))
        known = self._numbers.get(nutrient_id)
        if nutrient_id is None or (known not in (None, number) and number in self._numbers.values()):
            return _UNCLEAR
        derivation = answer_parts.mapping(entry, "foodNutrientDerivation")
        code = derivation.get("code")
        source = answer_parts.whole(answer_parts.mapping(derivation, "foodNutrientSource"), "code")
        return self.kinds.number(nutrient_id, str(nutrient.get("unitName") or ""), str(code) if code else None, source)


def open_source(path: Path) -> tuple[ReleaseFiles, CsvSource | JsonSource]:
    """Open a release, whatever its layout.

    Raises
    ------
    FoodDataError
        If it holds no branded foods.
    """
    files = ReleaseFiles(path)
    if files.has("branded_food"):
        return files, CsvSource(files)
    lists = files.food_lists()
    if FOOD_LIST in lists:
        return files, JsonSource(files)
    raise FoodDataError(
        f"{path}: no branded foods. Found: {listing(lists) or 'no branded_food.csv'}. Expected the Branded download of "
        "https://fdc.nal.usda.gov/download-datasets, as csv or JSON."
    )


def _units(files: ReleaseFiles) -> dict[str, Any]:
    """Return the unit of each nutrient's id; some downloads leave that to the table of all releases."""
    if files.has("nutrient"):
        units = files.lookup("nutrient", "id", "unit_name")
        return dict(zip(units.index.to_list(), units.to_list(), strict=True))
    table = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), dtype="str")
    return dict(zip(table["fdc_nutrient_id"], table["unit"], strict=True))


def _columns(fdc_ids: list[int], kinds: list[int], amounts: list[float]) -> Values:
    return Values(np.array(fdc_ids, dtype="int64"), np.array(kinds, dtype="uint16"), np.array(amounts, dtype="float64"))


def _text(food: Mapping[str, Any], name: str) -> str | None:
    value = food.get(name)
    return None if value is None or value == "" else str(value)
