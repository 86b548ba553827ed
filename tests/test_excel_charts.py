"""The charts of the workbook, and the sheets Week, Sources and Coverage: what they show and which cells they show."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries

from conftest import MakeReport, Office
from hand_made import ANNA, BREAD, MILK, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis
from nutridiary.comparison import compare_days
from nutridiary.report.excel.distribution import LEAST_DAYS, five_figures
from nutridiary.report.excel.sources import MOST_FOODS, MOST_GROUPS, OTHERS
from nutridiary.report.excel.summary import MOST_CHARTED_PEOPLE
from nutridiary.report.excel.week import MOST_WEEKS
from nutridiary.symptoms import symptom_comparison, symptom_days
from nutridiary.tables import GROUP_CONTRIBUTIONS, SYMPTOMS, conform
from reading import parts
from reading import rows_below as rows_as_written

NAMESPACES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}


def rows_below(sheet: Any, header: str, *, after: str | None = None) -> list[dict[str, Any]]:
    """Return the rows under a header, by header in one line."""
    found = rows_as_written(sheet, header, after=after)
    return [{str(name).replace("\n", " "): cell for name, cell in row.items()} for row in found]


class Chart:
    """A chart of a written workbook."""

    def __init__(self, path: Path, xml: str, book: Any) -> None:
        self.xml, self.tree, self.book = xml, ElementTree.fromstring(xml), book

    @property
    def title(self) -> str:
        return "".join(t.text or "" for t in self.tree.findall("c:chart/c:title//a:t", NAMESPACES))

    @property
    def names(self) -> list[str]:
        return [name.text or "" for name in self.tree.findall(".//c:ser/c:tx/c:v", NAMESPACES)]

    @property
    def sheet(self) -> str:
        return self.references("val")[0].partition("!")[0].strip("'")

    def references(self, what: str) -> list[str]:
        return [f.text or "" for f in self.tree.findall(f".//c:ser/c:{what}//c:f", NAMESPACES)]

    def cells(self, reference: str) -> list[Any]:
        sheet, _, area = reference.partition("!")
        first_column, first_row, last_column, last_row = range_boundaries(area.replace("$", ""))
        rows = self.book[sheet.strip("'")].iter_rows(first_row, last_row, first_column, last_column)
        return [cell.value for row in rows for cell in row]

    def series(self, name: str) -> list[Any]:
        for series in self.tree.findall(".//c:ser", NAMESPACES):
            if (series.findtext("c:tx/c:v", "", NAMESPACES)) == name:
                return self.cells(series.findtext("c:val//c:f", "", NAMESPACES))
        raise AssertionError(f"{name} is not in {self.names}")


def charts_of(path: Path, sheet: str) -> list[Chart]:
    book = openpyxl.load_workbook(path)
    found = [Chart(path, xml, book) for xml in parts(path, r"xl/charts/chart\d+.xml")]
    return [chart for chart in found if chart.sheet == sheet]


def chart_of(path: Path, sheet: str, title: str) -> Chart:
    [found] = [chart for chart in charts_of(path, sheet) if chart.title.startswith(title)]
    return found


def alt_texts(path: Path) -> list[str]:
    drawings = [ElementTree.fromstring(xml) for xml in parts(path, r"xl/drawings/drawing\d+.xml")]
    found = [element for drawing in drawings for element in drawing.iter() if element.tag.endswith("}cNvPr")]
    return [element.get("descr", "") for element in found if element.get("name", "").startswith("Chart ")]


def with_bounds(analysis: Analysis, *, low: float, high: float) -> Analysis:
    """Return the analysis with days that can have held from `low` to `high` times what is known."""
    days = analysis.days.assign(low=analysis.days["amount"] * low, high=analysis.days["amount"] * high)
    return replace(analysis, days=days, day_comparison=compare_days(days, analysis.people))


# Every chart ----------------------------------------------------------------------------------------------------------


def groups(**shares: Sequence[float]) -> pd.DataFrame:
    """Return what food groups gave of magnesium and of calcium. [%]"""
    rows = [
        {"nutrient": nutrient, "food_group": name, "foods": 1, "entries": 2, "gram_weight": 100.0, "amount": share,
         "unit": "mg", "percent_of_total": share}
        for name, both in shares.items()
        for nutrient, share in zip(("magnesium", "calcium"), both, strict=True)
    ]  # fmt: skip
    return conform(pd.DataFrame(rows), GROUP_CONTRIBUTIONS)


def felt(*days: tuple[int, str, float | None]) -> pd.DataFrame:
    """Return notes of symptoms in January 2026: day, symptom and severity."""
    rows = [
        {"source": "diary.csv", "line": n, "date": dt.datetime(2026, 1, day), "symptom": what, "severity": severity}
        for n, (day, what, severity) in enumerate(days, 2)
    ]
    return conform(pd.DataFrame(rows), SYMPTOMS)


def with_symptoms(analysis: Analysis, symptoms: pd.DataFrame) -> Analysis:
    noted = symptom_days(symptoms, analysis.days)
    compared = symptom_comparison(noted, analysis.days, analysis.entries)
    return replace(analysis, symptoms=symptoms, symptom_days=noted, symptom_comparison=compared)


def full_analysis() -> Analysis:
    bounded = with_bounds(analysis_of(days_of(9)), low=0.8, high=1.5)
    noted = with_symptoms(bounded, felt((2, "cramp", 4.0), (5, "cramp", None), (8, "cramp", 7.0)))
    return replace(noted, group_contributions=groups(milk=(60.0, 90.0), bread=(40.0, 10.0)))


def test_every_chart_shows_its_axes_gaps_and_hidden_cells_and_lays_nothing_over_itself(report: MakeReport) -> None:
    path = report(full_analysis())
    charts = list(parts(path, r"xl/charts/chart\d+.xml"))
    assert len(charts) == len(alt_texts(path)) > 12
    for chart in charts:
        tree = ElementTree.fromstring(chart)
        values = tree.findall(".//c:valAx", NAMESPACES)
        assert not tree.findall(".//c:valAx/c:delete[@val='1']", NAMESPACES)
        assert len(tree.findall(".//c:valAx/c:delete", NAMESPACES)) == len(values)
        first_categories = tree.find(".//c:catAx/c:delete", NAMESPACES)
        assert first_categories is not None and first_categories.get("val") == "0"
        assert any("".join(axis.itertext()).strip() for axis in values)  # a title with its unit
        assert '<dispBlanksAs val="gap"' in chart and '<plotVisOnly val="0"' in chart
        assert not tree.findall(".//c:overlay[@val='1']", NAMESPACES)
        assert all("sourceLinked" in found for found in re.findall(r"<dLbls><numFmt[^>]*>", chart))


def test_libreoffice_keeps_every_chart_with_its_series_and_whiskers(report: MakeReport, office: Office) -> None:
    path = report(full_analysis())
    written = list(parts(path, r"xl/charts/chart\d+.xml"))
    kept = list(parts(office.convert(path, "xlsx"), r"xl/charts/chart\d+.xml"))

    def count(charts: list[str], what: str) -> int:
        return sum(len(re.findall(rf"<(?:c:)?{what}[ >]", chart)) for chart in charts)

    assert len(kept) == len(written)
    assert count(kept, "ser") == count(written, "ser") > 40
    assert count(kept, "plus") == count(written, "plus") > 0


# Daily ----------------------------------------------------------------------------------------------------------------


def test_daily_chart_says_on_how_many_days_the_goal_was_reached(report: MakeReport) -> None:
    lines = [
        Line(day=f"2026-03-0{day}", holds={"magnesium": amount}) for day, amount in ((2, 330.0), (3, 320.0), (4, 319.0))
    ]
    path = report(analysis_of(lines))
    chart = chart_of(path, "Daily", "Magnesium: ")
    assert chart.title == "Magnesium: RDA reached on 2 of 3 days"
    assert chart.names == ["Intake of the day", "RDA 320 mg", "EAR 265 mg"]
    assert chart.series("Intake of the day") == [330, 320, 319]
    assert chart.series("RDA 320 mg") == [320] * 3 and chart.series("EAR 265 mg") == [265] * 3


def test_daily_chart_draws_whiskers_from_at_least_to_at_most(report: MakeReport) -> None:
    path = report(with_bounds(analysis_of(days_of(3)), low=0.5, high=2.0))
    chart = chart_of(path, "Daily", "Calcium: ")
    above, below = (chart.cells(chart.references(f"errBars/c:{end}")[0]) for end in ("plus", "minus"))
    assert above == pytest.approx([309.0] * 3) and below == pytest.approx([154.5] * 3)
    assert "Whiskers: from at least to at most." in chart.title
    [highest] = re.findall(r'<valAx>.*<max val="([0-9.]+)"', chart.xml)
    assert float(highest) >= 1000  # the RDA, and the whiskers up to 618


def test_day_without_an_upper_bound_has_no_whisker_upwards_and_is_counted(report: MakeReport) -> None:
    path = report(analysis_of(two_days()))  # a line of the second day is left out, and nothing bounds it
    [said] = [text for text in alt_texts(path) if text.startswith("Calcium: ")]
    assert "On 1 of 2 days nothing says how much more it can be." in said


def test_many_days_are_drawn_without_whiskers_and_it_says_so(report: MakeReport) -> None:
    path = report(with_bounds(analysis_of(days_of(63)), low=0.5, high=2.0))
    assert not [chart for chart in charts_of(path, "Daily") if "<errBars>" in chart.xml]
    assert sum("Too many days for whiskers" in text for text in alt_texts(path)) == 5


@pytest.mark.parametrize(("calcium", "drawn"), [(2400.0, True), (900.0, False)])
def test_upper_level_far_above_the_days_is_named_instead_of_drawn(
    report: MakeReport, calcium: float, drawn: bool
) -> None:
    path = report(analysis_of([Line(holds={"calcium": calcium})]))
    chart = chart_of(path, "Daily", "Calcium: ")
    assert ("UL 2,500 mg" in chart.names) is drawn
    assert ("UL 2,500 mg: above this drawing." in chart.title) is not drawn


def test_upper_level_of_supplements_is_never_drawn_over_food(report: MakeReport) -> None:
    path = report(analysis_of([Line(holds={"magnesium": 340.0})]))  # the UL of 350 mg is for supplements
    chart = chart_of(path, "Daily", "Magnesium: ")
    assert chart.names == ["Intake of the day", "RDA 320 mg", "EAR 265 mg"] and "UL" not in chart.title


# Summary --------------------------------------------------------------------------------------------------------------


def test_chart_of_the_means_reaches_from_at_least_to_at_most_in_percent(report: MakeReport) -> None:
    analysis = analysis_of(days_of(2))
    comparison = analysis.comparison.assign(high=analysis.comparison["mean_intake"] * 2)
    path = report(replace(analysis, comparison=comparison))
    chart = chart_of(path, "Summary", "How much of the RDA or AI do the means reach?")
    above = chart.cells(chart.references("errBars/c:plus")[0])
    assert above[0] == pytest.approx(100 * 27 / 320) and above[2] == pytest.approx(100 * 309 / 1000)
    assert chart.series("EAR")[:3] == [pytest.approx(100 * 265 / 320), None, pytest.approx(80.0)]


# Sources --------------------------------------------------------------------------------------------------------------


def test_parts_of_the_food_groups_chart_add_up_to_all_of_a_nutrient(report: MakeReport) -> None:
    named = {f"group {n}": (10.0 - n / 2, 4.0 + n) for n in range(12)}
    magnesium, calcium = (sum(both[place] for both in named.values()) for place in (0, 1))
    shares = {name: (100 * m / magnesium, 100 * c / calcium) for name, (m, c) in named.items()}
    analysis = analysis_of(days_of(1), nutrients=["magnesium", "calcium"])
    chart = chart_of(report(replace(analysis, group_contributions=groups(**shares))), "Sources", "Which groups")
    assert len(chart.names) == MOST_GROUPS + 1 and chart.names[-1] == OTHERS
    for place in (0, 1):
        assert sum(chart.series(name)[place] for name in chart.names) == pytest.approx(100)


def test_one_food_group_alone_is_drawn_and_named(report: MakeReport) -> None:
    path = report(replace(analysis_of(days_of(1)), group_contributions=groups(milk=(100.0, 100.0))))
    assert chart_of(path, "Sources", "Which groups").names == ["milk"]


def test_sources_lists_the_foods_that_gave_most_with_a_bar_each(report: MakeReport) -> None:
    lines = [Line(food=f"Food {n}", fdc_id=n, holds={"magnesium": float(n)}) for n in range(1, 13)]
    path = report(analysis_of(lines, nutrients=["magnesium"]))
    rows = rows_below(openpyxl.load_workbook(path)["Sources"], "Food")
    assert [row["Food"].value for row in rows] == [f"Food {n}" for n in range(12, 12 - MOST_FOODS, -1)]
    assert rows[0]["Share [%]"].value == pytest.approx(100 * 12 / 78)
    chart = chart_of(path, "Sources", "Magnesium: most came from Food 12")
    assert chart.cells(chart.references("cat")[0]) == [f"Food {n}" for n in range(12, 12 - MOST_FOODS, -1)]
    assert chart.cells(chart.references("val")[0])[0] == pytest.approx(100 * 12 / 78)


def test_food_named_like_a_formula_stays_text_in_sources_and_its_chart(report: MakeReport) -> None:
    path = report(analysis_of([Line(food='=HYPERLINK("http://x")<b>', fdc_id=7, holds={"magnesium": 5.0})]))
    sheet = openpyxl.load_workbook(path)["Sources"]
    named = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")]
    assert len(named) == 2 and all(cell.data_type != "f" and cell.quotePrefix for cell in named)
    assert any('=HYPERLINK("http://x")<b>' in text for text in alt_texts(path))


def test_group_without_any_known_value_is_not_shown_as_zero(report: MakeReport) -> None:
    rows = groups(milk=(100.0, 100.0), herbs=(0.0, 5.0))
    rows.loc[(rows["food_group"] == "herbs") & (rows["nutrient"] == "magnesium"), ["amount", "percent_of_total"]] = None
    path = report(replace(analysis_of(days_of(1)), group_contributions=rows))
    by_name = {
        row["Food group"].value: row for row in rows_below(openpyxl.load_workbook(path)["Sources"], "Food group")
    }
    assert by_name["herbs"]["Magnesium"].value == "no value"
    assert by_name["herbs"]["Calcium"].value == 5.0


# Week -----------------------------------------------------------------------------------------------------------------


def test_week_shows_each_day_in_percent_of_the_goal_under_its_weekday(report: MakeReport) -> None:
    path = report(analysis_of(two_days()))  # 2 and 3 March 2026: Monday and Tuesday
    rows = {row["Week"].value: row for row in week_rows(path)}
    magnesium = rows["Magnesium"]
    assert magnesium["100 % is"].value == "RDA 320 mg"
    assert magnesium["Mon 2 Mar"].value == pytest.approx(100 * 87 / 320)
    assert magnesium["Mon 2 Mar"].number_format == '"▼ "#,##0" %"'
    assert magnesium["Tue 3 Mar"].number_format == '"≥ "#,##0" %"'  # a line of it is left out
    assert rows["Calcium"]["Tue 3 Mar"].number_format == '"● ≥ "#,##0" %"'
    assert rows["Calcium"]["Days that reach it"].value == "1 of 2"
    assert rows["Sodium"]["Mon 2 Mar"].number_format == '"▲ "#,##0" %"'


def test_day_that_is_not_recorded_is_empty_and_said_so(report: MakeReport) -> None:
    rows = week_rows(report(analysis_of(two_days())))
    headers = list(rows[0])
    assert headers[4:9] == [
        f"{day}\nnot recorded" for day in ("Wed 4 Mar", "Thu 5 Mar", "Fri 6 Mar", "Sat 7 Mar", "Sun 8 Mar")
    ]
    assert all(row[header].value is None for row in rows for header in headers[4:9])
    assert {row["Week"].value: row for row in rows}["Zinc"]["Mon 2 Mar"].value == "no value"  # recorded, and not known


def test_week_shows_amounts_where_nobody_says_whose_they_are(report: MakeReport) -> None:
    rows = {row["Week"].value: row for row in week_rows(report(analysis_of(two_days(), {})))}
    assert rows["Magnesium [mg]"]["Mon 2 Mar"].value == 87
    assert rows["Magnesium [mg]"]["100 % is"].value == "none set"
    assert rows["Magnesium [mg]"]["Days that reach it"].value is None


def test_many_weeks_are_a_row_each_for_the_core_nutrients(report: MakeReport) -> None:
    days = [line for line in days_of(7 * (MOST_WEEKS + 4)) if not "2026-01-12" <= line.day <= "2026-01-25"]
    sheet = openpyxl.load_workbook(report(analysis_of(days)))["Week"]
    shown = [row for row in sheet.iter_rows(values_only=True) if row[0] is not None]
    said = [str(row[0]) for row in shown]
    assert next(text for text in said if "100 % is" in text) == "Magnesium [mg], 100 % is RDA 320 mg"
    assert sum("100 % is" in text for text in said) == 5
    assert said.count("Nothing recorded from 2026-01-12 to 2026-01-25.") == 5
    first = next(row for row in shown if row[0] == dt.datetime(2025, 12, 29))
    assert first[1] == 4 and first[2:5] == (None,) * 3  # the diary begins on a Thursday
    assert first[5] == pytest.approx(100 * 27 / 320)


def week_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of the first week, by header."""
    rows = list(openpyxl.load_workbook(path)["Week"].iter_rows())
    start = next(n for n, row in enumerate(rows) if row[1].value == "100 % is")
    names = ["Week", *(str(cell.value) for cell in rows[start][1:10])]
    end = next((n for n, row in enumerate(rows[start:], start) if row[0].value is None), len(rows))
    return [dict(zip(names, row, strict=False)) for row in rows[start + 1 : end]]


