"""Supplements: label text and the number taken, to amounts of nutrients, against published conversions."""

import csv
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.data_files import data_file
from nutridiary.nutrients import load_nutrients
from nutridiary.supplements import (
    LabelDose,
    companion_doses,
    is_supplement_text,
    read_label,
    read_taken,
    read_whole_label,
    supplement_doses,
)
from nutridiary.supplements.vocabulary import companions, factors, forms, phrases, strengths
from nutridiary.tables import ENTRIES, SUPPLEMENT_PRODUCTS, WEIGHED, conform

NHANES = Path(__file__).resolve().parents[2] / "shared" / "nhanes"


def only(text: str) -> LabelDose:
    (dose,) = read_label(text)
    return dose


def amounts(text: str) -> dict[str, float]:
    return {dose.nutrient: dose.amount for dose in read_label(text)}


# -- Labels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VITAMIN D 2000 IU", {"vitamin_d": 50}),
        ("Vitamin D 2,000 UNITS", {"vitamin_d": 50}),
        ("5000IU vitamin d3", {"vitamin_d": 125}),
        ("Vitamin D3 2.000 IE", {"vitamin_d": 50}),
        ("VITAMIN B-12 (COBALAMIN) 500 MCG", {"vitamin_b12": 500}),
        ("B12 1 mg", {"vitamin_b12": 1000}),
        ("methylcobalamin 1000µg", {"vitamin_b12": 1000}),
        ("vit b6 50 mg", {"vitamin_b6": 50}),
        ("Zinc 0.5 MG.", {"zinc": 0.5}),
        ("Vitamin D3 2000 I.E.", {"vitamin_d": 50}),
        ("Folsäure 400 µg, Eisen 14 mg", {"folic_acid": 400, "iron": 14}),
        ("Vitamine C 500 mg", {"vitamin_c": 500}),
        ("calcio 500 mg y vitamina D 400 UI", {"calcium": 500, "vitamin_d": 10}),
        ("zinc .5 mg", {"zinc": 0.5}),
        ("Vitamin C 1 g", {"vitamin_c": 1000}),
        ("CALCIUM 600 MG + D3 400 IU", {"calcium": 600, "vitamin_d": 10}),
        ("CALCIUM + VITAMIN D3 600 MG/20 MCG", {"calcium": 600, "vitamin_d": 20}),
        ("Calcium/Magnesium/Zinc 333/133/5 mg", {"calcium": 333, "magnesium": 133, "zinc": 5}),
        ("500 MG CALCIUM / 800 IU VITAMIN D3 80 MG MAGNESIUM", {"calcium": 500, "vitamin_d": 20, "magnesium": 80}),
        ("MELATONIN 3 MG WITH 10 MG VITAMIN B-6 PER TABLET", {"vitamin_b6": 10}),
        ("1200 mg of elemental calcium", {"calcium": 1200}),
        ("Mg 400 mg", {"magnesium": 400}),
        ("K 99 mg", {"potassium": 99}),
        ("vitamin K 100 mcg", {"vitamin_k": 100}),
        ("KIRKLAND SIGNATURE ADULT GUMMIES C 250 MG", {"vitamin_c": 250}),
        ("VITAMIN C WITH NATURAL ROSE HIPS TABLETS, 1000 MG", {"vitamin_c": 1000}),
    ],
)
def test_read_label_names_each_nutrient_with_its_dose(text: str, expected: dict[str, float]) -> None:
    assert amounts(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "VITAMIN D3 (CHOLECALCIFEROL) 25 MCG (1000 IU)",
        "NATURE MADE D3 25 MCG (1000 IU) VITAMIN D",
        "Vitamin D3 1000 IU (25 mcg)",
        "Vitamin D 25 mcg / 1000 IU",
    ],
)
def test_read_label_counts_one_dose_in_two_units_once(text: str) -> None:
    assert amounts(text) == {"vitamin_d": 25}


