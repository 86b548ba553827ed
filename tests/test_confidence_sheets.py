"""The working of a confidence, and the sheets that show both."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook

from hand_made import ANNA, BEN, Line, analysis_of, two_days
from nutridiary.analysis import Analysis
from nutridiary.nutrients import core_nutrients
from nutridiary.report.excel.archive import save
from nutridiary.report.excel.confidence import write_confidence
from nutridiary.report.excel.looks import Palette
from nutridiary.report.excel.page import Page
from nutridiary.report.excel.words import label_of
from nutridiary.report.excel.working import write_working
from nutridiary.usual_intake import VERDICTS, confidence
from nutridiary.usual_intake.box_cox import usual_intake_at
from reading import rows_below
from recorded_days import judged

NORMAL = NormalDist()


def given_values(working: pd.DataFrame, about: str) -> dict[str, float]:
    rows = working[(working["about"] == about) & working["symbol"].ne("")]
    return dict(zip(rows["symbol"], rows["value"], strict=True))


def test_working_gives_the_confidence_to_a_reader_with_a_calculator() -> None:
    table, working = judged({"calcium": [700.0, 950.0, 800.0]}, supplements={"calcium": 100.0})
    steps = given_values(working, "confidence")
    kept = steps["Vb"] / (steps["Vb"] + steps["Vw"] / steps["n"])
    scaled = np.mean([((day ** steps["λ"]) - 1) / steps["λ"] for day in (700.0, 950.0, 800.0)])
    mean = steps["m"] + kept * (scaled - steps["m"])
    sd = math.sqrt(steps["Vb"] * (1 - kept))
    assert steps["M"] == pytest.approx(mean)
    assert steps["S"] == pytest.approx(sd)
    assert steps["SD_req"] == pytest.approx(steps["CV"] * steps["EAR"])
    total = 0.0
    for row in working[working["quantity"].str.startswith("share that meets")].itertuples():
        need = float(re.findall(r"meets ([\d.]+) mg", row.quantity)[0])
        share = float(re.findall(r"need of ([\d.]+) %", row.quantity)[0]) / 100
        point = float(re.findall(r"a = ([\d.]+)", row.formula)[0])
        usual = usual_intake_at(point, steps["Vw"], steps["λ"], 0.0)
        assert usual + steps["d"] == pytest.approx(need, rel=1e-3)
        assert row.value == pytest.approx(100 * NORMAL.cdf((mean - point) / sd), abs=0.01)
        total += share * row.value
    assert table.loc["calcium", "confidence"] == pytest.approx(total, abs=0.05)


def test_working_gives_iom_2000_to_a_reader_with_a_calculator() -> None:
    table, working = judged({"calcium": [700.0, 950.0, 800.0]})
    steps = given_values(working, "confidence_iom_2000")
    spread = math.sqrt((steps["CV"] * steps["EAR"]) ** 2 + steps["SD_w"] ** 2 / steps["n"])
    z = (steps["ȳ"] - steps["EAR"]) / spread
    assert steps["z"] == pytest.approx(z)
    assert table.loc["calcium", "confidence_iom_2000"] == pytest.approx(100 * NORMAL.cdf(z))


def test_every_given_figure_of_the_working_names_its_source() -> None:
    _, working = judged({"calcium": [700.0, 950.0], "potassium": [2300.0, 2800.0], "sodium": [3000.0, 2500.0]})
    given = working[working["formula"].isna() & ~working["symbol"].isin(["n", "ȳ"])]
    assert given["source"].fillna("").ne("").all()


# Sheets ---------------------------------------------------------------------------------------------------------------


def workbook_of(analysis: Analysis, tmp_path: Path) -> Any:
    table, working = confidence(analysis.days, analysis.people, analysis.comparison)
    analysis = replace(analysis, confidence=table, working=working)
    people = list(dict.fromkeys(table["person_id"].fillna("")))
    workbook = Workbook()
    palette = Palette(workbook)
    write_confidence(Page(workbook, palette, "Confidence"), analysis, people=people)
    write_working(Page(workbook, palette, "Working"), analysis, people=people)
    palette.close()
    save(workbook, tmp_path / "confidence.xlsx", [])
    return openpyxl.load_workbook(tmp_path / "confidence.xlsx")


def test_confidence_sheet_says_in_words_what_its_figures_carry(tmp_path: Path) -> None:
    analysis = analysis_of([Line(day=f"2026-03-{n:02}", holds={"magnesium": 300.0 + n}) for n in range(2, 6)])
    rows = {row["Nutrient"].value: row for row in rows_below(workbook_of(analysis, tmp_path)["Confidence"], "Nutrient")}
    row = rows["Magnesium"]
    assert row["In short"].value in VERDICTS.values()
    assert row["What these days allow to be said"].value.startswith("4 days: of people with records like these, about")
    assert 50 < row["Confidence [%]"].value < 97.5
    assert row["Held against"].value == 265
    assert rows["Caffeine"]["Confidence [%]"].value is None


def test_confidence_sheet_says_beside_enough_that_an_upper_figure_is_likely_passed(tmp_path: Path) -> None:
    def in_short(sodium: float) -> str:
        lines = [Line(day=f"2026-03-{n:02}", holds={"sodium": sodium + n}) for n in range(2, 9)]
        sheet = workbook_of(analysis_of(lines), tmp_path)["Confidence"]
        row = next(row for row in rows_below(sheet, "Nutrient") if row["Nutrient"].value == "Sodium")
        below = row["Confidence to be below it [%]"].value
        assert ("above the CDRR" in row["In short"].value) == (below <= 20)
        return str(row["In short"].value)

    assert in_short(4800.0) == "clear: enough; clearly above the CDRR"
    assert "CDRR" not in in_short(1700.0)


def test_each_row_of_confidence_leads_to_its_working(tmp_path: Path) -> None:
    lines = [*two_days("Anna"), *two_days("Ben")]
    workbook = workbook_of(analysis_of(lines, {"Anna": ANNA, "Ben": BEN}), tmp_path)
    rows, working = rows_below(workbook["Confidence"], "Nutrient"), workbook["Working"]
    linked = [row for row in rows if row["Working"].value is not None]
    assert linked
    for row in linked:
        target = int(re.findall(r"'Working'!A(\d+)", row["Working"].hyperlink.location)[0])
        assert working.cell(target, 1).value == row["Person"].value
        assert working.cell(target, 2).value == row["Nutrient"].value
        assert working.cell(target, 4).value == 1


def test_working_sheet_of_many_people_holds_the_core_nutrients_says_so_and_is_led_to(tmp_path: Path) -> None:
    people = {f"P{number:02}": ANNA for number in range(13)}
    lines = [line for name in people for line in two_days(name)]
    workbook = workbook_of(analysis_of(lines, people), tmp_path)
    working = workbook["Working"]
    assert {row["Nutrient"].value for row in rows_below(working, "Nutrient")} <= {label_of(n) for n in core_nutrients()}
    assert any("only the core nutrients" in str(working.cell(row, 1).value) for row in range(1, 5))
    linked = [row for row in rows_below(workbook["Confidence"], "Nutrient") if row["Working"].value is not None]
    assert {row["Person"].value for row in linked} == set(people)
    for row in linked:
        target = int(re.findall(r"'Working'!A(\d+)", row["Working"].hyperlink.location)[0])
        assert working.cell(target, 1).value == row["Person"].value
        assert working.cell(target, 2).value == row["Nutrient"].value


def test_working_sheet_holds_every_step_with_its_value(tmp_path: Path) -> None:
    analysis = analysis_of(two_days())
    _, working = confidence(analysis.days, analysis.people, analysis.comparison)
    rows = rows_below(workbook_of(analysis, tmp_path)["Working"], "Nutrient")
    assert len(rows) == len(working)
    assert all(isinstance(row["Value"].value, int | float) for row in rows)
