"""Whose diary it is, as far as the reference values ask."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from nutridiary.errors import PersonError, did_you_mean
from nutridiary.references.conditions import checked_activity, checked_conditions

SEXES = ("female", "male")
OLDEST = 120  # years; the greatest age ever verified is 122


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
        Body height. [cm] For the energy requirement; no shipped reference value depends on it.
    smoker : bool, optional
        Raises the vitamin C requirement; not known is treated as in the references, which are
        set for non-smokers.
    conditions : tuple of str
        What some figures depend on besides sex and age, such as ``"phytate 600 mg/d"`` or
        ``"premenopausal"``: names of ``data/reference_intakes/conditions.csv``. Nothing of it is assumed.
    activity : str, optional
        Physical activity, for the energy requirement: ``"inactive"``, ``"low_active"``, ``"active"`` or
        ``"very_active"``. No shipped reference value depends on it.

    Raises
    ------
    PersonError
        If the sex is missing or unknown, if there is neither age nor birth date, if a figure
        cannot be a person's, if a condition or the activity is unknown, or if something contradicts itself.

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
    conditions: tuple[str, ...] = ()
    activity: str | None = None

    def __post_init__(self) -> None:
        """Check every field, and bring sex, numbers and the birth date to one type each."""
        set_field = object.__setattr__  # the class is frozen; this is its only writing
        set_field(self, "sex", _checked_sex(self.sex))
        set_field(self, "age_years", _checked_number("age", self.age_years, "years", 0, OLDEST))
        set_field(self, "weight_kg", _checked_number("weight", self.weight_kg, "kg", 0.3, 650))
        set_field(self, "height_cm", _checked_number("height", self.height_cm, "cm", 20, 280))
        set_field(self, "birth_date", _checked_date(self.birth_date))
        set_field(self, "conditions", checked_conditions(self.conditions, self.sex))
        set_field(self, "activity", checked_activity(self.activity))
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
            age = "not be born yet" if months < 0 else f"be {months // 12} years old"
            raise PersonError(
                f"on {day:%Y-%m-%d} a person born on {self.birth_date:%Y-%m-%d} would {age}. "
                "Correct the birth date or the day."
            )
        return months / 12 if months < 12 else float(months // 12)

    def _repr_html_(self) -> str:
        from nutridiary.report.person_html import person_html

        return person_html(self)


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
        raise PersonError(f"{name} {number:.10g} {unit} cannot be: it must lie between {low} and {high}.")
    return number


def _checked_date(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):  # pandas timestamps are datetimes; a missing one has no date
        value = value.date() if value == value else None
    if not isinstance(value, dt.date):
        raise PersonError(f"birth date {value!r} is not a date. Write it as YYYY-MM-DD.")
    return value
