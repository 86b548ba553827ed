"""Who ate, where the sheet says it once for many rows; answers to a form; water and symptoms beside the foods."""

from pathlib import Path

from nutridiary.diary.whole import Diary, read_whole


def read_text(tmp_path: Path, text: str, **options: object) -> Diary:
    path = tmp_path / "diary.csv"
    path.write_text(text, encoding="utf-8")
    return read_whole(path, **options)  # type: ignore[arg-type]


def who(diary: Diary) -> dict[str, str]:
    eaten = diary.entries[diary.entries["kind"] == "food"]
    return dict(zip(eaten["food_text"], eaten["person_id"].fillna("nobody"), strict=True))


def test_tables_below_the_names_of_two_people_are_not_one_persons_day(tmp_path: Path) -> None:
    table = "{}\nDate,Food,Amount\n2025-03-03,{},1\n,{},2\n\n"
    diary = read_text(tmp_path, table.format("Anna,,", "toast", "egg") + table.format("Ben,,", "steak", "beer"))
    assert who(diary) == {"toast": "Anna", "egg": "Anna", "steak": "Ben", "beer": "Ben"}
    assert "Anna, Ben" in diary.files["note"].iloc[0]
    assert diary.entries["date"].dropna().dt.day.tolist() == [3, 3, 3, 3]


def test_the_first_row_of_the_second_person_takes_no_day_of_the_first(tmp_path: Path) -> None:
    text = "Anna,\nDate,Food\n2025-03-03,toast\nBen,\nDate,Food\n,steak\n"
    steak = read_text(tmp_path, text).entries.iloc[-1]
    assert (steak["person_id"], str(steak["date"]), steak["problem"][:7]) == ("Ben", "NaT", "no date")


def test_tables_below_days_or_meals_are_of_nobody_in_particular(tmp_path: Path) -> None:
    for one, other in (("3 March 2025", "4 March 2025"), ("Week 1", "Week 2"), ("Breakfast", "Lunch")):
        diary = read_text(tmp_path, f"{one},\nFood,Amount\ntoast,1\n{other},\nFood,Amount\nrice,2\n", date="2025-03-03")
        assert who(diary) == {"toast": "nobody", "rice": "nobody"}


def test_a_blank_person_is_the_one_above_where_the_first_row_names_one(tmp_path: Path) -> None:
    diary = read_text(tmp_path, "Person,Date,Food\nAnna,2025-03-03,toast\n,,egg\nBen,,pie\n,2025-03-04,milk\n")
    assert who(diary) == {"toast": "Anna", "egg": "Anna", "pie": "Ben", "milk": "Ben"}
    assert "person taken from row 2" in diary.entries["note"].iloc[1]


def test_a_blank_person_stays_blank_where_the_first_row_names_none(tmp_path: Path) -> None:
    diary = read_text(tmp_path, "Person,Date,Food\n,2025-03-03,toast\nBen,,pie\n,,milk\n")
    assert who(diary) == {"toast": "nobody", "pie": "Ben", "milk": "nobody"}


FORM = (
    "Timestamp,Email Address,What did you eat for breakfast?,What did you have for lunch?,Any snacks?,"
    "What time did you have dinner?,How many glasses of water did you drink?,How do you feel today?\n"
    "2025/03/03 9:14:22 PM EET,a@example.org,porridge 200 g,soup,nothing,19:00,6,good\n"
    '2025/03/04 10:02:11 PM GMT+2,b@example.org,"toast\negg",,,,,leg cramps at night\n'
)


def test_answers_of_a_form_are_the_foods_of_their_meals(tmp_path: Path) -> None:
    entries = read_text(tmp_path, FORM).entries
    foods = entries[entries["kind"] == "food"]
    assert foods[["food_text", "eating_occasion"]].to_numpy().tolist() == [
        ["porridge", "breakfast"],
        ["soup", "lunch"],
        ["toast", "breakfast"],
        ["egg", "breakfast"],
    ]
    assert foods["date"].dt.day.tolist() == [3, 3, 4, 4]
    assert foods["person_id"].tolist() == ["a@example.org"] * 2 + ["b@example.org"] * 2


def test_a_form_is_no_clock_of_the_meals(tmp_path: Path) -> None:
    entries = read_text(tmp_path, FORM).entries
    assert entries["time"].isna().all()
    assert entries["note"].str.contains("the day the form was filled in, at 21:14").any()


def test_other_answers_of_a_form_are_no_foods(tmp_path: Path) -> None:
    diary = read_text(tmp_path, FORM)
    others = diary.entries[diary.entries["kind"] != "food"]
    assert others[["kind", "food_text"]].to_numpy().tolist() == [
        ["note", "nothing"],
        ["note", "19:00"],
        ["water", "water"],
        ["note", "good"],
        ["symptom", "leg cramps at night"],
    ]
    assert others["amount"].dropna().tolist() == [6.0]


def test_a_title_of_food_and_a_date_is_the_day_of_the_lines_below(tmp_path: Path) -> None:
    path = tmp_path / "diary.txt"
    path.write_text("Food 3/3/25\nBreakfast\negg\nFood 14/3/25\ntoast\n", encoding="utf-8")
    diary = read_whole(path, date="2025-01-01")
    assert diary.entries["date"].dt.strftime("%m-%d").tolist() == ["03-03", "03-14"]


def test_water_and_symptoms_beside_the_foods_are_lines_of_their_own(tmp_path: Path) -> None:
    text = (
        "Date,Time,Food,Amount,Water (glasses),Symptoms,Mood\n2025-03-03,08:00,oats,60 g,2,,ok\n"
        ",13:00,soup,1 bowl,0,leg cramp 6/10,tired\n,,,,3,none,\nTotal,,,,5,,\n"
    )
    diary = read_text(tmp_path, text)
    entries = diary.entries
    water = entries[entries["kind"] == "water"]
    assert water[["source", "line", "amount", "unit"]].to_numpy().tolist() == [
        ["diary.csv:E", 2, 2.0, "glass"],
        ["diary.csv:E", 4, 3.0, "glass"],
    ]
    assert water["date"].dt.day.tolist() == [3, 3]
    symptoms = diary.symptoms[["symptom", "time", "severity"]].astype("object").fillna("")
    assert symptoms.to_numpy().tolist() == [["leg cramp 6/10", "13:00", 6.0], ["none", "", ""]]
    assert entries[entries["kind"] == "food"]["food_text"].tolist() == ["oats", "soup"]
    assert entries["note"].iloc[0] == "Mood: ok"


def test_water_that_foods_hold_is_a_recorded_value_and_no_drink(tmp_path: Path) -> None:
    entries = read_text(tmp_path, "Date,Food,Amount,Water (g)\n2025-03-03,soup,200 g,180\n").entries
    assert (len(entries), entries["recorded_water"].iloc[0]) == (1, 180.0)
