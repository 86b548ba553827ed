"""Supplements as people write them into a diary without saying so: what they are told by, and the dose they come to.

The doses were worked out by hand: what the label states, times what was taken; 40 IU of vitamin D are 1 ug.
"""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from nutridiary.diary import read_diary, read_whole
from nutridiary.foods import load_foods
from nutridiary.splitting import split_lines
from nutridiary.supplements import read_line, supplement_doses


def read(tmp_path: Path, *lines: str) -> pd.DataFrame:
    diary = tmp_path / "diary.csv"
    pd.DataFrame({"Date": "2026-03-02", "Meal": "Breakfast", "Food": lines}).to_csv(diary, index=False)
    return read_diary(diary)


DOSES = [
    ("B12 500 mcg", {"vitamin_b12": 500}),
    ("2 tablets magnesium glycinate 100 mg elemental", {"magnesium": 200}),
    ("magnesium (as glycinate) 120 mg x2", {"magnesium": 240}),
    ("3x magnesium 100 mg", {"magnesium": 300}),
    ("Magnesium 200mg 2x", {"magnesium": 400}),
    ("2 caps daily magnesium 100 mg", {"magnesium": 200}),
    ("Vit D 50 mcg (2,000 IU)", {"vitamin_d": 50}),
    ("Vitamin D3 1000 IU 2 softgels", {"vitamin_d": 50}),
    ("Vitamin D 1/2 tablet 1000 IU", {"vitamin_d": 12.5}),
    ("1/2 tab zinc 50 mg", {"zinc": 25}),
    ("½ tablet zinc 50 mg", {"zinc": 25}),
    ("half a tablet vitamin C 1000 mg", {"vitamin_c": 500}),
    ("iron 65 mg (325 mg ferrous sulfate)", {"iron": 65}),
    ("ferrous sulfate 325 mg (65 mg iron)", {"iron": 65}),
    ("calcium carbonate 1250 mg (500 mg elemental calcium)", {"calcium": 500}),
    ("potassium gluconate 595 mg (99 mg potassium)", {"potassium": 99}),
    ("potassium chloride 10 meq", {"potassium": 390.98}),
    ("2 x 500mg calcium", {"calcium": 1000}),
    ("Calcium 600 mg with vitamin D 400 IU", {"calcium": 600, "vitamin_d": 10}),
    ("Vitamin C 500 mg + zinc 10 mg", {"vitamin_c": 500, "zinc": 10}),
    ("calcium magnesium zinc 333/133/5 mg", {"calcium": 333, "magnesium": 133, "zinc": 5}),
    ("folate 400 mcg DFE", {"folate_dfe": 400}),
    ("Vit C 1g", {"vitamin_c": 1000}),
    ("1 Tablette Magnesium 300 mg", {"magnesium": 300}),
    ("Calcium 500 mg + D3 400 IE", {"calcium": 500, "vitamin_d": 10}),
    ("magnesio 300 mg 1 comprimido", {"magnesium": 300}),
    ("vitamina D 2000 UI", {"vitamin_d": 50}),
    ("Folsäure 400 µg", {"folic_acid": 400}),
]


@pytest.mark.parametrize(("text", "expected"), DOSES)
def test_supplement_named_by_its_nutrient_gives_the_dose_taken(
    tmp_path: Path, text: str, expected: dict[str, float]
) -> None:
    entries, doses = supplement_doses(read(tmp_path, text))
    assert entries["kind"].tolist() == ["supplement"]
    assert entries["problem"].isna().all()
    amounts = doses.set_index("nutrient")["amount"]
    assert {name: amounts[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Mg citrate 200mg", 22.68, 200),
        ("magnesium oxide 400 mg", 241.2, 400),
        ("2 tablets Mg oxide 400 mg", 482.4, 800),
    ],
)
def test_mass_of_a_salt_stays_a_question_with_bounds(tmp_path: Path, text: str, low: float, high: float) -> None:
    entries, doses = supplement_doses(read(tmp_path, text))
    row = doses.set_index("nutrient").loc["magnesium"]
    assert pd.isna(row["amount"])
    assert (row["amount_low"], row["amount_high"]) == pytest.approx((low, high))
    assert "or of the nutrient in it?" in entries["note"].iloc[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Centrum Silver Women 1 tablet", "list"),
        ("Slow-Mag 2", "list"),
        ("2 Tums", "list"),
        ("Emergen-C", "list"),
        ("LMNT 1 packet", "list"),
        ("multivitamin gummies 2", "list"),
        ("iron pill", "list"),
        ("fiber gummies 2", "list"),
        ("vitamins", "list"),
        ("my multi", "list"),
        ("magnesium", "list"),
        ("D3+K2", "list"),
        ("omega 3", "no nutrient that is counted"),
        ("fish oil 1000 mg", "no nutrient that is counted"),
        ("D3 2000", "has no unit: write 2000 mg, mcg or IU"),
        ("calcium 600 mg (2 tablets)", "is of one or of the 2 tablets together"),
        ("1 tab zinc 10 mg 2 tabs", "several amounts of one supplement"),
    ],
)
def test_supplement_without_a_dose_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    entries, doses = supplement_doses(read(tmp_path, text))
    assert entries["kind"].tolist() == ["supplement"]
    assert doses.empty
    assert said in entries["problem"].iloc[0]