@pytest.mark.parametrize(
    "text",
    [
        "omega 3 1000 mg",
        "COQ10 100 MG",
        "melatonin 3 mg",
        "GLUCOSAMINE SULFATE 1500 MG",
        "CRANBERRY 4200 MG PLUS VITAMIN D3",
        "multivitamin",
        "",
        "calcium 40 IU",
        "95% curcuminoids 500 mg",
    ],
)
def test_read_label_gives_no_nutrient_the_dose_of_another_substance(text: str) -> None:
    assert read_label(text) == ()


def test_read_whole_label_names_what_has_no_dose_and_what_is_no_nutrient() -> None:
    label = read_whole_label("Vitamin C 500 mg with zinc, and fish oil 1000 mg")
    assert (label.undosed, label.others) == (("zinc",), ("fish oil",))


def test_read_whole_label_hears_a_letter_added_to_a_name_as_a_vitamin() -> None:
    assert read_whole_label("Calcium 600 mg + D").undosed == ("vitamin_d",)
    assert read_whole_label("Calcium 600 + D").undosed == ("calcium", "vitamin_d")
    assert read_whole_label("Calcium 600 mg + cal").undosed == ()


def test_read_label_does_not_read_the_end_of_a_name_as_a_dose() -> None:
    assert amounts("vitamin d 3 mcg") == {"vitamin_d": 3}
    assert amounts("vitamin b 12 mg") == {}
    assert amounts("vitamin B-12 mcg") == {}
    assert amounts("vitamin b 12 500 mcg") == {"vitamin_b12": 500}


def test_read_label_says_what_the_dose_is_per() -> None:
    assert [(d.per_amount, d.per_unit) for d in read_label("Zinc 15 mg, copper 2 mg per 2 capsules")] == [
        (2, "capsule"),
        (2, "capsule"),
    ]
    liquid = only("Calcium 10MG/5ML")
    assert (liquid.amount, liquid.per_amount, liquid.per_unit) == (10, 5, "ml")
    assert math.isnan(only("zinc 15 mg").per_amount)


def test_read_label_leaves_the_amount_open_where_two_figures_contradict_each_other() -> None:
    dose = only("Calcium 600 mg. Calcium 900 mg")
    assert math.isnan(dose.amount)
    assert (dose.amount_low, dose.amount_high) == (600, 900)
    assert "do not agree" in dose.question


def test_read_label_believes_the_figure_for_two_tablets_where_it_is_twice_that_of_one() -> None:
    dose = next(iter(read_label("CALCIUM 600 MG, 1200 MG CALCIUM IN JUST TWO TABLETS")))
    assert dose.amount / dose.per_amount == 600


# -- Compounds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("MAGNESIUM OXIDE 400 MG", 0.603 * 400, 400),
        ("CALCIUM CARBONATE 500 MG", 0.40 * 500, 500),
        ("magnesium glycinate 200mg", 0.141 * 200, 200),
        ("zinc picolinate 50 mg", 0.211 * 50, 50),
        ("Magnesiumcitrat 300 mg", 0.113 * 300, 300),
    ],
)
def test_read_label_leaves_compound_or_element_open_with_both_readings_as_bounds(
    text: str, low: float, high: float
) -> None:
    dose = only(text)
    assert math.isnan(dose.amount)
    assert (dose.amount_low, dose.amount_high) == (pytest.approx(low, rel=0.01), high)
    assert dose.question.startswith("is the figure the mass of the")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Magnesium (as magnesium citrate) 200 mg", 200),
        ("Magnesium (citrate) 200 mg", 200),
        ("Magnesium 200 mg (as oxide)", 200),
        ("magnesium oxide 400 mg (241 mg elemental)", 241),
        ("magnesium citrate 150 mg elemental", 150),
        ("Magnesium oxide 400 mg providing 241 mg magnesium", 241),
        ("MAGNESIUM CHELATED 200 MG", 200),
    ],
)
def test_read_label_takes_the_element_where_it_is_named(text: str, expected: float) -> None:
    dose = only(text)
    assert (dose.amount, dose.question) == (expected, "")


