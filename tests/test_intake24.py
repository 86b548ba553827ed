"""Exports of Intake24, of both generations: foods, foods that were not in its list, days and people."""

from pathlib import Path

import pandas as pd
import pytest

from nutridiary.diary import read_whole
from nutridiary.diary.grid import Grid
from nutridiary.diary.intake24 import identify_intake24, read_intake24
from nutridiary.diary.reading import Options

EXPORTS = Path(__file__).parent / "data" / "exports"


@pytest.fixture(scope="module")
def recent():
    return read_whole(EXPORTS / "intake24_foods.csv")


@pytest.fixture(scope="module")
def older():
    return read_whole(EXPORTS / "intake24_v3.csv")


def test_read_intake24_food_keeps_person_day_meal_and_weight(recent):
    porridge = recent.entries.iloc[0]
    assert (porridge["person_id"], porridge["date"], porridge["time"]) == ("u-01", pd.Timestamp(2024, 5, 13), "08:00")
    assert (porridge["eating_occasion"], porridge["amount"], porridge["unit"]) == ("Breakfast", 210.0, "g")
    assert porridge["food_text"] == "Porridge, made with semi skimmed milk"
    assert porridge["single_food"]


def test_read_intake24_codes_of_its_own_list_are_never_taken_for_fndds(recent):
    assert recent.entries["stated_food_code"].isna().all()


def test_read_intake24_na_is_no_brand_and_no_value(recent):
    porridge, casserole = recent.entries.iloc[0], recent.entries.iloc[2]
    assert pd.isna(porridge["brand"])
    assert casserole["brand"] == "Mum's"
    assert pd.isna(casserole["recorded_calcium"])
    assert casserole["recorded_magnesium"] == 187.0


def test_read_intake24_energy_is_kilocalories_though_kilojoules_stand_beside_it(recent):
    assert recent.entries["recorded_energy"].iloc[0] == 167.5


def test_read_intake24_headings_without_unit_are_read_in_uk_units_and_named(recent):
    assert recent.entries["recorded_vitamin_d"].iloc[4] == 10.0
    assert "Vitamin D, Vitamin B12, Sodium" in recent.files["note"].iloc[0]


def test_read_intake24_missing_food_is_an_entry_with_its_description(recent):
    fool = recent.entries.iloc[3]
    assert (fool["food_text"], fool["amount"], fool["unit"]) == ("Rhubarb fool", 2.0, "tbsp")
    assert "stewed rhubarb with cream" in fool["note"]
    assert "left over" not in fool["note"]
    assert pd.isna(fool["recorded_energy"])


def test_read_intake24_missing_food_left_partly_is_said(older):
    kefir = older.entries.iloc[1]
    assert kefir["food_text"] == "oat kefir"
    assert 'left over: "about a third"' in kefir["note"]


def test_read_intake24_water_and_supplements_have_their_kind(recent):
    assert recent.entries["kind"].tolist() == ["food", "water", "food", "food", "supplement"]


def test_read_intake24_amount_marked_as_large_is_kept_and_said(recent):
    casserole = recent.entries.iloc[2]
    assert casserole["amount"] == 1250.0
    assert "unusually large" in casserole["note"]


def test_read_intake24_older_export_takes_the_day_of_the_recall_and_says_so(older):
    weetabix = older.entries.iloc[0]
    assert (weetabix["date"], weetabix["time"]) == (pd.Timestamp(2019, 10, 2), "07:45")
    assert "the days are those of the recalls" in older.files["note"].iloc[0]
    assert weetabix["recorded_vitamin_d"] == 0.0


def test_read_intake24_names_of_the_fields_themselves_are_headings_too():
    header = ["userId", "submissionId", "submissionTime", "mealName", "mealTime", "code", "englishName", "searchTerm",
              "nutrientTableCode", "portionWeight", "Magnesium (mg)"]  # fmt: skip
    row = ["u9", "s1", "2024-05-14T10:00:00.000Z", "Lunch", "12:30", "TOST", "Toast", "toast", "77", "36", "20"]
    grids = [Grid("x.csv", "x.csv", [header, row])]
    assert identify_intake24(grids)
    (entry,) = read_intake24(grids, Options()).entries
    assert (entry.person_id, str(entry.date), entry.time, entry.amount) == ("u9", "2024-05-14", "12:30", 36.0)
    assert entry.recorded == {"magnesium": 20.0}


def test_read_intake24_moments_and_clocks_as_its_versions_write_them_are_read():
    header = ["Submission ID", "Survey Alias / username", "Start DateTime", "Meal name", "Meal time", "Search term",
              "Description (en)", "Missing name", "Missing brand", "Portion Weight"]  # fmt: skip
    moment = "Tue May 14 2024 10:00:00 GMT+0000 (Coordinated Universal Time)"
    rows = [
        ["s1", "kim", moment, "Lunch", "12:5", "toast", "Toast", "N/A", "N/A", "36"],
        ["s1", "kim", moment, "Lunch", "9:30", "N/A", "N/A", "Kvass", "Home brew", "N/A"],
    ]
    toast, kvass = read_intake24([Grid("x.csv", "x.csv", [header, *rows])], Options()).entries
    assert (toast.person_id, str(toast.date), toast.time) == ("kim", "2024-05-14", "12:05")
    assert (kvass.food_text, kvass.brand, kvass.time) == ("Kvass", "Home brew", "09:30")


def test_read_intake24_short_row_is_kept():
    header = ["User ID", "Submission ID", "Recall Date", "Search term", "Name (en)", "Portion Weight", "Iron, mg"]
    grids = [Grid("x.csv", "x.csv", [header, ["u1", "s1", "not a day"]])]
    (entry,) = read_intake24(grids, Options()).entries
    assert "cannot read the date" in (entry.problem or "")
