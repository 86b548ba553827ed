"""The last sheet: what the report is and is not, its terms, where its data come from, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutridiary.references import REFERENCES
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import core_first, rows_of
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.terms import terms_of
from nutridiary.report.excel.words import VALUES, label_of

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.analysis import Analysis

_WIDTHS = (30.0, 124.0)

LIMITS = (
    "A food record diagnoses nothing. It says what was written down, as far as food tables know it.",
    "An intake below a reference is neither a deficiency nor the cause of a cramp or of any other symptom. Whether "
    "a body lacks something is found out by a clinician, not from a diary.",
    "What a few days say of usual intake rests on how days differ among people of the same sex and age in a survey of "
    "the US. Nobody is exactly like them, and who writes down what is eaten often leaves something out.",
    "Associations of symptoms with what was eaten are those of one diary: no cause, and no advice to eat otherwise.",
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
    _section(page, "How to read the terms", terms_of(analysis))
    _write_releases(page, analysis.releases)
    if analysis.contributions["filled_in"].any():
        _section(page, "Values filled in from twin records", _filled_in(analysis.contributions))
    _section(page, "How it was made", [_setting(name, text) for name, text in analysis.settings.items()])
    page.set_print(last_column=2)
    page.sheet.page_setup.orientation = "portrait"  # running text


def _setting(name: str, text: str) -> tuple[str, str]:
    """Return what was asked for in words."""
    if name == "nutrient values":
        return name, f"{text}. {VALUES.get(text, '')}"
    if name == "reference" and text in REFERENCES:
        return "reference values", f"{text}: {REFERENCES[text].label}"
    if name == "nutrients":
        return name, ", ".join(map(label_of, text.split(", ")))
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
