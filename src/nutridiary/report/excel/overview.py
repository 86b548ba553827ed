"""The first sheet of a report on several people: a row for each, which leads to the person's own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from nutridiary.errors import listing
from nutridiary.report import colours
from nutridiary.report.excel import looks
from nutridiary.report.excel.blocks import Block, Row, is_complete, is_filled_in
from nutridiary.report.excel.columns import Cell, Column, write_rows
from nutridiary.report.excel.figures import has_days, percent, percent_decimals, verdict_tint
from nutridiary.report.excel.looks import ABOUT, AT_LEAST, Look, amount_format
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.pointers import write_pointers
from nutridiary.report.excel.words import date_span, is_core, label_of, person_facts
from nutridiary.report.figure_names import FigureNames

OPEN = "?"
SIGNS: Mapping[str, str] = {
    **colours.VERDICT_SIGNS,
    "below_rda": colours.BETWEEN,
    "below_ai": OPEN,
    "not_decidable": OPEN,
}
"""The sign of each verdict; none where there is nothing to judge by."""
_ORDER = (colours.HIGH, colours.LOW, colours.BETWEEN, colours.ENOUGH, OPEN)  # what a reader would look for first
_LEAST_WIDTH = 200.0
_POINTER_COLUMNS = (6, 10)  # where each half of the list begins, right of the facts


def write_overview(
    page: Page,
    blocks: Sequence[Block],
    names: FigureNames,
    *,
    sheets: Sequence[str],
    people_sheets: Mapping[str, str],
) -> None:
    """Write what a report on several people is of, where its sheets are, and a row for each person.

    Parameters
    ----------
    page : Page
        Its title and what a reader should know of the whole are written already.
    blocks : sequence of Block
    names : FigureNames
    sheets : sequence of str
        The sheets of the workbook, to point at.
    people_sheets : mapping of str to str
        The sheet of each person.
    """
    columns = _columns(blocks, names)
    page.set_widths([column.width for column in columns])
    top = page.row
    _write_facts(page, blocks, names)
    end, page.row = page.row, top
    page.row = max(end, top + write_pointers(page, _POINTER_COLUMNS, sheets)) + 1
    _write_legend(page, blocks, names)
    header_row = write_rows(page, columns, [{"block": block} for block in blocks])
    for row, block in enumerate(blocks, header_row + 1):
        look = looks.LINK.but(number="General", wrap=True)
        page.link_sheet(row, 1, people_sheets[block.person_id], block.name, look=look)
    page.close_table("people_table", header_row, len(columns), frozen_columns=0)
    page.sheet.freeze_panes = None  # the rows above the table fill a small screen


def _write_facts(page: Page, blocks: Sequence[Block], names: FigureNames) -> None:
    for name, value in _facts(blocks, names):
        page.put(page.row, 1, name, looks.FREE_QUIET)
        page.put(page.row, 2, value, Look(align="left", wrap=True, ruled=False), across=4)
        page.row += 1


def _facts(blocks: Sequence[Block], names: FigureNames) -> Iterator[tuple[str, object]]:
    """Yield what the report is of, each with its name."""
    problems = [row["problem"] for block in blocks for row in block.entries]
    dates = sorted({date for block in blocks for date in block.dates})
    editions = sorted({edition for block in blocks for edition in block.editions})
    yield "People", len(blocks)
    yield "Dates recorded", date_span(dates)
    if names.reference != "nasem":
        yield "Held against", names.figures
    yield "Editions", listing(editions, most=4) or "none"
    yield "Lines counted", problems.count(None)
    yield "Lines left out", len(problems) - problems.count(None)


def _write_legend(page: Page, blocks: Sequence[Block], names: FigureNames) -> None:
    """Say what each sign stands for that the table below has."""
    goal = names.either(names.goals)
    page.line("People", looks.HEADING)
    page.line(
        f"Mean of the recorded days in % of the {goal}; {AT_LEAST} at least, {ABOUT} about. "
        "A name leads to the person's page, which has every figure.",
        looks.FREE_QUIET,
    )
    said: dict[str, dict[str, None]] = {}
    tints: dict[str, str] = {}
    for row in (row for block in blocks for row in block.comparison):
        if sign := SIGNS.get(row["verdict"] or ""):
            said.setdefault(sign, {})[names.verdict(row["verdict"], row["nutrient"]) or ""] = None
            tints.setdefault(sign, verdict_tint(names, row))
    for sign in filter(said.__contains__, _ORDER):
        page.put(page.row, 1, sign, Look(fill=tints[sign], align="center", ruled=False))
        page.put(page.row, 2, "; or ".join(said[sign]), looks.FREE)
        page.row += 1
    page.row += 1


def _columns(blocks: Sequence[Block], names: FigureNames) -> list[Column]:
    goal = names.either(names.goals)
    shown = dict.fromkeys(row["nutrient"] for block in blocks for row in block.comparison)
    columns = [
        Column("Person", 22, looks.WRAPPED, lambda row: row["block"].name),
        Column("Sex, age and group", 30, looks.WRAPPED, lambda row: _who(row["block"])),
        Column("Days", 7, looks.WHOLE, lambda row: len(row["block"].dates)),
        Column("Lines counted", 10, looks.WHOLE, lambda row: _lines(row["block"], counted=True)),
        Column("Lines left out", 10, looks.WHOLE, lambda row: _lines(row["block"], counted=False)),
        *(
            Column(f"{label_of(name)} [% of {goal}]", 14, looks.WHOLE, partial(_share, name, names))
            for name in filter(is_core, shown)
        ),
    ]
    rest = max(_LEAST_WIDTH - sum(column.width for column in columns), 60)
    return [*columns, Column("Other nutrients", rest, looks.WRAPPED, lambda row: _others(row["block"]))]


def _who(block: Block) -> str:
    """Return sex and age, and the group the figures are of, where it says more."""
    dates = block.dates
    groups = listing(block.texts("life_stage_group"))
    return person_facts(block.person, dates[-1] if dates else None) + (f"\n{groups}" if groups else "")


def _lines(block: Block, *, counted: bool) -> int:
    return sum((row["problem"] is None) == counted for row in block.entries)


def _share(nutrient: str, names: FigureNames, person: Row) -> Cell:
    """Return the mean of a core nutrient in percent of what is aimed at, after the sign of its verdict."""
    row = next((row for row in person["block"].comparison if row["nutrient"] == nutrient), None)
    if row is None:
        return Cell(None, looks.TEXT)
    sign, fill, share = SIGNS.get(row["verdict"] or "", ""), verdict_tint(names, row), percent(row, names)
    if share is None:
        words = "no figure" if row["mean_intake"] is not None else "no value" if has_days(row) else "left out"
        return Cell(f"{sign} {words}".strip(), looks.NO_VALUE.but(fill=fill))
    known = ("" if is_complete(row) else AT_LEAST) + (ABOUT if is_filled_in(row) else "")
    before = " ".join(part for part in (sign, known) if part)
    return Cell(share, Look(number=amount_format(percent_decimals(share), before, "%"), fill=fill))


def _others(block: Block) -> str | None:
    """Return the other nutrients by the signs of their verdicts, those first that a reader would look for."""
    labels: dict[str, list[str]] = {sign: [] for sign in _ORDER}
    for row in block.comparison:
        if not is_core(row["nutrient"]) and (sign := SIGNS.get(row["verdict"] or "")):
            labels[sign].append(label_of(row["nutrient"]))
    return "\n".join(f"{sign} {', '.join(names)}" for sign, names in labels.items() if names) or None
