"""FatSecret: the food diary report in its several shapes."""

from pathlib import Path

import pandas as pd
import pytest

from nutridiary.diary.whole import Diary, read_whole

HEADER = "Date,Cals( kcal),Fat( g),Sat( g),Carbs( g),Fiber( g),Sugar( g),Prot( g),Sod( mg),Chol( mg),Potas( mg)"


def read(tmp_path: Path, *rows: str) -> Diary:
    path = tmp_path / "report.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_whole(path)


def foods(diary: Diary) -> pd.DataFrame:
    return diary.entries[diary.entries["kind"].isin(["food", "water"])].reset_index(drop=True)


@pytest.mark.parametrize(
    "rows",
    [
        ('"  Egg",155,11,3,1,0,1,13,124,373,126', '"  2 large"'),
        ('"  Egg (2 large)",155,11,3,1,0,1,13,124,373,126',),
        ('"  Egg\n2 large",155,11,3,1,0,1,13,124,373,126',),
        ('"  Egg",155,11,3,1,0,1,13,124,373,126', "2 large,,,,,,,,,,"),
    ],
)
def test_amount_is_read_wherever_the_report_puts_it(tmp_path: Path, rows: tuple[str, ...]) -> None:
    diary = read(tmp_path, "# Report Details", HEADER, '"September 1, 2026",155,11', "Breakfast,155,11", *rows)
    entry = foods(diary).iloc[0]
    assert (entry["food_text"], entry["amount"], entry["unit"]) == ("Egg", 2, "large")
    assert entry["eating_occasion"] == "Breakfast"
    assert entry["date"] == pd.Timestamp(2026, 9, 1)
    assert entry["recorded_cholesterol"] == 373
    assert len(foods(diary)) == 1


def test_days_and_meals_are_totals_and_foods_add_up_to_them(tmp_path: Path) -> None:
    diary = read(
        tmp_path,
        "Food diary of a member",
        "# Report Details",
        HEADER,
        '"Tuesday, September 1, 2026",150,5,,10,,,7',
        "Breakfast,50,5,,,,,7",
        '"  Egg",50,5,,,,,7',
        "Snacks/Other,100,,,10",
        '"  Apple, raw",100,,,10',
        "Total,150,5,,10,,,7",
    )
    entries = diary.entries
    assert entries["kind"].tolist() == ["total", "total", "food", "total", "food", "note"]
    day = entries[(entries["kind"] == "total") & entries["eating_occasion"].isna()]
    for name in ("recorded_energy", "recorded_fat_total", "recorded_carbohydrate", "recorded_protein"):
        assert foods(diary)[name].sum() == day[name].sum()
    assert pd.isna(day["recorded_fiber_total"]).all() if "recorded_fiber_total" in day else True
    assert entries.loc[5, "problem"] == "a total, not a food"


def test_report_without_header_says_what_its_columns_are_taken_for(tmp_path: Path) -> None:
    diary = read(
        tmp_path, "# Report Details", '"September 1, 2026",150,5,,10,,,7', "Lunch,150,5,,10,,,7", "Bar,150,5,,10,,,7"
    )
    assert foods(diary).loc[0, ["recorded_energy", "recorded_carbohydrate", "recorded_protein"]].tolist() == [
        150,
        10,
        7,
    ]
    assert "no header" in diary.entries.loc[0, "note"]


def test_an_amount_that_could_be_a_date_is_no_day(tmp_path: Path) -> None:
    rows = ("# Report Details", HEADER, '"September 1, 2026",150,5', "Lunch,150", '"  Avocado, raw",150', '"  1/2"')
    entry = foods(read(tmp_path, *rows)).iloc[0]
    assert (entry["food_text"], entry["amount"]) == ("Avocado, raw", 0.5)


def test_a_food_named_like_a_number_is_no_day(tmp_path: Path) -> None:
    rows = ("# Report Details", HEADER, '"September 1, 2026",150,5', "Lunch,150", '"  7 Up",150', '"  1 can (330 ml)"')
    entry = foods(read(tmp_path, *rows)).iloc[0]
    assert (entry["food_text"], entry["amount"], entry["unit"]) == ("7 Up", 330, "ml")


def test_meals_in_russian_are_meals(tmp_path: Path) -> None:
    rows = ("# Report Details", HEADER, '"вторник, 1 сентября 2026",50', "Завтрак,50", '"  Яйцо",50', "Всего,50")
    diary = read(tmp_path, *rows)
    assert diary.entries["kind"].tolist() == ["total", "total", "food", "note"]
    assert foods(diary)["date"].tolist() == [pd.Timestamp(2026, 9, 1)]


def test_meals_indented_less_than_their_foods_are_totals_of_meals(tmp_path: Path) -> None:
    diary = read(
        tmp_path,
        "# Report Details",
        HEADER,
        '"Wednesday, January 1, 2025",399,11',
        '" Breakfast",199,11',
        '"  Scrambled Egg",199,11',
        '"   2 large"',
        '" Second dinner",200,0',
        '"  Toast (28 g)",200,0',
        '"   2 slices"',
    )
    assert diary.entries["kind"].tolist() == ["total", "total", "food", "total", "food"]
    assert foods(diary)["eating_occasion"].tolist() == ["Breakfast", "Second dinner"]
    assert foods(diary)["amount"].tolist() == [2, 2]
    assert foods(diary)["recorded_energy"].sum() == 399


def test_dose_in_a_name_is_not_noted_where_the_amount_stands_below(tmp_path: Path) -> None:
    diary = read(
        tmp_path, "# Report Details", HEADER, '"September 1, 2026",5,0', "Lunch,5,0", '"  Magnesium 200 mg Tablet",5,0',
        '"  1 tablet"',
    )  # fmt: skip
    entry = diary.entries.iloc[-1]
    assert (entry["kind"], entry["amount"], entry["unit"]) == ("supplement", 1, "tablet")
    assert "not taken" not in entry["note"]


def test_totals_and_averages_of_the_report_are_no_foods(tmp_path: Path) -> None:
    diary = read(
        tmp_path,
        "# Report Details",
        HEADER,
        '"September 1, 2026",155,11',
        "Breakfast,155,11",
        '"  Egg",155,11',
        '"  2 large"',
        "Total,155,11",
        "Average per day,155,11",
    )
    assert foods(diary)["food_text"].tolist() == ["Egg"]
    assert diary.entries["kind"].tolist()[-2:] == ["note", "note"]
    assert foods(diary)["recorded_energy"].sum() == 155


@pytest.mark.parametrize(("energy", "kilocalories"), [("Kal( kcal)", 418.4), ("KJ", 100.0)])
def test_header_of_another_language_is_no_food(tmp_path: Path, energy: str, kilocalories: float) -> None:
    diary = read(
        tmp_path,
        "# Report Details",
        f"Datum,{energy},Fett( g),Kohlh( g),Eiw( g)",
        '"1 September 2026",418.4,11,3,13',
        "Frühstück,418.4,11,3,13",
        '"  Ei",418.4,11,3,13',
    )
    assert foods(diary)["food_text"].tolist() == ["Ei"]
    assert foods(diary)["recorded_energy"].tolist() == [pytest.approx(kilocalories)]
    assert foods(diary)["recorded_protein"].tolist() == [13]
    assert diary.left_aside["reason"].tolist() == ["about the report", "the header"]
    assert "its columns are taken for" in diary.entries["note"].iloc[0]
