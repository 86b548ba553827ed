"""A food of the user's own on its way into food data: what it holds, what it weighs, and on what that rests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nutridiary.fdc.tables import FoodTables, shaped
from nutridiary.foods import OWN_FOOD
from nutridiary.nutrients import load_nutrients
from nutridiary.portions.basis import BY_WEIGHT

if TYPE_CHECKING:
    import pandas as pd

RELEASES = {"own": "your own food", "recipe": "your recipe"}
"""What a record of each kind is called where a value's origin is told: your recipe "Chili"."""
_ORIGINS = {"own": "from the labels you wrote down", "recipe": "computed from the ingredients you wrote down"}

# [unit] of a serving of which nothing is known but that it is one.
UNITS_PER_SERVING = 100.0


@dataclass(frozen=True)
class OwnPortion:
    """A portion: `amount` times `description` are `grams` units of the record's basis."""

    amount: float
    description: str
    grams: float


@dataclass(frozen=True)
class OwnRecord:
    """One food of the user's own.

    Attributes
    ----------
    fdc_id : int
        Negative.
    name, brand : str
        As the diary calls it.
    kind : {"own", "recipe"}
        From a label, or from ingredients.
    where : str
        File, sheet and row it is from.
    basis : str
        What 100 units are: as in `nutridiary.portions.basis`: weight, raw mix, volume or serving.
    known : dict of str to float
        Per 100 units, by nutrient. [the nutrient's unit] What is not here is unknown.
    estimated : dict of str to float
        Per 100 units: values that rest on those of twin records of ingredients.
    portions : tuple of OwnPortion
    barcode : str
        The number below its bars, as it is printed; empty where none is known.
    """

    fdc_id: int
    name: str
    brand: str
    kind: str
    where: str
    basis: str = BY_WEIGHT
    known: dict[str, float] = field(default_factory=dict)
    estimated: dict[str, float] = field(default_factory=dict)
    portions: tuple[OwnPortion, ...] = ()
    barcode: str = ""

    @property
    def twin_id(self) -> int:
        """The id of the record that holds what is only estimated."""
        return self.fdc_id - TWIN_IDS


TWIN_IDS = 1_000_000
"""How far below a record's id the id of its twin is: more foods than a sheet has rows."""


def tables_of(records: Sequence[OwnRecord]) -> tuple[FoodTables, dict[int, int]]:
    """Return the records as food data, and which records fill the gaps of which.

    Values that rest on twin records of ingredients are in a record of their own, the twin: so what a day owes to them
    is marked as filled in, and no lower bound rests on them.
    """
    import pandas as pd

    foods, values, portions = [], [], []
    nutrients = load_nutrients()
    twins = {record.fdc_id: record.twin_id for record in records if record.estimated}
    for record in records:
        release = RELEASES[record.kind]
        for fdc_id, held in ((record.fdc_id, record.known), (record.twin_id, record.estimated)):
            if fdc_id == record.twin_id and not held:
                continue
            basis = None if record.basis == BY_WEIGHT else record.basis
            foods.append({"fdc_id": fdc_id, "description": _called(record), "release": release, "basis": basis})
            values += [
                {"fdc_id": fdc_id, "nutrient": nutrient, "amount": amount, "release": release}
                for nutrient, amount in held.items()
            ]
        portions += [
            {"fdc_id": record.fdc_id, "seq": number, **vars(portion)}
            for number, portion in enumerate(record.portions, 1)
        ]
    cells = pd.DataFrame(values, columns=["fdc_id", "nutrient", "amount", "release"])
    cells["fdc_nutrient_id"] = cells["nutrient"].map(nutrients["fdc_nutrient_id"]).astype("int64")
    cells["unit"] = cells["nutrient"].map(nutrients["unit"])
    portion_table = pd.DataFrame(portions, columns=["fdc_id", "seq", "amount", "description", "grams"])
    portion_table = portion_table.rename(columns={"grams": "gram_weight"}).assign(is_quantity_not_specified=False)
    tables = FoodTables(
        releases=_releases(records),
        files=shaped("files"),
        foods=shaped("foods", pd.DataFrame(foods).assign(data_type=OWN_FOOD)),
        aliases=shaped("aliases"),
        values=shaped("values", cells.drop(columns="nutrient")),
        portions=shaped("portions", portion_table),
        ingredients=shaped("ingredients"),
    )
    return tables, twins


def _called(record: OwnRecord) -> str:
    return f"{record.brand} {record.name}".strip() if record.brand else record.name


def _releases(records: Sequence[OwnRecord]) -> pd.DataFrame:
    import pandas as pd

    kinds = [kind for kind in RELEASES if any(record.kind == kind for record in records)]
    rows = [
        {
            "release": RELEASES[kind],
            "data_type": OWN_FOOD,
            "foods": sum(record.kind == kind for record in records),
            "source": "the diary",
            "note": "from the labels you wrote down"
            if kind == "own"
            else "computed from the ingredients you wrote down",
        }
        for kind in kinds
    ]
    return shaped("releases", pd.DataFrame(rows))
