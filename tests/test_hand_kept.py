"""Diaries kept by hand: plans on a page, plain lines, chats, tables in the shapes people give them."""

import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from nutridiary.data_files import data_file
from nutridiary.diary.grid import Grid
from nutridiary.diary.readers import READERS
from nutridiary.diary.reading import Options, account_for_all, filled_rows
from nutridiary.diary.whole import Diary, read_whole
from nutridiary.errors import DiaryError


def read_text(tmp_path: Path, text: str, name: str = "diary.csv", **options: object) -> Diary:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_whole(path, **options)  # type: ignore[arg-type]


def days(diary: Diary) -> list[str]:
    return diary.entries["date"].dt.strftime("%Y-%m-%d").tolist()


def test_weekday_columns_without_any_date_say_so_and_take_the_week_from_date(tmp_path: Path) -> None:
    text = "Meal,Mon,Tue,Sun\nLunch,soup,2 eggs,roast\n"
    without = read_text(tmp_path, text)
    assert without.entries["date"].isna().all()
    assert without.entries["problem"].str.contains("--date YYYY-MM-DD", regex=False).all()
    # 2025-03-05 is a Wednesday: the week begins with it, so its Sunday is the 9th and its Monday the 10th.
    given_day = read_text(tmp_path, text, date="2025-03-05")
    assert days(given_day) == ["2025-03-10", "2025-03-11", "2025-03-09"]


def test_lines_of_one_cell_become_entries_with_keys_of_their_own(tmp_path: Path) -> None:
    diary = read_text(tmp_path, 'Date,Breakfast,Lunch\n2025-03-03,"porridge\n- 1 banana",soup 300 ml\n')
    assert diary.entries[["source", "line"]].to_numpy().tolist() == [
        ["diary.csv:B:1", 2],
        ["diary.csv:B:2", 2],
        ["diary.csv:C", 2],
    ]
    assert diary.entries["food_text"].tolist() == ["porridge", "banana", "soup"]
    assert diary.entries["eating_occasion"].tolist() == ["Breakfast", "Breakfast", "Lunch"]


def test_a_workbook_may_hold_a_plan_and_a_table(tmp_path: Path) -> None:
    book = Workbook()
    plan = book.active
    plan.title = "Plan"
    plan.append(["Week commencing 3 March 2025"])
    plan.append([None, "Monday", "Tuesday", "Wednesday"])
    plan.append(["Dinner", "pizza 2 slices", None, "rice"])
    table = book.create_sheet("Log")
    table.append(["Date", "Food", "Amount"])
    table.append([datetime.date(2025, 3, 6), "Milk", "200 ml"])
    book.create_sheet("Shopping").append(["potatoes", "onions"])
    book.save(tmp_path / "diary.xlsx")
    diary = read_whole(tmp_path / "diary.xlsx")
    assert days(diary) == ["2025-03-03", "2025-03-05", "2025-03-06"]
    assert diary.left_aside.iloc[-1]["text"] == "Shopping"


def test_dates_as_columns_of_a_workbook_are_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append([None, *(datetime.datetime(2025, 3, day) for day in (3, 4, 5))])
    book.active.append(["Breakfast", "toast 2 slices", None, "1 egg"])
    book.save(tmp_path / "diary.xlsx")
    diary = read_whole(tmp_path / "diary.xlsx")
    assert days(diary) == ["2025-03-03", "2025-03-05"]
    assert diary.entries["amount"].tolist() == [2.0, 1.0]


