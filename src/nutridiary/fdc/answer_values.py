"""Nutrient values of a food as the FoodData Central API words them: by id, by number, per serving of a label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from nutridiary.data_files import data_file
from nutridiary.errors import FoodDataError
from nutridiary.fdc.answer_parts import mapping, mappings, number, text, whole
from nutridiary.fdc.csv_values import LOWEST_ID
from nutridiary.fdc.values import MICROGRAMS, nutrient_ids, unit_factor

ENERGY, ENERGY_IN_KILOJOULES = 1008, 1062
"""FoodData Central lists one energy twice, under an id for each unit; a food may have the second only."""
FROM_LABEL = "LCCS"
"""Derivation code of a value that was calculated from one serving (``data/fdc/derivations.csv``)."""
_MOST_GRAMS, _MOST_KCAL = 150.0, 1000.0
"""No food has more in 100 g (fat alone has 902 kcal), nor, as heavy as liquids are that are eaten, in 100 ml."""
_LABEL_SLIPS = 1000.0
"""Labels slip by a unit or by the size of the serving; `nutridiary.brands` judges what they say, in its own words."""


@dataclass
class FoundValues:
    """The values of one food, and what has to be said about them.

    Attributes
    ----------
    rows : list of dict
        The columns of ``values`` in `nutridiary.fdc.tables`, without food and release.
    left_out : list of str
        What was stated and cannot be used, each with its reason.
    from_kilojoules : bool
        The energy is stated in kJ only.
    from_label : list of str
        Nutrients taken from the label of one serving, where nothing else is known.
    most : float
        How many times what a food can have is still written down, to be judged elsewhere.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    from_kilojoules: bool = False
    from_label: list[str] = field(default_factory=list)
    most: float = 1.0

    def is_too_much(self, amount: float, unit: str) -> bool:
        """Return whether no 100 g or ml can have so much; the unit is a nutrient's own."""
        limit = _MOST_KCAL if unit == "kcal" else _MOST_GRAMS * 1e6 / MICROGRAMS[unit]
        return not amount <= limit * self.most


def read_values(answer: Mapping[str, Any], serving: float | None) -> FoundValues:
    """Return the values of one food, per 100 g (or per 100 ml, as the whole answer is).

    Parameters
    ----------
    answer : mapping
        Full, abridged, or a hit of a search.
    serving : float or None
        Size of the serving that the label's values are for, in the unit that the values are per 100
        of [g or ml]; None where it is unknown, and the label's values are then of no use.

    Raises
    ------
    FoodDataError
        If the answer is not in the API's layout.

    Examples
    --------
    >>> answer = {"foodNutrients": [{"number": "306", "amount": 76, "unitName": "MG"}],
    ...           "labelNutrients": {"potassium": {"value": 25}, "iron": {"value": 0.3}}}
    >>> found = read_values(answer, 30)
    >>> [(row["fdc_nutrient_id"], row["amount"], row["unit"]) for row in found.rows]
    [(1092, 76.0, 'MG'), (1089, 1.0, 'mg')]
    """
    found = FoundValues(most=_LABEL_SLIPS if answer.get("dataType") == "Branded" else 1.0)
    known = _nutrients_of_ids()
    by_id: dict[int, list[dict[str, Any]]] = {}
    for entry in mappings(answer, "foodNutrients"):
        row = _value(entry, found)
        if row is not None and (row["fdc_nutrient_id"] in known or row["fdc_nutrient_id"] == ENERGY_IN_KILOJOULES):
            by_id.setdefault(row["fdc_nutrient_id"], []).append(row)
    in_kilojoules = by_id.pop(ENERGY_IN_KILOJOULES, [])
    for rows in by_id.values():
        found.rows += _one_of(rows, found)
    if in_kilojoules and "energy" not in _stated(found.rows):
        energy = _one_of([{**row, "fdc_nutrient_id": ENERGY} for row in in_kilojoules], found)
        found.from_kilojoules = bool(energy)
        found.rows += energy
    if serving is not None and serving > 0:
        _fill_from_label(answer, serving, found)
    return found


def _value(entry: Mapping[str, Any], found: FoundValues) -> dict[str, Any] | None:
    """Return one stated value under the id of its nutrient; None where there is no amount."""
    nutrient = mapping(entry, "nutrient") or entry
    amount = number(entry, "amount" if "amount" in entry else "value")
    nutrient_id = _id_of(entry, nutrient, found)
    if nutrient_id is None or amount is None:
        return None
    derivation = mapping(entry, "foodNutrientDerivation")
    source_code = whole(mapping(derivation, "foodNutrientSource"), "code")
    return {
        "fdc_nutrient_id": nutrient_id,
        "amount": amount,
        "unit": text(nutrient, "unitName"),
        "source_code": whole(entry, "foodNutrientSourceCode") if source_code is None else source_code,
        "derivation_code": text(derivation, "code") or text(entry, "derivationCode") or None,
        "data_points": whole(entry, "dataPoints"),
    }


