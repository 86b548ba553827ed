"""Corrections that are kept: from a reviewed workbook into the user's own file of aliases."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.aliases.files import Said, read_said, write_aliases
from nutridiary.aliases.lookup import unknown_food
from nutridiary.aliases.parts import check_loops
from nutridiary.errors import AliasError
from nutridiary.fdc.successors import records_elsewhere

if TYPE_CHECKING:
    import datetime

    from nutridiary.foods import FoodData


class Learned(NamedTuple):
    """What became of a file of aliases: how many are new, replaced others, were known, and stand in it now."""

    new: int
    replaced: int
    known: int
    total: int


def learn_aliases(
    review: str | os.PathLike[str],
    aliases: str | os.PathLike[str],
    foods: FoodData,
    *,
    on: datetime.date | None = None,
    online: bool = False,
) -> Learned:
    """See `nutridiary.aliases.learn`."""
    target = Path(aliases)
    if target.suffix.casefold() != ".csv":
        raise AliasError(f"{target}: aliases are kept in a text table. End its name in .csv.")
    corrections = read_said(Path(review))
    if online:
        foods = _with_foods_of(corrections, foods)
    check_said(corrections, foods)
    before = read_said(target) if target.exists() else []
    said, learned = learned_into(before, corrections, foods, on=on, note=f"from {Path(review).name}")
    check_loops(said)
    write_aliases(said, target)
    return learned


def learned_into(
    before: Iterable[Said], new: Iterable[Said], foods: FoodData, *, on: datetime.date | None = None, note: str = ""
) -> tuple[list[Said], Learned]:
    """Return what is known with what is new: of the same text it takes the place of what was said before.

    Parameters
    ----------
    before, new : iterable of Said
    foods : FoodData
        Where the names of the foods stand.
    on : datetime.date, optional
        The day written beside what is new and has none.
    note : str
        Written beside what is new and has none.
    """
    kept = {said.about: said for said in before}
    counts = {"new": 0, "replaced": 0, "known": 0}
    for said in _in_release(list(new), foods):
        known = kept.get(said.about)
        if known is not None and known.answer == said.answer:
            counts["known"] += 1
            continue
        counts["new" if known is None else "replaced"] += 1
        kept[said.about] = _described(said, foods)._replace(
            added_on=said.added_on or (on.isoformat() if on else ""), note=said.note or note
        )
    return list(kept.values()), Learned(**counts, total=len(kept))


def check_said(rows: Iterable[Said], foods: FoodData) -> None:
    """Make sure that every food the rows name is known.

    Raises
    ------
    AliasError
        If no release has an FDC id; the text says where it stands and what to do.
    """
    named = [row for row in rows if row.fdc_id is not None]
    current = foods.current(row.fdc_id for row in named if row.fdc_id is not None)
    absent = [row.fdc_id for row in named if row.fdc_id is not None and row.fdc_id not in current]
    gone = records_elsewhere(absent, foods)
    products = _products_here(absent, foods)
    for row in named:
        if row.fdc_id in absent and row.fdc_id not in gone and row.fdc_id not in products:
            why = foods.not_looked_up.get(row.fdc_id)
            raise AliasError(unknown_food(row.said, row.fdc_id, row.where) + (f" Asked: {why}." if why else ""))


def _products_here(fdc_ids: Iterable[int], foods: FoodData) -> dict[int, str]:
    """Return the names of those of the ids that are branded foods of the release, if it has any."""
    asked = list(fdc_ids)
    if not asked:
        return {}
    from nutridiary.fdc.branded import branded_beside

    branded = branded_beside(foods.database)
    here = [] if branded is None else [fdc_id for fdc_id in asked if fdc_id in branded]
    if branded is None or not here:
        return {}
    table = branded.foods(here)
    return dict(zip(table["fdc_id"].tolist(), table["description"].tolist(), strict=True))


def _in_release(rows: Sequence[Said], foods: FoodData) -> list[Said]:
    """Return the rows with the records of the release in use: of another release, what took their place."""
    current = foods.current(row.fdc_id for row in rows if row.fdc_id is not None)
    return [row if row.fdc_id is None else row._replace(fdc_id=current.get(row.fdc_id, row.fdc_id)) for row in rows]


def _with_foods_of(rows: Iterable[Said], foods: FoodData) -> FoodData:
    """Return `foods` with those the rows name and it lacks, asked of FoodData Central."""
    from nutridiary.fdc.api import fetch_foods

    named = dict.fromkeys(row.fdc_id for row in rows if row.fdc_id is not None)
    known = foods.current(named)
    missing = [fdc_id for fdc_id in named if fdc_id not in known]
    if not missing:
        return foods
    fetched = fetch_foods(missing)
    return foods.with_foods(fetched.tables).with_reasons(fetched.reasons())


def _described(said: Said, foods: FoodData) -> Said:
    """Put the food's name beside its id."""
    if said.fdc_id is None:
        return said
    if said.fdc_id not in foods:
        product = _products_here([said.fdc_id], foods).get(said.fdc_id)
        if product is not None:
            return said._replace(description=product)
        # Of another release: its name there is the only one it has.
        return said._replace(description=records_elsewhere([said.fdc_id], foods)[said.fdc_id].description)
    return said._replace(description=str(foods.food(said.fdc_id)["description"]))
