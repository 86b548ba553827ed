"""The workbook as a file: its charts, text that is not to be trusted, and what LibreOffice makes of it."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import MakeReport, Office, require_program
from hand_made import ANNA, BEN, MILK, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis
from nutridiary.errors import NutridiaryError
from nutridiary.foods import load_foods
from nutridiary.nutrients import core_nutrients, nutrient_label
from nutridiary.own_foods import build_own_foods
from nutridiary.references import Person
from nutridiary.report import private_files
from nutridiary.report.excel import page, to_excel
from nutridiary.tables import (
    FILES_READ,
    LEFT_ASIDE,
    OWN_FOODS,
    RECIPE_LINES,
    RECORDED_DIFFERENCES,
    SUPPLEMENT_PRODUCTS,
    TEXT,
    Table,
    conform,
)
from reading import chart_points, parts, rows_below

HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "=1", "=", "#REF!", "_x003D_1"]

# Charts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 7, 60])
def test_each_core_nutrient_has_a_chart_over_all_days_with_axes_and_gaps(report: MakeReport, count: int) -> None:
    path = report(analysis_of(days_of(count)))
    charts = [chart for chart in parts(path, r"xl/charts/chart\d+.xml") if "'Daily'!" in chart]
    assert len(charts) == len(core_nutrients())
    for nutrient in core_nutrients():
        assert chart_points(path, nutrient_label(nutrient)) == count
    for chart in charts:
        assert '<delete val="0"' in chart and '<delete val="1"' not in chart
        assert '<dispBlanksAs val="gap"' in chart  # an unknown day is a gap, not a zero
        assert '<plotVisOnly val="0"' in chart  # the line's cells are folded away
        assert "<lineChart>" in chart
    assert sum("RDA 320 mg" in chart for chart in charts) == 1


def test_few_nutrients_keep_charts_and_legend_clear_of_the_folded_columns(report: MakeReport) -> None:
    path = report(analysis_of(days_of(2), nutrients=["calcium", "zinc"]))
    sheet = openpyxl.load_workbook(path)["Daily"]
    folded = min(sheet[f"{letter}1"].column for letter, size in sheet.column_dimensions.items() if size.hidden)
    ends = [
        int(end) for drawing in parts(path, r"xl/drawings/.*xml") for end in re.findall(r"<col>(\d+)</col>", drawing)
    ]
    assert max(ends) < folded
    assert all(cell.column < folded for cell in sheet[2] if cell.value is not None)


def test_chart_line_names_no_amount_where_the_reference_changes_within_the_diary(report: MakeReport) -> None:
    turns_51_on_the_second_day = Person(sex="female", birth_date=dt.date(1975, 1, 2))
    path = report(analysis_of(days_of(3), {"": turns_51_on_the_second_day}))
    calcium = next(chart for chart in parts(path, r"xl/charts/chart\d+.xml") if ">Calcium: " in chart)
    assert "<v>RDA</v>" in calcium
    goal = calcium[calcium.index("<v>RDA</v>") :]
    cells = re.findall(r"<val><numRef><f>'Daily'!\$(\w+)\$(\d+):", goal)[0]
    sheet = openpyxl.load_workbook(path)["Daily"]
    assert [sheet[f"{cells[0]}{int(cells[1]) + n}"].value for n in range(3)] == [1000, 1200, 1200]


def test_charts_say_in_words_what_they_show(report: MakeReport, tmp_path: Path) -> None:
    drawings = "".join(parts(report(analysis_of(two_days())), r"xl/drawings/drawing\d+.xml"))
    described = re.findall(r'name="Chart \d+" descr="([^"]+)"', drawings)
    charts = list(parts(tmp_path / "report.xlsx", r"xl/charts/chart\d+.xml"))
    assert len(described) == len(charts) > len(core_nutrients())
    [magnesium] = [text for text in described if text.startswith("Magnesium: RDA reached on")]
    assert "Columns: Magnesium on 2 days, with a line at the RDA 320 mg and a line at the EAR 265 mg." in magnesium


# Text that is not to be trusted ---------------------------------------------------------------------------------------


def hostile_analysis() -> Analysis:
    lines = [
        Line(text=text, food=text, note=text, amount_text=text, source=text, person=text, fdc_id=n, holds=MILK)
        for n, text in enumerate(HOSTILE, 1)
    ]
    lines += [Line(text=text, problem=text, person=HOSTILE[0]) for text in HOSTILE]
    lines += [Line(kind="supplement", text=text, note=text, holds={"magnesium": 9.0}) for text in HOSTILE]
    analysis = analysis_of(lines, {HOSTILE[0]: ANNA}, settings={text: text for text in HOSTILE})
    own = build_own_foods(hostile_table(RECIPE_LINES), hostile_table(OWN_FOODS), load_foods())
    return replace(
        analysis,
        products=hostile_table(SUPPLEMENT_PRODUCTS),
        differences=hostile_table(RECORDED_DIFFERENCES, nutrient="iron", unit="mg"),
        files=hostile_table(FILES_READ),
        left_aside=hostile_table(LEFT_ASIDE),
        own_foods=own,
    )


def hostile_table(table: Table, **sane: str) -> pd.DataFrame:
    """Return a table whose texts are hostile, but those of nutrients and units."""
    texts = [
        column.name for column in table.columns if column.dtype == TEXT and column.name not in ("nutrient", "unit")
    ]
    rows = [dict.fromkeys(texts, text) | sane | {"line": n} for n, text in enumerate(HOSTILE, 2)]
    return conform(pd.DataFrame(rows)[[*texts, *sane, *(["line"] if "line" in table.names else [])]], table)


def test_diary_text_never_becomes_a_formula(report: MakeReport) -> None:
    path = report(hostile_analysis())
    for sheet in parts(path, r"xl/worksheets/sheet\d+.xml"):
        tree = ElementTree.fromstring(sheet)
        cells = [cell for cell in tree.iter() if cell.tag.endswith("}c")]
        assert cells
        assert not [cell for cell in cells if any(child.tag.endswith("}f") for child in cell)]
        assert {cell.get("t", "n") for cell in cells} <= {"n", "inlineStr"}
    entries = rows_below(openpyxl.load_workbook(path)["Entries"], "Date")
    shown = [row["As written"].value for row in sorted(entries, key=lambda row: int(row["Line"].value))]
    assert shown[:7] == ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\n=1", "=1"]
    assert all(row["As written"].quotePrefix for row in entries if str(row["As written"].value).startswith(("=", "+")))


def test_links_lead_to_food_data_central_or_within_the_workbook_only(report: MakeReport) -> None:
    path = report(hostile_analysis())
    targets = [
        target
        for rels in parts(path, r"xl/worksheets/_rels/.*")
        for target in re.findall(r'Target="([^"]+)"[^>]*TargetMode="External"', rels)
    ]
    assert targets
    assert all(re.match(r"https://(fdc\.nal\.usda\.gov|doi\.org)/", target) for target in targets)


def test_control_characters_and_overlong_text_are_made_fit_for_a_cell(report: MakeReport) -> None:
    lines = [Line(text="bell\x07 \x00\ud800", holds=MILK), Line(text="x" * 40_000), Line(text="🍎" * 20_000)]
    matches = openpyxl.load_workbook(report(analysis_of(lines)))["Entries"]
    bell, long, apples = [row["As written"].value for row in rows_below(matches, "Date")]
    assert bell == "bell "
    assert len(long) == 32_767 and long.endswith("x ... [cut]")
    assert len(apples.encode("utf-16-le")) // 2 <= 32_767 and apples.endswith("🍎 ... [cut]")


def test_hostile_person_name_neither_breaks_nor_fills_a_chart(report: MakeReport) -> None:
    name = "\x07 & <Ben> " + "x" * 5_000
    path = report(analysis_of([*two_days(name), *two_days("Anna")], {name: BEN, "Anna": ANNA}))
    for chart in parts(path, r"xl/(charts/chart|drawings/drawing)\d+.xml"):
        shown = [element.text or "" for element in ElementTree.fromstring(chart).iter() if element.tag.endswith("}t")]
        assert all(len(text) <= 90 for text in shown)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames[1] == "& <Ben> " + "x" * 22 + "…"
    assert " & <Ben> x" in workbook.worksheets[1]["B5"].value


def test_numbers_and_dates_no_sheet_can_hold_are_shown_as_text(report: MakeReport) -> None:
    analysis = analysis_of([Line(day="1815-12-10"), Line()])
    analysis.entries.loc[1, "gram_high"] = float("inf")
    old, endless = rows_below(openpyxl.load_workbook(report(analysis))["Entries"], "Date")
    assert old["Date"].value == "1815-12-10"
    assert endless["Grams, high"].value == "inf: not a number a sheet can hold"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=40))
def test_any_text_stays_text_in_a_workbook(text: str) -> None:
    written = page.safe_text(text)
    ElementTree.fromstring(f"<t>{written.replace('&', '').replace('<', '').replace(']]>', '')}</t>".encode())
    assert page.safe_text(written.replace("_x005F_", "_")) == written


# The file ------------------------------------------------------------------------------------------------------------


def test_same_analysis_gives_the_same_bytes(tmp_path: Path) -> None:
    first = to_excel(analysis_of(two_days()), tmp_path / "first.xlsx").read_bytes()
    other = to_excel(analysis_of(days_of(3)), tmp_path / "other.xlsx").read_bytes()
    again = to_excel(analysis_of(two_days()), tmp_path / "again.xlsx").read_bytes()
    assert first == again != other
    with zipfile.ZipFile(tmp_path / "first.xlsx") as workbook:
        assert {member.date_time for member in workbook.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_document_properties_take_the_date_from_the_settings(report: MakeReport) -> None:
    made = report(analysis_of(days_of(1), settings={"made": "2026-03-09T10:00:00"}))
    properties = openpyxl.load_workbook(made).properties
    assert (properties.created, properties.modified) == (dt.datetime(2026, 3, 9, 10), dt.datetime(2026, 3, 9, 10))
    assert properties.title == "Nutrient intakes and reference intakes"


@pytest.mark.parametrize(
    ("name", "words"),
    [("report.csv", "End its name in .xlsx"), ("missing/report.xlsx", "there is no folder"), ("a.xlsx", "is a folder")],
)
def test_to_excel_refuses_places_it_cannot_write_to_in_words(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(NutridiaryError, match=words):
        to_excel(analysis_of(days_of(1)), tmp_path / name)


def test_failed_write_leaves_the_older_report_and_nothing_else(
    report: MakeReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = report(analysis_of(days_of(1))).read_bytes()

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_files.tempfile, "mkstemp", no_space)
    with pytest.raises(NutridiaryError, match="No space left on device"):
        report(analysis_of(days_of(2)))
    assert [found.name for found in tmp_path.iterdir()] == ["report.xlsx"]
    assert (tmp_path / "report.xlsx").read_bytes() == before


def test_to_excel_refuses_more_rows_than_a_sheet_holds(report: MakeReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_ROWS", 60)
    with pytest.raises(NutridiaryError, match="60 rows, this diary needs more"):
        report(analysis_of(days_of(60)))


def test_more_foods_than_excel_takes_links_are_shown_without_one(
    report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_LINKS", 1)
    first, second = rows_below(openpyxl.load_workbook(report(analysis_of(days_of(2))))["Entries"], "Date")
    assert first["FDC id"].hyperlink and not second["FDC id"].hyperlink
    assert first["FDC id"].value == second["FDC id"].value


def test_tables_are_frozen_filtered_named_and_set_up_for_print(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analysis_of(two_days())))
    for sheet in workbook:
        running_text = sheet.title == "About"
        assert sheet.page_setup.orientation == ("portrait" if running_text or sheet.title == "Week" else "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
        assert not sheet.merged_cells.ranges or sheet.title in ("Summary", "References")  # where sentences run on
    for name in ("Foods", "Entries", "Problems", "References"):
        sheet = workbook[name]
        where = workbook.defined_names[f"{name.casefold()}_table"].attr_text
        assert where.replace("$", "") == f"'{name}'!{sheet.auto_filter.ref}"
        assert sheet.freeze_panes.endswith({"References": "4", "Entries": "6"}.get(name, "5"))
        assert sheet.print_title_rows
    for name in ("summary_table_1", "daily_table_1"):
        assert name in workbook.defined_names


def test_missing_program_fails_a_test_instead_of_skipping_it_where_nothing_may_be_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NUTRIDIARY_NO_SKIP", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        require_program("no-such-program")
    monkeypatch.delenv("NUTRIDIARY_NO_SKIP")
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        require_program("no-such-program")


# What another program makes of it -------------------------------------------------------------------------------------


def test_libreoffice_reads_the_same_values_and_no_formula(report: MakeReport, office: Office) -> None:
    ours = openpyxl.load_workbook(report(hostile_analysis()))
    theirs = openpyxl.load_workbook(office.convert(report(hostile_analysis()), "xlsx"))
    for name in ours.sheetnames:
        for row in ours[name].iter_rows():
            for cell in row:
                other = theirs[name].cell(cell.row, cell.column)
                assert other.data_type not in ("f", "e")
                if isinstance(cell.value, float):
                    assert other.value == pytest.approx(cell.value, rel=1e-12)
                else:
                    expected = str(cell.value or "").replace("_x005F_", "_")  # which openpyxl leaves as it stands
                    assert str(other.value or "") == expected


def test_libreoffice_computes_the_rules_of_the_days(report: MakeReport, office: Office) -> None:
    pdf = office.convert(report(analysis_of(two_days())), "pdf")
    shown = subprocess.run([require_program("pdftotext"), "-layout", pdf, "-"], capture_output=True, check=True)
    pages = shown.stdout.decode()
    first, second = (re.search(rf"(?m)^ *{day} +\d.*", pages).group() for day in ("2026-03-02", "2026-03-03"))  # type: ignore[union-attr]
    assert re.search(r"▼ 87\b.* 590\b.*▼ 389\b.*≥ 1.34\b.*▲ 2,495\b", first)
    assert re.search(r"≥ 108\b.*≥ 1,560\b.*● ≥ 1,236\b.*○ ≥ 10.8\b.*● ≥ 5.36\b", second)


def test_libreoffice_shows_no_error_on_any_sheet(report: MakeReport, office: Office) -> None:
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    path = report(analysis_of(two_days()))
    folder = office.convert(path, every_sheet)
    for name in openpyxl.load_workbook(path).sheetnames:
        text = (folder / f"report-{name}.csv").read_text(encoding="utf-8")
        assert text.strip()
        assert not re.search(r"#(REF|NAME|VALUE|DIV/0|N/A|NUM)|Err:\d", text)
