"""Recalls and supplements as NHANES publishes them: read line by line, and held against the survey's own totals."""

import csv
import itertools
import lzma
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from conftest import skip_or_fail
from made_up_files import transport
from nutridiary.analysis import analyze
from nutridiary.data_files import data_file
from nutridiary.diary import read_whole
from nutridiary.diary.grid import Grid
from nutridiary.diary.nhanes import identify_nhanes, read_nhanes
from nutridiary.diary.reading import Options

EXPORTS = Path(__file__).parent / "data" / "exports"
SURVEY = Path(__file__).parents[2] / "shared" / "nhanes"


def foods(name="nhanes_dr1iff.csv"):
    return read_whole(EXPORTS / name).entries


def grid(*rows):
    return [Grid("made.xpt", "made.xpt", [list(row) for row in rows])]


def test_read_nhanes_food_keeps_code_grams_time_and_occasion():
    first = foods().iloc[0]
    assert (first["person_id"], first["stated_food_code"], first["amount"], first["unit"]) == (
        "900001", 55100050, 80.58, "g",
    )  # fmt: skip
    assert (first["time"], first["eating_occasion"], first["kind"]) == ("08:30", "Breakfast", "food")
    assert first["single_food"]
    assert pd.isna(first["food_text"])


def test_read_nhanes_spanish_occasion_and_midnight_stay_as_the_survey_has_them():
    evening = foods().iloc[3]
    assert (evening["eating_occasion"], evening["time"]) == ("Cena", "00:00")


def test_read_nhanes_whole_numbers_in_exponents_are_the_same_numbers():
    entries = foods()
    assert entries["stated_food_code"].iloc[4] == 11_000_000
    assert entries["person_id"].iloc[5] == "900000"


def test_read_nhanes_human_milk_without_weight_stays_unknown_and_says_so():
    milk = foods().iloc[4]
    assert pd.isna(milk["amount"])
    assert pd.isna(milk["recorded_energy"])
    assert "human milk" in milk["note"]


def test_read_nhanes_two_recalls_of_a_person_stand_on_two_days_of_the_right_weekday():
    whole = read_whole([EXPORTS / "nhanes_dr1iff.csv", EXPORTS / "nhanes_dr2iff.csv"])
    days = whole.entries.loc[whole.entries["person_id"] == "900001", "date"].drop_duplicates()
    # DR1DAY and DR2DAY are 2: Mondays.
    assert [day.day_name() for day in days] == ["Monday", "Monday"]
    assert whole.files["note"].str.contains("only weekdays").all()


def test_read_nhanes_unknown_weekday_is_a_day_of_its_recall_and_said():
    unknown = foods().iloc[5]
    assert unknown["date"] == pd.Timestamp(2000, 1, 2)
    assert "weekday of the first recall is not told" in unknown["note"]


