"""What was looked up for one diary beyond the food database: records by id, by barcode, of another source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nutridiary.fdc.tables import FoodTables, join_tables, only_foods

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.fdc.branded import BrandedDatabase


@dataclass(frozen=True)
class LookedUp:
    """Records that are in no food database in use, as they came, and what each line with a barcode was answered.

    It travels with a report, so that the report can be made again where nobody can be asked.

    Attributes
    ----------
    foods : FoodTables
        As their source gave them, before labels are checked.
    products : pandas.DataFrame or None
        `tables.PRODUCTS`: what was found for barcodes and brands, and why not; None where no line has any.
    not_found : mapping of int to str
        FDC ids that were asked for and not found, and why.
    remarks : tuple of str
        What is to be said of the looking up as a whole.
    branded : mapping of str to str
        Which branded foods of this machine records are of: the ``release``, and the ``sha256`` that it states of them;
        empty where none are.
    """

    foods: FoodTables
    products: pd.DataFrame | None = None
    not_found: Mapping[int, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    branded: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        tables: Sequence[FoodTables],
        products: pd.DataFrame | None = None,
        not_found: Mapping[int, str] | None = None,
        remarks: Sequence[str] = (),
        branded: BrandedDatabase | None = None,
    ) -> LookedUp | None:
        """Return what several look-ups gave as one, each food once, in the order of their ids; None for nothing.

        Where two gave the same food, that of the first counts, as in `FoodData.with_foods`.
        """
        joined = _joined(tables)
        foods = _none() if joined is None else joined
        used = branded is not None and branded.release in set(foods.releases["release"])
        identity = identity_of(branded) if branded is not None and used else {}
        found = cls(foods, products, dict(not_found or {}), tuple(remarks), identity)
        return None if found.is_empty else found

    @classmethod
    def nothing(cls) -> LookedUp:
        """Return what says that nothing was found, so that nobody is asked again."""
        return cls(_none())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found, and nothing is to be said of looking."""
        nobody = self.products is None or self.products.empty
        return self.foods.foods.empty and nobody and not self.not_found and not self.remarks

    @property
    def fdc_ids(self) -> list[int]:
        """The ids of the records."""
        return [int(fdc_id) for fdc_id in self.foods.foods["fdc_id"]]

    def only(self, fdc_ids: Sequence[int]) -> LookedUp:
        """Return the same with these records alone."""
        return replace(self, foods=only_foods(self.foods, fdc_ids))


def _joined(tables: Sequence[FoodTables]) -> FoodTables | None:
    parts: list[FoodTables] = []
    known: set[int] = set()
    for table in tables:
        fresh = [int(fdc_id) for fdc_id in table.foods["fdc_id"] if int(fdc_id) not in known]
        if fresh:
            parts.append(only_foods(table, fresh))
            known.update(fresh)
    if not parts:
        return None
    joined = join_tables(parts)
    in_order = {
        "foods": joined.foods.sort_values("fdc_id", kind="stable", ignore_index=True),
        "releases": joined.releases[joined.releases["foods"] > 0].reset_index(drop=True),
    }
    tables_of = joined.tables() | in_order
    # Two look-ups of a day are of one release: it is told once, with all its foods.
    counts = tables_of["foods"]["release"].value_counts()
    releases = tables_of["releases"].drop_duplicates("release", ignore_index=True)
    tables_of["releases"] = releases.assign(foods=releases["release"].map(counts).astype("int64"))
    return FoodTables(**tables_of)


def identity_of(branded: BrandedDatabase) -> dict[str, str]:
    """Return which branded foods these are: a gigabyte is not read for it, the release says what it built."""
    from nutridiary.fdc.installed import BRANDED, release_manifest

    release = branded.path.parent.name
    held = (release_manifest(release) or {}).get("databases", {}).get(BRANDED, {})
    return {"release": release, "sha256": str(held.get("sha256", ""))}


def _none() -> FoodTables:
    from nutridiary.fdc.tables import COLUMNS, shaped

    return FoodTables(**{name: shaped(name) for name in COLUMNS})