def _id_of(entry: Mapping[str, Any], nutrient: Mapping[str, Any], found: FoundValues) -> int | None:
    """Return the id of the nutrient; a number where an id belongs (2047 is 957) must not pass for another nutrient."""
    stated = whole(nutrient, "id" if "nutrient" in entry else "nutrientId")
    written = nutrient.get("number") or nutrient.get("nutrientNumber")
    if stated is not None and stated < LOWEST_ID:  # a number in the place of the id
        stated, written = None, written or stated
    by_number = _ids_of_numbers().get(str(written)) if written else None
    if stated is None:
        return by_number
    number_of_stated = _numbers_of_ids().get(stated)
    if by_number is not None and number_of_stated is not None and number_of_stated != str(written):
        if {stated, by_number} & set(_nutrients_of_ids()):
            found.left_out.append(f"nutrient id {stated} with the number {written}, which is another nutrient's")
        return None
    return stated


def _one_of(rows: list[dict[str, Any]], found: FoundValues) -> list[dict[str, Any]]:
    """Return the one usable value of an id, none where it is unclear which."""
    nutrient, unit = _nutrients_of_ids()[rows[0]["fdc_nutrient_id"]]
    usable = []
    for row in rows:
        try:
            factor = unit_factor(row["unit"], nutrient, unit)
        except FoodDataError:
            found.left_out.append(f"{nutrient} in {row['unit'][:20]!r}")
            continue
        if row["amount"] < 0:
            found.left_out.append(f"{nutrient} {row['amount']:g}, below zero")
        elif found.is_too_much(row["amount"] * factor, unit):
            found.left_out.append(f"{nutrient} {row['amount']:g} {row['unit']} in 100, more than there can be")
        else:
            usable.append((row, factor))
    # Energy in kcal and in kJ under one id is one energy, rounded twice: the nutrient's own unit goes first.
    own = [row for row, factor in usable if factor == 1.0] or [row for row, _ in usable]
    if len({(row["amount"], row["unit"].casefold()) for row in own}) > 1:
        found.left_out.append(f"{nutrient}, stated as {' and '.join(format(row['amount'], 'g') for row in own[:3])}")
        return []
    return own[:1]


def _fill_from_label(answer: Mapping[str, Any], serving: float, found: FoundValues) -> None:
    """Add what only the label of one serving says."""
    label = mapping(answer, "labelNutrients")
    stated = _stated(found.rows)
    for name, (nutrient_id, unit) in _label_nutrients().items():
        nutrient = _nutrients_of_ids()[nutrient_id][0] if nutrient_id in _nutrients_of_ids() else None
        amount = number(mapping(label, name), "value")
        if nutrient is None or nutrient in stated or amount is None:
            continue
        if amount < 0:
            found.left_out.append(f"{nutrient} {amount:g} on the label, below zero")
            continue
        own_unit = _nutrients_of_ids()[nutrient_id][1]
        per_100 = amount * 100 / serving
        if found.is_too_much(per_100 * unit_factor(unit, nutrient, own_unit), own_unit):
            found.left_out.append(f"{nutrient} {amount:g} {unit} on the label, more than there can be")
            continue
        row = {"fdc_nutrient_id": nutrient_id, "amount": per_100, "unit": unit}
        found.rows.append({**row, "source_code": None, "derivation_code": FROM_LABEL, "data_points": None})
        found.from_label.append(nutrient)


def _stated(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {_nutrients_of_ids()[row["fdc_nutrient_id"]][0] for row in rows}


@cache
def _nutrients_of_ids() -> dict[int, tuple[str, str]]:
    """Return nutrient and unit of each id that is read."""
    ids = nutrient_ids()
    return dict(zip(ids["fdc_nutrient_id"], zip(ids["nutrient"], ids["unit"], strict=True), strict=True))


@cache
def _numbers_of_ids() -> dict[int, str]:
    """Return the nutrient number of each nutrient id: abridged answers have numbers only."""
    table = pd.read_csv(data_file("fdc", "nutrient_ids.csv"), dtype={"fdc_nutrient_number": "str"})
    return dict(zip(table["fdc_nutrient_id"], table["fdc_nutrient_number"], strict=True))


@cache
def _ids_of_numbers() -> dict[str, int]:
    return {written: nutrient_id for nutrient_id, written in _numbers_of_ids().items()}


@cache
def _label_nutrients() -> dict[str, tuple[int, str]]:
    """Return id and unit of each name under which the API gives a label's values."""
    table = pd.read_csv(data_file("fdc", "label_nutrients.csv"))
    return dict(zip(table["label_nutrient"], zip(table["fdc_nutrient_id"], table["unit"], strict=True), strict=True))