def test_merged_meal_cells_hold_for_the_rows_they_cover_and_no_further(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (
        ["Date", "Meal", "Food", "Amount"],
        ["2025-03-03", "Breakfast", "toast", "2 slices"],
        [None, None, "milk", "200 ml"],
        [None, None, "apple", "1"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B2:B3")
    book.save(tmp_path / "diary.xlsx")
    meals = read_whole(tmp_path / "diary.xlsx").entries["eating_occasion"]
    assert meals.tolist()[:2] == ["Breakfast", "Breakfast"]
    assert pd.isna(meals[2])


def test_header_of_two_rows_is_one_header(tmp_path: Path) -> None:
    diary = read_text(tmp_path, "Date,Food,Quantity,,Energy\n,,Amount,Unit,kcal\n2025-03-03,milk,2,cups,244\n")
    assert diary.entries.loc[0, ["food_text", "amount", "unit"]].tolist() == ["milk", 2.0, "cup"]
    assert diary.entries["recorded_energy"].tolist() == [244.0]
    assert diary.left_aside["reason"].tolist() == ["the header", "the header"]


def test_rows_of_days_and_meals_hold_for_the_rows_below(tmp_path: Path) -> None:
    text = "Food,Amount\nMonday 3 March 2025,\nBreakfast,\ntoast,2 slices\nTuesday 4 March 2025,\nmilk,200 ml\n"
    entries = read_text(tmp_path, text).entries
    foods = entries[entries["kind"] == "food"]
    assert foods["date"].dt.day.tolist() == [3, 4]
    assert foods["eating_occasion"].tolist()[0] == "Breakfast"
    assert pd.isna(foods["eating_occasion"].tolist()[1])
    assert (entries.loc[entries["kind"] == "note", "problem"].notna()).all()


def test_a_sheet_per_day_takes_its_day_from_its_name(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("3 March 2025", "4 March 2025"):
        sheet = book.create_sheet(name)
        sheet.append(["Food", "Amount"])
        sheet.append(["toast", "2 slices"])
    book.save(tmp_path / "diary.xlsx")
    diary = read_whole(tmp_path / "diary.xlsx")
    assert days(diary) == ["2025-03-03", "2025-03-04"]
    assert diary.entries["note"].tolist()[1] == "date taken from the sheet's name"


def test_a_sheet_per_weekday_is_spread_over_the_week_given(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("Monday", "Tue"):
        sheet = book.create_sheet(name)
        sheet.append(["Food", "Amount"])
        sheet.append(["toast", "2 slices"])
    book.save(tmp_path / "diary.xlsx")
    with pytest.raises(DiaryError, match="--date"):
        read_whole(tmp_path / "diary.xlsx")
    assert days(read_whole(tmp_path / "diary.xlsx", date="2025-03-03")) == ["2025-03-03", "2025-03-04"]


def test_total_rows_bring_no_recorded_values_of_their_own(tmp_path: Path) -> None:
    entries = read_text(tmp_path, "Date,Food,kcal\n2025-03-03,milk,120\n,egg,80\n,Total,200\n").entries
    assert entries["recorded_energy"].sum() == 200


@pytest.mark.parametrize(
    ("text", "kind", "food", "amount"),
    [
        ("8 glasses of water", "water", "water", 8),
        ("water 2 L", "water", "water", 2),
        ("tap water", "water", "tap water", None),
        ("coconut water 200 ml", "food", "coconut water", 200),
        ("water melon 100 g", "food", "water melon", 100),
    ],
)
def test_only_plain_water_is_water(tmp_path: Path, text: str, kind: str, food: str, amount: float | None) -> None:
    entry = read_text(tmp_path, f"Date,Food\n2025-03-03,{text}\n").entries.iloc[0]
    assert (entry["kind"], entry["food_text"]) == (kind, food)
    assert entry["amount"] == amount or (amount is None and pd.isna(entry["amount"]))


@pytest.mark.parametrize(
    "text", ["tired, had toast", "happy meal", "full english breakfast", "low fat yogurt", "stuffed pepper"]
)
def test_foods_that_sound_like_moods_stay_foods(tmp_path: Path, text: str) -> None:
    assert read_text(tmp_path, f'Date,Food\n2025-03-03,"{text}"\n').entries["kind"].tolist() == ["food"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("12/03/2025, 08:14 - Anna: 2 toast", "2025-03-12"),
        ("[13.03.25, 08:14:22] Anna: 2 toast", "2025-03-13"),
        ("3/13/25, 8:14 PM - Anna: 2 toast", "2025-03-13"),
        ("2025-03-13, 20:14 - Anna: 2 toast", "2025-03-13"),
    ],
)
def test_chat_lines_of_every_phone_are_read(tmp_path: Path, line: str, day: str) -> None:
    other = line.replace("2 toast", "1 egg").replace("12/03", "13/03")
    diary = read_text(tmp_path, f"{line}\n{other}\n", "chat.txt")
    assert days(diary)[0] == day
    assert diary.entries["person_id"].tolist() == ["Anna", "Anna"]
    assert diary.entries["time"].tolist()[0] == ("20:14" if "PM" in line or "20:14" in line else "08:14")


def test_weekdays_alone_in_a_list_need_the_first_day(tmp_path: Path) -> None:
    text = "Monday\nBreakfast: toast\nTuesday\nLunch: soup\n"
    assert read_text(tmp_path, text, "food.txt").entries["date"].isna().all()
    assert days(read_text(tmp_path, text, "food.txt", date="2025-03-03")) == ["2025-03-03", "2025-03-04"]


def test_a_list_of_foods_alone_is_read_where_the_caller_says_so(tmp_path: Path) -> None:
    with pytest.raises(DiaryError, match="no column for the food"):
        read_text(tmp_path, "toast\neggs, 2\n", "food.txt")
    diary = read_text(tmp_path, "toast\neggs, 2\n", "food.txt", format="list", date="2025-03-03")
    assert diary.entries["food_text"].tolist() == ["toast", "eggs"]
    assert days(diary) == ["2025-03-03", "2025-03-03"]


def test_a_list_with_commas_keeps_its_lines_whole(tmp_path: Path) -> None:
    text = "3 March 2025\neggs, scrambled, 2\ncoffee, black\nrice, dal, salad\n4 March 2025\nsoup, bread, butter\n"
    diary = read_text(tmp_path, text, "food.txt")
    assert diary.entries["food_text"].tolist()[1:] == ["coffee, black", "rice, dal, salad", "soup, bread, butter"]


def test_template_filled_in_gives_every_sheet_and_empty_ones_nothing(tmp_path: Path) -> None:
    template = data_file("diaries", "template.xlsx")
    with template.open("rb") as file:
        book = load_workbook(file)
    filled = {
        "Diary": [datetime.date(2026, 3, 2), None, "Dinner", "My chili", "1", "serving"],
        "Supplements": ["Night Mag", None, "2 tablets", "Magnesium", "200", "mg"],
        "Recipes": ["My chili", "beans", "400", "g", 4],
        "Custom foods": ["Oat drink", None, "240 ml", 120],
        "Not a food day": ["3-5 March 2026", "ill"],
    }
    for name, cells in filled.items():
        for column, value in enumerate(cells, 1):
            book[name].cell(5, column, value)
    book.save(tmp_path / "mine.xlsx")
    diary = read_whole(tmp_path / "mine.xlsx")
    assert diary.entries["food_text"].tolist() == ["My chili"]
    assert diary.products[["nutrient", "amount", "unit"]].to_numpy().tolist() == [["magnesium", 200.0, "mg"]]
    assert diary.recipes[["recipe", "amount"]].to_numpy().tolist() == [["My chili", 400.0]]
    assert diary.own_foods[["name", "nutrient", "amount"]].to_numpy().tolist() == [["Oat drink", "energy", 120.0]]
    assert diary.not_food_days["date"].dt.day.tolist() == [3, 4, 5]
    assert diary.symptoms.empty
    assert diary.people == {}


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


LOG: list[list[object]] = [["Date", "Food", "Amount"], ["2026-03-01", "oats", "40 g"]]


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        (
            "Labels",
            [["Food", "Oat drink", "Bar"], ["Serving size", "240 ml", "40 g"], ["Calcium", 350, 12]],
            "per food",
        ),
        ("Supplements", [["Item", "Dose", "When"], ["Magnesium 400", "1 tab", "at night"]], "a row per product"),
        ("Recipes", [["Ingredient", "Amount"], ["beans", "400 g"]], "a row per ingredient"),
        ("Sheet2", [["Product", "Bar"], ["Calcium (mg)", 12], ["Energy (kcal)", 180]], "a row per food"),
    ],
)
@pytest.mark.parametrize("day", [None, "2026-03-01"])
def test_sheet_beside_a_diary_that_cannot_be_read_is_left_aside_row_by_row(
    tmp_path: Path, name: str, rows: list[list[object]], expected: str, day: str | None
) -> None:
    diary = read_whole(workbook(tmp_path / "d.xlsx", Log=LOG, **{name: rows}), date=day)
    assert diary.entries["food_text"].tolist() == ["oats"]
    aside = diary.left_aside[diary.left_aside["source"] == f"d.xlsx:{name}"]
    assert aside["line"].tolist() == list(range(1, len(rows) + 1))
    assert aside["reason"].str.contains(expected, regex=False).all()


def test_sheet_called_foods_is_the_diary_where_no_other_sheet_is(tmp_path: Path) -> None:
    path = workbook(tmp_path / "d.xlsx", Foods=[["Food", "Amount"], ["oats", "40 g"]])
    assert read_whole(path, date="2026-03-01").entries["food_text"].tolist() == ["oats"]
    both = workbook(tmp_path / "both.xlsx", Foods=[["Food"], ["oats"]], Drinks=[["Item", "Amount"], ["milk", "1 cup"]])
    assert sorted(read_whole(both, date="2026-03-01").entries["food_text"]) == ["milk", "oats"]


def test_sheet_without_dates_beside_a_diary_gives_lines_that_say_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "d.xlsx", Log=LOG, Party=[["Item", "Quantity"], ["cake", "1 slice"]])
    diary = read_whole(path)
    assert diary.entries["food_text"].tolist() == ["oats", "cake"]
    assert diary.entries["problem"].notna().tolist() == [False, True]
    assert diary.entries["problem"][1].startswith("no date")
    assert "Party" in diary.files["note"].iloc[0]


def test_plan_beside_an_empty_table_is_read(tmp_path: Path) -> None:
    plan = [["Meal", "3 March 2025", "4 March 2025", "5 March 2025"], ["Lunch", "soup", "rice", "eggs"]]
    path = workbook(tmp_path / "d.xlsx", Plan=plan, Log=[["Date", "Food"]])
    assert read_whole(path).entries["food_text"].tolist() == ["soup", "rice", "eggs"]


def test_workbook_of_side_sheets_alone_says_that_no_food_line_is_there(tmp_path: Path) -> None:
    foods = [["Food", "Serving size", "Calcium (mg)"], ["Oat drink", "240 ml", 350]]
    with pytest.raises(DiaryError, match=r"d\.xlsx:Diary: nothing is written .*no line of a food"):
        read_whole(workbook(tmp_path / "d.xlsx", Diary=[["Date", "Food"]], Foods=foods))
    diary = read_whole(workbook(tmp_path / "e.xlsx", Diary=[], Foods=foods))
    assert diary.entries.empty
    assert "e.xlsx: no line of a food" in (diary.left_aside["source"] + ": " + diary.left_aside["reason"]).tolist()[-1]


def struck_workbook(path: Path, *places: str) -> Path:
    rows = [["Date", "Food", "Amount", "Water (glasses)"]]
    rows += [["2026-03-01", food, "40 g", 2] for food in ("oats", "cake", "bread")]
    plan = [["Meal", "3 March 2025", "4 March 2025", "5 March 2025"], ["Lunch", "soup", "rice", "eggs\nham"]]
    book = load_workbook(workbook(path, Log=rows, Plan=plan))
    for place in places:
        sheet, cell = place.split("!")
        book[sheet][cell].font = Font(strike=True)
    book["Log"]["A1"].font = Font(strike=False)
    book.save(path)
    return path


def crossed_out(diary: Diary) -> list[str]:
    lines = diary.entries[diary.entries["problem"].eq("crossed out in the sheet: not counted")]
    assert lines["kind"].eq("note").all()
    return lines["food_text"].tolist()


def test_food_struck_through_is_a_note_and_its_row_stays(tmp_path: Path) -> None:
    plain = read_whole(struck_workbook(tmp_path / "d.xlsx"))
    assert crossed_out(plain) == []
    diary = read_whole(struck_workbook(tmp_path / "d.xlsx", "Log!B3", "Log!A2", "Plan!D2", "Plan!A2"))
    assert crossed_out(diary) == ["cake", "eggs", "ham"]
    assert len(diary.entries) == len(plain.entries)
    assert diary.entries.loc[diary.entries["kind"] != "note", "problem"].isna().all()


def test_water_beside_a_struck_food_counts_unless_it_is_struck_too(tmp_path: Path) -> None:
    assert crossed_out(read_whole(struck_workbook(tmp_path / "d.xlsx", "Log!D4"))) == ["water"]


def test_amount_alone_struck_through_is_asked_for(tmp_path: Path) -> None:
    entries = read_whole(struck_workbook(tmp_path / "d.xlsx", "Log!C2")).entries.set_index("food_text")
    assert entries.loc["oats", "kind"] == "food"
    assert entries.loc["oats", "problem"].startswith("the amount is crossed out")


PEOPLE: list[list[object]] = [["Person", "Sex", "Age"], ["Anna", "female", 34], ["Ben", "male", 40]]
PER_PERSON: list[list[object]] = [
    ["Date", "Meal", "Anna", "ben", "Cook"],
    ["2026-03-01", "Breakfast", "oats 40 g", "toast\n2 eggs", "Anna"],
    [None, "Lunch", None, "soup 300 ml", "Ben"],
    ["2026-03-02", "Lunch", None, None, "nobody"],
]


def test_columns_of_people_that_a_person_sheet_names_are_their_foods(tmp_path: Path) -> None:
    diary = read_whole(workbook(tmp_path / "d.xlsx", Log=PER_PERSON, Person=PEOPLE))
    lines = diary.entries[["source", "line", "person_id", "eating_occasion", "food_text", "amount"]].astype(object)
    assert lines.where(lines.notna(), None).to_numpy().tolist() == [
        ["d.xlsx:Log:C", 2, "Anna", "Breakfast", "oats", 40.0],
        ["d.xlsx:Log:D:1", 2, "Ben", "Breakfast", "toast", None],
        ["d.xlsx:Log:D:2", 2, "Ben", "Breakfast", "eggs", 2.0],
        ["d.xlsx:Log:D", 3, "Ben", "Lunch", "soup", 300.0],
    ]
    assert days(diary) == ["2026-03-01"] * 4
    aside = diary.left_aside[diary.left_aside["source"] == "d.xlsx:Log"]
    assert aside["line"].tolist() == [1, 4]
    note = diary.files.set_index("source").loc["d.xlsx:Log", "note"]
    assert "people: Anna, Ben" in note
    assert "columns not used: Cook" in note


def test_sheets_beside_columns_of_people_do_not_stop_the_diary(tmp_path: Path) -> None:
    labels = [["Food", "Bar"], ["Calcium (mg)", 12]]
    path = workbook(tmp_path / "d.xlsx", Person=PEOPLE, Log=PER_PERSON, Labels=labels, Ideas=[["To do"], ["shopping"]])
    diary = read_whole(path)
    assert set(diary.entries["person_id"]) == {"Anna", "Ben"}
    assert {"d.xlsx:Labels", "d.xlsx:Ideas"} <= set(diary.left_aside["source"])
    party = workbook(tmp_path / "e.xlsx", Person=PEOPLE, Log=PER_PERSON, Party=[["Item", "Qty"], ["cake", "1 slice"]])
    assert read_whole(party).entries["food_text"].tolist()[-1] == "cake"


def test_columns_of_people_that_nothing_names_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DiaryError, match=r"no column for the food.*sheet Person"):
        read_whole(workbook(tmp_path / "d.xlsx", Log=PER_PERSON))
    half = [["Date", "Anna", "Place"], ["2026-03-01", "soup", "home"]]
    with pytest.raises(DiaryError, match="no column for the food"):
        read_whole(workbook(tmp_path / "h.xlsx", Log=half, Person=PEOPLE))