@pytest.mark.parametrize(
    ("text", "nutrient", "expected"),
    [
        # The amounts are those the survey took from the labels of such products, or of the sources in the table.
        ("potassium gluconate 595 mg (99 mg)", "potassium", 99),
        ("Potassium gluconate 595 mg", "potassium", 99),
        ("Potassium citrate 99 mg", "potassium", 99),
        ("FERROUS SULFATE 325 MG", "iron", 65),
        ("IRON 65 MG EQUIVALENT TO 325 MG FERROUS SULFATE", "iron", 65),
        ("IRON 65 MG FERROUS SULFATE | 325 MG", "iron", 65),
        ("EQUATE EXTRA STRENGTH ANTACID CALCIUM CARBONATE 750 MG", "calcium", 300),
        ("GENERIC REGULAR STRENGTH CALCIUM CARBONATE ANTACID 200 MG", "calcium", 200),
        ("calcium carbonate 1250 mg", "calcium", 500),
        ("potassium chloride 10 mEq", "potassium", 391),
    ],
)
def test_read_label_knows_usual_strengths_of_compounds(text: str, nutrient: str, expected: float) -> None:
    assert amounts(text)[nutrient] == pytest.approx(expected, rel=0.001)


# IUPAC Commission on Isotopic Abundances and Atomic Weights, abridged standard atomic weights 2021.
WEIGHTS = {
    "H": 1.0080, "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998, "Na": 22.990, "Mg": 24.305, "P": 30.974,
    "S": 32.06, "Cl": 35.45, "K": 39.098, "Ca": 40.078, "Mn": 54.938, "Fe": 55.845, "Cu": 63.546, "Zn": 65.38,
    "Se": 78.971, "Mo": 95.95, "I": 126.90,
}  # fmt: skip


def molar_mass(formula: str) -> float:
    """Return the molar mass of "Ca3(C6H5O7)2·4H2O". [g/mol]"""
    total = 0.0
    for unit in formula.split("·"):
        times = re.match(r"[0-9]*", unit)[0]
        group = unit[len(times) :]
        mass = 0.0
        for inner, inner_times, element, number in re.findall(r"\(([^()]*)\)([0-9]*)|([A-Z][a-z]?)([0-9]*)", group):
            one = molar_mass(inner) if inner else WEIGHTS[element]
            mass += one * int(inner_times or number or 1)
        total += mass * int(times or 1)
    return total


def form_rows() -> list[dict[str, str]]:
    with data_file("supplement_forms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", form_rows(), ids=lambda row: f"{row['nutrient']} {row['form']}")
def test_supplement_forms_follow_from_their_formulas(row: dict[str, str]) -> None:
    part = molar_mass(row["part"])
    share = float(row["parts"]) * part / molar_mass(row["formula"])
    others = [other.split("=") for other in row["other_formulas"].split(";") if other]
    all_shares = [share, *(float(times) * part / molar_mass(formula) for formula, times in others)]
    assert float(row["elemental_share"]) == pytest.approx(share, abs=6e-5)
    assert float(row["share_low"]) == pytest.approx(min(all_shares), abs=6e-5)
    assert float(row["share_high"]) == pytest.approx(max(all_shares), abs=6e-5)


@pytest.mark.parametrize(
    ("nutrient", "form", "percent"),
    [
        # NIH Office of Dietary Supplements, fact sheets for health professionals: calcium, iron, zinc.
        ("calcium", "carbonate", 40),
        ("calcium", "citrate", 21),
        ("iron", "fumarate", 33),
        ("iron", "sulfate", 20),
        ("iron", "gluconate", 12),
        ("zinc", "sulfate", 23),
        # magnesium oxide is 60 % magnesium in every table of the pharmacopoeias.
        ("magnesium", "oxide", 60),
    ],
)
def test_elemental_shares_equal_the_published_percentages(nutrient: str, form: str, percent: float) -> None:
    assert 100 * forms()[nutrient, form].share == pytest.approx(percent, abs=0.5)


