import datetime as dt

import openpyxl
import pytest

from nutridiary.data_files import data_file
from nutridiary.diary import read_diary, read_people, read_whole
from nutridiary.errors import DiaryError, PersonError
from nutridiary.references import Person

HEADER = ["Person", "Sex", "Age", "Birth date", "Pregnant", "Lactating", "Weight", "Height", "Smoker"]


def book_with(tmp_path, rows, name="Person"):
    book = openpyxl.Workbook()
    book.active.title = "Diary"
    for row in (["Date", "Food"], ["2026-03-02", "rice"]):
        book.active.append(row)
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "d.xlsx")
    return tmp_path / "d.xlsx"


def test_read_people_reads_a_line_per_person(tmp_path):
    rows = [
        ["Who ate"],
        HEADER,
        ["Ann", "F", 34, None, "no", "yes", "64 kg", "168 cm", "no"],
        ["Bo", "man", None, dt.datetime(1980, 5, 17), None, None, "10 st", "5' 6\"", "x"],
        [None, None, None, None, None, None, None, None, None],
        ["age in years, please"],
    ]
    people = read_people(book_with(tmp_path, rows, "People"))
    assert list(people) == ["Ann", "Bo"]
    assert people["Ann"] == Person(
        sex="female", age_years=34, pregnant=False, lactating=True, weight_kg=64, height_cm=168, smoker=False
    )
    assert (people["Bo"].sex, people["Bo"].birth_date, people["Bo"].smoker) == ("male", dt.date(1980, 5, 17), True)
    # 10 stone = 140 lb of 0.45359237 kg; 5 ft 6 in = 66 in of 2.54 cm.
    assert people["Bo"].weight_kg == pytest.approx(140 * 0.45359237, abs=1e-3)
    assert people["Bo"].height_cm == pytest.approx(66 * 2.54)


def test_read_people_of_a_diary_that_names_nobody_is_the_empty_name(tmp_path):
    people = read_people(book_with(tmp_path, [["Sex", "Age"], ["female", 34]]))
    assert people == {"": Person(sex="female", age_years=34)}


def test_read_people_reads_labels_in_the_first_column(tmp_path):
    people = read_people(book_with(tmp_path, [["Sex", "female"], ["Age", "34 years"], ["Weight (kg)", 64]]))
    assert people == {"": Person(sex="female", age_years=34, weight_kg=64)}


@pytest.mark.parametrize(("weight", "height"), [("Weight kg", "Height cm"), ("weight_kg", "height_cm")])
def test_read_people_takes_the_unit_a_heading_ends_with(tmp_path, weight, height):
    people = read_people(book_with(tmp_path, [["Sex", "Age", weight, height], ["female", 34, 60, 165]]))
    assert people == {"": Person(sex="female", age_years=34, weight_kg=60, height_cm=165)}


def test_read_people_sheet_is_no_diary_sheet(tmp_path):
    path = book_with(tmp_path, [HEADER, ["Ann", "female", 34]])
    assert read_diary(path)["source"].unique().tolist() == ["d.xlsx:Diary"]


def test_read_people_without_a_person_sheet_is_empty(tmp_path):
    assert read_people(book_with(tmp_path, [["Things"], ["rice"]], "Shopping")) == {}
    assert read_people(data_file("diaries", "thirty_days.csv")) == {}
    assert read_people(data_file("diaries", "template.xlsx")) == {}


def test_read_people_of_the_example_diary():
    assert read_people(data_file("diaries", "example.xlsx")) == {
        "": Person(sex="female", age_years=34, weight_kg=64, height_cm=168, smoker=False, activity="low_active")
    }


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        (["Ann", "femal", 34], DiaryError, "cell B2: cannot read \"femal\" under sex. Expected one of: female, male."),
        (["Ann", None, 34], PersonError, "d.xlsx:Person:2: no sex is given"),
        (["Ann", "female", "thirty"], DiaryError, 'cell C2: cannot read the age "thirty"'),
        (["Ann", "female"], PersonError, "d.xlsx:Person:2: neither age nor birth date"),
        (["Ann", "female", 34, None, "maybe"], DiaryError, 'cannot read "maybe" under pregnant. Expected one of: yes'),
        (["Ann", "female", 34, None, None, None, 64], DiaryError, 'the weight "64" has no unit'),
        (["Ann", "female", 34, None, None, None, None, "tall"], DiaryError, 'cannot read the height "tall"'),
        (["Ann", "male", 34, None, "yes"], PersonError, "d.xlsx:Person:2"),
        (["Ann", "female", None, "31/2/1990"], DiaryError, 'there is no day "31/2/1990"'),
        (["Ann", "female", None, "3/4/1990"], DiaryError, "3/4/1990 can be 3 April or 4 March"),
    ],
)  # fmt: skip
def test_read_people_says_where_and_what_it_cannot_read(tmp_path, row, error, words):
    with pytest.raises(error) as raised:
        read_people(book_with(tmp_path, [HEADER, row]))
    assert words in str(raised.value)


def test_read_people_named_twice_is_refused(tmp_path):
    with pytest.raises(PersonError, match="two lines for person 'Ann'"):
        read_people(book_with(tmp_path, [HEADER, ["Ann", "female", 34], ["Ann", "female", 35]]))


def test_every_row_of_a_person_sheet_is_a_person_or_left_aside():
    diary = read_whole(data_file("diaries", "example.xlsx"))
    row = diary.files.set_index("source").loc["example.xlsx:Person"]
    assert row[["rows", "entries", "left_aside"]].tolist() == [7, 1, 6]
    aside = diary.left_aside[diary.left_aside["source"] == "example.xlsx:Person"]
    assert aside["line"].tolist() == [1, 2, 4, 9, 10, 11]


@pytest.mark.parametrize("born", ["1930-01-02", "2 January 1930", dt.datetime(1930, 1, 2)])
def test_somebody_born_before_1950_is_described_on_a_person_sheet(tmp_path, born):
    book = openpyxl.Workbook()
    book.active.title = "Person"
    for row in (["Sex", "Birth date"], ["female", born]):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    (person,) = read_people(tmp_path / "people.xlsx").values()
    assert person.age_on(dt.date(2026, 3, 1)) == 96
