"""Figures as printed in the DRI reports, spelled out by life stage, against what a person is compared with.

The tables were typed from the reports' summary tables, not taken from the shipped file:

- IOM 1997 (doi:10.17226/5776), magnesium; IOM 1998 (doi:10.17226/6015), vitamin B12;
- IOM 2011 (doi:10.17226/13050), calcium and vitamin D; NASEM 2019 (doi:10.17226/25353), potassium and sodium;
- IOM 2005 (doi:10.17226/10925), the superseded potassium AI; IOM 2001 (doi:10.17226/10026), iron and zinc.

Below them the worked examples of the methods: IOM 2000, "Applications in Dietary Assessment" (doi:10.17226/9956);
Black 2000 (doi:10.1038/sj.ijo.0801376); Tooze et al. 2010 (doi:10.1002/sim.4063). What was published of whole surveys
is in test_cohort_nhanes.py too, which needs their files.
"""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nutridiary.cohort import iron_risk, read_survey_days, survey_means
from nutridiary.comparison import compare
from nutridiary.data_files import data_file
from nutridiary.intake import laboratory_units
from nutridiary.nutrients import core_nutrients
from nutridiary.plausibility import goldberg_cutoffs
from nutridiary.references import LIFE_STAGES, Person, reference_values
from nutridiary.tables import COMPARISON, conform
from nutridiary.usual_intake.box_cox import usual_intake_at
from nutridiary.usual_intake.individual import (
    adequacy_z,
    best_guess,
    confidence_above_ai,
    confidence_below_ul,
    confidence_of_adequacy,
    difference_sd,
)
from nutridiary.usual_intake.more_days import days_needed, mean_needed

# In the order of the reports: infants 0-6, 7-12 months; children 1-3, 4-8 | males 9-13, 14-18, 19-30, 31-50,
# 51-70, over 70 | females, the same ages | pregnancy 14-18, 19-30, 31-50 | lactation, the same ages.
# "-" is no figure. Vitamin D: 400, 600 and 800 IU are 10, 15 and 20 ug.
PRINTED = """
magnesium   EAR    -  -  65 110 | 200 340 330 350 350 350 | 200 300 255 265 265 265 | 335 290 300 | 300 255 265
magnesium   RDA    -  -  80 130 | 240 410 400 420 420 420 | 240 360 310 320 320 320 | 400 350 360 | 360 310 320
magnesium   AI    30 75   -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
magnesium   UL     -  -  65 110 | 350 350 350 350 350 350 | 350 350 350 350 350 350 | 350 350 350 | 350 350 350
potassium   AI   400 860 2000 2300 | 2500 3000 3400 3400 3400 3400 | 2300 2300 2600 2600 2600 2600 | 2600 2900 2900 | 2500 2800 2800
potassium   UL     -   -    -    - |    -    -    -    -    -    - |    -    -    -    -    -    - |    -    -    - |    -    -    -
calcium     EAR    -   -  500  800 | 1100 1100  800  800  800 1000 | 1100 1100  800  800 1000 1000 | 1000  800  800 | 1000  800  800
calcium     RDA    -   -  700 1000 | 1300 1300 1000 1000 1000 1200 | 1300 1300 1000 1000 1200 1200 | 1300 1000 1000 | 1300 1000 1000
calcium     AI   200 260    -    - |    -    -    -    -    -    - |    -    -    -    -    -    - |    -    -    - |    -    -    -
calcium     UL  1000 1500 2500 2500 | 3000 3000 2500 2500 2000 2000 | 3000 3000 2500 2500 2000 2000 | 3000 2500 2500 | 3000 2500 2500
vitamin_d   EAR    -  -  10  10 |  10  10  10  10  10  10 |  10  10  10  10  10  10 |  10  10  10 |  10  10  10
vitamin_d   RDA    -  -  15  15 |  15  15  15  15  15  20 |  15  15  15  15  15  20 |  15  15  15 |  15  15  15
vitamin_d   AI    10 10   -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
vitamin_d   UL    25 38  63  75 | 100 100 100 100 100 100 | 100 100 100 100 100 100 | 100 100 100 | 100 100 100
vitamin_b12 EAR    -  - 0.7 1.0 | 1.5 2.0 2.0 2.0 2.0 2.0 | 1.5 2.0 2.0 2.0 2.0 2.0 | 2.2 2.2 2.2 | 2.4 2.4 2.4
vitamin_b12 RDA    -  - 0.9 1.2 | 1.8 2.4 2.4 2.4 2.4 2.4 | 1.8 2.4 2.4 2.4 2.4 2.4 | 2.6 2.6 2.6 | 2.8 2.8 2.8
vitamin_b12 AI   0.4 0.5  -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
vitamin_b12 UL     -  -   -   - |   -   -   -   -   -   - |   -   -   -   -   -   - |   -   -   - |   -   -   -
sodium      AI   110 370  800 1000 | 1200 1500 1500 1500 1500 1500 | 1200 1500 1500 1500 1500 1500 | 1500 1500 1500 | 1500 1500 1500
sodium      CDRR   -   - 1200 1500 | 1800 2300 2300 2300 2300 2300 | 1800 2300 2300 2300 2300 2300 | 2300 2300 2300 | 2300 2300 2300
iron        EAR    - 6.9 3.0 4.1 | 5.9 7.7 6 6 6 6 | 5.7 7.9 8.1 8.1 5 5 | 23 22 22 | 7 6.5 6.5
iron        RDA    -  11   7  10 |   8  11 8 8 8 8 |   8  15  18  18 8 8 | 27 27 27 | 10  9   9
zinc        RDA    -   3   3   5 |   8  11 11 11 11 11 | 8 9 8 8 8 8 | 12 11 11 | 13 12 12
"""  # noqa: E501
LINES = [line.replace("|", " ").split() for line in PRINTED.strip().splitlines()]
POTASSIUM_2005 = [400, 700, 3000, 3800, 4500, *[4700] * 5, 4500, *[4700] * 8, *[5100] * 3]