# -- Units that depend on the form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "nutrient", "expected"),
    [
        # IOM 2000, p. 244: 30 IU of natural vitamin E are 20 mg, of synthetic vitamin E 13.5 mg; esters likewise.
        ("Vitamin E (d-alpha tocopherol) 30 IU", "vitamin_e_alpha_tocopherol", 20.1),
        ("natural vitamin E 30 IU", "vitamin_e_alpha_tocopherol", 20.1),
        ("Vitamin E 30 IU (as dl-alpha tocopheryl acetate)", "vitamin_e_alpha_tocopherol", 13.5),
        # NIH ODS, vitamin A: 1 IU of retinol or of supplemental beta-carotene is 0.3 ug RAE.
        ("retinyl palmitate 10,000 IU", "vitamin_a_rae", 3000),
        ("Vitamin A (as beta-carotene) 5000 IU", "vitamin_a_rae", 1500),
        ("vitamin A 10000 IU", "vitamin_a_rae", 3000),
        # NIH ODS, vitamin D: 1 ug is 40 IU.
        ("vitamin D2 50,000 IU", "vitamin_d", 1250),
    ],
)
def test_read_label_turns_international_units_into_masses_by_form(text: str, nutrient: str, expected: float) -> None:
    assert amounts(text)[nutrient] == pytest.approx(expected)


def test_read_label_leaves_vitamin_e_open_without_its_form() -> None:
    dose = only("VITAMIN E 400 IU")
    assert math.isnan(dose.amount)
    assert (dose.amount_low, dose.amount_high) == (pytest.approx(180), pytest.approx(268))


def test_folic_acid_counts_as_folate_equivalents() -> None:
    # FDA 2019: 1 ug of folic acid is 1.7 ug DFE.
    found = {dose.nutrient: dose.amount for dose in companion_doses(read_label("FOLIC ACID 400 MCG"))}
    assert (found["folic_acid"], found["folate_dfe"], found["folate_total"]) == (400, pytest.approx(680), 400)
    assert amounts("Folate 680 mcg DFE (400 mcg folic acid)") == {"folate_dfe": 680, "folic_acid": 400}


def test_folate_in_dfe_leaves_open_whether_it_is_folic_acid() -> None:
    found = {dose.nutrient: dose for dose in companion_doses(read_label("Folate 680 mcg DFE"))}
    assert found["folate_dfe"].amount == 680
    assert math.isnan(found["folic_acid"].amount)
    assert (found["folic_acid"].amount_low, found["folic_acid"].amount_high) == (0, pytest.approx(400, rel=1e-3))


def test_methylfolate_is_no_folic_acid() -> None:
    assert "folic_acid" not in {dose.nutrient for dose in companion_doses(read_label("L-METHYLFOLATE 400 MCG"))}


def test_vitamin_a_without_its_form_leaves_retinol_open() -> None:
    found = {dose.nutrient: dose for dose in companion_doses(read_label("Vitamin A 5000 IU"))}
    assert math.isnan(found["retinol"].amount)
    assert found["retinol"].amount_high == 1500
    carotene = {dose.nutrient: dose.amount for dose in companion_doses(read_label("beta-carotene 6 mg"))}
    assert (carotene["carotene_beta"], carotene["vitamin_a_rae"], carotene["retinol"]) == (6000, 3000, 0)


