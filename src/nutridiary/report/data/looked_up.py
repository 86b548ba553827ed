"""What was looked up for a diary beyond the food database, as data and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.fdc.looked_up import LookedUp
from nutridiary.report.data.declared import LOOKED_UP_TABLES
from nutridiary.report.data.reading import DataError, check_names, frames_of, mapping_of
from nutridiary.report.data.writing import table_data

if TYPE_CHECKING:
    from nutridiary.foods import FoodData
    from nutridiary.lock import Lock

_MOST_IDS = 100_000
_FIELDS = ("tables", "not_found", "remarks", "branded")
_OF_BRANDED = ("release", "sha256")


def looked_up_data(looked_up: LookedUp) -> dict[str, Any]:
    """Return what was looked up as plain data.

    Parameters
    ----------
    looked_up : LookedUp

    Returns
    -------
    dict
        ``tables`` by name, a list of values per column; ``not_found``, why by FDC id; ``remarks``; ``branded``.
    """
    import pandas as pd

    frames = looked_up.foods.tables() | {
        "products": pd.DataFrame() if looked_up.products is None else looked_up.products
    }
    return {
        "tables": {name: table_data(frames[name], table) for name, table in LOOKED_UP_TABLES.items()},
        "not_found": {str(fdc_id): why for fdc_id, why in sorted(looked_up.not_found.items())},
        "remarks": list(looked_up.remarks),
        "branded": dict(looked_up.branded),
    }


def looked_up_of(data: object, where: str = "looked_up") -> LookedUp:
    """Return what was looked up, of data that may come from anywhere.

    Raises
    ------
    DataError
        If it is not such data.
    """
    from nutridiary.fdc.tables import FoodTables, shaped

    said = mapping_of(data, where)
    check_names(said, list(_FIELDS), where)
    frames = frames_of(said["tables"], LOOKED_UP_TABLES, f"{where}.tables")
    ids = frames["foods"]["fdc_id"]
    if not (ids > 0).all():
        raise DataError(f"{where}: a record that was looked up has an id above zero.")
    for name in ("aliases", "values", "portions", "ingredients"):
        if not frames[name]["fdc_id"].isin(ids).all():
            raise DataError(f"{where}.{name}: a row is of no record in foods.")
    for name in ("foods", "values"):
        if not frames[name]["release"].isin(frames["releases"]["release"]).all():
            raise DataError(f"{where}.{name}: a row is of no release.")
    products = frames.pop("products")
    foods = FoodTables(files=shaped("files"), **{name: shaped(name, frame) for name, frame in frames.items()})
    return LookedUp(
        foods,
        None if products.empty else products,
        _reasons(said["not_found"], where),
        _texts(said["remarks"], where),
        _branded(said["branded"], where),
    )


def foods_of_report(lock: Lock | None, looked_up: LookedUp | None) -> FoodData:
    """Return the food data that a report was made with, as far as it is here.

    It is that of the release the lock names where it is installed, else of the release in use; and what was looked
    up, its labels checked as they were.
    """
    from nutridiary.brands.label_foods import with_label_foods
    from nutridiary.fdc.installed import EMBEDDED, installed_releases
    from nutridiary.foods import load_foods

    named = None if lock is None else lock.data["food_data"].get("release")
    foods = load_foods(release=named) if named in (EMBEDDED, *installed_releases()) else load_foods()
    return foods if looked_up is None else with_label_foods(foods, looked_up.foods).foods


def _reasons(said: object, where: str) -> dict[int, str]:
    reasons: Mapping[str, Any] = mapping_of(said, f"{where}.not_found")
    if len(reasons) > _MOST_IDS or not all(
        isinstance(why, str) and fdc_id.isascii() and fdc_id.isdigit() for fdc_id, why in reasons.items()
    ):
        raise DataError(f"{where}.not_found: a text by FDC id was expected.")
    return {int(fdc_id): why for fdc_id, why in reasons.items()}


def _texts(said: object, where: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(text, str) for text in said):
        raise DataError(f"{where}.remarks: a list of texts was expected.")
    return tuple(said)


def _branded(said: object, where: str) -> dict[str, str]:
    branded = mapping_of(said, f"{where}.branded")
    if branded and (set(branded) != set(_OF_BRANDED) or not all(isinstance(text, str) for text in branded.values())):
        raise DataError(f"{where}.branded: a release and its sha256 were expected.")
    return branded