def person_of(group):
    age = group.age_from if group.age_from < 1 else group.age_from + 0.5
    sex = "female" if group.sex == "both" else group.sex
    return Person(
        sex=sex, age_years=age, pregnant=group.life_stage == "pregnancy", lactating=group.life_stage == "lactation"
    )


@pytest.fixture(scope="module")
def by_group():
    return [reference_values(person_of(group)).set_index(["nutrient", "kind"])["amount"] for group in LIFE_STAGES]


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:2]))
def test_reference_values_are_the_printed_ones_for_every_life_stage(by_group, line):
    nutrient, kind, *printed = line
    found = [values.get((nutrient, kind), math.nan) for values in by_group]
    assert len(printed) == 22
    assert found == pytest.approx([math.nan if text == "-" else float(text) for text in printed], nan_ok=True)


def test_potassium_4700_mg_is_the_2005_figure_and_not_todays():
    edition = [reference_values(person_of(group), edition="IOM 2005") for group in LIFE_STAGES]
    found = [rows.loc[rows["nutrient"] == "potassium", "amount"].item() for rows in edition]
    assert found == POTASSIUM_2005


def day_of(nutrient, unit, mean):
    """One complete day of one nutrient."""
    known = dict.fromkeys(("amount", "low", "high"), mean)
    counts = {"foods": 10, "foods_without_value": 0, "foods_left_out": 0}
    return pd.DataFrame([{"date": pd.Timestamp(2000, 1, 1), "nutrient": nutrient, "unit": unit, **known, **counts}])


