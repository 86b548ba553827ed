"""Days that are said by a weekday alone or a number, and lines that say no food, in every hand-kept shape."""

from pathlib import Path

import pytest

from nutridiary.diary.whole import Diary, read_whole


def read_text(tmp_path: Path, text: str, name: str = "diary.csv", **options: object) -> Diary:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_whole(path, **options)  # type: ignore[arg-type]


def days(diary: Diary) -> dict[str, str]:
    eaten = diary.entries[diary.entries["kind"] == "food"]
    return dict(zip(eaten["food_text"], eaten["date"].dt.strftime("%m-%d"), strict=True))


# 2025-03-03 is a Monday.
NUMBERED = {
    "table": "Day,Food\n1,oats\n,milk\n2,egg\nDay 4,rice\n",
    "rows of their own": "Food,Amount\nDay 1,\noats,60 g\nmilk,200 ml\nDay 2,\negg,1\nDay 4,\nrice,1 cup\n",
    "meals as columns": "Day,Breakfast,Lunch\n1,oats,milk\n2,egg,\nDay 4,,rice\n",
    "days as columns": "Meal,Day 1,Day 2,Day 3,Day 4\nLunch,oats,egg,,rice\nDinner,milk,,,\n",
    "list": "Day 1\nBreakfast: oats\nmilk\nDay 2\nBreakfast\negg\nDay 4:\nrice\n",
}


@pytest.mark.parametrize("shape", NUMBERED)
def test_numbered_days_are_counted_from_the_day_given(tmp_path: Path, shape: str) -> None:
    name = "diary.txt" if shape == "list" else "diary.csv"
    diary = read_text(tmp_path, NUMBERED[shape], name, date="2025-03-03")
    assert days(diary) == {"oats": "03-03", "milk": "03-03", "egg": "03-04", "rice": "03-06"}


@pytest.mark.parametrize("shape", NUMBERED)
def test_numbered_days_without_a_day_given_are_a_problem_that_asks_for_it(tmp_path: Path, shape: str) -> None:
    name = "diary.txt" if shape == "list" else "diary.csv"
    diary = read_text(tmp_path, NUMBERED[shape], name)
    eaten = diary.entries[diary.entries["kind"] == "food"]
    assert eaten["date"].isna().all()
    assert eaten["problem"].str.contains("no date").all()
    assert eaten["problem"].str.contains("--date", regex=False).any()


WEEKDAYS = {
    "table": "Day,Food\nMonday,oats\n,milk\nTue,egg\nSunday,pie\nMonday,fish\n",
    "rows of their own": "Food,Amount\nMonday,\noats,\nmilk,\nTuesday,\negg,\nSunday:,\npie,\nMonday,\nfish,\n",
    "list": "Monday\noats\nmilk\nTuesday:\negg\nSunday\npie\nMonday\nfish\n",
}


@pytest.mark.parametrize("shape", WEEKDAYS)
def test_a_weekday_met_again_is_of_the_next_week(tmp_path: Path, shape: str) -> None:
    name = "diary.txt" if shape == "list" else "diary.csv"
    diary = read_text(tmp_path, WEEKDAYS[shape], name, date="2025-03-03")
    assert days(diary) == {"oats": "03-03", "milk": "03-03", "egg": "03-04", "pie": "03-09", "fish": "03-10"}


@pytest.mark.parametrize("name", ["diary.csv", "diary.txt"])
def test_a_weekday_below_a_date_is_the_next_such_day(tmp_path: Path, name: str) -> None:
    table = "Day,Food\nMonday 3 March 2025,oats\nTuesday,egg\nFriday,rice\n"
    lines = "Monday 3 March 2025\noats\nTuesday\negg\nFriday\nrice\n"
    diary = read_text(tmp_path, lines if name.endswith("txt") else table, name)
    assert days(diary) == {"oats": "03-03", "egg": "03-04", "rice": "03-07"}
    assert "next such weekday" in diary.entries["note"].iloc[1]


def test_a_bare_number_below_date_is_no_numbered_day(tmp_path: Path) -> None:
    diary = read_text(tmp_path, "Date,Food\n2025-03-03,oats\n2,egg\n", date="2025-03-03")
    assert 'cannot read the date "2"' in diary.entries["problem"].iloc[1]


NO_FOOD = [
    ("(didn't eat lunch)", "note", "nothing eaten, as written"),
    ("-", "note", "nothing eaten, as written"),
    ("–", "note", "nothing eaten, as written"),
    ("Skipped my breakfast", "note", "nothing eaten, as written"),
    ("rien", "note", "nothing eaten, as written"),
    ("~~pizza~~", "note", "crossed out: not eaten"),
    ("Total lunch", "note", "a total, not a food"),
    ("Dinner total:", "note", "a total, not a food"),
    ("Total: 1850 kcal", "note", "a total, not a food"),
    ("same as yesterday", "food", "does not name the food: write here again"),
    ("Leftovers", "food", "does not name the food: write here again"),
    ("see above", "food", "does not name the food: write here again"),
    ("* weights are raw", "note", "a remark, not a food"),
]


