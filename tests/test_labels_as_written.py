"""Labels and recipes in the words of other people: UK and EU tables, other languages, "makes 12 pancakes"."""

import math
from pathlib import Path

import pytest

from nutridiary.diary.whole import Diary, read_whole


def labels(tmp_path: Path, text: str) -> Diary:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return read_whole(path)


def amounts(diary: Diary) -> dict[str, float]:
    known = diary.own_foods[diary.own_foods["amount"].notna()]
    return dict(zip(known["nutrient"], known["amount"], strict=True))


@pytest.mark.parametrize("serving", ["per 100 g", "Per 100g", "pro 100 g", "pour 100 g", "100 g"])
def test_values_per_100_g_are_known_by_weight_however_it_is_said(tmp_path: Path, serving: str) -> None:
    foods = labels(tmp_path, f"Food,Serving size,Calcium (mg)\nCrisps,{serving},30\n").own_foods
    assert foods[["per_amount", "per_unit", "serving_grams"]].iloc[0].tolist() == [100.0, "g", 100.0]


def test_a_weight_called_a_portion_is_the_weight_of_a_serving(tmp_path: Path) -> None:
    foods = labels(tmp_path, "Food,Serving size,Calcium (mg)\nMuesli,45g portion,30\n").own_foods
    assert foods[["per_amount", "per_unit", "serving_grams"]].iloc[0].tolist() == [1.0, "serving", 45.0]


def test_kilocalories_go_before_kilojoules_of_the_same_label(tmp_path: Path) -> None:
    # 264 kJ / 4.184 is 63.1 kcal; the label itself says 63.
    header = "Food,Serving size,Energy (kJ),Energy (kcal)\n"
    text = header + "Skyr,100 g,264,63\nBread,100 g,1013 kJ / 240 kcal,\nBun,100 g,1013,\n"
    foods = labels(tmp_path, text).own_foods
    assert foods["amount"].round(2).tolist() == [63.0, 240.0, pytest.approx(1013 / 4.184, abs=0.01)]


def test_percent_dv_in_a_heading_without_brackets_is_read(tmp_path: Path) -> None:
    text = "Food,Serving size,Potassium %DV,Calcium % Daily Value,Daily value edition\nBar,1 bar (40 g),10,20,2016\n"
    # 21 CFR 101.9(c)(8)(iv): potassium 4700 mg, calcium 1300 mg.
    assert amounts(labels(tmp_path, text)) == {"potassium": 470.0, "calcium": 260.0}


@pytest.mark.parametrize("heading", ["Calcium (% NRV)", "Calcium %RI", "Calcium (% RDA)"])
def test_a_percentage_of_another_reference_is_refused(tmp_path: Path, heading: str) -> None:
    text = f"Food,Serving size,{heading},Iron (mg),Daily value edition\nBar,1 bar (40 g),20,2,2016\n"
    foods = labels(tmp_path, text).own_foods.set_index("nutrient")
    assert math.isnan(foods.loc["calcium", "amount"])
    assert "another reference than the Daily Values of the USA" in foods.loc["calcium", "problem"]


def test_a_german_label_is_read_whole(tmp_path: Path) -> None:
    text = (
        "Lebensmittel;Portion;Brennwert (kcal);Fett (g);davon gesättigte Fettsäuren (g);Eiweiß (g);Salz (g)\n"
        "Quark;100 g;67;0,2;0,1;12;0,1\n"
    )
    expected = {"energy": 67, "fat_total": 0.2, "fatty_acids_saturated": 0.1, "protein": 12, "sodium": 40}
    assert amounts(labels(tmp_path, text)) == pytest.approx(expected)


def test_columns_of_a_label_that_mean_nothing_are_named(tmp_path: Path) -> None:
    diary = labels(tmp_path, "Food,Serving size,Calcium (mg),Zing (mg),Empty\nBar,1 bar (40 g),30,3,\n")
    assert diary.files["note"].iloc[0] == "columns not used: Zing (mg)"


@pytest.mark.parametrize(
    ("makes", "servings"), [("12 pancakes", 12), ("makes 8 slices", 8), ("4 Portionen", 4), ("6", 6)]
)
def test_what_a_recipe_makes_is_its_servings(tmp_path: Path, makes: str, servings: float) -> None:
    recipes = labels(tmp_path, f"Recipe,Ingredient,Amount,Makes\nPancakes,milk,300 ml,{makes}\n").recipes
    assert recipes["servings"].tolist() == [servings]


@pytest.mark.parametrize("makes", ["1800 grams", "2 litres", "a lot"])
def test_a_weight_or_volume_is_no_number_of_servings(tmp_path: Path, makes: str) -> None:
    recipes = labels(tmp_path, f"Recipe,Ingredient,Amount,Makes\nPancakes,milk,300 ml,{makes}\n").recipes
    assert "cannot read the servings" in recipes["problem"].iloc[0]
