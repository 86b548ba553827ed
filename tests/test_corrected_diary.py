"""A diary as it was understood, written as a workbook: it is read again as the same days and lines."""

from __future__ import annotations

import csv
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from nutridiary.analysis import Inputs, analyze_inputs, read_inputs
from nutridiary.analysis.options import Options
from nutridiary.analysis.steps import prepare_diary, weigh_prepared
from nutridiary.cli import main
from nutridiary.errors import NutridiaryError
from nutridiary.intake import choose_recorded, daily_intakes, nutrient_intakes
from nutridiary.nutrients import panel_nutrients
from nutridiary.portions import without_unit_weights
from nutridiary.references import Person
from nutridiary.report.corrected_diary import write_corrected

if TYPE_CHECKING:
    from nutridiary.diary import Diary

ROOT = Path(__file__).parents[1]
DIARIES = ROOT / "data" / "diaries"
FOLDER = ROOT / "tests" / "data" / "exports"
EXPORTS = (
    *("asa24_items_2020.csv", "asa24_totals_2020.csv", "chat-log_android.txt", "cronometer_servings_newest.csv"),
    *("fatsecret_detailed.csv", "intake24_foods.csv", "list_days_and_meals.txt", "lose-it_weekly.csv"),
    *("macrofactor_food_log.csv", "myfitnesspal_printable_diary.csv", "nhanes_dr1iff.csv", "nhanes_ds1ids.csv"),
    *("table_meal_subtotals.csv", "table_table_per_day.csv", "weekdays_columns.csv"),
)
KEY = ["person_id", "date", "nutrient"]
WHOLE_MILK, BLACK_COFFEE = 2705385, 2710375


@dataclass(frozen=True)
class Eaten:
    """What a diary comes to: its lines after weighing, what was eaten on each day, what stands beside."""

    lines: pd.DataFrame
    days: pd.DataFrame
    diary: Diary
    people: dict[str, Person]


def eaten(inputs: Inputs, *, defaults: bool = False, split: bool = True, values: str = "ours") -> Eaten:
    """Return the daily intakes of a diary, by the steps of every analysis."""
    ready = prepare_diary(inputs.diary, inputs.aliases, defaults=defaults)
    weighed, doses = weigh_prepared(ready, defaults=defaults, split=split)
    chosen = choose_recorded(weighed, values)
    intakes = nutrient_intakes(chosen, ready.foods, panel_nutrients(), doses=doses, values=values)
    intakes, chosen = without_unit_weights(intakes, ready.foods), without_unit_weights(chosen, ready.foods)
    return Eaten(chosen, daily_intakes(intakes, chosen, panel_nutrients()), inputs.diary, inputs.people)


def both(
    paths: Path | Sequence[Path],
    corrected: Path,
    *,
    person: Person | None = None,
    aliases: Sequence[Path] = (),
    defaults: bool = False,
    split: bool = True,
    values: str = "ours",
    **reading: Any,
) -> tuple[Eaten, Eaten]:
    """Return what a diary with its corrections comes to, and what the corrected diary alone does."""
    inputs = read_inputs(paths, person, aliases=list(aliases), **reading)
    write_corrected(inputs, corrected, defaults=defaults, split=split)
    before = eaten(inputs, defaults=defaults, split=split, values=values)
    return before, eaten(read_inputs(corrected), values=values)


def assert_same_intakes(before: Eaten, after: Eaten) -> None:
    """Each person has the same amount of each nutrient on each day, to nine digits, of the same lines."""

    def amounts(found: Eaten) -> pd.Series:
        days = found.days.assign(person_id=found.days["person_id"].fillna(""))
        return days.set_index(KEY)["amount"].sort_index()

    one, other = amounts(before), amounts(after)
    assert one.index.equals(other.index)
    np.testing.assert_allclose(other.to_numpy(), one.to_numpy(), rtol=1e-9, atol=1e-9)
    assert counted(after) == counted(before)
    assert len(after.lines) == len(before.lines)
    assert after.people == before.people


