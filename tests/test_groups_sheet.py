"""A diary of many people also says what their groups eat."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from nutridiary import Person, analyze
from reading import rows_below

FOODS = ("Oatmeal, 200 g", "Milk, 250 g", "Spinach, cooked, 80 g", "Almonds, 30 g", "Rice, cooked, 150 g")


def diary_of(path: Path, women: int, men: int) -> tuple[Path, dict[str, Person]]:
    """Write two days of each person, everybody with other amounts of the same foods."""
    names = [*(f"w{n:02}" for n in range(women)), *(f"m{n:02}" for n in range(men))]
    lines = [
        {
            "Person": name,
            "Date": f"2026-03-0{day}",
            "Food": food.rsplit(",", 1)[0],
            "Amount": int(food.rsplit(",", 1)[1].split()[0]) + 7 * place * (1 + (place + day) % 3),
            "Unit": "g",
        }
        for place, name in enumerate(names)
        for day in (2, 3)
        for food in FOODS
    ]
    pd.DataFrame(lines).to_csv(path, index=False)
    return path, {name: Person(sex="female" if name[0] == "w" else "male", age_years=40) for name in names}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("groups")
    path, people = diary_of(folder / "d.csv", 12, 9)
    analysis = analyze(path, people=people, nutrients=["magnesium", "iron"])
    return analysis, openpyxl.load_workbook(analysis.to_excel(folder / "r.xlsx"))


def test_groups_of_ten_people_or_more_have_a_sheet_and_smaller_ones_no_row(report):
    analysis, workbook = report
    rows = rows_below(workbook["Groups"], "Group")
    assert {row["Group"].value for row in rows} == {"female 31-50 y"}
    assert [row["People"].value for row in rows] == [12, 12]
    means = analysis.comparison.set_index(["person_id", "nutrient"])["mean_intake"]
    women = means.loc[[f"w{n:02}" for n in range(12)]]
    for row, nutrient in zip(rows, ("magnesium", "iron"), strict=True):
        assert row["Mean per day"].value == pytest.approx(women.xs(nutrient, level="nutrient").mean(), rel=0.05)


def test_iron_of_women_on_the_groups_sheet_is_not_by_cut_point(report):
    analysis, _ = report
    by = analysis.groups.set_index("nutrient")["inadequate_by"]
    assert by["magnesium"] == "cut_point"
    assert by["iron"] != "cut_point"


def test_few_people_have_no_groups_sheet(tmp_path):
    path, people = diary_of(tmp_path / "d.csv", 3, 0)
    analysis = analyze(path, people=people, nutrients=["magnesium"])
    assert analysis.groups.empty
    assert "Groups" not in openpyxl.load_workbook(analysis.to_excel(tmp_path / "r.xlsx")).sheetnames


def test_groups_sheet_calls_figures_what_their_authority_does(tmp_path):
    path, people = diary_of(tmp_path / "d.csv", 10, 0)
    analysis = analyze(path, people=people, nutrients=["calcium"], reference="efsa")
    (row,) = rows_below(openpyxl.load_workbook(analysis.to_excel(tmp_path / "r.xlsx"))["Groups"], "Group")
    assert row["AR"].value == 750  # EFSA 2017: women and men from 25 years on
    assert {"EAR", "CDRR"}.isdisjoint(row)
    assert "below the AR of 750 mg" in row["In words"].value
