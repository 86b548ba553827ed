"""From what labels say to records: values per serving become values per 100 units of what the serving is known by."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from nutridiary.barcodes import read_barcode, shown
from nutridiary.fdc.tables import BY_VOLUME
from nutridiary.own_foods.records import UNITS_PER_SERVING, OwnPortion, OwnRecord
from nutridiary.portions.basis import BY_SERVING, BY_WEIGHT
from nutridiary.units import canonical_unit, factor_to, unit_kind

if TYPE_CHECKING:
    import pandas as pd

_WITH_VOLUME = re.compile(r"(?P<unit>.*?)\s*\((?P<amount>[\d.]+) (?P<volume>[a-z ]+)\)$")


def label_records(own_foods: pd.DataFrame, first_id: int = -1) -> list[OwnRecord]:
    """Return a record for each food of the sheet that has a name and a serving size.

    Parameters
    ----------
    own_foods : pandas.DataFrame
        `tables.OWN_FOODS`.
    first_id : int
        Id of the first; the next ones count down.

    Returns
    -------
    list of OwnRecord
        In the order of the sheet. Per 100 g where the label says what a serving weighs, per 100 ml where it says its
        volume, else per serving; no weight and no density is assumed. Figures are as rounded as the label's.
    """
    usable = own_foods[own_foods["name"].notna() & own_foods["per_amount"].gt(0) & ~said_again(own_foods)]
    records: list[OwnRecord] = []
    for _, rows in usable.groupby(_keys(usable), sort=False):
        first = rows.iloc[0]
        units, basis, portions = _serving(first["per_amount"], str(first["per_unit"]), first["serving_grams"])
        held = rows[rows["nutrient"].notna() & rows["amount"].notna() & rows["problem"].isna()]
        amounts = (held["amount"] * 100 / units).to_list()
        records.append(
            OwnRecord(
                first_id - len(records),
                str(first["name"]),
                str(first["brand"]) if isinstance(first["brand"], str) else "",
                "own",
                f"{first['source']}:{first['line']}",
                basis,
                dict(zip(held["nutrient"].to_list(), amounts, strict=True)),
                portions=portions,
                barcode=_printed(first["barcode"]),
            )
        )
    return records


def _printed(barcode: object) -> str:
    gtin = read_barcode(barcode).gtin if isinstance(barcode, str) else None
    return "" if gtin is None else shown(gtin)


def _keys(own_foods: pd.DataFrame) -> list[pd.Series[str]]:
    return [own_foods["name"].fillna("").str.casefold(), own_foods["brand"].fillna("").str.casefold()]


def said_again(own_foods: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows say of a food what an earlier row said: another label of the same name, or the same one twice."""
    import pandas as pd

    keys = _keys(own_foods)
    places = pd.Series(range(len(own_foods)), index=own_foods.index)
    of_serving = own_foods[["per_amount", "per_unit", "serving_grams"]]
    first = of_serving.iloc[places.groupby(keys).transform("min")].set_axis(own_foods.index)
    another = ~(of_serving.eq(first) | (of_serving.isna() & first.isna())).all(axis=1)
    named = own_foods.assign(name=keys[0], brand=keys[1])
    repeated = named.duplicated(["name", "brand", "nutrient"]) & own_foods["nutrient"].notna()
    return (another | repeated) & own_foods["name"].notna()


def _serving(amount: float, unit: str, grams: float) -> tuple[float, str, tuple[OwnPortion, ...]]:
    """Return how many units a serving is, what they are, and the portions that follow."""
    volume = _WITH_VOLUME.match(unit)
    name = volume["unit"] if volume else unit
    kind = unit_kind(canonical_unit(name))
    millilitres = math.nan
    if volume:
        millilitres = amount * float(volume["amount"]) * factor_to("ml", volume["volume"])
    elif kind == "volume":
        millilitres = amount * factor_to("ml", canonical_unit(name) or name)
    if grams > 0:
        units, basis = float(grams), BY_WEIGHT
    elif millilitres > 0:
        units, basis = millilitres, BY_VOLUME
    else:
        units, basis = UNITS_PER_SERVING, BY_SERVING
    portions = []
    if kind != "mass" and name != "serving":
        portions.append(OwnPortion(amount, name, units))
    if volume:
        portions.append(OwnPortion(millilitres, "ml", units))
    if kind != "mass" and (kind != "volume" or volume):
        # Of "100 g" and "100 ml" nobody says that they are a serving.
        portions.append(OwnPortion(1.0, "serving", units))
    return units, basis, tuple(portions)