def test_read_nhanes_recorded_values_are_the_cells_of_the_file_for_every_nutrient():
    with (EXPORTS / "nhanes_dr1iff.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with data_file("nutrients.csv").open(encoding="utf-8", newline="") as file:
        letters = {row["nutrient"]: row["nhanes_suffix"] for row in csv.DictReader(file) if row["nhanes_suffix"]}
    entries = foods()
    assert len(letters) == 65
    for nutrient, suffix in letters.items():
        written = [None if row[f"DR1I{suffix}"] == "NA" else float(row[f"DR1I{suffix}"]) for row in rows]
        read = [None if pd.isna(value) else value for value in entries[f"recorded_{nutrient}"]]
        assert read == written, nutrient


def test_read_nhanes_totals_are_no_foods_and_a_recall_not_done_is_a_note():
    entries = read_whole(EXPORTS / "nhanes_dr1tot.csv").entries.set_index("person_id")
    assert entries["kind"].to_dict() == {"900000": "note", "900001": "total", "900003": "total"}
    assert entries.loc["900000", "problem"] == "the recall was not done"
    assert pd.isna(entries.loc["900000", "date"])


def test_read_nhanes_supplement_is_kept_apart_with_what_was_taken():
    entries = read_whole(EXPORTS / "nhanes_ds1ids.csv").entries
    multi = entries.iloc[1]
    assert (entries["kind"] == "supplement").all()
    assert (multi["food_text"], multi["amount"], multi["unit"]) == ("ACME ONE A DAY MULTI", 0.5, "serving")
    assert (multi["recorded_iodine"], multi["recorded_iron"], multi["recorded_vitamin_d"]) == (75.0, 0.0, 5.0)
    assert pd.isna(entries["recorded_iron"].iloc[0])


def test_read_nhanes_supplement_nobody_named_has_a_problem():
    entries = read_whole(EXPORTS / "nhanes_ds1ids.csv").entries
    assert entries["problem"].iloc[3] == "the product was not told: not known"


def test_read_nhanes_the_same_recall_twice_counts_once(tmp_path):
    again = tmp_path / "copy.csv"
    again.write_bytes((EXPORTS / "nhanes_dr2iff.csv").read_bytes())
    entries = read_whole([EXPORTS / "nhanes_dr2iff.csv", again]).entries
    assert entries["problem"].notna().tolist() == [False, True]


@pytest.mark.parametrize("time_format", ["", "TIME"])
def test_read_nhanes_transport_file_is_read_like_text(tmp_path, time_format):
    columns = [(name, 0) for name in ("SEQN", "DR1DRSTZ", "DR1DAY", "DR1_020", "DR1_030Z", "DR1IFDCD", "DR1IGRMS",
                                      "DR1IMAGN", "DR1IVD")]  # fmt: skip
    path = tmp_path / "DR1IFF_J.XPT"
    path.write_bytes(transport(columns, [[93704, 1, 6, 30600, 1, 11100000, 80.58, 0, None]], {"DR1_020": time_format}))
    entries = read_whole(path).entries
    assert len(entries) == 1
    first = entries.iloc[0]
    assert (first["person_id"], first["time"], first["stated_food_code"]) == ("93704", "08:30", 11_100_000)
    assert (first["amount"], first["date"]) == (80.58, pd.Timestamp(2000, 1, 7))
    assert first["recorded_magnesium"] == 0.0
    assert "recorded_vitamin_d" not in entries.columns or pd.isna(first["recorded_vitamin_d"])


def test_read_nhanes_both_recalls_side_by_side_give_an_entry_each():
    header = ["SEQN", "DR1DAY", "DR1TMAGN", "DR2DAY", "DR2TMAGN"]
    reading = read_nhanes(grid(header, ["7", "1", "200", "3", "300"]), Options())
    assert [(e.source, e.date, e.recorded) for e in reading.entries] == [
        ("made.xpt:DR1T", date(2000, 1, 2), {"magnesium": 200.0}),
        ("made.xpt:DR2T", date(2000, 1, 11), {"magnesium": 300.0}),
    ]


def test_read_nhanes_supplements_of_thirty_days_belong_to_no_day():
    header = ["SEQN", "DSDSUPP", "DSDMTCH", "DSQIVD"]
    (entry,) = read_nhanes(grid(header, ["7", "VITAMIN D 1000 IU", "3", "25"]), Options()).entries
    assert entry.date is None
    assert "no day" in (entry.problem or "")
    assert entry.recorded == {"vitamin_d": 25.0}


def test_read_nhanes_changed_food_is_said():
    header = ["SEQN", "DR2DAY", "DR2IFDCD", "DR2MC", "DR2IGRMS", "DR2IKCAL"]
    rows = [["7", "1", "58106210", "202430", "100", "250"], ["7", "1", "58106210", "0", "100", "250"]]
    changed, plain = read_nhanes(grid(header, *rows), Options()).entries
    assert "202430" in (changed.note or "")
    assert plain.note is None


def test_read_nhanes_copy_with_words_for_codes_is_read_the_same():
    header = ["SEQN", "DR1DAY", "DR1_030Z", "DR1IFDCD", "DR1IGRMS", "DR1IKCAL"]
    rows = [["7", "6", "1", "11100000", "244", "150"], ["7", "Friday", "Breakfast", "11100000", "244", "150"]]
    coded, worded = read_nhanes(grid(header, *rows), Options()).entries
    assert (worded.date, worded.eating_occasion) == (coded.date, coded.eating_occasion)


def test_identify_nhanes_needs_more_than_the_number_of_a_respondent():
    assert not identify_nhanes(grid(["SEQN", "RIAGENDR", "RIDAGEYR"], ["93703", "2", "2"]))
    assert not identify_nhanes(grid(["Date", "Food", "DR1IKCAL"], ["2026-03-02", "toast", "100"]))


def beginning(name, folder, rows):
    """Return a file with the first rows of a survey file, so that reading it is a matter of a second."""
    if not SURVEY.is_dir():
        skip_or_fail("SKIPPED LOUDLY: the survey files (../shared/nhanes) are not here")
    path = folder / f"{name}.csv"
    with lzma.open(SURVEY / f"{name}.csv.xz", "rt", encoding="utf-8") as file:
        path.write_text("".join(itertools.islice(file, rows + 1)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("items", "totals"), [("DR1IFF_J", "DR1TOT_J"), ("DS1IDS_J", "DS1TOT_J")])
def test_read_nhanes_sums_of_the_items_are_the_totals_of_the_survey(tmp_path, items, totals):
    eaten = read_whole(beginning(items, tmp_path, 6_000)).entries
    days = read_whole(beginning(totals, tmp_path, 3_000)).entries
    days = days[days["kind"] == "total"].set_index("person_id")
    recorded = [name for name in eaten.columns if name.startswith("recorded_")]
    # The last person of the beginning may not be there with all lines.
    eaten = eaten[eaten["person_id"] != eaten["person_id"].iloc[-1]]
    summed = eaten.groupby("person_id")[recorded].sum(min_count=1)
    checked = 0
    for name in recorded:
        total = days[name].reindex(summed.index).dropna()
        digits = max((-Decimal(f"{value:.10g}").as_tuple().exponent for value in total.unique()), default=0)
        # The survey prints a total with so many decimals: half of the last is all it can differ by.
        off = (summed[name].reindex(total.index) - total).abs()
        assert not (off > 0.5 * 10.0 ** -max(digits, 0) + 1e-9).any(), name
        checked += len(total)
    assert checked > 5_000


def test_totals_of_foods_and_supplements_in_one_file_are_told_apart(tmp_path):
    file = tmp_path / "merged.csv"
    file.write_text("SEQN,RIDAGEYR,DR1DAY,DR1TMAGN,DS1TMAGN\n93705,66,6,210,100\n")
    entries = read_whole(file).entries
    assert entries[["kind", "total_of", "recorded_magnesium"]].to_numpy().tolist() == [
        ["total", "foods", 210],
        ["total", "supplements", 100],
    ]
    intakes = analyze(file, values="recorded", nutrients=["magnesium"]).intakes
    intakes = intakes[intakes["nutrient"] == "magnesium"]
    assert intakes.set_index("source_kind")["amount"].to_dict() == {"food": 210, "supplement": 100}


def test_file_cut_down_to_food_codes_and_grams_is_read(tmp_path):
    file = tmp_path / "foods.csv"
    file.write_text("SEQN,DR1IFDCD,DR1IGRMS\n93705,11111000,244\n93705,,\n")
    entries = read_whole(file).entries
    assert entries["stated_food_code"].iloc[0] == 11111000
    assert entries[["amount", "unit", "person_id"]].iloc[0].tolist() == [244, "g", "93705"]
    assert len(entries) == 2


def test_names_joined_to_the_food_codes_are_kept(tmp_path):
    file = tmp_path / "foods.csv"
    file.write_text('SEQN,DR1IFDCD,DR1IGRMS,DRXFCSD,DRXFCLD\n93705,11111000,244,"MILK, WHOLE","Milk, cow\'s, whole"\n')
    assert read_whole(file).entries["food_text"].tolist() == ["Milk, cow's, whole"]


def test_numbers_with_decimal_commas_are_the_same_people_and_foods(tmp_path):
    file = tmp_path / "foods.csv"
    file.write_text("SEQN;DR1IFDCD;DR1IGRMS;DR1IMAGN\n93705,0;11111000,0;30,5;3,7\n")
    entry = read_whole(file).entries.iloc[0]
    assert entry[["person_id", "stated_food_code", "amount", "recorded_magnesium"]].tolist() == [
        "93705",
        11111000,
        30.5,
        3.7,
    ]