CELLS = st.sampled_from(
    [
        "",
        None,
        "Monday",
        "Tuesday",
        "Wed",
        "3 March 2025",
        "4/3/2025",
        "2025-03-05",
        "Breakfast",
        "Lunch:",
        "Date",
        "Day",
        "Food",
        "Amount",
        "toast\n- 1 egg",
        "2 eggs",
        "8",
        8,
        1.5,
        True,
        "12/03/2025, 08:14 - Anna: toast",
        "[12.03.25, 08:14:22] B:",
        "# Report Details",
        "September 1, 2026",
        "  Egg",
        "Total",
        "Week of 3 March",
        "-",
        "n/a",
        "tired",
        "https://a.b",
        "Name",
        "Type",
        "Quantity",
        "Units",
        "Calories",
        "Serving Qty",
        "Serving Size",
        "Food Name",
        "Serving Weight (g)",
        "Deleted",
        datetime.datetime(2025, 3, 3),
        datetime.time(8, 0),
        "Cals",
        "Fat",
        "Prot",
        "Symptom",
        "Water",
        "Notes",
        "31/2/2025",
    ]
)


@given(
    st.lists(st.lists(CELLS, max_size=8), min_size=1, max_size=8), st.sampled_from([None, datetime.date(2025, 3, 3)])
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_reader_accounts_for_every_row_or_says_why_it_cannot(rows: list, day: datetime.date | None) -> None:
    grid = Grid("d.csv", "d.csv", rows)
    for reader in READERS:
        if reader.name in ("chat-log", "list", "weekdays", "fatsecret", "lose-it", "macrofactor", "table"):
            if not reader.identify([grid]):
                continue
            try:
                reading = reader.read([grid], Options(day=day))
            except DiaryError as error:
                assert "d.csv" in str(error)
                continue
            account_for_all([grid], reading)
            keys = [(entry.source, entry.line) for entry in reading.entries]
            assert len(keys) == len(set(keys))
            seen = {line for source, line in keys} | {aside.line for aside in reading.left_aside}
            assert None in seen or set(filled_rows(grid)) <= seen
