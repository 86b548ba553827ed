"""The page of each person, the overview that leads to them, and how both lie on paper."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from itertools import pairwise
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries

from conftest import MakeReport, Office, require_program
from hand_made import ANNA, BEN, MILK, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis, analyze
from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients
from nutridiary.references import REFERENCES, Person
from nutridiary.report.excel import looks, paper
from nutridiary.report.excel.pointers import POINTERS
from nutridiary.report.excel.sentences import spans
from nutridiary.report.excel.sheet_names import sheet_names
from nutridiary.tables import CAUTIONS, conform
from reading import person_rows, rows_below, texts


def opened(report: MakeReport, analysis: Analysis) -> Any:
    return openpyxl.load_workbook(report(analysis))


def two_people() -> Analysis:
    return analysis_of([*two_days("Ben"), *two_days("Anna")], {"Anna": ANNA, "Ben": BEN})


def printed_parts(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Return what is printed: the first and last column and row of each part."""
    found = [range_boundaries(part.rpartition("!")[2].replace("$", "")) for part in sheet.print_area.split(",")]
    return [(first, last, top, bottom) for first, top, last, bottom in found]


# Names of sheets ------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(), max_size=12))
def test_every_person_gets_a_sheet_name_that_is_legal_and_only_theirs(people: list[str]) -> None:
    names = sheet_names(people, ["Summary", *POINTERS])
    assert len(names) == len(people)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\'") and name.isprintable() and name == name.strip()
    every = [name.casefold() for name in (*names, "Summary", *POINTERS, "History")]
    assert len(set(every)) == len(every)


def test_names_alike_are_told_apart_and_those_too_long_are_cut() -> None:
    assert sheet_names(["Ann", "ann", "ANN", "Daily", "history"], ["Daily"]) == [
        *("Ann", "ann (2)", "ANN (3)"),
        *("Daily (2)", "history (2)"),
    ]
    first, second = sheet_names(["x" * 40, "x" * 41], [])
    assert (len(first), len(second)) == (31, 31)
    assert first.endswith("…") and second.endswith("… (2)")
    assert sheet_names(["_x003D_1"], []) == ["x003D_1"]  # which LibreOffice would read as =1
    assert sheet_names(["O'Brien", "\x07\u202e", "🍎" * 20], []) == ["O’Brien", "Person 2", "🍎" * 15 + "…"]


def test_people_with_hostile_names_have_pages_that_open_and_are_led_to(report: MakeReport) -> None:
    names = ["Summary", "=1+1", "O'Brien & <b>", "a/b:c*d?[e]", "\u202eevil", "Entries"]
    analysis = analysis_of([line for name in names for line in two_days(name)], dict.fromkeys(names, BEN))
    workbook = opened(report, analysis)
    assert workbook.sheetnames[1:7] == ["Summary (2)", "=1+1", "O’Brien & <b>", "a b c d e", "evil", "Entries (2)"]
    people = rows_below(workbook["Summary"], "Person")
    assert [row["Person"].value for row in people] == names
    for row, sheet in zip(people, workbook.worksheets[1:], strict=False):
        assert row["Person"].hyperlink.location == f"'{sheet.title}'!A1"
        assert row["Person"].data_type == "s"
        assert sheet["B5"].value == row["Person"].value


# The overview ---------------------------------------------------------------------------------------------------------


def test_overview_shows_each_person_with_verdicts_in_signs_and_tints(report: MakeReport) -> None:
    analysis = two_people()
    ben, anna = rows_below(opened(report, analysis)["Summary"], "Person")
    assert (ben["Days"].value, ben["Lines counted"].value, ben["Lines left out"].value) == (2, 3, 1)
    assert anna["Sex, age and group"].value == "female, 34 years\nfemale 31-50 y"
    figures = analysis.comparison.set_index(["person_id", "nutrient"])
    for row, person in ((ben, "Ben"), (anna, "Anna")):
        calcium = row["Calcium [% of RDA or AI]"]
        assert calcium.value == pytest.approx(figures.loc[(person, "calcium"), "percent_of_rda"])
    assert figures.loc[("Anna", "vitamin_b12"), "verdict"] == "meets_rda"
    assert anna["Vitamin B12 [% of RDA or AI]"].number_format == '"● ≥ "#,##0" %"'
    assert anna["Vitamin B12 [% of RDA or AI]"].fill.fgColor.rgb[-6:] == looks.ENOUGH_TINT
    assert figures.loc[("Anna", "magnesium"), "verdict"] == "not_decidable"
    assert anna["Magnesium [% of RDA or AI]"].number_format.startswith('"? ≥ "')
    assert anna["Other nutrients"].value.startswith("? Sodium, Zinc, ")