# Coverage -------------------------------------------------------------------------------------------------------------


def test_coverage_accounts_for_every_line_of_a_figure(report: MakeReport) -> None:
    path = report(analysis_of([*two_days(), Line(day="2026-03-03", text="soup", fdc_id=12, holds=BREAD)]))
    rows = {row["Nutrient"].value: row for row in rows_below(openpyxl.load_workbook(path)["Coverage"], "Nutrient")}
    for row in rows.values():
        known = [row[name].value for name in ("By own record", "Lent by a twin record", "Without a value")]
        assert sum(known) == row["Lines counted"].value == 4
        assert row["Left out, not counted"].value == 1
    assert rows["Vitamin B12"]["Without a value"].value == 2  # the record of bread has none
    chart = chart_of(path, "Coverage", "How many lines")
    assert chart.series("Without a value")[4] == 2


def test_days_of_the_coverage_sheet_add_up_to_the_days_recorded(report: MakeReport) -> None:
    amounts = (100.0, 270.0, 300.0, 320.0, 500.0)
    lines = [Line(day=f"2026-03-0{n}", holds={"magnesium": amount}) for n, amount in enumerate(amounts, 2)]
    path = report(analysis_of(lines, nutrients=["magnesium"]))
    chart = chart_of(path, "Coverage", "On how many days was the RDA or AI reached?")
    counted = {name: chart.series(name) for name in chart.names}
    assert counted == {"Below the EAR": [1], "Between EAR and RDA": [2], "At or above the RDA or AI": [2]}
    sheet = openpyxl.load_workbook(path)["Coverage"]
    row = rows_below(sheet, "Nutrient", after="How the recorded days are distributed")[0]
    assert [row[name].value for name in ("Days", "Lowest day", "Half of the days below", "Highest day")] == [
        5,
        100,
        300,
        500,
    ]
    assert row["A quarter of the days below"].value == 270 and row["Three quarters below"].value == 320


