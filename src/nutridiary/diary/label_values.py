"""The values of a label: which column is which nutrient, what a cell says of it, and what a percentage stands for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from nutridiary.daily_values import edition_of, from_percent_of_daily_value
from nutridiary.diary.grid import Cell, cell_text
from nutridiary.diary.recorded import PERCENT_DV, RecordedColumn, plain_number, recorded_column, value_of
from nutridiary.diary.side_columns import SideColumns, plain_heading, side_headings
from nutridiary.errors import UnitError
from nutridiary.nutrients import load_nutrients
from nutridiary.units import canonical_unit, factor_to

# Regulation (EU) 1169/2011, Annex I (11): salt is sodium times 2.5. UK and EU labels state salt.
SALT_PER_SODIUM = 2.5
_SALT = "sodium_as_salt"
EDITION = re.compile(r"\b(?:pre[- ]?2016|before 2016|2016(?: rule)?|(?:old|new)(?: label)?)\b", re.IGNORECASE)
_OF_DAILY_VALUE = re.compile(r"\b(?:dv|daily values?|nrv|vnr|vrn|ri|rdi|rda|ajr)\b")
# The EU's nutrient reference values (Regulation (EU) 1169/2011, Annex XIII) are others: calcium 800 mg, not 1300 mg.
_OTHER_REFERENCE = re.compile(r"\b(?:NRV|VNR|VRN|RI|RDI|RDA|AJR)\b", re.IGNORECASE)
_KCAL = re.compile(r"(?P<figure>\d[\d.,]*) ?k(?:ilo)?cal", re.IGNORECASE)
_LESS_THAN = re.compile(r"(?:<|≤|less than|under|trace)", re.IGNORECASE)
_LARGEST_READ = 1e6
# Names of energy that are its unit.
_ENERGY_UNITS = {"calories": "kcal", "kcal": "kcal", "kilojoules": "kJ", "kj": "kJ", "cals": "kcal"}
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@dataclass(frozen=True)
class LabelValue:
    """One value of a label as it was understood."""

    nutrient: str
    amount: float = math.nan
    as_written: str = ""
    percent: float = math.nan
    edition: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class NutrientColumn:
    """A column of one nutrient: `column` is None where only the cells say the unit.

    `of_other_reference` are percentages of something else than the Daily Values of the USA.
    """

    place: int
    name: str
    column: RecordedColumn | None
    edition: str = ""
    is_salt: bool = False
    of_other_reference: bool = False

    @property
    def is_kilojoules(self) -> bool:
        """Whether its figures are energy in kJ."""
        return self.column is not None and self.column.unit == "kJ"

    @property
    def is_percent(self) -> bool:
        """Whether its figures are percentages of a Daily Value."""
        return self.column is not None and self.column.unit == PERCENT_DV


def nutrient_columns(columns: SideColumns) -> list[NutrientColumn]:
    """Return the columns that hold nutrients: amounts before percentages of Daily Values, kcal before kJ."""
    used = set(columns.places.values())
    found = [nutrient_column(place, text) for place, text in enumerate(columns.headings) if place not in used]
    return sorted(
        (column for column in found if column is not None), key=lambda column: (column.is_percent, column.is_kilojoules)
    )


def nutrient_column(place: int, heading: str) -> NutrientColumn | None:
    """Return which nutrient the heading of a column names, in which unit; None where it names none.

    Examples
    --------
    >>> nutrient_column(3, "Calcium (% DV)").is_percent, nutrient_column(4, "Salt (g)").name
    (True, 'sodium')
    """
    said = EDITION.search(heading)
    edition = (edition_of(said.group()) or "") if said else ""
    text = " ".join(EDITION.sub(" ", heading).split()) if said else heading
    plain, unit = plain_heading(text), _unit_of(text) or _ENERGY_UNITS.get(plain_heading(text), "")
    if "%" in text:
        plain = " ".join(_OF_DAILY_VALUE.sub(" ", plain).split())
    own_name = side_headings("label").get(plain)
    if own_name == _SALT:
        sodium = _named("sodium", unit)
        return None if sodium is None else NutrientColumn(place, "sodium", sodium, edition, is_salt=True)
    if own_name is None:
        # Any unit that suits it shows which nutrient a heading names; the one written decides below.
        anyhow = recorded_column(text) or recorded_column(f"{plain} (mg)") or recorded_column(f"{plain} (kcal)")
        own_name = anyhow.nutrient if anyhow else None
    if own_name is None:
        return None
    if "%" in text and _OTHER_REFERENCE.search(text):
        return NutrientColumn(place, own_name, None, of_other_reference=True)
    column = _named(own_name, unit) if own_name in load_nutrients().index else recorded_column(text)
    return NutrientColumn(place, own_name, column, edition) if column or not unit else None


def _unit_of(heading: str) -> str:
    """Return the unit in a heading: in brackets, or as the end of "Calcium % DV"."""
    found = _BRACKET.search(heading)
    return found[1].strip() if found else "%" if "%" in heading else ""


def _named(nutrient: str | None, written: str) -> RecordedColumn | None:
    """Return the column of a nutrient that is known by name, in a written unit."""
    if nutrient is None or not written:
        return None
    if "%" in written:
        return RecordedColumn(nutrient, math.nan, PERCENT_DV)
    unit, own = canonical_unit(written) or "", str(load_nutrients().loc[nutrient, "unit"])
    try:
        return RecordedColumn(nutrient, 1.0 if unit == own else factor_to(own, unit, nutrient), unit)
    except UnitError:
        return None


def read_value(column: NutrientColumn, cell: Cell) -> LabelValue | None:
    """Return what a cell says of a nutrient; None where it is blank or says that nothing is known."""
    text = cell_text(cell).strip()
    if not text or text.lower() in ("n/a", "na", "-", "--", "–", "?", "unknown", "nan"):
        return None
    if _LESS_THAN.match(text):
        return LabelValue(
            column.name, as_written=text, note=f'{column.name}: "{text[:20]}" is no exact amount: unknown'
        )
    if column.of_other_reference:
        problem = f"{column.name}: {text[:20]} of another reference than the Daily Values of the USA: write the amount"
        return LabelValue(column.name, as_written=text, problem=problem)
    both = _KCAL.search(text) if column.name == "energy" and "kj" in text.lower() else None
    if both:
        return replace(read_value(column, f"{both['figure']} kcal") or LabelValue("energy"), as_written=text)
    if column.is_percent or text.endswith("%"):
        return _percent(column, text)
    recorded = column.column or _of_cell(column.name, text)
    if recorded is None:
        return LabelValue(column.name, as_written=text, problem=_no_unit(column.name, text))
    amount = value_of(cell, recorded)
    if amount is None or not 0 <= amount < _LARGEST_READ:
        return LabelValue(column.name, as_written=text, problem=f'cannot read the {column.name} "{text[:40]}"')
    if recorded.nutrient not in load_nutrients().index:
        return LabelValue("", as_written=text, problem=_other_unit(recorded.nutrient, recorded.unit))
    written = text if canonical_unit(text.lstrip("0123456789., ")) else f"{text} {recorded.unit}"
    if column.is_salt:
        return LabelValue("sodium", amount / SALT_PER_SODIUM, f"{written} salt", note="sodium from salt: salt / 2.5")
    return LabelValue(recorded.nutrient, amount, written)


def _of_cell(nutrient: str, text: str) -> RecordedColumn | None:
    unit = canonical_unit(text.lstrip("0123456789., ")) if text[:1].isdigit() else None
    return _named(nutrient, unit or "") if nutrient in load_nutrients().index else None


def _no_unit(nutrient: str, text: str) -> str:
    return f'the {nutrient} "{text[:40]}" has no unit: write it behind the figure, or in the heading'


def _other_unit(name: str, unit: str) -> str:
    return f"{name}: no factor leads from {unit} to a mass, as it depends on the form. Write the amount in mcg or mg"


def _percent(column: NutrientColumn, text: str) -> LabelValue:
    percent = plain_number(text.rstrip("% "))
    written = f"{text} DV" if text.endswith("%") else f"{text} % DV"
    if percent is None or not 0 <= percent < _LARGEST_READ:
        return LabelValue(column.name, as_written=written, problem=f'cannot read the {column.name} "{text[:40]}"')
    if 0 < percent < 1:
        # A spreadsheet keeps 10 % as 0.1, and a label has no percentage below 1.
        problem = f"{column.name}: {percent:g} % DV, or {percent:.0%}? Write the percentage as a number, such as 10"
        return LabelValue(column.name, as_written=written, problem=problem)
    return LabelValue(column.name, as_written=written, percent=percent, edition=column.edition)


def in_amounts(value: LabelValue, edition: str, why: str) -> LabelValue:
    """Return a percentage of a Daily Value as an amount, or with the reason why it is none."""
    if math.isnan(value.percent):
        return replace(value, edition="")
    if not edition:
        problem = (
            f"{value.nutrient}: {value.as_written}, but nothing says of which Daily Values. Write 2016 or before 2016 "
            "in a column Daily value edition"
        )
        return replace(value, problem=problem)
    try:
        amount = from_percent_of_daily_value(value.nutrient, value.percent, edition)
    except UnitError as error:
        return replace(value, edition=edition, problem=str(error))
    return replace(value, amount=amount, edition=edition, note=value.note or why)
