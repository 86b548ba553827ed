"""Files of ASA24 in the layouts of its editions: what each row becomes, and that items add up to their totals."""

import csv
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from nutridiary.analysis import analyze
from nutridiary.diary import read_whole
from nutridiary.diary.asa24 import identify_asa24, read_asa24
from nutridiary.diary.grid import Grid
from nutridiary.diary.reading import Options
from nutridiary.diary.totals_check import recorded_totals_check
from nutridiary.errors import DiaryError

EXPORTS = Path(__file__).parent / "data" / "exports"


def items(name="asa24_items_2020.csv"):
    return read_whole(EXPORTS / name).entries


def read(*rows):
    return read_asa24([Grid("Items.csv", "Items.csv", [list(row) for row in rows])], Options())


def test_read_asa24_food_keeps_person_code_grams_meal_and_time():
    cereal = items().iloc[0]
    assert (cereal["person_id"], cereal["date"], cereal["time"]) == ("AMB01", pd.Timestamp(2021, 3, 2), "07:30")
    assert (cereal["eating_occasion"], cereal["stated_food_code"]) == ("Breakfast", 57123000)
    assert (cereal["amount"], cereal["unit"], cereal["kind"]) == (28.0, "g", "food")
    assert cereal["single_food"]


def test_read_asa24_day_is_the_day_eaten_not_the_day_reported():
    # The recalls were reported on the 3rd and 10th of March, of the 2nd and 9th.
    assert items()["date"].dt.day.unique().tolist() == [2, 9]


def test_read_asa24_meals_are_words():
    assert items()["eating_occasion"].tolist() == [
        *("Breakfast", "Breakfast", "Just a drink", "Lunch", "Snack", "Breakfast", "Lunch", "Brunch")
    ]


def test_read_asa24_food_without_code_stays_with_its_text_and_unknown_values():
    kale = items().iloc[6]
    assert kale["food_text"] == 'Food not in list, described as "kale thing"'
    assert pd.isna(kale["stated_food_code"])
    assert pd.isna(kale["recorded_energy"])
    assert 'food code "9"' in kale["note"]


def test_read_asa24_recall_that_was_broken_off_says_so():
    assert items()["note"].iloc[7] == "the recall was broken off"


def test_read_asa24_changed_food_is_said():
    assert "ModCode 100105" in items()["note"].iloc[3]


def test_read_asa24_food_record_of_2016_keeps_each_day_apart():
    record = items("asa24_items_2016.csv")
    assert record["date"].dt.strftime("%Y-%m-%d").tolist() == ["2017-12-14", "2017-12-14", "2017-12-15", "2018-01-02"]
    assert record["time"].tolist() == ["08:00", "00:00", "18:30", "07:05"]


def test_read_asa24_sums_of_items_are_the_totals_to_the_last_digit():
    """Sums in decimal numbers, so that nothing is rounded away."""
    eaten = items()
    totals = items("asa24_totals_2020.csv").set_index(["person_id", "date"])
    recorded = [name for name in totals.columns if name.startswith("recorded_")]
    assert len(recorded) == 65
    sums: dict[tuple[str, pd.Timestamp, str], Decimal] = {}
    for row in eaten.to_dict("records"):
        for name in recorded:
            if not pd.isna(row[name]):
                key = (row["person_id"], row["date"], name)
                sums[key] = sums.get(key, Decimal(0)) + Decimal(repr(row[name]))
    assert len(sums) == 3 * 65
    for (person, day, name), total in sums.items():
        assert total == Decimal(repr(float(totals.loc[(person, day), name]))), name


