"""Which life-stage group each person of a table of days belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.cohort.people_days import numbers
from nutridiary.errors import CohortError, did_you_mean
from nutridiary.references import LIFE_STAGES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

EVERYBODY = "everybody"


def groups_of(days: pd.DataFrame, by: str | None) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    """Return each group's name and which rows are its, life stages from young to old, others by name.

    Raises
    ------
    CohortError
        If there is no column `by`.

    Examples
    --------
    >>> import pandas as pd
    >>> [name for name, _ in groups_of(pd.DataFrame({"group": ["male 31-50 y", "child 4-8 y", None]}), "group")]
    ['child 4-8 y', 'male 31-50 y']
    """
    import numpy as np

    if by is None:
        return [(EVERYBODY, np.ones(len(days), dtype="bool"))]
    if by not in days.columns:
        raise CohortError(f"no column {by!r} to group by.{did_you_mean(by, days.columns)}")
    stages = {stage.name: number for number, stage in enumerate(LIFE_STAGES)}
    names = sorted(days[by].dropna().unique(), key=lambda name: (stages.get(name, len(stages)), str(name)))
    return [(str(name), (days[by] == name).to_numpy("bool")) for name in names]


def life_stage_groups(people: pd.DataFrame) -> pd.Series:
    """Return the name of the life-stage group of each row, missing where the references have none.

    Parameters
    ----------
    people : pandas.DataFrame
        With `sex` (male or female), `age` [years] and, where it is known, `pregnant` and `lactating` (true or
        false, 1 or 0; missing counts as false).

    Returns
    -------
    pandas.Series
        Names of `references.LIFE_STAGES`, on the index of `people`. Pregnancy and lactation outside 14 to
        50 years have no group, and never the plain one.

    Raises
    ------
    CohortError
        If a column is missing, or holds what it cannot.

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
    age = numbers(people, "age")
    _check_words(people["sex"], ("male", "female"), "male or female")
    state = pd.Series("none", index=people.index)
    for column, stage in (("pregnant", "pregnancy"), ("lactating", "lactation")):
        if column in people.columns:
            _check_words(people[column], (True, False), "true or false, 1 or 0")
            state = state.mask((people[column] == True).fillna(False).astype("bool"), stage)  # noqa: E712
    named = pd.Series(None, index=people.index, dtype="str")
    for group in LIFE_STAGES:
        plain = group.life_stage not in ("pregnancy", "lactation")
        here = state == ("none" if plain else group.life_stage)
        here &= (age >= group.age_from) & (age < group.age_to)
        if group.sex != "both":
            here &= people["sex"] == group.sex
        named = named.mask(here, group.name)
    return named


def _check_words(column: pd.Series, allowed: tuple[object, ...], named: str) -> None:
    known = column.dropna()
    if (wrong := ~known.isin(allowed)).any():
        raise CohortError(f"column {column.name}: it says {named}, and {str(known[wrong].iloc[0])!r} is there.")
