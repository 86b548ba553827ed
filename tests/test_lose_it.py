"""Lose It!: the traps of its logs."""

from pathlib import Path

import pandas as pd
import pytest

from nutridiary.diary.whole import Diary, read_whole

HEADER = (
    "Date,Name,Icon,Type,Quantity,Units,Calories,Deleted,Fat (g),Protein (g),Carbohydrates (g),"
    "Saturated Fat (g),Sugars (g),Fiber (g),Cholesterol (mg),Sodium (mg)"
)


def read(tmp_path: Path, *rows: str, header: str = HEADER, **options: object) -> Diary:
    path = tmp_path / "export.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return read_whole(path, **options)  # type: ignore[arg-type]


def test_not_available_is_unknown_and_zero_is_zero(tmp_path: Path) -> None:
    entry = read(tmp_path, "08/01/2026,Toast,Bread,Breakfast,2,Slices,160,0,0,n/a,28,n/a,,n/a,0,300").entries.iloc[0]
    assert entry["recorded_fat_total"] == 0
    assert entry["recorded_cholesterol"] == 0
    assert "recorded_protein" not in entry or pd.isna(entry["recorded_protein"])
    assert "recorded_sugars_total" not in entry or pd.isna(entry["recorded_sugars_total"])


@pytest.mark.parametrize("deleted", ["1", "true", "True"])
def test_deleted_rows_are_notes_without_values(tmp_path: Path, deleted: str) -> None:
    entries = read(
        tmp_path,
        "08/01/2026,Toast,Bread,Breakfast,2,Slices,160,0,2,6,28,1,1,1,0,300",
        f"08/01/2026,Cake,Cake,Snacks,1,Slice,400,{deleted},20,4,50,9,30,1,60,200",
    ).entries
    assert entries["kind"].tolist() == ["food", "note"]
    assert entries.loc[1, "problem"] == "deleted in the app: not eaten"
    assert entries["recorded_energy"].sum() == 160


def test_exercise_rows_are_shorter_and_burn_nothing_off_the_intake(tmp_path: Path) -> None:
    entries = read(
        tmp_path,
        "08/01/2026,Toast,Bread,Breakfast,2,Slices,160,0,2,6,28,1,1,1,0,300",
        "08/01/2026,Walking,Walking,Exercise,30,Minutes,-176.0,0",
    ).entries
    assert entries["kind"].tolist() == ["food", "exercise"]
    assert "176 kcal burned" in entries.loc[1, "note"]
    assert entries["recorded_energy"].sum() == 160


def test_dates_are_month_first_unless_one_exists_in_no_such_order(tmp_path: Path) -> None:
    row = "{},Toast,Bread,Breakfast,2,Slices,160,0,2,6,28,1,1,1,0,300"
    first = read(tmp_path, row.format("08/01/2026"), row.format("08/02/2026")).entries
    assert first["date"].dt.strftime("%m-%d").tolist() == ["08-01", "08-02"]
    assert "month first" in first.loc[0, "note"]
    other = read(tmp_path, row.format("08/01/2026"), row.format("13/01/2026")).entries
    assert other["date"].dt.strftime("%m-%d").tolist() == ["01-08", "01-13"]
    asked = read(tmp_path, row.format("08/01/2026"), day_first=True).entries
    assert asked["date"].dt.strftime("%m-%d").tolist() == ["01-08"]


def test_thousands_in_quotation_marks_are_one_number(tmp_path: Path) -> None:
    row = '08/01/2026,"Sub, huge",Sandwich,Lunch,1.5,Each,"1,656",0,82.5,108,124.5,22.5,n/a,7.5,268.5,"5,121"'
    entry = read(tmp_path, row).entries.iloc[0]
    assert (entry["food_text"], entry["amount"]) == ("Sub, huge", 1.5)
    assert (entry["recorded_energy"], entry["recorded_sodium"]) == (1656, 5121)
    assert entry["single_food"]


def test_older_layout_without_icon_and_deleted_is_read(tmp_path: Path) -> None:
    header = HEADER.replace("Icon,", "").replace("Deleted,", "")
    diary = read(tmp_path, "01/02/2020,Bagel,Breakfast,1,Each,289,2,11,56,0.3,n/a,2.4,0,561", header=header)
    assert diary.files["format"].tolist() == ["lose-it"]
    assert diary.entries["recorded_fiber_total"].tolist() == [2.4]


def test_energy_in_kilojoules_becomes_kilocalories_and_exercise_keeps_its_unit(tmp_path: Path) -> None:
    entries = read(
        tmp_path,
        "08/01/2026,Egg,Egg,Breakfast,1,Each,418.4,0,5,6,0,1.5,0,0,186,70",
        "08/01/2026,Walking,Walk,Exercise,30,Minutes,500,0",
        header=HEADER.replace("Calories", "Kilojoules"),
    ).entries
    assert entries["recorded_energy"].iloc[0] == pytest.approx(100)
    assert entries["note"].iloc[1] == "500 kJ burned, as the app has it"
