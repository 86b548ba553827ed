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

    from nutridiary.foods import FoodData


class Learned(NamedTuple):
    """What became of a file of aliases: how many are new, replaced others, were known, and stand in it now."""

    new: int
    replaced: int
    known: int
    total: int


def learn_aliases(
    review: str | os.PathLike[str], aliases: str | os.PathLike[str], foods: FoodData, *, on: datetime.date | None = None
) -> Learned:
    """See `nutridiary.aliases.learn`."""
    target = Path(aliases)
    if target.suffix.casefold() != ".csv":
        raise AliasError(f"{target}: aliases are kept in a text table. End its name in .csv.")
    check_foods(read_aliases([review]), foods)
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


def _described(said: Said, foods: FoodData) -> Said:
    """Put the food's name beside its id."""
    if said.fdc_id is None:
        return said
    return said._replace(description=str(foods.food(said.fdc_id)["description"]))
