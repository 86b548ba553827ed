"""MacroFactor: its food log and workbook, and what its serving weights are of."""

import datetime
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from nutridiary.diary.whole import Diary, read_whole

HEADER = (
    "Date,Time,Food Name,Serving Size,Serving Qty,Serving Weight (g),Calories (kcal),Fat (g),Carbs (g),Protein (g),"
    "Alcohol (g),Vitamin D (mcg),Water (g)"
)


def read(tmp_path: Path, *rows: str) -> Diary:
    path = tmp_path / "log.csv"
    path.write_text("\ufeff" + "\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return read_whole(path)


# 2 cups of boiled pasta of 140 g: 280 g, of which 62.1 % is water (USDA SR Legacy, pasta cooked, enriched).
OF_ONE = '2026-10-01,12:00,"Pasta, cooked",cup,2,140,442,2.6,86.4,16.2,0,0,174'
OF_ALL = '2026-10-01,12:00,"Pasta, cooked",cup,2,280,442,2.6,86.4,16.2,0,0,174'


@pytest.mark.parametrize("row", [OF_ONE, OF_ALL])
def test_what_a_food_is_made_of_shows_what_its_serving_weight_is_of(tmp_path: Path, row: str) -> None:
    entry = read(tmp_path, row).entries.iloc[0]
    assert (entry["amount"], entry["unit"]) == (280, "g")


@pytest.mark.parametrize(
    ("row", "grams"),
    [("2026-10-01,12:00,Chicken,g,150,1,248,5,0,47,,,", 150), ("2026-10-01,12:00,Chicken,g,150,150,248,5,0,47,,,", 150),
     ("2026-10-01,12:00,Ham,1 slice (30 g),3,30,100,3,1,17,,,", 90),
     ("2026-10-01,12:00,Ham,1 slice (30 g),3,90,100,3,1,17,,,", 90)],
)  # fmt: skip
def test_a_serving_that_is_a_weight_shows_what_the_serving_weight_is_of(tmp_path: Path, row: str, grams: float) -> None:
    assert read(tmp_path, row).entries["amount"].tolist() == [grams]


def test_one_row_that_shows_it_decides_for_the_rows_that_do_not(tmp_path: Path) -> None:
    silent = "2026-10-01,13:00,Apple,medium,2,182,95,0,25,0,,,"
    alone = read(tmp_path, silent).entries.iloc[0]
    assert alone["amount"] == 364
    assert "taken for that of one serving: no row of the file shows which" in alone["note"]
    assert read(tmp_path, silent, OF_ALL).entries["amount"].tolist() == [182, 280]


def test_blank_is_untracked_not_zero_and_vitamin_d_is_in_micrograms(tmp_path: Path) -> None:
    entries = read(
        tmp_path,
        "2026-10-01,07:30,Milk,cup,1,244,149,8,12,8,0,3.2,215",
        "2026-10-01,08:00,Bar,bar,1,40,180,8,20,7,,,",
    ).entries
    assert entries["recorded_vitamin_d"].tolist()[0] == 3.2
    assert pd.isna(entries["recorded_vitamin_d"].tolist()[1])
    assert entries["recorded_alcohol"].tolist()[0] == 0


def test_workbook_gives_foods_and_the_totals_of_its_days_once(tmp_path: Path) -> None:
    book = Workbook()
    macros = book.active
    macros.title = "Calories & Macros"
    macros.append(["Date", "Calories (kcal)", "Protein (g)", "Carbs (g)", "Fat (g)"])
    macros.append([datetime.datetime(2026, 9, 30), 2150, 150, 230, 70])
    macros.append([datetime.datetime(2026, 10, 1), 149, 8, 12, 8])
    micros = book.create_sheet("Micronutrients")
    micros.append(["Date", "Magnesium (mg)", "Vitamin D (mcg)", "Iron (mg)"])
    micros.append([datetime.datetime(2026, 9, 30), 310, 4.5, None])
    log = book.create_sheet("Food Log")
    log.append(HEADER.split(","))
    log.append(
        [datetime.datetime(2026, 10, 1), datetime.time(7, 30), "Milk", "cup", 1, 244, 149, 8, 12, 8, 0, 3.2, 215]
    )
    weights = book.create_sheet("Scale Weight")
    weights.append(["Date", "Weight (kg)"])
    weights.append([datetime.datetime(2026, 9, 30), 71.5])
    book.save(tmp_path / "export.xlsx")
    diary = read_whole(tmp_path / "export.xlsx")
    assert diary.entries["kind"].tolist() == ["total", "total", "food"]
    assert diary.entries.loc[0, ["recorded_energy", "recorded_magnesium", "recorded_vitamin_d"]].tolist() == [
        2150,
        310,
        4.5,
    ]
    assert "recorded_iron" not in diary.entries
    assert diary.entries["time"].tolist()[2] == "07:30"
    aside = diary.left_aside.set_index("source")["reason"]
    assert aside["export.xlsx:Scale Weight"] == "a sheet of MacroFactor without foods"
    assert aside["export.xlsx:Micronutrients"].tolist()[1] == (
        "joined to the totals of the day in export.xlsx:Calories & Macros, row 2"
    )


def test_a_food_without_weight_keeps_its_serving(tmp_path: Path) -> None:
    entry = read(tmp_path, "2026-10-01,19:40,Restaurant bowl,serving,1.5,,700,,,,,,").entries.iloc[0]
    assert (entry["amount"], entry["unit"]) == (1.5, "serving")