def test_fasting_is_no_food_although_every_line_states_its_kind(tmp_path: Path) -> None:
    table = "Date,Food,Amount,Kind\n2025-03-03,oats,50 g,food\n2025-03-04,fasting,,food\n2025-03-05,nothing,,food\n"
    entries = read_text(tmp_path, table).entries
    assert entries["kind"].tolist() == ["food", "note", "note"]
    assert entries["problem"].tolist()[1:] == ["nothing eaten, as written"] * 2


@pytest.mark.parametrize(("text", "kind", "problem"), NO_FOOD)
def test_a_line_that_names_no_food_says_so(tmp_path: Path, text: str, kind: str, problem: str) -> None:
    entry = read_text(tmp_path, f"Date,Food\n2025-03-03,bread\n,{text}\n").entries.iloc[1]
    assert (entry["kind"], problem in entry["problem"]) == (kind, True)


@pytest.mark.parametrize(
    "text", ["Total cereal", "leftover pizza", "no bean burrito", "Total 0% yogurt", "same day curry", "no salt crisps"]
)
def test_a_food_whose_name_begins_like_none_stays_food(tmp_path: Path, text: str) -> None:
    entry = read_text(tmp_path, f"Date,Food\n2025-03-03,bread\n,{text}\n").entries.iloc[1]
    assert (entry["kind"], str(entry["problem"])) == ("food", "nan")


def test_a_footer_in_the_column_of_the_date_leaves_the_day_alone(tmp_path: Path) -> None:
    diary = read_text(
        tmp_path, "Date,Food,Amount\n2025-03-03,oats,60 g\nTotal 1850 kcal,,\n* raw weights,,\n,milk,1 cup\n"
    )
    assert diary.entries["problem"].iloc[1:3].tolist() == ["a total, not a food", "a remark, not a food"]
    assert diary.entries["date"].dt.day.tolist() == [3, 3, 3, 3]
    assert diary.entries["kind"].iloc[3] == "food"


CLOCKS = [
    ("7.30 pm - pizza", "19:30", "pizza"),
    ("7.30pm pizza", "19:30", "pizza"),
    ("19.30 - pizza", "19:30", "pizza"),
    ("7h30 pizza", "07:30", "pizza"),
    ("noon: pizza", "12:00", "pizza"),
    ("1.50 pizza", None, "pizza"),
]


@pytest.mark.parametrize(("text", "clock", "food"), CLOCKS)
def test_a_clock_time_before_the_food_is_no_amount(tmp_path: Path, text: str, clock: str | None, food: str) -> None:
    entry = read_text(tmp_path, f"Date,Food\n2025-03-03,{text}\n").entries.iloc[0]
    assert entry["food_text"] == food
    assert (entry["time"] == clock, entry["amount"] == 1.5) == ((True, False) if clock else (False, True))


def test_noon_in_a_list_is_a_time_and_not_the_meal_of_what_follows(tmp_path: Path) -> None:
    text = "3 March 2025\nnoon: soup\n7.30 pm - pie\nleg cramp 3am, 6/10\n"
    diary = read_text(tmp_path, text, "diary.txt")
    assert diary.entries["time"].iloc[:2].tolist() == ["12:00", "19:30"]
    assert diary.entries["eating_occasion"].isna().tolist() == [False, True, True]
    assert diary.symptoms["severity"].tolist() == [6.0]


def test_a_spoon_of_another_language_is_no_cup(tmp_path: Path) -> None:
    text = "Date;Aliment;Quantité\n2025-03-03;Confiture;1 c. à soupe\n;Sucre;2 c. à café\n;Aceite;1 cucharada\n"
    diary = read_text(tmp_path, text)
    assert diary.entries["unit"].tolist() == ["metric tbsp", "metric tsp", "metric tbsp"]


def test_an_amount_before_a_state_in_brackets_is_that_of_the_food(tmp_path: Path) -> None:
    entry = read_text(tmp_path, "Date,Food\n2025-03-03,- rice 1 cup (cooked)\n").entries.iloc[0]
    assert (entry["food_text"], entry["amount"], entry["unit"]) == ("rice, cooked", 1.0, "cup")


def test_a_question_in_a_chat_is_no_food(tmp_path: Path) -> None:
    text = "[03/13/2025, 08:14:25] Anna: 2 toast\n[03/13/2025, 19:05:00] Ben: How was the fish?\n"
    diary = read_text(tmp_path, text, "chat.txt")
    assert diary.entries["kind"].tolist() == ["food", "note"]
