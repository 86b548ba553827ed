"""A workbook with every sheet filled in, all the way: analysed, checked, reviewed and corrected."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from nutridiary import analyze
from nutridiary.diary.whole import read_whole
from nutridiary.review import review

SHEETS: dict[str, Sequence[Sequence[object]]] = {
    "Diary": [
        ["Date", "Food", "Amount", "Kind"],
        ["2026-03-02", "Granola bar", "1 bar", None],
        [None, "Chili", "1 serving", None],
        [None, "Vitamin D3 2000 IU", "1 tablet", "supplement"],
        [None, "Calmag", "2 tablets", "supplement"],
        ["2026-03-03", "milk", "200 ml", None],
        ["2026-03-04", "potato chips", "30 g", None],
    ],
    "Person": [["Sex", "Age"], ["female", 34]],
    "Supplements": [["Product", "Per", "Nutrient", "Amount", "Unit"], ["Calmag", "2 tablets", "Calcium", 400, "mg"]],
    "Recipes": [
        ["Recipe", "Ingredient", "Amount", "Servings"],
        ["Chili", "kidney beans, canned", "400 g", 4],
        [None, "olive oil", "1 tbsp", None],
    ],
    "Custom foods": [["Food", "Serving", "Calcium (mg)"], ["Granola bar", "1 bar (40 g)", 20]],
    "Symptoms": [["Date", "Symptom", "Severity"], ["2026-03-04", "calf cramp", 7]],
    "Not a food day": [["Date", "Reason"], ["2026-03-04", "ill"]],
}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "diary.xlsx")
    return tmp_path / "diary.xlsx"


def test_a_day_that_is_no_food_day_is_in_no_mean(workbook: Path) -> None:
    analysis = analyze(workbook)
    assert analysis.days["date"].dt.strftime("%m-%d").unique().tolist() == ["03-02", "03-03"]
    assert analysis.comparison["days"].max() == 2
    chips = analysis.entries.set_index("food_text").loc["potato chips"]
    assert chips["problem"] == 'not counted: a day that is no food day ("ill")'
    assert len(analysis.symptoms) == 1


def test_a_not_food_day_of_one_person_is_a_food_day_of_another(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Diary"
    for row in (["Date", "Person", "Food"], ["2026-03-04", "Ann", "egg"], ["2026-03-04", "Ben", "egg"]):
        book.active.append(row)
    days = book.create_sheet("Not a food day")
    days.append(["Date", "Reason", "Person"])
    days.append(["2026-03-04", None, "Ben"])
    book.save(tmp_path / "two.xlsx")
    entries = read_whole(tmp_path / "two.xlsx").entries
    assert entries["kind"].tolist() == ["food", "note"]
    assert entries["problem"].fillna("").tolist() == ["", "not counted: a day that is no food day"]


def test_a_workbook_with_recipes_labels_and_supplements_can_be_reviewed_and_corrected(workbook: Path) -> None:
    path = review(workbook).to_excel(workbook.with_name("review.xlsx"))
    unchanged = analyze(workbook, aliases=[path]).entries
    assert unchanged["gram_weight"].fillna(-1).tolist() == analyze(workbook).entries["gram_weight"].fillna(-1).tolist()
    book = openpyxl.load_workbook(path)
    rows = list(book["Foods"].iter_rows())
    header = next(row for row in rows if row[0].value == "No.")
    food = next(cell.column for cell in header if cell.value == "Food")
    milk = next(row for row in rows if any(cell.value == "milk" for cell in row))
    milk[food - 1].value = 2705385
    book.save(path)
    corrected = analyze(workbook, aliases=[path]).entries.set_index("food_text")
    assert corrected.loc["milk", "food_description"] == "Milk, whole"
    own = ["Granola bar", "Chili", "Vitamin D3 2000 IU", "Calmag"]
    assert corrected.loc[own, "problem"].isna().all()


def test_foods_are_of_the_days_the_means_are_of(tmp_path):
    path = tmp_path / "d.csv"
    meals = [(2, "oatmeal", 400), (2, "chicken breast", 300), (2, "rice, cooked", 500), (2, "banana", 240)]
    meals += [(3, "oatmeal", 400), (3, "beef steak", 300), (3, "bread", 200), (3, "milk", 500), (4, "apple", 50)]
    lines = [f'2026-03-0{day},"{food}",{grams},g' for day, food, grams in meals]
    path.write_text("\n".join(["Date,Food,Amount,Unit", *lines]), "utf-8")
    analysis = analyze(path, nutrients=["magnesium"], leave_out_incomplete=True)
    (row,) = analysis.comparison.itertuples()
    assert row.days == 2  # the day of one apple is left out
    assert analysis.contributions["amount"].sum() == pytest.approx(row.mean_intake * row.days)
    assert len(analysis.entries) == len(meals)