def test_bands_of_days_end_at_the_quarters(report: MakeReport) -> None:
    amounts = (160.0, 320.0, 480.0, 640.0, 800.0)
    lines = [Line(day=f"2026-03-0{n}", holds={"magnesium": amount}) for n, amount in enumerate(amounts, 2)]
    chart = chart_of(report(analysis_of(lines, nutrients=["magnesium"])), "Coverage", "How far apart")
    bands = [chart.cells(reference)[0] for reference in chart.references("val")[:5]]
    assert np.cumsum(bands) == pytest.approx([50, 100, 150, 200, 250])


def test_few_days_have_no_quarters_and_it_says_so(report: MakeReport) -> None:
    path = report(analysis_of(days_of(LEAST_DAYS - 1)))
    assert not [chart for chart in charts_of(path, "Coverage") if chart.title.startswith("How far apart")]
    sheet = openpyxl.load_workbook(path)["Coverage"]
    assert any("Quarters are told from 4 days on." in str(row[0]) for row in sheet.iter_rows(values_only=True))


@given(st.lists(st.floats(0, 1e6), min_size=LEAST_DAYS, max_size=40))
def test_five_figures_are_those_of_numpy_and_in_order(values: list[float]) -> None:
    found = five_figures(values)
    assert found == pytest.approx(np.percentile(values, [0, 25, 50, 75, 100]))
    assert found[0] == min(values) and found[4] == max(values)


