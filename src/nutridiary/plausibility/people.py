"""Each person's recorded energy beside what a body of this sex, age and size needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.groups import UNKNOWN_PERSON, person_of
from nutridiary.errors import PersonError
from nutridiary.plausibility.equations import EQUATION_NAMES, basal_rate, estimated_energy_requirement
from nutridiary.plausibility.goldberg import PAL, goldberg_cutoffs, told_apart
from nutridiary.tables import PLAUSIBILITY, conform

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

BASAL_EQUATION = "schofield_1985"
"""The equation the cut-offs were worked out with (Black 2000)."""

ADULT = 18  # years; Goldberg et al. 1991 and Black 2000 are about adults

MISSING_LINE = 3.0
"""A line that is not counted is reckoned to hold at most this many times what a counted line holds on average (ours):
one line in a hundred left out shall not keep a record of half the energy needed from being called low."""

PLAUSIBLE, LOW, HIGH, NOT_DECIDABLE = "plausible", "low", "high", "not_decidable"


class BasalRates:
    """The basal rate of each person on each day, worked out once for each age."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        """Begin with nothing worked out."""
        self._people = people
        self._known: dict[tuple[str, float], tuple[float, float, str]] = {}

    def on(self, person_id: object, day: dt.date | None) -> tuple[float, float, str]:
        """Return age [years], basal rate [kcal/d] and why there is no rate; NaN what is not known."""
        person = person_of(person_id, self._people)
        if person is None:
            return float("nan"), float("nan"), f"{UNKNOWN_PERSON.capitalize()}: no basal rate can be worked out."
        try:
            age = person.age_on(day)
        except PersonError as error:
            return float("nan"), float("nan"), str(error)
        key = (str(person_id), age)
        if key not in self._known:
            self._known[key] = (age, *_rate(person, age))
        return self._known[key]


def _rate(person: Person, age: float) -> tuple[float, str]:
    if person.weight_kg is None:
        return float("nan"), "The body weight is not known: give it, and recorded energy is held beside need."
    if person.pregnant or person.lactating:
        state = "pregnancy" if person.pregnant else "lactation"
        return float("nan"), f"The equation is not for {state}: nothing is worked out."
    return basal_rate(person.sex, age, person.weight_kg, equation=BASAL_EQUATION), ""


def plausibility(energy_days: pd.DataFrame, people: Mapping[str, Person]) -> pd.DataFrame:
    """Hold each person's mean recorded energy beside the basal rate of a body of this size.

    Parameters
    ----------
    energy_days : pandas.DataFrame
        `tables.DAILY_INTAKES`; only its rows of energy are used.
    people : mapping of str to Person
        By ``person_id``; the key "" stands for the person of a diary that names nobody.

    Returns
    -------
    pandas.DataFrame
        `tables.PLAUSIBILITY`, a row for each person with a recorded day. "low" is said only where nothing that is
        missing could lift the mean over the cut-off. Days of which only supplements are on record tell no energy:
        they are counted in `note`, and not in the mean.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.references import Person
    >>> days = pd.DataFrame({"date": pd.date_range("2026-03-02", periods=3), "nutrient": "energy", "foods": 9,
    ...                      "amount": [1900.0, 2100.0, 2000.0], "high": [1900.0, 2100.0, 2000.0]})
    >>> found = plausibility(days, {"": Person(sex="female", age_years=34, weight_kg=64)})
    >>> found.loc[0, "verdict"], round(float(found.loc[0, "ratio"]), 2)
    ('plausible', 1.46)
    """
    import pandas as pd

    from nutridiary.tables import DAILY_INTAKES

    days = conform(energy_days, DAILY_INTAKES)
    days = days[(days["nutrient"] == "energy") & (days["foods"].fillna(0) > 0)]
    rates = BasalRates(people)
    rows = [
        _row(person_id if isinstance(person_id, str) else None, own, people, rates)
        for person_id, own in days.groupby("person_id", dropna=False, sort=False)
    ]
    return conform(pd.DataFrame(rows, columns=PLAUSIBILITY.names), PLAUSIBILITY)


def _row(person_id: str | None, own: pd.DataFrame, people: Mapping[str, Person], rates: BasalRates) -> dict[str, Any]:
    import pandas as pd

    alone = _supplements_alone(own)
    aside = int(alone.sum()) if not alone.all() else 0
    own = own[~alone] if aside else own
    last = own["date"].max()
    mean = own["amount"].sum(min_count=1) / len(own) if not alone.all() else float("nan")
    most = _most(own)
    age, rate, why_not = rates.on(person_id, None if pd.isna(last) else last)
    row: dict[str, Any] = {"person_id": person_id, "days": len(own), "mean_energy": mean}
    notes = []
    if not why_not:
        row |= {"basal_rate": rate, "basal_equation": EQUATION_NAMES[BASAL_EQUATION], "ratio": mean / rate}
        notes.append(f"Basal rate by {EQUATION_NAMES[BASAL_EQUATION]}, from sex, age and weight.")
        requirement, requirement_note = _requirement(people[person_id or ""], age)
        row |= requirement
        notes.append(requirement_note)
    if not why_not and age >= ADULT:
        bounds = goldberg_cutoffs(len(own))
        row |= {"pal": PAL, "cutoff_low": bounds.low, "cutoff_high": bounds.high}
        notes.append(
            f"The bounds are the Goldberg cut-offs (Black 2000) for a physical activity level of {PAL:g}, assumed for "
            "everybody, and a steady weight."
        )
    elif not why_not:
        why_not = "The cut-offs were worked out for adults: under 18 years no judgement is made."
    left_out = int(own["foods_left_out"].fillna(0).sum())
    if left_out:
        notes.append(f"{left_out} {'lines are' if left_out > 1 else 'line is'} not in this energy.")
    if aside:
        notes.append(f"{aside} {'days tell' if aside > 1 else 'day tells'} no energy: only supplements are on record.")
    verdict, reading = _judged(row, why_not, most)
    return row | {"verdict": verdict, "reading": reading, "note": " ".join(notes) or None}


def _supplements_alone(energy: pd.DataFrame) -> pd.Series:
    """Tell of which days only supplements are on record: nothing of food is known of them, or missing."""
    missing = energy["foods_left_out"].fillna(0) + energy["foods_without_value"].fillna(0)
    told = energy["amount"].isna() | energy["supplement_amount"].notna()
    alone: pd.Series = energy["food_amount"].isna() & told & (missing == 0)
    return alone


def _requirement(person: Person, age: float) -> tuple[dict[str, Any], str]:
    """Return the estimated energy requirement, and what is said of it."""
    activity = person.activity
    assert person.weight_kg is not None
    if person.height_cm is None or (activity is None and age >= 3):
        missing = [name for name, value in (("height", person.height_cm), ("activity", activity)) if value is None]
        return {}, f"No estimated energy requirement without {' and '.join(missing)}."
    need = estimated_energy_requirement(person.sex, age, person.weight_kg, person.height_cm, activity)
    words = f", {activity.replace('_', ' ')}" if activity and age >= 3 else ""
    name = f"{EQUATION_NAMES['nasem_2023']}{words}"
    return (
        {"eer": need, "eer_equation": name},
        f"The estimated energy requirement is the mean of people of this sex, age, size and activity ({name}); "
        "single people differ from it by some hundred kcal.",
    )


def _most(own: pd.DataFrame) -> float:
    """Return the most the mean can be [kcal/d]: its upper bound, or where nothing bounds it a generous reckoning."""
    if own["high"].notna().all():
        return float(own["high"].mean())
    counts = own[["foods", "foods_left_out", "foods_without_value"]].astype("float64").fillna(0).sum()
    known = counts["foods"] - counts["foods_without_value"]
    missing = counts["foods_left_out"] + counts["foods_without_value"]
    if not known > 0:
        return float("inf")
    return float(own["amount"].sum(min_count=1) / len(own) * (1 + MISSING_LINE * missing / known))


def _judged(row: dict[str, Any], why_not: str, most: float) -> tuple[str, str]:
    mean, days = row["mean_energy"], row["days"]
    if mean != mean:
        return NOT_DECIDABLE, "No energy is known of these days."
    said = f"{mean:,.0f} kcal a day over {days} recorded {'days' if days > 1 else 'day'}"
    if why_not:
        ratio = f", {row['ratio']:.2f} times the basal rate of {row['basal_rate']:,.0f} kcal" if "ratio" in row else ""
        return NOT_DECIDABLE, f"{said}{ratio}. {why_not}"
    ratio, low, high = row["ratio"], row["cutoff_low"], row["cutoff_high"]
    shown, least, most_expected = told_apart(ratio, low, high)
    said += f" is {shown} times the basal rate of {row['basal_rate']:,.0f} kcal; "
    expected = f"{least} to {most_expected} is expected of a full record of that length"
    if ratio > high:
        return HIGH, (
            f"{said}{expected}. Recorded energy is above it: look at the largest amounts first. Heavy work, sport, or "
            "days of eating more than usual explain it too."
        )
    if ratio >= low:
        return PLAUSIBLE, f"{said}{expected}. Recorded energy is within; that does not show that every day is complete."
    if not most / row["basal_rate"] < low:
        return NOT_DECIDABLE, (
            f"{said}{expected}. What could be counted is below it, and what is missing could lift it there: put the "
            "lines that are left out right first."
        )
    return LOW, (
        f"{said}{expected}. Recorded energy is below it: either more was eaten than written down, or less than usual "
        "was eaten on these days. If something is missing, every nutrient reads too low."
    )