def test_compare_places_the_intakes_of_the_published_examples():
    # IOM 2000, "Applications in Dietary Assessment" (doi:10.17226/9956): a woman of 40 with a mean of 320 mg
    # of magnesium beside the EAR of 265 mg, and a mean of 1,200 mg of calcium beside the AI of 1,000 mg of 1997.
    woman = {"": Person(sex="female", age_years=40)}
    magnesium = compare(day_of("magnesium", "mg", 320.0), woman, pd.DataFrame()).iloc[0]
    assert (magnesium["verdict"], magnesium["ear"], magnesium["percent_of_rda"]) == ("meets_rda", 265, 100)
    calcium = compare(day_of("calcium", "mg", 1200.0), woman, pd.DataFrame(), edition="1997").iloc[0]
    assert (calcium["verdict"], calcium["ai"], calcium["percent_of_ai"]) == ("meets_ai", 1000, 120)
    assert "IOM 1997 is superseded" in calcium["note"]
    assert "current is IOM 2011" in calcium["note"]


# A woman of 31-50 years, magnesium: EAR 265 mg, SD of requirements 26.5 mg, pooled SD of single days 85.9 mg.
MAGNESIUM = {"requirement_cv": 0.10, "within_person_sd": 85.9}


def test_adequacy_z_reproduces_iom_2000_magnesium_example():
    assert round(float(difference_sd(265, days=3, **MAGNESIUM))) == 56
    assert round(float(adequacy_z(320, 265, days=3, **MAGNESIUM)), 2) == 0.98
    assert round(float(confidence_of_adequacy(320, 265, days=3, **MAGNESIUM)), 1) == 83.6  # the book rounds to 85 %


@pytest.mark.parametrize(
    ("days", "sd_factor", "printed"), [(1, 1, 445), (3, 1, 377), (7, 1, 349), (1, 1.25, 486), (7, 1.25, 362)]
)
def test_mean_needed_reproduces_iom_2000_with_its_z_of_2(days, sd_factor, printed):
    # 97.5 %, for which the book takes z = 2.0; and the same with a within-person SD a quarter larger.
    needed = mean_needed(265, z=2.0, days=days, requirement_cv=0.10, within_person_sd=85.9 * sd_factor)
    assert round(float(needed)) == printed


@pytest.mark.parametrize(("days", "printed"), [(1, 73), (3, 86), (7, 95)])
def test_confidence_above_the_ai_reproduces_iom_2000_calcium_example(days, printed):
    # AI of 1997: 1,000 mg; mean 1,200 mg; pooled SD of single days 325 mg.
    assert round(float(confidence_above_ai(1200, 1000, within_person_sd=325, days=days))) == printed
    # The same distance on the other side of an upper level.
    assert round(float(confidence_below_ul(1000, 1200, within_person_sd=325, days=days))) == printed


def test_best_guess_draws_the_mean_in_by_the_share_of_variance_between_people():
    # IOM 2000, app. E: m + (y - m) Vb / (Vb + Vw/n). 900 + 300 x 40,000 / (40,000 + 90,000/3) by hand.
    guess = best_guess(1200, 3, group_mean=900, within_person_sd=300, between_person_sd=200)
    assert float(guess.estimate) == pytest.approx(900 + 300 * 40_000 / 70_000)


def test_days_needed_follow_the_formula_by_hand():
    # (1.96 x 0.50 / 0.20)^2 = 24.01, so 25 whole days: days scatter by half; within 20 % for 95 of 100 people.
    assert float(days_needed(0.50, 0.20, z=1.96)) == 25


@pytest.mark.parametrize(("days", "low", "high"), [(1, "0.87", "2.75"), (3, "1.00", "2.40"), (7, "1.05", "2.28")])
def test_goldberg_cutoffs_reproduce_black_2000_for_one_person(days, low, high):
    assert tuple(f"{value:.2f}" for value in goldberg_cutoffs(days, pal=1.55)) == (low, high)


def test_usual_intake_of_square_root_days_is_the_exact_moment():
    # Where the root of intake is normal, usual intake is the mean of its square, exactly: with x = 2 (y^0.5 - 1),
    # E[(x/2 + 1)^2] = (A/2 + 1)^2 + Vw/4. The nine points of Tooze 2010 integrate it to their six decimals.
    mean, within = 20.0, 16.0
    assert float(usual_intake_at(mean, within, 0.5)) == pytest.approx((mean / 2 + 1) ** 2 + within / 4, rel=1e-4)