# Symptoms -------------------------------------------------------------------------------------------------------------


def test_timeline_marks_the_days_a_symptom_was_felt_at_their_severity(report: MakeReport) -> None:
    noted = felt((2, "cramp", 4.0), (5, "cramp", None), (6, "cramp", 7.0))
    path = report(with_symptoms(analysis_of(days_of(7)), noted))
    chart = chart_of(path, "Symptoms", "Magnesium of each day, and days with cramp")
    assert chart.series("Magnesium of the day") == [27] * 7
    assert chart.series("cramp felt, severity of 10") == [None, 4, None, None, None, 7, None]
    assert [mark is not None for mark in chart.series("cramp felt, severity not noted")] == [n == 4 for n in range(7)]
    [said] = [text for text in alt_texts(path) if text.startswith("Columns: Magnesium on 7 days. Marks")]
    assert said.endswith("2026-01-02 (severity 4), 2026-01-05, 2026-01-06 (severity 7).")
    assert "Association only." in chart.title


def test_timeline_without_severities_has_marks_of_one_height(report: MakeReport) -> None:
    path = report(with_symptoms(analysis_of(days_of(4)), felt((2, "cramp", None), (4, "cramp", None))))
    chart = chart_of(path, "Symptoms", "Potassium of each day, and days with cramp")
    heights = chart.series("cramp felt")
    assert [height is not None for height in heights] == [False, True, False, True] and len(set(heights)) == 2


# Many people ----------------------------------------------------------------------------------------------------------


def test_charts_are_drawn_for_the_first_people_and_tables_for_all(report: MakeReport) -> None:
    names = [f"P{n:02d}" for n in range(MOST_CHARTED_PEOPLE + 2)]
    lines = [Line(person=name, holds=MILK) for name in names]
    path = report(analysis_of(lines, dict.fromkeys(names, ANNA), nutrients=["magnesium"]))
    assert len(charts_of(path, "Sources")) == MOST_CHARTED_PEOPLE
    book = openpyxl.load_workbook(path)
    for sheet in ("Sources", "Coverage", "Week"):
        texts = {cell.value for row in book[sheet].iter_rows(max_col=1) for cell in row}
        assert {f"Person: {name}" for name in names} <= texts
        assert ("Charts are drawn for the first 20 people." in texts) is (sheet != "Week")