def counted(found: Eaten) -> dict[tuple[Any, ...], int]:
    """How many lines are counted, of each person, day, kind and food; water is a food."""
    lines = found.lines[found.lines["problem"].isna()]
    own = lines["fdc_id"].where(lines["fdc_id"] > 0).fillna(0)
    named = lines.assign(food=own, kind=lines["kind"].replace("water", "food"))
    groups = named.groupby(["person_id", "date", "kind", "food"], dropna=False)
    return {tuple(None if part != part else part for part in key): number for key, number in groups.size().items()}


def diary_of(path: Path, *rows: Sequence[Any], columns: str = "Date,Food,Amount,Unit,Kind,Notes") -> Path:
    """Write a diary as a text table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns.split(","), *rows])
    return path


def workbook_of(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def aliases_of(path: Path, *rows: Mapping[str, Any]) -> Path:
    names = ["said", "brand", "decision", "fdc_id", "unit", "grams_per_unit", "parts"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def lines_in(path: Path) -> list[dict[str, Any]]:
    """The lines of the workbook's first sheet, by their headings."""
    sheet = openpyxl.load_workbook(path)["Diary"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_corrected_diary_gives_the_intakes_of_the_diary(tmp_path: Path) -> None:
    assert_same_intakes(*both(DIARIES / "thirty_days.csv", tmp_path / "c.xlsx"))


def test_corrected_diary_gives_the_comparison_and_symptoms_of_the_diary(tmp_path: Path) -> None:
    inputs = read_inputs(DIARIES / "example.xlsx")
    after = read_inputs(write_corrected(inputs, tmp_path / "c.xlsx"))
    assert_same_intakes(eaten(inputs), eaten(after))
    one, other = (analyze_inputs(found, Options()) for found in (inputs, after))
    means = ["person_id", "nutrient", "mean_intake", "days", "ear", "rda", "ul"]
    pd.testing.assert_frame_equal(one.comparison[means], other.comparison[means], rtol=1e-9)
    felt = ["date", "symptom", "severity", "duration"]
    pd.testing.assert_frame_equal(one.symptom_days, other.symptom_days)
    pd.testing.assert_frame_equal(one.symptoms[felt], other.symptoms[felt])


@pytest.mark.parametrize("name", EXPORTS)
def test_corrected_export_gives_the_intakes_of_the_export(name: str, tmp_path: Path) -> None:
    assert_same_intakes(*both(FOLDER / name, tmp_path / "c.xlsx"))


@pytest.mark.parametrize("name", ["cronometer_servings_newest.csv", "myfitnesspal_nutrition_summary.csv"])
def test_recorded_values_of_an_export_are_carried_and_count(name: str, tmp_path: Path) -> None:
    before, after = both(FOLDER / name, tmp_path / "c.xlsx", values="recorded")
    assert counted(before)
    assert_same_intakes(before, after)


def test_corrections_are_in_the_corrected_diary_and_need_no_file_of_aliases(tmp_path: Path) -> None:
    diary = diary_of(
        tmp_path / "d.csv",
        ("2026-03-02", "my usual drink", 1, "mug", "", ""),
        ("2026-03-02", "chair", 2, "", "", ""),
        ("2026-03-02", "whole milk", 1, "splash", "", "in the tea"),
        ("2026-03-02", "house plate", 1, "serving", "", ""),
        ("2026-03-03", "rice and beans", 200, "g", "", ""),
    )
    aliases = aliases_of(
        tmp_path / "a.csv",
        {"said": "my usual drink", "decision": "food", "fdc_id": BLACK_COFFEE},
        {"said": "chair", "decision": "ignore"},
        {"said": "whole milk", "decision": "weight", "unit": "splash", "grams_per_unit": "17.25"},
        {"said": "house plate", "decision": "parts", "parts": "150 g cooked rice; 80 g black beans"},
        {"said": "rice and beans", "decision": "whole"},
    )
    before, after = both(diary, tmp_path / "c.xlsx", aliases=[aliases])
    assert_same_intakes(before, after)
    lines = {line["Food"]: line for line in lines_in(tmp_path / "c.xlsx")}
    assert lines["my usual drink"]["FDC id"] == BLACK_COFFEE
    assert lines["chair"]["Kind"] == "note"
    assert lines["whole milk"]["Grams"] == 17.25
    assert "in the tea" in lines["whole milk"]["Notes"]
    assert (lines["black beans"]["Grams"], lines["cooked rice"]["Grams"]) == (80, 150)
    assert 'of "house plate"' in lines["cooked rice"]["Notes"]


def test_lines_that_are_left_out_stay_left_out_and_say_why(tmp_path: Path) -> None:
    diary = diary_of(
        tmp_path / "d.csv",
        ("2026-03-02", "Coffee with milk", 1, "mug", "", ""),
        ("2026-03-02", "xqzzt", 2, "cups", "", ""),
        ("2026-03-02", "porridge", "2 cpu", "", "", ""),
        ("not a day", "banana", 1, "medium", "", ""),
        ("2026-03-04", "", 3, "slices", "", ""),
    )
    before, after = both(diary, tmp_path / "c.xlsx")
    assert_same_intakes(before, after)
    lines = lines_in(tmp_path / "c.xlsx")
    milk = next(line for line in lines if line["Food"] == "milk")
    assert (milk["Amount"], milk["Grams"]) == ("left out", None)
    assert "not counted: how much" in milk["Notes"]
    banana = next(line for line in lines if line["Food"] == "banana")
    assert banana["Date"] == "unknown"


def test_what_was_weighed_raw_is_not_taken_for_raw_twice(tmp_path: Path) -> None:
    diary = diary_of(tmp_path / "d.csv", ("2026-03-02", "raw weight chicken breast, grilled", 200, "g", "", ""),
                     ("2026-03-02", "Potato, french fries, NS as to fresh or frozen", "", "", "", ""))  # fmt: skip
    assert_same_intakes(*both(diary, tmp_path / "c.xlsx"))


def test_foods_written_again_at_one_meal_by_an_app_all_count(tmp_path: Path) -> None:
    header = "Day,Group,Food Name,Amount,Energy (kcal),Protein (g)"
    foods = ("Oats,40.00 g,150,5", "Banana,118.00 g,105,1", "Milk,244.00 g,149,8")
    rows = [f"2026-03-02,Breakfast,{food}" for grams in range(30, 36) for food in (*foods, f"Bread,{grams}.00 g,80,3")]
    diary = tmp_path / "servings.csv"
    diary.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    before, after = both(diary, tmp_path / "c.xlsx")
    assert sum(counted(before).values()) == 24
    assert_same_intakes(before, after)


def test_people_named_and_not_named_stay_who_they_are(tmp_path: Path) -> None:
    columns = "Date,Person,Food,Amount,Unit"
    diary = diary_of(
        tmp_path / "d.csv",
        ("2026-03-02", "", "apple", 1, "medium"),
        ("2026-03-02", "Ann", "banana", 1, "medium"),
        ("2026-03-03", "Ben", "milk", 1, "cup"),
        columns=columns,
    )
    other = diary_of(tmp_path / "e.csv", ("2026-03-04", "orange", 1, "medium", "", ""))
    before, after = both([diary, other], tmp_path / "c.xlsx")
    assert {name for name, *_ in counted(before)} == {None, "Ann", "Ben"}
    assert_same_intakes(before, after)


def test_person_described_by_options_stands_in_the_corrected_diary(tmp_path: Path) -> None:
    person = Person(
        "female", 34, weight_kg=64.25, height_cm=168, smoker=False, activity="low_active", conditions=("premenopausal",)
    )
    before, after = both(DIARIES / "thirty_days.csv", tmp_path / "c.xlsx", person=person)
    assert after.people == before.people == {"": person}


def sheets_beside() -> dict[str, list[tuple[Any, ...]]]:
    return {
        "Diary": [
            ("Date", "Time", "Meal", "Food", "Amount", "Unit", "Kind", "Notes"),
            ("2026-03-02", "08:00", "Breakfast", "Night Mag", 2, "capsules", "supplement", None),
            ("2026-03-02", None, None, "Vitamin D3 1000 IU", 1, "tablet", None, None),
            ("2026-03-02", None, None, "Calcium 600 mg + D3 400 IU", None, None, "supplement", None),
            ("2026-03-02", None, "Lunch", "Chili", 1, "serving", None, None),
            ("2026-03-02", None, "Lunch", "Crunch bar", 2, "bars", None, None),
            ("2026-03-02", None, "Lunch", "Oat drink mine", 200, "ml", None, None),
            ("2026-03-02", None, None, "leg cramp 6/10", None, None, "symptom", None),
            ("2026-03-05", None, "Lunch", "fish and chips", 1, "serving", None, None),
        ],
        "Supplements": [
            ("Product", "Brand", "Per", "Nutrient", "Amount", "Unit", "Notes"),
            ("Night Mag", "Acme", "2 capsules", "Magnesium (as citrate)", 200, "mg", "after dinner"),
            (None, None, None, "Vitamin B6", 1.4, "mg", None),
            (None, None, None, "Calories", 10, "kcal", None),
        ],
        "Recipes": [
            ("Recipe", "Ingredient", "Amount", "Unit", "Servings", "Cooked weight (g)", "Yield (%)", "Cooking"),
            ("Chili", "ground beef", 400, "g", 4, None, None, "fried"),
            (None, "kidney beans, canned", 1, "can (400 g)", None, None, None, None),
            (None, "onion", 1, "medium", None, None, None, None),
        ],
        "Custom foods": [
            ("Food", "Brand", "Serving", "Calories (kcal)", "Calcium (mg)", "Vitamin D (IU)", "Salt (g)"),
            ("Crunch bar", "Acme", "1 bar (40 g)", 180, 120.5, 40, 0.25),
            ("Oat drink mine", None, "1 cup (240 ml)", 120, 350, None, None),
        ],
        "Symptoms": [
            ("Date", "Time", "Symptom", "Severity", "Duration", "Notes"),
            ("2026-03-02", "22:30", "Calf cramp", "1 of 3", "20 s", "left leg"),
        ],
        "Not a food day": [("Date", "Reason"), ("2026-03-05", "ill")],
        "Person": [("Sex", "Age"), ("female", 34)],
    }  # fmt: skip


def test_sheets_beside_the_diary_are_read_again_as_they_were(tmp_path: Path) -> None:
    diary = workbook_of(tmp_path / "d.xlsx", **sheets_beside())
    before, after = both(diary, tmp_path / "c.xlsx")
    left_out = before.lines[before.lines["problem"].notna()]
    assert not left_out["kind"].isin(["food", "supplement"]).any()
    assert_same_intakes(before, after)
    named = ["product", "brand", "per_amount", "per_unit", "nutrient", "amount", "unit"]
    assert after.diary.products[named].equals(before.diary.products[named])
    felt = ["date", "time", "symptom", "severity", "duration"]
    one, other = (x.diary.symptoms[felt].sort_values(felt, ignore_index=True) for x in (before, after))
    assert one.drop(columns="severity").equals(other.drop(columns="severity"))
    np.testing.assert_allclose(other["severity"], one["severity"])
    assert after.diary.not_food_days["reason"].tolist() == ["ill"]


def test_corrections_of_ingredients_are_in_the_recipe(tmp_path: Path) -> None:
    diary = workbook_of(tmp_path / "d.xlsx", **sheets_beside())
    aliases = aliases_of(
        tmp_path / "a.csv",
        {"said": "ground beef", "decision": "food", "fdc_id": WHOLE_MILK},
        {"said": "onion", "decision": "weight", "unit": "medium", "grams_per_unit": 770},
    )
    uncorrected = eaten(read_inputs(diary))
    before, after = both(diary, tmp_path / "c.xlsx", aliases=[aliases])
    assert not before.days["amount"].equals(uncorrected.days["amount"])
    assert_same_intakes(before, after)


def test_ingredient_that_is_no_food_stays_out_of_the_recipe(tmp_path: Path) -> None:
    diary = workbook_of(tmp_path / "d.xlsx", **sheets_beside())
    aliases = aliases_of(tmp_path / "a.csv", {"said": "kidney beans, canned", "decision": "ignore"})
    before, after = both(diary, tmp_path / "c.xlsx", aliases=[aliases])
    assert_same_intakes(before, after)
    rows = openpyxl.load_workbook(tmp_path / "c.xlsx")["Recipes"].iter_rows(values_only=True)
    beans = next(row for row in rows if "kidney beans, canned" in row)
    assert "left out" in beans


def test_typical_amounts_that_were_asked_for_are_weights_then(tmp_path: Path) -> None:
    diary = diary_of(tmp_path / "d.csv", ("2026-03-02", "beef stew", 1, "trough", "", ""))
    before, after = both(diary, tmp_path / "c.xlsx", defaults=True)
    assert before.lines["problem"].isna().all()
    assert_same_intakes(before, after)


def test_corrected_diary_can_be_corrected_again_without_a_change(tmp_path: Path) -> None:
    first = both(DIARIES / "example.xlsx", tmp_path / "c.xlsx")[1]
    second = both(tmp_path / "c.xlsx", tmp_path / "cc.xlsx")[1]
    assert_same_intakes(first, second)


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    texts = ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")']
    rows = [("2026-03-02", f"{text} banana", 100, "g", "", text) for text in texts]
    diary = diary_of(tmp_path / "d.csv", *rows)
    assert_same_intakes(*both(diary, tmp_path / "c.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert [
        cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ] == []


def test_corrected_diary_is_the_same_bytes_each_time_and_its_owners_alone(tmp_path: Path) -> None:
    inputs = read_inputs(DIARIES / "example.xlsx")
    one, other = write_corrected(inputs, tmp_path / "a.xlsx"), write_corrected(inputs, tmp_path / "b.xlsx")
    assert one.read_bytes() == other.read_bytes()
    assert stat.S_IMODE(one.stat().st_mode) == 0o600


def test_corrected_diary_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NutridiaryError, match=r"End its name in \.xlsx"):
        write_corrected(read_inputs(DIARIES / "example.xlsx"), tmp_path / "c.csv")


def test_correct_command_writes_what_the_function_writes(tmp_path: Path) -> None:
    words = [
        "correct",
        str(DIARIES / "thirty_days.csv"),
        "--sex",
        "female",
        "--age",
        "34",
        "-o",
        str(tmp_path / "c.xlsx"),
    ]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    inputs = read_inputs([DIARIES / "thirty_days.csv"], Person("female", 34))
    assert (tmp_path / "c.xlsx").read_bytes() == write_corrected(inputs, tmp_path / "f.xlsx").read_bytes()


def test_correct_command_does_not_write_over_the_diary(tmp_path: Path) -> None:
    diary = workbook_of(tmp_path / "d.xlsx", **sheets_beside())
    before = diary.read_bytes()
    done = CliRunner().invoke(main, ["correct", str(diary), "-o", str(diary)])
    assert done.exit_code == 2
    assert diary.read_bytes() == before


FOODS = st.sampled_from(
    (
        *("banana", "whole milk", "coffee with milk", "raw weight chicken breast, grilled", "water", "xqzzt"),
        *("Vitamin D3 1000 IU", "2 eggs and bacon", "200 g cooked rice", "total", "=1+1 toast", "fish oil capsule"),
        *("lentil soup", "no lunch"),
    )
)
AMOUNTS = st.sampled_from(["", "1", "1/2", "2-3", "120.123456789", "abc", "15 kg", "1 can (330 ml)"])
UNITS = st.sampled_from(["", "g", "cup", "slice", "tablet", "cpu", "medium"])
LINES = st.lists(
    st.tuples(
        st.sampled_from(["2026-03-02", "2026-03-03", "", "soon"]),
        st.sampled_from(["", "Ann", "Ben"]),
        FOODS,
        AMOUNTS,
        UNITS,
        st.sampled_from(["", "food", "supplement", "note", "water"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(lines=LINES)
def test_whatever_is_in_a_diary_no_line_is_lost_and_no_intake_changes(
    lines: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    first = ("2026-03-01", "", "apple", "1", "medium", "")
    diary = diary_of(folder / "d.csv", first, *lines, columns="Date,Person,Food,Amount,Unit,Kind")
    assert_same_intakes(*both(diary, folder / "c.xlsx"))
