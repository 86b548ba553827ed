"""Puts fresh foods in the place of those of the same data type, and remembers which record took whose place."""

from __future__ import annotations

import pandas as pd

from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc.tables import FoodTables, join_tables, shaped

GENERIC_TYPES = ("survey_fndds_food", "foundation_food", "sr_legacy_food")
"""The data types a food database holds, in the order in which it lists them."""
_LASTING_KEYS = {"survey_fndds_food": "food_code", "foundation_food": "ndb_number", "sr_legacy_food": "ndb_number"}


def combine(base: FoodTables, fresh: FoodTables) -> FoodTables:
    """Return the foods of `fresh`, and those of `base` whose data type `fresh` lacks.

    Parameters
    ----------
    base, fresh : FoodTables
        As `nutridiary.fdc.database_source.read_database` and `nutridiary.fdc.releases.read_releases`
        return them.

    Returns
    -------
    FoodTables
        Data types stand in the order of `GENERIC_TYPES`, whichever way the foods came.
        `successors` leads from each record of `base` that is gone, and from those `base` knew to be
        gone, to the record with the same food code (FNDDS) or NDB number (Foundation Foods, SR
        Legacy). A record whose number nothing has, or two have, has no successor.

    Raises
    ------
    FoodDataError
        If one of the two has a data type twice, or both have a food that stays.
    """
    for tables in (base, fresh):
        _check_types(tables)
    replaced = set(fresh.releases["data_type"])
    kept = _of_types(base, [data_type for data_type in base.releases["data_type"] if data_type not in replaced])
    both = sorted(set(kept.foods["fdc_id"]) & set(fresh.foods["fdc_id"]))
    if both:
        owners = kept.foods.set_index("fdc_id")["release"]
        raise FoodDataError(
            f"{listing(fresh.releases['release'])}: {len(both)} foods stand in {owners[both[0]]} too, "
            f"first fdc_id {both[0]}. The file is not what its name says, or is of both data types."
        )
    parts = {_only_type(part): part for part in [*_split(kept), *_split(fresh)]}
    joined = join_tables([parts[data_type] for data_type in GENERIC_TYPES if data_type in parts])
    return _with(joined, successors=_successors(base, fresh, joined))


def _check_types(tables: FoodTables) -> None:
    types = tables.releases["data_type"]
    strange = sorted(set(types) - set(GENERIC_TYPES))
    if strange:
        raise FoodDataError(f"foods of type {listing(strange)} do not belong here; expected {listing(GENERIC_TYPES)}.")
    twice = tables.releases[types.duplicated(keep=False)]
    if len(twice):
        raise FoodDataError(
            f"{listing(twice['release'])}: two releases of one data type. Give the one that is to be used."
        )


def _successors(base: FoodTables, fresh: FoodTables, joined: FoodTables) -> pd.DataFrame:
    """Return the successor of each record that is not among the foods any more."""
    present = set(joined.foods["fdc_id"])
    gone = base.foods[~base.foods["fdc_id"].isin(present)]
    found: dict[int, int] = {}
    for data_type, key in _LASTING_KEYS.items():
        now = joined.foods[(joined.foods["data_type"] == data_type) & joined.foods[key].notna()]
        now = now[~now[key].duplicated(keep=False)]
        took_place = dict(zip(now[key], now["fdc_id"], strict=True))
        before = gone[(gone["data_type"] == data_type) & gone[key].isin(now[key])]
        found |= {old: took_place[code] for old, code in zip(before["fdc_id"], before[key], strict=True)}
    # What led to a record that is gone now leads to what took its place.
    known = {old: found.get(new, new) for old, new in base.successors.itertuples(index=False)}
    known |= dict(zip(fresh.successors["fdc_id"], fresh.successors["successor_id"], strict=True))
    pairs = sorted((old, new) for old, new in (known | found).items() if new in present and old not in present)
    return shaped("successors", pd.DataFrame(pairs, columns=["fdc_id", "successor_id"]))


def _split(tables: FoodTables) -> list[FoodTables]:
    return [_of_types(tables, [data_type]) for data_type in tables.releases["data_type"]]


def _only_type(tables: FoodTables) -> str:
    return str(tables.releases["data_type"].iloc[0])


def _of_types(tables: FoodTables, data_types: list[str]) -> FoodTables:
    """Return the releases of these data types with all that belongs to their foods, but no successors."""
    releases = tables.releases[tables.releases["data_type"].isin(data_types)]
    foods = tables.foods[tables.foods["data_type"].isin(data_types)]
    kept = {
        name: frame[frame["fdc_id"].isin(foods["fdc_id"])]
        for name, frame in tables.tables().items()
        if "fdc_id" in frame.columns and name not in ("foods", "successors")
    }
    files = tables.files[tables.files["release"].isin(releases["release"])]
    return _with(tables, releases=releases, files=files, foods=foods, successors=shaped("successors"), **kept)


def _with(tables: FoodTables, **changed: pd.DataFrame) -> FoodTables:
    frames = {name: changed.get(name, frame).reset_index(drop=True) for name, frame in tables.tables().items()}
    return FoodTables(**frames)
