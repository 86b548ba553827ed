"""Every figure a reader sees is one of the analysis' own: on the page, in the JSON and in the workbook."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from figure_sources import OUTSIDE, Indexes, of_person, place_of, plain, split
from html_pages import PageParts, Shown
from nutridiary.analysis import Analysis
from nutridiary.nutrients import format_amount, load_nutrients
from nutridiary.report.charts import days
from nutridiary.report.data import json_bytes
from nutridiary.report.excel import to_excel
from nutridiary.report.html import page

KINDS = ("cramps", "example", "three", "problems", "nobody", "efsa")
# Names that hold a digit; a page may write them wherever it speaks of the nutrient.
NAMES = sorted({*load_nutrients()["label"], "Vitamin B12", "vitamin B12", "Vitamin B6", "vitamin B6"}, key=len)[::-1]


class Case:
    """An analysis with its page taken apart, its JSON and its workbook."""

    def __init__(self, analysis: Analysis, folder: Path, kind: str) -> None:
        self.analysis, self.kind = analysis, kind
        self.parts = PageParts.of(page(analysis))
        self.tables: Mapping[str, Mapping[str, list[Any]]] = json.loads(json_bytes(analysis))["tables"]
        self._path = folder / f"{kind}.xlsx"

    @cached_property
    def workbook(self) -> Any:
        """The workbook, written and opened again where a test asks for it."""
        return openpyxl.load_workbook(to_excel(self.analysis, self._path), data_only=True)

    @cached_property
    def cells(self) -> tuple[set[str], str]:
        """Every number of the workbook, to nine digits, and every text."""
        values = [cell for sheet in self.workbook for row in sheet.iter_rows(values_only=True) for cell in row]
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        # A percentage is a share of one in some columns, and in others a number of hundredths.
        found = {nine_digits(value * factor) for value in numbers for factor in (1, 100)}
        return found, "\n".join(plain(value) for value in values if isinstance(value, str))


def nine_digits(value: float) -> str:
    return f"{value:.9g}"


@pytest.fixture(scope="module")
def cases(analyses: dict[str, Analysis], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    folder = tmp_path_factory.mktemp("agrees")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nutridiary.report.html.pictures.can_draw", lambda: False)  # charts are pictures, without text
        return {kind: Case(analysis, folder, kind) for kind, analysis in analyses.items()}


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, cases: dict[str, Case]) -> Case:
    return cases[request.param]


def test_every_figure_of_the_page_is_the_value_of_the_table_it_names(case: Case) -> None:
    indexes: Indexes = {}
    figures = [shown for shown in case.parts.shown if shown.tag == "data"]
    assert len(figures) > 40
    for shown in figures:
        source = split(shown.data_of)[0]
        if source in OUTSIDE:
            assert float(shown.value) == OUTSIDE[source](case.analysis, shown.data_of), shown
            continue
        table, row, column = place_of(case.analysis, shown.data_of, indexes)
        value = getattr(case.analysis, table)[column].iloc[row]
        assert float(shown.value) == float(value), shown
        in_json = case.tables[table][column][row]
        assert float(shown.value) == float(in_json), shown


def test_every_figure_is_shown_rounded_and_no_other(case: Case) -> None:
    for shown in case.parts.shown:
        if shown.tag != "data" or shown.data_of.endswith("/confidence"):
            continue  # a confidence is given as a share of people, "80-92 of 100": test_printed_figures has those words
        written = re.match(r"-?[\d,]+(\.\d+)?", shown.text)
        if written is None:
            assert plain(shown.text) in ("just under 100 %", "just over 100 %"), shown
            continue
        decimals = len(written[1] or ".") - 1
        assert math.isclose(
            float(written[0].replace(",", "")), float(shown.value), abs_tol=0.5000001 * 10**-decimals
        ), shown


def test_every_text_of_the_page_stands_so_in_the_table_it_names(case: Case) -> None:
    indexes: Indexes = {}
    for shown in case.parts.shown:
        if shown.tag != "bdi":
            continue
        source = split(shown.data_of)[0]
        if source in OUTSIDE:
            text = str(OUTSIDE[source](case.analysis, shown.data_of))
        else:
            table, row, column = place_of(case.analysis, shown.data_of, indexes)
            text = str(getattr(case.analysis, table)[column].iloc[row])
        assert plain(shown.text) == text, shown


def test_every_date_of_the_page_is_a_day_of_the_diary(case: Case) -> None:
    days = set(case.analysis.days["date"].dropna().dt.strftime("%Y-%m-%d"))
    shown = [found for found in case.parts.shown if found.tag == "time"]
    assert {found.value for found in shown} <= days
    for found in shown:
        day = date.fromisoformat(found.value)
        assert f"{day.day} {day:%B}"[: len(str(day.day)) + 4] in plain(found.text)


def test_no_digit_stands_outside_of_figures_dates_names_and_texts(case: Case) -> None:
    rest = plain("".join(case.parts.rest))
    lock = case.analysis.lock
    assert lock is not None
    assert plain(lock.text) in rest  # whole, and therefore as the analysis has it
    rest = rest.replace(plain(lock.text), "")
    for name in NAMES:
        rest = rest.replace(name, "")
    assert re.findall(r".{0,30}\d.{0,30}", rest) == []


def test_no_digit_stands_in_what_is_only_heard(case: Case) -> None:
    """Names of parts, tables and columns are read aloud; the charts, whose words have figures, have their own test."""
    for tag, attributes in case.parts.tags:
        for name in ("aria-label", "title", "alt", "data-label"):
            said = str(attributes.get(name) or "")
            for known in NAMES:
                said = said.replace(known, "")
            assert not re.search(r"\d", said), (tag, name, said)


def test_bars_are_as_long_as_the_mean_is_of_what_is_aimed_at(cases: dict[str, Case]) -> None:
    html = page(cases["example"].analysis)
    rows = cases["example"].analysis.comparison.set_index("nutrient")
    seen = 0
    for card in html.split('<ul class="plain">')[1].split("</ul>")[0].split("<li>")[1:]:
        drawn = re.search(r'<rect class="mean" width="([\d.]+)%"', card)
        if drawn is None:
            continue
        row = rows.loc[card.split("comparison//")[1].split("/")[0]]
        goal = row["rda"] if row["rda"] == row["rda"] else row["ai"]
        assert float(drawn[1]) == pytest.approx(min(100.0, 50 * row["mean_intake"] / goal), abs=0.01)  # 200 % is all
        mark = re.search(r'<rect class="goal" x="([\d.]+)%"', card)
        assert mark is not None
        assert float(mark[1]) == 50
        seen += 1
    assert seen == 5


@pytest.mark.parametrize("kind", ["cramps", "three"])
def test_charts_say_and_draw_what_the_tables_hold(
    cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.setattr("nutridiary.report.html.pictures.can_draw", lambda: True)
    analysis = cases[kind].analysis
    heard = [a["aria-label"] for tag, a in PageParts.of(page(analysis)).tags if a.get("role") == "img"]
    columns = ["date", "amount", "low", "high", "ear", "rda", "ai", "ul", "cdrr"]
    for person in dict.fromkeys(analysis.entries["person_id"].fillna("")):
        own, means = of_person(analysis.day_comparison, person), of_person(analysis.comparison, person)
        for nutrient in ("magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"):
            chart = days(analysis, nutrient, person or None)
            rows = own[(own["nutrient"] == nutrient) & own["date"].notna()].sort_values("date", ignore_index=True)
            pd.testing.assert_frame_equal(chart.table[columns], rows[columns])
            mean = means.set_index("nutrient").loc[nutrient, "mean_intake"]
            assert f"{format_amount(mean, nutrient)} as the mean of these days" in chart.alt_text
            assert chart.alt_text in heard


def test_core_means_and_shares_of_the_page_are_all_there(cases: dict[str, Case]) -> None:
    addresses = {shown.data_of for shown in cases["cramps"].parts.shown}
    for nutrient in ("magnesium", "potassium", "calcium", "vitamin_d", "vitamin_b12"):
        assert f"comparison//{nutrient}/mean_intake" in addresses
        assert f"comparison//{nutrient}/reading" in addresses
    assert "comparison//magnesium/percent_of_rda" in addresses


@pytest.mark.parametrize("kind", ["cramps", "three", "efsa"])
def test_every_figure_of_the_page_stands_in_the_workbook(cases: dict[str, Case], kind: str) -> None:
    numbers, texts = cases[kind].cells
    seen = 0
    for shown in cases[kind].parts.shown:
        if shown.tag != "data" or split(shown.data_of)[0] in OUTSIDE:
            continue
        written = re.search(r"\d[\d,.]*", shown.text)
        is_said = written is not None and written[0] in texts
        assert nine_digits(float(shown.value)) in numbers or is_said, shown
        seen += 1
    assert seen > 100


def shown_of(case: Case, table: str, *columns: str) -> Iterator[tuple[list[str], str, Shown]]:
    for shown in case.parts.shown:
        if shown.tag != "data":
            continue
        found, *key, column = split(shown.data_of)
        if found == table and column in columns:
            yield key, column, shown


def rows_of_sheet(sheet: Any, first_header: str) -> list[dict[str, Any]]:
    """Return the rows below each line of headers that holds `first_header`, by header."""
    found, headers = [], None
    for cells in sheet.iter_rows(values_only=True):
        if first_header in cells:
            headers = cells
        elif headers is not None:
            found.append({name: value for name, value in zip(headers, cells, strict=True) if name is not None})
    return found


@pytest.mark.parametrize("kind", ["cramps", "example", "three"])
def test_means_and_percentages_are_those_of_the_workbook(cases: dict[str, Case], kind: str) -> None:
    case = cases[kind]
    labels = load_nutrients()["label"]
    seen = 0
    for (person, nutrient), column, shown in shown_of(
        case, "comparison", "mean_intake", "percent_of_rda", "percent_of_ai"
    ):
        header = "Mean per day" if column == "mean_intake" else "% of RDA or AI"
        sheet = next(sheet for sheet in case.workbook if sheet.title.startswith(person[:3] or "Summary"))
        rows = {row["Nutrient"]: row for row in rows_of_sheet(sheet, "Nutrient") if "Mean per day" in row}
        assert rows[labels[nutrient]][header] == float(shown.value), shown
        seen += 1
    assert seen > 20


@pytest.mark.parametrize("kind", ["cramps", "example", "three"])
def test_days_are_those_of_the_workbook(cases: dict[str, Case], kind: str) -> None:
    case = cases[kind]
    labels, people, seen = load_nutrients()["label"], {}, 0
    person = ""
    for row in rows_of_sheet(case.workbook["Daily"], "Date"):
        title = row["Date"]
        if isinstance(title, str) and title.startswith("Person: "):
            person = title.removeprefix("Person: ")
        elif hasattr(title, "year") and row["Lines counted"] is not None:
            people[person, f"{title:%Y-%m-%d}"] = row
    for (name, day, nutrient), _, shown in shown_of(case, "day_comparison", "amount"):
        row = people[name or "not named in the diary", day]
        header = next(header for header in row if str(header).startswith(f"{labels[nutrient]} ["))
        assert row[header] == float(shown.value), shown
        seen += 1
    assert seen > 20


@pytest.mark.parametrize("kind", ["cramps", "example", "three"])
def test_shares_of_foods_are_those_of_the_workbook(cases: dict[str, Case], kind: str) -> None:
    case = cases[kind]
    labels = load_nutrients()["label"]
    rows = {(row.get("Person") or "", row["Food"]): row for row in rows_of_sheet(case.workbook["Foods"], "Food")}
    seen = 0
    for (person, nutrient, _, food), _, shown in shown_of(case, "contributions", "percent_of_total"):
        assert rows[person, food][f"Share of {labels[nutrient]} [%]"] == float(shown.value), shown
        seen += 1
    assert seen > 20
