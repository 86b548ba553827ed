"""What a body of a sex, age and size needs: basal rates and the estimated energy requirement.

The coefficients stand in ``data/energy_equations.csv``, each row with its citation and in the unit it was published
in; MJ become kcal once, when the table is read. ``docs/plausibility.md`` says which equation is used for whom.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from typing import NamedTuple

from nutridiary.data_files import data_file
from nutridiary.errors import PersonError, ReferenceIntakeError, did_you_mean, listing
from nutridiary.references import ACTIVITIES

BASAL_EQUATIONS = ("schofield_1985", "mifflin_1990", "henry_2005")
"""Equations for the basal metabolic rate: by weight, sex and age; Mifflin's by height, too."""

EQUATION_NAMES = {
    "schofield_1985": "Schofield 1985",
    "mifflin_1990": "Mifflin 1990",
    "henry_2005": "Henry 2005",
    "nasem_2023": "NASEM 2023",
}

# kJ in one kcal: the thermochemical calorie, FAO 2003, Food energy, Food and Nutrition Paper 77, ch. 1.
_KJ_PER_KCAL = 4.184
_KCAL_PER_UNIT = {"kcal": 1.0, "MJ": 1000 / _KJ_PER_KCAL}
_ACTIVITY_STARTS = 3  # years; below, NASEM 2023 knows no categories


class EnergyEquation(NamedTuple):
    """One line of ``data/energy_equations.csv``, in kcal.

    Attributes
    ----------
    equation, quantity, sex, activity : str
        `activity` is empty where the equation does not ask for it.
    age_from, age_to : float
        [years] `age_to` is exclusive.
    intercept, growth : float
        [kcal/d] `growth` is what a growing body lays down.
    per_year, per_cm, per_kg : float
        [kcal/d per year of age, cm of height, kg of weight] 0 where the equation has no such term.
    source : str
        Citation.
    """

    equation: str
    quantity: str
    sex: str
    age_from: float
    age_to: float
    activity: str
    intercept: float
    per_year: float
    per_cm: float
    per_kg: float
    growth: float
    source: str

    def rate(self, age: float, weight: float, height: float | None) -> float:
        """Return what the equation gives. [kcal/d]"""
        of_height = self.per_cm * height if height is not None else 0.0
        return self.intercept + self.per_year * age + of_height + self.per_kg * weight + self.growth


@cache
def load_energy_equations() -> tuple[EnergyEquation, ...]:
    """Return every shipped equation, in kcal.

    Examples
    --------
    >>> sorted({equation.equation for equation in load_energy_equations()})
    ['henry_2005', 'mifflin_1990', 'nasem_2023', 'schofield_1985']
    """
    with data_file("energy_equations.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(_equation(row) for row in csv.DictReader(stream))


def _equation(row: dict[str, str]) -> EnergyEquation:
    kcal = _KCAL_PER_UNIT[row["unit"]]
    return EnergyEquation(
        equation=row["equation"],
        quantity=row["quantity"],
        sex=row["sex"],
        age_from=float(row["age_from"]),
        age_to=float(row["age_to"] or "inf"),
        activity=row["activity"],
        intercept=float(row["intercept"]) * kcal,
        per_year=float(row["per_year"] or 0) * kcal,
        per_cm=float(row["per_cm"] or 0) * kcal,
        per_kg=float(row["per_kg"]) * kcal,
        growth=float(row["growth"] or 0) * kcal,
        source=row["source"],
    )


def basal_rate(
    sex: str, age: float, weight: float, height: float | None = None, *, equation: str = "schofield_1985"
) -> float:
    """Return the basal metabolic rate of a body by a published equation.

    Parameters
    ----------
    sex : {"female", "male"}
    age : float
        [years]
    weight : float
        Body weight. [kg]
    height : float, optional
        Body height. [cm] Only Mifflin's equation asks for it.
    equation : str
        One of `BASAL_EQUATIONS`: Schofield 1985 [1]_ from birth on, Mifflin 1990 [2]_ from 18 years, Henry 2005 [3]_
        from birth on.

    Returns
    -------
    float
        [kcal/d]

    Raises
    ------
    ReferenceIntakeError
        If the equation is unknown.
    PersonError
        If the equation does not cover the age, asks for a height that is not given, or a measure cannot be.

    References
    ----------
    .. [1] Schofield WN, Hum Nutr Clin Nutr 39 Suppl 1:5-41, 1985.
    .. [2] Mifflin MD et al., Am J Clin Nutr 51:241-247, 1990, doi 10.1093/ajcn/51.2.241.
    .. [3] Henry CJK, Public Health Nutr 8:1133-1152, 2005, doi 10.1079/PHN2005801.

    Examples
    --------
    >>> round(basal_rate("female", 34, 64))
    1366
    >>> round(basal_rate("female", 34, 64, 168, equation="mifflin_1990"))
    1359
    """
    if equation not in BASAL_EQUATIONS:
        near = did_you_mean(str(equation), BASAL_EQUATIONS)
        raise ReferenceIntakeError(f"unknown equation {equation!r}.{near} Known: {listing(BASAL_EQUATIONS)}.")
    return _applied(equation, sex, age, weight, height, activity="")


def estimated_energy_requirement(
    sex: str, age: float, weight: float, height: float, activity: str | None = None
) -> float:
    """Return the estimated energy requirement (EER) of a person who is neither pregnant nor lactating.

    It is the mean energy that keeps the weight of people of this sex, age, size and activity as it is, with what
    growth takes [1]_. Pregnancy needs its week and lactation its month, which a diary does not tell: their equations
    are not here.

    Parameters
    ----------
    sex : {"female", "male"}
    age : float
        [years]
    weight, height : float
        [kg], [cm]
    activity : str, optional
        One of `references.ACTIVITIES`; not asked for below 3 years.

    Returns
    -------
    float
        [kcal/d]

    Raises
    ------
    PersonError
        If the activity is not given or unknown, or a measure cannot be.

    References
    ----------
    .. [1] National Academies, "Dietary Reference Intakes for Energy", 2023, doi 10.17226/26818, tables S-1 and S-2.

    Examples
    --------
    >>> round(estimated_energy_requirement("female", 34, 64, 168, "low_active"))
    2223
    """
    if age < _ACTIVITY_STARTS:
        activity = ""
    elif activity not in ACTIVITIES:
        said = (
            f"activity {activity!r} is unknown.{did_you_mean(str(activity), ACTIVITIES)}"
            if activity
            else "no activity."
        )
        raise PersonError(f"{said} The energy requirement from 3 years on asks for one of: {listing(ACTIVITIES)}.")
    return _applied("nasem_2023", sex, age, weight, height, activity=activity or "")


def _applied(equation: str, sex: str, age: float, weight: float, height: float | None, *, activity: str) -> float:
    name = EQUATION_NAMES[equation]
    for what, value, unit in (("age", age, "years"), ("weight", weight, "kg"), ("height", height, "cm")):
        if value is not None and not (math.isfinite(value) and (value > 0 or (what == "age" and value == 0))):
            raise PersonError(f"{what} {value} {unit} cannot be.")
    found = [
        row
        for row in load_energy_equations()
        if (row.equation, row.sex, row.activity) == (equation, sex, activity) and row.age_from <= age < row.age_to
    ]
    if not found:
        raise PersonError(f"{name} has no equation for sex {sex!r} at {age:g} years.")
    if height is None and found[0].per_cm:
        raise PersonError(f"{name} asks for the height. Give it in cm, or choose an equation by weight alone.")
    return found[0].rate(age, weight, height)
