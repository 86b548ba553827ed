"""Small analyses written by hand: who ate what, and what it held, without files, matching or food data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from nutridiary.analysis import Analysis
from nutridiary.comparison import compare, compare_days
from nutridiary.intake import daily_intakes, food_contributions
from nutridiary.nutrients import load_nutrients, panel_nutrients
from nutridiary.references import Person, reference_values
from nutridiary.tables import INTAKES, REFERENCE_VALUES, SUPPLEMENT_DOSES, WEIGHED, conform

MILK = {"magnesium": 27.0, "potassium": 390.0, "calcium": 309.0, "vitamin_d": 2.7, "vitamin_b12": 1.34, "sodium": 95.0}
BREAD = {"magnesium": 60.0, "potassium": 200.0, "calcium": 80.0, "vitamin_d": 0.0, "sodium": 2400.0}
ANNA = Person(sex="female", age_years=34)
BEN = Person(sex="male", age_years=70)
LABEL = 'label text "as on the bottle"'
RELEASES = pd.DataFrame(
    {
        "release": ["FNDDS 2021-2023"],
        "data_type": ["survey_fndds_food"],
        "published": ["2024-10-31"],
        "foods": [5432],
        "licence": ["public domain"],
        "source": ["https://fdc.nal.usda.gov/download-datasets"],
    }
)


@dataclass(frozen=True)
class Line:
    """One line of a diary.

    A `problem` leaves it out. A nutrient that `holds` does not name has no value; for a supplement, there is none
    of it, and NaN is a dose that its label leaves open.
    """

    day: str = "2026-03-02"
    text: str = "milk"
    food: str = "Milk, reduced fat (2%)"
    fdc_id: int = 2_705_385
    grams: float = 244.0
    holds: Mapping[str, float] = field(default_factory=dict)
    person: str | None = None
    problem: str | None = None
    note: str | None = None
    kind: str = "food"
    needs_review: bool = False
    amount_text: str = "1 cup"
    source: str = "diary.xlsx:Diary"


def analysis_of(
    lines: Sequence[Line],
    people: Mapping[str, Person] | None = None,
    settings: Mapping[str, str] | None = None,
    nutrients: Sequence[str] | None = None,
) -> Analysis:
    """Return the analysis of some lines; `people` as in `Analysis` (Anna where the diary names nobody)."""
    people = {"": ANNA} if people is None else people
    names = list(nutrients or panel_nutrients())
    entries = conform(pd.DataFrame([_entry(number, line) for number, line in enumerate(lines, 2)]), WEIGHED)
    intakes = conform(
        pd.DataFrame(
            [
                _intake(number, line, name)
                for number, line in enumerate(lines, 2)
                if line.problem is None
                for name in names
                if line.kind != "supplement" or name in line.holds
            ]
        ),
        INTAKES,
    )
    days = daily_intakes(intakes, entries, names)
    references = [
        reference_values(person, on=None if person.birth_date is None else entries["date"].max()).assign(person_id=key)
        for key, person in people.items()
    ]
    found = pd.concat(references, ignore_index=True) if references else pd.DataFrame(columns=["person_id"])
    return Analysis(
        entries=entries,
        intakes=intakes,
        days=days,
        day_comparison=compare_days(days, people),
        comparison=compare(days, people, intakes),
        references=found[["person_id", *[n for n in REFERENCE_VALUES.names if n in found.columns]]].reindex(
            columns=["person_id", *REFERENCE_VALUES.names]
        ),
        contributions=food_contributions(intakes, entries),
        people=people,
        releases=RELEASES,
        settings=settings or {"diary": "diary.xlsx", "version": "0.1.0"},
        doses=_doses(intakes),
    )


def _doses(intakes: pd.DataFrame) -> pd.DataFrame:
    """Return the doses of the supplements, each known exactly or not at all."""
    given = intakes.loc[intakes["source_kind"] == "supplement", ["source", "line", "part", "nutrient", "unit"]]
    amounts = intakes.loc[given.index, "amount"]
    bounds = {"amount": amounts, "amount_low": amounts.fillna(0.0), "amount_high": amounts}
    return conform(given.assign(**bounds, value_from=LABEL), SUPPLEMENT_DOSES)


def two_days(person: str | None = None) -> list[Line]:
    return [
        Line(day="2026-03-02", text="milk", holds=MILK, person=person),
        Line(day="2026-03-02", text="toast", food="Bread", fdc_id=11, grams=60, holds=BREAD, person=person),
        Line(day="2026-03-03", text="milk, lots", grams=976, holds={k: 4 * v for k, v in MILK.items()}, person=person),
        Line(day="2026-03-03", text="??", problem="no amount: write one, such as 150 g", person=person),
    ]


def days_of(count: int) -> list[Line]:
    first = dt.date(2026, 1, 1)
    return [Line(day=(first + dt.timedelta(days=n)).isoformat(), holds=MILK) for n in range(count)]


def _entry(number: int, line: Line) -> dict[str, object]:
    counted = line.problem is None and line.kind != "supplement"
    return {
        "source": line.source,
        "line": number,
        "person_id": line.person,
        "date": pd.Timestamp(line.day) if line.day else pd.NaT,
        "eating_occasion": "breakfast",
        "food_text": line.text,
        "amount": 1.0,
        "unit": "cup",
        "kind": line.kind,
        "problem": line.problem,
        "note": line.note,
        "fdc_id": line.fdc_id if counted else None,
        "food_description": line.food if counted else None,
        "data_type": "survey_fndds_food" if counted else None,
        "match_score": 0.93 if counted else None,
        "match_margin": 0.2 if counted else None,
        "match_method": "text" if counted else None,
        "gram_weight": line.grams if counted else None,
        "gram_low": line.grams * 0.9 if counted else None,
        "gram_high": line.grams * 1.1 if counted else None,
        "weight_method": "food_portion" if counted else None,
        "portion": f"1 cup = {line.grams:g} g" if counted else None,
        "amount_text": line.amount_text,
        "needs_review": line.needs_review and counted,
    }


def _intake(number: int, line: Line, nutrient: str) -> dict[str, object]:
    return {
        "source": line.source,
        "line": number,
        "person_id": line.person,
        "date": pd.Timestamp(line.day) if line.day else pd.NaT,
        "fdc_id": None if line.kind == "supplement" else line.fdc_id,
        "gram_weight": None if line.kind == "supplement" else line.grams,
        "nutrient": nutrient,
        "amount": line.holds.get(nutrient),
        "unit": load_nutrients().loc[nutrient, "unit"],
        "source_kind": "supplement" if line.kind == "supplement" else "food",
        "value_from": LABEL if line.kind == "supplement" else "FNDDS 2021-2023",
    }
