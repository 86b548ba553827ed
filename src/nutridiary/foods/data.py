"""`FoodData`: the foods, opened but not read, with what each call returns."""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.product_ids import product_url
from nutridiary.fdc.store import Store
from nutridiary.fdc.successors import successor_note, successors_of
from nutridiary.fdc.tables import COLUMNS, FoodTables, only_foods
from nutridiary.foods.stores import OF_ASKED, Stores, whole_numbers
from nutridiary.nutrients import check_nutrients, load_nutrients

if TYPE_CHECKING:
    import pandas as pd

ASSUMED_ZERO = 7
"""Source code of a zero that was not measured but reasoned."""
OWN_FOOD = "own_food"
"""Data type of the user's own foods and recipes; their ids are negative."""


class Terms(NamedTuple):
    """What a twin lends, where it is not all it holds per 100 g.

    Attributes
    ----------
    times : float
        What its values are multiplied by: 1, or the weight of a ml [g/ml] for a food whose values are per 100 ml.
    withheld : frozenset of str
        Nutrients it does not lend.
    """

    times: float = 1.0
    withheld: frozenset[str] = frozenset()


class FoodData(Stores):
    """Foods, opened but not read: each call reads what it is asked for.

    Threads may share one object. It can be pickled; the copy opens the same database.

    Parameters
    ----------
    stores : sequence of Store
        Databases that share no food; see `load_foods` and `with_foods`.
    published : FoodData, optional
        The same without the foods that were added; by default none was.
    twins : mapping of int to int, optional
        Records that fill the gaps of others that were added: own foods, labels.
    terms : mapping of int to Terms, optional
        Of those others, on which terms; without an entry a twin lends all it holds.
    not_looked_up : mapping of int to str, optional
        Ids that were asked for elsewhere and not found, and why; the lines that name them say so.

    """

    def __init__(
        self,
        stores: Sequence[Store],
        *,
        published: FoodData | None = None,
        twins: Mapping[int, int] | None = None,
        terms: Mapping[int, Terms] | None = None,
        not_looked_up: Mapping[int, str] | None = None,
    ) -> None:
        """Keep the opened databases."""
        super().__init__(stores)
        self._published = published
        self.twins = dict(twins or {})
        self.terms = dict(terms or {})
        self.not_looked_up = dict(not_looked_up or {})

    @property
    def published(self) -> FoodData:
        """The foods of the release alone: those that a text is compared with.

        Own foods go by their names, and what was looked up by its id: which foods other lines name must not
        change what a text is matched to.
        """
        return self if self._published is None else self._published

    def __repr__(self) -> str:
        """Name the releases the foods come from."""
        counts = ", ".join(f"{row.release} ({row.foods:,} foods)" for row in self.releases().itertuples())
        return f"FoodData({counts})"

    def __contains__(self, fdc_id: object) -> bool:
        """Tell whether there is such a food."""
        return isinstance(fdc_id, Integral) and bool(self._present([int(fdc_id)]))

    def food(self, fdc_id: int) -> dict[str, Any]:
        """Return one food, by the names of the columns of `foods`; None is missing.

        This needs no pandas, so a first food costs milliseconds.

        Raises
        ------
        FoodDataError
            If there is no such food.
        """
        sql = f"SELECT {_names('foods')} FROM foods {OF_ASKED}"
        (row,) = self._rows_asked(sql, self._known([fdc_id]))
        return dict(zip(COLUMNS["foods"], row, strict=True))

    def foods(self, fdc_ids: Iterable[int] | None = None) -> pd.DataFrame:
        """Return foods in the order asked for, or all.

        Returns
        -------
        pandas.DataFrame
            ``fdc_id, food_code, ndb_number, description, data_type, category, release,
            category_number``. `category_number` is the WWEIA category, for FNDDS foods.

        Raises
        ------
        FoodDataError
            If a food is unknown.
        """
        if fdc_ids is None:
            return self._table(f"SELECT {_names('foods')} FROM foods ORDER BY fdc_id", (), COLUMNS["foods"])
        return self._asked("foods", self._known(fdc_ids), COLUMNS["foods"])

    def with_codes(self, food_codes: Iterable[int]) -> pd.DataFrame:
        """Return the FNDDS foods of these food codes, in the order asked for; unknown codes have no row."""
        codes = whole_numbers(food_codes, "food code")
        sql = (
            f"SELECT {_names('foods')} FROM json_each(?) AS asked "
            "JOIN foods ON foods.food_code = asked.value ORDER BY asked.key"
        )
        return self._table(sql, (json.dumps(codes),), COLUMNS["foods"])

    def names(self) -> pd.DataFrame:
        """Return every name of every food: ``fdc_id, name, is_alias``."""
        sql = (
            "SELECT fdc_id, 0 AS seq, description, 0 FROM food UNION ALL SELECT fdc_id, seq, alias, 1 FROM alias "
            "ORDER BY fdc_id, seq"
        )
        columns = {"fdc_id": "int64", "seq": "int64", "name": "str", "is_alias": "bool"}
        return self._table(sql, (), columns).drop(columns="seq")

    def aliases(self, fdc_ids: Iterable[int] | None = None) -> pd.DataFrame:
        """Return the other names of these foods, or of all: ``fdc_id, alias``.

        Raises
        ------
        FoodDataError
            If a food is unknown.
        """
        columns = {"fdc_id": "int64", "alias": "str"}
        if fdc_ids is None:
            return self._table("SELECT fdc_id, alias FROM alias ORDER BY fdc_id, seq", (), columns)
        return self._asked("alias", self._known(fdc_ids), columns, then_by="seq")

    def composition(self, fdc_ids: Iterable[int], nutrients: Iterable[str] | None = None) -> pd.DataFrame:
        """Return what 100 g of these foods hold.

        Parameters
        ----------
        fdc_ids : iterable of int
        nutrients : iterable of str, optional
            Names as in ``data/nutrients.csv``; all by default.

        Returns
        -------
        pandas.DataFrame
            Indexed by `fdc_id` in the order asked for, a column per nutrient in its own unit.
            [unit/100 g] NaN where the record has no value.

        Raises
        ------
        FoodDataError
            If a food or a nutrient is unknown.
        """
        import numpy as np
        import pandas as pd

        asked = self._known(fdc_ids)
        names = list(load_nutrients().index) if nutrients is None else check_nutrients(nutrients)
        # Named with their table: SQLite would take an unknown name in quotes for a text.
        columns = ", ".join(f"composition.{name}" for name in ["fdc_id", *names])
        rows = self._rows_asked(f"SELECT {columns} FROM composition {OF_ASKED}", asked)
        cells = np.array(rows, dtype="float64").reshape(len(rows), len(names) + 1)
        index = pd.Index(cells[:, 0].astype("int64"), name="fdc_id")
        return pd.DataFrame(cells[:, 1:], index=index, columns=pd.Index(names, name="nutrient"))

    def portions(self, fdc_ids: Iterable[int]) -> pd.DataFrame:
        """Return the portions of these foods.

        Returns
        -------
        pandas.DataFrame
            ``fdc_id, seq, amount, description, gram_weight, data_points, text,
            is_quantity_not_specified``. `gram_weight` [g] is the weight of `amount` times
            `description`; NaN where the source gives none. `text` is the whole portion in words.

        Raises
        ------
        FoodDataError
            If a food is unknown.
        """
        return self._asked("portions", self._known(fdc_ids), COLUMNS["portions"], then_by="seq")

    def ingredients(self, fdc_ids: Iterable[int]) -> pd.DataFrame:
        """Return the recipes of these foods, where they have one.

        Returns
        -------
        pandas.DataFrame
            ``fdc_id, seq, ingredient_code, description, grams, retention_code, moisture_change``.
            `ingredient_code` is an SR Legacy NDB number or, from 8 digits on, an FNDDS food code;
            `grams` [g] and `moisture_change` [%] are of the whole recipe.

        Raises
        ------
        FoodDataError
            If a food is unknown.
        """
        return self._asked("ingredients", self._known(fdc_ids), COLUMNS["ingredients"], then_by="seq")

    def values(self, fdc_ids: Iterable[int], nutrients: Iterable[str] | None = None) -> pd.DataFrame:
        """Return each known value with what is known about it.

        Returns
        -------
        pandas.DataFrame
            ``fdc_id, nutrient, amount, unit, release, fdc_nutrient_id, source_code,
            derivation_code, standard_error, data_points, assumed_zero``: one row per value, none
            where the record has no value. `amount` and `standard_error` are per 100 g. The codes
            are explained in ``data/fdc/derivations.csv``.

        Raises
        ------
        FoodDataError
            If a food or a nutrient is unknown.
        """
        composition = self.composition(fdc_ids, nutrients)
        known = load_nutrients()
        values = _known_cells(composition)
        values["unit"] = values["nutrient"].map(known["unit"])
        origins = self._origins(composition.index.to_list(), composition.columns.to_list())
        values = values.merge(origins, on=["fdc_id", "nutrient"], how="left", validate="one_to_one")
        of_food = self.foods(composition.index).set_index("fdc_id")["release"]
        values["release"] = values["release"].fillna(values["fdc_id"].map(of_food))
        own_id = values["nutrient"].map(known["fdc_nutrient_id"])
        values["fdc_nutrient_id"] = values["other_nutrient_id"].fillna(own_id).astype("int64")
        values["assumed_zero"] = (values["source_code"] == ASSUMED_ZERO).fillna(False).astype("bool")
        columns = ["fdc_id", "nutrient", "amount", "unit", "release", "fdc_nutrient_id", "source_code"]
        return values[[*columns, "derivation_code", "standard_error", "data_points", "assumed_zero"]]

    def releases(self) -> pd.DataFrame:
        """Return what the foods come from: ``release, data_type, published, foods, licence, source, version, note``."""
        sql = f"SELECT {_names('releases')} FROM release ORDER BY release_id"
        return self._table(sql, (), COLUMNS["releases"])

    def with_foods(
        self,
        tables: FoodTables,
        *,
        twins: Mapping[int, int] | None = None,
        terms: Mapping[int, Terms] | None = None,
    ) -> FoodData:
        """Return food data that also knows the foods of `tables`.

        Parameters
        ----------
        tables : FoodTables
            As `nutridiary.fdc.api.fetch_foods` returns them, or the user's own foods (data type
            ``own_food``). They leave `published` as it is, and foods that are known already stay
            as they are.
        twins : mapping of int to int, optional
            Which records fill the gaps of which of them.
        terms : mapping of int to Terms, optional
            Which of them are filled in part only, or by the ml.

        Returns
        -------
        FoodData
        """
        from nutridiary.fdc.database import database_bytes

        known = set(self._present(tables.foods["fdc_id"].to_list()))
        fresh = only_foods(tables, [fdc_id for fdc_id in tables.foods["fdc_id"] if fdc_id not in known])
        if fresh.foods.empty:
            return self
        return FoodData(
            [*self._stores, Store(database_bytes(fresh))],
            published=self.published,
            twins=self.twins | dict(twins or {}),
            terms=self.terms | dict(terms or {}),
            not_looked_up=self.not_looked_up,
        )

    def with_reasons(self, not_looked_up: Mapping[int, str]) -> FoodData:
        """Return the same foods that also know of ids that were asked for elsewhere and not found, and why."""
        if not not_looked_up:
            return self
        reasons = {**self.not_looked_up, **not_looked_up}
        return FoodData(
            self._stores, published=self.published, twins=self.twins, terms=self.terms, not_looked_up=reasons
        )

    def successors(self, fdc_ids: Iterable[int]) -> dict[int, int]:
        """Return the record that took the place of each of these ids that is not here, as far as one did.

        Of the same data type, and the same food code or NDB number (`nutridiary.fdc.successors`). Ids that
        are here, and ids that no release knows, are not in it.
        """
        asked = [fdc_id for fdc_id in whole_numbers(fdc_ids, "fdc_id") if fdc_id > 0]
        here = set(self._present(asked)) if asked else set()
        return successors_of([fdc_id for fdc_id in asked if fdc_id not in here], self)

    def current(self, fdc_ids: Iterable[int]) -> dict[int, int]:
        """Return the id to use for each of these: itself where it is here, else its successor; none has no entry.

        Examples
        --------
        >>> from nutridiary.foods import load_foods
        >>> load_foods().current([173944, 1])
        {173944: 173944}
        """
        asked = whole_numbers(fdc_ids, "fdc_id")
        return {fdc_id: fdc_id for fdc_id in self._present(asked)} | self.successors(asked)

    def _origins(self, fdc_ids: list[int], nutrients: list[str]) -> pd.DataFrame:
        """Return what is known about values beyond their amount, a row per value that has such."""
        import pandas as pd

        from nutridiary.fdc.provenance import ORIGIN, unpack_provenance

        sql = f"SELECT fdc_id, origins, data_points, standard_errors FROM provenance {OF_ASKED}"
        values: list[tuple[object, ...]] = []
        for store in self._stores:
            places = dict(store.rows("SELECT nutrient, position FROM nutrient"))
            symbols = {row[0]: row[1:] for row in store.rows(f"SELECT symbol, {', '.join(ORIGIN)} FROM value_origin")}
            rows = store.rows(sql, (json.dumps(fdc_ids),))
            values += unpack_provenance(rows, {nutrient: places[nutrient] for nutrient in nutrients}, symbols)
        details = {"data_points": "Int64", "standard_error": "float64"}
        columns = {"fdc_id": "int64", "nutrient": "str"} | ORIGIN | details
        return pd.DataFrame(values, columns=list(columns)).astype(columns)

    def _known(self, fdc_ids: Iterable[int]) -> list[int]:
        """Return the ids without repeats, after making sure that there are such foods."""
        asked = whole_numbers(fdc_ids, "fdc_id")
        unknown = sorted(set(asked) - set(self._present(asked)))
        if unknown:
            raise FoodDataError(self._unknown(unknown))
        return asked

    def _unknown(self, fdc_ids: list[int]) -> str:
        first = fdc_ids[0]
        text = f"fdc_id {listing(fdc_ids, 5)}: no such food in {listing(self.releases()['release'])}."
        sql = "SELECT fdc_id, description FROM food WHERE food_code = ?1 OR ndb_number = ?1 ORDER BY fdc_id LIMIT 1"
        near = self.rows(sql, (first,))
        replaced = self.successors([first])
        if replaced:
            text += f" {successor_note(first, replaced[first], self)}. Use that."
        elif near:
            text += f" {first} is the food code or NDB number of fdc_id {near[0][0]}, {near[0][1]!r}. Use that fdc_id."
        else:
            text += f" Look at {food_url(first)}; a branded or newer food has to be fetched (--online)."
        return text


def food_url(fdc_id: int) -> str:
    """Return the address of a food's page at FoodData Central, or at Open Food Facts for a product found there.

    Examples
    --------
    >>> food_url(173944)
    'https://fdc.nal.usda.gov/food-details/173944/nutrients'
    """
    return product_url(int(fdc_id)) or f"https://fdc.nal.usda.gov/food-details/{int(fdc_id)}/nutrients"


def _names(table: str) -> str:
    return ", ".join(COLUMNS[table])


def _known_cells(composition: pd.DataFrame) -> pd.DataFrame:
    """Return ``fdc_id, nutrient, amount`` of every cell with a value, food by food."""
    import numpy as np
    import pandas as pd

    cells = composition.to_numpy()
    food, nutrient = np.nonzero(~np.isnan(cells))
    return pd.DataFrame(
        {
            "fdc_id": composition.index.to_numpy()[food],
            "nutrient": composition.columns.to_numpy()[nutrient],
            "amount": cells[food, nutrient],
        }
    ).astype({"nutrient": "str"})
