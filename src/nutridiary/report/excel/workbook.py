"""Put the sheets together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from nutridiary.report.excel.about import write_about, write_references
from nutridiary.report.excel.archive import save
from nutridiary.report.excel.blocks import blocks_of
from nutridiary.report.excel.daily import write_daily
from nutridiary.report.excel.foods import write_foods
from nutridiary.report.excel.lines import write_matches, write_problems
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.summary import write_summary

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

UNDATED = datetime(2000, 1, 1)
"""What the file says of its own age where the settings do not: the same analysis gives the same file."""


def write_workbook(analysis: Analysis, path: Path) -> None:
    """Write the report of `analysis` to `path`; see `nutridiary.report.excel.to_excel`."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    titles = ("Summary", "Daily", "Foods", "Matches", "Problems", "References", "About")
    pages = {title: Page(workbook, palette, title) for title in titles}
    blocks = blocks_of(analysis)
    people = [block.person_id for block in blocks]
    write_summary(pages["Summary"], blocks)
    write_daily(pages["Daily"], blocks)
    write_foods(pages["Foods"], analysis.contributions, people=people)
    write_matches(pages["Matches"], analysis.entries, people=people)
    write_problems(pages["Problems"], analysis.problems, people=people)
    write_references(pages["References"], analysis.references, people=people)
    write_about(pages["About"], analysis.releases, analysis.settings, analysis.contributions)
    palette.close()
    workbook.active = 0
    _set_properties(workbook, analysis.settings)
    save(workbook, path, [page.alt_texts for page in pages.values() if page.alt_texts])


def _set_properties(workbook: Workbook, settings: Mapping[str, str]) -> None:
    properties = workbook.properties
    properties.title = "Nutrient intakes and reference intakes"
    properties.subject = "Report of a food diary"
    properties.creator = properties.lastModifiedBy = "nutridiary"
    properties.created = properties.modified = _made(settings.get("made"))


def _made(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else UNDATED
    except ValueError:
        return UNDATED