def test_overview_explains_every_sign_it_shows_in_the_words_of_the_authority(report: MakeReport) -> None:
    sheet = opened(report, two_people())["Summary"]
    shown = "".join(str(cell.number_format) + str(cell.value) for row in sheet.iter_rows(min_row=12) for cell in row)
    told = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value in tuple("●○▼▲?")}
    assert {sign for sign in "●○▼▲?" if sign in shown} == set(told)
    assert "reaches the RDA" in told["●"]


def test_sixty_people_have_a_page_each_and_a_row_each(report: MakeReport) -> None:
    names = [f"Person with a rather long name, number {number}" for number in range(60)]
    lines = [Line(person=name, holds=MILK) for name in names]
    workbook = opened(report, analysis_of(lines, dict.fromkeys(names, BEN), nutrients=["magnesium", "calcium"]))
    assert [row["Person"].value for row in rows_below(workbook["Summary"], "Person")] == names
    pages = workbook.worksheets[1:61]
    assert [sheet["B5"].value for sheet in pages] == names
    assert len({sheet.title.casefold() for sheet in pages}) == 60


def test_person_the_diary_does_not_name_has_a_page_beside_those_it_names(report: MakeReport) -> None:
    analysis = analysis_of([*two_days(), *two_days("Ben")], {"": ANNA, "Ben": BEN})
    assert opened(report, analysis).sheetnames[:3] == ["Summary", "not named in the diary", "Ben"]


# A person's page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Anna", "Ben"])
def test_figures_of_a_page_are_those_of_its_person(report: MakeReport, name: str) -> None:
    analysis = two_people()
    figures = analysis.comparison[analysis.comparison["person_id"] == name].set_index("label")
    rows = person_rows(opened(report, analysis)[name])
    assert len(rows) == len(figures)
    for row in rows:
        mean = figures.loc[row["Nutrient"].value, "mean_intake"]
        assert row["Mean per day"].value == (pytest.approx(mean) if pd.notna(mean) else "no value")
        assert row["Reading"].value == figures.loc[row["Nutrient"].value, "reading"]


def test_mean_leads_to_lines_it_is_the_mean_of_name_to_days_and_reference_to_its_source(report: MakeReport) -> None:
    workbook = opened(report, two_people())

    def led_to(cell: Any) -> list[Any]:
        sheet, _, where = cell.hyperlink.location.partition("!")
        found = workbook[sheet.strip("'")][where]
        return [one.value for (one,) in found] if isinstance(found, tuple) else [found.value]

    for name in ("Ben", "Anna"):
        for row in person_rows(workbook[name])[:5]:
            lines, days = led_to(row["Mean per day"]), led_to(rows_below(workbook[name], "Nutrient")[0]["Nutrient"])
            assert len(lines) == 4 and len(days) == 2
            assert sum(value or 0 for value in lines) / 2 == pytest.approx(row["Mean per day"].value)
        goal = rows_below(workbook[name], "Nutrient")[0]["RDA or AI"]
        first = range_boundaries(goal.hyperlink.location.partition("!")[2])[1]
        rows = {cell.row: cell.value for cell in workbook["References"]["A"]}
        assert rows[first] == name
        amounts = {
            row["Kind"].value: row["Amount per day"].value
            for row in rows_below(workbook["References"], "Person")
            if row["Person"].value == name and row["Nutrient"].value == "Magnesium"
        }
        assert goal.value == amounts["RDA"]
    assert "Click a figure" in texts(workbook["Ben"])


def cautioned(count: int) -> Analysis:
    rows = [
        {"person_id": None, "topic": f"t{n}", "title": f"Title {n}", "because": f"Because {n}.", "text": f"Text {n}."}
        for n in range(count)
    ]
    return replace(analysis_of(two_days()), cautions=conform(pd.DataFrame(rows), CAUTIONS))


@pytest.mark.parametrize(("count", "more"), [(2, "With sources on the sheet Cautions"), (8, "3 more on the sheet")])
def test_first_cautions_stand_on_the_page_and_lead_to_the_others(report: MakeReport, count: int, more: str) -> None:
    sheet = opened(report, cautioned(count))["Summary"]
    column = [cell for cell in sheet["A"] if cell.value is not None]
    start = next(place for place, cell in enumerate(column) if cell.value == "Please note")
    shown = [cell for cell in column[start + 1 :] if str(cell.value).startswith("Title")]
    assert [cell.value for cell in shown] == [f"Title {n}" for n in range(min(count, 5))]
    assert sheet.cell(shown[1].row, 2).value == "Because 1. Text 1."
    link = column[start + 1 + len(shown)]
    assert link.value.startswith(more) and link.hyperlink.location == "'Cautions'!A1"


MORE_NUTRIENTS = analysis_of(two_days(), nutrients=list(load_nutrients().index[:24]))

