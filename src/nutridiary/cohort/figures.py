"""The reference figures that hold for everybody in a life-stage group."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nutridiary.errors import CohortError, did_you_mean
from nutridiary.nutrients import check_nutrients
from nutridiary.references import LIFE_STAGES, Person, reference_values

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import LifeStage

FIGURES = ("ear", "rda", "ai", "ul", "cdrr")
_OLDEST = 100  # years; no reference changes above


def group_figures(
    groups: Iterable[str], nutrients: Sequence[str], *, reference: str = "nasem", edition: str | None = None
) -> pd.DataFrame:
    """Return the figures that hold for all ages of each life-stage group.

    Parameters
    ----------
    groups : iterable of str
        Names of `references.LIFE_STAGES`: "female 31-50 y".
    nutrients : sequence of str
    reference, edition : str, optional
        As in `references.reference_values`.

    Returns
    -------
    pandas.DataFrame
        One row a group and nutrient: `group`, `nutrient`, `ear`, `rda`, `ai`, `ul`, `cdrr` [nutrient unit/d],
        `ul_applies_to`, `ear_counts` (what the EAR counts), `authority`, and the group's `life_stage`, `sex`,
        `age_from`, `age_to` [years]. A figure is missing where the reference has none, where it depends on more
        than sex and age (body weight, phytate), and where it changes within the group: figures of other
        authorities do not follow these ages.

    Raises
    ------
    CohortError
        If a group is no life-stage group.

    Examples
    --------
    >>> group_figures(["female 31-50 y"], ["magnesium"])[["ear", "rda", "ul", "ul_applies_to"]].values.tolist()
    [[265.0, 320.0, 350.0, 'supplements_and_medicines']]
    >>> group_figures(["male 9-13 y"], ["calcium"], reference="efsa")["ear"].isna().item()
    True
    """
    import pandas as pd

    nutrients = check_nutrients(nutrients)
    stages = {stage.name: stage for stage in LIFE_STAGES}
    rows = []
    for name in groups:
        if name not in stages:
            near = did_you_mean(str(name), stages)
            raise CohortError(f"no life-stage group {name!r}.{near} Give the figures of other groups yourself.")
        rows.append(_of_stage(stages[name], nutrients, reference, edition))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["group", "nutrient", *FIGURES])


def _of_stage(stage: LifeStage, nutrients: Sequence[str], reference: str, edition: str | None) -> pd.DataFrame:
    """Return the figures that are the same at every age of the group."""
    import pandas as pd

    ages = [reference_values(person, reference=reference, edition=edition) for person in _people(stage)]
    values = pd.concat(ages, ignore_index=True)
    values = values.loc[values["nutrient"].isin(nutrients) & values["amount"].notna() & values["condition"].isna()]
    by_kind = values.groupby(["nutrient", "kind"])
    same = (by_kind["amount"].min() == by_kind["amount"].max()) & (by_kind["amount"].size() == len(ages))
    amounts = by_kind["amount"].first().where(same).unstack("kind")  # noqa: PD010
    amounts.columns = [str(kind).lower() for kind in amounts.columns]
    applies = by_kind["applies_to"].first().unstack("kind").reindex(columns=["EAR", "UL"])  # noqa: PD010
    found = amounts.reindex(index=list(nutrients), columns=list(FIGURES)).astype("float64")
    found = found.assign(ul_applies_to=applies["UL"], ear_counts=applies["EAR"]).rename_axis("nutrient").reset_index()
    authority = values["authority"].iloc[0] if len(values) else None
    return found.assign(
        group=stage.name,
        authority=authority,
        life_stage=stage.life_stage,
        sex=stage.sex,
        age_from=float(stage.age_from),
        age_to=float(stage.age_to),
    )


def _people(stage: LifeStage) -> list[Person]:
    """Return a person of every age of the group; of a group of both sexes, boys and girls."""
    sexes = ("male", "female") if stage.sex == "both" else (stage.sex,)
    last = min(stage.age_to, _OLDEST)
    ages = range(math.ceil(stage.age_from), math.ceil(last)) if stage.age_to > 1 else [stage.age_from]
    pregnant, lactating = stage.life_stage == "pregnancy", stage.life_stage == "lactation"
    return [Person(sex=sex, age_years=age, pregnant=pregnant, lactating=lactating) for sex in sexes for age in ages]
