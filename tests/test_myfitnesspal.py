"""MyFitnessPal: summaries without foods, percentages of Daily Values, and the printable diary in both its forms."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from conftest import skip_or_fail
from nutridiary.analysis import analyze
from nutridiary.diary.entries import Entry
from nutridiary.diary.grid import Grid
from nutridiary.diary.myfitnesspal import identify_myfitnesspal
from nutridiary.diary.printable_diary import read_item
from nutridiary.diary.whole import Diary, read_whole
from nutridiary.report.remarks import remarks

EXPORTS = Path(__file__).parent / "data" / "exports"
SHARED = Path(__file__).parent.parent.parent / "shared" / "diaries" / "myfitnesspal"
SUMMARY = EXPORTS / "myfitnesspal_nutrition_summary.csv"
DIARY_HEADER = "Date,Entry,Item,Amount,Calories,Carbs,Fat,Protein,Cholest,Sodium,Sugars,Fiber"
Write = Callable[..., Path]


@pytest.fixture
def diary_table(tmp_path: Path) -> Write:
    """Write a printable diary as a table: rows of (day of March, meal, item, amount, calories)."""

    def write(*rows: tuple[int, str, str, str, int]) -> Path:
        path = tmp_path / "diary.csv"
        lines = [
            f'"March {day}, 2026",{meal},"{item}",{amount},{energy},,,,,,,' for day, meal, item, amount, energy in rows
        ]
        path.write_text("\n".join([DIARY_HEADER, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def item(text: str) -> tuple[str | None, str | None, float, str | None]:
    entry = Entry("diary.csv", 2)
    read_item(entry, text)
    assert entry.written_text == text
    return entry.brand, entry.food_text, entry.amount, entry.unit


@pytest.mark.parametrize(
    ("text", "brand", "food", "amount", "unit"),
    [
        ("Onions, raw, 0.5 cup, chopped", None, "Onions, raw", 0.5, "cup"),
        ("Sweet Potato Soup, 2 serving(s)", None, "Sweet Potato Soup", 2, "serving"),
        ("Milk, 2%, 1 cup", None, "Milk, 2%", 1, "cup"),
        ("Dole - Pineapple Slice, 2 slices", "Dole", "Pineapple Slice", 2, "slice"),
        ("Eggs - Hard Boiled - Large, 1 egg", None, "Eggs - Hard Boiled - Large", 1, "egg"),
        ("Corner Shop - Patty 1/3 lb, 2 patty 151g.", None, "Corner Shop - Patty 1/3 lb", 302, "g"),
        ("Sweet Potato, 0.75 lb(s)", None, "Sweet Potato", 0.75, "lb"),
        ("Raisins, 1.13 C", None, "Raisins", 1.13, "cup"),
        ("Cola, 2 bottle (500 ml)", None, "Cola", 1000, "ml"),
        ("Oat Bar, 5 pack, 1 bar", None, "Oat Bar, 5 pack", 1, "bar"),
        ("Broccoli, 1 cup (78g)", None, "Broccoli", 1, "cup"),
    ],
)
def test_item_is_cut_into_brand_food_and_amount(
    text: str, brand: str | None, food: str, amount: float, unit: str
) -> None:
    assert item(text) == (brand, food, amount, unit)


def test_item_without_an_amount_keeps_it_unknown() -> None:
    brand, food, amount, unit = item("Broth")
    assert (brand, food, unit) == (None, "Broth", None)
    assert pd.isna(amount)


def test_amount_cut_off_by_the_table_is_put_together_again(diary_table: Write) -> None:
    table = diary_table((2, "Lunch", "Onions, raw, 0.5 cup", "chopped", 32))
    entry = read_whole(table).entries.iloc[0]
    assert (entry["food_text"], entry["amount"], entry["unit"]) == ("Onions, raw", 0.5, "cup")


def test_values_with_their_unit_and_dashes_are_read_as_written() -> None:
    entries = read_whole(EXPORTS / "myfitnesspal_printable_diary.csv").entries
    assert entries["recorded_sodium"].iloc[3] == 3436
    assert pd.isna(entries["recorded_fiber_total"].iloc[4])  # "--g"
    assert entries["recorded_fiber_total"].iloc[1] == 0


def test_summary_gives_totals_of_meals_and_nothing_it_does_not_record() -> None:
    entries = read_whole(SUMMARY).entries
    assert set(entries["kind"]) == {"total"}
    assert entries["eating_occasion"].tolist() == ["Breakfast", "Lunch", "Post-Workout", "Breakfast"]
    assert entries["recorded_energy"].tolist() == [518, 1204.5, 120, 301]
    assert pd.isna(entries["recorded_potassium"].iloc[2])
    absent = {f"recorded_{nutrient}" for nutrient in ("magnesium", "vitamin_d", "vitamin_b12")}
    assert not absent & set(entries.columns)


def test_percentages_without_an_edition_are_read_only_where_editions_agree() -> None:
    entries = read_whole(SUMMARY).entries
    assert entries["recorded_iron"].iloc[0] == pytest.approx(3.6)  # 20 % of 18 mg, in both editions
    assert not {"recorded_calcium", "recorded_vitamin_c", "recorded_vitamin_a_rae"} & set(entries.columns)
    assert (
        'Vitamin A, Vitamin C, Calcium: their edition is not in the file. Say which with --daily-values "2016"'
        in (entries["note"].iloc[0])
    )


@pytest.mark.parametrize(("edition", "calcium", "vitamin_c"), [("2016", 390, 22.5), ("before 2016", 300, 15)])
def test_percentages_are_of_the_edition_that_is_given(edition: str, calcium: float, vitamin_c: float) -> None:
    first = read_whole(SUMMARY, daily_values=edition).entries.iloc[0]
    assert first["recorded_calcium"] == pytest.approx(calcium)  # 30 % of 1300 or 1000 mg
    assert first["recorded_vitamin_c"] == pytest.approx(vitamin_c)  # 25 % of 90 or 60 mg


def test_percentage_of_an_old_vitamin_a_in_international_units_is_no_mass() -> None:
    entries = read_whole(SUMMARY, daily_values="before 2016").entries
    assert "recorded_vitamin_a_rae" not in entries
    assert "Vitamin A: no amount follows from a percentage of 5000 IU" in entries["note"].iloc[0]


def test_nutrient_that_is_always_zero_is_named() -> None:
    assert "0 in every row: Trans Fat" in read_whole(SUMMARY).entries["note"].iloc[0]


def test_older_summary_with_times_keeps_several_rows_of_a_meal() -> None:
    entries = read_whole(EXPORTS / "myfitnesspal_nutrition_summary_2018.csv").entries
    assert entries["eating_occasion"].tolist() == ["Breakfast", "Breakfast", "Snacks"]
    assert entries["time"].fillna("").tolist() == ["10:00", "", "22:20"]


def test_exercise_and_measurements_are_kept_and_not_eaten() -> None:
    exercise = read_whole(EXPORTS / "myfitnesspal_exercise_summary.csv").entries
    assert set(exercise["kind"]) == {"exercise"}
    assert exercise["food_text"].iloc[1] == "Walking, 3.5 mph, brisk pace"
    measures = read_whole(EXPORTS / "myfitnesspal_measurement_summary.csv").entries
    assert measures[["kind", "food_text"]].to_numpy().tolist() == [
        ["note", "Body Fat % 18.5; Weight 85.5"],
        ["note", "Weight 84.5"],
    ]


def test_table_that_repeats_a_day_for_each_meal_counts_it_once(diary_table: Write) -> None:
    day = [("Oats", "1 cup"), ("Milk, 2%", "1 cup")]
    rows = [(n, meal, food, amount, 100) for n in (2, 3) for meal in ("Breakfast", "Dinner") for food, amount in day]
    entries = read_whole(diary_table(*rows)).entries
    assert len(entries) == 8
    assert entries["problem"].isna().tolist() == [True, True, False, False] * 2
    assert entries["problem"].iloc[2].startswith("the same line as in row 2")


@pytest.mark.parametrize(
    "rows",
    [
        [(2, "Breakfast", "Oats"), (2, "Breakfast", "Milk"), (2, "Dinner", "Oats"), (2, "Dinner", "Milk")],
        [
            *[(n, meal, food) for n in (2, 3) for meal in ("Breakfast", "Dinner") for food in ("Oats", "Milk")],
            (4, "Breakfast", "Oats"),
            (4, "Dinner", "Soup"),
        ],
        [(n, meal, "Coffee") for n in (2, 3, 4) for meal in ("Breakfast", "Dinner")],
    ],
    ids=["one day", "a day that differs", "one food"],
)
def test_meals_that_may_well_be_alike_all_count(diary_table: Write, rows: list[tuple[int, str, str]]) -> None:
    entries = read_whole(diary_table(*((n, meal, food, "1 cup", 100) for n, meal, food in rows))).entries
    assert entries["problem"].isna().all()


@pytest.mark.parametrize(
    "header",
    [
        "Date,Weight,Last Updated",
        "Date,Meal,Food,Calories,Fat (g),Saturated Fat,Sodium (mg),Carbohydrates (g),Protein (g)",
        "Date,Meal,Calories",
        "Foods,Calories,Carbs",
        "Date,Item,Amount,Calories",
    ],
)
def test_tables_of_others_are_not_claimed(header: str) -> None:
    assert not identify_myfitnesspal([Grid("x.csv", "x.csv", [header.split(",")])])


def shared(name: str) -> Diary:
    path = SHARED / name
    if not path.exists():
        skip_or_fail(f"{name} is not beside the project")
    return read_whole(path)


def test_real_page_and_its_table_are_the_same_foods() -> None:
    columns = ["date", "food_text", "brand", "amount", "unit", "amount_text", "written_text", "recorded_energy"]
    columns += ["recorded_carbohydrate", "recorded_fat_total", "recorded_protein", "recorded_sodium"]
    page, table = shared("demo_diary.htm").entries, shared("food_demo_diary.csv").entries
    assert len(table) == 464
    on_page, counted = page[page["kind"] == "food"], table[table["problem"].isna()]
    pd.testing.assert_frame_equal(on_page[columns].reset_index(drop=True), counted[columns].reset_index(drop=True))


def test_real_page_adds_up_to_its_own_totals() -> None:
    diary = shared("demo_diary.htm")
    foods = diary.entries[diary.entries["kind"] == "food"]
    sums = foods.groupby("date")[["recorded_energy", "recorded_sodium", "recorded_fiber_total"]].sum(min_count=1)
    counts = foods.groupby("date").size()
    aside = diary.left_aside
    written = aside[aside["text"].str.startswith("TOTAL:") & (aside["reason"] == "a total of the rows above it")]
    energy = written["text"].str.extract(r"TOTAL:, ([\d,]+?), ")[0].str.replace(",", "").astype(float).tolist()
    sodium = written["text"].str.extract(r"mg, ([\d,]+?)mg")[0].str.replace(",", "").astype(float).tolist()
    assert len(energy) == len(sums) == 14
    # Each food is rounded to a whole number: half of one for each line, and for the total.
    assert ((sums["recorded_energy"] - energy).abs() <= (counts + 1) / 2).all()
    assert ((sums["recorded_sodium"] - sodium).abs() <= (counts + 1) / 2).all()


def test_real_page_gives_exercise_and_notes_their_day() -> None:
    entries = shared("demo_diary.htm").entries
    assert entries["kind"].value_counts().to_dict() == {"food": 143, "exercise": 20, "note": 4}
    notes = entries[entries["kind"] == "note"]
    assert notes["food_text"].tolist()[:2] == ["Starting Whole30 today.", "Also, did a lot of hauling today."]
    assert entries["date"].notna().all()


def recorded_energy(*paths: Path) -> list[float]:
    days = analyze(list(paths), values="recorded").days
    return days.loc[days["nutrient"] == "energy", "amount"].tolist()


def test_recorded_values_of_all_rows_of_a_meal_are_counted() -> None:
    assert recorded_energy(EXPORTS / "myfitnesspal_nutrition_summary_2018.csv") == [pytest.approx(40 + 210 + 95)]


def test_summary_read_twice_counts_once() -> None:
    assert recorded_energy(SUMMARY, SUMMARY) == [pytest.approx(518 + 1204.5 + 120), pytest.approx(301)]


def test_recorded_values_of_a_day_repeated_for_each_meal_are_counted_once(diary_table: Write) -> None:
    rows = [(n, meal, food, "1 cup", 100) for n in (2, 3) for meal in ("Lunch", "Dinner") for food in ("Oats", "Soup")]
    assert recorded_energy(diary_table(*rows)) == [200, 200]


def test_exercises_and_totals_among_the_rows_of_a_printable_table_are_no_foods(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(
        "Date,Entry,Item,Amount,Calories,Carbs\n"
        '"January 1, 2019",Lunch,Egg,1 large,72,0g\n'
        '"January 1, 2019",Exercises,Walking,30 Minutes,-100,\n'
        '"January 1, 2019",TOTAL:,,,72,0g\n',
        encoding="utf-8",
    )
    entries = read_whole(path).entries
    assert entries["kind"].tolist() == ["food", "exercise", "note"]
    assert entries["note"].tolist()[1] == "energy burned: 100 kcal"
    assert entries["recorded_energy"].sum() == 72


def test_summary_without_foods_says_how_to_count_its_totals() -> None:
    path = EXPORTS / "myfitnesspal_nutrition_summary.csv"
    assert any("--values recorded" in said for said in remarks(analyze(path)))
    assert not any("Nothing is counted" in said for said in remarks(analyze(path, values="recorded")))