# -- Taken ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 tablets", (2, 2, 2, "tablet")),
        ("1 capsule", (1, 1, 1, "capsule")),
        ("half a tablet", (0.5, 0.5, 0.5, "tablet")),
        ("1/2 tablet", (0.5, 0.5, 0.5, "tablet")),
        ("1-2 softgels", (1.5, 1, 2, "softgel")),
        ("1 dose", (1, 1, 1, "dose")),
        ("1 serving", (1, 1, 1, "serving")),
        ("Less than 1 dose", (0.5, 0, 1, "dose")),
        ("2.00 x 1000.0 IU", (2000, 2000, 2000, "IU")),
        ("5 ml", (5, 5, 5, "ml")),
        ("3", (3, 3, 3, "")),
    ],
)
def test_read_taken_reads_how_many(text: str, expected: tuple[float, float, float, str]) -> None:
    taken = read_taken(None, None, text)
    assert taken[:4] == expected
    assert taken.problem == ""


@pytest.mark.parametrize("text", ["", "tablet", "some", "-2 tablets", "?"])
def test_read_taken_leaves_a_missing_number_unknown(text: str) -> None:
    taken = read_taken(None, None, text)
    assert math.isnan(taken.number)
    assert "write for example 1 tablet" in taken.problem


def test_read_taken_flags_less_than_one_dose() -> None:
    assert "anything from 0 on" in read_taken(0.5, "can", "Less than 1 dose").note


# -- Entries ----------------------------------------------------------------------------------------------------------


def entry(food_text: str, amount: float | None = None, unit: str | None = None, **more: object) -> dict[str, object]:
    return {"kind": "supplement", "food_text": food_text, "amount": amount, "unit": unit} | more


def table(*rows: dict[str, object]) -> pd.DataFrame:
    numbered = [{"source": "diary.csv", "line": number + 2} | row for number, row in enumerate(rows)]
    return conform(pd.DataFrame(numbered), ENTRIES)


def doses_of(row: dict[str, object], products: pd.DataFrame | None = None) -> dict[str, float]:
    _, doses = supplement_doses(table(row), products)
    return dict(zip(doses["nutrient"], doses["amount"], strict=True))


def problem_of(row: dict[str, object], products: pd.DataFrame | None = None) -> str:
    entries, doses = supplement_doses(table(row), products)
    assert doses.empty
    return str(entries.loc[0, "problem"])


def products(**more: object) -> pd.DataFrame:
    row = {"product": "Night Mag", "per_amount": 2.0, "per_unit": "tablet", "nutrient": "magnesium", "amount": 200.0}
    row |= {"unit": "mg", "as_written": "Magnesium 200 mg", "source": "diary.xlsx:Supplements", "line": 2}
    return conform(pd.DataFrame([row | more]), SUPPLEMENT_PRODUCTS)


def test_supplement_doses_multiply_the_label_by_what_was_taken() -> None:
    assert doses_of(entry("Vitamin C 500 mg", 2, "tablet")) == {"vitamin_c": 1000}
    assert doses_of(entry("vitamin C 1000 mg per 2 tablets", 1, "capsule")) == {"vitamin_c": 500}
    assert doses_of(entry("Calcium 10 mg/5 ml", 10, "ml")) == {"calcium": 20}


def test_supplement_doses_take_an_amount_in_milligrams_or_units_for_the_dose_itself() -> None:
    assert doses_of(entry("B12", 500, "ug")) == {"vitamin_b12": 500}
    assert doses_of(entry("Vitamin D", 1000, "IU")) == {"vitamin_d": 25}
    # An app writes two of 1000 IU under a name that has the dose in it too.
    assert doses_of(entry("Vitamin D, 1000 IU", 2000, "IU", amount_text="2.00 x 1000.0 IU")) == {"vitamin_d": 50}


def test_supplement_doses_read_the_whole_line_where_its_last_dose_was_taken_for_the_amount() -> None:
    line = entry("CALCIUM 600 MG + vitamin D", 400, "IU", written_text="CALCIUM 600 MG + vitamin D 400 IU")
    assert doses_of(line) == {"calcium": 600, "vitamin_d": 10}


def test_supplement_doses_go_by_the_packet_not_by_its_weight() -> None:
    assert doses_of(entry("Vitamin C 1000 mg", 8, "g", amount_text="1 packet (8 g)")) == {"vitamin_c": 1000}


