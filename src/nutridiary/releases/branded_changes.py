"""How many branded products came and went from one release to another, by the numbers below their bars."""

from __future__ import annotations

from dataclasses import dataclass

from nutridiary.fdc.branded.schema import BrandedStore
from nutridiary.fdc.installed import BRANDED, release_file

_NUMBERS = "SELECT DISTINCT gtin FROM food WHERE gtin IS NOT NULL"
_KEPT = f"SELECT count(*) FROM ({_NUMBERS}) AS here WHERE EXISTS (SELECT 1 FROM other.food WHERE gtin = here.gtin)"  # noqa: S608


@dataclass(frozen=True)
class BrandedChanges:
    """Products of two releases, counted by barcode; those without one cannot be told to be the same.

    Attributes
    ----------
    kept, gone, new : int
    """

    kept: int
    gone: int
    new: int


def branded_changes(before: str, after: str) -> BrandedChanges | None:
    """Count the branded products that came and went.

    Parameters
    ----------
    before, after : str
        Names of installed releases.

    Returns
    -------
    BrandedChanges or None
        None where not both have branded foods.

    Raises
    ------
    FoodDataError
        If there is no such release, or its database is damaged.

    Examples
    --------
    >>> branded_changes("embedded", "embedded") is None
    True
    """
    old, new = release_file(BRANDED, before), release_file(BRANDED, after)
    if old is None or new is None:
        return None
    had, has = BrandedStore(old), BrandedStore(new)
    ((were,),) = had.rows(f"SELECT count(*) FROM ({_NUMBERS})")  # noqa: S608
    if old.samefile(new):
        return BrandedChanges(were, 0, 0)
    ((are,),) = has.rows(f"SELECT count(*) FROM ({_NUMBERS})")  # noqa: S608
    had.rows("ATTACH ? AS other", (f"{new.resolve().as_uri()}?mode=ro&immutable=1",))
    ((kept,),) = had.rows(_KEPT)
    return BrandedChanges(kept, were - kept, are - kept)
