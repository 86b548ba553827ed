"""Refuses what looks wrong before anybody relies on it: too few foods or values, a database that does not work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nutridiary.errors import FoodDataError
from nutridiary.fdc.installed import BRANDED, FOODS, INDEX

if TYPE_CHECKING:
    from nutridiary.fdc.tables import FoodTables

FEWEST, MOST = 0.5, 5.0
"""Within which a count may be of that of the release before. Foundation Foods, the type that grows fastest, went from
340 to 428 in the year to April 2026; what falls to half was cut off."""
SAMPLE = 25


def check_counts(before: FoodTables, fresh: FoodTables) -> None:
    """Refuse fresh foods whose number, or number of values or portions a food, is far from that before.

    Raises
    ------
    FoodDataError
        With both figures.
    """
    for row in fresh.releases.itertuples():
        earlier = before.releases[before.releases["data_type"] == row.data_type]
        if earlier.empty:
            continue
        now, then = _counts(fresh, str(row.data_type)), _counts(before, str(row.data_type))
        for what, count in now.items():
            compare(what, count, then[what], str(row.release), str(earlier["release"].iloc[0]))


def compare(what: str, now: float, then: float, release: str, earlier: str) -> None:
    """Refuse a count that is far from that of the release before.

    Raises
    ------
    FoodDataError
        With both figures, and how to insist.

    Examples
    --------
    >>> compare("foods", 428, 340, "Foundation Foods 2026-04-30", "Foundation Foods 2025-04-24")
    """
    if then and not FEWEST <= now / then <= MOST:
        raise FoodDataError(
            f"{release}: {now:,.6g} {what}, {then:,.6g} in {earlier}. It looks incomplete or is something else, so it "
            "was not installed. Download it again; if it is right, say so with --force."
        )


def _counts(tables: FoodTables, data_type: str) -> dict[str, float]:
    foods = tables.foods[tables.foods["data_type"] == data_type]["fdc_id"]
    own = {name: int(tables.tables()[name]["fdc_id"].isin(foods).sum()) for name in ("values", "portions")}
    return {"foods": len(foods), **{f"{name} a food": count / max(len(foods), 1) for name, count in own.items()}}


def check_works(folder: Path) -> None:
    """Open the databases of a release that was built, find foods and read their values.

    Raises
    ------
    FoodDataError
        If they do not work; the release is not installed then.
    """
    from nutridiary.food_search import search_foods
    from nutridiary.foods import load_foods
    from nutridiary.matching.index import read_index
    from nutridiary.matching.ranking import fingerprint
    from nutridiary.nutrients import core_nutrients

    foods = load_foods(folder / FOODS)
    table = foods.foods()
    step = max(1, len(table) // SAMPLE)
    sample = table.iloc[::step]
    composition = foods.composition(sample["fdc_id"].to_list(), core_nutrients())
    found = search_foods(str(sample["description"].iloc[0]), foods)["fdc_id"]
    if len(composition) != len(sample) or found.empty or composition.isna().all(axis=None):
        raise FoodDataError(f"{folder}: the food database that was built does not work. The release before stays.")
    if read_index(folder / INDEX, fingerprint(foods)) is None:
        raise FoodDataError(f"{folder}: the index of names is of other foods. The release before stays.")
    if (folder / BRANDED).is_file():
        from nutridiary.fdc.branded import BrandedDatabase

        BrandedDatabase(folder / BRANDED).search("milk", limit=1)
