"""Where the figures of a page say they come from, and what stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import unquote

import pandas as pd

from nutridiary.analysis import Analysis
from nutridiary.foods import load_foods
from nutridiary.references import REFERENCES
from nutridiary.report.data.declared import ANALYSIS_TABLES
from nutridiary.report.excel.terms import terms_of
from nutridiary.report.remarks import remarks
from nutridiary.suggestions import cautions_of
from nutridiary.symptoms import describe_symptoms, load_cramp_evidence
from nutridiary.tables import NOT_EATEN

Indexes = dict[str, dict[tuple[str, ...], int]]


def split(address: str) -> list[str]:
    return [unquote(part) for part in address.split("/")]


def as_key(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value)


def index_of(frame: pd.DataFrame, key: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    rows = list(zip(*(frame[name].astype("object") for name in key), strict=True))
    return {tuple(map(as_key, row)): place for place, row in enumerate(rows)}


def place_of(analysis: Analysis, address: str, indexes: Indexes) -> tuple[str, int, str]:
    """Return the table, row and column an address means; there must be just one."""
    table, *key, column = split(address)
    if table not in indexes:
        indexes[table] = index_of(getattr(analysis, table), ANALYSIS_TABLES[table].key)
    return table, indexes[table][tuple(key)], column


def of_person(frame: pd.DataFrame, person_id: str) -> pd.DataFrame:
    return frame[frame["person_id"].fillna("") == person_id]


def counted(analysis: Analysis, address: str) -> int:
    """Count the rows a figure of the page says it counts, anew."""
    _, table, person, which = split(address)
    own = of_person(getattr(analysis, table), person)
    if which == "dates":
        return int(own["date"].nunique())
    if table == "foods_to_clarify":
        return int(own["matters"].sum()) - 5
    left_out = own["problem"].notna()
    return {
        "all": len(own),
        "counted": len(own) - int(left_out.sum()),
        "left_out": int(left_out.sum()),
        "to_review": int(own.loc[~left_out, "needs_review"].sum()),
        "left_out_nothing_eaten": int(own.loc[left_out, "kind"].isin(NOT_EATEN).sum()),
        "not_shown": int(left_out.sum()) - 10,
    }[which]


def of_people(analysis: Analysis, address: str) -> Any:
    _, person, *rest = split(address)
    if not rest:
        return person
    described = analysis.people[person]
    if rest[0] == "conditions":
        return next(text for text in described.conditions if text == rest[1])
    if rest[0] == "age_on":
        return described.age_on(of_person(analysis.days, person)["date"].max().date())
    return getattr(described, rest[0])


def in_words(analysis: Analysis, address: str) -> str:
    """Return a text that stands in no table of the analysis, from where it is written."""
    source, *rest = split(address)
    if source == "settings":
        return analysis.settings[rest[0]]
    if source == "remarks":
        return remarks(analysis)[int(rest[0])]
    if source == "terms":
        return next(name if rest[1] == "name" else text for name, text in terms_of(analysis) if name == rest[0])
    if source == "cramp_evidence":
        return str(getattr(next(line for line in load_cramp_evidence() if line.topic == rest[0]), rest[1]))
    if source == "references_label":
        return REFERENCES[rest[0]].label
    if source == "suggestion_cautions":
        own = (of_person(getattr(analysis, name), rest[0]) for name in ("suggestions", "suggestion_effects"))
        return cautions_of(*own, analysis.settings)[int(rest[1])]
    assert source == "symptoms_in_words", address
    described = describe_symptoms(analysis.symptom_days, analysis.symptom_comparison)
    return str(of_person(described, rest[0]).set_index("symptom", drop=False).loc[rest[1], rest[2]])


@cache
def of_record(fdc_id: int, nutrient: str) -> float:
    """Return what 100 g of a published food hold by its own record; unknown where that has no value."""
    return float(load_foods().composition([fdc_id], [nutrient]).iloc[0, 0])


def in_100_g(analysis: Analysis, address: str) -> float:
    """Return what 100 g of a food hold, by its own record or, where that has no value, by what a line of it gave."""
    _, fdc_id, nutrient = split(address)
    value = of_record(int(fdc_id), nutrient)
    if value == value:
        return value
    lines = analysis.intakes
    line = lines[(lines["fdc_id"] == int(fdc_id)) & (lines["nutrient"] == nutrient) & lines["amount"].notna()].iloc[0]
    return float(line["amount"] / line["gram_weight"] * 100)


OUTSIDE: Mapping[str, Callable[[Analysis, str], Any]] = {
    "rows": counted,
    "people": of_people,
    **dict.fromkeys(
        (
            "settings",
            "remarks",
            "terms",
            "cramp_evidence",
            "references_label",
            "symptoms_in_words",
            "suggestion_cautions",
        ),
        in_words,
    ),
    "composition": in_100_g,
}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")
