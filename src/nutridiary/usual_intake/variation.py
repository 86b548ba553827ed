"""How much intake and requirements vary: the shipped figures, by nutrient, sex and age.

``data/usual_intake`` holds what people who gave two recalls to NHANES vary within themselves and between each other,
the models of usual intake fitted to them, and how much requirements differ. ``docs/usual_intake.md`` tells how each
was made.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.references import life_stage

if TYPE_CHECKING:
    import datetime as dt

    from nutridiary.references import LifeStage, Person

UNKNOWN_PERSON = "sex and age are not known"


class Peers(NamedTuple):
    """The people whose variation is used for a person: an age group of one sex, or of both for children.

    Attributes
    ----------
    sex : str
        female, male or both.
    age_from : float
        First age of the group. [years]
    words : str
        As in "women 31-50 y".
    exact : bool
        Whether the person is one of them; a pregnant woman is not, being compared with women of her age.
    """

    sex: str
    age_from: float
    words: str
    exact: bool


class Pooled(NamedTuple):
    """Variation within a person, pooled over people, on the scale of intake."""

    survey: str
    sd_within: float
    cv_within: float


class RequirementVariation(NamedTuple):
    """How much requirements differ, of the EAR, and where that was read."""

    cv: float
    source: str


@dataclass(frozen=True)
class UsualIntakeModel:
    """How a nutrient's usual intake from food and single days are spread among people of one sex and age.

    On the Box-Cox scale with exponent `boxcox_lambda` people's own means are normal with `mean` and
    `variance_between`, and a person's days around them with `variance_within`. [-]

    Attributes
    ----------
    floor : float
        The least an intake is taken for, half the smallest observed. [nutrient unit/d]
    """

    survey: str
    nutrient: str
    boxcox_lambda: float
    mean: float
    variance_between: float
    variance_within: float
    floor: float


def peers_of(person: Person | None, day: dt.date | None) -> tuple[Peers | None, str]:
    """Return the people whose variation stands for a person's, or why there are none.

    Parameters
    ----------
    person : Person or None
    day : datetime.date or None
        The last recorded day.

    Examples
    --------
    >>> from nutridiary.references import Person
    >>> peers_of(Person(sex="female", age_years=34), None)[0].words
    'women 31-50 y'
    >>> peers_of(None, None)
    (None, 'sex and age are not known')
    """
    if person is None:
        return None, UNKNOWN_PERSON
    stage = life_stage(person, day)
    if stage is None and day is None and person.birth_date is not None:
        return None, "no day is dated, so the age is not known"
    if stage is None:
        return None, "how intake varies is not on record for this life stage and age"
    if stage.life_stage == "infant":
        return None, "how intake varies is not on record for infants"
    return Peers(stage.sex, stage.age_from, _words(stage), stage.life_stage in ("child", "none")), ""


def _words(stage: LifeStage) -> str:
    if stage.sex == "both":
        people = "children"
    else:
        people = {"female": ("girls", "women"), "male": ("boys", "men")}[stage.sex][stage.age_from >= 19]
    ages = (
        f"over {stage.age_from - 1:g} y" if math.isinf(stage.age_to) else f"{stage.age_from:g}-{stage.age_to - 1:g} y"
    )
    return f"{people} {ages}"


@cache
def pooled_variation() -> Mapping[tuple[str, str, float], Pooled]:
    """Return the variation within a person by nutrient, sex and first age of the group.

    Examples
    --------
    >>> pooled_variation()["magnesium", "female", 31.0].survey
    'NHANES 2013-2018'
    """
    rows = _rows("within_person")
    return MappingProxyType(
        {_key(row): Pooled(row["survey"], float(row["sd_within"]), float(row["cv_within"])) for row in rows}
    )


@cache
def usual_intake_models() -> Mapping[tuple[str, str, float], UsualIntakeModel]:
    """Return the models of usual intake by nutrient, sex and first age of the group.

    Groups whose people cannot be told apart from their days have no model: the spread between people was not
    above zero.
    """
    models = {}
    for row in _rows("models"):
        mean, between, within = (
            float(row[name] or "nan") for name in ("mean_transformed", "variance_between", "variance_within")
        )
        if between > 0 and math.isfinite(mean) and math.isfinite(within):
            lam, floor = float(row["boxcox_lambda"]), float(row["floor"])
            models[_key(row)] = UsualIntakeModel(row["survey"], row["nutrient"], lam, mean, between, within, floor)
    return MappingProxyType(models)


@cache
def requirement_variation() -> Mapping[str, RequirementVariation]:
    """Return how much requirements differ, by nutrient, where it was read in print.

    Examples
    --------
    >>> requirement_variation()["magnesium"].cv
    0.1
    """
    rows = _rows("requirement_cv")
    return MappingProxyType(
        {row["nutrient"]: RequirementVariation(float(row["cv_percent"]) / 100, row["source"]) for row in rows}
    )


@cache
def iron_requirements() -> tuple[tuple[float, ...], tuple[float, ...], str]:
    """Return requirements of iron of women who menstruate [mg/d], the share of women that has each, and the source.

    Of the women between two percentiles of the table a half each needs what lies a quarter and three quarters of the
    way from one to the other; those below the first and above the last, where nothing is printed, need these.

    Examples
    --------
    >>> amounts, shares, _ = iron_requirements()
    >>> len(amounts), round(sum(shares), 9)
    (26, 1.0)
    """
    rows = list(_rows("iron_requirement"))
    shares = [float(row["percentile"]) / 100 for row in rows]
    amounts = [float(row["requirement"]) for row in rows]
    quarters = (0.25, 0.75)
    inside = [low + way * (high - low) for low, high in pairwise(amounts) for way in quarters]
    between = [(high - low) / 2 for low, high in pairwise(shares) for _ in quarters]
    return (amounts[0], *inside, amounts[-1]), (shares[0], *between, 1 - shares[-1]), rows[0]["source"]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with data_file("usual_intake", f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _key(row: Mapping[str, str]) -> tuple[str, str, float]:
    return row["nutrient"], row["sex"], float(row["age_from"])