# On paper -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("analysis", [analysis_of(two_days()), cautioned(5), MORE_NUTRIENTS])
def test_first_page_holds_every_figure_in_letters_that_can_be_read(report: MakeReport, analysis: Analysis) -> None:
    sheet = opened(report, analysis)["Summary"]
    (_, last_column, top, bottom), (_, _, begin, end) = printed_parts(sheet)
    figures, words = rows_below(sheet, "Nutrient"), rows_below(sheet, "Nutrient", after="In words")
    assert (top, len(figures)) == (1, len(analysis.comparison))
    assert figures[-1]["Verdict"].row <= bottom < begin < words[0]["Reading"].row
    assert end == max(cell.row for cell in sheet["A"] if cell.value is not None)
    anchor = sheet._charts[0].anchor
    assert anchor.to.row < bottom and anchor.to.col <= last_column
    widths = [sheet.column_dimensions[get_column_letter(place)].width for place in range(1, last_column + 1)]
    heights = [sheet.row_dimensions[row].height or 15.0 for row in range(1, bottom + 1)]
    assert 11 * 784 / (sum(widths) * 5.25) >= 7.0  # points, of A4 landscape between margins of 0.4 inches
    assert sum(heights) * 784 / (sum(widths) * 5.25) <= 502  # points, between margins of 0.5 and 0.8 inches


def test_page_of_every_nutrient_prints_all_of_them_on_more_pages(report: MakeReport) -> None:
    names = list(load_nutrients().index)
    sheet = opened(report, analysis_of(days_of(2), nutrients=names))["Summary"]
    rows = person_rows(sheet)
    assert len(rows) == len(names) > 60
    (_, _, _, bottom), (_, _, begin, end) = printed_parts(sheet)
    assert rows[-1]["Mean per day"].row <= bottom < begin < rows[0]["Reading"].row < rows[-1]["Reading"].row <= end


def test_libreoffice_prints_the_page_of_a_person_with_all_its_figures_first(report: MakeReport, office: Office) -> None:
    pdf = office.convert(report(two_people()), "pdf")
    shown = subprocess.run([require_program("pdftotext"), "-layout", pdf, "-"], capture_output=True, check=True)
    overview, figures, words, *_ = shown.stdout.decode().split("\f")
    assert "Anna" in overview and "Ben" in overview
    assert "male, 70 years" in figures and "Verdict" in figures
    assert all(label in figures for label in ("Magnesium", "Folate, dietary", "Energy"))
    assert "In words" in words and "In words" not in figures


@pytest.mark.parametrize("reference", REFERENCES)
def test_words_of_every_authority_find_room_below_its_figures(report: MakeReport, reference: str) -> None:
    analysis = analyze(data_file("diaries", "example.xlsx"), reference=reference)
    sheet = opened(report, analysis)["Summary"]
    taken = [cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row]
    assert len(taken) == len(set(taken))
    rows = person_rows(sheet)
    assert rows[0]["Reading"].value
    begins = [cell.column for name, cell in rows[0].items() if cell.row == rows[0]["Reading"].row]
    begins = sorted({*begins, rows[0]["Nutrient"].column, printed_parts(sheet)[0][1] + 1})
    wide = {
        sheet.cell(rows[0]["Reading"].row - 1, first).value: sum(
            sheet.column_dimensions[get_column_letter(place)].width for place in range(first, after)
        )
        for first, after in pairwise(begins)
    }
    assert wide["Reading"] >= 30 and wide["What these days allow to be said"] >= 30


@given(st.data())
def test_spans_take_every_column_of_the_sheet_once_and_in_order(data: st.DataObject) -> None:
    widths = tuple(data.draw(st.lists(st.floats(5, 60), min_size=3, max_size=11)))
    wanted = tuple(data.draw(st.lists(st.floats(5, 60), min_size=2, max_size=len(widths) - 1)))
    taken = [column for first, count in spans(wanted, widths) for column in range(first, first + count)]
    assert taken == list(range(1, len(widths) + 1))


@pytest.mark.parametrize("height", [100.0, 600.0, 700.0, 750.0])
def test_sheet_as_wide_as_its_height_asks_for_fits_a_page(height: float) -> None:
    assert paper.fits(height, paper.width_for(height) + 0.01)
    assert paper.width_for(height) < paper.MOST_ON_A4
    assert not paper.fits(height, paper.width_for(height) * 0.98)


def test_pregnant_and_lactating_people_are_said_to_be(report: MakeReport) -> None:
    people = {"Eva": Person(sex="female", age_years=30, pregnant=True), "Ben": BEN}
    workbook = opened(report, analysis_of([*two_days("Eva"), *two_days("Ben")], people))
    assert "female, 30 years, pregnant" in texts(workbook["Eva"])
    assert "female, 30 years, pregnant" in rows_below(workbook["Summary"], "Person")[0]["Sex, age and group"].value
