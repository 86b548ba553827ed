"""The groups each authority divides people into, and which one a person is in."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from nutridiary.errors import PersonError
from nutridiary.references.authorities import REFERENCES, find_reference
from nutridiary.references.person import Person


class LifeStage(NamedTuple):
    """A group that reference values are set for; ages in years, `age_to` exclusive."""

    name: str
    life_stage: str
    sex: str
    age_from: float
    age_to: float


SPECIAL = {"pregnant": "pregnancy", "lactating": "lactation"}


def _groups(word: str, life_stage: str, sex: str, bounds: tuple[float, ...]) -> list[LifeStage]:
    """Return a group for each pair of neighbouring bounds."""
    return [
        LifeStage(f"{word} {ages_in_words(low, high)}", life_stage, sex, low, high) for low, high in pairwise(bounds)
    ]


def ages_in_words(low: float, high: float) -> str:
    """Return a range of ages, the upper one exclusive, as it is printed.

    Examples
    --------
    >>> ages_in_words(19, 31), ages_in_words(71, math.inf), ages_in_words(0.5, 1), ages_in_words(0, 19)
    ('19-30 y', 'over 70 y', '7-11 mo', 'up to 18 y')
    """
    if high <= 1:
        # EFSA counts months of life: its 7-11 months go from the beginning of the seventh to the first birthday.
        return "7-11 mo" if low else "0-6 mo"
    if high == math.inf:
        return "over 70 y" if low == 71 else f"{low:g} y and over"
    return f"up to {high - 1:g} y" if low == 0 else f"{low:g}-{high - 1:g} y"


LIFE_STAGES: tuple[LifeStage, ...] = (
    # The reports count months from the first: 7-12 months begins at six completed months.
    LifeStage("infant 0-6 mo", "infant", "both", 0, 0.5),
    LifeStage("infant 7-12 mo", "infant", "both", 0.5, 1),
    *_groups("child", "child", "both", (1, 4, 9)),
    *_groups("male", "none", "male", (9, 14, 19, 31, 51, 71, math.inf)),
    *_groups("female", "none", "female", (9, 14, 19, 31, 51, 71, math.inf)),
    *_groups("pregnant", "pregnancy", "female", (14, 19, 31, 51)),
    *_groups("lactating", "lactation", "female", (14, 19, 31, 51)),
)
"""The 22 groups of the Dietary Reference Intakes (NASEM)."""

GROUPS: Mapping[str, tuple[LifeStage, ...]] = MappingProxyType(
    {
        "nasem": LIFE_STAGES,
        # The ages most of EFSA's tables are printed for; single nutrients have others (EFSA 2017).
        "efsa": (
            *_groups("infant", "infant", "both", (0, 0.5, 1)),
            *_groups("child", "child", "both", (1, 4, 7, 11)),
            *_groups("male", "none", "male", (11, 15, 18, 25, math.inf)),
            *_groups("female", "none", "female", (11, 15, 18, 25, math.inf)),
            *_groups("pregnant", "pregnancy", "female", (18, 25, math.inf)),
            *_groups("lactating", "lactation", "female", (18, 25, math.inf)),
        ),
        # The figures on record are those for adults and children from four years (21 CFR 101.9(c)(8)(iv)).
        "fda-dv": (LifeStage("everyone 4 y and over", "none", "both", 4, math.inf),),
        "harmonized": (
            *_groups("infant", "infant", "both", (0, 0.5, 1)),
            *_groups("child", "child", "both", (1, 4, 7, 11)),
            *_groups("male", "none", "male", (11, 15, 18, 25, 51, 71, math.inf)),
            *_groups("female", "none", "female", (11, 15, 18, 25, 51, 71, math.inf)),
            *_groups("pregnant", "pregnancy", "female", (0, 19, 31, 51)),
            *_groups("lactating", "lactation", "female", (0, 19, 31, 51)),
        ),
    }
)
"""The groups of each reference, by its name in `REFERENCES`."""


def state_of(person: Person) -> str | None:
    """Return "pregnancy" or "lactation", which win over the plain rows, or None."""
    return next((stage for word, stage in SPECIAL.items() if getattr(person, word)), None)


def life_stage(person: Person, on: dt.date | None = None, reference: str = "nasem") -> LifeStage | None:
    """Return the group of `person` on a day, or None where the reference has none.

    Where pregnancy or lactation has no group for the age, the plain female group is never used in its place.
    There is none where the age on that day cannot be told.

    Examples
    --------
    >>> pregnant = Person(sex="female", age_years=34, pregnant=True)
    >>> life_stage(pregnant).name, life_stage(pregnant, reference="efsa").name, life_stage(pregnant, reference="fda-dv")
    ('pregnant 31-50 y', 'pregnant 25 y and over', None)
    """
    try:
        age = person.age_on(on)
    except PersonError:
        return None
    state = state_of(person)
    for group in GROUPS[find_reference(reference)]:
        right_state = group.life_stage == state if state else group.life_stage not in SPECIAL.values()
        if right_state and group.sex in ("both", person.sex) and group.age_from <= age < group.age_to:
            return group
    return None


def life_stage_group(person: Person, on: dt.date | None = None, reference: str = "nasem") -> str:
    """Return the name of the group of `person` on a day, or why there is none.

    Examples
    --------
    >>> life_stage_group(Person(sex="male", age_years=71)), life_stage_group(Person(sex="male", age_years=71), None, "efsa")
    ('male over 70 y', 'male 25 y and over')
    >>> life_stage_group(Person(sex="female", age_years=52, pregnant=True))
    'pregnant, 52 y: the reference intakes cover 14-50 y only'
    """  # noqa: E501
    name = find_reference(reference)
    group = life_stage(person, on, name)
    if group is not None:
        return group.name
    try:
        age = person.age_on(on)
    except PersonError as error:
        return str(error)
    state, figures = state_of(person), REFERENCES[name].figures
    groups = [group for group in GROUPS[name] if state is None or group.life_stage == state]
    years = f"{age:g} y" if age >= 1 else f"{round(age * 12)} mo"
    word = next((word for word, stage in SPECIAL.items() if stage == state), None)
    if not groups:
        return f"{word}: {figures} on record are for people who are neither pregnant nor lactating"
    ages = ages_in_words(min(group.age_from for group in groups), max(group.age_to for group in groups))
    return f"{f'{word}, ' if word else ''}{years}: {figures} cover {ages} only"
