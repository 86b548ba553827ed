"""Who a person is to the reference intakes, and which figures hold for that person.

The figures are the Dietary Reference Intakes of the US and Canadian National Academies, every
edition with its status (``data/reference_intakes``, built by ``tools/build_references.py``; the
citation of each edition is in ``editions.csv``). ``docs/references.md`` states the rules.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import PersonError, ReferenceIntakeError, did_you_mean, listing
from nutridiary.tables import REFERENCE_VALUES, conform

if TYPE_CHECKING:
    import pandas as pd

SEXES = ("female", "male")
OLDEST = 120  # years; the greatest age ever verified is 122
PER_BODY_WEIGHT = "g/kg"

# Smokers turn over about 35 mg more vitamin C a day and their requirement is raised by as much.
# Institute of Medicine 2000 (doi:10.17226/9810), ch. 5, "Special Considerations".
SMOKER_VITAMIN_C = 35.0  # mg/d


class LifeStage(NamedTuple):
    """One of the 22 groups the reference intakes are set for; ages in years, `age_to` exclusive."""

    name: str
    life_stage: str
    sex: str
    age_from: float
    age_to: float


def _adult_groups(word: str, life_stage: str, sex: str, bounds: tuple[int, ...]) -> list[LifeStage]:
    uppers = [*bounds[1:], math.inf] if life_stage == "none" else list(bounds[1:])
    return [
        LifeStage(
            f"{word} over 70 y" if high == math.inf else f"{word} {low}-{int(high) - 1} y", life_stage, sex, low, high
        )
        for low, high in zip(bounds, uppers, strict=False)
    ]


LIFE_STAGES: tuple[LifeStage, ...] = (
    LifeStage("infant 0-6 mo", "infant", "both", 0, 0.5),
    LifeStage("infant 7-12 mo", "infant", "both", 0.5, 1),
    LifeStage("child 1-3 y", "child", "both", 1, 4),
    LifeStage("child 4-8 y", "child", "both", 4, 9),
    *_adult_groups("male", "none", "male", (9, 14, 19, 31, 51, 71)),
    *_adult_groups("female", "none", "female", (9, 14, 19, 31, 51, 71)),
    *_adult_groups("pregnant", "pregnancy", "female", (14, 19, 31, 51)),
    *_adult_groups("lactating", "lactation", "female", (14, 19, 31, 51)),
)


@dataclass(frozen=True)
class Person:
    """Whose diary it is, as far as the reference intakes ask.

    Attributes
    ----------
    sex : str
        ``"female"`` or ``"male"``; the references know no other division.
    age_years : float, optional
        Age at the time of the diary. [years] For an infant with its fraction: 0.5 is six months.
    birth_date : datetime.date, optional
        Decides over `age_years`, because it gives the age on every day eaten.
    pregnant, lactating : bool
        Either wins over the plain female row; never both at once.
    weight_kg : float, optional
        Body weight. [kg] Used only for the protein requirement, which is set per kg.
    height_cm : float, optional
        Body height. [cm] Kept with the person; no shipped reference depends on it.
    smoker : bool, optional
        Raises the vitamin C requirement; not known is treated as in the references, which are
        set for non-smokers.

    Raises
    ------
    PersonError
        If the sex is missing or unknown, if there is neither age nor birth date, if a figure
        cannot be a person's, or if the life stage contradicts itself.

    Examples
    --------
    >>> Person(sex="female", age_years=34).age_years
    34.0
    >>> Person(sex="femal", age_years=34)
    Traceback (most recent call last):
        ...
    nutridiary.errors.PersonError: sex 'femal' is not one the reference intakes know: female or male. Did you mean 'female'?
    """  # noqa: E501

    sex: str
    age_years: float | None = None
    birth_date: dt.date | None = None
    pregnant: bool = False
    lactating: bool = False
    weight_kg: float | None = None
    height_cm: float | None = None
    smoker: bool | None = None

    def __post_init__(self) -> None:
        """Check every field, and bring sex, numbers and the birth date to one type each."""
        set_field = object.__setattr__  # the class is frozen; this is its only writing
        set_field(self, "sex", _checked_sex(self.sex))
        set_field(self, "age_years", _checked_number("age", self.age_years, "years", 0, OLDEST))
        set_field(self, "weight_kg", _checked_number("weight", self.weight_kg, "kg", 0.3, 650))
        set_field(self, "height_cm", _checked_number("height", self.height_cm, "cm", 20, 280))
        set_field(self, "birth_date", _checked_date(self.birth_date))
        if self.age_years is None and self.birth_date is None:
            raise PersonError("neither age nor birth date is given. Give one: the reference intakes depend on age.")
        if self.sex == "male" and (self.pregnant or self.lactating):
            state = "pregnant" if self.pregnant else "lactating"
            raise PersonError(f"sex is male and {state} is set: the reference intakes have no such group. Correct one.")
        if self.pregnant and self.lactating:
            raise PersonError(
                "pregnant and lactating are both set: the reference intakes have no group for both at once. Choose one."
            )

    def age_on(self, day: dt.date | None = None) -> float:
        """Return the age on `day`, in completed years; under one year in completed months / 12.

        Parameters
        ----------
        day : datetime.date, optional
            The day eaten. Needed where only the birth date is known.

        Returns
        -------
        float
            Age. [years]

        Raises
        ------
        PersonError
            If the age on that day cannot be told or cannot be.

        Examples
        --------
        >>> from datetime import date
        >>> Person(sex="female", birth_date=date(1974, 3, 10)).age_on(date(2025, 3, 9))
        50.0
        >>> Person(sex="male", birth_date=date(2025, 1, 1)).age_on(date(2025, 7, 1))
        0.5
        """
        if self.birth_date is None:
            assert self.age_years is not None
            return float(math.floor(self.age_years)) if self.age_years >= 1 else math.floor(self.age_years * 12) / 12
        if day is None or day != day:  # a missing pandas date differs from itself
            raise PersonError(
                "the day eaten is not known and only the birth date is. Give the day, or an age in years."
            )
        months = (day.year - self.birth_date.year) * 12 + day.month - self.birth_date.month
        months -= day.day < self.birth_date.day
        if not 0 <= months < (OLDEST + 1) * 12:
            raise PersonError(
                f"on {day:%Y-%m-%d} a person born on {self.birth_date:%Y-%m-%d} would be {months // 12} years old. "
                "Correct the birth date or the diary's date."
            )
        return months / 12 if months < 12 else float(months // 12)


def _checked_sex(sex: object) -> str:
    if not isinstance(sex, str) or not sex.strip():
        raise PersonError("sex is missing. Give female or male: the reference intakes are set for these two.")
    known = sex.strip().casefold()
    if known not in SEXES:
        near = did_you_mean(known, SEXES)
        raise PersonError(f"sex {sex!r} is not one the reference intakes know: female or male.{near}")
    return known


def _checked_number(name: str, value: object, unit: str, low: float, high: float) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise PersonError(f"{name} {value!r} is not a number of {unit}.") from None
    if not low <= number <= high:  # also where it is NaN
        raise PersonError(f"{name} {value} {unit} cannot be: it must lie between {low} and {high}.")
    return number


def _checked_date(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):  # pandas timestamps are datetimes; a missing one has no date
        value = value.date() if value == value else None
    if not isinstance(value, dt.date):
        raise PersonError(f"birth date {value!r} is not a date. Write it as YYYY-MM-DD.")
    return value


def life_stage(person: Person, on: dt.date | None = None) -> LifeStage | None:
    """Return the life-stage group of `person` on a day, or None where the references have none.

    There is none for pregnancy and lactation outside 14 to 50 years, where the plain female group
    is never used in their place, and none where the age on that day cannot be told.

    Examples
    --------
    >>> life_stage(Person(sex="female", age_years=34, pregnant=True)).name
    'pregnant 31-50 y'
    """
    try:
        age = person.age_on(on)
    except PersonError:
        return None
    stage = "pregnancy" if person.pregnant else "lactation" if person.lactating else None
    for group in LIFE_STAGES:
        special = group.life_stage in ("pregnancy", "lactation")
        right_stage = group.life_stage == stage if stage else not special
        if right_stage and group.sex in ("both", person.sex) and group.age_from <= age < group.age_to:
            return group
    return None


def life_stage_group(person: Person, on: dt.date | None = None) -> str:
    """Return the name of the life-stage group of `person` on a day, or why there is none.

    Examples
    --------
    >>> life_stage_group(Person(sex="male", age_years=71))
    'male over 70 y'
    >>> life_stage_group(Person(sex="female", age_years=52, pregnant=True))
    'pregnant, 52 y: the reference intakes cover 14-50 y only'
    """
    group = life_stage(person, on)
    if group is not None:
        return group.name
    try:
        age = person.age_on(on)
    except PersonError as error:
        return str(error)
    state = "pregnant" if person.pregnant else "lactating"
    return f"{state}, {age:g} y: the reference intakes cover 14-50 y only"


@cache
def load_references() -> pd.DataFrame:
    """Return every shipped reference value, current and superseded, as `tables.REFERENCE_VALUES`.

    A row with ``applies_to`` "not_determined" and no amount is an upper level that the authority
    considered and did not set. A row in g/kg is per kg of body weight. Loaded once and shared:
    treat it as read-only.

    Examples
    --------
    >>> values = load_references()
    >>> sorted(values["authority"].unique())
    ['NASEM']
    """
    import pandas as pd

    values = pd.read_csv(data_file("reference_intakes", "nasem.csv")).drop(columns="transcriptions_agreeing")
    citations = load_editions().set_index("edition")["citation"]
    return conform(values.assign(source=values["edition"].map(citations)), REFERENCE_VALUES)


@cache
def load_editions() -> pd.DataFrame:
    """Return the shipped editions: ``edition``, ``authority``, ``year``, ``citation``.

    Examples
    --------
    >>> load_editions()["edition"].tolist()[-2:]
    ['IOM 2011', 'NASEM 2019']
    """
    import pandas as pd

    return pd.read_csv(data_file("reference_intakes", "editions.csv"))


def find_edition(edition: str) -> str:
    """Return the full name of an edition given as that name or as its year.

    Raises
    ------
    ReferenceIntakeError
        If no shipped edition is meant; the text lists them.

    Examples
    --------
    >>> find_edition("2005"), find_edition("iom 1997")
    ('IOM 2005', 'IOM 1997')
    """
    names = [str(name) for name in load_editions()["edition"]]
    wanted = str(edition).strip().casefold()
    by_name = [name for name in names if name.casefold() == wanted]
    by_year = [name for name in names if re.findall(r"\d{4}", name) == [wanted]]
    by_part = [name for name in names if wanted in re.findall(r"\d{4}", name)]
    for found in (by_name, by_year, by_part):
        if len(found) == 1:
            return found[0]
    near = did_you_mean(wanted, [name.casefold() for name in names])
    raise ReferenceIntakeError(f"unknown edition {edition!r}.{near} Editions: {listing(names)}.")


def reference_values(person: Person, *, on: dt.date | None = None, edition: str | None = None) -> pd.DataFrame:
    """Return the reference values that hold for a person on a day.

    Parameters
    ----------
    person : Person
    on : datetime.date, optional
        The day eaten. Needed where only the birth date is known.
    edition : str, optional
        An edition such as ``"IOM 2005"`` or ``"2005"``. It takes the place of the current figures of
        every nutrient it covers, also where it has none for this person's group.

    Returns
    -------
    pandas.DataFrame
        `tables.REFERENCE_VALUES`, per day, in the order of ``data/nutrients.csv``. Empty where the
        references have no group for this person (`life_stage_group` says why). The protein
        requirement, set per kg, is there only if the body weight is known.

    Raises
    ------
    ReferenceIntakeError
        If the edition is not shipped.

    Examples
    --------
    >>> values = reference_values(Person(sex="female", age_years=34)).set_index(["nutrient", "kind"])
    >>> float(values.loc[("magnesium", "EAR"), "amount"]), float(values.loc[("magnesium", "RDA"), "amount"])
    (265.0, 320.0)
    """
    group = life_stage(person, on)
    name = None if edition is None else find_edition(edition)
    return _for_person(_for_group(group, name), person)


@cache
def _for_group(group: LifeStage | None, edition: str | None) -> pd.DataFrame:
    values = load_references()
    if group is None:
        return values.iloc[:0]
    chosen = values["status"] == "current"
    if edition is not None:
        of_edition = values["edition"] == edition
        covered = values["nutrient"].isin(values.loc[of_edition, "nutrient"])
        chosen = of_edition | (chosen & ~covered)
    same_group = (
        (values["life_stage"] == group.life_stage)
        & (values["sex"] == group.sex)
        & (values["age_from"] == group.age_from)
    )
    return values.loc[chosen & same_group].reset_index(drop=True)


def _for_person(values: pd.DataFrame, person: Person) -> pd.DataFrame:
    """Apply what depends on the person within a group: body weight and smoking."""
    per_weight = values["unit"] == PER_BODY_WEIGHT
    if per_weight.any():
        if person.weight_kg is None:
            values = values.loc[~per_weight].reset_index(drop=True)
        else:
            basis = values["amount"].map("{:g} g per kg of body weight. ".format)
            values = values.assign(
                amount=values["amount"].mask(per_weight, values["amount"] * person.weight_kg),
                unit=values["unit"].mask(per_weight, "g"),
                source=values["source"].mask(per_weight, basis + values["source"]),
            )
    if person.smoker:
        raised = (values["nutrient"] == "vitamin_c") & values["kind"].isin(["EAR", "RDA"])
        why = f"With {SMOKER_VITAMIN_C:g} mg more for smokers. "
        values = values.assign(
            amount=values["amount"].mask(raised, values["amount"] + SMOKER_VITAMIN_C),
            source=values["source"].mask(raised, why + values["source"]),
        )
    return values.copy()
