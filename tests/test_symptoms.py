"""Symptoms and days that are not food days: the sheets beside a diary, and symptom lines within it."""

import datetime
import math
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from nutridiary.diary.grid import Grid
from nutridiary.diary.not_food_days import is_not_food_days_sheet, not_food_days_of
from nutridiary.diary.symptoms import is_symptoms_sheet, read_duration, read_severity, symptoms_of
from nutridiary.diary.whole import read_whole


def grid(name: str, *rows: list) -> Grid:
    return Grid(f"diary.xlsx:{name}", name, [list(row) for row in rows])


def test_symptoms_of_reads_a_line_with_all_cells_and_one_with_few() -> None:
    found = symptoms_of(
        grid(
            "Symptoms",
            ["What you felt, a line each"],
            ["Date", "Time", "Symptom", "Severity (0-10)", "Duration", "Notes", "Person"],
            [datetime.datetime(2026, 3, 3), "22:40", "calf cramp", 7, "10 min", "left leg", "Anna"],
            [None, datetime.time(23, 15), "calf cramp", "4/10", "1 h 30 min", None, "Anna"],
            ["2026-03-05", "night", "headache", "bad", "for ages", None, None],
        )
    )
    assert found["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-03", "2026-03-03", "2026-03-05"]
    assert found["time"].tolist()[:2] == ["22:40", "23:15"]
    assert found["severity"].tolist()[:2] == [7.0, 4.0]
    assert found["duration"].tolist()[:2] == [10.0, 90.0]
    assert found["person_id"].tolist()[:2] == ["Anna", "Anna"]
    assert found["line"].tolist() == [3, 4, 5]
    assert found.loc[2, ["severity", "duration"]].isna().all()
    assert found.loc[2, "note"] == (
        'time "night" not read; severity "bad" is no number from 0 to 10: not used; duration "for ages" is not read'
    )
    assert found["problem"].isna().all()


def test_symptoms_of_keeps_cells_that_cannot_be_read_as_rows_with_a_problem() -> None:
    found = symptoms_of(
        grid(
            "Symptoms",
            ["Date", "Symptom"],
            ["", "cramp"],
            ["31/2/2026", "cramp"],
            ["3/4/2026", "cramp"],
            ["2026-09-20", ""],
        ),
    )
    assert len(found) == 3 + 1
    assert found["problem"].tolist() == [
        "no date: the row has none, and no row above it has one",
        'there is no day "31/2/2026". Write it as YYYY-MM-DD',
        "the date can be read two ways, or has no year: write it as YYYY-MM-DD",
        "no symptom is named in this row",
    ]


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("10 min", 10), ("1 h", 60), ("2 hours", 120), ("1,5 h", 90), ("2 Stunden", 120), ("45 sec", 0.75),
     ("half an hour", 30), ("about 20 minutes", 20), ("1:15", 75), (datetime.time(0, 20), 20), ("1 day", 1440)],
)  # fmt: skip
def test_read_duration_turns_times_into_minutes(cell: object, minutes: float) -> None:
    assert read_duration(cell)[0] == pytest.approx(minutes)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["10", "all night", "a few minutes", datetime.datetime(2026, 1, 2)])
def test_read_duration_leaves_unknown_what_is_no_time(cell: object) -> None:
    assert math.isnan(read_duration(cell)[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [11, -1, "mild", "7/5"])
def test_read_severity_outside_its_scale_is_unknown_and_said(cell: object) -> None:
    value, note = read_severity(cell)  # type: ignore[arg-type]
    assert math.isnan(value)
    assert "not used" in note


def test_not_food_days_of_counts_out_ranges() -> None:
    found = not_food_days_of(
        grid(
            "Not a food day",
            ["Date", "Reason", "Person"],
            ["2026-03-10", "ill", ""],
            ["3-5 March 2026", "wedding", "Anna"],
            ["28 March to 2 April 2026", "travelling", ""],
            ["March 12-13, 2026", "", ""],
            ["next week", "", ""],
        )
    )
    days = found[found["date"].notna()]["date"].dt.strftime("%m-%d").tolist()
    assert days == [
        "03-10", "03-03", "03-04", "03-05", "03-28", "03-29", "03-30", "03-31", "04-01", "04-02", "03-12", "03-13",
    ]  # fmt: skip
    assert found.loc[1, ["person_id", "reason"]].tolist() == ["Anna", "wedding"]
    assert found["problem"].dropna().tolist() == ['cannot read the date "next week". Write it as YYYY-MM-DD']


def test_not_food_days_of_reads_from_and_to_and_refuses_a_range_backwards() -> None:
    found = not_food_days_of(
        grid(
            "Not a food day",
            ["From", "To", "Reason"],
            ["2026-03-03", "2026-03-04", "ill"],
            ["2026-03-09", "2026-03-01", ""],
        )
    )
    assert found["date"].notna().tolist() == [True, True, False]
    assert found["problem"].dropna().tolist() == ["from 2026-03-09 to 2026-03-01 is no range of days"]


def test_sheets_are_told_by_name_and_headings_not_by_a_name_alone() -> None:
    assert is_symptoms_sheet(grid("Symptoms", ["Date", "Symptom"]))
    assert is_symptoms_sheet(grid("Sheet3", ["Date", "Symptom", "Severity"]))
    assert not is_symptoms_sheet(grid("Symptoms", ["Date", "Food", "Amount"]))
    assert not is_symptoms_sheet(grid("Sheet1", ["Date", "Food", "Symptoms", "Severity"]))
    assert not is_not_food_days_sheet(grid("Sheet1", ["Date", "Reason"]))


def test_read_whole_fills_both_tables_and_adds_symptom_lines_of_the_diary(tmp_path: Path) -> None:
    book = Workbook()
    diary = book.active
    diary.append(["Date", "Food", "Amount", "Kind", "Notes"])
    diary.append(["2026-03-03", "Porridge", "40 g", "", ""])
    diary.append(["2026-03-03", "Calf cramp 6/10", "15 min", "symptom", "in bed"])
    sheet = book.create_sheet("Symptoms")
    sheet.append(["Date", "Symptom", "Severity"])
    sheet.append(["2026-03-04", "headache", 3])
    days = book.create_sheet("Not a food day")
    days.append(["Date", "Reason"])
    days.append(["4-5 March 2026", "ill"])
    book.create_sheet("Notes to self").append(["nothing"])
    book.save(tmp_path / "diary.xlsx")
    read = read_whole(tmp_path / "diary.xlsx")
    assert read.symptoms["symptom"].tolist() == ["headache", "Calf cramp 6/10"]
    assert read.symptoms["severity"].tolist() == [3.0, 6.0]
    assert read.symptoms["duration"].tolist()[1] == 15.0
    assert read.not_food_days["date"].tolist() == [pd.Timestamp(2026, 3, 4), pd.Timestamp(2026, 3, 5)]
    assert read.entries["kind"].tolist() == ["food", "symptom"]


def test_empty_sheets_are_read_as_nothing(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Date", "Food"])
    book.active.append(["2026-03-03", "Porridge"])
    book.create_sheet("Symptoms").append(["Date", "Time", "Symptom", "Severity", "Duration", "Notes"])
    book.create_sheet("Not a food day").append(["Date", "Reason"])
    book.save(tmp_path / "diary.xlsx")
    read = read_whole(tmp_path / "diary.xlsx")
    assert read.symptoms.empty
    assert read.not_food_days.empty
    assert len(read.entries) == 1