# IOM 2001, table 14-1, p. 571: iron requirements of menstruating women without oral contraceptives, mg.
IRON_REQUIREMENTS = {97.5: 4.42, 90: 5.45, 50: 8.07, 30: 9.63, 20: 10.82, 10: 13.05, 5: 15.49, 2.5: 18.23}


@pytest.mark.parametrize(("risk", "intake"), IRON_REQUIREMENTS.items())
def test_iron_risk_is_the_share_of_women_who_need_more(risk, intake):
    assert 100 * iron_risk("female", 19, 51)(np.array([intake])) == pytest.approx([risk])


def test_magnesium_oxide_holds_its_share_of_magnesium():
    # 24.305 / (24.305 + 15.999): 400 mg of the oxide hold 241 mg, from the atomic masses.
    forms = pd.read_csv(data_file("supplement_forms.csv"))
    share = forms.loc[forms["formula"] == "MgO", "elemental_share"].item()
    assert round(400 * share) == round(400 * 24.305 / (24.305 + 15.999)) == 241


def test_moles_of_minerals_follow_atomic_masses_and_charges():
    # Mg 24.305, Ca 40.078, K 39.098, Na 22.990; charges 2, 2, 1, 1.
    masses = {"magnesium": (24.305, 2), "calcium": (40.078, 2), "potassium": (39.098, 1), "sodium": (22.990, 1)}
    means = pd.DataFrame(
        [{"nutrient": name, "unit": "mg", "mean_intake": 10 * mass} for name, (mass, _) in masses.items()]
    )
    moles = laboratory_units(conform(means, COMPARISON)).set_index("nutrient")
    assert moles["millimoles"].to_dict() == pytest.approx(dict.fromkeys(masses, 10.0))
    assert moles["milliequivalents"].to_dict() == pytest.approx({name: 10.0 * q for name, (_, q) in masses.items()})


# What We Eat in America, NHANES, day one, 20 years and over, WTDRD1, standard errors by Taylor linearisation over
# SDMVSTRA and SDMVPSU: mean and standard error as printed; magnesium, potassium, calcium, vitamin D, vitamin B12.
DAY_ONE = {
    ("L", "male"): (2115, "329.9 6.1", "2768 46", "988 16", "5.1 0.20", "5.3 0.19"),
    ("L", "female"): (2683, "263.7 6.7", "2205 43", "803 16", "4.0 0.13", "3.6 0.18"),
    ("J", "male"): (None, "342.5", "2937", "1084", "4.8", "5.9"),
    ("J", "female"): (None, "271.4", "2324", "857", "3.7", "3.9"),
}
SURVEY = Path(__file__).resolve().parents[2] / "shared" / "nhanes"


@pytest.mark.skipif(not SURVEY.is_dir(), reason="SKIPPED LOUDLY: the survey files (../shared/nhanes) are not here")
@pytest.mark.parametrize("cycle", ["L", "J"])
def test_day_one_means_and_standard_errors_are_the_printed_ones(cycle):
    days = read_survey_days(SURVEY, cycle)
    first = days[(days["day"] == 1) & (days["age"] >= 20)]
    # Younger people are in the design and in no group: the error rests on all sampling units.
    everybody = days[days["day"] == 1].assign(adult=first["sex"].reindex(days.index))
    means = survey_means(everybody, core_nutrients(), by="adult").set_index(["group", "nutrient"])
    for sex in ("male", "female"):
        people, *printed = DAY_ONE[cycle, sex]
        for nutrient, figures in zip(core_nutrients(), printed, strict=True):
            row = means.loc[(sex, nutrient)]
            for value, text in zip((row["mean"], row["mean_se"]), figures.split(), strict=False):
                assert f"{value:.{len(text.partition('.')[2])}f}" == text
            assert people in (None, row["people"])
