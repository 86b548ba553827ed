"""What the tables' codes are called in the report, and the tint that stands beside the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from nutridiary.diary import READERS
from nutridiary.errors import PersonError
from nutridiary.nutrients import core_nutrients, load_nutrients, nutrient_label, written_unit
from nutridiary.report import colours

if TYPE_CHECKING:
    from nutridiary.references import Person

UNNAMED = ""
"""How `Analysis.people` calls the person of a diary that names nobody."""

VERDICT_TINTS = colours.VERDICT_TINTS
DATA_TYPES: Mapping[str, str] = {
    "foundation_food": "Foundation Foods",
    "sr_legacy_food": "SR Legacy",
    "survey_fndds_food": "FNDDS",
    "branded_food": "branded food",
    "own_food": "your own food",
}
WEIGHT_METHODS: Mapping[str, str] = {
    "alias_portion": "your own weight",
    "stated_weight": "weight in the diary",
    "food_portion": "portion of this food",
    "similar_food_portion": "portion of a similar food",
    "food_density": "volume by the food's density",
    "recorded_energy": "by the energy in the diary",
    "line_share": "share of the line's weight",
    "quantity_not_specified": "usual amount, none in the diary",
    "typical_amount": "typical amount, as asked for",
}
VALUES: Mapping[str, str] = {
    "ours": "In this report count ours: the values of the foods that lines were matched to. To let the diary's own "
    "count: --values recorded, or recorded-first.",
    "recorded": "In this report count the diary's own only (--values recorded). To let ours count: --values ours, or "
    "ours where the diary has none: --values recorded-first.",
    "recorded-first": "In this report count the diary's own, and ours where it has none (--values recorded-first). "
    "To choose otherwise: --values ours, or --values recorded.",
}
COUNTED: Mapping[str, str] = {
    "recorded": "In this report the diary's own values count, whatever food and weight stand below "
    "(--values recorded).",
    "recorded-first": "In this report the diary's own values count where it has any, and those of the food and weight "
    "below where it has none (--values recorded-first).",
}
_SIDE_SHEETS: Mapping[str, str] = {
    "person": "people: who ate",
    "products": "supplement products and what they hold",
    "recipes": "recipes",
    "own_foods": "foods of your own, from their labels",
    "symptoms": "symptoms",
    "not_food_days": "days that are no food days",
}
APPLIES_TO: Mapping[str, str] = {
    "total_intake": "all intake",
    "supplements_and_medicines": "supplements and medicines only",
    "supplements_and_added_salts": "magnesium salts in supplements, or added to water and food",
    "supplements_and_fortification": "supplements and fortified foods only",
    "folic_acid_supplements_and_fortification": "folic acid from supplements and fortified foods only",
    "preformed_retinol": "retinol only",
    "niacin_equivalents": "all intake, as niacin equivalents",
    "not_determined": "considered, none set",
}


def in_words(code: object, words: Mapping[str, str]) -> str | None:
    """Return the words for a code; an unknown code is shown with its underscores as spaces.

    Examples
    --------
    >>> in_words("stated_weight", WEIGHT_METHODS), in_words("new_method", WEIGHT_METHODS)
    ('weight in the diary', 'new method')
    """
    if not isinstance(code, str):
        return None
    return words.get(code, code.replace("_", " "))


def format_in_words(name: object) -> str:
    """Return what a file was read as, in words.

    Examples
    --------
    >>> format_in_words("recipes"), format_in_words(None)
    ('recipes', 'not read')
    """
    if not isinstance(name, str):
        return "not read"
    labels = {reader.name: reader.label for reader in READERS}
    return in_words(name, {**labels, **_SIDE_SHEETS}) or name


def person_name(person_id: str) -> str:
    """Return what a person is called in the report.

    Examples
    --------
    >>> person_name("Anna"), person_name("")
    ('Anna', 'not named in the diary')
    """
    return person_id or "not named in the diary"


def person_facts(person: Person | None, day: Any) -> str:
    """Return sex, age and life stage in words, at a given day (or without an age where no day is known)."""
    if person is None:
        return "sex and age not given: nothing can be compared"
    facts = [person.sex]
    if day is not None or person.birth_date is None:
        facts.append(_age(person, day))
    facts += [stage for stage in ("pregnant", "lactating") if getattr(person, stage)]
    return ", ".join(facts)


def what_is_stated(person: Person | None) -> str:
    """Return what else is stated of a person that figures depend on.

    Examples
    --------
    >>> from nutridiary.references import Person
    >>> what_is_stated(Person(sex="female", age_years=34, weight_kg=64, smoker=True, conditions=("premenopausal",)))
    '64 kg, smoker, premenopausal'
    """
    if person is None:
        return ""
    facts = [f"{value:g} {unit}" for value, unit in ((person.weight_kg, "kg"), (person.height_cm, "cm")) if value]
    facts += [person.activity.replace("_", " ")] if person.activity else []
    facts += ["smoker"] if person.smoker else []
    return ", ".join([*facts, *person.conditions])


def _age(person: Person, day: Any) -> str:
    try:
        age = person.age_on(day)
    except PersonError as error:
        return str(error)
    return f"{age:.0f} years" if age >= 1 else "under 1 year"


def date_span(dates: Sequence[Any]) -> str:
    """Return how many days were recorded, and from when to when.

    Examples
    --------
    >>> import datetime
    >>> date_span([datetime.date(2026, 3, 2), datetime.date(2026, 3, 4)])
    '2, from 2026-03-02 to 2026-03-04'
    """
    if not len(dates):
        return "none"
    first, last = (f"{day:%Y-%m-%d}" for day in (dates[0], dates[-1]))
    return f"1, {first}" if len(dates) == 1 else f"{len(dates)}, from {first} to {last}"


@cache
def label_of(nutrient: str) -> str:
    """Return the nutrient's name for a reader."""
    return nutrient_label(nutrient)


@cache
def label_with_unit(nutrient: str) -> str:
    """Return a column header: the nutrient's name and its unit.

    Examples
    --------
    >>> label_with_unit("vitamin_d")
    'Vitamin D (D2 + D3) [µg]'
    """
    return f"{label_of(nutrient)} [{unit_of(nutrient)}]"


@cache
def unit_of(nutrient: str) -> str:
    """Return the unit of a nutrient as a reader expects it."""
    return written_unit(str(load_nutrients().at[nutrient, "unit"]))


@cache
def is_core(nutrient: str) -> bool:
    """Return whether a nutrient is one of those every report opens with."""
    return nutrient in core_nutrients()


@cache
def decimals_of(nutrient: str) -> int:
    """Return the decimals a nutrient is usually given with."""
    return int(str(load_nutrients().at[nutrient, "decimals"]))
