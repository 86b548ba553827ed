"""The workbook, opened again and read cell by cell; and converted by LibreOffice, and read again."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Office, require_program
from hand_made import ANNA, BEN, Line, analysis_of
from nutridiary.analysis import Analysis, analyze
from nutridiary.comparison import VERDICTS
from nutridiary.data_files import data_file
from nutridiary.errors import NutridiaryError
from nutridiary.nutrients import core_nutrients, nutrient_label, panel_nutrients
from nutridiary.references import Person
from nutridiary.report.excel import archive, page, to_excel
from nutridiary.tables import INTAKES, WEIGHED, conform

SHEETS = ["Summary", "Daily", "Foods", "Matches", "Problems", "References", "About"]
MILK = {"magnesium": 27.0, "potassium": 390.0, "calcium": 309.0, "vitamin_d": 2.7, "vitamin_b12": 1.34, "sodium": 95.0}
BREAD = {"magnesium": 60.0, "potassium": 200.0, "calcium": 80.0, "vitamin_d": 0.0, "sodium": 2400.0}
HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "=1", "=", "#REF!", "_x003D_1"]

MakeReport = Callable[[Analysis], Path]


@pytest.fixture
def report(tmp_path: Path) -> MakeReport:
    return lambda analysis: to_excel(analysis, tmp_path / "report.xlsx")


def two_days(person: str | None = None) -> list[Line]:
    return [
        Line(day="2026-03-02", text="milk", holds=MILK, person=person),
        Line(day="2026-03-02", text="toast", food="Bread", fdc_id=11, grams=60, holds=BREAD, person=person),
        Line(day="2026-03-03", text="milk, lots", grams=976, holds={k: 4 * v for k, v in MILK.items()}, person=person),
        Line(day="2026-03-03", text="??", problem="no amount: write one, such as 150 g", person=person),
    ]


def days_of(count: int) -> list[Line]:
    first = dt.date(2026, 1, 1)
    return [Line(day=(first + dt.timedelta(days=n)).isoformat(), holds=MILK) for n in range(count)]


def rows_below(sheet: Any, header: str) -> list[dict[str, Any]]:
    """Return the rows under the (first) row whose first cells hold `header`, up to an empty one."""
    rows = [list(row) for row in sheet.iter_rows()]
    start = next(n for n, row in enumerate(rows) if header in (row[0].value, row[1].value))
    names = [cell.value for cell in rows[start]]
    found = []
    for row in rows[start + 1 :]:
        if all(cell.value is None for cell in row):
            break
        found.append({name: cell for name, cell in zip(names, row, strict=True) if name is not None})
    return found


def texts(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def parts(path: Path, pattern: str) -> Iterator[str]:
    with zipfile.ZipFile(path) as workbook:
        for name in sorted(workbook.namelist()):
            if re.fullmatch(pattern, name):
                yield workbook.read(name).decode()


# The sheets ---------------------------------------------------------------------------------------------------------


def test_to_excel_returns_path_of_workbook_with_sheets_in_order(report: MakeReport, tmp_path: Path) -> None:
    path = report(analysis_of(two_days()))
    assert path == tmp_path / "report.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == SHEETS


def test_summary_shows_every_figure_of_the_comparison_core_first(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    rows = rows_below(openpyxl.load_workbook(report(analysis))["Summary"], "Nutrient")
    expected = analysis.comparison.set_index("label")
    assert [row["Nutrient"].value for row in rows] == [nutrient_label(name) for name in panel_nutrients()]
    for row in rows:
        figures = expected.loc[row["Nutrient"].value]
        kind = "rda" if pd.notna(figures["rda"]) else "ai"
        limit = "ul" if pd.notna(figures["ul"]) else "cdrr"
        mean = row["Mean per day"].value
        assert mean == pytest.approx(figures["mean_intake"]) if pd.notna(figures["mean_intake"]) else mean == "no value"
        for header, column in (
            ("RDA or AI", kind),
            ("% of RDA or AI", f"percent_of_{kind}"),
            ("EAR", "ear"),
            ("UL or CDRR", limit),
            ("% of UL or CDRR", f"percent_of_{limit}"),
            ("Coverage [%]", "coverage"),
            ("Reading", "reading"),
            ("Note", "note"),
        ):
            assert_same(row[header].value, figures[column])
        assert row["Verdict"].value == VERDICTS[figures["verdict"]]
        if pd.notna(figures[kind]):
            assert row["RDA or AI"].number_format.startswith(f'"{kind.upper()} "')


def assert_same(shown: Any, figure: Any) -> None:
    if pd.isna(figure):
        assert shown is None
    else:
        assert shown == (figure if isinstance(figure, str) else pytest.approx(figure))


def test_summary_shows_supplement_only_upper_level_with_what_it_is_held_against(report: MakeReport) -> None:
    rows = rows_below(openpyxl.load_workbook(report(analysis_of(two_days())))["Summary"], "Nutrient")
    magnesium = rows[0]
    assert magnesium["UL or CDRR"].value == 350
    assert magnesium["UL or CDRR is held against"].value == "supplements and medicines only"
    assert magnesium["% of UL or CDRR"].value is None


def test_summary_says_who_when_and_how_much_was_counted(report: MakeReport) -> None:
    lines = [*two_days(), Line(kind="note", text="cramp at night", problem="a note"), Line(needs_review=True)]
    sheet = openpyxl.load_workbook(report(analysis_of(lines)))["Summary"]
    facts = {str(row[0].value).strip(): row[1].value for row in sheet.iter_rows(min_row=4, max_row=13)}
    assert facts["Sex and age"] == "female, 34 years"
    assert facts["Life-stage group"] == "female 31-50 y"
    assert facts["Recorded days"] == "2, from 2026-03-02 to 2026-03-03"
    assert (facts["Lines counted"], facts["Lines left out"]) == (4, 2)
    assert (facts["of these to review"], facts["of these notes"]) == (1, 1)


def test_daily_shows_totals_of_days_and_leaves_unknown_ones_blank(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    rows = rows_below(openpyxl.load_workbook(report(analysis))["Daily"], "Date")
    for row in rows:
        if not isinstance(row["Date"].value, dt.datetime):
            continue
        for nutrient, unit in (("magnesium", "mg"), ("vitamin_b12", "µg"), ("zinc", "mg"), ("menaquinone_4", "µg")):
            days = analysis.days[analysis.days["nutrient"] == nutrient].set_index("date")
            shown = row[f"{nutrient_label(nutrient)} [{unit}]"]
            assert_same(shown.value, days.loc[row["Date"].value, "amount"])
    dates = [row["Date"].value for row in rows]
    assert dates[dates.index("CDRR") + 1 :] == [dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 3), "Mean, as on Summary"]


def test_daily_marks_totals_that_miss_a_line_as_at_least(report: MakeReport) -> None:
    rows = rows_below(openpyxl.load_workbook(report(analysis_of(two_days())))["Daily"], "Date")
    first, second = (row for row in rows if isinstance(row["Date"].value, dt.datetime))
    assert "≥" not in first["Magnesium [mg]"].number_format
    assert "≥" in first["Vitamin B12 [µg]"].number_format  # bread has no value
    assert "≥" in second["Magnesium [mg]"].number_format  # a line is left out
    assert (first["Lines left out"].value, second["Lines left out"].value) == (0, 1)


def test_summary_marks_means_that_miss_a_line_as_at_least(report: MakeReport) -> None:
    whole = rows_below(openpyxl.load_workbook(report(analysis_of(two_days()[:2])))["Summary"], "Nutrient")
    assert ["≥" in row["Mean per day"].number_format for row in whole[:5]] == [False, False, False, False, True]
    lacking = rows_below(openpyxl.load_workbook(report(analysis_of(two_days())))["Summary"], "Nutrient")
    assert all("≥" in row["% of RDA or AI"].number_format for row in lacking[:5])


def test_daily_rules_refer_to_the_reference_cells(report: MakeReport) -> None:
    sheet = openpyxl.load_workbook(report(analysis_of(two_days())))["Daily"]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1)}
    goal, ear, ul = rows["RDA or AI"], rows["EAR"], rows["UL held against all intake"]
    assert (sheet[f"D{goal}"].value, sheet[f"D{ear}"].value, sheet[f"D{ul}"].value) == (320, 265, None)
    assert sheet[f"F{ul}"].value == 2500
    ranges = {str(found.sqref): [rule.formula[0] for rule in found.rules] for found in sheet.conditional_formatting}
    formulas = ranges[f"D{goal + 4}:D{goal + 5}"]
    assert any(f"D{goal + 4}>=D${goal}" in formula for formula in formulas)
    below = next(formula for formula in formulas if f"D{goal + 4}<D${ear}" in formula)
    gap_row = rows["Counted lines whose food record has no value for the nutrient"] + 1
    assert f"N(D{gap_row})" in below  # below is said only of complete days
    assert f"N($C{goal + 4})" in below
    assert sheet.cell(gap_row, 8).value == 1  # vitamin B12 on the first day


def test_foods_shows_contributions_with_the_largest_share_first(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    rows = rows_below(openpyxl.load_workbook(report(analysis))["Foods"], "Food")
    given = analysis.contributions.set_index(["nutrient", "fdc_id"])
    assert [row["Food"].value for row in rows] == ["Milk, reduced fat (2%)", "Bread"]
    for row in rows:
        for nutrient, unit in (("magnesium", "mg"), ("vitamin_b12", "µg")):
            figures = given.loc[(nutrient, row["FDC id"].value)]
            assert (row["Lines"].value, row["Grams"].value) == (figures["entries"], figures["gram_weight"])
            for header, column in (
                (f"{nutrient_label(nutrient)} [{unit}]", "amount"),
                (f"Share of {nutrient_label(nutrient)} [%]", "percent_of_total"),
            ):
                expected = "no value" if pd.isna(figures[column]) else pytest.approx(figures[column])
                assert row[header].value == expected
    assert rows[1]["Vitamin B12 [µg]"].value == "no value"
    assert rows[1]["Vitamin D (D2 + D3) [µg]"].value == 0  # a true zero stays one


def test_matches_shows_each_line_in_diary_order_with_a_link_and_a_mark(report: MakeReport) -> None:
    lines = [*two_days(), Line(text="nuts", needs_review=True, note="size assumed")]
    analysis = analysis_of(lines)
    sheet = openpyxl.load_workbook(report(analysis))["Matches"]
    rows = rows_below(sheet, "Source")
    counted = analysis.entries[analysis.entries["problem"].isna()].reset_index(drop=True)
    assert [row["As written"].value for row in rows] == list(counted["food_text"])
    for row, (_, entry) in zip(rows, counted.iterrows(), strict=True):
        assert (row["Source"].value, row["Line"].value) == (entry["source"], entry["line"])
        assert row["FDC id"].hyperlink.target == f"https://fdc.nal.usda.gov/food-details/{entry['fdc_id']}/nutrients"
        grams = [row[name].value for name in ("Grams", "Grams, low", "Grams, high")]
        assert grams == pytest.approx(list(entry[["gram_weight", "gram_low", "gram_high"]]))
        assert row["How it was weighed"].value == "portion of this food"
        assert row["Data type"].value == "FNDDS"
    assert [row["Check"].value for row in rows] == [None, None, None, "review"]
    assert rows[3]["Note"].value == "size assumed"
    assert "4 lines, 1 to review" in sheet["A2"].value


def test_matched_line_that_could_not_be_weighed_stands_in_matches_and_problems(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    entries = analysis.entries.copy()
    entries.loc[3, ["food_description", "data_type"]] = ["Rice", "survey_fndds_food"]
    entries.loc[3, "fdc_id"] = 22
    workbook = openpyxl.load_workbook(report(replace(analysis, entries=entries)))
    match = rows_below(workbook["Matches"], "Source")[3]
    assert (match["Check"].value, match["FDC id"].value, match["Grams"].value) == ("left out", 22, None)
    problem = rows_below(workbook["Problems"], "Source")[0]
    assert problem["What to do"].value.startswith("Write an amount")


def test_problems_shows_every_line_left_out_with_its_reason(report: MakeReport) -> None:
    row = rows_below(openpyxl.load_workbook(report(analysis_of(two_days())))["Problems"], "Source")[0]
    assert (row["Source"].value, row["Line"].value, row["As written"].value) == ("diary.xlsx:Diary", 5, "??")
    assert row["Why it was left out"].value == "no amount: write one, such as 150 g"


def test_problems_without_any_says_so(report: MakeReport) -> None:
    sheet = openpyxl.load_workbook(report(analysis_of(days_of(1))))["Problems"]
    assert sheet["A2"].value == "None: every line of the diary was counted."


def test_references_shows_every_figure_with_its_source(report: MakeReport) -> None:
    analysis = analysis_of(days_of(1))
    rows = rows_below(openpyxl.load_workbook(report(analysis))["References"], "Nutrient")
    assert len(rows) == len(analysis.references)
    magnesium = [(row["Kind"].value, row["Amount per day"].value, row["Held against"].value) for row in rows[:3]]
    assert magnesium == [
        ("EAR", 265, "all intake"),
        ("RDA", 320, "all intake"),
        ("UL", 350, "supplements and medicines only"),
    ]
    assert {row["Source"].value for row in rows} == set(analysis.references["source"])
    assert rows[0]["Group"].value == "female, 31 to under 51 years"


def test_about_names_releases_settings_limits_and_evidence(report: MakeReport) -> None:
    about = texts(openpyxl.load_workbook(report(analysis_of(days_of(1))))["About"])
    for words in (
        "FNDDS 2021-2023",
        "public domain",
        "0.1.0",
        "diagnoses nothing",
        "kidney disease",
        "CD009402",
        "EAR",
    ):
        assert words in about


# People and amounts of data ------------------------------------------------------------------------------------------


def test_several_people_get_a_block_each_and_a_person_column(report: MakeReport) -> None:
    analysis = analysis_of([*two_days("Ben"), *two_days("Anna")], {"Anna": ANNA, "Ben": BEN})
    workbook = openpyxl.load_workbook(report(analysis))
    summary = texts(workbook["Summary"])
    assert summary.index("Ben") < summary.index("male, 70 years") < summary.index("Anna") < summary.index("female, 34")
    goals = [cell.value for cell in workbook["Summary"]["D"] if cell.value in (320, 420)]
    assert goals == [420, 320]  # magnesium RDA of a man of 70, then of a woman of 34
    assert [cell.value for cell in workbook["Daily"]["A"] if "Person" in str(cell.value)] == [
        "Person: Ben",
        "Person: Anna",
    ]
    for sheet, first in (("Foods", "Ben"), ("Matches", "Ben"), ("Problems", "Ben"), ("References", "Ben")):
        assert rows_below(workbook[sheet], "Person")[0]["Person"].value == first


def test_one_person_gets_no_person_column(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analysis_of(two_days("Anna"), {"Anna": ANNA})))
    assert all("Person" not in [cell.value for cell in workbook[name][4]] for name in ("Foods", "Matches", "Problems"))
    assert workbook["Summary"]["B4"].value == "Anna"


def test_person_without_a_line_is_still_named(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analysis_of(two_days("Anna"), {"Anna": ANNA, "Ben": BEN})))
    assert "Ben" in texts(workbook["Summary"])
    assert "No recorded day." in texts(workbook["Daily"])


def test_nobody_known_gives_intakes_without_comparison_or_chart(report: MakeReport) -> None:
    path = report(analysis_of(two_days(), {}))
    workbook = openpyxl.load_workbook(path)
    magnesium = rows_below(workbook["Summary"], "Nutrient")[0]
    assert magnesium["Mean per day"].value == pytest.approx((27 + 60 + 4 * 27) / 2)
    assert magnesium["RDA or AI"].value is None
    assert "sex and age not given" in texts(workbook["Summary"])
    assert "no sex and age were given" in texts(workbook["References"])
    assert not any("% of the RDA" in chart for chart in parts(path, r"xl/charts/chart\d+.xml"))


@pytest.mark.parametrize("lines", [[], [Line(problem="unknown food"), Line(problem="no amount", day="")]])
def test_diary_without_a_counted_line_still_gives_every_sheet(report: MakeReport, lines: list[Line]) -> None:
    analysis = analysis_of(lines) if lines else empty_analysis()
    workbook = openpyxl.load_workbook(report(analysis))
    assert workbook.sheetnames == SHEETS
    assert "No food was counted." in texts(workbook["Foods"])
    assert "No line was matched with a food." in texts(workbook["Matches"])
    assert len(rows_below(workbook["Problems"], "Source")) == 2 if lines else True
    assert all(
        row["Mean per day"].value == "no value" for row in rows_below(workbook["Summary"], "Nutrient")[:5] if lines
    )


def empty_analysis() -> Analysis:
    none = analysis_of([Line()])
    names = ("days", "day_comparison", "comparison", "contributions", "references", "releases")
    return replace(
        none,
        entries=conform(pd.DataFrame(), WEIGHED),
        intakes=conform(pd.DataFrame(), INTAKES),
        **{name: getattr(none, name).iloc[:0] for name in names},
    )


def test_line_without_a_date_is_shown_and_not_charted(report: MakeReport) -> None:
    path = report(analysis_of([*days_of(2), Line(day="", holds=MILK)]))
    rows = rows_below(openpyxl.load_workbook(path)["Daily"], "Date")
    assert [row["Date"].value for row in rows][-2] == "no date"
    assert chart_points(path, "Magnesium") == 2


@pytest.mark.parametrize("count", [1, 7, 60])
def test_each_core_nutrient_has_a_chart_over_all_days_with_axes_and_gaps(report: MakeReport, count: int) -> None:
    path = report(analysis_of(days_of(count)))
    charts = list(parts(path, r"xl/charts/chart\d+.xml"))
    assert len(charts) == 1 + len(core_nutrients())
    for nutrient in core_nutrients():
        assert chart_points(path, nutrient_label(nutrient)) == count
    for chart in charts:
        assert '<delete val="0"' in chart and '<delete val="1"' not in chart
        assert '<dispBlanksAs val="gap"' in chart  # an unknown day is a gap, not a zero
        assert '<plotVisOnly val="0"' in chart  # the line's cells are folded away
        assert "<lineChart>" in chart
    assert sum("RDA 320 mg" in chart for chart in charts) == 1


def chart_points(path: Path, title: str) -> int:
    """Return how many cells the columns of a chart are drawn from."""
    chart = next(c for c in parts(path, r"xl/charts/chart\d+.xml") if f">{title} [" in c)
    bars = chart[chart.index("<barChart>") : chart.index("</barChart>")]
    first, last = re.findall(r"<val><numRef><f>'Daily'!\$\w+\$(\d+)(?::\$\w+\$(\d+))?</f>", bars)[0]
    return int(last or first) - int(first) + 1


def test_chart_line_names_no_amount_where_the_reference_changes_within_the_diary(report: MakeReport) -> None:
    turns_51_on_the_second_day = Person(sex="female", birth_date=dt.date(1975, 1, 2))
    path = report(analysis_of(days_of(3), {"": turns_51_on_the_second_day}))
    calcium = next(chart for chart in parts(path, r"xl/charts/chart\d+.xml") if ">Calcium [" in chart)
    assert "<v>RDA</v>" in calcium
    cells = re.findall(r"<f>'Daily'!\$(\w+)\$(\d+):", calcium[calcium.index("<lineChart>") :])[-1]
    sheet = openpyxl.load_workbook(path)["Daily"]
    assert [sheet[f"{cells[0]}{int(cells[1]) + n}"].value for n in range(3)] == [1000, 1200, 1200]


def test_charts_say_in_words_what_they_show(report: MakeReport) -> None:
    drawings = "".join(parts(report(analysis_of(two_days())), r"xl/drawings/drawing\d+.xml"))
    described = re.findall(r'name="Chart \d+" descr="([^"]+)"', drawings)
    assert len(described) == 1 + len(core_nutrients())
    assert "Columns: Magnesium on 2 days, with a line at the RDA 320 mg." in described


# Text that is not to be trusted ---------------------------------------------------------------------------------------


def hostile_analysis() -> Analysis:
    lines = [
        Line(text=text, food=text, note=text, amount_text=text, source=text, person=text, fdc_id=n, holds=MILK)
        for n, text in enumerate(HOSTILE, 1)
    ]
    lines += [Line(text=text, problem=text, person=HOSTILE[0]) for text in HOSTILE]
    return analysis_of(lines, {HOSTILE[0]: ANNA}, settings={text: text for text in HOSTILE})


def test_diary_text_never_becomes_a_formula(report: MakeReport) -> None:
    path = report(hostile_analysis())
    for sheet in parts(path, r"xl/worksheets/sheet\d+.xml"):
        tree = ElementTree.fromstring(sheet)
        cells = [cell for cell in tree.iter() if cell.tag.endswith("}c")]
        assert cells
        assert not [cell for cell in cells if any(child.tag.endswith("}f") for child in cell)]
        assert {cell.get("t", "n") for cell in cells} <= {"n", "inlineStr"}
    matches = openpyxl.load_workbook(path)["Matches"]
    shown = [row["As written"].value for row in rows_below(matches, "Person")]
    assert shown[:7] == ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\n=1", "=1"]
    assert all(row["As written"].quotePrefix for row in rows_below(matches, "Person")[:8])


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
    matches = openpyxl.load_workbook(report(analysis_of(lines)))["Matches"]
    bell, long, apples = [row["As written"].value for row in rows_below(matches, "Source")]
    assert bell == "bell "
    assert len(long) == 32_767 and long.endswith("x ... [cut]")
    assert len(apples.encode("utf-16-le")) // 2 <= 32_767 and apples.endswith("🍎 ... [cut]")


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

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.ExcelWriter, "write_data", no_space)
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
    first, second = rows_below(openpyxl.load_workbook(report(analysis_of(days_of(2))))["Matches"], "Source")
    assert first["FDC id"].hyperlink and not second["FDC id"].hyperlink
    assert first["FDC id"].value == second["FDC id"].value


def test_tables_are_frozen_filtered_named_and_set_up_for_print(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analysis_of(two_days())))
    for sheet in workbook:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
        assert not sheet.merged_cells.ranges
    for name in ("Foods", "Matches", "Problems", "References"):
        sheet = workbook[name]
        where = workbook.defined_names[f"{name.casefold()}_table"].attr_text
        assert where.replace("$", "") == f"'{name}'!{sheet.auto_filter.ref}"
        assert sheet.freeze_panes.endswith("5" if name != "References" else "4")
        assert sheet.print_title_rows
    for name in ("summary_table_1", "daily_table_1"):
        assert name in workbook.defined_names


def test_report_of_the_example_diary_accounts_for_every_line(report: MakeReport) -> None:
    analysis = analyze(data_file("diaries", "example.xlsx"))
    workbook = openpyxl.load_workbook(report(analysis))
    shown = {
        (row["Source"].value, row["Line"].value)
        for name in ("Matches", "Problems")
        for row in rows_below(workbook[name], "Source")
    }
    assert shown == set(zip(analysis.entries["source"], analysis.entries["line"], strict=True))
    assert len(rows_below(workbook["Problems"], "Source")) == len(analysis.problems) > 0


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
    for name in SHEETS:
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
    folder = office.convert(report(analysis_of(two_days())), every_sheet)
    for name in SHEETS:
        text = (folder / f"report-{name}.csv").read_text(encoding="utf-8")
        assert text.strip()
        assert not re.search(r"#(REF|NAME|VALUE|DIV/0|N/A|NUM)|Err:\d", text)
