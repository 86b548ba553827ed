"""What stands on which page of paper: letters that can be read, charts in one piece, and what is left out said."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from conftest import MakeReport
from hand_made import ANNA, BEN, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis, analyze
from nutridiary.data_files import data_file
from nutridiary.references import Person
from nutridiary.report.excel import looks
from nutridiary.report.excel.columns import Column, set_widths
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.paper import PrintPlan, areas, column_groups
from reading import rows_below, texts

# US Letter and A4, lying, within margins of 0.4 inch at the sides, 0.5 above and 0.8 below; Calibri 11 has figures of 7
# pixels, of which 96 are an inch. [points]
LETTER_WIDE, A4_WIDE, A4_HIGH = 11 * 72 - 57.6, 841.9 - 57.6, 595.3 - 93.6
POINTS_PER_CHARACTER = 7 * 72 / 96
TYPE = 11


@cache
def month() -> Analysis:
    return analyze(data_file("diaries/thirty_days.csv"), person=Person(sex="female", age_years=34))


def three_people() -> Analysis:
    lines: list[Line] = [*two_days("Ben"), *two_days("Anna"), *two_days("Carl")]
    return analysis_of(lines, {"Anna": ANNA, "Ben": BEN, "Carl": BEN})


def parts(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Return the first and last column, and the first and last row, of what is printed."""
    found = [range_boundaries(area.rpartition("!")[2].replace("$", "")) for area in sheet.print_area.split(",")]
    return [(left, right, top, bottom) for left, top, right, bottom in found]


def wide(sheet: Any, left: int, right: int) -> float:
    columns = [sheet.column_dimensions[get_column_letter(column)] for column in range(left, right + 1)]
    return sum(column.width for column in columns if not column.hidden)


def high(sheet: Any, top: int, bottom: int) -> float:
    return sum(sheet.row_dimensions[row].height or 15.0 for row in range(top, bottom + 1))


def charts(sheet: Any) -> Iterator[tuple[int, int]]:
    """Yield the first and the last row each chart of a sheet stands on."""
    for chart in sheet._charts:
        yield chart.anchor._from.row + 1, chart.anchor.to.row


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("printed")
    found = []
    for name, analysis in (("month", month()), ("people", three_people()), ("days", analysis_of(days_of(40)))):
        analysis.to_excel(folder / f"{name}.xlsx")
        found.append(openpyxl.load_workbook(folder / f"{name}.xlsx"))
    return found


