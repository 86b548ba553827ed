"""The workbook, opened again and read cell by cell; and converted by LibreOffice, and read again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from conftest import MakeReport
from hand_made import ANNA, BEN, MILK, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis, analyze
from nutridiary.comparison import VERDICTS
from nutridiary.data_files import data_file
from nutridiary.nutrients import nutrient_label, panel_nutrients
from nutridiary.report.excel import looks
from nutridiary.tables import INTAKES, WEIGHED, conform, numbered_lines
from reading import chart_points, parts, person_rows, rows_below, texts

SHEETS = [
    *("Summary", "Confidence", "To clarify", "Daily", "Week", "Days", "Sources", "Foods", "Coverage", "Ratios"),
    *("Entries", "Problems", "References", "Working", "About"),
]

# The sheets ---------------------------------------------------------------------------------------------------------


def test_to_excel_returns_path_of_workbook_with_sheets_in_order(report: MakeReport, tmp_path: Path) -> None:
    path = report(analysis_of(two_days()))
    assert path == tmp_path / "report.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == SHEETS


def test_summary_shows_every_figure_of_the_comparison_core_first(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    rows = person_rows(openpyxl.load_workbook(report(analysis))["Summary"])
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
    assert (facts["of these to review"], facts["of these nothing eaten"]) == (1, 1)


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
    gap_row = rows["Counted lines without a value for the nutrient"] + 2
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


def test_entries_shows_each_line_in_diary_order_with_a_link_and_a_mark(report: MakeReport) -> None:
    lines = [*two_days(), Line(day="2026-03-04", text="nuts", needs_review=True, note="size assumed")]
    analysis = analysis_of(lines)
    sheet = openpyxl.load_workbook(report(analysis))["Entries"]
    rows = rows_below(sheet, "Date")
    assert [row["As written"].value for row in rows] == list(analysis.entries["food_text"])
    for row, (_, entry) in zip(rows, analysis.entries.iterrows(), strict=True):
        assert (row["Source"].value, row["Line"].value) == (entry["source"], entry["line"])
        if pd.isna(entry["fdc_id"]):
            continue
        assert row["FDC id"].hyperlink.target == f"https://fdc.nal.usda.gov/food-details/{entry['fdc_id']}/nutrients"
        grams = [row[name].value for name in ("Grams", "Grams, low", "Grams, high")]
        assert grams == pytest.approx(list(entry[["gram_weight", "gram_low", "gram_high"]]))
        assert row["How it was weighed"].value == "portion of this food"
        assert (row["Data type"].value, row["Release"].value) == ("FNDDS", "FNDDS 2021-2023")
    assert [row["Check"].value for row in rows] == [None, None, None, "left out", "review"]
    assert rows[4]["Note, or why it was left out"].value == "size assumed"
    assert "5 lines, 1 to review, 1 left out" in sheet["A2"].value


def test_entries_shows_what_each_line_gave_and_leaves_blank_what_is_not_known(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    rows = rows_below(openpyxl.load_workbook(report(analysis))["Entries"], "Date")
    assert [row["Magnesium [mg]"].value for row in rows] == [27, 60, 108, None]
    assert [row["Vitamin B12 [µg]"].value for row in rows] == [1.34, None, 5.36, None]  # bread has no value
    tints = [row["Vitamin B12 [µg]"].fill.fgColor.rgb[-6:] for row in rows]
    assert tints[1] == looks.MISSING_FILL and tints[3] == looks.OPEN_TINT
    assert rows[1]["Vitamin D (D2 + D3) [µg]"].value == 0  # a true zero stays one
    assert "Vitamin B12" in rows[1]["Values not from its own record"].value


def test_total_of_a_day_leads_to_the_lines_it_is_the_sum_of(report: MakeReport) -> None:
    analysis = analysis_of([*two_days("Ben"), *two_days("Anna")], {"Anna": ANNA, "Ben": BEN})
    workbook = openpyxl.load_workbook(report(analysis))
    seen = 0
    for row in workbook["Daily"].iter_rows():
        for cell in row:
            if cell.hyperlink is None or not cell.hyperlink.location.startswith("'Entries'!"):
                continue
            lines = [line for (line,) in workbook["Entries"][cell.hyperlink.location.partition("!")[2]]]
            if isinstance(cell.value, float | int):
                assert sum(line.value or 0 for line in lines) == pytest.approx(cell.value)
                seen += 1
            elif cell.is_date:
                assert lines[0].value == cell.value
    assert seen > 20


def test_line_left_out_leads_to_its_row_on_problems(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analysis_of(two_days())))
    why = rows_below(workbook["Entries"], "Date")[3]["Note, or why it was left out"]
    assert why.value == "no amount: write one, such as 150 g"
    row = workbook["Problems"][why.hyperlink.location.partition("!")[2]][0]
    assert why.value in [cell.value for cell in workbook["Problems"][row[0].row]]


def test_matched_line_that_could_not_be_weighed_stands_in_entries_and_problems(report: MakeReport) -> None:
    analysis = analysis_of(two_days())
    entries = analysis.entries.copy()
    entries.loc[3, ["food_description", "data_type"]] = ["Rice", "survey_fndds_food"]
    entries.loc[3, "fdc_id"] = 22
    workbook = openpyxl.load_workbook(report(replace(analysis, entries=entries)))
    match = rows_below(workbook["Entries"], "Date")[3]
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


def test_several_people_get_a_page_each_and_a_person_column(report: MakeReport) -> None:
    analysis = analysis_of([*two_days("Ben"), *two_days("Anna")], {"Anna": ANNA, "Ben": BEN})
    workbook = openpyxl.load_workbook(report(analysis))
    assert workbook.sheetnames[:3] == ["Summary", "Ben", "Anna"]
    summary = texts(workbook["Summary"])
    assert summary.index("Ben") < summary.index("male, 70 years") < summary.index("Anna") < summary.index("female, 34")
    goals = [rows_below(workbook[name], "Nutrient")[0]["RDA or AI"].value for name in ("Ben", "Anna")]
    assert goals == [420, 320]  # magnesium: a man of 70, a woman of 34
    assert ["male, 70 years" in texts(workbook[name]) for name in ("Ben", "Anna")] == [True, False]
    assert [cell.value for cell in workbook["Daily"]["A"] if "Person" in str(cell.value)] == [
        "Person: Ben",
        "Person: Anna",
    ]
    for sheet, first in (("Foods", "Ben"), ("Entries", "Ben"), ("Problems", "Ben"), ("References", "Ben")):
        assert rows_below(workbook[sheet], "Person")[0]["Person"].value == first


def test_one_person_gets_no_person_column(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analysis_of(two_days("Anna"), {"Anna": ANNA})))
    assert all("Person" not in [cell.value for cell in workbook[name][4]] for name in ("Foods", "Problems"))
    assert workbook["Entries"].column_dimensions["T"].hidden
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
    assert ("The diary has no line." in texts(workbook["Entries"])) == (not lines)
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


def test_report_of_the_example_diary_accounts_for_every_line(report: MakeReport) -> None:
    analysis = analyze(data_file("diaries", "example.xlsx"))
    workbook = openpyxl.load_workbook(report(analysis))
    shown = {(row["Source"].value, row["Line"].value) for row in rows_below(workbook["Entries"], "Date")}
    entries = numbered_lines(analysis.entries)
    assert {(source, str(line)) for source, line in shown} == set(zip(entries["source"], entries["line"], strict=True))
    assert len(rows_below(workbook["Problems"], "Source")) == len(analysis.problems) > 0