def test_supplement_doses_keep_an_open_question_as_bounds_and_say_so() -> None:
    entries, doses = supplement_doses(table(entry("magnesium citrate", 200, "mg")))
    assert doses["amount"].isna().all()
    assert doses.loc[0, "amount_high"] == 200
    assert doses.loc[0, "amount_low"] == pytest.approx(0.113 * 200, rel=0.01)
    assert "mass of the citrate" in entries.loc[0, "note"]
    assert pd.isna(entries.loc[0, "problem"])


def test_supplement_doses_of_less_than_one_dose_reach_down_to_nothing() -> None:
    _, doses = supplement_doses(table(entry("Vitamin C 500 mg", 0.5, "can", amount_text="Less than 1 dose")))
    assert doses[["amount", "amount_low", "amount_high"]].values.tolist() == [[250, 0, 500]]


def test_products_sheet_goes_before_record_and_label() -> None:
    line = entry("night  MAG", 1, "capsule", recorded_magnesium=7.0)
    _, doses = supplement_doses(table(line), products())
    assert doses["amount"].tolist() == [100]
    assert doses["value_from"].tolist() == ["your Supplements sheet (diary.xlsx:Supplements:2)"]


def test_products_sheet_knows_a_product_by_brand_and_name() -> None:
    listed = products(brand="Acme")
    assert doses_of(entry("Acme Night Mag", 2, "tablet"), listed) == {"magnesium": 200}
    assert doses_of(entry("Night Mag", 2, "tablet", brand="ACME"), listed) == {"magnesium": 200}
    assert doses_of(entry("Acme Night Mag", 2, "tablet", brand="ACME"), listed) == {"magnesium": 200}
    assert "list" in problem_of(entry("Night Mag", 2, "tablet", brand="Other"), listed)


def test_products_sheet_in_units_that_cannot_be_compared_is_a_problem() -> None:
    assert "how much of that 1 tsp is" in problem_of(entry("Night Mag", 1, "tsp"), products())


def test_product_of_folic_acid_counts_as_folate_too() -> None:
    listed = products(nutrient="folic_acid", amount=400.0, unit="ug", as_written="Folic acid 400 mcg", per_amount=1.0)
    assert doses_of(entry("Night Mag", 1, "tablet"), listed)["folate_dfe"] == pytest.approx(680)


def test_recorded_values_go_before_the_label_which_fills_what_was_not_recorded() -> None:
    line = entry("CALCIUM 600 MG + vitamin D 400 IU", 1, "tablet", recorded_calcium=590.0, recorded_energy=0.0)
    _, doses = supplement_doses(table(line))
    assert dict(zip(doses["nutrient"], doses["amount"], strict=True)) == {"calcium": 590, "energy": 0, "vitamin_d": 10}
    assert set(doses["value_from"]) == {"recorded in the diary", 'label text "vitamin D 400 IU"'}


def test_recorded_vitamin_e_in_international_units_stays_open() -> None:
    _, doses = supplement_doses(table(entry("Softgel", 1, "softgel", recorded_vitamin_e_iu=400.0)))
    vitamin_e = doses.set_index("nutrient").loc["vitamin_e_alpha_tocopherol"]
    assert pd.isna(vitamin_e["amount"])
    assert (vitamin_e["amount_low"], vitamin_e["amount_high"]) == (180, 268)


