"""Nutrients and numbers of recall surveys, and what their readers make of files nobody wrote on purpose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.diary.asa24 import read_asa24
from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Grid
from nutridiary.diary.intake24 import read_intake24
from nutridiary.diary.nhanes import read_nhanes
from nutridiary.diary.reading import Options, account_for_all, filled_rows
from nutridiary.diary.survey_values import SurveyValues, number_text, set_food_code, set_grams
from nutridiary.errors import DiaryError

HEADERS = {
    read_asa24: [
        "UserName", "RecallNo", "RecallStatus", "IntakeStartDateTime", "ReportingDate", "Occ_Time", "Occ_Name",
        "FoodCode", "ModCode", "FoodAmt", "KCAL", "VITD", "FoodComp", "Food_Description",
    ],
    read_nhanes: [
        "SEQN", "DR1DRSTZ", "DR1DAY", "DR1_020", "DR1_030Z", "DR1IFDCD", "DR1MC", "DR1IGRMS", "DR1IKCAL", "DR1IVD",
        "DSDSUPP", "DS1MTCH", "DS1ACTSS", "DS1IVD",
    ],
    read_intake24: [
        "User ID", "Submission ID", "Recall Date", "Meal name", "Meal time", "Food code", "Name (en)", "Search term",
        "Brand", "Portion Weight", "Missing food description", "Missing food portion size", "Energy, kcal", "Vitamin D",
    ],
}  # fmt: skip
CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from(
        [
            "",
            "N/A",
            "NA",
            ".",
            "-1",
            "1e999",
            "11100000",
            "1.1e+07",
            "MISSING",
            "3/2/2021 0:00",
            "\uff18",
            "9" * 400,
            "9" * 5000,
            "-3",
        ]
    ),
)


def test_survey_values_of_a_short_row_are_those_it_has():
    assert SurveyValues({0: "zinc", 3: "iron"}).of(["1.5"]) == {"zinc": 1.5}


def test_survey_values_without_columns_have_none():
    assert SurveyValues({}).of([]) == {}


@pytest.mark.parametrize("cell", ["9e999", "nan", "inf", "not a number", "-", "NA", ".", "", None, float("nan")])
def test_survey_values_of_what_is_no_number_are_unknown(cell):
    assert SurveyValues({0: "zinc"}).of([cell]) == {}


def test_survey_values_zero_is_zero():
    assert SurveyValues({0: "zinc"}).of(["0"]) == {"zinc": 0.0}


@pytest.mark.parametrize("cell", ["1e999", "nan", "-inf"])
def test_number_text_of_a_number_that_is_none_stays_text(cell):
    assert number_text(cell) == cell


@pytest.mark.parametrize("cell", ["9", "0", "-11100000", "111000000", "1110000.5", "code"])
def test_set_food_code_of_another_list_is_kept_in_a_note_only(cell):
    entry = Entry("x.csv", 2)
    set_food_code(entry, cell)
    assert entry.stated_food_code is None
    assert cell in entry.notes[0]


def test_set_food_code_of_thousands_of_digits_is_none():
    entry = Entry("x.csv", 2)
    set_food_code(entry, "9" * 5000)
    assert entry.stated_food_code is None
    assert len(entry.notes[0]) < 100


def test_set_grams_zero_is_zero_and_a_large_weight_is_kept_and_said():
    zero, large = Entry("x.csv", 2), Entry("x.csv", 3)
    set_grams(zero, "0")
    set_grams(large, 15360.0)
    assert (zero.amount, zero.problem) == (0.0, None)
    assert large.amount == 15360.0
    assert "10 kg" in large.notes[0]


@pytest.mark.parametrize("read", HEADERS, ids=lambda read: read.__name__)
@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=16), max_size=4))
def test_survey_reader_of_any_cells_loses_no_row(read, rows):
    grid = Grid("any.csv", "any.csv", [HEADERS[read], *rows])
    try:
        reading = read([grid], Options())
    except DiaryError:
        return  # "say which: --day-first or --month-first" is an answer
    account_for_all([grid], reading)
    seen = {entry.line for entry in reading.entries} | {aside.line for aside in reading.left_aside}
    assert set(filled_rows(grid)) <= seen
    assert not any("nothing here was read" in aside.reason for aside in reading.left_aside)
