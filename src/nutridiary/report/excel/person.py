"""A person's page: who it is, a chart and every figure on one sheet of paper, and the same in words below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from openpyxl.utils import get_column_letter

from nutridiary.errors import listing
from nutridiary.report.excel import looks, paper
from nutridiary.report.excel.blocks import Block
from nutridiary.report.excel.columns import Column, write_rows
from nutridiary.report.excel.figures import VERDICT, Figures, core_rows, percent, verdict_cell
from nutridiary.report.excel.lines import is_counted_elsewhere
from nutridiary.report.excel.looks import Look
from nutridiary.report.excel.means_chart import FOLDED, means_chart
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.pointers import WIDTH as POINTERS_WIDTH
from nutridiary.report.excel.pointers import write_pointers
from nutridiary.report.excel.sentences import sentence_columns, write_sentences
from nutridiary.report.excel.trail import Trail
from nutridiary.report.excel.words import date_span, person_facts, what_is_stated
from nutridiary.report.figure_names import FigureNames
from nutridiary.tables import NOT_EATEN

CAUTIONS_SHEET = "Cautions"
MOST_CAUTIONS = 5
LEADING = (
    "Click a figure: it leads to the lines it comes from; a nutrient's name, to its days; a reference, to its source."
)
_NOTHING_COUNTED = "No line of this diary could be counted: Problems says why."
_LEAST_WIDTH = 188.0  # characters: a table too narrow makes the page as high as it is wide
_FACTS_WIDTH = 62.0  # characters, of a fact and its value
# How many columns the table in words has -> the parts of the verdict's column, for them to find their place.
_VERDICT_PIECES = {5: (1.0,), 6: (0.55, 0.45), 7: (0.55, 0.45)}
_THIRDS = (1 / 3, 1 / 3, 1 / 3)
_LEAST_ROWS = 13  # that a chart is high


@dataclass(frozen=True)
class Place:
    """Where the figures of a person stand.

    Attributes
    ----------
    header_row, first_row, last_row : int
        Of the table; the last row is above the first where it is empty.
    letters : mapping of str to str
        The letter of each column, by its name.
    """

    header_row: int
    first_row: int
    last_row: int
    letters: dict[str, str]


@dataclass(frozen=True)
class PersonPage:
    """The page of one person.

    Attributes
    ----------
    page : Page
        Its title and what a reader should know of the whole are written already.
    block : Block
    names : FigureNames
    number : int
        Which person of the report it is, from 1.
    sheets : sequence of str
        The sheets of the workbook.
    trail : Trail
        Where figures lead to.
    """

    page: Page
    block: Block
    names: FigureNames
    number: int
    sheets: Sequence[str]
    trail: Trail

    def write(self, *, with_pointers: bool) -> Place:
        """Write the page, with what stands on each sheet of the workbook or without; return where the figures stand."""
        page, block = self.page, self.block
        sentences = sentence_columns(block, self.names)
        columns = Figures(self.names, self.trail).columns(block)
        widths = self._widths(columns, len(sentences))
        page.set_widths(widths)
        top, middle = page.row, _column_at(widths, _FACTS_WIDTH)
        self._write_facts(middle)
        charted = any(percent(row, self.names) is not None for row in core_rows(block.comparison))
        last = max(page.row, top + _LEAST_ROWS if charted else 0) - 1
        page.row = last + 2
        place = self._write_figures(columns, widths)
        figures_end = page.row - 1
        self._write_cautions(widths)
        widths, first_end = self._fit_page(widths, figures_end, page.row - 1)
        if charted:
            self._add_chart(place, widths, (top, last), middle)
        if with_pointers:
            page.row += 1
            page.row += write_pointers(page, _side_by_side(widths), self.sheets)
        self._write_words(sentences, widths, first_end)
        return place

    def _widths(self, columns: Sequence[Column], sentences: int) -> list[float]:
        """Return the widths of the sheet's columns; the verdict takes several where the sentences need them."""
        own = [column.width for column in columns]
        own[-1] = max(own[-1], _LEAST_WIDTH - sum(own[:-1]))
        pieces = _VERDICT_PIECES.get(sentences if self.names.limits else 0, _THIRDS)
        return [*own[:-1], *(own[-1] * piece for piece in pieces)]

    def _write_facts(self, end: int) -> None:
        """Write who it is and what the record is, left of a column."""
        page = self.page
        for name, value in facts(self.block, self.names):
            big = name == "Person" and self.block.person_id
            page.put(page.row, 1, name, looks.FREE_QUIET)
            number = "#,##0" if isinstance(value, int) else "General"
            look = Look("heading" if big else "plain", number=number, align="left", wrap=True, ruled=False)
            page.put(page.row, 2, value, look, across=end - 2)
            page.row += 1

    def _write_figures(self, columns: Sequence[Column], widths: Sequence[float]) -> Place:
        page, rows = self.page, self.block.comparison
        if any(self.trail.entries_of(self.block.person_id, row["nutrient"]) for row in rows):
            page.line(LEADING, looks.FREE_QUIET)
        header_row = write_rows(page, columns[:-1], rows, empty=_NOTHING_COUNTED)
        last_row = header_row + len(rows)
        pieces = len(widths) - len(columns) + 1
        page.put(header_row, len(columns), VERDICT, looks.HEADER, across=pieces)
        for row, figures in enumerate(rows, header_row + 1):
            verdict = verdict_cell(self.names, figures)
            page.put(row, len(columns), verdict.value, verdict.look, across=pieces)
        page.name_range(f"summary_table_{self.number}", (header_row, 1), (page.row - 1, len(columns)))
        letters = {column.name: get_column_letter(place) for place, column in enumerate(columns, 1)}
        return Place(header_row, header_row + 1, last_row, letters)

    def _write_cautions(self, widths: Sequence[float]) -> None:
        """Write what to be careful with, most important first."""
        page, cautions = self.page, self.block.cautions
        if not cautions:
            return
        page.row += 1
        page.line("Please note", looks.HEADING)
        for caution in cautions[:MOST_CAUTIONS]:
            page.put(page.row, 1, caution["title"], looks.PARAGRAPH.but(font="bold"))
            text = " ".join(part for part in (caution["because"], caution["text"]) if part)
            page.put(page.row, 2, text, looks.PARAGRAPH, across=len(widths) - 1)
            page.row += 1
        if CAUTIONS_SHEET in self.sheets:
            more = len(cautions) - MOST_CAUTIONS
            words = f"{more} more on the sheet Cautions" if more > 0 else "With sources on the sheet Cautions"
            page.link_sheet(page.row, 1, CAUTIONS_SHEET, words)
            page.row += 1

    def _fit_page(self, widths: Sequence[float], figures_end: int, cautions_end: int) -> tuple[list[float], int]:
        """Make the sheet as wide as it must be for its first page to hold every figure; return its last row, too.

        What to be careful with stands on that page where it has room without smaller letters, and else on the next.
        """
        width = max(sum(widths), paper.width_for(paper.height_of(self.page, 1, figures_end)))
        has_room = paper.fits(paper.height_of(self.page, 1, cautions_end), width)
        first_end = cautions_end if has_room else figures_end
        fitted = [own * width / sum(widths) for own in widths]
        self.page.set_widths(fitted)
        return fitted, first_end

    def _write_words(self, columns: Sequence[Column], widths: Sequence[float], first_end: int) -> None:
        """Write the table in words, and print what stands below the first page on pages of its own."""
        page, rows = self.page, self.block.comparison
        page.hide_columns(len(widths) + 2, len(widths) + 1 + len(FOLDED))
        parts, titles = [(1, first_end)], None
        if rows:
            page.row += 1
            page.line("In words", looks.HEADING)
            titles = write_sentences(page, columns, rows, widths)
        if page.row - 1 > first_end:
            parts.append((first_end + 2, page.row - 1))
        page.set_print(last_column=len(widths), header_rows=(titles, titles) if titles else None)
        paper.print_parts(page, parts, len(widths))

    def _add_chart(self, place: Place, widths: Sequence[float], rows: tuple[int, int], first_column: int) -> None:
        """Lay the chart of the core nutrients from a column on to the right edge, drawn from the table."""
        page, names = self.page, self.names
        core = core_rows(self.block.comparison)
        chart, alt_text = means_chart(
            page,
            core,
            names,
            header=place.header_row,
            percent_column=list(place.letters).index(f"% of {names.either(names.goals)}") + 1,
            first_folded=len(widths) + 2,
            whose=f" ({self.block.name})" if self.block.person_id else "",
            live=self.trail.live,
        )
        page.add_chart(chart, (rows[0], first_column), (rows[1], len(widths)), alt_text)


