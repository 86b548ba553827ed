"""The report in the words of four authorities, and what it says of itself: remarks, terms, signs at the terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from conftest import MakeReport
from hand_made import ANNA, BEN, MILK, Line, analysis_of, days_of, two_days
from nutridiary.analysis import Analysis, analyze
from nutridiary.data_files import data_file
from nutridiary.references import REFERENCES
from nutridiary.report import summary_html
from nutridiary.report.excel.pointers import POINTERS
from nutridiary.report.excel.terms import IN_FULL, terms_of
from nutridiary.report.figure_names import FigureNames
from nutridiary.report.remarks import remarks
from nutridiary.report.terminal_summary import print_summary
from nutridiary.tables import (
    COMPARISON,
    CONFIDENCE,
    DAY_CHECKS,
    EDITION_CHANGES,
    FOODS_TO_CLARIFY,
    NOT_FOOD_DAYS,
    PLAUSIBILITY,
    SYMPTOM_DAYS,
    conform,
)
from reading import parts, person_rows, rows_below, texts

OWN_WORDS = {
    "nasem": {"EAR", "RDA", "AI", "UL", "CDRR"},
    "efsa": {"AR", "PRI", "AI", "UL"},
    "fda-dv": {"Daily Value"},
    "harmonized": {"H-AR", "H-UL"},
}
WORDS = re.compile(r"(?<![\w-])(?:EAR|RDA|AI|UL|CDRR|AR|PRI|Daily Value|H-AR|H-UL)(?![\w-])")
GOALS = {"nasem": "RDA or AI", "efsa": "PRI or AI", "fda-dv": "Daily Value", "harmonized": "H-AR"}


@pytest.fixture(scope="module")
def analyses() -> dict[str, Analysis]:
    return {name: analyze(data_file("diaries", "example.xlsx"), reference=name) for name in REFERENCES}


def table(columns: Any, *rows: dict[str, Any]) -> pd.DataFrame:
    return conform(pd.DataFrame(rows), columns)


# The words of an authority -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(REFERENCES))
def test_report_calls_figures_what_their_authority_does(
    analyses: dict[str, Analysis], report: MakeReport, name: str
) -> None:
    path = report(analyses[name])
    workbook = openpyxl.load_workbook(path)
    rows = rows_below(workbook["Summary"], "Nutrient")
    said = [*rows[0], *(str(row["Verdict"].value) for row in rows), texts(workbook["Daily"])]
    said += [str(row["Kind"].value) for row in rows_below(workbook["References"], "Nutrient")]
    said += [term for term, _ in terms_of(analyses[name])]
    assert set(WORDS.findall("\n".join(said))) == OWN_WORDS[name]
    charts = "".join(parts(path, r"xl/charts/chart\d+.xml"))
    assert set(WORDS.findall(re.sub(r"<[^>]*>", "\n", charts))) <= OWN_WORDS[name]
    assert f"How much of the {GOALS[name]} do the means reach?" in charts
    assert {GOALS[name], f"% of {GOALS[name]}"} <= set(rows[0])


@pytest.mark.parametrize(
    ("name", "goal", "figures", "absent"),
    [
        ("nasem", "rda", {"magnesium": 320, "potassium": 2600, "calcium": 1000}, set()),
        # EFSA 2017: AI of magnesium 300 mg, of potassium 3,500 mg; PRI of calcium 950 mg.
        ("efsa", "rda", {"magnesium": 300, "potassium": 3500, "calcium": 950}, {"CDRR"}),
        # 21 CFR 101.9(c)(9).
        ("fda-dv", "dv", {"magnesium": 420, "potassium": 4700, "calcium": 1300}, {"EAR", "AR", "UL", "Held against"}),
        # Allen and others 2020: none for potassium.
        ("harmonized", "ear", {"magnesium": 265, "potassium": None, "calcium": 750}, {"RDA", "RDA or AI", "EAR"}),
    ],
)
def test_summary_aims_at_the_figures_of_the_authority_and_leaves_out_what_it_does_not_set(
    analyses: dict[str, Analysis], report: MakeReport, name: str, goal: str, figures: dict[str, Any], absent: set[str]
) -> None:
    analysis = analyses[name]
    rows = rows_below(openpyxl.load_workbook(report(analysis))["Summary"], "Nutrient")
    labels = analysis.comparison.set_index("nutrient")["label"]
    shown = {row["Nutrient"].value: row for row in rows}
    means = analysis.comparison.set_index("nutrient")["mean_intake"]
    for nutrient, figure in figures.items():
        row = shown[labels[nutrient]]
        assert row[GOALS[name]].value == figure
        percent = row[f"% of {GOALS[name]}"].value
        assert percent == (None if figure is None else pytest.approx(100 * means[nutrient] / figure))
    assert not absent & set(rows[0])
    assert FigureNames.by(name).goals[0] == goal


def test_days_are_marked_by_what_judges_them(analyses: dict[str, Analysis], report: MakeReport) -> None:
    sheets = {name: openpyxl.load_workbook(report(analyses[name]))["Daily"] for name in REFERENCES}
    signs = {name: "".join(str(cell.value)[0] for cell in sheet[2] if cell.value) for name, sheet in sheets.items()}
    assert signs == {"nasem": "●○▼▲≥e", "efsa": "●○▼▲≥e", "fda-dv": "≥e", "harmonized": "○▼▲≥e"}
    assert not list(sheets["fda-dv"].conditional_formatting)
    # magnesium's column of the harmonized values: marked beside the H-AR, and by no goal
    formulas = [
        rule.formula[0]
        for found in sheets["harmonized"].conditional_formatting
        if str(found.sqref).startswith("D")
        for rule in found.rules
    ]
    requirement = next(row[0].row for row in sheets["harmonized"].iter_rows(max_col=1) if row[0].value == "H-AR")
    assert {f"D${requirement}" in formula for formula in formulas if ">=" in formula or "<D" in formula} == {True}


def test_figure_that_is_no_level_to_reach_is_called_no_goal_and_marks_no_day(
    analyses: dict[str, Analysis], report: MakeReport
) -> None:
    workbook = openpyxl.load_workbook(report(analyses["efsa"]))
    rows = {row["Nutrient"].value: row for row in rows_below(workbook["Summary"], "Nutrient")}
    sodium, potassium = rows["Sodium"], rows["Potassium"]
    # EFSA 2019: a safe and adequate intake of sodium, 2.0 g a day.
    assert (sodium["PRI or AI"].value, sodium["PRI or AI"].number_format) == (2000, "#,##0")
    assert potassium["PRI or AI"].number_format == '"AI "#,##0'
    assert "safe and adequate intake" in sodium["Verdict"].value
    reaching = next(row for row in rows.values() if row["Verdict"].value == "reaches the AI")
    assert sodium["Verdict"].fill.fgColor.rgb != reaching["Verdict"].fill.fgColor.rgb
    goals = next(row for row in rows_below(workbook["Daily"], "Date") if row["Date"].value == "PRI or AI")
    assert (goals["Sodium [mg]"].value, goals["Potassium [mg]"].value) == (None, 3500)


def test_references_say_what_a_figure_holds_under_and_what_it_is_in_the_us(report: MakeReport) -> None:
    women = replace(ANNA, conditions=("phytate 600 mg/d",))
    analysis = analyze(data_file("diaries", "example.xlsx"), person=women, reference="efsa", nutrients=["zinc"])
    rows = rows_below(openpyxl.load_workbook(report(analysis))["References"], "Nutrient")
    kinds = {row["Kind"].value: (row["In the US"].value, row["Holds under"].value) for row in rows}
    assert kinds["AR"] == ("EAR", "phytate 600 mg/d")
    assert kinds["PRI"] == ("RDA", "phytate 600 mg/d")


def test_every_figure_of_every_authority_is_explained_in_full() -> None:
    named = {word for reference in REFERENCES for word in FigureNames.by(reference).names.values()}
    assert named <= set(IN_FULL)


def test_notebook_and_terminal_say_the_words_of_the_authority(
    analyses: dict[str, Analysis], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    for name, analysis in analyses.items():
        print_summary(analysis)
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= 100
        own = set(GOALS[name].split(" or "))
        assert GOALS[name] in lines[1]
        assert own <= set(WORDS.findall(re.sub(r"<[^>]*>", "\n", summary_html(analysis).split("</thead>")[0])))
        if name != "nasem":
            assert not {"RDA", "EAR"} & set(WORDS.findall("\n".join(lines)))


# Bounds, and days left out -------------------------------------------------------------------------------------------


def bounded(high: float) -> Analysis:
    analysis = analysis_of([Line(holds=MILK)])
    rows = analysis.comparison.copy()
    at = rows["nutrient"] == "magnesium"
    rows.loc[at, ["mean_intake", "low", "high", "foods_without_value"]] = [250.0, 250.0, high, 1]
    return replace(analysis, comparison=conform(rows, COMPARISON))


def test_summary_shows_bounds_only_where_they_are_others_than_the_mean(report: MakeReport) -> None:
    whole = rows_below(openpyxl.load_workbook(report(analysis_of([Line(holds=MILK)])))["Summary"], "Nutrient")[0]
    assert not {"At least", "At most"} & set(whole)
    row = rows_below(openpyxl.load_workbook(report(bounded(310.0)))["Summary"], "Nutrient")[0]
    assert row["At most"].value == 310
    assert "At least" not in row  # it is the mean


def test_percentage_beside_the_goal_does_not_read_100(report: MakeReport) -> None:
    analysis = analysis_of([Line(holds={**MILK, "magnesium": 319.0})])
    row = rows_below(openpyxl.load_workbook(report(analysis))["Summary"], "Nutrient")[0]
    assert row["% of RDA or AI"].value == pytest.approx(99.6875)
    assert row["% of RDA or AI"].number_format == "#,##0.0"


def left_out(analysis: Analysis, *dates: str) -> Analysis:
    """Return an analysis that says of some days that they were left out; its means are those it had."""
    days = analysis.days[["person_id", "date"]].drop_duplicates()
    flagged = days["date"].isin(pd.to_datetime(list(dates)))
    checks = days.assign(possibly_incomplete=flagged, left_out=flagged, in_means=~flagged, entries=1)
    return replace(analysis, day_checks=conform(checks, DAY_CHECKS), all_days_comparison=analysis.comparison)


def test_days_left_out_are_marked_and_the_means_over_all_days_stand_beside(report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(left_out(analysis_of(two_days()), "2026-03-03")))
    dates = {
        str(row["Date"].value)[:10]: row["Date"].number_format
        for row in rows_below(workbook["Daily"], "Date")
        if row["Date"].is_date
    }
    assert ["left out" in dates[day] for day in ("2026-03-02", "2026-03-03")] == [False, True]
    row = person_rows(workbook["Summary"])[0]
    assert row["Mean over all days"].value == row["Mean per day"].value is not None
    facts = {str(row[0].value).strip(): row[1].value for row in workbook["Summary"].iter_rows(max_row=14)}
    assert facts["of these left out"] == 1


def test_person_whose_every_day_was_left_out_is_told_so_and_keeps_the_means_over_all_days(report: MakeReport) -> None:
    whole = analysis_of([*two_days("Ben"), *two_days("Anna")], {"Anna": ANNA, "Ben": BEN})
    marked = left_out(whole)
    checks = marked.day_checks.assign(
        **dict.fromkeys(("possibly_incomplete", "left_out"), marked.day_checks["person_id"] == "Ben")
    )
    kept = whole.comparison[whole.comparison["person_id"] != "Ben"].reset_index(drop=True)
    analysis = replace(marked, day_checks=checks, comparison=kept)
    assert any(
        text.startswith("Every recorded day of Ben may be incomplete and is left out") for text in remarks(analysis)
    )
    workbook = openpyxl.load_workbook(report(analysis))
    person = next(row for row in rows_below(workbook["Summary"], "Person") if row["Person"].value == "Ben")
    assert person["Magnesium [% of RDA or AI]"].value == "left out"
    magnesium = person_rows(workbook["Ben"])[0]
    assert (magnesium["Mean per day"].value, magnesium["Mean over all days"].value) == (
        "left out",
        pytest.approx((27 + 60 + 4 * 27) / 2),
    )
    assert magnesium["Reading"].value.startswith("Every recorded day may be incomplete and was left out")


# Remarks -------------------------------------------------------------------------------------------------------------


def test_remarks_are_silent_where_there_is_nothing_to_say() -> None:
    assert remarks(analysis_of(days_of(3))) == []


def test_remarks_say_how_to_leave_out_incomplete_days_or_that_they_are_left_out() -> None:
    days = [
        {"date": pd.Timestamp(2026, 3, day), "possibly_incomplete": day < 3, "left_out": False} for day in (1, 2, 3)
    ]
    analysis = replace(analysis_of(days_of(3)), day_checks=table(DAY_CHECKS, *days))
    (said,) = remarks(analysis)
    assert said.startswith("2 of 3 recorded days may be incomplete")
    assert "--leave-out-incomplete" in said
    gone = [{**day, "left_out": day["possibly_incomplete"]} for day in days]
    (said,) = remarks(replace(analysis, day_checks=table(DAY_CHECKS, *gone)))
    assert "left out of the means" in said
    assert "--leave-out-incomplete" not in said


@pytest.mark.parametrize(
    ("verdict", "told"), [("low", True), ("high", True), ("plausible", False), ("not_decidable", False)]
)
def test_remarks_give_the_reading_of_recorded_energy_only_where_it_is_odd(verdict: str, told: bool) -> None:
    energy = table(PLAUSIBILITY, {"person_id": "Ada", "verdict": verdict, "reading": "900 kcal a day ..."})
    said = remarks(replace(analysis_of(days_of(1)), plausibility=energy))
    assert said == (["Ada: 900 kcal a day ..."] if told else [])


def test_remarks_count_people_where_energy_is_odd_for_many() -> None:
    rows = [{"person_id": f"P{n}", "verdict": "low" if n else "high", "reading": "x"} for n in range(5)]
    (said,) = remarks(replace(analysis_of(days_of(1)), plausibility=table(PLAUSIBILITY, *rows)))
    assert "for 4 people and higher for 1" in said


def test_remarks_count_days_the_diary_sets_aside_and_no_row_that_could_not_be_read() -> None:
    days = [{"date": pd.Timestamp(2026, 3, day), "reason": "ill"} for day in (4, 5)]
    days.append({"problem": "cannot read the day"})
    (said,) = remarks(replace(analysis_of(days_of(1)), not_food_days=table(NOT_FOOD_DAYS, *days)))
    assert said.startswith("2 days are no food days, as the diary says")


def test_remarks_count_each_reading_that_flips_once() -> None:
    changes = [
        {"nutrient": nutrient, "other_edition": edition, "flips": flips}
        for nutrient, edition, flips in (
            ("potassium", "IOM 2005", True),
            ("potassium", "EFSA 2017", True),
            ("zinc", "EFSA 2014", False),
        )
    ]
    (said,) = remarks(replace(analysis_of(days_of(1)), edition_changes=table(EDITION_CHANGES, *changes)))
    assert said.startswith("1 reading would be another")
    assert "sheet What changes with the edition" in said


def test_remarks_count_the_days_a_symptom_was_felt_on() -> None:
    days = [
        {"symptom": "cramp", "date": pd.Timestamp(2026, 3, day), "felt": felt}
        for day, felt in ((1, True), (2, False), (3, True), (4, None))
    ]
    (said,) = remarks(replace(analysis_of(days_of(1)), symptom_days=table(SYMPTOM_DAYS, *days)))
    assert said.startswith("Symptoms noted: cramp on 2 days.")
    assert "no cause" in said


def test_remarks_do_not_add_people_together_without_saying_so() -> None:
    days = [
        {"person_id": who, "symptom": "cramp", "date": pd.Timestamp(2026, 3, day), "felt": True}
        for who, day in (("Ann", 1), ("Ben", 1), ("Ben", 2))
    ]
    (said,) = remarks(replace(analysis_of(days_of(1)), symptom_days=table(SYMPTOM_DAYS, *days)))
    assert said.startswith("Symptoms noted: cramp on 3 days of 2 people.")


# The terminal --------------------------------------------------------------------------------------------------------


def printed(analysis: Analysis, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "100")
    print_summary(analysis)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("high", "shown"), [(310.0, " 250-310 mg "), (250.2, " 250 mg "), (float("nan"), " ≥ 250 mg ")]
)
def test_terminal_shows_between_what_a_mean_lies(
    high: float, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = next(line for line in printed(bounded(high), capsys, monkeypatch).splitlines() if "Magnesium" in line)
    assert shown in line


def test_terminal_says_at_least_by_what_is_missing_and_not_by_a_bound(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = analysis_of([Line(holds=MILK)])
    unbounded = analysis.comparison.assign(high=float("nan"))
    text = printed(replace(analysis, comparison=unbounded), capsys, monkeypatch)
    assert "≥" not in next(line for line in text.splitlines() if "Magnesium" in line)


def test_terminal_shows_confidence_only_where_there_is_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = analysis_of(two_days()[:3])
    assert "Confidence" not in printed(analysis, capsys, monkeypatch)
    shares = {"confidence": 84.2, "confidence_low": 84.2, "confidence_high": 84.2, "method": "usual_intake_model"}
    told = replace(analysis, confidence=table(CONFIDENCE, {"nutrient": "magnesium", **shares}))
    lines = printed(told, capsys, monkeypatch).splitlines()
    assert "84 of 100" in next(line for line in lines if "Magnesium" in line)
    assert "of 100" not in next(line for line in lines if "Potassium" in line)


def test_terminal_names_the_first_three_foods_to_clarify_with_what_they_could_change(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"food_text": "shake\x1b[31m", "reason": "left_out"},
        {"food_text": "porridge", "reason": "amount", "magnesium_stake": 24.0, "potassium_stake": 147.0},
        {"food_text": "porridge", "reason": "match", "magnesium_stake": 7.0},
        {"food_text": "curry [bold]", "reason": "no_value", "magnesium_stake": 3.0},
        {"food_text": "fourth", "reason": "match", "magnesium_stake": 1.0},
    ]
    analysis = replace(analysis_of(days_of(1)), foods_to_clarify=table(FOODS_TO_CLARIFY, *rows))
    text = printed(analysis, capsys, monkeypatch)
    assert "shake [31m (not counted): nothing bounds it" in text
    assert "porridge (how much it was): magnesium by 24 mg, potassium by 147 mg" in text
    assert "curry [bold] (a value is missing): magnesium by 3 mg" in text
    assert "fourth" not in text
    assert "\x1b" not in text


# The sheets ----------------------------------------------------------------------------------------------------------


def test_summary_points_at_every_sheet_in_their_order(analyses: dict[str, Analysis], report: MakeReport) -> None:
    workbook = openpyxl.load_workbook(report(analyses["nasem"]))
    cells = [cell for column in workbook["Summary"].iter_cols() for cell in column]
    links = [cell for cell in cells if cell.hyperlink is not None and str(cell.value).startswith(tuple(POINTERS))]
    assert [cell.value.partition(":")[0] for cell in links] == workbook.sheetnames[1:]
    assert [sheet for sheet in POINTERS if sheet in workbook.sheetnames] == workbook.sheetnames[1:]


def test_about_explains_only_the_terms_a_report_uses() -> None:
    plain = dict(terms_of(analysis_of(days_of(1))))
    assert not {"Confidence", "Holm", "Goldberg cut-off", "possibly incomplete", "From supplements"} & set(plain)
    flagged = table(DAY_CHECKS, {"date": pd.Timestamp(2026, 3, 1), "possibly_incomplete": True})
    energy = table(PLAUSIBILITY, {"verdict": "low", "reading": "x", "cutoff_low": 1.0})
    stated = table(CONFIDENCE, {"nutrient": "zinc", "method": "withheld"})
    full = replace(analysis_of(days_of(1)), day_checks=flagged, plausibility=energy, confidence=stated)
    assert {"Confidence", "Usual intake", "Goldberg cut-off", "possibly incomplete"} <= set(dict(terms_of(full)))