def test_read_asa24_recorded_values_are_the_cells_of_the_file():
    with (EXPORTS / "asa24_items_2020.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    entries = items()
    for heading, nutrient in {
        "VITD": "vitamin_d",
        "MAGN": "magnesium",
        "POTA": "potassium",
        "CALC": "calcium",
        "VB12": "vitamin_b12",
        "B12_ADD": "vitamin_b12_added",
        "CHOLE": "cholesterol",
        "CHOLN": "choline",
        "ALC": "alcohol",
        "VITE_ADD": "vitamin_e_added",
        "FA": "folic_acid",
        "FDFE": "folate_dfe",
        "S180": "fatty_acid_18_0",
        "P226": "fatty_acid_22_6_n3",
    }.items():
        written = [float(row[heading]) if row[heading] else None for row in rows]
        assert [None if pd.isna(v) else v for v in entries[f"recorded_{nutrient}"]] == written, heading


def test_read_asa24_totals_are_of_kind_total_and_say_of_what():
    totals = items("asa24_totals_2020.csv")
    assert (totals["kind"] == "total").all()
    assert totals["note"].str.contains("foods of one recall").all()


def test_read_asa24_supplements_stay_supplements_with_their_doses():
    taken = items("asa24_ins_2020.csv")
    assert taken["kind"].tolist() == ["supplement"] * 3
    assert taken["amount"].tolist()[:2] == [1.0, 2.0]
    assert taken["unit"].tolist()[:2] == ["tablet", "capsule"]
    assert (taken["recorded_vitamin_d"].iloc[0], taken["recorded_magnesium"].iloc[1]) == (50.0, 500.0)
    assert pd.isna(taken["recorded_magnesium"].iloc[2])
    assert taken["stated_food_code"].isna().all()


def test_read_asa24_headings_in_other_order_and_case_are_read_the_same():
    straight = read(
        ["UserName", "RecallNo", "IntakeStartDateTime", "Occ_Time", "FoodCode", "FoodAmt", "MAGN", "Food_Description"],
        ["a", "1", "3/2/2021 0:00", "8:00", "11100000", "244", "27", "Milk, NFS"],
    )
    shuffled = read(
        ["\ufeffFOOD_DESCRIPTION", "magn", "foodamt", "extra", "foodcode", "occ_time", "intakestartdatetime",
         "recallno", "username"],
        ["Milk, NFS", "27", "244", "?", "11100000", "8:00", "3/2/2021 0:00", "1", "a"],
    )  # fmt: skip
    assert straight.entries == shuffled.entries
    assert "columns not used: extra" in shuffled.notes


def test_read_asa24_without_intake_date_takes_the_day_reported_and_says_so():
    reading = read(
        ["UserName", "RecallNo", "ReportingDate", "FoodCode", "FoodAmt", "MAGN"],
        ["a", "1", "03/04/2021", "11100000", "244", "27"],
    )
    assert str(reading.entries[0].date) == "2021-03-04"
    assert any("no intake date" in note for note in reading.notes)


def test_read_asa24_time_of_the_next_calendar_day_stays_in_its_recall():
    (late,) = read(
        ["UserName", "RecallNo", "IntakeStartDateTime", "Occ_Time", "FoodCode", "FoodAmt", "MAGN"],
        ["a", "1", "10/1/2021 9:30 AM", "10/2/2021 7:15 AM", "11100000", "244", "27"],
    ).entries
    assert (str(late.date), late.time) == ("2021-10-01", "07:15")
    assert "2021-10-02" in (late.note or "")


def test_read_asa24_two_recalls_of_one_day_are_named():
    row = ["a", "1", "3/2/2021", "11100000", "244", "27"]
    reading = read(
        ["UserName", "RecallNo", "IntakeStartDateTime", "FoodCode", "FoodAmt", "MAGN"], row, ["a", "2", *row[2:]]
    )
    assert any("several recalls of one day" in note and "a on 2021-03-02" in note for note in reading.notes)


def test_read_asa24_row_without_day_or_with_broken_cells_is_kept_with_a_problem():
    reading = read(
        ["UserName", "RecallNo", "IntakeStartDateTime", "Occ_Time", "FoodCode", "FoodAmt", "MAGN"],
        ["a", "1", "", "noonish", "-1", "lots", "n/a"],
        ["a", "1", "3/2/2021"],
    )
    first, second = reading.entries
    assert first.problem == "no date: the row has none, and no row above it has one"
    assert 'time "noonish" not read' in (first.note or "")
    assert (first.stated_food_code, first.recorded) == (None, {})
    assert (second.problem, second.recorded) == (None, {})


def test_read_asa24_negative_weight_is_refused():
    (entry,) = read(
        ["UserName", "RecallNo", "ReportingDate", "FoodCode", "FoodAmt", "MAGN"],
        ["a", "1", "3/2/2021", "11100000", "-5", "27"],
    ).entries
    assert entry.problem == 'the amount "-5 g" is negative'
    assert entry.recorded == {"magnesium": 27.0}


def test_read_asa24_file_of_answers_is_left_aside_with_the_reason(tmp_path):
    answers = tmp_path / "MS.csv"
    answers.write_text("UserName,RecallNo,Occ_No,FoodListTerm,Answer\nAMB01,1,1,Cereal,Yes\n", encoding="utf-8")
    whole = read_whole([EXPORTS / "asa24_items_2020.csv", answers])
    assert len(whole.entries) == 8
    assert whole.left_aside["reason"].str.contains("file of answers").sum() == 1
    with pytest.raises(DiaryError, match="file of answers"):
        read_whole(answers)


def test_identify_asa24_leaves_other_tables_alone():
    for header in (["Date", "Food", "Amount"], ["SEQN", "DR1IFDCD", "DR1IKCAL"], ["UserName", "Date", "FoodCode"]):
        assert not identify_asa24([Grid("x.csv", "x.csv", [header, ["1", "2", "3"]])])


def test_table_written_by_r_with_row_names_keeps_its_columns(tmp_path: Path) -> None:
    with (EXPORTS / "asa24_items_2020.csv").open(encoding="utf-8", newline="") as export:
        rows = list(csv.reader(export))
    numbered = [rows[0], *([str(number), *row] for number, row in enumerate(rows[1:], 1))]
    file = tmp_path / "items.txt"
    file.write_text(
        "".join("\t".join('"' + cell.replace('"', '\\"') + '"' for cell in row) + "\n" for row in numbered),
        encoding="utf-8",
    )
    read = read_whole(file).entries.drop(columns="source")
    pd.testing.assert_frame_equal(read, items().drop(columns="source"))


# -- Totals of foods, of supplements and of both ----------------------------------------------------------------------

_WHO = "UserName,RecallNo,IntakeStartDateTime"
_ITEMS = f'{_WHO},FoodCode,FoodAmt,CALC,MAGN,Food_Description\nU1,1,11/5/2021 0:00,11111000,244,300,24,"Milk, whole"\n'
_DOSE = "SupplCode,SupplAmount,SupplUnit,CALC,MAGN,Suppl_Description"
_INS = f"{_WHO},{_DOSE}\nU1,1,11/5/2021 0:00,1,2,Tablet(s),600,100,CAL-MAG\n"
_OF_FOODS = f"{_WHO},NumFoods,NumCodes,CALC,MAGN\nU1,1,11/5/2021 0:00,1,1,300,24\n"
_OF_SUPPLEMENTS = f"{_WHO},NumSuppls,CALC,MAGN\nU1,1,11/5/2021 0:00,1,600,100\n"
_OF_BOTH = f"{_WHO},NumFoods,NumSuppls,CALC,MAGN\nU1,1,11/5/2021 0:00,1,1,900,124\n"


def _day_of(tmp_path: Path, *texts: str) -> pd.DataFrame:
    files = [tmp_path / f"{number}.csv" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return analyze(files, values="recorded", nutrients=["calcium", "magnesium"]).intakes


@pytest.mark.parametrize(
    ("texts", "calcium"),
    [
        ((_OF_FOODS, _OF_BOTH), 900),
        ((_OF_BOTH, _OF_FOODS, _OF_SUPPLEMENTS), 900),
        ((_OF_FOODS, _OF_SUPPLEMENTS), 900),
        ((_ITEMS, _OF_SUPPLEMENTS), 900),
        ((_INS, _OF_FOODS, _OF_SUPPLEMENTS), 900),
        ((_INS, _OF_SUPPLEMENTS), 600),
        ((_ITEMS, _INS, _OF_FOODS, _OF_SUPPLEMENTS, _OF_BOTH), 900),
    ],
)
def test_totals_and_lines_of_one_day_count_foods_and_supplements_once(
    tmp_path: Path, texts: tuple[str, ...], calcium: float
) -> None:
    intakes = _day_of(tmp_path, *texts)
    assert intakes.loc[intakes["nutrient"] == "calcium", "amount"].sum(min_count=1) == calcium


def test_total_of_supplements_is_apart_from_food(tmp_path: Path) -> None:
    intakes = _day_of(tmp_path, _ITEMS, _OF_SUPPLEMENTS)
    magnesium = intakes[intakes["nutrient"] == "magnesium"].set_index("source_kind")["amount"]
    assert magnesium.to_dict() == {"food": 24, "supplement": 100}


def test_totals_are_held_against_the_lines_they_are_of(tmp_path: Path) -> None:
    texts = (_ITEMS, _INS, _OF_FOODS, _OF_SUPPLEMENTS, _OF_BOTH)
    files = [tmp_path / f"{number}.csv" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    found = recorded_totals_check(read_whole(files).entries)
    assert found["agrees"].all()
    calcium = found[found["nutrient"] == "calcium"].set_index("total_of")["own_total"]
    assert calcium.to_dict() == {"foods": 300, "supplements": 600, "foods and supplements": 900}