def test_nutrient_named_without_a_dose_is_unknown_not_nothing() -> None:
    _, doses = supplement_doses(table(entry("Vitamin C 500 mg with zinc", 1, "tablet")))
    zinc = doses.set_index("nutrient").loc["zinc"]
    assert pd.isna(zinc["amount"])
    assert pd.isna(zinc["amount_high"])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (entry("Multivitamin", 1, "tablet"), "what one tablet holds is not known"),
        (entry("iron", 1, "tablet"), "on the Supplements sheet"),
        (entry("melatonin 3 mg", 1, "tablet"), "names no nutrient that is counted here"),
        (entry("omega 3", 1000, "mg"), "names no nutrient that is counted here"),
        (entry("Vitamin D 1000 IU"), "how many were taken is not written"),
        (entry("Calcium/Magnesium", 500, "mg"), "of which nutrient"),
        (entry("Vitamin C 500 mg", 3, "ml"), "is not known"),
        (entry("vitamin D3 2000", 1, "tablet"), 'the dose 2000 in "vitamin D3 2000" has no unit'),
    ],
)
def test_supplement_without_a_dose_has_a_problem_that_says_what_to_do(row: dict[str, object], expected: str) -> None:
    assert expected in problem_of(row)


def test_pieces_of_a_label_per_serving_are_bounded_not_guessed() -> None:
    entries, doses = supplement_doses(table(entry("Vitamin C 500 mg per serving", 2, "tablet")))
    assert doses[["amount_low", "amount_high"]].values.tolist() == [[0, 1000]]
    assert doses["amount"].isna().all()
    assert "per serving" in entries.loc[0, "note"]


def test_foods_and_lines_with_a_problem_are_left_as_they_are() -> None:
    before = table(
        entry("Vitamin C 500 mg milk", 200, "ml", kind="food"),
        entry("Vitamin C 500 mg", 0, "tablet", problem='the amount "0" is zero'),
        entry("Vitamin C 500 mg", 1, "tablet"),
    )
    entries, doses = supplement_doses(before)
    pd.testing.assert_frame_equal(entries, before)
    assert doses["line"].tolist() == [4]


def test_supplement_that_was_matched_to_a_food_is_counted_as_that_food() -> None:
    line = {"source": "d.csv", "line": 2, "fdc_id": 2346415, "gram_weight": 30.0} | entry("my powder", 30, "g")
    weighed = conform(pd.DataFrame([line]), WEIGHED)
    entries, doses = supplement_doses(weighed)
    pd.testing.assert_frame_equal(entries, weighed)
    assert doses.empty


def test_supplement_doses_change_no_argument_and_drop_no_row() -> None:
    before = table(entry("what", 1, "tablet"), entry("Zinc 10 mg", 1, "tablet", part=1), entry("tea", kind="food"))
    kept = before.copy()
    entries, doses = supplement_doses(before, products())
    pd.testing.assert_frame_equal(before, kept)
    assert len(entries) == 3
    assert doses["part"].tolist() == [1]


def test_supplement_doses_of_no_entries_are_an_empty_table() -> None:
    entries, doses = supplement_doses(conform(pd.DataFrame(), ENTRIES))
    assert entries.empty
    assert doses.empty


# -- Telling supplements ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("B12 500 mcg", None),
        ("vitamin D 1000 IU", None),
        ("magnesium glycinate 200mg", None),
        ("iron tablet", None),
        ("Zinc 15mg + vitamin C 500mg", None),
        ("calcium carbonate", None),
        ("vitamin D", "IU"),
        ("B12", "ug"),
        ("magnesium", "capsule"),
    ],
)
def test_nutrient_form_and_dose_alone_are_a_supplement(text: str, unit: str | None) -> None:
    assert is_supplement_text(text, unit)


@pytest.mark.parametrize(
    "text",
    [
        *("calcium-set tofu", "iron skillet chicken 200 g", "potassium 3 bananas", "milk 200 mg"),
        *("vitamin C orange juice", "Vitamin D milk 200 ml", "protein 30 g", "vitamin water 500 ml", "iron pan"),
        *("calcium 300 g", "high fiber 5 g", "magnesium oil spray", "", "1000 mg", "garlic 5 g"),
    ],
)
def test_lines_with_anything_else_are_no_supplement(text: str) -> None:
    assert not is_supplement_text(text)


# -- Tables and laws --------------------------------------------------------------------------------------------------