def test_letters_of_every_sheet_are_printed_with_seven_points_on_us_letter(workbooks: list[Any]) -> None:
    for workbook in workbooks:
        for sheet in workbook:
            if sheet.page_setup.orientation == "portrait":
                continue  # narrower than the page
            widest = max(wide(sheet, left, right) for left, right, *_ in parts(sheet))
            scale = min(LETTER_WIDE / (widest * POINTS_PER_CHARACTER), 1.0)
            assert round(TYPE * scale, 1) >= 7.0, (sheet.title, widest)
            assert {cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {11, 13, 18}


def test_no_chart_is_cut_by_the_end_of_a_page(workbooks: list[Any]) -> None:
    seen = 0
    for sheet in (sheet for workbook in workbooks for sheet in workbook):
        widest = max(wide(sheet, left, right) for left, right, *_ in parts(sheet))
        room = A4_HIGH * max(widest * POINTS_PER_CHARACTER / A4_WIDE, 1.0)
        header = sheet.print_title_rows
        repeated = high(sheet, *(int(row.strip("$")) for row in header.split(":"))) if header else 0.0
        for first, last in charts(sheet):
            own = [(top, bottom) for _, _, top, bottom in parts(sheet) if top <= first and last <= bottom]
            assert len(own) == 1, (sheet.title, first, last)
            above = 0.0 if own[0][0] == 1 else repeated
            assert above + high(sheet, own[0][0], last) <= room, (sheet.title, first, last)
            seen += 1
    assert seen > 30


def test_a_month_of_days_stands_on_one_page_with_all_its_nutrients(workbooks: list[Any]) -> None:
    daily = workbooks[0]["Daily"]
    left, right, top, bottom = parts(daily)[0]
    assert (left, top) == (1, 1)
    dates = [row for row in range(top, bottom + 1) if str(daily.cell(row, 1).value).startswith("2026-04")]
    assert len(dates) == 30
    assert [cell.value for cell in daily[4] if cell.value and cell.column == right] == ["Energy [kcal]"]


def test_no_figure_of_daily_is_wider_than_its_column(workbooks: list[Any]) -> None:
    for daily in (workbook["Daily"] for workbook in workbooks):
        for row in daily.iter_rows(min_row=5):
            for cell in row:
                if isinstance(cell.value, (int, float)) and not daily.column_dimensions[cell.column_letter].hidden:
                    decimals = len(cell.number_format.partition("0.")[2].rstrip('"'))
                    digits = len(f"{cell.value:,.{decimals}f}".replace(",", "").replace(".", ""))
                    assert daily.column_dimensions[cell.column_letter].width >= digits + 2, cell.coordinate


def test_lines_of_one_person_are_no_higher_than_what_is_seen_of_them(workbooks: list[Any]) -> None:
    entries = workbooks[0]["Entries"]
    rows = rows_below(entries, "Date")
    low = [row for row in rows if high(entries, row["Date"].row, row["Date"].row) == 15.0]
    assert len(low) > 0.7 * len(rows)  # the folded name of the person takes no line


def test_what_is_not_printed_is_said_on_the_sheet(workbooks: list[Any]) -> None:
    for name, said in (
        ("Working", "On paper stands Magnesium only, as an example"),
        ("Entries", "On paper stand the columns up to the score"),
        ("Daily", "On the screen only: on paper the sign ≥ marks these days"),
        ("What changes with the edition", "On paper stand only they"),
    ):
        sheet = workbooks[0][name]
        printed = {row for _, _, top, bottom in parts(sheet) for row in range(top, bottom + 1)}
        assert said in texts(sheet)
        if name not in ("Entries",):
            filled = {cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None}
            assert filled - printed


def test_a_heading_of_week_stands_on_the_page_of_its_first_week(workbooks: list[Any]) -> None:
    week = workbooks[1]["Week"]
    for row in (cell.row for cell in week["A"] if str(cell.value).startswith("Person: ")):
        own = [(top, bottom) for _, _, top, bottom in parts(week) if top <= row <= bottom]
        assert own[0][1] > row + 2


def test_sources_of_references_stand_below_the_table_once_each(workbooks: list[Any]) -> None:
    sheet = workbooks[1]["References"]
    rows = rows_below(sheet, "Person")
    below = [str(cell.value) for cell in sheet["A"][rows[-1]["Person"].row :] if cell.value is not None]
    for source in {row["Source"].value for row in rows}:
        assert sum(source in line for line in below) == 1
    assert all(right < rows[0]["Source"].column for _, right, *_ in parts(sheet))


def test_blocks_that_fit_are_kept_and_longer_ones_flow_on(report: MakeReport) -> None:
    page = _empty_page()
    plan = PrintPlan(kept=[(10, 30), (31, 50)], left_out=[(60, 70)])
    assert plan.parts(page, 80, 150.0, header=None, upright=False) == [(1, 30), (31, 59), (71, 80)]
    assert PrintPlan(kept=[(2, 100)]).parts(page, 100, 150.0, header=None, upright=False)[0][0] == 1
    assert PrintPlan().parts(page, 80, 150.0, header=None, upright=False) == [(1, 80)]


def test_columns_too_wide_for_a_page_stand_on_the_next_and_too_many_areas_are_one() -> None:
    assert column_groups([20.0] + [30.0] * 12) == [(1, 7), (8, 13)]
    assert areas([(1, 4), (9, 12)], "Daily", lambda rows: [(1, 3), (4, 5)]) == "A1:C4,D1:E4,A9:C12,D9:E12"
    assert areas([(row, row) for row in range(1, 2000)], "Daily", lambda rows: [(1, 3)]) == ""


def test_columns_of_text_give_way_to_a_page_but_are_never_squeezed() -> None:
    page = _empty_page()
    text = [Column(name, 100.0, looks.WRAPPED, len) for name in ("reading", "note")]
    set_widths(page, [Column("days", 40.0, looks.WHOLE, len), *text])
    assert [round(width) for width in page.widths] == [40, 89, 89]
    set_widths(page, text * 3)  # far too wide: such a table is printed on several pages
    assert list(page.widths) == [100.0] * 6


def _empty_page() -> Page:
    from openpyxl import Workbook

    from nutridiary.report.excel.looks import Palette

    workbook = Workbook()
    return Page(workbook, Palette(workbook), "Page")
