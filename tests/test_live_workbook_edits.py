"""What a dietitian does to a living workbook: other dates and people, lines added, sorted and emptied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from conftest import Office
from nutridiary.analysis import Analysis, analyze
from nutridiary.references import Person
from nutridiary.report.excel import to_excel
from nutridiary.report.excel.live.guard import OUTDATED
from reading import parts, rows_below
from test_live_workbook import is_same, moved_formula, shown, worked_out

PEOPLE = {"Anna": Person(sex="female", age_years=34), "Bruno": Person(sex="male", age_years=70)}
DIARY = """person,date,food,amount,unit
Anna,2026-03-02,oatmeal,240,g
Anna,2026-03-02,salmon,150,g
Anna,2026-03-03,milk,250,g
Anna,2026-03-04,spinach,100,g
Bruno,2026-03-02,white rice,200,g
Bruno,2026-03-03,lasagna,300,g
Bruno,2026-03-03,Magnesium,1,tablet
"""
NOT_FOLLOWED = "A change is not followed"
Change = Callable[[Any], None]


def of_diary(folder: Path, diary: str) -> Analysis:
    path = folder / "diary.csv"
    path.write_text(diary, encoding="utf-8")
    return analyze(path, people=PEOPLE)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edits")
    return to_excel(of_diary(folder, DIARY), folder / "live.xlsx", live=True)


def on_line(food: str, header: str, value: Any) -> Change:
    def change(workbook: Any) -> None:
        lines = {row["As written"].value: row for row in rows_below(workbook["Entries"], "Date")}
        lines[food][header].value = value

    return change


def means(workbook: Any, person: str) -> dict[str, Any]:
    return {row["Nutrient"].value: shown(row["Mean per day"]) for row in rows_below(workbook[person], "Nutrient")}


def assert_means_are_those_of(analysis: Analysis, workbook: Any) -> None:
    for row in analysis.comparison.to_dict("records"):
        mean = row["mean_intake"]
        expected = "no value" if mean != mean else float(mean)
        assert is_same(expected, means(workbook, row["person_id"])[row["label"]]), (row["person_id"], row["label"])


def titles(workbook: Any) -> list[str]:
    return [workbook[name]["A1"].value for name in ("Summary", "Anna", "Bruno", "Daily", "Entries")]


@pytest.mark.parametrize(
    ("header", "value", "corrected"),
    [
        ("Date", dt.date(2026, 3, 3), DIARY.replace("2026-03-04,spinach", "2026-03-03,spinach")),
        ("Person", "Bruno", DIARY.replace("Anna,2026-03-04,spinach", "Bruno,2026-03-04,spinach")),
    ],
)
def test_a_line_given_to_another_day_or_person_counts_there(
    office: Office, tmp_path: Path, path: Path, header: str, value: Any, corrected: str
) -> None:
    changed = worked_out(office, path, on_line("spinach", header, value))
    if header == "Date":  # the day it stood on is no recorded day any more
        assert_means_are_those_of(of_diary(tmp_path, corrected), changed)
        overview = {row["Person"].value: row for row in rows_below(changed["Summary"], "Person")}
        anna = of_diary(tmp_path, corrected).comparison.query("person_id == 'Anna'").set_index("nutrient")
        share = shown(overview["Anna"]["Magnesium [% of RDA or AI]"])
        assert is_same(float(anna.loc["magnesium", "percent_of_rda"]), share)
        assert overview["Anna"]["Other nutrients"].value == OUTDATED
        assert overview["Anna"]["Days"].value == OUTDATED
        assert not any(title.startswith(NOT_FOLLOWED) for title in titles(changed))
    else:  # Bruno has no such day in this workbook: that is said, and the line is not counted for Anna
        assert all(title.startswith(NOT_FOLLOWED) for title in titles(changed))
        assert is_same(means(changed, "Anna")["Magnesium"], _mean_of(of_diary(tmp_path, corrected), "Anna"))


def _mean_of(analysis: Analysis, person: str) -> float:
    rows = analysis.comparison.set_index(["person_id", "nutrient"])
    return float(rows.loc[(person, "magnesium"), "mean_intake"])


def test_a_line_whose_weight_is_words_leaves_the_verdict_open(office: Office, path: Path) -> None:
    verdicts = []
    for change in (lambda _: None, on_line("oatmeal", "Grams", "a lot")):
        workbook = worked_out(office, path, change)
        row = next(row for row in rows_below(workbook["Anna"], "Nutrient") if row["Nutrient"].value == "Magnesium")
        verdicts.append(row["Verdict"].value)
    assert verdicts == ["below the EAR", "not decidable, because values are missing"]


@pytest.mark.parametrize("where", ["below", "a new day", "the weight of a tablet"])
def test_what_no_total_follows_is_said_on_every_sheet_that_follows(office: Office, path: Path, where: str) -> None:
    def add(workbook: Any) -> None:
        lines = rows_below(workbook["Entries"], "Date")
        sheet, last = workbook["Entries"], lines[-1]["Grams"]
        for header, value in (("As written", "bread"), ("Grams", 50)):
            sheet.cell(last.row + 1, lines[-1][header].column, value)

    changes = {
        "below": add,
        "a new day": on_line("milk", "Date", dt.date(2026, 5, 1)),
        "the weight of a tablet": on_line("Magnesium", "Grams", 5),
    }
    changed = worked_out(office, path, changes[where])
    assert all(title.startswith(NOT_FOLLOWED) for title in titles(changed))
    checks = [row["Check"].value for row in rows_below(changed["Entries"], "Date")]
    assert {"below": "left out", "a new day": "in no total", "the weight of a tablet": "not followed"}[where] in checks


def test_sorting_by_the_filter_takes_along_what_the_totals_rest_on(office: Office, path: Path) -> None:
    def sort(workbook: Any) -> None:
        """Turn the lines round within the columns that the filter, and so a sort, covers."""
        sheet = workbook["Entries"]
        left, top, right, bottom = range_boundaries(sheet.auto_filter.ref)
        rows = {
            row: [sheet.cell(row, column).value for column in range(left, right + 1)]
            for row in range(top + 1, bottom + 1)
        }
        for row, values in rows.items():
            to = top + 1 + bottom - row
            for column, value in enumerate(values, left):
                sheet.cell(to, column).value = moved_formula(value, row, to)

    before, after = worked_out(office, path), worked_out(office, path, sort)
    assert after["Live"]["B2"].value is False
    for name in ("Daily", "Anna", "Bruno", "Summary"):
        for row in before[name].iter_rows():
            assert all(is_same(shown(cell), shown(after[name][cell.coordinate])) for cell in row), name


def test_no_chart_that_follows_tells_a_figure_in_words(path: Path) -> None:
    title = openpyxl.load_workbook(path)["Daily"].title
    drawn = [chart for chart in parts(path, r"xl/charts/chart\d+.xml") if f"'{title}'!" in chart]
    assert drawn
    assert all("how much on each day?" in chart and "reached on" not in chart for chart in drawn)
    assert not any("reached on" in drawing for drawing in parts(path, r"xl/drawings/drawing\d+.xml"))