def test_supplement_tables_name_known_nutrients_and_forms() -> None:
    known = set(load_nutrients().index)
    words = [word for meanings in phrases().values() for word in meanings]
    assert {word.meaning for word in words if word.kind in ("nutrient", "letter")} <= known
    assert {key[0] for table in (forms(), factors(), companions(), strengths()) for key in table} <= known
    assert {other.nutrient for others in companions().values() for other in others} <= known
    salts = {word.meaning for word in words if word.kind == "salt"}
    assert salts <= {form for _, form in forms()}
    assert {(nutrient, form) for nutrient, form, _ in strengths()} <= set(forms())
    spoken = {(word.meaning, word.form) for word in words if word.kind == "nutrient"}
    for nutrient, form in [(n, f) for n, f, _ in factors() if f] + [(n, f) for n, f in companions() if f]:
        # Beta-carotene is a form of vitamin A though its name is that of a nutrient of its own.
        assert (nutrient, form) in spoken or form in ("beta-carotene", "folic acid", "folate")


def test_supplement_tables_cite_a_source_in_every_row() -> None:
    for name in ("forms", "factors", "companions", "strengths"):
        with data_file(f"supplement_{name}.csv").open(encoding="utf-8", newline="") as file:
            assert all(row["source"].strip() for row in csv.DictReader(file)), name


DECIDED = ("vitamin C {} mg", "Vitamin D3 {} IU", "B12 {} mcg", "Zinc (as picolinate) {} mg", "potassium {} mEq")
NUMBERS = st.integers(1, 9000)


@given(st.sampled_from(DECIDED), NUMBERS, st.integers(1, 6))
def test_doubling_the_dose_or_the_tablets_doubles_the_amount(text: str, number: int, times: int) -> None:
    once = only(text.format(number)).amount
    assert only(text.format(number * times)).amount == pytest.approx(once * times)
    taken = doses_of(entry(text.format(number), times, "tablet"))
    assert taken[only(text.format(number)).nutrient] == pytest.approx(once * times)


WORDS = st.sampled_from(sorted(" ".join(words) for words in phrases()))
SIGNS = st.sampled_from(
    ["500", "1,000", "2.5", "mg", "IU", "(", ")", "/", "-", "%", "½", "²", "İ", "\x00", "1e5", "1.2.3"]
)


@given(st.lists(WORDS | SIGNS | st.text(max_size=4), max_size=12).map(" ".join))
def test_any_text_is_read_without_an_error_and_within_its_bounds(text: str) -> None:
    doses = read_label(text)
    assert len({dose.nutrient for dose in doses}) == len(doses)
    for dose in doses:
        ends = [end for end in (dose.amount_low, dose.amount, dose.amount_high) if end == end]
        assert ends == sorted(ends) or max(ends) == pytest.approx(min(ends))
        assert all(end >= 0 for end in ends)
    read_taken(None, None, text)
    is_supplement_text(text, text)


# -- A national survey ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not NHANES.is_dir(), reason="the survey's files (../shared/nhanes) are not part of the project")
def test_labels_of_the_survey_come_to_the_amounts_it_recorded() -> None:
    import supplements as bench  # bench/supplements.py

    items = pd.read_csv(NHANES / "DS1IDS_J.csv.xz", encoding_errors="replace")
    scored = bench.score(bench.products_of(items))
    carried = scored[scored["carried"]]
    assert len(carried) > 150
    assert carried["outcome"].eq("read").mean() >= 0.95
    assert not carried["outcome"].isin(["another dose", "open, bounds fail"]).any()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("cranberry plus vitamin C 4200 mg per softgel", None),
        ("collagen+C 2500 mg bioactive collagen", None),
        ("fish oil 1200 mg + vitamin C 500 mg", 500.0),
        ("rose hips and vitamin C 1000 mg", 1000.0),
    ],
)
def test_large_dose_behind_two_joined_names_is_not_taken_for_the_vitamins(text, amount):
    doses = {dose.nutrient: dose.amount for dose in read_label(text) if dose.is_decided}
    assert doses.get("vitamin_c") == amount
