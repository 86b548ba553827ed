"""Which published value stands for which nutrient, in which unit.

FoodData Central knows some nutrients under several ids: energy as 1008, 2048 (Atwater specific
factors) or 2047 (general factors), sugars as 2000 or 1063. ``data/nutrients.csv`` names one id a
nutrient and the alternatives in order; the first a food has is taken, and its id is recorded.
"""

from __future__ import annotations

import pandas as pd

from nutridiary.errors import FoodDataError
from nutridiary.nutrients import load_nutrients

MICROGRAMS = {"g": 1e6, "mg": 1e3, "ug": 1.0}
# Institute of Medicine, "Dietary Reference Intakes for Calcium and Vitamin D", 2011, p. 75: 1 ug is
# 40 IU, for ergocalciferol and cholecalciferol alike. No other vitamin's IU is a mass without its form.
VITAMIN_D_UG_PER_IU = 1 / 40
# The thermochemical calorie, NIST Special Publication 811 (2008), appendix B.8.
KCAL_PER_KJ = 1 / 4.184

# As FoodData Central, its API and the FNDDS workbooks write them.
_UNITS = {
    "g": "g",
    "mg": "mg",
    "ug": "ug",
    "mcg": "ug",
    "µg": "ug",
    "μg": "ug",
    "mcg_rae": "ug",
    "mcg_dfe": "ug",
    "kcal": "kcal",
    "kj": "kJ",
    "iu": "IU",
}


def nutrient_ids() -> pd.DataFrame:
    """Return every FDC nutrient id that is read: ``fdc_nutrient_id, nutrient, unit, position, rank``.

    `rank` 0 is the nutrient's own id, 1 and up are its alternatives in the order they are tried.

    Examples
    --------
    >>> ids = nutrient_ids()
    >>> ids[ids["nutrient"] == "energy"]["fdc_nutrient_id"].to_list()
    [1008, 2048, 2047]
    """
    nutrients = load_nutrients()
    alternatives = nutrients["alternative_nutrient_ids"].fillna("").str.split(";")
    rows = []
    for position, (nutrient, own_id) in enumerate(nutrients["fdc_nutrient_id"].items()):
        ids = [int(own_id), *(int(other) for other in alternatives[str(nutrient)] if other)]
        unit = nutrients.loc[str(nutrient), "unit"]
        rows += [(nutrient_id, nutrient, unit, position, rank) for rank, nutrient_id in enumerate(ids)]
    return pd.DataFrame(rows, columns=["fdc_nutrient_id", "nutrient", "unit", "position", "rank"])


def unit_factor(unit: str, nutrient: str, nutrient_unit: str) -> float:
    """Return what an amount in `unit` is multiplied by to be in the nutrient's own unit.

    Parameters
    ----------
    unit : str
        As published: ``MG``, ``mcg_RAE``, ``kJ``.
    nutrient, nutrient_unit : str
        Name and unit as in ``data/nutrients.csv``.

    Raises
    ------
    FoodDataError
        If no stated factor leads from one to the other. IU is a mass for vitamin D only.

    Examples
    --------
    >>> unit_factor("MG", "zinc", "mg"), unit_factor("IU", "vitamin_d", "ug")
    (1.0, 0.025)
    >>> round(unit_factor("kJ", "energy", "kcal"), 4)
    0.239
    """
    known = _UNITS.get(unit.strip().casefold())
    if known == nutrient_unit:
        return 1.0
    if known in MICROGRAMS and nutrient_unit in MICROGRAMS:
        return MICROGRAMS[known] / MICROGRAMS[nutrient_unit]
    if known == "kJ" and nutrient_unit == "kcal":
        return KCAL_PER_KJ
    if known == "IU" and nutrient in ("vitamin_d", "vitamin_d2", "vitamin_d3"):
        return VITAMIN_D_UG_PER_IU
    raise FoodDataError(
        f"{nutrient}: a value in {unit!r}, and no factor leads from there to {nutrient_unit}. "
        "The file or answer is not in the layout of FoodData Central, or the id stands for another nutrient."
    )


def choose_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return one value per food and nutrient, in the nutrient's unit.

    Parameters
    ----------
    values : pandas.DataFrame
        As in `nutridiary.fdc.tables.FoodTables`. Ids that no nutrient uses are left aside.

    Returns
    -------
    pandas.DataFrame
        The columns of `values` with ``nutrient`` and ``position`` (its place in
        ``data/nutrients.csv``, from 0), sorted by food and position. `unit` is the nutrient's own.

    Raises
    ------
    FoodDataError
        If a value's unit cannot be converted, or a food has two values under one id.
    """
    known = values[values["amount"].notna()].merge(
        nutrient_ids(), on="fdc_nutrient_id", how="inner", suffixes=("", "_of_nutrient"), validate="many_to_one"
    )
    repeated = known.duplicated(["fdc_id", "fdc_nutrient_id"])
    if repeated.any():
        first = known[repeated].iloc[0]
        raise FoodDataError(
            f"food {first['fdc_id']}: nutrient id {first['fdc_nutrient_id']} has two values; {int(repeated.sum())} "
            "such pairs in all. Expected one value per food and nutrient."
        )
    known = known.sort_values(["fdc_id", "position", "rank"], kind="stable")
    known = known.drop_duplicates(["fdc_id", "position"]).reset_index(drop=True)
    kinds = known[["unit", "nutrient", "unit_of_nutrient"]].drop_duplicates()
    kinds["factor"] = [unit_factor(*kind) for kind in kinds.itertuples(index=False, name=None)]
    factors = known.merge(kinds, on=["unit", "nutrient", "unit_of_nutrient"], validate="many_to_one")["factor"]
    for column in ("amount", "standard_error"):
        known[column] = known[column] * factors.to_numpy()
    known["unit"] = known["unit_of_nutrient"]
    return known.drop(columns=["rank", "unit_of_nutrient"])