def facts(block: Block, names: FigureNames) -> Iterator[tuple[str, Any]]:
    """Yield what is known of a person and of the record, each with its name."""
    counted = [row for row in block.entries if row["problem"] is None]
    left_out = [row for row in block.entries if row["problem"] is not None]
    dates, stated = block.dates, what_is_stated(block.person)
    yield "Person", block.name
    yield "Sex and age", person_facts(block.person, dates[-1] if dates else None)
    if stated:
        yield "Stated", stated
    yield "Life-stage group", listing(block.texts("life_stage_group")) or "none"
    if names.reference != "nasem":
        yield "Held against", names.figures
    yield "Editions", listing(block.editions, most=2) or "none"
    yield "Recorded days", date_span(dates)
    if block.dates_left_out:
        yield "  of these left out", len(block.dates_left_out)
    yield "Lines counted", len(counted)
    if supplements := sum(row["kind"] == "supplement" for row in counted):
        yield "  of these supplements", supplements
    yield "  of these to review", sum(row["needs_review"] for row in counted)
    yield "Lines left out", len(left_out)
    if twice := sum(is_counted_elsewhere(row) for row in left_out):
        yield "  of these counted elsewhere", twice
    yield "  of these nothing eaten", sum(row["kind"] in NOT_EATEN for row in left_out)


def _column_at(widths: Sequence[float], least: float) -> int:
    """Return the first column that begins so far from the left or farther. [characters]"""
    return next((place for place, end in enumerate(accumulate(widths), 2) if end >= least), len(widths))


def _side_by_side(widths: Sequence[float]) -> list[int]:
    """Return the columns that lists of pointers begin at, as many as have room."""
    lists = max(int(sum(widths) // POINTERS_WIDTH), 1)
    return [1, *(_column_at(widths, POINTERS_WIDTH * number) for number in range(1, lists))]
