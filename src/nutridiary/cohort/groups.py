"""Which life-stage group each person of a table of days belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.errors import CohortError
from nutridiary.references import LIFE_STAGES

if TYPE_CHECKING:
    import pandas as pd


def life_stage_groups(people: pd.DataFrame) -> pd.Series:
    """Return the name of the life-stage group of each row, missing where the references have none.

    Parameters
    ----------
    people : pandas.DataFrame
        With `sex` (male or female), `age` [years] and, where it is known, `pregnant` and `lactating`.

    Returns
    -------
    pandas.Series
        Names of `references.LIFE_STAGES`, on the index of `people`. Pregnancy and lactation outside 14 to
        50 years have no group, and never the plain one.

    Raises
    ------
    CohortError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> drawn = pd.DataFrame({"sex": ["female"] * 3, "age": [34, 34, 5], "pregnant": [False, True, False]})
    >>> life_stage_groups(drawn).tolist()
    ['female 31-50 y', 'pregnant 31-50 y', 'child 4-8 y']
    """
    import pandas as pd

    if absent := [name for name in ("sex", "age") if name not in people.columns]:
        raise CohortError(
            f"no column {' and no column '.join(absent)}: life-stage groups need the sex and age of people."
        )
    state = pd.Series("none", index=people.index)
    for column, stage in (("pregnant", "pregnancy"), ("lactating", "lactation")):
        if column in people.columns:
            state = state.mask(people[column].fillna(False).astype("bool"), stage)
    named = pd.Series(None, index=people.index, dtype="str")
    for group in LIFE_STAGES:
        plain = group.life_stage not in ("pregnancy", "lactation")
        here = state == ("none" if plain else group.life_stage)
        here &= (people["age"] >= group.age_from) & (people["age"] < group.age_to)
        if group.sex != "both":
            here &= people["sex"] == group.sex
        named = named.mask(here, group.name)
    return named
