"""Corrections that are kept: from a reviewed workbook into the user's own file of aliases."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.aliases.files import Said, read_aliases, read_said, write_aliases
from nutridiary.aliases.lookup import check_foods
from nutridiary.errors import AliasError

if TYPE_CHECKING:
    import datetime

    import pandas as pd

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
    corrections = read_aliases([review])
    if online:
        foods = _with_foods_of(corrections, foods)
    check_foods(corrections, foods)
    kept = {said.about: said for said in (read_said(target) if target.exists() else [])}
    counts = {"new": 0, "replaced": 0, "known": 0}
    for said in read_said(Path(review)):
        before = kept.get(said.about)
        if before is not None and before.answer == said.answer:
            counts["known"] += 1
            continue
        counts["new" if before is None else "replaced"] += 1
        kept[said.about] = _described(said, foods)._replace(
            added_on=said.added_on or (on.isoformat() if on else ""), note=said.note or f"from {Path(review).name}"
        )
    write_aliases(list(kept.values()), target)
    return Learned(**counts, total=len(kept))


def _with_foods_of(aliases: pd.DataFrame, foods: FoodData) -> FoodData:
    """Return `foods` with those the aliases name and it lacks, asked of FoodData Central."""
    from nutridiary.fdc.api import fetch_foods

    missing = [fdc_id for fdc_id in map(int, aliases["fdc_id"].dropna().unique()) if fdc_id not in foods]
    return foods.with_foods(fetch_foods(missing)) if missing else foods


def _described(said: Said, foods: FoodData) -> Said:
    """Put the food's name beside its id."""
    if said.fdc_id is None:
        return said
    return said._replace(description=str(foods.food(said.fdc_id)["description"]))
