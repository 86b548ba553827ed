"""The last two sheets: the reference figures with their sources, and what the report is and is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nutridiary.nutrients import written_unit
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Row, core_first, rows_of
from nutridiary.report.excel.looks import Look, reference_look
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import APPLIES_TO, UNNAMED, VALUES, in_words, label_of, person_name

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

REFERENCE_HEADERS = (
    "Nutrient",
    "Kind",
    "Amount per day",
    "Unit",
    "Group",
    "Authority",
    "Edition",
    "Status",
    "Held against",
    "Source",
)
_REFERENCE_WIDTHS = (32, 8, 11, 8, 26, 11, 16, 12, 34, 80)
_WIDTHS = (30.0, 110.0)

TERMS = (
    ("EAR", "Estimated average requirement: the intake that meets the need of half the people of a group."),
    ("RDA", "Recommended dietary allowance: meets the need of nearly all (97.5 %). A goal for one person."),
    (
        "AI",
        "Adequate intake, set where there is no EAR. At or above it, intake is likely enough. Below it, nothing can "
        "be concluded.",
    ),
    (
        "UL",
        "Tolerable upper intake level. It is held only against the part of intake it was set for: for magnesium, "
        "supplements and medicines, not food.",
    ),
    ("CDRR", "Chronic disease risk reduction intake (sodium): lowering an intake above it is expected to lower risk."),
    (
        "Mean per day",
        "The mean of what is known over the recorded days. A few days are not what somebody usually eats.",
    ),
    (
        "Coverage",
        "How much of the weight eaten has a value for the nutrient in its own food record. Under 100 %, values are "
        "missing, so that the true total is higher than the one shown, or equal; or they are filled in.",
    ),
    ("no value", "The food record does not say how much it holds. That is not zero, and is never counted as zero."),
    ("≥", "At least: a line has no value for the nutrient, or was left out of the totals."),
    (
        "≈, filled in",
        "A line's food record has no value, and that of a twin stands in for it: another record of the same food that "
        "agrees in what both know. An estimate, counted apart; nothing is called reached or exceeded by it alone.",
    ),
    ("review", "The line was counted, but the match with a food is uncertain. Look at it before trusting the figures."),
)
SUPPLEMENT_TERM = (
    "From supplements",
    "What tablets, drops and powders gave, by their labels, the Supplements sheet or the diary's own record. It is "
    "part of the totals and kept apart from food, because some upper levels count supplements only.",
)
RECORDED_TERM = (
    "The diary's own",
    "Nutrient values that the diary's file carries, such as those of an app. They stand beside ours; which of them "
    "count is a choice (below: nutrient values).",
)
OWN_FOOD_TERM = (
    "Your own food",
    "A recipe or label written down on a sheet of the diary: it is matched first. Own foods says what it comes to.",
)
LIMITS = (
    "A food record diagnoses nothing. It says what was written down, as far as food tables know it.",
    "An intake below a reference is neither a deficiency nor the cause of a cramp or of any other symptom. Whether "
    "a body lacks something is found out by a clinician, not from a diary.",
    "Some things belong to a clinician from the start: kidney disease; diuretics; ACE inhibitors together with "
    "potassium, as supplement or salt substitute; pregnancy; weakness.",
    "Magnesium and cramps: in mostly older adults, magnesium supplements made no meaningful difference (0.01 cramps a "
    "week more than without; 95 % confidence interval from 0.52 fewer to 0.55 more). In pregnancy the trials disagree "
    "and the certainty is low.",
)
LIMIT_SOURCES = (
    "Magnesium for skeletal muscle cramps, Cochrane Database of Systematic Reviews 2012, updated 2020, CD009402",
    "https://doi.org/10.1002/14651858.CD009402.pub3",
    "Interventions for leg cramps in pregnancy, Cochrane Database of Systematic Reviews 2020, CD010655",
    "https://doi.org/10.1002/14651858.CD010655.pub3",
)


def write_references(page: Page, references: pd.DataFrame, *, people: Sequence[str]) -> None:
    """Write the References sheet: every figure the intakes were compared with."""
    several = len(people) > 1
    page.set_widths(((14,) if several else ()) + _REFERENCE_WIDTHS)
    page.line("Reference intakes", looks.TITLE)
    page.row += 1
    header_row = page.row
    headers = (("Person",) if several else ()) + REFERENCE_HEADERS
    page.put_row(headers, [looks.NUMBER_HEADER if name == "Amount per day" else looks.HEADER for name in headers])
    for row in rows_of(_by_person(references, people)):
        _write_reference(page, row, several=several)
    if references.empty:
        page.line("None: no sex and age were given, so nothing was compared.", looks.FREE)
    page.close_table("references_table", header_row, len(headers), frozen_columns=0)


def _by_person(references: pd.DataFrame, people: Sequence[str]) -> pd.DataFrame:
    order = {person_id: place for place, person_id in enumerate(people)}
    return core_first(references).sort_values(
        "person_id", key=lambda ids: ids.fillna(UNNAMED).map(order), kind="stable"
    )


def _write_reference(page: Page, row: Row, *, several: bool) -> None:
    nutrient = row["nutrient"]
    cells: list[tuple[Any, Look]] = [(person_name(row["person_id"] or UNNAMED), looks.TEXT)] if several else []
    amount = row["amount"]
    cells += [
        (label_of(nutrient), looks.WRAPPED),
        (row["kind"], looks.TEXT),
        (
            "none set" if amount is None else amount,
            looks.NO_VALUE if amount is None else reference_look(looks.TEXT, amount),
        ),
        (written_unit(row["unit"] or ""), looks.TEXT),
        (group_in_words(row), looks.WRAPPED),
        (row["authority"], looks.TEXT),
        (row["edition"], looks.TEXT),
        (row["status"], looks.TEXT),
        (in_words(row["applies_to"], APPLIES_TO), looks.WRAPPED),
        (row["source"], looks.WRAPPED.but(font="quiet")),
    ]
    page.put_row([value for value, _ in cells], [look for _, look in cells])


def group_in_words(row: Mapping[str, Any]) -> str:
    """Return the group a reference is for; the upper age is exclusive.

    Examples
    --------
    >>> group_in_words({"life_stage": "none", "sex": "female", "age_from": 31.0, "age_to": 51.0})
    'female, 31 to under 51 years'
    """
    stage = row["life_stage"]
    sex = "" if row["sex"] in (None, "both") else str(row["sex"])
    who = stage if stage in ("pregnancy", "lactation", "infant", "child") else sex
    if row["age_from"] is None:
        return who or "everybody"
    ages = f"{row['age_from']:g}" + (
        " years and over" if row["age_to"] is None else f" to under {row['age_to']:g} years"
    )
    return ", ".join(part for part in (who, ages) if part)


def write_about(page: Page, analysis: Analysis) -> None:
    """Write the About sheet: limits, terms, data releases, values filled in and settings."""
    page.set_widths(_WIDTHS)
    page.line("About this report", looks.TITLE)
    _section(page, "What this is not", [("", text) for text in LIMITS])
    for text in LIMIT_SOURCES:
        if text.startswith("https://"):
            page.link_page(page.row, 2, text, looks.FREE_LINK)
        else:
            page.put(page.row, 2, text, looks.FREE_QUIET)
        page.row += 1
    _section(page, "How to read the terms", _terms(analysis))
    _write_releases(page, analysis.releases)
    if analysis.contributions["filled_in"].any():
        _section(page, "Values filled in from twin records", _filled_in(analysis.contributions))
    _section(page, "How it was made", [_setting(name, text) for name, text in analysis.settings.items()])
    page.set_print(last_column=2)


def _terms(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return the terms that this report uses."""
    return (
        *TERMS,
        *([SUPPLEMENT_TERM] if analysis.comparison["supplement_intake"].notna().any() else []),
        *([RECORDED_TERM] if len(analysis.differences) or _values(analysis) != "ours" else []),
        *([OWN_FOOD_TERM] if analysis.own_foods is not None else []),
    )


