"""Put the sheets together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from nutridiary.lock.reading import SHEET
from nutridiary.report.excel.about import write_about
from nutridiary.report.excel.archive import save
from nutridiary.report.excel.blocks import Block, blocks_of
from nutridiary.report.excel.cautions import write_cautions
from nutridiary.report.excel.clarify import write_clarify
from nutridiary.report.excel.confidence import write_confidence
from nutridiary.report.excel.coverage import write_coverage
from nutridiary.report.excel.daily import write_daily
from nutridiary.report.excel.day_columns import DayColumns
from nutridiary.report.excel.days import write_days
from nutridiary.report.excel.editions import write_editions
from nutridiary.report.excel.entries import write_entries
from nutridiary.report.excel.files import write_files
from nutridiary.report.excel.foods import write_foods
from nutridiary.report.excel.groups import write_groups
from nutridiary.report.excel.line_figures import LineFigures, line_figures
from nutridiary.report.excel.lines import write_problems
from nutridiary.report.excel.live.composition import FOODS as FOODS_PER_100_G
from nutridiary.report.excel.live.workbook import SHEETS as LIVE_SHEETS
from nutridiary.report.excel.live.workbook import make_live
from nutridiary.report.excel.lock import write_lock
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.own_foods import write_own_foods
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.person import Place
from nutridiary.report.excel.pointers import POINTERS, SUMMARY
from nutridiary.report.excel.ratios import write_ratios
from nutridiary.report.excel.recorded import write_recorded
from nutridiary.report.excel.references import places_of_references, write_references
from nutridiary.report.excel.sheet_names import sheet_names
from nutridiary.report.excel.sources import write_sources
from nutridiary.report.excel.suggestions import write_suggestions
from nutridiary.report.excel.summary import write_person, write_summary
from nutridiary.report.excel.supplements import has_supplements, write_supplements
from nutridiary.report.excel.symptoms import has_symptoms, write_symptoms
from nutridiary.report.excel.trail import DAILY, ENTRIES, PROBLEMS, Trail
from nutridiary.report.excel.week import write_week
from nutridiary.report.excel.working import write_working
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.remarks import remarks

if TYPE_CHECKING:
    from nutridiary.analysis import Analysis

UNDATED = datetime(2000, 1, 1)
"""What the file says of its own age where the settings do not: the same analysis gives the same file."""


def write_workbook(analysis: Analysis, path: Path, *, live: bool = False) -> None:
    """Write the report of `analysis` to `path`; see `nutridiary.report.excel.to_excel`."""
    with _without_collection():
        _write(analysis, path, live=live)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let Python look for unused cycles only afterwards: among half a million cells in use it finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(analysis: Analysis, path: Path, *, live: bool) -> None:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    blocks = blocks_of(analysis)
    people = [block.person_id for block in blocks]
    entries = analysis.entries
    figures = line_figures(analysis, entries, DayColumns.of(blocks).nutrients, people)
    trail = Trail(live=live, reference_rows=places_of_references(analysis.references, people))
    sheets = _sheets(analysis, blocks, figures, trail)
    pages = {title: Page(workbook, palette, title) for title in (*sheets, *(LIVE_SHEETS if live else ()))}
    written = {title: sheets[title](pages[title]) for title in sorted(sheets, key=_when_written)}
    if live:
        titles = people_sheets(blocks) or {people[0]: SUMMARY}
        places = {who: (title, place) for who, title in titles.items() if isinstance(place := written[title], Place)}
        make_live(pages, analysis, blocks, figures, trail, places)
    palette.close()
    workbook.active = 0
    _set_properties(workbook, analysis.settings)
    save(workbook, path, [page.alt_texts for page in pages.values() if page.alt_texts])


_FIRST = (PROBLEMS, ENTRIES, DAILY)
"""The sheets that others lead to are written before them."""


def _when_written(title: str) -> int:
    return _FIRST.index(title) if title in _FIRST else len(_FIRST)


def _sheets(
    analysis: Analysis, blocks: Sequence[Block], figures: LineFigures, trail: Trail
) -> dict[str, Callable[[Page], object]]:
    """Return what writes each sheet, in order; a sheet that has nothing to say is left out."""
    people = [block.person_id for block in blocks]
    contributions = analysis.contributions
    values, names = analysis.settings.get("nutrient values", "ours"), FigureNames.of(analysis)
    sheets: dict[str, Callable[[Page], object]] = {
        **_faces(analysis, blocks, names, lambda: [*sheets, *([FOODS_PER_100_G] if trail.live else [])], trail),
        "Confidence": lambda page: write_confidence(page, analysis, people=people),
        **({} if analysis.groups.empty else {"Groups": lambda page: write_groups(page, analysis)}),
        "To clarify": lambda page: write_clarify(page, analysis, people=people),
        **({} if analysis.cautions.empty else {"Cautions": lambda page: write_cautions(page, analysis, people=people)}),
        **(
            {}
            if analysis.suggestion_effects.empty
            else {"Suggestions": lambda page: write_suggestions(page, analysis, people=people)}
        ),
        DAILY: lambda page: write_daily(page, blocks, names, trail),
        "Week": lambda page: write_week(page, blocks, names),
        "Days": lambda page: write_days(page, analysis, people=people),
        "Sources": lambda page: write_sources(page, analysis, people=people),
        "Foods": lambda page: write_foods(page, contributions, people=people),
        "Coverage": lambda page: write_coverage(page, blocks, names),
    }
    if has_symptoms(analysis):
        sheets["Symptoms"] = lambda page: write_symptoms(page, analysis, people=people)
    if has_supplements(analysis):
        sheets["Supplements"] = lambda page: write_supplements(page, analysis, people=people)
    if not analysis.differences.empty:
        differences, settings = analysis.differences, analysis.settings
        sheets["Recorded values"] = lambda page: write_recorded(page, differences, settings, people=people)
    own_foods = analysis.own_foods
    if own_foods is not None and not own_foods.table.empty:
        sheets["Own foods"] = lambda page: write_own_foods(page, analysis, own_foods)
    if not analysis.edition_changes.empty:
        sheets["What changes with the edition"] = lambda page: write_editions(page, analysis, people=people)
    sheets["Ratios"] = lambda page: write_ratios(page, analysis, people=people)
    sheets[ENTRIES] = lambda page: write_entries(page, figures, trail, people=people, values=values)
    sheets[PROBLEMS] = lambda page: write_problems(page, analysis.problems, trail, people=people)
    if not analysis.files.empty:
        sheets["Files"] = lambda page: write_files(page, analysis.files, analysis.left_aside)
    sheets["References"] = lambda page: write_references(page, analysis.references, people=people)
    sheets["Working"] = lambda page: write_working(page, analysis, people=people)
    sheets["About"] = lambda page: write_about(page, analysis)
    if (lock := analysis.lock) is not None:
        sheets[SHEET] = lambda page: write_lock(page, lock)
    return sheets


def _faces(
    analysis: Analysis, blocks: Sequence[Block], names: FigureNames, sheets: Callable[[], list[str]], trail: Trail
) -> dict[str, Callable[[Page], object]]:
    """Return what writes the first sheet, and a page for each of several people."""
    titles = people_sheets(blocks)

    def person(number: int, block: Block) -> Callable[[Page], object]:
        return lambda page: write_person(page, block, names, number=number, sheets=sheets(), trail=trail)

    return {
        SUMMARY: lambda page: write_summary(
            page,
            blocks,
            names,
            sheets=sheets(),
            remarks=remarks(analysis),
            people_sheets=titles,
            trail=trail,
        ),
        **{
            titles[block.person_id]: person(number, block)
            for number, block in enumerate(blocks, 1)
            if block.person_id in titles
        },
    }


def people_sheets(blocks: Sequence[Block]) -> dict[str, str]:
    """Return the sheet of each of several people; one person's figures stand on the first sheet."""
    own = blocks if len(blocks) > 1 else []
    titles = sheet_names([block.name for block in own], [SUMMARY, *POINTERS])
    return {block.person_id: title for block, title in zip(own, titles, strict=True)}


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
