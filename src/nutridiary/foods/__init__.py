"""Food composition: the foods of FoodData Central with their nutrients, portions and names.

>>> foods = load_foods()
>>> foods.food(173944)["description"]
'Bananas, raw'
>>> float(foods.composition([173944], ["potassium"]).loc[173944, "potassium"])
358.0
"""

from __future__ import annotations

from pathlib import Path

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import FOODS, release_file, release_in_use
from nutridiary.fdc.store import Store
from nutridiary.foods.data import ASSUMED_ZERO, OWN_FOOD, FoodData, Terms, food_url

__all__ = ["ASSUMED_ZERO", "OWN_FOOD", "FoodData", "Terms", "food_url", "load_foods"]


def load_foods(path: str | Path | None = None, *, release: str | None = None) -> FoodData:
    """Open the food database.

    Parameters
    ----------
    path : str or pathlib.Path, optional
        Another database than that of the release in use, which is the embedded one until
        ``nutridiary fdc use`` chooses another.
    release : str, optional
        The name of another release that is installed, or ``"embedded"``.

    Returns
    -------
    FoodData

    Raises
    ------
    FoodDataError
        If the file is missing or is no food database, or there is no such release.

    Examples
    --------
    >>> load_foods(release="embedded").releases()["release"].to_list()
    ['FNDDS 2021-2023', 'Foundation Foods 2025-04-24', 'SR Legacy 2018-04']
    """
    chosen = release_file(FOODS, release) if path is None else Path(path)
    if chosen is None:
        named = release_in_use() if release is None else release
        raise FoodDataError(f"the release {named!r} has no {FOODS}. Use another: nutridiary fdc use")
    return FoodData([Store(chosen)])