def _values(analysis: Analysis) -> str:
    return analysis.settings.get("nutrient values", "ours")


def _setting(name: str, text: str) -> tuple[str, str]:
    if name == "nutrient values":
        return name, f"{text}. {VALUES.get(text, '')}"
    return name.replace("_", " "), text


def _section(page: Page, title: str, rows: Any) -> None:
    page.row += 1
    page.line(title, looks.HEADING)
    for name, text in rows:
        page.put(page.row, 1, name, looks.FREE_BOLD)
        page.put(page.row, 2, text, looks.PARAGRAPH)
        page.row += 1


def _filled_in(contributions: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each food with a value from its twin: its name, the twin, and the nutrients."""
    nutrients: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows_of(core_first(contributions[contributions["filled_in"]])):
        nutrients.setdefault((row["food_description"], row["value_from"]), {})[label_of(row["nutrient"])] = None
    return [(food, f"from {twin}: {', '.join(names)}") for (food, twin), names in nutrients.items()]


def _write_releases(page: Page, releases: pd.DataFrame) -> None:
    page.row += 1
    page.line("Where the food composition comes from", looks.HEADING)
    for row in rows_of(releases):
        facts = [f"published {row['published']}" if row.get("published") is not None else ""]
        facts += [f"{row['foods']:,} foods" if row.get("foods") is not None else ""]
        facts += [f"licence: {row['licence']}" if row.get("licence") is not None else ""]
        facts += [row.get("note") or ""]
        page.put(page.row, 1, row.get("release"), looks.FREE_BOLD)
        page.put(page.row, 2, ", ".join(fact for fact in facts if fact), looks.PARAGRAPH)
        page.row += 1
        if row.get("source") is not None:
            page.link_page(page.row, 2, str(row["source"]), looks.FREE_LINK.but(wrap=True))
            page.row += 1
    if releases.empty:
        page.line("None: no food was counted.", looks.FREE)
