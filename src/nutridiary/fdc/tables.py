"""The tables every source of food data is read into, whatever its own layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# No pandas at import: `foods` reads the columns, and opening the database must not wait for pandas.
COLUMNS: dict[str, dict[str, str]] = {
    "releases": {
        "release": "str",
        "data_type": "str",
        "published": "str",
        "foods": "int64",
        "licence": "str",
        "source": "str",
        "version": "str",
        "note": "str",
    },
    "files": {"release": "str", "file": "str", "bytes": "int64", "sha256": "str"},
    "foods": {
        "fdc_id": "int64",
        "food_code": "Int64",
        "ndb_number": "Int64",
        "description": "str",
        "data_type": "str",
        "category": "str",
        "release": "str",
        "category_number": "Int64",
        "basis": "str",
    },
    "aliases": {"fdc_id": "int64", "seq": "int64", "alias": "str"},
    "values": {
        "fdc_id": "int64",
        "fdc_nutrient_id": "int64",
        "amount": "float64",
        "unit": "str",
        "release": "str",
        "source_code": "Int64",
        "derivation_code": "str",
        "standard_error": "float64",
        "data_points": "Int64",
    },
    "portions": {
        "fdc_id": "int64",
        "seq": "int64",
        "amount": "float64",
        "description": "str",
        "gram_weight": "float64",
        "data_points": "Int64",
        "text": "str",
        "is_quantity_not_specified": "bool",
    },
    "ingredients": {
        "fdc_id": "int64",
        "seq": "int64",
        "ingredient_code": "int64",
        "description": "str",
        "grams": "float64",
        "retention_code": "int64",
        "moisture_change": "float64",
    },
    "successors": {"fdc_id": "int64", "successor_id": "int64"},
}

BY_VOLUME = "volume"
"""A food's `basis` where its values are per 100 ml and nobody states its density; empty: per 100 g."""


@dataclass(frozen=True)
class FoodTables:
    """Food data as tables, the same from a release, from several or from the API.

    Attributes
    ----------
    releases : pandas.DataFrame
        A row per release: name, data type, version, date, number of foods, licence, source, note.
    files : pandas.DataFrame
        A row per file read, with its size [bytes] and sha256.
    foods, aliases : pandas.DataFrame
        A row per food; a row per other name of a food.
    values : pandas.DataFrame
        A row per known nutrient value per 100 g, as published: `fdc_nutrient_id`, `unit`. No row
        where the source has no value.
    portions : pandas.DataFrame
        `gram_weight` [g] is the weight of `amount` times `description`; `text` is the original.
    ingredients : pandas.DataFrame
        The recipe a food's values were computed from, where there is one; `grams` [g],
        `moisture_change` [%].
    successors : pandas.DataFrame
        Records of other releases, and the one of `foods` that took the place of each.
    """

    releases: pd.DataFrame
    files: pd.DataFrame
    foods: pd.DataFrame
    aliases: pd.DataFrame
    values: pd.DataFrame
    portions: pd.DataFrame
    ingredients: pd.DataFrame
    successors: pd.DataFrame = field(default_factory=lambda: shaped("successors"))

    def __post_init__(self) -> None:
        """Make sure that every table has its declared columns."""
        for name, frame in self.tables().items():
            declared = list(COLUMNS[name])
            if list(frame.columns) != declared:
                raise ValueError(f"{name}: columns {list(frame.columns)}, declared {declared}")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def shaped(name: str, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `frame` with the declared columns and types of table `name`; absent columns are unknown.

    Examples
    --------
    >>> shaped("aliases").columns.to_list()
    ['fdc_id', 'seq', 'alias']
    """
    import pandas as pd

    columns = COLUMNS[name]
    given = pd.DataFrame() if frame is None else frame
    filled = given.reindex(columns=list(columns)).reset_index(drop=True)
    return filled.astype(columns)


def one_release(
    release: Mapping[str, str | None],
    foods: pd.DataFrame,
    read: Sequence[tuple[str, int, str]],
    *,
    note: str | None = None,
    **others: pd.DataFrame,
) -> FoodTables:
    """Return the tables of one release.

    Parameters
    ----------
    release : mapping of str to str
        As `nutridiary.fdc.known_releases.release_row` returns it.
    foods : pandas.DataFrame
    read : sequence of tuple
        Name, size [bytes] and sha256 of each file that was read.
    note : str, optional
        What should be known about the release.
    **others : pandas.DataFrame
        Aliases, values, portions and ingredients, where there are any.
    """
    import pandas as pd

    name = release["release"]
    files = pd.DataFrame(list(dict.fromkeys(read)), columns=["file", "bytes", "sha256"]).assign(release=name)
    tables = {table: shaped(table, others.get(table)) for table in ("aliases", "values", "portions", "ingredients")}
    return FoodTables(
        releases=shaped("releases", pd.DataFrame([{**release, "foods": len(foods), "note": note}])),
        files=shaped("files", files),
        foods=shaped("foods", foods.assign(release=name)),
        **tables,
    )


def join_tables(parts: Sequence[FoodTables]) -> FoodTables:
    """Return several `FoodTables` as one, in the order given."""
    import pandas as pd

    joined = {
        name: pd.concat([part.tables()[name] for part in parts], ignore_index=True).astype(columns)
        for name, columns in COLUMNS.items()
    }
    return FoodTables(**joined)


def only_foods(tables: FoodTables, fdc_ids: Sequence[int]) -> FoodTables:
    """Return `tables` with only these foods; releases and files stay, their counts are of what is left."""
    kept = {
        name: frame[frame["fdc_id"].isin(list(fdc_ids))].reset_index(drop=True) if "fdc_id" in frame.columns else frame
        for name, frame in tables.tables().items()
    }
    counts = kept["foods"]["release"].value_counts()
    kept["releases"] = kept["releases"].assign(foods=kept["releases"]["release"].map(counts).fillna(0).astype("int64"))
    return FoodTables(**kept)