@pytest.mark.parametrize(
    "text",
    [
        *("vitamin water", "vitamin D milk 1 cup", "calcium fortified orange juice 8 oz", "iron skillet steak 6 oz"),
        *("Nespresso capsule", "coffee, 1 capsule", "bouillon tablet", "1 tablet of chocolate", "gum drops 5"),
        *("cinnamon 1 tsp", "ginger 5 g", "mineral water", "multi grain cheerios", "potassium broth", "protein 30 g"),
        *("green tea", "cod liver oil 1 tsp", "Special K", "lemon drops", "sweetener tablets 2", "cranberry 30 g"),
    ],
)
def test_food_with_words_of_supplements_stays_food(tmp_path: Path, text: str) -> None:
    assert not (read(tmp_path, text)["kind"] == "supplement").any()


def test_amount_cell_beside_a_nutrient_tells_a_supplement(tmp_path: Path) -> None:
    diary = tmp_path / "diary.csv"
    diary.write_text("Date,Food,Amount\n2026-03-02,magnesium,300 mg\n2026-03-02,B12,2 tabs\n2026-03-02,milk,200 ml\n")
    entries = read_diary(diary)
    assert entries["kind"].tolist() == ["supplement", "supplement", "food"]


def test_what_the_label_is_per_is_not_what_was_taken() -> None:
    assert read_line("calcium 600 mg per 2 tablets").taken == ""
    assert read_line("3 tablets calcium 600 mg per 2 tablets")[:2] == ("calcium 600 mg per 2 tablets", "3 tablets")


def test_strength_behind_a_nutrient_is_no_count() -> None:
    assert read_line("vitamin B 12").taken == ""
    assert read_line("B-100").taken == ""
    assert read_line("omega 3").taken == ""


@pytest.mark.parametrize(
    ("text", "foods", "supplement"),
    [
        ("2 eggs, toast and a multivitamin", ["eggs", "toast"], "multivitamin"),
        ("oatmeal with banana and vitamin D 1000 IU", ["oatmeal", "banana"], "vitamin D"),
        ("toast with butter and 1 capsule omega-3", ["toast", "butter"], "omega-3"),
        ("coffee, 1 multivitamin", ["coffee"], "multivitamin"),
    ],
)
def test_supplement_at_the_end_of_a_meal_leaves_the_foods_food(
    tmp_path: Path, text: str, foods: list[str], supplement: str
) -> None:
    parts = split_lines(read(tmp_path, text), load_foods())
    assert parts.loc[parts["kind"] == "food", "food_text"].tolist() == foods
    assert parts.loc[parts["kind"] == "supplement", "food_text"].tolist() == [supplement]


def test_dose_of_a_supplement_in_a_meal_is_its_own(tmp_path: Path) -> None:
    parts = split_lines(read(tmp_path, "oatmeal with banana and vitamin D 1000 IU"), load_foods())
    _, doses = supplement_doses(parts)
    assert doses.set_index("nutrient")["amount"]["vitamin_d"] == 25
    assert not parts.loc[parts["kind"] == "food", "note"].str.contains('1000 IU" is the amount').any()


@pytest.mark.parametrize(
    "text",
    ["calcium 600 mg + D3 400 IU", "Nature Made Super B, 1 tablet", "Vitamin C 500 mg tablet with rose hips"],
)
def test_line_of_one_supplement_is_not_split(tmp_path: Path, text: str) -> None:
    assert split_lines(read(tmp_path, text), load_foods())["kind"].tolist() == ["supplement"]


def test_line_called_like_a_product_of_the_supplements_sheet_is_a_supplement(tmp_path: Path) -> None:
    book = Workbook()
    diary = book.active
    diary.title = "Diary"
    for row in (["Date", "Food"], ["2026-03-02", "NightCalm 2"], ["2026-03-02", "nightcalm"], ["2026-03-02", "milk"]):
        diary.append(row)
    sheet = book.create_sheet("Supplements")
    for row in (["Product", "Per", "Nutrient", "Amount", "Unit"], ["NightCalm", "1 capsule", "Magnesium", 100, "mg"]):
        sheet.append(row)
    book.save(tmp_path / "diary.xlsx")
    read = read_whole(tmp_path / "diary.xlsx")
    assert read.entries["kind"].tolist() == ["supplement", "supplement", "food"]
    entries, doses = supplement_doses(read.entries, read.products)
    assert doses[["line", "amount"]].to_numpy().tolist() == [[2, 200]]
    assert "how many were taken is not written" in entries["problem"].iloc[1]
